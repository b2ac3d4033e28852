package sanction_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/sanction"
)

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

func TestADuplicateNamesTheOtherCase(t *testing.T) {
	t.Parallel()
	c := reported(t)
	other := hipaasmp.Ref{Kind: sanction.KindCase, ID: "case-0"}
	for name, see := range map[string][]hipaasmp.Ref{
		"nothing named":         nil,
		"the case itself":       {c.DocumentRef()},
		"no case":               {{Kind: sanction.KindPolicy, ID: "policy-2026"}},
		"an earlier version":    {{Kind: sanction.KindCase, ID: c.ID, Version: 1}},
		"itself and not a case": {c.DocumentRef(), {Kind: "review.incident", ID: "i-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next, err := c.Dismiss(manager, at(30), may(), sanction.GroundDuplicate, "The same access.", see...)
			requireFault(t, err, hipaasmp.FaultDangling)
			require.Equal(t, c, next)
		})
	}
	dismissed, err := c.Dismiss(manager, at(30), may(), sanction.GroundDuplicate, "The same access.", other)
	require.NoError(t, err)
	_, o, err := dismissed.Close(official, at(31), "Nothing further.")
	require.NoError(t, err)
	require.Equal(t, []hipaasmp.Ref{other}, o.Dismissal.See)
	o.Dismissal.See = []hipaasmp.Ref{o.Case}
	requireFault(t, o.Validate(), hipaasmp.FaultDangling)
}
