package review_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
)

func TestCadencePeriods(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		unit           review.Unit
		every          int
		day, from, to_ string
	}{
		{review.UnitMonth, 1, "2026-02-28", "2026-02-01", "2026-02-28"},
		{review.UnitMonth, 1, "2028-02-29", "2028-02-01", "2028-02-29"},
		{review.UnitMonth, 3, "2026-05-17", "2026-04-01", "2026-06-30"},
		{review.UnitMonth, 6, "2026-12-31", "2026-07-01", "2026-12-31"},
		{review.UnitMonth, 12, "2026-01-01", "2026-01-01", "2026-12-31"},
		{review.UnitWeek, 1, "2026-03-01", "2026-02-23", "2026-03-01"},
		{review.UnitWeek, 1, "2026-03-02", "2026-03-02", "2026-03-08"},
	} {
		got := review.Cadence{Unit: c.unit, Every: c.every}.Period(day(c.day))
		require.Equal(t, hipaasmp.Period{From: day(c.from), To: day(c.to_)}, got, "%+v", c)
	}
}

func TestEveryDayLiesInExactlyOnePeriodOfACadence(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := review.Cadence{Unit: rapid.SampledFrom(review.Unit("").Values()).Draw(t, "unit"), Every: rapid.IntRange(1, 60).Draw(t, "every")}
		d := day("1990-01-01").AddDays(rapid.IntRange(0, 40000).Draw(t, "day"))
		p := c.Period(d)
		require.True(t, p.Contains(d))
		require.Equal(t, p, c.Period(p.From))
		require.Equal(t, p, c.Period(p.To))
		require.Equal(t, p.To.AddDays(1), c.Period(p.To.AddDays(1)).From, "the next begins where this one ends")
		if c.Unit == review.UnitWeek {
			require.Equal(t, time.Monday, p.From.Weekday())
			require.Equal(t, 7*c.Every, p.Days())
		}
	})
}

func TestTheLastDayToFetchIsTheHorizonAfterTheFirstDay(t *testing.T) {
	t.Parallel()
	last, ok := review.Source{HorizonDays: 90}.LastFetch(march())
	require.True(t, ok)
	require.Equal(t, day("2026-05-30"), last)
	_, ok = review.Source{}.LastFetch(march())
	require.False(t, ok, "an unknown horizon is no horizon of zero days")
}
