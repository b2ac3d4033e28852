package storage

import (
	"crypto/subtle"
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

// entryOf reads a row and checks all of it against its leaf.
func entryOf(tenant string, r driver.Row, up *upcasters) (Entry, error) {
	e, what := checkRow(tenant, r)
	if what != "" {
		return Entry{}, &CorruptError{Tenant: tenant, Ref: hipaasmp.Ref{Kind: hipaasmp.Kind(r.Kind), ID: r.ID, Version: r.Version}, Seq: r.Seq, What: what}
	}
	e.upcast = up
	return e, nil
}

// checkRow returns the entry and what is wrong with the row, or "".
func checkRow(tenant string, r driver.Row) (Entry, string) {
	env, err := ParseEnvelope(r.Envelope)
	if err != nil {
		return Entry{}, "the envelope cannot be read"
	}
	e := Entry{Envelope: env, Body: r.Body, Salt: r.Salt, Reason: r.Reason, KeepThrough: r.KeepThrough}
	if leaf := tlog.RecordHash(r.Envelope); leaf != r.Leaf {
		return e, "the envelope does not hash to its leaf"
	}
	if env.Tenant != tenant || env.Seq != r.Seq || string(env.Kind) != r.Kind || env.ID != r.ID || env.Version != r.Version || !env.Recorded.Equal(r.Recorded) {
		return e, "the row says something else than its envelope"
	}
	if r.Body == nil {
		if r.Salt != nil || r.Reason != "" {
			return e, "salt or reason are left where the body is gone"
		}
		return e, ""
	}
	if !sameDigest(BodyDigest(r.Salt, r.Body), env.BodyDigest) {
		return e, "the content does not match the digest in its envelope"
	}
	if r.Reason == "" && env.ReasonDigest != "" || r.Reason != "" && !sameDigest(ReasonDigest(r.Salt, r.Reason), env.ReasonDigest) {
		return e, "the reason does not match the digest in its envelope"
	}
	return e, ""
}

func sameDigest(a, b hipaasmp.Digest) bool {
	return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}
