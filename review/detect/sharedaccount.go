package detect

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
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

// sessionSpan is what is kept of one session of an actor.
type sessionSpan struct {
	actor uint32
	host  uint32 // the first that was seen; others are apart
	first crumb
	until int64 // the time of the last event
}

// sharedState keeps of every actor the sessions, and of generic ones the stretches of use.
type sharedState struct {
	names   map[string]bool
	generic map[string]*stays
	known   memo[sharedActor]

	actors, hosts names // by what states call them
	sessions      names // by actor and what states call the session
	spans         []sessionSpan
	more          map[uint32][]uint32 // further hosts of a session
	crumbs        crumbs
	key           []byte
}

// sharedActor is what the state has of an actor.
type sharedActor struct {
	asked   bool
	actor   uint32
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
		who.actor = s.actor(e.name()) + 1
	}
	n := s.session(who.actor-1, plain(e.Session))
	x := &s.spans[n]
	if s.crumbs.before(e, &x.first) {
		s.crumbs.put(&x.first, e.ref())
	}
	x.until = max(x.until, e.micros())
	s.at(n, plain(host))
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

func (s *sharedState) actor(name string) uint32 {
	s.key = append(s.key[:0], name...)
	n, _ := s.actors.number(s.key)
	return n
}

// noHost is the host of a session that has none yet.
const noHost = math.MaxUint32

// session returns the number of a session. It is made if need be.
func (s *sharedState) session(actor uint32, name string) uint32 {
	s.key = append(binary.BigEndian.AppendUint32(s.key[:0], actor), name...)
	n, fresh := s.sessions.number(s.key)
	if fresh {
		s.spans = append(s.spans, sessionSpan{actor: actor, host: noHost, first: crumb{at: math.MaxInt64}, until: noTime})
	}
	return n
}

// at notes that a session was at a host.
func (s *sharedState) at(session uint32, host string) {
	x := &s.spans[session]
	if x.host != noHost && string(s.hosts.text(x.host)) == host {
		return
	}
	s.key = append(s.key[:0], host...)
	n, _ := s.hosts.number(s.key)
	switch {
	case x.host == noHost:
		x.host = n
	case !slices.Contains(s.more[session], n):
		s.more[session] = append(s.more[session], n)
	}
}

// hostsOf returns the hosts of a session in order.
func (s *sharedState) hostsOf(session uint32) []string {
	out := []string{string(s.hosts.text(s.spans[session].host))}
	for _, n := range s.more[session] {
		out = append(out, string(s.hosts.text(n)))
	}
	slices.Sort(out)
	return out
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
	for i := range uint32(len(other.spans)) {
		x := &other.spans[i]
		s.take(string(other.actors.text(x.actor)), string(other.sessions.text(i)[4:]), other.crumbs.ref(&x.first), x.until, other.hostsOf(i))
	}
}

// take takes a session of another state.
func (s *sharedState) take(actor, session string, first EventRef, until int64, hosts []string) {
	n := s.session(s.actor(actor), session)
	x := &s.spans[n]
	if x.first.at == math.MaxInt64 || s.crumbs.order(first, &x.first) < 0 {
		s.crumbs.put(&x.first, first)
	}
	x.until = max(x.until, until)
	for _, h := range hosts {
		s.at(n, h)
	}
}

type sharedWritten struct {
	Generic  map[string]*stays                    `json:"generic"`
	Sessions map[string]map[string]sessionWritten `json:"sessions"`
}

type sessionWritten struct {
	First EventRef  `json:"first"`
	Until time.Time `json:"until"`
	Hosts []string  `json:"hosts"` // in order, each once
}

func (s *sharedState) written() any {
	sessions := make(map[string]map[string]sessionWritten, s.actors.len())
	for i := range uint32(len(s.spans)) {
		x := &s.spans[i]
		actor := string(s.actors.text(x.actor))
		if sessions[actor] == nil {
			sessions[actor] = map[string]sessionWritten{}
		}
		sessions[actor][string(s.sessions.text(i)[4:])] = sessionWritten{s.crumbs.ref(&x.first), time.UnixMicro(x.until).UTC(), s.hostsOf(i)}
	}
	return sharedWritten{s.generic, sessions}
}

func (s *sharedState) read(data []byte) bool {
	var in sharedWritten
	if !strict(data, &in) || in.Generic == nil || in.Sessions == nil {
		return false
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
			if !isPlain(id) || !x.First.sound() || x.First.At.IsZero() || x.Until.Before(x.First.At) || x.Until != hipaasmp.Instant(x.Until) || len(x.Hosts) == 0 ||
				slices.ContainsFunc(x.Hosts, func(h string) bool { return h == "" || !isPlain(h) }) {
				return false
			}
			s.take(actor, id, x.First, x.Until.UnixMicro(), x.Hosts)
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
	by := make([][]uint32, s.actors.len())
	for i := range uint32(len(s.spans)) {
		by[s.spans[i].actor] = append(by[s.spans[i].actor], i)
	}
	for actor, sessions := range by {
		out = append(out, s.together(desc, string(s.actors.text(uint32(actor))), sessions)...)
	}
	return out
}

// openSession is a session that has not ended where another one begins.
type openSession struct {
	number uint32
	hosts  []string
}

// together finds sessions of one actor that ran at the same time on different machines.
func (s *sharedState) together(desc Description, actor string, sessions []uint32) []Finding {
	if len(sessions) < 2 {
		return nil
	}
	slices.SortFunc(sessions, func(a, b uint32) int {
		return cmp.Or(s.crumbs.compare(&s.spans[a].first, &s.crumbs, &s.spans[b].first), bytes.Compare(s.sessions.text(a), s.sessions.text(b)))
	})
	var open []openSession
	var seen []EventRef
	var hosts []string
	n := 0
	for _, b := range sessions {
		first := &s.spans[b].first
		open = slices.DeleteFunc(open, func(a openSession) bool { return s.spans[a.number].until <= first.at })
		var own []string
		for i := range open {
			a := &open[i]
			if x := &s.spans[b]; x.host == s.spans[a.number].host {
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
				seen = append(seen, s.crumbs.ref(&s.spans[a.number].first), s.crumbs.ref(first))
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
		return &sharedState{names: names, generic: map[string]*stays{}, more: map[uint32][]uint32{}}
	}}
}

// New returns the state of no events.
func (d SharedAccount) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d SharedAccount) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
