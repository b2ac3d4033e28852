package activity_test

import (
	"fmt"
	"log"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

func entraRecord(id string) string {
	return `{"id":"` + id + `","createdDateTime":"2026-03-01T10:00:00.5Z","userPrincipalName":"u1@example.com","userId":"77","appDisplayName":"Portal","appId":"5","ipAddress":"2001:db8::1","isInteractive":true,"clientAppUsed":"Browser","status":{"errorCode":50126},"deviceDetail":{"displayName":null}}`
}

func TestEntraSamples(t *testing.T) {
	t.Parallel()
	requireSamples(t, activity.FormatEntra, "entra", []sample{
		{"event-hub.json", []activity.Event{
			{ID: "0231f922-93fa-4005-bb11-b344eca03c01", Recorded: at("2019-03-12T16:02:15.552213Z"),
				Actor:  activity.Actor{ID: "<USER PRINCIPAL NAME>", AltID: "<USER ID>", Kind: activity.ActorAccount, Display: "a name"},
				Action: activity.ActionLogin, Family: activity.FamilyLogin, Act: activity.Act{System: "entra", Name: "Sign-in activity"},
				Object: activity.Object{Type: "application", ID: "Azure Portal"}, Outcome: activity.OutcomeUnknown, Code: "50140",
				From: activity.Origin{Host: "<IP ADDRESS>", App: "<USER AGENT>"}, Session: "a75a10bd-c126-486b-9742-c03110d36262", Raw: activity.Raw{Offset: 21, Length: 1548}},
		}},
		{"azure-monitor.json", []activity.Event{
			{ID: "0231f922-93fa-4005-bb11-b344eca03c01", Recorded: at("2019-03-12T16:02:15.552213Z"),
				Actor:  activity.Actor{ID: "<USER PRINCIPAL NAME>", AltID: "<USER ID>", Kind: activity.ActorAccount, Display: "a name"},
				Action: activity.ActionLogin, Family: activity.FamilyLogin, Act: activity.Act{System: "entra", Name: "Sign-in activity"},
				Object: activity.Object{Type: "application", ID: "Azure Portal"}, Outcome: activity.OutcomeUnknown, Code: "50140",
				From: activity.Origin{Host: "<IP ADDRESS>", App: "<USER AGENT>"}, Session: "a75a10bd-c126-486b-9742-c03110d36262", Raw: activity.Raw{Offset: 0, Length: 1398}},
		}},
		{"graph-get-beta-2018.json", []activity.Event{
			{ID: "id", Recorded: at("2018-01-09T21:17:21.507725Z"),
				Actor:  activity.Actor{ID: "user1@contoso.com", AltID: "bbb3b4b5-e6e6-f7f5-f7f5-090805040302", Kind: activity.ActorAccount, Display: "a name"},
				Action: activity.ActionLogin, Family: activity.FamilyLogin, Act: activity.Act{System: "entra", Name: "Sign-in activity"},
				Object: activity.Object{Type: "application", ID: "Azure"}, Outcome: activity.OutcomeSuccess, Code: "0",
				From: activity.Origin{Addr: "127.0.0.1", Host: "DeviceName"}, Session: "17c47d3c-593d-4d08-ac20-813892b87e42", Raw: activity.Raw{Offset: 96, Length: 716}},
		}},
		{"graph-get-v1.json", []activity.Event{
			{ID: "66ea54eb-6301-4ee5-be62-ff5a759b0100", Recorded: at("2020-03-13T19:15:41.619583Z"),
				Actor:  activity.Actor{ID: "testaccount1@contoso.com", AltID: "26be570a-ae82-4189-b4e2-a37c6808512d", Kind: activity.ActorAccount, Display: "a name"},
				Action: activity.ActionLogin, Family: activity.FamilyLogin, Act: activity.Act{System: "entra", Name: "Sign-in activity"},
				Object: activity.Object{Type: "application", ID: "Graph explorer"}, Outcome: activity.OutcomeSuccess, Code: "0",
				From: activity.Origin{Addr: "192.0.2.37", App: "Browser"}, Session: "d79f5bee-5860-4832-928f-3133e22ae912", Raw: activity.Raw{Offset: 231, Length: 947}},
		}},
		{"graph-list-beta-noninteractive.json", []activity.Event{
			{ID: "ef1e1fcc-80bd-489b-82c5-16ad80770e00", Recorded: at("2022-03-18T18:13:37Z"),
				Actor:  activity.Actor{ID: "admin@contoso.com", AltID: "4562bcc8-c436-4f95-b7c0-4f8ce89dca5e", Kind: activity.ActorAccount, Display: "a name"},
				Action: activity.ActionExecute, Family: activity.FamilyLogin, Act: activity.Act{System: "entra", Name: "Sign-in activity"},
				Object: activity.Object{Type: "application", ID: "Graph Explorer"}, Outcome: activity.OutcomeSuccess, Code: "0",
				From: activity.Origin{Addr: "192.0.2.154", Host: "DESKTOP-LK3PESR", App: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99.0.4844.51 Safari/537.36"}, Session: "17b4f05d-3659-42b8-856d-99322911d398", Raw: activity.Raw{Offset: 111, Length: 1388}},
		}},
		{"graph-list-beta.json", []activity.Event{
			{ID: "1691d37b-8579-43a7-966a-0f35583c1300", Recorded: at("2021-06-30T16:34:32Z"),
				Actor:  activity.Actor{ID: "testaccount1@contoso.com", AltID: "26be570a-1111-5555-b4e2-a37c6808512d", Kind: activity.ActorAccount, Display: "a name"},
				Action: activity.ActionLogin, Family: activity.FamilyLogin, Act: activity.Act{System: "entra", Name: "Sign-in activity"},
				Object: activity.Object{Type: "application", ID: "Azure Portal"}, Outcome: activity.OutcomeFailure, Code: "50126",
				From: activity.Origin{Addr: "192.0.2.37", App: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/91.0.4472.114 Safari/537.36 Edg/91.0.864.54"}, Session: "5d295068-919b-4017-85d8-44be2f5f5483", Raw: activity.Raw{Offset: 103, Length: 1199}},
		}},
	})
}

func TestEntraOutcomes(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]activity.Outcome{
		`0`:       activity.OutcomeSuccess,
		`"0"`:     activity.OutcomeSuccess,
		`50126`:   activity.OutcomeFailure, // wrong credentials
		`50053`:   activity.OutcomeFailure, // locked
		`50057`:   activity.OutcomeFailure, // disabled
		`50140`:   activity.OutcomeUnknown, // asked whether to stay signed in
		`50125`:   activity.OutcomeUnknown, // asked to register
		`50074`:   activity.OutcomeUnknown, // asked for a second factor
		`53003`:   activity.OutcomeDenied,  // conditional access
		`50105`:   activity.OutcomeDenied,  // not assigned to the application
		`50196`:   activity.OutcomeThrottled,
		`null`:    activity.OutcomeUnknown,
		`9999999`: activity.OutcomeFailure,
	} {
		e := one(t, activity.FormatEntra, `{"id":"1","appId":"5","createdDateTime":"2026-03-01T10:00:00Z","status":{"errorCode":`+code+`}}`)
		require.Equal(t, want, e.Outcome, code)
		require.Equal(t, strings.ReplaceAll(strings.Trim(code, `"`), "null", ""), e.Code)
		require.Equal(t, activity.Actor{Kind: activity.ActorUnknown}, e.Actor, "nobody is named")
	}
}

func TestEntraActors(t *testing.T) {
	t.Parallel()
	for rest, want := range map[string]activity.Actor{
		`"userPrincipalName":"u1@example.com","userId":"77"`:                                                  {ID: "u1@example.com", AltID: "77", Kind: activity.ActorAccount},
		`"userPrincipalName":"","userId":"77"`:                                                                {ID: "77", Kind: activity.ActorAccount},
		`"servicePrincipalId":"9","servicePrincipalName":"sync","isInteractive":false`:                        {ID: "9", Kind: activity.ActorService, Display: "sync"},
		`"servicePrincipalId":"9","signInEventTypes":["managedIdentity"]`:                                     {ID: "9", Kind: activity.ActorService},
		`"userPrincipalName":"u1@example.com","servicePrincipalId":"","signInEventTypes":["interactiveUser"]`: {ID: "u1@example.com", Kind: activity.ActorAccount},
	} {
		e := one(t, activity.FormatEntra, `{"id":"1","appId":"5","createdDateTime":"2026-03-01T10:00:00Z",`+rest+`}`)
		require.Equal(t, want, e.Actor, rest)
		require.Equal(t, activity.ActionLogin, e.Action, rest)
	}
}

func TestEntraDamage(t *testing.T) {
	t.Parallel()
	jsonDamage(t, activity.FormatEntra, entraRecord)
	for name, file := range map[string]string{
		"an audit entry of Azure Monitor": `{"category":"AuditLogs","properties":{"id":"1","createdDateTime":"2026-03-01T10:00:00Z","appId":"5"}}`,
		"a message without records":       `{"records":{"category":"SignInLogs"}}`,
		"an envelope without a sign-in":   `{"records":[{"category":"SignInLogs","properties":{}}]}`,
		"an entry without a time":         `{"id":"1","appId":"5","status":{"errorCode":0}}`,
	} {
		why, _ := reasons(t, activity.FormatEntra, file)
		require.Equal(t, []activity.Reason{activity.ReasonNotAnEvent}, why, name)
	}
	why, _ := reasons(t, activity.FormatEntra, `{"id":"1","appId":"5","homeTenantId":"6","homeTenantId":"7","createdDateTime":"2026-03-01T10:00:00Z"}`)
	require.Equal(t, []activity.Reason{activity.ReasonDuplicateMember}, why)
}

func TestEntraTimes(t *testing.T) {
	t.Parallel()
	jsonTimes(t, activity.FormatEntra, entraRecord, `"2026-03-01T10:00:00.5Z"`)
}

func FuzzEntra(f *testing.F) { fuzzReader(f, activity.FormatEntra) }

// Being asked for a second factor is an interrupt and no failure.
func Example_entra() {
	file := `{"value":[
{"id":"1","createdDateTime":"2026-03-01T09:00:00Z","userPrincipalName":"u1@example.com","appId":"5","appDisplayName":"Portal","status":{"errorCode":50074}},
{"id":"2","createdDateTime":"2026-03-01T09:00:20Z","userPrincipalName":"u1@example.com","appId":"5","appDisplayName":"Portal","status":{"errorCode":0}}]}`
	reader, err := activity.ReaderFor(activity.FormatEntra)
	if err != nil {
		log.Fatal(err)
	}
	for event, err := range reader.Read(activity.Input{Source: "entra", File: "signins.json", Content: strings.NewReader(file)}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(event.Actor.ID, event.Action, event.Object.ID, event.Outcome, event.Code)
	}
	// Output:
	// u1@example.com login Portal unknown 50074
	// u1@example.com login Portal success 0
}

// The columns are those of the reference of Azure Monitor, "SigninLogs", "AADNonInteractiveUserSignInLogs" and so on; a row
// says what the object of Microsoft Graph says. The command line of Azure writes every value as a text.
func TestEntraRowsOfAWorkspace(t *testing.T) {
	t.Parallel()
	row := func(rest string) string {
		return `{"TimeGenerated":"2026-03-01T10:00:03Z","CreatedDateTime":"2026-03-01T10:00:00.5Z","Id":"a","CorrelationId":"c1","UserPrincipalName":"u1@example.com","UserId":"7","UserDisplayName":"a name",` +
			`"AppId":"5","AppDisplayName":"EHR","IPAddress":"192.0.2.1","ClientAppUsed":"Browser","UserAgent":"Mozilla","OperationName":"Sign-in activity",` + rest + `}`
	}
	want := activity.Event{Source: "s1", ID: "a", Seq: 1, Recorded: at("2026-03-01T10:00:00.5Z"), Actor: activity.Actor{ID: "u1@example.com", AltID: "7", Kind: activity.ActorAccount, Display: "a name"},
		Action: activity.ActionLogin, Family: activity.FamilyLogin, Act: activity.Act{System: "entra", Name: "Sign-in activity"}, Object: activity.Object{Type: "application", ID: "EHR"},
		Outcome: activity.OutcomeFailure, Code: "50126", From: activity.Origin{Addr: "192.0.2.1", Host: "", App: "Mozilla"}, Session: "c1"}
	for name, c := range map[string]struct {
		row    string
		change func(*activity.Event)
	}{
		"with its own types": {row(`"ResultType":"50126","IsInteractive":true,"DeviceDetail":{"displayName":"PC1"},"Status":{"errorCode":50126},"Type":"SigninLogs"`), func(e *activity.Event) { e.From.Host = "PC1" }},
		"all of it as texts": {row(`"ResultType":"50126","IsInteractive":"True","DeviceDetail":"{\"displayName\":\"PC1\"}","Type":"SigninLogs","TableName":"PrimaryResult"`), func(e *activity.Event) { e.From.Host = "PC1" }},
		"success":            {row(`"ResultType":"0","Category":"SignInLogs"`), func(e *activity.Event) { e.Outcome, e.Code = activity.OutcomeSuccess, "0" }},
		"a number":           {row(`"ResultType":0,"Category":"SignInLogs"`), func(e *activity.Event) { e.Outcome, e.Code = activity.OutcomeSuccess, "0" }},
		"an interrupt":       {row(`"ResultType":"50140","Type":"SigninLogs"`), func(e *activity.Event) { e.Outcome, e.Code = activity.OutcomeUnknown, "50140" }},
		"not interactive":    {row(`"ResultType":"50126","Type":"AADNonInteractiveUserSignInLogs"`), func(e *activity.Event) { e.Action = activity.ActionExecute }},
		"some columns only": {`{"CreatedDateTime":"2026-03-01T10:00:00.5Z","UserPrincipalName":"u1@example.com","AppId":"5","ResultType":"50126"}`, func(e *activity.Event) {
			*e = activity.Event{Source: "s1", Seq: 1, Recorded: e.Recorded, Actor: activity.Actor{ID: "u1@example.com", Kind: activity.ActorAccount}, Action: e.Action, Family: e.Family, Act: e.Act, Outcome: e.Outcome, Code: e.Code, Object: activity.Object{Type: "application", ID: "5"}}
		}},
		"taken in": {row(`"ResultType":"50126","Type":"SigninLogs","_TimeReceived":"2026-03-01T10:00:02Z"`), func(e *activity.Event) { e.Ingested = at("2026-03-01T10:00:02Z") }},
	} {
		want := want
		c.change(&want)
		want.Raw = activity.Raw{File: "log", Length: int64(len(c.row))}
		require.Equal(t, want, one(t, activity.FormatEntra, c.row), name)
	}
	service := one(t, activity.FormatEntra, `{"TimeGenerated":"2026-03-01T10:00:03Z","Id":"a","ServicePrincipalId":"s7","AppId":"5","ResultType":"0","Type":"AADServicePrincipalSignInLogs"}`)
	require.Equal(t, []any{activity.Actor{ID: "s7", Kind: activity.ActorService}, at("2026-03-01T10:00:03Z")}, []any{service.Actor, service.Recorded})
	why, _ := reasons(t, activity.FormatEntra, `{"TimeGenerated":"2026-03-01T10:00:03Z","Id":"a","OperationName":"Add user","Result":"success","Type":"AuditLogs"}`)
	require.Equal(t, []activity.Reason{activity.ReasonNotAnEvent}, why)
	// Before April 2019 Azure Monitor called the category SignIn ("Interpret the Azure AD sign-in logs schema in Azure Monitor
	// (preview)", azure-docs.es-es, commit 2019-01-29).
	old := one(t, activity.FormatEntra, strings.Replace(entraEnvelope("a", ""), "SignInLogs", "SignIn", 1))
	require.Equal(t, "a", old.ID)
}
