package review

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// table is what every cell is computed from. What is the same for all sources of a day is found out once.
type table struct {
	Records
	asOf    hipaasmp.Date
	sources []Source
	from    hipaasmp.Date
	days    []tableDay
	filed   []*tableRecord // the standing records, in order of certification
	zones   map[string]*time.Location
	hours   map[hoursOf][]int
}

// tableDay is one day of the asked period.
type tableDay struct {
	day       hipaasmp.Date
	operating bool
	// versions govern on the day, the one that took effect last first.
	versions []*tableVersion
	// periods are the review periods of the versions.
	periods []hipaasmp.Period
	// until are the last days on which the reviews of the periods are not late.
	until []hipaasmp.Date
	// records are the reviews of everything that cover the day, the one certified first before the others, and rounds those
	// of a round.
	records, rounds []*tableRecord
}

// tableVersion is a procedure with its sources, by their place in the table; nil where it does not list one.
type tableVersion struct {
	*Procedure
	lists []*Source
	// period is the review period that was asked of last, and until its last day that is not late.
	period hipaasmp.Period
	until  hipaasmp.Date
}

// on returns the review period that the day lies in, and the last day on which its review is not late.
func (v *tableVersion) on(day hipaasmp.Date) (hipaasmp.Period, hipaasmp.Date) {
	if v.period.IsZero() || !v.period.Contains(day) {
		v.period = v.Cadence.Period(day)
		v.until = v.Cadence.Until(v.period)
	}
	return v.period, v.until
}

// tableRecord is a standing record with what it says of each source, by its place in the table, and the limits of the
// procedure that it followed.
type tableRecord struct {
	*Record
	reviewed []*SourceReview
	excused  []*NotReviewed
	lists    []*Source
	limits   Limits
}

// hoursOf names the hours of a schedule, whatever its days, in a zone.
type hoursOf struct {
	zone     string
	from, to int
}

// table prepares the closed period that is asked about.
func (r Records) table(asked hipaasmp.Period, asOf hipaasmp.Date) *table {
	t := &table{Records: r, asOf: asOf, sources: r.sources(), from: asked.From, zones: map[string]*time.Location{}, hours: map[hoursOf][]int{}}
	place := make(map[string]int, len(t.sources))
	for i, s := range t.sources {
		place[s.ID] = i
	}
	var versions []*tableVersion
	for i := range r.Procedures {
		p := &r.Procedures[i]
		versions = append(versions, &tableVersion{Procedure: p, lists: placed(place, p.Sources, func(s *Source) string { return s.ID })})
	}
	slices.SortStableFunc(versions, func(a, b *tableVersion) int { return b.Effective.From.Compare(a.Effective.From) })
	standing := r.standing(asOf)
	var records []*tableRecord
	for i := range standing {
		x := &standing[i]
		records = append(records, &tableRecord{
			Record:   x,
			reviewed: placed(place, x.Sources, func(s *SourceReview) string { return s.Source }),
			excused:  placed(place, x.NotReviewed, func(n *NotReviewed) string { return n.Source }),
			lists:    placed(place, x.Procedure.Sources, func(s *Source) string { return s.ID }),
			limits:   r.limits(x.Procedure),
		})
	}
	slices.SortStableFunc(records, func(a, b *tableRecord) int { return a.Timeliness.Certified.Compare(b.Timeliness.Certified) })
	t.filed = records
	for day := asked.From; !day.After(asked.To); day = day.AddDays(1) {
		d := tableDay{day: day, operating: r.operating(day)}
		for _, v := range versions {
			if v.Effective.Contains(day) {
				p, until := v.on(day)
				d.versions, d.periods, d.until = append(d.versions, v), append(d.periods, p), append(d.until, until)
			}
		}
		for _, x := range records {
			switch {
			case !x.Period.Contains(day):
			case x.Round == "":
				d.records = append(d.records, x)
			default:
				d.rounds = append(d.rounds, x)
			}
		}
		t.days = append(t.days, d)
	}
	return t
}

// placed puts pointers to the entries in the places of their sources; of two for one source the first counts.
func placed[T any](place map[string]int, list []T, id func(*T) string) []*T {
	out := make([]*T, len(place))
	for i := range list {
		if n, ok := place[id(&list[i])]; ok && out[n] == nil {
			out[n] = &list[i]
		}
	}
	return out
}

// within returns the days of a part of the asked period.
func (t *table) within(p hipaasmp.Period) []tableDay {
	first := t.from.DaysUntil(p.From)
	return t.days[first : first+p.From.DaysUntil(p.To)+1]
}

// expectation is what the procedures say of a source on a day.
type expectation int

const (
	expectNothing expectation = iota // in use by nobody, or listed by no version that governs
	expectUnknown                    // no version governs
	expectReview
)

// lastDay returns the last day on which the review of the period that the day lies in is not late by the version.
func (d *tableDay) lastDay(v *tableVersion) hipaasmp.Date {
	return d.until[slices.Index(d.versions, v)]
}

// expects returns what is expected of the source on the day, by which version, and in which review period. Of a source that
// is out of use it returns nothing expected, and the source.
func (d *tableDay) expects(source int) (expectation, *tableVersion, *Source, hipaasmp.Period) {
	if !d.operating {
		return expectNothing, nil, nil, hipaasmp.Period{}
	}
	if len(d.versions) == 0 {
		return expectUnknown, nil, nil, hipaasmp.Period{}
	}
	for i, v := range d.versions {
		if s := v.lists[source]; s != nil {
			if !s.inUse(d.day) {
				return expectNothing, v, s, hipaasmp.Period{}
			}
			return expectReview, v, s, d.periods[i]
		}
	}
	return expectNothing, nil, nil, hipaasmp.Period{}
}

// covering returns the record that covers the source on the day: one that reviewed it before one that only says why not,
// and of these the one certified first, which was the one on file.
func (d *tableDay) covering(source int) *tableRecord {
	var left *tableRecord
	for _, x := range d.records {
		if x.reviewed[source] != nil {
			return x
		}
		if left == nil && x.excused[source] != nil {
			left = x
		}
	}
	return left
}

// expectedHours returns how many hours the schedule has on the day in the zone.
func (t *table) expectedHours(s *Schedule, zone string, day hipaasmp.Date) int {
	if !s.on(day) {
		return 0
	}
	key := hoursOf{zone, s.From, s.To}
	list, ok := t.hours[key]
	if !ok {
		list = make([]int, len(t.days))
		t.hours[key] = list
	}
	i := t.from.DaysUntil(day)
	if list[i] == 0 {
		loc, ok := t.zones[zone]
		if !ok {
			loc, _ = location(zone)
			t.zones[zone] = loc
		}
		list[i] = s.Hours(day, loc)
	}
	return list[i]
}

// overdue lists the periods, by version, whose review is overdue.
func (t *table) overdue() []Overdue {
	type key struct {
		procedure hipaasmp.Ref
		period    hipaasmp.Period
	}
	var out []Overdue
	at := map[key]int{}
	listed := map[key][]bool{}
	for i := range t.days {
		d := &t.days[i]
		if d.day.After(t.asOf) {
			break
		}
		for place := range t.sources {
			expected, v, source, period := d.expects(place)
			if expected != expectReview || d.covering(place) != nil || !t.asOf.After(d.lastDay(v)) {
				continue // also where the record says that the source could not be had, which is a gap of its own
			}
			k := key{v.DocumentRef(), period}
			n, ok := at[k]
			if !ok {
				due := v.Cadence.Due(period)
				n = len(out)
				at[k], listed[k] = n, make([]bool, len(t.sources))
				out = append(out, Overdue{Procedure: k.procedure, Version: v.Version, Period: period, Due: due, Days: due.DaysUntil(t.asOf)})
			}
			if !listed[k][place] {
				listed[k][place] = true
				out[n].Sources = append(out[n].Sources, *source)
			}
		}
	}
	for _, p := range t.rounds() {
		if p.Overdue(t.asOf) {
			out = append(out, Overdue{Procedure: p.Procedure, Version: p.Version, Round: p.Round.ID, Detectors: p.Detectors, Period: p.Period, Sources: p.Missing, Due: p.Due, Days: p.Due.DaysUntil(t.asOf)})
		}
	}
	slices.SortStableFunc(out, func(a, b Overdue) int { return a.Period.From.Compare(b.Period.From) })
	return out
}
