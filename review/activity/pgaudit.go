package activity

import (
	"bytes"
	"iter"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
)

// pgAudit reads the log of a PostgreSQL server on which pgAudit runs, as csvlog or jsonlog; which of them is told by the
// first byte. Every entry is an event, not only those of pgAudit, because log-ins and refusals are written by the server
// itself. The text of a statement and its parameters are never passed on: they may be about patients.
//
// What pgAudit writes is that a statement passed the check of rights and began. Where it fails later, the server's error
// is an entry of its own; statements of a transaction that has failed already are not written at all.
type pgAudit struct{}

func (pgAudit) Format() Format { return FormatPgAudit }

func (pgAudit) Version() int { return 2 }

func (pgAudit) Read(in Input) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		decode := decodePgRow
		entries{frames: func(yield func(frame) bool) error {
			f := newFramer(in)
			f.top = func() {
				if f.lineStart() && (f.buf[f.pos] == '{' || f.buf[f.pos] == '[') {
					decode = decodePgObject
					f.values()
				} else {
					pgRows(f)
				}
			}
			return f.run(yield)
		}, decode: func(record []byte, e *Event) error { return decode(record, e) }, explain: explainJSON}.read(in)(yield)
	}
}

// pgRows cuts csvlog into rows. A row ends at the first line end before which there is an even number of quotes. Where
// that is no row, a quote was lost, so only the first line is given up.
func pgRows(f *framer) {
	for f.lineStart() {
		start := f.keep()
		first, whole := int64(-1), false
		for quotes := 0; !whole; {
			n, ended := f.line()
			quotes += n
			if first < 0 {
				first = f.offset()
			}
			if !ended || !f.fits(start) {
				break
			}
			whole = quotes%2 == 0
		}
		if f.err != nil {
			return
		}
		fr := frame{offset: start, length: f.offset() - start, reason: ReasonTooLong, detail: tooLong}
		if f.fits(start) {
			raw := f.kept(start, f.offset())
			fr = frame{offset: start, raw: trimEnd(raw)}
			several := f.offset() > first
			if _, err := pgCells(fr.raw); err != nil && several {
				f.pos -= int(f.offset() - first)
				fr.raw = trimEnd(raw[:first-start])
				fr.reason, fr.detail = ReasonSyntax, "a quote of the row is not closed, or there is one too many"
			} else if err != nil && !bytes.HasSuffix(raw, []byte("\n")) && bytes.IndexByte(raw, 0) < 0 {
				fr.reason, fr.detail = ReasonTruncated, cutDetail
			} else if err == nil && f.broken(bytes.HasSuffix(raw, []byte("\n"))) {
				fr.reason, fr.detail = ReasonTruncated, cutDetail
			}
			fr.length = int64(len(fr.raw))
		}
		f.mark = -1
		if !f.emit(fr) {
			return
		}
	}
}

// pgCells takes a row of csvlog apart.
func pgCells(row []byte) ([]string, error) {
	if !utf8.Valid(row) {
		return nil, unreadable{ReasonEncoding, "the row is not UTF-8"}
	}
	cells, ok := csvCells(string(row), 32)
	switch {
	case !ok || bytes.IndexByte(row, 0) >= 0:
		return nil, unreadable{ReasonSyntax, "the row is not CSV"}
	case len(cells) < 23: // 23 since PostgreSQL 9.0, 24 since 13, 26 since 14
		return nil, unreadable{ReasonSyntax, "the row has not as many cells as csvlog has"}
	}
	return cells, nil
}

// csvCells takes a row apart into at most so many cells. It reports whether quotes stand only where they may.
func csvCells(text string, most int) (cells []string, ok bool) {
	for len(cells) < most {
		if !strings.HasPrefix(text, `"`) {
			cell, rest, more := strings.Cut(text, ",")
			if strings.Contains(cell, `"`) {
				return cells, false
			}
			if cells = append(cells, cell); !more {
				return cells, true
			}
			text = rest
			continue
		}
		end := 1
		for {
			i := strings.IndexByte(text[end:], '"')
			if i < 0 {
				return cells, false
			}
			if end += i; !strings.HasPrefix(text[end+1:], `"`) {
				break
			}
			end += 2
		}
		cells = append(cells, strings.ReplaceAll(text[1:end], `""`, `"`))
		switch text = text[end+1:]; {
		case text == "":
			return cells, true
		case text[0] != ',':
			return cells, false
		}
		text = text[1:]
	}
	return cells, false
}

// pgEntry holds what the event needs, under the names of jsonlog.
type pgEntry struct {
	Timestamp string `json:"timestamp"`
	User      string `json:"user"`
	DBName    string `json:"dbname"`
	Host      string `json:"remote_host"`
	SessionID string `json:"session_id"`
	Line      int64  `json:"line_num"`
	Command   string `json:"ps"`
	Severity  string `json:"error_severity"`
	State     string `json:"state_code"`
	Message   string `json:"message"`
	App       string `json:"application_name"`
}

func decodePgObject(raw []byte, e *Event) error {
	var r pgEntry
	if err := json.Unmarshal(raw, &r); err != nil {
		return err
	}
	if r.Timestamp == "" || r.Severity == "" {
		return notAnEvent("the record has no timestamp or no error_severity")
	}
	r.event(e)
	return nil
}

func decodePgRow(raw []byte, e *Event) error {
	c, err := pgCells(raw)
	if err != nil {
		return err
	}
	r := pgEntry{Timestamp: c[0], User: c[1], DBName: c[2], Host: c[4], SessionID: c[5], Line: number(c[6]), Command: c[7],
		Severity: c[11], State: c[12], Message: c[13], App: c[22]}
	if r.Line == 0 || r.Severity == "" {
		return notAnEvent("the row has no number or no severity where csvlog has them")
	}
	if i := strings.LastIndexByte(r.Host, ':'); i >= 0 { // the port
		r.Host = r.Host[:i]
	}
	r.event(e)
	return nil
}
