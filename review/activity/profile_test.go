package activity_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // so that no test depends on the machine's own time zone database

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// access is the profile of an access report as electronic health records write them: local time on a clock of twelve
// hours, in two columns, and words of their own.
func access() activity.Profile {
	return activity.Profile{
		ID: "ehr-access", Version: 3, Format: activity.FormatCSV,
		Columns: []activity.Column{
			{Name: "Date", Field: activity.FieldRecorded},
			{Name: "Time", Field: activity.FieldRecorded},
			{Name: "User ID", Field: activity.FieldActor},
			{Name: "User Name", Field: activity.FieldActorName},
			{Name: "MRN", Field: activity.FieldPatient},
			{Name: "What", Field: activity.FieldAction},
			{Name: "Result", Field: activity.FieldOutcome},
			{Name: "Workstation", Field: activity.FieldAddr},
			{Name: "Reason", Field: activity.FieldPurpose},
			{Name: "Comment", Field: activity.FieldIgnore},
		},
		List: ";", Layouts: []string{"01/02/2006 03:04:05 PM", "1/2/2006 3:04 PM"}, Zone: "America/Chicago", PatientSystem: "urn:oid:1.2.3.4",
		Words: map[activity.Field]map[string]string{
			activity.FieldAction:  {"Chart opened": "read", "Printed": "print"},
			activity.FieldOutcome: {"OK": "success", "Refused": "denied"},
		},
		Defaults: map[activity.Field]string{activity.FieldActorKind: "person", activity.FieldOutcome: "OK"},
	}
}

const accessHead = "Date,Time,User ID,User Name,MRN,What,Result,Workstation,Reason,Comment\n"

func readWith(t testing.TB, p activity.Profile, file string) (events []activity.Event, defects []activity.Defect) {
	t.Helper()
	r, err := activity.ReaderWith(p)
	require.NoError(t, err)
	require.Equal(t, p.Format, r.Format())
	for e, err := range r.Read(activity.Input{Source: "s1", File: "log", Content: strings.NewReader(file)}) {
		if err != nil {
			var d *activity.Defect
			require.ErrorAs(t, err, &d)
			defects = append(defects, *d)
			continue
		}
		events = append(events, e)
	}
	return events, defects
}

func TestAProfileMapsAnAccessReport(t *testing.T) {
	t.Parallel()
	file := accessHead +
		"03/01/2026,07:15:30 PM,u1,a name,1001;1002 ; ,Chart opened,,10.0.0.7,TREAT;BTG,\"a \"\"comment\"\",\nof two lines\"\n" +
		"3/1/2026,7:16 AM,u2,,,Frobnicated,Refused,WS-7,,\n"
	events, defects := readWith(t, access(), file)
	require.Empty(t, defects)
	require.Equal(t, []activity.Event{
		{
			Source: "s1", Seq: 1, Recorded: time.Date(2026, 3, 2, 1, 15, 30, 0, time.UTC),
			Actor:    activity.Actor{ID: "u1", Kind: activity.ActorPerson, Display: "a name"},
			Patients: []activity.Patient{{System: "urn:oid:1.2.3.4", ID: "1001"}, {System: "urn:oid:1.2.3.4", ID: "1002"}},
			Action:   activity.ActionRead, Family: activity.FamilyOverride, Act: activity.Act{Name: "Chart opened"},
			Outcome: activity.OutcomeSuccess, Code: "OK", From: activity.Origin{Addr: "10.0.0.7"}, Purpose: []string{"TREAT", "BTG"},
			Raw: activity.Raw{File: "log", Offset: int64(len(accessHead)), Length: int64(strings.Index(file, "\n3/1") - len(accessHead))},
		},
		{
			Source: "s1", Seq: 2, Recorded: time.Date(2026, 3, 1, 13, 16, 0, 0, time.UTC),
			Actor:  activity.Actor{ID: "u2", Kind: activity.ActorPerson},
			Action: activity.ActionUnknown, Family: activity.FamilyUnknown, Act: activity.Act{Name: "Frobnicated"},
			Outcome: activity.OutcomeDenied, Code: "Refused", From: activity.Origin{Host: "WS-7"},
			Raw: activity.Raw{File: "log", Offset: int64(strings.Index(file, "3/1/2026,7")), Length: int64(len("3/1/2026,7:16 AM,u2,,,Frobnicated,Refused,WS-7,,"))},
		},
	}, events)
	for _, e := range events { // the header is not needed to look at a row again
		again, defects := readWith(t, access(), file[e.Raw.Offset:e.Raw.Offset+e.Raw.Length])
		require.Empty(t, defects)
		again[0].Raw.Offset, again[0].Seq = e.Raw.Offset, e.Seq
		require.Equal(t, e, again[0])
	}
}

func TestTheRepeatedHourIsReadAsItsFirst(t *testing.T) {
	t.Parallel()
	row := func(clock string) time.Time {
		events, defects := readWith(t, access(), clock+",u,,,Printed,,,,\n")
		require.Empty(t, defects)
		return events[0].Recorded
	}
	require.Equal(t, time.Date(2026, 11, 1, 5, 30, 0, 0, time.UTC), row("11/01/2026,12:30:00 AM"))
	require.Equal(t, time.Date(2026, 11, 1, 6, 30, 0, 0, time.UTC), row("11/01/2026,01:30:00 AM"), "and not 07:30")
	require.Equal(t, time.Date(2026, 11, 1, 8, 30, 0, 0, time.UTC), row("11/01/2026,02:30:00 AM"))
}

func TestAHeaderThatIsNotTheProfilesGivesNoEvents(t *testing.T) {
	t.Parallel()
	row := "03/01/2026,07:15:30 PM,u1,,1001,Printed,,,,\n"
	for name, c := range map[string]struct{ head, says string }{
		"renamed":         {strings.Replace(accessHead, "MRN", "Patient", 1), `lacks columns of the profile: "MRN"; it has others at position 5`},
		"left out":        {strings.Replace(accessHead, "MRN,", "", 1), `lacks columns of the profile: "MRN"`},
		"two changed":     {strings.Replace(accessHead, "User ID,User Name", "User,Name", 1), `"User ID", "User Name"`},
		"another order":   {strings.Replace(accessHead, "User ID,User Name", "User Name,User ID", 1), "another order"},
		"one more":        {strings.Replace(accessHead, "MRN", "MRN,Encounter", 1), "has columns that the profile does not name, at position 6"},
		"many more":       {strings.Replace(accessHead, "MRN", "MRN"+strings.Repeat(",x", 12), 1), "at position 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 and beyond"},
		"one twice":       {strings.Replace(accessHead, "MRN", "MRN,MRN", 1), "or one stands twice"},
		"wholly another":  {"a,b,c,d,e,f,g,h,i,j\n", `"Date", "Time"`},
		"with a mark":     {"\ufeff" + strings.Replace(accessHead, "MRN", "Patient", 1), `"MRN"`},
		"below a title":   {"Access report\n" + strings.Replace(accessHead, "MRN", "Patient", 1), `"MRN"`},
		"lower-case name": {strings.Replace(accessHead, "MRN", "mrn", 1), `"MRN"`},
	} {
		events, defects := readWith(t, access(), c.head+row+row)
		require.Empty(t, events, name)
		titles := strings.Count(c.head, "\n") - 1
		require.Len(t, defects, titles+3, "%s: every row is counted", name)
		for _, d := range defects[titles:] {
			require.Equal(t, activity.ReasonColumns, d.Reason, name)
		}
		require.Contains(t, defects[titles].Detail, c.says, name)
		require.NotContains(t, defects[titles].Detail, "Patient", "%s: no word of the file, which may be somebody's data", name)
	}
	_, all := readWith(t, access(), strings.ReplaceAll(accessHead+row, ",", ";"))
	require.Len(t, all, 2)
	require.Contains(t, all[0].Detail, "the row has 1 cell where the profile has 10 columns; where another character stands between cells, the profile names it as its delimiter")
	events, defects := readWith(t, access(), "Access report of March\n\n"+accessHead+row+" Date,Time , User ID,User Name,MRN,What,Result,Workstation,Reason,Comment\r\n"+row)
	require.Len(t, events, 2, "a title above the header, and the header of a second file behind the first")
	require.Len(t, defects, 1)
	require.Equal(t, activity.ReasonSyntax, defects[0].Reason)
}

func TestDamagedRowsAreCountedAndReadingGoesOn(t *testing.T) {
	t.Parallel()
	row := func(user string) string { return "03/01/2026,07:15:30 PM," + user + ",,1001,Printed,,,," }
	for name, c := range map[string]struct {
		bad    string
		reason activity.Reason
	}{
		"too few cells":          {"03/01/2026,07:15:30 PM,x", activity.ReasonSyntax},
		"too many cells":         {row("x") + ",", activity.ReasonSyntax},
		"a quote in a cell":      {row(`5" screen`), activity.ReasonSyntax},
		"an open quote":          {row(`"x`), activity.ReasonSyntax},
		"text behind a quote":    {row(`"x"y`), activity.ReasonSyntax},
		"no time":                {",,u,,1001,Printed,,,,", activity.ReasonType},
		"a time in other layout": {"2026-03-01,19:15,u,,1001,Printed,,,,", activity.ReasonType},
		"not UTF-8":              {row("\xff"), activity.ReasonEncoding},
	} {
		events, defects := readWith(t, access(), accessHead+row("a")+"\n"+c.bad+"\n"+row("b")+"\n"+row("c")+"\n")
		require.Len(t, events, 3, name)
		require.Len(t, defects, 1, name)
		require.Equal(t, c.reason, defects[0].Reason, name)
		require.EqualValues(t, len(accessHead)+len(row("a"))+1, defects[0].Raw.Offset, name)
		require.EqualValues(t, len(c.bad), defects[0].Raw.Length, name)
		require.EqualValues(t, 2, defects[0].Seq, name)
	}
	_, defects := readWith(t, access(), accessHead+row("a")+"\n03/01/2026,07:1")
	require.Equal(t, activity.ReasonTruncated, defects[0].Reason)
}

func TestProfileFaultsAreAllNamed(t *testing.T) {
	t.Parallel()
	require.NoError(t, access().Validate())
	for name, c := range map[string]struct {
		change func(*activity.Profile)
		code   hipaasmp.FaultCode
		at     string
	}{
		"no columns":             {func(p *activity.Profile) { p.Columns = nil }, activity.FaultColumns, "/columns"},
		"no time":                {func(p *activity.Profile) { p.Columns = p.Columns[2:] }, activity.FaultColumns, "/columns"},
		"a field twice":          {func(p *activity.Profile) { p.Columns[3].Field = activity.FieldActor }, activity.FaultColumns, "/columns/3/field"},
		"a name twice":           {func(p *activity.Profile) { p.Columns[3].Name = "MRN" }, activity.FaultColumns, "/columns/4/name"},
		"no name":                {func(p *activity.Profile) { p.Columns[3].Name = "" }, activity.FaultColumns, "/columns/3/name"},
		"a blank":                {func(p *activity.Profile) { p.Columns[3].Name = "x " }, activity.FaultColumns, "/columns/3/name"},
		"an unknown field":       {func(p *activity.Profile) { p.Columns[3].Field = "x" }, hipaasmp.FaultEnum, "/columns/3/field"},
		"no zone":                {func(p *activity.Profile) { p.Zone = "" }, activity.FaultTimes, "/layouts/0"},
		"an unknown zone":        {func(p *activity.Profile) { p.Zone = "Chicago" }, activity.FaultTimes, "/zone"},
		"the machine's zone":     {func(p *activity.Profile) { p.Zone = "Local" }, activity.FaultTimes, "/zone"},
		"no year":                {func(p *activity.Profile) { p.Layouts[1] = "01/02 15:04" }, activity.FaultTimes, "/layouts/1"},
		"half a day":             {func(p *activity.Profile) { p.Layouts[1] = "01/02/2006 03:04" }, activity.FaultTimes, "/layouts/1"},
		"a zone abbreviated":     {func(p *activity.Profile) { p.Layouts[1] = "01/02/2006 15:04 MST" }, activity.FaultTimes, "/layouts/1"},
		"a word of no meaning":   {func(p *activity.Profile) { p.Words[activity.FieldAction]["x"] = "peek" }, activity.FaultWords, "/words/action/x"},
		"words of a free text":   {func(p *activity.Profile) { p.Words[activity.FieldHost] = map[string]string{"a": "b"} }, activity.FaultWords, "/words/host"},
		"a default no word":      {func(p *activity.Profile) { p.Defaults[activity.FieldOutcome] = "fine" }, activity.FaultWords, "/defaults/outcome"},
		"a default time":         {func(p *activity.Profile) { p.Defaults[activity.FieldRecorded] = "x" }, activity.FaultWords, "/defaults/recorded"},
		"a container":            {func(p *activity.Profile) { p.Container = "x" }, activity.FaultForm, "/container"},
		"a quote between":        {func(p *activity.Profile) { p.Delimiter = `"` }, activity.FaultForm, "/delimiter"},
		"two between":            {func(p *activity.Profile) { p.Delimiter = ",," }, hipaasmp.FaultRange, "/delimiter"},
		"another format":         {func(p *activity.Profile) { p.Format = activity.FormatFHIR }, activity.FaultForm, "/format"},
		"delimiter in JSON":      {func(p *activity.Profile) { p.Format, p.Delimiter = activity.FormatNDJSON, ";" }, activity.FaultForm, "/delimiter"},
		"header in JSON":         {func(p *activity.Profile) { p.Format, p.Headerless = activity.FormatNDJSON, true }, activity.FaultForm, "/headerless"},
		"needs no column":        {func(p *activity.Profile) { p.Needed = []activity.Field{activity.FieldActor, activity.FieldSession} }, activity.FaultColumns, "/needed/1"},
		"needs what is ignored":  {func(p *activity.Profile) { p.Needed = []activity.Field{activity.FieldIgnore} }, activity.FaultColumns, "/needed/0"},
		"needs what is no field": {func(p *activity.Profile) { p.Needed = []activity.Field{"x"} }, hipaasmp.FaultEnum, "/needed/0"},
		"one within another": {func(p *activity.Profile) {
			p.Format, p.Columns[3].Name, p.Columns[4].Name = activity.FormatNDJSON, "/a", "/a/b"
		}, activity.FaultColumns, "/columns/4/name"},
	} {
		p := access()
		c.change(&p)
		_, err := activity.ReaderWith(p)
		var invalid *hipaasmp.ValidationError
		require.ErrorAs(t, err, &invalid, name)
		found := false
		for _, f := range invalid.Faults {
			found = found || f.Code == c.code && f.Pointer == c.at
		}
		require.True(t, found, "%s: %v", name, err)
	}
	codes := map[hipaasmp.FaultCode]bool{}
	for _, d := range activity.FaultDefs() {
		require.False(t, codes[d.Code])
		codes[d.Code] = true
		require.Equal(t, hipaasmp.FaultRule, d.Kind)
		require.NotEmpty(t, d.Meaning)
		require.NotEmpty(t, d.Remedy)
	}
}

func TestTheDigestOfAProfileChangesWithIt(t *testing.T) {
	t.Parallel()
	one, err := access().Digest()
	require.NoError(t, err)
	data, err := json.Marshal(access())
	require.NoError(t, err)
	var back activity.Profile
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, access(), back)
	again, err := back.Digest()
	require.NoError(t, err)
	require.Equal(t, one, again, "written and read again it is the same")
	back.Words[activity.FieldAction]["Printed"] = "read"
	other, err := back.Digest()
	require.NoError(t, err)
	require.NotEqual(t, one, other)
	back.ID = "\xff"
	_, err = back.Digest()
	require.Error(t, err)
}

func TestFlatJSONByAProfile(t *testing.T) {
	t.Parallel()
	p := activity.Profile{ID: "portal", Version: 1, Format: activity.FormatNDJSON, Container: "entries", Layouts: []string{"unix_ms", "unix"},
		Columns: []activity.Column{
			{Name: "t", Field: activity.FieldRecorded}, {Name: "/who/id", Field: activity.FieldActor}, {Name: "/who/a~1b~0", Field: activity.FieldActorAlt},
			{Name: "patients", Field: activity.FieldPatient}, {Name: "ok", Field: activity.FieldOutcome}},
		Words: map[activity.Field]map[string]string{activity.FieldOutcome: {"true": "success", "false": "failure"}}}
	events, defects := readWith(t, p, `{"n":3,"entries":[
		{"t":1772355600123,"who":{"id":7,"a/b~":"x","more":{"id":"no"}},"patients":["p1","p2","p1",null],"ok":true},
		{"t":"1772355600124","who":null,"patients":"p3","ok":false},
		{"t":1772355600125,"who":"u"},
		{"t":1772355600126,"ok":[true]},
		{"t":1772355600127,"patients":{}},
		{"t":null},
		"text",
		{"t":1772355600128,"t":1}]}`)
	require.Len(t, events, 2)
	require.Equal(t, time.Date(2026, 3, 1, 9, 0, 0, 123e6, time.UTC), events[0].Recorded)
	require.Equal(t, activity.Actor{ID: "7", AltID: "x", Kind: activity.ActorUnknown}, events[0].Actor)
	require.Equal(t, []activity.Patient{{ID: "p1"}, {ID: "p2"}}, events[0].Patients)
	require.Equal(t, activity.OutcomeSuccess, events[0].Outcome)
	require.Equal(t, activity.OutcomeFailure, events[1].Outcome)
	require.False(t, events[1].Actor.Resolved())
	var reasons []activity.Reason
	for _, d := range defects {
		reasons = append(reasons, d.Reason)
	}
	require.Equal(t, []activity.Reason{activity.ReasonType, activity.ReasonType, activity.ReasonType, activity.ReasonType, activity.ReasonType, activity.ReasonDuplicateMember}, reasons)
}

// A defect names every column that is wrong, those that the profile needs among them, in the order of the profile.
func TestADefectNamesEveryColumnThatIsWrong(t *testing.T) {
	t.Parallel()
	p := activity.Profile{ID: "portal", Version: 1, Format: activity.FormatNDJSON, Needed: []activity.Field{activity.FieldRecorded, activity.FieldActor, activity.FieldPatient},
		Columns: []activity.Column{{Name: "patients", Field: activity.FieldPatient}, {Name: "day", Field: activity.FieldRecorded}, {Name: "hour", Field: activity.FieldRecorded}, {Name: "/who/id", Field: activity.FieldActor},
			{Name: "/who/as", Field: activity.FieldActorAlt}, {Name: "id", Field: activity.FieldID}}, Layouts: []string{"2006-01-02 15:04"}, Zone: "UTC"}
	good := `{"patients":["p1"],"day":"2026-03-01","hour":"09:00","who":{"id":"u"},"id":"1"}`
	for bad, columns := range map[string][]string{
		`{}`: {"patients", "day", "hour", "/who/id"},
		`{"patients":[],"day":"2026-03-01","hour":"09:00","who":{"id":"u"}}`:               {"patients"},
		`{"patients":[{}, []],"day":"2026-03-01","hour":"9","who":{"id":null}}`:            {"patients", "day", "hour", "/who/id"},
		`{"patients":"p","day":"2026-03-01","hour":"09:00","who":"u"}`:                     {"/who/id", "/who/as"},
		`{"patients":"p","day":"2026-03-01","hour":["09:00"],"who":{"id":"u"},"id":false}`: {"hour", "id"},
		`{"patients":"p","day":"2026-03-01","who":{"id":"u"},"who":{"id":"v"}}`:            {"/who/id", "/who/as"},
	} {
		text := strings.Join([]string{good, good, good, bad, good}, "\n") // those that look alike are read in another way
		events, defects := readWith(t, p, text)
		require.Len(t, events, 4, bad)
		require.Len(t, defects, 1, bad)
		require.Equal(t, columns, defects[0].Columns, "%s: %s", bad, defects[0].Detail)
		require.EqualValues(t, 4, defects[0].Seq)
		require.Equal(t, bad, text[defects[0].Raw.Offset:defects[0].Raw.Offset+defects[0].Raw.Length])
	}
	wide := activity.Profile{ID: "wide", Version: 1, Format: activity.FormatCSV, Headerless: true, Columns: []activity.Column{{Field: activity.FieldRecorded}, {Field: activity.FieldActor}}, Needed: []activity.Field{activity.FieldActor}}
	_, defects := readWith(t, wide, ",\n")
	require.Equal(t, []string{"column 1", "column 2"}, defects[0].Columns, "a column without a name is told by its place")
}

// An identity that is true or false is none: the entries that have it would pass for one that was delivered again.
func TestABooleanIsNoIdentity(t *testing.T) {
	t.Parallel()
	line := func(id string) string {
		return `{"recorded":"2026-03-01T09:00:00Z","id":` + id + `,"outcome":"success"}`
	}
	events, defects := readWith(t, activity.PlainProfile(activity.FormatNDJSON), strings.Join([]string{line(`"1"`), line(`"2"`), line(`"true"`), line("true"), line("false"), line("3"), line("null")}, "\n"))
	var ids []string
	for _, e := range events {
		ids = append(ids, e.ID)
	}
	require.Equal(t, []string{"1", "2", "true", "3", ""}, ids)
	require.Len(t, defects, 2)
}

// Of two arrays of one name in an object, readers take one or the other. The second is a defect, in every format.
func TestTwoContainersOfOneName(t *testing.T) {
	t.Parallel()
	p := activity.PlainProfile(activity.FormatNDJSON)
	p.Container = "entries"
	line := func(second int) string { return fmt.Sprintf(`{"recorded":"2026-03-01T09:00:%02dZ"}`, second) }
	second := "[" + line(2) + "]"
	text := `{"entries":[` + line(1) + `],"more":{"entries":[` + line(3) + `]},"entries":` + second + `,"n":1}` + "\n" + `{"entries":[` + line(4) + "]}"
	events, defects := readWith(t, p, text)
	require.Equal(t, "1 4", secondsOf(events))
	require.Len(t, defects, 1)
	require.Equal(t, activity.ReasonDuplicateMember, defects[0].Reason)
	require.Equal(t, second, text[defects[0].Raw.Offset:defects[0].Raw.Offset+defects[0].Raw.Length])
}

func TestALongRowIsPassedOverInBoundedMemory(t *testing.T) {
	t.Parallel()
	r, err := activity.ReaderWith(access())
	require.NoError(t, err)
	row := "03/01/2026,07:15:30 PM,u,,1001,Printed,,,,"
	var n, long int
	read := &largest{r: &joined{[]string{accessHead, row + "\n" + row}, 64 << 20, "\n" + row + "\n"}}
	for _, err := range r.Read(activity.Input{Content: read, MaxRecord: 1 << 20}) {
		var d *activity.Defect
		if errors.As(err, &d) {
			require.Equal(t, activity.ReasonTooLong, d.Reason)
			long++
			continue
		}
		require.NoError(t, err)
		n++
	}
	require.Equal(t, 2, n)
	require.Equal(t, 1, long)
	require.Less(t, read.asked, 4<<20)
}

// joined is a head, so many bytes of x, and a tail.
type joined struct {
	head []string
	fill int
	tail string
}

func (j *joined) Read(p []byte) (int, error) {
	switch {
	case len(j.head) > 0:
		n := copy(p, j.head[0])
		if j.head[0] = j.head[0][n:]; j.head[0] == "" {
			j.head = j.head[1:]
		}
		return n, nil
	case j.fill > 0:
		n := min(len(p), j.fill)
		copy(p, bytes.Repeat([]byte("x"), n))
		j.fill -= n
		return n, nil
	}
	n := copy(p, j.tail)
	if j.tail = j.tail[n:]; n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// What failed is said by the outcome. A report that calls it a kind of activity does not say what was done.
func TestNoReportHasFailedForAKindOfActivity(t *testing.T) {
	t.Parallel()
	p := activity.PlainProfile(activity.FormatNDJSON)
	p.Words = map[activity.Field]map[string]string{activity.FieldFamily: {"X": "failed"}}
	p.Defaults = map[activity.Field]string{activity.FieldFamily: "failed"}
	_, err := activity.ReaderWith(p)
	var refused *hipaasmp.ValidationError
	require.ErrorAs(t, err, &refused)
	require.Len(t, refused.Faults, 2)
	for i, at := range []string{"/defaults/family", "/words/family/X"} {
		require.Equal(t, activity.FaultWords, refused.Faults[i].Code)
		require.Equal(t, at, refused.Faults[i].Pointer)
	}
	for _, form := range []activity.Format{activity.FormatNDJSON, activity.FormatCSV} {
		row := `{"recorded":"2026-03-01T10:00:00Z","action":"login","family":"failed","outcome":"failure"}` + "\n"
		if form == activity.FormatCSV {
			row = "2026-03-01T10:00:00Z,,,,,,,login,failed,,,,failure,,,,,,\n"
		}
		events, defects := readWith(t, activity.PlainProfile(form), row)
		require.Empty(t, defects)
		require.Equal(t, []any{activity.FamilyLogin, activity.OutcomeFailure}, []any{events[0].Family, events[0].Outcome}, form)
	}
}
