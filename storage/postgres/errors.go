package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// OpenError says why a database could not be opened as a store. It never holds the connection string.
type OpenError struct {
	// Kind is what errors.Is matches; see [Open].
	Kind error
	// Reason says what is wrong and what to do.
	Reason string
	// Code is PostgreSQL's own code, such as "postgres 42501", for whoever runs it; may be empty.
	Code string
}

func (e *OpenError) Error() string { return "postgres: " + e.Reason }

// Unwrap returns Kind.
func (e *OpenError) Unwrap() error { return e.Kind }

// againError says that the transaction is to be run again, and what to return where that is given up.
type againError struct {
	err  error
	lost bool // the connection is gone
}

func (e *againError) Error() string { return e.err.Error() }

func (e *againError) Unwrap() error { return e.err }

// openError turns an error of the opening into an OpenError, unless the caller's context ended.
func openError(ctx context.Context, err error) error {
	var oe *OpenError
	switch {
	case err == nil, errors.As(err, &oe):
		return err
	case ctx.Err() != nil:
		return ctx.Err()
	}
	code, kind := kindOf(err)
	var de *driver.Error
	if errors.As(err, &de) {
		kind, code = de.Kind, de.Code
	} else if errors.Is(err, driver.ErrForeign) || errors.Is(err, driver.ErrSchemaNewer) || errors.Is(err, driver.ErrCorrupt) {
		kind = err
	}
	reason := "the database could not be opened"
	for _, x := range []struct {
		kind   error
		reason string
	}{
		{driver.ErrForeign, "the schema belongs to something else; name another in Options.Schema"},
		{driver.ErrSchemaNewer, "a later version of this module wrote the schema; upgrade the program"},
		{driver.ErrReadOnly, "the role may not do this; see Roles, and let the owner of the schema open it first"},
		{driver.ErrFull, "the database has no room left; free or add space"},
		{driver.ErrBusy, "the database takes no more connections or is kept by others; try again"},
		{driver.ErrIO, "the database does not answer or does not let the role in; check that it runs, the address, the name and the password"},
	} {
		if errors.Is(kind, x.kind) {
			reason = x.reason
		}
	}
	return &OpenError{Kind: kind, Reason: reason, Code: code}
}

// What a code of PostgreSQL means to a caller; from the manual's appendix A. Codes that are not here mean
// driver.ErrIO.
var kinds = map[string]error{
	"22021": driver.ErrUnsupported, // not a text that the encoding has
	"22P05": driver.ErrUnsupported,
	"23505": driver.ErrConflict, // unique
	"25006": driver.ErrReadOnly, // a standby, or a session that only reads
	"25P02": driver.ErrClosed,   // the caller's transaction has failed
	"3D000": driver.ErrForeign,  // no such database
	"3F000": driver.ErrForeign,  // no such schema
	"40001": driver.ErrBusy,     // serialisation, after all attempts
	"40P01": driver.ErrBusy,     // deadlock, after all attempts
	"42501": driver.ErrReadOnly, // no right
	"42703": driver.ErrForeign,  // no such column
	"42P01": driver.ErrForeign,  // no such table
	"53100": driver.ErrFull,
	"53300": driver.ErrBusy, // too many connections
	"54000": driver.ErrTooLarge,
	"55P03": driver.ErrBusy, // lock timeout
	"57014": driver.ErrBusy, // statement timeout
	"XX001": driver.ErrCorrupt,
	"XX002": driver.ErrCorrupt,
}

// kindOf returns the code of an error of pgx, and its sentinel, for whoever runs the database.
func kindOf(err error) (code string, kind error) {
	var pe *pgconn.PgError
	if !errors.As(err, &pe) {
		return "", driver.ErrIO
	}
	if kind, ok := kinds[pe.Code]; ok {
		return "postgres " + pe.Code, kind
	}
	return "postgres " + pe.Code, driver.ErrIO
}

// plain turns an error of pgx into one of the driver: a sentinel and a code, no text of theirs.
func plain(op string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pgx.ErrNoRows):
		return driver.ErrNotFound
	}
	code, kind := kindOf(err)
	return &driver.Error{Kind: kind, Op: op, Code: code}
}

// repeatable reports whether the database asks for the transaction to be run again.
func repeatable(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && (pe.Code == "40001" || pe.Code == "40P01")
}
