package report

import (
	"fmt"
	"io"
	"testing"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/civil"
	"github.com/hipaasmp/hipaasmp/review"
)

// BenchmarkMatrixOfAYear computes and renders the matrix of 12 months and 200 sources: the picture, and the table in words.
func BenchmarkMatrixOfAYear(b *testing.B) {
	day := civil.Date
	var sources []review.Source
	var read []review.SourceReview
	for i := range 200 {
		id := fmt.Sprintf("log-%03d", i)
		sources = append(sources, review.Source{ID: id, Name: "Audit log " + id, System: "system", Records: review.RecordAuditLog})
		read = append(read, review.SourceReview{Source: id, Method: review.MethodAutomated, Events: 1000, Capability: review.Capability{State: review.CapabilityEnabled}})
	}
	p := review.Procedure{Header: hipaasmp.NewHeader(review.KindProcedure, "p"), Effective: hipaasmp.Period{From: day("2026-01-01")},
		Terms: review.Terms{Cadence: review.Cadence{Unit: review.UnitMonth, Every: 1, DueDays: 14}, Sources: sources}}
	d := Data{AsOf: day("2026-12-31"), Period: hipaasmp.Period{From: day("2026-01-01"), To: day("2026-12-31")}, Procedures: []review.Procedure{p}}
	for i := range 12 {
		period := hipaasmp.Month(day("2026-01-01").AddMonths(i))
		d.Reviews = append(d.Reviews, review.Record{Header: hipaasmp.NewHeader(review.KindRecord, fmt.Sprintf("r-%d", i)),
			Timeliness: review.Timeliness{Due: period.To.AddDays(14), Until: period.To.AddDays(14), Certified: period.To},
			Content:    review.Content{Procedure: p.Extract(), Zone: "America/Chicago", Period: period, Sources: read}})
	}
	t, err := templates()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		table, _ := coverageOf(d)
		if len(table.Rows) != 200 || len(table.Rows[0].Cells) != 12 || table.Rows[7].Cells[3].status != review.StatusComplete {
			b.Fatal("the matrix is not that of the year")
		}
		if err := t.ExecuteTemplate(io.Discard, "coverage", matrixOf(table)); err != nil {
			b.Fatal(err)
		}
		if err := t.ExecuteTemplate(io.Discard, "covered", table); err != nil {
			b.Fatal(err)
		}
	}
}
