package review_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// logon is a log-on as NXLog writes it, with a time without an offset.
const logon = `{"EventTime":"2026-03-05 10:00:00","Hostname":"PC1","EventID":4624,"SourceName":"Microsoft-Windows-Security-Auditing","Channel":"Security","RecordNumber":1,"TargetUserName":"t-4","LogonType":"2","EventReceivedTime":"2026-03-05 10:00:01"}` + "\n"

// zonedReview reads a Windows log in the zone, and returns the review and the session over it.
func zonedReview(t *testing.T, zone *time.Location) (review.SourceReview, review.Session, error) {
	reader, err := activity.ReaderFor(activity.FormatWindows)
	require.NoError(t, err)
	if zone != nil {
		reader = activity.InZone(reader, zone)
	}
	r, exceptions := scanned(t, detect.Source{ID: "ehr-log", Reader: reader, Files: []detect.File{detect.FileFrom("a.json", strings.NewReader(logon))}})
	p := with(t, func(x *review.Terms) { x.Sources[0].Format = activity.FormatWindows })
	s, err := review.Open("s-1", clinic(), p, march(), reviewer, on("2026-04-01"))
	require.NoError(t, err)
	s, err = s.WithSource(r, exceptions...)
	return r, s, err
}

// The review says which zone was given for times without an offset: with another one the same bytes have other times.
func TestAReviewKeepsTheZoneThatWasGivenForTimesWithoutOne(t *testing.T) {
	t.Parallel()
	r, s, err := zonedReview(t, chicago())
	require.NoError(t, err)
	require.Equal(t, "America/Chicago", r.AssumedZone)
	require.Equal(t, at("2026-03-05T16:00:00Z"), r.First)
	require.Equal(t, "America/Chicago", s.Sources[0].AssumedZone)
	roundTrip(t, s)
	utc, _, err := zonedReview(t, time.UTC)
	require.NoError(t, err)
	require.Equal(t, "UTC", utc.AssumedZone)
	require.Contains(t, r.Differs(utc), "zone of times without an offset: UTC in place of America/Chicago")
	none, s, err := zonedReview(t, nil)
	require.NoError(t, err)
	require.Empty(t, none.AssumedZone)
	require.EqualValues(t, 1, none.UnknownTimes, "nobody said which zone")
	require.Contains(t, r.Differs(none), "zone of times without an offset: none in place of America/Chicago")
	roundTrip(t, s)
}

func TestAZoneThatAnotherMachineDoesNotKnowIsRefused(t *testing.T) {
	t.Parallel()
	for _, zone := range []*time.Location{time.FixedZone("", 0), time.FixedZone("", -6*3600), time.FixedZone("CST", -6*3600), time.FixedZone("Local", 0), time.FixedZone("America/Nowhere", 0), time.FixedZone("../etc/passwd", 0)} {
		_, _, err := zonedReview(t, zone)
		requireFault(t, err, hipaasmp.FaultZone, "/sources/0/assumed_zone")
	}
	_, s, err := zonedReview(t, chicago())
	require.NoError(t, err)
	s.Sources[0].AssumedZone = strings.Repeat("A", 101)
	requireFault(t, s.Validate(), hipaasmp.FaultRange, "/sources/0/assumed_zone")
	s.Sources[0].AssumedZone = "America\x00Chicago"
	require.Error(t, s.Validate())
	s.Sources[0].AssumedZone = "America/Chicago"
	s.Procedure.Sources[0].Format = activity.FormatCloudTrail
	requireFault(t, s.Validate(), review.FaultSource, "/sources/0/assumed_zone")
	s.Sources[0].AssumedZone = ""
	require.NoError(t, s.Validate(), "an older document says nothing")
}

func TestAReportKeepsTheZoneOfItsProfile(t *testing.T) {
	t.Parallel()
	p := activity.PlainProfile(activity.FormatCSV)
	p.Layouts, p.Zone = []string{"01/02/2006 15:04"}, "America/Denver"
	reader, err := activity.ReaderWith(p)
	require.NoError(t, err)
	r, _ := scanned(t, detect.Source{ID: "ehr-access", Reader: activity.InZone(reader, chicago()), Files: []detect.File{detect.FileFrom("a.csv", strings.NewReader(""))}})
	require.Equal(t, "America/Denver", r.AssumedZone, "and not that of InZone, which is none of its business")

	for zoned, want := range map[string]string{"01/02/2006 15:04": "America/Chicago", "2006-01-02T15:04:05-07:00": ""} {
		tickets := helpdesk()
		tickets.Layouts = []string{zoned}
		r, _, err := review.FromTickets(t.Context(), detect.Source{ID: "tickets", Files: []detect.File{detect.FileFrom("t.csv", strings.NewReader(header))}}, tickets, day("2026-04-01"), chicago())
		require.NoError(t, err)
		require.Equal(t, want, r.AssumedZone)
	}
}
