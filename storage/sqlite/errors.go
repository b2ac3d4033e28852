package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strconv"

	sqlite3 "modernc.org/sqlite"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// ErrFolder says that the path is a folder.
var ErrFolder = errors.New("sqlite: the path is a folder")

// OpenError says why a file could not be opened as a store.
type OpenError struct {
	// Path is the file, as it was given.
	Path string
	// Kind is what errors.Is matches; see [Open].
	Kind error
	// Reason says what is wrong and what to do.
	Reason string
	// Code is SQLite's own result code, such as "sqlite 14", for whoever looks into it; may be empty.
	Code string
}

func (e *OpenError) Error() string { return fmt.Sprintf("sqlite: %s %s", e.Path, e.Reason) }

// Unwrap returns Kind.
func (e *OpenError) Unwrap() error { return e.Kind }

const (
	foreign = "is not a database of this module; name another file"
	denied  = "cannot be opened; check the permissions of the file and its folder"
)

func pathError(path string, err error) *OpenError {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &OpenError{Path: path, Kind: fs.ErrNotExist, Reason: "cannot be made because its folder does not exist; make the folder first"}
	case errors.Is(err, fs.ErrPermission):
		return &OpenError{Path: path, Kind: fs.ErrPermission, Reason: denied}
	}
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return &OpenError{Path: path, Kind: err, Reason: "cannot be opened: " + err.Error()}
}

func openError(path string, err error) error {
	var oe *OpenError
	if errors.As(err, &oe) {
		oe.Path = path
		return oe
	}
	reason := "could not be opened"
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, driver.ErrForeign):
		reason = foreign
	case errors.Is(err, driver.ErrSchemaNewer):
		reason = "was written by a later version of this module; upgrade the program"
	case errors.Is(err, driver.ErrReadOnly):
		reason = "cannot be written; check the permissions of the file and its folder, or open it with ReadOnly"
	case errors.Is(err, driver.ErrCorrupt):
		reason = "is damaged; keep it and restore a backup beside it"
	case errors.Is(err, driver.ErrFull):
		reason = "cannot grow; free or add space"
	case errors.Is(err, driver.ErrBusy):
		reason = "is kept by another process; try again"
	}
	var de *driver.Error
	code := ""
	if errors.As(err, &de) {
		err, code = de.Kind, de.Code
		if code == codeText(codeCantOpen) {
			err, reason = fs.ErrPermission, denied
		}
	}
	return &OpenError{Path: path, Kind: err, Reason: reason, Code: code}
}

// The primary result codes of SQLite that mean something to a caller, from sqlite3.h.
const (
	codePerm      = 3
	codeBusy      = 5
	codeLocked    = 6
	codeReadOnly  = 8
	codeCorrupt   = 11
	codeFull      = 13
	codeCantOpen  = 14 // the file or one beside it cannot be made or opened
	codeTooBig    = 18
	codeConstrain = 19
	codeAuth      = 23
	codeNotADB    = 26
)

// fault turns an error of database/sql or SQLite into one of the driver: a sentinel and a number, no text of theirs.
func fault(op string, err error) error {
	var se *sqlite3.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, sql.ErrNoRows):
		return driver.ErrNotFound
	case errors.Is(err, sql.ErrConnDone), errors.Is(err, sql.ErrTxDone):
		return driver.ErrClosed
	case !errors.As(err, &se):
		return &driver.Error{Kind: driver.ErrIO, Op: op}
	}
	kind := driver.ErrIO
	switch se.Code() & 0xff {
	case codeBusy, codeLocked:
		kind = driver.ErrBusy
	case codeReadOnly, codePerm:
		kind = driver.ErrReadOnly
	case codeCorrupt:
		kind = driver.ErrCorrupt
	case codeNotADB:
		kind = driver.ErrForeign
	case codeFull:
		kind = driver.ErrFull
	case codeTooBig:
		kind = driver.ErrTooLarge
	case codeConstrain, codeAuth:
		kind = driver.ErrImmutable
	}
	return &driver.Error{Kind: kind, Op: op, Code: codeText(se.Code())}
}

// isSQLite reports whether an error is one of modernc's.
func isSQLite(err error) bool {
	var se *sqlite3.Error
	return errors.As(err, &se)
}

func codeText(code int) string { return "sqlite " + strconv.Itoa(code) }

// ctxFault is fault for a step that waits: a wait that the context ended says so.
func ctxFault(ctx context.Context, op string, err error) error {
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return fault(op, err)
}

// commitFault is fault for a commit: where the medium failed, what was written may be there or not.
func commitFault(err error) error {
	var de *driver.Error
	if errors.As(err, &de) && de.Kind == driver.ErrIO {
		return &driver.Error{Kind: driver.ErrOutcomeUnknown, Op: de.Op, Code: de.Code}
	}
	return err
}
