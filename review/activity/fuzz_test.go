package activity_test

import (
	"bytes"
	"encoding/binary"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

func FuzzCloudTrail(f *testing.F) { fuzzReader(f, activity.FormatCloudTrail) }

func FuzzFHIR(f *testing.F) { fuzzReader(f, activity.FormatFHIR) }

func FuzzCSV(f *testing.F) { fuzzReader(f, activity.FormatCSV) }

func FuzzNDJSON(f *testing.F) { fuzzReader(f, activity.FormatNDJSON) }

func FuzzATNA(f *testing.F) { fuzzReader(f, activity.FormatATNA) }

// fuzzReader holds for any bytes: no panic; every record lies inside the file, one behind the other, and reads alone as
// the same event; nothing at all comes only of the frame of an empty log; and it does not matter in which pieces the
// bytes arrive, whatever the limit.
func fuzzReader(f *testing.F, format activity.Format) {
	for _, data := range seeds(format) {
		f.Add(data)
		f.Add(data[:len(data)/2])
		f.Add(append(bytes.Clone(data), data[:len(data)/3]...))
		f.Add([]byte("\xff\xfe" + wide(string(data), binary.LittleEndian)))
	}
	f.Add([]byte("{\"a\":[\n{\"b\":1}\n"))
	f.Add([]byte("[[[[[{]}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		events, defects := readAll(t, format, data)
		for _, limit := range []int{16, 100} {
			e1, d1 := readInput(t, format, activity.Input{Content: bytes.NewReader(data), MaxRecord: limit})
			e2, d2 := readInput(t, format, activity.Input{Content: iotest.OneByteReader(bytes.NewReader(data)), MaxRecord: limit})
			require.Equal(t, e1, e2)
			require.Equal(t, d1, d2)
		}
		if zipped := len(data) > 1 && data[0] == 0x1f && data[1] == 0x8b || len(data) > 3 && (string(data[1:4]) == "\xb5\x2f\xfd" || string(data[1:4]) == "\x2a\x4d\x18"); zipped {
			return // the places are those of the uncompressed bytes
		}
		requirePlaces(t, format, data)
		if len(events)+len(defects) == 0 {
			data := bytes.ReplaceAll(data, []byte{0}, nil) // of UTF-16
			require.True(t, bytes.ContainsAny(data, "[") || bytes.Contains(data, []byte("Bundle")) || format == activity.FormatCSV && bytes.Contains(data, []byte("recorded,id,")) ||
				format == activity.FormatWindows && bytes.Contains(data, []byte("Events")))
		}
		var seq, at int64
		var before activity.Raw
		i, j := 0, 0
		for i < len(events) || j < len(defects) {
			raw, n := activity.Raw{}, int64(0)
			if j == len(defects) || i < len(events) && events[i].Seq < defects[j].Seq {
				raw, n = events[i].Raw, events[i].Seq
				i++
			} else {
				raw, n = defects[j].Raw, defects[j].Seq
				require.True(t, defects[j].Reason.IsValid())
				j++
			}
			require.Equal(t, seq+1, n)
			seq = n
			if i < 2 || raw != before { // but for a message that a relay folded
				require.GreaterOrEqual(t, raw.Offset, at)
			}
			before = raw
			require.LessOrEqual(t, raw.Offset+raw.Length, int64(len(data)))
			at = raw.Offset + raw.Length
		}
	})
}
