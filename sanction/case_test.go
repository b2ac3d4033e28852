package sanction_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/sanction"
)

func TestSAN01NothingIsDeterminedWithoutTheProtectedActCheck(t *testing.T) {
	t.Parallel()
	investigated := walk(t, reported(t), warning, untilDetermined[:3]...)
	for name, check := range map[string]sanction.ProtectedActCheck{
		"missing": {},
		"one question unanswered": func() sanction.ProtectedActCheck {
			c := clear()
			c.CrimeVictim = sanction.Answer{}
			return c
		}(),
		"one answered unknown": func() sanction.ProtectedActCheck {
			c := clear()
			c.Retaliation = sanction.OpenQuestion(official, at(2), "The complaint file has not been asked for.")
			return c
		}(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next, err := investigated.Determine(official, at(60), check, sanction.CategoryAccess, nil, "Shown by the log.")
			require.Equal(t, investigated, next)
			var pe *sanction.ProtectedActError
			require.ErrorAs(t, err, &pe)
			require.NotEmpty(t, pe.Open)
			require.Empty(t, pe.Protects)
			var f hipaasmp.Fault
			require.ErrorAs(t, err, &f)
			require.Equal(t, sanction.FaultUnanswered, f.Code)
		})
	}
	t.Run("and a case that skips the determination does not validate", func(t *testing.T) {
		t.Parallel()
		c := decided(t)
		c.Determination = nil
		requireFault(t, c.Validate(), sanction.FaultUnanswered)
		c = decided(t)
		d := *c.Determination
		d.Check.Whistleblower.Protection = sanction.ProtectionUnknown
		c.Determination = &d
		requireFault(t, c.Validate(), sanction.FaultUnanswered)
	})
}

func TestSAN02ADisclosureToTheOwnAttorneyBlocksTheSanctionAndIsCited(t *testing.T) {
	t.Parallel()
	c := walk(t, reported(t), warning, untilDetermined[:3]...)
	_, err := c.Determine(official, at(60), attorney(), sanction.CategoryDisclosure, nil, "Shown by the log.")
	var pe *sanction.ProtectedActError
	require.ErrorAs(t, err, &pe)
	require.Equal(t, []hipaasmp.Citation{hipaasmp.CiteWhistleblowerAttorney}, pe.Protects)
	require.ErrorContains(t, err, "164.502(j)(1)(ii)(B)")
	require.ErrorContains(t, err, "DismissProtected")

	c, err = c.DismissProtected(manager, at(61), may(), attorney(), "Protected as a disclosure to the own attorney.")
	require.NoError(t, err)
	require.Equal(t, sanction.GroundProtectedAct, c.Dismissal.Ground)
	c, o, err := c.Close(official, at(62), "Nothing further.")
	require.NoError(t, err)
	require.Equal(t, sanction.StateClosed, c.State)
	require.Equal(t, sanction.ResultDismissed, o.Result)
	require.Equal(t, []hipaasmp.Citation{hipaasmp.CiteWhistleblowerAttorney}, o.Dismissal.Check.Protects())
	require.Contains(t, o.Personnel, sanction.Involvement{ID: official.ID, Part: sanction.PartProtection})
}

func TestAForgedCheckDoesNotValidate(t *testing.T) {
	t.Parallel()
	c := decided(t)
	d := *c.Determination
	d.Check = attorney()
	c.Determination = &d
	requireFault(t, c.Validate(), sanction.FaultProtected)
}

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

func TestSAN05AVolunteerIsWorkforce(t *testing.T) {
	t.Parallel()
	for _, category := range hipaasmp.WorkforceCategory("").Values() {
		s, err := sanction.NewSubject("w-050", string(category))
		require.NoError(t, err)
		_, err = sanction.NewCase("case-v", clinic(), policy(t), s, report())
		require.NoError(t, err, category)
	}
}

func TestABusinessAssociateIsPointedToItsContract(t *testing.T) {
	t.Parallel()
	for _, spelling := range []string{"business_associate", "Business Associate", " business-associate "} {
		_, err := sanction.NewSubject("ba-7", spelling)
		var ne *sanction.NotWorkforceError
		require.ErrorAs(t, err, &ne)
		require.Equal(t, []hipaasmp.Citation{hipaasmp.CiteContractParagraph, hipaasmp.CitePrivacyContracts}, ne.Remedies)
		require.ErrorContains(t, err, "164.314(a)")
		require.ErrorContains(t, err, "164.504(e)")
		var f hipaasmp.Fault
		require.ErrorAs(t, err, &f)
		require.Equal(t, sanction.FaultNotWorkforce, f.Code)
	}
	_, err := sanction.NewCase("case-b", clinic(), policy(t), sanction.Subject{ID: "ba-7", Category: "business_associate"}, report())
	requireFault(t, err, sanction.FaultNotWorkforce)

	_, err = sanction.NewSubject("w-1", "robot")
	var ue *hipaasmp.UnknownValueError
	require.ErrorAs(t, err, &ue)
	_, err = sanction.NewSubject("Jane Doe", "employee")
	var fe *hipaasmp.FormatError
	require.ErrorAs(t, err, &fe)
}

func TestThePolicyMustHaveBeenInForceOnTheDayOfTheAct(t *testing.T) {
	t.Parallel()
	r := report()
	r.Act = day("2025-12-31") // the policy took effect on 2026-01-01
	_, err := sanction.NewCase("case-1", clinic(), policy(t), subject(), r)
	requireFault(t, err, sanction.FaultNotInForce)

	ended, err := policy(t).Supersede(day("2026-03-01"))
	require.NoError(t, err)
	_, err = sanction.NewCase("case-1", clinic(), ended, subject(), report()) // the act was on 2026-03-02
	requireFault(t, err, sanction.FaultNotInForce)

	r.Act = day("2026-03-01")
	_, err = sanction.NewCase("case-1", clinic(), ended, subject(), r)
	require.NoError(t, err, "the last day in effect still governs")

	_, err = sanction.NewCase("case-1", clinic(), sanction.Policy{}, subject(), report())
	requireFault(t, err, sanction.FaultNotInForce)
}

func TestNewCaseRefusesWhatTheWorkforceListContradicts(t *testing.T) {
	t.Parallel()
	_, err := sanction.NewCase("case-1", clinic(), policy(t), sanction.Subject{ID: "w-009", Category: hipaasmp.WorkforceVolunteer}, report())
	requireFault(t, err, hipaasmp.FaultDangling)
	r := report()
	r.Act = day("2026-01-15") // w-010 joined on 2026-02-01
	_, err = sanction.NewCase("case-1", clinic(), policy(t), sanction.Subject{ID: "w-010", Category: hipaasmp.WorkforceVolunteer}, r)
	requireFault(t, err, sanction.FaultNotWorkforce)
	ba := clinic()
	ba.Type = hipaasmp.EntityBusinessAssociate
	_, err = sanction.NewCase("case-1", ba, policy(t), subject(), report())
	requireFault(t, err, hipaasmp.FaultDangling)
}

func TestDaysOfTheReportRunForward(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*sanction.Report){
		"act after the report":           func(r *sanction.Report) { r.Act = day("2026-03-05") },
		"reported after it was filed":    func(r *sanction.Report) { r.On = day("2026-03-05") },
		"the day is counted in the zone": func(r *sanction.Report) { r.At, r.On = at(15), day("2026-03-06") }, // 06:00 UTC on the 5th is midnight in Chicago
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := report()
			spoil(&r)
			_, err := sanction.NewCase("case-1", clinic(), policy(t), subject(), r)
			requireFault(t, err, hipaasmp.FaultOrder)
		})
	}
	c := reported(t)
	_, err := c.Investigate(official, at(-1))
	requireFault(t, err, hipaasmp.FaultOrder)
}

func TestTextsThatLookLikeIdentifiersAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"SSN 123-45-6789 was read", "call 312-555-0100", "call (312) 555-0100", "mail jane@example.org"} {
		r := report()
		r.Narrative = text
		_, err := sanction.NewCase("case-1", clinic(), policy(t), subject(), r)
		requireFault(t, err, sanction.FaultIdentifying)
		_, err = walk(t, reported(t), warning, sanction.EventOpenInvestigation).RecordStep(official, at(30), sanction.Inquiry{On: day("2026-03-05"), What: text})
		requireFault(t, err, sanction.FaultIdentifying)
		_, err = determined(t).Decide(manager, at(60), may(), sanction.NoSanction(text))
		requireFault(t, err, sanction.FaultIdentifying)
		_, err = walk(t, reported(t), warning, untilDetermined[:3]...).Determine(official, at(60), clear(), sanction.CategoryAccess, nil, text)
		requireFault(t, err, sanction.FaultIdentifying)
		_, o := closed(t)
		o.Report.Narrative = text
		requireFault(t, o.Validate(), sanction.FaultIdentifying)
	}
	r := report()
	r.Narrative = "On 2026-03-02 the record sanction.case/x@2 was read under 164.308(a)(4)(ii)(B), 1204 times, 3-2-1."
	_, err := sanction.NewCase("case-1", clinic(), policy(t), subject(), r)
	require.NoError(t, err)
}

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

func TestAnswersComeFromAPersonInTimeAndOnTheQuestion(t *testing.T) {
	t.Parallel()
	c := walk(t, reported(t), warning, untilDetermined[:3]...)
	for name, tc := range map[string]struct {
		spoil func(*sanction.ProtectedActCheck)
		code  hipaasmp.FaultCode
	}{
		"a program":               {func(k *sanction.ProtectedActCheck) { k.CrimeVictim.By = program }, sanction.FaultProgram},
		"the subject":             {func(k *sanction.ProtectedActCheck) { k.CrimeVictim.By = member }, hipaasmp.FaultSegregation},
		"before the report":       {func(k *sanction.ProtectedActCheck) { k.CrimeVictim.At = at(-1) }, hipaasmp.FaultOrder},
		"after the determination": {func(k *sanction.ProtectedActCheck) { k.CrimeVictim.At = at(61) }, hipaasmp.FaultOrder},
		"nobody":                  {func(k *sanction.ProtectedActCheck) { k.CrimeVictim.By = hipaasmp.Actor{} }, hipaasmp.FaultRequired},
		"no reason":               {func(k *sanction.ProtectedActCheck) { k.CrimeVictim.Reason = "" }, hipaasmp.FaultRequired},
		"another question's basis": {func(k *sanction.ProtectedActCheck) {
			k.CrimeVictim.Basis = hipaasmp.CiteWhistleblowerAttorney
		}, sanction.FaultBasis},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := clear()
			tc.spoil(&k)
			_, err := c.Determine(official, at(60), k, sanction.CategoryAccess, nil, "Shown by the log.")
			requireFault(t, err, tc.code)
		})
	}
}

func TestTheBarOnRetaliationOf164530BindsNoBusinessAssociate(t *testing.T) {
	t.Parallel()
	k := clear()
	k.Retaliation = sanction.Protected(official, at(2), hipaasmp.CitePrivacyRetaliationBar, "The sanction would answer a complaint.")
	c := reported(t)
	_, err := c.DismissProtected(manager, at(30), may(), k, "Protected.")
	require.NoError(t, err)

	ba := clinic()
	ba.Type = hipaasmp.EntityBusinessAssociate
	i := issue("policy-ba", "2026-1", "2026-01-01")
	i.EntityType = hipaasmp.EntityBusinessAssociate
	p, err := sanction.DefaultTerms().Approve(i, manager, day("2025-12-15"), ba.Authority())
	require.NoError(t, err)
	c, err = sanction.NewCase("case-ba", ba, p, subject(), report())
	require.NoError(t, err)
	_, err = c.DismissProtected(manager, at(30), ba.Authority(), k, "Protected.")
	requireFault(t, err, sanction.FaultBasis)
	k.Retaliation.Basis = hipaasmp.CiteRetaliation
	_, err = c.DismissProtected(manager, at(30), ba.Authority(), k, "Protected.")
	require.NoError(t, err)
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

func TestTheSubjectTakesNoStepButTheAppeal(t *testing.T) {
	t.Parallel()
	all := func(hipaasmp.Actor, hipaasmp.Power, hipaasmp.Date) error { return nil }
	on := day("2026-03-06")
	for name, err := range map[string]error{
		"investigate": second(reported(t).Investigate(member, at(60))),
		"record":      second(walk(t, reported(t), warning, sanction.EventOpenInvestigation).RecordStep(member, at(60), sanction.Inquiry{On: on, What: "x"})),
		"determine":   second(walk(t, reported(t), warning, untilDetermined[:3]...).Determine(member, at(60), clear(), sanction.CategoryAccess, nil, "x")),
		"dismiss":     second(reported(t).Dismiss(member, at(60), all, sanction.GroundNoViolation, "x")),
		"notify":      second(decided(t).Notify(member, at(60), sanction.Notice{To: member.ID, On: on, Means: "x"})),
		"apply":       second(decided(t).Apply(member, at(60), on, "x", proof())),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requireFault(t, err, hipaasmp.FaultSegregation)
		})
	}
	_, err := decided(t).Appeal(member, at(60), "By mistake.")
	require.NoError(t, err)
}

func second(_ sanction.Case, err error) error { return err }

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

func TestDismissalTakesAuthorityAndTheRightGround(t *testing.T) {
	t.Parallel()
	c := reported(t)
	_, err := c.Dismiss(reviewer, at(30), may(), sanction.GroundNoViolation, "Assigned work.")
	requireFault(t, err, hipaasmp.FaultAuthority)
	_, err = c.Dismiss(program, at(30), may(), sanction.GroundNoViolation, "Assigned work.")
	requireFault(t, err, sanction.FaultProgram)
	_, err = c.Dismiss(manager, at(30), may(), sanction.GroundProtectedAct, "Protected.")
	requireFault(t, err, sanction.FaultDismissal)
	_, err = c.DismissProtected(manager, at(30), may(), clear(), "Not protected at all.")
	requireFault(t, err, sanction.FaultDismissal)
	_, err = c.Dismiss(manager, at(30), may(), sanction.GroundNoViolation, "")
	requireFault(t, err, hipaasmp.FaultRequired)
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

func TestReopeningKeepsWhatWasFoundAndAsksTheCheckAnew(t *testing.T) {
	t.Parallel()
	c, first := closed(t)
	_, err := c.Reopen(manager, at(60), may(), "  ")
	requireFault(t, err, sanction.FaultNoReason)
	_, err = c.Reopen(reviewer, at(60), may(), "New evidence.")
	requireFault(t, err, hipaasmp.FaultAuthority)
	_, err = c.Reopen(program, at(60), func(hipaasmp.Actor, hipaasmp.Power, hipaasmp.Date) error { return nil }, "New evidence.")
	requireFault(t, err, sanction.FaultProgram)
	r, err := c.Reopen(manager, at(60), may(), "New evidence.")
	require.NoError(t, err)
	require.Equal(t, sanction.StateUnderInvestigation, r.State)
	require.Equal(t, []sanction.Proceeding{c.Proceeding}, r.Earlier)
	require.Nil(t, r.Determination)

	_, err = r.Determine(official, at(61), sanction.ProtectedActCheck{}, sanction.CategoryAccess, nil, "Shown.")
	var pe *sanction.ProtectedActError
	require.ErrorAs(t, err, &pe)
	r, err = r.Determine(official, at(61), clear(), sanction.CategoryUnintentional, nil, "The steps of the first proceeding still count.")
	require.NoError(t, err)
	r, err = r.Decide(manager, at(62), may(), sanction.NoSanction("An interface opened the record."))
	require.NoError(t, err)
	_, again, err := r.Close(official, at(63), "The interface was repaired.")
	require.NoError(t, err)
	require.Equal(t, first.DocumentRef(), again.DocumentRef(), "a new version of the same record")
	require.Equal(t, 1, first.Round)
	require.Equal(t, 2, again.Round)
	require.Equal(t, sanction.ResultNone, again.Result)
	require.Len(t, again.Timeline, len(r.History)+1)
}

func TestTheOutcomeHoldsWhatAnInvestigatorAsksFor(t *testing.T) {
	t.Parallel()
	c, o := closed(t)
	require.Equal(t, sanction.ResultSanctioned, o.Result)
	require.Equal(t, sanction.RungWritten, o.Sanction)
	require.Equal(t, "First access of its kind that was proven.", o.Reason)
	require.True(t, o.Notified())
	for _, want := range []sanction.Involvement{{reviewer.ID, sanction.PartReporter}, {official.ID, sanction.PartInvestigator}, {member.ID, sanction.PartHeard},
		{official.ID, sanction.PartProtection}, {official.ID, sanction.PartDeterminer}, {manager.ID, sanction.PartDecider}, {official.ID, sanction.PartNotifier},
		{official.ID, sanction.PartImplementer}, {official.ID, sanction.PartCloser}} {
		require.Contains(t, o.Personnel, want)
	}
	require.Len(t, o.Timeline, len(c.History))
	require.Equal(t, sanction.TimedStep{Event: sanction.EventClose, By: official, On: day("2026-03-06"), Days: 2}, o.Timeline[len(o.Timeline)-1])
	require.Equal(t, []hipaasmp.Citation{hipaasmp.CiteSanctionPolicy, hipaasmp.CiteDocumentSanctions}, o.Citations())
	require.Equal(t, hipaasmp.RetentionBasis{Class: hipaasmp.ClassReviewRecord, Created: day("2026-03-06")}, o.RetentionBasis())
	again, err := c.Outcome()
	require.NoError(t, err)
	require.Equal(t, o, again, "the same case gives the same record")
}

func TestAnOutcomeThatContradictsItselfIsRefused(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*sanction.Outcome){
		"another result":   func(o *sanction.Outcome) { o.Result = sanction.ResultNone },
		"another sanction": func(o *sanction.Outcome) { o.Sanction = sanction.RungTraining },
		"another reason":   func(o *sanction.Outcome) { o.Reason = "Another." },
		"no decision":      func(o *sanction.Outcome) { o.Decisions = nil },
		"not closed":       func(o *sanction.Outcome) { o.Closure = nil },
		"not the last":     func(o *sanction.Outcome) { o.Timeline = o.Timeline[:2] },
		"days miscounted":  func(o *sanction.Outcome) { o.Timeline[3].Days = 9 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, o := closed(t)
			spoil(&o)
			requireFault(t, o.Validate(), sanction.FaultResult)
		})
	}
	_, o := closed(t)
	o.Applications = nil
	requireFault(t, o.Validate(), sanction.FaultNotApplied)
	_, o = closed(t)
	o.Closed = day("2026-03-09")
	requireFault(t, o.Validate(), hipaasmp.FaultOrder)
	_, o = closed(t)
	o.Case.Kind = sanction.KindPolicy
	requireFault(t, o.Validate(), hipaasmp.FaultDangling)
	_, o = closed(t)
	o.Notifications[0].Decision = 5
	requireFault(t, o.Validate(), hipaasmp.FaultDangling)
	_, o = closed(t)
	o.Applications[0].Decision = 5
	requireFault(t, o.Validate(), hipaasmp.FaultDangling)
	_, o = closed(t)
	o.Timeline[1].On = day("2026-03-20")
	requireFault(t, o.Validate(), hipaasmp.FaultOrder)
	_, o = closed(t)
	o.Appeals = []sanction.Appeal{{Signature: o.Decisions[0].Signature, Grounds: "x", Resolution: &sanction.Resolution{
		Signature: sanction.Signature{By: member, At: at(39)}, Result: sanction.AppealUpheld, Reason: "x"}}}
	requireFault(t, o.Validate(), hipaasmp.FaultSegregation)
	_, o = closed(t)
	o.Dismissal = &sanction.Dismissal{Signature: o.Decisions[0].Signature, Ground: sanction.GroundNoViolation, Reason: "x"}
	require.ErrorContains(t, o.Validate(), "stands beside a decision")
}

func TestTwoBranchesOfOneCaseDoNotShareLists(t *testing.T) {
	t.Parallel()
	base := walk(t, reported(t), warning, sanction.EventOpenInvestigation, sanction.EventRecordStep, sanction.EventRecordStep, sanction.EventRecordStep)
	a, err := base.RecordStep(official, at(60), sanction.Inquiry{On: day("2026-03-05"), What: "The first branch."})
	require.NoError(t, err)
	_, err = base.RecordStep(official, at(60), sanction.Inquiry{On: day("2026-03-05"), What: "The second branch."})
	require.NoError(t, err)
	require.Equal(t, "The first branch.", a.Investigation[3].What)

	r := report()
	c, err := sanction.NewCase("case-1", clinic(), policy(t), subject(), r)
	require.NoError(t, err)
	r.Breached[0].Rule, r.Sources[0].ID = "changed", "changed"
	require.Equal(t, report(), c.Report)
}

func TestDutiesOf164530AreNeverNamedForABusinessAssociate(t *testing.T) {
	t.Parallel()
	_, o := closed(t)
	o.EntityType = hipaasmp.EntityBusinessAssociate
	p := policy(t)
	p.EntityType = hipaasmp.EntityBusinessAssociate
	a := sanction.Attestation{EntityType: hipaasmp.EntityBusinessAssociate}
	for _, r := range []hipaasmp.Record{o, p, a, sanction.Acknowledgement{}, sanction.Training{}} {
		for _, c := range r.Citations() {
			require.False(t, strings.HasPrefix(string(c), "164.530"), "%T cites %s", r, c)
		}
	}
	for _, check := range (sanction.Records{EntityType: hipaasmp.EntityBusinessAssociate}).GapChecks(hipaasmp.Period{}) {
		require.False(t, strings.HasPrefix(string(check.Citation), "164.530"), check.Code)
	}
}

func TestErrorsNameThePackageAndNeverTheNarrative(t *testing.T) {
	t.Parallel()
	c := reported(t)
	_, err := c.Decide(manager, at(60), may(), warning)
	require.Error(t, err)
	require.NotContains(t, err.Error(), "treatment relationship")
	_, err = determined(t).Decide(hipaasmp.Actor{ID: "w-044", Role: hipaasmp.RoleWorkforce}, at(60), may(), warning)
	require.True(t, strings.HasPrefix(err.Error(), "sanction: "), err)
}

func TestDeadlinesCountFromTheReportAndTheReopening(t *testing.T) {
	t.Parallel()
	c := reported(t)
	due := map[string]hipaasmp.Date{}
	for _, d := range c.Deadlines() {
		due[d.Step] = d.Due
		require.True(t, d.Done.IsZero())
	}
	require.Equal(t, day("2026-03-07"), due[sanction.StepPreserve])
	require.Equal(t, day("2026-06-02"), due[sanction.StepClose])

	c, _ = closed(t)
	for _, d := range c.Deadlines() {
		require.False(t, d.Done.IsZero(), d.Step)
		require.False(t, d.Overdue(day("2030-01-01")), d.Step)
	}
	require.False(t, c.OpenOn(day("2026-03-06")))
	require.True(t, c.OpenOn(day("2026-03-05")))
	require.False(t, c.OpenOn(day("2026-03-03")))

	c, err := c.Reopen(manager, at(24*10), may(), "New evidence.")
	require.NoError(t, err)
	for _, d := range c.Deadlines() {
		if d.Stage == sanction.StageDecision {
			require.Equal(t, day("2026-03-14").AddDays(40), d.Due)
			require.True(t, d.Overdue(d.Due.AddDays(1)))
			require.False(t, d.Overdue(d.Due))
		}
	}

	// Notice of a decision that an appeal then changed is not notice of the one that stands.
	amended := walk(t, decided(t), warning, sanction.EventNotify, sanction.EventAppeal)
	amended, err = amended.Amend(official, at(60), may(), sanction.NoSanction("Nothing remains."))
	require.NoError(t, err)
	for _, d := range amended.Deadlines() {
		require.Equal(t, d.Stage == sanction.StageNotification || d.Stage == sanction.StageClosure, d.Done.IsZero(), d.Step)
	}

	none := walk(t, determined(t), sanction.NoSanction("Left."), sanction.EventDecide)
	for _, d := range none.Deadlines() {
		require.NotEqual(t, sanction.StageApplication, d.Stage)
	}
	dismissed := walk(t, reported(t), warning, sanction.EventDismiss)
	for _, d := range dismissed.Deadlines() {
		require.Contains(t, []sanction.Stage{sanction.StageDetermination, sanction.StageClosure}, d.Stage)
	}
}
