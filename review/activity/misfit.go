package activity

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// columnFault is what is wrong with what an entry has for a column.
type columnFault struct {
	column int
	why    string // nothing out of the log
}

// misfit is why an entry was refused of which columns of the profile are wrong.
type misfit struct {
	reason  Reason
	detail  string
	columns []string
}

func (m *misfit) Error() string { return m.detail }

// refuse says of the columns that fill a field what is wrong with them, unless something else is.
func (r *row) refuse(field int, why string) {
	if slices.ContainsFunc(r.faults, func(f columnFault) bool { return r.fields[f.column] == field }) {
		return
	}
	for column, at := range r.fields {
		if at == field {
			r.refuseColumn(column, why)
		}
	}
}

func (r *row) refuseColumn(column int, why string) {
	if fault := (columnFault{column, why}); !slices.Contains(r.faults, fault) {
		r.faults = append(r.faults, fault)
	}
}

// mostFaults is how many are told of one entry in words. All columns are named.
const mostFaults = 20

// misfit says what is wrong with the entry, in the order of the columns.
func (r *row) misfit(reason Reason) error {
	slices.SortStableFunc(r.faults, func(a, b columnFault) int { return cmp.Compare(a.column, b.column) })
	out := &misfit{reason: reason}
	var words []string
	for _, f := range r.faults {
		name := r.profile.Columns[f.column].Name
		if name == "" {
			name = "column " + strconv.Itoa(f.column+1)
		}
		if !slices.Contains(out.columns, name) {
			out.columns = append(out.columns, name)
		}
		words = append(words, strconv.Quote(name)+" "+f.why)
	}
	if more := len(words) - mostFaults; more > 0 {
		words = append(words[:mostFaults], fmt.Sprintf("and %d more", more))
	}
	out.detail = strings.Join(words, "; ")
	return out
}
