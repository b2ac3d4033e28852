package sqlite

import (
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	sqlite3 "modernc.org/sqlite"

	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/storagetest"
)

// Whatever SQLite or its library says, the user reads the words of this module, and whoever looks into it finds the code.
func TestNoWordsOfTheDatabaseReachAUser(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "theirs.db")
	db, err := sql.Open("sqlite", path+"?_pragma=max_page_count(20)")
	require.NoError(t, err)
	defer db.Close()
	for _, s := range []string{"CREATE TABLE x (n INTEGER PRIMARY KEY, t TEXT NOT NULL CHECK (t <> 'bad')) STRICT",
		"CREATE TRIGGER r BEFORE DELETE ON x BEGIN SELECT RAISE(ABORT, 'INSERT INTO secret'); END", "INSERT INTO x VALUES (1, 'secret')"} {
		_, err := db.Exec(s)
		require.NoError(t, err)
	}
	codes := map[string]bool{}
	ask := func(db *sql.DB, statement string) {
		_, err := db.Exec(statement)
		require.Error(t, err, statement)
		var se *sqlite3.Error
		isTheirs := errors.As(err, &se)
		for _, ours := range []error{fault("write", err), commitFault(fault("commit", err)), openError("PATH", fault("open", err))} {
			storagetest.ForUsers(t, ours)
			require.NotContains(t, ours.Error(), "secret")
			require.False(t, isSQLite(ours), "nothing of theirs can be unwrapped")
			var de *driver.Error
			var oe *OpenError
			if isTheirs && errors.As(ours, &de) {
				require.Equal(t, codeText(se.Code()), de.Code)
				codes[de.Code] = true
			} else if isTheirs && errors.As(ours, &oe) {
				require.Equal(t, codeText(se.Code()), oe.Code)
			}
		}
	}
	for _, s := range []string{
		"SELEC 1", "SELECT * FROM none", "SELECT none FROM x", "INSERT INTO x VALUES (1, 'secret')", "INSERT INTO x VALUES (2, NULL)",
		"INSERT INTO x VALUES (2, 'bad')", "INSERT INTO x VALUES ('secret', 'x')", "DELETE FROM x", "SELECT zeroblob(2000000000)",
		"INSERT INTO x VALUES (3, hex(randomblob(100000)))", "SELECT abs(-9223372036854775808)", "COMMIT", "ROLLBACK TO none", "ATTACH '/nowhere/x' AS y",
		"INSERT INTO x VALUES (?1, ?2)",
	} {
		ask(db, s)
	}
	for dsn, s := range map[string]string{"file:" + path + "?mode=ro": "INSERT INTO x VALUES (4, 'x')", "file:/nowhere/x": "SELECT 1"} {
		other, err := sql.Open("sqlite", dsn)
		require.NoError(t, err)
		ask(other, s)
		require.NoError(t, other.Close())
	}
	require.GreaterOrEqual(t, len(codes), 8, "many kinds of errors: %v", codes)
	for _, err := range []error{sql.ErrConnDone, sql.ErrTxDone, sql.ErrNoRows, errors.New("sqlite: SQLITE_MISUSE"), errors.New(strings.Repeat("x", 10_000))} {
		storagetest.ForUsers(t, fault("read", err))
	}
}
