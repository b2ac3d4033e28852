package review

import (
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Approval is who put a procedure in effect, and on which day.
type Approval struct {
	// By is who approved.
	By hipaasmp.Actor `json:"by"`
	// On is the day of the approval in the entity's zone.
	On hipaasmp.Date `json:"on" validate:"required"`
}

// ProcedureReview is one review of a procedure that is in effect (164.316(b)(2)(iii)).
type ProcedureReview struct {
	// By is who reviewed.
	By hipaasmp.Actor `json:"by"`
	// On is the day of the review.
	On hipaasmp.Date `json:"on" validate:"required"`
	// Result says what came of it, for example that nothing had to change.
	Result string `json:"result" validate:"required,text,max=2000"`
}

// Procedure is one approved version of the procedure by which records of activity are reviewed. Each version is a
// document of its own; [Procedure.Supersede] ends it when the next takes effect.
type Procedure struct {
	hipaasmp.Header
	// Version is the label that people know the version by, for example "2026-1".
	Version string `json:"version" validate:"required,text,max=64"`
	// Created is the day on which the version came into being: the day of its approval.
	Created hipaasmp.Date `json:"created" validate:"required"`
	// Effective is the time in which the version governs; open while it does.
	Effective hipaasmp.Period `json:"effective"`
	// Replaces is the version before, where there is one.
	Replaces *hipaasmp.Ref `json:"replaces,omitempty"`
	// Approval is who put it in effect.
	Approval Approval `json:"approval"`
	// Reviews lists the reviews of the procedure since, oldest first.
	Reviews []ProcedureReview `json:"reviews,omitempty" validate:"dive"`
	Terms
}

var _ hipaasmp.Record = Procedure{}

// Issue is what identifies a procedure version when it is approved.
type Issue struct {
	// ID is the identity of the new document.
	ID string
	// Version is the label of the version.
	Version string
	// Effective is the time in which it governs; leave To unset.
	Effective hipaasmp.Period
	// Replaces is the version before; leave it unset for the first.
	Replaces hipaasmp.Ref
}

// Approve makes a procedure version of the terms. It takes a person with [hipaasmp.PowerApprovePolicy], and a first day
// in effect that is not before the approval: a procedure is not backdated. The error is a [*hipaasmp.ValidationError]
// with every fault; where authority is missing, errors.As also finds what the authority said.
func (t Terms) Approve(issue Issue, by hipaasmp.Actor, on hipaasmp.Date, may hipaasmp.Authority) (Procedure, error) {
	p := Procedure{
		Header:    hipaasmp.NewHeader(KindProcedure, issue.ID),
		Version:   issue.Version,
		Created:   on,
		Effective: issue.Effective,
		Approval:  Approval{By: by, On: on},
		Terms:     t.clone(),
	}
	if !issue.Replaces.IsZero() {
		p.Replaces = &issue.Replaces
	}
	if err := p.Validate(); err != nil {
		return Procedure{}, err
	}
	var f validate.Faults
	f.May(may, "/approval/by", by, hipaasmp.PowerApprovePolicy, on)
	if err := f.Err(p.DocumentRef()); err != nil {
		return Procedure{}, err
	}
	return p, nil
}

// Supersede returns the procedure with its last day in effect set. The retention clock of the version starts on that day
// (164.316(b)(2)(i)). A version that has ended already, or would end before it began, is refused.
func (p Procedure) Supersede(lastDay hipaasmp.Date) (Procedure, error) {
	fault := func(format string, args ...any) error {
		return hipaasmp.Invalid(p.DocumentRef(), []hipaasmp.Fault{{Code: hipaasmp.FaultOrder, Pointer: "/effective/to", Citation: hipaasmp.CiteTimeLimit, Message: fmt.Sprintf(format, args...)}})
	}
	if !p.Effective.Open() {
		return p, fault("the version ended on %s already; a last day in effect is set once", p.Effective.To)
	}
	if lastDay.IsZero() {
		return p, fault("is missing; name the last day on which the version governs")
	}
	next := p
	next.Effective.To = lastDay
	if err := next.Validate(); err != nil {
		return p, err
	}
	return next, nil
}

// Review returns the procedure with a review of it recorded. What had to change goes into the next version.
func (p Procedure) Review(by hipaasmp.Actor, on hipaasmp.Date, result string) (Procedure, error) {
	next := p
	next.Reviews = append(slices.Clone(p.Reviews), ProcedureReview{By: by, On: on, Result: result})
	if err := next.Validate(); err != nil {
		return p, err
	}
	return next, nil
}

// InForce returns the versions that govern on the day, the one that took effect last first.
func InForce(procedures []Procedure, on hipaasmp.Date) []Procedure {
	var out []Procedure
	for _, p := range procedures {
		if p.Effective.Contains(on) {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b Procedure) int { return b.Effective.From.Compare(a.Effective.From) })
	return out
}

// Citations returns the provisions that the procedure documents.
func (Procedure) Citations() []hipaasmp.Citation {
	return []hipaasmp.Citation{hipaasmp.CiteActivityReview, hipaasmp.CiteAuditControls, hipaasmp.CiteWrittenPolicies}
}

// RetentionBasis returns a document that stays in effect until it is superseded.
func (p Procedure) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: p.Created, InEffect: []hipaasmp.Period{p.Effective}}
}

// Validate returns every fault of the version.
func (p Procedure) Validate() error {
	return validate.Check(p, KindProcedure, p.Schema, func(f *validate.Faults) {
		validate.InOrder(f, "/effective", p.Effective)
		if on := p.Approval.On; !on.IsZero() {
			if p.Created != on && !p.Created.IsZero() {
				f.Cite(hipaasmp.FaultOrder, hipaasmp.CiteTimeLimit, "/created", "%s is not %s, the day of the approval", p.Created, on)
			}
			if p.Effective.From.Before(on) && !p.Effective.From.IsZero() {
				f.Cite(hipaasmp.FaultOrder, hipaasmp.CiteTimeLimit, "/effective/from", "%s is before %s, the day of the approval; a procedure is not backdated", p.Effective.From, on)
			}
		}
		person(f, "/approval/by", "approve a procedure", p.Approval.By)
		if p.Replaces != nil {
			if p.Replaces.Kind != KindProcedure && p.Replaces.Kind != "" {
				f.Add(hipaasmp.FaultDangling, "/replaces/kind", "is %q; a procedure replaces a %s", p.Replaces.Kind, KindProcedure)
			}
			if p.Replaces.Newest() == p.DocumentRef() {
				f.Add(hipaasmp.FaultDangling, "/replaces", "is the procedure itself; each version is a document of its own")
			}
		}
		last := p.Approval.On
		for i, r := range p.Reviews {
			at := hipaasmp.Pointer("reviews", i)
			person(f, at+"/by", "review a procedure", r.By)
			if r.On.Before(last) && !r.On.IsZero() {
				f.Add(hipaasmp.FaultOrder, at+"/on", "%s is before %s; reviews follow the approval and each other", r.On, last)
			}
			last = r.On
		}
		p.Terms.check(f)
	})
}
