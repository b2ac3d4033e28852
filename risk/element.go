package risk

import hipaasmp "github.com/hipaasmp/hipaasmp"

// ElementSource is where an element is asked for.
type ElementSource string

const (
	// ElementSourceGuidance is the OCR Guidance on Risk Analysis Requirements of 2010, with nine elements.
	ElementSourceGuidance ElementSource = "ocr_guidance_2010"
	// ElementSourceProtocol is the row of the OCR audit protocol about 164.308(a)(1)(ii)(A).
	ElementSourceProtocol ElementSource = "ocr_audit_protocol"
)

// Values returns the members of the enumeration.
func (ElementSource) Values() []ElementSource {
	return []ElementSource{ElementSourceGuidance, ElementSourceProtocol}
}

// IsValid reports whether s is a member.
func (s ElementSource) IsValid() bool {
	_, err := hipaasmp.ParseEnum("risk.ElementSource", []byte(s), s.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (s ElementSource) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("risk.ElementSource", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *ElementSource) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("risk.ElementSource", text, s.Values())
	return err
}

// Element is one thing that a risk analysis is asked for, and the gap codes under which [GapChecks] says that it is
// missing.
type Element struct {
	// Source is where it is asked for.
	Source ElementSource `json:"source"`
	// Number is its place there, from 1. The guidance numbers its elements; the numbers of the protocol's contents are
	// this module's.
	Number int `json:"number"`
	// Title says what is asked for, in this module's words.
	Title string `json:"title"`
	// Citations are the provisions behind it.
	Citations []hipaasmp.Citation `json:"citations,omitempty"`
	// CitationsRead says how well it is attested that these provisions are named there.
	CitationsRead hipaasmp.Confidence `json:"citations_read"`
	// Codes are the gap codes, never none.
	Codes []hipaasmp.GapCode `json:"codes,omitempty"`
	// Elsewhere says what of it another package asks for; empty where nothing is.
	Elsewhere string `json:"elsewhere,omitempty"`
	// Read says where the element itself was read and how well it is attested.
	Read hipaasmp.Source `json:"read"`
}

// Elements returns the nine elements of the guidance of 2010 and the contents that the audit protocol looks for in the
// row about risk analysis, each with its gap codes. The guidance prescribes no format and no interval.
func Elements() []Element { return append(guidanceElements(), protocolElements()...) }

func guidanceElements() []Element {
	read := reading("OCR10", "HHS OCR, Guidance on Risk Analysis Requirements under the HIPAA Security Rule (2010-07-14), as quoted on law and trade pages that agree",
		"abouthipaa.com, lexology.com and katten.com", hipaasmp.ConfidenceTwo)
	var out []Element
	add := func(title string, cites hipaasmp.Confidence, citations []hipaasmp.Citation, elsewhere string, codes ...hipaasmp.GapCode) {
		out = append(out, Element{Source: ElementSourceGuidance, Number: len(out) + 1, Title: title, Citations: citations, CitationsRead: cites, Codes: codes, Elsewhere: elsewhere, Read: read})
	}
	const one, recalled = hipaasmp.ConfidenceOne, hipaasmp.ConfidenceRecalled
	add("Scope of the analysis: all ePHI, in every medium and at every location", one,
		[]hipaasmp.Citation{hipaasmp.CiteGeneralRequirements}, "", GapAssetWithoutFinding, GapClassNotConsidered)
	add("Data collection: where ePHI is stored, received, maintained or transmitted", one,
		[]hipaasmp.Citation{hipaasmp.CiteRiskAnalysis, hipaasmp.CiteDocumentation}, "", GapDataCollection)
	add("Reasonably anticipated threats and vulnerabilities, identified and documented", one,
		[]hipaasmp.Citation{hipaasmp.CiteAnticipatedThreats, hipaasmp.CiteRiskAnalysis, hipaasmp.CiteWrittenRecord}, "", GapThreatWithoutVulnerability, GapVulnerabilityAlone)
	add("Current security measures, assessed", one,
		[]hipaasmp.Citation{hipaasmp.CiteReasonableMeasures, hipaasmp.CiteRiskAnalysis, hipaasmp.CiteDocumentation}, "", GapSafeguardsNotAssessed)
	add("Likelihood that a threat occurs", one, []hipaasmp.Citation{hipaasmp.CiteFactorRisk}, "", GapNoLikelihood)
	add("Potential impact when it occurs", recalled, []hipaasmp.Citation{hipaasmp.CiteAnticipatedThreats, hipaasmp.CiteFactorRisk}, "", GapNoImpact)
	add("Level of risk of each threat with each vulnerability, and corrective actions", recalled,
		[]hipaasmp.Citation{hipaasmp.CiteAnticipatedThreats, hipaasmp.CiteRiskAnalysis, hipaasmp.CiteDocumentation},
		"The package remediation asks for the corrective actions.", GapNotScored)
	add("Documentation, finished", recalled, []hipaasmp.Citation{hipaasmp.CiteDocumentation}, "", GapNotDocumented)
	add("Periodic review and updates", recalled, []hipaasmp.Citation{hipaasmp.CiteMaintenance, hipaasmp.CiteUpdates}, "", GapStale)
	return out
}

func protocolElements() []Element {
	read, ok := hipaasmp.SourceByID("PROT")
	if !ok {
		read = reading("PROT", "HHS OCR, HIPAA Audit Protocol", "hhs.gov", hipaasmp.ConfidenceNotRead)
	}
	var out []Element
	add := func(title string, codes ...hipaasmp.GapCode) {
		out = append(out, Element{Source: ElementSourceProtocol, Number: len(out) + 1, Title: title,
			Citations: []hipaasmp.Citation{hipaasmp.CiteRiskAnalysis}, CitationsRead: hipaasmp.ConfidenceOne, Codes: codes, Read: read})
	}
	add("Policies and procedures on risk analysis", GapNoProcedure)
	add("Their purpose and scope", GapProcedureScope)
	add("The roles of the workforce in them", GapProcedureRoles)
	add("The involvement of management in them", GapProcedureManagement)
	add("How often the analysis is reviewed by them", GapProcedureReview)
	add("The written risk analysis", GapNoAnalysis)
	add("The risk analysis immediately before it, or the explanation why there is none", GapNoPredecessor)
	add("A defined scope of all systems that create, receive, maintain or transmit ePHI", GapScopeNotDefined, GapAssetWithoutFinding, GapClassNotConsidered)
	add("Details of threats and of vulnerabilities", GapThreatWithoutVulnerability, GapVulnerabilityAlone)
	add("An assessment of current measures", GapSafeguardsNotAssessed)
	add("An analysis of impact and likelihood", GapNoImpact, GapNoLikelihood)
	add("A risk rating", GapNotScored)
	add("Updates, periodically and upon changes, incidents and significant events", GapStale)
	return out
}
