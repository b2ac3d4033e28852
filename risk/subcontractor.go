package risk

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Subcontractor is a firm that creates, receives, maintains or transmits the entity's ePHI on behalf of a business
// associate, or of another of its subcontractors. The agreement is between those two firms: what 164.314(a)(2)(i) and
// (ii) ask of an agreement with a business associate, 164.314(a)(2)(iii) asks of this one (see also 45 CFR 164.308(b)(2)).
type Subcontractor struct {
	// ID is the identity of the subcontractor within its vendor.
	ID string `json:"id" validate:"required,docid"`
	// Name is the firm's name.
	Name string `json:"name" validate:"required,text"`
	// Of is the identity of the subcontractor that it works for; absent where that is the vendor itself.
	Of string `json:"of,omitempty" validate:"omitempty,docid"`
	// Holds says what ePHI it holds, one kind an entry.
	Holds []string `json:"holds,omitempty" validate:"dive,text"`
	// Agreement is its agreement with the firm that it works for, as far as the entity was told; absent where it was not.
	Agreement *Agreement `json:"agreement,omitempty"`
}

// AgreementInForce reports whether an agreement with the firm that it works for is known to be in force on the day.
func (s Subcontractor) AgreementInForce(on hipaasmp.Date) bool {
	return s.Agreement != nil && s.Agreement.InForce(on)
}

func (s Subcontractor) clone() Subcontractor {
	s.Holds, s.Agreement = slices.Clone(s.Holds), clonePointer(s.Agreement)
	return s
}

// Subcontractor returns the vendor's subcontractor with the identity.
func (v Vendor) Subcontractor(id string) (Subcontractor, bool) {
	for _, s := range v.Subcontractors {
		if s.ID == id {
			return s.clone(), true
		}
	}
	return Subcontractor{}, false
}

func (v Vendor) clone() Vendor {
	v.Agreement = clonePointer(v.Agreement)
	v.Holds = slices.Clone(v.Holds)
	v.Subcontractors = cloneEach(v.Subcontractors, Subcontractor.clone)
	return v
}

// check adds the faults of the vendor's agreement and of its subcontractors.
func (v Vendor) check(f *validate.Faults, at string) {
	v.Agreement.check(f, at+"/agreement")
	if v.NoSubcontractors && len(v.Subcontractors) > 0 {
		f.Cite(FaultSubcontractor, hipaasmp.CiteSubcontractorTerms, at+"/no_subcontractors", "is true, but subcontractors are listed; remove one of the two")
	}
	seen := validate.Unique(f, at+"/subcontractors", v.Subcontractors, func(s Subcontractor) string { return s.ID })
	for i, s := range v.Subcontractors {
		here := at + hipaasmp.Pointer("subcontractors", i)
		s.Agreement.check(f, here+"/agreement")
		if s.Of == "" {
			continue
		}
		if _, ok := seen[s.Of]; !ok && hipaasmp.ValidID(s.Of) {
			f.Add(hipaasmp.FaultDangling, here+"/of", "%q is no subcontractor of this vendor; add it or correct the reference", s.Of)
		}
		if v.worksForItself(s) {
			f.Cite(FaultSubcontractor, hipaasmp.CiteSubcontractorTerms, here+"/of", "leads back to %q; the chain of subcontractors has to end at the vendor", s.ID)
		}
	}
}

// worksForItself reports whether the chain from the subcontractor upwards comes back to it.
func (v Vendor) worksForItself(s Subcontractor) bool {
	of := s.Of
	for range v.Subcontractors {
		if of == s.ID {
			return true
		}
		next, ok := v.Subcontractor(of)
		if !ok {
			return false
		}
		of = next.Of
	}
	return false
}

func (a *Agreement) check(f *validate.Faults, at string) {
	if a != nil && !a.Expires.IsZero() && a.Expires.Before(a.Signed) {
		f.Add(hipaasmp.FaultOrder, at+"/expires", "%s is before it was signed on %s; correct one of them", a.Expires, a.Signed)
	}
}
