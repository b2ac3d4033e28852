package detect

import (
	"cmp"
	"slices"
	"time"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// loginMark is what a state keeps of an attempt to log in.
type loginMark struct {
	EventRef
	Actor  string `json:"actor,omitempty"`
	From   string `json:"from,omitempty"`
	Failed bool   `json:"failed,omitempty"`
}

// keepLogin keeps attempts to log in that failed, and with the others also those that succeeded. An attempt that was
// refused counts as failed; one whose outcome or time is unknown cannot be placed.
func keepLogin(e *met, others bool) (loginMark, bool) {
	if e.Action != activity.ActionLogin || e.Recorded.IsZero() {
		return loginMark{}, false
	}
	m := loginMark{EventRef: e.ref(), Actor: e.name(), From: plain(cmp.Or(e.From.Addr, e.From.Host))}
	switch e.Outcome {
	case activity.OutcomeFailure, activity.OutcomeDenied:
		m.Failed = true
		return m, true
	case activity.OutcomeSuccess:
		return m, others
	}
	return loginMark{}, false
}

// groups returns the marks by key, keys in order, marks with an empty key left out.
func groups[M any](marks []M, key func(M) string) (keys []string, by map[string][]M) {
	by = map[string][]M{}
	for _, m := range marks {
		if k := key(m); k != "" {
			by[k] = append(by[k], m)
		}
	}
	for k := range by {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys, by
}

// burst is a run of failures, from and to included, in which every failure belongs to a window that is full.
type burst struct {
	from, to int
	// points are the failures that made a window full: those whose (k-1)th earlier failure is at most the window old.
	points []int
}

// bursts returns the bursts among failures in order of time.
func bursts(failures []loginMark, k int, window time.Duration) []burst {
	var out []burst
	for i := k - 1; i < len(failures); i++ {
		from := i - k + 1
		if failures[i].At.Sub(failures[from].At) > window {
			continue
		}
		if n := len(out); n > 0 && from <= out[n-1].to {
			out[n-1].to = i
			out[n-1].points = append(out[n-1].points, i)
			continue
		}
		out = append(out, burst{from: from, to: i, points: []int{i}})
	}
	return out
}

// refs returns the references of marks.
func refs[M mark](marks []M) []EventRef {
	out := make([]EventRef, len(marks))
	for i, m := range marks {
		out[i] = m.ref()
	}
	return out
}

// sole returns the one actor of the marks, or "" where there are several or none.
func sole(marks []loginMark) string {
	for _, m := range marks {
		if m.Actor != marks[0].Actor {
			return ""
		}
	}
	return marks[0].Actor
}
