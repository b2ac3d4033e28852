package sanction_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/sanction"
)

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
