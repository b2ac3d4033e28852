package hipaasmp

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
)

// Relationship says what a control is to a provision.
type Relationship string

const (
	// RelationshipImplements is a control that puts the provision into practice.
	RelationshipImplements Relationship = "implements"
	// RelationshipAlternative is the equivalent alternative measure that takes the place of an addressable specification
	// (45 CFR 164.306(d)(3)(ii)(B)(2)).
	RelationshipAlternative Relationship = "alternative"
	// RelationshipSupports is a control that helps, but would not do alone.
	RelationshipSupports Relationship = "supports"
	// RelationshipEvidences is a control that shows that the provision is put into practice.
	RelationshipEvidences Relationship = "evidences"
)

// Values returns the members of the enumeration.
func (Relationship) Values() []Relationship {
	return []Relationship{RelationshipImplements, RelationshipAlternative, RelationshipSupports, RelationshipEvidences}
}

// IsValid reports whether r is a member.
func (r Relationship) IsValid() bool {
	_, err := ParseEnum("Relationship", []byte(r), r.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (r Relationship) MarshalText() ([]byte, error) {
	return FormatEnum("Relationship", r, r.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (r *Relationship) UnmarshalText(text []byte) (err error) {
	*r, err = ParseEnum("Relationship", text, r.Values())
	return err
}

// Link says that a control serves a provision, in which way and why.
type Link struct {
	// ControlID is the identity of a control of the same mapping.
	ControlID string `json:"control_id" validate:"required,docid"`
	// Citation is the provision.
	Citation Citation `json:"citation" validate:"citation"`
	// Edition is the edition of the rule under which the link was made.
	Edition EditionID `json:"edition" validate:"enum"`
	// Relationship says what the control is to the provision.
	Relationship Relationship `json:"relationship" validate:"enum"`
	// Rationale says why, so that a reader can disagree.
	Rationale string `json:"rationale" validate:"required,text"`
}

// KindMapping is the kind of [Mapping].
const KindMapping Kind = "hipaasmp.mapping"

// Mapping relates controls and provisions, many to many. The links are kept once, from control to provision; the other
// direction is derived by [Mapping.ByCitation].
//
// Build one with [NewMapping] and the With methods, which return a new value and keep controls and links in one order,
// so that the same mapping is the same bytes; then call [Mapping.Validate].
type Mapping struct {
	Header
	// Controls lists the controls, each once.
	Controls []Control `json:"controls,omitempty" validate:"dive"`
	// Links lists what serves what.
	Links []Link `json:"links,omitempty" validate:"dive"`
}

var _ Document = Mapping{}

// NewMapping returns an empty mapping with the identity.
func NewMapping(id string) Mapping { return Mapping{Header: NewHeader(KindMapping, id)} }

// WithControls returns the mapping with further controls, ordered by identity. It checks nothing; see
// [Mapping.Validate].
func (m Mapping) WithControls(controls ...Control) Mapping {
	m.Controls = slices.Concat(m.Controls, controls)
	slices.SortStableFunc(m.Controls, func(a, b Control) int { return cmp.Compare(a.ID, b.ID) })
	return m
}

// WithLinks returns the mapping with further links, ordered by citation, control, relationship and edition. It checks
// nothing; see [Mapping.Validate].
func (m Mapping) WithLinks(links ...Link) Mapping {
	m.Links = slices.Concat(m.Links, links)
	slices.SortStableFunc(m.Links, func(a, b Link) int {
		return cmp.Or(cmp.Compare(a.Citation, b.Citation), cmp.Compare(a.ControlID, b.ControlID),
			cmp.Compare(a.Relationship, b.Relationship), cmp.Compare(a.Edition, b.Edition))
	})
	return m
}

// Linked returns the mapping with one more link under the edition in force.
func (m Mapping) Linked(controlID string, relationship Relationship, c Citation, rationale string) Mapping {
	return m.WithLinks(Link{ControlID: controlID, Citation: c, Edition: EditionInForce, Relationship: relationship, Rationale: rationale})
}

// In returns the part of the mapping whose links were made under the edition. The controls stay.
func (m Mapping) In(edition EditionID) Mapping {
	m.Links = slices.DeleteFunc(slices.Clone(m.Links), func(l Link) bool { return l.Edition != edition })
	return m
}

// ByCitation yields every provision that a link names, in the order of the law, with the controls that serve it, each
// once and ordered by identity. Links of different editions are not told apart; use [Mapping.In] first where they
// matter. Links to controls that the mapping does not have are passed over.
func (m Mapping) ByCitation() iter.Seq2[Citation, []Control] {
	return func(yield func(Citation, []Control) bool) {
		byID := make(map[string]Control, len(m.Controls))
		for _, c := range m.Controls {
			byID[c.ID] = c
		}
		index := map[Citation][]Control{}
		linked := map[Link]bool{}
		for _, l := range m.Links {
			pair := Link{ControlID: l.ControlID, Citation: l.Citation}
			if c, ok := byID[l.ControlID]; ok && !linked[pair] {
				linked[pair] = true
				index[l.Citation] = append(index[l.Citation], c)
			}
		}
		order := make([]Citation, 0, len(index))
		for c, controls := range index {
			order = append(order, c)
			slices.SortFunc(controls, func(a, b Control) int { return cmp.Compare(a.ID, b.ID) })
		}
		slices.Sort(order)
		for _, c := range order {
			if !yield(c, index[c]) {
				return
			}
		}
	}
}

// LinksTo returns the links to the provision in the order in which the mapping keeps them.
func (m Mapping) LinksTo(c Citation) []Link {
	return slices.DeleteFunc(slices.Clone(m.Links), func(l Link) bool { return l.Citation != c })
}

// Uncovered returns the provisions of the edition that no control implements, and whose place no alternative takes, by
// a link made under that edition. Supporting and evidencing controls do not count. Without citations it asks for every
// standard and specification of Subpart C. It says what has no control on record, not what is lacking in fact.
//
// The error is an [*UnknownCitationError] for a citation that the edition is not known to have, and an
// [*UnknownValueError] for an edition that is unknown or only proposed: silence about it would read as coverage.
func (m Mapping) Uncovered(edition Edition, citations ...Citation) ([]Provision, error) {
	if e, ok := (Catalogue{}).Edition(edition.ID); !ok || e.Status == EditionStatusProposed {
		return nil, &UnknownValueError{Type: "edition that is or was in force", Value: string(edition.ID), Allowed: enacted()}
	}
	covered := map[Citation]bool{}
	for _, l := range m.Links {
		if l.Edition == edition.ID && (l.Relationship == RelationshipImplements || l.Relationship == RelationshipAlternative) {
			covered[l.Citation] = true
		}
	}
	var out []Provision
	if len(citations) == 0 {
		for p := range edition.Provisions() {
			if (p.Kind == ProvisionStandard || p.Kind == ProvisionSpecification) && !covered[p.Citation] {
				out = append(out, p)
			}
		}
		return out, nil
	}
	for _, c := range slices.Compact(slices.Sorted(slices.Values(citations))) {
		known, err := edition.ParseCitation(string(c))
		if err != nil {
			return nil, err
		}
		if p, ok := edition.Provision(known); ok && !covered[known] {
			out = append(out, p)
		}
	}
	return out, nil
}

// enacted lists the editions that are or were law.
func enacted() []string {
	var out []string
	for _, e := range editionsNewestFirst() {
		if e.Status != EditionStatusProposed {
			out = append(out, string(e.ID))
		}
	}
	return out
}

// Validate returns a [*ValidationError] with every fault of the mapping.
func (m Mapping) Validate() error {
	var fs []Fault
	add := func(code FaultCode, pointer, format string, args ...any) {
		fs = append(fs, Fault{Code: code, Pointer: pointer, Message: fmt.Sprintf(format, args...)})
	}
	identity := func(id, pointer string) {
		if id == "" {
			add(FaultRequired, pointer, "is missing; give an identity")
		} else if !ValidID(id) {
			add(FaultFormat, pointer, "is no identity; use 1 to 128 of A-Z a-z 0-9 . _ : -")
		}
	}
	text := func(s, pointer string) {
		if !ValidText(s) {
			add(FaultFormat, pointer, "is blank, is not UTF-8 or holds control characters; write plain text")
		}
	}
	if m.Schema != SchemaID(KindMapping, 1) {
		add(FaultSchema, "/schema", "is %q; make the mapping with NewMapping", clip(m.Schema))
	}
	identity(m.ID, "/id")

	seen := map[string]bool{}
	for i, c := range m.Controls {
		at := Pointer("controls", i)
		identity(c.ID, at+"/id")
		if seen[c.ID] {
			add(FaultControlTwice, at+"/id", "%q is listed twice; keep one entry a control", clip(c.ID))
		}
		seen[c.ID] = true
		if c.Title == "" {
			add(FaultRequired, at+"/title", "is missing; name the control in a few words")
		} else {
			text(c.Title, at+"/title")
		}
		if !c.Kind.IsValid() {
			add(FaultEnum, at+"/kind", "%q is no kind of control", clip(string(c.Kind)))
		}
		if c.Description != "" {
			text(c.Description, at+"/description")
		}
		if c.Owner != "" {
			identity(c.Owner, at+"/owner")
		}
	}

	type pair struct {
		control      string
		citation     Citation
		edition      EditionID
		relationship Relationship
	}
	linked := map[pair]bool{}
	for i, l := range m.Links {
		at := Pointer("links", i)
		identity(l.ControlID, at+"/control_id")
		if ValidID(l.ControlID) && !seen[l.ControlID] {
			add(FaultUnknownControl, at+"/control_id", "%q is no control of the mapping; add the control or correct the identity", clip(l.ControlID))
		}
		if !l.Relationship.IsValid() {
			add(FaultEnum, at+"/relationship", "%q is no relationship", clip(string(l.Relationship)))
		}
		switch {
		case l.Rationale == "":
			add(FaultRequired, at+"/rationale", "is missing; say why the control serves the provision")
		default:
			text(l.Rationale, at+"/rationale")
		}
		m.checkProvision(l, at, add)
		p := pair{l.ControlID, l.Citation, l.Edition, l.Relationship}
		if linked[p] {
			add(FaultLinkTwice, at, "repeats a link of the same control, provision, edition and relationship; keep one and join the rationales")
		}
		linked[p] = true
	}
	return Invalid(m.DocumentRef(), fs)
}

// checkProvision reports what is wrong with the provision that a link names.
func (Mapping) checkProvision(l Link, at string, add func(FaultCode, string, string, ...any)) {
	edition, ok := Catalogue{}.Edition(l.Edition)
	switch {
	case !ok:
		add(FaultEnum, at+"/edition", "%q is no edition", clip(string(l.Edition)))
		edition, _ = Catalogue{}.Edition(EditionInForce)
	case edition.Status == EditionStatusProposed:
		add(FaultProposedEdition, at+"/edition", "%s is proposed and obliges nobody; link under an edition that is or was in force", edition.ID)
		edition, _ = Catalogue{}.Edition(EditionInForce)
	}
	p, ok := edition.Provision(l.Citation)
	if !ok {
		message := "it is not in this catalogue"
		var unknown *UnknownCitationError
		if errors.As(law().editions[edition.ID].refuse(string(l.Citation)), &unknown) {
			message = unknown.Reason
			if len(unknown.Nearest) > 0 {
				message += "; nearest: " + string(unknown.Nearest[0])
			}
		}
		code := FaultUnknownCitation
		if !l.Citation.IsValid() {
			code = FaultEnum // of no record's catalogue, which a schema can say
		}
		add(code, at+"/citation", "%q is no provision of edition %s: %s", clip(string(l.Citation)), edition.ID, message)
		return
	}
	if !l.Citation.IsValid() {
		add(FaultUnknownCitation, at+"/citation", "%s stands in edition %s only, and no record may carry it; link to the provision that took its place", l.Citation, edition.ID)
		return
	}
	if l.Relationship == RelationshipAlternative && p.Designation != DesignationAddressable {
		add(FaultAlternative, at+"/relationship", "%s is not known to be addressable in edition %s; only an addressable specification has an alternative", l.Citation, edition.ID)
	}
}
