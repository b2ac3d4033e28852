package penalty_test

import (
	"encoding/json"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/civil"
	"github.com/hipaasmp/hipaasmp/risk/penalty"
)

func day(s string) hipaasmp.Date { return civil.Date(s) }

func TestAmountsByViolationAndAssessment(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		id                  string
		tier                penalty.Tier
		violation, assessed string
		low, high, limit    string
		table               string
	}{
		{"PEN-01", penalty.TierNoKnowledge, "2024-05-05", "2026-03-01", "145", "73011", "2190294", "2025"},
		{"PEN-02", penalty.TierReasonableCause, "2024-05-05", "2026-03-01", "1461", "73011", "2190294", "2025"},
		{"tier 3 the same day", penalty.TierNeglectCorrected, "2024-05-05", "2026-03-01", "14602", "73011", "2190294", "2025"},
		{"PEN-03", penalty.TierNeglectUncorrected, "2024-05-05", "2026-03-01", "73011", "2190294", "2190294", "2025"},
		{"PEN-06 tier 1", penalty.TierNoKnowledge, "2015-11-01", "2026-03-01", "100", "50000", "1500000", "base"},
		{"PEN-06 tier 2", penalty.TierReasonableCause, "2015-11-01", "2026-03-01", "1000", "50000", "1500000", "base"},
		{"PEN-06 tier 3", penalty.TierNeglectCorrected, "2015-11-01", "2026-03-01", "10000", "50000", "1500000", "base"},
		{"PEN-06 tier 4", penalty.TierNeglectUncorrected, "2015-11-01", "2026-03-01", "50000", "1500000", "1500000", "base"},
		{"the first day that is adjusted", penalty.TierNoKnowledge, "2015-11-02", "2016-09-06", "110", "55010", "1650300", "2016"},
		{"assessed before any table", penalty.TierNoKnowledge, "2015-11-02", "2016-09-05", "100", "50000", "1500000", "base"},
		{"PEN-07", penalty.TierNoKnowledge, "2024-05-05", "2026-12-01", "145", "73011", "2190294", "2025"},
		{"the day before a table", penalty.TierNoKnowledge, "2024-05-05", "2026-01-27", "141", "71162", "2134831", "2024"},
		{"before the tiers", penalty.TierNeglectUncorrected, "2009-02-17", "2026-03-01", "0", "100", "25000", "base"},
		{"the first day of the tiers", penalty.TierNeglectUncorrected, "2009-02-18", "2026-03-01", "50000", "1500000", "1500000", "base"},
	} {
		l, err := penalty.LimitsOf(c.tier, day(c.violation), day(c.assessed))
		require.NoError(t, err)
		require.Equal(t, []string{c.low, c.high, c.limit, c.table}, []string{l.Minimum.String(), l.Maximum.String(), l.AnnualCap.String(), l.Table}, c.id)
		require.Equal(t, c.table != "base", l.Adjusted, c.id)
		require.Equal(t, penalty.Notice, l.Notice)
		require.NotEmpty(t, l.Citations)
		for _, cite := range l.Citations {
			require.True(t, cite.IsValid())
		}
	}
}

func TestDiscretionIsMarkedAsNotCodified(t *testing.T) {
	t.Parallel()
	for tier, want := range map[penalty.Tier][2]string{
		penalty.TierNoKnowledge: {"25000", "36505"}, penalty.TierReasonableCause: {"100000", "146020"},
		penalty.TierNeglectCorrected: {"250000", "365049"}, penalty.TierNeglectUncorrected: {"1500000", "2190294"},
	} {
		l, err := penalty.LimitsOf(tier, day("2024-05-05"), day("2026-03-01"))
		require.NoError(t, err)
		require.Equal(t, want, [2]string{l.Discretion.BaseCap.String(), l.Discretion.Calculated.String()})
		require.False(t, l.Discretion.Codified)
		require.Equal(t, "2190294", l.AnnualCap.String(), "and it never replaces the codified cap")
		require.Contains(t, l.Discretion.Source.Locator, "its table was not")
	}
	l, err := penalty.LimitsOf(penalty.TierNoKnowledge, day("2018-05-05"), day("2019-04-29"))
	require.NoError(t, err)
	require.Nil(t, l.Discretion)
}

func TestEveryTableFollowsFromTheOneOf2016(t *testing.T) {
	t.Parallel()
	tables := penalty.Tables()
	require.Len(t, tables, 10)
	for i, table := range tables {
		require.Equal(t, table.Minimum[3], table.Maximum)
		require.Contains(t, table.Source.Title, "FR")
		if i == 0 {
			require.True(t, table.Multiplier.IsZero())
			continue
		}
		before := tables[i-1]
		require.True(t, before.Effective.Before(table.Effective))
		next := func(n int64) int64 { return decimal.NewFromInt(n).Mul(table.Multiplier).Round(0).IntPart() }
		for k := range table.Minimum {
			require.Equal(t, next(before.Minimum[k]), table.Minimum[k], "%s tier %d", table.ID, k+1)
		}
		require.Equal(t, next(before.AnnualCap), table.AnnualCap, table.ID)
		for k := range table.Before2009 {
			require.Equal(t, next(before.Before2009[k]), table.Before2009[k], table.ID)
		}
	}
	require.Equal(t, hipaasmp.ConfidenceRecalled, tables[0].Source.Confidence, "what was not seen is not called seen")
	require.Equal(t, hipaasmp.ConfidenceRecalled, tables[1].Source.Confidence)
}

func lapse(from, to string) penalty.Violation {
	return penalty.Violation{ID: "v-1", Provision: hipaasmp.CiteRiskAnalysis, Tier: penalty.TierReasonableCause, Counting: penalty.CountingDay, From: day(from), To: day(to)}
}

func compute(t *testing.T, a penalty.Assessment, v ...penalty.Violation) penalty.Exposure {
	t.Helper()
	e, err := penalty.Compute(a, v...)
	require.NoError(t, err)
	require.Equal(t, penalty.Notice, e.Notice)
	return e
}

func TestContinuingViolationCountsItsDaysWithinEachYear(t *testing.T) {
	t.Parallel()
	e := compute(t, penalty.Assessment{Assessed: day("2026-03-01"), Commenced: day("2025-06-01")}, lapse("2023-12-30", "2024-01-03"))
	require.Len(t, e.Years, 2)
	require.Equal(t, 2, e.Years[0].Counted)
	require.Equal(t, 3, e.Years[1].Counted)
	require.Equal(t, "2922", e.Years[0].Capped.Low.String())
	require.Equal(t, "146022", e.Years[0].Capped.High.String())
	require.Equal(t, "7305", e.Total.Low.String())
	require.Equal(t, "365055", e.Total.High.String())
	require.Equal(t, "292040", e.Discretionary.High.String(), "146,022 and 219,033, each cut to 146,020")
}

func TestAnnualCapBindsForIdenticalViolations(t *testing.T) {
	t.Parallel()
	a := penalty.Assessment{Assessed: day("2026-03-01"), Commenced: day("2026-03-01")}
	whole := lapse("2024-01-01", "2024-12-31")
	e := compute(t, a, whole)
	require.Equal(t, 366, e.Years[0].Counted)
	require.Equal(t, "2190294", e.Total.High.String())
	require.Equal(t, "534726", e.Total.Low.String())
	second := whole
	second.ID = "v-2"
	require.Equal(t, "2190294", compute(t, a, whole, second).Total.High.String(), "one provision, one year, one cap")
	second.Provision = hipaasmp.CiteRiskManagement
	require.Equal(t, "4380588", compute(t, a, whole, second).Total.High.String(), "another provision has a cap of its own")
	people := penalty.Violation{ID: "v-3", Provision: hipaasmp.CiteRiskAnalysis, Tier: penalty.TierNoKnowledge, Counting: penalty.CountingOccurrence, From: day("2024-07-01"), Occurrences: 500}
	require.Equal(t, "72500", compute(t, a, people).Total.Low.String())
}

func TestDaysBeforeTheAdjustmentKeepTheBaseAmounts(t *testing.T) {
	t.Parallel()
	v := lapse("2015-11-01", "2015-11-02")
	e := compute(t, penalty.Assessment{Assessed: day("2018-01-01")}, v)
	require.Equal(t, "2118", e.Total.Low.String(), "1,000 for the first and 1,118 for the second")
	require.Contains(t, e.Notes[0], "160.414")
}

func TestBars(t *testing.T) {
	t.Parallel()
	a := penalty.Assessment{Assessed: day("2026-03-01"), Commenced: day("2026-02-01")}
	for _, c := range []struct {
		rule    string
		change  func(*penalty.Violation)
		cite    hipaasmp.Citation
		count   int
		counted int
	}{
		{"corrected within thirty days of knowledge", func(v *penalty.Violation) { v.Known, v.Corrected = day("2024-05-05"), day("2024-06-03") }, hipaasmp.CiteDefenseCorrected, 10, 0},
		{"corrected on the thirty-first day", func(v *penalty.Violation) { v.Known, v.Corrected = day("2024-05-05"), day("2024-06-05") }, "", 0, 10},
		{"corrected within the longer period", func(v *penalty.Violation) {
			v.Known, v.Corrected, v.ExtendedTo = day("2024-05-05"), day("2024-08-01"), day("2024-08-01")
		}, hipaasmp.CiteDefenseCorrected, 10, 0},
		{"willful neglect, though corrected", func(v *penalty.Violation) {
			v.Tier, v.Known, v.Corrected = penalty.TierNeglectCorrected, day("2024-05-05"), day("2024-06-03")
		}, "", 0, 10},
		{"a criminal penalty", func(v *penalty.Violation) { v.CriminalPenalty = true }, hipaasmp.CiteDefenseCriminalPunished, 10, 0},
		{"older than six years in part", func(v *penalty.Violation) { v.From, v.To = day("2020-01-28"), day("2020-02-06") }, hipaasmp.CiteLimitation, 4, 6},
	} {
		v := lapse("2024-05-05", "2024-05-14")
		c.change(&v)
		e := compute(t, a, v)
		require.Equal(t, c.counted, e.Years[0].Counted, c.rule)
		require.Equal(t, c.count, e.Years[0].Barred, c.rule)
		if c.cite == "" {
			require.Empty(t, e.Bars, c.rule)
			continue
		}
		require.Len(t, e.Bars, 1, c.rule)
		require.Equal(t, c.cite, e.Bars[0].Citation, c.rule)
		require.Equal(t, c.count, e.Bars[0].Count, c.rule)
	}
	old := lapse("2010-05-05", "2010-05-05")
	old.CriminalPenalty = true
	e := compute(t, penalty.Assessment{Assessed: day("2011-05-05")}, old)
	require.Empty(t, e.Bars, "the bar of 160.410(a)(2) begins on 2011-02-18")
	last := lapse("2024-05-05", "2024-05-05")
	last.Known, last.Corrected = day("2024-05-05"), day("2024-06-04")
	require.Contains(t, compute(t, a, last).Notes[0], "thirtieth day")
}

func TestMoreGeneralFormsAreNoted(t *testing.T) {
	t.Parallel()
	general := lapse("2024-05-05", "2024-05-06")
	general.ID, general.Provision = "v-2", hipaasmp.CiteSecurityManagementProcess
	e := compute(t, penalty.Assessment{Assessed: day("2026-03-01"), Commenced: day("2026-02-01")}, lapse("2024-05-05", "2024-05-06"), general)
	if len(e.Notes) == 0 {
		// 164.308(a)(1)(i) is a sibling of (ii)(A) by its letters; the note is for ancestors.
		general.Provision = "164.308(a)(1)"
		e = compute(t, penalty.Assessment{Assessed: day("2026-03-01"), Commenced: day("2026-02-01")}, lapse("2024-05-05", "2024-05-06"), general)
	}
	require.Len(t, e.Notes, 1)
	require.Contains(t, e.Notes[0], "160.404(b)(3)")
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	a := penalty.Assessment{Assessed: day("2026-03-01")}
	for _, c := range []struct {
		rule    string
		change  func(*penalty.Violation)
		code    hipaasmp.FaultCode
		pointer string
	}{
		{"no identity", func(v *penalty.Violation) { v.ID = "" }, hipaasmp.FaultFormat, "/id"},
		{"an unknown provision", func(v *penalty.Violation) { v.Provision = "164.308(a)(99)" }, hipaasmp.FaultEnum, "/provision"},
		{"an unknown tier", func(v *penalty.Violation) { v.Tier = "5" }, hipaasmp.FaultEnum, "/tier"},
		{"an unknown way of counting", func(v *penalty.Violation) { v.Counting = "" }, hipaasmp.FaultEnum, "/counting"},
		{"no day", func(v *penalty.Violation) { v.From = hipaasmp.Date{} }, hipaasmp.FaultRequired, "/from"},
		{"no last day", func(v *penalty.Violation) { v.To = hipaasmp.Date{} }, hipaasmp.FaultRequired, "/to"},
		{"days out of order", func(v *penalty.Violation) { v.To = day("2024-05-01") }, hipaasmp.FaultOrder, "/to"},
		{"a violation after the assessment", func(v *penalty.Violation) { v.To = day("2026-03-02") }, penalty.FaultAssessed, "/to"},
		{"more than a century", func(v *penalty.Violation) { v.From = day("1900-01-01") }, penalty.FaultSpan, "/to"},
		{"days with occurrences", func(v *penalty.Violation) { v.Occurrences = 3 }, penalty.FaultCount, "/occurrences"},
		{"no occurrence", func(v *penalty.Violation) { v.Counting = penalty.CountingOccurrence; v.To = hipaasmp.Date{} }, penalty.FaultCount, "/occurrences"},
		{"occurrences over days", func(v *penalty.Violation) { v.Counting, v.Occurrences = penalty.CountingOccurrence, 1 }, penalty.FaultCount, "/to"},
		{"the third tier without a correction", func(v *penalty.Violation) { v.Tier = penalty.TierNeglectCorrected }, penalty.FaultTier, "/corrected"},
		{"the third tier corrected late", func(v *penalty.Violation) {
			v.Tier, v.Known, v.Corrected = penalty.TierNeglectCorrected, day("2024-05-05"), day("2024-07-05")
		}, penalty.FaultTier, "/tier"},
		{"the fourth tier corrected in time", func(v *penalty.Violation) {
			v.Tier, v.Known, v.Corrected = penalty.TierNeglectUncorrected, day("2024-05-05"), day("2024-05-25")
		}, penalty.FaultTier, "/tier"},
		{"a correction without knowledge", func(v *penalty.Violation) { v.Corrected = day("2024-05-25") }, penalty.FaultKnowledge, "/known"},
		{"a correction before the violation", func(v *penalty.Violation) { v.Known, v.Corrected = day("2024-05-01"), day("2024-05-02") }, penalty.FaultKnowledge, "/corrected"},
	} {
		v := lapse("2024-05-05", "2024-05-14")
		c.change(&v)
		_, err := penalty.Compute(a, v)
		var ve *hipaasmp.ValidationError
		require.ErrorAs(t, err, &ve, c.rule)
		require.Len(t, ve.Faults, 1, "%s: %v", c.rule, ve.Faults)
		require.Equal(t, c.code, ve.Faults[0].Code, c.rule)
		require.Equal(t, "/violations/0"+c.pointer, ve.Faults[0].Pointer, c.rule)
	}
	_, err := penalty.Compute(penalty.Assessment{Commenced: day("2026-03-01")})
	var ve *hipaasmp.ValidationError
	require.ErrorAs(t, err, &ve)
	require.True(t, ve.Has(penalty.FaultNoViolation) && ve.Has(hipaasmp.FaultRequired) && ve.Has(penalty.FaultAssessed), "%v", ve.Faults)
	_, err = penalty.Compute(a, lapse("2024-05-05", "2024-05-14"), lapse("2024-05-05", "2024-05-14"))
	require.ErrorAs(t, err, &ve)
	require.True(t, ve.Has(hipaasmp.FaultIdentity))
	_, err = penalty.LimitsOf("", hipaasmp.Date{}, day("2026-03-01"))
	require.ErrorAs(t, err, &ve)
	require.Len(t, ve.Faults, 2)
	_, err = penalty.LimitsOf(penalty.TierNoKnowledge, day("2026-03-02"), day("2026-03-01"))
	require.ErrorAs(t, err, &ve)
	_, err = penalty.LimitsOf(penalty.TierNoKnowledge, day("2026-03-02"), hipaasmp.Date{})
	require.ErrorAs(t, err, &ve)
}

func TestExposureNeverExceedsItsCaps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		from := day("2016-01-01").AddDays(rapid.IntRange(0, 3500).Draw(t, "from"))
		v := lapse(from.String(), from.AddDays(rapid.IntRange(0, 700).Draw(t, "days")).String())
		v.Tier = rapid.SampledFrom([]penalty.Tier{penalty.TierNoKnowledge, penalty.TierReasonableCause, penalty.TierNeglectUncorrected}).Draw(t, "tier")
		e, err := penalty.Compute(penalty.Assessment{Assessed: v.To.AddDays(rapid.IntRange(0, 3000).Draw(t, "wait"))}, v)
		require.NoError(t, err)
		counted := 0
		for _, y := range e.Years {
			require.True(t, y.Capped.High.LessThanOrEqual(y.AnnualCap))
			require.True(t, y.Capped.Low.LessThanOrEqual(y.Capped.High))
			require.True(t, y.Discretionary.High.LessThanOrEqual(y.Capped.High), "discretion never adds")
			counted += y.Counted + y.Barred
		}
		require.Equal(t, v.From.DaysUntil(v.To)+1, counted, "every day is counted or barred")
		b, err := json.Marshal(e)
		require.NoError(t, err)
		var back penalty.Exposure
		require.NoError(t, json.Unmarshal(b, &back))
		again, err := json.Marshal(back)
		require.NoError(t, err)
		require.JSONEq(t, string(b), string(again))
	})
}

func TestFaultCatalogueAndEnumerations(t *testing.T) {
	t.Parallel()
	seen := map[hipaasmp.FaultCode]bool{}
	for _, d := range penalty.FaultDefs() {
		require.Regexp(t, `^SMP-PEN-\d\d$`, d.Code)
		require.False(t, seen[d.Code])
		seen[d.Code] = true
		require.NotEmpty(t, d.Meaning)
		require.NotEmpty(t, d.Remedy)
		require.True(t, d.Citation == "" || d.Citation.IsValid())
	}
	require.Len(t, seen, 6)
	var tier penalty.Tier
	for _, v := range tier.Values() {
		text, err := v.MarshalText()
		require.NoError(t, err)
		require.NoError(t, tier.UnmarshalText(text))
		require.Equal(t, v, tier)
		require.True(t, v.Citation().IsValid())
	}
	require.Error(t, tier.UnmarshalText(nil))
	_, err := penalty.Tier("").MarshalText()
	require.Error(t, err)
	require.Equal(t, hipaasmp.CitePenaltyTiers, penalty.Tier("").Citation())
	var counting penalty.Counting
	require.NoError(t, counting.UnmarshalText([]byte("per_day")))
	require.Error(t, counting.UnmarshalText([]byte("per_week")))
	_, err = penalty.Counting("x").MarshalText()
	require.Error(t, err)
	require.Len(t, counting.Values(), 2)
}
