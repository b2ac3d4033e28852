package risk

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Assessment is the content of a risk analysis, which a [Draft] and an [Analysis] have in common.
type Assessment struct {
	// Title names the analysis.
	Title string `json:"title" validate:"required,text"`
	// Scope says what the analysis covers and where its edges are.
	Scope string `json:"scope" validate:"required,text"`
	// Inventory lists where ePHI is and how it moves.
	Inventory Inventory `json:"inventory"`
	// Threats are the reasonably anticipated threats.
	Threats []Threat `json:"threats,omitempty" validate:"dive"`
	// Vulnerabilities are the weaknesses that a threat can exploit.
	Vulnerabilities []Vulnerability `json:"vulnerabilities,omitempty" validate:"dive"`
	// Conditions are the predisposing conditions.
	Conditions []Condition `json:"conditions,omitempty" validate:"dive"`
	// Safeguards are the measures that are in place.
	Safeguards []Safeguard `json:"safeguards,omitempty" validate:"dive"`
	// Findings are the risks.
	Findings []Finding `json:"findings,omitempty" validate:"dive"`
	// Scales are the scales of the entity's own that the scores name. They travel with the analysis, so that every score
	// can be looked up again for as long as it is kept. The scales of this package are not listed.
	Scales []OwnScale `json:"scales,omitempty" validate:"dive"`
	// Conversions say how the levels of two scales compare, where the entity moved from one to the other.
	Conversions []Conversion `json:"conversions,omitempty" validate:"dive"`
}

// Finding returns the finding with the identity.
func (s Assessment) Finding(id string) (Finding, bool) {
	if i := s.place(id); i >= 0 {
		return s.Findings[i].clone(), true
	}
	return Finding{}, false
}

func (s Assessment) place(finding string) int {
	return slices.IndexFunc(s.Findings, func(f Finding) bool { return f.ID == finding })
}

// clone returns an assessment that shares nothing with s, so that a record stays what it was when a draft is edited.
func (s Assessment) clone() Assessment {
	s.Inventory = s.Inventory.clone()
	s.Threats, s.Vulnerabilities, s.Conditions = slices.Clone(s.Threats), slices.Clone(s.Vulnerabilities), slices.Clone(s.Conditions)
	s.Safeguards = cloneEach(s.Safeguards, Safeguard.clone)
	s.Findings = cloneEach(s.Findings, Finding.clone)
	s.Scales, s.Conversions = cloneEach(s.Scales, OwnScale.clone), cloneEach(s.Conversions, Conversion.clone)
	return s
}

// check adds every rule that the assessment breaks.
func (s Assessment) check(f *validate.Faults) {
	own := openScales(f, s.Scales)
	checkConversions(f, s.Conversions, own)
	assets := s.Inventory.check(f, "/inventory")
	threats := validate.Unique(f, "/threats", s.Threats, func(t Threat) string { return t.ID })
	vulnerabilities := validate.Unique(f, "/vulnerabilities", s.Vulnerabilities, func(v Vulnerability) string { return v.ID })
	conditions := validate.Unique(f, "/conditions", s.Conditions, func(c Condition) string { return c.ID })
	for i, t := range s.Threats {
		t.check(f, hipaasmp.Pointer("threats", i))
	}
	for i, c := range s.Conditions {
		c.check(f, hipaasmp.Pointer("conditions", i))
	}
	safeguards := validate.Unique(f, "/safeguards", s.Safeguards, func(g Safeguard) string { return g.ID })
	for i, g := range s.Safeguards {
		at := hipaasmp.Pointer("safeguards", i)
		assessed := g.Effectiveness.IsValid() && g.Effectiveness != EffectivenessNotAssessed
		switch {
		case assessed && g.How == "":
			f.Cite(FaultVerdict, hipaasmp.CiteReasonableMeasures, at+"/how", "is missing; say how the verdict %q was found", g.Effectiveness)
		case g.Effectiveness == EffectivenessNotAssessed && g.How != "":
			f.Cite(FaultVerdict, hipaasmp.CiteReasonableMeasures, at+"/how", "says how a verdict was found where there is none; remove it or give the verdict")
		}
	}
	validate.Unique(f, "/findings", s.Findings, func(x Finding) string { return x.ID })
	for i, x := range s.Findings {
		at := hipaasmp.Pointer("findings", i)
		for j, id := range x.Assets {
			known(f, at+hipaasmp.Pointer("assets", j), assets, id, "asset")
		}
		known(f, at+"/threat", threats, x.Threat, "threat")
		if x.Vulnerability != "" {
			known(f, at+"/vulnerability", vulnerabilities, x.Vulnerability, "vulnerability")
		}
		for j, id := range x.Conditions {
			known(f, at+hipaasmp.Pointer("conditions", j), conditions, id, "predisposing condition")
		}
		distinct(f, at+"/conditions", x.Conditions)
		for j, id := range x.Safeguards {
			known(f, at+hipaasmp.Pointer("safeguards", j), safeguards, id, "safeguard")
		}
		distinct(f, at+"/assets", x.Assets)
		distinct(f, at+"/safeguards", x.Safeguards)
		distinct(f, at+"/measures", x.Measures)
		x.check(f, at, own)
	}
}

// check adds the rules that the finding breaks by itself.
func (x Finding) check(f *validate.Faults, at string, own []Scale) {
	if x.NoSafeguards && len(x.Safeguards) > 0 {
		f.Cite(FaultSafeguards, hipaasmp.CiteReasonableMeasures, at+"/no_safeguards", "is true, but safeguards are listed; remove one of the two")
	}
	if !x.Confidentiality && !x.Integrity && !x.Availability {
		f.Cite(FaultObjective, hipaasmp.CiteRiskAnalysis, at, "affects neither confidentiality nor integrity nor availability of ePHI; say which is at stake")
	}
	for _, p := range x.scores() {
		f.Append(p.score.Faults(at+"/"+p.name, own...)...)
		if p.score.Tables != nil {
			f.Add(FaultScale, at+"/"+p.name+"/tables", "stand beside the score; an analysis keeps them once, in scales")
		}
	}
	x.checkTarget(f, at)
	if !x.ResidualLevel().Assessed() {
		return
	}
	if !x.CurrentLevel().Assessed() {
		f.Cite(FaultResidual, hipaasmp.CiteRiskAnalysis, at+"/residual", "is scored where the current risk is not; score the current risk first")
		return
	}
	order, ok := x.Residual.Compare(*x.Current)
	switch {
	case !ok:
		f.Cite(FaultResidual, hipaasmp.CiteRiskAnalysis, at+"/residual", "is on another scale than the current score; score both on one")
	case order < 0 && len(x.Measures) == 0:
		f.Cite(FaultUnlinked, hipaasmp.CiteRiskManagement, at+"/measures", "is empty, but the residual %s is lower than the current %s; link what brings it there", x.Residual.Level, x.Current.Level)
	}
}

// checkTarget refuses a target that is no step down.
func (x Finding) checkTarget(f *validate.Faults, at string) {
	if !x.TargetLevel().Assessed() || !x.CurrentLevel().Assessed() {
		return
	}
	order, ok := x.Target.Compare(*x.Current)
	switch {
	case !ok:
		f.Cite(FaultTarget, hipaasmp.CiteRiskManagement, at+"/target", "is on another scale than the current score; score both on one")
	case order > 0:
		f.Cite(FaultTarget, hipaasmp.CiteRiskManagement, at+"/target", "%s is higher than the current %s; a target is where the risk is to come down to", x.Target.Level, x.Current.Level)
	}
}
