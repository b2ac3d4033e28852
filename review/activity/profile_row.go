package activity

import (
	"strings"
	"time"
)

// row gathers the cells of one entry after the other, and makes events of them. It belongs to one file that is read, and
// remembers what its entries have in common.
type row struct {
	*mapping
	values   [fieldCount]string
	means    [fieldCount]string // the members of vocabularies that the values mean
	at       time.Time          // the time, if it is known before all cells are
	timed    bool
	patients []Patient
	purposes []string
	faults   []columnFault

	texts    arena
	spare    []Patient // of which the patients of the next entries are made
	meanings [fieldCount]*meanings
	dated    dated
}

func (m *mapping) row() *row {
	r := &row{mapping: m, means: m.blanks}
	for at := range m.words {
		if m.words[at] != nil {
			r.meanings[at] = &meanings{}
		}
	}
	return r
}

// reset begins an entry.
func (r *row) reset() {
	for _, at := range r.used {
		r.values[at], r.means[at] = r.defaults[at], r.blanks[at]
	}
	r.timed, r.patients, r.purposes, r.faults = false, nil, nil, nil
}

// see takes the cell of a column as the file has it. It does what [row.put] does, and makes no text that is not needed.
func (r *row) see(column int, cell []byte) {
	at, n := r.fields[column], len(cell)
	switch {
	case n == 0:
	case !graphic(cell[0]) || !graphic(cell[n-1]):
		r.put(column, string(cell))
	case r.meanings[at] != nil:
		m := r.meanings[at].of(cell)
		if string(cell) != m.text {
			m.text = string(cell)
			m.word = r.words[at][m.text]
		}
		r.values[at], r.means[at] = m.text, m.word
	case at == atRecorded:
		if r.instants {
			r.at, r.timed = r.dated.instant(cell)
		}
		if !r.timed {
			r.put(column, string(cell))
		}
	case at == atPatient, at == atPurpose:
		r.list(at, r.texts.of(cell))
	case at != atIgnore:
		r.values[at] = r.texts.of(cell)
	}
}

// put takes the cell of a column.
func (r *row) put(column int, cell string) {
	if cell = trim(cell); cell == "" {
		return
	}
	switch at := r.fields[column]; at {
	case atIgnore:
	case atPatient, atPurpose:
		r.list(at, cell)
	case atRecorded:
		if r.values[at] != "" {
			cell = r.values[at] + " " + cell
		}
		r.values[at] = cell
	default:
		if r.values[at] = cell; r.meanings[at] != nil {
			r.means[at] = r.words[at][cell]
		}
	}
}

// trim takes the blanks around a text away, of which most have none.
func trim(text string) string {
	if n := len(text); n > 0 && graphic(text[0]) && graphic(text[n-1]) {
		return text
	}
	return strings.TrimSpace(text)
}

func graphic(c byte) bool { return c > ' ' && c < 0x7f }

// list takes a cell that may hold several values.
func (r *row) list(at int, cell string) {
	if r.profile.List == "" {
		r.one(at, cell)
		return
	}
	for more := true; more; {
		var one string
		if one, cell, more = strings.Cut(cell, r.profile.List); strings.TrimSpace(one) != "" {
			r.one(at, strings.TrimSpace(one))
		}
	}
}

func (r *row) one(at int, value string) {
	if at == atPurpose {
		r.purposes = appendNew(r.purposes, value)
		return
	}
	p := Patient{System: r.profile.PatientSystem, ID: value}
	if strings.IndexByte(value, '^') >= 0 {
		p = numbered(p.System, value)
	}
	if r.patients != nil {
		r.patients = appendNew(r.patients, p)
		return
	}
	if len(r.spare) == 0 {
		r.spare = make([]Patient, 16)
	}
	r.patients, r.spare = append(r.spare[:0:1], p), r.spare[1:]
}

// event turns what was put into an event, which is empty before.
func (r *row) event(e *Event) error {
	if !r.timed && r.values[atRecorded] != "" {
		if r.at, r.timed = r.when(r.values[atRecorded]); !r.timed {
			r.refuse(atRecorded, "holds a time in no layout of the profile")
		}
	} else if !r.timed {
		r.refuse(atRecorded, "is empty or missing, and an entry needs a time")
	}
	v := &r.values
	if len(r.patients) == 0 && r.defaults[atPatient] != "" {
		r.list(atPatient, r.defaults[atPatient])
	}
	if len(r.purposes) == 0 && r.defaults[atPurpose] != "" {
		r.list(atPurpose, r.defaults[atPurpose])
	}
	for _, at := range r.needed {
		if v[at] == "" && (at != atPatient || len(r.patients) == 0) && (at != atPurpose || len(r.purposes) == 0) {
			r.refuse(at, "is empty or missing, and the profile needs it")
		}
	}
	if r.faults != nil {
		return r.misfit(ReasonType)
	}
	e.ID, e.Recorded, e.Session = v[atID], r.at, v[atSession]
	e.Actor = Actor{ID: v[atActor], AltID: v[atActorAlt], Display: v[atActorName], Kind: ActorUnknown}
	if kind := r.means[atActorKind]; kind != "" {
		e.Actor.Kind = ActorKind(kind)
	}
	e.Patients, e.Purpose = r.patients, r.purposes
	e.Action, e.Outcome = ActionUnknown, OutcomeUnknown
	if word := r.means[atAction]; word != "" {
		e.Action = Action(word)
	}
	if word := r.means[atOutcome]; word != "" {
		e.Outcome = Outcome(word)
	}
	if e.Act.Name = v[atAct]; e.Act.Name == "" {
		e.Act.Name = v[atAction]
	}
	if e.Code = v[atCode]; e.Code == "" {
		e.Code = v[atOutcome]
	}
	if word := r.means[atFamily]; word != "" {
		e.Family = Family(word)
	} else if e.Family = familyOf(e.Action); emergency(e.Action, e.Purpose) {
		e.Family = FamilyOverride
	}
	e.Object = Object{Type: v[atObjectType], ID: v[atObject]}
	if v[atAddr] != "" {
		e.From = origin(v[atAddr])
	}
	if v[atHost] != "" {
		e.From.Host = v[atHost]
	}
	e.From.App = v[atApp]
	if v[atIngested] != "" {
		e.Ingested, _ = r.when(v[atIngested])
	}
	return nil
}

// meanings are what words of a field mean that were met before.
type meanings [32]meaning

type meaning struct{ text, word string }

// of returns where the word is, if it was met before, or is to be. It is not empty. The factors give the usual words places
// of their own.
func (m *meanings) of(word []byte) *meaning {
	return &m[(7*uint(word[0])+2*uint(word[len(word)-1])+4*uint(len(word)))%uint(len(m))]
}

// when reads a time.
func (r *row) when(text string) (time.Time, bool) {
	at, ok := r.mapping.when(text)
	if ok && r.instants {
		r.dated.learn(text, at)
	}
	return at, ok
}

// dated is the date of the times that were read last: those of a log have few.
type dated struct {
	date  string
	start int64 // in seconds since 1970
}

// learn takes the date of a time that was read.
func (d *dated) learn(text string, at time.Time) {
	if n := len(text); n > 10 && text[10] == 'T' && text[n-1] == 'Z' {
		d.date, d.start = strings.Clone(text[:10]), at.Truncate(24*time.Hour).Unix()
	}
}

// instant reads a time of that date in UTC to the second or to the millisecond.
func (d *dated) instant(text []byte) (time.Time, bool) {
	n := len(text)
	if n != len("2006-01-02T15:04:05Z") && n != len("2006-01-02T15:04:05.000Z") ||
		text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[n-1] != 'Z' || string(text[:10]) != d.date {
		return time.Time{}, false
	}
	clock := load(text[11:]) ^ (':'^'0')<<16 ^ (':'^'0')<<40 // colons become zeros
	if notDigits(clock) != 0 {
		return time.Time{}, false
	}
	clock -= zeros
	clock = clock*10 + clock>>8 // tens and ones of each two digits, in the place of the tens
	h, m, s := clock&0xff, clock>>24&0xff, clock>>48&0xff
	milli := 0
	if n > 20 {
		a, b, c := text[20]-'0', text[21]-'0', text[22]-'0'
		if text[19] != '.' || a > 9 || b > 9 || c > 9 {
			return time.Time{}, false
		}
		milli = int(a)*100 + int(b)*10 + int(c)
	}
	if h > 23 || m > 59 || s > 59 {
		return time.Time{}, false
	}
	return time.Unix(d.start+int64(h*3600+m*60+s), int64(milli)*int64(time.Millisecond)).UTC(), true
}
