package driver

import (
	"errors"
	"fmt"
)

// The errors that drivers return, for errors.Is. Package storage gives them on, most of them inside an error that names
// the document.
var (
	// ErrNotFound: there is no such document, version, node, head or hold.
	ErrNotFound = errors.New("storage: not found")
	// ErrConflict: the version or the head is not the one that the caller built on; see [ConflictError].
	ErrConflict = errors.New("storage: something else was written in between; read again and decide anew")
	// ErrTenant: the tenant is missing or not written as an identity is.
	ErrTenant = errors.New("storage: no usable tenant; give 1 to 128 of A-Z a-z 0-9 . _ : - beginning with a letter or digit")
	// ErrRetained: the document must still be kept.
	ErrRetained = errors.New("storage: the document must still be kept")
	// ErrHeld: the document is under an open hold.
	ErrHeld = errors.New("storage: the document is under hold")
	// ErrShortened: a retention floor can only be raised.
	ErrShortened = errors.New("storage: retention can only be lengthened")
	// ErrDisposed: the content was destroyed, and the identity is not used again.
	ErrDisposed = errors.New("storage: the content was disposed of")
	// ErrTooLarge: the body is longer than the store keeps.
	ErrTooLarge = errors.New("storage: the document is too large; keep attachments as artifacts beside it")
	// ErrForeign: the file or the database belongs to something else.
	ErrForeign = errors.New("storage: not a database of this module")
	// ErrSchemaNewer: a later version of this module wrote the database.
	ErrSchemaNewer = errors.New("storage: the database was written by a later version; upgrade the program that opens it")
	// ErrCorrupt: what is stored is not what was written.
	ErrCorrupt = errors.New("storage: what is stored is not what was written; stop writing, keep the file, and restore a backup beside it")
	// ErrImmutable: the database refused to change or remove what was written.
	ErrImmutable = errors.New("storage: what was written is never changed or removed")
	// ErrFull: there is no room left.
	ErrFull = errors.New("storage: no room left; free or add space and try again")
	// ErrReadOnly: the database cannot be written.
	ErrReadOnly = errors.New("storage: the database cannot be written; check the permissions of the file and its folder")
	// ErrBusy: another writer kept the database for too long.
	ErrBusy = errors.New("storage: another writer kept the database for too long; try again")
	// ErrIO: reading or writing the medium failed.
	ErrIO = errors.New("storage: reading or writing the medium failed; check the disk and try again")
	// ErrOutcomeUnknown: the commit failed in a way that leaves open whether it happened.
	ErrOutcomeUnknown = errors.New("storage: unknown whether the change was kept; read it back before trying again")
	// ErrNoTransaction: the caller gave a connection on which no transaction is open.
	ErrNoTransaction = errors.New("storage: no transaction is open; begin one, give it, and commit it yourself")
	// ErrUnsupported: the driver cannot do this; see [Capabilities].
	ErrUnsupported = errors.New("storage: not supported by this database")
	// ErrClosed: the backend, the transaction or the snapshot is no longer open.
	ErrClosed = errors.New("storage: closed")
)

// ConflictError says which version a caller built on and which is there. It matches [ErrConflict].
type ConflictError struct {
	// Kind and ID name the document.
	Kind, ID string
	// Want is the newest version that the caller expected, 0 for none.
	Want uint64
	// Have is the newest version that exists, 0 for none.
	Have uint64
}

func (e *ConflictError) Error() string {
	doc := e.Kind + "/" + e.ID
	switch {
	case e.Want == 0:
		return fmt.Sprintf("storage: %s exists at version %d; read it and write the version after", doc, e.Have)
	case e.Have == 0:
		return fmt.Sprintf("storage: %s does not exist, so version %d cannot be built upon", doc, e.Want)
	}
	return fmt.Sprintf("storage: %s stands at version %d, not at %d; read it again and decide anew", doc, e.Have, e.Want)
}

// Is makes every ConflictError match [ErrConflict].
func (e *ConflictError) Is(target error) bool { return target == ErrConflict }

// Error is how a driver reports what its database said: a sentinel of this package, the step that failed, and the
// database's own code. It unwraps to the sentinel alone and its text leaves the code out, so no word of the
// database reaches a user; whoever runs the database finds the code by errors.As.
type Error struct {
	// Kind is one of the sentinels above.
	Kind error
	// Op is the step that failed, in words: "open", "append", "commit".
	Op string
	// Code is the database's own code, such as "sqlite 13", for whoever runs it; may be empty.
	Code string
}

func (e *Error) Error() string { return fmt.Sprintf("%v (%s)", e.Kind, e.Op) }

// Unwrap returns the sentinel.
func (e *Error) Unwrap() error { return e.Kind }
