package postgres

import (
	"math"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// Nodes returns hashes of the tree; see driver.Reader.
func (r *reader) Nodes(ids []uint64) ([][driver.HashSize]byte, error) {
	if err := r.check(); err != nil || len(ids) == 0 {
		return nil, err
	}
	out := make([][driver.HashSize]byte, len(ids))
	leaves, nodes := map[int64][]int{}, map[int64][]int{}
	for i, id := range ids {
		level, n := driver.SplitNodeID(id)
		switch {
		case id > math.MaxInt64 || n >= r.head.Size>>level:
			return nil, driver.ErrNotFound
		case level == 0:
			leaves[int64(n)] = append(leaves[int64(n)], i)
		default:
			nodes[int64(id)] = append(nodes[int64(id)], i)
		}
	}
	if err := r.hashes(`SELECT seq, leaf FROM {s}.entry WHERE tenant = $1 AND seq = ANY ($2)`, leaves, out); err != nil {
		return nil, err
	}
	return out, r.hashes(`SELECT n, hash FROM {s}.node WHERE tenant = $1 AND n = ANY ($2)`, nodes, out)
}

// hashes reads the hashes of all keys of where and puts them where the values say.
func (r *reader) hashes(sql string, where map[int64][]int, out [][driver.HashSize]byte) error {
	if len(where) == 0 {
		return nil
	}
	keys := make([]int64, 0, len(where))
	for n := range where {
		keys = append(keys, n)
	}
	rows, err := r.query(sql, r.name, keys)
	if err != nil {
		return err
	}
	defer rows.Close()
	found := 0
	for ; rows.Next(); found++ {
		var n int64
		var hash []byte
		if err := rows.Scan(&n, &hash); err != nil {
			return r.s.fault("read", err)
		}
		if len(hash) != driver.HashSize {
			return driver.ErrCorrupt
		}
		for _, i := range where[n] {
			out[i] = [driver.HashSize]byte(hash)
		}
	}
	if err := rows.Err(); err != nil {
		return r.s.fault("read", err)
	}
	if found != len(where) {
		return driver.ErrNotFound
	}
	return nil
}
