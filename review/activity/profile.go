package activity

import (
	"fmt"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
)

// Profile says how a report without a format of its own is read: which column fills which part of an event, how times
// are written, and what the words mean. Access reports of electronic health records differ from site to site and from
// release to release, so a profile has a version and is kept with the review, under the digest that [Profile.Digest]
// gives. It is how one adds a format of one's own without a line of Go; see [ReaderWith].
type Profile struct {
	// ID names the report, for example "ehr-access".
	ID string `json:"id" validate:"required,docid"`
	// Version counts the profile's own changes, from 1. A report with other columns is read with another version.
	Version int `json:"version" validate:"min=1,max=1000000"`
	// Format is what the report is written in: [FormatCSV] or [FormatNDJSON].
	Format Format `json:"format" validate:"enum"`
	// Columns are the columns of a CSV file, all of them and in their order, so that a row can be read again without its
	// header; or the members of a JSON object that are wanted, in any order.
	Columns []Column `json:"columns" validate:"min=1,max=1000,dive"`
	// Headerless says that a CSV file has no header.
	Headerless bool `json:"headerless,omitempty"`
	// Delimiter is the one character between the cells of a CSV file; absent for a comma.
	Delimiter string `json:"delimiter,omitempty" validate:"max=1"`
	// Container is the member of a JSON object whose array holds the entries, where they are framed by one.
	Container string `json:"container,omitempty" validate:"max=200"`
	// List is what stands between the values of a cell that holds several patients or purposes; absent where none does.
	List string `json:"list,omitempty" validate:"max=10"`
	// Layouts are the ways in which times are written, tried in order, in the notation of Go's package time, for example
	// "01/02/2006 03:04:05 PM". "unix" and "unix_ms" are seconds and milliseconds since 1970. Absent for RFC 3339.
	Layouts []string `json:"layouts,omitempty" validate:"max=20,dive,min=1,max=100"`
	// Zone is the IANA time zone of layouts that write none, for example "America/Chicago". An hour that the end of
	// daylight saving repeats is read as the first of the two.
	Zone string `json:"zone,omitempty" validate:"max=100"`
	// PatientSystem is the numbering of the patients, for example the OID of the medical record numbers.
	PatientSystem string `json:"patient_system,omitempty" validate:"max=200"`
	// Needed are the fields beside the time that every entry must have: one that lacks any is a defect, like one without a
	// time. A column fills each.
	Needed []Field `json:"needed,omitempty" validate:"max=21,dive,enum"`
	// Words translate what cells say into the members of [Action], [EventFamilies], [Outcome] and [ActorKind]. A word that is
	// neither translated nor a member is unknown; that an act failed is said by its outcome.
	Words map[Field]map[string]string `json:"words,omitempty"`
	// Defaults are what empty cells and fields without a column say, before translation.
	Defaults map[Field]string `json:"defaults,omitempty"`
}

// Column is one column of a report.
type Column struct {
	// Name is the name in the header of a CSV file; or of a member of a JSON object, or an RFC 6901 JSON Pointer such as
	// "/src/ip" to a value within it.
	Name string `json:"name" validate:"max=200"`
	// Field is what it fills.
	Field Field `json:"field" validate:"enum"`
}

// Digest returns the SHA-256 digest of the profile's canonical JSON. A review keeps it, so that nobody changes unseen how
// its log was read. The error says that the profile cannot be written as JSON.
func (p Profile) Digest() (hipaasmp.Digest, error) {
	data, err := canon.Marshal(p)
	if err != nil {
		return "", fmt.Errorf("activity: the profile %q cannot be written; correct it: %w", p.ID, err)
	}
	return hipaasmp.DigestOf(data), nil
}

// PlainProfile returns the profile by which [ReaderFor] reads [FormatCSV] and [FormatNDJSON]: the columns have the names
// of the fields, stand in the order of [Field]'s values without the last two, and hold their words. A program that writes a
// report of one's own best writes this. For another format the profile is not valid.
func PlainProfile(f Format) Profile {
	p := Profile{ID: "plain", Version: 1, Format: f}
	for _, field := range Field("").Values() {
		if field != FieldIgnore && field != FieldIngested {
			p.Columns = append(p.Columns, Column{Name: string(field), Field: field})
		}
	}
	return p
}

// ReaderWith returns the reader of a report that the profile describes. Every event has a time: a row without one that
// can be read is a defect, and so is one without a field that is needed; its Columns name what is wrong. A CSV file whose header is not that of the profile gives no events, and its first defect names
// the columns that are missing. The error is a [*hipaasmp.ValidationError] with every fault of the profile.
func ReaderWith(p Profile) (Reader, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	m := p.compile()
	if p.Format == FormatCSV {
		return csvReader{m}, nil
	}
	return jsonReader{m: m}, nil
}

// path takes a column's name apart into the names of members, from the outermost.
func (c Column) path() []string {
	rest, ok := strings.CutPrefix(c.Name, "/")
	if !ok {
		return []string{c.Name}
	}
	names := strings.Split(rest, "/")
	for i, n := range names {
		names[i] = strings.ReplaceAll(strings.ReplaceAll(n, "~1", "/"), "~0", "~")
	}
	return names
}
