package activity_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

func drawEvent(rt *rapid.T) activity.Event {
	e := activity.Event{
		Outcome: rapid.SampledFrom(activity.Outcome("").Values()).Draw(rt, "outcome"),
		Family:  rapid.SampledFrom(activity.Family("").Values()).Draw(rt, "family"),
	}
	if rapid.Bool().Draw(rt, "timed") {
		e.Recorded = time.Unix(rapid.Int64Range(0, 1000).Draw(rt, "at"), 0).UTC()
	}
	e.Actor.ID = rapid.SampledFrom([]string{"", "u"}).Draw(rt, "actor")
	return e
}

func TestTalliesAddUpHoweverFilesAreSplit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(rt, "n")
		var whole, left, right activity.Tally
		for i := range n {
			half := &left
			if rapid.Bool().Draw(rt, "right") {
				half = &right
			}
			if rapid.IntRange(0, 3).Draw(rt, "kind") == 0 {
				d := &activity.Defect{Seq: int64(i), Reason: rapid.SampledFrom(activity.Reason("").Values()).Draw(rt, "reason")}
				require.NoError(rt, whole.Count(activity.Event{}, d))
				require.NoError(rt, half.Count(activity.Event{}, d))
				continue
			}
			e := drawEvent(rt)
			require.NoError(rt, whole.Count(e, nil))
			require.NoError(rt, half.Count(e, nil))
		}
		var ab, ba activity.Tally
		ab.Merge(&left)
		ab.Merge(&right)
		ba.Merge(&right)
		ba.Merge(&left)
		figures := func(t *activity.Tally) string {
			s := fmt.Sprint(t.Events, t.Duplicates, t.UnknownTimes, t.UnresolvedActors, t.UnknownPatients, t.First, t.Last, t.DefectCount())
			for _, o := range activity.Outcome("").Values() {
				s += fmt.Sprint(" ", t.Outcome(o))
			}
			for _, f := range activity.Family("").Values() {
				s += fmt.Sprint(" ", t.Family(f))
			}
			for _, r := range activity.Reason("").Values() {
				s += fmt.Sprint(" ", t.Defects(r).Count, len(t.Defects(r).Places))
			}
			return s
		}
		var own, ways int64
		for _, f := range activity.EventFamilies() {
			own += whole.Family(f)
		}
		for _, o := range activity.Outcome("").Values() {
			if o.Failed() {
				ways += whole.Outcome(o)
			}
		}
		require.Equal(rt, whole.Events, own, "every event is of one family, failed or not")
		require.Equal(rt, ways, whole.Family(activity.FamilyFailed))
		require.Equal(rt, figures(&whole), figures(&ab))
		require.Equal(rt, figures(&whole), figures(&ba))
	})
}

// Reference, section 7 of the review record: "failed" is a row of the coverage beside the kinds of activity.
func TestAnActThatFailedCountsInItsOwnFamilyAndAsFailed(t *testing.T) {
	t.Parallel()
	var tally activity.Tally
	for _, o := range activity.Outcome("").Values() {
		require.NoError(t, tally.Count(activity.Event{Family: activity.FamilyLogin, Outcome: o}, nil))
	}
	require.EqualValues(t, 5, tally.Family(activity.FamilyLogin))
	require.EqualValues(t, 2, tally.Family(activity.FamilyFailed), "failure and denied; throttled is none, and unknown is not taken for one")
	require.NotContains(t, activity.EventFamilies(), activity.FamilyFailed)
	require.Len(t, activity.EventFamilies(), len(activity.Family("").Values())-1)

	require.NoError(t, tally.Count(activity.Event{Family: activity.FamilyFailed, Outcome: activity.OutcomeFailure}, nil))
	require.EqualValues(t, 3, tally.Family(activity.FamilyFailed), "by its outcome, whatever a reader says of its family")
	require.EqualValues(t, 1, tally.Family(activity.FamilyUnknown))
	require.Equal(t, "failed or denied acts", activity.FamilyFailed.Words())
	require.Equal(t, "print export", activity.FamilyPrintExport.Words())
}

func TestTallyKeepsTheFirstPlacesAndCountsAll(t *testing.T) {
	t.Parallel()
	var tally activity.Tally
	for i := range 3 * activity.MaxPlaces {
		require.NoError(t, tally.Count(activity.Event{}, &activity.Defect{Seq: int64(i), Reason: activity.ReasonSyntax}))
	}
	got := tally.Defects(activity.ReasonSyntax)
	require.EqualValues(t, 3*activity.MaxPlaces, got.Count)
	require.Len(t, got.Places, activity.MaxPlaces)
	require.EqualValues(t, 0, got.Places[0].Seq)

	var both activity.Tally
	both.Merge(&tally)
	both.Merge(&tally)
	got = both.Defects(activity.ReasonSyntax)
	require.EqualValues(t, 6*activity.MaxPlaces, got.Count)
	require.Len(t, got.Places, activity.MaxPlaces)
}

func TestUnknownPatientsAreCountedForAccessOnly(t *testing.T) {
	t.Parallel()
	var tally activity.Tally
	for _, f := range activity.EventFamilies() {
		require.NoError(t, tally.Count(activity.Event{Family: f}, nil))
		require.NoError(t, tally.Count(activity.Event{Family: f, Patients: []activity.Patient{{ID: "p"}}}, nil))
	}
	require.EqualValues(t, 5, tally.UnknownPatients, "view, edit, print_export, search, override")
	require.EqualValues(t, 18, tally.UnknownTimes)
}

func TestSeenCountsADeliveryOnce(t *testing.T) {
	t.Parallel()
	var seen activity.Seen
	require.False(t, seen.Again(activity.Event{Source: "a", ID: "1"}))
	require.True(t, seen.Again(activity.Event{Source: "a", ID: "1"}))
	require.False(t, seen.Again(activity.Event{Source: "b", ID: "1"}), "another source has identities of its own")
	require.False(t, seen.Again(activity.Event{Source: "a"}))
	require.False(t, seen.Again(activity.Event{Source: "a"}), "events without an identity are never the same")
}

func TestEnumsRefuseUnknownAndEmpty(t *testing.T) {
	t.Parallel()
	checkEnum(t, activity.Format("").Values())
	checkEnum(t, activity.ActorKind("").Values())
	checkEnum(t, activity.Action("").Values())
	checkEnum(t, activity.Family("").Values())
	checkEnum(t, activity.Outcome("").Values())
	checkEnum(t, activity.Reason("").Values())
	checkEnum(t, activity.Field("").Values())
	_, err := activity.ReaderFor("excel")
	require.ErrorContains(t, err, "cloudtrail, fhir")
}

func checkEnum[E interface {
	~string
	IsValid() bool
}](t *testing.T, values []E) {
	t.Helper()
	for _, v := range values {
		require.True(t, v.IsValid())
		b, err := json.Marshal(v)
		require.NoError(t, err)
		var back E
		require.NoError(t, json.Unmarshal(b, &back))
		require.Equal(t, v, back)
	}
	for _, bad := range []string{`""`, `"nonsense"`} {
		var v E
		require.Error(t, json.Unmarshal([]byte(bad), &v))
		_, err := json.Marshal(E(strings.Trim(bad, `"`)))
		require.Error(t, err)
	}
}

func TestADisplayNameIsNeverWritten(t *testing.T) {
	t.Parallel()
	e := activity.Event{Actor: activity.Actor{ID: "95", Kind: activity.ActorPerson, Display: "a name"}, Action: activity.ActionRead,
		Family: activity.FamilyView, Outcome: activity.OutcomeSuccess}
	b, err := json.Marshal(e)
	require.NoError(t, err)
	require.NotContains(t, string(b), "a name")
	var back activity.Event
	require.NoError(t, json.Unmarshal(b, &back))
	e.Actor.Display = ""
	require.Equal(t, e, back)
}
