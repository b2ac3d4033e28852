package risk_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

// found returns the gaps of one code.
func found(in risk.GapInput, asOf string, code hipaasmp.GapCode) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, g := range hipaasmp.FindGaps(day(asOf), risk.GapChecks(in)...) {
		if g.Code == code {
			out = append(out, g)
		}
	}
	return out
}

// one asks for exactly one gap of the code, with a citation, a way to close it and the list it was counted from.
func one(t *testing.T, in risk.GapInput, asOf string, code hipaasmp.GapCode) hipaasmp.Gap {
	t.Helper()
	gaps := found(in, asOf, code)
	require.Len(t, gaps, 1)
	require.NotEmpty(t, gaps[0].Citation)
	require.NotEmpty(t, gaps[0].Closes)
	return gaps[0]
}

// whole is the clinic with nothing missing: F-3 scored, everything else as it is.
func whole(t *testing.T) risk.Analysis {
	t.Helper()
	d := draft(t)
	d.Findings[2].Current = scored(t, l, m, m)
	a, err := d.Approve("ra-2026", manager, official, approved, chicago(t), may(), l, risk.First("The clinic opened in 2026."))
	require.NoError(t, err)
	return a
}

// of asks about the analyses, with the clinic's procedure in force.
func of(t testing.TB, analyses ...risk.Analysis) risk.GapInput {
	return risk.GapInput{Analyses: analyses, Procedures: []risk.Procedure{procedure(t)}}
}

func TestNothingIsMissingFromAWholeAnalysis(t *testing.T) {
	t.Parallel()
	require.Empty(t, hipaasmp.FindGaps(day("2026-06-01"), risk.GapChecks(of(t, whole(t)))...))
}

func TestGapNoAnalysis(t *testing.T) {
	t.Parallel()
	gap := one(t, of(t), "2026-06-01", risk.GapNoAnalysis)
	require.Equal(t, hipaasmp.CiteRiskAnalysis, gap.Citation)
	require.True(t, gap.Since.IsZero(), "nobody can tell since when")

	a := whole(t)
	require.Empty(t, found(of(t, a), "2026-03-20", risk.GapNoAnalysis), "in effect from the day of approval")
	one(t, of(t, a), "2026-03-19", risk.GapNoAnalysis)
	closed, err := a.Supersede(hipaasmp.Ref{Kind: risk.KindAnalysis, ID: "lost"}, day("2027-03-01"))
	require.NoError(t, err)
	require.Empty(t, found(of(t, closed), "2027-03-01", risk.GapNoAnalysis), "the last day is included")
	gap = one(t, of(t, a, closed), "2027-06-01", risk.GapNoAnalysis)
	require.Equal(t, day("2027-03-02"), gap.Since)
	require.Contains(t, gap.Missing, "until 2027-03-01")
	require.Len(t, gap.Counted, 1, "two versions of one record are one analysis")
}

func TestGapStaleByTheEntitysOwnInterval(t *testing.T) {
	t.Parallel()
	in := of(t, whole(t))
	require.Empty(t, found(in, "2040-01-01", risk.GapStale), "the rule sets no interval")
	in.Policy = risk.Cadence{Months: 12, Policy: "Risk analysis procedure, version 3"}
	require.Empty(t, found(in, "2027-03-20", risk.GapStale))
	gap := one(t, in, "2027-03-21", risk.GapStale)
	require.Equal(t, hipaasmp.CiteUpdates, gap.Citation)
	require.Equal(t, day("2027-03-21"), gap.Since)
	require.Contains(t, gap.Missing, "policy, not law")
	require.Equal(t, []string{"policy: Risk analysis procedure, version 3"}, gap.Counted)
}

// RA-04: a new system added after the approval date.
func TestRA04NewSystemMakesTheAnalysisStale(t *testing.T) {
	t.Parallel()
	a := whole(t)
	now := content(t).Inventory
	now.Assets = append(now.Assets, risk.Asset{ID: "portal", Name: "Patient portal", Class: risk.AssetClassCloudApp,
		Handles: []risk.Handling{risk.HandlingTransmits}, InService: day("2026-05-10")})
	in := risk.GapInput{Analyses: []risk.Analysis{a}, Inventory: &now}
	require.Empty(t, found(in, "2026-05-09", risk.GapStale), "not in service yet")
	gap := one(t, in, "2026-05-10", risk.GapStale)
	require.Equal(t, hipaasmp.CiteMaintenance, gap.Citation)
	require.Equal(t, day("2026-05-10"), gap.Since)
	require.Equal(t, []string{"portal"}, gap.Counted)
	require.Contains(t, gap.Missing, "new_system")
	require.Equal(t, a.DocumentRef(), gap.Refs[0])
}

func TestEveryTrigger(t *testing.T) {
	t.Parallel()
	a := whole(t)
	incident := hipaasmp.Ref{Kind: "review.incident", ID: "inc-7"}
	all := []string{"F-1", "F-2", "F-3"}
	for _, c := range []struct {
		rule string
		now  func(*risk.Inventory)
		happ []risk.Change
		want []risk.Change
	}{
		{"nothing", func(*risk.Inventory) {}, nil, nil},
		{"an asset in the inventory that the analysis did not know", func(v *risk.Inventory) {
			v.Assets = append(v.Assets, risk.Asset{ID: "nas", Class: risk.AssetClassBackup, Handles: []risk.Handling{risk.HandlingMaintains}, InService: day("2019-01-01")})
		}, nil, []risk.Change{{Trigger: risk.TriggerNewSystem, Assets: []string{"nas"}}}},
		{"a new business associate", func(v *risk.Inventory) {
			v.Assets = append(v.Assets, risk.Asset{ID: "shred", Class: risk.AssetClassBusinessAssociate, Handles: []risk.Handling{risk.HandlingReceives}, InService: day("2026-05-01")})
		}, nil, []risk.Change{{Trigger: risk.TriggerVendor, On: day("2026-05-01"), Assets: []string{"shred"}}}},
		{"another vendor", func(v *risk.Inventory) { v.Assets[0].Vendor.Name = "Other EHR Inc." }, nil, []risk.Change{{Trigger: risk.TriggerVendor, Assets: []string{"ehr"}, Findings: []string{"F-2"}}}},
		{"a renewed agreement is no change of vendor", func(v *risk.Inventory) { v.Assets[0].Vendor.Agreement.Expires = day("2030-01-01") }, nil, nil},
		{"another place", func(v *risk.Inventory) { v.Assets[1].Location = "homes" }, nil, []risk.Change{{Trigger: risk.TriggerLocation, Assets: []string{"laptop"}, Findings: []string{"F-1"}}}},
		{"another use", func(v *risk.Inventory) {
			v.Assets[1].Handles = []risk.Handling{risk.HandlingReceives, risk.HandlingMaintains}
		}, nil, []risk.Change{{Trigger: risk.TriggerWorkflow, Assets: []string{"laptop"}, Findings: []string{"F-1"}}}},
		{"the same use in another order", func(v *risk.Inventory) {
			v.Assets[0].Handles = []risk.Handling{risk.HandlingMaintains, risk.HandlingCreates}
		}, nil, nil},
		{"a new flow", func(v *risk.Inventory) {
			v.Flows = append(v.Flows, risk.Flow{ID: "sync", From: "pump", To: "ehr", What: "readings", Encryption: risk.EncryptionUnknown})
		}, nil, []risk.Change{{Trigger: risk.TriggerWorkflow, Assets: []string{"pump", "ehr"}, Findings: []string{"F-2", "F-3"}}}},
		{"a changed flow", func(v *risk.Inventory) { v.Flows[0].Encryption = risk.EncryptionUnencrypted }, nil, []risk.Change{{Trigger: risk.TriggerWorkflow, Assets: []string{"ehr", "billing"}, Findings: []string{"F-2"}}}},
		{"a retired asset", func(v *risk.Inventory) { v.Assets[1].Retired, v.Assets[1].Location = day("2026-04-01"), "storeroom" }, nil, nil},
		{"an incident", func(*risk.Inventory) {},
			[]risk.Change{{Trigger: risk.TriggerIncident, On: day("2026-05-20"), What: "ransomware", Source: &incident}},
			[]risk.Change{{Trigger: risk.TriggerIncident, On: day("2026-05-20"), Source: &incident, Findings: all}}},
		{"an incident that the analysis could know", func(*risk.Inventory) {}, []risk.Change{{Trigger: risk.TriggerIncident, On: day("2026-03-20"), What: "x"}}, nil},
		{"an incident still to come", func(*risk.Inventory) {}, []risk.Change{{Trigger: risk.TriggerIncident, On: day("2026-07-01"), What: "x"}}, nil},
		{"new law", func(*risk.Inventory) {}, []risk.Change{{Trigger: risk.TriggerLaw, On: day("2026-05-25"), What: "x"}}, []risk.Change{{Trigger: risk.TriggerLaw, On: day("2026-05-25"), Findings: all}}},
		{"two, oldest first and undated last", func(v *risk.Inventory) { v.Assets[1].Location = "homes" },
			[]risk.Change{{Trigger: risk.TriggerLaw, On: day("2026-05-25"), What: "x"}, {Trigger: risk.TriggerIncident, On: day("2026-04-25"), What: "x"}},
			[]risk.Change{{Trigger: risk.TriggerIncident, On: day("2026-04-25"), Findings: all}, {Trigger: risk.TriggerLaw, On: day("2026-05-25"), Findings: all}, {Trigger: risk.TriggerLocation, Assets: []string{"laptop"}, Findings: []string{"F-1"}}}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			now := content(t).Inventory
			c.now(&now)
			got := a.Stale(day("2026-06-01"), risk.Cadence{}, &now, c.happ...)
			require.Len(t, got, len(c.want))
			for i := range got {
				require.NotEmpty(t, got[i].What)
				got[i].What = ""
			}
			if c.want == nil {
				require.Empty(t, got)
			} else {
				require.Equal(t, c.want, got)
			}
		})
	}
}

func TestASystemAnalysedBeforeItWentLiveMakesNothingStale(t *testing.T) {
	t.Parallel()
	d := draft(t)
	d.Inventory.Assets[0].InService = day("2026-05-01") // the EHR, which F-2 reaches
	a, err := d.Approve("ra-2026", manager, official, approved, chicago(t), may(), l, risk.First("x"))
	require.NoError(t, err)
	require.Empty(t, a.Stale(day("2026-06-01"), risk.Cadence{}, nil))
	d.Findings = d.Findings[:1] // nothing reaches the EHR any more
	d.Safeguards, d.Findings[0].Safeguards = nil, nil
	a, err = d.Approve("ra-2026", manager, official, approved, chicago(t), may(), l, risk.First("x"))
	require.NoError(t, err)
	require.Len(t, a.Stale(day("2026-06-01"), risk.Cadence{}, nil), 1)
}

func TestGapNoPredecessor(t *testing.T) {
	t.Parallel()
	first := whole(t)
	d, err := risk.CarryForward(first, "draft-2027", analyst, approved)
	require.NoError(t, err)
	for _, id := range d.Unconfirmed() {
		d, err = d.Confirm(id, analyst, approved)
		require.NoError(t, err)
	}
	second, err := d.Approve("ra-2027", manager, official, approved.Add(time.Hour), chicago(t), may(), l, risk.After(first.DocumentRef()))
	require.NoError(t, err)
	require.Empty(t, found(of(t, first, second), "2026-06-01", risk.GapNoPredecessor))
	gap := one(t, of(t, second), "2026-06-01", risk.GapNoPredecessor)
	require.Contains(t, gap.Missing, "risk.analysis/ra-2026")
	require.Equal(t, []hipaasmp.Ref{second.DocumentRef(), first.DocumentRef()}, gap.Refs)

	second.Predecessor = nil // a record that was not made here
	gap = one(t, of(t, second), "2026-06-01", risk.GapNoPredecessor)
	require.Contains(t, gap.Missing, "does not explain")
	require.Empty(t, found(of(t, first), "2026-06-01", risk.GapNoPredecessor), "an explanation is enough")
}

// RA-01: an ePHI system in the inventory without a risk item.
func TestRA01AssetWithoutFinding(t *testing.T) {
	t.Parallel()
	a := whole(t)
	a.Findings = a.Findings[:2]
	gap := one(t, of(t, a), "2026-06-01", risk.GapAssetWithoutFinding)
	require.Equal(t, hipaasmp.CiteGeneralRequirements, gap.Citation)
	require.Equal(t, "Of 4 assets that handle ePHI, no finding reaches 1: pump.", gap.Missing)
	require.Equal(t, []string{"ehr: findings 1", "laptop: findings 1", "pump: findings 0", "billing: findings 1"}, gap.Counted)
	require.Equal(t, day("2026-03-20"), gap.Since)

	a.Inventory.Assets[2].Handles = []risk.Handling{risk.HandlingNone}
	require.Empty(t, found(of(t, a), "2026-06-01", risk.GapAssetWithoutFinding), "an asset without ePHI needs no finding")
	a.Inventory.Assets[2].Handles = []risk.Handling{risk.HandlingUnknown}
	one(t, of(t, a), "2026-06-01", risk.GapAssetWithoutFinding)
	a.Inventory.Assets[2].Retired = day("2026-05-31")
	require.Empty(t, found(of(t, a), "2026-06-01", risk.GapAssetWithoutFinding), "a retired asset needs none either")
}

func TestGapClassNotConsidered(t *testing.T) {
	t.Parallel()
	a := whole(t)
	a.Inventory.DeclaredNone = a.Inventory.DeclaredNone[1:]
	gap := one(t, of(t, a), "2026-06-01", risk.GapClassNotConsidered)
	require.Contains(t, gap.Missing, "on premises")
	require.Contains(t, gap.Counted, "on premises: not considered")
	require.Contains(t, gap.Counted, "backup: declared none")
	require.Contains(t, gap.Counted, "mobile: assets 1")
	require.Len(t, gap.Counted, 8)
}

// RA-02: a threat without a vulnerability.
func TestRA02ThreatWithoutVulnerability(t *testing.T) {
	t.Parallel()
	a := whole(t)
	a.Findings[2].Vulnerability = ""
	gap := one(t, of(t, a), "2026-06-01", risk.GapThreatWithoutVulnerability)
	require.Equal(t, "Threats without a vulnerability that they exploit: outage. Findings without a vulnerability: F-3.", gap.Missing)
	a = whole(t)
	a.Threats = append(a.Threats, risk.Threat{ID: "flood", Source: risk.ThreatSourceEnvironmental, Event: "Flood"})
	gap = one(t, of(t, a), "2026-06-01", risk.GapThreatWithoutVulnerability)
	require.Contains(t, gap.Missing, "flood")
	require.Contains(t, gap.Counted, "phishing: paired")
}

// RA-03: no assessment of current measures.
func TestRA03SafeguardsNotAssessed(t *testing.T) {
	t.Parallel()
	a := whole(t)
	a.Safeguards[1].Effectiveness, a.Safeguards[1].How = risk.EffectivenessNotAssessed, ""
	gap := one(t, of(t, a), "2026-06-01", risk.GapSafeguardsNotAssessed)
	require.Equal(t, hipaasmp.CiteReasonableMeasures, gap.Citation)
	require.Contains(t, gap.Missing, "locks")
	a = whole(t)
	a.Findings[2].NoSafeguards = false
	gap = one(t, of(t, a), "2026-06-01", risk.GapSafeguardsNotAssessed)
	require.Contains(t, gap.Missing, "say nothing about the measures in place: F-3")
	require.Contains(t, gap.Counted, "F-3: not considered")
}

func TestGapNoAgreement(t *testing.T) {
	t.Parallel()
	in := of(t, whole(t))
	require.Empty(t, found(in, "2026-12-31", risk.GapNoAgreement), "in force on its last day")
	gap := one(t, in, "2027-01-01", risk.GapNoAgreement)
	require.Equal(t, hipaasmp.CiteWrittenContract, gap.Citation)
	require.Equal(t, "The agreement for billing expired on 2026-12-31.", gap.Missing)
	require.Equal(t, day("2027-01-01"), gap.Since)
	for _, c := range []struct {
		rule string
		edit func(*risk.Asset)
		says string
	}{
		{"no vendor named", func(a *risk.Asset) { a.Vendor = nil }, "no agreement"},
		{"no agreement", func(a *risk.Asset) { a.Vendor.Agreement = nil }, "no agreement"},
		{"not signed yet", func(a *risk.Asset) { a.Vendor.Agreement.Signed = day("2026-09-01") }, "only from 2026-09-01"},
		{"a cloud vendor without one", func(a *risk.Asset) { a.Class, a.Vendor.Agreement = risk.AssetClassCloudApp, nil }, "no agreement"},
		{"a vendor at which nobody looked", func(a *risk.Asset) {
			a.Class, a.Vendor.Standing, a.Vendor.Agreement = risk.AssetClassCloudApp, risk.VendorStandingUnknown, nil
		}, "Nobody determined"},
		{"a vendor without access", func(a *risk.Asset) {
			a.Class, a.Vendor.Standing, a.Vendor.Agreement = risk.AssetClassCloudApp, risk.VendorStandingNoAccess, nil
		}, ""},
		{"a firm without ePHI", func(a *risk.Asset) { a.Handles, a.Vendor = []risk.Handling{risk.HandlingNone}, nil }, ""},
		{"a retired service", func(a *risk.Asset) { a.Vendor, a.Retired = nil, day("2026-05-01") }, ""},
	} {
		a := whole(t)
		c.edit(&a.Inventory.Assets[3])
		gaps := found(of(t, a), "2026-06-01", risk.GapNoAgreement)
		if c.says == "" {
			require.Empty(t, gaps, c.rule)
			continue
		}
		require.Len(t, gaps, 1, c.rule)
		require.Contains(t, gaps[0].Missing, c.says, c.rule)
	}
}

func TestGapNotScored(t *testing.T) {
	t.Parallel()
	gap := one(t, of(t, analysis(t)), "2026-06-01", risk.GapNotScored)
	require.Equal(t, "Findings without a current level of risk (1 of 3): F-3.", gap.Missing)
	require.Equal(t, []string{"F-1: moderate", "F-2: very_high", "F-3: not_assessed"}, gap.Counted)
}

// RM-04: a threshold without management approval.
func TestRM04AcceptableLevelNotApproved(t *testing.T) {
	t.Parallel()
	gap := one(t, of(t), "2026-06-01", risk.GapAcceptableLevel)
	require.Equal(t, hipaasmp.CiteRiskManagement, gap.Citation)
	for rule, edit := range map[string]func(*risk.Analysis){
		"no approval by management":   func(a *risk.Analysis) { a.Approval.Management = hipaasmp.Actor{} },
		"approved by somebody else":   func(a *risk.Analysis) { a.Approval.Management.Role = hipaasmp.RoleReviewer },
		"no level that was approved":  func(a *risk.Analysis) { a.AcceptableLevel = na },
		"a level that is not written": func(a *risk.Analysis) { a.AcceptableLevel = "" },
	} {
		a := whole(t)
		edit(&a)
		gap := one(t, of(t, a), "2026-06-01", risk.GapAcceptableLevel)
		require.Equal(t, day("2026-03-20"), gap.Since, rule)
		require.Error(t, a.Validate(), "%s: such a record is refused, but it may be at hand", rule)
	}
}

func TestTheLatestApprovalGoverns(t *testing.T) {
	t.Parallel()
	older, newer := whole(t), whole(t)
	newer.ID, newer.Approval.At = "ra-2026b", approved.Add(time.Hour)
	for _, in := range [][]risk.Analysis{{older, newer}, {newer, older}} {
		got, ok := risk.InEffect(in, day("2026-06-01"))
		require.True(t, ok)
		require.Equal(t, "ra-2026b", got.ID)
	}
	_, ok := risk.InEffect(nil, day("2026-06-01"))
	require.False(t, ok)
}

func TestGapsAreWellFormedAndChangeNothing(t *testing.T) {
	t.Parallel()
	codes := map[hipaasmp.GapCode]bool{}
	for _, c := range risk.GapChecks(risk.GapInput{}) {
		require.False(t, codes[c.Code])
		codes[c.Code] = true
		require.Regexp(t, `^GAP-RISK-\d\d$`, string(c.Code))
		require.True(t, c.Citation.IsValid())
		require.NotEmpty(t, c.Asks)
	}
	require.Len(t, codes, 22)
	rapid.Check(t, func(rt *rapid.T) {
		a := anyAnalysis(t).Draw(rt, "analysis")
		before, err := hipaasmp.Canonical(a)
		require.NoError(rt, err)
		now := anyAssessment().Draw(rt, "now").Inventory
		asOf := anyDate().Draw(rt, "as of")
		checks := risk.GapChecks(risk.GapInput{Analyses: []risk.Analysis{a}, Inventory: &now, Policy: risk.Cadence{Months: rapid.IntRange(0, 24).Draw(rt, "months")}})
		gaps := hipaasmp.FindGaps(asOf, checks...)
		for _, g := range gaps {
			require.True(rt, codes[g.Code])
			require.True(rt, g.Citation.IsValid())
			require.True(rt, hipaasmp.ValidText(g.Missing))
			require.True(rt, hipaasmp.ValidText(g.Closes))
			require.False(rt, g.Since.After(asOf), "%s: nothing is missing since a day to come", g.Code)
			for _, c := range g.Counted {
				require.True(rt, hipaasmp.ValidText(c))
			}
		}
		require.Equal(rt, gaps, hipaasmp.FindGaps(asOf, checks...), "the same question has the same answer")
		after, err := hipaasmp.Canonical(a)
		require.NoError(rt, err)
		require.Equal(rt, string(before), string(after))
	})
}
