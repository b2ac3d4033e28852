package detect

import (
	"cmp"
	"io"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Encounters says when patients were under care: visits, stays, contacts. It belongs to the product; [ReadEncounters] and
// [NewEncounters] build one.
type Encounters interface {
	// Encountered reports whether the patient had an encounter at some time between the two instants, both included.
	Encountered(patient activity.Patient, from, until time.Time) bool
	// Digest identifies what was known, see [Terminations].
	Digest() hipaasmp.Digest
}

// Encounter is one encounter of a patient.
type Encounter struct {
	// Patient is the patient as events name it; without a numbering it stands for any.
	Patient activity.Patient
	// From is when it began, and Until the first instant after it; a zero Until has not come yet.
	From, Until time.Time
}

// EncounterList answers from a list. It is built once and not changed.
type EncounterList struct {
	spans  map[activity.Patient][][2]int64 // microseconds; an end of 0 has not come yet
	digest hipaasmp.Digest
}

var _ Encounters = (*EncounterList)(nil)

// NewEncounters returns a list of the encounters.
func NewEncounters(encounters []Encounter) *EncounterList {
	l := &EncounterList{spans: map[activity.Patient][][2]int64{}}
	for _, x := range encounters {
		l.add(x)
	}
	sorted := slices.Clone(encounters)
	slices.SortFunc(sorted, func(a, b Encounter) int {
		return cmp.Or(cmp.Compare(a.Patient.System, b.Patient.System), cmp.Compare(a.Patient.ID, b.Patient.ID), a.From.Compare(b.From), a.Until.Compare(b.Until))
	})
	l.digest = digestOf(sorted)
	return l
}

func (l *EncounterList) add(x Encounter) {
	l.spans[x.Patient] = append(l.spans[x.Patient], [2]int64{micros(x.From), micros(x.Until)})
}

// ReadEncounters reads encounters from CSV with the columns patient and from (required), system (the patient's numbering)
// and until: days or instants. A day in until is the last day; an empty one says that the encounter goes on. The error is
// a [*TableError] with every fault, or the reader's own.
func ReadEncounters(in io.Reader, o TableOptions) (*EncounterList, error) {
	l := &EncounterList{spans: map[activity.Patient][][2]int64{}}
	digest, err := readTable("encounters", in, o, []string{"patient", "from", "system", "until"}, 2, func(t *table) {
		x := Encounter{Patient: activity.Patient{System: t.text(2), ID: t.text(0)}, From: t.bound(1, o.zone(), 0), Until: t.bound(3, o.zone(), 1)}
		if !x.Until.IsZero() && x.Until.Before(x.From) {
			t.fault(3, "is before from")
		}
		l.add(x)
	})
	if err != nil {
		return nil, err
	}
	l.digest = digest
	return l, nil
}

// Encountered reports an encounter between the instants.
func (l *EncounterList) Encountered(patient activity.Patient, from, until time.Time) bool {
	list, ok := l.spans[patient]
	if !ok && patient.System != "" {
		list = l.spans[activity.Patient{ID: patient.ID}]
	}
	first, last := from.UnixMicro(), until.UnixMicro()
	return slices.ContainsFunc(list, func(s [2]int64) bool {
		return s[0] <= last && (s[1] == 0 || s[1] > first || s[0] == s[1] && s[0] >= first)
	})
}

// Digest identifies the list.
func (l *EncounterList) Digest() hipaasmp.Digest { return l.digest }
