package sanction

import hipaasmp "github.com/hipaasmp/hipaasmp"

// The kinds of document that this package keeps.
const (
	KindPolicy          hipaasmp.Kind = "sanction.policy"
	KindCase            hipaasmp.Kind = "sanction.case"
	KindOutcome         hipaasmp.Kind = "sanction.outcome"
	KindAcknowledgement hipaasmp.Kind = "sanction.acknowledgement"
	KindTraining        hipaasmp.Kind = "sanction.training"
	KindAttestation     hipaasmp.Kind = "sanction.attestation"
)

// citations lists what a record documents: always the sanction policy specification, and for a covered entity also the
// provisions of 164.530(e), which bind no business associate.
func citations(e hipaasmp.EntityType, covered hipaasmp.Citation, more ...hipaasmp.Citation) []hipaasmp.Citation {
	out := []hipaasmp.Citation{hipaasmp.CiteSanctionPolicy}
	if e == hipaasmp.EntityCoveredEntity && covered != "" {
		out = append(out, covered)
	}
	return append(out, more...)
}
