package detect

import (
	"cmp"
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Neighbour finds accesses to the records of patients who live on the actor's street or near it, but not in the actor's
// household: R5. One finding is one actor and one patient. The finding says how many registered patients live there, because
// in dense housing everybody has many neighbours: where there are more than Dense of them it is low, and moderate elsewhere.
type Neighbour struct {
	// People and Patients say who lives where.
	People   People
	Patients Patients
	// Metres is how near is near: less than this; 0 is 402, a quarter of a mile. More than 800 is 800.
	Metres int
	// Dense is from how many registered patients on the street, or where that is not known in the same hundredth of a
	// degree, housing is not dense yet; 0 is 100.
	Dense int
	// Tie explains accesses.
	Tie Tie
}

func (d Neighbour) metres() int { return min(cmp.Or(d.Metres, 402), 800) }

func (d Neighbour) dense() int { return cmp.Or(d.Dense, 100) }

// Describe returns what a review records of the detector.
func (d Neighbour) Describe() Description {
	return Description{
		ID: IDNeighbour, Version: 2, Title: "Access to the record of a neighbour",
		Parameters:     append(append(known("people", d.People, "patients", d.Patients), Parameter{"metres", fmt.Sprint(d.metres())}, Parameter{"dense", fmt.Sprint(d.dense())}), d.Tie.parameters()...),
		FalsePositives: "Dense housing, where hundreds live as near; a hospital whose staff live around it.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAccessAuthorization},
	}
}

func (d Neighbour) rule() rule[accessMark] {
	return accessRule(d.Describe(), func(e *met, i int) (string, bool, bool) {
		if d.People == nil || d.Patients == nil {
			return "", false, false
		}
		p, ok := e.person(d.People)
		if !ok || p.Street == "" && !p.Position.Known || p.owns(e.Patients[i]) {
			return "", false, false
		}
		f, ok := e.registered(d.Patients, i)
		if !ok || p.Household != "" && p.Household == f.Household {
			return "", false, false
		}
		note := ""
		switch {
		case p.Street != "" && p.Street == f.Street:
			note = "both live on the same street"
		case p.Position.Known && f.Position.Known && p.Position.metres(f.Position) < float64(d.metres()):
			note = fmt.Sprintf("they live less than %d metres apart", d.metres())
		}
		if note == "" || e.explained(d.Tie, i) {
			return "", false, false
		}
		crowd := d.Patients.Crowd(f)
		return fmt.Sprintf("%s; %s there", note, plural(crowd, "registered patient lives", "registered patients live")), crowd <= d.dense(), true
	}, func(n int, sparse bool) (Severity, string) {
		severity := SeverityLow
		if sparse {
			severity = SeverityModerate
		}
		return severity, fmt.Sprintf("%s to the record of a neighbour", accesses(n))
	})
}

// New returns the state of no events.
func (d Neighbour) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d Neighbour) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
