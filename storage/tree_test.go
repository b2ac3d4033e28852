package storage

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/tlog"

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

// Every proof for every pair up to 64, and for one column up to 130, is accepted by both libraries, and a proof for
// another leaf is not.
func TestProofsVerifyWithBothLibraries(t *testing.T) {
	t.Parallel()
	const n = 130
	nodes, roots := grow(t, n)
	read := tlog.HashReaderFunc(func(ids []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(ids))
		for i, id := range ids {
			out[i] = nodes[uint64(id)]
		}
		return out, nil
	})
	for size := int64(1); size <= n; size++ {
		for i := int64(0); i < size; i++ {
			if size > 64 && i%9 != 0 && i != size-1 {
				continue
			}
			leaf := tlog.RecordHash(fmt.Append(nil, "leaf ", i))
			p, err := tlog.ProveRecord(size, i, read)
			require.NoError(t, err)
			require.NoError(t, tlog.CheckRecord(p, size, roots[size], i, leaf))
			require.NoError(t, proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(i), uint64(size), leaf[:], raw(p), roots[size][:]))
			leaf[0] ^= 1
			require.Error(t, tlog.CheckRecord(p, size, roots[size], i, leaf))

			q, err := tlog.ProveTree(size, i+1, read)
			require.NoError(t, err)
			require.NoError(t, tlog.CheckTree(q, size, roots[size], i+1, roots[i+1]))
			require.NoError(t, proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(i+1), uint64(size), raw(q), roots[i+1][:], roots[size][:]))
			if i+1 < size {
				require.Error(t, tlog.CheckTree(q, size, roots[size], i+1, leaf))
			}
		}
	}
}

func raw(hashes []tlog.Hash) [][]byte {
	out := make([][]byte, len(hashes))
	for i := range hashes {
		out[i] = hashes[i][:]
	}
	return out
}
