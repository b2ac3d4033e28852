package sigma

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestFoldingIsEqualFold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		letters := rapid.SampledFrom([]rune("@AZ[`az{0 éÉßſKkKΣσςİı世\x00\x7f"))
		a := rapid.StringOfN(letters, 0, 20, -1).Draw(t, "a")
		b := rapid.StringOfN(letters, 0, 20, -1).Draw(t, "b")
		if rapid.Bool().Draw(t, "related") {
			b = rapid.SampledFrom([]string{strings.ToUpper(a), strings.ToLower(a), strings.ToTitle(a)}).Draw(t, "case")
		}
		require.Equal(t, strings.EqualFold(a, b), folded(a) == folded(b), "%q %q", a, b)
		require.Equal(t, "x"+folded(a), string(appendFolded([]byte("x"), a)))
	})
	require.Equal(t, "ab\xffcd\xc3", folded("AB\xffCD\xc3"))
	require.Equal(t, "abcdefghij\xff", folded("ABCDEFGHIJ\xff"))
	require.True(t, utf8.ValidString(folded("ABCDEFGHIJKLMNÉ")))
}
