package detect

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// ClockFault finds what cannot be true of the times of a file: C3. One finding is one file and one of these: entries
// recorded after they were taken in, entries taken in long after, entries later than the file itself, and an hour that the
// end of daylight saving repeats of which one half has all entries. Entries that lie behind later ones are one finding for
// all files of a source, since a service that delivers out of order does so in each.
type ClockFault struct {
	// Ahead is by how much an entry may be recorded after it was taken in; 0 is 5 minutes.
	Ahead time.Duration
	// Lag is how long it may take until an entry is taken in; 0 is 24 hours.
	Lag time.Duration
	// Back is by how much the time may step back from an entry to one behind it; 0 is 2 seconds. A file that was merged from
	// several sources needs more.
	Back time.Duration
	// Parts bounds what is kept: where all files together have no more entries than that, each is looked at by itself; where
	// they have more, neighbours in a file share a part, and a step back within one is not seen; 0 is 16,384. A file has one
	// part at least.
	Parts int
	// Zone is the zone in which the source writes its times, where it writes no offset; UTC repeats no hour.
	Zone ZoneOf
}

func (d ClockFault) settings() (ahead, lag, back time.Duration, parts int) {
	return cmp.Or(d.Ahead, 5*time.Minute), cmp.Or(d.Lag, oneDay), cmp.Or(d.Back, 2*time.Second), max(cmp.Or(d.Parts, 1<<14), 1)
}

// Describe returns what a review records of the detector.
func (d ClockFault) Describe() Description {
	ahead, lag, back, parts := d.settings()
	return Description{
		ID: IDClockFault, Version: 1, Title: "Times of a log that cannot be true",
		Parameters: []Parameter{{"ahead", ahead.String()}, {"lag", lag.String()}, {"back", back.String()}, {"parts", strconv.Itoa(parts)},
			{"zone", d.Zone.name()}},
		FalsePositives: "A syslog that writes no zone; a file that was put together from several sources; a service that delivers out of order, as CloudTrail does; a file that was copied and so looks younger or older.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAuditControls},
	}
}

// timed is an entry with the time that it is compared with.
type timed struct {
	Ref  EventRef  `json:"ref"`
	With time.Time `json:"with"`
}

// worse keeps of two the one that is further from what it is compared with, by sign; of equals the first.
func (t *timed) worse(o timed, sign int) bool {
	a, b := t.Ref.At.Sub(t.With), o.Ref.At.Sub(o.With)
	return t.With.IsZero() || cmp.Or(cmp.Compare(b, a)*sign, -o.Ref.compare(t.Ref), -o.With.Compare(t.With)) > 0
}

// fileTimes is what is kept of the times of a file.
type fileTimes struct {
	Ahead    timed               `json:"ahead,omitzero"` // the furthest ahead of its taking in
	Late     timed               `json:"late,omitzero"`  // the furthest behind
	Modified time.Time           `json:"modified,omitzero"`
	Parts    map[int64]*era      `json:"parts,omitempty"`
	Hours    map[int64]*EventRef `json:"hours,omitempty"` // by the hour since 1970: the first entry

	// What the last entry was of: most entries are of the same.
	part, hour int64
	inPart     *era
	inHour     *EventRef
}

type clockKey struct{ source, file string }

type clockState struct {
	ClockFault
	files map[clockKey]*fileTimes
	parts fileParts
	last  lastFile[fileTimes]
}

// lastFile is what a state keeps of the file of the last event.
type lastFile[V any] struct {
	key  clockKey
	kept *V
}

// of returns what is kept of the file, which other finds where it is not that of the last event.
func (l *lastFile[V]) of(k clockKey, other func(clockKey) *V) *V {
	if l.kept == nil || l.key != k {
		l.key, l.kept = clockKey{strings.Clone(k.source), strings.Clone(k.file)}, other(k)
	}
	return l.kept
}

func (s *clockState) of(k clockKey) *fileTimes {
	x := s.files[k]
	if x == nil {
		k = clockKey{plain(k.source), plain(k.file)}
		if x = s.files[k]; x == nil {
			x = &fileTimes{Parts: map[int64]*era{}, Hours: map[int64]*EventRef{}}
			s.files[k] = x
		}
	}
	return x
}

func (s *clockState) add(e *met) {
	if e.Recorded.IsZero() {
		return
	}
	x := s.last.of(clockKey{e.Source, e.Raw.File}, s.of)
	if !e.Ingested.IsZero() {
		with := hipaasmp.Instant(e.Ingested)
		if t := (timed{Ref(*e.Event), with}); x.Ahead.worse(t, 1) || x.Late.worse(t, -1) {
			x.time(timed{e.ref(), with})
		}
	}
	s.place(x, e)
	if n := hourOf(e.Recorded); x.inHour == nil || x.hour != n {
		x.hour, x.inHour = n, x.Hours[n]
		if x.inHour == nil {
			x.inHour = new(e.ref())
			x.Hours[n] = x.inHour
		}
	}
	if e.micros() <= microsOf(x.inHour.At) && e.compare(*x.inHour) < 0 {
		*x.inHour = e.ref()
	}
}

// place takes an entry into its part.
func (s *clockState) place(x *fileTimes, e *met) {
	if n := s.parts.of(e.Raw.Offset); x.inPart == nil || x.part != n {
		x.part, x.inPart = n, x.Parts[n]
		if x.inPart == nil {
			x.inPart = &era{e.ref(), e.ref()}
			x.Parts[n] = x.inPart
			s.parts.n++
			s.parts.settle(s.files)
			return
		}
	}
	x.inPart.see(e)
}

// time takes an entry with the time of its taking in.
func (x *fileTimes) time(t timed) {
	if x.Ahead.worse(t, 1) {
		x.Ahead = t
	}
	if x.Late.worse(t, -1) {
		x.Late = t
	}
}

// hourOf is the hour since 1970.
func hourOf(at time.Time) int64 { return hipaasmp.Instant(at).Unix() / 3600 }

func (s *clockState) file(source string, f ScannedFile) {
	if !f.Modified.IsZero() {
		s.of(clockKey{source, f.Name}).modified(hipaasmp.Instant(f.Modified))
	}
}

// modified keeps the latest time at which the file was written.
func (x *fileTimes) modified(at time.Time) {
	if at.After(x.Modified) {
		x.Modified = at
	}
}

func (s *clockState) merge(other *clockState) {
	if by := int(other.parts.shift) - int(s.parts.shift); by > 0 {
		s.parts.grow(s.files, uint(by))
	}
	for k, theirs := range other.files {
		x := s.of(k)
		if !theirs.Ahead.With.IsZero() {
			x.time(theirs.Ahead)
			x.time(theirs.Late)
		}
		x.modified(theirs.Modified)
		s.parts.n -= len(x.Parts)
		for n, e := range theirs.Parts {
			takeEra(x.Parts, n>>(s.parts.shift-other.parts.shift), e)
		}
		s.parts.n += len(x.Parts)
		for n, r := range theirs.Hours {
			if had := x.Hours[n]; had == nil {
				x.Hours[n] = new(*r)
			} else if r.compare(*had) < 0 {
				*had = *r
			}
		}
	}
	s.parts.settle(s.files)
}

type clockWritten struct {
	Shift uint                `json:"shift"` // of the parts
	Files []clockFilesWritten `json:"files"`
}

type clockFilesWritten struct {
	Source string    `json:"source"`
	File   string    `json:"file"`
	Times  fileTimes `json:"times"`
}

func (s *clockState) inOrder() []clockKey {
	return slices.SortedFunc(maps.Keys(s.files), func(a, b clockKey) int { return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.file, b.file)) })
}

func (s *clockState) written() any {
	out := clockWritten{Shift: s.parts.shift, Files: []clockFilesWritten{}}
	for _, k := range s.inOrder() {
		out.Files = append(out.Files, clockFilesWritten{k.source, k.file, *s.files[k]})
	}
	return out
}

func (s *clockState) read(data []byte) bool {
	var in clockWritten
	if !strict(data, &in) || in.Files == nil || in.Shift > largestPart {
		return false
	}
	s.parts.shift = in.Shift
	for _, w := range in.Files {
		x := w.Times
		if !isPlain(w.Source) || !isPlain(w.File) || !x.Ahead.sound() || !x.Late.sound() || x.Modified != hipaasmp.Instant(x.Modified) && !x.Modified.IsZero() {
			return false
		}
		for n, e := range x.Parts {
			if e == nil || e.Earliest.At.IsZero() || e.Latest.compare(e.Earliest) < 0 || !e.Earliest.sound() || !e.Latest.sound() ||
				s.parts.of(e.Earliest.Raw.Offset) != n || s.parts.of(e.Latest.Raw.Offset) != n {
				return false
			}
		}
		s.parts.n += len(x.Parts)
		for _, r := range x.Hours {
			if r == nil || r.At.IsZero() || !r.sound() {
				return false
			}
		}
		if x.Parts == nil {
			x.Parts = map[int64]*era{}
		}
		if x.Hours == nil {
			x.Hours = map[int64]*EventRef{}
		}
		s.files[clockKey{w.Source, w.File}] = &x
	}
	return !s.parts.full()
}

func (t timed) sound() bool {
	return t.Ref.sound() && (t.With.IsZero() && t.Ref == (EventRef{}) || t.With == hipaasmp.Instant(t.With) && !t.Ref.At.IsZero())
}

func (s *clockState) find(desc Description) []Finding {
	ahead, lag, back, _ := s.settings()
	var out []Finding
	steps := map[string][]stepBack{} // by source
	for _, k := range s.inOrder() {
		x := s.files[k]
		name := named(k.file, "a file without a name")
		found := func(what string, refs []EventRef, reasons ...string) {
			out = append(out, desc.finding(what+" "+k.source+" "+k.file, SeverityModerate, "", refs, reasons...))
		}
		if t := x.Ahead; !t.With.IsZero() && t.Ref.At.Sub(t.With) > ahead {
			found("ahead", []EventRef{t.Ref}, fmt.Sprintf("an entry of %s is recorded %s after it was taken in; the setting is %s", name, t.Ref.At.Sub(t.With), ahead),
				"the finding names the entry that is furthest ahead")
		}
		if t := x.Late; !t.With.IsZero() && t.With.Sub(t.Ref.At) > lag {
			found("late", []EventRef{t.Ref}, fmt.Sprintf("an entry of %s was taken in %s after it is recorded; the setting is %s", name, t.With.Sub(t.Ref.At), lag),
				"the finding names the entry that is furthest behind")
		}
		latest, step := x.stepBack()
		if step.by > back {
			steps[k.source] = append(steps[k.source], step)
		}
		if m := x.Modified; !m.IsZero() && latest.At.Sub(m) > ahead {
			found("file", []EventRef{latest}, fmt.Sprintf("the last entry of %s is %s later than the file was written; the setting is %s", name, latest.At.Sub(m), ahead))
		}
		for _, r := range s.repeated(x) {
			found("hour "+r.At.Format(time.RFC3339), []EventRef{r}, fmt.Sprintf("the end of daylight saving in %s repeats the hour of %s, and %s has entries in one of the two only, though it has some before and after",
				s.Zone.name(), r.At.In(s.Zone.at()).Format("2006-01-02 15:04"), name), "times that are written without an offset may be an hour off")
		}
	}
	for _, source := range slices.Sorted(maps.Keys(steps)) {
		out = append(out, desc.finding("back "+source, SeverityModerate, "", stepRefs(steps[source]), stepWords(steps[source], back)...))
	}
	return out
}

// repeated returns the first entry of each hour that the zone repeats and of which the other half is empty.
func (s *clockState) repeated(x *fileTimes) []EventRef {
	var out []EventRef
	for _, n := range slices.Sorted(maps.Keys(x.Hours)) {
		zone := s.Zone.at()
		first, second := time.Unix(n*3600, 0).In(zone), time.Unix((n+1)*3600, 0).In(zone)
		if first.Hour() != second.Hour() || first.Day() != second.Day() {
			// It may be the second half.
			if before := time.Unix((n-1)*3600, 0).In(zone); before.Hour() == first.Hour() && before.Day() == first.Day() && !x.has(n-1) && x.has(n-2) && x.has(n+1) {
				out = append(out, *x.Hours[n])
			}
			continue
		}
		if !x.has(n+1) && x.has(n-1) && x.has(n+2) {
			out = append(out, *x.Hours[n])
		}
	}
	return out
}

func (x *fileTimes) has(hour int64) bool {
	_, ok := x.Hours[hour]
	return ok
}

func (d ClockFault) rule() summarise[*clockState] {
	return summarise[*clockState]{d.Describe(), func() *clockState {
		_, _, _, parts := d.settings()
		return &clockState{ClockFault: d, files: map[clockKey]*fileTimes{}, parts: fileParts{most: parts}}
	}}
}

// New returns the state of no events.
func (d ClockFault) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d ClockFault) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
