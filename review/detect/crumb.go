package detect

import (
	"cmp"
	"math"
	"time"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// crumb is a reference to an event in 40 bytes without a pointer; what it stands for is in a [crumbs].
type crumb struct {
	at, offset, length int64 // at is in microseconds since 1970, or noTime
	place              uint32
	size               uint32 // of the identity
	id                 uint64 // where the identity lies
}

const (
	noTime     = math.MinInt64           // before all times
	zeroMicros = -62_135_596_800_000_000 // the zero time
)

// crumbs keeps the texts of references: where they lie, and the identities that the source gave. The zero value is ready.
type crumbs struct {
	places  []place
	byPlace map[place]uint32
	last    place // as the event has it
	number  uint32
	ids     chunks // identities
	id      []byte
}

type place struct{ source, file string }

// microsOf is the time of an event as crumbs have it.
func microsOf(at time.Time) int64 {
	if micros := at.UnixMicro(); micros > zeroMicros {
		return micros
	}
	return noTime
}

// at numbers the place of an event.
func (c *crumbs) at(source, file string) uint32 {
	if p := (place{source, file}); c.places == nil || p != c.last {
		q := place{plain(source), plain(file)}
		n, ok := c.byPlace[q]
		if !ok {
			if c.byPlace == nil {
				c.byPlace = map[place]uint32{}
			}
			n = uint32(len(c.places))
			q = place{string([]byte(q.source)), string([]byte(q.file))}
			c.byPlace[q] = n
			c.places = append(c.places, q)
		}
		c.last, c.number = q, n
		if q != p {
			c.last = place{string([]byte(source)), string([]byte(file))}
		}
	}
	return c.number
}

// put overwrites a reference. The room of its identity is used again where the new one fits.
func (c *crumbs) put(to *crumb, r EventRef) {
	to.at, to.offset, to.length, to.place = microsOf(r.At), r.Raw.Offset, r.Raw.Length, c.at(r.Source, r.Raw.File)
	if uint64(len(r.ID)) > uint64(to.size) {
		c.id = append(c.id[:0], r.ID...)
		to.id = c.ids.put(c.id)
	} else {
		copy(c.identity(to), r.ID)
	}
	to.size = uint32(len(r.ID))
}

// identity returns the identity that a crumb has.
func (c *crumbs) identity(x *crumb) []byte {
	if x.size == 0 {
		return nil
	}
	return c.ids.from(x.id)[:x.size]
}

// ref returns what a crumb stands for.
func (c *crumbs) ref(x *crumb) EventRef {
	p := c.places[x.place]
	r := EventRef{Source: p.source, ID: string(c.identity(x)), Raw: activity.Raw{File: p.file, Offset: x.offset, Length: x.length}}
	if x.at != noTime {
		r.At = time.UnixMicro(x.at).UTC()
	}
	return r
}

// before reports whether an event with the time comes before a crumb; where both have one time the events are compared.
func (c *crumbs) before(e *met, x *crumb) bool {
	if at := e.micros(); at != x.at {
		return at < x.at
	}
	if e.Raw.Offset > x.offset && c.last.source == e.Source && c.last.file == e.Raw.File && c.number == x.place {
		return false // most logs are read in their order
	}
	return c.order(Ref(*e.Event), x) < 0
}

// order orders a reference and a crumb as [EventRef.compare] orders references.
func (c *crumbs) order(r EventRef, x *crumb) int {
	p, id := c.places[x.place], c.identity(x)
	n := cmp.Or(cmp.Compare(microsOf(r.At), x.at), cmp.Compare(r.Source, p.source), cmp.Compare(r.Raw.File, p.file), cmp.Compare(r.Raw.Offset, x.offset))
	switch {
	case n != 0:
		return n
	case r.ID < string(id):
		return -1
	case r.ID > string(id):
		return 1
	}
	return cmp.Compare(r.Raw.Length, x.length)
}

// micros is the time of the event in microseconds since 1970, or noTime.
func (e *met) micros() int64 { return microsOf(e.Recorded) }
