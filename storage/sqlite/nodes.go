package sqlite

import (
	"cmp"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// nodeBatch is how many numbers one query takes. A proof in a ledger of a million entries needs 20.
const nodeBatch = 32

// The leaves lie in their entries, levels 1 to 7 in tiles, the levels above in rows of their own.
var (
	readLeaves = `SELECT n, leaf FROM smp_entry WHERE n IN (?` + strings.Repeat(",?", nodeBatch-1) + `)`
	readLeaf   = `SELECT n, leaf FROM smp_entry WHERE n = ?`
	readNodes  = `SELECT n, hash FROM smp_node WHERE n IN (?` + strings.Repeat(",?", nodeBatch-1) + `)`
)

// Nodes returns hashes of the tree; see driver.Reader.
func (r *reader) Nodes(ids []uint64) ([][driver.HashSize]byte, error) {
	if err := r.check(); err != nil || len(ids) == 0 {
		return nil, err
	}
	if r.tenant == 0 {
		return nil, driver.ErrNotFound
	}
	out := make([][driver.HashSize]byte, len(ids))
	leaves, nodes := map[int64][]int{}, map[int64][]int{}
	tiles := map[uint64]tile{}
	for i, id := range ids {
		if id >= 1<<nodeShift {
			return nil, driver.ErrNotFound
		}
		switch level, n := driver.SplitNodeID(id); {
		case level == 0:
			if n > entryMask {
				return nil, driver.ErrNotFound
			}
			n := r.tenant<<entryShift | int64(n)
			leaves[n] = append(leaves[n], i)
		case level < tileBits:
			block := n << level >> tileBits
			t, ok := tiles[block]
			if !ok {
				var err error
				if t, err = r.tile(block); err != nil {
					return nil, err
				}
				tiles[block] = t
			}
			if !t.node(level, n&(1<<(tileBits-level)-1), &out[i]) {
				return nil, driver.ErrNotFound
			}
		default:
			n := r.tenant<<nodeShift | int64(id)
			nodes[n] = append(nodes[n], i)
		}
	}
	if err := r.hashes(readLeaves, leaves, out); err != nil {
		return nil, err
	}
	return out, r.hashes(readNodes, nodes, out)
}

// tile reads a tile, or makes it from the leaves where not all of them are there yet.
func (r *reader) tile(block uint64) (tile, error) {
	var t tile
	err := r.row(`SELECT hashes FROM smp_tile WHERE n = ?1`, r.tenant<<tileShift|int64(block)).Scan(&t.hashes)
	switch {
	case err == nil && len(t.hashes) != tileBytes:
		return t, driver.ErrCorrupt
	case err == nil:
		t.leaves = tileWidth
		return t, nil
	case !errors.Is(err, sql.ErrNoRows):
		return t, fault("read", err)
	}
	leaves, err := r.leaves(block)
	if err != nil {
		return t, err
	}
	return newTile(leaves), nil
}

// leaves reads the leaves under a tile that are there.
func (r *reader) leaves(block uint64) ([][driver.HashSize]byte, error) {
	first := r.tenant<<entryShift | int64(block<<tileBits)
	rows, err := r.query(`SELECT leaf FROM smp_entry WHERE n BETWEEN ?1 AND ?2 ORDER BY n`, first, first+tileWidth-1)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out [][driver.HashSize]byte
	for rows.Next() {
		var raw sql.RawBytes
		if err := rows.Scan(&raw); err != nil {
			return nil, fault("read", err)
		}
		var leaf [driver.HashSize]byte
		if copy(leaf[:], raw) != driver.HashSize {
			return nil, driver.ErrCorrupt
		}
		out = append(out, leaf)
	}
	return out, fault("read", rows.Err())
}

// appendNodes keeps the nodes that an append of rows completes: tiles that are full, and what is above them. Nodes below
// follow from the leaves. The nodes come in the order of their numbers; size is the number of rows before.
func (t *tx) appendNodes(size uint64, rows []driver.Row, nodes []driver.Node) error {
	for at, n := range nodes {
		level, i := driver.SplitNodeID(n.ID)
		last := (i+1)<<level - 1 // the leaf that completes the node
		switch {
		case n.ID >= 1<<nodeShift, last < size, last >= size+uint64(len(rows)), at > 0 && nodes[at-1].ID == n.ID, level == 0 && rows[i-size].Leaf != n.Hash:
			return driver.ErrConflict
		case level >= tileBits:
			if _, err := t.exec(`INSERT INTO smp_node (n, hash) VALUES (?1, ?2)`, t.tenant<<nodeShift|int64(n.ID), n.Hash[:]); err != nil {
				return err
			}
		}
	}
	for block := size >> tileBits; (block+1)<<tileBits <= size+uint64(len(rows)); block++ {
		var leaves [][driver.HashSize]byte
		if first := block << tileBits; first >= size {
			leaves = make([][driver.HashSize]byte, tileWidth)
			for i := range leaves {
				leaves[i] = rows[first-size+uint64(i)].Leaf
			}
		} else {
			var err error
			if leaves, err = t.leaves(block); err != nil {
				return err
			}
		}
		if _, err := t.exec(`INSERT INTO smp_tile (n, hashes) VALUES (?1, ?2)`, t.tenant<<tileShift|int64(block), newTile(leaves).hashes); err != nil {
			return err
		}
	}
	return nil
}

func byID(a, b driver.Node) int { return cmp.Compare(a.ID, b.ID) }

// hashes reads the hashes of all keys of where and puts them where the values say.
func (r *reader) hashes(query string, where map[int64][]int, out [][driver.HashSize]byte) error {
	keys := make([]int64, 0, len(where))
	for n := range where {
		keys = append(keys, n)
	}
	slices.Sort(keys)
	if len(keys) == 1 && query == readLeaves {
		return r.hashBatch(readLeaf, []any{keys[0]}, 1, where, out)
	}
	for batch := range slices.Chunk(keys, nodeBatch) {
		// The statement always takes the same number of keys, so that it is prepared once; the last is repeated.
		args := make([]any, nodeBatch)
		for i := range args {
			args[i] = batch[min(i, len(batch)-1)]
		}
		if err := r.hashBatch(query, args, len(batch), where, out); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) hashBatch(query string, args []any, want int, where map[int64][]int, out [][driver.HashSize]byte) error {
	rows, err := r.query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	found := 0
	for ; rows.Next(); found++ {
		var n int64
		var hash sql.RawBytes
		if err := rows.Scan(&n, &hash); err != nil {
			return fault("read", err)
		}
		for _, i := range where[n] {
			if copy(out[i][:], hash) != driver.HashSize {
				return driver.ErrCorrupt
			}
		}
	}
	if err := rows.Err(); err != nil {
		return fault("read", err)
	}
	if found != want {
		return driver.ErrNotFound
	}
	return nil
}
