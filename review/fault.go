package review

import hipaasmp "github.com/hipaasmp/hipaasmp"

// The codes of this package. Order of days, segregation, authority, dangling references and forged histories have the
// codes of the root package.
const (
	// FaultUndisposed: an exception has no disposition.
	FaultUndisposed hipaasmp.FaultCode = "SMP-REV-01"
	// FaultUncovered: a source of the procedure is neither reviewed nor listed as not reviewed.
	FaultUncovered hipaasmp.FaultCode = "SMP-REV-02"
	// FaultUncertified: a record has no certifier.
	FaultUncertified hipaasmp.FaultCode = "SMP-REV-03"
	// FaultStatement: what is stated contradicts what is recorded.
	FaultStatement hipaasmp.FaultCode = "SMP-REV-04"
	// FaultNotSource: a session speaks of a source that the procedure does not list.
	FaultNotSource hipaasmp.FaultCode = "SMP-REV-05"
	// FaultNotInForce: the procedure version was not in effect in the period.
	FaultNotInForce hipaasmp.FaultCode = "SMP-REV-06"
	// FaultNotEnded: a review is certified before its period has ended, or its period has no last day.
	FaultNotEnded hipaasmp.FaultCode = "SMP-REV-07"
	// FaultRole: the reviewer or the certifier acts in a role that the procedure does not name.
	FaultRole hipaasmp.FaultCode = "SMP-REV-08"
	// FaultTimeliness: the due day or the lateness does not follow from the procedure.
	FaultTimeliness hipaasmp.FaultCode = "SMP-REV-09"
	// FaultCounts: counts do not add up.
	FaultCounts hipaasmp.FaultCode = "SMP-REV-10"
	// FaultDisposition: a disposition contradicts the state or the history.
	FaultDisposition hipaasmp.FaultCode = "SMP-REV-11"
	// FaultCapability: a statement on capability contradicts itself or speaks of another period.
	FaultCapability hipaasmp.FaultCode = "SMP-REV-12"
	// FaultSource: a source of a procedure does not say how it is read or what it should record.
	FaultSource hipaasmp.FaultCode = "SMP-REV-13"
	// FaultProgram: a program took a step that takes a person.
	FaultProgram hipaasmp.FaultCode = "SMP-REV-14"
	// FaultUnrecorded: the entries of an incident, or the contacts of an exception, do not match the steps of the history.
	FaultUnrecorded hipaasmp.FaultCode = "SMP-REV-15"
	// FaultOutcome: the final record of an incident contradicts what it records.
	FaultOutcome hipaasmp.FaultCode = "SMP-REV-16"
	// FaultIncomplete: an entry lacks what its other values call for, such as the reason of a step.
	FaultIncomplete hipaasmp.FaultCode = "SMP-REV-17"
	// FaultSample: a sample does not follow from its plan, or was planned after the records had been read.
	FaultSample hipaasmp.FaultCode = "SMP-REV-18"
	// FaultTickets: a tracking report, or the profile by which it is read, contradicts itself.
	FaultTickets hipaasmp.FaultCode = "SMP-REV-19"
	// FaultHours: the hours in which a source was seen recording contradict its schedule or the period.
	FaultHours hipaasmp.FaultCode = "SMP-REV-20"
	// FaultRule: an explanation rule contradicts itself, or was used for what it does not explain.
	FaultRule hipaasmp.FaultCode = "SMP-REV-21"
	// FaultOpenItem: an open item contradicts itself or the session that keeps it.
	FaultOpenItem hipaasmp.FaultCode = "SMP-REV-22"
	// FaultCadence: a cadence or a round contradicts itself, or a session is of a round that the procedure does not have.
	FaultCadence hipaasmp.FaultCode = "SMP-REV-23"
)

// FaultDefs returns the catalogue of the codes that this package adds.
func FaultDefs() []hipaasmp.FaultDef {
	def := func(code hipaasmp.FaultCode, c hipaasmp.Citation, meaning, remedy string) hipaasmp.FaultDef {
		return hipaasmp.FaultDef{Code: code, Kind: hipaasmp.FaultRule, Meaning: meaning, Remedy: remedy, Citation: c}
	}
	act, incident := hipaasmp.CiteActivityReview, hipaasmp.CiteIncidentResponse
	return []hipaasmp.FaultDef{
		def(FaultUndisposed, act, "An exception has no disposition.", "Explain it, give it up or escalate it before the review is certified."),
		def(FaultUncovered, act, "A source of the procedure is neither reviewed nor listed as not reviewed.", "Review it, or list it with the reason."),
		def(FaultUncertified, act, "A record has no certifier.", "Have a person of appropriate role certify."),
		def(FaultStatement, act, "What is stated contradicts what is recorded.", "State that there were no exceptions only where there are none, and the other way round."),
		def(FaultNotSource, act, "A session speaks of a source that the procedure does not list.", "Approve a procedure version that lists it."),
		def(FaultNotInForce, act, "The procedure version was not in effect in the period.", "Use the version that was."),
		def(FaultNotEnded, act, "A review is certified before its period has ended, or its period has no last day.", "Review a closed period and certify after its last day."),
		def(FaultRole, act, "The reviewer or the certifier acts in a role that the procedure does not name.", "Have somebody of a named role do it, or approve a version that names the role."),
		def(FaultTimeliness, act, "The due day or the lateness does not follow from the procedure.", "Build records with Session.Complete."),
		def(FaultCounts, "", "Counts do not add up.", "Take all counts from the same reading of the files."),
		def(FaultDisposition, act, "A disposition contradicts the state or the history.", "Dispose of exceptions by the methods of the session."),
		def(FaultCapability, hipaasmp.CiteAuditControls, "A statement on capability contradicts itself or speaks of another period.", "Say on which day recording was found on or off, or say unknown."),
		def(FaultSource, act, "A source of a procedure does not say how it is read or what it should record.", "Give one of format and form, and for an audit log the expected families."),
		def(FaultProgram, act, "A program took a step that takes a person.", "Have a person take the step; a program files and computes."),
		def(FaultUnrecorded, hipaasmp.CiteDocumentation, "The entries of an incident, or the contacts of an exception, do not match the steps of the history.", "Change incidents and exceptions only by their transition methods."),
		def(FaultOutcome, incident, "The final record of an incident contradicts what it records.", "Build records with Incident.Close or Incident.Dismiss."),
		def(FaultIncomplete, hipaasmp.CiteDocumentation, "An entry lacks what its other values call for, such as the reason of a step.", "Supply what the message names."),
		def(FaultSample, act, "A sample does not follow from its plan, or was planned after the records had been read.", "Plan the sample before the source is read, and draw and conclude it by the methods of the session."),
		def(FaultTickets, act, "A tracking report, or the profile by which it is read, contradicts itself.", "Give the columns of number, opening and state, and count the tickets with FromTickets."),
		def(FaultHours, hipaasmp.CiteAuditControls, "The hours in which a source was seen recording contradict its schedule or the period.", "Give a schedule that ends after it began, and count the hours with CountHours."),
		def(FaultRule, act, "An explanation rule contradicts itself, or was used for what it does not explain.", "Give the rule a last day and a reason that can hold again, and use it by Session.ExplainBy."),
		def(FaultOpenItem, act, "An open item contradicts itself or the session that keeps it.", "Add, carry and close open items by the methods of the session."),
		def(FaultCadence, act, "A cadence or a round contradicts itself, or a session is of a round that the procedure does not have.", "List holidays in order up to a stated day, and open a round that the procedure names."),
	}
}
