package review_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// asked is a session whose exception was taken up, asked about twice, and explained.
func asked(t require.TestingT) review.Session {
	s := covered(t, march(), exception("x-1"))
	var err error
	for _, step := range []func() (review.Session, error){
		func() (review.Session, error) { return s.Triage("x-1", reviewer, on("2026-04-02"), "") },
		func() (review.Session, error) {
			return s.Contact("x-1", reviewer, on("2026-04-02").Add(90*time.Minute), "w-009, by telephone")
		},
		func() (review.Session, error) { return s.Contact("x-1", manager, on("2026-04-03"), "w-002, in person") },
		func() (review.Session, error) {
			return s.Explain("x-1", reviewer, on("2026-04-04"), review.ExplanationMaintenance, "Change 17.")
		},
	} {
		s, err = step()
		require.NoError(t, err)
	}
	return s
}

// A contact leads from triaged to triaged, so that the states alone do not tell whether one was taken out of the history. The
// list of contacts does, and the number of the step at which the exception was disposed of.
func TestAContactThatIsTakenOutShows(t *testing.T) {
	t.Parallel()
	s := asked(t)
	require.Equal(t, []review.Contact{
		{Signature: review.Signature{By: reviewer, At: hipaasmp.Instant(on("2026-04-02").Add(90 * time.Minute))}, Whom: "w-009, by telephone"},
		{Signature: review.Signature{By: manager, At: hipaasmp.Instant(on("2026-04-03"))}, Whom: "w-002, in person"},
	}, s.Exceptions[0].Contacts)
	require.Equal(t, 4, s.Exceptions[0].Disposition.Step)
	roundTrip(t, s)
	for _, c := range map[string]struct {
		code    hipaasmp.FaultCode
		pointer string
		forge   func(*review.Exception)
	}{
		"a step":                          {review.FaultUnrecorded, "/exceptions/0/history/1", func(e *review.Exception) { e.History = slices.Delete(e.History, 1, 2) }},
		"the last contact of the history": {review.FaultUnrecorded, "/exceptions/0/contacts/1", func(e *review.Exception) { e.History = slices.Delete(e.History, 2, 3) }},
		"a contact of the list":           {review.FaultUnrecorded, "/exceptions/0/history/2", func(e *review.Exception) { e.Contacts = e.Contacts[:1] }},
		"both": {review.FaultDisposition, "/exceptions/0/disposition/step", func(e *review.Exception) {
			e.History, e.Contacts = slices.Delete(e.History, 1, 2), e.Contacts[1:]
		}},
		"whom":          {review.FaultUnrecorded, "/exceptions/0/history/1", func(e *review.Exception) { e.Contacts[0].Whom = "nobody" }},
		"when":          {review.FaultUnrecorded, "/exceptions/0/history/1", func(e *review.Exception) { e.Contacts[0].At = on("2026-04-02") }},
		"who asked":     {review.FaultUnrecorded, "/exceptions/0/history/2", func(e *review.Exception) { e.Contacts[1].By = reviewer }},
		"a step number": {review.FaultDisposition, "/exceptions/0/disposition/step", func(e *review.Exception) { e.Disposition.Step = 3 }},
	} {
		forged := asked(t)
		c.forge(&forged.Exceptions[0])
		requireFault(t, forged.Validate(), c.code, c.pointer)
	}
	again, err := s.Reconsider("x-1", reviewer, on("2026-04-05"), "The change was another.")
	require.NoError(t, err)
	require.Len(t, again.Exceptions[0].Contacts, 2, "what was asked stays on file")
	require.NoError(t, again.Validate())
}

// The time from a finding to the first contact is counted in hours from when it came to notice.
func TestTheTimeToContactIsCountedInHours(t *testing.T) {
	t.Parallel()
	seen := on("2026-04-01").Add(2 * time.Hour)
	measure := func(list ...time.Duration) string {
		s := covered(t, march())
		s.Sources[0].Read = review.ReadBetween(seen.Add(-time.Hour), seen)
		for i, after := range list {
			id := "x-" + string(rune('a'+i))
			e := exception(id)
			e.Seen = seen
			var err error
			s, err = s.WithException(e)
			require.NoError(t, err)
			s, err = s.Triage(id, reviewer, seen, "")
			require.NoError(t, err)
			if after == 0 {
				continue // nobody was asked
			}
			s, err = s.Contact(id, reviewer, seen.Add(after), "w-009")
			require.NoError(t, err)
			s, err = s.Contact(id, reviewer, seen.Add(after+100*time.Hour), "w-009 again, which does not count")
			require.NoError(t, err)
		}
		r := on1(procedure(t))
		r.Sessions = []review.Session{s}
		m := r.Measure(march(), day("2026-04-30"), review.MeasureOptions{})
		return m.Contacted.String() + ": " + m.ToContact.String()
	}
	require.Equal(t, "3 of 4: 26.3 hours, of 3", measure(90*time.Minute, 26*time.Hour+15*time.Minute, 100*time.Hour, 0))
	require.Equal(t, "2 of 2: 13.9 hours, of 2", measure(90*time.Minute, 26*time.Hour+15*time.Minute), "halfway between 1.5 and 26.25")
	require.Equal(t, "0 of 1: unknown, of 0", measure(0))
	s := asked(t) // the reading was not noted: from the opening, on the first of April
	r := on1(procedure(t))
	r.Sessions = []review.Session{s}
	require.Equal(t, "25.5 hours, of 1", r.Measure(march(), day("2026-04-30"), review.MeasureOptions{}).ToContact.String())
}

// An exception first comes to notice when the reading that found it ends.
func TestAFindingIsSeenWhenItsReadingEnds(t *testing.T) {
	t.Parallel()
	x := log(march())
	x.Read = review.ReadBetween(on("2026-04-01"), on("2026-04-01").Add(time.Minute))
	s, err := open(t, march()).WithSource(x, exception("x-1"))
	require.NoError(t, err)
	require.Equal(t, hipaasmp.Instant(on("2026-04-01").Add(time.Minute)), s.Exceptions[0].Seen)
	roundTrip(t, s)
	x.Read.Ended = on("2026-03-31")
	_, err = open(t, march()).WithSource(x)
	requireFault(t, err, hipaasmp.FaultOrder, "/sources/0/read/ended")
}

// Findings go into the record with tokens of patients and the terms of their score, and nothing in it names a patient.
func TestPatientsAreTokensAndScoresHaveTerms(t *testing.T) {
	t.Parallel()
	key, err := detect.NewTokens(bytes.Repeat([]byte{7}, 32))
	require.NoError(t, err)
	reader, err := activity.ReaderFor(activity.FormatFHIR)
	require.NoError(t, err)
	event := `{"resourceType":"AuditEvent","id":"e-1","type":{"code":"rest"},"action":"R","recorded":"2026-03-05T16:00:00Z","outcome":"0","purposeOfEvent":[{"coding":[{"code":"BTG"}]}],` +
		`"agent":[{"requestor":true,"who":{"identifier":{"value":"u-1"}}}],"entity":[{"what":{"reference":"Patient/secret-42"},"role":{"code":"1"}}]}` + "\n"
	source := detect.Source{ID: "ehr-log", Reader: reader, Files: []detect.File{detect.FileFrom("a.ndjson", bytes.NewReader([]byte(event)))}, Tokens: key}
	scanned, err := detect.Scan(t.Context(), source, detect.BreakGlass{})
	require.NoError(t, err)
	_, all := review.FromScan(source, scanned)
	require.Len(t, all, 1)
	require.Len(t, all[0].Patients, 1)
	require.Nil(t, all[0].Score, "no budget, no score")
	spent := detect.Budget{Alerts: 1, Seed: []byte{1}}.Spend(scanned.Findings())
	r, exceptions := review.FromSpending(source, scanned, spent)
	r.Program, r.Capability = "p 1", enabled(day("2026-04-01"))
	require.Len(t, exceptions, 1)
	require.Equal(t, &review.Score{Weight: 1, Others: 0, Total: 1, Pick: detect.PickRank}, exceptions[0].Score)
	require.Equal(t, "1 = 1 for severity times 1 + 0 other detectors, by rank", exceptions[0].Score.String())
	s, err := open(t, march()).WithSource(r, exceptions...)
	require.NoError(t, err)
	roundTrip(t, s)
	written, err := canon.Marshal(s)
	require.NoError(t, err)
	require.NotContains(t, string(written), "secret-42", "neither the number nor what it was made of")
	require.Equal(t, key.Of(activity.Patient{ID: "secret-42"}), s.Exceptions[0].Patients[0], "resolved at display, by whoever has the key")

	source.Tokens = detect.Tokens{}
	source.Files = []detect.File{detect.FileFrom("a.ndjson", bytes.NewReader([]byte(event)))}
	scanned, err = detect.Scan(t.Context(), source, detect.BreakGlass{})
	require.NoError(t, err)
	_, all = review.FromScan(source, scanned)
	require.Empty(t, all[0].Patients, "without a key nobody is named")

	bad := s
	bad.Exceptions = []review.Exception{s.Exceptions[0]}
	bad.Exceptions[0].Patients = []hipaasmp.Digest{"secret-42"}
	requireFault(t, bad.Validate(), hipaasmp.FaultFormat, "/exceptions/0/patients/0")
	bad.Exceptions[0].Patients, bad.Exceptions[0].PatientCount = nil, 1
	requireFault(t, bad.Validate(), review.FaultCounts, "/exceptions/0/patient_count")
	bad.Exceptions[0].PatientCount, bad.Exceptions[0].Score = 0, &review.Score{Weight: 1, Others: 1, Total: 1, Pick: detect.PickRandom}
	requireFault(t, bad.Validate(), review.FaultCounts, "/exceptions/0/score/total")
	bad.Exceptions[0].Score = &review.Score{Weight: 4, Total: 4, Pick: detect.PickRandom}
	requireFault(t, bad.Validate(), review.FaultCounts, "/exceptions/0/score/weight")
}
