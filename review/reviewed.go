package review

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// Method is how a source was reviewed.
type Method string

const (
	// MethodAutomated: a program read every entry and a person looked at what it found.
	MethodAutomated Method = "automated"
	// MethodSampled: a person looked at a sample.
	MethodSampled Method = "sampled"
	// MethodManual: a person looked at every entry.
	MethodManual Method = "manual"
)

// Values returns the members of the enumeration.
func (Method) Values() []Method { return []Method{MethodAutomated, MethodSampled, MethodManual} }

// IsValid reports whether m is a member.
func (m Method) IsValid() bool { return slices.Contains(m.Values(), m) }

// MarshalText refuses a value that is no member.
func (m Method) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.Method", m, m.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (m *Method) UnmarshalText(text []byte) (err error) {
	*m, err = hipaasmp.ParseEnum("review.Method", text, m.Values())
	return err
}

// LogFile is a file that was reviewed. The record keeps its digest; the file itself has a retention of its own.
type LogFile struct {
	// Name is the file's name, without a path.
	Name string `json:"name" validate:"required,text,max=1024"`
	// Size is its length in bytes, as it lay on disk.
	Size int64 `json:"size" validate:"min=0,max=9007199254740991"`
	// SHA256 is the digest of those bytes.
	SHA256 hipaasmp.Digest `json:"sha256" validate:"digest"`
	// Events is the number of entries read from it. Duplicates counts those that were delivered before and are not among
	// Events, Defects the pieces that were not read, as far as they were counted by file.
	Events     int64 `json:"events" validate:"min=0,max=9007199254740991"`
	Duplicates int64 `json:"duplicates" validate:"min=0,max=9007199254740991"`
	Defects    int64 `json:"defects" validate:"min=0,max=9007199254740991"`
	// CopyOf names an earlier file with the same bytes; absent where there is none.
	CopyOf string `json:"copy_of,omitempty" validate:"omitempty,text,max=1024"`
	// First and Last are the earliest and the latest known time in it.
	First time.Time `json:"first,omitzero" validate:"omitempty,instant"`
	Last  time.Time `json:"last,omitzero" validate:"omitempty,instant"`
}

// DefectCount is how many pieces of the files were not read, for one reason.
type DefectCount struct {
	Reason activity.Reason `json:"reason" validate:"enum"`
	Count  int64           `json:"count" validate:"min=1,max=9007199254740991"`
	// Places says where the first of them lie, at most [activity.MaxPlaces], so that a person can look at what was not read.
	Places []activity.Raw `json:"places,omitempty" validate:"max=20,dive"`
}

// OutcomeCount is how many events ended in one way.
type OutcomeCount struct {
	Outcome activity.Outcome `json:"outcome" validate:"enum"`
	Count   int64            `json:"count" validate:"min=1,max=9007199254740991"`
}

// FamilyCount is how many events there were of one kind of activity. What failed is no kind of its own, because each event
// is counted once; the outcomes count it.
type FamilyCount struct {
	Family activity.Family `json:"family" validate:"enum"`
	Count  int64           `json:"count" validate:"min=1,max=9007199254740991"`
}

// SourceReview is what was reviewed of one source in a session.
type SourceReview struct {
	// Source is the identity of the source in the procedure.
	Source string `json:"source" validate:"required,docid"`
	// Method is how it was reviewed.
	Method Method `json:"method" validate:"enum"`
	// Reader numbers the rules by which a program read the files; absent where a person did.
	Reader int `json:"reader,omitempty" validate:"min=0,max=1000000"`
	// Program names the program and its version, for example "activity-review 3.2"; absent where a person read the files.
	Program string `json:"program,omitempty" validate:"omitempty,text,max=200"`
	// Profile is the mapping profile by which it read them; absent where it read without one.
	Profile *ProfileRef `json:"profile,omitempty"`
	// AssumedZone is the IANA name of the zone for which times without an offset were taken, because somebody who knows the
	// machine, or the profile, says so; absent where none was given, and where every time has an offset. Another zone would
	// give other times, other days and other findings.
	AssumedZone string `json:"assumed_zone,omitempty" validate:"omitempty,text,max=100"`
	// Read says when it was read; absent where that was not noted.
	Read *Reading `json:"read,omitempty"`
	// Reviewers lists who reviewed this source beside the reviewer of the record; absent where nobody did.
	Reviewers []hipaasmp.Actor `json:"reviewers,omitempty" validate:"max=20,dive"`
	// Context lists the tables that were read beside it, such as the directory by which its identities were resolved.
	Context []ContextTable `json:"context,omitempty" validate:"max=100,dive"`
	// Files lists the files.
	Files []LogFile `json:"files,omitempty" validate:"dive"`
	// Events is the number of entries: events of a log, lines of a report, tickets.
	Events int64 `json:"events" validate:"min=0,max=9007199254740991"`
	// Duplicates is the number of entries that were delivered again and counted once.
	Duplicates int64 `json:"duplicates" validate:"min=0,max=9007199254740991"`
	// Outside is the number of events whose time does not lie in the period under review. They were looked at, too.
	Outside int64 `json:"outside" validate:"min=0,max=9007199254740991"`
	// UnknownTimes is the number of events without a time.
	UnknownTimes int64 `json:"unknown_times" validate:"min=0,max=9007199254740991"`
	// UnresolvedActors is the number of events that do not identify who acted.
	UnresolvedActors int64 `json:"unresolved_actors" validate:"min=0,max=9007199254740991"`
	// UnresolvedPatients is the number of patients, event by event, whom the directory could not lead to one that the entity
	// knows; absent where there was no directory.
	UnresolvedPatients int64 `json:"unresolved_patients,omitempty" validate:"min=0,max=9007199254740991"`
	// UnknownPatients is the number of accesses that name no patient.
	UnknownPatients int64 `json:"unknown_patients" validate:"min=0,max=9007199254740991"`
	// Denials is the number of events that were denied; being throttled is no denial.
	Denials int64 `json:"denials" validate:"min=0,max=9007199254740991"`
	// First and Last are the earliest and the latest known time of the events.
	First time.Time `json:"first,omitzero" validate:"omitempty,instant"`
	Last  time.Time `json:"last,omitzero" validate:"omitempty,instant"`
	// Defects counts what was not read, by reason.
	Defects []DefectCount `json:"defects,omitempty" validate:"dive"`
	// Outcomes counts the events by how they ended. Where it is given it counts every event.
	Outcomes []OutcomeCount `json:"outcomes,omitempty" validate:"dive"`
	// Families counts the events by kind of activity. Where it is given it counts every event.
	Families []FamilyCount `json:"families,omitempty" validate:"dive"`
	// Detectors lists the detectors that were run.
	Detectors []DetectorRun `json:"detectors,omitempty" validate:"dive"`
	// BudgetSeed is the seed, in hexadecimal, by which an alert budget drew among the findings that stood lower, so that the
	// draw can be repeated; absent where none drew.
	BudgetSeed string `json:"budget_seed,omitempty" validate:"max=1024"`
	// Tracking is what a security incident tracking report shows; absent of other records, and where a person read it.
	Tracking *Tracking `json:"tracking,omitempty"`
	// Hours says in how many of its expected hours the source was seen recording; absent where that was not counted.
	Hours *Hours `json:"hours,omitempty"`
	// Access says how many of the accesses to patients' records a relation explains; absent where that was not counted.
	Access *AccessCount `json:"access,omitempty"`
	// Capability says whether the source was recording.
	Capability Capability `json:"capability"`
	// Notes says what else the reviewer wants kept.
	Notes string `json:"notes,omitempty" validate:"omitempty,text,max=4000"`
}

// Summarize puts the counts of a tally into the review of a source. Capability starts as unknown: that a log has entries
// does not show that the source recorded all it should.
func Summarize(source string, tally *activity.Tally, files ...LogFile) SourceReview {
	r := SourceReview{
		Source: source, Method: MethodAutomated, Files: slices.Clone(files),
		Events: tally.Events, Duplicates: tally.Duplicates, UnknownTimes: tally.UnknownTimes,
		UnresolvedActors: tally.UnresolvedActors, UnknownPatients: tally.UnknownPatients,
		Denials:    tally.Outcome(activity.OutcomeDenied),
		Capability: Capability{State: CapabilityUnknown},
	}
	r.First, r.Last = instant(tally.First), instant(tally.Last)
	for _, reason := range activity.Reason("").Values() {
		if d := tally.Defects(reason); d.Count > 0 {
			c := DefectCount{Reason: reason, Count: d.Count}
			for _, p := range d.Places {
				c.Places = append(c.Places, p.Raw)
			}
			r.Defects = append(r.Defects, c)
		}
	}
	for _, o := range activity.Outcome("").Values() {
		if n := tally.Outcome(o); n > 0 {
			r.Outcomes = append(r.Outcomes, OutcomeCount{Outcome: o, Count: n})
		}
	}
	for _, family := range activity.EventFamilies() {
		if n := tally.Family(family); n > 0 {
			r.Families = append(r.Families, FamilyCount{Family: family, Count: n})
		}
	}
	return r
}

// FromScan puts what a scan of a source found out into the review of the source and into open exceptions, one for each
// finding. Capability starts as unknown, as with [Summarize]. Where the source was scanned with a directory, the unresolved
// actors are those whom the directory could not lead to a person, beside those whom the log does not name.
func FromScan(source detect.Source, scanned *detect.Scanned) (SourceReview, []Exception) {
	files := make([]LogFile, 0, len(scanned.Files))
	for _, f := range scanned.Files {
		files = append(files, LogFile{
			Name: f.Name, Size: f.Size, SHA256: f.SHA256, CopyOf: f.CopyOf,
			Events: f.Tally.Events, Duplicates: f.Tally.Duplicates, Defects: f.Tally.DefectCount(),
			First: instant(f.Tally.First), Last: instant(f.Tally.Last),
		})
	}
	r := Summarize(scanned.Source, &scanned.Tally, files...)
	r.Outside = scanned.Outside
	if source.Directory != nil {
		r.UnresolvedActors, r.UnresolvedPatients = scanned.Resolved.UnresolvedActors(), scanned.Resolved.UnresolvedPatients()
	}
	if source.Reader != nil {
		r.Reader = source.Reader.Version()
		r.Profile, r.AssumedZone = profileOf(source.Reader), activity.AssumedZone(source.Reader)
	}
	r.Context = contextOf(source, scanned.Run)
	r.Access = accesses(scanned.Run, scanned.Source)
	for i, d := range scanned.Run.Detectors() {
		x := d.Describe()
		if counts(x.ID) {
			continue
		}
		r.Detectors = append(r.Detectors, DetectorRun{Detector: x.ID, Version: x.Version, Findings: int64(len(scanned.Run.Partial(i).Findings())), Parameters: slices.Clone(x.Parameters)})
	}
	return r, Exceptions(scanned.Source, scanned.Findings())
}

// instant is [hipaasmp.Instant], but leaves the zero time alone.
func instant(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return hipaasmp.Instant(t)
}

// DefectCount returns the number of pieces that were not read.
func (r SourceReview) DefectCount() int64 {
	var n int64
	for _, d := range r.Defects {
		n += d.Count
	}
	return n
}

// Family returns the number of events of the family; of [activity.FamilyFailed] it is that of [SourceReview.Failed].
func (r SourceReview) Family(family activity.Family) int64 {
	if family == activity.FamilyFailed {
		n, _ := r.Failed()
		return n
	}
	for _, c := range r.Families {
		if c.Family == family {
			return c.Count
		}
	}
	return 0
}

func (r SourceReview) clone() SourceReview {
	r.Files = slices.Clone(r.Files)
	r.Defects = slices.Clone(r.Defects)
	for i := range r.Defects {
		r.Defects[i].Places = slices.Clone(r.Defects[i].Places)
	}
	r.Outcomes = slices.Clone(r.Outcomes)
	r.Families = slices.Clone(r.Families)
	r.Detectors = slices.Clone(r.Detectors)
	for i := range r.Detectors {
		r.Detectors[i] = r.Detectors[i].clone()
	}
	r.Capability = r.Capability.clone()
	r.Profile, r.Tracking, r.Hours = r.Profile.clone(), r.Tracking.clone(), r.Hours.clone()
	r.Access, r.Read = r.Access.clone(), r.Read.clone()
	r.Reviewers, r.Context = slices.Clone(r.Reviewers), slices.Clone(r.Context)
	return r
}

func (r SourceReview) check(f *validate.Faults, at string, asked hipaasmp.Period, source Source, known bool) {
	sum := func(name string, n int64) {
		if n != r.Events {
			f.Add(FaultCounts, at+hipaasmp.Pointer(name), "add up to %d where %d events were read", n, r.Events)
		}
	}
	unique(f, at+"/defects", r.Defects, func(c DefectCount) activity.Reason { return c.Reason })
	for i, d := range r.Defects {
		if int64(len(d.Places)) > d.Count {
			f.Add(FaultCounts, at+hipaasmp.Pointer("defects", i, "places"), "names %d places of only %d defects", len(d.Places), d.Count)
		}
	}
	unique(f, at+"/outcomes", r.Outcomes, func(c OutcomeCount) activity.Outcome { return c.Outcome })
	unique(f, at+"/families", r.Families, func(c FamilyCount) activity.Family { return c.Family })
	for i, c := range r.Families {
		if c.Family == activity.FamilyFailed {
			f.Add(FaultCounts, at+hipaasmp.Pointer("families", i, "family"), "is no kind that an event is of; count what failed among the outcomes, and in the family that it was tried in")
		}
	}
	unique(f, at+"/detectors", r.Detectors, func(d DetectorRun) string { return string(d.Detector) })
	for i, d := range r.Detectors {
		d.check(f, at+hipaasmp.Pointer("detectors", i))
	}
	unique(f, at+"/files", r.Files, func(l LogFile) string { return l.Name })
	if len(r.Files) > 0 {
		var n, again, bad int64
		for i, l := range r.Files {
			n, again, bad = n+l.Events, again+l.Duplicates, bad+l.Defects
			ordered(f, at+hipaasmp.Pointer("files", i, "last"), l.First, l.Last)
		}
		sum("files", n)
		if again > r.Duplicates {
			f.Add(FaultCounts, at+"/duplicates", "is %d where the files alone count %d", r.Duplicates, again)
		}
		if bad > r.DefectCount() {
			f.Add(FaultCounts, at+"/defects", "count %d where the files alone count %d", r.DefectCount(), bad)
		}
	}
	if len(r.Outcomes) > 0 {
		var n, denied int64
		for _, c := range r.Outcomes {
			n += c.Count
			if c.Outcome == activity.OutcomeDenied {
				denied += c.Count
			}
		}
		sum("outcomes", n)
		if denied != r.Denials {
			f.Add(FaultCounts, at+"/denials", "is %d where the outcomes count %d", r.Denials, denied)
		}
	}
	if len(r.Families) > 0 {
		var n int64
		for _, c := range r.Families {
			n += c.Count
		}
		sum("families", n)
	}
	for _, part := range []struct {
		name string
		n    int64
	}{{"outside", r.Outside}, {"unknown_times", r.UnknownTimes}, {"unresolved_actors", r.UnresolvedActors}, {"unknown_patients", r.UnknownPatients}, {"denials", r.Denials}} {
		if part.n > r.Events {
			f.Add(FaultCounts, at+hipaasmp.Pointer(part.name), "is %d of only %d events", part.n, r.Events)
		}
	}
	ordered(f, at+"/last", r.First, r.Last)
	r.Tracking.check(f, at+"/tracking", r.Events)
	r.Access.check(f, at+"/access")
	r.Hours.check(f, at+"/hours", asked, source, known)
	r.Capability.check(f, at+"/capability", asked)
	r.checkContext(f, at)
	r.checkAssumedZone(f, at+"/assumed_zone", source.Format)
	unique(f, at+"/reviewers", r.Reviewers, func(a hipaasmp.Actor) string { return a.ID })
	for i, a := range r.Reviewers {
		person(f, at+hipaasmp.Pointer("reviewers", i), "review a source", a)
	}
}

// ordered adds a fault where the last time is before the first.
func ordered(f *validate.Faults, pointer string, first, last time.Time) {
	if last.Before(first) {
		f.Add(hipaasmp.FaultOrder, pointer, "is before the first; correct one of them")
	}
}

// unique adds a fault for every key that comes a second time.
func unique[T any, K comparable](f *validate.Faults, base string, list []T, key func(T) K) {
	seen := make(map[K]bool, len(list))
	for i, e := range list {
		if k := key(e); seen[k] {
			f.Add(hipaasmp.FaultIdentity, base+hipaasmp.Pointer(i), "%v is there twice; keep one entry", k)
		} else {
			seen[k] = true
		}
	}
}
