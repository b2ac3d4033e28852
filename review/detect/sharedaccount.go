package detect

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// SharedAccount finds accounts that several people use: those with a generic name, and those with sessions that run at the
// same time on different machines: R18. One finding is one account and one of the two reasons. An account that several
// people share is itself against 164.312(a)(2)(i). The log must name sessions and machines for the second.
type SharedAccount struct {
	// Generic are names of accounts that belong to nobody, without regard to case and to digits behind them; nil is
	// [GenericNames].
	Generic []string
}

// GenericNames are names of accounts that belong to nobody in particular.
func GenericNames() []string {
	return []string{"admin", "administrator", "cart", "clinic", "desk", "frontdesk", "generic", "guest", "kiosk", "nurse", "office",
		"reception", "registration", "root", "shared", "station", "student", "temp", "test", "training", "user", "workstation"}
}

func (d SharedAccount) generic() []string {
	if d.Generic == nil {
		return GenericNames()
	}
	return slices.Sorted(slices.Values(d.Generic))
}

// Describe returns what a review records of the detector.
func (d SharedAccount) Describe() Description {
	return Description{
		ID: IDSharedAccount, Version: 1, Title: "Account that several people use",
		Parameters:     []Parameter{{"generic", plain(named(strings.Join(d.generic(), ", "), "none"))}},
		FalsePositives: "A person who leaves a session open at one machine and goes on at another; a gateway that shows as a machine of its own.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteUniqueUser},
	}
}

// sessionSpan is what is kept of one session.
type sessionSpan struct {
	stay
	Hosts []string `json:"hosts"` // in order, each once
}

// sharedState keeps of every actor the sessions, and of generic ones the stretches of use.
type sharedState struct {
	names    map[string]bool
	sessions map[string]map[string]*sessionSpan
	generic  map[string]stays
}

func (s *sharedState) add(e *activity.Event) {
	if e.Actor.ID == "" || e.Recorded.IsZero() || e.Actor.Kind == activity.ActorService || e.Outcome != activity.OutcomeSuccess {
		return
	}
	if s.isGeneric(e.Actor.ID) {
		id := plain(e.Actor.ID)
		s.generic[id] = s.generic[id].see(e, oneDay)
	}
	host := cmp.Or(e.From.Host, e.From.Addr)
	if e.Session == "" || host == "" {
		return
	}
	by := s.sessions[e.Actor.ID]
	if by == nil {
		id := plain(e.Actor.ID)
		if by = s.sessions[id]; by == nil {
			by = map[string]*sessionSpan{}
			s.sessions[id] = by
		}
	}
	r := Ref(*e)
	session := plain(e.Session)
	span := by[session]
	if span == nil {
		span = &sessionSpan{stay: stay{r, r}}
		by[session] = span
	}
	span.extend(stay{r, r}, plain(host))
}

func (x *sessionSpan) extend(by stay, hosts ...string) {
	if by.First.compare(x.First) < 0 {
		x.First = by.First
	}
	if by.Last.compare(x.Last) > 0 {
		x.Last = by.Last
	}
	for _, h := range hosts {
		if i, had := slices.BinarySearch(x.Hosts, h); !had {
			x.Hosts = slices.Insert(x.Hosts, i, h)
		}
	}
}

// isGeneric reports whether the name without its digits is one of the generic ones.
func (s *sharedState) isGeneric(id string) bool {
	end := len(id)
	for end > 0 && (id[end-1] >= '0' && id[end-1] <= '9' || id[end-1] == '-' || id[end-1] == '_') {
		end--
	}
	if end == 0 || end > 64 {
		return false
	}
	var low [64]byte
	for i := range end {
		low[i] = id[i]
		if low[i] >= 'A' && low[i] <= 'Z' {
			low[i] += 'a' - 'A'
		}
	}
	return s.names[string(low[:end])]
}

func (s *sharedState) merge(other *sharedState) {
	for actor, theirs := range other.generic {
		mine := s.generic[actor]
		for _, x := range theirs {
			mine = mine.join(x, oneDay)
		}
		s.generic[actor] = mine
	}
	for actor, theirs := range other.sessions {
		mine := s.sessions[actor]
		if mine == nil {
			mine = map[string]*sessionSpan{}
			s.sessions[actor] = mine
		}
		for id, x := range theirs {
			if mine[id] == nil {
				mine[id] = &sessionSpan{stay: x.stay}
			}
			mine[id].extend(x.stay, x.Hosts...)
		}
	}
}

type sharedWritten struct {
	Generic  map[string]stays                   `json:"generic"`
	Sessions map[string]map[string]*sessionSpan `json:"sessions"`
}

func (s *sharedState) written() any { return sharedWritten{s.generic, s.sessions} }

func (s *sharedState) read(data []byte) bool {
	var in sharedWritten
	if !strict(data, &in) || in.Generic == nil || in.Sessions == nil {
		return false
	}
	for actor, list := range in.Generic {
		if !isPlain(actor) || len(list) == 0 || !list.sound(oneDay) {
			return false
		}
	}
	for actor, by := range in.Sessions {
		if actor == "" || !isPlain(actor) || len(by) == 0 {
			return false
		}
		for id, x := range by {
			if !isPlain(id) || x == nil || !(stays{x.stay}).sound(0) || len(x.Hosts) == 0 || !slices.IsSorted(x.Hosts) || len(slices.Compact(slices.Clone(x.Hosts))) != len(x.Hosts) {
				return false
			}
		}
	}
	s.generic, s.sessions = in.Generic, in.Sessions
	return true
}

func (s *sharedState) find(desc Description) []Finding {
	var out []Finding
	for _, actor := range slices.Sorted(maps.Keys(s.generic)) {
		var seen []EventRef
		for _, x := range s.generic[actor] {
			seen = append(seen, x.First, x.Last)
		}
		seen = unique(seen)
		out = append(out, desc.finding("generic", SeverityLow, actor, seen, "the name of the account is that of nobody in particular",
			fmt.Sprintf("it was used from %s to %s", seen[0].At.Format(time.RFC3339), seen[len(seen)-1].At.Format(time.RFC3339))))
	}
	for _, actor := range slices.Sorted(maps.Keys(s.sessions)) {
		out = append(out, together(desc, actor, s.sessions[actor])...)
	}
	return out
}

// together finds sessions of one actor that ran at the same time on different machines.
func together(desc Description, actor string, by map[string]*sessionSpan) []Finding {
	if len(by) < 2 {
		return nil
	}
	all := slices.SortedFunc(maps.Values(by), func(a, b *sessionSpan) int { return a.First.compare(b.First) })
	var open []*sessionSpan
	var seen []EventRef
	var hosts []string
	n := 0
	for _, b := range all {
		open = slices.DeleteFunc(open, func(a *sessionSpan) bool { return !a.Last.At.After(b.First.At) })
		for _, a := range open {
			if overlap(a.Hosts, b.Hosts) {
				continue
			}
			n++
			if len(seen) < 2*MaxEvents {
				seen = append(seen, a.First, b.First)
			}
			hosts = append(hosts, a.Hosts[0], b.Hosts[0])
		}
		open = append(open, b)
	}
	if n == 0 {
		return nil
	}
	slices.Sort(hosts)
	hosts = slices.Compact(hosts)
	return []Finding{desc.finding("sessions", SeverityModerate, actor, unique(seen),
		fmt.Sprintf("sessions of the account ran at the same time on different machines, %s", plural(n, "pair of them", "pairs of them")),
		fmt.Sprintf("on %s, among them %s", plural(len(hosts), "machine", "machines"), strings.Join(hosts[:min(len(hosts), 5)], ", ")))}
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

func (d SharedAccount) rule() summarise[*sharedState] {
	names := map[string]bool{}
	for _, n := range d.generic() {
		names[strings.ToLower(n)] = true
	}
	return summarise[*sharedState]{d.Describe(), func() *sharedState {
		return &sharedState{names: names, sessions: map[string]map[string]*sessionSpan{}, generic: map[string]stays{}}
	}}
}

// New returns the state of no events.
func (d SharedAccount) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d SharedAccount) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
