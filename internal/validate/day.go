package validate

import (
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Day adds a fault with the package's own code if the civil day is not one that the instant has somewhere on earth.
// Which day it is exactly depends on the zone, whose rules are not in the record.
func (f *Faults) Day(code hipaasmp.FaultCode, pointer string, at time.Time, on hipaasmp.Date) {
	if at.IsZero() || on.IsZero() {
		return
	}
	if d := hipaasmp.DateOf(at, time.UTC).DaysUntil(on); d < -1 || d > 1 {
		f.Cite(code, hipaasmp.CiteTimeLimit, pointer, "%s is no day of the instant %s in any zone; compute it with DateOf", on, at.Format(time.RFC3339))
	}
}
