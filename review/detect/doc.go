// Package detect finds in the events of package activity what a reviewer should look at: 45 CFR 164.308(a)(1)(ii)(D),
// with log-in monitoring (164.308(a)(5)(ii)(C)), termination procedures (164.308(a)(3)(ii)(C)), emergency access
// (164.312(a)(2)(ii)) and audit controls (164.312(b)).
//
// A [Detector] has an identity, a version, parameters and notes on its false positives, all of which a review records. Its
// work is done by a [Partial] state that takes events one by one, merges with the state of another part of the log, and
// is written to bytes and read again. The states of the parts of a log add up to the state of the whole in any order and
// any grouping, byte for byte, so the parts may be read on any number of machines. A state is a set: an event that two
// parts both hold, by the identity that its source gave it, is in the whole once; only C4 and C5 count deliveries.
//
//	R1   own record                           [OwnRecord]
//	R2   household and family                 [Household]
//	R3   same rare surname                    [SameSurname]
//	R4   co-worker                            [Coworker]
//	R5   neighbour                            [Neighbour]
//	R6   watched record, and surges in it     [WatchedRecord]
//	R7   break-the-glass                      [BreakGlass]
//	R8   terminated user                      [TerminatedUser]
//	R9   dormant account                      [Dormant]
//	R10  burst of failed log-ins              [FailedLogins]
//	R11  log-in after such a burst            [LoginAfterFailures]
//	R12  bulk print or export                 [BulkExport]
//	R13  act that the role does not need      [RoleWithoutNeed]
//	R14  no relation to the patient           [NoRelation]
//	R15  died or last seen long ago           [LongAgo]
//	R16  outside the shift                    [AfterHours]
//	R17  two places at once                   [TwoPlaces]
//	R18  shared account                       [SharedAccount]
//	R19  many searches, few opened            [Fishing]
//	R20  change of log control                [LogControl]
//	S1   volume against the user's own days   [UserVolume]
//	S2   volume against peers                 [PeerVolume]
//	S3   many people in one record            [PatientSurge]
//	S4   much that is new to the user         [Novelty]
//	C1   silent source                        [SilentSource]
//	C2   gap or reset of numbers              [SequenceGap]
//	C3   fault of the clock                   [ClockFault]
//	C4   drop of volume                       [VolumeDrop]
//	C5   drift of shape                       [ShapeDrift]
//	C6   bytes that are no longer the same    [DigestMismatch]
//	     denials by actor                     [Denials]
//
// R are rules: the same events always break them or do not. S are statistics over counts, with negative binomial and
// beta-binomial tails. C watch the log itself, so that a silence is not taken for peace. [All] gives them all, with what
// is known beside the log in a [Context]: people, patients, relations, calendars, lists. Each of these is a small
// interface of the product's own; readers of CSV tables are here, and name every fault with its line and column.
//
// What explains itself comes before what is alerted: detectors that look at who opened whose record take a [Tie], and set
// aside an access for which there is a relation.
//
// There are more findings than time. A [Budget] sets aside what an [Explanation] explains, and shows of each detector what
// ranks highest and a seeded random share of the rest, so that nobody learns what is never opened.
//
// States are exact. Only where a memory limit is set, by [Volume], [PatientSurge], [Novelty] or [SharedAccount], or by
// [Context.Memory] for all of them, is a part kept that digests draw, and findings from it say that they are approximate; so
// does [Approximator]. A part so drawn is a function of the events alone, so states under a limit merge like all others.
//
// No exact state is flat in the size of the log where its definition asks which distinct things there were. S1, S2 and S4
// keep two or three bytes for each patient, place or screen that somebody touched on a day, and 50 for the day; S3 the like
// by record; R18 some 70 bytes for each session, because one that is seen once may be seen again in another part of the
// log; R19 a byte or two for each minute in which somebody opened a record. R7, R10, R11, R12, R14, R19 and the other rules
// keep some 40 bytes for each event that they may have to name, and have no limit.
// Written as JSON states are several times as large: references to events stand in full, and things as tokens. They may be
// compressed on the way.
//
// [Scan] does all of it for the files of a source in one pass: it reads, takes the digest of every file, resolves identities
// where there is a directory, tallies, sets aside what was delivered twice, and runs the detectors. It keeps no line. What
// grows with the log are the exact sets: the identities by which second deliveries are known, the things that somebody
// touched on a day (S1, S2, S4), sessions (R18), hours (R19), and the events that a detector may have to name.
//
// A [Run] numbers actors and patients once for all its detectors. Measured as processor time by
//
//	go test -run xxx -bench Detectors ./review/detect
//
// on a generated month, least of three runs on a machine with four to ten times as many processes at work as it has cores,
// an event costs all detectors together 21.6 times what the SHA-256 of 300 bytes costs, and each of those that keep most
// 0.7 to 2.5 times that (R18 1.7, R19 0.7, S1 1.6, S4 2.4); most of it is waiting for memory.
//
// A [Finding] says in words why it was raised, and names the events by the place of their bytes. It is a reason to look,
// not a judgement: what it was is decided by the disposition of the exception that a review makes of it. Findings hold
// the actor's identity as the log has it, no display names and no patients.
//
// Events whose time is unknown take no part in what is defined over time; the reader's tally counts them.
//
// It refuses a state of another version, of other parameters or that is not exactly what it would write, a table of context
// with a fault in any line, and parameters out of range.
package detect
