package main

import (
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// calendar gives every date of the sample from one day: the first of the month that is reviewed first. The clinic's
// story can then be told on any day that -as-of names.
type calendar struct {
	zone  *time.Location
	first hipaasmp.Date
}

// day returns the date so many months and days away from the first of the reviewed month.
func (c calendar) day(months, days int) hipaasmp.Date {
	return c.first.AddMonths(months).AddDays(days)
}

// at returns the instant of a local hour on such a day.
func (c calendar) at(months, days, hour int) time.Time {
	return c.day(months, days).StartIn(c.zone).Add(time.Duration(hour) * time.Hour)
}
