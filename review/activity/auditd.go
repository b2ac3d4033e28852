package activity

import (
	"bytes"
	"iter"
	"time"
)

// auditd reads the log of the Linux audit daemon, raw or enriched. One event is several records that share a time and a
// serial number, and the records of several events are interleaved. The rules are those of auditd.conf(5), audit.rules(7)
// and of the audit project's dictionaries of messages and fields. Records that went through syslog are read behind the head
// of their messages; then the machine that the head names tells events of one stamp apart, where the record names none, and
// the time of the head, if it is an instant, is when the log's keeper took the event in. What the kernel printed because no
// daemon was there is read from its own log and from that of syslog.
//
// The place of an event runs from its first record to its last, so records of others may lie between. Read again from
// there, the event with the same identity is the same.
type auditd struct{}

func (auditd) Format() Format { return FormatAuditd }

func (auditd) Version() int { return 3 }

func (auditd) Read(in Input) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		l := &auditLog{in: in, yield: yield, open: map[auditKey]*auditGroup{}}
		f := newFramer(in)
		f.top = func() { auditLines(f) }
		err := f.run(l.line)
		for len(l.queue) > 0 && !l.stopped {
			l.next()
		}
		if err != nil && !l.stopped {
			yield(Event{}, &FileError{File: in.File, Err: err})
		}
	}
}

// auditLines cuts the file into lines.
func auditLines(f *framer) {
	for f.lineStart() {
		start := f.keep()
		_, ended := f.line()
		if f.err != nil {
			return
		}
		fr := frame{offset: start, length: f.offset() - start, reason: ReasonTooLong, detail: tooLong}
		if f.fits(start) {
			line := trimEnd(f.kept(start, f.offset()))
			fr = frame{raw: line, offset: start, length: int64(len(line))}
			if !ended {
				fr.detail = cutDetail // if it turns out to be damaged
			}
			if f.broken(ended) {
				fr.reason = ReasonTruncated
			}
		}
		f.mark = -1
		if !f.emit(fr) {
			return
		}
	}
}

// auditKey is what the records of an event share.
type auditKey struct {
	node, stamp string // where it was recorded, and the time with the serial number, as written
}

// auditGroup is an event of which records may be still to come, or a defect in its place among the events.
type auditGroup struct {
	key     auditKey
	at      time.Time
	taken   time.Time // the latest
	raw     Raw
	records []auditRecord
	text    []byte // the lines of the records, where they are asked for
	size    int    // the bytes of the records
	done    bool
	defect  Reason
	detail  string
}

const (
	// auditPatience is how much later than an event another must be for the first to be complete: the default of
	// end_of_event_timeout.
	auditPatience = 2 * time.Second
	// auditOpen is how many events may wait for records at once.
	auditOpen = 4096
)

// auditLog puts records together.
type auditLog struct {
	in      Input
	yield   func(Event, error) bool
	queue   []*auditGroup // in the order of their first records
	open    map[auditKey]*auditGroup
	size    int
	seq     int64
	headed  bool // records stand in syslog messages
	stopped bool
}

// line takes one line of the log, and yields what is complete.
func (l *auditLog) line(fr frame) bool {
	raw := Raw{File: l.in.File, Offset: fr.offset, Length: fr.length}
	if fr.reason != "" {
		return l.damaged(raw, fr.reason, fr.detail)
	}
	h, reason, detail := readAuditRecord(fr.raw)
	l.headed = l.headed || h.headed
	if reason == ReasonEncoding && fr.wide {
		detail = halfDetail
	}
	if reason != "" {
		if fr.detail != "" && reason == ReasonSyntax && bytes.IndexByte(fr.raw, 0) < 0 && (l.headed || auditCut(string(fr.raw))) {
			reason, detail = ReasonTruncated, fr.detail
		}
		return l.damaged(raw, reason, detail)
	}
	g := l.open[h.key]
	if g == nil {
		g = &auditGroup{key: h.key, at: h.at, raw: raw}
		l.queue = append(l.queue, g)
		l.open[h.key] = g
	}
	g.raw.Length = fr.offset + fr.length - g.raw.Offset
	if h.taken.After(g.taken) {
		g.taken = h.taken
	}
	if g.size += len(fr.raw); g.size > l.in.limit() {
		l.size -= g.size - len(fr.raw)
		g.records, g.text, g.size, g.defect, g.detail = nil, nil, 0, ReasonTooLong, "the records of the event are longer than the limit"
	} else if g.defect == "" {
		g.records = append(g.records, h.record)
		if l.in.KeepRecord {
			g.text = append(append(g.text, fr.raw...), '\n')
		}
		l.size += len(fr.raw)
	} else {
		g.size = 0
	}
	if h.record.ends() {
		l.close(g)
	}
	return l.settle(h.at)
}

// auditCut reports whether the line begins as a record does, as far as it goes.
func auditCut(line string) bool {
	for _, start := range []string{"type=", "node="} {
		if n := min(len(line), len(start)); line[:n] == start[:n] {
			return true
		}
	}
	return false
}

// damaged queues a defect behind the events that began before it.
func (l *auditLog) damaged(raw Raw, reason Reason, detail string) bool {
	l.queue = append(l.queue, &auditGroup{raw: raw, done: true, defect: reason, detail: detail})
	return l.settle(time.Time{})
}

func (l *auditLog) close(g *auditGroup) {
	g.done = true
	if l.open[g.key] == g {
		delete(l.open, g.key)
	}
}

// settle yields what is complete at the head of the queue: what was said to be, what is older than the record that was
// just read, and what must make room. Where the clock was set back, an event waits for its end or for the room.
func (l *auditLog) settle(now time.Time) bool {
	for len(l.queue) > 0 && !l.stopped {
		head := l.queue[0]
		if !head.done && len(l.queue) <= auditOpen && l.size <= l.in.limit() && now.Sub(head.at) <= auditPatience {
			return true
		}
		l.next()
	}
	return !l.stopped
}

// next yields the head of the queue.
func (l *auditLog) next() {
	g := l.queue[0]
	l.queue[0] = nil
	l.queue = l.queue[1:]
	l.close(g)
	l.size -= g.size
	l.seq++
	if g.defect != "" {
		l.stopped = !l.yield(Event{}, &Defect{Raw: g.raw, Seq: l.seq, Reason: g.defect, Detail: g.detail})
		return
	}
	e := g.event()
	e.Source, e.Seq, e.Raw = l.in.Source, l.seq, g.raw
	e.Record = bytes.TrimSuffix(g.text, []byte("\n"))
	l.stopped = !l.yield(e, nil)
}
