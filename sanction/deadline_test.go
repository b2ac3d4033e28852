package sanction_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/sanction"
)

func TestDeadlinesCountFromTheReportAndTheReopening(t *testing.T) {
	t.Parallel()
	c := reported(t)
	due := map[string]hipaasmp.Date{}
	for _, d := range c.Deadlines() {
		due[d.Step] = d.Due
		require.True(t, d.Done.IsZero())
	}
	require.Equal(t, day("2026-03-07"), due[sanction.StepPreserve])
	require.Equal(t, day("2026-06-02"), due[sanction.StepClose])

	c, _ = closed(t)
	for _, d := range c.Deadlines() {
		require.False(t, d.Done.IsZero(), d.Step)
		require.False(t, d.Overdue(day("2030-01-01")), d.Step)
	}
	require.False(t, c.OpenOn(day("2026-03-06")))
	require.True(t, c.OpenOn(day("2026-03-05")))
	require.False(t, c.OpenOn(day("2026-03-03")))

	c, err := c.Reopen(manager, at(24*10), may(), "New evidence.")
	require.NoError(t, err)
	for _, d := range c.Deadlines() {
		if d.Stage == sanction.StageDecision {
			require.Equal(t, day("2026-03-14").AddDays(40), d.Due)
			require.True(t, d.Overdue(d.Due.AddDays(1)))
			require.False(t, d.Overdue(d.Due))
		}
	}

	// Notice of a decision that an appeal then changed is not notice of the one that stands.
	amended := walk(t, decided(t), warning, sanction.EventNotify, sanction.EventAppeal)
	amended, err = amended.Amend(official, at(60), may(), sanction.NoSanction("Nothing remains."))
	require.NoError(t, err)
	for _, d := range amended.Deadlines() {
		require.Equal(t, d.Stage == sanction.StageNotification || d.Stage == sanction.StageClosure, d.Done.IsZero(), d.Step)
	}

	none := walk(t, determined(t), sanction.NoSanction("Left."), sanction.EventDecide)
	for _, d := range none.Deadlines() {
		require.NotEqual(t, sanction.StageApplication, d.Stage)
	}
	dismissed := walk(t, reported(t), warning, sanction.EventDismiss)
	for _, d := range dismissed.Deadlines() {
		require.Contains(t, []sanction.Stage{sanction.StageDetermination, sanction.StageClosure}, d.Stage)
	}
}
