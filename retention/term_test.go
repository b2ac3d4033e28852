package retention_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/civil"
	"github.com/hipaasmp/hipaasmp/retention"
)

func date(s string) hipaasmp.Date {
	if s == "" {
		return hipaasmp.Date{}
	}
	return civil.Date(s)
}

var ref = hipaasmp.Ref{Kind: "risk.analysis", ID: "ra-1"}

// The vectors of the retention rule, by their ids. An empty through means that no disposal date exists.
func TestRetentionVectors(t *testing.T) {
	t.Parallel()
	doc, raw := hipaasmp.ClassDocumentation, hipaasmp.ClassRawLog
	for _, c := range []struct {
		id, created, from, to, through, disposal string
		class                                    hipaasmp.RetentionClass
		schedule                                 retention.Schedule
	}{
		{id: "RET-01 point in time", class: doc, created: "2020-06-15", through: "2026-06-15", disposal: "2026-06-16"},
		{id: "RET-02 superseded", class: doc, created: "2012-01-10", from: "2012-01-10", to: "2025-03-31", through: "2031-03-31", disposal: "2031-04-01"},
		{id: "RET-03 still in effect", class: doc, created: "2012-01-10", from: "2012-01-10"},
		{id: "RET-04 leap day", class: doc, created: "2024-02-29", through: "2030-03-01", disposal: "2030-03-02"},
		{id: "RET-06 calendar years", class: doc, created: "2019-12-31", through: "2025-12-31", disposal: "2026-01-01"},
		{id: "RET-10 overlay lengthens", class: doc, created: "2020-06-15", through: "2030-06-15", disposal: "2030-06-16", schedule: tenYears()},
		{id: "RET-12 raw log", class: raw, created: "2024-01-01", through: "2030-01-01", disposal: "2030-01-02"},
		{id: "RET-14 review of that log", class: hipaasmp.ClassReviewRecord, created: "2024-02-10", through: "2030-02-10", disposal: "2030-02-11"},
		{id: "RET-16 no last day, point in time", class: doc, created: "2024-05-05", through: "2030-05-05", disposal: "2030-05-06"},
		{id: "created after it took effect", class: doc, created: "2025-06-01", from: "2025-01-01", to: "2025-03-31", through: "2031-06-01", disposal: "2031-06-02"},
	} {
		t.Run(c.id, func(t *testing.T) {
			t.Parallel()
			b := hipaasmp.RetentionBasis{Class: c.class, Created: date(c.created)}
			if c.from != "" {
				b.InEffect = []hipaasmp.Period{{From: date(c.from), To: date(c.to)}}
			}
			term, err := c.schedule.Term(b)
			require.NoError(t, err)
			require.Equal(t, c.through != "", term.Running)
			require.Equal(t, date(c.through), term.KeepThrough)
			require.Equal(t, date(c.disposal), term.FirstDisposal)
			require.NotEmpty(t, term.Trace)
			if c.through == "" {
				var re *retention.RetainedError
				require.ErrorAs(t, term.Disposable(ref, date("2999-01-01")), &re)
				require.True(t, re.Until.IsZero())
				return
			}
			require.ErrorIs(t, term.Disposable(ref, term.KeepThrough), retention.ErrRetained, "the anniversary is still kept")
			require.NoError(t, term.Disposable(ref, term.FirstDisposal))
		})
	}
}

func tenYears() retention.Schedule {
	return retention.Schedule{Overlays: []retention.Rule{{ID: "ma-contract", Title: "Managed care contract", Start: retention.StartCreation, Years: 10, Authority: "42 CFR 422.504(d)(2)(iii)"}}}
}

// RET-06: 2,190 days are no six years.
func TestSixYearsAreNotADayCount(t *testing.T) {
	t.Parallel()
	created := date("2019-12-31")
	term, err := retention.Schedule{}.Term(hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: created})
	require.NoError(t, err)
	require.Equal(t, date("2025-12-29"), created.AddDays(2190))
	require.True(t, term.KeepThrough.After(created.AddDays(2190)))
}

// RET-08: a hold beats the clock, and each hold is released by itself.
func TestHoldBeatsTheClock(t *testing.T) {
	t.Parallel()
	term, err := retention.Schedule{}.Term(hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: date("2020-06-15")})
	require.NoError(t, err)
	placed := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	held := retention.Hold{Matter: "OCR-2026-17", Reason: "Investigation notice", Refs: []hipaasmp.Ref{ref}, PlacedAt: placed}
	other := retention.Hold{Matter: "LIT-4", Reason: "Litigation", Kinds: []hipaasmp.Kind{"risk.analysis"}, PlacedAt: placed}
	day := date("2027-01-01")
	var he *retention.HeldError
	require.ErrorAs(t, term.Disposable(ref, day, held, other), &he)
	require.Equal(t, []string{"OCR-2026-17", "LIT-4"}, he.Matters)
	require.ErrorIs(t, he, retention.ErrHeld)
	held.ReleasedAt = placed.AddDate(1, 0, 0)
	require.ErrorIs(t, term.Disposable(ref, day, held, other), retention.ErrHeld)
	other.ReleasedAt = held.ReleasedAt
	require.NoError(t, term.Disposable(ref, day, held, other))
	require.NoError(t, term.Disposable(hipaasmp.Ref{Kind: "review.record", ID: "r"}, day, retention.Hold{Matter: "LIT-5", Refs: []hipaasmp.Ref{ref}}), "a hold covers what it names")
	require.ErrorIs(t, term.Disposable(hipaasmp.Ref{Kind: "review.record", ID: "r"}, day, retention.Hold{Matter: "ALL"}), retention.ErrHeld, "a hold that names nothing covers all")
}

// Without the versions of a record the days that a query asks about are unknown; then the hold counts.
func TestAHoldByQueryIsNeverOverlooked(t *testing.T) {
	t.Parallel()
	term, err := retention.Schedule{}.Term(hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: date("2015-06-15")})
	require.NoError(t, err)
	version := []retention.Version{{Basis: &hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: date("2015-06-15")}, Recorded: time.Date(2015, 6, 15, 12, 0, 0, 0, time.UTC)}}
	for name, c := range map[string]struct {
		query        retention.HoldQuery
		named, found bool
	}{
		"its kind":               {retention.HoldQuery{Kinds: []hipaasmp.Kind{ref.Kind}}, true, true},
		"another kind":           {retention.HoldQuery{Kinds: []hipaasmp.Kind{"review.record"}}, false, false},
		"its name":               {retention.HoldQuery{IDPrefix: ref.ID[:1]}, true, true},
		"another name":           {retention.HoldQuery{IDPrefix: "zz-"}, false, false},
		"its day of creation":    {retention.HoldQuery{CreatedFrom: date("2015-06-15")}, true, true},
		"another day":            {retention.HoldQuery{CreatedFrom: date("2015-06-16")}, true, false},
		"recorded on its day":    {retention.HoldQuery{RecordedThrough: date("2015-06-15")}, true, true},
		"recorded long before":   {retention.HoldQuery{RecordedThrough: date("2015-06-13")}, true, false},
		"another kind, its day":  {retention.HoldQuery{Kinds: []hipaasmp.Kind{"review.record"}, CreatedFrom: date("2015-06-15")}, false, false},
		"its kind, another name": {retention.HoldQuery{Kinds: []hipaasmp.Kind{ref.Kind}, IDPrefix: "zz-"}, false, false},
	} {
		h := retention.Hold{Matter: "LIT-9", Query: &c.query}
		require.Equal(t, c.named, h.MayCover(ref), name)
		require.Equal(t, c.found, h.CoversVersions(ref, version), name)
		if c.named {
			require.ErrorIs(t, term.Disposable(ref, date("2026-01-01"), h), retention.ErrHeld, name)
		} else {
			require.NoError(t, term.Disposable(ref, date("2026-01-01"), h), name)
		}
		h.ReleasedAt = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
		require.NoError(t, term.Disposable(ref, date("2026-01-01"), h), name)
	}
}

// RET-12: a shorter policy for raw logs is possible and says what it is; the class of review records has no such door.
func TestRawLogPolicyIsNeverCalledLaw(t *testing.T) {
	t.Parallel()
	p := retention.RawLogPolicy(2, "log retention policy v3")
	s := retention.Schedule{RawLog: &p}
	raw, err := s.Term(hipaasmp.RetentionBasis{Class: hipaasmp.ClassRawLog, Created: date("2024-01-01")})
	require.NoError(t, err)
	require.Equal(t, date("2026-01-01"), raw.KeepThrough)
	require.Len(t, raw.Warnings, 2)
	rec, err := s.Term(hipaasmp.RetentionBasis{Class: hipaasmp.ClassReviewRecord, Created: date("2024-01-01")})
	require.NoError(t, err)
	require.Equal(t, date("2030-01-01"), rec.KeepThrough)
	require.Empty(t, rec.Warnings)
}

func TestPolicyPutBackInForceStopsItsClock(t *testing.T) {
	t.Parallel()
	b := hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: date("2018-01-01"), InEffect: []hipaasmp.Period{
		{From: date("2018-01-01"), To: date("2019-12-31")}, {From: date("2021-01-01")},
	}}
	term, err := retention.Schedule{}.Term(b)
	require.NoError(t, err)
	require.False(t, term.Running)
	b.InEffect[1].To = date("2022-06-30")
	term, err = retention.Schedule{}.Term(b)
	require.NoError(t, err)
	require.Equal(t, date("2028-06-30"), term.KeepThrough)
}

func TestOverlayThatWaitsForItsEventKeeps(t *testing.T) {
	t.Parallel()
	s := retention.Schedule{Overlays: []retention.Rule{{ID: "contract-end", Title: "Ten years after the contract", Start: retention.StartEvent, Years: 10, Authority: "42 CFR 422.504(d)"}}}
	b := hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: date("2010-01-01")}
	term, err := s.Term(b)
	require.NoError(t, err)
	require.False(t, term.Running)
	s.Overlays[0].Event = date("2015-06-30")
	term, err = s.Term(b)
	require.NoError(t, err)
	require.Equal(t, date("2025-06-30"), term.KeepThrough)
	require.Equal(t, "contract-end", term.Rule.ID)
}

// RET-17: a rule is amended by a second one. What was created under the first is kept by the first, and the trace says of
// each rule what it came to.
func TestRulesAreDatedData(t *testing.T) {
	t.Parallel()
	first := retention.Rule{ID: "state-2020", Title: "State law as of 2020", Start: retention.StartCreation, Years: 10, Authority: "state law",
		Applies: hipaasmp.Period{From: date("2020-01-01"), To: date("2024-06-30")}}
	second := retention.Rule{ID: "state-2024", Title: "State law as of July 2024", Start: retention.StartCreation, Years: 7, Authority: "state law",
		Applies: hipaasmp.Period{From: date("2024-07-01")}}
	s := retention.Schedule{Overlays: []retention.Rule{first, second}}
	for _, x := range []struct{ created, through, rule string }{
		{"2019-12-31", "2025-12-31", "164.316(b)(2)(i)"},
		{"2020-01-01", "2030-01-01", "state-2020"},
		{"2024-06-30", "2034-06-30", "state-2020"},
		{"2024-07-01", "2031-07-01", "state-2024"},
	} {
		b := hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: date(x.created)}
		term, err := s.Term(b)
		require.NoError(t, err)
		require.Equal(t, date(x.through), term.KeepThrough, x.created)
		require.Equal(t, x.rule, term.Rule.ID, "the longest wins")
		require.Len(t, term.Trace, 3)
		day, running, err := s.KeepThrough(b)
		require.NoError(t, err)
		require.True(t, running)
		require.Equal(t, term.KeepThrough, day)
	}
	short := retention.RawLogPolicy(2, "policy 7")
	short.Applies = hipaasmp.Period{From: date("2026-01-01")}
	for created, through := range map[string]string{"2025-12-31": "2031-12-31", "2026-01-01": "2028-01-01"} {
		term, err := retention.Schedule{RawLog: &short}.Term(hipaasmp.RetentionBasis{Class: hipaasmp.ClassRawLog, Created: date(created)})
		require.NoError(t, err)
		require.Equal(t, date(through), term.KeepThrough, "a shorter rule is for new records only")
	}
	first.Applies = hipaasmp.Period{From: date("2020-01-01"), To: date("2019-01-01")}
	_, err := retention.Schedule{Overlays: []retention.Rule{first}}.Term(hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: date("2020-01-01")})
	var ve *hipaasmp.ValidationError
	require.ErrorAs(t, err, &ve)
	require.True(t, ve.Has(hipaasmp.FaultOrder))
}

func TestOverlaysOnlyLengthen(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		created := date("2000-01-01").AddDays(rapid.IntRange(0, 12000).Draw(t, "created"))
		b := hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: created}
		if rapid.Bool().Draw(t, "was in effect") {
			from := created.AddDays(rapid.IntRange(-500, 500).Draw(t, "from"))
			b.InEffect = []hipaasmp.Period{{From: from, To: from.AddDays(rapid.IntRange(0, 4000).Draw(t, "days"))}}
		}
		plain, err := retention.Schedule{}.Term(b)
		require.NoError(t, err)
		start := created
		if len(b.InEffect) > 0 && b.InEffect[0].To.After(start) {
			start = b.InEffect[0].To
		}
		require.Equal(t, start.AddYears(6), plain.KeepThrough)
		require.Equal(t, 1, plain.KeepThrough.DaysUntil(plain.FirstDisposal))
		over, err := retention.Schedule{Overlays: []retention.Rule{{ID: "o", Title: "overlay", Start: retention.StartCreation, Years: rapid.IntRange(1, 30).Draw(t, "years"), Authority: "test"}}}.Term(b)
		require.NoError(t, err)
		require.False(t, over.KeepThrough.Before(plain.KeepThrough))
	})
}

func TestTermRefusesABasisThatCannotBeCounted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule    string
		basis   hipaasmp.RetentionBasis
		s       retention.Schedule
		code    hipaasmp.FaultCode
		pointer string
	}{
		{rule: "no creation", basis: hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation}, code: hipaasmp.FaultRequired, pointer: "/created"},
		{rule: "no class", basis: hipaasmp.RetentionBasis{Created: date("2020-01-01")}, code: hipaasmp.FaultEnum, pointer: "/class"},
		{rule: "backwards", basis: hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: date("2020-01-01"), InEffect: []hipaasmp.Period{{From: date("2021-01-01"), To: date("2020-01-01")}}}, code: hipaasmp.FaultOrder, pointer: "/in_effect/0/to"},
		{rule: "no years", basis: hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: date("2020-01-01")}, s: retention.Schedule{Overlays: []retention.Rule{{ID: "x", Start: retention.StartCreation}}}, code: retention.FaultYears, pointer: "/rules/1/years"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			_, err := c.s.Term(c.basis)
			var ve *hipaasmp.ValidationError
			require.ErrorAs(t, err, &ve)
			require.Equal(t, c.code, ve.Faults[0].Code)
			require.Equal(t, c.pointer, ve.Faults[0].Pointer)
		})
	}
}

func ExampleSchedule_Term() {
	policy := hipaasmp.RetentionBasis{
		Class:    hipaasmp.ClassDocumentation,
		Created:  hipaasmp.Day(2012, 1, 10),
		InEffect: []hipaasmp.Period{{From: hipaasmp.Day(2012, 1, 10), To: hipaasmp.Day(2025, 3, 31)}},
	}
	term, err := retention.Schedule{}.Term(policy)
	fmt.Println(term.KeepThrough, term.FirstDisposal, err)
	fmt.Println(term.Trace[0])
	// Output:
	// 2031-03-31 2031-04-01 <nil>
	// 164.316(b)(2)(i): last in effect 2025-03-31 plus 6 calendar years is 2031-03-31
}

func ExampleTerm_Disposable() {
	inForce := hipaasmp.RetentionBasis{
		Class:    hipaasmp.ClassDocumentation,
		Created:  hipaasmp.Day(2012, 1, 10),
		InEffect: []hipaasmp.Period{{From: hipaasmp.Day(2012, 1, 10)}},
	}
	term, _ := retention.Schedule{}.Term(inForce)
	fmt.Println(term.Disposable(hipaasmp.Ref{Kind: "sanction.policy", ID: "sp-1"}, hipaasmp.Day(2026, 1, 1)))
	// Output: retention: sanction.policy/sp-1 must be kept: 164.316(b)(2)(i): in effect since 2012-01-10; the clock has not started
}

// The short computation and the explained one come to the same day.
func TestKeepThroughIsTheDayOfTheTerm(t *testing.T) {
	t.Parallel()
	day := rapid.Custom(func(t *rapid.T) hipaasmp.Date {
		return hipaasmp.Day(2020, 2, 29).AddDays(rapid.IntRange(0, 4000).Draw(t, "days"))
	})
	rapid.Check(t, func(t *rapid.T) {
		b := hipaasmp.RetentionBasis{Class: rapid.SampledFrom([]hipaasmp.RetentionClass{hipaasmp.ClassDocumentation, hipaasmp.ClassRawLog, "none"}).Draw(t, "class"), Created: day.Draw(t, "created")}
		for range rapid.IntRange(0, 2).Draw(t, "periods") {
			p := hipaasmp.Period{From: day.Draw(t, "from")}
			if rapid.Bool().Draw(t, "closed") {
				p.To = day.Draw(t, "to")
			}
			b.InEffect = append(b.InEffect, p)
		}
		s := retention.Schedule{Overlays: []retention.Rule{{ID: "o", Title: "o", Start: retention.StartEvent, Years: rapid.IntRange(0, 30).Draw(t, "years"), Authority: "contract"}}}
		if rapid.Bool().Draw(t, "event") {
			s.Overlays[0].Event = day.Draw(t, "event day")
		}
		term, err := s.Term(b)
		got, running, err2 := s.KeepThrough(b)
		require.Equal(t, err, err2)
		if err == nil {
			require.Equal(t, term.Running, running)
			require.Equal(t, term.KeepThrough, got)
		}
	})
}
