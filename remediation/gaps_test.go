package remediation_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
)

// found returns the gaps of one code.
func found(in remediation.GapInput, asOf string, code hipaasmp.GapCode) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, g := range hipaasmp.FindGaps(day(asOf), remediation.GapChecks(in)...) {
		if g.Code == code {
			out = append(out, g)
		}
	}
	return out
}

// one asks for exactly one gap of the code, with a citation, a way to close it and the list it was counted from.
func one(t *testing.T, in remediation.GapInput, asOf string, code hipaasmp.GapCode) hipaasmp.Gap {
	t.Helper()
	gaps := found(in, asOf, code)
	require.Len(t, gaps, 1)
	require.Equal(t, hipaasmp.CiteRiskManagement, gaps[0].Citation)
	require.True(t, hipaasmp.ValidText(gaps[0].Missing))
	require.NotEmpty(t, gaps[0].Closes)
	require.NotEmpty(t, gaps[0].Refs)
	return gaps[0]
}

func whole(t *testing.T) remediation.GapInput {
	t.Helper()
	return remediation.GapInput{
		Analyses:    []risk.Analysis{analysis(t)},
		Plans:       []remediation.Plan{plan(t)},
		Items:       []remediation.Item{item(t, "item-1", "F-1")},
		Acceptances: []remediation.Acceptance{acceptance(t, "acc-1", "F-2", risk.LevelModerate, "2026-10-31")},
	}
}

func TestNothingIsMissing(t *testing.T) {
	t.Parallel()
	require.Empty(t, hipaasmp.FindGaps(day("2026-06-01"), remediation.GapChecks(whole(t))...))
	require.Empty(t, hipaasmp.FindGaps(day("2026-06-01"), remediation.GapChecks(remediation.GapInput{})...), "that there is no analysis is for the package risk to say")
}

func TestGapUntreated(t *testing.T) {
	t.Parallel()
	in := whole(t)
	in.Items[0] = after(t, in.Items[0], remediation.EventCancel)
	gap := one(t, in, "2026-06-01", remediation.GapUntreated)
	require.Equal(t, day("2026-03-20"), gap.Since)
	require.Equal(t, []string{"item-1: cancelled"}, gap.Counted)
	require.Equal(t, "Propose an item, or have the risk accepted.", gap.Closes)

	in = whole(t)
	in.Acceptances[0] = acceptance(t, "acc-1", "F-2", risk.LevelLow, "2026-10-31")
	gap = one(t, in, "2026-06-01", remediation.GapUntreated)
	require.Contains(t, gap.Missing, "its acceptance covers a risk that was low")
	require.Equal(t, []string{"acc-1: accepted 2026-03-23 to 2026-10-31"}, gap.Counted)
}

func TestGapOverdue(t *testing.T) {
	t.Parallel()
	in := whole(t)
	require.Empty(t, found(in, "2026-06-30", remediation.GapOverdue), "the due date itself is in time")
	gap := one(t, in, "2026-07-02", remediation.GapOverdue)
	require.Equal(t, day("2026-07-01"), gap.Since)
	require.Equal(t, "Item item-1 was due on 2026-06-30 and is proposed; days overdue: 2.", gap.Missing)
	in.Items[0] = after(t, in.Items[0], ways[remediation.StateBlocked]...)
	one(t, in, "2026-07-02", remediation.GapOverdue)
	in.Items[0] = after(t, item(t, "item-1", "F-1"), ways[remediation.StateImplemented]...)
	require.Empty(t, found(in, "2026-07-02", remediation.GapOverdue), "in place, though not verified")
}

func TestGapNotVerified(t *testing.T) {
	t.Parallel()
	in := whole(t)
	in.Items[0] = after(t, in.Items[0], ways[remediation.StateImplemented]...)
	gap := one(t, in, "2026-06-01", remediation.GapNotVerified)
	require.Equal(t, day("2026-03-24"), gap.Since, "the day in Chicago")
	require.Equal(t, []string{"item-1: implemented, verifications on record: 0"}, gap.Counted)
	in.Items[0] = after(t, in.Items[0], remediation.EventVerify)
	require.Empty(t, found(in, "2026-06-01", remediation.GapNotVerified))
	in.Items[0].Verifications[0].Evidence = nil // a record that was not made here
	one(t, in, "2026-06-01", remediation.GapNotVerified)
}

func TestGapNoPlan(t *testing.T) {
	t.Parallel()
	in := whole(t)
	one(t, in, "2026-03-24", remediation.GapNoPlan) // approved on the 25th
	p := in.Plans[0]
	in.Plans = nil
	gap := one(t, in, "2026-06-01", remediation.GapNoPlan)
	require.Equal(t, day("2026-03-20"), gap.Since)

	closed, err := p.Supersede(hipaasmp.Ref{Kind: remediation.KindPlan, ID: "lost"}, day("2026-05-01"))
	require.NoError(t, err)
	in.Plans = []remediation.Plan{p, closed}
	gap = one(t, in, "2026-06-01", remediation.GapNoPlan)
	require.Len(t, gap.Counted, 2)
	require.Empty(t, found(in, "2026-05-01", remediation.GapNoPlan), "its last day is included")

	p.Analysis.ID = "ra-2025"
	in.Plans = []remediation.Plan{p}
	gap = one(t, in, "2026-06-01", remediation.GapNoPlan)
	require.Contains(t, gap.Missing, "answers risk.analysis/ra-2025")
	require.Len(t, gap.Refs, 2)
}

func TestGapAcceptanceExpired(t *testing.T) {
	t.Parallel()
	in := whole(t)
	require.Empty(t, found(in, "2026-10-31", remediation.GapAcceptanceExpired), "in force on its last day")
	gap := one(t, in, "2026-11-01", remediation.GapAcceptanceExpired)
	require.Equal(t, day("2026-11-01"), gap.Since)
	require.Empty(t, found(in, "2026-11-01", remediation.GapUntreated), "one thing is said once")

	in.Acceptances = append(in.Acceptances, acceptance(t, "acc-0", "F-2", risk.LevelModerate, "2026-05-31"))
	gap = one(t, in, "2026-11-01", remediation.GapAcceptanceExpired)
	require.Contains(t, gap.Missing, "acc-1", "the last one to run out")
	in.Acceptances = append(in.Acceptances, acceptance(t, "acc-2", "F-2", risk.LevelModerate, "2026-12-31"))
	require.Empty(t, found(in, "2026-11-01", remediation.GapAcceptanceExpired), "renewed")
	in.Acceptances = in.Acceptances[:1]
	in.Items = append(in.Items, item(t, "item-2", "F-2"))
	require.Empty(t, found(in, "2026-11-01", remediation.GapAcceptanceExpired), "treated otherwise")
}

func TestGapDependency(t *testing.T) {
	t.Parallel()
	in := whole(t)
	in.Items = append(in.Items, waiting(t, "item-2", "F-2", "item-1"))
	require.Empty(t, found(in, "2026-06-01", remediation.GapDependency))
	in.Items[0] = after(t, in.Items[0], remediation.EventCancel)
	gap := one(t, in, "2026-06-01", remediation.GapDependency)
	require.Equal(t, "Item item-2 waits for item-1, which is cancelled.", gap.Missing)
	require.Equal(t, []string{"item-2: proposed, depends on item-1"}, gap.Counted)
	in.Items = in.Items[1:]
	require.Equal(t, "Item item-2 waits for item-1, which is not on record.", one(t, in, "2026-06-01", remediation.GapDependency).Missing)

	begun, err := after(t, in.Items[0], remediation.EventPlan).Start(engineer, hour(40), remediationInPlace(t))
	require.NoError(t, err)
	in.Items = []remediation.Item{begun, item(t, "item-1", "F-1")} // what is on record says otherwise
	gap = one(t, in, "2026-06-01", remediation.GapDependency)
	require.Equal(t, "Item item-2 was started when item-1, which it depends on, was proposed.", gap.Missing)
	require.Equal(t, day("2026-03-25"), gap.Since)
	require.Empty(t, found(in, "2026-03-24", remediation.GapDependency), "the day before")
}

func remediationInPlace(t *testing.T) remediation.Item {
	return in(t, "item-1", "F-1", remediation.StateImplemented)
}

func TestGapsSpeakInWords(t *testing.T) {
	t.Parallel()
	input := whole(t)
	input.Items[0] = in(t, "item-1", "F-1", remediation.StateInProgress)
	for _, g := range hipaasmp.FindGaps(day("2027-01-01"), remediation.GapChecks(input)...) {
		require.NotContains(t, g.Missing, "_")
		for _, line := range g.Counted {
			require.NotContains(t, line, "_")
		}
	}
	require.Equal(t, "Item item-1 was due on 2026-06-30 and is in progress; days overdue: 1.", one(t, input, "2026-07-01", remediation.GapOverdue).Missing)
}

func TestTheLatestPlanGoverns(t *testing.T) {
	t.Parallel()
	older, newer := plan(t), plan(t)
	newer.ID, newer.Approval.At = "plan-2026b", hour(50)
	for _, in := range [][]remediation.Plan{{older, newer}, {newer, older}, {older, older, newer}} {
		got, ok := remediation.InEffect(in, day("2026-06-01"))
		require.True(t, ok)
		require.Equal(t, "plan-2026b", got.ID)
	}
	_, ok := remediation.InEffect(nil, day("2026-06-01"))
	require.False(t, ok)
}

func TestGapChecksAreWellFormed(t *testing.T) {
	t.Parallel()
	codes := map[hipaasmp.GapCode]bool{}
	for _, c := range remediation.GapChecks(remediation.GapInput{}) {
		require.False(t, codes[c.Code])
		codes[c.Code] = true
		require.Regexp(t, `^GAP-REM-\d\d$`, string(c.Code))
		require.True(t, c.Citation.IsValid())
		require.NotEmpty(t, c.Asks)
	}
	require.Len(t, codes, 6)
}
