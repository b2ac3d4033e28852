package penalty

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Violation is what is taken to be established: a provision, a state of mind, and how often or how long.
type Violation struct {
	// ID is the caller's name for it; an opaque identity.
	ID string `json:"id"`
	// Provision is the requirement or prohibition violated. Violations of one provision in one calendar year are identical
	// violations and share one cap.
	Provision hipaasmp.Citation `json:"provision"`
	Tier      Tier              `json:"tier"`
	Counting  Counting          `json:"counting"`
	// From is the day of the violation, or the first day of a continuing one; To is its last day, included.
	From hipaasmp.Date `json:"from"`
	To   hipaasmp.Date `json:"to,omitzero"`
	// Occurrences is the number of violations on From, for CountingOccurrence.
	Occurrences int `json:"occurrences,omitempty"`
	// Known is the first day on which the entity knew, or with reasonable diligence would have known.
	Known hipaasmp.Date `json:"known,omitzero"`
	// Corrected is the day of the correction, and ExtendedTo the last day of a longer period that the Secretary set.
	Corrected  hipaasmp.Date `json:"corrected,omitzero"`
	ExtendedTo hipaasmp.Date `json:"extended_to,omitzero"`
	// CriminalPenalty says that a penalty was imposed under 42 U.S.C. 1320d-6 for the act.
	CriminalPenalty bool `json:"criminal_penalty,omitempty"`
}

func (v Violation) last() hipaasmp.Date {
	if v.Counting == CountingDay {
		return v.To
	}
	return v.From
}

// period is the last day on which a correction counts, if the day of knowledge is given: thirty days after it, or the
// Secretary's longer one.
func (v Violation) period() hipaasmp.Date {
	last := v.Known.AddDays(30)
	if v.ExtendedTo.After(last) {
		return v.ExtendedTo
	}
	return last
}

// inTime reports whether the violation was corrected within the period.
func (v Violation) inTime() bool {
	return !v.Corrected.IsZero() && !v.Known.IsZero() && !v.Corrected.After(v.period())
}

const longestSpan = 36525 // days

func (v Violation) check(c checker, assessed hipaasmp.Date) {
	if !hipaasmp.ValidID(v.ID) {
		c.add(hipaasmp.FaultFormat, "id", "", "%q is no identity; use 1 to 128 of A-Z a-z 0-9 . _ : - beginning with a letter or digit", v.ID)
	}
	if !v.Provision.IsValid() {
		c.add(hipaasmp.FaultEnum, "provision", "", "%q is not a provision of the catalogue in canonical spelling; see ParseCitation", string(v.Provision))
	}
	c.tier(v.Tier)
	switch v.Counting {
	case CountingDay:
		if v.Occurrences != 0 {
			c.add(FaultCount, "occurrences", hipaasmp.CiteViolationCount, "is %d; a continuing violation counts its days", v.Occurrences)
		}
		if v.To.IsZero() {
			c.add(hipaasmp.FaultRequired, "to", hipaasmp.CiteViolationCount, "is missing; name the last day of the continuing violation, or the day before the assessment")
			return
		}
		if !v.From.IsZero() && v.From.DaysUntil(v.To) > longestSpan {
			c.add(FaultSpan, "to", hipaasmp.CiteViolationCount, "%s is more than a century after %s", v.To, v.From)
		}
	case CountingOccurrence:
		if v.Occurrences < 1 {
			c.add(FaultCount, "occurrences", hipaasmp.CiteViolationCount, "is %d; at least one", v.Occurrences)
		}
		if !v.To.IsZero() && v.To != v.From {
			c.add(FaultCount, "to", hipaasmp.CiteViolationCount, "is %s; occurrences are counted on one day, days with per_day", v.To)
		}
	default:
		c.add(hipaasmp.FaultEnum, "counting", hipaasmp.CiteViolationCount, "%q is no way of counting; use per_occurrence or per_day", string(v.Counting))
	}
	c.days(v.From, v.last(), assessed)
	v.checkCorrection(c)
}

func (v Violation) checkCorrection(c checker) {
	switch {
	case v.Corrected.IsZero():
		if v.Tier == TierNeglectCorrected {
			c.add(FaultTier, "corrected", hipaasmp.CitePenaltyNeglectCorrected, "is missing; the third tier is willful neglect that was corrected")
		}
		return
	case v.Known.IsZero():
		c.add(FaultKnowledge, "known", hipaasmp.CiteDefenseCorrected, "is missing; the period for a correction runs from it")
		return
	case v.Corrected.Before(v.From):
		c.add(FaultKnowledge, "corrected", hipaasmp.CiteDefenseCorrected, "%s is before the violation on %s", v.Corrected, v.From)
		return
	}
	if v.Tier == TierNeglectCorrected && !v.inTime() {
		c.add(FaultTier, "tier", hipaasmp.CitePenaltyNeglectUncorrected, "is the third, and the correction on %s is after the period that ended on %s; that is the fourth tier", v.Corrected, v.period())
	}
	if v.Tier == TierNeglectUncorrected && v.inTime() {
		c.add(FaultTier, "tier", hipaasmp.CitePenaltyNeglectCorrected, "is the fourth, and the correction on %s is within the period that ended on %s; that is the third tier", v.Corrected, v.period())
	}
}
