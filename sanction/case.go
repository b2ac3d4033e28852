package sanction

import (
	"fmt"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Breach is what the act is said to have breached: a provision, and the entity's own rule that carries it. The
// specification speaks of the entity's security policies and procedures, so name the rule where there is one.
type Breach struct {
	// Provision is the provision of the law behind the rule.
	Provision hipaasmp.Citation `json:"provision" validate:"citation"`
	// Rule names the entity's own policy or procedure.
	Rule string `json:"rule,omitempty" validate:"omitempty,text,max=500"`
}

// Report is how an act came to notice.
type Report struct {
	// By is who reported it. Persons report themselves, too.
	By hipaasmp.Actor `json:"by"`
	// At is when the report was recorded, in UTC to the microsecond.
	At time.Time `json:"at" validate:"instant"`
	// On is the day on which it was reported; time limits count from it.
	On hipaasmp.Date `json:"on" validate:"required"`
	// Act is the day of the act; the policy version in force on that day governs the case.
	Act hipaasmp.Date `json:"act" validate:"required"`
	// Breached lists what the act is said to have breached.
	Breached []Breach `json:"breached" validate:"min=1,dive"`
	// Narrative says what happened, free of protected health information and of names.
	Narrative string `json:"narrative" validate:"required,text,max=8000"`
	// Sources points to where it came from: an incident, a review record with its exception, a complaint.
	Sources []hipaasmp.Ref `json:"sources,omitempty" validate:"dive"`
}

// Case is one reported violation under way. It is a document and no record: what an investigator gets is the [Outcome]
// that [Case.Close] returns.
type Case struct {
	hipaasmp.Header
	// State is where the case stands; it follows from History.
	State State `json:"state" validate:"enum"`
	// History lists every step since the report, oldest first.
	History []hipaasmp.Transition[State, Event] `json:"history,omitempty" validate:"dive"`
	// EntityType decides whether the duties of 164.530 are named.
	EntityType hipaasmp.EntityType `json:"entity_type" validate:"enum"`
	// Zone is the IANA time zone in which the days of the case are counted.
	Zone string `json:"zone" validate:"required,text"`
	// Subject is the workforce member whom the case is about.
	Subject Subject `json:"subject"`
	// Report is how the act came to notice.
	Report Report `json:"report"`
	// Policy is what the version in force on the day of the act says.
	Policy Extract `json:"policy"`
	Proceeding
	// Earlier lists the proceedings before each reopening, oldest first.
	Earlier []Proceeding `json:"earlier,omitempty" validate:"dive"`
}

var _ hipaasmp.Document = Case{}

// NewCase opens a case. The policy must be the version in force on the day of the act and written for the same type of
// entity; where the entity lists the subject, the category and the time in the workforce must agree. The error is a
// [*hipaasmp.ValidationError] with every fault.
func NewCase(id string, entity hipaasmp.Entity, policy Policy, subject Subject, report Report) (Case, error) {
	report.At = hipaasmp.Instant(report.At)
	report.Breached, report.Sources = slices.Clone(report.Breached), slices.Clone(report.Sources)
	c := Case{
		Header:     hipaasmp.NewHeader(KindCase, id),
		State:      machine.Initial(),
		EntityType: entity.Type,
		Zone:       entity.Zone,
		Subject:    subject,
		Report:     report,
		Policy:     policy.Extract(),
	}
	var f validate.Faults
	if policy.EntityType != entity.Type {
		f.Add(hipaasmp.FaultDangling, "/policy", "the policy is written for a %s and the entity is a %s", policy.EntityType, entity.Type)
	}
	if err := policy.Validate(); err != nil {
		f.Cite(FaultNotInForce, hipaasmp.CiteSanctionPolicy, "/policy", "%s does not validate; correct the policy first", policy.DocumentRef())
	}
	if m, ok := entity.Member(subject.ID); ok {
		if m.Category != subject.Category {
			f.Add(hipaasmp.FaultDangling, "/subject/category", "is %q where the workforce list says %q", subject.Category, m.Category)
		}
		if !report.Act.IsZero() && !m.Member.Contains(report.Act) {
			f.Cite(FaultNotWorkforce, hipaasmp.CiteWorkforce, "/subject/id", "was not in the workforce on %s, the day of the act", report.Act)
		}
	}
	if err := joined(c.DocumentRef(), c.Validate(), f.List()); err != nil {
		return Case{}, err
	}
	return c, nil
}

// joined adds faults to those of a validation.
func joined(ref hipaasmp.Ref, err error, more []hipaasmp.Fault) error {
	if ve, ok := err.(*hipaasmp.ValidationError); ok {
		more = append(slices.Clone(ve.Faults), more...)
	}
	return hipaasmp.Invalid(ref, more)
}

// location returns the zone of the case, and UTC where this machine does not know it; Validate says so.
func (c Case) location() (*time.Location, error) {
	if c.Zone == "" || c.Zone == "Local" {
		return time.UTC, fmt.Errorf("no zone")
	}
	loc, err := time.LoadLocation(c.Zone)
	if err != nil {
		return time.UTC, err
	}
	return loc, nil
}

// Validate returns every fault of the case: its shape, its history replayed, the entries that the history must have left,
// and the rules on persons, days, factors and protected acts.
func (c Case) Validate() error {
	return validate.Check(c, KindCase, c.Schema, func(f *validate.Faults) {
		loc, err := c.location()
		if err != nil && c.Zone != "" {
			f.Add(hipaasmp.FaultZone, "/zone", "%q is not in the IANA database of this machine; use a name such as America/Chicago", c.Zone)
		}
		c.Subject.check(f, "/subject")
		c.checkReport(f, loc)
		c.Policy.check(f, "/policy")
		f.Append(machine.Replay(c.State, c.History)...)
		if len(c.History) > 0 && c.History[0].At.Before(c.Report.At) {
			f.Add(hipaasmp.FaultOrder, hipaasmp.Pointer("history", 0, "at"), "is before the report; history runs forward")
		}
		c.checkProceedings(f, loc)
		checkTexts(f, c)
	})
}

func (c Case) checkReport(f *validate.Faults, loc *time.Location) {
	r := c.Report
	if r.Act.After(r.On) && !r.On.IsZero() {
		f.Add(hipaasmp.FaultOrder, "/report/act", "%s is after %s, the day of the report", r.Act, r.On)
	}
	if day := hipaasmp.DateOf(r.At, loc); !day.IsZero() && r.On.After(day) {
		f.Add(hipaasmp.FaultOrder, "/report/on", "%s is after %s, the day on which it was recorded", r.On, day)
	}
	if !r.Act.IsZero() && !c.Policy.Effective.From.IsZero() && !c.Policy.Effective.Contains(r.Act) {
		f.Cite(FaultNotInForce, hipaasmp.CiteSanctionPolicy, "/policy/effective", "version %s was in effect %s, not on %s, the day of the act; use the version that was", c.Policy.Version, c.Policy.Effective, r.Act)
	}
	validate.InOrder(f, "/policy/effective", c.Policy.Effective)
}

// segment is the part of the history that belongs to one proceeding.
type segment struct {
	first int // position of the first step in the history
	steps []hipaasmp.Transition[State, Event]
}

// segments parts the history at its reopenings.
func (c Case) segments() []segment {
	out := []segment{{}}
	for i, h := range c.History {
		if h.Event == EventReopen {
			out = append(out, segment{first: i + 1})
			continue
		}
		last := &out[len(out)-1]
		last.steps = append(last.steps, h)
	}
	return out
}

// proceedings returns every proceeding, oldest first, the current one last.
func (c Case) proceedings() []Proceeding {
	return append(slices.Clone(c.Earlier), c.Proceeding)
}

func (c Case) checkProceedings(f *validate.Faults, loc *time.Location) {
	segments, proceedings := c.segments(), c.proceedings()
	if len(segments) != len(proceedings) {
		f.Cite(FaultUnrecorded, hipaasmp.CiteDocumentation, "/earlier", "the history was reopened %d times and %d earlier proceedings are kept", len(segments)-1, len(c.Earlier))
	}
	w := c.frame(loc)
	for i, h := range c.History {
		at := hipaasmp.Pointer("history", i, "by")
		if h.Event != EventAppeal {
			w.notSubject(f, at, h.By)
		}
		switch h.Event {
		case EventOpenInvestigation, EventRecordStep, EventDetermine:
			w.investigators = append(w.investigators, h.By.ID)
		case EventReopen:
			person(f, at, "reopen a case", h.By)
		}
	}
	for i, p := range proceedings {
		base := ""
		if i < len(c.Earlier) {
			base = hipaasmp.Pointer("earlier", i)
		}
		p.check(f, base, w)
		if i < len(segments) {
			p.match(f, base, segments[i])
		}
		for _, s := range p.Investigation {
			w.steps = append(w.steps, s.Step)
		}
	}
}

func (c Case) frame(loc *time.Location) frame {
	return frame{
		self: c.DocumentRef(), entity: c.EntityType, subject: c.Subject.ID, reporter: c.Report.By.ID, reported: c.Report.On, reportedAt: c.Report.At,
		zone: loc, extract: c.Policy, strict: true,
	}
}

// match compares the entries of a proceeding with the steps that must have left them, both ways, so that neither can be
// forged without the other.
func (p Proceeding) match(f *validate.Faults, base string, seg segment) {
	entries := []struct {
		name   string
		events []Event
		signed []Signature
	}{
		{"investigation", []Event{EventRecordStep}, signed(p.Investigation, func(s StepTaken) Signature { return s.Signature })},
		{"determination", []Event{EventDetermine}, one(p.Determination, func(d Determination) Signature { return d.Signature })},
		{"decisions", []Event{EventDecide, EventAmend}, signed(p.Decisions, func(d Decision) Signature { return d.Signature })},
		{"notifications", []Event{EventNotify}, signed(p.Notifications, func(n Notification) Signature { return n.Signature })},
		{"applications", []Event{EventApply}, signed(p.Applications, func(a Application) Signature { return a.Signature })},
		{"appeals", []Event{EventAppeal}, signed(p.Appeals, func(a Appeal) Signature { return a.Signature })},
		{"appeals", []Event{EventUphold, EventUpholdApplied, EventAmend}, resolutions(p.Appeals)},
		{"dismissal", []Event{EventDismiss}, one(p.Dismissal, func(d Dismissal) Signature { return d.Signature })},
		{"closure", []Event{EventClose}, one(p.Closure, func(c Closure) Signature { return c.Signature })},
	}
	for _, e := range entries {
		var want []Signature
		for _, h := range seg.steps {
			if slices.Contains(e.events, h.Event) {
				want = append(want, Signature{By: h.By, At: h.At})
			}
		}
		at := base + hipaasmp.Pointer(e.name)
		if len(want) != len(e.signed) {
			f.Cite(FaultUnrecorded, hipaasmp.CiteDocumentation, at, "has %d entries where the history has %d steps of %v", len(e.signed), len(want), e.events)
			continue
		}
		for i, s := range e.signed {
			if s.By != want[i].By || !s.At.Equal(want[i].At) {
				f.Cite(FaultUnrecorded, hipaasmp.CiteDocumentation, at, "entry %d is not signed as step %v of the history is", i, e.events)
			}
		}
	}
	p.matchNumbers(f, base, seg)
}

// matchNumbers replays which decision stood when something was notified, applied or upheld.
func (p Proceeding) matchNumbers(f *validate.Faults, base string, seg segment) {
	decided, applied, notices, applications, resolved := 0, 0, 0, 0, 0
	number := func(name string, i, got int) {
		if got != decided {
			f.Cite(FaultUnrecorded, hipaasmp.CiteDocumentation, base+hipaasmp.Pointer(name, i, "decision"), "is %d where decision %d stood", got, decided)
		}
	}
	result := func(want AppealResult) {
		open := slices.IndexFunc(p.Appeals, func(a Appeal) bool { return a.Resolution == nil })
		if resolved < len(p.Appeals) && (open < 0 || resolved < open) && p.Appeals[resolved].Resolution.Result != want {
			f.Cite(FaultUnrecorded, hipaasmp.CiteDocumentation, base+hipaasmp.Pointer("appeals", resolved, "resolution", "result"), "is not %q, which the history says", want)
		}
		resolved++
	}
	for i, h := range seg.steps {
		switch h.Event {
		case EventDecide:
			decided++
		case EventAmend:
			decided++
			result(AppealAmended)
		case EventNotify:
			if notices < len(p.Notifications) {
				number("notifications", notices, p.Notifications[notices].Decision)
			}
			notices++
		case EventApply:
			if applications < len(p.Applications) {
				number("applications", applications, p.Applications[applications].Decision)
			}
			applications++
			applied = decided
		case EventUphold, EventUpholdApplied:
			result(AppealUpheld)
			if (h.Event == EventUpholdApplied) != (applied == decided) {
				f.Cite(hipaasmp.FaultHistory, hipaasmp.CiteDocumentation, hipaasmp.Pointer("history", seg.first+i, "event"), "is %q, which does not fit whether the sanction had been applied", h.Event)
			}
		}
	}
}

func signed[T any](list []T, of func(T) Signature) []Signature {
	var out []Signature
	for _, e := range list {
		out = append(out, of(e))
	}
	return out
}

func one[T any](p *T, of func(T) Signature) []Signature {
	if p == nil {
		return nil
	}
	return []Signature{of(*p)}
}

func resolutions(appeals []Appeal) []Signature {
	var out []Signature
	for _, a := range appeals {
		if a.Resolution != nil {
			out = append(out, a.Resolution.Signature)
		}
	}
	return out
}
