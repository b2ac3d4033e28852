package review

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Unit is what a cadence is counted in.
type Unit string

const (
	// UnitMonth is a calendar month.
	UnitMonth Unit = "month"
	// UnitWeek is a week from Monday to Sunday.
	UnitWeek Unit = "week"
	// UnitDay is a day.
	UnitDay Unit = "day"
)

// Values returns the members of the enumeration.
func (Unit) Values() []Unit { return []Unit{UnitMonth, UnitWeek, UnitDay} }

// IsValid reports whether u is a member.
func (u Unit) IsValid() bool { return slices.Contains(u.Values(), u) }

// MarshalText refuses a value that is no member.
func (u Unit) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.Unit", u, u.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (u *Unit) UnmarshalText(text []byte) (err error) {
	*u, err = hipaasmp.ParseEnum("review.Unit", text, u.Values())
	return err
}

// Cadence is how often the entity reviews and by when. The rule says "regularly" and names no interval: every number
// here is the entity's own policy, and what is overdue is overdue by that policy.
type Cadence struct {
	// Unit is what Every counts.
	Unit Unit `json:"unit" validate:"enum"`
	// Every is the length of a review period in units. Months are counted from January of year 1, so that 3 gives the
	// quarters of the calendar; weeks and days from the Monday with which that year began.
	Every int `json:"every" validate:"min=1,max=60"`
	// DueDays is the number of days after the end of a period by which its review is certified.
	DueDays int `json:"due_days" validate:"min=0,max=366"`
	// GraceDays is how many days after that the entity does not yet call late.
	GraceDays int `json:"grace_days" validate:"min=0,max=366"`
	// Business says which days both count; absent where every day of the calendar counts.
	Business *BusinessDays `json:"business,omitempty"`
}

func (c Cadence) clone() Cadence {
	c.Business = c.Business.clone()
	return c
}

// after counts days by the calendar, or business days.
func (c Cadence) after(day hipaasmp.Date, n int) hipaasmp.Date {
	if c.Business == nil {
		return day.AddDays(n)
	}
	return c.Business.After(day, n)
}

// epoch is the first day that a cadence counts from; it is a Monday.
func epoch() hipaasmp.Date {
	d, _ := hipaasmp.NewDate(1, time.January, 1)
	return d
}

// Period returns the review period that the day lies in; the zero Period for an unset day or cadence.
func (c Cadence) Period(day hipaasmp.Date) hipaasmp.Period {
	if day.IsZero() || c.Every < 1 {
		return hipaasmp.Period{}
	}
	switch c.Unit {
	case UnitMonth:
		n := (day.Year()-1)*12 + int(day.Month()) - 1
		first := epoch().AddMonths(n - n%c.Every)
		return hipaasmp.Period{From: first, To: first.AddMonths(c.Every).AddDays(-1)}
	case UnitWeek, UnitDay:
		length := c.Every
		if c.Unit == UnitWeek {
			length *= 7
		}
		n := epoch().DaysUntil(day)
		first := epoch().AddDays(n - n%length)
		return hipaasmp.Period{From: first, To: first.AddDays(length - 1)}
	}
	return hipaasmp.Period{}
}

// Due returns the day by which the review of the period is to be certified.
func (c Cadence) Due(p hipaasmp.Period) hipaasmp.Date { return c.after(p.To, c.DueDays) }

// Until returns the last day on which the review of the period is not late: the due day with the grace added.
func (c Cadence) Until(p hipaasmp.Period) hipaasmp.Date { return c.after(c.Due(p), c.GraceDays) }

// Timeliness says when a review was certified against when it was due by the entity's own procedure.
type Timeliness struct {
	// Due is the day by which the review was to be certified.
	Due hipaasmp.Date `json:"due" validate:"required"`
	// Until is the last day that the procedure does not call late.
	Until hipaasmp.Date `json:"until" validate:"required"`
	// Certified is the day on which it was.
	Certified hipaasmp.Date `json:"certified" validate:"required"`
	// DaysLate is the number of calendar days after Due, counted where Certified is after Until, and 0 otherwise.
	DaysLate int `json:"days_late" validate:"min=0,max=4000000"`
}

// Late reports whether the review was certified after the last day that the procedure does not call late.
func (t Timeliness) Late() bool { return t.Certified.After(t.Until) }

// timeliness measures a certification against the cadence.
func (c Cadence) timeliness(p hipaasmp.Period, certified hipaasmp.Date) Timeliness {
	t := Timeliness{Due: c.Due(p), Until: c.Until(p), Certified: certified}
	if t.Late() {
		t.DaysLate = t.Due.DaysUntil(certified)
	}
	return t
}
