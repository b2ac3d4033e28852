package detect_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// acted is one act of somebody.
func acted(after time.Duration, user string, kind activity.ActorKind) *entries {
	return new(entries).add(after, func(e *activity.Event) { e.Actor = activity.Actor{ID: user, Kind: kind} })
}

func terminatedCases(_ testing.TB, c cases) {
	roster := func(recorded time.Duration) *detect.Roster {
		return detect.NewRoster([]detect.Person{{ID: "u", Ended: start, EndRecorded: start.Add(recorded)}}, nil, nil)
	}
	d := detect.TerminatedUser{Context: roster(0)}
	person, program := activity.ActorUnknown, activity.ActorService
	c.planted("an act in the instant of the end", d, acted(0, "u", person), who("u"), every(detect.SeverityHigh))
	c.planted("a year of daily use", d, func() *entries {
		l := new(entries)
		for day := range 365 {
			l.add(time.Duration(day)*oneDay, func(e *activity.Event) { e.Actor.ID = "u" })
		}
		return l
	}(), found(1), says("365 acts succeeded"))
	c.nearest("a microsecond before the end", d, acted(-time.Microsecond, "u", person))
	c.nearest("an attempt that failed", d, new(entries).login(oneDay, "u", "10.1.0.1", activity.OutcomeFailure))
	grace := detect.TerminatedUser{Context: roster(0), Grace: time.Hour}
	c.within("grace", "an hour after the end", grace, acted(time.Hour, "u", person))
	c.beyond("grace", "a microsecond less", grace, acted(time.Hour-time.Microsecond, "u", person))
	late := detect.TerminatedUser{Context: roster(2 * oneDay)}
	c.within("workforce", "as the end is recorded", late, acted(2*oneDay, "u", person), every(detect.SeverityHigh), says("in the personnel records since"))
	c.beyond("workforce", "a microsecond before it is recorded", late, acted(2*oneDay-time.Microsecond, "u", person), every(detect.SeverityModerate), says("the feed was 48h0m0s late"))
	c.falsePositive("a late feed of personnel is told apart", late, acted(oneDay, "u", person), every(detect.SeverityModerate), says("all before the end was entered"))
	c.falsePositive("a service account is told apart", d, acted(oneDay, "u", program), every(detect.SeverityModerate), says("calls the actor a program"))
}

func dormantCases(_ testing.TB, c cases) {
	days := func(of ...time.Duration) *entries {
		l := new(entries)
		for _, d := range of {
			l.add(d, func(e *activity.Event) { e.Actor.ID = "u" })
		}
		return l
	}
	d := detect.Dormant{}
	c.planted("a return after a year", d, days(0, 365*oneDay), who("u"), says("after 365 days without any success"))
	c.nearest("now and then", d, days(0, 60*oneDay, 120*oneDay))
	c.nearest("an account that was never seen before", d, days(365*oneDay))
	c.within("days", "ninety days", d, days(0, 90*oneDay))
	c.beyond("days", "a microsecond less", d, days(0, 90*oneDay-time.Microsecond))
	leaves := func(csv string) detect.Dormant {
		l, err := detect.ReadLeaves(strings.NewReader("user,from,to\n"+csv), detect.TableOptions{})
		if err != nil {
			panic(err)
		}
		return detect.Dormant{Leaves: l}
	}
	c.within("leaves", "ninety days beside a leave of six, the first and the last among them", leaves("u,2026-03-05,2026-03-10\n"), days(0, 96*oneDay))
	c.beyond("leaves", "a microsecond less beside it", leaves("u,2026-03-05,2026-03-10\n"), days(0, 96*oneDay-time.Microsecond))
	c.falsePositive("a leave of absence", leaves("u,2026-03-05,2026-08-01\n"), days(0, 160*oneDay))
	c.falsePositive("per-diem staff, who are away between the calls", leaves("u,2026-03-02,2026-06-20\nu,2026-06-22,2026-10-20\n"), days(0, 112*oneDay, 235*oneDay))
}

// failures are failed log-ins of one user.
func failures(n int, step time.Duration, user, from string) *entries {
	l := new(entries)
	for i := range n {
		l.login(time.Duration(i)*step, user, from, activity.OutcomeFailure)
	}
	return l
}

// users are failed log-ins of so many users from one place.
func users(n int, step time.Duration) *entries {
	l := new(entries)
	for i := range n {
		l.login(time.Duration(i)*step, fmt.Sprint("u", i), "10.0.0.1", activity.OutcomeFailure)
	}
	return l
}

// oktaLogins and entraLogins are log-ins as the two write them, with one result.
func oktaLogins(n int, result string) read {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"uuid":"%d","published":"2026-03-01T10:00:%02dZ","eventType":"user.session.start","actor":{"alternateId":"u@example.org"},"outcome":{"result":%q}}`+"\n", i, i, result)
	}
	return read{activity.FormatOkta, b.String()}
}

func entraLogins(n int, code string) read {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"id":"%d","createdDateTime":"2026-03-01T10:00:%02dZ","userPrincipalName":"u@example.org","appId":"a","isInteractive":true,"status":{"errorCode":%s}}`+"\n", i, i, code)
	}
	return read{activity.FormatEntra, b.String()}
}

func failedLoginCases(_ testing.TB, c cases) {
	d := detect.FailedLogins{}
	high := func(n int) claim { return ranked(n, detect.SeverityHigh) }
	c.planted("five failures of one user in ten minutes", d, failures(5, time.Minute, "u", ""), who("u"), every(detect.SeverityModerate))
	c.planted("five failures of unnamed users from one place", d, failures(5, time.Minute, "", "10.0.0.1"), found(1))
	c.planted("a spray over ten users from one place", d, users(10, time.Minute), high(1), says("failed log-ins of 10 users"))
	c.planted("the words of Okta", d, oktaLogins(5, "FAILURE"))
	c.planted("the codes of Entra", d, entraLogins(5, "50126"))
	c.nearest("four failures and a success", d, failures(4, time.Second, "u", "").login(5*time.Second, "u", "", activity.OutcomeSuccess))
	c.within("failures", "five", d, failures(5, time.Second, "u", ""))
	c.beyond("failures", "four", d, failures(4, time.Second, "u", ""))
	c.within("window", "ten minutes from the first to the last", d, failures(5, 150*time.Second, "u", ""))
	c.beyond("window", "four microseconds more", d, failures(5, 150*time.Second+time.Microsecond, "u", ""))
	c.within("users", "ten users", d, users(10, time.Second), high(1))
	c.beyond("users", "nine users are a burst and no spray", d, users(9, time.Second), found(1), high(0))
	c.within("window", "ten users in ten minutes", detect.FailedLogins{Users: 11}, users(11, time.Minute), high(1))
	c.beyond("window", "ten users in a microsecond more for each", detect.FailedLogins{Users: 11}, users(11, time.Minute+time.Microsecond), high(0))
	c.falsePositive("a locked device that replays an old password all day is one finding that says so", d, failures(1440, time.Minute, "u", "10.0.0.7"), found(1), says("about every 1m0s: so does a device that replays a password"))
	c.falsePositive("a person who tries again in his own time", d, func() *entries {
		l := new(entries)
		for _, s := range []int{0, 4, 30, 33, 80} {
			l.login(time.Duration(s)*time.Second, "u", "10.0.0.7", activity.OutcomeFailure)
		}
		return l
	}(), found(1), silent("replays"))
	c.falsePositive("a challenge of Okta is no failure", d, oktaLogins(9, "CHALLENGE"))
	for _, code := range []string{"50140", "50125", "50074"} {
		c.falsePositive("the interrupt "+code+" of Entra is no failure", d, entraLogins(9, code))
	}
}

func afterFailuresCases(_ testing.TB, c cases) {
	d := detect.LoginAfterFailures{}
	then := func(l *entries, after time.Duration, user, from string) *entries {
		return l.login(after, user, from, activity.OutcomeSuccess)
	}
	burst := func(n int, step time.Duration) *entries { return failures(n, step, "u", "10.0.0.1") }
	last := 4 * time.Minute
	c.planted("the same user is in after the burst", d, then(burst(5, time.Minute), last+time.Minute, "u", "10.9.9.9"), who("u"), every(detect.SeverityHigh))
	c.planted("another user from the same place", d, then(burst(5, time.Minute), last+time.Minute, "v", "10.0.0.1"), who("v"), every(detect.SeverityHigh))
	c.nearest("another user from elsewhere", d, then(burst(5, time.Minute), last+time.Minute, "v", "10.0.0.2"))
	c.nearest("a log-in before the burst was full", d, then(burst(5, time.Minute), last-time.Second, "u", ""))
	c.within("failures", "after five", d, then(burst(5, time.Minute), last, "u", ""))
	c.beyond("failures", "after four", d, then(burst(4, time.Minute), last, "u", ""))
	c.within("window", "five in ten minutes", d, then(burst(5, 150*time.Second), 10*time.Minute, "u", ""))
	c.beyond("window", "five in four microseconds more", d, then(burst(5, 150*time.Second+time.Microsecond), 11*time.Minute, "u", ""))
	c.within("within", "thirty minutes after", d, then(burst(5, time.Minute), last+30*time.Minute, "u", ""))
	c.beyond("within", "a microsecond later", d, then(burst(5, time.Minute), last+30*time.Minute+time.Microsecond, "u", ""))
	c.falsePositive("four slips and then the password", d, then(burst(4, time.Second), 5*time.Second, "u", "10.0.0.1"))
	c.falsePositive("nine challenges and then the session", d, read{activity.FormatOkta, oktaLogins(9, "CHALLENGE").text + strings.Replace(oktaLogins(1, "SUCCESS").text, `"uuid":"0"`, `"uuid":"x"`, 1)})
}

func sharedAccountCases(_ testing.TB, c cases) {
	d := detect.SharedAccount{}
	session := func(l *entries, from, to time.Duration, name, host string) *entries {
		for _, at := range []time.Duration{from, to} {
			l.add(at, func(e *activity.Event) { e.Actor.ID, e.Session, e.From.Host = "u", name, host })
		}
		return l
	}
	pair := func(begins time.Duration, host string) *entries {
		return session(session(new(entries), 0, time.Hour, "a", "h1"), begins, 2*time.Hour, "b", host)
	}
	cited := func(fs []detect.Finding) string {
		if slices.Contains(d.Describe().Citations, hipaasmp.CiteUniqueUser) {
			return ""
		}
		return "the detector does not cite 164.312(a)(2)(i)"
	}
	named := acted(0, "nurse2", activity.ActorUnknown)
	c.planted("a name that is nobody's", d, named, who("nurse2"), every(detect.SeverityLow))
	c.planted("two sessions at the same time on two machines", d, pair(time.Minute, "h2"), who("u"), every(detect.SeverityModerate), says("h1, h2"))
	c.nearest("one session after the other", d, pair(time.Hour, "h2"))
	c.nearest("two sessions on one machine", d, pair(time.Minute, "h1"))
	c.within("generic", "a name that is on the list", detect.SharedAccount{Generic: []string{"nurse"}}, named)
	c.beyond("generic", "a name that is not", detect.SharedAccount{Generic: []string{"guest"}}, named)
	c.falsePositive("it is itself against 164.312(a)(2)(i), and cited", d, pair(time.Hour-time.Microsecond, "h2"), found(1), cited)
	c.falsePositive("a person who goes on in one session at another machine", d, session(session(new(entries), 0, time.Hour, "a", "h1"), 30*time.Minute, time.Hour, "a", "h2"))
	c.falsePositive("a name that begins as one does", d, acted(0, "nursenbaum", activity.ActorUnknown))
}

// searched adds distinct searches, and a record opened after those that the function says.
func searched(l *entries, n int, user string, first, step time.Duration, opens func(i int) bool) *entries {
	for i := range n {
		at := first + time.Duration(i)*step
		l.add(at, func(e *activity.Event) {
			e.Actor.ID, e.Action, e.Object.ID = user, activity.ActionSearch, fmt.Sprint(user, first, i)
		})
		if opens != nil && opens(i) {
			l.access(at, user, fmt.Sprint("P-", i))
		}
	}
	return l
}

func fishingCases(_ testing.TB, c cases) {
	d := detect.Fishing{}
	none, all := func(int) bool { return false }, func(int) bool { return true }
	c.planted("fifteen searches, and no record opened", d, searched(new(entries), 15, "u", 0, 30*time.Second, none), who("u"), every(detect.SeverityModerate))
	c.nearest("a record is opened after each", d, searched(new(entries), 15, "u", 0, time.Minute, all))
	c.nearest("one name fifteen times", d, func() *entries {
		l := searched(new(entries), 15, "u", 0, 30*time.Second, none)
		for i := range l.events {
			l.events[i].Object.ID = "one"
		}
		return l
	}())
	c.within("searches", "fifteen", d, searched(new(entries), 15, "u", 0, 30*time.Second, none))
	c.beyond("searches", "fourteen", d, searched(new(entries), 14, "u", 0, 30*time.Second, none))
	c.within("window", "fifteen in fifteen minutes", d, searched(new(entries), 15, "u", 0, 15*time.Minute/14, none))
	c.beyond("window", "fifteen in some microseconds more", d, searched(new(entries), 15, "u", 0, 15*time.Minute/14+time.Microsecond, none))
	// A search is followed where a record is opened in its minute or the two after, so that openings stand ten minutes apart.
	opens := func(n int) func(int) bool { return func(i int) bool { return i%5 == 0 && i/5 < n } }
	each := detect.Fishing{Window: 2 * time.Hour}
	c.within("opened", "two of fifteen", each, searched(new(entries), 15, "u", 0, 5*time.Minute, opens(2)))
	c.beyond("opened", "three of fifteen are 20 in 100", each, searched(new(entries), 15, "u", 0, 5*time.Minute, opens(3)))
	clerks := make([]detect.Person, 5)
	for i := range clerks {
		clerks[i] = detect.Person{ID: fmt.Sprint("r", i), Role: "registrar"}
	}
	desk := detect.Fishing{People: detect.NewRoster(clerks, nil, nil)}
	busy := func(n int) *entries {
		l := new(entries)
		for i := range 4 {
			for hour := range 25 {
				searched(l, 20, fmt.Sprint("r", i), time.Duration(hour)*time.Hour, 30*time.Second, none)
			}
		}
		return searched(l, n, "r4", 30*time.Hour, 30*time.Second, none)
	}
	c.within("quantile", "more than in 99 of 100 windows of the role", desk, busy(21), who("r4"))
	c.beyond("quantile", "as many", desk, busy(20))
	c.falsePositive("registrars, who search all day", desk, busy(18))
}

func logControlCases(_ testing.TB, c cases) {
	d := detect.LogControl{}
	call := func(system, name, object string, action activity.Action) *entries {
		return new(entries).add(0, func(e *activity.Event) {
			e.Actor.ID, e.Act, e.Object.ID, e.Action = "u", activity.Act{System: system, Name: name}, object, action
		})
	}
	trail := func(name string) *entries {
		return call("cloudtrail.amazonaws.com", name, "t", activity.ActionUpdate)
	}
	windows := func(number string) *entries {
		return call("Microsoft-Windows-Eventlog", number, "", activity.ActionDelete)
	}
	c.planted("a trail is stopped", d, trail("StopLogging"), who("u"), every(detect.SeverityHigh))
	c.planted("the log is cleared (1102)", d, windows("1102"), every(detect.SeverityHigh))
	c.planted("the audit policy is changed (4719)", d, call("Microsoft-Windows-Security-Auditing", "4719", "", activity.ActionUpdate), every(detect.SeverityHigh))
	c.planted("auditing is switched off", d, call("auditd", "CONFIG_CHANGE", "audit_enabled=0", activity.ActionUpdate), every(detect.SeverityHigh))
	c.planted("a role is granted", d, call("pgaudit", "ROLE GRANT", "clinic", activity.ActionUpdate), every(detect.SeverityModerate))
	c.nearest("a trail is started", d, trail("StartLogging"))
	c.nearest("the log is full (1104)", d, windows("1104"))
	c.nearest("auditing is switched on", d, call("auditd", "CONFIG_CHANGE", "audit_enabled=1", activity.ActionUpdate))
	only := detect.LogControl{Calls: []detect.Call{{Act: activity.Act{System: "ehr", Name: "purge"}, Means: "empties the trail"}}}
	c.within("calls", "an act that is on the list", only, call("ehr", "purge", "", activity.ActionDelete))
	c.beyond("calls", "an act that is not", only, call("ehr", "Purge", "", activity.ActionDelete))
	ticket, err := detect.ReadExplanations(strings.NewReader("id,detector,from,to,reason,approver,actor\nCHG-7,R20,2026-03-01,2026-03-01,move of the trail,security-official,u\n"), detect.TableOptions{})
	if err != nil {
		panic(err)
	}
	c.falsePositive("a change ticket explains it before any alert", d, trail("StopLogging"), found(1), spent(detect.Budget{Explanations: ticket}, 0, 0))
}
