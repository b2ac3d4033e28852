package activity

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
)

// wide is a text in UTF-16 with its mark.
func wide(text string) string {
	out := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return string(out)
}

// framings are the ways in which records stand in a document.
func framings(of ...string) map[string]string {
	within := func(before, between, after string) string { return before + strings.Join(of, between) + after }
	var pretty []string
	for _, r := range of {
		var out bytes.Buffer
		if json.Indent(&out, []byte(r), "  ", "\t") != nil {
			out.Reset()
			out.WriteString(r)
		}
		pretty = append(pretty, out.String())
	}
	return map[string]string{
		"array":     within("[", ",", "]"),
		"one a row": within("[\n", ",\n", "\n]\n"),
		"member":    within(`{"a":[{}],"log":[`, ", ", `],"total":2}`),
		"pretty":    "[\n  " + strings.Join(pretty, ",\n  ") + "\n]",
		"bundle":    within(`{"resourceType":"Bundle","entry":[{"resource":`, `},{"resource":`, `}]}`),
		"found": within(`{"resourceType":"Bundle","total":3,"entry":[{"fullUrl":"urn:a", "n": -1, "b":true,"resource": `,
			`,"search":{"mode":"match"}} , {"fullUrl":"urn:ü", "resource": `, `, "resource":{}}],"link":[]}`),
		"behind": within(`{"entry":[{"search":{"mode":"match"},"resource":`, `},{"fullUrl":"urn:\\n","resource":`, `}]}`),
	}
}

// Whatever byte of a record in a document is another one, is missing or stands twice, a reader that knows its shape reads
// what one that does not reads, and so where the document is cut.
func TestAChangedElementIsReadAsIfItsShapeWereUnknown(t *testing.T) {
	t.Parallel()
	for name, readers := range quickly(t) {
		for _, line := range []string{flatLine, auditOne, auditTwo} {
			if strings.HasPrefix(line, `{"resourceType`) != (name == "fhir") {
				continue
			}
			for i := 0; i < len(line); i += long.Count(29, 7) {
				for _, with := range []string{"", "\"", "\\", "{", "}", "]", ",", " ", "\x80", "7", "null", "\n", line[i:i+1] + line[i:i+1]} {
					for _, text := range framings(line, line, line, line[:i]+with+line[i+1:], line, line) {
						requireSame(t, readers, func() Input { return Input{Content: strings.NewReader(text)} })
					}
				}
			}
			for _, text := range framings(line, line, line, line) {
				for cut := 0; cut < len(text); cut += long.Count(31, 3) {
					requireSame(t, readers, func() Input { return Input{Content: strings.NewReader(text[:cut]), KeepRecord: true} })
				}
				requireSame(t, readers, func() Input { return Input{Content: strings.NewReader(wide(text)), KeepRecord: true} })
				for _, limit := range []int{len(line) - 1, len(line), len(line) + 13, len(line) + 14, len(line) + 60} {
					requireSame(t, readers, func() Input { return Input{Content: strings.NewReader(text), MaxRecord: limit} })
				}
				requireSame(t, readers, func() Input { return Input{Content: strings.NewReader(text), Identify: true} })
			}
		}
	}
}

// Records that fill the window many times over are read alike wherever its ends lie in them.
func TestElementsAcrossTheWindow(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{"ndjson": flatLine, "fhir": auditOne} {
		readers := quickly(t)[name]
		for _, by := range []int{0, 1, 100, 5000} {
			all := slices.Repeat([]string{line}, 4*chunk/len(line))
			for i := range all {
				all[i] = strings.Replace(all[i], "u1", strings.Repeat("u", i%5+by), 1)
			}
			for _, text := range framings(all...) {
				requireSame(t, readers, func() Input { return Input{Content: iotest.HalfReader(strings.NewReader(text)), KeepRecord: by == 1} })
			}
		}
	}
}

// Brackets are counted with those of the frame, whatever was learnt outside of one.
func TestADeepElementIsTooDeepThoughItsShapeIsKnown(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{"ndjson": flatLine, "fhir": auditOne} {
		for depth := maxDepth - 3; depth <= maxDepth+1; depth++ {
			deep := line[:len(line)-1] + `,"x":` + strings.Repeat("[", depth-1) + strings.Repeat("]", depth-1) + "}"
			text := "[" + strings.Join([]string{deep, deep, `{"resource":` + deep + "}", `{"resource":` + deep + "}", deep}, ",") + "]"
			requireSame(t, quickly(t)[name], func() Input { return Input{Content: strings.NewReader(text)} })
		}
	}
}

// Most records of a document with few shapes are read quickly, or the tests above prove nothing.
func TestElementsOfAShapeAreReadQuickly(t *testing.T) {
	t.Parallel()
	for how, text := range framings(slices.Repeat([]string{auditOne, auditTwo}, 20)...) {
		f := newFramer(Input{Content: strings.NewReader(text)}, "entry", "log")
		quick, hits := quickAuditEvent(), 0
		f.element = func(b []byte) (from, to int) {
			from = max(memberAt(b, "resource"), 0)
			if n := quick(b[from:], true, &Event{}); n > 0 {
				hits++
				return from, from + n
			}
			return 0, 0
		}
		require.NoError(t, f.run(func(fr frame) bool {
			if !fr.ready {
				record, _ := member(fr.raw, "resource")
				if record == nil {
					record = fr.raw
				}
				quick(record, false, &Event{})
			}
			return true
		}))
		if how == "behind" {
			require.Zero(t, hits, "what stands before the record is more than is passed over")
			continue
		}
		require.GreaterOrEqual(t, hits, 30, "%s: of 40", how)
	}
}

// FuzzQuickElements holds the same of records in documents: the data are put into each framing, behind some that are whole.
func FuzzQuickElements(f *testing.F) {
	f.Add(false, []byte(flatLine), uint16(0))
	f.Add(false, []byte(strings.ReplaceAll(flatLine, "u1", `u\"1`)), uint16(3))
	f.Add(true, []byte(auditOne), uint16(0))
	f.Add(true, []byte(strings.ReplaceAll(auditTwo, "u2", "ü")), uint16(40))
	readers := quickly(f)
	f.Fuzz(func(t *testing.T, fhir bool, data []byte, cut uint16) {
		name, line := "ndjson", flatLine
		if fhir {
			name, line = "fhir", auditOne
		}
		if len(data) > 8<<10 {
			return // says no more than less does
		}
		for _, text := range framings(line, line, string(data), line, string(data)) {
			text = text[:len(text)-min(int(cut), len(text))]
			requireSame(t, readers[name], func() Input { return Input{Content: strings.NewReader(text)} })
		}
	})
}
