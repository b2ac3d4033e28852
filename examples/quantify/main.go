// Command quantify computes the annual loss of a risk register and prints one line of JSON: the figures, and what they
// took in processor time and memory.
//
//	go run ./examples/quantify -register FILE.csv [-engine exact|mc] [-model poisson-lognormal|pert-product|pert-events]
//	                           [-trials N] [-seed S] [-workers W]
//
// The register is a CSV file with the columns id, lam (events a year), lo90 and hi90 (the interval that holds 90 % of the
// losses of an event), or low_f, mode_f, high_f and low_l, mode_l, high_l for the PERT models. Amounts are in dollars.
// The processor time is that of the whole process, from its start to the figures.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/hipaasmp/hipaasmp/risk/quant"
)

func main() {
	if err := command(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "quantify:", err)
		}
		os.Exit(1)
	}
}

// line is what is printed.
type line struct {
	Engine   string  `json:"engine"`
	CPU      float64 `json:"cpu_s"`
	Wall     float64 `json:"wall_s"`
	MaxRSS   float64 `json:"maxrss_mb"`
	Mean     float64 `json:"mean"`
	SD       float64 `json:"sd"`
	P5       float64 `json:"p5"`
	P50      float64 `json:"p50"`
	P90      float64 `json:"p90"`
	P95      float64 `json:"p95"`
	P99      float64 `json:"p99"`
	P99Point float64 `json:"p99_9"`
	TVaR95   float64 `json:"tvar95"`
	TVaR99   float64 `json:"tvar99"`
}

// engines are the words of the flag.
var engines = map[string]quant.Engine{"exact": quant.EngineExact, "mc": quant.EngineMonteCarlo}

// command reads the flags and runs.
func command(args []string, out, errs io.Writer) error {
	start := time.Now()
	flags := flag.NewFlagSet("quantify", flag.ContinueOnError)
	flags.SetOutput(errs)
	register := flags.String("register", "", "the register, a CSV `file`")
	engine := flags.String("engine", "exact", "exact, or mc for Monte Carlo")
	model := flags.String("model", string(quant.ModelPoissonLognormal), "poisson-lognormal, pert-product or pert-events")
	trials := flags.Int("trials", 1_000_000, "simulated years of mc")
	seed := flags.Uint64("seed", 1, "seed of mc")
	workers := flags.Int("workers", 1, "goroutines; they change no figure")
	if err := flags.Parse(args); err != nil {
		return err
	}
	chosen, known := engines[*engine]
	switch {
	case *register == "":
		return errors.New("name the register with -register FILE.csv")
	case !known:
		return fmt.Errorf("-engine %q: use exact or mc", *engine)
	case *trials == 0:
		return errors.New("-trials 0: no year simulated has no figure; use 100 to 100000000")
	case flags.NArg() > 0:
		return fmt.Errorf("%q is no flag", flags.Arg(0))
	}
	file, err := os.Open(*register)
	if err != nil {
		return err
	}
	defer file.Close()
	r, err := quant.ReadCSV(file, quant.Model(*model), "USD")
	if err != nil {
		return err
	}
	res, err := quant.Quantify(r, quant.Options{Engine: chosen, Trials: *trials, Seed: *seed, Workers: *workers})
	if err != nil {
		return err
	}
	l := read(res)
	l.Engine, l.Wall = *engine, time.Since(start).Seconds()
	l.CPU, l.MaxRSS = usage()
	return json.NewEncoder(out).Encode(l)
}

// read takes the figures that are printed from a result.
func read(res quant.Result) line {
	l := line{Mean: float64(res.ALE.Value), SD: float64(res.SD.Value)}
	for level, to := range map[quant.Probability]*float64{0.05: &l.P5, 0.5: &l.P50, 0.9: &l.P90, 0.95: &l.P95, 0.99: &l.P99, 0.999: &l.P99Point} {
		f, _ := res.Quantile(level)
		*to = float64(f.Value)
	}
	for level, to := range map[quant.Probability]*float64{0.95: &l.TVaR95, 0.99: &l.TVaR99} {
		t, _ := res.Tail(level)
		*to = float64(t.TVaR.Value)
	}
	return l
}
