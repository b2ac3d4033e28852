package review

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// quarter is how finely an [HourSet] keeps time. Every zone's offset is a multiple of it.
const quarter = 15 * 60

// HourSet remembers in which quarters of an hour a source gave a sign of life. The zero value is ready. Sets of parts of
// a log merge into that of the whole, in any order.
type HourSet struct {
	marks map[int64]mark
	last  int64
	fresh bool // last is in the set as an entry
}

type mark uint8

const (
	markEntry mark = 1 << iota
	markBeat
)

// Entry notes an entry of the log. A zero time is none.
func (h *HourSet) Entry(at time.Time) {
	if at.IsZero() {
		return
	}
	q := quarterOf(at)
	if h.fresh && q == h.last {
		return
	}
	h.put(q, markEntry)
	h.last, h.fresh = q, true
}

// Heartbeat notes a sign of life that is no entry: a status call that was answered, a digest that was delivered on the
// hour. A zero time is none.
func (h *HourSet) Heartbeat(at time.Time) {
	if !at.IsZero() {
		h.put(quarterOf(at), markBeat)
	}
}

// Merge adds what another set remembers.
func (h *HourSet) Merge(other *HourSet) {
	if other == nil {
		return
	}
	for q, m := range other.marks {
		h.put(q, m)
	}
}

func (h *HourSet) put(q int64, m mark) {
	if h.marks == nil {
		h.marks = map[int64]mark{}
	}
	h.marks[q] |= m
}

func quarterOf(at time.Time) int64 {
	s := at.Unix()
	if s < 0 {
		s -= quarter - 1
	}
	return s / quarter
}

// within reports what there was in the hour that begins at the instant.
func (h *HourSet) within(from time.Time) (entry, beat bool) {
	if h == nil {
		return false, false
	}
	first := quarterOf(from)
	for q := first; q < first+4; q++ {
		entry = entry || h.marks[q]&markEntry != 0
		beat = beat || h.marks[q]&markBeat != 0
	}
	return entry, beat
}

// HourWatch is a detector that finds nothing and remembers in which hours each source had entries. Give it to
// [detect.Scan] beside the detectors of the procedure, and what it saw, which [SeenIn] returns, to [CountHours].
type HourWatch struct{}

var _ detect.Detector = HourWatch{}

// DetectorHours is the identity of [HourWatch]; it stands in no procedure.
const DetectorHours detect.ID = "hours"

// Describe returns what a review would record of the detector.
func (HourWatch) Describe() detect.Description {
	return detect.Description{ID: DetectorHours, Version: 1, Title: "Hours in which a source has entries", Citations: []hipaasmp.Citation{hipaasmp.CiteAuditControls}}
}

// New returns the state of no events.
func (HourWatch) New() detect.Partial { return &hourState{sources: map[string]*HourSet{}} }

// Decode reads a state that Encode wrote.
func (w HourWatch) Decode(data []byte) (detect.Partial, error) {
	var in map[string][][2]int64
	fail := &detect.StateError{Detector: DetectorHours, Why: "its bytes cannot be read"}
	dec := json.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&in); err != nil || in == nil {
		return nil, fail
	}
	s := &hourState{sources: map[string]*HourSet{}}
	total := int64(0)
	for source, runs := range in {
		set := &HourSet{}
		for _, run := range runs {
			if total += run[1] - run[0]; run[1] <= run[0] || run[0] < -maxQuarter || run[1] > maxQuarter || total > maxQuarters {
				return nil, fail
			}
			for q := run[0]; q < run[1]; q++ {
				set.put(q, markEntry)
			}
		}
		s.sources[source] = set
	}
	if again, err := s.Encode(); err != nil || !bytes.Equal(again, data) {
		return nil, &detect.StateError{Detector: DetectorHours, Why: "it is not written as states are written"}
	}
	return s, nil
}

// A state may hold times from the year 1 to 9999, and at most so many quarters of an hour in all: three centuries.
const (
	maxQuarter  = 1 << 30
	maxQuarters = 300 * 366 * 96
)

// SeenIn returns the hours in which the source had entries, as a [HourWatch] of the run saw them; an empty set where there
// was none.
func SeenIn(run *detect.Run, source string) *HourSet {
	out := &HourSet{}
	for i := range run.Detectors() {
		if s, ok := run.Partial(i).(*hourState); ok {
			out.Merge(s.sources[source])
		}
	}
	return out
}

type hourState struct {
	sources map[string]*HourSet
	name    string
	set     *HourSet // that of name
}

// Add takes one event.
func (s *hourState) Add(e activity.Event) { s.AddRef(&e) }

// AddRef takes one event and does not keep the pointer.
func (s *hourState) AddRef(e *activity.Event) {
	if s.set == nil || s.name != e.Source {
		set, ok := s.sources[e.Source]
		if !ok {
			set = &HourSet{}
			s.sources[e.Source] = set
		}
		s.name, s.set = e.Source, set
	}
	s.set.Entry(e.Recorded)
}

// Merge takes the events of another state.
func (s *hourState) Merge(other detect.Partial) error {
	o, ok := other.(*hourState)
	if !ok {
		return &detect.StateError{Detector: DetectorHours, Why: "it is of another detector, version or setting"}
	}
	for source, theirs := range o.sources {
		mine, ok := s.sources[source]
		if !ok {
			mine = &HourSet{}
			s.sources[source] = mine
		}
		mine.Merge(theirs)
	}
	return nil
}

// Findings returns nothing.
func (s *hourState) Findings() []detect.Finding { return nil }

// Encode writes, by source, the runs of quarters of an hour that have entries: the first, and the first after it.
func (s *hourState) Encode() ([]byte, error) {
	out := map[string][][2]int64{}
	for source, set := range s.sources {
		runs := [][2]int64{}
		for _, q := range slices.Sorted(maps.Keys(set.marks)) {
			if n := len(runs); n > 0 && runs[n-1][1] == q {
				runs[n-1][1] = q + 1
				continue
			}
			runs = append(runs, [2]int64{q, q + 1})
		}
		out[source] = runs
	}
	return json.Marshal(out)
}
