package review_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// helpdesk reads the CSV export of a ticket system.
func helpdesk() review.TicketProfile {
	return review.TicketProfile{
		ID: "helpdesk-export", Version: 2, Format: activity.FormatCSV, Layouts: []string{"01/02/2006 15:04"}, Zone: "America/Chicago",
		Columns: []review.TicketColumn{{Name: "Number", Field: review.TicketFieldID}, {Name: "Created", Field: review.TicketFieldOpened}, {Name: "Resolved", Field: review.TicketFieldClosed},
			{Name: "Status", Field: review.TicketFieldState}, {Name: "Resolution", Field: review.TicketFieldOutcome}, {Name: "System", Field: review.TicketFieldSystem}, {Name: "Caller", Field: review.TicketFieldIgnore}},
		States: map[string]review.TicketState{"New": review.TicketOpen, "Work in Progress": review.TicketInProgress, "Resolved": review.TicketClosed, "Closed": review.TicketClosed},
		Outcomes: map[string]review.TicketOutcome{"Security incident": review.TicketIncident, "False alarm": review.TicketNoIncident,
			"Duplicate": review.TicketDuplicate},
	}
}

const header = "Number,Created,Resolved,Status,Resolution,System,Caller\n"

const export = header +
	"INC-1,03/02/2026 09:00,03/04/2026 17:30,Closed,Security incident,ehr,someone\n" +
	"INC-2,03/05/2026 08:00,,Work in Progress,,ehr,\"a, b\"\n" +
	"INC-3,02/27/2026 23:30,,New,,mail,\n" +
	"INC-4,03/09/2026 10:00,03/09/2026 11:00,Resolved,False alarm,,\n" +
	"INC-5,03/10/2026 10:00,03/11/2026 11:00,Closed,Won't do,,\n" +
	"INC-6,03/12/2026 10:00,,Parked,,,\n"

func tickets(t require.TestingT, p review.TicketProfile, text string) (out []review.Ticket, defects []*activity.Defect) {
	for x, err := range p.Tickets(activity.Input{File: "tickets", Content: strings.NewReader(text)}) {
		var d *activity.Defect
		switch {
		case errors.As(err, &d):
			defects = append(defects, d)
		default:
			require.NoError(t, err)
			out = append(out, x)
		}
	}
	return out, defects
}

func at(text string) time.Time {
	x, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return x.UTC()
}

func TestTicketsAreReadFromCSVByAProfile(t *testing.T) {
	t.Parallel()
	got, defects := tickets(t, helpdesk(), export)
	require.Empty(t, defects)
	require.Len(t, got, 6)
	require.Equal(t, review.Ticket{ID: "INC-1", Opened: at("2026-03-02T15:00:00Z"), Closed: at("2026-03-04T23:30:00Z"), State: review.TicketClosed,
		Outcome: review.TicketIncident, System: "ehr", Raw: got[0].Raw}, got[0])
	require.Equal(t, int64(len(header)), got[0].Raw.Offset, "the line is found again")
	require.Equal(t, review.TicketInProgress, got[1].State)
	require.Equal(t, review.TicketOutcomeUnknown, got[1].Outcome, "an empty cell says nothing")
	require.Zero(t, got[1].Closed)
	require.Equal(t, review.TicketOutcomeUnknown, got[4].Outcome, "a word that nobody translated")
	require.Equal(t, review.TicketUnknown, got[5].State)
}

func TestTicketsAreReadFromJSONInAnyFrame(t *testing.T) {
	t.Parallel()
	p := review.TicketProfile{
		ID: "issues", Version: 1, Format: activity.FormatNDJSON, Container: "issues",
		Columns: []review.TicketColumn{{Name: "key", Field: review.TicketFieldID}, {Name: "/fields/created", Field: review.TicketFieldOpened},
			{Name: "/fields/resolutiondate", Field: review.TicketFieldClosed}, {Name: "/fields/status/name", Field: review.TicketFieldState}, {Name: "/fields/resolution/name", Field: review.TicketFieldOutcome}},
		Layouts: []string{"2006-01-02T15:04:05.000-0700"}, States: map[string]review.TicketState{"Done": review.TicketClosed, "To Do": review.TicketOpen},
	}
	one := `{"key":"SEC-1","fields":{"created":"2026-03-02T09:00:00.000-0600","resolutiondate":"2026-03-03T09:00:00.000-0600","status":{"name":"Done"},"resolution":{"name":"no_incident"},"summary":"x"}}`
	two := `{"key":"SEC-2","fields":{"created":"2026-03-05T09:00:00.000-0600","resolutiondate":null,"status":{"name":"To Do"},"resolution":null}}`
	for name, text := range map[string]string{"lines": one + "\n" + two + "\n", "array": "[" + one + ",\n" + two + "]", "container": `{"total":2,"issues":[` + one + "," + two + `]}`} {
		got, defects := tickets(t, p, text)
		require.Empty(t, defects, name)
		require.Len(t, got, 2, name)
		require.Equal(t, review.TicketNoIncident, got[0].Outcome, "a member of the enumeration needs no translation")
		require.Equal(t, at("2026-03-03T15:00:00Z"), got[0].Closed)
		require.Equal(t, review.TicketOpen, got[1].State)
		require.Zero(t, got[1].Closed)
	}
}

func TestWhatIsNoTicketIsADefectAndReadingGoesOn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text    string
		tickets int
		reasons []activity.Reason
		says    string // what the last ticket's Unread, or the first defect's columns are
	}{
		"half a line":             {export + "INC-7,03/1", 6, []activity.Reason{activity.ReasonTruncated}, ""},
		"no number":               {header + ",03/02/2026 09:00,,New,,,\nINC-9,03/02/2026 09:00,,New,,,\n", 1, []activity.Reason{activity.ReasonType}, "[Number]"},
		"no time of opening":      {header + "INC-8,,,New,,,\nINC-9,03/02/2026 09:00,,New,,,\n", 1, []activity.Reason{activity.ReasonType}, ""},
		"another layout":          {header + "INC-8,2026-03-02,,New,,,\n", 0, []activity.Reason{activity.ReasonType}, "[Created]"},
		"too few cells":           {header + "INC-8,03/02/2026 09:00\nINC-9,03/02/2026 09:00,,New,,,\n", 1, []activity.Reason{activity.ReasonSyntax}, ""},
		"another header":          {"Number,Opened,Status\nINC-8,03/02/2026 09:00,New\n", 0, []activity.Reason{activity.ReasonColumns, activity.ReasonColumns}, ""},
		"nothing":                 {"", 0, []activity.Reason{activity.ReasonEmpty}, ""},
		"the header alone":        {header, 0, nil, ""},
		"a byte order mark":       {"\ufeff" + export, 6, nil, ""},
		"carriage returns":        {strings.ReplaceAll(export, "\n", "\r\n"), 6, nil, ""},
		"several faults of a row": {header + ",,03/01/2026 09:00,Closed,Duplicate,,\n", 0, []activity.Reason{activity.ReasonType}, "[Number Created]"},
		"a number too long":       {header + strings.Repeat("9", 201) + ",03/02/2026 09:00,,New,,,\nINC-9,03/02/2026 09:00,,New,,,\n", 1, []activity.Reason{activity.ReasonType}, "[Number]"},
		"a number as long as can": {header + strings.Repeat("9", 200) + ",03/02/2026 09:00,,New,,,\n", 1, nil, "[]"},
		"a bell in a number":      {header + "INC\a8,03/02/2026 09:00,,New,,,\n", 0, []activity.Reason{activity.ReasonType}, "[Number]"},
		"closed in other layout":  {header + "INC-8,03/02/2026 09:00,2026-03-03,Closed,Duplicate,,\n", 1, nil, "[closed]"},
		"words of another report": {header + "INC-8,03/02/2026 09:00,n/a,Parked,Won't do,,\n", 1, nil, "[closed state outcome]"},
		"empty cells":             {header + "INC-8,03/02/2026 09:00,,,,,\n", 1, nil, "[]"},
		"an hour that is not":     {header + "INC-8,03/02/2026 25:00,,New,,,\n", 0, []activity.Reason{activity.ReasonType}, "[Created]"},
		"not UTF-8":               {header + "INC-8,03/02/2026 09:00,,New,,M\xfcller,\nINC-9,03/02/2026 09:00,,New,,,\n", 1, []activity.Reason{activity.ReasonEncoding}, "[]"},
		"a NUL byte":              {header + "INC-8,03/02/2026 09:00,,New,,\x00,\nINC-9,03/02/2026 09:00,,New,,,\n", 1, []activity.Reason{activity.ReasonSyntax}, "[]"},
		"too many cells":          {header + "INC-8,03/02/2026 09:00,,New,,,,,\nINC-9,03/02/2026 09:00,,New,,,\n", 1, []activity.Reason{activity.ReasonSyntax}, "[]"},
		"an open quote":           {header + "INC-8,03/02/2026 09:00,,New,,\"ehr,\nINC-9,03/02/2026 09:00,,New,,,\n", 1, []activity.Reason{activity.ReasonSyntax}, "[]"},
		"UTF-16":                  {utf16LE(export), 6, nil, "[state]"},
		"closed before it opened": {header + "INC-8,03/02/2026 09:00,03/01/2026 09:00,Closed,Duplicate,,\n", 1, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, defects := tickets(t, helpdesk(), c.text)
			require.Len(t, got, c.tickets)
			var reasons []activity.Reason
			for _, d := range defects {
				reasons = append(reasons, d.Reason)
			}
			require.Equal(t, c.reasons, reasons)
			switch {
			case c.says == "":
			case len(defects) > 0:
				require.Equal(t, c.says, fmt.Sprint(defects[0].Columns))
			default:
				require.Equal(t, c.says, fmt.Sprint(got[len(got)-1].Unread))
			}
			if name == "closed before it opened" {
				require.Zero(t, got[0].Closed, "a closing before the opening is not known")
				require.Equal(t, []review.TicketField{review.TicketFieldClosed}, got[0].Unread, "and it is said that there is one")
			}
		})
	}
}

func TestATicketProfileThatIsNoneIsRefusedWithEveryFault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*review.TicketProfile)
		code  hipaasmp.FaultCode
	}{
		"no identity":           {func(p *review.TicketProfile) { p.ID = "" }, hipaasmp.FaultRequired},
		"no version":            {func(p *review.TicketProfile) { p.Version = 0 }, hipaasmp.FaultRange},
		"an audit format":       {func(p *review.TicketProfile) { p.Format = activity.FormatFHIR }, activity.FaultForm},
		"no column of a number": {func(p *review.TicketProfile) { p.Columns = p.Columns[1:] }, review.FaultTickets},
		"no column of a state":  {func(p *review.TicketProfile) { p.Columns = slices.Delete(slices.Clone(p.Columns), 3, 4) }, review.FaultTickets},
		"no column of a time":   {func(p *review.TicketProfile) { p.Columns = slices.Delete(slices.Clone(p.Columns), 1, 2) }, activity.FaultColumns},
		"a field that is none": {func(p *review.TicketProfile) {
			p.Columns = append(p.Columns, review.TicketColumn{Name: "x", Field: "mood"})
		}, hipaasmp.FaultEnum},
		"a state that is none":   {func(p *review.TicketProfile) { p.States = map[string]review.TicketState{"New": "fresh"} }, hipaasmp.FaultEnum},
		"an outcome of nowhere":  {func(p *review.TicketProfile) { p.Outcomes = map[string]review.TicketOutcome{"x": ""} }, hipaasmp.FaultEnum},
		"a layout without zone":  {func(p *review.TicketProfile) { p.Zone = "" }, activity.FaultTimes},
		"a zone of nowhere":      {func(p *review.TicketProfile) { p.Zone = "Mars/Olympus" }, activity.FaultTimes},
		"a column named twice":   {func(p *review.TicketProfile) { p.Columns[6].Name = "Status" }, activity.FaultColumns},
		"a container around CSV": {func(p *review.TicketProfile) { p.Container = "issues" }, activity.FaultForm},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := helpdesk()
			c.spoil(&p)
			requireFault(t, p.Validate(), c.code)
			for _, err := range p.Tickets(activity.Input{Content: strings.NewReader(export)}) {
				requireFault(t, err, c.code)
			}
			_, _, err := review.FromTickets(context.Background(), detect.Source{ID: "tickets"}, p, day("2026-03-31"), chicago())
			requireFault(t, err, c.code)
		})
	}
	require.NoError(t, helpdesk().Validate())
	require.Error(t, review.TicketProfile{}.Validate())
}

func TestTheDigestOfATicketProfileChangesWithItsContent(t *testing.T) {
	t.Parallel()
	a, err := helpdesk().Ref()
	require.NoError(t, err)
	require.Equal(t, "helpdesk-export version 2", a.String())
	p := helpdesk()
	p.States["Parked"] = review.TicketOpen
	b, err := p.Ref()
	require.NoError(t, err)
	require.NotEqual(t, a.Digest, b.Digest)
}

func TestTheAgeOfATicketEndsWithItsClosing(t *testing.T) {
	t.Parallel()
	x := review.Ticket{State: review.TicketClosed, Opened: at("2026-03-02T15:00:00Z"), Closed: at("2026-03-05T05:30:00Z")}
	require.Equal(t, 2, x.Age(day("2026-03-31"), chicago()), "it was closed on the fourth, in Chicago")
	require.Equal(t, 1, x.Age(day("2026-03-03"), chicago()))
	require.Equal(t, 0, x.Age(day("2026-03-01"), chicago()))
	x.State = review.TicketInProgress
	require.Equal(t, 29, x.Age(day("2026-03-31"), chicago()), "what was closed and taken up again is open")
}

func FuzzTickets(f *testing.F) {
	for _, text := range []string{export, header, "", string(zipped(export)), "[{}]", `{"issues":[{"key":"a"}],"issues":[]}`, oneALine(exported("A"), exported("B"), exported("C", "fields", "[]")), "[" + exported("A", "key", "true") + "]"} {
		f.Add([]byte(text), false)
		f.Add([]byte(text), true)
	}
	f.Fuzz(func(t *testing.T, data []byte, json bool) {
		p := helpdesk()
		if json {
			p = tracker()
		}
		read := func() (out []review.Ticket) {
			for x, err := range p.Tickets(activity.Input{File: "tickets", Content: bytes.NewReader(data), MaxRecord: 1 << 12}) {
				var d *activity.Defect
				if errors.As(err, &d) {
					continue
				}
				require.NoError(t, err)
				require.NotEmpty(t, x.ID)
				require.False(t, x.Opened.IsZero())
				require.True(t, x.State.IsValid() && x.Outcome.IsValid())
				out = append(out, x)
			}
			return out
		}
		all := read()
		require.Equal(t, all, read())
		tracking := review.Track(slices.Values(all), day("2026-03-31"), chicago())
		require.Equal(t, tracking.State(review.TicketOpen)+tracking.State(review.TicketInProgress)+tracking.State(review.TicketUnknown), int64(len(tracking.Open)))
	})
}
