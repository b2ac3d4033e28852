package detect

import (
	"cmp"
	"fmt"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// SameSurname finds accesses to the records of patients who have the actor's surname, where that is a rare one: R3. One
// finding is one actor and one patient. It is always low: a name alone says little.
type SameSurname struct {
	// People and Patients say who is called what.
	People   People
	Patients Patients
	// Rare is the share of the registered patients below which a surname is rare; 0 is 0.001.
	Rare float64
	// Tie explains accesses.
	Tie Tie
}

func (d SameSurname) rare() float64 { return cmp.Or(d.Rare, 0.001) }

// Describe returns what a review records of the detector.
func (d SameSurname) Describe() Description {
	return Description{
		ID: IDSameSurname, Version: 1, Title: "Access to the record of a patient with the same rare surname",
		Parameters:     append(append(known("people", d.People, "patients", d.Patients), Parameter{"rare", fmt.Sprint(d.rare())}), d.Tie.parameters()...),
		FalsePositives: "Common names, also those that are common in one community only; people who happen to share one.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAccessAuthorization},
	}
}

func (d SameSurname) rule() rule[accessMark] {
	return accessRule(d.Describe(), func(e *met, i int) (string, bool, bool) {
		if d.People == nil || d.Patients == nil {
			return "", false, false
		}
		p, ok := e.person(d.People)
		if !ok || p.Surname == "" || p.owns(e.Patients[i]) {
			return "", false, false
		}
		f, ok := e.registered(d.Patients, i)
		if !ok || !strings.EqualFold(f.Surname, p.Surname) || d.Patients.SurnameShare(f.Surname) >= d.rare() || e.explained(d.Tie, i) {
			return "", false, false
		}
		return fmt.Sprintf("fewer than %v of all registered patients have it", d.rare()), false, true
	}, func(n int, _ bool) (Severity, string) {
		return SeverityLow, fmt.Sprintf("%s to the record of a patient with the actor's surname", accesses(n))
	})
}

// New returns the state of no events.
func (d SameSurname) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d SameSurname) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
