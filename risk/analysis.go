package risk

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// KindAnalysis is the kind of [Analysis].
const KindAnalysis hipaasmp.Kind = "risk.analysis"

// Analysis is an approved risk analysis: the record of 45 CFR 164.308(a)(1)(ii)(A). It is made by [Draft.Approve] and
// is in effect from the day of its approval until [Analysis.Supersede] closes its period.
type Analysis struct {
	hipaasmp.Header
	Assessment
	// Draft is the draft that was approved.
	Draft hipaasmp.Ref `json:"draft"`
	// Zone is the IANA name of the zone in which the days of the record are counted.
	Zone string `json:"zone" validate:"required,text"`
	// AcceptableLevel is the level of risk up to which management accepts risks without treatment.
	AcceptableLevel Level `json:"acceptable_level" validate:"enum"`
	// Approval says who approved the analysis and the acceptable level, and when.
	Approval Approval `json:"approval"`
	// Predecessor is the analysis before this one; absent where Explanation says why there is none.
	Predecessor *hipaasmp.Ref `json:"predecessor,omitempty"`
	// Explanation says why no analysis came before; absent where Predecessor names one.
	Explanation string `json:"explanation,omitempty" validate:"omitempty,text"`
	// Carried says what became of every finding of the predecessor, where the draft was carried forward.
	Carried []Carried `json:"carried,omitempty" validate:"dive"`
	// InEffect is the time in which the analysis governs; open while it does.
	InEffect hipaasmp.Period `json:"in_effect"`
	// SupersededBy is the analysis that took its place; absent while in effect.
	SupersededBy *hipaasmp.Ref `json:"superseded_by,omitempty"`
}

var _ hipaasmp.Record = Analysis{}

// Citations returns the provisions that the analysis documents.
func (Analysis) Citations() []hipaasmp.Citation {
	return []hipaasmp.Citation{hipaasmp.CiteRiskAnalysis, hipaasmp.CiteWrittenRecord}
}

// RetentionBasis returns documentation that was created on the day of approval and governs while it is in effect.
func (a Analysis) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: a.Approval.On, InEffect: []hipaasmp.Period{a.InEffect}}
}

// Validate returns every fault of the analysis: its shape, the tables behind its scores, its references, its approval
// and its lineage.
func (a Analysis) Validate() error {
	return validate.Check(a, KindAnalysis, a.Schema, func(f *validate.Faults) {
		a.Assessment.check(f)
		if len(a.Inventory.Assets) == 0 {
			f.Cite(FaultEmpty, hipaasmp.CiteRiskAnalysis, "/inventory/assets", "is empty; an analysis covers what holds ePHI")
		}
		if len(a.Findings) == 0 {
			f.Cite(FaultEmpty, hipaasmp.CiteRiskAnalysis, "/findings", "is empty; an analysis without a finding assesses nothing")
		}
		a.checkScale(f)
		if a.AcceptableLevel == LevelNotAssessed {
			f.Cite(FaultAcceptable, hipaasmp.CiteRiskManagement, "/acceptable_level", "is not a level; have management approve one of the five")
		}
		if a.Zone == "Local" {
			f.Add(hipaasmp.FaultZone, "/zone", "is a setting of one machine; use a name such as America/Chicago")
		}
		if a.Draft.Kind != KindDraft && hipaasmp.ValidKind(a.Draft.Kind) {
			f.Add(FaultLineage, "/draft/kind", "is %q; an analysis comes from a %s", a.Draft.Kind, KindDraft)
		}
		a.Approval.check(f)
		a.checkLineage(f)
		a.checkPeriod(f)
		a.checkTimes(f)
		checkCarried(f, a.Carried, a.Assessment)
		for i, c := range a.Carried {
			if c.State == CarryStateUnconfirmed {
				f.Cite(FaultUnconfirmed, hipaasmp.CiteUpdates, hipaasmp.Pointer("carried", i, "state"), "finding %q was carried forward and nobody looked at it again; confirm, re-score or remove it", c.Finding)
			}
		}
	})
}

// checkScale refuses an analysis whose scores are on several scales: nobody could rank them. History is not scored again,
// but the findings of a new analysis are.
func (a Analysis) checkScale(f *validate.Faults) {
	var first ScaleRef
	var where string
	for i, x := range a.Findings {
		for _, p := range x.scores() {
			at := hipaasmp.Pointer("findings", i, p.name, "scale")
			switch {
			case where == "":
				first, where = p.score.Scale, at
			case p.score.Scale != first:
				f.Cite(FaultMixed, hipaasmp.CiteRiskAnalysis, at, "is not the scale at %s; judge the finding again on the scale of the others", where)
			}
		}
	}
	own := openScales(&validate.Faults{}, a.Scales)
	if scale, ok := scaleOf(first, own); ok && a.AcceptableLevel.Assessed() && !scale.Has(a.AcceptableLevel) {
		f.Cite(FaultAcceptable, hipaasmp.CiteRiskManagement, "/acceptable_level", "%q is no level of risk of %s, on which the findings are scored", a.AcceptableLevel, scale.ID())
	}
}

func (a Analysis) checkLineage(f *validate.Faults) {
	switch {
	case a.Predecessor == nil && a.Explanation == "":
		f.Cite(FaultLineage, hipaasmp.CiteRiskAnalysis, "/predecessor", "is missing, and nothing explains why; name the analysis before, or explain that there is none")
	case a.Predecessor != nil && a.Explanation != "":
		f.Cite(FaultLineage, hipaasmp.CiteRiskAnalysis, "/explanation", "explains why there is no predecessor, but one is named; keep one of the two")
	case a.Predecessor != nil && a.Predecessor.Newest() == a.DocumentRef():
		f.Cite(FaultLineage, hipaasmp.CiteRiskAnalysis, "/predecessor", "is the analysis itself; name the one before it")
	}
	checkPredecessor(f, a.Predecessor)
	if a.Predecessor == nil && len(a.Carried) > 0 {
		f.Cite(FaultLineage, hipaasmp.CiteRiskAnalysis, "/carried", "lists carried findings, but no analysis they come from; name the predecessor")
	}
}

func (a Analysis) checkPeriod(f *validate.Faults) {
	validate.InOrder(f, "/in_effect", a.InEffect)
	if !a.Approval.On.IsZero() && !a.InEffect.From.IsZero() && a.InEffect.From != a.Approval.On {
		f.Add(hipaasmp.FaultOrder, "/in_effect/from", "%s is not the day of the approval, %s; an analysis is in effect from its approval", a.InEffect.From, a.Approval.On)
	}
	if (a.SupersededBy == nil) != a.InEffect.Open() {
		f.Cite(FaultSuperseded, hipaasmp.CiteTimeLimit, "/superseded_by", "stands exactly where the period has an end; close an analysis with Supersede")
	}
	if s := a.SupersededBy; s != nil && hipaasmp.ValidKind(s.Kind) && (s.Kind != KindAnalysis || s.Newest() == a.DocumentRef()) {
		f.Cite(FaultSuperseded, hipaasmp.CiteTimeLimit, "/superseded_by", "%s is not another %s", s, KindAnalysis)
	}
}

// checkTimes refuses what is dated after the approval that covers it.
func (a Analysis) checkTimes(f *validate.Faults) {
	late := func(pointer string) {
		f.Add(hipaasmp.FaultOrder, pointer, "is after the approval on %s, which covers it; correct the time or approve later", a.Approval.On)
	}
	for i, d := range a.Inventory.DeclaredNone {
		if d.At.After(a.Approval.At) {
			late(hipaasmp.Pointer("inventory", "declared_none", i, "at"))
		}
	}
	for i, x := range a.Findings {
		for _, p := range x.scores() {
			if p.score.At.After(a.Approval.At) {
				late(hipaasmp.Pointer("findings", i, p.name, "at"))
			}
		}
	}
	for i, c := range a.Conversions {
		if c.At.After(a.Approval.At) {
			late(hipaasmp.Pointer("conversions", i, "at"))
		}
	}
	for i, c := range a.Carried {
		if c.At.After(a.Approval.At) {
			late(hipaasmp.Pointer("carried", i, "at"))
		}
	}
}

// Supersede closes the period of the analysis: lastDay is the last day on which it governed, and by is the analysis
// that took its place. The result is a new version of the same record; the retention clock runs from lastDay
// (45 CFR 164.316(b)(2)(i)). An analysis that is superseded already is refused.
func (a Analysis) Supersede(by hipaasmp.Ref, lastDay hipaasmp.Date) (Analysis, error) {
	if a.SupersededBy != nil {
		return a, hipaasmp.Invalid(a.DocumentRef(), []hipaasmp.Fault{{Code: FaultSuperseded, Pointer: "/superseded_by", Citation: hipaasmp.CiteTimeLimit,
			Message: "is " + a.SupersededBy.String() + " already; a closed period stays closed"}})
	}
	if lastDay.IsZero() {
		return a, hipaasmp.Invalid(a.DocumentRef(), []hipaasmp.Fault{{Code: hipaasmp.FaultRequired, Pointer: "/in_effect/to",
			Message: "is missing; say on which day the analysis last governed"}})
	}
	next := a.clone()
	next.SupersededBy, next.InEffect.To = &by, lastDay
	if err := next.Validate(); err != nil {
		return a, err
	}
	return next, nil
}

func (a Analysis) clone() Analysis {
	a.Assessment = a.Assessment.clone()
	a.Predecessor, a.SupersededBy = clonePointer(a.Predecessor), clonePointer(a.SupersededBy)
	a.Carried = cloneEach(a.Carried, Carried.clone)
	return a
}
