package storage

import (
	"encoding/binary"
	"encoding/hex"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// A packed envelope is what a row keeps of an envelope: what the row's own columns do not say, in a fifth of the bytes.
// The leaf commits to the envelope's canonical bytes, which are made from it and the columns; so a packed envelope that
// was changed does not hash to its leaf.
//
//	byte 0     packedFormat, and in its lower half flags
//	byte 1     the op, by its place in packedOps
//	actor      role, id: the role a word, the id a length and its bytes
//	schema     the major number; with flagSchema the identifier, a length and its bytes
//	basis      with flagBasis: class, a word; day of creation, number of periods, for each its first and its last day or zero
//	body       32 bytes of digest
//	reason     with flagReason 32 bytes of digest
//
// Lengths and numbers are varints; a day is year*10000+month*100+day. A word is its place in packedWords, or 0, a length
// and its bytes.
const packedFormat = 1 << 4

const (
	flagBasis = 1 << iota
	flagReason
	flagSchema
)

// packedOps gives every op its byte. Places are never given anew.
var packedOps = []Op{
	OpPut, OpHoldPlaced, OpHoldReleased, OpRetentionExtended, OpDisposed, OpEpochStarted,
	OpRestored, OpKeyRotated, OpRekeyed, OpMigrated, OpMoved, OpBackedUp,
	OpClockJumped, OpClockConfirmed, OpOffBoarded,
}

// packedWords are roles and retention classes that need not be written out. Places are never given anew.
var packedWords = []string{
	"", string(hipaasmp.ClassDocumentation), string(hipaasmp.ClassReviewRecord), string(hipaasmp.ClassRawLog),
	string(hipaasmp.RoleSecurityOfficial), string(hipaasmp.RolePrivacyOfficial), string(hipaasmp.RoleManagement), string(hipaasmp.RoleReviewer),
	string(hipaasmp.RoleSystemAdministrator), string(hipaasmp.RoleWorkforce), string(hipaasmp.RoleSystem),
}

// packEnvelope returns nil for an envelope that has no packed form, which [Envelope.check] refuses.
func packEnvelope(e *Envelope) []byte {
	b := make([]byte, 2, 128)
	b[0] = packedFormat
	op := -1
	for i, o := range packedOps {
		if o == e.Op {
			op = i
		}
	}
	if op < 0 {
		return nil
	}
	b[1] = byte(op)
	b = packWord(b, string(e.Actor.Role))
	b = packText(b, e.Actor.ID)
	if kind, major, err := hipaasmp.ParseSchemaID(e.Schema); err == nil && kind == e.Kind {
		b = binary.AppendUvarint(b, uint64(major))
	} else {
		b[0] |= flagSchema
		b = packText(b, e.Schema)
	}
	if e.Basis != nil {
		b[0] |= flagBasis
		b = packWord(b, string(e.Basis.Class))
		b = packDay(b, e.Basis.Created)
		b = binary.AppendUvarint(b, uint64(len(e.Basis.InEffect)))
		for _, p := range e.Basis.InEffect {
			b = packDay(packDay(b, p.From), p.To)
		}
	}
	b, ok := packDigest(b, e.BodyDigest)
	if e.ReasonDigest != "" {
		b[0] |= flagReason
		var also bool
		b, also = packDigest(b, e.ReasonDigest)
		ok = ok && also
	}
	if !ok {
		return nil
	}
	return b
}

func packText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func packWord(b []byte, s string) []byte {
	if at := slices.Index(packedWords, s); at > 0 {
		return append(b, byte(at))
	}
	return packText(append(b, 0), s)
}

func packDay(b []byte, d hipaasmp.Date) []byte {
	if d.IsZero() {
		return append(b, 0)
	}
	return binary.AppendUvarint(b, uint64(d.Year())*10000+uint64(d.Month())*100+uint64(d.Day()))
}

func packDigest(b []byte, d hipaasmp.Digest) ([]byte, bool) {
	sum, err := hex.AppendDecode(b, []byte(d))
	return sum, err == nil && len(sum) == len(b)+driver.HashSize
}

// unpacker reads a packed envelope. After the first failure every step gives zero.
type unpacker struct {
	rest []byte
	bad  bool
}

func (u *unpacker) number() uint64 {
	n, size := binary.Uvarint(u.rest)
	if size <= 0 {
		u.bad, u.rest = true, nil
		return 0
	}
	u.rest = u.rest[size:]
	return n
}

func (u *unpacker) take(n uint64) []byte {
	if n > uint64(len(u.rest)) {
		u.bad, u.rest = true, nil
		return nil
	}
	b := u.rest[:n]
	u.rest = u.rest[n:]
	return b
}

func (u *unpacker) text() string { return string(u.take(u.number())) }

func (u *unpacker) word() string {
	n := u.number()
	switch {
	case n == 0:
		return u.text()
	case n >= uint64(len(packedWords)):
		u.bad = true
		return ""
	}
	return packedWords[n]
}

func (u *unpacker) day() hipaasmp.Date {
	n := u.number()
	if n == 0 {
		return hipaasmp.Date{}
	}
	d, err := hipaasmp.NewDate(int(n/10000%10000), time.Month(n/100%100), int(n%100))
	if err != nil || n > 99991231 {
		u.bad = true
	}
	return d
}

func (u *unpacker) digest() hipaasmp.Digest { return hexDigest(u.take(driver.HashSize)) }

// unpackEnvelope makes the envelope of a row; false if the row has none that can be read.
func unpackEnvelope(tenant string, r *driver.Row) (Envelope, bool) {
	u := unpacker{rest: r.Envelope}
	head := u.take(2)
	if len(head) < 2 || head[0]&^0xf != packedFormat || head[0]&0xf > flagBasis|flagReason|flagSchema || int(head[1]) >= len(packedOps) {
		return Envelope{}, false
	}
	e := Envelope{Op: packedOps[head[1]], Tenant: tenant, Seq: r.Seq, Kind: hipaasmp.Kind(r.Kind), ID: r.ID, Version: r.Version, Recorded: r.Recorded}
	e.Actor.Role = hipaasmp.Role(u.word())
	e.Actor.ID = u.text()
	if head[0]&flagSchema != 0 {
		e.Schema = u.text()
	} else {
		major := u.number()
		if major > 1<<20 {
			return Envelope{}, false
		}
		e.Schema = hipaasmp.SchemaID(e.Kind, int(major))
	}
	if head[0]&flagBasis != 0 {
		e.Basis = &hipaasmp.RetentionBasis{Class: hipaasmp.RetentionClass(u.word()), Created: u.day()}
		periods := u.number()
		for i := uint64(0); i < periods && !u.bad; i++ {
			e.Basis.InEffect = append(e.Basis.InEffect, hipaasmp.Period{From: u.day(), To: u.day()})
		}
	}
	e.BodyDigest = u.digest()
	if head[0]&flagReason != 0 {
		e.ReasonDigest = u.digest()
	}
	return e, !u.bad && len(u.rest) == 0
}
