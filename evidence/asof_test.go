package evidence

import (
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
)

// The package as of every instant at which something was recorded verifies, shows the ledger of that instant, and the
// term that was known then; what was destroyed since counts as withheld, and is destroyed once its certificate is in.
func TestPackageAsOfEveryPastInstantVerifies(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	var entries []storage.Entry
	for e, err := range h.store.Entries(t.Context(), tenant, 0, 1<<20) {
		if err != nil {
			break
		}
		entries = append(entries, e)
	}
	require.Greater(t, len(entries), 10)
	gone, withheldOnce := 0, false
	for i, e := range entries {
		if e.Kind == storage.KindCertificate {
			gone++
		}
		if i+1 < len(entries) && entries[i+1].Recorded.Equal(e.Recorded) {
			continue // written in one transaction: the instant is that of the last of them
		}
		o := h.options()
		o.Recorded = e.Recorded
		pkg := h.write(o)
		r, err := verify(pkg, VerifyOptions{}, h.signer.VerifierKey())
		require.NoError(t, err, "as of entry %d: %s", i, r)
		m := r.Manifest
		require.Equal(t, uint64(i+1), m.Ledger.Size)
		require.Equal(t, e.Recorded, m.Recorded)
		require.Equal(t, m.Ledger.Size, m.Entries.Total())
		require.Equal(t, uint64(gone), m.Entries.Disposed)
		if m.Entries.Withheld > 0 {
			withheldOnce = true
			require.Zero(t, gone)
			require.Equal(t, SelectedVersions, m.Contents)
		}
		between := h.options()
		between.Recorded = e.Recorded.Add(time.Second)
		require.Equal(t, contents(t, pkg)[fileEntries], contents(t, h.write(between))[fileEntries], "until the next entry nothing changes")
	}
	require.True(t, withheldOnce)
	require.Equal(t, 1, gone)

	ref := hipaasmp.Ref{Kind: "test.policy", ID: "p1"}
	before, err := h.store.TermAsOf(t.Context(), tenant, ref, entries[6].Recorded)
	require.NoError(t, err)
	now, err := h.store.Term(t.Context(), tenant, ref)
	require.NoError(t, err)
	require.True(t, before.KeepThrough.Before(now.KeepThrough), "the extension came later")
	_, err = h.store.TermAsOf(t.Context(), tenant, ref, entries[0].Recorded)
	require.ErrorIs(t, err, storage.ErrNotFound)
}

func TestPackageMadeBeforeWhatItHoldsIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	o := h.options()
	o.Made = h.now.Add(-time.Hour)
	_, err := Write(t.Context(), io.Discard, h.store, tenant, o)
	var oe *OptionsError
	require.ErrorAs(t, err, &oe)
	require.Equal(t, "Made", oe.Option)
	require.ErrorContains(t, err, "a clock is wrong")
	o.Made, o.Recorded = h.now.Add(-time.Minute), h.now.Add(-10*time.Minute)
	_, err = Write(t.Context(), io.Discard, h.store, tenant, o)
	require.NoError(t, err, "as of a past instant nothing later is in it")
}

func TestInstantThatIsNotPastIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	for _, at := range []time.Time{h.options().Made.Add(time.Second), time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)} {
		o := h.options()
		o.Recorded = at
		_, err := Write(t.Context(), io.Discard, h.store, tenant, o)
		var oe *OptionsError
		require.ErrorAs(t, err, &oe)
		require.Equal(t, "Recorded", oe.Option)
	}
}
