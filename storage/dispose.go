package storage

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// earliestZone is where a day begins last: the date there is the earliest that an instant can have anywhere, so a day
// counted in it is over everywhere.
var earliestZone = time.FixedZone("UTC-12", -12*60*60)

// latestZone is where a day begins first: the date there is the latest that an instant can have anywhere.
var latestZone = time.FixedZone("UTC+14", 14*60*60)

// DisposeOption refines a proposal of disposal or one disposal.
type DisposeOption func(*disposeOptions)

type disposeOptions struct {
	zone      *time.Location
	witnessed time.Time
}

func disposeOptionsOf(opts []DisposeOption) disposeOptions {
	o := disposeOptions{zone: earliestZone}
	for _, opt := range opts {
		opt(&o)
	}
	return o
}

// Witnessed says what an independent source of time says now: a time-stamping authority, a witness, a radio clock. It
// lets a disposal happen although the clock went ahead by more than Options.ClockStep, so that the store's own clock alone
// is not believed; see [ClockMark].
func Witnessed(at time.Time) DisposeOption {
	return func(o *disposeOptions) { o.witnessed = hipaasmp.Instant(at) }
}

// In names the zone in which the civil day is counted, the entity's own. Without it the day is counted in UTC-12, where
// it comes last, so that nothing is destroyed early anywhere.
func In(zone *time.Location) DisposeOption {
	return func(o *disposeOptions) {
		if zone != nil {
			o.zone = zone
		}
	}
}

// Dispose destroys the content of every version of a document and appends a [Certificate] to the ledger, in one
// transaction. It takes an approved [retention.Disposition]; see [Store.ProposeDisposal]. Inside the transaction everything
// is looked at anew, whatever the disposition says of it:
//
//   - a document that must still be kept gives a [*retention.RetainedError] with the day and the reason;
//   - one under an open hold gives a [*retention.HeldError] with the matters;
//   - a document that was under a hold which was released less than Options.HoldGrace days ago is retained too;
//   - one whose disposal is not approved gives a [*hipaasmp.TransitionError], and one that got another version since it
//     was approved a [*ConflictError];
//   - a clock before the newest entry gives a [*ClockError], however little it is before, and so does one that went ahead
//     by more than Options.ClockStep, now or at an entry before, unless [Witnessed] agrees with it or a person has
//     confirmed it with [Store.ConfirmClock].
//
// Envelopes, leaves and proofs stay. What the database keeps is overwritten; copies in backups lapse with the backups, and
// the certificate lists those that were recorded. by is who carries it out.
func (s *Store) Dispose(ctx context.Context, tenant string, ref hipaasmp.Ref, by hipaasmp.Actor, opts ...DisposeOption) (e Entry, err error) {
	err = s.Update(ctx, tenant, func(tx *Tx) (err error) {
		e, err = tx.Dispose(ref, by, opts...)
		return err
	})
	return e, err
}

// Dispose is [Store.Dispose] within the transaction.
func (tx *Tx) Dispose(ref hipaasmp.Ref, by hipaasmp.Actor, opts ...DisposeOption) (Entry, error) {
	o := disposeOptionsOf(opts)
	if err := tx.clockBack(); err != nil {
		return Entry{}, err
	}
	x, err := tx.disposable(ref, o.zone)
	if err != nil {
		return Entry{}, err
	}
	d, approved, err := tx.disposition(ref)
	if err != nil {
		return Entry{}, err
	}
	d.Ref = x.newest.Ref() // of a disposition that nobody began
	destroyed, err := d.Destroyed(by, tx.at)
	if err != nil {
		return Entry{}, err
	}
	if err := x.sameVersion(approved); err != nil {
		return Entry{}, err
	}
	if err := tx.checkClock(o.witnessed, by); err != nil {
		return Entry{}, err
	}
	c, err := tx.certificate(x, d, by, o)
	if err != nil {
		return Entry{}, err
	}
	p, err := tx.store.prepareAny(c, []PutOption{By(by)})
	if err != nil {
		return Entry{}, err
	}
	e, err := tx.append(OpDisposed, p, Entry{})
	if err != nil {
		return Entry{}, err
	}
	if err := tx.keepDisposition(destroyed, by); err != nil {
		return Entry{}, err
	}
	tx.gone[keyOf(x.ref)] = true
	tx.after = append(tx.after, func(dtx driver.Tx) error { return dtx.Dispose(string(x.ref.Kind), x.ref.ID, x.on) })
	return e, nil
}

// certificate makes the certificate of a disposal that is about to happen.
func (tx *Tx) certificate(x disposable, d retention.Disposition, by hipaasmp.Actor, o disposeOptions) (Certificate, error) {
	backups, err := liveBackups(tx.List(Query{Kind: KindAct}), x.on)
	if err != nil {
		return Certificate{}, err
	}
	asked, _ := d.Requested()
	reviewed, _ := d.Reviewed()
	agreed, _ := d.Approved()
	before, err := tx.newestVersion(d.DocumentRef())
	if err != nil {
		return Certificate{}, err
	}
	c := Certificate{
		Header: hipaasmp.NewHeader(KindCertificate, certificateID(x.ref)), Ref: x.newest.Ref(), Term: x.term, On: x.on, Zone: o.zone.String(),
		Holds: x.holds, Disposition: before.Ref(),
		Requested: asked.By, Reviewed: reviewed.By, Approved: agreed.By, ApprovedAt: agreed.At, By: by, DestroyedAt: tx.at,
		Witnessed: o.witnessed, Method: d.Method, Backups: backups,
	}
	for _, v := range x.versions {
		if d.Method == retention.MethodKeyDestroyed && !v.Sealed {
			return Certificate{}, notSealed(v)
		}
		leaf := v.Leaf()
		c.Versions = append(c.Versions, DestroyedVersion{Version: v.Version, Seq: v.Seq, Leaf: hipaasmp.Digest(hex.EncodeToString(leaf[:]))})
		c.Counts.Versions++
		c.Counts.Bytes += uint64(len(v.Body))
		if v.Sealed {
			c.Counts.Keys++
		}
	}
	return c, nil
}

// notSealed refuses to destroy a key where there is none.
func notSealed(v Entry) error {
	return fmt.Errorf("%w: version %d of %s is not encrypted with a key of its own; use the method %s", ErrUnsupported, v.Version, v.Ref().Newest(), retention.MethodRowRemoved)
}
