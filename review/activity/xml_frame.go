package activity

import (
	"bytes"
	"strconv"
)

// documents cuts a file into XML documents: bare ones behind each other, each in a syslog message that ends with a line
// end, or each in a syslog message behind the number of its bytes (RFC 6587). The framing is told by the first bytes of
// each, so a file may mix them. Where a document breaks off, reading goes on at the next line that can be the start of one.
type documents struct {
	*framer
	// starts reports whether a document begins with the bytes, which begin with < and are as many as are there, up to 40.
	starts func(b []byte) bool
	// folded says that a bracket follows the document that is being read, see [repetitions].
	folded bool
}

const longestStart = 40

func (d *documents) run(yield func(frame) bool) error {
	d.top = func() {
		for d.space() {
			if d.buf[d.pos] == bom[0] && d.follows(bom) {
				d.pos += len(bom)
				continue
			}
			var ok bool
			c := d.buf[d.pos]
			headed := c != '<' && d.headed()
			switch {
			case (c == '<' || headed) && d.quickDocument():
				ok = !d.stopped
			case headed:
				ok = d.message()
			case c >= '0' && c <= '9':
				ok = d.counted()
			case c == '<' && d.at(1) >= '0' && d.at(1) <= '9':
				ok = d.message()
			default:
				ok = d.document(d.keep())
			}
			if !ok || d.err != nil {
				return
			}
		}
	}
	return d.framer.run(yield)
}

// quickDocument reads the message that is next by [framer.quick], if it is the rest of a line.
func (d *documents) quickDocument() bool {
	if d.quick == nil {
		return false
	}
	n := d.lineLength()
	if n < 0 {
		return false
	}
	line := trimBlanks(d.buf[d.pos : d.pos+n])
	if len(line) > d.limit || !d.quick(line) {
		d.slowly()
		return false
	}
	offset := d.offset()
	d.pos += len(line)
	d.emit(frame{raw: line, offset: offset, length: int64(len(line)), ready: true})
	return true
}

// headed reports whether the next bytes are the header of a message without its priority.
func (d *documents) headed() bool {
	d.at(longestStart)
	return syslogHead(d.buf[d.pos:min(len(d.buf), d.pos+longestStart)])
}

// at returns the byte so many behind the next, or 0 where the file ends before.
func (d *documents) at(n int) byte {
	for len(d.buf)-d.pos <= n && !d.end {
		d.fill()
	}
	if len(d.buf)-d.pos <= n {
		return 0
	}
	return d.buf[d.pos+n]
}

// counted reads a message behind its number of bytes.
func (d *documents) counted() bool {
	start := d.keep()
	digits := 0
	for d.at(digits) >= '0' && d.at(digits) <= '9' && digits < 10 {
		digits++
	}
	if d.at(digits) != ' ' || d.at(digits+1) != '<' || digits > 9 {
		return d.broke(start, "the line is no message")
	}
	n, err := strconv.Atoi(string(d.buf[d.pos : d.pos+digits]))
	if err != nil {
		return d.broke(start, "the line is no message")
	}
	d.pos += digits + 1
	for left := n; left > 0; {
		if !d.more() {
			return d.cut(start)
		}
		step := min(left, len(d.buf)-d.pos)
		d.pos += step
		left -= step
	}
	d.at(longestStart)
	if c := d.at(0); c != 0 && c != '\n' && c != '\r' && !d.begins() {
		if d.fits(start) { // what it claims is not to be trusted, so the search begins with the next line
			if i := bytes.IndexByte(d.kept(start, d.offset()), '\n'); i >= 0 {
				d.pos = int(start-d.base) + i
			}
		}
		return d.broke(start, "behind the number of bytes that the message claims no other begins")
	}
	return d.yieldAll(start)
}

// message reads a syslog message that begins with its header. Its document may run over several lines.
func (d *documents) message() bool {
	start := d.keep()
	d.pos++
	for d.more() {
		c := d.buf[d.pos]
		switch {
		case c == '\n':
			return d.yieldSince(start) // a message without a document
		case c == '<' && (d.at(1) == '?' || nameStart(d.at(1))):
			d.folded = false
			if d.fits(start) {
				times, _ := repetitions(d.kept(start, d.offset()))
				d.folded = times > 0
			}
			ok := d.document(start)
			d.folded = false
			return ok
		}
		d.pos++
	}
	return d.yieldSince(start)
}

// document reads the document whose first byte is next; start is where its message begins.
func (d *documents) document(start int64) bool {
	var s xmlScanner
	for d.more() {
		rest := d.buf[d.pos:]
		if i := bytes.IndexByte(rest, '\n'); i >= 0 {
			rest = rest[:i+1]
		}
		n, v := s.feed(rest)
		d.pos += n
		d.deep = d.deep || s.deep
		switch v {
		case verdictDone:
			for n := 0; d.folded && (d.at(n) == ' ' || d.at(n) == ']'); n++ {
				if d.at(n) == ']' {
					d.pos += n + 1
					break
				}
			}
			return d.yieldSince(start)
		case verdictBad:
			return d.broke(start, "the bytes are not XML")
		}
		if n > 0 && rest[n-1] == '\n' && s.state == xmlText && s.depth > 0 && d.another() {
			return d.broke(start, "another message begins before the end of it")
		}
	}
	return d.cut(start)
}

// another reports whether a line that is next begins with the tag of a document, or with a header and has one. Within a
// document that shows that the document was cut in its text, for no message holds another.
func (d *documents) another() bool {
	if d.headed() {
		n := d.lineLength()
		if n < 0 {
			if n = len(d.buf) - d.pos; n > d.limit {
				return false
			}
		}
		line := d.buf[d.pos : d.pos+n]
		i := bytes.IndexByte(line, '<')
		return i >= 0 && (bytes.HasPrefix(line[i:], []byte("<?xml")) || i+1 < n && nameStart(line[i+1]) && d.starts(line[i:]))
	}
	if d.at(0) != '<' || !nameStart(d.at(1)) {
		return false
	}
	d.at(longestStart)
	return d.starts(d.buf[d.pos:min(len(d.buf), d.pos+longestStart)])
}

// yieldSince yields the record that ends here, without the blanks at its end.
func (d *documents) yieldSince(start int64) bool {
	if d.fits(start) && d.err == nil {
		for d.pos > int(start-d.base) && d.buf[d.pos-1] <= ' ' {
			d.pos-- // they are passed over again before the next
		}
	}
	return d.yieldAll(start)
}

// yieldAll yields the record that ends here.
func (d *documents) yieldAll(start int64) bool {
	if d.err != nil {
		return false
	}
	fr := frame{offset: start, length: d.offset() - start}
	switch {
	case !d.fits(start):
		fr.reason, fr.detail = ReasonTooLong, tooLong
	case d.deep:
		fr.reason, fr.detail = ReasonTooDeep, tooDeep
	default:
		fr.raw = d.kept(start, d.offset())
	}
	d.mark = -1
	return d.emit(fr)
}

func (d *documents) cut(start int64) bool {
	if d.err != nil {
		return false
	}
	fr := frame{offset: start, length: d.offset() - start, reason: ReasonTruncated, detail: cutDetail}
	if !d.fits(start) {
		fr.reason, fr.detail = ReasonTooLong, tooLong
	}
	d.mark = -1
	return d.emit(fr)
}

// broke yields the defect of what began at start, up to the next line that can be the start of a record. The line in
// which the damage showed may be one.
func (d *documents) broke(start int64, detail string) bool {
	fr := frame{offset: start, reason: ReasonSyntax, detail: detail}
	if !d.fits(start) {
		fr.reason, fr.detail = ReasonTooLong, tooLong
	} else if i := bytes.LastIndexByte(d.kept(start, d.offset()), '\n'); i >= 0 {
		d.pos = int(start-d.base) + i // at the end of the line before
	}
	d.mark, d.deep = -1, false
	for d.more() {
		i := bytes.IndexByte(d.buf[d.pos:], '\n')
		if i < 0 {
			d.pos = len(d.buf)
			continue
		}
		d.pos += i
		fr.length = d.offset() - start
		d.pos++
		d.at(longestStart)
		if d.begins() {
			return d.err == nil && d.emit(fr)
		}
	}
	if d.err != nil {
		return false
	}
	fr.length = d.offset() - start
	return d.emit(fr)
}

// begins reports whether a record can begin here, as far as is in memory.
func (d *documents) begins() bool {
	b := d.buf[d.pos:min(len(d.buf), d.pos+longestStart)]
	b = bytes.TrimPrefix(b, []byte(bom))
	digits := 0
	for digits < len(b) && b[digits] >= '0' && b[digits] <= '9' {
		digits++
	}
	if digits > 0 { // at the end of the file a count may be cut
		rest := b[digits:]
		return syslogHead(b) || digits < 10 && (len(rest) == 0 || string(rest) == " " || bytes.HasPrefix(rest, []byte(" <")))
	}
	switch {
	case len(b) < 2 || b[0] != '<':
		return syslogHead(b)
	case b[1] >= '0' && b[1] <= '9', bytes.HasPrefix(b, []byte("<?xml")):
		return true
	}
	return d.starts(b)
}
