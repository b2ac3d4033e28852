package storage

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// KindHold is the kind of [HoldDocument].
const KindHold hipaasmp.Kind = "storage.hold"

// HoldDocument is how a hold stands in the ledger: version 1 places it, version 2 releases it. Its identity is the
// matter.
type HoldDocument struct {
	hipaasmp.Header
	// Hold is the hold as it stands with this version.
	Hold retention.Hold `json:"hold"`
}

// Validate returns every fault of the hold.
func (d HoldDocument) Validate() error {
	return validate.Check(d, KindHold, d.Schema, func(f *validate.Faults) {
		h := d.Hold
		if h.Matter != d.ID && h.Matter != "" {
			f.Add(FaultDerivedID, "/hold/matter", "is not %q, the identity of the hold; give both the same", d.ID)
		}
		for i, r := range h.Refs {
			if r.Version != 0 {
				f.Add(FaultAllVersions, hipaasmp.Pointer("hold", "refs", i, "version"), "is given; a hold is on every version, so leave it out")
			}
		}
		if h.Query != nil && h.Query.IsZero() {
			f.Add(hipaasmp.FaultRequired, "/hold/query", "asks nothing; name kinds, a beginning of the identity or days, or leave it out to hold everything")
		}
		if q := h.Query; q != nil && (!q.RecordedThrough.IsZero() && q.RecordedThrough.Before(q.RecordedFrom) || !q.CreatedThrough.IsZero() && q.CreatedThrough.Before(q.CreatedFrom)) {
			f.Add(hipaasmp.FaultOrder, "/hold/query", "ends before it begins")
		}
		if h.Open() != h.ReleasedBy.IsZero() {
			f.Add(hipaasmp.FaultHistory, "/hold/released_by", "does not go with released_at; a release has both, an open hold neither")
		}
		if !h.Open() && h.ReleasedAt.Before(h.PlacedAt) {
			f.Add(hipaasmp.FaultOrder, "/hold/released_at", "is before the hold was placed")
		}
	})
}

// PlaceHold stops the disposal of what the hold covers, documents to come included, and records it in the ledger. A
// PlacedAt that is not set becomes now. A matter that exists, released or not, gives a [*ConflictError].
func (s *Store) PlaceHold(ctx context.Context, tenant string, hold retention.Hold) (e Entry, err error) {
	err = s.Update(ctx, tenant, func(tx *Tx) (err error) {
		e, err = tx.PlaceHold(hold)
		return err
	})
	return e, err
}

// PlaceHold is [Store.PlaceHold] within the transaction.
func (tx *Tx) PlaceHold(hold retention.Hold) (Entry, error) {
	if tx.closed {
		return Entry{}, ErrClosed
	}
	if hold.PlacedAt.IsZero() {
		hold.PlacedAt = tx.at
	}
	hold.PlacedAt = hipaasmp.Instant(hold.PlacedAt)
	if !hold.Open() || !hold.ReleasedBy.IsZero() {
		return Entry{}, hipaasmp.Invalid(hipaasmp.Ref{Kind: KindHold, ID: hold.Matter}, []hipaasmp.Fault{{Code: hipaasmp.FaultHistory, Pointer: "/hold/released_at", Message: "is set; a hold is placed open and released by ReleaseHold"}})
	}
	p, err := tx.store.prepareAny(HoldDocument{hipaasmp.NewHeader(KindHold, hold.Matter), hold}, []PutOption{By(hold.PlacedBy)})
	if err != nil {
		return Entry{}, err
	}
	prev, err := tx.newestVersion(p.ref)
	if err != nil {
		return Entry{}, err
	}
	if prev.Version > 0 {
		return Entry{}, &ConflictError{Kind: string(KindHold), ID: hold.Matter, Have: prev.Version}
	}
	e, err := tx.append(OpHoldPlaced, p, Entry{})
	if err != nil {
		return Entry{}, err
	}
	placed := driver.Hold{Matter: hold.Matter}
	for _, k := range hold.Kinds {
		placed.Scope = append(placed.Scope, driver.Scope{Kind: string(k)})
	}
	if hold.Query != nil {
		// A driver knows kinds and identities only. It holds the hold's own document, so that its scope is not empty, which
		// would hold everything; what the query finds is looked at in the destroying transaction.
		placed.Scope = append(placed.Scope, driver.Scope{Kind: string(KindHold), ID: hold.Matter})
	}
	for _, r := range hold.Refs {
		placed.Scope = append(placed.Scope, driver.Scope{Kind: string(r.Kind), ID: r.ID})
	}
	tx.holds = append(tx.holds, placed)
	tx.after = append(tx.after, func(dtx driver.Tx) error { return dtx.PlaceHold(placed) })
	return e, nil
}

// ReleaseHold ends a hold and records it in the ledger; the hold stays on file. Releasing destroys nothing. A matter
// that does not exist gives a [*NotFoundError], one that was released a [*ConflictError].
func (s *Store) ReleaseHold(ctx context.Context, tenant, matter string, by hipaasmp.Actor, reason string) (e Entry, err error) {
	err = s.Update(ctx, tenant, func(tx *Tx) (err error) {
		e, err = tx.ReleaseHold(matter, by, reason)
		return err
	})
	return e, err
}

// ReleaseHold is [Store.ReleaseHold] within the transaction.
func (tx *Tx) ReleaseHold(matter string, by hipaasmp.Actor, reason string) (Entry, error) {
	if tx.closed {
		return Entry{}, ErrClosed
	}
	ref := hipaasmp.Ref{Kind: KindHold, ID: matter}
	prev, err := tx.newestVersion(ref)
	if err != nil {
		return Entry{}, err
	}
	if prev.Version == 0 {
		return Entry{}, &NotFoundError{Tenant: tx.tenant, Ref: ref}
	}
	doc, err := Decode[HoldDocument](prev)
	if err != nil {
		return Entry{}, err
	}
	if !doc.Hold.Open() {
		return Entry{}, fmt.Errorf("%w: hold %s was released on %s", ErrConflict, matter, doc.Hold.ReleasedAt.Format(time.DateOnly))
	}
	doc.Hold.ReleasedBy, doc.Hold.ReleasedAt = by, tx.at
	if tx.at.Before(doc.Hold.PlacedAt) {
		doc.Hold.ReleasedAt = doc.Hold.PlacedAt
	}
	p, err := tx.store.prepareAny(doc, []PutOption{By(by), Reason(reason)})
	if err != nil {
		return Entry{}, err
	}
	e, err := tx.append(OpHoldReleased, p, prev)
	if err != nil {
		return Entry{}, err
	}
	tx.freed[matter] = true
	tx.after = append(tx.after, func(dtx driver.Tx) error { return dtx.ReleaseHold(matter) })
	return e, nil
}

// Holds yields every hold of a tenant in order of matter, the released ones too.
func (s *Store) Holds(ctx context.Context, tenant string) iter.Seq2[retention.Hold, error] {
	return func(yield func(retention.Hold, error) bool) {
		for d, err := range List[HoldDocument](ctx, s, tenant, Query{Kind: KindHold}) {
			if !yield(d.Hold, err) || err != nil {
				return
			}
		}
	}
}

// holdCheck is what a transaction finds when it looks at the holds on a document.
type holdCheck struct {
	// open are the open holds on it, in order of matter.
	open []retention.Hold
	// grace is the last day of the grace after the last hold on it was released, zero where none was.
	grace hipaasmp.Date
	// checked goes into the certificate.
	checked CheckedHolds
}

// checkHolds looks at every hold as this transaction sees it: those that the driver knows by kind and identity, and all
// that are on file, whose queries are asked of all versions of the document.
func (tx *Tx) checkHolds(ref hipaasmp.Ref, versions []Entry, zone *time.Location) (holdCheck, error) {
	var out holdCheck
	held, err := tx.driver.Holds(string(ref.Kind), ref.ID)
	if err != nil && !errors.Is(err, driver.ErrNotFound) {
		return out, err
	}
	for _, h := range tx.holds {
		if h.Covers(string(ref.Kind), ref.ID) {
			held = append(held, h)
		}
	}
	matters := map[string]bool{}
	add := func(matter string) {
		if !matters[matter] {
			matters[matter] = true
			out.open = append(out.open, retention.Hold{Matter: matter, Refs: []hipaasmp.Ref{ref.Newest()}})
		}
	}
	for _, h := range held {
		if !h.Released && !tx.freed[h.Matter] {
			add(h.Matter)
		}
	}
	bases := versionsOf(versions)
	for e, err := range tx.List(Query{Kind: KindHold}) {
		if err != nil {
			return out, err
		}
		d, err := Decode[HoldDocument](e)
		if err != nil {
			return out, err
		}
		out.checked.OnFile++
		switch {
		case !d.Hold.CoversVersions(ref, bases):
		case d.Hold.Open():
			add(d.Hold.Matter)
		default:
			out.checked.Released = append(out.checked.Released, ReleasedHold{d.Hold.Matter, d.Hold.ReleasedAt})
			if day := hipaasmp.DateOf(d.Hold.ReleasedAt, zone).AddDays(tx.store.opts.HoldGrace); day.After(out.grace) {
				out.grace = day
			}
		}
	}
	slices.SortFunc(out.open, func(a, b retention.Hold) int { return strings.Compare(a.Matter, b.Matter) })
	return out, nil
}
