package sanction_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// reach brings a case into the state, in the form in which the event can follow if the table lets it.
func reach(t require.TestingT, s sanction.State, event sanction.Event) sanction.Case {
	ruling := warning
	if s == sanction.StateDecided && event == sanction.EventClose {
		ruling = sanction.NoSanction("The person has left the workforce.")
	}
	toDecided := append(slices.Clone(untilDetermined), sanction.EventDecide)
	path := map[sanction.State][]sanction.Event{
		sanction.StateReported:           nil,
		sanction.StateUnderInvestigation: untilDetermined[:3],
		sanction.StateDetermined:         untilDetermined,
		sanction.StateDecided:            toDecided,
		sanction.StateApplied:            append(slices.Clone(toDecided), sanction.EventApply),
		sanction.StateAppealed:           append(slices.Clone(toDecided), sanction.EventAppeal),
		sanction.StateDismissed:          {sanction.EventDismiss},
		sanction.StateClosed:             append(slices.Clone(toDecided), sanction.EventApply, sanction.EventClose),
	}[s]
	if s == sanction.StateAppealed && event == sanction.EventUpholdApplied {
		path = append(slices.Clone(toDecided), sanction.EventApply, sanction.EventAppeal)
	}
	return walk(t, reported(t), ruling, path...)
}

func TestEveryPairOfStateAndEventDoesWhatTheTableSays(t *testing.T) {
	t.Parallel()
	leads := map[string]sanction.State{}
	for _, e := range sanction.Edges() {
		leads[string(e.From)+"/"+string(e.On)] = e.To
	}
	for _, s := range sanction.State("").Values() {
		for _, e := range sanction.Event("").Values() {
			t.Run(fmt.Sprintf("%s/%s", s, e), func(t *testing.T) {
				t.Parallel()
				c := reach(t, s, e)
				require.Equal(t, s, c.State)
				before, err := canon.Marshal(c)
				require.NoError(t, err)
				next, err := step(c, e, 90, warning)
				afterwards, merr := canon.Marshal(c)
				require.NoError(t, merr)
				require.Equal(t, string(before), string(afterwards), "the old value changed")
				if to, ok := leads[string(s)+"/"+string(e)]; ok {
					require.NoError(t, err)
					require.Equal(t, to, next.State)
					require.NoError(t, next.Validate())
					return
				}
				var te *hipaasmp.TransitionError
				require.ErrorAs(t, err, &te)
				require.Equal(t, c, next, "a refused step returns the case as it was")
			})
		}
	}
}

func TestEveryStateIsReachedAndNoneIsFinal(t *testing.T) {
	t.Parallel()
	for _, s := range sanction.State("").Values() {
		require.NotEmpty(t, sanction.Machine.Allowed(s), s)
	}
}

func TestTheDiagramOfThePackageCommentIsTheTable(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	for line := range strings.Lines(sanction.Diagram()) {
		require.Contains(t, string(doc), "//\t"+line)
	}
	require.Equal(t, len(sanction.Edges())+1, strings.Count(string(doc), " --> "))
}

// randomCase walks through the machine by steps that rapid draws.
func randomCase(t *rapid.T) sanction.Case {
	c := reported(t)
	for range rapid.IntRange(0, 14).Draw(t, "steps") {
		allowed := sanction.Machine.Allowed(c.State)
		event := rapid.SampledFrom(allowed).Draw(t, "event")
		ruling := rapid.SampledFrom([]sanction.Ruling{warning, sanction.Impose(sanction.RungFinal, "A pattern."),
			sanction.Impose(sanction.RungTraining, "Had not been trained.", untrained()), sanction.NoSanction("Left the workforce.")}).Draw(t, "ruling")
		next, err := step(c, event, after(c), ruling)
		if err != nil {
			// A guard beyond the table: required steps missing, nothing to apply, not applied yet. The case stays.
			require.Equal(t, c, next)
			continue
		}
		c = next
	}
	return c
}

func TestEveryWalkGivesAValidCase(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := randomCase(t)
		require.NoError(t, c.Validate())
		o, err := c.Outcome()
		if c.State != sanction.StateClosed {
			var te *hipaasmp.TransitionError
			require.ErrorAs(t, err, &te)
			return
		}
		require.NoError(t, err)
		require.NoError(t, o.Validate())
	})
}

func TestAForgedHistoryIsRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := randomCase(t)
		if len(c.History) == 0 {
			c = determined(t)
		}
		i := rapid.IntRange(0, len(c.History)-1).Draw(t, "where")
		forged := slices.Clone(c.History)
		switch rapid.SampledFrom([]string{"drop", "repeat", "event", "to", "from", "by", "at", "state"}).Draw(t, "how") {
		case "drop":
			forged = slices.Delete(forged, i, i+1)
		case "repeat":
			forged = slices.Insert(forged, i, forged[i])
		case "event":
			other := rapid.SampledFrom(slices.DeleteFunc(sanction.Event("").Values(), func(e sanction.Event) bool { return e == forged[i].Event })).Draw(t, "event")
			forged[i].Event = other
		case "to":
			forged[i].To = otherState(t, forged[i].To)
		case "from":
			forged[i].From = otherState(t, forged[i].From)
		case "by":
			forged[i].By.ID = member.ID
			if c.History[i].Event == sanction.EventAppeal {
				forged[i].By.ID = "w-077"
			}
		case "at":
			forged[i].At = forged[i].At.AddDate(-1, 0, 0)
		case "state":
			c.State = otherState(t, c.State)
		}
		c.History = forged
		require.Error(t, c.Validate())
	})
}

func otherState(t *rapid.T, s sanction.State) sanction.State {
	return rapid.SampledFrom(slices.DeleteFunc(sanction.State("").Values(), func(o sanction.State) bool { return o == s })).Draw(t, "state")
}

func TestAForgedEntryIsRefused(t *testing.T) {
	t.Parallel()
	for name, forge := range map[string]func(*sanction.Case){
		"a decision without its step":        func(c *sanction.Case) { c.Decisions = append(c.Decisions, c.Decisions[0]) },
		"a decision removed":                 func(c *sanction.Case) { c.Decisions = nil },
		"another decider":                    func(c *sanction.Case) { c.Decisions[0].By.ID = "w-077" },
		"another hour":                       func(c *sanction.Case) { c.Decisions[0].At = at(25) },
		"a determination removed":            func(c *sanction.Case) { c.Determination = nil },
		"an investigation emptied":           func(c *sanction.Case) { c.Investigation = nil },
		"a notification of another decision": func(c *sanction.Case) { c.Notifications[0].Decision = 0 },
		"an application removed":             func(c *sanction.Case) { c.Applications = nil },
		"an appeal nobody made": func(c *sanction.Case) {
			c.Appeals = []sanction.Appeal{{Signature: c.Decisions[0].Signature, Grounds: "x"}}
		},
		"a dismissal beside it": func(c *sanction.Case) {
			c.Dismissal = &sanction.Dismissal{Signature: c.Decisions[0].Signature, Ground: sanction.GroundNoViolation, Reason: "x"}
		},
		"a closure removed":             func(c *sanction.Case) { c.Closure = nil },
		"an earlier proceeding made up": func(c *sanction.Case) { c.Earlier = []sanction.Proceeding{{}} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := closed(t)
			require.NoError(t, c.Validate())
			forge(&c)
			requireFault(t, c.Validate(), sanction.FaultUnrecorded)
		})
	}
}

func TestUpholdMustFitWhetherTheSanctionWasApplied(t *testing.T) {
	t.Parallel()
	c := walk(t, decided(t), warning, sanction.EventAppeal, sanction.EventUphold)
	last := len(c.History) - 1
	c.History = slices.Clone(c.History)
	c.History[last].Event, c.History[last].To = sanction.EventUpholdApplied, sanction.StateApplied
	c.State = sanction.StateApplied
	requireFault(t, c.Validate(), hipaasmp.FaultHistory)
}

func TestAReopeningWithoutItsEarlierProceedingIsRefused(t *testing.T) {
	t.Parallel()
	c, _ := closed(t)
	c, err := c.Reopen(manager, at(60), may(), "New evidence.")
	require.NoError(t, err)
	c.Proceeding, c.Earlier = c.Earlier[0], nil
	requireFault(t, c.Validate(), sanction.FaultUnrecorded)
}

func TestAnAppealsResultMustFitTheHistory(t *testing.T) {
	t.Parallel()
	c := walk(t, decided(t), warning, sanction.EventAppeal, sanction.EventUphold)
	require.NoError(t, c.Validate())
	c.Appeals[0].Resolution.Result = sanction.AppealAmended
	requireFault(t, c.Validate(), sanction.FaultUnrecorded)
}

func TestAnExtractThatNoPolicyCanHaveLeftIsRefused(t *testing.T) {
	t.Parallel()
	c := reported(t)
	c.Policy.Ladder[1] = c.Policy.Ladder[0]
	requireFault(t, c.Validate(), hipaasmp.FaultIdentity)
	c = reported(t)
	c.Policy.Ranges[0].Most = "exile"
	requireFault(t, c.Validate(), hipaasmp.FaultDangling)
}
