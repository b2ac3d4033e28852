package sqlite

import (
	"crypto/sha256"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// A tile holds the nodes of levels 1 to 7 of the tree over 256 leaves. One row for them costs a tenth of what 254 rows
// would.
const (
	tileBits  = 8
	tileWidth = 1 << tileBits
	tileBytes = (tileWidth - 2) * driver.HashSize
)

// tile is a tile, or the left part of one.
type tile struct {
	leaves int    // how many leaves are there
	hashes []byte // where the leaves complete a node, its hash; elsewhere nothing that means anything
}

// at is where the hash of node n of a level stands, both counted within the tile.
func (tile) at(level int, n uint64) int {
	return (tileWidth - tileWidth>>(level-1) + int(n)) * driver.HashSize
}

// newTile computes the nodes over at most 256 leaves.
func newTile(leaves [][driver.HashSize]byte) tile {
	t := tile{leaves: len(leaves), hashes: make([]byte, tileBytes)}
	var pair [1 + 2*driver.HashSize]byte
	pair[0] = 1 // RFC 6962: what is hashed into a node begins with 1
	for level := 1; level < tileBits; level++ {
		for n := range uint64(len(leaves) >> level) {
			if level == 1 {
				copy(pair[1:], leaves[2*n][:])
				copy(pair[1+driver.HashSize:], leaves[2*n+1][:])
			} else {
				copy(pair[1:], t.hashes[t.at(level-1, 2*n):][:2*driver.HashSize])
			}
			sum := sha256.Sum256(pair[:])
			copy(t.hashes[t.at(level, n):], sum[:])
		}
	}
	return t
}

// node copies the hash of a node out; false if the leaves do not complete it.
func (t tile) node(level int, n uint64, into *[driver.HashSize]byte) bool {
	if int(n+1)<<level > t.leaves {
		return false
	}
	copy(into[:], t.hashes[t.at(level, n):])
	return true
}
