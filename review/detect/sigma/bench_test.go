package sigma_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/detect/sigma"
)

// flat is an event as a decoder leaves it: one text a field.
type flat = map[string]string

// benchEvents returns the shared CloudTrail records as maps of their fields, lists and nulls left out, and beside them
// events built from the shared rules, of which every fourth hits.
func benchEvents(tb testing.TB) (trail, mixed []flat, records [][]byte) {
	for _, name := range sharedLogs(tb, "cloudtrail") {
		text, err := os.ReadFile(name)
		require.NoError(tb, err)
		var file struct{ Records []json.RawMessage }
		require.NoError(tb, json.Unmarshal(text, &file))
		for _, r := range file.Records {
			var v map[string]any
			require.NoError(tb, json.Unmarshal(r, &v))
			e := flat{}
			flatten(e, "", v)
			trail, records = append(trail, e), append(records, r)
		}
	}
	_, built := builtEvents(tb)
	for i, e := range trail {
		mixed = append(mixed, e)
		b := flat{}
		for name, values := range built[i%len(built)].event {
			b[name] = values[0]
		}
		mixed = append(mixed, b)
	}
	return trail, mixed, records
}

func flatten(to flat, prefix string, v map[string]any) {
	for name, x := range v {
		switch x := x.(type) {
		case map[string]any:
			flatten(to, prefix+name+".", x)
		case nil, []any:
		default:
			to[prefix+name] = fmt.Sprint(x)
		}
	}
}

// eight are rules over CloudTrail, and beside them the same in Go as one would write it over a map.
var eight = []struct {
	detection string
	byHand    func(flat) bool
}{
	{"s: {eventSource: cloudtrail.amazonaws.com, eventName: [StopLogging, UpdateTrail, DeleteTrail]}\ncondition: s", func(e flat) bool {
		return strings.EqualFold(e["eventSource"], "cloudtrail.amazonaws.com") && oneOf(e["eventName"], "StopLogging", "UpdateTrail", "DeleteTrail")
	}},
	{"s: {eventName: DeleteFlowLogs}\nok: {errorCode: null}\ncondition: s and ok", func(e flat) bool {
		_, failed := e["errorCode"]
		return strings.EqualFold(e["eventName"], "DeleteFlowLogs") && !failed
	}},
	{"s: {eventSource: ec2.amazonaws.com, eventName: CreateRoute}\ncondition: s", func(e flat) bool {
		return strings.EqualFold(e["eventSource"], "ec2.amazonaws.com") && strings.EqualFold(e["eventName"], "CreateRoute")
	}},
	{"s: {userAgent|contains: TruffleHog}\ncondition: s", func(e flat) bool {
		return strings.Contains(strings.ToLower(e["userAgent"]), "trufflehog")
	}},
	{"s: {userIdentity.type: Root}\nx: {eventType: AwsServiceEvent}\ncondition: s and not x", func(e flat) bool {
		return strings.EqualFold(e["userIdentity.type"], "Root") && !strings.EqualFold(e["eventType"], "AwsServiceEvent")
	}},
	{"s: {eventSource: s3.amazonaws.com, eventName: ListBuckets}\nx: {userIdentity.type: AssumedRole}\ncondition: s and not x", func(e flat) bool {
		return strings.EqualFold(e["eventSource"], "s3.amazonaws.com") && strings.EqualFold(e["eventName"], "ListBuckets") && !strings.EqualFold(e["userIdentity.type"], "AssumedRole")
	}},
	{"s: {eventSource: iam.amazonaws.com, eventName|startswith: [Attach, Put]}\ncondition: s", func(e flat) bool {
		name := strings.ToLower(e["eventName"])
		return strings.EqualFold(e["eventSource"], "iam.amazonaws.com") && (strings.HasPrefix(name, "attach") || strings.HasPrefix(name, "put"))
	}},
	{"s: {errorCode|contains: [Denied, Unauthorized], userIdentity.arn|contains: ':user/'}\ncondition: s", func(e flat) bool {
		code := strings.ToLower(e["errorCode"])
		return (strings.Contains(code, "denied") || strings.Contains(code, "unauthorized")) && strings.Contains(strings.ToLower(e["userIdentity.arn"]), ":user/")
	}},
}

func oneOf(s string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(s, w) })
}

// eightRules loads the eight rules.
func eightRules(tb testing.TB) *sigma.Set {
	var rules []sigma.Rule
	for i, e := range eight {
		rules = append(rules, load(tb, strings.Replace(rule(e.detection), "000000000001", fmt.Sprintf("%012d", i), 1)))
	}
	set, err := sigma.Compile(rules...)
	require.NoError(tb, err)
	return set
}

func TestTheEightRulesSayWhatTheGoSays(t *testing.T) {
	t.Parallel()
	_, mixed, _ := benchEvents(t)
	m := eightRules(t).Matcher()
	hits := 0
	for _, e := range mixed {
		got := m.MatchFields(e)
		for i, x := range eight {
			require.Equal(t, x.byHand(e), slices.Contains(got, i), "%d on %v", i, e)
		}
		hits += len(got)
	}
	require.Greater(t, hits, 50)
}

// fourfold returns the shared rules and three copies of them in which every literal that holds a letter is another.
func fourfold(tb testing.TB) *sigma.Set {
	rules := sharedRules(tb)
	for copy := 1; copy < 4; copy++ {
		for _, f := range sharedFiles(tb) {
			r, err := f.Open()
			require.NoError(tb, err)
			rules = append(rules, load(tb, distinct(tb, r, copy)))
			require.NoError(tb, r.Close())
		}
	}
	set, err := sigma.Compile(rules...)
	require.NoError(tb, err)
	require.Len(tb, set.Rules(), 628)
	return set
}

// speeds are the best of several rounds, in nanoseconds of processor time an event.
type speeds struct{ hand, eight, many, mixed, json float64 }

// measure times the eight rules as Go over maps, the same as Sigma rules, and 628 rules over maps and over JSON.
func measure(tb testing.TB) speeds {
	trail, mixed, records := benchEvents(tb)
	few, many := eightRules(tb).Matcher(), fourfold(tb).Matcher()
	sink := 0
	best := speeds{math.Inf(1), math.Inf(1), math.Inf(1), math.Inf(1), math.Inf(1)}
	timed := func(to *float64, n int, f func()) {
		start := processorTime()
		f()
		*to = min(*to, float64(processorTime()-start)/float64(n))
	}
	match := func(to *float64, m *sigma.Matcher, events []flat) {
		timed(to, len(events), func() {
			for _, e := range events {
				sink += len(m.MatchFields(e))
			}
		})
	}
	for range 7 {
		timed(&best.hand, len(trail), func() {
			for _, e := range trail {
				for _, x := range eight {
					if x.byHand(e) {
						sink++
					}
				}
			}
		})
		match(&best.eight, few, trail)
		match(&best.many, many, trail)
		match(&best.mixed, many, mixed)
		timed(&best.json, len(records), func() {
			for _, r := range records {
				hits, err := many.MatchJSON(r)
				require.NoError(tb, err)
				sink += len(hits)
			}
		})
	}
	require.Positive(tb, sink)
	return best
}

// The two figures: eight rules at most 50 ns a rule and event, 628 rules at most 5 µs an event, over decoded events. The
// machine that measures may be busy, so they are also told as ratios to the eight rules written in Go over the same maps,
// in the same rounds.
func BenchmarkSigma(b *testing.B) {
	var s speeds
	for b.Loop() {
		s = measure(b)
	}
	b.ReportMetric(s.hand/8, "go-ns/rule-event")
	b.ReportMetric(s.eight/8, "eight-ns/rule-event")
	b.ReportMetric(s.eight/s.hand, "eight/go-eight")
	b.ReportMetric(s.many, "628-ns/event")
	b.ReportMetric(s.mixed, "628-mixed-ns/event")
	b.ReportMetric(s.many/s.hand, "628/go-eight")
	b.ReportMetric(s.json, "628-json-ns/event")
}
