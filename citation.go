package hipaasmp

import (
	"fmt"
	"slices"
	"strings"
)

// Citation names one provision of the law in one canonical spelling: "164.308(a)(1)(ii)(A)" for a paragraph of title 45
// of the Code of Federal Regulations, "42 USC 17941" for a section of the United States Code. The constants that begin
// with Cite name every provision of the catalogue that is in force; [ParseCitation] reads the other usual spellings.
//
// A citation says where a duty stands, not whether it is required or addressable: that belongs to the edition, see
// [Edition.Designation].
type Citation string

// statuteMark stands between the title and the section of a statute.
const statuteMark = " USC "

// IsValid reports whether a record may carry c: a provision of the edition in force, in canonical spelling. A provision
// stays valid here after the law has changed, so that what was written under an older text is still read; proposed
// paragraphs are not valid.
func (c Citation) IsValid() bool {
	_, ok := law().inForce.index[c]
	return ok
}

// Values returns every citation that is valid, in the order of the law.
func (Citation) Values() []Citation { return slices.Clone(law().inForce.order) }

// Parent returns what c belongs to: a specification's standard, otherwise the paragraph around it. It is empty for a
// section, for a statute and for a citation that the edition in force does not have.
func (c Citation) Parent() Citation {
	p, _ := law().inForce.provision(c)
	return p.Parent
}

// Enclosing returns the paragraph or section in whose text c stands, by its spelling alone: for
// "164.308(a)(1)(ii)(A)" that is "164.308(a)(1)(ii)", while [Citation.Parent] is the standard "164.308(a)(1)(i)".
// It is empty for a section and for a statute.
func (c Citation) Enclosing() Citation {
	if i := strings.LastIndexByte(string(c), '('); i > 0 {
		return c[:i]
	}
	return ""
}

// Section returns the section of c, such as "164.308"; a statute is its own section.
func (c Citation) Section() Citation {
	if i := strings.IndexByte(string(c), '('); i > 0 {
		return c[:i]
	}
	return c
}

// IsStatute reports whether c names a section of the United States Code and not of the Code of Federal Regulations.
func (c Citation) IsStatute() bool { return strings.Contains(string(c), statuteMark) }

// Long returns the spelling for a reader who does not know the module: "45 CFR 164.308(a)(1)(ii)(A)",
// "42 U.S.C. 17941".
func (c Citation) Long() string {
	switch {
	case c == "":
		return ""
	case c.IsStatute():
		return strings.Replace(string(c), statuteMark, " U.S.C. ", 1)
	}
	return "45 CFR " + string(c)
}

// MarshalText refuses a citation that is not valid: what no record may carry is not written into one.
func (c Citation) MarshalText() ([]byte, error) {
	if !c.IsValid() {
		return nil, law().inForce.refuse(string(c))
	}
	return []byte(c), nil
}

// UnmarshalText reads the canonical spelling only, so that reading and writing again changes no byte. It refuses the
// empty text and every other spelling with an [*UnknownCitationError]; give those to [ParseCitation] first.
func (c *Citation) UnmarshalText(text []byte) error {
	if v := Citation(text); v.IsValid() {
		*c = v
		return nil
	}
	return law().inForce.refuse(string(text))
}

// UnknownCitationError says that a text names no provision of the edition it was asked of.
type UnknownCitationError struct {
	// Input is what was given.
	Input string
	// Edition is the edition that was asked.
	Edition EditionID
	// Reason says what is wrong with the input.
	Reason string
	// Nearest are the provisions that were most likely meant, at most four, in the order of the law; it may be empty.
	Nearest []Citation
}

func (e *UnknownCitationError) Error() string {
	s := fmt.Sprintf("hipaasmp: %q is no citation of edition %s: %s", clip(e.Input), e.Edition, e.Reason)
	if len(e.Nearest) > 0 {
		s += "; nearest: " + strings.Join(names(e.Nearest), ", ")
	}
	return s
}
