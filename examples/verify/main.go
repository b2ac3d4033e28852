// Command verify checks an evidence package offline and says, level by level, what holds.
//
//	go run ./examples/verify PACKAGE -key VKEY [-since CHECKPOINT-FILE] [-anchor FILE] [-json]
//
// VKEY is the sender's verifier key, name+hash+data, or a file with one key a line. It must come by another way than
// the package: a key that travels with what it verifies proves nothing. A checkpoint of an earlier package, given with
// -since, shows that the ledger only grew since; take it out of that package with
//
//	unzip -p earlier.zip ledger/checkpoint > checkpoint
//
// Checkpoints that somebody kept where the sender cannot change them, a file that storage.FileAnchor wrote or a signed
// checkpoint, are given with -anchor: they show that the ledger was not cut off or written anew.
//
// The exit status is 0 if every level that the package claims holds, 1 if one does not, and 2 if the question could not
// be asked: a flag is wrong, a file is not there, a key is none.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/hipaasmp/hipaasmp/evidence"
)

// The exit statuses.
const (
	statusVerified = 0
	statusRefused  = 1
	statusUnasked  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := command(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// command reads the flags, verifies and prints; it returns the exit status.
func command(ctx context.Context, args []string, out, errs io.Writer) int {
	a, err := readArguments(args, errs)
	if errors.Is(err, flag.ErrHelp) {
		return statusVerified
	}
	if err == nil {
		var verified bool
		if verified, err = a.run(ctx, out); err == nil && verified {
			return statusVerified
		} else if err == nil {
			return statusRefused
		}
	}
	fmt.Fprintln(errs, "verify:", err)
	return statusUnasked
}

// run verifies the package and prints the report. The error is one that is not the package's fault.
func (a arguments) run(ctx context.Context, out io.Writer) (bool, error) {
	f, err := os.Open(a.file)
	if err != nil {
		return false, plain("the package", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false, plain("the package", err)
	}
	if !info.Mode().IsRegular() {
		return false, &ArgumentError{"the package", a.file + " is no file; give the .zip that the sender made"}
	}
	report, err := evidence.Verify(ctx, f, info.Size(), a.keys, evidence.VerifyOptions{Since: a.since, Anchors: a.anchors})
	var refused *evidence.VerificationError
	if err != nil && !errors.As(err, &refused) {
		return false, err
	}
	if a.json {
		err = writeJSON(out, a.file, report)
	} else {
		err = tell(out, a.file, report)
	}
	return refused == nil, err
}

// writeJSON prints the report for a program.
func writeJSON(out io.Writer, file string, report evidence.Report) error {
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(struct {
		Package  string          `json:"package"`
		Verified bool            `json:"verified"`
		Report   evidence.Report `json:"report"`
	}{file, report.Passed(), report})
}
