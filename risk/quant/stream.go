package quant

import (
	"crypto/sha256"
	"encoding/binary"
)

// stream is a counter-based source of random bits: draw i is a keyed permutation of i, so any draw can be had without
// those before it. The permutation is that of SplitMix64 (Steele, Lea and Flood, 2014) with a second key between its two
// multiplications, so that streams whose counters meet do not meet in their draws. It is not for secrets.
type stream struct{ start, key uint64 }

// purpose keeps the draws for different ends apart.
type purpose byte

const (
	forCount purpose = iota + 1
	forLoss
	forRate
	forShare
	forSecond
	forShock
)

// streamKey derives the two keys of a row and a purpose from the seed.
func streamKey(seed uint64, id string, what purpose) (a, b uint64) {
	buf := binary.LittleEndian.AppendUint64([]byte("hipaasmp/quant stream 1\x00"), seed)
	buf = append(buf, byte(what))
	sum := sha256.Sum256(append(buf, id...))
	return binary.LittleEndian.Uint64(sum[:8]), binary.LittleEndian.Uint64(sum[8:16])
}

const (
	golden = 0x9e3779b97f4a7c15
	mixA   = 0xbf58476d1ce4e5b9
	mixB   = 0x94d049bb133111eb
)

// newStream returns the stream of one block of years.
func newStream(a, b uint64, block int) stream {
	return stream{start: mix(a+uint64(block)*golden, b), key: b}
}

func mix(x, key uint64) uint64 {
	x = (x ^ x>>30) * mixA
	x ^= key
	x = (x ^ x>>27) * mixB
	return x ^ x>>31
}

// at returns draw i.
func (s stream) at(i uint64) uint64 { return mix(s.start+i*golden, s.key) }
