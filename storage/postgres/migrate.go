package postgres

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migration is one step of the layout.
type migration struct {
	number         int64
	name, checksum string
	sql            string
}

// migrations returns all steps in order. The numbers in the names of the files have no gaps.
func (o Options) migrations() []migration {
	var files fs.FS = migrationFiles
	if o.layouts != nil {
		files = o.layouts
	}
	names, _ := fs.Glob(files, "migrations/*.sql") // sorted; the files are part of the program
	out := make([]migration, 0, len(names))
	for _, name := range names {
		text, _ := fs.ReadFile(files, name)
		base := strings.TrimSuffix(strings.TrimPrefix(name, "migrations/"), ".sql")
		number, _ := strconv.ParseInt(base[:4], 10, 64)
		sum := sha256.Sum256(text)
		out = append(out, migration{number, base, hex.EncodeToString(sum[:]), string(text)})
	}
	return out
}

// statements splits a step into its statements: some databases take one definition at a time. No step has a semicolon
// inside a statement or in a comment.
func (m migration) statements() []string {
	var out []string
	for s := range strings.SplitSeq(m.sql, ";\n") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

const (
	newSchema = `CREATE SCHEMA IF NOT EXISTS {s}`
	newLayout = `CREATE TABLE {s}.layout (number BIGINT NOT NULL, name TEXT COLLATE "C" NOT NULL, checksum TEXT COLLATE "C" NOT NULL, PRIMARY KEY (number))`
	addLayout = `INSERT INTO {s}.layout (number, name, checksum) VALUES ($1, $2, $3)`
)

// Layout returns the statements that make the layout in a schema, in order, for an owner who wants to read or to run
// them. [Open] runs the same where it may.
func Layout(schema string) ([]string, error) {
	opts, err := (&Options{Schema: schema}).withDefaults()
	if err != nil {
		return nil, err
	}
	b := &Backend{opts: opts}
	out := []string{b.sql(newSchema), b.sql(newLayout)}
	for _, m := range opts.migrations() {
		for _, s := range m.statements() {
			out = append(out, b.sql(s))
		}
		out = append(out, strings.NewReplacer("$1", strconv.FormatInt(m.number, 10), "$2", "'"+m.name+"'", "$3", "'"+m.checksum+"'").Replace(b.sql(addLayout)))
	}
	return out, nil
}

// prepare finds out whose schema it is, brings the layout up to date, and finds out what the role may do. It changes
// nothing in a schema that is not the store's.
func (b *Backend) prepare(ctx context.Context) error {
	latest := int64(len(b.opts.migrations()))
	for attempt := 0; ; attempt++ {
		current, err := b.layout(ctx)
		switch {
		case err != nil:
			return err
		case current == latest:
			return b.claim(ctx)
		case current == 0 && b.opts.ReadOnly:
			return driver.ErrForeign
		case b.opts.ReadOnly:
			return b.claim(ctx) // an older layout has all that can be read of it
		}
		// Another process may be making the same step at this moment. Whoever comes second is told that something is
		// there already, in one of several ways, and looks again.
		if err := b.step(ctx, current, latest); err != nil && (attempt >= 20 || !raced(err)) {
			return err
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}

// raced reports whether a definition failed because another process was faster.
func raced(err error) bool {
	var pe *pgconn.PgError
	if !errors.As(err, &pe) {
		return false
	}
	switch pe.Code {
	case "23505", "42P06", "42P07", "42710", "40001", "40P01", "XX000": // XX000: tuple concurrently updated
		return true
	}
	return false
}

// layout returns the number of the layout, 0 for a schema that is missing or empty, and driver.ErrForeign for somebody
// else's.
func (b *Backend) layout(ctx context.Context) (current int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, b.opts.Patience)
	defer cancel()
	var objects, ours int64
	var encoding string
	err = b.pool.QueryRow(ctx, `SELECT count(*), count(*) FILTER (WHERE c.relname = 'layout'), current_setting('server_encoding') FROM pg_catalog.pg_class c
		JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1`, b.opts.Schema).Scan(&objects, &ours, &encoding)
	switch {
	case err != nil:
		return 0, err
	case encoding != "UTF8" && encoding != "UTF-8":
		return 0, &OpenError{Kind: driver.ErrForeign, Reason: "the database is not in UTF-8; make one with ENCODING 'UTF8'"}
	case objects == 0:
		return 0, nil
	case ours == 0:
		return 0, driver.ErrForeign
	}
	rows, err := b.pool.Query(ctx, b.sql(`SELECT number, checksum FROM {s}.layout ORDER BY number`))
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	known := b.opts.migrations()
	for rows.Next() {
		var number int64
		var checksum string
		if err := rows.Scan(&number, &checksum); err != nil {
			return 0, err
		}
		if number != current+1 || number <= int64(len(known)) && checksum != known[number-1].checksum {
			return 0, driver.ErrForeign
		}
		current = number
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	switch {
	case current == 0:
		return 0, driver.ErrForeign
	case current > int64(len(known)):
		return 0, driver.ErrSchemaNewer
	}
	return current, nil
}

// step makes the steps after current in one transaction. The number comes first: it is what a second process waits for.
func (b *Backend) step(ctx context.Context, current, to int64) error {
	return pgx.BeginFunc(ctx, b.pool, func(tx pgx.Tx) error {
		var statements []string
		if current == 0 {
			statements = []string{newSchema, newLayout}
		}
		for _, s := range statements {
			if _, err := tx.Exec(ctx, b.sql(s)); err != nil {
				return err
			}
		}
		for _, m := range b.opts.migrations()[current:to] {
			if _, err := tx.Exec(ctx, b.sql(addLayout), m.number, m.name, m.checksum); err != nil {
				return err
			}
			for _, s := range m.statements() {
				if _, err := tx.Exec(ctx, b.sql(s)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// claim finds out what the role could do to what was written. Where the database does not say, it is taken to be able.
func (b *Backend) claim(ctx context.Context) error {
	b.caps = driver.Capabilities{Name: "postgres", Persistent: true, MultiProcess: true, Joins: true, MaxBody: maxBody}
	var could bool
	err := b.pool.QueryRow(ctx, b.sql(`SELECT bool_or(has_table_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'TRUNCATE') OR has_table_privilege(c.oid, 'TRIGGER')
			OR has_table_privilege(c.oid, 'DELETE') OR pg_has_role(c.relowner, 'USAGE'))
		FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = $1 AND c.relkind IN ('r', 'p')`), b.opts.Schema).Scan(&could)
	b.caps.EnforcesWORM = err == nil && !could
	b.caps.GuardsRows = b.caps.EnforcesWORM
	return b.pool.QueryRow(ctx, `SELECT `+identityOf, b.opts.Schema).Scan(&b.identity)
}

// Schema returns the number of the schema's layout and of the newest that this version knows.
func (b *Backend) Schema(ctx context.Context) (current, latest int, err error) {
	if err := b.enter(ctx); err != nil {
		return 0, 0, err
	}
	defer b.running.Done()
	n, err := b.layout(ctx)
	switch {
	case err == nil, errors.Is(err, driver.ErrForeign), errors.Is(err, driver.ErrSchemaNewer):
	case ctx.Err() != nil:
		err = ctx.Err()
	default:
		err = plain("schema", err)
	}
	return int(n), len(b.opts.migrations()), err
}

// Migrate accepts the current layout; Open has brought the schema up to date.
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

// Backup returns driver.ErrUnsupported: PostgreSQL has pg_dump and pg_basebackup.
func (b *Backend) Backup(ctx context.Context, _ io.Writer) (driver.BackupInfo, error) {
	if err := b.enter(ctx); err != nil {
		return driver.BackupInfo{}, err
	}
	defer b.running.Done()
	return driver.BackupInfo{}, driver.ErrUnsupported
}
