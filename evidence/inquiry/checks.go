package inquiry

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/risk"
)

// The gaps that show only where several lives are seen at once.
const (
	// GapIncidentWithoutCase: an exception of a review went on to an incident of the workforce's and led to no sanction case.
	GapIncidentWithoutCase hipaasmp.GapCode = "GAP-INQ-01"
	// GapSystemInNoReview: a system with ePHI is reviewed by no procedure.
	GapSystemInNoReview hipaasmp.GapCode = "GAP-INQ-02"
	// GapDestroyedEarly: the content of a record is gone before the day through which it had to be kept.
	GapDestroyedEarly hipaasmp.GapCode = "GAP-INQ-03"
	// GapNothingKept: a review procedure is in effect for years and has left no record.
	GapNothingKept hipaasmp.GapCode = "GAP-INQ-04"
	// GapUnknownSystem: a review or an incident is about a system that the inventory does not have.
	GapUnknownSystem hipaasmp.GapCode = "GAP-INQ-05"
	// GapNotOnFile: a record names another that is not among the records.
	GapNotOnFile hipaasmp.GapCode = "GAP-INQ-06"
	// GapNotCompleted: a measure is closed and its final record is not on file.
	GapNotCompleted hipaasmp.GapCode = "GAP-INQ-07"
	// GapUnanswered: a request of the letter is answered by no record, and no other check says why.
	GapUnanswered hipaasmp.GapCode = "GAP-INQ-08"
)

// Checks returns every question: those of the domains about their own records, then those of this package. Each is
// asked of the records as they are now.
func (r Records) Checks() []hipaasmp.GapCheck {
	r = r.ordered()
	out := r.checks()
	return append(out, hipaasmp.GapCheck{Code: GapUnanswered, Citation: hipaasmp.CiteWrittenRecord,
		Asks: "Does at least one record answer each request of the letter?",
		Find: func(asOf hipaasmp.Date) []hipaasmp.Gap { return r.unanswered(out, asOf) }})
}

// checks are all but the one that looks at the letter.
func (r Records) checks() []hipaasmp.GapCheck {
	out := risk.GapChecks(risk.GapInput{Analyses: r.Analyses, Policy: r.Cadence, Procedures: r.RiskProcedures, Inventory: r.Inventory, Changes: r.changes()})
	out = append(out, remediation.GapChecks(remediation.GapInput{Analyses: r.Analyses, Plans: r.Plans, Items: r.Items, Acceptances: r.Acceptances})...)
	out = append(out, r.sanctions().GapChecks(r.Asked)...)
	out = append(out, r.reviews().GapChecks(r.Asked)...)
	out = append(out, retention.GapChecks(r.disposals())...)
	return append(out,
		hipaasmp.GapCheck{Code: GapIncidentWithoutCase, Citation: hipaasmp.CiteSanctionPolicy, Asks: "Did every incident that a review found in the workforce's activity lead to a sanction case, or to the finding that it was none?", Find: r.incidentWithoutCase},
		hipaasmp.GapCheck{Code: GapSystemInNoReview, Citation: hipaasmp.CiteActivityReview, Asks: "Is the activity of every system with ePHI reviewed?", Find: r.systemInNoReview},
		hipaasmp.GapCheck{Code: GapUnknownSystem, Citation: hipaasmp.CiteRiskAnalysis, Asks: "Does the inventory have every system whose activity is reviewed or that an incident touched?", Find: r.unknownSystem},
		hipaasmp.GapCheck{Code: GapDestroyedEarly, Citation: hipaasmp.CiteTimeLimit, Asks: "Was every record kept until its time was over?", Find: r.destroyedEarly},
		hipaasmp.GapCheck{Code: GapNothingKept, Citation: hipaasmp.CiteTimeLimit, Asks: "Has the review procedure left records of its being followed?", Find: r.nothingKept},
		hipaasmp.GapCheck{Code: GapNotOnFile, Citation: hipaasmp.CiteTimeLimit, Asks: "Is every record on file that another record names?", Find: r.notOnFile},
		hipaasmp.GapCheck{Code: GapNotCompleted, Citation: hipaasmp.CiteRiskManagement, Asks: "Does every closed measure have its final record?", Find: r.notCompleted},
	)
}

// Gaps asks every question for a day. The gaps are in the order of [hipaasmp.FindGaps].
func (r Records) Gaps(asOf hipaasmp.Date) []hipaasmp.Gap {
	return hipaasmp.FindGaps(asOf, r.Checks()...)
}
