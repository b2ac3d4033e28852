package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/pgtest"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/postgres"
	"github.com/hipaasmp/hipaasmp/storage/storagetest"
)

// inject makes the database answer with a code: to the first times inserts into a table, or at the commits after them.
// The count is a sequence, which a rollback does not set back.
func inject(t *testing.T, dsn, table, code string, times int, atCommit bool) {
	t.Helper()
	trigger := "CREATE TRIGGER injected BEFORE INSERT ON hipaasmp." + table + " FOR EACH ROW EXECUTE FUNCTION injected()"
	if atCommit {
		trigger = "CREATE CONSTRAINT TRIGGER injected AFTER INSERT ON hipaasmp." + table + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION injected()"
	}
	pgtest.Exec(t, dsn, "CREATE SEQUENCE injections",
		fmt.Sprintf(`CREATE FUNCTION injected() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF nextval('injections') <= %d THEN RAISE EXCEPTION 'words of the database' USING ERRCODE = '%s'; END IF; RETURN NEW; END $$`, times, code), trigger)
}

func TestWhatTheDatabaseAsksToRepeatIsRepeated(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"40001", "40P01"} {
		for _, table := range []string{"entry", "content", "checkpoint"} {
			for _, atCommit := range []bool{false, true} {
				t.Run(fmt.Sprint(code, " ", table, " ", atCommit), func(t *testing.T) {
					t.Parallel()
					dsn := server.Database(t)
					b := open(t, dsn, postgres.Options{})
					inject(t, dsn, table, code, 3, atCommit)
					runs := 0
					require.NoError(t, b.Update(context.Background(), "t", func(tx driver.Tx) error {
						runs++
						err := appendOne("k", "a", 0)(tx)
						if err != nil {
							return fmt.Errorf("wrapped: %w", err)
						}
						return nil
					}))
					require.Equal(t, 4, runs)
					require.NoError(t, b.View(context.Background(), "t", func(r driver.Reader) error {
						rows, err := r.Entries(0, 10)
						require.Len(t, rows, 1, "nothing of the first runs is kept")
						return err
					}))
				})
			}
		}
	}
}

func TestRepeatingEndsWithThePatience(t *testing.T) {
	t.Parallel()
	dsn := server.Database(t)
	open(t, dsn, postgres.Options{}) // makes the layout, for which a busy machine needs more patience
	b := open(t, dsn, postgres.Options{Patience: 2 * time.Second})
	inject(t, dsn, "entry", "40001", 1_000_000, false)
	err := b.Update(context.Background(), "t", appendOne("k", "a", 0))
	require.ErrorIs(t, err, driver.ErrBusy)
	require.EqualError(t, err, driver.ErrBusy.Error()+" (write)")
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(20*time.Millisecond, cancel)
	require.ErrorIs(t, b.Update(ctx, "t", appendOne("k", "a", 0)), context.Canceled)
}

func TestEveryFaultIsTypedAndTheDatabaseKeepsNothing(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		code     string
		atCommit bool
		want     error
	}{
		{"53100", false, driver.ErrFull}, {"53100", true, driver.ErrFull},
		{"25006", false, driver.ErrReadOnly}, {"57014", true, driver.ErrBusy}, {"XX001", false, driver.ErrCorrupt},
		{"58030", false, driver.ErrIO}, {"58030", true, driver.ErrIO}, {"23505", false, driver.ErrConflict},
		{"40003", true, driver.ErrOutcomeUnknown}, {"08006", true, driver.ErrOutcomeUnknown}, {"P0001", false, driver.ErrIO},
	} {
		t.Run(fmt.Sprint(x.code, x.atCommit), func(t *testing.T) {
			t.Parallel()
			dsn := server.Database(t)
			b := open(t, dsn, postgres.Options{})
			inject(t, dsn, "entry", x.code, 1, x.atCommit)
			err := b.Update(context.Background(), "t", appendOne("k", "a", 0))
			require.ErrorIs(t, err, x.want)
			storagetest.ForUsers(t, err)
			require.NotContains(t, err.Error(), "words")
			require.NoError(t, b.View(context.Background(), "t", func(r driver.Reader) error {
				_, err := r.Head(0)
				require.ErrorIs(t, err, driver.ErrNotFound)
				return nil
			}))
			require.NoError(t, b.Update(context.Background(), "t", appendOne("k", "a", 0)), "the backend goes on")
		})
	}
}

func TestAFaultThatTheClosureSwallowsIsNotCommitted(t *testing.T) {
	t.Parallel()
	dsn := server.Database(t)
	b := open(t, dsn, postgres.Options{})
	inject(t, dsn, "entry", "53100", 1, false)
	err := b.Update(context.Background(), "t", func(tx driver.Tx) error {
		require.NoError(t, tx.PlaceHold(driver.Hold{Matter: "m"}))
		require.ErrorIs(t, appendOne("k", "a", 0)(tx), driver.ErrFull)
		_, err := tx.Holds("", "")
		require.ErrorIs(t, err, driver.ErrFull, "the transaction is lost and says why")
		return nil
	})
	require.ErrorIs(t, err, driver.ErrFull)
}

// proxy stands between the driver and the server. cut is called with what a client sends and says whether to cut the
// connection before it goes on, or after it and before the answer.
type proxy struct {
	dir    string
	listen net.Listener
	to     string
	cut    func(sent []byte) (before, after bool)
	conns  sync.WaitGroup
}

func newProxy(t *testing.T, dsn string, cut func(sent []byte) (before, after bool)) string {
	t.Helper()
	_, rest, ok := strings.Cut(dsn, "host=")
	host, _, _ := strings.Cut(rest, " ")
	if !ok || !strings.HasPrefix(host, "/") {
		t.Skip("the server that was named is not reached by a socket")
	}
	dir, err := os.MkdirTemp("/tmp", "pgproxy-")
	require.NoError(t, err)
	const socket = ".s.PGSQL.5432"
	p := &proxy{dir: dir, to: filepath.Join(host, socket), cut: cut}
	p.listen, err = net.Listen("unix", filepath.Join(dir, socket))
	require.NoError(t, err)
	go func() {
		for {
			client, err := p.listen.Accept()
			if err != nil {
				return
			}
			p.conns.Go(func() { p.serve(client) })
		}
	}()
	t.Cleanup(func() {
		require.NoError(t, p.listen.Close())
		require.NoError(t, os.RemoveAll(dir))
	})
	return strings.Replace(dsn, "host="+host, "host="+dir, 1)
}

func (p *proxy) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("unix", p.to)
	if err != nil {
		return
	}
	defer server.Close()
	var mute atomic.Bool
	go func() {
		buf := make([]byte, 64<<10)
		for {
			n, err := server.Read(buf)
			if err != nil {
				break
			}
			if mute.Load() {
				break // the answer has come, so what was asked is done, and is not passed on
			}
			if _, err := client.Write(buf[:n]); err != nil {
				break
			}
		}
		client.Close()
	}()
	buf := make([]byte, 64<<10)
	for {
		n, err := client.Read(buf)
		if err != nil {
			return
		}
		before, after := p.cut(buf[:n])
		if before {
			return
		}
		mute.Store(after)
		if _, err := server.Write(buf[:n]); err != nil {
			return
		}
		if after {
			_, _ = io.Copy(io.Discard, client) // until the other side has closed it
			return
		}
	}
}

func TestACommitWithoutAnAnswerIsUnknown(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, x := range []struct {
		says          string
		before, after bool
		kept          bool
	}{{"the commit did not arrive", true, false, false}, {"the answer did not arrive", false, true, true}} {
		t.Run(x.says, func(t *testing.T) {
			t.Parallel()
			dsn := server.Database(t)
			var armed atomic.Bool
			b := open(t, newProxy(t, dsn, func(sent []byte) (before, after bool) {
				if strings.Contains(string(sent), "COMMIT\x00") && armed.Swap(false) {
					return x.before, x.after
				}
				return false, false
			}), postgres.Options{})
			armed.Store(true)
			runs := 0
			err := b.Update(ctx, "t", func(tx driver.Tx) error { runs++; return appendOne("k", "a", 0)(tx) })
			require.EqualError(t, err, driver.ErrOutcomeUnknown.Error()+" (commit)")
			require.ErrorIs(t, err, driver.ErrOutcomeUnknown)
			require.Equal(t, 1, runs, "what may have been kept is not written again")
			require.NoError(t, b.View(ctx, "t", func(r driver.Reader) error {
				_, err := r.Get("k", "a", 0)
				require.Equal(t, x.kept, err == nil, "reading back tells which it was")
				return nil
			}))
		})
	}
}

func TestAConnectionThatIsLostBeforeTheCommitIsReplaced(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dsn := server.Database(t)
	var armed atomic.Int64
	b := open(t, newProxy(t, dsn, func(sent []byte) (before, after bool) {
		return (sent[0] == 'P' || sent[0] == 'B') && armed.Add(-1) >= 0, false
	}), postgres.Options{})
	for i := range uint64(4) {
		armed.Store(2)
		require.NoError(t, b.Update(ctx, "t", appendOne("k", fmt.Sprint(i), i)))
		armed.Store(1)
		require.NoError(t, b.View(ctx, "t", func(r driver.Reader) error { return nil }))
	}
	armed.Store(1_000)
	require.ErrorIs(t, b.Update(ctx, "t", appendOne("k", "x", 4)), driver.ErrIO)
}

func TestAServerThatEndsTheSessionIsAskedAgain(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dsn := server.Database(t)
	b := open(t, dsn, postgres.Options{})
	other := connect(t, dsn)
	runs := 0
	require.NoError(t, b.Update(ctx, "t", func(tx driver.Tx) error {
		if runs++; runs == 1 {
			_, err := other.Exec(ctx, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()")
			require.NoError(t, err)
		}
		return appendOne("k", "a", 0)(tx)
	}))
	require.Equal(t, 2, runs)
}

func TestAWriterThatIsKeptOutTooLongIsTold(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dsn := server.Database(t)
	b, second := open(t, dsn, postgres.Options{Patience: 500 * time.Millisecond}), open(t, dsn, postgres.Options{Patience: 500 * time.Millisecond})
	require.NoError(t, b.Update(ctx, "t", appendOne("k", "a", 0)))
	require.NoError(t, b.Update(ctx, "t", func(tx driver.Tx) error {
		for _, other := range []opened{b, second} {
			err := other.Update(ctx, "t", func(driver.Tx) error { return errors.New("ran") })
			require.EqualError(t, err, driver.ErrBusy.Error()+" (begin)")
		}
		require.NoError(t, second.Update(ctx, "u", appendOne("k", "a", 0)), "another tenant is not kept out")
		return appendOne("k", "b", 1)(tx)
	}))
	require.NoError(t, second.Update(ctx, "t", appendOne("k", "c", 2)))
}
