package sanction

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// AppealResult is what an appeal came to.
type AppealResult string

const (
	// AppealUpheld: the decision stands.
	AppealUpheld AppealResult = "upheld"
	// AppealAmended: another decision takes its place.
	AppealAmended AppealResult = "amended"
)

// Values returns the members of the enumeration.
func (AppealResult) Values() []AppealResult { return []AppealResult{AppealUpheld, AppealAmended} }

// IsValid reports whether r is a member.
func (r AppealResult) IsValid() bool { return slices.Contains(r.Values(), r) }

// MarshalText refuses a value that is no member.
func (r AppealResult) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("sanction.AppealResult", r, r.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (r *AppealResult) UnmarshalText(text []byte) (err error) {
	*r, err = hipaasmp.ParseEnum("sanction.AppealResult", text, r.Values())
	return err
}

// Resolution is what an appeal came to, who said so, and why.
type Resolution struct {
	Signature
	// Result is what the appeal came to.
	Result AppealResult `json:"result" validate:"enum"`
	// Reason says why.
	Reason string `json:"reason" validate:"required,text,max=4000"`
}

// Appeal is an objection to a decision, by the subject or by somebody for the subject.
type Appeal struct {
	Signature
	// Grounds says what is objected to.
	Grounds string `json:"grounds" validate:"required,text,max=4000"`
	// Late says why an appeal is heard that came after the time that the policy gives; absent where it came in time.
	Late string `json:"late,omitempty" validate:"omitempty,text,max=2000"`
	// Resolution is what it came to; absent while it is open.
	Resolution *Resolution `json:"resolution,omitempty"`
}

// Appeal records an objection to the decision, by the subject, for whom it is the one step open, or by anybody else. After
// [Case.AppealBy] it is refused; see [Case.AppealLate].
func (c Case) Appeal(by hipaasmp.Actor, at time.Time, grounds string) (Case, error) {
	return c.AppealLate(by, at, grounds, "")
}

// AppealLate records an objection that came after the time that the policy gives, with the reason why it is heard all the
// same. It is also the way back when an act turns out to be protected long after the decision: see [Case.Amend] and
// [NoSanction]. A reason for lateness where the appeal is in time is refused.
func (c Case) AppealLate(by hipaasmp.Actor, at time.Time, grounds, because string) (Case, error) {
	return c.take(EventAppeal, by, at, "", func(n *Case, s Signature) {
		n.Appeals = with(n.Appeals, Appeal{Signature: s, Grounds: grounds, Late: because})
	})
}

// Uphold decides the appeal: the decision stands. The case goes back to where it was appealed from. It takes the power
// to decide sanctions and, where the policy says so, another person than the decider.
func (c Case) Uphold(by hipaasmp.Actor, at time.Time, may hipaasmp.Authority, reason string) (Case, error) {
	event := EventUphold
	if c.applied() {
		event = EventUpholdApplied
	}
	return c.resolve(event, by, at, may, Resolution{Result: AppealUpheld, Reason: reason}, nil)
}

// Amend decides the appeal: the ruling takes the place of the decision and has to be applied anew, unless it is none.
func (c Case) Amend(by hipaasmp.Actor, at time.Time, may hipaasmp.Authority, ruling Ruling) (Case, error) {
	ruling.Factors = c.effects(ruling.Factors)
	return c.resolve(EventAmend, by, at, may, Resolution{Result: AppealAmended, Reason: ruling.Reason}, &ruling)
}

func (c Case) resolve(event Event, by hipaasmp.Actor, at time.Time, may hipaasmp.Authority, r Resolution, ruling *Ruling) (Case, error) {
	next, err := c.take(event, by, at, "", func(n *Case, s Signature) {
		r.Signature = s
		n.Appeals = slices.Clone(n.Appeals)
		if last := len(n.Appeals) - 1; last >= 0 {
			n.Appeals[last].Resolution = &r
		}
		if ruling != nil {
			n.Decisions = with(n.Decisions, Decision{Signature: s, Ruling: *ruling})
		}
	})
	if err != nil {
		return c, err
	}
	if err := c.may(may, by, at); err != nil {
		return c, err
	}
	return next, nil
}

// AppealBy returns the last day on which the subject may object to the decision that stands, and false where the policy
// sets no limit, nothing is decided, or the subject has not been told: the time does not run before that. A case may be
// closed before that day; an objection then takes [Case.Reopen].
func (c Case) AppealBy() (hipaasmp.Date, bool) {
	return c.Proceeding.appealBy(c.Policy, c.Subject.ID, len(c.Decisions), time.Time{})
}

// appealBy looks at the notices of the numbered decision that were recorded until the instant, where one is given.
func (p Proceeding) appealBy(x Extract, subject string, decision int, until time.Time) (hipaasmp.Date, bool) {
	i := slices.IndexFunc(x.Procedure, func(l Limit) bool { return l.Stage == StageAppeal && l.Days > 0 })
	if i < 0 || decision == 0 {
		return hipaasmp.Date{}, false
	}
	var told hipaasmp.Date
	for _, n := range p.Notifications {
		known := until.IsZero() || !n.At.After(until)
		if n.To == subject && n.Decision == decision && known && !n.On.IsZero() && (told.IsZero() || n.On.Before(told)) {
			told = n.On
		}
	}
	if told.IsZero() {
		return hipaasmp.Date{}, false
	}
	return told.AddDays(x.Procedure[i].Days), true
}

// checkTime holds an appeal to the time that the policy gives. Before it, every appeal of the proceeding was resolved, and
// each that was amended made a decision.
func (p Proceeding) checkTime(f *validate.Faults, base string, w frame, i int) {
	a, decision := p.Appeals[i], 1
	for _, before := range p.Appeals[:i] {
		if before.Resolution != nil && before.Resolution.Result == AppealAmended {
			decision++
		}
	}
	due, limited := p.appealBy(w.extract, w.subject, decision, a.At)
	on := hipaasmp.DateOf(a.At, w.zone)
	switch late := limited && on.After(due); {
	case late && a.Late == "":
		f.Cite(FaultLate, hipaasmp.CiteSanctionPolicy, base+"/at", "%s is after %s, the last day to appeal by policy version %s; to hear it all the same, record why with AppealLate", on, due, w.extract.Version)
	case !late && a.Late != "":
		f.Cite(FaultLate, hipaasmp.CiteSanctionPolicy, base+"/late", "is given where the appeal is in time; leave it out")
	}
}

func (p Proceeding) checkAppeals(f *validate.Faults, base string, w frame) {
	for i, a := range p.Appeals {
		p.checkTime(f, base+hipaasmp.Pointer("appeals", i), w, i)
		if a.Resolution == nil {
			continue
		}
		at, r := base+hipaasmp.Pointer("appeals", i, "resolution"), *a.Resolution
		person(f, at+"/by", "decide an appeal", r.By)
		w.notSubject(f, at+"/by", r.By)
		if !w.extract.Separation.Appeal {
			continue
		}
		before := 0
		for _, d := range p.Decisions {
			if !d.At.After(r.At) && d.By.ID == r.By.ID && r.By.ID != "" {
				before++
			}
		}
		if r.Result == AppealAmended {
			before-- // the decision that the appeal itself made
		}
		if before > 0 {
			f.Cite(hipaasmp.FaultSegregation, hipaasmp.CiteSanctionPolicy, at+"/by", "decided the outcome; the policy has another person decide the appeal")
		}
	}
}
