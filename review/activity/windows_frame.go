package activity

import "bytes"

// windowsDocuments cuts a file of XML into events: bare ones, or within Events, each perhaps behind an XML declaration.
// An event that begins within another shows that the first was cut, because text within an event holds no tags.
func windowsDocuments(f *framer) {
	open := 0
	for f.space() {
		switch {
		case f.tag("<Event"):
			if !windowsDocument(f) {
				return
			}
		case f.tag("<Events"), f.tag("</Events"), f.follows("<?xml"):
			if f.follows("<E") {
				open, f.found = open+1, true
			} else if f.follows("</") {
				open, f.found = max(open-1, 0), true
			}
			if !f.through('>') {
				open = 1
			}
		case f.follows(bom):
			f.pos += len(bom)
		case !windowsJunk(f):
			return
		}
	}
	if open > 0 && f.err == nil && !f.stopped {
		f.emit(frame{offset: f.offset(), reason: ReasonTruncated, detail: cutDetail})
	}
}

// tag reports whether the next bytes are the start of a tag of that name.
func (f *framer) tag(name string) bool {
	if !f.follows(name) {
		return false
	}
	for len(f.buf)-f.pos <= len(name) && !f.end {
		f.fill()
	}
	return len(f.buf)-f.pos == len(name) || !nameByte(f.buf[f.pos+len(name)])
}

// through passes over bytes up to and with the next that is c, and reports whether there was one.
func (f *framer) through(c byte) bool {
	for f.more() {
		if i := bytes.IndexByte(f.buf[f.pos:], c); i >= 0 {
			f.pos += i + 1
			return true
		}
		f.pos = len(f.buf)
	}
	return false
}

// windowsDocument yields the event whose first byte is next.
func windowsDocument(f *framer) bool {
	start := f.keep()
	f.pos += len("<Event")
	fr := frame{offset: start, reason: ReasonTruncated, detail: cutDetail}
	for f.more() {
		i := bytes.IndexByte(f.buf[f.pos:], '<')
		if i < 0 {
			f.pos = len(f.buf)
			continue
		}
		f.pos += i
		if f.tag("</Event") {
			f.through('>')
			fr.reason, fr.detail = "", ""
			break
		}
		if f.tag("<Event") || f.tag("</Events") || f.follows("<?xml") {
			fr.reason, fr.detail = ReasonSyntax, "another event begins before the end of it"
			break
		}
		f.pos++
	}
	if f.err != nil {
		return false
	}
	fr.length = f.offset() - start
	switch {
	case !f.fits(start):
		fr.reason, fr.detail = ReasonTooLong, tooLong
	case fr.reason == "":
		fr.raw = f.kept(start, f.offset())
	case fr.reason == ReasonSyntax:
		fr.length = int64(len(bytes.TrimRight(f.kept(start, f.offset()), " \t\r\n")))
	}
	f.mark = -1
	return f.emit(fr)
}

// windowsJunk yields the defect of what is no event: up to the end of the line, or to an event that begins in it.
func windowsJunk(f *framer) bool {
	start := f.offset()
	f.hold(start)
	f.pos++
	for f.more() && f.buf[f.pos] != '\n' && !(f.buf[f.pos] == '<' && (f.tag("<Event") || f.tag("<Events") || f.tag("</Events"))) {
		f.pos++
	}
	if f.err != nil {
		return false
	}
	return f.emit(frame{offset: start, length: f.offset() - start, reason: ReasonSyntax, detail: "the bytes are no event"})
}
