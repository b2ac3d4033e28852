package detect

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Chain says what the source itself has recorded of the files that it delivered, in records that name each other. It
// belongs to the product; [ReadTrailDigests] builds one of the digest files of CloudTrail.
type Chain interface {
	// Links are the records.
	Links() []Link
	// Digest identifies what was known, see [Terminations].
	Digest() hipaasmp.Digest
}

// Link is one record of a [Chain].
type Link struct {
	// Source is the source under review.
	Source string
	// Line is the chain that it belongs to, where a source has several: one for each trail and region.
	Line string
	// File is the name of the record, and Previous the name of the one before it, as it says; empty begins a chain.
	File, Previous string
	// From and Until bound the time in which the files were delivered.
	From, Until time.Time
	// Unlike says that the one before has not the bytes that the record names.
	Unlike bool
	// Files are the names of the files that were delivered, without folders.
	Files []string
}

// TrailDigests are the digest files of CloudTrail. They are built once and not changed.
type TrailDigests struct {
	links  []Link
	digest hipaasmp.Digest
}

var _ Chain = (*TrailDigests)(nil)

// maxDigestFile is the most bytes that a digest file may have, packed or not.
const maxDigestFile = 64 << 20

// trailDigest is a digest file as the user guide of CloudTrail describes it ("CloudTrail digest file structure"). The
// digests that it names are of the files as they are unpacked.
type trailDigest struct {
	Start    time.Time       `json:"digestStartTime"`
	End      time.Time       `json:"digestEndTime"`
	Object   string          `json:"digestS3Object"`
	Previous string          `json:"previousDigestS3Object"`
	Before   hipaasmp.Digest `json:"previousDigestHashValue"`
	LogFiles []struct {
		Object string `json:"s3Object"`
	} `json:"logFiles"`
}

// ReadTrailDigests reads the digest files of a trail, packed by gzip or not, in any order. The signatures of AWS are not
// verified: aws cloudtrail validate-logs does that. The error is a [*SourceError] or an [*activity.FileError].
func ReadTrailDigests(source string, files []File) (*TrailDigests, error) {
	t := &TrailDigests{}
	sums, named := map[string]hipaasmp.Digest{}, map[string]hipaasmp.Digest{}
	var about strings.Builder
	fmt.Fprintf(&about, "%q", source)
	for _, f := range files {
		data, err := unpacked(f)
		if err != nil {
			return nil, err
		}
		var d trailDigest
		if err := json.Unmarshal(data, &d); err != nil || d.Object == "" || d.Start.IsZero() || d.End.Before(d.Start) {
			return nil, &SourceError{Source: source, Why: fmt.Sprintf("%s is no digest file of CloudTrail; give files of the folder CloudTrail-Digest", plain(f.Name))}
		}
		l := Link{Source: source, File: plain(path.Base(d.Object)), From: hipaasmp.Instant(d.Start), Until: hipaasmp.Instant(d.End)}
		if d.Previous != "" {
			l.Previous = plain(path.Base(d.Previous))
		}
		l.Line, _, _ = cutLast(strings.TrimSuffix(l.File, "_backfill.json.gz"), "_")
		for _, x := range d.LogFiles {
			l.Files = append(l.Files, plain(path.Base(x.Object)))
		}
		sum := hipaasmp.DigestOf(data)
		if had, twice := sums[l.File]; twice && had == sum {
			continue
		} else if twice {
			return nil, &SourceError{Source: source, Why: fmt.Sprintf("two digest files call themselves %s and are not the same; keep the one that CloudTrail delivered", l.File)}
		}
		sums[l.File], named[l.File] = sum, d.Before
		t.links = append(t.links, l)
	}
	slices.SortFunc(t.links, func(a, b Link) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), a.From.Compare(b.From), cmp.Compare(a.File, b.File))
	})
	for i := range t.links {
		l := &t.links[i]
		sum, read := sums[l.Previous]
		l.Unlike = read && !strings.EqualFold(string(named[l.File]), string(sum))
		fmt.Fprintf(&about, "\n%q %s", l.File, sums[l.File])
	}
	t.digest = hipaasmp.DigestOf([]byte(about.String()))
	return t, nil
}

// cutLast cuts a text at the last of a separator.
func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// unpacked reads a small file that gzip may have packed.
func unpacked(f File) ([]byte, error) {
	fail := func(err error) ([]byte, error) { return nil, &activity.FileError{File: f.Name, Err: err} }
	content, err := f.Open()
	if err != nil {
		return fail(err)
	}
	defer content.Close()
	data, err := io.ReadAll(io.LimitReader(content, maxDigestFile+1))
	if err == nil && bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		var z *gzip.Reader
		if z, err = gzip.NewReader(bytes.NewReader(data)); err == nil {
			data, err = io.ReadAll(io.LimitReader(z, maxDigestFile+1))
		}
	}
	if err == nil && len(data) > maxDigestFile {
		err = fmt.Errorf("it has more than %d bytes, which no digest file has", maxDigestFile)
	}
	if err != nil {
		return fail(err)
	}
	return data, nil
}

// Links are the digest files by trail and region, in order of time.
func (t *TrailDigests) Links() []Link { return slices.Clone(t.links) }

// Digest identifies the files.
func (t *TrailDigests) Digest() hipaasmp.Digest { return t.digest }

// isBackfill reports whether the record tells of files that came late, and is no part of the chain.
func (l Link) isBackfill() bool { return strings.HasSuffix(l.File, "_backfill.json.gz") }

// breaks finds where a chain is broken, where it began again, and the files that it names and that were not read.
func (s *sequenceState) breaks(desc Description) []Finding {
	var out []Finding
	found := func(l Link, what string, severity Severity, reasons ...string) {
		ref := EventRef{Source: plain(l.Source), Raw: activity.Raw{File: plain(l.File)}}
		out = append(out, desc.finding(what+" "+l.Line+" "+l.File, severity, "", []EventRef{ref}, reasons...))
	}
	last := map[[2]string]Link{}
	for _, l := range s.Chain.Links() {
		if read := s.files[plain(l.Source)]; len(read) > 0 {
			var missing []string
			for _, f := range l.Files {
				if !read[f] {
					missing = append(missing, f)
				}
			}
			if len(missing) > 0 {
				found(l, "unread", SeverityModerate, fmt.Sprintf("%s that %s names were not read, of %d", plural(len(missing), "file", "files"), l.File, len(l.Files)),
					"among them "+strings.Join(missing[:min(len(missing), 3)], ", "))
			}
		}
		if l.isBackfill() {
			continue
		}
		key := [2]string{l.Source, l.Line}
		a, had := last[key]
		last[key] = l
		between := fmt.Sprintf("from %s to %s", a.Until.Format(time.RFC3339), l.From.Format(time.RFC3339))
		switch {
		case !had:
		case l.Unlike && l.Previous == a.File:
			found(l, "unlike", SeverityHigh, fmt.Sprintf("%s names other bytes of the record before it than that has: %s", l.File, a.File))
		case l.Previous == "":
			found(l, "began", SeverityModerate, fmt.Sprintf("the chain of digests began again with %s", l.File), "nothing says what was delivered "+between)
		case l.Previous != a.File:
			found(l, "link", SeverityModerate, fmt.Sprintf("records of the chain are missing: %s names %s before it, and before it lies %s", l.File, l.Previous, a.File), "nothing says what was delivered "+between)
		}
	}
	return out
}
