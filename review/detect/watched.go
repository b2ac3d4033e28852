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

// WatchedRecord finds accesses to records on a dated list, and surges of people who look at one record: R6. One finding is
// one actor and one patient, moderate. A surge is more distinct actors within 24 hours than on 99 of 100 of the other days
// of that record, and at least Least; it is high. A record of fewer than History other days is compared with the days of
// the other records of its unit, where its unit is known.
//
// Surges are sought in the records on the list, and with Everybody in all: somebody comes into the news before anybody
// lists the record. The days of a unit are those of the records in which they are sought.
type WatchedRecord struct {
	// Watch is the list. Without it no access is found for itself.
	Watch Watch
	// Patients says which department is the unit of a patient; nil is none.
	Patients Patients
	// Everybody says that surges are sought in all records. The state then keeps every access that nothing explains.
	Everybody bool
	// Least is how many actors make a surge; 0 is 10.
	Least int
	// History is how many other days a record must have to be compared with itself; 0 is 5.
	History int
	// Tie explains accesses: the team that treats the patient.
	Tie Tie
	// Zone is the zone of the days with which a surge is compared.
	Zone ZoneOf
}

func (d WatchedRecord) settings() (least, history int) {
	return cmp.Or(d.Least, 10), max(cmp.Or(d.History, 5), 1)
}

// Describe returns what a review records of the detector.
func (d WatchedRecord) Describe() Description {
	least, history := d.settings()
	of := "the list"
	if d.Everybody {
		of = "all records"
	}
	return Description{
		ID: IDWatchedRecord, Version: 2, Title: "Access to a watched record, and surges of such accesses",
		Parameters: append(append(known("watch", d.Watch, "patients", d.Patients), Parameter{"surges in", of}, Parameter{"least", strconv.Itoa(least)},
			Parameter{"history", plural(history, "day", "days")}, Parameter{"quantile", "0.99"}, Parameter{"zone", d.Zone.name()}), d.Tie.parameters()...),
		FalsePositives: "The team that treats the patient, where no relation says so; a patient whose case is taught.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAccessAuthorization},
	}
}

func (d WatchedRecord) rule() rule[accessMark] {
	r := accessRule(d.Describe(), nil, func(n int, _ bool) (Severity, string) {
		return SeverityModerate, fmt.Sprintf("%s to a watched record", accesses(n))
	})
	r.keep = func(e *met, put func(accessMark)) {
		for i := range e.Patients {
			note, listed, hit := d.look(e, i)
			if !hit {
				continue
			}
			m := accessTo(e, i, note)
			if m.Strong = listed; d.Patients != nil {
				if f, ok := e.registered(d.Patients, i); ok {
					m.Group = plain(f.Department)
				}
			}
			put(m)
		}
	}
	alone := r.find
	r.findIn = nil // a surge is looked for among all marks
	r.find = func(desc Description, marks []accessMark) []Finding {
		listed := slices.DeleteFunc(slices.Clone(marks), func(m accessMark) bool { return !m.Strong })
		return append(alone(desc, listed), d.surges(desc, marks)...)
	}
	return r
}

// look reports whether the access to the i-th patient is kept, and whether it is to a record on the list.
func (d WatchedRecord) look(e *met, i int) (note string, listed, hit bool) {
	if d.Watch == nil && !d.Everybody || e.Recorded.IsZero() {
		return "", false, false
	}
	if d.Watch != nil {
		if note, listed = d.Watch.Watched(e.Patients[i], e.Recorded); listed {
			note = "the record is listed: " + note
		}
	}
	return note, listed, (listed || d.Everybody) && !e.explained(d.Tie, i)
}

// chartDays are the distinct actors of a record by day.
type chartDays struct {
	unit string
	days map[string]map[string]bool
}

func (d WatchedRecord) surges(desc Description, marks []accessMark) []Finding {
	least, history := d.settings()
	var out []Finding
	keys, by := groups(marks, func(m accessMark) string { return m.Chart })
	all := map[string]chartDays{}
	for _, chart := range keys {
		x := chartDays{by[chart][0].Group, map[string]map[string]bool{}}
		for _, m := range by[chart] {
			day := d.Zone.date(m.At).String()
			if x.days[day] == nil {
				x.days[day] = map[string]bool{}
			}
			x.days[day][m.Actor] = true
		}
		all[chart] = x
	}
	for _, chart := range keys {
		run := by[chart]
		for _, w := range crowds(run, least, oneDay-1) {
			inside := map[string]bool{}
			for _, m := range run[w.from : w.to+1] {
				inside[d.Zone.date(m.At).String()] = true
			}
			var others []int
			for day, actors := range all[chart].days {
				if !inside[day] {
					others = append(others, len(actors))
				}
			}
			whose := plural(len(others), "other day", "other days") + " of that record"
			if unit := all[chart].unit; len(others) < history && unit != "" {
				var ward []int
				for _, other := range keys {
					if x := all[other]; other != chart && x.unit == unit {
						for _, actors := range x.days {
							ward = append(ward, len(actors))
						}
					}
				}
				if len(ward) > 0 {
					others, whose = ward, plural(len(ward), "day", "days")+" of the other records of its unit"
				}
			}
			usual := quantile(others, 99, 100)
			if w.most <= usual {
				continue
			}
			what := "one watched record"
			if !anyOf(run[w.from:w.to+1], func(m accessMark) bool { return m.Strong }) {
				what = "one record that is on no list"
			}
			out = append(out, desc.finding("surge\x00"+chart, SeverityHigh, "", refs(run[w.from:w.to+1]),
				fmt.Sprintf("up to %d people looked at %s within 24 hours", w.most, what),
				fmt.Sprintf("on 99 of 100 of the %s it was %d at most; the setting is %d", whose, usual, least)).about(chart))
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
