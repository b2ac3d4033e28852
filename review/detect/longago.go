package detect

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// LongAgo finds accesses to the records of patients who died or were last seen long ago, by other roles than those that
// work on old records: R15. One finding is one actor and one patient.
type LongAgo struct {
	// Patients says who died or was last seen when. Without it nothing is found.
	Patients Patients
	// People says who has which role; whose role is not known is not exempt.
	People People
	// Days is how long ago is long: more than this; 0 is 180.
	Days int
	// Exempt are the roles that work on old records; nil is him, billing and quality.
	Exempt []string
	// Tie explains accesses.
	Tie Tie
	// Zone is the zone of days.
	Zone ZoneOf
}

func (d LongAgo) days() int { return cmp.Or(d.Days, 180) }

func (d LongAgo) exempt() []string {
	if d.Exempt == nil {
		return []string{"billing", "him", "quality"}
	}
	return slices.Sorted(slices.Values(d.Exempt))
}

// Describe returns what a review records of the detector.
func (d LongAgo) Describe() Description {
	return Description{
		ID: IDLongAgo, Version: 1, Title: "Access to the record of a patient who died or was last seen long ago",
		Parameters: append(append(known("patients", d.Patients, "people", d.People), Parameter{"days", strconv.Itoa(d.days())},
			Parameter{"exempt", plain(named(strings.Join(d.exempt(), ", "), "none"))}, Parameter{"zone", d.Zone.name()}), d.Tie.parameters()...),
		FalsePositives: "Claims, registries, transplant follow-up; a patient who comes back and whose new visit is not registered yet.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAccessAuthorization},
	}
}

func (d LongAgo) rule() rule[accessMark] {
	exempt := d.exempt()
	return accessRule(d.Describe(), func(e *met, i int) (string, bool, bool) {
		if d.Patients == nil || e.Recorded.IsZero() {
			return "", false, false
		}
		f, ok := e.registered(d.Patients, i)
		if !ok || f.Died.IsZero() && f.Seen.IsZero() {
			return "", false, false
		}
		since, what := f.Seen, "the last encounter"
		if !f.Died.IsZero() {
			since, what = f.Died, "the patient's death"
		}
		ago := since.DaysUntil(d.Zone.date(e.Recorded))
		if ago <= d.days() {
			return "", false, false
		}
		if d.People != nil {
			if p, ok := e.person(d.People); ok && folded(exempt, p.Role) {
				return "", false, false
			}
		}
		if e.explained(d.Tie, i) {
			return "", false, false
		}
		return fmt.Sprintf("%d days after %s; the setting is %d", ago, what, d.days()), !f.Died.IsZero(), true
	}, func(n int, died bool) (Severity, string) {
		if died {
			return SeverityModerate, fmt.Sprintf("%s to the record of a patient who died long ago", accesses(n))
		}
		return SeverityLow, fmt.Sprintf("%s to the record of a patient who was last seen long ago", accesses(n))
	})
}

// New returns the state of no events.
func (d LongAgo) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d LongAgo) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
