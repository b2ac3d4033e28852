package review

import (
	"fmt"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Extract is what a session keeps of the procedure version that governs it, so that its record stands alone.
type Extract struct {
	// Procedure points to the version.
	Procedure hipaasmp.Ref `json:"procedure"`
	// Version is its label.
	Version string `json:"version" validate:"required,text,max=64"`
	// Effective is the time in which it governed, as known when the session was opened.
	Effective hipaasmp.Period `json:"effective"`
	// Cadence is how often and by when.
	Cadence Cadence `json:"cadence"`
	// Rounds lists the detectors that are run more often than that.
	Rounds []Round `json:"rounds,omitempty" validate:"max=20,dive"`
	// Reviewers and Certifiers list the roles that may review and certify.
	Reviewers  []hipaasmp.Role `json:"reviewers" validate:"min=1,dive,required,role"`
	Certifiers []hipaasmp.Role `json:"certifiers" validate:"min=1,dive,required,role"`
	// Sources lists what is to be reviewed.
	Sources []Source `json:"sources" validate:"min=1,dive"`
	// Detectors lists what is to be run.
	Detectors []Detector `json:"detectors,omitempty" validate:"dive"`
	// RawLogs says how long the logs that are reviewed are kept; absent where it is not recorded.
	RawLogs *RawLogs `json:"raw_logs,omitempty"`
}

// Extract returns what a session keeps of the procedure.
func (p Procedure) Extract() Extract {
	t := p.Terms.clone()
	return Extract{
		Procedure: p.DocumentRef(), Version: p.Version, Effective: p.Effective, Cadence: t.Cadence, Rounds: t.Rounds,
		Reviewers: t.Reviewers, Certifiers: t.Certifiers, Sources: t.Sources, Detectors: t.Detectors, RawLogs: &t.RawLogs,
	}
}

// Source returns the source with the identity.
func (x Extract) Source(id string) (Source, bool) { return sourceIn(x.Sources, id) }

func (x Extract) check(f *validate.Faults, at string) {
	if x.Procedure.Kind != KindProcedure && x.Procedure.Kind != "" {
		f.Add(hipaasmp.FaultDangling, at+"/procedure/kind", "is %q; a review follows a %s", x.Procedure.Kind, KindProcedure)
	}
	validate.InOrder(f, at+"/effective", x.Effective)
	x.Cadence.Business.check(f, at+"/cadence/business")
	checkRounds(f, at, x.Rounds)
	validate.Unique(f, at+"/sources", x.Sources, func(s Source) string { return s.ID })
	for i, s := range x.Sources {
		s.check(f, at+hipaasmp.Pointer("sources", i))
	}
	validate.Unique(f, at+"/detectors", x.Detectors, func(d Detector) string { return string(d.ID) })
}

// Content is what a session gathers and a record keeps.
type Content struct {
	// Procedure is what the version in force says.
	Procedure Extract `json:"procedure"`
	// Zone is the IANA time zone in which the days are counted.
	Zone string `json:"zone" validate:"required,text"`
	// Period is the time under review.
	Period hipaasmp.Period `json:"period"`
	// Round is the identity of the round of the procedure that this is; absent of a review of everything.
	Round string `json:"round,omitempty" validate:"omitempty,docid"`
	// Opened is who opened the session and when.
	Opened Signature `json:"opened"`
	// Sources lists what was reviewed.
	Sources []SourceReview `json:"sources,omitempty" validate:"dive"`
	// NotReviewed lists the sources that were not, with the reason.
	NotReviewed []NotReviewed `json:"not_reviewed,omitempty" validate:"dive"`
	// Exceptions lists what came to notice.
	Exceptions []Exception `json:"exceptions,omitempty" validate:"dive"`
	// OpenItems lists what the review leaves to be done: holes with their explanation and who answers for them, and what
	// earlier reviews had left open.
	OpenItems []OpenItem `json:"open_items,omitempty" validate:"dive"`
	// Samples lists the samples that were drawn, from plan to result.
	Samples []Sample `json:"samples,omitempty" validate:"max=20,dive"`
}

// Session is one review under way: one period, the sources of the procedure, what came to notice in them. It is a
// document and no record: what an investigator gets is the [Record] that [Session.Complete] returns.
type Session struct {
	hipaasmp.Header
	// State is where the session stands; it follows from History.
	State State `json:"state" validate:"enum"`
	// History lists the steps since the opening.
	History []hipaasmp.Transition[State, Event] `json:"history,omitempty" validate:"dive"`
	// Record points to the certified record of a completed session.
	Record *hipaasmp.Ref `json:"record,omitempty"`
	Content
}

var _ hipaasmp.Document = Session{}

// Open opens a session over a closed period. The procedure must be in effect on a day of the period. The error is a
// [*hipaasmp.ValidationError] with every fault.
func Open(id string, entity hipaasmp.Entity, procedure Procedure, period hipaasmp.Period, by hipaasmp.Actor, at time.Time) (Session, error) {
	return openSession(id, entity, procedure, "", period, by, at)
}

// OpenRound opens a session for one round of the procedure: the audit logs of the period, by the detectors of the round. It is
// otherwise like [Open]; its record stands for the round and not for the review of everything.
func OpenRound(id string, entity hipaasmp.Entity, procedure Procedure, round string, period hipaasmp.Period, by hipaasmp.Actor, at time.Time) (Session, error) {
	if round == "" {
		return Session{}, hipaasmp.Invalid(hipaasmp.Ref{Kind: KindSession, ID: id}, []hipaasmp.Fault{{Code: FaultCadence, Citation: hipaasmp.CiteActivityReview, Pointer: "/round",
			Message: "is missing; name a round of the procedure, or open a review of everything with Open"}})
	}
	return openSession(id, entity, procedure, round, period, by, at)
}

func openSession(id string, entity hipaasmp.Entity, procedure Procedure, round string, period hipaasmp.Period, by hipaasmp.Actor, at time.Time) (Session, error) {
	s := Session{
		Header: hipaasmp.NewHeader(KindSession, id),
		State:  machine.Initial(),
		Content: Content{
			Procedure: procedure.Extract(),
			Zone:      entity.Zone,
			Period:    period,
			Round:     round,
			Opened:    Signature{By: by, At: hipaasmp.Instant(at)},
		},
	}
	if err := s.Validate(); err != nil {
		return Session{}, err
	}
	return s, nil
}

// Bounds returns the period as instants in its zone, half open: the first instant in it and the first after it. Give them to a
// [detect.Source].
func (c Content) Bounds() (from, until time.Time) {
	loc, _ := location(c.Zone)
	if c.Period.From.IsZero() || c.Period.Open() {
		return time.Time{}, time.Time{}
	}
	return c.Period.From.StartIn(loc), c.Period.To.AddDays(1).StartIn(loc)
}

// Missing lists the sources of the procedure that are neither reviewed nor listed as not reviewed. A round asks only for
// those that its detectors are run over.
func (c Content) Missing() []string {
	var out []string
	for _, s := range c.Procedure.Sources {
		if !c.covers(s.ID) && (c.Round == "" || s.detectable()) {
			out = append(out, s.ID)
		}
	}
	return out
}

// Undisposed lists the exceptions without a disposition.
func (c Content) Undisposed() []string {
	var out []string
	for _, e := range c.Exceptions {
		if !e.State.Disposed() {
			out = append(out, e.ID)
		}
	}
	return out
}

// Exception returns the exception with the identity.
func (c Content) Exception(id string) (Exception, bool) {
	if i := c.exception(id); i >= 0 {
		return c.Exceptions[i], true
	}
	return Exception{}, false
}

func (c Content) exception(id string) int {
	return slices.IndexFunc(c.Exceptions, func(e Exception) bool { return e.ID == id })
}

// Reviewed returns what was reviewed of the source.
func (c Content) Reviewed(source string) (SourceReview, bool) {
	if i := slices.IndexFunc(c.Sources, func(r SourceReview) bool { return r.Source == source }); i >= 0 {
		return c.Sources[i], true
	}
	return SourceReview{}, false
}

// Excused returns why the source was not reviewed.
func (c Content) Excused(source string) (NotReviewed, bool) {
	if i := slices.IndexFunc(c.NotReviewed, func(n NotReviewed) bool { return n.Source == source }); i >= 0 {
		return c.NotReviewed[i], true
	}
	return NotReviewed{}, false
}

func (c Content) covers(source string) bool {
	_, reviewed := c.Reviewed(source)
	_, excused := c.Excused(source)
	return reviewed || excused
}

// systems lists the systems whose records were reviewed, each once, in the order of the procedure.
func (c Content) systems() []string {
	var out []string
	for _, s := range c.Procedure.Sources {
		if _, ok := c.Reviewed(s.ID); ok && !slices.Contains(out, s.System) {
			out = append(out, s.System)
		}
	}
	return out
}

// clone copies what a step may change.
func (c Content) clone() Content {
	c.Sources = slices.Clone(c.Sources)
	c.NotReviewed = slices.Clone(c.NotReviewed)
	c.Exceptions = slices.Clone(c.Exceptions)
	c.Samples = slices.Clone(c.Samples)
	c.OpenItems = slices.Clone(c.OpenItems)
	return c
}

func location(zone string) (*time.Location, error) {
	if zone == "" || zone == "Local" {
		return time.UTC, fmt.Errorf("no zone")
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return time.UTC, err
	}
	return loc, nil
}

func checkZone(f *validate.Faults, zone string) *time.Location {
	loc, err := location(zone)
	if err != nil && zone != "" {
		f.Add(hipaasmp.FaultZone, "/zone", "%q is not in the IANA database of this machine; use a name such as America/Chicago", zone)
	}
	return loc
}

func (c Content) check(f *validate.Faults) {
	c.Procedure.check(f, "/procedure")
	validate.InOrder(f, "/period", c.Period)
	if c.Period.Open() && !c.Period.From.IsZero() {
		f.Cite(FaultNotEnded, hipaasmp.CiteActivityReview, "/period/to", "is missing; a review covers a closed period")
	}
	if c.Period.InOrder() && !c.Procedure.Effective.From.IsZero() && !c.Procedure.Effective.Overlaps(c.Period) {
		f.Cite(FaultNotInForce, hipaasmp.CiteActivityReview, "/procedure/effective", "version %s was in effect %s, on no day of %s; use the version that was", c.Procedure.Version, c.Procedure.Effective, c.Period)
	}
	if _, ok := c.Procedure.round(c.Round); !ok && c.Round != "" {
		f.Cite(FaultCadence, hipaasmp.CiteActivityReview, "/round", "%q is no round of procedure version %s", c.Round, c.Procedure.Version)
	}
	where := map[string]string{}
	named := func(pointer, source string) {
		if source == "" {
			return
		}
		if _, ok := c.Procedure.Source(source); !ok {
			f.Cite(FaultNotSource, hipaasmp.CiteActivityReview, pointer, "%q is no source of procedure version %s; approve a version that lists it", source, c.Procedure.Version)
		}
		if first, dup := where[source]; dup {
			f.Add(hipaasmp.FaultIdentity, pointer, "%q is also at %s; a source is reviewed or not, once", source, first)
			return
		}
		where[source] = pointer
	}
	for i, r := range c.Sources {
		at := hipaasmp.Pointer("sources", i)
		named(at+"/source", r.Source)
		s, ok := c.Procedure.Source(r.Source)
		if ok && r.Tracking != nil && s.Records != RecordIncidentTracking {
			f.Cite(FaultTickets, hipaasmp.CiteActivityReview, at+"/tracking", "is of a source that gives %s and no tickets; leave it out", s.Records.Words())
		}
		r.check(f, at, c.Period, s, ok)
	}
	for i, n := range c.NotReviewed {
		named(hipaasmp.Pointer("not_reviewed", i, "source"), n.Source)
		if n.Absence != "" && n.Ground != GroundNotExpected {
			f.Cite(FaultStatement, hipaasmp.CiteActivityReview, hipaasmp.Pointer("not_reviewed", i, "absence"), "belongs to a source in which there was nothing to review, and to no other")
		}
	}
	validate.Unique(f, "/exceptions", c.Exceptions, func(e Exception) string { return e.ID })
	for i, e := range c.Exceptions {
		at := hipaasmp.Pointer("exceptions", i)
		if _, ok := c.Reviewed(e.Source); !ok && e.Source != "" {
			f.Add(hipaasmp.FaultDangling, at+"/source", "%q was not reviewed in this session; add the review of the source first", e.Source)
		}
		e.check(f, at, c.Opened.At)
	}
	c.checkOutside(f)
	c.checkSamples(f)
	c.checkItems(f)
}

// Validate returns every fault of the session: its shape, the histories replayed, the counts added up.
func (s Session) Validate() error {
	return validate.Check(s, KindSession, s.Schema, func(f *validate.Faults) {
		checkZone(f, s.Zone)
		s.Content.check(f)
		f.Append(machine.Replay(s.State, s.History)...)
		for i, h := range s.History {
			at := hipaasmp.Pointer("history", i)
			if i == 0 && h.At.Before(s.Opened.At) {
				f.Add(hipaasmp.FaultOrder, at+"/at", "is before the opening; history runs forward")
			}
			if h.Event == EventAbandon && h.Note == "" {
				f.Cite(FaultIncomplete, hipaasmp.CiteDocumentation, at+"/note", "is missing; say why the session is given up")
			}
			person(f, at+"/by", "end a session", h.By)
		}
		switch {
		case (s.Record != nil) != (s.State == StateCompleted):
			f.Cite(FaultDisposition, hipaasmp.CiteDocumentation, "/record", "belongs to a session that is completed, which has one, and to no other; file the record with Close")
		case s.Record != nil && s.Record.Kind != KindRecord && s.Record.Kind != "":
			f.Add(hipaasmp.FaultDangling, "/record/kind", "is %q; a session ends in a %s", s.Record.Kind, KindRecord)
		}
	})
}
