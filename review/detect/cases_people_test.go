package detect_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// on is how long after the start of the tests an instant is.
func on(when string) time.Duration {
	at, err := time.Parse(time.RFC3339Nano, when)
	if err != nil {
		panic(err)
	}
	return at.Sub(start)
}

// opened is one access to one record.
func opened(user, patient string) *entries { return openedAt(0, user, patient) }

func openedAt(after time.Duration, user, patient string) *entries {
	return new(entries).access(after, user, patient)
}

// screened is an access through a screen.
func screened(user, patient, screen string) *entries {
	return new(entries).add(0, func(e *activity.Event) {
		e.Actor.ID, e.Patients, e.Object.Type = user, []activity.Patient{{ID: patient}}, screen
	})
}

func inNewYork(t testing.TB) detect.ZoneOf { return detect.ZoneOf{Location: newYork(t)} }

func ownRecordCases(t testing.TB, c cases) {
	people := known(t).People
	portal := detect.OwnRecord{People: people, Permitted: []string{"Portal"}}
	c.planted("somebody opens the own record", detect.OwnRecord{People: people}, opened("u-1", "P-W1"), who("u-1"), every(detect.SeverityLow))
	c.planted("an attempt that was refused counts", detect.OwnRecord{People: people}, new(entries).add(0, func(e *activity.Event) {
		e.Actor.ID, e.Patients, e.Outcome = "u-1", []activity.Patient{{ID: "P-W1"}}, activity.OutcomeDenied
	}))
	c.nearest("somebody opens a colleague's record", detect.OwnRecord{People: people}, opened("u-1", "P-W2"))
	c.within("permitted", "a screen that is not on the list", portal, screened("u-1", "P-W1", "Notes"))
	c.beyond("permitted", "a screen that is on the list", portal, screened("u-1", "P-W1", "Portal"))
	c.within("severity", "the policy says that it is grave", detect.OwnRecord{People: people, Severity: detect.SeverityHigh}, opened("u-1", "P-W1"), every(detect.SeverityHigh))
	c.beyond("severity", "the policy says nothing: a first time is a reason to remind", detect.OwnRecord{People: people}, opened("u-1", "P-W1"), every(detect.SeverityLow))
	c.falsePositive("an entity that allows the portal", portal, screened("u-1", "P-W1", "Portal"))
}

func householdCases(t testing.TB, c cases) {
	k := known(t)
	d := detect.Household{People: k.People, Patients: k.Patients, Family: k.Family}
	c.planted("the actor and the patient have one household", d, opened("u-1", "P-2"), who("u-1"), says("the same household"))
	c.planted("the patient is the actor's registered guarantor, who lives elsewhere", d, opened("u-2", "P-1"), says("registered as guarantor"))
	both := d
	both.Family = detect.NewRelations([]detect.Relation{{Actor: "u-1", Patient: activity.Patient{ID: "P-2"}, Kind: "emergency contact"}})
	c.planted("what is registered ranks before what follows from an address", both, opened("u-1", "P-2"), says("registered as emergency contact"), silent("household"))
	c.nearest("another household", d, opened("u-2", "P-2"))
	c.nearest("the own record is another rule", d, opened("u-1", "P-W1"))
	spouse := func(window time.Duration) detect.Household {
		return detect.Household{Window: window, Family: detect.NewRelations([]detect.Relation{{Actor: "u-1", Patient: activity.Patient{ID: "P-2"}, Kind: "spouse", Until: start}})}
	}
	c.within("window", "the last instant of a marriage", spouse(0), openedAt(-time.Microsecond, "u-1", "P-2"))
	c.beyond("window", "the instant at which a marriage has ended", spouse(0), openedAt(0, "u-1", "P-2"))
	c.within("window", "less than an hour after it, where an hour counts", spouse(time.Hour), openedAt(time.Hour-time.Microsecond, "u-1", "P-2"))
	c.beyond("window", "an hour after it", spouse(time.Hour), openedAt(time.Hour, "u-1", "P-2"))
	c.tied("u-1", "P-2", func(tie detect.Tie) detect.Detector {
		return detect.Household{People: k.People, Patients: k.Patients, Tie: tie}
	}, func(after time.Duration) reviewed { return openedAt(after, "u-1", "P-2") })
	c.falsePositive("a former spouse", spouse(0), openedAt(300*oneDay, "u-1", "P-2"))
	proxy := d
	proxy.Tie.Relations = detect.NewRelations([]detect.Relation{{Actor: "u-1", Patient: activity.Patient{ID: "P-2"}, Kind: "proxy of a minor"}})
	c.falsePositive("a parent who is a minor's proxy", proxy, opened("u-1", "P-2"))
	moved := detect.Household{People: k.People, Patients: detect.NewRegister([]detect.PatientFacts{{ID: activity.Patient{ID: "P-2"}, Household: "H99"}})}
	c.falsePositive("an adult child who has moved out", moved, opened("u-1", "P-2"))
}

func surnameCases(t testing.TB, c cases) {
	k := known(t)
	// Two of the six registered patients are called Ashgrove.
	d := func(rare float64) detect.SameSurname {
		return detect.SameSurname{People: k.People, Patients: k.Patients, Rare: rare}
	}
	c.planted("a rare surname, and never above low", d(0.5), opened("u-1", "P-1"), who("u-1"), every(detect.SeverityLow))
	c.nearest("another surname", d(0.5), opened("u-2", "P-1"))
	c.within("rare", "a share just below the setting", d(2.0/6+1e-9), opened("u-1", "P-1"))
	c.beyond("rare", "a share of the setting", d(2.0/6), opened("u-1", "P-1"))
	c.tied("u-1", "P-1", func(tie detect.Tie) detect.Detector {
		return detect.SameSurname{People: k.People, Patients: k.Patients, Rare: 0.5, Tie: tie}
	}, func(after time.Duration) reviewed { return openedAt(after, "u-1", "P-1") })
	c.falsePositive("a common surname", d(0), opened("u-3", "P-2"))
}

func coworkerCases(t testing.TB, c cases) {
	k := known(t)
	d := detect.Coworker{People: k.People}
	c.planted("a colleague of the same department is closer", d, opened("u-2", "P-W1"), every(detect.SeverityModerate), says("the same department"))
	c.planted("a colleague of another department", d, opened("u-3", "P-W1"), every(detect.SeverityLow))
	managed := detect.Coworker{People: detect.NewRoster([]detect.Person{{ID: "a", Department: "x", Manager: "m"}, {ID: "b", Department: "y", Manager: "m", Patients: []activity.Patient{{ID: "P-b"}}}}, nil, nil)}
	c.planted("a colleague with the same manager is closer", managed, opened("a", "P-b"), every(detect.SeverityModerate), says("the same manager"))
	c.nearest("a patient who is no member of the workforce", d, opened("u-2", "P-1"))
	c.nearest("the own record is another rule", d, opened("u-1", "P-W1"))
	c.within("exempt", "occupational health, where it is not exempt", detect.Coworker{People: k.People, Exempt: []string{}}, opened("u-6", "P-W1"))
	c.beyond("exempt", "occupational health", d, opened("u-6", "P-W1"))
	c.beyond("exempt", "occupational health, however it is written", detect.Coworker{People: k.People, Exempt: []string{"Occupational HEALTH"}}, opened("u-6", "P-W1"))
	left := detect.Coworker{Zone: inNewYork(t), People: detect.NewRoster([]detect.Person{{ID: "a"}, {ID: "b", Patients: []activity.Patient{{ID: "P-b"}}, Member: period(t, "2020-01-01", "2026-03-01")}}, nil, nil)}
	c.within("zone", "the last second of the last day in New York", left, openedAt(on("2026-03-02T04:59:59Z"), "a", "P-b"))
	c.beyond("zone", "the first second after it", left, openedAt(on("2026-03-02T05:00:00Z"), "a", "P-b"))
	c.tied("u-2", "P-W1", func(tie detect.Tie) detect.Detector { return detect.Coworker{People: k.People, Tie: tie} },
		func(after time.Duration) reviewed { return openedAt(after, "u-2", "P-W1") })
	c.falsePositive("staff are patients too: a colleague who is treated", detect.Coworker{People: k.People, Tie: detect.Tie{Relations: k.Relations}}, openedAt(18*oneDay, "u-1", "P-W2"))
}

func neighbourCases(t testing.TB, c cases) {
	k := known(t)
	d := func(metres, dense int) detect.Neighbour {
		return detect.Neighbour{People: k.People, Patients: k.Patients, Metres: metres, Dense: dense}
	}
	c.planted("somebody of the same street", d(0, 0), opened("u-1", "P-3"), says("the same street"))
	c.planted("somebody a hundred metres away", d(0, 0), opened("u-1", "P-4"), says("less than 402 metres"))
	c.nearest("somebody eleven kilometres away", d(0, 0), opened("u-2", "P-4"))
	c.nearest("somebody of the same household is another rule", d(0, 0), opened("u-1", "P-2"))
	// 0.0009 degrees of latitude are 100.07 metres.
	c.within("metres", "100.07 metres where less than 101 are near", d(101, 0), opened("u-1", "P-4"))
	c.beyond("metres", "100.07 metres where less than 100 are near", d(100, 0), opened("u-1", "P-4"))
	// Two registered patients live on the street.
	c.within("dense", "two live there, and more than two are dense", d(0, 2), opened("u-1", "P-3"), every(detect.SeverityModerate))
	c.beyond("dense", "two live there, and more than one is dense", d(0, 1), opened("u-1", "P-3"), every(detect.SeverityLow))
	c.tied("u-1", "P-3", func(tie detect.Tie) detect.Detector {
		return detect.Neighbour{People: k.People, Patients: k.Patients, Tie: tie}
	}, func(after time.Duration) reviewed { return openedAt(after, "u-1", "P-3") })
	var tower []detect.PatientFacts
	for i := range 300 {
		tower = append(tower, detect.PatientFacts{ID: activity.Patient{ID: fmt.Sprint("P-", i)}, Street: "S1"})
	}
	c.falsePositive("dense housing ranks low and says how dense it is", detect.Neighbour{People: k.People, Patients: detect.NewRegister(tower)}, opened("u-1", "P-3"),
		every(detect.SeverityLow), says("300 registered patients live there"))
}

// crowd is so many people who open one record, an hour and a half apart at most.
func crowdOf(l *entries, n int, first, step time.Duration, who, patient string) *entries {
	for i := range n {
		l.access(first+time.Duration(i)*step, fmt.Sprint(who, i), patient)
	}
	return l
}

func watchedCases(t testing.TB, c cases) {
	k := known(t)
	listed := detect.NewWatchList([]detect.Watched{{Patient: activity.Patient{ID: "P-V"}, Why: "in the news"}}, nil)
	d := detect.WatchedRecord{Watch: listed}
	high, surge := func(n int) claim { return ranked(n, detect.SeverityHigh) }, func(n int) *entries { return crowdOf(new(entries), n, 50*oneDay, time.Minute, "x", "P-V") }
	c.planted("a record that is on the list", detect.WatchedRecord{Watch: k.Watch}, openedAt(on("2026-03-10T23:59:59Z"), "u-1", "P-V"), every(detect.SeverityModerate), says("public figure"))
	c.planted("ten people in one record on the list within 24 hours", d, surge(10), high(1), says("up to 10 people"))
	c.nearest("a second after the last day on the list", detect.WatchedRecord{Watch: k.Watch}, openedAt(on("2026-03-11T00:00:00Z"), "u-1", "P-V"))
	c.nearest("a record that is on no list", d, opened("u-1", "P-1"))
	c.nearest("ten people within 24 hours to the second", d, crowdOf(new(entries), 10, 0, 24*time.Hour/9, "x", "P-V"), high(0))
	everybody := detect.WatchedRecord{Watch: listed, Everybody: true}
	news := crowdOf(new(entries), 10, 0, time.Minute, "x", "P-9")
	c.within("surges in", "a surge in a record that nobody has listed yet", everybody, news, found(1), high(1), says("on no list"))
	c.beyond("surges in", "where only the list is looked at", d, news)
	c.within("least", "ten people", d, surge(10), high(1))
	c.beyond("least", "nine", d, surge(9), high(0))
	// A hundred other days of the record, on some of which many look at it.
	days := func(busy int) *entries {
		l := surge(12)
		for day := range 100 {
			crowdOf(l, map[bool]int{true: 12, false: 2}[day < busy], time.Duration(100+2*day)*oneDay, time.Minute, "y", "P-V")
		}
		return l
	}
	one := detect.WatchedRecord{Watch: listed, Least: 12}
	c.within("quantile", "on one of a hundred other days as many", one, days(1), high(2))
	c.beyond("quantile", "on two of a hundred other days as many", one, days(2), high(0))
	evening := crowdOf(surge(12), 12, on("2026-06-19T23:54:30Z"), time.Minute, "z", "P-V")
	c.within("zone", "an evening across the midnight of UTC is two days there, with six each", one, evening, high(1))
	c.beyond("zone", "and one of New York, with as many as in the surge", detect.WatchedRecord{Watch: listed, Least: 12, Zone: inNewYork(t)}, evening, high(0))
	// Twenty a day look at the other record of the unit.
	ward := detect.NewRegister([]detect.PatientFacts{{ID: activity.Patient{ID: "P-V"}, Department: "ICU"}, {ID: activity.Patient{ID: "P-U"}, Department: "ICU"}, {ID: activity.Patient{ID: "P-X"}, Department: "front"}})
	unit := detect.WatchedRecord{Patients: ward, Everybody: true, Least: 12}
	calm := func(other int) *entries {
		l := surge(12)
		for day := range 8 {
			crowdOf(l, 20, time.Duration(day)*3*oneDay, time.Minute, "z", "P-U")
		}
		for day := range other {
			l.access(time.Duration(60+3*day)*oneDay, "y", "P-V")
		}
		return l
	}
	c.within("history", "a record with five other days is compared with itself", unit, calm(5), says("5 other days of that record"))
	c.beyond("history", "one with four is compared with its unit, where so many are usual", unit, calm(4), silent("of that record"), silent("up to 12"))
	quiet := detect.WatchedRecord{Patients: ward, Everybody: true}
	c.planted("more than is usual in the unit", quiet, crowdOf(crowdOf(new(entries), 3, 0, time.Minute, "y", "P-U"), 10, 5*oneDay, time.Minute, "x", "P-V"), says("1 day of the other records of its unit it was 3 at most"))
	c.tied("u-1", "P-V", func(tie detect.Tie) detect.Detector { return detect.WatchedRecord{Watch: listed, Tie: tie} },
		func(after time.Duration) reviewed { return openedAt(after, "u-1", "P-V") })
	var team []detect.Relation
	for i := range 10 {
		team = append(team, detect.Relation{Actor: fmt.Sprint("x", i), Patient: activity.Patient{ID: "P-V"}, Kind: "care team"})
	}
	c.falsePositive("the team that treats the patient", detect.WatchedRecord{Watch: listed, Everybody: true, Tie: detect.Tie{Relations: detect.NewRelations(team)}}, surge(10))
}

func noRelationCases(t testing.TB, c cases) {
	k := known(t)
	d := detect.NoRelation{People: k.People, Tie: detect.Tie{Relations: k.Relations}}
	c.planted("nothing ties the actor to the patient", d, opened("u-1", "P-9"), who("u-1"), every(detect.SeverityLow))
	c.nearest("the day of the appointment", d, openedAt(3*time.Hour, "u-1", "P-T"))
	c.nearest("the own record is another rule", d, opened("u-1", "P-W1"))
	c.nearest("an attempt that was refused is no access", d, new(entries).add(0, func(e *activity.Event) {
		e.Actor.ID, e.Patients, e.Outcome = "u-1", []activity.Patient{{ID: "P-9"}}, activity.OutcomeDenied
	}))
	c.tied("u-1", "P-9", func(tie detect.Tie) detect.Detector { return detect.NoRelation{Tie: tie} },
		func(after time.Duration) reviewed { return openedAt(after, "u-1", "P-9") })
	var many entries
	for i := range 300 {
		many.access(time.Duration(i)*time.Minute, "u-1", fmt.Sprint("P-none-", i))
	}
	c.falsePositive("what stays unexplained everywhere is sampled and not alerted one by one", d, &many, found(300), every(detect.SeverityLow), spent(detect.Budget{Seed: []byte("m")}, 20, 6))
}

func longAgoCases(t testing.TB, c cases) {
	k := known(t)
	d := detect.LongAgo{Patients: k.Patients, People: k.People}
	c.planted("a patient who died long ago", d, opened("u-1", "P-4"), every(detect.SeverityModerate), says("the patient's death"))
	c.planted("a patient who was last seen long ago", d, openedAt(oneDay, "u-1", "P-3"), every(detect.SeverityLow), says("181 days after the last encounter"))
	c.nearest("a patient who was here the other day", d, opened("u-1", "P-1"))
	c.within("days", "181 days after the last encounter", d, openedAt(oneDay, "u-1", "P-3"))
	c.beyond("days", "180 days after it", d, openedAt(0, "u-1", "P-3"))
	c.within("exempt", "a role that works on old records, where it is not exempt", detect.LongAgo{Patients: k.Patients, People: k.People, Exempt: []string{"Billing"}}, opened("u-5", "P-4"))
	c.beyond("exempt", "a role that works on old records", detect.LongAgo{Patients: k.Patients, People: k.People, Exempt: []string{"HIM"}}, opened("u-5", "P-4"))
	zoned := detect.LongAgo{Patients: k.Patients, Zone: inNewYork(t)}
	c.within("zone", "the first second of the 181st day in New York", zoned, openedAt(on("2026-03-02T05:00:00Z"), "u-1", "P-3"))
	c.beyond("zone", "the last second of the 180th", zoned, openedAt(on("2026-03-02T04:59:59Z"), "u-1", "P-3"))
	c.tied("u-1", "P-4", func(tie detect.Tie) detect.Detector { return detect.LongAgo{Patients: k.Patients, Tie: tie} },
		func(after time.Duration) reviewed { return openedAt(after, "u-1", "P-4") })
	claims := func(role string) detect.LongAgo {
		return detect.LongAgo{Patients: k.Patients, People: detect.NewRoster([]detect.Person{{ID: "u", Role: role}}, nil, nil)}
	}
	for _, role := range []string{"billing", "HIM", "Quality"} {
		c.falsePositive("claims, registries and quality are the work of "+strings.ToLower(role), claims(role), opened("u", "P-4"))
	}
	transplant := detect.LongAgo{Patients: k.Patients, Tie: detect.Tie{Relations: detect.NewRelations([]detect.Relation{{Actor: "u-1", Patient: activity.Patient{ID: "P-4"}, Kind: "transplant follow-up"}})}}
	c.falsePositive("the follow-up of a transplant", transplant, opened("u-1", "P-4"))
}
