package review_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
)

// A cell of which nothing is expected says why, and what shows it.
func TestACellThatIsNotExpectedSaysWhyAndWhatShowsIt(t *testing.T) {
	t.Parallel()
	shown := proof()
	used := func(from, to string, proof *hipaasmp.Artifact) func(*review.Source) {
		return func(s *review.Source) {
			s.InUse.From = day(from)
			if to != "" {
				s.InUse.To = day(to)
			}
			s.InUseProof = proof
		}
	}
	for name, c := range map[string]struct {
		source func(*review.Source)
		reason string
		gaps   int
	}{
		"not in use yet":       {used("2026-04-01", "", &shown), "The source was not in use before 2026-04-01, as status.png shows.", 0},
		"retired":              {used("2019-01-01", "2026-02-28", &shown), "The source was retired on 2026-02-28, as status.png shows.", 0},
		"retired, unproved":    {used("2019-01-01", "2026-02-28", nil), "The source was retired on 2026-02-28. Nothing shows it.", 1},
		"not in use, unproved": {used("2026-04-01", "", nil), "The source was not in use before 2026-04-01. Nothing shows it.", 1},
	} {
		p := with(t, func(x *review.Terms) { c.source(&x.Sources[1]) })
		cell, ok := on1(p).Coverage(march(), day("2026-04-20")).Cell(day("2026-03-10"), "ehr-access", "")
		require.True(t, ok)
		require.Equal(t, review.StatusNotExpected, cell.Status, name)
		require.Equal(t, c.reason, cell.Reason, name)
		require.Len(t, gaps(t, on1(p), march(), "2026-04-20", review.GapUnproved), c.gaps, name)
	}
	for absence, reason := range map[review.Absence]string{
		review.AbsenceNotYet:  "The certified review says that there was nothing to review: it was not in use yet, as status.png shows.",
		review.AbsenceRetired: "The certified review says that there was nothing to review: it was no longer in use, as status.png shows.",
		review.AbsenceNoEPHI:  "The certified review says that there was nothing to review: it held no electronic protected health information, as status.png shows.",
		review.Absence(""):    "The certified review says that there was nothing to review: the record does not say in which way, as status.png shows.",
	} {
		s, err := covered(t, march()), error(nil)
		s.Sources = s.Sources[1:]
		if absence == "" {
			s, err = s.WithoutSource("ehr-log", review.GroundNotExpected, "Nothing there.", shown)
		} else {
			s, err = s.NotExpected("ehr-log", absence, "Nothing there.", shown)
		}
		require.NoError(t, err)
		x := certify(t, s, "2026-04-08")
		cell, _ := on1(procedure(t), x).Coverage(march(), day("2026-04-20")).Cell(day("2026-03-10"), "ehr-log", "")
		require.Equal(t, review.StatusNotExpected, cell.Status)
		require.Equal(t, reason, cell.Reason)
		found := gaps(t, on1(procedure(t), x), march(), "2026-04-20", review.GapUnproved)
		if absence == "" {
			require.Len(t, found, 1)
			require.Contains(t, found[0].Missing, "does not say whether it was not in use yet, was retired, or held no ePHI")
			continue
		}
		require.Empty(t, found)
		x.NotReviewed[0].Proof = nil
		require.Len(t, gaps(t, on1(procedure(t), x), march(), "2026-04-20", review.GapUnproved), 1)
	}
	waived := without(t, review.GroundWaived)
	waived.NotReviewed[0].Absence = review.AbsenceRetired
	requireFault(t, waived.Validate(), review.FaultStatement, "/not_reviewed/0/absence")
}

// What nobody has fetched is warned of before its last day, and called lost after it, until a session has the files.
func TestAWarningComesBeforeTheLastDayToFetch(t *testing.T) {
	t.Parallel()
	p := with(t, func(x *review.Terms) { x.Sources[0].Archive, x.Sources[0].HorizonDays, x.Limits.FetchDays = "", 60, 14 })
	r := on1(p)
	find := func(r review.Records, asOf string) (out []string) {
		for _, g := range gaps(t, r, month("2026-01-01"), asOf, review.GapFetch) {
			out = append(out, g.Missing)
			require.False(t, g.Since.After(day(asOf)))
		}
		return out
	}
	// January begins on the first: with 60 days it is whole until the second of March.
	require.Empty(t, find(r, "2026-02-15"))
	require.Equal(t, []string{"Nobody fetched the records of ehr-log for 2026-01-01 to 2026-01-31 yet, and 2026-03-02 is the last day on which the source has them whole."}, find(r, "2026-02-16"))
	require.Len(t, find(r, "2026-03-02"), 1)
	require.Equal(t, []string{"Nobody fetched the records of ehr-log for 2026-01-01 to 2026-01-31, and the source has not had them whole since 2026-03-03."}, find(r, "2026-03-03"))
	require.Len(t, find(r, "2026-03-20"), 2, "February is warned of from the nineteenth of March")

	fetched := covered(t, month("2026-01-01"))
	fetched.Procedure = p.Extract()
	r.Sessions = []review.Session{fetched}
	require.Empty(t, find(r, "2026-02-16"), "an open session has the files")
	r.Sessions[0].Sources[0].Files = nil
	require.Len(t, find(r, "2026-02-16"), 1, "and this one has none")
	r.Procedures[0].Limits.FetchDays = 0
	require.Empty(t, find(r, "2026-02-16"), "who wants no warning gets none")
	require.Len(t, find(r, "2026-03-03"), 1, "what is lost is said anyway")
	last, ok := p.Sources[0].LastFetch(month("2026-01-01"))
	require.True(t, ok)
	require.Equal(t, day("2026-03-02"), last)
}
