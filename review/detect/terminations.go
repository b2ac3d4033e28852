package detect

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Workforce answers from workforce records who had left when. It is built once and not changed.
type Workforce struct {
	periods map[string][]hipaasmp.Period // by workforce identity, in order
	alias   map[string]string            // from an identity in the log to the workforce identity
	zone    *time.Location
	digest  hipaasmp.Digest
}

var _ Terminations = (*Workforce)(nil)

// NewTerminations returns what the workforce records say. A member may be listed several times, once for each time in
// the workforce. The aliases lead from identities in the log, such as an ARN or a user name, to workforce identities; an
// identity in the log that is itself a workforce identity needs none. The last day of a membership is worked through to
// its end in the zone; nil is UTC.
func NewTerminations(members []hipaasmp.WorkforceMember, aliases map[string]string, zone *time.Location) *Workforce {
	if zone == nil {
		zone = time.UTC
	}
	w := &Workforce{periods: map[string][]hipaasmp.Period{}, alias: map[string]string{}, zone: zone}
	for _, m := range members {
		w.periods[m.ID] = append(w.periods[m.ID], m.Member)
	}
	for _, ps := range w.periods {
		slices.SortFunc(ps, func(a, b hipaasmp.Period) int {
			return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.To.String(), b.To.String()))
		})
	}
	maps.Copy(w.alias, aliases)
	var known strings.Builder
	known.WriteString(zone.String())
	for _, id := range slices.Sorted(maps.Keys(w.periods)) {
		fmt.Fprintf(&known, "\n%q %v", id, w.periods[id])
	}
	for _, id := range slices.Sorted(maps.Keys(w.alias)) {
		fmt.Fprintf(&known, "\n%q = %q", id, w.alias[id])
	}
	w.digest = hipaasmp.DigestOf([]byte(known.String()))
	return w
}

// Member returns the workforce identity of an actor in the log, by its identity or its alternative one.
func (w *Workforce) Member(actor activity.Actor) (string, bool) {
	for _, id := range []string{actor.ID, actor.AltID} {
		if id == "" {
			continue
		}
		if to, ok := w.alias[id]; ok {
			return to, true
		}
		if _, ok := w.periods[id]; ok {
			return id, true
		}
	}
	return "", false
}

// Resolve returns the workforce identity behind an identity in the log, and false where none is known.
func (w *Workforce) Resolve(id string) (member string, ok bool) {
	return w.Member(activity.Actor{ID: id})
}

// Ended reports whether the actor's last membership before the time had ended, and none has begun since. It returns the
// first instant of the day after the last day.
func (w *Workforce) Ended(actor activity.Actor, at time.Time) (since time.Time, ended bool) {
	member, ok := w.Member(actor)
	if !ok {
		return time.Time{}, false
	}
	day := hipaasmp.DateOf(at, w.zone)
	var last hipaasmp.Date
	for _, p := range w.periods[member] {
		switch {
		case p.Contains(day):
			return time.Time{}, false
		case !p.Open() && p.To.Before(day) && p.To.After(last):
			last = p.To
		}
	}
	if last.IsZero() {
		return time.Time{}, false
	}
	return last.AddDays(1).StartIn(w.zone), true
}

// Digest identifies the records, the aliases and the zone.
func (w *Workforce) Digest() hipaasmp.Digest { return w.digest }
