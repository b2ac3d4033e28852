package inquiry

import (
	"cmp"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
)

// Matter says what kind of thing falls due.
type Matter string

// The matters of an agenda.
const (
	// MatterItem: a measure of the plan that is to be in place.
	MatterItem Matter = "item"
	// MatterMilestone: a step on the way to a measure.
	MatterMilestone Matter = "milestone"
	// MatterAcceptance: the acceptance of a risk that ends.
	MatterAcceptance Matter = "acceptance"
	// MatterAnalysis: the risk analysis, by the entity's own interval.
	MatterAnalysis Matter = "analysis"
	// MatterAgreement: the agreement with a business associate, or between it and a subcontractor, that ends.
	MatterAgreement Matter = "agreement"
	// MatterPolicy: a policy or procedure that is to be reviewed, acknowledged or taught.
	MatterPolicy Matter = "policy"
	// MatterReview: a review of activity that is to be certified.
	MatterReview Matter = "review"
	// MatterIncident: an incident whose outcome is to be documented.
	MatterIncident Matter = "incident"
	// MatterCase: a step of a sanction case.
	MatterCase Matter = "case"
	// MatterAttestation: a case, or the statement that no violation came to notice.
	MatterAttestation Matter = "attestation"
	// MatterDisposal: a record whose destruction may be proposed from the day on, was proposed, or was approved. It is no duty
	// and is never overdue; what is proposed and not decided is a gap after a while.
	MatterDisposal Matter = "disposal"
)

// Values returns the members of the enumeration.
func (Matter) Values() []Matter {
	return []Matter{MatterItem, MatterMilestone, MatterAcceptance, MatterAnalysis, MatterAgreement, MatterPolicy, MatterReview, MatterIncident,
		MatterCase, MatterAttestation, MatterDisposal}
}

// IsValid reports whether m is a member.
func (m Matter) IsValid() bool {
	_, err := hipaasmp.ParseEnum("inquiry.Matter", []byte(m), m.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (m Matter) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("inquiry.Matter", m, m.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (m *Matter) UnmarshalText(text []byte) (err error) {
	*m, err = hipaasmp.ParseEnum("inquiry.Matter", text, m.Values())
	return err
}

// AgendaEntry is one thing that falls due.
type AgendaEntry struct {
	// ID is the identity of the matter. It stays the same when the day moves, so that a calendar moves its entry.
	ID string `json:"id"`
	// Matter is the kind of thing.
	Matter Matter `json:"matter"`
	// Due is the last day on which it is in time; for a disposal the first on which it may be proposed.
	Due hipaasmp.Date `json:"due"`
	// Days are the days from the day of the agenda to Due, below 0 where it is past.
	Days int `json:"days"`
	// Overdue is true where the day is past, with the days of grace that a review procedure gives, and nothing that is on
	// file answers it. A disposal is never overdue.
	Overdue bool `json:"overdue"`
	// What says in one line what is to be done.
	What string `json:"what"`
	// Basis says why on that day: the record or the entity's own interval.
	Basis string `json:"basis"`
	// Held are the matters of the open holds that stop it, of a disposal; it may not be proposed while there is one.
	Held []string `json:"held,omitempty"`
	// Owner is the opaque identity of who answers for it; empty where the records name nobody.
	Owner string `json:"owner,omitempty"`
	// Citation is the provision that it serves.
	Citation hipaasmp.Citation `json:"citation"`
	// Refs are the documents that it comes from.
	Refs []hipaasmp.Ref `json:"refs,omitempty"`
}

// Agenda is all that falls due until a day, and what was due before and is not done.
type Agenda struct {
	// Entity is the identity of whose agenda it is.
	Entity string `json:"entity,omitempty"`
	// AsOf is the day from which it looks ahead, Through the last day that it looks at.
	AsOf    hipaasmp.Date `json:"as_of"`
	Through hipaasmp.Date `json:"through"`
	// Entries are in the order of their days, of one day in that of their identities.
	Entries []AgendaEntry `json:"entries,omitempty"`
}

// Keeping is a record with its retention term and what holds it.
type Keeping struct {
	// Ref is the record.
	Ref hipaasmp.Ref
	// Term is until when it is kept.
	Term retention.Term
	// Held are the matters of the open holds on it, in their order. While there is one its disposal may not be proposed.
	Held []string
}

// AgendaOptions say how far an agenda looks, and until when the records are kept.
type AgendaOptions struct {
	// Through is the last day that the agenda looks at; zero is a year after the day.
	Through hipaasmp.Date
	// Kept are the records with their terms, as the store has them. Where there is none, the terms are computed from the
	// records by the rule's six years alone: overlays and holds are then not known.
	Kept []Keeping
}

// maxAgendaYears bounds how far an agenda looks ahead.
const maxAgendaYears = 10

// Agenda lists all that falls due from the day on: measures and their milestones, accepted risks, agreements, the risk
// analysis, policies and procedures with their acknowledgements and trainings, reviews of activity, incidents, the steps
// of sanction cases, attestations, and disposals. What was due before and is not done comes first. Every day is one that a
// record of the entity names; the law names hardly any. It looks ten years ahead at most. Without a day it is empty.
func (r Records) Agenda(asOf hipaasmp.Date, o AgendaOptions) Agenda {
	if asOf.IsZero() {
		return Agenda{Entity: r.Entity.ID}
	}
	if o.Through.IsZero() {
		o.Through = asOf.AddYears(1)
	}
	if most := asOf.AddYears(maxAgendaYears); o.Through.After(most) {
		o.Through = most
	}
	b := agendaBuilder{r: r.ordered(), asOf: asOf, a: Agenda{Entity: r.Entity.ID, AsOf: asOf, Through: o.Through}, seen: map[string]bool{}}
	b.items()
	b.acceptances()
	b.analysis()
	b.agreements()
	b.policies()
	b.procedures()
	b.reviews()
	b.openItems()
	b.incidents()
	b.cases()
	b.attestations()
	b.disposals(o.Kept)
	slices.SortStableFunc(b.a.Entries, func(x, y AgendaEntry) int { return cmp.Or(x.Due.Compare(y.Due), cmp.Compare(x.ID, y.ID)) })
	return b.a
}

// keepings are the terms of the records by the rule's six years alone.
func (r Records) keepings() []Keeping {
	var out []Keeping
	for _, f := range r.Finals() {
		if term, err := (retention.Schedule{}).Term(f.RetentionBasis()); err == nil {
			out = append(out, Keeping{Ref: f.DocumentRef(), Term: term})
		}
	}
	return out
}

// Overdue returns the entries whose day is past.
func (a Agenda) Overdue() []AgendaEntry {
	return keep(a.Entries, func(e AgendaEntry) bool { return e.Overdue })
}

// agendaBuilder collects entries.
type agendaBuilder struct {
	r    Records
	asOf hipaasmp.Date
	a    Agenda
	seen map[string]bool
}

// add files an entry unless it lies beyond the agenda, or is there already. Its matter, identity and day are set.
func (b *agendaBuilder) add(e AgendaEntry) { b.addUntil(e, e.Due) }

// addUntil is add for an entry that is not called late before a day after the one on which it is due.
func (b *agendaBuilder) addUntil(e AgendaEntry, until hipaasmp.Date) {
	if e.Due.IsZero() || e.Due.After(b.a.Through) || b.seen[e.ID] {
		return
	}
	e.Days = b.asOf.DaysUntil(e.Due)
	e.Overdue = b.asOf.After(until) && e.Matter != MatterDisposal
	b.seen[e.ID] = true
	b.a.Entries = append(b.a.Entries, e)
}
