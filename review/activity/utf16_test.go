package activity_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// wide writes a text in UTF-16.
func wide(text string, order binary.AppendByteOrder) string {
	var out []byte
	for _, u := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, u)
	}
	return string(out)
}

// A file in UTF-16 gives the events and the defects that it gives in UTF-8, whatever is wrong with it, and their places are
// those of its own bytes.
func TestUTF16IsReadAsUTF8Is(t *testing.T) {
	t.Parallel()
	for _, k := range badInputKinds() {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			files := k.badFiles()
			files["every script"] = badFile{file: k.head + k.record(1, "a") + "\n" + k.record(2, "Müller \u2028 \U0001F600\U0001F600 界") + "\nß界\U0001F600\n" + k.record(3, "é") + "\n"}
			for name, c := range files {
				if !utf8.ValidString(c.file) || strings.HasPrefix(c.file, "\ufeff") || name == "10,000 deep" {
					continue
				}
				events, defects := readAll(t, k.format, []byte(c.file))
				for _, form := range []struct {
					mark  string
					order binary.AppendByteOrder
				}{{"\xff\xfe", binary.LittleEndian}, {"\xfe\xff", binary.BigEndian}, {"", binary.LittleEndian}, {"", binary.BigEndian}} {
					if form.mark == "" && (len(c.file) < 2 || c.file[0] == 0 || c.file[0]|c.file[1] >= 0x80) {
						continue // only what begins with two characters of ASCII is known without a mark
					}
					place := func(raw activity.Raw) activity.Raw {
						from := len(form.mark) + len(wide(c.file[:raw.Offset], form.order))
						return activity.Raw{File: raw.File, Offset: int64(from), Length: int64(len(wide(c.file[raw.Offset:raw.Offset+raw.Length], form.order)))}
					}
					data := []byte(form.mark + wide(c.file, form.order))
					got, bad := readAll(t, k.format, data)
					require.Len(t, got, len(events), name)
					for i, want := range events {
						want.Raw = place(want.Raw)
						require.Equal(t, want, got[i], name)
					}
					require.Len(t, bad, len(defects), name)
					for i, want := range defects {
						want.Raw = place(want.Raw)
						require.Equal(t, want, bad[i], name)
					}
					requirePlaces(t, k.format, data)
					pieces, worse := readInput(t, k.format, activity.Input{Source: "s1", File: "log", Content: iotest.OneByteReader(bytes.NewReader(data))})
					require.Equal(t, got, pieces, name)
					require.Equal(t, bad, worse, name)
				}
			}
		})
	}
}

// Half of a pair of surrogates spoils its record and no other; half of a unit is the end of a file that was cut.
func TestHalvesOfUTF16(t *testing.T) {
	t.Parallel()
	for _, k := range badInputKinds() {
		line := func(second int, text string) string { return wide(k.record(second, text)+"\n", binary.LittleEndian) }
		before, after, _ := strings.Cut(k.record(2, "|"), "|")
		for name, half := range map[string]string{"first": "\x3d\xd8", "second": "\x00\xde", "two firsts": "\x3d\xd8\x3d\xd8", "the other way round": "\x00\xde\x3d\xd8"} {
			bad := wide(before, binary.LittleEndian) + half + wide(after, binary.LittleEndian)
			head := "\xff\xfe" + wide(k.head, binary.LittleEndian) + line(1, "é")
			file := head + bad + "\n\x00" + line(3, "\U0001F600")
			events, defects := readAll(t, k.format, []byte(file))
			require.Equal(t, "1 3", secondsOf(events), k.name)
			require.Len(t, defects, 1, k.name)
			require.Equal(t, activity.ReasonEncoding, defects[0].Reason, k.name)
			require.Contains(t, defects[0].Detail, "half of a character of UTF-16", "%s, %s", k.name, name)
			require.Equal(t, bad, file[defects[0].Raw.Offset:][:defects[0].Raw.Length], "%s, %s", k.name, name)
		}
		file := "\xff\xfe" + wide(k.head, binary.LittleEndian) + line(1, "x") + line(2, "x")
		events, defects := readAll(t, k.format, []byte(file+"\x0a"))
		require.Equal(t, "1 2", secondsOf(events), k.name)
		require.Len(t, defects, 1, k.name)
		require.Equal(t, activity.ReasonTruncated, defects[0].Reason, k.name)
		require.EqualValues(t, len(file), defects[0].Raw.Offset, k.name)
	}
}

// What is too long in UTF-16 is passed over in bounded memory, and its place is exact whatever it is made of.
func TestALongLineInUTF16(t *testing.T) {
	t.Parallel()
	for _, k := range badInputKinds() {
		before, after, _ := strings.Cut(k.record(2, "|"), "|")
		text := func(s string) io.Reader { return strings.NewReader(wide(s, binary.BigEndian)) }
		for _, fill := range []string{"x", "aé界\U0001F600"} {
			fill = wide(strings.Repeat(fill, 1000), binary.BigEndian)
			const times = 100
			head := "\xfe\xff" + wide(k.head+k.record(1, "ü")+"\n", binary.BigEndian)
			in := &largest{r: io.MultiReader(strings.NewReader(head), text(before), strings.NewReader(strings.Repeat(fill, times)), text(after+"\n"+k.record(3, "ü")+"\n"))}
			events, defects := readInput(t, k.format, activity.Input{Content: in, MaxRecord: 1 << 16})
			require.Equal(t, "1 3", secondsOf(events), k.name)
			require.Len(t, defects, 1, k.name)
			require.Equal(t, activity.ReasonTooLong, defects[0].Reason, k.name)
			require.EqualValues(t, len(head), defects[0].Raw.Offset, k.name)
			require.InDelta(t, 2*len(before+after)+len(fill)*times, defects[0].Raw.Length, 2, "%s: with the line end or without", k.name)
			require.EqualValues(t, len(head)+2*len(before+after)+len(fill)*times+2, events[1].Raw.Offset, k.name)
			require.Less(t, in.asked, 1<<20, k.name)
		}
	}
}

// A mark alone, or several, are an empty file.
func TestMarksOfUTF16Alone(t *testing.T) {
	t.Parallel()
	for _, f := range activity.Format("").Values() {
		for _, mark := range []string{"\xff\xfe", "\xfe\xff"} {
			for _, file := range []string{mark, mark + mark, mark + mark + mark} {
				events, defects := readAll(t, f, []byte(file))
				require.Empty(t, events)
				require.Len(t, defects, 1, f)
				require.GreaterOrEqual(t, defects[0].Raw.Offset, int64(2), f)
				require.LessOrEqual(t, defects[0].Raw.Offset+defects[0].Raw.Length, int64(len(file)), f)
			}
		}
	}
}

// An error of the file is the file's, and a bomb in UTF-16 is one.
func TestAnErrorOfAFileInUTF16IsTheFiles(t *testing.T) {
	t.Parallel()
	record := wide(entry("a")+"\n", binary.LittleEndian)
	for _, head := range []string{"", record, "\xff\xfe", "\xff\xfe" + record + "{", "\xff\xfe{\x00"} {
		in := activity.Input{File: "log", Content: io.MultiReader(strings.NewReader(head), iotest.ErrReader(io.ErrClosedPipe))}
		var last error
		for _, err := range reader(t, activity.FormatCloudTrail).Read(in) {
			last = err
		}
		var file *activity.FileError
		require.ErrorAs(t, last, &file)
		require.ErrorIs(t, last, io.ErrClosedPipe)
	}
	packed := gzipped(t, "\xff\xfe"+record+strings.Repeat(record, 3))
	events, defects := readAll(t, activity.FormatCloudTrail, packed)
	require.Len(t, events, 4)
	require.Empty(t, defects)
	events, defects = readAll(t, activity.FormatCloudTrail, packed[:len(packed)-9])
	require.NotEmpty(t, events)
	require.Equal(t, activity.ReasonCompression, defects[len(defects)-1].Reason)
}
