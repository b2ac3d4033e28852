package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// readerOf returns the reader of a word of -format: flat, or one of the formats of package activity. For the answers alone
// it leaves out the columns of a report that no question asks for.
func readerOf(format string, answers bool) (activity.Reader, error) {
	switch f := activity.Format(format); {
	case format == "flat" || f == activity.FormatNDJSON:
		return activity.ReaderWith(report(activity.FormatNDJSON, wanted(flatMembers, answers)))
	case f == activity.FormatCSV:
		return activity.ReaderWith(report(f, wanted(csvColumns, answers)))
	case f.IsValid():
		return activity.ReaderFor(f)
	}
	words := []string{"flat"}
	for _, f := range (activity.Format("")).Values() {
		if f != activity.FormatNDJSON {
			words = append(words, string(f))
		}
	}
	slices.Sort(words)
	return nil, fmt.Errorf("-format %q: use one of %s", format, strings.Join(words, ", "))
}

// asked are the fields that the seven questions ask for.
var asked = []activity.Field{activity.FieldRecorded, activity.FieldActor, activity.FieldPatient, activity.FieldAction, activity.FieldOutcome}

func wanted(columns []activity.Column, answers bool) []activity.Column {
	columns = slices.Clone(columns)
	for i := range columns {
		if answers && !slices.Contains(asked, columns[i].Field) {
			columns[i].Field = activity.FieldIgnore
		}
	}
	return columns
}

// report is the profile of an access report with these columns. The words of the report that are none of the package's
// are translated. The number of the line is left out: it would be taken for an identity by which to recognise a second
// delivery, and every identity that is remembered costs memory.
func report(format activity.Format, columns []activity.Column) activity.Profile {
	return activity.Profile{ID: "access-report", Version: 1, Format: format, Columns: columns,
		Words: map[activity.Field]map[string]string{activity.FieldAction: {"view": string(activity.ActionRead), "query": string(activity.ActionSearch)}}}
}

// flatMembers are the members of a line of JSON that are wanted.
var flatMembers = []activity.Column{
	{Name: "ts", Field: activity.FieldRecorded},
	{Name: "user", Field: activity.FieldActor},
	{Name: "patient", Field: activity.FieldPatient},
	{Name: "action", Field: activity.FieldAction},
	{Name: "outcome", Field: activity.FieldOutcome},
	{Name: "/src/ip", Field: activity.FieldAddr},
	{Name: "/src/workstation", Field: activity.FieldHost},
	{Name: "purpose", Field: activity.FieldPurpose},
	{Name: "session", Field: activity.FieldSession},
}

// csvColumns are the columns of the report in CSV, all of them and in their order.
var csvColumns = []activity.Column{
	{Name: "ts", Field: activity.FieldRecorded},
	{Name: "user", Field: activity.FieldActor},
	{Name: "role", Field: activity.FieldIgnore},
	{Name: "dept", Field: activity.FieldIgnore},
	{Name: "patient", Field: activity.FieldPatient},
	{Name: "action", Field: activity.FieldAction},
	{Name: "outcome", Field: activity.FieldOutcome},
	{Name: "src", Field: activity.FieldAddr},
	{Name: "workstation", Field: activity.FieldHost},
	{Name: "screen", Field: activity.FieldIgnore},
	{Name: "purpose", Field: activity.FieldPurpose},
	{Name: "session", Field: activity.FieldSession},
	{Name: "seq", Field: activity.FieldIgnore},
	{Name: "event", Field: activity.FieldIgnore},
}
