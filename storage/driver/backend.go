package driver

import (
	"context"
	"io"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Backend is a database that keeps the rows of many tenants. It is safe for concurrent use.
type Backend interface {
	// Update runs fn in one serialisable transaction over one tenant and commits if fn returns nil.
	//
	//   - When Update returns nil, everything fn did is durable to the degree that Capabilities says.
	//   - When fn returns an error, nothing fn did remains and Update returns that very error.
	//   - When fn panics, nothing fn did remains and the panic goes on.
	//   - fn may run again, from the start, when the database asks for a retry; it must therefore have no effect beside
	//     its Tx. Nothing of a run that is repeated remains.
	//   - Updates of one tenant happen one after the other: what fn reads stays true until it commits.
	//   - The Tx is good until fn returns and for one goroutine; after that its methods return [ErrClosed].
	//   - fn must not call Update on the same Backend: it would wait for itself until [ErrBusy]. It may call View, which
	//     sees what was committed before.
	//   - A commit whose outcome the database does not tell gives [ErrOutcomeUnknown].
	//
	// An empty tenant gives [ErrTenant]. A tenant begins with its first row.
	Update(ctx context.Context, tenant string, fn func(Tx) error) error

	// View runs fn over one consistent snapshot of one tenant and returns what fn returns. What commits meanwhile is
	// not seen, except that destroyed content is gone for everyone at once. The Reader is good until fn returns. A
	// tenant without rows is empty, not an error.
	View(ctx context.Context, tenant string, fn func(Reader) error) error

	// Tenants returns the names of at most limit tenants that have rows, in byte order, beginning after the given
	// name. "" begins at the first.
	Tenants(ctx context.Context, after string, limit int) ([]string, error)

	// Backup writes a consistent copy of everything to w while others read and write. The format is the driver's own.
	// A driver whose Capabilities do not claim OnlineBackup returns [ErrUnsupported].
	Backup(ctx context.Context, w io.Writer) (BackupInfo, error)

	// Schema returns the number of the layout that the database has and of the newest that the driver knows. A driver
	// without numbered layouts returns 1, 1.
	Schema(ctx context.Context) (current, latest int, err error)

	// Migrate brings the layout forward to the given number. It never goes back: a number below the current one is
	// [ErrUnsupported], one above the latest is [ErrSchemaNewer]. No migration changes an envelope, a leaf, a node or
	// a checkpoint.
	Migrate(ctx context.Context, to int) error

	// Capabilities says what the driver can do beyond the contract. The answer never changes.
	Capabilities() Capabilities

	// Close ends the use of the backend and waits for what is running. Every later call returns [ErrClosed], except
	// that Close may be called again.
	Close() error
}

// Joined is a transaction that the caller began on the database of a backend, among rows of the caller's own. A driver
// whose Capabilities claim Joins gives one from a method of its own, such as Join, for the transaction type of its
// database.
//
//   - What Update writes becomes durable, and visible to others, with the caller's commit and not before.
//   - When fn returns an error or panics, nothing that fn did remains, and the caller's transaction goes on as it was.
//   - Neither method commits or rolls back what the caller began, and neither waits for another transaction once it has
//     begun to write.
//   - fn runs once: only the caller can begin again.
//   - One goroutine uses it at a time. After the caller's commit or rollback the methods return [ErrClosed].
type Joined interface {
	// Update is [Backend.Update] inside the caller's transaction.
	Update(ctx context.Context, tenant string, fn func(Tx) error) error
	// View is [Backend.View] inside the caller's transaction: it sees what the transaction wrote.
	View(ctx context.Context, tenant string, fn func(Reader) error) error
}

// Reader reads one tenant.
type Reader interface {
	// Get returns a version of a document; version 0 means the newest. [ErrNotFound] where there is none.
	Get(kind, id string, version uint64) (Row, error)

	// Scan returns one row for each document that the query covers, in byte order of kind and id: the newest version,
	// or with AsOf the newest that was recorded by then. Documents without one are left out; those whose content was
	// destroyed are not. With DueBy only those are returned whose content may be due for destruction.
	//
	// Scan, History and Entries return at most limit rows. They may return fewer to bound memory, but at least one
	// where there is one: no rows and no error mean that there are no more.
	Scan(q Query) ([]Row, error)

	// History returns the versions of a document after the given one, oldest first.
	History(kind, id string, after uint64, limit int) ([]Row, error)

	// Entries returns rows in ledger order beginning with sequence number from.
	Entries(from uint64, limit int) ([]Row, error)

	// Nodes returns the hashes of the tree's nodes in the order of ids, which may repeat. A node that does not exist
	// gives [ErrNotFound].
	Nodes(ids []uint64) ([][HashSize]byte, error)

	// Head returns the head with the given size; size 0 means the newest. Every head that was ever appended is kept.
	// [ErrNotFound] where there is none.
	Head(size uint64) (Head, error)

	// Holds returns the open holds that cover a document, each with its whole Scope, in byte order of matter. With kind
	// and id empty it returns every hold of the tenant, the released ones too.
	Holds(kind, id string) ([]Hold, error)
}

// Tx reads and writes one tenant. What it wrote is visible to its own reads at once and to others after the commit. It may
// be an [Expecter] too.
type Tx interface {
	Reader

	// Append adds rows, nodes and the new head, all or nothing.
	//
	//   - A row whose Version is not the newest of its document plus one (1 for a new document) gives a
	//     [*ConflictError] with the version that is there.
	//   - A row whose Seq is not the next of the tenant, counted from 0 without gaps, a head whose Size is not the
	//     number of rows after the call, a head whose Epoch is below the last, a node that exists, and a node of level 0
	//     that is not the Leaf of one of the rows give [ErrConflict]. So does a call without rows.
	//   - Rows keep every field but Tenant, which the driver sets. Bodies up to Capabilities.MaxBody are kept,
	//     longer ones give [ErrTooLarge].
	//   - A row without Body is one whose content was destroyed in another store, from which the ledger was moved. It is
	//     kept without Salt, Key and Reason, and its document counts as disposed of. After it only rows without Body
	//     are added to the document.
	Append(rows []Row, nodes []Node, head Head) error

	// ExtendRetention raises the floor below which Dispose refuses a document: keep it through the given day. A day
	// before the floor gives [ErrShortened]. A document without rows gives [ErrNotFound].
	ExtendRetention(kind, id string, through hipaasmp.Date) error

	// PlaceHold opens a hold. A matter that exists, released or not, gives [ErrConflict].
	PlaceHold(h Hold) error

	// ReleaseHold marks a hold as released; the hold stays on file. A matter that does not exist or is released gives
	// [ErrNotFound].
	ReleaseHold(matter string) error

	// Rekey replaces the Key of one version by another and leaves everything else. A version that does not exist, that
	// has no content or that has no Key gives [ErrNotFound]; an empty key gives [ErrConflict].
	Rekey(kind, id string, version uint64, key []byte) error

	// Dispose destroys the content (Body, Salt, Key, Reason) of every version of a document on the given civil day and
	// leaves everything else. It is the second guard behind package storage:
	//
	//   - an open hold that covers the document gives [ErrHeld];
	//   - a newest version without KeepThrough, and a day not after KeepThrough and the floor, give [ErrRetained];
	//   - so does a day that, by the Recorded of the newest head, has begun nowhere yet (the latest zone is UTC+14);
	//   - a document without rows or without content gives [ErrNotFound].
	//
	// No version is ever added to a disposed document: Append refuses it with [ErrDisposed].
	Dispose(kind, id string, on hipaasmp.Date) error
}
