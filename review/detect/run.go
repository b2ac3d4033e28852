package detect

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Run is the states of several detectors over the same events. Like a single state, runs over the parts of a log merge
// into the run over the whole.
type Run struct {
	detectors []Detector
	partials  []Partial
	event     [1]activity.Event // what is being added: kept here so that it is not copied for every detector
	desk      desk
}

// RefAdder is a [Partial] that takes an event without a copy of it. A run prefers it to Add.
type RefAdder interface {
	// AddRef takes one event. It changes nothing in it and does not keep the pointer.
	AddRef(e *activity.Event)
}

// metAdder is a state that uses what the run knows of the event.
type metAdder interface{ addMet(e *met) }

// add gives events to a state.
func add(p Partial, events []met) {
	switch p := p.(type) {
	case metAdder:
		for i := range events {
			p.addMet(&events[i])
		}
	case RefAdder:
		for i := range events {
			p.AddRef(events[i].Event)
		}
	default:
		for i := range events {
			p.Add(*events[i].Event)
		}
	}
}

// Start returns a run over no events.
func Start(detectors ...Detector) *Run {
	r := &Run{detectors: detectors, desk: desk{few: len(detectors) <= fewDetectors}}
	for _, d := range detectors {
		r.partials = append(r.partials, d.New())
	}
	return r
}

// Detectors returns the detectors of the run.
func (r *Run) Detectors() []Detector { return r.detectors }

// wantsRecord reports whether a detector of the run looks at the bytes of the entries.
func (r *Run) wantsRecord() bool {
	return slices.ContainsFunc(r.detectors, func(d Detector) bool {
		w, ok := d.(RecordDetector)
		return ok && w.WantsRecord()
	})
}

// Partial returns the state of the i-th detector.
func (r *Run) Partial(i int) Partial { return r.partials[i] }

// Add gives one event to every detector.
func (r *Run) Add(e activity.Event) {
	r.event[0] = e
	r.AddAll(r.event[:])
	r.event[0] = activity.Event{}
}

// AddAll gives events to every detector, in order. It is the same as [Run.Add] with one after the other, and faster: a few
// hundred at a time are best. It changes nothing in them and does not keep the slice.
func (r *Run) AddAll(events []activity.Event) {
	met := r.desk.meetAll(events)
	for _, p := range r.partials {
		add(p, met)
	}
	r.desk.leave()
}

// AddDefect gives a defect to every detector that takes defects.
func (r *Run) AddDefect(source string, d activity.Defect) {
	for _, p := range r.partials {
		if w, ok := p.(DefectWatcher); ok {
			w.AddDefect(source, d)
		}
	}
}

// AddFile gives what is known of a file to every detector that takes it.
func (r *Run) AddFile(source string, f ScannedFile) {
	for _, p := range r.partials {
		if w, ok := p.(FileWatcher); ok {
			w.AddFile(source, f)
		}
	}
}

// Merge takes all events of another run with the same detectors in the same order. The error is a [*StateError]; the
// run is then to be thrown away.
func (r *Run) Merge(other *Run) error {
	if other == nil {
		return errors.New("detect: there is no run to take; give the one that Start or Resume returned")
	}
	if len(r.partials) != len(other.partials) {
		return fmt.Errorf("detect: a run of %d detectors cannot take one of %d; start both with the same detectors", len(r.partials), len(other.partials))
	}
	for i, p := range r.partials {
		if err := p.Merge(other.partials[i]); err != nil {
			return err
		}
	}
	return nil
}

// Findings returns the findings of all detectors, ordered by first time and identity.
func (r *Run) Findings() []Finding {
	var out []Finding
	for _, p := range r.partials {
		out = append(out, p.Findings()...)
	}
	return sortFindings(out)
}

// Encode writes the states of all detectors.
func (r *Run) Encode() ([]byte, error) {
	states := make([]json.RawMessage, len(r.partials))
	for i, p := range r.partials {
		b, err := p.Encode()
		if err != nil {
			return nil, err
		}
		states[i] = b
	}
	return json.Marshal(states)
}

// Resume reads a run that [Run.Encode] wrote, for the same detectors in the same order.
func Resume(data []byte, detectors ...Detector) (*Run, error) {
	var states []json.RawMessage
	if err := json.Unmarshal(data, &states); err != nil || len(states) != len(detectors) {
		return nil, fmt.Errorf("detect: the bytes are not the run of %d detectors; resume it with the detectors it was started with", len(detectors))
	}
	r := &Run{detectors: detectors, desk: desk{few: len(detectors) <= fewDetectors}}
	for i, d := range detectors {
		p, err := d.Decode(states[i])
		if err != nil {
			return nil, err
		}
		r.partials = append(r.partials, p)
	}
	return r, nil
}
