package detect

import (
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// ZoneOf is the zone of a detector's days and hours. The zero value is UTC.
type ZoneOf struct {
	// Location is the zone; nil is UTC.
	Location *time.Location
}

func (z ZoneOf) at() *time.Location {
	if z.Location == nil {
		return time.UTC
	}
	return z.Location
}

func (z ZoneOf) name() string { return z.at().String() }

func (z ZoneOf) date(at time.Time) hipaasmp.Date { return hipaasmp.DateOf(at, z.at()) }

// clock tells the day and the minute of instants in a zone. Logs are nearly in order, so it remembers the day that it
// told last.
type clock struct {
	zone        *time.Location
	from, until int64 // Unix seconds of the day that is remembered
	day         int32 // since 1970-01-01
	plain       bool  // the day has 24 hours
}

func (z ZoneOf) clock() clock { return clock{zone: z.at()} }

// dayOf returns the number of the civil day, 0 for 1970-01-01.
func (c *clock) dayOf(at time.Time) int32 {
	s := at.Unix()
	if s >= c.from && s < c.until {
		return c.day
	}
	local := at.In(c.zone)
	y, m, d := local.Date()
	start := time.Date(y, m, d, 0, 0, 0, 0, c.zone)
	end := time.Date(y, m, d+1, 0, 0, 0, 0, c.zone)
	c.from, c.until = start.Unix(), end.Unix()
	c.day = int32(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
	c.plain = c.until-c.from == 86400
	if s < c.from || s >= c.until { // midnight does not exist, or exists twice
		c.from, c.until = 0, 0
	}
	return c.day
}

// minuteOf returns the minute of the day by the clock on the wall.
func (c *clock) minuteOf(at time.Time) int {
	c.dayOf(at)
	if c.plain && c.until != 0 {
		return int(at.Unix()-c.from) / 60
	}
	local := at.In(c.zone)
	return local.Hour()*60 + local.Minute()
}

// dateOf is the civil date of the number of a day.
func dateOf(day int32) hipaasmp.Date {
	return hipaasmp.DateOf(time.Unix(int64(day)*86400, 0), time.UTC)
}

// dayNumber is the number of a civil date, 0 for 1970-01-01.
func dayNumber(d hipaasmp.Date) int32 { return int32(d.StartIn(time.UTC).Unix() / 86400) }
