package hipaasmp

import "iter"

// EditionID names an edition of the Security Rule.
type EditionID string

const (
	// Edition2003 is the Security Rule of 68 FR 8334, superseded in 2013.
	Edition2003 EditionID = "2003"
	// Edition2013Omnibus is the rule as amended by 78 FR 5566, in force.
	Edition2013Omnibus EditionID = "2013-omnibus"
	// Edition2025NPRM is the proposal of 90 FR 898. It obliges nobody.
	Edition2025NPRM EditionID = "2025-nprm"
)

// Values returns the members of the enumeration.
func (EditionID) Values() []EditionID {
	return []EditionID{Edition2003, Edition2013Omnibus, Edition2025NPRM}
}

// IsValid reports whether id is a member.
func (id EditionID) IsValid() bool {
	_, err := ParseEnum("EditionID", []byte(id), id.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (id EditionID) MarshalText() ([]byte, error) {
	return FormatEnum("EditionID", id, id.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (id *EditionID) UnmarshalText(text []byte) (err error) {
	*id, err = ParseEnum("EditionID", text, id.Values())
	return err
}

// EditionInForce is the edition in force on the day the sources were read; see [Catalogue.ReadOn].
const EditionInForce = Edition2013Omnibus

// EditionStatus says whether an edition is law.
type EditionStatus string

const (
	// EditionStatusInForce is an edition that is law.
	EditionStatusInForce EditionStatus = "in_force"
	// EditionStatusSuperseded is an edition that was law.
	EditionStatusSuperseded EditionStatus = "superseded"
	// EditionStatusProposed is an edition that never was law. [Catalogue.At] does not return it.
	EditionStatusProposed EditionStatus = "proposed"
)

// Values returns the members of the enumeration.
func (EditionStatus) Values() []EditionStatus {
	return []EditionStatus{EditionStatusInForce, EditionStatusSuperseded, EditionStatusProposed}
}

// IsValid reports whether s is a member.
func (s EditionStatus) IsValid() bool {
	_, err := ParseEnum("EditionStatus", []byte(s), s.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (s EditionStatus) MarshalText() ([]byte, error) {
	return FormatEnum("EditionStatus", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *EditionStatus) UnmarshalText(text []byte) (err error) {
	*s, err = ParseEnum("EditionStatus", text, s.Values())
	return err
}

// Edition is one state of the rule's text. Whether a specification is required or addressable belongs to the edition
// and not to the citation, so it is asked here. Get one from [Catalogue.At] or [Catalogue.Edition]; one made by hand
// answers by its ID alone.
type Edition struct {
	// ID names the edition.
	ID EditionID `json:"id"`
	// Title is the title of the rule that made it.
	Title string `json:"title"`
	// Status says whether it is law.
	Status EditionStatus `json:"status"`
	// FederalRegister is the citation of the rule that made it, such as "78 FR 5566".
	FederalRegister string `json:"federal_register"`
	// Published is the day of that issue of the Federal Register.
	Published Date `json:"published"`
	// Effective is the first day on which the edition was law; not set for a proposal.
	Effective Date `json:"effective,omitzero"`
	// Superseded is the day on which the next edition took effect; not set while it is law.
	Superseded Date `json:"superseded,omitzero"`
	// Compliance is the day by which entities in general had to meet it; not set for a proposal.
	Compliance Date `json:"compliance,omitzero"`
	// Notes say what a reader must know about the edition.
	Notes []string `json:"notes,omitempty"`
	// Source says where this was read.
	Source Source `json:"source"`

	asOf Date // the day asked of Catalogue.At; provisions younger than it are left out
}

// InForce reports whether the edition is law on the day: from Effective on, and until the day before Superseded.
func (e Edition) InForce(on Date) bool {
	return e.Status != EditionStatusProposed && !e.Effective.IsZero() && !on.IsZero() && !on.Before(e.Effective) &&
		(e.Superseded.IsZero() || on.Before(e.Superseded))
}

// Provisions yields the provisions of the edition in the order of the law.
//
// Of the edition in force it yields the whole catalogue. Of the edition of 2003 it yields the paragraphs of Part 164
// Subpart C by name, carried over from the edition in force ([ConfidenceNotRead]) but for 164.308(b), which is known to
// have been renumbered. Of the proposal it yields only what sources state.
func (e Edition) Provisions() iter.Seq[Provision] {
	return func(yield func(Provision) bool) {
		t := law().editions[e.ID]
		if t == nil {
			return
		}
		for _, p := range t.provisions {
			if e.has(p) && !yield(p.clone()) {
				return
			}
		}
	}
}

// Provision returns the edition's entry for the citation, and false where the edition has none that is known.
func (e Edition) Provision(c Citation) (Provision, bool) {
	t := law().editions[e.ID]
	if t == nil {
		return Provision{}, false
	}
	p, ok := t.provision(c)
	if !ok || !e.has(p) {
		return Provision{}, false
	}
	return p.clone(), true
}

func (e Edition) has(p Provision) bool { return e.asOf.IsZero() || !p.Since.After(e.asOf) }

// Designation returns whether the edition requires the provision. It is [DesignationUnknown] where the text of the
// edition was not read, and for a citation that the edition is not known to have.
func (e Edition) Designation(c Citation) Designation {
	if p, ok := e.Provision(c); ok {
		return p.Designation
	}
	return DesignationUnknown
}

// ParseCitation is [ParseCitation] against this edition, so that paragraphs of a superseded or a proposed text can be
// named too. A citation of a proposal is refused by [Citation.IsValid] and cannot be written into a record.
func (e Edition) ParseCitation(s string) (Citation, error) {
	t := law().editions[e.ID]
	if t == nil {
		return "", &UnknownValueError{Type: "EditionID", Value: string(e.ID), Allowed: names(e.ID.Values())}
	}
	c, err := t.parse(s)
	if err != nil {
		return "", err
	}
	if p, _ := t.provision(c); !e.has(p) {
		return "", &UnknownCitationError{Input: s, Edition: e.ID, Reason: "it holds only since " + p.Since.String()}
	}
	return c, nil
}

// Amendment is one step in the history of the rules, whether or not it touched Subpart C.
type Amendment struct {
	// Published is the day of the Federal Register issue or of the enactment.
	Published Date `json:"published"`
	// Cite is the Federal Register page or the public law.
	Cite string `json:"cite"`
	// Effect says what it did.
	Effect string `json:"effect"`
	// Proposed marks a step that is not law.
	Proposed bool `json:"proposed,omitempty"`
	// Source says where this was read.
	Source Source `json:"source"`
}
