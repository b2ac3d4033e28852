package detect_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

func tokens(t require.TestingT, with byte) detect.Tokens {
	out, err := detect.NewTokens(bytes.Repeat([]byte{with}, 32))
	require.NoError(t, err)
	return out
}

// A finding names the patients whom it is about by tokens of the tenant's key, never by what the log has, and whoever has
// the key and a list of patients finds them again.
func TestAFindingNamesPatientsByKeyedTokens(t *testing.T) {
	t.Parallel()
	mine, other := tokens(t, 1), tokens(t, 2)
	one, two := activity.Patient{System: "mrn", ID: "P-1"}, activity.Patient{System: "mrn", ID: "P-2"}
	found := func(d detect.Detector, events ...activity.Event) []detect.Finding {
		p := d.New()
		for _, e := range events {
			p.Add(e)
		}
		return p.Findings()
	}
	opened := func(n int, patients ...activity.Patient) activity.Event {
		return activity.Event{Source: "ehr", ID: fmt.Sprint("e-", n), Recorded: start.Add(time.Duration(n) * time.Minute), Actor: activity.Actor{ID: "wf-1"},
			Action: activity.ActionRead, Outcome: activity.OutcomeSuccess, Purpose: []string{"BTG"}, Patients: patients}
	}
	all := map[string]struct {
		detector detect.Detector
		patients []activity.Patient
	}{
		"emergency access to one":    {detect.BreakGlass{}, []activity.Patient{one}},
		"emergency access to two":    {detect.BreakGlass{}, []activity.Patient{two, one}},
		"emergency access to nobody": {detect.BreakGlass{}, nil},
	}
	for name, c := range all {
		fs := found(c.detector, opened(1, c.patients...), opened(2, c.patients...))
		require.Len(t, fs, 1, name)
		bare := detect.Tokens{}.Name(fs[0])
		require.Empty(t, bare.Patients, "without a key a finding names nobody")
		require.Zero(t, bare.PatientCount)
		f := mine.Name(fs[0])
		var want []hipaasmp.Digest
		for _, p := range c.patients {
			want = append(want, mine.Of(p))
		}
		slices.Sort(want)
		require.Equal(t, want, f.Patients, name)
		require.Equal(t, int64(len(want)), f.PatientCount)
		require.NotEqual(t, f.ID, "", "the identity does not depend on the key")
		require.Equal(t, fs[0].ID, f.ID)
		require.Equal(t, f, other.Name(f), "what is named is not named again")
		b, err := json.Marshal(f)
		require.NoError(t, err)
		require.NotContains(t, string(b), "P-1")
		require.NotContains(t, string(b), "mrn")
	}
	require.NotEqual(t, mine.Of(one), other.Of(one), "another tenant has another token")
	require.NotEqual(t, mine.Of(one), mine.Of(activity.Patient{System: "eid", ID: "P-1"}))
	require.Empty(t, mine.Of(activity.Patient{System: "mrn"}))
	require.Empty(t, detect.Tokens{}.Of(one))
	require.Equal(t, map[hipaasmp.Digest]activity.Patient{mine.Of(two): two}, mine.Resolve(slices.Values([]activity.Patient{one, two}), mine.Of(two)))
	require.Empty(t, other.Resolve(slices.Values([]activity.Patient{one, two}), mine.Of(two)))
	_, err := detect.NewTokens(make([]byte, 31))
	require.EqualError(t, err, "detect: a key for tokens has 31 bytes; give at least 32 from a random source")
}

// The token is the HMAC that its comment says, so that another program computes the same.
func TestATokenIsComputedByAnotherProgram(t *testing.T) {
	t.Parallel()
	// hmac-sha256(32 times 01, "patient " + first 32 hexadecimal digits of sha256("mrn" + NUL + "P-1")), by OpenSSL.
	require.Equal(t, hipaasmp.Digest("71e00b2a360932b23fb6812444b1060d2e91dc3c0527e379e939848a2506528a"), tokens(t, 1).Of(activity.Patient{System: "mrn", ID: "P-1"}))
}

// Of more patients than a finding names it says how many there are.
func TestAFindingCountsThePatientsThatItDoesNotName(t *testing.T) {
	t.Parallel()
	events := activity.Event{Source: "ehr", ID: "e", Recorded: start, Actor: activity.Actor{ID: "wf-1"}, Action: activity.ActionRead, Outcome: activity.OutcomeSuccess, Purpose: []string{"BTG"}}
	for i := range detect.MaxPatients + 5 {
		events.Patients = append(events.Patients, activity.Patient{ID: fmt.Sprint("P-", i)})
	}
	p := detect.BreakGlass{}.New()
	p.Add(events)
	f := tokens(t, 1).Name(p.Findings()[0])
	require.Len(t, f.Patients, detect.MaxPatients)
	require.Equal(t, int64(detect.MaxPatients+5), f.PatientCount)
}
