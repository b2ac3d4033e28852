package retention

import (
	"fmt"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Term is the answer for one record: until when it is kept, and why.
type Term struct {
	// Class is the class that was asked about.
	Class hipaasmp.RetentionClass `json:"class" validate:"enum"`
	// Running is false while the record is in effect or an overlay waits for its event: no disposal date exists then.
	Running bool `json:"running"`
	// Started is the day the clock of the deciding rule started; absent while it is not running.
	Started hipaasmp.Date `json:"started,omitzero"`
	// KeepThrough is the last day on which the record must still exist.
	KeepThrough hipaasmp.Date `json:"keep_through,omitzero"`
	// FirstDisposal is the day after KeepThrough, the first on which disposal may be proposed.
	FirstDisposal hipaasmp.Date `json:"first_disposal,omitzero"`
	// Rule is the rule that decided: the one that keeps longest.
	Rule Rule `json:"rule"`
	// Trace says for every rule what it came to, in words.
	Trace []string `json:"trace" validate:"min=1,dive,text"`
	// Warnings say what a reader must know, such as a contested rule.
	Warnings []string `json:"warnings,omitempty" validate:"dive,text"`
}

// Term computes how long a record is kept. The error is a [*hipaasmp.ValidationError] that names every fault of the
// basis and of the schedule.
func (s Schedule) Term(basis hipaasmp.RetentionBasis) (Term, error) {
	rules, err := s.rules(basis.Class, basis.Created)
	if err != nil {
		return Term{}, hipaasmp.Invalid(hipaasmp.Ref{}, []hipaasmp.Fault{{Code: hipaasmp.FaultEnum, Pointer: "/class", Message: err.Error()}})
	}
	if err := check(basis, rules); err != nil {
		return Term{}, err
	}

	t := Term{Class: basis.Class, Running: true, Rule: rules[0]}
	for _, r := range rules {
		if !r.appliesTo(basis.Created) {
			t.Trace = append(t.Trace, fmt.Sprintf("%s: applies to records created %s, and this one was created %s", r.ID, r.Applies, basis.Created))
			continue
		}
		start, why, running := r.start(basis)
		if !running {
			// One open clock keeps the record, whatever the others say.
			if t.Running {
				t.Running, t.Rule = false, r
				t.Started, t.KeepThrough, t.FirstDisposal = hipaasmp.Date{}, hipaasmp.Date{}, hipaasmp.Date{}
			}
			t.Trace = append(t.Trace, fmt.Sprintf("%s: %s; the clock has not started", r.ID, why))
			continue
		}
		through := start.AddYears(r.Years)
		t.Trace = append(t.Trace, fmt.Sprintf("%s: %s %s plus %d calendar years is %s", r.ID, why, start, r.Years, through))
		if t.Running && through.After(t.KeepThrough) {
			t.Started, t.KeepThrough, t.FirstDisposal, t.Rule = start, through, through.AddDays(1), r
		}
	}
	if rules[0].Contested {
		t.Warnings = append(t.Warnings, "Retention of raw audit logs is contested: HHS has not said that 164.316(b)(2)(i) reaches them. This period is policy, not law.")
		if rules[0].Years < 6 {
			t.Warnings = append(t.Warnings, fmt.Sprintf("The policy keeps raw logs %d years, shorter than the six years that many advisers read into 164.316(b)(2)(i); document the reason in the risk analysis.", rules[0].Years))
		}
	}
	return t, nil
}

// KeepThrough is the part of [Schedule.Term] that a store computes for every version it writes: the last day on which
// the record must still exist, and whether the clock runs at all. The errors are the same.
func (s Schedule) KeepThrough(basis hipaasmp.RetentionBasis) (day hipaasmp.Date, running bool, err error) {
	rules, err := s.rules(basis.Class, basis.Created)
	if err != nil {
		_, err := s.Term(basis)
		return hipaasmp.Date{}, false, err
	}
	if err := check(basis, rules); err != nil {
		return hipaasmp.Date{}, false, err
	}
	running = true
	for _, r := range rules {
		if !r.appliesTo(basis.Created) {
			continue
		}
		start, _, runs := r.start(basis)
		if !runs {
			return hipaasmp.Date{}, false, nil
		}
		if through := start.AddYears(r.Years); through.After(day) {
			day = through
		}
	}
	return day, running, nil
}

// start returns the day from which the rule counts, in words why, and whether the clock runs at all.
func (r Rule) start(b hipaasmp.RetentionBasis) (hipaasmp.Date, string, bool) {
	switch r.Start {
	case StartCreation:
		return b.Created, "created", true
	case StartEvent:
		return r.Event, "event", !r.Event.IsZero()
	}
	day, why := b.Created, "created"
	for _, p := range b.InEffect {
		if p.Open() {
			return hipaasmp.Date{}, "in effect since " + p.From.String(), false
		}
		if p.To.After(day) {
			day, why = p.To, "last in effect"
		}
	}
	return day, why, true
}

func check(b hipaasmp.RetentionBasis, rules []Rule) error {
	var fs []hipaasmp.Fault
	if b.Created.IsZero() {
		fs = append(fs, hipaasmp.Fault{Code: hipaasmp.FaultRequired, Pointer: "/created", Message: "is missing; the clock needs the day of creation", Citation: hipaasmp.CiteTimeLimit})
	}
	for i, p := range b.InEffect {
		if !p.From.IsZero() && p.InOrder() {
			continue
		}
		at := hipaasmp.Pointer("in_effect", i)
		if p.From.IsZero() {
			fs = append(fs, hipaasmp.Fault{Code: hipaasmp.FaultRequired, Pointer: at + "/from", Message: "is missing; supply the first day in effect", Citation: hipaasmp.CiteTimeLimit})
		} else {
			fs = append(fs, hipaasmp.Fault{Code: hipaasmp.FaultOrder, Pointer: at + "/to", Message: fmt.Sprintf("%s is before the first day %s", p.To, p.From), Citation: hipaasmp.CiteTimeLimit})
		}
	}
	for i, r := range rules {
		if r.Years >= 1 && r.Years <= 200 && r.Start.IsValid() && (r.Applies.IsZero() || r.Applies.InOrder()) {
			continue
		}
		fs = append(fs, r.check(hipaasmp.Pointer("rules", i))...)
	}
	return hipaasmp.Invalid(hipaasmp.Ref{}, fs)
}

// Disposable returns nil when the term has run out on the given day and no hold is open, and otherwise a
// [*RetainedError] or a [*HeldError]. It decides eligibility only; a [Disposition] carries the decisions.
//
// A hold counts if it names the record or may find it by its Query. The days of a Query are not looked at here, so that a
// hold is never overlooked: who knows the versions asks [Hold.CoversVersions] and leaves out the holds that find none.
func (t Term) Disposable(ref hipaasmp.Ref, on hipaasmp.Date, holds ...Hold) error {
	var matters []string
	for _, h := range holds {
		if h.OpenFor(ref) {
			matters = append(matters, h.Matter)
		}
	}
	if len(matters) > 0 {
		return &HeldError{Ref: ref, Matters: matters}
	}
	if !t.Running || on.IsZero() || on.Before(t.FirstDisposal) {
		return &RetainedError{Ref: ref, Until: t.KeepThrough, FirstDisposal: t.FirstDisposal, Rule: t.Rule.ID, Reason: t.reason()}
	}
	return nil
}

// reason is the line of the trace that decided.
func (t Term) reason() string {
	for _, line := range t.Trace {
		if strings.HasPrefix(line, t.Rule.ID+": ") {
			return line
		}
	}
	return "no retention has been computed"
}
