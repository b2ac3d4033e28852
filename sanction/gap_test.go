package sanction_test

import (
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// gaps returns the gaps of one code.
func gaps(t *testing.T, r sanction.Records, asked hipaasmp.Period, asOf string, code hipaasmp.GapCode) (out []hipaasmp.Gap) {
	t.Helper()
	r.EntityType = hipaasmp.EntityCoveredEntity
	for _, g := range hipaasmp.FindGaps(day(asOf), r.GapChecks(asked)...) {
		require.Empty(t, validate.Shape(g), "%s: %+v", g.Code, g)
		if g.Code == code {
			out = append(out, g)
		}
	}
	return out
}

func attested(t require.TestingT, id, from, to string) sanction.Attestation {
	p := hipaasmp.Period{From: day(from), To: day(to)}
	a, err := sanction.Attest(id, hipaasmp.EntityCoveredEntity, p, official, p.To.AddDays(1), day("2019-01-01"), may(), "All reviews of the period were looked at.")
	require.NoError(t, err)
	return a
}

func TestNoPolicyInEffectIsAGap(t *testing.T) {
	t.Parallel()
	p := policy(t)
	ended, err := p.Supersede(day("2026-06-30"))
	require.NoError(t, err)
	require.Len(t, gaps(t, sanction.Records{}, hipaasmp.Period{}, "2026-07-01", sanction.GapNoPolicy), 1)
	require.Empty(t, gaps(t, sanction.Records{Policies: []sanction.Policy{p}}, hipaasmp.Period{}, "2026-07-01", sanction.GapNoPolicy))
	got := gaps(t, sanction.Records{Policies: []sanction.Policy{ended}}, hipaasmp.Period{}, "2026-08-15", sanction.GapNoPolicy)
	require.Len(t, got, 1)
	require.Equal(t, day("2026-07-01"), got[0].Since)
	require.Empty(t, gaps(t, sanction.Records{Policies: []sanction.Policy{ended}}, hipaasmp.Period{}, "2026-06-30", sanction.GapNoPolicy))
}

func TestSeveralVersionsInEffectAreAGap(t *testing.T) {
	t.Parallel()
	first := policy(t)
	second, err := sanction.DefaultTerms().Approve(issue("policy-2026b", "2026-2", "2026-05-01"), manager, day("2026-04-20"), may())
	require.NoError(t, err)
	r := sanction.Records{Policies: []sanction.Policy{first, second}}
	require.Empty(t, gaps(t, r, hipaasmp.Period{}, "2026-04-30", sanction.GapSeveralPolicies))
	got := gaps(t, r, hipaasmp.Period{}, "2026-06-01", sanction.GapSeveralPolicies)
	require.Len(t, got, 1)
	require.Equal(t, day("2026-05-01"), got[0].Since, "since then both are")
	require.Len(t, got[0].Refs, 2)
	r.Policies[0], err = first.Supersede(day("2026-04-30"))
	require.NoError(t, err)
	require.Empty(t, gaps(t, r, hipaasmp.Period{}, "2026-06-01", sanction.GapSeveralPolicies))
}

func TestDaysWithoutAPolicyAreAGap(t *testing.T) {
	t.Parallel()
	version := func(id, from, to string) sanction.Policy {
		p, err := sanction.DefaultTerms().Approve(issue(id, id, from), manager, day(from).AddDays(-5), may())
		require.NoError(t, err)
		if to != "" {
			p, err = p.Supersede(day(to))
			require.NoError(t, err)
		}
		return p
	}
	find := func(asked hipaasmp.Period, asOf string, list ...sanction.Policy) (out []string) {
		for _, g := range gaps(t, sanction.Records{Policies: list}, asked, asOf, sanction.GapUngoverned) {
			out = append(out, g.Missing)
		}
		return out
	}
	first, second := version("p-1", "2026-02-01", "2026-03-31"), version("p-2", "2026-05-11", "")
	asked := hipaasmp.Period{From: day("2026-01-01"), To: day("2026-05-05")}
	require.Equal(t, []string{"From 2026-01-01 to 2026-01-31 no version of the sanction policy was in effect.", "From 2026-04-01 to 2026-05-05 no version of the sanction policy was in effect."},
		find(asked, "2026-08-01", first, second), "no further than was asked")
	require.Equal(t, []string{"From 2026-04-01 to 2026-05-10 no version of the sanction policy was in effect."}, find(hipaasmp.Period{}, "2026-08-01", second, first), "without a period, since the first version")
	require.Empty(t, find(hipaasmp.Period{}, "2026-04-20", first), "that none is in effect on the day is a gap of its own")
	require.Empty(t, find(hipaasmp.Period{From: day("2026-06-01")}, "2026-08-01", first, second))
	require.Empty(t, find(asked, "2026-08-01"))
}

// The stretches without a case or an attestation are those that a walk over every day finds.
func TestStretchesAreFoundDayByDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first := day("2026-01-01")
		var r sanction.Records
		for i := range rapid.IntRange(1, 3).Draw(t, "policies") {
			p := policy(t)
			p.ID = fmt.Sprintf("p-%d", i)
			p.Effective.From = first.AddDays(rapid.IntRange(0, 60).Draw(t, "from"))
			if rapid.Bool().Draw(t, "ended") {
				p.Effective.To = p.Effective.From.AddDays(rapid.IntRange(0, 40).Draw(t, "life"))
			}
			r.Policies = append(r.Policies, p)
		}
		for i := range rapid.IntRange(0, 4).Draw(t, "attestations") {
			from := first.AddDays(rapid.IntRange(0, 70).Draw(t, "since"))
			to := from.AddDays(rapid.IntRange(0, 30).Draw(t, "days"))
			r.Attestations = append(r.Attestations, attested(t, fmt.Sprintf("a-%d", i), from.String(), to.String()))
		}
		asked := hipaasmp.Period{From: first.AddDays(rapid.IntRange(0, 30).Draw(t, "asked")), To: first.AddDays(rapid.IntRange(30, 100).Draw(t, "until"))}
		asOf := first.AddDays(rapid.IntRange(0, 140).Draw(t, "as of"))
		last := asked.To
		if asOf.Before(last) {
			last = asOf
		}
		var want []string
		since := hipaasmp.Date{}
		for d := asked.From; !d.After(last.AddDays(1)); d = d.AddDays(1) {
			covered := slices.ContainsFunc(r.Attestations, func(a sanction.Attestation) bool { return a.Period.Contains(d) && !a.On.After(asOf) })
			bare := !d.After(last) && !covered && len(sanction.InForce(r.Policies, d)) > 0
			switch {
			case bare && since.IsZero():
				since = d
			case !bare && !since.IsZero():
				want = append(want, fmt.Sprintf("from %s to %s", since, d.AddDays(-1)))
				since = hipaasmp.Date{}
			}
		}
		var got []string
		for _, g := range hipaasmp.FindGaps(asOf, r.GapChecks(asked)...) {
			if g.Code == sanction.GapNeverApplied {
				got = append(got, regexp.MustCompile(`from \S+ to \S+`).FindString(g.Missing))
			}
		}
		require.Equal(t, want, got)
	})
}

// The question is answered by the days on which something changes, so that a policy of ten millennia takes no longer than
// one of a year.
func TestAPolicyThatGovernsForMillenniaIsAskedAsQuickly(t *testing.T) {
	t.Parallel()
	r := sanction.Records{Policies: []sanction.Policy{policy(t)}}
	for range 100 {
		r.Attestations = append(r.Attestations, sanction.Attestation{Period: hipaasmp.Period{From: day("9999-06-01"), To: day("9999-12-31")}, On: day("9999-12-31")})
	}
	ask := func(from string) time.Duration {
		r.Policies[0].Effective = hipaasmp.Period{From: day(from), To: day("9999-12-31")}
		best := time.Hour
		for range 3 {
			begun := time.Now()
			require.Len(t, gaps(t, r, hipaasmp.Period{From: day(from)}, "9999-12-31", sanction.GapNeverApplied), 1)
			best = min(best, time.Since(begun))
		}
		return best
	}
	require.Less(t, ask("0001-01-01"), 200*max(ask("9999-01-01"), 20*time.Microsecond), "by the days it would be ten thousand times as long")
}

func TestAPolicyNeverAppliedIsAGapUnlessThePeriodIsAttested(t *testing.T) {
	t.Parallel()
	asked := hipaasmp.Period{From: day("2025-10-01"), To: day("2026-06-30")}
	r := sanction.Records{Policies: []sanction.Policy{policy(t)}}
	got := gaps(t, r, asked, "2026-08-01", sanction.GapNeverApplied)
	require.Len(t, got, 1)
	require.Equal(t, day("2026-01-01"), got[0].Since, "before that day no policy was in effect")
	require.Contains(t, got[0].Missing, "to 2026-06-30")

	r.Attestations = []sanction.Attestation{attested(t, "a1", "2026-01-01", "2026-02-28"), attested(t, "a2", "2026-04-01", "2026-05-31")}
	got = gaps(t, r, asked, "2026-08-01", sanction.GapNeverApplied)
	require.Len(t, got, 2, "March and June are not covered")
	require.Equal(t, day("2026-03-01"), got[0].Since)
	require.Contains(t, got[0].Missing, "from 2026-03-01 to 2026-03-31")
	require.Contains(t, got[1].Missing, "from 2026-06-01 to 2026-06-30")

	r.Attestations = append(r.Attestations, attested(t, "a3", "2026-03-01", "2026-03-31"), attested(t, "a4", "2026-05-15", "2026-06-30"))
	require.Empty(t, gaps(t, r, asked, "2026-08-01", sanction.GapNeverApplied))
	require.NotEmpty(t, gaps(t, r, asked, "2026-06-30", sanction.GapNeverApplied), "a4 was not made by then")

	r.Attestations = nil
	r.Cases = []sanction.Case{reported(t)}
	require.Empty(t, gaps(t, r, asked, "2026-08-01", sanction.GapNeverApplied), "a case shows that the policy is applied")
	_, o := closed(t)
	require.Empty(t, gaps(t, sanction.Records{Policies: r.Policies, Outcomes: []sanction.Outcome{o}}, asked, "2026-08-01", sanction.GapNeverApplied))
	require.NotEmpty(t, gaps(t, r, hipaasmp.Period{From: day("2026-04-01"), To: day("2026-04-30")}, "2026-08-01", sanction.GapNeverApplied), "it lies outside that period")
}

func TestWithoutAPeriodTheEntitysOwnIntervalCounts(t *testing.T) {
	t.Parallel()
	r := sanction.Records{Policies: []sanction.Policy{policy(t)}}
	none := hipaasmp.Period{}
	require.Empty(t, gaps(t, r, none, "2027-01-01", sanction.GapNeverApplied))
	require.Len(t, gaps(t, r, none, "2027-01-02", sanction.GapNeverApplied), 1)
	r.Cases = []sanction.Case{reported(t)}
	require.Empty(t, gaps(t, r, none, "2027-03-04", sanction.GapNeverApplied))
	got := gaps(t, r, none, "2027-03-05", sanction.GapNeverApplied)
	require.Len(t, got, 1)
	require.Equal(t, day("2026-03-04"), got[0].Since)
	r.Attestations = []sanction.Attestation{attested(t, "a", "2026-03-05", "2026-12-31")}
	require.Empty(t, gaps(t, r, none, "2027-12-31", sanction.GapNeverApplied))
	require.Len(t, gaps(t, r, none, "2028-01-01", sanction.GapNeverApplied), 1)
}

func TestAnOpenCaseOverThePolicysLimitIsAGap(t *testing.T) {
	t.Parallel()
	r := sanction.Records{Policies: []sanction.Policy{policy(t)}, Cases: []sanction.Case{reported(t)}}
	require.Empty(t, gaps(t, r, hipaasmp.Period{}, "2026-03-07", sanction.GapOverLimit))
	got := gaps(t, r, hipaasmp.Period{}, "2026-03-08", sanction.GapOverLimit)
	require.Len(t, got, 1)
	require.Contains(t, got[0].Missing, "the entity's own policy")
	require.Equal(t, day("2026-03-08"), got[0].Since)
	require.Len(t, gaps(t, r, hipaasmp.Period{}, "2026-07-01", sanction.GapOverLimit), 7)
	c, _ := closed(t)
	r.Cases = []sanction.Case{c}
	require.Empty(t, gaps(t, r, hipaasmp.Period{}, "2026-07-01", sanction.GapOverLimit))
}

func TestAStepTakenLateIsAGapAfterTheCaseIsClosed(t *testing.T) {
	t.Parallel()
	c := walk(t, decided(t), warning, sanction.EventNotify)
	c, err := c.Apply(official, at(24*61), day("2026-05-04"), "The warning was placed in the file.", proof())
	require.NoError(t, err)
	c, _, err = c.Close(official, at(24*62), "Done.")
	require.NoError(t, err)
	r := sanction.Records{Policies: []sanction.Policy{policy(t)}, Cases: []sanction.Case{c}}
	got := gaps(t, r, hipaasmp.Period{}, "2026-07-01", sanction.GapOverLimit)
	require.Len(t, got, 1)
	require.Contains(t, got[0].Missing, `the step "apply" was taken on 2026-05-04, 1 day after it was due`)
	require.Equal(t, day("2026-05-04"), got[0].Since)
	require.Empty(t, gaps(t, r, hipaasmp.Period{}, "2026-05-03", sanction.GapOverLimit), "on the last day it was still in time")
}

func TestAnOutcomeWithoutNoticeIsAGap(t *testing.T) {
	t.Parallel()
	silent := like(t, "silent", nil, warning)
	_, told := closed(t)
	r := sanction.Records{Outcomes: []sanction.Outcome{silent, told}}
	got := gaps(t, r, hipaasmp.Period{}, "2026-07-01", sanction.GapNotNotified)
	require.Len(t, got, 1)
	require.Equal(t, silent.DocumentRef(), got[0].Refs[0])
	require.Empty(t, gaps(t, r, hipaasmp.Period{}, "2026-03-05", sanction.GapNotNotified), "not closed by then")

	// Notice of a decision that an appeal then changed is not notice of the one that stands.
	c := walk(t, decided(t), warning, sanction.EventNotify, sanction.EventAppeal)
	c, err := c.Amend(official, at(60), may(), sanction.NoSanction("Nothing remains."))
	require.NoError(t, err)
	_, o, err := c.Close(official, at(61), "Done.")
	require.NoError(t, err)
	require.False(t, o.Notified())
	require.Len(t, gaps(t, sanction.Records{Outcomes: []sanction.Outcome{o}}, hipaasmp.Period{}, "2026-07-01", sanction.GapNotNotified), 1)

	// A dismissed case asks for none.
	_, d, err := walk(t, reported(t), warning, sanction.EventDismiss).Close(official, at(60), "Done.")
	require.NoError(t, err)
	require.Empty(t, gaps(t, sanction.Records{Outcomes: []sanction.Outcome{d}}, hipaasmp.Period{}, "2026-07-01", sanction.GapNotNotified))
}

func TestMissingAcknowledgementsAreAGapWhenOverdue(t *testing.T) {
	t.Parallel()
	r := sanction.Records{Policies: []sanction.Policy{policy(t)}, Workforce: clinic().Workforce, Acknowledgements: []sanction.Acknowledgement{ack(t, "w-001", "2026-01-05")}}
	require.Empty(t, gaps(t, r, hipaasmp.Period{}, "2026-01-31", sanction.GapUnacknowledged))
	got := gaps(t, r, hipaasmp.Period{}, "2026-02-01", sanction.GapUnacknowledged)
	require.Len(t, got, 1)
	require.Equal(t, []string{"w-002, due 2026-01-31", "w-003, due 2026-01-31", "w-009, due 2026-01-31"}, got[0].Counted)
	require.Equal(t, day("2026-02-01"), got[0].Since)
}

func TestAPolicyNotReviewedWithinItsOwnIntervalIsAGap(t *testing.T) {
	t.Parallel()
	p := policy(t)
	r := sanction.Records{Policies: []sanction.Policy{p}}
	require.Empty(t, gaps(t, r, hipaasmp.Period{}, "2026-12-15", sanction.GapNotReviewed))
	got := gaps(t, r, hipaasmp.Period{}, "2026-12-16", sanction.GapNotReviewed)
	require.Len(t, got, 1)
	require.Equal(t, hipaasmp.CiteUpdates, got[0].Citation)
	require.Contains(t, got[0].Missing, "names no interval")
	late, err := p.Review(official, day("2027-02-01"), "Nothing had to change.")
	require.NoError(t, err)
	r.Policies = []sanction.Policy{late}
	require.Empty(t, gaps(t, r, hipaasmp.Period{}, "2027-02-01", sanction.GapNotReviewed))
	require.Len(t, gaps(t, r, hipaasmp.Period{}, "2027-01-31", sanction.GapNotReviewed), 1, "the review had not taken place by then")
}

func TestAClosedCaseWithoutItsRecordIsAGap(t *testing.T) {
	t.Parallel()
	c, o := closed(t)
	r := sanction.Records{Cases: []sanction.Case{c, reported(t)}}
	got := gaps(t, r, hipaasmp.Period{}, "2026-07-01", sanction.GapNotRecorded)
	require.Len(t, got, 1)
	require.Equal(t, hipaasmp.CiteDocumentSanctions, got[0].Citation)
	r.Outcomes = []sanction.Outcome{o}
	require.Empty(t, gaps(t, r, hipaasmp.Period{}, "2026-07-01", sanction.GapNotRecorded))

	c, err := c.Reopen(manager, at(60), may(), "New evidence.")
	require.NoError(t, err)
	c, err = c.Dismiss(manager, at(61), may(), sanction.GroundNoViolation, "Assigned work.")
	require.NoError(t, err)
	c, _, err = c.Close(official, at(62), "Done.")
	require.NoError(t, err)
	r.Cases = []sanction.Case{c}
	require.Len(t, gaps(t, r, hipaasmp.Period{}, "2026-07-01", sanction.GapNotRecorded), 1, "the record of the first closing is not that of the second")
}

func TestUnevenOutcomesAreAGap(t *testing.T) {
	t.Parallel()
	r := sanction.Records{Outcomes: []sanction.Outcome{like(t, "a", nil, warning), like(t, "b", nil, sanction.Impose(sanction.RungFinal, "Hard."))}}
	got := gaps(t, r, hipaasmp.Period{}, "2026-07-01", sanction.GapUneven)
	require.Len(t, got, 1)
	require.Len(t, got[0].Refs, 2)
}

func TestACaseContradictsAnAttestation(t *testing.T) {
	t.Parallel()
	c, o := closed(t)
	r := sanction.Records{Attestations: []sanction.Attestation{attested(t, "a", "2026-01-01", "2026-03-31")}, Cases: []sanction.Case{c}, Outcomes: []sanction.Outcome{o}}
	got := gaps(t, r, hipaasmp.Period{}, "2026-07-01", sanction.GapContradicted)
	require.Len(t, got, 1)
	require.Len(t, got[0].Refs, 2, "the case counts once")
	require.Contains(t, got[0].Missing, "1 found violations")
	r.Outcomes = nil
	require.Len(t, gaps(t, r, hipaasmp.Period{}, "2026-07-01", sanction.GapContradicted), 1)
	r.Cases = []sanction.Case{reported(t)}
	require.Empty(t, gaps(t, r, hipaasmp.Period{}, "2026-07-01", sanction.GapContradicted), "a report is no violation yet")
}

func TestACaseUnderOtherTermsThanThoseOnFileIsAGap(t *testing.T) {
	t.Parallel()
	p := policy(t)
	ended, err := p.Supersede(day("2026-03-02"))
	require.NoError(t, err)
	tooEarly, err := p.Supersede(day("2026-03-01"))
	require.NoError(t, err)
	for name, tc := range map[string]struct {
		spoil func(*sanction.Case)
		file  []sanction.Policy
		want  string
	}{
		"the same":               {nil, []sanction.Policy{p}, ""},
		"ended since":            {nil, []sanction.Policy{ended}, ""},
		"ended before the act":   {nil, []sanction.Policy{tooEarly}, "not in force on 2026-03-02"},
		"no policy on file":      {nil, nil, "is not on file"},
		"a ladder of its own":    {func(c *sanction.Case) { c.Policy.Ladder = c.Policy.Ladder[1:] }, []sanction.Policy{p}, "another ladder"},
		"a range of its own":     {func(c *sanction.Case) { c.Policy.Ranges[1].Least = sanction.RungTraining }, []sanction.Policy{p}, "other ranges"},
		"a limit of its own":     {func(c *sanction.Case) { c.Policy.Procedure[0].Days = 300 }, []sanction.Policy{p}, "another procedure"},
		"a separation less":      {func(c *sanction.Case) { c.Policy.Separation.Reporter = false }, []sanction.Policy{p}, "another procedure"},
		"a label of its own":     {func(c *sanction.Case) { c.Policy.Version = "2026-1a" }, []sanction.Policy{p}, "another label"},
		"a first day of its own": {func(c *sanction.Case) { c.Policy.Effective.From = day("2025-12-20") }, []sanction.Policy{p}, "first day"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := reported(t)
			if tc.spoil != nil {
				tc.spoil(&c)
			}
			got := gaps(t, sanction.Records{Policies: tc.file, Cases: []sanction.Case{c}}, hipaasmp.Period{}, "2026-07-01", sanction.GapOtherTerms)
			if tc.want == "" {
				require.Empty(t, got)
				return
			}
			require.Len(t, got, 1)
			require.Contains(t, got[0].Missing, tc.want)
		})
	}
}
