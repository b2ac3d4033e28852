package detect

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// BreakGlass finds every use of emergency access: R7. One finding is one actor in one patient's record on one day,
// because that is what somebody has to justify. It is low, and moderate where no purpose was stated, where the patient had
// no encounter within Around of an access, where the actor used it more often in the month than PerMonth, or where the log
// does not say who it was.
type BreakGlass struct {
	// Encounters says when patients were under care. Without it no finding is raised for want of an encounter.
	Encounters Encounters
	// Around is how long before and after an access an encounter counts; 0 is 24 hours.
	Around time.Duration
	// PerMonth is how many findings an actor may have in a month before each of them is moderate; 0 is 5.
	PerMonth int
	// People says who has which role: a finding that is raised for its number says what is usual in the role. Nil leaves
	// that out.
	People People
	// Zone is the zone of days and months.
	Zone ZoneOf
}

func (d BreakGlass) perMonth() int { return cmp.Or(d.PerMonth, 5) }

func (d BreakGlass) around() time.Duration { return max(cmp.Or(d.Around, oneDay), 0) }

// Describe returns what a review records of the detector.
func (d BreakGlass) Describe() Description {
	return Description{
		ID: IDBreakGlass, Version: 2, Title: "Emergency access (break-the-glass)",
		Parameters:     append(known("encounters", d.Encounters, "people", d.People), Parameter{"around", d.around().String()}, Parameter{"per month", strconv.Itoa(d.perMonth())}, Parameter{"zone", d.Zone.name()}),
		FalsePositives: "Emergency department and on-call norms differ: compare an actor with the role. An encounter that was registered late.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteEmergencyAccess},
	}
}

// glassMark is what a state keeps of an emergency access. Chart stands for the patients: a digest, so that states carry
// no patient numbers about. It keeps them apart and does not hide them from somebody who can list all numbers.
type glassMark struct {
	EventRef
	Actor string `json:"actor,omitempty"`
	Chart string `json:"chart,omitempty"`
	// Charts are those of the patients one by one, of an event that names several.
	Charts []string `json:"charts,omitempty"`
	Stated string   `json:"stated,omitempty"`
	Role   string   `json:"role,omitempty"`
	// Unmet says that none of the patients had an encounter around the access, as far as encounters are known.
	Unmet bool `json:"unmet,omitempty"`
}

func (d BreakGlass) rule() rule[glassMark] {
	return rule[glassMark]{
		desc: d.Describe(),
		keep: once(func(e *met) (glassMark, bool) {
			if !e.Emergency() {
				return glassMark{}, false
			}
			m := glassMark{EventRef: e.ref(), Actor: e.name(), Chart: chart(e.Patients), Stated: plain(strings.Join(e.Purpose, ", ")), Unmet: d.unmet(e)}
			for i := range e.Patients {
				if len(e.Patients) > 1 {
					m.Charts = append(m.Charts, e.chart(i))
				}
			}
			if d.People != nil {
				if p, ok := e.person(d.People); ok {
					m.Role = plain(p.Role)
				}
			}
			return m, true
		}),
		find: d.find,
	}
}

// unmet reports whether none of the patients of the event had an encounter around it. Where no patient or no time is known
// it cannot be told.
func (d BreakGlass) unmet(e *met) bool {
	if d.Encounters == nil || len(e.Patients) == 0 || e.Recorded.IsZero() {
		return false
	}
	return !slices.ContainsFunc(e.Patients, func(p activity.Patient) bool {
		return d.Encounters.Encountered(p, e.Recorded.Add(-d.around()), e.Recorded.Add(d.around()))
	})
}

// chartKey is what a chart is made of.
func chartKey(patients []activity.Patient) []byte {
	var names []string
	for _, p := range patients {
		names = append(names, p.System+"\x00"+p.ID)
	}
	slices.Sort(names)
	return []byte(strings.Join(names, "\x01"))
}

func (d BreakGlass) find(desc Description, marks []glassMark) []Finding {
	day := func(m glassMark) string {
		if m.At.IsZero() {
			return "unknown"
		}
		return d.Zone.date(m.At).String()
	}
	keys, by := groups(marks, func(m glassMark) string { return m.Actor + "\x00" + m.Chart + "\x00" + day(m) })
	month := func(m glassMark) string { return m.Actor + "\x00" + day(m)[:min(7, len(day(m)))] }
	uses := map[string]int{}
	for _, k := range keys {
		uses[month(by[k][0])]++
	}
	usual := usualInRole(keys, by, month, uses)
	var out []Finding
	for _, k := range keys {
		run := by[k]
		reasons := []string{fmt.Sprintf("%s to %s under emergency access", plural(len(run), "access", "accesses"), whoseChart(run[0].Chart))}
		severity := SeverityLow
		if stated := firstStated(run); stated != "" {
			reasons = append(reasons, "the stated purpose is "+stated)
		} else {
			severity = SeverityModerate
			reasons = append(reasons, "no purpose was stated")
		}
		if n := uses[month(run[0])]; n > d.perMonth() && run[0].Actor != "" {
			severity = SeverityModerate
			reasons = append(reasons, fmt.Sprintf("the actor used it %d times in the month; the setting is %d", n, d.perMonth()))
			if role := run[0].Role; role != "" {
				reasons = append(reasons, fmt.Sprintf("those of the role %q who used it at all did so %v times a month in the middle", role, usual[role]))
			}
		}
		if anyOf(run, func(m glassMark) bool { return m.Unmet }) {
			severity = SeverityModerate
			reasons = append(reasons, fmt.Sprintf("the patient had no encounter within %s of an access", d.around()))
		}
		if run[0].Actor == "" {
			severity = SeverityModerate
			reasons = append(reasons, "the log does not say who it was")
		}
		out = append(out, desc.finding("record", severity, run[0].Actor, refs(run), reasons...).about(glassCharts(run)...))
	}
	return out
}

// glassCharts are the charts of the accesses that name one patient; those of several have one together, which is nobody's.
func glassCharts(run []glassMark) (out []string) {
	for _, m := range run {
		out = append(append(out, m.Charts...), oneChart(m)...)
	}
	return out
}

func oneChart(m glassMark) []string {
	if m.Chart == "" || len(m.Charts) > 0 {
		return nil
	}
	return []string{m.Chart}
}

// usualInRole is the median by role of the uses of an actor in a month.
func usualInRole(keys []string, by map[string][]glassMark, month func(glassMark) string, uses map[string]int) map[string]float64 {
	counts, seen := map[string][]float64{}, map[string]bool{}
	for _, k := range keys {
		m := by[k][0]
		if of := month(m); m.Role != "" && m.Actor != "" && !seen[of] {
			seen[of] = true
			counts[m.Role] = append(counts[m.Role], float64(uses[of]))
		}
	}
	out := map[string]float64{}
	for role, list := range counts {
		out[role] = median(list)
	}
	return out
}

func whoseChart(chart string) string {
	if chart == "" {
		return "a record that the log does not name"
	}
	return "one patient's record"
}

func firstStated(run []glassMark) string {
	for _, m := range run {
		if m.Stated != "" {
			return m.Stated
		}
	}
	return ""
}

// New returns the state of no events.
func (d BreakGlass) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d BreakGlass) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
