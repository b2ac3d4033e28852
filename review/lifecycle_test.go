package review_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/internal/lifecycle"
	"github.com/hipaasmp/hipaasmp/review"
)

// stepException takes one step of the exception x-1, with arguments that are in order.
func stepException(s review.Session, event review.ExceptionEvent, at time.Time) (review.Session, error) {
	switch event {
	case review.ExceptionTriage:
		return s.Triage("x-1", reviewer, at, "Asked the technician.")
	case review.ExceptionContact:
		return s.Contact("x-1", reviewer, at, "w-009, by telephone")
	case review.ExceptionExplain:
		return s.Explain("x-1", reviewer, at, review.ExplanationMaintenance, "Change 17 moved the trail.")
	case review.ExceptionGiveUp:
		return s.GiveUp("x-1", reviewer, at, "The host is gone.")
	case review.ExceptionEscalate:
		return s.Escalate("x-1", reviewer, at, "Not planned by anybody.", hipaasmp.Ref{Kind: review.KindIncident, ID: "i-1"})
	case review.ExceptionReconsider:
		return s.Reconsider("x-1", reviewer, at, "The change was another one.")
	}
	panic("no such event: " + event)
}

func stepIncident(i review.Incident, event review.IncidentEvent, at time.Time) (review.Incident, error) {
	switch event {
	case review.IncidentRespond:
		return i.Respond(technician, at, "Logging was switched on.", proof())
	case review.IncidentContain:
		return i.Contain(technician, at, "The account was locked.")
	case review.IncidentClose:
		i, _, err := i.Close(official, at, outcome())
		return i, err
	case review.IncidentDismiss:
		i, _, err := i.Dismiss(official, at, "It was planned work.")
		return i, err
	}
	panic("no such event: " + event)
}

func stepSession(s review.Session, r review.Record, event review.Event, at time.Time) (review.Session, error) {
	switch event {
	case review.EventComplete:
		return s.Close(r)
	case review.EventAbandon:
		return s.Abandon(official, at, "Opened over the wrong period.")
	}
	panic("no such event: " + event)
}

// pathTo finds a shortest way through a table.
func pathTo[S, E ~string](m lifecycle.Table[S, E], to S) []E {
	type walk struct {
		at   S
		path []E
	}
	queue, seen := []walk{{at: m.Initial()}}, map[S]bool{m.Initial(): true}
	for len(queue) > 0 {
		w := queue[0]
		queue = queue[1:]
		if w.at == to {
			return w.path
		}
		for _, e := range m.Edges() {
			if e.From == w.at && !seen[e.To] {
				seen[e.To] = true
				queue = append(queue, walk{e.To, append(slices.Clone(w.path), e.On)})
			}
		}
	}
	panic("no way to " + to)
}

// everyPair takes every event in every state and compares with the table.
func everyPair[D hipaasmp.Document, S, E ~string](t *testing.T, m lifecycle.Table[S, E], states []S, events []E, start D, state func(D) S, step func(D, E, time.Time) (D, error)) {
	leads := map[string]S{}
	for _, e := range m.Edges() {
		leads[string(e.From)+"/"+string(e.On)] = e.To
	}
	for _, s := range states {
		for _, e := range events {
			t.Run(fmt.Sprintf("%s/%s", s, e), func(t *testing.T) {
				t.Parallel()
				d, at := start, on("2026-04-04")
				for _, on := range pathTo(m, s) {
					var err error
					d, err = step(d, on, at)
					require.NoError(t, err)
					at = at.Add(time.Hour)
				}
				require.Equal(t, s, state(d))
				before, err := canon.Marshal(d)
				require.NoError(t, err)
				next, err := step(d, e, at)
				after, merr := canon.Marshal(d)
				require.NoError(t, merr)
				require.Equal(t, string(before), string(after), "the old value changed")
				if to, ok := leads[string(s)+"/"+string(e)]; ok {
					require.NoError(t, err)
					require.Equal(t, to, state(next))
					require.NoError(t, next.Validate())
					return
				}
				var te *hipaasmp.TransitionError
				require.ErrorAs(t, err, &te)
				require.Equal(t, d, next, "a refused step returns the value as it was")
			})
		}
	}
}

func TestEveryPairOfStateAndEventOfAnException(t *testing.T) {
	t.Parallel()
	everyPair(t, review.ExceptionMachine, review.ExceptionState("").Values(), review.ExceptionEvent("").Values(), covered(t, march(), exception("x-1")),
		func(s review.Session) review.ExceptionState { e, _ := s.Exception("x-1"); return e.State }, stepException)
}

func TestEveryPairOfStateAndEventOfAnIncident(t *testing.T) {
	t.Parallel()
	everyPair(t, review.IncidentMachine, review.IncidentState("").Values(), review.IncidentEvent("").Values(), incident(t),
		func(i review.Incident) review.IncidentState { return i.State }, stepIncident)
}

func TestEveryPairOfStateAndEventOfASession(t *testing.T) {
	t.Parallel()
	s := explained(t)
	r := record(t)
	everyPair(t, review.Machine, review.State("").Values(), review.Event("").Values(), s,
		func(s review.Session) review.State { return s.State },
		func(s review.Session, e review.Event, at time.Time) (review.Session, error) {
			return stepSession(s, r, e, at)
		})
}

func TestASessionThatHasEndedChangesNoMore(t *testing.T) {
	t.Parallel()
	s, err := covered(t, march(), exception("x-1")).Abandon(official, on("2026-04-04"), "Opened over the wrong period.")
	require.NoError(t, err)
	var te *hipaasmp.TransitionError
	_, err = s.WithSource(log(march()))
	require.ErrorAs(t, err, &te)
	_, err = s.WithoutSource("tickets", review.GroundWaived, "x")
	require.ErrorAs(t, err, &te)
	_, err = s.WithCapability("ehr-log", enabled(day("2026-04-01")))
	require.ErrorAs(t, err, &te)
	for _, e := range review.ExceptionEvent("").Values() {
		_, err = stepException(s, e, on("2026-04-05"))
		require.ErrorAs(t, err, &te)
	}
	_, err = s.Complete("r", reviewer, official, on("2026-04-08"), may(), review.NoExceptions("x"), independence())
	require.ErrorAs(t, err, &te)
}

// randomSession walks the exception through its machine by steps that rapid draws.
func randomSession(t *rapid.T) review.Session {
	s, at := covered(t, march(), exception("x-1")), on("2026-04-02")
	for range rapid.IntRange(0, 8).Draw(t, "steps") {
		e, _ := s.Exception("x-1")
		next, err := stepException(s, rapid.SampledFrom(review.ExceptionMachine.Allowed(e.State)).Draw(t, "event"), at)
		require.NoError(t, err)
		s, at = next, at.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "hours"))*time.Hour)
	}
	return s
}

func randomIncident(t *rapid.T) review.Incident {
	i, at := incident(t), on("2026-04-04")
	for range rapid.IntRange(0, 6).Draw(t, "steps") {
		allowed := review.IncidentMachine.Allowed(i.State)
		if len(allowed) == 0 {
			break
		}
		next, err := stepIncident(i, rapid.SampledFrom(allowed).Draw(t, "event"), at)
		require.NoError(t, err)
		i, at = next, at.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "hours"))*time.Hour)
	}
	return i
}

// forge breaks a history in one of the ways in which a history can be broken, and reports whether it did.
func forge[S, E ~string](t *rapid.T, history []hipaasmp.Transition[S, E], state *S, states []S, events []E) []hipaasmp.Transition[S, E] {
	other := func(not S) S {
		return rapid.SampledFrom(slices.DeleteFunc(slices.Clone(states), func(o S) bool { return o == not })).Draw(t, "other")
	}
	i := rapid.IntRange(0, len(history)-1).Draw(t, "where")
	out := slices.Clone(history)
	switch rapid.SampledFrom([]string{"drop", "event", "to", "from", "at", "state"}).Draw(t, "how") {
	case "drop":
		out = slices.Delete(out, i, i+1)
	case "event":
		out[i].Event = rapid.SampledFrom(slices.DeleteFunc(slices.Clone(events), func(e E) bool { return e == out[i].Event })).Draw(t, "event")
	case "to":
		out[i].To = other(out[i].To)
	case "from":
		out[i].From = other(out[i].From)
	case "at":
		out[i].At = out[i].At.AddDate(-1, 0, 0)
	case "state":
		*state = other(*state)
	}
	return out
}

// onlyContactsGone reports whether the histories are the same but for steps that change no state.
func onlyContactsGone(a, b []hipaasmp.Transition[review.ExceptionState, review.ExceptionEvent]) bool {
	moves := func(list []hipaasmp.Transition[review.ExceptionState, review.ExceptionEvent]) (out []string) {
		for _, h := range list {
			if h.Event != review.ExceptionContact {
				out = append(out, string(h.Event)+h.At.String())
			}
		}
		return out
	}
	return slices.Equal(moves(a), moves(b))
}

func TestAForgedHistoryOfAnExceptionIsRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := randomSession(t)
		require.NoError(t, s.Validate())
		s.Exceptions = slices.Clone(s.Exceptions)
		e := &s.Exceptions[0]
		if len(e.History) == 0 {
			return
		}
		before := e.History
		e.History = forge(t, e.History, &e.State, review.ExceptionState("").Values(), review.ExceptionEvent("").Values())
		if len(e.History) < len(before) && onlyContactsGone(before, e.History) {
			return // what is left follows by itself; that a step is gone, the ledger shows
		}
		require.Error(t, s.Validate())
	})
}

func TestAForgedHistoryOfAnIncidentIsRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		i := randomIncident(t)
		require.NoError(t, i.Validate())
		if len(i.History) == 0 {
			return
		}
		i.History = forge(t, i.History, &i.State, review.IncidentState("").Values(), review.IncidentEvent("").Values())
		require.Error(t, i.Validate())
	})
}

func TestAForgedSessionIsRefused(t *testing.T) {
	t.Parallel()
	whole, err := explained(t).Close(record(t))
	require.NoError(t, err)
	for name, forge := range map[string]func(*review.Session){
		"a state without a history":   func(s *review.Session) { s.History = nil },
		"a history without its state": func(s *review.Session) { s.State = review.StateOpen },
		"no record":                   func(s *review.Session) { s.Record = nil },
		"a record of another kind":    func(s *review.Session) { s.Record = &hipaasmp.Ref{Kind: review.KindProcedure, ID: "p"} },
		"a step before the opening":   func(s *review.Session) { s.Opened.At = on("2026-05-01") },
		"a program that ends it":      func(s *review.Session) { s.History[0].By = program },
		"another event":               func(s *review.Session) { s.History[0].Event = review.EventAbandon },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := whole
			s.History = slices.Clone(s.History)
			forge(&s)
			require.Error(t, s.Validate())
		})
	}
}

func TestAForgedDispositionIsRefused(t *testing.T) {
	t.Parallel()
	for name, forge := range map[string]func(*review.Exception){
		"removed":             func(e *review.Exception) { e.Disposition = nil },
		"another signer":      func(e *review.Exception) { e.Disposition.By.ID = "w-077" },
		"another hour":        func(e *review.Exception) { e.Disposition.At = on("2026-04-07") },
		"no code":             func(e *review.Exception) { e.Disposition.Explanation = "" },
		"a way on":            func(e *review.Exception) { e.Disposition.Refs = []hipaasmp.Ref{{Kind: review.KindIncident, ID: "i"}} },
		"while it is triaged": func(e *review.Exception) { e.State, e.History = review.ExceptionTriaged, e.History[:1] },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := explained(t)
			forge(&s.Exceptions[0])
			requireFault(t, s.Validate(), review.FaultDisposition)
		})
	}
}

func TestTheDiagramsOfThePackageCommentAreTheTables(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	session, exception, incident := review.Diagram()
	edges := 3
	for _, d := range []string{session, exception, incident} {
		for line := range strings.Lines(d) {
			require.Contains(t, string(doc), "//\t"+line)
		}
	}
	edges += len(review.Machine.Edges()) + len(review.ExceptionMachine.Edges()) + len(review.IncidentMachine.Edges())
	require.Equal(t, edges, strings.Count(string(doc), " --> "))
}
