package vectors_test

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/sanction"
)

func sanctionFamilies() []family {
	return []family{
		{sanction.KindPolicy, [][2]string{{"policy", "A sanction policy with its ladder and categories."}}, []bad{
			b("no-purpose", "The purpose is missing.", hipaasmp.FaultRequired, "/purpose", del("/purpose")),
			b("unknown-effect", "A factor neither mitigates nor aggravates.", hipaasmp.FaultEnum, "/factors/0/effect", set("/factors/0/effect", "neutral")),
			b("days-as-text", "A number of days is a text.", hipaasmp.FaultType, "/procedure/0/days", set("/procedure/0/days", "3")),
			b("no-categories", "The list of categories is empty.", hipaasmp.FaultRange, "/categories", set("/categories", []any{})),
			b("rung-twice", "Two rungs of the ladder have one identity.", hipaasmp.FaultIdentity, "/ladder/4/id", dup("/ladder")),
			b("category-twice", "Two categories have one identity.", hipaasmp.FaultIdentity, "/categories/4/id", dup("/categories")),
			b("sanction-off-the-ladder", "A category names a sanction that is not on the ladder.", hipaasmp.FaultDangling, "/categories/0/most", set("/categories/0/most", "fine")),
			b("least-above-most", "The least sanction of a category is above its most.", sanction.FaultLadder, "/categories/0/most", set("/categories/0/least", "termination")),
			b("approved-by-a-program", "A program approved the policy.", sanction.FaultProgram, "/approval/by", set("/approval/by/role", "system")),
			b("reviewed-before-it-was-approved", "The policy was reviewed before it was approved.", hipaasmp.FaultOrder, "/reviews/0/on", set("/reviews/0/on", "2025-01-01")),
		}},
		{sanction.KindCase, [][2]string{{"closed", "A case from report to closure."}, {"dismissed", "A case that was dismissed."}, {"reported", "A case as it was reported."}}, []bad{
			b("no-subject", "The subject is missing.", hipaasmp.FaultRequired, "/subject", del("/subject")),
			b("unknown-state", "The state is none.", hipaasmp.FaultEnum, "/state", set("/state", "settled")),
			b("narrative-as-list", "The narrative is a list.", hipaasmp.FaultType, "/report/narrative", set("/report/narrative", []any{"A record was opened."})),
			b("act-after-the-report", "The act came after its report.", hipaasmp.FaultOrder, "/report/act", set("/report/act", "2026-03-15")),
			b("category-not-of-the-policy", "The category is none of the policy.", hipaasmp.FaultDangling, "/determination/category", set("/determination/category", "4")),
			b("policy-not-yet-in-effect", "The policy was not in effect on the day of the act.", sanction.FaultNotInForce, "/policy/effective", set("/policy/effective/from", "2026-03-15")),
			b("protected-act-not-answered", "Whether the act is protected is not answered.", sanction.FaultUnanswered, "/determination/check", set("/determination/check/crime_victim/protection", "unknown")),
			b("below-the-range", "The sanction is below the range of the category, and no factor says why.", sanction.FaultOffRange, "/earlier/0/decisions/0/rung", set("/earlier/0/decisions/0/rung", "training")),
			b("decision-not-in-the-history", "A decision is not signed as the step of the history is.", sanction.FaultUnrecorded, "/decisions", set("/decisions/0/at", "2026-03-01T00:00:00Z")),
			b("check-answered-by-a-program", "A program answered whether the act is protected.", sanction.FaultProgram, "/determination/check/retaliation/by", set("/determination/check/retaliation/by/role", "system")),
			b("ladder-upside-down", "The lesser sanction stands above the greater.", sanction.FaultLadder, "/policy/ranges/0/most", set("/policy/ladder/0", "written_warning"), set("/policy/ladder/1", "training")),
			of("dismissed", "dismissal-not-in-the-history", "The dismissal is not signed as the step of the history is.", sanction.FaultUnrecorded, "/dismissal", set("/dismissal/at", "2026-03-01T00:00:00Z")),
		}},
		{sanction.KindOutcome, [][2]string{{"outcome", "The record of a closed case."}}, []bad{
			b("no-result", "The result is missing.", hipaasmp.FaultRequired, "/result", del("/result")),
			b("round-zero", "The first proceeding is counted as none.", hipaasmp.FaultRange, "/round", set("/round", 0)),
			b("unknown-part", "The part that a person had is none.", hipaasmp.FaultEnum, "/personnel/0/part", set("/personnel/0/part", "witness")),
			b("another-result", "The result is not the one that the record shows.", sanction.FaultResult, "/result", set("/result", "dismissed")),
			b("another-sanction", "The sanction is not that of the standing decision.", sanction.FaultResult, "/sanction", set("/sanction", "termination")),
			b("days-counted-wrongly", "The days since the report are counted wrongly.", sanction.FaultResult, "/timeline/0/days", set("/timeline/0/days", 0)),
			b("ends-before-the-closing", "The timeline does not end with the closing.", sanction.FaultResult, "/timeline/8/event", del("/timeline/9")),
			b("investigator-decides", "Who investigated also decides, where the policy keeps them apart.", hipaasmp.FaultSegregation, "/decisions/1/by", set("/policy/separation/investigator", true)),
			b("decided-by-a-program", "A program decided.", sanction.FaultProgram, "/decisions/0/by", set("/decisions/0/by/role", "system")),
			b("applies-no-decision", "A decision that does not exist is applied.", hipaasmp.FaultDangling, "/applications/0/decision", set("/applications/0/decision", 3)),
			b("closed-on-another-day", "The day of closing is not that of the last step.", hipaasmp.FaultOrder, "/closed", set("/closed", "2026-02-01")),
		}},
		{sanction.KindAcknowledgement, [][2]string{{"signed", "A member's signed acknowledgement of the policy."}}, []bad{
			b("no-member", "Nobody is named.", hipaasmp.FaultRequired, "/member", del("/member")),
			b("no-day", "The day is missing.", hipaasmp.FaultRequired, "/on", del("/on")),
			b("no-such-day", "A day that no calendar has.", hipaasmp.FaultFormat, "/on", set("/on", "2026-02-30")),
			b("unknown-form", "The form is none.", hipaasmp.FaultEnum, "/form", set("/form", "nodded")),
			b("null-form", "The form is null.", hipaasmp.FaultType, "/form", set("/form", nil)),
			b("policy-as-text", "The reference is a text.", hipaasmp.FaultType, "/policy", set("/policy", "policy-2026")),
			b("size-below-zero", "An artifact has less than no bytes.", hipaasmp.FaultRange, "/evidence/0/size", set("/evidence/0/size", -1)),
			b("digest-in-capitals", "A digest is written in capitals.", hipaasmp.FaultFormat, "/evidence/0/sha256", set("/evidence/0/sha256", "4BD9354BB652233497A0F42647464B81B83A83654FCF1511263A5D0120D74C91")),
			b("empty-version", "The version is an empty text.", hipaasmp.FaultRequired, "/version", set("/version", "")),
			b("evidence-without-name", "An artifact has no name.", hipaasmp.FaultRequired, "/evidence/0/name", del("/evidence/0/name")),
		}},
		{sanction.KindTraining, [][2]string{{"training", "A training that a member took."}}, []bad{
			b("no-topic", "The topic is missing.", hipaasmp.FaultRequired, "/topic", del("/topic")),
			b("blank-topic", "The topic is blank.", hipaasmp.FaultFormat, "/topic", set("/topic", " ")),
			b("member-as-number", "A member is named by a number.", hipaasmp.FaultType, "/member", set("/member", 9)),
			b("date-with-time", "A date has a time of day.", hipaasmp.FaultFormat, "/on", set("/on", "2026-03-20T10:00:00Z")),
			b("citation-of-nowhere", "The provision is none of the catalogue.", hipaasmp.FaultEnum, "/provision", set("/provision", "164.308(z)")),
			b("provision-of-something-else", "The provision is not about training.", hipaasmp.FaultDangling, "/provision", set("/provision", "164.312(d)")),
			b("reference-without-kind", "A reference names no kind.", hipaasmp.FaultRequired, "/policy/kind", del("/policy/kind")),
		}},
		{sanction.KindAttestation, [][2]string{{"quarter", "The attestation of a quarter without a violation."}}, []bad{
			b("no-basis", "It is not said what the statement rests on.", hipaasmp.FaultRequired, "/basis", del("/basis")),
			b("unknown-entity-type", "The type of the entity is none.", hipaasmp.FaultEnum, "/entity_type", set("/entity_type", "hospital")),
			b("period-as-text", "The period is a text.", hipaasmp.FaultType, "/period", set("/period", "2026-Q1")),
			b("attested-by-a-program", "A program attests.", sanction.FaultProgram, "/by", set("/by/role", "system")),
			b("nothing-consulted", "The author's own knowledge begins after the period, and no record was consulted.", sanction.FaultKnowledge, "/consulted", del("/consulted")),
			b("attested-before-the-end", "The statement is made before the period has ended.", sanction.FaultKnowledge, "/on", set("/on", "2026-03-15")),
			b("knows-only-afterwards", "The author's knowledge begins after the statement.", hipaasmp.FaultOrder, "/known_since", set("/known_since", "2026-04-20")),
		}},
	}
}
