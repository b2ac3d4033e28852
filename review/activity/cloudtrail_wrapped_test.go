package activity_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

func trailEntry(id string) string {
	return fmt.Sprintf(`{"eventVersion":"1.08","eventID":"%s","eventTime":"2026-03-01T10:00:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/u"}}`, id)
}

func bridged(id string) string {
	return `{"version":"0","id":"x","detail-type":"AWS API Call via CloudTrail","source":"aws.cloudtrail","account":"111122223333","time":"2026-03-01T10:00:00Z","region":"us-east-1","resources":[],"detail":` + trailEntry(id) + `}`
}

func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// The same records in everything that they come wrapped in. The bytes of an entry, read alone, are the same entry, and the
// record that is kept is CloudTrail's own.
func TestCloudTrailWrappers(t *testing.T) {
	t.Parallel()
	printed := func(id string) string {
		return `{"EventId":"` + id + `","EventName":"StopLogging","Username":"u","CloudTrailEvent":` + quoted(trailEntry(id)) + `}`
	}
	for name, file := range map[string]string{
		"EventBridge, one a line":               bridged("a") + "\n" + bridged("b") + "\n",
		"EventBridge, an array":                 "[" + bridged("a") + "," + bridged("b") + "]",
		"EventBridge, as the records of a file": `{"Records":[` + bridged("a") + "," + bridged("b") + "]}",
		"a sign-in by EventBridge":              strings.ReplaceAll(bridged("a"), "AWS API Call via", "AWS Console Sign In via") + "\n" + bridged("b"),
		"lookup-events":                         `{"NextToken":"x","Events":[` + printed("a") + ",\n" + printed("b") + "]}",
		"lookup-events, one a line":             printed("a") + "\n" + printed("b") + "\n",
		"CloudTrail Lake": `{"QueryStatus":"FINISHED","QueryStatistics":{"ResultsCount":2},"QueryResultRows":[[{"eventID":"a"},{"eventJson":` + quoted(trailEntry("a")) +
			`}],[{"eventjson":` + quoted(trailEntry("b")) + `},{"eventName":"StopLogging"}]]}`,
	} {
		events, defects := readInput(t, activity.FormatCloudTrail, activity.Input{Source: "s1", File: "log", Content: strings.NewReader(file), KeepRecord: true})
		require.Empty(t, defects, name)
		require.Equal(t, "a b", ids(events), name)
		for _, e := range events {
			require.Equal(t, trailEntry(e.ID), string(e.Record), name)
			require.Equal(t, "StopLogging", e.Act.Name, name)
			again, defects := readInput(t, activity.FormatCloudTrail, activity.Input{Source: "s1", File: "log",
				Content: strings.NewReader(file[e.Raw.Offset : e.Raw.Offset+e.Raw.Length]), KeepRecord: true})
			require.Empty(t, defects, name)
			require.Len(t, again, 1, name)
			again[0].Seq, again[0].Raw = e.Seq, e.Raw
			require.Equal(t, e, again[0], name)
		}
		plain, _ := readAll(t, activity.FormatCloudTrail, []byte(file))
		require.Nil(t, plain[0].Record, "what nobody asked for is not kept")
	}
}

// What is beside the log is refused by its name. The digest file and the rows are those of the user guide, cut down.
func TestCloudTrailRefusesByName(t *testing.T) {
	t.Parallel()
	for file, says := range map[string]string{
		`{"awsAccountId":"111122223333","digestStartTime":"2015-08-17T14:01:31Z","digestEndTime":"2015-08-17T15:01:31Z","logFiles":[{"s3Object":"x"}]}`:                                          "a digest file",
		`{"Records":[{"eventVersion":"1.07","eventTime":"2019-10-17T10:05:00Z","eventID":"1","eventType":"AwsCloudTrailInsight","insightDetails":{"state":"Start"},"eventCategory":"Insight"}]}`: "an insight",
		`{"QueryStatus":"FINISHED","QueryResultRows":[[{"principalid":"principal_ID"},{"eventName":"CreateBucket"}]]}`:                                                                           "has no column eventJson, and neither",
		`{"version":"0","detail-type":"EC2 Instance State-change Notification","detail":` + trailEntry("a") + `}`:                                                                                "neither eventID nor eventName",
	} {
		events, defects := readAll(t, activity.FormatCloudTrail, []byte(file))
		require.Empty(t, events, file)
		require.Len(t, defects, 1, file)
		require.Equal(t, activity.ReasonNotAnEvent, defects[0].Reason, file)
		require.Contains(t, defects[0].Detail, says, file)
	}
	why, _ := reasons(t, activity.FormatCloudTrail, strings.TrimSuffix(bridged("a"), "}")+`,"detail":`+trailEntry("b")+"}")
	require.Equal(t, []activity.Reason{activity.ReasonDuplicateMember}, why, "of two details none is taken")
}

// The times and names are those of the user guide, "CloudTrail log file name format".
func TestCloudTrailDeliveryTimeStandsInTheNameOfTheFile(t *testing.T) {
	t.Parallel()
	read := func(file string) activity.Event {
		events, defects := readInput(t, activity.FormatCloudTrail, activity.Input{File: file, Content: strings.NewReader(trailEntry("a"))})
		require.Empty(t, defects)
		require.Len(t, events, 1)
		return events[0]
	}
	for _, name := range []string{"111122223333_CloudTrail_us-east-2_20150801T0210Z_Mu0KsOhtH1ar15ZZ.json.gz", "111122223333_CloudTrail_us-east-2_20150801T0210Z_Mu0KsOhtH1ar15ZZ.json",
		"AWSLogs/111122223333/CloudTrail/us-east-2/2015/08/01/111122223333_CloudTrail_us-east-2_20150801T0210Z_Mu0KsOhtH1ar15ZZ.json.gz"} {
		require.Equal(t, at("2015-08-01T02:10:00Z"), read(name).Ingested, name)
	}
	for _, name := range []string{"log", "trail-20150801T0210Z.json", "111122223333_CloudTrail-Digest_us-east-2_20150801T0210Z_Mu0KsOhtH1ar15ZZ.json.gz",
		"111122223333_CloudTrail_us-east-2_20151301T0210Z_Mu0KsOhtH1ar15ZZ.json.gz", "111122223333_CloudTrail_us-east-2_20150801T0210Z_short.json.gz", ""} {
		require.True(t, read(name).Ingested.IsZero(), "%s says nothing of it", name)
	}
}

// A row of CloudTrail Lake is read as far as the query asked. The form is that of GetQueryResults in the API reference, the
// names and the times are those of "CloudTrail Lake supported event schema".
func TestCloudTrailRowsWithoutTheirRecord(t *testing.T) {
	t.Parallel()
	row := func(cells ...string) string { return "[{" + strings.Join(cells, "},{") + "}]" }
	answer := func(rows ...string) string {
		return `{"QueryStatus":"FINISHED","QueryStatistics":{"ResultsCount":1},"QueryResultRows":[` + strings.Join(rows, ",") + `]}`
	}
	full := row(`"eventID":"a"`, `"eventTime":"2026-03-01 10:00:00.500"`, `"eventName":"DeleteTrail"`, `"eventSource":"cloudtrail.amazonaws.com"`, `"arn":"arn:aws:iam::1:user/u"`, `"sourceIPAddress":"192.0.2.1"`,
		`"userAgent":"x"`, `"errorCode":"AccessDenied"`, `"readOnly":"false"`, `"eventCategory":"Management"`, `"requestParameters":"{name=t}"`)
	e := one(t, activity.FormatCloudTrail, answer(full))
	require.Equal(t, activity.Event{Source: "s1", ID: "a", Seq: 1, Recorded: at("2026-03-01T10:00:00.5Z"), Actor: activity.Actor{ID: "arn:aws:iam::1:user/u", Kind: activity.ActorAccount},
		Action: activity.ActionDelete, Family: activity.FamilyAdmin, Act: activity.Act{System: "cloudtrail.amazonaws.com", Name: "DeleteTrail"}, Outcome: activity.OutcomeDenied, Code: "AccessDenied",
		From: activity.Origin{Addr: "192.0.2.1", App: "x"}, Raw: e.Raw}, e)
	require.Equal(t, full, answer(full)[e.Raw.Offset:][:e.Raw.Length])

	for name, c := range map[string]struct {
		row     string
		outcome activity.Outcome
		family  activity.Family
		actor   string
	}{
		"no error asked for":  {row(`"eventid":"a"`, `"eventname":"GetObject"`), activity.OutcomeUnknown, activity.FamilyUnknown, ""},
		"no error":            {row(`"eventid":"a"`, `"eventname":"GetObject"`, `"errorcode":null`, `"eventcategory":"Data"`), activity.OutcomeSuccess, activity.FamilyView, ""},
		"an empty error":      {row(`"eventName":"GetObject"`, `"eventTime":"2026-03-01 10:00:00.000"`, `"errorCode":""`, `"managementEvent":"false"`), activity.OutcomeSuccess, activity.FamilyView, ""},
		"a log-in":            {row(`"eventID":"a"`, `"eventName":"ConsoleLogin"`, `"eventSource":"signin.amazonaws.com"`, `"errorCode":""`), activity.OutcomeUnknown, activity.FamilyLogin, ""},
		"a user by AS":        {row(`"eventID":"a"`, `"user":"arn:aws:iam::1:user/u"`), activity.OutcomeUnknown, activity.FamilyUnknown, "arn:aws:iam::1:user/u"},
		"a principal":         {row(`"eventID":"a"`, `"principalid":"AIDA1"`), activity.OutcomeUnknown, activity.FamilyUnknown, "AIDA1"},
		"structures as texts": {row(`"eventID":"a"`, `"userIdentity":"{type=IAMUser, arn=arn:aws:iam::1:user/u}"`), activity.OutcomeUnknown, activity.FamilyUnknown, ""},
	} {
		e := one(t, activity.FormatCloudTrail, answer(c.row))
		require.Equal(t, []any{c.outcome, c.family, c.actor}, []any{e.Outcome, e.Family, e.Actor.ID}, name)
	}
	for file, want := range map[string]activity.Reason{
		answer(row(`"eventName":"GetObject"`, `"count":"7"`)): activity.ReasonNotAnEvent, // a row of counts
		answer(row(`"eventID":"a"`, `"eventID":"b"`)):         activity.ReasonDuplicateMember,
		answer(row(`"eventID":"a"`, `"EVENTID":"b"`)):         activity.ReasonDuplicateMember,
		answer(`["a"]`): activity.ReasonType,
		answer(`[]`):    activity.ReasonNotAnEvent,
	} {
		why, found := reasons(t, activity.FormatCloudTrail, file)
		require.Equal(t, []activity.Reason{want}, why, file)
		require.Empty(t, found)
	}
}
