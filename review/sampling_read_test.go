package review_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// accesses is an access report of n lines. Every fifth was under an emergency override.
func accesses(from, n int) string {
	var b strings.Builder
	b.WriteString("id,time,user,patient,action\n")
	for i := from; i < from+n; i++ {
		action := "view"
		if i%5 == 0 {
			action = "override"
		}
		fmt.Fprintf(&b, "e-%d,2026-03-%02dT10:00:00Z,u-%d,p-%d,%s\n", i, i%28+1, i%7, i, action)
	}
	return b.String()
}

// accessSource delivers the files anew each time.
func accessSource(t require.TestingT, files map[string]string) detect.Source {
	reader, err := activity.ReaderWith(activity.Profile{ID: "ehr-access", Version: 1, Format: activity.FormatCSV, Columns: []activity.Column{
		{Name: "id", Field: activity.FieldID}, {Name: "time", Field: activity.FieldRecorded}, {Name: "user", Field: activity.FieldActor}, {Name: "patient", Field: activity.FieldPatient}, {Name: "action", Field: activity.FieldAct}}})
	require.NoError(t, err)
	source := detect.Source{ID: "ehr-access", Reader: reader}
	var names []string
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		source.Files = append(source.Files, detect.FileFrom(name, strings.NewReader(files[name])))
	}
	return source
}

func TestASampleIsDrawnFromTheFilesAndDrawnAgain(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	files := map[string]string{"a.csv": accesses(0, 60), "b.csv": accesses(50, 50)} // ten lines are in both
	s, err := open(t, march()).PlanSample(reviewer, on("2026-04-01"), plan(t))
	require.NoError(t, err)
	p := plan(t)
	p.ID, p.Stratum = "overrides", "override"
	s, err = s.PlanSample(reviewer, on("2026-04-01"), p)
	require.NoError(t, err)

	scanned, err := detect.Scan(ctx, accessSource(t, files))
	require.NoError(t, err)
	r, _ := review.FromScan(accessSource(t, files), scanned)
	require.Equal(t, int64(100), r.Events)
	require.Equal(t, int64(10), r.Duplicates)
	r.Method, r.Capability = review.MethodSampled, enabled(day("2026-04-01"))
	s, err = s.WithSource(r)
	require.NoError(t, err)

	seed, err := s.SampleSeed("rights", nonce)
	require.NoError(t, err)
	size, err := p.Rule.SizeOf(r.Events)
	require.NoError(t, err)
	draw, err := review.DrawFrom(ctx, accessSource(t, files), r.Files, seed, int(size), nil)
	require.NoError(t, err)
	require.Equal(t, int64(100), draw.Seen(), "what was delivered twice is drawn from once")
	s, err = s.DrawSample("rights", reviewer, on("2026-04-02"), nonce, draw)
	require.NoError(t, err)

	// Every drawn entry is found at its place.
	for _, item := range s.Samples[0].Drawing.Items {
		i := slices.IndexFunc(r.Files, func(l review.LogFile) bool { return l.SHA256 == item.File })
		require.GreaterOrEqual(t, i, 0)
		require.Regexp(t, `^e-\d+,2026-03-`, files[r.Files[i].Name][item.Offset:])
	}

	// The stratum has its own seed and size.
	override := func(e activity.Event) bool { return e.Act.Name == "override" }
	seed, err = s.SampleSeed("overrides", nonce)
	require.NoError(t, err)
	require.NotEqual(t, s.Samples[0].Drawing.Seed, seed)
	size, err = p.Rule.SizeOf(20)
	require.NoError(t, err)
	draw, err = review.DrawFrom(ctx, accessSource(t, files), r.Files, seed, int(size), override)
	require.NoError(t, err)
	require.Equal(t, int64(20), draw.Seen())
	s, err = s.DrawSample("overrides", reviewer, on("2026-04-02"), nonce, draw)
	require.NoError(t, err)
	require.NoError(t, s.Validate())

	again, err := review.DrawFrom(ctx, accessSource(t, files), r.Files, s.Samples[1].Drawing.Seed, len(s.Samples[1].Drawing.Items), override)
	require.NoError(t, err)
	require.Equal(t, s.Samples[1].Drawing.Items, again.Items(), "somebody else draws the same")
}

func TestADrawIsFromTheFilesThatWereReviewed(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	files := map[string]string{"a.csv": accesses(0, 10), "b.csv": accesses(10, 10)}
	scanned, err := detect.Scan(ctx, accessSource(t, files))
	require.NoError(t, err)
	r, _ := review.FromScan(accessSource(t, files), scanned)
	seed := hipaasmp.DigestOf(nil)
	for name, other := range map[string]map[string]string{
		"a file has changed":   {"a.csv": accesses(0, 10), "b.csv": accesses(10, 11)},
		"a file is missing":    {"a.csv": accesses(0, 10)},
		"a file is new":        {"a.csv": accesses(0, 10), "b.csv": accesses(10, 10), "c.csv": accesses(20, 1)},
		"a file is named anew": {"a.csv": accesses(0, 10), "d.csv": accesses(10, 10)},
	} {
		_, err := review.DrawFrom(ctx, accessSource(t, other), r.Files, seed, 5, nil)
		require.ErrorContains(t, err, "review: ", name)
	}
	_, err = review.DrawFrom(ctx, detect.Source{ID: "ehr-access"}, r.Files, seed, 5, nil)
	var se *detect.SourceError
	require.ErrorAs(t, err, &se)
	gone, cancel := context.WithCancel(ctx)
	cancel()
	_, err = review.DrawFrom(gone, accessSource(t, files), r.Files, seed, 5, nil)
	require.ErrorIs(t, err, context.Canceled)
}
