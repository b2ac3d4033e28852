package vectors_test

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
)

func remediationFamilies() []family {
	return []family{
		{remediation.KindItem, [][2]string{{"closed", "A plan item that was carried out, verified and closed."}, {"proposed", "A plan item as it was proposed."}, {"changed", "A plan item that waits for another, with the recorded changes of its owner, due date, cost, dependencies and milestones."}}, append(itemContent(""),
			b("step-missing", "The state is closed, and the history ends before.", hipaasmp.FaultHistory, "/state", del("/history/8")),
			of("proposed", "implemented-while-cancelled", "A cancelled item is implemented.", hipaasmp.FaultHistory, "/history/11/event", set("/history/11/event", "implement")),
			of("changed", "due-moved-without-a-word", "The due date is not the one that the last change of it says.", remediation.FaultChange, "/changes/1/to", set("/due", "2027-09-30")),
			of("changed", "milestone-dropped-without-a-word", "A milestone that was added is not there, and no change says who took it out.", remediation.FaultChange, "/changes/3/to", del("/milestones/1")),
			of("changed", "reached-by-nobody", "A milestone was reached, and nobody recorded it.", remediation.FaultChange, "/changes/4/to", del("/changes/5")),
			of("changed", "change-of-two-parts", "One change is about the owner and the cost.", remediation.FaultChange, "/changes/0", set("/changes/0/to/cost_usd", "1")),
			of("changed", "change-without-a-reason", "It is not said why the due date was moved.", hipaasmp.FaultRequired, "/changes/1/why", del("/changes/1/why")),
			of("changed", "changes-run-backward", "A change was recorded before the one before it.", hipaasmp.FaultOrder, "/changes/2/at", set("/changes/2/at", "2026-03-24T05:00:00Z")),
			of("changed", "waits-for-itself", "The item depends on itself.", remediation.FaultCycle, "/depends_on/0", set("/depends_on/0", "item-2"), set("/changes/2/to/depends_on/0", "item-2")),
			of("changed", "depends-on-a-text", "The list of items it waits for is a text.", hipaasmp.FaultType, "/depends_on", set("/depends_on", "item-1")),
		)},
		{remediation.KindCompletion, [][2]string{{"completed", "The record of an item that was closed after verification."}}, append(itemContent("/item"),
			b("no-item", "The item is missing.", hipaasmp.FaultRequired, "/item", del("/item")),
			b("closed-on-another-day", "The day of closing is not that of the last step.", remediation.FaultDay, "/closed_on", set("/closed_on", "2026-05-04")),
		)},
		{remediation.KindAcceptance, [][2]string{{"accepted", "The acceptance of a risk, with approver and expiry."}, {"revoked", "The acceptance of a risk that was taken back before it expired."}}, []bad{
			b("no-expiry", "The acceptance never ends.", hipaasmp.FaultRequired, "/expires", del("/expires")),
			b("no-rationale", "It is not said why the risk is accepted.", hipaasmp.FaultRequired, "/rationale", set("/rationale", "")),
			b("digest-too-short", "The digest of the scale is cut off.", hipaasmp.FaultFormat, "/residual/scale/digest", set("/residual/scale/digest", "21cf9b30")),
			b("instant-with-offset", "An instant is not in UTC.", hipaasmp.FaultFormat, "/at", set("/at", "2026-03-23T22:30:00-05:00")),
			b("unknown-impact", "The impact is no level.", hipaasmp.FaultEnum, "/residual/impact", set("/residual/impact", "severe")),
			b("conditions-as-text", "A list is a text.", hipaasmp.FaultType, "/conditions", set("/conditions", "No new users until then.")),
			b("approved-by-a-program", "The approver is a program.", hipaasmp.FaultAuthority, "/approver", set("/approver/role", "system")),
			b("expires-before-it-is-given", "The acceptance ends before it is given.", hipaasmp.FaultOrder, "/expires", set("/expires", "2026-03-01")),
			b("rated-after-the-approval", "The risk is rated after it was accepted.", hipaasmp.FaultOrder, "/residual/at", set("/residual/at", "2026-04-20T00:00:00Z")),
			b("day-of-another-month", "The day is no day of its instant.", remediation.FaultDay, "/on", set("/at", "2026-03-05T15:30:00Z")),
			b("level-not-of-the-table", "The level is not the one that the scale's tables give.", risk.FaultScore, "/residual/level", set("/residual/level", "low")),
			of("revoked", "revoked-without-a-reason", "It is not said why the acceptance was taken back.", hipaasmp.FaultRequired, "/revocation/why", del("/revocation/why")),
			of("revoked", "revoked-before-it-was-given", "The acceptance was taken back before it was given.", hipaasmp.FaultOrder, "/revocation/at", set("/revocation/at", "2026-03-20T00:00:00Z"), set("/revocation/on", "2026-03-20")),
			of("revoked", "revoked-after-it-ended", "The acceptance had expired when it was taken back.", hipaasmp.FaultOrder, "/revocation/on", set("/expires", "2026-03-25")),
			of("revoked", "revoked-by-a-program", "A program took the acceptance back.", hipaasmp.FaultAuthority, "/revocation/by", set("/revocation/by/role", "system")),
			b("asked-and-approved-by-one", "Who asked for the acceptance approved it.", hipaasmp.FaultSegregation, "/approver/id", set("/approver/id", "wf-002")),
			b("scale-of-nowhere", "The scale is not known, and its tables are not there.", risk.FaultScale, "/residual/scale", set("/residual/scale/id", "home-made/1")),
		}},
		{remediation.KindAddressableDecision, [][2]string{{"alternative", "The decision for an equivalent alternative to an addressable specification."}}, []bad{
			b("no-decision", "The decision is missing.", hipaasmp.FaultRequired, "/decision", del("/decision")),
			b("unknown-decision", "The decision is none of the three.", hipaasmp.FaultEnum, "/decision", set("/decision", "ignored")),
			b("citation-of-nowhere", "The specification is no provision of the catalogue.", hipaasmp.FaultEnum, "/specification", set("/specification", "164.399(a)")),
			b("period-as-date", "The period is a date.", hipaasmp.FaultType, "/in_effect", set("/in_effect", "2026-04-01")),
			b("specification-is-required", "The specification must be implemented; there is nothing to decide.", remediation.FaultRequiredSpecification, "/specification", set("/specification", "164.312(d)")),
			b("no-assessment", "The assessment behind the decision is not named.", remediation.FaultNoAssessment, "/assessment", del("/assessment")),
			b("factor-not-answered", "The costs, one of the four factors, are not taken into account.", hipaasmp.FaultRequired, "/factors/cost", del("/factors/cost")),
			b("no-factors", "None of the four factors is taken into account.", hipaasmp.FaultRequired, "/factors", del("/factors")),
			b("no-rationale", "It is not said why the specification is not implemented.", remediation.FaultNoRationale, "/rationale", del("/rationale")),
			b("no-alternative", "The equivalent alternative is not described.", remediation.FaultNoAlternative, "/alternative", del("/alternative")),
			b("decided-by-a-program", "A program decided.", hipaasmp.FaultAuthority, "/decided_by", set("/decided_by/role", "system")),
			b("in-effect-before-it-was-decided", "The decision is in effect before it was taken.", hipaasmp.FaultOrder, "/in_effect/from", set("/in_effect/from", "2026-03-01")),
		}},
		{remediation.KindPlan, [][2]string{{"plan", "A plan with a commitment for each finding that needs one."}}, []bad{
			b("no-findings", "The list of findings is empty.", hipaasmp.FaultRange, "/findings", set("/findings", []any{}), del("/commitments")),
			b("level-in-words", "A level is none of the scale.", hipaasmp.FaultEnum, "/findings/0/level", set("/findings/0/level", "quite high")),
			b("due-with-time", "A date has a time of day.", hipaasmp.FaultFormat, "/commitments/0/due", set("/commitments/0/due", "2026-05-11T00:00:00Z")),
			b("not-approved-by-management", "The plan is approved in another role.", hipaasmp.FaultAuthority, "/approval/management/role", set("/approval/management/role", "workforce")),
			b("finding-twice", "A finding is listed twice.", hipaasmp.FaultIdentity, "/findings/4/finding", dup("/findings")),
			b("milestone-twice", "Two milestones of one commitment have one identity.", hipaasmp.FaultIdentity, "/commitments/0/milestones/1/id", dup("/commitments/0/milestones")),
			b("state-of-no-item", "The state of an item is none.", hipaasmp.FaultEnum, "/commitments/0/state", set("/commitments/0/state", "nearly")),
			b("items-wait-in-a-circle", "Two items wait for each other.", remediation.FaultCycle, "/commitments/0/depends_on", set("/commitments/0/depends_on", []any{"item-2"}), set("/commitments/1/depends_on", []any{"item-0"})),
			b("item-twice", "One item is undertaken twice.", hipaasmp.FaultIdentity, "/commitments/5/item", dup("/commitments")),
			b("commitment-to-nothing", "A commitment is to a finding that the plan does not list.", hipaasmp.FaultDangling, "/commitments/0/finding", set("/commitments/0/finding", "F-9")),
			b("finding-untreated", "A finding above the acceptable level has no commitment.", remediation.FaultUntreated, "/findings/2", set("/acceptable_level", "very_low")),
			b("accepted-by-nobody", "A risk is accepted, and no acceptance is named.", remediation.FaultNotAccepted, "/commitments/2/acceptance", del("/commitments/2/acceptance")),
			b("treatment-without-item", "A treatment names no item.", remediation.FaultCommitment, "/commitments/0/item", del("/commitments/0/item")),
			b("superseded-without-an-end", "The plan is superseded, and its period has no end.", remediation.FaultSuperseded, "/superseded_by", del("/in_effect/to")),
			b("acceptable-not-assessed", "The acceptable level of risk is none.", remediation.FaultAcceptable, "/acceptable_level", set("/acceptable_level", "not_assessed")),
			b("ends-before-it-begins", "The plan ends before it takes effect.", hipaasmp.FaultOrder, "/in_effect/to", set("/in_effect/to", "2026-01-01")),
		}},
	}
}

// itemContent are faults of an item, which stands at a pointer of the document.
func itemContent(at string) []bad {
	return []bad{
		b("cost-as-number", "An amount of money is a number; decimals are texts.", hipaasmp.FaultType, at+"/cost_usd", set(at+"/cost_usd", 1200)),
		b("unknown-event", "A step of the history is none.", hipaasmp.FaultEnum, at+"/history/0/event", set(at+"/history/0/event", "begin")),
		b("milestone-without-criteria", "It is not said when the milestone is reached.", hipaasmp.FaultRequired, at+"/milestones/0/success_criteria", del(at+"/milestones/0/success_criteria")),
		b("milestone-twice", "Two milestones have one identity.", hipaasmp.FaultIdentity, at+"/milestones/1/id", dup(at+"/milestones")),
		b("due-before-it-was-created", "The item is due before it was created.", hipaasmp.FaultOrder, at+"/due", set(at+"/due", "2026-01-01")),
		b("history-runs-backward", "A step was taken before the item was proposed.", hipaasmp.FaultOrder, at+"/history/0/at", set(at+"/history/0/at", "2026-03-01T00:00:00Z")),
		b("accepted-by-nobody", "The risk is accepted, and no acceptance is named.", remediation.FaultNotAccepted, at+"/acceptance", set(at+"/treatment", "accept")),
		b("specification-of-another-rule", "The provision is none of the Security Rule.", remediation.FaultSpecification, at+"/specification", set(at+"/specification", "164.530(e)(1)")),
		b("done-without-words", "A step does not say what was done.", remediation.FaultReason, at+"/history/2/note", del(at+"/history/2/note")),
		b("verification-missing", "The history has two verifications, and the document one.", remediation.FaultVerification, at+"/verifications", del(at+"/verifications/1")),
		b("rated-by-a-program", "A program rated what is left; a residual is never computed.", hipaasmp.FaultAuthority, at+"/verifications/0/residual/by", set(at+"/verifications/0/residual/by/role", "system")),
		b("verified-on-another-day", "The day of a verification is no day of its instant.", remediation.FaultDay, at+"/verifications/0/on", set(at+"/verifications/0/on", "2026-05-24")),
		b("level-not-of-the-table", "The level that is left is not the one that the scale's tables give.", risk.FaultScore, at+"/verifications/0/residual/level", set(at+"/verifications/0/residual/level", "very_low")),
	}
}
