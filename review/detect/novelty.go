package detect

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
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
	// Limit is the most that is kept of the things that one actor touched, by aspect, in bytes; 0 is no limit, and then
	// shares are exact. With a limit a fair sample of the things is kept, with the days on which they were touched, and
	// findings of actors who touched more say that they are approximate. Less than 512 is 512.
	Limit int
	// Memory is the most that is kept of the things of all actors and days together, in bytes, where there is no Limit;
	// see [Volume.Memory].
	Memory int
	// Zone is the zone of days.
	Zone ZoneOf
}

func (d Novelty) settings() (p float64, floor, history int) {
	return cmp.Or(d.P, 1e-4), cmp.Or(d.Floor, 10), max(cmp.Or(d.History, 10), 1)
}

func (d Novelty) volume() Volume { return Volume{Zone: d.Zone, Limit: d.Limit, Memory: d.Memory} }

// Describe returns what a review records of the detector.
func (d Novelty) Describe() Description {
	p, floor, history := d.settings()
	return Description{
		ID: IDNovelty, Version: 1, Title: "An unusual share of what is new to the user",
		Parameters: append(append(known("people", d.People, "patients", d.Patients), Parameter{"p", fmt.Sprint(p)}, Parameter{"floor", strconv.Itoa(floor)},
			Parameter{"history", plural(history, "day", "days")}), d.volume().parameters()...),
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

	limit   int                                     // of a sample; 0 is none
	samples [len(aspects)]map[string]*noveltySample // with a limit
	known   [len(aspects)]memo[*noveltySample]      // by actor
}

func (s *noveltyState) add(e *met) {
	if !touched(e) {
		return
	}
	day := s.wall.dayOf(e.Recorded)
	var c uint32
	if s.limit == 0 {
		c = s.cell(0, day, e)
	}
	for i := range e.Patients {
		if s.limit > 0 {
			s.sample(0, day, e).touch(hashOf(e.desk.patients.text(e.patient(i))), day, s.limit)
		} else {
			s.sets[0].touch(c, &s.patients, e, i)
		}
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
	if s.limit > 0 {
		s.sample(aspect, day, e).touch(hashOf(s.key), day, s.limit)
		return
	}
	s.sets[aspect].put(s.cell(aspect, day, e), s.sets[aspect].thing(s.key))
}

// sample returns what is kept of the event's actor under a limit. It has seen the event.
func (s *noveltyState) sample(aspect int, day int32, e *met) *noveltySample {
	x := s.known[aspect].at(e.desk, e.who())
	if *x == nil {
		*x = s.sampleOf(aspect, e.name())
	}
	(*x).see(day, e)
	return *x
}

func (s *noveltyState) sampleOf(aspect int, actor string) *noveltySample {
	x := s.samples[aspect][actor]
	if x == nil {
		x = newNoveltySample()
		s.samples[aspect][actor] = x
	}
	return x
}

func (s *noveltyState) merge(other *noveltyState) {
	for i := range s.sets {
		s.sets[i].merge(other.sets[i])
		for actor, x := range other.samples[i] {
			s.sampleOf(i, actor).merge(x, s.limit)
		}
	}
}

func (s *noveltyState) written() any {
	if s.limit > 0 {
		var out [len(aspects)]map[string]sampleWritten
		for i := range s.samples {
			out[i] = map[string]sampleWritten{}
			for actor, x := range s.samples[i] {
				out[i][actor] = x.written()
			}
		}
		return out
	}
	var out [len(aspects)]daySetsWritten
	for i := range s.sets {
		out[i] = s.sets[i].written()
	}
	return out
}

func (s *noveltyState) read(data []byte) bool {
	if s.limit > 0 {
		var in []map[string]sampleWritten
		if !strict(data, &in) || len(in) != len(aspects) {
			return false
		}
		for i := range in {
			for actor, w := range in[i] {
				if !isPlain(actor) || !s.sampleOf(i, actor).read(w, s.limit) {
					return false
				}
			}
		}
		return true
	}
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

// approximate says what is left out of the aspect of which most is.
func (s *noveltyState) approximate() string {
	most := s.sets[0]
	for _, x := range s.sets {
		if x.scale() > most.scale() {
			most = x
		}
	}
	return most.approximate()
}

func (s *noveltyState) find(desc Description) []Finding {
	var out []Finding
	for i, sets := range s.sets {
		a := aspectOf{sets: sets, seen: make([]uint32, sets.things.len())}
		a.things, a.from = sets.grouped()
		scale := sets.scale()
		for _, actor := range sets.inOrder() {
			out = append(out, s.ofActor(desc, i, actor.name, a.days(actor), scale)...)
		}
		for _, actor := range slices.Sorted(maps.Keys(s.samples[i])) {
			days, scale := s.samples[i][actor].shares(s.limit)
			out = append(out, s.ofActor(desc, i, actor, days, scale)...)
		}
	}
	return out
}

// aspectOf is one aspect of all actors.
type aspectOf struct {
	sets   *daySets
	things []uint32 // see [daySets.grouped]
	from   []uint32
	seen   []uint32 // by thing: the number of the last actor who touched it, plus 1
}

// share is how many things of a day were new.
type share struct{ fresh, all int }

// noveltyDay is a day of an actor.
type noveltyDay struct {
	day   int32
	first EventRef
	share share
}

// days returns the days of an actor in order.
func (a *aspectOf) days(actor subjectName) []noveltyDay {
	list := a.sets.days[actor.number].cells
	out := make([]noveltyDay, len(list))
	for i, c := range list {
		x := &out[i]
		x.day, x.first = a.sets.cells.at(c).day, a.sets.first(c)
		for _, n := range a.things[a.from[c]:a.from[c+1]] {
			x.share.all++
			if a.seen[n] != actor.number+1 {
				a.seen[n] = actor.number + 1
				x.share.fresh++
			}
		}
	}
	return out
}

// ofActor finds the days of an actor on which much was new. Each thing stands for scale things: for itself where all are
// kept.
func (s *noveltyState) ofActor(desc Description, aspect int, actor string, days []noveltyDay, scale float64) []Finding {
	p, floor, history := s.settings()
	if aspect > 0 {
		floor = min(floor, 3)
	}
	var out []Finding
	var before []share
	var since hipaasmp.Date
	for i := range days {
		d := &days[i]
		if s.People != nil {
			if who, ok := s.People.Person(activity.Actor{ID: actor}, d.first.At); ok && who.Member.From.After(since) {
				if i > 0 && who.Member.From.After(dateOf(days[i-1].day)) {
					before = nil // another role: what is new to the actor is the role
				}
				since = who.Member.From
			}
		}
		x := d.share
		// On the first days everything is new; they say nothing of the days to come.
		if len(before) >= history && float64(x.fresh)*scale >= float64(floor) {
			usual := before[len(before)/2:]
			alpha, beta, expected := fitShares(usual)
			if tail := betaBinomial(x.fresh, x.all, alpha, beta); tail < p {
				about := func(n int) string { return approximately(int(math.Round(float64(n)*scale)), scale > 1) }
				out = append(out, desc.finding(aspects[aspect]+"\x00"+dateOf(d.day).String(), rank(tail, p), actor, []EventRef{d.first},
					fmt.Sprintf("%s of %s %s on %s were new to the actor; on the %d days before it was %.0f in 100", about(x.fresh), about(x.all), aspects[aspect], dateOf(d.day), len(usual), 100*expected),
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
		s.limit = d.volume().hashes()
		for i := range s.sets {
			part := 6 // of the memory; patients have half of it
			if i == 0 {
				part = 2
			}
			s.sets[i] = newDaySets(Volume{Memory: d.volume().members() * memberBytes / part})
			if s.limit > 0 {
				s.samples[i] = map[string]*noveltySample{}
			}
		}
		return s
	}}
}

// New returns the state of no events.
func (d Novelty) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d Novelty) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
