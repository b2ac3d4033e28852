package report

import (
	"fmt"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// words turns the spelling of an enumeration into words: very_high is very high.
func words(s string) string { return strings.ReplaceAll(s, "_", " ") }

// noun is the form that goes with a number.
func noun[N int | int64](n N, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// count says "1 file" and "2 files".
func count[N int | int64](n N, one, many string) string {
	return fmt.Sprintf("%d %s", n, noun(n, one, many))
}

// clip shortens what would not fit into a picture; the whole text stands beside it.
func clip(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return string(runes[:most-1]) + "…"
}

func refsOf(list []hipaasmp.Ref) []string {
	out := make([]string, 0, len(list))
	for _, r := range list {
		out = append(out, r.String())
	}
	return out
}

// zoneOf returns the zone in which a document counts its days, and UTC where this machine does not know it.
func zoneOf(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return time.UTC
	}
	return loc
}
