package review_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// trail is a small CloudTrail log in the real shape: one view, one denial, one log switched off, and half a line.
const trail = `{"eventVersion":"1.08","eventID":"e-1","eventTime":"2026-03-02T10:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::123456789012:user/t-4","userName":"t-4"}}
{"eventVersion":"1.08","eventID":"e-2","eventTime":"2026-03-03T10:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","awsRegion":"us-east-1","errorCode":"AccessDenied","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::123456789012:user/t-4","userName":"t-4"}}
{"eventVersion":"1.08","eventID":"e-3","eventTime":"2026-03-04T02:00:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","awsRegion":"us-east-1","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::123456789012:user/t-4","userName":"t-4"}}
{"eventVersion":"1.08","eventID":"e-4","eve
`

func scanned(t testing.TB, source detect.Source, detectors ...detect.Detector) (review.SourceReview, []review.Exception) {
	got, err := detect.Scan(context.Background(), source, detectors...)
	require.NoError(t, err)
	return review.FromScan(source, got)
}

func trailSource(t testing.TB, files ...detect.File) detect.Source {
	reader, err := activity.ReaderFor(activity.FormatCloudTrail)
	require.NoError(t, err)
	return detect.Source{ID: "ehr-log", Reader: reader, Files: files, From: march().From.StartIn(chicago()), Until: march().To.AddDays(1).StartIn(chicago())}
}

func TestAScanGoesIntoASessionAsItIs(t *testing.T) {
	t.Parallel()
	r, exceptions := scanned(t, trailSource(t, detect.FileFrom("a.json", strings.NewReader(trail)), detect.FileFrom("copy.json", strings.NewReader(trail))), detect.LogControl{})
	require.EqualValues(t, 3, r.Events)
	require.EqualValues(t, 3, r.Duplicates)
	require.EqualValues(t, 1, r.Denials)
	require.EqualValues(t, 2, r.DefectCount())
	half := strings.LastIndex(trail, `{"eventVersion"`)
	place := activity.Raw{File: "a.json", Offset: int64(half), Length: int64(len(trail) - half - 1)}
	again := place
	again.File = "copy.json"
	require.Equal(t, []review.DefectCount{{Reason: activity.ReasonSyntax, Count: 2, Places: []activity.Raw{place, again}}}, r.Defects, "the review says what it could not read, and where it lies")
	require.Equal(t, []int64{1, 1}, []int64{r.Files[0].Defects, r.Files[1].Defects})
	require.Equal(t, "a.json", r.Files[1].CopyOf)
	require.Equal(t, hipaasmp.DigestOf([]byte(trail)), r.Files[0].SHA256)
	require.EqualValues(t, len(trail), r.Files[0].Size)
	require.Equal(t, review.CapabilityUnknown, r.Capability.State, "a log with entries proves nothing about what it lacks")
	require.Equal(t, []review.DetectorRun{{Detector: detect.IDLogControl, Version: 2, Findings: 1, Parameters: detect.LogControl{}.Describe().Parameters}}, r.Detectors)
	require.Len(t, exceptions, 1)
	require.Equal(t, arn, exceptions[0].Actor)
	s, err := open(t, march()).WithSource(r, exceptions...)
	require.NoError(t, err)
	roundTrip(t, s)
}

// Every reason for which a piece was not read reaches the review of the source with its count and its places, of which the
// first twenty are kept.
func TestDefectsOfEveryReasonReachTheReview(t *testing.T) {
	t.Parallel()
	var tally activity.Tally
	reasons := activity.Reason("").Values()
	for i, reason := range reasons {
		for n := range 10 * (i + 1) {
			require.NoError(t, tally.Count(activity.Event{}, &activity.Defect{Raw: activity.Raw{File: "f", Offset: int64(n), Length: 1}, Seq: int64(n + 1), Reason: reason, Detail: "x"}))
		}
	}
	r := review.Summarize("ehr-log", &tally)
	require.Len(t, r.Defects, len(reasons))
	for i, d := range r.Defects {
		require.Equal(t, reasons[i], d.Reason)
		require.EqualValues(t, 10*(i+1), d.Count)
		require.Len(t, d.Places, min(10*(i+1), activity.MaxPlaces))
		require.EqualValues(t, 3, d.Places[3].Offset)
	}
	s, err := open(t, march()).WithSource(r)
	require.NoError(t, err)
	roundTrip(t, s)
	r.Defects[0].Count = 9
	s, err = open(t, march()).WithSource(r)
	if err == nil {
		err = s.Validate()
	}
	require.ErrorContains(t, err, "names 10 places of only 9 defects")
}

func TestTheSharedTrailGoesThroughAReview(t *testing.T) {
	t.Parallel()
	folder := filepath.Join("..", "..", "shared", "data", "review", "cloudtrail")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the shared logs are not here")
	}
	var files []detect.File
	require.NoError(t, filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(path, ".json") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, path)
		files = append(files, detect.FileFrom(filepath.ToSlash(name), strings.NewReader(string(b))))
		return err
	}))
	r, exceptions := scanned(t, trailSource(t, files...), detect.LogControl{Calls: detect.LogControlCalls()})
	require.Len(t, r.Files, 34)
	require.EqualValues(t, 2261, r.Events+r.Duplicates)
	require.EqualValues(t, 60, r.Denials)
	require.EqualValues(t, 234-102, r.Family(activity.FamilyFailed), "234 entries have an error code, and of 102 it says that they were throttled")
	require.Len(t, exceptions, 10)
	s, err := open(t, march()).WithSource(r, exceptions...)
	require.NoError(t, err)
	require.Len(t, s.Undisposed(), 10)
	roundTrip(t, s)
}
