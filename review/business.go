package review

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// BusinessDays says which days count where a [Cadence] counts business days: those of the entity, in its own zone.
type BusinessDays struct {
	// Weekdays lists the days of the week on which the entity works.
	Weekdays []Weekday `json:"weekdays" validate:"min=1,max=7,dive,enum"`
	// Holidays lists the days on which it does not all the same, in their order; see [FederalHolidays].
	Holidays []hipaasmp.Date `json:"holidays,omitempty" validate:"max=1000,dive,required"`
	// Through is the last day up to which somebody listed holidays; absent where only days of the week count. Past it a
	// holiday counts as a business day, and that is a gap.
	Through hipaasmp.Date `json:"through,omitzero"`
}

// MondayToFriday returns the business days of an office that closes on the holidays, which are listed up to the day. The
// zero Date is for none.
func MondayToFriday(through hipaasmp.Date, holidays ...hipaasmp.Date) *BusinessDays {
	return &BusinessDays{Weekdays: slices.Clone(Weekday("").Values()[:5]), Holidays: slices.Clone(holidays), Through: through}
}

// FederalHolidays returns the days on which the legal public holidays of 5 U.S.C. 6103(a) are observed in the years from
// first to last, in order: one that falls on a Saturday on the Friday before it, on a Sunday on the Monday after it. The
// years begin with 2021, since when there are eleven. Source: www.okwb.uscourts.gov/holidays, which restates the law, read
// on 2026-11-23. Holidays of a state and of the entity are its own to add.
func FederalHolidays(first, last int) []hipaasmp.Date {
	var out []hipaasmp.Date
	for year := max(first, 2021) - 1; year <= min(last, 9000)+1; year++ {
		for _, d := range []hipaasmp.Date{
			civil(year, time.January, 1), nth(year, time.January, time.Monday, 3), nth(year, time.February, time.Monday, 3),
			nth(year, time.June, time.Monday, 1).AddDays(-7), civil(year, time.June, 19), civil(year, time.July, 4),
			nth(year, time.September, time.Monday, 1), nth(year, time.October, time.Monday, 2), civil(year, time.November, 11),
			nth(year, time.November, time.Thursday, 4), civil(year, time.December, 25),
		} {
			switch d.Weekday() {
			case time.Saturday:
				d = d.AddDays(-1)
			case time.Sunday:
				d = d.AddDays(1)
			}
			if y := d.Year(); y >= max(first, 2021) && y <= last {
				out = append(out, d)
			}
		}
	}
	slices.SortFunc(out, hipaasmp.Date.Compare)
	return out
}

func civil(year int, month time.Month, day int) hipaasmp.Date {
	d, _ := hipaasmp.NewDate(year, month, day)
	return d
}

// nth is the n-th such day of the week in the month; of June, the first less a week is the last of May.
func nth(year int, month time.Month, on time.Weekday, n int) hipaasmp.Date {
	first := civil(year, month, 1)
	return first.AddDays((int(on)-int(first.Weekday())+7)%7 + 7*(n-1))
}

// Contains reports whether the day is a business day.
func (b BusinessDays) Contains(day hipaasmp.Date) bool {
	_, holiday := slices.BinarySearchFunc(b.Holidays, day, hipaasmp.Date.Compare)
	return !holiday && slices.Contains(b.Weekdays, weekday(day))
}

// maxBusiness is how many business days are counted at most; no document may ask for as many.
const maxBusiness = 1000

// After returns the n-th business day after the day, and the day itself for 0. More than a thousand are not counted.
func (b BusinessDays) After(day hipaasmp.Date, n int) hipaasmp.Date {
	n = min(n, maxBusiness)
	if len(b.Weekdays) == 0 {
		return day.AddDays(n) // no document has this
	}
	for most := 7*n + 7*len(b.Holidays); n > 0 && most > 0; most-- {
		if day = day.AddDays(1); b.Contains(day) {
			n--
		}
	}
	return day
}

func (b *BusinessDays) clone() *BusinessDays {
	if b == nil {
		return nil
	}
	return &BusinessDays{Weekdays: slices.Clone(b.Weekdays), Holidays: slices.Clone(b.Holidays), Through: b.Through}
}

func (b *BusinessDays) check(f *validate.Faults, at string) {
	if b == nil {
		return
	}
	unique(f, at+"/weekdays", b.Weekdays, func(d Weekday) Weekday { return d })
	for i, d := range b.Holidays {
		if i > 0 && !d.After(b.Holidays[i-1]) && !d.IsZero() {
			f.Add(hipaasmp.FaultOrder, at+hipaasmp.Pointer("holidays", i), "%s does not come after %s; list each day once and in order", d, b.Holidays[i-1])
		}
		if d.After(b.Through) {
			f.Cite(FaultCadence, hipaasmp.CiteActivityReview, at+hipaasmp.Pointer("holidays", i), "%s is after the last day up to which holidays are listed; say in through up to when they are", d)
		}
	}
}
