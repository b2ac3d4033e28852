package sanction_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/sanction"
)

func TestTheDefaultPolicyHoldsForBothTypesOfEntity(t *testing.T) {
	t.Parallel()
	for _, e := range hipaasmp.EntityType("").Values() {
		i := issue("p", "1", "2026-01-01")
		i.EntityType = e
		p, err := sanction.DefaultTerms().Approve(i, manager, day("2026-01-01"), may())
		require.NoError(t, err)
		require.Equal(t, e == hipaasmp.EntityCoveredEntity, slices.Contains(p.Citations(), hipaasmp.CitePrivacySanctions))
		require.Equal(t, hipaasmp.CiteSanctionPolicy, p.Citations()[0])
		x := p.Extract()
		require.Equal(t, []string{sanction.RungTraining, sanction.RungWritten, sanction.RungFinal, sanction.RungTermination}, x.Ladder)
		require.Equal(t, 0, x.Rank("exile"))
		require.Equal(t, 4, x.Rank(sanction.RungTermination))
		for _, id := range []string{sanction.CategoryUnintentional, sanction.CategoryAccess, sanction.CategoryDisclosure, sanction.CategoryMalice} {
			r, ok := x.RangeOf(id)
			require.True(t, ok)
			require.LessOrEqual(t, x.Rank(r.Least), x.Rank(r.Most))
		}
	}
}

func TestAPolicyIsApprovedByAPersonWithThePower(t *testing.T) {
	t.Parallel()
	_, err := sanction.DefaultTerms().Approve(issue("p", "1", "2026-01-01"), reviewer, day("2026-01-01"), may())
	requireFault(t, err, hipaasmp.FaultAuthority)
	var ae *hipaasmp.AuthorityError
	require.ErrorAs(t, err, &ae)
	require.Equal(t, hipaasmp.PowerApprovePolicy, ae.Power)
	_, err = sanction.DefaultTerms().Approve(issue("p", "1", "2026-01-01"), manager, day("2026-01-01"), nil)
	requireFault(t, err, hipaasmp.FaultAuthority)
	_, err = sanction.DefaultTerms().Approve(issue("p", "1", "2026-01-01"), program, day("2026-01-01"), may())
	requireFault(t, err, sanction.FaultProgram)
}

func TestWhatIsWrongWithAPolicy(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		spoil func(*sanction.Policy)
		code  hipaasmp.FaultCode
	}{
		"backdated":              {func(p *sanction.Policy) { p.Effective.From = day("2025-12-14") }, hipaasmp.FaultOrder},
		"created after approval": {func(p *sanction.Policy) { p.Created = day("2025-12-16") }, hipaasmp.FaultOrder},
		"ends before it begins":  {func(p *sanction.Policy) { p.Effective.To = day("2025-12-31") }, hipaasmp.FaultOrder},
		"range off the ladder":   {func(p *sanction.Policy) { p.Categories[0].Least = "exile" }, hipaasmp.FaultDangling},
		"range's end off":        {func(p *sanction.Policy) { p.Categories[0].Most = "exile" }, hipaasmp.FaultDangling},
		"range runs down":        {func(p *sanction.Policy) { p.Categories[1].Most = sanction.RungTraining }, sanction.FaultLadder},
		"two rungs alike":        {func(p *sanction.Policy) { p.Ladder[1].ID = p.Ladder[0].ID }, hipaasmp.FaultIdentity},
		"two categories alike":   {func(p *sanction.Policy) { p.Categories[1].ID = p.Categories[0].ID }, hipaasmp.FaultIdentity},
		"two factors alike":      {func(p *sanction.Policy) { p.Factors[1].ID = p.Factors[0].ID }, hipaasmp.FaultIdentity},
		"two steps alike":        {func(p *sanction.Policy) { p.Procedure[1].ID = p.Procedure[0].ID }, hipaasmp.FaultIdentity},
		"no ladder":              {func(p *sanction.Policy) { p.Ladder = nil }, hipaasmp.FaultRange},
		"no category":            {func(p *sanction.Policy) { p.Categories = nil }, hipaasmp.FaultRange},
		"no procedure":           {func(p *sanction.Policy) { p.Procedure = nil }, hipaasmp.FaultRange},
		"negative limit":         {func(p *sanction.Policy) { p.Procedure[0].Days = -1 }, hipaasmp.FaultRange},
		"no version":             {func(p *sanction.Policy) { p.Version = "" }, hipaasmp.FaultRequired},
		"another kind":           {func(p *sanction.Policy) { p.Header = hipaasmp.NewHeader(sanction.KindCase, "p") }, hipaasmp.FaultSchema},
		"replaces itself":        {func(p *sanction.Policy) { r := p.DocumentRef(); p.Replaces = &r }, hipaasmp.FaultDangling},
		"unknown type of entity": {func(p *sanction.Policy) { p.EntityType = "hospital" }, hipaasmp.FaultEnum},
		"review before approval": {func(p *sanction.Policy) {
			p.Reviews = []sanction.PolicyReview{{By: manager, On: day("2025-01-01"), Result: "x"}}
		}, hipaasmp.FaultOrder},
		"review by a program": {func(p *sanction.Policy) {
			p.Reviews = []sanction.PolicyReview{{By: program, On: day("2026-06-01"), Result: "x"}}
		}, sanction.FaultProgram},
		"unknown effect":          {func(p *sanction.Policy) { p.Factors[0].Effect = "" }, hipaasmp.FaultEnum},
		"unknown stage of a step": {func(p *sanction.Policy) { p.Procedure[0].Stage = "lunch" }, hipaasmp.FaultEnum},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := policy(t)
			require.NoError(t, p.Validate())
			tc.spoil(&p)
			requireFault(t, p.Validate(), tc.code)
		})
	}
}

func TestAnApprovedPolicyDoesNotChangeWithTheTermsItCameFrom(t *testing.T) {
	t.Parallel()
	terms := sanction.DefaultTerms()
	p, err := terms.Approve(issue("p", "1", "2026-01-01"), manager, day("2026-01-01"), may())
	require.NoError(t, err)
	terms.Ladder[0].ID, terms.Categories[0].Examples[0], terms.Factors[0].ID, terms.Procedure[0].Days = "x", "x", "x", 0
	require.Equal(t, sanction.DefaultTerms(), p.Terms)
}

func TestSupersedingEndsAVersionOnce(t *testing.T) {
	t.Parallel()
	p := policy(t)
	require.Equal(t, []hipaasmp.Period{{From: day("2026-01-01")}}, p.RetentionBasis().InEffect)
	ended, err := p.Supersede(day("2026-06-30"))
	require.NoError(t, err)
	require.True(t, p.Effective.Open(), "the old value changed")
	require.Equal(t, []hipaasmp.Period{{From: day("2026-01-01"), To: day("2026-06-30")}}, ended.RetentionBasis().InEffect)
	again, err := ended.Supersede(day("2026-07-31"))
	requireFault(t, err, hipaasmp.FaultOrder)
	require.Equal(t, ended, again)
	_, err = p.Supersede(day("2025-12-31"))
	requireFault(t, err, hipaasmp.FaultOrder)
	_, err = p.Supersede(hipaasmp.Date{})
	requireFault(t, err, hipaasmp.FaultOrder)

	i := issue("policy-2026b", "2026-2", "2026-07-01")
	i.Replaces = p.DocumentRef()
	next, err := p.Terms.Approve(i, manager, day("2026-06-20"), may())
	require.NoError(t, err)
	all := []sanction.Policy{ended, next}
	require.Equal(t, []sanction.Policy{ended}, sanction.InForce(all, day("2026-06-30")))
	require.Equal(t, []sanction.Policy{next}, sanction.InForce(all, day("2026-07-01")))
	require.Empty(t, sanction.InForce(all, day("2025-12-31")))
	require.Equal(t, []sanction.Policy{next, p}, sanction.InForce([]sanction.Policy{p, next}, day("2026-07-01")), "the newest first")
}

func TestReviewDueCountsFromTheLastReview(t *testing.T) {
	t.Parallel()
	p := policy(t)
	require.Equal(t, day("2026-12-15"), p.ReviewDue())
	p, err := p.Review(official, day("2026-11-30"), "Nothing had to change.")
	require.NoError(t, err)
	require.Equal(t, day("2027-11-30"), p.ReviewDue())
	_, err = p.Review(official, day("2026-11-29"), "Too early.")
	requireFault(t, err, hipaasmp.FaultOrder)
	p.Reviews = slices.Grow(p.Reviews, 2)
	a, err := p.Review(official, day("2027-01-01"), "The first branch.")
	require.NoError(t, err)
	_, err = p.Review(official, day("2027-01-01"), "The second branch.")
	require.NoError(t, err)
	require.Equal(t, "The first branch.", a.Reviews[1].Result)
	p.ReviewMonths = 0
	require.True(t, p.ReviewDue().IsZero())
}
