package hipaasmp

import "time"

// Instant brings t to the one form in which records keep instants: UTC, truncated to microseconds, no monotonic
// reading. PostgreSQL keeps microseconds, so a hash over nanoseconds would never verify again.
// Every transition method applies it to its at parameter.
func Instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// IsInstant reports whether t is set and already in the form of [Instant], within the years 1 to 9999.
func IsInstant(t time.Time) bool {
	return !t.IsZero() && t.Location() == time.UTC && t.Nanosecond()%1000 == 0 && t.Year() >= 1 && t.Year() <= 9999
}
