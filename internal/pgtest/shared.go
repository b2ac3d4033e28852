package pgtest

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Shared is one server for all tests of a binary, started when the first test asks for it. TestMain ends it with Stop.
// The zero value is ready.
type Shared struct {
	once   sync.Once
	server *Server
	err    error
	// template is the database that others are copied from.
	template string
}

// Server returns the server, or skips the test where there is none.
func (s *Shared) Server(t testing.TB) *Server {
	t.Helper()
	s.once.Do(func() {
		if dsn := os.Getenv(Env); dsn != "" {
			s.server = &Server{dsn: dsn}
		} else if s.server, s.err = Start(); s.err != nil {
			return
		}
		s.template = name("template")
		// A collation that folds and reorders, where the server has one, so that a test fails where a driver relies on
		// the plain order of the template's.
		s.err = s.server.Do("postgres", "CREATE DATABASE "+s.template+" TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C'")
		if s.err != nil {
			s.err = s.server.Do("postgres", "CREATE DATABASE "+s.template+" TEMPLATE template0 ENCODING 'UTF8'")
		}
	})
	switch {
	case errors.Is(s.err, ErrMissing):
		t.Skip(s.err)
	case s.err != nil:
		t.Fatal(s.err)
	}
	return s.server
}

// Database makes an empty database that goes with the test, and returns its connection string.
func (s *Shared) Database(t testing.TB) string {
	t.Helper()
	server := s.Server(t)
	database := name("test")
	if err := server.Do("postgres", "CREATE DATABASE "+database+" TEMPLATE "+s.template); err != nil {
		t.Fatal(err)
	}
	if server.bin != "" {
		return server.DSN(database) // it goes with the server; a drop would make a checkpoint of everything first
	}
	t.Cleanup(func() {
		if err := server.Do("postgres", "DROP DATABASE IF EXISTS "+database+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return server.DSN(database)
}

// Stop ends the server, if one was started.
func (s *Shared) Stop() error {
	if s.server == nil {
		return nil
	}
	var err error
	if s.template != "" && s.server.bin == "" {
		err = s.server.Do("postgres", "DROP DATABASE IF EXISTS "+s.template)
	}
	return errors.Join(err, s.server.Stop())
}

// Exec runs statements by a connection string.
func Exec(t testing.TB, dsn string, statements ...string) {
	t.Helper()
	if err := exec1(dsn, statements); err != nil {
		t.Fatal(err)
	}
}

func exec1(dsn string, statements []string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, sql := range statements {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// name returns a name that no other test uses.
func name(what string) string {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails; see crypto/rand
	for i := range b {
		b[i] = letters[int(b[i])%len(letters)]
	}
	return "hipaasmp_" + what + "_" + string(b)
}

// replacePath puts another database into a connection string that is written as a URL. Package net/url does not take the
// path of a socket for a host.
func replacePath(dsn, database string) string {
	scheme, rest, _ := strings.Cut(dsn, "://")
	rest, query, asked := strings.Cut(rest, "?")
	authority, _, _ := strings.Cut(rest, "/")
	out := scheme + "://" + authority + "/" + database
	if asked {
		out += "?" + query
	}
	return out
}
