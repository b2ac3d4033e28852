package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
)

// ProposeDisposal begins the disposal of a record whose term has run out: it computes the term, looks at the holds and
// files a [retention.Disposition]. [Store.Candidates] lists what may be proposed; a program may propose. Then follow
// [Store.ReviewDisposal], [Store.ApproveDisposal] by a second person, and [Store.Dispose]; at each step the record can be
// kept instead with [Store.DeclineDisposal].
//
// A record that must be kept gives a [*retention.RetainedError], one under an open hold a [*retention.HeldError], one whose
// disposal is proposed already a [*hipaasmp.TransitionError].
func (s *Store) ProposeDisposal(ctx context.Context, tenant string, ref hipaasmp.Ref, method retention.Method, by hipaasmp.Actor, opts ...DisposeOption) (d retention.Disposition, err error) {
	err = s.Update(ctx, tenant, func(tx *Tx) (err error) {
		d, err = tx.ProposeDisposal(ref, method, by, opts...)
		return err
	})
	return d, err
}

// ProposeDisposal is [Store.ProposeDisposal] within the transaction.
func (tx *Tx) ProposeDisposal(ref hipaasmp.Ref, method retention.Method, by hipaasmp.Actor, opts ...DisposeOption) (retention.Disposition, error) {
	o := disposeOptionsOf(opts)
	x, err := tx.disposable(ref, o.zone)
	if err != nil {
		return retention.Disposition{}, err
	}
	if method == retention.MethodKeyDestroyed {
		for _, v := range x.versions {
			if !v.Sealed {
				return retention.Disposition{}, notSealed(v)
			}
		}
	}
	d, _, err := tx.disposition(ref)
	if err != nil {
		return retention.Disposition{}, err
	}
	// tx.at may stand a little after the clock, where the newest entry does.
	return tx.stepDisposition(d.Propose(retention.Proposal{Ref: x.newest.Ref(), Term: x.term, Method: method, Zone: o.zone}, by, tx.at))(by)
}

// ReviewDisposal says that a person went through a proposed disposal and found nothing against it. Term and holds are
// looked at anew, with the errors of [Store.ProposeDisposal]; one that nobody proposed gives a [*hipaasmp.TransitionError].
func (s *Store) ReviewDisposal(ctx context.Context, tenant string, ref hipaasmp.Ref, by hipaasmp.Actor, note string) (d retention.Disposition, err error) {
	err = s.Update(ctx, tenant, func(tx *Tx) (err error) {
		d, err = tx.ReviewDisposal(ref, by, note)
		return err
	})
	return d, err
}

// ReviewDisposal is [Store.ReviewDisposal] within the transaction.
func (tx *Tx) ReviewDisposal(ref hipaasmp.Ref, by hipaasmp.Actor, note string) (retention.Disposition, error) {
	d, err := tx.pending(ref)
	if err != nil {
		return retention.Disposition{}, err
	}
	return tx.stepDisposition(d.Review(by, tx.at, note))(by)
}

// ApproveDisposal is the consent of a second person, who neither asked for the disposal nor reviewed it. Options.Authority
// is asked whether that person may. The errors are those of [Store.ReviewDisposal], a [*hipaasmp.ValidationError] for the
// wrong person, and what the authority answers.
func (s *Store) ApproveDisposal(ctx context.Context, tenant string, ref hipaasmp.Ref, by hipaasmp.Actor) (d retention.Disposition, err error) {
	err = s.Update(ctx, tenant, func(tx *Tx) (err error) {
		d, err = tx.ApproveDisposal(ref, by)
		return err
	})
	return d, err
}

// ApproveDisposal is [Store.ApproveDisposal] within the transaction.
func (tx *Tx) ApproveDisposal(ref hipaasmp.Ref, by hipaasmp.Actor) (retention.Disposition, error) {
	d, err := tx.pending(ref)
	if err != nil {
		return retention.Disposition{}, err
	}
	return tx.stepDisposition(d.Approve(by, tx.at, tx.store.opts.Authority))(by)
}

// DeclineDisposal decides that a record whose disposal was proposed is kept, for a reason. It can be proposed again. One
// that nobody proposed, or that is destroyed, gives a [*hipaasmp.TransitionError].
func (s *Store) DeclineDisposal(ctx context.Context, tenant string, ref hipaasmp.Ref, by hipaasmp.Actor, reason string) (d retention.Disposition, err error) {
	err = s.Update(ctx, tenant, func(tx *Tx) (err error) {
		d, err = tx.DeclineDisposal(ref, by, reason)
		return err
	})
	return d, err
}

// DeclineDisposal is [Store.DeclineDisposal] within the transaction.
func (tx *Tx) DeclineDisposal(ref hipaasmp.Ref, by hipaasmp.Actor, reason string) (retention.Disposition, error) {
	d, _, err := tx.disposition(ref)
	if err != nil {
		return retention.Disposition{}, err
	}
	return tx.stepDisposition(d.Keep(by, tx.at, reason))(by)
}

// Disposition returns the disposition of a document. Where none was begun it is a [*NotFoundError].
func (s *Store) Disposition(ctx context.Context, tenant string, ref hipaasmp.Ref) (retention.Disposition, error) {
	d, _, err := Get[retention.Disposition](ctx, s, tenant, hipaasmp.Ref{Kind: retention.KindDisposition, ID: retention.DispositionID(ref)})
	return d, err
}

// pending returns the disposition of a document after looking again at what stands against it.
func (tx *Tx) pending(ref hipaasmp.Ref) (retention.Disposition, error) {
	d, begun, err := tx.disposition(ref)
	if err != nil {
		return retention.Disposition{}, err
	}
	zone := earliestZone
	if begun != nil {
		zone = d.Location()
	}
	x, err := tx.disposable(ref, zone)
	if err != nil {
		return retention.Disposition{}, err
	}
	return d, x.sameVersion(begun)
}

// disposition returns the disposition of a document, and again as a pointer that is nil where none was begun; then it is
// one to begin with.
func (tx *Tx) disposition(ref hipaasmp.Ref) (retention.Disposition, *retention.Disposition, error) {
	if tx.closed {
		return retention.Disposition{}, nil, ErrClosed
	}
	id := retention.DispositionID(ref)
	e, err := tx.newestVersion(hipaasmp.Ref{Kind: retention.KindDisposition, ID: id})
	if err != nil {
		return retention.Disposition{}, nil, err
	}
	if e.Version == 0 {
		return retention.Disposition{Header: hipaasmp.NewHeader(retention.KindDisposition, id), Ref: ref.Newest(), State: retention.StateRetaining}, nil, nil
	}
	d, err := Decode[retention.Disposition](e)
	return d, &d, err
}

// stepDisposition files what a step came to.
func (tx *Tx) stepDisposition(d retention.Disposition, err error) func(by hipaasmp.Actor) (retention.Disposition, error) {
	return func(by hipaasmp.Actor) (retention.Disposition, error) {
		if err == nil {
			err = tx.keepDisposition(d, by)
		}
		if err != nil {
			return retention.Disposition{}, err
		}
		return d, nil
	}
}

func (tx *Tx) keepDisposition(d retention.Disposition, by hipaasmp.Actor) error {
	p, err := tx.store.prepareAny(d, []PutOption{By(by)})
	if err != nil {
		return err
	}
	prev, err := tx.newestVersion(p.ref)
	if err != nil {
		return err
	}
	_, err = tx.append(OpPut, p, prev)
	return err
}

// disposable is a document whose term has run out and that nothing holds, as one transaction sees it.
type disposable struct {
	ref      hipaasmp.Ref
	newest   Entry
	versions []Entry
	term     retention.Term
	holds    CheckedHolds
	on       hipaasmp.Date
}

// disposable looks at everything that stands against the disposal of a document today: that it is the ledger's own, its
// term, open holds, and the grace after the last hold on it was released.
func (tx *Tx) disposable(ref hipaasmp.Ref, zone *time.Location) (disposable, error) {
	x := disposable{ref: ref.Newest(), on: hipaasmp.DateOf(tx.now, zone)}
	if ownKind(string(ref.Kind)) {
		return x, &retention.RetainedError{Ref: x.ref, Rule: "ledger", Reason: "it belongs to the ledger itself"}
	}
	var err error
	if x.versions, err = tx.history(x.ref); err != nil {
		return x, err
	}
	x.newest = x.versions[len(x.versions)-1]
	if x.newest.Disposed() || tx.gone[keyOf(x.ref)] {
		return x, &DisposedError{Tenant: tx.tenant, Ref: x.ref}
	}
	if x.term, err = tx.Term(x.ref); err != nil {
		return x, err
	}
	holds, err := tx.checkHolds(x.ref, x.versions, zone)
	if err != nil {
		return x, err
	}
	if err := x.term.Disposable(x.ref, x.on, holds.open...); err != nil {
		return x, err
	}
	x.holds = holds.checked
	return x, tx.inGrace(x.ref, holds, x.on)
}

// inGrace refuses a document that was under a hold until a short while ago.
func (tx *Tx) inGrace(ref hipaasmp.Ref, holds holdCheck, on hipaasmp.Date) error {
	if days := tx.store.opts.HoldGrace; days > 0 && !holds.grace.IsZero() && !on.After(holds.grace) {
		return &retention.RetainedError{Ref: ref, Until: holds.grace, FirstDisposal: holds.grace.AddDays(1), Rule: "hold-grace",
			Reason: fmt.Sprintf("a hold on it was released; the grace is %d days", days)}
	}
	return nil
}

// sameVersion refuses a disposition of other versions than there are now.
func (x disposable) sameVersion(d *retention.Disposition) error {
	if d == nil || d.Ref.Version == x.newest.Version {
		return nil
	}
	return &ConflictError{Kind: string(x.ref.Kind), ID: x.ref.ID, Want: d.Ref.Version, Have: x.newest.Version}
}

// Standing says where a document stands on its way to disposal.
type Standing struct {
	// Ref is the document with its newest version.
	Ref hipaasmp.Ref
	// State is where it stands.
	State retention.State
	// Held are the matters of the open holds on it, in their order. While there is one, no step towards disposal is taken.
	Held []string
	// Term says until when it is kept and why.
	Term retention.Term
	// Disposition is what was proposed and decided; nil where nothing was.
	Disposition *retention.Disposition
}

// Standing says where a document stands on a day: active, in effect, retaining, eligible, in review, approved or disposed,
// why, and what holds it. The error is a [*NotFoundError] where there is no such document.
func (s *Store) Standing(ctx context.Context, tenant string, ref hipaasmp.Ref, on hipaasmp.Date) (Standing, error) {
	var out Standing
	entries, err := s.entriesOf(ctx, tenant, ref)
	if err != nil {
		return out, err
	}
	versions := versionsOf(entries)
	out.Ref = entries[len(entries)-1].Ref()
	if out.Term, err = s.Term(ctx, tenant, ref); err != nil {
		return Standing{}, err
	}
	d, err := s.Disposition(ctx, tenant, ref)
	switch {
	case err == nil:
		out.Disposition = &d
	case !errors.Is(err, ErrNotFound):
		return Standing{}, err
	}
	out.State = retention.StateOf(versions, out.Term, out.Disposition, on)
	if entries[len(entries)-1].Disposed() {
		out.State = retention.StateDisposed // of a ledger that was moved here, whose disposition may be sealed
	}
	for h, err := range s.Holds(ctx, tenant) {
		if err != nil {
			return Standing{}, err
		}
		if h.Open() && h.CoversVersions(ref, versions) {
			out.Held = append(out.Held, h.Matter)
		}
	}
	return out, nil
}

func (s *Store) entriesOf(ctx context.Context, tenant string, ref hipaasmp.Ref) ([]Entry, error) {
	var out []Entry
	for e, err := range s.History(ctx, tenant, ref) {
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	if len(out) == 0 {
		return nil, &NotFoundError{Tenant: tenant, Ref: ref.Newest()}
	}
	return out, nil
}
