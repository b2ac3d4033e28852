package storage

import (
	"fmt"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// The errors of the drivers, for errors.Is. Refusals to dispose match retention.ErrRetained and retention.ErrHeld.
var (
	ErrNotFound       = driver.ErrNotFound
	ErrConflict       = driver.ErrConflict
	ErrTenant         = driver.ErrTenant
	ErrShortened      = driver.ErrShortened
	ErrNoTransaction  = driver.ErrNoTransaction
	ErrDisposed       = driver.ErrDisposed
	ErrTooLarge       = driver.ErrTooLarge
	ErrForeign        = driver.ErrForeign
	ErrSchemaNewer    = driver.ErrSchemaNewer
	ErrCorrupt        = driver.ErrCorrupt
	ErrImmutable      = driver.ErrImmutable
	ErrFull           = driver.ErrFull
	ErrReadOnly       = driver.ErrReadOnly
	ErrBusy           = driver.ErrBusy
	ErrIO             = driver.ErrIO
	ErrOutcomeUnknown = driver.ErrOutcomeUnknown
	ErrUnsupported    = driver.ErrUnsupported
	ErrClosed         = driver.ErrClosed
)

// ConflictError says which version a caller built on and which is there. It matches [ErrConflict].
type ConflictError = driver.ConflictError

// NotFoundError names the document that does not exist. It matches [ErrNotFound].
type NotFoundError struct {
	Tenant string
	Ref    hipaasmp.Ref
}

func (e *NotFoundError) Error() string {
	return fmt.Sprintf("storage: there is no %s in tenant %s", e.Ref.Brief(), e.Tenant)
}

// Is makes every NotFoundError match [ErrNotFound].
func (e *NotFoundError) Is(target error) bool { return target == driver.ErrNotFound }

// DisposedError says that the content of a document was destroyed. It matches [ErrDisposed].
type DisposedError struct {
	Tenant string
	Ref    hipaasmp.Ref
}

func (e *DisposedError) Error() string {
	return fmt.Sprintf("storage: the content of %s was disposed of; its envelope and proof remain, and the identity is not used again", e.Ref)
}

// Is makes every DisposedError match [ErrDisposed].
func (e *DisposedError) Is(target error) bool { return target == driver.ErrDisposed }

// ClockError says that the clock stands before the newest entry of a ledger, or for a disposal that it went too far ahead;
// see [ClockMark].
type ClockError struct {
	Tenant string
	// Now is what the clock said.
	Now time.Time
	// Newest is when the newest entry was recorded, or the one from which the clock went ahead.
	Newest time.Time
	// Ahead is true if the clock went too far ahead to be believed alone.
	Ahead bool
}

func (e *ClockError) Error() string {
	if e.Ahead {
		return fmt.Sprintf("storage: the clock of tenant %s went from %s to %s without an entry between; check it, and give an independent time with Witnessed or have a person confirm it with ConfirmClock",
			e.Tenant, e.Newest.Format(instantFormat), e.Now.Format(instantFormat))
	}
	return fmt.Sprintf("storage: the clock says %s, but tenant %s has an entry of %s; set the clock right and try again",
		e.Now.Format(instantFormat), e.Tenant, e.Newest.Format(instantFormat))
}

// SchemaError says that a document was written under a schema that this program cannot read as the type it asked for.
type SchemaError struct {
	Ref hipaasmp.Ref
	// Schema is the $id under which the document was written.
	Schema string
	// Want says what can be read.
	Want string
}

func (e *SchemaError) Error() string {
	return fmt.Sprintf("storage: %s was written under %s; this program reads %s", e.Ref, e.Schema, e.Want)
}

// RangeError says that a position or a size is not in the ledger.
type RangeError struct {
	Tenant string
	// What names the argument: "seq", "size", "old size".
	What string
	// Value is what was given.
	Value uint64
	// Size is the size of the ledger.
	Size uint64
}

func (e *RangeError) Error() string {
	return fmt.Sprintf("storage: %s %d is out of range; the ledger of tenant %s has %d entries", e.What, e.Value, e.Tenant, e.Size)
}
