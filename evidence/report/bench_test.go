package report_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/report"
	"github.com/hipaasmp/hipaasmp/review"
)

// yearOf is a report of a year in which so many sources were reviewed month by month.
func yearOf(t testing.TB, sources int) report.Data {
	t.Helper()
	d := sample(t)
	p := d.Procedures[0]
	log := p.Sources[0]
	p.Cadence.Every, p.Sources, p.Effective.From = 1, nil, day("2025-07-01")
	for i := range sources {
		s := log
		s.ID, s.Expected = fmt.Sprintf("log-%03d", i), nil
		p.Sources = append(p.Sources, s)
	}
	out := report.Data{Entity: d.Entity, AsOf: day("2026-07-20"), Period: hipaasmp.Period{From: day("2025-07-01"), To: day("2026-06-30")}, Procedures: []review.Procedure{p}}
	for m := range 12 {
		x := d.Reviews[0]
		x.ID, x.Period, x.Procedure, x.Exceptions, x.Sources = fmt.Sprintf("rv-%d", m), hipaasmp.Month(day("2025-07-01").AddMonths(m)), p.Extract(), nil, nil
		x.Timeliness = review.Timeliness{Due: x.Period.To.AddDays(14), Until: x.Period.To.AddDays(14), Certified: x.Period.To.AddDays(5)}
		for _, s := range p.Sources {
			r := d.Reviews[0].Sources[0]
			r.Source, r.Hours = s.ID, nil
			x.Sources = append(x.Sources, r)
		}
		out.Reviews = append(out.Reviews, x)
	}
	return out
}

// BenchmarkPageOfAYear writes the page of 12 months and 200 sources: the matrix, the table in words, the kinds of activity, and
// every source of every review.
func BenchmarkPageOfAYear(b *testing.B) {
	d := yearOf(b, 200)
	var out bytes.Buffer
	for b.Loop() {
		out.Reset()
		require.NoError(b, report.Write(&out, d))
	}
	b.ReportMetric(float64(out.Len()), "bytes")
}
