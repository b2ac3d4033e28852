package review_test

import (
	"encoding/json"
	"math/big"
	"os"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
)

// reckoned is what another program computed of sizes, limits and draws, in exact fractions and with another library.
type reckoned struct {
	Sizes []struct {
		Confidence, Tolerable string
		Allowed               int
		Size                  int64
	}
	SizesOf []struct {
		Confidence, Tolerable string
		Allowed               int
		Population, Size      int64
	} `json:"sizes_of"`
	AtMost []struct {
		Confidence                      string
		Population, Sampled, Deviations int64
		AtMost                          int64 `json:"at_most"`
	} `json:"at_most"`
	Shares []struct {
		Confidence          string
		Sampled, Deviations int64
		Share               string
	}
	Draws []struct {
		From, To, Source, Stratum, Nonce string
		Files                            []hipaasmp.Digest
		Commitment, Seed                 hipaasmp.Digest
		FilesDigest                      hipaasmp.Digest `json:"files_digest"`
		Population, Drawn                []review.Item
		Size                             int
	}
}

func vectors(t *testing.T) reckoned {
	t.Helper()
	data, err := os.ReadFile("testdata/sampling.json")
	require.NoError(t, err)
	var v reckoned
	require.NoError(t, json.Unmarshal(data, &v))
	require.NotEmpty(t, v.Sizes)
	require.NotEmpty(t, v.Draws)
	return v
}

func rule(t require.TestingT, confidence, tolerable string, allowed int) review.SamplingRule {
	r, err := review.Attribute(confidence, tolerable, allowed)
	require.NoError(t, err)
	return r
}

func TestSizesAndLimitsAreThoseOfAnotherProgram(t *testing.T) {
	t.Parallel()
	v := vectors(t)
	for _, x := range v.Sizes {
		n, err := rule(t, x.Confidence, x.Tolerable, x.Allowed).Size()
		require.NoError(t, err)
		require.Equal(t, x.Size, n, "%+v", x)
	}
	for _, x := range v.SizesOf {
		n, err := rule(t, x.Confidence, x.Tolerable, x.Allowed).SizeOf(x.Population)
		require.NoError(t, err)
		require.Equal(t, x.Size, n, "%+v", x)
	}
	for _, x := range v.AtMost {
		n, err := rule(t, x.Confidence, "0.05", 0).AtMost(x.Population, x.Sampled, x.Deviations)
		require.NoError(t, err)
		require.Equal(t, x.AtMost, n, "%+v", x)
	}
	for _, x := range v.Shares {
		p, err := rule(t, x.Confidence, "0.05", 0).ShareAtMost(x.Sampled, x.Deviations)
		require.NoError(t, err)
		require.Equal(t, x.Share, p.String(), "%+v", x)
	}
}

// The sizes of auditing tables: 95 % confidence and a tolerable share by column.
func TestDiscoverySizesAreThoseOfTheAuditingTables(t *testing.T) {
	t.Parallel()
	for tolerable, want := range map[string]int64{"0.1": 29, "0.07": 42, "0.05": 59, "0.03": 99, "0.02": 149, "0.01": 299} {
		r, err := review.Discovery("0.95", tolerable)
		require.NoError(t, err)
		n, err := r.Size()
		require.NoError(t, err)
		require.Equal(t, want, n, tolerable)
	}
	for _, c := range []struct {
		confidence string
		allowed    int
		want       int64
	}{{"0.9", 0, 45}, {"0.99", 0, 90}, {"0.95", 1, 93}, {"0.95", 2, 124}} {
		n, err := rule(t, c.confidence, "0.05", c.allowed).Size()
		require.NoError(t, err)
		require.Equal(t, c.want, n, "%v", c)
	}
	// The upper limit afterwards, rounded up at the sixth place, and in hundredths as tables print it: 11.3, 4.95, 7.8, 6.2.
	for _, c := range []struct {
		sampled, deviations int64
		share, printed      string
		places              int32
	}{{25, 0, "0.112929", "0.113", 3}, {59, 0, "0.049508", "0.0495", 4}, {59, 1, "0.077898", "0.078", 3}, {100, 2, "0.06162", "0.062", 3}} {
		got, err := rule(t, "0.95", "0.05", 0).ShareAtMost(c.sampled, c.deviations)
		require.NoError(t, err)
		require.Equal(t, c.share, got.String(), "%v", c)
		require.Equal(t, c.printed, got.Round(c.places).String(), "%v", c)
	}
	for population, want := range map[int64]int64{0: 0, 1: 1, 50: 39, 100: 45, 250: 55, 1000: 57, 1_000_000_000: 59} {
		n, err := rule(t, "0.95", "0.05", 0).SizeOf(population)
		require.NoError(t, err)
		require.Equal(t, want, n, population)
	}
}

// probability that a sample of n out of all, of which bad deviate, has at most k of them, counted term by term.
func probability(all, bad, n, k int64) *big.Rat {
	sum := new(big.Int)
	for i := int64(0); i <= min(k, n, bad); i++ {
		if n-i <= all-bad {
			sum.Add(sum, new(big.Int).Mul(new(big.Int).Binomial(bad, i), new(big.Int).Binomial(all-bad, n-i)))
		}
	}
	return new(big.Rat).SetFrac(sum, new(big.Int).Binomial(all, n))
}

func TestASizeIsTheSmallestThatShowsIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.Int64Range(1, 400).Draw(t, "population")
		k := rapid.Int64Range(0, 4).Draw(t, "allowed")
		r := rule(t, rapid.SampledFrom([]string{"0.5", "0.9", "0.95", "0.999"}).Draw(t, "confidence"), rapid.SampledFrom([]string{"0.01", "0.05", "0.13", "0.5"}).Draw(t, "tolerable"), int(k))
		alpha := new(big.Rat).Sub(big.NewRat(1, 1), r.Confidence.Rat())
		bad := max(1, decimal.NewFromInt(all).Mul(r.Tolerable).IntPart())
		n, err := r.SizeOf(all)
		require.NoError(t, err)
		require.LessOrEqual(t, n, all)
		if bad <= k {
			require.Equal(t, all, n, "so many deviations are allowed as are tolerated: nothing but all of it shows anything")
			return
		}
		require.LessOrEqual(t, probability(all, bad, n, k).Cmp(alpha), 0)
		if n > k+1 {
			require.Positive(t, probability(all, bad, n-1, k).Cmp(alpha))
		}
		// So planned and with no more than was allowed found, the limit is within what is tolerated.
		most, err := r.AtMost(all, n, k)
		require.NoError(t, err)
		require.Less(t, most, bad)
		found := rapid.Int64Range(0, n).Draw(t, "found")
		most, err = r.AtMost(all, n, found)
		require.NoError(t, err)
		require.GreaterOrEqual(t, most, found)
		if most+1 <= all-(n-found) {
			require.LessOrEqual(t, probability(all, most+1, n, found).Cmp(alpha), 0, "one more is refuted")
		}
		if most > found {
			require.Positive(t, probability(all, most, n, found).Cmp(alpha), "the limit itself is not")
		}
	})
}

func TestABoundlessSizeIsReachedFromBelow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := rule(t, rapid.SampledFrom([]string{"0.5", "0.8", "0.95"}).Draw(t, "confidence"), rapid.SampledFrom([]string{"0.05", "0.1", "0.333333"}).Draw(t, "tolerable"), rapid.IntRange(0, 3).Draw(t, "allowed"))
		whole, err := r.Size()
		require.NoError(t, err)
		last := int64(0)
		for _, all := range []int64{10, 100, 1000, 100000, 1_000_000_000} {
			n, err := r.SizeOf(all)
			require.NoError(t, err)
			require.LessOrEqual(t, n, whole+int64(r.Allowed)+2, "rounding the tolerable share down asks for a little more at most")
			last = n
		}
		require.Equal(t, whole, last)
		// The share that the size was planned for is refuted by the allowed deviations, and not by one more.
		p, err := r.ShareAtMost(whole, int64(r.Allowed))
		require.NoError(t, err)
		require.True(t, p.LessThanOrEqual(r.Tolerable.Add(decimal.New(1, -6))), p)
		p, err = r.ShareAtMost(whole, int64(r.Allowed)+1)
		require.NoError(t, err)
		require.True(t, p.GreaterThan(r.Tolerable), p)
	})
}

func TestARuleThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		confidence, tolerable string
		allowed               int
		code                  hipaasmp.FaultCode
	}{
		"certainty":            {"1", "0.05", 0, hipaasmp.FaultRange},
		"a coin":               {"0.49", "0.05", 0, hipaasmp.FaultRange},
		"nothing tolerated":    {"0.95", "0", 0, hipaasmp.FaultRange},
		"all of it tolerated":  {"0.95", "1", 0, hipaasmp.FaultRange},
		"a percentage":         {"95", "5", 0, hipaasmp.FaultRange},
		"no number":            {"high", "0.05", 0, hipaasmp.FaultFormat},
		"nothing":              {"", "", 0, hipaasmp.FaultFormat},
		"below zero allowed":   {"0.95", "0.05", -1, hipaasmp.FaultRange},
		"too many allowed":     {"0.95", "0.05", 21, hipaasmp.FaultRange},
		"too fine":             {"0.9500001", "0.05", 0, review.FaultSample},
		"finer than the store": {"0.95", "0.05000000000000000000000000000000001", 0, review.FaultSample},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := review.Attribute(x.confidence, x.tolerable, x.allowed)
			requireFault(t, err, x.code)
		})
	}
	var none review.SamplingRule
	_, err := none.Size()
	requireFault(t, err, hipaasmp.FaultRange)
	_, err = none.SizeOf(10)
	requireFault(t, err, hipaasmp.FaultRange)
	_, err = none.AtMost(10, 5, 0)
	requireFault(t, err, hipaasmp.FaultRange)
	_, err = none.ShareAtMost(5, 0)
	requireFault(t, err, hipaasmp.FaultRange)
	r := rule(t, "0.95", "0.05", 0)
	for _, all := range []int64{-1, 1_000_000_001} {
		_, err = r.SizeOf(all)
		require.ErrorContains(t, err, "cannot be sampled")
	}
	for _, x := range [][3]int64{{10, 11, 0}, {10, 5, 6}, {10, 5, -1}, {10, -1, 0}, {-1, 0, 0}} {
		_, err = r.AtMost(x[0], x[1], x[2])
		require.ErrorContains(t, err, "are no sample")
	}
	_, err = r.ShareAtMost(5, 6)
	require.ErrorContains(t, err, "are no sample")
}
