package detect_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// evening adds accesses to so many patients, half of them in the hour before midnight of UTC and half in the hour after:
// one day of New York, and two of UTC.
func (l *entries) evening(user string, day, n int) *entries {
	for i := range n {
		after := time.Duration(day+1)*oneDay + 14*time.Hour + 30*time.Minute
		if i%2 == 1 {
			after += time.Hour
		}
		l.access(after+time.Duration(i)*time.Second, user, fmt.Sprint("P-evening-", i))
	}
	return l
}

// nextMonday is the Monday after four weeks, counted from Monday, 2 March 2026.
const nextMonday = 28

// steadily has the user touch as many patients on each of twenty working days.
func steadily(n int) *entries {
	l := new(entries)
	for _, d := range weekdays(20) {
		l.day("u", d, n, "a")
	}
	return l
}

func userVolumeCases(t testing.TB, c cases) {
	d := detect.UserVolume{}
	usual := func(n int) *entries {
		l := new(entries)
		for i, d := range weekdays(20) {
			l.day("u", d, n+i%3, "a")
		}
		return l
	}
	c.planted("five times as many patients as usual", d, usual(8).day("u", nextMonday, 45, "b"), who("u"), says("45 distinct patients on 2026-03-30"))
	c.nearest("half as many again", d, usual(8).day("u", nextMonday, 13, "b"))
	c.nearest("one patient sixty times", d, func() *entries {
		l := usual(8)
		for range 60 {
			l.day("u", nextMonday, 1, "b")
		}
		return l
	}())
	c.within("p", "so many that the tail is less than a thousandth", d, usual(12).day("u", nextMonday, pOfUser, "b"))
	c.beyond("p", "one less", d, usual(12).day("u", nextMonday, pOfUser-1, "b"))
	c.within("floor", "twenty", d, usual(1).day("u", nextMonday, 20, "b"))
	c.beyond("floor", "nineteen", d, usual(1).day("u", nextMonday, 19, "b"))
	changed := func() *entries { // a busy day, and five calm ones of the same kind after it
		return new(entries).day("u", 0, 90, "a").day("u", 1, 5, "a").day("u", 2, 5, "a").day("u", 3, 5, "a").day("u", 4, 5, "a").day("u", 7, 5, "a").day("u", 8, 40, "b")
	}
	c.within("days", "the five days before count, and the busy one is the sixth", detect.UserVolume{Days: 5}, changed())
	c.beyond("days", "six count", detect.UserVolume{Days: 6}, changed())
	few := func(n int) *entries {
		l := new(entries)
		for _, day := range weekdays(n) {
			l.day("u", day, 5, "a")
		}
		return l.day("u", nextMonday, 60, "b")
	}
	c.within("history", "five days before", d, few(5))
	c.beyond("history", "four", d, few(4))
	c.within("zone", "an evening of New York is one day there", detect.UserVolume{Volume: detect.Volume{Zone: inNewYork(t)}}, steadily(3).evening("u", nextMonday, 30))
	c.beyond("zone", "and two halves in UTC", d, steadily(3).evening("u", nextMonday, 30))
	limited := detect.UserVolume{Volume: detect.Volume{Limit: 512}}
	c.within("limit", "as many as do not fit are told approximately", limited, usual(8).day("u", nextMonday, 64, "b"), found(1), says("approximately "))
	c.beyond("limit", "as many as fit are exact", limited, usual(8).day("u", nextMonday, 63, "b"), found(1), says("63 distinct patients"), silent("approximately"))
	varied := new(entries)
	for i, day := range weekdays(20) {
		varied.day("u", day, 5+10*(i%5), "a")
	}
	c.falsePositive("a user whose days differ a lot: not Poisson, not three standard deviations", d, varied.day("u", nextMonday, 60, "b"))
	c.falsePositive("a Saturday is compared with days off", d, usual(8).day("u", nextMonday+5, 45, "b"))
}

func peerVolumeCases(t testing.TB, c cases) {
	team := func(change func(i int, p *detect.Person)) *detect.Roster {
		people := make([]detect.Person, 9)
		for i := range people {
			people[i] = detect.Person{ID: fmt.Sprint("n", i), Role: "nurse", Department: "ICU"}
			if change != nil {
				change(i, &people[i])
			}
		}
		return detect.NewRoster(people, nil, nil)
	}
	d := detect.PeerVolume{People: team(nil)}
	// Peers with n patients a day each, and n0 with more.
	peers := func(others, n, more int) *entries {
		l := new(entries)
		for i := range others {
			l.day(fmt.Sprint("n", i+1), 0, n, "a")
		}
		return l.day("n0", 0, more, "b")
	}
	c.planted("ten times as many as peers", d, peers(8, 11, 110), who("n0"), every(detect.SeverityModerate))
	c.nearest("a fifth more", d, peers(8, 20, 24))
	c.nearest("as many on more days", d, peers(8, 20, 20).day("n0", 1, 20, "c").day("n0", 2, 20, "d"))
	// Where peers are alike the spread is taken to be 0.15: 3.5 of it is 20 e^0.525 = 33.8.
	c.within("z", "34 where the middle is 20", d, peers(8, 20, 34))
	c.beyond("z", "33", d, peers(8, 20, 33))
	c.within("peers", "five others", d, peers(5, 11, 110))
	c.beyond("peers", "four others", d, peers(4, 11, 110))
	c.within("floor", "twenty a day", d, peers(8, 1, 20))
	c.beyond("floor", "nineteen", d, peers(8, 1, 19))
	c.within("zone", "an evening of New York is one day there", detect.PeerVolume{People: team(nil), Volume: detect.Volume{Zone: inNewYork(t)}}, peers(8, 20, 0).evening("n0", 0, 40))
	c.beyond("zone", "and two halves in UTC", d, peers(8, 20, 0).evening("n0", 0, 40))
	limited := detect.PeerVolume{People: team(nil), Volume: detect.Volume{Limit: 512}}
	c.within("limit", "as many as do not fit are told approximately", limited, peers(8, 11, 64), found(1), says("approximately "))
	c.beyond("limit", "as many as fit are exact", limited, peers(8, 11, 63), found(1), says("63.0 distinct patients"))
	hired := func(day string) detect.PeerVolume { // the day of the log is 2 March
		return detect.PeerVolume{People: team(func(i int, p *detect.Person) {
			if i == 0 {
				p.Member = period(t, day, "")
			}
		})}
	}
	c.within("newcomer", "thirty days in the role", hired("2026-01-31"), peers(8, 11, 110), every(detect.SeverityModerate), silent("is new"))
	c.beyond("newcomer", "twenty-nine days", hired("2026-02-01"), peers(8, 11, 110), every(detect.SeverityLow), says("the actor is new in that role and department, since 2026-02-01"))
	c.falsePositive("a new hire, who learns by reading, is low and is told", hired("2026-02-20"), peers(8, 11, 110), every(detect.SeverityLow), says("people learn by reading"))
	float := detect.PeerVolume{People: team(func(i int, p *detect.Person) {
		if i == 0 {
			p.Role = "float pool"
		}
	})}
	c.falsePositive("the float pool is a role of its own", float, peers(8, 11, 110))
}

func patientSurgeCases(t testing.TB, c cases) {
	var patients []detect.PatientFacts
	for i := range 40 {
		patients = append(patients, detect.PatientFacts{ID: activity.Patient{ID: fmt.Sprint("P-", i)}, Admitted: dateOf(t, "2026-03-02")})
	}
	register := detect.NewRegister(patients)
	d := detect.PatientSurge{Patients: register}
	// Forty records on ten days: many look on the day of admission, few later.
	ward := func(few int) *entries {
		l := new(entries)
		for p := range 40 {
			for day := range 10 {
				for a := range map[bool]int{true: 12 + p%5, false: few + p%3*min(few-1, 1)}[day == 0] {
					l.access(time.Duration(day+1)*oneDay+time.Duration(a)*time.Minute, fmt.Sprint("a", a), fmt.Sprint("P-", p))
				}
			}
		}
		return l
	}
	crowd := func(l *entries, n int) *entries {
		return crowdOf(l, n, 6*oneDay+time.Hour, time.Second, "c", "P-3")
	}
	c.planted("forty people in one record on the fifth day", d, crowd(ward(2), 40), found(1), every(detect.SeverityHigh), says("(5 days after admission)"))
	c.nearest("forty entries of one person", d, func() *entries {
		l := ward(2)
		for range 40 {
			crowd(l, 1)
		}
		return l
	}())
	c.nearest("as many as are usual on the day of admission", d, ward(2))
	c.within("p", "so many that the tail is less than one in ten thousand: two of the ward, and a crowd", d, crowd(ward(2), pOfSurge))
	c.beyond("p", "one less", d, crowd(ward(2), pOfSurge-1))
	// One person a day looks at each, and one more than the crowd at the one.
	rare := detect.PatientSurge{Patients: register, P: 0.001}
	c.within("floor", "ten people", rare, crowd(ward(1), 9))
	c.beyond("floor", "nine", rare, crowd(ward(1), 8))
	dusk := func() *entries {
		return crowdOf(ward(1), 14, 6*oneDay+14*time.Hour+53*time.Minute, time.Minute, "c", "P-3")
	}
	c.within("zone", "an evening of New York is one day there", detect.PatientSurge{Patients: register, Zone: inNewYork(t)}, dusk())
	c.beyond("zone", "and two halves in UTC", d, dusk())
	limited := detect.PatientSurge{Patients: register, Limit: 512}
	c.within("limit", "as many as do not fit are told approximately", limited, crowd(ward(1), 63), found(1), says("approximately "))
	c.beyond("limit", "as many as fit are exact", limited, crowd(ward(1), 62), found(1), says("63 people"), silent("approximately"))
	var whom []string
	for i := range 40 {
		whom = append(whom, fmt.Sprint("c", i))
	}
	c.tiedBy(whom, "P-x", func(tie detect.Tie) detect.Detector { return detect.PatientSurge{Tie: tie} }, func(after time.Duration) reviewed {
		l := new(entries)
		for p := range 30 {
			l.access(after, "a", fmt.Sprint("P-", p))
		}
		return crowdOf(l, 40, after, 0, "c", "P-x")
	})
	for kind, why := range map[string]string{"code team": "a resuscitation", "teaching round": "a teaching round"} {
		var team []detect.Relation
		for _, u := range whom {
			team = append(team, detect.Relation{Actor: u, Patient: activity.Patient{ID: "P-3"}, Kind: kind})
		}
		c.falsePositive(why, detect.PatientSurge{Patients: register, Tie: detect.Tie{Relations: detect.NewRelations(team)}}, crowd(ward(2), 40))
	}
}

func noveltyCases(t testing.TB, c cases) {
	d := detect.Novelty{}
	steady := func(n int) *entries {
		l := new(entries)
		for _, day := range weekdays(n) {
			l.day("u", day, 20, "own").day("u", day, 1, fmt.Sprint("new", day))
		}
		return l
	}
	// with adds entries of one kind to each of the first days.
	with := func(l *entries, days []int, n int, change func(i int, e *activity.Event)) *entries {
		for _, day := range days {
			for i := range n {
				l.add(time.Duration(day+1)*oneDay+time.Duration(i)*time.Second, func(e *activity.Event) {
					e.Actor.ID, e.Patients = "u", []activity.Patient{{ID: "P-own0"}}
					change(i, e)
				})
			}
		}
		return l
	}
	const next = 21
	c.planted("half of the patients of a day are new", d, steady(15).day("u", next, 20, "own").day("u", next, 20, "other"), who("u"), says("20 of 40 patients"))
	screens := func(day int) *entries {
		l := with(steady(15), weekdays(15), 4, func(i int, e *activity.Event) { e.Object.Type = fmt.Sprint("screen", i) })
		return with(l, []int{next}, 4, func(i int, e *activity.Event) { e.Object.Type = fmt.Sprint("screen", day+i) })
	}
	c.planted("all of the screens of a day are new", d, screens(90), says("4 of 4 screens"))
	c.nearest("the screens of every day", d, screens(0))
	sources := func(day int) *entries {
		l := with(steady(15), weekdays(15), 4, func(i int, e *activity.Event) { e.From.Host = fmt.Sprint("ws", i) })
		return with(l, []int{next}, 4, func(i int, e *activity.Event) { e.From.Host = fmt.Sprint("ws", day+i) })
	}
	c.planted("all of the machines of a day are new", d, sources(90), says("4 of 4 places"))
	var facts []detect.PatientFacts
	for i := range 100 {
		facts = append(facts, detect.PatientFacts{ID: activity.Patient{ID: fmt.Sprint("P-d", i)}, Department: fmt.Sprint("department ", i)})
	}
	departments := detect.Novelty{Patients: detect.NewRegister(facts)}
	wards := func(from int) *entries {
		l := new(entries)
		for _, day := range weekdays(15) {
			l.day("u", day, 4, "d")
		}
		return with(l, []int{next}, 4, func(i int, e *activity.Event) { e.Patients[0].ID = fmt.Sprint("P-d", from+i) })
	}
	c.planted("all of the departments of a day are new", departments, wards(50), says("4 of 4 departments"))
	c.nearest("the departments of every day", departments, wards(0))
	c.nearest("as always", d, steady(15).day("u", next, 20, "own").day("u", next, 2, "n"))
	c.within("p", "so many new ones of a busy day that the tail is less than one in ten thousand", d, steady(15).day("u", next, 20, "own").day("u", next, pOfNovelty, "other"))
	c.beyond("p", "one less", d, steady(15).day("u", next, 20, "own").day("u", next, pOfNovelty-1, "other"))
	c.within("floor", "ten new patients", d, steady(15).day("u", next, 10, "other"))
	c.beyond("floor", "nine", d, steady(15).day("u", next, 9, "other"))
	c.within("history", "ten days before", d, steady(10).day("u", next, 30, "other"))
	c.beyond("history", "nine", d, steady(9).day("u", next, 30, "other"))
	c.within("zone", "an evening of New York is one day there", detect.Novelty{Zone: inNewYork(t)}, steady(15).evening("u", next, 18))
	c.beyond("zone", "and two halves in UTC", d, steady(15).evening("u", next, 18))
	limited := detect.Novelty{Limit: 512}
	exactly := func(n int) *entries { // things in all: twenty of every day, and those that are new
		l := new(entries)
		for _, day := range weekdays(15) {
			l.day("u", day, 20, "own")
		}
		return l.day("u", next, n, "other")
	}
	c.within("limit", "more things than fit are told approximately", limited, exactly(45), says("approximately "))
	c.beyond("limit", "as many as fit are exact", limited, exactly(43), found(1), says("43 of 43 patients"), silent("approximately"))
	rotation := func(day string) detect.Novelty {
		return detect.Novelty{People: detect.NewRoster([]detect.Person{{ID: "u", Role: "resident", Department: "ICU"},
			{ID: "u", Role: "resident", Department: "surgery", Member: period(t, day, "")}}, nil, nil)}
	}
	c.falsePositive("a rotation, which the roster tells, resets what is known", rotation("2026-03-23"), steady(15).day("u", next, 20, "other"))
	c.planted("the same before the rotation begins", rotation("2026-03-24"), steady(15).day("u", next, 20, "other"))
}

// The counts at which the tails cross their settings, worked out with another program's distributions.
const (
	pOfUser    = 28
	pOfSurge   = 12
	pOfNovelty = 12
	pOfDrop    = 55
	pOfShape   = 7
)
