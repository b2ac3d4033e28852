package activity_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

func TestFHIRSamplesOfHL7IHEAndFirely(t *testing.T) {
	t.Parallel()
	const (
		interactions = "http://hl7.org/fhir/restful-interaction"
		client       = "2001:db8:85a3::8a2e:370:7334"
		asked        = "cc6d168e-5871-11ec-bf63-0242ac130002"
		read         = "76d148b6-586d-11ec-bf63-0242ac130002"
	)
	named := activity.Actor{Kind: activity.ActorPerson, Display: "a name"} // nothing but a name says who it was
	own := []activity.Patient{{ID: "ex-patient"}}
	samples := map[string]activity.Event{
		"dstu2-start.json": { // nobody is marked as the requestor
			ID: "example", Recorded: at("2012-10-25T11:04:27Z"), Actor: activity.Actor{Kind: activity.ActorUnknown}, Action: activity.ActionExecute, Family: activity.FamilyOther,
			Act: activity.Act{System: "http://nema.org/dicom/dicm", Name: "110120"}, From: activity.Origin{Addr: "127.0.0.1"},
		},
		"r3-vread.json": {
			ID: "example-rest", Recorded: at("2013-06-20T23:42:24Z"), Actor: activity.Actor{ID: "95", AltID: "601847123", Kind: activity.ActorUnknown, Display: "a name"},
			Patients: []activity.Patient{{ID: "example"}}, Action: activity.ActionRead, Family: activity.FamilyView, Act: activity.Act{System: interactions, Name: "vread"},
			From: activity.Origin{Host: "Workstation1.ehr.familyclinic.com"},
		},
		"r3-firely-read.json": {
			Recorded: at("2022-10-18T13:05:19.15Z"), Actor: activity.Actor{ID: "%USER_ID%", Kind: activity.ActorUnknown, Display: "%USER_NAME%"},
			Action: activity.ActionRead, Family: activity.FamilyView, Act: activity.Act{System: interactions, Name: "read"}, From: activity.Origin{Addr: "127.0.0.1"},
		},
		"r5-firely-search.json": {
			Recorded: at("2022-10-18T13:05:19.152Z"), Actor: activity.Actor{ID: "%USER_ID%", Kind: activity.ActorUnknown, Display: "%USER_NAME%"},
			Action: activity.ActionSearch, Family: activity.FamilySearch, Act: activity.Act{System: interactions, Name: "search-type"}, Code: "success", From: activity.Origin{Addr: "127.0.0.1"},
		},
		"r6-vread.json": {
			ID: "example-rest", Recorded: at("2013-06-20T23:42:24Z"), Actor: activity.Actor{ID: "95", Kind: activity.ActorPerson},
			Patients: []activity.Patient{{ID: "example"}}, Action: activity.ActionRead, Family: activity.FamilyView, Act: activity.Act{System: interactions, Name: "vread"},
			From: activity.Origin{Host: "Workstation1.ehr.familyclinic.com"},
		},
		"balp-query-server.json": {
			ID: "ex-auditBasicQueryGetServer", Recorded: at("2020-04-29T09:49:00Z"), Actor: named, Patients: own, Action: activity.ActionSearch, Family: activity.FamilySearch,
			Act: activity.Act{System: interactions, Name: "search"}, From: activity.Origin{Addr: client}, Session: asked, Request: activity.Request{ID: asked, Recorder: "Device/ex-device"},
		},
		"balp-query-client.json": { // the client wrote down two addresses, and which of them is its own it did not
			ID: "ex-auditBasicQueryGetClient", Recorded: at("2020-04-29T09:49:00Z"), Actor: named, Patients: own, Action: activity.ActionSearch, Family: activity.FamilySearch,
			Act: activity.Act{System: interactions, Name: "search"}, Session: asked, Request: activity.Request{ID: asked, Recorder: "myMachine.example.org"},
		},
		"balp-read-client.json": {
			ID: "ex-auditBasicReadClient", Recorded: at("2020-04-29T09:49:00Z"), Actor: named, Patients: own, Action: activity.ActionRead, Family: activity.FamilyView,
			Act: activity.Act{System: interactions, Name: "read"}, Object: activity.Object{Type: "List", ID: "List/ex-list"}, Session: read, Request: activity.Request{ID: read, Recorder: "myMachine.example.org"},
		},
		"balp-update-no-user.json": {
			ID: "ex-auditBasicUpdateNoUser", Recorded: at("2020-04-29T09:49:00Z"), Actor: activity.Actor{Kind: activity.ActorUnknown}, Patients: own, Action: activity.ActionUpdate, Family: activity.FamilyEdit,
			Act: activity.Act{System: interactions, Name: "update"}, Object: activity.Object{Type: "List", ID: "List/ex-list"}, From: activity.Origin{Addr: client},
		},
		"balp-consent-deny.json": {
			ID: "ex-auditAuthZconsent-deny", Recorded: at("2021-12-27T09:49:00Z"), Actor: activity.Actor{ID: "Practitioner/ex-practitioner", Kind: activity.ActorPerson}, Patients: own,
			Action: activity.ActionExecute, Family: activity.FamilyAdmin, Act: activity.Act{System: "https://profiles.ihe.net/ITI/BALP/CodeSystem/AuthZsubType", Name: "AuthZ-Consent"},
			Object: activity.Object{Type: "Consent", ID: "Consent/ex-consent"}, Outcome: activity.OutcomeDenied, Code: "8", From: activity.Origin{Addr: client}, Purpose: []string{"PATRQT"},
		},
		"balp-disclosure-recipient.json": {
			ID: "ex-auditPrivacyDisclosure-recipient", Recorded: at("2020-04-29T09:49:00Z"), Actor: activity.Actor{ID: "Patient/ex-patient", Kind: activity.ActorPerson}, Patients: own,
			Action: activity.ActionCreate, Family: activity.FamilyEdit, Act: activity.Act{System: "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", Name: "disclose"},
			Object: activity.Object{Type: "DocumentReference", ID: "DocumentReference/ex-documentreference"}, From: activity.Origin{Addr: client}, Purpose: []string{"PATRQT"},
		},
	}
	var all []sample
	for name, want := range samples {
		data, err := os.ReadFile(filepath.Join("testdata", "fhir", name))
		require.NoError(t, err)
		want.Raw.Length = int64(len(strings.TrimSpace(string(data))))
		if want.Outcome == "" {
			want.Outcome = activity.OutcomeSuccess
		}
		if want.Code == "" {
			want.Code = "0"
		}
		all = append(all, sample{name, []activity.Event{want}})
	}
	requireSamples(t, activity.FormatFHIR, "fhir", all)
}

// recordedBy is an act under a request, as one end of the connection recorded it.
func recordedBy(observer, id, request, rest string) string {
	return fmt.Sprintf(`{"resourceType":"AuditEvent","id":"%s","subtype":[{"code":"read"}],"action":"R","recorded":"2026-03-01T10:00:00Z","outcome":"0",`+
		`"source":{"observer":{"reference":"Device/%s"}},"entity":[%s{"what":{"identifier":{"value":"%s"}},"type":{"code":"XrequestId"}}]}`, id, observer, rest, request)
}

// Client and server each record an act, with identities of their own and one X-Request-Id (IHE BALP, volume 1).
func TestAnActThatBothEndsRecordedIsCountedOnce(t *testing.T) {
	t.Parallel()
	const p1, p2, absolute = `{"what":{"reference":"Patient/p1"}},`, `{"what":{"reference":"Patient/p2"}},`, `{"what":{"reference":"https://h/fhir/Patient/p1"}},`
	for name, c := range map[string]struct {
		file               []string
		events, duplicates int64
	}{
		"both ends":                                {[]string{recordedBy("server", "1", "r", p1), recordedBy("client", "2", "r", p1)}, 1, 1},
		"one of them by an absolute reference":     {[]string{recordedBy("server", "1", "r", p1), recordedBy("client", "2", "r", absolute)}, 1, 1},
		"two requests":                             {[]string{recordedBy("server", "1", "r", p1), recordedBy("client", "2", "s", p1)}, 2, 0},
		"two patients of one request":              {[]string{recordedBy("server", "1", "r", p1), recordedBy("client", "2", "r", p2)}, 2, 0},
		"two acts of one request, by one recorder": {[]string{recordedBy("server", "1", "r", p1), recordedBy("server", "2", "r", p1)}, 2, 0},
		"two acts of one request, by both ends":    {[]string{recordedBy("server", "1", "r", p1), recordedBy("server", "2", "r", p1), recordedBy("client", "3", "r", p1), recordedBy("client", "4", "r", p1)}, 2, 2},
		"delivered twice":                          {[]string{recordedBy("server", "1", "r", p1), recordedBy("server", "1", "r", p1)}, 1, 1},
		"an empty request identity":                {[]string{recordedBy("server", "1", "", p1), recordedBy("client", "2", "", p1)}, 2, 0},
		"the examples of IHE":                      {[]string{compact(t, "balp-query-server.json"), compact(t, "balp-query-client.json"), compact(t, "balp-read-client.json")}, 2, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requireDeduped(t, activity.FormatFHIR, strings.Join(c.file, "\n"), c.events, c.duplicates)
		})
	}
}

func compact(t *testing.T, name string) string {
	t.Helper()
	return string(file(t, filepath.Join("testdata", "fhir"), name))
}

// fhirRecord is an entry for the tests of bad input.
func fhirRecord(id string) string {
	return `{"resourceType":"AuditEvent","id":"` + id + `","subtype":[{"code":"read"}],"action":"R","recorded":"2026-03-01T10:00:00.5Z","outcome":"0","agent":[{"requestor":true,"altId":"u1"}]}`
}

func TestFHIRDamage(t *testing.T) {
	t.Parallel()
	jsonDamage(t, activity.FormatFHIR, fhirRecord)
	for name, c := range map[string]struct{ file, reason, bytes string }{
		"half an entry of a bundle":       {`{"resourceType":"Bundle","entry":[{"resource":` + fhirRecord("a") + `},{"resource":` + fhirRecord("b")[:80], "truncated", `{"resource":` + fhirRecord("b")[:80]},
		"a bundle that is cut behind one": {`{"resourceType":"Bundle","entry":[{"resource":` + fhirRecord("a") + `}]`, "truncated", ""},
		"an array that is cut":            {"[" + fhirRecord("a") + ",", "truncated", ""},
		"Latin-1 in a bundle":             {`{"entry":[{"resource":` + fhirRecord("a") + `},{"resource":` + fhirRecord("\xfc") + `}]}`, "encoding", fhirRecord("\xfc")},
		"a member twice":                  {fhirRecord("a") + "\n" + `{"resourceType":"AuditEvent","id":"1","id":"2"}` + "\n", "duplicate_member", `{"resourceType":"AuditEvent","id":"1","id":"2"}`},
		"an agent that is no object":      {fhirRecord("a") + "\n" + `{"resourceType":"AuditEvent","agent":["u1"]}` + "\n", "type", `{"resourceType":"AuditEvent","agent":["u1"]}`},
		"an agent without brackets":       {fhirRecord("a") + "\n" + `{"resourceType":"AuditEvent","agent":{"altId":"u1"}}` + "\n", "type", `{"resourceType":"AuditEvent","agent":{"altId":"u1"}}`},
		"a draft of DSTU2":                {fhirRecord("a") + "\n" + `{"resourceType":"AuditEvent","event":{"action":"R"},"participant":[{"userId":"u1"}]}` + "\n", "type", `{"resourceType":"AuditEvent","event":{"action":"R"},"participant":[{"userId":"u1"}]}`},
	} {
		events, defects := readAll(t, activity.FormatFHIR, []byte(c.file))
		require.Equal(t, "a", ids(events), name)
		require.Len(t, defects, 1, name)
		d := defects[0]
		require.Equal(t, c.reason, string(d.Reason), name)
		require.Equal(t, c.bytes, c.file[d.Raw.Offset:d.Raw.Offset+d.Raw.Length], name)
		require.EqualValues(t, 2, d.Seq, name)
	}
}

func TestFHIRTimes(t *testing.T) {
	t.Parallel()
	jsonTimes(t, activity.FormatFHIR, fhirRecord, `"2026-03-01T10:00:00.5Z"`)
	for written, want := range map[string]string{"2026-03-01T10:00:00.5+05:30": "2026-03-01T04:30:00.5Z", "2026-02-28T20:00:00-14:00": "2026-03-01T10:00:00Z", "2026-03-01T00:00:00+14:00": "2026-02-28T10:00:00Z"} {
		e := one(t, activity.FormatFHIR, strings.Replace(fhirRecord("a"), "2026-03-01T10:00:00.5Z", written, 1))
		require.Equal(t, at(want), e.Recorded, "an instant may have any offset")
	}
	for members, want := range map[string]string{ // where nobody says when it was recorded
		`"period":{"start":"2026-03-01T10:00:00Z","end":"2026-03-01T10:00:05Z"}`:    "2026-03-01T10:00:05Z",
		`"period":{"start":"2026-03-01T10:00:00Z"}`:                                 "2026-03-01T10:00:00Z",
		`"occurredDateTime":"2026-03-01T11:00:00+01:00"`:                            "2026-03-01T10:00:00Z",
		`"occurredPeriod":{"end":"2026-03-01T10:00:05Z"}`:                           "2026-03-01T10:00:05Z",
		`"recorded":"2026-03-01T10:00:09Z","period":{"end":"2026-03-01T10:00:05Z"}`: "2026-03-01T10:00:09Z",
	} {
		require.Equal(t, at(want), one(t, activity.FormatFHIR, `{"resourceType":"AuditEvent",`+members+`}`).Recorded, members)
	}
	for _, members := range []string{`"occurredDateTime":"2026-03-01"`, `"period":{"start":"2026-03"}`, `"recorded":"soon","period":{"end":"2026-03-01T10:00:05Z"}`} {
		require.True(t, one(t, activity.FormatFHIR, `{"resourceType":"AuditEvent",`+members+`}`).Recorded.IsZero(), "%s is no instant", members)
	}
}
