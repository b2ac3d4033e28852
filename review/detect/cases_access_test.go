package detect_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// glass adds an emergency access.
func glass(l *entries, after time.Duration, user, patient string, purpose ...string) *entries {
	return l.add(after, func(e *activity.Event) {
		e.Actor.ID, e.Purpose, e.Patients = user, purpose, []activity.Patient{{ID: patient}}
	})
}

func breakGlassCases(t testing.TB, c cases) {
	d := detect.BreakGlass{}
	low, moderate := every(detect.SeverityLow), every(detect.SeverityModerate)
	c.planted("every use is reviewed", d, glass(new(entries), 0, "u", "P-1", "ETREAT"), who("u"), low, says("the stated purpose is ETREAT"))
	c.planted("an override without a reason is escalated", d, new(entries).add(0, func(e *activity.Event) { e.Actor.ID, e.Action = "u", activity.ActionOverride }), moderate, says("no purpose was stated"))
	c.nearest("treatment is no emergency", d, glass(new(entries), 0, "u", "P-1", "TREAT"))
	begins := func(after time.Duration) detect.BreakGlass {
		return detect.BreakGlass{Encounters: detect.NewEncounters([]detect.Encounter{{Patient: activity.Patient{ID: "P-1"}, From: start.Add(after), Until: start.Add(after + time.Hour)}})}
	}
	c.within("around", "an encounter that begins a microsecond more than 24 hours after", begins(24*time.Hour+time.Microsecond), glass(new(entries), 0, "u", "P-1", "BTG"), moderate, says("no encounter within 24h0m0s"))
	c.beyond("around", "one that begins 24 hours after", begins(24*time.Hour), glass(new(entries), 0, "u", "P-1", "BTG"), low)
	c.within("around", "an encounter that has ended 24 hours before", begins(-25*time.Hour), glass(new(entries), 0, "u", "P-1", "BTG"), moderate)
	c.beyond("around", "one that ended a microsecond less before", begins(-25*time.Hour+time.Microsecond), glass(new(entries), 0, "u", "P-1", "BTG"), low)
	uses := func(n int, user string) *entries {
		l := new(entries)
		for i := range n {
			glass(l, time.Duration(i)*time.Hour, user, fmt.Sprint("P-", i), "BTG")
		}
		return l
	}
	c.within("per month", "six in a month", d, uses(6, "u"), found(6), moderate, says("6 times in the month"))
	c.beyond("per month", "five", d, uses(5, "u"), found(5), low)
	evening := glass(glass(new(entries), on("2026-04-01T03:59:59Z"), "u", "P-1", "BTG"), on("2026-04-01T04:00:00Z"), "u", "P-2", "BTG")
	c.within("zone", "the last second of March in New York and the next lie in one month of UTC", detect.BreakGlass{PerMonth: 1}, evening, found(2), moderate)
	c.beyond("zone", "and in two of New York", detect.BreakGlass{PerMonth: 1, Zone: inNewYork(t)}, evening, found(2), low)
	var people []detect.Person
	department := uses(7, "ed-0")
	for i := range 5 {
		people = append(people, detect.Person{ID: fmt.Sprint("ed-", i), Role: "emergency physician"})
		for use := range 8 {
			glass(department, time.Duration(use)*time.Hour, fmt.Sprint("ed-", i), fmt.Sprint("P-", i, use), "BTG")
		}
	}
	c.falsePositive("the norm of an emergency department: the finding says what is usual in the role", detect.BreakGlass{People: detect.NewRoster(people, nil, nil)}, department,
		says(`those of the role "emergency physician" who used it at all did so 8 times a month in the middle`))
	c.falsePositive("an encounter around the access: nothing is escalated", begins(0), glass(new(entries), 0, "u", "P-1", "ETREAT"), low)
}

// printed adds prints.
func printed(l *entries, n int, user string, first, step time.Duration) *entries {
	for i := range n {
		l.add(first+time.Duration(i)*step, func(e *activity.Event) {
			e.Actor.ID, e.Action, e.Family = user, activity.ActionPrint, activity.FamilyPrintExport
		})
	}
	return l
}

func bulkCases(t testing.TB, c cases) {
	people := known(t).People
	d := detect.BulkExport{People: people}
	c.planted("fifty prints in a day", d, printed(new(entries), 50, "u-1", 0, time.Second), who("u-1"))
	c.planted("a report of fifty patients", d, new(entries).add(0, func(e *activity.Event) {
		e.Actor.ID, e.Action, e.Family = "u-1", activity.ActionExecute, activity.FamilyPrintExport
		for i := range 50 {
			e.Patients = append(e.Patients, activity.Patient{ID: fmt.Sprint("P-", i)})
		}
	}))
	c.nearest("fifty views", d, func() *entries {
		l := new(entries)
		for i := range 50 {
			l.access(time.Duration(i)*time.Second, "u-1", "P-1")
		}
		return l
	}())
	c.within("least", "fifty", d, printed(new(entries), 50, "u-1", 0, time.Second))
	c.beyond("least", "forty-nine", d, printed(new(entries), 49, "u-1", 0, time.Second))
	// A hundred days of the role, on which from 60 to 159 are printed.
	role := detect.NewRoster([]detect.Person{{ID: "b", Role: "billing"}, {ID: "b2", Role: "billing"}}, nil, nil)
	days := func(more int) *entries {
		l := new(entries)
		for day := range 100 {
			printed(l, 60+day, "b", time.Duration(day)*oneDay, time.Second)
		}
		return printed(l, more, "b2", 200*oneDay, time.Second)
	}
	c.within("quantile", "as many as on the busiest hundredth of the role's days", detect.BulkExport{People: role}, days(158), who("b", "b", "b2"))
	c.beyond("quantile", "one less", detect.BulkExport{People: role}, days(157), who("b", "b"))
	barred := detect.BulkExport{People: people, Roles: []string{"HIM"}}
	c.within("roles", "one print by a role without the right", barred, printed(new(entries), 1, "u-1", 0, 0), every(detect.SeverityHigh))
	c.beyond("roles", "one by a role with it", barred, printed(new(entries), 1, "u-5", 0, 0))
	evening := printed(printed(new(entries), 25, "u-1", on("2026-03-03T04:59:00Z"), time.Second), 25, "u-1", on("2026-03-02T12:00:00Z"), time.Second)
	c.within("zone", "fifty in a day of New York", detect.BulkExport{Zone: inNewYork(t)}, evening)
	c.beyond("zone", "which are two days of UTC", detect.BulkExport{}, evening)
	// Month-end billing: everybody of the role prints much on the last days, and no two days are alike.
	month := new(entries)
	for clerk := range 40 {
		for day := range 5 {
			printed(month, 100+5*clerk+day, fmt.Sprint("clerk-", clerk), time.Duration(25+day)*oneDay, time.Second)
		}
	}
	c.falsePositive("month-end billing: of two hundred busy days of a role the three busiest at most", detect.BulkExport{}, month, atMost(3))
}

func roleNeedCases(t testing.TB, c cases) {
	k := known(t)
	d := detect.RoleWithoutNeed{People: k.People, Needs: k.Needs}
	c.planted("a guard in the record at all", d, screened("u-4", "P-1", "Chart"), who("u-4"), says(`does not allow it to the role "security"`))
	c.planted("a role that nobody decided on", d, screened("u-6", "P-1", "Chart"), every(detect.SeverityHigh), says("the matrix does not know the role"))
	c.nearest("a nurse reads", d, screened("u-1", "P-1", "Chart"))
	c.within("matrix", "a screen that the cell does not name", d, screened("u-3", "P-1", "Notes"))
	c.beyond("matrix", "the screen that it names", d, screened("u-3", "P-1", "Demographics"))
	export := func(user string) *entries {
		return new(entries).add(0, func(e *activity.Event) { e.Actor.ID, e.Action, e.Object.Type = user, activity.ActionExport, "Chart" })
	}
	c.within("matrix", "an act that the cell does not name", d, export("u-1"))
	c.beyond("matrix", "a role that may do anything", d, export("u-5"))
	c.falsePositive("a guard who logs in at the door", d, new(entries).login(0, "u-4", "10.1.0.1", activity.OutcomeSuccess))
	c.falsePositive("a guard who was refused", d, new(entries).add(0, func(e *activity.Event) {
		e.Actor.ID, e.Object.Type, e.Outcome = "u-4", "Chart", activity.OutcomeDenied
	}))
}

func afterHoursCases(t testing.TB, c cases) {
	k := known(t)
	d := detect.AfterHours{People: k.People, Calendar: k.Calendar}
	at := func(when, user string) *entries {
		return new(entries).add(on(when), func(e *activity.Event) { e.Actor.ID = user })
	}
	// u-1 works from 07:00 to 19:00 every day, u-3 from 08:30 to 16:30 on working days.
	c.planted("at three in the morning", d, at("2026-03-02T03:00:00Z", "u-1"), who("u-1"), every(detect.SeverityLow))
	c.planted("a Sunday", d, at("2026-03-01T12:00:00Z", "u-3"))
	c.planted("a holiday", d, at("2026-03-17T12:00:00Z", "u-3"))
	c.nearest("in the shift", d, at("2026-03-02T12:00:00Z", "u-1"))
	c.within("grace", "the first minute after the hour behind the shift", d, at("2026-03-02T20:00:00Z", "u-1"))
	c.beyond("grace", "the last minute of it", d, at("2026-03-02T19:59:59Z", "u-1"))
	c.within("grace", "the last minute before the hour ahead of the shift", d, at("2026-03-02T05:59:59Z", "u-1"))
	c.beyond("grace", "the first minute of it", d, at("2026-03-02T06:00:00Z", "u-1"))
	zoned := detect.AfterHours{People: k.People, Zone: inNewYork(t)}
	c.within("zone", "five in the morning of New York", zoned, at("2026-03-02T10:59:59Z", "u-1"))
	c.beyond("zone", "six in the morning there", zoned, at("2026-03-02T11:00:00Z", "u-1"))
	sites := func(site string) detect.AfterHours {
		return detect.AfterHours{Calendar: detect.NewHolidays([]detect.Holiday{{Day: hipaasmp.Day(2026, 3, 3), Site: "north"}}),
			People: detect.NewRoster([]detect.Person{{ID: "s", Site: site, Shift: detect.Shift{Start: 8 * 60, Length: 480, Days: []time.Weekday{time.Tuesday}}}}, nil, nil)}
	}
	c.planted("a holiday of the site", sites("north"), at("2026-03-03T12:00:00Z", "s"))
	c.nearest("a holiday of another site", sites("south"), at("2026-03-03T12:00:00Z", "s"))
	c.falsePositive("alone it is worth nothing: it is no alert, and raises others", d, at("2026-03-02T03:00:00Z", "u-1"), found(1), spent(detect.Budget{}, 0, 0))
}

func twoPlacesCases(t testing.TB, c cases) {
	places := `from,site,country,latitude,longitude
10.1.0.0/16,main,US,41.88,-87.63
10.2.0.0/16,east,US,42.36,-71.06
10.3.0.9,annex,US,,
203.0.113.0/24,abroad,FR,,
10.2.9.0/24,*,,,
CART-*,*,,,
CITRIX-1,*,,,
WS-EAST-*,east,US,42.36,-71.06
`
	table := must(t, func(in *strings.Reader) (*detect.Networks, error) {
		return detect.ReadPlaces(in, detect.TableOptions{})
	}, places)
	d := detect.TwoPlaces{Places: table}
	two := func(gap time.Duration, a, b activity.Origin) *entries {
		return new(entries).add(0, func(e *activity.Event) { e.Actor.ID, e.From = "u", a }).add(gap, func(e *activity.Event) { e.Actor.ID, e.From = "u", b })
	}
	addr := func(a string) activity.Origin { return activity.Origin{Addr: a} }
	main, east, annex, abroad := addr("10.1.0.1"), addr("10.2.0.1"), addr("10.3.0.9"), addr("203.0.113.7")
	c.planted("Chicago and Boston an hour apart", d, two(time.Hour, main, east), who("u"), says("it takes 1h31m2s"))
	c.planted("two workstations of two sites at once", d, two(0, main, activity.Origin{Host: "WS-EAST-7"}))
	c.nearest("two addresses of one site", d, two(0, main, addr("10.1.9.9")))
	c.nearest("two people", d, two(0, main, main).add(0, func(e *activity.Event) { e.Actor.ID, e.From = "v", east }))
	c.within("site", "another site a microsecond less than five minutes later", d, two(5*time.Minute-time.Microsecond, main, annex))
	c.beyond("site", "five minutes later", d, two(5*time.Minute, main, annex))
	c.within("country", "another country a microsecond less than an hour later", d, two(time.Hour-time.Microsecond, main, abroad))
	c.beyond("country", "an hour later", d, two(time.Hour, main, abroad))
	c.within("speed", "faster than 900 km an hour", d, two(91*time.Minute+time.Second, main, east))
	c.beyond("speed", "not faster", d, two(91*time.Minute+2*time.Second, main, east))
	evening := new(entries)
	for _, at := range []time.Duration{on("2026-03-02T20:00:00Z"), on("2026-03-03T02:00:00Z")} {
		evening.add(at, func(e *activity.Event) { e.Actor.ID, e.From = "u", main })
		evening.add(at+time.Minute, func(e *activity.Event) { e.Actor.ID, e.From = "u", annex })
	}
	c.within("zone", "an evening of New York is one day there", detect.TwoPlaces{Places: table, Zone: inNewYork(t)}, evening, found(1), says("2 times on 2026-03-02"))
	c.beyond("zone", "and two days of UTC", d, evening, found(2), says("1 time on 2026-03-03"))
	c.falsePositive("a shared cart that moves", d, two(0, main, activity.Origin{Host: "CART-12", Addr: "10.2.0.44"}))
	c.falsePositive("a gateway of remote access within a range", d, two(0, main, addr("10.2.9.1")))
	c.falsePositive("a server of virtual desktops", d, two(0, main, activity.Origin{Host: "CITRIX-1", Addr: "10.2.0.5"}))
}

func digestCases(t testing.TB, c cases) {
	whole := stop + "\n"
	list, err := detect.ReadDigests(strings.NewReader(fmt.Sprintf("source,file,sha256,size\ns,a,%s,%d\n", hipaasmp.DigestOf([]byte(whole)), len(whole))), detect.TableOptions{})
	require.NoError(t, err)
	d := detect.DigestMismatch{Digests: list}
	c.planted("one letter is another", d, content{"a", whole[:len(whole)-3] + "X" + whole[len(whole)-2:]}, found(1), every(detect.SeverityHigh), says("when it was reviewed it had"))
	c.nearest("the same bytes", d, content{"a", whole})
	c.within("digests", "one byte more than was recorded", d, content{"a", whole + "\n"})
	c.beyond("digests", "a file of which nothing was recorded", d, content{"b", whole + "\n"})
	c.falsePositive("a file that was restored from a backup, with its bytes", d, delivered{new(entries), detect.ScannedFile{Name: "a", Size: int64(len(whole)), SHA256: hipaasmp.DigestOf([]byte(whole)), Modified: start.Add(99 * oneDay)}})
}
