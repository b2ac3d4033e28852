package detect

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// mark is what a state keeps of one event.
type mark interface{ ref() EventRef }

func (r EventRef) ref() EventRef { return r }

// rule is the part of a detector that differs: which events it keeps what of, and what it finds in them.
type rule[M mark] struct {
	desc Description
	// keep returns what to keep of the event, and false for nothing.
	keep func(activity.Event) (M, bool)
	// find returns the findings in the marks, which are in order of time and place.
	find func(Description, []M) []Finding
}

// state is the partial state of every detector here: the set of marks. A set has neither order nor grouping, which is
// why merging does not depend on them.
type state[M mark] struct {
	rule  rule[M]
	marks map[string]M
}

func (r rule[M]) new() *state[M] { return &state[M]{rule: r, marks: map[string]M{}} }

// Add takes one event.
func (s *state[M]) Add(e activity.Event) {
	if m, ok := s.rule.keep(e); ok {
		s.put(m)
	}
}

// put keeps the first of several deliveries of one event in the order of references, so that it does not matter which
// of them came first.
func (s *state[M]) put(m M) {
	key := m.ref().identity()
	if have, ok := s.marks[key]; !ok || m.ref().compare(have.ref()) < 0 {
		s.marks[key] = m
	}
}

// Merge takes the events of another state.
func (s *state[M]) Merge(other Partial) error {
	o, ok := other.(*state[M])
	if !ok || !s.rule.desc.same(o.rule.desc) {
		return &StateError{Detector: s.rule.desc.ID, Why: "it is of another detector, version or setting"}
	}
	for _, m := range o.marks {
		s.put(m)
	}
	return nil
}

func (s *state[M]) sorted() []M {
	return slices.SortedFunc(maps.Values(s.marks), func(a, b M) int { return a.ref().compare(b.ref()) })
}

// Findings returns what the events so far give.
func (s *state[M]) Findings() []Finding {
	return sortFindings(s.rule.find(s.rule.desc, s.sorted()))
}

// envelope is the written form of a state.
type envelope[M mark] struct {
	Detector   ID          `json:"detector"`
	Version    int         `json:"version"`
	Parameters []Parameter `json:"parameters"`
	Marks      []M         `json:"marks"`
}

// Encode writes the state as JSON.
func (s *state[M]) Encode() ([]byte, error) {
	return json.Marshal(envelope[M]{Detector: s.rule.desc.ID, Version: s.rule.desc.Version, Parameters: s.rule.desc.Parameters, Marks: s.sorted()})
}

func (r rule[M]) decode(data []byte) (Partial, error) {
	fail := func(why string) (Partial, error) { return nil, &StateError{Detector: r.desc.ID, Why: why} }
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var e envelope[M]
	if err := dec.Decode(&e); err != nil {
		return fail("its bytes cannot be read")
	}
	if dec.More() {
		return fail("there are bytes behind it")
	}
	if !r.desc.same(Description{ID: e.Detector, Version: e.Version, Parameters: e.Parameters}) {
		return fail("it is of another detector, version or setting")
	}
	s := r.new()
	for _, m := range e.Marks {
		s.put(m)
	}
	return s, nil
}
