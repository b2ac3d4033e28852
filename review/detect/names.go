package detect

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// names numbers texts from 0 in the order in which they come. Most texts are short and stand in their entry; it has no
// pointers but three, so that millions of texts cost neither much memory nor the time of the collector. The zero value is
// ready.
type names struct {
	seed  maphash.Seed
	slots []uint64 // the upper half of the hash and the number plus 1; 0 is free
	list  []entry
	all   []byte // the long texts
}

// entry is a text: its length and itself, or 255 and where a long one lies.
type entry [16]byte

const longest = len(entry{}) - 1

func (s *names) len() int { return len(s.list) }

// text returns the text of a number. It is not to be changed, and holds until another text gets a number.
func (s *names) text(n uint32) []byte {
	x := &s.list[n]
	if x[0] != 255 {
		return x[1 : 1+x[0]]
	}
	from := binary.LittleEndian.Uint64(x[1:])
	return s.all[from : from+uint64(binary.LittleEndian.Uint32(x[9:]))]
}

// find returns the number of a text that has one. It may be called by several goroutines at once.
func (s *names) find(text []byte) (uint32, bool) {
	if len(s.slots) == 0 {
		return 0, false
	}
	_, n, ok := s.seek(text, maphash.Bytes(s.seed, text))
	return n, ok
}

// number returns the number of a text, which it gets if it has none.
func (s *names) number(text []byte) (n uint32, fresh bool) {
	s.ready()
	return s.numberOf(text, maphash.Bytes(s.seed, text))
}

// ready makes room for one more.
func (s *names) ready() {
	if 4*(len(s.list)+1) > 3*len(s.slots) {
		s.grow()
	}
}

// hash is the hash of a text, once ready.
func (s *names) hash(text []byte) uint64 { return maphash.Bytes(s.seed, text) }

// touch brings the place of a hash near. The places of several texts that are touched before any is numbered come at once,
// and not one after the other.
func (s *names) touch(hash uint64) uint64 { return s.slots[hash&uint64(len(s.slots)-1)] }

func (s *names) numberOf(text []byte, hash uint64) (n uint32, fresh bool) {
	s.ready()
	slot, n, ok := s.seek(text, hash)
	if ok {
		return n, false
	}
	n = uint32(len(s.list))
	s.slots[slot] = hash&^(1<<32-1) | uint64(n+1)
	var x entry
	if len(text) <= longest {
		x[0] = byte(len(text))
		copy(x[1:], text)
	} else {
		x[0] = 255
		binary.LittleEndian.PutUint64(x[1:], uint64(len(s.all)))
		binary.LittleEndian.PutUint32(x[9:], uint32(len(text)))
		s.all = append(s.all, text...)
	}
	s.list = append(s.list, x)
	return n, true
}

func (s *names) seek(text []byte, hash uint64) (slot uint64, n uint32, ok bool) {
	mask, upper := uint64(len(s.slots)-1), hash>>32
	for slot = hash & mask; s.slots[slot] != 0; slot = (slot + 1) & mask {
		if x := s.slots[slot]; x>>32 == upper && bytes.Equal(s.text(uint32(x)-1), text) {
			return slot, uint32(x) - 1, true
		}
	}
	return slot, 0, false
}

func (s *names) grow() {
	if s.slots == nil {
		s.seed = maphash.MakeSeed() // the numbers do not depend on it
	}
	s.slots = make([]uint64, max(64, 2*len(s.slots)))
	mask := uint64(len(s.slots) - 1)
	for n := range uint32(len(s.list)) {
		hash := maphash.Bytes(s.seed, s.text(n))
		slot := hash & mask
		for s.slots[slot] != 0 {
			slot = (slot + 1) & mask
		}
		s.slots[slot] = hash&^(1<<32-1) | uint64(n+1)
	}
}

// How a patient or another thing is written as a text of [names].
const (
	keyPlain  = 0 // a number of the source's own
	keySystem = 1 // a number of a numbering
	keyToken  = 2 // a token that came from another state
)

// patientKey appends the key of a patient.
func patientKey(b []byte, p activity.Patient) []byte {
	if p.System == "" {
		return append(append(b, keyPlain), p.ID...)
	}
	b = binary.AppendUvarint(append(b, keySystem), uint64(len(p.System)))
	return append(append(b, p.System...), p.ID...)
}

// tokenKey appends the key of a token.
func tokenKey(b []byte, t token) []byte { return append(append(b, keyToken), t[:]...) }

// keyOf returns the token of what has the key.
func keyOf(key []byte) token {
	switch key[0] {
	case keyToken:
		return token(key[1:])
	case keySystem:
		n, size := binary.Uvarint(key[1:])
		rest := key[1+size:]
		return tokenOf(string(rest[:n]), string(rest[n:]))
	}
	return tokenOf("", string(key[1:]))
}
