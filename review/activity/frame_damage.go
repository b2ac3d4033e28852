package activity

import "bytes"

// unfinished says why a value that began at start has no end.
func (f *framer) unfinished(v verdict, start int64, framed bool) outcome {
	if v == verdictMore {
		return f.cut(start, framed)
	}
	return f.broke(start, framed)
}

// cut yields the defect of a file that ends in the middle of what began at start. Where records stand one a line and
// this one runs over several, it was cut earlier, and the lines behind it are looked at for themselves.
func (f *framer) cut(start int64, framed bool) outcome {
	if f.err != nil { // the file's own error says it
		return stopped
	}
	if framed {
		start = f.offset()
	}
	if f.lines && f.fits(start) && bytes.IndexByte(f.kept(start, f.offset()), '\n') >= 0 {
		return f.broke(start, false)
	}
	f.mark = -1
	fr := frame{offset: start, length: f.offset() - start, reason: ReasonTruncated, detail: cutDetail}
	if !f.fits(start) {
		fr.reason, fr.detail = ReasonTooLong, tooLong
	}
	if f.send(fr) == stopped {
		return stopped
	}
	return broken
}

// broke yields the defect of what began at start and goes on at the next place that can be the start of a record.
// Where a frame was open already, the records up to here have been yielded, so the search begins here.
func (f *framer) broke(start int64, framed bool) outcome {
	if framed {
		start = f.offset()
	}
	return f.recover(start, f.lines, "the bytes are not JSON")
}

// recover passes over the damage that began at start: to the end of its line if records stand one a line, otherwise to
// the next line that begins with a bracket.
func (f *framer) recover(start int64, lines bool, detail string) outcome {
	f.torn = true
	f.hold(start)
	fr := frame{offset: start, reason: ReasonSyntax, detail: detail}
	switch {
	case !f.fits(start):
		fr.reason, fr.detail = ReasonTooLong, tooLong
	case f.deep: // looking again from its start would take a time that grows with the square of the depth
		fr.reason, fr.detail = ReasonTooDeep, tooDeep
	default:
		f.pos = int(start - f.base)
	}
	f.mark, f.deep = -1, false
	stop := int64(-1)
	for stop < 0 && f.more() {
		i := bytes.IndexByte(f.buf[f.pos:], '\n')
		if i < 0 {
			f.pos = len(f.buf)
			continue
		}
		f.pos += i + 1
		if end := f.offset() - 1; lines || !f.more() || f.buf[f.pos] == '{' || f.buf[f.pos] == '[' {
			stop = end
		}
	}
	if f.err != nil {
		return stopped
	}
	if stop < 0 {
		stop = f.offset()
	}
	fr.length = stop - start
	if f.send(fr) == stopped {
		return stopped
	}
	return broken
}
