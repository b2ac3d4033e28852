package storage_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

// open returns a store over a backend that several stores share.
func open(t *testing.T, b driver.Backend, alter ...func(*storage.Options)) *storage.Store {
	t.Helper()
	o := storage.Options{Signer: testSigner(t, "a"), Clock: func() time.Time { return at("2026-02-03T09:00:00Z") }}
	for _, f := range alter {
		f(&o)
	}
	s, err := storage.New(b, o)
	require.NoError(t, err)
	return s
}

func withSigner(s *storage.Signer, old ...*storage.Signer) func(*storage.Options) {
	return func(o *storage.Options) {
		o.Signer = s
		var known []note.Verifier
		for _, k := range old {
			known = append(known, k.Verifier())
		}
		o.Verifiers = note.VerifierList(known...)
	}
}

func TestEveryMutationIsALeaf(t *testing.T) {
	t.Parallel()
	s, c := newStore(t)
	_, err := s.Put(ctx, "clinic", newProcedure("p", "Title", "2020-01-01"), storage.By(officer))
	require.NoError(t, err)
	_, err = s.PlaceHold(ctx, "clinic", holdOn("m"))
	require.NoError(t, err)
	_, err = s.Extend(ctx, "clinic", hipaasmp.Ref{Kind: KindProcedure, ID: "p"}, hipaasmp.MustDate("2026-06-01"), officer, "contract")
	require.NoError(t, err)
	_, err = s.ReleaseHold(ctx, "clinic", "m", manager, "closed")
	require.NoError(t, err)
	_, err = s.NewEpoch(ctx, "clinic", officer, "rehearsal")
	require.NoError(t, err)
	c.now = at("2027-01-01T00:00:00Z")
	_, err = s.Dispose(ctx, "clinic", disposition("p", c.now))
	require.NoError(t, err)

	var ops []storage.Op
	for e, err := range s.Entries(ctx, "clinic", 0, 100) {
		require.NoError(t, err)
		require.Equal(t, uint64(len(ops)), e.Seq)
		ops = append(ops, e.Op)
	}
	require.Equal(t, []storage.Op{storage.OpPut, storage.OpHoldPlaced, storage.OpRetentionExtended, storage.OpHoldReleased, storage.OpEpochStarted, storage.OpDisposed}, ops)
	for e, err := range s.Entries(ctx, "clinic", 2, 4) {
		require.NoError(t, err)
		require.Contains(t, []uint64{2, 3}, e.Seq)
	}
	for e, err := range s.List(ctx, "clinic", storage.Query{Disposed: true}) {
		require.NoError(t, err)
		require.Equal(t, KindProcedure, e.Kind, "the store's own acts are no documents of the tenant's")
	}
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
}

func TestProofsRefuseWhatIsNotThere(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	for _, id := range []string{"a", "b", "c"} {
		_, err := s.Put(ctx, "clinic", newDraft(id, "x"))
		require.NoError(t, err)
	}
	var re *storage.RangeError
	for _, x := range [][2]uint64{{3, 3}, {0, 0}, {0, 4}, {9, 9}, {2, 2}} {
		_, err := s.Inclusion(ctx, "clinic", x[0], x[1])
		require.ErrorAs(t, err, &re, x)
		require.Equal(t, "clinic", re.Tenant)
	}
	for _, x := range [][2]uint64{{0, 3}, {4, 3}, {1, 4}, {0, 0}} {
		_, err := s.Consistency(ctx, "clinic", x[0], x[1])
		require.ErrorAs(t, err, &re, x)
	}
	_, err := s.CheckpointAt(ctx, "clinic", 0)
	require.ErrorIs(t, err, storage.ErrNotFound)
}

// An auditor has the entry, the salt, the proof and the checkpoint, and no database.
func TestAuditorNeedsNoStore(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		_, err := s.Put(ctx, "clinic", newDraft(id, "x"))
		require.NoError(t, err)
	}
	entry, err := s.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "c"})
	require.NoError(t, err)
	head, err := s.Checkpoint(ctx, "clinic")
	require.NoError(t, err)
	proof, err := s.Inclusion(ctx, "clinic", entry.Seq, head.Size)
	require.NoError(t, err)
	envelope, vkey := entry.Bytes(), testSigner(t, "a").VerifierKey()

	verifier, err := note.NewVerifier(vkey)
	require.NoError(t, err)
	c, err := storage.ParseCheckpoint(head.Note, note.VerifierList(verifier))
	require.NoError(t, err)
	e, err := storage.ParseEnvelope(envelope)
	require.NoError(t, err)
	require.NoError(t, tlog.CheckRecord(proof, int64(c.Size), c.Root, int64(e.Seq), e.Leaf()))
	require.Equal(t, e.BodyDigest, storage.BodyDigest(entry.Salt, entry.Body))
}

func TestTwoStoresOnOneBackendExtendEachOther(t *testing.T) {
	t.Parallel()
	b := memory.New()
	defer b.Close()
	one, two := open(t, b), open(t, b)
	for i := range 6 {
		s := []*storage.Store{one, two}[i%2]
		_, err := s.Put(ctx, "clinic", newDraft("d", string(rune('a'+i))))
		require.NoError(t, err)
	}
	v, err := one.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
	require.Equal(t, uint64(6), v.Size)
}

func TestNothingIsWrittenOnAnotherKeysHead(t *testing.T) {
	t.Parallel()
	b := memory.New()
	defer b.Close()
	_, err := open(t, b).Put(ctx, "clinic", newDraft("d", "x"))
	require.NoError(t, err)

	stranger := open(t, b, withSigner(testSigner(t, "b")))
	_, err = stranger.Put(ctx, "clinic", newDraft("d", "y"))
	var lost *storage.LostKeyError
	require.ErrorAs(t, err, &lost)
	require.Equal(t, []string{testSigner(t, "a").String()}, lost.Keys)
	require.Equal(t, testSigner(t, "b").String(), lost.Have)
	require.ErrorContains(t, err, "restore signer.key")
	require.ErrorContains(t, err, "NewEpoch")
	_, err = stranger.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "d"})
	require.NoError(t, err, "reading needs no key")
	_, err = stranger.Checkpoint(ctx, "clinic")
	var ce *storage.CheckpointError
	require.ErrorAs(t, err, &ce)
	_, err = stranger.NewEpoch(ctx, "clinic", officer, "taking over")
	require.ErrorAs(t, err, &lost, "a ledger is not taken over without the old verifier key")

	heir := open(t, b, withSigner(testSigner(t, "b"), testSigner(t, "a")))
	_, err = heir.Put(ctx, "clinic", newDraft("d", "y"))
	require.ErrorAs(t, err, &lost, "knowing the old key is not having it")
	_, err = heir.Checkpoint(ctx, "clinic")
	require.NoError(t, err)

	unsigned := open(t, b, func(o *storage.Options) { o.Signer, o.Unsigned, o.Product = nil, true, "clinic.example" })
	_, err = unsigned.Put(ctx, "clinic", newDraft("d", "y"))
	require.ErrorAs(t, err, &lost)
	v, err := unsigned.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.True(t, v.Has(storage.FaultSignature))
}

func TestNewEpochGoesOnUnderAnotherKey(t *testing.T) {
	t.Parallel()
	b := memory.New()
	defer b.Close()
	first := open(t, b)
	for _, id := range []string{"a", "b", "c"} {
		_, err := first.Put(ctx, "clinic", newDraft(id, "x"))
		require.NoError(t, err)
	}
	old, err := first.Checkpoint(ctx, "clinic")
	require.NoError(t, err)

	second := open(t, b, withSigner(testSigner(t, "b"), testSigner(t, "a")))
	e, err := second.NewEpoch(ctx, "clinic", officer, "the key was lost")
	require.NoError(t, err)
	require.Equal(t, storage.OpEpochStarted, e.Op)
	start, err := storage.Decode[storage.EpochStart](e)
	require.NoError(t, err)
	require.Equal(t, string(old.Note), start.Previous, "the epoch's first leaf names the old checkpoint")
	_, err = second.Put(ctx, "clinic", newDraft("d", "x"))
	require.NoError(t, err)

	now, err := second.Checkpoint(ctx, "clinic")
	require.NoError(t, err)
	require.Equal(t, "clinic.example/clinic/2", now.Origin)
	require.Equal(t, uint64(5), now.Size)
	proof, err := second.Consistency(ctx, "clinic", old.Size, now.Size)
	require.NoError(t, err)
	require.NoError(t, tlog.CheckTree(proof, int64(now.Size), now.Root, int64(old.Size), old.Root))
	earlier, err := second.CheckpointAt(ctx, "clinic", old.Size)
	require.NoError(t, err)
	require.Equal(t, old, earlier)

	v, err := second.VerifyTenant(ctx, "clinic", old.Note)
	require.NoError(t, err)
	require.NoError(t, v.Err())
	_, err = first.Put(ctx, "clinic", newDraft("e", "x"))
	var lost *storage.LostKeyError
	require.ErrorAs(t, err, &lost, "the old key signs no more")
	_, err = second.NewEpoch(ctx, "nobody", officer, "x")
	require.ErrorIs(t, err, storage.ErrNotFound)
}

func TestUnsignedLedgerCanBeTakenOverBySigning(t *testing.T) {
	t.Parallel()
	b := memory.New()
	defer b.Close()
	unsigned := open(t, b, func(o *storage.Options) { o.Signer, o.Unsigned, o.Product = nil, true, "clinic.example" })
	_, err := unsigned.Put(ctx, "clinic", newDraft("a", "x"))
	require.NoError(t, err)
	_, err = unsigned.Put(ctx, "clinic", newDraft("a", "y"))
	require.NoError(t, err)
	c, err := unsigned.Checkpoint(ctx, "clinic")
	require.NoError(t, err)
	require.NotContains(t, string(c.Note), "—")

	s := open(t, b)
	_, err = s.Put(ctx, "clinic", newDraft("a", "z"))
	var lost *storage.LostKeyError
	require.ErrorAs(t, err, &lost)
	require.ErrorContains(t, err, "signed by nobody")
	_, err = s.NewEpoch(ctx, "clinic", officer, "begin to sign")
	require.NoError(t, err)
	v, err := s.VerifyTenant(ctx, "clinic")
	require.NoError(t, err)
	require.NoError(t, v.Err())
}

func TestAStoreKeepsItsProduct(t *testing.T) {
	t.Parallel()
	b := memory.New()
	defer b.Close()
	_, err := open(t, b).Put(ctx, "clinic", newDraft("a", "x"))
	require.NoError(t, err)
	renamed := open(t, b, func(o *storage.Options) { o.Product = "another" })
	_, err = renamed.Put(ctx, "clinic", newDraft("a", "y"))
	var oe *storage.OptionsError
	require.ErrorAs(t, err, &oe)
	require.Equal(t, "Product", oe.Option)
}

// kms is a signer that keeps its key elsewhere and brings no verifier.
type kms struct{ s *storage.Signer }

func (k kms) Name() string                    { return k.s.Name() }
func (k kms) KeyHash() uint32                 { return k.s.KeyHash() }
func (k kms) Sign(msg []byte) ([]byte, error) { return k.s.Sign(msg) }

func TestSignerOfAnotherMakeNeedsItsVerifier(t *testing.T) {
	t.Parallel()
	b := memory.New()
	defer b.Close()
	key := testSigner(t, "a")
	s := open(t, b, func(o *storage.Options) { o.Signer, o.Verifiers = kms{key}, note.VerifierList(key.Verifier()) })
	for range 2 {
		_, err := s.Put(ctx, "clinic", newDraft("a", "x"))
		require.NoError(t, err)
	}
	s = open(t, b)
	_, err := s.Put(ctx, "clinic", newDraft("a", "x"))
	require.NoError(t, err, "it is the same key")
}

// altered is a backend whose rows, nodes or heads somebody changed behind the store.
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

func TestUpcastingReadsOldDocuments(t *testing.T) {
	t.Parallel()
	b := memory.New()
	defer b.Close()
	_, err := open(t, b).Put(ctx, "clinic", newDraft("d", "x"))
	require.NoError(t, err)
	v2 := hipaasmp.SchemaID(KindDraft, 2)
	ref := hipaasmp.Ref{Kind: KindDraft, ID: "d"}

	newer := open(t, b, func(o *storage.Options) {
		o.Upcasters = []storage.Upcaster{{From: hipaasmp.SchemaID(KindDraft, 1), To: v2, Up: func(body []byte) ([]byte, error) {
			return []byte(`{"id":"d","schema":"` + v2 + `","words":["x"]}`), nil
		}}}
	})
	doc, e, err := storage.Get[draft2](ctx, newer, "clinic", ref)
	require.NoError(t, err)
	require.Equal(t, []string{"x"}, doc.Words)
	require.Equal(t, hipaasmp.SchemaID(KindDraft, 1), e.Schema, "what is stored stays as it was")
	_, err = newer.Put(ctx, "clinic", draft2{hipaasmp.Header{Schema: v2, ID: "d2"}, []string{"y"}})
	require.NoError(t, err)

	older := open(t, b)
	_, _, err = storage.Get[Draft](ctx, older, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "d2"})
	var se *storage.SchemaError
	require.ErrorAs(t, err, &se)
	require.Equal(t, v2, se.Schema)
	require.ErrorContains(t, err, "upgrade")
}

type draft2 struct {
	hipaasmp.Header
	Words []string `json:"words,omitempty"`
}

func (draft2) Validate() error { return nil }
