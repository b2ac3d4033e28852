// Package review serves 45 CFR 164.308(a)(1)(ii)(D), information system activity review (Required): implement procedures
// to regularly review records of information system activity, such as audit logs, access reports, and security incident
// tracking reports. It also keeps the security incidents of 164.304 and 164.308(a)(6)(ii), to which reviews lead.
//
// What it keeps:
//
//   - [Procedure], one version of the entity's procedure: how often, who, which sources, which detectors, how it is
//     documented, what calls for a closer look, and for how long raw logs are kept. [DefaultTerms] is a start.
//   - [Cadence], in months, weeks or days and due after days of the calendar or [BusinessDays] with the entity's holidays, and
//     [Round], the detectors that are run more often than everything is reviewed.
//   - [Session], a review under way: what was read of each source ([SourceReview], which [FromScan] fills), which sources
//     were left out and why, and the exceptions with what became of each.
//   - [TicketProfile] and [Tracking], for security incident tracking reports: tickets in CSV or JSON by a versioned mapping
//     profile, with their state, their outcome and how long they have been open.
//   - [Reading] and [ContextTable], when a source was read and by which tables beside it, by digest and by who supplied them.
//     [SourceReview.Differs] says, years later, in what another reading differs.
//   - [Schedule] and [Hours], in which hours a source is expected to give a sign of life and in how many it did, by entries or
//     heartbeats; [HourWatch] sees them in the scan, and a month below the share that the procedure asks for is partial.
//   - [Sample], for what a person reads by sample: a [SamplingRule] from which the exact size follows, a nonce that is
//     committed before the records are read, a [Draw] that anybody who has the files repeats, and the exact upper limit of
//     what may deviate.
//   - [Record], the certified record that an investigator asks for. It stands alone; a correction is a new record.
//   - [ExplanationRule], a dated and approved rule for explanations that recur, and [OpenItem], what a review leaves to be
//     done and the next one carries.
//   - [Incident] and [IncidentRecord], a security incident and its documented outcome.
//   - [Records.Coverage], the table of months, sources and kinds of activity, what failed among them, with what is overdue
//     by the entity's own procedure, [Records.GapChecks], which say what an investigator would ask for and not find, and [Records.Measure],
//     figures of the reviews of a period.
//
// What it refuses: to certify a review while an exception has no disposition, while a source of the procedure is neither
// reviewed nor listed with a reason, while a sample has no result, before the period has ended, or without a certifier; a
// statement of no exceptions where there are some; a sample that is planned after its source was read, or does not follow
// from its plan; a reviewer who certifies, who is the actor of an exception or reports to them, or who administers a
// system whose records nobody else reviewed, unless a documented waiver says why it cannot be avoided and a person from
// outside signs beside the certifier; an exception that became an incident and leads nowhere; a contact that is taken out of
// the history; a state that does not follow from the recorded history.
//
// What it never does: call a late review a violation. The rule names no interval, so that late and overdue are measured
// by the entity's own procedure and say so. It does not take a log with entries for a system that recorded everything:
// until somebody checks, the capability is unknown, and unknown is never green. Whether six years bind raw logs is not
// settled; for how long they are kept is the entity's own policy, and the records of the reviews are kept six years.
//
// Actors are the identities that the log has, without display names; patients are tokens by a key that the tenant keeps
// apart; reviewers and other persons are opaque identities.
//
// Each transition is a method on a value: it returns the new value and leaves the old one as it was. On an error it
// returns the value unchanged. The lifecycles, as [Diagram] draws them, of a session:
//
//	stateDiagram-v2
//	    [*] --> open
//	    open --> completed: complete
//	    open --> abandoned: abandon
//
// of an exception in a session:
//
//	stateDiagram-v2
//	    [*] --> open
//	    open --> triaged: triage
//	    triaged --> triaged: contact
//	    triaged --> explained: explain
//	    triaged --> inconclusive: give_up
//	    triaged --> incident: escalate
//	    explained --> triaged: reconsider
//	    inconclusive --> triaged: reconsider
//	    incident --> triaged: reconsider
//
// and of an incident:
//
//	stateDiagram-v2
//	    [*] --> reported
//	    reported --> reported: respond
//	    reported --> contained: contain
//	    reported --> dismissed: dismiss
//	    contained --> contained: respond
//	    contained --> closed: close
package review
