package detect

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"strconv"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// PatientSurge finds days on which far more people than usual looked at one record: S3. What is usual is the negative
// binomial distribution of the distinct actors on all other days of records at the same distance from admission: the day
// of admission, each of the thirteen after, later, or no admission. One finding is one record and one day. States and
// findings hold no patient, see [Finding].
type PatientSurge struct {
	// Patients says who was admitted when; nil is nobody.
	Patients Patients
	// P is the probability below which a day is found; 0 is 0.0001.
	P float64
	// Floor is how many actors are many at least; 0 is 10.
	Floor int
	// Limit is the most that is kept of one record and day, see [Volume].
	Limit int
	// Memory is the most that is kept of the people of all records and days together, see [Volume.Memory].
	Memory int
	// Tie explains accesses: those of the people who treat the patient do not count.
	Tie Tie
	// Zone is the zone of days.
	Zone ZoneOf
}

func (d PatientSurge) settings() (p float64, floor int) {
	return cmp.Or(d.P, 1e-4), cmp.Or(d.Floor, 10)
}

func (d PatientSurge) volume() Volume { return Volume{Zone: d.Zone, Limit: d.Limit, Memory: d.Memory} }

// Describe returns what a review records of the detector.
func (d PatientSurge) Describe() Description {
	p, floor := d.settings()
	return Description{
		ID: IDPatientSurge, Version: 1, Title: "Many more people than usual in one record",
		Parameters: append(append(append(known("patients", d.Patients), Parameter{"p", fmt.Sprint(p)}, Parameter{"floor", strconv.Itoa(floor)}),
			d.volume().parameters()...), d.Tie.parameters()...),
		FalsePositives: "A resuscitation, a teaching round, a case conference, a transfer between units.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAccessAuthorization},
	}
}

const (
	laterDays   = 14 // the class of a day two weeks after admission or later
	noAdmission = 15
)

// surgeState keeps the sets of actors by record and day.
type surgeState struct {
	PatientSurge
	sets   *daySets
	wall   clock
	charts memo[uint32] // by patient: the number in sets plus 1
	actors memo[uint32] // by actor likewise
}

func (s *surgeState) add(e *met) {
	if !touched(e) {
		return
	}
	day := s.wall.dayOf(e.Recorded)
	for i := range e.Patients {
		if e.explained(s.Tie, i) {
			continue
		}
		n := s.charts.at(e.desk, int(e.patient(i)))
		if *n == 0 {
			*n = s.sets.subject(e.chart(i)) + 1
		}
		if c := s.sets.cells.at(s.sets.on(*n-1, day)); c.fresh() {
			c.class = s.classOf(e, i, day)
		}
		c := s.sets.see(*n-1, day, e)
		s.sets.touchedBy(c, &s.actors, e)
	}
}

// touchedBy puts the actor of the event into a cell.
func (s *daySets) touchedBy(c uint32, known *memo[uint32], e *met) {
	n := known.at(e.desk, e.who())
	if *n != 0 && s.limit == 0 {
		s.put(c, *n-1)
		return
	}
	s.key = patientKey(s.key[:0], activity.Patient{ID: e.Actor.ID})
	if s.limit > 0 {
		s.hash(c, hashOf(s.key))
		return
	}
	*n = s.thing(s.key) + 1
	s.put(c, *n-1)
}

func (s *surgeState) classOf(e *met, i int, day int32) int32 {
	if s.Patients != nil {
		if f, ok := e.registered(s.Patients, i); ok && !f.Admitted.IsZero() {
			if n := f.Admitted.DaysUntil(dateOf(day)); n >= 0 {
				return int32(min(n, laterDays))
			}
		}
	}
	return noAdmission
}

func (s *surgeState) approximate() string { return s.sets.approximate() }

func (s *surgeState) merge(other *surgeState) { s.sets.merge(other.sets) }
func (s *surgeState) written() any            { return s.sets.written() }

func (s *surgeState) read(data []byte) bool {
	var in daySetsWritten
	if !strict(data, &in) || !s.sets.read(in) {
		return false
	}
	for n := range uint32(s.sets.subjects.len()) {
		if t, err := hex.DecodeString(string(s.sets.subjects.text(n))); err != nil || len(t) != len(token{}) {
			return false
		}
	}
	return !s.sets.cells.any(func(c *cell) bool { return c.class < 0 || c.class > noAdmission })
}

func (s *surgeState) find(desc Description) []Finding {
	p, floor := s.settings()
	var days [noAdmission + 1]int
	var sum, squares [noAdmission + 1]float64
	names, size := s.sets.inOrder(), s.sets.sizes()
	each := func(do func(name string, d *cell, n int, rough bool)) {
		for _, name := range names {
			for _, c := range s.sets.days[name.number].cells {
				n, rough := size(c)
				do(name.name, s.sets.cells.at(c), n, rough)
			}
		}
	}
	each(func(_ string, d *cell, n int, _ bool) {
		days[d.class]++
		sum[d.class] += float64(n)
		squares[d.class] += float64(n) * float64(n)
	})
	var out []Finding
	each(func(name string, d *cell, n int, rough bool) {
		c := d.class
		if n < floor || days[c] < 2 {
			return
		}
		// Sums of squares of whole numbers are exact, so taking one away gives those of the others.
		usual := fit(days[c]-1, sum[c]-float64(n), squares[c]-float64(n)*float64(n))
		tail := usual.upper(n)
		if tail >= p {
			return
		}
		out = append(out, desc.finding(name+"\x00"+dateOf(d.day).String(), surgeRank(tail, p), "", []EventRef{s.sets.crumbs.ref(&d.first)},
			fmt.Sprintf("%s people looked at one record on %s (%s)", approximately(n, rough), dateOf(d.day), sinceAdmission(c)),
			fmt.Sprintf("on the %d other days of records of that kind it was %.1f on average; so many are less likely than %s, the setting is %v and %d people",
				days[c]-1, (sum[c]-float64(n))/float64(days[c]-1), oneIn(tail), p, floor),
			"the finding names the first event of the day").about(name))
	})
	return out
}

// surgeRank is moderate, or high where the tail is a thousandth of the setting.
func surgeRank(tail, p float64) Severity {
	if tail < p/1000 {
		return SeverityHigh
	}
	return SeverityModerate
}

func sinceAdmission(class int32) string {
	switch class {
	case 0:
		return "the day of admission"
	case laterDays:
		return "14 days after admission or later"
	case noAdmission:
		return "no admission known"
	}
	return plural(int(class), "day", "days") + " after admission"
}

func (d PatientSurge) rule() summarise[*surgeState] {
	return summarise[*surgeState]{d.Describe(), func() *surgeState {
		return &surgeState{PatientSurge: d, sets: newDaySets(d.volume()), wall: d.Zone.clock()}
	}}
}

// New returns the state of no events.
func (d PatientSurge) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d PatientSurge) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
