package postgres

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

const unreadable = "postgres: the connection string cannot be read; write it as postgres://user@host/database or as keywords, host=... dbname=..."

// FuzzConnection gives the reader of connection strings anything, and connects to nothing. What cannot be read is refused
// with the same words always, so that no password gets into a log; what can be read names a place to connect to.
func FuzzConnection(f *testing.F) {
	for _, seed := range []string{
		"", "x", "postgres://user:hunter2@127.0.0.1:5432/clinic?sslmode=verify-full&pool_max_conns=4",
		"postgresql://[::1]/clinic?target_session_attrs=read-write", "postgres://user:hunter2@%zz",
		"host=/var/run/postgresql dbname='my db' password='it\\'s'", "host=a,b,c port=1,2,3 user=u dbname=d",
		"host=a port=0", "host=a port=99999", "host=a sslmode=never", "host=a connect_timeout=-1", "host=a pool_max_conns=999999999999",
		"dbname=d default_query_exec_mode=exec statement_cache_capacity=x", "host=a =b", "host='a", "host=a\x00b", "a=b=c", "service=none",
		"postgres://a:1,b:2/d", "postgres://", "postgres://?host=a", "host=" + strings.Repeat("a,", 200),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, connection string) {
		config, err := parseConnection(connection)
		if err != nil {
			require.EqualError(t, err, unreadable)
			require.ErrorIs(t, err, driver.ErrUnsupported)
			var oe *OpenError
			require.ErrorAs(t, err, &oe)
			require.Nil(t, config)
			return
		}
		require.NotEmpty(t, config.ConnConfig.Host)
		require.LessOrEqual(t, len(config.ConnConfig.Fallbacks), 2*maxConnection)
	})
}

func TestAConnectionStringWithoutEndIsRefused(t *testing.T) {
	t.Parallel()
	for _, connection := range []string{strings.Repeat("a", maxConnection+1), "host=" + strings.Repeat("a,", maxConnection)} {
		_, err := parseConnection(connection)
		require.EqualError(t, err, unreadable)
	}
}
