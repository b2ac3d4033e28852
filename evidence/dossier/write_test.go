package dossier_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/evidence/dossier"
	"github.com/hipaasmp/hipaasmp/evidence/inquiry"
	"github.com/hipaasmp/hipaasmp/evidence/oscal"
	"github.com/hipaasmp/hipaasmp/internal/clinic"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

var (
	made  = time.Date(2026, 3, 31, 18, 0, 0, 0, time.UTC)
	asOf  = hipaasmp.Day(2026, 3, 31)
	since = hipaasmp.Period{From: hipaasmp.Day(2020, 1, 1)}
)

func entity() hipaasmp.Entity {
	return hipaasmp.Entity{
		Header: hipaasmp.NewHeader(hipaasmp.KindEntity, "clinic"), Name: "A <b>& Sons</b> Clinic", Type: hipaasmp.EntityCoveredEntity,
		Size: hipaasmp.EntitySmall, Zone: "America/Chicago", Created: since.From, InEffect: since,
		Workforce:    []hipaasmp.WorkforceMember{{ID: "wf-1", Category: hipaasmp.WorkforceEmployee, Member: since}, {ID: "wf-2", Category: hipaasmp.WorkforceEmployee, Member: since}},
		Appointments: []hipaasmp.Appointment{{Role: hipaasmp.RoleManagement, Member: "wf-1", Term: since}, {Role: hipaasmp.RoleSecurityOfficial, Member: "wf-2", Term: since}},
	}
}

// analysis has a finding whose title a spreadsheet would take for a formula and a browser for markup.
func analysis(t *testing.T) risk.Analysis {
	t.Helper()
	at := made.AddDate(0, -1, 0)
	official, manager := hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleSecurityOfficial}, hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleManagement}
	score, err := risk.NewScore(risk.SP80030(), risk.Judgment{Initiation: risk.LevelHigh, Adverse: risk.LevelHigh, Impact: risk.LevelHigh}, official, at)
	require.NoError(t, err)
	d, err := risk.NewDraft("ra-draft", risk.Assessment{
		Title: "Analysis", Scope: "Everything",
		Inventory:       risk.Inventory{Assets: []risk.Asset{{ID: "ehr", Name: "EHR", Class: risk.AssetClassCloudApp, Handles: []risk.Handling{risk.HandlingMaintains}}}},
		Threats:         []risk.Threat{{ID: "t", Source: risk.ThreatSourceAdversarial, Event: "Ransomware"}},
		Vulnerabilities: []risk.Vulnerability{{ID: "v", Title: "No test of restores", Severity: risk.LevelHigh}},
		Findings:        []risk.Finding{{ID: "f-1", Title: `=HYPERLINK("x")<script>alert(1)</script>`, Assets: []string{"ehr"}, Threat: "t", Vulnerability: "v", NoSafeguards: true, Availability: true, Current: &score}},
	}, official, at)
	require.NoError(t, err)
	zone, err := entity().Location()
	require.NoError(t, err)
	a, err := d.Approve("ra-1", manager, official, at, zone, entity().Authority(), risk.LevelLow, risk.First("The first."))
	require.NoError(t, err)
	return a
}

func store(t *testing.T) (*storage.Store, *storage.Signer) {
	t.Helper()
	random := rand.NewChaCha8([32]byte{1})
	signer, err := storage.NewSigner(random, "dossier-test")
	require.NoError(t, err)
	at := made.Add(-time.Hour)
	s, err := storage.New(memory.New(), storage.Options{Signer: signer, Random: random, Clock: func() time.Time { at = at.Add(time.Microsecond); return at }})
	require.NoError(t, err)
	return s, signer
}

func options(signer *storage.Signer) dossier.Options {
	return dossier.Options{Period: hipaasmp.Period{From: hipaasmp.Day(2025, 4, 1), To: asOf}, AsOf: asOf, Made: made, Signer: signer}
}

func TestTenantNeedsOneEntity(t *testing.T) {
	t.Parallel()
	s, signer := store(t)
	var ee *dossier.EntityError
	_, err := dossier.Write(t.Context(), io.Discard, s, "clinic", options(signer))
	require.ErrorAs(t, err, &ee)
	require.Equal(t, 0, ee.Found)
	second := entity()
	second.ID = "other"
	for _, e := range []hipaasmp.Entity{entity(), second} {
		_, err = s.Put(t.Context(), "clinic", e)
		require.NoError(t, err)
	}
	_, err = dossier.Write(t.Context(), io.Discard, s, "clinic", options(signer))
	require.ErrorAs(t, err, &ee)
	require.Equal(t, 2, ee.Found)
}

func TestPackageHoldsTheReportAndVerifies(t *testing.T) {
	t.Parallel()
	s, signer := store(t)
	for _, d := range []hipaasmp.Document{entity(), analysis(t)} {
		_, err := s.Put(t.Context(), "clinic", d)
		require.NoError(t, err)
	}
	opts := options(signer)
	opts.Checks = func(r inquiry.Records) []hipaasmp.GapCheck {
		return []hipaasmp.GapCheck{{Code: "GAP-OWN-01", Citation: hipaasmp.CiteEvaluation, Asks: "Is there an evaluation?", Find: func(hipaasmp.Date) []hipaasmp.Gap {
			return []hipaasmp.Gap{{Missing: "No evaluation is on file for " + r.Entity.ID + ".", Closes: "File it."}}
		}}}
	}
	var first, again bytes.Buffer
	sum, err := dossier.Write(t.Context(), &first, s, "clinic", opts)
	require.NoError(t, err)
	_, err = dossier.Write(t.Context(), &again, s, "clinic", opts)
	require.NoError(t, err)
	require.True(t, bytes.Equal(first.Bytes(), again.Bytes()), "the same store and options give the same bytes")

	report, err := evidence.Verify(t.Context(), bytes.NewReader(first.Bytes()), int64(first.Len()), []string{signer.VerifierKey()}, evidence.VerifyOptions{})
	require.NoError(t, err)
	require.True(t, report.Passed())

	own := 0
	for _, g := range sum.Gaps {
		if g.Code == "GAP-OWN-01" {
			own++
		}
	}
	require.Equal(t, 1, own)

	page := part(t, first.Bytes(), "index.html")
	require.Contains(t, page, "A &lt;b&gt;&amp; Sons&lt;/b&gt; Clinic")
	require.NotContains(t, page, "<script")
	require.Contains(t, page, "GAP-OWN-01")
	require.Contains(t, page, "high")

	rows, err := csv.NewReader(strings.NewReader(part(t, first.Bytes(), "register.csv"))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 2)
	for _, cell := range rows[1] {
		require.False(t, cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])), "a spreadsheet would take %q for a formula", cell)
	}
}

func TestPackageOfNothingSaysSo(t *testing.T) {
	t.Parallel()
	s, signer := store(t)
	_, err := s.Put(t.Context(), "clinic", entity())
	require.NoError(t, err)
	var b bytes.Buffer
	sum, err := dossier.Write(t.Context(), &b, s, "clinic", options(signer))
	require.NoError(t, err)
	require.NotEmpty(t, sum.Gaps)
	page := part(t, b.Bytes(), "index.html")
	require.Contains(t, page, "No risk analysis in effect is among the records")
	require.NotContains(t, strings.ToLower(page), "compliant")
}

func TestPackageHoldsThePlanAndTheCatalogueInOSCAL(t *testing.T) {
	t.Parallel()
	s, signer := store(t)
	r, err := clinic.New(hipaasmp.EntityCoveredEntity)
	require.NoError(t, err)
	for _, d := range clinic.Documents(r) {
		_, err := s.Put(t.Context(), "clinic", d)
		require.NoError(t, err)
	}
	opts := options(signer)
	opts.AsOf, opts.Period = clinic.Today(), clinic.Asked()
	var b bytes.Buffer
	_, err = dossier.Write(t.Context(), &b, s, "clinic", opts)
	require.NoError(t, err)
	_, err = oscal.ReadCatalog([]byte(part(t, b.Bytes(), "oscal/catalog.json")))
	require.NoError(t, err)
	plan, err := oscal.ReadPOAM([]byte(part(t, b.Bytes(), "oscal/poam.json")))
	require.NoError(t, err)
	back, err := plan.Import()
	require.NoError(t, err)
	require.ElementsMatch(t, r.Items, back.Items)
	require.ElementsMatch(t, r.Acceptances, back.Acceptances)
}

// OSCAL has no plan without an item, so the file is left out; the gaps say what is missing.
func TestNoItemNoPlan(t *testing.T) {
	t.Parallel()
	s, signer := store(t)
	for _, d := range []hipaasmp.Document{entity(), analysis(t)} {
		_, err := s.Put(t.Context(), "clinic", d)
		require.NoError(t, err)
	}
	var b bytes.Buffer
	sum, err := dossier.Write(t.Context(), &b, s, "clinic", options(signer))
	require.NoError(t, err)
	require.Contains(t, files(t, b.Bytes()), "oscal/catalog.json")
	require.NotContains(t, files(t, b.Bytes()), "oscal/poam.json")
	require.NotEmpty(t, sum.Gaps)
}

func files(t *testing.T, pack []byte) []string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(pack), int64(len(pack)))
	require.NoError(t, err)
	var out []string
	for _, f := range r.File {
		out = append(out, f.Name)
	}
	return out
}

func part(t *testing.T, pack []byte, name string) string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(pack), int64(len(pack)))
	require.NoError(t, err)
	f, err := r.Open(name)
	require.NoError(t, err)
	content, err := io.ReadAll(f)
	require.NoError(t, err)
	return string(content)
}
