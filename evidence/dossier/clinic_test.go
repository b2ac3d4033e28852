package dossier_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/evidence/dossier"
	"github.com/hipaasmp/hipaasmp/evidence/inquiry"
	"github.com/hipaasmp/hipaasmp/internal/clinic"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

const tenant = "lakeside"

// house is a store with the spotless clinic in it, and a clock that moves a second with each reading.
type house struct {
	*storage.Store
	signer  *storage.Signer
	records inquiry.Records
	now     time.Time
}

// empty is a house without records.
func empty(t testing.TB) *house {
	t.Helper()
	random := rand.NewChaCha8([32]byte{7})
	h := &house{now: clinic.Today().StartIn(time.UTC).Add(15 * time.Hour)}
	var err error
	h.signer, err = storage.NewSigner(random, "lakeside-dossier")
	require.NoError(t, err)
	h.Store, err = storage.New(memory.New(), storage.Options{Signer: h.signer, Random: random, Clock: func() time.Time { h.now = h.now.Add(time.Second); return h.now }})
	require.NoError(t, err)
	return h
}

func furnished(t testing.TB) *house {
	t.Helper()
	h := empty(t)
	var err error
	h.records, err = clinic.New(hipaasmp.EntityCoveredEntity)
	require.NoError(t, err)
	for _, d := range clinic.Documents(h.records) {
		h.put(t, d)
	}
	return h
}

func (h *house) put(t testing.TB, d hipaasmp.Document) {
	t.Helper()
	_, err := h.Put(t.Context(), tenant, d)
	require.NoError(t, err)
}

func (h *house) options() dossier.Options {
	return dossier.Options{Period: clinic.Asked(), AsOf: clinic.Today(), Made: clinic.Today().StartIn(time.UTC).Add(20 * time.Hour), Signer: h.signer,
		Cadence: risk.Cadence{Months: 12, Policy: "Risk analysis procedure, section 2"}}
}

func (h *house) write(t *testing.T, opts dossier.Options) (dossier.Summary, []byte) {
	t.Helper()
	var b bytes.Buffer
	sum, err := dossier.Write(t.Context(), &b, h.Store, tenant, opts)
	require.NoError(t, err)
	return sum, b.Bytes()
}

func names(t *testing.T, pkg []byte) []string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(pkg), int64(len(pkg)))
	require.NoError(t, err)
	var out []string
	for _, f := range r.File {
		out = append(out, f.Name)
	}
	return out
}

func TestWhatWasStoredIsLoadedWhole(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	_, err := h.Put(t.Context(), "another", h.records.Policies[0])
	require.NoError(t, err)
	got, err := dossier.Load(t.Context(), h.Store, tenant, time.Time{})
	require.NoError(t, err)
	stored := map[hipaasmp.Ref]string{}
	for _, d := range clinic.Documents(h.records) {
		b, err := hipaasmp.Canonical(d)
		require.NoError(t, err)
		stored[d.DocumentRef()] = string(b)
	}
	loaded := clinic.Documents(got)
	require.Equal(t, len(stored), len(loaded))
	for _, d := range loaded {
		b, err := hipaasmp.Canonical(d)
		require.NoError(t, err)
		require.Equal(t, stored[d.DocumentRef()], string(b))
	}
	got.Asked, got.Cadence = h.records.Asked, h.records.Cadence
	require.Empty(t, got.Gaps(clinic.Today()))
	require.Equal(t, h.records.Answer(clinic.Today()), got.Answer(clinic.Today()))
}

func TestLoadReadsAsOfAnInstant(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	before := h.now
	ended, err := h.records.Policies[0].Supersede(clinic.Today())
	require.NoError(t, err)
	next, err := sanction.DefaultTerms().Approve(sanction.Issue{ID: "sp-2", EntityType: hipaasmp.EntityCoveredEntity, Version: "2",
		Effective: hipaasmp.Period{From: clinic.Today().AddDays(1)}, Replaces: ended.DocumentRef()}, hipaasmp.Actor{ID: "wf-100", Role: hipaasmp.RoleManagement}, clinic.Today(), h.records.Entity.Authority())
	require.NoError(t, err)
	h.put(t, ended)
	h.put(t, next)

	now, err := dossier.Load(t.Context(), h.Store, tenant, time.Time{})
	require.NoError(t, err)
	require.Len(t, now.Policies, 2)
	require.Equal(t, clinic.Today(), now.Policies[0].Effective.To)
	then, err := dossier.Load(t.Context(), h.Store, tenant, before)
	require.NoError(t, err)
	require.Len(t, then.Policies, 1)
	require.True(t, then.Policies[0].Effective.Open(), "as it was recorded then")
	_, err = dossier.Load(t.Context(), h.Store, tenant, before.AddDate(-1, 0, 0))
	var ee *dossier.EntityError
	require.ErrorAs(t, err, &ee, "a year ago there was no entity")
	require.Equal(t, tenant, ee.Tenant)
	require.ErrorContains(t, err, "ask about a later instant")
}

func TestThePackageOfTheClinicIsWhole(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	sum, pkg := h.write(t, h.options())
	require.Empty(t, sum.Gaps)
	for _, a := range sum.Answers {
		require.Equal(t, inquiry.StatusAnswered, a.Status, a.ID)
	}
	report, err := evidence.Verify(t.Context(), bytes.NewReader(pkg), int64(len(pkg)), []string{h.signer.VerifierKey()}, evidence.VerifyOptions{})
	require.NoError(t, err)
	require.True(t, report.Passed())
	require.Len(t, sum.Manifest.Exhibits, len(h.records.Finals()), "every record is given as evidence, and no draft is")
	for _, name := range []string{"index.html", "register.csv", "gaps.json", "manifest.json", "ledger/checkpoint", "records/risk.analysis/ra-2/1.json", "records/risk.draft/ra-2-draft/1.json"} {
		require.Contains(t, names(t, pkg), name)
	}
	page := part(t, pkg, "index.html")
	require.Contains(t, page, "Lakeside Family Clinic, covered entity. As of 2026-07-20, days counted in America/Chicago.")
	require.Contains(t, page, sum.Manifest.Ledger.Origin)
	for _, a := range sum.Answers {
		require.Contains(t, page, a.ID)
	}
	require.Equal(t, len(h.records.Finals()), strings.Count(page[strings.Index(page, `id="kept"`):strings.Index(page, `id="verify"`)], "<tr><td>"), "the page says of each until when it is kept")
}

func TestTheSameStoreGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	_, first := furnished(t).write(t, furnished(t).options())
	_, again := furnished(t).write(t, furnished(t).options())
	require.True(t, bytes.Equal(first, again), "a store filled in the same way, read again")
}

func TestTheRegisterIsATableThatComesBack(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	_, pkg := h.write(t, h.options())
	table := part(t, pkg, "register.csv")
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 5, "a header and four findings")
	sheet, err := risk.ReadSheet(strings.NewReader(table))
	require.NoError(t, err)
	require.Equal(t, h.records.Analyses[1].Sheet(), sheet)
}

func TestQuestionsOfOnesOwnAreAskedAndFiled(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	opts := h.options()
	opts.Checks = func(r inquiry.Records) []hipaasmp.GapCheck {
		require.Len(t, r.Analyses, 2, "they see the records")
		return []hipaasmp.GapCheck{{Code: "ACME-01", Citation: hipaasmp.CiteTimeLimit, Asks: "Is there a copy at another place?", Find: func(asOf hipaasmp.Date) []hipaasmp.Gap {
			return []hipaasmp.Gap{{Missing: "On " + asOf.String() + " there is no copy at another place.", Closes: "Make one."}}
		}}}
	}
	sum, pkg := h.write(t, opts)
	require.Len(t, sum.Gaps, 1)
	require.Equal(t, hipaasmp.GapCode("ACME-01"), sum.Gaps[0].Code)
	var filed []string
	for _, a := range sum.Answers {
		if a.Status == inquiry.StatusPartly {
			filed = append(filed, a.ID)
		}
	}
	require.Equal(t, []string{"INQ-14"}, filed)
	var list evidence.GapList
	require.NoError(t, json.Unmarshal([]byte(part(t, pkg, "gaps.json")), &list))
	require.Equal(t, sum.Gaps, list.Gaps)
	page := part(t, pkg, "index.html")
	require.Contains(t, page, "On 2026-07-20 there is no copy at another place.")
	require.Contains(t, page, "Is there a copy at another place?")
}

func TestWhatStandsInNoRecordCanBeSaid(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	opts := h.options()
	opts.Changes = []risk.Change{{Trigger: risk.TriggerLocation, On: hipaasmp.Day(2026, 5, 4), What: "the clinic moved"}}
	now := h.records.Analyses[1].Inventory
	now.Assets = append(slices.Clone(now.Assets), risk.Asset{ID: "fax", Name: "Fax server", Class: risk.AssetClassOnPremises, Handles: []risk.Handling{risk.HandlingMaintains}, InService: hipaasmp.Day(2026, 4, 1)})
	opts.Inventory = &now
	opts.Operating = []hipaasmp.Period{{From: hipaasmp.Day(2024, 12, 1)}}
	sum, _ := h.write(t, opts)
	var codes []hipaasmp.GapCode
	for _, g := range sum.Gaps {
		codes = append(codes, g.Code)
	}
	slices.Sort(codes)
	require.Equal(t, []hipaasmp.GapCode{"GAP-INQ-02", "GAP-RISK-02", "GAP-RISK-02", "GAP-RISK-04"}, codes, "the new system is not reviewed and has no finding; it and the move make the analysis stale")
}

func TestWhatWasDisposedOfInTimeIsNoGap(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	old, err := sanction.Attest("at-0", hipaasmp.EntityCoveredEntity, hipaasmp.Period{From: hipaasmp.Day(2019, 1, 1), To: hipaasmp.Day(2019, 6, 30)},
		hipaasmp.Actor{ID: "wf-101", Role: hipaasmp.RoleSecurityOfficial}, hipaasmp.Day(2019, 7, 1), hipaasmp.Day(2018, 1, 1),
		func(hipaasmp.Actor, hipaasmp.Power, hipaasmp.Date) error { return nil }, "The managers were asked.")
	require.NoError(t, err)
	h.put(t, old)
	h.approve(t, old.DocumentRef())
	_, err = h.Dispose(t.Context(), tenant, old.DocumentRef(), manager)
	require.NoError(t, err)
	sum, pkg := h.write(t, h.options())
	require.Len(t, sum.Records.Destroyed, 1)
	d := sum.Records.Destroyed[0]
	require.Equal(t, old.DocumentRef(), d.Ref.Newest())
	require.Equal(t, hipaasmp.Day(2025, 7, 1), d.KeepThrough)
	require.Equal(t, clinic.Today(), d.On)
	require.Len(t, sum.Records.Attestations, 1)
	require.Empty(t, sum.Gaps)
	report, err := evidence.Verify(t.Context(), bytes.NewReader(pkg), int64(len(pkg)), []string{h.signer.VerifierKey()}, evidence.VerifyOptions{})
	require.NoError(t, err)
	require.True(t, report.Passed())
}

func TestAnAnalysisThatIsNotInEffectHasNoRegister(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	opts := h.options()
	opts.AsOf = hipaasmp.Day(2025, 1, 31) // the first analysis is of February
	_, pkg := h.write(t, opts)
	require.NotContains(t, names(t, pkg), "register.csv")
	require.Contains(t, part(t, pkg, "index.html"), "No risk analysis in effect is among the records.")
}

var errBroken = errors.New("broken")

func TestWhatGoesWrongIsAnError(t *testing.T) {
	t.Parallel()
	part := func(name string, write func(io.Writer) error) []evidence.Part {
		return []evidence.Part{{Name: name, MediaType: "text/plain", Write: write}}
	}
	fine := func(w io.Writer) error { _, err := io.WriteString(w, "fine"); return err }
	other, err := storage.NewSigner(rand.NewChaCha8([32]byte{9}), "another-key")
	require.NoError(t, err)
	for _, c := range []struct {
		rule  string
		edit  func(o *dossier.Options)
		check func(t *testing.T, err error)
	}{
		{"a part that cannot be written", func(o *dossier.Options) { o.Parts = part("notes.txt", func(io.Writer) error { return errBroken }) }, func(t *testing.T, err error) { require.ErrorIs(t, err, errBroken) }},
		{"a part with a name that is taken", func(o *dossier.Options) { o.Parts = part("index.html", fine) }, func(t *testing.T, err error) {
			var pe *evidence.PartError
			require.ErrorAs(t, err, &pe)
			require.Equal(t, "index.html", pe.Name)
		}},
		{"no signer", func(o *dossier.Options) { o.Signer = nil }, option("Signer")},
		{"no day", func(o *dossier.Options) { o.AsOf = hipaasmp.Date{} }, option("AsOf")},
		{"no period", func(o *dossier.Options) { o.Period = hipaasmp.Period{} }, option("Period")},
		{"no time", func(o *dossier.Options) { o.Made = time.Time{} }, option("Made")},
		{"a verifier key of somebody else", func(o *dossier.Options) { o.VerifierKey = other.VerifierKey() }, option("VerifierKey")},
		{"a signer that the ledger does not know", func(o *dossier.Options) { o.Signer = other }, func(t *testing.T, err error) {
			var ke *evidence.KeyError
			require.ErrorAs(t, err, &ke)
		}},
		{"an earlier checkpoint that is none", func(o *dossier.Options) { o.Since = [][]byte{[]byte("x")} }, func(t *testing.T, err error) {
			var ce *evidence.ConsistencyError
			require.ErrorAs(t, err, &ce)
		}},
		{"a gap of one's own without words", func(o *dossier.Options) {
			o.Checks = func(inquiry.Records) []hipaasmp.GapCheck {
				return []hipaasmp.GapCheck{{Code: "ACME-01", Citation: hipaasmp.CiteTimeLimit, Find: func(hipaasmp.Date) []hipaasmp.Gap { return []hipaasmp.Gap{{Closes: "Say it."}} }}}
			}
		}, func(t *testing.T, err error) {
			var ve *hipaasmp.ValidationError
			require.ErrorAs(t, err, &ve)
			require.Equal(t, "/gaps/0/missing", ve.Faults[0].Pointer)
		}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			h := furnished(t)
			opts := h.options()
			c.edit(&opts)
			sum, err := dossier.Write(t.Context(), io.Discard, h.Store, tenant, opts)
			require.Error(t, err)
			require.Equal(t, dossier.Summary{}, sum, "what was not written is not summed up")
			c.check(t, err)
		})
	}
	h := furnished(t)
	opts := h.options()
	opts.Parts = part("notes.txt", fine)
	_, pkg := h.write(t, opts)
	require.Contains(t, names(t, pkg), "notes.txt")
}

func option(name string) func(*testing.T, error) {
	return func(t *testing.T, err error) {
		var oe *evidence.OptionsError
		require.ErrorAs(t, err, &oe)
		require.Equal(t, name, oe.Option)
	}
}

func TestAWriterThatFailsAndAContextThatEnds(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	_, err := dossier.Write(t.Context(), failing{}, h.Store, tenant, h.options())
	require.ErrorIs(t, err, errBroken)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = dossier.Write(ctx, io.Discard, h.Store, tenant, h.options())
	require.ErrorIs(t, err, context.Canceled)
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errBroken }

// The report and the proofs speak of one state of the ledger, or there is no package.
func TestALedgerThatGrewWhileItWasReadIsRefused(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	opts := h.options()
	opts.Checks = func(r inquiry.Records) []hipaasmp.GapCheck {
		again := r.Entity
		again.Size = hipaasmp.EntityMedium
		h.put(t, again)
		return nil
	}
	_, err := dossier.Write(t.Context(), io.Discard, h.Store, tenant, opts)
	var ce *dossier.ChangedError
	require.ErrorAs(t, err, &ce)
	require.Equal(t, ce.Before+1, ce.After)
	require.ErrorContains(t, err, "write the package again")
	opts.Checks = nil
	_, pkg := h.write(t, opts)
	require.NotEmpty(t, pkg)
}

var (
	official = hipaasmp.Actor{ID: "wf-101", Role: hipaasmp.RoleSecurityOfficial}
	manager  = hipaasmp.Actor{ID: "wf-100", Role: hipaasmp.RoleManagement}
)

// approve takes a disposal as far as its approval.
func (h *house) approve(t *testing.T, ref hipaasmp.Ref) {
	t.Helper()
	_, err := h.ProposeDisposal(t.Context(), tenant, ref, retention.MethodRowRemoved, official)
	require.NoError(t, err)
	_, err = h.ReviewDisposal(t.Context(), tenant, ref, official, "")
	require.NoError(t, err)
	_, err = h.ApproveDisposal(t.Context(), tenant, ref, manager)
	require.NoError(t, err)
}
