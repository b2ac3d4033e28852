package storagetest

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

func ledgerChecks() []check {
	// Each alters a good append into one that must be refused.
	broken := []struct {
		says  string
		alter func(p *batch)
	}{
		{"a sequence number that leaves a gap is a conflict", func(p *batch) { p.rows[0].Seq++ }},
		{"a sequence number that is taken is a conflict", func(p *batch) { p.rows[0].Seq-- }},
		{"a head that is not as long as the ledger is a conflict", func(p *batch) { p.head.Size++ }},
		{"a head of an earlier epoch is a conflict", func(p *batch) { p.head.Epoch = 1 }},
		{"a node that exists is a conflict", func(p *batch) { p.nodes = append(p.nodes, driver.Node{ID: 2}) }},
		{"a node that comes twice is a conflict", func(p *batch) { p.nodes = append(p.nodes, p.nodes[len(p.nodes)-1]) }},
		{"a leaf that is not a row's is a conflict", func(p *batch) { p.nodes[0].Hash[0] ^= 1 }},
		{"a leaf beyond the rows is a conflict", func(p *batch) { p.nodes = append(p.nodes, driver.Node{ID: 10}) }},
		{"an append without rows is a conflict", func(p *batch) { *p = batch{head: p.head} }},
	}
	checks := make([]check, 0, len(broken)+4)
	for _, x := range broken {
		checks = append(checks, check{x.says, func(t *testing.T, s *suite) {
			b := s.backend(t)
			update(t, b, "t", func(tx driver.Tx) error {
				p, err := prepare(tx, d("a"), d("b"), d("c"))
				p.head.Epoch = 2
				if err != nil {
					return err
				}
				return tx.Append(p.rows, p.nodes, p.head)
			})
			refused(t, b, "t", driver.ErrConflict, func(tx driver.Tx) error {
				p, err := prepare(tx, d("d"))
				if err != nil {
					return err
				}
				x.alter(&p)
				return tx.Append(p.rows, p.nodes, p.head)
			})
			view(t, b, "t", func(r driver.Reader) {
				head, err := r.Head(0)
				require.NoError(t, err)
				require.Equal(t, uint64(3), head.Size)
				rows, err := r.Entries(0, 10)
				require.NoError(t, err)
				require.Len(t, rows, 3)
			})
			update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("d")) })
		}})
	}
	return append(checks,
		check{"nodes come back in the order of the question, which may repeat", func(t *testing.T, s *suite) {
			b := s.backend(t)
			var all []driver.Node
			update(t, b, "t", func(tx driver.Tx) error {
				p, err := prepare(tx, d("a"), d("b"), d("c"), d("d"), d("e"))
				if err != nil {
					return err
				}
				all = p.nodes
				return tx.Append(p.rows, p.nodes, p.head)
			})
			require.Len(t, all, 8)
			view(t, b, "t", func(r driver.Reader) {
				var question []uint64
				for i := len(all) - 1; i >= 0; i-- {
					question = append(question, all[i].ID, all[0].ID)
				}
				got, err := r.Nodes(question)
				require.NoError(t, err)
				for i := range question {
					for _, n := range all {
						if n.ID == question[i] {
							require.Equal(t, n.Hash, got[i])
						}
					}
				}
				none, err := r.Nodes(nil)
				require.NoError(t, err)
				require.Empty(t, none)
				for _, id := range []uint64{8, 9, 1000, 1 << 42, math.MaxInt64} {
					_, err := r.Nodes([]uint64{0, id})
					require.ErrorIs(t, err, driver.ErrNotFound)
				}
			})
		}},
		check{"many nodes can be asked for at once", func(t *testing.T, s *suite) {
			b := s.backend(t)
			var all []driver.Node
			update(t, b, "t", func(tx driver.Tx) error {
				var docs []doc
				for range 120 {
					docs = append(docs, d("a"))
				}
				p, err := prepare(tx, docs...)
				if err != nil {
					return err
				}
				all = p.nodes
				return tx.Append(p.rows, p.nodes, p.head)
			})
			view(t, b, "t", func(r driver.Reader) {
				question := make([]uint64, len(all))
				for i, n := range all {
					question[i] = n.ID
				}
				got, err := r.Nodes(question)
				require.NoError(t, err)
				for i, n := range all {
					require.Equal(t, n.Hash, got[i])
				}
			})
		}},
		check{"every head is kept", func(t *testing.T, s *suite) {
			b := s.backend(t)
			view(t, b, "t", func(r driver.Reader) {
				_, err := r.Head(0)
				require.ErrorIs(t, err, driver.ErrNotFound)
			})
			roots := map[uint64][driver.HashSize]byte{}
			for _, n := range []int{1, 2, 1, 4} {
				update(t, b, "t", func(tx driver.Tx) error {
					docs := make([]doc, n)
					for i := range docs {
						docs[i] = d("a")
					}
					p, err := prepare(tx, docs...)
					if err != nil {
						return err
					}
					roots[p.head.Size] = p.head.Root
					return tx.Append(p.rows, p.nodes, p.head)
				})
			}
			view(t, b, "t", func(r driver.Reader) {
				for size := range uint64(10) {
					head, err := r.Head(size)
					want := size
					if size == 0 {
						want = 8
					}
					if root, ok := roots[want]; ok {
						require.NoError(t, err)
						require.Equal(t, want, head.Size)
						require.Equal(t, root, head.Root)
						require.Contains(t, string(head.Note), "note of")
						continue
					}
					require.ErrorIs(t, err, driver.ErrNotFound)
				}
				_, err := r.Head(math.MaxUint64)
				require.ErrorIs(t, err, driver.ErrNotFound)
			})
		}},
		check{"the stored nodes make the root", func(t *testing.T, s *suite) {
			b := s.backend(t)
			for range 33 {
				update(t, b, "t", func(tx driver.Tx) error { return put(tx, d("a")) })
			}
			view(t, b, "t", func(r driver.Reader) {
				head, err := r.Head(0)
				require.NoError(t, err)
				root, err := tlog.TreeHash(int64(head.Size), tlog.HashReaderFunc(func(ids []int64) ([]tlog.Hash, error) {
					question := make([]uint64, len(ids))
					for i, id := range ids {
						question[i] = uint64(id)
					}
					got, err := r.Nodes(question)
					out := make([]tlog.Hash, len(got))
					for i, h := range got {
						out[i] = h
					}
					return out, err
				}))
				require.NoError(t, err)
				require.Equal(t, tlog.Hash(head.Root), root)
			})
		}},
		check{"every node of a ledger of more than a thousand entries comes back", func(t *testing.T, s *suite) {
			b := s.backend(t)
			want := map[uint64]tlog.Hash{}
			for _, n := range []int{1, 254, 1, 1, 255, 513} { // 1,025 in all, with heads around the first 256
				update(t, b, "t", func(tx driver.Tx) error {
					docs := make([]doc, n)
					for i := range docs {
						docs[i] = d(fmt.Sprint("d", i))
					}
					p, err := prepare(tx, docs...)
					if err != nil {
						return err
					}
					for _, x := range p.nodes {
						want[x.ID] = tlog.Hash(x.Hash)
					}
					return tx.Append(p.rows, p.nodes, p.head)
				})
				view(t, b, "t", func(r driver.Reader) {
					ids := slices.Sorted(maps.Keys(want))
					got, err := r.Nodes(ids)
					require.NoError(t, err)
					require.Len(t, got, len(ids))
					for i, id := range ids {
						require.Equal(t, want[id], tlog.Hash(got[i]), "node %d", id)
					}
					_, err = r.Nodes([]uint64{ids[len(ids)-1] + 1})
					require.ErrorIs(t, err, driver.ErrNotFound)
				})
			}
			require.Len(t, want, int(tlog.StoredHashCount(1025)))
		}},
	)
}
