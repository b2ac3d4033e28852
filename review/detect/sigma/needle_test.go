package sigma

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// A look at a text as it stands, for the cases in which it is not folded before, finds what a look at the folded text
// would find. It may find more in a text beyond ASCII, never less, because it only wakes rules.
func TestANeedleIsFoundAsInTheFoldedText(t *testing.T) {
	t.Parallel()
	word := rapid.StringOfN(rapid.RuneFrom([]rune("aAbBkKzZ@`[{19./\u212aſéÉ")), 0, 30, -1)
	found, missed := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		text := word.Draw(t, "text")
		literal := folded(word.Draw(t, "literal"))
		if rapid.Bool().Draw(t, "cut from the text") {
			f := folded(text)
			from := rapid.IntRange(0, len(f)).Draw(t, "from")
			literal = f[from:rapid.IntRange(from, len(f)).Draw(t, "till")]
		}
		if literal == "" {
			return
		}
		looked, all := text, []byte(folded(text))
		if !plain(text) {
			looked = string(all)
		}
		for how, stands := range map[wakeKind]bool{
			wakePart: bytes.Contains(all, []byte(literal)),
			wakeHead: bytes.HasPrefix(all, []byte(literal)),
			wakeTail: bytes.HasSuffix(all, []byte(literal)),
		} {
			n := newNeedle(literal, how)
			if plain(text) {
				require.Equal(t, stands, n.in(looked), "%q in %q", literal, text)
			} else if stands {
				require.True(t, n.in(looked), "%q in %q", literal, text)
			}
			if stands {
				found++
			} else {
				missed++
			}
		}
		if s := newScreen(map[string][]int32{literal: nil}); plain(text) && folded(text) == literal {
			require.True(t, s.lets(text), "%q let through as %q", text, literal)
		}
	})
	require.Positive(t, found)
	require.Positive(t, missed)
}

// Two rules that could wait at the same field do so, though one of them has a rarer literal elsewhere; a rule that can
// wait at one field only waits there.
func TestRulesWaitAtFewFields(t *testing.T) {
	t.Parallel()
	s := &Set{fields: []string{"a", "b", "c"}, slots: map[string]int32{"a": 0, "b": 1, "c": 2}}
	is := func(field, value string) *node { return &node{atom: textAtom(field, value, false, false)} }
	and := func(kids ...*node) *node { return &node{op: opAnd, kids: kids} }
	s.rules = []Rule{
		{ID: "1", expr: and(is("a", "x"), is("b", "x"))},
		{ID: "2", expr: and(is("a", "y"), &node{op: opOr, kids: []*node{is("b", "y"), is("b", "z")}})},
		{ID: "3", expr: is("b", "w")},
		{ID: "4", expr: is("c", "w")},
	}
	s.index()
	require.Equal(t, []int32{1, 2}, s.waiting)
	require.Empty(t, s.always)
}
