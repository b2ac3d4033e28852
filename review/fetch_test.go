package review_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
)

func TestWhatASourceDropsIsFetchedBefore(t *testing.T) {
	t.Parallel()
	p := with(t, func(x *review.Terms) {
		x.Sources[0].Archive = ""
		x.Sources[1].HorizonDays, x.Sources[1].Archive = 45, "Binder in the safe"
		x.Sources[2].HorizonDays = 60
	})
	_, january := quiet(t, month("2026-01-01"), "2026-02-10")
	r := review.Records{Procedures: []review.Procedure{p}, Records: []review.Record{january}}
	type row struct {
		source, from, by string
		lost             bool
	}
	list := func(asOf string) (out []row) {
		for _, f := range r.Fetches(hipaasmp.Period{}, day(asOf)) {
			require.Equal(t, p.DocumentRef(), f.Procedure)
			out = append(out, row{f.Source.ID, f.Period.From.String(), f.By.String(), f.Lost})
		}
		return out
	}
	require.Equal(t, []row{{"tickets", "2026-02-01", "2026-04-02", false}, {"tickets", "2026-03-01", "2026-04-30", false}, {"ehr-log", "2026-02-01", "2026-05-02", false}, {"ehr-log", "2026-03-01", "2026-05-30", false}},
		list("2026-03-20"), "January is reviewed, and the report lies in the safe")
	require.True(t, list("2026-04-03")[0].lost)
	require.False(t, list("2026-04-02")[0].lost, "on the last day it can still be had")
	require.Empty(t, r.Fetches(month("2026-01-01"), day("2026-03-20")))
	require.Empty(t, review.Records{}.Fetches(hipaasmp.Period{}, day("2026-03-20")))

	overdue := gaps(t, r, month("2026-02-01"), "2026-04-03", review.GapNotReviewed)
	require.Len(t, overdue, 1)
	require.Contains(t, overdue[0].Counted, "tickets (Incident tickets), no longer whole in the source since 2026-04-03")
	require.Contains(t, overdue[0].Counted, "ehr-log (EHR audit log), whole in the source until 2026-05-02")
	require.Contains(t, overdue[0].Counted, "ehr-access (EHR access report)")
}
