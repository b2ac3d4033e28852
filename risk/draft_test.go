package risk_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

func TestApproveMakesARecordInEffect(t *testing.T) {
	t.Parallel()
	a := analysis(t)
	require.Equal(t, "risk.analysis/ra-2026", a.DocumentRef().String())
	require.Equal(t, hipaasmp.Ref{Kind: risk.KindDraft, ID: "draft-2026"}, a.Draft)
	require.Equal(t, day("2026-03-20"), a.Approval.On, "the day in Chicago, not the day in UTC")
	require.Equal(t, hipaasmp.Period{From: day("2026-03-20")}, a.InEffect)
	require.Equal(t, "America/Chicago", a.Zone)
	require.False(t, a.Approval.OnePerson)
	require.Equal(t, hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: day("2026-03-20"),
		InEffect: []hipaasmp.Period{{From: day("2026-03-20")}}}, a.RetentionBasis())
	require.Equal(t, []hipaasmp.Citation{hipaasmp.CiteRiskAnalysis, hipaasmp.CiteWrittenRecord}, a.Citations())
}

func TestAnalysisSharesNothingWithItsDraft(t *testing.T) {
	t.Parallel()
	d := draft(t)
	a, err := d.Approve("ra-2026", manager, official, approved, chicago(t), may(), l, risk.First("The first."))
	require.NoError(t, err)
	before, err := hipaasmp.Canonical(a)
	require.NoError(t, err)
	d.Findings[0].Title, d.Findings[0].Current.Level, d.Findings[0].Assets[0] = "changed", vl, "changed"
	d.Inventory.Assets[0].Vendor.Agreement.Expires = day("2020-01-01")
	d.Inventory.Assets[0].Handles[0], d.Inventory.Flows[0].What, d.Inventory.DeclaredNone[0].Reason = "x", "x", "x"
	d.Threats[0].Event, d.Vulnerabilities[0].Title, d.Safeguards[0].Citations[0] = "x", "x", "x"
	after, err := hipaasmp.Canonical(a)
	require.NoError(t, err)
	require.Equal(t, string(before), string(after))
}

func TestApproveRefuses(t *testing.T) {
	t.Parallel()
	zone := chicago(t)
	for _, c := range []struct {
		rule    string
		approve func(risk.Draft) (risk.Analysis, error)
		code    hipaasmp.FaultCode
		pointer string
	}{
		{"nobody for management", func(d risk.Draft) (risk.Analysis, error) {
			return d.Approve("ra", hipaasmp.Actor{}, official, approved, zone, may(), l, risk.First("x"))
		}, hipaasmp.FaultRequired, "/approval/management/id"},
		{"nobody as security official", func(d risk.Draft) (risk.Analysis, error) {
			return d.Approve("ra", manager, hipaasmp.Actor{}, approved, zone, may(), l, risk.First("x"))
		}, hipaasmp.FaultRequired, "/approval/security_official/id"},
		{"somebody without an appointment", func(d risk.Draft) (risk.Analysis, error) {
			return d.Approve("ra", hipaasmp.Actor{ID: "wf-003", Role: hipaasmp.RoleManagement}, official, approved, zone, may(), l, risk.First("x"))
		}, hipaasmp.FaultAuthority, "/approval/management"},
		{"the two swapped", func(d risk.Draft) (risk.Analysis, error) {
			return d.Approve("ra", official, manager, approved, zone, may(), l, risk.First("x"))
		}, hipaasmp.FaultAuthority, "/approval/management/role"},
		{"one person who holds one office", func(d risk.Draft) (risk.Analysis, error) {
			return d.Approve("ra", manager, hipaasmp.Actor{ID: manager.ID, Role: hipaasmp.RoleSecurityOfficial}, approved, zone, may(), l, risk.First("x"))
		}, hipaasmp.FaultAuthority, "/approval/security_official"},
		{"a program", func(d risk.Draft) (risk.Analysis, error) {
			all := func(hipaasmp.Actor, hipaasmp.Power, hipaasmp.Date) error { return nil }
			return d.Approve("ra", hipaasmp.Actor{ID: "cron", Role: hipaasmp.RoleSystem}, official, approved, zone, all, l, risk.First("x"))
		}, hipaasmp.FaultAuthority, "/approval/management"},
		{"nobody to ask", func(d risk.Draft) (risk.Analysis, error) {
			return d.Approve("ra", manager, official, approved, zone, nil, l, risk.First("x"))
		}, hipaasmp.FaultAuthority, "/approval/management"},
		{"no zone", func(d risk.Draft) (risk.Analysis, error) {
			return d.Approve("ra", manager, official, approved, nil, may(), l, risk.First("x"))
		}, hipaasmp.FaultZone, "/zone"},
		{"no acceptable level", func(d risk.Draft) (risk.Analysis, error) {
			return d.Approve("ra", manager, official, approved, zone, may(), na, risk.First("x"))
		}, risk.FaultAcceptable, "/acceptable_level"},
		{"no lineage", func(d risk.Draft) (risk.Analysis, error) {
			return d.Approve("ra", manager, official, approved, zone, may(), l, risk.Lineage{})
		}, risk.FaultLineage, "/predecessor"},
		{"an empty explanation", func(d risk.Draft) (risk.Analysis, error) {
			return d.Approve("ra", manager, official, approved, zone, may(), l, risk.First(""))
		}, risk.FaultLineage, "/predecessor"},
		{"before the draft was begun", func(d risk.Draft) (risk.Analysis, error) {
			return d.Approve("ra", manager, official, began.Add(-time.Hour), zone, may(), l, risk.First("x"))
		}, hipaasmp.FaultOrder, "/approval/at"},
		{"a draft with faults", func(d risk.Draft) (risk.Analysis, error) {
			d.Findings[0].Current.Level = vl
			return d.Approve("ra", manager, official, approved, zone, may(), l, risk.First("x"))
		}, risk.FaultScore, "/findings/0/current/level"},
		{"no identity", func(d risk.Draft) (risk.Analysis, error) {
			return d.Approve("", manager, official, approved, zone, may(), l, risk.First("x"))
		}, hipaasmp.FaultRequired, "/id"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			got, err := c.approve(draft(t))
			requireFault(t, err, c.code, c.pointer)
			require.Zero(t, got)
		})
	}
}

func TestARefusedApprovalCarriesWhatTheAuthoritySaid(t *testing.T) {
	t.Parallel()
	_, err := draft(t).Approve("ra", hipaasmp.Actor{ID: "wf-003", Role: hipaasmp.RoleManagement}, official, approved, chicago(t), may(), l, risk.First("x"))
	var refused *hipaasmp.AuthorityError
	require.True(t, errors.As(err, &refused))
	require.Equal(t, day("2026-03-20"), refused.On, "asked for the day in the entity's zone")
}

func TestOnePersonMayHoldBothOffices(t *testing.T) {
	t.Parallel()
	solo := entity()
	solo.Appointments[1].Member = "wf-001"
	a, err := draft(t).Approve("ra-2026", manager, hipaasmp.Actor{ID: "wf-001", Role: hipaasmp.RoleSecurityOfficial}, approved, chicago(t), solo.Authority(), l, risk.First("The first."))
	require.NoError(t, err)
	require.True(t, a.Approval.OnePerson, "it is recorded")
	require.NoError(t, a.Validate())
}

func TestSupersedeClosesThePeriod(t *testing.T) {
	t.Parallel()
	a := analysis(t)
	next := hipaasmp.Ref{Kind: risk.KindAnalysis, ID: "ra-2027"}
	closed, err := a.Supersede(next, day("2027-03-19"))
	require.NoError(t, err)
	require.Equal(t, hipaasmp.Period{From: day("2026-03-20"), To: day("2027-03-19")}, closed.InEffect)
	require.Equal(t, next, *closed.SupersededBy)
	require.Equal(t, []hipaasmp.Period{closed.InEffect}, closed.RetentionBasis().InEffect)
	require.True(t, a.InEffect.Open(), "the value it was called on is as it was")

	_, err = closed.Supersede(next, day("2027-03-19"))
	requireFault(t, err, risk.FaultSuperseded, "/superseded_by")
	_, err = a.Supersede(next, day("2026-03-19"))
	requireFault(t, err, hipaasmp.FaultOrder, "/in_effect/to")
	_, err = a.Supersede(next, hipaasmp.Date{})
	requireFault(t, err, hipaasmp.FaultRequired, "/in_effect/to")
	_, err = a.Supersede(a.DocumentRef(), day("2027-03-19"))
	requireFault(t, err, risk.FaultSuperseded, "/superseded_by")
	_, err = a.Supersede(hipaasmp.Ref{Kind: risk.KindDraft, ID: "d"}, day("2027-03-19"))
	requireFault(t, err, risk.FaultSuperseded, "/superseded_by")
}

func TestCarryForwardNeedsEveryFindingLookedAtAgain(t *testing.T) {
	t.Parallel()
	zone := chicago(t)
	last := analysis(t)
	reviewed := approved.AddDate(1, 0, 0)
	d, err := risk.CarryForward(last, "draft-2027", analyst, reviewed)
	require.NoError(t, err)
	require.Equal(t, []string{"F-1", "F-2", "F-3"}, d.Unconfirmed())
	require.Equal(t, last.DocumentRef(), *d.Predecessor)

	approve := func(d risk.Draft, lineage risk.Lineage) (risk.Analysis, error) {
		return d.Approve("ra-2027", manager, official, reviewed.Add(48*time.Hour), zone, may(), l, lineage)
	}
	_, err = approve(d, risk.After(last.DocumentRef()))
	requireFault(t, err, risk.FaultUnconfirmed, "/carried/1/state")

	d, err = d.Confirm("F-1", analyst, reviewed.Add(time.Hour))
	require.NoError(t, err)
	again, _ := d.Finding("F-2")
	score, err := risk.NewScore(risk.SP80030(), risk.Judgment{Initiation: l, Adverse: h, Impact: vh}, analyst, reviewed.Add(time.Hour))
	require.NoError(t, err)
	again.Current, again.Residual, again.Measures = &score, nil, nil
	d, err = d.Rescore(again, analyst, reviewed.Add(time.Hour))
	require.NoError(t, err)
	d, err = d.Remove("F-3", "The pumps were replaced by ones with a battery.", analyst, reviewed.Add(time.Hour))
	require.NoError(t, err)
	require.Empty(t, d.Unconfirmed())
	require.NoError(t, d.Validate())

	_, err = d.Approve("ra-2027", manager, official, reviewed.Add(30*time.Minute), zone, may(), l, risk.After(last.DocumentRef()))
	requireFault(t, err, hipaasmp.FaultOrder, "/carried/2/at")
	_, err = approve(d, risk.First("There is none."))
	requireFault(t, err, risk.FaultLineage, "/predecessor")
	_, err = approve(d, risk.After(hipaasmp.Ref{Kind: risk.KindAnalysis, ID: "another"}))
	requireFault(t, err, risk.FaultLineage, "/predecessor")
	next, err := approve(d, risk.After(last.DocumentRef()))
	require.NoError(t, err)
	require.Equal(t, last.DocumentRef(), *next.Predecessor)
	require.Len(t, next.Findings, 2)
	require.Equal(t, h, next.Findings[1].CurrentLevel())
	require.Equal(t, []risk.CarryState{risk.CarryStateConfirmed, risk.CarryStateRescored, risk.CarryStateRemoved},
		[]risk.CarryState{next.Carried[0].State, next.Carried[1].State, next.Carried[2].State}, "who looked at what stays on record")
}

func TestCarriedFindingsCannotBeSettledByHand(t *testing.T) {
	t.Parallel()
	reviewed := approved.AddDate(1, 0, 0)
	later := reviewed.Add(time.Hour)
	carried := func(t *testing.T) risk.Draft {
		d, err := risk.CarryForward(analysis(t), "draft-2027", analyst, reviewed)
		require.NoError(t, err)
		return d
	}
	rescored := func(t *testing.T, d risk.Draft) risk.Finding {
		f, ok := d.Finding("F-1")
		require.True(t, ok)
		s := *f.Current
		s.At = later
		f.Current = &s
		return f
	}
	for _, c := range []struct {
		rule    string
		do      func(*testing.T, risk.Draft) error
		code    hipaasmp.FaultCode
		pointer string
	}{
		{"an unknown finding", func(_ *testing.T, d risk.Draft) error { _, err := d.Confirm("F-9", analyst, later); return err }, hipaasmp.FaultDangling, "/carried"},
		{"confirmed after an edit", func(_ *testing.T, d risk.Draft) error {
			d.Findings[0].Title = "edited"
			_, err := d.Confirm("F-1", analyst, later)
			return err
		}, risk.FaultCarried, "/carried/0/digest"},
		{"edited in place", func(_ *testing.T, d risk.Draft) error { d.Findings[0].Title = "edited"; return d.Validate() }, risk.FaultCarried, "/carried/0/digest"},
		{"dropped without a word", func(_ *testing.T, d risk.Draft) error { d.Findings = d.Findings[1:]; return d.Validate() }, risk.FaultCarried, "/carried/0/finding"},
		{"removed without a reason", func(_ *testing.T, d risk.Draft) error { _, err := d.Remove("F-1", "", analyst, later); return err }, risk.FaultCarried, "/carried/0/reason"},
		{"removed and still there", func(_ *testing.T, d risk.Draft) error {
			f := d.Findings[0]
			d, err := d.Remove("F-1", "gone", analyst, later)
			if err != nil {
				return err
			}
			d.Findings = append(d.Findings, f)
			return d.Validate()
		}, risk.FaultCarried, "/carried/0/state"},
		{"re-scored with the old score", func(_ *testing.T, d risk.Draft) error {
			f := d.Findings[0]
			f.Title = "only the words changed"
			_, err := d.Rescore(f, analyst, later)
			return err
		}, risk.FaultCarried, "/findings/0/current"},
		{"re-scored as it was", func(_ *testing.T, d risk.Draft) error {
			_, err := d.Rescore(d.Findings[0], analyst, later)
			return err
		}, risk.FaultCarried, "/carried/0/state"},
		{"confirmed by nobody", func(_ *testing.T, d risk.Draft) error {
			d.Carried[0].State = risk.CarryStateConfirmed
			return d.Validate()
		}, risk.FaultCarried, "/carried/0"},
		{"confirmed before the draft", func(_ *testing.T, d risk.Draft) error {
			_, err := d.Confirm("F-1", analyst, reviewed.Add(-time.Hour))
			return err
		}, hipaasmp.FaultOrder, "/carried/0/at"},
		{"listed twice", func(_ *testing.T, d risk.Draft) error {
			d.Carried = append(d.Carried, d.Carried[0])
			return d.Validate()
		}, hipaasmp.FaultIdentity, "/carried/3/finding"},
		{"confirmed after it was re-scored", func(t *testing.T, d risk.Draft) error {
			d, err := d.Rescore(rescored(t, d), analyst, later)
			require.NoError(t, err)
			_, err = d.Confirm("F-1", analyst, later)
			return err
		}, risk.FaultCarried, "/carried/0/digest"},
		{"confirmed after it was removed", func(t *testing.T, d risk.Draft) error {
			d, err := d.Remove("F-1", "gone", analyst, later)
			require.NoError(t, err)
			_, err = d.Confirm("F-1", analyst, later)
			return err
		}, hipaasmp.FaultDangling, "/carried"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			requireFault(t, c.do(t, carried(t)), c.code, c.pointer)
		})
	}
}

func TestCarryForwardRefusesToRunBackwards(t *testing.T) {
	t.Parallel()
	_, err := risk.CarryForward(analysis(t), "draft-2027", analyst, began)
	requireFault(t, err, hipaasmp.FaultOrder, "/created_at")
}

func TestAFailedStepChangesNothing(t *testing.T) {
	t.Parallel()
	d, err := risk.CarryForward(analysis(t), "draft-2027", analyst, approved)
	require.NoError(t, err)
	before, err := hipaasmp.Canonical(d)
	require.NoError(t, err)
	same, err := d.Remove("F-1", "", analyst, approved)
	require.Error(t, err)
	for _, v := range []risk.Draft{d, same} {
		after, err := hipaasmp.Canonical(v)
		require.NoError(t, err)
		require.Equal(t, string(before), string(after))
	}
	next, err := d.Remove("F-1", "gone", analyst, approved)
	require.NoError(t, err)
	require.Len(t, next.Findings, 2)
	after, err := hipaasmp.Canonical(d)
	require.NoError(t, err)
	require.Equal(t, string(before), string(after), "a step returns a new value")
}
