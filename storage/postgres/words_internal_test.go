package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/storagetest"
)

// Whatever the database or the library says, the user reads the words of this module, and whoever runs the database finds
// its code.
func TestNoWordsOfTheDatabaseReachAUser(t *testing.T) {
	t.Parallel()
	said := []error{io.ErrUnexpectedEOF, pgx.ErrTxClosed, pgx.ErrTxCommitRollback, errors.New("pgx: SQLSTATE unknown: SELECT 1"), &pgconn.ConnectError{}}
	codes := []string{"", "0", "08006", "40003", "42601", "42883", "53000", "57P01", "58030", "P0001", "ZZZZZ"}
	for code := range kinds {
		codes = append(codes, code)
	}
	for _, code := range codes {
		said = append(said, &pgconn.PgError{Severity: "FATAL", Code: code, Message: `duplicate key value violates unique constraint "entry_pkey"`,
			Detail: "Key (id)=(secret) already exists.", Hint: "INSERT INTO", InternalQuery: "SELECT body FROM content", TableName: "entry", ConstraintName: "entry_pkey"})
	}
	for _, theirs := range said {
		for _, err := range []error{theirs, fmt.Errorf("in a closure: %w", theirs)} {
			for _, ours := range []error{plain("write", err), openError(context.Background(), err), openError(context.Background(), plain("begin", err))} {
				storagetest.ForUsers(t, ours)
				require.NotContains(t, ours.Error(), "secret")
				require.NotErrorIs(t, ours, theirs, "nothing of theirs can be unwrapped")
			}
			var pe *pgconn.PgError
			var de *driver.Error
			var oe *OpenError
			if errors.As(err, &pe) {
				require.ErrorAs(t, plain("write", err), &de)
				require.Equal(t, "postgres "+pe.Code, de.Code)
				require.ErrorAs(t, openError(context.Background(), err), &oe)
				require.Equal(t, "postgres "+pe.Code, oe.Code)
			}
		}
	}
}
