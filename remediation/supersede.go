package remediation

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// supersede closes the period of a record that governs until another takes its place.
func supersede(ref hipaasmp.Ref, period hipaasmp.Period, was *hipaasmp.Ref, by hipaasmp.Ref, lastDay hipaasmp.Date) (hipaasmp.Period, *hipaasmp.Ref, error) {
	var f validate.Faults
	if was != nil {
		f.Cite(FaultSuperseded, hipaasmp.CiteTimeLimit, "/superseded_by", "is %s already; a closed period stays closed", was)
	}
	if lastDay.IsZero() {
		f.Add(hipaasmp.FaultRequired, "/in_effect/to", "is missing; say on which day the record last governed")
	}
	period.To = lastDay
	return period, &by, f.Err(ref)
}

// checkPeriod adds the faults of the period of a record that is in effect from a day until it is superseded.
func checkPeriod(f *validate.Faults, ref hipaasmp.Ref, from hipaasmp.Date, period hipaasmp.Period, by *hipaasmp.Ref) {
	validate.InOrder(f, "/in_effect", period)
	if !from.IsZero() && !period.From.IsZero() && period.From != from {
		f.Add(hipaasmp.FaultOrder, "/in_effect/from", "%s is not the day on which it was decided, %s; it is in effect from then", period.From, from)
	}
	if (by == nil) != period.Open() {
		f.Cite(FaultSuperseded, hipaasmp.CiteTimeLimit, "/superseded_by", "stands exactly where the period has an end; close a record with Supersede")
	}
	if by != nil && hipaasmp.ValidKind(by.Kind) && (by.Kind != ref.Kind || by.Newest() == ref) {
		f.Cite(FaultSuperseded, hipaasmp.CiteTimeLimit, "/superseded_by", "%s is not another %s", by, ref.Kind)
	}
}
