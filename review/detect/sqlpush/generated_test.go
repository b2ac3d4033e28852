package sqlpush_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
	"github.com/hipaasmp/hipaasmp/review/detect/sqlpush"
)

// row is an entry of a vendor's log, in the vendor's words.
type row struct {
	Seq     string `json:"seq"`
	Stamp   *int64 `json:"stamp"` // microseconds
	User    string `json:"user_id"`
	Alias   string `json:"alias"`
	MRN     string `json:"mrn"`
	Sys     string `json:"mrn_sys"`
	Verb    string `json:"verb"`
	Result  string `json:"result"`
	Service string `json:"service"`
	Call    string `json:"call"`
	Thing   string `json:"thing"`
	Addr    string `json:"addr"`
	Station string `json:"station"`
	Why     string `json:"why"`
	Screen  string `json:"screen"`
	Session string `json:"session"`
}

// columns are the columns of the vendor's log in the order of values.
var columns = []string{"seq", "stamp", "user_id", "alias", "mrn", "mrn_sys", "verb", "result", "service", "call", "thing", "addr", "station", "why", "screen", "session"}

func (r row) values() []any {
	var at any
	if r.Stamp != nil {
		at = *r.Stamp
	}
	return []any{r.Seq, at, r.User, r.Alias, r.MRN, r.Sys, r.Verb, r.Result, r.Service, r.Call, r.Thing, r.Addr, r.Station, r.Why, r.Screen, r.Session}
}

var words = map[sqlpush.Column]map[string]string{
	sqlpush.ColumnAction:  {"LOGON": "login", "VIEW": "read", "BTG": "override", "PRINT": "print", "QUERY": "search", "LOGOFF": "logout"},
	sqlpush.ColumnOutcome: {"OK": "success", "FAIL": "failure", "DENY": "denied", "SLOW": "throttled"},
}

// table describes the vendor's log.
func table() sqlpush.Table {
	return sqlpush.Table{
		Source: "ehr", Name: "access_log", Words: words,
		Columns: map[sqlpush.Column]string{
			sqlpush.ColumnID: "seq", sqlpush.ColumnRecorded: "stamp", sqlpush.ColumnActor: "user_id", sqlpush.ColumnActorAlt: "alias", sqlpush.ColumnPatient: "mrn", sqlpush.ColumnPatientSystem: "mrn_sys",
			sqlpush.ColumnAction: "verb", sqlpush.ColumnOutcome: "result", sqlpush.ColumnActSystem: "service", sqlpush.ColumnAct: "call", sqlpush.ColumnObject: "thing",
			sqlpush.ColumnAddr: "addr", sqlpush.ColumnHost: "station", sqlpush.ColumnPurpose: "why",
			sqlpush.ColumnObjectType: "screen", sqlpush.ColumnSession: "session",
		},
	}
}

// event is the entry as a reader would give it. It is written apart from what the package does with rows.
func (r row) event() activity.Event {
	e := activity.Event{Source: "ehr", ID: r.Seq, Actor: activity.Actor{ID: r.User, AltID: r.Alias, Kind: activity.ActorUnknown}, Family: activity.FamilyUnknown,
		Action: activity.ActionUnknown, Outcome: activity.OutcomeUnknown, Act: activity.Act{System: r.Service, Name: r.Call}, Object: activity.Object{ID: r.Thing, Type: r.Screen}, Session: r.Session,
		From: activity.Origin{Addr: r.Addr, Host: r.Station}}
	if a, ok := words[sqlpush.ColumnAction][r.Verb]; ok {
		e.Action = activity.Action(a)
	}
	if o, ok := words[sqlpush.ColumnOutcome][r.Result]; ok {
		e.Outcome = activity.Outcome(o)
	}
	if r.Stamp != nil {
		e.Recorded = time.UnixMicro(*r.Stamp).UTC()
	}
	if r.MRN != "" {
		e.Patients = []activity.Patient{{System: r.Sys, ID: r.MRN}}
	}
	if r.Why != "" {
		e.Purpose = []string{r.Why}
	}
	return e
}

var start = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// generate makes a log of a few days: noise with values that lie near every edge, and one planted positive of each kind.
func generate(seed uint64) (rows []row, ends *sqlpush.Endings) {
	rng := rand.New(rand.NewPCG(seed, 7))
	ids := rng.Perm(5000) // so that the order of identities is not that of times
	at := func(d time.Duration) *int64 { n := start.Add(d).UnixMicro(); return &n }
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	add := func(r row) { r.Seq = fmt.Sprintf("e%05d", ids[len(rows)]); rows = append(rows, r) }
	add2 := func(d time.Duration, user, addr, result string) {
		add(row{Stamp: at(d), User: user, Addr: addr, Verb: "LOGON", Result: result})
	}
	for range 900 {
		// Times fall on few instants, so that many are equal and many lie at the edge of a window.
		d := time.Duration(rng.IntN(240)) * time.Minute
		r := row{Stamp: at(d), User: pick("u1", "u2", "u3", "U1", "ü4", ""), Alias: pick("", "", "a-left", "u2"), Addr: pick("10.0.0.1", "10.0.0.2", ""), Station: pick("ws1", "")}
		switch rng.IntN(10) {
		case 0, 1, 2:
			r.Verb, r.Result = "LOGON", pick("FAIL", "OK", "DENY", "SLOW", "odd")
		case 3:
			r.Verb, r.Result, r.MRN, r.Why = pick("BTG", "VIEW"), "OK", pick("p1", "p2", ""), pick("ETREAT", "BTG", "TREAT", "")
		case 4:
			r.Service, r.Call, r.Result = pick("cloudtrail.amazonaws.com", "x"), pick("StopLogging", "DeleteTrail", "stoplogging"), pick("OK", "DENY")
		default:
			r.Sys = pick("", "other", "third")
			r.Verb, r.MRN, r.Result = pick("VIEW", "PRINT", "odd", "view"), pick("p1", "p2", "p3"), pick("OK", "OK", "OK", "DENY", "")
		}
		if rng.IntN(40) == 0 {
			r.Stamp = nil
		}
		add(r)
	}
	// A burst whose ends lie exactly a window apart, one a microsecond longer, a log-in at the edge behind each.
	for i := range 5 {
		add2(72*time.Hour+time.Duration(i)*150*time.Second, "edge", "", "FAIL")
		long := time.Duration(i) * 150 * time.Second
		if i == 4 {
			long += time.Microsecond
		}
		add2(80*time.Hour+long, "past", "", "FAIL")
	}
	add2(72*time.Hour+40*time.Minute, "edge", "", "OK")
	add2(72*time.Hour+40*time.Minute+time.Microsecond, "edge", "", "OK")
	add2(80*time.Hour+20*time.Minute, "past", "", "OK")
	for i := range 12 { // a spray, and one user short of one
		add2(90*time.Hour+time.Duration(i)*50*time.Second, fmt.Sprint("s", i), "10.9.9.9", "FAIL")
		add2(95*time.Hour+time.Duration(i)*50*time.Second, fmt.Sprint("s", min(i, 8)), "10.9.9.8", "FAIL")
	}
	for i, pause := range []time.Duration{0, 90 * day, 180*day - time.Microsecond, 400 * day, 500 * day, 589 * day} { // returns of one account, and days of work
		for range 3 {
			add(row{Stamp: at(pause + time.Duration(rng.IntN(i+1))), User: "rare", Result: "OK", Verb: "VIEW"})
		}
	}
	for i := range 55 { // many prints of a day, and in the days after few
		add(row{Stamp: at(5*day + time.Duration(i)*time.Minute), User: "printer", MRN: "p9", Result: pick("OK", ""), Verb: "PRINT"})
		add(row{Stamp: at(time.Duration(6+i)*day + time.Hour), User: "printer", MRN: "p9", Result: "OK", Verb: "PRINT"})
	}
	for i := range 4 { // at the edges of relations: a microsecond inside, at the bound, outside
		d := time.Duration(i-2) * time.Microsecond
		add(row{Stamp: at(20*day + d), User: "doc", MRN: "edge", Result: "OK", Verb: "VIEW"})
		add(row{Stamp: at(62*day + d), User: "doc", MRN: "edge", Result: "OK", Verb: "VIEW"})
		add(row{Stamp: at(62*day + d), User: "no-id", Alias: "doc", MRN: "edge", Result: "OK", Verb: "VIEW"})
	}
	for i := range 10 { // ten users, the first and the last exactly a window apart; and nine, of whom one is there twice
		add2(91*time.Hour+time.Duration(i)*600*time.Second/9, fmt.Sprint("t", i), "10.9.9.7", "FAIL")
		add2(92*time.Hour+time.Duration(i)*600*time.Second/9, fmt.Sprint("t", i%9), "10.9.9.6", "FAIL")
	}
	for i := range 3 {
		add2(93*time.Hour+time.Duration(i)*45*time.Second, "tight", "", "FAIL")
	}
	for range 10 {
		add(row{Stamp: at(98 * time.Hour), User: "refused-ten", Result: "DENY", Verb: "VIEW"})
	}
	add(row{Stamp: at(0), User: "exact", Result: "OK", Verb: "VIEW"})
	add(row{Stamp: at(90 * day), User: "exact", Result: "OK", Verb: "VIEW"})
	add(row{Stamp: at(0), User: "short", Result: "OK", Verb: "VIEW"})
	add(row{Stamp: at(90*day - time.Microsecond), User: "short", Result: "OK", Verb: "VIEW"})
	for range 11 {
		add(row{Stamp: at(96 * time.Hour), User: "refused", Result: "DENY", Verb: "VIEW"})
	}
	for range 9 {
		add(row{Stamp: at(97 * time.Hour), User: "refused-less", Result: "DENY", Verb: "VIEW"})
	}
	add(row{Stamp: at(100 * time.Hour), User: "left", Result: "OK", Verb: "VIEW"})
	add(row{Stamp: at(100*time.Hour - time.Microsecond), User: "left", Result: "OK", Verb: "VIEW"})
	add(row{Stamp: at(110 * time.Hour), User: "left", Result: "OK", Verb: "VIEW"})
	add(row{Stamp: at(105 * time.Hour), User: "unknown-id", Alias: "a-left", Result: "OK", Verb: "VIEW"})
	for _, i := range rng.Perm(len(rows))[:60] { // second deliveries, some with another time and outcome
		r := rows[i]
		if r.Stamp != nil && rng.IntN(2) == 0 {
			n := *r.Stamp + int64(rng.IntN(3)-1)*int64(time.Minute/time.Microsecond) + int64(rng.IntN(2)) + 1
			r.Stamp = &n
			r.Result = pick("OK", "FAIL", r.Result)
			if r.MRN != "" {
				r.MRN = pick("p1", "p2", "p3")
			}
		}
		rows = append(rows, r)
	}
	rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	ends, err := sqlpush.NewEndings([]sqlpush.Ending{
		{Actor: "left", Since: start.Add(100 * time.Hour), Until: start.Add(110 * time.Hour), Recorded: start.Add(104 * time.Hour)}, {Actor: "left", Since: start.Add(200 * time.Hour)},
		{Actor: "a-left", Since: start.Add(2 * time.Hour), Recorded: start.Add(3 * time.Hour)}, {Actor: "u3", Since: start.Add(3 * time.Hour), Until: start.Add(3*time.Hour + time.Minute)},
	})
	if err != nil {
		panic(err)
	}
	return rows, ends
}

const day = 24 * time.Hour

// relation is a row of the vendor's table of treatments.
type relation struct {
	doc, mrn, system string
	from, until      *int64
}

// relations tie some actors of the log to some patients.
func relations() []relation {
	at := func(d time.Duration) *int64 { n := start.Add(d).UnixMicro(); return &n }
	return []relation{
		{"u1", "p1", "", nil, nil}, {"u2", "p1", "", at(-60 * day), at(-30*day + 2*time.Hour)}, {"u3", "p2", "", at(7*day + 2*time.Hour), nil},
		{"u3", "p3", "other", nil, nil}, {"a-left", "p3", "", nil, nil}, {"doc", "edge", "", at(27 * day), at(32 * day)}, {"nobody", "p1", "", nil, nil},
		{"u1", "p2", "", nil, at(-90 * day)}, {"u1", "p2", "", nil, at(10 * day)}, {"rare", "", "", nil, nil},
	}
}

// inDatabase describes the table, and inMemory is the same for the process.
func inDatabase(clock sqlpush.Clock) sqlpush.Relations {
	return sqlpush.Relations{Name: "treatment", Actor: "doc", Patient: "mrn", System: "numbering", From: "begun", Until: "ended", Clock: clock}
}

func inMemory() *detect.RelationTable {
	var list []detect.Relation
	for _, r := range relations() {
		x := detect.Relation{Actor: r.doc, Patient: activity.Patient{System: r.system, ID: r.mrn}}
		if r.from != nil {
			x.From = time.UnixMicro(*r.from).UTC()
		}
		if r.until != nil {
			x.Until = time.UnixMicro(*r.until).UTC()
		}
		list = append(list, x)
	}
	return detect.NewRelations(list)
}

// setup are the statements that make the vendor's table of treatments, with the time as a function writes it.
func setup(kind string, stamp func(int64) string) []string {
	out := []string{"CREATE TABLE treatment (doc text, mrn text, numbering text, begun " + kind + ", ended " + kind + ")"}
	value := func(n *int64) string {
		if n == nil {
			return "NULL"
		}
		return stamp(*n)
	}
	for _, r := range relations() {
		out = append(out, fmt.Sprintf("INSERT INTO treatment VALUES ('%s', '%s', '%s', %s, %s)", r.doc, r.mrn, r.system, value(r.from), value(r.until)))
	}
	return out
}

// alike returns the detector that the process runs where the database runs d.
func alike(d detect.Detector) detect.Detector {
	if n, ok := d.(detect.NoRelation); ok {
		n.Tie.Relations = inMemory()
		return n
	}
	return d
}

// detectors are the detectors with their defaults and with others.
func detectors(ends *sqlpush.Endings, clock sqlpush.Clock) []detect.Detector {
	return []detect.Detector{
		detect.Dormant{}, detect.Dormant{Days: 1}, detect.BulkExport{}, detect.BulkExport{Least: 2},
		detect.NoRelation{Tie: detect.Tie{Relations: inDatabase(clock)}}, detect.NoRelation{Tie: detect.Tie{Relations: inDatabase(clock), Back: time.Hour, Forward: time.Microsecond}},
		detect.BreakGlass{}, detect.BreakGlass{PerMonth: 1}, detect.BreakGlass{PerMonth: 1, Zone: detect.ZoneOf{Location: time.FixedZone("far", -11*3600)}},
		detect.LogControl{}, detect.LogControl{Calls: []detect.Call{{Act: activity.Act{System: "x", Name: "stoplogging"}, Means: "does it"}}},
		detect.Denials{}, detect.Denials{Least: 1},
		detect.TerminatedUser{Context: ends}, detect.TerminatedUser{Context: ends, Grace: 30 * time.Minute},
		detect.FailedLogins{}, detect.FailedLogins{Failures: 500}, detect.FailedLogins{Failures: 2, Window: time.Minute, Users: 2}, detect.FailedLogins{Failures: 3, Window: 90 * time.Second, Users: 3},
		detect.LoginAfterFailures{}, detect.LoginAfterFailures{Burst: detect.FailedLogins{Failures: 2, Window: 3 * time.Minute}, Within: 10 * time.Minute},
	}
}
