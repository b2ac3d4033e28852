package hipaasmp

// Period is a span of civil days, both ends included. A zero To means that the period is open: what it describes
// still holds. "Last in effect" in 45 CFR 164.316(b)(2)(i) is the To of a closed period.
type Period struct {
	// From is the first day.
	From Date `json:"from" validate:"required"`
	// To is the last day; absent while the period is open.
	To Date `json:"to,omitzero"`
}

// Month returns the period of one calendar month that contains d.
func Month(d Date) Period {
	first := d.AddDays(1 - d.Day())
	return Period{From: first, To: first.AddMonths(1).AddDays(-1)}
}

// Open reports whether the period has no last day yet.
func (p Period) Open() bool { return p.To.IsZero() }

// Contains reports whether d lies in the period. A period without a first day contains nothing.
func (p Period) Contains(d Date) bool {
	return !p.From.IsZero() && !d.IsZero() && !d.Before(p.From) && (p.Open() || !d.After(p.To))
}

// Overlaps reports whether p and q have a day in common.
func (p Period) Overlaps(q Period) bool {
	if p.From.IsZero() || q.From.IsZero() {
		return false
	}
	return (q.Open() || !p.From.After(q.To)) && (p.Open() || !q.From.After(p.To))
}

// Days returns the number of days in the period, and 0 for one that is open, unset or runs backwards.
func (p Period) Days() int {
	if p.From.IsZero() || p.Open() || p.To.Before(p.From) {
		return 0
	}
	return p.From.DaysUntil(p.To) + 1
}

// IsZero reports whether neither end is set.
func (p Period) IsZero() bool { return p == Period{} }

// InOrder reports whether the period has a first day and does not end before it.
func (p Period) InOrder() bool { return !p.From.IsZero() && (p.Open() || !p.To.Before(p.From)) }

// String returns "2026-01-01 to 2026-01-31", or "since 2026-01-01" for an open period.
func (p Period) String() string {
	if p.Open() {
		return "since " + p.From.String()
	}
	return p.From.String() + " to " + p.To.String()
}
