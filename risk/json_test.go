package risk_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

// roundTrip writes, reads and writes again, and asks for the same bytes and the same value.
func roundTrip[T hipaasmp.Document](t require.TestingT, doc T) []byte {
	first, err := hipaasmp.Canonical(doc)
	require.NoError(t, err)
	back, err := hipaasmp.Decode[T](first)
	require.NoError(t, err)
	second, err := hipaasmp.Canonical(back)
	require.NoError(t, err)
	require.Equal(t, string(first), string(second))
	return first
}

func TestDocumentsRoundTripExactly(t *testing.T) {
	t.Parallel()
	roundTrip(t, draft(t))
	a := analysis(t)
	roundTrip(t, a)
	closed, err := a.Supersede(hipaasmp.Ref{Kind: risk.KindAnalysis, ID: "next", Version: 1}, day("2027-01-01"))
	require.NoError(t, err)
	roundTrip(t, closed)
	d, err := risk.CarryForward(a, "draft-2", analyst, approved)
	require.NoError(t, err)
	roundTrip(t, d)

	back, err := hipaasmp.Decode[risk.Analysis](roundTrip(t, a))
	require.NoError(t, err)
	require.Equal(t, a, back, "the value is the same, not only its bytes")
}

func TestGeneratedDraftsRoundTripExactly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) { roundTrip(rt, anyDraft(t).Draw(rt, "draft")) })
}

func TestGeneratedAnalysesRoundTripExactly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		a := anyAnalysis(t).Draw(rt, "analysis")
		roundTrip(rt, a)
		for _, x := range a.Findings {
			for _, s := range []*risk.Score{x.Inherent, x.Current, x.Residual} {
				if s != nil {
					again, err := risk.NewScore(risk.SP80030(), risk.Judgment{Initiation: s.Initiation, Adverse: s.Adverse, Impact: s.Impact}, s.By, s.At)
					require.NoError(rt, err)
					again.Rationale = s.Rationale
					require.Equal(rt, *s, again, "scores recompute to the bit")
				}
			}
		}
	})
}

func TestHostileJSONIsRefused(t *testing.T) {
	t.Parallel()
	head := `"schema":"` + hipaasmp.SchemaID(risk.KindDraft, 1) + `","id":"d"`
	for rule, c := range map[string]struct {
		json string
		code hipaasmp.FaultCode
	}{
		"a member named twice": {`{` + head + `,"id":"e"}`, hipaasmp.FaultDuplicate},
		"an unknown member":    {`{` + head + `,"level":"low"}`, hipaasmp.FaultUnknownMember},
		"another case":         {`{` + head + `,"Title":"x"}`, hipaasmp.FaultUnknownMember},
		"an unknown level":     {`{` + head + `,"vulnerabilities":[{"id":"v","title":"v","severity":"critical"}]}`, hipaasmp.FaultEnum},
		"an empty level":       {`{` + head + `,"vulnerabilities":[{"id":"v","title":"v","severity":""}]}`, hipaasmp.FaultEnum},
		"a level as a number":  {`{` + head + `,"vulnerabilities":[{"id":"v","title":"v","severity":3}]}`, hipaasmp.FaultType},
		"a null list":          {`{` + head + `,"findings":null}`, hipaasmp.FaultLossy},
		"cut short":            {`{` + head, hipaasmp.FaultSyntax},
	} {
		_, err := hipaasmp.Decode[risk.Draft]([]byte(c.json))
		all := faults(t, err)
		require.Equal(t, c.code, all[0].Code, "%s: %v", rule, all)
	}
}

func FuzzDecodeAnalysis(f *testing.F) {
	a := analysis(f)
	b, err := hipaasmp.Canonical(a)
	require.NoError(f, err)
	f.Add(b)
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"findings":[{"current":{}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := hipaasmp.Decode[risk.Analysis](data)
		if err != nil {
			return
		}
		roundTrip(t, a)
		a.Register()
		hipaasmp.FindGaps(day("2026-06-01"), risk.GapChecks(risk.GapInput{Analyses: []risk.Analysis{a}})...)
	})
}

func FuzzDecodeDraft(f *testing.F) {
	b, err := hipaasmp.Canonical(draft(f))
	require.NoError(f, err)
	f.Add(b)
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := hipaasmp.Decode[risk.Draft](data)
		if err != nil {
			return
		}
		roundTrip(t, d)
		d.Register()
	})
}
