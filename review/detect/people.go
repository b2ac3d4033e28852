package detect

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Person is what personnel records say of a member of the workforce, as far as detectors ask. Every part but ID may be
// empty, which is "not known" and never a match.
type Person struct {
	// ID is the workforce identity.
	ID string
	// Role, Department, Site and Manager are those of the time in Member.
	Role, Department, Site, Manager string
	// Patients are the person's own records.
	Patients []activity.Patient
	// Surname is compared with that of patients without regard to case.
	Surname string
	// Household is a key that people of one household share: a normalised address, a telephone number, or a token of either.
	Household string
	// Street is a key that people of one street share.
	Street string
	// Position is where the person lives.
	Position Position
	// Member is the time for which all this holds; either end may be open.
	Member hipaasmp.Period
	// Ended is the instant at which membership in the workforce ended; zero while it lasts.
	Ended time.Time
	// EndRecorded is when that end, by Ended or by Member, was entered in the personnel records; zero where it is not known.
	EndRecorded time.Time
	// Shift is when the person is scheduled.
	Shift Shift
}

// Position is a place on the earth in degrees.
type Position struct {
	Latitude, Longitude float64
	// Known is false where there is none.
	Known bool
}

// Shift is the time of a day in which a person is scheduled, by the clock of the detector's zone.
type Shift struct {
	// Start is the minute of the day.
	Start int
	// Length is in minutes; 0 says that the shift is not known.
	Length int
	// Days are the days of the week on which a shift starts; empty for all seven, and then holidays are working days too.
	Days []time.Weekday
}

// People says who an actor is. It belongs to the product; [ReadRoster] and [NewRoster] build one. What it returns is not
// changed by anybody.
type People interface {
	// Person returns who the actor was at the time, and false where that is not known.
	Person(actor activity.Actor, at time.Time) (*Person, bool)
	// Owner returns the person whose own record the patient's is.
	Owner(patient activity.Patient, at time.Time) (*Person, bool)
	// Digest identifies what was known, see [Terminations].
	Digest() hipaasmp.Digest
}

// Roster answers from a list of people. It is built once and not changed.
type Roster struct {
	byActor   map[string][]*Person
	byPatient map[activity.Patient][]*Person
	zone      *time.Location
	digest    hipaasmp.Digest
}

var (
	_ People               = (*Roster)(nil)
	_ RecordedTerminations = (*Roster)(nil)
)

// NewRoster returns a roster of the people. A person may be listed several times for different periods. The aliases lead
// from identities in the log to workforce identities. The zone is that of the days in Member; nil is UTC.
func NewRoster(people []Person, aliases map[string]string, zone *time.Location) *Roster {
	r := &Roster{byActor: map[string][]*Person{}, byPatient: map[activity.Patient][]*Person{}, zone: TableOptions{Zone: zone}.zone()}
	for i := range people {
		p := people[i]
		r.add(&p, nil)
	}
	for alias, id := range aliases {
		if rows := r.byActor[id]; alias != id && len(rows) > 0 { // an alias of nobody is nobody's
			r.byActor[alias] = slices.Concat(r.byActor[alias], rows)
		}
	}
	r.digest = digestOf(people, aliases, r.zone.String()) // fmt writes a map in the order of its keys
	return r
}

func (r *Roster) add(p *Person, aliases []string) {
	for _, id := range append(aliases, p.ID) {
		if id != "" && !slices.Contains(r.byActor[id], p) {
			r.byActor[id] = append(r.byActor[id], p)
		}
	}
	for _, own := range p.Patients {
		r.byPatient[own] = append(r.byPatient[own], p)
	}
}

var rosterColumns = []string{"user", "alias", "role", "department", "site", "manager", "patient", "surname", "household", "street",
	"latitude", "longitude", "from", "to", "ended_at", "shift_start", "shift_hours", "shift_days", "end_recorded_at"}

// ReadRoster reads a roster from CSV with the columns user (the workforce identity, required), alias (identities in the
// log), role, department, site, manager, patient (own records), surname, household, street, latitude, longitude, from and
// to (first and last day of the row), ended_at (an instant), shift_start (7 or 07:30), shift_hours, shift_days (Mon;Tue), and
// end_recorded_at (the instant at which the end was entered).
// Several aliases, patients and days stand with semicolons between. An identity that two users have from the same day on is a
// fault: what was done under it would be told of whoever stands first. One that passes from one to the other has a from in
// the later row. The error is a [*TableError] with every fault, or the reader's own.
func ReadRoster(in io.Reader, o TableOptions) (*Roster, error) {
	r := &Roster{byActor: map[string][]*Person{}, byPatient: map[activity.Patient][]*Person{}, zone: o.zone()}
	lines := map[*Person]int{}
	digest, err := readTable("roster", in, o, rosterColumns, 1, func(t *table) {
		p := &Person{ID: t.text(0), Role: t.text(2), Department: t.text(3), Site: t.text(4), Manager: t.text(5), Surname: t.text(7),
			Household: t.text(8), Street: t.text(9), Position: t.position(10, 11), Member: t.period(12, 13), Ended: t.instant(14), Shift: t.shift(15, 16, 17), EndRecorded: t.instant(18)}
		for _, id := range t.list(6) {
			p.Patients = append(p.Patients, activity.Patient{ID: id})
		}
		aliases := t.list(1)
		r.apart(t, p, aliases, lines)
		lines[p] = t.line
		r.add(p, aliases)
	})
	if err != nil {
		return nil, err
	}
	r.digest = digest
	return r, nil
}

// apart adds a fault for every identity of the person that another user has from the same day on, by an earlier line.
func (r *Roster) apart(t *table, p *Person, aliases []string, lines map[*Person]int) {
	for i, id := range append([]string{p.ID}, aliases...) {
		for _, other := range r.byActor[id] {
			if other.ID == p.ID || other.Member.From != p.Member.From {
				continue
			}
			t.fault(min(i, 1), "is %q, which line %d gives to another user from the same day; say in from since when each has it, or take one out", plain(id), lines[other])
			break
		}
	}
}

func (t *table) position(latitude, longitude int) Position {
	a, north := t.number(latitude, -90, 90)
	b, east := t.number(longitude, -180, 180)
	if north != east && len(t.cells[latitude]) > 0 != (len(t.cells[longitude]) > 0) {
		t.fault(latitude, "stands without the other coordinate; write both or neither")
	}
	return Position{Latitude: a, Longitude: b, Known: north && east}
}

func (t *table) shift(start, hours, days int) Shift {
	var s Shift
	length, ok := t.number(hours, 0, 24)
	s.Length = int(length * 60)
	if text := t.text(start); text != "" {
		minute, good := clockText(text)
		if !good {
			t.fault(start, "is %q; write an hour of the day as 7 or 07:30", plain(text))
		}
		s.Start = minute
	} else if ok && length > 0 {
		t.fault(hours, "stands without %s; write both or neither", t.known[start])
	}
	for _, name := range t.list(days) {
		day, known := weekday(name)
		if !known {
			t.fault(days, "is %q; write days as Mon;Tue;Wed;Thu;Fri;Sat;Sun", plain(name))
		}
		s.Days = append(s.Days, day)
	}
	return s
}

// clockText returns the minute of the day that a text names.
func clockText(s string) (int, bool) {
	h, m, _ := strings.Cut(s, ":")
	hour, err := strconv.Atoi(h)
	minute := 0
	if err == nil && m != "" {
		minute, err = strconv.Atoi(m)
	}
	return hour*60 + minute, err == nil && hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59
}

func weekday(s string) (time.Weekday, bool) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.EqualFold(s, d.String()[:3]) {
			return d, true
		}
	}
	return 0, false
}

// Person returns the row of the actor that holds on the day, the one that began last where several do; or else the one
// that began last before; or else the first.
func (r *Roster) Person(actor activity.Actor, at time.Time) (*Person, bool) {
	ps := r.rowsOf(actor)
	if len(ps) == 0 {
		return nil, false
	}
	return r.pick(ps, at), true
}

// rowsOf returns the rows of an actor, none where the actor is not known.
func (r *Roster) rowsOf(actor activity.Actor) []*Person {
	ps := r.byActor[actor.ID]
	if len(ps) == 0 && actor.AltID != "" {
		ps = r.byActor[actor.AltID]
	}
	return ps
}

// Owner returns the person whose own record the patient's is.
func (r *Roster) Owner(patient activity.Patient, at time.Time) (*Person, bool) {
	ps := r.ownersOf(patient)
	if len(ps) == 0 {
		return nil, false
	}
	return r.pick(ps, at), true
}

func (r *Roster) ownersOf(patient activity.Patient) []*Person {
	ps := r.byPatient[patient]
	if len(ps) == 0 && patient.System != "" {
		ps = r.byPatient[activity.Patient{ID: patient.ID}]
	}
	return ps
}

func (r *Roster) pick(ps []*Person, at time.Time) *Person {
	if len(ps) == 1 {
		return ps[0]
	}
	day := hipaasmp.DateOf(at, r.zone)
	var holds, before *Person
	for _, p := range ps {
		if p.Member.From.After(day) {
			continue
		}
		if before == nil || p.Member.From.After(before.Member.From) {
			before = p
		}
		if covers(p.Member, day) && (holds == nil || p.Member.From.After(holds.Member.From)) {
			holds = p
		}
	}
	return cmp.Or(holds, before, ps[0])
}

// Ended reports whether the actor's membership had ended at the time.
func (r *Roster) Ended(actor activity.Actor, at time.Time) (since time.Time, ended bool) {
	p, ok := r.Person(actor, at)
	if !ok {
		return time.Time{}, false
	}
	return r.endOf(p, at)
}

// endOf reports whether the person's membership had ended at the time.
func (r *Roster) endOf(p *Person, at time.Time) (since time.Time, ended bool) {
	since = p.Ended
	if since.IsZero() && !p.Member.To.IsZero() {
		if p.Member.To.Before(hipaasmp.DateOf(at, r.zone)) {
			return p.Member.To.AddDays(1).StartIn(r.zone), true
		}
		return time.Time{}, false
	}
	return since, !since.IsZero() && !at.Before(since)
}

// EndRecorded returns when the end of the actor's membership was entered in the personnel records.
func (r *Roster) EndRecorded(actor activity.Actor, at time.Time) (recorded time.Time, known bool) {
	p, ok := r.Person(actor, at)
	if !ok {
		return time.Time{}, false
	}
	return p.EndRecorded, !p.EndRecorded.IsZero()
}

// Digest identifies the list.
func (r *Roster) Digest() hipaasmp.Digest { return r.digest }

// owns reports whether the record is the person's own. A record without a numbering stands for the source's own.
func (p *Person) owns(patient activity.Patient) bool {
	for _, own := range p.Patients {
		if own == patient || own.System == "" && own.ID == patient.ID {
			return true
		}
	}
	return false
}

// digestOf identifies a table that was built in Go: by how Go writes it, which keeps all texts apart.
func digestOf(parts ...any) hipaasmp.Digest {
	var b []byte
	for _, p := range parts {
		b = fmt.Appendf(b, "%#v\n", p)
	}
	return hipaasmp.DigestOf(b)
}

// digestParameter names what a detector knew.
func digestParameter(name string, known interface{ Digest() hipaasmp.Digest }) Parameter {
	return Parameter{name, string(known.Digest())}
}

// known makes the parameters of the contexts that a detector was given; a nil one is "none".
func known(pairs ...any) []Parameter {
	var out []Parameter
	for i := 0; i+1 < len(pairs); i += 2 {
		name := fmt.Sprint(pairs[i])
		if d, ok := pairs[i+1].(interface{ Digest() hipaasmp.Digest }); ok && d != nil {
			out = append(out, digestParameter(name, d))
			continue
		}
		out = append(out, Parameter{name, "none"})
	}
	return out
}
