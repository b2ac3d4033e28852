package detect

import (
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// NoRelation finds accesses with success for which nothing ties the actor to the patient, and which are not to one's own
// record: R14. One finding is one actor and one patient. It is low: some accesses stay unexplained everywhere, so they are
// sampled, not alerted one by one; see [Budget].
type NoRelation struct {
	// Tie says what ties actors to patients. Without relations nothing is found.
	Tie Tie
	// People says whose record is whose.
	People People
}

// Describe returns what a review records of the detector.
func (d NoRelation) Describe() Description {
	return Description{
		ID: IDNoRelation, Version: 1, Title: "Access without a relation to the patient",
		Parameters:     append(known("people", d.People), d.Tie.parameters()...),
		FalsePositives: "Work that leaves no trace in the tables of relations: consultation by telephone, coverage, quality work.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAccessAuthorization},
	}
}

func (d NoRelation) rule() rule[accessMark] {
	return accessRule(d.Describe(), func(e *met, i int) (string, bool, bool) {
		if d.Tie.Relations == nil || e.Outcome != activity.OutcomeSuccess || e.explained(d.Tie, i) {
			return "", false, false
		}
		if d.People != nil {
			if p, ok := e.person(d.People); ok && p.owns(e.Patients[i]) {
				return "", false, false
			}
		}
		return "", false, true
	}, func(n int, _ bool) (Severity, string) {
		back, forward := d.Tie.window()
		return SeverityLow, fmt.Sprintf("%s to the record of a patient to whom nothing ties the actor from %s before to %s after", accesses(n), days(back), days(forward))
	})
}

// New returns the state of no events.
func (d NoRelation) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d NoRelation) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
