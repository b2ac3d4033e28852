package sanction

import (
	"cmp"
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
)

// Values returns the members of the enumeration.
func (Inconsistency) Values() []Inconsistency {
	return []Inconsistency{InconsistencyOffRange, InconsistencyOffLadder, InconsistencyUnlike, InconsistencyInverted}
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

// Tally is one outcome of a group with the cases that ended so.
type Tally struct {
	// Outcome is the rung, or "none".
	Outcome string `json:"outcome"`
	// Cases are the cases, ordered by reference.
	Cases []hipaasmp.Ref `json:"cases"`
}

// Group is a set of like cases: one policy version, one category, the same factors.
type Group struct {
	// Policy is the policy version.
	Policy hipaasmp.Ref `json:"policy"`
	// Category is the violation category.
	Category string `json:"category"`
	// Factors are the identities of the factors, in order.
	Factors []string `json:"factors,omitempty"`
	// Outcomes lists what the cases ended with, mildest first.
	Outcomes []Tally `json:"outcomes"`
}

// Finding is one thing that a comparison shows. It is a question to answer, not a judgement: a reason may stand in the
// case that the factors do not tell.
type Finding struct {
	// Kind is what was found.
	Kind Inconsistency `json:"kind"`
	// Policy is the policy version.
	Policy hipaasmp.Ref `json:"policy"`
	// Category is the violation category.
	Category string `json:"category"`
	// Cases are the cases in which it shows.
	Cases []hipaasmp.Ref `json:"cases"`
	// Text says it in a sentence, without naming a person.
	Text string `json:"text"`
}

// Comparison is the result of [Consistency]. It names cases by reference and no person, and gives no score.
type Comparison struct {
	// Compared counts the cases that had an outcome to compare.
	Compared int `json:"compared"`
	// Groups lists the like cases.
	Groups []Group `json:"groups,omitempty"`
	// Findings lists what does not fit together.
	Findings []Finding `json:"findings,omitempty"`
}

// sample is what is compared of a case. It holds no person.
type sample struct {
	ref         hipaasmp.Ref
	policy      Extract
	category    string
	factors     []AppliedFactor
	disposition Disposition
	rung        string
}

func newSample(ref hipaasmp.Ref, x Extract, p Proceeding) (sample, bool) {
	d, ok := p.Standing()
	if !ok || p.Determination == nil {
		return sample{}, false
	}
	factors := slices.Clone(p.Factors())
	slices.SortFunc(factors, func(a, b AppliedFactor) int { return cmp.Compare(a.ID, b.ID) })
	factors = slices.CompactFunc(factors, func(a, b AppliedFactor) bool { return a.ID == b.ID })
	return sample{ref: ref.Newest(), policy: x, category: p.Determination.Category, factors: factors, disposition: d.Disposition, rung: d.Rung}, true
}

// outcome is the rung, or "none".
func (s sample) outcome() string {
	if s.disposition == DispositionNone {
		return string(DispositionNone)
	}
	return s.rung
}

// rank places the outcome on the ladder; none stands below the first rung.
func (s sample) rank() int {
	if s.disposition == DispositionNone {
		return 0
	}
	return s.policy.Rank(s.rung)
}

func (s sample) ids(only Effect) []string {
	var out []string
	for _, f := range s.factors {
		if only == "" || f.Effect == only {
			out = append(out, f.ID)
		}
	}
	return out
}

func (s sample) key() string {
	return strings.Join(append([]string{s.policy.Policy.Newest().String(), s.category}, s.ids("")...), "\x00")
}

// Consistency compares the outcomes of like cases: one policy version, one category, the same factors. A case and its
// outcome count once; the outcome wins. Cases without a decision and dismissed ones are not compared. The result does
// not depend on the order of the arguments.
func Consistency(cases []Case, outcomes []Outcome) Comparison {
	byRef := map[hipaasmp.Ref]sample{}
	for _, c := range cases {
		if s, ok := newSample(c.DocumentRef(), c.Policy, c.Proceeding); ok {
			byRef[s.ref] = s
		}
	}
	round := map[hipaasmp.Ref]int{}
	for _, o := range outcomes {
		if s, ok := newSample(o.Case, o.Policy, o.Proceeding); ok && o.Round >= round[s.ref] {
			byRef[s.ref], round[s.ref] = s, o.Round
		}
	}
	samples := make([]sample, 0, len(byRef))
	for _, s := range byRef {
		samples = append(samples, s)
	}
	slices.SortFunc(samples, func(a, b sample) int {
		return cmp.Or(cmp.Compare(a.key(), b.key()), cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.outcome(), b.outcome()), cmp.Compare(a.ref.String(), b.ref.String()))
	})

	out := Comparison{Compared: len(samples)}
	var firsts []int
	for i, s := range samples {
		if f, ok := offRange(s); ok {
			out.Findings = append(out.Findings, f)
		}
		if i == 0 || s.key() != samples[i-1].key() {
			firsts = append(firsts, i)
			out.Groups = append(out.Groups, Group{Policy: s.policy.Policy.Newest(), Category: s.category, Factors: s.ids("")})
		}
		g := &out.Groups[len(out.Groups)-1]
		if n := len(g.Outcomes); n == 0 || g.Outcomes[n-1].Outcome != s.outcome() {
			g.Outcomes = append(g.Outcomes, Tally{Outcome: s.outcome()})
		}
		t := &g.Outcomes[len(g.Outcomes)-1]
		t.Cases = append(t.Cases, s.ref)
	}
	for _, g := range out.Groups {
		if f, ok := unlike(g); ok {
			out.Findings = append(out.Findings, f)
		}
	}
	out.Findings = append(out.Findings, inverted(samples, firsts)...)
	slices.SortStableFunc(out.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Policy.String(), b.Policy.String()), cmp.Compare(a.Category, b.Category), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Text, b.Text))
	})
	return out
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
