package activity

// scanner finds the end of one JSON value, whatever pieces the bytes come in. It checks as much of the grammar as it takes
// to notice that a value was cut, and no more: a record with a bad number, a bad escape or crossed brackets still has an
// end, and the decoder refuses it without harm to the next.
type scanner struct {
	state   byte
	name    bool // the string being scanned is the name of a member
	depth   int
	objects [maxDepth]bool // for each open bracket, whether it is a brace
	deep    bool           // depth went beyond maxDepth at some point
}

// maxDepth is how deep a record may be nested. Real ones stay below twenty. Beyond it brackets are only counted.
const maxDepth = 100

const (
	wantValue      byte = iota // at the start, after ':' and after ',' in an array
	wantValueOrEnd             // after '['
	wantName                   // after ',' in an object
	wantNameOrEnd              // after '{'
	wantColon                  // after a name
	wantNext                   // after a value: ',' or the end of the container
	inString
	inEscape
	inLiteral
)

type verdict byte

const (
	verdictMore verdict = iota // the value goes on after the bytes
	verdictDone                // the value ended
	verdictBad                 // the next byte cannot stand where it stands
)

// feed scans b and returns how many of its bytes belong to the value.
func (s *scanner) feed(b []byte) (n int, v verdict) {
	for n < len(b) {
		switch s.state {
		case inString:
			for n < len(b) && b[n] != '"' && b[n] != '\\' && b[n] >= ' ' {
				n++
			}
			if n == len(b) {
				return n, verdictMore
			}
			switch b[n] {
			case '\\':
				s.state = inEscape
			case '"':
				s.state = wantNext
				if s.name {
					s.name, s.state = false, wantColon
				}
			default: // a control character, which no string may hold: the line was cut
				return n, verdictBad
			}
			n++
		case inEscape:
			if b[n] < ' ' {
				return n, verdictBad
			}
			s.state = inString
			n++
		case inLiteral:
			for n < len(b) && !punctuation(b[n]) {
				n++
			}
			if n == len(b) {
				return n, verdictMore
			}
			s.state = wantNext
		default:
			if c := b[n]; c != ' ' && c != '\n' && c != '\r' && c != '\t' && !s.step(c) {
				return n, verdictBad
			}
			n++
		}
		if s.complete() {
			return n, verdictDone
		}
	}
	return n, verdictMore
}

// step takes one byte between tokens and reports whether it may stand there.
func (s *scanner) step(c byte) bool {
	switch s.state {
	case wantValue, wantValueOrEnd:
		switch {
		case c == '{', c == '[':
			s.open(c == '{')
			return true
		case c == ']':
			return s.state == wantValueOrEnd && s.close()
		case c == '"':
			s.state = inString
			return true
		case !punctuation(c):
			s.state = inLiteral
			return true
		}
	case wantName, wantNameOrEnd:
		switch c {
		case '"':
			s.state, s.name = inString, true
			return true
		case '}':
			return s.state == wantNameOrEnd && s.close()
		}
	case wantColon:
		s.state = wantValue
		return c == ':'
	case wantNext:
		switch c {
		case ',':
			s.state = wantValue
			if s.depth <= maxDepth && s.objects[s.depth-1] {
				s.state = wantName
			}
			return true
		case ':': // beyond maxDepth a name looks like a value
			s.state = wantValue
			return s.depth > maxDepth
		case '}', ']':
			return s.close()
		}
	}
	return false
}

// complete reports whether the whole value has been seen.
func (s *scanner) complete() bool { return s.depth == 0 && s.state == wantNext }

// completeAtEnd reports the same where no byte follows: a literal outside of all brackets ends with the file.
func (s *scanner) completeAtEnd() bool { return s.depth == 0 && s.state == inLiteral }

func (s *scanner) open(object bool) {
	if s.depth < maxDepth {
		s.objects[s.depth] = object
	} else {
		s.deep = true
	}
	s.depth++
	s.state = wantValueOrEnd
	if object {
		s.state = wantNameOrEnd
	}
}

func (s *scanner) close() bool {
	s.depth--
	s.state = wantNext
	return true
}

func punctuation(c byte) bool {
	switch c {
	case ',', ':', '{', '}', '[', ']', '"':
		return true
	}
	return c <= ' '
}
