package detect

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"maps"
	"math"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// token stands for a patient or another thing in a state: half of its SHA-256 digest. It keeps things apart, and does not
// hide a number from somebody who can list all numbers.
type token [16]byte

func tokenOf(parts ...string) token {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return token(sum[:16])
}

// daySets counts distinct things: of every subject and day the set of things that were touched, exactly. Things are
// numbered in memory and written as tokens. With a limit it keeps of each set only that many smallest hashes, from which
// the size is estimated once there are more; a state so made says that it is approximate.
type daySets struct {
	limit    int
	things   numbering[uint32]  // numbers from 0
	names    []activity.Patient // by number; a token that came from another state has the system "\x00"
	tokens   map[token]uint32   // built when states are merged or read
	subjects map[string]*subject
}

// subject is a subject with its days in order.
type subject struct{ days []daySet }

type daySet struct {
	day   int32
	class int32 // what else the detector knows of the day
	first EventRef
	small []uint32 // in order
	more  *moreThings
}

// moreThings is what few sets have.
type moreThings struct {
	large map[uint32]bool // what does not fit in small
	least []uint64        // with a limit: the smallest hashes, in order
}

func (d *daySet) least() []uint64 {
	if d.more == nil {
		return nil
	}
	return d.more.least
}

// maxSmall is how many things a set keeps in order; beyond, moving them costs more than a table.
const maxSmall = 512

func newDaySets(limit int) *daySets {
	return &daySets{limit: limit, subjects: map[string]*subject{}}
}

const tokenSystem = "\x00"

func (s *daySets) number(thing activity.Patient) uint32 {
	n, ok := s.things.get(thing)
	if ok {
		return n
	}
	if s.tokens != nil {
		// A token of the same thing may have come from another state.
		t := thingToken(thing)
		if n, ok = s.tokens[t]; ok {
			s.things.set(thing, n)
			return n
		}
		s.tokens[t] = uint32(len(s.names))
	}
	n = uint32(len(s.names))
	thing = activity.Patient{System: strings.Clone(thing.System), ID: strings.Clone(thing.ID)} // not the whole line
	s.things.set(thing, n)
	s.names = append(s.names, thing)
	return n
}

func thingToken(thing activity.Patient) token {
	if thing.System == tokenSystem {
		return token([]byte(thing.ID))
	}
	return tokenOf(thing.System, thing.ID)
}

// byToken returns the number of a token.
func (s *daySets) byToken(t token) uint32 {
	if s.tokens == nil {
		s.tokens = make(map[token]uint32, len(s.names))
		for i, thing := range s.names {
			s.tokens[thingToken(thing)] = uint32(i)
		}
	}
	n, ok := s.tokens[t]
	if !ok {
		n = uint32(len(s.names))
		s.tokens[t] = n
		s.names = append(s.names, activity.Patient{System: tokenSystem, ID: string(t[:])})
	}
	return n
}

// of returns the set of a subject, by its name in states, and day. It is made if need be.
func (s *daySets) of(name string, day int32) *daySet {
	x := s.subjects[name]
	if x == nil {
		x = &subject{}
		s.subjects[strings.Clone(name)] = x
	}
	return x.on(day)
}

func (x *subject) on(day int32) *daySet {
	if n := len(x.days); n > 0 && x.days[n-1].day == day {
		return &x.days[n-1]
	}
	i, had := slices.BinarySearchFunc(x.days, day, func(d daySet, day int32) int { return cmp.Compare(d.day, day) })
	if !had {
		x.days = slices.Insert(x.days, i, daySet{day: day})
	}
	return &x.days[i]
}

// add puts a thing into the set of a subject and day.
func (s *daySets) add(name string, day int32, thing activity.Patient, e *activity.Event) {
	if x := s.subjects[name]; x != nil {
		s.into(x.on(day), thing, e)
		return
	}
	s.into(s.of(plain(name), day), thing, e)
}

func (s *daySets) into(d *daySet, thing activity.Patient, e *activity.Event) {
	// The reference of an event that is later than the first is not made at all.
	if d.first.At.IsZero() || e.Recorded.Before(d.first.At) || hipaasmp.Instant(e.Recorded).Equal(d.first.At) {
		if r := Ref(*e); d.first.At.IsZero() || r.compare(d.first) < 0 {
			d.first = r
		}
	}
	if s.limit > 0 {
		d.hash(hashOf(thing), s.limit)
		return
	}
	d.put(s.number(thing))
}

func (d *daySet) put(n uint32) {
	if d.more != nil {
		d.more.large[n] = true
		return
	}
	i, had := slices.BinarySearch(d.small, n)
	if had {
		return
	}
	if len(d.small) < maxSmall {
		if d.small == nil {
			d.small = make([]uint32, 0, 8) // not one, two and four before
		}
		d.small = slices.Insert(d.small, i, n)
		return
	}
	d.more = &moreThings{large: make(map[uint32]bool, 2*maxSmall)}
	for _, m := range d.small {
		d.more.large[m] = true
	}
	d.small = nil
	d.more.large[n] = true
}

// hash keeps the smallest hashes.
func (d *daySet) hash(h uint64, limit int) {
	if d.more == nil {
		d.more = &moreThings{}
	}
	list := d.more.least
	if len(list) == limit && h >= list[limit-1] {
		return
	}
	i, had := slices.BinarySearch(list, h)
	if had {
		return
	}
	if len(list) == limit {
		list = list[:limit-1]
	}
	d.more.least = slices.Insert(list, i, h)
}

// hashOf is FNV-1a of the thing, scattered: the same on every machine.
func hashOf(thing activity.Patient) uint64 {
	h := uint64(14695981039346656037)
	for _, s := range [2]string{thing.System, thing.ID} {
		for i := range len(s) {
			h = (h ^ uint64(s[i])) * 1099511628211
		}
		h = (h ^ 0xff) * 1099511628211
	}
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// size is the number of distinct things, and whether it is an estimate.
func (d *daySet) size(limit int) (n int, approximate bool) {
	if limit == 0 {
		if d.more != nil {
			return len(d.more.large), false
		}
		return len(d.small), false
	}
	if len(d.least()) < limit {
		return len(d.least()), false
	}
	// The limit-th smallest of hashes spread evenly tells how many there are.
	share := (float64(d.least()[limit-1]) + 1) / (1 << 63) / 2
	return int(math.Round(float64(limit-1) / share)), true
}

// numbers returns the things of a set in no order.
func (d *daySet) numbers(yield func(uint32)) {
	for _, n := range d.small {
		yield(n)
	}
	if d.more != nil {
		for n := range d.more.large {
			yield(n)
		}
	}
}

func (s *daySets) merge(other *daySets) {
	for name, theirs := range other.subjects {
		for i := range theirs.days {
			t := &theirs.days[i]
			d := s.of(name, t.day)
			if d.first.At.IsZero() || t.first.compare(d.first) < 0 {
				d.first = t.first
			}
			d.class = t.class
			for _, h := range t.least() {
				d.hash(h, s.limit)
			}
			t.numbers(func(n uint32) { d.put(s.byToken(thingToken(other.names[n]))) })
		}
	}
}

// daySetsWritten is how the sets are written: the tokens in order, and every set as the differences between the places
// of its things in that order.
type daySetsWritten struct {
	Tokens   string                  `json:"tokens,omitempty"`
	Subjects map[string][]dayWritten `json:"subjects"`
}

type dayWritten struct {
	Day   hipaasmp.Date `json:"day"`
	Class int32         `json:"class,omitempty"`
	First EventRef      `json:"first"`
	Set   string        `json:"set"`
}

func (s *daySets) written() daySetsWritten {
	out := daySetsWritten{Subjects: map[string][]dayWritten{}}
	order := make([]uint32, len(s.names))
	tokens := make([]token, len(s.names))
	for i, thing := range s.names {
		order[i], tokens[i] = uint32(i), thingToken(thing)
	}
	slices.SortFunc(order, func(a, b uint32) int { return slices.Compare(tokens[a][:], tokens[b][:]) })
	place := make([]uint32, len(order))
	var all []byte
	for i, n := range order {
		place[n] = uint32(i)
		all = append(all, tokens[n][:]...)
	}
	out.Tokens = base64.StdEncoding.EncodeToString(all)
	for name, x := range s.subjects {
		for i := range x.days {
			d := &x.days[i]
			var set []byte
			if s.limit > 0 {
				for _, h := range d.least() {
					set = binary.BigEndian.AppendUint64(set, h)
				}
			} else {
				var places []uint32
				d.numbers(func(n uint32) { places = append(places, place[n]) })
				slices.Sort(places)
				last := uint32(0)
				for _, p := range places {
					set = binary.AppendUvarint(set, uint64(p-last))
					last = p
				}
			}
			out.Subjects[name] = append(out.Subjects[name], dayWritten{dateOf(d.day), d.class, d.first, base64.StdEncoding.EncodeToString(set)})
		}
	}
	return out
}

// read takes what was written. Whatever it lets through, the caller writes again and compares.
func (s *daySets) read(in daySetsWritten) bool {
	all, err := base64.StdEncoding.DecodeString(in.Tokens)
	if err != nil || len(all)%len(token{}) != 0 || in.Subjects == nil {
		return false
	}
	for ; len(all) > 0; all = all[len(token{}):] {
		s.byToken(token(all[:len(token{})]))
	}
	used := make([]bool, len(s.names))
	for name, list := range in.Subjects {
		if !isPlain(name) || len(list) == 0 {
			return false
		}
		for _, w := range list {
			set, err := base64.StdEncoding.DecodeString(w.Set)
			if err != nil || !w.First.sound() || w.First.At.IsZero() || w.Day.IsZero() || len(set) == 0 {
				return false
			}
			d := s.of(name, int32(hipaasmp.MustDate("1970-01-01").DaysUntil(w.Day)))
			d.first, d.class = w.First, w.Class
			if s.limit > 0 {
				for ; len(set) >= 8; set = set[8:] {
					d.hash(binary.BigEndian.Uint64(set), s.limit)
				}
				continue
			}
			for last := uint64(0); len(set) > 0; {
				step, n := binary.Uvarint(set)
				if n <= 0 || step >= uint64(len(s.names)) || last+step >= uint64(len(s.names)) {
					return false
				}
				last += step
				d.put(uint32(last))
				used[last] = true
				set = set[n:]
			}
		}
	}
	return !slices.Contains(used, false)
}

func (s *daySets) inOrder() []string { return slices.Sorted(maps.Keys(s.subjects)) }
