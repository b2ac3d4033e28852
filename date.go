package hipaasmp

import (
	"fmt"
	"time"
)

// Date is a civil date: a day in the entity's own calendar, without a time of day and without a zone.
// Retention, effective dates and due dates are legal days, so they are civil dates; see [DateOf] for the
// step from an instant, which always names the zone.
//
// The zero Date means "not set". It is written to JSON only by mistake, and [Date.MarshalText] refuses it.
// Dates are comparable with == and ordered by [Date.Compare].
type Date struct {
	year  int16
	month uint8
	day   uint8
}

// NewDate returns the given civil date. It refuses a date that the calendar does not have, such as 30 February,
// and years outside 1 to 9999.
func NewDate(year int, month time.Month, day int) (Date, error) {
	d := civil(year, month, day)
	if year < 1 || year > 9999 || int(d.year) != year || time.Month(d.month) != month || int(d.day) != day {
		return Date{}, &FormatError{Type: "Date", Value: fmt.Sprintf("%04d-%02d-%02d", year, int(month), day), Want: "a day of the calendar, years 1 to 9999"}
	}
	return d, nil
}

// ParseDate reads the one spelling of a date that records use: YYYY-MM-DD.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || t.Year() < 1 {
		return Date{}, &FormatError{Type: "Date", Value: s, Want: "a calendar date written YYYY-MM-DD"}
	}
	return civil(t.Date()), nil
}

// Day returns the civil date of a year, month and day that stand in a program. What the calendar does not have rolls
// forward, as with time.Date: 30 February is 1 or 2 March. A day outside of the years 1 to 9999 is the zero Date. For what
// comes from outside of the program see [NewDate] and [ParseDate], which refuse it.
func Day(year int, month time.Month, day int) Date {
	y, m, d := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Date()
	if y < 1 || y > 9999 {
		return Date{}
	}
	return civil(y, m, d)
}

// DateOf returns the civil date that the instant t has in the zone loc. The zone is a parameter because a retention
// day is a legal day somewhere: the same instant is two different days in Honolulu and in Boston. A nil loc is UTC.
func DateOf(t time.Time, loc *time.Location) Date {
	if t.IsZero() {
		return Date{}
	}
	if loc == nil {
		loc = time.UTC
	}
	return civil(t.In(loc).Date())
}

func civil(year int, month time.Month, day int) Date {
	return Date{year: int16(year), month: uint8(month), day: uint8(day)}.normal()
}

// normal rolls an overflowing day or month forward, as time.Date does.
func (d Date) normal() Date {
	y, m, day := d.utc().Date()
	return Date{year: int16(y), month: uint8(m), day: uint8(day)}
}

// utc is midnight UTC of d, the representation for arithmetic: UTC has no gaps.
func (d Date) utc() time.Time {
	return time.Date(int(d.year), time.Month(d.month), int(d.day), 0, 0, 0, 0, time.UTC)
}

// IsZero reports whether d is not set.
func (d Date) IsZero() bool { return d == Date{} }

// Year returns the year of d.
func (d Date) Year() int { return int(d.year) }

// Month returns the month of d.
func (d Date) Month() time.Month { return time.Month(d.month) }

// Day returns the day of the month.
func (d Date) Day() int { return int(d.day) }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// Compare returns -1, 0 or +1 as d is before, equal to or after other.
func (d Date) Compare(other Date) int {
	a, b := d.ordinal(), other.ordinal()
	switch {
	case a < b:
		return -1
	case a > b:
		return +1
	}
	return 0
}

func (d Date) ordinal() int { return int(d.year)<<9 | int(d.month)<<5 | int(d.day) }

// Before reports whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.Compare(other) < 0 }

// After reports whether d is a later day than other.
func (d Date) After(other Date) bool { return d.Compare(other) > 0 }

// AddDays returns the date n days later, or earlier if n is negative. The zero Date stays zero.
func (d Date) AddDays(n int) Date {
	if d.IsZero() {
		return d
	}
	return civil(d.utc().AddDate(0, 0, n).Date())
}

// AddMonths returns the same day n months later, clamped to the last day of a shorter month: 31 January plus one
// month is the last day of February. Review cadences use it; retention uses [Date.AddYears]. The zero Date stays zero.
func (d Date) AddMonths(n int) Date {
	if d.IsZero() {
		return d
	}
	first := time.Date(int(d.year), time.Month(d.month)+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return civil(first.Year(), first.Month(), min(int(d.day), last))
}

// AddYears returns the anniversary n years later. 29 February rolls forward to 1 March where the year has none:
// six years is a minimum (45 CFR 164.316(b)(2)(i)), so the later of the two candidate days is the safe one.
// The zero Date stays zero.
func (d Date) AddYears(n int) Date {
	if d.IsZero() {
		return d
	}
	return civil(int(d.year)+n, time.Month(d.month), int(d.day))
}

// DaysUntil returns the number of days from d to other, negative if other is earlier.
func (d Date) DaysUntil(other Date) int {
	// In seconds: a time.Duration holds no more than 292 years.
	return int((other.utc().Unix() - d.utc().Unix()) / (24 * 60 * 60))
}

// StartIn returns the first instant whose local date in loc is d or later. It is right on days whose midnight does
// not exist (America/Havana 2032-03-14) and on days that a zone skipped altogether (Pacific/Apia 2011-12-30), where
// time.Date answers with the evening before. A nil loc is UTC.
func (d Date) StartIn(loc *time.Location) time.Time {
	if loc == nil {
		loc = time.UTC
	}
	// No zone is further than 26 hours from UTC, so the first instant lies within this window; bisect it on the
	// predicate "local date >= d", which is monotone: local clocks go back by hours, never over a whole date that
	// would make an earlier day current again for longer than the window's start.
	lo, hi := d.utc().Add(-26*time.Hour), d.utc().Add(50*time.Hour)
	for hi.Sub(lo) > time.Second {
		mid := lo.Add(hi.Sub(lo) / 2).Truncate(time.Second)
		if DateOf(mid, loc).Before(d) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi.UTC()
}

// String returns YYYY-MM-DD, or "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.year, d.month, d.day)
}

// MarshalText writes YYYY-MM-DD and refuses the zero Date: tag optional dates with omitzero.
func (d Date) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, &FormatError{Type: "Date", Value: "", Want: "a date; leave an optional date out instead"}
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads YYYY-MM-DD and refuses everything else, the empty string included.
func (d *Date) UnmarshalText(text []byte) error {
	v, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = v
	return nil
}
