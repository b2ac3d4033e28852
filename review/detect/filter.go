package detect

import (
	"fmt"
	"slices"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Filter is a detector of one's own over single events, for example a rule written in another language. All events of
// one actor that meet the same rule are one finding.
type Filter struct {
	// About is what a review records of the detector. Its parameters must say all that the answer depends on, such as
	// the digest of the rules, because states are merged where the descriptions are equal.
	About Description
	// Records says that the rules look at [activity.Event.Record].
	Records bool
	// Rules returns a function that tells which rules an event meets. It is called once for each state, so that the
	// function may keep buffers of its own. The same event must always give the same hits.
	Rules func() func(activity.Event) []Hit
}

// Hit is a rule that an event meets.
type Hit struct {
	// Rule is the identity of the rule within the detector.
	Rule string `json:"rule"`
	// Title says what the rule looks for.
	Title string `json:"title"`
	// Severity is how soon it should be looked at.
	Severity Severity `json:"severity"`
	// Reasons say in words what of the event meets the rule.
	Reasons []string `json:"reasons,omitempty"`
}

// Describe returns what a review records of the detector.
func (d Filter) Describe() Description { return d.About }

// WantsRecord reports whether the rules look at the bytes of the entries.
func (d Filter) WantsRecord() bool { return d.Records }

type filterMark struct {
	EventRef
	Actor string `json:"actor,omitempty"`
	Hits  []Hit  `json:"hits"`
}

// mostReasons is how many distinct reasons of its events a finding repeats.
const mostReasons = 10

func (d Filter) rule() rule[filterMark] {
	r := rule[filterMark]{
		desc: d.About,
		keep: func(*met, func(filterMark)) {},
		find: findHits,
	}
	if d.Rules == nil {
		return r
	}
	meets := d.Rules()
	r.keep = once(func(e *met) (filterMark, bool) {
		hits := meets(*e.Event)
		if len(hits) == 0 {
			return filterMark{}, false
		}
		m := filterMark{EventRef: e.ref(), Actor: e.name()}
		for _, h := range hits {
			reasons := make([]string, len(h.Reasons))
			for i, reason := range h.Reasons {
				reasons[i] = plain(reason)
			}
			m.Hits = append(m.Hits, Hit{Rule: plain(h.Rule), Title: plain(h.Title), Severity: h.Severity, Reasons: reasons})
		}
		return m, true
	})
	return r
}

// findHits gives one finding for each rule and actor.
func findHits(desc Description, marks []filterMark) []Finding {
	type group struct {
		hit     Hit
		actor   string
		events  []EventRef
		reasons []string
	}
	by, order := map[[2]string]*group{}, []*group(nil)
	for _, m := range marks {
		for _, h := range m.Hits {
			key := [2]string{h.Rule, m.Actor}
			g := by[key]
			if g == nil {
				g = &group{hit: h, actor: m.Actor}
				by[key], order = g, append(order, g)
			}
			g.events = append(g.events, m.EventRef)
			for _, reason := range h.Reasons {
				if len(g.reasons) < mostReasons && !slices.Contains(g.reasons, reason) {
					g.reasons = append(g.reasons, reason)
				}
			}
		}
	}
	var out []Finding
	for _, g := range order {
		what := fmt.Sprintf("%s: %s of %s", named(g.hit.Title, g.hit.Rule), plural(len(g.events), "event", "events"), named(g.actor, "an actor that the log does not name"))
		out = append(out, desc.finding("rule "+g.hit.Rule, g.hit.Severity, g.actor, g.events, append([]string{what}, g.reasons...)...))
	}
	return out
}

// New returns the state of no events.
func (d Filter) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d Filter) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
