// Package remediation holds the risk management of 45 CFR 164.308(a)(1)(ii)(B): the measures that bring the findings of
// a risk analysis down to a reasonable and appropriate level, and the decisions about them.
//
// An [Item] is one measure for one finding, with an owner, a due date and the specification that it satisfies. It is
// work in progress and a document; its states are
//
//	stateDiagram-v2
//	    [*] --> proposed
//	    proposed --> planned: plan
//	    proposed --> cancelled: cancel
//	    planned --> in_progress: start
//	    planned --> cancelled: cancel
//	    in_progress --> implemented: implement
//	    in_progress --> blocked: block
//	    in_progress --> cancelled: cancel
//	    blocked --> in_progress: unblock
//	    blocked --> cancelled: cancel
//	    implemented --> verified: verify
//	    implemented --> in_progress: reopen
//	    verified --> closed: close
//	    verified --> in_progress: reopen
//	    closed --> in_progress: reopen
//	    cancelled --> proposed: reopen
//
// Each step is a method that returns the new item; the history is kept and replayed by Validate. Whoever implemented a
// measure does not verify it, and verification takes evidence and a residual that a person rated anew after the measure
// was in place. A qualitative residual is never computed.
//
// The records, which are final, are:
//
//   - [Completion]: an item as it was closed, with its verification and its days;
//   - [Acceptance]: the decision to live with a risk, by somebody other than who asked for it, with an end;
//   - [Plan]: what treats each finding above the acceptable level, approved by management and in effect;
//   - [AddressableDecision]: the decision on an addressable specification that 45 CFR 164.306(d)(3) asks to be documented.
//
// # What the package refuses
//
// A plan that leaves a finding above the acceptable level untreated, an acceptance by the person who asked for it or
// without authority, an expired acceptance as a treatment, a verification by the implementer or without evidence, a
// decision on a specification that is Required, a state that does not follow from the history. What is overdue,
// expired or missing on a day is for [GapChecks].
package remediation
