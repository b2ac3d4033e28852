package pgtest_test

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/pgtest"
)

var shared pgtest.Shared

func TestMain(m *testing.M) {
	code := m.Run()
	if err := shared.Stop(); err != nil && code == 0 {
		println(err.Error())
		code = 1
	}
	os.Exit(code)
}

func TestAServerForTestsIsDurableAndReachedByASocketAlone(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, shared.Database(t))
	require.NoError(t, err)
	defer conn.Close(ctx)
	for setting, want := range map[string]string{"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"} {
		var is string
		require.NoError(t, conn.QueryRow(ctx, "SELECT current_setting($1)", setting).Scan(&is))
		require.Equal(t, want, is, setting)
	}
	if os.Getenv(pgtest.Env) == "" {
		var is string
		require.NoError(t, conn.QueryRow(ctx, "SELECT current_setting('listen_addresses')").Scan(&is))
		require.Empty(t, is)
	}
}

func TestEachDatabaseIsItsOwn(t *testing.T) {
	t.Parallel()
	one, two := shared.Database(t), shared.Database(t)
	require.NotEqual(t, one, two)
	pgtest.Exec(t, one, "CREATE TABLE x (n bigint)")
	pgtest.Exec(t, two, "CREATE TABLE x (n bigint)")
}
