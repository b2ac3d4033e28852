package oscal_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/oscal"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
)

func TestPlanIsValidByThePublishedSchema(t *testing.T) {
	t.Parallel()
	require.NoError(t, accepts(t, schema(t), "plan-of-action-and-milestones", plan(t)))
}

func TestPlanComesBackWithoutLoss(t *testing.T) {
	t.Parallel()
	src := source(t)
	p, err := oscal.NewPOAM(src)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, p.Write(&out))
	again, err := oscal.ReadPOAM(out.Bytes())
	require.NoError(t, err)
	require.Equal(t, p, again)
	back, err := again.Import()
	require.NoError(t, err)
	require.Equal(t, src.Analysis, back.Analysis)
	require.Equal(t, src.Entity, back.Entity)
	require.ElementsMatch(t, src.Items, back.Items)
	require.ElementsMatch(t, src.Acceptances, back.Acceptances)
	require.Equal(t, src.AsOf, back.AsOf)
	require.True(t, src.Made.Equal(back.Made))
}

func TestOrderOfTheSourceChangesNoByte(t *testing.T) {
	t.Parallel()
	src := source(t)
	var want bytes.Buffer
	require.NoError(t, plan(t).Write(&want))
	rapid.Check(t, func(t *rapid.T) {
		shuffled := src
		shuffled.Items = rapid.Permutation(src.Items).Draw(t, "items")
		shuffled.Acceptances = rapid.Permutation(src.Acceptances).Draw(t, "acceptances")
		p, err := oscal.NewPOAM(shuffled)
		require.NoError(t, err)
		var got bytes.Buffer
		require.NoError(t, p.Write(&got))
		require.Equal(t, want.Bytes(), got.Bytes())
	})
}

func TestEveryFindingIsARiskAndEveryLiveItemAnItem(t *testing.T) {
	t.Parallel()
	src, p := source(t), plan(t)
	require.Len(t, p.Risks, len(src.Analysis.Findings))
	live := slices.DeleteFunc(slices.Clone(src.Items), func(i remediation.Item) bool { return i.State == remediation.StateCancelled })
	require.Len(t, p.Items, len(live))
	for _, i := range p.Items {
		require.NotEmpty(t, i.RelatedRisks, "each item of the clinic treats a finding")
	}
	for _, r := range p.Risks {
		require.NotEmpty(t, r.Statement)
		for _, m := range r.Remediations {
			for _, task := range m.Tasks {
				require.NotNil(t, task.Timing, "a task has its day")
			}
		}
	}
}

func TestOnlyOpaqueIdentitiesOfPeopleAreGiven(t *testing.T) {
	t.Parallel()
	src := source(t)
	members := map[string]bool{}
	for _, m := range src.Entity.Workforce {
		members[m.ID] = true
	}
	for _, party := range plan(t).Metadata.Parties {
		if party.Type == "person" {
			require.True(t, members[party.Name], party.Name)
		}
	}
}

func TestWhatIsMissingInTheSourceIsNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule  string
		spoil func(*oscal.Source)
		field string
	}{
		{"the day", func(s *oscal.Source) { s.AsOf = hipaasmp.Date{} }, "AsOf"},
		{"the time", func(s *oscal.Source) { s.Made = time.Time{} }, "Made"},
		{"an item given twice", func(s *oscal.Source) { s.Items = append(slices.Clone(s.Items), s.Items[0]) }, "Items"},
		{"an acceptance given twice", func(s *oscal.Source) { s.Acceptances = append(slices.Clone(s.Acceptances), s.Acceptances[0]) }, "Acceptances"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			src := source(t)
			c.spoil(&src)
			_, err := oscal.NewPOAM(src)
			var se *oscal.SourceError
			require.ErrorAs(t, err, &se)
			require.Equal(t, c.field, se.Field)
			require.NotEmpty(t, se.Error())
		})
	}
}

func TestPlanWithoutAnItemIsNoPlan(t *testing.T) {
	t.Parallel()
	src := source(t)
	src.Items = nil
	_, err := oscal.NewPOAM(src)
	var ee *oscal.EmptyPlanError
	require.ErrorAs(t, err, &ee)
	require.Equal(t, src.Analysis.DocumentRef(), ee.Analysis)
	require.NotEmpty(t, ee.Error())
}

func TestRecordThatDoesNotValidateIsRefused(t *testing.T) {
	t.Parallel()
	src := source(t)
	src.Analysis = risk.Analysis{}
	_, err := oscal.NewPOAM(src)
	require.NotEmpty(t, codes(t, err))
}
