package review

import (
	"slices"

	"github.com/hipaasmp/hipaasmp/review/detect"
)

// Detector is what a procedure says of a detector that its reviews run.
type Detector struct {
	// ID names the detector.
	ID detect.ID `json:"id" validate:"required,docid"`
	// Version numbers its definition.
	Version int `json:"version" validate:"min=1,max=1000000"`
	// Title says what it looks for.
	Title string `json:"title" validate:"required,text,max=200"`
	// Parameters are its settings, defaults included.
	Parameters []detect.Parameter `json:"parameters,omitempty" validate:"dive"`
	// FalsePositives says what else looks the same.
	FalsePositives string `json:"false_positives,omitempty" validate:"omitempty,text,max=2000"`
}

// DetectorManual is the detector of an exception that a person saw without a program; it stands in no procedure.
const DetectorManual detect.ID = "manual"

// DetectorSet describes detectors for a procedure.
func DetectorSet(detectors ...detect.Detector) []Detector {
	var out []Detector
	for _, d := range detectors {
		x := d.Describe()
		out = append(out, Detector{ID: x.ID, Version: x.Version, Title: x.Title, Parameters: slices.Clone(x.Parameters), FalsePositives: x.FalsePositives})
	}
	return out
}

// DetectorRun says that a detector was run over a source, and how many findings it gave.
type DetectorRun struct {
	// Detector and Version name the definition.
	Detector detect.ID `json:"detector" validate:"required,docid"`
	Version  int       `json:"version" validate:"min=1,max=1000000"`
	// Findings is how many it gave.
	Findings int64 `json:"findings" validate:"min=0,max=9007199254740991"`
}
