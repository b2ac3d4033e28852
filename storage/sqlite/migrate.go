package sqlite

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// applicationID marks the file in its header: "HSMP".
const applicationID = 0x48534d50

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migration is one step forward of the layout.
type migration struct {
	number         int
	name, checksum string
	sql            string
}

// migrations returns the steps in order. They are numbered from 1 without gaps; a test holds it.
func (o Options) migrations() ([]migration, error) {
	var files fs.FS = migrationFiles
	if o.layouts != nil {
		files = o.layouts
	}
	names, err := fs.Glob(files, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var out []migration
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		base := strings.TrimSuffix(strings.TrimPrefix(name, "migrations/"), ".sql")
		digits, _, _ := strings.Cut(base, "_")
		number, err := strconv.Atoi(digits)
		if err != nil || number != len(out)+1 {
			return nil, fmt.Errorf("sqlite: migration %s is out of order", base)
		}
		sum := sha256.Sum256(text)
		out = append(out, migration{number: number, name: base, checksum: hex.EncodeToString(sum[:]), sql: string(text)})
	}
	return out, nil
}

// prepareFile finds out whose file it is and brings the layout up to date, on connections of its own without the
// authorizer. It changes nothing in a file that is not the store's.
func prepareFile(ctx context.Context, path string, o Options) error {
	steps, err := o.migrations()
	if err != nil {
		return err
	}
	probe := sql.OpenDB(connector{dsn: probeDSN(path, o)})
	current, err := probeLayout(ctx, probe)
	if closing := probe.Close(); err == nil {
		err = fault("open", closing)
	}
	switch {
	case err != nil:
		return err
	case current > len(steps):
		return driver.ErrSchemaNewer
	case o.ReadOnly && current == 0:
		return driver.ErrForeign
	case o.ReadOnly || current == len(steps):
		return nil
	}
	db := sql.OpenDB(connector{dsn: dsn(path, o)})
	err = patiently(ctx, o.Patience, func() error {
		conn, err := db.Conn(ctx)
		if err != nil {
			return ctxFault(ctx, "migrate", err)
		}
		return errors.Join(migrate(ctx, conn, steps, true), conn.Close())
	})
	if closing := db.Close(); err == nil {
		err = fault("open", closing)
	}
	return err
}

// patiently tries again while another process is at the file. SQLite waits by itself for every lock but one: where two
// processes turn a new file's journal into a log at the same moment, it sends one of them away at once.
func patiently(ctx context.Context, patience time.Duration, try func() error) error {
	wait, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for pause := time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		err := try()
		if !errors.Is(err, driver.ErrBusy) {
			return err
		}
		select {
		case <-wait.Done():
			return cmp.Or(ctx.Err(), err)
		case <-time.After(pause):
		}
	}
}

// probeLayout looks at the layout in one snapshot: another process may be making the file at this moment, and half of
// what it makes would look like somebody else's.
func probeLayout(ctx context.Context, db *sql.DB) (int, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return 0, ctxFault(ctx, "open", err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "BEGIN DEFERRED"); err != nil {
		return 0, ctxFault(ctx, "open", err)
	}
	defer func() { _, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") }()
	return layout(ctx, conn)
}

// layout returns the number of the layout, 0 for an empty file, and driver.ErrForeign for somebody else's. The caller
// holds a transaction, so that the three answers belong together.
func layout(ctx context.Context, db queryer) (int, error) {
	var app, version, objects int
	for _, ask := range []struct {
		query string
		into  *int
	}{{"SELECT count(*) FROM sqlite_schema", &objects}, {"PRAGMA application_id", &app}, {"PRAGMA user_version", &version}} {
		if err := db.QueryRowContext(ctx, ask.query).Scan(ask.into); err != nil {
			return 0, ctxFault(ctx, "open", err)
		}
	}
	switch {
	case app == applicationID && version > 0:
		return version, nil
	case app == 0 && version == 0 && objects == 0:
		return 0, nil
	}
	return 0, driver.ErrForeign
}

type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// migrate applies what is missing in one transaction. Another process may have been faster, so it looks again inside. A
// file of the store's own is marked in its header.
func migrate(ctx context.Context, conn *sql.Conn, steps []migration, own bool) error {
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return ctxFault(ctx, "migrate", err)
	}
	quiet := context.WithoutCancel(ctx)
	done := false
	defer func() {
		if !done {
			_, _ = conn.ExecContext(quiet, "ROLLBACK")
		}
	}()
	find := tableLayout
	if own {
		find = layout
	}
	current, err := find(quiet, conn)
	if err != nil {
		return err
	}
	if current > len(steps) {
		return driver.ErrSchemaNewer
	}
	for _, m := range steps[current:] {
		if _, err := conn.ExecContext(quiet, m.sql); err != nil {
			return fault("migrate", err)
		}
		if _, err := conn.ExecContext(quiet, "INSERT INTO smp_migration (number, name, checksum) VALUES (?1, ?2, ?3)", m.number, m.name, m.checksum); err != nil {
			return fault("migrate", err)
		}
	}
	marks := fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, len(steps))
	if own {
		if _, err := conn.ExecContext(quiet, marks); err != nil {
			return fault("migrate", err)
		}
	}
	if _, err := conn.ExecContext(quiet, "COMMIT"); err != nil {
		return commitFault(fault("migrate", err))
	}
	done = true
	return nil
}

// Schema returns the number of the file's layout and of the newest that this version knows.
func (b *Backend) Schema(ctx context.Context) (current, latest int, err error) {
	steps, err := b.opts.migrations()
	if err != nil {
		return 0, 0, err
	}
	err = b.snapshot(ctx, "", func(r *reader) error {
		return fault("read", r.row(`SELECT coalesce(max(number), 0) FROM smp_migration`).Scan(&current))
	})
	return current, len(steps), err
}

// Migrate accepts the current layout; Open has brought the file up to date.
func (b *Backend) Migrate(ctx context.Context, to int) error {
	current, latest, err := b.Schema(ctx)
	switch {
	case err != nil:
		return err
	case to > latest:
		return driver.ErrSchemaNewer
	case to < current:
		return driver.ErrUnsupported
	}
	return nil
}
