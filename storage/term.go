package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// Term says until when a document is kept and why, by the schedule of today and everything in the ledger:
//
//   - the dates of all its versions count; an open period of an older version ends as a later version says, or where
//     none speaks of it on the day it was superseded;
//   - what was known when a version was written is a floor, so a shorter rule that came later shortens nothing;
//   - an [Extension] lengthens it.
//
// A document that is no record, a draft for example, has no running clock and is kept.
func (s *Store) Term(ctx context.Context, tenant string, ref hipaasmp.Ref) (t retention.Term, err error) {
	err = s.view(ctx, tenant, func(r driver.Reader) error {
		versions, err := s.history(ctx, tenant, r, ref)
		if err != nil {
			return err
		}
		ext, err := s.extension(ctx, tenant, r, ref)
		if err != nil {
			return err
		}
		t, err = s.term(ref, versions, ext)
		return err
	})
	return t, err
}

// Term is [Store.Term] as this transaction sees it.
func (tx *Tx) Term(ref hipaasmp.Ref) (retention.Term, error) {
	versions, err := tx.history(ref)
	if err != nil {
		return retention.Term{}, err
	}
	ext, err := tx.extension(ref)
	if err != nil {
		return retention.Term{}, err
	}
	return tx.store.term(ref, versions, ext)
}

// history reads every version of a document. None is a [*NotFoundError]: whoever asks for a term asks for something.
func (s *Store) history(ctx context.Context, tenant string, r driver.Reader, ref hipaasmp.Ref) ([]Entry, error) {
	var out []Entry
	for after := uint64(0); ; {
		rows, err := r.History(string(ref.Kind), ref.ID, after, pageSize)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if row.Version <= after {
				return nil, noProgress(row)
			}
			after = row.Version
			e, err := s.entryOf(ctx, tenant, row)
			if err != nil {
				return nil, err
			}
			out = append(out, e)
		}
		switch {
		case len(out) == 0:
			return nil, &NotFoundError{Tenant: tenant, Ref: ref.Newest()}
		case len(rows) == 0:
			return out, nil
		}
	}
}

func (tx *Tx) history(ref hipaasmp.Ref) ([]Entry, error) {
	if tx.closed {
		return nil, ErrClosed
	}
	versions, err := tx.store.history(tx.ctx, tx.tenant, tx.driver, ref)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	for _, e := range tx.entries {
		if e.Kind == ref.Kind && e.ID == ref.ID {
			versions = append(versions, e)
		}
	}
	if len(versions) == 0 {
		return nil, err
	}
	return versions, nil
}

// term computes until when a document with these versions is kept.
func (s *Store) term(ref hipaasmp.Ref, versions []Entry, ext *Extension) (retention.Term, error) {
	term, isRecord, err := s.opts.Schedule.TermOf(versionsOf(versions))
	if err != nil {
		return retention.Term{}, fmt.Errorf("storage: retention of %s: %w", ref.Newest(), err)
	}
	if !isRecord {
		term = retention.Term{Rule: retention.SecurityRule(), Class: hipaasmp.ClassDocumentation}
		term.Trace = []string{term.Rule.ID + ": this is no record yet; the clock has not started"}
	}
	floor, why := floorOf(versions), "written into the ledger with an earlier version or under an earlier schedule; nothing shortens it"
	if ext != nil && ext.Through.After(floor) {
		floor, why = ext.Through, "extended on "+ext.At.Format(time.DateOnly)
	}
	return term.NotBefore(floor, why), nil
}

// versionsOf is what the retention rules look at in the entries of a document.
func versionsOf(entries []Entry) []retention.Version {
	out := make([]retention.Version, len(entries))
	for i, e := range entries {
		out[i] = retention.Version{Basis: e.Basis, Recorded: e.Recorded}
	}
	return out
}

func floorOf(versions []Entry) hipaasmp.Date {
	var floor hipaasmp.Date
	for _, e := range versions {
		if e.KeepThrough.After(floor) {
			floor = e.KeepThrough
		}
	}
	return floor
}

// keepThrough computes the floor that goes into the row of a new version: what is known now, never below what was known
// before. It is zero while the document is in effect. A rule that waits for its event is left to [Store.Term], for the
// day that the event brings is not known here.
func (s *Store) keepThrough(prev, e Entry) (hipaasmp.Date, error) {
	if e.Basis != nil && slices.ContainsFunc(e.Basis.InEffect, hipaasmp.Period.Open) {
		return hipaasmp.Date{}, nil
	}
	known := s.opts.Schedule
	if len(known.Overlays) > 0 {
		known.Overlays = slices.DeleteFunc(slices.Clone(known.Overlays), func(r retention.Rule) bool {
			return r.Start == retention.StartEvent && r.Event.IsZero()
		})
	}
	keep := prev.KeepThrough
	if prev.Version == 0 && e.Basis == nil {
		return keep, nil
	}
	bases := []hipaasmp.RetentionBasis{{}}
	if prev.Version == 0 {
		bases[0] = *e.Basis
	} else {
		bases = retention.Merge([]retention.Version{{Basis: prev.Basis, Recorded: prev.Recorded}, {Basis: e.Basis, Recorded: e.Recorded}})
	}
	for _, b := range bases {
		day, running, err := known.KeepThrough(b)
		if err != nil {
			return hipaasmp.Date{}, fmt.Errorf("storage: retention of %s: %w", e.Ref(), err)
		}
		if running && day.After(keep) {
			keep = day
		}
	}
	return keep, nil
}
