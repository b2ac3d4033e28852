package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Env is the environment variable that names a server to use instead of one that is started.
const Env = "HIPAASMP_TEST_POSTGRES"

// ErrMissing says that no server can be started and none is named.
var ErrMissing = errors.New("no PostgreSQL here: install one (Debian: postgresql-15) or name a server in " + Env)

// patience is how long a server may take to start or to stop.
const patience = 30 * time.Second

// Server is a running server.
type Server struct {
	dsn     string // without a database
	bin     string // the folder of the programs; empty for a server that was named
	dir     string // data and socket
	process *process
}

// Start makes a new cluster and starts a server on it. settings are lines for postgresql.conf. The caller ends it with
// Stop.
func Start(settings ...string) (*Server, error) {
	s, err := newServer()
	if err != nil {
		return nil, err
	}
	if err := s.run("initdb", "-D", s.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	if err := s.configure(settings...); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	if err := s.start(); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// newServer makes the folder of a server that is not there yet.
func newServer() (*Server, error) {
	bin, err := findPrograms()
	if err != nil {
		return nil, err
	}
	// The path of a socket may have about a hundred bytes, which the temporary folder of a test may exceed.
	parent := os.TempDir()
	if len(parent) > 40 {
		parent = "/tmp"
	}
	dir, err := os.MkdirTemp(parent, "pgtest-")
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, dir: dir, dsn: "host=" + dir + " user=postgres sslmode=disable"}
	if err := giveAway(dir); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

// findPrograms returns the folder with initdb and postgres, the newest version where there are several.
func findPrograms() (string, error) {
	if path, err := exec.LookPath("postgres"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil && complete(filepath.Dir(path)) {
			return filepath.Dir(path), nil
		}
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin",
	} {
		found, _ := filepath.Glob(pattern)
		for i := len(found) - 1; i >= 0; i-- {
			if complete(found[i]) {
				return found[i], nil
			}
		}
	}
	return "", ErrMissing
}

func complete(dir string) bool {
	for _, name := range []string{"initdb", "postgres"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return false
		}
	}
	return true
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// configure adds lines to postgresql.conf. Durability is as in production: fsync, full_page_writes and
// synchronous_commit keep their defaults.
func (s *Server) configure(settings ...string) error {
	f, err := os.OpenFile(filepath.Join(s.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	lines := append([]string{
		"listen_addresses = ''", "unix_socket_directories = '" + s.dir + "'", "max_connections = 300", "shared_buffers = '64MB'",
		"checkpoint_timeout = '1h'", "max_wal_size = '4GB'", "log_min_messages = warning", "logging_collector = off",
	}, settings...)
	_, err = f.WriteString("\n" + strings.Join(lines, "\n") + "\n")
	return errors.Join(err, f.Close())
}

// run runs one of PostgreSQL's programs to its end.
func (s *Server) run(program string, args ...string) error {
	cmd := exec.Command(filepath.Join(s.bin, program), args...)
	cmd.Dir, cmd.Env = s.dir, append(os.Environ(), "LC_ALL=C", "TZ=UTC")
	asOther(cmd)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("pgtest: %s: %w: %s", program, err, bytes.TrimSpace(out))
	}
	return nil
}

// start starts the server and waits until it answers.
func (s *Server) start() error {
	cmd := exec.Command(filepath.Join(s.bin, "postgres"), "-D", s.data())
	cmd.Dir, cmd.Env = s.dir, append(os.Environ(), "LC_ALL=C", "TZ=UTC")
	asOther(cmd)
	log, err := os.OpenFile(filepath.Join(s.dir, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if s.process, err = spawn(cmd); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, s.DSN("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-s.process.done:
			text, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			return fmt.Errorf("pgtest: postgres ended: %s", bytes.TrimSpace(text))
		case <-ctx.Done():
			return fmt.Errorf("pgtest: postgres does not answer: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// DSN returns the connection string of a database.
func (s *Server) DSN(database string) string {
	if strings.Contains(s.dsn, "://") {
		return replacePath(s.dsn, database)
	}
	return s.dsn + " dbname=" + database
}

// Kill ends the server as kill -9 does: nothing is flushed, nobody is told.
func (s *Server) Kill() { s.process.kill() }

// Stop ends the server, if it runs, and removes its folder.
func (s *Server) Stop() error {
	if s.bin == "" {
		return nil
	}
	if s.process != nil {
		s.process.stop()
	}
	return os.RemoveAll(s.dir)
}

// Standby starts a second server that follows this one under the given application name, to be put into
// synchronous_standby_names. The caller ends it with Stop.
func (s *Server) Standby(name string) (*Server, error) {
	standby, err := newServer()
	if err != nil {
		return nil, err
	}
	steps := func() error {
		if err := s.run("pg_basebackup", "-h", s.dir, "-U", "postgres", "-D", standby.data(), "-X", "stream", "-c", "fast", "--no-sync"); err != nil {
			return err
		}
		signal := filepath.Join(standby.data(), "standby.signal")
		if err := os.WriteFile(signal, nil, 0o600); err != nil {
			return err
		}
		if err := giveAway(signal); err != nil {
			return err
		}
		if err := standby.configure("hot_standby = on", "primary_conninfo = 'host="+s.dir+" user=postgres application_name="+name+"'"); err != nil {
			return err
		}
		return standby.start()
	}
	if err := steps(); err != nil {
		return nil, errors.Join(err, standby.Stop())
	}
	return standby, nil
}

// Do runs statements in a database, as the superuser.
func (s *Server) Do(database string, statements ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.DSN(database))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, sql := range statements {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("pgtest: %s: %w", sql, err)
		}
	}
	return nil
}

// Follow makes a running standby synchronous: from now on a commit waits for it. It returns when the server knows the
// standby under that name.
func (s *Server) Follow(name string) error {
	if err := s.Do("postgres", "ALTER SYSTEM SET synchronous_standby_names = '"+name+"'", "SELECT pg_reload_conf()"); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.DSN("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for {
		var n int
		if err := conn.QueryRow(ctx, "SELECT count(*) FROM pg_stat_replication WHERE application_name = $1 AND sync_state = 'sync'", name).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("pgtest: the standby %s does not follow: %w", name, ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Promote makes a standby the primary. Its commits wait for nobody.
func (s *Server) Promote() error {
	return s.Do("postgres", "SELECT pg_promote(true, 30)", "ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()")
}

// Restart starts a server again that was killed.
func (s *Server) Restart() error { return s.start() }
