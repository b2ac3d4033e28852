package sqlpush

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/hipaasmp/hipaasmp/review/detect"
)

// The statements on accesses look up who the actor was, what is registered of the patient and what ties the two, and send
// with each entry what they found. What they ask of a patient or an actor by key is joined by equality of keys, so that
// databases sort or hash. Conditions that hold for many are written so that no database takes them to hold for few.

// tableOf returns the description of a table that stands for a context; the error says that the context is none.
func tableOf[T any](context any, what string) (T, error) {
	t, ok := context.(T)
	if !ok {
		return t, &RenderError{Why: fmt.Sprintf("its %s no table of the database; describe one with %T", what, t)}
	}
	return t, nil
}

// often keeps a database from taking a condition to hold for few: a comparison of two columns or expressions is often
// guessed to hold for one in two hundred, and then entries are looked up one by one.
func often(condition string) string { return "CASE WHEN " + condition + " THEN 1 ELSE 0 END > 0" }

// answer ends a statement with the entries of a named query and the facts that go with them. Deliveries of one entry are
// left to the detector, because what the database keeps of them may be more than the detector does.
func (b *builder) answer(of string, facts ...fact) string {
	b.facts = facts
	list := names("m.")
	for _, f := range facts {
		list += ", m." + string(f)
	}
	b.with("answer", "SELECT DISTINCT %s FROM %s m", list, of)
	return b.query("SELECT %s FROM answer m ORDER BY %s", list, b.order("m."))
}

// accesses adds the named query "accesses" of entries that name a patient.
func (b *builder) accesses(timed bool) {
	condition := "patient <> ''"
	if timed {
		condition += " AND recorded IS NOT NULL"
	}
	b.with("accesses", "SELECT * FROM log a WHERE %s", condition)
}

func (b *builder) ownRecord(d detect.OwnRecord) (string, error) {
	p, err := tableOf[People](d.People, "people are")
	if err != nil {
		return "", err
	}
	if err := b.people(p); err != nil {
		return "", err
	}
	b.accesses(false)
	b.whom("acted", "accesses", "1 = 1", true)
	b.with("owned", "SELECT a.*, a.patient AS own FROM acted a JOIN records r ON %s", ownRecords())
	return b.answer("owned", factPerson, factOwn), nil
}

// chart is the expression for a patient with a numbering as one text, which no other patient has. Of two keys a database
// takes each to leave one entry in two hundred, and then compares all with all.
func chart(patient, system string) string {
	return fmt.Sprintf("CAST(LENGTH(%[2]s) AS TEXT) || ':' || %[2]s || %[1]s", patient, system)
}

// numbered adds a named query of the accesses of another with a column "chart": the patient, by the numbering by which a
// table knows the patient, which is none where it does not know the numbering of the entry.
func (b *builder) numbered(name, of, table string) {
	b.with(name+"_system", "SELECT a.*, COALESCE(k.patient_system, '') AS listed_as FROM %s a LEFT JOIN (SELECT DISTINCT patient, patient_system FROM %s) AS k ON k.patient = a.patient AND k.patient_system = a.patient_system", of, table)
	b.with(name, "SELECT a.*, %s AS chart FROM %s_system a", chart("a.patient", "a.listed_as"), name)
}

// register adds the named query "register", and "registered_accesses" of the accesses of another with what is registered
// of the patient. Where it is needed, accesses to patients who are not registered are left out.
func (b *builder) register(p Patients, of string, needed bool) error {
	t := &described{b: b, clock: p.Clock, from: p.Name}
	b.with("register_rows", "SELECT %s AS patient, %s AS patient_system, %s AS patient_surname, %s AS patient_household, %s AS patient_street, %s AS patient_latitude, %s AS patient_longitude, %s AS died, %s AS seen FROM %s AS t",
		t.needed(p.ID), t.text(p.System), t.text(p.Surname), t.text(p.Household), t.text(p.Street), t.degrees(p.Latitude), t.degrees(p.Longitude), t.instant(p.Died), t.instant(p.Seen), t.name())
	b.with("register", "SELECT r.*, %s AS chart FROM register_rows r", chart("r.patient", "r.patient_system"))
	b.numbered("numbered_accesses", of, "register")
	join := "LEFT JOIN"
	if needed {
		join = "JOIN"
	}
	b.with("registered_accesses", "SELECT a.*, CASE WHEN r.patient IS NULL THEN 0 ELSE 1 END AS known, r.patient_surname, COALESCE(r.patient_household, '') AS patient_household, COALESCE(r.patient_street, '') AS patient_street, "+
		"r.patient_latitude, r.patient_longitude, r.died, r.seen FROM numbered_accesses a %s register r ON r.chart = a.chart", join)
	return t.err
}

func (b *builder) household(d detect.Household) (string, error) {
	from := "accesses"
	b.accesses(false)
	people, hasPeople := d.People.(People)
	patients, hasPatients := d.Patients.(Patients)
	family, hasFamily := d.Family.(Relations)
	if d.People != nil && !hasPeople || d.Patients != nil && !hasPatients || d.Family != nil && !hasFamily || hasPeople != hasPatients && !hasFamily || !hasPeople && !hasFamily {
		return "", &RenderError{Why: "its people, patients and family are not all tables of the database; describe them with People, Patients and Relations"}
	}
	facts := []fact{factKin, factKind}
	if hasPeople {
		if err := b.people(people); err != nil {
			return "", err
		}
		b.whom("acted", from, "1 = 1", false)
		b.others("others", "acted")
		from, facts = "others", append(facts, factPerson, factHousehold)
	}
	hits := "SELECT a.*, 0 AS kin, '' AS kind, 2 AS exact FROM %s a WHERE 1 = 0"
	if hasPatients && hasPeople {
		if err := b.register(patients, from, false); err != nil {
			return "", err
		}
		from, facts = "registered_accesses", append(facts, factKnown, factPatientHousehold)
		hits = "SELECT a.*, 0 AS kin, '' AS kind, 2 AS exact FROM %s a WHERE a.household <> '' AND a.household = a.patient_household"
	}
	b.with("together", hits, from)
	all := "SELECT * FROM together"
	if hasFamily {
		if err := b.relations("family", family); err != nil {
			return "", err
		}
		b.with("akin", "SELECT a.*, COALESCE(k.actor, a.actor_alt) AS kin_as FROM %s a LEFT JOIN (SELECT DISTINCT actor FROM family) AS k ON k.actor = a.actor", from)
		window := int64(max(d.Window, 0) / time.Microsecond)
		columns := names("a.")
		for _, f := range facts[2:] {
			columns += ", a." + string(f)
		}
		// Kinship is asked for the window around the access; one without a time lies in the year 1.
		b.with("kin", "SELECT %s, 1 AS kin, r.kind AS kind, CASE WHEN r.patient_system = a.patient_system THEN 0 ELSE 1 END AS exact FROM akin a JOIN family r ON r.actor = a.kin_as AND r.patient = a.patient "+
			"AND "+often("(r.patient_system = a.patient_system OR r.patient_system = '') AND (r.since IS NULL OR r.since <= COALESCE(a.recorded + %s, %s)) AND (r.until IS NULL OR r.until > COALESCE(a.recorded - %s, %s))"),
			columns, b.number(window), b.number(time.Time{}.UnixMicro()), b.number(window), b.number(time.Time{}.UnixMicro()))
		all = fmt.Sprintf("SELECT %[1]s, a.kin, a.kind, a.exact FROM together a UNION ALL SELECT %[1]s, a.kin, a.kind, a.exact FROM kin a", columns)
	}
	b.with("reasons", "%s", all)
	b.with("ranked", "SELECT a.*, ROW_NUMBER() OVER (PARTITION BY %s ORDER BY kin DESC, exact, %s) AS nth FROM reasons a", names("a."), b.dialect.Bytewise("kind"))
	b.with("first_reasons", "SELECT * FROM ranked a WHERE a.nth < 2")
	from, err := b.untied("first_reasons", d.Tie)
	if err != nil {
		return "", err
	}
	return b.answer(from, facts...), nil
}

// pair adds the named queries of accesses, timed or not, of known people to registered patients who are not themselves,
// and returns the name of the last.
func (b *builder) pair(people detect.People, patients detect.Patients) (string, error) {
	p, err := tableOf[People](people, "people are")
	if err != nil {
		return "", err
	}
	r, err := tableOf[Patients](patients, "patients are")
	if err != nil {
		return "", err
	}
	b.accesses(false)
	if err := b.people(p); err != nil {
		return "", err
	}
	b.whom("acted", "accesses", "1 = 1", true)
	return "registered_accesses", b.register(r, "acted", true)
}

func (b *builder) surname(d detect.SameSurname, about detect.Description) (string, error) {
	from, err := b.pair(d.People, d.Patients)
	if err != nil {
		return "", err
	}
	rare := 0.0
	for _, p := range about.Parameters {
		if p.Name == "rare" {
			rare, _ = strconv.ParseFloat(p.Value, 64)
		}
	}
	if !(rare >= 0 && rare <= 1) {
		return "", &RenderError{Why: "its parameter \"rare\" is no share from 0 to 1"}
	}
	b.with("alike", "SELECT * FROM %s a WHERE %s", from, often("a.surname <> '' AND LOWER(a.surname) = LOWER(a.patient_surname)"))
	b.others("others", "alike")
	b.with("surnames", "SELECT LOWER(patient_surname) AS folded, COUNT(*) AS namesakes FROM register WHERE patient_surname <> '' GROUP BY LOWER(patient_surname)")
	b.with("shares", "SELECT s.*, (SELECT COUNT(*) FROM register) AS registered FROM surnames s")
	// The share is taken a little too large here: the detector says which is rare.
	b.with("rare", "SELECT a.*, s.namesakes, s.registered FROM others a JOIN shares s ON s.folded = LOWER(a.patient_surname) WHERE s.namesakes * 1000000000 <= %s * s.registered", b.number(int64(math.Ceil(rare*1e9))+1))
	if from, err = b.untied("rare", d.Tie); err != nil {
		return "", err
	}
	return b.answer(from, factPerson, factSurname, factKnown, factPatientSurname, factNamesakes, factRegistered), nil
}

func (b *builder) coworker(d detect.Coworker) (string, error) {
	p, err := tableOf[People](d.People, "people are")
	if err != nil {
		return "", err
	}
	b.accesses(true)
	if err := b.people(p); err != nil {
		return "", err
	}
	b.with("owners", "SELECT r.patient, r.patient_system, %s AS chart, p.* FROM records r JOIN people p ON p.person = r.person WHERE p.person <> ''", chart("r.patient", "r.patient_system"))
	b.spans("owning", "owners", "chart")
	b.numbered("numbered_accesses", "accesses", "owners")
	b.with("to_members", "SELECT a.*, o.person AS owner, o.department AS owner_department, o.manager AS owner_manager FROM numbered_accesses a JOIN owning o ON o.chart = a.chart AND %s WHERE %s",
		during("a", "o"), often("o.since <= a.recorded AND a.recorded < o.until AND (o.ended IS NULL OR a.recorded < o.ended)"))
	b.whom("acted", "to_members", "1 = 1", false)
	exempt := d.Exempt
	if exempt == nil {
		exempt = []string{"occupational health"}
	}
	b.with("colleagues", "SELECT * FROM acted a WHERE a.person = '' OR (%s)", often("a.person <> a.owner AND "+b.noneOf("COALESCE(a.role, '')", exempt)))
	from, err := b.untied("colleagues", d.Tie)
	if err != nil {
		return "", err
	}
	return b.answer(from, factPerson, factRole, factDepartment, factManager, factOwner, factOwnerDepartment, factOwnerManager), nil
}

// noneOf is the condition that a text is none of a list.
func (b *builder) noneOf(expression string, list []string) string {
	if len(list) == 0 {
		return "1 = 1"
	}
	var values []string
	for _, s := range list {
		values = append(values, b.text(s))
	}
	return expression + " NOT IN (" + strings.Join(values, ", ") + ")"
}

func (b *builder) neighbour(d detect.Neighbour, about detect.Description) (string, error) {
	from, err := b.pair(d.People, d.Patients)
	if err != nil {
		return "", err
	}
	metres, err := whole(about, "metres")
	if err != nil {
		return "", err
	}
	b.others("others", from)
	// A degree of latitude has 111,195 m. One of longitude has that times the cosine, which is at least 1 - x*x/2, so that
	// the box is a little too large; the detector measures. Near the poles, and across the 180th meridian, it is open.
	near := fmt.Sprintf("ABS(a.latitude - a.patient_latitude) * 111000 <= %[1]d AND (ABS(a.latitude) > 80 OR ABS(a.longitude - a.patient_longitude) > 359 OR "+
		"ABS(a.longitude - a.patient_longitude) * 111000 * (1 - (ABS(a.latitude) + 0.1) * (ABS(a.latitude) + 0.1) * 0.000152309) <= %[1]d)", metres)
	b.with("nearby", "SELECT * FROM others a WHERE %s", often(fmt.Sprintf("NOT (a.household <> '' AND a.household = a.patient_household) AND (a.street <> '' AND a.street = a.patient_street OR %s)", near)))
	if from, err = b.untied("nearby", d.Tie); err != nil {
		return "", err
	}
	cell := func(prefix string) string {
		return fmt.Sprintf("%s AS north, %s AS east", b.dialect.Floor(prefix+"patient_latitude * 100"), b.dialect.Floor(prefix+"patient_longitude * 100"))
	}
	b.with("streets", "SELECT patient_street AS on_street, COUNT(*) AS n FROM register WHERE patient_street <> '' GROUP BY patient_street")
	b.with("homes", "SELECT %s FROM register WHERE patient_latitude IS NOT NULL AND patient_longitude IS NOT NULL", cell(""))
	b.with("cells", "SELECT north, east, COUNT(*) AS n FROM homes GROUP BY north, east")
	b.with("placed", "SELECT a.*, %s FROM %s a", cell("a."), from)
	b.with("crowded", "SELECT a.*, CASE WHEN a.patient_street <> '' THEN s.n ELSE c.n END AS crowd FROM placed a LEFT JOIN streets s ON s.on_street = a.patient_street LEFT JOIN cells c ON c.north = a.north AND c.east = a.east")
	return b.answer("crowded", factPerson, factHousehold, factStreet, factLatitude, factLongitude, factKnown, factPatientHousehold, factPatientStreet, factPatientLatitude, factPatientLongitude, factCrowd), nil
}

func (b *builder) watched(d detect.WatchedRecord) (string, error) {
	if d.Everybody {
		return "", &RenderError{Why: "it looks for surges in all records, so that nearly every access would come back; run it over a reader, or look at those on the list"}
	}
	if _, described := d.Patients.(Patients); described {
		return "", &RenderError{Why: "its units are compared in the process; give the departments of patients as a register in memory, or leave them out"}
	}
	w, err := tableOf[Watch](d.Watch, "list is")
	if err != nil {
		return "", err
	}
	b.accesses(true)
	t := &described{b: b, clock: w.Clock, from: w.Name}
	b.with("listed", "SELECT %s AS patient, %s AS patient_system, %s AS why, %s AS since, %s AS until FROM %s AS t", t.needed(w.Patient), t.text(w.System), t.text(w.Why), t.instant(w.From), t.instant(w.Until), t.name())
	if t.err != nil {
		return "", t.err
	}
	b.numbered("numbered_accesses", "accesses", "listed")
	b.with("hits", "SELECT a.*, w.why AS why FROM numbered_accesses a JOIN listed w ON w.patient = a.patient AND %s",
		often("w.patient_system = a.listed_as AND (w.since IS NULL OR w.since <= a.recorded) AND (w.until IS NULL OR a.recorded < w.until)"))
	b.with("ranked", "SELECT a.*, ROW_NUMBER() OVER (PARTITION BY %s ORDER BY %s) AS nth FROM hits a", names("a."), b.dialect.Bytewise("why"))
	b.with("first_reasons", "SELECT * FROM ranked a WHERE a.nth < 2")
	from, err := b.untied("first_reasons", d.Tie)
	if err != nil {
		return "", err
	}
	return b.answer(from, factWhy), nil
}

func (b *builder) longAgo(d detect.LongAgo, about detect.Description) (string, error) {
	r, err := tableOf[Patients](d.Patients, "patients are")
	if err != nil {
		return "", err
	}
	days, err := whole(about, "days")
	if err != nil {
		return "", err
	}
	b.accesses(true)
	if err := b.register(r, "accesses", true); err != nil {
		return "", err
	}
	// No zone is further than 16 hours from UTC; the detector counts the days in its own.
	const hour = 60 * 60 * 1_000_000
	b.with("old", "SELECT * FROM registered_accesses a WHERE %s", often(fmt.Sprintf("a.recorded >= COALESCE(a.died, a.seen) + %s", b.number((days+1)*24*hour-16*hour))))
	from, facts := "old", []fact{factKnown, factDied, factSeen}
	switch p := d.People.(type) {
	case nil:
	case People:
		if err := b.people(p); err != nil {
			return "", err
		}
		exempt := d.Exempt
		if exempt == nil {
			exempt = []string{"billing", "him", "quality"}
		}
		b.whom("acted", from, "1 = 1", false)
		b.with("others", "SELECT * FROM acted a WHERE a.person = '' OR (%s)", often(b.noneOf("COALESCE(a.role, '')", exempt)))
		from, facts = "others", append(facts, factPerson, factRole)
	}
	if from, err = b.untied(from, d.Tie); err != nil {
		return "", err
	}
	return b.answer(from, facts...), nil
}

func (b *builder) roleNeed(d detect.RoleWithoutNeed) (string, error) {
	p, err := tableOf[People](d.People, "people are")
	if err != nil {
		return "", err
	}
	n, err := tableOf[Needs](d.Needs, "matrix is")
	if err != nil {
		return "", err
	}
	if err := b.people(p); err != nil {
		return "", err
	}
	t := &described{b: b, from: n.Name}
	b.with("needs", "SELECT DISTINCT %s AS role, %s AS action, %s AS screen FROM %s AS t", t.needed(n.Role), t.text(n.Action), t.text(n.Screen), t.name())
	if t.err != nil {
		return "", t.err
	}
	b.with("acts", "SELECT a.*, CASE WHEN TRIM(a.object_type, %[1]s) <> '' THEN TRIM(a.object_type, %[2]s) ELSE TRIM(a.act, %[3]s) END AS screen FROM log a WHERE a.action NOT IN ('login', 'logout') AND a.outcome IN ('success', 'unknown')",
		b.text(blanks), b.text(blanks), b.text(blanks))
	b.whom("acted", "acts", "1 = 1", true)
	b.with("decided", "SELECT a.*, CASE WHEN k.role IS NULL THEN 0 ELSE 1 END AS decided FROM acted a LEFT JOIN (SELECT DISTINCT role FROM needs) AS k ON k.role = a.role WHERE a.role <> ''")
	b.without("unneeded", "decided", "needs", "r.role = a.role AND "+often("(r.action = '' OR r.action = a.action) AND (r.screen = '' OR r.screen = a.screen) AND NOT (r.action = 'none' AND r.screen = '')"))
	return b.answer("unneeded", factPerson, factRole, factDecided), nil
}

// blanks are what stands around a word and is no part of it: white space as Unicode has it.
const blanks = " \t\n\v\f\r\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
