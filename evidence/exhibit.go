package evidence

import (
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Exhibit is a record that is given as evidence. Only [Cite] makes one, and Cite takes records: a draft analysis, an
// open session or a case under investigation does not compile as an exhibit.
type Exhibit struct {
	ref       hipaasmp.Ref
	citations []hipaasmp.Citation
	digest    hipaasmp.Digest
}

// Ref returns the record, without a version: [Write] finds the version that is the record as it was cited.
func (x Exhibit) Ref() hipaasmp.Ref { return x.ref }

// Citations returns the provisions that the record documents.
func (x Exhibit) Citations() []hipaasmp.Citation {
	return append([]hipaasmp.Citation(nil), x.citations...)
}

// Cite names records as exhibits of a package. The error is the [*hipaasmp.ValidationError] of the first record that
// does not validate.
func Cite(records ...hipaasmp.Record) ([]Exhibit, error) {
	out := make([]Exhibit, 0, len(records))
	for _, r := range records {
		if r == nil {
			return nil, hipaasmp.Invalid(hipaasmp.Ref{}, []hipaasmp.Fault{{Code: FaultExhibit, Message: "is nil; cite a record"}})
		}
		body, err := hipaasmp.Canonical(r)
		if err != nil {
			return nil, err
		}
		out = append(out, Exhibit{ref: r.DocumentRef().Newest(), citations: r.Citations(), digest: hipaasmp.DigestOf(body)})
	}
	return out, nil
}

// onceEach keeps the first of exhibits that are the same.
func onceEach(exhibits []Exhibit) []Exhibit {
	type key struct {
		ref    hipaasmp.Ref
		digest hipaasmp.Digest
	}
	seen := map[key]bool{}
	var out []Exhibit
	for _, x := range exhibits {
		if k := (key{x.ref, x.digest}); !seen[k] {
			seen[k] = true
			out = append(out, x)
		}
	}
	return out
}

// ExhibitError says that a record was cited that is not in the ledger as it was cited.
type ExhibitError struct {
	Ref hipaasmp.Ref
	// Known is true where the ledger has the document in another form.
	Known bool
}

func (e *ExhibitError) Error() string {
	if e.Known {
		return fmt.Sprintf("evidence: %s: %s is in the ledger, but no version of it is what was cited; store it first, or cite what is stored", FaultExhibit, e.Ref)
	}
	return fmt.Sprintf("evidence: %s: %s is not in the ledger; store it first", FaultExhibit, e.Ref)
}
