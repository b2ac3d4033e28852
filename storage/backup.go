package storage

import (
	"context"
	"io"
	"iter"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// BackupRecorded is [Store.Backup] and records the copy in the ledger of every tenant, so that a certificate of disposal
// can say which copies still hold what was destroyed and until when. Taken becomes now. The entries are not in the copy.
func (s *Store) BackupRecorded(ctx context.Context, w io.Writer, copied BackupCopy, by hipaasmp.Actor) (driver.BackupInfo, error) {
	copied.Taken = hipaasmp.Instant(s.opts.Clock())
	info, err := s.backend.Backup(ctx, w)
	if err != nil {
		return info, err
	}
	for tenant, err := range s.Tenants(ctx) {
		if err != nil {
			return info, err
		}
		if _, err := s.RecordBackup(ctx, tenant, copied, by); err != nil {
			return info, err
		}
	}
	return info, nil
}

// RecordBackup records in a tenant's ledger that a copy of the database exists, however it was made.
func (s *Store) RecordBackup(ctx context.Context, tenant string, copied BackupCopy, by hipaasmp.Actor) (e Entry, err error) {
	copied.Taken = hipaasmp.Instant(copied.Taken)
	err = s.Update(ctx, tenant, func(tx *Tx) error {
		if tx.old.Size == 0 {
			return &NotFoundError{Tenant: tenant, Ref: hipaasmp.Ref{Kind: KindAct, ID: actID(0)}}
		}
		e, err = tx.act(Act{Op: OpBackedUp, Backup: &copied}, by, "")
		return err
	})
	return e, err
}

// Backups returns the recorded copies that have not lapsed by the given day, oldest first.
func (s *Store) Backups(ctx context.Context, tenant string, on hipaasmp.Date) ([]BackupCopy, error) {
	return liveBackups(s.List(ctx, tenant, Query{Kind: KindAct}), on)
}

func liveBackups(acts iter.Seq2[Entry, error], on hipaasmp.Date) ([]BackupCopy, error) {
	var out []BackupCopy
	for e, err := range acts {
		if err != nil {
			return nil, err
		}
		if e.Op != OpBackedUp {
			continue
		}
		x, err := Decode[Act](e)
		if err != nil {
			return nil, err
		}
		if x.Backup != nil && !x.Backup.Lapses.Before(on) {
			out = append(out, *x.Backup)
		}
	}
	slices.SortStableFunc(out, func(a, b BackupCopy) int { return a.Taken.Compare(b.Taken) })
	return out, nil
}
