package detect

import (
	"io"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Leaves says when members of the workforce were on leave. It belongs to the product; [ReadLeaves] builds one.
type Leaves interface {
	// Away returns how much of the time between the two instants the actor was on leave.
	Away(actor activity.Actor, from, until time.Time) time.Duration
	// Digest identifies what was known, see [Terminations].
	Digest() hipaasmp.Digest
}

// LeaveList answers from a list of leaves. It is built once and not changed.
type LeaveList struct {
	spans  map[string][][2]time.Time
	digest hipaasmp.Digest
}

var _ Leaves = (*LeaveList)(nil)

// ReadLeaves reads leaves from CSV with the columns user (as the log names the actor), from and to (first and last day; all
// are required). Leaves of one user may overlap. The error is a [*TableError] with every fault, or the reader's own.
func ReadLeaves(in io.Reader, o TableOptions) (*LeaveList, error) {
	l := &LeaveList{spans: map[string][][2]time.Time{}}
	digest, err := readTable("leaves", in, o, []string{"user", "from", "to"}, 3, func(t *table) {
		if p := t.period(1, 2); p.InOrder() {
			l.spans[t.text(0)] = append(l.spans[t.text(0)], [2]time.Time{p.From.StartIn(o.zone()), p.To.AddDays(1).StartIn(o.zone())})
		}
	})
	if err != nil {
		return nil, err
	}
	for _, s := range l.spans {
		slices.SortFunc(s, func(a, b [2]time.Time) int { return a[0].Compare(b[0]) })
	}
	l.digest = digest
	return l, nil
}

// Away adds up the leaves between the instants, a time that two of them cover once.
func (l *LeaveList) Away(actor activity.Actor, from, until time.Time) time.Duration {
	var sum time.Duration
	for _, s := range slices.Concat(l.spans[actor.ID], l.spans[actor.AltID]) {
		if s[0].After(from) {
			from = s[0]
		}
		end := s[1]
		if end.After(until) {
			end = until
		}
		if end.After(from) {
			sum += end.Sub(from)
			from = end
		}
	}
	return sum
}

// Digest identifies the list.
func (l *LeaveList) Digest() hipaasmp.Digest { return l.digest }
