package sigma

import (
	"net/netip"
	"slices"
	"strings"
)

// Matcher holds the fields of one event at a time and tells which rules it meets. It keeps its buffers from one event to
// the next, and is not safe for use by several goroutines at once.
type Matcher struct {
	set    *Set
	values []value
	heads  []int32  // by slot: the first value, valid where born is of this event
	born   []uint32 // by slot
	event  uint32
	buf    []byte   // the folded values
	wide   []byte   // a value that is looked at, folded
	names  []string // of the fields that no rule names, where the set has keywords
	text   []byte   // everything, folded, where a rule asked for it
	told   bool     // text is of this event
	woken  []uint32 // by rule: the round that woke it last
	round  uint32
	queue  []int32
	out    []int
	fields map[string]string // of an event whose fields are looked up when they are asked for
	asked  []uint32          // by slot
}

type value struct {
	slot       int32 // -1 for a field that no rule names
	next       int32 // the next value of the field
	from, till int32 // in buf; from is -1 until the value is folded
	raw        string
}

// Matcher returns a matcher for the rules of the set.
func (s *Set) Matcher() *Matcher {
	return &Matcher{set: s, heads: make([]int32, len(s.fields)), born: make([]uint32, len(s.fields)), woken: make([]uint32, len(s.rules)),
		asked: make([]uint32, len(s.fields)), values: make([]value, 0, len(s.fields)), event: 1}
}

// Reset begins the next event.
func (m *Matcher) Reset() {
	m.values, m.buf, m.names, m.told = m.values[:0], m.buf[:0], m.names[:0], false
	m.fields = nil
	if m.event++; m.event == 0 {
		clear(m.born)
		clear(m.asked)
		m.event = 1
	}
}

// Put gives a value of a field. A field may be given several values.
func (m *Matcher) Put(field, value string) {
	if slot, ok := m.set.slots[field]; ok {
		m.put(slot, value)
	} else if m.set.keywords {
		m.names = append(m.names, field)
		m.put(-1, value)
	}
}

func (m *Matcher) put(slot int32, raw string) {
	v := value{slot: slot, next: -1, from: -1, raw: raw}
	if slot >= 0 {
		if m.born[slot] == m.event {
			v.next = m.heads[slot]
		}
		m.heads[slot], m.born[slot] = int32(len(m.values)), m.event
	}
	m.values = append(m.values, v)
}

// first returns the first value of a field, or -1.
func (m *Matcher) first(slot int32) int32 {
	if m.fields != nil {
		m.ask(slot)
	}
	if m.born[slot] != m.event {
		return -1
	}
	return m.heads[slot]
}

// ask looks a field up that nobody has asked for.
func (m *Matcher) ask(slot int32) {
	if m.asked[slot] == m.event {
		return
	}
	m.asked[slot] = m.event
	if v, ok := m.fields[m.set.fields[slot]]; ok {
		m.put(slot, v)
	}
}

// folded returns a value without its case.
func (m *Matcher) folded(v *value) []byte {
	if v.from < 0 {
		v.from = int32(len(m.buf))
		m.buf = appendFolded(m.buf, v.raw)
		v.till = int32(len(m.buf))
	}
	return m.buf[v.from:v.till]
}

// everything returns the names and values of the event, folded, with a byte between them that no text has.
func (m *Matcher) everything() []byte {
	if m.told {
		return m.text
	}
	m.told, m.text = true, m.text[:0]
	for i := range m.values {
		v := &m.values[i]
		if v.slot >= 0 {
			m.text = append(appendFolded(m.text, m.set.fields[v.slot]), one)
		}
		m.text = append(appendFolded(m.text, v.raw), one)
	}
	for _, name := range m.names {
		m.text = append(appendFolded(m.text, name), one)
	}
	return m.text
}

// begin forgets which rules were woken.
func (m *Matcher) begin() {
	m.queue, m.out = m.queue[:0], m.out[:0]
	if m.round++; m.round == 0 {
		clear(m.woken)
		m.round = 1
	}
}

// Match returns the positions of the rules that the event meets, in the order of the set. The slice is valid until the
// next call.
func (m *Matcher) Match() []int {
	m.begin()
	for i := range m.values {
		if v := &m.values[i]; v.slot >= 0 {
			m.look(&m.set.wait[v.slot], v.raw)
		}
	}
	return m.decide()
}

// look wakes the rules that wait for a value of a field. The value is folded only if it has letters beyond ASCII.
func (m *Matcher) look(w *waiting, raw string) {
	if w.present != nil {
		m.wake(w.present)
	}
	if w.exact == nil && w.few == nil && w.parts == nil {
		return
	}
	if !plain(raw) {
		m.wide = appendFolded(m.wide[:0], raw)
		raw = string(m.wide)
		m.wake(w.exact[raw])
	} else if w.exact != nil && w.screen.lets(raw) {
		m.wide = appendFolded(m.wide[:0], raw)
		m.wake(w.exact[string(m.wide)])
	}
	for i := range w.few {
		if p := &w.few[i]; p.in(raw) {
			m.wake(p.rules)
		}
	}
	if a := w.parts; a != nil {
		state := int32(0)
		for i := range len(raw) {
			state = a.next[state*a.classes+int32(a.class[raw[i]])]
			if hits := a.hits[state]; hits != nil {
				m.wake(hits)
			}
		}
	}
}

// decide tries the rules that were woken.
func (m *Matcher) decide() []int {
	m.wake(m.set.always)
	for _, rule := range m.queue {
		if m.set.tests[rule](m) {
			m.out = append(m.out, int(rule))
		}
	}
	if len(m.out) > 1 {
		slices.Sort(m.out)
	}
	return m.out
}

func (m *Matcher) wake(rules []int32) {
	for _, r := range rules {
		if m.woken[r] != m.round {
			m.woken[r] = m.round
			m.queue = append(m.queue, r)
		}
	}
}

// MatchFields resets the matcher, gives it an event of one value a field, and returns the positions of the rules that it
// meets, as [Matcher.Match] does.
func (m *Matcher) MatchFields(fields map[string]string) []int {
	m.Reset()
	if m.set.keywords || len(m.set.waiting) >= len(fields) {
		for name, v := range fields {
			m.Put(name, v)
		}
		return m.Match()
	}
	m.begin()
	for _, slot := range m.set.waiting {
		v, ok := fields[m.set.fields[slot]]
		if !ok {
			continue
		}
		before := len(m.queue)
		if m.look(&m.set.wait[slot], v); len(m.queue) > before {
			m.asked[slot] = m.event
			m.put(slot, v)
		}
	}
	m.fields = fields
	out := m.decide()
	m.fields = nil
	return out
}

// inNet reports whether a text is an address in the network. An IPv4 address written as IPv6 counts as what it is.
func inNet(net netip.Prefix, s string) bool {
	addr, err := netip.ParseAddr(s)
	return err == nil && net.Contains(addr.Unmap().WithZone(""))
}

func hasOne(s string, texts []string) bool {
	return slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(s, t) })
}
