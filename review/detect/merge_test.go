package detect_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/internal/strictjson"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

func members() []hipaasmp.WorkforceMember {
	of := func(id, from, to string) hipaasmp.WorkforceMember {
		m := hipaasmp.WorkforceMember{ID: id, Category: hipaasmp.WorkforceEmployee, Member: hipaasmp.Period{From: hipaasmp.MustDate(from)}}
		if to != "" {
			m.Member.To = hipaasmp.MustDate(to)
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
	return []detect.Detector{
		detect.BreakGlass{PerMonth: 2},
		detect.TerminatedUser{Context: workforce(t)},
		detect.FailedLogins{Failures: 3, Window: 5 * time.Minute, Users: 3},
		detect.LoginAfterFailures{Burst: detect.FailedLogins{Failures: 3, Window: 5 * time.Minute}, Within: 10 * time.Minute},
		detect.LogControl{},
		detect.Denials{Least: 2},
	}
}

func drawLog(rt *rapid.T) []activity.Event {
	var l entries
	for range rapid.IntRange(0, 40).Draw(rt, "events") {
		l.add(time.Duration(rapid.IntRange(0, 20*24*60).Draw(rt, "minute"))*time.Minute, func(e *activity.Event) {
			e.Actor.ID = rapid.SampledFrom([]string{"", "u-left", "wf-back", "wf-stays", "b\x00ad"}).Draw(rt, "actor")
			e.From.Addr = rapid.SampledFrom([]string{"", "10.0.0.1", "10.0.0.2"}).Draw(rt, "from")
			e.Outcome = rapid.SampledFrom(e.Outcome.Values()).Draw(rt, "outcome")
			switch rapid.IntRange(0, 5).Draw(rt, "what") {
			case 0, 1, 2:
				e.Action = activity.ActionLogin
				e.Recorded = start.Add(time.Duration(rapid.IntRange(0, 40).Draw(rt, "close")) * time.Minute)
			case 3:
				e.Action = activity.ActionOverride
				e.Patients = []activity.Patient{{ID: rapid.SampledFrom([]string{"p1", "p2"}).Draw(rt, "patient")}}
			case 4:
				e.Act = activity.Act{System: "cloudtrail.amazonaws.com", Name: "StopLogging"}
			}
			switch rapid.IntRange(0, 9).Draw(rt, "odd") {
			case 0:
				e.Recorded = time.Time{}
			case 1:
				e.ID = "" // known by its place
			}
		})
	}
	return l.events
}

// Any split of a log, in any order, merged in any tree, with some states written and read on the way and some events
// delivered twice, gives the bytes of the whole.
func TestStatesAddUpToTheSameBytes(t *testing.T) {
	t.Parallel()
	detectors := everyDetector(t)
	rapid.Check(t, func(rt *rapid.T) {
		events := drawLog(rt)
		whole := detect.Start(detectors...)
		for _, e := range events {
			whole.Add(e)
		}
		want, err := whole.Encode()
		require.NoError(rt, err)

		parts := make([]*detect.Run, rapid.IntRange(1, 6).Draw(rt, "parts"))
		for i := range parts {
			parts[i] = detect.Start(detectors...)
		}
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "order"), 0))
		for _, i := range rng.Perm(len(events)) {
			parts[rng.IntN(len(parts))].Add(events[i])
			if rng.IntN(4) == 0 {
				parts[rng.IntN(len(parts))].Add(events[i])
			}
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
		require.Equal(rt, whole.Findings(), parts[0].Findings())
		ids := map[string]bool{}
		for _, f := range whole.Findings() {
			requireSound(rt, f)
			require.False(rt, ids[f.ID], "each finding has an identity of its own")
			ids[f.ID] = true
		}
	})
}

func requireSound(t require.TestingT, f detect.Finding) {
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
	detectors := append(everyDetector(t), detect.BreakGlass{PerMonth: 3}, detect.TerminatedUser{}, detect.LogControl{Calls: detect.PrivilegeCalls()},
		detect.FailedLogins{}, detect.LoginAfterFailures{}, detect.Denials{})
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
	_, err := detect.Resume([]byte("[]"), detectors...)
	require.Error(t, err)
	state, err := detectors[0].New().Encode()
	require.NoError(t, err)
	for _, damaged := range [][]byte{append(state, state...), state[:len(state)-1], []byte(`{}`), []byte(strings.Replace(string(state), `"marks"`, `"x"`, 1)), nil} {
		_, err = detectors[0].Decode(damaged)
		var se *detect.StateError
		require.ErrorAs(t, err, &se, string(damaged))
	}
}

func TestDescriptionsAreFitForARecord(t *testing.T) {
	t.Parallel()
	seen := map[detect.ID]bool{}
	for _, d := range []detect.Detector{detect.BreakGlass{}, detect.TerminatedUser{}, detect.FailedLogins{}, detect.LoginAfterFailures{}, detect.LogControl{}, detect.Denials{}} {
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

func FuzzResume(f *testing.F) {
	var l entries
	l.login(0, "u", "a", activity.OutcomeFailure)
	r := detect.Start(detect.FailedLogins{}, detect.Denials{})
	for _, e := range l.events {
		r.Add(e)
	}
	b, err := r.Encode()
	require.NoError(f, err)
	f.Add(b)
	f.Add([]byte(`[{"detector":"R10"},null]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := detect.Resume(data, detect.FailedLogins{}, detect.Denials{})
		if err != nil {
			return
		}
		again, err := r.Encode()
		require.NoError(t, err)
		back, err := detect.Resume(again, detect.FailedLogins{}, detect.Denials{})
		require.NoError(t, err)
		require.Equal(t, r.Findings(), back.Findings())
	})
}
