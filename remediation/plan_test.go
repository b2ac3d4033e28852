package remediation_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
)

func build(t testing.TB, items []remediation.Item, acceptances []remediation.Acceptance) (remediation.Plan, error) {
	t.Helper()
	return remediation.BuildPlan("plan-2026", analysis(t), items, acceptances, manager, hour(48), chicago(t), may())
}

// plan treats F-1 by an item and accepts F-2.
func plan(t testing.TB) remediation.Plan {
	t.Helper()
	p, err := build(t, []remediation.Item{item(t, "item-1", "F-1")}, []remediation.Acceptance{acceptance(t, "acc-1", "F-2", risk.LevelModerate, "2026-10-31")})
	require.NoError(t, err)
	return p
}

func TestBuildPlan(t *testing.T) {
	t.Parallel()
	p := plan(t)
	asked := proposal("F-1")
	cost, unknown := p.Cost()
	require.Equal(t, "1200.5", cost.String())
	require.Empty(t, unknown)
	require.Equal(t, []remediation.Commitment{
		{Finding: "F-1", Treatment: remediation.TreatmentMitigate, Item: "item-1", Title: asked.Title, State: remediation.StateProposed, Milestones: asked.Milestones, CostUSD: asked.CostUSD, Owner: "wf-003", Due: day("2026-06-30"), Specification: hipaasmp.CiteAuthentication},
		{Finding: "F-2", Treatment: remediation.TreatmentAccept, Acceptance: "acc-1", Owner: "wf-002", Due: day("2026-10-31"), Specification: hipaasmp.CiteRiskManagement},
	}, p.Commitments)
	require.Equal(t, risk.LevelLow, p.AcceptableLevel)
	require.Len(t, p.Findings, 4)
	require.Equal(t, []remediation.PlannedFinding{{Finding: "F-4", Title: "Risk F-4", Level: risk.LevelNotAssessed}}, p.NotAssessed(), "counted, never within the acceptable level")
	require.Equal(t, hipaasmp.Period{From: day("2026-03-25")}, p.InEffect)
	require.Equal(t, []hipaasmp.Citation{hipaasmp.CiteRiskManagement, hipaasmp.CiteWrittenRecord}, p.Citations())
	require.Equal(t, hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: day("2026-03-25"), InEffect: []hipaasmp.Period{p.InEffect}}, p.RetentionBasis())
}

// RM-01: a risk above the threshold without a treatment. A plan is refused, and it is a gap.
func TestRM01UntreatedFindingsAreRefusedAndAreGaps(t *testing.T) {
	t.Parallel()
	_, err := build(t, nil, nil)
	requireFault(t, err, remediation.FaultUntreated, "/findings/0")
	requireFault(t, err, remediation.FaultUntreated, "/findings/1")
	require.Len(t, faults(t, err), 2, "F-3 is within the acceptable level, F-4 nobody knows")
	gaps := found(remediation.GapInput{Analyses: []risk.Analysis{analysis(t)}}, "2026-06-01", remediation.GapUntreated)
	require.Len(t, gaps, 2)
	require.Equal(t, "Finding F-1 is high, above the acceptable level low, and nothing treats it.", gaps[0].Missing)
}

func TestBuildPlanRefuses(t *testing.T) {
	t.Parallel()
	zone := chicago(t)
	one := item(t, "item-1", "F-1")
	accepted := []remediation.Acceptance{acceptance(t, "acc-1", "F-2", risk.LevelModerate, "2026-10-31")}
	with := func(items []remediation.Item, acceptances []remediation.Acceptance) error {
		return second(build(t, items, acceptances))
	}
	both := []remediation.Item{one, item(t, "item-2", "F-2")}
	t.Run("RM-02 an item that accepts without its acceptance", func(t *testing.T) {
		p := proposal("F-2")
		p.Treatment = remediation.TreatmentAccept
		_, err := remediation.NewItem("item-2", p, official, proposed, zone)
		requireFault(t, err, remediation.FaultNotAccepted, "/acceptance")
		p.Acceptance = &hipaasmp.Ref{Kind: remediation.KindAcceptance, ID: "acc-9"}
		i, err := remediation.NewItem("item-2", p, official, proposed, zone)
		require.NoError(t, err)
		requireFault(t, with([]remediation.Item{one, i}, nil), remediation.FaultUntreated, "/findings/1")
	})
	t.Run("an expired acceptance", func(t *testing.T) {
		expired := []remediation.Acceptance{acceptance(t, "acc-1", "F-2", risk.LevelModerate, "2026-03-24")}
		f := requireFault(t, with([]remediation.Item{one}, expired), remediation.FaultUntreated, "/findings/1")
		require.Contains(t, f.Message, "expired on 2026-03-24")
	})
	t.Run("an acceptance of a smaller risk", func(t *testing.T) {
		grown := []remediation.Acceptance{acceptance(t, "acc-1", "F-2", risk.LevelLow, "2026-10-31")}
		f := requireFault(t, with([]remediation.Item{one}, grown), remediation.FaultUntreated, "/findings/1")
		require.Contains(t, f.Message, "covers a risk that was low")
	})
	t.Run("a cancelled item", func(t *testing.T) {
		requireFault(t, with([]remediation.Item{in(t, "item-1", "F-1", remediation.StateCancelled)}, accepted), remediation.FaultUntreated, "/findings/0")
	})
	t.Run("an item that is done and was not enough", func(t *testing.T) {
		i := in(t, "item-1", "F-1", remediation.StateImplemented)
		i, err := i.Verify(official, hour(5), zone, may(), score(t, risk.LevelModerate, official, hour(4)), evidence())
		require.NoError(t, err)
		f := requireFault(t, with([]remediation.Item{i}, accepted), remediation.FaultUntreated, "/findings/0")
		require.Contains(t, f.Message, "item-1 left it at moderate")
	})
	t.Run("an open item for a finding that is gone", func(t *testing.T) {
		requireFault(t, with(append(both, item(t, "item-9", "F-9")), nil), hipaasmp.FaultDangling, "/commitments")
	})
	t.Run("an item of another analysis treats nothing", func(t *testing.T) {
		p := proposal("F-1")
		p.Finding.Analysis.ID = "ra-1999"
		i, err := remediation.NewItem("item-1", p, official, proposed, zone)
		require.NoError(t, err)
		requireFault(t, with([]remediation.Item{i}, accepted), remediation.FaultUntreated, "/findings/0")
	})
	t.Run("one item twice", func(t *testing.T) {
		requireFault(t, with([]remediation.Item{one, one}, accepted), hipaasmp.FaultIdentity, "/commitments/1/item")
	})
	t.Run("an item with faults", func(t *testing.T) {
		forged := one
		forged.State = remediation.StateClosed
		requireFault(t, with([]remediation.Item{forged}, accepted), remediation.FaultCommitment, "/commitments")
	})
	t.Run("an acceptance with faults", func(t *testing.T) {
		forged := accepted[0]
		forged.Approver = forged.Requester
		requireFault(t, with([]remediation.Item{one}, []remediation.Acceptance{forged}), remediation.FaultNotAccepted, "/commitments")
	})
	call := func(a risk.Analysis, who hipaasmp.Actor, at time.Time, zone *time.Location, may hipaasmp.Authority) error {
		return second(remediation.BuildPlan("plan-2026", a, both, nil, who, at, zone, may))
	}
	t.Run("who and when", func(t *testing.T) {
		requireFault(t, call(analysis(t), official, hour(48), zone, may()), hipaasmp.FaultAuthority, "/approval/management/role")
		requireFault(t, call(analysis(t), hipaasmp.Actor{ID: "wf-009", Role: hipaasmp.RoleManagement}, hour(48), zone, may()), hipaasmp.FaultAuthority, "/approval/management")
		requireFault(t, call(analysis(t), hipaasmp.Actor{}, hour(48), zone, may()), hipaasmp.FaultRequired, "/approval/management/id")
		requireFault(t, call(analysis(t), manager, hour(48), zone, nil), hipaasmp.FaultAuthority, "/approval/management")
		requireFault(t, call(analysis(t), manager, hour(48), nil, may()), hipaasmp.FaultZone, "/zone")
		requireFault(t, call(analysis(t), manager, time.Time{}, zone, may()), hipaasmp.FaultFormat, "/approval/at")
		requireFault(t, call(analysis(t), manager, scoredAt, zone, may()), remediation.FaultAnalysis, "/analysis")
		forged := analysis(t)
		forged.Findings[0].Current.Level = risk.LevelVeryLow
		requireFault(t, call(forged, manager, hour(48), zone, may()), remediation.FaultAnalysis, "/analysis")
	})
}

func TestCommitmentsComeByFindingThenDueDate(t *testing.T) {
	t.Parallel()
	early := proposal("F-1")
	early.Due = day("2026-04-30")
	first, err := remediation.NewItem("item-9", early, official, proposed, chicago(t))
	require.NoError(t, err)
	items := []remediation.Item{item(t, "item-2", "F-2"), item(t, "item-1", "F-1"), first, in(t, "item-0", "F-1", remediation.StateCancelled)}
	accepted := []remediation.Acceptance{acceptance(t, "acc-2", "F-2", risk.LevelModerate, "2026-12-31"), acceptance(t, "acc-1", "F-2", risk.LevelModerate, "2026-12-31")}
	want := []string{"item-9", "item-1", "item-2", "acc-1", "acc-2"}
	for range 4 {
		p, err := build(t, items, accepted)
		require.NoError(t, err)
		var got []string
		for _, c := range p.Commitments {
			got = append(got, c.Item+c.Acceptance)
		}
		require.Equal(t, want, got)
		slices.Reverse(items)
		slices.Reverse(accepted)
	}
}

func TestAnItemMayCarryAnAcceptance(t *testing.T) {
	t.Parallel()
	p := proposal("F-2")
	p.Treatment, p.Acceptance = remediation.TreatmentAccept, &hipaasmp.Ref{Kind: remediation.KindAcceptance, ID: "acc-1"}
	i, err := remediation.NewItem("item-2", p, official, proposed, chicago(t))
	require.NoError(t, err)
	got, err := build(t, []remediation.Item{item(t, "item-1", "F-1"), i}, []remediation.Acceptance{acceptance(t, "acc-1", "F-2", risk.LevelModerate, "2026-10-31")})
	require.NoError(t, err)
	require.Len(t, got.Commitments, 2, "one commitment, not two")
	require.Equal(t, "item-2", got.Commitments[1].Item)
	require.Equal(t, "acc-1", got.Commitments[1].Acceptance)
}

// Findings keep their identity when an analysis is carried forward, and so do the items that treat them.
func TestItemsOfTheAnalysisBeforeStillTreat(t *testing.T) {
	t.Parallel()
	last := analysis(t)
	d, err := risk.CarryForward(last, "draft-2027", official, hour(60))
	require.NoError(t, err)
	for _, id := range d.Unconfirmed() {
		d, err = d.Confirm(id, official, hour(61))
		require.NoError(t, err)
	}
	next, err := d.Approve("ra-2027", manager, official, hour(62), chicago(t), may(), risk.LevelLow, risk.After(last.DocumentRef()))
	require.NoError(t, err)
	p, err := remediation.BuildPlan("plan-2027", next, []remediation.Item{item(t, "item-1", "F-1"), item(t, "item-2", "F-2")}, nil, manager, hour(63), chicago(t), may())
	require.NoError(t, err)
	require.Len(t, p.Commitments, 2)
}

func TestSupersedeAPlan(t *testing.T) {
	t.Parallel()
	p := plan(t)
	next := hipaasmp.Ref{Kind: remediation.KindPlan, ID: "plan-2027"}
	closed, err := p.Supersede(next, day("2027-03-01"))
	require.NoError(t, err)
	require.Equal(t, hipaasmp.Period{From: day("2026-03-25"), To: day("2027-03-01")}, closed.InEffect)
	require.True(t, p.InEffect.Open())
	closed.Commitments[0].Owner = "x"
	require.Equal(t, "wf-003", p.Commitments[0].Owner, "the new version shares nothing with the old")
	requireFault(t, second(closed.Supersede(next, day("2027-03-01"))), remediation.FaultSuperseded, "/superseded_by")
	requireFault(t, second(p.Supersede(p.DocumentRef(), day("2027-03-01"))), remediation.FaultSuperseded, "/superseded_by")
	requireFault(t, second(p.Supersede(next, day("2026-01-01"))), hipaasmp.FaultOrder, "/in_effect/to")
	requireFault(t, second(p.Supersede(next, hipaasmp.Date{})), hipaasmp.FaultRequired, "/in_effect/to")
}

func TestPlanRules(t *testing.T) {
	t.Parallel()
	requireProvoked(t, plan, []provoked[remediation.Plan]{
		{"a milestone twice", func(p *remediation.Plan) {
			p.Commitments[0].Milestones = append(p.Commitments[0].Milestones, p.Commitments[0].Milestones[0])
		}, hipaasmp.FaultIdentity, "/commitments/0/milestones/1/id"},
		{"a state of no item", func(p *remediation.Plan) { p.Commitments[0].State = "nearly" }, hipaasmp.FaultEnum, "/commitments/0/state"},
		{"a negative cost", func(p *remediation.Plan) { n := p.Commitments[0].CostUSD.Neg(); p.Commitments[0].CostUSD = &n }, hipaasmp.FaultRange, "/commitments/0/cost_usd"},
		{"RM-01 a commitment removed", func(p *remediation.Plan) { p.Commitments = p.Commitments[1:] }, remediation.FaultUntreated, "/findings/0"},
		{"an acceptance removed", func(p *remediation.Plan) { p.Commitments[1].Acceptance = "" }, remediation.FaultNotAccepted, "/commitments/1/acceptance"},
		{"a treatment without an item", func(p *remediation.Plan) { p.Commitments[0].Item = "" }, remediation.FaultCommitment, "/commitments/0/item"},
		{"a treatment with an acceptance", func(p *remediation.Plan) { p.Commitments[0].Acceptance = "acc-1" }, remediation.FaultCommitment, "/commitments/0/item"},
		{"a commitment for nothing", func(p *remediation.Plan) { p.Commitments[0].Finding = "F-9" }, hipaasmp.FaultDangling, "/commitments/0/finding"},
		{"an item undertaken twice", func(p *remediation.Plan) { p.Commitments = append(p.Commitments, p.Commitments[0]) }, hipaasmp.FaultIdentity, "/commitments/2/item"},
		{"a finding listed twice", func(p *remediation.Plan) { p.Findings = append(p.Findings, p.Findings[0]) }, hipaasmp.FaultIdentity, "/findings/4/finding"},
		{"an unknown treatment", func(p *remediation.Plan) { p.Commitments[0].Treatment = "hope" }, hipaasmp.FaultEnum, "/commitments/0/treatment"},
		{"no acceptable level", func(p *remediation.Plan) { p.AcceptableLevel = risk.LevelNotAssessed }, remediation.FaultAcceptable, "/acceptable_level"},
		{"not of an analysis", func(p *remediation.Plan) { p.Analysis.Kind = risk.KindDraft }, remediation.FaultAnalysis, "/analysis/kind"},
		{"approved by somebody else", func(p *remediation.Plan) { p.Approval.Management.Role = hipaasmp.RoleReviewer }, hipaasmp.FaultAuthority, "/approval/management/role"},
		{"approved on another day", func(p *remediation.Plan) { p.Approval.On = day("2026-01-01") }, remediation.FaultDay, "/approval/on"},
		{"in effect from another day", func(p *remediation.Plan) { p.InEffect.From = day("2026-01-01") }, hipaasmp.FaultOrder, "/in_effect/from"},
		{"a successor while open", func(p *remediation.Plan) { p.SupersededBy = &hipaasmp.Ref{Kind: remediation.KindPlan, ID: "x"} }, remediation.FaultSuperseded, "/superseded_by"},
		{"the machine's own zone", func(p *remediation.Plan) { p.Zone = "Local" }, hipaasmp.FaultZone, "/zone"},
		{"another kind's schema", func(p *remediation.Plan) { p.Schema = hipaasmp.SchemaID(remediation.KindItem, 1) }, hipaasmp.FaultSchema, "/schema"},
	})
}
