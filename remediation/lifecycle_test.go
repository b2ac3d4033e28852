package remediation_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/lifecycle"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
)

func TestEveryStateAndEvent(t *testing.T) {
	t.Parallel()
	pairs := 0
	for _, state := range remediation.State("").Values() {
		for _, event := range remediation.Event("").Values() {
			pairs++
			before := in(t, "item-1", "F-1", state)
			after, err := take(t, before, event)
			at := slices.IndexFunc(remediation.Edges(), func(e edge) bool { return e.From == state && e.On == event })
			require.Equal(t, at >= 0, slices.Contains(before.Allowed(), event))
			if at >= 0 {
				require.NoError(t, err, "%s from %s", event, state)
				require.Equal(t, remediation.Edges()[at].To, after.State)
				require.Len(t, after.History, len(before.History)+1)
				require.NoError(t, after.Validate())
				continue
			}
			var refused *hipaasmp.TransitionError
			require.True(t, errors.As(err, &refused), "%s from %s: %v", event, state, err)
			require.Equal(t, string(state), refused.From)
			require.Equal(t, string(event), refused.Event)
			require.Equal(t, before, after, "a refused step changes nothing")
		}
	}
	require.Equal(t, 72, pairs)
	require.Len(t, remediation.Edges(), 15)
}

type edge = lifecycle.Edge[remediation.State, remediation.Event]

func TestThePackageCommentDrawsTheTable(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	for line := range strings.Lines(remediation.Diagram()) {
		require.Contains(t, string(doc), "//\t"+line)
	}
	require.Equal(t, strings.Count(remediation.Diagram(), "-->"), strings.Count(string(doc), "-->"))
}

func TestAnyWalkReplaysAndAnyForgeryDoesNot(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		i := item(t, "item-1", "F-1")
		for range rapid.IntRange(0, 14).Draw(rt, "steps") {
			i = after(t, i, rapid.SampledFrom(i.Allowed()).Draw(rt, "event"))
		}
		require.NoError(rt, i.Validate())

		forged := i
		forged.State = rapid.SampledFrom(i.State.Values()).Draw(rt, "assigned")
		require.Equal(rt, forged.State == i.State, forged.Validate() == nil, "an assigned state is refused")
		if n := len(i.History); n > 0 {
			forged = i
			cut := rapid.IntRange(0, n-1).Draw(rt, "cut")
			forged.History = slices.Delete(slices.Clone(i.History), cut, cut+1)
			require.Error(rt, forged.Validate(), "a step that was left out is refused")
			forged.History = slices.Clone(i.History)
			forged.History[cut].Event = rapid.SampledFrom(i.History[cut].Event.Values()).Draw(rt, "event")
			require.Equal(rt, forged.History[cut].Event == i.History[cut].Event, forged.Validate() == nil, "another event is refused")
		}
	})
}

func TestStepsRunForward(t *testing.T) {
	t.Parallel()
	i := in(t, "item-1", "F-1", remediation.StatePlanned)
	_, err := i.Start(engineer, hour(0))
	requireFault(t, err, hipaasmp.FaultOrder, "/history/1/at")
	_, err = item(t, "item-1", "F-1").Plan(official, hour(-1))
	requireFault(t, err, hipaasmp.FaultOrder, "/history/0/at")
	_, err = i.Start(engineer, time.Time{})
	requireFault(t, err, hipaasmp.FaultRequired, "/history/1/at")
	_, err = i.Start(hipaasmp.Actor{}, hour(9))
	requireFault(t, err, hipaasmp.FaultRequired, "/history/1/by")
}

func TestStepsThatAskForWords(t *testing.T) {
	t.Parallel()
	working := in(t, "item-1", "F-1", remediation.StateInProgress)
	done := in(t, "item-1", "F-1", remediation.StateImplemented)
	for rule, err := range map[string]error{
		"implement": second(working.Implement(engineer, hour(9), "")),
		"block":     second(working.Block(engineer, hour(9), "")),
		"cancel":    second(working.Cancel(engineer, hour(9), "")),
	} {
		t.Log(rule)
		requireFault(t, err, remediation.FaultReason, "/history/2/note")
	}
	requireFault(t, second(done.Reopen(engineer, hour(9), "")), remediation.FaultReason, "/history/3/note")
}

func second[A, B any](_ A, b B) B { return b }

func TestVerifyRefuses(t *testing.T) {
	t.Parallel()
	zone := chicago(t)
	asReviewer := hipaasmp.Actor{ID: engineer.ID, Role: hipaasmp.RoleReviewer}
	all := func(hipaasmp.Actor, hipaasmp.Power, hipaasmp.Date) error { return nil }
	good := score(t, risk.LevelLow, official, hour(4))
	for _, c := range []struct {
		rule    string
		verify  func(remediation.Item) (remediation.Item, error)
		code    hipaasmp.FaultCode
		pointer string
	}{
		{"the implementer, in whatever role", func(i remediation.Item) (remediation.Item, error) {
			return i.Verify(asReviewer, hour(5), zone, may(), good, evidence())
		}, hipaasmp.FaultSegregation, "/history/3/by"},
		{"the implementer, even with an authority that allows all", func(i remediation.Item) (remediation.Item, error) {
			return i.Verify(asReviewer, hour(5), zone, all, good, evidence())
		}, hipaasmp.FaultSegregation, "/history/3/by"},
		{"somebody without authority", func(i remediation.Item) (remediation.Item, error) {
			return i.Verify(hipaasmp.Actor{ID: "wf-009", Role: hipaasmp.RoleReviewer}, hour(5), zone, may(), good, evidence())
		}, hipaasmp.FaultAuthority, "/history/3/by"},
		{"a program", func(i remediation.Item) (remediation.Item, error) {
			return i.Verify(hipaasmp.Actor{ID: "scanner", Role: hipaasmp.RoleSystem}, hour(5), zone, all, good, evidence())
		}, hipaasmp.FaultAuthority, "/history/3/by"},
		{"a residual that a program rated", func(i remediation.Item) (remediation.Item, error) {
			return i.Verify(official, hour(5), zone, may(), score(t, risk.LevelLow, hipaasmp.Actor{ID: "scanner", Role: hipaasmp.RoleSystem}, hour(4)), evidence())
		}, hipaasmp.FaultAuthority, "/verifications/0/residual/by"},
		{"nobody to ask", func(i remediation.Item) (remediation.Item, error) {
			return i.Verify(official, hour(5), zone, nil, good, evidence())
		}, hipaasmp.FaultAuthority, "/history/3/by"},
		{"no zone", func(i remediation.Item) (remediation.Item, error) {
			return i.Verify(official, hour(5), nil, may(), good, evidence())
		}, hipaasmp.FaultZone, "/zone"},
		{"another zone", func(i remediation.Item) (remediation.Item, error) {
			return i.Verify(official, hour(5), time.UTC, may(), good, evidence())
		}, hipaasmp.FaultZone, "/zone"},
		{"a residual that is not assessed", func(i remediation.Item) (remediation.Item, error) {
			return i.Verify(official, hour(5), zone, may(), score(t, risk.LevelNotAssessed, official, hour(4)), evidence())
		}, remediation.FaultResidual, "/verifications/0/residual/level"},
		{"a residual rated by the implementer", func(i remediation.Item) (remediation.Item, error) {
			return i.Verify(official, hour(5), zone, may(), score(t, risk.LevelLow, engineer, hour(4)), evidence())
		}, hipaasmp.FaultSegregation, "/verifications/0/residual/by"},
		{"a residual rated before the measure was in place", func(i remediation.Item) (remediation.Item, error) {
			return i.Verify(official, hour(5), zone, may(), score(t, risk.LevelLow, official, hour(2)), evidence())
		}, hipaasmp.FaultOrder, "/verifications/0/residual/at"},
		{"a residual rated after the verification", func(i remediation.Item) (remediation.Item, error) {
			return i.Verify(official, hour(5), zone, may(), score(t, risk.LevelLow, official, hour(6)), evidence())
		}, hipaasmp.FaultOrder, "/verifications/0/residual/at"},
		{"a forged residual", func(i remediation.Item) (remediation.Item, error) {
			forged := good
			forged.Level = risk.LevelVeryLow
			return i.Verify(official, hour(5), zone, may(), forged, evidence())
		}, risk.FaultScore, "/verifications/0/residual/level"},
		{"no residual", func(i remediation.Item) (remediation.Item, error) {
			return i.Verify(official, hour(5), zone, may(), risk.Score{}, evidence())
		}, hipaasmp.FaultEnum, "/verifications/0/residual/level"},
		{"evidence that is none", func(i remediation.Item) (remediation.Item, error) {
			return i.Verify(official, hour(5), zone, may(), good, hipaasmp.Artifact{})
		}, hipaasmp.FaultFormat, "/verifications/0/evidence/0/sha256"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			before := in(t, "item-1", "F-1", remediation.StateImplemented)
			got, err := c.verify(before)
			requireFault(t, err, c.code, c.pointer)
			require.Equal(t, before, got, "a refused step changes nothing")
		})
	}
}

func TestARefusedVerifierCarriesWhatTheAuthoritySaid(t *testing.T) {
	t.Parallel()
	i := in(t, "item-1", "F-1", remediation.StateImplemented)
	_, err := i.Verify(hipaasmp.Actor{ID: "wf-009", Role: hipaasmp.RoleReviewer}, hour(5), chicago(t), may(), score(t, risk.LevelLow, official, hour(4)), evidence())
	var refused *hipaasmp.AuthorityError
	require.True(t, errors.As(err, &refused))
	require.Equal(t, hipaasmp.PowerVerifyMeasure, refused.Power)
}

func TestWhoeverImplementedOnceNeverVerifies(t *testing.T) {
	t.Parallel()
	i := in(t, "item-1", "F-1", remediation.StateImplemented) // by the engineer
	i = after(t, i, remediation.EventReopen)
	i, err := i.Implement(official, hour(9), "Done again, by somebody else.")
	require.NoError(t, err)
	for _, who := range []hipaasmp.Actor{official, {ID: engineer.ID, Role: hipaasmp.RoleReviewer}} {
		_, err = i.Verify(who, hour(10), chicago(t), may(), score(t, risk.LevelLow, manager, hour(10)), evidence())
		requireFault(t, err, hipaasmp.FaultSegregation, "/history/5/by")
	}
	_, err = i.Verify(manager, hour(10), chicago(t), may(), score(t, risk.LevelLow, manager, hour(10)), evidence())
	require.NoError(t, err)
}

func TestReopeningKeepsEarlierVerificationsAndHoldsNone(t *testing.T) {
	t.Parallel()
	i := in(t, "item-1", "F-1", remediation.StateClosed)
	v, ok := i.Verification()
	require.True(t, ok)
	require.Equal(t, official, v.By)
	require.Equal(t, day("2026-03-24"), v.On)

	i = after(t, i, remediation.EventReopen)
	_, ok = i.Verification()
	require.False(t, ok)
	require.Len(t, i.Verifications, 1)

	i, err := i.Implement(engineer, hour(24*10), "Turned on again.")
	require.NoError(t, err)
	i, err = i.Verify(official, hour(24*11), chicago(t), may(), score(t, risk.LevelLow, official, hour(24*11)), evidence())
	require.NoError(t, err)
	require.Len(t, i.Verifications, 2)
	_, done, err := i.Close("done-2", official, hour(24*12), chicago(t))
	require.NoError(t, err)
	require.Equal(t, "done-2", done.ID)
	require.Len(t, done.Item.Verifications, 2)
	require.Equal(t, []hipaasmp.Date{day("2026-03-24"), day("2026-04-02"), day("2026-04-03"), day("2026-04-04")},
		[]hipaasmp.Date{done.StartedOn, done.ImplementedOn, done.VerifiedOn, done.ClosedOn}, "first started, last implemented and verified")
}

func TestCloseFreezesTheItem(t *testing.T) {
	t.Parallel()
	verified := in(t, "item-1", "F-1", remediation.StateVerified)
	closed, done, err := verified.Close("done-1", official, hour(40), chicago(t))
	require.NoError(t, err)
	require.Equal(t, remediation.StateClosed, closed.State)
	require.Equal(t, closed, done.Item)
	require.Equal(t, []hipaasmp.Date{day("2026-03-24"), day("2026-03-24"), day("2026-03-24"), day("2026-03-25")},
		[]hipaasmp.Date{done.StartedOn, done.ImplementedOn, done.VerifiedOn, done.ClosedOn})
	require.Equal(t, hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: day("2026-03-25")}, done.RetentionBasis())
	require.Equal(t, []hipaasmp.Citation{hipaasmp.CiteRiskManagement, hipaasmp.CiteAuthentication, hipaasmp.CiteWrittenRecord}, done.Citations())

	before, err := hipaasmp.Canonical(done)
	require.NoError(t, err)
	closed.Milestones[0].Title, closed.History[0].Note, closed.Verifications[0].Evidence[0].Name = "x", "x", "x"
	*closed.CostUSD = closed.CostUSD.Neg()
	afterwards, err := hipaasmp.Canonical(done)
	require.NoError(t, err)
	require.Equal(t, string(before), string(afterwards), "the record shares nothing with the item")

	_, _, err = verified.Close("", official, hour(40), chicago(t))
	requireFault(t, err, hipaasmp.FaultRequired, "/id")
	_, _, err = verified.Close("done-1", official, hour(40), time.UTC)
	requireFault(t, err, hipaasmp.FaultZone, "/zone")
	_, _, err = verified.Close("done-1", official, hour(40), nil)
	requireFault(t, err, hipaasmp.FaultZone, "/zone")
	_, _, err = verified.Close("done-1", official, hour(-40), chicago(t))
	requireFault(t, err, hipaasmp.FaultOrder, "/history/4/at")
}

func TestAMilestoneAfterTheItemIsAWarningAndNoFault(t *testing.T) {
	t.Parallel()
	p := proposal("F-1")
	p.Milestones[0].Due = day("2026-07-01")
	i, err := remediation.NewItem("item-1", p, official, proposed, chicago(t))
	require.NoError(t, err)
	require.Equal(t, []remediation.Warning{{Pointer: "/milestones/0/due", Message: "milestone pilot is due on 2026-07-01, after the item itself on 2026-06-30"}}, i.Warnings())
	require.Empty(t, item(t, "item-1", "F-1").Warnings())

	open := in(t, "item-1", "F-1", remediation.StateImplemented)
	require.Len(t, open.Warnings(), 1)
	require.Equal(t, "/milestones/0/done", open.Warnings()[0].Pointer)
	reached, err := open.Reach("pilot", day("2026-03-24"), engineer, hour(9), "The log of the week.")
	require.NoError(t, err)
	require.Empty(t, reached.Warnings())
}

func TestItemRules(t *testing.T) {
	t.Parallel()
	fresh := func(t testing.TB) remediation.Item {
		return after(t, in(t, "item-1", "F-1", remediation.StateVerified), remediation.EventReopen, remediation.EventImplement)
	}
	requireProvoked(t, fresh, []provoked[remediation.Item]{
		{"due before it was created", func(i *remediation.Item) { i.Due = day("2026-03-22") }, hipaasmp.FaultOrder, "/due"},
		{"created on no day of the proposal", func(i *remediation.Item) { i.Created = day("2026-01-01") }, remediation.FaultDay, "/created"},
		{"a finding of no analysis", func(i *remediation.Item) { i.Finding.Analysis.Kind = remediation.KindItem }, remediation.FaultAnalysis, "/finding/analysis/kind"},
		{"no finding", func(i *remediation.Item) { i.Finding.Finding = "" }, hipaasmp.FaultRequired, "/finding/finding"},
		{"an unknown treatment", func(i *remediation.Item) { i.Treatment = "ignore" }, hipaasmp.FaultEnum, "/treatment"},
		{"RM-02 accept without an approver", func(i *remediation.Item) { i.Treatment = remediation.TreatmentAccept }, remediation.FaultNotAccepted, "/acceptance"},
		{"mitigate with an acceptance", func(i *remediation.Item) {
			i.Acceptance = &hipaasmp.Ref{Kind: remediation.KindAcceptance, ID: "x"}
		}, remediation.FaultNotAccepted, "/acceptance"},
		{"accepted by what is no acceptance", func(i *remediation.Item) {
			i.Treatment, i.Acceptance = remediation.TreatmentAccept, &hipaasmp.Ref{Kind: remediation.KindPlan, ID: "x"}
		}, remediation.FaultNotAccepted, "/acceptance/kind"},
		{"a citation that is no specification", func(i *remediation.Item) { i.Specification = hipaasmp.CitePenaltyAmount }, remediation.FaultSpecification, "/specification"},
		{"no owner", func(i *remediation.Item) { i.Owner = "" }, hipaasmp.FaultRequired, "/owner"},
		{"no due date", func(i *remediation.Item) { i.Due = hipaasmp.Date{} }, hipaasmp.FaultRequired, "/due"},
		{"a negative cost", func(i *remediation.Item) { n := i.CostUSD.Neg(); i.CostUSD = &n }, hipaasmp.FaultRange, "/cost_usd"},
		{"two milestones of one id", func(i *remediation.Item) { i.Milestones = append(i.Milestones, i.Milestones[0]) }, hipaasmp.FaultIdentity, "/milestones/1/id"},
		{"a milestone without criteria", func(i *remediation.Item) { i.Milestones[0].SuccessCriteria = "" }, hipaasmp.FaultRequired, "/milestones/0/success_criteria"},
		{"the machine's own zone", func(i *remediation.Item) { i.Zone = "Local" }, hipaasmp.FaultZone, "/zone"},
		{"a verification removed", func(i *remediation.Item) { i.Verifications = nil }, remediation.FaultVerification, "/verifications"},
		{"a verification added", func(i *remediation.Item) { i.Verifications = append(i.Verifications, i.Verifications[0]) }, remediation.FaultVerification, "/verifications"},
		{"a verification by another", func(i *remediation.Item) { i.Verifications[0].By = manager }, remediation.FaultVerification, "/verifications/0"},
		{"a verification at another time", func(i *remediation.Item) { i.Verifications[0].At = hour(9) }, remediation.FaultVerification, "/verifications/0"},
		{"a verification on another day", func(i *remediation.Item) { i.Verifications[0].On = day("2026-01-01") }, remediation.FaultDay, "/verifications/0/on"},
		{"a verification without evidence", func(i *remediation.Item) { i.Verifications[0].Evidence = nil }, hipaasmp.FaultRange, "/verifications/0/evidence"},
		{"a state that was assigned", func(i *remediation.Item) { i.State = remediation.StateClosed }, hipaasmp.FaultHistory, "/state"},
		{"a history turned around", func(i *remediation.Item) { slices.Reverse(i.History) }, hipaasmp.FaultHistory, "/history/0/event"},
		{"an implementer swapped for the verifier", func(i *remediation.Item) { i.History[2].By = official }, hipaasmp.FaultSegregation, "/history/3/by"},
		{"a verifier swapped for a program", func(i *remediation.Item) {
			i.History[3].By.Role, i.Verifications[0].By.Role = hipaasmp.RoleSystem, hipaasmp.RoleSystem
		}, hipaasmp.FaultAuthority, "/history/3/by"},
		{"another kind's schema", func(i *remediation.Item) { i.Schema = hipaasmp.SchemaID(remediation.KindPlan, 1) }, hipaasmp.FaultSchema, "/schema"},
	})
}

func TestNewItemRefusesADueDateBeforeCreation(t *testing.T) {
	t.Parallel()
	p := proposal("F-1")
	p.Due = day("2026-03-23")
	_, err := remediation.NewItem("item-1", p, official, proposed, chicago(t))
	require.NoError(t, err, "the day of creation itself is allowed")
	_, err = remediation.NewItem("item-1", p, official, proposed, time.UTC) // already the 24th there
	requireFault(t, err, hipaasmp.FaultOrder, "/due")
	_, err = remediation.NewItem("item-1", p, official, proposed, nil)
	requireFault(t, err, hipaasmp.FaultZone, "/zone")
}

func TestCompletionRules(t *testing.T) {
	t.Parallel()
	fresh := func(t testing.TB) remediation.Completion {
		_, c, err := in(t, "item-1", "F-1", remediation.StateVerified).Close("done-1", official, hour(9), chicago(t))
		require.NoError(t, err)
		return c
	}
	requireProvoked(t, fresh, []provoked[remediation.Completion]{
		{"an item that is not closed", func(c *remediation.Completion) {
			c.Item.State, c.Item.History = remediation.StateVerified, c.Item.History[:4]
		}, remediation.FaultNotClosed, "/item/state"},
		{"an item with faults", func(c *remediation.Completion) { c.Item.Verifications[0].Evidence = nil }, hipaasmp.FaultRange, "/item/verifications/0/evidence"},
		{"a forged history", func(c *remediation.Completion) { c.Item.History[2].By = official }, hipaasmp.FaultSegregation, "/item/history/3/by"},
		{"a due date before creation", func(c *remediation.Completion) { c.Item.Due = day("2020-01-01") }, hipaasmp.FaultOrder, "/item/due"},
		{"another document inside", func(c *remediation.Completion) { c.Item.Schema = hipaasmp.SchemaID(remediation.KindPlan, 1) }, hipaasmp.FaultSchema, "/item/schema"},
		{"started on another day", func(c *remediation.Completion) { c.StartedOn = day("2026-01-01") }, remediation.FaultDay, "/started_on"},
		{"implemented on another day", func(c *remediation.Completion) { c.ImplementedOn = day("2026-01-01") }, remediation.FaultDay, "/implemented_on"},
		{"verified on another day", func(c *remediation.Completion) { c.VerifiedOn = day("2026-01-01") }, remediation.FaultDay, "/verified_on"},
		{"closed on another day", func(c *remediation.Completion) { c.ClosedOn = day("2026-01-01") }, remediation.FaultDay, "/closed_on"},
	})
}
