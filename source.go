package hipaasmp

import "slices"

// Source says where a fact of the law was read, when, and how well it is attested. Facts of law are data with a source:
// a reader can go back to it, and a later reading can correct it.
type Source struct {
	// ID is the short name of the source, for example "REG13".
	ID string `json:"id"`
	// Title names the document.
	Title string `json:"title"`
	// Locator says where the copy that was read stands.
	Locator string `json:"locator"`
	// Read is the day on which it was read.
	Read Date `json:"read"`
	// Confidence says how well the fact is attested.
	Confidence Confidence `json:"confidence"`
	// Agrees lists the sources that say the same.
	Agrees []string `json:"agrees,omitempty"`
}

func (s Source) clone() Source {
	s.Agrees = slices.Clone(s.Agrees)
	return s
}

// with returns the source for a fact that is attested as c says, and by the further sources named.
func (s Source) with(c Confidence, agrees ...string) Source {
	s.Confidence, s.Agrees = c, agrees
	return s
}

// Confidence says how well a fact is attested. Only the first two are readings of a document.
type Confidence string

const (
	// ConfidenceTwo is a fact seen in two or more independent sources.
	ConfidenceTwo Confidence = "verified_in_two"
	// ConfidenceOne is a fact seen in one source.
	ConfidenceOne Confidence = "verified_in_one"
	// ConfidenceCalculated is a fact computed from verified inputs.
	ConfidenceCalculated Confidence = "calculated"
	// ConfidenceRecalled is a fact from memory that no document was seen to state. It must not be relied on.
	ConfidenceRecalled Confidence = "recalled"
	// ConfidenceNotRead marks what is carried over from another edition because the text of this one was not read.
	ConfidenceNotRead Confidence = "not_read"
)

// Values returns the members of the enumeration.
func (Confidence) Values() []Confidence {
	return []Confidence{ConfidenceTwo, ConfidenceOne, ConfidenceCalculated, ConfidenceRecalled, ConfidenceNotRead}
}

// IsValid reports whether c is a member.
func (c Confidence) IsValid() bool {
	_, err := ParseEnum("Confidence", []byte(c), c.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (c Confidence) MarshalText() ([]byte, error) {
	return FormatEnum("Confidence", c, c.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (c *Confidence) UnmarshalText(text []byte) (err error) {
	*c, err = ParseEnum("Confidence", text, c.Values())
	return err
}

// SourceByID returns the source with the short name, which [Source.Agrees] lists. Its Confidence is that of a single
// reading.
func SourceByID(id string) (Source, bool) {
	for _, s := range allSources() {
		if s.ID == id {
			return s, true
		}
	}
	return Source{}, false
}

// lawRead is the day on which the sources were read.
func lawRead() Date { return Date{year: 2026, month: 11, day: 22} }

func reading(id, title, locator string) Source {
	return Source{ID: id, Title: title, Locator: locator, Read: lawRead(), Confidence: ConfidenceOne}
}

func sourceREG13() Source {
	return reading("REG13", "45 CFR Parts 160 and 164 as amended through 78 FR 5566 (2013), full text",
		"github.com/aptible/www.aptible.com, commit 7115acc, source/hipaa/regulations and data/hipaa.yml")
}

func sourceREG26() Source {
	return reading("REG26", "45 CFR Parts 160 and 164, transcribed from the eCFR of 2026-04-02",
		"github.com/nickzren/hipaa-foundation, commit 2f70ab8, core/regulations")
}

func sourceAppendixA() Source {
	return reading("APPA", "Appendix A to Subpart C of 45 CFR Part 164, two copies",
		"law.lawstack.com (2021) and codes.findlaw.com (2022)")
}

func sourceProtocol() Source {
	return reading("PROT", "HHS OCR, HIPAA Audit Protocol, copy of January 2018; of the edition of July 2018 only the header was seen",
		"github.com/aligator4sah/Telehealth, commit 580f481, newhtml.html")
}

func sourceCPRT() Source {
	return reading("CPRT", "NIST CPRT export of SP 800-66 Rev. 2 (SP800_66_2_0_0)",
		"github.com/intuitem/ciso-assistant-community, commit f990d7b, nist-sp-800-66-rev2.yaml and its mapping files")
}

func sourceFinalRule() Source {
	return reading("FR03", "68 FR 8334, Security Standards, final rule of 2003-02-20", "govinfo.gov, FR-2003-02-20")
}

func sourcePL116() Source {
	return reading("PL116", "Pub. L. 116-321, 134 Stat. 5072; 42 U.S.C. 17941", "govinfo.gov and govregs.com")
}

func sourceAdjustment() Source {
	return reading("FR26", "91 FR 3665 (2026-01-28), annual adjustment of civil money penalties, 45 CFR 102.3", "govinfo.gov, FR Doc 2026-01688")
}

func sourceOSS26() Source {
	return reading("OSS26", "Public repositories of September and October 2026 that quote the eCFR, reginfo.gov and the proposed rule", "github.com")
}

func sourceNPRM() Source {
	return reading("NPRM", "90 FR 898 (2025-01-06), proposed rule, RIN 0945-AA22, docket HHS-OCR-2024-0020; read in quotations, not in full", "quotations in public repositories and trade press")
}

func sourceEditions() Source {
	return reading("HIST", "Amendment notes of the sections and the pages of the Federal Register that they name", "REG13, REG26, govinfo.gov")
}

func allSources() []Source {
	return []Source{
		sourceREG13(), sourceREG26(), sourceAppendixA(), sourceProtocol(), sourceCPRT(), sourceFinalRule(), sourcePL116(),
		sourceAdjustment(), sourceOSS26(), sourceNPRM(), sourceEditions(),
	}
}
