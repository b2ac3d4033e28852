package evidence

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
)

func TestAPackageOfEverythingVerifiesAtEveryLevel(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	earlier := h.write(h.options())
	first := contents(t, earlier)[fileCheckpoint]
	h.put(newDraft("d1", "third words"))
	o := h.options()
	o.Since = [][]byte{first}
	exhibits, err := Cite(newPolicy("p1", "2018-01-02", hipaasmp.Period{From: date("2018-01-02"), To: date("2025-12-31")}))
	require.NoError(t, err)
	o.Exhibits = exhibits
	pkg := h.write(o)

	r, err := verify(pkg, VerifyOptions{Since: [][]byte{first}, Anchors: [][]byte{first}}, h.signer.VerifierKey())
	require.NoError(t, err, "%s", r)
	require.True(t, r.Passed())
	for _, l := range r.Levels {
		require.Equal(t, OutcomePassed, l.Outcome, "%s", l.Level)
		require.Positive(t, l.Checked, "%s", l.Level)
		require.Empty(t, l.Findings)
	}
	require.Equal(t, h.signer.String(), r.Key)
	require.Equal(t, tenant, r.Manifest.Tenant)
	require.True(t, r.Manifest.Complete)
	require.Equal(t, EveryVersion, r.Manifest.Contents)
	require.Equal(t, Counts{Included: 17, Disposed: 1}, r.Manifest.Entries)
	require.Equal(t, []ExhibitRef{{Ref: hipaasmp.Ref{Kind: "test.policy", ID: "p1", Version: 2}, Citations: []hipaasmp.Citation{hipaasmp.CiteSanctionPolicy, hipaasmp.CiteDocumentation}}}, r.Manifest.Exhibits)
	require.Equal(t, uint64(2), r.At(LevelConsistency).Checked, "the package's own and the caller's")
	require.Equal(t, []string{"this build has no schema for: test.draft, test.policy; of those only canonical form was checked"}, r.At(LevelShape).Notes)
	require.Equal(t, []string{"1 entry is listed whose content was destroyed under a certificate"}, r.At(LevelCompleteness).Notes)
}

func TestSameStoreAndOptionsGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	a, b := newHouse(t, "salt").furnish(), newHouse(t, "salt").furnish()
	one := a.write(a.options())
	require.Equal(t, one, a.write(a.options()), "written twice")
	require.Equal(t, one, b.write(b.options()), "from another store with the same history")
	later := a.options()
	later.Made = later.Made.Add(time.Second)
	require.NotEqual(t, one, a.write(later))
}

func TestAnyZIPProgramReadsAPackage(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	pkg := h.write(h.options())
	ours := contents(t, pkg)
	z, err := zip.NewReader(bytes.NewReader(pkg), int64(len(pkg)))
	require.NoError(t, err)
	require.Len(t, z.File, len(ours))
	last := ""
	for i, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		data, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Equal(t, ours[f.Name], data, f.Name)
		require.Empty(t, f.Comment)
		if i < len(z.File)-1 {
			require.Less(t, last, f.Name, "byte order")
		}
		last = f.Name
	}
	require.Equal(t, fileManifest, last)
	require.Empty(t, z.Comment)
}

func TestPackageHoldsTheTenantsDocumentsAndNobodyElses(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	files := contents(t, h.write(h.options()))
	for name, data := range files {
		require.NotContains(t, string(data), "other-tenant", name)
		require.NotContains(t, string(data), "secret-of-the-other", name)
		require.NotContains(t, string(data), "PRIVATE+KEY", name)
		require.NotContains(t, string(data), h.signer.VerifierKey(), "a key that comes with what it verifies proves nothing")
	}
	var stored int
	for e, err := range h.store.Entries(context.Background(), tenant, 0, 1<<40) {
		require.NoError(t, err)
		if !e.Disposed() {
			require.Equal(t, string(e.Body), string(files[recordFile(e.Ref())]), "%s", e.Ref())
			stored++
		}
	}
	require.Equal(t, 16, stored)
	for _, want := range []string{
		"records/hipaasmp.entity/%4Cakeside%3A%43linic/1.json", "records/test.draft/d1/1.json", "records/test.draft/d1/2.json",
		"records/storage.hold/litigation%3A7/2.json", "index.html", "oscal/poam.json", "gaps.json", "retention/rules.json",
		"schemas/v1/hipaasmp.entity.json", "schemas/v1/storage.hold.json", "schemas/v1/evidence.manifest.json",
	} {
		require.Contains(t, files, want)
	}
	require.NotContains(t, files, "records/test.policy/%501/1.json", "its content was destroyed")
	require.NotContains(t, files, fileConsistency, "no earlier checkpoint was given")
}

func TestManifestMarksWhatIsNotFinal(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	s := manifestOf(t, contents(t, h.write(h.options())))
	got := map[string]bool{}
	for _, x := range s.Subject {
		require.Equal(t, x.Annotations != nil, strings.HasPrefix(x.Name, folderRecords), x.Name)
		require.NotEmpty(t, x.MediaType, x.Name)
		if x.Annotations != nil {
			require.Equal(t, recordFile(x.Annotations.Ref), x.Name)
			got[x.Annotations.Ref.String()] = x.Annotations.Final
		}
	}
	require.True(t, got["test.policy/p1@2"])
	require.True(t, got["hipaasmp.entity/Lakeside:Clinic@1"])
	require.False(t, got["test.draft/d1@1"])
	require.False(t, got["storage.hold/audit-2@1"])
}

func TestReadmeTellsAnOutsiderWhatToDo(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	readme := string(contents(t, h.write(h.options()))[fileReadme])
	for _, want := range []string{
		tenant, "2026-01-01 to 2026-01-31", h.signer.String(), "HOW TO VERIFY", "index.html", "added by the sender", "final or not",
		fileManifest, fileEntries, fileCheckpoint, fileKept, fileRules, fileGaps, "Every entry of the ledger is listed",
	} {
		require.Contains(t, readme, want)
	}
	for i, line := range strings.Split(readme, "\n") {
		require.LessOrEqual(t, len(line), 125, "line %d fits a page: %s", i+1, line)
	}
	require.NotContains(t, strings.ToLower(readme), "compliant")
}

func TestNewestVersionsLeaveTheHistoryWithheld(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	o := h.options()
	o.Contents = NewestVersion
	pkg := h.write(o)
	r, err := verify(pkg, VerifyOptions{}, h.signer.VerifierKey())
	require.NoError(t, err, "%s", r)
	require.Equal(t, NewestVersion, r.Manifest.Contents)
	require.Equal(t, Counts{Included: 14, Withheld: 2, Disposed: 1}, r.Manifest.Entries)
	require.Equal(t, OutcomePassed, r.At(LevelCompleteness).Outcome, "withheld content is no gap in the ledger")
	require.Contains(t, r.At(LevelCompleteness).Notes[0], "2 entries are listed with content withheld")
	files := contents(t, pkg)
	require.NotContains(t, files, "records/test.draft/d1/1.json")
	require.Contains(t, files, "records/test.draft/d1/2.json")
	require.Contains(t, files, "records/storage.hold/litigation%3A7/1.json", "the ledger's own acts are always in")
}

func TestSelectedDocumentsAreSaidToBeSelected(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	o := h.options()
	o.Include = func(e storage.Envelope) bool { return e.Kind != "test.draft" }
	r, err := verify(h.write(o), VerifyOptions{}, h.signer.VerifierKey())
	require.NoError(t, err, "%s", r)
	require.Equal(t, SelectedVersions, r.Manifest.Contents)
	require.Equal(t, Counts{Included: 14, Withheld: 2, Disposed: 1}, r.Manifest.Entries)
	o.Include = func(storage.Envelope) bool { return true }
	r, err = verify(h.write(o), VerifyOptions{}, h.signer.VerifierKey())
	require.NoError(t, err)
	require.Equal(t, EveryVersion, r.Manifest.Contents, "a selection that left nothing out withheld nothing")
}

func TestSparsePackagesClaimLess(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	first, err := h.store.Checkpoint(context.Background(), tenant)
	require.NoError(t, err)
	h.put(newDraft("d2", "other words"))
	o := h.options()
	o.Sparse, o.Include = true, func(e storage.Envelope) bool { return e.Kind == hipaasmp.KindEntity }
	o.Since = [][]byte{first.Note}
	pkg := h.write(o)
	r, err := verify(pkg, VerifyOptions{Since: [][]byte{first.Note}}, h.signer.VerifierKey())
	require.NoError(t, err, "%s", r)
	require.False(t, r.Manifest.Complete)
	require.Equal(t, OutcomeNotClaimed, r.At(LevelCompleteness).Outcome)
	require.Equal(t, OutcomeNotClaimed, r.At(LevelRetention).Outcome)
	require.Equal(t, OutcomePassed, r.At(LevelConsistency).Outcome)
	require.Equal(t, Counts{Included: 12}, r.Manifest.Entries)
	require.NotContains(t, string(contents(t, pkg)[fileEntries]), "test.draft")
	require.NotContains(t, string(contents(t, pkg)[fileKept]), "test.policy")

	o.Since = nil
	_, err = verify(h.write(o), VerifyOptions{Since: [][]byte{first.Note}}, h.signer.VerifierKey())
	requireFinding(t, err, LevelConsistency, FaultConsistency, "has no proof for the checkpoint")
}

func TestALedgerThatIsNoContinuationIsNotWritten(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	h := newHouse(t, "salt").furnish()
	head, err := h.store.Checkpoint(ctx, tenant)
	require.NoError(t, err)
	write := func(h *house, since []byte) error {
		o := h.options()
		o.Since = [][]byte{since}
		_, err := Write(ctx, io.Discard, h.store, tenant, o)
		return err
	}
	require.NoError(t, write(h, head.Note), "the head continues itself")

	var ce *ConsistencyError
	rewritten := newHouse(t, "another salt").furnish()
	rewritten.put(newDraft("d9", "more"))
	require.ErrorAs(t, write(rewritten, head.Note), &ce)
	require.ErrorContains(t, ce, "another root")

	rolledBack := newHouse(t, "salt")
	rolledBack.put(clinic(), storage.By(official()))
	require.ErrorAs(t, write(rolledBack, head.Note), &ce)
	require.ErrorContains(t, ce, "rolled back")

	other, err := h.store.Checkpoint(ctx, "other-tenant")
	require.NoError(t, err)
	require.ErrorAs(t, write(h, other.Note), &ce)
	require.ErrorContains(t, ce, "another ledger")

	require.ErrorAs(t, write(h, []byte("no note")), &ce)
	require.ErrorContains(t, ce, "not usable")
}

func TestKeysOfEarlierEpochsProveTheirCheckpoints(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	h := newHouse(t, "salt").furnish()
	old := h.signer
	first, err := h.store.Checkpoint(ctx, tenant)
	require.NoError(t, err)
	h.open(newSigner(t, "new key"), "more salt", storage.Options{Verifiers: noteVerifiers(old)})
	_, err = h.store.NewEpoch(ctx, tenant, official(), "the old key was lost")
	require.NoError(t, err)
	o := h.options()
	o.Since = [][]byte{first.Note}
	pkg := h.write(o)
	r, err := verify(pkg, VerifyOptions{Since: [][]byte{first.Note}}, h.signer.VerifierKey(), old.VerifierKey())
	require.NoError(t, err, "%s", r)
	_, err = verify(pkg, VerifyOptions{}, h.signer.VerifierKey())
	requireFinding(t, err, LevelConsistency, FaultConsistency, "not signed by a known key")

	o.Signer = old
	_, err = Write(ctx, io.Discard, h.store, tenant, o)
	var ke *KeyError
	require.ErrorAs(t, err, &ke, "the old key did not sign the newest checkpoint")
}

func TestExhibitsAreWhatWasStored(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	h := newHouse(t, "salt").furnish()
	write := func(records ...hipaasmp.Record) (Manifest, error) {
		o := h.options()
		o.Include = func(storage.Envelope) bool { return false }
		var err error
		o.Exhibits, err = Cite(records...)
		require.NoError(t, err)
		return Write(ctx, io.Discard, h.store, tenant, o)
	}
	superseded := newPolicy("p1", "2018-01-02", hipaasmp.Period{From: date("2018-01-02")})
	m, err := write(superseded, clinic(), superseded)
	require.NoError(t, err)
	require.Len(t, m.Exhibits, 2, "cited twice is given once")
	require.Equal(t, uint64(1), m.Exhibits[0].Ref.Version, "the version that is what was cited")
	require.Equal(t, uint64(1), m.Exhibits[1].Ref.Version)

	var xe *ExhibitError
	superseded.Text = "Words that were never stored"
	_, err = write(superseded)
	require.ErrorAs(t, err, &xe)
	require.True(t, xe.Known)
	_, err = write(newPolicy("p9", "2018-01-02"))
	require.ErrorAs(t, err, &xe)
	require.False(t, xe.Known)
	_, err = write(newPolicy("P1", "2017-03-04"))
	require.ErrorAs(t, err, &xe, "its content was destroyed")

	var invalid *hipaasmp.ValidationError
	_, err = Cite(newPolicy("", "2018-01-02"))
	require.ErrorAs(t, err, &invalid)
	_, err = Cite(nil)
	require.ErrorAs(t, err, &invalid)
	require.True(t, invalid.Has(FaultExhibit))
}

func TestIdentitiesBecomePathsThatEveryFileSystemKeepsApart(t *testing.T) {
	t.Parallel()
	names := newNameSet()
	for _, id := range []string{"a", "A", "aa", "Aa", "aA", "a:b", "a.b", "a.", "a-b", "a_b", "con", "CON", "nul.txt", "com1", "comma", strings.Repeat("A", 128), strings.Repeat("B", 128), "9..x"} {
		require.True(t, hipaasmp.ValidID(id), id)
		file := recordFile(hipaasmp.Ref{Kind: "test.kind", ID: id, Version: 1})
		require.Empty(t, badName(file), "%s gives %s", id, file)
		require.Empty(t, names.add(file), "%s gives %s", id, file)
	}
	require.Equal(t, "records/%61ux.x/a/3.json", recordFile(hipaasmp.Ref{Kind: "aux.x", ID: "a", Version: 3}), "a kind may be the name of a device")
}

func TestFaultCodesAreDefinedOnce(t *testing.T) {
	t.Parallel()
	seen := map[hipaasmp.FaultCode]bool{}
	for i, d := range FaultDefs() {
		require.False(t, seen[d.Code], "%s", d.Code)
		seen[d.Code] = true
		require.Equal(t, hipaasmp.FaultCode(fmt.Sprintf("SMP-EVD-%02d", i+1)), d.Code)
		require.Equal(t, hipaasmp.FaultRule, d.Kind)
		require.NotEmpty(t, d.Meaning)
		require.NotEmpty(t, d.Remedy)
		require.True(t, d.Citation == "" || d.Citation.IsValid())
	}
}
