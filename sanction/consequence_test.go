package sanction_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/sanction"
)

func TestAClosedCaseNamesTheRiskFindingAndTheTrainingThatFollowed(t *testing.T) {
	t.Parallel()
	c := walk(t, decided(t), warning, sanction.EventApply)
	finding := sanction.RiskFinding(hipaasmp.Ref{Kind: "risk.draft", ID: "ra-2026"}, "f-7")
	training := sanction.LedTo(hipaasmp.Ref{Kind: sanction.KindTraining, ID: "t-1"})
	next, o, err := c.Close(official, at(60), "Done.", finding, training)
	require.NoError(t, err)
	require.Equal(t, []sanction.Consequence{finding, training}, o.Closure.LedTo)
	require.NoError(t, next.Validate())
	roundTrip(t, o)

	for name, tc := range map[string]struct {
		led  sanction.Consequence
		code hipaasmp.FaultCode
	}{
		"a finding of a training": {sanction.RiskFinding(hipaasmp.Ref{Kind: sanction.KindTraining, ID: "t-1"}, "f-7"), hipaasmp.FaultDangling},
		"the case itself":         {sanction.LedTo(c.DocumentRef()), hipaasmp.FaultDangling},
		"no document":             {sanction.LedTo(hipaasmp.Ref{}), hipaasmp.FaultRequired},
		"a finding with a space":  {sanction.RiskFinding(hipaasmp.Ref{Kind: "risk.analysis", ID: "ra"}, "f 7"), hipaasmp.FaultFormat},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			same, none, err := c.Close(official, at(60), "Done.", tc.led)
			requireFault(t, err, tc.code)
			require.Equal(t, c, same)
			require.Equal(t, sanction.Outcome{}, none)
		})
	}
	_, o, err = c.Close(official, at(60), "Done.")
	require.NoError(t, err)
	o.Closure.LedTo = []sanction.Consequence{sanction.LedTo(o.Case)}
	requireFault(t, o.Validate(), hipaasmp.FaultDangling)
}
