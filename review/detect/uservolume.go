package detect

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Volume is what the detectors of volume count: distinct patients by actor and day, attempts that were refused included.
type Volume struct {
	// Zone is the zone of days.
	Zone ZoneOf
	// Limit is the most that is kept of one actor and day, in bytes; 0 is no limit, and then counts are exact. With a limit
	// only a sketch of that size is kept, and findings of more patients than fit say that they are approximate. Less than
	// 512 is 512.
	Limit int
	// Memory is the most that is kept of the patients of all actors and days together, in bytes, where there is no Limit; 0
	// is no limit, and then counts are exact. Beyond it only some patients of each actor are kept, drawn by digests, from which all
	// counts are estimated, and findings say that they are approximate. Less than 4,096 is 4,096. What is kept of the
	// days themselves, some 60 bytes of each day of an actor, is not part of it.
	Memory int
}

// memberBytes is what a member of a set takes at most where sets are of a usual size.
const memberBytes = 3

// members is how many members Memory leaves room for; 0 is any number.
func (v Volume) members() int {
	if v.Memory <= 0 || v.Limit > 0 {
		return 0
	}
	return max(v.Memory, 1<<12) / memberBytes
}

func (v Volume) hashes() int {
	if v.Limit <= 0 {
		return 0
	}
	return max(v.Limit, 512) / 8
}

func (v Volume) parameters() []Parameter {
	limit := "none, exact"
	if v.hashes() > 0 {
		limit = fmt.Sprintf("%d bytes, approximate above %d", 8*v.hashes(), v.hashes()-1)
	}
	return append([]Parameter{{"zone", v.Zone.name()}, {"limit", limit}}, limited("memory", v.members(), "members")...)
}

// limited are the parameters of a detector that keeps so many at most; none where there is no limit.
func limited(name string, most int, what string) []Parameter {
	if most == 0 {
		return nil
	}
	return []Parameter{{name, fmt.Sprintf("%d %s, approximate above", most, what)}}
}

// touched reports whether the event is about patients in a way that counts as volume. Attempts that were refused count:
// who tries many records is as worth a look as who opens them.
func touched(e *met) bool {
	return len(e.Patients) > 0 && e.Actor.ID != "" && !e.Recorded.IsZero() && e.Action != activity.ActionLogin
}

// volumeState keeps the sets of patients by actor and day.
type volumeState struct {
	sets     *daySets
	wall     clock
	subjects memo[uint32]        // by actor: the number in sets plus 1
	patients memo[uint32]        // by patient likewise
	alts     map[string][]string // by actor the second identities in order; nil where nobody asks for them
	alt      memo[bool]          // by actor: it is in alts
	what     func(*volumeState, Description) []Finding
}

func (s *volumeState) add(e *met) {
	if !touched(e) {
		return
	}
	c := s.sets.see(s.sets.actor(&s.subjects, e), s.wall.dayOf(e.Recorded), e)
	for i := range e.Patients {
		s.sets.touch(c, &s.patients, e, i)
	}
	if s.alts != nil && e.Actor.AltID != "" {
		if had := s.alt.at(e.desk, e.who()); !*had {
			*had = true
			s.alias(e.name(), plain(strings.Clone(e.Actor.AltID)))
		}
	}
}

// alias takes a second identity of an actor.
func (s *volumeState) alias(actor, alt string) {
	list := s.alts[actor]
	if i, had := slices.BinarySearch(list, alt); !had {
		s.alts[actor] = slices.Insert(list, i, alt)
	}
}

// actor returns the number of the event's actor as a subject.
func (s *daySets) actor(known *memo[uint32], e *met) uint32 {
	n := known.at(e.desk, e.who())
	if *n == 0 {
		*n = s.subject(e.name()) + 1
	}
	return *n - 1
}

// touch puts the i-th patient of the event into a cell.
func (s *daySets) touch(c uint32, known *memo[uint32], e *met, i int) {
	p := e.patient(i)
	if s.limit > 0 {
		s.hash(c, hashOf(e.desk.patients.text(p)))
		return
	}
	s.attach(e.desk)
	if s.desk == e.desk {
		s.put(c, p)
		return
	}
	s.detach()
	n := known.at(e.desk, int(p))
	if *n == 0 {
		*n = s.thing(e.desk.patients.text(p)) + 1
	}
	s.put(c, *n-1)
}

func (s *volumeState) merge(other *volumeState) {
	s.sets.merge(other.sets)
	for actor, list := range other.alts {
		for _, alt := range list {
			s.alias(actor, alt)
		}
	}
}

type volumeWritten struct {
	daySetsWritten
	Alts map[string][]string `json:"alts,omitempty"`
}

func (s *volumeState) written() any { return volumeWritten{s.sets.written(), s.alts} }

func (s *volumeState) read(data []byte) bool {
	var in volumeWritten
	if !strict(data, &in) || !s.sets.read(in.daySetsWritten) || s.alts == nil && in.Alts != nil {
		return false
	}
	for actor, list := range in.Alts {
		if _, known := in.Subjects[actor]; !known || len(list) == 0 {
			return false
		}
		for _, alt := range list {
			if alt == "" || !isPlain(alt) {
				return false
			}
			s.alias(actor, alt)
		}
	}
	return true
}

func (s *volumeState) approximate() string { return s.sets.approximate() }

func (s *volumeState) find(desc Description) []Finding { return s.what(s, desc) }

// approximately marks a figure that was estimated.
func approximately(n int, approximate bool) string {
	if approximate {
		return "approximately " + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// UserVolume finds days on which an actor touched far more patients than on the actor's other days: S1. The days of the
// same class (working day or not) of the last Days days before give a negative binomial distribution; a day is found if so
// many or more have a probability below P there and are Floor or more. The fewer the days are, the wider the distribution
// is taken to be. One finding is one actor and one day.
type UserVolume struct {
	Volume
	// Calendar says which days are holidays; nil knows weekends only.
	Calendar Calendar
	// P is the probability; 0 is 0.001.
	P float64
	// Floor is how many patients are many at least; 0 is 20.
	Floor int
	// Days is how many earlier days of the class count; 0 is 56.
	Days int
	// History is how many of them the log must have before anything is found; 0 is 5.
	History int
}

func (d UserVolume) settings() (p float64, floor, days, history int) {
	return cmp.Or(d.P, 1e-3), cmp.Or(d.Floor, 20), max(cmp.Or(d.Days, 56), 1), max(cmp.Or(d.History, 5), 1)
}

// Describe returns what a review records of the detector.
func (d UserVolume) Describe() Description {
	p, floor, days, history := d.settings()
	return Description{
		ID: IDUserVolume, Version: 2, Title: "Many more patients in a day than usual for the user",
		Parameters: append(append(known("calendar", d.Calendar), Parameter{"p", fmt.Sprint(p)}, Parameter{"floor", strconv.Itoa(floor)},
			Parameter{"days", strconv.Itoa(days)}, Parameter{"history", strconv.Itoa(history)}), d.Volume.parameters()...),
		FalsePositives: "A day of catching up, a mass recall, a new duty, a report that opens many records at once.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAccessAuthorization},
	}
}

// working reports the class of a day.
func working(day int32, calendar Calendar, site string) bool {
	if w := time.Weekday((int(day)%7 + 7 + 4) % 7); w == time.Saturday || w == time.Sunday {
		return false
	}
	if calendar == nil {
		return true
	}
	_, holiday := calendar.Holiday(site, dateOf(day))
	return !holiday
}

func (d UserVolume) find(s *volumeState, desc Description) []Finding {
	p, floor, span, history := d.settings()
	size := s.sets.sizes()
	var out []Finding
	for _, actor := range s.sets.inOrder() {
		var counts, held [2][]int // of the days before, by class; held are found days that are no history yet
		for _, c := range s.sets.days[actor.number].cells {
			x := s.sets.cells.at(c)
			n, rough := size(c)
			class := 0
			if working(x.day, d.Calendar, "") {
				class = 1
			}
			before := counts[class]
			if len(before) > span {
				before = before[len(before)-span:]
			}
			tail := 1.0
			if n >= floor && len(before) >= history {
				tail = fitFew(before).upper(n)
			}
			if tail >= p {
				counts[class], held[class] = append(counts[class], n), nil
				continue
			}
			if held[class] = append(held[class], n); len(held[class]) == 2 {
				counts[class], held[class] = append(counts[class], held[class]...), nil
			}
			out = append(out, desc.finding("day\x00"+dateOf(x.day).String(), rank(tail, p), actor.name, []EventRef{s.sets.first(c)},
				fmt.Sprintf("%s distinct patients on %s; on the %d days of that kind before it was %.1f on average", approximately(n, rough), dateOf(x.day), len(before), mean(before)),
				fmt.Sprintf("after such days so many are less likely than %s; the setting is %v and %d patients", oneIn(tail), p, floor),
				"the finding names the first event of the day"))
		}
	}
	return out
}

// rank is low, or moderate where the tail is a thousandth of the setting.
func rank(tail, p float64) Severity {
	if tail < p/1000 {
		return SeverityModerate
	}
	return SeverityLow
}

func fitCounts(counts []int) overdispersed {
	var sum, squares float64
	for _, n := range counts {
		sum += float64(n)
		squares += float64(n) * float64(n)
	}
	return fit(len(counts), sum, squares)
}

// fitFew fits counts of which there may be few. Their spread is not known well then, and is taken to be wider: by 1 + 100/n²,
// which is five times the variance for five days, a quarter more for twenty, and nothing to speak of for fifty.
func fitFew(counts []int) overdispersed {
	d, n := fitCounts(counts), float64(len(counts))
	variance := float64((d.mean + float64(d.mean*d.mean)/d.size) * (1 + 100/float64(n*n)))
	return overdispersed{mean: d.mean, size: float64(d.mean*d.mean) / (variance - d.mean)}
}

func mean(counts []int) float64 {
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return float64(sum) / float64(max(len(counts), 1))
}

func (d UserVolume) rule() summarise[*volumeState] { return d.Volume.rule(d.Describe(), d.find) }

func (v Volume) rule(desc Description, find func(*volumeState, Description) []Finding) summarise[*volumeState] {
	return summarise[*volumeState]{desc, func() *volumeState {
		return &volumeState{sets: newDaySets(v), wall: v.Zone.clock(), what: find}
	}}
}

// Counts returns the distinct patients of every actor and day in a state of this detector, and whether one of the counts
// is approximate. The error is a [*StateError].
func (d UserVolume) Counts(p Partial) (counts []DayCount, approximate bool, err error) {
	s, ok := p.(*partial[*volumeState])
	if !ok || s.desc.ID != IDUserVolume {
		return nil, false, &StateError{Detector: IDUserVolume, Why: "it is of another detector"}
	}
	size := s.sum.sets.sizes()
	for _, actor := range s.sum.sets.inOrder() {
		for _, c := range s.sum.sets.days[actor.number].cells {
			n, rough := size(c)
			approximate = approximate || rough
			counts = append(counts, DayCount{Actor: actor.name, Day: dateOf(s.sum.sets.cells.at(c).day), Patients: n})
		}
	}
	return counts, approximate, nil
}

// Totals returns the distinct patients of every actor over all days in an exact state of this detector. The error is a
// [*StateError]; a state that is approximate has no totals.
func (d UserVolume) Totals(p Partial) ([]ActorCount, error) {
	s, ok := p.(*partial[*volumeState])
	if !ok || s.desc.ID != IDUserVolume || s.sum.sets.limit > 0 || s.sum.sets.scale() > 1 {
		return nil, &StateError{Detector: IDUserVolume, Why: "it is of another detector, or approximate"}
	}
	var out []ActorCount
	mark := make([]int, s.sum.sets.things.len())
	things, from := s.sum.sets.grouped()
	for i, actor := range s.sum.sets.inOrder() {
		sum := ActorCount{Actor: actor.name}
		for _, c := range s.sum.sets.days[actor.number].cells {
			for _, n := range things[from[c]:from[c+1]] {
				if mark[n] != i+1 {
					mark[n] = i + 1
					sum.Count++
				}
			}
		}
		out = append(out, sum)
	}
	return out, nil
}

// DayCount is the number of distinct patients of one actor and day.
type DayCount struct {
	// Actor is the identity as the log has it.
	Actor string
	// Day is the day in the detector's zone.
	Day hipaasmp.Date
	// Patients is the number of distinct patients.
	Patients int
}

// New returns the state of no events.
func (d UserVolume) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d UserVolume) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
