package detect

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// VolumeDrop finds days on which a source gave far fewer entries than on its days of that kind before: C4. The kind is the
// day of the week, or a holiday. The counts of the last Days of the kind give a negative binomial distribution; a day is
// found if so few or fewer have a probability below P there. Days without any entry between the first and the last count
// as none. The first and the last day of the states are left out: they may be cut. One finding is one source and one day.
type VolumeDrop struct {
	// P is the probability; 0 is 0.0001.
	P float64
	// Days is how many days of the kind before count; 0 is 8.
	Days int
	// History is how many of them there must be; 0 is 3.
	History int
	// Calendar says which days are holidays; nil is none.
	Calendar Calendar
	// Zone is the zone of days.
	Zone ZoneOf
}

func (d VolumeDrop) settings() (p float64, days, history int) {
	return cmp.Or(d.P, 1e-4), max(cmp.Or(d.Days, 8), 1), max(cmp.Or(d.History, 3), 1)
}

// Describe returns what a review records of the detector.
func (d VolumeDrop) Describe() Description {
	p, days, history := d.settings()
	return Description{
		ID: IDVolumeDrop, Version: 1, Title: "Source that gave far fewer entries than usual",
		Parameters: append([]Parameter{{"p", fmt.Sprint(p)}, {"days", strconv.Itoa(days)}, {"history", strconv.Itoa(history)}, {"zone", d.Zone.name()}},
			known("calendar", d.Calendar)...),
		FalsePositives: "Real closures that the calendar does not have; a move to another system.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAuditControls},
	}
}

// dayTotal is how many entries a day has.
type dayTotal struct {
	N     int64    `json:"n"`
	First EventRef `json:"first"`
}

type dropState struct {
	VolumeDrop
	wall    clock
	sources map[string]map[int32]*dayTotal
}

func (s *dropState) of(source string, day int32) *dayTotal {
	days := s.sources[source]
	if days == nil {
		days = map[int32]*dayTotal{}
		s.sources[source] = days
	}
	t := days[day]
	if t == nil {
		t = &dayTotal{}
		days[day] = t
	}
	return t
}

func (s *dropState) add(e *met) {
	if e.Recorded.IsZero() {
		return
	}
	source := e.Source
	if s.sources[source] == nil {
		source = plain(source)
	}
	t := s.of(source, s.wall.dayOf(e.Recorded))
	t.N++
	if t.N == 1 || e.micros() <= microsOf(t.First.At) && e.compare(t.First) < 0 {
		t.First = e.ref()
	}
}

func (s *dropState) merge(other *dropState) {
	for source, days := range other.sources {
		for day, theirs := range days {
			t := s.of(source, day)
			if t.N == 0 || theirs.First.compare(t.First) < 0 {
				t.First = theirs.First
			}
			t.N += theirs.N
		}
	}
}

func (s *dropState) written() any { return s.sources }

func (s *dropState) read(data []byte) bool {
	if !strict(data, &s.sources) || s.sources == nil {
		return false
	}
	for source, days := range s.sources {
		if !isPlain(source) || len(days) == 0 {
			return false
		}
		for day, t := range days {
			if t == nil || t.N < 1 || t.N > 1<<53 || t.First.At.IsZero() || !t.First.sound() || day < -800_000 || day > 3_000_000 {
				return false
			}
		}
	}
	return true
}

func (s *dropState) find(desc Description) []Finding {
	p, span, history := s.settings()
	var out []Finding
	for _, source := range slices.Sorted(maps.Keys(s.sources)) {
		days := s.sources[source]
		order := slices.Sorted(maps.Keys(days))
		if first, last := order[0], order[len(order)-1]; last-first < 100_000 { // a clock that is centuries off is no year of silence
			var before [8][]int
			near := days[first].First
			for day := first + 1; day < last; day++ {
				n := 0
				if t := days[day]; t != nil {
					n, near = int(t.N), t.First
				}
				kind := s.kind(day)
				earlier := before[kind]
				if len(earlier) > span {
					earlier = earlier[len(earlier)-span:]
				}
				if len(earlier) >= history {
					if tail := fitCounts(earlier).lower(n); tail < p {
						severity := SeverityModerate
						if n == 0 {
							severity = SeverityHigh
						}
						out = append(out, desc.finding(source+" "+dateOf(day).String(), severity, "", []EventRef{near},
							fmt.Sprintf("%s gave %s on %s; on the %d days of that kind before it was %.1f on average", named(source, "the source"), plural(n, "entry", "entries"), dateOf(day), len(earlier), mean(earlier)),
							fmt.Sprintf("after such days so few are less likely than %s; the setting is %v", oneIn(tail), p),
							"the finding names the first entry of the day, or of the last day before it that has one"))
						continue // a day that was found is no history
					}
				}
				before[kind] = append(before[kind], n)
			}
		}
	}
	return out
}

// kind is the day of the week, or 7 for a holiday.
func (s *dropState) kind(day int32) int {
	if s.Calendar != nil {
		if _, holiday := s.Calendar.Holiday("", dateOf(day)); holiday {
			return 7
		}
	}
	return (int(day)%7 + 7 + 4) % 7
}

func (d VolumeDrop) rule() summarise[*dropState] {
	return summarise[*dropState]{d.Describe(), func() *dropState {
		return &dropState{VolumeDrop: d, wall: d.Zone.clock(), sources: map[string]map[int32]*dayTotal{}}
	}}
}

// New returns the state of no events.
func (d VolumeDrop) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d VolumeDrop) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
