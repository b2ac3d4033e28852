package vectors_test

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
)

func storageFamilies() []family {
	return []family{
		{storage.KindHold, [][2]string{{"released", "A hold on the records of a matter that was closed."}, {"placed", "A hold that stands."}}, []bad{
			b("no-hold", "There is no hold in the document.", hipaasmp.FaultRequired, "/hold", del("/hold")),
			b("no-reason", "Nobody said why.", hipaasmp.FaultRequired, "/hold/reason", del("/hold/reason")),
			b("another-matter", "The hold is of another matter than the document says.", storage.FaultDerivedID, "/hold/matter", set("/hold/matter", "another")),
			b("of-one-version", "The hold is on one version; it is on every one.", storage.FaultAllVersions, "/hold/refs/0/version", set("/hold/refs/0/version", 1)),
			b("kind-in-capitals", "A kind is written in capitals.", hipaasmp.FaultFormat, "/hold/kinds/0", set("/hold/kinds/0", "Risk.Analysis")),
			b("released-by-nobody", "The hold is released, and it is not said by whom.", hipaasmp.FaultHistory, "/hold/released_by", del("/hold/released_by")),
			b("released-before-placed", "The hold was released before it was placed.", hipaasmp.FaultOrder, "/hold/released_at", set("/hold/released_at", "2026-01-01T00:00:00Z")),
			b("day-for-an-instant", "A day stands where an instant belongs.", hipaasmp.FaultFormat, "/hold/placed_at", set("/hold/placed_at", "2034-07-20")),
			b("reference-without-kind", "What is held is named without its kind.", hipaasmp.FaultRequired, "/hold/refs/0/kind", del("/hold/refs/0/kind")),
		}},
		{storage.KindExtension, [][2]string{{"extended", "An acceptance that is kept longer than the rule asks."}}, []bad{
			b("no-day", "It is not said through when.", hipaasmp.FaultRequired, "/through", del("/through")),
			b("no-such-day", "A date that no calendar has.", hipaasmp.FaultFormat, "/through", set("/through", "2039-02-29")),
			b("no-document", "It is not said of which document.", hipaasmp.FaultRequired, "/ref", del("/ref")),
			b("of-one-version", "The extension is of one version; it is of every one.", storage.FaultAllVersions, "/ref/version", set("/ref/version", 1)),
			b("of-another-document", "The identity is that of another document's extension.", storage.FaultDerivedID, "/id", set("/ref/id", "another")),
			b("another-zone", "The instant has an offset.", hipaasmp.FaultFormat, "/at", set("/at", "2034-07-20T15:00:08+02:00")),
			b("no-instant", "It is not said when.", hipaasmp.FaultRequired, "/at", del("/at")),
		}},
		{storage.KindEpoch, [][2]string{{"second", "The first entry under a second key."}}, []bad{
			b("first", "The first epoch has no start: it begins with the first document.", hipaasmp.FaultRange, "/epoch", set("/epoch", 1), set("/id", "epoch-1")),
			b("number-as-text", "The number is a text.", hipaasmp.FaultType, "/epoch", set("/epoch", "2")),
			b("half", "The number is no whole one.", hipaasmp.FaultType, "/epoch", set("/epoch", 2.5)),
			b("beyond-a-double", "The number is more than a double can count.", hipaasmp.FaultLossy, "/epoch", text(replaced(`"epoch": 2`, `"epoch": 9007199254740993`)), text(replaced("epoch-2", "epoch-9007199254740993"))),
			b("another-identity", "The identity is that of another epoch.", storage.FaultDerivedID, "/id", set("/id", "epoch-3")),
			b("no-previous", "The checkpoint before is missing.", hipaasmp.FaultRequired, "/previous", del("/previous")),
			b("empty-previous", "The checkpoint before is empty.", hipaasmp.FaultRequired, "/previous", set("/previous", "")),
		}},
		{storage.KindAct, [][2]string{{"backed-up", "A copy of the database, with the day on which it lapses."}, {"migrated", "A database that was brought to a newer layout."}}, []bad{
			b("no-copy", "A backup without the copy.", storage.FaultAct, "/backup", del("/backup")),
			b("unnamed-copy", "The copy has no name.", hipaasmp.FaultRequired, "/backup/name", del("/backup/name")),
			b("copy-for-ever", "It is not said when the copy lapses.", hipaasmp.FaultRequired, "/backup/lapses", del("/backup/lapses")),
			b("unknown-act", "An act that there is not.", hipaasmp.FaultEnum, "/op", set("/op", "painted")),
			b("act-of-its-own", "An act that a document of its own records.", storage.FaultAct, "/op", set("/op", "disposed")),
			b("at-no-place", "The ledger had no entry before it.", hipaasmp.FaultRange, "/size", set("/size", 0), set("/id", "act-0")),
			b("at-another-place", "The identity is that of an act at another place.", storage.FaultDerivedID, "/id", set("/id", "act-42")),
			b("layout-of-a-backup", "A backup that names a layout.", storage.FaultAct, "/to_layout", set("/to_layout", 2)),
			of("migrated", "layout-backwards", "A layout that went back.", storage.FaultAct, "/to_layout", set("/from_layout", 3)),
		}},
		{storage.KindCertificate, [][2]string{{"disposed", "A certificate of disposal, with the term that allowed it."}}, []bad{
			b("approved-by-the-requester", "One person asked and agreed.", hipaasmp.FaultSegregation, "/approved", set("/approved/id", "wf-7")),
			b("destroyed-before-approved", "The content was destroyed before anybody agreed.", hipaasmp.FaultOrder, "/destroyed_at", set("/destroyed_at", "2020-01-01T00:00:00Z")),
			b("of-no-version", "No version is named.", hipaasmp.FaultRange, "/versions", set("/versions", []any{})),
			b("leaf-cut-short", "A leaf is no SHA-256.", hipaasmp.FaultFormat, "/versions/0/leaf", set("/versions/0/leaf", "23457f")),
			b("version-zero", "Versions count from one.", hipaasmp.FaultRange, "/versions/0/version", set("/versions/0/version", 0)),
			b("no-approver", "Nobody agreed.", hipaasmp.FaultRequired, "/approved", del("/approved")),
			b("method-unknown", "A way of destroying that there is not.", hipaasmp.FaultEnum, "/method", set("/method", "burned")),
			b("no-zone", "It is not said where the day was counted.", hipaasmp.FaultRequired, "/zone", del("/zone")),
		}},
	}
}
