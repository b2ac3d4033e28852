package remediation

import (
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// AsOf returns the item as it stood at the end of the day in its zone, from its history and its recorded changes: with the
// state, the owner, the due date and the milestones of then. It is false where the item was not proposed by then. Days are
// counted in UTC where this machine does not know the zone.
func (i Item) AsOf(on hipaasmp.Date) (Item, bool) {
	return i.before(i.endOf(on))
}

// before returns the item as it stood before the instant, and false where it was not proposed by then.
func (i Item) before(end time.Time) (Item, bool) {
	if !i.ProposedAt.Before(end) {
		return Item{}, false
	}
	was := i.clone()
	for n := len(was.Changes) - 1; n >= 0 && !was.Changes[n].At.Before(end); n-- {
		c := was.Changes[n]
		was.put(c.field(), c.To.Milestone, c.From)
		was.Changes = was.Changes[:n]
	}
	was.State = machine.Initial()
	steps, verified := 0, 0
	for _, step := range was.History {
		if !step.At.Before(end) {
			break
		}
		steps++
		was.State = step.To
		if step.Event == EventVerify {
			verified++
		}
	}
	was.History = was.History[:steps]
	was.Verifications = was.Verifications[:min(verified, len(was.Verifications))]
	return was, true
}

// Open reports whether the item is neither closed nor cancelled.
func (s State) Open() bool { return s != StateClosed && s != StateCancelled }

// ItemDays are days in the life of an item up to a day: all days since it was proposed are in Open or in Ended.
type ItemDays struct {
	// Open are the days on which it was open, over all times that it was: neither closed nor cancelled.
	Open int `json:"open"`
	// Blocked are those of the open days on which work could not go on. They are counted in Open too.
	Blocked int `json:"blocked"`
	// Ended are the days on which it was closed or cancelled before it was reopened, or since.
	Ended int `json:"ended"`
	// Since is the day on which it was opened last: proposed, or taken up again.
	Since hipaasmp.Date `json:"since"`
	// Reopened is how often it was taken up again after it was closed or cancelled.
	Reopened int `json:"reopened"`
}

// Days counts the days of the item up to the day. A measure that regressed keeps the days before apart: while it was
// closed it was not open, and its verification and completion keep their own days.
func (i Item) Days(on hipaasmp.Date) (ItemDays, bool) {
	zone := zones{}.of(i.Zone)
	was, ok := i.before(on.AddDays(1).StartIn(zone))
	if !ok {
		return ItemDays{}, false
	}
	return was.days(on, zone), true
}

// days counts the days of an item up to the day, after which nothing happened to it.
func (i Item) days(on hipaasmp.Date, zone *time.Location) ItemDays {
	was := i
	d := ItemDays{Since: was.Created}
	from, state := was.Created, machine.Initial()
	until := func(day hipaasmp.Date) {
		days := max(0, from.DaysUntil(day))
		switch {
		case !state.Open():
			d.Ended += days
		case state == StateBlocked:
			d.Blocked += days
			d.Open += days
		default:
			d.Open += days
		}
		from = day
	}
	for _, step := range was.History {
		day := hipaasmp.DateOf(step.At, zone)
		until(day)
		if !state.Open() && step.To.Open() {
			d.Reopened++
			d.Since = day
		}
		state = step.To
	}
	until(on)
	return d
}

// zones keeps the time zones that were looked up, because looking one up reads a file.
type zones map[string]*time.Location

// of returns the zone, and UTC where this machine does not know it.
func (z zones) of(name string) *time.Location {
	if zone, ok := z[name]; ok {
		return zone
	}
	zone := time.UTC
	if name != "" && name != "Local" {
		if known, err := time.LoadLocation(name); err == nil {
			zone = known
		}
	}
	z[name] = zone
	return zone
}

// endOf is the first instant after the day in the item's zone.
func (z zones) endOf(i Item, on hipaasmp.Date) time.Time { return on.AddDays(1).StartIn(z.of(i.Zone)) }
