package inquiry_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/evidence/inquiry"
	"github.com/hipaasmp/hipaasmp/internal/clinic"
)

const (
	partly  = inquiry.StatusPartly
	missing = inquiry.StatusMissing
)

type turns = map[string]inquiry.Status

func TestNothingIsMissingOfASpotlessClinic(t *testing.T) {
	t.Parallel()
	r, today := spotless(t)
	require.Empty(t, r.Gaps(today))
	answers := r.Answer(today)
	require.Len(t, answers, len(inquiry.Letter()))
	for _, a := range answers {
		require.Equal(t, inquiry.StatusAnswered, a.Status, a.ID)
		require.NotEmpty(t, a.Refs, a.ID)
		require.Empty(t, a.Gaps, a.ID)
	}
}

// Every document of the clinic is taken away in turn: what it stood for turns, and nothing else.
func TestWhateverIsTakenAwayIsMissed(t *testing.T) {
	t.Parallel()
	r, today := spotless(t)
	rows := map[string]struct {
		turns turns
		gaps  []string
	}{
		"hipaasmp.entity/lakeside":            {turns{"INQ-12": missing}, []string{"GAP-INQ-08"}},
		"risk.procedure/rap-1":                {turns{"INQ-02": missing}, []string{"GAP-RISK-18"}},
		"risk.draft/ra-1-draft":               {}, // a draft is no evidence, and nothing rests on it
		"risk.draft/ra-2-draft":               {},
		"risk.analysis/ra-1":                  {turns{"INQ-04": missing, "INQ-14": partly}, []string{"GAP-INQ-06", "GAP-RISK-03"}},
		"risk.analysis/ra-2":                  {turns{"INQ-03": missing, "INQ-04": missing, "INQ-05": partly, "INQ-14": partly}, []string{"GAP-INQ-06", "GAP-RISK-01", "GAP-RISK-10"}},
		"remediation.plan/rp-1":               {turns{"INQ-05": missing}, []string{"GAP-REM-04"}},
		"remediation.item/rm-1":               {turns{"INQ-05": partly, "INQ-14": partly}, []string{"GAP-INQ-06", "GAP-REM-01"}},
		"remediation.item/rm-2":               {turns{"INQ-05": partly, "INQ-14": partly}, []string{"GAP-INQ-06", "GAP-REM-01"}},
		"remediation.completion/rc-2":         {turns{"INQ-06": partly, "INQ-13": partly}, []string{"GAP-INQ-07"}},
		"remediation.acceptance/ac-1":         {turns{"INQ-05": partly, "INQ-14": partly}, []string{"GAP-INQ-06", "GAP-REM-01"}},
		"sanction.policy/sp-1":                {turns{"INQ-07": missing, "INQ-08": partly, "INQ-14": partly}, []string{"GAP-INQ-06", "GAP-SAN-01", "GAP-SAN-10"}},
		"sanction.case/case-1":                {turns{"INQ-14": partly}, []string{"GAP-INQ-06"}},
		"sanction.outcome/case-1":             {turns{"INQ-01": partly, "INQ-08": partly, "INQ-13": partly}, []string{"GAP-SAN-07"}},
		"sanction.acknowledgement/ack-wf-100": {turns{"INQ-07": partly, "INQ-15": partly}, []string{"GAP-SAN-05"}},
		"sanction.acknowledgement/ack-wf-101": {turns{"INQ-07": partly, "INQ-15": partly}, []string{"GAP-SAN-05"}},
		"sanction.acknowledgement/ack-wf-102": {turns{"INQ-07": partly, "INQ-15": partly}, []string{"GAP-SAN-05"}},
		"sanction.acknowledgement/ack-wf-104": {turns{"INQ-07": partly, "INQ-15": partly}, []string{"GAP-SAN-05"}},
		"sanction.attestation/at-1":           {turns{"INQ-08": partly}, []string{"GAP-SAN-02"}},
		"review.procedure/pr-1":               {turns{"INQ-09": missing, "INQ-10": partly}, []string{"GAP-REV-01", "GAP-REV-12"}},
		"review.session/rs-2025-10":           {turns{"INQ-14": partly}, []string{"GAP-INQ-06"}},
		"review.session/rs-2026-01":           {turns{"INQ-14": partly}, []string{"GAP-INQ-06"}},
		"review.session/rs-2026-04":           {turns{"INQ-14": partly}, []string{"GAP-INQ-06"}},
		"review.record/rv-2025-10":            {turns{"INQ-14": partly}, []string{"GAP-INQ-06"}}, // before the period asked about
		"review.record/rv-2026-01":            {turns{"INQ-10": partly, "INQ-14": partly}, []string{"GAP-INQ-06", "GAP-REV-02"}},
		"review.record/rv-2026-04":            {turns{"INQ-10": partly, "INQ-14": partly}, []string{"GAP-INQ-06", "GAP-REV-02"}},
		"review.incident/inc-1":               {turns{"INQ-14": partly}, []string{"GAP-INQ-06"}},
		"review.incident_record/inc-1":        {turns{"INQ-01": partly, "INQ-13": partly}, []string{"GAP-REV-15"}},
	}
	documents := clinic.Documents(r)
	require.Equal(t, len(rows), len(documents), "every document has its row")
	for _, d := range documents {
		ref := d.DocumentRef()
		row, ok := rows[ref.String()]
		require.True(t, ok, "no row for %s", ref)
		rest := remove(r, ref)
		require.Equal(t, row.gaps, codes(rest.Gaps(today)), ref)
		if row.turns == nil {
			row.turns = turns{}
		}
		require.Equal(t, row.turns, turned(rest, today), ref)
	}
}
