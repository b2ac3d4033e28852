package vectors_test

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

func riskFamilies() []family {
	return []family{
		{risk.KindProcedure, [][2]string{{"procedure", "How the entity analyses its risk, in effect."}}, []bad{
			b("no-title", "The procedure has no title.", hipaasmp.FaultRequired, "/title", del("/title")),
			b("approved-by-nobody", "Nobody approved it.", hipaasmp.FaultRequired, "/approved_by", del("/approved_by")),
			b("approved-by-a-program", "A program approved it.", hipaasmp.FaultAuthority, "/approved_by/role", set("/approved_by/role", "system")),
			b("backdated", "It is in effect from a day before the approval.", risk.FaultDay, "/in_effect/from", set("/in_effect/from", "2024-01-01")),
			b("ends-before-it-begins", "It ends before it begins.", hipaasmp.FaultOrder, "/in_effect/to", set("/in_effect/to", "2024-12-01")),
			b("duty-twice", "The duty of a role is told twice.", hipaasmp.FaultIdentity, "/duties/1/role", dup("/duties")),
			b("duty-of-nobody", "A duty is of no role.", hipaasmp.FaultRequired, "/duties/0/role", del("/duties/0/role")),
			b("months-as-text", "The months are a text.", hipaasmp.FaultType, "/months", set("/months", "twelve")),
			b("zone-of-one-machine", "The zone is a setting of one machine.", hipaasmp.FaultZone, "/zone", set("/zone", "Local")),
		}},
		{risk.KindDraft, [][2]string{{"draft", "A draft analysis with an inventory, flows, threats and scored findings."}}, append(riskContent(),
			b("no-author", "Nobody is named as the author.", hipaasmp.FaultRequired, "/created_by", del("/created_by")),
			b("carried-from-nowhere", "Findings are carried from an analysis that is not named.", risk.FaultLineage, "/predecessor", del("/predecessor")),
		)},
		{risk.KindAnalysis, [][2]string{{"approved", "An approved analysis: what a register is drawn from."}}, append(riskContent(),
			b("not-approved", "The approval is missing.", hipaasmp.FaultRequired, "/approval", del("/approval")),
			b("approved-as-somebody-else", "The approval of the security official is given in another role.", hipaasmp.FaultAuthority, "/approval/security_official/role", set("/approval/security_official/role", "workforce")),
			b("one-person-of-two", "The approval says that one person gave it, and names two.", hipaasmp.FaultSegregation, "/approval/one_person", set("/approval/one_person", true)),
			b("acceptable-not-assessed", "The acceptable level of risk is none.", risk.FaultAcceptable, "/acceptable_level", set("/acceptable_level", "not_assessed")),
			b("day-of-another-month", "The day of the approval is no day of its instant.", risk.FaultDay, "/approval/on", set("/approval/at", "2026-04-20T00:00:00Z")),
			b("looked-at-after-approval", "A carried finding was confirmed after the approval that covers it.", hipaasmp.FaultOrder, "/carried/0/at", set("/carried/0/at", "2026-04-20T00:00:00Z")),
		)},
	}
}

// riskContent are faults that drafts and analyses share.
func riskContent() []bad {
	return []bad{
		b("level-in-capitals", "A level is written in capitals.", hipaasmp.FaultEnum, "/vulnerabilities/0/severity", set("/vulnerabilities/0/severity", "HIGH")),
		b("objective-as-text", "A yes or no is a text.", hipaasmp.FaultType, "/findings/0/integrity", set("/findings/0/integrity", "no")),
		b("no-such-day", "A date that no calendar has.", hipaasmp.FaultFormat, "/inventory/assets/0/in_service", set("/inventory/assets/0/in_service", "2021-02-29")),
		b("asset-without-name", "An asset has no name.", hipaasmp.FaultRequired, "/inventory/assets/0/name", del("/inventory/assets/0/name")),
		b("finding-twice", "Two findings have one identity.", hipaasmp.FaultIdentity, "/findings/3/id", dup("/findings")),
		b("threat-not-listed", "A finding names a threat that is not listed.", hipaasmp.FaultDangling, "/findings/0/threat", set("/threats/1/id", "burglary")),
		b("flow-to-nowhere", "A flow leads to an asset that is not listed.", hipaasmp.FaultDangling, "/inventory/flows/0/to", set("/inventory/flows/0/to", "printer")),
		b("level-not-of-the-table", "A level of risk is not the one that the scale's tables give.", risk.FaultScore, "/findings/0/current/level", set("/findings/0/current/level", "low"), del("/carried/0")),
		b("declared-none-and-listed", "A class is declared to have no asset, and an asset of it is listed.", risk.FaultDeclaredNone, "/inventory/declared_none/0/class", set("/inventory/declared_none/0/class", "business_associate")),
		b("handles-unknown-and-more", "What an asset does with ePHI is unknown, and is listed.", risk.FaultHandling, "/inventory/assets/0/handles/0", set("/inventory/assets/0/handles/0", "unknown")),
		b("verdict-without-a-way", "A safeguard is not assessed, and it is said how that was found.", risk.FaultVerdict, "/safeguards/0/how", set("/safeguards/0/effectiveness", "not_assessed")),
		b("agreement-ends-before-it-begins", "An agreement expires before it was signed.", hipaasmp.FaultOrder, "/inventory/assets/0/vendor/agreement/expires", set("/inventory/assets/0/vendor/agreement/expires", "2020-01-01")),
		b("edited-after-it-was-confirmed", "A carried finding was edited after somebody confirmed it.", risk.FaultCarried, "/carried/0/digest", set("/findings/0/availability", true)),
	}
}
