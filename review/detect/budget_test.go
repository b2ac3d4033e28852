package detect_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/detect"
)

// some makes findings of a detector, each with an event of its own.
func some(id detect.ID, n int, s detect.Severity) []detect.Finding {
	var out []detect.Finding
	for i := range n {
		at := start.Add(time.Duration(i) * time.Minute)
		out = append(out, detect.Finding{ID: fmt.Sprint(id, "-", i), Detector: id, Version: 1, Severity: s, Actor: fmt.Sprint("u", i%7), Reasons: []string{"r"},
			Events: []detect.EventRef{{Source: "s", ID: fmt.Sprint(id, i), At: at}}, Count: 1, First: at, Last: at})
	}
	return out
}

func ids[F any](of []F, id func(F) string) []string {
	out := []string{}
	for _, f := range of {
		out = append(out, id(f))
	}
	return out
}

func TestABudgetShowsSomeByRankAndSomeAtRandom(t *testing.T) {
	t.Parallel()
	b := detect.Budget{Alerts: 10, Seed: []byte("month 3")}
	all := append(some("R14", 500, detect.SeverityLow), some("R20", 3, detect.SeverityHigh)...)
	got := b.Spend(all)
	require.Equal(t, []detect.Quota{
		{Detector: "R14", Alerts: 10, Findings: 500, Ranked: 7, Drawn: 3, Waiting: 490},
		{Detector: "R20", Alerts: 10, Findings: 3, Ranked: 3},
	}, got.Quotas)
	require.Equal(t, "R14: 500 findings, 0 explained, 7 alerts by rank and 3 drawn of 10, 490 waiting", got.Quotas[0].String())
	require.Len(t, got.Alerts, 13)
	require.Len(t, got.Waiting, 490)
	require.Equal(t, "6d6f6e74682033", got.Seed)
	for _, a := range got.Alerts[:3] {
		require.Equal(t, detect.ID("R20"), a.Detector, "the highest score first")
	}
	name := func(a detect.Alert) string { return a.ID + string(a.Pick) }
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	require.Equal(t, ids(got.Alerts, name), ids(b.Spend(all).Alerts, name), "in any order of the findings")
	b.Seed = []byte("month 4")
	other := b.Spend(all)
	drawn := func(s detect.Spending) (out []string) {
		for _, a := range s.Alerts {
			if a.Pick == detect.PickRandom {
				out = append(out, a.ID)
			}
		}
		return out
	}
	require.Len(t, drawn(got), 3)
	require.NotEqual(t, drawn(got), drawn(other), "another seed draws others")
	require.NotEqual(t, ids(got.Waiting[:7], func(f detect.Finding) string { return f.ID }), drawn(got))
	for quota, want := range map[int][2]int{1: {1, 0}, 2: {1, 1}, 3: {2, 1}, 499: {350, 149}, 500: {500, 0}, 501: {500, 0}, -1: {0, 0}} {
		q := detect.Budget{Alerts: quota}.Spend(some("R14", 500, detect.SeverityLow)).Quotas[0]
		require.Equal(t, want, [2]int{q.Ranked, q.Drawn}, quota)
	}
	for random, want := range map[int][2]int{-1: {10, 0}, 50: {5, 5}, 100: {0, 10}, 200: {0, 10}} {
		q := detect.Budget{Alerts: 10, Random: random}.Spend(some("R14", 500, detect.SeverityLow)).Quotas[0]
		require.Equal(t, want, [2]int{q.Ranked, q.Drawn}, random)
	}
	require.Equal(t, 4, detect.Budget{ByDetector: map[detect.ID]int{"R14": 4}}.Spend(some("R14", 500, detect.SeverityLow)).Quotas[0].Alerts)
	// Every finding is drawn as often as every other.
	often := map[string]int{}
	for seed := range 2000 {
		for _, id := range drawn(detect.Budget{Alerts: 4, Random: 50, Seed: []byte(fmt.Sprint(seed))}.Spend(some("R14", 22, detect.SeverityLow))) {
			often[id]++
		}
	}
	require.Len(t, often, 20)
	for id, n := range often {
		require.InDelta(t, 200, n, 70, id) // five standard deviations
	}
}

func TestAfterHoursRaiseTheRankOfOthers(t *testing.T) {
	t.Parallel()
	log := new(entries).access(-8*time.Hour, "u-1", "P-9").access(6*time.Hour, "u-1", "P-8")
	k := known(t)
	run := detect.Start(detect.NoRelation{Tie: detect.Tie{Relations: k.Relations}, People: k.People}, detect.AfterHours{People: k.People})
	for _, e := range log.events {
		run.Add(e)
	}
	got := detect.Budget{}.Spend(run.Findings())
	require.Equal(t, []int{2, 1}, []int{got.Alerts[0].Score, got.Alerts[1].Score}, "the access at one in the morning first")
	require.Len(t, got.Alerts, 2, "after hours alone is worth nothing")
	require.Equal(t, detect.IDAfterHours, got.Waiting[0].Detector)
	require.Len(t, detect.Budget{ByDetector: map[detect.ID]int{detect.IDAfterHours: 1}}.Spend(run.Findings()).Alerts, 3)
}

func TestExplanationsComeBeforeAlerts(t *testing.T) {
	t.Parallel()
	read := func(csv string) []detect.Explanation {
		x, err := detect.ReadExplanations(strings.NewReader(csv), detect.TableOptions{})
		require.NoError(t, err)
		return x
	}
	const head = "id,detector,from,to,reason,approver,actor\n"
	findings := some("R14", 7, detect.SeverityLow)
	spend := func(row string) int {
		s := detect.Budget{Explanations: read(head + row)}.Spend(findings)
		require.Equal(t, len(findings), len(s.Explained)+len(s.Alerts)+len(s.Waiting))
		require.Equal(t, len(s.Explained), s.Quotas[0].Explained)
		for _, x := range s.Explained {
			require.Equal(t, "x", x.By.ID)
		}
		return len(s.Explained)
	}
	require.Equal(t, 1, spend("x,R14,2026-03-01,2026-03-31,covers the other ward,wf-9,u3\n"))
	require.Equal(t, 7, spend("x,R14,2026-03-01,2026-03-01,a drill,wf-9,\n"))
	require.Zero(t, spend("x,R14,2026-03-02,2026-03-31,too late,wf-9,\n"))
	require.Zero(t, spend("x,R14,2026-02-01,2026-02-28,too early,wf-9,\n"))
	require.Zero(t, spend("x,R1,2026-03-01,2026-03-31,of another detector,wf-9,\n"))
	findings[3].Last = findings[3].Last.Add(31 * 24 * time.Hour)
	require.Equal(t, 6, spend("x,R14,2026-03-01,2026-03-31,not all of it is in the days,wf-9,\n"))
	open := detect.Explanation{ID: "x", Detector: "R14", Valid: period(t, "2026-03-01", ""), Reason: "for ever", Approver: "wf-9"}
	require.Empty(t, detect.Budget{Explanations: []detect.Explanation{open}}.Spend(findings).Explained, "a rule ends")
	_, err := detect.ReadExplanations(strings.NewReader(head+"x y,R14,2026-03-01,,,wf-9,\n"), detect.TableOptions{})
	var te *detect.TableError
	require.ErrorAs(t, err, &te)
	require.Len(t, te.Faults, 3)
	require.True(t, slices.IsSortedFunc(te.Faults[:2], func(a, b detect.TableFault) int { return a.Line - b.Line }))
}

// Workers never change a byte: not of the states, not of the tallies.
func TestWorkersChangeNothing(t *testing.T) {
	t.Parallel()
	detectors := append(everyDetector(t), counting(t)...)
	var log strings.Builder
	for i := range 3000 {
		user := []string{"u-1", "u-2", "u-3", "u-4"}[i*7%4]
		fmt.Fprintf(&log, `{"eventID":"%d","eventTime":"2026-03-%02dT%02d:%02d:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"%s","errorCode":"%s","userIdentity":{"arn":"%s"},"sourceIPAddress":"10.%d.0.1"}`+"\n",
			i-i%50/49, 1+i/110, i/7%24, i%60, []string{"StopLogging", "GetObject"}[i%2], []string{"", "AccessDenied"}[i%3/2], user, 1+i%3)
		if i%400 == 0 {
			log.WriteString("half a li\n")
		}
	}
	scan := func(workers int) (string, *detect.Scanned) {
		got, err := detect.Scan(t.Context(), detect.Source{ID: "s", Reader: cloudTrail(t), Workers: workers, Files: []detect.File{
			detect.FileFrom("f", strings.NewReader(log.String())), detect.FileFrom("g", strings.NewReader(log.String()[:5000]))}}, detectors...)
		require.NoError(t, err)
		state, err := got.Run.Encode()
		require.NoError(t, err)
		return string(state), got
	}
	want, one := scan(1)
	require.NotEmpty(t, one.Findings())
	for _, workers := range []int{-1, 0, 2, 3, 5, 100} {
		got, many := scan(workers)
		require.Equal(t, want, got, workers)
		require.Equal(t, one.Tally, many.Tally)
		require.Equal(t, one.Files, many.Files)
		require.Equal(t, one.Findings(), many.Findings())
	}
	_, err := detect.Scan(t.Context(), detect.Source{ID: "s", Reader: cloudTrail(t), Workers: 3, Files: []detect.File{detect.FileFrom("f", strings.NewReader(log.String())), {Name: ""}}}, detectors...)
	require.Error(t, err, "the goroutines end with the call")
}

// What a detector does with an event that it has nothing to say of, or that tells it nothing new, costs no memory.
func TestAddingAnEventAllocatesNothing(t *testing.T) { // not in parallel: allocations of others would count
	detectors := append(everyDetector(t), counting(t)...)
	e := new(entries).access(0, "u-2", "P-A").events[0]
	e.From.Addr, e.Object.Type, e.Session, e.From.Host = "10.1.0.1", "Notes", "s1", "h1"
	e.Ingested = e.Recorded
	for _, d := range detectors {
		p := d.New().(detect.RefAdder)
		p.AddRef(&e)
		if n := testing.AllocsPerRun(100, func() { p.AddRef(&e) }); n > 0 {
			t.Errorf("%s: %v allocations", d.Describe().ID, n)
		}
	}
}
