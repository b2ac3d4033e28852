package detect

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// WatchedRecord finds accesses to records on a dated list, and surges of people who look at one of them: R6. One finding
// is one actor and one patient, moderate. A surge is more distinct actors within 24 hours than on 99 of 100 of the other
// days of that record, and at least Least; it is high. A surge in a record that is on no list is S3.
type WatchedRecord struct {
	// Watch is the list. Without it nothing is found.
	Watch Watch
	// Least is how many actors make a surge; 0 is 10.
	Least int
	// Tie explains accesses: the team that treats the patient.
	Tie Tie
}

func (d WatchedRecord) least() int { return cmp.Or(d.Least, 10) }

// Describe returns what a review records of the detector.
func (d WatchedRecord) Describe() Description {
	return Description{
		ID: IDWatchedRecord, Version: 1, Title: "Access to a watched record, and surges of such accesses",
		Parameters:     append(append(known("watch", d.Watch), Parameter{"least", strconv.Itoa(d.least())}, Parameter{"quantile", "0.99"}), d.Tie.parameters()...),
		FalsePositives: "The team that treats the patient, where no relation says so; a patient whose case is taught.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAccessAuthorization},
	}
}

func (d WatchedRecord) rule() rule[accessMark] {
	r := accessRule(d.Describe(), func(e *met, i int) (string, bool, bool) {
		if d.Watch == nil || e.Recorded.IsZero() {
			return "", false, false
		}
		why, watched := d.Watch.Watched(e.Patients[i], e.Recorded)
		if !watched || e.explained(d.Tie, i) {
			return "", false, false
		}
		return "the record is listed: " + why, false, true
	}, func(n int, _ bool) (Severity, string) {
		return SeverityModerate, fmt.Sprintf("%s to a watched record", accesses(n))
	})
	alone := r.find
	r.find = func(desc Description, marks []accessMark) []Finding {
		return append(alone(desc, marks), d.surges(desc, marks)...)
	}
	return r
}

func (d WatchedRecord) surges(desc Description, marks []accessMark) []Finding {
	var out []Finding
	keys, by := groups(marks, func(m accessMark) string { return m.Chart })
	for _, chart := range keys {
		run := by[chart]
		perDay := map[string]map[string]bool{}
		for _, m := range run {
			day := m.At.Format(time.DateOnly)
			if perDay[day] == nil {
				perDay[day] = map[string]bool{}
			}
			perDay[day][m.Actor] = true
		}
		for _, w := range crowds(run, d.least(), oneDay-1) {
			var others []int
			inside := map[string]bool{}
			for _, m := range run[w.from : w.to+1] {
				inside[m.At.Format(time.DateOnly)] = true
			}
			for day, actors := range perDay {
				if !inside[day] {
					others = append(others, len(actors))
				}
			}
			usual := quantile(others, 99, 100)
			if w.most <= usual {
				continue
			}
			out = append(out, desc.finding("surge\x00"+chart, SeverityHigh, "", refs(run[w.from:w.to+1]),
				fmt.Sprintf("up to %d people looked at one watched record within 24 hours", w.most),
				fmt.Sprintf("on 99 of 100 of its %s it was %d at most; the setting is %d", plural(len(others), "other day", "other days"), usual, d.least())).about(chart))
		}
	}
	return out
}

// crowd is a stretch of marks in which every window that makes it up holds enough distinct actors.
type crowd struct{ from, to, most int }

func crowds(run []accessMark, least int, window time.Duration) []crowd {
	var out []crowd
	count := map[string]int{}
	first := 0
	for i, m := range run {
		count[m.Actor]++
		for m.At.Sub(run[first].At) > window {
			if old := run[first].Actor; count[old] == 1 {
				delete(count, old)
			} else {
				count[old]--
			}
			first++
		}
		if len(count) < least {
			continue
		}
		if n := len(out); n > 0 && first <= out[n-1].to {
			out[n-1].to, out[n-1].most = i, max(out[n-1].most, len(count))
			continue
		}
		out = append(out, crowd{first, i, len(count)})
	}
	return out
}

// quantile returns the smallest value that at least num of den values do not exceed, 0 for none.
func quantile(values []int, num, den int) int {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)*num+den-1)/den-1]
}

// New returns the state of no events.
func (d WatchedRecord) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d WatchedRecord) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }

// folded reports whether a list holds a text without regard to case.
func folded(list []string, s string) bool {
	return slices.ContainsFunc(list, func(x string) bool { return strings.EqualFold(x, s) })
}
