// Command quickstart carries one month of a small clinic through the whole SDK: an inventory, a risk analysis, a plan,
// a sanction case and the review of a CloudTrail log become records in an embedded SQLite database, and a signed
// evidence package that verifies offline.
//
//	go run ./examples/quickstart [-dir DIR] [-as-of DATE] [-log DIR-OR-FILE -format FORMAT]
//
// FORMAT is cloudtrail, fhir, atna, csv, ndjson, auditd, windows, pgaudit, ocsf, okta or entra.
//
// Without flags it writes to the folder hipaasmp-quickstart beside you. A second run recognises what is there, adds the
// next month and proves that the ledger continues the first one. With -log it also reviews a log of yours.
//
// The clinic, its people and its log are made up. Everything else is the SDK as a product would use it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	// The zone database, for machines that have none.
	_ "time/tzdata"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := command(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "quickstart:", err)
		}
		stop()
		os.Exit(1)
	}
}

// settings are what the flags say.
type settings struct {
	dir    string
	asOf   hipaasmp.Date
	log    string
	format activity.Format
}

// command reads the flags and runs.
func command(ctx context.Context, args []string, out, errs io.Writer) error {
	var s settings
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.StringVar(&s.dir, "dir", "hipaasmp-quickstart", "folder for hipaasmp.db, signer.key, verifier.key and package.zip")
	flags.StringVar(&s.log, "log", "", "a log file of yours, or a folder of them, to review as well")
	flags.Func("as-of", "the `day` on which the questions are asked, YYYY-MM-DD (default: the sample's own day)", func(text string) (err error) {
		s.asOf, err = hipaasmp.ParseDate(text)
		return err
	})
	format := flags.String("format", "", "the format of -log: "+formats())
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q; see -help", flags.Arg(0))
	}
	if (s.log == "") != (*format == "") {
		return errors.New("-log and -format go together: give both or neither")
	}
	if *format != "" {
		if err := s.format.UnmarshalText([]byte(*format)); err != nil {
			return err
		}
	}
	return run(ctx, out, s)
}

// formats lists what -format takes.
func formats() string {
	var names []string
	for _, f := range activity.Format("").Values() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}
