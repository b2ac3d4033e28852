package sanction

import (
	"cmp"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Tally is one outcome of a group with the cases that ended so.
type Tally struct {
	// Outcome is the rung, or "none".
	Outcome string `json:"outcome"`
	// Cases are the cases, ordered by reference.
	Cases []hipaasmp.Ref `json:"cases"`
	// Workforce counts the cases by the workforce category of the subject, in the order of the enumeration.
	Workforce []Share `json:"workforce"`
}

// Share is how many of some cases were about one category of the workforce.
type Share struct {
	// Category is how the subjects belong to the workforce.
	Category hipaasmp.WorkforceCategory `json:"category"`
	// Cases is how many.
	Cases int `json:"cases"`
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
	workforce   hipaasmp.WorkforceCategory
	ref         hipaasmp.Ref
	policy      Extract
	category    string
	factors     []AppliedFactor
	disposition Disposition
	rung        string
}

func newSample(ref hipaasmp.Ref, s Subject, x Extract, p Proceeding) (sample, bool) {
	d, ok := p.Standing()
	if !ok || p.Determination == nil {
		return sample{}, false
	}
	factors := slices.Clone(p.Factors())
	slices.SortFunc(factors, func(a, b AppliedFactor) int { return cmp.Compare(a.ID, b.ID) })
	factors = slices.CompactFunc(factors, func(a, b AppliedFactor) bool { return a.ID == b.ID })
	return sample{workforce: s.Category, ref: ref.Newest(), policy: x, category: p.Determination.Category, factors: factors, disposition: d.Disposition, rung: d.Rung}, true
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

// Consistency compares the outcomes of like cases: one policy version, one category, the same factors. Within these it
// compares the categories of the workforce, for which a sanction policy is the same. A case and its
// outcome count once; the outcome wins. Cases without a decision and dismissed ones are not compared. The result does
// not depend on the order of the arguments.
func Consistency(cases []Case, outcomes []Outcome) Comparison {
	byRef := map[hipaasmp.Ref]sample{}
	for _, c := range cases {
		if s, ok := newSample(c.DocumentRef(), c.Subject, c.Policy, c.Proceeding); ok {
			byRef[s.ref] = s
		}
	}
	round := map[hipaasmp.Ref]int{}
	for _, o := range outcomes {
		if s, ok := newSample(o.Case, o.Subject, o.Policy, o.Proceeding); ok && o.Round >= round[s.ref] {
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
		t.count(s.workforce)
	}
	for i, g := range out.Groups {
		if f, ok := unlike(g); ok {
			out.Findings = append(out.Findings, f)
		}
		last := len(samples)
		if i+1 < len(firsts) {
			last = firsts[i+1]
		}
		out.Findings = append(out.Findings, byWorkforce(g, samples[firsts[i]:last])...)
	}
	out.Findings = append(out.Findings, inverted(samples, firsts)...)
	slices.SortStableFunc(out.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Policy.String(), b.Policy.String()), cmp.Compare(a.Category, b.Category), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Text, b.Text))
	})
	return out
}

// count adds a case about the category of the workforce.
func (t *Tally) count(category hipaasmp.WorkforceCategory) {
	order := category.Values()
	i, found := slices.BinarySearchFunc(t.Workforce, category, func(s Share, c hipaasmp.WorkforceCategory) int {
		return cmp.Or(cmp.Compare(slices.Index(order, s.Category), slices.Index(order, c)), cmp.Compare(s.Category, c))
	})
	if !found {
		t.Workforce = slices.Insert(t.Workforce, i, Share{Category: category})
	}
	t.Workforce[i].Cases++
}
