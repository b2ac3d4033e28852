package review

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// MappingError says which files a mapping profile does not fit, and which columns they lack, or hold nothing in that can be
// read.
type MappingError struct {
	// Profile is the profile.
	Profile ProfileRef
	// Files says it file by file.
	Files []string
}

func (e *MappingError) Error() string {
	return fmt.Sprintf("review: profile %s does not fit the report: %s; correct the profile, or get the report with these columns", e.Profile, strings.Join(e.Files, "; "))
}

// fit is how far the profile fits a file.
type fit struct {
	header  string // what is wrong with its header
	tickets int64
	lines   int64 // that are tickets, or are none because of a column
	read    map[TicketField]int64
}

// fitting finds files of which the profile understands no line: such as JSON whose members have other names, which is
// without a header that would say so.
type fitting struct {
	profile TicketProfile
	files   map[string]*fit
}

func (x fitting) of(file string) *fit {
	if x.files[file] == nil {
		x.files[file] = &fit{read: map[TicketField]int64{}}
	}
	return x.files[file]
}

// ticket takes a ticket, and whether the line says anything of its state.
func (x fitting) ticket(t Ticket, state bool) {
	f := x.of(t.Raw.File)
	f.lines, f.tickets = f.lines+1, f.tickets+1
	f.read[TicketFieldID]++
	f.read[TicketFieldOpened]++
	if state {
		f.read[TicketFieldState]++
	}
}

func (x fitting) defect(d *activity.Defect) {
	f := x.of(d.Raw.File)
	switch {
	case d.Reason == activity.ReasonColumns && f.header == "": // the first says what the header lacks
		f.header = d.Detail
	case d.Reason == activity.ReasonType && len(d.Columns) > 0:
		f.lines++
		for _, field := range []TicketField{TicketFieldID, TicketFieldOpened} {
			if !slices.ContainsFunc(x.profile.columns(field), func(name string) bool { return slices.Contains(d.Columns, name) }) {
				f.read[field]++
			}
		}
	}
}

// unfit says file by file, in their order, what the profile finds in no line of it. One line in which one column is bad is
// a bad line and says nothing about the profile.
func (x fitting) unfit(files []detect.File) []string {
	var out []string
	for _, file := range files {
		f := x.files[file.Name]
		if f == nil {
			continue
		}
		if f.header != "" {
			out = append(out, file.Name+": "+f.header)
			continue
		}
		asked := []TicketField{TicketFieldID, TicketFieldOpened}
		if f.tickets > 0 { // of other lines it is not known whether they say anything of a state
			asked = append(asked, TicketFieldState)
		}
		var none []string
		for _, field := range asked {
			if f.read[field] == 0 && f.lines > 0 && (f.lines > 1 || len(f.read) == 0) {
				none = append(none, fmt.Sprintf("%s in %s", field, quoted(x.profile.columns(field))))
			}
		}
		if len(none) > 0 {
			out = append(out, fmt.Sprintf("%s: of %d lines none has anything that can be read as %s", file.Name, f.lines, strings.Join(none, ", nor as ")))
		}
	}
	return out
}

func quoted(names []string) string {
	var out []string
	for _, name := range names {
		out = append(out, strconv.Quote(name))
	}
	return strings.Join(out, " and ")
}
