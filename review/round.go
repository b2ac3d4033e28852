package review

import (
	"cmp"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// Round is a shorter review at a cadence of its own: some of the detectors, run over the audit logs more often than
// everything is reviewed.
type Round struct {
	// ID names the round within the procedure.
	ID string `json:"id" validate:"required,docid"`
	// Detectors lists the detectors that it runs. One that the procedure does not run is passed over.
	Detectors []detect.ID `json:"detectors" validate:"min=1,max=100,dive,required,docid"`
	// Cadence is how often and by when.
	Cadence Cadence `json:"cadence"`
}

// DefaultRound returns a weekly round, due two business days after the week, of the detectors of what cannot wait: accounts
// of persons who left, failed log-ins and log-ins after them, changes of what is logged, and silent, broken, misdated or
// thinned logs.
func DefaultRound() Round {
	return Round{
		ID: "watch",
		Detectors: []detect.ID{detect.IDTerminatedUser, detect.IDFailedLogins, detect.IDLoginAfterFailures, detect.IDLogControl,
			detect.IDSilentSource, detect.IDSequenceGap, detect.IDClockFault, detect.IDVolumeDrop},
		Cadence: Cadence{Unit: UnitWeek, Every: 1, DueDays: 2, Business: MondayToFriday(hipaasmp.Date{})},
	}
}

func cloneRounds(list []Round) []Round {
	list = slices.Clone(list)
	for i := range list {
		list[i].Detectors, list[i].Cadence = slices.Clone(list[i].Detectors), list[i].Cadence.clone()
	}
	return list
}

func checkRounds(f *validate.Faults, at string, list []Round) {
	validate.Unique(f, at+"/rounds", list, func(r Round) string { return r.ID })
	for i, r := range list {
		here := at + hipaasmp.Pointer("rounds", i)
		unique(f, here+"/detectors", r.Detectors, func(id detect.ID) detect.ID { return id })
		r.Cadence.Business.check(f, here+"/cadence/business")
	}
}

// runs lists the detectors of the procedure that the round runs.
func (r Round) runs(of []Detector) []Detector {
	return slices.DeleteFunc(slices.Clone(of), func(d Detector) bool { return !slices.Contains(r.Detectors, d.ID) })
}

// detectable reports whether detectors are run over the source.
func (s Source) detectable() bool { return s.Records == RecordAuditLog && s.Format != "" }

func (x Extract) round(id string) (Round, bool) {
	if i := slices.IndexFunc(x.Rounds, func(r Round) bool { return r.ID == id }); i >= 0 {
		return x.Rounds[i], true
	}
	return Round{}, false
}

// cadence is by what the review is in time: that of its round, or of the procedure.
func (c Content) cadence() Cadence {
	if r, ok := c.Procedure.round(c.Round); ok {
		return r.Cadence
	}
	return c.Procedure.Cadence
}

// toRun lists the detectors that the review is to run.
func (c Content) toRun() []Detector {
	if r, ok := c.Procedure.round(c.Round); ok {
		return r.runs(c.Procedure.Detectors)
	}
	return c.Procedure.Detectors
}

// RoundPeriod is one period of a round, and what is known of it.
type RoundPeriod struct {
	// Procedure and Version name the procedure that asks for it.
	Procedure hipaasmp.Ref
	Version   string
	// Round is the round, and Detectors those that it runs by the procedure.
	Round     Round
	Detectors []detect.ID
	// Period is the period, Due the day by which it was to be certified, and Until the last day that is not late.
	Period     hipaasmp.Period
	Due, Until hipaasmp.Date
	// Missing lists the sources over which no certified review ran the detectors on every day of the period until the day
	// that is asked of.
	Missing []Source
	// Certified is the last day on which a source was certified; it counts where nothing is missing. Refs are the records,
	// of the round or of the review of everything.
	Certified hipaasmp.Date
	Refs      []hipaasmp.Ref
}

// Overdue reports whether a source is missing and the last day that is not late has passed.
func (p RoundPeriod) Overdue(asOf hipaasmp.Date) bool {
	return len(p.Missing) > 0 && asOf.After(p.Until)
}

// Late reports whether everything was certified, and something after the last day that is not late.
func (p RoundPeriod) Late() bool { return len(p.Missing) == 0 && p.Certified.After(p.Until) }

// Rounds lists the periods of rounds that have a day in the asked period until the day, in order of period. A round is
// covered by records of that round and by those of the review of everything, where they ran its detectors.
func (r Records) Rounds(asked hipaasmp.Period, asOf hipaasmp.Date) []RoundPeriod {
	asked = r.within(asked, asOf)
	if !slices.ContainsFunc(r.Procedures, func(p Procedure) bool { return len(p.Rounds) > 0 }) || !asked.InOrder() || asked.Open() || asked.From.IsZero() {
		return nil
	}
	if first := asked.To.AddYears(-100); asked.From.Before(first) {
		asked.From = first
	}
	return r.table(asked, asOf).rounds()
}

// roundOf is a period of a round while the days of a table are gone through.
type roundOf struct {
	at      int // its place among the periods
	run     []Detector
	missing []bool
	period  hipaasmp.Period
}

// rounds looks at every day of the table, until the day that is asked of.
func (t *table) rounds() []RoundPeriod {
	var out []RoundPeriod
	running := map[*tableVersion][]*roundOf{}
	for i := range t.days {
		d := &t.days[i]
		if d.day.After(t.asOf) {
			break
		}
		for _, v := range d.versions {
			running[v] = t.begin(&out, v, running[v], d.day)
		}
		for place := range t.sources {
			expected, v, source, _ := d.expects(place)
			if expected != expectReview || !source.detectable() {
				continue
			}
			for _, x := range running[v] {
				if len(x.run) > 0 && !x.period.IsZero() {
					t.cover(&out[x.at], d, place, source, x)
				}
			}
		}
	}
	// A period of which no source is expected on any day is asked of nobody.
	out = slices.DeleteFunc(out, func(p RoundPeriod) bool { return len(p.Missing) == 0 && len(p.Refs) == 0 })
	slices.SortStableFunc(out, func(a, b RoundPeriod) int {
		return cmp.Or(a.Period.From.Compare(b.Period.From), a.Period.To.Compare(b.Period.To), cmp.Compare(a.Round.ID, b.Round.ID))
	})
	return out
}

// begin returns the periods of the version's rounds that the day lies in; one that begins is added to the list.
func (t *table) begin(out *[]RoundPeriod, v *tableVersion, running []*roundOf, day hipaasmp.Date) []*roundOf {
	if running == nil {
		for _, round := range v.Rounds {
			running = append(running, &roundOf{run: round.runs(v.Detectors)})
		}
	}
	for n, x := range running {
		if len(x.run) == 0 || !x.period.IsZero() && x.period.Contains(day) {
			continue
		}
		round := v.Rounds[n]
		if x.period = round.Cadence.Period(day); x.period.IsZero() {
			continue // no document has such a cadence
		}
		x.at, x.missing = len(*out), make([]bool, len(t.sources))
		p := RoundPeriod{Procedure: v.DocumentRef(), Version: v.Version, Round: round, Period: x.period, Due: round.Cadence.Due(x.period), Until: round.Cadence.Until(x.period)}
		for _, d := range x.run {
			p.Detectors = append(p.Detectors, d.ID)
		}
		*out = append(*out, p)
	}
	return running
}

// cover notes the record that was certified first of those that ran the detectors over the source on the day.
func (t *table) cover(p *RoundPeriod, d *tableDay, place int, source *Source, of *roundOf) {
	var best *tableRecord
	look := func(list []*tableRecord) {
		for _, x := range list {
			if (best == nil || x.Timeliness.Certified.Before(best.Timeliness.Certified)) && (x.excused[place] != nil || x.reviewed[place].ran(of.run)) {
				best = x
			}
		}
	}
	look(d.rounds)
	look(d.records)
	if best == nil {
		if !of.missing[place] {
			of.missing[place] = true
			p.Missing = append(p.Missing, *source)
		}
		return
	}
	if on := best.Timeliness.Certified; on.After(p.Certified) {
		p.Certified = on
	}
	if n := len(p.Refs); n == 0 || p.Refs[n-1].ID != best.ID { // most sources are covered by one record
		if ref := best.DocumentRef(); !slices.Contains(p.Refs, ref) {
			p.Refs = append(p.Refs, ref)
		}
	}
}

// ran reports whether every one of the detectors was run over the source.
func (r *SourceReview) ran(list []Detector) bool {
	return r != nil && !slices.ContainsFunc(list, func(d Detector) bool {
		return !slices.ContainsFunc(r.Detectors, func(x DetectorRun) bool { return x.Detector == d.ID && x.Version == d.Version })
	})
}
