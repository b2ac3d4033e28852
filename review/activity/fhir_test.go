package activity_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

func TestFHIRExamplesOfHL7(t *testing.T) {
	t.Parallel()
	one := func(name string) activity.Event {
		data, err := os.ReadFile(filepath.Join(shared(t), name))
		require.NoError(t, err)
		events, defects := readAll(t, activity.FormatFHIR, data)
		require.Empty(t, defects, name)
		require.Len(t, events, 1, name)
		return events[0]
	}

	login := one("fhir-r4-AuditEvent-example-login.json")
	require.Equal(t, activity.Actor{ID: "95", AltID: "601847123", Kind: activity.ActorPerson, Display: login.Actor.Display}, login.Actor)
	require.Equal(t, activity.ActionLogin, login.Action)
	require.Equal(t, activity.FamilyLogin, login.Family)
	require.Equal(t, time.Date(2013, 6, 20, 23, 41, 23, 0, time.UTC), login.Recorded)
	require.Equal(t, activity.Origin{Addr: "127.0.0.1"}, login.From)
	require.Equal(t, activity.OutcomeSuccess, login.Outcome)
	require.Equal(t, activity.Act{System: "http://dicom.nema.org/resources/ontology/DCM", Name: "110122"}, login.Act)
	require.Empty(t, login.Patients)

	logout := one("fhir-r4-AuditEvent-example-logout.json")
	require.Equal(t, activity.ActionLogout, logout.Action)

	rest := one("fhir-r4-AuditEvent-example-rest.json")
	require.Equal(t, []activity.Patient{{ID: "example"}}, rest.Patients, "out of a versioned reference, although the type says system object")
	require.Equal(t, activity.ActionRead, rest.Action)
	require.Equal(t, activity.FamilyView, rest.Family)
	require.Equal(t, activity.Origin{Host: "Workstation1.ehr.familyclinic.com"}, rest.From, "the address of the other agent")

	base := one("fhir-r4-AuditEvent-example.json")
	require.False(t, base.Actor.Resolved(), "no agent asked for it, so nobody did")
	require.Equal(t, activity.ActorUnknown, base.Actor.Kind)
	require.Equal(t, activity.FamilyOther, base.Family)
	require.Equal(t, activity.Object{ID: "ABCDEF"}, base.Object)
}

// The same act in the shapes of four versions. R4, R5 and R6 follow HL7's published examples of a vread
// (hl7.org/fhir/R4, /R5, /6.0.0-ballot4: audit-event-example-vread), R3 the resource definition.
func TestFHIRVersionsGiveTheSameEvent(t *testing.T) {
	t.Parallel()
	const (
		code    = `{"system":"http://hl7.org/fhir/restful-interaction","code":"vread"}`
		rest    = `{"system":"http://terminology.hl7.org/CodeSystem/audit-event-type","code":"rest"}`
		treat   = `{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"TREAT"}]}`
		human   = `"type":{"coding":[{"code":"humanuser"}]}`
		patient = `{"system":"http://terminology.hl7.org/CodeSystem/object-role","code":"1"}`
	)
	versions := map[string]string{
		"DSTU2": `{"resourceType":"AuditEvent","id":"1","event":{"type":` + rest + `,"subtype":[` + code + `],"action":"R","dateTime":"2026-03-01T09:00:00+01:00","outcome":"0","purposeOfEvent":[{"code":"TREAT"}]},
			"participant":[{"userId":{"value":"95"},"reference":{"reference":"Practitioner/9"},"altId":"7","name":"n","requestor":true,"network":{"address":"ws-1","type":"1"}}],
			"source":{"identifier":{"value":"ehr"}},"object":[{"reference":{"reference":"Patient/example/_history/1"},"role":` + patient + `}]}`,
		"R3": `{"resourceType":"AuditEvent","id":"1","type":` + rest + `,"subtype":[` + code + `],"action":"R","recorded":"2026-03-01T09:00:00+01:00","outcome":"0","purposeOfEvent":[` + treat + `],
			"agent":[{"userId":{"value":"95"},"reference":{"reference":"Practitioner/9"},"altId":"7","name":"n","requestor":true,"network":{"address":"ws-1","type":"1"}}],
			"source":{"identifier":{"value":"ehr"}},"entity":[{"reference":{"reference":"Patient/example/_history/1"},"role":` + patient + `}]}`,
		"R4": `{"resourceType":"AuditEvent","id":"1","type":` + rest + `,"subtype":[` + code + `],"action":"R","recorded":"2026-03-01T08:00:00Z","outcome":"0","purposeOfEvent":[` + treat + `],
			"agent":[{` + human + `,"who":{"identifier":{"value":"95"},"reference":"Practitioner/9"},"altId":"7","name":"n","requestor":true,"network":{"address":"ws-1","type":"1"}}],
			"source":{"observer":{"display":"ehr"}},"entity":[{"what":{"reference":"Patient/example/_history/1"},"role":` + patient + `}]}`,
		"R5": `{"resourceType":"AuditEvent","id":"1","category":[{"coding":[` + rest + `]}],"code":{"coding":[` + code + `]},"action":"R","recorded":"2026-03-01T08:00:00.000Z",
			"outcome":{"code":{"system":"http://terminology.hl7.org/CodeSystem/audit-event-outcome","code":"0"}},"authorization":[` + treat + `],"patient":{"reference":"Patient/example"},
			"agent":[{` + human + `,"who":{"identifier":{"value":"95"},"reference":"Practitioner/9","display":"n"},"requestor":true,"networkString":"ws-1"}],
			"source":{"observer":{"display":"ehr"}},"entity":[{"what":{"reference":"Patient/example/_history/1"},"role":{"coding":[` + patient + `]}}]}`,
		"R6": `{"resourceType":"AuditEvent","id":"1","type":{"coding":[` + rest + `]},"subtype":[{"coding":[` + code + `]}],"action":"R","recorded":"2026-03-01T08:00:00Z",
			"outcome":{"code":{"code":"0"}},"authorization":[` + treat + `],
			"agent":[{` + human + `,"who":{"identifier":{"value":"95"},"reference":"Practitioner/9","display":"n"},"requestor":true,"networkString":"ws-1"}],
			"source":{"observer":{"display":"ehr"}},"entity":[{"what":{"reference":"Patient/example/_history/1"},"role":{"coding":[` + patient + `]}}]}`,
	}
	want, defects := readAll(t, activity.FormatFHIR, []byte(versions["R4"]))
	require.Empty(t, defects)
	require.Equal(t, activity.Event{
		Source: "s1", ID: "1", Seq: 1, Recorded: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC),
		Actor:    activity.Actor{ID: "95", AltID: "Practitioner/9", Kind: activity.ActorPerson, Display: "n"},
		Patients: []activity.Patient{{ID: "example"}}, Action: activity.ActionRead, Family: activity.FamilyView,
		Act:     activity.Act{System: "http://hl7.org/fhir/restful-interaction", Name: "vread"},
		Outcome: activity.OutcomeSuccess, Code: "0", From: activity.Origin{Host: "ws-1"}, Purpose: []string{"TREAT"},
		Raw: activity.Raw{File: "log", Length: int64(len(versions["R4"]))},
	}, want[0])
	for version, record := range versions {
		events, defects := readAll(t, activity.FormatFHIR, []byte(record))
		require.Empty(t, defects, version)
		events[0].Raw.Length = want[0].Raw.Length
		require.Equal(t, want[0], events[0], version)
	}
}

func TestFHIRFrames(t *testing.T) {
	t.Parallel()
	a := `{"resourceType":"AuditEvent","id":"a","recorded":"2026-03-01T08:00:00Z"}`
	b := `{"resourceType":"AuditEvent","id":"b","recorded":"2026-03-01T08:00:01Z"}`
	for name, file := range map[string]string{
		"one a line": a + "\n" + b + "\n",
		"an array":   "[\n" + a + ",\n" + b + "\n]",
		"a bundle":   `{"resourceType":"Bundle","type":"searchset","entry":[{"fullUrl":"urn:x","resource":` + a + `},{"resource": ` + b + ` ,"search":{"mode":"match"}}],"link":[]}`,
		"bundles":    `{"entry":[{"resource":` + a + `}],"resourceType":"Bundle"}` + "\n" + `{"resourceType":"Bundle","entry":[{"resource":` + b + `}]}`,
	} {
		events, defects := readAll(t, activity.FormatFHIR, []byte(file))
		require.Empty(t, defects, name)
		require.Len(t, events, 2, name)
		for i, record := range []string{a, b} {
			require.Equal(t, record, file[events[i].Raw.Offset:events[i].Raw.Offset+events[i].Raw.Length], name)
		}
	}
	events, defects := readAll(t, activity.FormatFHIR, []byte(`{"resourceType":"Bundle","type":"searchset","total":0}`))
	require.Empty(t, events)
	require.Empty(t, defects, "a search that found nothing is no damage")
	for _, other := range []string{`{"resourceType":"Patient","id":"p"}`, `{"id":"p"}`, `[{"x":1}]`, `{"resourceType":"Bundle","entry":[{"fullUrl":"urn:x"}]}`} {
		events, defects := readAll(t, activity.FormatFHIR, []byte(other))
		require.Empty(t, events, other)
		require.Len(t, defects, 1, other)
		require.Equal(t, activity.ReasonNotAnEvent, defects[0].Reason, other)
	}
}

func TestFHIRRequestor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ agents, id, alt string }{
		"the human stands second":              {`{"who":{"reference":"Device/d"},"requestor":true},{"type":{"coding":[{"code":"humanuser"}]},"who":{"identifier":{"value":"u1"}},"requestor":true}`, "u1", ""},
		"BALP marks the user by participation": {`{"type":{"coding":[{"code":"110153"}]},"who":{"identifier":{"value":"app"}},"requestor":true},{"type":{"coding":[{"code":"IRCP"}]},"who":{"identifier":{"value":"u2"}},"requestor":true}`, "u2", ""},
		"an agent that has no who":             {`{"requestor":true,"altId":"u3"}`, "u3", ""},
		"a requestor with nothing but a name":  {`{"requestor":true,"name":"somebody","who":{"display":"somebody"}}`, "", ""},
		"an HL7 CX stays as it is":             {`{"requestor":true,"who":{"identifier":{"value":"u4^^^&1.2.3&ISO"}}}`, "u4^^^&1.2.3&ISO", ""},
		"nobody asked":                         {`{"who":{"identifier":{"value":"u5"}},"type":{"coding":[{"code":"humanuser"}]},"requestor":false}`, "", ""},
		"no agents":                            {``, "", ""},
		"two marked, the first is nameless":    {`{"requestor":true},{"requestor":true,"who":{"reference":"Device/d2"},"altId":"p"}`, "Device/d2", "p"},
	} {
		events, defects := readAll(t, activity.FormatFHIR, []byte(`{"resourceType":"AuditEvent","agent":[`+c.agents+`]}`))
		require.Empty(t, defects, name)
		require.Equal(t, c.id, events[0].Actor.ID, name)
		require.Equal(t, c.alt, events[0].Actor.AltID, name)
	}
}

func TestFHIRPatients(t *testing.T) {
	t.Parallel()
	query := func(s string) string {
		return `{"role":{"code":"24"},"query":"` + base64.StdEncoding.EncodeToString([]byte(s)) + `"}`
	}
	for name, c := range map[string]struct {
		entities string
		want     []activity.Patient
	}{
		"role patient, identifier":             {`{"what":{"identifier":{"system":"urn:oid:1.2","value":"m1"}},"role":{"code":"1"}}`, []activity.Patient{{System: "urn:oid:1.2", ID: "m1"}}},
		"role patient, CX":                     {`{"what":{"identifier":{"value":"m2^^^&1.2.3&ISO"}},"role":{"code":"1"}}`, []activity.Patient{{System: "urn:oid:1.2.3", ID: "m2"}}},
		"type person without a role":           {`{"what":{"identifier":{"value":"m3"}},"type":{"code":"1"}}`, []activity.Patient{{ID: "m3"}}},
		"type person in the role of a user":    {`{"what":{"identifier":{"value":"u9"}},"type":{"code":"1"},"role":{"code":"6"}}`, nil},
		"a doctor called a patient is none":    {`{"what":{"reference":"Practitioner/9"},"type":{"code":"1"}}`, nil},
		"a reference whatever the type says":   {`{"what":{"reference":"Patient/p4/_history/2"},"type":{"code":"2"}}`, []activity.Patient{{ID: "p4"}}},
		"an absolute reference":                {`{"what":{"reference":"https://h/fhir/Patient/p5"}}`, []activity.Patient{{System: "https://h/fhir", ID: "p5"}}},
		"a conditional reference":              {`{"what":{"reference":"Patient?identifier=urn:s%7Cp6"}}`, []activity.Patient{{System: "urn:s", ID: "p6"}}},
		"two entities, one patient":            {`{"what":{"reference":"Patient/p7"},"role":{"code":"1"}},{"what":{"reference":"Patient/p7/_history/1"},"role":{"code":"4"}}`, []activity.Patient{{ID: "p7"}}},
		"several patients":                     {`{"what":{"reference":"Patient/a"}},{"what":{"reference":"Patient/b"}}`, []activity.Patient{{ID: "a"}, {ID: "b"}}},
		"in the query":                         {query("GET https://h/fhir/Observation?code=1&patient=Patient/p8"), []activity.Patient{{ID: "p8"}}},
		"in the query, bare":                   {query("https://h/fhir/Encounter?subject=p9,https://x/fhir/Patient/p10"), []activity.Patient{{ID: "p9"}, {System: "https://x/fhir", ID: "p10"}}},
		"in the query, by identifier":          {query("Patient?identifier=urn:s|m11"), []activity.Patient{{System: "urn:s", ID: "m11"}}},
		"in the path of the query":             {query("https://h/fhir/Patient/p12"), []activity.Patient{{System: "https://h/fhir", ID: "p12"}}},
		"a query for something else":           {query("http://h/open/Encounter?participant=13"), nil},
		"the query only where nothing else is": {`{"what":{"reference":"Patient/p"}},` + query("Observation?patient=other"), []activity.Patient{{ID: "p"}}},
		"a query that is no base64":            {`{"query":"%%%"}`, nil},
		"nobody":                               {`{"what":{"reference":"Observation/o"}}`, nil},
	} {
		events, defects := readAll(t, activity.FormatFHIR, []byte(`{"resourceType":"AuditEvent","entity":[`+c.entities+`]}`))
		require.Empty(t, defects, name)
		require.Equal(t, c.want, events[0].Patients, name)
	}
}

func TestFHIRWords(t *testing.T) {
	t.Parallel()
	const dcm = `"system":"http://dicom.nema.org/resources/ontology/DCM"`
	for name, c := range map[string]struct {
		record string
		action activity.Action
		family activity.Family
	}{
		"a query":                     {`"type":{` + dcm + `,"code":"110112"},"action":"E"`, activity.ActionSearch, activity.FamilySearch},
		"an export":                   {`"type":{` + dcm + `,"code":"110106"},"action":"R"`, activity.ActionExport, activity.FamilyPrintExport},
		"a patient record read":       {`"type":{` + dcm + `,"code":"110110"},"action":"R"`, activity.ActionRead, activity.FamilyView},
		"an override":                 {`"type":{` + dcm + `,"code":"110113"},"subtype":[{` + dcm + `,"code":"110127"}],"action":"E"`, activity.ActionOverride, activity.FamilyOverride},
		"recording stopped":           {`"type":{` + dcm + `,"code":"110113"},"subtype":[{` + dcm + `,"code":"110133"}],"action":"E"`, activity.ActionExecute, activity.FamilyAdmin},
		"a REST search":               {`"type":{"code":"rest"},"subtype":[{"code":"search-type"}],"action":"E"`, activity.ActionSearch, activity.FamilySearch},
		"a REST patch":                {`"type":{"code":"rest"},"subtype":[{"code":"patch"}],"action":"U"`, activity.ActionUpdate, activity.FamilyEdit},
		"nothing but the action":      {`"action":"D"`, activity.ActionDelete, activity.FamilyEdit},
		"nothing at all":              {`"outcome":"0"`, activity.ActionUnknown, activity.FamilyUnknown},
		"a view in an emergency":      {`"type":{"code":"rest"},"subtype":[{"code":"read"}],"action":"R","purposeOfEvent":[{"coding":[{"code":"ETREAT"}]}]`, activity.ActionRead, activity.FamilyOverride},
		"breaking the glass, by user": {`"action":"R","agent":[{"requestor":true,"altId":"u","purposeOfUse":[{"coding":[{"code":"BTG"}]}]}]`, activity.ActionRead, activity.FamilyOverride},
	} {
		events, defects := readAll(t, activity.FormatFHIR, []byte(`{"resourceType":"AuditEvent",`+c.record+`}`))
		require.Empty(t, defects, name)
		require.Equal(t, c.action, events[0].Action, name)
		require.Equal(t, c.family, events[0].Family, name)
		require.Equal(t, c.family == activity.FamilyOverride, events[0].Emergency(), name)
	}
}

func TestFHIROutcomes(t *testing.T) {
	t.Parallel()
	for record, want := range map[string]activity.Outcome{
		`"outcome":"0"`: activity.OutcomeSuccess,
		`"outcome":"4"`: activity.OutcomeFailure,
		`"outcome":"8","outcomeDesc":"Access denied by policy"`:                            activity.OutcomeDenied,
		`"outcome":"4","outcomeDesc":"403"`:                                                activity.OutcomeDenied,
		`"outcome":"4","outcomeDesc":"order 4031 not found"`:                               activity.OutcomeFailure,
		`"outcome":"0","outcomeDesc":"no access denied"`:                                   activity.OutcomeSuccess,
		`"outcome":{"code":{"code":"success"}}`:                                            activity.OutcomeSuccess,
		`"outcome":{"code":{"code":"error"},"detail":[{"coding":[{"code":"forbidden"}]}]}`: activity.OutcomeDenied,
		`"outcome":{"code":{"code":"8"},"detail":{"text":"Not authorized"}}`:               activity.OutcomeDenied,
		`"outcome":{"coding":[{"code":"12"}],"text":"disk full"}`:                          activity.OutcomeFailure,
		`"outcome":{"code":{"code":"warning"}}`:                                            activity.OutcomeUnknown,
		`"outcome":7`:                                                                      activity.OutcomeUnknown,
		`"action":"R"`:                                                                     activity.OutcomeUnknown,
	} {
		events, defects := readAll(t, activity.FormatFHIR, []byte(`{"resourceType":"AuditEvent",`+record+`}`))
		require.Empty(t, defects, record)
		require.Equal(t, want, events[0].Outcome, record)
	}
}

func TestFHIRFromIsTheClientOrNobody(t *testing.T) {
	t.Parallel()
	agent := func(id, address string) string {
		return `{"who":{"identifier":{"value":"` + id + `"}},"requestor":false,"network":{"address":"` + address + `"}}`
	}
	const user = `{"who":{"identifier":{"value":"u"}},"requestor":true}`
	for name, c := range map[string]struct {
		agents string
		want   activity.Origin
	}{
		"the only other agent":      {user + "," + agent("app", "10.0.0.7"), activity.Origin{Addr: "10.0.0.7"}},
		"not the recording system":  {user + "," + agent("ehr", "10.0.0.1") + "," + agent("app", "fe80::1"), activity.Origin{Addr: "fe80::1"}},
		"two that could be":         {user + "," + agent("a", "10.0.0.7") + "," + agent("b", "10.0.0.8"), activity.Origin{}},
		"nobody has an address":     {user, activity.Origin{}},
		"a name is no address":      {user + "," + agent("app", "ws-1.clinic"), activity.Origin{Host: "ws-1.clinic"}},
		"the requestor's own first": {strings.Replace(user, `"requestor"`, `"network":{"address":"10.1.1.1"},"requestor"`, 1) + "," + agent("a", "10.0.0.7"), activity.Origin{Addr: "10.1.1.1"}},
	} {
		events, defects := readAll(t, activity.FormatFHIR, []byte(`{"resourceType":"AuditEvent","agent":[`+c.agents+`],"source":{"observer":{"identifier":{"value":"ehr"}}}}`))
		require.Empty(t, defects, name)
		require.Equal(t, c.want, events[0].From, name)
	}
	events, _ := readAll(t, activity.FormatFHIR, []byte(`{"resourceType":"AuditEvent","agent":[`+user+`,{"requestor":false,"network":{"address":"10.0.0.7"}}],"source":{"observer":{"display":"ehr"}}}`))
	require.Equal(t, "10.0.0.7", events[0].From.Addr, "two that are not named are not the same")
}

func TestFHIRSessionAndObject(t *testing.T) {
	t.Parallel()
	events, defects := readAll(t, activity.FormatFHIR, []byte(`{"resourceType":"AuditEvent","entity":[
		{"what":{"reference":"Patient/p"},"role":{"code":"1"}},
		{"what":{"identifier":{"value":"req-1"}},"type":{"system":"https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType","code":"XrequestId"}},
		{"what":{"reference":"Observation/o1"},"role":{"code":"4"}}]}`))
	require.Empty(t, defects)
	require.Equal(t, "req-1", events[0].Session)
	require.Equal(t, activity.Object{Type: "Observation", ID: "Observation/o1"}, events[0].Object)
}
