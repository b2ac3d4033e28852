package review_test

import (
	"context"
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// tracker reads the JSON export of a ticket system.
func tracker() review.TicketProfile {
	return review.TicketProfile{
		ID: "issues", Version: 1, Format: activity.FormatNDJSON, Container: "issues",
		Columns: []review.TicketColumn{{Name: "key", Field: review.TicketFieldID}, {Name: "opened", Field: review.TicketFieldOpened}, {Name: "/done/at", Field: review.TicketFieldClosed},
			{Name: "/fields/status/name", Field: review.TicketFieldState}, {Name: "/done/as", Field: review.TicketFieldOutcome}, {Name: "system", Field: review.TicketFieldSystem}},
		States: map[string]review.TicketState{"Done": review.TicketClosed, "To Do": review.TicketOpen, "true": review.TicketClosed, "3": review.TicketInProgress},
	}
}

// exported is a ticket with what replaces a member; "" leaves the member out.
func exported(key string, replaced ...string) string {
	members := map[string]string{"key": `"` + key + `"`, "opened": `"2026-03-02T09:00:00-06:00"`, "done": `{"at":"2026-03-03T09:00:00-06:00","as":"no_incident"}`, "fields": `{"status":{"name":"Done"}}`, "system": `"ehr"`}
	for i := 0; i < len(replaced); i += 2 {
		members[replaced[i]] = replaced[i+1]
	}
	var out []string
	for _, name := range []string{"key", "opened", "done", "fields", "system", "more"} {
		if members[name] != "" {
			out = append(out, `"`+name+`":`+members[name])
		}
	}
	return "{" + strings.Join(out, ",") + "}"
}

func oneALine(of ...string) string { return strings.Join(of, "\n") + "\n" }

func utf16LE(text string) string { return inUTF16(binary.LittleEndian, text) }

// inUTF16 writes a text with its mark.
func inUTF16(order binary.AppendByteOrder, text string) string {
	out := order.AppendUint16(nil, 0xfeff)
	for _, u := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, u)
	}
	return string(out)
}

// unfit is a defect: why, of which columns, and the bytes that it points at.
type unfit struct {
	reason  activity.Reason
	columns []string
	bytes   string
}

// ids tells tickets by their numbers, and the fields of each that were not understood.
func ids(list []review.Ticket) (out []string) {
	for _, t := range list {
		id := t.ID
		for _, f := range t.Unread {
			id += " -" + string(f)
		}
		out = append(out, id)
	}
	return out
}

func requireDefects(t *testing.T, file string, want []unfit, got []*activity.Defect) {
	t.Helper()
	require.Len(t, got, len(want), "%v", got)
	for i, d := range got {
		require.Equal(t, want[i].reason, d.Reason, d.Detail)
		require.Equal(t, want[i].columns, d.Columns, d.Detail)
		for _, name := range d.Columns {
			require.Contains(t, d.Detail, `"`+name+`"`)
		}
		require.Equal(t, "tickets", d.Raw.File)
		require.Positive(t, d.Seq)
		if want[i].bytes != "*" {
			require.Equal(t, want[i].bytes, file[d.Raw.Offset:d.Raw.Offset+d.Raw.Length], "the place of it")
		}
		require.NotContains(t, d.Error(), "secret", "a defect says nothing out of the report")
	}
}

// Between two good tickets lies one with a fault: it is a defect that names every column and its place, or a ticket that
// says which of its fields were not understood; and the two are read.
func TestBadTicketsInJSON(t *testing.T) {
	t.Parallel()
	a, c := exported("A"), exported("C")
	for name, x := range map[string]struct {
		bad     string
		ticket  string // what is read of it; empty where it is a defect
		columns []string
	}{
		"no number":                                 {exported("B", "key", ""), "", []string{"key"}},
		"a number that is null":                     {exported("B", "key", "null"), "", []string{"key"}},
		"a number that is empty":                    {exported("B", "key", `" "`), "", []string{"key"}},
		"a number that is an object":                {exported("B", "key", `{"secret":1}`), "", []string{"key"}},
		"a number that is an array":                 {exported("B", "key", `["secret"]`), "", []string{"key"}},
		"a number that is a boolean":                {exported("B", "key", "true"), "", []string{"key"}},
		"a number that is a number":                 {exported("B", "key", "17"), "17", nil},
		"a number that no record holds":             {exported("B", "key", `"secret`+strings.Repeat("1", 200)+`"`), "", []string{"key"}},
		"a number of control characters":            {exported("B", "key", `"secret\u0007"`), "", []string{"key"}},
		"no time of opening":                        {exported("B", "opened", ""), "", []string{"opened"}},
		"a time of opening that is null":            {exported("B", "opened", "null"), "", []string{"opened"}},
		"a time of opening that is a number":        {exported("B", "opened", "1772355600"), "", []string{"opened"}},
		"a time of opening that is a boolean":       {exported("B", "opened", "false"), "", []string{"opened"}},
		"a time of opening that is an object":       {exported("B", "opened", `{"date":"secret"}`), "", []string{"opened"}},
		"a time of opening without a zone":          {exported("B", "opened", `"2026-03-02T09:00:00"`), "", []string{"opened"}},
		"a time of opening that is a day":           {exported("B", "opened", `"2026-03-02"`), "", []string{"opened"}},
		"a time of opening that no calendar has":    {exported("B", "opened", `"2026-02-30T09:00:00Z"`), "", []string{"opened"}},
		"a time of closing without a zone":          {exported("B", "done", `{"at":"2026-03-03T09:00:00"}`), "B -closed", nil},
		"a time of closing that is a number":        {exported("B", "done", `{"at":4}`), "B -closed", nil},
		"a time of closing before the opening":      {exported("B", "done", `{"at":"2026-03-01T09:00:00Z"}`), "B -closed", nil},
		"a time of closing that is an array":        {exported("B", "done", `{"at":["secret"]}`), "", []string{"/done/at"}},
		"no time of closing":                        {exported("B", "done", `{"at":null}`), "B", nil},
		"nothing on what it came to":                {exported("B", "done", ""), "B", nil},
		"null where members are wanted":             {exported("B", "done", "null", "fields", "null"), "B", nil},
		"a text where members are wanted":           {exported("B", "fields", `"secret"`), "", []string{"/fields/status/name"}},
		"an array where members are wanted":         {exported("B", "fields", `[{"status":{"name":"Done"}}]`), "", []string{"/fields/status/name"}},
		"a number deeper, where members are wanted": {exported("B", "fields", `{"status":5}`), "", []string{"/fields/status/name"}},
		"an empty object on the way":                {exported("B", "fields", `{"status":{}}`), "B", nil},
		"a state that nobody translated":            {exported("B", "fields", `{"status":{"name":"secret"}}`), "B -state", nil},
		"a state that is a boolean, translated":     {exported("B", "fields", `{"status":{"name":true}}`), "B", nil},
		"a state that is a number, translated":      {exported("B", "fields", `{"status":{"name":3}}`), "B", nil},
		"a state that is a number":                  {exported("B", "fields", `{"status":{"name":4}}`), "B -state", nil},
		"a state that is an object":                 {exported("B", "fields", `{"status":{"name":{"secret":1}}}`), "", []string{"/fields/status/name"}},
		"an outcome that nobody translated":         {exported("B", "done", `{"as":"secret"}`), "B -outcome", nil},
		"an outcome that is an array":               {exported("B", "done", `{"as":["incident"]}`), "", []string{"/done/as"}},
		"all at once":                               {exported("B", "key", "[]", "opened", `"secret"`, "done", `{"at":{},"as":[]}`, "fields", "1", "system", "{}"), "", []string{"key", "opened", "/done/at", "/fields/status/name", "/done/as", "system"}},
		"what nobody asked for":                     {exported("B", "more", `{"a":[{"b":{}}],"c":null}`), "B", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for frame, file := range map[string]string{"lines": oneALine(a, x.bad, c), "many lines": oneALine(a, a, a, a, x.bad, c), "array": "[" + a + ",\n" + x.bad + ",\n" + c + "]", "long array": "[" + strings.Join([]string{a, a, a, a, x.bad, c}, ",") + "]", "container": `{"n":3,"issues":[` + a + "," + x.bad + "," + c + `],"end":null}`} {
				got, defects := tickets(t, tracker(), file)
				want := []string{"A"}
				if frame == "many lines" || frame == "long array" { // which look alike, so that they are read in another way
					want = []string{"A", "A", "A", "A"}
				}
				if x.ticket != "" {
					require.Equal(t, append(want, x.ticket, "C"), ids(got), frame)
					require.Empty(t, defects, frame)
					continue
				}
				require.Equal(t, append(want, "C"), ids(got), frame)
				requireDefects(t, file, []unfit{{activity.ReasonType, x.columns, x.bad}}, defects)
			}
		})
	}
}

// What is wrong with the bytes of a report is a defect with its reason and its place, and the tickets around it are read.
func TestBrokenReportsInJSON(t *testing.T) {
	t.Parallel()
	a, b, c := exported("A"), exported("B"), exported("C")
	deep := exported("B", "more", strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000))
	one := func(r activity.Reason, bytes string, columns ...string) []unfit { return []unfit{{r, columns, bytes}} }
	twice := exported("B", "more", `1,"key":"secret"`)
	inside := exported("B", "fields", `{"status":{"name":"Done"},"status":{"name":"secret"}}`)
	other := exported("B", "more", `1,"more":"secret"`)
	for name, x := range map[string]struct {
		file    string
		ids     []string
		defects []unfit
	}{
		"half a line":                             {oneALine(a, b[:40], c), []string{"A", "C"}, one(activity.ReasonSyntax, b[:40])},
		"half a line, last":                       {a + "\n" + b[:40], []string{"A"}, one(activity.ReasonTruncated, b[:40])},
		"half an array":                           {"[" + a + ",\n" + b + ",\n" + c[:40], []string{"A", "B"}, one(activity.ReasonTruncated, c[:40])},
		"a container that is not closed":          {`{"issues":[` + a + "," + b, []string{"A", "B"}, one(activity.ReasonTruncated, "*")},
		"a byte order mark":                       {"\ufeff" + oneALine(a, b), []string{"A", "B"}, nil},
		"UTF-16, the lower byte first":            {utf16LE(oneALine(a, b)), []string{"A", "B"}, nil},
		"UTF-16, the higher byte first":           {inUTF16(binary.BigEndian, "["+a+","+b+"]"), []string{"A", "B"}, nil},
		"UTF-16 with half a character":            {utf16LE(oneALine(a, b)) + "\x00", []string{"A", "B"}, one(activity.ReasonTruncated, "*")},
		"Latin-1":                                 {oneALine(a, exported("B", "system", "\"M\xfcller\""), c), []string{"A", "C"}, one(activity.ReasonEncoding, exported("B", "system", "\"M\xfcller\""))},
		"10,000 deep":                             {oneALine(a, deep, c), []string{"A", "C"}, one(activity.ReasonTooDeep, deep)},
		"10,000 deep and not closed":              {oneALine(a, strings.Repeat("[", 10_000), c), []string{"A"}, one(activity.ReasonTooDeep, strings.Repeat("[", 9_999)+"\n"+c+"\n")},
		"nothing":                                 {"", nil, one(activity.ReasonEmpty, "")},
		"blanks":                                  {" \n\t\r\n", nil, one(activity.ReasonEmpty, "")},
		"an empty array":                          {"[]", nil, nil},
		"an empty container":                      {`{"issues":[]}`, nil, nil},
		"elements that are no objects":            {"[" + a + `,"secret",17,true,null,[` + b + "]," + c + "]", []string{"A", "C"}, []unfit{{activity.ReasonType, nil, `"secret"`}, {activity.ReasonType, nil, "17"}, {activity.ReasonType, nil, "true"}, {activity.ReasonType, nil, "null"}, {activity.ReasonType, nil, "[" + b + "]"}}},
		"a line that is no object":                {oneALine(a, `"secret"`, c), []string{"A", "C"}, one(activity.ReasonSyntax, `"secret"`)},
		"a number twice":                          {oneALine(a, twice, c), []string{"A", "C"}, one(activity.ReasonDuplicateMember, twice, "key")},
		"a member on the way twice":               {oneALine(a, inside, c), []string{"A", "C"}, one(activity.ReasonDuplicateMember, inside, "/fields/status/name")},
		"a member twice that nobody asked for":    {oneALine(a, other, c), []string{"A", "C"}, one(activity.ReasonDuplicateMember, other)},
		"two containers of one name":              {`{"issues":[` + a + `],"issues": [` + b + `],"n":1}` + c, []string{"A", "C"}, one(activity.ReasonDuplicateMember, "["+b+"]")},
		"a container that is null":                {`{"issues":null}`, nil, one(activity.ReasonType, `{"issues":null}`, "key", "opened")},
		"a container that is an object":           {`{"issues":{"secret":1}}`, nil, one(activity.ReasonType, `{"issues":{"secret":1}}`, "key", "opened")},
		"the answer of a system that was refused": {`{"error":"secret"}`, nil, one(activity.ReasonType, `{"error":"secret"}`, "key", "opened")},
		"an empty object":                         {oneALine(a, "{}", c), []string{"A", "C"}, one(activity.ReasonType, "{}", "key", "opened")},
		"NUL bytes":                               {oneALine(a, "\x00\x00", c), []string{"A", "C"}, one(activity.ReasonSyntax, "\x00\x00")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, defects := tickets(t, tracker(), x.file)
			require.Equal(t, x.ids, ids(got))
			requireDefects(t, x.file, x.defects, defects)
		})
	}
}

// repeated yields one byte again and again.
type repeated struct {
	b    byte
	left int
}

func (r *repeated) Read(p []byte) (int, error) {
	n := min(len(p), r.left)
	if n == 0 {
		return 0, io.EOF
	}
	for i := range p[:n] {
		p[i] = r.b
	}
	r.left -= n
	return n, nil
}

// A text of 100 MB is longer than a record may be, and nothing of it is kept in memory.
func TestATicketWithATextOf100MB(t *testing.T) {
	t.Parallel()
	const size = 100 << 20
	for name, file := range map[string]struct{ before, behind string }{
		"in JSON": {exported("A") + "\n" + `{"key":"`, `"}` + "\n" + exported("C") + "\n"},
		"in CSV":  {header + "A,03/02/2026 09:00,,New,,,\nB,03/02/2026 09:00,,New,,,\"", "\"\nC,03/02/2026 09:00,,New,,,\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := tracker()
			if name == "in CSV" {
				p = helpdesk()
			}
			var got []string
			var defects []*activity.Defect
			for x, err := range p.Tickets(activity.Input{File: "tickets", Content: io.MultiReader(strings.NewReader(file.before), &repeated{'x', size}, strings.NewReader(file.behind))}) {
				if d, ok := err.(*activity.Defect); ok {
					defects = append(defects, d)
					continue
				}
				require.NoError(t, err)
				got = append(got, x.ID)
			}
			require.Equal(t, []string{"A", "C"}, got)
			require.Len(t, defects, 1)
			require.Equal(t, activity.ReasonTooLong, defects[0].Reason)
			require.Greater(t, defects[0].Raw.Length, int64(size), "what was passed over")
		})
	}
}

// A report of which no line says what the profile looks for was not understood, and must not pass for one without tickets.
func TestAReportThatWasNotUnderstoodIsRefused(t *testing.T) {
	t.Parallel()
	a, b := exported("A"), exported("B")
	row := "INC-8,03/02/2026 09:00,,New,,,\n"
	for name, x := range map[string]struct {
		profile review.TicketProfile
		file    string
		says    string // empty where it is read
	}{
		"no ticket has a number":                {tracker(), oneALine(exported("A", "key", ""), exported("B", "key", "null")), `none has anything that can be read as id in "key"`},
		"no ticket has a time of opening":       {tracker(), oneALine(exported("A", "opened", ""), exported("B", "opened", "7")), `of 2 lines none has anything that can be read as opened in "opened"`},
		"no ticket has a state":                 {tracker(), oneALine(exported("A", "fields", ""), exported("B", "fields", `{"status":null}`)), `as state in "/fields/status/name"`},
		"another report":                        {tracker(), oneALine(`{"id":1}`, `{"id":2}`), `as id in "key", nor as opened in "opened"`},
		"the answer of a system":                {tracker(), `{"error":"secret"}`, `as id in "key", nor as opened`},
		"some have no number":                   {tracker(), oneALine(exported("A", "key", ""), b), ""},
		"some have no time":                     {tracker(), oneALine(exported("A", "opened", ""), b), ""},
		"some have no state":                    {tracker(), oneALine(exported("A", "fields", ""), b), ""},
		"the only ticket has no time":           {tracker(), oneALine(exported("A", "opened", "")), ""},
		"states that nobody translated":         {tracker(), oneALine(exported("A", "fields", `{"status":{"name":"x"}}`), exported("B", "fields", `{"status":{"name":"x"}}`)), ""},
		"no ticket":                             {tracker(), "[]", ""},
		"good ones":                             {tracker(), oneALine(a, b), ""},
		"CSV: all times in another layout":      {helpdesk(), header + strings.ReplaceAll(row+row, "03/02/2026", "2026-03-02"), `none has anything that can be read as opened in "Created"`},
		"CSV: no states":                        {helpdesk(), header + strings.ReplaceAll(row+row, "New", ""), `as state in "Status"`},
		"CSV: another header":                   {helpdesk(), "Number,Opened,Status\n1,2,3\n", `lacks columns of the profile: "Created"`},
		"CSV: another header below a title":     {helpdesk(), "March\n" + strings.Replace(header, "Created", "Opened", 1) + row, `lacks columns of the profile: "Created"`},
		"CSV: the header alone":                 {helpdesk(), header, ""},
		"CSV: one row in another layout":        {helpdesk(), header + strings.ReplaceAll(row, "03/02/2026", "2026-03-02"), ""},
		"CSV: some rows in another layout":      {helpdesk(), header + row + strings.ReplaceAll(row, "03/02/2026", "2026-03-02"), ""},
		"damage says nothing about the profile": {tracker(), oneALine(a[:30], b[:40]), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := detect.Source{ID: "tickets", Files: []detect.File{detect.FileFrom("good", strings.NewReader(map[bool]string{true: oneALine(a), false: header + row}[x.profile.ID == "issues"])), detect.FileFrom("report", strings.NewReader(x.file))}}
			found, _, err := review.FromTickets(context.Background(), source, x.profile, day("2026-03-31"), chicago())
			if x.says == "" {
				require.NoError(t, err)
				require.Equal(t, found.Events, found.Tracking.State(review.TicketOpen)+found.Tracking.State(review.TicketInProgress)+found.Tracking.State(review.TicketClosed)+found.Tracking.State(review.TicketUnknown))
				return
			}
			var unfit *review.MappingError
			require.ErrorAs(t, err, &unfit)
			require.Len(t, unfit.Files, 1, "the other file fits")
			require.Contains(t, unfit.Files[0], "report: ")
			require.Contains(t, unfit.Files[0], x.says)
			require.NotContains(t, err.Error(), "secret")
		})
	}
}
