package review

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// IncidentReport is how an incident came to notice.
type IncidentReport struct {
	// By is who reported it.
	By hipaasmp.Actor `json:"by"`
	// At is when the report was recorded, in UTC to the microsecond.
	At time.Time `json:"at" validate:"instant"`
	// On is the day on which it came to notice, in the entity's zone.
	On hipaasmp.Date `json:"on" validate:"required"`
	// Occurred is the time in which it took place, as far as that is known.
	Occurred hipaasmp.Period `json:"occurred,omitzero" validate:"omitempty"`
	// Acts lists what it is, in the words of 164.304.
	Acts []Act `json:"acts" validate:"min=1,dive,enum"`
	// Success says whether it came off.
	Success Success `json:"success" validate:"enum"`
	// Systems lists the systems it touches, by their identity in the asset inventory.
	Systems []string `json:"systems,omitempty" validate:"dive,required,docid"`
	// Narrative says what happened, free of protected health information and of names.
	Narrative string `json:"narrative" validate:"required,text,max=8000"`
	// Sources points to where it came from, such as the review session with the exception.
	Sources []hipaasmp.Ref `json:"sources,omitempty" validate:"dive"`
}

// Response is something that was done about an incident.
type Response struct {
	Signature
	// What says what was done.
	What string `json:"what" validate:"required,text,max=4000"`
	// Evidence lists the files that show it.
	Evidence []hipaasmp.Artifact `json:"evidence,omitempty" validate:"dive"`
}

// Outcome is how an incident ended: the specification asks that incidents and their outcomes are documented.
type Outcome struct {
	// Words says what came of it.
	Words string `json:"words" validate:"required,text,max=4000"`
	// Harm says what became of the harmful effects.
	Harm Harm `json:"harm" validate:"enum"`
	// Mitigation says what was done to mitigate them, or why no more.
	Mitigation string `json:"mitigation" validate:"required,text,max=4000"`
	// Refs points to what followed, such as a sanction case, a risk analysis or a breach assessment.
	Refs []hipaasmp.Ref `json:"refs,omitempty" validate:"dive"`
}

// Ending is the last entry of an incident: its outcome, or the reason for which it was none.
type Ending struct {
	Signature
	// Outcome is how the incident ended; absent where it was none.
	Outcome *Outcome `json:"outcome,omitempty"`
	// NotIncident says why it was no security incident; absent where it was one.
	NotIncident string `json:"not_incident,omitempty" validate:"omitempty,text,max=4000"`
}

// Handling is what was done about an incident, in the order of its history.
type Handling struct {
	// Responses lists what was done.
	Responses []Response `json:"responses,omitempty" validate:"dive"`
	// Containment is what stopped it; absent until then.
	Containment *Response `json:"containment,omitempty"`
	// Ending is how it ended; absent until then.
	Ending *Ending `json:"ending,omitempty"`
}

// Incident is a suspected or known security incident under way (164.304, 164.308(a)(6)(ii)). It is a document and no
// record: what is kept is the [IncidentRecord] that [Incident.Close] or [Incident.Dismiss] returns.
type Incident struct {
	hipaasmp.Header
	// State is where it stands; it follows from History.
	State IncidentState `json:"state" validate:"enum"`
	// History lists every step since the report, oldest first.
	History []hipaasmp.Transition[IncidentState, IncidentEvent] `json:"history,omitempty" validate:"dive"`
	// Zone is the IANA time zone in which the days are counted.
	Zone string `json:"zone" validate:"required,text"`
	// Report is how it came to notice.
	Report IncidentReport `json:"report"`
	Handling
}

var _ hipaasmp.Document = Incident{}

// ReportIncident opens an incident. The error is a [*hipaasmp.ValidationError] with every fault.
func ReportIncident(id string, entity hipaasmp.Entity, report IncidentReport) (Incident, error) {
	report.At = hipaasmp.Instant(report.At)
	report.Acts, report.Systems, report.Sources = slices.Clone(report.Acts), slices.Clone(report.Systems), slices.Clone(report.Sources)
	i := Incident{Header: hipaasmp.NewHeader(KindIncident, id), State: incidentMachine.Initial(), Zone: entity.Zone, Report: report}
	if err := i.Validate(); err != nil {
		return Incident{}, err
	}
	return i, nil
}

func (i Incident) take(event IncidentEvent, by hipaasmp.Actor, at time.Time, fill func(*Incident, Signature)) (Incident, error) {
	at = hipaasmp.Instant(at)
	state, history, err := incidentMachine.Apply(i.DocumentRef(), i.State, i.History,
		hipaasmp.Transition[IncidentState, IncidentEvent]{Event: event, By: by, At: at})
	if err != nil {
		return i, err
	}
	next := i
	next.State, next.History = state, history
	fill(&next, Signature{By: by, At: at})
	if err := next.Validate(); err != nil {
		return i, err
	}
	return next, nil
}

// Respond records something that was done about the incident.
func (i Incident) Respond(by hipaasmp.Actor, at time.Time, what string, evidence ...hipaasmp.Artifact) (Incident, error) {
	return i.take(IncidentRespond, by, at, func(n *Incident, s Signature) {
		n.Responses = append(slices.Clone(n.Responses), Response{Signature: s, What: what, Evidence: slices.Clone(evidence)})
	})
}

// Contain records what stopped the incident.
func (i Incident) Contain(by hipaasmp.Actor, at time.Time, what string, evidence ...hipaasmp.Artifact) (Incident, error) {
	return i.take(IncidentContain, by, at, func(n *Incident, s Signature) {
		n.Containment = &Response{Signature: s, What: what, Evidence: slices.Clone(evidence)}
	})
}

// Close documents the outcome of a contained incident and returns it with its final record.
func (i Incident) Close(by hipaasmp.Actor, at time.Time, outcome Outcome) (Incident, IncidentRecord, error) {
	outcome.Refs = slices.Clone(outcome.Refs)
	return i.end(IncidentClose, by, at, Ending{Outcome: &outcome})
}

// Dismiss documents why what was reported is no security incident, and returns it with its final record.
func (i Incident) Dismiss(by hipaasmp.Actor, at time.Time, why string) (Incident, IncidentRecord, error) {
	return i.end(IncidentDismiss, by, at, Ending{NotIncident: why})
}

func (i Incident) end(event IncidentEvent, by hipaasmp.Actor, at time.Time, e Ending) (Incident, IncidentRecord, error) {
	next, err := i.take(event, by, at, func(n *Incident, s Signature) {
		e.Signature = s
		n.Ending = &e
	})
	if err != nil {
		return i, IncidentRecord{}, err
	}
	r, err := next.IncidentRecord()
	if err != nil {
		return i, IncidentRecord{}, err
	}
	return next, r, nil
}

// Validate returns every fault of the incident: its shape, its history replayed, and the entries that the history must
// have left.
func (i Incident) Validate() error {
	return validate.Check(i, KindIncident, i.Schema, func(f *validate.Faults) {
		i.Report.check(f, checkZone(f, i.Zone))
		f.Append(incidentMachine.Replay(i.State, i.History)...)
		if len(i.History) > 0 && i.History[0].At.Before(i.Report.At) {
			f.Add(hipaasmp.FaultOrder, "/history/0/at", "is before the report; history runs forward")
		}
		for n, h := range i.History {
			if h.Event == IncidentClose || h.Event == IncidentDismiss {
				person(f, hipaasmp.Pointer("history", n, "by"), "end an incident", h.By)
			}
		}
		i.match(f)
		i.Handling.check(f)
	})
}

// match compares the entries with the steps that must have left them, both ways.
func (i Incident) match(f *validate.Faults) {
	var responses []Signature
	for _, r := range i.Responses {
		responses = append(responses, r.Signature)
	}
	one := func(s *Signature) []Signature {
		if s == nil {
			return nil
		}
		return []Signature{*s}
	}
	var contained, ended *Signature
	if i.Containment != nil {
		contained = &i.Containment.Signature
	}
	if i.Ending != nil {
		ended = &i.Ending.Signature
	}
	for _, e := range []struct {
		name   string
		events []IncidentEvent
		signed []Signature
	}{
		{"responses", []IncidentEvent{IncidentRespond}, responses},
		{"containment", []IncidentEvent{IncidentContain}, one(contained)},
		{"ending", []IncidentEvent{IncidentClose, IncidentDismiss}, one(ended)},
	} {
		var want []Signature
		for _, h := range i.History {
			if slices.Contains(e.events, h.Event) {
				want = append(want, Signature{By: h.By, At: h.At})
			}
		}
		if !slices.EqualFunc(want, e.signed, func(a, b Signature) bool { return a.By == b.By && a.At.Equal(b.At) }) {
			f.Cite(FaultUnrecorded, hipaasmp.CiteDocumentation, hipaasmp.Pointer(e.name), "does not match the steps %v of the history; change an incident only by its methods", e.events)
		}
	}
	if i.Ending != nil && (i.Ending.Outcome != nil) != (i.State == IncidentClosed) {
		f.Cite(FaultUnrecorded, hipaasmp.CiteDocumentation, "/ending", "has an outcome where the incident is closed, and a reason where it is dismissed; the state is %s", i.State)
	}
}

func (r IncidentReport) check(f *validate.Faults, loc *time.Location) {
	if day := hipaasmp.DateOf(r.At, loc); !day.IsZero() && r.On.After(day) {
		f.Add(hipaasmp.FaultOrder, "/report/on", "%s is after %s, the day on which it was recorded", r.On, day)
	}
	validate.InOrder(f, "/report/occurred", r.Occurred)
	if r.Occurred.From.After(r.On) && !r.On.IsZero() {
		f.Add(hipaasmp.FaultOrder, "/report/occurred/from", "%s is after %s, the day on which it came to notice", r.Occurred.From, r.On)
	}
	unique(f, "/report/acts", r.Acts, func(a Act) Act { return a })
	unique(f, "/report/systems", r.Systems, func(s string) string { return s })
}

func (h Handling) check(f *validate.Faults) {
	if h.Ending != nil && (h.Ending.Outcome != nil) == (h.Ending.NotIncident != "") {
		f.Cite(FaultOutcome, hipaasmp.CiteIncidentResponse, "/ending", "has an outcome, or the reason for which there was no incident; give one of them")
	}
}
