package dossier_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/inquiry"
	"github.com/hipaasmp/hipaasmp/internal/clinic"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/review"
)

// What falls due is in the package three times: as data, as a calendar, and in the report.
func TestTheAgendaGoesIn(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	sum, pack := h.write(t, h.options())
	require.Equal(t, h.records.Agenda(clinic.Today(), inquiry.AgendaOptions{}), sum.Agenda, "the terms of the store are those of the rule")
	var data inquiry.Agenda
	require.NoError(t, json.Unmarshal([]byte(part(t, pack, "agenda.json")), &data))
	require.Equal(t, sum.Agenda, data)
	calendar := part(t, pack, "agenda.ics")
	require.Equal(t, len(data.Entries), strings.Count(calendar, "BEGIN:VEVENT\r\n"))
	require.Contains(t, calendar, "DTSTAMP:20260720T200000Z\r\n")
	page := part(t, pack, "index.html")
	for _, e := range data.Entries {
		require.Contains(t, page, e.Due.String())
	}
	require.Contains(t, page, "Have in place: Restore the EHR backup in full every quarter")
}

func TestWhatIsHeldHasNoDayOfDisposal(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	opts := h.options()
	opts.AsOf, opts.Period.To = hipaasmp.MustDate("2031-12-15"), hipaasmp.MustDate("2031-12-15")
	disposal := func(sum inquiry.Agenda) bool {
		for _, e := range sum.Entries {
			if e.ID == "disposal/review.record/rv-2025-10" {
				return true
			}
		}
		return false
	}
	before, _ := h.write(t, opts)
	require.True(t, disposal(before.Agenda))
	then := h.now
	_, err := h.PlaceHold(t.Context(), tenant, retention.Hold{Matter: "ocr-1", Reason: "Asked for.", Kinds: []hipaasmp.Kind{review.KindRecord},
		PlacedBy: hipaasmp.Actor{ID: "wf-101", Role: hipaasmp.RoleSecurityOfficial}})
	require.NoError(t, err)
	held, _ := h.write(t, opts)
	require.False(t, disposal(held.Agenda))
	opts.Recorded = then
	past, _ := h.write(t, opts)
	require.True(t, disposal(past.Agenda), "as it stood before the hold")
}

// Of a record that is withheld the agenda says nothing.
func TestTheAgendaKeepsBackWhatIsWithheld(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	opts := h.options()
	opts.Withhold = func(r hipaasmp.Ref) bool { return r.Kind == remediation.KindItem }
	sum, pack := h.write(t, opts)
	for _, e := range sum.Agenda.Entries {
		require.NotEqual(t, inquiry.MatterItem, e.Matter)
	}
	require.NotContains(t, part(t, pack, "agenda.ics"), "Restore the EHR backup")
	require.NotContains(t, part(t, pack, "agenda.json"), "Restore the EHR backup")
	require.NotEmpty(t, sum.Agenda.Entries)
}
