package sanction

import (
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Approval is who put a policy in effect, and on which day.
type Approval struct {
	// By is who approved.
	By hipaasmp.Actor `json:"by"`
	// On is the day of the approval in the entity's zone.
	On hipaasmp.Date `json:"on" validate:"required"`
}

// PolicyReview is one review of a policy that is in effect (164.316(b)(2)(iii)).
type PolicyReview struct {
	// By is who reviewed.
	By hipaasmp.Actor `json:"by"`
	// On is the day of the review.
	On hipaasmp.Date `json:"on" validate:"required"`
	// Result says what came of it, for example that nothing had to change.
	Result string `json:"result" validate:"required,text,max=2000"`
}

// Policy is one approved version of the sanction policy. Each version is a document of its own, so that the one in
// force on the day of an act is found again; [Policy.Supersede] ends it when the next takes effect.
type Policy struct {
	hipaasmp.Header
	// EntityType decides whether the duties of 164.530(e) are named.
	EntityType hipaasmp.EntityType `json:"entity_type" validate:"enum"`
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
	// Reviews lists the reviews since, oldest first.
	Reviews []PolicyReview `json:"reviews,omitempty" validate:"dive"`
	Terms
}

var _ hipaasmp.Record = Policy{}

// Issue is what identifies a policy version when it is approved.
type Issue struct {
	// ID is the identity of the new document.
	ID string
	// EntityType is whether the entity is a covered entity or a business associate.
	EntityType hipaasmp.EntityType
	// Version is the label of the version.
	Version string
	// Effective is the time in which it governs; leave To unset.
	Effective hipaasmp.Period
	// Replaces is the version before; leave it unset for the first.
	Replaces hipaasmp.Ref
}

// Approve makes a policy version of the terms. It takes a person with [hipaasmp.PowerApprovePolicy], and a first day in
// effect that is not before the approval: a policy is not backdated. The error is a [*hipaasmp.ValidationError] with
// every fault, and where authority is missing a [*hipaasmp.AuthorityError] as well.
func (t Terms) Approve(issue Issue, by hipaasmp.Actor, on hipaasmp.Date, may hipaasmp.Authority) (Policy, error) {
	p := Policy{
		Header:     hipaasmp.NewHeader(KindPolicy, issue.ID),
		EntityType: issue.EntityType,
		Version:    issue.Version,
		Created:    on,
		Effective:  issue.Effective,
		Approval:   Approval{By: by, On: on},
		Terms:      t.clone(),
	}
	if !issue.Replaces.IsZero() {
		p.Replaces = &issue.Replaces
	}
	if err := p.Validate(); err != nil {
		return Policy{}, err
	}
	if err := authorised(p.DocumentRef(), "/approval/by", may, by, hipaasmp.PowerApprovePolicy, on); err != nil {
		return Policy{}, err
	}
	return p, nil
}

// Supersede returns the policy with its last day in effect set. The retention clock of the version starts on that day
// (164.316(b)(2)(i)). A version that has ended already, or would end before it began, is refused.
func (p Policy) Supersede(lastDay hipaasmp.Date) (Policy, error) {
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

// Review returns the policy with a review recorded. What had to change goes into the next version.
func (p Policy) Review(by hipaasmp.Actor, on hipaasmp.Date, result string) (Policy, error) {
	next := p
	next.Reviews = append(slices.Clone(p.Reviews), PolicyReview{By: by, On: on, Result: result})
	if err := next.Validate(); err != nil {
		return p, err
	}
	return next, nil
}

// ReviewDue returns the day by which the entity's own interval asks for the next review, counted from the last review or
// the approval; zero where the policy sets no interval.
func (p Policy) ReviewDue() hipaasmp.Date { return p.reviewDueAt(hipaasmp.Date{}) }

// reviewDueAt looks only at reviews until asOf, where asOf is set.
func (p Policy) reviewDueAt(asOf hipaasmp.Date) hipaasmp.Date {
	if p.ReviewMonths <= 0 {
		return hipaasmp.Date{}
	}
	last := p.Approval.On
	for _, r := range p.Reviews {
		if r.On.After(last) && (asOf.IsZero() || !r.On.After(asOf)) {
			last = r.On
		}
	}
	return last.AddMonths(p.ReviewMonths)
}

// Extract returns what a case under this version keeps of it.
func (p Policy) Extract() Extract {
	return p.extract(p.DocumentRef(), p.Version, p.Effective)
}

// InForce returns the versions in effect on the day, the newest first. An entity has one; two are a sign that a version
// was not superseded.
func InForce(policies []Policy, on hipaasmp.Date) []Policy {
	var out []Policy
	for _, p := range policies {
		if p.Effective.Contains(on) {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b Policy) int { return b.Effective.From.Compare(a.Effective.From) })
	return out
}

// Citations returns the provisions that the policy documents: the specification, the written policies of 164.316(b)(1)(i),
// and 164.530(e)(1) for a covered entity.
func (p Policy) Citations() []hipaasmp.Citation {
	return citations(p.EntityType, hipaasmp.CitePrivacySanctions, hipaasmp.CiteWrittenPolicies)
}

// RetentionBasis returns a document whose clock stands still while the version is in effect.
func (p Policy) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: p.Created, InEffect: []hipaasmp.Period{p.Effective}}
}

// Validate returns every fault of the policy.
func (p Policy) Validate() error {
	return validate.Check(p, KindPolicy, p.Schema, func(f *validate.Faults) {
		unique(f, "/ladder", "/id", p.Ladder, func(r Rung) string { return r.ID })
		unique(f, "/categories", "/id", p.Categories, func(c Category) string { return c.ID })
		unique(f, "/factors", "/id", p.Factors, func(x Factor) string { return x.ID })
		unique(f, "/procedure", "/id", p.Procedure, func(s ProcedureStep) string { return s.ID })
		oneAppeal(f, "/procedure", p.Procedure, func(s ProcedureStep) Stage { return s.Stage })
		ladder := p.Extract().Ladder
		for i, c := range p.Categories {
			checkRange(f, hipaasmp.Pointer("categories", i), ladder, c.Least, c.Most)
		}
		validate.InOrder(f, "/effective", p.Effective)
		day, approved := p.Effective.From, p.Approval.On
		if !day.IsZero() && day.Before(approved) {
			f.Cite(hipaasmp.FaultOrder, hipaasmp.CiteWrittenPolicies, "/effective/from", "%s is before the approval on %s; a policy is not backdated", day, approved)
		}
		if p.Created.After(approved) && !approved.IsZero() {
			f.Add(hipaasmp.FaultOrder, "/created", "%s is after the approval on %s", p.Created, approved)
		}
		person(f, "/approval/by", "approve a policy", p.Approval.By)
		last := approved
		for i, r := range p.Reviews {
			if r.On.Before(last) && !r.On.IsZero() {
				f.Add(hipaasmp.FaultOrder, hipaasmp.Pointer("reviews", i, "on"), "%s is before %s; list reviews oldest first, after the approval", r.On, last)
			} else {
				last = r.On
			}
			person(f, hipaasmp.Pointer("reviews", i, "by"), "review a policy", r.By)
		}
		if p.Replaces != nil && p.Replaces.Newest() == p.DocumentRef() {
			f.Add(hipaasmp.FaultDangling, "/replaces", "is the version itself; give each version a document of its own")
		}
	})
}

// person adds a fault where a program stands for a person.
func person(f *validate.Faults, pointer, what string, who hipaasmp.Actor) {
	if who.Role == hipaasmp.RoleSystem {
		f.Add(FaultProgram, pointer, "is a program, which does not %s; name the person", what)
	}
}
