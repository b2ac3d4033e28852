package review

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// Reading says when a source was read, by the clock of whoever read it. A plan that is to have come before, such as that of
// a sample, is measured by it.
type Reading struct {
	// Began and Ended are before the first byte was read and after the last.
	Began time.Time `json:"began" validate:"instant"`
	Ended time.Time `json:"ended" validate:"instant"`
}

// ReadBetween returns a reading between the two instants.
func ReadBetween(began, ended time.Time) *Reading {
	return &Reading{Began: hipaasmp.Instant(began), Ended: hipaasmp.Instant(ended)}
}

func (r *Reading) clone() *Reading {
	if r == nil {
		return nil
	}
	c := *r
	return &c
}

// ContextUse is what a table that was read beside a log is for.
type ContextUse string

const (
	// ContextDirectory leads from the identities of logs to those of the entity.
	ContextDirectory ContextUse = "directory"
	// ContextWorkforce lists persons with their roles and times, as personnel has them.
	ContextWorkforce ContextUse = "workforce"
	// ContextRelations lists who has to do with which patient: appointments, orders, care teams, families.
	ContextRelations ContextUse = "relations"
	// ContextWatchList lists records that are watched for a time.
	ContextWatchList ContextUse = "watch_list"
	// ContextCalendar lists shifts, holidays and leaves.
	ContextCalendar ContextUse = "calendar"
	// ContextOther is any other.
	ContextOther ContextUse = "other"
)

// Values returns the members of the enumeration.
func (ContextUse) Values() []ContextUse {
	return []ContextUse{ContextDirectory, ContextWorkforce, ContextRelations, ContextWatchList, ContextCalendar, ContextOther}
}

// IsValid reports whether u is a member.
func (u ContextUse) IsValid() bool { return slices.Contains(u.Values(), u) }

// MarshalText refuses a value that is no member.
func (u ContextUse) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.ContextUse", u, u.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (u *ContextUse) UnmarshalText(text []byte) (err error) {
	*u, err = hipaasmp.ParseEnum("review.ContextUse", text, u.Values())
	return err
}

// ContextTable is a table that was read beside a log, by its digest. What stands in it is in no record.
type ContextTable struct {
	// Use is what it is for, and Name what the detectors call it, for example "people"; the directory is "directory".
	Use  ContextUse `json:"use" validate:"enum"`
	Name string     `json:"name" validate:"required,text,max=64"`
	// SHA256 is the digest of what it says, in an order of its own; see [activity.Directory.Digest].
	SHA256 hipaasmp.Digest `json:"sha256" validate:"digest"`
	// Version is what people call this state of it; absent where they call it nothing.
	Version string `json:"version,omitempty" validate:"omitempty,text,max=64"`
	// Supplied is who gave it, by opaque identity or office, and On the day; absent where that is not known.
	Supplied string        `json:"supplied,omitempty" validate:"omitempty,text,max=200"`
	On       hipaasmp.Date `json:"on,omitzero"`
}

// String names the table as far as it is known.
func (t ContextTable) String() string {
	out := t.Name
	if t.Version != "" {
		out += " " + t.Version
	}
	if t.Supplied != "" {
		out += ", from " + t.Supplied
	}
	if !t.On.IsZero() {
		out += " on " + t.On.String()
	}
	return out + ", SHA-256 " + string(t.SHA256)
}

// contextUses says what the tables that the detectors of this module take are for.
var contextUses = map[string]ContextUse{
	"directory": ContextDirectory, "people": ContextWorkforce, "workforce": ContextWorkforce, "roster": ContextWorkforce,
	"relations": ContextRelations, "family": ContextRelations, "encounters": ContextRelations,
	"watch": ContextWatchList, "watch list": ContextWatchList, "calendar": ContextCalendar, "leaves": ContextCalendar,
}

// tablesIn lists the tables whose digests are among the settings of a detector.
func tablesIn(settings []detect.Parameter) []ContextTable {
	var out []ContextTable
	for _, p := range settings {
		if d := hipaasmp.Digest(p.Value); d.IsValid() {
			out = append(out, ContextTable{Use: cmp.Or(contextUses[p.Name], ContextOther), Name: p.Name, SHA256: d})
		}
	}
	return out
}

// contextOf lists the tables by which a source was scanned, in order, each once.
func contextOf(source detect.Source, run *detect.Run) []ContextTable {
	var out []ContextTable
	if source.Directory != nil {
		out = append(out, ContextTable{Use: ContextDirectory, Name: "directory", SHA256: source.Directory.Digest()})
	}
	for _, d := range run.Detectors() {
		out = append(out, tablesIn(d.Describe().Parameters)...)
	}
	slices.SortStableFunc(out, func(a, b ContextTable) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.SHA256, b.SHA256))
	})
	return slices.Compact(out)
}

// WithTable returns the review with what is known of a table that was read beside the source: of the one with its digest and
// name, and of another one added to it.
func (r SourceReview) WithTable(table ContextTable) SourceReview {
	r.Context = slices.Clone(r.Context)
	for i, have := range r.Context {
		if have.SHA256 == table.SHA256 && have.Name == table.Name {
			table.Use = cmp.Or(table.Use, have.Use)
			r.Context[i] = table
			return r
		}
	}
	r.Context = append(r.Context, table)
	return r
}

// unlisted lists the tables that detectors were run with, by the record, and that it does not list.
func (c Content) unlisted(r SourceReview) []ContextTable {
	var out []ContextTable
	for _, run := range r.Detectors {
		settings := run.Parameters
		if i := slices.IndexFunc(c.Procedure.Detectors, func(d Detector) bool { return d.ID == run.Detector && d.Version == run.Version }); i >= 0 {
			for _, p := range c.Procedure.Detectors[i].Parameters {
				if !slices.ContainsFunc(run.Parameters, func(x detect.Parameter) bool { return x.Name == p.Name }) {
					settings = append(slices.Clip(settings), p)
				}
			}
		}
		for _, t := range tablesIn(settings) {
			if !slices.ContainsFunc(r.Context, func(x ContextTable) bool { return x.SHA256 == t.SHA256 }) && !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	return out
}

func (r SourceReview) checkContext(f *validate.Faults, at string) {
	type key struct {
		name   string
		digest hipaasmp.Digest
	}
	unique(f, at+"/context", r.Context, func(t ContextTable) key { return key{t.Name, t.SHA256} })
	for i, t := range r.Context {
		if t.Supplied == "" && !t.On.IsZero() {
			f.Cite(FaultIncomplete, hipaasmp.CiteDocumentation, at+hipaasmp.Pointer("context", i, "supplied"), "is missing where a day is given; say who gave the table")
		}
	}
	if x := r.Read; x != nil && x.Ended.Before(x.Began) {
		f.Add(hipaasmp.FaultOrder, at+"/read/ended", "is before the reading began")
	}
}

// Differs compares the review of a source with what another reading of it gives, such as years later from the kept files, and
// says in what the two differ: files, tables, reader, settings, counts. It is empty where the record is borne out. What a
// person stated and when it was read are not compared.
func (r SourceReview) Differs(again SourceReview) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if r.Source != again.Source {
		say("source: %s in place of %s", again.Source, r.Source)
	}
	file := func(l LogFile) string {
		return fmt.Sprintf("%s, %d bytes, %d events, SHA-256 %s", l.Name, l.Size, l.Events, l.SHA256)
	}
	apart("file", r.Files, again.Files, func(a, b LogFile) bool { return file(a) == file(b) }, file, say)
	apart("table", r.Context, again.Context, func(a, b ContextTable) bool { return a.Name == b.Name && a.SHA256 == b.SHA256 }, ContextTable.String, say)
	apart("detector", r.Detectors, again.Detectors, func(a, b DetectorRun) bool {
		return a.Detector == b.Detector && a.Version == b.Version && a.Findings == b.Findings
	}, func(d DetectorRun) string {
		return fmt.Sprintf("%s version %d with %d findings", d.Detector, d.Version, d.Findings)
	}, say)
	apart("defects", r.Defects, again.Defects, func(a, b DefectCount) bool { return a.Reason == b.Reason && a.Count == b.Count },
		func(d DefectCount) string { return fmt.Sprintf("%d by %s", d.Count, d.Reason) }, say)
	profile := func(p *ProfileRef) string {
		if p == nil {
			return "none"
		}
		return p.String() + ", SHA-256 " + string(p.Digest)
	}
	if a, b := profile(r.Profile), profile(again.Profile); a != b {
		say("profile: %s in place of %s", b, a)
	}
	if a, b := cmp.Or(r.AssumedZone, "none"), cmp.Or(again.AssumedZone, "none"); a != b {
		say("zone of times without an offset: %s in place of %s", b, a)
	}
	for _, n := range []struct {
		name string
		a, b int64
	}{{"reader", int64(r.Reader), int64(again.Reader)}, {"events", r.Events, again.Events}, {"duplicates", r.Duplicates, again.Duplicates}, {"events outside of the period", r.Outside, again.Outside},
		{"events without a time", r.UnknownTimes, again.UnknownTimes}, {"unresolved actors", r.UnresolvedActors, again.UnresolvedActors},
		{"unresolved patients", r.UnresolvedPatients, again.UnresolvedPatients},
		{"unknown patients", r.UnknownPatients, again.UnknownPatients}, {"denials", r.Denials, again.Denials}} {
		if n.a != n.b {
			say("%s: %d in place of %d", n.name, n.b, n.a)
		}
	}
	return out
}

// apart says what is in one list and not in the other.
func apart[T any](what string, a, b []T, same func(T, T) bool, words func(T) string, say func(string, ...any)) {
	lacks := func(list []T, x T) bool { return !slices.ContainsFunc(list, func(y T) bool { return same(x, y) }) }
	for _, x := range a {
		if lacks(b, x) {
			say("%s: recorded and not found again: %s", what, words(x))
		}
	}
	for _, x := range b {
		if lacks(a, x) {
			say("%s: found and not recorded: %s", what, words(x))
		}
	}
}
