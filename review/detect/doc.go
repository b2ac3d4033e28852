// Package detect finds in the events of package activity what a reviewer should look at: 45 CFR 164.308(a)(1)(ii)(D),
// with log-in monitoring (164.308(a)(5)(ii)(C)), termination procedures (164.308(a)(3)(ii)(C)), emergency access
// (164.312(a)(2)(ii)) and audit controls (164.312(b)).
//
// A [Detector] has an identity, a version, parameters and notes on its false positives, all of which a review records. Its
// work is done by a [Partial] state that takes events one by one, merges with the state of another part of the log, and
// is written to bytes and read again. The states of the parts of a log add up to the state of the whole in any order and
// any grouping, byte for byte, so the parts may be read on any number of machines. A state is a set: an event that two
// parts both hold, by the identity that its source gave it, is in the whole once.
//
//	R7   break-the-glass            [BreakGlass]
//	R8   terminated user            [TerminatedUser]
//	R10  burst of failed log-ins    [FailedLogins]
//	R11  log-in after such a burst  [LoginAfterFailures]
//	R20  change of log control      [LogControl]
//	     denials by actor           [Denials]
//
// [Scan] does all of it for the files of a source in one pass: it reads, takes the digest of every file, tallies, sets aside
// what was delivered twice, and runs the detectors.
//
// A [Finding] says in words why it was raised, and names the events by the place of their bytes. It is a reason to look,
// not a judgement: what it was is decided by the disposition of the exception that a review makes of it. Findings hold
// the actor's identity as the log has it, no display names and no patients.
//
// Events whose time is unknown take no part in what is defined over time; the reader's tally counts them.
package detect
