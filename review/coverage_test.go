package review_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// certify makes a record of March from a session, on the day.
func certify(t require.TestingT, s review.Session, certified string) review.Record {
	r, err := s.Complete("r-"+s.ID, reviewer, official, on(certified), may(), review.NoExceptions("I certify."), independence())
	require.NoError(t, err)
	return r
}

// change is covered with the review of the log changed.
func change(t require.TestingT, f func(*review.SourceReview)) review.Session {
	r := log(march())
	f(&r)
	s, err := open(t, march()).WithSource(r)
	require.NoError(t, err)
	for _, id := range []string{"ehr-access", "tickets"} {
		s, err = s.WithSource(manual(id, march()))
		require.NoError(t, err)
	}
	return s
}

// without is a session whose log was not reviewed, on the ground.
func without(t require.TestingT, g review.Ground) review.Session {
	s, err := open(t, march()).WithoutSource("ehr-log", g, "As decided.")
	require.NoError(t, err)
	for _, id := range []string{"ehr-access", "tickets"} {
		s, err = s.WithSource(manual(id, march()))
		require.NoError(t, err)
	}
	return s
}

func TestCellsOfAMonth(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		record func(t require.TestingT) []review.Record
		asOf   string
		want   review.Status
		login  review.Status
	}{
		"certified in time": {func(t require.TestingT) []review.Record {
			return []review.Record{certify(t, covered(t, march()), "2026-04-14")}
		}, "2026-04-20", review.StatusComplete, review.StatusComplete},
		"certified late": {func(t require.TestingT) []review.Record {
			return []review.Record{certify(t, covered(t, march()), "2026-04-15")}
		}, "2026-04-20", review.StatusLate, review.StatusLate},
		"certified after the day that is asked of": {func(t require.TestingT) []review.Record {
			return []review.Record{certify(t, covered(t, march()), "2026-04-20")}
		}, "2026-04-19", review.StatusMissing, review.StatusMissing},
		"nothing, and overdue":   {func(require.TestingT) []review.Record { return nil }, "2026-04-15", review.StatusMissing, review.StatusMissing},
		"nothing, and due today": {func(require.TestingT) []review.Record { return nil }, "2026-04-14", review.StatusNotDue, review.StatusNotDue},
		"the month still runs":   {func(require.TestingT) []review.Record { return nil }, "2026-03-15", review.StatusNotDue, review.StatusNotDue},
		"capability unknown": {func(t require.TestingT) []review.Record {
			return []review.Record{certify(t, change(t, func(r *review.SourceReview) { r.Capability = review.Capability{State: review.CapabilityUnknown} }), "2026-04-08")}
		}, "2026-04-20", review.StatusUnknown, review.StatusUnknown},
		"capability disabled": {func(t require.TestingT) []review.Record {
			return []review.Record{certify(t, change(t, func(r *review.SourceReview) { r.Capability.State = review.CapabilityDisabled }), "2026-04-08")}
		}, "2026-04-20", review.StatusPartial, review.StatusPartial},
		"recording off for two days": {func(t require.TestingT) []review.Record {
			return []review.Record{certify(t, change(t, func(r *review.SourceReview) {
				r.Capability.Gaps = []hipaasmp.Period{{From: day("2026-03-10"), To: day("2026-03-11")}}
			}), "2026-04-08")}
		}, "2026-04-20", review.StatusPartial, review.StatusPartial},
		"an empty log": {func(t require.TestingT) []review.Record {
			return []review.Record{certify(t, change(t, func(r *review.SourceReview) {
				*r = review.SourceReview{Source: r.Source, Method: r.Method, Capability: r.Capability}
			}), "2026-04-08")}
		}, "2026-04-20", review.StatusUnknown, review.StatusUnknown},
		"log-ins that nobody logged": {func(t require.TestingT) []review.Record {
			return []review.Record{certify(t, change(t, func(r *review.SourceReview) {
				r.Families = []review.FamilyCount{{Family: activity.FamilyView, Count: 10}}
			}), "2026-04-08")}
		}, "2026-04-20", review.StatusComplete, review.StatusUnknown},
		"not counted by kind": {func(t require.TestingT) []review.Record {
			return []review.Record{certify(t, change(t, func(r *review.SourceReview) { r.Families = nil }), "2026-04-08")}
		}, "2026-04-20", review.StatusComplete, review.StatusUnknown},
		"waived": {func(t require.TestingT) []review.Record {
			return []review.Record{certify(t, without(t, review.GroundWaived), "2026-04-08")}
		}, "2026-04-20", review.StatusWaived, review.StatusWaived},
		"nothing there": {func(t require.TestingT) []review.Record {
			return []review.Record{certify(t, without(t, review.GroundNotExpected), "2026-04-08")}
		}, "2026-04-20", review.StatusNotExpected, review.StatusNotExpected},
		"not to be had": {func(t require.TestingT) []review.Record {
			return []review.Record{certify(t, without(t, review.GroundUnavailable), "2026-04-08")}
		}, "2026-04-20", review.StatusMissing, review.StatusMissing},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := review.Records{Procedures: []review.Procedure{procedure(t)}, Records: c.record(t)}
			table := r.Coverage(march(), day(c.asOf))
			require.Len(t, table.Cells, 5, "three sources, and two kinds of activity of the log")
			cell, ok := table.Cell(day("2026-03-15"), "ehr-log", "")
			require.True(t, ok)
			require.Equal(t, c.want, cell.Status, cell.Reason)
			require.NotEmpty(t, cell.Reason)
			login, ok := table.Cell(day("2026-03-15"), "ehr-log", activity.FamilyLogin)
			require.True(t, ok)
			require.Equal(t, c.login, login.Status, login.Reason)
		})
	}
}

func TestAMonthWithoutAProcedureIsUnknownAndNeverGreen(t *testing.T) {
	t.Parallel()
	r := review.Records{Procedures: []review.Procedure{procedure(t)}}
	cell, ok := r.Coverage(month("2025-12-01"), day("2026-04-20")).Cell(day("2025-12-15"), "ehr-log", "")
	require.True(t, ok)
	require.Equal(t, review.StatusUnknown, cell.Status)
	r.Operating = []hipaasmp.Period{{From: day("2026-01-01")}}
	cell, _ = r.Coverage(month("2025-12-01"), day("2026-04-20")).Cell(day("2025-12-15"), "ehr-log", "")
	require.Equal(t, review.StatusNotExpected, cell.Status, "the entity was not in operation")
	require.Empty(t, r.Coverage(month("2025-12-01"), day("2026-04-20")).Overdue)
}

func TestASourceIsExpectedWhileItIsInUse(t *testing.T) {
	t.Parallel()
	x := terms()
	x.Sources[0].InUse = hipaasmp.Period{From: day("2026-03-20"), To: day("2026-04-10")}
	p, err := x.Approve(issue("p", "1", "2026-01-01"), manager, day("2025-12-15"), may())
	require.NoError(t, err)
	r := review.Records{Procedures: []review.Procedure{p}}
	for date, want := range map[string]struct {
		status review.Status
		days   int
	}{"2026-02-01": {review.StatusNotExpected, 0}, "2026-03-01": {review.StatusMissing, 12}, "2026-04-01": {review.StatusMissing, 10}, "2026-05-01": {review.StatusNotExpected, 0}} {
		cell, ok := r.Coverage(month(date), day("2026-09-01")).Cell(day(date), "ehr-log", "")
		require.True(t, ok)
		require.Equal(t, want.status, cell.Status, date)
		require.Equal(t, want.days, cell.Expected, date)
	}
}

func TestWeeklyRecordsAddUpToAMonth(t *testing.T) {
	t.Parallel()
	x := terms()
	x.Cadence = review.Cadence{Unit: review.UnitWeek, Every: 1, DueDays: 3}
	p, err := x.Approve(issue("p", "1", "2026-01-01"), manager, day("2025-12-15"), may())
	require.NoError(t, err)
	r := review.Records{Procedures: []review.Procedure{p}}
	for _, monday := range []string{"2026-02-23", "2026-03-02", "2026-03-09", "2026-03-16"} {
		period := p.Cadence.Period(day(monday))
		s, err := review.Open("s-"+monday, clinic(), p, period, reviewer, on(period.To.AddDays(1).String()))
		require.NoError(t, err)
		l := log(period)
		s, err = s.WithSource(l)
		require.NoError(t, err)
		for _, id := range []string{"ehr-access", "tickets"} {
			s, err = s.WithSource(manual(id, period))
			require.NoError(t, err)
		}
		r.Records = append(r.Records, certify(t, s, period.To.AddDays(2).String()))
	}
	cell := func(asOf string) review.Cell {
		c, ok := r.Coverage(march(), day(asOf)).Cell(day("2026-03-01"), "ehr-log", "")
		require.True(t, ok)
		return c
	}
	c := cell("2026-04-01")
	require.Equal(t, review.StatusNotDue, c.Status, "the week of 23 March was due on 1 April, the last is to come")
	require.Equal(t, 22, c.Covered)
	require.Len(t, c.Refs, 4)
	require.Equal(t, day("2026-04-01"), c.Due)
	require.Equal(t, review.StatusPartial, cell("2026-04-02").Status)
}

func TestASupersededRecordDoesNotCount(t *testing.T) {
	t.Parallel()
	wrong := certify(t, covered(t, march()), "2026-04-08")
	unknown := change(t, func(r *review.SourceReview) { r.Capability = review.Capability{State: review.CapabilityUnknown} })
	right, err := unknown.Correct("r-right", wrong, "Nobody had checked.", reviewer, official, on("2026-04-20"), may(), review.NoExceptions("I certify."), independence())
	require.NoError(t, err)
	r := review.Records{Procedures: []review.Procedure{procedure(t)}, Records: []review.Record{wrong, right}}
	status := func(asOf string) review.Status {
		c, _ := r.Coverage(march(), day(asOf)).Cell(day("2026-03-01"), "ehr-log", "")
		return c.Status
	}
	require.Equal(t, review.StatusComplete, status("2026-04-19"), "the correction had not been made")
	require.Equal(t, review.StatusUnknown, status("2026-04-20"))

	late, err := covered(t, march()).Correct("r-late", wrong, "A name was misspelt.", reviewer, official, on("2026-05-20"), may(), review.NoExceptions("I certify."), independence())
	require.NoError(t, err)
	r.Records[1] = late
	c, _ := r.Coverage(march(), day("2026-05-21")).Cell(day("2026-03-01"), "ehr-log", "")
	require.Equal(t, review.StatusLate, c.Status)
	require.Contains(t, c.Reason, "It corrects what was first certified on 2026-04-08, in time.")
}

func TestCoverageIsCutToWhatIsAsked(t *testing.T) {
	t.Parallel()
	r := review.Records{Procedures: []review.Procedure{procedure(t)}}
	c := r.Coverage(hipaasmp.Period{}, day("2026-03-15"))
	require.Equal(t, hipaasmp.Period{From: day("2026-01-01"), To: day("2026-03-15")}, c.Asked)
	require.Len(t, c.Cells, 15)
	require.Equal(t, day("2026-03-15"), c.Cells[14].Month.To)
	c = r.Coverage(hipaasmp.Period{From: day("0001-01-01"), To: day("9999-12-31")}, day("2026-03-15"))
	require.Equal(t, day("9899-12-31"), c.Asked.From)
}

func TestRaisedListsWhereExceptionsWentOn(t *testing.T) {
	t.Parallel()
	s := covered(t, march(), exception("x-1"))
	s, err := s.Triage("x-1", reviewer, on("2026-04-02"), "")
	require.NoError(t, err)
	to := []hipaasmp.Ref{{Kind: review.KindIncident, ID: "i-1"}, {Kind: "sanction.case", ID: "case-1"}}
	s, err = s.Escalate("x-1", reviewer, on("2026-04-03"), "Not planned by anybody.", to[0], to[1])
	require.NoError(t, err)
	rec, err := s.Complete("r-1", reviewer, official, on("2026-04-08"), may(), review.ExceptionsDisposed("I certify."), independence())
	require.NoError(t, err)
	require.Contains(t, rec.Citations(), hipaasmp.CiteIncidentResponse)
	r := review.Records{Sessions: []review.Session{s}, Records: []review.Record{rec}}
	require.Equal(t, []review.Raised{{Record: s.DocumentRef(), Exception: "x-1", To: to[0]}, {Record: s.DocumentRef(), Exception: "x-1", To: to[1]}}, r.Raised(day("2026-04-07")))
	require.Equal(t, []review.Raised{{Record: rec.DocumentRef(), Exception: "x-1", To: to[0]}, {Record: rec.DocumentRef(), Exception: "x-1", To: to[1]}}, r.Raised(day("2026-04-08")))
}

func TestAKindOfActivityThatIsKnownToBeRecordedNeedsNoEvent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		state review.CapabilityState
		want  review.Status
		gap   hipaasmp.GapCode
	}{{review.CapabilityEnabled, review.StatusComplete, ""}, {review.CapabilityDisabled, review.StatusPartial, review.GapCapability}, {review.CapabilityUnknown, review.StatusUnknown, review.GapFamily}} {
		s := change(t, func(r *review.SourceReview) {
			r.Families = []review.FamilyCount{{Family: activity.FamilyView, Count: 10}}
			x := review.FamilyCapability{Family: activity.FamilyLogin, State: c.state, Checked: day("2026-04-01")}
			if c.state == review.CapabilityUnknown {
				x.Checked = hipaasmp.Date{}
			}
			r.Capability.Families = []review.FamilyCapability{x}
		})
		roundTrip(t, s)
		r := on1(procedure(t), certify(t, s, "2026-04-08"))
		cell, ok := r.Coverage(march(), day("2026-04-20")).Cell(day("2026-03-15"), "ehr-log", activity.FamilyLogin)
		require.True(t, ok)
		require.Equal(t, c.want, cell.Status, cell.Reason)
		require.Equal(t, c.gap != "", len(gaps(t, r, march(), "2026-04-20", review.GapFamily)) > 0)
		require.Equal(t, c.gap != "", len(gaps(t, r, march(), "2026-04-20", review.GapCapability)) > 0)
	}
	s := change(t, func(*review.SourceReview) {})
	s.Sources[0].Capability.Families = []review.FamilyCapability{{Family: activity.FamilyUnknown, State: review.CapabilityEnabled}, {Family: activity.FamilyView, State: review.CapabilityUnknown, Checked: day("2026-04-01")}, {Family: activity.FamilyView, State: review.CapabilityUnknown}}
	requireFault(t, s.Validate(), review.FaultCapability, "/sources/0/capability/families/0/family", "/sources/0/capability/families/0/checked", "/sources/0/capability/families/1/checked")
	requireFault(t, s.Validate(), hipaasmp.FaultIdentity, "/sources/0/capability/families/2")
}
