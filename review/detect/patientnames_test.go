package detect_test

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// Every detector that looks at patients says whom a finding is about, and every other one after a second reading.
func TestFindingsOfEveryDetectorAreLedToPatients(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	for i := range 40 {
		fmt.Fprintf(&log, `{"resourceType":"AuditEvent","id":"e-%d","type":{"code":"rest"},"action":"R","recorded":"2026-03-20T16:%02d:00Z","outcome":"0","purposeOfEvent":[{"coding":[{"code":"BTG"}]}],`+
			`"agent":[{"requestor":true,"who":{"identifier":{"value":"wf-left"}}}],"entity":[{"what":{"reference":"Patient/P-%d"},"role":{"code":"1"}}]}`+"\n", i, i, i%3)
	}
	opened := 0
	open := func(text string) detect.File {
		return detect.File{Name: "a.ndjson", Open: func() (io.ReadCloser, error) {
			opened++
			return io.NopCloser(strings.NewReader(text)), nil
		}}
	}
	reader, err := activity.ReaderFor(activity.FormatFHIR)
	require.NoError(t, err)
	key := tokens(t, 1)
	source := detect.Source{ID: "ehr", Reader: reader, Files: []detect.File{open(log.String())}, Tokens: key}
	all := []detect.Detector{detect.BreakGlass{}, detect.TerminatedUser{Context: workforce(t)}}
	scanned, err := detect.Scan(t.Context(), source, all...)
	require.NoError(t, err)
	of := func(id detect.ID) (out []detect.Finding) {
		for _, f := range scanned.Findings() {
			if f.Detector == id {
				out = append(out, f)
			}
		}
		return out
	}
	require.Len(t, of(detect.IDBreakGlass), 3)
	for _, f := range of(detect.IDBreakGlass) {
		require.Len(t, f.Patients, 1)
	}
	require.Len(t, of(detect.IDTerminatedUser), 1)
	require.Empty(t, of(detect.IDTerminatedUser)[0].Patients, "it does not look at patients")

	require.NoError(t, scanned.NamePatients(t.Context(), source))
	require.Equal(t, 2, opened)
	got := of(detect.IDTerminatedUser)[0]
	var want []hipaasmp.Digest
	for i := range 3 {
		want = append(want, key.Of(activity.Patient{ID: fmt.Sprint("P-", i)}))
	}
	slices.Sort(want)
	require.Equal(t, want, got.Patients)
	require.Equal(t, int64(3), got.PatientCount)
	written, err := json.Marshal(scanned.Findings())
	require.NoError(t, err)
	require.NotContains(t, string(written), `P-`)

	other := source
	other.Files = []detect.File{open(log.String() + "\n")}
	var changed *detect.SourceError
	require.ErrorAs(t, scanned.NamePatients(t.Context(), other), &changed)
	other.Files = []detect.File{{Name: "a.ndjson", Open: func() (io.ReadCloser, error) { return nil, io.ErrUnexpectedEOF }}}
	require.ErrorIs(t, scanned.NamePatients(t.Context(), other), io.ErrUnexpectedEOF)
	other.Tokens = detect.Tokens{}
	require.NoError(t, scanned.NamePatients(t.Context(), other), "without a key there is nothing to name")
}
