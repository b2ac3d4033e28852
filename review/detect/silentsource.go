package detect

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// SilentSource finds pauses of a source that are longer than its pauses at that hour of the week: C1. A pause is found if it
// is longer than Floor and, by more than Floor, than 999 of 1,000 of the pauses that lay over the same hour of other weeks
// in the states that were merged. There are never a thousand weeks, so that this is the longest of them: of any weeks that
// are alike one is the longest, and only what is longer by the margin of Floor stands for the one in a thousand. Pauses
// within holidays are none. One finding is one pause.
type SilentSource struct {
	// Floor is the shortest pause that counts; 0 is an hour.
	Floor time.Duration
	// Calendar says which days are holidays; nil is none.
	Calendar Calendar
	// From and Until bound the time in which events are expected: the pause before the first and after the last counts
	// where they are set.
	From, Until time.Time
	// Zone is the zone of days and weeks.
	Zone ZoneOf
}

func (d SilentSource) floor() time.Duration { return max(cmp.Or(d.Floor, time.Hour), time.Minute) }

// Describe returns what a review records of the detector.
func (d SilentSource) Describe() Description {
	return Description{
		ID: IDSilentSource, Version: 1, Title: "Source that fell silent",
		Parameters: append([]Parameter{{"floor", d.floor().String()}, {"quantile", "0.999"}, {"from", instant(d.From)}, {"until", instant(d.Until)},
			{"zone", d.Zone.name()}}, known("calendar", d.Calendar)...),
		FalsePositives: "Holidays that the calendar does not have; a planned downtime; a first month, which has no other weeks to compare with.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAuditControls},
	}
}

func instant(at time.Time) string {
	if at.IsZero() {
		return "none"
	}
	return hipaasmp.Instant(at).Format(time.RFC3339Nano)
}

type silentState struct {
	SilentSource
	sources map[string]stays
}

func (s *silentState) add(e *met) {
	if e.Recorded.IsZero() {
		return
	}
	had, ok := s.sources[e.Source]
	name := e.Source
	if !ok {
		name = plain(e.Source)
		had = s.sources[name]
	}
	if now := had.see(e, s.floor()); len(now) != len(had) {
		s.sources[name] = now
	}
}

func (s *silentState) merge(other *silentState) {
	for name, theirs := range other.sources {
		mine := s.sources[name]
		for _, x := range theirs {
			mine = mine.join(x, s.floor())
		}
		s.sources[name] = mine
	}
}

func (s *silentState) written() any { return s.sources }

func (s *silentState) read(data []byte) bool {
	if !strict(data, &s.sources) || s.sources == nil {
		return false
	}
	for name, list := range s.sources {
		if !isPlain(name) || len(list) == 0 || !list.sound(s.floor()) {
			return false
		}
	}
	return true
}

// pause is a time without events, with the events at its ends where there are any.
type pause struct {
	from, until time.Time
	refs        []EventRef
}

func (s *silentState) pauses(list stays) []pause {
	var out []pause
	first, last := list[0].First, list[len(list)-1].Last
	if !s.From.IsZero() && first.At.Sub(s.From) > s.floor() {
		out = append(out, pause{hipaasmp.Instant(s.From), first.At, []EventRef{first}})
	}
	for i := 1; i < len(list); i++ {
		out = append(out, pause{list[i-1].Last.At, list[i].First.At, []EventRef{list[i-1].Last, list[i].First}})
	}
	if !s.Until.IsZero() && s.Until.Sub(last.At) > s.floor() {
		out = append(out, pause{last.At, hipaasmp.Instant(s.Until), []EventRef{last}})
	}
	return out
}

func (s *silentState) find(desc Description) []Finding {
	var out []Finding
	for _, name := range slices.Sorted(maps.Keys(s.sources)) {
		list := s.sources[name]
		all := s.pauses(list)
		for _, p := range all {
			long := p.until.Sub(p.from)
			if long <= s.floor() || s.holiday(p) {
				continue
			}
			usual, weeks := s.usual(all, list, p)
			if weeks > 0 && long <= usual+s.floor() {
				continue
			}
			why := fmt.Sprintf("at that hour of the %s it was silent for %s at most in 999 of 1,000; the setting is %s more", plural(weeks, "other week", "other weeks"), usual, s.floor())
			if weeks == 0 {
				why = fmt.Sprintf("no other week is known to compare with; the setting is %s", s.floor())
			}
			severity := SeverityModerate
			if long >= oneDay {
				severity = SeverityHigh
			}
			out = append(out, desc.finding("pause", severity, "", p.refs,
				fmt.Sprintf("the source %s was silent for %s, from %s to %s", named(name, "without a name"), long, p.from.Format(time.RFC3339), p.until.Format(time.RFC3339)), why))
		}
	}
	return out
}

// usual returns the pause that 999 of 1,000 other weeks do not exceed over the middle of the pause, and how many weeks
// there are.
func (s *silentState) usual(all []pause, list stays, p pause) (usual time.Duration, weeks int) {
	middle := p.from.Add(p.until.Sub(p.from) / 2)
	first, last := list[0].First.At, list[len(list)-1].Last.At
	if !s.From.IsZero() {
		first = s.From
	}
	if !s.Until.IsZero() {
		last = s.Until
	}
	var lengths []int
	local := middle.In(s.Zone.at())
	const week = 7 * oneDay
	from, to := -int(min(middle.Sub(first)/week, 520)), int(min(last.Sub(middle)/week, 520)) // ten years at most
	for n := from - 1; n <= to+1; n++ {
		at := local.AddDate(0, 0, 7*n)
		if n == 0 || at.Before(first) || at.After(last) || !at.Before(p.from) && !at.After(p.until) {
			continue
		}
		length := 0
		i, _ := slices.BinarySearchFunc(all, at, func(q pause, at time.Time) int { return q.until.Compare(at) })
		if i < len(all) && !at.Before(all[i].from) {
			length = int(all[i].until.Sub(all[i].from) / time.Second)
		}
		lengths = append(lengths, length)
	}
	return time.Duration(quantile(lengths, 999, 1000)) * time.Second, len(lengths)
}

// holiday reports whether all days of the pause are holidays.
func (s *silentState) holiday(p pause) bool {
	if s.Calendar == nil {
		return false
	}
	for day := s.Zone.date(p.from); !day.After(s.Zone.date(p.until.Add(-time.Microsecond))); day = day.AddDays(1) {
		if _, is := s.Calendar.Holiday("", day); !is {
			return false
		}
	}
	return true
}

func (d SilentSource) rule() summarise[*silentState] {
	return summarise[*silentState]{d.Describe(), func() *silentState { return &silentState{SilentSource: d, sources: map[string]stays{}} }}
}

// New returns the state of no events.
func (d SilentSource) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d SilentSource) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
