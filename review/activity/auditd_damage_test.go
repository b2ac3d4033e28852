package activity_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

func TestAuditdDamage(t *testing.T) {
	t.Parallel()
	a, b := auditdRecord(1), auditdRecord(2)
	const idA, idB = "1772359200.500:1", "1772359200.500:2"
	for name, c := range map[string]struct {
		file string
		ids  string
		want []activity.Reason
	}{
		"half a line":                {a + "\n" + b[:len(b)-9] + "\n" + b, idA + " " + idB, []activity.Reason{activity.ReasonSyntax}},
		"half a line, last":          {a + "\n" + b[:len(b)-9], idA, []activity.Reason{activity.ReasonTruncated}},
		"cut in the stamp":           {a + "\n" + b[:28] + "\n", idA, []activity.Reason{activity.ReasonSyntax}},
		"NUL bytes":                  {a + "\n\x00\x00\x00\x00\n" + b, idA + " " + idB, []activity.Reason{activity.ReasonSyntax}},
		"a byte order mark":          {"\ufeff" + a + "\n" + b, idA + " " + idB, nil},
		"CR LF":                      {a + "\r\n" + b + "\r\n", idA + " " + idB, nil},
		"another encoding between":   {a + "\n" + strings.Replace(b, `"u1"`, "\"u\xe9\"", 1) + "\n" + b, idA + " " + idB, []activity.Reason{activity.ReasonEncoding}},
		"UTF-32":                     {"\xff\xfe\x00\x00t\x00\x00\x00", "", []activity.Reason{activity.ReasonEncoding}},
		"delivered twice":            {a + "\n" + b + "\n" + a, idA + " " + idB + " " + idA, nil},
		"another format":             {`{"eventID":"1"}`, "", []activity.Reason{activity.ReasonSyntax}},
		"a date instead of a number": {"type=USER_LOGIN msg=audit(03/01/2026 10:00:00.500:1): res=success\n" + a, idA, []activity.Reason{activity.ReasonSyntax}},
		"a serial that is none":      {"type=USER_LOGIN msg=audit(100.000:-1): res=success\n" + a, idA, []activity.Reason{activity.ReasonSyntax}},
		"nothing":                    {"\n\n", "", []activity.Reason{activity.ReasonEmpty}},
	} {
		why, found := reasons(t, activity.FormatAuditd, c.file)
		require.Equal(t, c.want, why, name)
		require.Equal(t, c.ids, found, name)
	}
	requireDeduped(t, activity.FormatAuditd, a+"\n"+b+"\n"+a+"\n", 2, 1)
}

func TestAuditdLongLineIsPassedOverInBoundedMemory(t *testing.T) {
	t.Parallel()
	const size = 20 << 20
	in := &largest{r: longLine(auditdRecord(1)+"\ntype=USER_CMD msg=audit(100.000:9): cmd=", size, "\n"+auditdRecord(2)+"\n")}
	events, defects := readInput(t, activity.FormatAuditd, activity.Input{Content: in, MaxRecord: 1 << 20})
	require.Equal(t, "1772359200.500:1 1772359200.500:2", ids(events))
	require.Len(t, defects, 1)
	require.Equal(t, activity.ReasonTooLong, defects[0].Reason)
	require.Less(t, in.asked, 4<<20)
}

// FuzzAuditd holds what [fuzzReader] holds, but for events that lie between each other.
func FuzzAuditd(f *testing.F) {
	for _, data := range auditdSeeds() {
		f.Add(data)
	}
	names, _ := filepath.Glob(filepath.Join("testdata", "auditd", "*"))
	for _, name := range names {
		data, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		events, defects := readAll(t, activity.FormatAuditd, data)
		for _, limit := range []int{16, 300} {
			e1, d1 := readInput(t, activity.FormatAuditd, activity.Input{Content: bytes.NewReader(data), MaxRecord: limit})
			e2, d2 := readInput(t, activity.FormatAuditd, activity.Input{Content: iotest.OneByteReader(bytes.NewReader(data)), MaxRecord: limit})
			require.Equal(t, e1, e2)
			require.Equal(t, d1, d2)
		}
		if len(data) > 1 && (data[0] == 0x1f || data[0] == 0x28) {
			return
		}
		requireFoundAgain(t, data)
		require.NotZero(t, len(events)+len(defects))
		start, seq := int64(-1), int64(0)
		i, j := 0, 0
		for i < len(events) || j < len(defects) {
			var raw activity.Raw
			var n int64
			if j == len(defects) || i < len(events) && events[i].Seq < defects[j].Seq {
				raw, n = events[i].Raw, events[i].Seq
				i++
			} else {
				raw, n = defects[j].Raw, defects[j].Seq
				j++
			}
			require.Equal(t, seq+1, n)
			require.True(t, raw.Offset > start || raw.Offset == start && raw.Length == 0, "in the order of the first records")
			require.LessOrEqual(t, raw.Offset+raw.Length, int64(len(data)))
			start, seq = raw.Offset, n
		}
	})
}
