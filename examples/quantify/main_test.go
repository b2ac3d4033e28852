package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
)

const small = `id,lam,low_f,mode_f,high_f,lo90,hi90,low_l,mode_l,high_l
phish,0.8,0.2,0.6,2.2,5000,90000,5000,22000,90000
laptop,0.3,0.1,0.2,0.9,2000,40000,2000,9000,40000
vendor,0.05,0.01,0.04,0.15,100000,3000000,100000,700000,3000000
`

// file writes a register to an empty folder.
func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "register.csv")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// run runs the program and reads its line.
func run(t *testing.T, args ...string) (line, string) {
	t.Helper()
	var out, errs bytes.Buffer
	require.NoError(t, command(args, &out, &errs), errs.String())
	require.Equal(t, 1, strings.Count(out.String(), "\n"), "one line")
	var l line
	dec := json.NewDecoder(&out)
	dec.DisallowUnknownFields()
	text := out.String()
	require.NoError(t, dec.Decode(&l))
	return l, text
}

func TestOneLineOfEveryEngineAndModel(t *testing.T) {
	t.Parallel()
	path := file(t, small)
	exact, text := run(t, "-register", path)
	for _, key := range []string{"engine", "cpu_s", "wall_s", "maxrss_mb", "mean", "sd", "p5", "p50", "p90", "p95", "p99", "p99_9", "tvar95", "tvar99"} {
		require.Contains(t, text, `"`+key+`":`)
	}
	require.Equal(t, "exact", exact.Engine)
	require.Positive(t, exact.Wall)
	simulated, _ := run(t, "-register", path, "-engine", "mc", "-trials", "100000", "-seed", "7", "-workers", "2")
	require.Equal(t, "mc", simulated.Engine)
	require.InEpsilon(t, exact.Mean, simulated.Mean, .03)
	require.InEpsilon(t, exact.P95, simulated.P95, .05)
	again, _ := run(t, "-register", path, "-engine", "mc", "-trials", "100000", "-seed", "7")
	again.CPU, again.Wall, again.MaxRSS = simulated.CPU, simulated.Wall, simulated.MaxRSS
	require.Equal(t, simulated, again, "workers change no figure")
	for _, model := range []string{"pert-events", "pert-product"} {
		l, _ := run(t, "-register", path, "-engine", "mc", "-trials", "5000", "-model", model)
		require.Positive(t, l.TVaR99)
	}
	product, _ := run(t, "-register", path, "-engine", "mc", "-model", "pert-product")
	events, _ := run(t, "-register", path, "-model", "pert-events")
	require.InEpsilon(t, events.Mean, product.Mean, .01)
	require.Less(t, product.SD, events.SD, "the product understates the spread")
}

func TestRefusalsSayWhatToDo(t *testing.T) {
	t.Parallel()
	path := file(t, small)
	bad := file(t, "id,lam,lo90,hi90\nR1,2,9,5\nR2,nan,1,2\n")
	for says, args := range map[string][]string{
		"name the register":        {},
		"use exact or mc":          {"-register", path, "-engine", "panjer"},
		"is no model":              {"-register", path, "-model", "pert"},
		"no such file":             {"-register", path + ".none"},
		`scenario "R1", severity`:  {"-register", bad},
		`scenario "R2", frequency`: {"-register", bad},
		"multiplies a rate":        {"-register", path, "-model", "pert-product"},
		"trials":                   {"-register", path, "-engine", "mc", "-trials", "3"},
		"-trials 0":                {"-register", path, "-engine", "mc", "-trials", "0"},
		"is no flag":               {"-register", path, "more"},
		"provided but not defined": {"-grid", "5"},
	} {
		var out, errs bytes.Buffer
		err := command(args, &out, &errs)
		require.ErrorContains(t, err, says)
		require.Empty(t, out.String())
	}
}

func TestTheRegisterOfFifty(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", "..", "shared", "data", "risk", "register50.csv")
	if _, err := os.Stat(path); err != nil {
		t.Skip("needs ../shared/data/risk/register50.csv beside the checkout")
	}
	exact, _ := run(t, "-register", path)
	for name, pair := range map[string][2]float64{
		"mean": {3013374.875, exact.Mean}, "sd": {1964697.489, exact.SD}, "p5": {966715.6475, exact.P5}, "p50": {2575566.181, exact.P50},
		"p90": {5230764.492, exact.P90}, "p95": {6456825.893, exact.P95}, "p99": {9933461.927, exact.P99}, "p99_9": {17718697.25, exact.P99Point},
		"tvar95": {8783219.102, exact.TVaR95}, "tvar99": {13267475.37, exact.TVaR99},
	} {
		require.LessOrEqual(t, math.Abs(pair[1]/pair[0]-1), 1e-5, name)
	}
	trials := []string{"-trials", "100000"}
	if long.On {
		trials = nil
	}
	simulated, _ := run(t, append([]string{"-register", path, "-engine", "mc"}, trials...)...)
	require.InEpsilon(t, exact.Mean, simulated.Mean, .01)
}
