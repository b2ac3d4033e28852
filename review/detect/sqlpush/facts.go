package sqlpush

import (
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// fact is a column that a row carries beside the entry: what the database has looked up for it, so that the detector can
// judge it and say why.
type fact string

const (
	factPerson           fact = "person"
	factRole             fact = "role"
	factDepartment       fact = "department"
	factSite             fact = "site"
	factManager          fact = "manager"
	factSurname          fact = "surname"
	factHousehold        fact = "household"
	factStreet           fact = "street"
	factLatitude         fact = "latitude"
	factLongitude        fact = "longitude"
	factEnded            fact = "ended"
	factLeft             fact = "left_at"
	factEndRecorded      fact = "end_recorded"
	factShiftStart       fact = "shift_start"
	factShiftMinutes     fact = "shift_minutes"
	factShiftDays        fact = "shift_days"
	factOwn              fact = "own"
	factOwner            fact = "owner"
	factOwnerDepartment  fact = "owner_department"
	factOwnerManager     fact = "owner_manager"
	factKnown            fact = "known"
	factPatientSurname   fact = "patient_surname"
	factPatientHousehold fact = "patient_household"
	factPatientStreet    fact = "patient_street"
	factPatientLatitude  fact = "patient_latitude"
	factPatientLongitude fact = "patient_longitude"
	factDied             fact = "died"
	factSeen             fact = "seen"
	factNamesakes        fact = "namesakes"
	factRegistered       fact = "registered"
	factCrowd            fact = "crowd"
	factKin              fact = "kin"
	factKind             fact = "kind"
	factWhy              fact = "why"
	factDecided          fact = "decided"
	factShiftDay         fact = "shift_day"
	factOff              fact = "off_days"
)

// cell is the value of a fact as it is read. A kind of value that the fact has not is nil.
type cell struct {
	text   *string
	whole  *int64
	degree *float64
}

func (c *cell) dest(f fact) any {
	switch f {
	case factLatitude, factLongitude, factPatientLatitude, factPatientLongitude:
		return &c.degree
	case factEnded, factLeft, factEndRecorded, factShiftStart, factShiftMinutes, factShiftDays, factKnown, factDied, factSeen, factNamesakes, factRegistered, factCrowd, factKin, factDecided, factShiftDay, factOff:
		return &c.whole
	}
	return &c.text
}

// answers are the facts of the row that is read, in the form in which detectors ask. A detector asks while it is given an
// event, so that one set is enough.
type answers map[fact]cell

func (a answers) text(f fact) string {
	if s := a[f].text; s != nil {
		return *s
	}
	return ""
}

func (a answers) whole(f fact) int64 {
	if n := a[f].whole; n != nil {
		return *n
	}
	return 0
}

func (a answers) position(latitude, longitude fact) detect.Position {
	x, y := a[latitude].degree, a[longitude].degree
	if x == nil || y == nil {
		return detect.Position{}
	}
	return detect.Position{Latitude: *x, Longitude: *y, Known: true}
}

// instant is the zero time for NULL.
func (a answers) instant(f fact) time.Time {
	if n := a[f].whole; n != nil {
		return time.UnixMicro(*n).UTC()
	}
	return time.Time{}
}

// rowPeople, and the types after it, answer from the row that is read. What identifies them is what identifies the
// description of the table, so that states merge.
type rowPeople struct {
	People
	row answers
}

func (p rowPeople) Person(activity.Actor, time.Time) (*detect.Person, bool) {
	a := p.row
	id := a.text(factPerson)
	if id == "" {
		return nil, false
	}
	who := &detect.Person{ID: id, Role: a.text(factRole), Department: a.text(factDepartment), Site: a.text(factSite), Manager: a.text(factManager), Surname: a.text(factSurname),
		Household: a.text(factHousehold), Street: a.text(factStreet), Position: a.position(factLatitude, factLongitude), Ended: a.instant(factEnded),
		Shift: detect.Shift{Start: int(a.whole(factShiftStart)), Length: int(a.whole(factShiftMinutes))}}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if a.whole(factShiftDays)>>d&1 == 1 {
			who.Shift.Days = append(who.Shift.Days, d)
		}
	}
	return who, true
}

func (p rowPeople) Owner(activity.Patient, time.Time) (*detect.Person, bool) {
	id := p.row.text(factOwner)
	return &detect.Person{ID: id, Department: p.row.text(factOwnerDepartment), Manager: p.row.text(factOwnerManager)}, id != ""
}

func (p rowPeople) Ended(_ activity.Actor, at time.Time) (since time.Time, ended bool) {
	since = p.row.instant(factEnded)
	if since.IsZero() {
		since = p.row.instant(factLeft)
	}
	return since, !since.IsZero() && !at.Before(since)
}

func (p rowPeople) EndRecorded(activity.Actor, time.Time) (recorded time.Time, known bool) {
	recorded = p.row.instant(factEndRecorded)
	return recorded, !recorded.IsZero()
}

// rowOwner answers as rowPeople, and that the record is the person's own.
type rowOwner struct{ rowPeople }

func (p rowOwner) Person(actor activity.Actor, at time.Time) (*detect.Person, bool) {
	who, ok := p.rowPeople.Person(actor, at)
	if ok {
		who.Patients = []activity.Patient{{ID: p.row.text(factOwn)}}
	}
	return who, ok
}

type rowPatients struct {
	Patients
	row answers
}

func (p rowPatients) Patient(patient activity.Patient) (*detect.PatientFacts, bool) {
	a := p.row
	if a.whole(factKnown) == 0 {
		return nil, false
	}
	day := func(f fact) hipaasmp.Date { return hipaasmp.DateOf(a.instant(f), time.UTC) }
	return &detect.PatientFacts{ID: patient, Surname: a.text(factPatientSurname), Household: a.text(factPatientHousehold), Street: a.text(factPatientStreet),
		Position: a.position(factPatientLatitude, factPatientLongitude), Died: day(factDied), Seen: day(factSeen)}, true
}

func (p rowPatients) SurnameShare(string) float64 {
	return float64(p.row.whole(factNamesakes)) / float64(max(p.row.whole(factRegistered), 1))
}

func (p rowPatients) Crowd(*detect.PatientFacts) int { return int(p.row.whole(factCrowd)) }

// rowFamily answers the kinship that was found.
type rowFamily struct {
	Relations
	row answers
}

func (f rowFamily) Related(activity.Actor, activity.Patient, time.Time, time.Time) (string, bool) {
	return f.row.text(factKind), f.row.whole(factKin) == 1
}

type rowWatch struct {
	Watch
	row answers
}

func (w rowWatch) Watched(activity.Patient, time.Time) (string, bool) {
	why := w.row.text(factWhy)
	if why == "" {
		why = "watched"
	}
	return why, true
}

type rowNeeds struct {
	Needs
	row answers
}

func (n rowNeeds) Needed(string, *activity.Event) (needed, known bool) {
	return false, n.row.whole(factDecided) == 1
}

type rowCalendar struct {
	Calendar
	row answers
}

func (c rowCalendar) Holiday(_ string, day hipaasmp.Date) (string, bool) {
	back := day.DaysUntil(hipaasmp.DateOf(c.row.instant(factShiftDay), time.UTC))
	return "", back >= 0 && back < 63 && c.row.whole(factOff)>>back&1 == 1
}

// judge returns the detector with the row's answers in place of the tables of the database. A context that is in memory
// stays.
func judge(d detect.Detector, row answers) detect.Detector {
	people := func(p detect.People) detect.People {
		if t, ok := p.(People); ok {
			return rowPeople{t, row}
		}
		return p
	}
	patients := func(p detect.Patients) detect.Patients {
		if t, ok := p.(Patients); ok {
			return rowPatients{t, row}
		}
		return p
	}
	switch d := d.(type) {
	case detect.OwnRecord:
		if t, ok := d.People.(People); ok {
			d.People = rowOwner{rowPeople{t, row}}
		}
		return d
	case detect.Household:
		d.People, d.Patients = people(d.People), patients(d.Patients)
		if t, ok := d.Family.(Relations); ok {
			d.Family = rowFamily{t, row}
		}
		return d
	case detect.SameSurname:
		d.People, d.Patients = people(d.People), patients(d.Patients)
		return d
	case detect.Coworker:
		d.People = people(d.People)
		return d
	case detect.Neighbour:
		d.People, d.Patients = people(d.People), patients(d.Patients)
		return d
	case detect.WatchedRecord:
		if t, ok := d.Watch.(Watch); ok {
			d.Watch = rowWatch{t, row}
		}
		return d
	case detect.TerminatedUser:
		if t, ok := d.Context.(People); ok {
			d.Context = rowPeople{t, row}
		}
		return d
	case detect.BulkExport:
		d.People = people(d.People)
		return d
	case detect.RoleWithoutNeed:
		d.People = people(d.People)
		if t, ok := d.Needs.(Needs); ok {
			d.Needs = rowNeeds{t, row}
		}
		return d
	case detect.LongAgo:
		d.People, d.Patients = people(d.People), patients(d.Patients)
		return d
	case detect.AfterHours:
		d.People = people(d.People)
		if t, ok := d.Calendar.(Calendar); ok {
			d.Calendar = rowCalendar{t, row}
		}
		return d
	case detect.Fishing:
		d.People = people(d.People)
		return d
	}
	return d
}
