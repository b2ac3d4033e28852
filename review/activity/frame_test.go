package activity_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

func entry(id string) string { return `{"eventID":"` + id + `","eventName":"X"}` }

func ids(events []activity.Event) string {
	var out []string
	for _, e := range events {
		out = append(out, e.ID)
	}
	return strings.Join(out, " ")
}

func TestDamageIsCountedWithItsPlaceAndReadingGoesOn(t *testing.T) {
	t.Parallel()
	type defect struct {
		reason activity.Reason
		bytes  string
	}
	a, b, c := entry("a"), entry("b"), entry("c")
	for name, tc := range map[string]struct {
		file string
		ids  string
		want []defect
	}{
		"nothing":                       {"", "", []defect{{activity.ReasonEmpty, ""}}},
		"blanks only":                   {" \r\n\n", "", []defect{{activity.ReasonEmpty, ""}}},
		"an empty log":                  {`{"Records":[]}`, "", nil},
		"a line of words":               {a + "\nhello\n" + b, "a b", []defect{{activity.ReasonSyntax, "hello"}}},
		"words only":                    {"hello\nworld\n", "", []defect{{activity.ReasonSyntax, "hello"}, {activity.ReasonSyntax, "world"}}},
		"half a line":                   {a + "\n" + `{"eventID":"h` + "\n" + b, "a b", []defect{{activity.ReasonSyntax, `{"eventID":"h`}}},
		"half a line, first":            {`{"eventID":"h` + "\n" + b + "\n" + c, "b c", []defect{{activity.ReasonSyntax, `{"eventID":"h`}}},
		"half a line after a bracket":   {a + "\n" + `{"x":[` + "\n" + b + "\n" + c + "\n", "a b c", []defect{{activity.ReasonSyntax, `{"x":[`}}},
		"half a line, last but one":     {a + "\n" + `{"x":[` + "\n" + b + "\n", "a b", []defect{{activity.ReasonSyntax, `{"x":[`}}},
		"the tail of a line":            {`x":1}` + "\n" + a + "\n" + b, "a b", []defect{{activity.ReasonSyntax, `x":1}`}}},
		"cut in the last line":          {a + "\n" + `{"eventID":"h`, "a", []defect{{activity.ReasonTruncated, `{"eventID":"h`}}},
		"cut in a record of the frame":  {`{"Records":[` + a + `,{"eventID":"h`, "a", []defect{{activity.ReasonTruncated, `{"eventID":"h`}}},
		"cut between records":           {`{"Records":[` + a + `,`, "a", []defect{{activity.ReasonTruncated, ""}}},
		"cut behind the records":        {`{"Records":[` + a + `]`, "a", []defect{{activity.ReasonTruncated, ""}}},
		"cut before the records":        {`{"Records"`, "", []defect{{activity.ReasonTruncated, `{"Records"`}}},
		"no comma":                      {"[\n" + a + "\n" + b + "\n]", "a", []defect{{activity.ReasonSyntax, b}}},
		"crossed brackets":              {`[{"eventID":"c","x":[1}},` + a + `]`, "a", []defect{{activity.ReasonSyntax, `{"eventID":"c","x":[1}}`}}},
		"a bracket alone":               {"]", "", []defect{{activity.ReasonSyntax, "]"}}},
		"a bracket between lines":       {a + "\n}\n" + b, "a b", []defect{{activity.ReasonSyntax, "}"}}},
		"wrong bracket, one a line":     {"[\n" + a + ",\n" + `{"x":[1}` + ",\n" + b + "\n]", "a b", []defect{{activity.ReasonSyntax, `{"x":[1},`}}},
		"a bad number":                  {`{"Records":[{"eventID":"n","x":01},` + a + `]}`, "a", []defect{{activity.ReasonSyntax, `{"eventID":"n","x":01}`}}},
		"a bad escape":                  {`[{"eventID":"\x"},` + a + `]`, "a", []defect{{activity.ReasonSyntax, `{"eventID":"\x"}`}}},
		"a member twice":                {`[{"eventID":"1","eventID":"2"},` + a + `]`, "a", []defect{{activity.ReasonDuplicateMember, `{"eventID":"1","eventID":"2"}`}}},
		"folded case is another member": {`[{"eventID":"1","EventID":"2"}]`, "1", nil},
		"not UTF-8":                     {"[{\"eventID\":\"\xff\"}," + a + `]`, "a", []defect{{activity.ReasonEncoding, "{\"eventID\":\"\xff\"}"}}},
		"NUL bytes":                     {a + "\n\x00\x00\x00\n" + b, "a b", []defect{{activity.ReasonSyntax, "\x00\x00\x00"}}},
		"UTF-16":                        {"\xff\xfe{\x00}\x00", "", []defect{{activity.ReasonNotAnEvent, "{\x00}\x00"}}},
		"UTF-16, half a character":      {"\xff\xfe{\x00}", "", []defect{{activity.ReasonTruncated, "{\x00"}, {activity.ReasonTruncated, ""}}},
		"UTF-32":                        {"\xff\xfe\x00\x00{\x00\x00\x00", "", []defect{{activity.ReasonEncoding, "\xff\xfe\x00\x00{\x00\x00\x00"}}},
		"another type":                  {`[{"eventID":5},` + a + `]`, "a", []defect{{activity.ReasonType, `{"eventID":5}`}}},
		"no object":                     {`[7,` + a + `,"x"]`, "a", []defect{{activity.ReasonType, "7"}, {activity.ReasonType, `"x"`}}},
		"another format":                {`{"resourceType":"AuditEvent","id":"1"}`, "", []defect{{activity.ReasonNotAnEvent, `{"resourceType":"AuditEvent","id":"1"}`}}},
	} {
		events, defects := readAll(t, activity.FormatCloudTrail, []byte(tc.file))
		require.Equal(t, tc.ids, ids(events), name)
		var got []defect
		for _, d := range defects {
			got = append(got, defect{d.Reason, tc.file[d.Raw.Offset : d.Raw.Offset+d.Raw.Length]})
			require.NotEmpty(t, d.Detail, name)
			if text := got[len(got)-1].bytes; len(text) > 3 {
				require.NotContains(t, d.Error(), text, "a defect says nothing out of the log")
			}
		}
		require.Equal(t, tc.want, got, name)
	}
}

func TestALongRecordIsPassedOverInBoundedMemory(t *testing.T) {
	t.Parallel()
	const size = 24 << 20
	for name, fill := range map[string]string{"in a string": "x", "in an array": "[1],"} {
		file := io.MultiReader(
			strings.NewReader(entry("a")+"\n"+`{"eventID":"long","x":`+map[string]string{"in a string": `"`, "in an array": "["}[name]),
			&repeat{text: strings.Repeat(fill, 1024), left: size},
			strings.NewReader(map[string]string{"in a string": `"`, "in an array": "0]"}[name]+"}\n"+entry("b")+"\n"))
		counted := &largest{r: file}
		events, defects := readInput(t, activity.FormatCloudTrail, activity.Input{Content: counted, MaxRecord: 1 << 20})
		require.Equal(t, "a b", ids(events), name)
		require.Len(t, defects, 1, name)
		require.Equal(t, activity.ReasonTooLong, defects[0].Reason, name)
		require.Greater(t, defects[0].Raw.Length, int64(size), name)
		require.Less(t, counted.asked, 4<<20, "%s: the buffer did not grow with the record", name)
	}
	// A line that is no JSON at all, and longer than any buffer.
	events, defects := readInput(t, activity.FormatCloudTrail, activity.Input{Content: io.MultiReader(&repeat{text: strings.Repeat("x", 4096), left: size}, strings.NewReader("\n"+entry("a")))})
	require.Equal(t, "a", ids(events))
	require.EqualValues(t, size, defects[0].Raw.Length)
}

// repeat yields a text over and over.
type repeat struct {
	text string
	at   int
	left int
}

func (r *repeat) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, io.EOF
	}
	n := min(len(p), r.left)
	if n > len(r.text) { // whole texts, so that it ends where one does
		n -= n % len(r.text)
	}
	for i := 0; i < n; {
		i += copy(p[i:n], r.text[(r.at+i)%len(r.text):])
	}
	r.at += n
	r.left -= n
	return n, nil
}

// largest notes how much was asked for at once, which is how much room there was.
type largest struct {
	r     io.Reader
	asked int
}

func (l *largest) Read(p []byte) (int, error) {
	l.asked = max(l.asked, len(p))
	return l.r.Read(p)
}

func TestNestingIsBounded(t *testing.T) {
	t.Parallel()
	deep := `{"eventID":"d","x":` + strings.Repeat(`{"a":1,"b":[2,`, 5000) + "3" + strings.Repeat(`],"c":4}`, 5000) + `}`
	for _, file := range []string{
		`{"Records":[` + entry("a") + "," + deep + "," + entry("b") + `]}`,
		entry("a") + "\n" + deep + "\n" + entry("b"),
	} {
		events, defects := readAll(t, activity.FormatCloudTrail, []byte(file))
		require.Equal(t, "a b", ids(events))
		require.Len(t, defects, 1)
		require.Equal(t, activity.ReasonTooDeep, defects[0].Reason)
		require.EqualValues(t, len(deep), defects[0].Raw.Length)
	}
	// Lines that each open a bracket and close none must not be looked at again and again.
	_, defects := readAll(t, activity.FormatCloudTrail, []byte(entry("a")+"\n"+strings.Repeat(`{"a":[`+"\n", 200_000)))
	require.NotEmpty(t, defects)
}

func TestDamagedCompressionIsADefect(t *testing.T) {
	t.Parallel()
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	for i := range 2000 {
		fmt.Fprintf(w, "%s\n", entry(fmt.Sprint("e", i*i%997, "-", i)))
	}
	require.NoError(t, w.Close())
	for name, damage := range map[string]func([]byte) []byte{
		"cut":            func(b []byte) []byte { return b[:len(b)/2] },
		"the checksum":   func(b []byte) []byte { b[len(b)-5] ^= 1; return b },
		"the header":     func(b []byte) []byte { return b[:5] },
		"the method":     func(b []byte) []byte { b[2] = 9; return b },
		"rubbish behind": func(b []byte) []byte { return append(b, "rubbish"...) },
	} {
		_, defects := readAll(t, activity.FormatCloudTrail, damage(bytes.Clone(z.Bytes())))
		require.NotEmpty(t, defects, name)
		require.Equal(t, activity.ReasonCompression, defects[len(defects)-1].Reason, name)
	}
	twice, defects := readAll(t, activity.FormatCloudTrail, append(bytes.Clone(z.Bytes()), z.Bytes()...))
	require.Empty(t, defects, "rotated logs are often several streams behind each other")
	require.Len(t, twice, 4000)
}

func TestAnErrorOfTheFileEndsTheReading(t *testing.T) {
	t.Parallel()
	broken := errors.New("the network is gone")
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, _ = io.WriteString(w, strings.Repeat(entry("a")+"\n", 5000))
	require.NoError(t, w.Close())
	for name, file := range map[string][]byte{
		"plain":                        []byte(entry("a") + "\n" + entry("b")[:10]),
		"compressed":                   z.Bytes()[:z.Len()-20],
		"compressed, in the header":    z.Bytes()[:5],
		"before the first byte":        nil,
		"behind the last whole record": []byte(entry("a") + "\n"),
	} {
		var last error
		n := 0
		for _, err := range reader(t, activity.FormatCloudTrail).Read(activity.Input{File: "f", Content: io.MultiReader(bytes.NewReader(file), iotest.ErrReader(broken))}) {
			require.NoError(t, last, "%s: the error is the last thing", name)
			last = err
			n++
		}
		require.ErrorIs(t, last, broken, name)
		var fe *activity.FileError
		require.ErrorAs(t, last, &fe, name)
		require.Equal(t, "f", fe.File)
		var tally activity.Tally
		require.Error(t, tally.Count(activity.Event{}, last))
		require.Equal(t, map[bool]int{true: 1, false: 2}[len(file) < 6], min(n, 2), name)
	}
}

func TestBreakingOffIsRespected(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"[" + entry("a") + "," + entry("b") + "]", entry("a") + "\n" + entry("b"), "x\ny\nz", "{\"a\":1\n{\n{"} {
		n := 0
		for range reader(t, activity.FormatCloudTrail).Read(activity.Input{Content: strings.NewReader(file)}) {
			n++
			break
		}
		require.Equal(t, 1, n, file)
	}
}

// The bytes of an event, read alone, give the event again: that is what makes a finding checkable.
func TestEveryEventIsFoundAgainAtItsPlace(t *testing.T) {
	t.Parallel()
	for _, name := range trail(t) {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		requirePlaces(t, activity.FormatCloudTrail, data)
	}
	for _, f := range activity.Format("").Values() {
		for _, data := range seeds(f) {
			requirePlaces(t, f, data)
		}
	}
}

func requirePlaces(t testing.TB, f activity.Format, data []byte) {
	t.Helper()
	events, _ := readAll(t, f, data)
	counts := map[activity.Raw]int{}
	for _, e := range events {
		counts[e.Raw]++
	}
	for i, e := range events {
		if i > 0 && e.Raw == events[i-1].Raw {
			continue
		}
		alone := data[e.Raw.Offset : e.Raw.Offset+e.Raw.Length]
		if f == activity.FormatCloudTrail && bytes.Contains(alone[:min(2, len(alone))], []byte("[")) {
			continue // a row of a query, which is one only within its answer
		}
		alone = append(wideMark(data), alone...)
		again, defects := readAll(t, f, alone)
		require.Empty(t, defects)
		require.Equal(t, counts[e.Raw], len(again), "a message that a relay folded stands for several entries")
		for _, a := range again {
			a.Raw.Offset, a.Seq = e.Raw.Offset, e.Seq
			require.Equal(t, e, a)
		}
	}
}

// wideMark returns the byte order mark of a file in UTF-16, whether it has it or not; nothing for other files.
func wideMark(data []byte) []byte {
	switch {
	case len(data) < 4:
	case string(data[:2]) == "\xff\xfe", data[0] != 0 && data[1] == 0 && data[2] != 0 && data[3] == 0:
		return []byte("\xff\xfe")
	case string(data[:2]) == "\xfe\xff", data[0] == 0 && data[1] != 0 && data[2] == 0 && data[3] != 0:
		return []byte("\xfe\xff")
	}
	return nil
}

// However the bytes arrive, the same is read.
func TestReadingDoesNotDependOnThePieces(t *testing.T) {
	t.Parallel()
	for _, f := range activity.Format("").Values() {
		files := seeds(f)
		files = append(files, []byte("x\n"+string(files[0])+"\n{\"a\":[1,\n{\"b\":\n"+string(files[0])))
		for _, data := range files {
			for _, limit := range []int{0, 40, 400} {
				type result struct {
					events  []activity.Event
					defects []activity.Defect
				}
				read := func(r io.Reader) (out result) {
					out.events, out.defects = readInput(t, f, activity.Input{Content: r, MaxRecord: limit})
					return out
				}
				want := read(bytes.NewReader(data))
				require.Equal(t, want, read(iotest.OneByteReader(bytes.NewReader(data))))
				require.Equal(t, want, read(iotest.DataErrReader(iotest.HalfReader(bytes.NewReader(data)))))
			}
		}
	}
}

// A log that is one document is never complete when it is cut.
func TestEveryTruncationCountsADefect(t *testing.T) {
	t.Parallel()
	for _, f := range activity.Format("").Values() {
		for _, data := range seeds(f) {
			data = bytes.TrimSpace(data)
			if linewise(f, data) {
				continue // between its lines a log may end
			}
			whole, defects := readAll(t, f, data)
			require.Empty(t, defects)
			rapid.Check(t, func(rt *rapid.T) {
				n := rapid.IntRange(0, len(data)-1).Draw(rt, "length")
				events, defects := readAll(t, f, data[:n])
				require.NotEmpty(t, defects)
				require.LessOrEqual(t, len(events), len(whole))
				require.Equal(t, ids(whole[:len(events)]), ids(events))
			})
		}
	}
}

// linewise reports whether the log may end between its records.
func linewise(f activity.Format, data []byte) bool {
	switch f {
	case activity.FormatCSV, activity.FormatAuditd, activity.FormatPgAudit:
		return true
	case activity.FormatWindows:
		return bytes.Contains(data, []byte("</Event>\n<Event ")) || bytes.Contains(data, []byte("}\n{"))
	case activity.FormatATNA:
		return bytes.Count(data, []byte("</AuditMessage>")) > 1
	}
	return bytes.Contains(data, []byte("}\n{"))
}

// A log whose records stand one a line may end between them. Cut anywhere, it gives the events that it gave whole, but
// perhaps for the last.
func TestATruncatedLogOfLinesGivesTheSameEvents(t *testing.T) {
	t.Parallel()
	for _, f := range activity.Format("").Values() {
		for _, data := range seeds(f) {
			whole, defects := readAll(t, f, data)
			require.Empty(t, defects)
			for n := 0; n < len(data); n += long.Count(11, 5) {
				events, _ := readAll(t, f, data[:n])
				require.LessOrEqual(t, len(events), len(whole))
				for i, e := range events {
					if e.Raw.Offset+e.Raw.Length < int64(n) {
						require.Equal(t, whole[i], e, "%s cut at %d", f, n)
					}
				}
			}
		}
	}
}
