package sqlite

import (
	"database/sql"
	"slices"
	"strings"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// nodeBatch is how many numbers one query takes. A proof in a ledger of a million entries needs 20.
const nodeBatch = 32

// The leaves lie in their entries, the levels above in node.
var (
	readLeaves = `SELECT n, leaf FROM smp_entry WHERE n IN (?` + strings.Repeat(",?", nodeBatch-1) + `)`
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
	for i, id := range ids {
		if id >= 1<<nodeShift {
			return nil, driver.ErrNotFound
		}
		if level, seq := driver.SplitNodeID(id); level == 0 {
			if seq > entryMask {
				return nil, driver.ErrNotFound
			}
			n := r.tenant<<entryShift | int64(seq)
			leaves[n] = append(leaves[n], i)
		} else {
			n := r.tenant<<nodeShift | int64(id)
			nodes[n] = append(nodes[n], i)
		}
	}
	if err := r.hashes(readLeaves, leaves, out); err != nil {
		return nil, err
	}
	return out, r.hashes(readNodes, nodes, out)
}

// hashes reads the hashes of all keys of where and puts them where the values say.
func (r *reader) hashes(query string, where map[int64][]int, out [][driver.HashSize]byte) error {
	keys := make([]int64, 0, len(where))
	for n := range where {
		keys = append(keys, n)
	}
	slices.Sort(keys)
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
