package activity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// piece is a defect that a file must give: its reason, and the bytes that it must point at; * stands for whatever they are.
type piece struct {
	reason activity.Reason
	bytes  string
}

const whatever = "*"

// badFile is a file and what must come of it: the seconds of its events, in their order, and the defects.
type badFile struct {
	file    string
	seconds string
	defects []piece
}

// TestBadInput puts every fault into a file of every form of every format. Each fault is one defect that says the file, the
// place and the reason, and everything else is read.
func TestBadInput(t *testing.T) {
	t.Parallel()
	covered := map[activity.Format]bool{}
	for _, k := range badInputKinds() {
		covered[k.format] = true
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			for name, c := range k.badFiles() {
				events, defects := readInput(t, k.format, activity.Input{Source: "s1", File: "log", Content: strings.NewReader(c.file)})
				require.Equal(t, c.seconds, secondsOf(events), "%s: %v", name, defects)
				require.Len(t, defects, len(c.defects), "%s: %v", name, defects)
				for i, d := range defects {
					if want := c.defects[i].reason; want != whateverReason {
						require.Equal(t, want, d.Reason, "%s: %s", name, d.Detail)
					}
					require.NotEmpty(t, d.Detail, name)
					require.Equal(t, "log", d.Raw.File, name)
					if at := c.file[d.Raw.Offset : d.Raw.Offset+d.Raw.Length]; c.defects[i].bytes != whatever {
						require.Equal(t, c.defects[i].bytes, at, name)
					}
					require.NotContains(t, d.Error(), "secret", "a defect says nothing out of the log")
				}
			}
		})
	}
	for _, f := range activity.Format("").Values() {
		require.True(t, covered[f], "%s is not tried", f)
	}
}

// secondsOf tells events by the seconds of their times.
func secondsOf(events []activity.Event) string {
	var out []string
	for _, e := range events {
		if e.Recorded.IsZero() {
			out = append(out, "?")
			continue
		}
		out = append(out, fmt.Sprint(e.Recorded.Second()))
	}
	return strings.Join(out, " ")
}

// badFiles lists the faults. Where a record is damaged, one lies before it and one behind.
func (k kind) badFiles() map[string]badFile {
	const text = "secret text"
	a, b, c := k.record(1, text), k.record(2, text), k.record(3, text)
	half := b[:strings.Index(b, text)+3]
	lines := func(records ...string) string { return k.head + strings.Join(records, "\n") + "\n" }
	syntax, encoding := []piece{{activity.ReasonSyntax, whatever}}, []piece{{activity.ReasonEncoding, whatever}}
	halfway := piece{activity.ReasonSyntax, half}
	out := map[string]badFile{
		"nothing is wrong":           {lines(a, b, c), "1 2 3", nil},
		"half a line":                {lines(a, half, c), "1 3", []piece{halfway}},
		"half a line, last":          {k.head + a + "\n" + half, "1", []piece{{activity.ReasonTruncated, half}}},
		"half a line, first":         {lines(half, a, c), "1 3", []piece{halfway}},
		"several halves":             {lines(a, half, half, c), "1 3", []piece{halfway, halfway}},
		"a line of rubbish":          {lines(a, "%$§ no entry", c), "1 3", []piece{{whateverReason, "%$§ no entry"}}},
		"NUL bytes":                  {lines(a, "\x00\x00\x00\x00", c), "1 3", []piece{{activity.ReasonSyntax, "\x00\x00\x00\x00"}}},
		"NUL bytes at the end":       {lines(a, c) + strings.Repeat("\x00", 512), "1 3", syntax},
		"a NUL byte in a text":       {lines(a, k.record(2, "sec\x00ret"), c), "1 3", []piece{{activity.ReasonSyntax, k.record(2, "sec\x00ret")}}},
		"a byte order mark":          {"\ufeff" + lines(a, b), "1 2", nil},
		"CR LF":                      {strings.ReplaceAll(lines(a, b, c), "\n", "\r\n"), "1 2 3", nil},
		"LF and CR LF":               {k.head + a + "\r\n" + b + "\n" + c + "\r\n", "1 2 3", nil},
		"no line end at the end":     {k.head + a + "\n" + b, "1 2", nil},
		"empty lines":                {k.head + "\n" + a + "\n\n\r\n" + b + "\n\n", "1 2", nil},
		"Latin-1 in a text":          {lines(a, k.record(2, "M\xfcller"), c), "1 3", []piece{{activity.ReasonEncoding, k.record(2, "M\xfcller")}}},
		"half a character in a text": {lines(a, k.record(2, "M\xc3"), c), "1 3", []piece{{activity.ReasonEncoding, k.record(2, "M\xc3")}}},
		"UTF-8 in a text":            {lines(a, k.record(2, "Müller \u2028 \U0001F600"), c), "1 2 3", nil},
		"UTF-32":                     {"\xff\xfe\x00\x00" + a, "", encoding},
		"a clock that jumps":         {lines(k.record(30, text), k.record(59, text), k.record(1, text), k.record(40, text)), "30 59 1 40", nil},
		"nothing at all":             {"", "", []piece{{activity.ReasonEmpty, ""}}},
		"only line ends":             {"\n\r\n\n", "", []piece{{activity.ReasonEmpty, ""}}},
	}
	if k.deep != nil {
		out["10,000 deep"] = badFile{lines(a, k.deep(2, 10_000), c), "1 3", []piece{{activity.ReasonTooDeep, k.deep(2, 10_000)}}}
		out["nested a little"] = badFile{lines(a, k.deep(2, 20), c), "1 2 3", nil}
	}
	if k.undated != nil {
		out["a time without a year"] = badFile{lines(a, k.undated(), c), "1 ? 3", nil}
		if k.dateless != "" {
			out["a time without a year"] = badFile{lines(a, k.undated(), c), "1 3", []piece{{k.dateless, k.undated()}}}
		}
	}
	return out
}

// whateverReason stands for any reason.
const whateverReason = activity.Reason(whatever)
