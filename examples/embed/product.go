package main

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/sqlite"
)

// tenant is the clinic. A product for many customers has one tenant for each.
const tenant = "clinic"

// productTables are the product's own: it had them before the SDK came.
const productTables = `
CREATE TABLE IF NOT EXISTS work_orders (
	id       INTEGER PRIMARY KEY,
	item     TEXT NOT NULL UNIQUE, -- the risk measure that the order carries out
	title    TEXT NOT NULL,
	assigned TEXT NOT NULL,
	state    TEXT NOT NULL CHECK (state IN ('open', 'running', 'done')),
	hours    REAL CHECK (hours > 0 AND hours <= 1000)
) STRICT`

// product is the work-order system.
type product struct {
	db      *sql.DB
	backend *sqlite.Backend
	store   *storage.Store
	signer  *storage.Signer
	now     func() time.Time
}

// openProduct opens the product's database, puts the store into it beside the product's tables, and fills both on the
// first run.
func openProduct(ctx context.Context, dir string, now func() time.Time, random io.Reader) (*product, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	// The product's own settings: transactions that may write at once, and commits that survive a power cut.
	file := url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(dir, "product.db"))}
	db, err := sql.Open("sqlite", file.String()+"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)")
	if err != nil {
		return nil, err
	}
	p := &product{db: db, now: now}
	if err := p.open(ctx, dir, random); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

func (p *product) open(ctx context.Context, dir string, random io.Reader) (err error) {
	if _, err := p.db.ExecContext(ctx, productTables); err != nil {
		return err
	}
	if p.backend, err = sqlite.OpenDB(ctx, p.db, nil); err != nil {
		return err
	}
	if p.signer, err = storage.OpenSigner(ctx, p.backend, filepath.Join(dir, "signer.key"), "work-orders.example", random); err != nil {
		return err
	}
	if p.store, err = storage.New(p.backend, storage.Options{Signer: p.signer, Clock: p.now, Random: random}); err != nil {
		return err
	}
	_, err = p.store.Get(ctx, tenant, hipaasmp.Ref{Kind: hipaasmp.KindEntity, ID: tenant})
	if errors.Is(err, storage.ErrNotFound) {
		return p.seed(ctx)
	}
	return err
}

func (p *product) close() error {
	var err error
	if p.backend != nil {
		err = p.backend.Close()
	}
	return errors.Join(err, p.db.Close())
}

// together runs fn in one transaction of the product's database, with the store inside it.
func (p *product) together(ctx context.Context, fn func(tx *sql.Tx, joint *storage.Joint) error) error {
	tx, err := p.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	joined, err := p.backend.Join(ctx, tx)
	if err != nil {
		return err
	}
	joint := p.store.In(joined)
	if err := fn(tx, joint); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	joint.Committed(ctx)
	return nil
}
