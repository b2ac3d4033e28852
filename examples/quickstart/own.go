package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// sourceOwn is the source that the user's log stands for.
const sourceOwn = "own-log"

// own is the review of the user's log: a procedure for it, and a session that stays open, because only a person can say
// what became of an exception.
type own struct {
	procedure review.Procedure
	session   review.Session
	scanned   scanned
}

// reviewOwn reads the file, or every regular file directly in the folder, in order of name. The session's identity comes
// from the digests of the files, so the same log is recognised when it is given again.
func reviewOwn(ctx context.Context, s sample, path string, format activity.Format, asOf hipaasmp.Date, at time.Time) (own, error) {
	var o own
	files, err := logFiles(path)
	if err != nil {
		return o, err
	}
	if o.scanned, err = scan(ctx, s, sourceOwn, format, hipaasmp.Period{}, files...); err != nil {
		return o, err
	}
	if o.scanned.Tally.Events == 0 {
		return o, fmt.Errorf("%s: no %s event was found in %d file(s), with %d piece(s) that do not parse; is -format right?", path, format, len(files), defects(o.scanned.Tally))
	}
	period := hipaasmp.Month(asOf)
	if t := o.scanned.Tally; !t.First.IsZero() {
		period = hipaasmp.Period{From: hipaasmp.DateOf(t.First, s.calendar.zone), To: hipaasmp.DateOf(t.Last, s.calendar.zone)}
	}
	h := sha256.New()
	for _, f := range o.scanned.Files {
		fmt.Fprintf(h, "%s %s\n", f.SHA256, f.Name)
	}
	id := hex.EncodeToString(h.Sum(nil))[:16]

	terms := review.DefaultTerms()
	terms.Rounds = nil // one log, reviewed once
	terms.Title = "Review of a log given to the quickstart"
	terms.Sources = []review.Source{{ID: sourceOwn, Name: "Log given with -log", System: "cloud", Records: review.RecordAuditLog, Format: format, Families: families(o.scanned.Tally)}}
	terms.Detectors = review.DetectorSet(detectors(s.entity, s.calendar.zone)...)
	if o.procedure, err = terms.Approve(review.Issue{ID: "pr-own-" + id, Version: "1", Effective: period}, official, period.From, anybody); err != nil {
		return o, err
	}
	if o.session, err = review.Open("rs-own-"+id, s.entity, o.procedure, period, reviewer, at); err != nil {
		return o, err
	}
	summary, exceptions := o.scanned.review()
	o.session, err = o.session.WithSource(summary, exceptions...)
	return o, errorf(err, "the review of "+path)
}

// anybody lets the sample's official approve on a day before the sample's people held their offices.
func anybody(hipaasmp.Actor, hipaasmp.Power, hipaasmp.Date) error { return nil }

func logFiles(path string) ([]detect.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("-log: %w", plain(err))
	}
	names := []string{path}
	if info.IsDir() {
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, fmt.Errorf("-log: %w", plain(err))
		}
		names = names[:0]
		for _, e := range entries {
			if e.Type().IsRegular() {
				names = append(names, filepath.Join(path, e.Name()))
			}
		}
		slices.Sort(names)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("-log: %s holds no file", path)
	}
	out := make([]detect.File, len(names))
	for i, name := range names {
		out[i] = detect.File{Name: filepath.Base(name), Open: func() (io.ReadCloser, error) { return os.Open(name) }}
	}
	return out, nil
}

// plain says of a path error what a person needs: the path and the reason.
func plain(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return fmt.Errorf("%s: %w", pe.Path, pe.Err)
	}
	return err
}

// families are the kinds of activity that the log holds. Nobody told the quickstart which it should hold.
func families(t activity.Tally) []activity.Family {
	var out []activity.Family
	for _, f := range activity.Family("").Values() {
		if t.Family(f) > 0 {
			out = append(out, f)
		}
	}
	return out
}

func defects(t activity.Tally) int64 {
	var n int64
	for _, r := range activity.Reason("").Values() {
		n += t.Defects(r).Count
	}
	return n
}
