package sigma_test

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
	"github.com/hipaasmp/hipaasmp/review/detect/sigma"
)

const logsAt = "../../../../shared/data/review"

// sharedLogs returns the files of a shared folder, or skips.
func sharedLogs(t testing.TB, folder string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(filepath.FromSlash(logsAt), folder, "*"))
	require.NoError(t, err)
	if len(names) == 0 {
		t.Skip("the shared logs are not here; this test needs them")
	}
	return names
}

// scan gives files to one detector.
func scan(t testing.TB, id string, reader activity.Reader, names []string, d detect.Detector) *detect.Scanned {
	source := detect.Source{ID: id, Reader: reader}
	for _, name := range names {
		source.Files = append(source.Files, detect.File{Name: filepath.Base(name), Open: func() (io.ReadCloser, error) { return os.Open(name) }})
	}
	scanned, err := detect.Scan(t.Context(), source, d)
	require.NoError(t, err)
	return scanned
}

// rulesFor returns the shared rules that a mapping serves.
func rulesFor(t testing.TB, mp sigma.Mapping) []sigma.Rule {
	return slices.DeleteFunc(sharedRules(t), func(r sigma.Rule) bool { return !mp.Serves(r) })
}

// Checked by hand, against counts made with other programs. With jq over all records, one selection for each rule, such as
//
//	jq -c '.Records[] | select(.eventName=="DeleteBucket" and .errorCode==null)' *.json | wc -l
//
// which gave 2, 6, 75, 2, 1, 6, 6, 1 and 1 for the rules below; and that of the 48 other rules only four could be met by a
// name of a call or name none: those of ModifyInstanceAttribute, Root and TruffleHog (twice). With Python's json: StopLogging 3 and
// DeleteTrail 3, UpdateTrail none; 75 records of AssumedRole, the issuer of every one of type Role; DeleteBucket 5, of
// which 3 ended with BucketNotEmpty and 2 have no errorCode; SendCommand 2, one of them with InvalidInstanceId;
// DeleteFlowLogs 1 without an errorCode; ModifySnapshotAttribute 2; CreateRoute 6; AuthorizeSecurityGroupEgress 1 and
// Ingress 2, RevokeSecurityGroupEgress 2 and Ingress 1; ListBuckets 1, by an IAMUser. Also checked that these do not hit:
// ModifyInstanceAttribute 2, both of disableApiTermination and not of userData; no record of an arn with
// assumed-role/aws:, of a user agent of TruffleHog or S3 Browser, with the word Suspended, by Root, or of guardduty, config,
// signin, lambda, glue and eks.
func TestHitsOnTheSharedCloudTrailFiles(t *testing.T) {
	t.Parallel()
	names := sharedLogs(t, "cloudtrail")
	d, err := sigma.NewDetector("sigma-aws", sigma.CloudTrail(), rulesFor(t, sigma.CloudTrail())...)
	require.NoError(t, err)
	reader, err := activity.ReaderFor(activity.FormatCloudTrail)
	require.NoError(t, err)
	scanned := scan(t, "aws", reader, names, d)
	require.EqualValues(t, 2261, scanned.Tally.Events)
	events := map[string]int64{}
	for _, f := range scanned.Findings() {
		title, _, _ := strings.Cut(f.Reasons[0], ": ")
		events[title] += f.Count
	}
	var got []string
	for _, title := range slices.Sorted(maps.Keys(events)) {
		got = append(got, fmt.Sprintf("%d %s", events[title], title))
	}
	require.Equal(t, []string{
		"2 AWS Bucket Deleted",
		"6 AWS CloudTrail Important Change",
		"75 AWS STS AssumeRole Misuse",
		"2 AWS Snapshot Backup Exfiltration",
		"1 AWS VPC Flow Logs Deleted",
		"6 Ingress/Egress Security Group Modification",
		"6 New Network Route Added",
		"1 Potential Bucket Enumeration on AWS",
		"1 Potential Malicious Usage of CloudTrail System Manager",
	}, got)
}

// readable is a rule that one line of the shared auditd files meets, to show that they were taken apart.
const readable = `title: Program deleted while it runs
id: 5f7f4e1c-0004-4000-8000-000000000001
logsource: {product: linux, service: auditd}
detection:
  selection:
    type: SYSCALL
    exe|endswith: '/charon (deleted)'
    success: 'yes'
  condition: selection
`

// None of the 53 rules may hit the five shared records. Checked by hand: the one SYSCALL record is not enriched, so it has
// no field SYSCALL; its comm is "charon", its exe, read from hexadecimal, "/usr/libexec/strongswan/charon (deleted)", which
// lies in no folder and ends with no name that a rule for SYSCALL lists, and its key is (null). The other four are
// USER_CMD, USER_LOGIN twice and AVC, types that no rule names; the rules without a type look for --cpu-priority in a1 to
// a7, of which the SYSCALL record has a1 to a3 with other values, and for the key susp_activity.
func TestHitsOnTheSharedAuditdFiles(t *testing.T) {
	t.Parallel()
	names := sharedLogs(t, "auditd")
	rules := rulesFor(t, sigma.Auditd())
	require.Len(t, rules, 53)
	d, err := sigma.NewDetector("sigma-auditd", sigma.Auditd(), append(rules, load(t, readable))...)
	require.NoError(t, err)
	reader, err := activity.ReaderFor(activity.FormatAuditd)
	require.NoError(t, err)
	scanned := scan(t, "linux", reader, names, d)
	require.EqualValues(t, 5, scanned.Tally.Events)
	var got []string
	for _, f := range scanned.Findings() {
		title, _, _ := strings.Cut(f.Reasons[0], ": ")
		got = append(got, title)
		require.EqualValues(t, 1, f.Count)
	}
	require.Equal(t, []string{"Program deleted while it runs"}, got)
}
