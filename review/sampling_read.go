package review

import (
	"context"
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// DrawFrom reads the files of a source again and draws from their entries: from those for which in holds, or from all where
// in is nil. An entry that was delivered twice is drawn from once. files are those of the review of the source; a file
// that has changed since is refused, and so is one that the review does not have. It is how the reviewer draws and how
// anybody else who has the files draws again. The error is otherwise that of [detect.Scan].
func DrawFrom(ctx context.Context, source detect.Source, files []LogFile, seed hipaasmp.Digest, size int, in func(activity.Event) bool) (*Draw, error) {
	digests := map[string]hipaasmp.Digest{}
	for _, l := range files {
		digests[l.Name] = l.SHA256
	}
	draw := NewDraw(seed, size)
	var seen activity.Seen
	if source.Reader != nil {
		source.Reader = tapped{source.Reader, func(e activity.Event) {
			if !seen.Again(e) && (in == nil || in(e)) {
				draw.Add(Item{File: digests[e.Raw.File], Offset: e.Raw.Offset})
			}
		}, func(*activity.Defect) {}}
	}
	scanned, err := detect.Scan(ctx, source)
	if err != nil {
		return nil, err
	}
	for _, f := range scanned.Files {
		if want, ok := digests[f.Name]; !ok || want != f.SHA256 {
			return nil, fmt.Errorf("review: the file %q is not the one that was reviewed; draw from the files as they were", f.Name)
		}
	}
	if len(scanned.Files) != len(files) {
		return nil, fmt.Errorf("review: %d files were read where %d were reviewed; draw from all of them", len(scanned.Files), len(files))
	}
	return draw, nil
}
