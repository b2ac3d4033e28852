package sqlpush

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// People is a roster in the same database: what [detect.ReadRoster] reads from CSV, as tables. Given as the people of a
// detector, it makes the database look up who an actor was. It means what a [detect.Roster] means: of several rows of an
// actor the one that holds and began last counts, or else the one that began last before, or else the first.
//
// It answers for what [Render] has sieved only. Do not give it entries of a reader.
type People struct {
	// Name is the table or view, see [Table.Name]: a row for each person and time.
	Name string
	// User is the column of the workforce identity. Every roster needs it.
	User string
	// Role, Department, Site, Manager, Surname, Household and Street are columns of texts, see [detect.Person]; "" is none.
	Role, Department, Site, Manager, Surname, Household, Street string
	// Latitude and Longitude are columns of degrees.
	Latitude, Longitude string
	// From and Until are the columns of the first instant of the row and the first after it; "" is no bound, as NULL in
	// them is. A row that holds for days holds from their first instant in the zone of the site.
	From, Until string
	// EndedAt is the column of the instant at which membership in the workforce ended; NULL while it lasts.
	EndedAt string
	// EndRecordedAt is the column of the instant at which that end was entered in the personnel records; "" is none.
	EndRecordedAt string
	// ShiftStart and ShiftMinutes are the columns of the minute of the day at which the shift begins, and of its length, at
	// most 1440. ShiftDays is that of the sum of the days of the week on which a shift begins: 1 for Sunday, 2 for Monday,
	// 4, 8, 16, 32, and 64 for Saturday; 0 and NULL are every day, holidays included.
	ShiftStart, ShiftMinutes, ShiftDays string
	// Row is the column of numbers that put rows in order; it decides between rows that begin at the same time. "" is the
	// order of identities.
	Row string
	// Clock says how columns hold instants; "" is [ClockMicros].
	Clock Clock
	// Aliases leads from identities in the log to workforce identities; those lead to themselves without it.
	Aliases Aliases
	// Records says whose record is whose.
	Records Records
	// Known identifies the content of the tables at the time, see [Relations.Known].
	Known hipaasmp.Digest
}

// Aliases is a table of identities in the log. The zero value is none.
type Aliases struct {
	// Name is the table or view, see [Table.Name].
	Name string
	// Alias and User are the columns of the identity in the log and of the workforce identity.
	Alias, User string
}

// Records is a table of people's own records. The zero value is none.
type Records struct {
	// Name is the table or view, see [Table.Name].
	Name string
	// User and Patient are the columns of the workforce identity and of the patient.
	User, Patient string
	// System is the column of the patient's numbering; "" is none. A record without one stands for any.
	System string
}

var (
	_ detect.People               = People{}
	_ detect.RecordedTerminations = People{}
)

// Person answers false: the database has looked already.
func (p People) Person(activity.Actor, time.Time) (*detect.Person, bool) { return nil, false }

// Owner answers false.
func (p People) Owner(activity.Patient, time.Time) (*detect.Person, bool) { return nil, false }

// Ended answers false.
func (p People) Ended(activity.Actor, time.Time) (since time.Time, ended bool) {
	return time.Time{}, false
}

// EndRecorded answers false.
func (p People) EndRecorded(activity.Actor, time.Time) (recorded time.Time, known bool) {
	return time.Time{}, false
}

// Digest is Known, or the digest of the description of the tables.
func (p People) Digest() hipaasmp.Digest {
	known := p.Known
	p.Known = ""
	return cmp.Or(known, describe(p))
}

// describe is the digest of the description of a table.
func describe(table any) hipaasmp.Digest {
	return hipaasmp.DigestOf(fmt.Appendf(nil, "%T %q", table, table))
}

// The bounds of what has none. They are half of what an integer holds, so that sums with them stay within.
const (
	always  = "-4611686018427387904"
	forever = "4611686018427387904"
)

// personFacts are the columns of the named query "people" besides the bounds.
func personFacts() []fact {
	return []fact{factPerson, factRole, factDepartment, factSite, factManager, factSurname, factHousehold, factStreet, factLatitude, factLongitude, factEnded, factLeft, factEndRecorded,
		factShiftStart, factShiftMinutes, factShiftDays}
}

// people adds the named queries "people", "records" and "identified". The last has, of every identity in the log, the row
// that counts from begins to before ends where nth = 1.
func (b *builder) people(p People) error {
	t := &described{b: b, clock: p.Clock, from: p.Name}
	b.with("people", "SELECT %s AS person, %s AS role, %s AS department, %s AS site, %s AS manager, %s AS surname, %s AS household, %s AS street, %s AS latitude, %s AS longitude, "+
		"COALESCE(%s, %s) AS since, COALESCE(%s, %s) AS until, %s AS ended, %s AS left_at, %s AS end_recorded, %s AS shift_start, %s AS shift_minutes, COALESCE(%s, 0) AS shift_days, COALESCE(%s, 0) AS number FROM %s AS t",
		t.needed(p.User), t.text(p.Role), t.text(p.Department), t.text(p.Site), t.text(p.Manager), t.text(p.Surname), t.text(p.Household), t.text(p.Street), t.degrees(p.Latitude), t.degrees(p.Longitude),
		t.instant(p.From), always, t.instant(p.Until), forever, t.instant(p.EndedAt), t.instant(p.Until), t.instant(p.EndRecordedAt), t.whole(p.ShiftStart), t.whole(p.ShiftMinutes), t.whole(p.ShiftDays), t.whole(p.Row), t.name())
	identities := "SELECT p.person AS identity, p.* FROM people p WHERE p.person <> ''"
	if p.Aliases != (Aliases{}) {
		a := &described{b: b, from: p.Aliases.Name}
		b.with("aliases", "SELECT DISTINCT %s AS alias, %s AS person FROM %s AS t", a.needed(p.Aliases.Alias), a.needed(p.Aliases.User), a.name())
		identities += " UNION ALL SELECT a.alias AS identity, p.* FROM aliases a JOIN people p ON p.person = a.person WHERE a.alias <> '' AND a.alias <> a.person"
		t.err = cmp.Or(t.err, a.err)
	}
	records := "SELECT '' AS person, '' AS patient, '' AS patient_system WHERE 1 = 0"
	if p.Records != (Records{}) {
		r := &described{b: b, from: p.Records.Name}
		records = fmt.Sprintf("SELECT DISTINCT %s AS person, %s AS patient, %s AS patient_system FROM %s AS t", r.needed(p.Records.User), r.needed(p.Records.Patient), r.text(p.Records.System), r.name())
		t.err = cmp.Or(t.err, r.err)
	}
	b.with("identities", "%s", identities)
	b.with("records", "%s", records)
	b.spans("identified", "identities", "identity")
	return t.err
}

// spans adds a named query of the rows of another that count for a key over time: from begins to before ends the row with
// nth = 1 does. The other has the columns since and until, which are not NULL. The work grows with the square of the rows
// of one key only.
func (b *builder) spans(name, of string, keys ...string) {
	key, same, of1 := "", "", ""
	for i, k := range keys {
		if i > 0 {
			key, same, of1 = key+", ", same+" AND ", of1+", "
		}
		key, same, of1 = key+k, same+"p."+k+" = s."+k, of1+"s."+k
	}
	b.with(name+"_edges", "SELECT %[1]s, %[2]s AS moment FROM %[3]s UNION SELECT %[1]s, since FROM %[3]s UNION SELECT %[1]s, until FROM %[3]s", key, always, of)
	b.with(name+"_stretches", "SELECT %[1]s, moment AS begins, COALESCE(LEAD(moment) OVER (PARTITION BY %[1]s ORDER BY moment), %[2]s + 1) AS ends FROM %[3]s_edges", key, forever, name)
	b.with(name, "SELECT s.begins, s.ends, p.*, ROW_NUMBER() OVER (PARTITION BY %[1]s, s.begins ORDER BY CASE WHEN p.since <= s.begins AND s.begins < p.until THEN 0 WHEN p.since <= s.begins THEN 1 ELSE 2 END, "+
		"CASE WHEN p.since <= s.begins THEN p.since ELSE 0 END DESC, p.number, %[2]s) AS nth FROM %[3]s_stretches s JOIN %[4]s p ON %[5]s", of1, b.dialect.Bytewise("p.person"), name, of, same)
}

// during is the condition that an entry lies where the row of a span counts. An entry without a time lies before all.
func during(entry, span string) string {
	return often(fmt.Sprintf("%[2]s.nth = 1 AND %[2]s.begins <= COALESCE(%[1]s.recorded, %[3]s) AND COALESCE(%[1]s.recorded, %[3]s) < %[2]s.ends", entry, span, always))
}

// whom adds a named query of the entries of another, with who the actor was. Where a person is needed, entries of actors
// who are not known are left out; elsewhere their person is empty.
func (b *builder) whom(name, of, condition string, needed bool) {
	var facts, empty []string
	for _, f := range personFacts() {
		facts = append(facts, fmt.Sprintf("c.%[1]s AS %[1]s", f))
		if f == factPerson {
			empty = append(empty, "COALESCE(c.person, '') AS person")
			continue
		}
		empty = append(empty, facts[len(facts)-1])
	}
	b.with(name+"_who", "SELECT a.*, COALESCE(k.identity, a.actor_alt) AS who, ROW_NUMBER() OVER () AS %[1]s_line FROM %[2]s a LEFT JOIN (SELECT DISTINCT identity FROM identities) AS k ON k.identity = a.actor WHERE %[3]s", name, of, condition)
	join := fmt.Sprintf("FROM %[1]s_who a JOIN identified c ON c.identity = a.who AND %[2]s", name, during("a", "c"))
	if needed {
		b.with(name, "SELECT a.*, %s %s", strings.Join(facts, ", "), join)
		return
	}
	b.with(name+"_known", "SELECT a.%s_line AS line, %s %s", name, strings.Join(facts, ", "), join)
	b.with(name, "SELECT a.*, %[2]s FROM %[1]s_who a LEFT JOIN %[1]s_known c ON c.line = a.%[1]s_line", name, strings.Join(empty, ", "))
}

// without adds a named query of the entries a of another that meet no row r of a table on a condition. It numbers the
// entries and takes out those that a join has found, because databases hash an outer join by keys alone.
func (b *builder) without(name, of, table, on string) {
	b.with(name+"_lines", "SELECT a.*, ROW_NUMBER() OVER () AS %s_line FROM %s a", name, of)
	b.with(name+"_met", "SELECT DISTINCT a.%[1]s_line AS line FROM %[1]s_lines a JOIN %[2]s r ON %[3]s", name, table, on)
	b.with(name, "SELECT a.* FROM %[1]s_lines a LEFT JOIN %[1]s_met m ON m.line = a.%[1]s_line WHERE m.line IS NULL", name)
}

// ownRecords is the condition that an access a of a known person is to the person's own record r.
func ownRecords() string {
	return "r.person = a.person AND r.patient = a.patient AND " + often("r.patient_system = '' OR r.patient_system = a.patient_system")
}

// others adds a named query of the accesses of another, which have a person, that are not to the person's own record.
func (b *builder) others(name, of string) { b.without(name, of, "records", ownRecords()) }
