package activity

import "time"

// quickATNA reads messages by the shapes of their documents. It reads what [decodeATNA] reads of them.
type quickATNA struct {
	known  xmlShapes[*auditMessage]
	missed bool // the line that comes next in frames has none of the shapes
	exact  bool // nothing is read by its shape
	zone   *time.Location
}

// line reads a line of a file, if it is one message whose document has one of the shapes.
func (q *quickATNA) line(line []byte, e *Event) bool {
	header, document := syslogDocument(line)
	if times, _ := repetitions(header); times > 0 { // as often as it says
		return false
	}
	m, ok := q.known.find(document)
	if q.missed = !ok; ok {
		m.fill(header, q.zone, e)
	}
	return ok
}

// decode reads a message, and learns from it.
func (q *quickATNA) decode(raw []byte, e *Event) error {
	if q.exact {
		return decodeATNA(raw, q.zone, e)
	}
	missed := q.missed
	q.missed = false
	header, document := syslogDocument(raw)
	document = trimXML(document)
	if _, meant := repetitions(header); meant && !missed {
		if m, ok := q.known.find(document); ok {
			m.fill(header, q.zone, e)
			return nil
		}
	}
	err := decodeATNA(raw, q.zone, e)
	if err == nil {
		q.known.learn(document, markedATNA)
	}
	return err
}

// trimXML leaves the blanks behind a document out.
func trimXML(document []byte) []byte {
	for n := len(document); n > 0; n-- {
		if c := document[n-1]; c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return document[:n]
		}
	}
	return nil
}

// markedATNA reads a document with markers in the place of its values.
func markedATNA(marked []byte) (m *auditMessage, texts []*string, ok bool) {
	m = &auditMessage{}
	if m.read(marked) != nil {
		return nil, nil, false
	}
	return m, m.texts(), true
}

// texts are all that come out of values.
func (m *auditMessage) texts() []*string {
	out := []*string{&m.action, &m.at, &m.outcome, &m.description}
	add := func(list []coded) {
		for i := range list {
			out = append(out, &list[i].code, &list[i].system)
		}
	}
	add(m.id)
	add(m.types)
	add(m.purposes)
	for i := range m.participants {
		p := &m.participants[i]
		out = append(out, &p.id, &p.alt, &p.name, &p.marked, &p.place)
		add(p.roles)
	}
	for i := range m.objects {
		o := &m.objects[i]
		out = append(out, &o.id, &o.typ, &o.role, &o.idType.code, &o.idType.system)
	}
	return out
}
