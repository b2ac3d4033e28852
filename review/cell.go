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
	late                                    *tableRecord
	before                                  string // what the late one corrects
	due                                     hipaasmp.Date
	records                                 []*tableRecord
	families                                []activity.Family
	// unused is the source as a procedure takes it out of use, and left what a review says of one that it left out.
	unused *Source
	left   *NotReviewed
	hours  cellHours
}

// cellHours are the hours of the days that are covered by a review of a source with a schedule.
type cellHours struct {
	expected, observed, silent int
	// uncounted is how many days have hours that no review counted.
	uncounted int
	// limit is the least of the limits of the procedures that were followed, of a thousand; 0 is none.
	limit int
}

// cells adds the cell of the source in the month, and one for each kind of activity that is expected of it.
func (t *table) cells(out []Cell, month hipaasmp.Period, place int) []Cell {
	s := &t.sources[place]
	d := t.count(month, place)
	c := Cell{Month: month, Source: s.ID, System: s.System, Records: s.Records, Expected: d.expected, Covered: d.covered, Due: d.due,
		Hours: d.hours.expected, Observed: d.hours.observed, Silent: d.hours.silent}
	for _, x := range d.records {
		c.Refs = append(c.Refs, x.DocumentRef())
	}
	c.Status, c.Reason = d.status(month, s.Records, place)
	out = append(out, c)
	for _, family := range d.families {
		out = append(out, t.family(c, family, d, place))
	}
	return out
}

// count looks at every day of the month.
func (t *table) count(month hipaasmp.Period, place int) days {
	var d days
	list := t.within(month)
	var last *Source
	for i := range list {
		on := &list[i]
		expected, v, source, period := on.expects(place)
		switch expected {
		case expectUnknown:
			d.unknown++
			continue
		case expectNothing:
			if d.unused == nil {
				d.unused = source
			}
			continue
		}
		d.expected++
		if source != last {
			last = source
			for _, family := range source.Families {
				if !slices.Contains(d.families, family) {
					d.families = append(d.families, family)
				}
			}
		}
		x := on.covering(place)
		if x == nil {
			if !t.asOf.After(on.lastDay(v)) {
				d.open++
				if d.due.IsZero() {
					d.due = v.Cadence.Due(period)
				}
			} else {
				d.missing++
			}
			continue
		}
		if !slices.Contains(d.records, x) {
			d.records = append(d.records, x)
		}
		n := x.excused[place]
		switch {
		case n == nil:
			d.covered++
			if x.Timeliness.Late() && d.late == nil {
				d.late, d.before = x, t.before(*x.Record)
			}
			d.hours.add(t, x, place, on.day)
		case n.Ground == GroundNotExpected:
			d.excused++
			d.left = n
		case n.Ground == GroundWaived:
			d.waived++
		default:
			d.lost++
		}
	}
	return d
}

// add counts the hours of a day that a review of the source covers.
func (h *cellHours) add(t *table, x *tableRecord, place int, day hipaasmp.Date) {
	limit := x.limits.HoursPerThousand
	source := x.lists[place]
	if source == nil || source.Expected == nil || limit <= 0 || !source.inUse(day) {
		return
	}
	expected := t.expectedHours(source.Expected, x.Zone, day)
	if expected == 0 {
		return
	}
	if h.limit == 0 || limit < h.limit {
		h.limit = limit
	}
	counted := x.reviewed[place].Hours
	if counted == nil {
		h.uncounted++
		return
	}
	h.expected += expected
	i, short := slices.BinarySearchFunc(counted.Short, day, func(d ShortDay, day hipaasmp.Date) int { return d.Day.Compare(day) })
	if !short {
		h.observed += expected
		return
	}
	h.observed += min(counted.Short[i].Observed, expected)
	if counted.Short[i].Observed == 0 {
		h.silent++
	}
}

// below reports whether fewer of the expected hours were observed than the procedure asks for.
func (h cellHours) below() bool {
	return h.limit > 0 && int64(h.observed)*1000 < int64(h.expected)*int64(h.limit)
}

// status reads off the days what is known of the source in the month, and says why.
func (d days) status(month hipaasmp.Period, records RecordKind, place int) (Status, string) {
	switch {
	case d.unknown > 0:
		return StatusUnknown, fmt.Sprintf("On %d days no procedure was in effect, so that it is not known what was to be reviewed.", d.unknown)
	case d.expected == 0:
		return StatusNotExpected, d.unused.absent(month)
	case d.excused == d.expected:
		return StatusNotExpected, fmt.Sprintf("The certified review says that there was nothing to review: %s%s", d.left.Absence.words(), shown(d.left.Proof))
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
	return d.reviewed(month, records, place)
}

// absent says why a source that is listed out of use, or not at all, is not expected in the month.
func (s *Source) absent(month hipaasmp.Period) string {
	switch {
	case s == nil:
		return "The entity was not in operation, or the procedure did not list the source."
	case s.InUse.From.After(month.To):
		return fmt.Sprintf("The source was not in use before %s%s", s.InUse.From, shown(s.InUseProof))
	case !s.InUse.Open() && s.InUse.To.Before(month.From):
		return fmt.Sprintf("The source was retired on %s%s", s.InUse.To, shown(s.InUseProof))
	}
	return fmt.Sprintf("The source was in use %s only%s", s.InUse, shown(s.InUseProof))
}

// shown ends a sentence with what shows it.
func shown(proof *hipaasmp.Artifact) string {
	if proof == nil {
		return ". Nothing shows it."
	}
	return ", as " + proof.Name + " shows."
}

// reviewed says of a source whose days are all covered what the records say of its recording.
func (d days) reviewed(month hipaasmp.Period, records RecordKind, place int) (Status, string) {
	status, reason := StatusComplete, "Certified in time."
	if d.late != nil {
		t := d.late.Timeliness
		status, reason = StatusLate, fmt.Sprintf("Certified on %s, %d days after %s, when it was due by the entity's own procedure.%s", t.Certified, t.DaysLate, t.Due, d.before)
	}
	switch h := d.hours; {
	case h.below():
		return StatusPartial, fmt.Sprintf("The source was seen recording in %d of %d expected hours, fewer than the %d of a thousand that the entity's own procedure asks for; on %d days in none.", h.observed, h.expected, h.limit, h.silent)
	case h.uncounted > 0:
		status, reason = StatusUnknown, fmt.Sprintf("It was not counted in which of its expected hours the source was recording on %d days.", h.uncounted)
	case h.expected > 0:
		reason += fmt.Sprintf(" The source was seen recording in %d of %d expected hours.", h.observed, h.expected)
	}
	for _, x := range d.records {
		r := x.reviewed[place]
		if r == nil {
			continue
		}
		switch {
		case r.Capability.State == CapabilityDisabled:
			return StatusPartial, fmt.Sprintf("Recording was found off on %s.", r.Capability.Checked)
		case slices.ContainsFunc(r.Capability.Gaps, month.Overlaps):
			return StatusPartial, "Recording is known to have been off or incomplete on some days of the month."
		case r.Capability.State != CapabilityEnabled:
			status, reason = StatusUnknown, "Nobody checked whether the source was recording."
		case r.elsewhere() && records != RecordIncidentTracking:
			status, reason = StatusUnknown, "Nothing that was read lies in the period under review."
		case r.Events == 0 && records == RecordAuditLog && status != StatusUnknown:
			status, reason = StatusUnknown, "The audit log held no entry at all."
		}
	}
	return status, reason
}

// family returns the cell of one kind of activity in a source. A kind that is expected and of which the reviews hold no
// event is unknown, unless somebody found its recording on: nothing happened, or nothing was recorded.
func (t *table) family(c Cell, family activity.Family, d days, place int) Cell {
	c.Family = family
	if c.Covered == 0 || c.Status == StatusMissing {
		return c
	}
	var n, unknown int64
	counted, on := false, hipaasmp.Date{}
	for _, x := range d.records {
		r := x.reviewed[place]
		if r == nil {
			continue
		}
		if family != activity.FamilyFailed && len(r.Families) > 0 {
			n += r.Family(family)
			unknown += r.Family(activity.FamilyUnknown)
			counted = true
		}
		switch found, ok := r.Capability.family(family); {
		case !ok:
		case found.State == CapabilityDisabled:
			c.Status, c.Reason = StatusPartial, fmt.Sprintf("Recording of this kind of activity was found off on %s.", found.Checked)
			return c
		case found.State == CapabilityUnknown && c.Status != StatusPartial:
			c.Status, c.Reason = StatusUnknown, "Nobody checked whether the source was recording this kind of activity."
		case found.State == CapabilityEnabled:
			on = found.Checked
		}
	}
	switch {
	case family == activity.FamilyFailed:
		return c.failed(t.failed(d, place), on)
	case !counted && (c.Status == StatusComplete || c.Status == StatusLate):
		c.Status, c.Reason = StatusUnknown, "The events were not counted by kind of activity."
	case counted && n == 0 && !on.IsZero() && (c.Status == StatusComplete || c.Status == StatusLate):
		c.Reason += fmt.Sprintf(" There is no event of this kind; its recording was found on on %s.", on)
	case counted && n == 0 && c.Status != StatusPartial:
		c.Status, c.Reason = StatusUnknown, "The reviews hold no event of this kind: nothing happened, or nothing was recorded."
		if unknown > 0 {
			c.Reason = fmt.Sprintf("The reviews hold no event of this kind, and %d of which the kind is not known: nothing happened, nothing was recorded, or it is among those.", unknown)
		}
	}
	return c
}
