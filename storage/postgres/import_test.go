package postgres_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/memory"
	"github.com/hipaasmp/hipaasmp/storage/postgres"
)

// A transaction that imports does not ask for each id. What it answers by itself must be what the database would say.
func TestATransactionKnowsWhatIsNotThere(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b, model := open(t, server.Database(t), postgres.Options{}), memory.New()
	size := uint64(0)
	for seed := range uint64(long.Count(30, 300)) {
		var told [2][]string
		for i, on := range []driver.Backend{b, model} {
			rng := rand.New(rand.NewPCG(seed, 1))
			n := size
			require.NoError(t, on.Update(ctx, "t", func(tx driver.Tx) error {
				for range 12 {
					if ahead, ok := tx.(driver.Expecter); rng.IntN(4) == 0 && ok { // changes no answer
						odd := rand.New(rand.NewPCG(n, uint64(len(told[i]))))
						docs := []driver.Scope{{Kind: "none", ID: "a"}, {Kind: "k0", ID: "\x00"}}
						for range odd.IntN(40) {
							docs = append(docs, driver.Scope{Kind: fmt.Sprint("k", odd.IntN(2)), ID: fmt.Sprintf("%c%d", 'a'+odd.IntN(26), odd.IntN(3))})
						}
						require.NoError(t, ahead.Expect(docs))
					}
					kind, id := fmt.Sprint("k", rng.IntN(2)), fmt.Sprintf("%c%d", 'a'+rng.IntN(26), rng.IntN(3))
					row, err := tx.Get(kind, id, 0)
					if err != nil && !errors.Is(err, driver.ErrNotFound) {
						return err
					}
					told[i] = append(told[i], fmt.Sprint(kind, id, " ", row.Version, " ", err))
					if rng.IntN(3) > 0 {
						continue
					}
					row = driver.Row{Kind: kind, ID: id, Version: row.Version + 1, Seq: n, Recorded: march, Envelope: []byte(id), Body: []byte("{}"), Salt: []byte("s")}
					n++
					if err := tx.Append([]driver.Row{row}, nil, driver.Head{Epoch: 1, Size: n, Recorded: row.Recorded}); err != nil {
						return err
					}
				}
				return nil
			}), "seed %d", seed)
			if i == 1 {
				size = n
			}
		}
		require.Equal(t, told[1], told[0], "seed %d", seed)
	}
}

// A burst of what the client sends is a round trip, however many statements it holds.
func TestAnImportOfIdsAtRandomIsAFewRoundTrips(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var sent atomic.Int64
	dsn := newProxy(t, server.Database(t), func([]byte) (before, after bool) {
		sent.Add(1)
		return false, false
	})
	o := open(t, dsn, postgres.Options{NoCopy: true})
	store := newStore(t, o, newSigner(t))
	_, err := store.Put(ctx, "t", newNote("nzzz")) // the tenant is there, and no id comes after all others
	require.NoError(t, err)
	notes := func(from, to int) (out []hipaasmp.Document) {
		for i := from; i < to; i++ {
			out = append(out, newNote(fmt.Sprintf("n%016x", uint64(i)*0x9E3779B97F4A7C15)))
		}
		return out
	}
	trips := func(f func(tx *storage.Tx) error) int64 {
		before := sent.Load()
		require.NoError(t, store.Update(ctx, "t", f))
		return sent.Load() - before
	}
	all := func(docs []hipaasmp.Document) func(tx *storage.Tx) error {
		return func(tx *storage.Tx) error {
			entries, err := tx.PutAll(docs, storage.Reason("import"))
			require.Len(t, entries, len(docs))
			return err
		}
	}
	one := trips(func(tx *storage.Tx) error {
		for _, d := range notes(0, 50) {
			if _, err := tx.Put(d); err != nil {
				return err
			}
		}
		return nil
	})
	require.Greater(t, one, int64(50), "a look-up each, so that this counts round trips")
	require.Less(t, trips(all(notes(1000, 1200))), int64(16), "200 new documents")
	require.Less(t, trips(all(notes(900, 1100))), int64(18), "half of them are there")
	newest, err := store.Get(ctx, "t", notes(1050, 1051)[0].DocumentRef())
	require.NoError(t, err)
	require.Equal(t, uint64(2), newest.Version)
	v, err := store.VerifyTenant(ctx, "t")
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, uint64(451), v.Size)
}

// A bulk append goes by COPY, unless Options.NoCopy says that the database has none, and what is kept is the same.
func TestBulkGoesByCopy(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var kept []string
	for _, noCopy := range []bool{false, true} {
		var copies, inserts atomic.Int64
		dsn := newProxy(t, server.Database(t), func(sent []byte) (before, after bool) {
			copies.Add(int64(bytes.Count(sent, []byte("from stdin binary"))))
			inserts.Add(int64(bytes.Count(sent, []byte("INSERT INTO"))))
			return false, false
		})
		b := open(t, dsn, postgres.Options{NoCopy: noCopy})
		copies.Store(0)
		inserts.Store(0)
		require.NoError(t, b.Update(ctx, "t", func(tx driver.Tx) error {
			rows := make([]driver.Row, 300)
			for i := range rows {
				rows[i] = driver.Row{Kind: "k", ID: fmt.Sprintf("n%04d", i), Version: 1, Seq: uint64(i), Recorded: march, Envelope: []byte{byte(i)}, Body: []byte("{}"), Salt: []byte("s")}
			}
			return tx.Append(rows, nil, driver.Head{Epoch: 1, Size: 300, Recorded: march, Edge: []byte("e"), Note: []byte("n")})
		}))
		if noCopy {
			require.Zero(t, copies.Load())
			require.Positive(t, inserts.Load())
		} else {
			require.GreaterOrEqual(t, copies.Load(), int64(2), "the entries and their content")
		}
		require.NoError(t, b.View(ctx, "t", func(r driver.Reader) error {
			rows, err := r.Entries(0, driver.MaxPage)
			require.Len(t, rows, 300)
			kept = append(kept, fmt.Sprint(rows))
			return err
		}))
	}
	require.Equal(t, kept[0], kept[1])
}
