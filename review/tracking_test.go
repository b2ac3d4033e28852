package review_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// zipped is the text as gzip delivers it.
func zipped(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func TestAReviewOfTicketsHasAgesStatesAndOutcomes(t *testing.T) {
	t.Parallel()
	later := header + "INC-2,03/05/2026 08:00,03/20/2026 09:00,Closed,Security incident,ehr,\nINC-7,03/21/2026 08:00,,New,,,\nINC-8,,,New,,,\n"
	source := detect.Source{ID: "tickets", Files: []detect.File{detect.FileFrom("a.csv", strings.NewReader(export)), detect.FileFrom("b.csv.gz", bytes.NewReader(zipped(later)))},
		From: march().From.StartIn(chicago()), Until: day("2026-04-01").StartIn(chicago())}
	r, all, err := review.FromTickets(context.Background(), source, helpdesk(), day("2026-03-31"), chicago())
	require.NoError(t, err)
	require.Len(t, all, 8)
	require.Equal(t, int64(7), r.Events)
	require.Equal(t, int64(1), r.Duplicates, "the second export has a ticket of the first")
	require.Equal(t, int64(1), r.Outside, "opened in February")
	require.Equal(t, []review.DefectCount{{Reason: activity.ReasonType, Count: 1, Places: []activity.Raw{{File: "b.csv.gz", Offset: 157, Length: 14}}}}, r.Defects)
	ref, err := helpdesk().Ref()
	require.NoError(t, err)
	require.Equal(t, &ref, r.Profile)
	require.Equal(t, hipaasmp.DigestOf([]byte(export)), r.Files[0].SHA256)
	require.Equal(t, hipaasmp.DigestOf(zipped(later)), r.Files[1].SHA256, "of the bytes as they were delivered")
	require.Equal(t, &review.Tracking{
		AsOf:     day("2026-03-31"),
		States:   []review.TicketStateCount{{State: review.TicketOpen, Count: 2}, {State: review.TicketClosed, Count: 4}, {State: review.TicketUnknown, Count: 1}},
		Outcomes: []review.TicketOutcomeCount{{Outcome: review.TicketIncident, Count: 2}, {Outcome: review.TicketNoIncident, Count: 1}, {Outcome: review.TicketOutcomeUnknown, Count: 1}},
		Open: []review.OpenTicket{{ID: "INC-3", State: review.TicketOpen, Opened: day("2026-02-27"), Days: 32}, {ID: "INC-6", State: review.TicketUnknown, Opened: day("2026-03-12"), Days: 19},
			{ID: "INC-7", State: review.TicketOpen, Opened: day("2026-03-21"), Days: 10}},
	}, r.Tracking, "a ticket counts as it was last reported, and its day is that of Chicago")
	require.Zero(t, r.UnresolvedActors)
	require.Equal(t, review.CapabilityUnknown, r.Capability.State)
	require.Equal(t, int64(2), r.Tracking.State(review.TicketOpen))
	require.Zero(t, r.Tracking.State(review.TicketInProgress))
	require.Zero(t, r.Tracking.Outcome(review.TicketPending))

	s, err := open(t, march()).WithSource(r)
	require.NoError(t, err)
	roundTrip(t, s)

}

func TestAFileThatCannotBeReadIsNoReview(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is gone")
	source := detect.Source{ID: "tickets", Files: []detect.File{detect.FileFrom("a.csv", failing{strings.NewReader(export[:200]), broken})}}
	_, _, err := review.FromTickets(context.Background(), source, helpdesk(), day("2026-03-31"), chicago())
	require.ErrorIs(t, err, broken)
	source.Files = []detect.File{detect.FileFrom("", strings.NewReader(export))}
	_, _, err = review.FromTickets(context.Background(), source, helpdesk(), day("2026-03-31"), chicago())
	var se *detect.SourceError
	require.ErrorAs(t, err, &se)
}

// failing ends with an error of its own.
type failing struct {
	r   *strings.Reader
	err error
}

func (f failing) Read(p []byte) (int, error) {
	if f.r.Len() == 0 {
		return 0, f.err
	}
	return f.r.Read(p)
}

// tracked is a session over March with the tickets of the export.
func tracked(t require.TestingT, change func(*review.SourceReview)) (review.Session, error) {
	source := detect.Source{ID: "tickets", Files: []detect.File{detect.FileFrom("a.csv", strings.NewReader(export))}}
	r, _, err := review.FromTickets(context.Background(), source, helpdesk(), day("2026-03-31"), chicago())
	require.NoError(t, err)
	r.Capability = enabled(day("2026-04-01"))
	if change != nil {
		change(&r)
	}
	return open(t, march()).WithSource(r)
}

func TestATrackingReportThatDoesNotAddUpIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*review.SourceReview)
		code  hipaasmp.FaultCode
		at    string
	}{
		"a state miscounted":     {func(r *review.SourceReview) { r.Tracking.States[0].Count++ }, review.FaultCounts, "/sources/0/tracking/states"},
		"a state twice":          {func(r *review.SourceReview) { r.Tracking.States[1].State = r.Tracking.States[0].State }, hipaasmp.FaultIdentity, "/sources/0/tracking/states/1"},
		"an outcome left out":    {func(r *review.SourceReview) { r.Tracking.Outcomes = r.Tracking.Outcomes[1:] }, review.FaultCounts, "/sources/0/tracking/outcomes"},
		"a ticket hidden":        {func(r *review.SourceReview) { r.Tracking.Open = r.Tracking.Open[1:] }, review.FaultCounts, "/sources/0/tracking/open"},
		"a ticket twice":         {func(r *review.SourceReview) { r.Tracking.Open[1] = r.Tracking.Open[0] }, hipaasmp.FaultIdentity, "/sources/0/tracking/open/1"},
		"a ticket made younger":  {func(r *review.SourceReview) { r.Tracking.Open[0].Days = 1 }, review.FaultCounts, "/sources/0/tracking/open/0/days"},
		"a closed ticket listed": {func(r *review.SourceReview) { r.Tracking.Open[0].State = review.TicketClosed }, review.FaultTickets, "/sources/0/tracking/open/0/state"},
		"the youngest first":     {func(r *review.SourceReview) { slices.Reverse(r.Tracking.Open) }, hipaasmp.FaultOrder, "/sources/0/tracking/open/1/opened"},
		"of an audit log": {func(r *review.SourceReview) {
			r.Source, r.Method = "ehr-log", review.MethodManual
		}, review.FaultTickets, "/sources/0/tracking"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := tracked(t, c.spoil)
			requireFault(t, err, c.code, c.at)
		})
	}
}

// withTickets is the certified record of March with the tickets of the export.
func withTickets(t require.TestingT, change func(*review.SourceReview)) review.Record {
	s, err := tracked(t, change)
	require.NoError(t, err)
	s, err = s.WithSource(log(march()))
	require.NoError(t, err)
	s, err = s.WithSource(manual("ehr-access", march()))
	require.NoError(t, err)
	x, err := s.Complete("r-march", reviewer, official, on("2026-04-08"), may(), review.NoExceptions("Nothing came to notice."), independence())
	require.NoError(t, err)
	return x
}

func TestTicketsWithoutAnOutcomeInTimeAreAGap(t *testing.T) {
	t.Parallel()
	x := withTickets(t, nil)
	p := with(t, func(terms *review.Terms) { terms.Limits.IncidentDays = 26 })
	r := review.Records{Procedures: []review.Procedure{p}, Records: []review.Record{x}}
	got := gaps(t, r, march(), "2026-05-01", review.GapTickets)
	require.Len(t, got, 3)
	require.Contains(t, got[2].Missing, "had been open for longer than the 26 days that the entity's own procedure allows: 1.")
	require.Equal(t, []string{"INC-3, open since 2026-02-27, 32 days"}, got[2].Counted, "INC-2 has been open for just 26")
	require.Contains(t, got[1].Missing, "closed without saying what they came to: 1.")
	require.Contains(t, got[0].Missing, "not known whether they are open: 1.")
	require.Empty(t, gaps(t, r, march(), "2026-04-07", review.GapTickets), "not certified by then")
	r.Procedures = []review.Procedure{with(t, func(terms *review.Terms) { terms.Limits.IncidentDays = 0 })}
	require.Len(t, gaps(t, r, march(), "2026-05-01", review.GapTickets), 2, "the entity sets no limit")
}

func TestAReportReadByAnotherProfileIsAGap(t *testing.T) {
	t.Parallel()
	ref, err := helpdesk().Ref()
	require.NoError(t, err)
	p := with(t, func(terms *review.Terms) {
		s := &terms.Sources[2]
		s.Format, s.Form, s.Profile = activity.FormatCSV, "", &ref
	})
	read := func(used *review.ProfileRef) []hipaasmp.Gap {
		x := withTickets(t, func(r *review.SourceReview) { r.Profile = used })
		x.Procedure = p.Extract()
		require.NoError(t, x.Validate())
		return gaps(t, review.Records{Procedures: []review.Procedure{p}, Records: []review.Record{x}}, march(), "2026-05-01", review.GapProfile)
	}
	require.Empty(t, read(&ref))
	other := ref
	other.Digest = hipaasmp.DigestOf(nil)
	got := read(&other)
	require.Len(t, got, 1)
	require.Contains(t, got[0].Missing, "helpdesk-export version 2, and the review of 2026-03-01 to 2026-03-31 read it by helpdesk-export version 2 with the digest e3b0c442")
	require.Contains(t, read(nil)[0].Missing, "by none that is recorded")

	_, err = terms().Approve(issue("review-2026", "2026-1", "2026-01-01"), manager, day("2025-12-15"), may())
	require.NoError(t, err)
	bad := terms()
	bad.Sources[0].Profile = &ref
	_, err = bad.Approve(issue("review-2026", "2026-1", "2026-01-01"), manager, day("2025-12-15"), may())
	requireFault(t, err, review.FaultSource, "/sources/0/profile")
}

func TestAScanSaysByWhichProfileItRead(t *testing.T) {
	t.Parallel()
	p := activity.PlainProfile(activity.FormatCSV)
	p.ID, p.Version = "ehr-access", 3
	reader, err := activity.ReaderWith(p)
	require.NoError(t, err)
	scanned, err := detect.Scan(context.Background(), detect.Source{ID: "ehr-access", Reader: reader, Files: []detect.File{detect.FileFrom("a.csv", strings.NewReader(""))}})
	require.NoError(t, err)
	r, _ := review.FromScan(detect.Source{ID: "ehr-access", Reader: reader}, scanned)
	want, err := review.ProfileOf(p)
	require.NoError(t, err)
	require.Equal(t, &want, r.Profile)
	fhir, err := activity.ReaderFor(activity.FormatFHIR)
	require.NoError(t, err)
	r, _ = review.FromScan(detect.Source{ID: "ehr-access", Reader: fhir}, scanned)
	require.Nil(t, r.Profile, "FHIR needs none")
}

// A report that the profile does not fit is no review without tickets: the error names the columns, file by file.
func TestAReportThatTheProfileDoesNotFitNamesTheColumns(t *testing.T) {
	t.Parallel()
	read := func(p review.TicketProfile, files ...detect.File) error {
		_, _, err := review.FromTickets(t.Context(), detect.Source{ID: "tickets", Files: files}, p, day("2026-03-31"), chicago())
		return err
	}
	file := func(name, content string) detect.File { return detect.FileFrom(name, strings.NewReader(content)) }
	err := read(helpdesk(), file("jan.csv", export), file("feb.csv", strings.Replace(export, "Created", "Opened", 1)), file("mar.csv", strings.Replace(export, ",Status,", ",", 1)))
	var mapping *review.MappingError
	require.ErrorAs(t, err, &mapping)
	require.EqualError(t, err, `review: profile helpdesk-export version 2 does not fit the report: feb.csv: the header lacks columns of the profile: "Created"; it has others at position 2; `+
		`mar.csv: the header lacks columns of the profile: "Status"; correct the profile, or get the report with these columns`)
	require.NoError(t, read(helpdesk(), file("jan.csv", export)))
	require.NoError(t, read(helpdesk(), file("none.csv", header)), "a report without a ticket fits")
	for at, c := range helpdesk().Columns {
		err := read(helpdesk(), file("x.csv", strings.Replace(export, c.Name, "Other", 1)))
		require.ErrorContains(t, err, strconv.Quote(c.Name), "column %d", at)
	}
}
