package sanction

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Consequence is what followed from a case beyond the sanction.
type Consequence struct {
	// Ref is the document.
	Ref hipaasmp.Ref `json:"ref"`
	// Finding is the finding within a risk analysis or a draft of one; absent for another document.
	Finding string `json:"finding,omitempty" validate:"omitempty,docid"`
}

// The documents of another package in which a finding has an identity.
const (
	kindAnalysis hipaasmp.Kind = "risk.analysis"
	kindDraft    hipaasmp.Kind = "risk.draft"
)

// RiskFinding says that the case led to a finding of a risk analysis, or of a draft of one.
func RiskFinding(analysis hipaasmp.Ref, finding string) Consequence {
	return Consequence{Ref: analysis, Finding: finding}
}

// LedTo says that the case led to a document, such as a training or an item of the risk management plan.
func LedTo(ref hipaasmp.Ref) Consequence { return Consequence{Ref: ref} }

func (p Proceeding) checkLedTo(f *validate.Faults, base string, w frame) {
	if p.Closure == nil {
		return
	}
	for i, x := range p.Closure.LedTo {
		at := base + hipaasmp.Pointer("closure", "led_to", i)
		if x.Finding != "" && x.Ref.Kind != kindAnalysis && x.Ref.Kind != kindDraft && x.Ref.Kind != "" {
			f.Add(hipaasmp.FaultDangling, at+"/finding", "a %s has no findings; name a %s or a %s, or leave the finding out", x.Ref.Kind, kindAnalysis, kindDraft)
		}
		if x.Ref.Newest() == w.self && !w.self.IsZero() {
			f.Add(hipaasmp.FaultDangling, at+"/ref", "is the case itself; name what followed from it")
		}
	}
}
