package detect

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"time"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// markPacker writes marks as bytes and reads them: a mark takes a fifth of its size as a structure. Texts that come again
// and again, such as actors and roles, are numbered.
type markPacker[M mark] struct {
	mark   M     // the mark that is written or read
	fields []any // pointers to what is in mark, in order
	texts  []string
	number map[string]uint64
	buf    []byte
}

func newMarkPacker[M mark]() *markPacker[M] {
	p := &markPacker[M]{number: map[string]uint64{}}
	p.see(reflect.ValueOf(&p.mark).Elem())
	return p
}

var kindPointers = map[reflect.Kind]reflect.Type{
	reflect.String: reflect.TypeFor[*string](), reflect.Bool: reflect.TypeFor[*bool](), reflect.Int: reflect.TypeFor[*int](),
	reflect.Int64: reflect.TypeFor[*int64](), reflect.Uint64: reflect.TypeFor[*uint64](),
}

// see lists what a mark has.
func (p *markPacker[M]) see(v reflect.Value) {
	at := v.Addr().Interface()
	switch at.(type) {
	case *EventRef, *time.Time, *[]string:
		p.fields = append(p.fields, at)
		return
	}
	if v.Kind() == reflect.Struct {
		for i := range v.NumField() {
			p.see(v.Field(i))
		}
		return
	}
	if to := kindPointers[v.Kind()]; to != nil {
		at = v.Addr().Convert(to).Interface()
	}
	p.fields = append(p.fields, at)
}

// pack writes a mark. What it returns holds until the next call.
func (p *markPacker[M]) pack(m M) []byte {
	p.mark = m
	b := p.buf[:0]
	for _, f := range p.fields {
		switch f := f.(type) {
		case *EventRef:
			b = p.text(p.text(b, f.Source), f.Raw.File)
			b = p.own(b, f.ID)
			b = binary.AppendVarint(binary.AppendVarint(b, f.Raw.Offset), f.Raw.Length)
			b = appendInstant(b, f.At)
		case *time.Time:
			b = appendInstant(b, *f)
		case *[]string:
			n := uint64(len(*f)) + 1
			if *f == nil {
				n = 0
			}
			b = binary.AppendUvarint(b, n)
			for _, s := range *f {
				b = p.text(b, s)
			}
		case *string:
			b = p.text(b, *f)
		case *bool:
			b = append(b, 0)
			if *f {
				b[len(b)-1] = 1
			}
		case *int:
			b = binary.AppendVarint(b, int64(*f))
		case *int64:
			b = binary.AppendVarint(b, *f)
		case *uint64:
			b = binary.AppendUvarint(b, *f)
		default:
			data, _ := json.Marshal(f) // what decode has read, or JSON has written
			b = append(binary.AppendUvarint(b, uint64(len(data))), data...)
		}
	}
	p.buf = b
	return b
}

// How a text is written: as a number, or as itself.
const (
	packedEmpty  = 0
	packedOwn    = 1
	packedDigest = 2 // 32 digits
	packedNumber = 3 // and more
)

func (p *markPacker[M]) text(b []byte, s string) []byte {
	if s == "" {
		return append(b, packedEmpty)
	}
	var digest [16]byte
	if len(s) == 32 && strings.ToLower(s) == s {
		if n, err := hex.Decode(digest[:], []byte(s)); n == len(digest) && err == nil {
			return append(append(b, packedDigest), digest[:]...)
		}
	}
	n, ok := p.number[s]
	if !ok {
		if len(p.texts) >= mostPackedTexts {
			return p.own(b, s)
		}
		s = strings.Clone(s)
		n = uint64(len(p.texts)) + packedNumber
		p.number[s], p.texts = n, append(p.texts, s)
	}
	return binary.AppendUvarint(b, n)
}

// mostPackedTexts bounds the texts that are numbered.
const mostPackedTexts = 1 << 16

func (p *markPacker[M]) own(b []byte, s string) []byte {
	if s == "" {
		return append(b, packedEmpty)
	}
	return append(binary.AppendUvarint(append(b, packedOwn), uint64(len(s))), s...)
}

func appendInstant(b []byte, at time.Time) []byte {
	n := int64(math.MinInt64)
	if !at.IsZero() {
		n = at.UnixMicro()
	}
	return binary.AppendVarint(b, n)
}

// packedMark reads what pack wrote.
type packedMark struct{ b []byte }

func (r *packedMark) uint() uint64 {
	n, size := binary.Uvarint(r.b)
	r.b = r.b[size:]
	return n
}

func (r *packedMark) int() int64 {
	n, size := binary.Varint(r.b)
	r.b = r.b[size:]
	return n
}

func (r *packedMark) take(n int) []byte {
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *packedMark) instant() time.Time {
	n := r.int()
	if n == math.MinInt64 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

// unpack reads a mark and returns how many bytes it takes.
func (p *markPacker[M]) unpack(b []byte) (M, int) {
	r := packedMark{b}
	for _, f := range p.fields {
		switch f := f.(type) {
		case *EventRef:
			*f = EventRef{Source: p.read(&r), Raw: activity.Raw{File: p.read(&r)}, ID: p.read(&r)}
			f.Raw.Offset, f.Raw.Length = r.int(), r.int()
			f.At = r.instant()
		case *time.Time:
			*f = r.instant()
		case *[]string:
			*f = nil
			if n := r.uint(); n > 0 {
				*f = make([]string, n-1)
			}
			for i := range *f {
				(*f)[i] = p.read(&r)
			}
		case *string:
			*f = p.read(&r)
		case *bool:
			*f = r.take(1)[0] == 1
		case *int:
			*f = int(r.int())
		case *int64:
			*f = r.int()
		case *uint64:
			*f = r.uint()
		default:
			data := r.take(int(r.uint()))
			reflect.ValueOf(f).Elem().SetZero()
			_ = json.Unmarshal(data, f)
		}
	}
	return p.mark, len(b) - len(r.b)
}

func (p *markPacker[M]) read(r *packedMark) string {
	switch n := r.uint(); n {
	case packedEmpty:
		return ""
	case packedOwn:
		return string(r.take(int(r.uint())))
	case packedDigest:
		return hex.EncodeToString(r.take(16))
	default:
		return p.texts[n-packedNumber]
	}
}
