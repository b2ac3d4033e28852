package sigma

import "strings"

// needle is a folded literal that is looked for in values whose letters are ASCII, whatever their case.
type needle struct {
	literal string
	how     wakeKind
	at      int // where the byte stands that is looked for first
	low, up byte
}

// rarest are bytes from the rarest in logs on, as far as it matters.
const rarest = "zqjxkvwybfghumpdlcnosritae_=&%?,;\"'()[]{}<>~!@#$^*+|\\"

func newNeedle(literal string, how wakeKind) needle {
	n := needle{literal: literal, how: how}
	best := len(rarest) + 1
	for i := range len(literal) {
		rank := strings.IndexByte(rarest, literal[i])
		if rank < 0 {
			rank = len(rarest)
		}
		if rank < best {
			best, n.at = rank, i
		}
	}
	n.low = literal[n.at]
	n.up = n.low
	if 'a' <= n.low && n.low <= 'z' {
		n.up -= 'a' - 'A'
	}
	return n
}

// in reports whether the literal stands in a text where it is looked for. The text has only ASCII, or is folded.
func (n *needle) in(s string) bool {
	spare := len(s) - len(n.literal)
	if spare < 0 {
		return false
	}
	switch n.how {
	case wakeHead:
		return (s[0] == n.literal[0] || s[0]|0x20 == n.literal[0]) && sameFolded(s[:len(n.literal)], n.literal)
	case wakeTail:
		return sameFolded(s[spare:], n.literal)
	}
	return n.stands(s, spare, n.low) || n.up != n.low && n.stands(s, spare, n.up)
}

// stands looks at every place where c is the byte that is looked for first.
func (n *needle) stands(s string, spare int, c byte) bool {
	for from := 0; from <= spare; {
		i := strings.IndexByte(s[from+n.at:spare+n.at+1], c)
		if i < 0 {
			return false
		}
		from += i
		if sameFolded(s[from:from+len(n.literal)], n.literal) {
			return true
		}
		from++
	}
	return false
}

// sameFolded reports whether a text of ASCII, or a folded one, is the folded literal, which has its length.
func sameFolded(s, literal string) bool {
	for len(s) >= 8 && len(literal) >= 8 {
		w := eight(s)
		if l := eight(literal); w != l && lowered(w) != l {
			return false
		}
		s, literal = s[8:], literal[8:]
	}
	for i := 0; i < len(s) && i < len(literal); i++ {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != literal[i] {
			return false
		}
	}
	return true
}

// plain reports whether a text is ASCII.
func plain(s string) bool {
	if len(s) < 8 {
		all := byte(0)
		for i := range len(s) {
			all |= s[i]
		}
		return all < 0x80
	}
	all := eight(s[len(s)-8:])
	for ; len(s) >= 8; s = s[8:] {
		all |= eight(s)
	}
	return all&highBits == 0
}

// eight returns the first eight bytes of a text, which has them.
func eight(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// lowered lower-cases eight bytes, each below 0x80: the high bit of c+63 is set from 'A' on, that of c+37 from '[' on.
func lowered(w uint64) uint64 {
	return w | (w+63*eachByte)&^(w+37*eachByte)&highBits>>2
}
