package risk

import hipaasmp "github.com/hipaasmp/hipaasmp"

// ThreatSource is the top of the taxonomy of threat sources of NIST SP 800-30 Rev. 1, table D-2.
type ThreatSource string

const (
	// ThreatSourceAdversarial is a person, group, organisation or state that means harm.
	ThreatSourceAdversarial ThreatSource = "adversarial"
	// ThreatSourceAccidental is a mistake of somebody who means none.
	ThreatSourceAccidental ThreatSource = "accidental"
	// ThreatSourceStructural is the failure of equipment, of environmental controls or of software.
	ThreatSourceStructural ThreatSource = "structural"
	// ThreatSourceEnvironmental is a disaster, an unusual natural event or the failure of outside infrastructure.
	ThreatSourceEnvironmental ThreatSource = "environmental"
)

// Values returns the members of the enumeration.
func (ThreatSource) Values() []ThreatSource {
	return []ThreatSource{ThreatSourceAdversarial, ThreatSourceAccidental, ThreatSourceStructural, ThreatSourceEnvironmental}
}

// IsValid reports whether s is a member.
func (s ThreatSource) IsValid() bool {
	_, err := hipaasmp.ParseEnum("risk.ThreatSource", []byte(s), s.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (s ThreatSource) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("risk.ThreatSource", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *ThreatSource) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("risk.ThreatSource", text, s.Values())
	return err
}

// Threat is a reasonably anticipated threat (45 CFR 164.306(a)(2)): a source and what it may do.
type Threat struct {
	// ID is stable over analyses.
	ID string `json:"id" validate:"required,docid"`
	// Source is the type of source.
	Source ThreatSource `json:"source" validate:"enum"`
	// Event says what may happen.
	Event string `json:"event" validate:"required,text"`
	// SourceEntry is the identity of the source in [ThreatCatalogue.Sources], where it is one of those.
	SourceEntry string `json:"source_entry,omitempty" validate:"omitempty,docid"`
	// CatalogueEvent is the identity of the event in [ThreatCatalogue.Events], where it is one of those.
	CatalogueEvent string `json:"catalogue_event,omitempty" validate:"omitempty,docid"`
}

// Vulnerability is a weakness that a threat can exploit.
type Vulnerability struct {
	// ID is stable over analyses.
	ID string `json:"id" validate:"required,docid"`
	// Title says what the weakness is.
	Title string `json:"title" validate:"required,text"`
	// Severity is how severe it is, as in NIST SP 800-30 Rev. 1, table F-2, from a remediation that is in place and
	// works (very low) to one that is neither in place nor planned (very high). See [ThreatCatalogue.Severities].
	Severity Level `json:"severity" validate:"enum"`
}
