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

// A hold shows on the agenda for what it covers, whether it names kinds or asks a query, and as it stood at an instant.
func TestWhatIsHeldIsShownAsHeld(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	opts := h.options()
	opts.AsOf, opts.Period.To = hipaasmp.Day(2031, 12, 15), hipaasmp.Day(2031, 12, 15)
	held := func(sum inquiry.Agenda) []string {
		for _, e := range sum.Entries {
			if e.ID == "disposal/review.record/rv-2025-10" {
				return e.Held
			}
		}
		t.Fatal("the disposal is not on the agenda")
		return nil
	}
	before, _ := h.write(t, opts)
	require.Empty(t, held(before.Agenda))
	then := h.now
	_, err := h.PlaceHold(t.Context(), tenant, retention.Hold{Matter: "ocr-1", Reason: "Asked for.", Kinds: []hipaasmp.Kind{review.KindRecord},
		PlacedBy: hipaasmp.Actor{ID: "wf-101", Role: hipaasmp.RoleSecurityOfficial}})
	require.NoError(t, err)
	for _, q := range []struct{ matter, prefix string }{{"ocr-2", "rv-2025-"}, {"ocr-3", "rv-2024-"}} {
		_, err = h.PlaceHold(t.Context(), tenant, retention.Hold{Matter: q.matter, Reason: "Asked for.", Query: &retention.HoldQuery{IDPrefix: q.prefix},
			PlacedBy: hipaasmp.Actor{ID: "wf-101", Role: hipaasmp.RoleSecurityOfficial}})
		require.NoError(t, err)
	}
	during, _ := h.write(t, opts)
	require.Equal(t, []string{"ocr-1", "ocr-2"}, held(during.Agenda))
	opts.Recorded = then
	past, _ := h.write(t, opts)
	require.Empty(t, held(past.Agenda), "as it stood before the holds")
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
