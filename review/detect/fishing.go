package detect

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Fishing finds people who search for many patients and open few: R19. It is a stretch in which every window holds Searches
// distinct searches or more, more than 99 of 100 windows of other actors of the role where the role is known, and fewer than Opened of the
// searches were followed by an opening. A search is followed if the actor touched a record in the same minute or in one
// of the two after. Events do not say whether a name was given in part; searches are distinct by what they looked for.
type Fishing struct {
	// People says who has which role; whose role is not known is compared with nobody.
	People People
	// Searches is how many are many; 0 is 15.
	Searches int
	// Opened is the share in percent below which few were opened; 0 is 20.
	Opened int
	// Window is how long a window is; 0 is 15 minutes.
	Window time.Duration
}

func (d Fishing) settings() (searches, opened int, window time.Duration) {
	return max(cmp.Or(d.Searches, 15), 2), cmp.Or(d.Opened, 20), max(cmp.Or(d.Window, 15*time.Minute), time.Minute)
}

// Describe returns what a review records of the detector.
func (d Fishing) Describe() Description {
	searches, opened, window := d.settings()
	return Description{
		ID: IDFishing, Version: 1, Title: "Many searches, few records opened",
		Parameters: append(known("people", d.People), Parameter{"searches", strconv.Itoa(searches)}, Parameter{"opened", strconv.Itoa(opened) + " %"},
			Parameter{"window", window.String()}, Parameter{"quantile", "0.99"}),
		FalsePositives: "Registrars, who search all day: they are compared with their role. Programs that match lists.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAccessAuthorization},
	}
}

type searchMark struct {
	EventRef
	Actor string `json:"actor,omitempty"`
	Role  string `json:"role,omitempty"`
	Query string `json:"query,omitempty"`
}

// fishingState keeps the searches, and of everybody the minutes in which a record was opened.
type fishingState struct {
	Fishing
	searches markSet[searchMark]
	actors   names        // by what states call them
	known    memo[uint32] // by actor: the number in actors plus 1
	minutes  packed       // the number of an actor plus 1, and a minute, see [minuteSince]
	key      []byte
}

func (s *fishingState) add(e *met) {
	if e.Recorded.IsZero() || e.Actor.ID == "" {
		return
	}
	switch e.Action {
	case activity.ActionSearch:
		m := searchMark{EventRef: e.ref(), Actor: e.name()}
		if s.People != nil {
			if p, ok := e.person(s.People); ok {
				m.Role = plain(p.Role)
			}
		}
		switch {
		case e.Object.ID != "":
			m.Query = chart([]activity.Patient{{ID: e.Object.ID}})
		case len(e.Patients) == 1:
			m.Query = e.chart(0)
		default:
			m.Query = chart(e.Patients)
		}
		s.searches.put(m)
	case activity.ActionRead, activity.ActionUpdate, activity.ActionCreate, activity.ActionPrint, activity.ActionExport, activity.ActionOverride:
		if len(e.Patients) == 0 || e.Outcome != activity.OutcomeSuccess {
			return
		}
		n := s.known.at(e.desk, e.who())
		if *n == 0 {
			*n = s.actor(e.name()) + 1
		}
		s.minutes.add(uint64(*n)<<32 | uint64(minuteSince(e.Recorded)))
	}
}

// actor returns the number of an actor. It is made if need be.
func (s *fishingState) actor(name string) uint32 {
	s.key = append(s.key[:0], name...)
	n, _ := s.actors.number(s.key)
	return n
}

const (
	firstMinute = 1_035_593_280 // the minute in which 1970 began, from year 1
	anHour      = 60
)

// minuteSince numbers the minutes from year 1. What lies after the year 8000 counts as the last.
func minuteSince(at time.Time) uint32 {
	m := at.Unix() / 60
	if at.Unix() < 0 {
		m = (at.Unix() - 59) / 60
	}
	return uint32(min(max(m+firstMinute, 0), math.MaxUint32))
}

// hourBit returns the hour since 1970 of a minute, and its bit in the hour.
func hourBit(minute uint32) (hour int32, bit uint64) {
	return int32(minute/anHour) - firstMinute/anHour, 1 << (minute % anHour)
}

func (s *fishingState) merge(other *fishingState) {
	for m := range other.searches.all() {
		s.searches.put(m)
	}
	number := make([]uint64, other.actors.len())
	for n := range uint32(len(number)) {
		number[n] = uint64(s.actor(string(other.actors.text(n)))) + 1
	}
	for k := range other.minutes.all() {
		s.minutes.add(number[k>>32-1]<<32 | k&math.MaxUint32)
	}
}

type fishingWritten struct {
	Searches []searchMark                `json:"searches"`
	Minutes  map[string]map[int32]uint64 `json:"minutes"` // by actor and hour since 1970: a bit a minute
}

func (s *fishingState) written() any {
	minutes := make(map[string]map[int32]uint64, s.actors.len())
	for k := range s.minutes.all() {
		actor := string(s.actors.text(uint32(k>>32) - 1))
		if minutes[actor] == nil {
			minutes[actor] = map[int32]uint64{}
		}
		hour, bit := hourBit(uint32(k))
		minutes[actor][hour] |= bit
	}
	return fishingWritten{s.searches.sorted(), minutes}
}

func (s *fishingState) read(data []byte) bool {
	var in fishingWritten
	if !strict(data, &in) || in.Minutes == nil {
		return false
	}
	for _, m := range in.Searches {
		if m.At.IsZero() || !m.sound() || !isPlain(m.Actor) || !isPlain(m.Role) || !isPlain(m.Query) {
			return false
		}
		s.searches.put(m)
	}
	for actor, hours := range in.Minutes {
		if !isPlain(actor) || len(hours) == 0 {
			return false
		}
		n := uint64(s.actor(actor)) + 1
		for hour, set := range hours {
			first := int64(hour)*anHour + firstMinute
			if set == 0 || bits.Len64(set) > anHour || first < 0 || first+int64(bits.Len64(set)) > math.MaxUint32+1 {
				return false
			}
			for ; set != 0; set &= set - 1 {
				s.minutes.add(n<<32 | uint64(first+int64(bits.TrailingZeros64(set))))
			}
		}
	}
	return true
}

// what a search is counted by: what it looked for, or itself where the log does not say.
func (m searchMark) what() string {
	if m.Query != "" {
		return m.Query
	}
	return "\x00" + m.identity()
}

// opened are the minutes of actors in which they opened records, in order.
type opened struct {
	state   *fishingState
	minutes []uint32
	from    []uint32 // by actor
}

func (s *fishingState) opened() *opened {
	o := &opened{state: s, minutes: make([]uint32, 0, s.minutes.len())}
	for k := range s.minutes.all() {
		for uint64(len(o.from)) < k>>32 {
			o.from = append(o.from, uint32(len(o.minutes)))
		}
		o.minutes = append(o.minutes, uint32(k))
	}
	for len(o.from) <= s.actors.len() {
		o.from = append(o.from, uint32(len(o.minutes)))
	}
	return o
}

// after reports whether the actor opened a record in the minute of the search or in one of the two after.
func (o *opened) after(m searchMark) bool {
	n, known := o.state.actors.find([]byte(m.Actor))
	if !known {
		return false
	}
	list, first := o.minutes[o.from[n]:o.from[n+1]], minuteSince(m.At)
	i, _ := slices.BinarySearch(list, first)
	return i < len(list) && list[i]-first < 3
}

func (s *fishingState) find(desc Description) []Finding {
	searches, few, window := s.settings()
	type counted struct {
		actor string
		sizes []int // distinct searches in each aligned window
	}
	windows := map[string][]counted{} // by role
	byActor := func(m searchMark) string { return m.Actor }
	for actor, run := range s.searches.by(byActor) {
		if actor == "" {
			continue
		}
		per := map[int64]map[string]bool{}
		for _, m := range run {
			n := m.At.UnixNano() / int64(window)
			if per[n] == nil {
				per[n] = map[string]bool{}
			}
			per[n][m.what()] = true
		}
		c := counted{actor: actor}
		for _, what := range per {
			c.sizes = append(c.sizes, len(what))
		}
		windows[run[0].Role] = append(windows[run[0].Role], c)
	}
	open := s.opened()
	var out []Finding
	for actor, run := range s.searches.by(byActor) {
		stretches := fishingStretches(run, searches, window)
		if len(stretches) == 0 || actor == "" {
			continue
		}
		role := run[0].Role
		var others []int
		for _, c := range windows[role] {
			if c.actor != actor && role != "" {
				others = append(others, c.sizes...)
			}
		}
		usual := quantile(others, 99, 100)
		for _, c := range stretches {
			part := run[c.from : c.to+1]
			followed := 0
			for _, m := range part {
				if open.after(m) {
					followed++
				}
			}
			if c.most <= usual || followed*100 >= few*len(part) {
				continue
			}
			reasons := []string{fmt.Sprintf("up to %d distinct searches within %s, and a record opened after %d of %d", c.most, window, followed, len(part)),
				fmt.Sprintf("the settings are %d searches and %d in 100 opened", searches, few)}
			if role != "" {
				reasons = append(reasons, fmt.Sprintf("others of the role %q make %d at most in 99 of 100 windows", role, usual))
			}
			out = append(out, desc.finding("search", SeverityModerate, actor, refs(part), reasons...))
		}
	}
	return out
}

func fishingStretches(run []searchMark, least int, window time.Duration) []crowd {
	marks := make([]accessMark, len(run))
	for i, m := range run {
		marks[i] = accessMark{EventRef: m.EventRef, Actor: m.what()}
	}
	return crowds(marks, least, window)
}

func (d Fishing) rule() summarise[*fishingState] {
	return summarise[*fishingState]{d.Describe(), func() *fishingState {
		return &fishingState{Fishing: d}
	}}
}

// New returns the state of no events.
func (d Fishing) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d Fishing) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
