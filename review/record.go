package review

import (
	"fmt"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Result is the positive statement of what a review came to.
type Result string

const (
	// ResultNoExceptions states that nothing came to notice.
	ResultNoExceptions Result = "no_exceptions"
	// ResultExceptions states that exceptions came to notice and each has its disposition.
	ResultExceptions Result = "exceptions_disposed"
)

// Values returns the members of the enumeration.
func (Result) Values() []Result { return []Result{ResultNoExceptions, ResultExceptions} }

// IsValid reports whether r is a member.
func (r Result) IsValid() bool { return slices.Contains(r.Values(), r) }

// MarshalText refuses a value that is no member.
func (r Result) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.Result", r, r.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (r *Result) UnmarshalText(text []byte) (err error) {
	*r, err = hipaasmp.ParseEnum("review.Result", text, r.Values())
	return err
}

// Statement is what the certifier signs.
type Statement struct {
	// Result is what the review came to. It is stated, never assumed: a review without exceptions says so.
	Result Result `json:"result" validate:"enum"`
	// Words is the certification in the certifier's words.
	Words string `json:"words" validate:"required,text,max=4000"`
}

// NoExceptions states that nothing came to notice.
func NoExceptions(words string) Statement { return Statement{Result: ResultNoExceptions, Words: words} }

// ExceptionsDisposed states that every exception has its disposition.
func ExceptionsDisposed(words string) Statement {
	return Statement{Result: ResultExceptions, Words: words}
}

// Record is the certified record of a review, at one point in time: what was reviewed, with the digests of the files, what
// came to notice and what became of it, who reviewed, who certified, and whether in time by the entity's own procedure.
// It stands alone. A correction is a new record that supersedes it, never an edit.
type Record struct {
	hipaasmp.Header
	// Session is the session.
	Session hipaasmp.Ref `json:"session"`
	// Reviewer is who reviewed.
	Reviewer hipaasmp.Actor `json:"reviewer"`
	// Certifier is who certified.
	Certifier hipaasmp.Actor `json:"certifier"`
	// At is when it was certified.
	At time.Time `json:"at" validate:"instant"`
	// Statement is what was certified.
	Statement Statement `json:"statement"`
	// Timeliness measures the certification against the procedure.
	Timeliness Timeliness `json:"timeliness"`
	// KeepThrough is the last of the six years through which the record is kept (164.316(b)(2)(i)), counted from the
	// certification. A hold or a longer duty may lengthen it, nothing shortens it.
	KeepThrough hipaasmp.Date `json:"keep_through" validate:"required"`
	// Independence is the data of the independence check.
	Independence Independence `json:"independence"`
	// Supersedes is the record that this one corrects, where it corrects one.
	Supersedes *hipaasmp.Ref `json:"supersedes,omitempty"`
	// Correction says what was wrong with it.
	Correction string `json:"correction,omitempty" validate:"omitempty,text,max=2000"`
	Content
}

var _ hipaasmp.Record = Record{}

// recordYears is how long a record is kept from its creation at least (164.316(b)(2)(i)).
const recordYears = 6

// Complete makes the certified record of an open session. id is the identity of the record. It is refused while an
// exception has no disposition, while a source of the procedure is neither reviewed nor listed as not reviewed, before the
// period has ended, without a certifier, where the statement contradicts the exceptions, where reviewer or certifier act in
// a role that the procedure does not name, and where they are too near to what is reviewed and no waiver covers it. The
// certifier needs [hipaasmp.PowerCertifyReview] on the day. File the session with [Session.Close] afterwards.
func (s Session) Complete(id string, reviewer, certifier hipaasmp.Actor, at time.Time, may hipaasmp.Authority, statement Statement, independence Independence) (Record, error) {
	return s.complete(id, reviewer, certifier, at, may, statement, independence, nil, "")
}

// Correct makes a record that supersedes an earlier one of the same period and says what was wrong with it. Otherwise it
// is [Session.Complete], over a session that reviewed anew.
func (s Session) Correct(id string, wrong Record, why string, reviewer, certifier hipaasmp.Actor, at time.Time, may hipaasmp.Authority, statement Statement, independence Independence) (Record, error) {
	ref := wrong.DocumentRef()
	if wrong.Period != s.Period {
		return Record{}, hipaasmp.Invalid(s.DocumentRef(), []hipaasmp.Fault{{Code: hipaasmp.FaultDangling, Pointer: "/period",
			Message: fmt.Sprintf("is %s where the record to correct covers %s; review the same period again", s.Period, wrong.Period)}})
	}
	if hipaasmp.Instant(at).Before(wrong.At) {
		return Record{}, hipaasmp.Invalid(s.DocumentRef(), []hipaasmp.Fault{{Code: hipaasmp.FaultOrder, Pointer: "/at", Message: "is before the record to correct was certified"}})
	}
	return s.complete(id, reviewer, certifier, at, may, statement, independence, &ref, why)
}

func (s Session) complete(id string, reviewer, certifier hipaasmp.Actor, at time.Time, may hipaasmp.Authority, statement Statement, independence Independence, supersedes *hipaasmp.Ref, why string) (Record, error) {
	if _, err := machine.Next(s.DocumentRef(), s.State, EventComplete); err != nil {
		return Record{}, err
	}
	if err := s.Validate(); err != nil {
		return Record{}, err
	}
	loc, _ := location(s.Zone)
	at = hipaasmp.Instant(at)
	on := hipaasmp.DateOf(at, loc)
	r := Record{
		Header: hipaasmp.NewHeader(KindRecord, id), Session: s.DocumentRef(), Reviewer: reviewer, Certifier: certifier, At: at,
		Statement: statement, Timeliness: s.cadence().timeliness(s.Period, on), KeepThrough: on.AddYears(recordYears), Independence: independence.clone(),
		Supersedes: supersedes, Correction: why, Content: s.Content.clone(),
	}
	if err := r.Validate(); err != nil {
		return Record{}, err
	}
	var f validate.Faults
	f.May(may, "/certifier", certifier, hipaasmp.PowerCertifyReview, on)
	if w := independence.Waiver; w != nil {
		f.May(may, "/independence/waiver/by", w.By, hipaasmp.PowerApprovePolicy, w.On)
	}
	if err := f.Err(r.DocumentRef()); err != nil {
		return Record{}, err
	}
	return r, nil
}

// Citations returns the provisions that the record documents: the specification, log-in monitoring where log-ins were
// reviewed, audit controls for the statement on capability, and incident response where an exception became an incident.
func (r Record) Citations() []hipaasmp.Citation {
	out := []hipaasmp.Citation{hipaasmp.CiteActivityReview}
	if slices.ContainsFunc(r.Sources, func(s SourceReview) bool { return s.Family(activity.FamilyLogin) > 0 }) {
		out = append(out, hipaasmp.CiteLogInMonitoring)
	}
	if len(r.Sources) > 0 {
		out = append(out, hipaasmp.CiteAuditControls)
	}
	if slices.ContainsFunc(r.Exceptions, func(e Exception) bool { return e.State == ExceptionIncident }) {
		out = append(out, hipaasmp.CiteIncidentResponse)
	}
	return append(out, hipaasmp.CiteWrittenRecord)
}

// RetentionBasis returns a record of one point in time: the day of the certification.
func (r Record) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassReviewRecord, Created: r.Timeliness.Certified}
}

// Validate returns every fault of the record; the rules are those of [Session.Complete], authority left out.
func (r Record) Validate() error {
	return validate.Check(r, KindRecord, r.Schema, func(f *validate.Faults) {
		loc := checkZone(f, r.Zone)
		on := hipaasmp.DateOf(r.At, loc)
		r.Content.check(f)
		r.checkWhole(f)
		r.checkPersons(f)
		r.Independence.check(f, r.Content, r.Reviewer, r.Certifier, r.At, on)
		if r.Session.Kind != KindSession && r.Session.Kind != "" {
			f.Add(hipaasmp.FaultDangling, "/session/kind", "is %q; a record belongs to a %s", r.Session.Kind, KindSession)
		}
		if !on.IsZero() && !r.Period.To.IsZero() && !on.After(r.Period.To) {
			f.Cite(FaultNotEnded, hipaasmp.CiteActivityReview, "/at", "%s is within the period, which ends on %s; certify after it", on, r.Period.To)
		}
		if r.At.Before(r.Opened.At) {
			f.Add(hipaasmp.FaultOrder, "/at", "is before the session was opened")
		}
		if !on.IsZero() && r.Period.InOrder() && !r.Period.Open() && r.Timeliness != r.cadence().timeliness(r.Period, on) {
			f.Cite(FaultTimeliness, hipaasmp.CiteActivityReview, "/timeliness", "does not follow from the cadence, the period and the day %s; build records with Complete", on)
		}
		if !on.IsZero() && r.KeepThrough != on.AddYears(recordYears) && !r.KeepThrough.IsZero() {
			f.Cite(FaultTimeliness, hipaasmp.CiteTimeLimit, "/keep_through", "is not %s, six years after the certification", on.AddYears(recordYears))
		}
		r.checkCorrection(f)
	})
}

// checkWhole asks that nothing is left open.
func (r Record) checkWhole(f *validate.Faults) {
	for i, e := range r.Exceptions {
		if !e.State.Disposed() {
			f.Cite(FaultUndisposed, hipaasmp.CiteActivityReview, hipaasmp.Pointer("exceptions", i, "state"), "is %s; explain the exception, give it up or escalate it before the review is certified", e.State)
		}
		if r.At.Before(e.Seen) {
			f.Add(hipaasmp.FaultOrder, hipaasmp.Pointer("exceptions", i, "seen"), "is after the certification")
		}
		if n := len(e.History); n > 0 && r.At.Before(e.History[n-1].At) {
			f.Add(hipaasmp.FaultOrder, hipaasmp.Pointer("exceptions", i, "history", n-1, "at"), "is after the certification")
		}
	}
	for _, id := range r.unfinished() {
		f.Cite(FaultIncomplete, hipaasmp.CiteActivityReview, "/samples", "have no result for %q; draw it, examine what was drawn and conclude it", id)
	}
	for i, s := range r.Samples {
		if s.Result != nil && r.At.Before(s.Result.At) {
			f.Add(hipaasmp.FaultOrder, hipaasmp.Pointer("samples", i, "result", "at"), "is after the certification")
		}
	}
	for i, s := range r.Sources {
		if s.Read != nil && r.At.Before(s.Read.Ended) {
			f.Add(hipaasmp.FaultOrder, hipaasmp.Pointer("sources", i, "read", "ended"), "is after the certification")
		}
		if s.Method == MethodSampled && !slices.ContainsFunc(r.Samples, func(x Sample) bool { return x.Source == s.Source }) {
			f.Cite(FaultSample, hipaasmp.CiteActivityReview, hipaasmp.Pointer("sources", i, "method"), "is %q and no sample of the source is recorded; plan and draw one", s.Method)
		}
	}
	for _, id := range r.Missing() {
		f.Cite(FaultUncovered, hipaasmp.CiteActivityReview, "/sources", "have no entry for %q; review the source, or list it as not reviewed with the reason", id)
	}
	switch {
	case r.Statement.Result == ResultNoExceptions && len(r.Exceptions) > 0:
		f.Cite(FaultStatement, hipaasmp.CiteActivityReview, "/statement/result", "says that there were no exceptions where there are %d", len(r.Exceptions))
	case r.Statement.Result == ResultExceptions && len(r.Exceptions) == 0:
		f.Cite(FaultStatement, hipaasmp.CiteActivityReview, "/statement/result", "speaks of exceptions where there are none; state that with NoExceptions")
	}
}

func (r Record) checkPersons(f *validate.Faults) {
	if r.Certifier.IsZero() {
		f.Cite(FaultUncertified, hipaasmp.CiteActivityReview, "/certifier", "is missing; a review is certified by a person of appropriate role")
	}
	for _, who := range []struct {
		name  string
		actor hipaasmp.Actor
		roles []hipaasmp.Role
	}{{"reviewer", r.Reviewer, r.Procedure.Reviewers}, {"certifier", r.Certifier, r.Procedure.Certifiers}} {
		at := "/" + who.name
		person(f, at, "review or certify", who.actor)
		if who.actor.Role != "" && who.actor.Role != hipaasmp.RoleSystem && !slices.Contains(who.roles, who.actor.Role) {
			f.Cite(FaultRole, hipaasmp.CiteActivityReview, at+"/role", "%q is no role that procedure version %s names for a %s; it names %v", who.actor.Role, r.Procedure.Version, who.name, who.roles)
		}
	}
}

func (r Record) checkCorrection(f *validate.Faults) {
	if (r.Supersedes != nil) != (r.Correction != "") {
		f.Cite(FaultStatement, hipaasmp.CiteWrittenRecord, "/correction", "belongs to a record that supersedes another, which says what was wrong, and to no other")
	}
	if r.Supersedes == nil {
		return
	}
	if r.Supersedes.Kind != KindRecord && r.Supersedes.Kind != "" {
		f.Add(hipaasmp.FaultDangling, "/supersedes/kind", "is %q; a record supersedes a %s", r.Supersedes.Kind, KindRecord)
	}
	if r.Supersedes.Newest() == r.DocumentRef() {
		f.Add(hipaasmp.FaultDangling, "/supersedes", "is the record itself; a correction is a record of its own")
	}
}
