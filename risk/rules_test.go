package risk_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

// broken is a document with one thing wrong, and the fault that has to say so.
type broken[T any] struct {
	rule    string
	edit    func(*T)
	code    hipaasmp.FaultCode
	pointer string
}

func draftRules(t testing.TB) []broken[risk.Draft] {
	return []broken[risk.Draft]{
		{"two assets of one id", func(d *risk.Draft) { d.Inventory.Assets[1].ID = "ehr" }, hipaasmp.FaultIdentity, "/inventory/assets/1/id"},
		{"two flows of one id", func(d *risk.Draft) { d.Inventory.Flows[1].ID = "claims" }, hipaasmp.FaultIdentity, "/inventory/flows/1/id"},
		{"a flow from nowhere", func(d *risk.Draft) { d.Inventory.Flows[0].From = "fax" }, hipaasmp.FaultDangling, "/inventory/flows/0/from"},
		{"a flow to nowhere", func(d *risk.Draft) { d.Inventory.Flows[0].To = "fax" }, hipaasmp.FaultDangling, "/inventory/flows/0/to"},
		{"a class declared twice", func(d *risk.Draft) {
			d.Inventory.DeclaredNone = append(d.Inventory.DeclaredNone, d.Inventory.DeclaredNone[0])
		}, hipaasmp.FaultIdentity, "/inventory/declared_none/4/class"},
		{"a class declared none that has an asset", func(d *risk.Draft) { d.Inventory.DeclaredNone[0].Class = risk.AssetClassMobile }, risk.FaultDeclaredNone, "/inventory/declared_none/0/class"},
		{"none beside a verb", func(d *risk.Draft) {
			d.Inventory.Assets[0].Handles = []risk.Handling{risk.HandlingCreates, risk.HandlingNone}
		}, risk.FaultHandling, "/inventory/assets/0/handles/1"},
		{"a verb named twice", func(d *risk.Draft) {
			d.Inventory.Assets[0].Handles = []risk.Handling{risk.HandlingCreates, risk.HandlingCreates}
		}, risk.FaultHandling, "/inventory/assets/0/handles/1"},
		{"no word on what an asset does", func(d *risk.Draft) { d.Inventory.Assets[0].Handles = nil }, hipaasmp.FaultRange, "/inventory/assets/0/handles"},
		{"retired before service", func(d *risk.Draft) { d.Inventory.Assets[2].Retired = day("2023-01-01") }, hipaasmp.FaultOrder, "/inventory/assets/2/retired"},
		{"expired before signed", func(d *risk.Draft) { d.Inventory.Assets[0].Vendor.Agreement.Expires = day("2020-01-01") }, hipaasmp.FaultOrder, "/inventory/assets/0/vendor/agreement/expires"},
		{"a firm that is a system", func(d *risk.Draft) { d.Inventory.Assets[3].Kind = risk.EntryKindSystem }, risk.FaultEntry, "/inventory/assets/3/kind"},
		{"an unknown kind of entry", func(d *risk.Draft) { d.Inventory.Assets[0].Kind = "fax" }, hipaasmp.FaultEnum, "/inventory/assets/0/kind"},
		{"a site that is no location", func(d *risk.Draft) { d.Inventory.Assets[0].Site = "laptop" }, risk.FaultEntry, "/inventory/assets/0/site"},
		{"a site that is nowhere", func(d *risk.Draft) { d.Inventory.Assets[0].Site = "attic" }, hipaasmp.FaultDangling, "/inventory/assets/0/site"},
		{"a location in itself", func(d *risk.Draft) {
			d.Inventory.Assets[0].Kind, d.Inventory.Assets[0].Site = risk.EntryKindLocation, "ehr"
		}, risk.FaultEntry, "/inventory/assets/0/site"},
		{"a supplier that is no firm", func(d *risk.Draft) { d.Inventory.Assets[0].Supplier = "laptop" }, risk.FaultEntry, "/inventory/assets/0/supplier"},
		{"subcontractors and none", func(d *risk.Draft) { vendorOf(d).NoSubcontractors = true }, risk.FaultSubcontractor, "/inventory/assets/3/vendor/no_subcontractors"},
		{"two subcontractors of one id", func(d *risk.Draft) { vendorOf(d).Subcontractors[1].ID = "print" }, hipaasmp.FaultIdentity, "/inventory/assets/3/vendor/subcontractors/1/id"},
		{"a subcontractor of nobody", func(d *risk.Draft) { vendorOf(d).Subcontractors[1].Of = "gone" }, hipaasmp.FaultDangling, "/inventory/assets/3/vendor/subcontractors/1/of"},
		{"subcontractors in a circle", func(d *risk.Draft) { vendorOf(d).Subcontractors[0].Of = "post" }, risk.FaultSubcontractor, "/inventory/assets/3/vendor/subcontractors/0/of"},
		{"a subcontractor of itself", func(d *risk.Draft) { vendorOf(d).Subcontractors[0].Of = "print" }, risk.FaultSubcontractor, "/inventory/assets/3/vendor/subcontractors/0/of"},
		{"a subcontract that expired before it was signed", func(d *risk.Draft) {
			vendorOf(d).Subcontractors[0].Agreement.Expires = day("2020-01-01")
		}, hipaasmp.FaultOrder, "/inventory/assets/3/vendor/subcontractors/0/agreement/expires"},
		{"a vendor that holds nothing in words", func(d *risk.Draft) { vendorOf(d).Holds = []string{" "} }, hipaasmp.FaultFormat, "/inventory/assets/3/vendor/holds/0"},
		{"an unknown class", func(d *risk.Draft) { d.Inventory.Assets[0].Class = "fax" }, hipaasmp.FaultEnum, "/inventory/assets/0/class"},
		{"an unknown threat source", func(d *risk.Draft) { d.Threats[0].Source = "bad luck" }, hipaasmp.FaultEnum, "/threats/0/source"},
		{"an unknown citation", func(d *risk.Draft) { d.Safeguards[0].Citations[0] = "164.999" }, hipaasmp.FaultEnum, "/safeguards/0/citations/0"},
		{"an event that the catalogue lacks", func(d *risk.Draft) { d.Threats[0].CatalogueEvent = "E-2.9.1" }, risk.FaultCatalogue, "/threats/0/catalogue_event"},
		{"an accident as an attack", func(d *risk.Draft) { d.Threats[2].CatalogueEvent = "E-2.2.1" }, risk.FaultCatalogue, "/threats/2/catalogue_event"},
		{"an attack as an accident", func(d *risk.Draft) { d.Threats[0].CatalogueEvent = "E-3.1" }, risk.FaultCatalogue, "/threats/0/catalogue_event"},
		{"a source that the catalogue lacks", func(d *risk.Draft) { d.Threats[0].SourceEntry = "adversarial.ghost" }, risk.FaultCatalogue, "/threats/0/source_entry"},
		{"a source of another type", func(d *risk.Draft) { d.Threats[0].SourceEntry = "accidental.user" }, risk.FaultCatalogue, "/threats/0/source_entry"},
		{"a condition that the catalogue lacks", func(d *risk.Draft) {
			d.Conditions = []risk.Condition{{ID: "c", Title: "c", CatalogueEntry: "weather", Pervasiveness: l}}
		}, risk.FaultCatalogue, "/conditions/0/catalogue_entry"},
		{"two conditions of one id", func(d *risk.Draft) {
			d.Conditions = []risk.Condition{{ID: "c", Title: "c", Pervasiveness: l}, {ID: "c", Title: "d", Pervasiveness: na}}
		}, hipaasmp.FaultIdentity, "/conditions/1/id"},
		{"a condition without a word on how far it reaches", func(d *risk.Draft) { d.Conditions = []risk.Condition{{ID: "c", Title: "c"}} }, hipaasmp.FaultEnum, "/conditions/0/pervasiveness"},
		{"a finding with an unknown condition", func(d *risk.Draft) { d.Findings[0].Conditions = []string{"c"} }, hipaasmp.FaultDangling, "/findings/0/conditions/0"},
		{"a finding with a condition twice", func(d *risk.Draft) {
			d.Conditions = []risk.Condition{{ID: "c", Title: "c", Pervasiveness: l}}
			d.Findings[0].Conditions = []string{"c", "c"}
		}, hipaasmp.FaultIdentity, "/findings/0/conditions/1"},
		{"two threats of one id", func(d *risk.Draft) { d.Threats[1].ID = "phishing" }, hipaasmp.FaultIdentity, "/threats/1/id"},
		{"two vulnerabilities of one id", func(d *risk.Draft) { d.Vulnerabilities[1].ID = "one-factor" }, hipaasmp.FaultIdentity, "/vulnerabilities/1/id"},
		{"two safeguards of one id", func(d *risk.Draft) { d.Safeguards[1].ID = "training" }, hipaasmp.FaultIdentity, "/safeguards/1/id"},
		{"two findings of one id", func(d *risk.Draft) { d.Findings[1].ID = "F-1" }, hipaasmp.FaultIdentity, "/findings/1/id"},
		{"a verdict from nowhere", func(d *risk.Draft) { d.Safeguards[0].How = "" }, risk.FaultVerdict, "/safeguards/0/how"},
		{"a method without a verdict", func(d *risk.Draft) { d.Safeguards[0].Effectiveness = risk.EffectivenessNotAssessed }, risk.FaultVerdict, "/safeguards/0/how"},
		{"a finding without an asset", func(d *risk.Draft) { d.Findings[0].Assets = nil }, hipaasmp.FaultRange, "/findings/0/assets"},
		{"a finding on an unknown asset", func(d *risk.Draft) { d.Findings[0].Assets[0] = "fax" }, hipaasmp.FaultDangling, "/findings/0/assets/0"},
		{"a finding on one asset twice", func(d *risk.Draft) { d.Findings[0].Assets = []string{"ehr", "ehr"} }, hipaasmp.FaultIdentity, "/findings/0/assets/1"},
		{"a finding without a threat", func(d *risk.Draft) { d.Findings[0].Threat = "" }, hipaasmp.FaultRequired, "/findings/0/threat"},
		{"a finding with an unknown threat", func(d *risk.Draft) { d.Findings[0].Threat = "dragons" }, hipaasmp.FaultDangling, "/findings/0/threat"},
		{"a finding with an unknown vulnerability", func(d *risk.Draft) { d.Findings[0].Vulnerability = "gone" }, hipaasmp.FaultDangling, "/findings/0/vulnerability"},
		{"a finding with an unknown safeguard", func(d *risk.Draft) { d.Findings[0].Safeguards[0] = "moat" }, hipaasmp.FaultDangling, "/findings/0/safeguards/0"},
		{"a finding with a safeguard twice", func(d *risk.Draft) { d.Findings[0].Safeguards = []string{"locks", "locks"} }, hipaasmp.FaultIdentity, "/findings/0/safeguards/1"},
		{"a measure named twice", func(d *risk.Draft) { d.Findings[1].Measures = []string{"item-mfa", "item-mfa"} }, hipaasmp.FaultIdentity, "/findings/1/measures/1"},
		{"safeguards and none", func(d *risk.Draft) { d.Findings[0].NoSafeguards = true }, risk.FaultSafeguards, "/findings/0/no_safeguards"},
		{"nothing at stake", func(d *risk.Draft) { d.Findings[0].Confidentiality = false }, risk.FaultObjective, "/findings/0"},
		{"a level written by hand", func(d *risk.Draft) { d.Findings[0].Current.Level = vl }, risk.FaultScore, "/findings/0/current/level"},
		{"a likelihood written by hand", func(d *risk.Draft) { d.Findings[1].Inherent.Likelihood = l }, risk.FaultScore, "/findings/1/inherent/likelihood"},
		{"an unknown scale", func(d *risk.Draft) { d.Findings[0].Current.Scale.ID = "mine/1" }, risk.FaultScale, "/findings/0/current/scale"},
		{"words on a scale that has none", func(d *risk.Draft) {
			d.Findings[0].Current.Words = risk.ScoreWords{Likelihood: "a", Impact: "b", Risk: "c"}
		}, risk.FaultScale, "/findings/0/current/words"},
		{"a scale of one's own that did not travel", func(d *risk.Draft) { d.Findings[0].Current = inWords(t, "Rare", "Minor") }, risk.FaultScale, "/findings/0/current/scale"},
		{"tables beside a score of the analysis", func(d *risk.Draft) {
			*d = ownDraft(t)
			s := d.Findings[0].Current.WithTables(ownScale(t))
			d.Findings[0].Current = &s
		}, risk.FaultScale, "/findings/0/current/tables"},
		{"a word written by hand", func(d *risk.Draft) { *d = ownDraft(t); d.Findings[0].Current.Words.Risk = "Low" }, risk.FaultScore, "/findings/0/current/words/risk"},
		{"a word that its scale does not have", func(d *risk.Draft) { *d = ownDraft(t); d.Findings[0].Current.Words.Impact = "Dire" }, risk.FaultScale, "/findings/0/current/words/impact"},
		{"a level beside the words written by hand", func(d *risk.Draft) { *d = ownDraft(t); d.Findings[0].Current.Level = vl }, risk.FaultScore, "/findings/0/current/level"},
		{"a step of likelihood that an own scale does not judge", func(d *risk.Draft) { *d = ownDraft(t); d.Findings[0].Current.Initiation = l }, risk.FaultScore, "/findings/0/current/initiation"},
		{"words missing on a scale of one's own", func(d *risk.Draft) { *d = ownDraft(t); d.Findings[0].Current.Words = risk.ScoreWords{} }, risk.FaultScale, "/findings/0/current/words"},
		{"tables changed after the scores", func(d *risk.Draft) { *d = ownDraft(t); d.Scales[0].Rows[0].Risk[1] = "Medium" }, risk.FaultOwnScale, "/scales/0/digest"},
		{"tables that are not monotone", func(d *risk.Draft) { *d = ownDraft(t); d.Scales[0].Rows[3].Risk[2] = "Low" }, risk.FaultOwnScale, "/scales/0/rows/3/risk/2"},
		{"rows out of order", func(d *risk.Draft) { *d = ownDraft(t); slices.Reverse(d.Scales[0].Rows) }, risk.FaultOwnScale, "/scales/0/rows/0/likelihood"},
		{"two scales of one id", func(d *risk.Draft) { *d = ownDraft(t); d.Scales = append(d.Scales, d.Scales[0]) }, hipaasmp.FaultIdentity, "/scales/1/id"},
		{"a conversion to a scale that did not travel", func(d *risk.Draft) {
			c := conversion(t)
			c.To = ownScale(t).Ref()
			d.Conversions = []risk.Conversion{c}
		}, risk.FaultScale, "/conversions/0/to"},
		{"a conversion that leaves a level out", func(d *risk.Draft) {
			c := conversion(t)
			c.Levels = c.Levels[:4]
			d.Conversions = []risk.Conversion{c}
		}, risk.FaultConversion, "/conversions/0/levels"},
		{"two conversions between two scales", func(d *risk.Draft) {
			c := conversion(t)
			c.ID = "riverside/five-to-three/2"
			d.Conversions = []risk.Conversion{conversion(t), c}
		}, risk.FaultConversion, "/conversions/1"},
		{"two conversions of one id", func(d *risk.Draft) { d.Conversions = []risk.Conversion{conversion(t), conversion(t)} }, hipaasmp.FaultIdentity, "/conversions/1/id"},
		{"a target above the current risk", func(d *risk.Draft) { d.Findings[0].Target = scored(t, vh, vh, vh) }, risk.FaultTarget, "/findings/0/target"},
		{"a target on another scale", func(d *risk.Draft) { d.Findings[0].Target = onThree(t, l, l, l) }, risk.FaultTarget, "/findings/0/target"},
		{"a residual on another scale", func(d *risk.Draft) {
			d.Findings[0].Residual, d.Findings[0].Measures = onThree(t, l, l, l), []string{"item-x"}
		}, risk.FaultResidual, "/findings/0/residual"},
		{"a residual below current without a measure", func(d *risk.Draft) { d.Findings[1].Measures = nil }, risk.FaultUnlinked, "/findings/1/measures"},
		{"a residual without a current score", func(d *risk.Draft) { d.Findings[1].Current = nil }, risk.FaultResidual, "/findings/1/residual"},
		{"a residual where the current risk is not assessed", func(d *risk.Draft) { d.Findings[2].Residual = scored(t, l, l, l) }, risk.FaultResidual, "/findings/2/residual"},
		{"a title of control characters", func(d *risk.Draft) { d.Title = "a\x00b" }, hipaasmp.FaultFormat, "/title"},
		{"another kind's schema", func(d *risk.Draft) { d.Schema = hipaasmp.SchemaID(risk.KindAnalysis, 1) }, hipaasmp.FaultSchema, "/schema"},
		{"an instant that is not normal", func(d *risk.Draft) { d.CreatedAt = d.CreatedAt.Add(time.Nanosecond) }, hipaasmp.FaultFormat, "/created_at"},
		{"carried from nowhere", func(d *risk.Draft) {
			d.Carried = []risk.Carried{{Finding: "F-1", Digest: hipaasmp.DigestOf(nil), State: risk.CarryStateUnconfirmed}}
		}, risk.FaultLineage, "/predecessor"},
		{"a predecessor that is no analysis", func(d *risk.Draft) { d.Predecessor = &hipaasmp.Ref{Kind: risk.KindDraft, ID: "x"} }, risk.FaultLineage, "/predecessor/kind"},
	}
}

func TestDraftRules(t *testing.T) {
	t.Parallel()
	require.NoError(t, draft(t).Validate())
	for _, c := range draftRules(t) {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			d := draft(t)
			c.edit(&d)
			requireFault(t, d.Validate(), c.code, c.pointer)
		})
	}
}

func analysisRules(t testing.TB) []broken[risk.Analysis] {
	return []broken[risk.Analysis]{
		{"scores on two scales", func(a *risk.Analysis) { a.Findings[2].Current = onThree(t, l, l, l) }, risk.FaultMixed, "/findings/2/current/scale"},
		{"an acceptable level that the scale does not have", func(a *risk.Analysis) { *a = ownAnalysis(t); a.AcceptableLevel = vl }, risk.FaultAcceptable, "/acceptable_level"},
		{"a target set after the approval", func(a *risk.Analysis) {
			a.Findings[0].Target = scored(t, l, l, l)
			a.Findings[0].Target.At = approved.Add(time.Hour)
		}, hipaasmp.FaultOrder, "/findings/0/target/at"},
		{"converted after the approval", func(a *risk.Analysis) {
			a.Conversions = []risk.Conversion{conversion(t)}
			a.Conversions[0].At = approved.Add(time.Hour)
		}, hipaasmp.FaultOrder, "/conversions/0/at"},
		{"no asset", func(a *risk.Analysis) { a.Inventory.Assets = nil }, risk.FaultEmpty, "/inventory/assets"},
		{"no finding", func(a *risk.Analysis) { a.Findings = nil }, risk.FaultEmpty, "/findings"},
		{"no acceptable level", func(a *risk.Analysis) { a.AcceptableLevel = na }, risk.FaultAcceptable, "/acceptable_level"},
		{"neither predecessor nor explanation", func(a *risk.Analysis) { a.Explanation = "" }, risk.FaultLineage, "/predecessor"},
		{"predecessor and explanation", func(a *risk.Analysis) { a.Predecessor = &hipaasmp.Ref{Kind: risk.KindAnalysis, ID: "ra-2025"} }, risk.FaultLineage, "/explanation"},
		{"its own predecessor", func(a *risk.Analysis) {
			a.Explanation, a.Predecessor = "", &hipaasmp.Ref{Kind: risk.KindAnalysis, ID: "ra-2026", Version: 3}
		}, risk.FaultLineage, "/predecessor"},
		{"a predecessor that is a draft", func(a *risk.Analysis) {
			a.Explanation, a.Predecessor = "", &hipaasmp.Ref{Kind: risk.KindDraft, ID: "d"}
		}, risk.FaultLineage, "/predecessor/kind"},
		{"not from a draft", func(a *risk.Analysis) { a.Draft.Kind = risk.KindAnalysis }, risk.FaultLineage, "/draft/kind"},
		{"carried from nothing", func(a *risk.Analysis) {
			a.Carried = []risk.Carried{{Finding: "F-9", Digest: hipaasmp.DigestOf(nil), State: risk.CarryStateRemoved, Reason: "gone", By: &analyst, At: began}}
		}, risk.FaultLineage, "/carried"},
		{"management that is none", func(a *risk.Analysis) { a.Approval.Management.Role = hipaasmp.RoleReviewer }, hipaasmp.FaultAuthority, "/approval/management/role"},
		{"an official that is none", func(a *risk.Analysis) { a.Approval.SecurityOfficial.Role = hipaasmp.RolePrivacyOfficial }, hipaasmp.FaultAuthority, "/approval/security_official/role"},
		{"one person, unrecorded", func(a *risk.Analysis) { a.Approval.SecurityOfficial.ID = "wf-001" }, hipaasmp.FaultSegregation, "/approval/one_person"},
		{"two persons recorded as one", func(a *risk.Analysis) { a.Approval.OnePerson = true }, hipaasmp.FaultSegregation, "/approval/one_person"},
		{"a day of no zone", func(a *risk.Analysis) { a.Approval.On = day("2026-03-15") }, risk.FaultDay, "/approval/on"},
		{"in effect before the approval", func(a *risk.Analysis) { a.InEffect.From = day("2026-01-01") }, hipaasmp.FaultOrder, "/in_effect/from"},
		{"closed without a successor", func(a *risk.Analysis) { a.InEffect.To = day("2027-01-01") }, risk.FaultSuperseded, "/superseded_by"},
		{"a successor while open", func(a *risk.Analysis) { a.SupersededBy = &hipaasmp.Ref{Kind: risk.KindAnalysis, ID: "ra-2027"} }, risk.FaultSuperseded, "/superseded_by"},
		{"the machine's own zone", func(a *risk.Analysis) { a.Zone = "Local" }, hipaasmp.FaultZone, "/zone"},
		{"scored after the approval", func(a *risk.Analysis) { a.Findings[1].Residual.At = approved.Add(time.Hour) }, hipaasmp.FaultOrder, "/findings/1/residual/at"},
		{"declared after the approval", func(a *risk.Analysis) { a.Inventory.DeclaredNone[0].At = approved.Add(time.Hour) }, hipaasmp.FaultOrder, "/inventory/declared_none/0/at"},
		{"another kind's schema", func(a *risk.Analysis) { a.Schema = hipaasmp.SchemaID(risk.KindDraft, 1) }, hipaasmp.FaultSchema, "/schema"},
	}
}

func TestAnalysisRules(t *testing.T) {
	t.Parallel()
	require.NoError(t, analysis(t).Validate())
	for _, c := range analysisRules(t) {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			a := analysis(t)
			c.edit(&a)
			requireFault(t, a.Validate(), c.code, c.pointer)
		})
	}
}

func TestAllFaultsComeBackAtOnce(t *testing.T) {
	t.Parallel()
	d := draft(t)
	want := 0
	for _, i := range []int{0, 4, 11, 18, 27, 31} {
		draftRules(t)[i].edit(&d)
		want++
	}
	require.GreaterOrEqual(t, len(faults(t, d.Validate())), want)
}

func TestEveryFaultCodeIsProvoked(t *testing.T) {
	t.Parallel()
	provoked := []hipaasmp.FaultCode{risk.FaultCarried, risk.FaultUnconfirmed} // by the tests of carrying forward
	for _, c := range draftRules(t) {
		provoked = append(provoked, c.code)
	}
	for _, c := range analysisRules(t) {
		provoked = append(provoked, c.code)
	}
	seen := map[hipaasmp.FaultCode]bool{}
	for _, def := range risk.FaultDefs() {
		require.False(t, seen[def.Code], "%s is defined twice", def.Code)
		seen[def.Code] = true
		require.Regexp(t, `^SMP-RISK-\d\d$`, string(def.Code))
		require.Equal(t, hipaasmp.FaultRule, def.Kind)
		require.NotEmpty(t, def.Meaning)
		require.NotEmpty(t, def.Remedy)
		require.True(t, slices.Contains(provoked, def.Code), "no test provokes %s", def.Code)
	}
}

// A cyclic flow of ePHI is ordinary: claims go out and remittances come back.
func TestCyclicFlowsAreFine(t *testing.T) {
	t.Parallel()
	d := draft(t)
	d.Inventory.Flows = append(d.Inventory.Flows, risk.Flow{ID: "backup", From: "ehr", To: "ehr", What: "nightly copy", Encryption: risk.EncryptionUnknown})
	require.NoError(t, d.Validate())
}

func TestAClassMayBeDeclaredNoneOnceItsAssetsAreRetired(t *testing.T) {
	t.Parallel()
	d := draft(t)
	d.Inventory.DeclaredNone[0].Class = risk.AssetClassMobile
	require.Error(t, d.Validate())
	d.Inventory.Assets[1].Retired = day("2026-02-28")
	require.NoError(t, d.Validate())
}

func TestResidualMayStayAtTheCurrentLevelWithoutAMeasure(t *testing.T) {
	t.Parallel()
	d := draft(t)
	d.Findings[0].Residual = scored(t, m, m, m)
	require.NoError(t, d.Validate())
}

func TestZeroValuesValidateWithoutPanic(t *testing.T) {
	t.Parallel()
	require.Error(t, risk.Draft{}.Validate())
	require.Error(t, risk.Analysis{}.Validate())
	require.Empty(t, risk.Score{}.Faults(""))
	require.Zero(t, risk.Finding{}.Exposure(l) == risk.ExposureWithin)
	require.Empty(t, risk.Draft{}.Register().Rows)
	require.Empty(t, risk.Analysis{}.Register().Rows)
	require.Empty(t, risk.Draft{}.Unconfirmed())
	require.Empty(t, risk.Analysis{}.Stale(hipaasmp.Date{}, risk.Cadence{}, nil))
	require.Len(t, risk.Inventory{}.Scope(), 8)
	require.True(t, risk.Asset{}.HandlesEPHI(), "what nobody looked at may hold ePHI")
	require.False(t, risk.Asset{}.AgreementInForce(day("2026-01-01")))
	require.False(t, risk.Agreement{}.InForce(day("2026-01-01")))
	_, err := risk.Draft{}.Approve("", hipaasmp.Actor{}, hipaasmp.Actor{}, time.Time{}, nil, nil, "", risk.Lineage{})
	require.Error(t, err)
	_, err = risk.Analysis{}.Supersede(hipaasmp.Ref{}, hipaasmp.Date{})
	require.Error(t, err)
	_, err = risk.CarryForward(risk.Analysis{}, "", hipaasmp.Actor{}, time.Time{})
	require.Error(t, err)
	_, err = risk.Draft{}.Confirm("", hipaasmp.Actor{}, time.Time{})
	require.Error(t, err)
	_, err = risk.Draft{}.Rescore(risk.Finding{}, hipaasmp.Actor{}, time.Time{})
	require.Error(t, err)
	_, err = risk.Draft{}.Remove("", "", hipaasmp.Actor{}, time.Time{})
	require.Error(t, err)
	require.NotEmpty(t, hipaasmp.FindGaps(hipaasmp.Date{}, risk.GapChecks(risk.GapInput{})...))
	require.NotPanics(t, func() {
		hipaasmp.FindGaps(day("2026-01-01"), risk.GapChecks(risk.GapInput{Analyses: []risk.Analysis{{}}, Inventory: &risk.Inventory{}, Changes: []risk.Change{{}}})...)
	})
}
