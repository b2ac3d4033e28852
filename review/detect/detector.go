package detect

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// ID names a detector, for example "R20". A product's own detectors take other names.
type ID string

// The detectors of this package.
const (
	// IDOwnRecord is [OwnRecord].
	IDOwnRecord ID = "R1"
	// IDHousehold is [Household].
	IDHousehold ID = "R2"
	// IDSameSurname is [SameSurname].
	IDSameSurname ID = "R3"
	// IDCoworker is [Coworker].
	IDCoworker ID = "R4"
	// IDNeighbour is [Neighbour].
	IDNeighbour ID = "R5"
	// IDWatchedRecord is [WatchedRecord].
	IDWatchedRecord ID = "R6"
	// IDBreakGlass is [BreakGlass].
	IDBreakGlass ID = "R7"
	// IDTerminatedUser is [TerminatedUser].
	IDTerminatedUser ID = "R8"
	// IDDormant is [Dormant].
	IDDormant ID = "R9"
	// IDFailedLogins is [FailedLogins].
	IDFailedLogins ID = "R10"
	// IDLoginAfterFailures is [LoginAfterFailures].
	IDLoginAfterFailures ID = "R11"
	// IDBulkExport is [BulkExport].
	IDBulkExport ID = "R12"
	// IDRoleWithoutNeed is [RoleWithoutNeed].
	IDRoleWithoutNeed ID = "R13"
	// IDNoRelation is [NoRelation].
	IDNoRelation ID = "R14"
	// IDLongAgo is [LongAgo].
	IDLongAgo ID = "R15"
	// IDAfterHours is [AfterHours].
	IDAfterHours ID = "R16"
	// IDTwoPlaces is [TwoPlaces].
	IDTwoPlaces ID = "R17"
	// IDSharedAccount is [SharedAccount].
	IDSharedAccount ID = "R18"
	// IDFishing is [Fishing].
	IDFishing ID = "R19"
	// IDLogControl is [LogControl].
	IDLogControl ID = "R20"
	// IDUserVolume is [UserVolume].
	IDUserVolume ID = "S1"
	// IDPeerVolume is [PeerVolume].
	IDPeerVolume ID = "S2"
	// IDPatientSurge is [PatientSurge].
	IDPatientSurge ID = "S3"
	// IDNovelty is [Novelty].
	IDNovelty ID = "S4"
	// IDSilentSource is [SilentSource].
	IDSilentSource ID = "C1"
	// IDSequenceGap is [SequenceGap].
	IDSequenceGap ID = "C2"
	// IDClockFault is [ClockFault].
	IDClockFault ID = "C3"
	// IDVolumeDrop is [VolumeDrop].
	IDVolumeDrop ID = "C4"
	// IDShapeDrift is [ShapeDrift].
	IDShapeDrift ID = "C5"
	// IDDigestMismatch is [DigestMismatch].
	IDDigestMismatch ID = "C6"
	// IDDenials is [Denials].
	IDDenials ID = "denials"
)

// Parameter is one setting of a detector, in the form in which a review records it.
type Parameter struct {
	// Name is what the setting is called.
	Name string `json:"name" validate:"required,text,max=64"`
	// Value is what it is set to, in words or figures with their unit.
	Value string `json:"value" validate:"required,text,max=8000"`
}

// Description is what a review records of a detector.
type Description struct {
	// ID names the detector.
	ID ID
	// Version numbers its definition. It changes when the same events would give other findings.
	Version int
	// Title says what it looks for.
	Title string
	// Parameters are its settings, defaults included.
	Parameters []Parameter
	// FalsePositives says what else looks the same.
	FalsePositives string
	// Citations are the provisions that it serves beside the activity review itself.
	Citations []hipaasmp.Citation
}

// Detector is a definition of something to look for. The detectors of this package are values whose zero value has the
// default parameters.
type Detector interface {
	// Describe returns what a review records of the detector.
	Describe() Description
	// New returns the state of no events.
	New() Partial
	// Decode reads a state that [Partial.Encode] wrote. The error is a [*StateError].
	Decode(data []byte) (Partial, error)
}

// RecordDetector is a detector that looks at [activity.Event.Record], the bytes of the entry. [Scan] asks its reader for
// them where one of its detectors does.
type RecordDetector interface {
	Detector
	// WantsRecord reports whether the detector looks at the bytes.
	WantsRecord() bool
}

// Partial is the state of a detector over a part of the events. It is not safe for use by several goroutines at once.
// States are sets: an event that two of them hold is in their sum once. Only [VolumeDrop] and [ShapeDrift] count
// deliveries, and there an event is given to one state alone.
type Partial interface {
	// Add takes one event.
	Add(e activity.Event)
	// Merge takes all events of another state of the same detector. The other state is not changed. The error is a
	// [*StateError] if the other state is of another detector, version or setting; then nothing is taken.
	Merge(other Partial) error
	// Encode writes the state. States of the same events have the same bytes, however the events were split, ordered and
	// merged.
	Encode() ([]byte, error)
	// Findings returns what the events so far give, ordered by first time and identity.
	Findings() []Finding
}

// FileWatcher is a [Partial] that also takes what is known of a file once it was read, such as its digest. [Scan] gives it
// that; whoever gives events to a state without Scan does so too where the detector needs it.
type FileWatcher interface {
	// AddFile takes what is known of a file.
	AddFile(source string, file ScannedFile)
}

// DefectWatcher is a [Partial] that also takes the places of a log that were not read as events.
type DefectWatcher interface {
	// AddDefect takes a defect.
	AddDefect(source string, defect activity.Defect)
}

// Approximator is a [Partial] that may keep less than all under a memory limit. Its findings then say that they are
// approximate; a review that has none says so by this.
type Approximator interface {
	// Approximate says in words what is left out, and is empty where everything is kept.
	Approximate() string
}

// StateError says that a state does not belong to a detector, or that its bytes cannot be read.
type StateError struct {
	// Detector is the detector that was to take the state.
	Detector ID
	// Why says what is wrong.
	Why string
}

func (e *StateError) Error() string {
	return fmt.Sprintf("detect: %s cannot take this state: %s; build it with the same detector and settings", e.Detector, e.Why)
}

// same reports whether two descriptions are of the same definition.
func (d Description) same(other Description) bool {
	return d.ID == other.ID && d.Version == other.Version && slices.Equal(d.Parameters, other.Parameters)
}

// unlike says in what a state of another description differs; "" where it does not.
func (d Description) unlike(state Description) string {
	switch {
	case state.ID != d.ID:
		return fmt.Sprintf("it is of the detector %s", plain(string(state.ID)))
	case state.Version != d.Version:
		return fmt.Sprintf("it is of version %d, and the detector of version %d", state.Version, d.Version)
	}
	for i, p := range d.Parameters {
		if i < len(state.Parameters) && state.Parameters[i].Name == p.Name && state.Parameters[i].Value != p.Value {
			return fmt.Sprintf("its setting %s is %.80q, and that of the detector %.80q", p.Name, plain(state.Parameters[i].Value), p.Value)
		}
	}
	if !slices.Equal(d.Parameters, state.Parameters) {
		return "it has other settings than the detector"
	}
	return ""
}

// cannotMerge is why a state is not taken.
func (d Description) cannotMerge(other Partial) error {
	why := "there is none of this package"
	if of, ok := other.(interface{ about() Description }); ok {
		why = cmp.Or(d.unlike(of.about()), "it is kept in another way")
	}
	return &StateError{Detector: d.ID, Why: why}
}

// cannotRead is why the bytes of a state are not taken: they are of another detector, or damaged.
func (d Description) cannotRead(data []byte) error {
	why := "its bytes cannot be read"
	var of struct {
		Detector   ID          `json:"detector"`
		Version    int         `json:"version"`
		Parameters []Parameter `json:"parameters"`
	}
	if json.Unmarshal(data, &of) == nil && of.Detector != "" {
		why = cmp.Or(d.unlike(Description{ID: of.Detector, Version: of.Version, Parameters: of.Parameters}), why)
	}
	return &StateError{Detector: d.ID, Why: why}
}
