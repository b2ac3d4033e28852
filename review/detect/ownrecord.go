package detect

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// OwnRecord finds what people did in their own records: R1. One finding is one actor. Attempts that were refused count.
type OwnRecord struct {
	// People says whose record is whose. Without it nothing is found.
	People People
	// Permitted are the screens that everybody may look at in the own record, see [Matrix]; nil is none.
	Permitted []string
	// Severity is what the entity's policy makes of it; empty is low, because a first time is a reason to remind.
	Severity Severity
}

func (d OwnRecord) severity() Severity { return cmp.Or(d.Severity, SeverityLow) }

// Describe returns what a review records of the detector.
func (d OwnRecord) Describe() Description {
	permitted := slices.Sorted(slices.Values(d.Permitted))
	return Description{
		ID: IDOwnRecord, Version: 2, Title: "Access to one's own record",
		Parameters:     append(known("people", d.People), Parameter{"permitted", plain(named(strings.Join(permitted, ", "), "none"))}, Parameter{"severity", string(d.severity())}),
		FalsePositives: "Many entities allow it through the portal only, some allow it outright; the policy decides. A first time is a reason to remind.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAccessAuthorization},
	}
}

func (d OwnRecord) rule() rule[accessMark] {
	return rule[accessMark]{
		desc: d.Describe(),
		keep: func(e *met, put func(accessMark)) {
			if d.People == nil || len(e.Patients) == 0 {
				return
			}
			p, ok := e.person(d.People)
			if !ok || len(p.Patients) == 0 {
				return
			}
			for i := range e.Patients {
				if p.owns(e.Patients[i]) && !slices.Contains(d.Permitted, screen(e.Event)) {
					put(accessTo(e, i, ""))
				}
			}
		},
		find: func(desc Description, marks []accessMark) []Finding {
			var out []Finding
			keys, by := groups(marks, func(m accessMark) string { return "\x00" + m.Actor })
			for _, k := range keys {
				run := by[k]
				out = append(out, desc.finding("own", d.severity(), run[0].Actor, refs(run),
					append([]string{fmt.Sprintf("%s by the actor to the actor's own record", accesses(len(run)))}, remarks(run)...)...).about(charts(run)...))
			}
			return out
		},
	}
}

// New returns the state of no events.
func (d OwnRecord) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d OwnRecord) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
