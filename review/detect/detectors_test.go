package detect_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

func TestLogControlKnownAnswer(t *testing.T) {
	t.Parallel()
	run := detect.LogControl{Calls: detect.LogControlCalls()}.New()
	for _, e := range trail(t) {
		run.Add(e)
	}
	names, ends := map[string]int{}, map[string]int{}
	for _, f := range run.Findings() {
		requireSound(t, f)
		name, _, _ := strings.Cut(f.Reasons[0], " ")
		names[name]++
		end, _, _ := strings.Cut(f.Reasons[1], ":")
		ends[end]++
		require.Equal(t, f.Reasons[1] == "it succeeded", f.Severity == detect.SeverityHigh)
		require.NotEmpty(t, f.Actor)
	}
	require.Equal(t, map[string]int{"StopLogging": 3, "DeleteTrail": 3, "PutEventSelectors": 2, "DeleteFlowLogs": 1, "LeaveOrganization": 1}, names)
	require.Equal(t, map[string]int{"it succeeded": 5, "it failed": 4, "it was denied": 1}, ends)
}

func TestLogControlLooksForWhatItIsTold(t *testing.T) {
	t.Parallel()
	act := func(system, name string, o activity.Outcome) *entries {
		return new(entries).add(0, func(e *activity.Event) {
			e.Act, e.Outcome, e.Object.ID, e.Code = activity.Act{System: system, Name: name}, o, "t1", "X"
		})
	}
	hit := act("cloudtrail.amazonaws.com", "StopLogging", activity.OutcomeSuccess).find(detect.LogControl{})
	require.Len(t, hit, 1)
	require.Equal(t, []string{"StopLogging stops a trail from recording (t1)", "it succeeded"}, hit[0].Reasons)
	require.Empty(t, act("example.amazonaws.com", "StopLogging", activity.OutcomeSuccess).find(detect.LogControl{}), "another service's call of that name")
	require.Empty(t, act("cloudtrail.amazonaws.com", "StartLogging", activity.OutcomeSuccess).find(detect.LogControl{}))
	require.Len(t, act("http://dicom.nema.org/resources/ontology/DCM", "110133", activity.OutcomeUnknown).find(detect.LogControl{}), 1)
	attach := act("iam.amazonaws.com", "AttachUserPolicy", activity.OutcomeThrottled)
	require.Empty(t, attach.find(detect.LogControl{Calls: detect.LogControlCalls()}), "where programs deploy programs, rights are left out")
	require.Equal(t, "it was turned away for too many requests: X", attach.find(detect.LogControl{})[0].Reasons[1])
	severities := map[detect.Severity][]*entries{
		detect.SeverityHigh:     {act("cloudtrail.amazonaws.com", "StopLogging", activity.OutcomeSuccess), act("cloudtrail.amazonaws.com", "StopLogging", activity.OutcomeUnknown)},
		detect.SeverityModerate: {act("cloudtrail.amazonaws.com", "StopLogging", activity.OutcomeDenied), act("iam.amazonaws.com", "CreateUser", activity.OutcomeSuccess)},
		detect.SeverityLow:      {attach},
	}
	for want, logs := range severities {
		for _, l := range logs {
			require.Equal(t, want, l.find(detect.LogControl{})[0].Severity)
		}
	}
}

func TestFailedLoginsOfOneUser(t *testing.T) {
	t.Parallel()
	failures := func(n int, step time.Duration) *entries {
		var l entries
		for i := range n {
			l.login(time.Duration(i)*step, "u1", fmt.Sprint("10.0.0.", i), activity.OutcomeFailure)
		}
		return &l
	}
	for name, c := range map[string]struct {
		log  *entries
		want int
	}{
		"five in ten minutes, to the second": {failures(5, 150*time.Second), 1},
		"five in a second more":              {failures(5, 150*time.Second+250*time.Millisecond), 0},
		"four at once":                       {failures(4, 0), 0},
		"twenty are one burst":               {failures(20, 2*time.Minute), 1},
		"two bursts with a day between":      {failures(5, time.Second).login(24*time.Hour, "u1", "", activity.OutcomeFailure).login(24*time.Hour, "u1", "", activity.OutcomeFailure).login(24*time.Hour, "u1", "", activity.OutcomeDenied).login(24*time.Hour, "u1", "", activity.OutcomeFailure).login(24*time.Hour, "u1", "", activity.OutcomeFailure), 2},
		"four failures and a success":        {failures(4, 0).login(0, "u1", "", activity.OutcomeSuccess), 0},
		"four failures and an unknown end":   {failures(4, 0).login(0, "u1", "", activity.OutcomeUnknown), 0},
		"four failures and a throttled one":  {failures(4, 0).login(0, "u1", "", activity.OutcomeThrottled), 0},
		"four failures and one without time": {failures(4, 0).add(0, func(e *activity.Event) {
			e.Action, e.Outcome, e.Actor.ID, e.Recorded = activity.ActionLogin, activity.OutcomeFailure, "u1", time.Time{}
		}), 0},
		"a failure of another kind": {failures(4, 0).add(0, func(e *activity.Event) { e.Outcome, e.Actor.ID = activity.OutcomeFailure, "u1" }), 0},
	} {
		got := c.log.find(detect.FailedLogins{})
		require.Len(t, got, c.want, name)
		for _, f := range got {
			require.Equal(t, "u1", f.Actor, name)
			require.Equal(t, detect.SeverityModerate, f.Severity, name)
		}
	}
	got := failures(5, time.Minute).find(detect.FailedLogins{})
	require.Equal(t, []string{"5 failed log-ins by one user within 4m0s", "the setting is 5 within 10m0s"}, got[0].Reasons)
	require.EqualValues(t, 5, got[0].Count)
}

func TestFailedLoginsFromOnePlace(t *testing.T) {
	t.Parallel()
	users := func(n int, step time.Duration) *entries {
		var l entries
		for i := range n {
			l.login(time.Duration(i)*step, fmt.Sprint("u", i), "10.0.0.1", activity.OutcomeFailure)
		}
		return &l
	}
	severities := func(fs []detect.Finding) (out []detect.Severity) {
		for _, f := range fs {
			require.Empty(t, f.Actor, "several users are nobody in particular")
			out = append(out, f.Severity)
		}
		return out
	}
	require.Empty(t, users(4, time.Second).find(detect.FailedLogins{}))
	require.Equal(t, []detect.Severity{detect.SeverityModerate}, severities(users(9, time.Minute).find(detect.FailedLogins{})), "nine users in ten minutes are a burst and no spray")
	require.ElementsMatch(t, []detect.Severity{detect.SeverityModerate, detect.SeverityHigh}, severities(users(10, time.Minute).find(detect.FailedLogins{})))
	require.ElementsMatch(t, []detect.Severity{detect.SeverityModerate}, severities(users(10, 67*time.Second).find(detect.FailedLogins{})), "ten users in more than ten minutes are no spray")

	var one entries
	for range 6 {
		one.login(0, "u1", "10.0.0.1", activity.OutcomeFailure)
	}
	require.Len(t, one.find(detect.FailedLogins{}), 1, "one user from one place is one burst, not two")

	var unnamed entries
	for range 5 {
		unnamed.login(0, "", "10.0.0.1", activity.OutcomeFailure)
	}
	require.Len(t, unnamed.find(detect.FailedLogins{}), 1, "names that do not exist are masked in the log, the place is not")

	spray := users(12, 50*time.Second).find(detect.FailedLogins{})
	for _, f := range spray {
		if f.Severity == detect.SeverityHigh {
			require.Equal(t, "failed log-ins of 12 users from 10.0.0.1 within 9m10s", f.Reasons[0])
		}
	}
}

// The definition, written down once more without any cleverness: a failure whose (k-1)th earlier failure of the same
// user is at most the window old, and everything in between.
func TestBurstsFollowTheirDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		k := rapid.IntRange(2, 5).Draw(rt, "k")
		window := time.Duration(rapid.IntRange(1, 10).Draw(rt, "window")) * time.Minute
		times := rapid.SliceOfN(rapid.IntRange(0, 60), 0, 25).Draw(rt, "minutes")
		var l entries
		for _, m := range times {
			l.login(time.Duration(m)*time.Minute, "u", "", activity.OutcomeFailure)
		}
		sorted := l.events
		in := map[string]bool{}
		for _, e := range sorted {
			earlier := 0
			var oldest time.Time
			// The failures before e in time, the nearest first; ties fall in the order of the log.
			var before []activity.Event
			for _, o := range sorted {
				if o.Recorded.Before(e.Recorded) || o.Recorded.Equal(e.Recorded) && o.Seq < e.Seq {
					before = append(before, o)
				}
			}
			for len(before) > 0 && earlier < k-1 {
				last := 0
				for i, o := range before {
					if o.Recorded.After(before[last].Recorded) || o.Recorded.Equal(before[last].Recorded) && o.Seq > before[last].Seq {
						last = i
					}
				}
				oldest = before[last].Recorded
				before = append(before[:last], before[last+1:]...)
				earlier++
			}
			if earlier == k-1 && e.Recorded.Sub(oldest) <= window {
				in[e.ID] = true
				for _, o := range sorted {
					if !o.Recorded.Before(oldest) && !o.Recorded.After(e.Recorded) {
						in[o.ID] = in[o.ID] || !o.Recorded.Equal(oldest) && !o.Recorded.Equal(e.Recorded)
					}
				}
			}
		}
		got := map[string]bool{}
		for _, f := range l.find(detect.FailedLogins{Failures: k, Window: window}) {
			require.LessOrEqual(rt, k, int(f.Count))
			for _, e := range f.Events {
				require.False(rt, got[e.ID], "bursts do not overlap")
				got[e.ID] = true
			}
		}
		for id, is := range in {
			if is {
				require.True(rt, got[id], "%s belongs to a burst", id)
			}
		}
		if len(in) == 0 {
			require.Empty(rt, got)
		}
	})
}

func TestLoginAfterFailures(t *testing.T) {
	t.Parallel()
	burst := func(n int) *entries {
		var l entries
		for i := range n {
			l.login(time.Duration(i)*time.Minute, "u1", "10.0.0.1", activity.OutcomeFailure)
		}
		return &l
	}
	last := 4 * time.Minute // of a burst of five
	for name, c := range map[string]struct {
		log  *entries
		want int
	}{
		"within thirty minutes, to the second": {burst(5).login(last+30*time.Minute, "u1", "", activity.OutcomeSuccess), 1},
		"a second later":                       {burst(5).login(last+30*time.Minute+time.Second, "u1", "", activity.OutcomeSuccess), 0},
		"after four failures":                  {burst(4).login(last, "u1", "", activity.OutcomeSuccess), 0},
		"before the burst":                     {burst(5).login(-time.Second, "u1", "", activity.OutcomeSuccess), 0},
		"in the burst, before it was full":     {burst(5).login(last-time.Second, "u1", "", activity.OutcomeSuccess), 0},
		"another user from the same place":     {burst(5).login(last, "u2", "10.0.0.1", activity.OutcomeSuccess), 1},
		"another user from elsewhere":          {burst(5).login(last, "u2", "10.0.0.2", activity.OutcomeSuccess), 0},
		"the same user and place are one":      {burst(5).login(last, "u1", "10.0.0.1", activity.OutcomeSuccess), 1},
		"two log-ins after one burst":          {burst(5).login(last, "u1", "", activity.OutcomeSuccess).login(last+time.Minute, "u1", "", activity.OutcomeSuccess), 1},
		"a failure is no log-in":               {burst(6), 0},
	} {
		got := c.log.find(detect.LoginAfterFailures{})
		require.Len(t, got, c.want, name)
		for _, f := range got {
			require.Equal(t, detect.SeverityHigh, f.Severity, name)
			require.NotEmpty(t, f.Actor, name)
		}
	}
	got := burst(5).login(last+3*time.Minute, "u1", "", activity.OutcomeSuccess).find(detect.LoginAfterFailures{})
	require.Equal(t, []string{
		"1 log-in succeeded by the same user after a burst of failed ones: 5 within 4m0s",
		"the first succeeded 3m0s after the failure before it",
	}, got[0].Reasons)
	require.EqualValues(t, 6, got[0].Count, "the log-in and the failures")
	require.Equal(t, "e6", got[0].Events[0].ID)
	require.Equal(t, start, got[0].First)
	require.Equal(t, start.Add(last+3*time.Minute), got[0].Last)

	two := burst(5)
	for i := range 5 {
		two.login(time.Duration(20+i)*time.Minute, "u1", "10.0.0.1", activity.OutcomeFailure)
	}
	got = two.login(25*time.Minute, "u1", "", activity.OutcomeSuccess).find(detect.LoginAfterFailures{})
	require.Len(t, got, 1)
	require.Equal(t, "e6", got[0].Events[1].ID, "it belongs to the burst before it, not to the one before that")
}

func TestBreakGlass(t *testing.T) {
	t.Parallel()
	glass := func(l *entries, after time.Duration, actor, patient string, purpose ...string) *entries {
		return l.add(after, func(e *activity.Event) {
			e.Actor.ID, e.Purpose = actor, purpose
			if patient != "" {
				e.Patients = []activity.Patient{{ID: patient}}
			}
		})
	}
	day := 24 * time.Hour
	require.Empty(t, glass(new(entries), 0, "u1", "p1", "TREAT").find(detect.BreakGlass{}), "treatment is no emergency")

	one := glass(glass(new(entries), 0, "u1", "p1", "ETREAT"), time.Hour, "u1", "p1", "BTG").find(detect.BreakGlass{})
	require.Len(t, one, 1, "one actor in one record on one day is one thing to justify")
	require.Equal(t, detect.SeverityLow, one[0].Severity)
	require.Equal(t, []string{"2 accesses to one patient's record under emergency access", "the stated purpose is ETREAT"}, one[0].Reasons)
	require.NotContains(t, fmt.Sprint(one), "p1", "findings hold no patients")

	require.Len(t, glass(glass(new(entries), 0, "u1", "p1", "ETREAT"), 0, "u1", "p2", "ETREAT").find(detect.BreakGlass{}), 2, "two patients")
	require.Len(t, glass(glass(new(entries), 0, "u1", "p1", "ETREAT"), day, "u1", "p1", "ETREAT").find(detect.BreakGlass{}), 2, "two days")
	require.Len(t, glass(glass(new(entries), 0, "u1", "p1", "ETREAT"), 0, "u2", "p1", "ETREAT").find(detect.BreakGlass{}), 2, "two actors")

	override := new(entries).add(0, func(e *activity.Event) { e.Action, e.Actor.ID = activity.ActionOverride, "u1" }).find(detect.BreakGlass{})
	require.Equal(t, detect.SeverityModerate, override[0].Severity)
	require.Contains(t, override[0].Reasons, "no purpose was stated")
	require.Contains(t, override[0].Reasons[0], "a record that the log does not name")

	var many entries
	for i := range 5 {
		glass(&many, 0, "u1", fmt.Sprint("p", i), "ETREAT")
	}
	for _, f := range many.find(detect.BreakGlass{}) {
		require.Equal(t, detect.SeverityLow, f.Severity, "five in a month are within the setting")
	}
	for _, f := range glass(&many, day, "u1", "p9", "ETREAT").find(detect.BreakGlass{}) {
		require.Equal(t, detect.SeverityModerate, f.Severity, "six are not")
		require.Contains(t, f.Reasons, "the actor used it 6 times in the month; the setting is 5")
	}
	nobody := glass(new(entries), 0, "", "p1", "ETREAT").find(detect.BreakGlass{})
	require.Contains(t, nobody[0].Reasons, "the log does not say who it was")
	var unnamed entries
	for i := range 9 {
		glass(&unnamed, 0, "", fmt.Sprint("p", i), "ETREAT")
	}
	for _, f := range unnamed.find(detect.BreakGlass{}) {
		require.NotContains(t, fmt.Sprint(f.Reasons), "times in the month", "nine unnamed accesses are not one actor's nine")
	}
}

func TestDenials(t *testing.T) {
	t.Parallel()
	d := detect.Denials{Least: 20}
	p := d.New()
	for _, e := range trail(t) {
		p.Add(e)
	}
	counts, err := d.Counts(p)
	require.NoError(t, err)
	total := 0
	for _, c := range counts {
		total += c.Count
		require.False(t, c.Last.Before(c.First))
	}
	require.Equal(t, 60, total)
	require.GreaterOrEqual(t, counts[0].Count, counts[len(counts)-1].Count)
	found := 0
	for _, c := range counts {
		if c.Count >= 20 {
			found++
		}
	}
	require.Len(t, p.Findings(), found)

	_, err = d.Counts(detect.LogControl{}.New())
	require.Error(t, err)

	var l entries
	for i := range 10 {
		l.add(time.Duration(i), func(e *activity.Event) { e.Outcome = activity.OutcomeDenied })
	}
	require.Len(t, l.find(detect.Denials{}), 1)
	require.Empty(t, (&entries{l.events[:9]}).find(detect.Denials{}))
	require.Contains(t, l.find(detect.Denials{})[0].Reasons[0], "actors that the log does not name")
}

func TestHostileTextsAreMadeFitForARecord(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 5000)
	for name, actor := range map[string]string{"control characters": "a\n\x00\x1b[31mb", "not UTF-8": "a\xff\xfeb", "long": long, "blank": "  "} {
		got := new(entries).add(0, func(e *activity.Event) {
			e.Actor.ID, e.ID, e.Raw.File, e.Object.ID, e.Code = actor, actor, actor, actor, actor
			e.Act = activity.Act{System: "cloudtrail.amazonaws.com", Name: "StopLogging"}
			e.Outcome = activity.OutcomeFailure
		}).find(detect.LogControl{})
		requireSound(t, got[0])
		require.LessOrEqual(t, len(got[0].Actor), 1024, name)
		require.NotContains(t, got[0].Actor, "\n", name)
	}
	a := new(entries).add(0, func(e *activity.Event) { e.ID, e.Outcome = long+"a", activity.OutcomeDenied }).add(0, func(e *activity.Event) { e.ID, e.Outcome = long+"b", activity.OutcomeDenied })
	require.Len(t, a.find(detect.Denials{Least: 2}), 1, "two long identities that begin alike stay two")
}
