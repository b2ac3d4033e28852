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

// BreakGlass finds every use of emergency access: R7. One finding is one actor in one patient's record on one UTC day,
// because that is what somebody has to justify. It is low where a purpose was stated and the actor's use is within the
// limit, moderate otherwise.
type BreakGlass struct {
	// PerMonth is how many findings an actor may have in a UTC month before each of them is moderate; 0 is 5.
	PerMonth int
}

func (d BreakGlass) perMonth() int { return cmp.Or(d.PerMonth, 5) }

// Describe returns what a review records of the detector.
func (d BreakGlass) Describe() Description {
	return Description{
		ID: IDBreakGlass, Version: 1, Title: "Emergency access (break-the-glass)",
		Parameters:     []Parameter{{"per month", strconv.Itoa(d.perMonth())}},
		FalsePositives: "Emergency department and on-call norms differ; compare an actor with the role.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteEmergencyAccess},
	}
}

// glassMark is what a state keeps of an emergency access. Chart stands for the patients: a digest, so that states carry
// no patient numbers about. It keeps them apart and does not hide them from somebody who can list all numbers.
type glassMark struct {
	EventRef
	Actor  string `json:"actor,omitempty"`
	Chart  string `json:"chart,omitempty"`
	Stated string `json:"stated,omitempty"`
}

func (d BreakGlass) rule() rule[glassMark] {
	return rule[glassMark]{
		desc: d.Describe(),
		keep: once(func(e *met) (glassMark, bool) {
			if !e.Emergency() {
				return glassMark{}, false
			}
			return glassMark{EventRef: e.ref(), Actor: e.name(), Chart: chart(e.Patients), Stated: plain(strings.Join(e.Purpose, ", "))}, true
		}),
		find: d.find,
	}
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
		return m.At.Format("2006-01-02")
	}
	keys, by := groups(marks, func(m glassMark) string { return m.Actor + "\x00" + m.Chart + "\x00" + day(m) })
	month := func(m glassMark) string { return m.Actor + "\x00" + day(m)[:min(7, len(day(m)))] }
	uses := map[string]int{}
	for _, k := range keys {
		uses[month(by[k][0])]++
	}
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
		}
		if run[0].Actor == "" {
			severity = SeverityModerate
			reasons = append(reasons, "the log does not say who it was")
		}
		out = append(out, desc.finding("record", severity, run[0].Actor, refs(run), reasons...))
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
