package activity

import (
	"bytes"
	"iter"
	"strings"
	"time"
)

// atna reads the audit messages of IHE ATNA (ITI-20), which are those of DICOM PS3.15 A.5 and before them of RFC 3881:
// XML, bare or in syslog messages, see [syslogDocument]. Codes stand in csd-code with originalText, or, before DICOM renamed them, in code
// with displayName; both are read.
type atna struct{ exact bool } // without the quick reading of documents

func (atna) Format() Format { return FormatATNA }

func (atna) Version() int { return 2 }

func (r atna) Read(in Input) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		var ready Event
		q := quickATNA{exact: r.exact, zone: in.Zone}
		entries{
			frames: func(yield func(frame) bool) error {
				d := &documents{framer: newFramer(in, ""), starts: startsAuditMessage}
				if !r.exact {
					d.quick = func(line []byte) bool {
						ready = Event{}
						return q.line(line, &ready)
					}
				}
				return d.run(yield)
			},
			several:  repeatedMessage,
			decode:   q.decode,
			ready:    &ready,
			identity: atnaIdentity,
		}.read(in)(yield)
	}
}

// startsAuditMessage reports whether the bytes begin with the tag of a document.
func startsAuditMessage(b []byte) bool { return startsElement(b, "AuditMessage") }

// startsElement reports whether the bytes begin with the tag of the element, with whatever prefix.
func startsElement(b []byte, name string) bool {
	n := nameLength(b[1:])
	return string(local(b[1:1+n])) == name
}

// auditMessage holds what the event needs.
type auditMessage struct {
	path         []string
	root         string
	event        bool
	action       string
	at           string
	outcome      string
	description  string
	id           []coded
	types        []coded
	purposes     []coded
	participants []atnaParticipant
	objects      []atnaObject
	numbering    cx
}

type coded struct{ code, system string }

type atnaParticipant struct {
	id, alt, name string
	marked        string // as the requestor: "true"
	place         string
	roles         []coded
}

type atnaObject struct {
	id, typ, role string
	idType        coded
}

func (m *auditMessage) start(e *xmlElement) {
	parent := ""
	if n := len(m.path); n > 0 {
		parent = m.path[n-1]
	} else {
		m.root, m.path, m.participants = string(e.name), make([]string, 0, 8), make([]atnaParticipant, 0, 4)
	}
	m.path = append(m.path, known(e.name))
	switch m.path[len(m.path)-1] {
	case "EventIdentification":
		m.event = true
		m.action, m.at, m.outcome = e.attr("EventActionCode"), e.attr("EventDateTime"), e.attr("EventOutcomeIndicator")
	case "EventID":
		m.id = append(m.id, e.coded())
	case "EventTypeCode":
		m.types = append(m.types, e.coded())
	case "PurposeOfUse":
		if parent == "EventIdentification" {
			m.purposes = append(m.purposes, e.coded())
		}
	case "ActiveParticipant":
		m.participants = append(m.participants, atnaParticipant{
			id: e.attr("UserID"), alt: e.attr("AlternativeUserID"), name: e.attr("UserName"), place: e.attr("NetworkAccessPointID"),
			marked: e.attr("UserIsRequestor", "UserIsRequest"), // one guide prints the second
		})
	case "RoleIDCode":
		if n := len(m.participants); parent == "ActiveParticipant" && n > 0 {
			m.participants[n-1].roles = append(m.participants[n-1].roles, e.coded())
		}
	case "ParticipantObjectIdentification":
		m.objects = append(m.objects, atnaObject{
			id: e.attr("ParticipantObjectID"), typ: e.attr("ParticipantObjectTypeCode"), role: e.attr("ParticipantObjectTypeCodeRole")})
	case "ParticipantObjectIDTypeCode":
		if n := len(m.objects); n > 0 {
			m.objects[n-1].idType = e.coded()
		}
	}
}

// known returns the name as a text that needs no memory, or nothing for an element that the event does not need.
func known(name []byte) string {
	for _, n := range [...]string{"EventIdentification", "EventID", "EventTypeCode", "EventOutcomeDescription", "PurposeOfUse",
		"ActiveParticipant", "RoleIDCode", "ParticipantObjectIdentification", "ParticipantObjectIDTypeCode"} {
		if string(name) == n {
			return n
		}
	}
	return ""
}

func (m *auditMessage) chars(text []byte, raw bool) {
	if m.path[len(m.path)-1] != "EventOutcomeDescription" {
		return
	}
	if raw {
		m.description += unescape(text, false)
	} else {
		m.description += string(text)
	}
}

func (m *auditMessage) end() { m.path = m.path[:len(m.path)-1] }

// coded reads a coded value in either spelling.
func (e *xmlElement) coded() coded {
	return coded{code: e.attr("csd-code", "code"), system: e.attr("codeSystemName", "codeSystem")}
}

// atnaIdentity returns what tells a message from others: its document, which every relay passes on as it is, where that
// says when it happened to a part of a second.
func atnaIdentity(record []byte, _ *Event) []byte {
	_, document := syslogDocument(record)
	_, at, _ := bytes.Cut(document, []byte("EventDateTime="))
	if len(at) > 0 {
		at, _, _ = bytes.Cut(at[1:], at[:1])
	}
	if _, fraction, _ := bytes.Cut(at, []byte(".")); len(fraction) == 0 || !bytes.ContainsAny(fraction[:min(len(fraction), 6)], "123456789") {
		return nil
	}
	return trimXML(document)
}

func decodeATNA(raw []byte, zone *time.Location, e *Event) error {
	header, document := syslogDocument(raw)
	if document == nil {
		if bytes.Contains(raw, []byte("last message repeated")) {
			return notAnEvent("a relay says that it left out repetitions of an earlier message, which it does not name")
		}
		return notAnEvent("the message holds no audit message")
	}
	if _, ok := repetitions(header); !ok {
		return unreadable{ReasonSyntax, "the message says that it was repeated more often than can be"}
	}
	var m auditMessage
	if err := m.read(document); err != nil {
		return err
	}
	m.fill(header, zone, e)
	return nil
}

// read takes a document in.
func (m *auditMessage) read(document []byte) error {
	document, err := decodedXML(document)
	if err != nil {
		return err
	}
	if err := readXML(document, m); err != nil {
		return err
	}
	if m.root != "AuditMessage" || !m.event {
		return notAnEvent("the document is no AuditMessage with an EventIdentification")
	}
	return nil
}

// fill makes the event of the message behind a header.
func (m *auditMessage) fill(header []byte, zone *time.Location, e *Event) {
	e.Recorded = m.recorded(header, zone)
	e.Actor.Kind = ActorUnknown
	who := m.requestor()
	if who >= 0 {
		e.Actor = m.participants[who].actor()
	}
	e.From = m.from(who)
	for _, p := range m.purposes {
		if p.code != "" {
			e.Purpose = appendNew(e.Purpose, p.code)
		}
	}
	e.Outcome, e.Code = m.ended(), m.outcome
	e.Action, e.Family, e.Act = m.words()
	if e.Emergency() {
		e.Family = FamilyOverride
	}
	e.Patients, e.Object = m.things()
}

// recorded is the time of the event. A time without a zone is no instant, unless the zone is known. The sender's own stamp
// is one.
func (m *auditMessage) recorded(header []byte, zone *time.Location) time.Time {
	text := strings.TrimSpace(m.at)
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at.UTC()
	}
	if _, err := time.Parse("2006-01-02T15:04:05", text); err == nil {
		if at := zoneless(text, zone); !at.IsZero() {
			return at
		}
		return syslogStamp(header)
	}
	return time.Time{}
}

// human reports whether the participant is said to be a person: by a role that is none of DICOM's for machines, or by a
// name in the form that XUA gives to the subject of an assertion, alias<user@issuer>.
func (p *atnaParticipant) human() bool {
	for _, r := range p.roles {
		if r.code != "" && !machineRole(r.code) {
			return true
		}
	}
	_, rest, ok := strings.Cut(p.name, "<")
	return ok && strings.HasSuffix(rest, ">") && strings.Contains(rest, "@")
}

// requestor reports whether the participant is marked as the requestor.
func (p *atnaParticipant) requestor() bool { return strings.TrimSpace(p.marked) == "true" }

// machineRole reports whether the code is one of DICOM CID 402 for programs, nodes and media.
func machineRole(code string) bool {
	switch code {
	case "110150", "110151", "110152", "110153", "110154", "110155":
		return true
	}
	return false
}

// requestor is the participant that asked for what was done: a human being that is marked as the requestor, then a
// human being where only machines are marked, because some specifications let the person follow unmarked, then what is
// marked. Where nothing is marked and nobody is human there is none.
func (m *auditMessage) requestor() int {
	best, most := -1, 0
	for i := range m.participants {
		p := &m.participants[i]
		rank := 0
		if p.human() {
			rank += 3
		}
		if p.requestor() {
			rank += 2
		}
		if rank > 0 && p.id != "" {
			rank++
		}
		if rank > most {
			best, most = i, rank
		}
	}
	return best
}

func (p *atnaParticipant) actor() Actor {
	a := Actor{ID: p.id, AltID: p.alt, Kind: ActorUnknown, Display: p.name}
	if a.ID == "" {
		a.ID, a.AltID = a.AltID, ""
	}
	if a.AltID == a.ID {
		a.AltID = ""
	}
	switch {
	case p.human() && p.name != "":
		a.Kind = ActorPerson
	case p.human():
		a.Kind = ActorAccount
	case p.name == "" && len(p.roles) > 0:
		a.Kind = ActorService
	}
	return a
}

// from is the address of whoever asked, or else that of the only other participant that is marked as the requestor, or
// else of the only other one that has an address.
func (m *auditMessage) from(who int) Origin {
	if who >= 0 && m.participants[who].place != "" {
		return origin(m.participants[who].place)
	}
	for _, marked := range []bool{true, false} {
		place, several := "", false
		for i := range m.participants {
			if p := &m.participants[i]; i != who && p.place != "" && (p.requestor() || !marked) {
				several = several || place != "" && place != p.place
				place = p.place
			}
		}
		if place != "" && !several {
			return origin(place)
		}
	}
	return Origin{}
}

func (m *auditMessage) ended() Outcome {
	switch m.outcome {
	case "0":
		return OutcomeSuccess
	case "4", "8", "12":
		if refusal(m.description) {
			return OutcomeDenied
		}
		return OutcomeFailure
	}
	return OutcomeUnknown
}

// words reads what was done: the type of the event, which is the most specific, then its identity, then the action.
func (m *auditMessage) words() (Action, Family, Act) {
	var act Act
	for _, list := range [][]coded{m.types, m.id} {
		for _, c := range list {
			if act.Name == "" {
				act = Act{System: c.system, Name: c.code}
			}
		}
	}
	for _, list := range [][]coded{m.types, m.id} {
		for _, c := range list {
			if action, family, ok := codeWords(c.code); ok {
				if action == ActionUnknown {
					action = crude(m.action)
				}
				if family == "" {
					family = familyOf(action)
				}
				return action, family, act
			}
		}
	}
	action := crude(m.action)
	return action, familyOf(action), act
}

// things are the patients and the first object that is none. A patient has the role of one (1), or no role and the type
// of a person (1) or of a patient number (2 of RFC 3881).
func (m *auditMessage) things() (patients []Patient, object Object) {
	for _, o := range m.objects {
		switch {
		case o.id == "":
		case o.role == "1", o.role == "" && (o.typ == "1" || o.idType.code == "2"):
			patients = appendNew(patients, m.numbering.patient(o.id))
		case object.ID == "":
			object = Object{Type: o.idType.code, ID: o.id}
		}
	}
	return patients, object
}
