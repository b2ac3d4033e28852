package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// KindExtension is the kind of [Extension].
const KindExtension hipaasmp.Kind = "storage.extension"

// Extension lengthens the retention of one document to a day. Nothing shortens it again.
type Extension struct {
	hipaasmp.Header
	// Ref is the document, without a version.
	Ref hipaasmp.Ref `json:"ref"`
	// Through is the last day on which the document must still exist.
	Through hipaasmp.Date `json:"through" validate:"required"`
	// At is when it was decided.
	At time.Time `json:"at" validate:"instant"`
}

// Validate returns every fault of the extension.
func (x Extension) Validate() error {
	return validate.Check(x, KindExtension, x.Schema, func(f *validate.Faults) {
		if want := extensionID(x.Ref); x.ID != want && x.ID != "" {
			f.Add(FaultDerivedID, "/id", "is not %q, the identity of the document's extension", want)
		}
		if x.Ref.Version != 0 {
			f.Add(FaultAllVersions, "/ref/version", "is given; an extension is of every version, so leave it out")
		}
	})
}

func extensionID(ref hipaasmp.Ref) string {
	return hipaasmp.NameID(string(KindExtension), ref.Newest().String())
}

// Extend keeps a document through a day at least, whatever the rules come to, and records it in the ledger. A day
// before an earlier extension gives [ErrShortened], a document that does not exist a [*NotFoundError].
func (s *Store) Extend(ctx context.Context, tenant string, ref hipaasmp.Ref, through hipaasmp.Date, by hipaasmp.Actor, reason string) (e Entry, err error) {
	err = s.Update(ctx, tenant, func(tx *Tx) (err error) {
		e, err = tx.Extend(ref, through, by, reason)
		return err
	})
	return e, err
}

// Extend is [Store.Extend] within the transaction.
func (tx *Tx) Extend(ref hipaasmp.Ref, through hipaasmp.Date, by hipaasmp.Actor, reason string) (Entry, error) {
	if tx.closed {
		return Entry{}, ErrClosed
	}
	ref = ref.Newest()
	doc, err := tx.newestVersion(ref)
	switch {
	case err != nil:
		return Entry{}, err
	case doc.Version == 0:
		return Entry{}, &NotFoundError{Tenant: tx.tenant, Ref: ref}
	case doc.Disposed() || tx.gone[keyOf(ref)]:
		return Entry{}, &DisposedError{Tenant: tx.tenant, Ref: ref}
	}
	x := Extension{Header: hipaasmp.NewHeader(KindExtension, extensionID(ref)), Ref: ref, Through: through, At: tx.at}
	p, err := tx.store.prepareAny(x, []PutOption{By(by), Reason(reason)})
	if err != nil {
		return Entry{}, err
	}
	prev, err := tx.newestVersion(p.ref)
	if err != nil {
		return Entry{}, err
	}
	if old, err := tx.extension(ref); err != nil {
		return Entry{}, err
	} else if old != nil && through.Before(old.Through) {
		return Entry{}, fmt.Errorf("%w: %s is already kept through %s", ErrShortened, ref, old.Through)
	}
	e, err := tx.append(OpRetentionExtended, p, prev)
	if err != nil {
		return Entry{}, err
	}
	tx.after = append(tx.after, func(dtx driver.Tx) error { return dtx.ExtendRetention(string(ref.Kind), ref.ID, through) })
	return e, nil
}

// extension returns the newest extension of a document, nil if there is none.
func (tx *Tx) extension(ref hipaasmp.Ref) (*Extension, error) {
	e, err := tx.newestVersion(hipaasmp.Ref{Kind: KindExtension, ID: extensionID(ref)})
	if err != nil || e.Version == 0 {
		return nil, err
	}
	x, err := Decode[Extension](e)
	return &x, err
}

func (s *Store) extension(ctx context.Context, tenant string, r driver.Reader, ref hipaasmp.Ref) (*Extension, error) {
	e, err := s.get(ctx, tenant, r, hipaasmp.Ref{Kind: KindExtension, ID: extensionID(ref)})
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	x, err := Decode[Extension](e)
	return &x, err
}
