package detect

import (
	"bytes"
	"cmp"
	"io"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Relations says what ties an actor to a patient: an appointment, an encounter, an order, the care team, a referral, a
// message, a billing work queue, a department that serves the patient; or, in another table, kinship. It belongs to the
// product; [ReadRelations] and [NewRelations] build one.
type Relations interface {
	// Related returns the kind of a relation that holds at some time between the two instants, both included.
	Related(actor activity.Actor, patient activity.Patient, from, until time.Time) (kind string, related bool)
	// Digest identifies what was known, see [Terminations].
	Digest() hipaasmp.Digest
}

// Relation ties an actor to a patient.
type Relation struct {
	// Actor is the identity as the log has it, or one to which [RelationTable.Resolve] leads.
	Actor string
	// Patient is the patient as events name it; without a numbering it stands for any.
	Patient activity.Patient
	// Kind says what the relation is, for example "appointment".
	Kind string
	// From and Until bound it: the first instant and the first after it. A zero time is no bound.
	From, Until time.Time
}

// RelationTable answers from a list of relations. Of one without bounds it keeps 4 bytes, so that
// millions fit. [ReadRelations] and [NewRelations] build one; it is not changed after.
type RelationTable struct {
	// Resolve returns the identity by which relations name an actor; nil takes the actor's identities as they are. It is
	// set before the table is used.
	Resolve func(activity.Actor) (string, bool)

	users    map[string]uint32
	patients names             // numbers in pairs are one more
	always   pairs             // without bounds and without a kind
	spans    map[uint64][]span // all others
	digest   hipaasmp.Digest
}

type span struct {
	from, until int64 // microseconds; 0 is no bound
	kind        string
}

var _ Relations = (*RelationTable)(nil)

// NewRelations returns a table of the relations.
func NewRelations(relations []Relation) *RelationTable {
	r := &RelationTable{}
	sorted := slices.Clone(relations)
	slices.SortFunc(sorted, func(a, b Relation) int {
		return cmp.Or(cmp.Compare(a.Actor, b.Actor), cmp.Compare(a.Patient.System, b.Patient.System), cmp.Compare(a.Patient.ID, b.Patient.ID),
			cmp.Compare(a.Kind, b.Kind), a.From.Compare(b.From), a.Until.Compare(b.Until))
	})
	for _, x := range sorted {
		r.add(x)
	}
	r.always.ready()
	r.digest = digestOf(sorted)
	return r
}

func (r *RelationTable) add(x Relation) {
	if r.users == nil {
		r.users, r.spans = map[string]uint32{}, map[uint64][]span{}
	}
	key := uint64(dense(r.users, x.Actor))<<32 | uint64(r.patient(x.Patient))
	if x.Kind == "" && x.From.IsZero() && x.Until.IsZero() {
		r.always.add(key)
		return
	}
	r.spans[key] = append(r.spans[key], span{from: micros(x.From), until: micros(x.Until), kind: x.Kind})
}

// patient numbers patients from 1.
func (r *RelationTable) patient(p activity.Patient) uint32 {
	var room [64]byte
	n, _ := r.patients.number(patientKey(room[:0], p))
	return n + 1
}

// patientText does so from the cell of a table.
func (r *RelationTable) patientText(cell []byte) uint32 {
	var room [64]byte
	n, _ := r.patients.number(append(append(room[:0], keyPlain), bytes.TrimSpace(cell)...))
	return n + 1
}

// numberOf returns the number of a patient, 0 for none.
func (r *RelationTable) numberOf(p activity.Patient) uint32 {
	var room [64]byte
	n, ok := r.patients.find(patientKey(room[:0], p))
	if !ok {
		return 0
	}
	return n + 1
}

// numbersOf returns the numbers under which relations to a patient may stand: that of the patient, and that without the
// numbering; 0 is none.
func (r *RelationTable) numbersOf(p activity.Patient) (n [2]uint32) {
	n[0] = r.numberOf(p)
	if p.System != "" {
		n[1] = r.numberOf(activity.Patient{ID: p.ID})
	}
	return n
}

// dense numbers keys from 1 in the order in which they come.
func dense[K comparable](m map[K]uint32, k K) uint32 {
	n, ok := m[k]
	if !ok {
		n = uint32(len(m)) + 1
		m[k] = n
	}
	return n
}

func micros(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.UnixMicro()
}

var relationColumns = []string{"user", "patient", "system", "kind", "from", "until"}

// ReadRelations reads relations from CSV with the columns user and patient (required), system (the patient's numbering),
// kind, from and until: days or instants. A day in until is the last day. The error is a [*TableError] with every fault,
// or the reader's own.
func ReadRelations(in io.Reader, o TableOptions) (*RelationTable, error) {
	r := &RelationTable{}
	digest, err := readTable("relations", in, o, relationColumns, 2, func(t *table) {
		// Most rows name nobody new; their texts are looked up without a copy.
		user, known := r.users[string(t.cells[0])]
		if !known || len(t.cells[2])+len(t.cells[3])+len(t.cells[4])+len(t.cells[5]) > 0 {
			x := Relation{Actor: t.text(0), Patient: activity.Patient{System: t.text(2), ID: t.text(1)}, Kind: t.text(3), From: t.bound(4, o.zone(), 0), Until: t.bound(5, o.zone(), 1)}
			if !x.Until.IsZero() && x.Until.Before(x.From) {
				t.fault(5, "is before from")
			}
			r.add(x)
			return
		}
		r.always.add(uint64(user)<<32 | uint64(r.patientText(t.cells[1])))
	})
	if err != nil {
		return nil, err
	}
	r.always.ready()
	r.digest = digest
	return r, nil
}

// bound returns the instant of a cell that holds an instant, or the start of the day so many days after a day.
func (t *table) bound(column int, zone *time.Location, after int) time.Time {
	s := t.text(column)
	if len(s) > len("2006-01-02") {
		return t.instant(column)
	}
	if d := t.date(column); !d.IsZero() {
		return d.AddDays(after).StartIn(zone)
	}
	return time.Time{}
}

// Related reports a relation that holds between the instants.
func (r *RelationTable) Related(actor activity.Actor, patient activity.Patient, from, until time.Time) (kind string, related bool) {
	user, ok := r.user(actor)
	if !ok {
		return "", false
	}
	return r.between(user, r.numbersOf(patient), from, until)
}

// between reports a relation of a user to one of the numbers of a patient.
func (r *RelationTable) between(user uint32, patient [2]uint32, from, until time.Time) (kind string, related bool) {
	for _, n := range patient {
		if n == 0 {
			continue
		}
		if kind, related = r.tie(user, n, from, until); related {
			return kind, true
		}
	}
	return "", false
}

func (r *RelationTable) user(actor activity.Actor) (uint32, bool) {
	if r.Resolve != nil {
		if id, ok := r.Resolve(actor); ok {
			if user, ok := r.users[id]; ok {
				return user, true
			}
		}
	}
	user, ok := r.users[actor.ID]
	if !ok && actor.AltID != "" {
		user, ok = r.users[actor.AltID]
	}
	return user, ok
}

func (r *RelationTable) tie(user, patient uint32, from, until time.Time) (kind string, related bool) {
	key := uint64(user)<<32 | uint64(patient)
	if r.always.has(key) {
		return "", true
	}
	if len(r.spans) == 0 {
		return "", false
	}
	first, last := from.UnixMicro(), until.UnixMicro()
	for _, s := range r.spans[key] {
		if (s.from == 0 || s.from <= last) && (s.until == 0 || s.until > first) {
			return s.kind, true
		}
	}
	return "", false
}

// Digest identifies the list.
func (r *RelationTable) Digest() hipaasmp.Digest { return r.digest }

// pairs is a set of pairs of numbers from 1: of each first number the second ones in order. It takes 4 bytes a pair.
type pairs struct {
	list    packed // until they are put in order
	from    []uint32
	seconds []uint32
}

// add takes a pair.
func (p *pairs) add(k uint64) { p.list.add(k) }

// ready puts the pairs in order. None is added after.
func (p *pairs) ready() {
	p.seconds, p.from = make([]uint32, 0, p.list.len()), []uint32{0}
	for k := range p.list.all() {
		for uint64(len(p.from)) <= k>>32 {
			p.from = append(p.from, uint32(len(p.seconds)))
		}
		p.seconds = append(p.seconds, uint32(k))
	}
	p.from = append(p.from, uint32(len(p.seconds)))
	p.list = packed{}
}

func (p *pairs) has(k uint64) bool {
	first := k >> 32
	if first+1 >= uint64(len(p.from)) {
		return false
	}
	_, ok := slices.BinarySearch(p.seconds[p.from[first]:p.from[first+1]], uint32(k))
	return ok
}
