package activity

import (
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Reason says why something in a file was not read.
type Reason string

const (
	// ReasonSyntax: the bytes are not what the format allows there.
	ReasonSyntax Reason = "syntax"
	// ReasonTruncated: the file ends in the middle.
	ReasonTruncated Reason = "truncated"
	// ReasonTooLong: the record is longer than the limit.
	ReasonTooLong Reason = "too_long"
	// ReasonTooDeep: the record is nested deeper than the limit.
	ReasonTooDeep Reason = "too_deep"
	// ReasonDuplicateMember: an object names a member twice.
	ReasonDuplicateMember Reason = "duplicate_member"
	// ReasonEncoding: the bytes are not UTF-8.
	ReasonEncoding Reason = "encoding"
	// ReasonType: a member that the reader needs has the wrong type.
	ReasonType Reason = "type"
	// ReasonNotAnEvent: the record is well formed and is not an entry of this format.
	ReasonNotAnEvent Reason = "not_an_event"
	// ReasonColumns: the header of a report is not that of the profile by which it is read.
	ReasonColumns Reason = "columns"
	// ReasonCompression: the compressed stream is damaged.
	ReasonCompression Reason = "compression"
	// ReasonExpansion: the compressed stream grows beyond measure, and the rest of it was not read.
	ReasonExpansion Reason = "expansion"
	// ReasonEmpty: the file holds nothing at all, not even the frame of an empty log.
	ReasonEmpty Reason = "empty"
)

// Values returns the members of the enumeration.
func (Reason) Values() []Reason {
	return []Reason{ReasonSyntax, ReasonTruncated, ReasonTooLong, ReasonTooDeep, ReasonDuplicateMember, ReasonEncoding,
		ReasonType, ReasonNotAnEvent, ReasonColumns, ReasonCompression, ReasonExpansion, ReasonEmpty}
}

// IsValid reports whether r is a member.
func (r Reason) IsValid() bool { return slices.Contains(r.Values(), r) }

// MarshalText refuses a value that is no member.
func (r Reason) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("activity.Reason", r, r.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (r *Reason) UnmarshalText(text []byte) (err error) {
	*r, err = hipaasmp.ParseEnum("activity.Reason", text, r.Values())
	return err
}

// Defect is a piece of a file that was not read as an event: where it lies and why. A reader yields it in the place of
// the event and goes on. It holds no bytes of the log.
type Defect struct {
	// Raw is where the piece lies. Its length is what was passed over.
	Raw Raw
	// Seq is its position among the entries of the file, from 1.
	Seq int64
	// Reason is why.
	Reason Reason
	// Detail says more, in words that hold nothing out of the log.
	Detail string
	// Columns names the columns of the profile that the piece lacks, or fills with what cannot be read: all of them, in the
	// order of the profile. Empty where the piece is bad for another reason, or was not read by a profile.
	Columns []string
}

func (d *Defect) Error() string {
	return fmt.Sprintf("activity: %s: %d bytes at %d are no event: %s: %s", d.Raw.File, d.Raw.Length, d.Raw.Offset, d.Reason, d.Detail)
}
