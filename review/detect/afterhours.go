package detect

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// AfterHours finds what people did outside the shift for which they were scheduled: R16. One finding is one actor. By
// itself it says little and is always low; [Budget] lets it raise the rank of other findings in the same events.
// Logging in and out is no part of it.
type AfterHours struct {
	// People says who is scheduled when. Without it nothing is found.
	People People
	// Calendar says which days are holidays, for those whose shifts fall on certain days of the week.
	Calendar Calendar
	// Grace is how long before and after a shift still belongs to it; 0 is 60 minutes, and less than 0 is none.
	Grace time.Duration
	// Zone is the zone of shifts.
	Zone ZoneOf
}

func (d AfterHours) grace() time.Duration { return max(cmp.Or(d.Grace, time.Hour), 0) }

// Describe returns what a review records of the detector.
func (d AfterHours) Describe() Description {
	return Description{
		ID: IDAfterHours, Version: 1, Title: "Activity outside the scheduled shift",
		Parameters:     append(known("people", d.People, "calendar", d.Calendar), Parameter{"grace", d.grace().String()}, Parameter{"zone", d.Zone.name()}),
		FalsePositives: "Shifts that were swapped, overtime, calls from home. Alone it is worth nothing.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAccessAuthorization},
	}
}

func (d AfterHours) rule() rule[accessMark] {
	wall, grace := d.Zone.clock(), int(d.grace()/time.Minute)
	return rule[accessMark]{
		desc: d.Describe(),
		keep: func(e *met, put func(accessMark)) {
			if d.People == nil || e.Recorded.IsZero() || e.Action == activity.ActionLogin || e.Action == activity.ActionLogout {
				return
			}
			p, ok := e.person(d.People)
			if !ok || p.Shift.Length == 0 || d.onShift(p, wall.dayOf(e.Recorded), wall.minuteOf(e.Recorded), grace) {
				return
			}
			put(accessTo(e, -1, ""))
		},
		findIn: func(desc Description, marks *markSet[accessMark]) []Finding {
			var out []Finding
			for actor, run := range marks.by(func(m accessMark) string { return m.Actor }) {
				out = append(out, desc.finding("shift", SeverityLow, actor, refs(run), append([]string{
					fmt.Sprintf("%s outside the scheduled shift and %s around it", plural(len(run), "act", "acts"), d.grace())}, remarks(run)...)...))
			}
			return out
		},
	}
}

// onShift reports whether the minute of the day lies in a shift, or in the grace before or after.
func (d AfterHours) onShift(p *Person, day int32, minute, grace int) bool {
	const whole = 24 * 60
	since := minute - p.Shift.Start + grace
	begun := day // the day on which the shift that is looked at begins
	for ; since < 0; begun-- {
		since += whole
	}
	for ; since >= whole; begun++ {
		since -= whole
	}
	// Where shift and grace are longer than a day, the shift of the day before may still run.
	for ; since < p.Shift.Length+2*grace; begun, since = begun-1, since+whole {
		if d.scheduled(p, begun) {
			return true
		}
	}
	return false
}

// scheduled reports whether a shift of the person begins on the day.
func (d AfterHours) scheduled(p *Person, day int32) bool {
	if len(p.Shift.Days) == 0 {
		return true
	}
	if !slices.Contains(p.Shift.Days, time.Weekday((int(day)%7+7+4)%7)) {
		return false
	}
	if d.Calendar == nil {
		return true
	}
	_, holiday := d.Calendar.Holiday(p.Site, dateOf(day))
	return !holiday
}

// New returns the state of no events.
func (d AfterHours) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d AfterHours) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
