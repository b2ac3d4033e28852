package review

import (
	"fmt"
	"slices"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// Explanation is the code of the reason for which an exception is no incident. Codes make reasons countable; the words
// beside them say what happened.
type Explanation string

const (
	// ExplanationTreatment: the access served the treatment of the patient.
	ExplanationTreatment Explanation = "treatment"
	// ExplanationDuty: it was assigned work other than treatment.
	ExplanationDuty Explanation = "assigned_duty"
	// ExplanationMaintenance: it was planned work on the system.
	ExplanationMaintenance Explanation = "planned_maintenance"
	// ExplanationTest: it was a test or an exercise.
	ExplanationTest Explanation = "test"
	// ExplanationMistake: it was a slip without effect, such as a mistyped password.
	ExplanationMistake Explanation = "harmless_mistake"
	// ExplanationDetector: the detector was wrong.
	ExplanationDetector Explanation = "detector_wrong"
	// ExplanationDuplicate: another exception is about the same thing.
	ExplanationDuplicate Explanation = "duplicate"
	// ExplanationOther: none of these; the words say what.
	ExplanationOther Explanation = "other"
)

// Values returns the members of the enumeration.
func (Explanation) Values() []Explanation {
	return []Explanation{ExplanationTreatment, ExplanationDuty, ExplanationMaintenance, ExplanationTest, ExplanationMistake,
		ExplanationDetector, ExplanationDuplicate, ExplanationOther}
}

// IsValid reports whether e is a member.
func (e Explanation) IsValid() bool { return slices.Contains(e.Values(), e) }

// MarshalText refuses a value that is no member.
func (e Explanation) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.Explanation", e, e.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (e *Explanation) UnmarshalText(text []byte) (err error) {
	*e, err = hipaasmp.ParseEnum("review.Explanation", text, e.Values())
	return err
}

// Signature is who did something and when.
type Signature struct {
	// By is who did it.
	By hipaasmp.Actor `json:"by"`
	// At is when, in UTC to the microsecond.
	At time.Time `json:"at" validate:"instant"`
}

// Disposition is what became of an exception. Which of the three it is, the exception's state says.
type Disposition struct {
	Signature
	// Explanation is the reason's code, for an exception that is explained and for no other.
	Explanation Explanation `json:"explanation,omitempty" validate:"omitempty,enum"`
	// Step numbers the step of the history that is the disposition, from 1, so that a step that is taken out later shows.
	Step int `json:"step" validate:"min=1,max=10000"`
	// Earlier is the record of a round in which the same finding was disposed of, whose disposition this repeats; absent
	// where a person looked at it here.
	Earlier *hipaasmp.Ref `json:"earlier,omitempty"`
	// Rule is the explanation rule by which it is explained; absent where a person explained it by itself.
	Rule *hipaasmp.Ref `json:"rule,omitempty"`
	// Words says what was found, free of protected health information.
	Words string `json:"words" validate:"required,text,max=4000"`
	// Refs points to where it went on: an incident, a sanction case, a risk analysis; for an exception that became an
	// incident and for no other.
	Refs []hipaasmp.Ref `json:"refs,omitempty" validate:"dive"`
}

// Exception is something that came to notice in a review, and what became of it. The finding inside it is kept as the
// detector gave it, with the actor's identity exactly as the log has it.
type Exception struct {
	detect.Finding
	// Source is the source in whose records it was found.
	Source string `json:"source" validate:"required,docid"`
	// Seen is when it first came to notice: when the reading that found it ended; absent where that was not noted.
	Seen time.Time `json:"seen,omitzero" validate:"omitempty,instant"`
	// Score is by what an alert budget put it before others; absent where no budget did.
	Score *Score `json:"score,omitempty"`
	// State is where it stands; it follows from History.
	State ExceptionState `json:"state" validate:"enum"`
	// History lists every step, oldest first.
	History []hipaasmp.Transition[ExceptionState, ExceptionEvent] `json:"history,omitempty" validate:"dive"`
	// Contacts lists whom somebody asked about it, one for each such step of the history.
	Contacts []Contact `json:"contacts,omitempty" validate:"dive"`
	// Disposition is what became of it; absent until then.
	Disposition *Disposition `json:"disposition,omitempty"`
}

// Contact is that somebody was asked about an exception.
type Contact struct {
	Signature
	// Whom is who was asked, by opaque identity, and how.
	Whom string `json:"whom" validate:"required,text,max=2000"`
}

func (c Contact) is(h hipaasmp.Transition[ExceptionState, ExceptionEvent]) bool {
	return c.By == h.By && c.At.Equal(h.At) && c.Whom == h.Note
}

// Score is by what an alert budget ranks a finding: what its severity weighs, times one more than the number of other
// detectors that name one of its events. See [detect.Budget].
type Score struct {
	// Weight is 1, 2 or 4, for low, moderate and high severity.
	Weight int `json:"weight" validate:"min=1,max=4"`
	// Others is the number of other detectors that name one of its events.
	Others int `json:"others" validate:"min=0,max=10000"`
	// Total is what comes of it.
	Total int `json:"total" validate:"min=1,max=50000"`
	// Pick says whether it was shown for its rank or drawn.
	Pick detect.Pick `json:"pick" validate:"enum"`
}

// String says how the score comes about: "12 = 4 for severity times 1 + 2 other detectors, by rank".
func (s Score) String() string {
	how := "by rank"
	if s.Pick == detect.PickRandom {
		how = "drawn"
	}
	return fmt.Sprintf("%d = %d for severity times 1 + %d other detectors, %s", s.Total, s.Weight, s.Others, how)
}

// weights are what severities weigh.
var weights = map[detect.Severity]int{detect.SeverityLow: 1, detect.SeverityModerate: 2, detect.SeverityHigh: 4}

func scoreOf(a detect.Alert) *Score {
	w := weights[a.Severity]
	if w == 0 || a.Score < w {
		return nil
	}
	return &Score{Weight: w, Others: a.Score/w - 1, Total: a.Score, Pick: a.Pick}
}

func (s *Score) check(f *validate.Faults, at string, severity detect.Severity) {
	if s == nil {
		return
	}
	if w, ok := weights[severity]; ok && s.Weight != w {
		f.Add(FaultCounts, at+"/weight", "is %d where a finding of %s severity weighs %d", s.Weight, severity, w)
	}
	if s.Total != s.Weight*(1+s.Others) {
		f.Add(FaultCounts, at+"/total", "is %d where its terms give %d", s.Total, s.Weight*(1+s.Others))
	}
}

// NewException makes an open exception of a finding in the records of a source.
func NewException(source string, finding detect.Finding) Exception {
	finding = detect.Tokens{}.Name(finding) // what is not a token stays out of documents
	finding.Reasons, finding.Events, finding.Patients = slices.Clone(finding.Reasons), slices.Clone(finding.Events), slices.Clone(finding.Patients)
	return Exception{Finding: finding, Source: source, State: exceptionMachine.Initial()}
}

// Exceptions makes open exceptions of findings in the records of a source.
func Exceptions(source string, findings []detect.Finding) []Exception {
	var out []Exception
	for _, f := range findings {
		out = append(out, NewException(source, f))
	}
	return out
}

func (e Exception) clone() Exception {
	e.Finding = detect.Tokens{}.Name(e.Finding)
	e.Reasons, e.Events, e.History = slices.Clone(e.Reasons), slices.Clone(e.Events), slices.Clone(e.History)
	e.Patients, e.Contacts = slices.Clone(e.Patients), slices.Clone(e.Contacts)
	if e.Score != nil {
		s := *e.Score
		e.Score = &s
	}
	if e.Disposition != nil {
		d := *e.Disposition
		d.Refs = slices.Clone(d.Refs)
		if d.Rule != nil {
			rule := *d.Rule
			d.Rule = &rule
		}
		if d.Earlier != nil {
			earlier := *d.Earlier
			d.Earlier = &earlier
		}
		e.Disposition = &d
	}
	return e
}

// KindBreachAssessment is the kind by which exceptions and incidents refer to the assessment whether unsecured health
// information was compromised (45 CFR 164.402). This module has no such document: products keep it.
const KindBreachAssessment hipaasmp.Kind = "breach.assessment"

// leadsTo reports whether an exception may go on to a document of the kind: an incident of this package, a sanction case, a
// breach risk assessment, or anything of the risk analysis and of what is done about it.
func leadsTo(k hipaasmp.Kind) bool {
	return k == KindIncident || k == "sanction.case" || k == KindBreachAssessment || strings.HasPrefix(string(k), "remediation.") || strings.HasPrefix(string(k), "risk.")
}

// checkContacts asks that contacts and the steps of the history are the same, so that neither is taken out alone.
func (e Exception) checkContacts(f *validate.Faults, at string) {
	n := 0
	for i, h := range e.History {
		if h.Event != ExceptionContact {
			continue
		}
		if n >= len(e.Contacts) || !e.Contacts[n].is(h) && h.Note != "" {
			f.Cite(FaultUnrecorded, hipaasmp.CiteDocumentation, at+hipaasmp.Pointer("history", i), "is a contact that the list of contacts does not have at its place; ask by Session.Contact")
		}
		n++
	}
	if n < len(e.Contacts) {
		f.Cite(FaultUnrecorded, hipaasmp.CiteDocumentation, at+hipaasmp.Pointer("contacts", n), "is no step of the history; a contact is not taken out of it")
	}
}

func (e Exception) check(f *validate.Faults, at string, opened time.Time) {
	for _, fault := range exceptionMachine.Replay(e.State, e.History) {
		fault.Pointer = at + fault.Pointer
		f.Append(fault)
	}
	if len(e.History) > 0 && e.History[0].At.Before(opened) {
		f.Add(hipaasmp.FaultOrder, at+"/history/0/at", "is before the session was opened; history runs forward")
	}
	for i, h := range e.History {
		if h.Event == ExceptionContact && h.Note == "" {
			f.Cite(FaultIncomplete, hipaasmp.CiteDocumentation, at+hipaasmp.Pointer("history", i, "note"), "is missing; say who was asked, by opaque identity, and how")
		}
		if h.Event != ExceptionTriage {
			person(f, at+hipaasmp.Pointer("history", i, "by"), "dispose of an exception", h.By)
		}
		if h.Event == ExceptionReconsider && h.Note == "" {
			f.Cite(FaultIncomplete, hipaasmp.CiteDocumentation, at+hipaasmp.Pointer("history", i, "note"), "is missing; say why the disposition is taken back")
		}
	}
	e.checkContacts(f, at)
	e.Score.check(f, at+"/score", e.Severity)
	unique(f, at+"/patients", e.Patients, func(d hipaasmp.Digest) hipaasmp.Digest { return d })
	if n := int64(len(e.Patients)); e.PatientCount < n || n == 0 && e.PatientCount > 0 {
		f.Add(FaultCounts, at+"/patient_count", "is %d where %d patients are named", e.PatientCount, n)
	}
	ordered(f, at+"/last", e.First, e.Last)
	if int64(len(e.Events)) > e.Count {
		f.Add(FaultCounts, at+"/count", "is %d where %d events are named", e.Count, len(e.Events))
	}
	d := e.Disposition
	if d == nil {
		if e.State.Disposed() {
			f.Cite(FaultDisposition, hipaasmp.CiteActivityReview, at+"/disposition", "is missing where the state is %s; dispose of exceptions by the methods of the session", e.State)
		}
		return
	}
	p := at + "/disposition"
	if !e.State.Disposed() {
		f.Cite(FaultDisposition, hipaasmp.CiteActivityReview, p, "is there while the state is %s; dispose of exceptions by the methods of the session", e.State)
	}
	if n := len(e.History); d.Step != n && d.Step > 0 {
		f.Cite(FaultDisposition, hipaasmp.CiteDocumentation, p+"/step", "is %d where the history has %d steps; no step is left out of it", d.Step, n)
	}
	if d.Earlier != nil && d.Earlier.Kind != KindRecord && d.Earlier.Kind != "" {
		f.Add(hipaasmp.FaultDangling, p+"/earlier/kind", "is %q; a finding was disposed of in a %s", d.Earlier.Kind, KindRecord)
	}
	if n := len(e.History); n > 0 && (e.History[n-1].By != d.By || !e.History[n-1].At.Equal(d.At)) {
		f.Cite(FaultDisposition, hipaasmp.CiteDocumentation, p, "is not signed as the last step of the history is")
	}
	if (d.Explanation != "") != (e.State == ExceptionExplained) {
		f.Cite(FaultDisposition, hipaasmp.CiteActivityReview, p+"/explanation", "belongs to an exception that is explained, which has one, and to no other")
	}
	if d.Rule != nil {
		if e.State != ExceptionExplained {
			f.Cite(FaultDisposition, hipaasmp.CiteActivityReview, p+"/rule", "belongs to an exception that is explained, and to no other")
		}
		if d.Explanation.IsValid() && !d.Explanation.recurs() {
			f.Cite(FaultRule, hipaasmp.CiteActivityReview, p+"/rule", "is named for %q, which is a reason of one finding and makes no rule", d.Explanation)
		}
		if d.Rule.Kind != KindExplanationRule && d.Rule.Kind != "" {
			f.Add(hipaasmp.FaultDangling, p+"/rule/kind", "is %q; an exception is explained by a %s", d.Rule.Kind, KindExplanationRule)
		}
	}
	if (len(d.Refs) > 0) != (e.State == ExceptionIncident) {
		f.Cite(FaultDisposition, hipaasmp.CiteIncidentResponse, p+"/refs", "belong to an exception that became an incident, which has at least one, and to no other")
	}
	for i, r := range d.Refs {
		if r.Kind != "" && !leadsTo(r.Kind) {
			f.Cite(FaultDisposition, hipaasmp.CiteIncidentResponse, p+hipaasmp.Pointer("refs", i, "kind"), "is %q; an exception goes on to a %s, a sanction.case, a %s or a document of the risk analysis or remediation", r.Kind, KindIncident, KindBreachAssessment)
		}
	}
}
