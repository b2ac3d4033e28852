package review

import (
	"cmp"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Fetch is a review period whose records must be had from a source before the source drops them.
type Fetch struct {
	// Source is the source, as the procedure in effect in the period has it.
	Source Source
	// Procedure is that procedure.
	Procedure hipaasmp.Ref
	// Period is the review period.
	Period hipaasmp.Period
	// By is the last day on which the whole period can still be fetched.
	By hipaasmp.Date
	// Lost says that the day has passed.
	Lost bool
}

// fetched reports whether a round or a session that is open has files of the source for the day.
func (r Records) fetched(source string, day, asOf hipaasmp.Date) bool {
	has := false
	r.contents(asOf, func(_ hipaasmp.Ref, c Content) {
		if c.Period.Contains(day) {
			s, ok := c.Reviewed(source)
			has = has || ok && len(s.Files) > 0
		}
	})
	return has
}

// Fetches lists, for the days of the asked period until asOf, the review periods that no certified record covers yet, of
// which no round and no open session has files either, and whose source keeps entries for a known time only and has no
// archive: what must be fetched by when, and what the source no longer has whole. The most urgent come first.
func (r Records) Fetches(asked hipaasmp.Period, asOf hipaasmp.Date) []Fetch {
	asked = r.within(asked, asOf)
	if !asked.InOrder() || asked.Open() || asked.From.IsZero() {
		return nil
	}
	if first := asked.To.AddYears(-100); asked.From.Before(first) {
		asked.From = first
	}
	t := r.table(asked, asOf)
	var out []Fetch
	for place, s := range t.sources {
		for i := range t.days {
			d := &t.days[i]
			if d.day.After(asOf) {
				break
			}
			expected, v, source, period := d.expects(place)
			if expected != expectReview || source.Archive != "" {
				continue
			}
			by, known := source.LastFetch(period)
			if !known || d.covering(place) != nil || r.fetched(s.ID, d.day, asOf) {
				continue
			}
			f := Fetch{Source: *source, Procedure: v.DocumentRef(), Period: period, By: by, Lost: asOf.After(by)}
			if n := len(out); n == 0 || out[n-1].Source.ID != s.ID || out[n-1].Period != period {
				out = append(out, f)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Fetch) int {
		return cmp.Or(a.By.Compare(b.By), cmp.Compare(a.Source.ID, b.Source.ID), a.Period.From.Compare(b.Period.From))
	})
	return out
}
