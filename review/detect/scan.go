package detect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// File is one file of a source.
type File struct {
	// Name is what events and findings call the file. It is distinct within the source: with the folder where two
	// folders hold a file of one name.
	Name string
	// Open opens the file from its beginning. A pass over the source calls it once, when the files before it have been
	// read; another pass, such as [Scanned.NamePatients] or the draw of a sample, calls it again.
	Open func() (io.ReadCloser, error)
	// Modified is when the file was last written, as far as its keeper says; the zero time where that is not known.
	Modified time.Time
}

// FileFrom returns a file whose content is what r gives from where it stands. Where the source is read once more, r is put
// back to that place if it is an [io.Seeker] that can be; else opening it again is an error, because a reader that is used up
// must not pass for a file without entries. Give a File with an Open of its own then.
func FileFrom(name string, r io.Reader) File {
	var start int64
	opened, back := false, false
	return File{Name: name, Open: func() (io.ReadCloser, error) {
		seeker, can := r.(io.Seeker)
		switch {
		case r == nil:
			return nil, errors.New("it has no content; give FileFrom a reader")
		case !opened && can:
			at, err := seeker.Seek(0, io.SeekCurrent)
			start, back = at, err == nil
		case opened && !back:
			return nil, errors.New("its reader has been read before and cannot go back; give a File whose Open opens it anew")
		case opened:
			if _, err := seeker.Seek(start, io.SeekStart); err != nil {
				return nil, err
			}
		}
		opened = true
		return io.NopCloser(r), nil
	}}
}

// Source is what is to be scanned of one source.
type Source struct {
	// ID is the identity of the source; every event carries it.
	ID string
	// Reader reads its files.
	Reader activity.Reader
	// Files are its files.
	Files []File
	// Directory leads from the identities in the log to those that the entity knows actors and patients by; nil takes them
	// as the log has them. What cannot be resolved stays as it is, and [Scanned.Resolved] counts it.
	Directory *activity.Directory
	// Tokens gives the patients of findings tokens that lead back to nobody without its key; the zero value gives none.
	Tokens Tokens
	// From and Until bound the period that is reviewed: the first instant in it and the first after it. Events outside
	// are counted as such, and looked at like all others. A zero time is no bound.
	From, Until time.Time
	// MaxRecord is the most bytes one record may have; 0 is [activity.DefaultMaxRecord].
	MaxRecord int
	// Workers is how many goroutines work at the same time: one reads, the others run the detectors; less than 2 is one
	// for all. The result does not depend on it.
	Workers int
}

// Scanned is what one pass over a source has found out.
type Scanned struct {
	// Source is the identity of the source.
	Source string
	// Files are the files in the order in which they were read.
	Files []ScannedFile
	// Tally counts the events and defects of all files.
	Tally activity.Tally
	// Resolved counts what became of the identities of events where the source has a directory: by it a review says which
	// share of the actors is not resolved. It is empty where there is no directory.
	Resolved activity.DirectoryTally
	// Outside is the number of events whose known time does not lie in the period.
	Outside int64
	// Run holds the states of the detectors, to merge with those of other sources or to read findings from.
	Run *Run

	tokens Tokens
	named  map[string][]string // charts by the identity of the finding, see [Scanned.NamePatients]
}

// Findings returns the findings of all detectors, ordered by first time and identity, with the tokens of their patients
// where the source has a key for them.
func (s *Scanned) Findings() []Finding {
	out := s.Run.Findings()
	for i := range out {
		if more := s.named[out[i].ID]; len(more) > 0 {
			out[i] = out[i].about(slices.Concat(out[i].charts, more)...)
		}
		out[i] = s.tokens.Name(out[i])
	}
	return out
}

// ScannedFile is what is known of one file after the pass.
type ScannedFile struct {
	// Name is the name of the file.
	Name string
	// Size and SHA256 are of its bytes as they were delivered, compressed or not, to the end of the file.
	Size   int64
	SHA256 hipaasmp.Digest
	// Modified is when it was last written, as given in [File.Modified].
	Modified time.Time
	// Tally counts its own events and defects.
	Tally activity.Tally
	// FellBack is the number of entries that looked like none before them, see [activity.Input.FellBack].
	FellBack int64
	// CopyOf names an earlier file of the source that has the same bytes; empty where there is none. Entries without an
	// identity of their own are counted twice then.
	CopyOf string
}

// Scan reads every file of a source once, and in that one pass takes its digest, counts its events and defects, sets
// aside what was delivered twice, and gives every other event to the detectors. Memory does not grow with the files, but
// for the identities that are remembered to recognise a second delivery, and for what the detectors keep.
//
// The error is an [*activity.FileError] if a file could not be read to its end or the context was cancelled, and then
// there is no result: a source that was read in part must not pass for one that was read. It is a [*SourceError] if the
// source is not put together rightly.
func Scan(ctx context.Context, source Source, detectors ...Detector) (*Scanned, error) {
	if err := source.put(detectors); err != nil {
		return nil, err
	}
	out := &Scanned{Source: source.ID, Run: Start(detectors...), tokens: source.Tokens}
	give := &giver{run: out.Run, source: source.ID}
	if give.fan = newFan(out.Run, source.ID, source.Workers); give.fan != nil {
		defer give.fan.close()
	}
	var seen activity.Seen
	digests := map[hipaasmp.Digest]string{}
	for _, file := range source.Files {
		scanned, err := out.file(ctx, source, file, &seen, give)
		if err != nil {
			return nil, err
		}
		if first, ok := digests[scanned.SHA256]; ok && scanned.Size > 0 {
			scanned.CopyOf = first
		} else {
			digests[scanned.SHA256] = file.Name
		}
		give.file(scanned)
		out.Tally.Merge(&scanned.Tally)
		out.Files = append(out.Files, scanned)
	}
	return out, nil
}

// put reports what is wrong with how the source and the detectors are put together, before anything is read.
func (s Source) put(detectors []Detector) error {
	fail := func(format string, args ...any) error {
		return &SourceError{Source: s.ID, Why: fmt.Sprintf(format, args...)}
	}
	if s.Reader == nil {
		return fail("it has no reader; take the one of activity.ReaderFor")
	}
	names := map[string]bool{}
	for _, file := range s.Files {
		switch {
		case file.Name == "" || names[file.Name]:
			return fail("the name %q is empty or is given to two files; give each a name of its own", plain(file.Name))
		case file.Open == nil:
			return fail("the file %q has no way to open it; set Open, or take FileFrom", plain(file.Name))
		}
		names[file.Name] = true
	}
	var known []Description
	for _, d := range detectors {
		if d == nil {
			return fail("one of the detectors is nil; leave it out")
		}
		desc := d.Describe()
		if slices.ContainsFunc(known, desc.same) { // every finding would be there twice, under one identity
			return fail("the detector %s is given twice in one setting; give it once", desc.ID)
		}
		known = append(known, desc)
	}
	if !s.From.IsZero() && !s.Until.IsZero() && !s.From.Before(s.Until) {
		return fail("its period ends before it begins; set From to the first instant and Until to the first after it")
	}
	return nil
}

// giver gives what was read to the detectors, some events at a time, or by a [fan].
type giver struct {
	run     *Run
	source  string
	fan     *fan
	waiting []activity.Event
}

func (g *giver) add(e activity.Event) {
	if g.fan != nil {
		g.fan.add(e)
		return
	}
	if g.waiting = append(g.waiting, e); len(g.waiting) == batchSize {
		g.flush()
	}
}

// flush gives the events that wait.
func (g *giver) flush() {
	g.run.AddAll(g.waiting)
	clear(g.waiting)
	g.waiting = g.waiting[:0]
}

func (g *giver) defect(d activity.Defect) {
	if g.fan != nil {
		g.fan.defect(d)
		return
	}
	g.run.AddDefect(g.source, d)
}

func (g *giver) file(f ScannedFile) {
	if g.fan != nil {
		g.fan.file(f)
		return
	}
	g.flush()
	g.run.AddFile(g.source, f)
}

func (s *Scanned) file(ctx context.Context, source Source, file File, seen *activity.Seen, give *giver) (ScannedFile, error) {
	content, err := file.Open()
	if err != nil {
		return ScannedFile{}, &activity.FileError{File: file.Name, Err: err}
	}
	defer content.Close()
	sum := sha256.New()
	pass := &onePass{ctx: ctx, r: io.TeeReader(content, sum)}
	out := ScannedFile{Name: file.Name, Modified: file.Modified}
	for e, err := range source.Reader.Read(activity.Input{Source: source.ID, File: file.Name, Content: pass, MaxRecord: source.MaxRecord, KeepRecord: s.Run.wantsRecord(), Identify: true, FellBack: &out.FellBack}) {
		if err == nil && seen.Again(e) {
			out.Tally.Duplicate()
			continue
		}
		if err == nil && source.Directory != nil {
			var came activity.Resolved
			e, came = source.Directory.Resolve(e)
			s.Resolved.Count(came)
		}
		if failed := out.Tally.Count(e, err); failed != nil {
			return ScannedFile{}, failed
		}
		if err != nil {
			if d := (*activity.Defect)(nil); errors.As(err, &d) {
				give.defect(*d)
			}
			continue
		}
		if source.outside(e.Recorded) {
			s.Outside++
		}
		give.add(e)
	}
	// A reader may have stopped before the end, at damage; the digest is of the whole file.
	if _, err := io.Copy(io.Discard, pass); err != nil {
		return ScannedFile{}, &activity.FileError{File: file.Name, Err: err}
	}
	out.Size, out.SHA256 = pass.size, hipaasmp.Digest(hex.EncodeToString(sum.Sum(nil)))
	return out, nil
}

func (s Source) outside(at time.Time) bool {
	return !at.IsZero() && (!s.From.IsZero() && at.Before(s.From) || !s.Until.IsZero() && !at.Before(s.Until))
}

// onePass counts bytes and stops when the context is done.
type onePass struct {
	ctx  context.Context
	r    io.Reader
	size int64
}

func (p *onePass) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := p.r.Read(b)
	p.size += int64(n)
	return n, err
}

// SourceError says that a source cannot be scanned as it was put together.
type SourceError struct {
	// Source is the identity of the source.
	Source string
	// Why says what is wrong and what to do.
	Why string
}

func (e *SourceError) Error() string {
	return fmt.Sprintf("detect: source %s cannot be scanned: %s", plain(e.Source), e.Why)
}
