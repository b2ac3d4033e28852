package remediation

import (
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Validate returns every fault of the item. It replays the history: a state that was assigned, a step that was left
// out, a verification by the implementer are refused.
func (i Item) Validate() error {
	return validate.Check(i, KindItem, i.Schema, func(f *validate.Faults) { i.check(f, "") })
}

// check adds every rule that the item breaks, with pointers below base.
func (i Item) check(f *validate.Faults, base string) {
	i.Finding.check(f, base+"/finding")
	checkZone(f, base, i.Zone)
	f.Day(FaultDay, base+"/created", i.ProposedAt, i.Created)
	if !i.Due.IsZero() && i.Due.Before(i.Created) {
		f.Add(hipaasmp.FaultOrder, base+"/due", "%s is before the item was created on %s; set a day to come", i.Due, i.Created)
	}
	if p, ok := (hipaasmp.Catalogue{}).Provision(i.Specification); ok && p.Kind != hipaasmp.ProvisionSpecification && p.Kind != hipaasmp.ProvisionStandard {
		f.Cite(FaultSpecification, hipaasmp.CiteRiskManagement, base+"/specification", "%s is no standard or specification of the Security Rule; name the one that the measure satisfies", i.Specification)
	}
	switch accept := i.Treatment == TreatmentAccept; {
	case accept && i.Acceptance == nil:
		f.Cite(FaultNotAccepted, hipaasmp.CiteRiskManagement, base+"/acceptance", "is missing; a risk is accepted by an Acceptance with an approver, which the item names")
	case !accept && i.Acceptance != nil && i.Treatment.IsValid():
		f.Cite(FaultNotAccepted, hipaasmp.CiteRiskManagement, base+"/acceptance", "does not go with a treatment of %s; remove it", i.Treatment)
	}
	if a := i.Acceptance; a != nil && a.Kind != KindAcceptance && hipaasmp.ValidKind(a.Kind) {
		f.Cite(FaultNotAccepted, hipaasmp.CiteRiskManagement, base+"/acceptance/kind", "is %q; name a %s", a.Kind, KindAcceptance)
	}
	validate.Unique(f, base+"/milestones", i.Milestones, func(m Milestone) string { return m.ID })
	checkDependsOn(f, base+"/depends_on", i.ID, i.DependsOn)
	i.checkHistory(f, base)
	i.checkChanges(f, base)
}

func (i Item) checkHistory(f *validate.Faults, base string) {
	for _, fault := range machine.Replay(i.State, i.History) {
		fault.Pointer = base + fault.Pointer
		f.Append(fault)
	}
	if len(i.History) > 0 && i.History[0].At.Before(i.ProposedAt) {
		f.Add(hipaasmp.FaultOrder, base+"/history/0/at", "is before the item was proposed; history runs forward")
	}
	implementers := map[string]bool{}
	var implemented hipaasmp.Transition[State, Event]
	verified := 0
	for n, step := range i.History {
		at := base + hipaasmp.Pointer("history", n)
		if step.Event.needsNote() && step.Note == "" {
			f.Cite(FaultReason, hipaasmp.CiteRiskManagement, at+"/note", "is missing; %s asks for words: what was done, or why", step.Event)
		}
		switch step.Event {
		case EventImplement:
			implementers[step.By.ID] = true
			implemented = step
		case EventVerify:
			if implementers[step.By.ID] {
				f.Cite(hipaasmp.FaultSegregation, hipaasmp.CiteRiskManagement, at+"/by", "%q implemented the measure; have somebody else verify it", step.By.ID)
			}
			if step.By.Role == hipaasmp.RoleSystem {
				f.Cite(hipaasmp.FaultAuthority, hipaasmp.CiteRiskManagement, at+"/by", "is a program; have a person verify the measure")
			}
			if verified < len(i.Verifications) {
				i.Verifications[verified].check(f, base+hipaasmp.Pointer("verifications", verified), step, implemented, implementers)
			}
			verified++
		}
	}
	if verified != len(i.Verifications) {
		f.Cite(FaultVerification, hipaasmp.CiteRiskManagement, base+"/verifications", "has %d entries for %d steps of verification; verify by the method Verify", len(i.Verifications), verified)
	}
}

// check adds the faults of a verification against the step it belongs to and the implementation before it.
func (v Verification) check(f *validate.Faults, at string, step, implemented hipaasmp.Transition[State, Event], implementers map[string]bool) {
	if v.By != step.By || !v.At.Equal(step.At) {
		f.Cite(FaultVerification, hipaasmp.CiteRiskManagement, at, "is not by whom or when the history says; verify by the method Verify")
	}
	f.Day(FaultDay, at+"/on", v.At, v.On)
	f.Append(v.Residual.Faults(at + "/residual")...)
	if v.Residual.Level.IsValid() && !v.Residual.Assessed() {
		f.Cite(FaultResidual, hipaasmp.CiteRiskManagement, at+"/residual/level", "is not assessed; rate the risk that is left before verifying")
	}
	if implementers[v.Residual.By.ID] {
		f.Cite(hipaasmp.FaultSegregation, hipaasmp.CiteRiskManagement, at+"/residual/by", "%q implemented the measure; have somebody else rate what is left", v.Residual.By.ID)
	}
	if v.Residual.By.Role == hipaasmp.RoleSystem {
		f.Cite(hipaasmp.FaultAuthority, hipaasmp.CiteRiskManagement, at+"/residual/by", "is a program; a residual is rated by a person, never computed")
	}
	if v.Residual.At.After(v.At) || v.Residual.At.Before(implemented.At) {
		f.Cite(hipaasmp.FaultOrder, hipaasmp.CiteRiskManagement, at+"/residual/at", "is not between the implementation and the verification; rate the residual once the measure is in place")
	}
}

// Warning is something about an item that is allowed and worth a second look.
type Warning struct {
	// Pointer is the RFC 6901 JSON Pointer to the value.
	Pointer string
	// Message says what is odd.
	Message string
}

// Warnings lists what is allowed and odd: a milestone that is due after the item, a milestone that is open although
// the measure is said to be in place.
func (i Item) Warnings() []Warning {
	var out []Warning
	done := slices.Contains([]State{StateImplemented, StateVerified, StateClosed}, i.State)
	for n, m := range i.Milestones {
		at := hipaasmp.Pointer("milestones", n)
		if m.Due.After(i.Due) {
			out = append(out, Warning{at + "/due", fmt.Sprintf("milestone %s is due on %s, after the item itself on %s", m.ID, m.Due, i.Due)})
		}
		if done && m.Done.IsZero() {
			out = append(out, Warning{at + "/done", fmt.Sprintf("milestone %s is not reached, but the item is %s", m.ID, say(i.State))})
		}
	}
	return out
}

// checkZone refuses the machine's own zone, which names no place.
func checkZone(f *validate.Faults, base, zone string) {
	if zone == "Local" {
		f.Add(hipaasmp.FaultZone, base+"/zone", "is a setting of one machine; use a name such as America/Chicago")
	}
}
