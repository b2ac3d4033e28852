package activity

import (
	"bytes"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// windowsObject holds the members of the forms of JSON that the event needs.
type windowsObject struct {
	Event struct {
		System    map[string]jsontext.Value `json:"System"`
		EventData jsontext.Value            `json:"EventData"`
		UserData  map[string]jsontext.Value `json:"UserData"`
	} `json:"Event"`
	Timestamp string `json:"@timestamp"`
	Winlog    struct {
		Channel   string         `json:"channel"`
		Computer  string         `json:"computer_name"`
		EventID   jsontext.Value `json:"event_id"`
		Keywords  jsontext.Value `json:"keywords"`
		Provider  string         `json:"provider_name"`
		Record    jsontext.Value `json:"record_id"`
		Time      string         `json:"time_created"`
		EventData jsontext.Value `json:"event_data"`
		UserData  jsontext.Value `json:"user_data"`
	} `json:"winlog"`
	ECS struct {
		Ingested string `json:"ingested"`
		Created  string `json:"created"`
	} `json:"event"`

	// The form of NXLog, in which the data stand beside them.
	EventID  jsontext.Value `json:"EventID"`
	Source   string         `json:"SourceName"`
	Channel  string         `json:"Channel"`
	Hostname string         `json:"Hostname"`
	Number   jsontext.Value `json:"RecordNumber"`
	Keywords jsontext.Value `json:"Keywords"`
	Kind     string         `json:"EventType"`
	Time     jsontext.Value `json:"EventTime"`
	Received jsontext.Value `json:"EventReceivedTime"`

	// The form of Get-WinEvent, which is not read.
	Properties jsontext.Value `json:"Properties"`
	Provider   string         `json:"ProviderName"`
}

// windowsSearch cuts what was found out of the answer of a search of Elasticsearch.
func windowsSearch(frame []byte) ([]placed, bool) {
	if !bytes.Contains(frame, []byte(`"hits"`)) {
		return nil, false
	}
	return parts(frame, "hits", "hits")
}

// windowsFound cuts the event out of what a search of Elasticsearch found.
func windowsFound(frame []byte) (record []byte, at int) {
	if !bytes.Contains(frame, []byte(`"_source"`)) || memberTwice(frame, "_source") {
		return nil, 0
	}
	return member(frame, "_source")
}

func decodeWindowsJSON(raw []byte, zone *time.Location, e *Event) error {
	var o windowsObject
	if err := json.Unmarshal(raw, &o); err != nil {
		return err
	}
	var w windowsEvent
	switch {
	case o.Event.System != nil:
		s := o.Event.System
		w = windowsEvent{id: windowsText(s["EventID"]), record: windowsText(s["EventRecordID"]), channel: windowsText(s["Channel"]),
			computer: windowsText(s["Computer"]), keywords: windowsText(s["Keywords"]), provider: windowsAttribute(s, "Provider", "Name"),
			at: windowsAttribute(s, "TimeCreated", "SystemTime")}
		w.read(o.Event.EventData)
		for name, data := range o.Event.UserData {
			if !strings.HasPrefix(name, "#") && !strings.HasSuffix(name, "_attributes") {
				w.read(data)
			}
		}
	case o.Winlog.EventID != nil:
		l := o.Winlog
		w = windowsEvent{id: windowsText(l.EventID), record: windowsText(l.Record), channel: l.Channel, computer: l.Computer,
			keywords: strings.Trim(string(l.Keywords), `[] "`), provider: l.Provider, at: o.Timestamp}
		if l.Time != "" {
			w.at = l.Time
		}
		if w.taken = instantOf(o.ECS.Ingested); w.taken.IsZero() {
			w.taken = instantOf(o.ECS.Created)
		}
		w.read(l.EventData)
		w.read(l.UserData)
	case o.EventID != nil && o.Source != "":
		w = windowsEvent{id: windowsText(o.EventID), record: windowsText(o.Number), channel: o.Channel, computer: o.Hostname,
			keywords: windowsText(o.Keywords), provider: o.Source, at: nxlogTime(o.Time), taken: instantOf(nxlogTime(o.Received))}
		if w.taken.IsZero() {
			w.taken = zoneless(nxlogTime(o.Received), zone)
		}
		if w.outcome() == OutcomeUnknown {
			w.keywords = strings.NewReplacer("AUDIT_SUCCESS", "Audit Success", "AUDIT_FAILURE", "Audit Failure").Replace(o.Kind)
		}
		w.read(raw)
	case o.Properties != nil && o.Provider != "":
		return notAnEvent("the record is that of Get-WinEvent, whose data have no names; export the log as XML")
	}
	if w.id == "" {
		return notAnEvent("the record has no Event.System.EventID, no winlog.event_id, and no EventID with a SourceName")
	}
	w.zone = zone
	w.event(e)
	return nil
}

// nxlogTime returns a time of NXLog as one of RFC 3339: a text, or the number of seconds or parts of seconds that a
// configuration may make of it.
func nxlogTime(v jsontext.Value) string {
	text := windowsText(v)
	if v.Kind() == '0' {
		if at := epochOf(text); !at.IsZero() {
			return at.Format(time.RFC3339Nano)
		}
	}
	if len(text) > 10 && text[10] == ' ' { // the form with a blank, perhaps with a zone behind it
		text = text[:10] + "T" + text[11:]
	}
	return text
}

// read takes the members of an object that are texts, numbers or truth values.
func (w *windowsEvent) read(object jsontext.Value) {
	var members map[string]jsontext.Value
	if len(object) == 0 || json.Unmarshal(object, &members) != nil {
		return
	}
	if w.data == nil {
		w.data = map[string]string{}
	}
	for name, v := range members {
		if text := windowsText(v); text != "" {
			w.data[name] = text
		}
	}
}

// windowsText returns what a value says: itself, or the text that stands beside its attributes.
func windowsText(v jsontext.Value) string {
	switch v.Kind() {
	case '"':
		var s string
		if json.Unmarshal(v, &s) == nil {
			return s
		}
	case '0', 't', 'f':
		return string(v)
	case '{':
		var o struct {
			Text  jsontext.Value `json:"#text"`
			Value jsontext.Value `json:"Value"`
		}
		if json.Unmarshal(v, &o) != nil {
			return ""
		}
		if k := o.Text.Kind(); k == '"' || k == '0' {
			return windowsText(o.Text)
		}
		if k := o.Value.Kind(); k == '"' || k == '0' {
			return windowsText(o.Value)
		}
	}
	return ""
}

// windowsAttribute returns an attribute of an element, which stands within it or beside it.
func windowsAttribute(system map[string]jsontext.Value, element, name string) string {
	for _, v := range []jsontext.Value{system[element], system[element+"_attributes"]} {
		var o map[string]jsontext.Value
		if v.Kind() != '{' || json.Unmarshal(v, &o) != nil {
			continue
		}
		if inner := o["#attributes"]; inner.Kind() == '{' {
			if json.Unmarshal(inner, &o) != nil {
				continue
			}
		}
		if text := windowsText(o[name]); text != "" {
			return text
		}
	}
	return ""
}
