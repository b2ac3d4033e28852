package detect

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// LogControl finds acts that change what is recorded or who may do what, by whom and with what result: R20. Each act is a
// finding, also one that failed, because the attempt is what a reviewer wants to know of. A change of what is recorded is
// high, and a change of rights moderate, because most of those are planned; an act of which nothing came is one step lower.
type LogControl struct {
	// Calls are the acts to look for; nil is [LogControlCalls] and [PrivilegeCalls]. Where programs deploy programs, changes
	// of rights are routine: give LogControlCalls alone.
	Calls []Call
}

// Call is an act by its name in the source's own vocabulary, and what it does, in words that follow the name.
type Call struct {
	// Act is the name.
	Act activity.Act
	// Object is the identity of what the act is done to, where the act alone does not tell, for example "audit_enabled=0";
	// with a star at its end it is how the identity begins. Empty is anything.
	Object string
	// Action is what is done to it, where neither the act nor the object tells; empty is anything.
	Action activity.Action
	// AnyCase says that the source writes the name now in capitals and now in small letters.
	AnyCase bool
	// Rights says that the act changes who may do what, and not what is recorded.
	Rights bool
	// Means says what the act does, for example "stops a trail from recording".
	Means string
}

func (d LogControl) calls() []Call {
	if d.Calls == nil {
		return slices.Concat(LogControlCalls(), PrivilegeCalls())
	}
	return d.Calls
}

// Describe returns what a review records of the detector.
func (d LogControl) Describe() Description {
	var names []string
	for _, c := range d.calls() {
		names = append(names, strings.Join(strings.Fields(c.Act.System+" "+c.Act.Name+" "+c.Object+" "+string(c.Action)), " "))
	}
	slices.Sort(names)
	return Description{
		ID: IDLogControl, Version: 2, Title: "Change of log control or privilege",
		Parameters:     []Parameter{{Name: "calls", Value: named(strings.Join(slices.Compact(names), ", "), "none")}},
		FalsePositives: "Planned changes; a change ticket explains them.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAuditControls},
	}
}

type controlMark struct {
	EventRef
	Actor   string           `json:"actor,omitempty"`
	Act     activity.Act     `json:"act"`
	Object  string           `json:"object,omitempty"`
	Action  activity.Action  `json:"action,omitempty"`
	Outcome activity.Outcome `json:"outcome"`
	Code    string           `json:"code,omitempty"`
}

func (d LogControl) rule() rule[controlMark] {
	calls, folded, sizes := map[activity.Act][]Call{}, map[activity.Act][]Call{}, map[int]bool{}
	for _, c := range d.calls() {
		if c.AnyCase {
			act := activity.Act{System: c.Act.System, Name: strings.ToLower(c.Act.Name)}
			folded[act], sizes[len(act.Name)] = append(folded[act], c), true
			continue
		}
		calls[c.Act] = append(calls[c.Act], c)
	}
	call := func(act activity.Act, object string, action activity.Action) (Call, bool) {
		list := calls[act]
		if len(list) == 0 && sizes[len(act.Name)] {
			list = folded[activity.Act{System: act.System, Name: strings.ToLower(act.Name)}]
		}
		i := slices.IndexFunc(list, func(c Call) bool { return c.of(object) && (c.Action == "" || c.Action == action) })
		if i < 0 {
			return Call{}, false
		}
		return list[i], true
	}
	return rule[controlMark]{
		desc: d.Describe(),
		keep: once(func(e *met) (controlMark, bool) {
			c, ok := call(e.Act, e.Object.ID, e.Action)
			if !ok {
				return controlMark{}, false
			}
			m := controlMark{EventRef: e.ref(), Actor: e.name(), Act: e.Act, Object: plain(e.Object.ID), Outcome: e.Outcome, Code: plain(e.Code)}
			if c.Action != "" {
				m.Action = e.Action
			}
			return m, true
		}),
		find: func(desc Description, marks []controlMark) []Finding {
			var out []Finding
			for _, m := range marks {
				c, _ := call(m.Act, m.Object, m.Action)
				what := fmt.Sprintf("%s %s", m.Act.Name, named(c.Means, "changes log control"))
				if m.Object != "" {
					what += " (" + m.Object + ")"
				}
				out = append(out, desc.finding("act", controlSeverity(m.Outcome, c.Rights), m.Actor, []EventRef{m.EventRef}, what, ended(m.Outcome, m.Code)))
			}
			return out
		},
	}
}

// of reports whether the call is done to the object.
func (c Call) of(object string) bool {
	head, open := strings.CutSuffix(c.Object, "*")
	return c.Object == "" || open && strings.HasPrefix(object, head) || object == c.Object
}

// controlSeverity is high, or moderate for a change of rights, and one step lower where nothing came of it.
func controlSeverity(o activity.Outcome, rights bool) Severity {
	came := o != activity.OutcomeDenied && o != activity.OutcomeFailure && o != activity.OutcomeThrottled
	switch {
	case came && !rights:
		return SeverityHigh
	case !came && rights:
		return SeverityLow
	}
	return SeverityModerate
}

// ended says how an act ended.
func ended(o activity.Outcome, code string) string {
	s := map[activity.Outcome]string{
		activity.OutcomeSuccess:   "it succeeded",
		activity.OutcomeDenied:    "it was denied",
		activity.OutcomeFailure:   "it failed",
		activity.OutcomeThrottled: "it was turned away for too many requests",
	}[o]
	s = cmp.Or(s, "the log does not say how it ended")
	if o != activity.OutcomeSuccess && code != "" {
		s += ": " + code
	}
	return s
}

// New returns the state of no events.
func (d LogControl) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d LogControl) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
