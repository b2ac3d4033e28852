package detect

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// LoginAfterFailures finds log-ins that succeeded soon after a burst of failed ones, by the same user or from the same
// place: R11. It keeps every log-in of the part of the log it is given.
type LoginAfterFailures struct {
	// Burst says what a burst is, as for R10; its Users is not used.
	Burst FailedLogins
	// Within is how long after a burst a log-in counts; 0 is 30 minutes.
	Within time.Duration
}

func (d LoginAfterFailures) within() time.Duration { return cmp.Or(d.Within, 30*time.Minute) }

// Describe returns what a review records of the detector.
func (d LoginAfterFailures) Describe() Description {
	failures, window, _ := d.Burst.settings()
	return Description{
		ID: IDLoginAfterFailures, Version: 1, Title: "Log-in that succeeded after a burst of failed ones",
		Parameters:     []Parameter{{"failures", strconv.Itoa(failures)}, {"window", window.String()}, {"within", d.within().String()}},
		FalsePositives: "A person who remembered the password in the end; a shared workstation where somebody else then logged in.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteLogInMonitoring},
	}
}

func (d LoginAfterFailures) rule() rule[loginMark] {
	return rule[loginMark]{
		desc: d.Describe(),
		keep: once(func(e *met) (loginMark, bool) { return keepLogin(e, true) }),
		findIn: func(desc Description, marks *markSet[loginMark]) []Finding {
			told := map[string]bool{}
			out := d.after(desc, marks, told, "by the same user", func(m loginMark) string { return m.Actor })
			return append(out, d.after(desc, marks, told, "from the same place", func(m loginMark) string { return m.From })...)
		},
	}
}

// after finds, by key, the log-ins that follow a burst, but for those that have been told of.
func (d LoginAfterFailures) after(desc Description, marks *markSet[loginMark], told map[string]bool, whose string, key func(loginMark) string) []Finding {
	failures, window, _ := d.Burst.settings()
	var out []Finding
	for k, run := range marks.by(key) {
		if k == "" {
			continue
		}
		var failed, succeeded []loginMark
		for _, m := range run {
			if m.Failed {
				failed = append(failed, m)
			} else {
				succeeded = append(succeeded, m)
			}
		}
		runs := bursts(failed, failures, window)
		for i, b := range runs {
			var hits []loginMark
			for _, s := range succeeded {
				// A log-in belongs to the last burst that was full before it.
				if i+1 < len(runs) && !failed[runs[i+1].points[0]].At.After(s.At) {
					continue
				}
				if d.follows(failed, b, s) && !told[s.identity()] {
					hits = append(hits, s)
				}
			}
			if len(hits) == 0 {
				continue
			}
			for _, s := range hits {
				told[s.identity()] = true
			}
			run := failed[b.from : b.to+1]
			first := hits[0]
			out = append(out, desc.finding(whose, SeverityHigh, sole(hits), append(refs(hits), refs(run)...),
				fmt.Sprintf("%s %s after %s of failed ones: %d within %s", plural(len(hits), "log-in succeeded", "log-ins succeeded"), whose, "a burst", len(run), run[len(run)-1].At.Sub(run[0].At)),
				fmt.Sprintf("the first succeeded %s after the failure before it", first.At.Sub(lastBefore(run, first.At)))))
		}
	}
	return out
}

// follows reports whether a point of the burst lies at or before the log-in and not longer ago than allowed.
func (d LoginAfterFailures) follows(failed []loginMark, b burst, s loginMark) bool {
	for _, p := range b.points {
		if ago := s.At.Sub(failed[p].At); ago >= 0 && ago <= d.within() {
			return true
		}
	}
	return false
}

func lastBefore(run []loginMark, at time.Time) time.Time {
	last := run[0].At
	for _, m := range run {
		if !m.At.After(at) {
			last = m.At
		}
	}
	return last
}

// New returns the state of no events.
func (d LoginAfterFailures) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d LoginAfterFailures) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
