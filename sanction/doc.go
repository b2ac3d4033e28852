// Package sanction serves 45 CFR 164.308(a)(1)(ii)(C), sanction policy (Required): apply appropriate sanctions against
// workforce members who fail to comply with the entity's security policies and procedures.
//
// What it keeps:
//
//   - [Policy], one version of the sanction policy: the categories of violation, the ladder of sanctions, the range of the
//     ladder for each category, the factors that mitigate or aggravate, the procedural steps with their time limits, who
//     approved it and from when to when it was in effect. [DefaultTerms] is a starting point that an entity edits.
//   - [Case], one reported violation under way, and [Outcome], the final record that an investigator asks for: personnel
//     involved, steps and time periods, reason, sanction applied or why none, notification, outcome.
//   - [Acknowledgement] and [Training] of the workforce (164.308(a)(5)), by policy version, with [Missing] and
//     [MissingTraining] for who still lacks them.
//   - [Attestation], the positive statement that a period had no violation, by whom and on what basis.
//   - [Consistency], which compares like cases by category and factors and within these the categories of the workforce,
//     its [Comparison.Export] that identifies nobody, and [Records.GapChecks], which say what an investigator would ask
//     for and not find.
//
// What it refuses: a subject who is not workforce (a business associate's firm is pointed to its contract, 164.314(a) and
// 164.504(e)); a case under a policy version that was not in force on the day of the act; a determination before the
// question of protected acts is answered for whistleblowers (164.502(j)(1)), victims of crime (164.502(j)(2)) and
// retaliation (160.316, for covered entities also 164.530(g)(2)); a sanction for a protected act; a decision by the
// subject, by a program, or by somebody without authority; an outcome outside the category's range without a recorded
// factor; an outcome "none" without its reason; an appeal after the time that the policy gives, unless it is said why it is
// heard; a state that does not follow from the recorded history.
//
// What it never does: decide. It computes no sanction, gives no score, and compares cases by reference, not by person.
// The time limits, the ladder and the intervals are the entity's own policy; the rule names none of them. The duties of
// 164.530(e) are named only where the entity is a covered entity.
//
// Persons are opaque identities. A narrative holds no protected health information; text that looks like a telephone
// number, an e-mail address or a social security number is refused, which is a net and no proof.
//
// Each transition is a method on a value: it returns the new case and leaves the old one as it was. On an error it
// returns the case unchanged.
//
// The lifecycle of a case, as [Diagram] draws it:
//
//	stateDiagram-v2
//	    [*] --> reported
//	    reported --> under_investigation: open_investigation
//	    reported --> dismissed: dismiss
//	    under_investigation --> under_investigation: record_step
//	    under_investigation --> determined: determine
//	    under_investigation --> dismissed: dismiss
//	    determined --> decided: decide
//	    determined --> dismissed: dismiss
//	    decided --> decided: notify
//	    decided --> applied: apply
//	    decided --> appealed: appeal
//	    decided --> closed: close
//	    applied --> applied: notify
//	    applied --> appealed: appeal
//	    applied --> closed: close
//	    appealed --> appealed: notify
//	    appealed --> decided: uphold
//	    appealed --> applied: uphold_applied
//	    appealed --> decided: amend
//	    dismissed --> dismissed: notify
//	    dismissed --> closed: close
//	    closed --> under_investigation: reopen
package sanction
