package detect

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
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
	// Limit is the most memory for sessions, in bytes; 0 is no limit, and then all are kept. With a limit only the sessions
	// of some accounts are kept, drawn by a digest of their names, and findings say that they are approximate: which
	// accounts share, not how many. Less than 4,096 is 4,096.
	Limit int
}

// sessions is how many sessions the limit leaves room for.
func (d SharedAccount) sessions() int {
	if d.Limit <= 0 {
		return 0
	}
	return max(d.Limit, 1<<12) / sessionBytes
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
		Parameters:     append([]Parameter{{"generic", plain(named(strings.Join(d.generic(), ", "), "none"))}}, limited("limit", d.sessions(), "sessions")...),
		FalsePositives: "A person who leaves a session open at one machine and goes on at another; a gateway that shows as a machine of its own.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteUniqueUser},
	}
}

// sharedState keeps of every actor the sessions, and of generic ones the stretches of use.
type sharedState struct {
	names    map[string]bool
	generic  map[string]*stays
	known    memo[sharedActor]
	sessions sessionSet
}

// sharedActor is what the state has of an actor.
type sharedActor struct {
	asked   bool
	actor   uint32 // plus 1
	generic *stays
}

func (s *sharedState) add(e *met) {
	if e.Actor.ID == "" || e.Recorded.IsZero() || e.Actor.Kind == activity.ActorService || e.Outcome != activity.OutcomeSuccess {
		return
	}
	host := cmp.Or(e.From.Host, e.From.Addr)
	who := s.known.at(e.desk, e.who())
	if !who.asked {
		who.asked = true
		if s.isGeneric(e.Actor.ID) {
			who.generic = s.use(e.name())
		}
	}
	if who.generic != nil {
		*who.generic = who.generic.see(e, oneDay)
	}
	if e.Session == "" || host == "" {
		return
	}
	if who.actor == 0 {
		who.actor = s.sessions.actor(e.name()) + 1
	}
	s.sessions.room()
	if s.sessions.left(who.actor - 1) {
		return
	}
	n := s.sessions.session(who.actor-1, plain(e.Session))
	s.sessions.see(n, e)
	s.sessions.at(n, plain(host))
}

// use returns the stretches of use of a generic account.
func (s *sharedState) use(actor string) *stays {
	x := s.generic[actor]
	if x == nil {
		x = &stays{}
		s.generic[actor] = x
	}
	return x
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
		mine := s.use(actor)
		for _, x := range *theirs {
			*mine = mine.join(x, oneDay)
		}
	}
	s.sessions.merge(&other.sessions)
}

type sharedWritten struct {
	Generic  map[string]*stays                    `json:"generic"`
	Sessions map[string]map[string]sessionWritten `json:"sessions"`
	Below    string                               `json:"below,omitempty"` // with a limit: only actors with lower hashes are kept
}

type sessionWritten struct {
	First EventRef  `json:"first"`
	Until time.Time `json:"until"`
	Hosts []string  `json:"hosts"` // in order, each once
}

func (s *sharedState) written() any {
	sessions := map[string]map[string]sessionWritten{}
	x := &s.sessions
	x.trim()
	for i := range x.n {
		actor := string(x.actors.text(x.span(i).actor))
		if sessions[actor] == nil {
			sessions[actor] = map[string]sessionWritten{}
		}
		sessions[actor][string(x.name(i))] = sessionWritten{x.first(i), time.UnixMicro(x.until(i)).UTC(), x.hostsOf(i)}
	}
	out := sharedWritten{Generic: s.generic, Sessions: sessions}
	if x.below != 0 {
		out.Below = fmt.Sprintf("%016x", x.below)
	}
	return out
}

func (s *sharedState) read(data []byte) bool {
	var in sharedWritten
	if !strict(data, &in) || in.Generic == nil || in.Sessions == nil {
		return false
	}
	if in.Below != "" {
		below, err := strconv.ParseUint(in.Below, 16, 64)
		if err != nil || s.sessions.most == 0 || below == 0 {
			return false
		}
		s.sessions.leave(below)
	}
	for actor, list := range in.Generic {
		if !isPlain(actor) || list == nil || len(*list) == 0 || !list.sound(oneDay) {
			return false
		}
	}
	for actor, by := range in.Sessions {
		if actor == "" || !isPlain(actor) || len(by) == 0 {
			return false
		}
		for id, x := range by {
			if id == "" || !isPlain(id) || !x.First.sound() || x.First.At.IsZero() || x.Until.Before(x.First.At) || x.Until != hipaasmp.Instant(x.Until) || len(x.Hosts) == 0 ||
				slices.ContainsFunc(x.Hosts, func(h string) bool { return h == "" || !isPlain(h) }) {
				return false
			}
			s.sessions.take(actor, id, x.First, x.Until.UnixMicro(), x.Hosts)
		}
	}
	s.generic = in.Generic
	return true
}

func (s *sharedState) find(desc Description) []Finding {
	var out []Finding
	for _, actor := range slices.Sorted(maps.Keys(s.generic)) {
		var seen []EventRef
		for _, x := range *s.generic[actor] {
			seen = append(seen, x.First, x.Last)
		}
		seen = unique(seen)
		out = append(out, desc.finding("generic", SeverityLow, actor, seen, "the name of the account is that of nobody in particular",
			fmt.Sprintf("it was used from %s to %s", seen[0].At.Format(time.RFC3339), seen[len(seen)-1].At.Format(time.RFC3339))))
	}
	x := &s.sessions
	x.trim()
	by := make([]uint32, 0, x.n)
	for i := range x.n {
		by = append(by, i)
	}
	slices.SortFunc(by, func(a, b uint32) int { return cmp.Compare(x.span(a).actor, x.span(b).actor) })
	for len(by) > 0 {
		actor, n := x.span(by[0]).actor, 1
		for n < len(by) && x.span(by[n]).actor == actor {
			n++
		}
		out = append(out, x.together(desc, string(x.actors.text(actor)), by[:n])...)
		by = by[n:]
	}
	return out
}

// approximate says what the state leaves out.
func (s *sharedState) approximate() string { return s.sessions.approximate() }

// openSession is a session that has not ended where another one begins.
type openSession struct {
	number uint32
	hosts  []string
}

// together finds sessions of one actor that ran at the same time on different machines.
func (s *sessionSet) together(desc Description, actor string, sessions []uint32) []Finding {
	if len(sessions) < 2 {
		return nil
	}
	slices.SortFunc(sessions, func(a, b uint32) int {
		return cmp.Or(s.compare(a, b), bytes.Compare(s.name(a), s.name(b)))
	})
	var open []openSession
	var seen []EventRef
	var hosts []string
	n := 0
	for _, b := range sessions {
		first := s.span(b).at
		open = slices.DeleteFunc(open, func(a openSession) bool { return s.until(a.number) <= first })
		var own []string
		for i := range open {
			a := &open[i]
			if s.span(b).host == s.span(a.number).host {
				continue
			}
			if a.hosts == nil {
				a.hosts = s.hostsOf(a.number)
			}
			if own == nil {
				own = s.hostsOf(b)
			}
			if overlap(a.hosts, own) {
				continue
			}
			n++
			if len(seen) < 2*MaxEvents {
				seen = append(seen, s.first(a.number), s.first(b))
			}
			hosts = append(hosts, a.hosts[0], own[0])
		}
		open = append(open, openSession{number: b})
	}
	if n == 0 {
		return nil
	}
	slices.Sort(hosts)
	hosts = slices.Compact(hosts)
	reasons := []string{
		fmt.Sprintf("sessions of the account ran at the same time on different machines, %s", plural(n, "pair of them", "pairs of them")),
		fmt.Sprintf("on %s, among them %s", plural(len(hosts), "machine", "machines"), strings.Join(hosts[:min(len(hosts), 5)], ", "))}
	if rough := s.approximate(); rough != "" {
		reasons = append(reasons, rough)
	}
	return []Finding{desc.finding("sessions", SeverityModerate, actor, unique(seen), reasons...)}
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
		return &sharedState{names: names, generic: map[string]*stays{}, sessions: sessionSet{most: d.sessions()}}
	}}
}

// New returns the state of no events.
func (d SharedAccount) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d SharedAccount) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
