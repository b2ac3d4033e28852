package activity

import (
	"fmt"
	"slices"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// The codes of this package.
const (
	// FaultColumns: the columns of a profile contradict each other or leave out the time.
	FaultColumns hipaasmp.FaultCode = "SMP-ACT-01"
	// FaultTimes: the layouts of a profile do not give every time one meaning.
	FaultTimes hipaasmp.FaultCode = "SMP-ACT-02"
	// FaultWords: a profile translates into a word that is no member, or a field that has no words.
	FaultWords hipaasmp.FaultCode = "SMP-ACT-03"
	// FaultForm: a profile sets what its format does not have.
	FaultForm hipaasmp.FaultCode = "SMP-ACT-04"
)

// FaultDefs returns the catalogue of this package's codes.
func FaultDefs() []hipaasmp.FaultDef {
	def := func(code hipaasmp.FaultCode, meaning, remedy string) hipaasmp.FaultDef {
		return hipaasmp.FaultDef{Code: code, Kind: hipaasmp.FaultRule, Meaning: meaning, Remedy: remedy, Citation: hipaasmp.CiteActivityReview}
	}
	return []hipaasmp.FaultDef{
		def(FaultColumns, "the columns of a profile contradict each other or leave out the time", "give each column a name of its own, fill each field once, and name the column of the time"),
		def(FaultTimes, "the layouts of a profile do not give every time one meaning", "write layouts with year, month, day, hour and minute, and give the IANA zone of those without an offset"),
		def(FaultWords, "a profile translates into a word that is no member, or a field that has no words", "translate action, family, outcome and actor_kind into members of their enumerations"),
		def(FaultForm, "a profile sets what its format does not have", "leave out what is for the other format"),
	}
}

// Validate returns a [*hipaasmp.ValidationError] with every fault of the profile, or nil.
func (p Profile) Validate() error {
	f := &validate.Faults{}
	f.Append(validate.Shape(p)...)
	p.checkForm(f)
	p.checkColumns(f)
	p.checkTimes(f)
	p.checkWords(f)
	return hipaasmp.Invalid(hipaasmp.Ref{}, f.List())
}

func (p Profile) fault(f *validate.Faults, code hipaasmp.FaultCode, pointer, format string, args ...any) {
	f.Cite(code, hipaasmp.CiteActivityReview, pointer, format, args...)
}

func (p Profile) checkForm(f *validate.Faults) {
	switch p.Format {
	case FormatCSV:
		if p.Container != "" {
			p.fault(f, FaultForm, "/container", "is for JSON; leave it out")
		}
		if d := p.Delimiter; len(d) == 1 && (d[0] != '\t' && (d[0] <= ' ' || d[0] >= 0x7f) || d == `"`) {
			p.fault(f, FaultForm, "/delimiter", "is no printable ASCII character or tab that a cell can end with; give one")
		}
	case FormatNDJSON:
		if p.Delimiter != "" {
			p.fault(f, FaultForm, "/delimiter", "is for CSV; leave it out")
		}
		if p.Headerless {
			p.fault(f, FaultForm, "/headerless", "is for CSV; leave it out")
		}
	default:
		if p.Format.IsValid() {
			p.fault(f, FaultForm, "/format", "is %q, which needs no profile; give %q or %q", p.Format, FormatCSV, FormatNDJSON)
		}
	}
}

func (p Profile) checkColumns(f *validate.Faults) {
	names, fields := map[string]int{}, map[Field]int{}
	for i, c := range p.Columns {
		at := hipaasmp.Pointer("columns", i)
		name := strings.TrimSpace(c.Name)
		if name != c.Name {
			p.fault(f, FaultColumns, at+"/name", "begins or ends with a blank; leave it out, blanks around a header are passed over")
		}
		if name == "" && c.Field != FieldIgnore && !p.Headerless {
			p.fault(f, FaultColumns, at+"/name", "is missing; give the name of the column")
		}
		if first, twice := names[name]; twice && name != "" {
			p.fault(f, FaultColumns, at+"/name", "is also that of column %d; a column is named once", first)
		}
		names[name] = i
		if first, twice := fields[c.Field]; twice && !c.Field.many() && c.Field != FieldRecorded {
			p.fault(f, FaultColumns, at+"/field", "%s is filled by column %d already; give one column", c.Field, first)
		}
		fields[c.Field] = i
		for j, other := range p.Columns[:i] {
			if p.Format == FormatNDJSON && nested(other.path(), c.path()) {
				p.fault(f, FaultColumns, at+"/name", "lies within column %d or around it; give values and not what holds them", j)
			}
		}
	}
	if _, ok := fields[FieldRecorded]; !ok {
		p.fault(f, FaultColumns, "/columns", "have no time; give the column of %s", FieldRecorded)
	}
	for i, field := range p.Needed {
		if _, ok := fields[field]; field.IsValid() && (!ok || field == FieldIgnore) {
			p.fault(f, FaultColumns, hipaasmp.Pointer("needed", i), "no column fills %s; give the column, or leave it out", field)
		}
	}
}

// nested reports whether one path is the beginning of the other.
func nested(a, b []string) bool {
	n := min(len(a), len(b))
	return slices.Equal(a[:n], b[:n])
}

func (p Profile) checkTimes(f *validate.Faults) {
	if p.Zone != "" {
		if _, err := time.LoadLocation(p.Zone); err != nil || p.Zone == "Local" {
			p.fault(f, FaultTimes, "/zone", "is not in the IANA database of this machine; correct it, or import time/tzdata")
		}
	}
	for i, layout := range p.Layouts {
		at := hipaasmp.Pointer("layouts", i)
		if why := layoutFault(layout); why != "" {
			p.fault(f, FaultTimes, at, "%s", why)
		} else if !zoned(layout) && p.Zone == "" {
			p.fault(f, FaultTimes, at, "writes no offset; give the zone, or the layout with its offset")
		}
	}
}

const (
	layoutUnix      = "unix"
	layoutUnixMilli = "unix_ms"
)

// layoutFault says what is wrong with a layout: written in it and read again, a time must be the same to the minute.
func layoutFault(layout string) string {
	if layout == layoutUnix || layout == layoutUnixMilli {
		return ""
	}
	if strings.Contains(layout, "MST") {
		return "names zones by abbreviations, of which several mean two zones; take the offset, or give the zone and leave it out"
	}
	at := time.Date(2023, 11, 27, 17, 48, 0, 0, time.UTC)
	back, err := time.Parse(layout, at.Format(layout))
	if err != nil || !back.Equal(at) {
		return "does not keep year, month, day, hour of 24 and minute; correct it, for example to " + fmt.Sprintf("%q", "01/02/2006 03:04 PM")
	}
	return ""
}

// zoned reports whether times in the layout are instants.
func zoned(layout string) bool {
	return layout == layoutUnix || layout == layoutUnixMilli || strings.Contains(layout, "Z07") || strings.Contains(layout, "-07")
}

func (p Profile) checkWords(f *validate.Faults) {
	for field, words := range p.Words {
		members := vocabulary(field)
		if members == nil {
			p.fault(f, FaultWords, hipaasmp.Pointer("words", field), "has no words to translate into; give those of action, family, outcome and actor_kind")
			continue
		}
		for from, to := range words {
			if !slices.Contains(members, to) {
				p.fault(f, FaultWords, hipaasmp.Pointer("words", field, from), "%q is none of %s", to, strings.Join(members, ", "))
			}
		}
	}
	for field, word := range p.Defaults {
		at := hipaasmp.Pointer("defaults", field)
		members := vocabulary(field)
		_, translated := p.Words[field][word]
		switch {
		case !field.IsValid(), field == FieldRecorded, field == FieldID, field == FieldIngested, field == FieldIgnore:
			p.fault(f, FaultWords, at, "can have no default; leave it out")
		case members != nil && !translated && !slices.Contains(members, word):
			p.fault(f, FaultWords, at, "%q is neither translated nor one of %s", word, strings.Join(members, ", "))
		}
	}
}

// vocabulary returns the words that a field may hold, or nil where it may hold any.
func vocabulary(f Field) []string {
	switch f {
	case FieldAction:
		return texts(Action("").Values())
	case FieldFamily:
		return texts(EventFamilies())
	case FieldOutcome:
		return texts(Outcome("").Values())
	case FieldActorKind:
		return texts(ActorKind("").Values())
	}
	return nil
}

func texts[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}
