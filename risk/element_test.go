package risk_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

// removal takes one thing out of an input in which nothing is missing.
type removal struct {
	rule string
	edit func(*testing.T, *risk.GapInput)
	// codes are exactly the gaps that follow.
	codes []hipaasmp.GapCode
}

// analysisOf removes something from the analysis.
func analysisOf(edit func(*testing.T, *risk.Analysis)) func(*testing.T, *risk.GapInput) {
	return func(t *testing.T, in *risk.GapInput) { edit(t, &in.Analyses[0]) }
}

// termsOf removes something from the procedure.
func termsOf(edit func(*risk.Terms)) func(*testing.T, *risk.GapInput) {
	return func(_ *testing.T, in *risk.GapInput) { edit(&in.Procedures[0].Terms) }
}

// without drops the finding about the pumps with everything that is there for it alone.
func without(_ *testing.T, a *risk.Analysis) {
	a.Findings, a.Threats, a.Vulnerabilities = a.Findings[:2], a.Threats[:2], a.Vulnerabilities[:2]
}

func removals() []removal {
	codes := func(c ...hipaasmp.GapCode) []hipaasmp.GapCode { return c }
	return []removal{
		{"element 1: a system that no finding reaches", analysisOf(without), codes(risk.GapAssetWithoutFinding)},
		{"element 1: a class that nobody considered", analysisOf(func(_ *testing.T, a *risk.Analysis) { a.Inventory.DeclaredNone = a.Inventory.DeclaredNone[1:] }), codes(risk.GapClassNotConsidered)},
		{"element 2: what an asset does with ePHI", analysisOf(func(_ *testing.T, a *risk.Analysis) {
			a.Inventory.Assets[2].Handles = []risk.Handling{risk.HandlingUnknown}
		}), codes(risk.GapDataCollection)},
		{"element 2: where an asset sends ePHI", analysisOf(func(_ *testing.T, a *risk.Analysis) {
			a.Inventory.Assets[2].Handles = []risk.Handling{risk.HandlingTransmits}
		}), codes(risk.GapDataCollection)},
		{"element 2: the flows", analysisOf(func(_ *testing.T, a *risk.Analysis) { a.Inventory.Flows = nil }), codes(risk.GapDataCollection)},
		{"element 3: the vulnerability of a threat", analysisOf(func(_ *testing.T, a *risk.Analysis) {
			a.Findings[2].Vulnerability, a.Vulnerabilities = "", a.Vulnerabilities[:2]
		}), codes(risk.GapThreatWithoutVulnerability)},
		{"element 3: the finding of a threat", analysisOf(func(_ *testing.T, a *risk.Analysis) {
			a.Threats = append(a.Threats, risk.Threat{ID: "flood", Source: risk.ThreatSourceEnvironmental, Event: "Flood"})
		}), codes(risk.GapThreatWithoutVulnerability)},
		{"element 3: the finding of a vulnerability", analysisOf(func(_ *testing.T, a *risk.Analysis) {
			a.Vulnerabilities = append(a.Vulnerabilities, risk.Vulnerability{ID: "window", Title: "An open window", Severity: l})
		}), codes(risk.GapVulnerabilityAlone)},
		{"element 4: the verdict on a safeguard", analysisOf(func(_ *testing.T, a *risk.Analysis) {
			a.Safeguards[0].Effectiveness, a.Safeguards[0].How = risk.EffectivenessNotAssessed, ""
		}), codes(risk.GapSafeguardsNotAssessed)},
		{"element 4: a word on what is in place", analysisOf(func(_ *testing.T, a *risk.Analysis) { a.Findings[2].NoSafeguards = false }), codes(risk.GapSafeguardsNotAssessed)},
		{"element 5: the likelihood, and with it the rating", analysisOf(func(t *testing.T, a *risk.Analysis) { a.Findings[2].Current = scored(t, na, m, m) }),
			codes(risk.GapNoLikelihood, risk.GapNotScored)},
		{"element 6: the impact, and with it the rating", analysisOf(func(t *testing.T, a *risk.Analysis) { a.Findings[2].Current = scored(t, m, m, na) }),
			codes(risk.GapNoImpact, risk.GapNotScored)},
		{"element 7: the score", analysisOf(func(_ *testing.T, a *risk.Analysis) { a.Findings[2].Current = nil }),
			codes(risk.GapNoLikelihood, risk.GapNoImpact, risk.GapNotScored)},
		{"element 8: a part of the record", analysisOf(func(_ *testing.T, a *risk.Analysis) { a.Draft = hipaasmp.Ref{} }), codes(risk.GapNotDocumented)},
		{"element 9: the review after a change", func(_ *testing.T, in *risk.GapInput) {
			in.Changes = []risk.Change{{Trigger: risk.TriggerIncident, On: day("2026-05-01"), What: "Ransomware"}}
		}, codes(risk.GapStale)},
		{"element 9: the review of the procedure's own interval", termsOf(func(t *risk.Terms) { t.Months = 1 }), codes(risk.GapStale)},

		{"protocol: the procedure", func(_ *testing.T, in *risk.GapInput) { in.Procedures = nil }, codes(risk.GapNoProcedure)},
		{"protocol: the purpose", termsOf(func(t *risk.Terms) { t.Purpose = "" }), codes(risk.GapProcedureScope)},
		{"protocol: the scope of the procedure", termsOf(func(t *risk.Terms) { t.Scope = "" }), codes(risk.GapProcedureScope)},
		{"protocol: the roles", termsOf(func(t *risk.Terms) { t.Duties = nil }), codes(risk.GapProcedureRoles)},
		{"protocol: the involvement of management", termsOf(func(t *risk.Terms) { t.Management = "" }), codes(risk.GapProcedureManagement)},
		{"protocol: how often", termsOf(func(t *risk.Terms) { t.Occasions = "" }), codes(risk.GapProcedureReview)},
		{"protocol: the written analysis", func(_ *testing.T, in *risk.GapInput) { in.Analyses = nil }, codes(risk.GapNoAnalysis, risk.GapAcceptableLevel)},
		{"protocol: the analysis before", analysisOf(func(_ *testing.T, a *risk.Analysis) {
			a.Explanation, a.Predecessor = "", &hipaasmp.Ref{Kind: risk.KindAnalysis, ID: "lost"}
		}), codes(risk.GapNoPredecessor)},
		{"protocol: the explanation, without which the record is not whole", analysisOf(func(_ *testing.T, a *risk.Analysis) { a.Explanation = "" }),
			codes(risk.GapNoPredecessor, risk.GapNotDocumented)},
		{"protocol: the scope, without which the record is not whole", analysisOf(func(_ *testing.T, a *risk.Analysis) { a.Scope = "" }),
			codes(risk.GapNotDocumented, risk.GapScopeNotDefined)},
	}
}

func TestRemovingOneThingIsSeenUnderItsCodeAndNothingElseIs(t *testing.T) {
	t.Parallel()
	for _, r := range removals() {
		t.Run(r.rule, func(t *testing.T) {
			t.Parallel()
			in := of(t, whole(t))
			require.Empty(t, hipaasmp.FindGaps(day("2026-06-01"), risk.GapChecks(in)...))
			r.edit(t, &in)
			var got []hipaasmp.GapCode
			for _, g := range hipaasmp.FindGaps(day("2026-06-01"), risk.GapChecks(in)...) {
				got = append(got, g.Code)
			}
			require.ElementsMatch(t, r.codes, got)
		})
	}
}

func TestEveryElementHasACheckAndARemovalThatProvokesIt(t *testing.T) {
	t.Parallel()
	checks := map[hipaasmp.GapCode]hipaasmp.GapCheck{}
	for _, c := range risk.GapChecks(risk.GapInput{}) {
		checks[c.Code] = c
	}
	count := map[risk.ElementSource]int{}
	for _, e := range risk.Elements() {
		count[e.Source]++
		require.Equal(t, count[e.Source], e.Number, "numbered in order")
		require.True(t, e.Source.IsValid())
		require.True(t, hipaasmp.ValidText(e.Title))
		require.NotEmpty(t, e.Codes)
		require.NotEmpty(t, e.Citations)
		for _, c := range e.Citations {
			require.True(t, c.IsValid())
		}
		for _, code := range e.Codes {
			check, ok := checks[code]
			require.True(t, ok, "%s is no check", code)
			if e.Source == risk.ElementSourceGuidance {
				require.Contains(t, e.Citations, check.Citation, "%s cites what the element cites", code)
			}
			require.True(t, slices.ContainsFunc(removals(), func(r removal) bool { return slices.Contains(r.codes, code) }), "no removal provokes %s", code)
		}
	}
	require.Equal(t, map[risk.ElementSource]int{risk.ElementSourceGuidance: 9, risk.ElementSourceProtocol: 13}, count)
	require.Equal(t, hipaasmp.ConfidenceRecalled, risk.Elements()[8].CitationsRead, "what was not read is marked")
	require.Equal(t, hipaasmp.ConfidenceOne, risk.Elements()[0].CitationsRead)
}

func TestAnOlderVersionOfTheProcedureDoesNotGovern(t *testing.T) {
	t.Parallel()
	old := procedure(t)
	closed, err := old.Supersede(day("2026-04-30"))
	require.NoError(t, err)
	in := risk.GapInput{Procedures: []risk.Procedure{old, closed}}
	require.Empty(t, found(in, "2026-04-30", risk.GapNoProcedure))
	gap := one(t, in, "2026-06-01", risk.GapNoProcedure)
	require.Equal(t, day("2026-05-01"), gap.Since)
	require.Equal(t, hipaasmp.CiteWrittenPolicies, gap.Citation)
	bare := terms()
	bare.Duties = nil
	next, err := bare.Approve("ra-procedure-4", manager, approved.AddDate(0, 1, 10), chicago(t), may())
	require.NoError(t, err)
	in.Procedures = append(in.Procedures, next)
	require.Empty(t, found(in, "2026-06-01", risk.GapNoProcedure))
	gap = one(t, in, "2026-06-01", risk.GapProcedureRoles)
	require.Equal(t, []hipaasmp.Ref{next.DocumentRef()}, gap.Refs)
	require.Equal(t, next.InEffect.From, gap.Since)
}
