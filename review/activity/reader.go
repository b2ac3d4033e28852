package activity

import (
	"io"
	"iter"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// DefaultMaxRecord is the most bytes one record may have where [Input.MaxRecord] is not set: 4 MiB. CloudTrail's own
// limit is 256 KB.
const DefaultMaxRecord = 4 << 20

// Input is one file to read.
type Input struct {
	// Source is the identity of the source under review; every event carries it.
	Source string
	// File is the name under which events and defects refer to the file, without a path.
	File string
	// Content is the file, compressed or not. The reader does not close it.
	Content io.Reader
	// MaxRecord is the most bytes one record may have; 0 is [DefaultMaxRecord]. Memory is bounded by it.
	MaxRecord int
	// KeepRecord asks for the bytes of every entry in [Event.Record]. Each costs a copy.
	KeepRecord bool
	// Zone is what the clock showed of which the file has times without a zone: NXLog writes such, and some senders of audit
	// messages do. Whoever knows the machine knows it; nil leaves such times unknown. An hour that the end of daylight
	// saving repeats is read as the first of the two. Reports have the zone of their [Profile].
	Zone *time.Location
	// Identify asks for an identity of entries to which neither the standard nor the sender gave one: those of
	// [FormatATNA], and those of [FormatFHIR] without an id. It is a digest of the entry, which costs about as much as
	// reading it, and is given only where the time of the entry says parts of a second: two acts of one second that are
	// written alike may be two, so that of them none is taken for a second delivery of the other.
	Identify bool
	// FellBack counts, where it is set, the entries that looked like none before them, so that the reader took the long way.
	// The first few of a file teach it what entries look like and are not counted; nor are those of formats without a short
	// way. The events are the same on both ways: a rise says that the source writes otherwise than it did.
	FellBack *int64
}

// zoneless reads a time without a zone, or returns the zero time.
func zoneless(text string, zone *time.Location) time.Time {
	if zone == nil {
		return time.Time{}
	}
	at, err := time.ParseInLocation("2006-01-02T15:04:05", text, zone)
	if err != nil {
		return time.Time{}
	}
	return hipaasmp.Instant(first(at))
}

// InZone returns a reader that reads what r reads, and takes times without a zone for those of the zone, see [Input.Zone].
// A reader of a report keeps to its profile. Give it a zone with a name of the IANA database, as time.LoadLocation returns
// it: [AssumedZone] says the name, and a review keeps it.
func InZone(r Reader, zone *time.Location) Reader {
	if _, ok := r.(interface{ Profile() Profile }); ok {
		return r
	}
	if z, ok := r.(zonedReader); ok {
		r = z.Reader // the zone that is given last is meant
	}
	return zonedReader{r, zone}
}

type zonedReader struct {
	Reader
	zone *time.Location
}

func (z zonedReader) Read(in Input) iter.Seq2[Event, error] {
	in.Zone = z.zone
	return z.Reader.Read(in)
}

// AssumedZone returns the name of the zone; see the function.
func (z zonedReader) AssumedZone() string {
	switch {
	case z.zone == nil || !z.Format().TakesZone():
		return ""
	case z.zone.String() == "":
		return unnamedZone
	}
	return z.zone.String()
}

// unnamedZone stands for a zone without a name, which is not the same as none. The IANA database has no such name.
const unnamedZone = "unnamed"

// AssumedZone returns the name of the zone for which a reader takes times without an offset: that of [InZone], or that of the
// [Profile] of a report. It is empty where the reader was given none and leaves such times unknown, and where every time of
// the form has an offset, so that there is nothing to take. Whoever writes a reader or a wrapper of one tells it by a method
// of this name.
func AssumedZone(r Reader) string {
	if z, ok := r.(interface{ AssumedZone() string }); ok {
		return z.AssumedZone()
	}
	return ""
}

// AssumedZone returns the zone of the profile where it has a layout without an offset; empty where it has none.
func (p Profile) AssumedZone() string {
	if slices.ContainsFunc(p.Layouts, func(layout string) bool { return !zoned(layout) }) {
		return p.Zone
	}
	return ""
}

func (in Input) limit() int {
	if in.MaxRecord > 0 {
		return in.MaxRecord
	}
	return DefaultMaxRecord
}

// Reader reads the files of one format.
type Reader interface {
	// Format is what the reader reads.
	Format() Format
	// Version numbers the reader's rules. It changes when the same bytes would give another event, so that a review
	// says by which rules its log was read.
	Version() int
	// Read yields every entry of the file in the order of the file, each as an event with a nil error or as a zero event
	// with a [*Defect]. After a defect reading goes on. Any other error is the file's own (it wraps what Content
	// returned) and is the last thing that is yielded.
	Read(in Input) iter.Seq2[Event, error]
}
