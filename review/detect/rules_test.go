package detect_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

func TestDormant(t *testing.T) {
	t.Parallel()
	days := func(user string, of ...float64) *entries {
		var l entries
		for _, d := range of {
			l.add(time.Duration(d*float64(oneDay)), func(e *activity.Event) { e.Actor.ID = user })
		}
		return &l
	}
	check(t, detect.Dormant{}, map[string]c{
		"ninety days to the second":          {days("u", 0, 90), []string{"u"}},
		"a second less":                      {days("u", 0, 90-1.0/86400), none()},
		"never seen before":                  {days("u", 90), none()},
		"now and then":                       {days("u", 0, 60, 120, 180), none()},
		"twice":                              {days("u", 0, 90, 100, 300), []string{"u", "u"}},
		"two accounts, each once":            {days("u", 0).add(90*oneDay, func(e *activity.Event) { e.Actor.ID = "v" }), none()},
		"what failed in between does not":    {days("u", 0, 90).add(45*oneDay, func(e *activity.Event) { e.Actor.ID, e.Outcome = "u", activity.OutcomeFailure }), []string{"u"}},
		"out of order":                       {days("u", 90, 45, 0), none()},
		"nobody: the log names no actor":     {days("", 0, 90), none()},
		"the pause is known by its two ends": {days("u", 1, 0, 200, 201), []string{"u"}},
	})
	got := days("u", 0, 1, 95, 96).find(detect.Dormant{})
	require.Equal(t, []string{"e2", "e3"}, []string{got[0].Events[0].ID, got[0].Events[1].ID})
	require.Equal(t, []string{"the account acted again after 94 days without any success", "the setting is 90 days"}, got[0].Reasons)
	// u-2 is on leave from 2 March to 15 July: 136 days, which two overlapping entries say.
	away := detect.Dormant{Leaves: known(t).Leaves}
	check(t, away, map[string]c{
		"a leave of absence":               {days("u-2", 0, 140), none()},
		"and ninety days beyond the leave": {days("u-2", 0, 136+90), []string{"u-2"}},
		"and a second less":                {days("u-2", 0, 136+90-1.0/86400), none()},
		"somebody else's leave":            {days("u-1", 0, 140), []string{"u-1"}},
	})
}

func TestBulkExport(t *testing.T) {
	t.Parallel()
	people := known(t).People
	exports := func(l *entries, n int, user string, action activity.Action, day int) *entries {
		for i := range n {
			l.add(time.Duration(day)*oneDay+time.Duration(i)*time.Second, func(e *activity.Event) { e.Actor.ID, e.Action = user, action })
		}
		return l
	}
	check(t, detect.BulkExport{People: people}, map[string]c{
		"fifty exports in a day":    {exports(new(entries), 50, "u-1", activity.ActionExport, 0), []string{"u-1"}},
		"forty-nine":                {exports(new(entries), 49, "u-1", activity.ActionPrint, 0), none()},
		"fifty over two days":       {exports(exports(new(entries), 25, "u-1", activity.ActionPrint, 0), 25, "u-1", activity.ActionPrint, 1), none()},
		"fifty views":               {exports(new(entries), 50, "u-1", activity.ActionRead, 0), none()},
		"prints and exports add up": {exports(exports(new(entries), 25, "u-1", activity.ActionPrint, 0), 25, "u-1", activity.ActionExport, 0), []string{"u-1"}},
		"one entry with fifty patients": {new(entries).add(0, func(e *activity.Event) {
			e.Actor.ID, e.Action = "u-1", activity.ActionExport
			for i := range 50 {
				e.Patients = append(e.Patients, activity.Patient{ID: fmt.Sprint("P-", i)})
			}
		}), []string{"u-1"}},
	})
	// Month-end billing: everybody of the role prints sixty a day, and one a hundred.
	var billing entries
	for i := range 40 {
		for day := range 5 {
			exports(&billing, 60, fmt.Sprint("b", i), activity.ActionPrint, day)
		}
	}
	exports(&billing, 40, "b7", activity.ActionPrint, 3)
	got := billing.find(detect.BulkExport{})
	require.Equal(t, 200, len(got), "sixty are as many as on the busiest hundredth of days")
	exports(&billing, 1, "b9", activity.ActionPrint, 3)
	exports(&billing, 1, "b8", activity.ActionPrint, 3)
	require.ElementsMatch(t, []string{"b7", "b8", "b9"}, actors(billing.find(detect.BulkExport{})), "with three days above sixty the others are usual")
	barred := detect.BulkExport{People: people, Roles: []string{"HIM"}}
	check(t, barred, map[string]c{
		"one by a role without the right": {exports(new(entries), 1, "u-1", activity.ActionExport, 0), []string{"u-1"}},
		"one by a role with it":           {exports(new(entries), 1, "u-5", activity.ActionExport, 0), none()},
		"by somebody unknown":             {exports(new(entries), 1, "nobody", activity.ActionExport, 0), none()},
	})
	require.Equal(t, detect.SeverityHigh, exports(new(entries), 1, "u-1", activity.ActionExport, 0).find(barred)[0].Severity)
	zoned := detect.BulkExport{Zone: detect.ZoneOf{Location: newYork(t)}}
	// 15 hours after 09:00 UTC it is 19:00 in New York, on the same day there and the next here.
	require.Len(t, exports(exports(new(entries), 25, "u", activity.ActionPrint, 0), 25, "u", activity.ActionPrint, 0).find(zoned), 1)
}

func TestRoleWithoutNeed(t *testing.T) {
	t.Parallel()
	k := known(t)
	d := detect.RoleWithoutNeed{People: k.People, Needs: k.Needs}
	act := func(user string, action activity.Action, screen string) *entries {
		return new(entries).add(0, func(e *activity.Event) { e.Actor.ID, e.Action, e.Object.Type = user, action, screen })
	}
	check(t, d, map[string]c{
		"a guard in the record":             {act("u-4", activity.ActionRead, "Chart"), []string{"u-4"}},
		"a nurse reads":                     {act("u-1", activity.ActionRead, "Chart"), none()},
		"a nurse exports":                   {act("u-1", activity.ActionExport, "Chart"), []string{"u-1"}},
		"a registrar on the one screen":     {act("u-3", activity.ActionUpdate, "Demographics"), none()},
		"a registrar on another":            {act("u-3", activity.ActionRead, "Notes"), []string{"u-3"}},
		"a role that may do anything":       {act("u-5", activity.ActionExport, "Chart"), none()},
		"a role that nobody decided on":     {act("u-6", activity.ActionRead, "Chart"), []string{"u-6"}},
		"somebody whose role is not known":  {act("nobody", activity.ActionRead, "Chart"), none()},
		"a guard who logs in and is kept":   {act("u-4", activity.ActionLogin, ""), none()},
		"a guard who was refused":           {act("u-4", activity.ActionRead, "Chart").add(0, func(e *activity.Event) {}), []string{"u-4"}},
		"two kinds of act are two findings": {act("u-4", activity.ActionRead, "Chart").add(time.Hour, func(e *activity.Event) { e.Actor.ID, e.Object.Type = "u-4", "Notes" }), []string{"u-4", "u-4"}},
	})
	require.Empty(t, new(entries).add(0, func(e *activity.Event) { e.Actor.ID, e.Outcome = "u-4", activity.OutcomeDenied }).find(d), "what was refused was no access")
	require.Equal(t, []string{"1 act: read Chart", `the matrix does not allow it to the role "security"`}, act("u-4", activity.ActionRead, "Chart").find(d)[0].Reasons)
	require.Contains(t, d.Describe().Parameters, detect.Parameter{Name: "matrix version", Value: "2026-1"})
}

func TestAfterHours(t *testing.T) {
	t.Parallel()
	k := known(t)
	at := func(when, user string) *entries {
		instant, err := time.Parse(time.RFC3339, when)
		require.NoError(t, err)
		return new(entries).add(instant.Sub(start), func(e *activity.Event) { e.Actor.ID = user })
	}
	// u-1 works from 07:00 to 19:00 every day, u-2 from 19:00 to 07:00, u-3 from 08:30 to 16:30 on working days.
	check(t, detect.AfterHours{People: k.People, Calendar: k.Calendar}, map[string]c{
		"in the shift":                     {at("2026-03-02T12:00:00Z", "u-1"), none()},
		"an hour before, to the minute":    {at("2026-03-02T06:00:00Z", "u-1"), none()},
		"a minute earlier":                 {at("2026-03-02T05:59:59Z", "u-1"), []string{"u-1"}},
		"an hour after, to the minute":     {at("2026-03-02T19:59:59Z", "u-1"), none()},
		"a minute later":                   {at("2026-03-02T20:00:00Z", "u-1"), []string{"u-1"}},
		"the night shift at midnight":      {at("2026-03-02T00:00:00Z", "u-2"), none()},
		"the night shift at noon":          {at("2026-03-02T12:00:00Z", "u-2"), []string{"u-2"}},
		"a working day":                    {at("2026-03-02T12:00:00Z", "u-3"), none()},
		"a Sunday":                         {at("2026-03-01T12:00:00Z", "u-3"), []string{"u-3"}},
		"a holiday":                        {at("2026-03-17T12:00:00Z", "u-3"), []string{"u-3"}},
		"a holiday, but a shift of nurses": {at("2026-03-17T12:00:00Z", "u-1"), none()},
		"nobody knows the shift":           {at("2026-03-02T03:00:00Z", "u-4"), none()},
		"logging in is no part of it":      {new(entries).login(15*time.Hour, "u-1", "a", activity.OutcomeSuccess), none()},
	})
	check(t, detect.AfterHours{People: k.People, Grace: -1}, map[string]c{
		"without grace, the last second":  {at("2026-03-02T18:59:59Z", "u-1"), none()},
		"without grace, the second after": {at("2026-03-02T19:00:00Z", "u-1"), []string{"u-1"}},
		"without a calendar":              {at("2026-03-17T12:00:00Z", "u-3"), none()},
	})
	check(t, detect.AfterHours{People: k.People, Zone: detect.ZoneOf{Location: newYork(t)}}, map[string]c{
		"the clock on the wall":           {at("2026-03-02T12:00:00Z", "u-1"), none()},
		"in summer an hour earlier":       {at("2026-03-09T10:00:00Z", "u-1"), none()},
		"in winter the same is too early": {at("2026-03-02T10:00:00Z", "u-1"), []string{"u-1"}},
		"on the day the clocks go on":     {at("2026-03-08T10:00:00Z", "u-1"), none()},
	})
	long := detect.AfterHours{People: k.People, Grace: 8 * time.Hour}
	check(t, long, map[string]c{"grace beyond the whole day": {at("2026-03-02T02:00:00Z", "u-1"), none()}})
	require.Equal(t, detect.SeverityLow, at("2026-03-02T20:00:00Z", "u-1").find(detect.AfterHours{People: k.People})[0].Severity, "alone it is worth nothing")
}

func TestTwoPlaces(t *testing.T) {
	t.Parallel()
	d := detect.TwoPlaces{Places: known(t).Places}
	at := func(l *entries, after time.Duration, user, addr string) *entries {
		return l.add(after, func(e *activity.Event) { e.Actor.ID, e.From.Addr = user, addr })
	}
	two := func(gap time.Duration, a, b string) *entries {
		return at(at(new(entries), 0, "u", a), gap, "u", b)
	}
	check(t, d, map[string]c{
		"two sites of no known position, at once": {two(0, "10.1.0.1", "10.3.0.9"), []string{"u"}},
		"five minutes apart":                      {two(5*time.Minute, "10.1.0.1", "10.3.0.9"), none()},
		"a second less":                           {two(5*time.Minute-time.Second, "10.1.0.1", "10.3.0.9"), []string{"u"}},
		"two addresses of one site":               {two(0, "10.1.0.1", "10.1.200.1"), none()},
		"Chicago and Boston, an hour apart":       {two(time.Hour, "10.1.0.1", "10.2.0.1"), []string{"u"}},
		"Chicago and Boston, two hours apart":     {two(2*time.Hour, "10.1.0.1", "10.2.0.1"), none()},
		"another country, an hour apart":          {two(time.Hour, "10.1.0.1", "203.0.113.9"), none()},
		"another country, a second less":          {two(time.Hour-time.Second, "10.1.0.1", "203.0.113.9"), []string{"u"}},
		"a gateway that stands for many":          {two(0, "10.1.0.1", "198.51.100.1"), none()},
		"two users":                               {at(two(0, "10.1.0.1", "10.1.0.1"), 0, "v", "10.2.0.1"), none()},
		"back and forth within a stay":            {at(two(4*time.Minute, "10.1.0.1", "10.1.0.1"), 2*time.Minute, "u", "10.2.0.1"), []string{"u"}},
		"two days are two findings":               {at(at(two(0, "10.1.0.1", "10.2.0.1"), oneDay, "u", "10.1.0.1"), oneDay, "u", "10.2.0.1"), []string{"u", "u"}},
		"a machine that is known by its name":     {two(0, "10.1.0.1", "10.3.0.9").add(0, func(e *activity.Event) { e.Actor.ID, e.From.Host = "w", "WS-MAIN-1" }).add(0, func(e *activity.Event) { e.Actor.ID, e.From.Host = "w", "KIOSK" }), []string{"u", "w"}},
		"a program that runs everywhere": {two(0, "x", "y").add(0, func(e *activity.Event) {
			e.Actor, e.From.Addr = activity.Actor{ID: "p", Kind: activity.ActorService}, "10.1.0.1"
		}).add(0, func(e *activity.Event) {
			e.Actor, e.From.Addr = activity.Actor{ID: "p", Kind: activity.ActorService}, "10.2.0.1"
		}), none()},
		"an attempt that failed is nobody's stay":   {at(new(entries), 0, "u", "10.1.0.1").login(0, "u", "10.2.0.1", activity.OutcomeFailure), none()},
		"an address written in the newer manner":    {two(0, "::ffff:10.1.0.1", "10.2.0.1"), []string{"u"}},
		"the sum of a long stay and a far-off site": {at(at(at(new(entries), 0, "u", "10.2.0.1"), 3*time.Hour, "u", "10.1.0.1"), 3*time.Hour+4*time.Minute, "u", "10.1.0.1"), none()},
	})
	require.Equal(t, []string{"the actor was at two places at once 1 time on 2026-03-01", "at main (US) and 1h0m0s later at east (US); it takes 1h31m2s"}, two(time.Hour, "10.1.0.1", "10.2.0.1").find(d)[0].Reasons)
}

// A day of New York ends at 04:00 UTC in summer and at 05:00 in winter: the last of one and the first of the next lie a
// microsecond apart, on the days on which the clocks go on and back too.
func TestTwoPlacesAcrossTheMidnightOfTheZone(t *testing.T) {
	t.Parallel()
	places := known(t).Places
	for midnight, days := range map[string][2]string{
		"2026-03-08T05:00:00Z": {"2026-03-07", "2026-03-08"},
		"2026-03-09T04:00:00Z": {"2026-03-08", "2026-03-09"},
		"2026-11-01T04:00:00Z": {"2026-10-31", "2026-11-01"},
		"2026-11-02T05:00:00Z": {"2026-11-01", "2026-11-02"},
	} {
		l, at := new(entries), on(midnight)
		for i, from := range []string{"10.1.0.1", "10.3.0.9", "203.0.113.9"} { // the second a microsecond before midnight, the third at midnight
			l.add(at+[]time.Duration{-time.Minute, -time.Microsecond, 0}[i], func(e *activity.Event) { e.Actor.ID, e.From.Addr = "u", from })
		}
		got := l.find(detect.TwoPlaces{Places: places, Zone: detect.ZoneOf{Location: newYork(t)}})
		require.Len(t, got, 2, midnight)
		require.Equal(t, "the actor was at two places at once 1 time on "+days[0], got[0].Reasons[0], midnight)
		require.Equal(t, "the actor was at two places at once 2 times on "+days[1], got[1].Reasons[0], midnight)
		require.Len(t, l.find(detect.TwoPlaces{Places: places}), 1, "one day of UTC")
	}
	d, ok := detect.ByID(detect.IDTwoPlaces, detect.Context{Zone: detect.ZoneOf{Location: newYork(t)}})
	require.True(t, ok)
	require.Contains(t, d.Describe().Parameters, detect.Parameter{Name: "zone", Value: "America/New_York"}, "the zone of the context is that of its days")
}

func TestSharedAccount(t *testing.T) {
	t.Parallel()
	used := func(l *entries, after time.Duration, user, session, host string) *entries {
		return l.add(after, func(e *activity.Event) { e.Actor.ID, e.Session, e.From.Host = user, session, host })
	}
	session := func(l *entries, from, to time.Duration, user, name, host string) *entries {
		return used(used(l, from, user, name, host), to, user, name, host)
	}
	check(t, detect.SharedAccount{}, map[string]c{
		"a generic name":                   {used(new(entries), 0, "nurse2", "", ""), []string{"nurse2"}},
		"in capitals, with a dash":         {used(new(entries), 0, "FrontDesk-01", "", ""), []string{"FrontDesk-01"}},
		"a name that begins like one":      {used(new(entries), 0, "nursenbaum", "", ""), none()},
		"digits alone":                     {used(new(entries), 0, "1234", "", ""), none()},
		"two sessions at once, two hosts":  {session(session(new(entries), 0, time.Hour, "u", "a", "h1"), time.Minute, time.Hour, "u", "b", "h2"), []string{"u"}},
		"on one host":                      {session(session(new(entries), 0, time.Hour, "u", "a", "h1"), time.Minute, time.Hour, "u", "b", "h1"), none()},
		"one after the other":              {session(session(new(entries), 0, time.Hour, "u", "a", "h1"), time.Hour, 2*time.Hour, "u", "b", "h2"), none()},
		"one a second before the end":      {session(session(new(entries), 0, time.Hour, "u", "a", "h1"), time.Hour-time.Second, 2*time.Hour, "u", "b", "h2"), []string{"u"}},
		"of two users":                     {session(session(new(entries), 0, time.Hour, "u", "a", "h1"), 0, time.Hour, "v", "b", "h2"), none()},
		"one session that changes machine": {session(new(entries), 0, time.Hour, "u", "a", "h1").add(30*time.Minute, func(e *activity.Event) { e.Actor.ID, e.Session, e.From.Host = "u", "a", "h2" }), none()},
		"a log without sessions":           {session(session(new(entries), 0, time.Hour, "u", "", "h1"), time.Minute, time.Hour, "u", "", "h2"), none()},
	})
	require.Empty(t, used(new(entries), 0, "nurse2", "", "").find(detect.SharedAccount{Generic: []string{}}), "the names are a setting")
	got := session(session(new(entries), 0, time.Hour, "u", "a", "h1"), time.Minute, time.Hour, "u", "b", "h2").find(detect.SharedAccount{})
	require.Contains(t, strings.Join(got[0].Reasons, " "), "h1, h2")
}

func TestFishing(t *testing.T) {
	t.Parallel()
	people := known(t).People
	searches := func(l *entries, n int, user string, from, step time.Duration, open func(int) bool) *entries {
		for i := range n {
			at := from + time.Duration(i)*step
			l.add(at, func(e *activity.Event) {
				e.Actor.ID, e.Action, e.Object.ID = user, activity.ActionSearch, fmt.Sprint("name", i)
			})
			if open(i) {
				l.access(at+time.Minute, user, fmt.Sprint("P-", i))
			}
		}
		return l
	}
	never := func(int) bool { return false }
	always := func(int) bool { return true }
	minute := time.Minute
	check(t, detect.Fishing{People: people}, map[string]c{
		"fifteen in fourteen minutes, none opened": {searches(new(entries), 15, "u-1", 0, minute, never), []string{"u-1"}},
		"fourteen":                      {searches(new(entries), 14, "u-1", 0, minute, never), none()},
		"fifteen minutes to the second": {searches(new(entries), 15, "u-1", 0, 15*minute/14, never), []string{"u-1"}},
		"a little slower":               {searches(new(entries), 15, "u-1", 0, 15*minute/14+time.Second, never), none()},
		"a record opened after each":    {searches(new(entries), 15, "u-1", 0, minute, always), none()},
		"opened by somebody else":       {searches(new(entries), 15, "u-1", 0, minute, never).access(minute, "u-2", "P-1").access(9*minute, "u-2", "P-1"), []string{"u-1"}},
		"the same search fifteen times": {searches(new(entries), 15, "u-1", 0, minute, never).add(0, func(e *activity.Event) { e.Actor.ID = "x" }), []string{"u-1"}},
		"spread over the day":           {searches(new(entries), 15, "u-1", 0, time.Hour, never), none()},
		"a search opens nothing when refused": {searches(new(entries), 15, "u-1", 0, minute, never).add(minute, func(e *activity.Event) {
			e.Actor.ID, e.Outcome, e.Patients = "u-1", activity.OutcomeDenied, []activity.Patient{{ID: "P"}}
		}), []string{"u-1"}},
	})
	var same entries
	for i := range 30 {
		same.add(time.Duration(i)*time.Second, func(e *activity.Event) { e.Actor.ID, e.Action, e.Object.ID = "u-1", activity.ActionSearch, "one name" })
	}
	require.Empty(t, same.find(detect.Fishing{}), "one name thirty times is one search")
	// 20 searches, opened after 4 of them and no other minute: 20 in 100 is not below 20.
	some := func(n int) func(int) bool { return func(i int) bool { return i%5 == 4 && i/5 < n } }
	require.Empty(t, searches(new(entries), 20, "u", 0, 40*time.Second, some(4)).find(detect.Fishing{Opened: 20}))
	require.Len(t, searches(new(entries), 40, "u", 0, 20*time.Second, func(i int) bool { return i == 0 }).find(detect.Fishing{Opened: 20}), 1)
	// Registrars search all day; one more of them is as usual, and one far beyond is not.
	var desk entries
	for i := range 4 {
		for hour := range 8 {
			searches(&desk, 20, fmt.Sprint("r", i), time.Duration(hour)*time.Hour, 30*time.Second, never)
		}
	}
	var clerks []detect.Person
	for i := range 10 {
		clerks = append(clerks, detect.Person{ID: fmt.Sprint("r", i), Role: "registrar"})
	}
	desks := detect.Fishing{People: detect.NewRoster(clerks, nil, nil)}
	require.Empty(t, desk.find(desks))
	require.Len(t, desk.find(detect.Fishing{}), 4*8, "without roles there is nobody to compare with")
	require.Equal(t, []string{"r9"}, actors(searches(&desk, 25, "r9", 0, 30*time.Second, never).find(desks)))
}
