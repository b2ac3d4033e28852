package detect

import (
	"cmp"
	"fmt"
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

// fishingState keeps the searches, and of everybody the minutes in which a record was opened: a bit a minute.
type fishingState struct {
	Fishing
	searches markSet[searchMark]
	minutes  map[string]*hours
	known    memo[*hours] // by actor
}

// hours are the minutes of an actor, by hours since 1970 in order.
type hours struct{ list []hourBits }

type hourBits struct {
	hour int32
	set  uint64
}

// of returns the minutes of an hour, 0 for none.
func (h *hours) of(hour int32) uint64 {
	i, had := h.find(hour)
	if !had {
		return 0
	}
	return h.list[i].set
}

func (h *hours) find(hour int32) (int, bool) {
	if h == nil {
		return 0, false
	}
	return slices.BinarySearchFunc(h.list, hour, func(x hourBits, hour int32) int { return cmp.Compare(x.hour, hour) })
}

func (h *hours) add(hour int32, set uint64) {
	if n := len(h.list); n > 0 && h.list[n-1].hour == hour {
		h.list[n-1].set |= set
		return
	}
	i, had := h.find(hour)
	if !had {
		h.list = slices.Insert(h.list, i, hourBits{hour: hour})
	}
	h.list[i].set |= set
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
		mine := s.known.at(e.desk, e.who())
		if *mine == nil {
			*mine = s.of(e.name())
		}
		(*mine).add(minuteBit(e.Recorded))
	}
}

func (s *fishingState) of(actor string) *hours {
	x := s.minutes[actor]
	if x == nil {
		x = &hours{}
		s.minutes[actor] = x
	}
	return x
}

func minuteBit(at time.Time) (hour int32, bit uint64) {
	m := at.Unix() / 60
	if at.Unix() < 0 {
		m = (at.Unix() - 59) / 60
	}
	h := m / 60
	if m < 0 {
		h = (m - 59) / 60
	}
	return int32(h), 1 << uint(m-h*60)
}

func (s *fishingState) merge(other *fishingState) {
	for m := range other.searches.all() {
		s.searches.put(m)
	}
	for actor, theirs := range other.minutes {
		mine := s.of(actor)
		for _, x := range theirs.list {
			mine.add(x.hour, x.set)
		}
	}
}

type fishingWritten struct {
	Searches []searchMark                `json:"searches"`
	Minutes  map[string]map[int32]uint64 `json:"minutes"`
}

func (s *fishingState) written() any {
	minutes := make(map[string]map[int32]uint64, len(s.minutes))
	for actor, x := range s.minutes {
		by := make(map[int32]uint64, len(x.list))
		for _, h := range x.list {
			by[h.hour] = h.set
		}
		minutes[actor] = by
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
		mine := s.of(actor)
		for hour, set := range hours {
			if set == 0 || bits.Len64(set) > 60 {
				return false
			}
			mine.add(hour, set)
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

func (s *fishingState) find(desc Description) []Finding {
	searches, opened, window := s.settings()
	actors, by := groups(s.searches.sorted(), func(m searchMark) string { return m.Actor })
	windows := map[string]map[string][]int{} // role, actor: distinct searches in each aligned window
	for _, actor := range actors {
		role := by[actor][0].Role
		if windows[role] == nil {
			windows[role] = map[string][]int{}
		}
		per := map[int64]map[string]bool{}
		for _, m := range by[actor] {
			n := m.At.UnixNano() / int64(window)
			if per[n] == nil {
				per[n] = map[string]bool{}
			}
			per[n][m.what()] = true
		}
		for _, what := range per {
			windows[role][actor] = append(windows[role][actor], len(what))
		}
	}
	var out []Finding
	for _, actor := range actors {
		run := by[actor]
		stretches := fishingStretches(run, searches, window)
		if len(stretches) == 0 {
			continue
		}
		var others []int
		for name, counts := range windows[run[0].Role] {
			if name != actor && run[0].Role != "" {
				others = append(others, counts...)
			}
		}
		usual := quantile(others, 99, 100)
		for _, c := range stretches {
			part := run[c.from : c.to+1]
			followed := 0
			for _, m := range part {
				if s.followed(m) {
					followed++
				}
			}
			if c.most <= usual || followed*100 >= opened*len(part) {
				continue
			}
			reasons := []string{fmt.Sprintf("up to %d distinct searches within %s, and a record opened after %d of %d", c.most, window, followed, len(part)),
				fmt.Sprintf("the settings are %d searches and %d in 100 opened", searches, opened)}
			if role := run[0].Role; role != "" {
				reasons = append(reasons, fmt.Sprintf("others of the role %q make %d at most in 99 of 100 windows", role, usual))
			}
			out = append(out, desc.finding("search", SeverityModerate, actor, refs(part), reasons...))
		}
	}
	return out
}

// followed reports whether the actor opened a record in the minute of the search or in one of the two after.
func (s *fishingState) followed(m searchMark) bool {
	hours := s.minutes[m.Actor]
	for i := range 3 {
		hour, bit := minuteBit(m.At.Add(time.Duration(i) * time.Minute))
		if hours.of(hour)&bit != 0 {
			return true
		}
	}
	return false
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
		return &fishingState{Fishing: d, minutes: map[string]*hours{}}
	}}
}

// New returns the state of no events.
func (d Fishing) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d Fishing) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
