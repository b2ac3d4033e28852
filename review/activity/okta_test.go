package activity_test

import (
	"fmt"
	"log"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

func oktaRecord(id string) string {
	return `{"uuid":"` + id + `","published":"2026-03-01T10:00:00.5Z","eventType":"user.session.start","actor":{"id":"00u1","type":"User","alternateId":"u1@example.com","displayName":"a \"name\" \u00e9"},` +
		`"client":{"ipAddress":"192.0.2.1","userAgent":{"rawUserAgent":"a"}},"outcome":{"result":"FAILURE","reason":"INVALID_CREDENTIALS"},"target":null}`
}

func TestOktaSamples(t *testing.T) {
	t.Parallel()
	requireSamples(t, activity.FormatOkta, "okta", []sample{
		{"event-hook-delivery.json", []activity.Event{
			{ID: "f1d0b993-cc19-11ed-a688-db22c99ef6c4", Recorded: at("2023-03-26T21:05:32.159Z"),
				Actor:  activity.Actor{ID: "admin@example.com", AltID: "00uz9fj5aT69fHVro1d6", Kind: activity.ActorAccount, Display: "a name"},
				Action: activity.ActionLogin, Family: activity.FamilyLogin, Act: activity.Act{System: "okta", Name: "user.session.start"},
				Object: activity.Object{Type: "AuthenticatorEnrollment", ID: "lae42mkdc9i9cbw3U1d6"}, Outcome: activity.OutcomeSuccess, Code: "SUCCESS",
				From: activity.Origin{Addr: "192.0.2.61", App: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/111.0.0.0 Safari/537.36"}, Session: "idxyNcxVX2ESsSL0u462548Qg", Raw: activity.Raw{Offset: 266, Length: 1655}},
		}},
		{"event-hook-login.json", []activity.Event{
			{ID: "f1d0b993-cc19-11ed-a688-db22c99ef6c4", Recorded: at("2023-03-26T21:05:32.159Z"),
				Actor:  activity.Actor{ID: "admin@example.com", AltID: "00uz9fj5aT69fHVro1d6", Kind: activity.ActorAccount, Display: "a name"},
				Action: activity.ActionLogin, Family: activity.FamilyLogin, Act: activity.Act{System: "okta", Name: "user.session.start"},
				Object: activity.Object{Type: "AuthenticatorEnrollment", ID: "lae42mkdc9i9cbw3U1d6"}, Outcome: activity.OutcomeSuccess, Code: "SUCCESS",
				From: activity.Origin{Addr: "192.0.2.61", App: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/111.0.0.0 Safari/537.36"}, Session: "idxyNcxVX2ESsSL0u462548Qg", Raw: activity.Raw{Offset: 0, Length: 1343}},
		}},
		{"event-object-deactivate.json", []activity.Event{
			{ID: "ab62c0bc-2837-11eb-9823-9fb8f750c5a9", Recorded: at("2020-11-16T18:15:12.862Z"),
				Actor:  activity.Actor{ID: "trainer@example.com", AltID: "00u2di94bAMSEPvAY1d6", Kind: activity.ActorAccount, Display: "a name"},
				Action: activity.ActionUpdate, Family: activity.FamilyAdmin, Act: activity.Act{System: "okta", Name: "user.lifecycle.deactivate"},
				Object: activity.Object{Type: "User", ID: "00u3m90rxKjGQ0G6L1d6"}, Outcome: activity.OutcomeSuccess, Code: "SUCCESS",
				From: activity.Origin{Addr: "192.0.2.56", App: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/86.0.4240.198 Safari/537.36"}, Session: "102lMcfHbwSTuS5V1oPHJs3lw", Raw: activity.Raw{Offset: 0, Length: 1268}},
		}},
		{"rate-limit-email.json", []activity.Event{
			{ID: "a67b4d9d-3a52-11eb-bf93-a70040ee6585", Recorded: at("2021-02-09T19:13:41.976Z"),
				Actor:  activity.Actor{ID: "user1@example.com", AltID: "00u177cNaulNGQ8uT0g4", Kind: activity.ActorAccount, Display: "a name"},
				Action: activity.ActionUnknown, Family: activity.FamilyOther, Act: activity.Act{System: "okta", Name: "system.operation.rate_limit.violation"},
				Object: activity.Object{Type: "Authenticator", ID: "eae177dD0xPmbH7DE0g4"}, Outcome: activity.OutcomeThrottled, Code: "DENY",
				From: activity.Origin{Addr: "127.0.0.1", App: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:83.0) Gecko/20100101 Firefox/83.0"}, Session: "trskkGZcEoXRb6cY4ZtJxfcAw", Raw: activity.Raw{Offset: 0, Length: 1282}},
		}},
		{"rate-limit-profile-reload.json", []activity.Event{
			{ID: "e19832a2-b4f4-11eb-9f1e-bba1874b8f01", Recorded: at("2021-05-14T20:42:21.48Z"),
				Actor:  activity.Actor{ID: "user1@example.com", AltID: "00u1ngpFSRLFie7vT0g4", Kind: activity.ActorAccount, Display: "a name"},
				Action: activity.ActionUnknown, Family: activity.FamilyOther, Act: activity.Act{System: "okta", Name: "system.operation.rate_limit.violation"},
				Object: activity.Object{Type: "User", ID: "00u1ngpFSRLFie7vT0g4"}, Outcome: activity.OutcomeThrottled, Code: "DENY",
				From: activity.Origin{Addr: "127.0.0.1", App: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/90.0.4430.93 Safari/537.36 Edg/90.0.818.51"}, Session: "idx3GDqJrIfQhCRJTEuNC-l9A", Raw: activity.Raw{Offset: 0, Length: 1366}},
		}},
		{"rate-limit-sms.json", []activity.Event{
			{ID: "a0b60b8a-3aa2-11eb-8d69-abfc0c06b0f7", Recorded: at("2021-02-10T04:46:12.033Z"),
				Actor:  activity.Actor{ID: "user1@example.com", AltID: "00uw8nGF9OiREtZyr0g3", Kind: activity.ActorAccount, Display: "a name"},
				Action: activity.ActionUnknown, Family: activity.FamilyOther, Act: activity.Act{System: "okta", Name: "system.operation.rate_limit.violation"},
				Object: activity.Object{Type: "Factor Type", ID: "SMS"}, Outcome: activity.OutcomeThrottled, Code: "DENY",
				From: activity.Origin{Addr: "127.0.0.1", App: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:83.0) Gecko/20100101 Firefox/83.0"}, Session: "1025poeucCTQVK22GxJEK1Y-g", Raw: activity.Raw{Offset: 0, Length: 1414}},
		}},
		{"release-note-concurrency.json", []activity.Event{
			{ID: "dc7e2385-74ba-4b77-827f-fb84b37a4b3b", Recorded: at("2017-09-26T20:21:32.783Z"),
				Actor:  activity.Actor{ID: "user3@example.com", AltID: "00u1qqxig80SMWArY0g7", Kind: activity.ActorAccount, Display: "a name"},
				Action: activity.ActionUnknown, Family: activity.FamilyOther, Act: activity.Act{System: "okta", Name: "core.concurrency.org.limit.violation"},
				Outcome: activity.OutcomeUnknown,
				From:    activity.Origin{Addr: "192.0.2.10", App: "Apache-HttpClient/4.5.2 (Java/1.7.0_76)"}, Session: "trs2TSSLkgWR5iDuebwuH9Vsw", Raw: activity.Raw{Offset: 0, Length: 1059}},
		}},
	})
}

func TestOktaWords(t *testing.T) {
	t.Parallel()
	type words struct {
		action  activity.Action
		family  activity.Family
		outcome activity.Outcome
		code    string
	}
	for rest, want := range map[string]words{
		`"eventType":"user.session.start","outcome":{"result":"FAILURE","reason":"INVALID_CREDENTIALS"}`:    {activity.ActionLogin, activity.FamilyLogin, activity.OutcomeFailure, "FAILURE: INVALID_CREDENTIALS"},
		`"eventType":"user.session.start","outcome":{"result":"FAILURE","reason":"Reason naming a person"}`: {activity.ActionLogin, activity.FamilyLogin, activity.OutcomeFailure, "FAILURE"},
		`"eventType":"user.session.end","outcome":{"result":"SUCCESS"}`:                                     {activity.ActionLogout, activity.FamilyLogin, activity.OutcomeSuccess, "SUCCESS"},
		`"eventType":"user.authentication.auth_via_mfa","outcome":{"result":"SUCCESS"}`:                     {activity.ActionExecute, activity.FamilyLogin, activity.OutcomeSuccess, "SUCCESS"},
		`"eventType":"user.authentication.auth_via_mfa","outcome":{"result":"FAILURE"}`:                     {activity.ActionLogin, activity.FamilyLogin, activity.OutcomeFailure, "FAILURE"},
		`"eventType":"policy.evaluate_sign_on","outcome":{"result":"CHALLENGE"}`:                            {activity.ActionExecute, activity.FamilyLogin, activity.OutcomeUnknown, "CHALLENGE"},
		`"eventType":"policy.evaluate_sign_on","outcome":{"result":"DENY"}`:                                 {activity.ActionLogin, activity.FamilyLogin, activity.OutcomeDenied, "DENY"},
		`"eventType":"policy.evaluate_sign_on","outcome":{"result":"ALLOW"}`:                                {activity.ActionExecute, activity.FamilyLogin, activity.OutcomeSuccess, "ALLOW"},
		`"eventType":"user.mfa.factor.deactivate","outcome":{"result":"SKIPPED"}`:                           {activity.ActionUpdate, activity.FamilyAdmin, activity.OutcomeUnknown, "SKIPPED"},
		`"eventType":"user.lifecycle.delete.completed","outcome":{"result":"SUCCESS"}`:                      {activity.ActionDelete, activity.FamilyAdmin, activity.OutcomeSuccess, "SUCCESS"},
		`"eventType":"user.account.privilege.grant","outcome":{"result":"SUCCESS"}`:                         {activity.ActionUpdate, activity.FamilyAdmin, activity.OutcomeSuccess, "SUCCESS"},
		`"eventType":"application.user_membership.show_password","outcome":{"result":"SUCCESS"}`:            {activity.ActionRead, activity.FamilyAdmin, activity.OutcomeSuccess, "SUCCESS"},
		`"eventType":"system.log_stream.lifecycle.deactivate","outcome":{"result":"SUCCESS"}`:               {activity.ActionUpdate, activity.FamilyAdmin, activity.OutcomeSuccess, "SUCCESS"},
		`"eventType":"something.nobody.knows"`:                                                              {activity.ActionUnknown, activity.FamilyUnknown, activity.OutcomeUnknown, ""},
	} {
		e := one(t, activity.FormatOkta, `{"uuid":"1",`+rest+`}`)
		require.Equal(t, want, words{e.Action, e.Family, e.Outcome, e.Code}, rest)
		require.True(t, e.Recorded.IsZero(), "no time is an unknown time")
	}
}

func TestOktaActors(t *testing.T) {
	t.Parallel()
	for actor, want := range map[string]activity.Actor{
		`{"id":"unknown","type":"User","alternateId":"typed@example.com"}`:         {ID: "typed@example.com", Kind: activity.ActorAccount},
		`{"id":"unknown","type":"User","alternateId":"unknown"}`:                   {Kind: activity.ActorAccount},
		`{"id":"00u1","type":"User","alternateId":null}`:                           {ID: "00u1", Kind: activity.ActorAccount},
		`{"id":"okta.1","type":"SystemPrincipal","alternateId":"system@okta.com"}`: {ID: "system@okta.com", AltID: "okta.1", Kind: activity.ActorService},
		`null`: {Kind: activity.ActorUnknown},
	} {
		require.Equal(t, want, one(t, activity.FormatOkta, `{"uuid":"1","eventType":"user.session.start","actor":`+actor+`}`).Actor, actor)
	}
}

func TestOktaDamage(t *testing.T) {
	t.Parallel()
	jsonDamage(t, activity.FormatOkta, oktaRecord)
}

func TestOktaTimes(t *testing.T) {
	t.Parallel()
	jsonTimes(t, activity.FormatOkta, oktaRecord, `"2026-03-01T10:00:00.5Z"`)
}

func FuzzOkta(f *testing.F) { fuzzReader(f, activity.FormatOkta) }

// A challenge asks for a further factor. It counts as no failed log-in.
func Example_okta() {
	file := `{"uuid":"1","published":"2026-03-01T09:00:00Z","eventType":"policy.evaluate_sign_on","outcome":{"result":"CHALLENGE"},"actor":{"type":"User","alternateId":"u1@example.com"}}
{"uuid":"2","published":"2026-03-01T09:00:09Z","eventType":"user.session.start","outcome":{"result":"SUCCESS"},"actor":{"type":"User","alternateId":"u1@example.com"}}
`
	reader, err := activity.ReaderFor(activity.FormatOkta)
	if err != nil {
		log.Fatal(err)
	}
	for event, err := range reader.Read(activity.Input{Source: "okta", File: "okta.ndjson", Content: strings.NewReader(file)}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(event.Actor.ID, event.Action, event.Act.Name, event.Outcome)
	}
	// Output:
	// u1@example.com execute policy.evaluate_sign_on unknown
	// u1@example.com login user.session.start success
}
