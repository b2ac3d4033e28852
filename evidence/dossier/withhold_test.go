package dossier_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/evidence/dossier"
	"github.com/hipaasmp/hipaasmp/internal/clinic"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// phrases collects the texts of a JSON value that are long enough to be somebody's words.
func phrases(v any, into map[string]bool) {
	switch v := v.(type) {
	case string:
		if strings.Count(v, " ") >= 2 {
			into[v] = true
		}
	case []any:
		for _, x := range v {
			phrases(x, into)
		}
	case map[string]any:
		for _, x := range v {
			phrases(x, into)
		}
	}
}

func phrasesOf(t *testing.T, d hipaasmp.Document, into map[string]bool) {
	t.Helper()
	body, err := hipaasmp.Canonical(d)
	require.NoError(t, err)
	var v any
	require.NoError(t, json.Unmarshal(body, &v))
	phrases(v, into)
}

// Each kind is withheld in turn, on a day when all is in order and on one when much is missing, so that gaps speak.
func TestNoWordOfAWithheldDocumentIsInThePackage(t *testing.T) {
	t.Parallel()
	records, err := clinic.New(hipaasmp.EntityCoveredEntity)
	require.NoError(t, err)
	kinds := map[hipaasmp.Kind]bool{}
	for _, d := range clinic.Documents(records) {
		kinds[d.DocumentRef().Kind] = true
	}
	delete(kinds, hipaasmp.KindEntity)
	for kind := range kinds {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			h := furnished(t)
			secret, open := map[string]bool{}, map[string]bool{}
			for _, d := range clinic.Documents(h.records) {
				if d.DocumentRef().Kind == kind {
					phrasesOf(t, d, secret)
				} else {
					phrasesOf(t, d, open)
				}
			}
			for _, years := range []int{0, 3} {
				opts := h.options()
				opts.AsOf = opts.AsOf.AddYears(years)
				opts.Withhold = func(r hipaasmp.Ref) bool { return r.Kind == kind }
				sum, pack := h.write(t, opts)
				require.NotEmpty(t, sum.Withheld)
				require.Equal(t, evidence.SelectedVersions, sum.Manifest.Contents)
				require.Positive(t, sum.Manifest.Entries.Withheld)

				report, err := evidence.Verify(t.Context(), bytes.NewReader(pack), int64(len(pack)), []string{h.signer.VerifierKey()}, evidence.VerifyOptions{})
				require.NoError(t, err)
				require.Contains(t, strings.Join(report.At(evidence.LevelCompleteness).Notes, "\n"), "withheld by the sender")

				z, err := zip.NewReader(bytes.NewReader(pack), int64(len(pack)))
				require.NoError(t, err)
				for _, f := range z.File {
					if strings.HasPrefix(f.Name, "schemas/") || f.Name == "oscal/catalog.json" {
						continue // the same for everybody
					}
					r, err := f.Open()
					require.NoError(t, err)
					data, err := io.ReadAll(r)
					require.NoError(t, err)
					for phrase := range secret {
						if !open[phrase] {
							require.NotContains(t, string(data), phrase, f.Name)
						}
					}
				}
			}
		})
	}
}

func TestPageSaysWhatIsWithheld(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	opts := h.options()
	opts.Withhold = func(r hipaasmp.Ref) bool { return r.Kind == sanction.KindCase || r.Kind == sanction.KindOutcome }
	sum, pack := h.write(t, opts)
	require.Len(t, sum.Withheld, len(h.records.Cases)+len(h.records.Outcomes))
	page := part(t, pack, "index.html")
	require.Contains(t, page, "The sender withholds the content of")
	for _, ref := range sum.Withheld {
		require.Contains(t, page, ref.String())
	}
	require.Empty(t, sum.Gaps, "what is withheld is not missing")
}

func TestWithoutTheAnalysisThereIsNoRegister(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	opts := h.options()
	opts.Withhold = func(r hipaasmp.Ref) bool { return r.Kind == "risk.analysis" }
	_, pack := h.write(t, opts)
	require.NotContains(t, files(t, pack), "register.csv")
	require.NotContains(t, files(t, pack), "oscal/poam.json")
	require.Contains(t, files(t, pack), "oscal/catalog.json")
}

func TestEntityCannotBeWithheld(t *testing.T) {
	t.Parallel()
	h := furnished(t)
	opts := h.options()
	opts.Withhold = func(hipaasmp.Ref) bool { return true }
	_, err := dossier.Write(t.Context(), io.Discard, h.Store, tenant, opts)
	var oe *evidence.OptionsError
	require.ErrorAs(t, err, &oe)
	require.Equal(t, "Withhold", oe.Option)
}
