package sqlite

import (
	"errors"
	"strconv"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// Dispose destroys the content of a document; see driver.Tx. The trigger on disposal decides.
func (t *tx) Dispose(kind, id string, on hipaasmp.Date) error {
	if _, err := driver.Disposable(t, kind, id); err != nil {
		return err
	}
	if _, err := t.exec(`INSERT INTO smp_disposal (tenant, kind, id, day) VALUES (?1, ?2, ?3, ?4)`, t.tenant, kind, id, dayNumber(on)); err != nil {
		if errors.Is(err, driver.ErrImmutable) {
			return driver.ErrRetained
		}
		return err
	}
	t.disposed = true
	number, err := t.kindNumber(kind)
	if err != nil {
		return err
	}
	const versions = ` WHERE n IN (SELECT n FROM smp_entry WHERE kind = ?1 AND id = ?2)`
	if _, err := t.exec(`UPDATE smp_entry SET body = NULL, salt = NULL, key = NULL, reason = NULL`+versions, number, id); err != nil {
		return err
	}
	_, err = t.exec(`DELETE FROM smp_key`+versions, number, id)
	return err
}

// overwriting has SQLite overwrite what it frees, on a connection of the caller's that may not do so by itself: a row that
// only moves from page to page leaves bytes behind too. It returns what puts the setting back.
func (t *tx) overwriting() (restore func(), err error) {
	if !t.b.callers {
		return func() {}, nil
	}
	var was int64
	if err := t.c.ask(t.ctx, "PRAGMA secure_delete").Scan(&was); err != nil {
		return nil, fault("write", err)
	}
	set := func(to int64) error {
		var now int64 // the pragma answers with a row, which must be read to its end
		return fault("write", t.c.ask(t.ctx, "PRAGMA secure_delete = "+strconv.FormatInt(to, 10)).Scan(&now))
	}
	return func() { _ = set(was) }, set(1)
}

// Rekey replaces the wrapped key of one version; see driver.Tx.
func (t *tx) Rekey(kind, id string, version uint64, key []byte) error {
	row, err := t.Get(kind, id, version)
	switch {
	case err != nil:
		return err
	case version == 0:
		return driver.ErrNotFound
	case row.Key == nil:
		return driver.ErrNotFound
	case len(key) == 0:
		return driver.ErrConflict
	}
	n := t.tenant<<entryShift | int64(row.Seq)
	_, err = t.exec(`INSERT INTO smp_key (n, generation, key) SELECT ?1, 1 + coalesce(max(generation), 0), ?2 FROM smp_key WHERE n = ?1`, n, key)
	return err
}
