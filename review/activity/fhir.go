package activity

import (
	"iter"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// fhir reads the AuditEvent resource of FHIR in JSON. The versions are told apart by the shape of what is there, member
// by member, because archives mix them and profiles are claimed that do not hold: R4 and R4B have type, subtype and
// outcome as codes; R5 has category and code; the R6 ballots have type and subtype again, as concepts; R3 names agents
// and entities by members of its own; DSTU2 has event, participant and object.
type fhir struct{ exact bool } // without the quick reading of lines

func (fhir) Format() Format { return FormatFHIR }

func (fhir) Version() int { return 2 }

func (f fhir) Read(in Input) iter.Seq2[Event, error] {
	rs := records{container: "entry", within: "resource", decode: decodeAuditEvent, identity: fhirIdentity}
	if !f.exact {
		rs.quick = quickAuditEvent
	}
	return rs.read(in)
}

// fhirIdentity returns what tells a resource without an id from others.
func fhirIdentity(record []byte, e *Event) []byte {
	if e.Recorded.Nanosecond() == 0 {
		return nil
	}
	return record
}

// auditEvent holds the members that the event needs, of all versions at once.
type auditEvent struct {
	ResourceType   string         `json:"resourceType"`
	ID             string         `json:"id"`
	Type           concepts       `json:"type"`     // R3, R4: a Coding; R6: a CodeableConcept
	Subtype        concepts       `json:"subtype"`  // R3, R4, R6: a list
	Category       concepts       `json:"category"` // R5
	Code           concepts       `json:"code"`     // R5
	Action         string         `json:"action"`
	Recorded       string         `json:"recorded"`
	Outcome        jsontext.Value `json:"outcome"` // R3, R4: a code; R5, R6: an object
	OutcomeDesc    string         `json:"outcomeDesc"`
	PurposeOfEvent concepts       `json:"purposeOfEvent"` // R3, R4
	Authorization  concepts       `json:"authorization"`  // R5, R6
	Agent          []auditAgent   `json:"agent"`
	Source         auditSource    `json:"source"`
	Patient        reference      `json:"patient"` // R5, R6
	Entity         []auditEntity  `json:"entity"`
	Period         auditPeriod    `json:"period"`           // R4
	OccurredPeriod auditPeriod    `json:"occurredPeriod"`   // R5, R6
	OccurredAt     string         `json:"occurredDateTime"` // R5, R6
	Event          *auditEvent2   `json:"event"`            // DSTU2
	Participant    []auditAgent   `json:"participant"`      // DSTU2
	Object         []auditEntity  `json:"object"`           // DSTU2

	outcomeCode *string // the outcome, where it is known already to be a code
}

type auditAgent struct {
	Type          concepts   `json:"type"`
	Role          concepts   `json:"role"`
	Who           reference  `json:"who"`
	Reference     reference  `json:"reference"` // R3
	UserID        identifier `json:"userId"`    // R3
	AltID         string     `json:"altId"`
	Name          string     `json:"name"`
	Requestor     bool       `json:"requestor"`
	PurposeOfUse  concepts   `json:"purposeOfUse"`
	Authorization concepts   `json:"authorization"`
	Network       struct {
		Address string `json:"address"`
	} `json:"network"` // R3, R4
	NetworkString    string    `json:"networkString"`    // R5, R6
	NetworkURI       string    `json:"networkUri"`       // R5, R6
	NetworkReference reference `json:"networkReference"` // R5, R6
}

type auditSource struct {
	Observer   reference  `json:"observer"`
	Identifier identifier `json:"identifier"` // R3
}

// name is who recorded the event.
func (s *auditSource) name() string {
	for _, name := range [...]*string{&s.Observer.Reference, &s.Observer.Identifier.Value, &s.Identifier.Value, &s.Observer.Display} {
		if *name != "" {
			return *name
		}
	}
	return ""
}

type auditEntity struct {
	What       reference  `json:"what"`
	Identifier identifier `json:"identifier"` // R3
	Reference  reference  `json:"reference"`  // R3
	Type       concepts   `json:"type"`
	Role       concepts   `json:"role"`
	Query      string     `json:"query"`
}

type identifier struct {
	System string `json:"system"`
	Value  string `json:"value"`
}

type reference struct {
	Reference  string     `json:"reference"`
	Identifier identifier `json:"identifier"`
	Display    string     `json:"display"`
}

// empty reports whether the reference names nothing but perhaps a display.
func (r reference) empty() bool { return r.Reference == "" && r.Identifier.Value == "" }

func decodeAuditEvent(raw []byte, e *Event) error {
	var a auditEvent
	err := json.Unmarshal(raw, &a)
	if err != nil { // another resource may have other types under the same names
		var any struct {
			ResourceType string `json:"resourceType"`
		}
		if json.Unmarshal(raw, &any) != nil || any.ResourceType == "AuditEvent" {
			return err
		}
		a.ResourceType = any.ResourceType
	}
	return a.event(e)
}

// event fills the event.
func (a *auditEvent) event(e *Event) error {
	switch {
	case a.ResourceType == "Bundle": // without a single entry, or it would have been unwrapped
		return errNoRecord
	case a.ResourceType != "AuditEvent":
		return notAnEvent("the record is no resource of type AuditEvent")
	case a.Event != nil:
		a.modern()
	}
	e.ID, e.Recorded = a.ID, a.recorded()
	requestor := a.requestor()
	if requestor != nil {
		e.Actor = requestor.actor()
	} else {
		e.Actor.Kind = ActorUnknown
	}
	e.From = a.from(requestor)
	e.Purpose = a.purposes(requestor)
	e.Outcome, e.Code = a.outcome()
	e.Action, e.Family, e.Act = a.words()
	if e.Emergency() {
		e.Family = FamilyOverride
	}
	a.things(e)
	return nil
}

// requestor is the agent that asked for what was done. Where several are marked, a human being is preferred, then one
// with an identity. Where none is marked there is none: an agent that merely took part is not made responsible.
func (a *auditEvent) requestor() *auditAgent {
	var best *auditAgent
	rank := func(g *auditAgent) int {
		n := 0
		if g.human() {
			n += 2
		}
		if id, _ := g.identity(); id != "" {
			n++
		}
		return n
	}
	for i := range a.Agent {
		if g := &a.Agent[i]; g.Requestor && (best == nil || rank(g) > rank(best)) {
			best = g
		}
	}
	return best
}

// human reports whether the agent is said to be a person: by the type of security role, by BALP's participation type, or
// by what it refers to.
func (g *auditAgent) human() bool {
	if g.Type.has("humanuser") || g.Type.has("IRCP") {
		return true
	}
	switch g.kind() {
	case "Practitioner", "PractitionerRole", "Patient", "RelatedPerson", "Person":
		return true
	}
	return false
}

// identity is the first that is there of identifier, reference and alternative identity, and another one.
func (g *auditAgent) identity() (id, alt string) {
	for _, s := range [...]*string{&g.Who.Identifier.Value, &g.UserID.Value, &g.Who.Reference, &g.Reference.Reference, &g.AltID} {
		switch {
		case *s == "":
		case id == "":
			id = *s
		case *s != id:
			return id, *s
		}
	}
	return id, ""
}

// kind is the type of the resource that the agent refers to.
func (g *auditAgent) kind() string {
	ref := g.Who.Reference
	if ref == "" {
		ref = g.Reference.Reference
	} else if g.Reference.Reference != "" {
		ref += g.Reference.Reference
	}
	kind, _, _ := resource(ref)
	return kind
}

func (g *auditAgent) actor() Actor {
	a := Actor{Kind: ActorUnknown, Display: g.Name}
	for _, display := range [...]*string{&g.Who.Display, &g.Reference.Display} {
		if a.Display == "" {
			a.Display = *display
		}
	}
	a.ID, a.AltID = g.identity()
	switch kind := g.kind(); {
	case g.human():
		a.Kind = ActorPerson
	case kind == "Device", kind == "HealthcareService", kind == "Organization":
		a.Kind = ActorService
	}
	return a
}

func (g *auditAgent) network() string {
	for _, s := range [...]*string{&g.Network.Address, &g.NetworkString, &g.NetworkURI, &g.NetworkReference.Reference} {
		if *s != "" {
			return *s
		}
	}
	return ""
}

// from is the requestor's own network address, or else that of the only other agent that has one and is not the system
// that recorded the event. Source and destination roles do not help: their codes change places between read and query.
func (a *auditEvent) from(requestor *auditAgent) Origin {
	place := ""
	if requestor != nil {
		place = requestor.network()
	}
	if place == "" {
		for i := range a.Agent {
			g := &a.Agent[i]
			if g == requestor || g.network() == "" || !g.Who.empty() && sameThing(g.Who, a.Source.Observer) {
				continue
			}
			if place != "" { // two candidates: the log does not say which
				return Origin{}
			}
			place = g.network()
		}
	}
	return origin(place)
}

func sameThing(a, b reference) bool {
	return a.Reference == b.Reference && a.Identifier == b.Identifier
}

// purposes are the purposes of the event, then those of the requestor.
func (a *auditEvent) purposes(requestor *auditAgent) []string {
	var out []string
	add := func(cs concepts) {
		for code := range cs.all() {
			out = appendNew(out, code.Code)
		}
	}
	add(a.PurposeOfEvent)
	add(a.Authorization)
	if requestor != nil {
		add(requestor.PurposeOfUse)
		add(requestor.Authorization)
	}
	return out
}

func appendNew[T comparable](list []T, v T) []T {
	for _, have := range list {
		if have == v {
			return list
		}
	}
	return append(list, v)
}

// auditOutcome is the outcome of R5 and R6.
type auditOutcome struct {
	Code   concepts `json:"code"`
	Coding concepts `json:"coding"` // an early R5
	Detail concepts `json:"detail"`
	Text   string   `json:"text"`
}

// outcome reads how it ended, and the code that says so.
func (a *auditEvent) outcome() (Outcome, string) {
	if a.outcomeCode != nil {
		return a.ended(*a.outcomeCode, nil), *a.outcomeCode
	}
	if len(a.Outcome) == 0 {
		return OutcomeUnknown, ""
	}
	if a.Outcome[0] == '"' {
		var code string
		if json.Unmarshal(a.Outcome, &code) != nil {
			return OutcomeUnknown, ""
		}
		return a.ended(code, nil), code
	}
	var o auditOutcome
	if json.Unmarshal(a.Outcome, &o) != nil {
		return OutcomeUnknown, ""
	}
	code := o.Code.first().Code
	if code == "" {
		code = o.Coding.first().Code
	}
	return a.ended(code, &o), code
}

// ended reads the code of an outcome. A refusal is told from another failure only by what is said about it.
func (a *auditEvent) ended(code string, o *auditOutcome) Outcome {
	switch code {
	case "0", "success", "information":
		return OutcomeSuccess
	case "4", "8", "12", "error", "fatal":
		if refusal(a.OutcomeDesc) || o != nil && (o.Detail.has("forbidden") || refusal(o.Text) || refusal(o.Detail.text())) {
			return OutcomeDenied
		}
		return OutcomeFailure
	}
	return OutcomeUnknown
}

// refusal reports whether a description speaks of missing rights.
func refusal(description string) bool {
	s := strings.ToLower(strings.TrimSpace(description))
	if s == "403" || strings.HasPrefix(s, "403 ") {
		return true
	}
	for _, word := range []string{"denied", "forbidden", "not authorized", "unauthorized", "not permitted", "insufficient privilege", "insufficient scope"} {
		if strings.Contains(s, word) {
			return true
		}
	}
	return false
}
