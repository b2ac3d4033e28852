package detect_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// at has an entry at each of the times.
func at(times ...time.Duration) *entries {
	l := new(entries)
	for _, d := range times {
		l.add(d, func(*activity.Event) {})
	}
	return l
}

func silentSourceCases(t testing.TB, c cases) {
	d := detect.SilentSource{}
	hour := time.Hour
	c.planted("a silence of a day", d, at(0, oneDay), every(detect.SeverityHigh), says("was silent for 24h0m0s"))
	c.nearest("an entry every half an hour", d, steady(1))
	c.within("floor", "a microsecond more than an hour", d, at(0, hour+time.Microsecond))
	c.beyond("floor", "an hour", d, at(0, hour))
	// A pause of four hours at one hour of every week, but for the second, in which it is longer.
	weekly := func(long time.Duration) *entries {
		l := new(entries)
		for week := range 4 {
			pause := 4 * hour
			if week == 1 {
				pause = long
			}
			for at := time.Duration(0); at < 7*oneDay; at += 30 * time.Minute {
				if at <= 50*hour || at >= 50*hour+pause {
					l.add(time.Duration(week)*7*oneDay+at, func(*activity.Event) {})
				}
			}
			l.add(time.Duration(week)*7*oneDay+50*hour+pause, func(*activity.Event) {})
		}
		return l
	}
	c.within("quantile", "more than an hour longer than at that hour of other weeks", d, weekly(5*hour+time.Microsecond))
	c.beyond("quantile", "an hour longer", d, weekly(5*hour))
	from, until := detect.SilentSource{From: start}, detect.SilentSource{Until: start.Add(hour)}
	c.within("from", "a microsecond more than an hour from the start of the period to the first entry", from, at(hour+time.Microsecond))
	c.beyond("from", "an hour", from, at(hour))
	c.within("until", "a microsecond more than an hour from the last entry to the end of the period", until, at(-time.Microsecond))
	c.beyond("until", "an hour", until, at(0))
	// Every night from 01:00 to 02:30 by the clock of New York, which goes forward in the first of the weeks.
	nights := new(entries)
	for minute := on("2026-03-04T05:00:00Z"); minute < on("2026-03-30T05:00:00Z"); minute += 10 * time.Minute {
		local := start.Add(minute).In(newYork(t))
		if m := local.Hour()*60 + local.Minute(); m <= 60 || m >= 150 {
			nights.add(minute, func(*activity.Event) {})
		}
	}
	c.within("zone", "nights that are regular in New York are not in UTC, where the clock moves them", d, nights, atMost(7))
	c.beyond("zone", "and are there", detect.SilentSource{Zone: inNewYork(t)}, nights)
	closed := detect.SilentSource{Calendar: detect.NewHolidays([]detect.Holiday{{Day: hipaasmp.Day(2026, 3, 17)}})}
	c.falsePositive("a holiday of the calendar", closed, at(on("2026-03-17T00:00:00Z"), on("2026-03-18T00:00:00Z")))
	// Of weeks that are alike one has the longest night: by how much it differs from the others is chance.
	jitter := new(entries)
	for week := range 8 {
		for day := range 7 {
			begin := time.Duration(7*week+day) * oneDay
			length := 5*hour + time.Duration((week*37+day*23)%50)*time.Minute
			for at := begin + length; at <= begin+oneDay; at += 10 * time.Minute {
				jitter.add(at, func(*activity.Event) {})
			}
			jitter.add(begin+oneDay, func(*activity.Event) {})
		}
	}
	c.falsePositive("the longest of nights that are alike", d, jitter)
}

// numbered has an entry with each of the identities, a second apart.
func numbered(ids ...any) *entries {
	l := new(entries)
	for i, id := range ids {
		l.add(time.Duration(i)*time.Second, func(e *activity.Event) { e.ID = fmt.Sprint(id) })
	}
	return l
}

func sequenceGapCases(_ testing.TB, c cases) {
	d := detect.SequenceGap{}
	c.planted("a number is missing", d, numbered(5, 7), says("1 number of s missing, after 5 and before 7"))
	c.planted("serial numbers of Linux", d, numbered("1700000000.123:10", "1700000001.001:14"), says("3 numbers of s missing"))
	c.planted("record numbers of Windows", d, numbered("PC1/Security/7/2026-03-01T10:00:00.5Z", "PC1/Security/9/2026-03-01T10:00:01.5Z"))
	c.nearest("none is missing", d, numbered(7, 5, 6))
	c.nearest("a second delivery", d, numbered(5, 6, 6, 7))
	// Three thousand numbers, and the first nine hundred again, by another identity.
	again := func(gap time.Duration, between func(*entries)) *entries {
		l := new(entries)
		for n := range 3000 {
			l.add(time.Duration(n)*time.Second, func(e *activity.Event) { e.ID = fmt.Sprint("a.1:", n+1) })
		}
		if between != nil {
			between(l)
		}
		for n := range 900 {
			l.add(2047*time.Second+gap-899*time.Millisecond+time.Duration(n)*time.Millisecond, func(e *activity.Event) { e.ID = fmt.Sprint("b.1:", n+1) })
		}
		return l
	}
	// The first number of the next thousand lies 1,023 seconds after the first number.
	c.within("reorder", "numbers begin again more than a day later", d, again(oneDay+time.Microsecond-1024*time.Second, nil), found(1), every(detect.SeverityModerate), says("began again"))
	c.beyond("reorder", "a day later entries may only be out of order", d, again(oneDay-1024*time.Second, nil))
	files := numbered(5, 6).add(0, func(e *activity.Event) { e.ID, e.Raw.File = "90", "g" })
	c.within("numbers by", "every source has its numbers", d, files)
	c.beyond("numbers by", "every file has its own", detect.SequenceGap{PerFile: true}, files)
	booted := func(at time.Duration) func(*entries) {
		return func(l *entries) {
			l.add(at, func(e *activity.Event) {
				e.ID, e.Act = "b.0:1", activity.Act{System: "auditd", Name: "SYSTEM_BOOT"}
			})
		}
	}
	c.within("restarts", "a restart long before explains nothing", d, again(3*oneDay, booted(-9*oneDay)), every(detect.SeverityModerate))
	c.beyond("restarts", "one between them does", d, again(3*oneDay, booted(2*oneDay)), every(detect.SeverityLow), says("tells of a restart between them"))
	c.falsePositive("numbers that went round at 2^32", d, numbered(uint64(1<<32-2), uint64(1<<32-1), 0, 1))
	c.falsePositive("numbers that went round at 2^16", d, numbered(uint64(1<<16-2), uint64(1<<16-1), 0, 1))
	chainCases(c)
	c.falsePositive("the mark of a restart", d, again(3*oneDay, booted(2*oneDay)), every(detect.SeverityLow))
}

func clockFaultCases(t testing.TB, c cases) {
	d := detect.ClockFault{}
	taken := func(after time.Duration) *entries {
		return new(entries).add(0, func(e *activity.Event) { e.Ingested = e.Recorded.Add(after) })
	}
	stepped := func(by int64, steps ...time.Duration) *entries {
		l := new(entries)
		var when time.Duration
		for i, s := range steps {
			when += s
			l.add(when, func(e *activity.Event) { e.Raw.Offset = int64(i) * by })
		}
		return l
	}
	second, micro := time.Second, time.Microsecond
	c.planted("an entry of the future", d, taken(-time.Hour), says("recorded 1h0m0s after it was taken in"))
	c.planted("an entry that was taken in a week later", d, taken(7*oneDay), says("taken in 168h0m0s after"))
	c.planted("a clock that was set back", d, stepped(300, 0, second, -time.Hour), says("up to 1h0m0s later"))
	written := func(after time.Duration) delivered {
		return delivered{at(0), detect.ScannedFile{Name: "f", Modified: start.Add(after)}}
	}
	c.planted("a file that was written before its last entry", d, written(-time.Hour), says("later than the file was written"))
	c.nearest("a log in order", d, stepped(300, 0, second, second))
	c.nearest("an entry that was taken in at once", d, taken(0))
	c.within("ahead", "a microsecond more than five minutes ahead", d, taken(-5*time.Minute-micro))
	c.beyond("ahead", "five minutes ahead", d, taken(-5*time.Minute))
	c.within("ahead", "a file a microsecond more than five minutes older than its last entry", d, written(-5*time.Minute-micro))
	c.beyond("ahead", "a file five minutes older", d, written(-5*time.Minute))
	c.within("lag", "a microsecond more than a day behind", d, taken(oneDay+micro))
	c.beyond("lag", "a day behind", d, taken(oneDay))
	c.within("back", "a microsecond more than two seconds back", d, stepped(300, 0, 9*second, -2*second-micro))
	c.beyond("back", "two seconds back", d, stepped(300, 0, 9*second, -2*second))
	few := detect.ClockFault{Parts: 2}
	c.within("parts", "as many entries as parts, each in one of its own", few, stepped(64, 0, -time.Hour))
	c.beyond("parts", "one entry more, so that the first two share a part", few, stepped(64, 0, -time.Hour, 2*time.Hour))
	// On 1 November 2026 the clocks of New York go back: the hours of 05:00 and 06:00 UTC are both 01:00 there.
	hours := func(of ...int) *entries {
		l := new(entries)
		for _, h := range of {
			l.add(time.Date(2026, 11, 1, h, 30, 0, 0, time.UTC).Sub(start), func(*activity.Event) {})
		}
		return l
	}
	c.planted("the hour that comes twice has entries in one half only", detect.ClockFault{Zone: inNewYork(t)}, hours(4, 5, 7), says("repeats the hour"))
	c.within("zone", "an hour that New York repeats", detect.ClockFault{Zone: inNewYork(t)}, hours(4, 6, 7))
	c.beyond("zone", "and that UTC does not", d, hours(4, 6, 7))
	// A syslog that writes no zone is read as UTC, though its machine is five hours behind.
	c.falsePositive("a syslog without a zone, whose times look hours old", d, taken(5*time.Hour))
	c.falsePositive("a night of which both halves have entries", detect.ClockFault{Zone: inNewYork(t)}, hours(4, 5, 6, 7))
}

func volumeDropCases(t testing.TB, c cases) {
	d := detect.VolumeDrop{}
	weeks := func(n int, count func(day int) int) *entries {
		l := new(entries)
		for day := range 7 * n {
			for i := range count(day) {
				l.add(15*time.Hour+time.Duration(day)*oneDay+time.Duration(i)*time.Minute, func(*activity.Event) {})
			}
		}
		return l
	}
	but := func(changed, to int) func(int) int {
		return func(day int) int {
			if day == changed {
				return to
			}
			return 100 + day%7
		}
	}
	c.planted("a day without an entry", d, weeks(5, but(24, 0)), found(1), every(detect.SeverityHigh), says("gave 0 entries on 2026-03-26"))
	c.nearest("a little less", d, weeks(5, but(24, 85)))
	c.nearest("ten times as many", d, weeks(5, but(24, 1000)))
	c.within("p", "so few that the tail is less than one in ten thousand", d, weeks(5, but(24, pOfDrop)))
	c.beyond("p", "one more", d, weeks(5, but(24, pOfDrop+1)))
	// The Thursdays: one with few, then three with many, then the one that is looked at.
	grown := weeks(6, func(day int) int {
		if day == 3 {
			return 10
		}
		return but(31, 40)(day)
	})
	c.within("days", "the three Thursdays before count, and the one with few is the fourth", detect.VolumeDrop{Days: 3}, grown, says("the 3 days of that kind"))
	c.beyond("days", "all four count", detect.VolumeDrop{Days: 4}, grown)
	c.within("history", "three days of the kind before", d, weeks(5, but(24, 0)))
	c.beyond("history", "two", d, weeks(5, but(17, 0)))
	// A hundred entries late on every evening of New York; those of one evening come on the next morning.
	late := new(entries)
	for day := range 35 {
		first := on("2026-03-03T03:00:00Z")
		if day == 24 {
			first = on("2026-03-03T15:00:00Z")
		}
		for i := range 100 {
			late.add(first+time.Duration(day)*oneDay+time.Duration(i)*time.Second, func(*activity.Event) {})
		}
	}
	c.within("zone", "an evening that is missing in New York", detect.VolumeDrop{Zone: inNewYork(t)}, late)
	c.beyond("zone", "and only later on the same day of UTC", d, late)
	c.falsePositive("a day on which the site was really closed", detect.VolumeDrop{Calendar: detect.NewHolidays([]detect.Holiday{{Day: hipaasmp.Day(2026, 3, 26)}})}, weeks(5, but(24, 0)))
	c.falsePositive("weekends are compared with weekends", d, weeks(5, func(day int) int { return map[bool]int{true: 8, false: 100}[day%7 > 4] }))
}

func shapeDriftCases(_ testing.TB, c cases) {
	d := detect.ShapeDrift{}
	files := func(n, bad int, spoil func(*activity.Event)) *entries {
		l := new(entries)
		for i := range n {
			l.access(time.Duration(i)*time.Second, "u", "P")
			l.events[i].Raw.File = "old"
		}
		for i := range n {
			l.access(time.Duration(i)*time.Second, "u", "P")
			if e := &l.events[n+i]; i < bad {
				e.Raw.File = "new"
				spoil(e)
			} else {
				e.Raw.File = "new"
			}
		}
		return l
	}
	nobody := func(e *activity.Event) { e.Actor.ID = "" }
	c.planted("lines name no actor", d, files(1000, 20, nobody), says("20 of 1000 lines of new name no actor"))
	c.planted("lines name no patient", d, files(1000, 20, func(e *activity.Event) { e.Patients = nil }), says("name no patient"))
	c.planted("lines have no outcome", d, files(1000, 20, func(e *activity.Event) { e.Outcome = activity.OutcomeUnknown }), says("have no known outcome"))
	c.planted("lines could not be read", d, flat{[]string{"old", "new"}, func(file, line int) string {
		return map[bool]string{true: "half a li", false: `{"at":"2026-03-01T10:00:00Z","who":"u","what":"login","end":"success"}`}[file == 1 && line < 20]
	}}, found(1), says("20 of 1000 lines of new could not be read"))
	odd := func(n int) flat { // every line of the second file has a member of its own
		return flat{[]string{"old", "new"}, func(file, line int) string {
			return fmt.Sprintf(`{"at":"2026-03-01T10:00:%02dZ","who":"u","what":"login","end":"success"%s}`, line%60, map[bool]string{true: fmt.Sprintf(`,"x%d":1`, line)}[file == 1 && line < n])
		}}
	}
	c.planted("lines look like none before them", d, odd(200), found(1), says("lines of new look like none before them"))
	c.nearest("a few members that are new", d, odd(8))
	c.nearest("one line in a thousand", d, files(1000, 1, nobody))
	c.nearest("a log-in names no patient", d, files(1000, 20, func(e *activity.Event) { e.Patients, e.Family = nil, activity.FamilyLogin }))
	// Where any surplus is significant the share alone decides: 1 in 100 of 1,000 lines is 10.
	any := detect.ShapeDrift{Drift: 0.01, P: 2}
	c.within("drift", "more than the share", any, files(1000, 11, nobody))
	c.beyond("drift", "the share", any, files(1000, 10, nobody))
	c.within("p", "so many that chance gives them less than once in ten thousand", d, files(1000, pOfShape, nobody))
	c.beyond("p", "one less", d, files(1000, pOfShape-1, nobody))
	upgraded := files(1000, 1000, nobody)
	for i := range upgraded.events {
		nobody(&upgraded.events[i])
	}
	c.falsePositive("after an upgrade by the vendor every file lacks it", d, upgraded)
	c.falsePositive("the only line of a new file", d, files(1, 1, nobody))
}

// flat are files of a thousand lines each.
type flat struct {
	files []string
	line  func(file, line int) string
}

func (f flat) find(d detect.Detector) []detect.Finding {
	profile := activity.Profile{ID: "p", Version: 1, Format: activity.FormatNDJSON, Columns: []activity.Column{{Name: "at", Field: activity.FieldRecorded},
		{Name: "who", Field: activity.FieldActor}, {Name: "what", Field: activity.FieldAction}, {Name: "end", Field: activity.FieldOutcome}}}
	for i := range 300 {
		profile.Columns = append(profile.Columns, activity.Column{Name: fmt.Sprint("x", i), Field: activity.FieldIgnore})
	}
	reader, err := activity.ReaderWith(profile)
	if err != nil {
		panic(err)
	}
	source := detect.Source{ID: "s", Reader: reader}
	for i, name := range f.files {
		var b strings.Builder
		for line := range 1000 {
			b.WriteString(f.line(i, line) + "\n")
		}
		source.Files = append(source.Files, detect.FileFrom(name, strings.NewReader(b.String())))
	}
	got, err := detect.Scan(context.Background(), source, d)
	if err != nil {
		panic(err)
	}
	return got.Findings()
}
