package detect

import (
	"io"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Calendar says on which days a site does not work as on others. It belongs to the product; [ReadHolidays] and
// [NewHolidays] build one.
type Calendar interface {
	// Holiday returns the name of the holiday at the site.
	Holiday(site string, day hipaasmp.Date) (name string, holiday bool)
	// Digest identifies what was known, see [Terminations].
	Digest() hipaasmp.Digest
}

// Holidays answers from a list of days. It is built once and not changed.
type Holidays struct {
	days   map[hipaasmp.Date][]Holiday
	digest hipaasmp.Digest
}

// Holiday is one day off.
type Holiday struct {
	// Day is the day.
	Day hipaasmp.Date
	// Site is where it is one; empty for everywhere.
	Site string
	// Name says what it is.
	Name string
}

var _ Calendar = (*Holidays)(nil)

// NewHolidays returns a calendar of the days.
func NewHolidays(days []Holiday) *Holidays {
	h := &Holidays{days: map[hipaasmp.Date][]Holiday{}}
	for _, d := range days {
		h.days[d.Day] = append(h.days[d.Day], d)
	}
	h.digest = digestOf(days)
	return h
}

// ReadHolidays reads a calendar from CSV with the columns day (required), site and name. The error is a [*TableError] with
// every fault, or the reader's own.
func ReadHolidays(in io.Reader, o TableOptions) (*Holidays, error) {
	h := &Holidays{days: map[hipaasmp.Date][]Holiday{}}
	digest, err := readTable("calendar", in, o, []string{"day", "site", "name"}, 1, func(t *table) {
		d := Holiday{Day: t.date(0), Site: t.text(1), Name: t.text(2)}
		h.days[d.Day] = append(h.days[d.Day], d)
	})
	if err != nil {
		return nil, err
	}
	h.digest = digest
	return h, nil
}

// Holiday returns the name of the holiday at the site. A day without a site is one everywhere.
func (h *Holidays) Holiday(site string, day hipaasmp.Date) (name string, holiday bool) {
	i := slices.IndexFunc(h.days[day], func(d Holiday) bool { return d.Site == "" || d.Site == site })
	if i < 0 {
		return "", false
	}
	return named(h.days[day][i].Name, "holiday"), true
}

// Digest identifies the list.
func (h *Holidays) Digest() hipaasmp.Digest { return h.digest }
