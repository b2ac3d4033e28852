package risk_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

// second carries the clinic's analysis forward: F-1 confirmed, F-2 re-scored, F-3 removed, F-4 new.
func second(t testing.TB, last risk.Analysis) risk.Analysis {
	t.Helper()
	at := approved.AddDate(1, 0, 0)
	d, err := risk.CarryForward(last, "draft-2027", analyst, at)
	require.NoError(t, err)
	d, err = d.Confirm("F-1", analyst, at)
	require.NoError(t, err)
	x, _ := d.Finding("F-2")
	s := *scored(t, l, h, vh)
	s.At, x.Current, x.Residual, x.Measures = at, &s, nil, nil
	d, err = d.Rescore(x, analyst, at)
	require.NoError(t, err)
	d, err = d.Remove("F-3", "The pumps were replaced.", analyst, at)
	require.NoError(t, err)
	d.Findings = slices.Insert(d.Findings, 0, risk.Finding{ID: "F-0", Title: "Lost phone", Assets: []string{"laptop"}, Threat: "theft", Vulnerability: "clear-disk",
		NoSafeguards: true, Confidentiality: true, Current: scored(t, l, l, l)})
	a, err := d.Approve("ra-2027", manager, official, at.Add(time.Hour), chicago(t), may(), l, risk.After(last.DocumentRef()))
	require.NoError(t, err)
	return a
}

func TestDiffTellsNewGoneRescoredAndUnchanged(t *testing.T) {
	t.Parallel()
	old := analysis(t)
	d := risk.Diff(old, second(t, old))
	require.Equal(t, risk.Difference{
		Old: old.DocumentRef(), New: hipaasmp.Ref{Kind: risk.KindAnalysis, ID: "ra-2027"}, Follows: true, AcceptableFrom: l, AcceptableTo: l,
		Findings: []risk.FindingDiff{
			{Finding: "F-0", Title: "Lost phone", Kind: risk.DiffKindNew, From: na, To: l, Direction: risk.DirectionNotAssessed},
			{Finding: "F-1", Title: "Laptop stolen with readable ePHI", Kind: risk.DiffKindUnchanged, From: m, To: m, Direction: risk.DirectionSame},
			{Finding: "F-2", Title: "Stolen password opens the EHR", Kind: risk.DiffKindRescored, Parts: []string{"current", "residual", "measures"}, From: vh, To: h, Direction: risk.DirectionLower},
			{Finding: "F-3", Title: "Pumps stop in an outage", Kind: risk.DiffKindGone, From: na, To: na, Direction: risk.DirectionNotAssessed, Reason: "The pumps were replaced."},
		},
	}, d)
	require.True(t, d.Findings[2].Rescored())
	require.True(t, d.Findings[2].Retreated(), "it was both")
	require.False(t, d.Findings[1].Rescored())
	require.Len(t, d.Of(risk.DiffKindGone), 1)
}

func TestDiffTellsWhatAChangeOfEachPartIs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		part string
		kind risk.DiffKind
		edit func(*risk.Analysis)
	}{
		{"title", risk.DiffKindReworded, func(a *risk.Analysis) { a.Findings[1].Title = "x" }},
		{"assets", risk.DiffKindReworded, func(a *risk.Analysis) { a.Findings[1].Assets = []string{"ehr"} }},
		{"threat", risk.DiffKindReworded, func(a *risk.Analysis) { a.Findings[1].Threat = "theft" }},
		{"threat", risk.DiffKindReworded, func(a *risk.Analysis) { a.Threats[0].Event = "Phishing by telephone" }},
		{"vulnerability", risk.DiffKindReworded, func(a *risk.Analysis) { a.Vulnerabilities[0].Severity = vh }},
		{"conditions", risk.DiffKindReworded, func(a *risk.Analysis) { a.Findings[1].Conditions = []string{"c"} }},
		{"safeguards", risk.DiffKindRetreated, func(a *risk.Analysis) { a.Findings[1].Safeguards = []string{"training", "locks"} }},
		{"safeguards", risk.DiffKindRetreated, func(a *risk.Analysis) { a.Safeguards[0].Effectiveness = risk.EffectivenessEffective }},
		{"no_safeguards", risk.DiffKindRetreated, func(a *risk.Analysis) { a.Findings[1].NoSafeguards = true }},
		{"confidentiality", risk.DiffKindReworded, func(a *risk.Analysis) { a.Findings[1].Confidentiality = false }},
		{"integrity", risk.DiffKindReworded, func(a *risk.Analysis) { a.Findings[1].Integrity = false }},
		{"availability", risk.DiffKindReworded, func(a *risk.Analysis) { a.Findings[1].Availability = true }},
		{"inherent", risk.DiffKindRescored, func(a *risk.Analysis) { a.Findings[1].Inherent = nil }},
		{"current", risk.DiffKindRescored, func(a *risk.Analysis) { a.Findings[1].Current = scored(t, l, l, l) }},
		{"residual", risk.DiffKindRetreated, func(a *risk.Analysis) { a.Findings[1].Residual = nil }},
		{"target", risk.DiffKindRetreated, func(a *risk.Analysis) { a.Findings[1].Target = scored(t, l, l, l) }},
		{"measures", risk.DiffKindRetreated, func(a *risk.Analysis) { a.Findings[1].Measures = nil }},
	} {
		old, new := analysis(t), analysis(t)
		c.edit(&new)
		d := risk.Diff(old, new)
		require.Equal(t, []string{c.part}, d.Findings[1].Parts)
		require.Equal(t, c.kind, d.Findings[1].Kind, c.part)
	}
}

// A member that is added to Finding has to be looked at by Diff.
func TestDiffLooksAtEveryMemberOfAFinding(t *testing.T) {
	t.Parallel()
	old, new := analysis(t), analysis(t)
	old.Findings, new.Findings = []risk.Finding{{ID: "F"}}, []risk.Finding{{ID: "F", Title: "x", Assets: []string{"x"}, Threat: "x", Vulnerability: "x", Conditions: []string{"x"}, Safeguards: []string{"x"},
		NoSafeguards: true, Confidentiality: true, Integrity: true, Availability: true, Inherent: scored(t, l, l, l), Current: scored(t, l, l, l), Residual: scored(t, l, l, l),
		Target: scored(t, l, l, l), Measures: []string{"x"}}}
	var members []string
	for i := range reflect.TypeFor[risk.Finding]().NumField() {
		name, _, _ := strings.Cut(reflect.TypeFor[risk.Finding]().Field(i).Tag.Get("json"), ",")
		if name != "id" {
			members = append(members, name)
		}
		require.False(t, reflect.ValueOf(new.Findings[0]).Field(i).IsZero(), "the test sets %s", name)
	}
	require.ElementsMatch(t, members, risk.Diff(old, new).Findings[0].Parts)
}

func TestDiffOfTwoScalesNeedsAConversion(t *testing.T) {
	t.Parallel()
	old, new := analysis(t), analysis(t)
	new.Findings[0].Current = onThree(t, h, h, h)
	require.Equal(t, risk.DirectionOtherScale, risk.Diff(old, new).Findings[0].Direction)
	new.Conversions = []risk.Conversion{conversion(t)}
	require.Equal(t, risk.DirectionHigher, risk.Diff(old, new).Findings[0].Direction, "moderate converts to moderate, and high is higher")
	require.Equal(t, risk.DirectionLower, risk.Diff(new, old).Findings[0].Direction)
}

func TestDiffWithItselfIsUnchangedAndTheOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		a, b := anyAnalysis(t).Draw(rt, "a"), anyAnalysis(t).Draw(rt, "b")
		for _, x := range risk.Diff(a, a).Findings {
			require.Equal(rt, risk.DiffKindUnchanged, x.Kind)
			require.Empty(rt, x.Parts)
		}
		d := risk.Diff(a, b)
		ids := map[string]bool{}
		for _, x := range slices.Concat(a.Findings, b.Findings) {
			ids[x.ID] = true
		}
		require.Len(rt, d.Findings, len(ids), "each finding of the two once")
		back := risk.Diff(b, a)
		require.Len(rt, back.Of(risk.DiffKindNew), len(d.Of(risk.DiffKindGone)))
		require.Len(rt, back.Of(risk.DiffKindUnchanged), len(d.Of(risk.DiffKindUnchanged)))
		slices.Reverse(a.Findings)
		slices.Reverse(b.Findings)
		require.Equal(rt, d, risk.Diff(a, b))
	})
}
