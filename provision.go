package hipaasmp

import (
	"encoding/json"
	"slices"
)

// Provision is one entry of the catalogue: a paragraph of the law as one edition has it.
type Provision struct {
	// Citation is the canonical spelling.
	Citation Citation `json:"citation"`
	// Parent is what the provision belongs to: a specification's standard, otherwise the paragraph around it; empty for
	// a section and a statute.
	Parent Citation `json:"parent,omitempty"`
	// Edition is the edition whose text this is.
	Edition EditionID `json:"edition"`
	// Title is the heading in the text, or where the text has none, a short name of this module's.
	Title string `json:"title"`
	// Kind says what sort of paragraph it is.
	Kind ProvisionKind `json:"kind"`
	// Designation says whether it must be implemented. [DesignationUnknown] means that the text of the edition was not
	// read, never that the answer is no.
	Designation Designation `json:"designation"`
	// Binds says whom the provision obliges.
	Binds Binding `json:"binds"`
	// Subpart is where it stands, for example "45 CFR Part 164 Subpart C".
	Subpart string `json:"subpart"`
	// Summary says in this module's words what the provision asks. It does not replace the text.
	Summary string `json:"summary,omitempty"`
	// Text quotes the provision, for the few that an investigator's letter is about.
	Text string `json:"text,omitempty"`
	// SameStandard names the paragraph that opens the standard, where a standard runs over two: 164.308(b)(2) is a
	// further paragraph of 164.308(b)(1), and the two count as one standard.
	SameStandard Citation `json:"same_standard,omitempty"`
	// Since is the day from which the provision holds, where it is younger than its edition.
	Since Date `json:"since,omitzero"`
	// Defects are the known defects of the published text that touch the provision. They are reported, not repaired.
	Defects []Defect `json:"defects,omitempty"`
	// Source says where the facts were read and how well they are attested.
	Source Source `json:"source"`
}

// MarshalJSON writes the catalogue's view of the provision. Unlike a record it may name a proposed paragraph.
func (p Provision) MarshalJSON() ([]byte, error) {
	type plain Provision
	return json.Marshal(struct {
		Citation string `json:"citation"`
		Parent   string `json:"parent,omitempty"`
		plain
	}{string(p.Citation), string(p.Parent), plain(p)})
}

// clone returns p with slices of its own, because the catalogue is shared by everybody.
func (p Provision) clone() Provision {
	p.Defects = slices.Clone(p.Defects)
	for i := range p.Defects {
		p.Defects[i] = p.Defects[i].clone()
	}
	p.Source = p.Source.clone()
	return p
}

// Defect is a known defect of a published text. The module states it where it matters and goes by the text that
// decides, which the note names.
type Defect struct {
	// ID is stable, for example "DEF-02".
	ID string `json:"id"`
	// Citations are the provisions that it touches.
	Citations []Citation `json:"citations"`
	// Note says what is wrong and what this module goes by.
	Note string `json:"note"`
	// Source says where the defect was read.
	Source Source `json:"source"`
}

func (d Defect) clone() Defect {
	d.Citations = slices.Clone(d.Citations)
	d.Source = d.Source.clone()
	return d
}

// ProvisionKind says what sort of paragraph a provision is.
type ProvisionKind string

const (
	// ProvisionSection is a whole section, such as 164.308.
	ProvisionSection ProvisionKind = "section"
	// ProvisionParagraph is a paragraph that is neither a standard nor a specification of the Security Rule. Standards of
	// the Privacy Rule are paragraphs here, because only those of Subpart C are counted.
	ProvisionParagraph ProvisionKind = "paragraph"
	// ProvisionStandard is a standard of Part 164 Subpart C.
	ProvisionStandard ProvisionKind = "standard"
	// ProvisionSpecification is an implementation specification of Part 164 Subpart C.
	ProvisionSpecification ProvisionKind = "specification"
	// ProvisionDefinition is a section of definitions.
	ProvisionDefinition ProvisionKind = "definition"
	// ProvisionEnforcement is a rule on investigations and civil money penalties.
	ProvisionEnforcement ProvisionKind = "enforcement"
	// ProvisionStatute is a section of the United States Code.
	ProvisionStatute ProvisionKind = "statute"
)

// Values returns the members of the enumeration.
func (ProvisionKind) Values() []ProvisionKind {
	return []ProvisionKind{ProvisionSection, ProvisionParagraph, ProvisionStandard, ProvisionSpecification, ProvisionDefinition, ProvisionEnforcement, ProvisionStatute}
}

// IsValid reports whether k is a member.
func (k ProvisionKind) IsValid() bool {
	_, err := ParseEnum("ProvisionKind", []byte(k), k.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (k ProvisionKind) MarshalText() ([]byte, error) {
	return FormatEnum("ProvisionKind", k, k.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (k *ProvisionKind) UnmarshalText(text []byte) (err error) {
	*k, err = ParseEnum("ProvisionKind", text, k.Values())
	return err
}

// Designation says whether a provision of Subpart C must be implemented, in one edition of the rule
// (45 CFR 164.306(d)).
type Designation string

const (
	// DesignationRequired is a specification that must be implemented (164.306(d)(2)).
	DesignationRequired Designation = "required"
	// DesignationAddressable is a specification that must be assessed and is then implemented, or is replaced or left out
	// with a documented reason (164.306(d)(3)). It is not optional.
	DesignationAddressable Designation = "addressable"
	// DesignationStandard is a standard that has no specification of its own: the standard itself is what must be
	// implemented. Appendix A marks such a standard (R).
	DesignationStandard Designation = "standard_without_specification"
	// DesignationNotApplicable is a provision to which the distinction does not apply: a standard whose specifications
	// carry the designation, a heading, a rule outside Subpart C.
	DesignationNotApplicable Designation = "not_applicable"
	// DesignationUnknown means that the text of the edition was not read on this point.
	DesignationUnknown Designation = "unknown"
)

// Values returns the members of the enumeration.
func (Designation) Values() []Designation {
	return []Designation{DesignationRequired, DesignationAddressable, DesignationStandard, DesignationNotApplicable, DesignationUnknown}
}

// IsValid reports whether d is a member.
func (d Designation) IsValid() bool {
	_, err := ParseEnum("Designation", []byte(d), d.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (d Designation) MarshalText() ([]byte, error) {
	return FormatEnum("Designation", d, d.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (d *Designation) UnmarshalText(text []byte) (err error) {
	*d, err = ParseEnum("Designation", text, d.Values())
	return err
}

// MustImplement reports whether the designation leaves no choice: a required specification, or a standard that has
// none. An addressable specification is no free choice either, but a documented decision.
func (d Designation) MustImplement() bool {
	return d == DesignationRequired || d == DesignationStandard
}

// Binding says whom a provision obliges.
type Binding string

const (
	// BindsBoth is a duty of covered entities and of business associates, as all of Subpart C is in general.
	BindsBoth Binding = "covered_entities_and_business_associates"
	// BindsCoveredEntities is a duty of covered entities only, such as 164.530.
	BindsCoveredEntities Binding = "covered_entities"
	// BindsBusinessAssociates is a duty of business associates only, such as 164.308(b)(2).
	BindsBusinessAssociates Binding = "business_associates"
	// BindsNobody is a provision that states no duty of an entity: a definition, a defence, a power of the Secretary.
	BindsNobody Binding = "states_no_duty"
	// BindsUnknown means that the text was not read on this point.
	BindsUnknown Binding = "unknown"
)

// Values returns the members of the enumeration.
func (Binding) Values() []Binding {
	return []Binding{BindsBoth, BindsCoveredEntities, BindsBusinessAssociates, BindsNobody, BindsUnknown}
}

// IsValid reports whether b is a member.
func (b Binding) IsValid() bool {
	_, err := ParseEnum("Binding", []byte(b), b.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (b Binding) MarshalText() ([]byte, error) {
	return FormatEnum("Binding", b, b.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (b *Binding) UnmarshalText(text []byte) (err error) {
	*b, err = ParseEnum("Binding", text, b.Values())
	return err
}

// Includes reports whether the duty binds an entity of the type. It is false for a provision that states no duty and
// for one whose text was not read.
func (b Binding) Includes(t EntityType) bool {
	switch t {
	case EntityCoveredEntity:
		return b == BindsBoth || b == BindsCoveredEntities
	case EntityBusinessAssociate:
		return b == BindsBoth || b == BindsBusinessAssociates
	}
	return false
}
