package review_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// gaps returns the gaps of one code.
func gaps(t *testing.T, r review.Records, asked hipaasmp.Period, asOf string, code hipaasmp.GapCode) (out []hipaasmp.Gap) {
	t.Helper()
	for _, g := range hipaasmp.FindGaps(day(asOf), r.GapChecks(asked)...) {
		require.Empty(t, validate.Shape(g), "%s: %+v", g.Code, g)
		if g.Code == code {
			out = append(out, g)
		}
	}
	return out
}

// with is the procedure with its terms changed.
func with(t require.TestingT, change func(*review.Terms)) review.Procedure {
	x := terms()
	change(&x)
	p, err := x.Approve(issue("review-2026", "2026-1", "2026-01-01"), manager, day("2025-12-15"), may())
	require.NoError(t, err)
	return p
}

func on1(p review.Procedure, records ...review.Record) review.Records {
	return review.Records{Procedures: []review.Procedure{p}, Records: records}
}

func TestNoProcedureInEffectIsAGap(t *testing.T) {
	t.Parallel()
	p, none := procedure(t), hipaasmp.Period{}
	ended, err := p.Supersede(day("2026-06-30"))
	require.NoError(t, err)
	require.Len(t, gaps(t, review.Records{}, none, "2026-07-01", review.GapNoProcedure), 1)
	require.Empty(t, gaps(t, on1(p), none, "2026-07-01", review.GapNoProcedure))
	require.Empty(t, gaps(t, on1(ended), none, "2026-06-30", review.GapNoProcedure))
	got := gaps(t, on1(ended), none, "2026-08-15", review.GapNoProcedure)
	require.Len(t, got, 1)
	require.Equal(t, day("2026-07-01"), got[0].Since)
	r := on1(ended)
	r.Operating = []hipaasmp.Period{{From: day("2020-01-01"), To: day("2026-06-30")}}
	require.Empty(t, gaps(t, r, none, "2026-08-15", review.GapNoProcedure), "the entity has closed")
}

func TestAPeriodWithoutACertifiedReviewIsAGap(t *testing.T) {
	t.Parallel()
	p := procedure(t)
	_, jan := quiet(t, month("2026-01-01"), "2026-02-05")
	open := covered(t, month("2026-02-01"))
	r := on1(p, jan)
	r.Sessions = []review.Session{open}
	got := gaps(t, r, hipaasmp.Period{From: day("2026-01-01")}, "2026-04-20", review.GapNotReviewed)
	require.Len(t, got, 2, "February and March")
	require.Equal(t, day("2026-03-15"), got[0].Since)
	require.Contains(t, got[0].Missing, "overdue by policy")
	require.Contains(t, got[0].Refs, open.DocumentRef(), "somebody has begun")
	require.Contains(t, got[0].Closes, "open session")
	require.Len(t, got[0].Counted, 3)
	require.Equal(t, []hipaasmp.Ref{p.DocumentRef()}, got[1].Refs)
	require.Empty(t, gaps(t, r, month("2026-01-01"), "2026-04-20", review.GapNotReviewed))

	q := with(t, func(x *review.Terms) { x.Sources[0].Archive = "" })
	got = gaps(t, on1(q), march(), "2026-04-20", review.GapNotReviewed)
	require.Len(t, got, 1)
	require.Contains(t, got[0].Counted[1], "whole in the source until 2026-05-30")
}

func TestCapabilityThatIsNotKnownToBeOnIsAGap(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		capability review.Capability
		word       string
	}{
		"unknown":    {review.Capability{State: review.CapabilityUnknown}, "Nobody checked"},
		"disabled":   {review.Capability{State: review.CapabilityDisabled, Checked: day("2026-04-01")}, "found off"},
		"incomplete": {review.Capability{State: review.CapabilityEnabled, Checked: day("2026-04-01"), Gaps: []hipaasmp.Period{{From: day("2026-03-03"), To: day("2026-03-04")}}}, "off or incomplete"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rec := certify(t, change(t, func(r *review.SourceReview) { r.Capability = c.capability }), "2026-04-08")
			got := gaps(t, on1(procedure(t), rec), march(), "2026-04-20", review.GapCapability)
			require.Len(t, got, 1)
			require.Contains(t, got[0].Missing, c.word)
			require.Equal(t, hipaasmp.CiteAuditControls, got[0].Citation)
			require.Empty(t, gaps(t, on1(procedure(t), rec), month("2026-02-01"), "2026-04-20", review.GapCapability), "another month was asked about")
		})
	}
	require.Empty(t, gaps(t, on1(procedure(t), record(t)), march(), "2026-04-20", review.GapCapability))
}

func TestAKindOfRecordThatNoSourceGivesIsAGap(t *testing.T) {
	t.Parallel()
	require.Empty(t, gaps(t, on1(procedure(t)), march(), "2026-04-20", review.GapKindNotCovered))
	p := with(t, func(x *review.Terms) { x.Sources = x.Sources[:1] })
	got := gaps(t, on1(p), march(), "2026-04-20", review.GapKindNotCovered)
	require.Len(t, got, 2)
	require.Contains(t, got[0].Missing, "access reports")
	require.Contains(t, got[1].Missing, "security incident tracking reports")
	q := with(t, func(x *review.Terms) { x.Sources[2].InUse = hipaasmp.Period{From: day("2026-05-01")} })
	require.Len(t, gaps(t, on1(q), march(), "2026-04-20", review.GapKindNotCovered), 1)
}

func TestWhatStaysOpenTooLongIsAGap(t *testing.T) {
	t.Parallel()
	s := covered(t, march(), exception("x-1")) // opened on 1 April
	r := review.Records{Procedures: []review.Procedure{procedure(t)}, Sessions: []review.Session{s}}
	open := func(r review.Records, asOf string) []hipaasmp.Gap {
		return gaps(t, r, march(), asOf, review.GapOpenTooLong)
	}
	require.Empty(t, open(r, "2026-05-01"))
	got := open(r, "2026-05-02")
	require.Len(t, got, 1)
	require.Contains(t, got[0].Missing, "1 exceptions")
	require.Equal(t, []string{"x-1, R20, high"}, got[0].Counted)
	require.Empty(t, open(review.Records{Procedures: r.Procedures, Sessions: []review.Session{explained(t)}}, "2026-05-02"), "it has its disposition")
	require.Len(t, open(r, "2026-05-16"), 1)
	require.Len(t, open(r, "2026-05-17"), 2, "now the session, too")

	certified := r
	certified.Sessions = []review.Session{explained(t)}
	certified.Records = []review.Record{record(t)}
	require.Empty(t, open(certified, "2026-06-17"), "the record ends the session, filed or not")
	abandoned, err := s.Abandon(official, on("2026-04-05"), "Wrong period.")
	require.NoError(t, err)
	r.Sessions = []review.Session{abandoned}
	require.Empty(t, open(r, "2026-06-17"))
}

func TestDefectsAboveTheEntitysOwnShareAreAGap(t *testing.T) {
	t.Parallel()
	share := func(events, defects int64) []hipaasmp.Gap {
		rec := certify(t, change(t, func(r *review.SourceReview) {
			r.Files, r.Outcomes, r.Families, r.Denials = nil, nil, nil, 0
			r.Events, r.Defects[0].Count = events, defects
		}), "2026-04-08")
		return gaps(t, on1(procedure(t), rec), march(), "2026-04-20", review.GapDefects)
	}
	require.Empty(t, share(990, 10), "ten of a thousand are allowed")
	got := share(989, 10)
	require.Len(t, got, 1)
	require.Equal(t, []string{"syntax: 10"}, got[0].Counted)
	require.Empty(t, share(1<<53-1, 1), "no sum overflows")
	require.Len(t, share(1, 1<<53-1), 1)
	p := with(t, func(x *review.Terms) { x.Limits.DefectsPerThousand = 0 })
	require.Empty(t, gaps(t, on1(p, record(t)), march(), "2026-04-20", review.GapDefects), "the entity set no limit")
}

func TestRawLogsThatExpireBeforeThePolicyAreAGap(t *testing.T) {
	t.Parallel()
	require.Empty(t, gaps(t, on1(procedure(t)), march(), "2026-04-20", review.GapRawLogs), "the log is archived")
	p := with(t, func(x *review.Terms) { x.Sources[0].Archive = "" })
	got := gaps(t, on1(p), march(), "2026-04-20", review.GapRawLogs)
	require.Len(t, got, 1)
	require.Contains(t, got[0].Missing, "90 days")
	p = with(t, func(x *review.Terms) { x.Sources[0].Archive, x.Sources[0].HorizonDays = "", 2192 })
	require.Empty(t, gaps(t, on1(p), march(), "2026-04-20", review.GapRawLogs))
	p = with(t, func(x *review.Terms) { x.Sources[0].Archive, x.Sources[0].HorizonDays = "", 0 })
	require.Empty(t, gaps(t, on1(p), march(), "2026-04-20", review.GapRawLogs), "an unknown horizon is not known to be short")
}

func TestAShorterTimeForRawLogsIsShownAndNotCalledLaw(t *testing.T) {
	t.Parallel()
	require.Empty(t, gaps(t, on1(procedure(t)), march(), "2026-04-20", review.GapShortRawLogs))
	p := with(t, func(x *review.Terms) {
		x.RawLogs = review.RawLogs{Years: 5, Authority: "Risk analysis of 2025"}
	})
	got := gaps(t, on1(p), march(), "2026-04-20", review.GapShortRawLogs)
	require.Len(t, got, 1)
	require.Contains(t, got[0].Missing, "not settled")
	require.Equal(t, []string{"stated authority: Risk analysis of 2025"}, got[0].Counted)
}

func TestALateReviewStaysVisible(t *testing.T) {
	t.Parallel()
	_, r := quiet(t, march(), "2026-04-20")
	got := gaps(t, on1(procedure(t), r), march(), "2026-05-01", review.GapLate)
	require.Len(t, got, 1)
	require.Contains(t, got[0].Missing, "6 days after it was due by the entity's own procedure")
	require.Empty(t, gaps(t, on1(procedure(t), record(t)), march(), "2026-05-01", review.GapLate))
}

func TestAKindOfActivityThatDoesNotOccurIsAGap(t *testing.T) {
	t.Parallel()
	rec := certify(t, change(t, func(r *review.SourceReview) {
		r.Families = []review.FamilyCount{{Family: activity.FamilyLogin, Count: 10}}
	}), "2026-04-08")
	got := gaps(t, on1(procedure(t), rec), march(), "2026-04-20", review.GapFamily)
	require.Len(t, got, 1, "a log of log-ins only")
	require.Equal(t, []string{"view"}, got[0].Counted)
	require.Empty(t, gaps(t, on1(procedure(t), record(t)), march(), "2026-04-20", review.GapFamily))
}

func TestIndependenceThatIsNotStatedOrWaivedIsAGap(t *testing.T) {
	t.Parallel()
	require.Empty(t, gaps(t, on1(procedure(t), record(t)), march(), "2026-04-20", review.GapIndependence))
	i := independence()
	i.Administrators = i.Administrators[:1]
	w := waiver()
	i.Waiver, i.Second = &w, second()
	self := hipaasmp.Actor{ID: official.ID, Role: hipaasmp.RoleSecurityOfficial}
	r, err := explained(t).Complete("r", self, official, on("2026-04-08"), may(), review.ExceptionsDisposed("I certify."), i)
	require.NoError(t, err)
	require.Len(t, gaps(t, on1(procedure(t), r), march(), "2026-04-20", review.GapIndependence), 2, "somebody from outside signed")
	r.Independence.Second = nil // such a record is refused, and is a gap where it was filed by another program
	requireFault(t, r.Validate(), hipaasmp.FaultSegregation, "/independence/second")
	got := gaps(t, on1(procedure(t), r), march(), "2026-04-20", review.GapIndependence)
	require.Len(t, got, 3)
	require.Equal(t, []string{"reviewer_certifies"}, got[0].Counted)
	require.Equal(t, []string{"helpdesk"}, got[1].Counted)
	require.Contains(t, got[2].Missing, "no person from outside")
}

func TestAReviewByAProcedureThatIsNotOnFileIsAGap(t *testing.T) {
	t.Parallel()
	other := func(r review.Records) []hipaasmp.Gap { return gaps(t, r, march(), "2026-04-20", review.GapOtherTerms) }
	require.Empty(t, other(on1(procedure(t), record(t))))
	ended, err := procedure(t).Supersede(day("2026-03-31"))
	require.NoError(t, err)
	require.Empty(t, other(on1(ended, record(t))), "that it ended later changes nothing")
	got := other(review.Records{Records: []review.Record{record(t)}})
	require.Len(t, got, 1)
	require.Contains(t, got[0].Missing, "not on file")
	got = other(on1(with(t, func(x *review.Terms) { x.Cadence.DueDays = 60 }), record(t)))
	require.Len(t, got, 1)
	require.Contains(t, got[0].Missing, "something else")
	before, err := procedure(t).Supersede(day("2026-02-28"))
	require.NoError(t, err)
	got = other(on1(before, record(t)))
	require.Len(t, got, 1)
	require.Contains(t, got[0].Missing, "on no day")
}

func TestAProcedureThatIsNotReviewedInItsOwnIntervalIsAGap(t *testing.T) {
	t.Parallel()
	p := procedure(t) // approved on 2025-12-15
	find := func(p review.Procedure, asOf string) []hipaasmp.Gap {
		return gaps(t, on1(p), march(), asOf, review.GapProcedureNotReviewed)
	}
	require.Empty(t, find(p, "2026-12-15"))
	require.Len(t, find(p, "2026-12-16"), 1)
	p, err := p.Review(official, day("2026-12-20"), "Nothing had to change.")
	require.NoError(t, err)
	require.Empty(t, find(p, "2026-12-20"))
	require.Len(t, find(p, "2026-12-19"), 1, "on that day it had not been reviewed yet")
	require.Len(t, find(p, "2027-12-21"), 1)
}

func TestADetectorThatWasNotRunIsAGap(t *testing.T) {
	t.Parallel()
	p := with(t, func(x *review.Terms) { x.Detectors = review.DetectorSet(detect.LogControl{}, detect.BreakGlass{}) })
	s, err := review.Open("s", clinic(), p, march(), reviewer, on("2026-04-01"))
	require.NoError(t, err)
	for _, r := range []review.SourceReview{log(march()), manual("ehr-access", march()), manual("tickets", march())} {
		s, err = s.WithSource(r)
		require.NoError(t, err)
	}
	got := gaps(t, on1(p, certify(t, s, "2026-04-08")), march(), "2026-04-20", review.GapDetectors)
	require.Len(t, got, 1)
	require.Len(t, got[0].Counted, 1)
	require.Contains(t, got[0].Counted[0], string(detect.IDBreakGlass))
	require.Empty(t, gaps(t, on1(procedure(t), record(t)), march(), "2026-04-20", review.GapDetectors))
}

func TestAnIncidentWithoutItsOutcomeIsAGap(t *testing.T) {
	t.Parallel()
	p := []review.Procedure{procedure(t)}
	find := func(r review.Records, asOf string) []hipaasmp.Gap {
		r.Procedures = p
		return gaps(t, r, march(), asOf, review.GapIncidentOpen)
	}
	open := review.Records{Incidents: []review.Incident{incident(t)}} // noticed on 3 April, 90 days
	require.Empty(t, find(open, "2026-07-02"))
	got := find(open, "2026-07-03")
	require.Len(t, got, 1)
	require.Equal(t, hipaasmp.CiteIncidentResponse, got[0].Citation)
	i, r := ended(t)
	got = find(review.Records{Incidents: []review.Incident{i}}, "2026-07-03")
	require.Len(t, got, 1)
	require.Contains(t, got[0].Missing, "final record")
	require.Empty(t, find(review.Records{Incidents: []review.Incident{i}}, "2026-04-09"), "it had not ended")
	require.Empty(t, find(review.Records{Incidents: []review.Incident{i}, IncidentRecords: []review.IncidentRecord{r}}, "2026-07-03"))
}

func TestRecordsThatCouldNotBeHadAreAGap(t *testing.T) {
	t.Parallel()
	rec := certify(t, without(t, review.GroundUnavailable), "2026-04-08")
	got := gaps(t, on1(procedure(t), rec), march(), "2026-04-20", review.GapUnavailable)
	require.Len(t, got, 1)
	require.Equal(t, "Get the records and correct the review.", got[0].Closes, "the archive has them")
	require.Empty(t, gaps(t, on1(procedure(t), rec), march(), "2026-04-20", review.GapNotReviewed), "the review itself was certified")
	rec.Procedure.Sources[0].Archive = ""
	got = gaps(t, on1(procedure(t), rec), march(), "2026-05-30", review.GapUnavailable)
	require.Contains(t, got[0].Closes, "by 2026-05-30")
	got = gaps(t, on1(procedure(t), rec), march(), "2026-05-31", review.GapUnavailable)
	require.Contains(t, got[0].Closes, "since 2026-05-31")
}
