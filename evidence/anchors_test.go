package evidence

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/storage"
)

// anchored keeps the newest checkpoint of a house in a file of its own.
func anchored(t *testing.T, h *house, anchor *storage.FileAnchor) {
	t.Helper()
	c, err := h.store.Checkpoint(t.Context(), tenant)
	require.NoError(t, err)
	require.NoError(t, anchor.Keep(t.Context(), tenant, c.Note))
}

func TestLedgerThatAgreesWithItsAnchorsPasses(t *testing.T) {
	t.Parallel()
	anchor, err := storage.NewFileAnchor(t.TempDir())
	require.NoError(t, err)
	h := newHouse(t, "salt").furnish()
	anchored(t, h, anchor)
	h.put(newDraft("d2", "later"))
	anchored(t, h, anchor)
	kept, err := anchor.All(t.Context(), tenant)
	require.NoError(t, err)
	require.Len(t, kept, 2)
	r, err := verify(h.write(h.options()), VerifyOptions{Anchors: kept}, h.signer.VerifierKey())
	require.NoError(t, err, "%s", r)
	require.Equal(t, OutcomePassed, r.At(LevelAnchors).Outcome)
	require.Equal(t, uint64(2), r.At(LevelAnchors).Checked)

	r, err = verify(h.write(h.options()), VerifyOptions{}, h.signer.VerifierKey())
	require.NoError(t, err)
	require.Equal(t, OutcomeNotClaimed, r.At(LevelAnchors).Outcome)
}

// One checkpoint that the sender cannot change is enough to find a ledger that was cut off, written anew or exchanged,
// although the sender signs whatever it is made into.
func TestOneAnchorFindsWhatTheSenderDid(t *testing.T) {
	t.Parallel()
	anchor, err := storage.NewFileAnchor(t.TempDir())
	require.NoError(t, err)
	honest := newHouse(t, "salt").furnish()
	anchored(t, honest, anchor)
	kept, err := anchor.All(t.Context(), tenant)
	require.NoError(t, err)

	short := newHouse(t, "salt") // an older copy put in its place
	short.put(clinic(), storage.By(official()))
	rewritten := newHouse(t, "pepper").furnish() // the same acts with other contents, and one more
	rewritten.put(newDraft("d2", "more"))
	for rule, c := range map[string]struct {
		house *house
		says  string
	}{
		"the end is cut off":   {short, "the anchor knows"},
		"it was written anew":  {rewritten, "had another root"},
		"sparse, with no word": {honest, ""},
	} {
		o := c.house.options()
		o.Exhibits = nil
		if c.says == "" {
			honest.put(newDraft("d9", "later"))
			o.Sparse = true
			c.says = "has no proof for the anchored checkpoint"
		}
		r, err := verify(c.house.write(o), VerifyOptions{Anchors: kept}, c.house.signer.VerifierKey())
		var ve *VerificationError
		require.ErrorAs(t, err, &ve, rule)
		require.True(t, ve.Has(FaultAnchor), rule)
		require.Equal(t, LevelAnchors, ve.Level, "%s: nothing else shows it: %s", rule, r)
		require.Contains(t, r.At(LevelAnchors).Findings[0].Message, c.says, rule)
	}
}

func TestAnchorThatIsNoneIsAFinding(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	other, err := h.store.Checkpoint(t.Context(), "other-tenant")
	require.NoError(t, err)
	for _, bad := range [][]byte{nil, []byte("x"), other.Note} {
		r, err := verify(h.write(h.options()), VerifyOptions{Anchors: [][]byte{bad}}, h.signer.VerifierKey())
		var ve *VerificationError
		require.ErrorAs(t, err, &ve)
		require.True(t, ve.Has(FaultAnchor))
		require.Equal(t, OutcomeFailed, r.At(LevelAnchors).Outcome)
	}
}
