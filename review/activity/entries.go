package activity

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"iter"
	"strconv"
)

// entries is what every format comes down to: how a file is cut into records, and how one is read.
type entries struct {
	// frames cuts the file. The error is the file's own.
	frames func(yield func(frame) bool) error
	// unwrap cuts the record out of a frame, and gives its place within. Without it the frame is the record.
	unwrap func(frame []byte) (record []byte, at int)
	// several cuts the records out of a frame that is a delivery of any number of them, and gives their places. Where the
	// frame is none, it reports false. It may be nil.
	several func(frame []byte) (parts []placed, ok bool)
	// decode fills the event from one record. It need not set Source, Seq and Raw, and Record only where the entry stands
	// as a text within the record.
	decode func(record []byte, e *Event) error
	// explain says why decode refused a record, in words that hold nothing out of the log.
	explain func(record []byte, err error) (Reason, string)
	// identity returns the bytes of which a digest is the identity of an entry that has none, or nil where they do not tell
	// it from others. It may be nil.
	identity func(record []byte, e *Event) []byte
	// quick reads records that were not tried when the file was cut, or learns from them. It may be nil.
	quick quickRecord
	// ready is where the event of a frame is that has been read already.
	ready *Event
}

// placed is a part of a frame with its place within.
type placed struct {
	raw []byte
	at  int
}

// errNoRecord says that a record is the frame of a log without entries, which is neither an event nor a defect.
var errNoRecord = errors.New("no record")

// unreadable is why a record was refused.
type unreadable struct {
	reason Reason
	detail string // nothing out of the log
}

func (u unreadable) Error() string { return u.detail }

// notAnEvent says why a well-formed record is no entry of the format.
func notAnEvent(detail string) error { return unreadable{ReasonNotAnEvent, detail} }

func (es entries) read(in Input) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		var seq int64
		var e Event
		fail := func(fr frame) bool {
			seq++
			return yield(Event{}, &Defect{Raw: Raw{File: in.File, Offset: fr.offset, Length: fr.length}, Seq: seq, Reason: fr.reason, Detail: fr.detail, Columns: fr.columns})
		}
		var identify func(record []byte, e *Event, time int) // the time of those that a relay folded, or 0
		if in.Identify && es.identity != nil {
			identify = es.identify
		}
		one := func(fr frame, time int) bool {
			if es.unwrap != nil {
				if record, at := es.unwrap(fr.raw); record != nil {
					fr = frame{raw: record, offset: fr.offset + fr.span(fr.raw[:at]), length: fr.span(record), element: fr.element, wide: fr.wide}
				}
			}
			e = Event{}
			var err error
			if es.quick == nil || !fr.element || es.quick(fr.raw, false, &e) == 0 {
				e = Event{}
				err = es.decode(fr.raw, &e)
			}
			switch {
			case err == nil:
				seq++
				e.Source, e.Seq, e.Raw = in.Source, seq, Raw{File: in.File, Offset: fr.offset, Length: fr.length}
				switch {
				case !in.KeepRecord:
					e.Record = nil
				case e.Record == nil:
					e.Record = bytes.Clone(fr.raw)
				}
				if identify != nil {
					identify(fr.raw, &e, time)
				}
				return yield(e, nil)
			case errors.Is(err, errNoRecord):
				return true
			default:
				if fr.reason, fr.detail, fr.columns = es.why(fr.raw, err); fr.wide && fr.reason == ReasonEncoding {
					fr.detail = halfDetail
				}
				return fail(fr)
			}
		}
		err := es.frames(func(fr frame) bool {
			if fr.reason != "" {
				return fail(fr)
			}
			if fr.ready {
				seq++
				e := es.ready
				e.Source, e.Seq, e.Raw = in.Source, seq, Raw{File: in.File, Offset: fr.offset, Length: fr.length}
				if in.KeepRecord {
					e.Record = bytes.Clone(fr.raw)
				}
				if identify != nil {
					identify(fr.raw, e, 0)
				}
				return yield(*e, nil)
			}
			if es.several != nil {
				if parts, ok := es.several(fr.raw); ok {
					folded := len(parts) > 1 && parts[0].at == parts[1].at
					for i, p := range parts {
						time := 0
						if folded {
							time = i + 1
						}
						if !one(frame{raw: p.raw, offset: fr.offset + fr.span(fr.raw[:p.at]), length: fr.span(p.raw), wide: fr.wide}, time) {
							return false
						}
					}
					return true
				}
			}
			return one(fr, 0)
		})
		if err != nil {
			yield(Event{}, &FileError{File: in.File, Err: err})
		}
	}
}

func (es entries) why(record []byte, err error) (Reason, string, []string) {
	var u unreadable
	var m *misfit
	switch {
	case errors.As(err, &u):
		return u.reason, u.detail, nil
	case errors.As(err, &m):
		return m.reason, m.detail, m.columns
	}
	reason, detail := es.explain(record, err)
	return reason, detail, nil
}

// identify gives an event without an identity one, if its bytes tell it from others. Those that a relay folded are told
// apart by their number.
func (es entries) identify(record []byte, e *Event, time int) {
	if e.ID != "" {
		return
	}
	if bytes := es.identity(record, e); bytes != nil {
		sum := sha256.Sum256(bytes)
		if e.ID = "sha256:" + hex.EncodeToString(sum[:16]); time > 0 {
			e.ID += "/" + strconv.Itoa(time)
		}
	}
}
