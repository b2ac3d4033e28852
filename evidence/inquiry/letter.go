package inquiry

import (
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// Status says how far the records answer a request.
type Status string

const (
	// StatusAnswered: records answer it and no gap under the same provision speaks against them.
	StatusAnswered Status = "answered"
	// StatusPartly: records answer it, and gaps remain.
	StatusPartly Status = "partly"
	// StatusMissing: no record answers it.
	StatusMissing Status = "missing"
)

// Values returns the members of the enumeration.
func (Status) Values() []Status { return []Status{StatusAnswered, StatusPartly, StatusMissing} }

// IsValid reports whether s is a member.
func (s Status) IsValid() bool {
	_, err := hipaasmp.ParseEnum("inquiry.Status", []byte(s), s.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (s Status) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("inquiry.Status", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *Status) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("inquiry.Status", text, s.Values())
	return err
}

// Answer is one request of the letter with the records that answer it.
type Answer struct {
	// ID is stable, for example "INQ-03".
	ID string `json:"id"`
	// Citation is the provision that the request is about.
	Citation hipaasmp.Citation `json:"citation"`
	// Asks is what the letter asks for, in this module's words after the OCR audit protocol.
	Asks string `json:"asks"`
	// Status says how far it is answered.
	Status Status `json:"status"`
	// Refs are the documents that answer it. Those that are not final are told apart in Note.
	Refs []hipaasmp.Ref `json:"refs,omitempty"`
	// Gaps are what remains missing under it.
	Gaps []hipaasmp.Gap `json:"gaps,omitempty"`
	// Note says what a reader must know, in a sentence.
	Note string `json:"note,omitempty"`
}

// request is one line of the letter: how to find the records, and which gaps speak to it.
type request struct {
	id    string
	cites hipaasmp.Citation
	asks  string
	find  func(r Records, asOf hipaasmp.Date) (refs []hipaasmp.Ref, note string)
	gaps  []hipaasmp.GapCode
}

// letter lists the requests in the order of the law. The wording follows the rows of the OCR audit protocol that the
// catalogue carries; see [hipaasmp.Catalogue.ProtocolInquiries].
var letter = []request{
	{"INQ-01", hipaasmp.CiteSecurityManagementProcess, "Documentation of security violations and of what was done about them.", violations, []hipaasmp.GapCode{GapIncidentWithoutCase, review.GapIncidentOpen}},
	{"INQ-02", hipaasmp.CiteRiskAnalysis, "The current written risk analysis.", currentAnalysis,
		[]hipaasmp.GapCode{risk.GapNoAnalysis, risk.GapStale, risk.GapAssetWithoutFinding, risk.GapClassNotConsidered, risk.GapThreatWithoutVulnerability,
			risk.GapSafeguardsNotAssessed, risk.GapNoAgreement, risk.GapNotScored}},
	{"INQ-03", hipaasmp.CiteRiskAnalysis, "The risk analysis immediately before it, or the explanation why there is none.", precedingAnalysis, []hipaasmp.GapCode{risk.GapNoPredecessor}},
	{"INQ-04", hipaasmp.CiteRiskManagement, "The acceptable level of risk, approved by management, and the plan that treats each risk above it.", approvedPlan,
		[]hipaasmp.GapCode{risk.GapAcceptableLevel, remediation.GapNoPlan, remediation.GapUntreated, remediation.GapAcceptanceExpired}},
	{"INQ-05", hipaasmp.CiteRiskManagement, "Evidence of measures implemented, or in process, as a result of the analysis.", measures,
		[]hipaasmp.GapCode{remediation.GapOverdue, remediation.GapNotVerified}},
	{"INQ-06", hipaasmp.CiteSanctionPolicy, "The sanction policy in effect, known to the workforce.", sanctionPolicy,
		[]hipaasmp.GapCode{sanction.GapNoPolicy, sanction.GapUnacknowledged, sanction.GapNotReviewed}},
	{"INQ-07", hipaasmp.CiteSanctionPolicy, "The sanctions applied, with steps, time, reason and outcome; or a statement that there was no occasion.", sanctionsApplied,
		[]hipaasmp.GapCode{sanction.GapNeverApplied, sanction.GapOverLimit, sanction.GapNotNotified, sanction.GapNotRecorded, sanction.GapUneven, sanction.GapContradicted}},
	{"INQ-08", hipaasmp.CiteActivityReview, "The procedure for regular review of records of system activity.", reviewProcedure,
		[]hipaasmp.GapCode{review.GapNoProcedure, review.GapKindNotCovered, review.GapProcedureNotReviewed, GapSystemInNoReview, GapUnknownSystem}},
	{"INQ-09", hipaasmp.CiteActivityReview, "Evidence that audit logs, access reports and incident reports were reviewed in time, and certified by appropriate personnel.", certifiedReviews,
		[]hipaasmp.GapCode{review.GapNotReviewed, review.GapOpenTooLong, review.GapDefects, review.GapLate, review.GapIndependence, review.GapOtherTerms, review.GapDetectors, review.GapUnavailable}},
	{"INQ-10", hipaasmp.CiteActivityReview, "Evidence that the systems can log, and that logging is turned on.", canLog, []hipaasmp.GapCode{review.GapCapability, review.GapFamily}},
	{"INQ-11", hipaasmp.CiteAssignedSecurityResponsibility, "The named security official.", securityOfficial, nil},
	{"INQ-12", hipaasmp.CiteTimeLimit, "Evidence that policies, actions, activities and assessments are kept six years.", kept, []hipaasmp.GapCode{GapDestroyedEarly, GapNothingKept, review.GapRawLogs, review.GapShortRawLogs}},
}

// Answer goes through the letter. Every request has an answer; a request without a record is missing, one with records
// and gaps is answered partly.
func (r Records) Answer(asOf hipaasmp.Date) []Answer {
	gaps := r.Gaps(asOf)
	out := make([]Answer, len(letter))
	for i, q := range letter {
		a := Answer{ID: q.id, Citation: q.cites, Asks: q.asks, Status: StatusAnswered}
		a.Refs, a.Note = q.find(r, asOf)
		for _, g := range gaps {
			if slices.Contains(q.gaps, g.Code) {
				a.Gaps = append(a.Gaps, g)
			}
		}
		switch {
		case len(a.Refs) == 0:
			a.Status = StatusMissing
		case len(a.Gaps) > 0:
			a.Status = StatusPartly
		}
		out[i] = a
	}
	return out
}

func violations(r Records, _ hipaasmp.Date) ([]hipaasmp.Ref, string) {
	out := append(refs(r.IncidentRecords), refs(r.Outcomes)...)
	open := append(refs(r.Incidents), refs(r.Cases)...)
	if len(out) > 0 {
		return out, ""
	}
	if len(open) > 0 {
		return open, "None of these is closed."
	}
	return refs(r.Attestations), "No violation is on record; the attestations say that there was none."
}

func currentAnalysis(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	if a, ok := risk.InEffect(r.Analyses, asOf); ok {
		return []hipaasmp.Ref{a.DocumentRef()}, fmt.Sprintf("Approved on %s.", a.Approval.On)
	}
	return nil, ""
}

func precedingAnalysis(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	a, ok := risk.InEffect(r.Analyses, asOf)
	if !ok {
		return nil, ""
	}
	if a.Predecessor != nil {
		for _, b := range r.Analyses {
			if b.DocumentRef() == a.Predecessor.Newest() {
				return []hipaasmp.Ref{b.DocumentRef()}, fmt.Sprintf("In effect %s.", b.InEffect)
			}
		}
		return nil, fmt.Sprintf("%s names %s, which is not among the records.", a.DocumentRef(), a.Predecessor)
	}
	if a.Explanation != "" {
		return []hipaasmp.Ref{a.DocumentRef()}, "There is none before it; the analysis explains why."
	}
	return nil, ""
}

func approvedPlan(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	if p, ok := remediation.InEffect(r.Plans, asOf); ok {
		return []hipaasmp.Ref{p.DocumentRef()}, fmt.Sprintf("Approved on %s with %d commitments.", p.Approval.On, len(p.Commitments))
	}
	return nil, ""
}

func measures(r Records, _ hipaasmp.Date) ([]hipaasmp.Ref, string) {
	out := append(refs(r.Completions), refs(r.Acceptances)...)
	inProcess := 0
	for _, i := range r.Items {
		if i.State != remediation.StateProposed && i.State != remediation.StateCancelled && i.State != remediation.StateClosed {
			out = append(out, i.DocumentRef())
			inProcess++
		}
	}
	if len(out) == 0 {
		return nil, ""
	}
	return out, fmt.Sprintf("%d completed, %d in process.", len(r.Completions), inProcess)
}

func sanctionPolicy(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	out := refs(sanction.InForce(r.Policies, asOf))
	if len(out) == 0 {
		return nil, ""
	}
	return append(out, refs(r.Acknowledgements)...), fmt.Sprintf("%d acknowledgements.", len(r.Acknowledgements))
}

func sanctionsApplied(r Records, _ hipaasmp.Date) ([]hipaasmp.Ref, string) {
	out := append(refs(r.Outcomes), refs(r.Attestations)...)
	if len(out) == 0 {
		return nil, ""
	}
	return out, fmt.Sprintf("%d final records, %d attestations of periods without a violation.", len(r.Outcomes), len(r.Attestations))
}

func reviewProcedure(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	var out []hipaasmp.Ref
	for _, p := range r.Procedures {
		if p.RetentionBasis().InEffectOn(asOf) {
			out = append(out, p.DocumentRef())
		}
	}
	return out, ""
}

func certifiedReviews(r Records, _ hipaasmp.Date) ([]hipaasmp.Ref, string) {
	if len(r.Reviews) == 0 {
		return nil, ""
	}
	return refs(r.Reviews), fmt.Sprintf("%d certified reviews; %d sessions in all.", len(r.Reviews), len(r.Sessions))
}

func canLog(r Records, _ hipaasmp.Date) ([]hipaasmp.Ref, string) {
	var out []hipaasmp.Ref
	for _, rec := range r.Reviews {
		if slices.ContainsFunc(rec.Sources, func(s review.SourceReview) bool { return s.Capability.State == review.CapabilityEnabled }) {
			out = append(out, rec.DocumentRef())
		}
	}
	return out, ""
}

func securityOfficial(r Records, asOf hipaasmp.Date) ([]hipaasmp.Ref, string) {
	for _, a := range r.Entity.Appointments {
		if a.Role == hipaasmp.RoleSecurityOfficial && a.Term.Contains(asOf) {
			return []hipaasmp.Ref{r.Entity.DocumentRef()}, fmt.Sprintf("%s, %s.", a.Member, a.Term)
		}
	}
	return nil, ""
}

func kept(r Records, _ hipaasmp.Date) ([]hipaasmp.Ref, string) {
	var out []hipaasmp.Ref
	for _, f := range r.Finals() {
		out = append(out, f.DocumentRef())
	}
	return out, "Retention terms and the ledger's proofs are in the package."
}
