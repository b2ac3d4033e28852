package storage

import (
	"bytes"
	"context"
	"encoding/base64"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// Proof shows without the store, the database or a network that an entry is in a ledger whose checkpoint was signed. Its
// text is that of C2SP tlog-proof (https://c2sp.org/tlog-proof), which tools other than this module read too; a file of it
// is named with the extension .tlog-proof.
type Proof struct {
	// Index is the position of the entry, counted from 0.
	Index uint64
	// Hashes lead from the leaf to the root, as in RFC 6962, section 2.1.1.
	Hashes tlog.RecordProof
	// Checkpoint is the signed note that it leads to.
	Checkpoint []byte
	// Extra is what the format calls opaque data. [Store.Prove] puts the bytes of the entry's [Envelope] there. Nothing
	// vouches for it before [Proof.Verify] has compared its hash with the leaf.
	Extra []byte
}

// The bounds of a proof's text. A tree of 2^53 leaves has a path of 53 hashes; golang.org/x/mod reads notes up to a
// million bytes.
const (
	maxProof  = 2 << 20
	maxPath   = 64
	proofHead = "c2sp.org/tlog-proof@v1\n"
)

// Prove returns the proof of the entry at position seq against the newest checkpoint of a tenant's ledger. The content of
// the entry is not in it and may have been disposed of; its envelope is. A [*RangeError] tells that there is no such
// entry, [ErrNotFound] that the tenant has none, and a [*CheckpointError] that the store does not sign.
func (s *Store) Prove(ctx context.Context, tenant string, seq uint64) (Proof, error) {
	if s.opts.Unsigned {
		return Proof{}, &CheckpointError{Reason: "of this store is not signed, so it proves nothing; open the store with a Signer"}
	}
	var p Proof
	err := s.view(ctx, tenant, func(r driver.Reader) error {
		head, err := r.Head(0)
		if err != nil {
			return err
		}
		c, err := s.openHead(tenant, head, s.verifiers)
		if err != nil {
			return err
		}
		if err := checkEdge(tenant, head, r); err != nil {
			return err
		}
		if err := s.checkAnchor(ctx, tenant, head, r); err != nil {
			return err
		}
		if seq >= c.Size {
			return &RangeError{Tenant: tenant, What: "seq", Value: seq, Size: c.Size}
		}
		rows, err := r.Entries(seq, 1)
		if err != nil {
			return err
		}
		if len(rows) != 1 || rows[0].Seq != seq {
			return &CorruptError{Tenant: tenant, Seq: seq, What: "the entry is missing"}
		}
		env, ok := unpackEnvelope(tenant, &rows[0])
		if !ok || env.Leaf() != rows[0].Leaf {
			return &CorruptError{Tenant: tenant, Ref: refOf(rows[0]), Seq: seq, What: "the envelope does not hash to its leaf"}
		}
		path, err := tlog.ProveRecord(int64(c.Size), int64(seq), s.nodeReader(tenant, c.Size, r))
		if err != nil {
			return err
		}
		if tlog.CheckRecord(path, int64(c.Size), c.Root, int64(seq), env.Leaf()) != nil {
			return &CorruptError{Tenant: tenant, Ref: refOf(rows[0]), Seq: seq, What: "the stored nodes do not lead from the leaf to the root"}
		}
		p = Proof{Index: seq, Hashes: path, Checkpoint: c.Note, Extra: env.Bytes()}
		return nil
	})
	return p, err
}

// Text returns the proof as text. [ParseProof] reads it.
func (p Proof) Text() []byte {
	var b bytes.Buffer
	b.WriteString(proofHead)
	if len(p.Extra) > 0 {
		b.WriteString("extra " + base64.StdEncoding.EncodeToString(p.Extra) + "\n")
	}
	b.WriteString("index " + strconv.FormatUint(p.Index, 10) + "\n")
	for _, h := range p.Hashes {
		b.WriteString(h.String() + "\n")
	}
	b.WriteByte('\n')
	b.Write(p.Checkpoint)
	return b.Bytes()
}

// ParseProof reads the text of a proof. It accepts exactly one way of writing each, and looks at no hash and no signature:
// that is [Proof.Verify]'s part. The error is a [*ProofError].
func ParseProof(text []byte) (Proof, error) {
	if len(text) > maxProof {
		return Proof{}, &ProofError{Reason: "is longer than any proof"}
	}
	rest, ok := strings.CutPrefix(string(text), proofHead)
	if !ok {
		return Proof{}, &ProofError{Reason: "does not begin with the line " + strings.TrimSuffix(proofHead, "\n")}
	}
	head, checkpoint, ok := strings.Cut(rest, "\n\n")
	if !ok {
		return Proof{}, &ProofError{Reason: "has no empty line before a checkpoint"}
	}
	p := Proof{Checkpoint: []byte(checkpoint)}
	line, head, more := strings.Cut(head, "\n")
	if extra, ok := strings.CutPrefix(line, "extra "); ok {
		data, err := base64.StdEncoding.Strict().DecodeString(extra)
		if err != nil || len(data) == 0 || strings.ContainsRune(extra, '\r') {
			return Proof{}, &ProofError{Reason: "has extra data that is not base64"}
		}
		p.Extra = data
		line, head, more = strings.Cut(head, "\n")
	}
	number, ok := strings.CutPrefix(line, "index ")
	index, err := strconv.ParseUint(number, 10, 53)
	if !ok || err != nil || strconv.FormatUint(index, 10) != number {
		return Proof{}, &ProofError{Reason: "has no line with the index of the entry"}
	}
	p.Index = index
	for more {
		if line, head, more = strings.Cut(head, "\n"); len(p.Hashes) == maxPath {
			return Proof{}, &ProofError{Reason: "has more hashes than any tree has levels"}
		}
		h, err := tlog.ParseHash(line)
		if err != nil || h.String() != line {
			return Proof{}, &ProofError{Reason: "has a line that is no hash in base64"}
		}
		p.Hashes = append(p.Hashes, h)
	}
	return p, nil
}

// Check verifies that the leaf is in the ledger: the checkpoint is signed as [ParseCheckpoint] demands and the hashes
// lead from the leaf to its root. The error is a [*CheckpointError] or a [*ProofError].
func (p Proof) Check(leaf tlog.Hash, verifiers note.Verifiers) (Checkpoint, error) {
	c, err := ParseCheckpoint(p.Checkpoint, verifiers)
	if err != nil {
		return Checkpoint{}, err
	}
	if p.Index >= c.Size {
		return Checkpoint{}, &ProofError{Reason: "is of an entry beyond the end of its checkpoint's ledger"}
	}
	if tlog.CheckRecord(p.Hashes, int64(c.Size), c.Root, int64(p.Index), leaf) != nil {
		return Checkpoint{}, &ProofError{Reason: "does not lead from the entry to the root of its checkpoint"}
	}
	return c, nil
}

// Verify verifies a proof of [Store.Prove] and returns the envelope that is proved and the checkpoint that proves it. The
// envelope's leaf must be in the ledger, at the position and in the ledger that the envelope itself names. That a body is
// the one which the envelope commits to says [BodyDigest]. The error is an [*EnvelopeError], a [*CheckpointError] or a
// [*ProofError].
func (p Proof) Verify(verifiers note.Verifiers) (Envelope, Checkpoint, error) {
	env, err := ParseEnvelope(p.Extra)
	if err != nil {
		return Envelope{}, Checkpoint{}, err
	}
	c, err := p.Check(env.Leaf(), verifiers)
	if err != nil {
		return Envelope{}, Checkpoint{}, err
	}
	if _, tenant, _, ok := SplitOrigin(c.Origin); !ok || tenant != env.Tenant || env.Seq != p.Index {
		return Envelope{}, Checkpoint{}, &ProofError{Reason: "is of an entry that names another ledger or another position"}
	}
	return env, c, nil
}

// ProofError says why a proof is not accepted.
type ProofError struct {
	// Reason says what is wrong with it.
	Reason string
}

func (e *ProofError) Error() string { return "storage: the proof " + e.Reason }
