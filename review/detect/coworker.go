package detect

import (
	"fmt"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Coworker finds accesses to the records of patients who are members of the workforce at the time: R4. It is moderate where
// the two are of one department or have one manager, and low otherwise. One finding is one actor and one patient.
type Coworker struct {
	// People says who is a member, and whose record is whose. Without it nothing is found.
	People People
	// Exempt are the roles that look after the workforce; nil is "occupational health".
	Exempt []string
	// Tie explains accesses: staff are patients too.
	Tie Tie
	// Zone is the zone of days; nil is UTC.
	Zone ZoneOf
}

func (d Coworker) exempt() []string {
	if d.Exempt == nil {
		return []string{"occupational health"}
	}
	return slices.Sorted(slices.Values(d.Exempt))
}

// Describe returns what a review records of the detector.
func (d Coworker) Describe() Description {
	return Description{
		ID: IDCoworker, Version: 2, Title: "Access to the record of a co-worker",
		Parameters: append(append(known("people", d.People), Parameter{"exempt", plain(named(strings.Join(d.exempt(), ", "), "none"))},
			Parameter{"zone", d.Zone.name()}), d.Tie.parameters()...),
		FalsePositives: "Staff are patients too: without relations every treatment of a colleague is found.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAccessAuthorization},
	}
}

func (d Coworker) rule() rule[accessMark] {
	exempt := d.exempt()
	return accessRule(d.Describe(), func(e *met, i int) (string, bool, bool) {
		if d.People == nil || e.Recorded.IsZero() {
			return "", false, false
		}
		owner, ok := e.owner(d.People, i)
		if !ok || !owner.member(e, d.Zone) {
			return "", false, false
		}
		p, ok := e.person(d.People)
		if ok && (p.ID == owner.ID || folded(exempt, p.Role)) || e.explained(d.Tie, i) {
			return "", false, false
		}
		switch {
		case ok && p.Department != "" && p.Department == owner.Department:
			return "both are of the same department", true, true
		case ok && p.Manager != "" && p.Manager == owner.Manager:
			return "both have the same manager", true, true
		case ok && (p.Manager == owner.ID || owner.Manager == p.ID):
			return "one is the other's manager", true, true
		}
		return "", false, true
	}, func(n int, near bool) (Severity, string) {
		if near {
			return SeverityModerate, fmt.Sprintf("%s to the record of a close co-worker", accesses(n))
		}
		return SeverityLow, fmt.Sprintf("%s to the record of a member of the workforce", accesses(n))
	})
}

// member reports whether the person is in the workforce at the time of the event.
func (p *Person) member(e *met, zone ZoneOf) bool {
	if !p.Ended.IsZero() && !e.Recorded.Before(p.Ended) {
		return false
	}
	return covers(p.Member, zone.date(e.Recorded))
}

// New returns the state of no events.
func (d Coworker) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d Coworker) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
