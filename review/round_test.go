package review_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// rounded is the procedure with the round that DefaultTerms ships: weekly, due two business days after.
func rounded(t require.TestingT) review.Procedure {
	return with(t, func(x *review.Terms) { x.Rounds = review.DefaultTerms().Rounds })
}

// week is the review of the log of a week, in a session for the round.
func week(t require.TestingT, p review.Procedure, period hipaasmp.Period, exceptions ...review.Exception) review.Session {
	s, err := review.OpenRound("s-"+period.From.String(), clinic(), p, "watch", period, reviewer, on(period.To.AddDays(1).String()))
	require.NoError(t, err)
	s, err = s.WithSource(log(period), exceptions...)
	require.NoError(t, err)
	return s
}

func round(t require.TestingT, s review.Session, certified string) review.Record {
	statement := review.NoExceptions("I certify the round.")
	if len(s.Exceptions) > 0 {
		statement = review.ExceptionsDisposed("I certify the round.")
	}
	r, err := s.Complete("r-"+s.ID, reviewer, official, on(certified), may(), statement, independence())
	require.NoError(t, err)
	return r
}

func from(first, last string) hipaasmp.Period {
	return hipaasmp.Period{From: day(first), To: day(last)}
}

func TestTheShippedProcedureRunsWhatCannotWaitWeekly(t *testing.T) {
	t.Parallel()
	terms := review.DefaultTerms()
	require.Equal(t, review.UnitMonth, terms.Cadence.Unit)
	require.Len(t, terms.Rounds, 1)
	require.Equal(t, []detect.ID{"R8", "R10", "R11", "R20", "C1", "C2", "C3", "C4"}, terms.Rounds[0].Detectors)
	require.Equal(t, review.UnitWeek, terms.Rounds[0].Cadence.Unit)
	p := terms.Rounds[0].Cadence.Period(day("2026-03-04"))
	require.Equal(t, from("2026-03-02", "2026-03-08"), p)
	require.Equal(t, day("2026-03-10"), terms.Rounds[0].Cadence.Due(p), "the Tuesday after")
}

func TestARoundMayBeDaily(t *testing.T) {
	t.Parallel()
	daily := review.Cadence{Unit: review.UnitDay, Every: 1, DueDays: 1, Business: review.MondayToFriday(hipaasmp.Date{})}
	require.Equal(t, from("2026-03-06", "2026-03-06"), daily.Period(day("2026-03-06")))
	require.Equal(t, day("2026-03-09"), daily.Due(daily.Period(day("2026-03-06"))), "a Friday is looked at on Monday")
	require.Equal(t, from("2026-03-06", "2026-03-07"), review.Cadence{Unit: review.UnitDay, Every: 2}.Period(day("2026-03-06")))
	p := with(t, func(x *review.Terms) {
		x.Rounds = []review.Round{{ID: "daily", Detectors: []detect.ID{detect.IDLogControl}, Cadence: daily}}
	})
	list := on1(p).Rounds(march(), day("2026-03-05"))
	require.Len(t, list, 5)
	require.True(t, list[2].Overdue(day("2026-03-05")), "Tuesday's was due on Wednesday")
	require.False(t, list[3].Overdue(day("2026-03-05")), "Wednesday's is due today")
}

// A round is asked of the audit logs alone, is measured by its own cadence, and stands for no review of everything.
func TestARoundIsMeasuredByItsOwnCadence(t *testing.T) {
	t.Parallel()
	p := rounded(t)
	first := from("2026-03-02", "2026-03-08")
	s := week(t, p, first)
	require.Empty(t, s.Missing(), "reports and tickets wait for the month")
	inTime, late := round(t, s, "2026-03-10"), round(t, s, "2026-03-11")
	require.False(t, inTime.Timeliness.Late())
	require.True(t, late.Timeliness.Late())
	require.Equal(t, 1, late.Timeliness.DaysLate)
	roundTrip(t, s)
	roundTrip(t, inTime)

	cell, _ := on1(p, inTime).Coverage(march(), day("2026-04-20")).Cell(day("2026-03-04"), "ehr-log", "")
	require.Equal(t, review.StatusMissing, cell.Status, "a round is no review of the month")
	require.Empty(t, gaps(t, on1(p, inTime), first, "2026-03-12", review.GapNotReviewed))
	require.Empty(t, gaps(t, on1(p, inTime), first, "2026-03-12", review.GapLate))
	require.Empty(t, gaps(t, on1(p, inTime), first, "2026-03-12", review.GapDetectors), "it runs what the round asks for")
	require.Empty(t, gaps(t, on1(p, inTime), first, "2026-03-12", review.GapFamily), "of a week nobody expects every kind of activity")
	got := gaps(t, on1(p, late), first, "2026-03-12", review.GapLate)
	require.Len(t, got, 1)
	require.Equal(t, `The round "watch" of 2026-03-02 to 2026-03-08 was certified on 2026-03-11, 1 days after it was due by the entity's own procedure.`, got[0].Missing)

	other := s
	other.Sources = nil
	_, err := other.Complete("r", reviewer, official, on("2026-03-10"), may(), review.NoExceptions("x"), independence())
	requireFault(t, err, review.FaultUncovered, "/sources")
	_, err = review.OpenRound("s", clinic(), p, "patrol", first, reviewer, on("2026-03-09"))
	requireFault(t, err, review.FaultCadence, "/round")
	_, err = review.OpenRound("s", clinic(), p, "", first, reviewer, on("2026-03-09"))
	requireFault(t, err, review.FaultCadence, "/round")
}

func TestARoundThatIsNotHeldIsOverdueByTheProcedure(t *testing.T) {
	t.Parallel()
	p := rounded(t)
	asked := from("2026-03-02", "2026-03-22")
	held := round(t, week(t, p, from("2026-03-09", "2026-03-15")), "2026-03-17")
	r := on1(p, held)
	list := r.Rounds(asked, day("2026-03-20"))
	require.Len(t, list, 3)
	require.Equal(t, []bool{true, false, false}, []bool{list[0].Overdue(day("2026-03-20")), list[1].Overdue(day("2026-03-20")), list[2].Overdue(day("2026-03-20"))})
	require.Equal(t, "ehr-log", list[0].Missing[0].ID)
	require.Equal(t, []detect.ID{"R20"}, list[0].Detectors, "those that the procedure runs")
	require.Equal(t, []hipaasmp.Ref{held.DocumentRef()}, list[1].Refs)
	require.Empty(t, list[1].Missing)
	overdue := r.Coverage(asked, day("2026-03-20")).Overdue
	require.Len(t, overdue, 1)
	require.Equal(t, `The round "watch" of 2026-03-02 to 2026-03-08 was due on 2026-03-10 by the entity's own procedure, version 2026-1; it is overdue by policy by 10 days.`, overdue[0].String())
	got := gaps(t, r, asked, "2026-03-20", review.GapNotReviewed)
	require.Len(t, got, 1)
	require.Equal(t, day("2026-03-11"), got[0].Since)
	require.Contains(t, got[0].Counted, "detector R20")
	m := r.Measure(asked, day("2026-03-20"), review.MeasureOptions{})
	require.Equal(t, "1 of 2", m.Rounds.String(), "the third is not due")
	require.Zero(t, m.OnTime.Of, "the month is not due")

	// An open session for the round is named, one for the month is not.
	r.Sessions = []review.Session{week(t, p, from("2026-03-02", "2026-03-08")), open(t, march())}
	got = gaps(t, r, asked, "2026-03-20", review.GapNotReviewed)
	require.Len(t, got[0].Refs, 2)
	require.Equal(t, "s-2026-03-02", got[0].Refs[1].ID)

	// The review of the month runs the detectors over every week, too late for the rounds.
	s, err := review.Open("s", clinic(), p, march(), reviewer, on("2026-04-01"))
	require.NoError(t, err)
	for _, x := range []review.SourceReview{log(march()), manual("ehr-access", march()), manual("tickets", march())} {
		s, err = s.WithSource(x)
		require.NoError(t, err)
	}
	r = on1(p, held, certify(t, s, "2026-04-08"))
	require.Empty(t, r.Coverage(asked, day("2026-04-20")).Overdue)
	late := gaps(t, r, asked, "2026-04-20", review.GapLate)
	require.Len(t, late, 2, "the first week and the third; the second was held")
	require.Contains(t, late[0].Missing, `The detectors of the round "watch" of 2026-03-02 to 2026-03-08 were run by a review that was certified on 2026-04-08, 29 days after`)
	require.Equal(t, "1 of 3", r.Measure(asked, day("2026-04-20"), review.MeasureOptions{}).Rounds.String())

	// A version of a detector that the procedure does not run holds no round.
	held.Sources[0].Detectors[0].Version = 9
	require.Len(t, on1(p, held).Coverage(asked, day("2026-03-20")).Overdue, 2)
	p.Rounds[0].Cadence.Every = 0
	require.Empty(t, on1(p).Rounds(asked, day("2026-03-20")), "a cadence that no document may have asks for nothing")
	require.Nil(t, on1(procedure(t)).Rounds(asked, day("2026-03-20")), "a procedure without rounds asks for none")
	require.Nil(t, on1(p).Rounds(hipaasmp.Period{From: day("2026-03-09"), To: day("2026-03-08")}, day("2026-03-20")))
}

// What a round disposed of is not looked at again: the review of the month repeats the disposition, and says where it is from.
func TestWhatARoundDisposedOfIsSettledInTheMonth(t *testing.T) {
	t.Parallel()
	p := rounded(t)
	s := week(t, p, from("2026-03-02", "2026-03-08"), exception("x-1"))
	s, err := s.Triage("x-1", reviewer, on("2026-03-09"), "")
	require.NoError(t, err)
	s, err = s.Escalate("x-1", reviewer, on("2026-03-09"), "An incident.", hipaasmp.Ref{Kind: review.KindIncident, ID: "i-1"}, hipaasmp.Ref{Kind: review.KindBreachAssessment, ID: "b-1"})
	require.NoError(t, err)
	s.Exceptions[0].Seen = on("2026-03-09")
	held := round(t, s, "2026-03-10")

	m := covered(t, march(), exception("x-1"), exception("x-2"))
	m.Procedure = p.Extract()
	m, err = m.SettleBy("x-1", reviewer, on("2026-04-02"), held)
	require.NoError(t, err)
	e, _ := m.Exception("x-1")
	require.Equal(t, review.ExceptionIncident, e.State)
	require.Equal(t, held.Exceptions[0].Disposition.Refs, e.Disposition.Refs)
	require.Equal(t, held.DocumentRef(), *e.Disposition.Earlier)
	require.Equal(t, reviewer, e.Disposition.By)
	require.Equal(t, on("2026-03-09"), e.Seen, "it came to notice with the round")
	roundTrip(t, m)
	_, err = m.SettleBy("x-2", reviewer, on("2026-04-02"), held)
	requireFault(t, err, hipaasmp.FaultDangling, "/exceptions")
	whole := record(t)
	_, err = m.SettleBy("x-1", reviewer, on("2026-04-02"), whole)
	requireFault(t, err, hipaasmp.FaultDangling, "/exceptions")
	bad := m
	bad.Exceptions = []review.Exception{e}
	bad.Exceptions[0].Disposition.Earlier = &hipaasmp.Ref{Kind: review.KindSession, ID: "s"}
	requireFault(t, bad.Validate(), hipaasmp.FaultDangling, "/exceptions/0/disposition/earlier/kind")
	e.Disposition.Earlier.Kind, e.Disposition.Earlier.ID = review.KindRecord, held.ID

	r := on1(p, held)
	r.Sessions = []review.Session{m}
	require.Equal(t, int64(2), r.Measure(march(), day("2026-04-20"), review.MeasureOptions{}).Findings, "x-1 once, x-2")
}
