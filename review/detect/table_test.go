package detect_test

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// tables are all readers of tables.
var tables = map[string]func(in *strings.Reader, o detect.TableOptions) error{
	"roster": func(in *strings.Reader, o detect.TableOptions) error { _, err := detect.ReadRoster(in, o); return err },
	"register": func(in *strings.Reader, o detect.TableOptions) error {
		_, err := detect.ReadRegister(in, o)
		return err
	},
	"relations": func(in *strings.Reader, o detect.TableOptions) error {
		_, err := detect.ReadRelations(in, o)
		return err
	},
	"encounters": func(in *strings.Reader, o detect.TableOptions) error {
		_, err := detect.ReadEncounters(in, o)
		return err
	},
	"watch list": func(in *strings.Reader, o detect.TableOptions) error {
		_, err := detect.ReadWatchList(in, o)
		return err
	},
	"calendar": func(in *strings.Reader, o detect.TableOptions) error {
		_, err := detect.ReadHolidays(in, o)
		return err
	},
	"places": func(in *strings.Reader, o detect.TableOptions) error { _, err := detect.ReadPlaces(in, o); return err },
	"matrix": func(in *strings.Reader, o detect.TableOptions) error {
		_, err := detect.ReadMatrix(in, "1", o)
		return err
	},
	"digests": func(in *strings.Reader, o detect.TableOptions) error { _, err := detect.ReadDigests(in, o); return err }, "leaves": func(in *strings.Reader, o detect.TableOptions) error { _, err := detect.ReadLeaves(in, o); return err },
}

func TestATableWithFaultsNamesAllOfThem(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		table, csv string
		want       []detect.TableFault
	}{
		"nothing at all":        {"roster", "", []detect.TableFault{{Line: 1, Column: 1, Message: "is empty; the first line is a header with the columns user"}}},
		"a column that is lost": {"relations", "user,kind\nu,x\n", []detect.TableFault{{Line: 1, Column: 1, Message: "the column patient is missing"}}},
		"a column that was renamed": {"leaves", "user,from,until\n", []detect.TableFault{
			{Line: 1, Column: 1, Message: "the column to is missing"},
			{Line: 1, Column: 11, Message: `"until" is no column of the leaves; it knows user, from, to`}}},
		"an identity of two users": {"roster", "user,alias,from\nu1,a;b,\nu2,c;a,\nu3,u1,\nu4,b,2026-03-01\nu5,b,2026-03-01\nu1,a,2026-03-01\n", []detect.TableFault{
			{Line: 3, Column: 4, Message: `alias is "a", which line 2 gives to another user from the same day; say in from since when each has it, or take one out`},
			{Line: 4, Column: 4, Message: `alias is "u1", which line 2 gives to another user from the same day; say in from since when each has it, or take one out`},
			{Line: 6, Column: 4, Message: `alias is "b", which line 5 gives to another user from the same day; say in from since when each has it, or take one out`}}},
		"a column twice":          {"matrix", "role,role\n", []detect.TableFault{{Line: 1, Column: 6, Message: "the column role stands twice; take one out"}}},
		"a column without a name": {"matrix", "role,\n", []detect.TableFault{{Line: 1, Column: 6, Message: "is a column without a name; name it, or take it out"}}},
		"a cell too many":         {"matrix", "role,action\nr,read,x\n", []detect.TableFault{{Line: 2, Column: 1, Message: "has 3 cells; the header has 2"}}},
		"an empty cell":           {"relations", "user,patient\n,p\nu,\n", []detect.TableFault{{Line: 2, Column: 1, Message: "user is empty; every row needs it"}, {Line: 3, Column: 3, Message: "patient is empty; every row needs it"}}},
		"a word for a day":        {"calendar", "day\nMonday\n2026-02-30\n", []detect.TableFault{{Line: 2, Column: 1, Message: `day is "Monday"; write a day as 2026-03-31`}, {Line: 3, Column: 1, Message: `day is "2026-02-30"; write a day as 2026-03-31`}}},
		"an encounter that ends before it begins": {"encounters", "patient,from,until\np,2026-03-02,2026-02-01\np,,\np,soon,\n", []detect.TableFault{{Line: 2, Column: 14, Message: "until is before from"},
			{Line: 3, Column: 3, Message: "from is empty; every row needs it"}, {Line: 4, Column: 3, Message: `from is "soon"; write a day as 2026-03-31`}}},
		"an end before a start":   {"leaves", "user,from,to\nu,2026-03-02,2026-03-01\n", []detect.TableFault{{Line: 2, Column: 14, Message: "to is 2026-03-01, before 2026-03-02; the last day is not before the first"}}},
		"an instant without zone": {"roster", "user,ended_at\nu,2026-03-02T10:00:00\n", []detect.TableFault{{Line: 2, Column: 3, Message: `ended_at is "2026-03-02T10:00:00"; write an instant as 2026-03-31T17:00:00Z`}}},
		"shifts":                  {"roster", "user,shift_start,shift_hours,shift_days\nu,25,8,\nu,7,25,Mo\nu,,8,\n", []detect.TableFault{{Line: 2, Column: 3, Message: `shift_start is "25"; write an hour of the day as 7 or 07:30`}, {Line: 3, Column: 5, Message: `shift_hours is "25"; write a number from 0 to 24`}, {Line: 3, Column: 8, Message: `shift_days is "Mo"; write days as Mon;Tue;Wed;Thu;Fri;Sat;Sun`}, {Line: 4, Column: 4, Message: "shift_hours stands without shift_start; write both or neither"}}},
		"half a position":         {"register", "patient,latitude,longitude\np,41.0,\nq,91,0\nr,NaN,0\n", []detect.TableFault{{Line: 2, Column: 3, Message: "latitude stands without the other coordinate; write both or neither"}, {Line: 3, Column: 3, Message: `latitude is "91"; write a number from -90 to 90`}, {Line: 4, Column: 3, Message: `latitude is "NaN"; write a number from -90 to 90`}}},
		"a patient twice":         {"register", "patient\np\np\n", []detect.TableFault{{Line: 3, Column: 1, Message: "patient stands in two rows; keep one"}}},
		"a digest":                {"digests", "source,file,sha256,size\ns,f,ABC,-1\n", []detect.TableFault{{Line: 2, Column: 5, Message: `sha256 is "ABC"; write 64 lower-case hexadecimal digits`}, {Line: 2, Column: 9, Message: `size is "-1"; write a number from 0 to 9.007199254740992e+15`}}},
		"a range":                 {"places", "from,site\n10.0.0.0/33,x\n", []detect.TableFault{{Line: 2, Column: 1, Message: `from is "10.0.0.0/33"; write a range as 10.1.0.0/16`}}},
		"a role that needs nothing and something": {"matrix", "role,action\nclerk,none\nclerk,read\nnurse,read\nnurse,none\nnone,none\n", []detect.TableFault{{Line: 3, Column: 1, Message: "role needs nothing by line 2; keep that or this"},
			{Line: 5, Column: 7, Message: "action is none, and line 4 says what the role needs; keep one of the two"}}},
		"an action":                {"matrix", "role,action\nr,look\n", []detect.TableFault{{Line: 2, Column: 3, Message: `action is "look"; write none, or one of [create read update delete execute print export search login logout override unknown]`}}},
		"a quote that stays open":  {"matrix", "role\n\"nurse\n", []detect.TableFault{{Line: 2, Column: 1, Message: "is a quote that is not closed before the next comma or the end of the line; double a quote that belongs to the text"}}},
		"text behind a quote":      {"matrix", "role\n\"nurse\"x\n", []detect.TableFault{{Line: 2, Column: 1, Message: "is a quote that is not closed before the next comma or the end of the line; double a quote that belongs to the text"}}},
		"a NUL":                    {"matrix", "role\nnu\x00rse\n", []detect.TableFault{{Line: 2, Column: 3, Message: "is a control character; take it out"}}},
		"another encoding":         {"matrix", "role\ninfirmi\xe8re\n", []detect.TableFault{{Line: 2, Column: 8, Message: "is not UTF-8; write the table in UTF-8"}}},
		"a bound that is no day":   {"relations", "user,patient,from,until\nu,p,soon,2026-03-01T99:00:00Z\nu,p,2026-03-02,2026-02-27\n", []detect.TableFault{{Line: 2, Column: 5, Message: `from is "soon"; write a day as 2026-03-31`}, {Line: 2, Column: 10, Message: `until is "2026-03-01T99:00:00Z"; write an instant as 2026-03-31T17:00:00Z`}, {Line: 3, Column: 16, Message: "until is before from"}}},
		"a line as long as a file": {"matrix", "role\n" + strings.Repeat("x", 2<<20), []detect.TableFault{{Line: 2, Column: 1, Message: "is longer than 1048576 bytes; one row stands on one line"}}},
	} {
		err := tables[c.table](strings.NewReader(c.csv), detect.TableOptions{})
		var te *detect.TableError
		require.ErrorAs(t, err, &te, name)
		require.Equal(t, c.table, te.Table, name)
		require.Equal(t, c.want, te.Faults, name)
		require.Equal(t, len(c.want), te.Count, name)
		require.Contains(t, err.Error(), "detect: "+c.table+": ", name)
	}
	var te *detect.TableError
	require.ErrorAs(t, tables["calendar"](strings.NewReader("day\n"+strings.Repeat("x\n", 5000)), detect.TableOptions{}), &te)
	require.Len(t, te.Faults, detect.MaxTableFaults)
	require.Equal(t, 5000, te.Count, "all are counted")
	gone := errors.New("gone")
	_, err := detect.ReadMatrix(iotest.ErrReader(gone), "1", detect.TableOptions{})
	require.ErrorIs(t, err, gone)
}

func TestATableIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	// A byte order mark, line ends of the other kind, quotes, columns in another order with other names, a blank line.
	csv := "\xef\xbb\xbfmrn,login,what,note\r\n\"P,1\",\"u \"\"x\"\"\",x,\"a, b\"\r\n\r\nP2,u2,x,\r\n"
	o := detect.TableOptions{Columns: map[string]string{"mrn": "patient", "login": "user", "what": "", "note": "kind"}}
	r, err := detect.ReadRelations(strings.NewReader(csv), o)
	require.NoError(t, err)
	at := start
	kind, ok := r.Related(activity.Actor{ID: `u "x"`}, activity.Patient{ID: "P,1"}, at, at)
	require.True(t, ok)
	require.Equal(t, "a, b", kind)
	_, ok = r.Related(activity.Actor{ID: "other", AltID: "u2"}, activity.Patient{System: "any", ID: "P2"}, at, at)
	require.True(t, ok, "by the second identity, in any numbering")
	_, ok = r.Related(activity.Actor{ID: "u2"}, activity.Patient{ID: "P,1"}, at, at)
	require.False(t, ok)
	again, err := detect.ReadRelations(strings.NewReader(csv), o)
	require.NoError(t, err)
	require.Equal(t, r.Digest(), again.Digest())
	require.NotEqual(t, r.Digest(), must(t, func(in *strings.Reader) (*detect.RelationTable, error) {
		return detect.ReadRelations(in, detect.TableOptions{})
	}, "user,patient\nu,p\n").Digest())
	o.Zone = newYork(t)
	zoned, err := detect.ReadRelations(strings.NewReader(csv), o)
	require.NoError(t, err)
	require.NotEqual(t, r.Digest(), zoned.Digest(), "days of another zone are other days")
	r.Resolve = func(a activity.Actor) (string, bool) { return "u2", a.ID == "arn:x" }
	_, ok = r.Related(activity.Actor{ID: "arn:x"}, activity.Patient{ID: "P2"}, at, at)
	require.True(t, ok)
}

func TestARosterKnowsPeopleByTheDay(t *testing.T) {
	t.Parallel()
	r := must(t, func(in *strings.Reader) (*detect.Roster, error) { return detect.ReadRoster(in, detect.TableOptions{}) },
		"user,alias,role,from,to\nw,u,clerk,2026-01-01,2026-03-31\nw,u,nurse,2026-04-01,\nv,,guard,2026-01-01,2026-01-31\n")
	role := func(id string, day string) string {
		at, err := time.Parse(time.DateOnly, day)
		require.NoError(t, err)
		p, ok := r.Person(activity.Actor{ID: id}, at)
		if !ok {
			return "?"
		}
		return p.Role
	}
	require.Equal(t, "clerk", role("u", "2026-03-31"))
	require.Equal(t, "nurse", role("u", "2026-04-01"))
	require.Equal(t, "clerk", role("w", "2025-01-01"), "before the first row the first is nearest")
	require.Equal(t, "guard", role("v", "2026-06-01"))
	require.Equal(t, "?", role("x", "2026-06-01"))
	ended := func(day string) bool {
		at, err := time.Parse(time.DateOnly, day)
		require.NoError(t, err)
		_, gone := r.Ended(activity.Actor{ID: "v"}, at)
		return gone
	}
	require.False(t, ended("2026-01-31"))
	require.True(t, ended("2026-02-01"))
	people := []detect.Person{{ID: "w", Role: "nurse", Patients: []activity.Patient{{ID: "p"}}}}
	built := detect.NewRoster(people, map[string]string{"arn": "w"}, nil)
	p, ok := built.Person(activity.Actor{ID: "arn"}, start)
	require.True(t, ok)
	require.Equal(t, "nurse", p.Role)
	require.NotEqual(t, built.Digest(), detect.NewRoster(people, nil, nil).Digest())
	owner, ok := built.Owner(activity.Patient{System: "s", ID: "p"}, start)
	require.True(t, ok)
	require.Equal(t, "w", owner.ID)
	require.Equal(t, detect.NewRegister([]detect.PatientFacts{{ID: activity.Patient{ID: "p"}, Surname: "A"}, {ID: activity.Patient{ID: "p"}, Surname: "B"}}).SurnameShare("a"), 0.0, "of two entries the later holds")
	require.Len(t, detect.NewHolidays([]detect.Holiday{{Day: hipaasmp.Day(2026, 1, 1)}}).Digest(), 64)
	require.Len(t, detect.NewWatchList([]detect.Watched{{Patient: activity.Patient{ID: "p"}}}, nil).Digest(), 64)
}

func FuzzTables(f *testing.F) {
	for _, csv := range []string{rosterCSV, registerCSV, relationsCSV, watchCSV, holidaysCSV, placesCSV, matrixCSV, leavesCSV, "user\n\"", "\xff", "day,site,name\n2026-01-01,\"a\"\"b\",\n"} {
		f.Add(csv)
	}
	f.Fuzz(func(t *testing.T, csv string) {
		for name, read := range tables {
			err := read(strings.NewReader(csv), detect.TableOptions{})
			if err == nil {
				continue
			}
			var te *detect.TableError
			require.ErrorAs(t, err, &te, name)
			lines := strings.Count(csv, "\n") + 1
			require.NotEmpty(t, te.Faults)
			for _, fault := range te.Faults {
				require.True(t, fault.Line >= 1 && fault.Line <= lines && fault.Column >= 1, "%s: %v", name, fault)
				require.True(t, hipaasmp.ValidText(fault.Message), "%q", fault.Message)
			}
		}
	})
}
