package remediation

import (
	"cmp"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Tracked is one item as it stands on a day.
type Tracked struct {
	// Item is its identity, Finding the finding that it treats.
	Item    string     `json:"item"`
	Finding FindingRef `json:"finding"`
	// Title, Owner and State are those of the day.
	Title string `json:"title"`
	Owner string `json:"owner"`
	State State  `json:"state"`
	// Due is the due date of the day, FirstDue the one it was proposed with, and Moved how often it was changed.
	Due      hipaasmp.Date `json:"due"`
	FirstDue hipaasmp.Date `json:"first_due"`
	Moved    int           `json:"moved"`
	// DaysToDue is how many days are left, below 0 where the due date is past.
	DaysToDue int `json:"days_to_due"`
	// Days are its days.
	Days ItemDays `json:"days"`
}

// TrackedMilestone is a milestone that is not reached, of an item on which work is still to be done.
type TrackedMilestone struct {
	// Item and Milestone are the identities.
	Item      string `json:"item"`
	Milestone string `json:"milestone"`
	// Due is its due date, DaysToDue how many days are left, below 0 where it is past.
	Due       hipaasmp.Date `json:"due"`
	DaysToDue int           `json:"days_to_due"`
}

// TrackedAcceptance is an acceptance in force that will expire.
type TrackedAcceptance struct {
	// Acceptance is its identity, Finding the finding whose risk is accepted.
	Acceptance string     `json:"acceptance"`
	Finding    FindingRef `json:"finding"`
	// Expires is its last day, DaysLeft how many days are left.
	Expires  hipaasmp.Date `json:"expires"`
	DaysLeft int           `json:"days_left"`
}

// AgeBucket counts open items by the days they have been open.
type AgeBucket struct {
	// FromDays and ToDays are the first and the last number of days in the bucket. The last bucket has no end: NoEnd is true
	// and ToDays is 0.
	FromDays int  `json:"from_days"`
	ToDays   int  `json:"to_days"`
	NoEnd    bool `json:"no_end"`
	// Count is the length of Items.
	Count int       `json:"count"`
	Items []Tracked `json:"items,omitempty"`
}

// Tracking is what stands open on a day, with the lists it was counted from.
type Tracking struct {
	// AsOf is the day, Until the last day that counts as soon.
	AsOf  hipaasmp.Date `json:"as_of"`
	Until hipaasmp.Date `json:"until"`
	// Open are all items that are neither closed nor cancelled, by due date.
	Open []Tracked `json:"open,omitempty"`
	// Overdue are those whose measure should have been in place before the day and is not, DueSoon those that are due from
	// the day to Until. An item that is said to be in place is neither; it waits for its verification.
	Overdue []Tracked `json:"overdue,omitempty"`
	DueSoon []Tracked `json:"due_soon,omitempty"`
	// MilestonesOverdue and MilestonesDueSoon are the milestones of items that are not in place.
	MilestonesOverdue []TrackedMilestone `json:"milestones_overdue,omitempty"`
	MilestonesDueSoon []TrackedMilestone `json:"milestones_due_soon,omitempty"`
	// Ending are the acceptances in force whose last day is from the day to Until.
	Ending []TrackedAcceptance `json:"ending,omitempty"`
	// Ageing counts every open item in exactly one bucket. Blocked days count; nothing is left out.
	Ageing []AgeBucket `json:"ageing"`
	// Ended are the identities of the items that are closed or cancelled on the day, Later those of the items that were
	// proposed after it. Open, Ended and Later are all items.
	Ended []string `json:"ended,omitempty"`
	Later []string `json:"later,omitempty"`
}

// TrackOptions say what counts as soon, and where the buckets of ageing end.
type TrackOptions struct {
	// SoonDays is how many days ahead count as soon; 0 is [DefaultSoonDays].
	SoonDays int
	// Buckets are the last days of the buckets, rising; what is older falls into one bucket more. Empty is 30, 60, 90 and
	// 180 days.
	Buckets []int
}

// DefaultSoonDays is how many days ahead count as soon where nobody says.
const DefaultSoonDays = 30

// maxSoonDays bounds what is soon to a hundred years.
const maxSoonDays = 36525

// Track says what stands open on the day: overdue, due soon, and how old. It looks at each item and acceptance as it stood
// on the day, so that a report of a day past comes out the same later. Items come in their newest versions. It refuses a
// day that is not set, an identity that stands twice, days below 0 and buckets that do not rise; the error is a
// [*hipaasmp.ValidationError].
func Track(items []Item, acceptances []Acceptance, asOf hipaasmp.Date, o TrackOptions) (Tracking, error) {
	var f validate.Faults
	if asOf.IsZero() {
		f.Add(hipaasmp.FaultRequired, "/as_of", "is missing; say for which day")
	}
	if o.SoonDays < 0 || o.SoonDays > maxSoonDays {
		f.Add(hipaasmp.FaultRange, "/soon_days", "is %d; say how many days ahead count as soon, up to %d", o.SoonDays, maxSoonDays)
	}
	for n, last := range o.Buckets {
		if last < 0 || n > 0 && last <= o.Buckets[n-1] {
			f.Add(hipaasmp.FaultRange, hipaasmp.Pointer("buckets", n), "is %d; buckets end on rising numbers of days from 0 up", last)
		}
	}
	validate.Unique(&f, "/items", items, func(i Item) string { return i.ID })
	if err := f.Err(hipaasmp.Ref{}); err != nil {
		return Tracking{}, err
	}
	if o.SoonDays == 0 {
		o.SoonDays = DefaultSoonDays
	}
	if len(o.Buckets) == 0 {
		o.Buckets = []int{30, 60, 90, 180}
	}
	t := Tracking{AsOf: asOf, Until: asOf.AddDays(o.SoonDays)}
	known := zones{}
	for _, i := range items {
		t.item(i, known)
	}
	for _, a := range newest(acceptances) {
		if a.InForce(asOf) && !a.Expires.After(t.Until) {
			t.Ending = append(t.Ending, TrackedAcceptance{a.ID, a.Finding, a.Expires, asOf.DaysUntil(a.Expires)})
		}
	}
	t.sort()
	from := 0
	for _, last := range o.Buckets {
		t.bucket(AgeBucket{FromDays: from, ToDays: last})
		from = last + 1
	}
	t.bucket(AgeBucket{FromDays: from, NoEnd: true})
	return t, nil
}

// item files one item.
func (t *Tracking) item(newest Item, known zones) {
	i, ok := newest.before(known.endOf(newest, t.AsOf))
	switch {
	case !ok:
		t.Later = append(t.Later, newest.ID)
		return
	case !i.State.Open():
		t.Ended = append(t.Ended, i.ID)
		return
	}
	x := Tracked{Item: i.ID, Finding: i.Finding, Title: i.Title, Owner: i.Owner, State: i.State, Due: i.Due, DaysToDue: t.AsOf.DaysUntil(i.Due)}
	x.FirstDue, x.Moved = i.FirstDue()
	x.Days = i.days(t.AsOf, known.of(i.Zone))
	t.Open = append(t.Open, x)
	if !i.State.Live() {
		return
	}
	switch {
	case i.Overdue(t.AsOf):
		t.Overdue = append(t.Overdue, x)
	case !i.Due.After(t.Until):
		t.DueSoon = append(t.DueSoon, x)
	}
	for _, m := range i.Milestones {
		y := TrackedMilestone{i.ID, m.ID, m.Due, t.AsOf.DaysUntil(m.Due)}
		switch {
		case !m.Done.IsZero() || m.Due.After(t.Until):
		case m.Due.Before(t.AsOf):
			t.MilestonesOverdue = append(t.MilestonesOverdue, y)
		default:
			t.MilestonesDueSoon = append(t.MilestonesDueSoon, y)
		}
	}
}

// sort puts every list into the order of due date and identity, so that the order of the items changes nothing.
func (t *Tracking) sort() {
	byDue := func(a, b Tracked) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Item, b.Item)) }
	for _, list := range [][]Tracked{t.Open, t.Overdue, t.DueSoon} {
		slices.SortFunc(list, byDue)
	}
	for _, list := range [][]TrackedMilestone{t.MilestonesOverdue, t.MilestonesDueSoon} {
		slices.SortFunc(list, func(a, b TrackedMilestone) int {
			return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Item, b.Item), cmp.Compare(a.Milestone, b.Milestone))
		})
	}
	slices.SortFunc(t.Ending, func(a, b TrackedAcceptance) int {
		return cmp.Or(a.Expires.Compare(b.Expires), cmp.Compare(a.Acceptance, b.Acceptance))
	})
	slices.Sort(t.Ended)
	slices.Sort(t.Later)
}

// bucket fills a bucket, the oldest first.
func (t *Tracking) bucket(b AgeBucket) {
	for _, x := range t.Open {
		if x.Days.Open >= b.FromDays && (b.NoEnd || x.Days.Open <= b.ToDays) {
			b.Items = append(b.Items, x)
		}
	}
	slices.SortStableFunc(b.Items, func(a, c Tracked) int {
		return cmp.Or(cmp.Compare(c.Days.Open, a.Days.Open), cmp.Compare(a.Item, c.Item))
	})
	b.Count = len(b.Items)
	t.Ageing = append(t.Ageing, b)
}
