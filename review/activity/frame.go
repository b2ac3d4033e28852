package activity

import (
	"bytes"
	"io"
	"slices"
)

// frame is one record of a JSON log, or, where reason is set, a stretch of the file that holds none.
type frame struct {
	raw     []byte // the record; valid until the next frame
	offset  int64
	length  int64
	reason  Reason
	detail  string
	columns []string // of a profile, see [Defect.Columns]
	ready   bool     // the event has been read already, see [framer.quick]
	element bool     // it stands in an array
	wide    bool     // the file is in UTF-16; offset and length are those of its bytes, and raw is what they are in UTF-8
}

// framer cuts a JSON log into records without holding more than one of them. It knows the three frames that logs come
// in: values behind each other (one a line or not), an array, and an object of which one member is an array, such as
// {"Records": [...]}. After damage it finds its way again at the start of a line.
type framer struct {
	in     *inflow
	src    io.Reader // in, or what turns it into UTF-8
	wide   *widePlaces
	buf    []byte
	pos    int   // the next byte to look at
	base   int64 // the offset of buf[0] in the file
	mark   int   // the first byte to keep; -1 if nothing must be kept
	limit  int   // the most bytes to keep
	deep   bool  // what is kept is nested deeper than records are
	end    bool  // the file has no more bytes than buf
	filled bool  // the last read filled buf
	err    error // why, if not because it ended

	container []string                      // the names of the members of which one's array may hold the records, with quotes
	top       func()                        // what reads the file from its first byte; without it it is JSON
	slow      int64                         // the entries that quick did not read
	fell      *int64                        // see [Input.FellBack]
	quick     func(line []byte) bool        // reads the event of a line, or does nothing and reports false; may be nil
	element   func(b []byte) (from, to int) // reads the record in the element that b begins with, or returns 0; may be nil
	last      int                           // how long the last element was
	yield     func(frame) bool
	stopped   bool // the consumer wants no more
	lines     bool // records stand one a line
	told      bool // a first frame has shown whether they do
	torn      bool // there was damage, so a comma or bracket may be left over from it
	found     bool // the file held something
}

const chunk = 64 << 10

func newFramer(in Input, containers ...string) *framer {
	f := &framer{in: newInflow(in.Content), limit: in.limit(), mark: -1}
	f.src, f.fell = f.in, in.FellBack
	for _, name := range containers {
		f.container = append(f.container, `"`+name+`"`)
	}
	return f
}

// outcome of reading a part of the file.
type outcome byte

const (
	read    outcome = iota // it was read to its end
	broken                 // it was not; the framer stands at the place from which to go on
	stopped                // the consumer stopped
)

// run yields every frame of the file. The error is the file's own.
func (f *framer) run(yield func(frame) bool) error {
	f.yield = yield
	switch {
	case f.marked():
	case f.top != nil:
		f.top()
	default:
		f.values()
	}
	if f.stopped || f.err != nil {
		return f.err
	}
	switch {
	case f.in.damage != "":
		f.emit(frame{offset: f.offset(), reason: f.in.reason, detail: f.in.damage})
	case !f.found:
		f.emit(frame{reason: ReasonEmpty, detail: "the file holds nothing"})
	}
	return nil
}

// values reads what stands behind each other at the top of the file.
func (f *framer) values() {
	for f.space() {
		out := broken
		switch c := f.buf[f.pos]; {
		case c == '{' && f.quickLine():
			out = read
			if f.stopped {
				out = stopped
			}
		case c == '{':
			out = f.object()
		case c == '[':
			f.found = true
			f.pos++
			out = f.elements()
		case f.torn && (c == ',' || c == ']' || c == '}'):
			f.pos++
		default:
			out = f.recover(f.offset(), true, "the line does not begin with { or [")
		}
		if out == stopped {
			return
		}
	}
}

// quickLine reads the record that is next by [framer.quick], if it is the rest of a line.
func (f *framer) quickLine() bool {
	if f.quick == nil || !f.lines {
		return false
	}
	n := f.lineLength()
	if n < 0 {
		return false
	}
	line := trimBlanks(f.buf[f.pos : f.pos+n])
	if len(line) > f.limit || !f.quick(line) {
		f.slowly()
		return false
	}
	f.mark, f.deep = -1, false
	offset := f.offset()
	f.pos += len(line)
	f.emit(frame{raw: line, offset: offset, length: int64(len(line)), ready: true})
	return true
}

// slowly counts an entry that is read on the long way.
func (f *framer) slowly() {
	if f.slow++; f.slow > mostShapes && f.fell != nil {
		*f.fell++
	}
}

func trimBlanks(line []byte) []byte {
	for n := len(line); n > 0; n-- {
		if c := line[n-1]; c != ' ' && c != '\r' && c != '\t' {
			return line[:n]
		}
	}
	return nil
}

// object reads an object at the top of the file: a record, or the frame around an array of them.
func (f *framer) object() outcome {
	start := f.keep()
	f.pos++
	framed := false
	for first := true; ; first = false {
		if !f.space() {
			return f.cut(start, framed)
		}
		if f.buf[f.pos] == '}' {
			f.pos++
			if framed {
				return read
			}
			return f.record(frame{}, start, 0, 0)
		}
		if !first {
			if f.buf[f.pos] != ',' {
				return f.broke(start, framed)
			}
			f.pos++
			if !f.space() {
				return f.cut(start, framed)
			}
		}
		if f.buf[f.pos] != '"' {
			return f.broke(start, framed)
		}
		at := f.offset()
		if framed {
			at = f.keep()
		}
		if v := f.value(); v != verdictDone {
			return f.unfinished(v, start, framed)
		}
		names := f.fits(at) && slices.Contains(f.container, string(f.kept(at, f.offset())))
		frames, again := names && !framed && f.fits(start), names && framed
		if framed {
			f.mark = -1
		}
		if !f.space() {
			return f.cut(start, framed)
		}
		if f.buf[f.pos] != ':' {
			return f.broke(start, framed)
		}
		f.pos++
		if !f.space() {
			return f.cut(start, framed)
		}
		if frames && f.buf[f.pos] == '[' {
			framed, f.found = true, true
			f.mark = -1
			f.pos++
			if out := f.elements(); out != read {
				return out
			}
			continue
		}
		at = f.offset()
		if v := f.value(); v != verdictDone {
			return f.unfinished(v, start, framed)
		}
		if again && f.send(frame{offset: at, length: f.offset() - at, reason: ReasonDuplicateMember, detail: "the object has held an array of records before; of two, readers take one or the other"}) == stopped {
			return stopped
		}
	}
}

// elements reads the array whose bracket has been passed: each element is a record.
func (f *framer) elements() outcome {
	for first := true; ; first = false {
		if !f.space() {
			return f.cut(f.offset(), true)
		}
		if f.buf[f.pos] == ']' {
			f.pos++
			return read
		}
		if !first {
			if f.buf[f.pos] != ',' {
				return f.broke(f.offset(), true)
			}
			f.pos++
			if !f.space() {
				return f.cut(f.offset(), true)
			}
		}
		at := f.keep()
		from, to, v := f.quickElement()
		if v != verdictDone {
			return f.unfinished(v, at, false)
		}
		f.last = int(min(f.offset()-at, int64(f.limit)))
		if out := f.record(frame{element: true, ready: to > 0}, at, from, to); out != read {
			return out
		}
	}
}

// quickElement passes over an element. If it was read by [framer.element], from and to are where in it the record lies.
func (f *framer) quickElement() (from, to int, v verdict) {
	if f.element == nil || f.buf[f.pos] != '{' || !f.told {
		return 0, 0, f.value()
	}
	if len(f.buf)-f.pos < 2*f.last+room {
		f.fill() // so that it is not cut where it need not be
	}
	rest := f.buf[f.pos:]
	from, to = f.element(rest[:max(len(rest)-room, 0)]) // what lies behind may be looked at
	if to == 0 || to > f.limit {
		return 0, 0, f.value()
	}
	f.pos += to
	if from == 0 {
		return from, to, verdictDone
	}
	return from, to, f.rest()
}

// record yields what was kept since start.
func (f *framer) record(fr frame, start int64, from, to int) outcome {
	end := f.offset()
	fr.offset, fr.length = start, end-start
	switch {
	case !f.fits(start):
		fr.reason, fr.detail = ReasonTooLong, tooLong
	case f.deep:
		fr.reason, fr.detail = ReasonTooDeep, tooDeep
	}
	switch {
	case fr.reason != "":
		fr.ready = false
	case fr.ready:
		fr.offset, fr.length = start+int64(from), int64(to-from)
		fr.raw = f.kept(fr.offset, fr.offset+fr.length)
	default:
		fr.raw = f.kept(start, end)
	}
	if !f.told {
		f.told = true
		fr.raw = bytes.Clone(fr.raw) // what is looked at behind the record may push it out of the buffer
		f.lines = fr.reason == "" && bytes.IndexByte(fr.raw, '\n') < 0 && f.lineEnds()
	}
	f.mark = -1
	return f.send(fr)
}

const (
	tooLong = "the record is longer than the limit"
	tooDeep = "the record is nested too deep"

	cutDetail  = "the file ends in the middle of it"
	halfDetail = "the record holds half of a character of UTF-16"
)

// lineEnds reports whether the next byte that is not a blank ends a line.
func (f *framer) lineEnds() bool {
	for f.more() {
		switch f.buf[f.pos] {
		case ' ', '\t', '\r':
			f.pos++
		default:
			return f.buf[f.pos] == '\n'
		}
	}
	return true
}

func (f *framer) send(fr frame) outcome {
	if !f.emit(fr) {
		return stopped
	}
	return read
}

func (f *framer) emit(fr frame) bool {
	f.found = true
	if f.wide != nil {
		fr = f.inFile(fr)
	}
	f.stopped = f.stopped || !f.yield(fr)
	return !f.stopped
}

// value passes over one value.
func (f *framer) value() verdict { return f.scan(&scanner{}) }

// rest passes over the rest of an object behind one of its members.
func (f *framer) rest() verdict {
	s := scanner{state: wantNext, depth: 1}
	s.objects[0] = true
	return f.scan(&s)
}

func (f *framer) scan(s *scanner) verdict {
	for f.more() {
		n, v := s.feed(f.buf[f.pos:])
		f.pos += n
		f.deep = f.deep || s.deep
		if v != verdictMore {
			return v
		}
	}
	if f.err == nil && s.completeAtEnd() {
		return verdictDone
	}
	return verdictMore
}
