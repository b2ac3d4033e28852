package review

import hipaasmp "github.com/hipaasmp/hipaasmp"

// The kinds of document that this package keeps.
const (
	KindProcedure      hipaasmp.Kind = "review.procedure"
	KindSession        hipaasmp.Kind = "review.session"
	KindRecord         hipaasmp.Kind = "review.record"
	KindIncident       hipaasmp.Kind = "review.incident"
	KindIncidentRecord hipaasmp.Kind = "review.incident_record"
	// KindExplanationRule is [ExplanationRule].
	KindExplanationRule hipaasmp.Kind = "review.explanation_rule"
)
