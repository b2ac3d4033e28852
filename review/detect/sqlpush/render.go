package sqlpush

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hipaasmp/hipaasmp/review/detect"
)

// Query is one statement.
type Query struct {
	// Text is the statement, with placeholders of the dialect.
	Text string
	// Args are the values of the placeholders in their order: strings and int64.
	Args []any

	source   string
	detector detect.Detector
	facts    []fact
}

// Render writes the statement that returns the entries which a detector's findings are made of. The error is a
// [*RenderError].
func Render(dialect Dialect, table Table, detector detect.Detector) (Query, error) {
	if dialect == nil || detector == nil {
		return Query{}, &RenderError{Why: "a dialect and a detector are needed"}
	}
	about := detector.Describe()
	b := &builder{dialect: dialect, table: table}
	fail := func(err error) (Query, error) {
		if e, ok := err.(*RenderError); ok && e.Detector == "" {
			return Query{}, &RenderError{Detector: string(about.ID), Why: e.Why}
		}
		return Query{}, err
	}
	if missing := needs(table, detector); missing != "" {
		return fail(&RenderError{Why: "the table names no column for " + missing + ", without which nothing would be found"})
	}
	if err := b.log(); err != nil {
		return fail(err)
	}
	var last string
	var err error
	switch detector.(type) {
	case detect.BreakGlass, detect.LogControl, detect.Denials, detect.FailedLogins, detect.LoginAfterFailures:
	default:
		b.held()
	}
	switch d := detector.(type) {
	case detect.BreakGlass:
		b.marks("marks", "log", "action = 'override' OR purpose IN ('ETREAT', 'BTG')")
		last = b.query("SELECT %s FROM marks m ORDER BY %s", names("m."), b.order("m."))
	case detect.LogControl:
		last = b.logControl(d)
	case detect.BulkExport:
		// How many are many follows from the days of all, so that all prints and exports are needed.
		last, err = b.bulkExport(d)
	case detect.Dormant:
		last, err = b.dormant(about)
	case detect.NoRelation:
		last, err = b.noRelation(d)
	case detect.Denials:
		last, err = b.denials(about)
	case detect.TerminatedUser:
		last, err = b.terminated(d)
	case detect.FailedLogins:
		last, err = b.failedLogins(about)
	case detect.LoginAfterFailures:
		last, err = b.afterFailures(about)
	case detect.OwnRecord:
		last, err = b.ownRecord(d)
	case detect.Household:
		last, err = b.household(d)
	case detect.SameSurname:
		last, err = b.surname(d, about)
	case detect.Coworker:
		last, err = b.coworker(d)
	case detect.Neighbour:
		last, err = b.neighbour(d, about)
	case detect.WatchedRecord:
		last, err = b.watched(d)
	case detect.RoleWithoutNeed:
		last, err = b.roleNeed(d)
	case detect.LongAgo:
		last, err = b.longAgo(d, about)
	case detect.AfterHours:
		last, err = b.afterHours(d, about)
	case detect.SharedAccount:
		last = b.sharedAccount(d)
	case detect.Fishing:
		last, err = b.fishing(d)
	case detect.TwoPlaces:
		last, err = b.twoPlaces(d, about)
	case detect.UserVolume, detect.PeerVolume, detect.PatientSurge, detect.Novelty:
		err = &RenderError{Why: "its state is the set of all patients that all actors touched, so that nearly every entry would come back; run it over a reader"}
	case detect.SilentSource, detect.SequenceGap, detect.ClockFault, detect.VolumeDrop, detect.ShapeDrift, detect.DigestMismatch:
		err = &RenderError{Why: "it watches the log as it was delivered, file by file, which a table no longer shows; run it over a reader"}
	default:
		err = &RenderError{Why: "it is not one of the detectors that are rendered; run it over a reader"}
	}
	if err != nil {
		return fail(err)
	}
	return Query{Text: last, Args: b.args, source: table.Source, detector: detector, facts: b.facts}, nil
}

// needs names what a table lacks for a detector.
func needs(t Table, d detect.Detector) string {
	var want []Column
	switch d.(type) {
	case detect.BreakGlass:
		if _, ok := t.Columns[ColumnPurpose]; !ok {
			want = []Column{ColumnAction}
		}
	case detect.LogControl:
		want = []Column{ColumnAct}
	case detect.Denials, detect.TerminatedUser, detect.Dormant:
		want = []Column{ColumnOutcome}
	case detect.BulkExport:
		want = []Column{ColumnAction}
	case detect.NoRelation:
		want = []Column{ColumnPatient, ColumnOutcome}
	case detect.OwnRecord, detect.Household, detect.SameSurname, detect.Coworker, detect.Neighbour, detect.WatchedRecord, detect.LongAgo:
		want = []Column{ColumnPatient}
	case detect.RoleWithoutNeed, detect.AfterHours:
		want = []Column{ColumnAction}
	case detect.SharedAccount:
		want = []Column{ColumnOutcome}
	case detect.TwoPlaces:
		if _, ok := t.Columns[ColumnHost]; !ok {
			want = []Column{ColumnAddr}
		}
	case detect.Fishing:
		want = []Column{ColumnAction, ColumnPatient, ColumnOutcome}
	case detect.FailedLogins, detect.LoginAfterFailures:
		want = []Column{ColumnAction, ColumnOutcome}
	}
	var missing []string
	for _, c := range want {
		if _, ok := t.Columns[c]; !ok {
			missing = append(missing, strconv.Quote(string(c)))
		}
	}
	return strings.Join(missing, " and ")
}

func (b *builder) logControl(d detect.LogControl) string {
	calls := d.Calls
	if calls == nil {
		calls = slices.Concat(detect.LogControlCalls(), detect.PrivilegeCalls())
	}
	either, told := []string{"1 = 0"}, map[detect.Call]bool{}
	for _, c := range calls {
		if c = (detect.Call{Act: c.Act, AnyCase: c.AnyCase}); told[c] {
			continue // of another object or action, which the detector looks at
		}
		told[c] = true
		act, name := "act", c.Act.Name
		if c.AnyCase {
			act, name = "LOWER(act)", strings.ToLower(name)
		}
		either = append(either, fmt.Sprintf("act_system = %s AND %s = %s", b.text(c.Act.System), act, b.text(name)))
	}
	b.marks("marks", "log", strings.Join(either, " OR "))
	return b.query("SELECT %s FROM marks m ORDER BY %s", names("m."), b.order("m."))
}

func (b *builder) denials(about detect.Description) (string, error) {
	least, err := whole(about, "least")
	if err != nil {
		return "", err
	}
	b.marks("marks", "log", "outcome = 'denied'")
	b.with("counted", "SELECT d.*, COUNT(*) OVER (PARTITION BY actor) AS denials FROM marks d")
	return b.query("SELECT %s FROM counted m WHERE m.denials >= %s ORDER BY %s", names("m."), b.number(least), b.order("m.")), nil
}

// bulkExport asks for all prints and exports: how many are many follows from the days of all.
func (b *builder) bulkExport(d detect.BulkExport) (string, error) {
	b.with("exports", "SELECT * FROM log a WHERE a.action IN ('print', 'export') AND a.outcome NOT IN ('denied', 'failure', 'throttled') AND a.recorded IS NOT NULL")
	p, ok := d.People.(People)
	if !ok {
		b.marks("marks", "exports", "1 = 1")
		return b.query("SELECT %s FROM marks m ORDER BY %s", names("m."), b.order("m.")), nil
	}
	if err := b.people(p); err != nil {
		return "", err
	}
	b.whom("acted", "exports", "1 = 1", false)
	return b.answer("acted", factPerson, factRole), nil
}

func (b *builder) terminated(d detect.TerminatedUser) (string, error) {
	if p, ok := d.Context.(People); ok {
		if err := b.people(p); err != nil {
			return "", err
		}
		b.whom("acted", "log", "a.outcome = 'success' AND a.recorded IS NOT NULL", true)
		b.with("gone", "SELECT * FROM acted a WHERE %s", often(fmt.Sprintf("COALESCE(a.ended, a.left_at) <= a.recorded AND COALESCE(a.ended, a.left_at) + %s <= a.recorded", b.number(int64(d.Grace/time.Microsecond)))))
		return b.answer("gone", factPerson, factEnded, factLeft, factEndRecorded), nil
	}
	ends, ok := d.Context.(*Endings)
	if !ok || ends == nil {
		return "", &RenderError{Why: "its context is no list of endings and no roster of the database; make one with NewEndings, or describe one with People"}
	}
	b.ended(ends)
	// Deliveries are counted once after the others are gone: what is left may be a later one.
	b.with("acts", "SELECT a.*, COALESCE(k.actor, a.actor_alt) AS who FROM log a LEFT JOIN (SELECT DISTINCT actor FROM ended) AS k ON k.actor = a.actor WHERE a.outcome = 'success' AND a.recorded IS NOT NULL")
	b.with("late", "SELECT %s FROM acts a JOIN ended n ON n.actor = a.who AND n.since <= a.recorded AND (n.until IS NULL OR a.recorded < n.until) AND a.recorded >= n.since + %s", names("a."), b.number(int64(d.Grace/time.Microsecond)))
	b.marks("marks", "late", "1 = 1")
	return b.query("SELECT %s FROM marks m ORDER BY %s", names("m."), b.order("m.")), nil
}

// ended adds the named query "ended" of the list.
func (b *builder) ended(ends *Endings) {
	if len(ends.list) == 0 {
		b.with("ended", "SELECT CAST('' AS TEXT) AS actor, CAST(0 AS BIGINT) AS since, CAST(NULL AS BIGINT) AS until WHERE 1 = 0")
		return
	}
	var rows []string
	for _, e := range ends.list {
		until := "CAST(NULL AS BIGINT)"
		if !e.Until.IsZero() {
			until = b.number(ceilMicros(e.Until))
		}
		rows = append(rows, fmt.Sprintf("(%s, %s, %s)", b.text(e.Actor), b.number(ceilMicros(e.Since)), until))
	}
	b.parts = append(b.parts, own+"ended(actor, since, until) AS (VALUES "+strings.Join(rows, ", ")+")")
}

// whole reads a parameter that is a whole number, and span one that is a duration: what a detector does by default is
// known to it alone.
func whole(about detect.Description, name string) (int64, error) {
	for _, p := range about.Parameters {
		if p.Name == name {
			if n, err := strconv.ParseInt(p.Value, 10, 32); err == nil {
				return n, nil
			}
		}
	}
	return 0, &RenderError{Why: fmt.Sprintf("its parameter %q is no whole number", name)}
}

func span(about detect.Description, name string) (int64, error) {
	for _, p := range about.Parameters {
		if p.Name == name {
			if d, err := time.ParseDuration(p.Value); err == nil {
				return int64(d / time.Microsecond), nil
			}
		}
	}
	return 0, &RenderError{Why: fmt.Sprintf("its parameter %q is no duration", name)}
}
