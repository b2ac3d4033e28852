package sanction_test

import (
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
