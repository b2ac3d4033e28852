package sqlite

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// attacks is what a mistake or injected SQL may try. Each must fail or change nothing.
var attacks = []string{
	// Change and remove.
	`UPDATE smp_entry SET envelope = x'00'`,
	`UPDATE smp_entry SET recorded = 0 WHERE id = 'kept'`,
	`UPDATE OR REPLACE smp_entry SET n = n + 1`,
	`DELETE FROM smp_entry`,
	`UPDATE smp_entry SET body = x'00'`,
	`UPDATE smp_entry SET body = NULL, salt = NULL, key = NULL, reason = NULL WHERE id = 'kept'`,
	`UPDATE smp_entry SET body = NULL, salt = NULL, key = NULL, reason = NULL WHERE id = 'held'`,
	`UPDATE smp_entry SET body = NULL, salt = NULL, key = NULL, reason = NULL WHERE id = 'open'`,
	`UPDATE smp_entry SET body = NULL, salt = NULL, key = NULL, reason = NULL`,
	`UPDATE smp_entry SET body = x'00', salt = x'00' WHERE id = 'old'`,
	`UPDATE smp_entry SET keep = 20000101 WHERE id = 'old'`,
	`UPDATE smp_entry SET key = x'00' WHERE id = 'held'`,
	`UPDATE smp_entry SET salt = x'00'`,
	`UPDATE smp_key SET key = x'00'`,
	`UPDATE smp_key SET n = n + 1`,
	`DELETE FROM smp_key`,
	`INSERT OR REPLACE INTO smp_key SELECT n, generation, x'00' FROM smp_key`,
	`INSERT INTO smp_key SELECT n, 3, x'00' FROM smp_entry WHERE id = 'kept'`,
	`INSERT INTO smp_key SELECT n, 1, x'00' FROM smp_entry WHERE id = 'old'`,
	`UPDATE smp_tile SET hashes = zeroblob(8128)`,
	`DELETE FROM smp_tile`,
	`INSERT OR REPLACE INTO smp_tile SELECT n, zeroblob(8128) FROM smp_tile`,
	`UPDATE smp_node SET hash = zeroblob(32)`,
	`DELETE FROM smp_node`,
	`DELETE FROM smp_kind`,
	`UPDATE smp_kind SET name = 'another'`,
	`UPDATE OR REPLACE smp_kind SET id = id + 1`,
	`DELETE FROM smp_form`,
	`UPDATE smp_form SET text = 'another'`,
	`UPDATE smp_form SET id = id + 1`,
	`UPDATE smp_entry SET head = zeroblob(40)`,
	`UPDATE smp_entry SET head = NULL`,
	`UPDATE smp_tenant SET name = 'u'`,
	`DELETE FROM smp_tenant`,
	`DELETE FROM smp_migration`,
	`UPDATE smp_migration SET checksum = ''`,
	`DELETE FROM smp_hold`,
	`UPDATE smp_hold SET matter = 'n'`,
	`UPDATE smp_hold SET released = 0`,
	`DELETE FROM smp_hold_scope`,
	`UPDATE smp_hold_scope SET id = 'x'`,
	`DELETE FROM smp_retention_floor`,
	`UPDATE smp_retention_floor SET through = 20000101`,
	`UPDATE smp_retention_floor SET id = 'x'`,
	`DELETE FROM smp_disposal`,
	`UPDATE smp_disposal SET id = 'kept'`,
	// Replace, by row number and by key.
	`INSERT OR REPLACE INTO smp_entry SELECT n, kind, id, version, recorded, NULL, x'00', leaf, salt, key, reason, head, body FROM smp_entry WHERE id = 'kept'`,
	`REPLACE INTO smp_entry SELECT n + 100, kind, id, version, recorded, NULL, x'00', leaf, salt, key, reason, head, body FROM smp_entry WHERE id = 'kept'`,
	`INSERT INTO smp_entry SELECT n, kind, id, version, recorded, NULL, x'00', leaf, salt, key, reason, head, body FROM smp_entry WHERE id = 'kept' ON CONFLICT DO UPDATE SET envelope = x'00'`,
	`INSERT OR REPLACE INTO smp_node SELECT n, zeroblob(32) FROM smp_node`,
	`INSERT OR REPLACE INTO smp_kind SELECT id, tenant, 'another' FROM smp_kind`,
	`INSERT OR REPLACE INTO smp_kind SELECT id + 100, tenant, name FROM smp_kind`,
	`INSERT OR REPLACE INTO smp_form SELECT id, 'another' FROM smp_form`,
	`INSERT OR REPLACE INTO smp_form SELECT id + 1, text FROM smp_form`,
	`INSERT OR REPLACE INTO smp_tenant SELECT id, 'u' FROM smp_tenant`,
	`INSERT OR REPLACE INTO smp_tenant SELECT id + 1, name FROM smp_tenant`,
	`INSERT OR REPLACE INTO smp_hold SELECT tenant, matter, 1 FROM smp_hold`,
	`INSERT OR REPLACE INTO smp_hold_scope SELECT * FROM smp_hold_scope`,
	`INSERT OR REPLACE INTO smp_retention_floor SELECT tenant, kind, id, 20000101 FROM smp_retention_floor`,
	`INSERT OR REPLACE INTO smp_disposal SELECT tenant, kind, id, day + 1 FROM smp_disposal`,
	// Dispose of what must be kept.
	`INSERT INTO smp_disposal VALUES (1, 'test.thing', 'kept', 20260203)`,
	`INSERT INTO smp_disposal VALUES (1, 'test.thing', 'kept', 99999999)`,
	`INSERT INTO smp_disposal VALUES (1, 'test.thing', 'kept', 0)`,
	`INSERT INTO smp_disposal VALUES (1, 'test.thing', 'none', 0)`,
	`INSERT INTO smp_disposal VALUES (1, 'test.thing', 'held', 20260203)`,
	`INSERT INTO smp_disposal VALUES (1, 'test.thing', 'open', 20260203)`,
	`INSERT INTO smp_disposal VALUES (1, 'test.thing', 'none', 20260203)`,
	`INSERT OR IGNORE INTO smp_disposal VALUES (1, 'test.thing', 'kept', 20260203)`,
	// Out of order.
	`INSERT INTO smp_entry SELECT n + 2, kind, 'new', 1, recorded, NULL, envelope, leaf, salt, key, reason, head, body FROM smp_entry WHERE id = 'open'`,
	`INSERT INTO smp_entry SELECT n + 1, kind, 'new', 2, recorded, NULL, envelope, leaf, salt, key, reason, head, body FROM smp_entry WHERE id = 'open'`,
	`INSERT INTO smp_entry SELECT n + 1, kind, 'old', 2, recorded, NULL, envelope, leaf, salt, key, reason, head, body FROM smp_entry WHERE id = 'open'`,
	`INSERT INTO smp_entry SELECT n + 1, kind, 'open', 2, recorded, NULL, envelope, leaf, NULL, NULL, NULL, NULL, NULL FROM smp_entry WHERE id = 'open'`,
	// Change the schema or how it works.
	`DROP TRIGGER smp_entry_update`,
	`DROP TRIGGER smp_entry_delete`,
	`DROP TABLE smp_entry`,
	`DROP INDEX smp_entry_ref`,
	`ALTER TABLE smp_entry RENAME TO entry2`,
	`ALTER TABLE smp_entry DROP COLUMN keep`,
	`ALTER TABLE smp_entry ADD COLUMN x`,
	`CREATE TABLE entry3 (a)`,
	`CREATE TEMP TABLE smp_entry (a)`,
	`CREATE TRIGGER x AFTER INSERT ON smp_entry BEGIN DELETE FROM smp_entry; END`,
	`CREATE TEMP TRIGGER x AFTER INSERT ON smp_entry BEGIN DELETE FROM smp_entry; END`,
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

// guarded is a filled store whose every table has rows.
func guarded(t testing.TB) *Backend {
	t.Helper()
	b := filled(t)
	require.NoError(t, b.Update(ctx, "t", func(tx driver.Tx) error {
		for n := uint64(4); n < 256; n++ {
			if err := appendOne(tx, n, fmt.Sprint("n", n), 1, hipaasmp.Date{}); err != nil {
				return err
			}
		}
		return tx.Rekey("test.thing", "held", 1, []byte("another key"))
	}))
	return b
}

// tables are all tables of the store.
var tables = []string{
	"smp_migration", "smp_tenant", "smp_kind", "smp_entry", "smp_key", "smp_tile", "smp_node", "smp_form",
	"smp_hold", "smp_hold_scope", "smp_retention_floor", "smp_disposal",
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
	var out strings.Builder
	for _, table := range append([]string{"sqlite_master"}, tables...) {
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
				fmt.Fprintf(&out, "%x|", *values[i].(*any))
			}
			out.WriteByte('\n')
		}
		require.NoError(t, rows.Err())
		require.NoError(t, rows.Close())
	}
	for _, pragma := range []string{"user_version", "application_id", "journal_mode"} {
		var v string
		require.NoError(t, db.QueryRow("PRAGMA "+pragma).Scan(&v))
		out.WriteString(pragma + v + "\n")
	}
	return out.String()
}

// On the store's own connections nothing gets through: triggers, guards, defensive mode and the authorizer together.
func TestNoAttackGetsThroughTheStoresConnections(t *testing.T) {
	t.Parallel()
	b := guarded(t)
	before := state(t, b)
	for _, attack := range attacks {
		attack = replaceDir(attack, t)
		_ = b.Update(ctx, "t", func(tx driver.Tx) error {
			err := tx.(*txType).c.exec(ctx, attack)
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
		err := tx.(*txType).c.exec(ctx, `INSERT OR REPLACE INTO smp_tile SELECT n, zeroblob(8128) FROM smp_tile`)
		require.Error(t, err)
		return nil
	}))
	require.Equal(t, before, state(t, b))
}

// Without the authorizer, as on a connection of the caller's own, triggers and guards still hold against everything
// that is no change of the schema.
func TestTriggersHoldWithoutTheAuthorizer(t *testing.T) {
	t.Parallel()
	b := guarded(t)
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

// On a database of the caller's, on a connection of the caller's with none of the store's settings, triggers and guards
// hold against everything that changes no schema. What changes the schema gets through, and the ledger shows what was done
// with it, as Capabilities says.
func TestOnACallersDatabaseTheGuardsHoldAndTheLedgerShowsTheRest(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "product.db")+"?_journal_mode=WAL&_busy_timeout=10000")
	require.NoError(t, err)
	defer db.Close()
	b, err := OpenDB(ctx, db, nil)
	require.NoError(t, err)
	require.False(t, b.Capabilities().EnforcesWORM)
	require.True(t, b.Capabilities().GuardsRows)
	fill(t, b)
	require.NoError(t, b.Update(ctx, "t", func(tx driver.Tx) error {
		for n := uint64(4); n < 256; n++ {
			if err := appendOne(tx, n, fmt.Sprint("n", n), 1, hipaasmp.Date{}); err != nil {
				return err
			}
		}
		return tx.Rekey("test.thing", "held", 1, []byte("another key"))
	}))
	before := stateOf(t, db)
	for _, attack := range attacks[:wormRows] {
		_, _ = db.Exec(attack)
		require.Equal(t, before, stateOf(t, db), attack)
	}
	signer, err := storage.NewSigner(strings.NewReader(strings.Repeat("k", 64)), "clinic.example")
	require.NoError(t, err)
	s, err := storage.New(b, storage.Options{Signer: signer})
	require.NoError(t, err)
	for i := range 3 {
		_, err := s.Put(ctx, "clinic", paper{hipaasmp.NewHeader("clinic.paper", fmt.Sprint("p", i))})
		require.NoError(t, err)
	}
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
	for _, statement := range []string{"DROP TRIGGER smp_entry_update", "UPDATE smp_entry SET body = CAST(replace(body, 'p1', 'p9') AS BLOB) WHERE id = 'p1'"} {
		_, err := db.Exec(statement)
		require.NoError(t, err, "who may change the schema gets through")
	}
	v, err = s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.ErrorIs(t, v.Err(), storage.ErrCorrupt)
}

// paper is a document without content.
type paper struct{ hipaasmp.Header }

func (paper) Validate() error { return nil }

// wormRows is the number of attacks before those on the schema.
var wormRows = func() int {
	for i, a := range attacks {
		if a == `DROP TRIGGER smp_entry_update` {
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
	b := guarded(t)
	db := sql.OpenDB(connector{dsn: dsn(b.path, b.opts)})
	defer db.Close()
	hits := 0
	for _, attack := range attacks[:wormRows] {
		tx, err := db.Begin()
		require.NoError(t, err)
		for _, table := range tables {
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
