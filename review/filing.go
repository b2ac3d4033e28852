package review

import (
	"fmt"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Filing is that a version of a session or of a procedure was put into a ledger, which shows that it existed by then. It is no
// part of a record: whoever has the ledger gives it, and whoever doubts it asks the ledger for the proof of the position.
type Filing struct {
	// Ref is the document with its version.
	Ref hipaasmp.Ref
	// At is when it was filed by the clock of the ledger, and Position its place there, from 0.
	At       time.Time
	Position uint64
	// Commitments are those of the samples that the version of a session plans.
	Commitments []hipaasmp.Digest
}

// FilingOf returns the filing of a version of a session.
func FilingOf(s Session, ref hipaasmp.Ref, at time.Time, position uint64) Filing {
	f := Filing{Ref: ref, At: at, Position: position}
	for _, x := range s.Samples {
		f.Commitments = append(f.Commitments, x.Commitment)
	}
	return f
}

// filedFirst returns the first filing of the document that the condition holds of, and whether anything of the document is in
// a ledger that was given.
func (r Records) filedFirst(document hipaasmp.Ref, is func(Filing) bool) (first *Filing, any bool) {
	for i := range r.Filings {
		f := &r.Filings[i]
		if f.Ref.Newest() != document.Newest() {
			continue
		}
		any = true
		if is(*f) && (first == nil || f.Position < first.Position) {
			first = f
		}
	}
	return first, any
}

// planned finds samples of which nothing shows that the nonce was committed before the records were read: the record does not
// say when they were, or the ledger has the commitment later or not at all. It finds the same of the procedure.
func (r Records) planned(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	const samples = "Draw the sample anew by a nonce that is committed and filed before the records are read, and correct the review."
	for _, x := range r.filed(asked, asOf) {
		gap := func(closes, format string, args ...any) *hipaasmp.Gap {
			out = append(out, hipaasmp.Gap{Missing: fmt.Sprintf(format, args...), Since: x.Timeliness.Certified, Closes: closes, Refs: []hipaasmp.Ref{x.DocumentRef()}})
			return &out[len(out)-1]
		}
		for _, s := range x.Samples {
			source, _ := x.Reviewed(s.Source)
			if source.Read == nil {
				gap("Note in the next review when the reading of each source began and ended.",
					"The record does not say when %s was read, so that nobody can tell whether sample %s was planned before.", s.Source, s.ID)
				continue
			}
			began := source.Read.Began
			first, known := r.filedFirst(x.Session, func(f Filing) bool { return slices.Contains(f.Commitments, s.Commitment) })
			switch {
			case !known:
			case first == nil:
				gap(samples, "The ledger has no version of %s with the commitment of sample %s.", x.Session.Newest(), s.ID)
			case !first.At.Before(began):
				gap(samples, "The ledger has the commitment of sample %s since %s, and %s was read from %s on.", s.ID, stamp(first.At), s.Source, stamp(began)).
					Counted = []string{fmt.Sprintf("position %d of the ledger: %s", first.Position, first.Ref)}
			}
		}
		r.governed(x, gap)
	}
	return out
}

// governed finds sources that were read before the procedure that governs the reading was approved or filed.
func (r Records) governed(x Record, gap func(closes, format string, args ...any) *hipaasmp.Gap) {
	began := time.Time{}
	for _, s := range x.Sources {
		if s.Read != nil && (began.IsZero() || s.Read.Began.Before(began)) {
			began = s.Read.Began
		}
	}
	if began.IsZero() {
		return
	}
	loc, _ := location(x.Zone)
	const closes = "Review the period again by the version, or say why the reading came before it."
	for _, p := range r.Procedures {
		if p.DocumentRef() != x.Procedure.Procedure.Newest() {
			continue
		}
		if hipaasmp.DateOf(began, loc).Before(p.Approval.On) {
			gap(closes, "Records of %s were read from %s on, before procedure version %s was approved on %s.", x.Period, stamp(began), p.Version, p.Approval.On)
		} else if first, known := r.filedFirst(p.DocumentRef(), func(Filing) bool { return true }); known && first.At.After(began) && r.kept(began) {
			gap(closes, "The ledger has procedure version %s since %s, and records of %s were read from %s on.", p.Version, stamp(first.At), x.Period, stamp(began)).
				Counted = []string{fmt.Sprintf("position %d of the ledger: %s", first.Position, first.Ref)}
		}
	}
}

// kept reports whether something had been filed before the instant: of the time before its first entry a ledger says nothing.
func (r Records) kept(at time.Time) bool {
	return slices.ContainsFunc(r.Filings, func(f Filing) bool { return f.At.Before(at) })
}

func stamp(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05.999999 UTC") }
