// Command roadmap plans which measures to pay for in which year, so that the least expected loss is left.
//
//	go run ./examples/roadmap -in FILE.json
//	go run ./examples/roadmap -in FILE.json -json
//
// The file holds scenarios with their expected losses, actions with their costs, effects and prerequisites, and a budget
// for each year; money that is not spent carries over. Every amount is a decimal text. Without -in it plans for the small
// clinic that it carries along. It prints a table that explains the plan step by step, or with -json one object: plan,
// residual, objective, lower_bound, gap and status.
package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
)

//go:embed clinic.json
var clinic string

func main() {
	switch err := run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr); {
	case errors.Is(err, flag.ErrHelp): // asked for and given
	case err != nil:
		tell(os.Stderr, err)
		os.Exit(1)
	}
}

// tell writes an error, and every fault of a problem on a line of its own.
func tell(out io.Writer, err error) {
	var invalid *hipaasmp.ValidationError
	if !errors.As(err, &invalid) {
		fmt.Fprintln(out, "roadmap:", err)
		return
	}
	for _, fault := range invalid.Faults {
		fmt.Fprintln(out, "roadmap:", fault)
	}
}

// run reads the arguments and the problem, and prints the answer.
func run(args []string, in io.Reader, out, usage io.Writer) error {
	flags := flag.NewFlagSet("roadmap", flag.ContinueOnError)
	flags.SetOutput(usage)
	path := flags.String("in", "", "the `file` with the problem, or - for the standard input; without it a small clinic is planned for")
	asJSON := flags.Bool("json", false, "print one JSON object")
	nodes := flags.Int("nodes", 0, "how many parts of the problem to look at before stopping with a gap; 0 is the default")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q; name the file with -in", flags.Arg(0))
	}
	problem, err := read(*path, in)
	if err != nil {
		return err
	}
	answer, err := problem.Solve(remediation.RoadmapOptions{Nodes: *nodes})
	if err != nil {
		return err
	}
	if *asJSON {
		return json.NewEncoder(out).Encode(answer)
	}
	return print(out, problem, answer)
}

func read(path string, in io.Reader) (remediation.RoadmapProblem, error) {
	switch path {
	case "":
		in = strings.NewReader(clinic)
	case "-":
	default:
		file, err := os.Open(path)
		if err != nil {
			return remediation.RoadmapProblem{}, err
		}
		defer file.Close()
		in = file
	}
	return remediation.ReadRoadmapProblem(in)
}
