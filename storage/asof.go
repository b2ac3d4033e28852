package storage

import (
	"context"
	"errors"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// CheckpointAsOf returns the checkpoint that was the newest at an instant. The zero time means now. Where nothing was
// recorded yet it gives [ErrNotFound].
func (s *Store) CheckpointAsOf(ctx context.Context, tenant string, at time.Time) (Checkpoint, error) {
	newest, err := s.Checkpoint(ctx, tenant)
	if err != nil || at.IsZero() {
		return newest, err
	}
	size := uint64(0)
	for e, err := range s.Entries(ctx, tenant, 0, newest.Size) {
		if err != nil {
			return Checkpoint{}, err
		}
		if e.Recorded.After(at) {
			break
		}
		size = e.Seq + 1
	}
	// A transaction has one instant and one checkpoint, so the last entry of an instant ends a transaction.
	return s.CheckpointAt(ctx, tenant, size)
}

// TermAsOf is [Store.Term] as it would have come out at an instant: versions and extensions that were recorded later do
// not count. The schedule is that of today. The zero time means now. A document that was not on record yet gives a
// [*NotFoundError].
func (s *Store) TermAsOf(ctx context.Context, tenant string, ref hipaasmp.Ref, at time.Time) (t retention.Term, err error) {
	if at.IsZero() {
		return s.Term(ctx, tenant, ref)
	}
	err = s.view(ctx, tenant, func(r driver.Reader) error {
		versions, err := s.historyAsOf(ctx, tenant, r, ref, at)
		if err != nil {
			return err
		}
		var ext *Extension
		extended, err := s.historyAsOf(ctx, tenant, r, hipaasmp.Ref{Kind: KindExtension, ID: extensionID(ref)}, at)
		switch {
		case err == nil:
			x, err := Decode[Extension](extended[len(extended)-1])
			if err != nil {
				return err
			}
			ext = &x
		case !errors.Is(err, ErrNotFound):
			return err
		}
		t, err = s.term(ref, versions, ext)
		return err
	})
	return t, err
}

func (s *Store) historyAsOf(ctx context.Context, tenant string, r driver.Reader, ref hipaasmp.Ref, at time.Time) ([]Entry, error) {
	versions, err := s.history(ctx, tenant, r, ref)
	if err != nil {
		return nil, err
	}
	versions = slices.DeleteFunc(versions, func(e Entry) bool { return e.Recorded.After(at) })
	if len(versions) == 0 {
		return nil, &NotFoundError{Tenant: tenant, Ref: ref.Newest()}
	}
	return versions, nil
}
