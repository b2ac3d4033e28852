package review

import (
	"bytes"
	"encoding/json"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// AccessCount says of the accesses to patients' records how many a table of relations explains.
type AccessCount struct {
	// Accesses is the number of accesses with success, each patient of an event counted.
	Accesses int64 `json:"accesses" validate:"min=0,max=9007199254740991"`
	// Explained is the number of those that a relation to the patient explains, or that are to one's own record.
	Explained int64 `json:"explained" validate:"min=0,max=9007199254740991"`
}

func (a *AccessCount) clone() *AccessCount {
	if a == nil {
		return nil
	}
	c := *a
	return &c
}

func (a *AccessCount) check(f *validate.Faults, at string) {
	if a != nil && a.Explained > a.Accesses {
		f.Add(FaultCounts, at+"/explained", "is %d of only %d accesses", a.Explained, a.Accesses)
	}
}

// AccessWatch is a detector that finds nothing and counts accesses to patients' records. With it and [detect.NoRelation] in
// one scan, [FromScan] says how many accesses are explained. It counts deliveries: an event is given to one state alone.
type AccessWatch struct{}

var _ detect.Detector = AccessWatch{}

// DetectorAccesses is the identity of [AccessWatch]; it stands in no procedure.
const DetectorAccesses detect.ID = "accesses"

// Describe returns what a review would record of the detector.
func (AccessWatch) Describe() detect.Description {
	return detect.Description{ID: DetectorAccesses, Version: 1, Title: "Accesses to patients' records", Citations: []hipaasmp.Citation{hipaasmp.CiteActivityReview}}
}

// New returns the state of no events.
func (AccessWatch) New() detect.Partial { return &accessState{sources: map[string]int64{}} }

// Decode reads a state that Encode wrote.
func (AccessWatch) Decode(data []byte) (detect.Partial, error) {
	s := &accessState{}
	if err := json.Unmarshal(data, &s.sources); err != nil || s.sources == nil {
		return nil, &detect.StateError{Detector: DetectorAccesses, Why: "its bytes cannot be read"}
	}
	for _, n := range s.sources {
		if n <= 0 {
			return nil, &detect.StateError{Detector: DetectorAccesses, Why: "it counts less than one"}
		}
	}
	if again, err := s.Encode(); err != nil || !bytes.Equal(again, data) {
		return nil, &detect.StateError{Detector: DetectorAccesses, Why: "it is not written as states are written"}
	}
	return s, nil
}

type accessState struct {
	sources map[string]int64
}

// Add takes one event.
func (s *accessState) Add(e activity.Event) { s.AddRef(&e) }

// AddRef takes one event and does not keep the pointer.
func (s *accessState) AddRef(e *activity.Event) {
	if n := int64(len(e.Patients)); n > 0 && e.Outcome == activity.OutcomeSuccess {
		s.sources[e.Source] += n
	}
}

// Merge takes the events of another state.
func (s *accessState) Merge(other detect.Partial) error {
	o, ok := other.(*accessState)
	if !ok {
		return &detect.StateError{Detector: DetectorAccesses, Why: "it is of another detector, version or setting"}
	}
	for source, n := range o.sources {
		s.sources[source] += n
	}
	return nil
}

// Findings returns nothing.
func (s *accessState) Findings() []detect.Finding { return nil }

// Encode writes the counts by source.
func (s *accessState) Encode() ([]byte, error) { return json.Marshal(s.sources) }

// accesses returns what a run says of the accesses in a source: nil unless it counted them and knew relations.
func accesses(run *detect.Run, source string) *AccessCount {
	var out *AccessCount
	related, unexplained := false, int64(0)
	for i, d := range run.Detectors() {
		switch d := d.(type) {
		case AccessWatch:
			if s, ok := run.Partial(i).(*accessState); ok {
				out = &AccessCount{Accesses: s.sources[source]}
			}
		case detect.NoRelation:
			related = d.Tie.Relations != nil
			for _, f := range run.Partial(i).Findings() {
				if len(f.Events) > 0 && f.Events[0].Source == source {
					unexplained += f.Count
				}
			}
		}
	}
	if out == nil || !related {
		return nil
	}
	out.Explained = max(0, out.Accesses-unexplained)
	return out
}
