package review

import (
	"fmt"
	"math"
	"math/big"

	"github.com/shopspring/decimal"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// SamplingRule says how much a sample is to show. Sizes and limits follow from it exactly; none of them is a rule of law.
type SamplingRule struct {
	// Confidence is how sure the conclusion is to be, as a fraction, for example "0.95".
	Confidence decimal.Decimal `json:"confidence" validate:"decmin=0.5,decmax=0.999"`
	// Tolerable is the share of deviating entries that the reviewer can live with, as a fraction, for example "0.05".
	Tolerable decimal.Decimal `json:"tolerable" validate:"decmin=0.01,decmax=0.5"`
	// Allowed is the number of deviations up to which the sample still shows that the share is not exceeded; 0 is a
	// discovery sample, in which a single one tells.
	Allowed int `json:"allowed" validate:"min=0,max=20"`
}

// Discovery returns a rule in which no deviation is allowed. Confidence and tolerable are fractions such as "0.95" and
// "0.05"; the error is a [*hipaasmp.ValidationError] where they are not, or out of range.
func Discovery(confidence, tolerable string) (SamplingRule, error) {
	return Attribute(confidence, tolerable, 0)
}

// Attribute returns a rule in which so many deviations are allowed.
func Attribute(confidence, tolerable string, allowed int) (SamplingRule, error) {
	c, cerr := decimal.NewFromString(confidence)
	t, terr := decimal.NewFromString(tolerable)
	var f validate.Faults
	for _, x := range []struct {
		name string
		err  error
	}{{"confidence", cerr}, {"tolerable", terr}} {
		if x.err != nil {
			f.Add(hipaasmp.FaultFormat, "/"+x.name, "is no decimal; write a fraction such as 0.95")
		}
	}
	if err := f.Err(hipaasmp.Ref{}); err != nil {
		return SamplingRule{}, err
	}
	r := SamplingRule{Confidence: c, Tolerable: t, Allowed: allowed}
	if err := r.valid(); err != nil {
		return SamplingRule{}, err
	}
	return r, nil
}

// The most entries that a population may have. Beyond it the binomial size of [SamplingRule.Size] differs by none.
const maxPopulation = 1_000_000_000

// maxSample is the most entries that a sample may have. No rule asks for so many.
const maxSample = 5_000

// places is how finely a fraction of a rule may be written.
const places = 6

func (r SamplingRule) valid() error {
	var f validate.Faults
	f.Append(validate.Shape(r)...)
	r.check(&f, "")
	return f.Err(hipaasmp.Ref{})
}

// fine reports whether the fraction can be computed with: a fraction in range, and of no more places than allowed.
func fine(d decimal.Decimal) bool {
	return d.Exponent() <= 0 && d.Exponent() >= -places && d.Sign() > 0 && d.LessThan(decimal.New(1, 0))
}

func (r SamplingRule) check(f *validate.Faults, at string) {
	for _, x := range []struct {
		name string
		d    decimal.Decimal
	}{{"confidence", r.Confidence}, {"tolerable", r.Tolerable}} {
		if e := x.d.Exponent(); e < -places || e > 0 {
			f.Cite(FaultSample, hipaasmp.CiteActivityReview, at+hipaasmp.Pointer(x.name), "has more than %d places; write a fraction such as 0.95", places)
		}
	}
}

// computes reports whether the rule is one that sizes can be computed of.
func (r SamplingRule) computes() bool {
	return fine(r.Confidence) && fine(r.Tolerable) && r.Allowed >= 0 && r.Allowed <= 20 &&
		r.Tolerable.GreaterThanOrEqual(decimal.New(1, -2)) && r.Confidence.LessThanOrEqual(decimal.New(999, -3))
}

// alpha is the risk that the confidence leaves.
func (r SamplingRule) alpha() *big.Rat {
	return new(big.Rat).Sub(big.NewRat(1, 1), r.Confidence.Rat())
}

// tolerated is the number of deviating entries of the population that the rule tolerates, rounded down.
func (r SamplingRule) tolerated(population int64) int64 {
	x := new(big.Int).Mul(big.NewInt(population), r.Tolerable.Rat().Num())
	return x.Quo(x, r.Tolerable.Rat().Denom()).Int64()
}

// Size returns the size of a sample from a population without end: the smallest n in which the allowed deviations or
// fewer have a probability of at most 1 - confidence, if the tolerable share of the entries deviates (exact binomial). A
// rule that does not validate is refused with a [*hipaasmp.ValidationError].
func (r SamplingRule) Size() (int64, error) {
	if err := r.valid(); err != nil {
		return 0, err
	}
	alpha, p := r.alpha(), r.Tolerable.Rat()
	k := int64(r.Allowed)
	return bisect(k+1, maxSample, func(n int64) bool { return binomialTail(n, k, p, alpha) }), nil
}

// SizeOf returns the size of a sample from a population of the given number of entries (exact hypergeometric). The
// tolerable share is rounded down to a number of entries, and up to one where that is none. Where no smaller sample
// could show it the size is the population. A negative population and one beyond a thousand million are refused.
func (r SamplingRule) SizeOf(population int64) (int64, error) {
	if err := r.valid(); err != nil {
		return 0, err
	}
	if population < 0 || population > maxPopulation {
		return 0, fmt.Errorf("review: a population of %d entries cannot be sampled; give 0 to %d", population, maxPopulation)
	}
	return r.sizeOf(population), nil
}

func (r SamplingRule) sizeOf(population int64) int64 {
	k, bad, alpha := int64(r.Allowed), max(1, r.tolerated(population)), r.alpha()
	if population == 0 || bad <= k {
		return population
	}
	risk, _ := alpha.Float64()
	return smallest(k+1, population, func(n int64) bool { return roughTail(population, bad, n, k) <= math.Log(risk) },
		func(n int64) bool { return hypergeometricTail(population, bad, n, k, alpha) })
}

// AtMost returns the largest number of deviating entries of the population that the sample does not refute: with more,
// so few deviations as were found would have a probability of at most 1 - confidence. It is the exact one-sided upper
// limit. Where everything was looked at it is the number found.
func (r SamplingRule) AtMost(population, sampled, deviations int64) (int64, error) {
	if err := r.valid(); err != nil {
		return 0, err
	}
	if population < 0 || population > maxPopulation || sampled < 0 || sampled > min(population, maxSample) || deviations < 0 || deviations > sampled {
		return 0, fmt.Errorf("review: %d deviations in %d of %d entries are no sample", deviations, sampled, population)
	}
	return r.atMost(population, sampled, deviations), nil
}

func (r SamplingRule) atMost(population, sampled, deviations int64) int64 {
	alpha, most := r.alpha(), population-(sampled-deviations)
	risk, _ := alpha.Float64()
	return smallest(deviations+1, most+1,
		func(bad int64) bool {
			return bad > most || roughTail(population, bad, sampled, deviations) <= math.Log(risk)
		},
		func(bad int64) bool {
			return bad > most || hypergeometricTail(population, bad, sampled, deviations, alpha)
		}) - 1
}

// ShareAtMost is [SamplingRule.AtMost] for a population without end: the exact one-sided upper limit of the share after
// Clopper and Pearson, rounded up at the sixth place. Of a sample of nothing it is 1.
func (r SamplingRule) ShareAtMost(sampled, deviations int64) (decimal.Decimal, error) {
	if err := r.valid(); err != nil {
		return decimal.Decimal{}, err
	}
	if sampled < 0 || sampled > maxSample || deviations < 0 || deviations > sampled {
		return decimal.Decimal{}, fmt.Errorf("review: %d deviations in %d entries are no sample", deviations, sampled)
	}
	if deviations == sampled {
		return decimal.New(1, 0), nil
	}
	const steps = 1_000_000
	alpha := r.alpha()
	p := bisect(1, steps, func(p int64) bool { return binomialTail(sampled, deviations, big.NewRat(p, steps), alpha) })
	return decimal.New(p, -places), nil
}
