package remediation

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/risk"
)

// KindPlan is the kind of [Plan].
const KindPlan hipaasmp.Kind = "remediation.plan"

// PlannedFinding is a finding as the plan saw it.
type PlannedFinding struct {
	// Finding is its identity in the analysis.
	Finding string `json:"finding" validate:"required,docid"`
	// Title says in one line what may go wrong.
	Title string `json:"title" validate:"required,text"`
	// Level is the current level of risk; not assessed where nobody knows.
	Level risk.Level `json:"level" validate:"enum"`
}

// Commitment is what the entity undertakes about one finding.
type Commitment struct {
	// Finding is the identity of the finding.
	Finding string `json:"finding" validate:"required,docid"`
	// Treatment is the kind of treatment.
	Treatment Treatment `json:"treatment" validate:"enum"`
	// Item is the identity of the item; absent where the risk is accepted without one.
	Item string `json:"item,omitempty" validate:"omitempty,docid"`
	// Title says what is to be done, and State where the item stood when the plan was approved; absent without an item.
	Title string `json:"title,omitempty" validate:"omitempty,text"`
	State State  `json:"state,omitempty" validate:"omitempty,enum"`
	// Acceptance is the identity of the decision to accept; absent for any other treatment.
	Acceptance string `json:"acceptance,omitempty" validate:"omitempty,docid"`
	// Owner is the identity of who answers for it: the item's owner, or who asked for the acceptance.
	Owner string `json:"owner" validate:"required,docid"`
	// Due is the last day: for an item to be in place, for an acceptance to be in force.
	Due hipaasmp.Date `json:"due" validate:"required"`
	// Specification is the provision that it satisfies.
	Specification hipaasmp.Citation `json:"specification" validate:"citation"`
	// DependsOn are the identities of the items that have to be in place before; absent where it waits for none.
	DependsOn []string `json:"depends_on,omitempty" validate:"dive,docid"`
	// Milestones are the steps on the way, as they were when the plan was approved.
	Milestones []Milestone `json:"milestones,omitempty" validate:"dive"`
	// CostUSD is the expected cost in US dollars; absent where nobody knows.
	CostUSD *decimal.Decimal `json:"cost_usd,omitempty" validate:"omitempty,decmin=0"`
}

// Approval is the approval of a plan by management.
type Approval struct {
	// Management is who approved.
	Management hipaasmp.Actor `json:"management"`
	// At is when, in UTC to the microsecond.
	At time.Time `json:"at" validate:"instant"`
	// On is the day in the entity's zone.
	On hipaasmp.Date `json:"on" validate:"required"`
}

// Plan is the approved risk management plan: every finding of an analysis, and what is undertaken about those above
// the acceptable level. It is made by [BuildPlan] and is in effect from its approval until [Plan.Supersede].
type Plan struct {
	hipaasmp.Header
	// Analysis is the risk analysis that the plan answers.
	Analysis hipaasmp.Ref `json:"analysis"`
	// AcceptableLevel is the level approved with the analysis.
	AcceptableLevel risk.Level `json:"acceptable_level" validate:"enum"`
	// Findings are all findings of the analysis, so that the plan can be checked by itself.
	Findings []PlannedFinding `json:"findings" validate:"min=1,dive"`
	// Commitments are what is undertaken; several may treat one finding.
	Commitments []Commitment `json:"commitments,omitempty" validate:"dive"`
	// Zone is the IANA name of the zone in which the days are counted.
	Zone string `json:"zone" validate:"required,text"`
	// Approval says who approved the plan, and when.
	Approval Approval `json:"approval"`
	// InEffect is the time in which the plan governs; open while it does.
	InEffect hipaasmp.Period `json:"in_effect"`
	// SupersededBy is the plan that took its place; absent while in effect.
	SupersededBy *hipaasmp.Ref `json:"superseded_by,omitempty"`
}

var _ hipaasmp.Record = Plan{}

// Citations returns the provisions that the plan documents.
func (Plan) Citations() []hipaasmp.Citation {
	return []hipaasmp.Citation{hipaasmp.CiteRiskManagement, hipaasmp.CiteWrittenRecord}
}

// RetentionBasis returns documentation that was created on the day of approval and governs while it is in effect.
func (p Plan) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: p.Approval.On, InEffect: []hipaasmp.Period{p.InEffect}}
}

// NotAssessed lists the findings without a level. The plan says nothing about them, because nobody knows whether they
// are above the acceptable level.
func (p Plan) NotAssessed() []PlannedFinding {
	var out []PlannedFinding
	for _, x := range p.Findings {
		if !x.Level.Assessed() {
			out = append(out, x)
		}
	}
	return out
}

// Cost adds up the expected costs of the items of the plan, in US dollars, and lists the items whose cost nobody knows.
func (p Plan) Cost() (usd decimal.Decimal, unknown []string) {
	for _, c := range p.Commitments {
		switch {
		case c.CostUSD != nil:
			usd = usd.Add(*c.CostUSD)
		case c.Item != "":
			unknown = append(unknown, c.Item)
		}
	}
	return usd, unknown
}

// Validate returns every fault of the plan, a finding above the acceptable level without a commitment among them.
func (p Plan) Validate() error {
	return validate.Check(p, KindPlan, p.Schema, func(f *validate.Faults) {
		FindingRef{Analysis: p.Analysis}.check(f, "")
		if p.AcceptableLevel == risk.LevelNotAssessed {
			f.Cite(FaultAcceptable, hipaasmp.CiteRiskManagement, "/acceptable_level", "is not a level; use the one that management approved with the analysis")
		}
		checkZone(f, "", p.Zone)
		if r := p.Approval.Management.Role; r != hipaasmp.RoleManagement && r != "" {
			f.Cite(hipaasmp.FaultAuthority, hipaasmp.CiteRiskManagement, "/approval/management/role", "is %q; a plan is approved as %s", r, hipaasmp.RoleManagement)
		}
		f.Day(FaultDay, "/approval/on", p.Approval.At, p.Approval.On)
		checkPeriod(f, p.DocumentRef(), p.Approval.On, p.InEffect, p.SupersededBy)
		p.checkCommitments(f)
	})
}

func (p Plan) checkCommitments(f *validate.Faults) {
	findings := map[string]bool{}
	for n, x := range p.Findings {
		if findings[x.Finding] {
			f.Add(hipaasmp.FaultIdentity, hipaasmp.Pointer("findings", n, "finding"), "%q is listed twice; name each finding once", x.Finding)
		}
		findings[x.Finding] = true
	}
	treated, items := map[string]bool{}, map[string]bool{}
	for n, c := range p.Commitments {
		at := hipaasmp.Pointer("commitments", n)
		treated[c.Finding] = true
		if !findings[c.Finding] && hipaasmp.ValidID(c.Finding) {
			f.Add(hipaasmp.FaultDangling, at+"/finding", "%q is no finding of the plan; correct the reference", c.Finding)
		}
		if items[c.Item] {
			f.Add(hipaasmp.FaultIdentity, at+"/item", "%q is undertaken twice; an item treats one finding", c.Item)
		}
		items[c.Item] = c.Item != ""
		validate.Unique(f, at+"/milestones", c.Milestones, func(m Milestone) string { return m.ID })
		accept := c.Treatment == TreatmentAccept
		switch {
		case !c.Treatment.IsValid():
		case accept && c.Acceptance == "":
			f.Cite(FaultNotAccepted, hipaasmp.CiteRiskManagement, at+"/acceptance", "is missing; name the decision by which the risk is accepted")
		case !accept && (c.Acceptance != "" || c.Item == ""):
			f.Cite(FaultCommitment, hipaasmp.CiteRiskManagement, at+"/item", "a treatment of %s is an item and no acceptance; name the item", c.Treatment)
		}
	}
	p.checkCircle(f)
	for n, x := range p.Findings {
		if above, ok := x.Level.Exceeds(p.AcceptableLevel); ok && above && !treated[x.Finding] {
			f.Cite(FaultUntreated, hipaasmp.CiteRiskManagement, hipaasmp.Pointer("findings", n), "finding %q is %s, above the acceptable %s, and nothing treats it; propose an item or have the risk accepted", x.Finding, say(x.Level), say(p.AcceptableLevel))
		}
	}
}

// checkCircle refuses commitments that wait for each other in a circle. Items that are not of the plan may be waited for.
func (p Plan) checkCircle(f *validate.Faults) {
	var items []Item
	var at []int
	for n, c := range p.Commitments {
		if c.Item != "" {
			items, at = append(items, Item{Header: hipaasmp.Header{ID: c.Item}, DependsOn: c.DependsOn}), append(at, n)
			checkDependsOn(f, hipaasmp.Pointer("commitments", n, "depends_on"), c.Item, c.DependsOn)
		}
	}
	waits := make([][]int, len(items))
	for n, i := range items {
		for _, id := range i.DependsOn {
			if m := slices.IndexFunc(items, func(o Item) bool { return o.ID == id }); m >= 0 && m != n {
				waits[n] = append(waits[n], m)
			}
		}
	}
	addCycle(f, items, waits, func(n int) string { return hipaasmp.Pointer("commitments", at[n], "depends_on") })
}

// Supersede closes the period of the plan: lastDay is the last day on which it governed, and by is the plan that took
// its place. The result is a new version of the same record. A plan that is superseded already is refused.
func (p Plan) Supersede(by hipaasmp.Ref, lastDay hipaasmp.Date) (Plan, error) {
	next := p.clone()
	var err error
	if next.InEffect, next.SupersededBy, err = supersede(p.DocumentRef(), p.InEffect, p.SupersededBy, by, lastDay); err != nil {
		return p, err
	}
	if err := next.Validate(); err != nil {
		return p, err
	}
	return next, nil
}

func (p Plan) clone() Plan {
	p.Findings = append([]PlannedFinding(nil), p.Findings...)
	p.Commitments = append([]Commitment(nil), p.Commitments...)
	for n := range p.Commitments {
		c := &p.Commitments[n]
		c.DependsOn, c.Milestones, c.CostUSD = slices.Clone(c.DependsOn), slices.Clone(c.Milestones), clonePointer(c.CostUSD)
	}
	p.SupersededBy = clonePointer(p.SupersededBy)
	return p
}
