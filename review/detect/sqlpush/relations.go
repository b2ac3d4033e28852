package sqlpush

import (
	"cmp"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// Relations is a table of the same database that ties actors to patients: appointments, orders, care teams; or, in another
// table, kinship. Given as the relations of a [detect.Tie], it makes the database look for accesses that nothing explains.
// A relation ties an
// actor to a patient as in a [detect.RelationTable]: by the actor's identity, or by the second one where the table does
// not know the first; and one without a numbering stands for a patient of any.
//
// It answers for what [Render] has sieved only, of which nothing is related. Do not give it entries of a reader.
type Relations struct {
	// Name is the table or view, see [Table.Name].
	Name string
	// Actor and Patient are the columns of the actor and the patient.
	Actor, Patient string
	// System is the column of the patient's numbering; "" is none.
	System string
	// Kind is the column that says what a relation is; "" is none. It is told where relations are kinship ([detect.Household]),
	// and of several the least in the order of bytes.
	Kind string
	// From and Until are the columns of the first instant and the first after; "" is no bound, as NULL is in them.
	From, Until string
	// Clock says how they hold the time; "" is [ClockMicros].
	Clock Clock
	// Known identifies the content of the table at the time, where that is known: a review records it, and states are
	// merged where it is equal.
	Known hipaasmp.Digest
}

var _ detect.Relations = Relations{}

// Related answers false: the database has looked already.
func (r Relations) Related(activity.Actor, activity.Patient, time.Time, time.Time) (string, bool) {
	return "", false
}

// Digest is Known, or the digest of the description of the table.
func (r Relations) Digest() hipaasmp.Digest {
	known := r.Known
	r.Known = ""
	return cmp.Or(known, describe(r))
}

// noRelation adds the anti-join: successful accesses to a patient for which no relation holds near their time, and which
// are not to one's own record.
func (b *builder) noRelation(d detect.NoRelation) (string, error) {
	if _, ok := d.Tie.Relations.(Relations); !ok {
		return "", &RenderError{Why: "its relations are no table of the database; describe one with Relations"}
	}
	b.with("successes", "SELECT * FROM log a WHERE a.outcome = 'success' AND a.patient <> ''")
	from := "successes"
	if p, ok := d.People.(People); ok {
		if err := b.people(p); err != nil {
			return "", err
		}
		b.whom("acted", from, "1 = 1", false)
		b.others("others", "acted")
		from = "others"
	}
	from, err := b.untied(from, d.Tie)
	if err != nil {
		return "", err
	}
	b.marks("marks", from, "1 = 1", "patient", "patient_system")
	return b.query("SELECT %s FROM marks m ORDER BY %s", names("m."), b.order("m.")), nil
}

// untied adds a named query of the accesses of another that no relation explains, and returns its name. Without relations
// nothing is explained; with relations that are in memory the detector looks.
func (b *builder) untied(of string, tie detect.Tie) (string, error) {
	r, ok := tie.Relations.(Relations)
	if !ok {
		return of, nil
	}
	if err := b.relations("relations", r); err != nil {
		return "", err
	}
	back, forward := cmp.Or(tie.Back, 30*24*time.Hour), cmp.Or(tie.Forward, 7*24*time.Hour)
	// An access whose time is unknown is explained by any relation since 1970.
	b.with("bounded", "SELECT a.*, COALESCE(k.actor, a.actor_alt) AS tied_as, COALESCE(a.recorded - %s, 0) AS after_this, COALESCE(a.recorded + %s, %s) AS before_this "+
		"FROM %s a LEFT JOIN (SELECT DISTINCT actor FROM relations) AS k ON k.actor = a.actor",
		b.number(int64(back/time.Microsecond)), b.number(int64(forward/time.Microsecond)), b.number(1<<33*1_000_000), of)
	b.without("unexplained", "bounded", "relations", "r.actor = a.tied_as AND r.patient = a.patient AND "+
		often("(r.patient_system = a.patient_system OR r.patient_system = '') AND (r.since IS NULL OR r.since <= a.before_this) AND (r.until IS NULL OR r.until > a.after_this)"))
	return "unexplained", nil
}

// relations adds a named query of a table of relations.
func (b *builder) relations(name string, r Relations) error {
	t := &described{b: b, clock: r.Clock, from: r.Name}
	b.with(name, "SELECT %s AS actor, %s AS patient, %s AS patient_system, %s AS kind, %s AS since, %s AS until FROM %s AS t",
		t.needed(r.Actor), t.needed(r.Patient), t.text(r.System), t.text(r.Kind), t.instant(r.From), t.instant(r.Until), t.name())
	return t.err
}
