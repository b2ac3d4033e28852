package detect_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// An emergency access without an encounter around it is raised; 24 hours are the edge.
func TestBreakGlassWithoutAnEncounter(t *testing.T) {
	t.Parallel()
	list := must(t, func(in *strings.Reader) (*detect.EncounterList, error) {
		return detect.ReadEncounters(in, detect.TableOptions{})
	}, "patient,system,from,until\np-ended,,2026-02-26T09:00:00Z,2026-02-28T09:00:00.000001Z\np-ended-before,,2026-02-26T09:00:00Z,2026-02-28T09:00:00Z\n"+
		"p-begins,,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z\np-begins-later,,2026-03-02T09:00:00.000001Z,2026-03-02T10:00:00Z\np-stays,,2020-01-01,\np-day,,2026-02-28,2026-02-28\n"+
		"p-moment,,2026-03-01T10:00:00Z,2026-03-01T10:00:00Z\np-other,urn:x,2026-03-01,2026-03-01\n")
	d := detect.BreakGlass{Encounters: list}
	of := func(patients ...activity.Patient) []detect.Finding {
		return new(entries).add(0, func(e *activity.Event) {
			e.Actor.ID, e.Purpose, e.Patients = "u1", []string{"ETREAT"}, patients
		}).find(d)
	}
	for id, raised := range map[string]bool{"p-ended": false, "p-ended-before": true, "p-begins": false, "p-begins-later": true, "p-stays": false, "p-day": false,
		"p-moment": false, "p-nobody-knows": true, "p-other": true} {
		got := of(activity.Patient{ID: id})
		want := []string{"1 access to one patient's record under emergency access", "the stated purpose is ETREAT"}
		severity := detect.SeverityLow
		if raised {
			severity, want = detect.SeverityModerate, append(want, "the patient had no encounter within 24h0m0s of an access")
		}
		require.Equal(t, want, got[0].Reasons, id)
		require.Equal(t, severity, got[0].Severity, id)
	}
	require.Equal(t, detect.SeverityLow, of(activity.Patient{System: "urn:x", ID: "p-other"})[0].Severity, "an encounter of the numbering")
	require.Equal(t, detect.SeverityLow, of(activity.Patient{System: "urn:y", ID: "p-stays"})[0].Severity, "one without a numbering stands for any")
	require.Equal(t, detect.SeverityLow, of(activity.Patient{ID: "p-nobody-knows"}, activity.Patient{ID: "p-stays"})[0].Severity, "one of the patients is enough")
	require.Equal(t, detect.SeverityLow, of()[0].Severity, "without a patient it cannot be told")
	d.Around = time.Hour
	require.Equal(t, detect.SeverityModerate, of(activity.Patient{ID: "p-begins"})[0].Severity)
	undated := new(entries).add(0, func(e *activity.Event) {
		e.Recorded, e.Actor.ID, e.Purpose, e.Patients = time.Time{}, "u1", []string{"ETREAT"}, []activity.Patient{{ID: "p-nobody-knows"}}
	}).find(d)
	require.Equal(t, detect.SeverityLow, undated[0].Severity, "without a time it cannot be told")

	a := detect.NewEncounters([]detect.Encounter{{Patient: activity.Patient{ID: "a"}, From: start}, {Patient: activity.Patient{ID: "b"}, From: start}})
	b := detect.NewEncounters([]detect.Encounter{{Patient: activity.Patient{ID: "b"}, From: start}, {Patient: activity.Patient{ID: "a"}, From: start}})
	require.Equal(t, a.Digest(), b.Digest(), "the order of a list is nothing that is known")
	require.True(t, a.Encountered(activity.Patient{ID: "a"}, start.Add(time.Hour), start.Add(time.Hour)))
	require.False(t, a.Encountered(activity.Patient{ID: "a"}, start.Add(-time.Hour), start.Add(-time.Second)))
}

// A finding that is raised for its number says what is usual in the role.
func TestBreakGlassComparesWithTheRole(t *testing.T) {
	t.Parallel()
	var people []detect.Person
	for i := range 5 {
		people = append(people, detect.Person{ID: fmt.Sprint("n", i), Role: "nurse"})
	}
	var l entries
	for i := range 5 {
		for use := range map[int]int{0: 7, 1: 1, 2: 2, 3: 3, 4: 2}[i] {
			l.add(time.Duration(use)*time.Minute, func(e *activity.Event) {
				e.Actor.ID, e.Purpose, e.Patients = fmt.Sprint("n", i), []string{"BTG"}, []activity.Patient{{ID: fmt.Sprint("p", i, use)}}
			})
		}
	}
	raised := 0
	for _, f := range l.find(detect.BreakGlass{People: detect.NewRoster(people, nil, nil)}) {
		if f.Severity == detect.SeverityModerate {
			raised++
			require.Equal(t, "n0", f.Actor)
			require.Contains(t, f.Reasons, `those of the role "nurse" who used it at all did so 2 times a month in the middle`)
		}
	}
	require.Equal(t, 7, raised)
}

// Peers are those of the role and the department of the day, by either identity of the actor.
func TestPeersAreThoseOfTheDay(t *testing.T) {
	t.Parallel()
	var people []detect.Person
	for i := range 8 {
		people = append(people, detect.Person{ID: fmt.Sprint("n", i), Role: "nurse", Department: "ICU"}, detect.Person{ID: fmt.Sprint("r", i), Role: "registrar", Department: "front"})
	}
	people = append(people, detect.Person{ID: "moves", Role: "registrar", Department: "front", Member: period(t, "2026-01-01", "2026-03-03")},
		detect.Person{ID: "moves", Role: "nurse", Department: "ICU", Member: period(t, "2026-03-04", "")})
	d := detect.PeerVolume{People: detect.NewRoster(people, nil, nil)}
	teams := func() *entries {
		var l entries
		for i := range 8 {
			l.day(fmt.Sprint("n", i), 0, 10+i%2, "a").day(fmt.Sprint("r", i), 0, 100+i%3, "b")
		}
		return &l
	}
	check(t, d, map[string]c{
		"as many as registrars, then as many as nurses": {teams().day("moves", 0, 100, "x").day("moves", 1, 100, "x").day("moves", 2, 10, "x"), none()},
		"as many as registrars, as a nurse":             {teams().day("moves", 0, 100, "x").day("moves", 2, 100, "x"), []string{"moves"}},
	})
	got := teams().day("moves", 0, 100, "x").day("moves", 2, 100, "x").find(d)
	require.Contains(t, got[0].Reasons[0], `9 people of the role "nurse" in "ICU"`)
	require.Len(t, got[0].Events, 1, "the day as a nurse only")
	alias := teams()
	alias.day("DOM\\someone", 2, 100, "x")
	require.Empty(t, alias.find(d), "nobody knows the identity")
	for i := range alias.events {
		if alias.events[i].Actor.ID == "DOM\\someone" {
			alias.events[i].Actor.AltID = "moves"
		}
	}
	require.Equal(t, []string{"DOM\\someone"}, actors(alias.find(d)), "the second identity is known")
}

// Under a limit the shares are of a sample, and findings say so; what fits is exact.
func TestNoveltyUnderALimitIsMarkedApproximate(t *testing.T) {
	t.Parallel()
	log := func(usual, fresh int) *entries {
		var l entries
		for _, d := range weekdays(15) {
			l.day("u", d, usual, "own")
			l.day("u", d, 1, fmt.Sprint("new", d))
		}
		return l.day("u", 21, usual, "own").day("u", 21, fresh, "other")
	}
	exact, limited := detect.Novelty{}, detect.Novelty{Limit: 512}
	require.Equal(t, log(20, 25).find(exact)[0].Reasons, log(20, 25).find(limited)[0].Reasons, "62 things of patients fit into 64 hashes")
	large := log(900, 900)
	got := large.find(limited)
	require.Len(t, got, 1)
	require.Regexp(t, `^approximately \d+ of approximately \d+ patients on 2026-03-23 were new to the actor`, got[0].Reasons[0])
	var fresh, all int
	_, err := fmt.Sscanf(got[0].Reasons[0], "approximately %d of approximately %d", &fresh, &all)
	require.NoError(t, err)
	require.InEpsilon(t, 900, fresh, 0.4)
	require.InEpsilon(t, 1800, all, 0.3)
	require.Equal(t, "900 of 1800 patients on 2026-03-23 were new to the actor; on the 8 days before it was 0 in 100", large.find(exact)[0].Reasons[0])
	require.Empty(t, log(900, 1).find(limited), "one new patient of 900 is as always")
	p := limited.New()
	for _, e := range large.events {
		p.Add(e)
	}
	data, err := p.Encode()
	require.NoError(t, err)
	require.Less(t, len(data), 12_000, "the state is bounded")
	require.NotContains(t, string(data), "P-own", "and names no patient")
	parts := []detect.Partial{limited.New(), limited.New(), limited.New()}
	for i, e := range large.events {
		parts[(i*7+i/900)%3].Add(e)
		parts[i%3].Add(e)
	}
	second, err := parts[2].Encode()
	require.NoError(t, err)
	parts[2], err = limited.Decode(second)
	require.NoError(t, err)
	require.NoError(t, parts[1].Merge(parts[2]))
	require.NoError(t, parts[1].Merge(parts[0]))
	sum, err := parts[1].Encode()
	require.NoError(t, err)
	require.Equal(t, string(data), string(sum), "samples of parts add up to that of the whole")
}

// A directory leads the identities of the log to those that the entity knows, before any detector sees them, and what it
// cannot resolve is counted.
func TestScanResolvesThroughADirectory(t *testing.T) {
	t.Parallel()
	directory := must(t, func(in *strings.Reader) (*activity.Directory, error) {
		return activity.ReadDirectory(in, activity.DirectoryOptions{})
	}, "subject,system,alias,id,from,to\nactor,ehr,u-1,wf-1,2026-01-01,2026-03-31\nactor,ehr,u-2,wf-2,,2026-02-28\nactor,ehr,both,wf-1,,\nactor,ehr,both,wf-2,,\npatient,,MRN1,p-1,,\n")
	profile := activity.Profile{ID: "p", Version: 1, Format: activity.FormatNDJSON, Columns: []activity.Column{{Name: "at", Field: activity.FieldRecorded},
		{Name: "who", Field: activity.FieldActor}, {Name: "whose", Field: activity.FieldPatient}, {Name: "what", Field: activity.FieldAction}, {Name: "end", Field: activity.FieldOutcome}}}
	reader, err := activity.ReaderWith(profile)
	require.NoError(t, err)
	log := ""
	for _, who := range []string{"u-1", "u-1", "u-2", "both", "stranger", ""} {
		log += fmt.Sprintf(`{"at":"2026-03-05T10:00:0%dZ","who":%q,"whose":"MRN1","what":"read","end":"success"}`+"\n", len(log)%10, who)
	}
	people := detect.NewRoster([]detect.Person{{ID: "wf-1", Patients: []activity.Patient{{ID: "p-1"}}}}, nil, nil)
	for _, workers := range []int{1, 3} {
		source := detect.Source{ID: "ehr", Reader: reader, Files: []detect.File{detect.FileFrom("f", strings.NewReader(log))}, Workers: workers}
		source.Directory = directory
		got, err := detect.Scan(t.Context(), source, detect.OwnRecord{People: people})
		require.NoError(t, err)
		require.Equal(t, []string{"wf-1"}, actors(got.Findings()), "the alias and the number lead to the person and to the own record")
		require.EqualValues(t, 2, got.Findings()[0].Count)
		r := &got.Resolved
		require.Equal(t, []int64{2, 1, 1, 1, 1, 4}, []int64{r.Actors(activity.ResolutionFound), r.Actors(activity.ResolutionOutOfInterval), r.Actors(activity.ResolutionAmbiguous),
			r.Actors(activity.ResolutionUnlisted), r.Actors(activity.ResolutionAbsent), r.UnresolvedActors()})
		require.EqualValues(t, 6, r.Patients(activity.ResolutionFound))
		require.Zero(t, r.UnresolvedPatients())
	}
	plain, err := detect.Scan(t.Context(), detect.Source{ID: "ehr", Reader: reader, Files: []detect.File{detect.FileFrom("f", strings.NewReader(log))}}, detect.OwnRecord{People: people})
	require.NoError(t, err)
	require.Empty(t, plain.Findings(), "without a directory the identities are those of the log")
	require.Zero(t, plain.Resolved.UnresolvedActors(), "and nothing is said of them")
}
