package storage

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// Entry is one entry of a tenant's ledger as it is kept: the envelope that the leaf commits to, and the content as long
// as it has not been disposed of. Every entry that a [Store] returns has been checked against its leaf.
type Entry struct {
	// Envelope says what, when and by whom.
	Envelope
	// Body is the content in canonical bytes; nil after disposal.
	Body []byte
	// Salt is hashed before the body; nil after disposal.
	Salt []byte
	// Reason says why it was written; empty where no reason was given and after disposal.
	Reason string
	// KeepThrough is the last day to keep the document as it was known when this version was written; zero while the
	// clock was not running. It is computed from the ledger and no part of the leaf. [Store.Term] says what holds now.
	KeepThrough hipaasmp.Date
	// Sealed is true where the content is kept encrypted under a data key of its own.
	Sealed bool
	// Unchanged is true when a Put with [IfChanged] found this version identical and wrote nothing.
	Unchanged bool

	upcast *upcasters
}

// Disposed reports whether the content was destroyed.
func (e Entry) Disposed() bool { return e.Body == nil }

// Describe returns the entry without its content, for a log or a list.
func (e Entry) Describe() string {
	return fmt.Sprintf("%s %s #%d by %s at %s", e.Op, e.Ref(), e.Seq, e.Actor, e.Recorded.Format(instantFormat))
}

// CorruptError says that something stored does not match what was written. It matches [ErrCorrupt].
type CorruptError struct {
	// Tenant is whose ledger is concerned.
	Tenant string
	// Ref is the document, if one is concerned.
	Ref hipaasmp.Ref
	// Seq is the position in the ledger, if an entry is concerned.
	Seq uint64
	// What says which part does not match, without its content.
	What string
}

func (e *CorruptError) Error() string {
	if e.Ref.IsZero() {
		return fmt.Sprintf("storage: ledger of tenant %s: %s; stop writing, keep the file, and restore a backup beside it", e.Tenant, e.What)
	}
	return fmt.Sprintf("storage: %s (entry %d of tenant %s): %s; stop writing, keep the file, and restore a backup beside it", e.Ref, e.Seq, e.Tenant, e.What)
}

// Is makes every CorruptError match [ErrCorrupt].
func (e *CorruptError) Is(target error) bool { return target == driver.ErrCorrupt }

// entryOf reads a row, opens what is sealed, and checks all of it against its leaf.
func (s *Store) entryOf(ctx context.Context, tenant string, r driver.Row) (Entry, error) {
	what := ""
	if err := s.open(ctx, tenant, &r); errors.Is(err, errSealed) {
		what = "the sealed content does not open under its key"
	} else if err != nil {
		return Entry{}, err
	}
	var e Entry
	if what == "" {
		e, _, what = checkRow(tenant, &r)
	}
	if what != "" {
		return Entry{}, &CorruptError{Tenant: tenant, Ref: hipaasmp.Ref{Kind: hipaasmp.Kind(r.Kind), ID: r.ID, Version: r.Version}, Seq: r.Seq, What: what}
	}
	e.upcast = s.upcast
	return e, nil
}

// checkRow returns the entry of a row whose content is open, its leaf, and what is wrong with the row, or "".
func checkRow(tenant string, r *driver.Row) (Entry, tlog.Hash, string) {
	env, ok := unpackEnvelope(tenant, r)
	if !ok {
		return Entry{}, tlog.Hash{}, "the envelope cannot be read"
	}
	e := Entry{Envelope: env, Body: r.Body, Salt: r.Salt, Reason: r.Reason, KeepThrough: r.KeepThrough, Sealed: r.Key != nil}
	leaf := env.Leaf()
	if leaf != r.Leaf {
		return e, leaf, "the envelope does not hash to its leaf"
	}
	return e, leaf, e.contentFault()
}

// contentFault says what is wrong with the content, or "".
func (e *Entry) contentFault() string {
	if e.Body == nil {
		if e.Salt != nil || e.Reason != "" {
			return "salt or reason are left where the body is gone"
		}
		return ""
	}
	if !sameDigest(BodyDigest(e.Salt, e.Body), e.BodyDigest) {
		return "the content does not match the digest in its envelope"
	}
	if e.Reason == "" && e.ReasonDigest != "" || e.Reason != "" && !sameDigest(ReasonDigest(e.Salt, e.Reason), e.ReasonDigest) {
		return "the reason does not match the digest in its envelope"
	}
	return ""
}

func sameDigest(a, b hipaasmp.Digest) bool {
	return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}
