package detect

import "time"

// tableDesk are the numbers in a table of relations by actor and by patient.
type tableDesk struct {
	table    *RelationTable
	users    []found[uint32]
	patients []found[[2]uint32]
}

// explained reports whether a tie explains the access to the i-th patient. Several detectors ask it of the same event.
func (e *met) explained(t Tie, i int) bool {
	r, ok := t.Relations.(*RelationTable)
	if !ok {
		return t.explains(e.Event, e.Patients[i])
	}
	back, forward := t.window()
	x := at(&e.tied, i)
	if x.table == r && x.back == back && x.forward == forward {
		return x.related
	}
	from, until := unbounded()
	if !e.Recorded.IsZero() {
		from, until = e.Recorded.Add(-back), e.Recorded.Add(forward)
	}
	_, related := e.related(r, i, from, until)
	*x = tiedTo{r, back, forward, related}
	return related
}

// relatedAround returns the relation to the i-th patient that holds at most a window before or after the event.
func (e *met) relatedAround(to Relations, i int, window time.Duration) (kind string, related bool) {
	from, until := e.Recorded, e.Recorded
	if !e.Recorded.IsZero() {
		from, until = from.Add(-window), until.Add(window)
	}
	if r, ok := to.(*RelationTable); ok {
		return e.related(r, i, from, until)
	}
	return to.Related(e.Actor, e.Patients[i], from, until)
}

func (e *met) related(r *RelationTable, i int, from, until time.Time) (kind string, related bool) {
	d := e.desk
	k := 0
	for k < len(d.tables) && d.tables[k].table != r {
		k++
	}
	if k == len(d.tables) {
		d.tables = append(d.tables, tableDesk{table: r})
	}
	t := &d.tables[k]
	user := at(&t.users, e.who())
	if !user.asked {
		user.asked = true
		user.value, _ = r.user(e.Actor)
	}
	if user.value == 0 {
		return "", false
	}
	if d.few {
		return r.between(user.value, r.numbersOf(e.Patients[i]), from, until)
	}
	patient := at(&t.patients, int(e.patient(i)))
	if !patient.asked {
		patient.asked, patient.value = true, r.numbersOf(e.Patients[i])
	}
	return r.between(user.value, patient.value, from, until)
}
