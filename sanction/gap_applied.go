package sanction

import (
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// reports returns the days on which cases were reported, until asOf, with the cases; an outcome stands for its case.
func (r Records) reports(asOf hipaasmp.Date) map[hipaasmp.Ref]hipaasmp.Date {
	out := map[hipaasmp.Ref]hipaasmp.Date{}
	for _, c := range r.Cases {
		if !c.Report.On.IsZero() && !c.Report.On.After(asOf) {
			out[c.DocumentRef()] = c.Report.On
		}
	}
	for _, o := range r.Outcomes {
		if !o.Report.On.IsZero() && !o.Report.On.After(asOf) {
			out[o.Case.Newest()] = o.Report.On
		}
	}
	return out
}

// attested reports whether an attestation made until asOf covers the day.
func (r Records) attested(day, asOf hipaasmp.Date) bool {
	return slices.ContainsFunc(r.Attestations, func(a Attestation) bool {
		return a.Period.Contains(day) && !a.Period.Open() && !a.On.After(asOf)
	})
}

func (r Records) neverApplied(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var first hipaasmp.Date
	var refs []hipaasmp.Ref
	for _, p := range r.Policies {
		if from := p.Effective.From; !from.IsZero() && !from.After(asOf) {
			refs = append(refs, p.DocumentRef())
			if first.IsZero() || from.Before(first) {
				first = from
			}
		}
	}
	if first.IsZero() {
		return nil // there is no policy to apply, which is a gap of its own
	}
	if asked.IsZero() {
		return r.notAppliedLately(first, refs, asOf)
	}
	last := asOf
	if !asked.Open() && asked.To.Before(asOf) {
		last = asked.To
	}
	for _, on := range r.reports(asOf) {
		if asked.Contains(on) {
			return nil
		}
	}
	if asked.From.After(first) {
		first = asked.From
	}
	var out []hipaasmp.Gap
	var since hipaasmp.Date // first day of the stretch that is being walked
	for _, day := range r.turns(first, last) {
		bare := len(InForce(r.Policies, day)) > 0 && !r.attested(day, asOf)
		if bare && since.IsZero() {
			since = day
		}
		if !bare && !since.IsZero() {
			out = append(out, r.notApplied(since, day.AddDays(-1), refs))
			since = hipaasmp.Date{}
		}
	}
	if !since.IsZero() {
		out = append(out, r.notApplied(since, last, refs))
	}
	return out
}

// turns lists the days from first to last on which a policy or an attested period begins or has ended: from one of them
// to the next nothing changes.
func (r Records) turns(first, last hipaasmp.Date) []hipaasmp.Date {
	if first.After(last) {
		return nil
	}
	days := []hipaasmp.Date{first}
	add := func(p hipaasmp.Period) {
		days = append(days, p.From)
		if p.To.Before(last) && !p.Open() {
			days = append(days, p.To.AddDays(1))
		}
	}
	for _, p := range r.Policies {
		add(p.Effective)
	}
	for _, a := range r.Attestations {
		add(a.Period)
	}
	days = slices.DeleteFunc(days, func(d hipaasmp.Date) bool { return d.Before(first) || d.After(last) })
	slices.SortFunc(days, hipaasmp.Date.Compare)
	return slices.Compact(days)
}

// notAppliedLately asks by the policy's own interval: since when has there been neither a case nor an attestation?
func (r Records) notAppliedLately(first hipaasmp.Date, refs []hipaasmp.Ref, asOf hipaasmp.Date) []hipaasmp.Gap {
	current := InForce(r.Policies, asOf)
	if len(current) == 0 || current[0].AttestMonths <= 0 {
		return nil
	}
	mark := first
	for _, on := range r.reports(asOf) {
		if on.After(mark) {
			mark = on
		}
	}
	for _, a := range r.Attestations {
		if !a.On.After(asOf) && !a.Period.Open() && a.Period.To.After(mark) {
			mark = a.Period.To
		}
	}
	if !asOf.After(mark.AddMonths(current[0].AttestMonths)) {
		return nil
	}
	return []hipaasmp.Gap{r.notApplied(mark, asOf, refs)}
}

func (r Records) notApplied(since, last hipaasmp.Date, refs []hipaasmp.Ref) hipaasmp.Gap {
	return hipaasmp.Gap{
		Missing: fmt.Sprintf("The sanction policy was in effect, and from %s to %s there is neither a case nor an attestation that no violation came to notice.", since, last),
		Since:   since,
		Closes:  "File the cases of the period, or have somebody with knowledge attest that there were none, and on what basis.",
		Refs:    refs,
		Counted: []string{fmt.Sprintf("%d cases and %d outcomes on file", len(r.Cases), len(r.Outcomes)), fmt.Sprintf("%d attestations on file", len(r.Attestations))},
	}
}

// ungoverned finds the days of the asked period, or without one since the first version, on which no version was in
// effect. A stretch that goes on to the day that is asked of has a question of its own.
func (r Records) ungoverned(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	first, last := asked.From, asOf
	if !asked.Open() && asked.To.Before(asOf) {
		last = asked.To
	}
	for _, p := range r.Policies {
		if from := p.Effective.From; asked.IsZero() && !from.IsZero() && (first.IsZero() || from.Before(first)) {
			first = from
		}
	}
	if first.IsZero() {
		return nil
	}
	var out []hipaasmp.Gap
	var since hipaasmp.Date // first day of the stretch that is being walked
	for _, day := range r.turns(first, asOf) {
		bare := len(InForce(r.Policies, day)) == 0
		switch {
		case bare && since.IsZero():
			since = day
		case !bare && !since.IsZero():
			until := day.AddDays(-1)
			if until.After(last) {
				until = last
			}
			if !since.After(until) {
				out = append(out, hipaasmp.Gap{
					Missing: fmt.Sprintf("From %s to %s no version of the sanction policy was in effect.", since, until),
					Since:   since,
					Closes:  "File the version that governed, where there was one; say why there was none otherwise.",
					Counted: []string{fmt.Sprintf("%d versions of the policy on file", len(r.Policies))},
				})
			}
			since = hipaasmp.Date{}
		}
	}
	return out
}
