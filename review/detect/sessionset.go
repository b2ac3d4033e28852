package detect

import (
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/maphash"
	"maps"
	"math"
	"slices"
)

// sessionSet is the sessions of actors: of each the first event, the time of the last, and the machines. A log may have
// nearly as many sessions as events, so each takes 56 bytes and a slot in a table. With a limit it keeps the sessions of
// those actors whose hashes are lowest, as many actors as have most sessions together at most: what is kept of a log is
// then a function of its events, and what was kept of its parts is enough to know it.
type sessionSet struct {
	most  int    // sessions; 0 is no limit
	below uint64 // only actors with lower hashes are kept; 0 is all

	actors, hosts names // by what states call them
	hashes        []uint64
	chunks        [][]sessionSpan
	n             uint32
	slots         []uint64 // as in [names]
	seed          maphash.Seed
	long          []byte              // names that are no 16 digits
	late          map[uint32][2]int64 // until and length, where they do not fit
	more          map[uint32][]uint32 // further hosts of a session
	crumbs        crumbs
	key           []byte
}

// sessionSpan is what is kept of one session of an actor.
type sessionSpan struct {
	name       uint64 // 16 digits, or where a long name lies and its length
	at, offset int64  // of the first event
	id         uint64 // of the first event: where it lies in crumbs, and 16 bits of length
	lasts      uint32 // microseconds from the first event to the last, or isLate
	length     uint32 // of the first event's bytes; not used with isLate
	actor      uint32
	host       uint32 // the first that was seen; others are apart
	place      uint32
	size       uint16 // of a long name; 0 is 16 digits
}

const (
	fresh        = math.MaxInt64 // the time of a session that has no event yet
	isLate       = math.MaxUint32
	noHost       = math.MaxUint32 // the host of a session that has none yet
	chunkSpans   = 1 << 12
	sessionBytes = 56 + 16 // with the slots
)

// actor returns the number of an actor. It is made if need be.
func (s *sessionSet) actor(name string) uint32 {
	s.key = append(s.key[:0], name...)
	n, first := s.actors.number(s.key)
	if first {
		s.hashes = append(s.hashes, hashOf(s.key))
	}
	return n
}

// left reports whether the sessions of an actor are left out.
func (s *sessionSet) left(actor uint32) bool { return s.below != 0 && s.hashes[actor] >= s.below }

func (s *sessionSet) span(n uint32) *sessionSpan { return &s.chunks[n/chunkSpans][n%chunkSpans] }

// name returns what states call a session.
func (s *sessionSet) name(n uint32) []byte {
	x := s.span(n)
	if x.size > 0 {
		return s.long[x.name : x.name+uint64(x.size)]
	}
	return hex.AppendEncode(nil, binary.BigEndian.AppendUint64(nil, x.name))
}

// digits returns the number that 16 lower-case digits write.
func digits(name string) (n uint64, ok bool) {
	if len(name) != 16 {
		return 0, false
	}
	for i := range 16 {
		switch c := name[i]; {
		case '0' <= c && c <= '9':
			n = n<<4 | uint64(c-'0')
		case 'a' <= c && c <= 'f':
			n = n<<4 | uint64(c-'a'+10)
		default:
			return 0, false
		}
	}
	return n, true
}

// session returns the number of a session. It is made if need be.
func (s *sessionSet) session(actor uint32, name string) uint32 {
	if 4*(uint64(s.n)+1) > 3*uint64(len(s.slots)) {
		s.grow()
	}
	number, short := digits(name)
	hash := s.hash(actor, number, name, short)
	mask := uint64(len(s.slots) - 1)
	slot := hash & mask
	for ; s.slots[slot] != 0; slot = (slot + 1) & mask {
		x := s.slots[slot]
		if x>>32 != hash>>32 {
			continue
		}
		n := uint32(x) - 1
		if y := s.span(n); y.actor == actor && (short && y.size == 0 && y.name == number || !short && y.size > 0 && string(s.name(n)) == name) {
			return n
		}
	}
	x := sessionSpan{name: number, actor: actor, host: noHost, at: fresh}
	if !short {
		x.name, x.size = uint64(len(s.long)), uint16(len(name))
		s.long = append(s.long, name...)
	}
	if s.n%chunkSpans == 0 {
		s.chunks = append(s.chunks, make([]sessionSpan, 0, min(chunkSpans, max(16, int(s.n)))))
	}
	last := &s.chunks[s.n/chunkSpans]
	*last = append(*last, x)
	n := s.n
	s.n++
	s.slots[slot] = hash&^(1<<32-1) | uint64(s.n)
	return n
}

func (s *sessionSet) hash(actor uint32, number uint64, name string, short bool) uint64 {
	if short {
		return maphash.Comparable(s.seed, [2]uint64{uint64(actor), number})
	}
	return maphash.Comparable(s.seed, actor) ^ maphash.String(s.seed, name)
}

func (s *sessionSet) grow() {
	if s.slots == nil {
		s.seed = maphash.MakeSeed() // nothing that is written depends on it
	}
	s.slots = make([]uint64, max(64, 2*len(s.slots)))
	mask := uint64(len(s.slots) - 1)
	for n := range s.n {
		x := s.span(n)
		name := ""
		if x.size > 0 {
			name = string(s.name(n))
		}
		hash := s.hash(x.actor, x.name, name, x.size == 0)
		slot := hash & mask
		for s.slots[slot] != 0 {
			slot = (slot + 1) & mask
		}
		s.slots[slot] = hash&^(1<<32-1) | uint64(n+1)
	}
}

// crumb returns the first event of a session.
func (s *sessionSet) crumb(n uint32) crumb {
	x := s.span(n)
	c := crumb{at: x.at, offset: x.offset, length: int64(x.length), place: x.place, id: x.id >> 16, size: uint32(x.id & 0xffff)}
	if x.lasts == isLate {
		c.length = s.late[n][1]
	}
	return c
}

func (s *sessionSet) first(n uint32) EventRef {
	c := s.crumb(n)
	return s.crumbs.ref(&c)
}

// until returns the time of the last event of a session.
func (s *sessionSet) until(n uint32) int64 {
	x := s.span(n)
	if x.lasts == isLate {
		return s.late[n][0]
	}
	return x.at + int64(x.lasts)
}

// set puts the first event of a session and the time of its last.
func (s *sessionSet) set(n uint32, c crumb, until int64) {
	x := s.span(n)
	x.at, x.offset, x.place, x.id = c.at, c.offset, c.place, c.id<<16|uint64(c.size)
	if lasts := uint64(until - c.at); lasts < isLate && c.length >= 0 && c.length <= math.MaxUint32 {
		if x.lasts == isLate {
			delete(s.late, n)
		}
		x.lasts, x.length = uint32(lasts), uint32(c.length)
		return
	}
	if s.late == nil {
		s.late = map[uint32][2]int64{}
	}
	x.lasts, s.late[n] = isLate, [2]int64{until, c.length}
}

// see takes an event of a session.
func (s *sessionSet) see(n uint32, e *met) {
	x := s.span(n)
	at := e.micros()
	switch {
	case x.at == fresh:
		c := crumb{}
		s.crumbs.put(&c, e.ref())
		s.set(n, c, at)
	case at > x.at:
		if at > s.until(n) {
			s.set(n, s.crumb(n), at)
		}
	default:
		if c := s.crumb(n); s.crumbs.before(e, &c) {
			until := s.until(n)
			s.crumbs.put(&c, e.ref())
			s.set(n, c, until)
		}
	}
}

// at notes that a session was at a host.
func (s *sessionSet) at(session uint32, host string) {
	x := s.span(session)
	if x.host != noHost && string(s.hosts.text(x.host)) == host {
		return
	}
	s.key = append(s.key[:0], host...)
	n, _ := s.hosts.number(s.key)
	if x.host == noHost {
		x.host = n
		return
	}
	if s.more == nil {
		s.more = map[uint32][]uint32{}
	}
	if x.host != n && !slices.Contains(s.more[session], n) {
		s.more[session] = append(s.more[session], n)
	}
}

// hostsOf returns the hosts of a session in order.
func (s *sessionSet) hostsOf(session uint32) []string {
	out := []string{string(s.hosts.text(s.span(session).host))}
	for _, n := range s.more[session] {
		out = append(out, string(s.hosts.text(n)))
	}
	slices.Sort(out)
	return out
}

// compare orders sessions by their first events.
func (s *sessionSet) compare(a, b uint32) int {
	if n := cmp.Compare(s.span(a).at, s.span(b).at); n != 0 {
		return n
	}
	return s.first(a).compare(s.first(b))
}

// take takes a session of another set, unless its actor is left out.
func (s *sessionSet) take(actor, session string, first EventRef, until int64, hosts []string) {
	if n := s.actor(actor); !s.left(n) {
		s.takeOf(n, session, first, until, hosts)
	}
}

func (s *sessionSet) takeOf(actor uint32, session string, first EventRef, until int64, hosts []string) {
	n := s.session(actor, session)
	c := crumb{}
	if x := s.span(n); x.at == fresh {
		s.crumbs.put(&c, first)
		s.set(n, c, until)
	} else {
		c, until = s.crumb(n), max(until, s.until(n))
		if s.crumbs.order(first, &c) < 0 {
			s.crumbs.put(&c, first)
		}
		s.set(n, c, until)
	}
	for _, h := range hosts {
		s.at(n, h)
	}
}

func (s *sessionSet) merge(other *sessionSet) {
	if other.below != 0 && (s.below == 0 || other.below < s.below) {
		s.leave(other.below)
	}
	for i := range other.n {
		s.room()
		s.take(string(other.actors.text(other.span(i).actor)), string(other.name(i)), other.first(i), other.until(i), other.hostsOf(i))
	}
}

// room keeps the set near its limit. Sessions have other numbers after.
func (s *sessionSet) room() {
	if s.most > 0 && uint64(s.n) > uint64(s.most)+uint64(s.most)/4 {
		s.trim()
	}
}

// trim leaves out what is beyond the limit.
func (s *sessionSet) trim() {
	if s.most == 0 || uint64(s.n) <= uint64(s.most) {
		return
	}
	counts := map[uint64]int{} // by hash
	for i := range s.n {
		counts[s.hashes[s.span(i).actor]]++
	}
	sum := 0
	for _, hash := range slices.Sorted(maps.Keys(counts)) {
		if sum += counts[hash]; sum > s.most {
			s.leave(hash)
			return
		}
	}
}

// leave leaves out the actors whose hashes are not lower.
func (s *sessionSet) leave(below uint64) {
	old := *s
	*s = sessionSet{most: old.most, below: max(below, 1), actors: old.actors, hosts: old.hosts, hashes: old.hashes}
	for i := range old.n {
		if actor := old.span(i).actor; !s.left(actor) {
			s.takeOf(actor, string(old.name(i)), old.first(i), old.until(i), old.hostsOf(i))
		}
	}
}

// approximate says what is left out, "" for nothing.
func (s *sessionSet) approximate() string {
	s.trim()
	if s.below == 0 {
		return ""
	}
	return fmt.Sprintf("approximate: the memory was limited, and of the sessions only those of about %s accounts were kept", inHundred(shareOf(s.below)))
}

// inHundred writes a share.
func inHundred(share float64) string { return fmt.Sprintf("%.2g in 100", 100*share) }
