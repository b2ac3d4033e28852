package hipaasmp

import "slices"

// Framework names what a crosswalk leads to.
type Framework string

const (
	// FrameworkSP80053 is NIST SP 800-53 Rev. 5, security and privacy controls.
	FrameworkSP80053 Framework = "sp800-53r5"
	// FrameworkCSF11 is the NIST Cybersecurity Framework 1.1, subcategories.
	FrameworkCSF11 Framework = "csf-1.1"
)

// Values returns the members of the enumeration.
func (Framework) Values() []Framework {
	return []Framework{FrameworkSP80053, FrameworkCSF11}
}

// IsValid reports whether f is a member.
func (f Framework) IsValid() bool {
	_, err := ParseEnum("Framework", []byte(f), f.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (f Framework) MarshalText() ([]byte, error) {
	return FormatEnum("Framework", f, f.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (f *Framework) UnmarshalText(text []byte) (err error) {
	*f, err = ParseEnum("Framework", text, f.Values())
	return err
}

// EveryFirstControl is the target that stands for the policy-and-procedures control of every family of SP 800-53,
// the one numbered 1, such as AC-1 and AU-1.
const EveryFirstControl = "*-1"

// Crosswalk leads from a provision to the entries of another framework that NIST relates to it. A crosswalk is a guide
// for reading: meeting the entries is not meeting the provision.
type Crosswalk struct {
	// Citation is the provision.
	Citation Citation `json:"citation"`
	// Framework is the framework led to.
	Framework Framework `json:"framework"`
	// Targets are its identifiers, such as "AU-6" or "ID.RA-1", in the order of the source. [EveryFirstControl] stands
	// for a whole series.
	Targets []string `json:"targets,omitempty"`
	// Note says what must be known about the row.
	Note string `json:"note,omitempty"`
	// Source says where it was read.
	Source Source `json:"source"`
}

// Crosswalks returns what the provision leads to, one row a framework. It is empty where no crosswalk was read; the
// crosswalks cover the security management process and the documentation rules.
func (Catalogue) Crosswalks(c Citation) []Crosswalk {
	var out []Crosswalk
	for _, row := range crosswalkRows() {
		if row.Citation == c {
			out = append(out, row)
		}
	}
	return out
}

// AllCrosswalks returns every row, in the order of the law and then of the frameworks.
func (Catalogue) AllCrosswalks() []Crosswalk { return crosswalkRows() }

// ProvisionsFor is the crosswalk read backwards: the provisions that lead to an entry of a framework, in the order of
// the law. A control such as "AC-1" is found under the provisions that lead to [EveryFirstControl] too.
func (Catalogue) ProvisionsFor(f Framework, target string) []Citation {
	var out []Citation
	for _, row := range crosswalkRows() {
		if row.Framework == f && (slices.Contains(row.Targets, target) || isFirstControl(target) && slices.Contains(row.Targets, EveryFirstControl)) {
			out = append(out, row.Citation)
		}
	}
	return out
}

// isFirstControl reports whether s is written like AC-1. It goes by the form and does not know the families.
func isFirstControl(s string) bool {
	return len(s) == 4 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z' && s[2:] == "-1"
}

// Question is one sample question of a key activity.
type Question struct {
	// ID is the number within the activities of the standard, such as "6.5".
	ID string `json:"id"`
	// Text is the question in this module's words.
	Text string `json:"text"`
}

// KeyActivity is one of the activities that NIST SP 800-66 Rev. 2 suggests for a standard, with sample questions. It is
// guidance and no duty.
type KeyActivity struct {
	// ID is stable, such as "KA-6"; the activities of 164.316(b) begin with "KA-DOC".
	ID string `json:"id"`
	// Standard is the standard whose section of the publication lists the activity.
	Standard Citation `json:"standard"`
	// Specification is the specification that the activity is about by its subject; empty where it serves the standard
	// as a whole.
	Specification Citation `json:"specification,omitempty"`
	// Title is the activity in this module's words.
	Title string `json:"title"`
	// Note adds what the publication says of it.
	Note string `json:"note,omitempty"`
	// Questions are the sample questions.
	Questions []Question `json:"questions,omitempty"`
	// Source says where it was read.
	Source Source `json:"source"`
}

// KeyActivities returns the activities listed under a standard, or about a specification, in their order.
func (Catalogue) KeyActivities(c Citation) []KeyActivity {
	var out []KeyActivity
	for _, a := range keyActivityRows() {
		if a.Standard == c || a.Specification == c {
			out = append(out, a)
		}
	}
	return out
}

// AllKeyActivities returns every activity in the order of the publication.
func (Catalogue) AllKeyActivities() []KeyActivity { return keyActivityRows() }

// ProtocolInquiry is one row of the audit protocol of the HHS Office for Civil Rights: what an auditor asks to see, and
// what is then tested.
type ProtocolInquiry struct {
	// ID is stable, such as "PROT-02".
	ID string `json:"id"`
	// Citations are the provisions that the row is about.
	Citations []Citation `json:"citations"`
	// Asks are the documents asked for, in this module's words.
	Asks []string `json:"asks,omitempty"`
	// Tests are what the auditor looks for in them, in this module's words.
	Tests []string `json:"tests,omitempty"`
	// Source says where it was read.
	Source Source `json:"source"`
}

// ProtocolInquiries returns the inquiries about a provision. For an addressable specification that includes the
// question that the protocol adds to every one of them.
func (cat Catalogue) ProtocolInquiries(c Citation) []ProtocolInquiry {
	general := cat.Designation(c) == DesignationAddressable
	var out []ProtocolInquiry
	for _, q := range protocolRows() {
		if slices.Contains(q.Citations, c) || general && slices.Contains(q.Citations, CiteAddressable) {
			out = append(out, q)
		}
	}
	return out
}

// AllProtocolInquiries returns every inquiry that the module carries, in the order of the law. The protocol has many
// more; these are the rows about the security management process and its neighbours.
func (Catalogue) AllProtocolInquiries() []ProtocolInquiry { return protocolRows() }

// ProtocolInstructions returns what the protocol asks of every answer.
func (Catalogue) ProtocolInstructions() []string {
	return []string{
		"Entity means a covered entity and a business associate alike.",
		"Submit the documents that are asked for, and no collections around them.",
		"Submit the versions in use on the day of the audit notice.",
		"Submit PDF, Word or Excel files through the portal.",
		"If there are too few samples, add instances from an earlier period of the same length; if there are none, submit a statement that says so.",
		"Workforce includes contractors on site, students and volunteers.",
		"Information systems include people.",
	}
}
