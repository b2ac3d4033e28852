// Command schemagen writes what the module publishes for readers in any language: the list of every fault and gap code,
// and the JSON Schemas of every document, from the Go types: their fields, their
// validate tags, their enumerations and their doc comments. The types are the one source of shape; the files it
// writes are committed and embedded by evidence/schema, and the same types give the same bytes.
//
// It refuses a type whose schema and whose Validate method could disagree: a decimal that is a JSON number, an instant
// without the instant tag, a slice of structs without dive, a validate tag that it cannot express. Nothing imports it.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	root := flag.String("root", "../..", "folder of the module")
	against := flag.String("against", "", "write nothing, and list what the schemas refuse that those in this folder accept")
	flag.Parse()
	if *against != "" {
		found, err := narrowed(*against, filepath.Join(*root, "evidence", "schema", "v1"))
		for _, line := range found {
			fmt.Println(line)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "schemagen:", err)
		}
		if err != nil || len(found) > 0 {
			os.Exit(1)
		}
		return
	}
	if err := run(*root); err != nil {
		fmt.Fprintln(os.Stderr, "schemagen:", err)
		os.Exit(1)
	}
}

// run writes the files, and removes the schemas of kinds that are no more.
func run(root string) error {
	files, err := generate(root, documents())
	if err != nil {
		return err
	}
	dir := filepath.Join(root, "evidence", "schema", "v1")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return err
	}
	for _, path := range old {
		if _, kept := files[filepath.Base(path)]; !kept {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			return err
		}
	}
	codes, err := codeFiles()
	if err != nil {
		return err
	}
	for name, data := range codes {
		if err := os.WriteFile(filepath.Join(root, "evidence", "schema", name), data, 0o666); err != nil {
			return err
		}
	}
	return nil
}
