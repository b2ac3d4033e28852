package activity

import (
	"strconv"
	"strings"
	"time"
)

// mapping is a profile made ready for reading.
type mapping struct {
	profile  Profile
	at       []int // for each column, the position of its field in a row's values
	defaults [fieldCount]string
	words    [fieldCount]map[string]string // of fields with a vocabulary: every word that means a member, and which
	layouts  []string
	zone     *time.Location
	comma    byte
}

// The positions of the fields in a row's values: the order of [Field]'s values.
const (
	atRecorded = iota
	atID
	atActor
	atActorAlt
	atActorName
	atActorKind
	atPatient
	atAction
	atFamily
	atAct
	atObjectType
	atObject
	atOutcome
	atCode
	atAddr
	atHost
	atApp
	atPurpose
	atSession
	atIgnore
	fieldCount
)

// compile needs a profile that is valid.
func (p Profile) compile() *mapping {
	m := &mapping{profile: p, layouts: p.Layouts, zone: time.UTC, comma: ','}
	if p.Delimiter != "" {
		m.comma = p.Delimiter[0]
	}
	if len(m.layouts) == 0 {
		m.layouts = []string{time.RFC3339}
	}
	if zone, err := time.LoadLocation(p.Zone); err == nil {
		m.zone = zone
	}
	position := map[Field]int{}
	for i, f := range Field("").Values() {
		position[f] = i
		m.defaults[i] = p.Defaults[f]
		if members := vocabulary(f); members != nil {
			m.words[i] = map[string]string{}
			for _, word := range members {
				m.words[i][word] = word
			}
			for from, to := range p.Words[f] {
				m.words[i][from] = to
			}
		}
	}
	for _, c := range p.Columns {
		m.at = append(m.at, position[c.Field])
	}
	return m
}

// row gathers the cells of one entry.
type row struct {
	values   [fieldCount]string
	patients []Patient
	purposes []string
}

// put takes the cell of a column.
func (m *mapping) put(r *row, column int, cell string) {
	cell = strings.TrimSpace(cell)
	if cell == "" {
		return
	}
	switch at := m.at[column]; at {
	case atIgnore:
	case atPatient, atPurpose:
		m.list(r, at, cell)
	case atRecorded:
		if r.values[at] != "" {
			cell = r.values[at] + " " + cell
		}
		r.values[at] = cell
	default:
		r.values[at] = cell
	}
}

// list takes a cell that may hold several values.
func (m *mapping) list(r *row, at int, cell string) {
	for more := true; more; {
		var one string
		one, cell, more = cell, "", false
		if m.profile.List != "" {
			one, cell, more = strings.Cut(one, m.profile.List)
		}
		switch one = strings.TrimSpace(one); {
		case one == "":
		case at == atPatient:
			r.patients = appendNew(r.patients, numbered(m.profile.PatientSystem, one))
		default:
			r.purposes = appendNew(r.purposes, one)
		}
	}
}

// event turns the row into an event.
func (m *mapping) event(r *row, e *Event) error {
	if r.values[atRecorded] == "" {
		return unreadable{ReasonType, "the entry has no time"}
	}
	at, ok := m.when(r.values[atRecorded])
	if !ok {
		return unreadable{ReasonType, "the time is in no layout of the profile"}
	}
	for i := range r.values {
		if r.values[i] == "" {
			r.values[i] = m.defaults[i]
		}
	}
	if len(r.patients) == 0 && m.defaults[atPatient] != "" {
		m.list(r, atPatient, m.defaults[atPatient])
	}
	if len(r.purposes) == 0 && m.defaults[atPurpose] != "" {
		m.list(r, atPurpose, m.defaults[atPurpose])
	}
	v := &r.values
	e.ID, e.Recorded, e.Session = v[atID], at, v[atSession]
	e.Actor = Actor{ID: v[atActor], AltID: v[atActorAlt], Display: v[atActorName], Kind: ActorUnknown}
	if kind := m.words[atActorKind][v[atActorKind]]; kind != "" {
		e.Actor.Kind = ActorKind(kind)
	}
	e.Patients, e.Purpose = r.patients, r.purposes
	e.Action, e.Outcome = ActionUnknown, OutcomeUnknown
	if word := m.words[atAction][v[atAction]]; word != "" {
		e.Action = Action(word)
	}
	if word := m.words[atOutcome][v[atOutcome]]; word != "" {
		e.Outcome = Outcome(word)
	}
	if e.Act.Name = v[atAct]; e.Act.Name == "" {
		e.Act.Name = v[atAction]
	}
	if e.Code = v[atCode]; e.Code == "" {
		e.Code = v[atOutcome]
	}
	if word := m.words[atFamily][v[atFamily]]; word != "" {
		e.Family = Family(word)
	} else if e.Family = familyOf(e.Action); e.Emergency() {
		e.Family = FamilyOverride
	}
	e.Object = Object{Type: v[atObjectType], ID: v[atObject]}
	e.From = origin(v[atAddr])
	if v[atHost] != "" {
		e.From.Host = v[atHost]
	}
	e.From.App = v[atApp]
	return nil
}

// when reads a time.
func (m *mapping) when(text string) (time.Time, bool) {
	for _, layout := range m.layouts {
		switch layout {
		case layoutUnix, layoutUnixMilli:
			if n, err := strconv.ParseInt(text, 10, 64); err == nil && n > 0 && n < 1<<45 {
				if layout == layoutUnix {
					n *= 1000
				}
				return time.UnixMilli(n).UTC(), true
			}
			continue
		}
		t, err := time.ParseInLocation(layout, text, m.zone)
		if err != nil {
			continue
		}
		if !zoned(layout) {
			t = first(t)
		}
		return t.UTC(), true
	}
	return time.Time{}, false
}

// first returns the first instant at which a clock in t's zone shows what it shows at t.
func first(t time.Time) time.Time {
	const hour = time.Hour
	earlier := t.Add(-hour)
	_, now := t.Zone()
	_, then := earlier.Zone()
	if time.Duration(then-now)*time.Second == hour {
		return earlier
	}
	return t
}
