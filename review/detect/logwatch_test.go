package detect_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// steady has an entry every ten minutes from Monday, 2 March 2026, for so many weeks, but for the pauses: each from and
// until hours since then.
func steady(weeks int, pauses ...[2]float64) *entries {
	var l entries
	for at := time.Duration(0); at < time.Duration(weeks)*7*oneDay; at += 10 * time.Minute {
		h, open := at.Hours(), true
		for _, p := range pauses {
			if h > p[0] && h < p[1] {
				open = false
			}
		}
		if open {
			l.add(15*time.Hour+at, func(*activity.Event) {})
		}
	}
	return &l
}

func TestSilentSource(t *testing.T) {
	t.Parallel()
	nights := func(weeks int, add ...[2]float64) *entries {
		for d := range 7 * weeks {
			add = append(add, [2]float64{float64(24*d) + 1, float64(24*d) + 5})
		}
		return steady(weeks, add...)
	}
	check(t, detect.SilentSource{}, map[string]c{
		"as always":                                    {steady(4), none()},
		"a silence of five hours":                      {steady(4, [2]float64{250, 255}), []string{""}},
		"of an hour, to the second":                    {steady(4, [2]float64{250, 251}), none()},
		"of ten minutes more":                          {steady(4, [2]float64{250, 251.1}), []string{""}},
		"of more than two floors":                      {steady(4, [2]float64{250, 252.01}), []string{""}},
		"every night":                                  {nights(4), none()},
		"a night that is four hours longer":            {nights(4, [2]float64{24*9 + 1, 24*9 + 9}), []string{""}},
		"a night that is half an hour longer":          {nights(4, [2]float64{24*9 + 1, 24*9 + 5.5}), none()},
		"a first week, in which every pause is a find": {steady(1, [2]float64{30, 32}), []string{""}},
		"two sources, of which one goes on":            {steady(1, [2]float64{30, 32}).add(15*time.Hour, func(e *activity.Event) { e.Source = "other" }), []string{""}},
	})
	got := steady(4, [2]float64{250, 255}).find(detect.SilentSource{})
	require.Equal(t, []string{
		"the source s was silent for 5h0m0s, from 2026-03-12T10:00:00Z to 2026-03-12T15:00:00Z",
		"at that hour of the 3 other weeks it was silent for 0s at most in 999 of 1,000; the setting is 1h0m0s more"}, got[0].Reasons)
	require.EqualValues(t, 2, got[0].Count, "the last before and the first after")
	// A holiday: the calendar says that nobody works on the 17th.
	day := func(d int) [2]float64 { return [2]float64{float64(24*d) - 0.01, float64(24*d+24) - 0.1} }
	require.Len(t, steady(4, day(15)).find(detect.SilentSource{}), 1)
	holiday := detect.SilentSource{Calendar: detect.NewHolidays([]detect.Holiday{{Day: dateOf(t, "2026-03-16")}, {Day: dateOf(t, "2026-03-17")}})}
	require.Empty(t, steady(4, day(15)).find(holiday))
	require.Len(t, steady(4, day(17)).find(holiday), 1)
	bounds := detect.SilentSource{From: start.Add(9 * time.Hour), Until: start.Add(15*time.Hour + 28*oneDay + 4*time.Hour)}
	require.Len(t, steady(4).find(bounds), 2, "before the first entry and after the last")
	require.Empty(t, (&entries{}).find(bounds), "of a source without any entry a state knows nothing; coverage says that it is missing")
}

func TestSequenceGap(t *testing.T) {
	t.Parallel()
	numbers := func(after time.Duration, of ...any) *entries {
		var l entries
		for i, n := range of {
			l.add(after+time.Duration(i)*time.Second, func(e *activity.Event) { e.ID = fmt.Sprint(n) })
		}
		return &l
	}
	check(t, detect.SequenceGap{}, map[string]c{
		"none missing":                  {numbers(0, 5, 6, 7), none()},
		"one missing":                   {numbers(0, 5, 7), []string{""}},
		"out of order":                  {numbers(0, 7, 5, 6), none()},
		"two ranges missing":            {numbers(0, 1, 3, 4, 9), []string{"", ""}},
		"serial numbers of audit":       {numbers(0, "1700000000.123:10", "1700000000.456:11", "1700000001.001:14"), []string{""}},
		"two machines of one audit log": {numbers(0, "web/1700000000.123:10", "db/1700000000.123:900", "web/1700000000.456:11", "db/1700000001.001:901"), none()},
		"one of them lacks a number":    {numbers(0, "web/1700000000.123:10", "db/1700000000.123:900", "web/1700000000.456:12", "db/1700000001.001:901"), []string{""}},
		"records of Windows":            {numbers(0, "PC1/Security/7/2026-03-01T10:00:00.500000Z", "PC1/Security/8/2026-03-01T10:00:01.500000Z", "PC1/System/90/2026-03-01T10:00:01.500000Z"), none()},
		"a record of Windows missing":   {numbers(0, "PC1/Security/7/2026-03-01T10:00:00.500000Z", "PC1/Security/9/2026-03-01T10:00:01.500000Z"), []string{""}},
		"with times without a zone":     {numbers(0, "PC1/A/B/7/2026-03-01T10:00:12", "PC1/A/B/8/2026-03-01T10:00:59", "PC1/A/B/11/2026-03-01T10:01:12"), []string{""}},
		"without times":                 {numbers(0, "PC1/Security/7", "PC1/Security/9"), []string{""}},
		"lines of sessions":             {numbers(0, "6b03c5dc.4970/7", "6b03c5dc.4970/9"), none()},
		"identities that are no number": {numbers(0, "a-1", "a/b/c", "/2026-03-01T10:00:12", "a:b/c", "PC1/Security/x/2026-03-01T10:00:12", "PC1/Security//2026-03-01T10:00:12", "b7", "0x9", "007", ""), none()},
		"a number twice":                {numbers(0, 5, 6, 6, 7), none()},
		"the largest there is":          {numbers(0, uint64(1<<64-1), "18446744073709551616"), none()},
		"once round":                    {numbers(0, uint64(4294967294), uint64(4294967295), 0, 1), none()},
		"once round, and one missing":   {numbers(0, uint64(4294967294), uint64(4294967295), 0, 1, 3), []string{""}},
		"once round, a day later":       {numbers(0, 65535).add(2*oneDay, func(e *activity.Event) { e.ID = "1" }), none()},
	})
	got := numbers(0, 5, 9).find(detect.SequenceGap{})
	require.Equal(t, []string{"3 numbers of s missing, after 5 and before 9"}, got[0].Reasons)
	got = numbers(0, "PC1/Security/7/2026-03-01T10:00:00.500000Z", "PC1/Security/9/2026-03-01T10:00:01.500000Z").find(detect.SequenceGap{})
	require.Equal(t, []string{"1 number of s PC1/Security missing, after 7 and before 9"}, got[0].Reasons, "it says which machine and which log")
	again := func(gap time.Duration) []detect.Finding {
		var l entries
		for n := range 3000 {
			l.add(time.Duration(n)*time.Second, func(e *activity.Event) { e.ID = fmt.Sprint(n + 1) })
		}
		for n := range 900 { // by another identity of the entry: the first stay in the state
			l.add(2048*time.Second+gap+time.Duration(n)*time.Millisecond, func(e *activity.Event) { e.ID, e.Raw.File = fmt.Sprintf("r.1:%d", n+1), "later" })
		}
		return l.find(detect.SequenceGap{})
	}
	require.Len(t, again(26*time.Hour), 1, "a restart")
	require.Contains(t, again(26 * time.Hour)[0].Reasons[0], "the numbers of s began again")
	require.Empty(t, again(23*time.Hour), "within the time in which entries may be out of order")
	files := numbers(0, 5, 6).add(0, func(e *activity.Event) { e.ID, e.Raw.File = "90", "g" })
	require.Len(t, files.find(detect.SequenceGap{}), 1)
	require.Empty(t, files.find(detect.SequenceGap{PerFile: true}))
}

func TestClockFault(t *testing.T) {
	t.Parallel()
	taken := func(after time.Duration) *entries {
		return new(entries).add(0, func(e *activity.Event) { e.Ingested = e.Recorded.Add(after) })
	}
	// entries puts entries of 100 bytes each behind each other, the step of time between them given.
	stepped := func(steps ...time.Duration) *entries {
		var l entries
		at := time.Duration(0)
		for i, s := range steps {
			at += s
			l.add(at, func(e *activity.Event) { e.Raw.Offset = int64(i) * 100 })
		}
		return &l
	}
	second := time.Second
	check(t, detect.ClockFault{}, map[string]c{
		"five minutes ahead of its taking in": {taken(-5 * time.Minute), none()},
		"a second more":                       {taken(-5*time.Minute - second), []string{""}},
		"a day behind":                        {taken(24 * time.Hour), none()},
		"and a second":                        {taken(24*time.Hour + second), []string{""}},
		"a log that does not say":             {new(entries).add(0, func(*activity.Event) {}), none()},
		"in order":                            {stepped(0, second, second), none()},
		"two seconds back":                    {stepped(0, second, -2*second), none()},
		"three seconds back":                  {stepped(0, second, -3*second), []string{""}},
		"little by little":                    {stepped(0, -second, -second, -second), []string{""}},
		"an entry without a time":             {stepped(0, second).add(0, func(e *activity.Event) { e.Recorded, e.Raw.Offset = time.Time{}, 900 }), none()},
		"of two files":                        {stepped(0).add(-time.Hour, func(e *activity.Event) { e.Raw.File = "g" }), none()},
	})
	require.Empty(t, stepped(0, second, -3*second).find(detect.ClockFault{Parts: 1}), "within one part of the file a step is not seen")
	require.Empty(t, stepped(0, second, -time.Hour).find(detect.ClockFault{Back: 2 * time.Hour}), "a file that was merged from several sources")
	unordered := stepped(0, second, -3*second, second, -4*second)
	for i, step := range []time.Duration{-time.Second, -5 * time.Second, -time.Minute} {
		file := fmt.Sprint("f", i)
		unordered.add(0, func(e *activity.Event) { e.Raw.File = file })
		unordered.add(step, func(e *activity.Event) { e.Raw.File, e.Raw.Offset = file, 10_000 })
	}
	got := unordered.find(detect.ClockFault{})
	require.Len(t, got, 1, "all files of the source")
	require.Equal(t, []string{"entries of f2 lie behind entries that are up to 1m0s later; the setting is 2s",
		"so do entries of 2 other files of the source, by less or as much", "the finding names the widest step of each file"}, got[0].Reasons)
	require.Len(t, got[0].Events, 6)
	require.Empty(t, unordered.find(detect.ClockFault{Parts: 1}), "more files than parts: each has one")

	for modified, want := range map[time.Duration]int{0: 0, -5 * time.Minute: 0, -5*time.Minute - second: 1} {
		run := detect.Start(detect.ClockFault{})
		for _, e := range new(entries).add(0, func(*activity.Event) {}).events {
			run.Add(e)
		}
		run.AddFile("s", detect.ScannedFile{Name: "f", Modified: start.Add(modified)})
		require.Len(t, run.Findings(), want, modified)
	}

	// On 1 November 2026 clocks in New York go back from 02:00 to 01:00: the hours of 05:00 and 06:00 UTC are both 01:00.
	hours := func(of ...int) *entries {
		var l entries
		for _, h := range of {
			l.add(time.Date(2026, 11, 1, h, 30, 0, 0, time.UTC).Sub(start), func(*activity.Event) {})
		}
		return &l
	}
	check(t, detect.ClockFault{Zone: detect.ZoneOf{Location: newYork(t)}}, map[string]c{
		"both halves":                     {hours(4, 5, 6, 7), none()},
		"the first only":                  {hours(4, 5, 7), []string{""}},
		"the second only":                 {hours(4, 6, 7), []string{""}},
		"a quiet night":                   {hours(2, 5), none()},
		"an hour without entries, by day": {hours(14, 16, 17), none()},
	})
	require.Empty(t, hours(4, 5, 7).find(detect.ClockFault{}), "UTC repeats no hour")
}

func TestVolumeDrop(t *testing.T) {
	t.Parallel()
	weeks := func(change map[int]int) *entries {
		var l entries
		for day := range 35 {
			n := 100 + day%7
			if day%7 >= 5 {
				n = 10
			}
			if to, ok := change[day]; ok {
				n = to
			}
			for i := range n {
				l.add(15*time.Hour+time.Duration(day)*oneDay+time.Duration(i)*time.Minute, func(*activity.Event) {})
			}
		}
		return &l
	}
	check(t, detect.VolumeDrop{}, map[string]c{
		"as always":               {weeks(nil), none()},
		"a tenth":                 {weeks(map[int]int{24: 10}), []string{""}},
		"nothing":                 {weeks(map[int]int{24: 0}), []string{""}},
		"a little less":           {weeks(map[int]int{24: 85}), none()},
		"more":                    {weeks(map[int]int{24: 1000}), none()},
		"in the third week":       {weeks(map[int]int{17: 0}), none()},
		"the last day may be cut": {weeks(map[int]int{34: 1}), none()},
		"two days":                {weeks(map[int]int{24: 0, 25: 0}), []string{"", ""}},
	})
	closed := detect.VolumeDrop{Calendar: detect.NewHolidays([]detect.Holiday{{Day: dateOf(t, "2026-03-26")}})}
	require.Empty(t, weeks(map[int]int{24: 0}).find(closed), "a real closure")
	got := weeks(map[int]int{24: 0}).find(detect.VolumeDrop{})
	require.Equal(t, "s gave 0 entries on 2026-03-26; on the 3 days of that kind before it was 103.0 on average", got[0].Reasons[0])
	require.Equal(t, detect.SeverityHigh, got[0].Severity)
	require.Equal(t, "2026-03-25", got[0].Events[0].At.Format(time.DateOnly), "the day before has the nearest entry")
}

func TestShapeDrift(t *testing.T) {
	t.Parallel()
	files := func(n, bad int, spoil func(*activity.Event)) *entries {
		var l entries
		for i := range 5000 {
			l.access(time.Duration(i)*time.Second, "u", "P").events[i].Raw.File = fmt.Sprint("old", i%3)
		}
		for i := range n {
			l.access(time.Duration(i)*time.Second, "u", "P")
			e := &l.events[len(l.events)-1]
			if e.Raw.File = "new"; i < bad {
				spoil(e)
			}
		}
		return &l
	}
	nobody := func(e *activity.Event) { e.Actor.ID = "" }
	check(t, detect.ShapeDrift{}, map[string]c{
		"as always":                       {files(1000, 0, nobody), none()},
		"one line in a thousand":          {files(1000, 1, nobody), none()},
		"ten in a thousand name no actor": {files(1000, 10, nobody), []string{""}},
		"name no patient":                 {files(1000, 10, func(e *activity.Event) { e.Patients = nil }), []string{""}},
		"a log-in names no patient":       {files(1000, 10, func(e *activity.Event) { e.Patients, e.Family = nil, activity.FamilyLogin }), none()},
		"have no outcome":                 {files(1000, 10, func(e *activity.Event) { e.Outcome = activity.OutcomeUnknown }), []string{""}},
		"have no action":                  {files(1000, 10, func(e *activity.Event) { e.Action = activity.ActionUnknown }), []string{""}},
		"have no time":                    {files(1000, 10, func(e *activity.Event) { e.Recorded = time.Time{} }), []string{""}},
		"the only line of a file":         {files(1, 1, nobody), none()},
		"both lines of a file":            {files(2, 2, nobody), []string{""}},
		"every file lacks it, as it always": {func() *entries {
			l := files(1000, 0, nobody)
			for i := range l.events {
				l.events[i].Actor.ID = ""
			}
			return l
		}(), none()},
	})
	got := files(1000, 10, nobody).find(detect.ShapeDrift{})
	require.Equal(t, []string{"10 of 1000 lines of new name no actor", "in the other files of the source 0 of 5000 do; the setting is 0.001 more", "the finding names the first of them"}, got[0].Reasons)

	ok := `{"eventID":"%d","eventTime":"2026-03-01T09:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","userIdentity":{"arn":"a"}}` + "\n"
	var good, bad strings.Builder
	for i := range 200 {
		fmt.Fprintf(&good, ok, i)
		fmt.Fprintf(&bad, ok, 1000+i)
	}
	bad.WriteString(strings.Repeat("half a line\n", 10))
	scanned, err := detect.Scan(t.Context(), detect.Source{ID: "aws", Reader: cloudTrail(t), Files: []detect.File{detect.FileFrom("a", strings.NewReader(good.String())), detect.FileFrom("b", strings.NewReader(bad.String()))}}, detect.ShapeDrift{})
	require.NoError(t, err)
	require.Len(t, scanned.Findings(), 1)
	require.Equal(t, "10 of 210 lines of b could not be read", scanned.Findings()[0].Reasons[0])
}

func TestDigestMismatch(t *testing.T) {
	t.Parallel()
	content := stop + "\n"
	list, err := detect.ReadDigests(strings.NewReader(fmt.Sprintf("source,file,sha256,size\naws,a,%s,%d\naws,b,%s,%d\n",
		hipaasmp.DigestOf([]byte(content)), len(content), hipaasmp.DigestOf([]byte(content)), len(content))), detect.TableOptions{})
	require.NoError(t, err)
	scan := func(name, content string, d detect.Detector) []detect.Finding {
		got, err := detect.Scan(t.Context(), detect.Source{ID: "aws", Reader: cloudTrail(t), Files: []detect.File{{Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil }}}}, d)
		require.NoError(t, err)
		return got.Findings()
	}
	d := detect.DigestMismatch{Digests: list}
	require.Empty(t, scan("a", content, d), "the same bytes")
	got := scan("a", content+" ", d)
	require.Len(t, got, 1, "one byte more, as a backup may give it")
	require.Equal(t, detect.SeverityHigh, got[0].Severity)
	require.Contains(t, got[0].Reasons[1], string(hipaasmp.DigestOf([]byte(content))))
	requireSound(t, got[0])
	require.Empty(t, scan("c", content+" ", d), "a file that nobody has reviewed")
	require.Empty(t, scan("a", content+" ", detect.DigestMismatch{}))
}
