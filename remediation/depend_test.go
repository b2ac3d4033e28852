package remediation_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
)

// waiting is an item that depends on others.
func waiting(t testing.TB, id, of string, dependsOn ...string) remediation.Item {
	t.Helper()
	p := proposal(of)
	p.DependsOn = dependsOn
	i, err := remediation.NewItem(id, p, official, proposed, chicago(t))
	require.NoError(t, err)
	return i
}

func TestAnItemDoesNotStartBeforeWhatItDependsOn(t *testing.T) {
	t.Parallel()
	i := after(t, waiting(t, "item-2", "F-2", "item-1"), remediation.EventPlan)
	for _, state := range remediation.State("").Values() {
		before := in(t, "item-1", "F-1", state)
		next, err := i.Start(engineer, hour(50), before)
		if state.InPlace() {
			require.NoError(t, err, state)
			continue
		}
		requireFault(t, err, remediation.FaultDependency, "/depends_on")
		var refused *remediation.DependencyError
		require.ErrorAs(t, err, &refused)
		require.Equal(t, []remediation.Waiting{{Item: "item-1", State: state}}, refused.Waits)
		require.Equal(t, i, next, "nothing changed")
	}
	_, err := i.Start(engineer, hour(50))
	require.ErrorContains(t, err, "item-1 was not given")
	_, err = i.Start(engineer, hour(50), in(t, "item-1", "F-1", remediation.StateInProgress))
	require.ErrorContains(t, err, "item-1 is in progress")
	_, err = i.Start(engineer, hour(2), in(t, "item-1", "F-1", remediation.StateImplemented))
	require.ErrorContains(t, err, "item-1 is in progress", "it was implemented an hour later")
	var out *hipaasmp.TransitionError
	_, err = waiting(t, "item-2", "F-2", "item-1").Start(engineer, hour(50))
	require.ErrorAs(t, err, &out, "the state comes first")
}

func TestAnItemIsNotImplementedWhileWhatItDependsOnIsOpenAgain(t *testing.T) {
	t.Parallel()
	first := in(t, "item-1", "F-1", remediation.StateImplemented)
	i, err := after(t, waiting(t, "item-2", "F-2", "item-1"), remediation.EventPlan).Start(engineer, hour(5), first)
	require.NoError(t, err)
	again, err := first.Reopen(official, hour(6), "It stopped working.")
	require.NoError(t, err)
	_, err = i.Implement(engineer, hour(7), "Done.", again)
	requireFault(t, err, remediation.FaultDependency, "/depends_on")
	done, err := i.Implement(engineer, hour(7), "Done.", first)
	require.NoError(t, err)

	// The histories together tell it too.
	require.NoError(t, remediation.CheckDependencies([]remediation.Item{first, done}))
	f := requireFault(t, remediation.CheckDependencies([]remediation.Item{again, done}), remediation.FaultDependency, "/1/history/2/at")
	require.Equal(t, "item-2 was implemented when item-1, which it depends on, was in progress", f.Message)
	// A dependency that was recorded later does not make an earlier start wrong.
	late, err := in(t, "item-2", "F-2", remediation.StateInProgress).WaitFor([]string{"item-1"}, official, hour(9), "w")
	require.NoError(t, err)
	require.NoError(t, remediation.CheckDependencies([]remediation.Item{item(t, "item-1", "F-1"), late}))
	// Recorded at the very instant of the start, it is not told which came first.
	begun := in(t, "item-2", "F-2", remediation.StateInProgress)
	same, err := begun.WaitFor([]string{"item-1"}, official, begun.History[1].At, "w")
	require.NoError(t, err)
	require.NoError(t, remediation.CheckDependencies([]remediation.Item{item(t, "item-1", "F-1"), same}))
}

func TestACircleOfItemsIsRefusedWithItsPath(t *testing.T) {
	t.Parallel()
	items := []remediation.Item{waiting(t, "item-1", "F-1", "item-2"), waiting(t, "item-2", "F-2", "item-3"), waiting(t, "item-3", "F-1", "item-1")}
	want := []string{"item-1", "item-2", "item-3", "item-1"}
	err := remediation.CheckDependencies(items)
	requireFault(t, err, remediation.FaultCycle, "/0/depends_on")
	var circle *remediation.CycleError
	require.ErrorAs(t, err, &circle)
	require.Equal(t, want, circle.Path)
	_, err = build(t, items, nil)
	requireFault(t, err, remediation.FaultCycle, "/commitments")
	require.True(t, errors.As(err, &circle))
	require.Equal(t, want, circle.Path)
	require.ErrorContains(t, err, "item-1 -> item-2 -> item-3 -> item-1")

	p, err := build(t, []remediation.Item{waiting(t, "item-1", "F-1", "item-2"), waiting(t, "item-2", "F-2")}, nil)
	require.NoError(t, err)
	require.Equal(t, []string{"item-2"}, p.Commitments[0].DependsOn)
	p.Commitments[1].DependsOn = []string{"item-1"}
	requireFault(t, p.Validate(), remediation.FaultCycle, "/commitments/0/depends_on")
	p.Commitments[1].DependsOn = []string{"item-2"}
	requireFault(t, p.Validate(), remediation.FaultCycle, "/commitments/1/depends_on/0")
}

func TestDependenciesOnNothingAndOnWhatIsCancelled(t *testing.T) {
	t.Parallel()
	gone := in(t, "item-1", "F-1", remediation.StateCancelled)
	i := waiting(t, "item-2", "F-2", "item-1", "item-9")
	err := remediation.CheckDependencies([]remediation.Item{gone, i})
	requireFault(t, err, remediation.FaultDependency, "/1/depends_on/0")
	requireFault(t, err, hipaasmp.FaultDangling, "/1/depends_on/1")
	_, err = build(t, []remediation.Item{item(t, "item-0", "F-1"), gone, i}, nil)
	requireFault(t, err, remediation.FaultDependency, "/commitments")
	requireFault(t, err, hipaasmp.FaultDangling, "/commitments")
	off, err := i.Cancel(official, hour(3), "Not needed.")
	require.NoError(t, err)
	require.NoError(t, remediation.CheckDependencies([]remediation.Item{gone, off}))
	requireFault(t, remediation.CheckDependencies([]remediation.Item{gone, gone}), hipaasmp.FaultIdentity, "/1/id")
	require.NoError(t, remediation.CheckDependencies(nil))
}

func TestAnItemDueBeforeWhatItDependsOnIsAWarning(t *testing.T) {
	t.Parallel()
	first, then := item(t, "item-1", "F-1"), waiting(t, "item-2", "F-2", "item-1")
	require.Empty(t, remediation.WarnDependencies([]remediation.Item{first, then}))
	late, err := first.Reschedule(day("2026-09-30"), official, hour(1), "The vendor is late.")
	require.NoError(t, err)
	require.Equal(t, []remediation.Warning{{Pointer: "/1/depends_on/0", Message: "item-2 is due on 2026-06-30, before item-1, which it depends on, on 2026-09-30"}},
		remediation.WarnDependencies([]remediation.Item{late, then}))
	require.NoError(t, remediation.CheckDependencies([]remediation.Item{late, then}))
}
