package lifecycle_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/lifecycle"
)

type (
	state string
	event string
	step  = hipaasmp.Transition[state, event]
)

var table = lifecycle.New("door", state("open"),
	lifecycle.Edge[state, event]{From: "open", On: "close", To: "closed"},
	lifecycle.Edge[state, event]{From: "closed", On: "open", To: "open"},
	lifecycle.Edge[state, event]{From: "closed", On: "lock", To: "locked"},
)

var (
	who  = hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleManagement}
	noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
)

func TestApplyFollowsTheTable(t *testing.T) {
	t.Parallel()
	s, h, err := table.Apply(hipaasmp.Ref{}, table.Initial(), nil, step{Event: "close", By: who, At: noon.Add(time.Nanosecond)})
	require.NoError(t, err)
	require.Equal(t, state("closed"), s)
	require.Equal(t, noon, h[0].At, "instants are kept to the microsecond")
	_, same, err := table.Apply(hipaasmp.Ref{}, s, h, step{Event: "close", By: who, At: noon})
	var te *hipaasmp.TransitionError
	require.ErrorAs(t, err, &te)
	require.Equal(t, []string{"open", "lock"}, te.Allowed)
	require.Equal(t, h, same)
	require.True(t, table.Final("locked"))
}

func TestApplyRefusesTimeThatRunsBackAndNobody(t *testing.T) {
	t.Parallel()
	s, h, err := table.Apply(hipaasmp.Ref{}, "open", nil, step{Event: "close", By: who, At: noon})
	require.NoError(t, err)
	var ve *hipaasmp.ValidationError
	_, _, err = table.Apply(hipaasmp.Ref{}, s, h, step{Event: "lock", At: noon.Add(-time.Second)})
	require.ErrorAs(t, err, &ve)
	require.True(t, ve.Has(hipaasmp.FaultOrder))
	require.True(t, ve.Has(hipaasmp.FaultRequired))
	_, _, err = table.Apply(hipaasmp.Ref{}, s, h, step{Event: "lock", By: who})
	require.ErrorAs(t, err, &ve)
}

func TestApplyDoesNotTouchTheHistoryItWasGiven(t *testing.T) {
	t.Parallel()
	_, h, err := table.Apply(hipaasmp.Ref{}, "open", make([]step, 0, 8), step{Event: "close", By: who, At: noon})
	require.NoError(t, err)
	_, a, err := table.Apply(hipaasmp.Ref{}, "closed", h, step{Event: "lock", By: who, At: noon})
	require.NoError(t, err)
	_, b, err := table.Apply(hipaasmp.Ref{}, "closed", h, step{Event: "open", By: who, At: noon})
	require.NoError(t, err)
	require.Equal(t, event("lock"), a[1].Event)
	require.Equal(t, event("open"), b[1].Event)
}

// Every walk over the table replays; every forged step in it is found.
func TestReplayAcceptsWalksAndFindsForgeries(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, at := table.Initial(), noon
		var h []step
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			allowed := table.Allowed(s)
			if len(allowed) == 0 {
				break
			}
			at = at.Add(time.Duration(rapid.IntRange(0, 60).Draw(t, "minutes")) * time.Minute)
			var err error
			s, h, err = table.Apply(hipaasmp.Ref{}, s, h, step{Event: rapid.SampledFrom(allowed).Draw(t, "event"), By: who, At: at})
			require.NoError(t, err)
		}
		require.Empty(t, table.Replay(s, h))
		i := rapid.IntRange(0, len(h)-1).Draw(t, "at")
		forged := append([]step(nil), h...)
		switch rapid.IntRange(0, 3).Draw(t, "forgery") {
		case 0:
			forged[i].To = "ajar"
		case 1:
			forged[i].From = "ajar"
		case 2:
			forged[i].Event = "kick"
		case 3:
			forged = append(forged, step{Event: "close", From: "ajar", To: "closed", At: noon.Add(-time.Hour)})
		}
		require.NotEmpty(t, table.Replay(s, forged))
		require.NotEmpty(t, table.Replay("ajar", h))
	})
}

func TestMermaidDrawsEveryEdge(t *testing.T) {
	t.Parallel()
	require.Equal(t, "stateDiagram-v2\n    [*] --> open\n    open --> closed: close\n    closed --> open: open\n    closed --> locked: lock\n", table.Mermaid())
	require.Len(t, table.Edges(), 3)
}
