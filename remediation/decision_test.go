package remediation_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
)

func TestAcceptance(t *testing.T) {
	t.Parallel()
	a := acceptance(t, "acc-1", "F-2", risk.LevelModerate, "2026-10-31")
	require.Equal(t, day("2026-03-23"), a.On)
	require.Equal(t, risk.LevelModerate, a.Residual.Level, "frozen as it was")
	for on, want := range map[string]bool{"2026-03-22": false, "2026-03-23": true, "2026-10-31": true, "2026-11-01": false} {
		require.Equal(t, want, a.InForce(day(on)), on)
	}
	require.Equal(t, hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: day("2026-03-23"),
		InEffect: []hipaasmp.Period{{From: day("2026-03-23"), To: day("2026-10-31")}}}, a.RetentionBasis())
	require.Equal(t, []hipaasmp.Citation{hipaasmp.CiteRiskManagement, hipaasmp.CiteWrittenRecord}, a.Citations())
}

func TestNewAcceptanceRefuses(t *testing.T) {
	t.Parallel()
	zone := chicago(t)
	moderate := score(t, risk.LevelModerate, official, scoredAt)
	all := func(hipaasmp.Actor, hipaasmp.Power, hipaasmp.Date) error { return nil }
	accept := func(requester, approver hipaasmp.Actor, zone *time.Location, may hipaasmp.Authority, why string, residual risk.Score, expires hipaasmp.Date) error {
		got, err := remediation.NewAcceptance("acc-1", finding("F-2"), requester, approver, proposed, zone, may, why, residual, expires)
		require.Zero(t, got)
		return err
	}
	until := day("2026-10-31")
	requireFault(t, accept(official, hipaasmp.Actor{}, zone, may(), "x", moderate, until), remediation.FaultNotAccepted, "/approver")
	requireFault(t, accept(manager, manager, zone, may(), "x", moderate, until), hipaasmp.FaultSegregation, "/approver/id")
	requireFault(t, accept(engineer, official, zone, may(), "x", moderate, until), hipaasmp.FaultAuthority, "/approver")
	requireFault(t, accept(official, hipaasmp.Actor{ID: "cron", Role: hipaasmp.RoleSystem}, zone, all, "x", moderate, until), hipaasmp.FaultAuthority, "/approver")
	requireFault(t, accept(official, manager, zone, nil, "x", moderate, until), hipaasmp.FaultAuthority, "/approver")
	requireFault(t, accept(official, manager, nil, may(), "x", moderate, until), hipaasmp.FaultZone, "/zone")
	requireFault(t, accept(official, manager, zone, may(), "", moderate, until), hipaasmp.FaultRequired, "/rationale")
	requireFault(t, accept(official, manager, zone, may(), "x", score(t, risk.LevelNotAssessed, official, scoredAt), until), remediation.FaultResidual, "/residual/level")
	requireFault(t, accept(official, manager, zone, may(), "x", score(t, risk.LevelLow, official, hour(1)), until), hipaasmp.FaultOrder, "/residual/at")
	requireFault(t, accept(official, manager, zone, may(), "x", moderate, day("2026-03-22")), hipaasmp.FaultOrder, "/expires")
	requireFault(t, accept(official, manager, zone, may(), "x", moderate, hipaasmp.Date{}), hipaasmp.FaultRequired, "/expires")

	var refused *hipaasmp.AuthorityError
	require.True(t, errors.As(accept(engineer, official, zone, may(), "x", moderate, until), &refused))
	require.Equal(t, hipaasmp.PowerAcceptRisk, refused.Power)
}

func TestAcceptanceRules(t *testing.T) {
	t.Parallel()
	fresh := func(t testing.TB) remediation.Acceptance {
		return acceptance(t, "acc-1", "F-2", risk.LevelModerate, "2026-10-31")
	}
	requireProvoked(t, fresh, []provoked[remediation.Acceptance]{
		{"approver and requester are one", func(a *remediation.Acceptance) { a.Requester = a.Approver }, hipaasmp.FaultSegregation, "/approver/id"},
		{"approver and requester are one person in two roles", func(a *remediation.Acceptance) { a.Requester.ID = a.Approver.ID }, hipaasmp.FaultSegregation, "/approver/id"},
		{"a program approved", func(a *remediation.Acceptance) { a.Approver.Role = hipaasmp.RoleSystem }, hipaasmp.FaultAuthority, "/approver"},
		{"a forged residual", func(a *remediation.Acceptance) { a.Residual.Level = risk.LevelVeryLow }, risk.FaultScore, "/residual/level"},
		{"a finding of no analysis", func(a *remediation.Acceptance) { a.Finding.Analysis.Kind = remediation.KindPlan }, remediation.FaultAnalysis, "/finding/analysis/kind"},
		{"another day", func(a *remediation.Acceptance) { a.On = day("2026-03-01") }, remediation.FaultDay, "/on"},
		{"the machine's own zone", func(a *remediation.Acceptance) { a.Zone = "Local" }, hipaasmp.FaultZone, "/zone"},
		{"an empty condition", func(a *remediation.Acceptance) { a.Conditions[0] = "" }, hipaasmp.FaultFormat, "/conditions/0"},
		{"another kind's schema", func(a *remediation.Acceptance) { a.Schema = hipaasmp.SchemaID(remediation.KindPlan, 1) }, hipaasmp.FaultSchema, "/schema"},
	})
}

func deliberation() remediation.Deliberation {
	return remediation.Deliberation{
		Specification: hipaasmp.CiteEncryptionDecryption, Decision: remediation.DecisionImplemented,
		Assessment: &hipaasmp.Ref{Kind: risk.KindAnalysis, ID: "ra-2026"},
		Factors: remediation.Factors{
			Size: "One site, nine people, no staff for computers.", Infrastructure: "The pumps run what their maker put on them.",
			Cost: "New pumps cost four times a lock.", Risk: "A thief would have to pass the reception; 40 patients a year.",
		},
	}
}

// Each of the four factors of 164.306(b)(2) is answered, whatever is decided.
func TestEveryFactorIsAnswered(t *testing.T) {
	t.Parallel()
	for member, clear := range map[string]func(*remediation.Factors){
		"size": func(f *remediation.Factors) { f.Size = "" }, "infrastructure": func(f *remediation.Factors) { f.Infrastructure = "" },
		"cost": func(f *remediation.Factors) { f.Cost = "" }, "risk": func(f *remediation.Factors) { f.Risk = "" },
	} {
		for _, decision := range remediation.Decision("").Values() {
			d := deliberation()
			d.Decision, d.Rationale = decision, "They cannot encrypt."
			switch decision {
			case remediation.DecisionImplemented:
				d.Rationale = ""
			case remediation.DecisionAlternative:
				d.Alternative = "A locked room."
			case remediation.DecisionNotReasonable:
				d.NoAlternative = "Nothing else is left."
			}
			_, err := decide(t, d)
			require.NoError(t, err)
			clear(&d.Factors)
			_, err = decide(t, d)
			requireFault(t, err, hipaasmp.FaultRequired, "/factors/"+member)
			require.Len(t, faults(t, err), 1)
		}
	}
	d := deliberation()
	d.Factors = remediation.Factors{}
	_, err := decide(t, d)
	require.Len(t, faults(t, err), 4, "all of them at once")
	got, err := decide(t, deliberation())
	require.NoError(t, err)
	require.Contains(t, got.Citations(), hipaasmp.CiteFlexibilityFactors)
}

func decide(t testing.TB, d remediation.Deliberation) (remediation.AddressableDecision, error) {
	t.Helper()
	return remediation.Decide("dec-1", d, official, proposed, chicago(t), may())
}

func TestVectorsOfAddressableDecisions(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		id       string
		edit     func(*remediation.Deliberation)
		code     hipaasmp.FaultCode
		pointer  string
		citation hipaasmp.Citation
	}{
		{"ADR-01 not reasonable on a Required specification", func(d *remediation.Deliberation) {
			d.Specification, d.Decision, d.Rationale, d.NoAlternative = hipaasmp.CiteRiskAnalysis, remediation.DecisionNotReasonable, "too much work", "none"
		}, remediation.FaultRequiredSpecification, "/specification", hipaasmp.CiteRequiredSpecification},
		{"ADR-02 implemented", func(*remediation.Deliberation) {}, "", "", ""},
		{"ADR-03 not reasonable without a rationale", func(d *remediation.Deliberation) {
			d.Decision, d.NoAlternative = remediation.DecisionNotReasonable, "none"
		}, remediation.FaultNoRationale, "/rationale", hipaasmp.CiteAddressableDocument},
		{"ADR-04 rationale and alternative", func(d *remediation.Deliberation) {
			d.Decision, d.Rationale, d.Alternative = remediation.DecisionAlternative, "The device cannot encrypt.", "It is bolted to the wall of a locked room."
		}, "", "", ""},
		{"ADR-08 no assessment", func(d *remediation.Deliberation) { d.Assessment = nil }, remediation.FaultNoAssessment, "/assessment", hipaasmp.CiteAddressableAssess},
		{"an alternative without a rationale", func(d *remediation.Deliberation) {
			d.Decision, d.Alternative = remediation.DecisionAlternative, "A lock."
		}, remediation.FaultNoRationale, "/rationale", hipaasmp.CiteAddressableDocument},
		{"an alternative that is not described", func(d *remediation.Deliberation) {
			d.Decision, d.Rationale = remediation.DecisionAlternative, "The device cannot encrypt."
		}, remediation.FaultNoAlternative, "/alternative", hipaasmp.CiteAddressableAlternative},
		{"not reasonable without a word on alternatives", func(d *remediation.Deliberation) {
			d.Decision, d.Rationale = remediation.DecisionNotReasonable, "The device cannot encrypt."
		}, remediation.FaultNoAlternative, "/no_alternative", hipaasmp.CiteAddressableAlternative},
		{"not reasonable, rationale, no alternative either", func(d *remediation.Deliberation) {
			d.Decision, d.Rationale, d.NoAlternative = remediation.DecisionNotReasonable, "The device cannot encrypt.", "It cannot be moved or locked up."
		}, "", "", ""},
		{"implemented and an alternative", func(d *remediation.Deliberation) { d.Alternative = "A lock." }, remediation.FaultNoAlternative, "/alternative", hipaasmp.CiteAddressableAlternative},
		{"a standard", func(d *remediation.Deliberation) { d.Specification = hipaasmp.CiteAccessControl }, remediation.FaultNotAddressable, "/specification", hipaasmp.CiteDesignationRule},
		{"a standard without a specification", func(d *remediation.Deliberation) { d.Specification = hipaasmp.CiteAuditControls }, remediation.FaultRequiredSpecification, "/specification", hipaasmp.CiteRequiredSpecification},
		{"a rule outside the Security Rule", func(d *remediation.Deliberation) { d.Specification = hipaasmp.CitePenaltyAmount }, remediation.FaultNotAddressable, "/specification", hipaasmp.CiteDesignationRule},
		{"no provision at all", func(d *remediation.Deliberation) { d.Specification = "164.312(z)" }, hipaasmp.FaultEnum, "/specification", ""},
		{"an unknown decision", func(d *remediation.Deliberation) { d.Decision = "later" }, hipaasmp.FaultEnum, "/decision", ""},
		{"workforce clearance, which Appendix A leaves unmarked", func(d *remediation.Deliberation) { d.Specification = hipaasmp.CiteWorkforceClearance }, "", "", ""},
	} {
		t.Run(v.id, func(t *testing.T) {
			t.Parallel()
			d := deliberation()
			v.edit(&d)
			got, err := decide(t, d)
			if v.code == "" {
				require.NoError(t, err)
				require.NoError(t, got.Validate())
				return
			}
			require.Equal(t, v.citation, requireFault(t, err, v.code, v.pointer).Citation)
			require.Zero(t, got)
		})
	}
}

// Every Required specification is refused, whatever is decided about it.
func TestNothingIsDecidedAboutRequiredSpecifications(t *testing.T) {
	t.Parallel()
	required := 0
	for p := range (hipaasmp.Catalogue{}).Provisions() {
		if p.Designation != hipaasmp.DesignationRequired {
			continue
		}
		required++
		for _, decision := range remediation.Decision("").Values() {
			d := deliberation()
			d.Specification, d.Decision = p.Citation, decision
			_, err := decide(t, d)
			requireFault(t, err, remediation.FaultRequiredSpecification, "/specification")
		}
	}
	require.Greater(t, required, 14)
}

func TestDecide(t *testing.T) {
	t.Parallel()
	d, err := decide(t, deliberation())
	require.NoError(t, err)
	require.Equal(t, hipaasmp.EditionInForce, d.Edition)
	require.Equal(t, hipaasmp.Period{From: day("2026-03-23")}, d.InEffect)
	require.Equal(t, []hipaasmp.Citation{hipaasmp.CiteEncryptionDecryption, hipaasmp.CiteAddressable, hipaasmp.CiteFlexibilityFactors, hipaasmp.CiteWrittenRecord}, d.Citations())
	require.Equal(t, hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: day("2026-03-23"), InEffect: []hipaasmp.Period{d.InEffect}}, d.RetentionBasis())

	_, err = remediation.Decide("dec-1", deliberation(), engineer, proposed, chicago(t), may())
	requireFault(t, err, hipaasmp.FaultAuthority, "/decided_by")
	_, err = remediation.Decide("dec-1", deliberation(), official, proposed, nil, may())
	requireFault(t, err, hipaasmp.FaultZone, "/zone")
	_, err = remediation.Decide("dec-1", deliberation(), official, time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC), chicago(t), may())
	requireFault(t, err, remediation.FaultEdition, "/on")
}

func TestSupersedeADecision(t *testing.T) {
	t.Parallel()
	d, err := decide(t, deliberation())
	require.NoError(t, err)
	next := hipaasmp.Ref{Kind: remediation.KindAddressableDecision, ID: "dec-2"}
	closed, err := d.Supersede(next, day("2026-12-31"))
	require.NoError(t, err)
	require.Equal(t, day("2026-12-31"), closed.RetentionBasis().InEffect[0].To)
	require.True(t, d.InEffect.Open())
	requireFault(t, second(closed.Supersede(next, day("2026-12-31"))), remediation.FaultSuperseded, "/superseded_by")
	requireFault(t, second(d.Supersede(d.DocumentRef(), day("2026-12-31"))), remediation.FaultSuperseded, "/superseded_by")
	requireFault(t, second(d.Supersede(next, day("2026-01-01"))), hipaasmp.FaultOrder, "/in_effect/to")
	requireFault(t, second(d.Supersede(next, hipaasmp.Date{})), hipaasmp.FaultRequired, "/in_effect/to")
}

func TestDecisionRules(t *testing.T) {
	t.Parallel()
	fresh := func(t testing.TB) remediation.AddressableDecision {
		d, err := decide(t, deliberation())
		require.NoError(t, err)
		return d
	}
	requireProvoked(t, fresh, []provoked[remediation.AddressableDecision]{
		{"another edition", func(d *remediation.AddressableDecision) { d.Edition = hipaasmp.Edition2003 }, remediation.FaultEdition, "/edition"},
		{"decided by a program", func(d *remediation.AddressableDecision) { d.DecidedBy.Role = hipaasmp.RoleSystem }, hipaasmp.FaultAuthority, "/decided_by"},
		{"another day", func(d *remediation.AddressableDecision) { d.On = day("2026-01-01") }, remediation.FaultDay, "/on"},
		{"in effect from another day", func(d *remediation.AddressableDecision) { d.InEffect.From = day("2026-01-01") }, hipaasmp.FaultOrder, "/in_effect/from"},
		{"closed without a successor", func(d *remediation.AddressableDecision) { d.InEffect.To = day("2027-01-01") }, remediation.FaultSuperseded, "/superseded_by"},
		{"the machine's own zone", func(d *remediation.AddressableDecision) { d.Zone = "Local" }, hipaasmp.FaultZone, "/zone"},
		{"another kind's schema", func(d *remediation.AddressableDecision) { d.Schema = hipaasmp.SchemaID(remediation.KindPlan, 1) }, hipaasmp.FaultSchema, "/schema"},
	})
}
