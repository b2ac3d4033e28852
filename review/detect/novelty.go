package detect

import (
	"cmp"
	"fmt"
	"math"
	"strconv"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Novelty finds days on which an unusual share of what an actor touched was new to the actor: S4. It looks at patients,
// screens, departments of patients, and places of work. The shares of the days before give a beta-binomial distribution; a
// day is found if so many new things or more have a probability below P there. One finding is one actor, day and aspect.
type Novelty struct {
	// People says since when somebody has the role: a change resets the history. Nil is no changes.
	People People
	// Patients says which department serves a patient; nil leaves that aspect out.
	Patients Patients
	// P is the probability; 0 is 0.0001.
	P float64
	// Floor is how many new patients are many at least; 0 is 10. Of the other aspects it is 3.
	Floor int
	// History is how many days the actor must have been active before; 0 is 10.
	History int
	// Zone is the zone of days.
	Zone ZoneOf
}

func (d Novelty) settings() (p float64, floor, history int) {
	return cmp.Or(d.P, 1e-4), cmp.Or(d.Floor, 10), max(cmp.Or(d.History, 10), 1)
}

// Describe returns what a review records of the detector.
func (d Novelty) Describe() Description {
	p, floor, history := d.settings()
	return Description{
		ID: IDNovelty, Version: 1, Title: "An unusual share of what is new to the user",
		Parameters: append(known("people", d.People, "patients", d.Patients), Parameter{"p", fmt.Sprint(p)}, Parameter{"floor", strconv.Itoa(floor)},
			Parameter{"history", plural(history, "day", "days")}, Parameter{"zone", d.Zone.name()}),
		FalsePositives: "The first days of a rotation or of another job, where the roster does not say so.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAccessAuthorization},
	}
}

// aspects are what is looked at, in the order in which states hold them.
var aspects = [...]string{"patients", "screens", "departments", "places"}

type noveltyState struct {
	Novelty
	wall     clock
	sets     [len(aspects)]*daySets
	subjects [len(aspects)]memo[uint32] // by actor: the number in sets plus 1
	patients memo[uint32]               // by patient likewise
	key      []byte
}

func (s *noveltyState) add(e *met) {
	if !touched(e) {
		return
	}
	day := s.wall.dayOf(e.Recorded)
	c := s.cell(0, day, e)
	for i := range e.Patients {
		s.sets[0].touch(c, &s.patients, e, i)
		if s.Patients != nil {
			if f, ok := e.registered(s.Patients, i); ok && f.Department != "" {
				s.touch(2, day, f.Department, e)
			}
		}
	}
	if x := screen(e.Event); x != "" {
		s.touch(1, day, x, e)
	}
	if from := cmp.Or(e.From.Host, e.From.Addr); from != "" {
		s.touch(3, day, from, e)
	}
}

// cell returns the cell of the event's actor and day, which has seen the event.
func (s *noveltyState) cell(aspect int, day int32, e *met) uint32 {
	sets := s.sets[aspect]
	return sets.see(sets.actor(&s.subjects[aspect], e), day, e)
}

func (s *noveltyState) touch(aspect int, day int32, thing string, e *met) {
	s.key = append(append(s.key[:0], keyPlain), thing...)
	s.sets[aspect].put(s.cell(aspect, day, e), s.sets[aspect].thing(s.key))
}

func (s *noveltyState) merge(other *noveltyState) {
	for i := range s.sets {
		s.sets[i].merge(other.sets[i])
	}
}

func (s *noveltyState) written() any {
	var out [len(aspects)]daySetsWritten
	for i := range s.sets {
		out[i] = s.sets[i].written()
	}
	return out
}

func (s *noveltyState) read(data []byte) bool {
	var in []daySetsWritten
	if !strict(data, &in) || len(in) != len(aspects) {
		return false
	}
	for i := range in {
		if !s.sets[i].read(in[i]) {
			return false
		}
	}
	return true
}

func (s *noveltyState) find(desc Description) []Finding {
	var out []Finding
	for i, sets := range s.sets {
		a := aspectOf{i, sets, nil, nil, make([]uint32, sets.things.len())}
		a.things, a.from = sets.grouped()
		for _, actor := range sets.inOrder() {
			out = append(out, s.ofActor(desc, &a, actor)...)
		}
	}
	return out
}

// aspectOf is one aspect of all actors.
type aspectOf struct {
	number int
	sets   *daySets
	things []uint32 // see [daySets.grouped]
	from   []uint32
	seen   []uint32 // by thing: the number of the last actor who touched it, plus 1
}

// share is how many things of a day were new.
type share struct{ fresh, all int }

func (s *noveltyState) ofActor(desc Description, a *aspectOf, actor subjectName) []Finding {
	p, floor, history := s.settings()
	if a.number > 0 {
		floor = min(floor, 3)
	}
	var out []Finding
	var before []share
	var since hipaasmp.Date
	list := a.sets.days[actor.number].cells
	for i, c := range list {
		first := a.sets.first(c)
		day := a.sets.cells[c].day
		if s.People != nil {
			if who, ok := s.People.Person(activity.Actor{ID: actor.name}, first.At); ok && who.Member.From.After(since) {
				if i > 0 && who.Member.From.After(dateOf(a.sets.cells[list[i-1]].day)) {
					before = nil // another role: what is new to the actor is the role
				}
				since = who.Member.From
			}
		}
		var x share
		for _, n := range a.things[a.from[c]:a.from[c+1]] {
			x.all++
			if a.seen[n] != actor.number+1 {
				a.seen[n] = actor.number + 1
				x.fresh++
			}
		}
		// On the first days everything is new; they say nothing of the days to come.
		if len(before) >= history && x.fresh >= floor {
			usual := before[len(before)/2:]
			alpha, beta, expected := fitShares(usual)
			if tail := betaBinomial(x.fresh, x.all, alpha, beta); tail < p {
				out = append(out, desc.finding(aspects[a.number]+"\x00"+dateOf(day).String(), rank(tail, p), actor.name, []EventRef{first},
					fmt.Sprintf("%d of %d %s on %s were new to the actor; on the %d days before it was %.0f in 100", x.fresh, x.all, aspects[a.number], dateOf(day), len(usual), 100*expected),
					fmt.Sprintf("after such days so many are less likely than %s; the setting is %v", oneIn(tail), p),
					"the finding names the first event of the day"))
			}
		}
		before = append(before, x)
	}
	return out
}

// fitShares fits a beta distribution by moments to shares. Days are taken to differ a little at least.
func fitShares(days []share) (alpha, beta, expected float64) {
	const least, most = 0.02, 0.5
	fresh, all, inverse := 0.0, 0.0, 0.0
	for _, x := range days {
		fresh += float64(x.fresh)
		all += float64(x.all)
		inverse += 1 / float64(max(x.all, 1))
	}
	expected = (fresh + 0.5) / (all + 1)
	inverse /= float64(len(days))
	variance := 0.0
	for _, x := range days {
		off := float64(x.fresh)/float64(max(x.all, 1)) - expected
		variance += float64(off * off)
	}
	variance /= float64(len(days))
	even := expected * (1 - expected)
	rho := least
	if inverse < 1 {
		rho = math.Min(most, math.Max(least, (variance-float64(even*inverse))/float64(even*(1-inverse))))
	}
	return float64(expected*(1-rho)) / rho, float64((1-expected)*(1-rho)) / rho, expected
}

func (d Novelty) rule() summarise[*noveltyState] {
	return summarise[*noveltyState]{d.Describe(), func() *noveltyState {
		s := &noveltyState{Novelty: d, wall: d.Zone.clock()}
		for i := range s.sets {
			s.sets[i] = newDaySets(0)
		}
		return s
	}}
}

// New returns the state of no events.
func (d Novelty) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d Novelty) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
