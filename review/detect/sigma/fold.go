package sigma

import (
	"encoding/binary"
	"unicode"
	"unicode/utf8"
)

// appendFolded appends a text such that two texts that differ in case only are appended alike: every letter becomes the
// member of its orbit that comes first after lower-casing ASCII. Bytes that are not UTF-8 stay as they are.
func appendFolded(dst []byte, s string) []byte {
	at := len(dst)
	dst = append(dst, s...)
	b := dst[at:]
	for len(b) >= 8 {
		w := binary.LittleEndian.Uint64(b)
		if w&highBits != 0 {
			return appendFoldedRunes(dst[:len(dst)-len(b)], s[len(s)-len(b):])
		}
		binary.LittleEndian.PutUint64(b, lowered(w))
		b = b[8:]
	}
	for i, c := range b {
		if c >= utf8.RuneSelf {
			return appendFoldedRunes(dst[:len(dst)-len(b)+i], s[len(s)-len(b)+i:])
		}
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return dst
}

const (
	eachByte = 0x0101010101010101
	highBits = 0x8080808080808080
)

func appendFoldedRunes(dst []byte, s string) []byte {
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n <= 1 {
			dst = append(dst, s[0])
			s = s[1:]
			continue
		}
		dst = utf8.AppendRune(dst, foldRune(r))
		s = s[n:]
	}
	return dst
}

// foldRune is the least member of the rune's orbit, but a lower-case ASCII letter where the orbit has one.
func foldRune(r rune) rune {
	least := r
	for o := unicode.SimpleFold(r); o != r; o = unicode.SimpleFold(o) {
		least = min(least, o)
	}
	if 'A' <= least && least <= 'Z' {
		least += 'a' - 'A'
	}
	return least
}

func folded(s string) string { return string(appendFolded(nil, s)) }
