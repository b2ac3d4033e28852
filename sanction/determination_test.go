package sanction_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/sanction"
)

func TestDeterminationTakesTheRequiredSteps(t *testing.T) {
	t.Parallel()
	c := walk(t, reported(t), warning, untilDetermined[:2]...)
	_, err := c.Determine(official, at(60), clear(), sanction.CategoryAccess, nil, "Shown by the log.")
	requireFault(t, err, sanction.FaultStepMissing)
	require.ErrorContains(t, err, sanction.StepHear)

	c, err = c.RecordStep(official, at(60), sanction.Inquiry{Step: sanction.StepHear, On: day("2026-03-06"), What: "The person declined to speak.", Omitted: true})
	require.NoError(t, err)
	_, err = c.Determine(official, at(61), clear(), sanction.CategoryAccess, nil, "Shown by the log.")
	require.NoError(t, err, "an omitted step is recorded as such")

	_, err = c.RecordStep(official, at(61), sanction.Inquiry{Step: "no_such_step", On: day("2026-03-06"), What: "x"})
	requireFault(t, err, hipaasmp.FaultDangling)
	_, err = c.RecordStep(official, at(61), sanction.Inquiry{Step: sanction.StepDecide, On: day("2026-03-06"), What: "x"})
	requireFault(t, err, hipaasmp.FaultDangling)
	_, err = c.RecordStep(official, at(61), sanction.Inquiry{On: day("2026-03-06"), What: "x", Omitted: true})
	requireFault(t, err, hipaasmp.FaultDangling)
	_, err = c.RecordStep(official, at(61), sanction.Inquiry{On: day("2026-03-07"), What: "x"})
	requireFault(t, err, hipaasmp.FaultOrder)
	_, err = c.RecordStep(official, at(61), sanction.Inquiry{On: day("2026-03-03"), What: "x"})
	requireFault(t, err, hipaasmp.FaultOrder)
}

func TestDeterminationKnowsOnlyThePolicysCategoriesAndFactors(t *testing.T) {
	t.Parallel()
	c := walk(t, reported(t), warning, untilDetermined[:3]...)
	_, err := c.Determine(official, at(60), clear(), "9", nil, "Shown by the log.")
	requireFault(t, err, hipaasmp.FaultDangling)
	_, err = c.Determine(official, at(60), clear(), sanction.CategoryAccess, []sanction.AppliedFactor{{ID: "mood", Effect: sanction.EffectMitigating, Why: "x"}}, "Shown by the log.")
	requireFault(t, err, hipaasmp.FaultDangling)
	_, err = c.Determine(official, at(60), clear(), sanction.CategoryAccess, []sanction.AppliedFactor{{ID: sanction.FactorPattern, Effect: sanction.EffectMitigating, Why: "x"}}, "Shown by the log.")
	requireFault(t, err, hipaasmp.FaultDangling)
	_, err = c.Determine(official, at(60), clear(), sanction.CategoryAccess, []sanction.AppliedFactor{pattern(), pattern()}, "Shown by the log.")
	requireFault(t, err, hipaasmp.FaultIdentity)
	ok, err := c.Determine(official, at(60), clear(), sanction.CategoryAccess, []sanction.AppliedFactor{pattern()}, "Shown by the log.")
	require.NoError(t, err)
	require.Equal(t, sanction.EffectAggravating, ok.Determination.Factors[0].Effect, "filled in from the policy")
}
