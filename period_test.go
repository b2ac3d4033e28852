package hipaasmp_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/civil"
)

func period(from, to string) hipaasmp.Period {
	p := hipaasmp.Period{From: civil.Date(from)}
	if to != "" {
		p.To = civil.Date(to)
	}
	return p
}

func TestPeriodIncludesBothEnds(t *testing.T) {
	t.Parallel()
	p := period("2026-01-01", "2026-01-31")
	require.True(t, p.Contains(p.From))
	require.True(t, p.Contains(p.To))
	require.False(t, p.Contains(p.To.AddDays(1)))
	require.False(t, p.Contains(hipaasmp.Date{}))
	require.Equal(t, 31, p.Days())
	require.Equal(t, p, hipaasmp.Month(hipaasmp.Day(2026, 1, 17)))
	require.False(t, hipaasmp.Period{}.Contains(p.From))
	require.True(t, period("2026-01-01", "").Contains(hipaasmp.Day(9999, 1, 1)))
	require.False(t, period("2026-02-01", "2026-01-01").InOrder())
}

func TestPeriodsOverlapExactlyWhenTheyShareADay(t *testing.T) {
	t.Parallel()
	base := hipaasmp.Day(2026, 1, 1)
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) hipaasmp.Period {
			a := rapid.IntRange(0, 30).Draw(t, name+" from")
			p := hipaasmp.Period{From: base.AddDays(a)}
			if rapid.Bool().Draw(t, name+" closed") {
				p.To = base.AddDays(rapid.IntRange(a, 31).Draw(t, name+" to"))
			}
			return p
		}
		p, q := draw("p"), draw("q")
		share := false
		for i := range 40 {
			share = share || p.Contains(base.AddDays(i)) && q.Contains(base.AddDays(i))
		}
		require.Equal(t, share, p.Overlaps(q))
		require.Equal(t, p.Overlaps(q), q.Overlaps(p))
	})
}
