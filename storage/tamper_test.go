package storage_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

type altered struct {
	driver.Backend
	row  func(*driver.Row)
	node func(id uint64, h *[driver.HashSize]byte)
	head func(*driver.Head)
	cut  uint64 // the ledger shows this many entries, 0 for all
}

func (a altered) View(ctx context.Context, tenant string, fn func(driver.Reader) error) error {
	return a.Backend.View(ctx, tenant, func(r driver.Reader) error { return fn(alteredReader{r, a}) })
}

func (a altered) Update(ctx context.Context, tenant string, fn func(driver.Tx) error) error {
	return a.Backend.Update(ctx, tenant, func(tx driver.Tx) error { return fn(alteredTx{tx, alteredReader{tx, a}}) })
}

type alteredReader struct {
	driver.Reader
	a altered
}

type alteredTx struct {
	driver.Tx
	r alteredReader
}

func (t alteredTx) Head(size uint64) (driver.Head, error) { return t.r.Head(size) }

func (t alteredTx) Nodes(ids []uint64) ([][driver.HashSize]byte, error) {
	return t.r.Nodes(ids)
}

func (r alteredReader) Get(kind, id string, version uint64) (driver.Row, error) {
	row, err := r.Reader.Get(kind, id, version)
	if err == nil && r.a.row != nil {
		r.a.row(&row)
	}
	return row, err
}

func (r alteredReader) Entries(from uint64, limit int) ([]driver.Row, error) {
	rows, err := r.Reader.Entries(from, limit)
	var out []driver.Row
	for _, row := range rows {
		if r.a.cut > 0 && row.Seq >= r.a.cut {
			break
		}
		if r.a.row != nil {
			r.a.row(&row)
		}
		if row.Seq >= from {
			out = append(out, row)
		}
	}
	return out, err
}

func (r alteredReader) Nodes(ids []uint64) ([][driver.HashSize]byte, error) {
	out, err := r.Reader.Nodes(ids)
	if r.a.node != nil {
		for i := range out {
			r.a.node(ids[i], &out[i])
		}
	}
	return out, err
}

func (r alteredReader) Head(size uint64) (driver.Head, error) {
	if r.a.cut > 0 && size == 0 {
		size = r.a.cut
		h, err := r.Reader.Head(size)
		full, _ := r.Reader.Head(0)
		if size == full.Size {
			h.Edge = full.Edge
		}
		return h, err
	}
	h, err := r.Reader.Head(size)
	if err == nil && r.a.head != nil {
		r.a.head(&h)
	}
	return h, err
}

func TestAlterationsAreFound(t *testing.T) {
	t.Parallel()
	b := memory.New()
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	honest := open(t, b)
	const size = 9
	for i := range size {
		_, err := honest.Put(ctx, "clinic", newDraft([]string{"a", "b", "c"}[i%3], string(rune('a'+i))), storage.Reason("why"))
		require.NoError(t, err)
	}
	anchor, err := honest.CheckpointAt(ctx, "clinic", 6)
	require.NoError(t, err)
	is := func(seq uint64, change func(*driver.Row)) func(*driver.Row) {
		return func(r *driver.Row) {
			if r.Seq == seq {
				change(r)
			}
		}
	}
	for name, x := range map[string]struct {
		a     altered
		code  hipaasmp.FaultCode
		reads bool // a Get of document b notices too
	}{
		"a body":                      {altered{row: is(7, func(r *driver.Row) { r.Body[3] ^= 1 })}, storage.FaultEntry, true},
		"a salt":                      {altered{row: is(7, func(r *driver.Row) { r.Salt[3] ^= 1 })}, storage.FaultEntry, true},
		"a reason":                    {altered{row: is(7, func(r *driver.Row) { r.Reason = "another" })}, storage.FaultEntry, true},
		"a reason taken away":         {altered{row: is(7, func(r *driver.Row) { r.Reason = "" })}, storage.FaultEntry, true},
		"an envelope":                 {altered{row: is(7, func(r *driver.Row) { r.Envelope[14] ^= 1 })}, storage.FaultEntry, true},
		"a leaf":                      {altered{row: is(7, func(r *driver.Row) { r.Leaf[0] ^= 1 })}, storage.FaultEntry, true},
		"an instant":                  {altered{row: is(7, func(r *driver.Row) { r.Recorded = r.Recorded.Add(time.Hour) })}, storage.FaultEntry, true},
		"an id":                       {altered{row: is(7, func(r *driver.Row) { r.ID = "z" })}, storage.FaultEntry, true},
		"a version":                   {altered{row: is(7, func(r *driver.Row) { r.Version = 9 })}, storage.FaultVersion, true},
		"content taken away":          {altered{row: is(7, func(r *driver.Row) { r.Body, r.Salt, r.Reason = nil, nil, "" })}, storage.FaultContent, false},
		"a body taken, not the salt":  {altered{row: is(7, func(r *driver.Row) { r.Body = nil })}, storage.FaultEntry, true},
		"an entry left out":           {altered{row: is(4, func(r *driver.Row) { r.Seq = 0 })}, storage.FaultGap, false},
		"a leaf in the tree":          {altered{node: func(id uint64, h *[32]byte) { h[0] ^= byte(1 - min(id, 1)) }}, storage.FaultNode, false},
		"an inner node":               {altered{node: func(id uint64, h *[32]byte) { h[0] ^= map[bool]byte{true: 1}[id == 6] }}, storage.FaultNode, false},
		"the root":                    {altered{head: func(h *driver.Head) { h.Root[0] ^= 1 }}, storage.FaultHead, false},
		"the edge":                    {altered{head: func(h *driver.Head) { h.Edge[0] ^= 1 }}, storage.FaultHead, false},
		"the size":                    {altered{head: func(h *driver.Head) { h.Size-- }}, storage.FaultHead, false},
		"the epoch":                   {altered{head: func(h *driver.Head) { h.Epoch++ }}, storage.FaultHead, false},
		"the time of the head":        {altered{head: func(h *driver.Head) { h.Recorded = h.Recorded.Add(1e9) }}, storage.FaultHead, false},
		"the checkpoint":              {altered{head: func(h *driver.Head) { h.Note[len(h.Note)-10] ^= 1 }}, storage.FaultSignature, false},
		"the signature taken away":    {altered{head: func(h *driver.Head) { h.Note = h.Note[:40] }}, storage.FaultSignature, false},
		"the tail cut at a commit":    {altered{cut: 5}, storage.FaultRolledBack, false},
		"the tail cut before anchors": {altered{cut: 1}, storage.FaultRolledBack, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x.a.Backend = b
			s := open(t, x.a)
			v, err := s.VerifyTenant(ctx, "clinic", anchor.Note)
			require.NoError(t, err)
			require.True(t, v.Has(x.code), "%v", v.Faults)
			require.ErrorIs(t, v.Err(), storage.ErrCorrupt)
			if x.reads {
				_, err := s.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "b"})
				require.ErrorIs(t, err, storage.ErrCorrupt)
				var ce *storage.CorruptError
				require.ErrorAs(t, err, &ce)
			}
		})
	}
	v, err := honest.VerifyTenant(ctx, "clinic", anchor.Note)
	require.NoError(t, err)
	require.Empty(t, v.Faults)
}

func TestNothingIsWrittenOnAnAlteredHead(t *testing.T) {
	t.Parallel()
	b := memory.New()
	defer b.Close()
	for i := range 5 {
		_, err := open(t, b).Put(ctx, "clinic", newDraft("d", string(rune('a'+i))))
		require.NoError(t, err)
	}
	for name, a := range map[string]altered{
		"the root":       {head: func(h *driver.Head) { h.Root[0] ^= 1 }},
		"the edge":       {head: func(h *driver.Head) { h.Edge[0] ^= 1 }},
		"the checkpoint": {head: func(h *driver.Head) { h.Note[len(h.Note)-10] ^= 1 }},
		"the epoch":      {head: func(h *driver.Head) { h.Epoch++ }},
		"an edge node":   {node: func(id uint64, h *[32]byte) { h[0] ^= 1 }},
	} {
		a.Backend = b
		_, err := open(t, a).Put(ctx, "clinic", newDraft("d", "z"))
		require.ErrorIs(t, err, storage.ErrCorrupt, name)
		_, err = open(t, a).Checkpoint(ctx, "clinic")
		require.Error(t, err, name)
	}
	_, err := open(t, b).Put(ctx, "clinic", newDraft("d", "z"))
	require.NoError(t, err)
}

func TestRewrittenLedgerIsFoundByAnAnchor(t *testing.T) {
	t.Parallel()
	honest, forger := memory.New(), memory.New()
	defer honest.Close()
	defer forger.Close()
	var anchor storage.Checkpoint
	for i, b := range []driver.Backend{honest, forger} {
		s := open(t, b)
		for j := range 4 {
			_, err := s.Put(ctx, "clinic", newDraft("d", string(rune('a'+i*j))))
			require.NoError(t, err)
		}
		if i == 0 {
			var err error
			anchor, err = s.Checkpoint(ctx, "clinic")
			require.NoError(t, err)
		}
	}
	s := open(t, forger) // with the real key: the worst case
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err(), "by itself it looks right")
	v, err = s.VerifyTenant(ctx, "clinic", anchor.Note)
	require.NoError(t, err)
	require.True(t, v.Has(storage.FaultRewritten))
	v, err = s.VerifyTenant(ctx, "other", anchor.Note)
	require.NoError(t, err)
	require.True(t, v.Has(storage.FaultSignature), "an anchor of another ledger says nothing here")
	v, err = s.VerifyTenant(ctx, "clinic", []byte("nonsense"))
	require.NoError(t, err)
	require.True(t, v.Has(storage.FaultSignature))
}
