package detect

import (
	"bytes"
	"encoding/json"
	"reflect"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// mark is what a state keeps of one event.
type mark interface {
	ref() EventRef
	// key is what makes two marks one: the event, and where a detector keeps several marks of an event, which of them.
	key() markKey
}

type markKey struct {
	source, id, file string
	offset           int64
	sub              string
}

func (r EventRef) ref() EventRef { return r }

func (r EventRef) key() markKey {
	if r.ID != "" {
		return markKey{source: r.Source, id: r.ID}
	}
	return markKey{source: r.Source, file: r.Raw.File, offset: r.Raw.Offset}
}

// rule is the part of a detector that differs: which events it keeps what of, and what it finds in them.
type rule[M mark] struct {
	desc Description
	// keep puts what is to be kept of the event.
	keep func(e *met, put func(M))
	// find returns the findings in the marks, which are in order of time and place.
	find func(Description, []M) []Finding
	// findIn does so where there may be too many marks to take them all out at once.
	findIn func(Description, *markSet[M]) []Finding
}

// once turns a function that keeps at most one mark of an event into one for [rule].
func once[M mark](keep func(*met) (M, bool)) func(*met, func(M)) {
	return func(e *met, put func(M)) {
		if m, ok := keep(e); ok {
			put(m)
		}
	}
}

// state is the partial state of most detectors here: the set of marks. A set has neither order nor grouping, which is
// why merging does not depend on them.
type state[M mark] struct {
	rule rule[M]
	set  markSet[M]
	take func(M)
	desk desk
}

func (r rule[M]) new() *state[M] {
	s := &state[M]{rule: r, desk: desk{few: true}}
	s.take = s.set.put // once: a method value is an allocation
	return s
}

// Add takes one event.
func (s *state[M]) Add(e activity.Event) { s.AddRef(&e) }

// AddRef takes one event and does not keep the pointer.
func (s *state[M]) AddRef(e *activity.Event) {
	s.addMet(s.desk.meet(e))
	s.desk.leave()
}

// addMet takes an event that a run has met.
func (s *state[M]) addMet(e *met) { s.rule.keep(e, s.take) }

func (s *state[M]) about() Description { return s.rule.desc }

// Merge takes the events of another state.
func (s *state[M]) Merge(other Partial) error {
	o, ok := other.(*state[M])
	if !ok || !s.rule.desc.same(o.rule.desc) {
		return s.rule.desc.cannotMerge(other)
	}
	for m := range o.set.all() {
		s.set.put(m)
	}
	return nil
}

// Findings returns what the events so far give.
func (s *state[M]) Findings() []Finding {
	if s.rule.findIn != nil {
		return sortFindings(s.rule.findIn(s.rule.desc, &s.set))
	}
	return sortFindings(s.rule.find(s.rule.desc, s.set.sorted()))
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
	return json.Marshal(envelope[M]{Detector: s.rule.desc.ID, Version: s.rule.desc.Version, Parameters: s.rule.desc.Parameters, Marks: s.set.sorted()})
}

func (r rule[M]) decode(data []byte) (Partial, error) {
	fail := func(why string) (Partial, error) { return nil, &StateError{Detector: r.desc.ID, Why: why} }
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var e envelope[M]
	if err := dec.Decode(&e); err != nil {
		return nil, r.desc.cannotRead(data)
	}
	if dec.More() {
		return fail("there are bytes behind it")
	}
	if why := r.desc.unlike(Description{ID: e.Detector, Version: e.Version, Parameters: e.Parameters}); why != "" {
		return fail(why)
	}
	s := r.new()
	for i := range e.Marks {
		if !sound(reflect.ValueOf(&e.Marks[i]).Elem()) {
			return fail("it holds a text or an instant that no detector writes")
		}
		s.set.put(e.Marks[i])
	}
	// What is read is what would be written: nothing twice, nothing out of order, nothing more.
	again, err := s.Encode()
	if err != nil || !bytes.Equal(again, data) {
		return fail("it is not written as states are written")
	}
	return s, nil
}

// sound reports whether all texts and instants in a mark are in the form in which events give them.
func sound(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String:
		return isPlain(v.String())
	case reflect.Slice:
		for i := range v.Len() {
			if !sound(v.Index(i)) {
				return false
			}
		}
	case reflect.Struct:
		if at, ok := v.Interface().(time.Time); ok {
			return at.IsZero() || at == hipaasmp.Instant(at)
		}
		for i := range v.NumField() {
			if !sound(v.Field(i)) {
				return false
			}
		}
	}
	return true
}

// sound reports whether the reference is one that [Ref] may give.
func (r EventRef) sound() bool {
	return isPlain(r.Source) && isPlain(r.ID) && isPlain(r.Raw.File) && (r.At.IsZero() || r.At == hipaasmp.Instant(r.At))
}
