package postgres_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/pgtest"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/postgres"
	"github.com/hipaasmp/hipaasmp/storage/storagetest"
)

// What cannot be opened; what a store refuses once it is open, storagetest gives to every driver under the same name.
func TestBadInput(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dsn := server.Database(t)
	pgtest.Exec(t, dsn,
		"CREATE SCHEMA theirs", "CREATE TABLE theirs.patients (n bigint)",
		"CREATE SCHEMA alike", "CREATE TABLE alike.layout (rows bigint)",
		"CREATE SCHEMA void", "CREATE TABLE void.layout (number bigint, checksum text)",
		"CREATE SCHEMA other", "CREATE TABLE other.layout (number bigint, checksum text)", "INSERT INTO other.layout VALUES (1, 'theirs')",
		"CREATE SCHEMA view_only", "CREATE VIEW view_only.v AS SELECT 1")
	open(t, dsn, postgres.Options{Schema: "newer"}).Close()
	pgtest.Exec(t, dsn, "INSERT INTO newer.layout VALUES (2, '0002_later', 'x')")
	open(t, dsn, postgres.Options{Schema: "gap"}).Close()
	pgtest.Exec(t, dsn, "INSERT INTO gap.layout VALUES (3, '0003_later', 'x')")
	wrongDatabase := strings.Replace(dsn, "hipaasmp_test_", "hipaasmp_none_", 1)
	for name, x := range map[string]struct {
		dsn     string
		options postgres.Options
		want    error
	}{
		"somebody else's schema":               {dsn, postgres.Options{Schema: "theirs"}, driver.ErrForeign},
		"a table of the same name":             {dsn, postgres.Options{Schema: "alike"}, driver.ErrForeign},
		"a layout without steps":               {dsn, postgres.Options{Schema: "void"}, driver.ErrForeign},
		"a layout of another's":                {dsn, postgres.Options{Schema: "other"}, driver.ErrForeign},
		"a schema with a view":                 {dsn, postgres.Options{Schema: "view_only"}, driver.ErrForeign},
		"a layout that leaves a step out":      {dsn, postgres.Options{Schema: "gap"}, driver.ErrForeign},
		"a newer schema":                       {dsn, postgres.Options{Schema: "newer"}, driver.ErrSchemaNewer},
		"a newer schema, to read":              {dsn, postgres.Options{Schema: "newer", ReadOnly: true}, driver.ErrSchemaNewer},
		"nothing there, to read":               {dsn, postgres.Options{ReadOnly: true}, driver.ErrForeign},
		"a schema of the database's own":       {dsn, postgres.Options{Schema: "information_schema"}, driver.ErrForeign},
		"the catalogue":                        {dsn, postgres.Options{Schema: "pg_catalog"}, driver.ErrUnsupported},
		"a schema's name that asks for more":   {dsn, postgres.Options{Schema: `x"; DROP SCHEMA newer CASCADE; --`}, driver.ErrUnsupported},
		"a schema's name with NUL":             {dsn, postgres.Options{Schema: "a\x00b"}, driver.ErrUnsupported},
		"a schema's name in upper case":        {dsn, postgres.Options{Schema: "Upper"}, driver.ErrUnsupported},
		"a schema's name of 64 bytes":          {dsn, postgres.Options{Schema: strings.Repeat("x", 64)}, driver.ErrUnsupported},
		"a database that is not there":         {wrongDatabase, postgres.Options{}, driver.ErrForeign},
		"a connection string that is no URL":   {"postgres://user:hunter2@%zz", postgres.Options{}, driver.ErrUnsupported},
		"a server that is not there":           {"host=/nowhere password=hunter2", postgres.Options{}, driver.ErrIO},
		"a connection string of 10 kB":         {strings.Repeat("x", 10_000), postgres.Options{}, driver.ErrUnsupported},
		"a connection string without end":      {"host=" + strings.Repeat("a,", 100_000), postgres.Options{}, driver.ErrUnsupported},
		"a connection string with a bad value": {dsn + " connect_timeout=hunter2", postgres.Options{}, driver.ErrUnsupported},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := postgres.Open(ctx, x.dsn, &x.options)
			require.ErrorIs(t, err, x.want)
			var oe *postgres.OpenError
			require.ErrorAs(t, err, &oe)
			storagetest.ForUsers(t, err)
			require.True(t, strings.HasPrefix(err.Error(), "postgres: "))
			require.NotRegexp(t, `hunter2|/nowhere`, err.Error(), "no part of the connection string")
		})
	}
	var tables int
	require.NoError(t, connect(t, dsn).QueryRow(ctx, "SELECT count(*) FROM pg_tables WHERE schemaname IN ('theirs', 'alike', 'void', 'other', 'view_only')").Scan(&tables))
	require.Equal(t, 4, tables, "nothing was added to what is somebody else's")
}

func TestADatabaseInAnotherEncodingIsRefused(t *testing.T) {
	t.Parallel()
	s := server.Server(t)
	name := "hipaasmp_latin1_" + fmt.Sprint(time.Now().UnixNano())
	require.NoError(t, s.Do("postgres", "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'"))
	if os.Getenv(pgtest.Env) != "" { // else it goes with the server
		t.Cleanup(func() { require.NoError(t, s.Do("postgres", "DROP DATABASE "+name+" WITH (FORCE)")) })
	}
	_, err := postgres.Open(context.Background(), s.DSN(name), nil)
	require.ErrorIs(t, err, driver.ErrForeign)
	require.ErrorContains(t, err, "UTF-8")
}

func TestAContextThatEndsEndsTheOpening(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	dsn := server.Database(t)
	cancel()
	_, err := postgres.Open(ctx, dsn, nil)
	require.ErrorIs(t, err, context.Canceled)
}

func TestManyMayMakeTheLayoutAtOnce(t *testing.T) {
	t.Parallel()
	dsn := server.Database(t)
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() {
			b, err := postgres.Open(context.Background(), dsn, nil)
			if errs[i] = err; err == nil {
				errs[i] = b.Update(context.Background(), "t", func(tx driver.Tx) error { return tx.PlaceHold(driver.Hold{Matter: fmt.Sprint(i)}) })
				_ = b.Close()
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
}

func TestTheOwnerMayMakeTheLayoutByHand(t *testing.T) {
	t.Parallel()
	dsn := server.Database(t)
	statements, err := postgres.Layout("by_hand")
	require.NoError(t, err)
	pgtest.Exec(t, dsn, statements...)
	b := open(t, dsn, postgres.Options{Schema: "by_hand"})
	current, latest, err := b.Schema(context.Background())
	require.NoError(t, err)
	require.Equal(t, latest, current)
	_, err = postgres.Layout("No")
	require.ErrorIs(t, err, driver.ErrUnsupported)
}

func TestAStoreThatIsOpenedForReadingIsNotWritten(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dsn := server.Database(t)
	signer := newSigner(t)
	_, err := newStore(t, open(t, dsn, postgres.Options{}), signer).Put(ctx, "t", newNote("a"))
	require.NoError(t, err)
	store := newStore(t, open(t, dsn, postgres.Options{ReadOnly: true}), signer)
	_, err = store.Put(ctx, "t", newNote("b"))
	require.ErrorIs(t, err, driver.ErrReadOnly)
	_, err = store.Get(ctx, "t", newNote("a").DocumentRef())
	require.NoError(t, err)
}

func TestASchemaThatVanishesIsSaidWithoutSQL(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dsn := server.Database(t)
	b := open(t, dsn, postgres.Options{})
	pgtest.Exec(t, dsn, "DROP SCHEMA hipaasmp CASCADE")
	err := b.Update(ctx, "t", func(driver.Tx) error { return nil })
	require.ErrorIs(t, err, driver.ErrForeign)
	require.EqualError(t, err, driver.ErrForeign.Error()+" (begin)")
	var de *driver.Error
	require.ErrorAs(t, err, &de)
	require.Equal(t, "postgres 42P01", de.Code, "for whoever runs the database")
	require.ErrorIs(t, b.View(ctx, "t", func(driver.Reader) error { return nil }), driver.ErrForeign)
}

func TestTextsThatTheDatabaseCannotKeep(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b := open(t, server.Database(t), postgres.Options{})
	require.NoError(t, b.Update(ctx, "t", appendOne("k", "a", 0)))
	random := make([]byte, 10_000) // does not become short by compression
	_, _ = rand.NewChaCha8([32]byte{}).Read(random)
	noise := hex.EncodeToString(random)
	for _, x := range []struct {
		id   string
		want error
	}{{"a\x00b", driver.ErrUnsupported}, {"\xff", driver.ErrUnsupported}, {noise, driver.ErrTooLarge}} {
		err := b.Update(ctx, "t", appendOne("k", x.id, 1))
		require.ErrorIs(t, err, x.want)
		require.NotRegexp(t, `(?i)index|btree|encoding`, err.Error())
		require.NoError(t, b.View(ctx, "t", func(r driver.Reader) error {
			_, err := r.Get("k", x.id, 0)
			require.ErrorIs(t, err, driver.ErrNotFound)
			rows, err := r.History("k", x.id, 0, 1)
			require.NoError(t, err)
			require.Empty(t, rows)
			_, err = r.Holds("k", x.id)
			return err
		}))
	}
	require.ErrorIs(t, b.Update(ctx, "t\x00", func(driver.Tx) error { return nil }), driver.ErrTenant)
	require.ErrorIs(t, b.View(ctx, "\xff", func(driver.Reader) error { return nil }), driver.ErrTenant)
	require.ErrorIs(t, b.Update(ctx, "t", func(tx driver.Tx) error { return tx.PlaceHold(driver.Hold{Matter: "\x00"}) }), driver.ErrUnsupported)
	require.ErrorIs(t, b.Update(ctx, "t", func(tx driver.Tx) error { return tx.ReleaseHold("\x00") }), driver.ErrNotFound)
	names, err := b.Tenants(ctx, "\x00", 10)
	require.NoError(t, err)
	require.Empty(t, names)
}

// appendOne writes one row as it comes, for a ledger of the given length. The tree is not looked at by a driver.
func appendOne(kind, id string, size uint64) func(driver.Tx) error {
	return func(tx driver.Tx) error {
		row := driver.Row{Kind: kind, ID: id, Version: 1, Seq: size, Recorded: march, Envelope: []byte(id), Body: []byte("{}"), Salt: []byte("salt")}
		return tx.Append([]driver.Row{row}, nil, driver.Head{Epoch: 1, Size: size + 1, Recorded: row.Recorded, Edge: []byte("e"), Note: []byte("n")})
	}
}
