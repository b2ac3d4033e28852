package csvcell_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hipaasmp/hipaasmp/internal/csvcell"
)

func text() *rapid.Generator[string] {
	return rapid.StringOfN(rapid.SampledFrom([]rune("=+-@＝－'\"\t\n;,| \\a")), 0, 12, -1)
}

func TestWhatIsMadeSafeComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := text().Draw(t, "cell")
		safe := csvcell.Neutralise(s)
		require.Equal(t, s, csvcell.Restore(safe))
		for _, cell := range strings.FieldsFunc(safe, func(r rune) bool { return strings.ContainsRune(";,|\t\r\n\"", r) }) {
			cell = strings.TrimLeft(cell, " ")
			require.False(t, cell != "" && strings.ContainsRune("=+-@＝－", []rune(cell)[0]), "%q in %q", cell, safe)
		}
	})
	require.Equal(t, "\xff=", csvcell.Restore(csvcell.Neutralise("\xff=")), "what is no text stays as it is")
}

func TestListsComeBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(text().Filter(func(s string) bool { return s != "" }), 0, 4).Draw(t, "list")
		back, ok := csvcell.SplitList(csvcell.JoinList(list))
		require.True(t, ok)
		require.Equal(t, len(list), len(back))
		for n := range list {
			require.Equal(t, list[n], back[n])
		}
	})
	for _, bad := range []string{`a;b`, `a\`, `a\x`} {
		_, ok := csvcell.SplitList(bad)
		require.False(t, ok, bad)
	}
}

func TestTablesComeBackWithLineAndColumn(t *testing.T) {
	t.Parallel()
	columns := []string{"a", "b"}
	var b strings.Builder
	require.NoError(t, csvcell.Write(&b, columns, []map[string]string{{"a": "=1", "b": "two\nlines"}, {"b": "x"}}))
	table, err := csvcell.Open(strings.NewReader("\xef\xbb\xbf"+b.String()), columns)
	require.NoError(t, err)
	l, err := table.Next()
	require.NoError(t, err)
	require.Equal(t, "=1", l.Cell("a"))
	require.Equal(t, "two\nlines", l.Cell("b"))
	require.Empty(t, l.Cell("c"))
	l, err = table.Next()
	require.NoError(t, err)
	l.Fault("b", "is %s", "wrong")
	require.Equal(t, []csvcell.Fault{{Line: 4, Column: "b", Message: "is wrong"}}, table.List)
	l, err = table.Next()
	require.NoError(t, err)
	require.Nil(t, l)
}
