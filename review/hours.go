package review

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Weekday is a day of the week.
type Weekday string

// The days of the week.
const (
	WeekdayMonday    Weekday = "monday"
	WeekdayTuesday   Weekday = "tuesday"
	WeekdayWednesday Weekday = "wednesday"
	WeekdayThursday  Weekday = "thursday"
	WeekdayFriday    Weekday = "friday"
	WeekdaySaturday  Weekday = "saturday"
	WeekdaySunday    Weekday = "sunday"
)

// Values returns the members of the enumeration.
func (Weekday) Values() []Weekday {
	return []Weekday{WeekdayMonday, WeekdayTuesday, WeekdayWednesday, WeekdayThursday, WeekdayFriday, WeekdaySaturday, WeekdaySunday}
}

// IsValid reports whether d is a member.
func (d Weekday) IsValid() bool { return slices.Contains(d.Values(), d) }

// MarshalText refuses a value that is no member.
func (d Weekday) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.Weekday", d, d.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (d *Weekday) UnmarshalText(text []byte) (err error) {
	*d, err = hipaasmp.ParseEnum("review.Weekday", text, d.Values())
	return err
}

// weekday is the day of the week of a date.
func weekday(on hipaasmp.Date) Weekday { return Weekday("").Values()[(int(on.Weekday())+6)%7] }

// Schedule says in which hours a source is expected to give a sign of life: an entry, or a heartbeat. Hours are those of
// the clock of the entity's zone.
type Schedule struct {
	// Weekdays lists the days; absent for every day.
	Weekdays []Weekday `json:"weekdays,omitempty" validate:"max=7,dive,enum"`
	// From is the hour of the day with which it begins, and To the one with which it ends: 0 and 24 are the whole day.
	From int `json:"from" validate:"min=0,max=23"`
	To   int `json:"to" validate:"min=1,max=24"`
}

// AlwaysOn is the schedule of a source that is expected to record around the clock.
func AlwaysOn() *Schedule { return &Schedule{To: 24} }

func (s *Schedule) clone() *Schedule {
	if s == nil {
		return nil
	}
	c := *s
	c.Weekdays = slices.Clone(s.Weekdays)
	return &c
}

func (s *Schedule) check(f *validate.Faults, at string) {
	if s == nil {
		return
	}
	unique(f, at+"/weekdays", s.Weekdays, func(d Weekday) Weekday { return d })
	if s.To <= s.From && s.To >= 1 {
		f.Cite(FaultHours, hipaasmp.CiteAuditControls, at+"/to", "is %d where the schedule begins with hour %d; it ends after it began", s.To, s.From)
	}
}

// on reports whether the schedule has hours on the day.
func (s Schedule) on(day hipaasmp.Date) bool {
	return s.To > s.From && (len(s.Weekdays) == 0 || slices.Contains(s.Weekdays, weekday(day)))
}

// span returns the first instant of the schedule on the day and the first after it.
func (s Schedule) span(day hipaasmp.Date, zone *time.Location) (from, until time.Time) {
	if s.From == 0 {
		from = day.StartIn(zone)
	} else {
		from = time.Date(day.Year(), day.Month(), day.Day(), s.From, 0, 0, 0, zone)
	}
	if s.To == 24 {
		return from, day.AddDays(1).StartIn(zone)
	}
	return from, time.Date(day.Year(), day.Month(), day.Day(), s.To, 0, 0, 0, zone)
}

// Hours returns how many hours the schedule has on the day: 23 or 25 of a whole day on which the clocks change.
func (s Schedule) Hours(day hipaasmp.Date, zone *time.Location) int {
	if !s.on(day) {
		return 0
	}
	from, until := s.span(day, zone)
	return max(0, int((until.Sub(from)+30*time.Minute)/time.Hour))
}

// ShortDay is a day on which a source gave no sign of life in some of its expected hours.
type ShortDay struct {
	// Day is the day in the zone of the review.
	Day hipaasmp.Date `json:"day" validate:"required"`
	// Expected is how many hours were expected, and Observed in how many of them there was an entry or a heartbeat.
	Expected int `json:"expected" validate:"min=1,max=25"`
	Observed int `json:"observed" validate:"min=0,max=24"`
}

// Hours says in how many of its expected hours a source was seen recording. It is counted by [CountHours].
type Hours struct {
	// Expected is the number of hours of the period in which the schedule of the source expects a sign of life.
	Expected int `json:"expected" validate:"min=0,max=1000000"`
	// Observed is the number of them with an entry or a heartbeat.
	Observed int `json:"observed" validate:"min=0,max=1000000"`
	// Heartbeats is the number of those with a heartbeat and no entry.
	Heartbeats int `json:"heartbeats" validate:"min=0,max=1000000"`
	// Short lists the days on which an expected hour has neither, in their order.
	Short []ShortDay `json:"short,omitempty" validate:"max=40000,dive"`
}

// Silent lists the days on which no expected hour has an entry or a heartbeat.
func (h Hours) Silent() []hipaasmp.Date {
	var out []hipaasmp.Date
	for _, d := range h.Short {
		if d.Observed == 0 {
			out = append(out, d.Day)
		}
	}
	return out
}

// CountHours counts, for a source with a schedule, the expected hours of the period and those in which it was seen. Days on
// which the source was not in use expect nothing. The result is nil for a source without a schedule.
func CountHours(source Source, period hipaasmp.Period, zone *time.Location, seen *HourSet) *Hours {
	if source.Expected == nil || !period.InOrder() || period.Open() || period.Days() > maxHourDays {
		return nil
	}
	out := &Hours{}
	for day := period.From; !day.After(period.To); day = day.AddDays(1) {
		expected := source.Expected.Hours(day, zone)
		if expected == 0 || !source.inUse(day) {
			continue
		}
		observed := 0
		from, _ := source.Expected.span(day, zone)
		for i := range expected {
			entry, beat := seen.within(from.Add(time.Duration(i) * time.Hour))
			switch {
			case entry:
				observed++
			case beat:
				observed++
				out.Heartbeats++
			}
		}
		out.Expected += expected
		out.Observed += observed
		if observed < expected {
			out.Short = append(out.Short, ShortDay{Day: day, Expected: expected, Observed: observed})
		}
	}
	return out
}

// maxHourDays is the longest period whose hours are counted, in days. No cadence has a longer one.
const maxHourDays = 40_000

func (h *Hours) clone() *Hours {
	if h == nil {
		return nil
	}
	c := *h
	c.Short = slices.Clone(h.Short)
	return &c
}

func (h *Hours) check(f *validate.Faults, at string, asked hipaasmp.Period, source Source, known bool) {
	if h == nil {
		return
	}
	if known && source.Expected == nil {
		f.Cite(FaultHours, hipaasmp.CiteAuditControls, at, "are counted of a source of which the procedure expects none; leave them out, or approve a version with a schedule")
	}
	if h.Observed > h.Expected || h.Heartbeats > h.Observed {
		f.Add(FaultCounts, at+"/observed", "is %d, of them %d by heartbeats alone, where %d are expected", h.Observed, h.Heartbeats, h.Expected)
	}
	missing := 0
	last := asked.From.AddDays(-1)
	for i, d := range h.Short {
		here := at + hipaasmp.Pointer("short", i)
		missing += d.Expected - d.Observed
		if d.Observed >= d.Expected {
			f.Add(FaultCounts, here+"/observed", "is %d of %d; list the days on which hours are missing", d.Observed, d.Expected)
		}
		if known && source.Expected != nil && !d.Day.IsZero() && (!source.Expected.on(d.Day) || !source.inUse(d.Day)) {
			f.Cite(FaultHours, hipaasmp.CiteAuditControls, here+"/day", "%s is no day on which the procedure expects anything of the source", d.Day)
		}
		if d.Day.IsZero() || asked.From.IsZero() {
			continue
		}
		if !asked.Contains(d.Day) {
			f.Cite(FaultHours, hipaasmp.CiteAuditControls, here+"/day", "%s lies outside of %s, the period under review", d.Day, asked)
		}
		if !d.Day.After(last) {
			f.Add(hipaasmp.FaultOrder, here+"/day", "%s does not come after %s; list each day once and in order", d.Day, last)
		}
		last = d.Day
	}
	if missing != h.Expected-h.Observed {
		f.Add(FaultCounts, at+"/short", "miss %d hours where %d of %d are missing", missing, h.Expected-h.Observed, h.Expected)
	}
	if known && source.Expected != nil && asked.InOrder() && !asked.Open() {
		if want, slack := source.nominal(asked); h.Expected < want-slack || h.Expected > want+slack {
			f.Cite(FaultHours, hipaasmp.CiteAuditControls, at+"/expected", "is %d where the schedule of the procedure has %d hours in %s; count them with CountHours", h.Expected, want, asked)
		}
	}
}

// nominal counts the hours of the schedule by the clock, and by how many they can differ because clocks change. The
// tables of zones are corrected now and then, and a record must not become wrong by that.
func (s Source) nominal(asked hipaasmp.Period) (hours, slack int) {
	first, last := asked.From, asked.To
	if u := s.InUse; !u.IsZero() {
		if u.From.After(first) {
			first = u.From
		}
		if !u.Open() && u.To.Before(last) {
			last = u.To
		}
	}
	if last.Before(first) || s.Expected.To <= s.Expected.From {
		return 0, 0
	}
	n := first.DaysUntil(last) + 1
	days := n / 7 * 7 // of every week each day of the week is one
	if week := len(s.Expected.Weekdays); week > 0 {
		days = n / 7 * week
	}
	for i := range n % 7 {
		if s.Expected.on(first.AddDays(i)) {
			days++
		}
	}
	return days * (s.Expected.To - s.Expected.From), 2 + days/30
}
