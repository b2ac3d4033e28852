package detect

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// summary is the state of a detector that keeps less than a mark an event. It must be a function of the set of events, or
// of their number where the detector counts, and of nothing else.
type summary[S any] interface {
	// add takes one event and does not keep the pointer.
	add(e *met)
	// merge takes all that another summary with the same settings has taken.
	merge(other S)
	// written is what is written as JSON: a function of the state alone.
	written() any
	// read takes what was written into an empty summary, and reports whether it makes sense.
	read(data []byte) bool
	// find returns the findings.
	find(desc Description) []Finding
}

// partial makes a [Partial] of a summary.
type partial[S summary[S]] struct {
	desc Description
	sum  S
	desk desk
}

// summarise is the part of a detector that makes its states.
type summarise[S summary[S]] struct {
	desc Description
	make func() S
}

func (s summarise[S]) new() *partial[S] {
	return &partial[S]{desc: s.desc, sum: s.make(), desk: desk{few: true}}
}

// Add takes one event.
func (p *partial[S]) Add(e activity.Event) { p.AddRef(&e) }

// AddRef takes one event and does not keep the pointer.
func (p *partial[S]) AddRef(e *activity.Event) {
	p.sum.add(p.desk.meet(e))
	p.desk.leave()
}

// addMet takes an event that a run has met.
func (p *partial[S]) addMet(e *met) { p.sum.add(e) }

// AddDefect takes a line that could not be read as an event.
func (p *partial[S]) AddDefect(source string, d activity.Defect) {
	if s, ok := any(p.sum).(interface{ defect(string, activity.Defect) }); ok {
		s.defect(source, d)
	}
}

// AddFile takes what is known of a file after it was read.
func (p *partial[S]) AddFile(source string, f ScannedFile) {
	if s, ok := any(p.sum).(interface{ file(string, ScannedFile) }); ok {
		s.file(source, f)
	}
}

func (p *partial[S]) about() Description { return p.desc }

// Merge takes the events of another state.
func (p *partial[S]) Merge(other Partial) error {
	o, ok := other.(*partial[S])
	if !ok || !p.desc.same(o.desc) {
		return p.desc.cannotMerge(other)
	}
	p.sum.merge(o.sum)
	return nil
}

// Findings returns what the events so far give.
func (p *partial[S]) Findings() []Finding { return sortFindings(p.sum.find(p.desc)) }

// Approximate says what the state leaves out under a memory limit.
func (p *partial[S]) Approximate() string {
	if s, ok := any(p.sum).(interface{ approximate() string }); ok {
		return s.approximate()
	}
	return ""
}

// parcel is the written form of a summary.
type parcel struct {
	Detector   ID              `json:"detector"`
	Version    int             `json:"version"`
	Parameters []Parameter     `json:"parameters"`
	Summary    json.RawMessage `json:"summary"`
}

// Encode writes the state as JSON.
func (p *partial[S]) Encode() ([]byte, error) {
	data, err := json.Marshal(p.sum.written())
	if err != nil {
		return nil, err
	}
	return json.Marshal(parcel{p.desc.ID, p.desc.Version, p.desc.Parameters, data})
}

func (s summarise[S]) decode(data []byte) (Partial, error) {
	fail := func(why string) (Partial, error) { return nil, &StateError{Detector: s.desc.ID, Why: why} }
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var in parcel
	if err := dec.Decode(&in); err != nil {
		return nil, s.desc.cannotRead(data)
	}
	if why := s.desc.unlike(Description{ID: in.Detector, Version: in.Version, Parameters: in.Parameters}); why != "" {
		return fail(why)
	}
	p := s.new()
	if len(in.Summary) == 0 || !p.sum.read(in.Summary) {
		return fail("its bytes cannot be read")
	}
	again, err := p.Encode()
	if err != nil || !bytes.Equal(again, data) {
		return fail("it is not written as states are written")
	}
	return p, nil
}

// strict reads JSON without unknown members or anything behind.
func strict(data []byte, into any) bool {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	return dec.Decode(into) == nil && !dec.More()
}

// stay is a run of events in which no pause is longer than the detector cares about. What lies between its ends is
// forgotten. The stays of a set of events are the same however the set was put together, because a stay has no inner
// pause that another event could lie in and be apart from.
type stay struct {
	First EventRef `json:"first"`
	Last  EventRef `json:"last"`
}

// stays are in order of time, with pauses between that break would not bridge.
type stays []stay

// see takes one event. Pauses up to bridge are forgotten.
func (s stays) see(e *met, bridge time.Duration) stays {
	if n := len(s); n > 0 {
		last := &s[n-1]
		// A microsecond later than the first: in the state's instants it may not be the first itself.
		if e.Recorded.Before(last.Last.At) && e.Recorded.Sub(last.First.At) >= time.Microsecond {
			return s
		}
		switch gap := e.micros() - microsOf(last.Last.At); {
		case gap > 0 && gap <= int64(bridge/time.Microsecond):
			last.Last = e.ref()
			return s
		case gap == 0 && e.compare(last.Last) <= 0 && e.compare(last.First) >= 0:
			return s
		}
	}
	r := e.ref()
	return s.join(stay{r, r}, bridge)
}

// join takes a stay.
func (s stays) join(x stay, bridge time.Duration) stays {
	// from and to bound the stays that touch x.
	from, _ := slices.BinarySearchFunc(s, x, func(a, x stay) int {
		if x.First.At.Sub(a.Last.At) > bridge {
			return -1
		}
		return 1
	})
	to := from
	for to < len(s) && s[to].First.At.Sub(x.Last.At) <= bridge {
		if s[to].First.compare(x.First) < 0 {
			x.First = s[to].First
		}
		if s[to].Last.compare(x.Last) > 0 {
			x.Last = s[to].Last
		}
		to++
	}
	if to == from+1 {
		s[from] = x
		return s
	}
	return slices.Replace(s, from, to, x)
}

// sound reports whether the stays are such as [stays.join] makes.
func (s stays) sound(bridge time.Duration) bool {
	for i, x := range s {
		if x.First.At.IsZero() || x.Last.compare(x.First) < 0 || i > 0 && x.First.At.Sub(s[i-1].Last.At) <= bridge || !x.First.sound() || !x.Last.sound() {
			return false
		}
	}
	return true
}
