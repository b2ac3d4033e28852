package activity_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

func TestCloudTrailKnownAnswers(t *testing.T) {
	t.Parallel()
	var tally activity.Tally
	var seen activity.Seen
	kinds := map[activity.ActorKind]int{}
	controls := map[string]int{} // by name and outcome
	notAddresses := 0
	for _, name := range trail(t) {
		f, err := os.Open(name)
		require.NoError(t, err)
		for e, err := range reader(t, activity.FormatCloudTrail).Read(activity.Input{Source: "trail", File: filepath.Base(name), Content: f}) {
			require.NoError(t, tally.Count(e, err))
			require.False(t, seen.Again(e))
			require.False(t, e.Recorded.IsZero())
			lag := e.Ingested.Sub(e.Recorded)
			require.True(t, lag >= 3*time.Second && lag <= 594*time.Second, "delivered after %s; the names of the files say 3 to 594 seconds", lag)
			require.NotEmpty(t, e.ID)
			if slices.Contains([]string{"StopLogging", "DeleteTrail", "PutEventSelectors", "DeleteFlowLogs", "LeaveOrganization"}, e.Act.Name) {
				controls[e.Act.Name+" "+string(e.Outcome)]++
			}
			kinds[e.Actor.Kind]++
			if e.From.Addr == "" {
				notAddresses++
			}
		}
		require.NoError(t, f.Close())
	}
	require.EqualValues(t, 2261, tally.Events)
	require.EqualValues(t, 60, tally.Outcome(activity.OutcomeDenied), "AccessDenied and UnauthorizedOperation")
	require.EqualValues(t, 102, tally.Outcome(activity.OutcomeThrottled), "throttling is no denial")
	require.EqualValues(t, 234-60-102, tally.Outcome(activity.OutcomeFailure))
	require.EqualValues(t, 2261-234, tally.Outcome(activity.OutcomeSuccess))
	require.Zero(t, tally.DefectCount())
	require.Zero(t, tally.UnresolvedActors)
	require.Equal(t, map[activity.ActorKind]int{activity.ActorAccount: 2195, activity.ActorService: 66}, kinds,
		"42 identities without a type, all invoked by a service, and 24 services")
	require.Equal(t, map[string]int{"StopLogging failure": 3, "DeleteTrail success": 2, "DeleteTrail failure": 1, "PutEventSelectors success": 2,
		"DeleteFlowLogs success": 1, "LeaveOrganization denied": 1}, controls, "10 calls that control the log: 5 succeeded, 5 failed")
	require.Equal(t, 326, notAddresses, "service names and AWS Internal are no addresses")
	require.EqualValues(t, 2261, tally.Family(activity.FamilyAdmin), "management events never pass for the viewing of data")
}

func TestCloudTrailFrames(t *testing.T) {
	t.Parallel()
	record := func(i int) string {
		return fmt.Sprintf(`{"eventID":"e%d","eventName":"GetObject","eventSource":"s3.amazonaws.com","eventTime":"2026-03-01T00:00:%02dZ"}`, i, i)
	}
	one, two, three := record(1), record(2), record(3)
	for name, file := range map[string]string{
		"a file of records":           `{"Records":[` + one + `,` + two + `,` + three + `]}`,
		"with blanks":                 "\ufeff{ \"Records\" : [\r\n " + one + " ,\n" + two + ",\t" + three + "\r\n] }\r\n",
		"the frame has other members": `{"a":[1,{"b":"]}"}],"Records":[` + one + `,` + two + `,` + three + `],"z":{"Records":[1]}}`,
		"files behind each other":     `{"Records":[` + one + `]}{"Records":[]}` + "\n" + `{"Records":[` + two + `,` + three + `]}`,
		"one a line":                  one + "\n" + two + "\n" + three + "\n",
		"one a line, no end of line":  one + "\r\n" + two + "\r\n" + three,
		"an array":                    "[" + one + "," + two + "," + three + "]",
		"records spread over lines":   strings.ReplaceAll(one+two+three, ",", ",\n  "),
		"blank lines between":         "\n\n" + one + "\n \n" + two + "\n\n\n" + three + "\n",
	} {
		events, defects := readAll(t, activity.FormatCloudTrail, []byte(file))
		require.Empty(t, defects, name)
		require.Len(t, events, 3, name)
		for i, e := range events {
			require.Equal(t, fmt.Sprintf("e%d", i+1), e.ID, name)
			require.EqualValues(t, i+1, e.Seq, name)
			require.Equal(t, record(i+1), strings.ReplaceAll(string(file[e.Raw.Offset:e.Raw.Offset+e.Raw.Length]), "\n  ", ""), name)
		}
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		_, err := io.WriteString(w, file)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		zipped, defects := readAll(t, activity.FormatCloudTrail, z.Bytes())
		require.Empty(t, defects, name)
		require.Equal(t, events, zipped, "%s: compressed, with the offsets of the uncompressed file", name)
	}
}

func TestCloudTrailIdentities(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		identity string
		want     activity.Actor
	}{
		"an IAM user": {`{"type":"IAMUser","principalId":"AIDA1","arn":"arn:aws:iam::1:user/u","userName":"u"}`,
			activity.Actor{ID: "arn:aws:iam::1:user/u", AltID: "AIDA1", Kind: activity.ActorAccount, Display: "u"}},
		"an assumed role": {`{"type":"AssumedRole","principalId":"AROA1:s","arn":"arn:aws:sts::1:assumed-role/r/s","sessionContext":{"sessionIssuer":{"userName":"r"}}}`,
			activity.Actor{ID: "arn:aws:sts::1:assumed-role/r/s", AltID: "AROA1:s", Kind: activity.ActorAccount}},
		"a person of Identity Center": {`{"type":"IdentityCenterUser","accountId":"1","onBehalfOf":{"userId":"u-77","identityStoreArn":"x"}}`,
			activity.Actor{ID: "u-77", Kind: activity.ActorAccount}},
		"a service": {`{"type":"AWSService","invokedBy":"ec2.amazonaws.com"}`,
			activity.Actor{ID: "ec2.amazonaws.com", Kind: activity.ActorService}},
		"an identity without a type": {`{"accountId":"1","invokedBy":"ec2.amazonaws.com"}`,
			activity.Actor{ID: "ec2.amazonaws.com", Kind: activity.ActorService}},
		"another account": {`{"type":"AWSAccount","accountId":"999"}`,
			activity.Actor{ID: "999", Kind: activity.ActorAccount}},
		"a masked name is no identity": {`{"type":"IAMUser","accountId":"1","accessKeyId":"","userName":"HIDDEN_DUE_TO_SECURITY_REASONS"}`,
			activity.Actor{Kind: activity.ActorAccount, Display: "HIDDEN_DUE_TO_SECURITY_REASONS"}},
		"nobody": {`null`, activity.Actor{Kind: activity.ActorUnknown}},
	} {
		events, defects := readAll(t, activity.FormatCloudTrail, []byte(`{"eventID":"1","userIdentity":`+c.identity+`}`))
		require.Empty(t, defects, name)
		require.Equal(t, c.want, events[0].Actor, name)
	}
}

func TestCloudTrailOutcomes(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]activity.Outcome{
		"":                             activity.OutcomeSuccess,
		"AccessDenied":                 activity.OutcomeDenied,
		"AccessDeniedException":        activity.OutcomeDenied,
		"Client.UnauthorizedOperation": activity.OutcomeDenied,
		"UnauthorizedOperation":        activity.OutcomeDenied,
		"NotAuthorizedException":       activity.OutcomeDenied,
		"AuthorizationError":           activity.OutcomeDenied,
		"ThrottlingException":          activity.OutcomeThrottled,
		"Client.RequestLimitExceeded":  activity.OutcomeThrottled,
		"TooManyRequestsException":     activity.OutcomeThrottled,
		"TrailNotFoundException":       activity.OutcomeFailure,
		"InvalidAccessException":       activity.OutcomeFailure, // an account that is not subscribed
		"NoSuchBucketPolicy":           activity.OutcomeFailure,
	} {
		events, _ := readAll(t, activity.FormatCloudTrail, []byte(`{"eventID":"1","eventName":"X","errorCode":"`+code+`"}`))
		require.Equal(t, want, events[0].Outcome, code)
		require.Equal(t, code, events[0].Code)
	}
}

// The two records have the form of the sign-in examples in the IAM user guide, "Logging IAM and AWS STS API calls".
func TestCloudTrailSignInHasItsOutcomeInTheElements(t *testing.T) {
	t.Parallel()
	record := func(rest string) string {
		return `{"eventVersion":"1.05","eventTime":"2026-03-01T09:00:00Z","eventSource":"signin.amazonaws.com","awsRegion":"us-east-2","sourceIPAddress":"192.0.2.100","eventID":"1",` +
			`"userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE","arn":"arn:aws:iam::111122223333:user/wf-7"},` + rest + `}`
	}
	for name, c := range map[string]struct {
		rest    string
		action  activity.Action
		outcome activity.Outcome
	}{
		"success": {`"eventName":"ConsoleLogin","responseElements":{"ConsoleLogin":"Success"}`, activity.ActionLogin, activity.OutcomeSuccess},
		"failure": {`"eventName":"ConsoleLogin","errorMessage":"Failed authentication","responseElements":{"ConsoleLogin":"Failure"}`, activity.ActionLogin, activity.OutcomeFailure},
		"denial":  {`"eventName":"ConsoleLogin","errorCode":"AccessDenied","responseElements":{"ConsoleLogin":"Failure"}`, activity.ActionLogin, activity.OutcomeDenied},
		"a step that failed is a log-in that failed": {`"eventName":"CredentialVerification","serviceEventDetails":{"CredentialVerification":"Failure"}`, activity.ActionLogin, activity.OutcomeFailure},
		"a step that succeeded is no log-in yet":     {`"eventName":"CredentialVerification","serviceEventDetails":{"CredentialVerification":"Success"}`, activity.ActionExecute, activity.OutcomeSuccess},
	} {
		events, defects := readAll(t, activity.FormatCloudTrail, []byte(record(c.rest)))
		require.Empty(t, defects, name)
		e := events[0]
		require.Equal(t, c.action, e.Action, name)
		require.Equal(t, c.outcome, e.Outcome, name)
		require.Equal(t, activity.FamilyLogin, e.Family, name)
		require.Equal(t, "192.0.2.100", e.From.Addr, name)
		require.Equal(t, time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), e.Recorded, name)
	}
}

func TestCloudTrailSignInIsKnownByItsType(t *testing.T) {
	t.Parallel()
	events, _ := readAll(t, activity.FormatCloudTrail, []byte(`{"eventID":"1","eventSource":"signin.example","eventType":"AwsConsoleSignin","eventName":"ConsoleLogin","responseElements":{"ConsoleLogin":"Failure"}}`))
	require.Equal(t, activity.FamilyLogin, events[0].Family)
	require.Equal(t, activity.OutcomeFailure, events[0].Outcome)
}

func TestCloudTrailTellsDataFromManagement(t *testing.T) {
	t.Parallel()
	for rest, want := range map[string]struct {
		action activity.Action
		family activity.Family
	}{
		`"eventName":"GetObject","eventCategory":"Data","readOnly":true`:           {activity.ActionRead, activity.FamilyView},
		`"eventName":"PutObject","eventCategory":"Data","readOnly":"false"`:        {activity.ActionUpdate, activity.FamilyEdit},
		`"eventName":"Query","managementEvent":false,"readOnly":"true"`:            {activity.ActionSearch, activity.FamilySearch},
		`"eventName":"BatchGetItem","eventCategory":"Data"`:                        {activity.ActionRead, activity.FamilyView},
		`"eventName":"DescribeTable","eventCategory":"Management","readOnly":true`: {activity.ActionRead, activity.FamilyAdmin},
		`"eventName":"FrobnicateTable","managementEvent":true,"readOnly":true`:     {activity.ActionRead, activity.FamilyAdmin},
		`"eventName":"FrobnicateTable","managementEvent":true,"readOnly":false`:    {activity.ActionUnknown, activity.FamilyAdmin},
		`"eventName":"FrobnicateItem","eventCategory":"Data","readOnly":false`:     {activity.ActionUnknown, activity.FamilyUnknown},
	} {
		events, defects := readAll(t, activity.FormatCloudTrail, []byte(`{"eventID":"1",`+rest+`}`))
		require.Empty(t, defects, rest)
		require.Equal(t, want.action, events[0].Action, rest)
		require.Equal(t, want.family, events[0].Family, rest)
	}
}

func TestCloudTrailObjects(t *testing.T) {
	t.Parallel()
	for rest, want := range map[string]activity.Object{
		`"resources":[{"ARN":"arn:aws:s3:::b/k","type":"AWS::S3::Object"},{"ARN":"arn:aws:s3:::b"}]`:                          {Type: "AWS::S3::Object", ID: "arn:aws:s3:::b/k"},
		`"requestParameters":{"eventSelectors":[{"name":"no"}],"trailName":"t"}`:                                              {Type: "trailName", ID: "t"},
		`"requestParameters":{"key":"k","x":1,"bucketName":"b"}`:                                                              {Type: "bucketName", ID: "b/k"},
		`"requestParameters":{"name":{"not":"a text"}}`:                                                                       {},
		`"eventName":"DeleteFlowLogs","requestParameters":{"DeleteFlowLogsRequest":{"FlowLogId":{"tag":1,"content":"fl-1"}}}`: {Type: "flowLogId", ID: "fl-1"},
		`"requestParameters":null`: {},
	} {
		events, defects := readAll(t, activity.FormatCloudTrail, []byte(`{"eventID":"1",`+rest+`}`))
		require.Empty(t, defects, rest)
		require.Equal(t, want, events[0].Object, rest)
	}
}
