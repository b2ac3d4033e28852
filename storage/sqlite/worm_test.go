package sqlite

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// attacks is what a mistake or injected SQL may try. Each must fail or change nothing.
var attacks = []string{
	// Change and remove.
	`UPDATE entry SET envelope = x'00'`,
	`UPDATE entry SET recorded = 0 WHERE id = 'kept'`,
	`UPDATE OR REPLACE entry SET n = n + 1`,
	`DELETE FROM entry`,
	`UPDATE content SET body = x'00'`,
	`UPDATE content SET n = n + 1000`,
	`DELETE FROM content WHERE n = (SELECT n FROM entry WHERE id = 'kept')`,
	`DELETE FROM content WHERE n = (SELECT n FROM entry WHERE id = 'held')`,
	`DELETE FROM content WHERE n = (SELECT n FROM entry WHERE id = 'open')`,
	`DELETE FROM content`,
	`UPDATE node SET hash = zeroblob(32)`,
	`DELETE FROM node`,
	`DELETE FROM head`,
	`UPDATE head SET size = size`,
	`UPDATE head SET size = size - 1`,
	`UPDATE head SET tenant = 2`,
	`UPDATE checkpoint SET note = x'00'`,
	`DELETE FROM checkpoint`,
	`UPDATE tenant SET name = 'u'`,
	`DELETE FROM tenant`,
	`DELETE FROM migration`,
	`UPDATE migration SET checksum = ''`,
	`DELETE FROM hold`,
	`UPDATE hold SET matter = 'n'`,
	`UPDATE hold SET released = 0`,
	`DELETE FROM hold_scope`,
	`UPDATE hold_scope SET id = 'x'`,
	`DELETE FROM retention_floor`,
	`UPDATE retention_floor SET through = 20000101`,
	`UPDATE retention_floor SET id = 'x'`,
	`DELETE FROM disposal`,
	`UPDATE disposal SET id = 'kept'`,
	// Replace, by row number and by key.
	`INSERT OR REPLACE INTO entry SELECT n, tenant, kind, id, version, recorded, NULL, x'00', leaf FROM entry WHERE id = 'kept'`,
	`REPLACE INTO entry SELECT n + 100, tenant, kind, id, version, recorded, NULL, x'00', leaf FROM entry WHERE id = 'kept'`,
	`INSERT INTO entry SELECT n, tenant, kind, id, version, recorded, NULL, x'00', leaf FROM entry WHERE id = 'kept' ON CONFLICT DO UPDATE SET envelope = x'00'`,
	`INSERT OR REPLACE INTO content SELECT n, salt, x'00', reason FROM content`,
	`INSERT INTO content SELECT n, x'00', x'00', NULL FROM entry WHERE id = 'old'`,
	`INSERT OR REPLACE INTO node SELECT n, zeroblob(32) FROM node`,
	`INSERT OR REPLACE INTO head SELECT tenant, 1, edge FROM head`,
	`INSERT OR REPLACE INTO checkpoint SELECT n, epoch, root, recorded, x'00' FROM checkpoint`,
	`INSERT OR REPLACE INTO tenant SELECT id, 'u' FROM tenant`,
	`INSERT OR REPLACE INTO tenant SELECT id + 1, name FROM tenant`,
	`INSERT OR REPLACE INTO hold SELECT tenant, matter, 1 FROM hold`,
	`INSERT OR REPLACE INTO hold_scope SELECT * FROM hold_scope`,
	`INSERT OR REPLACE INTO retention_floor SELECT tenant, kind, id, 20000101 FROM retention_floor`,
	`INSERT OR REPLACE INTO disposal SELECT tenant, kind, id, day + 1 FROM disposal`,
	// Dispose of what must be kept.
	`INSERT INTO disposal VALUES (1, 'test.thing', 'kept', 20260203)`,
	`INSERT INTO disposal VALUES (1, 'test.thing', 'kept', 99999999)`,
	`INSERT INTO disposal VALUES (1, 'test.thing', 'held', 20260203)`,
	`INSERT INTO disposal VALUES (1, 'test.thing', 'open', 20260203)`,
	`INSERT INTO disposal VALUES (1, 'test.thing', 'none', 20260203)`,
	`INSERT OR IGNORE INTO disposal VALUES (1, 'test.thing', 'kept', 20260203)`,
	// Out of order.
	`INSERT INTO entry SELECT n + 2, tenant, kind, 'new', 1, recorded, NULL, envelope, leaf FROM entry WHERE id = 'open'`,
	`INSERT INTO entry SELECT n + 1, tenant, kind, 'new', 2, recorded, NULL, envelope, leaf FROM entry WHERE id = 'open'`,
	`INSERT INTO entry SELECT n + 1, tenant, kind, 'old', 2, recorded, NULL, envelope, leaf FROM entry WHERE id = 'open'`,
	// Change the schema or how it works.
	`DROP TRIGGER entry_update`,
	`DROP TRIGGER content_delete`,
	`DROP TABLE entry`,
	`DROP INDEX entry_ref`,
	`ALTER TABLE entry RENAME TO entry2`,
	`ALTER TABLE entry DROP COLUMN keep`,
	`ALTER TABLE entry ADD COLUMN x`,
	`CREATE TABLE entry3 (a)`,
	`CREATE TEMP TABLE entry (a)`,
	`CREATE TRIGGER x AFTER INSERT ON entry BEGIN DELETE FROM content; END`,
	`CREATE TEMP TRIGGER x AFTER INSERT ON entry BEGIN DELETE FROM content; END`,
	`CREATE VIEW x AS SELECT 1`,
	`CREATE VIRTUAL TABLE x USING fts5(a)`,
	`PRAGMA writable_schema = 1`,
	`PRAGMA recursive_triggers = 0`,
	`PRAGMA foreign_keys = 0`,
	`PRAGMA ignore_check_constraints = 1`,
	`PRAGMA journal_mode = OFF`,
	`PRAGMA synchronous = OFF`,
	`PRAGMA user_version = 0`,
	`PRAGMA application_id = 0`,
	`PRAGMA schema_version = 99`,
	`DELETE FROM sqlite_master`,
	`UPDATE sqlite_schema SET sql = 'x'`,
	`UPDATE sqlite_dbpage SET data = zeroblob(4096)`,
	`ATTACH ':memory:' AS other`,
	`VACUUM`,
	`VACUUM INTO 'DIR/copy.db'`,
	`REINDEX`,
	`ANALYZE`,
	`SELECT load_extension('x')`,
	`SELECT writefile('DIR/x', 'x')`,
	`SELECT * FROM pragma_table_list`,
}

// state writes down everything in the file, on a connection of its own.
func state(t *testing.T, b *Backend) string {
	t.Helper()
	db := sql.OpenDB(connector{dsn: dsn(b.path, b.opts)})
	defer db.Close()
	return stateOf(t, db)
}

func stateOf(t *testing.T, db interface {
	Query(query string, args ...any) (*sql.Rows, error)
	QueryRow(query string, args ...any) *sql.Row
}) string {
	t.Helper()
	out := ""
	for _, table := range []string{"sqlite_master", "migration", "tenant", "entry", "content", "node", "head", "checkpoint", "hold", "hold_scope", "retention_floor", "disposal"} {
		rows, err := db.Query("SELECT * FROM " + table + " ORDER BY 1, 2")
		require.NoError(t, err)
		columns, err := rows.Columns()
		require.NoError(t, err)
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			require.NoError(t, rows.Scan(values...))
			for i := range values {
				out += fmt.Sprintf("%v|", *values[i].(*any))
			}
			out += "\n"
		}
		require.NoError(t, rows.Err())
		require.NoError(t, rows.Close())
	}
	for _, pragma := range []string{"user_version", "application_id", "journal_mode"} {
		var v string
		require.NoError(t, db.QueryRow("PRAGMA "+pragma).Scan(&v))
		out += pragma + v + "\n"
	}
	return out
}

// On the store's own connections nothing gets through: triggers, guards, defensive mode and the authorizer together.
func TestNoAttackGetsThroughTheStoresConnections(t *testing.T) {
	t.Parallel()
	b := filled(t)
	before := state(t, b)
	for _, attack := range attacks {
		attack = replaceDir(attack, t)
		_ = b.Update(ctx, "t", func(tx driver.Tx) error {
			_, err := tx.(*txType).c.c.ExecContext(ctx, attack)
			if err == nil {
				// A statement that did nothing is fine; what counts is the state.
				return nil
			}
			require.NotNil(t, err, attack)
			return nil // commit what the statement may have done before it failed
		})
		require.Equal(t, before, state(t, b), attack)
	}
	// The settings that an attack may have switched are those of a connection: they must hold after all attacks.
	require.NoError(t, b.Update(ctx, "t", func(tx driver.Tx) error {
		_, err := tx.(*txType).c.c.ExecContext(ctx, `INSERT OR REPLACE INTO content SELECT n, salt, x'00', reason FROM content`)
		require.Error(t, err)
		return nil
	}))
	require.Equal(t, before, state(t, b))
}

// Without the authorizer, as on a connection of the caller's own, triggers and guards still hold against everything
// that is no change of the schema.
func TestTriggersHoldWithoutTheAuthorizer(t *testing.T) {
	t.Parallel()
	b := filled(t)
	before := state(t, b)
	db := sql.OpenDB(connector{dsn: dsn(b.path, b.opts)})
	defer db.Close()
	for _, attack := range attacks[:wormRows] {
		_, err := db.Exec(attack)
		if err == nil {
			t.Logf("no error, and it must have changed nothing: %s", attack)
		}
		require.Equal(t, before, state(t, b), attack)
	}
}

// wormRows is the number of attacks before those on the schema.
var wormRows = func() int {
	for i, a := range attacks {
		if a == `DROP TRIGGER entry_update` {
			return i
		}
	}
	return 0
}()

func replaceDir(s string, t *testing.T) string {
	const mark = "DIR"
	for i := 0; i+len(mark) <= len(s); i++ {
		if s[i:i+len(mark)] == mark {
			return s[:i] + filepath.ToSlash(t.TempDir()) + s[i+len(mark):]
		}
	}
	return s
}

// The control: the same corpus on tables without triggers must get through, or the corpus proves nothing.
func TestTheCorpusBitesWhereNothingGuards(t *testing.T) {
	t.Parallel()
	b := filled(t)
	db := sql.OpenDB(connector{dsn: dsn(b.path, b.opts)})
	defer db.Close()
	hits := 0
	for _, attack := range attacks[:wormRows] {
		tx, err := db.Begin()
		require.NoError(t, err)
		for _, table := range []string{"migration", "tenant", "entry", "content", "node", "head", "checkpoint", "hold", "hold_scope", "retention_floor", "disposal"} {
			for _, what := range []string{"insert", "update", "delete"} {
				_, err := tx.Exec("DROP TRIGGER " + table + "_" + what)
				require.NoError(t, err)
			}
		}
		before := stateOf(t, tx)
		_, _ = tx.Exec(attack)
		if stateOf(t, tx) != before {
			hits++
		}
		require.NoError(t, tx.Rollback())
	}
	require.Greater(t, hits, 40, "of %d", wormRows)
}
