package report_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// The pairs of text and background that the style sheet makes. AA of the Web Content Accessibility Guidelines asks for
// 4.5 to 1.
var pairs = [][2]string{
	{"ink", "paper"}, {"soft", "paper"}, {"accent", "paper"}, {"warn", "paper"},
	{"ink", "panel"}, {"soft", "panel"}, {"accent", "panel"},
	{"on", "l0"}, {"on", "l1"}, {"on", "l2"}, {"on", "l3"}, {"on", "l4"},
}

func TestTextStandsOutFromItsBackground(t *testing.T) {
	t.Parallel()
	css, err := os.ReadFile("page.css")
	require.NoError(t, err)
	roots := regexp.MustCompile(`:root\s*\{([^}]*)\}`).FindAllStringSubmatch(string(css), -1)
	require.Len(t, roots, 3, "light, dark and paper")
	light := colours(roots[0][1])
	require.Len(t, light, 13)
	for i, name := range []string{"light", "dark", "paper"} {
		theme := map[string]string{}
		for k, v := range light {
			theme[k] = v
		}
		for k, v := range colours(roots[i][1]) {
			require.Contains(t, light, k, "%s sets a colour that there is not", name)
			theme[k] = v
		}
		for _, p := range pairs {
			got := contrast(t, theme[p[0]], theme[p[1]])
			require.GreaterOrEqual(t, got, 4.5, "%s: %s on %s", name, p[0], p[1])
		}
	}
	require.InDelta(t, 21, contrast(t, "#000", "#ffffff"), 0.01)
	require.InDelta(t, 4.54, contrast(t, "#767676", "#fff"), 0.01, "the grey that everybody knows to be just enough")

	// Every colour that the sheet gives to text is in a pair.
	for _, m := range regexp.MustCompile(`(?:[^-]color|fill): var\(--([a-z0-9]+)\)`).FindAllStringSubmatch(string(css), -1) {
		found := false
		for _, p := range pairs {
			found = found || p[0] == m[1] || p[1] == m[1]
		}
		require.True(t, found, "--%s is used and in no pair", m[1])
	}
}

func colours(block string) map[string]string {
	out := map[string]string{}
	for _, m := range regexp.MustCompile(`--([a-z0-9]+):\s*(#[0-9a-fA-F]{3,6})`).FindAllStringSubmatch(block, -1) {
		out[m[1]] = m[2]
	}
	return out
}

// contrast is the ratio of WCAG 2.
func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(t *testing.T, colour string) float64 {
	hex := colour[1:]
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	n, err := strconv.ParseUint(hex, 16, 32)
	require.NoError(t, err)
	channel := func(v uint64) float64 {
		c := float64(v&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(n>>16) + 0.7152*channel(n>>8) + 0.0722*channel(n)
}
