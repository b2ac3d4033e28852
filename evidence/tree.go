package evidence

import (
	"crypto/sha256"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// tree is a Merkle tree that gives proofs: 64 bytes of memory for each leaf.
type tree struct {
	nodes []tlog.Hash
	size  int64
}

// ReadHashes returns nodes by their numbers, for tlog.
func (t *tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, n := range indexes {
		if n < 0 || n >= int64(len(t.nodes)) {
			return nil, fmt.Errorf("evidence: the tree has no node %d", n)
		}
		out[i] = t.nodes[n]
	}
	return out, nil
}

func (t *tree) add(leaf tlog.Hash) error {
	nodes, err := tlog.StoredHashesForRecordHash(t.size, leaf, t)
	if err != nil {
		return err
	}
	t.nodes = append(t.nodes, nodes...)
	t.size++
	return nil
}

// edge is the right edge of a Merkle tree: the roots of its complete subtrees. It gives the root at every size on the
// way, and no proofs.
type edge struct {
	size  uint64
	roots []tlog.Hash
}

func (e *edge) add(leaf tlog.Hash) {
	for n := e.size; n&1 == 1; n >>= 1 {
		last := len(e.roots) - 1
		leaf = tlog.NodeHash(e.roots[last], leaf)
		e.roots = e.roots[:last]
	}
	e.roots = append(e.roots, leaf)
	e.size++
}

func (e *edge) root() tlog.Hash {
	if len(e.roots) == 0 {
		return sha256.Sum256(nil)
	}
	h := e.roots[len(e.roots)-1]
	for i := len(e.roots) - 2; i >= 0; i-- {
		h = tlog.NodeHash(e.roots[i], h)
	}
	return h
}
