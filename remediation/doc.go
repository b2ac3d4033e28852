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
// What may change about an item (its owner, due date, cost, dependencies and milestones) changes by methods such as
// [Item.Reschedule] and [Item.Reach], which append who, when, why, from and to; Validate takes the changes back one by
// one. An item is neither started nor implemented before the items that it depends on are in place, and items that wait
// for each other in a circle are refused with the path ([CheckDependencies], [BuildPlan]).
//
// The records, which are final, are:
//
//   - [Completion]: an item as it was closed, with its verification and its days;
//   - [Acceptance]: the decision to live with a risk, by somebody other than who asked for it, with an end; it can be
//     revoked, and it is stale once the risk is not the one that was accepted;
//   - [Plan]: what treats each finding above the acceptable level, approved by management and in effect;
//   - [AddressableDecision]: the decision on an addressable specification that 45 CFR 164.306(d)(3) asks to be documented,
//     with an answer to each of the four factors of 164.306(b)(2).
//
// # What is left
//
// [Residuals] gives for each finding, which is one pair of a threat and a vulnerability, the newest rating that a person
// made; [WorstPair] decides over several, so that a threat which no measure covers dominates. [QuantifyResidual] applies
// the measures in place to a quantified register: what several controls leave of a row multiplies, a control that serves
// several rows costs once, and what is planned, waived or retired earns nothing.
//
// # What stands open
//
// [Track] tells what is overdue, due soon, and how old it is, and [BurnDown] how many items were open month by month.
// Both look at the items as they stood on the day, see [Item.AsOf], and give every count with the list it was counted
// from. [WriteCSV] and [ReadCSV] take items to a spreadsheet and back.
//
// # The roadmap
//
// [RoadmapProblem.Solve] chooses actions under yearly budgets so that the least expected loss is left, with a proved
// bound of how much better any other plan could be, and explains the plan step by step.
//
// # What the package refuses
//
// A plan that leaves a finding above the acceptable level untreated, an acceptance by the person who asked for it or
// without authority, an acceptance that expired, was revoked or is stale as a treatment, a verification by the implementer
// or without evidence, a decision on a specification that is Required, a state or a due date that does not follow from
// what was recorded. What is overdue, expired or missing on a day is for [GapChecks].
package remediation
