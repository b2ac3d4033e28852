package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/hipaasmp/hipaasmp/storage"
)

// ArgumentError says which argument is missing or wrong.
type ArgumentError struct {
	// Argument names it.
	Argument string
	// Reason says what is wrong and what to do.
	Reason string
}

func (e *ArgumentError) Error() string { return e.Argument + ": " + e.Reason }

// arguments are what the command line says.
type arguments struct {
	file    string
	keys    []string
	since   [][]byte
	anchors [][]byte
	json    bool
}

// mostBytes is the most that is read of a key file or a checkpoint; both are a few lines.
const mostBytes = 1 << 20

// signingKey is how the text of a secret key begins.
const signingKey = "PRIVATE+KEY+"

// readArguments takes flags and the package in any order.
func readArguments(args []string, errs io.Writer) (arguments, error) {
	var a arguments
	var keys, since, anchors, files []string
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.Usage = func() {
		fmt.Fprintln(errs, "usage: verify PACKAGE -key VKEY [-since CHECKPOINT-FILE] [-anchor FILE] [-json]")
		flags.PrintDefaults()
	}
	add := func(list *[]string) func(string) error {
		return func(text string) error { *list = append(*list, text); return nil }
	}
	flags.Func("key", "the sender's verifier `key`, name+hash+data, or a file with one a line; may be given again", add(&keys))
	flags.Func("since", "a `file` with the checkpoint of an earlier package; may be given again", add(&since))
	flags.Func("anchor", "a `file` with checkpoints that were kept out of the sender's reach; may be given again", add(&anchors))
	flags.BoolVar(&a.json, "json", false, "print the report as JSON")
	for len(args) > 0 {
		if err := flags.Parse(args); err != nil {
			return a, err
		}
		if args = flags.Args(); len(args) > 0 {
			files, args = append(files, args[0]), args[1:]
		}
	}
	switch {
	case len(files) == 0:
		return a, &ArgumentError{"the package", "is missing; name the .zip file"}
	case len(files) > 1:
		return a, &ArgumentError{"the package", fmt.Sprintf("%d were named; verify one at a time", len(files))}
	case len(keys) == 0:
		return a, &ArgumentError{"-key", "is missing; give the verifier key that the sender published, not one from the package"}
	}
	a.file = files[0]
	for _, k := range keys {
		lines, err := readKeys(k)
		if err != nil {
			return a, err
		}
		a.keys = append(a.keys, lines...)
	}
	for _, name := range since {
		msg, err := readSmall("-since", name)
		if err != nil {
			return a, err
		}
		if bytes.HasPrefix(msg, []byte("PK")) {
			return a, &ArgumentError{"-since", name + " is a package; take its checkpoint out: unzip -p " + name + " ledger/checkpoint"}
		}
		a.since = append(a.since, msg)
	}
	for _, name := range anchors {
		text, err := readSmall("-anchor", name)
		if err != nil {
			return a, err
		}
		kept := storage.ParseAnchorFile(text)
		if len(kept) == 0 {
			kept = [][]byte{text} // one checkpoint, as it was signed
		}
		a.anchors = append(a.anchors, kept...)
	}
	return a, nil
}

// readKeys returns the key itself, or the keys of the file that it names.
func readKeys(text string) ([]string, error) {
	if strings.HasPrefix(text, signingKey) {
		return nil, &ArgumentError{"-key", "is a signing key; use the verifier key, and keep the other to yourself"}
	}
	if _, err := os.Stat(text); errors.Is(err, fs.ErrNotExist) && strings.Count(text, "+") >= 2 {
		return []string{text}, nil
	}
	data, err := readSmall("-key", text)
	if err != nil {
		return nil, err
	}
	var keys []string
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimSpace(line); line != "" {
			keys = append(keys, line)
		}
	}
	if len(keys) == 0 {
		return nil, &ArgumentError{"-key", text + " is empty; it must hold the line name+hash+data"}
	}
	for _, k := range keys {
		if strings.HasPrefix(k, signingKey) {
			return nil, &ArgumentError{"-key", text + " holds a signing key; use the verifier key, and keep the other to yourself"}
		}
	}
	return keys, nil
}

func readSmall(argument, name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, plain(argument, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, mostBytes+1))
	switch {
	case err != nil:
		return nil, plain(argument, err)
	case len(data) > mostBytes:
		return nil, &ArgumentError{argument, name + " is larger than a megabyte; it should be a few lines"}
	}
	return data, nil
}

// plain leaves out the system call of an error about a file.
func plain(argument string, err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return &ArgumentError{argument, fmt.Sprintf("%s: %v", pe.Path, pe.Err)}
	}
	return &ArgumentError{argument, err.Error()}
}
