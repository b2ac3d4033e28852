package sanction

import hipaasmp "github.com/hipaasmp/hipaasmp"

// The codes of this package. Order of days, segregation, authority, dangling references and forged histories have the
// codes of the root package.
const (
	// FaultNotWorkforce: the subject is not a member of the workforce.
	FaultNotWorkforce hipaasmp.FaultCode = "SMP-SAN-01"
	// FaultNotInForce: the policy version was not in force on the day of the act.
	FaultNotInForce hipaasmp.FaultCode = "SMP-SAN-02"
	// FaultUnanswered: a question of the protected-act check is not answered.
	FaultUnanswered hipaasmp.FaultCode = "SMP-SAN-03"
	// FaultProtected: the act is protected and may not be sanctioned.
	FaultProtected hipaasmp.FaultCode = "SMP-SAN-04"
	// FaultNoReason: an outcome has no reason.
	FaultNoReason hipaasmp.FaultCode = "SMP-SAN-05"
	// FaultOffRange: the outcome lies outside the category's range and no factor is recorded that would carry it.
	FaultOffRange hipaasmp.FaultCode = "SMP-SAN-06"
	// FaultStepMissing: a procedural step that the policy requires is not recorded.
	FaultStepMissing hipaasmp.FaultCode = "SMP-SAN-07"
	// FaultNotApplied: the standing sanction has not been applied.
	FaultNotApplied hipaasmp.FaultCode = "SMP-SAN-08"
	// FaultUnrecorded: the entries of a case do not match the steps of its history.
	FaultUnrecorded hipaasmp.FaultCode = "SMP-SAN-09"
	// FaultProgram: a program took a step that takes a person.
	FaultProgram hipaasmp.FaultCode = "SMP-SAN-10"
	// FaultIdentifying: a text looks as if it held an identifier of a person.
	FaultIdentifying hipaasmp.FaultCode = "SMP-SAN-11"
	// FaultLadder: the range of a category runs down the ladder.
	FaultLadder hipaasmp.FaultCode = "SMP-SAN-12"
	// FaultBasis: the provision given as the basis of an answer does not belong to the question, or binds another type of entity.
	FaultBasis hipaasmp.FaultCode = "SMP-SAN-13"
	// FaultKnowledge: an attestation speaks of days that its author cannot know of.
	FaultKnowledge hipaasmp.FaultCode = "SMP-SAN-14"
	// FaultResult: the result of an outcome contradicts what the outcome records.
	FaultResult hipaasmp.FaultCode = "SMP-SAN-15"
	// FaultDismissal: the ground of a dismissal contradicts the protected-act check.
	FaultDismissal hipaasmp.FaultCode = "SMP-SAN-16"
	// FaultLate: an appeal came after the time that the policy gives and no reason is recorded, or the other way round.
	FaultLate hipaasmp.FaultCode = "SMP-SAN-17"
)

// FaultDefs returns the catalogue of the codes that this package adds.
func FaultDefs() []hipaasmp.FaultDef {
	return []hipaasmp.FaultDef{
		{Code: FaultNotWorkforce, Kind: hipaasmp.FaultRule, Meaning: "The subject is not a member of the workforce.", Remedy: "Take a business associate's failure to its contract (164.314(a), 164.504(e)); a contractor under direct control is workforce.", Citation: hipaasmp.CiteWorkforce},
		{Code: FaultNotInForce, Kind: hipaasmp.FaultRule, Meaning: "The policy version was not in force on the day of the act.", Remedy: "Use the version that governed on the day of the act.", Citation: hipaasmp.CiteSanctionPolicy},
		{Code: FaultUnanswered, Kind: hipaasmp.FaultRule, Meaning: "A question of the protected-act check is not answered, or is answered unknown.", Remedy: "Have a person answer all three questions, with the reason, before the determination.", Citation: hipaasmp.CiteRetaliation},
		{Code: FaultProtected, Kind: hipaasmp.FaultRule, Meaning: "The act is protected and may not be sanctioned.", Remedy: "Dismiss the case with DismissProtected.", Citation: hipaasmp.CiteProtectedDisclosures},
		{Code: FaultNoReason, Kind: hipaasmp.FaultRule, Meaning: "An outcome has no reason.", Remedy: "Say why this sanction, or why none.", Citation: hipaasmp.CiteSanctionPolicy},
		{Code: FaultOffRange, Kind: hipaasmp.FaultRule, Meaning: "The outcome lies outside the category's range and no factor carries it.", Remedy: "Record a mitigating factor for less, an aggravating one for more, or stay in the range.", Citation: hipaasmp.CiteSanctionPolicy},
		{Code: FaultStepMissing, Kind: hipaasmp.FaultRule, Meaning: "A procedural step that the policy requires is not recorded.", Remedy: "Record the step, or record that it was omitted and why.", Citation: hipaasmp.CiteSanctionPolicy},
		{Code: FaultNotApplied, Kind: hipaasmp.FaultRule, Meaning: "The standing sanction has not been applied.", Remedy: "Apply it and give the evidence, or have an appeal change it.", Citation: hipaasmp.CiteSanctionPolicy},
		{Code: FaultUnrecorded, Kind: hipaasmp.FaultRule, Meaning: "The entries of a case do not match the steps of its history.", Remedy: "Change a case only by its transition methods.", Citation: hipaasmp.CiteDocumentation},
		{Code: FaultProgram, Kind: hipaasmp.FaultRule, Meaning: "A program took a step that takes a person.", Remedy: "Have a person take the step; a program files and computes.", Citation: ""},
		{Code: FaultIdentifying, Kind: hipaasmp.FaultRule, Meaning: "A text looks as if it held an identifier of a person.", Remedy: "Replace it by an opaque identity.", Citation: ""},
		{Code: FaultLadder, Kind: hipaasmp.FaultRule, Meaning: "The range of a category runs down the ladder.", Remedy: "Name the lesser sanction first.", Citation: hipaasmp.CiteSanctionPolicy},
		{Code: FaultBasis, Kind: hipaasmp.FaultRule, Meaning: "The basis of an answer does not belong to the question, or binds another type of entity.", Remedy: "Name the paragraph that the question asks about.", Citation: hipaasmp.CiteProtectedDisclosures},
		{Code: FaultKnowledge, Kind: hipaasmp.FaultRule, Meaning: "An attestation speaks of days that its author cannot know of.", Remedy: "Attest after the period has ended, and name the records consulted for days before the author's own knowledge.", Citation: hipaasmp.CiteSanctionPolicy},
		{Code: FaultResult, Kind: hipaasmp.FaultRule, Meaning: "The result of an outcome contradicts what the outcome records.", Remedy: "Build outcomes with Case.Close.", Citation: hipaasmp.CiteSanctionPolicy},
		{Code: FaultDismissal, Kind: hipaasmp.FaultRule, Meaning: "The ground of a dismissal contradicts the protected-act check.", Remedy: "Dismiss as protected with a check that says so, and on another ground without one that does.", Citation: hipaasmp.CiteProtectedDisclosures},
		{Code: FaultLate, Kind: hipaasmp.FaultRule, Meaning: "An appeal came after the time that the policy gives and no reason to hear it is recorded, or the other way round.", Remedy: "Record why the late appeal is heard, with Case.AppealLate; an appeal in time takes no reason.", Citation: hipaasmp.CiteSanctionPolicy},
	}
}
