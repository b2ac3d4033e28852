package review

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Conflict is a way in which a reviewer or certifier is too near to what is reviewed.
type Conflict string

const (
	// ConflictSamePerson: the reviewer is the certifier.
	ConflictSamePerson Conflict = "reviewer_certifies"
	// ConflictSubject: the reviewer or the certifier is the actor of an exception.
	ConflictSubject Conflict = "actor_of_exception"
	// ConflictSuperior: the reviewer or the certifier reports to the actor of an exception.
	ConflictSuperior Conflict = "reports_to_actor"
	// ConflictAdministrator: the only reviewers of a source administer its system.
	ConflictAdministrator Conflict = "administrator_reviews"
)

// Values returns the members of the enumeration.
func (Conflict) Values() []Conflict {
	return []Conflict{ConflictSamePerson, ConflictSubject, ConflictSuperior, ConflictAdministrator}
}

// IsValid reports whether c is a member.
func (c Conflict) IsValid() bool { return slices.Contains(c.Values(), c) }

// MarshalText refuses a value that is no member.
func (c Conflict) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.Conflict", c, c.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (c *Conflict) UnmarshalText(text []byte) (err error) {
	*c, err = hipaasmp.ParseEnum("review.Conflict", text, c.Values())
	return err
}

// Account says under which identities a person appears in the logs.
type Account struct {
	// Member is the identity of the workforce member.
	Member string `json:"member" validate:"required,docid"`
	// Actors lists the identities, exactly as the logs have them.
	Actors []string `json:"actors" validate:"min=1,dive,required,max=1024"`
}

// Line says to whom a person reports.
type Line struct {
	// Member is the identity of the workforce member.
	Member string `json:"member" validate:"required,docid"`
	// Manager is the identity of the person reported to.
	Manager string `json:"manager" validate:"required,docid"`
}

// Administration says who administers a system.
type Administration struct {
	// System is the identity of the system in the asset inventory.
	System string `json:"system" validate:"required,docid"`
	// Members lists the administrators of the workforce; absent where only a vendor administers it.
	Members []string `json:"members,omitempty" validate:"dive,required,docid"`
	// Outside says who else does, such as a hosting vendor.
	Outside string `json:"outside,omitempty" validate:"omitempty,text,max=200"`
}

// Waiver is the documented decision to accept a conflict, for practices with too few people to avoid it. It takes a
// [SecondSigner] beside it.
type Waiver struct {
	// Covers lists the conflicts that are accepted.
	Covers []Conflict `json:"covers" validate:"min=1,dive,enum"`
	// Reason says why it cannot be avoided.
	Reason string `json:"reason" validate:"required,text,max=2000"`
	// Instead says what is done to make up for it, such as a yearly review by an outside person.
	Instead string `json:"instead" validate:"required,text,max=2000"`
	// By is who accepted it, a person with [hipaasmp.PowerApprovePolicy].
	By hipaasmp.Actor `json:"by"`
	// On is the day of the decision.
	On hipaasmp.Date `json:"on" validate:"required"`
}

// SecondSigner is a person from outside of the workforce who went through the review beside the certifier, as small
// practices have done where a conflict cannot be avoided.
type SecondSigner struct {
	Signature
	// Outside says where the person is from, for example the name of a firm.
	Outside string `json:"outside" validate:"required,text,max=200"`
	// Words is what the person states to have looked at.
	Words string `json:"words" validate:"required,text,max=2000"`
}

// Independence is the data on which a review is checked for independence. What is not stated is unknown, and a gap.
type Independence struct {
	// Accounts lists the identities of reviewer and certifier, and of those they report to, in the logs. Their own
	// identities are compared anyway.
	Accounts []Account `json:"accounts,omitempty" validate:"dive"`
	// Lines lists to whom reviewer and certifier report; see [Independence.WithManagers].
	Lines []Line `json:"lines,omitempty" validate:"dive"`
	// Administrators lists who administers the systems under review.
	Administrators []Administration `json:"administrators,omitempty" validate:"dive"`
	// Waiver is the accepted conflict, where there is one.
	Waiver *Waiver `json:"waiver,omitempty"`
	// Second is the person from outside who signed as well; absent where nobody did.
	Second *SecondSigner `json:"second,omitempty"`
}

func (i Independence) clone() Independence {
	i.Accounts = slices.Clone(i.Accounts)
	for n := range i.Accounts {
		i.Accounts[n].Actors = slices.Clone(i.Accounts[n].Actors)
	}
	i.Lines = slices.Clone(i.Lines)
	i.Administrators = slices.Clone(i.Administrators)
	for n := range i.Administrators {
		i.Administrators[n].Members = slices.Clone(i.Administrators[n].Members)
	}
	if i.Waiver != nil {
		w := *i.Waiver
		w.Covers = slices.Clone(w.Covers)
		i.Waiver = &w
	}
	if i.Second != nil {
		s := *i.Second
		i.Second = &s
	}
	return i
}

// WithManagers returns the data with the managers of the persons, as the entity's workforce list has them. A person whom it
// does not list, or who reports to nobody, is left out.
func (i Independence) WithManagers(entity hipaasmp.Entity, persons ...hipaasmp.Actor) Independence {
	i = i.clone()
	for _, p := range persons {
		m, ok := entity.Member(p.ID)
		known := slices.ContainsFunc(i.Lines, func(l Line) bool { return l.Member == p.ID })
		if ok && m.Manager != "" && !known {
			i.Lines = append(i.Lines, Line{Member: m.ID, Manager: m.Manager})
		}
	}
	return i
}

// reportsTo reports whether the person's manager appears in the logs as the actor.
func (i Independence) reportsTo(member, actor string) bool {
	return slices.ContainsFunc(i.Lines, func(l Line) bool { return l.Member == member && i.goesBy(l.Manager, actor) })
}

// goesBy reports whether the person appears in the logs as the actor.
func (i Independence) goesBy(member, actor string) bool {
	if actor == "" || member == "" {
		return false
	}
	return member == actor || slices.ContainsFunc(i.Accounts, func(a Account) bool { return a.Member == member && slices.Contains(a.Actors, actor) })
}

// unstated lists the reviewed systems of which nobody said who administers them.
func (i Independence) unstated(c Content) []string {
	var out []string
	for _, system := range c.systems() {
		if !slices.ContainsFunc(i.Administrators, func(a Administration) bool { return a.System == system }) {
			out = append(out, system)
		}
	}
	return out
}

// conflict is one conflict with the place where it shows.
type conflict struct {
	kind    Conflict
	pointer string
	message string
}

func (i Independence) conflicts(c Content, reviewer, certifier hipaasmp.Actor) []conflict {
	var out []conflict
	if reviewer.ID == certifier.ID && reviewer.ID != "" {
		out = append(out, conflict{ConflictSamePerson, "/certifier/id", "is the reviewer; have another person certify"})
	}
	for n, e := range c.Exceptions {
		persons := []struct{ id, part string }{{reviewer.ID, "reviewer"}, {certifier.ID, "certifier"}}
		source, _ := c.Reviewed(e.Source)
		for _, p := range source.Reviewers {
			persons = append(persons, struct{ id, part string }{p.ID, "reviewer of the source"})
		}
		for _, who := range persons {
			if i.goesBy(who.id, e.Actor) {
				out = append(out, conflict{ConflictSubject, hipaasmp.Pointer("exceptions", n, "actor"), "is the " + who.part + "; nobody reviews or certifies what is about themselves"})
			}
			if i.reportsTo(who.id, e.Actor) {
				out = append(out, conflict{ConflictSuperior, hipaasmp.Pointer("exceptions", n, "actor"), "is whom the " + who.part + " reports to; have somebody else do it"})
			}
		}
	}
	for n, a := range i.Administrators {
		if source, alone := c.selfReviewed(a, reviewer); alone {
			out = append(out, conflict{ConflictAdministrator, hipaasmp.Pointer("independence", "administrators", n), "has the only reviewers of " + source + " among the administrators, who could change what the records show; have somebody review it beside them"})
		}
	}
	return out
}

// selfReviewed returns a source of the system of which everybody who reviewed it is an administrator.
func (c Content) selfReviewed(a Administration, reviewer hipaasmp.Actor) (string, bool) {
	if reviewer.ID == "" || !slices.Contains(a.Members, reviewer.ID) {
		return "", false
	}
	for _, s := range c.Procedure.Sources {
		r, ok := c.Reviewed(s.ID)
		beside := slices.ContainsFunc(r.Reviewers, func(p hipaasmp.Actor) bool { return p.ID != "" && !slices.Contains(a.Members, p.ID) })
		if ok && s.System == a.System && !beside {
			return s.ID, true
		}
	}
	return "", false
}

func (i Independence) check(f *validate.Faults, c Content, reviewer, certifier hipaasmp.Actor, at time.Time, on hipaasmp.Date) {
	var covered []Conflict
	i.checkSecond(f, c, reviewer, certifier, at)
	if w := i.Waiver; w != nil {
		covered = w.Covers
		at := "/independence/waiver"
		person(f, at+"/by", "accept a conflict", w.By)
		if w.On.After(on) && !on.IsZero() {
			f.Add(hipaasmp.FaultOrder, at+"/on", "%s is after %s, the day of the certification; a conflict is accepted beforehand", w.On, on)
		}
	}
	for _, x := range i.conflicts(c, reviewer, certifier) {
		switch {
		case slices.Contains(covered, x.kind) && i.Second != nil:
		case slices.Contains(covered, x.kind):
			f.Cite(hipaasmp.FaultSegregation, hipaasmp.CiteActivityReview, "/independence/second", "is missing where %s is waived; have a person from outside of the workforce go through the review and sign", x.kind)
		default:
			f.Cite(hipaasmp.FaultSegregation, hipaasmp.CiteActivityReview, x.pointer, "%s, or document a waiver of %s with its reason and have a person from outside sign beside", x.message, x.kind)
		}
	}
	unique(f, "/independence/accounts", i.Accounts, func(a Account) string { return a.Member })
	unique(f, "/independence/lines", i.Lines, func(l Line) string { return l.Member })
	unique(f, "/independence/administrators", i.Administrators, func(a Administration) string { return a.System })
	for n, a := range i.Administrators {
		if len(a.Members) == 0 && a.Outside == "" {
			f.Cite(FaultIncomplete, hipaasmp.CiteActivityReview, hipaasmp.Pointer("independence", "administrators", n, "members"), "is missing; name the administrators, or say who outside of the workforce administers the system")
		}
	}
}

// checkSecond asks that the second signer is somebody else, and signed between the opening and the certification.
func (i Independence) checkSecond(f *validate.Faults, c Content, reviewer, certifier hipaasmp.Actor, at time.Time) {
	if i.Second == nil {
		return
	}
	const here = "/independence/second"
	s := *i.Second
	person(f, here+"/by", "sign a review as a person from outside", s.By)
	if id := s.By.ID; id != "" && (id == reviewer.ID || id == certifier.ID) {
		f.Cite(hipaasmp.FaultSegregation, hipaasmp.CiteActivityReview, here+"/by/id", "is the reviewer or the certifier; have somebody from outside sign")
	}
	if slices.ContainsFunc(i.Lines, func(l Line) bool { return s.By.ID != "" && (l.Member == s.By.ID || l.Manager == s.By.ID) }) ||
		slices.ContainsFunc(c.Sources, func(r SourceReview) bool {
			return slices.ContainsFunc(r.Reviewers, func(p hipaasmp.Actor) bool { return p.ID == s.By.ID && p.ID != "" })
		}) {
		f.Cite(hipaasmp.FaultSegregation, hipaasmp.CiteActivityReview, here+"/by/id", "reports to somebody of the entity, is reported to, or reviewed a source; have somebody from outside sign")
	}
	for n, a := range i.Administrators {
		if slices.Contains(a.Members, s.By.ID) && s.By.ID != "" {
			f.Cite(hipaasmp.FaultSegregation, hipaasmp.CiteActivityReview, here+"/by/id", "is an administrator of %s at %s; have somebody from outside sign", a.System, hipaasmp.Pointer("independence", "administrators", n))
			break
		}
	}
	if s.At.Before(c.Opened.At) {
		f.Add(hipaasmp.FaultOrder, here+"/at", "is before the session was opened")
	}
	if s.At.After(at) {
		f.Add(hipaasmp.FaultOrder, here+"/at", "is after the certification; the person from outside signs before it")
	}
}
