package main

import (
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/detect"
)

func TestTheSharedCloudTrailFilesGiveTheirKnownAnswers(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob(filepath.Join(tool(t, "data/review/cloudtrail"), "*.json"))
	require.NoError(t, err)
	require.Len(t, names, 34)
	out, errs := run(t, append([]string{"-format", "cloudtrail", "-workers", "2", "-in"}, names...)...)
	require.Empty(t, errs)
	require.Contains(t, out, "\n2261 events from 2023-07-10T")
	require.Contains(t, out, "  success    2027\n  denied     60\n  failure    72\n  throttled  102\n")
	require.Contains(t, out, "\nR20 (20 findings)", "10 of what is recorded, and 10 of rights")
	require.NotContains(t, out, "could not be read")

	calls := map[string]int{} // of all files one by one, because five findings are shown at most
	line := regexp.MustCompile(`Z: (\w+) .*; it (succeeded|failed|was denied)`)
	for _, name := range names {
		out, _ := run(t, "-format", "cloudtrail", "-detectors", "R20", "-in", name)
		for _, m := range line.FindAllStringSubmatch(out, -1) {
			if !slices.ContainsFunc(detect.PrivilegeCalls(), func(c detect.Call) bool { return c.Act.Name == m[1] }) {
				calls[m[1]+" "+m[2]]++
			}
		}
	}
	require.Equal(t, map[string]int{"StopLogging failed": 3, "DeleteTrail succeeded": 2, "DeleteTrail failed": 1, "PutEventSelectors succeeded": 2,
		"DeleteFlowLogs succeeded": 1, "LeaveOrganization was denied": 1}, calls, "10 calls that control the log: 5 succeeded, 5 failed")
}

// The five records are five events: 2 and 3 lines, as many different stamps, of types USER_LOGIN 2, SYSCALL, USER_CMD and AVC 1,
// counted with wc and grep. The AVC is denied, one USER_LOGIN failed, and three have no user who logged in.
func TestTheSharedAuditdFilesGiveTheirKnownAnswers(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob(filepath.Join(tool(t, "data/review/auditd"), "*"))
	require.NoError(t, err)
	require.Len(t, names, 2)
	out, errs := run(t, append([]string{"-format", "auditd", "-in"}, names...)...)
	require.Empty(t, errs)
	require.Contains(t, out, "\n5 events from 2017-03-07T04:59:29Z to 2018-04-25T13:28:53Z\n  success    3\n  denied     1\n  failure    1\n  throttled  0\n  unknown    0\n  3 without an identity of the actor\n")
	require.NotContains(t, out, "could not be read")
}

func TestTheSharedAuditEventsAreRead(t *testing.T) {
	t.Parallel()
	out, _ := run(t, "-format", "fhir", "-in", filepath.Join(tool(t, "data/review"), "fhir-r4-AuditEvent-example-login.json"))
	require.Contains(t, out, "\n1 event from 2013-06-20T23:41:23Z to 2013-06-20T23:41:23Z\n  success    1\n")
	out, _ = run(t, "-format", "fhir", "-in", filepath.Join(tool(t, "data/review"), "fhir-r4-AuditEvent-example.json"))
	require.Contains(t, out, "1 without an identity of the actor", "there is no requestor")

	// A table in which 95 has left, and is the patient example: so the findings name who acted and whose record it was.
	people := put(t, t.TempDir(), "users.csv", []byte("user,role,dept,own_mrn,terminated_at,shift_start,shift_hours\n95,nurse,ICU,example,2013-01-01T00:00:00Z,7,12\n"))
	found := func(name string) string {
		out, _ := run(t, "-format", "fhir", "-users", people, "-detectors", "R1,R8", "-in", filepath.Join(tool(t, "data/review"), name))
		return out
	}
	require.Contains(t, found("fhir-r4-AuditEvent-example-login.json"), "\n  high, 95, 2013-06-20T23:41:23Z: 1 act succeeded after the actor had left")
	rest := found("fhir-r4-AuditEvent-example-rest.json")
	require.Contains(t, rest, "\n  low, 95, 2013-06-20T23:42:24Z: 1 access by the actor to the actor's own record", "the patient comes out of Patient/example/_history/1")
	require.Contains(t, rest, "\nR8 (1 finding)")
}
