package review

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// RuleTerms is what an explanation rule says, before somebody with authority approves it. It is made of an exception that
// was explained, by [Content.RuleOf], or written out.
type RuleTerms struct {
	// Detector is whose findings it explains.
	Detector detect.ID `json:"detector" validate:"required,docid"`
	// Actor is whose findings, as the log has the identity; absent for everybody's.
	Actor string `json:"actor,omitempty" validate:"max=1024"`
	// Source is the source in whose records; absent for all.
	Source string `json:"source,omitempty" validate:"omitempty,docid"`
	// Valid are the days on which all that is known of a finding must lie. Both ends are needed: a rule that never ends
	// explains what nobody has thought of.
	Valid hipaasmp.Period `json:"valid"`
	// Reason is the reason's code, and Words say why such a finding is explained, free of protected health information.
	Reason Explanation `json:"reason" validate:"enum"`
	Words  string      `json:"words" validate:"required,text,max=2000"`
	// Proposed is who asks for the rule, and on which day.
	Proposed Approval `json:"proposed"`
	// From is the session or the record with the exception that the rule was made of, and Exception its identity; absent
	// where there is none.
	From      *hipaasmp.Ref `json:"from,omitempty"`
	Exception string        `json:"exception,omitempty" validate:"omitempty,docid"`
}

// Withdrawal ends a rule before its last day.
type Withdrawal struct {
	// By is who withdrew the rule, and On the day, which is the last on which it explains anything.
	By hipaasmp.Actor `json:"by"`
	On hipaasmp.Date  `json:"on" validate:"required"`
	// Why says why.
	Why string `json:"why" validate:"required,text,max=2000"`
}

// ExplanationRule is a dated rule by which findings are explained that would otherwise be explained again and again. It has
// an approver, who is not the one who asked for it, and it ends. Which sessions used it, [Records.RuleUses] says.
type ExplanationRule struct {
	hipaasmp.Header
	RuleTerms
	// Approval is who put it in effect, and on which day.
	Approval Approval `json:"approval"`
	// Withdrawn ends it early; absent for a rule that was not withdrawn.
	Withdrawn *Withdrawal `json:"withdrawn,omitempty"`
}

var _ hipaasmp.Record = ExplanationRule{}

// RuleOf returns the terms of a rule for findings like an explained exception: of the same detector, actor and source, with
// the reason that was given. Set Valid and Proposed. The result is false where the exception is not explained, or its reason
// makes no rule.
func (c Content) RuleOf(exception string, from hipaasmp.Ref) (RuleTerms, bool) {
	e, ok := c.Exception(exception)
	if !ok || e.Disposition == nil || !e.Disposition.Explanation.recurs() {
		return RuleTerms{}, false
	}
	return RuleTerms{Detector: e.Detector, Actor: e.Actor, Source: e.Source, Reason: e.Disposition.Explanation, Words: e.Disposition.Words, From: &from, Exception: e.ID}, true
}

// recurs reports whether the reason can hold again: a slip and a duplicate are each an event of their own.
func (e Explanation) recurs() bool {
	return e.IsValid() && e != ExplanationMistake && e != ExplanationDuplicate
}

// Approve makes a rule of the terms. It takes a person with [hipaasmp.PowerApprovePolicy] who is not the one who proposed it. The
// error is a [*hipaasmp.ValidationError] with every fault.
func (t RuleTerms) Approve(id string, by hipaasmp.Actor, on hipaasmp.Date, may hipaasmp.Authority) (ExplanationRule, error) {
	if t.From != nil {
		from := *t.From
		t.From = &from
	}
	r := ExplanationRule{Header: hipaasmp.NewHeader(KindExplanationRule, id), RuleTerms: t, Approval: Approval{By: by, On: on}}
	if err := r.Validate(); err != nil {
		return ExplanationRule{}, err
	}
	var f validate.Faults
	f.May(may, "/approval/by", by, hipaasmp.PowerApprovePolicy, on)
	if err := f.Err(r.DocumentRef()); err != nil {
		return ExplanationRule{}, err
	}
	return r, nil
}

// Withdraw returns the rule ended on the day, for the reason. What it explained until then stays explained.
func (r ExplanationRule) Withdraw(by hipaasmp.Actor, on hipaasmp.Date, why string) (ExplanationRule, error) {
	if r.Withdrawn != nil {
		return r, hipaasmp.Invalid(r.DocumentRef(), []hipaasmp.Fault{{Code: hipaasmp.FaultOrder, Pointer: "/withdrawn", Citation: hipaasmp.CiteActivityReview,
			Message: fmt.Sprintf("the rule was withdrawn on %s already", r.Withdrawn.On)}})
	}
	next := r
	next.Withdrawn = &Withdrawal{By: by, On: on, Why: why}
	if err := next.Validate(); err != nil {
		return r, err
	}
	return next, nil
}

// InEffect returns the days whose findings the rule explains: from its first day to the earlier of its last day and the
// withdrawal. The first day may lie before the approval, so that a rule explains the findings that led to it.
func (r ExplanationRule) InEffect() hipaasmp.Period {
	p := r.Valid
	if r.Withdrawn != nil && r.Withdrawn.On.Before(p.To) {
		p.To = r.Withdrawn.On
	}
	return p
}

// Explains reports whether the rule explains the finding in the records of the source, with its days counted in the zone of
// the review: its detector, actor and source are those of the rule, and its first and last time are known and lie in the
// days of the rule.
func (r ExplanationRule) Explains(f detect.Finding, source string, zone string) bool {
	loc, err := location(zone)
	if err != nil || f.First.IsZero() || f.Detector != r.Detector || r.Actor != "" && f.Actor != r.Actor || r.Source != "" && source != r.Source {
		return false
	}
	in := r.InEffect()
	return in.Contains(hipaasmp.DateOf(f.First, loc)) && in.Contains(hipaasmp.DateOf(f.Last, loc))
}

// Explanation returns the rule in the form in which a [detect.Budget] takes it. The budget does not know sources: give it
// the rules of the source at hand.
func (r ExplanationRule) Explanation() detect.Explanation {
	return detect.Explanation{ID: r.ID, Detector: r.Detector, Actor: r.Actor, Valid: r.InEffect(), Reason: r.Words, Approver: r.Approval.By.ID}
}

// Citations returns the provisions that the rule documents.
func (ExplanationRule) Citations() []hipaasmp.Citation {
	return []hipaasmp.Citation{hipaasmp.CiteActivityReview, hipaasmp.CiteWrittenRecord}
}

// RetentionBasis returns a document that is in effect until its last day: the rule's, or that of the withdrawal.
func (r ExplanationRule) RetentionBasis() hipaasmp.RetentionBasis {
	in := r.InEffect()
	if in.From.Before(r.Approval.On) {
		in.From = r.Approval.On
	}
	if in.To.Before(in.From) {
		in.To = in.From
	}
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassReviewRecord, Created: r.Approval.On, InEffect: []hipaasmp.Period{in}}
}

// maxRuleYears is the longest time for which a rule may be valid. It is a choice of this package.
const maxRuleYears = 3

// Validate returns every fault of the rule.
func (r ExplanationRule) Validate() error {
	return validate.Check(r, KindExplanationRule, r.Schema, func(f *validate.Faults) {
		fault := func(pointer, format string, args ...any) {
			f.Cite(FaultRule, hipaasmp.CiteActivityReview, pointer, format, args...)
		}
		validate.InOrder(f, "/valid", r.Valid)
		switch {
		case r.Valid.Open() && !r.Valid.From.IsZero():
			fault("/valid/to", "is missing; an explanation rule ends, and is approved anew where it still holds")
		case r.Valid.InOrder() && r.Valid.To.After(r.Valid.From.AddYears(maxRuleYears)):
			fault("/valid/to", "%s is more than %d years after %s; approve the rule anew where it still holds", r.Valid.To, maxRuleYears, r.Valid.From)
		}
		if r.Reason.IsValid() && !r.Reason.recurs() {
			fault("/reason", "%q is a reason of one finding and makes no rule; look at each", r.Reason)
		}
		person(f, "/proposed/by", "propose an explanation rule", r.Proposed.By)
		person(f, "/approval/by", "approve an explanation rule", r.Approval.By)
		if id := r.Approval.By.ID; id != "" && id == r.Proposed.By.ID {
			f.Cite(hipaasmp.FaultSegregation, hipaasmp.CiteActivityReview, "/approval/by/id", "is who proposed the rule; have somebody else approve it")
		}
		if id := r.Approval.By.ID; id != "" && id == r.Actor {
			f.Cite(hipaasmp.FaultSegregation, hipaasmp.CiteActivityReview, "/approval/by/id", "is the actor whose findings the rule explains; have somebody else approve it")
		}
		if r.Approval.On.Before(r.Proposed.On) && !r.Approval.On.IsZero() {
			f.Add(hipaasmp.FaultOrder, "/approval/on", "%s is before %s, when the rule was proposed", r.Approval.On, r.Proposed.On)
		}
		if (r.From != nil) != (r.Exception != "") {
			fault("/exception", "belongs to a rule that was made of an exception, which names the session or record as well")
		}
		if r.From != nil && r.From.Kind != "" && r.From.Kind != KindSession && r.From.Kind != KindRecord {
			f.Add(hipaasmp.FaultDangling, "/from/kind", "is %q; a rule is made of an exception of a %s or a %s", r.From.Kind, KindSession, KindRecord)
		}
		if w := r.Withdrawn; w != nil {
			person(f, "/withdrawn/by", "withdraw an explanation rule", w.By)
			if w.On.Before(r.Approval.On) && !w.On.IsZero() {
				f.Add(hipaasmp.FaultOrder, "/withdrawn/on", "%s is before %s, the day of the approval", w.On, r.Approval.On)
			}
		}
	})
}

// ExplainBy disposes of an exception by an approved rule, whose code and words it takes. It is refused where the rule does
// not explain the exception, or was not approved yet.
func (s Session) ExplainBy(id string, by hipaasmp.Actor, at time.Time, rule ExplanationRule) (Session, error) {
	if err := rule.Validate(); err != nil {
		return s, err
	}
	e, ok := s.Exception(id)
	loc, _ := location(s.Zone)
	why := ""
	switch on := hipaasmp.DateOf(hipaasmp.Instant(at), loc); {
	case !ok:
		return s, s.dangling("/exceptions", "holds no exception with this identity; take it from the session's list")
	case on.Before(rule.Approval.On):
		why = fmt.Sprintf("was approved on %s, after %s", rule.Approval.On, on)
	case !rule.Explains(e.Finding, e.Source, s.Zone):
		why = fmt.Sprintf("does not explain the exception: it is for %s from %s", rule.Detector, rule.InEffect())
	}
	if why != "" {
		return s, hipaasmp.Invalid(s.DocumentRef(), []hipaasmp.Fault{{Code: FaultRule, Citation: hipaasmp.CiteActivityReview,
			Pointer: hipaasmp.Pointer("exceptions", s.exception(id)), Message: "rule " + rule.ID + " " + why + "; look at the exception by itself"}})
	}
	ref := rule.DocumentRef()
	return s.take(id, ExceptionExplain, by, at, "", &Disposition{Explanation: rule.Reason, Words: rule.Words, Rule: &ref})
}

// RuleUse says which exceptions of a session or record were explained by a rule.
type RuleUse struct {
	// Rule is the rule, as the exceptions name it.
	Rule hipaasmp.Ref
	// Used is the record; a session that is still open stands for it.
	Used hipaasmp.Ref
	// Period is what was reviewed there.
	Period hipaasmp.Period
	// Exceptions are the identities of the exceptions.
	Exceptions []string
}

// RuleUses lists where rules were used, until the day, in order of rule and period.
func (r Records) RuleUses(asOf hipaasmp.Date) []RuleUse {
	var out []RuleUse
	r.explainedBy(asOf, func(ref hipaasmp.Ref, c Content, e Exception, _ hipaasmp.Date) {
		rule := e.Disposition.Rule.Newest()
		if i := slices.IndexFunc(out, func(u RuleUse) bool { return u.Rule == rule && u.Used == ref }); i >= 0 {
			out[i].Exceptions = append(out[i].Exceptions, e.ID)
			return
		}
		out = append(out, RuleUse{Rule: rule, Used: ref, Period: c.Period, Exceptions: []string{e.ID}})
	})
	slices.SortStableFunc(out, func(a, b RuleUse) int {
		return cmp.Or(cmp.Compare(a.Rule.ID, b.Rule.ID), a.Period.From.Compare(b.Period.From), cmp.Compare(a.Used.ID, b.Used.ID))
	})
	return out
}

// explainedBy shows every exception that a rule explains in the standing records and the open sessions, with the day.
func (r Records) explainedBy(asOf hipaasmp.Date, show func(hipaasmp.Ref, Content, Exception, hipaasmp.Date)) {
	r.contents(asOf, func(ref hipaasmp.Ref, c Content) {
		loc, _ := location(c.Zone)
		for _, e := range c.Exceptions {
			if d := e.Disposition; d != nil && d.Rule != nil {
				if on := hipaasmp.DateOf(d.At, loc); !on.After(asOf) {
					show(ref, c, e, on)
				}
			}
		}
	})
}
