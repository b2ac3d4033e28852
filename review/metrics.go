package review

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// Share is a count of a whole. It is shown as both numbers and never as a percentage.
type Share struct {
	// N is how many there are, and Of how many there could be.
	N, Of int64
}

// String returns both numbers: "3 of 12".
func (s Share) String() string { return fmt.Sprintf("%d of %d", s.N, s.Of) }

// Median is the median of a list of days.
type Median struct {
	// Days is the median: the middle one, or halfway between the two in the middle. It is nothing where Of is 0.
	Days decimal.Decimal
	// Of is the number of values that it was taken from.
	Of int
}

// String returns the days and the number of values: "3.5 days, of 4".
func (m Median) String() string {
	if m.Of == 0 {
		return "unknown, of 0"
	}
	return m.Days.String() + " days, of " + strconv.Itoa(m.Of)
}

// MedianHours is the median of a list of durations.
type MedianHours struct {
	// Hours is the median, rounded to a tenth of an hour. It is nothing where Of is 0.
	Hours decimal.Decimal
	// Of is the number of values that it was taken from.
	Of int
}

// String returns the hours and the number of values: "26.5 hours, of 4".
func (m MedianHours) String() string {
	if m.Of == 0 {
		return "unknown, of 0"
	}
	return m.Hours.String() + " hours, of " + strconv.Itoa(m.Of)
}

func medianHours(list []time.Duration) MedianHours {
	n := len(list)
	if n == 0 {
		return MedianHours{}
	}
	slices.Sort(list)
	sum := decimal.NewFromInt(int64(list[(n-1)/2])).Add(decimal.NewFromInt(int64(list[n/2])))
	return MedianHours{Hours: sum.DivRound(decimal.NewFromInt(2*int64(time.Hour)), 1), Of: n}
}

func median(days []int) Median {
	n := len(days)
	if n == 0 {
		return Median{}
	}
	slices.Sort(days)
	sum := int64(days[(n-1)/2]) + int64(days[n/2])
	return Median{Days: decimal.New(sum*5, -1), Of: n}
}

// MeasureOptions are what the records of reviews do not hold.
type MeasureOptions struct {
	// UserMonths is how many persons were in the workforce, added up over the months that are asked about; see
	// [UserMonths]. 0 is unknown.
	UserMonths int64
	// Decided lists the sanction cases in which something was decided by the day, whatever it was.
	Decided []hipaasmp.Ref
}

// UserMonths counts, for every month of the period, the persons who were in the entity's workforce on a day of it, and adds
// the counts up.
func UserMonths(entity hipaasmp.Entity, asked hipaasmp.Period) int64 {
	var n int64
	if !asked.InOrder() || asked.Open() || asked.To.After(asked.From.AddYears(100)) {
		return 0
	}
	for month := hipaasmp.Month(asked.From); !month.From.After(asked.To); month = hipaasmp.Month(month.To.AddDays(1)) {
		for _, m := range entity.Workforce {
			if m.Member.Overlaps(month) {
				n++
			}
		}
	}
	return n
}

// DetectorFigures is what became of the exceptions of one detector. Each is counted in one of the last five.
type DetectorFigures struct {
	// Detector is the detector, and Raised the number of its exceptions.
	Detector detect.ID
	Raised   int64
	// Confirmed went on to an incident, a sanction case or the risk analysis. Explained and Inconclusive were not; Wrong are
	// those of them that were explained by the detector being wrong. Open have no disposition.
	Confirmed, Explained, Wrong, Inconclusive, Open int64
}

// Precision returns how many of the exceptions with a disposition were confirmed.
func (d DetectorFigures) Precision() Share {
	return Share{d.Confirmed, d.Confirmed + d.Explained + d.Wrong + d.Inconclusive}
}

// SourceFigures is how much of one source could not be attributed.
type SourceFigures struct {
	// Source is the source, and Unresolved the events that do not identify who acted, of all its events.
	Source     string
	Unresolved Share
}

// Metrics are figures of the reviews of a period, as seen on a day: counts of certified reviews and of sessions that were
// open then. They say how reviewing went, not whether a duty was met.
type Metrics struct {
	// Asked is the period, and AsOf the day.
	Asked hipaasmp.Period
	AsOf  hipaasmp.Date
	// OnTime is how many of the review periods that were due by the day were certified in time for every source, by the
	// entity's own procedure. Late were certified late, and Overdue lack a review of a source.
	OnTime        Share
	Late, Overdue int64
	// Rounds is how many of the periods of rounds that were due by the day were certified in time.
	Rounds Share
	// Complete is how many of the months of sources, of those for which a review is expected and due, are covered as a
	// whole and in time; see [StatusComplete].
	Complete Share
	// Hours is in how many of the expected hours sources were seen recording, of those hours that were counted.
	Hours Share
	// ToReview is the time from the end of a period to the certification of its review.
	ToReview Median
	// Findings is the number of exceptions, a finding that a round had disposed of counted once; UserMonths is as it was given, and PerThousand the findings per 1,000 user-months,
	// rounded to a tenth; nil where the user-months are unknown.
	Findings    int64
	UserMonths  int64
	PerThousand *decimal.Decimal
	// Detectors are the figures by detector, in order of identity.
	Detectors []DetectorFigures
	// Contacted is how many of the exceptions led to somebody being contacted, and ToContact the time to the first contact from
	// when the finding came to notice; from the opening of the session where that was not noted.
	Contacted Share
	ToContact MedianHours
	// Repeated is how many of the actors with a confirmed exception have one in more than one review.
	Repeated Share
	// Explained is how many of the accesses that were counted a relation explains.
	Explained Share
	// Unresolved are the figures by source that a program read, in order of identity.
	Unresolved []SourceFigures
	// Sanctioned is how many of the confirmed exceptions led to a sanction case in which something was decided.
	Sanctioned Share
	// Oldest is what is open for longest on the day, and Days for how long; nil where nothing is open.
	Oldest *OpenThing
	Days   int
}

// Measure computes figures over the reviews whose period overlaps the asked one. Without a first day it begins with the
// first procedure, without a last day it ends on the day. A record that a later one supersedes does not count.
func (r Records) Measure(asked hipaasmp.Period, asOf hipaasmp.Date, o MeasureOptions) Metrics {
	asked = r.within(asked, asOf)
	m := Metrics{Asked: asked, AsOf: asOf, UserMonths: o.UserMonths}
	m.OnTime, m.Late, m.Overdue = r.punctual(asked, asOf)
	for _, p := range r.Rounds(asked, asOf) {
		if len(p.Missing) > 0 && !p.Overdue(asOf) {
			continue // not due yet, and not done
		}
		m.Rounds.Of++
		if len(p.Missing) == 0 && !p.Late() {
			m.Rounds.N++
		}
	}
	for _, cell := range r.Coverage(asked, asOf).Cells {
		if cell.Family != "" || cell.Status == StatusNotExpected || cell.Status == StatusNotDue {
			continue
		}
		m.Complete.Of++
		if cell.Status == StatusComplete {
			m.Complete.N++
		}
		m.Hours.N += int64(cell.Observed)
		m.Hours.Of += int64(cell.Hours)
	}
	var toReview []int
	for _, x := range r.certified(asked, asOf) {
		toReview = append(toReview, x.Period.To.DaysUntil(x.Timeliness.Certified))
		for _, s := range x.Sources {
			m.source(s)
		}
	}
	m.ToReview = median(toReview)
	c := exceptionCounter{m: &m, detectors: map[detect.ID]*DetectorFigures{}, actors: map[string]map[hipaasmp.Ref]bool{}, decided: o.Decided, asOf: asOf}
	r.contents(asOf, func(ref hipaasmp.Ref, x Content) {
		if x.Period.Overlaps(asked) {
			c.count(ref, x)
		}
	})
	c.finish()
	if o.UserMonths > 0 {
		per := decimal.NewFromInt(m.Findings).Mul(decimal.NewFromInt(1000)).DivRound(decimal.NewFromInt(o.UserMonths), 1)
		m.PerThousand = &per
	}
	slices.SortFunc(m.Unresolved, func(a, b SourceFigures) int { return cmp.Compare(a.Source, b.Source) })
	if open := r.Open(asOf); len(open) > 0 {
		m.Oldest, m.Days = &open[0], open[0].Since.DaysUntil(asOf)
	}
	return m
}

// source adds what a review says of a source that a program read. Nobody counted actors in what a person read, and tickets
// have none.
func (m *Metrics) source(s SourceReview) {
	if s.Access != nil {
		m.Explained.N += s.Access.Explained
		m.Explained.Of += s.Access.Accesses
	}
	if s.Method != MethodAutomated || s.Tracking != nil {
		return
	}
	i := slices.IndexFunc(m.Unresolved, func(f SourceFigures) bool { return f.Source == s.Source })
	if i < 0 {
		i = len(m.Unresolved)
		m.Unresolved = append(m.Unresolved, SourceFigures{Source: s.Source})
	}
	m.Unresolved[i].Unresolved.N += s.UnresolvedActors
	m.Unresolved[i].Unresolved.Of += s.Events
}

// exceptionCounter counts exceptions into figures.
type exceptionCounter struct {
	m         *Metrics
	detectors map[detect.ID]*DetectorFigures
	actors    map[string]map[hipaasmp.Ref]bool
	decided   []hipaasmp.Ref
	asOf      hipaasmp.Date
	toContact []time.Duration
}

func (c *exceptionCounter) count(ref hipaasmp.Ref, x Content) {
	loc, _ := location(x.Zone)
	for _, e := range x.Exceptions {
		if e.Disposition != nil && e.Disposition.Earlier != nil {
			continue // counted where it was looked at
		}
		c.m.Findings++
		d := c.detectors[e.Detector]
		if d == nil {
			d = &DetectorFigures{Detector: e.Detector}
			c.detectors[e.Detector] = d
		}
		d.Raised++
		c.contact(x, e, loc)
		p := e.Disposition
		if p == nil || hipaasmp.DateOf(p.At, loc).After(c.asOf) {
			d.Open++
			continue
		}
		switch e.State {
		case ExceptionIncident:
			d.Confirmed++
			c.confirmed(ref, e)
		case ExceptionInconclusive:
			d.Inconclusive++
		default:
			if p.Explanation == ExplanationDetector {
				d.Wrong++
			} else {
				d.Explained++
			}
		}
	}
}

func (c *exceptionCounter) contact(x Content, e Exception, loc *time.Location) {
	c.m.Contacted.Of++
	for _, h := range e.History {
		on := hipaasmp.DateOf(h.At, loc)
		if h.Event != ExceptionContact || on.After(c.asOf) {
			continue
		}
		c.m.Contacted.N++
		since := e.Seen
		if since.IsZero() {
			since = x.Opened.At
		}
		c.toContact = append(c.toContact, max(0, h.At.Sub(since)))
		return
	}
}

func (c *exceptionCounter) confirmed(ref hipaasmp.Ref, e Exception) {
	c.m.Sanctioned.Of++
	if slices.ContainsFunc(e.Disposition.Refs, func(to hipaasmp.Ref) bool {
		return slices.ContainsFunc(c.decided, func(have hipaasmp.Ref) bool { return have.Newest() == to.Newest() })
	}) {
		c.m.Sanctioned.N++
	}
	if e.Actor == "" {
		return
	}
	if c.actors[e.Actor] == nil {
		c.actors[e.Actor] = map[hipaasmp.Ref]bool{}
	}
	c.actors[e.Actor][ref] = true
}

func (c *exceptionCounter) finish() {
	for _, d := range c.detectors {
		c.m.Detectors = append(c.m.Detectors, *d)
	}
	slices.SortFunc(c.m.Detectors, func(a, b DetectorFigures) int { return cmp.Compare(a.Detector, b.Detector) })
	for _, where := range c.actors {
		c.m.Repeated.Of++
		if len(where) > 1 {
			c.m.Repeated.N++
		}
	}
	c.m.ToContact = medianHours(c.toContact)
}

// punctual counts the review periods of the asked time that were due by the day, or certified before: those of which every
// source was certified in time, those with one that was certified late, and those with one that is missing.
func (r Records) punctual(asked hipaasmp.Period, asOf hipaasmp.Date) (inTime Share, late, overdue int64) {
	if !asked.InOrder() || asked.Open() || asked.To.After(asked.From.AddYears(100)) {
		return Share{}, 0, 0
	}
	type state struct{ missing, open, late bool }
	var order []hipaasmp.Period
	periods := map[hipaasmp.Period]*state{}
	t := r.table(asked, asOf)
	for i := range t.days {
		d := &t.days[i]
		for place := range t.sources {
			expected, v, _, period := d.expects(place)
			if expected != expectReview {
				continue
			}
			s := periods[period]
			if s == nil {
				s = &state{}
				periods[period] = s
				order = append(order, period)
			}
			switch x := d.covering(place); {
			case x != nil:
				s.late = s.late || x.Timeliness.Late()
			case asOf.After(d.lastDay(v)):
				s.missing = true
			default:
				s.open = true
			}
		}
	}
	for _, p := range order {
		switch s := periods[p]; {
		case s.missing:
			overdue++
		case s.open:
			continue // not due yet, and not done
		case s.late:
			late++
		default:
			inTime.N++
		}
		inTime.Of++
	}
	return inTime, late, overdue
}
