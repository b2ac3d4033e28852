package review

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// TicketField is a part of a [Ticket] that a column of a tracking report can fill.
type TicketField string

const (
	// TicketFieldID is the number of the ticket.
	TicketFieldID TicketField = "id"
	// TicketFieldOpened is when it was opened. Two columns of it, such as a date and a time, are joined with a blank.
	TicketFieldOpened TicketField = "opened"
	// TicketFieldClosed is when it was closed.
	TicketFieldClosed TicketField = "closed"
	// TicketFieldState is where it stands, as a word of the profile's States.
	TicketFieldState TicketField = "state"
	// TicketFieldOutcome is what it came to, as a word of the profile's Outcomes.
	TicketFieldOutcome TicketField = "outcome"
	// TicketFieldSystem is the system that it is about.
	TicketFieldSystem TicketField = "system"
	// TicketFieldIgnore is no part of the ticket: the column is there and is not read.
	TicketFieldIgnore TicketField = "ignore"
)

// Values returns the members of the enumeration.
func (TicketField) Values() []TicketField {
	return []TicketField{TicketFieldID, TicketFieldOpened, TicketFieldClosed, TicketFieldState, TicketFieldOutcome, TicketFieldSystem, TicketFieldIgnore}
}

// IsValid reports whether f is a member.
func (f TicketField) IsValid() bool { return slices.Contains(f.Values(), f) }

// MarshalText refuses a value that is no member.
func (f TicketField) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("review.TicketField", f, f.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (f *TicketField) UnmarshalText(text []byte) (err error) {
	*f, err = hipaasmp.ParseEnum("review.TicketField", text, f.Values())
	return err
}

// carried says in which part of an event a field travels through the readers of the package activity, which know frames,
// compression, encodings and damage.
func (f TicketField) carried() activity.Field {
	switch f {
	case TicketFieldID:
		return activity.FieldID
	case TicketFieldOpened:
		return activity.FieldRecorded
	case TicketFieldClosed:
		return activity.FieldSession
	case TicketFieldState:
		return activity.FieldAct
	case TicketFieldOutcome:
		return activity.FieldCode
	case TicketFieldSystem:
		return activity.FieldObject
	}
	return activity.FieldIgnore
}

// TicketColumn is one column of a tracking report.
type TicketColumn struct {
	// Name is the name in the header of a CSV file; or of a member of a JSON object, or an RFC 6901 JSON Pointer such as
	// "/fields/status/name" to a value within it.
	Name string `json:"name" validate:"max=200"`
	// Field is what it fills.
	Field TicketField `json:"field" validate:"enum"`
}

// TicketProfile says how a security incident tracking report is read: which column fills which part of a ticket, how times
// are written, and what the words for states and outcomes mean. Ticket systems differ from site to site, so a profile has
// a version and is kept with the review under its digest. [activity.Profile] is the same for access reports.
type TicketProfile struct {
	// ID names the report, for example "helpdesk-export".
	ID string `json:"id" validate:"required,docid"`
	// Version counts the profile's own changes, from 1.
	Version int `json:"version" validate:"min=1,max=1000000"`
	// Format is what the report is written in: [activity.FormatCSV] or [activity.FormatNDJSON], which stands for JSON in
	// lines, in an array, or in an array within an object.
	Format activity.Format `json:"format" validate:"enum"`
	// Columns are the columns of a CSV file, all of them and in their order; or the members of a JSON object that are
	// wanted, in any order.
	Columns []TicketColumn `json:"columns" validate:"min=1,max=1000,dive"`
	// Delimiter is the one character between the cells of a CSV file; absent for a comma.
	Delimiter string `json:"delimiter,omitempty" validate:"max=1"`
	// Container is the member of a JSON object whose array holds the tickets, where they are framed by one.
	Container string `json:"container,omitempty" validate:"max=200"`
	// Layouts are the ways in which times are written, as in [activity.Profile]. Absent for RFC 3339.
	Layouts []string `json:"layouts,omitempty" validate:"max=20,dive,min=1,max=100"`
	// Zone is the IANA time zone of layouts that write none.
	Zone string `json:"zone,omitempty" validate:"max=100"`
	// States and Outcomes translate the report's words, which are compared as they are written. A word that is neither
	// translated nor a member is unknown.
	States   map[string]TicketState   `json:"states,omitempty" validate:"dive,enum"`
	Outcomes map[string]TicketOutcome `json:"outcomes,omitempty" validate:"dive,enum"`
}

// Ref returns the identity, the version and the digest of the profile. The error says that it cannot be written as JSON.
func (p TicketProfile) Ref() (ProfileRef, error) {
	digest, err := canonicalDigest(p)
	return ProfileRef{ID: p.ID, Version: p.Version, Digest: digest}, err
}

func (p TicketProfile) carrier() activity.Profile {
	out := activity.Profile{ID: p.ID, Version: p.Version, Format: p.Format, Delimiter: p.Delimiter, Container: p.Container, Layouts: slices.Clone(p.Layouts), Zone: p.Zone}
	for _, c := range p.Columns {
		out.Columns = append(out.Columns, activity.Column{Name: c.Name, Field: c.Field.carried()})
		if c.Field == TicketFieldID {
			out.Needed = []activity.Field{activity.FieldID}
		}
	}
	return out
}

// Validate returns a [*hipaasmp.ValidationError] with every fault of the profile, or nil. A report without the number, the
// opening and the state of its tickets is none.
func (p TicketProfile) Validate() error {
	var f validate.Faults
	f.Append(validate.Shape(p)...)
	if err, ok := p.carrier().Validate().(*hipaasmp.ValidationError); ok {
		for _, fault := range err.Faults {
			if !slices.ContainsFunc(f.List(), func(have hipaasmp.Fault) bool { return have.Pointer == fault.Pointer && have.Code == fault.Code }) {
				f.Append(fault)
			}
		}
	}
	for _, want := range []TicketField{TicketFieldID, TicketFieldState} {
		if !slices.ContainsFunc(p.Columns, func(c TicketColumn) bool { return c.Field == want }) {
			f.Cite(FaultTickets, hipaasmp.CiteActivityReview, "/columns", "have no %s; give the column of it", want)
		}
	}
	return hipaasmp.Invalid(hipaasmp.Ref{}, f.List())
}

// Tickets yields every ticket of the file in its order, with a nil error, or a zero ticket with an [*activity.Defect] where
// a line is none: one without a number or a readable time of opening, or in which a member that the profile names is an
// array or an object. The defect names every column that is wrong, and where the line lies. After a defect reading goes on.
// What else of a line is not understood is in [Ticket.Unread]. Any other error is the file's own, or the profile's, and is
// the last thing that is yielded.
func (p TicketProfile) Tickets(in activity.Input) iter.Seq2[Ticket, error] {
	return func(yield func(Ticket, error) bool) {
		reader, err := p.reader()
		if err != nil {
			yield(Ticket{}, err)
			return
		}
		for e, err := range reader.Read(in) {
			if err != nil {
				if !yield(Ticket{}, err) {
					return
				}
				continue
			}
			if !yield(p.ticket(e), nil) {
				return
			}
		}
	}
}

// ticketReader reads tickets as events, of which only those with a number that a record can hold are tickets.
type ticketReader struct {
	activity.Reader
	number string // the column of it
}

const maxTicketNumber = 200 // see [OpenTicket]

func (r ticketReader) Read(in activity.Input) iter.Seq2[activity.Event, error] {
	return func(yield func(activity.Event, error) bool) {
		for e, err := range r.Reader.Read(in) {
			if err == nil && (utf8.RuneCountInString(e.ID) > maxTicketNumber || !hipaasmp.ValidText(e.ID)) {
				e, err = activity.Event{}, &activity.Defect{Raw: e.Raw, Seq: e.Seq, Reason: activity.ReasonType, Columns: []string{r.number},
					Detail: fmt.Sprintf("%q is no number of a ticket: it is longer than %d characters, or holds some that are no text", r.number, maxTicketNumber)}
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

func (p TicketProfile) reader() (activity.Reader, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	r, err := activity.ReaderWith(p.carrier())
	if err != nil {
		return nil, err
	}
	return ticketReader{r, p.columns(TicketFieldID)[0]}, nil
}

// columns returns the names of the columns that fill the field.
func (p TicketProfile) columns(f TicketField) (names []string) {
	for _, c := range p.Columns {
		if c.Field == f {
			names = append(names, c.Name)
		}
	}
	return names
}

func (p TicketProfile) ticket(e activity.Event) Ticket {
	t := Ticket{ID: e.ID, Opened: e.Recorded, State: TicketState(e.Act.Name), Outcome: TicketOutcome(e.Code), System: e.Object.ID, Raw: e.Raw}
	if s, ok := p.States[e.Act.Name]; ok {
		t.State = s
	}
	if o, ok := p.Outcomes[e.Code]; ok {
		t.Outcome = o
	}
	unread := func(f TicketField, text string) {
		if text != "" {
			t.Unread = append(t.Unread, f)
		}
	}
	if at, ok := p.when(e.Session); ok && !at.Before(t.Opened) {
		t.Closed = at
	} else {
		unread(TicketFieldClosed, e.Session)
	}
	if !t.State.IsValid() {
		t.State = TicketUnknown
		unread(TicketFieldState, e.Act.Name)
	}
	if !t.Outcome.IsValid() {
		t.Outcome = TicketOutcomeUnknown
		unread(TicketFieldOutcome, e.Code)
	}
	return t
}

// when reads a time in the first layout that it fits.
func (p TicketProfile) when(text string) (time.Time, bool) {
	zone, err := time.LoadLocation(p.Zone)
	if text == "" || err != nil {
		return time.Time{}, false
	}
	layouts := p.Layouts
	if len(layouts) == 0 {
		layouts = []string{time.RFC3339}
	}
	for _, layout := range layouts {
		if layout == "unix" || layout == "unix_ms" {
			if n, err := strconv.ParseInt(text, 10, 64); err == nil && n > 0 && n < 1<<45 {
				if layout == "unix" {
					n *= 1000
				}
				return time.UnixMilli(n).UTC(), true
			}
			continue
		}
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}
