package sigma

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// pattern is a text with wildcards, folded: pieces between stars. In a piece, the byte [one] stands for any one character;
// it occurs in no UTF-8 text.
type pattern struct {
	pieces     []string
	from, till bool // a star stands before the first piece, behind the last
}

const one = 0xff

// parsePattern reads a text of a rule. stars says what the modifiers add around it.
func parsePattern(s string, before, behind bool) pattern {
	p := pattern{from: before, till: behind}
	var piece strings.Builder
	end := func() {
		if piece.Len() > 0 {
			p.pieces = append(p.pieces, folded(piece.String()))
			piece.Reset()
		}
	}
	star := before
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && i+1 < len(s) && strings.IndexByte(`*?\`, s[i+1]) >= 0:
			i++
			c = s[i]
		case c == '*':
			end()
			star = true
			if len(p.pieces) == 0 {
				p.from = true
			}
			continue
		case c == '?':
			c = one
		}
		piece.WriteByte(c)
		star = false
	}
	end()
	p.till = behind || star
	return p
}

// wild reports whether the text of a rule has a wildcard.
func wild(s string) bool {
	p := parsePattern(s, false, false)
	return p.from || p.till || len(p.pieces) > 1 || len(p.pieces) == 1 && strings.IndexByte(p.pieces[0], one) >= 0
}

// simple returns the kind of the pattern where it is no more than one literal.
func (p pattern) simple() (kind atomKind, literal string, ok bool) {
	if len(p.pieces) == 0 {
		if p.from || p.till {
			return atomPresent, "", true
		}
		return atomExact, "", true
	}
	if len(p.pieces) > 1 || strings.IndexByte(p.pieces[0], one) >= 0 {
		return 0, "", false
	}
	switch {
	case p.from && p.till:
		kind = atomContains
	case p.from:
		kind = atomSuffix
	case p.till:
		kind = atomPrefix
	default:
		kind = atomExact
	}
	return kind, p.pieces[0], true
}

// longest is the longest literal that every match contains.
func (p pattern) longest() string {
	best := ""
	for _, piece := range p.pieces {
		for lit := range strings.SplitSeq(piece, "\xff") {
			if len(lit) > len(best) {
				best = lit
			}
		}
	}
	return best
}

// match reports whether a folded text fits the pattern as a whole.
func (p pattern) match(text []byte) bool {
	for i, piece := range p.pieces {
		last := i == len(p.pieces)-1
		if i == 0 && !p.from {
			n, ok := headOf(text, piece)
			if !ok {
				return false
			}
			text = text[n:]
			if last && !p.till {
				return len(text) == 0
			}
			continue
		}
		if last && !p.till {
			return endsWith(text, piece)
		}
		n := findPiece(text, piece)
		if n < 0 {
			return false
		}
		text = text[n:]
	}
	return len(p.pieces) > 0 || p.from || p.till || len(text) == 0
}

// headOf reports how many bytes of the text the piece takes at its beginning.
func headOf(text []byte, piece string) (n int, ok bool) {
	for i := 0; i < len(piece); i++ {
		if n >= len(text) {
			return 0, false
		}
		if piece[i] == one {
			_, size := utf8.DecodeRune(text[n:])
			n += size
			continue
		}
		if text[n] != piece[i] {
			return 0, false
		}
		n++
	}
	return n, true
}

// findPiece returns the end of the first place at which the piece stands, or -1.
func findPiece(text []byte, piece string) int {
	if strings.IndexByte(piece, one) < 0 {
		if i := bytes.Index(text, []byte(piece)); i >= 0 {
			return i + len(piece)
		}
		return -1
	}
	for i := 0; i < len(text); i += step(text[i:]) {
		if n, ok := headOf(text[i:], piece); ok {
			return i + n
		}
	}
	return -1
}

// endsWith reports whether the text ends with the piece.
func endsWith(text []byte, piece string) bool {
	if strings.IndexByte(piece, one) < 0 {
		return bytes.HasSuffix(text, []byte(piece))
	}
	for i := 0; i < len(text); i += step(text[i:]) {
		if n, ok := headOf(text[i:], piece); ok && i+n == len(text) {
			return true
		}
	}
	return false
}

func step(text []byte) int {
	_, n := utf8.DecodeRune(text)
	return n
}
