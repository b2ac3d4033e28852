package review_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// ruleTerms are a rule that is made of the explained exception of March.
func ruleTerms(t require.TestingT) review.RuleTerms {
	x, ok := explained(t).RuleOf("x-1", hipaasmp.Ref{Kind: review.KindRecord, ID: "r-march"})
	require.True(t, ok)
	x.Valid = hipaasmp.Period{From: day("2026-03-01"), To: day("2026-09-30")}
	x.Proposed = review.Approval{By: reviewer, On: day("2026-04-09")}
	return x
}

func approvedRule(t require.TestingT) review.ExplanationRule {
	r, err := ruleTerms(t).Approve("planned-moves", manager, day("2026-04-10"), may())
	require.NoError(t, err)
	return r
}

// april is a session over April with one exception like that of March, triaged.
func april(t require.TestingT, id, found string) review.Session {
	x := finding(id, arn)
	x.First, x.Last = on(found), on(found)
	s := covered(t, month("2026-04-01"), review.NewException("ehr-log", x))
	s, err := s.Triage(id, reviewer, on("2026-05-02"), "")
	require.NoError(t, err)
	return s
}

func TestARuleIsMadeOfAnExplainedException(t *testing.T) {
	t.Parallel()
	r := approvedRule(t)
	require.Equal(t, detect.IDLogControl, r.Detector)
	require.Equal(t, arn, r.Actor)
	require.Equal(t, "ehr-log", r.Source)
	require.Equal(t, review.ExplanationMaintenance, r.Reason)
	require.Equal(t, "x-1", r.Exception)
	roundTrip(t, r)
	_, ok := covered(t, march(), exception("x-1")).RuleOf("x-1", hipaasmp.Ref{})
	require.False(t, ok, "it is not explained yet")
	_, ok = explained(t).RuleOf("x-2", hipaasmp.Ref{})
	require.False(t, ok)
	s := covered(t, march(), exception("x-1"))
	s, err := s.Triage("x-1", reviewer, on("2026-04-02"), "")
	require.NoError(t, err)
	s, err = s.Explain("x-1", reviewer, on("2026-04-02"), review.ExplanationMistake, "A slip.")
	require.NoError(t, err)
	_, ok = s.RuleOf("x-1", hipaasmp.Ref{})
	require.False(t, ok, "a slip does not recur by rule")
	basis := r.RetentionBasis()
	require.Equal(t, []hipaasmp.Period{{From: day("2026-04-10"), To: day("2026-09-30")}}, basis.InEffect)
	require.NotEmpty(t, r.Citations())
	require.Equal(t, detect.Explanation{ID: "planned-moves", Detector: detect.IDLogControl, Actor: arn, Valid: r.Valid, Reason: r.Words, Approver: manager.ID}, r.Explanation())
}

func TestARuleNeedsAnEndAnApproverAndAReasonThatRecurs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*review.RuleTerms)
		by     hipaasmp.Actor
		code   hipaasmp.FaultCode
		at     string
	}{
		"without an end":           {func(x *review.RuleTerms) { x.Valid.To = hipaasmp.Date{} }, manager, review.FaultRule, "/valid/to"},
		"for four years":           {func(x *review.RuleTerms) { x.Valid.To = day("2030-03-01") }, manager, review.FaultRule, "/valid/to"},
		"for a slip":               {func(x *review.RuleTerms) { x.Reason = review.ExplanationMistake }, manager, review.FaultRule, "/reason"},
		"approved by who asked":    {func(x *review.RuleTerms) { x.Proposed.By = hipaasmp.Actor{ID: manager.ID, Role: hipaasmp.RoleReviewer} }, manager, hipaasmp.FaultSegregation, "/approval/by/id"},
		"approved by the actor":    {func(x *review.RuleTerms) { x.Actor = manager.ID }, manager, hipaasmp.FaultSegregation, "/approval/by/id"},
		"approved by nobody":       {func(*review.RuleTerms) {}, hipaasmp.Actor{}, hipaasmp.FaultRequired, "/approval/by/id"},
		"approved by a program":    {func(*review.RuleTerms) {}, program, review.FaultProgram, "/approval/by"},
		"approved without power":   {func(*review.RuleTerms) {}, technician, hipaasmp.FaultAuthority, "/approval/by"},
		"approved before proposed": {func(x *review.RuleTerms) { x.Proposed.On = day("2026-04-11") }, manager, hipaasmp.FaultOrder, "/approval/on"},
		"of an exception nowhere":  {func(x *review.RuleTerms) { x.From = nil }, manager, review.FaultRule, "/exception"},
		"of an incident":           {func(x *review.RuleTerms) { x.From.Kind = review.KindIncident }, manager, hipaasmp.FaultDangling, "/from/kind"},
		"without words":            {func(x *review.RuleTerms) { x.Words = "" }, manager, hipaasmp.FaultRequired, "/words"},
		"ends before it begins":    {func(x *review.RuleTerms) { x.Valid.To = day("2026-02-01") }, manager, hipaasmp.FaultOrder, "/valid/to"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := ruleTerms(t)
			c.change(&x)
			_, err := x.Approve("r", c.by, day("2026-04-10"), may())
			requireFault(t, err, c.code, c.at)
		})
	}
	r, err := approvedRule(t).Withdraw(official, day("2026-05-31"), "The trail is managed by another account now.")
	require.NoError(t, err)
	roundTrip(t, r)
	require.Equal(t, day("2026-05-31"), r.InEffect().To)
	_, err = r.Withdraw(official, day("2026-06-01"), "Again.")
	requireFault(t, err, hipaasmp.FaultOrder, "/withdrawn")
	_, err = approvedRule(t).Withdraw(official, day("2026-04-09"), "Before it was one.")
	requireFault(t, err, hipaasmp.FaultOrder, "/withdrawn/on")
	_, err = approvedRule(t).Withdraw(program, day("2026-06-01"), "By a program.")
	requireFault(t, err, review.FaultProgram, "/withdrawn/by")
	require.Error(t, review.ExplanationRule{}.Validate())
	require.NotPanics(t, func() { review.ExplanationRule{}.RetentionBasis() })
}

func TestAnExceptionIsExplainedByARuleWithinItsDays(t *testing.T) {
	t.Parallel()
	s, err := april(t, "x-2", "2026-04-15").ExplainBy("x-2", reviewer, on("2026-05-03"), approvedRule(t))
	require.NoError(t, err)
	roundTrip(t, s)
	e, _ := s.Exception("x-2")
	require.Equal(t, review.ExplanationMaintenance, e.Disposition.Explanation)
	require.Equal(t, approvedRule(t).DocumentRef(), *e.Disposition.Rule)
	require.Equal(t, approvedRule(t).Words, e.Disposition.Words)

	withdrawn, err := approvedRule(t).Withdraw(official, day("2026-04-14"), "No longer.")
	require.NoError(t, err)
	late, err := ruleTerms(t).Approve("late", manager, day("2026-05-04"), may())
	require.NoError(t, err)
	other := approvedRule(t)
	other.Detector = detect.IDBreakGlass
	elsewhere := approvedRule(t)
	elsewhere.Source = "ehr-access"
	for name, r := range map[string]review.ExplanationRule{"withdrawn before": withdrawn, "approved afterwards": late, "of another detector": other, "of another source": elsewhere} {
		_, err := april(t, "x-2", "2026-04-15").ExplainBy("x-2", reviewer, on("2026-05-03"), r)
		requireFault(t, err, review.FaultRule, "/exceptions/0")
		_ = name
	}
	_, err = april(t, "x-2", "2026-04-15").ExplainBy("x-9", reviewer, on("2026-05-03"), approvedRule(t))
	requireFault(t, err, hipaasmp.FaultDangling)
	_, err = april(t, "x-2", "2026-04-15").ExplainBy("x-2", reviewer, on("2026-05-03"), review.ExplanationRule{})
	requireFault(t, err, hipaasmp.FaultRequired)
	_, err = april(t, "x-2", "2026-04-15").ExplainBy("x-2", program, on("2026-05-03"), approvedRule(t))
	requireFault(t, err, review.FaultProgram)
}

// aprilBy is the certified record of April whose exception the rule explained.
func aprilBy(t require.TestingT) review.Record {
	s, err := april(t, "x-2", "2026-04-15").ExplainBy("x-2", reviewer, on("2026-05-03"), approvedRule(t))
	require.NoError(t, err)
	r, err := s.Complete("r-april", reviewer, official, on("2026-05-08"), may(), review.ExceptionsDisposed("I certify April."), independence())
	require.NoError(t, err)
	return r
}

func TestARuleThatIsUsedWrongIsAGap(t *testing.T) {
	t.Parallel()
	in := month("2026-04-01")
	find := func(rules ...review.ExplanationRule) []hipaasmp.Gap {
		r := on1(procedure(t), aprilBy(t))
		r.Rules = rules
		return gaps(t, r, in, "2026-06-01", review.GapRule)
	}
	require.Empty(t, find(approvedRule(t)))
	got := find()
	require.Len(t, got, 1)
	require.Contains(t, got[0].Missing, "nobody is known to have approved it")
	later := approvedRule(t)
	later.Approval.On = day("2026-05-04")
	require.Contains(t, find(later)[0].Missing, "had no approver before 2026-05-04")
	short := approvedRule(t)
	short.Valid.To = day("2026-04-14")
	got = find(short)
	require.Contains(t, got[0].Missing, "outside of what the rule is for")
	require.Contains(t, got[0].Counted[0], "2026-03-01 to 2026-04-14")
	own := approvedRule(t)
	own.Approval.By = hipaasmp.Actor{ID: "w-050", Role: hipaasmp.RoleManagement}
	x := aprilBy(t)
	x.Independence.Accounts = append(x.Independence.Accounts, review.Account{Member: "w-050", Actors: []string{arn}})
	r := on1(procedure(t), x)
	r.Rules = []review.ExplanationRule{own}
	require.Contains(t, gaps(t, r, in, "2026-06-01", review.GapRule)[0].Missing, "its own actor approved")
	require.Empty(t, gaps(t, r, march(), "2026-06-01", review.GapRule), "another month was asked about")

	r = on1(procedure(t), record(t), aprilBy(t))
	r.Rules = []review.ExplanationRule{approvedRule(t)}
	require.Equal(t, []review.RuleUse{{Rule: approvedRule(t).DocumentRef(), Used: aprilBy(t).DocumentRef(), Period: in, Exceptions: []string{"x-2"}}}, r.RuleUses(day("2026-06-01")))
	require.Empty(t, r.RuleUses(day("2026-05-01")))
}

func TestTheSameExplanationAgainIsAGapWithoutARule(t *testing.T) {
	t.Parallel()
	s, err := april(t, "x-2", "2026-04-15").Explain("x-2", reviewer, on("2026-05-03"), review.ExplanationMaintenance, "Moved again.")
	require.NoError(t, err)
	again, err := s.Complete("r-april", reviewer, official, on("2026-05-08"), may(), review.ExceptionsDisposed("I certify April."), independence())
	require.NoError(t, err)
	asked := hipaasmp.Period{From: day("2026-03-01"), To: day("2026-04-30")}
	r := on1(procedure(t), record(t), again)
	got := gaps(t, r, asked, "2026-06-01", review.GapRepeated)
	require.Len(t, got, 1)
	require.Len(t, got[0].Refs, 2)
	require.Contains(t, got[0].Missing, "R20 in ehr-log")
	r.Rules = []review.ExplanationRule{approvedRule(t)}
	require.Empty(t, gaps(t, r, asked, "2026-06-01", review.GapRepeated))
	require.Len(t, gaps(t, r, asked, "2026-10-01", review.GapRepeated), 1, "the rule has ended")
	require.Empty(t, gaps(t, on1(procedure(t), record(t)), asked, "2026-06-01", review.GapRepeated), "once is not again")
}

func TestARuleOnAnExceptionThatIsNotExplainedIsRefused(t *testing.T) {
	t.Parallel()
	ref := approvedRule(t).DocumentRef()
	s := explained(t)
	s.Exceptions[0].Disposition.Rule = &ref
	require.NoError(t, s.Validate())
	s.Exceptions[0].Disposition.Explanation = review.ExplanationDuplicate
	requireFault(t, s.Validate(), review.FaultRule, "/exceptions/0/disposition/rule")
	other := hipaasmp.Ref{Kind: review.KindProcedure, ID: "review-2026"}
	s.Exceptions[0].Disposition.Rule, s.Exceptions[0].Disposition.Explanation = &other, review.ExplanationMaintenance
	requireFault(t, s.Validate(), hipaasmp.FaultDangling, "/exceptions/0/disposition/rule/kind")
	s = covered(t, march(), exception("x-1"))
	s, err := s.Triage("x-1", reviewer, on("2026-04-02"), "")
	require.NoError(t, err)
	s, err = s.GiveUp("x-1", reviewer, on("2026-04-02"), "Gone.")
	require.NoError(t, err)
	s.Exceptions[0].Disposition.Rule = &ref
	requireFault(t, s.Validate(), review.FaultDisposition, "/exceptions/0/disposition/rule")
}
