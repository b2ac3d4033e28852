package review_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
)

func days(list ...string) (out []hipaasmp.Date) {
	for _, s := range list {
		out = append(out, day(s))
	}
	return out
}

// The holidays of 5 U.S.C. 6103(a), on the days on which they are observed.
func TestFederalHolidaysAreThoseOfTheLaw(t *testing.T) {
	t.Parallel()
	require.Equal(t, days("2026-01-01", "2026-01-19", "2026-02-16", "2026-05-25", "2026-06-19", "2026-07-03", "2026-09-07", "2026-10-12", "2026-11-11", "2026-11-26", "2026-12-25"),
		review.FederalHolidays(2026, 2026), "the fourth of July is a Saturday")
	require.Equal(t, days("2021-01-01", "2021-01-18", "2021-02-15", "2021-05-31", "2021-06-18", "2021-07-05", "2021-09-06", "2021-10-11", "2021-11-11", "2021-11-25", "2021-12-24", "2021-12-31"),
		review.FederalHolidays(2019, 2021), "New Year of 2022 is a Saturday and is observed in 2021")
	require.Len(t, review.FederalHolidays(2022, 2022), 10)
	require.Equal(t, days("2023-01-02"), review.FederalHolidays(2023, 2023)[:1], "a Sunday is observed on the Monday")
	require.Empty(t, review.FederalHolidays(2027, 2026))
	require.Empty(t, review.FederalHolidays(1990, 2020))
}

// Ten business days after the end of the month, in the entity's own days and around its holidays.
func TestAReviewIsDueTenBusinessDaysAfterItsPeriod(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, from, due string
		holidays        []hipaasmp.Date
		weekdays        []review.Weekday
	}{
		{"a month that ends on a Tuesday", "2026-03-01", "2026-04-14", nil, nil},
		{"a holiday between", "2026-03-01", "2026-04-15", days("2026-04-03"), nil},
		{"a holiday on a Saturday costs nothing", "2026-03-01", "2026-04-14", days("2026-04-04"), nil},
		{"a holiday on the due day", "2026-03-01", "2026-04-15", days("2026-04-14"), nil},
		{"a month that ends on a Sunday", "2026-05-01", "2026-06-12", nil, nil},
		{"June, before the fourth of July", "2026-06-01", "2026-07-15", review.FederalHolidays(2026, 2026), nil},
		{"December, over New Year", "2026-12-01", "2027-01-15", review.FederalHolidays(2026, 2027), nil},
		{"a practice that works on Saturdays, too", "2026-03-01", "2026-04-11", nil, append(review.Weekday("").Values()[:5:5], review.WeekdaySaturday)},
		{"a practice that works on Mondays", "2026-03-01", "2026-06-08", nil, review.Weekday("").Values()[:1]},
	} {
		cadence := review.DefaultTerms().Cadence
		require.Equal(t, 10, cadence.DueDays)
		cadence.Business = review.MondayToFriday(day("2030-12-31"), c.holidays...)
		if c.weekdays != nil {
			cadence.Business.Weekdays = c.weekdays
		}
		require.Equal(t, c.due, cadence.Due(cadence.Period(day(c.from))).String(), c.name)
	}
	calendar := review.Cadence{Unit: review.UnitMonth, Every: 1, DueDays: 10}
	require.Equal(t, "2026-04-10", calendar.Due(march()).String(), "without business days every day counts")
	grace := review.Cadence{Unit: review.UnitMonth, Every: 1, DueDays: 10, GraceDays: 3, Business: review.MondayToFriday(hipaasmp.Date{})}
	require.Equal(t, "2026-04-17", grace.Until(march()).String(), "days of grace are counted the same")
}

func TestBusinessDaysAreCountedOneByOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := review.BusinessDays{Weekdays: rapid.SliceOfNDistinct(rapid.SampledFrom(review.Weekday("").Values()), 1, 7, rapid.ID[review.Weekday]).Draw(t, "weekdays")}
		from := day("2026-01-01").AddDays(rapid.IntRange(0, 800).Draw(t, "from"))
		for d := from; d.Before(from.AddDays(60)); d = d.AddDays(rapid.IntRange(1, 30).Draw(t, "to the next holiday")) {
			b.Holidays = append(b.Holidays, d)
		}
		n := rapid.IntRange(0, 40).Draw(t, "n")
		got := b.After(from, n)
		count := 0
		for d := from.AddDays(1); !d.After(got); d = d.AddDays(1) {
			if b.Contains(d) {
				count++
			}
		}
		require.Equal(t, n, count)
		require.True(t, n == 0 || b.Contains(got))
	})
	mondays := review.BusinessDays{Weekdays: review.Weekday("").Values()[:1]}
	require.Equal(t, mondays.After(day("2026-01-02"), 1000), mondays.After(day("2026-01-02"), 1<<30), "nor does a number that no document may have")
	require.Equal(t, day("2026-01-02"), mondays.After(day("2026-01-02"), -7))
	require.Equal(t, day("2026-01-05"), review.BusinessDays{}.After(day("2026-01-02"), 3), "what no document says does not hang")
}

// Whether a cell is complete or late is judged by business days, and so is what is overdue.
func TestCellsAreLateByBusinessDays(t *testing.T) {
	t.Parallel()
	p := with(t, func(x *review.Terms) {
		x.Cadence = review.DefaultTerms().Cadence
		x.Cadence.Business = review.MondayToFriday(day("2026-12-31"), day("2026-04-03"))
	})
	for certified, want := range map[string]review.Status{"2026-04-15": review.StatusComplete, "2026-04-16": review.StatusLate} {
		s, err := review.Open("s", clinic(), p, march(), reviewer, on("2026-04-01"))
		require.NoError(t, err)
		for _, r := range []review.SourceReview{log(march()), manual("ehr-access", march()), manual("tickets", march())} {
			s, err = s.WithSource(r)
			require.NoError(t, err)
		}
		r := certify(t, s, certified)
		require.Equal(t, day("2026-04-15"), r.Timeliness.Due)
		cell, _ := on1(p, r).Coverage(march(), day("2026-05-01")).Cell(day("2026-03-10"), "ehr-log", "")
		require.Equal(t, want, cell.Status, cell.Reason)
		require.NoError(t, r.Validate())
		r.Procedure.Cadence.Business = nil
		requireFault(t, r.Validate(), review.FaultTimeliness, "/timeliness")
	}
	require.Empty(t, on1(p).Coverage(march(), day("2026-04-15")).Overdue)
	require.Len(t, on1(p).Coverage(march(), day("2026-04-16")).Overdue, 1)
}

func TestBusinessDaysThatContradictThemselvesAreRefused(t *testing.T) {
	t.Parallel()
	try := func(change func(*review.BusinessDays)) error {
		x := terms()
		x.Cadence.Business = review.MondayToFriday(day("2026-12-31"), days("2026-01-01", "2026-07-03")...)
		change(x.Cadence.Business)
		_, err := x.Approve(issue("p", "1", "2026-01-01"), manager, day("2025-12-15"), may())
		return err
	}
	require.NoError(t, try(func(*review.BusinessDays) {}))
	requireFault(t, try(func(b *review.BusinessDays) { b.Holidays = days("2026-07-03", "2026-01-01") }), hipaasmp.FaultOrder, "/cadence/business/holidays/1")
	requireFault(t, try(func(b *review.BusinessDays) { b.Through = day("2026-06-30") }), review.FaultCadence, "/cadence/business/holidays/1")
	requireFault(t, try(func(b *review.BusinessDays) { b.Through = hipaasmp.Date{} }), review.FaultCadence, "/cadence/business/holidays/0")
	requireFault(t, try(func(b *review.BusinessDays) { b.Weekdays = nil }), hipaasmp.FaultRange, "/cadence/business/weekdays")
	requireFault(t, try(func(b *review.BusinessDays) { b.Weekdays[1] = b.Weekdays[0] }), hipaasmp.FaultIdentity, "/cadence/business/weekdays/1")
}

// An approved procedure does not change with the lists that it was made of.
func TestAnApprovedCalendarDoesNotChange(t *testing.T) {
	t.Parallel()
	x := terms()
	x.Cadence.Business = review.MondayToFriday(day("2026-12-31"), day("2026-04-03"))
	x.Rounds = []review.Round{review.DefaultRound()}
	p, err := x.Approve(issue("p", "1", "2026-01-01"), manager, day("2025-12-15"), may())
	require.NoError(t, err)
	x.Cadence.Business.Holidays[0], x.Rounds[0].Detectors[0] = day("2026-04-06"), "none"
	require.Equal(t, day("2026-04-03"), p.Cadence.Business.Holidays[0])
	require.NotEqual(t, x.Rounds[0].Detectors[0], p.Rounds[0].Detectors[0])
}
