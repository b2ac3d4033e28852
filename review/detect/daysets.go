package detect

import (
	"cmp"
	"crypto/sha256"
	"math"
	"slices"
	"strings"
)

// token stands for a patient or another thing in a state: half of its SHA-256 digest. It keeps things apart, and does not
// hide a number from somebody who can list all numbers.
type token [16]byte

func tokenOf(parts ...string) token {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return token(sum[:16])
}

// daySets counts distinct things: of every subject and day the set of things that were touched, exactly. Subjects, days
// and things are numbered in memory, and all sets together are one set of pairs of numbers. Things are written as
// tokens. With a limit it keeps of each set only that many smallest hashes, from which the size is estimated once there
// are more; a state so made says that it is approximate.
type daySets struct {
	limit    int
	bound    membersBound
	things   *names           // by key, see [patientKey]; the patients of a desk as long as desk is not nil
	desk     *desk            // whose numbers of patients are those of things
	tokens   map[token]uint32 // built when states are merged or read
	subjects names            // by what states call them
	days     []subjectDays    // by subject
	cells    pages[cell]
	members  packed     // the number of a cell plus 1, and that of a thing plus 1
	least    [][]uint64 // by cell, with a limit: the smallest hashes, in order
	crumbs   crumbs
	key      []byte
}

// subjectDays are the cells of a subject.
type subjectDays struct {
	cell  uint32   // the last that was asked for
	day   int32    // its day
	first int64    // the time of its first event
	cells []uint32 // in order of days
}

// cell is a subject on a day.
type cell struct {
	day   int32
	class int32 // what else the detector knows of the day
	first crumb
}

func newDaySets(v Volume) *daySets {
	return &daySets{limit: v.hashes(), bound: membersBound{most: v.members()}, things: &names{}}
}

// attach takes the numbers of a desk for those of things, where there are none yet.
func (s *daySets) attach(d *desk) {
	if s.desk == nil && s.things.len() == 0 && s.tokens == nil {
		s.desk, s.things, s.bound.things = d, &d.patients, nil
	}
}

// detach gives the things numbers of their own. Other states use those of the desk too.
func (s *daySets) detach() {
	if s.desk == nil {
		return
	}
	theirs, old := s.things, s.members
	s.desk, s.things, s.members, s.bound.things = nil, &names{}, packed{}, nil
	number := make([]uint32, theirs.len()) // plus 1
	for k := range old.all() {
		n := &number[uint32(k)-1]
		if *n == 0 {
			*n, _ = s.things.number(theirs.text(uint32(k) - 1))
			*n++
		}
		s.members.add(k>>32<<32 | uint64(*n))
	}
}

// subject returns the number of a subject by what states call it. It is made if need be.
func (s *daySets) subject(name string) uint32 {
	s.key = append(s.key[:0], name...)
	n, fresh := s.subjects.number(s.key)
	if fresh {
		s.days = append(s.days, subjectDays{})
	}
	return n
}

// on returns the cell of a subject and day. It is made if need be.
func (s *daySets) on(subject uint32, day int32) uint32 {
	x := &s.days[subject]
	if x.day == day && len(x.cells) > 0 {
		return x.cell
	}
	i, had := slices.BinarySearchFunc(x.cells, day, func(c uint32, day int32) int { return cmp.Compare(s.cells.at(c).day, day) })
	if !had {
		x.cells = slices.Insert(x.cells, i, uint32(s.cells.len()))
		if s.bound.most > 0 {
			s.bound.owners.add(subject)
		}
		s.cells.add(cell{day: day, first: crumb{at: math.MaxInt64}})
	}
	x.cell, x.day = x.cells[i], day
	x.first = s.cells.at(x.cell).first.at
	return x.cell
}

// fresh reports whether a cell has seen no event.
func (c *cell) fresh() bool { return c.first.at == math.MaxInt64 }

// see takes the event as the first of the day if it is, and returns the cell.
func (s *daySets) see(subject uint32, day int32, e *met) uint32 {
	c := s.on(subject, day)
	if e.micros() > s.days[subject].first {
		return c
	}
	if x := &s.cells.at(c).first; s.crumbs.before(e, x) {
		s.crumbs.put(x, e.ref())
		s.days[subject].first = x.at
	}
	return c
}

// seeRef does so with a reference that came from another state.
func (s *daySets) seeRef(subject uint32, day int32, r EventRef) uint32 {
	c := s.on(subject, day)
	if x := s.cells.at(c); x.fresh() || s.crumbs.order(r, &x.first) < 0 {
		s.crumbs.put(&x.first, r)
		s.days[subject].first = x.first.at
	}
	return c
}

// thing returns the number of a thing by its key.
func (s *daySets) thing(key []byte) uint32 {
	if s.tokens == nil {
		n, _ := s.things.number(key)
		return n
	}
	if n, ok := s.things.find(key); ok {
		return n
	}
	// A token of the same thing may have come from another state; then the thing has that number.
	return s.byToken(keyOf(key))
}

// byToken returns the number of a token.
func (s *daySets) byToken(t token) uint32 {
	s.detach()
	if s.tokens == nil {
		s.tokens = make(map[token]uint32, s.things.len())
		for n := range uint32(s.things.len()) {
			s.tokens[keyOf(s.things.text(n))] = n
		}
	}
	n, ok := s.tokens[t]
	if !ok {
		s.key = tokenKey(s.key[:0], t)
		n, _ = s.things.number(s.key)
		s.tokens[t] = n
	}
	return n
}

// put takes a thing into a cell.
func (s *daySets) put(c, thing uint32) {
	if s.bound.most > 0 && s.bounded(c, thing) {
		return
	}
	s.members.add(uint64(c+1)<<32 | uint64(thing+1))
}

// hash keeps the smallest hashes of a cell.
func (s *daySets) hash(c uint32, h uint64) {
	list := at(&s.least, int(c))
	*list = leastOf(*list, h, s.limit)
}

// leastOf puts a hash into a list of the smallest, in order.
func leastOf(list []uint64, h uint64, limit int) []uint64 {
	if len(list) == limit && h >= list[limit-1] {
		return list
	}
	i, had := slices.BinarySearch(list, h)
	if had {
		return list
	}
	if len(list) == limit {
		list = list[:limit-1]
	}
	return slices.Insert(list, i, h)
}

// hashOf is FNV-1a of the key of a thing, scattered: the same on every machine.
func hashOf(key []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, b := range key {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return scattered(h)
}

func scattered(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// sizes returns the function that says how many distinct things a cell has, and whether that is an estimate.
func (s *daySets) sizes() func(c uint32) (n int, approximate bool) {
	if s.limit == 0 {
		counts, scale := s.counts(), s.scale()
		return func(c uint32) (int, bool) { return int(math.Round(float64(counts[c+1]) * scale)), scale > 1 }
	}
	return func(c uint32) (int, bool) {
		if int(c) >= len(s.least) {
			return 0, false
		}
		list := s.least[c]
		if len(list) < s.limit {
			return len(list), false
		}
		return int(math.Round(float64(s.limit-1) / shareOf(list[s.limit-1]))), true
	}
}

// counts returns the number of members by the number of the cell plus 1.
func (s *daySets) counts() []uint32 {
	s.trim()
	out := make([]uint32, s.cells.len()+1)
	for k := range s.members.all() {
		out[k>>32]++
	}
	return out
}

// shareOf is the share of all hashes that are not above one: hashes are spread evenly, so the smallest of them tell how
// many there are.
func shareOf(hash uint64) float64 { return (float64(hash) + 1) / (1 << 63) / 2 }

// grouped returns the members of all cells, those of one cell together, and where those of each cell begin.
func (s *daySets) grouped() (things []uint32, from []uint32) {
	from = s.counts()
	for i := range s.cells.len() {
		from[i+1] += from[i]
	}
	things = make([]uint32, 0, s.members.len())
	for k := range s.members.all() { // in order of cells
		things = append(things, uint32(k)-1)
	}
	return things, from
}

func (s *daySets) merge(other *daySets) {
	s.detach()
	s.leave(other.bound.below)
	cells, things := make([]uint32, other.cells.len()), make([]uint32, other.things.len()) // of things one more than the number
	for subject := range uint32(len(other.days)) {
		mine := s.subject(string(other.subjects.text(subject)))
		for _, c := range other.days[subject].cells {
			theirs := other.cells.at(c)
			d := s.seeRef(mine, theirs.day, other.crumbs.ref(&theirs.first))
			cells[c] = d
			s.cells.at(d).class = theirs.class
			if s.limit > 0 && int(c) < len(other.least) {
				for _, h := range other.least[c] {
					s.hash(d, h)
				}
			}
		}
	}
	for k := range other.members.all() {
		t := uint32(k) - 1
		if things[t] == 0 {
			things[t] = s.byToken(keyOf(other.things.text(t))) + 1
		}
		s.put(cells[k>>32-1], things[t]-1)
	}
}

// named is a subject by what states call it.
type subjectName struct {
	name   string
	number uint32
}

// inOrder returns the subjects in the order of what states call them.
func (s *daySets) inOrder() []subjectName {
	out := make([]subjectName, len(s.days))
	for i := range out {
		out[i] = subjectName{string(s.subjects.text(uint32(i))), uint32(i)}
	}
	slices.SortFunc(out, func(a, b subjectName) int { return strings.Compare(a.name, b.name) })
	return out
}

// first returns the reference to the first event of a cell.
func (s *daySets) first(c uint32) EventRef { return s.crumbs.ref(&s.cells.at(c).first) }
