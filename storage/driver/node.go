package driver

import "math/bits"

// NodeID returns the number of node n of a level of the tree, counted from the left; level 0 are the leaves. It is the
// numbering of tlog.StoredHashIndex: the order in which appends complete the nodes.
func NodeID(level int, n uint64) uint64 {
	// The node is completed by the last leaf under it.
	leaf := (n+1)<<level - 1
	return leafID(leaf) + uint64(level)
}

// SplitNodeID takes a number apart again. A driver that keeps leaves in its rows alone, or nodes in tiles, needs it.
func SplitNodeID(id uint64) (level int, n uint64) {
	// leafID(m) is at most 2m and at least 2m-64, so the leaf is near id/2.
	leaf := id / 2
	for leafID(leaf+1) <= id {
		leaf++
	}
	level = int(id - leafID(leaf))
	return level, leaf >> level
}

// leafID is the number of nodes that are completed before a leaf is added.
func leafID(leaf uint64) uint64 { return 2*leaf - uint64(bits.OnesCount64(leaf)) }
