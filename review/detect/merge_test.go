package detect_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/internal/civil"
	"github.com/hipaasmp/hipaasmp/internal/strictjson"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

func members() []hipaasmp.WorkforceMember {
	of := func(id, from, to string) hipaasmp.WorkforceMember {
		m := hipaasmp.WorkforceMember{ID: id, Category: hipaasmp.WorkforceEmployee, Member: hipaasmp.Period{From: civil.Date(from)}}
		if to != "" {
			m.Member.To = civil.Date(to)
		}
		return m
	}
	return []hipaasmp.WorkforceMember{
		of("wf-left", "2024-01-01", "2026-03-14"),
		of("wf-back", "2024-01-01", "2026-02-28"),
		of("wf-back", "2026-03-10", ""),
		of("wf-stays", "2024-01-01", ""),
	}
}

// everyDetector lists all detectors with settings that small random logs reach.
func everyDetector(t testing.TB) []detect.Detector {
	c := known(t)
	tie := detect.Tie{Relations: c.Relations}
	zone := detect.ZoneOf{Location: newYork(t)}
	return []detect.Detector{
		detect.OwnRecord{People: c.People},
		detect.Household{People: c.People, Patients: c.Patients, Family: c.Family, Tie: tie},
		detect.SameSurname{People: c.People, Patients: c.Patients, Rare: 0.5},
		detect.Coworker{People: c.People, Tie: tie},
		detect.Neighbour{People: c.People, Patients: c.Patients},
		detect.WatchedRecord{Watch: c.Watch, Least: 2, Zone: zone},
		detect.BreakGlass{PerMonth: 2, People: c.People, Encounters: detect.NewEncounters([]detect.Encounter{{Patient: activity.Patient{ID: "P-1"}, From: start}})},
		detect.TerminatedUser{Context: workforce(t)},
		detect.Dormant{Days: 3, Leaves: c.Leaves},
		detect.FailedLogins{Failures: 3, Window: 5 * time.Minute, Users: 3},
		detect.LoginAfterFailures{Burst: detect.FailedLogins{Failures: 3, Window: 5 * time.Minute}, Within: 10 * time.Minute},
		detect.BulkExport{People: c.People, Least: 2, Roles: []string{"nurse"}, Zone: zone},
		detect.RoleWithoutNeed{People: c.People, Needs: c.Needs},
		detect.NoRelation{Tie: tie, People: c.People},
		detect.LongAgo{Patients: c.Patients, People: c.People, Days: 10},
		detect.AfterHours{People: c.People, Calendar: c.Calendar, Zone: zone},
		detect.TwoPlaces{Places: c.Places, Zone: zone},
		detect.SharedAccount{Generic: []string{"wf-stays"}},
		detect.Fishing{People: c.People, Searches: 2, Window: time.Hour},
		detect.LogControl{},
		detect.UserVolume{Volume: detect.Volume{Zone: zone}, Floor: 1, History: 1, P: 2},
		detect.UserVolume{Volume: detect.Volume{Limit: 512}, Floor: 1, History: 1, P: 2},
		detect.PeerVolume{People: c.People, Peers: 2, Floor: 1, Z: -9},
		detect.PatientSurge{Patients: c.Patients, Floor: 1, P: 2},
		detect.Novelty{People: c.People, Patients: c.Patients, Floor: 1, History: 1, P: 2},
		detect.Novelty{Limit: 512, Patients: c.Patients, Floor: 1, History: 1, P: 2},
		detect.SilentSource{Floor: 10 * time.Minute, From: start, Until: start.Add(500 * time.Hour), Calendar: c.Calendar},
		detect.SequenceGap{Reorder: time.Hour, Chain: gapIn(trailChain(14, 15)...).Chain},
		detect.ClockFault{Ahead: time.Minute, Lag: time.Minute, Parts: 20, Zone: zone},
		detect.DigestMismatch{Digests: digests(t)},
		detect.Denials{Least: 2},
	}
}

// counting are the detectors that count deliveries: an event is given to one part alone.
func counting(t testing.TB) []detect.Detector {
	return []detect.Detector{
		detect.VolumeDrop{P: 2, History: 1, Zone: detect.ZoneOf{Location: newYork(t)}},
		detect.ShapeDrift{Drift: 1e-9, P: 2},
	}
}

// drawFiles draws what Scan would say of files and of lines that could not be read.
func drawFiles(rt *rapid.T) (files []detect.ScannedFile, defects []activity.Defect) {
	for range rapid.IntRange(0, 5).Draw(rt, "files") {
		files = append(files, detect.ScannedFile{Name: rapid.SampledFrom([]string{"f", "g"}).Draw(rt, "file"), Size: 9,
			SHA256:   hipaasmp.DigestOf([]byte{byte(rapid.IntRange(0, 3).Draw(rt, "content"))}),
			Modified: start.Add(time.Duration(rapid.IntRange(0, 40).Draw(rt, "modified")) * time.Hour)})
		defects = append(defects, activity.Defect{Raw: activity.Raw{File: "f", Offset: int64(rapid.IntRange(0, 9).Draw(rt, "defect")), Length: 3}, Reason: activity.ReasonSyntax})
	}
	return files, defects
}

func drawLog(rt *rapid.T) []activity.Event {
	var l entries
	draw := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(rt, name) }
	for range rapid.IntRange(0, 60).Draw(rt, "events") {
		l.add(time.Duration(rapid.IntRange(0, 20*24*60).Draw(rt, "minute"))*time.Minute, func(e *activity.Event) {
			e.Actor.ID = draw("actor", "", "u-left", "wf-back", "wf-stays", "b\x00ad", strings.Repeat("lo\n\u00e9g", 300), "u-1", "u-2", "u-3", "u-4", "u-5", "u-7", "u-8")
			e.Actor.AltID = draw("second identity", "", "", "w-1", "u-3", "l\x01ong")
			e.From.Addr = draw("from", "", "10.1.0.1", "10.2.0.2", "10.3.0.9", "203.0.113.7")
			e.Outcome = rapid.SampledFrom(e.Outcome.Values()).Draw(rt, "outcome")
			if rapid.Bool().Draw(rt, "close in time") {
				e.Recorded = start.Add(time.Duration(rapid.IntRange(0, 40).Draw(rt, "close")) * time.Minute)
			}
			for range rapid.IntRange(0, 2).Draw(rt, "patients") {
				e.Patients = append(e.Patients, activity.Patient{ID: draw("patient", "P-1", "P-2", "P-3", "P-4", "P-W1", "P-W2", "P-V", "P-A", "P-T")})
			}
			e.Object = activity.Object{Type: draw("screen", "", "Demographics", "Results"), ID: draw("object", "", "q1", "q2", "q3")}
			e.Session = draw("session", "", "s1", "s2", "s3")
			switch rapid.IntRange(0, 8).Draw(rt, "what") {
			case 0, 1, 2:
				e.Action = activity.ActionLogin
				e.Actor.ID = draw("who", "", "u-1", "u-2")
				e.Recorded = start.Add(time.Duration(rapid.IntRange(0, 40).Draw(rt, "login")) * time.Minute)
				e.Outcome = rapid.SampledFrom([]activity.Outcome{activity.OutcomeFailure, activity.OutcomeFailure, activity.OutcomeDenied, activity.OutcomeSuccess}).Draw(rt, "end")
			case 3:
				e.Action = activity.ActionOverride
			case 4:
				e.Act = activity.Act{System: "cloudtrail.amazonaws.com", Name: "StopLogging"}
			case 5:
				e.Action = activity.ActionSearch
			case 6:
				e.Action = activity.ActionExport
			}
			switch rapid.IntRange(0, 9).Draw(rt, "odd") {
			case 0:
				e.Recorded = time.Time{}
			case 1:
				e.ID = "" // known by its place
			case 2:
				e.ID = "1772355600.1:" + draw("serial", "1", "2", "3", "7", "90000", "x")
			case 3:
				e.Ingested = e.Recorded.Add(time.Duration(rapid.IntRange(-10, 10).Draw(rt, "ingested")) * time.Minute)
			case 4:
				e.Raw.File = "g"
			case 5:
				e.Recorded = e.Recorded.Add(300 * time.Nanosecond)
			}
		})
	}
	return l.events
}

// Any split of a log, in any order, merged in any tree, with some states written and read on the way and some events
// delivered twice, gives the bytes of the whole.
func TestStatesAddUpToTheSameBytes(t *testing.T) {
	t.Parallel()
	addUp(t, everyDetector(t), true)
}

// The same holds of the detectors that count, as long as no delivery is given to two parts.
func TestCountsAddUpToTheSameBytes(t *testing.T) {
	t.Parallel()
	addUp(t, counting(t), false)
}

// scanned is what a scan saw.
type scanned struct {
	events  []activity.Event
	files   []detect.ScannedFile
	defects []activity.Defect
}

func drawScanned(rt *rapid.T) scanned {
	var s scanned
	s.events = drawLog(rt)
	s.files, s.defects = drawFiles(rt)
	return s
}

func addUp(t *testing.T, detectors []detect.Detector, twice bool) {
	found := map[detect.ID]bool{}
	rapid.Check(t, func(rt *rapid.T) {
		s := drawScanned(rt)
		parts := rapid.IntRange(1, 6).Draw(rt, "parts")
		addUpOnce(rt, detectors, twice, s, parts, rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "order"), 0)), found)
	})
	// A finding that is rare may not have come up; logs that are the same each time go on until each detector found
	// something, so that the findings of every one were compared.
	logs := rapid.Custom(drawScanned)
	missing := func() bool {
		return slices.ContainsFunc(detectors, func(d detect.Detector) bool { return !found[d.Describe().ID] })
	}
	for seed := 0; seed < 2000 && missing(); seed++ {
		addUpOnce(t, detectors, twice, logs.Example(seed), 1+seed%6, rand.New(rand.NewPCG(uint64(seed), 1)), found)
	}
	for _, d := range detectors {
		require.True(t, found[d.Describe().ID], "%s never found anything: its states were compared, its findings were not", d.Describe().ID)
	}
}

// addUpOnce splits a scan into parts, merges them and compares them with the whole.
func addUpOnce(rt require.TestingT, detectors []detect.Detector, twice bool, s scanned, count int, rng *rand.Rand, found map[detect.ID]bool) {
	whole := detect.Start(detectors...)
	for _, e := range s.events {
		whole.Add(e)
	}
	for i := range s.files {
		whole.AddFile("s", s.files[i])
		whole.AddDefect("s", s.defects[i])
	}
	want, err := whole.Encode()
	require.NoError(rt, err)

	parts := make([]*detect.Run, count)
	for i := range parts {
		parts[i] = detect.Start(detectors...)
	}
	for _, i := range rng.Perm(len(s.events)) {
		parts[rng.IntN(len(parts))].Add(s.events[i])
		if twice && rng.IntN(4) == 0 {
			parts[rng.IntN(len(parts))].Add(s.events[i])
		}
	}
	for _, i := range rng.Perm(len(s.files)) {
		parts[rng.IntN(len(parts))].AddFile("s", s.files[i])
		parts[rng.IntN(len(parts))].AddDefect("s", s.defects[i])
	}
	for len(parts) > 1 {
		i := rng.IntN(len(parts))
		into := rng.IntN(len(parts))
		if i == into {
			continue
		}
		if rng.IntN(2) == 0 {
			b, err := parts[i].Encode()
			require.NoError(rt, err)
			parts[i], err = detect.Resume(b, detectors...)
			require.NoError(rt, err)
		}
		require.NoError(rt, parts[into].Merge(parts[i]))
		parts = append(parts[:i], parts[i+1:]...)
	}
	got, err := parts[0].Encode()
	require.NoError(rt, err)
	require.Equal(rt, string(want), string(got))
	for i := range detectors {
		require.Equal(rt, whole.Partial(i).Findings(), parts[0].Partial(i).Findings())
		ids := map[string]bool{}
		for _, f := range whole.Partial(i).Findings() {
			requireSound(rt, f)
			require.False(rt, ids[f.ID], "each finding has an identity of its own: %v", f)
			ids[f.ID] = true
			found[f.Detector] = true
		}
	}
}

func requireSound(t require.TestingT, f detect.Finding) {
	if slices.Contains([]detect.ID{"R1", "R2", "R3", "R4", "R5", "R6", "R14", "R15", "S3"}, f.Detector) {
		require.NotEmpty(t, tokens(t, 1).Name(f).Patients, "a finding of %s is about patients", f.Detector)
	}
	f = detect.Tokens{}.Name(f)
	require.Empty(t, validate.Shape(f), "a finding fits a record as it is")
	written, err := canon.Marshal(f)
	require.NoError(t, err)
	var back detect.Finding
	require.NoError(t, strictjson.Decode(written, &back))
	require.Equal(t, f, back)
	require.LessOrEqual(t, len(f.Events), detect.MaxEvents)
	require.GreaterOrEqual(t, f.Count, int64(len(f.Events)))
	require.False(t, f.Last.Before(f.First))
}

func TestAStateIsRefusedByAnotherDetector(t *testing.T) {
	t.Parallel()
	detectors := append(append(everyDetector(t), counting(t)...), detect.BreakGlass{PerMonth: 3}, detect.LogControl{Calls: detect.PrivilegeCalls()})
	detectors = append(detectors, slices.DeleteFunc(detect.All(detect.Context{}), func(d detect.Detector) bool { return d.Describe().ID == detect.IDLogControl })...)
	for i, d := range detectors {
		state, err := d.New().Encode()
		require.NoError(t, err)
		for j, other := range detectors {
			_, err := other.Decode(state)
			merge := other.New().Merge(d.New())
			if i == j {
				require.NoError(t, err)
				require.NoError(t, merge)
				continue
			}
			var se *detect.StateError
			require.ErrorAs(t, err, &se, "%d %d", i, j)
			require.ErrorAs(t, merge, &se, "%d %d", i, j)
			require.Equal(t, other.Describe().ID, se.Detector)
		}
	}
	require.Error(t, detect.Start(detectors...).Merge(detect.Start(detectors[:2]...)))
	for _, d := range detectors {
		state, err := d.New().Encode()
		require.NoError(t, err)
		version := d.Describe().Version
		_, err = d.Decode([]byte(strings.Replace(string(state), fmt.Sprintf(`"version":%d,`, version), fmt.Sprintf(`"version":%d,`, version+1), 1)))
		var se *detect.StateError
		require.ErrorAs(t, err, &se, "%s reads states of its own version only", d.Describe().ID)
	}
	_, err := detect.Resume([]byte("[]"), detectors...)
	require.Error(t, err)
	state, err := detectors[0].New().Encode()
	require.NoError(t, err)
	for _, damaged := range [][]byte{append(state, state...), state[:len(state)-1], []byte(`{}`), []byte(strings.Replace(string(state), `"marks"`, `"x"`, 1)), []byte(" " + string(state)), nil} {
		_, err = detectors[0].Decode(damaged)
		var se *detect.StateError
		require.ErrorAs(t, err, &se, string(damaged))
	}
}

func TestDescriptionsAreFitForARecord(t *testing.T) {
	t.Parallel()
	seen := map[detect.ID]bool{}
	for _, d := range detect.All(known(t)) {
		desc := d.Describe()
		require.False(t, seen[desc.ID])
		seen[desc.ID] = true
		require.Equal(t, desc, d.Describe(), "the same every time")
		require.True(t, hipaasmp.ValidID(string(desc.ID)))
		require.Positive(t, desc.Version)
		require.True(t, hipaasmp.ValidText(desc.Title))
		require.True(t, hipaasmp.ValidText(desc.FalsePositives))
		require.NotEmpty(t, desc.Parameters)
		for _, p := range desc.Parameters {
			require.True(t, hipaasmp.ValidText(p.Name) && hipaasmp.ValidText(p.Value), fmt.Sprint(desc.ID, p))
		}
		require.NotEmpty(t, desc.Citations)
	}
}

// Whatever bytes come: a typed error, or a state that is written as it was read and that can be merged and looked at.
func FuzzDecode(f *testing.F) {
	detectors := append(everyDetector(f), counting(f)...)
	var l entries
	for i := range 8 {
		l.login(time.Duration(i)*time.Minute, "u-1", "10.1.0.1", activity.OutcomeFailure).access(time.Duration(i)*oneDay, "u-2", "P-W1").access(0, "u-1", "P-V")
		l.add(time.Duration(i)*oneDay, func(e *activity.Event) {
			e.Actor.ID, e.Action, e.Session, e.From.Host, e.ID, e.Ingested = "u-1", activity.ActionSearch, "s", "h", fmt.Sprint(2*i), start
		})
	}
	for i, d := range detectors {
		run := detect.Start(d)
		for _, e := range l.events {
			run.Add(e)
		}
		run.AddFile("s", detect.ScannedFile{Name: "f", SHA256: hipaasmp.DigestOf(nil)})
		b, err := run.Partial(0).Encode()
		require.NoError(f, err)
		f.Add(byte(i), b)
		f.Add(byte(i), []byte(strings.Replace(string(b), `"version":1`, `"version":2`, 1)))
	}
	f.Fuzz(func(t *testing.T, which byte, data []byte) {
		d := detectors[int(which)%len(detectors)]
		p, err := d.Decode(data)
		if err != nil {
			var se *detect.StateError
			require.ErrorAs(t, err, &se)
			return
		}
		again, err := p.Encode()
		require.NoError(t, err)
		require.Equal(t, string(data), string(again))
		sum := d.New()
		require.NoError(t, sum.Merge(p))
		require.Equal(t, p.Findings(), sum.Findings())
		merged, err := sum.Encode()
		require.NoError(t, err)
		require.Equal(t, string(data), string(merged))
	})
}
