package sanction_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/sanction"
)

func TestSAN03AnOutcomeNoneTakesItsReason(t *testing.T) {
	t.Parallel()
	c := determined(t)
	next, err := c.Decide(manager, at(60), may(), sanction.NoSanction(""))
	requireFault(t, err, sanction.FaultNoReason)
	require.Equal(t, c, next)
	_, err = c.Decide(manager, at(60), may(), sanction.NoSanction("  "))
	requireFault(t, err, hipaasmp.FaultFormat)

	c, err = c.Decide(manager, at(60), may(), sanction.NoSanction("The person left the workforce on the day before."))
	require.NoError(t, err)
	_, err = c.Apply(official, at(61), day("2026-03-06"), "Nothing.", proof())
	requireFault(t, err, sanction.FaultResult)
	_, o, err := c.Close(official, at(62), "Nothing further.")
	require.NoError(t, err)
	require.Equal(t, sanction.ResultNone, o.Result)
	require.Empty(t, o.Sanction)
	require.Equal(t, "The person left the workforce on the day before.", o.Reason)
}

func TestTheDeciderIsNeverTheSubjectAProgramOrWithoutAuthority(t *testing.T) {
	t.Parallel()
	c := determined(t)
	all := func(hipaasmp.Actor, hipaasmp.Power, hipaasmp.Date) error { return nil }
	_, err := c.Decide(member, at(60), all, warning)
	requireFault(t, err, hipaasmp.FaultSegregation)
	_, err = c.Decide(program, at(60), all, warning)
	requireFault(t, err, sanction.FaultProgram)
	_, err = c.Decide(reviewer, at(60), all, warning) // who reported the act
	requireFault(t, err, hipaasmp.FaultSegregation)

	stranger := hipaasmp.Actor{ID: "w-044", Role: hipaasmp.RoleManagement}
	next, err := c.Decide(stranger, at(60), may(), warning)
	require.Equal(t, c, next)
	requireFault(t, err, hipaasmp.FaultAuthority)
	var ae *hipaasmp.AuthorityError
	require.ErrorAs(t, err, &ae)
	require.Equal(t, hipaasmp.PowerDecideSanction, ae.Power)
	_, err = c.Decide(manager, at(60), nil, warning)
	requireFault(t, err, hipaasmp.FaultAuthority)
}

func TestAuthorityIsAskedForTheDayInTheEntitysZone(t *testing.T) {
	t.Parallel()
	var asked hipaasmp.Date
	spy := func(_ hipaasmp.Actor, _ hipaasmp.Power, on hipaasmp.Date) error { asked = on; return nil }
	_, err := determined(t).Decide(manager, at(37), spy, warning) // 2026-03-06 04:00 UTC
	require.NoError(t, err)
	require.Equal(t, day("2026-03-05"), asked)
}

func TestSeparationIsThePolicysButForTheSubject(t *testing.T) {
	t.Parallel()
	build := func(s sanction.Separation) sanction.Case {
		terms := sanction.DefaultTerms()
		terms.Separation = s
		p, err := terms.Approve(issue("policy-2026", "2026-1", "2026-01-01"), manager, day("2025-12-15"), may())
		require.NoError(t, err)
		r := report()
		r.By = manager
		c, err := sanction.NewCase("case-1", clinic(), p, subject(), r)
		require.NoError(t, err)
		return walk(t, c, warning, untilDetermined...)
	}
	c := build(sanction.Separation{})
	_, err := c.Decide(manager, at(60), may(), warning)
	require.NoError(t, err, "the reporter may decide where the policy lets them")
	_, err = c.Decide(official, at(60), may(), warning)
	require.NoError(t, err, "the investigator may decide where the policy lets them")

	c = build(sanction.Separation{Reporter: true, Investigator: true})
	_, err = c.Decide(manager, at(60), may(), warning)
	requireFault(t, err, hipaasmp.FaultSegregation)
	_, err = c.Decide(official, at(60), may(), warning)
	requireFault(t, err, hipaasmp.FaultSegregation)

	c = walk(t, decided(t), warning, sanction.EventAppeal)
	_, err = c.Uphold(manager, at(60), may(), "Nothing new.")
	requireFault(t, err, hipaasmp.FaultSegregation)
	_, err = c.Amend(manager, at(60), may(), sanction.NoSanction("Nothing remains."))
	requireFault(t, err, hipaasmp.FaultSegregation)
	_, err = c.Uphold(member, at(60), may(), "Mine.")
	requireFault(t, err, hipaasmp.FaultSegregation)
	_, err = c.Uphold(program, at(60), may(), "Computed.")
	requireFault(t, err, sanction.FaultProgram)
}

func TestAnOutcomeOffTheRangeTakesAFactorThatCarriesItThere(t *testing.T) {
	t.Parallel()
	// Category 2a reaches from a written warning to a final warning; the case has an aggravating factor.
	c := determined(t)
	_, err := c.Decide(manager, at(60), may(), sanction.Impose(sanction.RungTraining, "Mild."))
	requireFault(t, err, sanction.FaultOffRange)
	_, err = c.Decide(manager, at(60), may(), sanction.Impose(sanction.RungTraining, "Mild.", untrained()))
	require.NoError(t, err)
	_, err = c.Decide(manager, at(60), may(), sanction.Impose(sanction.RungTermination, "A pattern."))
	require.NoError(t, err, "the factor of the determination carries it")
	_, err = c.Decide(manager, at(60), may(), sanction.Impose("exile", "Not on the ladder."))
	requireFault(t, err, hipaasmp.FaultDangling)

	plain := walk(t, reported(t), warning, untilDetermined[:3]...)
	plain, err = plain.Determine(official, at(50), clear(), sanction.CategoryAccess, nil, "Shown by the log.")
	require.NoError(t, err)
	_, err = plain.Decide(manager, at(60), may(), sanction.Impose(sanction.RungTermination, "Hard."))
	requireFault(t, err, sanction.FaultOffRange)
	_, err = plain.Decide(manager, at(60), may(), sanction.Impose(sanction.RungTermination, "Hard.", untrained()))
	requireFault(t, err, sanction.FaultOffRange) // a mitigating factor carries nothing upwards
}

func TestASanctionIsAppliedBeforeTheCaseCloses(t *testing.T) {
	t.Parallel()
	c := decided(t)
	next, o, err := c.Close(official, at(60), "Done.")
	requireFault(t, err, sanction.FaultNotApplied)
	require.Equal(t, c, next)
	require.Equal(t, sanction.Outcome{}, o)

	_, err = c.Apply(official, at(60), day("2026-03-06"), "Placed in the file.", hipaasmp.Artifact{})
	require.Error(t, err, "an empty artifact is no evidence")

	// An appeal that changes the decision has to be applied anew.
	c = walk(t, c, warning, sanction.EventApply, sanction.EventAppeal)
	c, err = c.Amend(official, at(60), may(), sanction.Impose(sanction.RungTraining, "Had not been trained.", untrained()))
	require.NoError(t, err)
	require.Equal(t, sanction.StateDecided, c.State)
	require.Equal(t, sanction.EffectMitigating, c.Decisions[1].Factors[0].Effect)
	_, _, err = c.Close(official, at(61), "Done.")
	requireFault(t, err, sanction.FaultNotApplied)
	c, err = c.Apply(official, at(61), day("2026-03-06"), "The training was repeated.", proof())
	require.NoError(t, err)
	require.Equal(t, 2, c.Applications[1].Decision)
	_, o, err = c.Close(official, at(62), "Done.")
	require.NoError(t, err)
	require.Equal(t, sanction.RungTraining, o.Sanction)
}
