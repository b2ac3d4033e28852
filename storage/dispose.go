package storage

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// KindCertificate is the kind of [Certificate].
const KindCertificate hipaasmp.Kind = "storage.certificate"

// Certificate records that the content of a document was destroyed: what, under which term, on whose approval. It is a
// record with a retention clock of its own, and it holds no content of what was destroyed.
type Certificate struct {
	hipaasmp.Header
	// Ref is the document, with its newest version.
	Ref hipaasmp.Ref `json:"ref"`
	// Versions are all versions of it.
	Versions []DestroyedVersion `json:"versions" validate:"min=1,dive"`
	// Term is the computation, made inside the destroying transaction, that allowed it.
	Term retention.Term `json:"term"`
	// On is the civil day that the term was held against, and Zone where it is that day.
	On   hipaasmp.Date `json:"on" validate:"required"`
	Zone string        `json:"zone" validate:"required,text"`
	// Requested and Approved are two persons; ApprovedAt is when the second agreed.
	Requested  hipaasmp.Actor `json:"requested"`
	Approved   hipaasmp.Actor `json:"approved"`
	ApprovedAt time.Time      `json:"approved_at" validate:"instant"`
	// DestroyedAt is when the content was destroyed.
	DestroyedAt time.Time `json:"destroyed_at" validate:"instant"`
	// Method says how.
	Method retention.Method `json:"method" validate:"enum"`
	// Backups are the recorded copies of the database that still hold the content, each with the last day on which it
	// exists. A copy that nobody recorded is not among them.
	Backups []BackupCopy `json:"backups,omitempty" validate:"dive"`
}

// DestroyedVersion names one version whose content was destroyed. Its envelope and its leaf remain.
type DestroyedVersion struct {
	// Version is its number.
	Version uint64 `json:"version" validate:"min=1,max=9007199254740991"`
	// Seq is its position in the ledger.
	Seq uint64 `json:"seq" validate:"max=9007199254740991"`
	// Leaf is its leaf hash in hexadecimal.
	Leaf hipaasmp.Digest `json:"leaf" validate:"digest"`
}

// Validate returns every fault of the certificate.
func (c Certificate) Validate() error {
	return validate.Check(c, KindCertificate, c.Schema, func(f *validate.Faults) {
		if c.Requested.ID == c.Approved.ID {
			f.Cite(hipaasmp.FaultSegregation, hipaasmp.CiteDisposal, "/approved", "is the requester; disposal needs a second person")
		}
		if c.DestroyedAt.Before(c.ApprovedAt) {
			f.Add(hipaasmp.FaultOrder, "/destroyed_at", "is before the approval")
		}
	})
}

// Citations returns the provisions that the certificate documents.
func (c Certificate) Citations() []hipaasmp.Citation {
	return []hipaasmp.Citation{hipaasmp.CiteTimeLimit, hipaasmp.CiteDisposal}
}

// RetentionBasis returns the day of destruction: the certificate itself is kept six years.
func (c Certificate) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: c.On}
}

var _ hipaasmp.Record = Certificate{}

// certificateID is fixed by the document: it is disposed of once.
func certificateID(ref hipaasmp.Ref) string {
	return hipaasmp.NameID(string(KindCertificate), ref.Newest().String())
}

// earliestZone is where a day begins last: the date there is the earliest that an instant can have anywhere, so a day
// counted in it is over everywhere.
var earliestZone = time.FixedZone("UTC-12", -12*60*60)

// DisposeOption refines one disposal.
type DisposeOption func(*disposeOptions)

type disposeOptions struct {
	zone      *time.Location
	witnessed time.Time
}

// Witnessed says what an independent source of time says now: a time-stamping authority, a witness, a radio clock. It
// lets a disposal happen although the newest entry of the ledger is older than Options.ClockStep, so that the store's own
// clock alone is not believed.
func Witnessed(at time.Time) DisposeOption {
	return func(o *disposeOptions) { o.witnessed = hipaasmp.Instant(at) }
}

// checkStep refuses a clock that stands far ahead of the newest entry, unless a witness agrees with it: a clock that
// jumped ahead would make everything look due.
func (tx *Tx) checkStep(witnessed time.Time) error {
	step := tx.store.opts.ClockStep
	if step < 0 || tx.now.Sub(tx.old.Recorded) <= step || tx.old.Size == 0 {
		return nil
	}
	if apart := tx.now.Sub(witnessed).Abs(); !witnessed.IsZero() && apart <= step {
		return nil
	}
	return &ClockError{Tenant: tx.tenant, Now: tx.now, Newest: tx.old.Recorded, Ahead: true}
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
// transaction. Inside it the term, the holds and the approval are checked anew, whatever the disposition says of them:
//
//   - a document that must still be kept gives a [*retention.RetainedError] with the day and the reason;
//   - one under an open hold gives a [*retention.HeldError] with the matters;
//   - an approver who is missing, who asked for it or who may not approve it gives a [*hipaasmp.ValidationError] or
//     what Options.Authority answers;
//   - a document that was under a hold which was released less than Options.HoldGrace days ago is retained too;
//   - a clock before the newest entry gives a [*ClockError], however little it is before, and so does one that is further
//     ahead of it than Options.ClockStep, unless [Witnessed] agrees with it.
//
// Envelopes, leaves and proofs stay. What the database keeps is overwritten; copies in backups
// lapse with the backups, and the certificate lists those that were recorded.
func (s *Store) Dispose(ctx context.Context, tenant string, d retention.Disposition, opts ...DisposeOption) (e Entry, err error) {
	err = s.Update(ctx, tenant, func(tx *Tx) (err error) {
		e, err = tx.Dispose(d, opts...)
		return err
	})
	return e, err
}

// Dispose is [Store.Dispose] within the transaction.
func (tx *Tx) Dispose(d retention.Disposition, opts ...DisposeOption) (Entry, error) {
	o := disposeOptions{zone: earliestZone}
	for _, opt := range opts {
		opt(&o)
	}
	ref := d.Ref.Newest()
	if strings.HasPrefix(string(ref.Kind), reserved) {
		return Entry{}, &retention.RetainedError{Ref: ref, Rule: "ledger", Reason: "it belongs to the ledger itself"}
	}
	if tx.now.Before(tx.old.Recorded) {
		return Entry{}, &ClockError{Tenant: tx.tenant, Now: tx.now, Newest: tx.old.Recorded}
	}
	versions, err := tx.history(ref)
	if err != nil {
		return Entry{}, err
	}
	newest := versions[len(versions)-1]
	if newest.Disposed() || tx.gone[keyOf(ref)] {
		return Entry{}, &DisposedError{Tenant: tx.tenant, Ref: ref}
	}
	term, err := tx.Term(ref)
	if err != nil {
		return Entry{}, err
	}
	holds, grace, err := tx.openHolds(ref, versions, o.zone)
	if err != nil {
		return Entry{}, err
	}
	on := hipaasmp.DateOf(tx.now, o.zone)
	checked, err := retention.NewDisposition(ref, term, holds, d.Requested, d.Approved, d.Method, d.At, on, tx.store.opts.Authority)
	if err != nil {
		return Entry{}, err
	}
	if tx.store.opts.HoldGrace > 0 && !grace.IsZero() && !on.After(grace) {
		return Entry{}, &retention.RetainedError{Ref: ref, Until: grace, FirstDisposal: grace.AddDays(1), Rule: "hold-grace",
			Reason: fmt.Sprintf("a hold on it was released; the grace is %d days", tx.store.opts.HoldGrace)}
	}
	if err := tx.checkStep(o.witnessed); err != nil {
		return Entry{}, err
	}
	if checked.Method == retention.MethodKeyDestroyed {
		for _, v := range versions {
			if !v.Sealed {
				return Entry{}, fmt.Errorf("%w: version %d is not encrypted with a key of its own; use the method %s", ErrUnsupported, v.Version, retention.MethodRowRemoved)
			}
		}
	}
	backups, err := liveBackups(tx.List(Query{Kind: KindAct}), on)
	if err != nil {
		return Entry{}, err
	}
	c := Certificate{
		Header: hipaasmp.NewHeader(KindCertificate, certificateID(ref)), Ref: newest.Ref(), Term: term, On: on, Zone: o.zone.String(),
		Requested: checked.Requested, Approved: checked.Approved, ApprovedAt: checked.At, DestroyedAt: tx.at, Method: checked.Method,
		Backups: backups,
	}
	for _, v := range versions {
		leaf := v.Leaf()
		c.Versions = append(c.Versions, DestroyedVersion{Version: v.Version, Seq: v.Seq, Leaf: hipaasmp.Digest(hex.EncodeToString(leaf[:]))})
	}
	p, err := tx.store.prepareAny(c, []PutOption{By(checked.Approved)})
	if err != nil {
		return Entry{}, err
	}
	e, err := tx.append(OpDisposed, p, Entry{})
	if err != nil {
		return Entry{}, err
	}
	tx.gone[keyOf(ref)] = true
	tx.after = append(tx.after, func(dtx driver.Tx) error { return dtx.Dispose(string(ref.Kind), ref.ID, on) })
	return e, nil
}
