package hipaasmp_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/civil"
)

func TestParseDateAcceptsOneSpelling(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"0001-01-01", "2024-02-29", "2026-11-23", "9999-12-31"} {
		d, err := hipaasmp.ParseDate(good)
		require.NoError(t, err)
		require.Equal(t, good, d.String())
	}
	for _, bad := range []string{"", "2026-02-30", "2025-02-29", "2026-13-01", "26-01-01", "2026/01/01", "2026-1-1", " 2026-01-01",
		"2026-01-01T00:00:00Z", "0000-01-01", "-001-01-01", "10000-01-01", "２０２６-01-01"} {
		_, err := hipaasmp.ParseDate(bad)
		var fe *hipaasmp.FormatError
		require.ErrorAs(t, err, &fe, bad)
		require.Equal(t, "Date", fe.Type)
	}
}

func TestNewDateRefusesWhatTheCalendarDoesNotHave(t *testing.T) {
	t.Parallel()
	_, err := hipaasmp.NewDate(2026, time.February, 30)
	require.Error(t, err)
	_, err = hipaasmp.NewDate(70000, time.January, 1)
	require.Error(t, err)
	d, err := hipaasmp.NewDate(2028, time.February, 29)
	require.NoError(t, err)
	require.Equal(t, hipaasmp.Day(2028, 2, 29), d)
}

func TestAddYearsRollsTheLeapDayForward(t *testing.T) {
	t.Parallel()
	require.Equal(t, hipaasmp.Day(2030, 3, 1), hipaasmp.Day(2024, 2, 29).AddYears(6))
	require.Equal(t, hipaasmp.Day(2032, 2, 29), hipaasmp.Day(2024, 2, 29).AddYears(8))
	require.Equal(t, hipaasmp.Day(2025, 12, 31), hipaasmp.Day(2019, 12, 31).AddYears(6))
	require.True(t, hipaasmp.Date{}.AddYears(6).IsZero())
}

func TestAddMonthsClampsToTheMonthsEnd(t *testing.T) {
	t.Parallel()
	require.Equal(t, hipaasmp.Day(2026, 2, 28), hipaasmp.Day(2026, 1, 31).AddMonths(1))
	require.Equal(t, hipaasmp.Day(2025, 11, 30), hipaasmp.Day(2026, 1, 31).AddMonths(-2))
	require.Equal(t, hipaasmp.Day(2027, 1, 15), hipaasmp.Day(2026, 1, 15).AddMonths(12))
}

func TestDateOfNamesTheZone(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 1, 3, 0, 0, 0, time.UTC)
	chicago, err := time.LoadLocation("America/Chicago")
	require.NoError(t, err)
	require.Equal(t, hipaasmp.Day(2026, 1, 1), hipaasmp.DateOf(at, nil))
	require.Equal(t, hipaasmp.Day(2025, 12, 31), hipaasmp.DateOf(at, chicago))
	require.True(t, hipaasmp.DateOf(time.Time{}, chicago).IsZero())
}

// The civil days below have no midnight, or no day at all; time.Date answers with the evening before.
func TestStartInIsNeverEarly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, day, want string }{
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"},
		{"America/Havana", "2032-03-14", "2032-03-14T05:00:00Z"},
		{"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"},
		{"America/New_York", "2026-11-01", "2026-11-01T04:00:00Z"},
		{"UTC", "2026-11-01", "2026-11-01T00:00:00Z"},
	} {
		loc, err := time.LoadLocation(c.zone)
		require.NoError(t, err)
		d := civil.Date(c.day)
		got := d.StartIn(loc)
		require.Equal(t, c.want, got.Format(time.RFC3339), "%s %s", c.zone, c.day)
		require.False(t, hipaasmp.DateOf(got, loc).Before(d))
		require.True(t, hipaasmp.DateOf(got.Add(-time.Second), loc).Before(d))
	}
}

func TestDateTextRoundTrips(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := hipaasmp.Day(1, 1, 1).AddDays(rapid.IntRange(0, 3652058).Draw(t, "day"))
		b, err := json.Marshal(d)
		require.NoError(t, err)
		var back hipaasmp.Date
		require.NoError(t, json.Unmarshal(b, &back))
		require.Equal(t, d, back)
		n := rapid.IntRange(-400, 400).Draw(t, "n")
		if moved := d.AddDays(n); moved.Year() >= 1 && moved.Year() <= 9999 {
			require.Equal(t, n, d.DaysUntil(moved))
		}
	})
}

func TestZeroDateIsNotWritten(t *testing.T) {
	t.Parallel()
	_, err := json.Marshal(hipaasmp.Date{})
	require.Error(t, err)
	require.Error(t, json.Unmarshal([]byte(`""`), new(hipaasmp.Date)))
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-11-23", "2024-02-29", "", "x", "9999-12-31"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := hipaasmp.ParseDate(s); err == nil {
			require.Equal(t, s, d.String())
		}
	})
}

func ExampleDate_AddYears() {
	fmt.Println(hipaasmp.Day(2024, 2, 29).AddYears(6))
	// Output: 2030-03-01
}

func ExampleDateOf() {
	filed := time.Date(2026, 7, 1, 4, 30, 0, 0, time.UTC)
	boston, _ := time.LoadLocation("America/New_York")
	honolulu, _ := time.LoadLocation("Pacific/Honolulu")
	fmt.Println(hipaasmp.DateOf(filed, boston), hipaasmp.DateOf(filed, honolulu))
	// Output: 2026-07-01 2026-06-30
}

func TestDaysUntilCountsOverCenturies(t *testing.T) {
	t.Parallel()
	require.Equal(t, 3652058, hipaasmp.Day(1, 1, 1).DaysUntil(hipaasmp.Day(9999, 12, 31)))
	require.Equal(t, -3652058, hipaasmp.Day(9999, 12, 31).DaysUntil(hipaasmp.Day(1, 1, 1)))
}

func TestADayOfAProgramIsThatOfTheCalendar(t *testing.T) {
	t.Parallel()
	for want, got := range map[string]hipaasmp.Date{
		"2026-03-01": hipaasmp.Day(2026, time.March, 1), "2024-02-29": hipaasmp.Day(2024, 2, 29), "2026-03-02": hipaasmp.Day(2026, 2, 30),
		"2027-01-01": hipaasmp.Day(2026, 13, 1), "0001-01-01": hipaasmp.Day(1, 1, 1), "9999-12-31": hipaasmp.Day(9999, 12, 31),
	} {
		d, err := hipaasmp.ParseDate(want)
		require.NoError(t, err)
		require.Equal(t, d, got)
	}
	for _, got := range []hipaasmp.Date{hipaasmp.Day(0, 12, 31), hipaasmp.Day(10_000, 1, 1), hipaasmp.Day(-1, 1, 1), hipaasmp.Day(1, 1, 0), hipaasmp.Day(9999, 12, 32), hipaasmp.Day(1<<20, 1, 1)} {
		require.True(t, got.IsZero())
	}
}
