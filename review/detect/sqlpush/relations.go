package sqlpush

import (
	"cmp"
	"fmt"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// Relations is a table of the same database that ties actors to patients: appointments, orders, care teams. Given as the
// relations of a [detect.NoRelation], it makes the database look for accesses that nothing explains. A relation ties an
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
	return cmp.Or(known, hipaasmp.DigestOf(fmt.Appendf(nil, "%q", r)))
}

// noRelation adds the anti-join: successful accesses to a patient for which no relation holds near their time. The actor's
// own record is left to the detector.
func (b *builder) noRelation(d detect.NoRelation) (string, error) {
	r, ok := d.Tie.Relations.(Relations)
	if !ok {
		return "", &RenderError{Why: "its relations are no table of the database; describe one with Relations"}
	}
	if err := b.relations(r); err != nil {
		return "", err
	}
	back, forward := cmp.Or(d.Tie.Back, 30*24*time.Hour), cmp.Or(d.Tie.Forward, 7*24*time.Hour)
	// An access whose time is unknown is explained by any relation since 1970.
	b.with("accesses", "SELECT a.*, COALESCE(k.actor, a.actor_alt) AS who, COALESCE(a.recorded - %s, 0) AS after_this, COALESCE(a.recorded + %s, %s) AS before_this "+
		"FROM log a LEFT JOIN (SELECT DISTINCT actor FROM relations) AS k ON k.actor = a.actor WHERE a.outcome = 'success' AND a.patient <> ''",
		b.number(int64(back/time.Microsecond)), b.number(int64(forward/time.Microsecond)), b.number(1<<33*1_000_000))
	b.with("unexplained", "SELECT %s FROM accesses a LEFT JOIN relations r ON r.actor = a.who AND r.patient = a.patient AND (r.patient_system = a.patient_system OR r.patient_system = '') "+
		"AND (r.since IS NULL OR r.since <= a.before_this) AND (r.until IS NULL OR r.until > a.after_this) WHERE r.actor IS NULL", names("a."))
	b.marks("marks", "unexplained", "1 = 1", "patient", "patient_system")
	return b.query("SELECT %s FROM marks m ORDER BY %s", names("m."), b.order("m.")), nil
}

// relations adds the named query "relations".
func (b *builder) relations(r Relations) error {
	from, err := quotedTable(r.Name)
	if err != nil {
		return err
	}
	text := func(name string, needed bool) string {
		if name == "" && !needed {
			return "''"
		}
		q, e := quoted(name)
		err = cmp.Or(err, e)
		return "COALESCE(CAST(t." + q + " AS TEXT), '')"
	}
	bound := func(name string) string {
		if name == "" {
			return "CAST(NULL AS BIGINT)"
		}
		q, e := quoted(name)
		micros, ok := b.dialect.Micros("t."+q, cmp.Or(r.Clock, ClockMicros))
		if !ok && e == nil {
			e = &RenderError{Why: fmt.Sprintf("%s has no clock %.80q; give microseconds since 1970 in a view", b.dialect.Name(), string(r.Clock))}
		}
		err = cmp.Or(err, e)
		return micros
	}
	query := fmt.Sprintf("SELECT %s AS actor, %s AS patient, %s AS patient_system, %s AS since, %s AS until FROM %s AS t",
		text(r.Actor, true), text(r.Patient, true), text(r.System, false), bound(r.From), bound(r.Until), from)
	if err != nil {
		return err
	}
	b.with("relations", "%s", query)
	return nil
}
