package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// ClockSlack is how far the clock may stand before the newest entry of a ledger, as it does when a time service sets
// it back a little. Within it an entry gets the newest entry's instant; beyond it writing is a [*ClockError].
const ClockSlack = time.Minute

// Tx is one transaction over one tenant. It reads what it wrote. It is good inside the function that [Store.Update]
// calls, for one goroutine.
type Tx struct {
	ctx    context.Context // of the call that began it; a Tx ends with that call
	store  *Store
	tenant string
	driver driver.Tx
	closed bool

	now  time.Time // the clock, as an instant
	at   time.Time // what entries of this transaction are recorded at
	old  driver.Head
	edge edge

	rows    []driver.Row
	entries []Entry
	newest  map[docKey]int // position in rows of the newest version that this transaction wrote
	nodes   []driver.Node
	after   []func(driver.Tx) error // what must follow the append
	holds   []driver.Hold           // placed by this transaction
	freed   map[string]bool         // released by this transaction
	gone    map[docKey]bool         // disposed of by this transaction
	clocked bool                    // this transaction wrote a mark of the clock
	ended   bool                    // this transaction ended the ledger
	epoch   uint64
	take    takeOver
	head    driver.Head
	buf     []byte // for the envelope of the moment
}

type docKey struct{ kind, id string }

func keyOf(ref hipaasmp.Ref) docKey { return docKey{string(ref.Kind), ref.ID} }

// begin reads the head and refuses to go on where this store must not sign.
func (s *Store) begin(ctx context.Context, tenant string, dtx driver.Tx) (*Tx, error) {
	tx := &Tx{ctx: ctx, store: s, tenant: tenant, driver: dtx, newest: map[docKey]int{}, freed: map[string]bool{}, gone: map[docKey]bool{}, epoch: 1}
	tx.now = hipaasmp.Instant(s.opts.Clock())
	tx.at = tx.now
	head, err := dtx.Head(0)
	switch {
	case errors.Is(err, driver.ErrNotFound):
		return tx, nil
	case err != nil:
		return nil, err
	}
	tx.old, tx.epoch = head, head.Epoch
	var ok bool
	if tx.edge, ok = parseEdge(head.Size, head.Edge); !ok || tx.edge.root() != tlog.Hash(head.Root) {
		return nil, &CorruptError{Tenant: tenant, What: "the head's root does not follow from its edge"}
	}
	if tx.at.Before(head.Recorded) {
		tx.at = head.Recorded
	}
	return tx, nil
}

// Put validates the document, brings it to canonical bytes and adds it as the version after the newest. With
// [IfVersion] a [*ConflictError] tells that another version is newest; with [IfChanged] identical content writes
// nothing. The other errors are [*hipaasmp.ValidationError], [*DisposedError], [*ClockError], [*LostKeyError] and
// [ErrTooLarge].
func (tx *Tx) Put(doc hipaasmp.Document, opts ...PutOption) (Entry, error) {
	if tx.closed {
		return Entry{}, ErrClosed
	}
	p, err := tx.store.prepare(doc, opts)
	if err != nil {
		return Entry{}, err
	}
	return tx.put(p)
}

// Get returns the newest version of a document, or the one that ref names, as this transaction sees it.
func (tx *Tx) Get(ref hipaasmp.Ref) (Entry, error) {
	if tx.closed {
		return Entry{}, ErrClosed
	}
	if tx.gone[keyOf(ref)] {
		return Entry{}, &DisposedError{Tenant: tx.tenant, Ref: ref.Newest()}
	}
	if i, ok := tx.newest[keyOf(ref)]; ok {
		for ; i >= 0; i-- {
			if e := tx.entries[i]; e.Kind == ref.Kind && e.ID == ref.ID && (ref.Version == 0 || e.Version == ref.Version) {
				return e, nil
			}
		}
	}
	return tx.store.get(tx.ctx, tx.tenant, tx.driver, ref)
}

// put adds a prepared document.
func (tx *Tx) put(p prepared) (Entry, error) {
	prev, err := tx.newestVersion(p.ref)
	if err != nil {
		return Entry{}, err
	}
	if p.opts.pinned && p.opts.version != prev.Version {
		return Entry{}, &ConflictError{Kind: string(p.ref.Kind), ID: p.ref.ID, Want: p.opts.version, Have: prev.Version}
	}
	if prev.Version > 0 && (prev.Disposed() || tx.gone[keyOf(p.ref)]) {
		return Entry{}, &DisposedError{Tenant: tx.tenant, Ref: prev.Ref()}
	}
	if p.opts.ifChanged && prev.Version > 0 && bytes.Equal(prev.Body, p.body) {
		prev.Unchanged = true
		return prev, nil
	}
	return tx.append(OpPut, p, prev)
}

// newestVersion returns the newest version, disposed or not; Version 0 if there is none.
func (tx *Tx) newestVersion(ref hipaasmp.Ref) (Entry, error) {
	if i, ok := tx.newest[keyOf(ref)]; ok {
		return tx.entries[i], nil
	}
	row, err := tx.driver.Get(string(ref.Kind), ref.ID, 0)
	if errors.Is(err, driver.ErrNotFound) {
		return Entry{}, nil
	}
	if err != nil {
		return Entry{}, err
	}
	e, err := tx.store.entryOf(tx.ctx, tx.tenant, row)
	var gone *KeyUnavailableError
	if errors.As(err, &gone) && tx.old.Size > 0 {
		// After an off-boarding the keys are gone, and that is the thing to say.
		if ended := checkEnded(tx.driver, tx.tenant, tx.old); ended != nil {
			return Entry{}, ended
		}
	}
	return e, err
}

// append adds one entry to the ledger that this transaction will write.
func (tx *Tx) append(op Op, p prepared, prev Entry) (Entry, error) {
	if err := tx.mayWrite(); err != nil {
		return Entry{}, err
	}
	salt := make([]byte, SaltSize)
	if _, err := io.ReadFull(tx.store.opts.Random, salt); err != nil {
		return Entry{}, fmt.Errorf("storage: read random bytes for a salt: %w", err)
	}
	e := Entry{
		Envelope: Envelope{
			Op: op, Tenant: tx.tenant, Seq: tx.edge.size, Kind: p.ref.Kind, ID: p.ref.ID, Version: prev.Version + 1,
			Recorded: tx.at, Schema: p.schema, Basis: p.basis, BodyDigest: BodyDigest(salt, p.body), Actor: p.opts.actor,
		},
		Body: p.body, Salt: salt, Reason: p.opts.reason, upcast: tx.store.upcast,
	}
	if e.Reason != "" {
		e.ReasonDigest = ReasonDigest(salt, e.Reason)
	}
	// The rest of what an envelope must hold, prepareAny and transactOn have asked for.
	if why := checkBasis(e.Basis); why != "" {
		return Entry{}, &EnvelopeError{Reason: why}
	}
	var err error
	if prev.Version == 0 && len(tx.store.opts.Schedule.Overlays) == 0 {
		e.KeepThrough = p.keep
	} else if e.KeepThrough, err = tx.store.keepThrough(prev, e); err != nil {
		return Entry{}, err
	}
	row := driver.Row{
		Tenant: tx.tenant, Kind: string(p.ref.Kind), ID: p.ref.ID, Version: e.Version, Seq: e.Seq, Recorded: e.Recorded,
		KeepThrough: e.KeepThrough, Body: e.Body, Salt: salt, Reason: e.Reason,
	}
	// The ledger's own documents hold references, days and opaque identities. They stay in the clear, so that what became
	// of a record can be told after the tenant's keys are gone.
	if tx.store.opts.Keys != nil && len(e.Body) > 0 && !ownKind(row.Kind) {
		if row.Body, row.Key, err = tx.store.seal(tx.ctx, tx.tenant, &e); err != nil {
			return Entry{}, err
		}
		row.Reason, e.Sealed = "", true
	}
	tx.buf = e.appendBytes(tx.buf[:0])
	envelope := tx.buf
	if len(envelope) > maxEnvelope {
		return Entry{}, fmt.Errorf("%w: its effective periods do not fit into an envelope", ErrTooLarge)
	}
	leaf := tlog.RecordHash(envelope)
	tx.nodes = tx.edge.add(leaf, tx.nodes)
	tx.newest[keyOf(p.ref)] = len(tx.rows)
	row.Leaf = leaf
	if row.Envelope = packEnvelope(&e.Envelope); row.Envelope == nil {
		return Entry{}, &EnvelopeError{Reason: "cannot be packed"}
	}
	tx.rows = append(double(tx.rows), row)
	tx.entries = append(double(tx.entries), e)
	return e, nil
}

// double makes room for as many again, where append would make room for a quarter more: what grows here is large and
// grows to thousands.
func double[T any](s []T) []T {
	if len(s) < cap(s) {
		return s
	}
	return slices.Grow(s, max(len(s), 4))
}

// mayWrite is asked before the first entry of a transaction.
func (tx *Tx) mayWrite() error {
	if tx.closed {
		return ErrClosed
	}
	if len(tx.rows) > 0 {
		return nil
	}
	if tx.old.Size == 0 {
		return tx.store.checkAnchor(tx.ctx, tx.tenant, tx.old, tx.driver)
	}
	if tx.old.Recorded.Sub(tx.now) > ClockSlack {
		return &ClockError{Tenant: tx.tenant, Now: tx.now, Newest: tx.old.Recorded}
	}
	return tx.store.maySign(tx.ctx, tx.tenant, tx.old, tx.driver, tx.take)
}

// flush signs the new head and gives everything to the driver.
func (tx *Tx) flush() error {
	if len(tx.rows) == 0 {
		return nil
	}
	if err := tx.markClock(); err != nil {
		return err
	}
	root := tx.edge.root()
	tx.head = driver.Head{Epoch: tx.epoch, Size: tx.edge.size, Root: root, Edge: tx.edge.bytes(), Recorded: tx.at}
	text := FormatCheckpoint(Origin(tx.store.opts.Product, tx.tenant, tx.epoch), tx.head.Size, root)
	if tx.store.opts.Unsigned {
		tx.head.Note = []byte(text)
	} else {
		msg, err := note.Sign(&note.Note{Text: text}, append([]note.Signer{tx.store.opts.Signer}, tx.store.opts.CoSigners...)...)
		if err != nil {
			return fmt.Errorf("storage: sign the checkpoint: %w", err)
		}
		tx.head.Note = msg
	}
	if err := tx.driver.Append(tx.rows, tx.nodes, tx.head); err != nil {
		return err
	}
	for _, step := range tx.after {
		if err := step(tx.driver); err != nil {
			return err
		}
	}
	return nil
}
