package detect

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// SequenceGap finds numbers that are missing where a source numbers its entries, and numbers that began again: C2. The
// number of an entry is its identity, or what stands behind the last colon of it, as in the serial number of Linux audit
// entries, or behind the name of a machine and of its log, as in the number of a Windows record; entries without one are
// left out. Where an identity names the machine, each machine has its own numbers. A range of missing numbers is one
// finding. That a number came twice is in the tally, as a duplicate. Where numbers wrap around at 2^16, 2^32 or 2^64,
// nothing is missing. Numbers that began again are low where entries between tell of a restart, and moderate elsewhere.
//
// Where a source records itself what it delivered, as CloudTrail does in digest files, a break in that chain is found, a
// chain that began again, and what it names and was not read. [Scan] says what was read.
type SequenceGap struct {
	// Reorder is by how much a later number may lie earlier in time before the numbers have begun again; 0 is 24 hours.
	Reorder time.Duration
	// PerFile says that every file has its own numbers; otherwise every source has.
	PerFile bool
	// Restarts are the acts that tell of a restart, after which numbers begin again; nil is [RestartActs].
	Restarts []activity.Act
	// Chain is what the source has recorded of its files; nil is nothing.
	Chain Chain
}

// RestartActs are the acts of Linux's audit system that tell of a restart: the machine was started (SYSTEM_BOOT) or the
// daemon (DAEMON_START), by the list of record types in the Red Hat Enterprise Linux Security Guide, B.2.
func RestartActs() []activity.Act {
	return []activity.Act{{System: "auditd", Name: "DAEMON_START"}, {System: "auditd", Name: "SYSTEM_BOOT"}}
}

func (d SequenceGap) restarts() []activity.Act {
	if d.Restarts == nil {
		return RestartActs()
	}
	return d.Restarts
}

func (d SequenceGap) reorder() time.Duration { return cmp.Or(d.Reorder, oneDay) }

// Describe returns what a review records of the detector.
func (d SequenceGap) Describe() Description {
	stream := "source"
	if d.PerFile {
		stream = "file"
	}
	var restarts []string
	for _, act := range d.restarts() {
		restarts = append(restarts, strings.TrimSpace(act.System+" "+act.Name))
	}
	slices.Sort(restarts)
	return Description{
		ID: IDSequenceGap, Version: 3, Title: "Gap in the numbers of a log, or numbers that began again",
		Parameters:     append([]Parameter{{"reorder", d.reorder().String()}, {"numbers by", stream}, {"restarts", plain(named(strings.Join(slices.Compact(restarts), ", "), "none"))}}, known("chain", d.Chain)...),
		FalsePositives: "A roll-over that is none of the usual ones; a restart, which begins again; entries that the source itself filters out.",
		Citations:      []hipaasmp.Citation{hipaasmp.CiteAuditControls},
	}
}

type sequenceState struct {
	SequenceGap
	marks   map[activity.Act]bool
	files   map[string]map[string]bool // by source the names of the files that were read, where a chain names files
	streams map[string]*stream
	last    lastFile[stream]
}

func (s *sequenceState) add(e *met) {
	of, n, ok := number(e.ID)
	if !ok {
		return
	}
	key := clockKey{source: e.Source, file: of}
	if s.PerFile {
		if key.file = e.Raw.File; of != "" {
			key.file += " " + of
		}
	}
	x := s.last.of(key, s.of)
	x.see(n, e)
	if e.Recorded.IsZero() {
		return
	}
	if s.marks[e.Act] {
		x.start(e.ref())
	}
	if k := n / eraSize; x.inEra == nil || x.era != k {
		x.era, x.inEra = k, x.Eras[k]
		if x.inEra == nil {
			x.inEra = &era{e.ref(), e.ref()}
			x.Eras[k] = x.inEra
		}
	}
	x.inEra.see(e)
}

func (s *sequenceState) of(k clockKey) *stream {
	name := plain(k.source)
	if k.file != "" {
		name += " " + plain(k.file)
	}
	x := s.streams[name]
	if x == nil {
		x = &stream{Eras: map[uint64]*era{}}
		s.streams[name] = x
	}
	return x
}

func (s *sequenceState) merge(other *sequenceState) {
	for name, theirs := range other.streams {
		x := s.streams[name]
		if x == nil {
			x = &stream{Eras: map[uint64]*era{}}
			s.streams[name] = x
		}
		for _, r := range theirs.Ranges {
			x.put(r)
		}
		for n, e := range theirs.Eras {
			takeEra(x.Eras, n, e)
		}
		for _, r := range theirs.Starts {
			x.start(r)
		}
	}
	for source, names := range other.files {
		for name := range names {
			s.was(source, name)
		}
	}
}

// file takes the name of a file that was read.
func (s *sequenceState) file(source string, f ScannedFile) {
	if s.Chain != nil {
		s.was(plain(source), plain(path.Base(f.Name)))
	}
}

func (s *sequenceState) was(source, name string) {
	if s.files[source] == nil {
		s.files[source] = map[string]bool{}
	}
	s.files[source][name] = true
}

type sequenceWritten struct {
	Streams map[string]*stream  `json:"streams"`
	Files   map[string][]string `json:"files,omitempty"`
}

func (s *sequenceState) written() any {
	out := sequenceWritten{Streams: s.streams}
	for source, names := range s.files {
		if out.Files == nil {
			out.Files = map[string][]string{}
		}
		out.Files[source] = slices.Sorted(maps.Keys(names))
	}
	return out
}

func (s *sequenceState) read(data []byte) bool {
	var in sequenceWritten
	if !strict(data, &in) || in.Streams == nil || s.Chain == nil && in.Files != nil {
		return false
	}
	s.streams = in.Streams
	for source, names := range in.Files {
		if !isPlain(source) || len(names) == 0 || slices.ContainsFunc(names, func(name string) bool { return !isPlain(name) }) {
			return false
		}
		for _, name := range names {
			s.was(source, name)
		}
	}
	for name, x := range s.streams {
		if x == nil || len(x.Ranges) == 0 || !isClean(name) {
			return false
		}
		for i, r := range x.Ranges {
			if r.To < r.From || i > 0 && (r.From <= x.Ranges[i-1].To || r.From-x.Ranges[i-1].To == 1) || !r.First.sound() || !r.Last.sound() {
				return false
			}
		}
		if x.Eras == nil {
			x.Eras = map[uint64]*era{}
		}
		for i, r := range x.Starts {
			if r.At.IsZero() || !r.sound() || i > 0 && r.compare(x.Starts[i-1]) <= 0 {
				return false
			}
		}
		for _, e := range x.Eras {
			if e == nil || e.Earliest.At.IsZero() || e.Latest.compare(e.Earliest) < 0 || !e.Earliest.sound() || !e.Latest.sound() {
				return false
			}
		}
	}
	return true
}

func (s *sequenceState) find(desc Description) []Finding {
	var out []Finding
	if s.Chain != nil {
		out = s.breaks(desc)
	}
	for _, name := range slices.Sorted(maps.Keys(s.streams)) {
		x := s.streams[name]
		round := x.round()
		for i := 1; i < len(x.Ranges); i++ {
			a, b := x.Ranges[i-1], x.Ranges[i]
			if i == round {
				continue // what lies between was never given
			}
			missing := b.From - a.To - 1
			out = append(out, desc.finding("gap "+strconv.FormatUint(a.To, 10), SeverityModerate, "", unique([]EventRef{a.Last, b.First}),
				fmt.Sprintf("%s of %s missing, after %d and before %d", are(missing), named(name, "a source without a name"), a.To, b.From)))
		}
		if f, ok := s.again(desc, name, x); ok && round == 0 {
			out = append(out, f)
		}
	}
	return out
}

func are(missing uint64) string {
	if missing == 1 {
		return "1 number"
	}
	return strconv.FormatUint(missing, 10) + " numbers"
}

// again finds numbers that lie later in time than higher ones.
func (s *sequenceState) again(desc Description, name string, x *stream) (Finding, bool) {
	order := slices.Sorted(maps.Keys(x.Eras))
	var higher EventRef
	var refs []EventRef
	var told *EventRef
	explained := true
	for _, n := range slices.Backward(order) {
		e := x.Eras[n]
		if !higher.At.IsZero() && e.Latest.At.Sub(higher.At) > s.reorder() {
			refs = append(refs, higher, e.Latest)
			start := x.startBetween(higher.At, e.Latest.At)
			if explained = explained && start != nil; start != nil {
				told = start
			}
		}
		if higher.At.IsZero() || e.Earliest.compare(higher) < 0 {
			higher = e.Earliest
		}
	}
	if len(refs) == 0 {
		return Finding{}, false
	}
	refs = unique(refs)
	severity, reasons := SeverityModerate, []string{
		fmt.Sprintf("the numbers of %s began again: lower ones lie up to %s later than higher ones", named(name, "a source without a name"), refs[len(refs)-1].At.Sub(refs[0].At)),
		"numbers that are missing before or after cannot be told while both hold the same ones",
	}
	if explained {
		severity = SeverityLow
		reasons = append(reasons, fmt.Sprintf("an entry of %s tells of a restart between them, which explains it", told.At.Format(time.RFC3339)))
	}
	return desc.finding("again "+name, severity, "", refs, reasons...), true
}

func (d SequenceGap) rule() summarise[*sequenceState] {
	marks := map[activity.Act]bool{}
	for _, act := range d.restarts() {
		marks[act] = true
	}
	return summarise[*sequenceState]{d.Describe(), func() *sequenceState {
		return &sequenceState{SequenceGap: d, marks: marks, files: map[string]map[string]bool{}, streams: map[string]*stream{}}
	}}
}

// New returns the state of no events.
func (d SequenceGap) New() Partial { return d.rule().new() }

// Decode reads a state that Encode wrote.
func (d SequenceGap) Decode(data []byte) (Partial, error) { return d.rule().decode(data) }
