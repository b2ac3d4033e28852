// Command harness checks documents and prints every fault of each.
//
//	go run ./examples/harness [-json] FILE...
//
// A FILE is one document in JSON, or an evidence package, of which every document is checked. Each document is read
// strictly, held to the JSON Schema that it names, and then to the rules of its type. Faults are sorted and carry a
// stable code, a JSON Pointer, what to do, and the provision that the rule comes from.
//
// Whether a package is whole and signed is another question: see the command verify.
//
// The exit status is 0 if no document has a fault, 1 if one has, and 2 if a file could not be read at all.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// The exit statuses.
const (
	statusClean  = 0
	statusFaulty = 1
	statusUnread = 2
)

func main() { os.Exit(command(os.Args[1:], os.Stdout, os.Stderr)) }

// result is what was found of one document.
type result struct {
	// File is the file as it was named.
	File string `json:"file"`
	// Member is the document's name in a package.
	Member string `json:"member,omitempty"`
	// Kind is the kind that the document says it is; empty where it says none.
	Kind hipaasmp.Kind `json:"kind,omitempty"`
	// Faults are all that is wrong with it.
	Faults []hipaasmp.Fault `json:"faults,omitempty"`
}

// command reads the flags, checks every file and prints; it returns the exit status.
func command(args []string, out, errs io.Writer) int {
	flags := flag.NewFlagSet("harness", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.Usage = func() {
		fmt.Fprintln(errs, "usage: harness [-json] FILE...")
		flags.PrintDefaults()
	}
	asJSON := flags.Bool("json", false, "print the result of every document as JSON")
	var files []string
	for len(args) > 0 {
		if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
			return statusClean
		} else if err != nil {
			return statusUnread
		}
		if args = flags.Args(); len(args) > 0 {
			files, args = append(files, args[0]), args[1:]
		}
	}
	if len(files) == 0 {
		fmt.Fprintln(errs, "harness: name at least one file: a document in JSON, or a package")
		return statusUnread
	}

	var results []result
	status := statusClean
	for _, file := range files {
		found, err := checkFile(file)
		results = append(results, found...)
		if err != nil {
			fmt.Fprintln(errs, "harness:", safe(err.Error()))
			status = statusUnread
		}
	}
	faults := 0
	for _, r := range results {
		faults += len(r.Faults)
	}
	if faults > 0 && status == statusClean {
		status = statusFaulty
	}
	write := tell
	if *asJSON {
		write = writeJSON
	}
	if err := write(out, results, faults); err != nil {
		fmt.Fprintln(errs, "harness:", err)
		return statusUnread
	}
	return status
}

// tell prints one line for each fault, and a last line that counts.
func tell(out io.Writer, results []result, faults int) error {
	for _, r := range results {
		name := r.File
		if r.Member != "" {
			name += "!" + r.Member
		}
		for _, f := range r.Faults {
			if _, err := fmt.Fprintln(out, safe(name+": "+f.Error())); err != nil {
				return err
			}
		}
	}
	_, err := fmt.Fprintf(out, "%s checked, %s\n", count(len(results), "document"), count(faults, "fault"))
	return err
}

// writeJSON prints the result of every document, those without a fault too.
func writeJSON(out io.Writer, results []result, faults int) error {
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(struct {
		Documents []result `json:"documents"`
		Checked   int      `json:"checked"`
		Faults    int      `json:"faults"`
	}{append([]result{}, results...), len(results), faults})
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

// safe takes out what could steer a terminal: names and values come from the files.
func safe(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
