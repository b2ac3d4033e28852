package detect

import (
	"fmt"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Household finds accesses to the records of people of the actor's household, and of registered relatives, guarantors and
// emergency contacts: R2. What is registered ranks before what follows from an address: where both hold, the finding tells
// the relation. One finding is one actor and one patient. One's own record is R1.
type Household struct {
	// People and Patients say who lives where.
	People   People
	Patients Patients
	// Family says who is registered as whose relative, guarantor or emergency contact. Its kinds are told in the finding.
	Family Relations
	// Window is how long before and after the access such a relation counts; 0 is at its instant alone.
	Window time.Duration
	// Tie explains accesses.
	Tie Tie
}

func (d Household) window() time.Duration { return max(d.Window, 0) }

// Describe returns what a review records of the detector.
func (d Household) Describe() Description {
	return Description{
		ID: IDHousehold, Version: 2, Title: "Access to the record of somebody of the household or the family",
		Parameters:     append(append(known("people", d.People, "patients", d.Patients, "family", d.Family), Parameter{"window", d.window().String()}), d.Tie.parameters()...),
		FalsePositives: "Adult children and former spouses at an old address; a parent who is a minor's proxy; colleagues who share a flat.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAccessAuthorization},
	}
}

func (d Household) rule() rule[accessMark] {
	return accessRule(d.Describe(), func(e *met, i int) (string, bool, bool) {
		var p *Person
		if d.People != nil {
			p, _ = e.person(d.People)
		}
		if p != nil && p.owns(e.Patients[i]) {
			return "", false, false
		}
		note, registered := "", false
		if d.Family != nil {
			kind, related := e.relatedAround(d.Family, i, d.window())
			if related {
				note, registered = "the patient is registered as "+named(kind, "a relative"), true
			}
		}
		if !registered && d.Patients != nil && p != nil && p.Household != "" {
			if f, ok := e.registered(d.Patients, i); ok && f.Household == p.Household {
				note = "the actor and the patient have the same household"
			}
		}
		if note == "" || e.explained(d.Tie, i) {
			return "", false, false
		}
		return note, registered, true
	}, func(n int, registered bool) (Severity, string) {
		if registered {
			return SeverityModerate, fmt.Sprintf("%s to the record of a registered relative or contact", accesses(n))
		}
		return SeverityModerate, fmt.Sprintf("%s to the record of somebody of the actor's household", accesses(n))
	})
}

// New returns the state of no events.
func (d Household) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d Household) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
