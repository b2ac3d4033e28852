package activity

import (
	"io"
	"iter"
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
