package quant_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk/quant"
)

func stop(id string, share quant.Probability, scenarios ...string) quant.Control {
	c := quant.Control{ID: id}
	for _, s := range scenarios {
		c.Effects = append(c.Effects, quant.ControlEffect{Scenario: s, StopsEvents: share})
	}
	return c
}

func TestEachStageHasItsOwnControls(t *testing.T) {
	t.Parallel()
	r := clinic().With(stop("filter", 0.5, "phishing"))
	planned := []quant.Control{stop("mfa", 0.8, "phishing")}
	a, err := quant.Appraise(r, planned, quant.Options{})
	require.NoError(t, err)
	for s, register := range map[quant.Stage]quant.Register{
		quant.StageInherent: clinic(), quant.StageCurrent: r, quant.StageResidual: r.With(planned...), "no stage": r,
	} {
		alone, err := quant.Quantify(register, quant.Options{Shares: true})
		require.NoError(t, err)
		require.Equal(t, register, a.At(s), s)
		require.Equal(t, alone, a.Of(s), "%s is what the register gives by itself", s)
	}
	before := a.Inherent.Contributions[0].ALE
	require.InEpsilon(t, 0.5*float64(before), float64(a.Current.Contributions[0].ALE), 1e-9)
	require.InEpsilon(t, 0.1*float64(before), float64(a.Residual.Contributions[0].ALE), 1e-9)
	require.Equal(t, a.Inherent.Contributions[1].ALE, a.Residual.Contributions[1].ALE, "what no control serves stays")
}

func TestStagesAreSimulatedTogether(t *testing.T) {
	t.Parallel()
	r := clinic()
	r.Caps = []quant.Cap{{ID: "insurance", Scenarios: []string{"phishing", "ransomware"}, Limit: quant.USD(500_000)}}
	a, err := quant.Appraise(r, []quant.Control{stop("mfa", 0.8, "lost-laptop")}, quant.Options{Trials: 20_000, Seed: 7})
	require.NoError(t, err)
	for _, s := range quant.Stage("").Values() {
		require.Equal(t, quant.EngineMonteCarlo, a.Of(s).Engine)
		require.EqualValues(t, 7, a.Of(s).Seed)
		require.Contains(t, a.Of(s).Reason, "cap")
	}
	for _, i := range []int{0, 2} {
		require.Equal(t, a.Current.Contributions[i].ALE, a.Residual.Contributions[i].ALE, "the same draws: what the control leaves alone is the same")
	}
	require.Less(t, a.Residual.Contributions[1].ALE, a.Current.Contributions[1].ALE)
}

func TestAnAppraisalIsStaleWhereItsRegisterChanged(t *testing.T) {
	t.Parallel()
	a, err := quant.Appraise(clinic().With(stop("filter", 0.5, "phishing")), []quant.Control{stop("mfa", 0.8, "phishing")}, quant.Options{})
	require.NoError(t, err)
	stale := func(a quant.Appraisal) []quant.Stage {
		list, err := a.Stale()
		require.NoError(t, err)
		return list
	}
	require.Empty(t, stale(a))
	text, err := json.Marshal(a)
	require.NoError(t, err)
	var back quant.Appraisal
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, a, back, "it is kept as JSON without loss")
	require.Empty(t, stale(back))

	changed := back
	changed.Planned = []quant.Control{stop("mfa", 0.9, "phishing")}
	require.Equal(t, []quant.Stage{quant.StageResidual}, stale(changed), "a plan is no news for what is")
	changed.Register = clinic().With(stop("filter", 0.4, "phishing"))
	require.Equal(t, []quant.Stage{quant.StageCurrent, quant.StageResidual}, stale(changed))
	changed.Register.Scenarios = changed.Register.Scenarios[1:]
	require.Equal(t, quant.Stage("").Values(), stale(changed))
	old := back
	old.Inherent.Version = "hipaasmp/quant 0"
	require.Equal(t, []quant.Stage{quant.StageInherent}, stale(old), "other algorithms")
	require.Equal(t, quant.Stage("").Values(), stale(quant.Appraisal{Register: clinic()}), "nothing was computed")
}

func TestNothingIsAppraisedThatIsFaulty(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		register quant.Register
		planned  []quant.Control
		options  quant.Options
		code     hipaasmp.FaultCode
	}{
		"empty":                    {register: quant.Register{Currency: "USD"}, code: quant.FaultNoScenario},
		"a control of nothing":     {register: clinic(), planned: []quant.Control{stop("x", 0.5, "nobody")}, code: hipaasmp.FaultDangling},
		"a control planned twice":  {register: clinic().With(stop("x", 0.5, "phishing")), planned: []quant.Control{stop("x", 0.5, "phishing")}, code: hipaasmp.FaultIdentity},
		"more than all is stopped": {register: clinic(), planned: []quant.Control{stop("x", 1.5, "phishing")}, code: quant.FaultProbability},
		"an option":                {register: clinic(), options: quant.Options{Workers: -1}, code: quant.FaultOption},
	} {
		_, err := quant.Appraise(c.register, c.planned, c.options)
		var invalid *hipaasmp.ValidationError
		require.ErrorAs(t, err, &invalid, name)
		require.Equal(t, c.code, invalid.Faults[0].Code, name)
		if name != "an option" {
			require.ErrorAs(t, quant.Appraisal{Register: c.register, Planned: c.planned}.Validate(), &invalid, name)
		}
	}
}

func TestStageIsAnEnumeration(t *testing.T) {
	t.Parallel()
	for _, s := range quant.Stage("").Values() {
		text, err := s.MarshalText()
		require.NoError(t, err)
		var back quant.Stage
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, s, back)
		require.True(t, s.IsValid())
	}
	var s quant.Stage
	require.Error(t, s.UnmarshalText([]byte("")))
	require.Error(t, s.UnmarshalText([]byte("gone")))
	require.False(t, s.IsValid())
	_, err := s.MarshalText()
	require.Error(t, err)
}

// What the clinic has, and what it plans: the annual loss without controls, as it is, and as it is going to be.
func ExampleAppraise() {
	r := clinic().With(quant.Control{ID: "mail-filter", Effects: []quant.ControlEffect{{Scenario: "phishing", StopsEvents: 0.5}}})
	mfa := quant.Control{ID: "mfa", Cost: quant.USD(12_000), Effects: []quant.ControlEffect{
		{Scenario: "phishing", StopsEvents: 0.7}, {Scenario: "ransomware", StopsEvents: 0.4},
	}}
	a, err := quant.Appraise(r, []quant.Control{mfa}, quant.Options{Bracket: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range quant.Stage("").Values() {
		fmt.Printf("%-8s %7.0f a year\n", s, a.Of(s).ALE.Value)
	}
	a.Register.Scenarios[0].Frequency = quant.Poisson{Rate: 1.1}
	fmt.Println(a.Stale())
	// Output:
	// inherent  108441 a year
	// current    79760 a year
	// residual   42292 a year
	// [inherent current residual] <nil>
}
