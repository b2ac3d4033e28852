package sqlpush_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
	"github.com/hipaasmp/hipaasmp/review/detect/sqlpush"
)

// surroundings are what is known beside a log: as Go values for the process, and as tables for the database.
type surroundings struct {
	zone     *time.Location
	people   []detect.Person
	aliases  map[string]string
	patients []detect.PatientFacts
	watch    []detect.Watched
	matrix   [][3]string
	holidays []detect.Holiday
	ties     []detect.Relation
	family   []detect.Relation
}

// odd are texts that a careless statement would trip over.
var odd = []string{"o'brien", `say "hi"`, "a;b--", "Ünal", "back\\slash", "100%", "$1", "?1"}

// surround makes surroundings in which every kind of match and near miss happens, on days around changes of the clock.
func surround(seed uint64) surroundings {
	rng := rand.New(rand.NewPCG(seed, 11))
	zone, err := time.LoadLocation([]string{"America/New_York", "UTC", "Asia/Kathmandu", "Pacific/Apia"}[seed%4])
	if err != nil {
		panic(err)
	}
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	day := func(d int) hipaasmp.Date { return hipaasmp.DateOf(start, time.UTC).AddDays(d) }
	maybe := func(d hipaasmp.Date) hipaasmp.Date {
		if rng.IntN(3) == 0 {
			return hipaasmp.Date{}
		}
		return d
	}
	instant := func(d time.Duration) time.Time {
		if rng.IntN(2) == 0 {
			return time.Time{}
		}
		return start.Add(d)
	}
	s := surroundings{zone: zone, aliases: map[string]string{"alias": "w1", "ALIAS": "w2", "u1": "w3", "to nobody": "w99"}}
	owned := map[string][]activity.Patient{}
	for i := range 6 {
		owned[fmt.Sprint("w", i)] = []activity.Patient{{ID: fmt.Sprint("p", i)}, {System: pick("", "other"), ID: fmt.Sprint("p", rng.IntN(8))}}
	}
	for range 14 {
		id := pick("w0", "w1", "w2", "w3", "w4", "w5", "o'brien", "W1")
		p := detect.Person{ID: id, Role: pick("nurse", "Billing", "him", "guard", "o'role", "", "occupational health"), Department: pick("ED", "ed", "ICU", ""), Site: pick("north", "south", ""), Manager: pick("w0", "w1", ""),
			Patients: owned[id], Surname: pick("rare", "Common", odd[rng.IntN(len(odd))], ""), Household: pick("h1", "h2", ""), Street: pick("main st", "o'street", ""),
			Member: hipaasmp.Period{From: maybe(day(rng.IntN(5) - 2)), To: maybe(day(rng.IntN(6) + 3))}, Ended: instant(time.Duration(rng.IntN(200)) * time.Hour), EndRecorded: instant(time.Duration(rng.IntN(260)) * time.Hour),
			Shift: detect.Shift{Start: rng.IntN(1440), Length: []int{0, 480, 720, 1440, 90}[rng.IntN(5)]}}
		if p.Member.To.Before(p.Member.From) {
			p.Member.To = hipaasmp.Date{}
		}
		if rng.IntN(2) == 0 {
			p.Position = detect.Position{Latitude: 42.35 + float64(rng.IntN(9))/1000, Longitude: -71.06 + float64(rng.IntN(9))/1000, Known: true}
		}
		for d := time.Sunday; d <= time.Saturday; d++ {
			if rng.IntN(3) == 0 {
				p.Shift.Days = append(p.Shift.Days, d)
			}
		}
		s.people = append(s.people, p)
	}
	for i := range 10 {
		for _, system := range []string{"", "other"} {
			if rng.IntN(3) == 0 {
				continue
			}
			f := detect.PatientFacts{ID: activity.Patient{System: system, ID: fmt.Sprint("p", i)}, Surname: pick("RARE", "common", "common", odd[rng.IntN(len(odd))], ""), Household: pick("h1", "h2", "h3", ""), Street: pick("main st", "o'street", "elsewhere", ""),
				Died: maybe(maybe(day(-200 + rng.IntN(40)))), Seen: maybe(day(-195 + rng.IntN(30)))}
			if rng.IntN(2) == 0 {
				f.Position = detect.Position{Latitude: 42.35 + float64(rng.IntN(9))/1000, Longitude: -71.06 + float64(rng.IntN(9))/1000, Known: true}
			}
			s.patients = append(s.patients, f)
		}
	}
	for range 8 {
		w := detect.Watched{Patient: activity.Patient{System: pick("", "other"), ID: fmt.Sprint("p", rng.IntN(6))}, Why: pick("news", "o'news", "public figure", ""), Listed: hipaasmp.Period{From: maybe(day(rng.IntN(4))), To: maybe(day(rng.IntN(4) + 4))}}
		s.watch = append(s.watch, w)
	}
	slices.SortStableFunc(s.watch, func(a, b detect.Watched) int { return strings.Compare(a.Why, b.Why) })
	for range 8 {
		s.matrix = append(s.matrix, [3]string{pick("nurse", "him", "o'role", "Nurse"), pick("read", "print", "search", "unknown", ""), pick("Chart", "chart", "o'screen", "")})
	}
	s.matrix = append(s.matrix, [3]string{"guard", "none", ""})
	for range 6 {
		s.holidays = append(s.holidays, detect.Holiday{Day: day(rng.IntN(9)), Site: pick("", "north", "south")})
	}
	for range 12 {
		s.ties = append(s.ties, detect.Relation{Actor: pick("w0", "w1", "alias", "o'brien", "u2"), Patient: activity.Patient{System: pick("", "other"), ID: fmt.Sprint("p", rng.IntN(10))}, From: instant(-40 * 24 * time.Hour), Until: instant(-30*24*time.Hour + 50*time.Hour)})
		s.family = append(s.family, detect.Relation{Actor: pick("w0", "w1", "alias", "o'brien", "u2"), Patient: activity.Patient{System: pick("", "other"), ID: fmt.Sprint("p", rng.IntN(10))}, Kind: pick("spouse", "guarantor", "o'kin", ""), From: instant(30 * time.Hour), Until: instant(100 * time.Hour)})
	}
	return s
}

// visits makes the log of those surroundings.
func visits(seed uint64, s surroundings, n int) []row {
	rng := rand.New(rand.NewPCG(seed, 13))
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	var edges []time.Time // at which something begins or ends
	for d := range 10 {
		edges = append(edges, hipaasmp.DateOf(start, time.UTC).AddDays(d-1).StartIn(s.zone))
	}
	for _, p := range s.people {
		if !p.Ended.IsZero() {
			edges = append(edges, p.Ended)
		}
	}
	var rows []row
	for i := range n {
		at := start.Add(time.Duration(rng.IntN(14*24*60)) * time.Minute)
		if rng.IntN(3) == 0 {
			at = edges[rng.IntN(len(edges))].Add(time.Duration(rng.IntN(3)-1) * time.Microsecond)
		}
		stamp := at.UnixMicro()
		r := row{Seq: fmt.Sprintf("v%05d", i), Stamp: &stamp, User: pick("w0", "w1", "w2", "w3", "w4", "w5", "o'brien", "W1", "u1", "alias", "ALIAS", "stranger", "", "front-desk-2", "NURSE7"), Alias: pick("", "", "w0", "alias"),
			MRN: pick("", fmt.Sprint("p", rng.IntN(12)), fmt.Sprint("p", rng.IntN(12)), fmt.Sprint("P", rng.IntN(3))), Sys: pick("", "", "other", "third"),
			Verb: pick("VIEW", "VIEW", "PRINT", "QUERY", "LOGON", "LOGOFF", "odd", ""), Result: pick("OK", "OK", "OK", "FAIL", "DENY", "odd", ""), Call: pick("", "chart"), Thing: pick("", "q1", "q2", "q3"),
			Screen: pick("Chart", " Chart\t", "chart", "o'screen", "", "\u00a0"), Addr: pick("10.0.0.1", "10.0.0.2", ""), Station: pick("ws1", "ws2", "ws3", ""), Session: pick("", "s1", "s2", fmt.Sprint("s", rng.IntN(60)))}
		if rng.IntN(25) == 0 {
			r.Stamp = nil
		}
		rows = append(rows, r)
		if rng.IntN(20) == 0 { // delivered again, later, and not the same
			again := r
			if r.Stamp != nil {
				n := *r.Stamp + int64(rng.IntN(5)+1)*int64(time.Minute/time.Microsecond) + 7
				again.Stamp = &n
			}
			if r.Stamp != nil {
				again.User, again.Result = pick("w0", "w1", r.User), pick("OK", "DENY")
			}
			rows = append(rows, again)
		}
	}
	return rows
}

// plant adds what chance does not make: a surge in a watched record, a stretch of searches, sessions side by side.
func plant(rows []row, s surroundings) []row {
	add := func(r row, d time.Duration) {
		n := start.Add(d).UnixMicro()
		r.Stamp, r.Seq = &n, fmt.Sprintf("t%05d", len(rows))
		rows = append(rows, r)
	}
	for i := range 14 {
		add(row{User: fmt.Sprint("surge", i), MRN: "p1", Verb: "VIEW", Result: "OK"}, 60*time.Hour+time.Duration(i)*time.Hour)
	}
	for i := range 20 {
		add(row{User: "w4", Thing: fmt.Sprint("name", i), Verb: "QUERY", Result: "OK"}, 70*time.Hour+time.Duration(i)*30*time.Second)
		add(row{User: "w5", Thing: fmt.Sprint("name", i), Verb: "QUERY", Result: "OK"}, 70*time.Hour+time.Duration(i)*time.Minute)
		add(row{User: "w5", MRN: "p7", Verb: "VIEW", Result: "OK"}, 70*time.Hour+time.Duration(i/4)*4*time.Minute+2*time.Minute)
	}
	for i := range 40 { // a stay of many entries, and elsewhere at both edges of the shortest way
		add(row{User: "roams", Station: "ws1", Verb: "VIEW", Result: "OK"}, 120*time.Hour+time.Duration(i)*97*time.Second)
		add(row{User: "roams", Addr: "10.0.0.1", Verb: "VIEW", Result: "OK"}, 120*time.Hour+time.Duration(i)*61*time.Second)
	}
	for i, gap := range []time.Duration{5*time.Minute - time.Microsecond, 5 * time.Minute} {
		add(row{User: fmt.Sprint("edge", i), Station: "ws1", Verb: "VIEW", Result: "OK"}, 130*time.Hour)
		add(row{User: fmt.Sprint("edge", i), Station: "far1", Verb: "VIEW", Result: "OK"}, 130*time.Hour+gap)
	}
	add(row{User: "roams", Station: "far1", Verb: "VIEW", Result: "OK"}, 120*time.Hour+30*time.Minute)
	add(row{User: "roams", Station: "ws2", Verb: "VIEW", Result: "OK"}, 120*time.Hour+31*time.Minute)
	for i := range 3 {
		for j := range 3 {
			add(row{User: "twice", Session: fmt.Sprint("x", i), Station: fmt.Sprint("far", i), Verb: "VIEW", Result: "OK"}, 100*time.Hour+time.Duration(i*60+j*30)*time.Minute)
			add(row{User: "once", Session: fmt.Sprint("x", i), Station: fmt.Sprint("far", i), Verb: "VIEW", Result: "OK"}, 100*time.Hour+time.Duration(i*60+j*29)*time.Minute)
		}
	}
	return rows
}

// pairOf is a detector for the process and one for the database.
type pairOf struct{ here, there detect.Detector }

func (s surroundings) detectors(t testing.TB, clock sqlpush.Clock) []pairOf {
	t.Helper()
	roster := detect.NewRoster(s.people, s.aliases, s.zone)
	register := detect.NewRegister(s.patients)
	watch, holidays := detect.NewWatchList(s.watch, s.zone), detect.NewHolidays(s.holidays)
	ties, family := detect.NewRelations(s.ties), detect.NewRelations(s.family)
	var csv strings.Builder
	csv.WriteString("role,action,screen\n")
	for _, c := range s.matrix {
		fmt.Fprintf(&csv, "%s,%s,%s\n", c[0], c[1], c[2])
	}
	matrix, err := detect.ReadMatrix(strings.NewReader(csv.String()), "2026-1", detect.TableOptions{})
	require.NoError(t, err)
	people := sqlpush.People{Name: "roster", User: "who", Role: "role", Department: "dept", Site: "site", Manager: "boss", Surname: "surname", Household: "household", Street: "street", Latitude: "north", Longitude: "east",
		From: "since", Until: "until", EndedAt: "ended", EndRecordedAt: "end_entered", ShiftStart: "shift_start", ShiftMinutes: "shift_len", ShiftDays: "shift_days", Row: "line", Clock: clock, Known: roster.Digest(),
		Aliases: sqlpush.Aliases{Name: "alias", Alias: "alias", User: "who"}, Records: sqlpush.Records{Name: "own_record", User: "who", Patient: "mrn", System: "numbering"}}
	patients := sqlpush.Patients{Name: "register", ID: "mrn", System: "numbering", Surname: "surname", Household: "household", Street: "street", Latitude: "north", Longitude: "east", Died: "died", Seen: "seen", Clock: clock, Known: register.Digest()}
	list := sqlpush.Watch{Name: "watched", Patient: "mrn", System: "numbering", Why: "why", From: "since", Until: "until", Clock: clock, Known: watch.Digest()}
	needs := sqlpush.Needs{Name: "matrix", Role: "role", Action: "action", Screen: "screen", Decision: "2026-1", Known: matrix.Digest()}
	calendar := sqlpush.Calendar{Name: "holiday", Day: "day", Site: "site", Clock: clock, Known: holidays.Digest()}
	tied := sqlpush.Relations{Name: "tie", Actor: "doc", Patient: "mrn", System: "numbering", From: "begun", Until: "ended", Clock: clock, Known: ties.Digest()}
	kin := sqlpush.Relations{Name: "family", Actor: "doc", Patient: "mrn", System: "numbering", Kind: "kind", From: "begun", Until: "ended", Clock: clock, Known: family.Digest()}
	places, err := detect.ReadPlaces(strings.NewReader("from,site,country,latitude,longitude\n10.0.0.1,main,US,42.36,-71.06\n10.0.0.0/24,west,US,34.05,-118.24\nws1,main,US,42.36,-71.06\nws2,*,,,\nws3,abroad,FR,,\nfar*,annex,,,\n"), detect.TableOptions{})
	require.NoError(t, err)
	here, there, zone := detect.Tie{Relations: ties}, detect.Tie{Relations: tied}, detect.ZoneOf{Location: s.zone}
	return []pairOf{
		{detect.OwnRecord{People: roster}, detect.OwnRecord{People: people}},
		{detect.OwnRecord{People: roster, Permitted: []string{"chart"}, Severity: detect.SeverityHigh}, detect.OwnRecord{People: people, Permitted: []string{"chart"}, Severity: detect.SeverityHigh}},
		{detect.Household{People: roster, Patients: register, Family: family, Tie: here}, detect.Household{People: people, Patients: patients, Family: kin, Tie: there}},
		{detect.Household{People: roster, Patients: register}, detect.Household{People: people, Patients: patients}},
		{detect.Household{Family: family}, detect.Household{Family: kin}},
		{detect.Household{Family: family, Window: 20 * time.Hour}, detect.Household{Family: kin, Window: 20 * time.Hour}},
		{detect.Household{People: roster, Family: family}, detect.Household{People: people, Family: kin}},
		{detect.SameSurname{People: roster, Patients: register, Rare: 0.3, Tie: here}, detect.SameSurname{People: people, Patients: patients, Rare: 0.3, Tie: there}},
		{detect.SameSurname{People: roster, Patients: register, Rare: 0.99}, detect.SameSurname{People: people, Patients: patients, Rare: 0.99}},
		{detect.Coworker{People: roster, Tie: here, Zone: zone}, detect.Coworker{People: people, Tie: there, Zone: zone}},
		{detect.Coworker{People: roster, Exempt: []string{"nurse", "o'role"}, Zone: zone}, detect.Coworker{People: people, Exempt: []string{"nurse", "o'role"}, Zone: zone}},
		{detect.Neighbour{People: roster, Patients: register, Tie: here}, detect.Neighbour{People: people, Patients: patients, Tie: there}},
		{detect.Neighbour{People: roster, Patients: register, Metres: 111}, detect.Neighbour{People: people, Patients: patients, Metres: 111}},
		{detect.WatchedRecord{Watch: watch, Tie: here}, detect.WatchedRecord{Watch: list, Tie: there}},
		{detect.WatchedRecord{Watch: watch, Patients: register, Least: 3, History: 90}, detect.WatchedRecord{Watch: list, Patients: register, Least: 3, History: 90}},
		{detect.WatchedRecord{Watch: watch, Tie: here, Least: 3}, detect.WatchedRecord{Watch: list, Tie: detect.Tie{Relations: ties}, Least: 3}},
		{detect.TerminatedUser{Context: roster}, detect.TerminatedUser{Context: people}},
		{detect.TerminatedUser{Context: roster, Grace: 90 * time.Minute}, detect.TerminatedUser{Context: people, Grace: 90 * time.Minute}},
		{detect.BulkExport{People: roster, Least: 2, Zone: zone}, detect.BulkExport{People: people, Least: 2, Zone: zone}},
		{detect.RoleWithoutNeed{People: roster, Needs: matrix}, detect.RoleWithoutNeed{People: people, Needs: needs}},
		{detect.NoRelation{People: roster, Tie: here}, detect.NoRelation{People: people, Tie: there}},
		{detect.NoRelation{Tie: here}, detect.NoRelation{Tie: there}},
		{detect.LongAgo{People: roster, Patients: register, Tie: here, Zone: zone}, detect.LongAgo{People: people, Patients: patients, Tie: there, Zone: zone}},
		{detect.LongAgo{Patients: register, Days: 190, Zone: zone}, detect.LongAgo{Patients: patients, Days: 190, Zone: zone}},
		{detect.AfterHours{People: roster, Calendar: holidays, Zone: zone}, detect.AfterHours{People: people, Calendar: calendar, Zone: zone}},
		{detect.AfterHours{People: roster, Zone: zone, Grace: -1}, detect.AfterHours{People: people, Zone: zone, Grace: -1}},
		{detect.AfterHours{People: roster, Calendar: holidays, Zone: zone, Grace: 13 * time.Hour}, detect.AfterHours{People: people, Calendar: calendar, Zone: zone, Grace: 13 * time.Hour}},
		{detect.TwoPlaces{Places: places}, detect.TwoPlaces{Places: places}},
		{detect.TwoPlaces{Places: places, Zone: zone}, detect.TwoPlaces{Places: places, Zone: zone}},
		{detect.TwoPlaces{Places: places, Site: 3*time.Hour + 333*time.Nanosecond, Country: 10 * time.Hour, Speed: 40}, detect.TwoPlaces{Places: places, Site: 3*time.Hour + 333*time.Nanosecond, Country: 10 * time.Hour, Speed: 40}},
		{detect.TwoPlaces{Places: places, Site: time.Nanosecond}, detect.TwoPlaces{Places: places, Site: time.Nanosecond}},
		{detect.SharedAccount{}, detect.SharedAccount{}},
		{detect.SharedAccount{Generic: []string{"W", "o'brien"}}, detect.SharedAccount{Generic: []string{"W", "o'brien"}}},
		{detect.Fishing{People: roster}, detect.Fishing{People: people}},
		{detect.Fishing{People: roster, Searches: 3, Opened: 60, Window: time.Hour}, detect.Fishing{People: people, Searches: 3, Opened: 60, Window: time.Hour}},
		{detect.Fishing{Searches: 4, Opened: 50, Window: 3 * time.Hour}, detect.Fishing{Searches: 4, Opened: 50, Window: 3 * time.Hour}},
	}
}

// tables are the statements that make the tables of the surroundings.
func (s surroundings) tables(kind string, stamp func(int64) string) []string {
	quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	text := func(s string) string {
		if s == "" {
			return "NULL"
		}
		return quote(s)
	}
	instant := func(at time.Time) string {
		if at.IsZero() {
			return "NULL"
		}
		return stamp(at.UnixMicro())
	}
	date, day := "date", func(d hipaasmp.Date) string {
		if d.IsZero() {
			return "NULL"
		}
		return "DATE '" + d.String() + "'"
	}
	if kind == "integer" || kind == "bigint" {
		date, day = kind, func(d hipaasmp.Date) string {
			if d.IsZero() {
				return "NULL"
			}
			return instant(d.StartIn(time.UTC))
		}
	}
	first := func(d hipaasmp.Date, after int) string {
		if d.IsZero() {
			return "NULL"
		}
		return instant(d.AddDays(after).StartIn(s.zone))
	}
	position := func(p detect.Position) string {
		if !p.Known {
			return "NULL, NULL"
		}
		return fmt.Sprintf("%v, %v", p.Latitude, p.Longitude)
	}
	out := []string{
		"CREATE TABLE roster (who text, role text, dept text, site text, boss text, surname text, household text, street text, north double precision, east double precision, since " + kind + ", until " + kind + ", ended " + kind + ", end_entered " + kind + ", shift_start integer, shift_len integer, shift_days integer, line integer)",
		"CREATE TABLE alias (alias text, who text)", "CREATE TABLE own_record (who text, mrn text, numbering text)",
		"CREATE TABLE register (mrn text, numbering text, surname text, household text, street text, north double precision, east double precision, died " + date + ", seen " + date + ")",
		"CREATE TABLE watched (mrn text, numbering text, why text, since " + kind + ", until " + kind + ")", "CREATE TABLE matrix (role text, action text, screen text)",
		"CREATE TABLE holiday (day " + date + ", site text)", "CREATE TABLE tie (doc text, mrn text, numbering text, kind text, begun " + kind + ", ended " + kind + ")", "CREATE TABLE family (doc text, mrn text, numbering text, kind text, begun " + kind + ", ended " + kind + ")",
	}
	held := map[string][]string{}
	add := func(table string, values ...string) {
		held[table] = append(held[table], "("+strings.Join(values, ", ")+")")
	}
	owned := map[string]bool{}
	for i, p := range s.people {
		days := 0
		for _, d := range p.Shift.Days {
			days |= 1 << d
		}
		add("roster", text(p.ID), text(p.Role), text(p.Department), text(p.Site), text(p.Manager), text(p.Surname), text(p.Household), text(p.Street), position(p.Position), first(p.Member.From, 0), first(p.Member.To, 1), instant(p.Ended), instant(p.EndRecorded),
			fmt.Sprint(p.Shift.Start), fmt.Sprint(p.Shift.Length), fmt.Sprint(days), fmt.Sprint(i))
		for _, own := range p.Patients {
			if !owned[p.ID] {
				add("own_record", text(p.ID), text(own.ID), text(own.System))
			}
		}
		owned[p.ID] = true
	}
	for alias, id := range s.aliases {
		add("alias", text(alias), text(id))
		add("alias", text(alias), text(id)) // twice, as tables have it
	}
	for _, p := range s.patients {
		add("register", text(p.ID.ID), text(p.ID.System), text(p.Surname), text(p.Household), text(p.Street), position(p.Position), day(p.Died), day(p.Seen))
	}
	for _, w := range s.watch {
		add("watched", text(w.Patient.ID), text(w.Patient.System), text(w.Why), first(w.Listed.From, 0), first(w.Listed.To, 1))
	}
	for _, c := range s.matrix {
		add("matrix", text(c[0]), text(c[1]), text(c[2]))
	}
	for _, h := range s.holidays {
		add("holiday", day(h.Day), text(h.Site))
	}
	for table, list := range map[string][]detect.Relation{"tie": s.ties, "family": s.family} {
		for _, r := range list {
			add(table, quote(r.Actor), quote(r.Patient.ID), text(r.Patient.System), text(r.Kind), instant(r.From), instant(r.Until))
		}
	}
	for _, table := range slices.Sorted(maps.Keys(held)) {
		for list := range slices.Chunk(held[table], 400) {
			out = append(out, "INSERT INTO "+table+" VALUES "+strings.Join(list, ", "))
		}
	}
	return out
}
