package postgres_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/internal/pgtest"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/postgres"
	"github.com/hipaasmp/hipaasmp/storage/storagetest"
)

var server pgtest.Shared

func TestMain(m *testing.M) {
	if dsn := os.Getenv(childDatabase); dsn != "" {
		fmt.Fprintln(os.Stderr, joinAndWrite(dsn))
		os.Exit(1)
	}
	code := m.Run()
	if err := server.Stop(); err != nil && code == 0 {
		println(err.Error())
		code = 1
	}
	os.Exit(code)
}

// opened is a backend that remembers how to open its data again.
type opened struct {
	*postgres.Backend
	dsn     string
	options postgres.Options
}

func open(t testing.TB, dsn string, options postgres.Options) opened {
	t.Helper()
	b, err := postgres.Open(context.Background(), dsn, &options)
	require.NoError(t, err)
	t.Cleanup(func() { _ = b.Close() })
	return opened{b, dsn, options}
}

func TestContract(t *testing.T) {
	t.Parallel()
	contract(t, server.Database(t), postgres.Options{}, long.Drill(16, 64, 10_000))
}

// A pooler in transaction mode keeps no prepared statements, and some databases have no COPY in the binary format.
func TestContractWithoutPreparedStatementsAndCopy(t *testing.T) {
	if !long.On {
		t.Skip("the whole contract once more; run with -tags long")
	}
	t.Parallel()
	dsn := server.Database(t)
	if strings.Contains(dsn, "://") {
		t.Skip("the setting is written as a keyword")
	}
	contract(t, dsn+" default_query_exec_mode=exec", postgres.Options{NoCopy: true}, 16)
}

// contract runs the suite in one database, with a schema of its own for each of the hundreds of backends.
func contract(t *testing.T, dsn string, options postgres.Options, scripts int) {
	var n atomic.Int64
	storagetest.Run(t, func(t *testing.T) driver.Backend {
		own := options
		own.Schema = fmt.Sprint("store_", n.Add(1))
		t.Cleanup(func() { // ten thousand scripts would fill a disk
			require.NoError(t, tryExec(t, dsn, "DROP SCHEMA IF EXISTS "+own.Schema+" CASCADE"))
		})
		return open(t, dsn, own)
	}, storagetest.Again(func(t *testing.T, first driver.Backend) driver.Backend {
		o := first.(opened)
		return open(t, o.dsn, o.options)
	}), storagetest.Join(func(t *testing.T, b driver.Backend) (driver.Joined, func(bool) error) {
		o := b.(opened)
		tx, err := connect(t, o.dsn).Begin(context.Background())
		require.NoError(t, err)
		j, err := o.Join(context.Background(), tx)
		require.NoError(t, err)
		return j, func(commit bool) error {
			if commit {
				return tx.Commit(context.Background())
			}
			return tx.Rollback(context.Background())
		}
	}), storagetest.Tamper(func(t *testing.T, b driver.Backend) { // as the owner, who is bound by nothing
		o := b.(opened)
		_, err := connect(t, o.dsn).Exec(context.Background(), "UPDATE "+o.options.Schema+".content SET body = '\\x00'")
		require.NoError(t, err)
	}), storagetest.Scripts(scripts, 50), storagetest.Histories(long.Drill(2, 20, 200), long.Drill(200, 496, 504)))
}
