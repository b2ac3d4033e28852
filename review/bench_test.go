package review_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// year is a year of monthly reviews of so many sources, each with a schedule, counted hours and kinds of activity.
func year(t require.TestingT, sources int) review.Records {
	p := with(t, func(x *review.Terms) {
		first := x.Sources[0]
		x.Cadence = review.DefaultTerms().Cadence
		x.Cadence.Business = review.MondayToFriday(day("2027-12-31"), review.FederalHolidays(2026, 2027)...)
		x.Sources, x.Detectors = nil, nil
		for i := range sources {
			s := first
			s.ID, s.Expected = fmt.Sprintf("log-%03d", i), review.AlwaysOn()
			x.Sources = append(x.Sources, s)
		}
	})
	out := review.Records{Procedures: []review.Procedure{p}}
	for i := range 12 {
		period := hipaasmp.Month(day("2026-01-01").AddMonths(i))
		s, err := review.Open(fmt.Sprintf("s-%d", i), clinic(), p, period, reviewer, on(period.To.AddDays(1).String()))
		require.NoError(t, err)
		r, err := complete(t, s, period, sources)
		require.NoError(t, err)
		out.Records = append(out.Records, r)
	}
	return out
}

func complete(t require.TestingT, s review.Session, period hipaasmp.Period, sources int) (review.Record, error) {
	for i := range sources {
		r := log(period)
		r.Source, r.Detectors = fmt.Sprintf("log-%03d", i), nil
		source, _ := s.Procedure.Source(r.Source)
		r.Hours = review.CountHours(source, period, chicago(), everyHour(period, 7))
		s.Sources = append(s.Sources, r)
	}
	return s.Complete("r-"+s.ID, reviewer, official, on(period.To.AddDays(5).String()), may(), review.NoExceptions("I certify."), independence())
}

// everyHour has an entry in every hour of the period but those of every so many-th day.
func everyHour(period hipaasmp.Period, but int) *review.HourSet {
	set := &review.HourSet{}
	for d := period.From; !d.After(period.To); d = d.AddDays(1) {
		if d.Day()%but == 0 {
			continue
		}
		for at := d.StartIn(chicago()); at.Before(d.AddDays(1).StartIn(chicago())); at = at.Add(1800e9) {
			set.Entry(at)
		}
	}
	return set
}

// BenchmarkCoverageOfAYear computes the table of 12 months and 200 sources.
func BenchmarkCoverageOfAYear(b *testing.B) {
	r := year(b, 200)
	asked := hipaasmp.Period{From: day("2026-01-01"), To: day("2026-12-31")}
	for b.Loop() {
		if n := len(r.Coverage(asked, day("2027-01-20")).Cells); n != 12*200*3 {
			b.Fatal(n)
		}
	}
}

// BenchmarkRoundsOfAYear computes the periods of a weekly round over 200 sources in a year, beside the table.
func BenchmarkRoundsOfAYear(b *testing.B) {
	r := year(b, 200)
	r.Procedures[0].Detectors, r.Procedures[0].Rounds = review.DetectorSet(detect.LogControl{}), []review.Round{review.DefaultRound()}
	asked := hipaasmp.Period{From: day("2026-01-01"), To: day("2026-12-31")}
	for b.Loop() {
		if n := len(r.Coverage(asked, day("2027-01-20")).Overdue); n < 52 {
			b.Fatal(n)
		}
	}
}
