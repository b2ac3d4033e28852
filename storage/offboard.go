package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// ErrOffBoarded is what every [*OffBoardedError] is, for errors.Is.
var ErrOffBoarded = errors.New("storage: the tenant was off-boarded")

// OffBoardedError says that a tenant's ledger has ended and takes no further entry.
type OffBoardedError struct {
	// Tenant is who was off-boarded.
	Tenant string
	// On is when.
	On time.Time
}

func (e *OffBoardedError) Error() string {
	return fmt.Sprintf("storage: tenant %s was off-boarded on %s; its ledger is complete, so give new records another tenant", e.Tenant, e.On.Format(time.DateOnly))
}

// Is makes every OffBoardedError match [ErrOffBoarded].
func (e *OffBoardedError) Is(target error) bool { return target == ErrOffBoarded }

// OffBoardError says what stands against the off-boarding of a tenant. errors.Is and errors.As reach what is said of each
// document, such as a [*retention.RetainedError] or a [*retention.HeldError].
type OffBoardError struct {
	// Tenant is who was to be off-boarded.
	Tenant string
	// Count is how many documents stand against it, First the first hundred of them.
	Count int
	First []Leftover
	// Through is the last day on which one of them must be kept, as far as that is known; zero where none has a day.
	Through hipaasmp.Date
}

func (e *OffBoardError) Error() string {
	return fmt.Sprintf("storage: tenant %s cannot be off-boarded: %d documents stand against it, the first: %v", e.Tenant, e.Count, e.First[0].Err)
}

// Unwrap returns what is said of the first documents.
func (e *OffBoardError) Unwrap() []error {
	out := make([]error, len(e.First))
	for i, l := range e.First {
		out[i] = l.Err
	}
	return out
}

// maxLeftovers bounds what an [OffBoardError] lists, maxUnfinished what an [OffBoarding] does.
const (
	maxLeftovers  = 100
	maxUnfinished = 10000
)

// KeyDestroyer is a [KeyWrapper] that can destroy every key of a tenant for good. Destroying keys that are gone is no
// error, so that it can be tried again. [KeyRing] is one.
type KeyDestroyer interface {
	// DestroyKeys destroys every key of a tenant.
	DestroyKeys(ctx context.Context, tenant string) error
}

// OffBoardRequest is what an off-boarding is done on.
type OffBoardRequest struct {
	// Requested and Approved are two persons; Options.Authority is asked about the second.
	Requested, Approved hipaasmp.Actor
	// Reason says why the tenant leaves, without personal data.
	Reason string
}

// OffBoard ends a tenant: it appends an [OffBoarding] as the last entry of the ledger and destroys the tenant's keys.
// Nothing is disposed of by it. In one transaction it looks at everything that has content:
//
//   - a record that must be kept, is held, or may be disposed of and is not yet, stands against it; all that do are in one
//     [*OffBoardError], and nothing is changed;
//   - a document that never became a record counts as one from the day it was last changed. After its six years its
//     content goes with the keys; where it is not sealed it stands against the off-boarding, because nothing would destroy
//     it. The entry names the first 10,000 and has the digest of all where there are more;
//   - the ledger's own entries do not, certificates among them: they hold no content and stay readable.
//
// The clock is checked as for [Store.Dispose]. Options.Keys must be a [KeyDestroyer] where anything is sealed; otherwise it
// is [ErrUnsupported].
//
// After the entry nothing is added to the ledger: every write gives an [*OffBoardedError], a hold too. Proofs and
// certificates verify as before. Called again, as after a crash between the entry and the keys, it destroys the keys and
// returns the entry.
func (s *Store) OffBoard(ctx context.Context, tenant string, req OffBoardRequest, opts ...DisposeOption) (Entry, error) {
	e, err := s.lastEntry(ctx, tenant)
	if err != nil {
		return Entry{}, err
	}
	if e.Op != OpOffBoarded {
		err = s.Update(ctx, tenant, func(tx *Tx) (err error) {
			e, err = tx.offBoard(req, disposeOptionsOf(opts))
			return err
		})
		if err != nil {
			return Entry{}, err
		}
	}
	keys, ok := s.opts.Keys.(KeyDestroyer)
	if !ok {
		return e, nil // nothing is sealed: the transaction looked
	}
	if err := keys.DestroyKeys(ctx, tenant); err != nil {
		return e, fmt.Errorf("storage: tenant %s is off-boarded and its keys are not destroyed yet; call OffBoard again: %w", tenant, err)
	}
	return e, nil
}

// lastEntry returns the newest entry of a ledger; one that is empty gives a [*NotFoundError].
func (s *Store) lastEntry(ctx context.Context, tenant string) (e Entry, err error) {
	err = s.view(ctx, tenant, func(r driver.Reader) error {
		head, err := r.Head(0)
		if err != nil {
			return named(err, tenant, hipaasmp.Ref{Kind: KindOffBoarding, ID: offBoardingID})
		}
		row, err := newestRow(r, tenant, head)
		if err != nil {
			return err
		}
		if env, ok := unpackEnvelope(tenant, &row); !ok || env.Op != OpOffBoarded {
			return nil // its content may be sealed and is not asked for
		}
		e, err = s.entryOf(ctx, tenant, row)
		return err
	})
	return e, err
}

func newestRow(r driver.Reader, tenant string, head driver.Head) (driver.Row, error) {
	rows, err := r.Entries(head.Size-1, 1)
	if err == nil && (len(rows) == 0 || rows[0].Seq != head.Size-1) {
		err = &CorruptError{Tenant: tenant, What: "the newest entry is missing"}
	}
	if err != nil {
		return driver.Row{}, err
	}
	return rows[0], nil
}

// checkEnded refuses a ledger that ended with an off-boarding.
func checkEnded(r driver.Reader, tenant string, head driver.Head) error {
	row, err := newestRow(r, tenant, head)
	if err != nil {
		return err
	}
	if env, ok := unpackEnvelope(tenant, &row); ok && env.Op == OpOffBoarded {
		return &OffBoardedError{Tenant: tenant, On: env.Recorded}
	}
	return nil
}

func (tx *Tx) offBoard(req OffBoardRequest, o disposeOptions) (Entry, error) {
	if err := tx.mayWrite(); err != nil {
		return Entry{}, err
	}
	if err := tx.clockBack(); err != nil {
		return Entry{}, err
	}
	on := hipaasmp.DateOf(tx.now, o.zone)
	x := OffBoarding{
		Header: hipaasmp.NewHeader(KindOffBoarding, offBoardingID), Requested: req.Requested, Approved: req.Approved, At: tx.at, On: on, Zone: o.zone.String(),
		Reason: req.Reason, CertificatesThrough: on.AddYears(retention.SecurityRule().Years),
	}
	refused := &OffBoardError{Tenant: tx.tenant}
	names := sha256.New() // of what is unfinished
	for next := (Query{}).scanner(docKey{}); ; {
		rows, err := next(tx.driver)
		if err != nil {
			return Entry{}, err
		}
		if len(rows) == 0 {
			break
		}
		for _, row := range rows {
			if err := tx.offBoardRow(&x, refused, names, row, o.zone); err != nil {
				return Entry{}, err
			}
		}
	}
	if refused.Count > 0 {
		return Entry{}, refused
	}
	if x.UnfinishedCount > maxUnfinished {
		x.UnfinishedDigest = hipaasmp.Digest(hex.EncodeToString(names.Sum(nil)))
	} else {
		x.UnfinishedCount = 0
	}
	if len(x.Unfinished) > 0 {
		if _, ok := tx.store.opts.Keys.(KeyDestroyer); !ok {
			return Entry{}, fmt.Errorf("%w: content is sealed, and Options.Keys cannot destroy keys; give a KeyDestroyer", ErrUnsupported)
		}
	}
	if may := tx.store.opts.Authority; may != nil {
		if err := may(req.Approved, hipaasmp.PowerApproveDisposal, on); err != nil {
			return Entry{}, err
		}
	}
	if err := tx.checkClock(o.witnessed, req.Approved); err != nil {
		return Entry{}, err
	}
	tx.clocked, tx.ended = true, true // nothing is written after it
	var err error
	if x.Backups, err = liveBackups(tx.List(Query{Kind: KindAct}), on); err != nil {
		return Entry{}, err
	}
	x.Size = tx.edge.size
	p, err := tx.store.prepareAny(x, []PutOption{By(req.Approved)})
	if err != nil {
		return Entry{}, err
	}
	return tx.append(OpOffBoarded, p, Entry{})
}

// offBoardRow looks at one document.
func (tx *Tx) offBoardRow(x *OffBoarding, refused *OffBoardError, names io.Writer, row driver.Row, zone *time.Location) error {
	ref := refOf(row).Newest()
	switch {
	case row.Kind == string(KindCertificate):
		x.Certificates++
		if row.KeepThrough.After(x.CertificatesThrough) {
			x.CertificatesThrough = row.KeepThrough
		}
		return nil
	case ownKind(row.Kind):
		return nil
	case row.Body == nil:
		x.Disposed++
		return nil
	}
	l, err := tx.leftover(ref, zone)
	if err != nil {
		return err
	}
	if l.Err == nil {
		if x.UnfinishedCount++; x.UnfinishedCount <= maxUnfinished {
			x.Unfinished = append(x.Unfinished, refOf(row))
		}
		_, err := fmt.Fprintln(names, refOf(row))
		return err
	}
	if refused.Count++; len(refused.First) < maxLeftovers {
		refused.First = append(refused.First, l)
	}
	var retained *retention.RetainedError
	if errors.As(l.Err, &retained) && retained.Until.After(refused.Through) {
		refused.Through = retained.Until
	}
	return nil
}

// UndisposedError says that a document may be disposed of and is not.
type UndisposedError struct {
	// Ref is the document.
	Ref hipaasmp.Ref
	// Reason says what is to be done.
	Reason string
}

func (e *UndisposedError) Error() string {
	return fmt.Sprintf("storage: %s still has content: %s", e.Ref, e.Reason)
}

// leftover says what stands against the off-boarding with one document; nothing where its content may go with the keys.
func (tx *Tx) leftover(ref hipaasmp.Ref, zone *time.Location) (Leftover, error) {
	versions, err := tx.history(ref)
	if err != nil {
		return Leftover{}, err
	}
	ext, err := tx.extension(ref)
	if err != nil {
		return Leftover{}, err
	}
	holds, err := tx.checkHolds(ref, versions, zone)
	if err != nil {
		return Leftover{}, err
	}
	on := hipaasmp.DateOf(tx.now, zone)
	against, err := tx.store.standsAgainst(ref, versions, ext, holds.open, on)
	if grace := tx.inGrace(ref, holds, on); err == nil && grace != nil && !errors.Is(against, retention.ErrHeld) && !errors.Is(against, retention.ErrRetained) {
		against = grace
	}
	return Leftover{ref, against}, err
}

// standsAgainst says why a document with content stands against the off-boarding of its tenant on a day; nil where its
// content may go with the keys.
func (s *Store) standsAgainst(ref hipaasmp.Ref, versions []Entry, ext *Extension, holds []retention.Hold, on hipaasmp.Date) (against, err error) {
	var term retention.Term
	isRecord := slices.ContainsFunc(versions, func(v Entry) bool { return v.Basis != nil })
	if isRecord {
		term, err = s.term(ref, versions, ext)
	} else {
		// What never became a record is looked at as if it had become one on the day it was last changed.
		last := hipaasmp.DateOf(versions[len(versions)-1].Recorded, latestZone)
		term, err = s.opts.Schedule.Term(hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: last})
		if ext != nil {
			term = term.NotBefore(ext.Through, "extended on "+ext.At.Format(time.DateOnly))
		}
	}
	if err != nil {
		return nil, err
	}
	if against := term.Disposable(ref, on, holds...); against != nil {
		return against, nil
	}
	if isRecord {
		return &UndisposedError{ref, "its term has run out; propose, review, approve and carry out its disposal"}, nil
	}
	if slices.ContainsFunc(versions, func(v Entry) bool { return !v.Sealed }) {
		return &UndisposedError{ref, "it is no record and not sealed, so that nothing can destroy it; it goes with the database"}, nil
	}
	return nil, nil
}
