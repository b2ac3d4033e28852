package detect

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// NamePatients reads the files of the source again, for the patients of the events that findings name. Detectors whose
// findings are about patients say whom without it; after it [Scanned.Findings] gives the tokens of all others, too, of the at
// most [MaxEvents] events that a finding names. The files must be those that were scanned and open a second time; a file whose
// bytes differ is refused with a [*SourceError], and then nothing is named. Without a key for tokens it does nothing.
func (s *Scanned) NamePatients(ctx context.Context, source Source) error {
	if source.Tokens.IsZero() || source.Reader == nil {
		return nil
	}
	type place struct {
		file   string
		offset int64
	}
	wanted := map[place][]string{}
	for _, f := range s.Run.Findings() {
		for _, e := range f.Events {
			if e.Source == plain(source.ID) && len(f.charts) == 0 {
				p := place{e.Raw.File, e.Raw.Offset}
				wanted[p] = append(wanted[p], f.ID)
			}
		}
	}
	digests := map[string]hipaasmp.Digest{}
	for _, f := range s.Files {
		digests[f.Name] = f.SHA256
	}
	named := map[string][]string{}
	read := func(file File) error {
		content, err := file.Open()
		if err != nil {
			return &activity.FileError{File: file.Name, Err: err}
		}
		defer content.Close()
		sum := sha256.New()
		pass := &onePass{ctx: ctx, r: io.TeeReader(content, sum)}
		for e, err := range source.Reader.Read(activity.Input{Source: source.ID, File: file.Name, Content: pass, MaxRecord: source.MaxRecord}) {
			if err != nil {
				if d := (*activity.Defect)(nil); errors.As(err, &d) {
					continue
				}
				return err
			}
			ids := wanted[place{plain(e.Raw.File), e.Raw.Offset}]
			if len(ids) == 0 {
				continue
			}
			if source.Directory != nil {
				e, _ = source.Directory.Resolve(e)
			}
			for i := range e.Patients {
				for _, id := range ids {
					named[id] = append(named[id], chart(e.Patients[i:i+1]))
				}
			}
		}
		if _, err := io.Copy(io.Discard, pass); err != nil {
			return &activity.FileError{File: file.Name, Err: err}
		}
		if got := hipaasmp.Digest(hex.EncodeToString(sum.Sum(nil))); got != digests[file.Name] {
			return &SourceError{Source: source.ID, Why: fmt.Sprintf("the file %q is not the one that was scanned; give the files as they were", plain(file.Name))}
		}
		return nil
	}
	for _, file := range source.Files {
		if err := read(file); err != nil {
			return err
		}
	}
	s.named = named
	return nil
}
