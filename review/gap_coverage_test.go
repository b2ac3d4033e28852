package review_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// governing is the sample procedure under another identity, in effect in the period.
func governing(t require.TestingT, id, from, to string) review.Procedure {
	p, err := terms().Approve(issue(id, id, from), manager, day(from).AddDays(-10), may())
	require.NoError(t, err)
	if to != "" {
		p, err = p.Supersede(day(to))
		require.NoError(t, err)
	}
	return p
}

func TestDaysWithoutAProcedureAreAGap(t *testing.T) {
	t.Parallel()
	asked := hipaasmp.Period{From: day("2026-01-01"), To: day("2026-06-30")}
	find := func(asOf string, operating []hipaasmp.Period, list ...review.Procedure) (out []string) {
		for _, g := range gaps(t, review.Records{Procedures: list, Operating: operating}, asked, asOf, review.GapUngoverned) {
			out = append(out, g.Missing)
			require.False(t, g.Since.IsZero())
		}
		return out
	}
	const words = " no procedure for reviewing records of information system activity was in effect."
	first, second := governing(t, "p-1", "2026-02-01", "2026-03-31"), governing(t, "p-2", "2026-05-11", "")
	require.Equal(t, []string{"From 2026-01-01 to 2026-01-31" + words, "From 2026-04-01 to 2026-05-10" + words}, find("2026-08-01", nil, first, second))
	require.Equal(t, []string{"From 2026-01-01 to 2026-01-31" + words}, find("2026-04-20", nil, first), "that none is in effect on the day is a gap of its own")
	require.Empty(t, find("2026-08-01", nil, governing(t, "p-1", "2025-01-01", "")))
	require.Empty(t, find("2026-08-01", []hipaasmp.Period{{From: day("2026-02-01"), To: day("2026-03-31")}, {From: day("2026-05-11")}}, first, second), "the clinic was closed in between")
	require.Equal(t, []string{"From 2026-01-01 to 2026-01-31" + words, "From 2026-04-01 to 2026-06-30" + words}, find("2026-08-01", nil, first, governing(t, "p-2", "2026-07-15", "")), "no further than was asked")
	require.Empty(t, find("2026-08-01", nil))
}

func TestAWaivedReviewIsAGapThatSaysWhy(t *testing.T) {
	t.Parallel()
	x := certify(t, without(t, review.GroundWaived), "2026-04-08")
	r := review.Records{Procedures: []review.Procedure{procedure(t)}, Records: []review.Record{x}}
	got := gaps(t, r, march(), "2026-05-01", review.GapWaived)
	require.Len(t, got, 1)
	require.Equal(t, []string{"stated reason: As decided."}, got[0].Counted)
	require.Empty(t, gaps(t, r, march(), "2026-05-01", review.GapUnavailable))
	r.Records[0] = certify(t, without(t, review.GroundNotExpected), "2026-04-08")
	require.Empty(t, gaps(t, r, march(), "2026-05-01", review.GapWaived), "where there is nothing to review nothing is waived")
}

func TestEventsNotCountedByKindAndAnEmptyLogAreGaps(t *testing.T) {
	t.Parallel()
	for missing, f := range map[string]func(*review.SourceReview){
		"were not counted by kind": func(r *review.SourceReview) { r.Families = nil },
		"of 2 of them": func(r *review.SourceReview) {
			*r = review.SourceReview{Source: r.Source, Method: r.Method, Capability: r.Capability}
		},
		"holds no entry at all": func(r *review.SourceReview) {
			on := review.Capability{State: review.CapabilityEnabled, Checked: r.Capability.Checked, Proof: r.Capability.Proof}
			for _, f := range procedure(t).Sources[0].Families {
				on.Families = append(on.Families, review.FamilyCapability{Family: f, State: review.CapabilityEnabled, Checked: on.Checked})
			}
			*r = review.SourceReview{Source: r.Source, Method: r.Method, Capability: on}
		},
		"Of 3 of its 10 events the kind is not known.": func(r *review.SourceReview) {
			r.Families = []review.FamilyCount{{Family: activity.FamilyView, Count: 7}, {Family: activity.FamilyUnknown, Count: 3}}
		},
		"of 1 of them": func(r *review.SourceReview) {
			r.Families = []review.FamilyCount{{Family: activity.FamilyView, Count: 10}}
		},
	} {
		r := review.Records{Procedures: []review.Procedure{procedure(t)}, Records: []review.Record{certify(t, change(t, f), "2026-04-08")}}
		got := gaps(t, r, march(), "2026-05-01", review.GapFamily)
		require.Len(t, got, 1)
		require.Contains(t, got[0].Missing, missing)
		cell, ok := r.Coverage(march(), day("2026-05-01")).Cell(day("2026-03-01"), "ehr-log", activity.FamilyLogin)
		require.True(t, ok)
		require.Equal(t, strings.HasPrefix(missing, "Of 3"), strings.Contains(cell.Reason, "3 of which the kind is not known"), cell.Reason)
	}
}

// Whatever is not complete in the table of coverage is named by a gap.
func TestEveryHoleOfTheCoverageIsAGap(t *testing.T) {
	t.Parallel()
	named := map[review.Status][]hipaasmp.GapCode{
		review.StatusLate:    {review.GapLate},
		review.StatusMissing: {review.GapNotReviewed, review.GapUnavailable},
		review.StatusPartial: {review.GapNotReviewed, review.GapUnavailable, review.GapCapability, review.GapWaived},
		review.StatusWaived:  {review.GapWaived},
		review.StatusUnknown: {review.GapNoProcedure, review.GapUngoverned, review.GapCapability, review.GapFamily},
	}
	seen := map[review.Status]bool{}
	months := []string{"2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"}
	rapid.Check(t, func(t *rapid.T) {
		var r review.Records
		from := rapid.SampledFrom([]string{"2025-12-01", "2026-01-01", "2026-01-20", "2026-02-01"}).Draw(t, "from")
		to := rapid.SampledFrom([]string{"", "", "2026-03-31", "2026-03-10"}).Draw(t, "to")
		p := governing(t, "p-1", from, to)
		r.Procedures = []review.Procedure{p}
		for _, m := range months {
			if !p.Effective.Overlaps(month(m)) || rapid.IntRange(0, 3).Draw(t, "review") == 0 {
				continue
			}
			r.Records = append(r.Records, drawRecord(t, p, month(m)))
		}
		asked := hipaasmp.Period{From: day("2026-01-01"), To: day("2026-04-30")}
		asOf := day("2026-05-01").AddDays(rapid.IntRange(0, 60).Draw(t, "as of"))
		all := hipaasmp.FindGaps(asOf, r.GapChecks(asked)...)
		whole := []hipaasmp.GapCode{review.GapNoProcedure, review.GapUngoverned, review.GapNotReviewed, review.GapLate} // of all sources
		names := func(c review.Cell, code hipaasmp.GapCode) bool {
			return slices.ContainsFunc(all, func(g hipaasmp.Gap) bool {
				return g.Code == code && (slices.Contains(whole, code) || strings.Contains(g.Missing+strings.Join(g.Counted, " "), c.Source))
			})
		}
		for _, c := range r.Coverage(asked, asOf).Cells {
			codes, hole := named[c.Status]
			if !hole {
				continue
			}
			seen[c.Status] = true
			require.True(t, slices.ContainsFunc(codes, func(code hipaasmp.GapCode) bool { return names(c, code) }), "%s %s %s is %s (%s) and no gap says so", c.Month, c.Source, c.Family, c.Status, c.Reason)
		}
	})
	require.Len(t, seen, len(named), "every kind of hole was drawn: %v", seen)
}

// drawRecord is a certified record of the period in which things went as they go.
func drawRecord(t *rapid.T, p review.Procedure, period hipaasmp.Period) review.Record {
	s, err := review.Open("s-"+period.From.String(), clinic(), p, period, reviewer, on(period.To.AddDays(1).String()))
	require.NoError(t, err)
	for _, source := range p.Sources {
		switch rapid.SampledFrom([]string{"as it should", "as it should", "unknown capability", "off", "gap", "empty", "quiet", "uncounted", "waived", "unavailable", "not expected"}).Draw(t, source.ID) {
		case "waived":
			s, err = s.WithoutSource(source.ID, review.GroundWaived, "As decided.")
		case "unavailable":
			s, err = s.WithoutSource(source.ID, review.GroundUnavailable, "Lost.")
		case "not expected":
			s, err = s.WithoutSource(source.ID, review.GroundNotExpected, "Not in use.")
		case "unknown capability":
			x := wholeReview(source, period)
			x.Capability = review.Capability{State: review.CapabilityUnknown}
			s, err = s.WithSource(x)
		case "off":
			x := wholeReview(source, period)
			x.Capability.State = review.CapabilityDisabled
			s, err = s.WithSource(x)
		case "gap":
			x := wholeReview(source, period)
			x.Capability.Gaps = []hipaasmp.Period{{From: period.From.AddDays(3), To: period.From.AddDays(4)}}
			s, err = s.WithSource(x)
		case "empty":
			x := wholeReview(source, period)
			s, err = s.WithSource(review.SourceReview{Source: x.Source, Method: x.Method, Capability: x.Capability})
		case "quiet":
			x := wholeReview(source, period)
			for _, f := range source.Families {
				x.Capability.Families = append(x.Capability.Families, review.FamilyCapability{Family: f, State: review.CapabilityEnabled, Checked: x.Capability.Checked})
			}
			s, err = s.WithSource(review.SourceReview{Source: x.Source, Method: x.Method, Capability: x.Capability})
		case "uncounted":
			x := wholeReview(source, period)
			x.Families = nil
			s, err = s.WithSource(x)
		default:
			s, err = s.WithSource(wholeReview(source, period))
		}
		require.NoError(t, err)
	}
	certified := period.To.AddDays(rapid.SampledFrom([]int{5, 10, 20}).Draw(t, "certified")).String()
	r, err := s.Complete("r-"+period.From.String(), reviewer, official, on(certified), may(), review.NoExceptions("I certify."), independence())
	require.NoError(t, err)
	return r
}

func wholeReview(source review.Source, period hipaasmp.Period) review.SourceReview {
	if source.Records == review.RecordAuditLog {
		return log(period)
	}
	return manual(source.ID, period)
}
