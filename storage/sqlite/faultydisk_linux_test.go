package sqlite_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// faultyDisk is a layer between SQLite and the operating system's files that lets the k-th operation that changes the
// medium fail: a write, a sync or a cut. A write that fails has put down its first half.
type faultyDisk struct {
	name    string       // as SQLite knows it
	failAt  atomic.Int64 // the operation that fails, from 1 on; 0 for none
	forever bool         // every later one fails too
	full    bool         // a write fails for want of space, else because the medium is broken
	seen    atomic.Int64 // operations so far
	failed  atomic.Int64 // of them failed
}

// next counts an operation and reports whether it fails.
func (d *faultyDisk) next() bool {
	n, at := d.seen.Add(1), d.failAt.Load()
	if at == 0 || n < at || n > at && !d.forever {
		return false
	}
	d.failed.Add(1)
	return true
}

// SQLite calls back with the addresses of its own structures. These tables say whose they are.
var (
	faultyLayers sync.Map // address of a sqlite3_vfs of ours -> *faultyLayer
	faultyTables sync.Map // address of a sqlite3_io_methods of ours -> *faultyTable
	faultyNames  atomic.Int64
)

type faultyLayer struct {
	disk   *faultyDisk
	below  uintptr // the sqlite3_vfs of the operating system
	mu     sync.Mutex
	tables map[uintptr]uintptr // of the layer below -> ours
}

type faultyTable struct {
	disk  *faultyDisk
	below *sqlite3.Tsqlite3_io_methods
}

type (
	openFunc  = func(tls *libc.TLS, vfs, path, file uintptr, flags int32, out uintptr) int32
	writeFunc = func(tls *libc.TLS, file, from uintptr, n int32, at int64) int32
	cutFunc   = func(tls *libc.TLS, file uintptr, size int64) int32
	syncFunc  = func(tls *libc.TLS, file uintptr, flags int32) int32
)

// at reads what lies at an address outside Go's memory.
func at[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

// callee turns an address that SQLite keeps into the function, and address does the opposite. The functions are this
// file's own, so nothing moves or collects them.
func callee[F any](address uintptr) F   { return *(*F)(unsafe.Pointer(&address)) }
func address[F any](function F) uintptr { return *(*uintptr)(unsafe.Pointer(&function)) }

// newFaultyDisk registers a layer of its own for one test.
func newFaultyDisk(t *testing.T) *faultyDisk {
	t.Helper()
	tls := libc.NewTLS()
	defer tls.Close()
	d := &faultyDisk{name: fmt.Sprint("faulty-", faultyNames.Add(1))}
	below := sqlite3.Xsqlite3_vfs_find(tls, 0)
	require.NotZero(t, below)
	name, err := libc.CString(d.name)
	require.NoError(t, err)
	ours := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_vfs{})))
	require.NotZero(t, ours)
	*at[sqlite3.Tsqlite3_vfs](ours) = *at[sqlite3.Tsqlite3_vfs](below)
	at[sqlite3.Tsqlite3_vfs](ours).FzName = name
	at[sqlite3.Tsqlite3_vfs](ours).FxOpen = address[openFunc](faultyOpen)
	faultyLayers.Store(ours, &faultyLayer{disk: d, below: below, tables: map[uintptr]uintptr{}})
	require.Equal(t, int32(sqlite3.SQLITE_OK), sqlite3.Xsqlite3_vfs_register(tls, ours, 0))
	t.Cleanup(func() {
		tls := libc.NewTLS()
		defer tls.Close()
		sqlite3.Xsqlite3_vfs_unregister(tls, ours)
	})
	return d
}

func faultyOpen(tls *libc.TLS, vfs, path, file uintptr, flags int32, out uintptr) int32 {
	found, _ := faultyLayers.Load(vfs)
	layer := found.(*faultyLayer)
	code := callee[openFunc](at[sqlite3.Tsqlite3_vfs](layer.below).FxOpen)(tls, layer.below, path, file, flags, out)
	methods := &at[sqlite3.Tsqlite3_file](file).FpMethods
	if code != sqlite3.SQLITE_OK || *methods == 0 {
		return code
	}
	layer.mu.Lock()
	defer layer.mu.Unlock()
	ours, ok := layer.tables[*methods]
	if !ok {
		ours = libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(sqlite3.Tsqlite3_io_methods{})))
		if ours == 0 {
			return sqlite3.SQLITE_NOMEM
		}
		below, table := at[sqlite3.Tsqlite3_io_methods](*methods), at[sqlite3.Tsqlite3_io_methods](ours)
		*table = *below
		table.FxWrite = address[writeFunc](faultyWrite)
		table.FxTruncate = address[cutFunc](faultyCut)
		table.FxSync = address[syncFunc](faultySync)
		faultyTables.Store(ours, &faultyTable{layer.disk, below})
		layer.tables[*methods] = ours
	}
	*methods = ours
	return code
}

func faultyOf(file uintptr) *faultyTable {
	found, _ := faultyTables.Load(at[sqlite3.Tsqlite3_file](file).FpMethods)
	return found.(*faultyTable)
}

func faultyWrite(tls *libc.TLS, file, from uintptr, n int32, offset int64) int32 {
	t := faultyOf(file)
	write := callee[writeFunc](t.below.FxWrite)
	if !t.disk.next() {
		return write(tls, file, from, n, offset)
	}
	if n > 1 {
		write(tls, file, from, n/2, offset)
	}
	if t.disk.full {
		return sqlite3.SQLITE_FULL // what the operating system's layer makes of ENOSPC
	}
	return sqlite3.SQLITE_IOERR_WRITE
}

func faultyCut(tls *libc.TLS, file uintptr, size int64) int32 {
	t := faultyOf(file)
	if t.disk.next() {
		return sqlite3.SQLITE_IOERR_TRUNCATE
	}
	return callee[cutFunc](t.below.FxTruncate)(tls, file, size)
}

func faultySync(tls *libc.TLS, file uintptr, flags int32) int32 {
	t := faultyOf(file)
	if t.disk.next() {
		return sqlite3.SQLITE_IOERR_FSYNC
	}
	return callee[syncFunc](t.below.FxSync)(tls, file, flags)
}
