package storage

import (
	"crypto/sha256"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// edge is the right edge of an RFC 6962 tree: the roots of its complete subtrees from left to right, one for each bit
// that is set in size. It is all that an append needs to know.
type edge struct {
	size  uint64
	roots []tlog.Hash
}

// parseEdge reads the roots back; false if their number is not that of a tree of the size.
func parseEdge(size uint64, b []byte) (edge, bool) {
	n := bits.OnesCount64(size)
	if len(b) != n*tlog.HashSize {
		return edge{}, false
	}
	e := edge{size: size, roots: make([]tlog.Hash, n, n+1)}
	for i := range e.roots {
		copy(e.roots[i][:], b[i*tlog.HashSize:])
	}
	return e, true
}

// bytes is what a head keeps of the edge.
func (e edge) bytes() []byte {
	b := make([]byte, 0, len(e.roots)*tlog.HashSize)
	for _, h := range e.roots {
		b = append(b, h[:]...)
	}
	return b
}

// add appends a leaf and returns nodes with the hashes that the leaf completes added to it, the leaf itself first.
func (e *edge) add(leaf tlog.Hash, nodes []driver.Node) []driver.Node {
	nodes = append(nodes, driver.Node{ID: nodeID(0, e.size), Hash: leaf})
	h := leaf
	for level := 0; e.size>>level&1 == 1; level++ {
		last := len(e.roots) - 1
		h = tlog.NodeHash(e.roots[last], h)
		e.roots = e.roots[:last]
		nodes = append(nodes, driver.Node{ID: nodeID(level+1, e.size>>(level+1)), Hash: h})
	}
	e.roots = append(e.roots, h)
	e.size++
	return nodes
}

// root folds the edge from the right. The root of no leaves is the hash of nothing, as RFC 6962 says.
func (e edge) root() tlog.Hash {
	if len(e.roots) == 0 {
		return sha256.Sum256(nil)
	}
	h := e.roots[len(e.roots)-1]
	for i := len(e.roots) - 2; i >= 0; i-- {
		h = tlog.NodeHash(e.roots[i], h)
	}
	return h
}

// edgeIDs returns the numbers of the nodes that are the edge of a tree of the size.
func edgeIDs(size uint64) []uint64 {
	var ids []uint64
	for level := 63; level >= 0; level-- {
		if size>>level&1 == 1 {
			ids = append(ids, nodeID(level, size>>level-1))
		}
	}
	return ids
}

func nodeID(level int, n uint64) uint64 { return uint64(tlog.StoredHashIndex(level, int64(n))) }
