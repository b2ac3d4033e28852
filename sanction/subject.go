package sanction

import (
	"fmt"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Subject is the workforce member whom a case is about, by opaque identity.
type Subject struct {
	// ID is the identity of the workforce member.
	ID string `json:"id" validate:"required,docid"`
	// Category is how the person belongs to the workforce: volunteers, trainees and contractors under direct control do.
	Category hipaasmp.WorkforceCategory `json:"category" validate:"enum"`
}

// NotWorkforceError says that a sanction case cannot be about a business associate, and where its failure belongs.
type NotWorkforceError struct {
	// ID is the subject that was given.
	ID string
	// Remedies are the provisions on the contract, in the order of the law.
	Remedies []hipaasmp.Citation
}

func (e *NotWorkforceError) Error() string {
	return fmt.Sprintf("sanction: %q is a business associate, not workforce; take its failure to the contract (%s, %s); a contractor under direct control is workforce (%s)",
		e.ID, e.Remedies[0], e.Remedies[1], hipaasmp.CiteWorkforce)
}

// Unwrap gives errors.As access to the fault with its stable code.
func (e *NotWorkforceError) Unwrap() error {
	return hipaasmp.Fault{Code: FaultNotWorkforce, Pointer: "/subject/category", Message: e.Error(), Citation: hipaasmp.CiteWorkforce}
}

// firm is the spelling under which products file business associates.
const firm = "business_associate"

// NewSubject returns a subject of the given workforce category. A business associate is refused with a
// [*NotWorkforceError] that names the contract remedy, any other unknown category with a
// [*hipaasmp.UnknownValueError].
func NewSubject(id, category string) (Subject, error) {
	if strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(strings.TrimSpace(category))) == firm {
		return Subject{}, &NotWorkforceError{ID: id, Remedies: []hipaasmp.Citation{hipaasmp.CiteContractParagraph, hipaasmp.CitePrivacyContracts}}
	}
	if !hipaasmp.ValidID(id) {
		return Subject{}, &hipaasmp.FormatError{Type: "workforce identity", Value: id, Want: "1 to 128 of A-Z a-z 0-9 . _ : -, opaque, never a name"}
	}
	var c hipaasmp.WorkforceCategory
	if err := c.UnmarshalText([]byte(category)); err != nil {
		return Subject{}, err
	}
	return Subject{ID: id, Category: c}, nil
}

func (s Subject) check(f *validate.Faults, base string) {
	if s.Category == firm {
		f.Cite(FaultNotWorkforce, hipaasmp.CiteWorkforce, base+"/category",
			"a business associate is not workforce; take its failure to the contract (%s, %s)", hipaasmp.CiteContractParagraph, hipaasmp.CitePrivacyContracts)
	}
}
