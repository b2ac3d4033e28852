package review

import (
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// ungoverned finds the days of the asked period on which no procedure was in effect, so that nobody can say what was to be
// reviewed. A stretch that lasts until the day that is asked of has a question of its own.
func (r Records) ungoverned(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	if !asked.InOrder() || asked.Open() || asked.From.IsZero() {
		return nil
	}
	last := asked.To
	asked.To = asOf // a stretch that goes on to the day itself is told apart from one that ended
	var out []hipaasmp.Gap
	var since hipaasmp.Date // first day of the stretch that is being walked
	end := func(until hipaasmp.Date) {
		if until.After(last) {
			until = last
		}
		if !since.IsZero() && !since.After(until) {
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("From %s to %s no procedure for reviewing records of information system activity was in effect.", since, until),
				Since:   since,
				Closes:  "File the version that governed, where there was one; otherwise review the time by the next version and say why there was none.",
				Counted: []string{fmt.Sprintf("%d versions of the procedure on file", len(r.Procedures))},
			})
		}
		since = hipaasmp.Date{}
	}
	for _, day := range r.turns(asked) {
		bare := r.operating(day) && len(InForce(r.Procedures, day)) == 0
		switch {
		case bare && since.IsZero():
			since = day
		case !bare:
			end(day.AddDays(-1))
		}
	}
	return out
}

// turns lists the days of the period on which a version or a time of operation begins or has ended: from one of them to
// the next nothing changes.
func (r Records) turns(asked hipaasmp.Period) []hipaasmp.Date {
	if asked.From.After(asked.To) {
		return nil
	}
	days := []hipaasmp.Date{asked.From}
	add := func(p hipaasmp.Period) {
		days = append(days, p.From)
		if !p.Open() && p.To.Before(asked.To) {
			days = append(days, p.To.AddDays(1))
		}
	}
	for _, p := range r.Procedures {
		add(p.Effective)
	}
	for _, p := range r.Operating {
		add(p)
	}
	days = slices.DeleteFunc(days, func(d hipaasmp.Date) bool { return d.Before(asked.From) || d.After(asked.To) })
	slices.SortFunc(days, hipaasmp.Date.Compare)
	return slices.Compact(days)
}

// waived finds sources whose review the entity decided to leave out.
func (r Records) waived(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, x := range r.filed(asked, asOf) {
		for _, n := range x.NotReviewed {
			if n.Ground != GroundWaived {
				continue
			}
			source, _ := x.Procedure.Source(n.Source)
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("The entity decided not to review %s (system %s) in %s.", n.Source, source.System, x.Period),
				Since:   x.Timeliness.Certified,
				Closes:  "Review the records and correct the review, or have the reason at hand.",
				Refs:    []hipaasmp.Ref{x.DocumentRef()},
				Counted: []string{"stated reason: " + n.Reason},
			})
		}
	}
	return out
}
