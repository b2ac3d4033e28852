package vectors_test

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
)

func reviewFamilies() []family {
	return []family{
		{review.KindProcedure, [][2]string{{"procedure", "A monthly procedure over a log, an access report and tickets."}, {"profile", "A procedure that reads its tickets by a mapping profile."},
			{"schedule", "A procedure that says in which hours a log is expected to record."},
			{"rounds", "A procedure with business days, a daily round of detectors, and a source that was retired."},
			{"failures", "A procedure that expects a log to record what fails."}}, []bad{
			of("failures", "failures-expected-twice", "What fails is expected twice.", hipaasmp.FaultIdentity, "/sources/0/families/3", set("/sources/0/families", []any{"login", "failed", "admin", "failed"})),
			of("failures", "failures-by-another-name", "What fails is expected by a name that it does not have.", hipaasmp.FaultEnum, "/sources/0/families/2", set("/sources/0/families/2", "failure")),
			of("rounds", "holidays-out-of-order", "A holiday is listed before one that comes earlier.", hipaasmp.FaultOrder, "/cadence/business/holidays/1", set("/cadence/business/holidays/0", "2026-01-20")),
			of("rounds", "holidays-past-their-end", "A holiday lies past the day up to which holidays are listed.", review.FaultCadence, "/cadence/business/holidays/10", set("/cadence/business/through", "2026-12-24")),
			of("rounds", "no-business-day", "The entity works on no day of the week.", hipaasmp.FaultRequired, "/cadence/business/weekdays", del("/cadence/business/weekdays")),
			of("rounds", "round-of-nothing", "A round runs no detector.", hipaasmp.FaultRequired, "/rounds/0/detectors", del("/rounds/0/detectors")),
			of("rounds", "round-in-hours", "The cadence of a round is in hours.", hipaasmp.FaultEnum, "/rounds/0/cadence/unit", set("/rounds/0/cadence/unit", "hour")),
			of("rounds", "round-twice", "Two rounds have one identity.", hipaasmp.FaultIdentity, "/rounds/1/id", dup("/rounds")),
			of("rounds", "round-detector-twice", "A round names a detector twice.", hipaasmp.FaultIdentity, "/rounds/0/detectors/3", dup("/rounds/0/detectors")),
			of("rounds", "proof-of-no-time", "Something shows when a source was in use, and no time is stated.", review.FaultSource, "/sources/1/in_use_proof", del("/sources/1/in_use")),
			of("schedule", "schedule-that-never-is", "The schedule of a source ends when it begins.", review.FaultHours, "/sources/0/expected/to", set("/sources/0/expected/to", 7)),
			of("schedule", "schedule-of-a-25th-hour", "The schedule of a source begins with an hour that no day has.", hipaasmp.FaultRange, "/sources/0/expected/from", set("/sources/0/expected/from", 24)),
			of("schedule", "unknown-weekday", "The schedule names a day that no week has.", hipaasmp.FaultEnum, "/sources/0/expected/weekdays/0", set("/sources/0/expected/weekdays/0", "someday")),
			of("schedule", "weekday-twice", "The schedule names a day twice.", hipaasmp.FaultIdentity, "/sources/0/expected/weekdays/5", dup("/sources/0/expected/weekdays")),
			of("schedule", "more-than-every-hour", "More than all of the expected hours are asked for.", hipaasmp.FaultRange, "/limits/hours_per_thousand", set("/limits/hours_per_thousand", 1001)),
			b("no-cadence", "The cadence is missing.", hipaasmp.FaultRequired, "/cadence", del("/cadence")),
			b("every-zero-months", "The cadence is every zero months.", hipaasmp.FaultRange, "/cadence/every", set("/cadence/every", 0)),
			b("unknown-format", "A source has a format that no reader knows.", hipaasmp.FaultEnum, "/sources/0/format", set("/sources/0/format", "papyrus")),
			of("profile", "profile-without-digest", "The mapping profile is named without its digest.", hipaasmp.FaultRequired, "/sources/2/profile/digest", del("/sources/2/profile/digest")),
			of("profile", "profile-for-an-audit-format", "A mapping profile is named for a format that needs none.", review.FaultSource, "/sources/2/profile", set("/sources/2/format", "fhir")),
			b("source-twice", "Two sources have one identity.", hipaasmp.FaultIdentity, "/sources/3/id", dup("/sources")),
			b("family-twice", "A kind of activity is expected twice.", hipaasmp.FaultIdentity, "/sources/0/families/2", dup("/sources/0/families")),
			b("log-without-families", "It is not said which activity the log is expected to record.", review.FaultSource, "/sources/0/families", del("/sources/0/families")),
			b("source-without-format", "It is not said how the source is read.", review.FaultSource, "/sources/0/form", del("/sources/0/format")),
			b("approved-by-a-program", "A program approved the procedure.", review.FaultProgram, "/approval/by", set("/approval/by/role", "system")),
			b("certified-by-a-program", "A program may certify.", review.FaultProgram, "/certifiers/0", set("/certifiers/0", "system")),
			b("backdated", "The procedure is in effect before it was approved.", hipaasmp.FaultOrder, "/effective/from", set("/effective/from", "2025-01-01")),
		}},
		{review.KindSession, [][2]string{{"open", "A session over March with one exception that is still open."}, {"completed", "The session after it was completed, with its record."},
			{"planned", "A session with a sample that is planned, its nonce committed."}, {"sampled", "A session with a sample from plan to result."},
			{"tickets", "A session with a tracking report: states, outcomes and the open tickets with their age."},
			{"carried", "A session that counts hours, carries what the review before left open, and explains by a rule."},
			{"contacted", "A session that says when a log was read and by which tables, with a finding about patients by token, of which somebody was asked."},
			{"zoned", "A session over a log whose times have no offset, with the zone that was given for them, and with what failed."}}, append(append(append(append(sessionContent(), sampling()...), carrying()...), zoned()...),
			of("contacted", "contact-taken-out-of-the-history", "A contact is listed and is no step of the history.", review.FaultUnrecorded, "/exceptions/0/contacts/0", del("/exceptions/0/history/1")),
			of("contacted", "contact-taken-out-of-the-list", "A contact is a step of the history and is not listed.", review.FaultUnrecorded, "/exceptions/0/history/1", del("/exceptions/0/contacts")),
			of("contacted", "contact-made-earlier", "A contact is listed at another time than in the history.", review.FaultUnrecorded, "/exceptions/0/history/1", set("/exceptions/0/contacts/0/at", "2026-04-02T15:30:00Z")),
			of("contacted", "patient-by-number", "A patient is named by a number and not by a token.", hipaasmp.FaultFormat, "/exceptions/0/patients/0", set("/exceptions/0/patients/0", "MRN 0042")),
			of("contacted", "fewer-patients-than-named", "Fewer patients are counted than named.", review.FaultCounts, "/exceptions/0/patient_count", set("/exceptions/0/patient_count", 1)),
			of("contacted", "score-that-does-not-add-up", "The score does not follow from its terms.", review.FaultCounts, "/exceptions/0/score/total", set("/exceptions/0/score/total", 9)),
			of("contacted", "score-of-another-severity", "The score weighs another severity.", review.FaultCounts, "/exceptions/0/score/weight", set("/exceptions/0/score/weight", 2), set("/exceptions/0/score/total", 4)),
			of("contacted", "read-backwards", "The reading of a source ended before it began.", hipaasmp.FaultOrder, "/sources/0/read/ended", set("/sources/0/read/ended", "2026-04-01T15:59:00Z")),
			of("contacted", "table-without-digest", "A table that was read beside a log has no digest.", hipaasmp.FaultRequired, "/sources/0/context/0/sha256", del("/sources/0/context/0/sha256")),
			of("contacted", "table-twice", "A table is listed twice.", hipaasmp.FaultIdentity, "/sources/0/context/2", dup("/sources/0/context")),
			of("contacted", "table-on-a-day-from-nobody", "A table was supplied on a day, and it is not said by whom.", review.FaultIncomplete, "/sources/0/context/0/supplied", del("/sources/0/context/0/supplied")),
			of("contacted", "source-reviewed-by-a-program", "A program reviewed a source beside the reviewer.", review.FaultProgram, "/sources/0/reviewers/0", set("/sources/0/reviewers/0/role", "system")),
			of("sampled", "planned-after-the-reading", "A sample was planned after the reading of its source had begun.", review.FaultSample, "/samples/0/at", set("/sources/0/read", map[string]any{"began": "2026-04-01T14:00:00Z", "ended": "2026-04-01T14:30:00Z"})),
			of("tickets", "tickets-do-not-add-up", "The states do not add up to the tickets.", review.FaultCounts, "/sources/0/tracking/states", set("/sources/0/events", 7), set("/sources/0/files/0/events", 7)),
			of("tickets", "ticket-made-younger", "A ticket is younger than its opening says.", review.FaultCounts, "/sources/0/tracking/open/0/days", set("/sources/0/tracking/open/0/days", 1)),
			of("tickets", "closed-ticket-among-the-open", "A closed ticket is listed as open.", review.FaultTickets, "/sources/0/tracking/open/0/state", set("/sources/0/tracking/open/0/state", "closed")),
			of("tickets", "unknown-ticket-outcome", "The outcome of a ticket is none.", hipaasmp.FaultEnum, "/sources/0/tracking/outcomes/0/outcome", set("/sources/0/tracking/outcomes/0/outcome", "wontfix")),
			of("planned", "nonce-not-committed", "The nonce of a planned sample is not committed.", hipaasmp.FaultRequired, "/samples/0/commitment", del("/samples/0/commitment")),
			of("planned", "confidence-as-percentage", "The confidence of a sample is written as a percentage.", hipaasmp.FaultRange, "/samples/0/rule/confidence", set("/samples/0/rule/confidence", "95")),
			of("planned", "result-without-a-draw", "A sample has a result, and nothing was drawn.", review.FaultSample, "/samples/0/drawing", set("/samples/0/result", map[string]any{
				"by": map[string]any{"id": "w-003", "role": "reviewer"}, "at": "2026-04-04T15:00:00Z", "sampled": 0, "deviations": 0, "unexaminable": 0, "at_most": 0, "tolerated": 0, "conclusion": "within"})),
			of("completed", "completed-without-record", "The session is completed, and its record is not named.", review.FaultDisposition, "/record", del("/record")),
			of("completed", "completed-by-a-program", "A program completed the session.", review.FaultProgram, "/history/0/by", set("/history/0/by/role", "system")),
		)},
		{review.KindRecord, [][2]string{{"certified", "The certified record of March with one explained exception."}, {"sampled", "A certified record with a sample that leaves its question open."},
			{"carried", "A certified record with counted hours, open items, a rule that explains, a waiver and a signer from outside."},
			{"round", "The certified record of a weekly round of detectors."},
			{"zoned", "The certified record over a log whose times have no offset, with the zone that was given for them, and with what failed."}}, append(append(append(append(sessionContent(), sampling()...), carrying()...), zoned()...),
			of("round", "round-of-no-procedure", "The record is of a round that the procedure does not have.", review.FaultCadence, "/round", set("/round", "patrol"), set("/timeliness/due", "2026-03-22"), set("/timeliness/until", "2026-03-22"), set("/not_reviewed", []any{
				map[string]any{"source": "ehr-access", "ground": "waived", "reason": "x"}, map[string]any{"source": "tickets", "ground": "waived", "reason": "x"}})),
			of("round", "round-without-its-log", "The round leaves out the log that it is to read.", review.FaultUncovered, "/sources", del("/sources"), del("/exceptions"), set("/statement/result", "no_exceptions")),
			of("round", "round-due-like-a-month", "The round is measured by the cadence of the procedure.", review.FaultTimeliness, "/timeliness", set("/timeliness/due", "2026-03-22")),
			of("round", "read-after-the-certification", "A source was read after the review had been certified.", hipaasmp.FaultOrder, "/sources/0/read/ended", set("/sources/0/read/ended", "2026-03-11T15:00:00Z")),
			of("round", "seen-after-the-certification", "A finding came to notice after the review had been certified.", hipaasmp.FaultOrder, "/exceptions/0/seen", set("/exceptions/0/seen", "2026-03-11T15:00:00Z")),
			of("carried", "waiver-without-a-signer-from-outside", "A conflict is waived, and nobody from outside signed.", hipaasmp.FaultSegregation, "/independence/second", del("/independence/second")),
			b("kept-too-short", "The record is to be kept for less than six years.", review.FaultTimeliness, "/keep_through", set("/keep_through", "2031-04-08")),
			b("step-taken-out", "A step is missing from the history of an exception that is disposed of.", review.FaultDisposition, "/exceptions/0/disposition/step", set("/exceptions/0/disposition/step", 3)),
			of("carried", "outside-signer-is-the-certifier", "The person from outside is the certifier.", hipaasmp.FaultSegregation, "/independence/second/by/id", set("/independence/second/by/id", "w-001")),
			of("carried", "outside-signer-administers", "The person from outside administers a system that is reviewed.", hipaasmp.FaultSegregation, "/independence/second/by/id", set("/independence/second/by/id", "w-004")),
			of("carried", "outside-signer-signed-later", "The person from outside signed after the certification.", hipaasmp.FaultOrder, "/independence/second/at", set("/independence/second/at", "2026-05-09T15:00:00Z")),
			of("carried", "outside-signer-of-nowhere", "It is not said where the person from outside is from.", hipaasmp.FaultRequired, "/independence/second/outside", del("/independence/second/outside")),
			of("carried", "outside-signer-is-a-program", "A program signed as the person from outside.", review.FaultProgram, "/independence/second/by", set("/independence/second/by/role", "system")),
			of("sampled", "sampled-without-a-sample", "A source was sampled, and no sample is recorded.", review.FaultSample, "/sources/0/method", del("/samples")),
			of("sampled", "sample-without-a-result", "A sample was not concluded.", review.FaultIncomplete, "/samples", del("/samples/0/result")),
			b("no-statement", "The certifier states nothing.", hipaasmp.FaultRequired, "/statement", del("/statement")),
			b("source-not-covered", "A source of the procedure was neither reviewed nor left out with a reason.", review.FaultUncovered, "/sources", del("/sources/1")),
			b("statement-of-nothing", "The statement speaks of exceptions, and there are none.", review.FaultStatement, "/statement/result", del("/exceptions")),
			b("certified-in-no-role", "The certifier acts in a role that the procedure does not name.", review.FaultRole, "/certifier/role", set("/certifier/role", "workforce")),
			b("days-late-computed-wrongly", "Whether the review was in time does not follow from the cadence.", review.FaultTimeliness, "/timeliness", set("/timeliness/days_late", 3)),
			b("reviewed-by-a-program", "A program reviewed.", review.FaultProgram, "/reviewer", set("/reviewer/role", "system")),
			b("certified-by-a-program", "A program certified.", review.FaultProgram, "/certifier", set("/certifier/role", "system")),
			b("explained-without-explanation", "An exception is explained, and the explanation is missing.", review.FaultDisposition, "/exceptions/0/disposition/explanation", del("/exceptions/0/disposition/explanation")),
		)},
		{review.KindExplanationRule, [][2]string{{"approved", "An approved rule for seven months, made of an exception that was explained."}, {"withdrawn", "The rule after it was withdrawn."}}, []bad{
			b("no-approval", "Nobody approved the rule.", hipaasmp.FaultRequired, "/approval", del("/approval")),
			b("no-approver", "The approver is not named.", hipaasmp.FaultRequired, "/approval/by/id", del("/approval/by/id")),
			b("no-end", "The rule never ends.", review.FaultRule, "/valid/to", del("/valid/to")),
			b("no-reason", "The reason has no code.", hipaasmp.FaultRequired, "/reason", del("/reason")),
			b("for-too-long", "The rule is valid for more than three years.", review.FaultRule, "/valid/to", set("/valid/to", "2029-03-02")),
			b("ends-before-it-begins", "The rule ends before it begins.", hipaasmp.FaultOrder, "/valid/to", set("/valid/to", "2026-02-28")),
			b("unknown-reason", "The reason is none.", hipaasmp.FaultEnum, "/reason", set("/reason", "because")),
			b("a-slip-as-a-rule", "The reason is one of a single finding.", review.FaultRule, "/reason", set("/reason", "harmless_mistake")),
			b("no-detector", "It is not said whose findings the rule explains.", hipaasmp.FaultRequired, "/detector", del("/detector")),
			b("approved-by-who-proposed", "The rule was approved by who proposed it.", hipaasmp.FaultSegregation, "/approval/by/id", set("/approval/by/id", "w-003")),
			b("approved-by-its-actor", "The rule was approved by the actor whose findings it explains.", hipaasmp.FaultSegregation, "/approval/by/id", set("/actor", "w-002")),
			b("approved-by-a-program", "A program approved the rule.", review.FaultProgram, "/approval/by", set("/approval/by/role", "system")),
			b("approved-before-proposed", "The rule was approved before it was proposed.", hipaasmp.FaultOrder, "/approval/on", set("/approval/on", "2026-04-08")),
			b("exception-of-nowhere", "The exception is named, and not the review that holds it.", review.FaultRule, "/exception", del("/from")),
			b("of-an-incident", "The rule was made of an incident.", hipaasmp.FaultDangling, "/from/kind", set("/from/kind", "review.incident")),
			of("withdrawn", "withdrawn-before-approved", "The rule was withdrawn before it was approved.", hipaasmp.FaultOrder, "/withdrawn/on", set("/withdrawn/on", "2026-04-09")),
			of("withdrawn", "withdrawn-without-a-reason", "It is not said why the rule was withdrawn.", hipaasmp.FaultRequired, "/withdrawn/why", del("/withdrawn/why")),
		}},
		{review.KindIncident, [][2]string{{"closed", "An incident from report to its documented outcome."}, {"reported", "An incident as it was reported."}}, append(incidentContent(),
			b("unknown-state", "The state is none.", hipaasmp.FaultEnum, "/state", set("/state", "over")),
			b("response-not-in-the-history", "A response is not in the history.", review.FaultUnrecorded, "/responses", dup("/responses")),
			b("contained-at-another-time", "The containment is not signed as the step of the history is.", review.FaultUnrecorded, "/containment", set("/containment/at", "2026-04-05T15:00:00Z")),
			of("reported", "zone-of-nowhere", "The time zone is in no database.", hipaasmp.FaultZone, "/zone", set("/zone", "Mars/Olympus")),
		)},
		{review.KindIncidentRecord, [][2]string{{"closed", "The record of an incident with its outcome."}}, append(incidentContent(),
			b("no-incident", "The incident is not named.", hipaasmp.FaultRequired, "/incident", del("/incident")),
			b("ended-by-a-program", "A program ended the incident.", review.FaultProgram, "/ending/by", set("/ending/by/role", "system")),
			b("ended-on-another-day", "The day is not that of the ending.", hipaasmp.FaultOrder, "/ended", set("/ended", "2026-05-10")),
		)},
	}
}

// sessionContent are faults that sessions and records share.
func sessionContent() []bad {
	return []bad{
		b("unknown-method", "The method is none.", hipaasmp.FaultEnum, "/sources/0/method", set("/sources/0/method", "glanced")),
		b("count-below-zero", "A count is below zero.", hipaasmp.FaultRange, "/sources/0/denials", set("/sources/0/denials", -1)),
		b("exception-twice", "Two exceptions have one identity.", hipaasmp.FaultIdentity, "/exceptions/1/id", dup("/exceptions")),
		b("source-twice", "A source was reviewed twice.", hipaasmp.FaultIdentity, "/sources/3/source", dup("/sources")),
		b("exception-of-no-source", "An exception is of a source that was not reviewed.", hipaasmp.FaultDangling, "/exceptions/0/source", set("/exceptions/0/source", "door")),
		b("source-not-of-the-procedure", "A source was reviewed that the procedure does not list.", review.FaultNotSource, "/sources/0/source", del("/procedure/sources/0")),
		b("procedure-not-in-effect", "The procedure was in effect on no day of the period.", review.FaultNotInForce, "/procedure/effective", set("/procedure/effective/from", "2026-04-20")),
		b("files-do-not-add-up", "The events of the files do not add up to those of the source.", review.FaultCounts, "/sources/0/files", set("/sources/0/files/0/events", 9)),
		b("outcomes-do-not-add-up", "The outcomes do not add up to the events.", review.FaultCounts, "/sources/0/outcomes", set("/sources/0/outcomes/0/count", 7)),
		b("recording-never-checked", "Recording was found enabled on no day.", review.FaultCapability, "/sources/0/capability/checked", del("/sources/0/capability/checked")),
		b("last-before-first", "The last event of a source is before its first.", hipaasmp.FaultOrder, "/sources/0/last", set("/sources/0/first", "2026-04-20T00:00:00Z")),
	}
}

// sampling are faults of samples, which sessions and records share.
func sampling() []bad {
	return []bad{
		of("sampled", "another-nonce", "The nonce is not the one that was committed.", review.FaultSample, "/samples/0/drawing/nonce", set("/samples/0/drawing/nonce", "00000000000000000000000000000000")),
		of("sampled", "a-seed-that-pleases", "The seed does not follow from the nonce.", review.FaultSample, "/samples/0/drawing/seed",
			set("/samples/0/drawing/seed", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")),
		of("sampled", "fewer-drawn-than-the-rule-asks", "Fewer entries are drawn than the rule asks for.", review.FaultSample, "/samples/0/drawing/items",
			set("/samples/0/rule/tolerable", "0.05"), set("/samples/0/result/tolerated", 2), set("/samples/0/result/conclusion", "exceeded")),
		of("sampled", "population-above-the-events", "The population is greater than what was read.", review.FaultCounts, "/samples/0/drawing/population", set("/sources/0/events", 39), set("/sources/0/files/0/events", 19)),
		of("sampled", "a-better-result", "The upper limit does not follow from what was examined.", review.FaultSample, "/samples/0/result", set("/samples/0/result/at_most", 0)),
		of("sampled", "examined-by-a-program", "A program examined the drawn entries.", review.FaultProgram, "/samples/0/examinations/0/by", set("/samples/0/examinations/0/by/role", "system")),
		of("sampled", "entry-not-drawn", "An entry was examined that was not drawn.", hipaasmp.FaultDangling, "/samples/0/examinations/0/entries/0/item", set("/samples/0/examinations/0/entries/0/item", 99)),
		of("sampled", "unknown-conclusion", "The conclusion is none.", hipaasmp.FaultEnum, "/samples/0/result/conclusion", set("/samples/0/result/conclusion", "fine")),
	}
}

// zoned are faults of the zone of times without an offset, and of what failed, which sessions and records share.
func zoned() []bad {
	return []bad{
		of("zoned", "assumed-zone-of-nowhere", "The zone of times without an offset is in no database.", hipaasmp.FaultZone, "/sources/0/assumed_zone", set("/sources/0/assumed_zone", "Mars/Olympus")),
		of("zoned", "assumed-zone-of-one-machine", "The zone of times without an offset is that of the machine that read them.", hipaasmp.FaultZone, "/sources/0/assumed_zone", set("/sources/0/assumed_zone", "Local")),
		of("zoned", "assumed-zone-empty", "The zone of times without an offset is there and empty.", hipaasmp.FaultRequired, "/sources/0/assumed_zone", set("/sources/0/assumed_zone", "")),
		of("zoned", "assumed-zone-where-all-have-one", "A zone was given for times without an offset, and the format has no such times.", review.FaultSource, "/sources/0/assumed_zone", set("/procedure/sources/0/format", "fhir")),
		of("zoned", "failed-as-a-kind-of-activity", "What failed is counted beside the kinds of activity.", review.FaultCounts, "/sources/0/families/0/family", set("/sources/0/families/0/family", "failed")),
		of("zoned", "recording-of-failures-found-on-no-day", "Recording of what fails was found enabled on no day.", review.FaultCapability, "/sources/0/capability/families/0/checked", del("/sources/0/capability/families/0/checked")),
	}
}

// carrying are faults of hours, open items and rules, which sessions and records share.
func carrying() []bad {
	return []bad{
		of("carried", "hours-do-not-add-up", "The short days miss other hours than the source.", review.FaultCounts, "/sources/0/hours/short", set("/sources/0/hours/observed", 230)),
		of("carried", "hour-of-another-month", "A short day lies outside of the period.", review.FaultHours, "/sources/0/hours/short/2/day", set("/sources/0/hours/short/2/day", "2026-05-20")),
		of("carried", "fewer-hours-expected", "Fewer hours are expected than the schedule has.", review.FaultHours, "/sources/0/hours/expected", set("/sources/0/hours/expected", 164), set("/sources/0/hours/observed", 128)),
		of("carried", "hours-without-a-schedule", "Hours are counted of a source of which none are expected.", review.FaultHours, "/sources/0/hours", del("/procedure/sources/0/expected")),
		of("carried", "rule-without-an-explanation", "An exception that was given up names a rule.", review.FaultDisposition, "/exceptions/0/disposition/rule", set("/exceptions/0/state", "inconclusive"), set("/exceptions/0/history/2/event", "give_up"), set("/exceptions/0/history/2/to", "inconclusive"), del("/exceptions/0/disposition/explanation")),
		of("carried", "rule-of-another-kind", "An exception is explained by something that is no rule.", hipaasmp.FaultDangling, "/exceptions/0/disposition/rule/kind", set("/exceptions/0/disposition/rule/kind", "review.procedure")),
		of("carried", "rule-for-a-slip", "A rule explains by a reason of a single finding.", review.FaultRule, "/exceptions/0/disposition/rule", set("/exceptions/0/disposition/explanation", "duplicate")),
		of("carried", "kind-of-activity-found-on-no-day", "Recording of a kind of activity was found enabled on no day.", review.FaultCapability, "/sources/0/capability/families/0/checked", del("/sources/0/capability/families/0/checked")),
		of("carried", "kind-of-activity-unknown-and-checked", "Recording of a kind of activity was looked at, and nothing was found.", review.FaultCapability, "/sources/0/capability/families/1/checked", set("/sources/0/capability/families/1/checked", "2026-05-01")),
		of("carried", "kind-of-activity-twice", "Recording of a kind of activity is stated twice.", hipaasmp.FaultIdentity, "/sources/0/capability/families/2", dup("/sources/0/capability/families")),
		of("carried", "budget-does-not-add-up", "What became of the findings does not add up to them.", review.FaultCounts, "/sources/0/detectors/0/budget", set("/sources/0/detectors/0/budget/waiting", 2)),
		of("carried", "more-shown-than-the-budget", "More findings were shown than the budget has alerts.", review.FaultCounts, "/sources/0/detectors/0/budget/alerts", set("/sources/0/detectors/0/budget/alerts", 1)),
		of("carried", "setting-twice", "A detector has a setting twice.", hipaasmp.FaultIdentity, "/sources/0/detectors/0/parameters/1", dup("/sources/0/detectors/0/parameters")),
		of("carried", "contact-with-nobody", "Somebody was asked about an exception, and it is not said who.", review.FaultIncomplete, "/exceptions/0/history/1/note", del("/exceptions/0/history/1/note")),
		of("carried", "more-explained-than-accessed", "More accesses are explained than there were.", review.FaultCounts, "/sources/0/access/explained", set("/sources/0/access/explained", 7)),
		of("carried", "open-item-of-nobody", "Nobody answers for an open item.", hipaasmp.FaultRequired, "/open_items/1/owner", del("/open_items/1/owner")),
		of("carried", "open-item-due-before-it-was-open", "An open item was due before it was open.", hipaasmp.FaultOrder, "/open_items/1/due", set("/open_items/1/due", "2026-05-01")),
		of("carried", "open-item-of-no-source", "An open item is about a source that the procedure does not list.", review.FaultNotSource, "/open_items/1/source", set("/open_items/1/source", "door")),
		of("carried", "open-item-carried-twice", "An item is carried twice.", review.FaultOpenItem, "/open_items/1/from", set("/open_items/1/from", map[string]any{"document": map[string]any{"kind": "review.record", "id": "r-march"}, "item": "clock"})),
		of("carried", "open-item-from-an-incident", "An item is carried from what is no review.", hipaasmp.FaultDangling, "/open_items/0/from/document/kind", set("/open_items/0/from/document/kind", "review.incident")),
		of("carried", "open-item-closed-by-a-program", "A program closed an item.", review.FaultProgram, "/open_items/0/closed/by", set("/open_items/0/closed/by/role", "system")),
		of("carried", "open-item-closed-without-words", "It is not said how an item was closed.", hipaasmp.FaultRequired, "/open_items/0/closed/words", del("/open_items/0/closed/words")),
	}
}

// incidentContent are faults that incidents and their records share.
func incidentContent() []bad {
	return []bad{
		b("no-narrative", "It is not said what happened.", hipaasmp.FaultRequired, "/report/narrative", del("/report/narrative")),
		b("unknown-act", "The act is none of the definition.", hipaasmp.FaultEnum, "/report/acts/0", set("/report/acts/0", "nuisance")),
		b("no-act", "The list of acts is empty.", hipaasmp.FaultRange, "/report/acts", set("/report/acts", []any{})),
		b("systems-as-text", "A list is a text.", hipaasmp.FaultType, "/report/systems", set("/report/systems", "ehr")),
		b("act-twice", "An act is listed twice.", hipaasmp.FaultIdentity, "/report/acts/1", dup("/report/acts")),
		b("system-twice", "A system is listed twice.", hipaasmp.FaultIdentity, "/report/systems/1", dup("/report/systems")),
		b("over-before-it-began", "The incident was over before it began.", hipaasmp.FaultOrder, "/report/occurred/to", set("/report/occurred/from", "2026-03-15")),
		b("noticed-after-it-was-recorded", "It came to notice after it was recorded.", hipaasmp.FaultOrder, "/report/on", set("/report/on", "2026-04-20")),
	}
}
