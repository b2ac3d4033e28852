package dossier

import (
	"context"
	"io"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/evidence/inquiry"
	"github.com/hipaasmp/hipaasmp/evidence/report"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/storage"
)

// Options says what the dossier is about.
type Options struct {
	// Period is the time that the package speaks about.
	Period hipaasmp.Period
	// AsOf is the day, in the entity's zone, on which the questions are asked.
	AsOf hipaasmp.Date
	// Made is when the package is made.
	Made time.Time
	// Signer signs the manifest; it must be the key of the ledger.
	Signer note.Signer
	// Since are signed checkpoints that the recipient may hold.
	Since [][]byte
	// Cadence is the entity's own interval for its risk analysis.
	Cadence risk.Cadence
	// Checks are further questions of the caller's own; they see the records as they were loaded.
	Checks func(inquiry.Records) []hipaasmp.GapCheck
	// Contents says of which versions the content goes in; the default is the whole history.
	Contents evidence.Contents
}

// Summary is what went into a package.
type Summary struct {
	// Records is what the package was made from.
	Records inquiry.Records
	// Gaps are what is missing on the day.
	Gaps []hipaasmp.Gap
	// Answers go through the letter.
	Answers []inquiry.Answer
	// Manifest is the signed manifest's content.
	Manifest evidence.Manifest
}

// Write writes the package of one tenant to w. What is stored while it runs is not in it. On error what was written to
// w is no package.
func Write(ctx context.Context, w io.Writer, s *storage.Store, tenant string, opts Options) (Summary, error) {
	var sum Summary
	var err error
	if sum.Records, err = Load(ctx, s, tenant, time.Time{}); err != nil {
		return Summary{}, err
	}
	sum.Records.Cadence, sum.Records.Asked = opts.Cadence, opts.Period
	checks := sum.Records.Checks()
	if opts.Checks != nil {
		checks = append(checks, opts.Checks(sum.Records)...)
	}
	sum.Gaps = hipaasmp.FindGaps(opts.AsOf, checks...)
	sum.Answers = sum.Records.Answer(opts.AsOf)

	head, err := s.Checkpoint(ctx, tenant)
	if err != nil {
		return Summary{}, err
	}
	terms, err := terms(ctx, s, tenant, sum.Records.Finals())
	if err != nil {
		return Summary{}, err
	}
	data := reportData(sum, opts, checks, terms, head)
	exhibits, err := evidence.Cite(sum.Records.Finals()...)
	if err != nil {
		return Summary{}, err
	}
	parts := []evidence.Part{{Name: "index.html", MediaType: "text/html; charset=utf-8", Write: func(w io.Writer) error { return report.Write(w, data) }}}
	if a, ok := risk.InEffect(sum.Records.Analyses, opts.AsOf); ok {
		parts = append(parts, evidence.Part{Name: "register.csv", MediaType: "text/csv; charset=utf-8", Write: func(w io.Writer) error { return writeRegister(w, a.Register()) }})
	}
	sum.Manifest, err = evidence.Write(ctx, w, s, tenant, evidence.Options{
		Period: opts.Period, AsOf: opts.AsOf, Made: opts.Made, Signer: opts.Signer, Since: opts.Since,
		Gaps: sum.Gaps, Exhibits: exhibits, Parts: parts, Contents: opts.Contents,
	})
	if err != nil {
		return Summary{}, err
	}
	return sum, nil
}

// terms asks the store until when each record is kept.
func terms(ctx context.Context, s *storage.Store, tenant string, finals []hipaasmp.Record) ([]report.Kept, error) {
	out := make([]report.Kept, 0, len(finals))
	for _, f := range finals {
		term, err := s.Term(ctx, tenant, f.DocumentRef())
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
		Procedures: r.Procedures, Sessions: r.Sessions, Reviews: r.Reviews, Kept: terms,
		Ledger: report.Ledger{Origin: head.Origin, Size: head.Size, Root: head.Root.String(), Key: opts.Signer.Name()},
	}
}
