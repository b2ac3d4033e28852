package dossier

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/evidence/inquiry"
	"github.com/hipaasmp/hipaasmp/evidence/report"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/risk/quant"
	"github.com/hipaasmp/hipaasmp/storage"
)

// Options says what the dossier is about. Period, AsOf, Made and Signer must be given.
type Options struct {
	// Period is the time that the package speaks about, and that the questions are asked of.
	Period hipaasmp.Period
	// AsOf is the day, in the entity's zone, on which the questions are asked.
	AsOf hipaasmp.Date
	// Made is when the package is made.
	Made time.Time
	// Recorded makes the package read as it would have read at that instant: documents, gaps, terms and ledger as they were
	// recorded by then. AsOf should be of that day. The zero time means now.
	Recorded time.Time
	// Signer signs the manifest; it must be the key of the ledger.
	Signer note.Signer
	// VerifierKey is the public half of Signer; it may be left out for a [*storage.Signer], which brings its own.
	VerifierKey string
	// Since are signed checkpoints that the recipient may hold.
	Since [][]byte
	// Cadence is the entity's own interval for its risk analysis; where it is not set, that of its procedure counts.
	Cadence risk.Cadence
	// Inventory is the inventory as it is now, where the entity keeps one apart from its analyses.
	Inventory *risk.Inventory
	// Changes are what happened and stands in no record: a move, a new law.
	Changes []risk.Change
	// Operating are the times in which the entity was in operation; none means always.
	Operating []hipaasmp.Period
	// Checks are further questions of the caller's own; they see the records as they were loaded.
	Checks func(inquiry.Records) []hipaasmp.GapCheck
	// Quantified is the register in amounts with its annual loss, from [quant.Appraise], where the entity keeps one. The
	// report draws it as it is given and says where it is stale; it goes in as quantified.json, from which anyone can
	// compute it again.
	Quantified *quant.Appraisal
	// Parts are further files beside those that Write makes.
	Parts []evidence.Part
	// Contents says of which versions the content goes in; the default is the whole history.
	Contents evidence.Contents
	// Withhold, if given, is asked of every document, by its reference without a version, and answers true for those whose
	// content stays back. Their entries of the ledger stay in the package with their proofs, they are listed as withheld,
	// and neither the report nor another rendering draws on them; the words of gaps that show in them are taken out.
	// The entity's profile and the ledger's own acts cannot be withheld. What the caller's own Parts say is the caller's.
	Withhold func(hipaasmp.Ref) bool
	// Progress, if given, is told how far the package has come; see [evidence.Options].
	Progress func(evidence.Progress)
}

// Summary is what went into a package.
type Summary struct {
	// Records is what the questions were asked of, withheld documents among it.
	Records inquiry.Records
	// Gaps are what is missing on the day, those of the caller's own checks among them.
	Gaps []hipaasmp.Gap
	// Answers go through the letter.
	Answers []inquiry.Answer
	// Agenda is all that falls due in the year after the day, as it went into the package.
	Agenda inquiry.Agenda
	// Withheld are the documents whose content stayed back.
	Withheld []hipaasmp.Ref
	// Manifest is the signed manifest's content.
	Manifest evidence.Manifest
}

// Write writes the package of one tenant to w: all records with their history and proofs, the gaps, the report as
// index.html, the register of the risk analysis in effect, where there is one, as register.csv, the register in amounts,
// where one is given, as quantified.json, what falls due as agenda.json and agenda.ics, and in OSCAL the catalogue of the rule
// as oscal/catalog.json and the plan, where there is an item, as oscal/poam.json.
//
// The errors are [*EntityError], [*ChangedError] if something was stored while the questions were asked, a
// [*hipaasmp.ValidationError] with the faults of the register in amounts, those of package evidence for the options and
// parts, and those of package storage. On error what was written to w is no package.
func Write(ctx context.Context, w io.Writer, s *storage.Store, tenant string, opts Options) (Summary, error) {
	if opts.Signer == nil {
		return Summary{}, &evidence.OptionsError{Option: "Signer", Reason: "is missing; give the key that signs the ledger's checkpoints"}
	}
	if q := opts.Quantified; q != nil {
		if err := q.Validate(); err != nil {
			return Summary{}, err
		}
	}
	head, err := s.CheckpointAsOf(ctx, tenant, opts.Recorded)
	if errors.Is(err, storage.ErrNotFound) {
		return Summary{}, &EntityError{Tenant: tenant, At: opts.Recorded}
	}
	if err != nil {
		return Summary{}, err
	}
	var sum Summary
	if sum.Records, err = Load(ctx, s, tenant, opts.Recorded); err != nil {
		return Summary{}, err
	}
	r := &sum.Records
	r.Asked, r.Cadence, r.Inventory, r.Changes, r.Operating = opts.Period, opts.Cadence, opts.Inventory, opts.Changes, opts.Operating
	var own []hipaasmp.GapCheck
	if opts.Checks != nil {
		own = opts.Checks(*r)
	}
	checks := append(r.Checks(), own...)
	sum.Gaps = hipaasmp.FindGaps(opts.AsOf, checks...)
	sum.Answers = r.Answer(opts.AsOf, own...)

	if opts.Withhold != nil && opts.Withhold(r.Entity.DocumentRef().Newest()) {
		return Summary{}, &evidence.OptionsError{Option: "Withhold", Reason: "withholds the entity's profile, which says whose package it is"}
	}
	x := redaction{withhold: opts.Withhold}
	show := Summary{Records: x.apply(*r)}
	show.Gaps, show.Answers, show.Withheld = x.gaps(sum.Gaps, checks), x.answers(sum.Answers, checks), x.refs()
	sum.Withheld = show.Withheld
	all := r.Finals()
	r = &show.Records
	finals := r.Finals()
	exhibits, err := evidence.Cite(finals...)
	if err != nil {
		return Summary{}, err
	}
	terms, err := terms(ctx, s, tenant, all, opts.Recorded)
	if err != nil {
		return Summary{}, err
	}
	kept, err := keepings(ctx, s, tenant, terms, opts.Recorded)
	if err != nil {
		return Summary{}, err
	}
	show.Agenda = x.agenda(sum.Records.Agenda(opts.AsOf, inquiry.AgendaOptions{Kept: kept}))
	sum.Agenda = show.Agenda
	data := reportData(show, opts, checks, terms, head)
	parts := []evidence.Part{{Name: "index.html", MediaType: "text/html; charset=utf-8", Write: func(w io.Writer) error { return report.Write(w, data) }}}
	if a, ok := risk.InEffect(r.Analyses, opts.AsOf); ok {
		parts = append(parts, evidence.Part{Name: "register.csv", MediaType: "text/csv; charset=utf-8", Write: a.Sheet().WriteCSV})
	}
	if q := opts.Quantified; q != nil {
		parts = append(parts, quantified(q))
	}
	rendered, err := oscalParts(*r, opts)
	if err != nil {
		return Summary{}, err
	}
	parts = append(append(parts, rendered...), agendaParts(show.Agenda, opts, head.Origin)...)
	sum.Manifest, err = evidence.Write(ctx, w, s, tenant, evidence.Options{
		Period: opts.Period, AsOf: opts.AsOf, Made: opts.Made, Recorded: opts.Recorded, Signer: opts.Signer, VerifierKey: opts.VerifierKey, Since: opts.Since,
		Gaps: show.Gaps, Exhibits: exhibits, Parts: append(parts, opts.Parts...), Contents: opts.Contents, Progress: opts.Progress, Include: x.include(),
	})
	if err != nil {
		return Summary{}, err
	}
	if sum.Manifest.Ledger.Size != head.Size {
		return Summary{}, &ChangedError{Tenant: tenant, Before: head.Size, After: sum.Manifest.Ledger.Size}
	}
	return sum, nil
}

// terms asks the store until when each record is kept.
func terms(ctx context.Context, s *storage.Store, tenant string, finals []hipaasmp.Record, at time.Time) ([]report.Kept, error) {
	out := make([]report.Kept, 0, len(finals))
	for _, f := range finals {
		term, err := s.TermAsOf(ctx, tenant, f.DocumentRef(), at)
		if err != nil {
			return nil, err
		}
		out = append(out, report.Kept{Ref: f.DocumentRef(), Term: term})
	}
	slices.SortStableFunc(out, report.Kept.Compare)
	return out, nil
}

// reportData brings together what the report shows.
func reportData(sum Summary, opts Options, checks []hipaasmp.GapCheck, terms []report.Kept, head storage.Checkpoint) report.Data {
	r := sum.Records
	answers := make([]report.Answer, len(sum.Answers))
	for i, a := range sum.Answers {
		answers[i] = report.Answer{ID: a.ID, Citation: a.Citation, Asks: a.Asks, AtHand: a.AtHand, Status: string(a.Status), Refs: a.Refs, Gaps: len(a.Gaps), Note: a.Note}
	}
	return report.Data{
		Entity: r.Entity, AsOf: opts.AsOf, Period: opts.Period, Answers: answers, Gaps: sum.Gaps, Checks: checks,
		Analyses: r.Analyses, Plans: r.Plans, Items: r.Items, Acceptances: r.Acceptances,
		Policies: r.Policies, Cases: r.Cases, Outcomes: r.Outcomes, Attestations: r.Attestations,
		Procedures: r.Procedures, Sessions: r.Sessions, Reviews: r.Reviews, Rules: r.Rules,
		Quantified: opts.Quantified, Due: reportDue(sum.Agenda), Kept: terms, Withheld: sum.Withheld,
		Ledger: report.Ledger{Origin: head.Origin, Size: head.Size, Root: head.Root.String(), Key: opts.Signer.Name()},
	}
}
