package detect

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// BulkExport finds days on which somebody printed or exported many records, and any print or export by a role without the
// right to: R12. One finding is one actor and one day. Many is Least or more, and as many as on the busiest hundredth of
// the days of actors of that role. An entry that names several patients counts each. A report is an export where its source
// counts it to that family.
type BulkExport struct {
	// People says who has which role; without it everybody has the same.
	People People
	// Least is how many are many; 0 is 50.
	Least int
	// Roles are those that may print and export; nil is all. Without people nobody is known not to.
	Roles []string
	// Zone is the zone of days.
	Zone ZoneOf
}

func (d BulkExport) least() int { return cmp.Or(d.Least, 50) }

// Describe returns what a review records of the detector.
func (d BulkExport) Describe() Description {
	return Description{
		ID: IDBulkExport, Version: 2, Title: "Bulk print or export",
		Parameters: append(known("people", d.People), Parameter{"least", strconv.Itoa(d.least())}, Parameter{"quantile", "0.99"},
			Parameter{"roles", plain(named(strings.Join(slices.Sorted(slices.Values(d.Roles)), ", "), "all"))}, Parameter{"zone", d.Zone.name()}),
		FalsePositives: "Month-end billing; release of information; a report that a program prints for many.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAccessAuthorization},
	}
}

type exportMark struct {
	EventRef
	Actor   string `json:"actor,omitempty"`
	Role    string `json:"role,omitempty"`
	Records int    `json:"records"`
	Barred  bool   `json:"barred,omitempty"`
}

func (d BulkExport) rule() rule[exportMark] {
	return rule[exportMark]{
		desc: d.Describe(),
		keep: once(func(e *met) (exportMark, bool) {
			if e.Action != activity.ActionPrint && e.Action != activity.ActionExport && e.Family != activity.FamilyPrintExport || e.Outcome == activity.OutcomeDenied ||
				e.Outcome == activity.OutcomeFailure || e.Outcome == activity.OutcomeThrottled || e.Recorded.IsZero() {
				return exportMark{}, false
			}
			m := exportMark{EventRef: e.ref(), Actor: e.name(), Records: max(1, len(e.Patients))}
			if d.People != nil {
				if p, ok := e.person(d.People); ok {
					m.Role, m.Barred = plain(p.Role), d.Roles != nil && !folded(d.Roles, p.Role)
				}
			}
			return m, true
		}),
		findIn: d.find,
	}
}

// exportDay is what an actor printed and exported on a day, the marks in order.
type exportDay struct {
	marks  []exportMark
	n      int
	role   string
	barred bool
}

// days returns what an actor did by days.
func (d BulkExport) days(marks []exportMark) []exportDay {
	keys, by := groups(marks, func(m exportMark) string { return d.Zone.date(m.At).String() })
	out := make([]exportDay, len(keys))
	for i, k := range keys {
		x := &out[i]
		x.marks, x.role = by[k], by[k][0].Role
		for _, m := range x.marks {
			x.n += m.Records
			x.barred = x.barred || m.Barred
		}
	}
	return out
}

func (d BulkExport) find(desc Description, marks *markSet[exportMark]) []Finding {
	sizes := map[string][]int{} // by role
	var days []exportDay
	for _, run := range marks.by(func(m exportMark) string { return m.Actor }) {
		for _, x := range d.days(run) {
			sizes[x.role] = append(sizes[x.role], x.n)
			if x.n >= d.least() || x.barred {
				days = append(days, x)
			}
		}
	}
	usual := map[string]int{}
	for role, list := range sizes {
		usual[role] = quantile(list, 99, 100)
	}
	var out []Finding
	for _, x := range days {
		many := x.n >= max(d.least(), usual[x.role])
		if !many && !x.barred {
			continue
		}
		reasons := []string{fmt.Sprintf("%s printed or exported on %s", plural(x.n, "record", "records"), d.Zone.date(x.marks[0].At))}
		severity := SeverityModerate
		if many {
			reasons = append(reasons, fmt.Sprintf("on 99 of 100 days of actors of the role %q it is %d at most; the setting is %d", named(x.role, "unknown"), usual[x.role], d.least()))
		}
		if x.barred {
			severity = SeverityHigh
			reasons = append(reasons, fmt.Sprintf("the role %q is not among those that may", named(x.role, "unknown")))
		}
		out = append(out, desc.finding("day", severity, x.marks[0].Actor, refs(x.marks), reasons...))
	}
	return out
}

// New returns the state of no events.
func (d BulkExport) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d BulkExport) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
