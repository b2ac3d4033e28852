package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
)

// The small clinic, planned over three years.
func Example() {
	if err := run(nil, nil, os.Stdout, os.Stderr); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Roadmap over 3 years: 8 actions against 5 scenarios. Amounts are US dollars.
	// Expected loss of a year in which nothing is done: 535,000.00.
	//
	// Year 1: budget 30,000.00, carried in 0.00, spent 30,000.00, carried out 0.00.
	//   step action          why            cost takes off a year takes off in all unlocks
	//   1    activity-review mandatory  7,000.00        28,000.00        84,000.00
	//   2    mfa             chosen    18,000.00       168,200.00       504,600.00
	//   3    backup-test     chosen     5,000.00        15,000.00        45,000.00
	// Expected loss left at the end of year 1: 323,800.00.
	// The next dollar: 15,000.00 more would buy device-management + disk-encryption, which takes off 81,180.00 in all.
	// Each dollar more in this year lowers what is provable by at most 8.7222.
	//
	// Year 2: budget 30,000.00, carried in 0.00, spent 25,000.00, carried out 5,000.00.
	//   step action   why         cost takes off a year takes off in all unlocks
	//   4    training chosen 25,000.00        67,600.00       135,200.00
	// Expected loss left at the end of year 2: 256,200.00.
	// The next dollar: 10,000.00 more would buy device-management + disk-encryption, which takes off 40,590.00 in all.
	// Each dollar more in this year lowers what is provable by at most 4.7403.
	//
	// Year 3: budget 30,000.00, carried in 5,000.00, spent 15,000.00, carried out 20,000.00.
	//   step action            why              cost takes off a year takes off in all unlocks
	//   5    device-management prerequisite 6,000.00           900.00           900.00 disk-encryption
	//   6    disk-encryption   chosen       9,000.00        39,690.00        39,690.00
	// Expected loss left at the end of year 3: 215,610.00.
	// The next dollar: 10,000.00 more would buy second-site, which takes off 29,040.00 in all.
	// Each dollar more in this year lowers what is provable by at most 1.5111.
	//
	// Left out:
	//   action       why         cost would take off a year with
	//   mail-gateway outbid 40,000.00             57,900.00
	//   second-site  outbid 30,000.00             29,040.00
	//
	// Sum of the losses left at the years' ends: 795,610.00.
	// Proved optimal: no plan leaves less.
}

// answer is the JSON as a program in another language reads it.
type answer struct {
	Plan       [][]string `json:"plan"`
	Residual   []string   `json:"residual"`
	Objective  string     `json:"objective"`
	LowerBound string     `json:"lower_bound"`
	Gap        string     `json:"gap"`
	Status     string     `json:"status"`
}

func solve(t *testing.T, problem string) answer {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, run([]string{"-in", "-", "-json"}, strings.NewReader(problem), &out, io.Discard))
	var keys map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(out.Bytes(), &keys))
	require.Len(t, keys, 6, "%s", out.String())
	dec := json.NewDecoder(&out)
	dec.DisallowUnknownFields()
	var a answer
	require.NoError(t, dec.Decode(&a))
	require.False(t, dec.More(), "one object")
	return a
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	require.NoError(t, err)
	return x
}

// requireHonest recomputes an answer from the problem's text alone: budgets, prerequisites, what is mandatory, losses.
func requireHonest(t *testing.T, problem string, a answer) {
	t.Helper()
	var p struct {
		Scenarios []struct{ ID, ALE string }
		Actions   []struct {
			ID, Cost  string
			Effects   []struct{ Scenario, Effectiveness string }
			Requires  []string
			Mandatory bool
		}
		Budgets []string
	}
	require.NoError(t, json.Unmarshal([]byte(problem), &p))
	require.Len(t, a.Plan, len(p.Budgets))
	require.Len(t, a.Residual, len(p.Budgets))
	year := map[string]int{}
	for y, ids := range a.Plan {
		for _, id := range ids {
			require.NotContains(t, year, id)
			year[id] = y
		}
	}
	found, objective, money := 0, 0.0, 0.0
	for y, b := range p.Budgets {
		money += number(t, b)
		left, spent := map[string]float64{}, 0.0
		for _, s := range p.Scenarios {
			left[s.ID] = number(t, s.ALE)
		}
		for _, act := range p.Actions {
			at, in := year[act.ID]
			require.True(t, in || !act.Mandatory, "%s is mandatory", act.ID)
			if !in || at > y {
				continue
			}
			spent += number(t, act.Cost)
			for _, e := range act.Effects {
				left[e.Scenario] *= 1 - number(t, e.Effectiveness)
			}
			for _, id := range act.Requires {
				before, in := year[id]
				require.True(t, in && before <= at, "%s requires %s", act.ID, id)
			}
			if at == y {
				found++
			}
		}
		require.LessOrEqual(t, spent, money+1e-6)
		sum := 0.0
		for _, v := range left {
			sum += v
		}
		require.InDelta(t, sum, number(t, a.Residual[y]), 1e-5)
		objective += sum
	}
	require.Equal(t, len(year), found, "the plan names only actions of the problem")
	require.InDelta(t, objective, number(t, a.Objective), 1e-4)
	require.LessOrEqual(t, number(t, a.LowerBound), number(t, a.Objective))
	gap := (number(t, a.Objective) - number(t, a.LowerBound)) / number(t, a.Objective)
	require.InDelta(t, gap, number(t, a.Gap), 2e-6)
	require.Equal(t, gap == 0, a.Status == "optimal")
}

func TestTheClinicIsPlannedOptimally(t *testing.T) {
	t.Parallel()
	a := solve(t, clinic)
	requireHonest(t, clinic, a)
	require.Equal(t, "795610", a.Objective)
	require.Equal(t, "optimal", a.Status)
}

func TestEmptyListsAndFreeActionsAreRead(t *testing.T) {
	t.Parallel()
	const text = `{"scenarios":[{"id":"S1","ale":"120000"}],"actions":[{"id":"A","cost":"18000","effects":[{"scenario":"S1","effectiveness":"0.6"}],"requires":["E"],"mandatory":false},{"id":"E","cost":"0","effects":[],"requires":[]}],"budgets":["30000","30000"]}`
	a := solve(t, text)
	requireHonest(t, text, a)
	require.Equal(t, answer{Plan: [][]string{{"A", "E"}, {}}, Residual: []string{"48000", "48000"}, Objective: "96000", LowerBound: "96000", Gap: "0", Status: "optimal"}, a)
}

func TestLargeInstances(t *testing.T) {
	t.Parallel()
	tool := filepath.Join("..", "..", "..", "shared", "tools", "roadmap_instance.py")
	if _, err := os.Stat(tool); err != nil {
		t.Skip("the folder with the instances is not beside this checkout")
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3, which draws the instances, is not on this machine")
	}
	for _, c := range []struct {
		actions, scenarios, years, seed string
		status                          string
		gap                             float64
	}{
		{"20", "8", "3", "1", "optimal", 0},
		{"24", "10", "2", "2", "optimal", 0},
		{"500", "100", "3", "1", "", 0.005},
	} {
		t.Run(c.actions, func(t *testing.T) {
			t.Parallel()
			problem, err := exec.Command(python, tool, c.actions, c.scenarios, c.years, c.seed).Output()
			require.NoError(t, err)
			a := solve(t, string(problem))
			requireHonest(t, string(problem), a)
			require.LessOrEqual(t, number(t, a.Gap), c.gap)
			if c.status != "" {
				require.Equal(t, c.status, a.Status)
			}
			require.Equal(t, a, solve(t, string(problem)), "the same problem gives the same plan")
		})
	}
}

func TestBadInputIsRefused(t *testing.T) {
	t.Parallel()
	edit := func(old, new string) string {
		require.Contains(t, clinic, old)
		return strings.Replace(clinic, old, new, 1)
	}
	for rule, c := range map[string]struct {
		problem string
		code    hipaasmp.FaultCode
		pointer string
	}{
		"a negative budget":          {edit(`["30000"`, `["-1"`), remediation.FaultMoney, "/budgets/0"},
		"a cost that is no number":   {edit(`"cost": "18000"`, `"cost": "NaN"`), remediation.FaultMoney, "/actions/0/cost"},
		"an endless loss":            {edit(`"120000"`, `"Infinity"`), remediation.FaultMoney, "/scenarios/0/ale"},
		"an amount beyond reason":    {edit(`"120000"`, `"1200000000000000"`), remediation.FaultMoney, "/scenarios/0/ale"},
		"an exponent":                {edit(`"120000"`, `"1e5"`), remediation.FaultMoney, "/scenarios/0/ale"},
		"an amount as a number":      {edit(`"120000"`, `120000`), hipaasmp.FaultType, "/scenarios/0/ale"},
		"an effect above all":        {edit(`"0.6"`, `"1.1"`), remediation.FaultShare, "/actions/0/effects/0/effectiveness"},
		"a circle":                   {edit(`"id": "device-management", "cost": "6000"`, `"id": "device-management", "requires": ["disk-encryption"], "cost": "6000"`), remediation.FaultCycle, "/actions/3/requires"},
		"mandatory beyond the money": {edit(`"cost": "7000", "mandatory"`, `"cost": "90001", "mandatory"`), remediation.FaultInfeasible, "/budgets"},
		"an unknown scenario":        {edit(`{"scenario": "ransomware"`, `{"scenario": "fire"`), hipaasmp.FaultDangling, "/actions/0/effects/0/scenario"},
		"an unknown prerequisite":    {edit(`["device-management"]`, `["tool"]`), hipaasmp.FaultDangling, "/actions/1/requires/0"},
		"an unknown member":          {edit(`"budgets"`, `"budget"`), hipaasmp.FaultUnknownMember, "/budget"},
		"a member twice":             {edit(`"budgets"`, `"budgets": [], "budgets"`), hipaasmp.FaultDuplicate, "/budgets"},
		"nothing":                    {"", hipaasmp.FaultSyntax, ""},
		"more after the object":      {clinic + "{}", hipaasmp.FaultSyntax, ""},
		"two of one identity":        {edit(`"id": "disk-encryption"`, `"id": "mfa"`), hipaasmp.FaultIdentity, "/actions/3/id"},
		"two scenarios of one":       {edit(`"id": "phishing"`, `"id": "ransomware"`), hipaasmp.FaultIdentity, "/scenarios/1/id"},
		"an effect below none":       {edit(`"0.6"`, `"-0.1"`), remediation.FaultShare, "/actions/0/effects/0/effectiveness"},
		"a negative cost":            {edit(`"cost": "18000"`, `"cost": "-18000"`), remediation.FaultMoney, "/actions/0/cost"},
		"no cost":                    {edit(`"cost": "18000", `, ``), hipaasmp.FaultRequired, "/actions/0/cost"},
		"no expected loss":           {`{"scenarios":[{"id":"S"}],"actions":[],"budgets":["1"]}`, hipaasmp.FaultRequired, "/scenarios/0/ale"},
		"no identity":                {`{"scenarios":[{"ale":"1"}],"actions":[],"budgets":["1"]}`, hipaasmp.FaultFormat, "/scenarios/0/id"},
		"no scenario":                {`{"scenarios":[],"actions":[],"budgets":["1"]}`, hipaasmp.FaultRequired, "/scenarios"},
		"no list of actions":         {`{"scenarios":[{"id":"S","ale":"1"}],"budgets":["1"]}`, hipaasmp.FaultRequired, "/actions"},
		"no list of budgets":         {`{"scenarios":[{"id":"S","ale":"1"}],"actions":[]}`, hipaasmp.FaultRequired, "/budgets"},
		"nothing but braces":         {`{}`, hipaasmp.FaultRequired, "/actions"},
		"a list":                     {`[]`, hipaasmp.FaultType, ""},
		"null for a list":            {`{"scenarios":[{"id":"S","ale":"1"}],"actions":null,"budgets":["1"]}`, hipaasmp.FaultLossy, "/actions"},
		"no year":                    {`{"scenarios":[{"id":"S","ale":"1"}],"actions":[],"budgets":[]}`, hipaasmp.FaultRequired, "/budgets"},
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			err := run([]string{"-in", "-"}, strings.NewReader(c.problem), &out, io.Discard)
			require.Zero(t, out.Len(), "nothing is printed")
			var invalid *hipaasmp.ValidationError
			require.ErrorAs(t, err, &invalid)
			require.True(t, invalid.Has(c.code), "%v", invalid)
			require.True(t, slices.ContainsFunc(invalid.Faults, func(f hipaasmp.Fault) bool { return f.Code == c.code && f.Pointer == c.pointer }), "%v", invalid)
		})
	}
	require.ErrorIs(t, run([]string{"-h"}, nil, io.Discard, io.Discard), flag.ErrHelp)
	require.Error(t, run([]string{"-in", filepath.Join(t.TempDir(), "missing.json")}, nil, io.Discard, io.Discard))
	require.Error(t, run([]string{"stray"}, nil, io.Discard, io.Discard))
	require.Error(t, run([]string{"-unknown"}, nil, io.Discard, io.Discard))
	full := fullDisk(1)
	require.Error(t, run(nil, nil, &full, io.Discard), "a disk that is full is told")
}

// All faults are told, each on its line, a circle among them.
func TestEveryFaultIsTold(t *testing.T) {
	t.Parallel()
	const bad = `{"scenarios":[{"id":"S1","ale":"-1"},{"id":"S1","ale":"NaN"}],"actions":[
		{"id":"A","cost":"-5","effects":[{"scenario":"S9","effectiveness":"1.5"}],"requires":["B","Z"]},
		{"id":"B","cost":"99999999999999","requires":["A"]}],"budgets":["-1","soon"]}`
	err := run([]string{"-in", "-"}, strings.NewReader(bad), io.Discard, io.Discard)
	var out strings.Builder
	tell(&out, err)
	var at []string
	for line := range strings.Lines(out.String()) {
		require.True(t, strings.HasPrefix(line, "roadmap: "), line)
		_, pointer, _ := strings.Cut(line, " at ")
		pointer, _, _ = strings.Cut(pointer, ":")
		at = append(at, pointer)
	}
	require.ElementsMatch(t, []string{
		"/scenarios/0/ale", "/scenarios/1/ale", "/scenarios/1/id", "/actions/0/cost", "/actions/0/effects/0/scenario", "/actions/0/effects/0/effectiveness",
		"/actions/0/requires/1", "/actions/0/requires", "/actions/1/cost", "/budgets/0", "/budgets/1",
	}, at)
	require.Contains(t, out.String(), "A -> B -> A")
	out.Reset()
	tell(&out, io.ErrUnexpectedEOF)
	require.Equal(t, "roadmap: unexpected EOF\n", out.String())
}

// fullDisk is a writer that fails after some writes.
type fullDisk int

func (d *fullDisk) Write(b []byte) (int, error) {
	if *d--; *d < 0 {
		return 0, io.ErrShortWrite
	}
	return len(b), nil
}

func TestMoneyIsWrittenWithThousandsApart(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"0": "0.00", "999.995": "1,000.00", "1234567.891": "1,234,567.89", "-1000": "-1,000.00", "100": "100.00"} {
		require.Equal(t, want, money(decimal.RequireFromString(in)), in)
	}
}

func TestReasonsAreWords(t *testing.T) {
	t.Parallel()
	for _, r := range remediation.RoadmapReason("").Values() {
		require.NotContains(t, words(r), "_")
	}
	require.Equal(t, "beyond budget", words(remediation.RoadmapReasonBeyondBudget))
}
