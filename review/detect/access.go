package detect

import (
	"cmp"
	"fmt"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// accessMark is what a state keeps of an actor's access to one patient's record, or of an act that names none. Chart
// stands for the patient, see [glassMark].
type accessMark struct {
	EventRef
	Actor string `json:"actor,omitempty"`
	Chart string `json:"chart,omitempty"`
	// Note is what the detector has seen, in words.
	Note string `json:"note,omitempty"`
	// Group is what findings are made by, besides actor and chart.
	Group string `json:"group,omitempty"`
	// Strong says that the detector's stronger condition holds.
	Strong bool `json:"strong,omitempty"`
	// Refused says that nothing came of it.
	Refused bool `json:"refused,omitempty"`
}

func (m accessMark) key() markKey {
	k := m.EventRef.key()
	k.sub = m.Chart
	return k
}

// accessTo returns the mark of an event and of its i-th patient; less than 0 is the mark of the event alone.
func accessTo(e *met, i int, note string) accessMark {
	m := accessMark{EventRef: e.ref(), Actor: e.name(), Note: plain(note), Refused: e.Outcome == activity.OutcomeDenied || e.Outcome == activity.OutcomeFailure}
	if i >= 0 {
		m.Chart = e.chart(i)
	}
	return m
}

// Tie is a relation by which an access explains itself: what is explained comes before what is alerted. A detector that
// has one sets aside each access for which the actor and the patient are related at some time from Back before to Forward
// after it.
type Tie struct {
	// Relations are the relations; without them nothing is explained.
	Relations Relations
	// Back and Forward are how long before and after the access a relation counts; 0 is 30 days and 7 days.
	Back, Forward time.Duration
}

const oneDay = 24 * time.Hour

func (t Tie) window() (back, forward time.Duration) {
	return cmp.Or(t.Back, 30*oneDay), cmp.Or(t.Forward, 7*oneDay)
}

// explains reports whether the access has a relation.
func (t Tie) explains(e *activity.Event, patient activity.Patient) bool {
	if t.Relations == nil {
		return false
	}
	back, forward := t.window()
	from, until := unbounded()
	if !e.Recorded.IsZero() {
		from, until = e.Recorded.Add(-back), e.Recorded.Add(forward)
	}
	_, related := t.Relations.Related(e.Actor, patient, from, until)
	return related
}

// unbounded is a time that all relations share, for an event whose own is unknown.
func unbounded() (from, until time.Time) { return time.Unix(0, 0), time.Unix(1<<33, 0) }

func (t Tie) parameters() []Parameter {
	back, forward := t.window()
	return append(known("relations", t.Relations), Parameter{"back", days(back)}, Parameter{"forward", days(forward)})
}

// days writes a duration in days where it is whole days.
func days(d time.Duration) string {
	if d%oneDay == 0 && d != 0 {
		return plural(int(d/oneDay), "day", "days")
	}
	return d.String()
}

// look is the work of a detector of accesses: it says of an access to the i-th patient whether to keep it and why.
type look func(e *met, i int) (note string, strong, hit bool)

// accessRule keeps the accesses that look keeps, and makes one finding of the accesses of one actor to one patient.
// Words returns the severity and the first reason from the number of accesses and whether one of them is strong.
func accessRule(desc Description, see look, words func(n int, strong bool) (Severity, string)) rule[accessMark] {
	found := func(desc Description, run []accessMark) Finding {
		severity, first := words(len(run), anyOf(run, func(m accessMark) bool { return m.Strong }))
		return desc.finding(run[0].Chart, severity, run[0].Actor, refs(run), append([]string{first}, remarks(run)...)...).about(charts(run)...)
	}
	return rule[accessMark]{
		desc: desc,
		keep: func(e *met, put func(accessMark)) {
			for i := range e.Patients {
				if note, strong, hit := see(e, i); hit {
					m := accessTo(e, i, note)
					m.Strong = strong
					put(m)
				}
			}
		},
		find: func(desc Description, marks []accessMark) []Finding {
			var out []Finding
			keys, by := groups(marks, accessMark.pair)
			for _, k := range keys {
				out = append(out, found(desc, by[k]))
			}
			return out
		},
		findIn: func(desc Description, marks *markSet[accessMark]) []Finding {
			var out []Finding
			for _, run := range marks.by(accessMark.pair) {
				out = append(out, found(desc, run))
			}
			return out
		},
	}
}

// pair is the actor and the patient of a mark.
func (m accessMark) pair() string { return m.Actor + "\x00" + m.Chart }

// remarks are the notes of the marks, each once, and what else a reader of the finding asks at once.
func remarks(run []accessMark) []string {
	var out []string
	told := map[string]bool{}
	refused, dated := 0, map[hipaasmp.Date]bool{}
	for _, m := range run {
		if m.Note != "" && !told[m.Note] && len(told) < 10 {
			told[m.Note] = true
			out = append(out, m.Note)
		}
		if m.Refused {
			refused++
		}
		if !m.At.IsZero() {
			dated[hipaasmp.DateOf(m.At, time.UTC)] = true
		}
	}
	if len(dated) > 1 {
		out = append(out, fmt.Sprintf("on %d different days (UTC)", len(dated)))
	}
	if refused > 0 {
		out = append(out, fmt.Sprintf("%d of them did not succeed", refused))
	}
	return out
}

func anyOf[M any](list []M, is func(M) bool) bool {
	for _, m := range list {
		if is(m) {
			return true
		}
	}
	return false
}

// accesses writes a number of accesses.
func accesses(n int) string { return plural(n, "access", "accesses") }
