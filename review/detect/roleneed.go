package detect

import (
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// RoleWithoutNeed finds acts that the actor's role does not need: R13. A role on which nothing was decided needs nothing:
// that is how a role with no business in the record is seen. One finding is one actor and one kind of act.
type RoleWithoutNeed struct {
	// People says who has which role, and Needs what roles need. Without them nothing is found.
	People People
	Needs  Needs
}

// Describe returns what a review records of the detector.
func (d RoleWithoutNeed) Describe() Description {
	version := "none"
	if d.Needs != nil {
		version = plain(named(d.Needs.Version(), "none"))
	}
	return Description{
		ID: IDRoleWithoutNeed, Version: 1, Title: "Act that the role does not need",
		Parameters:     append(known("people", d.People, "matrix", d.Needs), Parameter{"matrix version", version}),
		FalsePositives: "A second job; a role that was changed in the system before the roster; a matrix that lags behind the screens.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAccessAuthorization},
	}
}

func (d RoleWithoutNeed) rule() rule[accessMark] {
	return rule[accessMark]{
		desc: d.Describe(),
		keep: once(func(e *met) (accessMark, bool) {
			if d.People == nil || d.Needs == nil || e.Action == activity.ActionLogin || e.Action == activity.ActionLogout ||
				e.Outcome != activity.OutcomeSuccess && e.Outcome != activity.OutcomeUnknown {
				return accessMark{}, false
			}
			p, ok := e.person(d.People)
			if !ok || p.Role == "" {
				return accessMark{}, false
			}
			needed, decided := d.Needs.Needed(p.Role, e.Event)
			if needed {
				return accessMark{}, false
			}
			note := fmt.Sprintf("the matrix does not allow it to the role %q", p.Role)
			if !decided {
				note = fmt.Sprintf("the matrix does not know the role %q", p.Role)
			}
			m := accessTo(e, -1, note)
			m.Group, m.Strong = plain(string(e.Action)+" "+named(screen(e.Event), "of an unnamed screen")), !decided
			return m, true
		}),
		find: func(desc Description, marks []accessMark) []Finding {
			var out []Finding
			keys, by := groups(marks, func(m accessMark) string { return m.Actor + "\x00" + m.Group })
			for _, k := range keys {
				run := by[k]
				severity := SeverityModerate
				if run[0].Strong {
					severity = SeverityHigh
				}
				out = append(out, desc.finding(run[0].Group, severity, run[0].Actor, refs(run), append([]string{fmt.Sprintf("%s: %s", plural(len(run), "act", "acts"), run[0].Group)}, remarks(run)...)...))
			}
			return out
		},
	}
}

// New returns the state of no events.
func (d RoleWithoutNeed) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d RoleWithoutNeed) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
