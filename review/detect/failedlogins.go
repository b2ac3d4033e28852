package detect

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// FailedLogins finds bursts of failed log-ins: R10. A burst is a failure whose (Failures-1)th earlier failure of the same
// user, or from the same place, is at most Window old, with the failures in between; bursts that touch are one. Spraying
// is failures of Users or more users from one place within Window.
type FailedLogins struct {
	// Failures is how many make a burst; 0 is 5, and less than 2 is 2.
	Failures int
	// Window is how old the first of them may be; 0 is 10 minutes.
	Window time.Duration
	// Users is how many users from one place make a spray; 0 is 10, and less than 2 is 2.
	Users int
}

func (d FailedLogins) settings() (failures int, window time.Duration, users int) {
	return max(cmp.Or(d.Failures, 5), 2), cmp.Or(d.Window, 10*time.Minute), max(cmp.Or(d.Users, 10), 2)
}

// Describe returns what a review records of the detector.
func (d FailedLogins) Describe() Description {
	failures, window, users := d.settings()
	return Description{
		ID: IDFailedLogins, Version: 2, Title: "Burst of failed log-ins",
		Parameters:     []Parameter{{"failures", strconv.Itoa(failures)}, {"window", window.String()}, {"users", strconv.Itoa(users)}},
		FalsePositives: "A locked device that replays an old password; a forgotten password after a holiday. Challenges and interrupts are no failures.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteLogInMonitoring},
	}
}

func (d FailedLogins) rule() rule[loginMark] {
	failures, window, users := d.settings()
	return rule[loginMark]{
		desc: d.Describe(),
		keep: once(func(e *met) (loginMark, bool) { return keepLogin(e, false) }),
		find: func(desc Description, marks []loginMark) []Finding {
			var out []Finding
			told := map[string]bool{} // the failures that a burst by user has told of
			keys, by := groups(marks, func(m loginMark) string { return m.Actor })
			for _, user := range keys {
				for _, b := range bursts(by[user], failures, window) {
					run := by[user][b.from : b.to+1]
					out = append(out, desc.finding("user", SeverityModerate, user, refs(run), burstWords("by one user", run, failures, window)...))
					for _, m := range run {
						told[m.identity()] = true
					}
				}
			}
			keys, by = groups(marks, func(m loginMark) string { return m.From })
			for _, place := range keys {
				for _, b := range bursts(by[place], failures, window) {
					run := by[place][b.from : b.to+1]
					if all(run, func(m loginMark) bool { return told[m.identity()] }) {
						continue // the bursts by user say it
					}
					out = append(out, desc.finding("place", SeverityModerate, sole(run), refs(run), burstWords("from "+place, run, failures, window)...))
				}
				out = append(out, sprays(desc, place, by[place], users, window)...)
			}
			return out
		},
	}
}

func all[M any](list []M, is func(M) bool) bool {
	for _, m := range list {
		if !is(m) {
			return false
		}
	}
	return true
}

func burstWords(whose string, run []loginMark, k int, window time.Duration) []string {
	span := run[len(run)-1].At.Sub(run[0].At)
	out := []string{
		fmt.Sprintf("%d failed log-ins %s within %s", len(run), whose, span),
		fmt.Sprintf("the setting is %d within %s", k, window),
	}
	if every, ok := replayed(run); ok {
		out = append(out, fmt.Sprintf("all of one user from one place, about every %s: so does a device that replays a password, and so does a program that guesses", every.Round(time.Second)))
	}
	return out
}

// replayed reports whether the failures are of one user from one place at even intervals, and the interval: a second or
// more, from which none is further than a tenth, or a second.
func replayed(run []loginMark) (every time.Duration, ok bool) {
	every = run[len(run)-1].At.Sub(run[0].At) / time.Duration(len(run)-1)
	if every < time.Second || run[0].From == "" || run[0].Actor == "" {
		return 0, false
	}
	for i := 1; i < len(run); i++ {
		off := (run[i].At.Sub(run[i-1].At) - every).Abs()
		if off > max(every/10, time.Second) || run[i].From != run[0].From || run[i].Actor != run[0].Actor {
			return 0, false
		}
	}
	return every, true
}

// sprays finds the stretches in which failures of many users came from one place.
func sprays(desc Description, place string, marks []loginMark, users int, window time.Duration) []Finding {
	var out []Finding
	count := map[string]int{}
	first, from, to := 0, -1, -1
	flush := func() {
		if from < 0 {
			return
		}
		run := marks[from : to+1]
		names := map[string]bool{}
		for _, m := range run {
			names[m.Actor] = true
		}
		delete(names, "")
		out = append(out, desc.finding("spray", SeverityHigh, "", refs(run),
			fmt.Sprintf("failed log-ins of %d users from %s within %s", len(names), place, run[len(run)-1].At.Sub(run[0].At)),
			fmt.Sprintf("the setting is %d users within %s", users, window)))
	}
	for i, m := range marks {
		if m.Actor != "" {
			count[m.Actor]++
		}
		for m.At.Sub(marks[first].At) > window {
			if old := marks[first].Actor; old != "" {
				if count[old]--; count[old] == 0 {
					delete(count, old)
				}
			}
			first++
		}
		if len(count) < users {
			continue
		}
		if from >= 0 && first > to {
			flush()
			from = -1
		}
		if from < 0 {
			from = first
		}
		to = i
	}
	flush()
	return out
}

// Points returns how many failures in a state of this detector filled a window of one user: those whose (Failures-1)th
// earlier failure of the user is at most Window old. Users is of how many users. The error is a [*StateError].
func (d FailedLogins) Points(p Partial) (points, users int, err error) {
	s, ok := p.(*state[loginMark])
	if !ok || s.rule.desc.ID != IDFailedLogins {
		return 0, 0, &StateError{Detector: IDFailedLogins, Why: "it is of another detector"}
	}
	failures, window, _ := d.settings()
	keys, by := groups(s.set.sorted(), func(m loginMark) string { return m.Actor })
	for _, user := range keys {
		n := 0
		for _, b := range bursts(by[user], failures, window) {
			n += len(b.points)
		}
		if points += n; n > 0 {
			users++
		}
	}
	return points, users, nil
}

// New returns the state of no events.
func (d FailedLogins) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d FailedLogins) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
