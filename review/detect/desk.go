package detect

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// desk is what the detectors of a run share: the actors and patients that the run has met, by number, and what is known of
// them. So each is looked up once for an event, and not once for each detector. It belongs to one goroutine.
type desk struct {
	batch    []met
	actors   names    // by both identities
	plain    []string // by actor: the identity as states have it
	patients names    // by key, see [patientKey]
	charts   []string // by patient; "" where nobody asked
	crumbs   crumbs   // for the places of events only
	key      []byte

	few    bool // few detectors ask: what one of them alone wants of a patient is looked up where it lies
	met    int  // how many events of the batch are met
	keys   []byte
	hashes []keyHash
	near   uint64 // see [names.touch]

	rosters   []rosterDesk
	registers []registerDesk
	tables    []tableDesk
}

// met is an event that a run has met. It is not kept.
type met struct {
	*activity.Event
	desk   *desk
	number uint32   // of the actor plus 1; 0 where nobody asked
	charts []uint32 // the numbers of the first patients
	tied   []tiedTo // by patient
	roster *Roster  // the last that was asked, and its answer
	row    *Person
	event  EventRef // where refd
	refd   bool
}

// tiedTo remembers the answer for one patient of the event.
type tiedTo struct {
	table         *RelationTable
	back, forward time.Duration
	related       bool
}

// fewDetectors is how many detectors are few.
const fewDetectors = 2

// meet returns the event as detectors take it; it holds until the next one is met. The pointer is not kept beyond.
func (d *desk) meet(e *activity.Event) *met {
	if len(d.batch) == 0 {
		d.batch = append(d.batch, met{})
	}
	m := &d.batch[0]
	m.begin(d, e)
	d.met = 1
	return m
}

// meetAll does so with several at once.
func (d *desk) meetAll(events []activity.Event) []met {
	for len(d.batch) < len(events) {
		d.batch = append(d.batch, met{})
	}
	for i := range events {
		d.batch[i].begin(d, &events[i])
	}
	d.met = len(events)
	return d.batch[:d.met]
}

func (e *met) begin(d *desk, event *activity.Event) {
	e.Event, e.desk, e.number, e.refd, e.roster = event, d, 0, false, nil
	e.charts, e.tied = e.charts[:0], e.tied[:0]
}

// leave forgets the events.
func (d *desk) leave() {
	for i := range d.batch[:d.met] {
		d.batch[i].Event = nil
	}
	d.met = 0
}

// who returns the number of the event's actor.
func (e *met) who() int {
	if e.number == 0 {
		e.number = e.desk.who(e.Actor.ID, e.Actor.AltID) + 1
	}
	return int(e.number - 1)
}

func (d *desk) who(id, alt string) uint32 {
	d.key = append(d.key[:0], id...)
	if alt != "" {
		d.key = append(d.key, alt...)
		d.key = append(binary.AppendUvarint(d.key, uint64(len(alt))), 0xff) // no text ends so
	}
	n, fresh := d.actors.number(d.key)
	if fresh {
		d.plain = append(d.plain, strings.Clone(plain(id)))
	}
	return n
}

// ref returns the reference to the event, as states keep it: it holds no part of the line but the identity.
func (e *met) ref() EventRef {
	if !e.refd {
		d := e.desk
		n := d.crumbs.at(e.Source, e.Raw.File)
		p := d.crumbs.places[n]
		e.event = EventRef{Source: p.source, ID: strings.Clone(plain(e.ID)), Raw: activity.Raw{File: p.file, Offset: e.Raw.Offset, Length: e.Raw.Length}}
		if !e.Recorded.IsZero() {
			e.event.At = hipaasmp.Instant(e.Recorded)
		}
		e.refd = true
	}
	return e.event
}

// compare orders the event and a reference as [EventRef.compare] does, without a copy of the identity.
func (e *met) compare(r EventRef) int { return Ref(*e.Event).compare(r) }

// name is the actor as states have it.
func (e *met) name() string {
	if e.Actor.ID == "" {
		return ""
	}
	return e.desk.plain[e.who()]
}

// patient returns the number of the i-th patient of the event.
func (e *met) patient(i int) uint32 {
	if len(e.charts) <= i {
		e.desk.number()
	}
	return e.charts[i]
}

// number numbers the patients of all events of the batch.
func (d *desk) number() {
	d.patients.ready()
	d.keys, d.hashes = d.keys[:0], d.hashes[:0]
	for i := range d.batch[:d.met] {
		for _, p := range d.batch[i].Patients {
			from := len(d.keys)
			d.keys = patientKey(d.keys, p)
			hash := d.patients.hash(d.keys[from:])
			d.near ^= d.patients.touch(hash)
			d.hashes = append(d.hashes, keyHash{hash, len(d.keys)})
		}
	}
	from, k := 0, 0
	for i := range d.batch[:d.met] {
		m := &d.batch[i]
		m.charts = m.charts[:0]
		for range m.Patients {
			x := d.hashes[k]
			n, _ := d.patients.numberOf(d.keys[from:x.end], x.hash)
			m.charts = append(m.charts, n)
			from, k = x.end, k+1
		}
	}
}

// keyHash is the hash of a key and where the key ends.
type keyHash struct {
	hash uint64
	end  int
}

// chart stands for the i-th patient in marks, see [chart].
func (e *met) chart(i int) string {
	if e.desk.few {
		return chart(e.Patients[i : i+1])
	}
	x := at(&e.desk.charts, int(e.patient(i)))
	if *x == "" {
		*x = chart(e.Patients[i : i+1])
	}
	return *x
}

// at returns the place of a number in a list that grows as need be.
func at[V any](list *[]V, n int) *V {
	if n >= len(*list) {
		*list = append(*list, make([]V, n+1-len(*list))...)
	}
	return &(*list)[n]
}

// registerDesk are the entries of a register by patient.
type registerDesk struct {
	register *Register
	facts    []found[*PatientFacts]
}

// registered says what is registered of the i-th patient.
func (e *met) registered(patients Patients, i int) (*PatientFacts, bool) {
	r, ok := patients.(*Register)
	if !ok || e.desk.few {
		return patients.Patient(e.Patients[i])
	}
	d := e.desk
	k := 0
	for k < len(d.registers) && d.registers[k].register != r {
		k++
	}
	if k == len(d.registers) {
		d.registers = append(d.registers, registerDesk{register: r})
	}
	f := at(&d.registers[k].facts, int(e.patient(i)))
	if !f.asked {
		f.asked = true
		f.value, _ = r.Patient(e.Patients[i])
	}
	return f.value, f.value != nil
}

// chart is a digest of the patients of an event, "" for none: it keeps them apart, see [glassMark].
func chart(patients []activity.Patient) string {
	if len(patients) == 0 {
		return ""
	}
	var b []byte
	if len(patients) == 1 {
		b = append(append(append(b, patients[0].System...), 0), patients[0].ID...)
	} else {
		b = chartKey(patients)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}
