package storage

import (
	"bytes"
	"strconv"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// maxEnvelope bounds what ParseEnvelope looks at. A record with a hundred effective periods is far below it.
const maxEnvelope = 64 << 10

// ParseEnvelope reads the canonical bytes of an envelope. It accepts exactly what [Envelope.Bytes] writes: another
// order of members, white space or an escape would hash to another leaf. The error is an [*EnvelopeError].
func ParseEnvelope(b []byte) (Envelope, error) {
	if len(b) > maxEnvelope {
		return Envelope{}, &EnvelopeError{Reason: "is longer than any envelope"}
	}
	p := envelopeParser{rest: b, size: len(b)}
	e := p.envelope()
	if p.failed == nil && len(p.rest) > 0 {
		p.fail("goes on after its end")
	}
	if p.failed == nil {
		if why := e.check(); why != "" {
			p.fail(why)
		} else if !bytes.Equal(e.Bytes(), b) {
			p.fail("is not in canonical form")
		}
	}
	if p.failed != nil {
		return Envelope{}, p.failed
	}
	return e, nil
}

// envelopeParser walks the fixed form of an envelope. After the first failure every step does nothing.
type envelopeParser struct {
	rest   []byte
	size   int
	failed *EnvelopeError
}

func (p *envelopeParser) fail(reason string) {
	if p.failed == nil {
		p.failed = &EnvelopeError{Offset: p.size - len(p.rest), Reason: reason}
	}
	p.rest = nil
}

// has consumes the literal if it is next.
func (p *envelopeParser) has(literal string) bool {
	if p.failed != nil || len(p.rest) < len(literal) || string(p.rest[:len(literal)]) != literal {
		return false
	}
	p.rest = p.rest[len(literal):]
	return true
}

func (p *envelopeParser) want(literal string) {
	if !p.has(literal) {
		p.fail("lacks " + strconv.Quote(literal))
	}
}

// text consumes up to the closing quotation mark, which it leaves. No string of an envelope needs an escape.
func (p *envelopeParser) text() string {
	i := bytes.IndexByte(p.rest, '"')
	if p.failed != nil || i < 0 || bytes.IndexByte(p.rest[:i], '\\') >= 0 {
		p.fail("has a text that does not end or that is escaped")
		return ""
	}
	s := string(p.rest[:i])
	p.rest = p.rest[i:]
	return s
}

func (p *envelopeParser) number() uint64 {
	i := 0
	for i < len(p.rest) && p.rest[i] >= '0' && p.rest[i] <= '9' {
		i++
	}
	n, err := strconv.ParseUint(string(p.rest[:i]), 10, 64)
	if err != nil {
		p.fail("lacks a number")
		return 0
	}
	p.rest = p.rest[i:]
	return n
}

func (p *envelopeParser) date() hipaasmp.Date {
	s := p.text()
	if p.failed != nil {
		return hipaasmp.Date{}
	}
	d, err := hipaasmp.ParseDate(s)
	if err != nil {
		p.fail("has a date that is none")
	}
	return d
}

func (p *envelopeParser) envelope() (e Envelope) {
	p.want(`{"actor":{"id":"`)
	e.Actor.ID = p.text()
	p.want(`","role":"`)
	e.Actor.Role = hipaasmp.Role(p.text())
	p.want(`"}`)
	if p.has(`,"basis":{"class":"`) {
		e.Basis = p.basis()
	}
	p.want(`,"body":"`)
	e.BodyDigest = hipaasmp.Digest(p.text())
	p.want(`","id":"`)
	e.ID = p.text()
	p.want(`","kind":"`)
	e.Kind = hipaasmp.Kind(p.text())
	p.want(`","op":"`)
	e.Op = Op(p.text())
	if p.has(`","reason":"`) {
		e.ReasonDigest = hipaasmp.Digest(p.text())
	}
	p.want(`","recorded":"`)
	if s := p.text(); p.failed == nil {
		t, err := time.Parse(instantFormat, s)
		if err != nil {
			p.fail("has an instant that is none")
		}
		e.Recorded = t
	}
	p.want(`","schema":"`)
	e.Schema = p.text()
	p.want(`","seq":`)
	e.Seq = p.number()
	p.want(`,"tenant":"`)
	e.Tenant = p.text()
	p.want(`","v":`)
	if v := p.number(); p.failed == nil && v != EnvelopeFormat {
		p.fail("is of format " + strconv.FormatUint(v, 10) + ", which this version cannot read")
	}
	p.want(`,"version":`)
	e.Version = p.number()
	p.want(`}`)
	return e
}

func (p *envelopeParser) basis() *hipaasmp.RetentionBasis {
	b := &hipaasmp.RetentionBasis{Class: hipaasmp.RetentionClass(p.text())}
	p.want(`","created":"`)
	b.Created = p.date()
	p.want(`"`)
	if p.has(`,"in_effect":[`) {
		for {
			var period hipaasmp.Period
			p.want(`{"from":"`)
			period.From = p.date()
			if p.has(`","to":"`) {
				period.To = p.date()
			}
			p.want(`"}`)
			b.InEffect = append(b.InEffect, period)
			if !p.has(`,`) {
				break
			}
		}
		p.want(`]`)
	}
	p.want(`}`)
	return b
}
