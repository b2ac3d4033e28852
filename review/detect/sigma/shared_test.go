package sigma_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/review/detect/sigma"
)

func TestEverySharedRuleLoads(t *testing.T) {
	t.Parallel()
	rules := sharedRules(t)
	require.Len(t, rules, 157)
	services := map[string]int{}
	for _, r := range rules {
		services[r.LogSource.Product]++
		require.NotEmpty(t, r.Condition)
		require.NotEqual(t, sigma.LevelUnknown, r.Level)
		require.Len(t, string(r.Digest), 64)
	}
	require.Equal(t, map[string]int{"aws": 57, "gcp": 26, "okta": 21, "linux": 53}, services)
	set, err := sigma.Compile(rules...)
	require.NoError(t, err)
	require.True(t, set.Keywords())
	require.Contains(t, set.Fields(), "userIdentity.sessionContext.sessionIssuer.type")
}

// built is an event made out of a rule.
type built struct {
	rule  string
	event fields
	hits  bool // the rule itself
}

// builtEvents makes, for every shared rule, events that meet it in every way that it has, and from each of these the
// events that lack a single condition or meet an exception.
func builtEvents(t testing.TB) (trees map[string]*tree, out []built) {
	trees = map[string]*tree{}
	for _, f := range sharedFiles(t) {
		id, root := naiveRule(t, f)
		trees[id] = root
		for _, way := range root.ways() {
			out = append(out, built{id, build(t, way), true})
			for i, d := range way {
				less := build(t, slices.Delete(slices.Clone(way), i, i+1))
				if d.op == "null" {
					less[d.field] = []string{"something"}
				}
				if d.op == "null" || !root.acceptsAbsence(d.field) {
					out = append(out, built{id, less, false})
				}
				if len(less[d.field]) == 0 && d.field != "" {
					other := build(t, slices.Delete(slices.Clone(way), i, i+1))
					other[d.field] = []string{"~~"}
					out = append(out, built{id, other, d.value == "*"})
				}
			}
		}
		for _, way := range root.spoiled() {
			out = append(out, built{id, build(t, way), false})
		}
	}
	return trees, out
}

// put gives an event to a matcher and returns the identities of the rules that it meets.
func put(m *sigma.Matcher, set *sigma.Set, e fields) []string {
	m.Reset()
	for name, values := range e {
		for _, v := range values {
			m.Put(name, v)
		}
	}
	var out []string
	for _, i := range m.Match() {
		out = append(out, set.Rules()[i].ID)
	}
	return out
}

func TestEverySharedRuleHitsWhatItSelectsAndMissesWhatLacksOneCondition(t *testing.T) {
	t.Parallel()
	set, err := sigma.Compile(sharedRules(t)...)
	require.NoError(t, err)
	m := set.Matcher()
	_, events := builtEvents(t)
	hit, missed := map[string]int{}, map[string]int{}
	for _, b := range events {
		got := slices.Contains(put(m, set, b.event), b.rule)
		require.Equal(t, b.hits, got, "%s on %s", b.rule, b.event)
		if b.hits {
			hit[b.rule]++
		} else {
			missed[b.rule]++
		}
	}
	require.Len(t, hit, 157)
	require.Len(t, missed, 157)
	require.Greater(t, len(events), 1000)
}

func TestTheIndexLosesNothing(t *testing.T) {
	t.Parallel()
	set, err := sigma.Compile(sharedRules(t)...)
	require.NoError(t, err)
	m := set.Matcher()
	trees, events := builtEvents(t)
	step := long.Count(3, 1)
	for i := 0; i < len(events); i += step {
		b := events[i]
		// Two events at once are an event, too: more rules are woken, and exceptions meet selections of others.
		both := fields{}
		for _, x := range []fields{b.event, events[(i*7+3)%len(events)].event} {
			for name, values := range x {
				both[name] = append(both[name], strings.ToUpper(values[0]), values[0])
			}
		}
		for _, e := range []fields{b.event, both} {
			var want []string
			for _, r := range set.Rules() {
				if trees[r.ID].holds(e) {
					want = append(want, r.ID)
				}
			}
			require.Equal(t, want, put(m, set, e), e)
		}
	}
}
