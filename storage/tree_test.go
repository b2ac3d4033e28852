package storage

import (
	"errors"
	"fmt"
	"math/bits"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// grow adds n leaves and returns the stored nodes and the root after each.
func grow(t *testing.T, n int) (nodes map[uint64]tlog.Hash, roots []tlog.Hash) {
	t.Helper()
	nodes, roots = map[uint64]tlog.Hash{}, []tlog.Hash{edge{}.root()}
	var e edge
	for i := range n {
		for _, added := range e.add(tlog.RecordHash(fmt.Append(nil, "leaf ", i)), nil) {
			require.NotContains(t, nodes, added.ID)
			nodes[added.ID] = added.Hash
		}
		roots = append(roots, e.root())
	}
	return nodes, roots
}

func TestEdgeMakesTheTreeOfBothLibraries(t *testing.T) {
	t.Parallel()
	const n = 1025
	nodes, roots := grow(t, n)
	read := tlog.HashReaderFunc(func(ids []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(ids))
		for i, id := range ids {
			h, ok := nodes[uint64(id)]
			if !ok {
				return nil, fmt.Errorf("no node %d", id)
			}
			out[i] = h
		}
		return out, nil
	})
	factory := &compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}
	other := factory.NewEmptyRange(0)
	require.Equal(t, rfc6962.DefaultHasher.EmptyRoot(), roots[0][:])
	for size := int64(1); size <= n; size++ {
		want, err := tlog.TreeHash(size, read)
		require.NoError(t, err)
		require.Equal(t, want, roots[size])
		require.NoError(t, other.Append(rfc6962.DefaultHasher.HashLeaf(fmt.Append(nil, "leaf ", size-1)), nil))
		third, err := other.GetRootHash(nil)
		require.NoError(t, err)
		require.Equal(t, third, roots[size][:])
		require.Len(t, nodes, int(tlog.StoredHashCount(n)))
	}
}

func TestEdgeIsMadeOfStoredNodes(t *testing.T) {
	t.Parallel()
	var e edge
	nodes := map[uint64]tlog.Hash{}
	for i := range 300 {
		for _, added := range e.add(tlog.RecordHash(fmt.Append(nil, i)), nil) {
			nodes[added.ID] = added.Hash
		}
		ids := edgeIDs(e.size)
		require.Len(t, ids, len(e.roots))
		for j, id := range ids {
			require.Equal(t, nodes[id], e.roots[j])
		}
		back, ok := parseEdge(e.size, e.bytes())
		require.True(t, ok)
		require.Equal(t, e.root(), back.root())
		_, ok = parseEdge(e.size, e.bytes()[1:])
		require.False(t, ok)
	}
}

func TestNodeNumbersAreThoseOfTlog(t *testing.T) {
	t.Parallel()
	for id := range uint64(5000) {
		level, n := driver.SplitNodeID(id)
		wantLevel, wantN := tlog.SplitStoredHashIndex(int64(id))
		require.Equal(t, wantLevel, level)
		require.Equal(t, uint64(wantN), n)
		require.Equal(t, id, driver.NodeID(level, n))
	}
	for _, n := range []uint64{1 << 20, 1<<20 + 1, 1<<33 - 1, 1 << 40} {
		for level := range 8 {
			require.Equal(t, uint64(tlog.StoredHashIndex(level, int64(n))), driver.NodeID(level, n))
			l, m := driver.SplitNodeID(driver.NodeID(level, n))
			require.Equal(t, level, l)
			require.Equal(t, n, m)
		}
	}
}

// Every inclusion and every consistency proof of every ledger of up to 1,025 entries is accepted by both libraries, a
// million of them, and one for another leaf or another root by neither. A short run leaves out all but one size in thirteen, those
// around powers of two, and the smallest.
func TestProofsVerifyWithBothLibraries(t *testing.T) {
	t.Parallel()
	const n = 1025
	nodes, roots := grow(t, n)
	stored := make([]tlog.Hash, len(nodes)) // their numbers have no gaps
	for id, h := range nodes {
		stored[id] = h
	}
	read := tlog.HashReaderFunc(func(ids []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(ids))
		for i, id := range ids {
			out[i] = stored[id]
		}
		return out, nil
	})
	leaves := make([]tlog.Hash, n)
	for i := range leaves {
		leaves[i] = tlog.RecordHash(fmt.Append(nil, "leaf ", i))
	}
	every := int64(long.Drill(13, 1, 1))
	if long.Race {
		every = 101
	}
	verify := func(size, i int64) error {
		p, err := tlog.ProveRecord(size, i, read)
		if err != nil {
			return err
		}
		leaf, root := leaves[i], roots[size]
		q, err := tlog.ProveTree(size, i+1, read)
		if err != nil {
			return err
		}
		old := roots[i+1]
		if err := errors.Join(tlog.CheckRecord(p, size, root, i, leaf), tlog.CheckTree(q, size, root, i+1, old),
			proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(i), uint64(size), leaf[:], raw(p), root[:]),
			proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(i+1), uint64(size), raw(q), old[:], root[:])); err != nil {
			return err
		}
		if (size+i)%17 != 0 {
			return nil
		}
		wrong := leaf
		wrong[i%32] ^= 1
		if tlog.CheckRecord(p, size, root, i, wrong) == nil || tlog.CheckTree(q, size, root, i+1, wrong) == nil ||
			proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(i), uint64(size), wrong[:], raw(p), root[:]) == nil ||
			proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(i+1), uint64(size), raw(q), wrong[:], root[:]) == nil {
			return errors.New("another leaf or root is accepted")
		}
		return nil
	}
	var wg sync.WaitGroup
	failed := make([]error, 2)
	pairs := make([]int, len(failed))
	for worker := range failed {
		wg.Go(func() {
			for size := int64(1 + worker); size <= n && failed[worker] == nil; size += int64(len(failed)) {
				if size > 40 && size%every != 0 && bits.OnesCount64(uint64(size)) > 1 && bits.OnesCount64(uint64(size-1)) > 1 && bits.OnesCount64(uint64(size+1)) > 1 {
					continue
				}
				for i := range size {
					if err := verify(size, i); err != nil {
						failed[worker] = fmt.Errorf("size %d, entry %d: %w", size, i, err)
						return
					}
					pairs[worker]++
				}
			}
		})
	}
	wg.Wait()
	require.NoError(t, errors.Join(failed...))
	if every == 1 {
		require.Equal(t, n*(n+1)/2, pairs[0]+pairs[1])
	}
}

func raw(hashes []tlog.Hash) [][]byte {
	out := make([][]byte, len(hashes))
	for i := range hashes {
		out[i] = hashes[i][:]
	}
	return out
}
