package activity

import (
	"iter"
	"strings"
	"time"
)

// windows reads the event log of Windows as XML, in the form of the Windows events schema that wevtutil and the event
// viewer export, bare or within Events; and as JSON, in the forms that evtx_dump (with attributes within or apart) and
// Winlogbeat give it. Which of them is told by the first byte and the members. The binary log is not read.
//
// The words are those of the Security log. An event of another log is an event of which no more is known, whatever its
// number: 4625 of another provider is no failed log-on.
type windows struct{}

func (windows) Format() Format { return FormatWindows }

func (windows) Version() int { return 3 }

func (windows) Read(in Input) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		decode := decodeWindowsXML
		entries{frames: func(yield func(frame) bool) error {
			f := newFramer(in)
			f.top = func() {
				if f.lineStart() && (f.buf[f.pos] == '{' || f.buf[f.pos] == '[') {
					decode = decodeWindowsJSON
					f.values()
				} else {
					windowsDocuments(f)
				}
			}
			return f.run(yield)
		}, several: windowsSearch, unwrap: windowsFound, decode: func(record []byte, e *Event) error { return decode(record, in.Zone, e) }, explain: explainJSON}.read(in)(yield)
	}
}

// windowsEvent is an event with its data by their names.
type windowsEvent struct {
	provider, id, at, record, channel, computer, keywords string

	zone  *time.Location // of times without one
	taken time.Time
	data  map[string]string
}

// get returns the first of the data that says something.
func (w *windowsEvent) get(names ...string) string {
	for _, name := range names {
		if v := strings.TrimSpace(w.data[name]); v != "" && v != "-" {
			return v
		}
	}
	return ""
}

// windowsXML gathers an event out of a document.
type windowsXML struct {
	windowsEvent
	path []string
	name string // of the datum whose text is being read
	text string
	bad  bool // an element or a datum is named twice
}

func (w *windowsXML) start(e *xmlElement) {
	w.path = append(w.path, string(e.name))
	w.name, w.text = "", ""
	if len(w.path) < 3 {
		return
	}
	switch section, name := w.path[1], w.path[2]; {
	case section == "System" && len(w.path) == 3:
		switch w.name = name; name {
		case "Provider":
			w.provider = e.attr("Name")
		case "TimeCreated":
			w.at = e.attr("SystemTime")
		}
	case section == "EventData" && len(w.path) == 3:
		w.name = e.attr("Name")
	case section == "UserData" && len(w.path) == 4:
		w.name = w.path[3]
	}
}

func (w *windowsXML) chars(text []byte, raw bool) {
	if w.name == "" {
		return
	}
	if raw {
		w.text += unescape(text, false)
	} else {
		w.text += string(text)
	}
}

func (w *windowsXML) end() {
	section := ""
	if len(w.path) > 2 {
		section = w.path[1]
	}
	w.path = w.path[:len(w.path)-1]
	if w.name == "" {
		return
	}
	switch text := strings.TrimSpace(w.text); {
	case section == "System":
		switch w.name {
		case "EventID":
			w.bad = w.bad || w.id != ""
			w.id = text
		case "EventRecordID":
			w.record = text
		case "Channel":
			w.channel = text
		case "Computer":
			w.computer = text
		case "Keywords":
			w.keywords = text
		}
	case section != "":
		if w.data == nil {
			w.data = map[string]string{}
		}
		_, again := w.data[w.name]
		w.bad = w.bad || again && windowsNeeds(w.name)
		w.data[w.name] = text
	}
	w.name, w.text = "", ""
}

// windowsNeeds reports whether a datum says who or where, so that it must not be there twice.
func windowsNeeds(name string) bool {
	return strings.HasPrefix(name, "Subject") || strings.HasPrefix(name, "Target") || name == "IpAddress" || name == "ObjectName"
}

func decodeWindowsXML(raw []byte, zone *time.Location, e *Event) error {
	w := &windowsXML{}
	w.zone = zone
	if err := readXML(raw, w); err != nil {
		return err
	}
	switch {
	case w.bad:
		return unreadable{ReasonDuplicateMember, "the event names a datum twice"}
	case w.id == "":
		return notAnEvent("the event has no EventID")
	}
	w.event(e)
	return nil
}
