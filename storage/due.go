package storage

import (
	"context"
	"iter"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// DueDocument is a document whose term, as it was known when its newest version was written, has run out.
type DueDocument struct {
	// Ref is the document with its newest version.
	Ref hipaasmp.Ref
	// KeepThrough is the last day of that term.
	KeepThrough hipaasmp.Date
}

// Due yields the documents that may be due for disposal on a day, in byte order of kind and id: their content is there and
// the term in their rows ended before it. It reads no content and is made for a daily sweep over millions. Whether a
// document is due indeed, by the schedule of today, extensions and holds, says [Store.Candidates]; whether it is destroyed, a
// second person.
func (s *Store) Due(ctx context.Context, tenant string, on hipaasmp.Date) iter.Seq2[DueDocument, error] {
	return func(yield func(DueDocument, error) bool) {
		if on.IsZero() {
			return
		}
		at := docKey{}
		for {
			var rows []driver.Row
			err := s.view(ctx, tenant, func(r driver.Reader) (err error) {
				rows, err = r.Scan(driver.Query{AfterKind: at.kind, AfterID: at.id, DueBy: on, Limit: driver.MaxPage})
				return err
			})
			if err != nil {
				yield(DueDocument{}, err)
				return
			}
			for _, row := range rows {
				key := docKey{row.Kind, row.ID}
				if key.compare(at) <= 0 {
					yield(DueDocument{}, noProgress(row))
					return
				}
				at = key
				if ownKind(row.Kind) {
					continue // the ledger's own entries are kept as long as the ledger
				}
				if !yield(DueDocument{refOf(row), row.KeepThrough}, nil) {
					return
				}
			}
			if len(rows) == 0 {
				return
			}
		}
	}
}

// Candidate is a document that [Store.Due] found, with the computation of today.
type Candidate struct {
	// Ref is the document without a version.
	Ref hipaasmp.Ref
	// Term says until when it is kept and why.
	Term retention.Term
	// Err is nil if the document is eligible for disposal, and otherwise a [*retention.RetainedError] or a
	// [*retention.HeldError] that says what is in the way.
	Err error
}

// Candidates yields what [Store.Due] finds with its term by the schedule of today and what is in the way of its disposal:
// the list of which disposal may be proposed. [Store.ProposeDisposal] begins that of an eligible one; a second person
// approves it, and [Store.Dispose] computes all of it again inside the destroying transaction.
func (s *Store) Candidates(ctx context.Context, tenant string, on hipaasmp.Date) iter.Seq2[Candidate, error] {
	return func(yield func(Candidate, error) bool) {
		holds, err := s.openHolds(ctx, tenant)
		if err != nil {
			yield(Candidate{}, err)
			return
		}
		for d, err := range s.Due(ctx, tenant, on) {
			var x Candidate
			if err == nil {
				x, err = s.candidate(ctx, tenant, d.Ref.Newest(), holds, on)
			}
			if !yield(x, err) || err != nil {
				return
			}
		}
	}
}

// openHolds returns the open holds of a tenant.
func (s *Store) openHolds(ctx context.Context, tenant string) ([]retention.Hold, error) {
	var out []retention.Hold
	for h, err := range s.Holds(ctx, tenant) {
		if err != nil {
			return nil, err
		}
		if h.Open() {
			out = append(out, h)
		}
	}
	return out, nil
}

func (s *Store) candidate(ctx context.Context, tenant string, ref hipaasmp.Ref, holds []retention.Hold, on hipaasmp.Date) (Candidate, error) {
	term, err := s.Term(ctx, tenant, ref)
	if err != nil {
		return Candidate{}, err
	}
	var versions []retention.Version
	for e, err := range s.History(ctx, tenant, ref) {
		if err != nil {
			return Candidate{}, err
		}
		versions = append(versions, retention.Version{Basis: e.Basis, Recorded: e.Recorded})
	}
	return Candidate{Ref: ref, Term: term, Err: term.Disposable(ref, on, covering(holds, ref, versions)...)}, nil
}

// covering returns those of the holds that cover a document with these versions, so that each names it.
func covering(holds []retention.Hold, ref hipaasmp.Ref, versions []retention.Version) []retention.Hold {
	var out []retention.Hold
	for _, h := range holds {
		if h.CoversVersions(ref, versions) {
			out = append(out, retention.Hold{Matter: h.Matter, Refs: []hipaasmp.Ref{ref}})
		}
	}
	return out
}
