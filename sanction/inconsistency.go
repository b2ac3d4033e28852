package sanction

import (
	"fmt"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Inconsistency is what a comparison finds.
type Inconsistency string

const (
	// InconsistencyOffRange: an outcome lies outside its category's range and no factor is recorded that would carry it.
	InconsistencyOffRange Inconsistency = "off_range_without_factor"
	// InconsistencyOffLadder: an outcome is no rung of the policy's ladder.
	InconsistencyOffLadder Inconsistency = "off_ladder"
	// InconsistencyUnlike: cases of one category with the same factors ended differently.
	InconsistencyUnlike Inconsistency = "unlike_outcomes"
	// InconsistencyInverted: a case with more against it and nothing more for it ended milder than another.
	InconsistencyInverted Inconsistency = "inverted_outcomes"
	// InconsistencyWorkforce: of like cases, every one about one category of the workforce ended milder than every one about
	// another.
	InconsistencyWorkforce Inconsistency = "unlike_by_workforce"
)

// Values returns the members of the enumeration.
func (Inconsistency) Values() []Inconsistency {
	return []Inconsistency{InconsistencyOffRange, InconsistencyOffLadder, InconsistencyUnlike, InconsistencyInverted, InconsistencyWorkforce}
}

// IsValid reports whether x is a member.
func (x Inconsistency) IsValid() bool { return slices.Contains(x.Values(), x) }

// MarshalText refuses a value that is no member.
func (x Inconsistency) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("sanction.Inconsistency", x, x.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (x *Inconsistency) UnmarshalText(text []byte) (err error) {
	*x, err = hipaasmp.ParseEnum("sanction.Inconsistency", text, x.Values())
	return err
}

func offRange(s sample) (Finding, bool) {
	f := Finding{Kind: InconsistencyOffRange, Policy: s.policy.Policy.Newest(), Category: s.category, Cases: []hipaasmp.Ref{s.ref}}
	if s.disposition == DispositionNone {
		return f, false // the reason stands in the case; whether like cases were treated alike is asked of the group
	}
	rank := s.rank()
	r, ok := s.policy.RangeOf(s.category)
	switch {
	case rank == 0:
		f.Kind = InconsistencyOffLadder
		f.Text = fmt.Sprintf("%s ended with %q, which is no rung of policy version %s", s.ref, s.rung, s.policy.Version)
	case !ok:
		return f, false
	case rank < s.policy.Rank(r.Least) && len(s.ids(EffectMitigating)) == 0:
		f.Text = fmt.Sprintf("%s ended with %q, below the range of category %s (%s to %s), and no mitigating factor is recorded", s.ref, s.rung, s.category, r.Least, r.Most)
	case rank > s.policy.Rank(r.Most) && len(s.ids(EffectAggravating)) == 0:
		f.Text = fmt.Sprintf("%s ended with %q, above the range of category %s (%s to %s), and no aggravating factor is recorded", s.ref, s.rung, s.category, r.Least, r.Most)
	default:
		return f, false
	}
	return f, true
}

func unlike(g Group) (Finding, bool) {
	if len(g.Outcomes) < 2 {
		return Finding{}, false
	}
	f := Finding{Kind: InconsistencyUnlike, Policy: g.Policy, Category: g.Category}
	var parts []string
	for _, t := range g.Outcomes {
		f.Cases = append(f.Cases, t.Cases...)
		parts = append(parts, fmt.Sprintf("%s (%d)", t.Outcome, len(t.Cases)))
	}
	f.Text = fmt.Sprintf("cases of category %s with the same factors (%s) ended differently: %s", g.Category, orNone(g.Factors), strings.Join(parts, ", "))
	return f, true
}

// span is what the cases about one category of the workforce ended with.
type span struct {
	category hipaasmp.WorkforceCategory
	low      int
	high     int
	cases    []hipaasmp.Ref
}

// byWorkforce finds, among like cases, pairs of categories of the workforce of which the one always fared better.
func byWorkforce(g Group, samples []sample) []Finding {
	var spans []span
	for _, category := range hipaasmp.WorkforceCategory("").Values() {
		x := span{category: category}
		for _, s := range samples {
			rank := s.rank()
			if s.workforce != category || rank == 0 && s.disposition != DispositionNone {
				continue // what is off the ladder has no place to compare
			}
			if len(x.cases) == 0 || rank < x.low {
				x.low = rank
			}
			x.high = max(x.high, rank)
			x.cases = append(x.cases, s.ref)
		}
		if len(x.cases) > 0 {
			spans = append(spans, x)
		}
	}
	var out []Finding
	for _, a := range spans {
		for _, b := range spans {
			if a.high >= b.low {
				continue
			}
			out = append(out, Finding{
				Kind: InconsistencyWorkforce, Policy: g.Policy, Category: g.Category, Cases: append(slices.Clone(a.cases), b.cases...),
				Text: fmt.Sprintf("cases of category %s with the same factors (%s) all ended milder for the workforce category %s (%d) than for %s (%d)",
					g.Category, orNone(g.Factors), a.category, len(a.cases), b.category, len(b.cases)),
			})
		}
	}
	return out
}

func orNone(ids []string) string {
	if len(ids) == 0 {
		return "none"
	}
	return strings.Join(ids, ", ")
}

// inverted finds pairs of groups of one category where the one has every aggravating factor of the other and more, or
// fewer mitigating ones and none more, and its mildest outcome is yet milder than the other's mildest.
func inverted(samples []sample, firsts []int) []Finding {
	var out []Finding
	for _, i := range firsts {
		for _, j := range firsts {
			worse, better := samples[i], samples[j]
			if i == j || worse.category != better.category || worse.policy.Policy.Newest() != better.policy.Policy.Newest() || worse.rank() >= better.rank() {
				continue
			}
			if !subset(better.ids(EffectAggravating), worse.ids(EffectAggravating)) || !subset(worse.ids(EffectMitigating), better.ids(EffectMitigating)) {
				continue
			}
			out = append(out, Finding{
				Kind: InconsistencyInverted, Policy: worse.policy.Policy.Newest(), Category: worse.category, Cases: []hipaasmp.Ref{worse.ref, better.ref},
				Text: fmt.Sprintf("%s (factors: %s) ended with %q, milder than %s (factors: %s) with %q, though nothing more speaks for it", worse.ref, orNone(worse.ids("")), worse.outcome(), better.ref, orNone(better.ids("")), better.outcome()),
			})
		}
	}
	return out
}

func subset(a, b []string) bool {
	for _, x := range a {
		if !slices.Contains(b, x) {
			return false
		}
	}
	return true
}
