package activity_test

import (
	"fmt"
	"log"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

func ocsfRecord(id string) string {
	return `{"class_uid":3002,"activity_id":1,"class_name":"Authentication","activity_name":"Logon","time":1772359200500,"status_id":2,"metadata":{"uid":"` + id + `","version":"1.1.0"},"user":{"name":"u1","uid":"77"},"actor":{"user":{"name":"HOST$"}},"src_endpoint":{"ip":"192.0.2.1"}}`
}

func TestOCSFSamples(t *testing.T) {
	t.Parallel()
	requireSamples(t, activity.FormatOCSF, "ocsf", []sample{
		{"scorecard-finding.json", []activity.Event{
			{Recorded: at("2022-11-15T17:59:59.945Z"), Ingested: at("2022-11-15T17:59:59.945Z"),
				Actor:  activity.Actor{Kind: activity.ActorUnknown},
				Action: activity.ActionUnknown, Family: activity.FamilyOther, Act: activity.Act{System: "Security Finding", Name: "Generate"}, Outcome: activity.OutcomeUnknown, Raw: activity.Raw{Offset: 0, Length: 555}},
		}},
		{"cloudtrail-account-change.json", []activity.Event{
			{ID: "7dd15a89-ae0f-4340-8e6c-example", Recorded: at("2023-03-17T17:07:59Z"),
				Actor:  activity.Actor{ID: "arn:aws:sts::112233445566:assumed-role/Admin/Admin-user", AltID: "AROA2W7SOKHEXAMPLE:Admin-user", Kind: activity.ActorAccount},
				Action: activity.ActionCreate, Family: activity.FamilyAdmin, Act: activity.Act{System: "iam.amazonaws.com", Name: "CreateUser"},
				Object: activity.Object{Type: "user", ID: "test_user2"}, Outcome: activity.OutcomeUnknown,
				From: activity.Origin{Addr: "192.0.2.21", App: "AWS Internal"}, Raw: activity.Raw{Offset: 0, Length: 1001}},
		}},
		{"cloudtrail-api-activity.json", []activity.Event{
			{ID: "71c88be9-ea5c-43c7-8c82-example", Recorded: at("2023-09-21T22:22:52Z"),
				Actor:  activity.Actor{ID: "arn:aws:iam::1111111111111:user/Level6", AltID: "AIDADO2GQEXAMPLE", Kind: activity.ActorAccount, Display: "Level6"},
				Action: activity.ActionRead, Family: activity.FamilyAdmin, Act: activity.Act{System: "directconnect.amazonaws.com", Name: "DescribeDirectConnectGateways"},
				Outcome: activity.OutcomeUnknown,
				From:    activity.Origin{Addr: "192.0.2.128", App: "Boto3/1.15.2 Python/3.8.2 Linux/5.6.3-arch1-1 Botocore/1.18.2"}, Raw: activity.Raw{Offset: 0, Length: 1009}},
		}},
		{"cloudtrail-authentication.json", []activity.Event{
			{ID: "fed06f42-cb12-4764-8c69-example", Recorded: at("2023-11-10T16:24:34Z"),
				Actor:  activity.Actor{ID: "arn:aws:iam::111122223333:user/user1", AltID: "AIDACKCEVSQ6C2EXAMPLE", Kind: activity.ActorAccount, Display: "user1"},
				Action: activity.ActionLogin, Family: activity.FamilyLogin, Act: activity.Act{System: "signin.amazonaws.com", Name: "ConsoleLogin"},
				Outcome: activity.OutcomeSuccess, Code: "Success",
				From: activity.Origin{Addr: "192.0.2.0", App: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_6) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/67.0.3396.99 Safari/537.36"}, Raw: activity.Raw{Offset: 0, Length: 1183}},
		}},
		{"eks-api-activity.json", []activity.Event{
			{Recorded: at("2021-09-07T20:37:30.642854Z"),
				Actor:  activity.Actor{ID: "heptio-authenticator-aws:123456789012:ABCD1234567890EXAMPLE", AltID: "system:node:ip-192-001-02-03.ec2.internal", Kind: activity.ActorAccount, Display: "system:node:ip-192-001-02-03.ec2.internal"},
				Action: activity.ActionCreate, Family: activity.FamilyAdmin, Act: activity.Act{System: "API Activity", Name: "create"},
				Object: activity.Object{Type: "nodes", ID: "ip-192-001-02-03.ec2.internal"}, Outcome: activity.OutcomeUnknown,
				From: activity.Origin{Addr: "192.0.2.33", App: "kubelet/v1.21.2 (linux/amd64) kubernetes/729bdfc"}, Session: "i-12345678901", Raw: activity.Raw{Offset: 0, Length: 1001}},
		}},
		{"windows-4624.json", []activity.Event{
			{ID: "ce139867-ced1-4742-9bb0-ad1926b8bbe1", Recorded: at("2021-03-12T15:48:14Z"),
				Actor:  activity.Actor{ID: "NT AUTHORITY\\SYSTEM", Kind: activity.ActorAccount, Display: "SYSTEM"},
				Action: activity.ActionLogin, Family: activity.FamilyLogin, Act: activity.Act{System: "Authentication", Name: "Logon"},
				Outcome: activity.OutcomeSuccess, Code: "Success", Session: "0x3E7", Raw: activity.Raw{Offset: 0, Length: 824}},
		}},
		{"windows-4625.json", []activity.Event{
			{ID: "a738d6e6-4ebd-49bb-805e-45d0604a1bef", Recorded: at("2020-10-08T16:41:47Z"),
				Actor:  activity.Actor{ID: "EC2AMAZ-6KJ2BPP\\Administrator", Kind: activity.ActorAccount, Display: "Administrator"},
				Action: activity.ActionLogin, Family: activity.FamilyLogin, Act: activity.Act{System: "Authentication", Name: "Logon"},
				Outcome: activity.OutcomeFailure, Code: "0xC000006D",
				From: activity.Origin{Host: "EC2AMAZ-6KJ2BPP"}, Raw: activity.Raw{Offset: 0, Length: 766}},
		}},
		{"windows-4663.json", []activity.Event{
			{ID: "05e90f2c-5be6-484c-aefb-f8e6f591bd2c", Recorded: at("2015-01-15T01:30:54Z"),
				Actor:  activity.Actor{ID: "NT AUTHORITY\\SYSTEM", AltID: "SOI\\SZUSOIDC1$", Kind: activity.ActorService, Display: "SZUSOIDC1$"},
				Action: activity.ActionUnknown, Family: activity.FamilyOther, Act: activity.Act{System: "Windows Resource Activity", Name: "Access"},
				Object: activity.Object{Type: "Key", ID: "\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Services\\EventLog\\Security"}, Outcome: activity.OutcomeSuccess, Code: "Success", Session: "0x3e7", Raw: activity.Raw{Offset: 0, Length: 799}},
		}},
	})
}

func TestOCSFTimesInEveryUnit(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		`1772359200`:          "2026-03-01T10:00:00Z",
		`1772359200500`:       "2026-03-01T10:00:00.5Z",
		`1772359200500123`:    "2026-03-01T10:00:00.500123Z",
		`1772359200500123456`: "2026-03-01T10:00:00.500123Z",
		`1772359200.25`:       "2026-03-01T10:00:00Z",
	} {
		require.Equal(t, at(want), one(t, activity.FormatOCSF, `{"class_uid":3002,"time":`+number+`}`).Recorded, number)
	}
	require.Equal(t, at("2026-03-01T09:00:00Z"), one(t, activity.FormatOCSF, `{"class_uid":3002,"time":null,"time_dt":"2026-03-01T10:00:00+01:00"}`).Recorded)
	for _, unknown := range []string{`0`, `-5`, `"soon"`, `null`, `99999999999999999999`} {
		require.True(t, one(t, activity.FormatOCSF, `{"class_uid":3002,"time":`+unknown+`}`).Recorded.IsZero(), unknown)
	}
}

func TestOCSFWords(t *testing.T) {
	t.Parallel()
	type words struct {
		action  activity.Action
		family  activity.Family
		outcome activity.Outcome
	}
	for rest, want := range map[string]words{
		`"class_uid":3002,"activity_id":2,"status_id":1`:                                                    {activity.ActionLogout, activity.FamilyLogin, activity.OutcomeSuccess},
		`"type_uid":300201,"status_id":2`:                                                                   {activity.ActionLogin, activity.FamilyLogin, activity.OutcomeFailure},
		`"class_uid":3002,"activity_id":99`:                                                                 {activity.ActionUnknown, activity.FamilyLogin, activity.OutcomeUnknown},
		`"class_uid":3005,"activity_id":1,"status_id":1`:                                                    {activity.ActionUpdate, activity.FamilyAdmin, activity.OutcomeSuccess},
		`"class_uid":6005,"activity_id":4,"status_id":1`:                                                    {activity.ActionSearch, activity.FamilySearch, activity.OutcomeSuccess},
		`"class_uid":6005,"activity_id":1,"action_id":2,"status_id":2`:                                      {activity.ActionRead, activity.FamilyView, activity.OutcomeDenied},
		`"class_uid":1001,"activity_id":14,"status_id":1`:                                                   {activity.ActionRead, activity.FamilyView, activity.OutcomeSuccess},
		`"class_uid":1001,"activity_id":4,"status_id":1`:                                                    {activity.ActionDelete, activity.FamilyEdit, activity.OutcomeSuccess},
		`"class_uid":6006,"activity_id":2,"status_id":1`:                                                    {activity.ActionExport, activity.FamilyPrintExport, activity.OutcomeSuccess},
		`"class_uid":6003,"activity_id":2,"status_id":2,"api":{"response":{"error":"AccessDenied"}}`:        {activity.ActionRead, activity.FamilyAdmin, activity.OutcomeDenied},
		`"class_uid":6003,"activity_id":2,"api":{"response":{"error":"ThrottlingException"}}`:               {activity.ActionRead, activity.FamilyAdmin, activity.OutcomeThrottled},
		`"class_uid":6003,"activity_id":2,"status_id":1,"metadata":{"product":{"feature":{"name":"Data"}}}`: {activity.ActionRead, activity.FamilyView, activity.OutcomeSuccess},
		`"class_uid":4001,"activity_id":6,"status_id":1`:                                                    {activity.ActionUnknown, activity.FamilyOther, activity.OutcomeSuccess},
	} {
		e := one(t, activity.FormatOCSF, `{`+rest+`}`)
		require.Equal(t, want, words{e.Action, e.Family, e.Outcome}, rest)
	}
}

func TestOCSFActors(t *testing.T) {
	t.Parallel()
	for rest, want := range map[string]activity.Actor{
		`"class_uid":3002,"user":{"name":"u1","domain":"D"},"actor":{"user":{"name":"HOST$"}}`: {ID: `D\u1`, Kind: activity.ActorAccount, Display: "u1"},
		`"class_uid":3001,"user":{"name":"u1"},"actor":{"user":{"name":"admin","uid":"7"}}`:    {ID: "7", AltID: "admin", Kind: activity.ActorAccount, Display: "admin"},
		`"class_uid":6003,"actor":{"invoked_by":"ec2.amazonaws.com"}`:                          {ID: "ec2.amazonaws.com", Kind: activity.ActorService},
		`"class_uid":6003,"actor":{"user":{"name":"-","uid":"NULL SID"}}`:                      {Kind: activity.ActorUnknown},
		`"class_uid":6003,"actor":{"user":{"name":"daemon","type_id":3}}`:                      {ID: "daemon", Kind: activity.ActorService, Display: "daemon"},
		`"class_uid":6003,"actor":null`:                                                        {Kind: activity.ActorUnknown},
	} {
		require.Equal(t, want, one(t, activity.FormatOCSF, `{`+rest+`}`).Actor, rest)
	}
}

func TestOCSFDamage(t *testing.T) {
	t.Parallel()
	jsonDamage(t, activity.FormatOCSF, ocsfRecord)
	why, _ := reasons(t, activity.FormatOCSF, `{"class_uid":"3002"}`)
	require.Equal(t, []activity.Reason{activity.ReasonType}, why)
}

func TestOCSFTimes(t *testing.T) {
	t.Parallel()
	dated := func(id string) string { // as producers with the profile datetime write it
		return strings.Replace(ocsfRecord(id), `"time":1772359200500`, `"time":null,"time_dt":"2026-03-01T10:00:00.5Z"`, 1)
	}
	jsonTimes(t, activity.FormatOCSF, dated, `"2026-03-01T10:00:00.5Z"`)
}

func FuzzOCSF(f *testing.F) { fuzzReader(f, activity.FormatOCSF) }

// For a log-in the person is the user; the actor may be the machine that reports it.
func Example_ocsf() {
	file := `{"class_uid":3002,"activity_id":1,"time":1772359200000,"status_id":2,"metadata":{"uid":"1"},"user":{"name":"u1","domain":"CLINIC"},"actor":{"user":{"name":"HOST$"}},"src_endpoint":{"ip":"192.0.2.1"}}`
	reader, err := activity.ReaderFor(activity.FormatOCSF)
	if err != nil {
		log.Fatal(err)
	}
	for event, err := range reader.Read(activity.Input{Source: "ocsf", File: "events.ndjson", Content: strings.NewReader(file)}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(event.Recorded.Format("15:04"), event.Actor.ID, event.Action, event.Outcome, event.From.Addr)
	}
	// Output: 10:00 CLINIC\u1 login failure 192.0.2.1
}
