package storage_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
)

// What only Go can tell of the store's own documents has a rule code, at the place where it is wrong.
func TestOwnDocumentsGiveRulesTheirCodes(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	who := hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleManagement}
	hold := func(edit func(*storage.HoldDocument)) hipaasmp.Document {
		d := storage.HoldDocument{Header: hipaasmp.NewHeader(storage.KindHold, "m-1"),
			Hold: retention.Hold{Matter: "m-1", Reason: "Letter of 1 March", Refs: []hipaasmp.Ref{{Kind: "risk.analysis", ID: "ra-1"}}, PlacedBy: who, PlacedAt: at}}
		edit(&d)
		return d
	}
	require.NoError(t, hold(func(*storage.HoldDocument) {}).Validate())
	for _, c := range []struct {
		rule    string
		doc     hipaasmp.Document
		code    hipaasmp.FaultCode
		pointer string
	}{
		{"a matter that is not the identity", hold(func(d *storage.HoldDocument) { d.Hold.Matter = "m-2" }), storage.FaultDerivedID, "/hold/matter"},
		{"one version held", hold(func(d *storage.HoldDocument) { d.Hold.Refs[0].Version = 2 }), storage.FaultAllVersions, "/hold/refs/0/version"},
		{"a release by nobody", hold(func(d *storage.HoldDocument) { d.Hold.ReleasedAt = at }), hipaasmp.FaultHistory, "/hold/released_by"},
		{"a release before the placing", hold(func(d *storage.HoldDocument) { d.Hold.ReleasedAt, d.Hold.ReleasedBy = at.Add(-time.Hour), who }), hipaasmp.FaultOrder, "/hold/released_at"},
		{"no reason", hold(func(d *storage.HoldDocument) { d.Hold.Reason = "" }), hipaasmp.FaultRequired, "/hold/reason"},
		{"an extension under another identity", storage.Extension{Header: hipaasmp.NewHeader(storage.KindExtension, "x"), Ref: hipaasmp.Ref{Kind: "risk.analysis", ID: "ra-1"}, Through: hipaasmp.Day(2040, 1, 1), At: at}, storage.FaultDerivedID, "/id"},
		{"an epoch under another identity", storage.EpochStart{Header: hipaasmp.NewHeader(storage.KindEpoch, "epoch-3"), Epoch: 2, Previous: "checkpoint"}, storage.FaultDerivedID, "/id"},
		{"an epoch before the second", storage.EpochStart{Header: hipaasmp.NewHeader(storage.KindEpoch, "epoch-1"), Epoch: 1, Previous: "checkpoint"}, hipaasmp.FaultRange, "/epoch"},
		{"an act under another identity", storage.Act{Header: hipaasmp.NewHeader(storage.KindAct, "act-4"), Op: storage.OpRekeyed, Size: 3}, storage.FaultDerivedID, "/id"},
		{"an act with a member of another", storage.Act{Header: hipaasmp.NewHeader(storage.KindAct, "act-3"), Op: storage.OpRekeyed, Size: 3, Previous: "x"}, storage.FaultAct, "/previous"},
		{"an act without its member", storage.Act{Header: hipaasmp.NewHeader(storage.KindAct, "act-3"), Op: storage.OpBackedUp, Size: 3}, storage.FaultAct, "/backup"},
		{"an act that has a document of its own", storage.Act{Header: hipaasmp.NewHeader(storage.KindAct, "act-3"), Op: storage.OpPut, Size: 3}, storage.FaultAct, "/op"},
		{"a layout that went back", storage.Act{Header: hipaasmp.NewHeader(storage.KindAct, "act-3"), Op: storage.OpMigrated, Size: 3, FromLayout: 2, ToLayout: 1}, storage.FaultAct, "/to_layout"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			var ve *hipaasmp.ValidationError
			require.ErrorAs(t, c.doc.Validate(), &ve)
			require.Len(t, ve.Faults, 1, "%v", ve.Faults)
			require.Equal(t, c.code, ve.Faults[0].Code)
			require.Equal(t, c.pointer, ve.Faults[0].Pointer)
		})
	}
}
