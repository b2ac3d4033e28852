package storage

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// EnvelopeFormat is the number of the envelope's format, its member "v".
const EnvelopeFormat = 1

// SaltSize is the length in bytes of the salt that is hashed before a body.
const SaltSize = 32

// instantFormat writes an instant with all six digits of its microseconds, so that every language writes the same.
const instantFormat = "2006-01-02T15:04:05.000000Z"

// Envelope is what a leaf of the ledger commits to: which document, which version, when, by whom, and the salted digest
// of the content. It holds no content and no personal data, and it is never destroyed.
//
// Its bytes are RFC 8785 canonical JSON with the members actor, basis, body, id, kind, op, reason, recorded, schema,
// seq, tenant, v and version; basis and reason are left out where there is none. No string in it needs an escape.
type Envelope struct {
	// Op says what was done.
	Op Op
	// Tenant is whose ledger it is in.
	Tenant string
	// Seq is the position in the ledger from 0, and the index of the leaf in the tree.
	Seq uint64
	// Kind and ID name the document, Version its version from 1.
	Kind    hipaasmp.Kind
	ID      string
	Version uint64
	// Recorded is when the entry was written, in UTC to the microsecond.
	Recorded time.Time
	// Schema is the $id under which the content was written.
	Schema string
	// Basis is what the retention clock looks at; nil for a document that is no record.
	Basis *hipaasmp.RetentionBasis
	// BodyDigest is [BodyDigest] of the content.
	BodyDigest hipaasmp.Digest
	// ReasonDigest is [ReasonDigest] of the reason; empty where none was given.
	ReasonDigest hipaasmp.Digest
	// Actor is who did it, an opaque identity.
	Actor hipaasmp.Actor
}

// Ref returns the document and the version that the envelope speaks of.
func (e Envelope) Ref() hipaasmp.Ref {
	return hipaasmp.Ref{Kind: e.Kind, ID: e.ID, Version: e.Version}
}

// Leaf returns the RFC 6962 leaf hash: SHA-256 of a zero byte and [Envelope.Bytes].
func (e Envelope) Leaf() tlog.Hash { return tlog.RecordHash(e.Bytes()) }

// Bytes returns the canonical bytes of the envelope. [ParseEnvelope] reads them; it refuses the bytes of an envelope
// whose fields are not written as the vocabulary demands.
func (e Envelope) Bytes() []byte { return e.appendBytes(make([]byte, 0, 512)) }

func (e *Envelope) appendBytes(b []byte) []byte {
	b = append(b, `{"actor":{"id":"`...)
	b = append(b, e.Actor.ID...)
	b = append(b, `","role":"`...)
	b = append(b, e.Actor.Role...)
	b = append(b, `"}`...)
	if e.Basis != nil {
		b = append(b, `,"basis":{"class":"`...)
		b = append(b, e.Basis.Class...)
		b = append(b, `","created":"`...)
		b = append(b, e.Basis.Created.String()...)
		b = append(b, '"')
		for i, p := range e.Basis.InEffect {
			if i == 0 {
				b = append(b, `,"in_effect":[`...)
			} else {
				b = append(b, ',')
			}
			b = append(b, `{"from":"`...)
			b = append(b, p.From.String()...)
			if !p.To.IsZero() {
				b = append(b, `","to":"`...)
				b = append(b, p.To.String()...)
			}
			b = append(b, `"}`...)
		}
		if len(e.Basis.InEffect) > 0 {
			b = append(b, ']')
		}
		b = append(b, '}')
	}
	b = append(b, `,"body":"`...)
	b = append(b, e.BodyDigest...)
	b = append(b, `","id":"`...)
	b = append(b, e.ID...)
	b = append(b, `","kind":"`...)
	b = append(b, e.Kind...)
	b = append(b, `","op":"`...)
	b = append(b, e.Op...)
	if e.ReasonDigest != "" {
		b = append(b, `","reason":"`...)
		b = append(b, e.ReasonDigest...)
	}
	b = append(b, `","recorded":"`...)
	b = e.Recorded.UTC().AppendFormat(b, instantFormat)
	b = append(b, `","schema":"`...)
	b = append(b, e.Schema...)
	b = append(b, `","seq":`...)
	b = strconv.AppendUint(b, e.Seq, 10)
	b = append(b, `,"tenant":"`...)
	b = append(b, e.Tenant...)
	b = append(b, `","v":1,"version":`...)
	b = strconv.AppendUint(b, e.Version, 10)
	return append(b, '}')
}

// check says what is not written as the vocabulary demands, or "".
func (e Envelope) check() string {
	const maxExact = 1<<53 - 1
	kind, _, err := hipaasmp.ParseSchemaID(e.Schema)
	switch {
	case !e.Op.IsValid():
		return "op is no member of storage.Op"
	case !hipaasmp.ValidID(e.Tenant):
		return "tenant is not written as an identity"
	case !hipaasmp.ValidKind(e.Kind):
		return "kind is not written as package.noun"
	case !hipaasmp.ValidID(e.ID):
		return "id is not written as an identity"
	case e.Version == 0 || e.Version > maxExact:
		return "version is not a number from 1"
	case e.Seq > maxExact:
		return "seq is out of range"
	case !hipaasmp.IsInstant(e.Recorded):
		return "recorded is no instant in UTC to the microsecond"
	case err != nil || kind != e.Kind:
		return "schema is not an identifier of the kind"
	case !e.BodyDigest.IsValid():
		return "body is no SHA-256 digest"
	case e.ReasonDigest != "" && !e.ReasonDigest.IsValid():
		return "reason is no SHA-256 digest"
	case !hipaasmp.ValidID(e.Actor.ID) || !hipaasmp.ValidRole(e.Actor.Role):
		return "actor names nobody"
	}
	return checkBasis(e.Basis)
}

// checkBasis says what a retention basis lacks, or "". It is the part of check that nothing before an append has asked.
func checkBasis(b *hipaasmp.RetentionBasis) string {
	if b == nil {
		return ""
	}
	if !b.Class.IsValid() || b.Created.IsZero() {
		return "basis has no class or no day of creation"
	}
	for _, p := range b.InEffect {
		if p.From.IsZero() {
			return "basis has a period without a first day"
		}
	}
	return ""
}

// BodyDigest returns what an envelope commits to: SHA-256 of the salt followed by the canonical bytes of the body.
func BodyDigest(salt, body []byte) hipaasmp.Digest {
	h := sha256.New()
	h.Write(salt)
	h.Write(body)
	return hexDigest(h.Sum(make([]byte, 0, sha256.Size)))
}

// ReasonDigest returns what an envelope commits to where a reason was given: SHA-256 of the salt, a zero byte and the
// reason. A body never begins with a zero byte, so the two digests cannot stand in for each other.
func ReasonDigest(salt []byte, reason string) hipaasmp.Digest {
	h := sha256.New()
	h.Write(salt)
	h.Write([]byte{0})
	h.Write([]byte(reason))
	return hexDigest(h.Sum(nil))
}

func hexDigest(sum []byte) hipaasmp.Digest {
	var text [2 * sha256.Size]byte
	return hipaasmp.Digest(text[:hex.Encode(text[:], sum)])
}

// EnvelopeError says why bytes are no envelope.
type EnvelopeError struct {
	// Offset is the byte at which reading stopped.
	Offset int
	// Reason says what is wrong there.
	Reason string
}

func (e *EnvelopeError) Error() string {
	return fmt.Sprintf("storage: not an envelope: %s (at byte %d)", e.Reason, e.Offset)
}
