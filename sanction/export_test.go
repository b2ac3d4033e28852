package sanction_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/sanction"
)

var key = []byte("0123456789abcdef")

// tally is one cell: what the cases have in common, and how many there are.
type tally struct {
	policy, category, factor, outcome string
	n                                 int
}

// comparison is the comparison that has the cells.
func comparison(cells ...tally) sanction.Comparison {
	var c sanction.Comparison
	for i, x := range cells {
		policy := hipaasmp.Ref{Kind: sanction.KindPolicy, ID: x.policy}
		n := len(c.Groups)
		if n == 0 || c.Groups[n-1].Policy != policy || c.Groups[n-1].Category != x.category || c.Groups[n-1].Factors[0] != x.factor {
			c.Groups = append(c.Groups, sanction.Group{Policy: policy, Category: x.category, Factors: []string{x.factor}})
			n++
		}
		t := sanction.Tally{Outcome: x.outcome}
		for j := range x.n {
			t.Cases = append(t.Cases, hipaasmp.Ref{Kind: sanction.KindCase, ID: fmt.Sprintf("secret-%d-%d", i, j)})
			t.Workforce = []sanction.Share{{Category: hipaasmp.WorkforceVolunteer, Cases: j + 1}}
		}
		c.Groups[n-1].Outcomes = append(c.Groups[n-1].Outcomes, t)
		c.Compared += x.n
	}
	return c
}

func export(t require.TestingT, c sanction.Comparison, least int) []sanction.Cell {
	cells, err := c.Export(key, least)
	require.NoError(t, err)
	return cells
}

// shown writes an export as one line a row.
func shown(cells []sanction.Cell) (out []string) {
	for _, c := range cells {
		if c.Suppressed {
			out = append(out, strings.TrimSpace("more "+c.Policy.ID+" "+c.Category))
			continue
		}
		out = append(out, fmt.Sprintf("%s %s %s: %d", c.Policy.ID, c.Category, c.Outcome, len(c.Cases)))
	}
	return out
}

func TestSmallCellsAreFoldedSoThatNoSubtractionRevealsThem(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		cells []tally
		want  []string
	}{
		"nothing small": {[]tally{{"p1", "1", "a", "w", 3}, {"p1", "1", "a", "f", 4}}, []string{"p1 1 w: 3", "p1 1 f: 4"}},
		"two small cells hide each other": {[]tally{{"p1", "1", "a", "w", 5}, {"p1", "1", "a", "f", 2}, {"p1", "1", "b", "f", 1}},
			[]string{"p1 1 w: 5", "more p1 1"}},
		"a small cell alone takes the smallest other with it": {[]tally{{"p1", "1", "a", "w", 6}, {"p1", "1", "a", "f", 1}, {"p1", "1", "b", "f", 4}},
			[]string{"p1 1 w: 6", "more p1 1"}},
		"a small category is not named": {[]tally{{"p1", "1", "a", "w", 6}, {"p1", "2", "a", "f", 2}, {"p1", "2", "b", "w", 1}, {"p1", "3", "a", "t", 2}},
			[]string{"p1 1 w: 6", "more p1"}},
		"small categories fold together": {[]tally{{"p1", "1", "a", "w", 6}, {"p1", "2", "a", "f", 2}, {"p1", "3", "a", "t", 1}},
			[]string{"p1 1 w: 6", "more p1"}},
		"a small category alone takes another cell with it": {[]tally{{"p1", "1", "a", "w", 6}, {"p1", "1", "a", "f", 3}, {"p1", "3", "a", "t", 1}},
			[]string{"p1 1 w: 6", "more p1"}},
		"small versions fold together": {[]tally{{"p1", "1", "a", "w", 1}, {"p2", "1", "a", "w", 2}, {"p3", "1", "a", "w", 7}},
			[]string{"p3 1 w: 7", "more"}},
		"a small version alone takes another cell with it": {[]tally{{"p1", "1", "a", "w", 1}, {"p2", "1", "a", "w", 8}, {"p3", "1", "a", "w", 7}},
			[]string{"p2 1 w: 8", "more"}},
		"too few in all show nothing": {[]tally{{"p1", "1", "a", "w", 1}, {"p2", "1", "a", "w", 1}}, nil},
		"no case shows nothing":       {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, shown(export(t, comparison(tc.cells...), 3)))
		})
	}
}

// What is not shown is at least so many cases as a cell must have, of the whole and of every row that stands for some.
func TestNoExportLetsASmallNumberOfCasesBeSubtracted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var cells []tally
		total := 0
		for _, p := range []string{"p1", "p2", "p3"}[:rapid.IntRange(0, 3).Draw(t, "policies")] {
			for _, c := range []string{"1", "2a", "3"}[:rapid.IntRange(0, 3).Draw(t, "categories")] {
				for _, f := range []string{"x", "y"}[:rapid.IntRange(0, 2).Draw(t, "factors")] {
					for _, o := range []string{"w", "f", "t"}[:rapid.IntRange(1, 3).Draw(t, "outcomes")] {
						n := rapid.OneOf(rapid.IntRange(1, 3), rapid.IntRange(1, 12)).Draw(t, "n")
						cells = append(cells, tally{p, c, f, o, n})
						total += n
					}
				}
			}
		}
		least := rapid.IntRange(2, 6).Draw(t, "least")
		rows := export(t, comparison(cells...), least)

		// The cells that are not shown, each to be spoken for by one row.
		hidden := slices.Clone(cells)
		covered := func(x tally, by sanction.Cell) bool {
			return by.Policy.IsZero() || by.Policy.ID == x.policy && (by.Category == "" || by.Category == x.category)
		}
		for _, r := range rows {
			if r.Suppressed {
				continue
			}
			require.GreaterOrEqual(t, len(r.Cases), least)
			i := slices.IndexFunc(hidden, func(x tally) bool {
				return x.policy == r.Policy.ID && x.category == r.Category && x.factor == r.Factors[0] && x.outcome == r.Outcome && x.n == len(r.Cases)
			})
			require.GreaterOrEqual(t, i, 0, "a cell that is none")
			hidden = slices.Delete(hidden, i, i+1)
		}
		left := 0
		for _, x := range hidden {
			left += x.n
		}
		if total < least {
			require.Empty(t, rows)
			return
		}
		require.True(t, left == 0 || left >= least, "%d of %d can be subtracted", left, total)
		folds := 0
		for _, r := range rows {
			if !r.Suppressed {
				continue
			}
			folds++
			n, spoken := 0, 0
			for _, x := range hidden {
				if covered(x, r) {
					n, spoken = n+x.n, spoken+1
				}
			}
			require.GreaterOrEqual(t, n, least)
			require.GreaterOrEqual(t, spoken, 2, "one cell alone would be known by its number")
		}
		require.Equal(t, left > 0, folds > 0)
		for _, x := range hidden {
			require.True(t, slices.ContainsFunc(rows, func(r sanction.Cell) bool { return r.Suppressed && covered(x, r) }), "nothing stands for %+v", x)
		}
	})
}

func TestNoExportIdentifiesAPerson(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var outcomes []sanction.Outcome
		secrets := []string{"secret", "volunteer", "employee", "w-00", member.ID, "Shown by the log", "2026-03-0", "clinic"}
		template := like(t, "secret-case", nil, warning)
		for i := range rapid.IntRange(0, 12).Draw(t, "cases") {
			o := template
			o.Case.ID, o.ID = fmt.Sprintf("secret-case-%d", i), fmt.Sprintf("secret-case-%d", i)
			o.Subject = sanction.Subject{ID: fmt.Sprintf("secret-person-%d", i), Category: rapid.SampledFrom(hipaasmp.WorkforceCategory("").Values()).Draw(t, "workforce")}
			o.Decisions = slices.Clone(o.Decisions)
			o.Decisions[0].Rung = rapid.SampledFrom([]string{sanction.RungTraining, sanction.RungWritten, sanction.RungFinal}).Draw(t, "rung")
			outcomes = append(outcomes, o)
		}
		c := sanction.Consistency(nil, outcomes)
		inside, err := json.Marshal(c)
		require.NoError(t, err)
		require.NotContains(t, string(inside), "secret-person", "the comparison itself names cases and no person")

		least := rapid.IntRange(2, 4).Draw(t, "least")
		rows := export(t, c, least)
		text, err := json.Marshal(rows)
		require.NoError(t, err)
		for _, s := range secrets {
			require.NotContains(t, string(text), s)
		}
		other, err := c.Export([]byte("fedcba9876543210"), least)
		require.NoError(t, err)
		require.Len(t, other, len(rows))
		seen := map[string]bool{}
		for i, r := range rows {
			require.True(t, slices.IsSorted(r.Cases), "the order of the pseudonyms tells nothing of the cases")
			for _, p := range r.Cases {
				require.Regexp(t, "^[0-9a-f]{32}$", p)
				require.False(t, seen[p], "one pseudonym for one case")
				seen[p] = true
				require.NotContains(t, other[i].Cases, p, "another key gives other pseudonyms")
			}
		}
		require.Equal(t, rows, export(t, c, least))
	})
}

func TestAnExportTakesAKeyAndACellOfTwoOrMore(t *testing.T) {
	t.Parallel()
	c := comparison(tally{"p1", "1", "a", "w", 3})
	for _, bad := range [][]byte{nil, key[:15]} {
		_, err := c.Export(bad, 3)
		require.ErrorContains(t, err, "sanction: the key")
	}
	for _, least := range []int{1, 0, -5} {
		_, err := c.Export(key, least)
		require.ErrorContains(t, err, "hides nobody")
	}
	require.Len(t, export(t, c, 2), 1)
}
