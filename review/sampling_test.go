package review_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
)

var nonce = bytes.Repeat([]byte{5}, 32)

// plan draws from the access report, of which nine of ten lines may be as they should.
func plan(t require.TestingT) review.SamplePlan {
	return review.SamplePlan{ID: "rights", Source: "ehr-access", Deviation: "An account has a right that its role does not need.",
		Rule: rule(t, "0.9", "0.1", 0), Commitment: review.Commitment(nonce)}
}

// lines is a report of forty lines in two files.
func lines() (review.SourceReview, []review.Item) {
	a, b := hipaasmp.DigestOf([]byte("first half")), hipaasmp.DigestOf([]byte("second half"))
	var all []review.Item
	for i := range 20 {
		all = append(all, review.Item{File: a, Offset: int64(i) * 64}, review.Item{File: b, Offset: int64(i) * 64})
	}
	return review.SourceReview{Source: "ehr-access", Method: review.MethodSampled, Events: 40, Capability: enabled(day("2026-04-01")),
		Read:  review.ReadBetween(on("2026-04-01").Add(time.Hour), on("2026-04-01").Add(2*time.Hour)),
		Files: []review.LogFile{{Name: "a.csv", SHA256: a, Events: 20}, {Name: "b.csv", SHA256: b, Events: 20}}}, all
}

func planned(t require.TestingT) review.Session {
	s, err := open(t, march()).PlanSample(reviewer, on("2026-04-01"), plan(t))
	require.NoError(t, err)
	r, _ := lines()
	s, err = s.WithSource(r)
	require.NoError(t, err)
	return s
}

// drawOf draws from the lines in the size that the rule asks for.
func drawOf(t require.TestingT, s review.Session) *review.Draw {
	seed, err := s.SampleSeed("rights", nonce)
	require.NoError(t, err)
	_, all := lines()
	size, err := plan(t).Rule.SizeOf(int64(len(all)))
	require.NoError(t, err)
	d := review.NewDraw(seed, int(size))
	for _, x := range all {
		d.Add(x)
	}
	return d
}

func drawn(t require.TestingT) review.Session {
	s := planned(t)
	s, err := s.DrawSample("rights", reviewer, on("2026-04-02"), nonce, drawOf(t, s))
	require.NoError(t, err)
	return s
}

// examined has looked at every drawn line. The first ones deviate, the next could not be examined.
func examined(t require.TestingT, deviating, unexaminable int) review.Session {
	s := drawn(t)
	var found []review.Examined
	for i := range s.Samples[0].Drawing.Items {
		e := review.Examined{Item: i + 1, Result: review.ItemConforms}
		switch {
		case i < deviating:
			x := review.NewException("ehr-access", finding("x-"+string(rune('a'+i)), "acct-7"))
			var err error
			s, err = s.WithException(x)
			require.NoError(t, err)
			e.Result, e.Words, e.Exception = review.ItemDeviates, "The account may change orders and bills only.", x.ID
		case i < deviating+unexaminable:
			e.Result, e.Words = review.ItemUnexaminable, "The role of the account could not be found out."
		}
		found = append(found, e)
	}
	s, err := s.Examine("rights", reviewer, on("2026-04-03"), found[0], found[1:]...)
	require.NoError(t, err)
	return s
}

func concluded(t require.TestingT, deviating, unexaminable int) review.Session {
	s, err := examined(t, deviating, unexaminable).ConcludeSample("rights", reviewer, on("2026-04-04"))
	require.NoError(t, err)
	return s
}

func TestASampleGoesFromItsPlanToItsResult(t *testing.T) {
	t.Parallel()
	s := concluded(t, 0, 0)
	x, ok := s.Sample("rights")
	require.True(t, ok)
	require.Len(t, x.Drawing.Items, 17, "of forty, of which four are tolerated, at 0.9: as the tables have it")
	require.Equal(t, review.SampleResult{Signature: review.Signature{By: reviewer, At: on("2026-04-04")}, Sampled: 17, AtMost: 3, Tolerated: 4, Conclusion: review.SampleWithin}, *x.Result)
	require.Equal(t, "Of 40 entries 17 were drawn and 0 of these deviate, 0 because they could not be examined. "+
		"With a confidence of 0.9 at most 3 of the population deviate, so that no more than the 4 that the plan tolerates do.", x.Sentence())
	roundTrip(t, s)

	// Whoever has the files repeats the draw, in whatever order they are read.
	r, all := lines()
	require.NoError(t, x.Repeat(s.Period, r.Files, slices.Values(all)))
	slices.Reverse(all)
	require.NoError(t, x.Repeat(s.Period, r.Files, slices.Values(all)))
	require.ErrorContains(t, x.Repeat(s.Period, r.Files, slices.Values(all[1:])), "39 entries where 40")
	require.ErrorContains(t, x.Repeat(s.Period, r.Files[:1], slices.Values(all)), "the seed does not follow")
	require.ErrorContains(t, x.Repeat(month("2026-04-01"), r.Files, slices.Values(all)), "the seed does not follow")
	other := slices.Clone(all)
	i := slices.Index(other, x.Drawing.Items[0])
	other[i].Offset++
	require.ErrorContains(t, x.Repeat(s.Period, r.Files, slices.Values(other)), "other entries are drawn")
	x.Commitment = review.Commitment(nil)
	require.ErrorContains(t, x.Repeat(s.Period, r.Files, slices.Values(all)), "not the one that was committed")
	require.ErrorContains(t, review.Sample{}.Repeat(s.Period, r.Files, slices.Values(all)), "has not been drawn")
	require.Empty(t, review.Sample{}.Sentence())
}

func TestWhatASampleShowsFollowsFromWhatDeviates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		deviating, unexaminable int
		want                    review.SampleConclusion
		words                   string
	}{
		{0, 0, review.SampleWithin, "so that no more"},
		{1, 0, review.SampleNotShown, "which does not show that no more"},
		{0, 1, review.SampleNotShown, "1 because they could not be examined"},
		{1, 1, review.SampleExceeded, "which contradicts that no more"},
		{0, 2, review.SampleExceeded, "2 of these deviate, 2 because"},
	} {
		x, _ := concluded(t, c.deviating, c.unexaminable).Sample("rights")
		require.Equal(t, c.want, x.Result.Conclusion, "%+v", c)
		require.Equal(t, int64(c.deviating+c.unexaminable), x.Result.Deviations, "what cannot be examined counts as deviating")
		require.Contains(t, x.Sentence(), c.words)
	}
}

func TestNobodySteersTheDraw(t *testing.T) {
	t.Parallel()
	r, all := lines()
	read, err := open(t, march()).WithSource(r)
	require.NoError(t, err)
	next, err := read.PlanSample(reviewer, on("2026-04-01"), plan(t))
	requireFault(t, err, review.FaultSample, "/samples")
	require.Equal(t, read, next, "the nonce is committed before the records are read")

	s := planned(t)
	_, err = s.DrawSample("rights", reviewer, on("2026-04-02"), bytes.Repeat([]byte{6}, 32), drawOf(t, s))
	requireFault(t, err, review.FaultSample, "/samples/0/drawing/nonce")
	d := review.NewDraw(hipaasmp.DigestOf([]byte("a seed that pleases")), 17)
	for _, x := range all {
		d.Add(x)
	}
	_, err = s.DrawSample("rights", reviewer, on("2026-04-02"), nonce, d)
	requireFault(t, err, review.FaultSample, "/samples/0/drawing/seed")
	seed, err := s.SampleSeed("rights", nonce)
	require.NoError(t, err)
	for _, size := range []int{0, 16, 18} {
		d = review.NewDraw(seed, size)
		for _, x := range all {
			d.Add(x)
		}
		_, err = s.DrawSample("rights", reviewer, on("2026-04-02"), nonce, d)
		requireFault(t, err, review.FaultSample, "/samples/0/drawing/items")
	}
	d = review.NewDraw(seed, 17)
	for _, x := range all[:39] {
		d.Add(x)
	}
	_, err = s.DrawSample("rights", reviewer, on("2026-04-02"), nonce, d)
	requireFault(t, err, review.FaultCounts, "/samples/0/drawing/population")
	_, err = s.DrawSample("rights", reviewer, on("2026-04-01").AddDate(0, 0, -1), nonce, drawOf(t, s))
	requireFault(t, err, hipaasmp.FaultOrder)
	_, err = drawn(t).DrawSample("rights", reviewer, on("2026-04-03"), nonce, drawOf(t, s))
	requireFault(t, err, review.FaultSample, "/samples/0/drawing")
	_, err = s.DrawSample("wrongs", reviewer, on("2026-04-02"), nonce, drawOf(t, s))
	requireFault(t, err, hipaasmp.FaultDangling)

	short := bytes.Repeat([]byte{5}, 15)
	p := plan(t)
	p.Commitment = review.Commitment(short)
	s, err = open(t, march()).PlanSample(reviewer, on("2026-04-01"), p)
	require.NoError(t, err)
	_, err = s.SampleSeed("rights", short)
	require.ErrorContains(t, err, "no files")
	s, err = s.WithSource(r)
	require.NoError(t, err)
	seed, err = s.SampleSeed("rights", short)
	require.NoError(t, err)
	d = review.NewDraw(seed, 17)
	for _, x := range all {
		d.Add(x)
	}
	_, err = s.DrawSample("rights", reviewer, on("2026-04-02"), short, d)
	requireFault(t, err, review.FaultSample, "/samples/0/drawing/nonce")
	_, err = s.SampleSeed("wrongs", nonce)
	require.ErrorContains(t, err, "plan it first")
}

func TestAPlanIsOfASourceByAPersonOnce(t *testing.T) {
	t.Parallel()
	s := open(t, march())
	for name, c := range map[string]struct {
		spoil func(*review.SamplePlan)
		by    hipaasmp.Actor
		code  hipaasmp.FaultCode
	}{
		"a program plans":         {func(*review.SamplePlan) {}, program, review.FaultProgram},
		"of no source":            {func(p *review.SamplePlan) { p.Source = "door" }, reviewer, review.FaultNotSource},
		"without a question":      {func(p *review.SamplePlan) { p.Deviation = "" }, reviewer, hipaasmp.FaultRequired},
		"without a rule":          {func(p *review.SamplePlan) { p.Rule = review.SamplingRule{} }, reviewer, hipaasmp.FaultRange},
		"without a commitment":    {func(p *review.SamplePlan) { p.Commitment = "" }, reviewer, hipaasmp.FaultFormat},
		"with a stratum in words": {func(p *review.SamplePlan) { p.Stratum = "all\noverrides" }, reviewer, hipaasmp.FaultFormat},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := plan(t)
			c.spoil(&p)
			_, err := s.PlanSample(c.by, on("2026-04-01"), p)
			requireFault(t, err, c.code)
		})
	}
	_, err := s.PlanSample(reviewer, on("2026-03-31"), plan(t))
	requireFault(t, err, hipaasmp.FaultOrder)
	s, err = s.PlanSample(reviewer, on("2026-04-01"), plan(t))
	require.NoError(t, err)
	_, err = s.PlanSample(reviewer, on("2026-04-01"), plan(t))
	requireFault(t, err, hipaasmp.FaultIdentity)
}

func TestEveryDrawnEntryIsExaminedOnceAndEveryDeviationIsAnException(t *testing.T) {
	t.Parallel()
	s := drawn(t)
	at := on("2026-04-03")
	for name, c := range map[string]struct {
		entry review.Examined
		code  hipaasmp.FaultCode
	}{
		"an entry that was not drawn":      {review.Examined{Item: 18, Result: review.ItemConforms}, hipaasmp.FaultDangling},
		"an entry before the first":        {review.Examined{Item: 0, Result: review.ItemConforms}, hipaasmp.FaultRange},
		"a deviation without an exception": {review.Examined{Item: 1, Result: review.ItemDeviates, Words: "Too much."}, review.FaultIncomplete},
		"an exception that is none":        {review.Examined{Item: 1, Result: review.ItemDeviates, Words: "Too much.", Exception: "x-9"}, hipaasmp.FaultDangling},
		"a deviation without words":        {review.Examined{Item: 1, Result: review.ItemUnexaminable}, review.FaultIncomplete},
		"an exception that conforms":       {review.Examined{Item: 1, Result: review.ItemConforms, Exception: "x-9"}, review.FaultSample},
		"a glance":                         {review.Examined{Item: 1, Result: "glanced"}, hipaasmp.FaultEnum},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next, err := s.Examine("rights", reviewer, at, c.entry)
			requireFault(t, err, c.code)
			require.Equal(t, s, next)
		})
	}
	one := review.Examined{Item: 1, Result: review.ItemConforms}
	_, err := s.Examine("rights", program, at, one)
	requireFault(t, err, review.FaultProgram)
	_, err = s.Examine("rights", reviewer, on("2026-04-01"), one)
	requireFault(t, err, hipaasmp.FaultOrder)
	s, err = s.Examine("rights", reviewer, at, one)
	require.NoError(t, err)
	require.Len(t, s.Samples[0].Open(), 16)
	_, err = s.Examine("rights", reviewer, at, one)
	requireFault(t, err, hipaasmp.FaultIdentity)
	_, err = s.ConcludeSample("rights", reviewer, at)
	requireFault(t, err, review.FaultSample, "/samples/0/result")
	_, err = planned(t).ConcludeSample("rights", reviewer, at)
	requireFault(t, err, review.FaultSample)
	_, err = planned(t).Examine("rights", reviewer, at, one)
	requireFault(t, err, review.FaultSample, "/samples/0/drawing")
	done := concluded(t, 0, 0)
	_, err = done.ConcludeSample("rights", reviewer, on("2026-04-05"))
	requireFault(t, err, review.FaultSample)
	_, err = done.Examine("rights", reviewer, on("2026-04-05"), one)
	requireFault(t, err, review.FaultSample)
	_, err = done.ConcludeSample("wrongs", reviewer, on("2026-04-05"))
	requireFault(t, err, hipaasmp.FaultDangling)
}

func TestAForgedSampleIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		forge func(*review.Sample)
		code  hipaasmp.FaultCode
	}{
		"a better result":       {func(x *review.Sample) { x.Result.AtMost = 0 }, review.FaultSample},
		"a better conclusion":   {func(x *review.Sample) { x.Result.Conclusion = review.SampleWithin }, review.FaultSample},
		"an entry taken out":    {func(x *review.Sample) { x.Drawing.Items = x.Drawing.Items[1:] }, review.FaultSample},
		"two entries exchanged": {func(x *review.Sample) { i := x.Drawing.Items; i[0], i[1] = i[1], i[0] }, review.FaultSample},
		"an entry twice":        {func(x *review.Sample) { x.Drawing.Items[1] = x.Drawing.Items[0] }, review.FaultSample},
		"an entry of elsewhere": {func(x *review.Sample) { x.Drawing.Items[3].File = hipaasmp.DigestOf([]byte("elsewhere")) }, hipaasmp.FaultDangling},
		"a greater population":  {func(x *review.Sample) { x.Drawing.Population = 41 }, hipaasmp.FaultCode("SMP-REV-10")},
		"another nonce":         {func(x *review.Sample) { x.Drawing.Nonce = "06" + x.Drawing.Nonce[2:] }, review.FaultSample},
		"a nonce in capitals":   {func(x *review.Sample) { x.Drawing.Nonce = "0A" + x.Drawing.Nonce[2:] }, review.FaultSample},
		"other files":           {func(x *review.Sample) { x.Drawing.Files = review.Population() }, review.FaultSample},
		"an examination undone": {func(x *review.Sample) { x.Examinations[0].Entries = x.Examinations[0].Entries[1:] }, review.FaultSample},
		"a laxer rule":          {func(x *review.Sample) { x.Rule.Allowed = 2 }, review.FaultSample},
		"a result before it":    {func(x *review.Sample) { x.Result.At = on("2026-04-01") }, hipaasmp.FaultOrder},
		"no drawing":            {func(x *review.Sample) { x.Drawing = nil }, review.FaultSample},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := concluded(t, 1, 0)
			c.forge(&s.Samples[0])
			requireFault(t, s.Validate(), c.code)
		})
	}
}

// whole adds what a certified record needs besides.
func whole(t require.TestingT, s review.Session) review.Session {
	s, err := s.WithSource(log(march()))
	require.NoError(t, err)
	s, err = s.WithSource(manual("tickets", march()))
	require.NoError(t, err)
	for _, id := range s.Undisposed() {
		s, err = s.Triage(id, reviewer, on("2026-04-05"), "")
		require.NoError(t, err)
		s, err = s.Explain(id, reviewer, on("2026-04-05"), review.ExplanationMaintenance, "The right was taken away.")
		require.NoError(t, err)
	}
	return s
}

func certifySampled(s review.Session) (review.Record, error) {
	words := review.NoExceptions("I certify that nothing came to notice.")
	if len(s.Exceptions) > 0 {
		words = review.ExceptionsDisposed("I certify the review.")
	}
	return s.Complete("r-sampled", reviewer, official, on("2026-04-08"), may(), words, independence())
}

func TestARecordIsCertifiedWhenItsSamplesAreConcluded(t *testing.T) {
	t.Parallel()
	_, err := certifySampled(whole(t, examined(t, 0, 0)))
	requireFault(t, err, review.FaultIncomplete, "/samples")
	_, err = certifySampled(whole(t, planned(t)))
	requireFault(t, err, review.FaultIncomplete, "/samples")
	r, err := certifySampled(whole(t, concluded(t, 0, 0)))
	require.NoError(t, err)
	roundTrip(t, r)
	r.Samples[0].Result.At = on("2026-04-09")
	requireFault(t, r.Validate(), hipaasmp.FaultOrder, "/samples/0/result/at")

	// Sampled without a sample.
	s := open(t, march())
	report, _ := lines()
	s, err = s.WithSource(report)
	require.NoError(t, err)
	_, err = certifySampled(whole(t, s))
	requireFault(t, err, review.FaultSample, "/sources/0/method")
	require.NoError(t, s.Validate(), "while it is open the sample may still be missing")
}

func TestASampleThatDoesNotShowWhatItWasToIsAGap(t *testing.T) {
	t.Parallel()
	for deviating, want := range map[int]string{0: "", 1: "does not show", 2: "contradicts"} {
		x, err := certifySampled(whole(t, concluded(t, deviating, 0)))
		require.NoError(t, err)
		r := review.Records{Procedures: []review.Procedure{procedure(t)}, Records: []review.Record{x}}
		got := gaps(t, r, march(), "2026-05-01", review.GapSample)
		if want == "" {
			require.Empty(t, got)
			continue
		}
		require.Len(t, got, 1)
		require.Contains(t, got[0].Missing, want)
		require.Contains(t, got[0].Counted[0], "17 were drawn")
		require.Empty(t, gaps(t, r, march(), "2026-04-07", review.GapSample), "not certified by then")
	}
}
