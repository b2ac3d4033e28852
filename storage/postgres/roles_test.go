package postgres_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/pgtest"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/postgres"
)

// asRoles makes a database with a store, the roles of a product and what they are granted.
func asRoles(t *testing.T) (owner, writer, disposer, reader string) {
	t.Helper()
	owner = server.Database(t)
	open(t, owner, postgres.Options{}).Close()
	var suffix string
	require.NoError(t, connect(t, owner).QueryRow(context.Background(), "SELECT right(current_database(), 8)").Scan(&suffix))
	roles := postgres.Roles{Writer: "writer_" + suffix, Disposer: "disposer_" + suffix, Reader: "reader_" + suffix}
	if err := tryExec(t, owner, "CREATE ROLE "+roles.Writer+" LOGIN", "CREATE ROLE "+roles.Disposer+" LOGIN", "CREATE ROLE "+roles.Reader+" LOGIN"); err != nil {
		t.Skip("the role of the test may not create roles")
	}
	grants, err := roles.Grants("hipaasmp")
	require.NoError(t, err)
	for range 2 {
		pgtest.Exec(t, owner, grants...)
	}
	t.Cleanup(func() {
		for _, role := range []string{roles.Writer, roles.Disposer, roles.Reader} {
			pgtest.Exec(t, owner, "DROP OWNED BY "+role, "DROP ROLE "+role)
		}
	})
	as := func(role string) string {
		if strings.Contains(owner, "user=postgres") {
			return strings.Replace(owner, "user=postgres", "user="+role, 1)
		}
		t.Skip("the connection string of the server that was named is not one in which the test can exchange the role")
		return ""
	}
	return owner, as(roles.Writer), as(roles.Disposer), as(roles.Reader)
}

func connect(t testing.TB, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), dsn)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func tryExec(t testing.TB, dsn string, statements ...string) error {
	t.Helper()
	conn := connect(t, dsn)
	for _, sql := range statements {
		if _, err := conn.Exec(context.Background(), sql); err != nil {
			return err
		}
	}
	return nil
}

// note is a record whose term has run out long ago.
type note struct {
	hipaasmp.Header
	Text string `json:"text"`
}

func newNote(id string) note { return note{hipaasmp.NewHeader("test.note", id), "text"} }

func (n note) Validate() error                { return nil }
func (n note) Citations() []hipaasmp.Citation { return []hipaasmp.Citation{hipaasmp.CiteDocumentation} }
func (n note) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: hipaasmp.Day(2010, 1, 1)}
}

var (
	official = hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleSecurityOfficial}
	manager  = hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleManagement}
	march    = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
)

func newStore(t testing.TB, b driver.Backend, signer *storage.Signer) *storage.Store {
	t.Helper()
	s, err := storage.New(b, storage.Options{Signer: signer, HoldGrace: -1, Clock: func() time.Time { return march }})
	require.NoError(t, err)
	return s
}

func newSigner(t testing.TB) *storage.Signer {
	t.Helper()
	signer, err := fixedSigner()
	require.NoError(t, err)
	return signer
}

// fixedSigner is the same in every process of these tests.
func fixedSigner() (*storage.Signer, error) {
	return storage.NewSigner(strings.NewReader(strings.Repeat("a seed that is no secret", 9)), "postgres.test")
}

func TestTheWriterAddsAndTheDisposerDisposes(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	owner, writer, disposer, reader := asRoles(t)
	signer := newSigner(t)
	w := open(t, writer, postgres.Options{})
	require.True(t, w.Capabilities().EnforcesWORM, "the writer's role is bound by its grants")
	require.False(t, open(t, owner, postgres.Options{}).Capabilities().EnforcesWORM, "the owner can do anything")
	require.False(t, open(t, disposer, postgres.Options{}).Capabilities().EnforcesWORM, "the disposer can remove content")
	store := newStore(t, w, signer)
	for i := range 3 {
		_, err := store.Put(ctx, "t", newNote(fmt.Sprint("n", i)))
		require.NoError(t, err)
	}
	_, err := store.PlaceHold(ctx, "t", retention.Hold{Matter: "m", Reason: "why", PlacedBy: manager})
	require.NoError(t, err)
	_, err = store.ReleaseHold(ctx, "t", "m", manager, "closed")
	require.NoError(t, err)

	ref := newNote("n0").DocumentRef()
	_, err = store.ProposeDisposal(ctx, "t", ref, retention.MethodRowRemoved, official)
	require.NoError(t, err)
	_, err = store.ReviewDisposal(ctx, "t", ref, official, "")
	require.NoError(t, err)
	_, err = store.ApproveDisposal(ctx, "t", ref, manager)
	require.NoError(t, err)
	_, err = store.Dispose(ctx, "t", ref, manager)
	require.ErrorIs(t, err, driver.ErrImmutable, "the writer cannot delete")
	v, err := store.VerifyTenant(ctx, "t")
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Zero(t, v.Disposed)

	_, err = newStore(t, open(t, disposer, postgres.Options{}), signer).Dispose(ctx, "t", ref, manager)
	require.NoError(t, err)
	v, err = newStore(t, open(t, reader, postgres.Options{ReadOnly: true}), signer).VerifyTenant(ctx, "t")
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, 1, v.Disposed)
	_, err = newStore(t, open(t, reader, postgres.Options{}), signer).Put(ctx, "t", newNote("x"))
	require.ErrorIs(t, err, driver.ErrReadOnly)
}

func TestTheWriterIsRefusedWhateverItTries(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	owner, writer, _, _ := asRoles(t)
	store := newStore(t, open(t, owner, postgres.Options{}), newSigner(t))
	for i := range 3 {
		_, err := store.Put(ctx, "t", newNote(fmt.Sprint("n", i)))
		require.NoError(t, err)
	}
	conn := connect(t, writer)
	tables := []string{"entry", "content", "node", "checkpoint", "head", "hold", "hold_scope", "hold_release", "retention_floor", "disposal", "layout"}
	var attacks []string
	for _, table := range tables {
		attacks = append(attacks,
			"DELETE FROM hipaasmp."+table, "TRUNCATE hipaasmp."+table, "DROP TABLE hipaasmp."+table, "ALTER TABLE hipaasmp."+table+" RENAME TO gone",
			"ALTER TABLE hipaasmp."+table+" DROP COLUMN tenant", "DO $$ BEGIN LOCK TABLE hipaasmp."+table+" IN ACCESS EXCLUSIVE MODE; END $$",
			"CREATE RULE r AS ON INSERT TO hipaasmp."+table+" DO INSTEAD NOTHING", "CREATE INDEX i ON hipaasmp."+table+" ((1))",
			"CREATE TRIGGER x BEFORE INSERT ON hipaasmp."+table+" EXECUTE FUNCTION suppress_redundant_updates_trigger()",
			"CREATE POLICY p ON hipaasmp."+table, "ALTER TABLE hipaasmp."+table+" OWNER TO CURRENT_USER",
			"MERGE INTO hipaasmp."+table+" USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE", "WITH d AS (DELETE FROM hipaasmp."+table+" RETURNING 1) SELECT * FROM d")
	}
	attacks = append(attacks,
		"UPDATE hipaasmp.entry SET envelope = 'x'", "UPDATE hipaasmp.entry SET keep = 20000101", "UPDATE hipaasmp.content SET body = 'x'",
		"UPDATE hipaasmp.content SET seq = seq + 100", "UPDATE hipaasmp.checkpoint SET note = 'x'", "UPDATE hipaasmp.node SET hash = hash",
		"UPDATE hipaasmp.head SET tenant = 'u'", "UPDATE hipaasmp.hold SET matter = 'x'", "UPDATE hipaasmp.retention_floor SET through = 0",
		"INSERT INTO hipaasmp.content SELECT tenant, seq, salt, 'x', NULL FROM hipaasmp.content ON CONFLICT (tenant, seq) DO UPDATE SET body = 'x'",
		"INSERT INTO hipaasmp.disposal VALUES ('t', 'test.note', 'n0', 20260101)", "INSERT INTO hipaasmp.layout VALUES (99, 'x', 'x')",
		"INSERT INTO hipaasmp.entry SELECT * FROM hipaasmp.entry LIMIT 1", "INSERT INTO hipaasmp.head VALUES ('t', 0, '')",
		"SELECT * FROM hipaasmp.entry FOR UPDATE", "SELECT * FROM hipaasmp.content FOR SHARE", "CREATE TABLE hipaasmp.mine (n bigint)",
		"CREATE FUNCTION hipaasmp.f() RETURNS bigint LANGUAGE sql AS 'SELECT 1'", "DROP SCHEMA hipaasmp CASCADE", "ALTER SCHEMA hipaasmp RENAME TO gone",
		"SET session_replication_role = replica", "SET ROLE postgres", "ALTER ROLE CURRENT_USER SUPERUSER", "COPY hipaasmp.entry FROM PROGRAM 'true'",
		"COPY hipaasmp.entry TO '/tmp/x'", "SELECT pg_read_file('PG_VERSION')", "SELECT lo_export(1, '/tmp/x')")
	for _, sql := range attacks {
		_, err := conn.Exec(ctx, sql)
		var pe *pgconn.PgError
		require.ErrorAs(t, err, &pe, "went through: %s", sql)
		require.Contains(t, []string{"42501", "23505"}, pe.Code, "refused for another reason than a missing right or a key that is taken: %s", sql)
	}
	v, err := store.VerifyTenant(ctx, "t")
	require.NoError(t, err)
	require.NoError(t, v.Err(), "after %d attacks everything is as it was", len(attacks))
	require.Equal(t, uint64(3), v.Size)
}

func TestWhatTheWriterMayDoToAHeadIsSeen(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	owner, writer, _, _ := asRoles(t)
	store := newStore(t, open(t, owner, postgres.Options{}), newSigner(t))
	for i := range 3 {
		_, err := store.Put(ctx, "t", newNote(fmt.Sprint("n", i)))
		require.NoError(t, err)
	}
	for _, sql := range []string{"UPDATE hipaasmp.head SET size = 2", "UPDATE hipaasmp.head SET size = 7", "UPDATE hipaasmp.head SET size = 0", "UPDATE hipaasmp.head SET size = 3, edge = 'x'"} {
		require.NoError(t, tryExec(t, writer, sql))
		_, err := store.Put(ctx, "t", newNote("later"))
		require.Error(t, err, sql)
		require.NotContains(t, err.Error(), "head_", sql)
	}
}

func TestGrantsRefuseNamesThatAreNone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{strings.Repeat("x", 64), "a\x00b", "\xff"} {
		_, err := postgres.Roles{Writer: name}.Grants("hipaasmp")
		require.ErrorIs(t, err, driver.ErrUnsupported)
	}
	_, err := postgres.Roles{Writer: "w"}.Grants(`x"; DROP SCHEMA y; --`)
	require.ErrorIs(t, err, driver.ErrUnsupported)
	grants, err := postgres.Roles{Writer: `w"; DROP ROLE x; --`}.Grants("hipaasmp")
	require.NoError(t, err)
	require.Contains(t, grants[2], `TO "w""; DROP ROLE x; --"`)
}
