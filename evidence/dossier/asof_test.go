package dossier_test

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/evidence/dossier"
	"github.com/hipaasmp/hipaasmp/internal/clinic"
)

// A package is written, much happens, and the package as of then is written: apart from what names the later day of
// making, it is the same.
func TestPackageAsOfAPastInstantReadsAsItRead(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	opts := h.options()
	then := h.now
	before, first := h.write(t, opts)

	h.now = h.now.Add(24 * time.Hour)
	changed := h.records.Entity
	changed.Name = "Lakeside Clinic under another name"
	h.put(t, changed)
	for _, d := range clinic.Documents(h.records)[1:] {
		if _, err := h.Put(t.Context(), tenant, d); err != nil {
			t.Fatal(err)
		}
	}
	later := opts
	later.Made = later.Made.Add(48 * time.Hour)
	now, _ := h.write(t, later)
	require.NotEqual(t, before.Manifest.Ledger, now.Manifest.Ledger)

	opts.Recorded = then
	opts.Made = opts.Made.Add(48 * time.Hour)
	again, pack := h.write(t, opts)
	require.Equal(t, before.Manifest.Ledger, again.Manifest.Ledger)
	require.Equal(t, before.Manifest.Entries, again.Manifest.Entries)
	require.Equal(t, before.Gaps, again.Gaps)
	require.Equal(t, before.Answers, again.Answers)
	require.Equal(t, then, again.Manifest.Recorded)
	for _, name := range files(t, first) {
		switch name {
		case "manifest.json", "README.txt", "oscal/poam.json", "oscal/catalog.json", "gaps.json", "retention/rules.json", "agenda.ics":
			continue // these name the package or the time at which it was made
		}
		require.Equal(t, part(t, first, name), part(t, pack, name), name)
	}
	require.ElementsMatch(t, files(t, first), files(t, pack))

	report, err := evidence.Verify(t.Context(), bytes.NewReader(pack), int64(len(pack)), []string{h.signer.VerifierKey()}, evidence.VerifyOptions{})
	require.NoError(t, err)
	require.Contains(t, report.String(), "what was recorded later is not in it")
	require.Contains(t, part(t, pack, "README.txt"), "reads as of")
}

func TestInstantBeforeTheFirstEntryOrAfterTheMakingIsRefused(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	for rule, at := range map[string]time.Time{"before": time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC), "after": h.options().Made.Add(time.Second)} {
		opts := h.options()
		opts.Recorded = at
		_, err := dossier.Write(t.Context(), io.Discard, h.Store, tenant, opts)
		if rule == "after" {
			var oe *evidence.OptionsError
			require.ErrorAs(t, err, &oe, rule)
			require.Equal(t, "Recorded", oe.Option)
			continue
		}
		var ee *dossier.EntityError
		require.ErrorAs(t, err, &ee, rule)
		require.Equal(t, 0, ee.Found)
	}
}
