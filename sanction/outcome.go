package sanction

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Result is what came of a case.
type Result string

const (
	// ResultSanctioned: a sanction was imposed and applied.
	ResultSanctioned Result = "sanctioned"
	// ResultNone: a violation was found and no sanction imposed, for the recorded reason.
	ResultNone Result = "no_sanction"
	// ResultDismissed: no violation was found, or no sanction came into question; the dismissal says which.
	ResultDismissed Result = "dismissed"
)

// Values returns the members of the enumeration.
func (Result) Values() []Result { return []Result{ResultSanctioned, ResultNone, ResultDismissed} }

// IsValid reports whether r is a member.
func (r Result) IsValid() bool { return slices.Contains(r.Values(), r) }

// MarshalText refuses a value that is no member.
func (r Result) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("sanction.Result", r, r.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (r *Result) UnmarshalText(text []byte) (err error) {
	*r, err = hipaasmp.ParseEnum("sanction.Result", text, r.Values())
	return err
}

// Part is what somebody did in a case.
type Part string

const (
	// PartReporter reported the act.
	PartReporter Part = "reporter"
	// PartInvestigator led the investigation or recorded a step of it.
	PartInvestigator Part = "investigator"
	// PartHeard was heard or otherwise involved in a step.
	PartHeard Part = "involved_in_investigation"
	// PartProtection answered a question of the protected-act check.
	PartProtection Part = "answered_protected_act_check"
	// PartDeterminer found the violation.
	PartDeterminer Part = "determined"
	// PartDecider decided the outcome.
	PartDecider Part = "decided"
	// PartNotifier gave notice.
	PartNotifier Part = "notified"
	// PartImplementer carried the sanction out.
	PartImplementer Part = "applied"
	// PartAppellant objected to the decision.
	PartAppellant Part = "appealed"
	// PartAppealDecider decided the appeal.
	PartAppealDecider Part = "decided_appeal"
	// PartDismisser dismissed the case.
	PartDismisser Part = "dismissed"
	// PartCloser closed the case.
	PartCloser Part = "closed"
	// PartReopener took the case up again.
	PartReopener Part = "reopened"
)

// Values returns the members of the enumeration.
func (Part) Values() []Part {
	return []Part{PartReporter, PartInvestigator, PartHeard, PartProtection, PartDeterminer, PartDecider, PartNotifier, PartImplementer,
		PartAppellant, PartAppealDecider, PartDismisser, PartCloser, PartReopener}
}

// IsValid reports whether p is a member.
func (p Part) IsValid() bool { return slices.Contains(p.Values(), p) }

// MarshalText refuses a value that is no member.
func (p Part) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("sanction.Part", p, p.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (p *Part) UnmarshalText(text []byte) (err error) {
	*p, err = hipaasmp.ParseEnum("sanction.Part", text, p.Values())
	return err
}

// Involvement is one person's part in a case, by opaque identity.
type Involvement struct {
	// ID is the identity of the person.
	ID string `json:"id" validate:"required,docid"`
	// Part is what the person did.
	Part Part `json:"part" validate:"enum"`
}

// TimedStep is one step with the time it took to get there.
type TimedStep struct {
	// Event is what was done.
	Event Event `json:"event" validate:"enum"`
	// By is who did it.
	By hipaasmp.Actor `json:"by"`
	// On is the day in the entity's zone.
	On hipaasmp.Date `json:"on" validate:"required"`
	// Days is the number of calendar days since the report.
	Days int `json:"days" validate:"min=0,max=100000"`
}

// Outcome is the final record of a case: what the audit protocol asks for under 164.308(a)(1)(ii)(C), personnel
// involved, required steps and the time period, reason, sanction, outcome, notification, and what a covered entity
// documents under 164.530(e)(2). It stands alone: nothing else has to be read to understand it.
//
// An outcome has the identity of its case. A reopened case writes a new version when it closes again; Round counts.
//
// Validate does not ask whether an outcome outside its category's range had a factor: a record shows what happened.
// [Consistency] asks.
type Outcome struct {
	hipaasmp.Header
	// EntityType decides whether the duties of 164.530(e) are named.
	EntityType hipaasmp.EntityType `json:"entity_type" validate:"enum"`
	// Case is the case.
	Case hipaasmp.Ref `json:"case"`
	// Round counts the closings of the case, from 1.
	Round int `json:"round" validate:"min=1,max=1000"`
	// Zone is the IANA time zone in which the days are counted.
	Zone string `json:"zone" validate:"required,text"`
	// Closed is the day on which the case was closed and this record came into being.
	Closed hipaasmp.Date `json:"closed" validate:"required"`
	// Subject is the workforce member.
	Subject Subject `json:"subject"`
	// Report is how the act came to notice.
	Report Report `json:"report"`
	// Policy is what the version in force on the day of the act says.
	Policy Extract `json:"policy"`
	// Personnel lists who was involved and how, in the order of the case.
	Personnel []Involvement `json:"personnel" validate:"min=1,dive"`
	// Timeline lists the steps with their days, over all proceedings.
	Timeline []TimedStep `json:"timeline" validate:"min=1,dive"`
	// Result is what came of it.
	Result Result `json:"result" validate:"enum"`
	// Sanction is the rung that was applied, where one was.
	Sanction string `json:"sanction,omitempty" validate:"omitempty,docid"`
	// Reason is why: of the standing decision, or of the dismissal.
	Reason string `json:"reason" validate:"required,text,max=4000"`
	Proceeding
}

var _ hipaasmp.Record = Outcome{}

// Outcome returns the final record of a closed case. It is the one that [Case.Close] returned; the same case gives the
// same record. A case that is not closed is refused with a [*hipaasmp.TransitionError].
func (c Case) Outcome() (Outcome, error) {
	if c.State != StateClosed {
		return Outcome{}, &hipaasmp.TransitionError{Machine: "sanction outcome", Ref: c.DocumentRef(), From: string(c.State), Event: "record", Allowed: words(machine.Allowed(c.State))}
	}
	if err := c.Validate(); err != nil {
		return Outcome{}, err
	}
	loc, _ := c.location()
	o := Outcome{
		Header:     hipaasmp.NewHeader(KindOutcome, c.ID),
		EntityType: c.EntityType,
		Case:       c.DocumentRef(),
		Round:      len(c.Earlier) + 1,
		Zone:       c.Zone,
		Closed:     hipaasmp.DateOf(c.Closure.At, loc),
		Subject:    c.Subject,
		Report:     c.Report,
		Policy:     c.Policy,
		Personnel:  c.personnel(),
		Timeline:   c.timeline(loc),
		Proceeding: c.Proceeding,
	}
	o.Result, o.Sanction, o.Reason = c.Proceeding.result()
	if err := o.Validate(); err != nil {
		return Outcome{}, err
	}
	return o, nil
}

func words[E ~string](events []E) []string {
	out := make([]string, len(events))
	for i, e := range events {
		out[i] = string(e)
	}
	return out
}

// result reads off a proceeding what came of it; the Result is empty where nothing has yet.
func (p Proceeding) result() (Result, string, string) {
	if p.Dismissal != nil {
		return ResultDismissed, "", p.Dismissal.Reason
	}
	d, ok := p.Standing()
	switch {
	case !ok:
		return "", "", ""
	case d.Disposition == DispositionNone:
		return ResultNone, "", d.Reason
	}
	return ResultSanctioned, d.Rung, d.Reason
}

func (c Case) personnel() []Involvement {
	out := []Involvement{{ID: c.Report.By.ID, Part: PartReporter}}
	add := func(id string, part Part) {
		if v := (Involvement{ID: id, Part: part}); !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	checked := func(check ProtectedActCheck) {
		for _, q := range check.questions() {
			add(q.answer.By.ID, PartProtection)
		}
	}
	parts := map[Event]Part{
		EventOpenInvestigation: PartInvestigator, EventRecordStep: PartInvestigator, EventDetermine: PartDeterminer, EventDecide: PartDecider,
		EventNotify: PartNotifier, EventApply: PartImplementer, EventAppeal: PartAppellant, EventUphold: PartAppealDecider,
		EventUpholdApplied: PartAppealDecider, EventAmend: PartAppealDecider, EventDismiss: PartDismisser, EventClose: PartCloser, EventReopen: PartReopener,
	}
	for _, h := range c.History {
		add(h.By.ID, parts[h.Event])
	}
	for _, p := range c.proceedings() {
		for _, s := range p.Investigation {
			for _, id := range s.Persons {
				add(id, PartHeard)
			}
		}
		if p.Determination != nil {
			checked(p.Determination.Check)
		}
		if p.Dismissal != nil && p.Dismissal.Check != nil {
			checked(*p.Dismissal.Check)
		}
	}
	return out
}

func (c Case) timeline(loc *time.Location) []TimedStep {
	var out []TimedStep
	for _, h := range c.History {
		on := hipaasmp.DateOf(h.At, loc)
		out = append(out, TimedStep{Event: h.Event, By: h.By, On: on, Days: c.Report.On.DaysUntil(on)})
	}
	return out
}

// Notified reports whether the subject was told of the standing decision. For a dismissal any notice to the subject counts.
func (o Outcome) Notified() bool { return o.told(o.Subject.ID) }

// Citations returns the provisions that the record documents: the specification, and 164.530(e)(2) for a covered entity.
func (o Outcome) Citations() []hipaasmp.Citation {
	return citations(o.EntityType, hipaasmp.CiteDocumentSanctions)
}

// RetentionBasis returns a record of one point in time: the day the case was closed.
func (o Outcome) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassReviewRecord, Created: o.Closed}
}

// Validate returns every fault of the record.
func (o Outcome) Validate() error {
	return validate.Check(o, KindOutcome, o.Schema, func(f *validate.Faults) {
		c := Case{Zone: o.Zone, EntityType: o.EntityType, Subject: o.Subject, Report: o.Report, Policy: o.Policy}
		loc, err := c.location()
		if err != nil && o.Zone != "" {
			f.Add(hipaasmp.FaultZone, "/zone", "%q is not in the IANA database of this machine; use a name such as America/Chicago", o.Zone)
		}
		if o.Case.Kind != KindCase && o.Case.Kind != "" {
			f.Add(hipaasmp.FaultDangling, "/case/kind", "is %q; an outcome belongs to a %s", o.Case.Kind, KindCase)
		}
		o.Subject.check(f, "/subject")
		c.checkReport(f, loc)
		o.Policy.check(f, "/policy")
		w := c.frame(loc)
		w.self, w.strict = o.Case.Newest(), false
		w.steps = o.Policy.Ladder[:0:0]
		for _, l := range o.Policy.Procedure {
			w.steps = append(w.steps, l.Step) // an earlier proceeding may have recorded them; the case was asked
		}
		o.check(f, "", w)
		o.checkResult(f)
		checkTexts(f, o)
	})
}

func (o Outcome) checkResult(f *validate.Faults) {
	result, rung, reason := o.result()
	switch {
	case result == "":
		f.Cite(FaultResult, hipaasmp.CiteSanctionPolicy, "/decisions", "has neither a decision nor a dismissal behind the result")
	case result != o.Result:
		f.Cite(FaultResult, hipaasmp.CiteSanctionPolicy, "/result", "is %q where the record shows %q", o.Result, result)
	default:
		if rung != o.Sanction {
			f.Cite(FaultResult, hipaasmp.CiteSanctionPolicy, "/sanction", "is %q where the standing decision says %q", o.Sanction, rung)
		}
		if reason != o.Reason {
			f.Cite(FaultResult, hipaasmp.CiteSanctionPolicy, "/reason", "is not the reason of the standing decision or dismissal")
		}
	}
	if o.Closure == nil {
		f.Cite(FaultResult, hipaasmp.CiteSanctionPolicy, "/closure", "is missing; an outcome is the record of a closed case")
	}
	if n := len(o.Timeline); n > 0 && o.Timeline[n-1].Event != EventClose && o.Timeline[n-1].Event.IsValid() {
		f.Cite(FaultResult, hipaasmp.CiteSanctionPolicy, hipaasmp.Pointer("timeline", n-1, "event"), "is %q; the last step of a record is the closing", o.Timeline[n-1].Event)
	}
	for i, s := range o.Timeline {
		if i > 0 && s.On.Before(o.Timeline[i-1].On) && !s.On.IsZero() {
			f.Add(hipaasmp.FaultOrder, hipaasmp.Pointer("timeline", i, "on"), "%s is before the step before it", s.On)
		}
		if !s.On.IsZero() && !o.Report.On.IsZero() && s.Days != o.Report.On.DaysUntil(s.On) {
			f.Add(FaultResult, hipaasmp.Pointer("timeline", i, "days"), "is %d where %s is %d days after the report", s.Days, s.On, o.Report.On.DaysUntil(s.On))
		}
	}
	if n := len(o.Timeline); n > 0 && !o.Closed.IsZero() && o.Timeline[n-1].On != o.Closed && !o.Timeline[n-1].On.IsZero() {
		f.Add(hipaasmp.FaultOrder, "/closed", "%s is not the day of the last step, %s", o.Closed, o.Timeline[n-1].On)
	}
}
