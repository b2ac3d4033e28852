package review

import (
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// kindsReviewed finds certified reviews whose procedure had no source at all of a kind of record that the rule names. A
// source that was left out for a reason has a question of its own, and so has a kind that is missing to this day.
func (r Records) kindsReviewed(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	now := r.kindsInUse(asOf)
	for _, x := range r.certified(asked, asOf) {
		for _, k := range RecordKind("").Values() {
			has := slices.ContainsFunc(x.Procedure.Sources, func(s Source) bool { return s.Records == k })
			if has || len(now) > 0 && !slices.Contains(now, k) {
				continue
			}
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("The review of %s covers no %s, which the rule names as an example of what to review.", x.Period, k.Words()),
				Since:   x.Timeliness.Certified,
				Closes:  "Add a source that gives them to the procedure, review them for the period, and correct the review.",
				Refs:    []hipaasmp.Ref{x.DocumentRef(), x.Procedure.Procedure},
			})
		}
	}
	return out
}

// kindsInUse lists the kinds of record that the procedures in force on the day have a source of.
func (r Records) kindsInUse(on hipaasmp.Date) []RecordKind {
	var out []RecordKind
	for _, p := range InForce(r.Procedures, on) {
		for _, s := range p.Sources {
			if s.inUse(on) && !slices.Contains(out, s.Records) {
				out = append(out, s.Records)
			}
		}
	}
	return out
}

// unproved finds sources that were left out because there was nothing to review, without anything that shows it.
func (r Records) unproved(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, x := range r.filed(asked, asOf) {
		for _, n := range x.NotReviewed {
			if n.Ground != GroundNotExpected || n.Proof != nil && n.Absence != "" {
				continue
			}
			source, _ := x.Procedure.Source(n.Source)
			lacks := "nothing shows it"
			if n.Proof != nil {
				lacks = "does not say whether it was not in use yet, was retired, or held no ePHI"
			}
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("The review of %s says that there was nothing to review in %s (system %s), and %s.", x.Period, n.Source, source.System, lacks),
				Since:   x.Timeliness.Certified,
				Closes:  "Keep what shows that the source was not in use or held no ePHI, and correct the review.",
				Refs:    []hipaasmp.Ref{x.DocumentRef()},
				Counted: []string{"stated reason: " + n.Reason},
			})
		}
	}
	return append(out, r.unprovedUse(asked)...)
}

// unprovedUse finds sources that a procedure takes out of use on some days of the asked period, without anything that shows
// when they came into use or were retired.
func (r Records) unprovedUse(asked hipaasmp.Period) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	told := map[string]bool{}
	for _, p := range r.Procedures {
		if !p.Effective.Overlaps(asked) {
			continue
		}
		days := asked
		if p.Effective.From.After(days.From) {
			days.From = p.Effective.From
		}
		if !p.Effective.Open() && p.Effective.To.Before(days.To) {
			days.To = p.Effective.To
		}
		for _, s := range p.Sources {
			if s.InUse.IsZero() || s.InUseProof != nil || told[s.ID] || s.inUse(days.From) && s.inUse(days.To) {
				continue
			}
			told[s.ID] = true
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("Procedure version %s expects nothing of %s (system %s) on days of %s, because it was in use %s only, and nothing shows that.", p.Version, s.ID, s.System, days, s.InUse),
				Closes:  "Keep what shows when the source came into use or was retired, and approve a version that names it.",
				Refs:    []hipaasmp.Ref{p.DocumentRef()},
			})
		}
	}
	return out
}

// horizons finds audit logs of which nobody said for how long the source keeps an entry, and which are kept nowhere else:
// until which day a period can still be fetched is then not known.
func (r Records) horizons(asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, p := range InForce(r.Procedures, asOf) {
		var unknown []string
		for _, s := range p.Sources {
			if s.Records == RecordAuditLog && s.HorizonDays <= 0 && s.Archive == "" && s.inUse(asOf) {
				unknown = append(unknown, fmt.Sprintf("%s (system %s)", s.ID, s.System))
			}
		}
		if len(unknown) > 0 {
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("Procedure version %s does not say for how long %d of its audit logs are to be had, so that it is not known until which day a period can still be fetched.", p.Version, len(unknown)),
				Closes:  "Find out for how many days the source keeps an entry, or archive the log, and approve a version that says so.",
				Refs:    []hipaasmp.Ref{p.DocumentRef()},
				Counted: unknown,
			})
		}
	}
	return out
}

// programs finds sources that a program read, of which it is not recorded which program that was.
func (r Records) programs(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, x := range r.filed(asked, asOf) {
		var none []string
		for _, s := range x.Sources {
			if s.Method == MethodAutomated && s.Program == "" {
				none = append(none, s.Source)
			}
		}
		if len(none) > 0 {
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("The review of %s does not say which program, in which version, read %d of its sources.", x.Period, len(none)),
				Since:   x.Timeliness.Certified,
				Closes:  "Name the program and its version in the next review, and keep that version.",
				Refs:    []hipaasmp.Ref{x.DocumentRef()},
				Counted: none,
			})
		}
	}
	return out
}

// findings finds detectors that found more than there are exceptions, and of which no alert budget says what waits.
func (r Records) findings(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, x := range r.filed(asked, asOf) {
		for _, s := range x.Sources {
			var counted []string
			for _, d := range s.Detectors {
				want := d.Findings
				if d.Budget != nil {
					want -= d.Budget.Waiting
				}
				have := int64(0)
				for _, e := range x.Exceptions {
					if e.Source == s.Source && e.Detector == d.Detector {
						have++
					}
				}
				if have < want {
					counted = append(counted, fmt.Sprintf("%s version %d: %d found and to be looked at, %d exceptions", d.Detector, d.Version, want, have))
				}
			}
			if len(counted) > 0 {
				out = append(out, hipaasmp.Gap{
					Missing: fmt.Sprintf("In the review of %s detectors found more in %s than there are exceptions, and no alert budget says why.", x.Period, s.Source),
					Since:   x.Timeliness.Certified,
					Closes:  "Add the findings as exceptions, dispose of each, and correct the review.",
					Refs:    []hipaasmp.Ref{x.DocumentRef()},
					Counted: counted,
				})
			}
		}
	}
	return out
}
