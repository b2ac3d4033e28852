package review_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// told is what a month's review came to: exceptions by identity, detector, actor and what became of them.
type told struct{ id, detector, actor, end string }

// monthOf is the certified review of the month, with its exceptions disposed of as told.
func monthOf(t require.TestingT, period hipaasmp.Period, certified string, list ...told) review.Record {
	s := covered(t, period)
	at := on(period.To.AddDays(2).String())
	for _, x := range list {
		f := finding(x.id, x.actor)
		f.Detector = detect.ID(x.detector)
		var err error
		s, err = s.WithException(review.NewException("ehr-log", f))
		require.NoError(t, err)
		s, err = s.Triage(x.id, reviewer, at, "")
		require.NoError(t, err)
		if x.end != "explained" {
			s, err = s.Contact(x.id, reviewer, on(period.To.AddDays(4).String()), "The manager of the actor, w-002")
			require.NoError(t, err)
		}
		later := on(period.To.AddDays(5).String())
		switch x.end {
		case "explained":
			s, err = s.Explain(x.id, reviewer, later, review.ExplanationTreatment, "Asked for by the ward.")
		case "wrong":
			s, err = s.Explain(x.id, reviewer, later, review.ExplanationDetector, "The table was stale.")
		case "inconclusive":
			s, err = s.GiveUp(x.id, reviewer, later, "The host is gone.")
		default:
			s, err = s.Escalate(x.id, reviewer, later, "Taken to the case.", hipaasmp.Ref{Kind: "sanction.case", ID: x.end})
		}
		require.NoError(t, err)
	}
	statement := review.NoExceptions("I certify.")
	if len(list) > 0 {
		statement = review.ExceptionsDisposed("I certify.")
	}
	r, err := s.Complete("r-"+period.From.String(), reviewer, official, on(certified), may(), statement, independence())
	require.NoError(t, err)
	return r
}

// half is half a year: two months in time, one late, one overdue, one open and not due, one to come.
func half(t require.TestingT) review.Records {
	jan := monthOf(t, month("2026-01-01"), "2026-02-10", told{"x-1", "R8", "u-1", "case-1"}, told{"x-2", "R14", "u-2", "explained"}, told{"x-3", "R14", "u-3", "wrong"})
	feb := monthOf(t, month("2026-02-01"), "2026-03-20", told{"x-4", "R8", "u-1", "case-2"}, told{"x-5", "R14", "u-4", "inconclusive"}, told{"x-6", "R14", "u-5", "case-3"})
	mar := monthOf(t, month("2026-03-01"), "2026-04-12")
	mar.Sources[0].Access = &review.AccessCount{Accesses: 1000, Explained: 930}
	open := covered(t, month("2026-05-01"), review.NewException("ehr-log", finding("x-7", "u-6")))
	r := on1(procedure(t), jan, feb, mar)
	r.Sessions = []review.Session{open}
	return r
}

func TestFiguresOfHalfAYear(t *testing.T) {
	t.Parallel()
	asked := hipaasmp.Period{From: day("2026-01-01"), To: day("2026-06-30")}
	m := half(t).Measure(asked, day("2026-06-05"), review.MeasureOptions{UserMonths: 2400, Decided: []hipaasmp.Ref{{Kind: "sanction.case", ID: "case-1", Version: 4}, {Kind: "sanction.case", ID: "case-9"}}})
	require.Equal(t, "2 of 4", m.OnTime.String(), "May is open and not due, June runs")
	require.Equal(t, int64(1), m.Late)
	require.Equal(t, int64(1), m.Overdue)
	require.Equal(t, "6 of 12", m.Complete.String(), "three sources in January and March; February is late, April is missing")
	require.Equal(t, "0 of 0", m.Hours.String(), "no source has a schedule")
	require.Equal(t, "12 days, of 3", m.ToReview.String(), "10, 20 and 12 days")
	require.Equal(t, int64(7), m.Findings)
	require.Equal(t, "2.9", m.PerThousand.String())
	require.Equal(t, []review.DetectorFigures{
		{Detector: "R14", Raised: 4, Confirmed: 1, Explained: 1, Wrong: 1, Inconclusive: 1},
		{Detector: "R20", Raised: 1, Open: 1},
		{Detector: "R8", Raised: 2, Confirmed: 2},
	}, m.Detectors)
	require.Equal(t, "1 of 4", m.Detectors[0].Precision().String())
	require.Equal(t, "0 of 0", m.Detectors[1].Precision().String(), "an open one is not closed")
	require.Equal(t, review.Share{N: 5, Of: 7}, m.Contacted)
	require.Equal(t, "72 hours, of 5", m.ToContact.String())
	require.Equal(t, "1 of 2", m.Repeated.String(), "u-1 twice, u-5 once")
	require.Equal(t, "930 of 1000", m.Explained.String())
	require.Equal(t, []review.SourceFigures{{Source: "ehr-log", Unresolved: review.Share{N: 3, Of: 30}}}, m.Unresolved, "in what a person read nobody counted")
	require.Equal(t, "1 of 3", m.Sanctioned.String())
	require.Equal(t, "x-7", m.Oldest.ID)
	require.Equal(t, 4, m.Days)

	early := half(t).Measure(asked, day("2026-03-16"), review.MeasureOptions{})
	require.Equal(t, "1 of 2", early.OnTime.String(), "February had not been certified and was overdue")
	require.Equal(t, int64(1), early.Overdue)
	require.Nil(t, early.PerThousand, "unknown is no number")
	require.Nil(t, early.Oldest)
	require.Equal(t, int64(3), early.Findings)
	one := half(t).Measure(month("2026-02-01"), day("2026-06-05"), review.MeasureOptions{})
	require.Equal(t, int64(3), one.Findings)
	require.Equal(t, "0 of 1", one.OnTime.String())
	require.Equal(t, "unknown, of 0", review.Records{}.Measure(asked, day("2026-06-05"), review.MeasureOptions{}).ToReview.String())
	require.Zero(t, review.Records{}.Measure(hipaasmp.Period{}, hipaasmp.Date{}, review.MeasureOptions{}).OnTime.Of)
}

func TestFiguresCountExpectedHours(t *testing.T) {
	t.Parallel()
	p := watched(t, review.AlwaysOn())
	source, _ := p.Source("ehr-log")
	x, err := timed(t, p, review.CountHours(source, march(), chicago(), everyHour(march(), 9)))
	require.NoError(t, err)
	require.Equal(t, review.Share{N: 743 - 72, Of: 743}, on1(p, x).Measure(march(), day("2026-04-20"), review.MeasureOptions{}).Hours)
}

func TestUserMonthsCountPersonsByMonth(t *testing.T) {
	t.Parallel()
	e := clinic()
	e.Workforce[0].Member = hipaasmp.Period{From: day("2026-02-28"), To: day("2026-03-01")}
	require.Equal(t, int64(4*3+2), review.UserMonths(e, hipaasmp.Period{From: day("2026-01-15"), To: day("2026-03-31")}))
	require.Zero(t, review.UserMonths(e, hipaasmp.Period{From: day("2026-01-15")}))
	require.Zero(t, review.UserMonths(e, hipaasmp.Period{}))
}

func TestAccessesThatRelationsExplainAreCounted(t *testing.T) {
	t.Parallel()
	patients := func(ids ...string) (out []activity.Patient) {
		for _, id := range ids {
			out = append(out, activity.Patient{ID: id})
		}
		return out
	}
	one, two := review.AccessWatch{}.New(), review.AccessWatch{}.New()
	one.Add(activity.Event{Source: "s", Outcome: activity.OutcomeSuccess, Patients: patients("p-1", "p-2")})
	one.Add(activity.Event{Source: "s", Outcome: activity.OutcomeDenied, Patients: patients("p-1")})
	one.Add(activity.Event{Source: "s", Outcome: activity.OutcomeSuccess})
	two.Add(activity.Event{Source: "t", Outcome: activity.OutcomeSuccess, Patients: patients("p-3")})
	require.NoError(t, one.Merge(two))
	b, err := one.Encode()
	require.NoError(t, err)
	require.Equal(t, `{"s":2,"t":1}`, string(b))
	back, err := review.AccessWatch{}.Decode(b)
	require.NoError(t, err)
	require.Empty(t, back.Findings())
	for _, bad := range []string{"", "null", `{"s":0}`, `{"s":-1}`, `{"s": 1}`, `[]`} {
		_, err := review.AccessWatch{}.Decode([]byte(bad))
		var state *detect.StateError
		require.ErrorAs(t, err, &state, bad)
	}
	require.Error(t, one.Merge(review.HourWatch{}.New()))
	s := change(t, func(r *review.SourceReview) { r.Access = &review.AccessCount{Accesses: 5, Explained: 5} })
	s.Sources[0].Access.Explained = 6
	requireFault(t, s.Validate(), review.FaultCounts, "/sources/0/access/explained")
}

func TestAContactNamesWhomItAsked(t *testing.T) {
	t.Parallel()
	s := covered(t, march(), exception("x-1"))
	s, err := s.Triage("x-1", reviewer, on("2026-04-02"), "")
	require.NoError(t, err)
	_, err = s.Contact("x-1", reviewer, on("2026-04-03"), "")
	requireFault(t, err, review.FaultIncomplete, "/exceptions/0/history/1/note")
	_, err = s.Contact("x-1", program, on("2026-04-03"), "w-009, by mail")
	requireFault(t, err, review.FaultProgram, "/exceptions/0/history/1/by")
	s, err = s.Contact("x-1", reviewer, on("2026-04-03"), "w-009, by mail")
	require.NoError(t, err)
	roundTrip(t, s)
}

func ExampleRecords_Measure() {
	r := half(printed{})
	m := r.Measure(hipaasmp.Period{From: hipaasmp.Day(2026, 1, 1), To: hipaasmp.Day(2026, 6, 30)}, hipaasmp.Day(2026, 6, 5), review.MeasureOptions{UserMonths: 2400})
	fmt.Println("certified in time:", m.OnTime)
	fmt.Println("from the end of the period to the certification:", m.ToReview)
	fmt.Println("findings per 1,000 user-months:", m.PerThousand, "by", m.Findings, "in", m.UserMonths)
	for _, d := range m.Detectors {
		fmt.Println(d.Detector, "confirmed", d.Precision(), "closed")
	}
	// Output:
	// certified in time: 2 of 4
	// from the end of the period to the certification: 12 days, of 3
	// findings per 1,000 user-months: 2.9 by 7 in 2400
	// R14 confirmed 1 of 4 closed
	// R20 confirmed 0 of 0 closed
	// R8 confirmed 2 of 2 closed
}

// printed stands for a test in an example: what fails there ends it.
type printed struct{}

func (printed) Errorf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (printed) FailNow()                          { panic("failed") }
