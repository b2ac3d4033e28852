package review

import (
	"fmt"
	"math/bits"
	"reflect"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// certified returns the standing records of reviews of everything whose period overlaps the asked one, in order of period.
func (r Records) certified(asked hipaasmp.Period, asOf hipaasmp.Date) []Record {
	return slices.DeleteFunc(r.filed(asked, asOf), func(x Record) bool { return x.Round != "" })
}

// filed is certified with the records of rounds.
func (r Records) filed(asked hipaasmp.Period, asOf hipaasmp.Date) []Record {
	out := slices.DeleteFunc(r.standing(asOf), func(x Record) bool { return !x.Period.Overlaps(asked) })
	slices.SortStableFunc(out, func(a, b Record) int { return a.Period.From.Compare(b.Period.From) })
	return out
}

func (r Records) capability(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, x := range r.certified(asked, asOf) {
		for _, s := range x.Sources {
			g := hipaasmp.Gap{Since: x.Period.From, Refs: []hipaasmp.Ref{x.DocumentRef()}}
			source, _ := x.Procedure.Source(s.Source)
			switch {
			case s.Capability.State == CapabilityDisabled:
				g.Missing = fmt.Sprintf("Recording of %s (system %s) was found off on %s.", s.Source, source.System, s.Capability.Checked)
				g.Closes = "Turn recording on, keep the proof, and find out since when it was off."
			case s.Capability.State != CapabilityEnabled:
				g.Missing = fmt.Sprintf("Nobody checked whether %s (system %s) was recording in %s.", s.Source, source.System, x.Period)
				g.Closes = "Check that recording is on, keep the proof, and state it in the next review."
			case s.Capability.off() > 0:
				g.Missing = fmt.Sprintf("Of %d kinds of activity it is not known that %s (system %s) was recording them in %s, or known that it was not.", s.Capability.off(), s.Source, source.System, x.Period)
				g.Closes = "Check the kinds, turn on what is off, keep the proof, and state it in the next review."
				for _, f := range s.Capability.Families {
					if f.State != CapabilityEnabled {
						g.Counted = append(g.Counted, fmt.Sprintf("%s: %s", f.Family.Words(), f.State))
					}
				}
			case len(s.Capability.Gaps) > 0:
				g.Missing = fmt.Sprintf("Recording of %s (system %s) was off or incomplete on some days of %s.", s.Source, source.System, x.Period)
				g.Closes = "Find out why, and what could be learnt of these days elsewhere."
			default:
				continue
			}
			for _, p := range s.Capability.Gaps {
				g.Counted = append(g.Counted, p.String())
			}
			out = append(out, g)
		}
	}
	return out
}

func (r Records) defects(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, x := range r.filed(asked, asOf) {
		limit := r.limits(x.Procedure).DefectsPerThousand
		for _, s := range x.Sources {
			bad := s.DefectCount()
			if bad <= 0 || limit <= 0 || !above(uint64(bad), uint64(max(s.Events, 0)), uint64(limit)) {
				continue
			}
			g := hipaasmp.Gap{
				Missing: fmt.Sprintf("%d entries of %s could not be read beside %d that could, more than the %d of a thousand that the entity's own procedure allows.", bad, s.Source, s.Events, limit),
				Since:   x.Period.From,
				Closes:  "Get the records again from the source and correct the review.",
				Refs:    []hipaasmp.Ref{x.DocumentRef()},
			}
			for _, d := range s.Defects {
				line := fmt.Sprintf("%s: %d", d.Reason, d.Count)
				if len(d.Places) > 0 {
					line += fmt.Sprintf(", first in %s at byte %d", d.Places[0].File, d.Places[0].Offset)
				}
				g.Counted = append(g.Counted, line)
			}
			out = append(out, g)
		}
	}
	return out
}

// above reports whether bad are more than limit of a thousand of all, by products of 128 bits, so that nothing is rounded.
func above(bad, good, limit uint64) bool {
	hi, lo := bits.Mul64(bad, 1000)
	allowedHi, allowedLo := bits.Mul64(bad+good, limit)
	return hi > allowedHi || hi == allowedHi && lo > allowedLo
}

func (r Records) rawLogs(asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, p := range InForce(r.Procedures, asOf) {
		for _, s := range p.Sources {
			if s.HorizonDays <= 0 || s.Archive != "" || !s.inUse(asOf) || s.HorizonDays >= asOf.DaysUntil(asOf.AddYears(p.RawLogs.Years)) {
				continue
			}
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("The procedure keeps raw logs %d years; %s (system %s) keeps an entry %d days and no archive is named.", p.RawLogs.Years, s.ID, s.System, s.HorizonDays),
				Closes:  "Archive the log before it expires and name the archive in the procedure, or change the time by a documented decision.",
				Refs:    []hipaasmp.Ref{p.DocumentRef()},
			})
		}
	}
	return out
}

// rawLogYears is the default time for raw logs. It is a default of this module and of most policies; HHS has not said
// that the six years of 164.316(b)(2)(i) reach raw logs.
const rawLogYears = 6

func (r Records) shortRawLogs(asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, p := range InForce(r.Procedures, asOf) {
		if p.RawLogs.Years >= rawLogYears {
			continue
		}
		out = append(out, hipaasmp.Gap{
			Missing: fmt.Sprintf("Procedure version %s keeps raw logs %d years. The records of the reviews are kept six years whatever it says; whether raw logs must be is not settled, and an investigator may ask on what the shorter time rests.",
				p.Version, p.RawLogs.Years),
			Closes:  "Have the risk analysis at hand that supports the time, or lengthen it.",
			Refs:    []hipaasmp.Ref{p.DocumentRef()},
			Counted: []string{"stated authority: " + p.RawLogs.Authority},
		})
	}
	return out
}

func (r Records) late(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, x := range r.filed(asked, asOf) {
		if t := x.Timeliness; t.Late() {
			what := "review"
			if x.Round != "" {
				what = fmt.Sprintf("round %q", x.Round)
			}
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("The %s of %s was certified on %s, %d days after it was due by the entity's own procedure.%s", what, x.Period, t.Certified, t.DaysLate, r.before(x)),
				Since:   t.Due.AddDays(1),
				Closes:  "It cannot be undone; keep to the cadence from here, or change it to one that the entity can keep.",
				Refs:    []hipaasmp.Ref{x.DocumentRef()},
			})
		}
	}
	return out
}

// before says of a correction when the review had been certified first; "" where it corrects nothing that is at hand.
func (r Records) before(x Record) string {
	first := x
	for range r.Records { // a circle of corrections ends
		if first.Supersedes == nil {
			break
		}
		i := slices.IndexFunc(r.Records, func(o Record) bool { return o.DocumentRef() == *first.Supersedes })
		if i < 0 {
			break
		}
		first = r.Records[i]
	}
	if first.ID == x.ID {
		return ""
	}
	when := "in time"
	if first.Timeliness.Late() {
		when = fmt.Sprintf("%d days late", first.Timeliness.DaysLate)
	}
	return fmt.Sprintf(" It corrects what was first certified on %s, %s.", first.Timeliness.Certified, when)
}

// lateRounds finds rounds whose detectors were run late, by a review that was not theirs; the record of a round that was late
// says so itself.
func (r Records) lateRounds(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	own := map[hipaasmp.Ref]bool{}
	for _, x := range r.filed(asked, asOf) {
		own[x.DocumentRef()] = x.Round != "" && x.Timeliness.Late()
	}
	var out []hipaasmp.Gap
	for _, p := range r.Rounds(asked, asOf) {
		if !p.Late() || slices.ContainsFunc(p.Refs, func(ref hipaasmp.Ref) bool { return own[ref] }) {
			continue
		}
		out = append(out, hipaasmp.Gap{
			Missing: fmt.Sprintf("The detectors of the round %q of %s were run by a review that was certified on %s, %d days after the round was due by the entity's own procedure.", p.Round.ID, p.Period, p.Certified, p.Due.DaysUntil(p.Certified)),
			Since:   p.Due.AddDays(1),
			Closes:  "It cannot be undone; keep to the cadence of the round from here, or change it to one that the entity can keep.",
			Refs:    append([]hipaasmp.Ref{p.Procedure}, p.Refs...),
		})
	}
	return out
}

// families finds reviews without an event of a kind of activity that the source should record. What failed is asked of months;
// see failures.
func (r Records) families(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, x := range r.certified(asked, asOf) {
		for _, s := range x.Sources {
			source, ok := x.Procedure.Source(s.Source)
			if !ok {
				continue
			}
			kinds := slices.DeleteFunc(slices.Clone(source.Families), func(f activity.Family) bool { return f == activity.FamilyFailed })
			if len(s.Families) == 0 && s.Events > 0 && len(kinds) > 0 {
				out = append(out, hipaasmp.Gap{
					Missing: fmt.Sprintf("The events of %s (system %s) in %s were not counted by kind of activity, so that it is not known whether the %d that it should record are there.", s.Source, source.System, x.Period, len(kinds)),
					Since:   x.Period.From,
					Closes:  "Count the events by kind, and correct the review.",
					Refs:    []hipaasmp.Ref{x.DocumentRef()},
				})
				continue
			}
			var none []string
			for _, family := range kinds {
				if on, _ := s.Capability.family(family); s.Family(family) == 0 && on.State != CapabilityEnabled {
					none = append(none, string(family))
				}
			}
			if len(none) == 0 {
				if s.Events == 0 && source.Records == RecordAuditLog && s.Capability.State == CapabilityEnabled {
					out = append(out, hipaasmp.Gap{
						Missing: fmt.Sprintf("%s (system %s) is an audit log, its recording was found on, and in %s it holds no entry at all.", s.Source, source.System, x.Period),
						Since:   x.Period.From,
						Closes:  "Find out whether nobody worked with the system or the entries went elsewhere, and say so in the next review.",
						Refs:    []hipaasmp.Ref{x.DocumentRef()},
					})
				}
				continue
			}
			more, closes := "", "Find out whether nothing happened or nothing was recorded, and say so in the next review."
			if n := s.Family(activity.FamilyUnknown); n > 0 {
				more = fmt.Sprintf(" Of %d of its %d events the kind is not known.", n, s.Events)
				closes = "Look first whether they are among the events of which the kind is not known: a profile may lack words that the source uses. " + closes
			}
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("%s (system %s) should record %d kinds of activity; of %d of them %s holds no event.%s", s.Source, source.System, len(kinds), len(none), x.Period, more),
				Since:   x.Period.From,
				Closes:  closes,
				Refs:    []hipaasmp.Ref{x.DocumentRef()},
				Counted: none,
			})
		}
	}
	return out
}

func (r Records) independence(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, x := range r.filed(asked, asOf) {
		if unstated := x.Independence.unstated(x.Content); len(unstated) > 0 {
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("%s does not say who administers %d of the systems that it reviews, so that the reviewer's independence is not known.", x.DocumentRef(), len(unstated)),
				Since:   x.Timeliness.Certified,
				Closes:  "State the administrators in the next review.",
				Refs:    []hipaasmp.Ref{x.DocumentRef()},
				Counted: unstated,
			})
		}
		var waived []string
		for _, c := range x.Independence.conflicts(x.Content, x.Reviewer, x.Certifier) {
			if !slices.Contains(waived, string(c.kind)) {
				waived = append(waived, string(c.kind))
			}
		}
		if len(waived) > 0 && x.Independence.Waiver != nil {
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("In %s the reviewer or the certifier was too near to what was reviewed, and the entity waived it.", x.DocumentRef()),
				Since:   x.Timeliness.Certified,
				Closes:  "Do what the waiver promises instead, and keep the proof: " + x.Independence.Waiver.Instead,
				Refs:    []hipaasmp.Ref{x.DocumentRef()},
				Counted: waived,
			})
			if x.Independence.Second == nil {
				out = append(out, hipaasmp.Gap{
					Missing: fmt.Sprintf("%s waives a conflict, and no person from outside of the workforce signed beside the certifier.", x.DocumentRef()),
					Since:   x.Timeliness.Certified,
					Closes:  "Have a person from outside go through the review and sign, and correct the record; in small practices the waiver alone leaves nobody who is independent.",
					Refs:    []hipaasmp.Ref{x.DocumentRef()},
					Counted: waived,
				})
			}
		}
	}
	return out
}

func (r Records) otherTerms(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, x := range r.filed(asked, asOf) {
		why := "is not on file"
		if i := slices.IndexFunc(r.Procedures, func(p Procedure) bool { return p.DocumentRef() == x.Procedure.Procedure.Newest() }); i >= 0 {
			have, followed := r.Procedures[i].Extract(), x.Procedure
			have.Effective, followed.Effective = hipaasmp.Period{}, hipaasmp.Period{} // its end comes later
			have.Procedure, followed.Procedure = have.Procedure.Newest(), followed.Procedure.Newest()
			if followed.RawLogs == nil {
				have.RawLogs = nil // it was not recorded
			}
			switch {
			case !r.Procedures[i].Effective.Overlaps(x.Period):
				why = fmt.Sprintf("was in effect %s, on no day of %s", r.Procedures[i].Effective, x.Period)
			case !reflect.DeepEqual(have, followed):
				why = "says something else on file"
			default:
				continue
			}
		}
		out = append(out, hipaasmp.Gap{
			Missing: fmt.Sprintf("%s followed procedure version %s, which %s.", x.DocumentRef(), x.Procedure.Version, why),
			Since:   x.Timeliness.Certified,
			Closes:  "File the version that was followed, or review the period again by the one that governed.",
			Refs:    []hipaasmp.Ref{x.DocumentRef(), x.Procedure.Procedure},
		})
	}
	return out
}

func (r Records) detectors(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, x := range r.filed(asked, asOf) {
		for _, s := range x.Sources {
			source, _ := x.Procedure.Source(s.Source)
			if source.Records != RecordAuditLog || s.Method != MethodAutomated {
				continue
			}
			var missing []string
			for _, d := range x.toRun() {
				i := slices.IndexFunc(s.Detectors, func(run DetectorRun) bool { return run.Detector == d.ID && run.Version == d.Version })
				if i < 0 {
					missing = append(missing, fmt.Sprintf("%s version %d: %s", d.ID, d.Version, d.Title))
					continue
				}
				if other := d.otherwise(s.Detectors[i]); other != "" {
					missing = append(missing, fmt.Sprintf("%s version %d, as the procedure sets it: %s", d.ID, d.Version, other))
				}
			}
			if len(missing) > 0 {
				out = append(out, hipaasmp.Gap{
					Missing: fmt.Sprintf("%d detectors of the procedure were not run as it says over %s in %s.", len(missing), s.Source, x.Period),
					Since:   x.Period.From,
					Closes:  "Run them over the files and correct the review, or approve a procedure version without them.",
					Refs:    []hipaasmp.Ref{x.DocumentRef(), x.Procedure.Procedure},
					Counted: missing,
				})
			}
		}
	}
	return out
}

func (r Records) unavailable(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, x := range r.filed(asked, asOf) {
		for _, n := range x.NotReviewed {
			if n.Ground != GroundUnavailable {
				continue
			}
			source, _ := x.Procedure.Source(n.Source)
			g := hipaasmp.Gap{
				Missing: fmt.Sprintf("The records of %s (system %s) in %s could not be had and were not reviewed.", n.Source, source.System, x.Period),
				Since:   x.Timeliness.Certified,
				Closes:  "Get the records and correct the review.",
				Refs:    []hipaasmp.Ref{x.DocumentRef()},
				Counted: []string{"stated reason: " + n.Reason},
			}
			if last, ok := source.LastFetch(x.Period); ok && source.Archive == "" {
				if asOf.After(last) {
					g.Closes = fmt.Sprintf("The source no longer has the whole period since %s; look for the records elsewhere, and name an archive in the procedure.", last.AddDays(1))
				} else {
					g.Closes = fmt.Sprintf("Get the records by %s, after which the source no longer has the whole period, and correct the review.", last)
				}
			}
			out = append(out, g)
		}
	}
	return out
}
