package detect_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

func cloudTrail(t testing.TB) activity.Reader {
	t.Helper()
	r, err := activity.ReaderFor(activity.FormatCloudTrail)
	require.NoError(t, err)
	return r
}

func TestScanKnownAnswers(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "data", "review", "cloudtrail", "*.json"))
	require.NoError(t, err)
	if len(names) == 0 {
		t.Skip("the shared logs are not here; this test needs them")
	}
	source := detect.Source{ID: "aws", Reader: cloudTrail(t), From: time.Date(2023, 7, 10, 12, 0, 0, 0, time.UTC), Until: time.Date(2023, 7, 11, 0, 0, 0, 0, time.UTC)}
	opened := 0
	for _, name := range names {
		source.Files = append(source.Files, detect.File{Name: filepath.Base(name), Open: func() (io.ReadCloser, error) {
			opened++
			return os.Open(name)
		}})
	}
	denials := detect.Denials{}
	got, err := detect.Scan(t.Context(), source, detect.LogControl{Calls: detect.LogControlCalls()}, denials)
	require.NoError(t, err)
	require.Equal(t, 34, opened)
	require.Len(t, got.Files, 34)
	require.EqualValues(t, 2261, got.Tally.Events)
	require.EqualValues(t, 60, got.Tally.Outcome(activity.OutcomeDenied))
	require.Zero(t, got.Tally.DefectCount())
	var events int64
	before := 0
	for i, f := range got.Files {
		data, err := os.ReadFile(names[i])
		require.NoError(t, err)
		require.EqualValues(t, len(data), f.Size)
		require.Equal(t, hipaasmp.DigestOf(data), f.SHA256)
		require.Empty(t, f.CopyOf)
		events += f.Tally.Events
	}
	for _, e := range trail(t) {
		if e.Recorded.Before(source.From) {
			before++
		}
	}
	require.Equal(t, got.Tally.Events, events)
	require.EqualValues(t, before, got.Outside)
	require.Positive(t, before)
	control := 0
	for _, f := range got.Findings() {
		if f.Detector == detect.IDLogControl {
			control++
		}
	}
	require.Equal(t, 10, control)
	counts, err := denials.Counts(got.Run.Partial(1))
	require.NoError(t, err)
	require.NotEmpty(t, counts)
}

const (
	stop  = `{"eventID":"1","eventTime":"2026-03-01T09:00:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging"}`
	begin = `{"eventID":"2","eventTime":"2026-03-01T09:01:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StartLogging"}`
)

func TestScanSetsSecondDeliveriesAside(t *testing.T) {
	t.Parallel()
	got, err := detect.Scan(t.Context(), detect.Source{ID: "aws", Reader: cloudTrail(t), Files: []detect.File{
		detect.FileFrom("a", strings.NewReader(stop+"\n"+begin+"\n")),
		detect.FileFrom("b", strings.NewReader(stop+"\nhalf a li")),
		detect.FileFrom("c", strings.NewReader(stop+"\n"+begin+"\n")),
		detect.FileFrom("d", strings.NewReader("")),
		detect.FileFrom("e", strings.NewReader("")),
	}}, detect.LogControl{})
	require.NoError(t, err)
	require.EqualValues(t, 2, got.Tally.Events)
	require.EqualValues(t, 3, got.Tally.Duplicates)
	require.EqualValues(t, 1, got.Tally.Defects(activity.ReasonSyntax).Count)
	require.EqualValues(t, 2, got.Tally.Defects(activity.ReasonEmpty).Count)
	require.Len(t, got.Findings(), 1)
	require.Equal(t, "a", got.Findings()[0].Events[0].Raw.File)
	require.Equal(t, []string{"", "", "a", "", ""}, []string{got.Files[0].CopyOf, got.Files[1].CopyOf, got.Files[2].CopyOf, got.Files[3].CopyOf, got.Files[4].CopyOf})
	require.EqualValues(t, 1, got.Files[1].Tally.Duplicates)
}

func TestScanTakesTheDigestOfTheWholeFile(t *testing.T) {
	t.Parallel()
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, err := io.WriteString(w, stop)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	damaged := append(z.Bytes()[:z.Len()-8], bytes.Repeat([]byte("x"), 300_000)...)
	got, err := detect.Scan(t.Context(), detect.Source{ID: "aws", Reader: cloudTrail(t), Files: []detect.File{detect.FileFrom("z.gz", bytes.NewReader(damaged))}})
	require.NoError(t, err)
	require.EqualValues(t, len(damaged), got.Files[0].Size)
	require.Equal(t, hipaasmp.DigestOf(damaged), got.Files[0].SHA256)
	require.Positive(t, got.Tally.Defects(activity.ReasonCompression).Count)
}

func TestScanGivesNoResultForASourceReadInPart(t *testing.T) {
	t.Parallel()
	gone := errors.New("gone")
	cancelled, cancel := context.WithCancel(t.Context())
	for name, c := range map[string]struct {
		ctx  context.Context
		file detect.File
		want error
	}{
		"cannot be opened": {t.Context(), detect.File{Name: "f", Open: func() (io.ReadCloser, error) { return nil, gone }}, gone},
		"breaks off":       {t.Context(), detect.FileFrom("f", io.MultiReader(strings.NewReader(stop), iotest.ErrReader(gone))), gone},
		"cancelled":        {cancelled, detect.FileFrom("f", io.MultiReader(strings.NewReader(stop+"\n"), cancels{cancel}, strings.NewReader(stop))), context.Canceled},
	} {
		got, err := detect.Scan(c.ctx, detect.Source{ID: "aws", Reader: cloudTrail(t), Files: []detect.File{c.file}})
		require.Nil(t, got, name)
		require.ErrorIs(t, err, c.want, name)
		var fe *activity.FileError
		require.ErrorAs(t, err, &fe, name)
		require.Equal(t, "f", fe.File, name)
	}
	var se *detect.SourceError
	_, err := detect.Scan(t.Context(), detect.Source{ID: "aws"})
	require.ErrorAs(t, err, &se)
	_, err = detect.Scan(t.Context(), detect.Source{ID: "aws", Reader: cloudTrail(t), Files: []detect.File{detect.FileFrom("f", strings.NewReader(stop)), detect.FileFrom("f", strings.NewReader(begin))}})
	require.ErrorAs(t, err, &se, "two files of one name would make places ambiguous")
}

// cancels is a piece of a file during whose reading somebody gives up.
type cancels struct{ cancel context.CancelFunc }

func (c cancels) Read([]byte) (int, error) {
	c.cancel()
	return 0, io.EOF
}

func TestScanCountsWhatLiesOutsideThePeriod(t *testing.T) {
	t.Parallel()
	at := func(second int) time.Time { return time.Date(2026, 3, 1, 9, 0, second, 0, time.UTC) }
	for _, c := range []struct {
		from, until time.Time
		outside     int64
	}{
		{time.Time{}, time.Time{}, 0},
		{at(0), at(61), 0},
		{at(0), at(60), 1}, // the first instant after the period is outside
		{at(1), at(61), 1},
		{at(61), at(90), 2},
	} {
		got, err := detect.Scan(t.Context(), detect.Source{ID: "aws", Reader: cloudTrail(t), From: c.from, Until: c.until, Files: []detect.File{
			detect.FileFrom("a", strings.NewReader(stop+"\n"+begin+"\n"+`{"eventID":"3"}`)),
		}}, detect.LogControl{})
		require.NoError(t, err)
		require.Equal(t, c.outside, got.Outside)
		require.EqualValues(t, 1, got.Tally.UnknownTimes, "an unknown time is neither in nor out")
		require.Len(t, got.Findings(), 1, "what lies outside is looked at all the same")
	}
}

func TestTheFirstDeliveryIsTheOneThatIsNamed(t *testing.T) {
	t.Parallel()
	at := func(file string) activity.Event {
		return activity.Event{Source: "s", ID: "1", Recorded: start, Outcome: activity.OutcomeDenied, Raw: activity.Raw{File: file}}
	}
	d := detect.Denials{Least: 1}
	for _, order := range [][]string{{"a", "b"}, {"b", "a"}} {
		p := d.New()
		for _, file := range order {
			p.Add(at(file))
		}
		require.EqualValues(t, 1, p.Findings()[0].Count)
		require.Equal(t, "a", p.Findings()[0].Events[0].Raw.File)
	}
}

func TestASprayIsCountedToItsEdge(t *testing.T) {
	t.Parallel()
	spray := func(step time.Duration) int {
		var l entries
		for i := range 11 {
			l.login(time.Duration(i)*step, fmt.Sprint("u", i), "10.0.0.1", activity.OutcomeFailure)
		}
		n := 0
		for _, f := range l.find(detect.FailedLogins{Users: 11}) {
			if f.Severity == detect.SeverityHigh {
				n++
			}
		}
		return n
	}
	require.Equal(t, 1, spray(time.Minute), "eleven users in ten minutes to the second")
	require.Zero(t, spray(time.Minute+time.Second))

	var two entries
	for _, day := range []time.Duration{0, 24 * time.Hour} {
		for i := range 10 {
			two.login(day, fmt.Sprint("u", i), "10.0.0.1", activity.OutcomeFailure)
		}
	}
	high := 0
	for _, f := range two.find(detect.FailedLogins{}) {
		if f.Severity == detect.SeverityHigh {
			high++
			require.EqualValues(t, 10, f.Count)
		}
	}
	require.Equal(t, 2, high, "two sprays a day apart are two")
}

func BenchmarkScan(b *testing.B) {
	names, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "data", "review", "cloudtrail", "*.json"))
	require.NoError(b, err)
	if len(names) == 0 {
		b.Skip("the shared logs are not here; this benchmark needs them")
	}
	var files [][]byte
	size := 0
	for _, name := range names {
		data, err := os.ReadFile(name)
		require.NoError(b, err)
		files = append(files, data)
		size += len(data)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		source := detect.Source{ID: "aws", Reader: cloudTrail(b)}
		for i, data := range files {
			source.Files = append(source.Files, detect.FileFrom(names[i], bytes.NewReader(data)))
		}
		got, err := detect.Scan(b.Context(), source, detect.BreakGlass{}, detect.FailedLogins{}, detect.LoginAfterFailures{}, detect.LogControl{}, detect.Denials{})
		if err != nil || got.Tally.Events != 2261 || len(got.Findings()) == 0 {
			b.Fatal(err)
		}
	}
	b.ReportMetric(2261*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
