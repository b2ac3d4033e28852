package vectors_test

import (
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
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
			b("approved-by-the-requester", "One person asked and agreed.", hipaasmp.FaultSegregation, "/approved", set("/approved/id", "wf-7"), set("/reviewed/id", "wf-3")),
			b("approved-by-the-reviewer", "One person went through it and agreed.", hipaasmp.FaultSegregation, "/approved", set("/approved/id", "wf-7"), set("/requested/id", "wf-3")),
			b("miscounted", "The count of versions is not that of the list.", storage.FaultCount, "/counts/versions", set("/counts/versions", 3)),
			b("held", "A hold that covered the document was released after it was destroyed.", hipaasmp.FaultOrder, "/holds/released/0/at", set("/holds/released/0/at", "2026-04-01T00:00:00Z")),
			b("no-holds", "It is not said which holds were looked at.", hipaasmp.FaultRequired, "/holds", del("/holds")),
			b("within-its-term", "The record had to be kept on the day.", retention.FaultNotEligible, "/on", set("/on", "2024-01-01")),
			b("approved-by-nothing", "The disposal was approved by a document of another kind.", storage.FaultDisposition, "/disposition/kind", set("/disposition/kind", "storage.act")),
			b("destroyed-before-approved", "The content was destroyed before anybody agreed.", hipaasmp.FaultOrder, "/destroyed_at", set("/destroyed_at", "2026-03-11T15:30:00Z")),
			b("of-no-version", "No version is named.", hipaasmp.FaultRange, "/versions", set("/versions", []any{})),
			b("leaf-cut-short", "A leaf is no SHA-256.", hipaasmp.FaultFormat, "/versions/0/leaf", set("/versions/0/leaf", "23457f")),
			b("version-zero", "Versions count from one.", hipaasmp.FaultRange, "/versions/0/version", set("/versions/0/version", 0)),
			b("no-approver", "Nobody agreed.", hipaasmp.FaultRequired, "/approved", del("/approved")),
			b("method-unknown", "A way of destroying that there is not.", hipaasmp.FaultEnum, "/method", set("/method", "burned")),
			b("no-zone", "It is not said where the day was counted.", hipaasmp.FaultRequired, "/zone", del("/zone")),
		}},
		{retention.KindDisposition, [][2]string{{"approved", "A disposal that was proposed, declined, proposed again, reviewed and approved by a second person."}, {"kept", "A record that is kept by decision, for a reason."}}, []bad{
			b("approved-by-the-requester", "Who asked for the disposal agreed to it.", retention.FaultApprover, "/history/5/by", set("/history/5/by/id", "wf-7"), set("/history/4/by/id", "wf-3")),
			b("approved-by-the-reviewer", "Who went through the record agreed to its disposal.", retention.FaultApprover, "/history/5/by", set("/history/5/by/id", "wf-7"), set("/history/3/by/id", "wf-3")),
			b("approved-by-a-program", "A program agreed.", retention.FaultApprover, "/history/5/by", set("/history/5/by/role", "system")),
			b("not-reviewed", "Nobody went through the record before it was approved.", hipaasmp.FaultHistory, "/history/4/event", del("/history/4"), set("/history/4/from", "eligible")),
			b("state-that-was-assigned", "The state does not follow from the history.", hipaasmp.FaultHistory, "/state", set("/state", "disposed")),
			b("no-history", "There is no step.", hipaasmp.FaultRange, "/history", set("/history", []any{}), set("/state", "retaining")),
			b("kept-without-a-reason", "It is not said why the record was kept.", retention.FaultNoReason, "/history/2/note", del("/history/2/note")),
			b("back-in-time", "A step is before the one before it.", hipaasmp.FaultOrder, "/history/5/at", set("/history/5/at", "2026-03-11T14:00:00Z")),
			b("within-its-term", "The record had to be kept when its disposal was proposed.", retention.FaultNotEligible, "/on", set("/term/first_disposal", "2030-01-02"), set("/term/keep_through", "2030-01-01")),
			b("on-another-day", "The day is none that the proposal's instant has anywhere.", retention.FaultDispositionDay, "/on", set("/on", "2026-03-20")),
			b("of-another-document", "The identity is that of another document's disposition.", retention.FaultDispositionID, "/id", set("/ref/id", "another")),
			b("of-no-version", "It is not said which versions were looked at.", retention.FaultNoVersion, "/ref/version", del("/ref/version")),
			b("method-unknown", "A way of destroying that there is not.", hipaasmp.FaultEnum, "/method", set("/method", "burned")),
			b("step-unknown", "A step that there is not.", hipaasmp.FaultEnum, "/history/0/event", set("/history/0/event", "forget")),
		}},
		{storage.KindClock, [][2]string{{"confirmed", "A clock that went ahead, and was found right by a person."}, {"jumped", "A clock that went ahead, and nobody said yet that it is right."}}, []bad{
			b("backwards", "The clock went back.", hipaasmp.FaultOrder, "/to", set("/to", "2020-01-01T00:00:00Z")),
			b("another-identity", "A tenant has one mark.", storage.FaultDerivedID, "/id", set("/id", "clock-2")),
			b("confirmed-before", "It was confirmed before it was.", hipaasmp.FaultOrder, "/confirmed/at", set("/confirmed/at", "2030-01-01T00:00:00Z")),
			b("confirmed-by-nobody", "Nobody says that the time is right.", hipaasmp.FaultRequired, "/confirmed/by", del("/confirmed/by")),
			b("confirmed-by-a-program", "A program says that the time is right.", hipaasmp.FaultAuthority, "/confirmed/by", set("/confirmed/by/role", "system")),
			b("no-reason", "It is not said how the person knows.", storage.FaultConfirmation, "/confirmed/reason", del("/confirmed/reason")),
			b("day-for-an-instant", "A day stands where an instant belongs.", hipaasmp.FaultFormat, "/from", set("/from", "2026-03-11")),
			b("no-from", "It is not said from when the clock went ahead.", hipaasmp.FaultRequired, "/from", del("/from")),
		}},
		{storage.KindOffBoarding, [][2]string{{"ended", "The last entry of a tenant that left."}}, []bad{
			b("approved-by-the-requester", "One person asked and agreed.", hipaasmp.FaultSegregation, "/approved", set("/approved/id", "wf-7")),
			b("approved-by-a-program", "A program agreed.", hipaasmp.FaultAuthority, "/approved", set("/approved/role", "system")),
			b("no-reason", "It is not said why the tenant leaves.", hipaasmp.FaultRequired, "/reason", del("/reason")),
			b("another-identity", "A tenant leaves once.", storage.FaultDerivedID, "/id", set("/id", "again")),
			b("at-no-place", "The ledger had no entry before it.", hipaasmp.FaultRange, "/size", set("/size", 0)),
			b("more-certificates-than-documents", "There are more certificates than documents.", storage.FaultCount, "/certificates", set("/certificates", 2)),
			b("certificates-lapsed", "The certificates need not be kept, it says.", hipaasmp.FaultOrder, "/certificates_through", set("/certificates_through", "2033-03-31")),
			b("no-zone", "It is not said where the day was counted.", hipaasmp.FaultRequired, "/zone", del("/zone")),
			b("as-many-unfinished-as-listed", "All that are unfinished are listed, and counted as if not.", storage.FaultCount, "/unfinished_count", set("/unfinished_count", 1)),
			b("unfinished-without-digest", "More are unfinished than are listed, and nothing says which.", storage.FaultCount, "/unfinished_digest", set("/unfinished_count", 10001)),
			b("unfinished-digest-alone", "All that are unfinished are listed, and stand under a digest besides.", storage.FaultCount, "/unfinished_digest", set("/unfinished_digest", strings.Repeat("0", 64))),
		}},
	}
}
