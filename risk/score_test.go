package risk_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

func TestScoreLooksUp(t *testing.T) {
	t.Parallel()
	s, err := risk.NewScore(risk.SP80030(), risk.Judgment{Initiation: vh, Adverse: m, Impact: vh}, analyst, began.Add(123*time.Nanosecond))
	require.NoError(t, err)
	require.Equal(t, risk.Score{
		Initiation: vh, Adverse: m, Likelihood: h, Impact: vh, Level: vh,
		Scale: risk.SP80030().Ref(), By: analyst, At: began,
	}, s)
	require.Equal(t, "very_high (likelihood high, impact very_high)", s.String())
	require.True(t, s.Assessed())
}

func TestLikelihoodWithoutImpactHasNoRating(t *testing.T) {
	t.Parallel()
	for _, j := range []risk.Judgment{
		{Initiation: vh, Adverse: vh, Impact: na},
		{Initiation: vh, Adverse: na, Impact: vh},
		{Initiation: na, Adverse: vh, Impact: vh},
	} {
		s, err := risk.NewScore(risk.SP80030(), j, analyst, began)
		require.NoError(t, err)
		require.Equal(t, na, s.Level)
		require.False(t, s.Assessed())
	}
}

func TestScoreRefusesBadInput(t *testing.T) {
	t.Parallel()
	good := risk.Judgment{Initiation: l, Adverse: l, Impact: l}
	for _, c := range []struct {
		rule    string
		scale   risk.Scale
		j       risk.Judgment
		by      hipaasmp.Actor
		at      time.Time
		code    hipaasmp.FaultCode
		pointer string
	}{
		{"a level that is no member", risk.SP80030(), risk.Judgment{Initiation: "critical", Adverse: l, Impact: l}, analyst, began, hipaasmp.FaultEnum, "/initiation"},
		{"a level left empty", risk.SP80030(), risk.Judgment{Initiation: l, Adverse: l}, analyst, began, hipaasmp.FaultEnum, "/impact"},
		{"no scale", risk.Scale{}, good, analyst, began, hipaasmp.FaultRequired, "/scale/id"},
		{"nobody judged", risk.SP80030(), good, hipaasmp.Actor{}, began, hipaasmp.FaultRequired, "/by/id"},
		{"no time", risk.SP80030(), good, analyst, time.Time{}, hipaasmp.FaultFormat, "/at"},
	} {
		got, err := risk.NewScore(c.scale, c.j, c.by, c.at)
		requireFault(t, err, c.code, c.pointer)
		require.Zero(t, got, c.rule)
	}
}

func TestForgedScoresAreRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s, err := risk.NewScore(risk.SP80030(), risk.Judgment{
			Initiation: anyLevel().Draw(rt, "initiation"), Adverse: anyLevel().Draw(rt, "adverse"), Impact: anyLevel().Draw(rt, "impact"),
		}, analyst, began)
		require.NoError(t, err)
		require.Empty(t, s.Faults(""), "what the constructor makes can be looked up again")
		honest := s
		s.Level, s.Likelihood = anyLevel().Draw(rt, "level"), anyLevel().Draw(rt, "likelihood")
		forged := s.Level != honest.Level || s.Likelihood != honest.Likelihood
		require.Equal(t, forged, len(s.Faults("/x")) > 0)
		for _, f := range s.Faults("/x") {
			require.Equal(t, risk.FaultScore, f.Code)
		}
	})
	s := *scored(t, m, m, m)
	s.Scale.Digest = hipaasmp.DigestOf([]byte("other tables"))
	require.Equal(t, risk.FaultScale, s.Faults("")[0].Code, "a known name with other tables is another scale")
	require.Empty(t, risk.Score{}.Faults(""), "the zero score is a matter of shape")
}

func TestScoresOnDifferentScalesDoNotCompare(t *testing.T) {
	t.Parallel()
	low, high := *scored(t, l, l, l), *scored(t, vh, vh, vh)
	order, ok := low.Compare(high)
	require.True(t, ok)
	require.Equal(t, -1, order)
	high.Scale.ID = "other/three-level/1"
	_, ok = low.Compare(high)
	require.False(t, ok)
	_, ok = low.Compare(*scored(t, l, l, na))
	require.False(t, ok)
}
