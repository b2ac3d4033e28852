package risk_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

// downToThree converts the five levels to three.
func downToThree() []risk.LevelPair {
	return []risk.LevelPair{{From: vl, To: l}, {From: l, To: l}, {From: m, To: m}, {From: h, To: h}, {From: vh, To: h}}
}

func conversion(t testing.TB) risk.Conversion {
	t.Helper()
	c, err := risk.NewConversion("riverside/five-to-three/1", risk.SP80030(), risk.ThreeLevel(), downToThree(), "The committee merged the outer levels.", official, began)
	require.NoError(t, err)
	return c
}

// onThree makes a score on the scale of three levels.
func onThree(t testing.TB, initiation, adverse, impact risk.Level) *risk.Score {
	t.Helper()
	s, err := risk.NewScore(risk.ThreeLevel(), risk.Judgment{Initiation: initiation, Adverse: adverse, Impact: impact}, analyst, began)
	require.NoError(t, err)
	return &s
}

// The three levels are the part of the tables of SP 800-30 that they span, so they give what the five levels give.
func TestThreeLevelsAreThatPartOfTheFive(t *testing.T) {
	t.Parallel()
	three, all := risk.ThreeLevel(), risk.SP80030()
	require.Equal(t, []risk.Level{l, m, h}, three.Levels())
	for _, a := range three.Levels() {
		for _, b := range three.Levels() {
			require.Equal(t, all.Likelihood(a, b), three.Likelihood(a, b))
			require.Equal(t, all.Risk(a, b), three.Risk(a, b))
		}
	}
	require.Equal(t, na, three.Risk(vh, l), "very high is none of its levels")
	require.Contains(t, three.Source(), "The entity's choice")
	require.Contains(t, three.ID(), "entity-choice")
	require.Equal(t, hipaasmp.Digest("6c6a17a7a35a5ed546a27366be909cec346aed1024d6664f0beafc4e4793859f"), three.Digest(), "the digest is a public contract")
	for _, c := range []struct {
		score float64
		want  risk.Level
	}{{0, l}, {20.9, l}, {21, m}, {79, m}, {80, h}, {100, h}} {
		got, err := three.LevelOf(c.score)
		require.NoError(t, err)
		require.Equal(t, c.want, got)
	}
	_, err := risk.NewScore(three, risk.Judgment{Initiation: vh, Adverse: l, Impact: l}, analyst, began)
	requireFault(t, err, risk.FaultScale, "/initiation")
}

func TestScoresOfDifferentScalesCompareOnlyThroughAConversion(t *testing.T) {
	t.Parallel()
	five, three := *scored(t, vh, vh, vh), *onThree(t, m, m, m)
	_, ok := five.Compare(three)
	require.False(t, ok)
	_, _, err := risk.CompareScores(five, three)
	var mismatch *risk.ScaleMismatchError
	require.True(t, errors.As(err, &mismatch))
	require.Equal(t, five.Scale, mismatch.A)
	require.Equal(t, three.Scale, mismatch.B)
	require.Contains(t, err.Error(), "give a Conversion")

	c := conversion(t)
	order, ok, err := risk.CompareScores(five, three, c)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, 1, order)
	order, ok, err = risk.CompareScores(three, five, c)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, -1, order, "a conversion serves in both directions")
	_, ok, err = risk.CompareScores(*scored(t, l, l, na), three, c)
	require.NoError(t, err)
	require.False(t, ok, "what is not assessed compares with nothing")
	order, ok, err = risk.CompareScores(five, *scored(t, l, l, l))
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, 1, order, "one scale needs no conversion")

	other, err := good().Scale()
	require.NoError(t, err)
	word, err := risk.NewScoreInWords(other, "Rare", "Minor", analyst, began)
	require.NoError(t, err)
	_, _, err = risk.CompareScores(word, three, c)
	require.True(t, errors.As(err, &mismatch), "a conversion between other scales does not help")
	holed := c
	holed.Levels = c.Levels[:4]
	_, _, err = risk.CompareScores(five, three, holed)
	require.True(t, errors.As(err, &mismatch), "a level that the conversion leaves out does not compare")
	level, ok := c.Level(na)
	require.True(t, ok)
	require.Equal(t, na, level, "what is not assessed stays what it is")
	newer := five
	newer.Scale.Digest = hipaasmp.DigestOf([]byte("other tables"))
	_, _, err = risk.CompareScores(five, newer, c)
	require.True(t, errors.As(err, &mismatch), "two versions of the tables under one name are two scales")
}

func TestConversionRefuses(t *testing.T) {
	t.Parallel()
	swap := downToThree()
	swap[1], swap[2] = swap[2], swap[1]
	falls := downToThree()
	falls[3].To = l
	for _, c := range []struct {
		rule    string
		make    func() (risk.Conversion, error)
		code    hipaasmp.FaultCode
		pointer string
	}{
		{"a level left out", func() (risk.Conversion, error) {
			return risk.NewConversion("c/1", risk.SP80030(), risk.ThreeLevel(), downToThree()[1:], "x", official, began)
		}, risk.FaultConversion, "/levels"},
		{"a level twice", func() (risk.Conversion, error) {
			return risk.NewConversion("c/1", risk.SP80030(), risk.ThreeLevel(), append(downToThree(), risk.LevelPair{From: vh, To: h}), "x", official, began)
		}, risk.FaultConversion, "/levels/5/from"},
		{"levels out of order", func() (risk.Conversion, error) {
			return risk.NewConversion("c/1", risk.SP80030(), risk.ThreeLevel(), swap, "x", official, began)
		}, risk.FaultConversion, "/levels/2"},
		{"a higher level that converts to a lower", func() (risk.Conversion, error) {
			return risk.NewConversion("c/1", risk.SP80030(), risk.ThreeLevel(), falls, "x", official, began)
		}, risk.FaultConversion, "/levels/3"},
		{"a level that the other scale does not have", func() (risk.Conversion, error) {
			return risk.NewConversion("c/1", risk.ThreeLevel(), risk.ThreeLevel(), []risk.LevelPair{{From: l, To: vl}}, "x", official, began)
		}, risk.FaultConversion, "/levels/0/to"},
		{"a scale into itself", func() (risk.Conversion, error) {
			return risk.NewConversion("c/1", risk.SP80030(), risk.SP80030(), nil, "x", official, began)
		}, risk.FaultConversion, "/to"},
		{"no version", func() (risk.Conversion, error) {
			return risk.NewConversion("c", risk.SP80030(), risk.ThreeLevel(), downToThree(), "x", official, began)
		}, risk.FaultConversion, "/id"},
		{"nobody who decided", func() (risk.Conversion, error) {
			return risk.NewConversion("c/1", risk.SP80030(), risk.ThreeLevel(), downToThree(), "x", hipaasmp.Actor{}, began)
		}, hipaasmp.FaultRequired, "/by/id"},
		{"no reason", func() (risk.Conversion, error) {
			return risk.NewConversion("c/1", risk.SP80030(), risk.ThreeLevel(), downToThree(), "", official, began)
		}, hipaasmp.FaultRequired, "/reason"},
		{"no time", func() (risk.Conversion, error) {
			return risk.NewConversion("c/1", risk.SP80030(), risk.ThreeLevel(), downToThree(), "x", official, time.Time{})
		}, hipaasmp.FaultFormat, "/at"},
		{"no scale", func() (risk.Conversion, error) {
			return risk.NewConversion("c/1", risk.Scale{}, risk.ThreeLevel(), downToThree(), "x", official, began)
		}, hipaasmp.FaultRequired, "/from/id"},
	} {
		got, err := c.make()
		requireFault(t, err, c.code, c.pointer)
		require.Zero(t, got, c.rule)
	}
}

// A new scale never scores history again: the analysis before keeps its scores, its register and its bytes.
func TestANewScaleNeverScoresHistoryAgain(t *testing.T) {
	t.Parallel()
	last := analysis(t)
	before, err := hipaasmp.Canonical(last)
	require.NoError(t, err)
	register := last.Register()

	reviewed := approved.AddDate(1, 0, 0)
	d, err := risk.CarryForward(last, "draft-2027", analyst, reviewed)
	require.NoError(t, err)
	x, _ := d.Finding("F-1")
	again := *onThree(t, h, h, h)
	again.At = reviewed
	x.Current = &again
	d, err = d.Rescore(x, analyst, reviewed)
	require.NoError(t, err)
	r := d.Register()
	require.Equal(t, risk.SP80030().Ref(), r.Scale, "most findings are still on it")
	require.Equal(t, []string{"F-2"}, []string{r.Rows[0].Finding})
	require.Len(t, r.NotAssessed, 2)
	require.Equal(t, "F-1", r.NotAssessed[0].Finding)
	require.Equal(t, risk.ThreeLevel().ID(), r.NotAssessed[0].OtherScale)
	require.Equal(t, na, r.NotAssessed[0].Current, "a level of another scale is not shown among these")
	require.Equal(t, risk.ExposureNotAssessed, r.NotAssessed[0].Exposure)

	d, err = d.Confirm("F-2", analyst, reviewed)
	require.NoError(t, err)
	d, err = d.Remove("F-3", "gone", analyst, reviewed)
	require.NoError(t, err)
	_, err = d.Approve("ra-2027", manager, official, reviewed, chicago(t), may(), l, risk.After(last.DocumentRef()))
	requireFault(t, err, risk.FaultMixed, "/findings/1/current/scale")

	after, err := hipaasmp.Canonical(last)
	require.NoError(t, err)
	require.Equal(t, string(before), string(after))
	require.Equal(t, register, last.Register())
}

func TestAConversionTravelsWithTheAnalysis(t *testing.T) {
	t.Parallel()
	d := draft(t)
	d.Conversions = []risk.Conversion{conversion(t)}
	require.NoError(t, d.Validate())
	roundTrip(t, d)
	a, err := d.Approve("ra-2026", manager, official, approved, chicago(t), may(), l, risk.First("The first."))
	require.NoError(t, err)
	d.Conversions[0].Levels[0].To = h
	require.Equal(t, l, a.Conversions[0].Levels[0].To, "the record shares nothing with the draft")
	own, _ := ownScale(t).Own()
	require.Equal(t, ownScale(t).Ref(), own.Ref())
}

func TestSummariesCountWhatIsNotAssessed(t *testing.T) {
	t.Parallel()
	d := draft(t)
	d.Findings[0].Target = scored(t, l, l, l)
	r := d.Register()
	got := map[risk.Stage]map[risk.Level]int{}
	for _, s := range r.Summaries() {
		got[s.Stage] = map[risk.Level]int{}
		require.Equal(t, na, s.Counts[len(s.Counts)-1].Level)
		total := 0
		for _, c := range s.Counts {
			got[s.Stage][c.Level] = c.Rows
			total += c.Rows
		}
		require.Equal(t, 3, total)
	}
	none := func(with map[risk.Level]int) map[risk.Level]int {
		for _, level := range na.Values() {
			with[level] += 0
		}
		return with
	}
	require.Equal(t, map[risk.Stage]map[risk.Level]int{
		risk.StageInherent: none(map[risk.Level]int{vh: 1, na: 2}),
		risk.StageCurrent:  none(map[risk.Level]int{vh: 1, m: 1, na: 1}),
		risk.StageResidual: none(map[risk.Level]int{h: 1, na: 2}),
		risk.StageTarget:   none(map[risk.Level]int{l: 1, na: 2}),
	}, got)
}

func TestARegisterWithoutCurrentScoresStillShowsTheOthers(t *testing.T) {
	t.Parallel()
	d := draft(t)
	for i := range d.Findings {
		d.Findings[i].Current, d.Findings[i].Residual = nil, nil
	}
	r := d.Register()
	require.Equal(t, risk.SP80030().Ref(), r.Scale)
	require.Equal(t, vh, r.NotAssessed[1].Inherent)
	require.Empty(t, r.NotAssessed[1].OtherScale)
}
