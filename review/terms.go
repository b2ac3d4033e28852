package review

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// RawLogs says how long the logs themselves are kept, apart from the records of their review. Whether six years bind raw
// logs is contested and HHS has not said; the length is the entity's own policy, and Authority says on what it rests.
type RawLogs struct {
	// Years is how long, in calendar years.
	Years int `json:"years" validate:"min=0,max=100"`
	// Authority says who or what set it: a policy, a state law, a decision by risk analysis.
	Authority string `json:"authority" validate:"required,text,max=1000"`
}

// KeepThrough returns the last day through which a log is kept by the entity's own policy, if its last entry is of the
// given day. It is not the day through which the record of its review is kept: see [Record.RetentionBasis].
func (r RawLogs) KeepThrough(last hipaasmp.Date) hipaasmp.Date { return last.AddYears(r.Years) }

// Limits are the entity's own limits; 0 is none. The rule names none of them.
type Limits struct {
	// ExceptionDays is how many days an exception may stay without a disposition, counted from the opening of its session.
	ExceptionDays int `json:"exception_days" validate:"min=0,max=3650"`
	// SessionDays is how many days a session may stay open.
	SessionDays int `json:"session_days" validate:"min=0,max=3650"`
	// IncidentDays is how many days an incident may stay open.
	IncidentDays int `json:"incident_days" validate:"min=0,max=3650"`
	// DefectsPerThousand is how many of a thousand entries may be unreadable before the review of a source is in doubt.
	DefectsPerThousand int `json:"defects_per_thousand" validate:"min=0,max=1000"`
	// HoursPerThousand is in how many of a thousand expected hours a source must have been seen recording, so that a month
	// of it counts as covered. It is asked of sources with a schedule.
	HoursPerThousand int `json:"hours_per_thousand,omitempty" validate:"min=0,max=1000"`
	// FetchDays is how many days before a source drops a period that nobody fetched the entity wants to be warned.
	FetchDays int `json:"fetch_days,omitempty" validate:"min=0,max=3650"`
	// ReviewMonths is the interval for reviewing the procedure itself; 164.316(b)(2)(iii) asks for it and names none.
	ReviewMonths int `json:"review_months" validate:"min=0,max=120"`
}

// Terms is the content of a procedure: what an entity writes before somebody with authority approves it. Start from
// [DefaultTerms].
type Terms struct {
	// Title is the name of the procedure.
	Title string `json:"title" validate:"required,text,max=200"`
	// Purpose says what it is for.
	Purpose string `json:"purpose" validate:"required,text,max=4000"`
	// Documentation says how a review is documented.
	Documentation string `json:"documentation" validate:"required,text,max=4000"`
	// Investigate lists the kinds of activity that call for a closer look.
	Investigate []string `json:"investigate" validate:"min=1,dive,required,text,max=1000"`
	// Cadence is how often and by when.
	Cadence Cadence `json:"cadence"`
	// Rounds lists the detectors that are run more often than that.
	Rounds []Round `json:"rounds,omitempty" validate:"max=20,dive"`
	// Reviewers lists the roles that may review.
	Reviewers []hipaasmp.Role `json:"reviewers" validate:"min=1,dive,required,role"`
	// Certifiers lists the roles that may certify.
	Certifiers []hipaasmp.Role `json:"certifiers" validate:"min=1,dive,required,role"`
	// Sources lists what is reviewed.
	Sources []Source `json:"sources" validate:"min=1,dive"`
	// Detectors lists what is run over the audit logs.
	Detectors []Detector `json:"detectors,omitempty" validate:"dive"`
	// RawLogs says how long the logs are kept.
	RawLogs RawLogs `json:"raw_logs"`
	// Limits are the entity's own limits.
	Limits Limits `json:"limits"`
}

// DefaultTerms returns a monthly procedure to complete: it has no sources and no detectors yet. Reviews are due ten business
// days after their period, and the detectors of what cannot wait for the end of a month are run weekly; give Cadence.Business
// the holidays of the entity.
func DefaultTerms() Terms {
	return Terms{
		Title: "Information system activity review",
		Purpose: "Records of activity in the systems that hold electronic protected health information are reviewed regularly, so that misuse, intrusion and " +
			"gaps in logging come to notice.",
		Documentation: "Every review is a session over the sources of this procedure. It is certified by a second person and kept as a record with the digests of " +
			"the files that were reviewed, the exceptions, and what became of each.",
		Investigate: []string{
			"Changes of what is logged, and attempts at them",
			"Access under an emergency override",
			"Activity of persons who have left the workforce",
			"Log-ins that succeed after many failures, and series of denials",
		},
		Cadence:    Cadence{Unit: UnitMonth, Every: 1, DueDays: 10, Business: MondayToFriday(hipaasmp.Date{})},
		Rounds:     []Round{DefaultRound()},
		Reviewers:  []hipaasmp.Role{hipaasmp.RoleReviewer, hipaasmp.RoleSecurityOfficial, hipaasmp.RolePrivacyOfficial},
		Certifiers: []hipaasmp.Role{hipaasmp.RoleSecurityOfficial, hipaasmp.RolePrivacyOfficial, hipaasmp.RoleManagement},
		RawLogs:    RawLogs{Years: 6, Authority: "The entity's own policy; the rule names no period for raw logs."},
		Limits:     Limits{ExceptionDays: 30, SessionDays: 45, IncidentDays: 90, DefectsPerThousand: 10, HoursPerThousand: 950, FetchDays: 14, ReviewMonths: 12},
	}
}

func (t Terms) clone() Terms {
	t.Investigate = slices.Clone(t.Investigate)
	t.Cadence, t.Rounds = t.Cadence.clone(), cloneRounds(t.Rounds)
	t.Reviewers = slices.Clone(t.Reviewers)
	t.Certifiers = slices.Clone(t.Certifiers)
	t.Sources = slices.Clone(t.Sources)
	for i := range t.Sources {
		t.Sources[i] = t.Sources[i].clone()
	}
	t.Detectors = slices.Clone(t.Detectors)
	for i := range t.Detectors {
		t.Detectors[i].Parameters = slices.Clone(t.Detectors[i].Parameters)
	}
	return t
}

// Source returns the source with the identity.
func (t Terms) Source(id string) (Source, bool) { return sourceIn(t.Sources, id) }

func sourceIn(sources []Source, id string) (Source, bool) {
	if i := slices.IndexFunc(sources, func(s Source) bool { return s.ID == id }); i >= 0 {
		return sources[i], true
	}
	return Source{}, false
}

// Systems returns the identities of the systems whose records the procedure reviews, sorted, each once.
func (t Terms) Systems() []string {
	var out []string
	for _, s := range t.Sources {
		out = append(out, s.System)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (t Terms) check(f *validate.Faults) {
	validate.Unique(f, "/sources", t.Sources, func(s Source) string { return s.ID })
	for i, s := range t.Sources {
		s.check(f, hipaasmp.Pointer("sources", i))
	}
	t.Cadence.Business.check(f, "/cadence/business")
	checkRounds(f, "", t.Rounds)
	validate.Unique(f, "/detectors", t.Detectors, func(d Detector) string { return string(d.ID) })
	for _, list := range []struct {
		name  string
		roles []hipaasmp.Role
	}{{"reviewers", t.Reviewers}, {"certifiers", t.Certifiers}} {
		for i, r := range list.roles {
			if r == hipaasmp.RoleSystem {
				f.Cite(FaultProgram, hipaasmp.CiteActivityReview, hipaasmp.Pointer(list.name, i), "is a program; reviewing and certifying take a person")
			}
		}
	}
}

// person adds a fault where a program takes a step that takes a person.
func person(f *validate.Faults, pointer, step string, who hipaasmp.Actor) {
	if who.Role == hipaasmp.RoleSystem {
		f.Cite(FaultProgram, hipaasmp.CiteActivityReview, pointer, "is a program, and a program may not %s; have a person do it", step)
	}
}
