package activity

// xmlScanner finds the end of one XML document, whatever pieces the bytes come in. It checks as much as it takes to
// notice that a document was cut, and no more; the parser refuses the rest.
type xmlScanner struct {
	state byte
	depth int
	deep  bool
	run   byte    // how many bytes of the end of a comment, an instruction or a CDATA section have been seen
	slash bool    // the last byte of the tag was a slash
	name  [9]byte // the first bytes of the name that is being read, for instructions
	named int
}

const (
	xmlText byte = iota
	xmlOpen      // behind <
	xmlTag
	xmlQuote       // in "
	xmlApostrophe  // in '
	xmlClose       // behind </
	xmlInstruction // behind <?
	xmlBang        // behind <!
	xmlDash        // behind <!-
	xmlComment
	xmlData // CDATA
)

// feed scans b and returns how many of its bytes belong to the document. A document type is refused: no log needs one,
// and its entities can make a small record grow without end.
func (s *xmlScanner) feed(b []byte) (n int, v verdict) {
	for ; n < len(b); n++ {
		c := b[n]
		switch s.state {
		case xmlText:
			if s.depth > 0 {
				for c != '<' && n+1 < len(b) {
					n++
					c = b[n]
				}
			}
			if c == '<' {
				s.state = xmlOpen
			} else if s.depth == 0 && c != ' ' && c != '\t' && c != '\r' && c != '\n' {
				return n, verdictBad
			}
		case xmlOpen:
			switch {
			case c == '/' && s.depth > 0:
				s.state = xmlClose
			case c == '?':
				s.state, s.run, s.named = xmlInstruction, 0, 0
			case c == '!':
				s.state = xmlBang
			case nameStart(c):
				s.state, s.slash = xmlTag, false
			default:
				return n, verdictBad
			}
		case xmlTag:
			for (c >= 'a' || c >= 'A' && c <= 'Z' || c == ' ' || c == '=') && n+1 < len(b) {
				s.slash = false
				n++
				c = b[n]
			}
			switch c {
			case '"':
				s.state = xmlQuote
			case '\'':
				s.state = xmlApostrophe
			case '<':
				return n, verdictBad
			case '>':
				s.state = xmlText
				if !s.slash {
					s.depth++
					s.deep = s.deep || s.depth > maxDepth
				}
				if s.depth == 0 {
					return n + 1, verdictDone
				}
			}
			s.slash = c == '/'
		case xmlQuote, xmlApostrophe:
			for c != '<' && c != '"' && c != '\'' && n+1 < len(b) {
				n++
				c = b[n]
			}
			switch {
			case c == '<':
				return n, verdictBad
			case c == '"' && s.state == xmlQuote, c == '\'' && s.state == xmlApostrophe:
				s.state = xmlTag
			}
		case xmlClose:
			switch c {
			case '<':
				return n, verdictBad
			case '>':
				s.state = xmlText
				if s.depth--; s.depth == 0 {
					return n + 1, verdictDone
				}
			}
		case xmlBang:
			switch {
			case c == '-':
				s.state = xmlDash
			case c == '[' && s.depth > 0:
				s.state, s.run = xmlData, 0
			default:
				return n, verdictBad
			}
		case xmlDash:
			if c != '-' {
				return n, verdictBad
			}
			s.state, s.run = xmlComment, 0
		case xmlComment:
			s.ends(c, '-', 2)
		case xmlData:
			s.ends(c, ']', 2)
		case xmlInstruction:
			if s.named < len(s.name) {
				s.name[s.named] = c
				if s.named++; s.named == 4 && string(s.name[:3]) == "xml" && !nameByte(c) && s.depth > 0 {
					return n, verdictBad // the start of another document
				}
			}
			s.ends(c, '?', 1)
		}
	}
	return n, verdictMore
}

// ends looks for so many marks and a closing bracket.
func (s *xmlScanner) ends(c, mark byte, marks byte) {
	switch {
	case c == mark:
		s.run = min(s.run+1, marks)
	case c == '>' && s.run == marks:
		s.state = xmlText
	default:
		s.run = 0
	}
}

// nameStart reports whether a name may begin with the byte; beyond ASCII it is not checked.
func nameStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == ':' || c >= 0x80
}

// nameByte reports whether a name may hold the byte; beyond ASCII it is not checked.
func nameByte(c byte) bool { return nameStart(c) || c >= '0' && c <= '9' || c == '-' || c == '.' }
