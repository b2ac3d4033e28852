package vectors_test

import (
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
)

// replaced changes the text of a document.
func replaced(from, to string) func(string) string {
	return func(s string) string { return strings.Replace(s, from, to, 1) }
}

func evidenceFamilies() []family {
	return []family{
		{hipaasmp.KindMapping, [][2]string{{"controls", "Two controls, each with the provision that it serves and why."}}, []bad{
			b("no-rationale", "A link does not say why.", hipaasmp.FaultRequired, "/links/0/rationale", del("/links/0/rationale")),
			b("citation-of-nothing", "A provision that there is not.", hipaasmp.FaultEnum, "/links/0/citation", set("/links/0/citation", "164.308(a)(99)")),
			b("citation-of-another-edition", "A provision that the edition named did not have.", hipaasmp.FaultUnknownCitation, "/links/1/citation", set("/links/1/citation", "164.530(e)"), set("/links/1/edition", "2003")),
			b("edition-proposed", "A link under an edition that is only proposed.", hipaasmp.FaultProposedEdition, "/links/0/edition", set("/links/0/edition", "2025-nprm")),
			b("control-not-listed", "A link of a control that is not listed.", hipaasmp.FaultUnknownControl, "/links/0/control_id", set("/links/0/control_id", "AU-99")),
			b("control-twice", "Two controls have one identity.", hipaasmp.FaultControlTwice, "/controls/2/id", dup("/controls")),
			b("link-twice", "A link is given twice.", hipaasmp.FaultLinkTwice, "/links/2", dup("/links")),
			b("alternative-to-what-is-required", "An alternative to a specification that is required.", hipaasmp.FaultAlternative, "/links/0/relationship", set("/links/0/relationship", "alternative")),
			b("kind-unknown", "A kind of control that there is not.", hipaasmp.FaultEnum, "/controls/0/kind", set("/controls/0/kind", "magic")),
			b("control-without-title", "A control has no title.", hipaasmp.FaultRequired, "/controls/0/title", del("/controls/0/title")),
		}},
		{evidence.KindGaps, [][2]string{{"gaps", "What was missing on a day."}}, []bad{
			b("no-day", "It is not said for which day.", hipaasmp.FaultRequired, "/as_of", del("/as_of")),
			b("no-such-day", "A date that no calendar has.", hipaasmp.FaultFormat, "/as_of", set("/as_of", "2034-02-30")),
			b("gap-without-code", "A gap has no code.", hipaasmp.FaultRequired, "/gaps/0/code", del("/gaps/0/code")),
			b("gap-without-words", "A gap does not say what is missing.", hipaasmp.FaultRequired, "/gaps/0/missing", del("/gaps/0/missing")),
			b("gap-without-a-way-out", "A gap does not say what would close it.", hipaasmp.FaultRequired, "/gaps/0/closes", set("/gaps/0/closes", "")),
			b("citation-of-nothing", "A provision that there is not.", hipaasmp.FaultEnum, "/gaps/0/citation", set("/gaps/0/citation", "164.308(z)")),
			b("gaps-as-text", "The list is a text.", hipaasmp.FaultType, "/gaps", set("/gaps", "none")),
			b("reference-without-kind", "A document is named without its kind.", hipaasmp.FaultRequired, "/gaps/1/refs/0/kind", set("/gaps/1/refs", []any{map[string]any{"id": "ra-1"}})),
		}},
		{evidence.KindRetention, [][2]string{{"rules", "The rules of a tenant, with its holds."}}, []bad{
			b("no-day", "It is not said for which day.", hipaasmp.FaultRequired, "/as_of", del("/as_of")),
			b("rule-without-authority", "A rule does not say where it comes from.", hipaasmp.FaultRequired, "/schedule/overlays/0/authority", del("/schedule/overlays/0/authority")),
			b("rule-of-no-years", "A rule keeps nothing.", hipaasmp.FaultRange, "/schedule/overlays/0/years", set("/schedule/overlays/0/years", 0)),
			b("rule-for-ever", "A rule keeps longer than a rule can.", hipaasmp.FaultRange, "/schedule/raw_log/years", set("/schedule/raw_log/years", 201)),
			b("years-as-text", "The years are a text.", hipaasmp.FaultType, "/schedule/raw_log/years", set("/schedule/raw_log/years", "three")),
			b("start-unknown", "A day from which no rule counts.", hipaasmp.FaultEnum, "/schedule/raw_log/start", set("/schedule/raw_log/start", "full_moon")),
			b("hold-without-matter", "A hold of no matter.", hipaasmp.FaultRequired, "/holds/0/matter", del("/holds/0/matter")),
			b("hold-placed-by-nobody", "Nobody placed a hold.", hipaasmp.FaultRequired, "/holds/0/placed_by", del("/holds/0/placed_by")),
		}},
		{evidence.KindManifest, [][2]string{{"package", "What a package says of itself."}}, []bad{
			b("counts-too-few", "The package claims every entry and counts fewer.", evidence.FaultManifest, "/entries", set("/entries/included", 7)),
			b("withholds-what-it-claims", "The content of every version is claimed, and some is withheld.", evidence.FaultManifest, "/entries/withheld", set("/entries/withheld", 1), set("/entries/included", 7)),
			b("period-backwards", "The period ends before it begins.", hipaasmp.FaultOrder, "/period/to", set("/period/to", "2025-01-01")),
			b("recorded-after-it-was-made", "It reads as of an instant that had not come.", evidence.FaultManifest, "/recorded", set("/recorded", "2035-01-01T00:00:00Z")),
			b("root-cut-short", "The root is no SHA-256.", hipaasmp.FaultFormat, "/ledger/root", set("/ledger/root", "8cbaf3")),
			b("ledger-of-nothing", "The ledger has no entry.", hipaasmp.FaultRange, "/ledger/size", set("/ledger/size", 0), set("/entries", map[string]any{"included": 0, "withheld": 0, "disposed": 0})),
			b("contents-unknown", "A choice of content that there is not.", hipaasmp.FaultEnum, "/contents", set("/contents", "the_best")),
			b("tenant-with-space", "The tenant has a space.", hipaasmp.FaultFormat, "/tenant", set("/tenant", "lake side")),
			b("exhibit-of-nothing", "An exhibit documents no provision.", hipaasmp.FaultRange, "/exhibits/0/citations", set("/exhibits/0/citations", []any{})),
		}},
	}
}
