package storage

import (
	"context"
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Migrate brings the layout of the database forward to the newest that the backend knows and records it in the ledger of
// every tenant. Where there is nothing to do it records nothing. A layout of a later version gives [ErrSchemaNewer].
//
// A backend may bring its layout up to date by itself when it is opened, as sqlite.Open does; [Store.RecordMigration]
// records that.
func (s *Store) Migrate(ctx context.Context, by hipaasmp.Actor, reason string) (from, to int, err error) {
	from, latest, err := s.backend.Schema(ctx)
	switch {
	case err != nil:
		return 0, 0, err
	case from > latest:
		return from, from, ErrSchemaNewer
	case from == latest:
		return from, from, nil
	}
	if err := s.backend.Migrate(ctx, latest); err != nil {
		return from, from, err
	}
	return from, latest, s.RecordMigration(ctx, from, latest, by, reason)
}

// RecordMigration records in the ledger of every tenant that the layout of the database went from one number to another.
func (s *Store) RecordMigration(ctx context.Context, from, to int, by hipaasmp.Actor, reason string) error {
	if from < 1 || to <= from {
		return &RangeError{What: "layout", Value: uint64(max(to, 0)), Size: uint64(max(from, 0))}
	}
	for tenant, err := range s.Tenants(ctx) {
		if err != nil {
			return err
		}
		err = s.Update(ctx, tenant, func(tx *Tx) error {
			_, err := tx.act(Act{Op: OpMigrated, FromLayout: uint64(from), ToLayout: uint64(to)}, by, reason)
			return err
		})
		if err != nil {
			return fmt.Errorf("storage: record the migration for tenant %s: %w", tenant, err)
		}
	}
	return nil
}
