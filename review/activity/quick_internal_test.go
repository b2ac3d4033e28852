package activity

import (
	"bytes"
	"encoding/csv"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hipaasmp/hipaasmp/internal/long"
)

const (
	flatLine = `{"ts":"2026-03-01T09:00:00.123Z","event":"access","user":"u1","patient":"P1","action":"read","outcome":"success","src":{"ip":"10.0.0.1","workstation":"W-1"},"purpose":"TREAT","n":7,"more":[1,true,null,{"a":"b"}]}`
	flatNull = `{"ts":"2026-03-01T09:00:01Z","event":"login","user":"u2","patient":null,"action":"login","outcome":"failure","src":null,"purpose":"","n":-12,"more":[0,false,"x",{"a":"c"}]}`
	auditOne = `{"resourceType":"AuditEvent","id":"a1","type":{"system":"s","code":"rest","display":"d"},"subtype":[{"system":"t","code":"read"}],"action":"R","recorded":"2026-03-01T09:00:00.000Z","outcome":"0","purposeOfEvent":[{"coding":[{"system":"r","code":"TREAT"}]}],"agent":[{"who":{"display":"W"},"requestor":false,"network":{"address":"10.0.0.1","type":"2"}},{"type":{"coding":[{"code":"IRCP"}]},"who":{"identifier":{"system":"o","value":"u1"}},"requestor":true}],"source":{"observer":{"reference":"Device/1"}},"entity":[{"what":{"reference":"Patient/P1"},"type":{"code":"1"},"role":{"code":"1"}},{"what":{"reference":"Observation/o1"},"role":{"code":"4"}}]}`
	auditTwo = `{"resourceType":"AuditEvent","id":"a2","type":{"code":"110114"},"subtype":[{"code":"110122"}],"action":"E","recorded":"2026-03-01T09:00:01+01:00","outcome":"4","outcomeDesc":"denied","agent":[{"altId":"u2","name":"N","requestor":true,"network":{"address":"10.0.0.2","type":"2"}}],"source":{"site":"x"}}`
)

// quickly are the readers that know the shapes of lines, each beside the one that does not.
func quickly(t testing.TB) map[string][2]Reader {
	t.Helper()
	p := Profile{ID: "p", Version: 1, Format: FormatNDJSON, Container: "log", Columns: []Column{{"ts", FieldRecorded}, {"user", FieldActor}, {"patient", FieldPatient},
		{"action", FieldAction}, {"outcome", FieldOutcome}, {"/src/ip", FieldAddr}, {"/src/workstation", FieldHost}, {"purpose", FieldPurpose}, {"n", FieldSession}, {"event", FieldIgnore}}}
	require.NoError(t, p.Validate())
	m := p.compile()
	return map[string][2]Reader{
		"ndjson": {jsonReader{m: m}, jsonReader{m: m, exact: true}},
		"fhir":   {fhir{}, fhir{exact: true}},
	}
}

// requireSame holds that both readers yield the same of a file.
func requireSame(t testing.TB, readers [2]Reader, in func() Input) {
	t.Helper()
	type one struct {
		e   Event
		err error
	}
	var all [2][]one
	for i, r := range readers {
		for e, err := range r.Read(in()) {
			all[i] = append(all[i], one{e, err})
		}
	}
	if !reflect.DeepEqual(all[1], all[0]) {
		require.Equal(t, all[1], all[0])
	}
}

func lines(of ...string) string { return strings.Join(of, "\n") + "\n" }

// Whatever byte of a line is another one, is missing or stands twice, a reader that knows the shape of the line reads what
// one that does not reads.
func TestAChangedLineIsReadAsIfItsShapeWereUnknown(t *testing.T) {
	t.Parallel()
	for name, readers := range quickly(t) {
		for _, line := range []string{flatLine, flatNull, auditOne, auditTwo} {
			if strings.HasPrefix(line, `{"resourceType`) != (name == "fhir") {
				continue
			}
			for i := 0; i < len(line); i += long.Count(11, 7) {
				for _, with := range []string{"", "\"", "\\", "{", "}", "[", "]", ",", ":", " ", "\t", "\x00", "\x80", "é", "0", "-", "7", "x", "null", "\n", line[i:i+1] + line[i:i+1]} {
					text := lines(line, line, line[:i]+with+line[i+1:], line)
					requireSame(t, readers, func() Input { return Input{Content: strings.NewReader(text)} })
				}
			}
		}
	}
}

func TestNamesThatFrameOrRepeatAreNoPartOfAShape(t *testing.T) {
	t.Parallel()
	for _, readers := range quickly(t) {
		for _, line := range []string{flatLine, flatNull, auditOne, auditTwo} {
			for _, more := range []string{`"log":[]`, `"log":[{}]`, `"log":1`, `"entry":[]`, `"resource":{}`, `"resource":null`, `"event":{"a":1}`, `"ts":"x"`, `"id":"x"`, `"Ts":"x"`, `"a":{"b":1,"b":2}`, `"src":{"ip":[]}`, `"":1`} {
				changed := line[:len(line)-1] + "," + more + "}"
				text := lines(line, changed, changed, changed, changed, line, changed)
				requireSame(t, readers, func() Input { return Input{Content: strings.NewReader(text)} })
				requireSame(t, readers, func() Input {
					return Input{Content: strings.NewReader(text), MaxRecord: len(line) + 1, KeepRecord: true}
				})
			}
		}
	}
}

// Most lines of a log with few shapes are read quickly, or the tests above prove nothing.
func TestLinesOfAShapeAreReadQuickly(t *testing.T) {
	t.Parallel()
	for name, of := range map[string][]string{"ndjson": {flatLine, flatNull}, "fhir": {auditOne, auditTwo}} {
		f := newFramer(Input{Content: strings.NewReader(strings.Repeat(lines(of...), 20))}, "")
		var quick quickRecord
		if name == "fhir" {
			quick = quickAuditEvent()
		} else {
			r, ok := quickly(t)[name][0].(jsonReader)
			require.True(t, ok)
			tree := r.m.tree()
			quick = r.m.row().quick(tree, func(record []byte, e *Event) error { return nil })
		}
		hits := 0
		f.quick = func(line []byte) bool {
			ok := quick(line, false, &Event{}) > 0
			if ok {
				hits++
			}
			return ok
		}
		require.NoError(t, f.run(func(frame) bool { return true }))
		require.GreaterOrEqual(t, hits, 30, "%s of 40", name)
	}
}

func TestADottedAddressIsTheOneThatIsParsed(t *testing.T) {
	t.Parallel()
	parts := []string{"", "0", "00", "01", "1", "9", "10", "99", "100", "255", "256", "1000", "a", "-1", " 1"}
	check := func(text string) {
		addr, err := netip.ParseAddr(text)
		require.Equal(t, err == nil && addr.Is4(), dotted(text), "%q", text)
		require.True(t, err != nil || !addr.Is4() || addr.String() == text)
	}
	for _, a := range parts {
		check(a)
		for _, b := range parts {
			check(a + "." + b)
			check(a + "." + b + ".1")
			check("1." + a + "." + b + ".1")
			check(a + ".1.1." + b)
			check("1.1." + a + ".1." + b)
		}
	}
}

// FuzzQuick holds that knowing the shapes of lines changes nothing, whatever the bytes. What it does most often is done
// with few allocations, as a collector that runs all the time leaves little for the search.
func FuzzQuick(f *testing.F) {
	f.Add(false, []byte(lines(flatLine, flatNull, flatLine, flatNull, strings.ReplaceAll(flatLine, "u1", "ü"), flatNull)))
	f.Add(false, []byte(lines(flatLine, strings.ReplaceAll(flatLine, "u1", " u1 "), strings.ReplaceAll(flatLine, "09:00:00.123Z", "23:59:59Z"), strings.ReplaceAll(flatLine, "09:00:00.123Z", "24:00:00+01:00"))))
	f.Add(true, []byte(lines(auditOne, auditTwo, auditOne, strings.ReplaceAll(auditOne, "P1", `P\n`), auditTwo)))
	readers := quickly(f)
	f.Fuzz(func(t *testing.T, fhir bool, data []byte) {
		name := "ndjson"
		if fhir {
			name = "fhir"
		}
		if len(data) > 16<<10 {
			return // says no more than less does
		}
		data = append(bytes.Clone(data), data[:len(data)/2]...)
		requireSame(t, readers[name], func() Input { return Input{Content: bytes.NewReader(data)} })
	})
}

// A row is taken apart alike by eight bytes and by one, wherever in the eight its commas lie, and the standard library agrees.
func TestRowsAreTakenApartAlike(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := Profile{ID: "p", Version: 1, Format: FormatCSV, Columns: []Column{{"ts", FieldRecorded}}}.compile()
		m.comma = rapid.SampledFrom([]byte{',', ';', '\t', '|'}).Draw(t, "comma")
		text := rapid.StringOfN(rapid.SampledFrom([]rune{'a', rune(m.comma), rune(m.comma), rune(m.comma + 1), rune(m.comma ^ 1), ' ', '-', 'z', '~'}), 1, 60, -1).Draw(t, "row")
		text = strings.NewReplacer(`"`, "", "\n", "").Replace(text) + "."
		quick, slow := &table{row: m.row()}, &table{row: m.row()}
		behind := rapid.SampledFrom([]string{"", "\n", ",,\"\x00\xff"}).Draw(t, "behind")
		data := append([]byte(text+behind), make([]byte, rapid.IntRange(0, 80).Draw(t, "room"))...)
		require.True(t, quick.plain(data[:len(text)]))
		reason, detail := slow.split([]byte(text))
		require.Empty(t, reason, detail)
		require.Equal(t, slow.cells, quick.cells)
		std := csv.NewReader(strings.NewReader(text + "\n"))
		std.Comma = rune(m.comma)
		want, err := std.Read()
		require.NoError(t, err)
		for i, cell := range quick.cells {
			require.Equal(t, want[i], string(cell))
		}
		at := rapid.IntRange(0, len(text)).Draw(t, "at")
		for _, odd := range []string{`"`, "\x00", "ü", "\xff"} {
			require.False(t, quick.plain([]byte(text[:at]+odd+text[at:])), "%q", odd)
		}
	})
}

// A time that is read by its date is the one that the layout gives, and a text that is none by the layout is none.
func TestTimesOfADateAreThoseOfTheLayout(t *testing.T) {
	t.Parallel()
	check := func(text string) {
		var d dated
		at, err := time.Parse(time.RFC3339, "2024-02-29T00:00:00Z")
		require.NoError(t, err)
		d.learn("2024-02-29T00:00:00Z", at)
		got, ok := d.instant([]byte(text))
		want, err := time.Parse(time.RFC3339, text)
		if ok {
			require.NoError(t, err, "%q", text)
			require.Equal(t, want.UTC(), got, "%q", text)
		} else if len(text) == 20 || len(text) == 24 && text[19] == '.' {
			require.True(t, err != nil || text[:10] != "2024-02-29" || text[len(text)-1] != 'Z', "%q", text)
		}
	}
	for _, text := range []string{"2024-02-29T23:59:59Z", "2024-02-29T07:08:09.010Z"} {
		check(text)
		for i := range text {
			for _, with := range []byte("0123456789:./-+TZtz ,\x00\x80\xff") {
				check(text[:i] + string([]byte{with}) + text[i+1:])
			}
		}
	}
}
