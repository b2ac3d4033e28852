package activity_test

import (
	"errors"
	"fmt"
	"io"
	"log"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

func directory(t testing.TB, o activity.DirectoryOptions, rows ...string) *activity.Directory {
	t.Helper()
	d, err := activity.ReadDirectory(strings.NewReader("subject,system,alias,id,from,to\n"+strings.Join(rows, "\n")), o)
	require.NoError(t, err)
	return d
}

func TestDirectoryResolvesByDayAndSystem(t *testing.T) {
	t.Parallel()
	chicago, err := time.LoadLocation("America/Chicago")
	require.NoError(t, err)
	d := directory(t, activity.DirectoryOptions{Zone: chicago, PatientSystem: "mpi"},
		"actor,,rn7,w-1,2026-01-01,2026-06-30",
		"actor,,rn7,w-2,2026-07-01,", // the log-in was given to another
		"actor,,both,w-1,,2026-03-31",
		"actor,,both,w-2,2026-03-01,",
		"actor,,twice,w-1,,2026-03-31",
		"actor,,twice,w-1,2026-03-01,",
		"actor,ehr,jd,w-3,,",
		"actor,,jd,w-4,,",
		"actor,,badge-9,w-1,,",
		"patient,hospital,m-1,p-1,,",
		"patient,clinic,m-1,p-2,,",
		"patient,clinic,m-9,p-2,,",
	)
	resolve := func(when string, a activity.Actor) (string, activity.Resolution) {
		e := activity.Event{Source: "ehr", Actor: a}
		if when != "" {
			e.Recorded = at(when)
		}
		got, r := d.Resolve(e)
		if r.Actor != activity.ResolutionFound {
			require.Equal(t, e, got, "what is unresolved stays as the log has it")
		} else if got.Actor.ID != a.ID {
			require.Equal(t, a.ID, got.Actor.AltID, "the identity of the log stays")
		}
		return got.Actor.ID, r.Actor
	}
	for name, c := range map[string]struct {
		when string
		a    activity.Actor
		id   string
		want activity.Resolution
	}{
		"in the first interval":              {"2026-02-01T12:00:00Z", activity.Actor{ID: "rn7"}, "w-1", activity.ResolutionFound},
		"its last day, by the clock there":   {"2026-07-01T04:59:59Z", activity.Actor{ID: "rn7"}, "w-1", activity.ResolutionFound},
		"the next day, by the clock there":   {"2026-07-01T05:00:00Z", activity.Actor{ID: "rn7"}, "w-2", activity.ResolutionFound},
		"before the first":                   {"2025-12-31T12:00:00Z", activity.Actor{ID: "rn7"}, "rn7", activity.ResolutionOutOfInterval},
		"before two that overlap":            {"2026-02-01T12:00:00Z", activity.Actor{ID: "both"}, "w-1", activity.ResolutionFound},
		"in the overlap of two people":       {"2026-03-15T12:00:00Z", activity.Actor{ID: "both"}, "both", activity.ResolutionAmbiguous},
		"in the overlap of one person":       {"2026-03-15T12:00:00Z", activity.Actor{ID: "twice"}, "w-1", activity.ResolutionFound},
		"an event without a time":            {"", activity.Actor{ID: "rn7"}, "rn7", activity.ResolutionUndated},
		"without a time, listed undated":     {"", activity.Actor{ID: "badge-9"}, "w-1", activity.ResolutionFound},
		"the source goes before everywhere":  {"2026-02-01T12:00:00Z", activity.Actor{ID: "jd"}, "w-3", activity.ResolutionFound},
		"not listed":                         {"2026-02-01T12:00:00Z", activity.Actor{ID: "nobody"}, "nobody", activity.ResolutionUnlisted},
		"capital letters are others":         {"2026-02-01T12:00:00Z", activity.Actor{ID: "RN7"}, "RN7", activity.ResolutionUnlisted},
		"nobody is named":                    {"2026-02-01T12:00:00Z", activity.Actor{Display: "rn7"}, "", activity.ResolutionAbsent},
		"by the second identity":             {"2026-02-01T12:00:00Z", activity.Actor{ID: "x", AltID: "badge-9"}, "w-1", activity.ResolutionFound},
		"both identities agree":              {"2026-02-01T12:00:00Z", activity.Actor{ID: "rn7", AltID: "badge-9"}, "w-1", activity.ResolutionFound},
		"the identities disagree":            {"2026-08-01T12:00:00Z", activity.Actor{ID: "rn7", AltID: "badge-9"}, "rn7", activity.ResolutionAmbiguous},
		"the first is out, the second is in": {"2025-02-01T12:00:00Z", activity.Actor{ID: "rn7", AltID: "badge-9"}, "w-1", activity.ResolutionFound},
		"the first is out, the second new":   {"2025-02-01T12:00:00Z", activity.Actor{ID: "rn7", AltID: "y"}, "rn7", activity.ResolutionOutOfInterval},
	} {
		id, r := resolve(c.when, c.a)
		require.Equal(t, c.want, r, name)
		require.Equal(t, c.id, id, name)
	}
	e, r := d.Resolve(activity.Event{Recorded: at("2026-02-01T12:00:00Z"), Patients: []activity.Patient{
		{System: "hospital", ID: "m-1"}, {System: "clinic", ID: "m-1"}, {System: "clinic", ID: "m-9"}, {System: "other", ID: "m-1"}}})
	require.Equal(t, []activity.Patient{{System: "mpi", ID: "p-1"}, {System: "mpi", ID: "p-2"}, {System: "other", ID: "m-1"}}, e.Patients, "one patient of two numbers is named once")
	require.Equal(t, []activity.Resolution{activity.ResolutionFound, activity.ResolutionFound, activity.ResolutionFound, activity.ResolutionUnlisted}, r.Patients)

	folded := directory(t, activity.DirectoryOptions{FoldCase: true}, "actor,,CLINIC\\Rn7,w-1,,")
	got, _ := folded.Resolve(activity.Event{Actor: activity.Actor{ID: `clinic\RN7`}})
	require.Equal(t, activity.Actor{ID: "w-1", AltID: `clinic\RN7`}, got.Actor)
}

func TestDirectoryTallyCountsWhatIsUnresolved(t *testing.T) {
	t.Parallel()
	d := directory(t, activity.DirectoryOptions{}, "actor,,a,w-1,2026-01-01,", "patient,,m,p-1,,", "patient,,n,p-1,,", "patient,,n,p-2,,")
	var one, two, all activity.DirectoryTally
	for i, e := range []activity.Event{
		{Actor: activity.Actor{ID: "a"}, Recorded: at("2026-01-01T00:00:00Z"), Patients: []activity.Patient{{ID: "m"}, {ID: "n"}}},
		{Actor: activity.Actor{ID: "a"}, Recorded: at("2025-12-31T23:59:59Z"), Patients: []activity.Patient{{ID: "m"}}},
		{Actor: activity.Actor{ID: "a"}},
		{Actor: activity.Actor{ID: "b"}, Recorded: at("2026-01-01T00:00:00Z")},
		{Recorded: at("2026-01-01T00:00:00Z")},
	} {
		_, r := d.Resolve(e)
		[]*activity.DirectoryTally{&one, &two}[i%2].Count(r)
	}
	all.Merge(&one)
	all.Merge(&two)
	for r, want := range map[activity.Resolution]int64{activity.ResolutionFound: 1, activity.ResolutionOutOfInterval: 1, activity.ResolutionUndated: 1,
		activity.ResolutionUnlisted: 1, activity.ResolutionAbsent: 1} {
		require.Equal(t, want, all.Actors(r), r)
	}
	require.EqualValues(t, 4, all.UnresolvedActors())
	require.EqualValues(t, 2, all.Patients(activity.ResolutionFound))
	require.EqualValues(t, 1, all.Patients(activity.ResolutionAmbiguous))
	require.EqualValues(t, 1, all.UnresolvedPatients())
}

// Looking up is what going through the list would be.
func TestDirectoryEqualsGoingThroughTheList(t *testing.T) {
	t.Parallel()
	first := hipaasmp.Day(2026, 1, 1)
	rapid.Check(t, func(rt *rapid.T) {
		aliases := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) activity.Alias {
			a := activity.Alias{Subject: activity.SubjectActor, System: rapid.SampledFrom([]string{"", "s"}).Draw(rt, "system"), Alias: rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "alias"),
				ID: rapid.SampledFrom([]string{"1", "2"}).Draw(rt, "id")}
			if rapid.Bool().Draw(rt, "from") {
				a.From = first.AddDays(rapid.IntRange(0, 9).Draw(rt, "first"))
			}
			if rapid.Bool().Draw(rt, "to") {
				a.To = first.AddDays(rapid.IntRange(0, 9).Draw(rt, "last"))
			}
			if !a.From.IsZero() && !a.To.IsZero() && a.To.Before(a.From) {
				a.From, a.To = a.To, a.From
			}
			return a
		}), 0, 12).Draw(rt, "aliases")
		d, err := activity.NewDirectory(aliases, activity.DirectoryOptions{})
		require.NoError(rt, err)
		today := first.AddDays(rapid.IntRange(0, 9).Draw(rt, "today"))
		source := rapid.SampledFrom([]string{"s", "t"}).Draw(rt, "source")
		got, r := d.Resolve(activity.Event{Source: source, Actor: activity.Actor{ID: "a"}, Recorded: today.StartIn(time.UTC).Add(time.Hour)})

		want := map[string]bool{}
		listed := false
		for _, system := range []string{source, ""} {
			for _, a := range aliases {
				if a.System != system || a.Alias != "a" {
					continue
				}
				listed = true
				if (a.From.IsZero() || !today.Before(a.From)) && (a.To.IsZero() || !today.After(a.To)) {
					want[a.ID] = true
				}
			}
			if listed {
				break
			}
		}
		switch {
		case !listed:
			require.Equal(rt, activity.ResolutionUnlisted, r.Actor)
		case len(want) == 0:
			require.Equal(rt, activity.ResolutionOutOfInterval, r.Actor)
		case len(want) > 1:
			require.Equal(rt, activity.ResolutionAmbiguous, r.Actor)
		default:
			require.Equal(rt, activity.ResolutionFound, r.Actor)
			require.True(rt, want[got.Actor.ID])
		}
		back := make([]activity.Alias, 0, len(aliases))
		for i := range aliases {
			back = append(back, aliases[len(aliases)-1-i])
		}
		other, err := activity.NewDirectory(back, activity.DirectoryOptions{})
		require.NoError(rt, err)
		require.Equal(rt, d.Digest(), other.Digest(), "the order of the list says nothing")
		require.True(rt, d.Digest().IsValid())
	})
}

func TestDirectoryNamesEveryFault(t *testing.T) {
	t.Parallel()
	_, err := activity.ReadDirectory(strings.NewReader("\ufeffsubject,system,alias,id,from,to\r\n"+
		"actor,,secret-1,w-1,,\r\n"+
		"robot,,secret-2,w-1,,\r\n"+
		"actor,,,w-1,,\r\n"+
		"actor,,secret-3,,,\r\n"+
		"actor,,secret-4,w-1,2026-13-01,soon\r\n"+
		"actor,,secret-5,w-1,2026-02-01,2026-01-31\r\n"+
		"actor,,secret-6\r\n"+
		"actor,,secret\xff7,w-1,,\r\n"+
		"actor,,\"secret\"8,w-1,,\r\n"), activity.DirectoryOptions{})
	var faults *activity.DirectoryError
	require.ErrorAs(t, err, &faults)
	var got []string
	for _, f := range faults.Faults {
		got = append(got, fmt.Sprintf("%d %s", f.Line, f.Column))
	}
	require.Equal(t, []string{"3 subject", "4 alias", "5 id", "6 from", "6 to", "7 to", "8 ", "9 ", "10 "}, got)
	require.NotContains(t, err.Error(), "secret", "a fault says nothing of what is in the directory")
	var one activity.DirectoryFault
	require.ErrorAs(t, err, &one)

	for name, c := range map[string]struct{ file, says string }{
		"nothing":            {"", "the file is empty"},
		"a column missing":   {"subject,system,alias,from,to\n", "column id: is missing"},
		"a column renamed":   {"subject,system,alias,person,from,to\n", "column person: is not known"},
		"a column twice":     {"subject,system,alias,id,id,from,to\n", "is named twice"},
		"a quote not closed": {"subject,system,alias,id,from,to\nactor,,\"a,w,,\n", "is no CSV"},
	} {
		_, err := activity.ReadDirectory(strings.NewReader(c.file), activity.DirectoryOptions{})
		require.ErrorAs(t, err, &faults, name)
		require.ErrorContains(t, err, c.says, name)
	}
	_, err = activity.NewDirectory([]activity.Alias{{Subject: activity.SubjectActor, Alias: "a", ID: "w"}, {Subject: "x", Alias: "a", ID: "w"}}, activity.DirectoryOptions{})
	require.ErrorAs(t, err, &faults)
	require.Equal(t, 2, faults.Faults[0].Line)

	broken := errors.New("the network is gone")
	_, err = activity.ReadDirectory(io.MultiReader(strings.NewReader("subject,system,alias,id,from,to\nactor,"), iotest.ErrReader(broken)), activity.DirectoryOptions{})
	require.ErrorIs(t, err, broken)
	_, err = activity.ReadDirectory(longLine("subject,system,alias,id,from,to\nactor,,\"", 100<<20, "\",w,,\n"), activity.DirectoryOptions{})
	require.ErrorAs(t, err, &faults)
	require.Equal(t, 2, faults.Faults[0].Line, "a line of 100 MB is refused before it is held")
}

func FuzzDirectory(f *testing.F) {
	f.Add("subject,system,alias,id,from,to\nactor,,a,w,2026-01-01,\npatient,s,m,p,,2026-01-01\n")
	f.Add("subject,system,alias,id,from,to\n\"actor\",,\"a\n\",w,,\n")
	f.Fuzz(func(t *testing.T, file string) {
		d, err := activity.ReadDirectory(strings.NewReader(file), activity.DirectoryOptions{FoldCase: true})
		again, err2 := activity.ReadDirectory(iotest.HalfReader(strings.NewReader(file)), activity.DirectoryOptions{FoldCase: true})
		require.Equal(t, err, err2)
		require.Equal(t, d, again)
		if err != nil {
			var faults *activity.DirectoryError
			require.ErrorAs(t, err, &faults)
			require.NotEmpty(t, faults.Faults)
			return
		}
		_, r := d.Resolve(activity.Event{Actor: activity.Actor{ID: file}})
		require.True(t, r.Actor.IsValid())
	})
}

// A log-in passed from one nurse to another in July. Who acted depends on the day.
func ExampleDirectory() {
	directory, err := activity.ReadDirectory(strings.NewReader(`subject,system,alias,id,from,to
actor,,rn7,w-1,,2026-06-30
actor,,rn7,w-2,2026-07-01,
patient,hospital,00123,p-9,,
`), activity.DirectoryOptions{})
	if err != nil {
		log.Fatal(err)
	}
	var tally activity.DirectoryTally
	for _, day := range []string{"2026-06-30T12:00:00Z", "2026-07-01T12:00:00Z"} {
		recorded, _ := time.Parse(time.RFC3339, day)
		event, resolved := directory.Resolve(activity.Event{Recorded: recorded, Actor: activity.Actor{ID: "rn7"},
			Patients: []activity.Patient{{System: "hospital", ID: "00123"}}})
		tally.Count(resolved)
		fmt.Println(day[:10], event.Actor.ID, event.Patients[0].ID)
	}
	fmt.Println(tally.UnresolvedActors(), "unresolved")
	// Output:
	// 2026-06-30 w-1 p-9
	// 2026-07-01 w-2 p-9
	// 0 unresolved
}
