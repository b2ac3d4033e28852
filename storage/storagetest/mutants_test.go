package storagetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

// mutant is storage/memory with one thing wrong. A nil function means that nothing is wrong there.
type mutant struct {
	driver.Backend
	tenant func(string) string
	update func(ctx context.Context, b driver.Backend, tenant string, fn func(driver.Tx) error) error
	caps   func(*driver.Capabilities)
	reader func(r driver.Reader) driver.Reader
	tx     func(tx driver.Tx) driver.Tx
	fresh  bool // every read sees the newest state
}

func (m mutant) Capabilities() driver.Capabilities {
	c := m.Backend.Capabilities()
	if m.caps != nil {
		m.caps(&c)
	}
	return c
}

func (m mutant) name(tenant string) string {
	if m.tenant != nil {
		return m.tenant(tenant)
	}
	return tenant
}

func (m mutant) Update(ctx context.Context, tenant string, fn func(driver.Tx) error) error {
	wrapped := func(tx driver.Tx) error {
		if m.tx != nil {
			tx = m.tx(tx)
		}
		return fn(tx)
	}
	if m.update != nil {
		return m.update(ctx, m.Backend, m.name(tenant), wrapped)
	}
	return m.Backend.Update(ctx, m.name(tenant), wrapped)
}

func (m mutant) View(ctx context.Context, tenant string, fn func(driver.Reader) error) error {
	return m.Backend.View(ctx, m.name(tenant), func(r driver.Reader) error {
		if m.reader != nil {
			r = m.reader(r)
		}
		if m.fresh {
			r = freshReader{r, m.Backend, tenant}
		}
		return fn(r)
	})
}

// rowReader changes the rows that come out.
type rowReader struct {
	driver.Reader
	change func(*driver.Row)
}

func (r rowReader) Get(kind, id string, version uint64) (driver.Row, error) {
	row, err := r.Reader.Get(kind, id, version)
	r.change(&row)
	return row, err
}

func (r rowReader) Entries(from uint64, limit int) ([]driver.Row, error) {
	rows, err := r.Reader.Entries(from, limit)
	for i := range rows {
		r.change(&rows[i])
	}
	return rows, err
}

// queryReader changes the question of a scan.
type queryReader struct {
	driver.Reader
	change func(*driver.Query)
}

func (r queryReader) Scan(q driver.Query) ([]driver.Row, error) {
	r.change(&q)
	return r.Reader.Scan(q)
}

type freshReader struct {
	driver.Reader
	b      driver.Backend
	tenant string
}

func (r freshReader) Get(kind, id string, version uint64) (row driver.Row, err error) {
	if _, err := r.Reader.Get(kind, id, version); errors.Is(err, driver.ErrClosed) {
		return row, err
	}
	err = r.b.View(context.Background(), r.tenant, func(now driver.Reader) error {
		row, err = now.Get(kind, id, version)
		return err
	})
	return row, err
}

type otherHistory struct{ driver.Reader }

func (r otherHistory) History(kind, id string, after uint64, limit int) ([]driver.Row, error) {
	rows, err := r.Reader.History(kind, id, after, limit)
	slices.Reverse(rows)
	return rows, err
}

type guessingNodes struct{ driver.Reader }

func (r guessingNodes) Nodes(ids []uint64) ([][driver.HashSize]byte, error) {
	out, err := r.Reader.Nodes(ids)
	if errors.Is(err, driver.ErrNotFound) {
		return make([][driver.HashSize]byte, len(ids)), nil
	}
	return out, err
}

type onlyNewestHead struct{ driver.Reader }

func (r onlyNewestHead) Head(uint64) (driver.Head, error) { return r.Reader.Head(0) }

// changedTx changes what one method of a transaction does.
type changedTx struct {
	driver.Tx
	append  func(driver.Tx, []driver.Row, []driver.Node, driver.Head) error
	dispose func(tx driver.Tx, kind, id string, on hipaasmp.Date) error
	extend  func(tx driver.Tx, kind, id string, through hipaasmp.Date) error
	place   func(tx driver.Tx, h driver.Hold) error
	rekey   func(tx driver.Tx, kind, id string, version uint64, key []byte) error
}

func (x changedTx) Rekey(kind, id string, version uint64, key []byte) error {
	if x.rekey != nil {
		return x.rekey(x.Tx, kind, id, version, key)
	}
	return x.Tx.Rekey(kind, id, version, key)
}

func (x changedTx) Append(rows []driver.Row, nodes []driver.Node, head driver.Head) error {
	if x.append != nil {
		return x.append(x.Tx, rows, nodes, head)
	}
	return x.Tx.Append(rows, nodes, head)
}

func (x changedTx) Dispose(kind, id string, on hipaasmp.Date) error {
	if x.dispose != nil {
		return x.dispose(x.Tx, kind, id, on)
	}
	return x.Tx.Dispose(kind, id, on)
}

func (x changedTx) ExtendRetention(kind, id string, through hipaasmp.Date) error {
	if x.extend != nil {
		return x.extend(x.Tx, kind, id, through)
	}
	return x.Tx.ExtendRetention(kind, id, through)
}

func (x changedTx) PlaceHold(h driver.Hold) error {
	if x.place != nil {
		return x.place(x.Tx, h)
	}
	return x.Tx.PlaceHold(h)
}

func rows(change func(*driver.Row)) mutant {
	return mutant{reader: func(r driver.Reader) driver.Reader { return rowReader{r, change} }}
}

func queries(change func(*driver.Query)) mutant {
	return mutant{reader: func(r driver.Reader) driver.Reader { return queryReader{r, change} }}
}

func txs(x changedTx) mutant {
	return mutant{tx: func(tx driver.Tx) driver.Tx { x.Tx = tx; return x }}
}

// mutants are drivers that break one sentence each, in ways that real ones have.
func mutants() map[string]mutant {
	return map[string]mutant{
		"keeps milliseconds":         rows(func(r *driver.Row) { r.Recorded = r.Recorded.Truncate(time.Millisecond) }),
		"returns local time":         rows(func(r *driver.Row) { r.Recorded = r.Recorded.In(time.FixedZone("here", 3600)) }),
		"forgets the reason":         rows(func(r *driver.Row) { r.Reason = "" }),
		"forgets the day to keep":    rows(func(r *driver.Row) { r.KeepThrough = hipaasmp.Date{} }),
		"formats JSON":               rows(func(r *driver.Row) { r.Body = bytes.ReplaceAll(r.Body, []byte(" "), nil) }),
		"repairs UTF-8":              rows(func(r *driver.Row) { r.Envelope = bytes.ToValidUTF8(r.Envelope, []byte("?")) }),
		"names no tenant":            rows(func(r *driver.Row) { r.Tenant = "" }),
		"ignores as-of":              queries(func(q *driver.Query) { q.AsOf = time.Time{} }),
		"as-of leaves out the bound": queries(func(q *driver.Query) { q.AsOf = q.AsOf.Add(-time.Microsecond) }),
		"ignores the kind":           queries(func(q *driver.Query) { q.Kind = "" }),
		"ignores the limit":          queries(func(q *driver.Query) { q.Limit = driver.MaxPage }),
		"ignores the position":       queries(func(q *driver.Query) { q.AfterID = "" }),
		"histories run backwards":    {reader: func(r driver.Reader) driver.Reader { return otherHistory{r} }},
		"guesses nodes":              {reader: func(r driver.Reader) driver.Reader { return guessingNodes{r} }},
		"keeps one head":             {reader: func(r driver.Reader) driver.Reader { return onlyNewestHead{r} }},
		"reads what is newest":       {fresh: true},
		"folds tenants":              {tenant: strings.ToLower},
		"has one tenant":             {tenant: func(name string) string { return name[:min(len(name), 1)] + "x"[:min(len(name), 1)] }},
		"commits in spite of errors": {update: func(ctx context.Context, b driver.Backend, tenant string, fn func(driver.Tx) error) error {
			var mine error
			err := b.Update(ctx, tenant, func(tx driver.Tx) error {
				mine = fn(tx)
				return nil
			})
			return cmpErr(mine, err)
		}},
		"wraps the caller's error": {update: func(ctx context.Context, b driver.Backend, tenant string, fn func(driver.Tx) error) error {
			if err := b.Update(ctx, tenant, fn); err != nil {
				return fmt.Errorf("update: %w", err)
			}
			return nil
		}},
		"swallows panics": {update: func(ctx context.Context, b driver.Backend, tenant string, fn func(driver.Tx) error) (err error) {
			defer func() {
				if r := recover(); r != nil {
					err = errors.New("panic")
				}
			}()
			return b.Update(ctx, tenant, fn)
		}},
		"ignores the context": {update: func(_ context.Context, b driver.Backend, tenant string, fn func(driver.Tx) error) error {
			return b.Update(context.Background(), tenant, fn)
		}},
		"shows SQL": {update: func(ctx context.Context, b driver.Backend, tenant string, fn func(driver.Tx) error) error {
			err := b.Update(ctx, tenant, fn)
			if errors.Is(err, driver.ErrConflict) {
				return fmt.Errorf("INSERT INTO entry: %w", err)
			}
			return err
		}},
		"hides the conflict's versions": {update: func(ctx context.Context, b driver.Backend, tenant string, fn func(driver.Tx) error) error {
			if err := b.Update(ctx, tenant, fn); errors.Is(err, driver.ErrConflict) {
				return driver.ErrConflict
			} else {
				return err
			}
		}},
		"disposes of what is held": txs(changedTx{dispose: func(tx driver.Tx, kind, id string, on hipaasmp.Date) error {
			held, _ := tx.Holds(kind, id)
			for _, h := range held {
				_ = tx.ReleaseHold(h.Matter)
			}
			return tx.Dispose(kind, id, on)
		}}),
		"disposes a day early": txs(changedTx{dispose: func(tx driver.Tx, kind, id string, on hipaasmp.Date) error {
			if err := tx.Dispose(kind, id, on); errors.Is(err, driver.ErrRetained) {
				return tx.Dispose(kind, id, on.AddDays(1))
			} else {
				return err
			}
		}}),
		"shortens retention": txs(changedTx{extend: func(tx driver.Tx, kind, id string, through hipaasmp.Date) error {
			if err := tx.ExtendRetention(kind, id, through); !errors.Is(err, driver.ErrShortened) {
				return err
			}
			return nil
		}}),
		"narrows holds": txs(changedTx{place: func(tx driver.Tx, h driver.Hold) error {
			h.Scope = append(h.Scope, driver.Scope{Kind: "none"})
			return tx.PlaceHold(h)
		}}),
		"drops nodes": txs(changedTx{append: func(tx driver.Tx, rows []driver.Row, nodes []driver.Node, head driver.Head) error {
			return tx.Append(rows, nodes[:min(1, len(nodes))], head)
		}}),
		"forgets the key": rows(func(r *driver.Row) { r.Key = nil }),
		"gives an empty key for none": rows(func(r *driver.Row) {
			if r.Key == nil && r.Body != nil {
				r.Key = []byte{}
			}
		}),
		"keeps the key that was": txs(changedTx{rekey: func(driver.Tx, string, string, uint64, []byte) error { return nil }}),
		"takes an empty key": txs(changedTx{rekey: func(tx driver.Tx, kind, id string, version uint64, key []byte) error {
			if len(key) == 0 {
				return nil
			}
			return tx.Rekey(kind, id, version, key)
		}}),
		"rekeys the newest": txs(changedTx{rekey: func(tx driver.Tx, kind, id string, version uint64, key []byte) error {
			newest, err := tx.Get(kind, id, 0)
			if err != nil {
				return err
			}
			return tx.Rekey(kind, id, newest.Version, key)
		}}),
		"invents content": txs(changedTx{append: func(tx driver.Tx, rows []driver.Row, nodes []driver.Node, head driver.Head) error {
			rows = slices.Clone(rows)
			for i := range rows {
				if rows[i].Body == nil {
					rows[i].Body = []byte("{}")
				}
			}
			return tx.Append(rows, nodes, head)
		}}),
		"ignores what is due": queries(func(q *driver.Query) { q.DueBy = hipaasmp.Date{} }),
		"is due a day early": queries(func(q *driver.Query) {
			if !q.DueBy.IsZero() {
				q.DueBy = q.DueBy.AddDays(1)
			}
		}),
		"claims to join":           {caps: func(c *driver.Capabilities) { c.Joins = true }},
		"claims to persist":        {caps: func(c *driver.Capabilities) { c.Persistent = true }},
		"claims several processes": {caps: func(c *driver.Capabilities) { c.MultiProcess = true }},
		"claims guards":            {caps: func(c *driver.Capabilities) { c.GuardsRows = true }},
		"claims WORM":              {caps: func(c *driver.Capabilities) { c.EnforcesWORM = true }},
		"claims backups":           {caps: func(c *driver.Capabilities) { c.OnlineBackup = true }},
		"claims large bodies":      {caps: func(c *driver.Capabilities) { c.MaxBody *= 2 }},
		"claims no limit":          {caps: func(c *driver.Capabilities) { c.MaxBody = 0 }},
	}
}

func cmpErr(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

const mutantName = "HIPAASMP_TEST_MUTANT"

// TestMutant runs the suite on the mutant that the environment names; alone it has nothing to do.
func TestMutant(t *testing.T) {
	name := os.Getenv(mutantName)
	if name == "" {
		return
	}
	m, ok := mutants()[name]
	require.True(t, ok)
	Run(t, func(*testing.T) driver.Backend {
		own := m
		own.Backend = memory.New()
		return own
	}, Scripts(8, 50))
}

// The suite must fail on every mutant, or a sentence of the contract is not tested. The suite fails by failing a test, so
// each runs in a process of its own.
func TestTheSuiteFindsEveryMutant(t *testing.T) {
	t.Parallel()
	binary, err := os.Executable()
	require.NoError(t, err)
	for _, name := range slices.Sorted(maps.Keys(mutants())) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
			defer cancel()
			cmd := exec.CommandContext(ctx, binary, "-test.run=^TestMutant$", "-test.failfast")
			cmd.Env = append(os.Environ(), mutantName+"="+name)
			out, err := cmd.CombinedOutput()
			require.Error(t, err, "the suite passes a driver that %s", name)
			require.Contains(t, string(out), "--- FAIL")
		})
	}
}

// The control: the suite passes the same wrapper with nothing wrong.
func TestTheSuitePassesWhatIsRight(t *testing.T) {
	t.Parallel()
	Run(t, func(*testing.T) driver.Backend { return mutant{Backend: memory.New()} }, Scripts(8, 50))
}
