// Command ehrstore keeps the records of two practices in the database that an EHR vendor already has.
//
//	go run ./examples/ehrstore [-db FILE]
//
// vendor.sql is the vendor's: tables with its own keys and names, text that folds case, rows that are marked instead of
// deleted. driver.go, reader.go and writer.go are the whole driver over them, written against package storage/driver:
// records are rows of the vendor's chart_document, tenants are the vendor's practices, and a record can be written in
// one transaction with a chart. main_test.go puts it through storagetest.Run.
//
// SQLite by database/sql stands in for whatever the vendor runs.
package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "ehrstore:", err)
		os.Exit(1)
	}
}

// minutes is a record of the product's own: what a practice decided about its safeguards.
type minutes struct {
	hipaasmp.Header
	Decision string        `json:"decision"`
	Created  hipaasmp.Date `json:"created"`
}

func decide(id, decision string, created hipaasmp.Date) minutes {
	return minutes{hipaasmp.NewHeader("ehr.minutes", id), decision, created}
}

func (m minutes) Validate() error { return nil }

func (m minutes) Citations() []hipaasmp.Citation {
	return []hipaasmp.Citation{hipaasmp.CiteDocumentation}
}

func (m minutes) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: m.Created}
}

func run(ctx context.Context, args []string, out, usage io.Writer) (err error) {
	flags := flag.NewFlagSet("ehrstore", flag.ContinueOnError)
	flags.SetOutput(usage)
	path := flags.String("db", "", "the `file` of the vendor's database, made if there is none; without it one that goes again")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q; name the file with -db", flags.Arg(0))
	}
	if *path == "" {
		dir, err := os.MkdirTemp("", "ehrstore-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		*path = filepath.Join(dir, "ehr.db")
	}
	db, err := openVendor(*path)
	if err != nil {
		return fmt.Errorf("open the vendor's database: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return show(ctx, db, out)
}

// show is a day of the product. The clock stands in the year 2026 so that the output is the same every time.
func show(ctx context.Context, db *sql.DB, out io.Writer) error {
	var charts int
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM chart_document`).Scan(&charts); err != nil {
		return err
	}
	if charts > 0 {
		return errors.New("the database has been used; name a new file")
	}
	for _, statement := range []string{
		`INSERT INTO practice (code) VALUES ('north'), ('south')`,
		`INSERT INTO chart_document (practice_no, category, ref, revision, entered_us, payload) VALUES (1, 'visit', 'c-1', 1, 0, 'chart'), (2, 'visit', 'c-1', 1, 0, 'chart')`,
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	backend, err := open(ctx, db)
	if err != nil {
		return err
	}
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	store, err := storage.New(backend, storage.Options{Unsigned: true, Product: "ehr.example", Clock: func() time.Time { return now }})
	if err != nil {
		return err
	}
	d := &day{ctx: ctx, out: out, db: db, backend: backend, store: store}

	d.say("Two practices keep their records; each sees its own.")
	d.put("north", decide("m-1", "lock the server room", hipaasmp.Day(2019, 5, 1)))
	d.put("north", decide("m-2", "encrypt the laptops", hipaasmp.Day(2026, 3, 2)))
	d.put("north", decide("m-2", "encrypt the laptops and the phones", hipaasmp.Day(2026, 3, 2)))
	d.put("south", decide("m-1", "train the front desk", hipaasmp.Day(2026, 3, 2)))
	d.list("north")
	d.list("south")
	d.find("south", "m-2")

	d.say("A chart and a record are written in one transaction of the vendor's.")
	d.together("c-2", "m-3", true)
	d.together("c-3", "m-4", false)
	d.find("north", "m-3")
	d.find("north", "m-4")

	d.say("The practice north leaves, and the vendor marks all it has as deleted. Its records are kept.")
	d.exec(`UPDATE practice SET left_on = '2026-03-02' WHERE code = 'north'`)
	d.exec(`UPDATE chart_document SET deleted = 1 WHERE practice_no = 1`)
	d.list("north")

	d.say("What is older than six years may go, when a second person agrees.")
	d.dispose("north", "m-1")
	d.dispose("north", "m-2")
	d.count()
	d.verify()
	return d.err
}

// day does things and says what came of them; after an error it does nothing more.
type day struct {
	ctx     context.Context
	out     io.Writer
	db      *sql.DB
	backend *backend
	store   *storage.Store
	err     error
}

func (d *day) say(format string, args ...any) {
	if d.err == nil {
		_, d.err = fmt.Fprintf(d.out, format+"\n", args...)
	}
}

func (d *day) put(tenant string, m minutes) {
	if d.err == nil {
		_, d.err = d.store.Put(d.ctx, tenant, m)
	}
}

func (d *day) exec(statement string) {
	if d.err == nil {
		_, d.err = d.db.ExecContext(d.ctx, statement)
	}
}

func (d *day) list(tenant string) {
	for e, err := range d.store.List(d.ctx, tenant, storage.Query{Kind: "ehr.minutes"}) {
		if d.err = errors.Join(d.err, err); d.err != nil {
			return
		}
		d.say("  %s: %s keep through %s", tenant, e.Ref(), e.KeepThrough)
	}
}

func (d *day) find(tenant, id string) {
	_, err := d.store.Get(d.ctx, tenant, hipaasmp.Ref{Kind: "ehr.minutes", ID: id})
	switch {
	case err == nil:
		d.say("  %s: %s is there", tenant, id)
	case errors.Is(err, storage.ErrNotFound):
		d.say("  %s: %s is not there", tenant, id)
	default:
		d.err = errors.Join(d.err, err)
	}
}

// together writes a chart and a record of north in one transaction.
func (d *day) together(chart, record string, commit bool) {
	if d.err != nil {
		return
	}
	tx, err := d.db.BeginTx(d.ctx, nil)
	if err != nil {
		d.err = err
		return
	}
	_, err = tx.ExecContext(d.ctx, `INSERT INTO chart_document (practice_no, category, ref, revision, entered_us, payload) VALUES (1, 'visit', ?, 1, 0, 'chart')`, chart)
	joint := d.store.In(joined{d.backend, tx})
	if err == nil {
		_, err = joint.Put(d.ctx, "north", decide(record, "sign charts within a day", hipaasmp.Day(2026, 3, 2)))
	}
	if err != nil || !commit {
		d.err = errors.Join(err, tx.Rollback())
		return
	}
	if d.err = tx.Commit(); d.err == nil {
		joint.Committed(d.ctx)
	}
}

func (d *day) dispose(tenant, id string) {
	if d.err != nil {
		return
	}
	ref := hipaasmp.Ref{Kind: "ehr.minutes", ID: id}
	official, manager := hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleSecurityOfficial}, hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleManagement}
	_, err := d.store.ProposeDisposal(d.ctx, tenant, ref, retention.MethodRowRemoved, official)
	if err == nil {
		_, err = d.store.ReviewDisposal(d.ctx, tenant, ref, official, "Nobody asks for them any more.")
	}
	if err == nil {
		_, err = d.store.ApproveDisposal(d.ctx, tenant, ref, manager)
	}
	if err == nil {
		_, err = d.store.Dispose(d.ctx, tenant, ref, manager)
	}
	var retained *retention.RetainedError
	switch {
	case err == nil:
		d.say("  %s: %s is disposed of", tenant, id)
	case errors.As(err, &retained):
		d.say("  %s: %s is refused until %s", tenant, id, retained.FirstDisposal)
	default:
		d.err = err
	}
}

// count looks into the vendor's table.
func (d *day) count() {
	var charts, records, emptied int
	if d.err == nil {
		d.err = d.db.QueryRowContext(d.ctx, `SELECT sum(module = 'ehr'), sum(module = 'smp'), sum(payload IS NULL) FROM chart_document`).Scan(&charts, &records, &emptied)
	}
	d.say("  chart_document: %d charts of the vendor's, %d rows of the store, %d of them emptied", charts, records, emptied)
}

func (d *day) verify() {
	for tenant, err := range d.store.Tenants(d.ctx) {
		if d.err = errors.Join(d.err, err); d.err != nil {
			return
		}
		v, err := d.store.VerifyTenant(d.ctx, tenant)
		if err == nil {
			err = v.Err()
		}
		d.err = err
		d.say("  %s: %d entries verify, %d disposed of", tenant, v.Size, v.Disposed)
	}
}
