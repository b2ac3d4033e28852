package detect

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Finding is something that a detector wants looked at.
type Finding struct {
	// ID is the same whenever the same detector finds the same events.
	ID string `json:"id" validate:"required,docid"`
	// Detector is the identity of the detector.
	Detector ID `json:"detector" validate:"required,docid"`
	// Version is the version of its definition that was met.
	Version int `json:"version" validate:"min=1,max=1000000"`
	// Severity is how soon it should be looked at.
	Severity Severity `json:"severity" validate:"enum"`
	// Actor is the identity as the log has it; absent where the log gives none, or where there are several.
	Actor string `json:"actor,omitempty" validate:"max=1024"`
	// Reasons say in words why it was raised.
	Reasons []string `json:"reasons" validate:"min=1,dive,text,max=2000"`
	// Events are the first of the events, at most [MaxEvents]. All are counted.
	Events []EventRef `json:"events" validate:"min=1,dive"`
	// Count is the number of events.
	Count int64 `json:"count" validate:"min=1,max=9007199254740991"`
	// First is the earliest known time of the events.
	First time.Time `json:"first,omitzero" validate:"omitempty,instant"`
	// Last is the latest known time of the events.
	Last time.Time `json:"last,omitzero" validate:"omitempty,instant"`
	// Patients are keyed tokens of the patients whom the finding is about, at most [MaxPatients], in their order; see
	// [Tokens]. Absent where it is about none in particular, where the log names none, or where no key was given.
	Patients []hipaasmp.Digest `json:"patients,omitempty" validate:"max=100,dive,digest"`
	// PatientCount is the number of those patients; absent with Patients.
	PatientCount int64 `json:"patient_count,omitempty" validate:"min=0,max=9007199254740991"`

	charts []string // of the patients, see [chart]; in no document
}

// MaxEvents is how many events a [Finding] names.
const MaxEvents = 100

// EventRef names an event by its source, its identity there and the place of its bytes.
type EventRef struct {
	// Source is the source under review.
	Source string `json:"source,omitempty" validate:"max=128"`
	// ID is the identity that the source gave the entry.
	ID string `json:"id,omitempty" validate:"max=1024"`
	// Raw is where its bytes lie.
	Raw activity.Raw `json:"raw"`
	// At is when it was recorded, to the microsecond; absent where unknown.
	At time.Time `json:"at,omitzero" validate:"omitempty,instant"`
}

// Ref returns the reference to an event.
func Ref(e activity.Event) EventRef {
	r := EventRef{Source: plain(e.Source), ID: plain(e.ID), Raw: e.Raw}
	r.Raw.File = plain(r.Raw.File)
	if !e.Recorded.IsZero() {
		r.At = hipaasmp.Instant(e.Recorded)
	}
	return r
}

// identity is what makes two references one event: the identity within the source, or the place where there is none.
func (r EventRef) identity() string {
	if r.ID != "" {
		return r.Source + "\x00" + r.ID
	}
	return r.Source + "\x00\x00" + r.Raw.File + "\x00" + strconv.FormatInt(r.Raw.Offset, 10)
}

// compare orders references by time, then by place; it is 0 for equal references only.
func (r EventRef) compare(other EventRef) int {
	return cmp.Or(r.At.Compare(other.At), cmp.Compare(r.Source, other.Source), cmp.Compare(r.Raw.File, other.Raw.File),
		cmp.Compare(r.Raw.Offset, other.Raw.Offset), cmp.Compare(r.ID, other.ID), cmp.Compare(r.Raw.Length, other.Raw.Length))
}

// finding builds a finding over events, which are in order. The aspect tells apart what one detector may find in the same
// events, so that each has an identity of its own.
func (d Description) finding(aspect string, severity Severity, actor string, events []EventRef, reasons ...string) Finding {
	f := Finding{Detector: d.ID, Version: d.Version, Severity: severity, Actor: actor, Reasons: reasons, Count: int64(len(events))}
	name := strings.Builder{}
	fmt.Fprintf(&name, "%s\x00%d\x00%s\x00%s", d.ID, d.Version, aspect, actor)
	for _, e := range events {
		name.WriteByte(0)
		name.WriteString(e.identity())
		if e.At.IsZero() {
			continue
		}
		if f.First.IsZero() || e.At.Before(f.First) {
			f.First = e.At
		}
		if e.At.After(f.Last) {
			f.Last = e.At
		}
	}
	f.ID = hipaasmp.NameID("review.finding", name.String())
	f.Events = slices.Clone(events[:min(len(events), MaxEvents)])
	return f
}

// sortFindings puts findings in the order in which [Partial.Findings] returns them.
func sortFindings(fs []Finding) []Finding {
	slices.SortFunc(fs, func(a, b Finding) int { return cmp.Or(a.First.Compare(b.First), cmp.Compare(a.ID, b.ID)) })
	return fs
}

// plain makes a text out of a log fit for a record: valid UTF-8, no control characters, at most 400 characters. Names
// that people give and programs write are left as they are.
func plain(s string) string {
	const most = 400
	clean := len(s) <= most && utf8.ValidString(s)
	for i := 0; clean && i < len(s); i++ {
		clean = s[i] >= ' ' && s[i] != 0x7f
	}
	if clean {
		return s
	}
	quoted := strconv.Quote(strings.ToValidUTF8(s, "\uFFFD"))
	quoted = quoted[1 : len(quoted)-1]
	if n := 0; utf8.RuneCountInString(quoted) > most {
		for i := range quoted {
			if n == most {
				// Two long texts that begin alike must not become one.
				return quoted[:i] + "… sha256:" + string(hipaasmp.DigestOf([]byte(s)))
			}
			n++
		}
	}
	return quoted
}

// isPlain reports whether a text may be one that [plain] made.
func isPlain(s string) bool {
	const most = 400 + len("… sha256:") + 64
	return isClean(s) && utf8.RuneCountInString(s) <= most
}

// isClean reports whether a text is valid UTF-8 without control characters.
func isClean(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7f {
			return false
		}
	}
	return utf8.ValidString(s)
}

// named is a text for a sentence: what the log says, or that it does not.
func named(s, otherwise string) string {
	if strings.TrimSpace(s) == "" {
		return otherwise
	}
	return s
}

// plural writes a count with its noun.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
