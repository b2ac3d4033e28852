package review

import (
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// days counts the days of a cell by what is known of them.
type days struct {
	expected, unknown                       int
	covered, waived, excused, missing, open int
	lost                                    int
	late                                    *Record
	due                                     hipaasmp.Date
	records                                 []Record
	families                                []activity.Family
}

// cells returns the cell of the source in the month, and one for each kind of activity that is expected of it.
func (t table) cells(month hipaasmp.Period, s Source) []Cell {
	d := t.count(month, s.ID)
	c := Cell{Month: month, Source: s.ID, System: s.System, Records: s.Records, Expected: d.expected, Covered: d.covered, Due: d.due}
	for _, x := range d.records {
		c.Refs = append(c.Refs, x.DocumentRef())
	}
	c.Status, c.Reason = d.status(month, s)
	out := []Cell{c}
	for _, family := range d.families {
		out = append(out, c.family(family, d))
	}
	return out
}

// count looks at every day of the month.
func (t table) count(month hipaasmp.Period, id string) days {
	var d days
	for day := month.From; !day.After(month.To); day = day.AddDays(1) {
		expected, p, source := t.expects(day, id)
		switch expected {
		case expectUnknown:
			d.unknown++
			continue
		case expectNothing:
			continue
		}
		d.expected++
		for _, family := range source.Families {
			if !slices.Contains(d.families, family) {
				d.families = append(d.families, family)
			}
		}
		x, ok := t.covering(day, id)
		if !ok {
			period := p.Cadence.Period(day)
			if until := p.Cadence.Until(period); !t.asOf.After(until) {
				d.open++
				if d.due.IsZero() {
					d.due = p.Cadence.Due(period)
				}
			} else {
				d.missing++
			}
			continue
		}
		if !slices.ContainsFunc(d.records, func(have Record) bool { return have.DocumentRef() == x.DocumentRef() }) {
			d.records = append(d.records, x)
		}
		n, left := x.Excused(id)
		switch {
		case !left:
			d.covered++
			if x.Timeliness.Late() && d.late == nil {
				d.late = &x
			}
		case n.Ground == GroundNotExpected:
			d.excused++
		case n.Ground == GroundWaived:
			d.waived++
		default:
			d.lost++
		}
	}
	return d
}

// status reads off the days what is known of the source in the month, and says why.
func (d days) status(month hipaasmp.Period, s Source) (Status, string) {
	switch {
	case d.unknown > 0:
		return StatusUnknown, fmt.Sprintf("On %d days no procedure was in effect, so that it is not known what was to be reviewed.", d.unknown)
	case d.expected == 0:
		return StatusNotExpected, "The source was not in use, the entity was not in operation, or the procedure did not list it."
	case d.excused == d.expected:
		return StatusNotExpected, "The certified review says that there was nothing to review."
	case d.lost > 0 && d.covered == 0 && d.waived == 0:
		return StatusMissing, fmt.Sprintf("The records of %d of %d days could not be had, as the certified review says.", d.lost, d.expected)
	case d.lost > 0:
		return StatusPartial, fmt.Sprintf("The records of %d of %d days could not be had, as the certified review says.", d.lost, d.expected)
	case d.missing > 0 && d.covered == 0 && d.waived == 0:
		return StatusMissing, fmt.Sprintf("No certified review covers any of %d days that are overdue by the entity's own procedure.", d.missing)
	case d.missing > 0:
		return StatusPartial, fmt.Sprintf("%d of %d days have no certified review and are overdue by the entity's own procedure.", d.missing, d.expected)
	case d.open > 0:
		return StatusNotDue, fmt.Sprintf("The review of %d of %d days is due on %s.", d.open, d.expected, d.due)
	case d.waived > 0 && d.covered > 0:
		return StatusPartial, fmt.Sprintf("The review of %d of %d days was waived.", d.waived, d.expected)
	case d.waived > 0:
		return StatusWaived, "The entity waived the review, for the reason in the record."
	}
	return d.reviewed(month, s)
}

// reviewed says of a source whose days are all covered what the records say of its recording.
func (d days) reviewed(month hipaasmp.Period, s Source) (Status, string) {
	status, reason := StatusComplete, "Certified in time."
	if d.late != nil {
		t := d.late.Timeliness
		status, reason = StatusLate, fmt.Sprintf("Certified on %s, %d days after %s, when it was due by the entity's own procedure.", t.Certified, t.DaysLate, t.Due)
	}
	for _, x := range d.records {
		r, ok := x.Reviewed(s.ID)
		if !ok {
			continue
		}
		switch {
		case r.Capability.State == CapabilityDisabled:
			return StatusPartial, fmt.Sprintf("Recording was found off on %s.", r.Capability.Checked)
		case slices.ContainsFunc(r.Capability.Gaps, month.Overlaps):
			return StatusPartial, "Recording is known to have been off or incomplete on some days of the month."
		case r.Capability.State != CapabilityEnabled:
			status, reason = StatusUnknown, "Nobody checked whether the source was recording."
		case r.Events == 0 && s.Records == RecordAuditLog && status != StatusUnknown:
			status, reason = StatusUnknown, "The audit log held no entry at all."
		}
	}
	return status, reason
}

// family returns the cell of one kind of activity in a source. A kind that is expected and of which the reviews hold no
// event is unknown: nothing happened, or nothing was recorded.
func (c Cell) family(family activity.Family, d days) Cell {
	c.Family = family
	if c.Covered == 0 || c.Status == StatusMissing {
		return c
	}
	var n int64
	counted := false
	for _, x := range d.records {
		if r, ok := x.Reviewed(c.Source); ok && len(r.Families) > 0 {
			n += r.Family(family)
			counted = true
		}
	}
	switch {
	case !counted && (c.Status == StatusComplete || c.Status == StatusLate):
		c.Status, c.Reason = StatusUnknown, "The events were not counted by kind of activity."
	case counted && n == 0 && c.Status != StatusPartial:
		c.Status, c.Reason = StatusUnknown, "The reviews hold no event of this kind: nothing happened, or nothing was recorded."
	}
	return c
}
