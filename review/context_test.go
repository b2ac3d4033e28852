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

func directoryOf(t require.TestingT, identity string) *activity.Directory {
	d, err := activity.NewDirectory([]activity.Alias{{Subject: activity.SubjectActor, Alias: arn, ID: identity}}, activity.DirectoryOptions{})
	require.NoError(t, err)
	return d
}

// withTables scans the trail by a directory and with the table of who left.
func withTables(t testing.TB, d *activity.Directory, members ...hipaasmp.WorkforceMember) (review.SourceReview, []review.Exception) {
	source := trailSource(t, detect.FileFrom("a.json", strings.NewReader(trail)))
	source.Directory = d
	scanned, err := detect.Scan(t.Context(), source, detect.LogControl{}, detect.TerminatedUser{Context: detect.NewTerminations(members, nil, chicago())})
	require.NoError(t, err)
	r, exceptions := review.FromScan(source, scanned)
	r.Program, r.Capability = "activity-review 1.0", enabled(day("2026-04-01"))
	return r, exceptions
}

// The record names the directory that resolved a log, and every table that a detector took, by digest; who supplied it is
// added by the reviewer, and a table of which that is not known is a gap.
func TestTheRecordNamesTheTablesBesideALog(t *testing.T) {
	t.Parallel()
	d := directoryOf(t, "wf-4")
	r, exceptions := withTables(t, d, clinic().Workforce...)
	require.Len(t, r.Context, 2)
	require.Equal(t, review.ContextTable{Use: review.ContextDirectory, Name: "directory", SHA256: d.Digest()}, r.Context[0])
	require.Equal(t, review.ContextWorkforce, r.Context[1].Use, "%+v", r.Context[1])
	require.Equal(t, "wf-4", exceptions[0].Actor, "resolved by the directory")

	p := with(t, func(x *review.Terms) {
		x.Detectors = review.DetectorSet(detect.LogControl{}, detect.TerminatedUser{Context: detect.NewTerminations(clinic().Workforce, nil, chicago())})
	})
	find := func(r review.SourceReview) []hipaasmp.Gap {
		s, err := review.Open("s", clinic(), p, march(), reviewer, on("2026-04-01"))
		require.NoError(t, err)
		s, err = s.WithSource(r, exceptions...)
		require.NoError(t, err)
		roundTrip(t, s)
		x := record(t)
		x.Content = s.Content
		return gaps(t, on1(p, x), march(), "2026-04-20", review.GapContext)
	}
	got := find(r)
	require.Len(t, got, 1)
	require.Contains(t, got[0].Missing, "who supplied them: 2")
	stated := r
	for _, table := range r.Context {
		table.Version, table.Supplied, table.On = "2026-03", "w-010", day("2026-04-01")
		stated = stated.WithTable(table)
	}
	require.Empty(t, r.Context[0].Supplied, "the one before is left as it was")
	require.Equal(t, "directory 2026-03, from w-010 on 2026-04-01, SHA-256 "+string(d.Digest()), stated.Context[0].String())
	require.Empty(t, find(stated))
	hidden := stated
	hidden.Context = stated.Context[:1]
	got = find(hidden)
	require.Len(t, got, 1, "the detector took a table that is not listed")
	require.Contains(t, got[0].Counted[0], string(r.Context[1].SHA256))
	other := stated.WithTable(review.ContextTable{Use: review.ContextCalendar, Name: "shifts", SHA256: hipaasmp.DigestOf([]byte("shifts")), Supplied: "w-010"})
	require.Len(t, other.Context, 3, "a table that a person looked at")
	require.Empty(t, find(other))
}

// Whoever reads the same files again learns whether they and the tables are those of the record, and which are not.
func TestAnotherReadingShowsInWhatItDiffers(t *testing.T) {
	t.Parallel()
	was, _ := withTables(t, directoryOf(t, "wf-4"), clinic().Workforce...)
	same, _ := withTables(t, directoryOf(t, "wf-4"), clinic().Workforce...)
	same.Capability, same.Notes, same.Read = review.Capability{State: review.CapabilityUnknown}, "Read again.", review.ReadBetween(on("2032-01-01"), on("2032-01-01"))
	require.Empty(t, was.Differs(same))
	resolved, _ := withTables(t, directoryOf(t, "wf-5"), clinic().Workforce...)
	got := was.Differs(resolved)
	require.Len(t, got, 2)
	require.Equal(t, "table: recorded and not found again: directory, SHA-256 "+string(was.Context[0].SHA256), got[0])
	require.Equal(t, "table: found and not recorded: directory, SHA-256 "+string(resolved.Context[0].SHA256), got[1])
	none, _ := withTables(t, nil, clinic().Workforce...)
	require.Contains(t, strings.Join(was.Differs(none), "\n"), "table: recorded and not found again: directory")

	cut := was
	cut.Files = []review.LogFile{{Name: "a.json", Size: 1, SHA256: hipaasmp.DigestOf([]byte("x"))}}
	cut.Events, cut.Denials, cut.Reader, cut.Source, cut.Detectors, cut.Defects = 1, 0, 99, "other", nil, nil
	cut.Profile = &review.ProfileRef{ID: "p", Version: 2, Digest: hipaasmp.DigestOf([]byte("p"))}
	words := strings.Join(was.Differs(cut), "\n")
	for _, part := range []string{"source: other in place of ehr-log", "file: recorded and not found again: a.json", "file: found and not recorded: a.json, 1 bytes",
		"detector: recorded and not found again: R20 version 2 with 1 findings", "defects: recorded and not found again: 1 by syntax", "profile: p version 2", "events: 1 in place of 3", "denials: 0 in place of 1", "reader: 99 in place of"} {
		require.Contains(t, words, part)
	}
}

// The period of a review is half open in its zone: an hour is lost in March, and the first instant of April is outside.
func TestThePeriodIsHalfOpenInItsZone(t *testing.T) {
	t.Parallel()
	from, until := open(t, march()).Bounds()
	require.Equal(t, "2026-03-01T06:00:00Z", from.UTC().Format(time.RFC3339))
	require.Equal(t, "2026-04-01T05:00:00Z", until.UTC().Format(time.RFC3339))
	require.Equal(t, 31*24*time.Hour-time.Hour, until.Sub(from))
	from, until = review.Content{}.Bounds()
	require.True(t, from.IsZero() && until.IsZero())
}

// A directory that does not know patients shows in the review of the source.
func TestPatientsWhomTheDirectoryDoesNotKnowAreCounted(t *testing.T) {
	t.Parallel()
	reader, err := activity.ReaderFor(activity.FormatFHIR)
	require.NoError(t, err)
	event := `{"resourceType":"AuditEvent","id":"e-1","type":{"code":"rest"},"action":"R","recorded":"2026-03-05T16:00:00Z","outcome":"0",` +
		`"agent":[{"requestor":true,"who":{"identifier":{"value":"u-1"}}}],"entity":[{"what":{"reference":"Patient/P-1"},"role":{"code":"1"}}]}` + "\n"
	source := detect.Source{ID: "ehr-log", Reader: reader, Files: []detect.File{detect.FileFrom("a.ndjson", strings.NewReader(event))}, Directory: directoryOf(t, "wf-4")}
	scanned, err := detect.Scan(t.Context(), source)
	require.NoError(t, err)
	r, _ := review.FromScan(source, scanned)
	require.Equal(t, []int64{1, 1, 0}, []int64{r.UnresolvedActors, r.UnresolvedPatients, r.UnknownPatients})
	other := r
	other.UnresolvedPatients = 0
	require.Equal(t, []string{"unresolved patients: 0 in place of 1"}, r.Differs(other))
}

// Who signs from outside is nobody of the house.
func TestTheSignerFromOutsideIsNobodyOfTheHouse(t *testing.T) {
	t.Parallel()
	try := func(change func(*review.Session, *review.Independence)) error {
		s, i, w := explained(t), independence(), waiver()
		i.Waiver, i.Second = &w, second()
		change(&s, &i)
		_, err := s.Complete("r", hipaasmp.Actor{ID: official.ID, Role: hipaasmp.RoleSecurityOfficial}, official, on("2026-04-08"), may(), review.ExceptionsDisposed("I certify."), i)
		return err
	}
	require.NoError(t, try(func(*review.Session, *review.Independence) {}))
	for name, change := range map[string]func(*review.Session, *review.Independence){
		"a reviewer of a source": func(s *review.Session, i *review.Independence) {
			s.Sources[2].Reviewers = []hipaasmp.Actor{i.Second.By}
		},
		"somebody who reports to the manager": func(_ *review.Session, i *review.Independence) {
			i.Lines = []review.Line{{Member: i.Second.By.ID, Manager: manager.ID}}
		},
		"a manager": func(_ *review.Session, i *review.Independence) {
			i.Lines = []review.Line{{Member: reviewer.ID, Manager: i.Second.By.ID}}
		},
		"an administrator": func(_ *review.Session, i *review.Independence) {
			i.Administrators[0].Members = append(i.Administrators[0].Members, i.Second.By.ID)
		},
		"the certifier": func(_ *review.Session, i *review.Independence) { i.Second.By.ID = official.ID },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requireFault(t, try(change), hipaasmp.FaultSegregation, "/independence/second/by/id")
		})
	}
}
