package risk_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/risk"
)

// fourByThree is a scale of the clinic's own: four likelihoods, three impacts, three risks.
func fourByThree() risk.ScaleBuilder {
	return risk.BuildScale("riverside/four-by-three/1", "Chosen by the risk committee on 2026-02-01").
		Likelihood(risk.Step{Word: "Rare", Level: vl, Means: "less than once in ten years"}, risk.Step{Word: "Unlikely", Level: l},
			risk.Step{Word: "Likely", Level: h}, risk.Step{Word: "Very likely", Level: h}).
		Impact(risk.Step{Word: "Minor", Level: l}, risk.Step{Word: "Serious", Level: m}, risk.Step{Word: "Critical", Level: vh}).
		Risk(risk.Step{Word: "Low", Level: l}, risk.Step{Word: "Medium", Level: m}, risk.Step{Word: "High", Level: h}).
		Row("Rare", "Low", "Low", "Medium").
		Row("Unlikely", "Low", "Medium", "Medium").
		Row("Likely", "Low", "Medium", "High").
		Row("Very likely", "Medium", "High", "High")
}

func ownScale(t testing.TB) risk.Scale {
	t.Helper()
	s, err := fourByThree().Scale()
	require.NoError(t, err)
	return s
}

func inWords(t testing.TB, likelihood, impact string) *risk.Score {
	t.Helper()
	s, err := risk.NewScoreInWords(ownScale(t), likelihood, impact, analyst, began)
	require.NoError(t, err)
	return &s
}

// ownDraft is the clinic's draft scored on its own scale, which travels with it.
func ownDraft(t testing.TB) risk.Draft {
	t.Helper()
	c := content(t)
	own, ok := ownScale(t).Own()
	require.True(t, ok)
	c.Scales = []risk.OwnScale{own}
	for i := range c.Findings {
		c.Findings[i].Inherent, c.Findings[i].Residual, c.Findings[i].Measures = nil, nil, nil
	}
	c.Findings[0].Current = inWords(t, "Unlikely", "Serious")
	c.Findings[1].Current, c.Findings[1].Target = inWords(t, "Very likely", "Critical"), inWords(t, "Rare", "Critical")
	c.Findings[2].Current = inWords(t, "Likely", risk.WordNotAssessed)
	d, err := risk.NewDraft("draft-2026", c, analyst, began)
	require.NoError(t, err)
	return d
}

func ownAnalysis(t testing.TB) risk.Analysis {
	t.Helper()
	a, err := ownDraft(t).Approve("ra-2026", manager, official, approved, chicago(t), may(), l, risk.First("The first."))
	require.NoError(t, err)
	return a
}

func TestOwnScaleLooksUpInItsWords(t *testing.T) {
	t.Parallel()
	s := ownScale(t)
	word, ok := s.RiskWord("Very likely", "Minor")
	require.True(t, ok)
	require.Equal(t, "Medium", word)
	score := *inWords(t, "Very likely", "Minor")
	require.Equal(t, risk.Score{
		Initiation: na, Adverse: na, Likelihood: h, Impact: l, Level: m, Scale: s.Ref(), By: analyst, At: began,
		Words: risk.ScoreWords{Likelihood: "Very likely", Impact: "Minor", Risk: "Medium"},
	}, score)
	require.Equal(t, "Medium (likelihood Very likely, impact Minor)", score.String())
	require.Equal(t, []risk.Level{l, m, h}, s.Levels())
	require.True(t, s.Has(h))
	require.False(t, s.Has(vh))
}

func TestALikelihoodWithoutAnImpactShowsNoRatingOnAnOwnScale(t *testing.T) {
	t.Parallel()
	for _, j := range [][2]string{{"Very likely", risk.WordNotAssessed}, {risk.WordNotAssessed, "Critical"}, {risk.WordNotAssessed, risk.WordNotAssessed}} {
		s := inWords(t, j[0], j[1])
		require.Equal(t, na, s.Level)
		require.Equal(t, risk.WordNotAssessed, s.Words.Risk)
	}
}

func TestOwnScaleHasNoNumbersAndNoLevelsToLookUp(t *testing.T) {
	t.Parallel()
	s := ownScale(t)
	for _, score := range []float64{0, 50, math.NaN(), math.Inf(1)} {
		_, err := s.LevelOf(score)
		var out *risk.ScoreRangeError
		require.True(t, errors.As(err, &out))
		require.Contains(t, err.Error(), "has no numbers")
	}
	_, err := s.LevelOfDecimal(decimal.NewFromInt(0))
	require.Error(t, err)
	_, ok := s.Value(l)
	require.False(t, ok)
	require.Equal(t, na, s.Risk(l, l))
	require.Equal(t, na, s.Likelihood(l, l))
	_, err = risk.NewScore(s, risk.Judgment{Initiation: l, Adverse: l, Impact: l}, analyst, began)
	requireFault(t, err, risk.FaultScale, "/words")
	_, err = risk.NewScoreInWords(risk.SP80030(), "Likely", "Minor", analyst, began)
	requireFault(t, err, risk.FaultScale, "/words")
	_, err = risk.NewScoreInWords(s, "likely", "Minor", analyst, began)
	requireFault(t, err, risk.FaultScale, "/words/likelihood")
	_, err = risk.NewScoreInWords(s, "Likely", "", analyst, began)
	requireFault(t, err, hipaasmp.FaultRequired, "/words/impact")
	_, ok = risk.SP80030().RiskWord("Likely", "Minor")
	require.False(t, ok)
	_, ok = risk.SP80030().Own()
	require.False(t, ok)
}

func TestBuilderRefusesTablesThatDoNotHold(t *testing.T) {
	t.Parallel()
	step := func(word string, level risk.Level) risk.Step { return risk.Step{Word: word, Level: level} }
	for _, c := range []struct {
		rule               string
		build              risk.ScaleBuilder
		problem            risk.ScaleProblem
		axis               string
		likelihood, impact string
	}{
		{"risk that goes down with impact", fourByThree().Likelihood(step("Rare", l), step("Likely", h)).Impact(step("Minor", l), step("Critical", h)),
			risk.ScaleProblemExtra, "", "Rare", ""},
		{"a row that goes down", two().Row("Rare", "High", "Low").Row("Likely", "High", "High"), risk.ScaleProblemMonotone, "", "Rare", "Critical"},
		{"a column that goes down", two().Row("Rare", "Low", "High").Row("Likely", "Low", "Low"), risk.ScaleProblemMonotone, "", "Likely", "Critical"},
		{"a row that is missing", two().Row("Rare", "Low", "Low"), risk.ScaleProblemMissing, "", "Likely", "Minor"},
		{"a cell that is missing", two().Row("Rare", "Low").Row("Likely", "Low", "High"), risk.ScaleProblemMissing, "", "Rare", "Critical"},
		{"a row given twice", two().Row("Rare", "Low", "Low").Row("Likely", "Low", "High").Row("Rare", "Low", "Low"), risk.ScaleProblemDuplicate, "", "Rare", ""},
		{"a row given twice and one missing", two().Row("Rare", "Low", "Low").Row("Rare", "Low", "Low"), risk.ScaleProblemDuplicate, "", "Rare", ""},
		{"a cell too many", two().Row("Rare", "Low", "Low", "High").Row("Likely", "Low", "High"), risk.ScaleProblemExtra, "", "Rare", ""},
		{"a row of no likelihood", two().Row("Rare", "Low", "Low").Row("Likely", "Low", "High").Row("Often", "Low", "High"), risk.ScaleProblemUnknown, "", "Often", ""},
		{"a cell of no risk", two().Row("Rare", "Low", "Low").Row("Likely", "Low", "Dire"), risk.ScaleProblemUnknown, "", "Likely", "Critical"},
		{"a cell that is not assessed", two().Row("Rare", "Low", "Low").Row("Likely", "Low", risk.WordNotAssessed), risk.ScaleProblemUnknown, "", "Likely", "Critical"},
		{"a likelihood twice", good().Likelihood(step("Rare", l), step("rare", h)), risk.ScaleProblemDuplicate, "likelihood", "", ""},
		{"an impact twice", good().Impact(step("Minor", l), step("Minor", l)), risk.ScaleProblemDuplicate, "impact", "", ""},
		{"two risks at one level", good().Risk(step("Low", l), step("High", l)), risk.ScaleProblemLevel, "risk", "", ""},
		{"likelihoods that go down", good().Likelihood(step("Rare", h), step("Likely", l)), risk.ScaleProblemLevel, "likelihood", "", ""},
		{"a word without a level", good().Impact(step("Minor", na), step("Critical", h)), risk.ScaleProblemLevel, "impact", "", ""},
		{"a word that is empty", good().Impact(step("", l), step("Critical", h)), risk.ScaleProblemWord, "impact", "", ""},
		{"a word with blanks around", good().Impact(step("Minor ", l), step("Critical", h)), risk.ScaleProblemWord, "impact", "", ""},
		{"the reserved word", good().Impact(step("Not_assessed", l), step("Critical", h)), risk.ScaleProblemWord, "impact", "", ""},
		{"one likelihood only", good().Likelihood(step("Rare", l)), risk.ScaleProblemSize, "likelihood", "", ""},
		{"six risks", good().Risk(step("a", vl), step("b", l), step("c", m), step("d", h), step("e", vh), step("f", vh)), risk.ScaleProblemSize, "risk", "", ""},
		{"nothing at all", risk.BuildScale("x/1", "x"), risk.ScaleProblemSize, "likelihood", "", ""},
		{"no version", risk.BuildScale("riverside", "x"), risk.ScaleProblemIdentity, "", "", ""},
		{"no version after the slash", risk.BuildScale("riverside/", "x"), risk.ScaleProblemIdentity, "", "", ""},
		{"a version that is no number", risk.BuildScale("riverside/v1", "x"), risk.ScaleProblemIdentity, "", "", ""},
		{"no source", risk.BuildScale("riverside/1", ""), risk.ScaleProblemIdentity, "", "", ""},
		{"the name of a scale of this module", risk.BuildScale(risk.SP80030().ID(), "x"), risk.ScaleProblemIdentity, "", "", ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			scale, err := c.build.Scale()
			require.Zero(t, scale)
			var all *risk.ScaleError
			require.True(t, errors.As(err, &all))
			require.True(t, slices.ContainsFunc(all.Cells, func(e *risk.CellError) bool {
				return e.Problem == c.problem && e.Axis == c.axis && e.Likelihood == c.likelihood && e.Impact == c.impact && e.Detail != ""
			}), "%v", err)
			var cell *risk.CellError
			require.True(t, errors.As(err, &cell), "the first is reached")
			require.NotEmpty(t, cell.Error())
		})
	}
}

// two begins a scale of two by two without its rows; good has them.
func two() risk.ScaleBuilder {
	return risk.BuildScale("two-by-two/1", "test").
		Likelihood(risk.Step{Word: "Rare", Level: l}, risk.Step{Word: "Likely", Level: h}).
		Impact(risk.Step{Word: "Minor", Level: l}, risk.Step{Word: "Critical", Level: h}).
		Risk(risk.Step{Word: "Low", Level: l}, risk.Step{Word: "High", Level: h})
}

func good() risk.ScaleBuilder { return two().Row("Rare", "Low", "Low").Row("Likely", "Low", "High") }

func TestTheErrorNamesTheCell(t *testing.T) {
	t.Parallel()
	_, err := two().Row("Rare", "Low", "High").Row("Likely", "Low", "Low").Scale()
	require.EqualError(t, err, `risk: "two-by-two/1" is no scale: not_monotone at cell (Likely, Critical): is Low, but (Rare, Critical) is High; risk does not go down where likelihood or impact goes up`)
}

func TestABuilderIsNotChangedByItsSteps(t *testing.T) {
	t.Parallel()
	b := good()
	first, err := b.Scale()
	require.NoError(t, err)
	b.Row("Often", "Low", "Low")
	again, err := b.Scale()
	require.NoError(t, err)
	require.Equal(t, first.Ref(), again.Ref())
	swapped, err := two().Row("Likely", "Low", "High").Row("Rare", "Low", "Low").Scale()
	require.NoError(t, err)
	require.Equal(t, first.Ref(), swapped.Ref(), "the order in which rows are given does not matter")
}

// anyOwnScale draws a monotone scale of n by m.
func anyOwnScale() *rapid.Generator[risk.Scale] {
	return rapid.Custom(func(t *rapid.T) risk.Scale {
		axis := func(name string, n int) []risk.Step {
			var out []risk.Step
			place := 0
			for i := range n {
				place = rapid.IntRange(place, 4).Draw(t, "level")
				out = append(out, risk.Step{Word: name + string(rune('A'+i)), Level: five[place]})
			}
			return out
		}
		n, m, k := rapid.IntRange(2, 8).Draw(t, "n"), rapid.IntRange(2, 8).Draw(t, "m"), rapid.IntRange(2, 5).Draw(t, "k")
		var risks []risk.Step
		for i := range k {
			risks = append(risks, risk.Step{Word: "R" + string(rune('A'+i)), Level: five[i]})
		}
		b := risk.BuildScale("drawn/1", "drawn").Likelihood(axis("L", n)...).Impact(axis("I", m)...).Risk(risks...)
		above := make([]int, m)
		for i := range n {
			row, at := make([]string, m), 0
			for j := range m {
				at = rapid.IntRange(max(at, above[j]), k-1).Draw(t, "cell")
				above[j], row[j] = at, risks[at].Word
			}
			b = b.Row("L"+string(rune('A'+i)), row...)
		}
		s, err := b.Scale()
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func TestScoresOnAnyOwnScaleRecomputeToTheBit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		scale := anyOwnScale().Draw(rt, "scale")
		own, ok := scale.Own()
		require.True(rt, ok)
		b, err := canon.Marshal(own)
		require.NoError(rt, err)
		require.Equal(rt, own.Digest, scale.Digest())
		opened, err := risk.OpenScale(own)
		require.NoError(rt, err)
		require.Equal(rt, scale, opened, "a scale that travelled is the scale that left: %s", b)
		var last risk.Level
		for i, row := range own.Rows {
			for j, want := range row.Risk {
				s, err := risk.NewScoreInWords(opened, own.Likelihood[i].Word, own.Impact[j].Word, analyst, began)
				require.NoError(rt, err)
				require.Equal(rt, want, s.Words.Risk)
				require.Empty(rt, s.Faults("", scale))
				require.Equal(rt, risk.FaultScale, s.Faults("")[0].Code, "without its tables nobody can look it up")
				require.Empty(rt, s.WithTables(scale).Faults(""), "with them anybody can")
				if order, ok := s.Level.Compare(last); j > 0 && ok {
					require.GreaterOrEqual(rt, order, 0)
				}
				last = s.Level
				s.Words.Risk = own.Risk[0].Word
				require.Equal(rt, want != own.Risk[0].Word, len(s.Faults("", scale)) > 0, "a word written by hand is found out")
			}
		}
	})
}

func TestAForgedOwnScaleIsRefused(t *testing.T) {
	t.Parallel()
	own, _ := ownScale(t).Own()
	own.Rows[0].Risk[1] = "Medium" // still monotone, but no longer what was approved
	_, err := risk.OpenScale(own)
	var all *risk.ScaleError
	require.True(t, errors.As(err, &all))
	require.Equal(t, risk.ScaleProblemDigest, all.Cells[0].Problem)
	again, _ := ownScale(t).Own()
	require.Equal(t, "Low", again.Rows[0].Risk[1], "what Own returns is a copy")

	score := inWords(t, "Rare", "Critical").WithTables(ownScale(t))
	require.Empty(t, score.Faults(""))
	score.Tables.Rows[0].Risk[1] = "Medium"
	require.Equal(t, risk.FaultOwnScale, score.Faults("/x")[0].Code)
	require.Equal(t, "/x/tables", score.Faults("/x")[0].Pointer)
	other, err := good().Scale()
	require.NoError(t, err)
	require.Nil(t, score.WithTables(other).Tables, "only the score's own scale is put beside it")
	require.Nil(t, scored(t, l, l, l).WithTables(risk.SP80030()).Tables)
}

func TestAnOwnScaleTravelsWithTheAnalysis(t *testing.T) {
	t.Parallel()
	a := ownAnalysis(t)
	back, err := hipaasmp.Decode[risk.Analysis](roundTrip(t, a))
	require.NoError(t, err)
	require.Equal(t, a, back)
	scale, err := risk.OpenScale(back.Scales[0])
	require.NoError(t, err)
	for _, x := range back.Findings {
		again, err := risk.NewScoreInWords(scale, x.Current.Words.Likelihood, x.Current.Words.Impact, x.Current.By, x.Current.At)
		require.NoError(t, err)
		require.Equal(t, *x.Current, again)
	}
	r := a.Register()
	require.Equal(t, scale.Ref(), r.Scale)
	require.Equal(t, []string{"F-2", "F-1"}, []string{r.Rows[0].Finding, r.Rows[1].Finding})
	require.Equal(t, risk.ScoreWords{Likelihood: "Very likely", Impact: "Critical", Risk: "High"}, r.Rows[0].Words)
	require.Equal(t, risk.ExposureAbove, r.Rows[0].Exposure)
	require.Equal(t, m, r.Rows[0].Target)
	require.Equal(t, "F-3", r.NotAssessed[0].Finding)

	before, err := hipaasmp.Canonical(a)
	require.NoError(t, err)
	d := ownDraft(t)
	a, err = d.Approve("ra-2026", manager, official, approved, chicago(t), may(), l, risk.First("The first."))
	require.NoError(t, err)
	d.Scales[0].Rows[0].Risk[0], d.Scales[0].Risk[0].Word, d.Findings[1].Target.Level = "x", "x", vl
	after, err := hipaasmp.Canonical(a)
	require.NoError(t, err)
	require.Equal(t, string(before), string(after), "the record shares nothing with the draft")
}
