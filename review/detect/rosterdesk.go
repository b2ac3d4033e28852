package detect

import "time"

// memo keeps what a state has for each actor or patient of a desk; from another desk it begins anew.
type memo[V any] struct {
	of   *desk
	list []V
}

func (m *memo[V]) at(d *desk, n int) *V {
	if m.of != d {
		m.of, m.list = d, nil
	}
	if n < len(m.list) {
		return &m.list[n]
	}
	return at(&m.list, n)
}

// rosterDesk are the rows of a roster by actor, and by patient those whose own record it is.
type rosterDesk struct {
	roster *Roster
	rows   []rows
	owners []rows
}

// rows are rows of a roster: the only one, or another number of them. Both are nil where nobody asked.
type rows struct {
	only *Person
	many *[]*Person
}

func (r *rows) asked() bool { return r.only != nil || r.many != nil }

func (r *rows) set(list []*Person) {
	if len(list) == 1 {
		r.only = list[0]
		return
	}
	r.many = &list
}

func (r *rows) pick(of *Roster, at time.Time) *Person {
	if r.only != nil || len(*r.many) == 0 {
		return r.only
	}
	return of.pick(*r.many, at)
}

// found is an answer to a question that was asked once.
type found[V any] struct {
	asked bool
	value V
}

func (d *desk) roster(r *Roster) *rosterDesk {
	for i := range d.rosters {
		if d.rosters[i].roster == r {
			return &d.rosters[i]
		}
	}
	d.rosters = append(d.rosters, rosterDesk{roster: r})
	return &d.rosters[len(d.rosters)-1]
}

// person says who the actor of the event was.
func (e *met) person(people People) (*Person, bool) {
	r, ok := people.(*Roster)
	if !ok {
		return people.Person(e.Actor, e.Recorded)
	}
	if e.roster != r {
		x := at(&e.desk.roster(r).rows, e.who())
		if !x.asked() {
			x.set(r.rowsOf(e.Actor))
		}
		e.roster, e.row = r, x.pick(r, e.Recorded)
	}
	return e.row, e.row != nil
}

// owner says whose own record that of the i-th patient is.
func (e *met) owner(people People, i int) (*Person, bool) {
	r, ok := people.(*Roster)
	if !ok || e.desk.few {
		return people.Owner(e.Patients[i], e.Recorded)
	}
	x := at(&e.desk.roster(r).owners, int(e.patient(i)))
	if !x.asked() {
		x.set(r.ownersOf(e.Patients[i]))
	}
	p := x.pick(r, e.Recorded)
	return p, p != nil
}

// ended says since when the actor had left.
func (e *met) ended(t Terminations) (time.Time, bool) {
	r, ok := t.(*Roster)
	if !ok {
		return t.Ended(e.Actor, e.Recorded)
	}
	p, ok := e.person(r)
	if !ok {
		return time.Time{}, false
	}
	return r.endOf(p, e.Recorded)
}

// endRecorded says when the end of the actor's membership was entered, which ended gave.
func (e *met) endRecorded(t Terminations) (time.Time, bool) {
	r, ok := t.(RecordedTerminations)
	if !ok {
		return time.Time{}, false
	}
	return r.EndRecorded(e.Actor, e.Recorded)
}
