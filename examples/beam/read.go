package main

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// defects counts the places of files that are no events.
var defects = beam.NewCounter("review", "defects")

// Read is Beam's DoFn that reads files. One element is the name of one, and the last part of the name is what events
// call it; two files of one source must not have the same.
type Read struct {
	// Source is the identity of the source under review.
	Source string
	// Format is the format of all files.
	Format activity.Format
	// Profile says what the columns of an access report mean; only CSV and flat JSON need one.
	Profile *activity.Profile
}

func (r *Read) reader() (activity.Reader, error) {
	if r.Profile != nil {
		return activity.ReaderWith(*r.Profile)
	}
	return activity.ReaderFor(r.Format)
}

// ProcessElement reads a file. The error is the file's own: a file that was read in part must not pass for one that was
// read, so the bundle fails.
func (r *Read) ProcessElement(ctx context.Context, name string, emit func(activity.Event)) error {
	reader, err := r.reader()
	if err != nil {
		return err
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	for e, err := range reader.Read(activity.Input{Source: r.Source, File: filepath.Base(name), Content: f}) {
		switch d := (*activity.Defect)(nil); {
		case err == nil:
			emit(e)
		case errors.As(err, &d):
			defects.Inc(ctx, 1)
		default:
			return fmt.Errorf("beam: %s was not read to its end: %w", filepath.Base(name), err)
		}
	}
	return nil
}

// An event crosses to another machine only where a runner does not fuse reading and adding. JSON would do but for texts
// that are not UTF-8, which it would change.
func encodeEvent(e activity.Event) ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(e)
	return b.Bytes(), err
}

func decodeEvent(data []byte) (e activity.Event, err error) {
	err = gob.NewDecoder(bytes.NewReader(data)).Decode(&e)
	return e, err
}
