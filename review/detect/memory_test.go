package detect_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// underMemory are the detectors that have a memory limit, at the least there is.
func underMemory(t testing.TB, memory int) []detect.Detector {
	c := known(t)
	return []detect.Detector{
		detect.UserVolume{Volume: detect.Volume{Memory: memory}, Floor: 1, History: 1, P: 2},
		detect.PeerVolume{Volume: detect.Volume{Memory: memory}, People: c.People, Peers: 2, Floor: 1, Z: -9},
		detect.PatientSurge{Memory: memory, Floor: 1, P: 2},
		detect.Novelty{Memory: memory, Floor: 1, History: 1, P: 2},
		detect.SharedAccount{Limit: 16 * max(memory, min(memory, 1)<<12)},
	}
}

// busy is a log with more patients, sessions and machines than fit in the least memory.
func busy(random *rand.Rand, n int) []activity.Event {
	var l entries
	for i := range n {
		l.add(time.Duration(random.IntN(20*24*60))*time.Minute, func(e *activity.Event) {
			e.Actor.ID = fmt.Sprintf("u-%d", random.IntN(40))
			e.Patients = []activity.Patient{{ID: fmt.Sprintf("P-%d", random.IntN(900))}}
			e.From.Host = fmt.Sprintf("h-%d", random.IntN(300))
			e.Session = fmt.Sprintf("%016x", random.IntN(n/2))
			if i%3 == 0 {
				e.Session = fmt.Sprintf("session %d", random.IntN(n/2))
			}
			if i%5 == 0 {
				e.ID = ""
			}
		})
	}
	return l.events
}

// States under a memory limit are functions of the events as well: any split, any order and any tree of merges, with states
// written and read in between, gives the same bytes and findings.
func TestLimitedStatesDoNotDependOnHowTheyCameAbout(t *testing.T) {
	t.Parallel()
	for seed := range uint64(long.Count(4, 40)) {
		random := rand.New(rand.NewPCG(seed, 7))
		events := busy(random, 2500)
		for _, d := range underMemory(t, 1) {
			whole := d.New()
			for _, e := range events {
				whole.Add(e)
			}
			want, err := whole.Encode()
			require.NoError(t, err)
			require.NotEmpty(t, whole.(detect.Approximator).Approximate(), d.Describe().ID)

			shuffled := slices.Clone(events)
			random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			parts := make([]detect.Partial, 1+random.IntN(6))
			for i := range parts {
				parts[i] = d.New()
			}
			for _, e := range shuffled {
				parts[random.IntN(len(parts))].Add(e)
				if random.IntN(10) == 0 { // an event may be in several parts
					parts[random.IntN(len(parts))].Add(e)
				}
			}
			for len(parts) > 1 {
				i, j := random.IntN(len(parts)-1), len(parts)-1
				if random.IntN(2) == 0 {
					data, err := parts[i].Encode()
					require.NoError(t, err)
					parts[i], err = d.Decode(data)
					require.NoError(t, err)
				}
				require.NoError(t, parts[i].Merge(parts[j]))
				parts = parts[:j]
			}
			got, err := parts[0].Encode()
			require.NoError(t, err)
			require.Equal(t, string(want), string(got), d.Describe().ID)
			require.Equal(t, whole.Findings(), parts[0].Findings(), d.Describe().ID)
			require.Equal(t, whole.(detect.Approximator).Approximate(), parts[0].(detect.Approximator).Approximate())
		}
	}
}

// A state that fits its memory is exact, and finds what one without a limit finds.
func TestALimitThatIsNotReachedChangesNothing(t *testing.T) {
	t.Parallel()
	events := busy(rand.New(rand.NewPCG(1, 1)), 2500)
	exact, limited := underMemory(t, 0), underMemory(t, 1<<20)
	for i := range exact {
		a, b := exact[i].New(), limited[i].New()
		for _, e := range events {
			a.Add(e)
			b.Add(e)
		}
		require.Empty(t, a.(detect.Approximator).Approximate())
		require.Empty(t, b.(detect.Approximator).Approximate())
		require.NotEmpty(t, a.Findings(), exact[i].Describe().ID)
		require.Equal(t, a.Findings(), b.Findings())
		require.NotContains(t, fmt.Sprint(b.Findings()), "approximate")
	}
}

// What is estimated says so in every finding, lies near what is exact, and stays within its bytes.
func TestFindingsUnderAMemoryLimitAreMarkedApproximate(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 3))
	var l entries
	for day := range 20 {
		for user := range 12 {
			for range 60 {
				l.add(time.Duration(day*24*60+random.IntN(600))*time.Minute, func(e *activity.Event) {
					e.Actor.ID = fmt.Sprintf("u-%d", user)
					e.Patients = []activity.Patient{{ID: fmt.Sprintf("P-%d", random.IntN(3000))}}
					e.From.Host, e.Session = fmt.Sprintf("h-%d", random.IntN(30)), fmt.Sprintf("%d-%d-%d", user, day, random.IntN(4))
				})
			}
		}
	}
	exact, limited := detect.UserVolume{}, detect.UserVolume{Volume: detect.Volume{Memory: 16 << 10}}
	of := func(d detect.Detector) detect.Partial {
		p := d.New()
		for _, e := range l.events {
			p.Add(e)
		}
		return p
	}
	all, rough, err := exact.Counts(of(exact))
	require.NoError(t, err)
	require.False(t, rough)
	some, rough, err := limited.Counts(of(limited))
	require.NoError(t, err)
	require.True(t, rough)
	require.Len(t, some, len(all))
	sum := [2]int{}
	for i := range all {
		require.Equal(t, [2]any{all[i].Actor, all[i].Day}, [2]any{some[i].Actor, some[i].Day})
		sum[0], sum[1] = sum[0]+all[i].Patients, sum[1]+some[i].Patients
	}
	require.InEpsilon(t, sum[0], sum[1], 0.1)
	_, err = limited.Totals(of(limited))
	require.Error(t, err)

	for _, d := range underMemory(t, 4<<10) {
		fs := of(d).Findings()
		if id := d.Describe().ID; id != detect.IDPeerVolume { // those actors have no peers
			require.NotEmpty(t, fs, id)
		}
		for _, f := range fs {
			require.Contains(t, strings.Join(f.Reasons, "; "), "approximate", f.Detector)
		}
	}
}

// A written state whose limit was passed is refused where it says what it cannot be.
func TestALimitedStateThatIsDamagedIsRefused(t *testing.T) {
	t.Parallel()
	events := busy(rand.New(rand.NewPCG(5, 5)), 2500)
	for i, d := range underMemory(t, 1) {
		p := d.New()
		for _, e := range events {
			p.Add(e)
		}
		data, err := p.Encode()
		require.NoError(t, err)
		at := strings.Index(string(data), `"below":"`) + len(`"below":"`)
		require.Greater(t, at, len(`"below":"`))
		for _, below := range []string{"0000000000000000", "zz00000000000000", "0000000000000001", "+000000000000001"} {
			_, err := d.Decode([]byte(string(data[:at]) + below + string(data[at+16:])))
			require.Error(t, err, "%s %s", d.Describe().ID, below)
		}
		_, err = underMemory(t, 0)[i].Decode(data)
		require.Error(t, err)
	}
}
