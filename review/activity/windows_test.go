package activity_test

import (
	"fmt"
	"log"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

func windowsXML(id, rest string) string {
	return `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Security-Auditing'/><EventID>` + id +
		`</EventID><Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime='2026-03-01T10:00:00.5000000Z'/><EventRecordID>7</EventRecordID><Channel>Security</Channel><Computer>PC1</Computer></System>` + rest + `</Event>`
}

func windowsData(pairs ...string) string {
	out := "<EventData>"
	for i := 0; i < len(pairs); i += 2 {
		out += `<Data Name='` + pairs[i] + `'>` + pairs[i+1] + `</Data>`
	}
	return out + "</EventData>"
}

// windowsJSON is a record of evtx_dump whose computer is the identity.
func windowsJSON(id string) string {
	return `{"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Security-Auditing"}},"EventID":{"#attributes":{"Qualifiers":0},"#text":4625},"Keywords":"0x8010000000000000",` +
		`"TimeCreated":{"#attributes":{"SystemTime":"2026-03-01T10:00:00.500000Z"}},"EventRecordID":7,"Channel":"Security","Computer":"` + id + `"},"EventData":{"TargetUserName":"u1","LogonType":3,"IpAddress":"::ffff:192.0.2.1"}}}`
}

func windowsSeeds() [][]byte {
	data := windowsData("TargetUserName", "u1 &amp; u2", "TargetDomainName", "D", "LogonType", "2", "IpAddress", "192.0.2.1")
	one, two := windowsXML("4624", data), windowsXML("4634", data)
	return [][]byte{
		[]byte(nxlogRecord("e-1") + "\n" + nxlogRecord("e-2")),
		[]byte(`{"hits":{"hits":[{"_source":` + windowsJSON("e-1") + `},{"_source":` + nxlogRecord("e-2") + `}]}}`),
		[]byte("\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n" + one),
		[]byte(one + "\n" + two + "\n"),
		[]byte("<?xml version='1.0'?><Events>" + one + "\r\n" + two + "</Events>"),
		[]byte(strings.ReplaceAll(one, "><", ">\n  <")),
		[]byte(windowsJSON("a") + "\n" + windowsJSON("b") + "\n"),
		[]byte("[" + windowsJSON("a") + ",\n" + windowsJSON("b") + "]"),
	}
}

func TestWindowsXMLSamples(t *testing.T) {
	t.Parallel()
	requireSamples(t, activity.FormatWindows, "windows-xml", []sample{
		{"event-1102.xml", []activity.Event{
			{ID: "DC01.contoso.local/Security/1087729/2015-10-16T00:39:58.656871Z", Recorded: at("2015-10-16T00:39:58.656871Z"),
				Actor:  activity.Actor{ID: "CONTOSO\\dadmin", AltID: "S-1-5-21-3457937927-2839227994-823803824-1104", Kind: activity.ActorAccount},
				Action: activity.ActionDelete, Family: activity.FamilyAdmin, Act: activity.Act{System: "Microsoft-Windows-Eventlog", Name: "1102"},
				Outcome: activity.OutcomeSuccess, Session: "0x55cd1d", Raw: activity.Raw{Offset: 0, Length: 928}},
		}},
		{"event-4624.xml", []activity.Event{
			{ID: "WIN-GG82ULGC9GO/Security/211/2015-11-12T00:24:35.079785Z", Recorded: at("2015-11-12T00:24:35.079785Z"),
				Actor:  activity.Actor{ID: "WIN-GG82ULGC9GO\\Administrator", AltID: "S-1-5-21-1377283216-344919071-3415362939-500", Kind: activity.ActorAccount},
				Action: activity.ActionLogin, Family: activity.FamilyLogin, Act: activity.Act{System: "Microsoft-Windows-Security-Auditing", Name: "4624"},
				Object: activity.Object{Type: "computer", ID: "WIN-GG82ULGC9GO"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Addr: "127.0.0.1", Host: "WIN-GG82ULGC9GO", App: "C:\\\\Windows\\\\System32\\\\svchost.exe"}, Session: "0x8dcdc", Raw: activity.Raw{Offset: 22, Length: 1828}},
		}},
		{"event-4625.xml", []activity.Event{
			{ID: "DC01.contoso.local/Security/229977/2015-09-08T22:54:54.962511Z", Recorded: at("2015-09-08T22:54:54.962511Z"),
				Actor:  activity.Actor{ID: "CONTOSO\\Auditor", Kind: activity.ActorAccount},
				Action: activity.ActionLogin, Family: activity.FamilyLogin, Act: activity.Act{System: "Microsoft-Windows-Security-Auditing", Name: "4625"},
				Object: activity.Object{Type: "computer", ID: "DC01.contoso.local"}, Outcome: activity.OutcomeFailure, Code: "0xc0000234",
				From: activity.Origin{Addr: "127.0.0.1", Host: "DC01", App: "C:\\\\Windows\\\\System32\\\\winlogon.exe"}, Raw: activity.Raw{Offset: 0, Length: 1515}},
		}},
		{"event-4647.xml", []activity.Event{
			{ID: "DC01.contoso.local/Security/230200/2015-09-09T03:08:39.126890Z", Recorded: at("2015-09-09T03:08:39.12689Z"),
				Actor:  activity.Actor{ID: "CONTOSO\\dadmin", AltID: "S-1-5-21-3457937927-2839227994-823803824-1104", Kind: activity.ActorAccount},
				Action: activity.ActionLogout, Family: activity.FamilyLogin, Act: activity.Act{System: "Microsoft-Windows-Security-Auditing", Name: "4647"},
				Object: activity.Object{Type: "computer", ID: "DC01.contoso.local"}, Outcome: activity.OutcomeSuccess, Session: "0x29b379", Raw: activity.Raw{Offset: 0, Length: 836}},
		}},
		{"event-4663.xml", []activity.Event{
			{ID: "DC01.contoso.local/Security/273866/2015-09-18T22:13:54.770429Z", Recorded: at("2015-09-18T22:13:54.770429Z"),
				Actor:  activity.Actor{ID: "CONTOSO\\dadmin", AltID: "S-1-5-21-3457937927-2839227994-823803824-1104", Kind: activity.ActorAccount},
				Action: activity.ActionUpdate, Family: activity.FamilyEdit, Act: activity.Act{System: "Microsoft-Windows-Security-Auditing", Name: "4663"},
				Object: activity.Object{Type: "File", ID: "C:\\\\Documents\\\\HBI Data.txt"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{App: "C:\\\\Windows\\\\System32\\\\notepad.exe"}, Session: "0x4367b", Raw: activity.Raw{Offset: 0, Length: 1290}},
		}},
		{"event-4719.xml", []activity.Event{
			{ID: "DC01.contoso.local/Security/1049418/2015-09-30T19:57:09.668217Z", Recorded: at("2015-09-30T19:57:09.668217Z"),
				Actor:  activity.Actor{ID: "CONTOSO\\DC01$", AltID: "S-1-5-18", Kind: activity.ActorService},
				Action: activity.ActionUpdate, Family: activity.FamilyAdmin, Act: activity.Act{System: "Microsoft-Windows-Security-Auditing", Name: "4719"},
				Object: activity.Object{Type: "audit policy", ID: "{0CCE9223-69AE-11D9-BED3-505054503030}"}, Outcome: activity.OutcomeSuccess, Session: "0x3e7", Raw: activity.Raw{Offset: 0, Length: 1013}},
		}},
		{"event-4720.xml", []activity.Event{
			{ID: "DC01.contoso.local/Security/175408/2015-08-20T16:22:02.759912Z", Recorded: at("2015-08-20T16:22:02.759912Z"),
				Actor:  activity.Actor{ID: "CONTOSO\\dadmin", AltID: "S-1-5-21-3457937927-2839227994-823803824-1104", Kind: activity.ActorAccount},
				Action: activity.ActionCreate, Family: activity.FamilyAdmin, Act: activity.Act{System: "Microsoft-Windows-Security-Auditing", Name: "4720"},
				Object: activity.Object{Type: "account", ID: "CONTOSO\\user1"}, Outcome: activity.OutcomeSuccess, Session: "0x30dc2", Raw: activity.Raw{Offset: 0, Length: 1441}},
		}},
		{"event-4740.xml", []activity.Event{
			{ID: "DC01.contoso.local/Security/175703/2015-08-21T22:06:08.576887Z", Recorded: at("2015-08-21T22:06:08.576887Z"),
				Actor:  activity.Actor{ID: "CONTOSO\\DC01$", AltID: "S-1-5-18", Kind: activity.ActorService},
				Action: activity.ActionUpdate, Family: activity.FamilyAdmin, Act: activity.Act{System: "Microsoft-Windows-Security-Auditing", Name: "4740"},
				Object: activity.Object{Type: "account", ID: "Auditor"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Host: "WIN81"}, Session: "0x3e7", Raw: activity.Raw{Offset: 0, Length: 964}},
		}},
	})
}

func TestWindowsJSONSamples(t *testing.T) {
	t.Parallel()
	requireSamples(t, activity.FormatWindows, "windows-json", []sample{
		{"nxlog-security.ndjson", []activity.Event{
			{ID: "MORDORDC.mordor.local/Security/379900/2020-06-09T22:51:02",
				Actor:  activity.Actor{ID: "MORDOR.LOCAL\\MORDORDC$", AltID: "S-1-5-18", Kind: activity.ActorService},
				Action: activity.ActionExecute, Family: activity.FamilyLogin, Act: activity.Act{System: "Microsoft-Windows-Security-Auditing", Name: "4624"},
				Object: activity.Object{Type: "computer", ID: "MORDORDC.mordor.local"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Addr: "172.18.38.5"}, Session: "0x11f1a90", Raw: activity.Raw{Offset: 0, Length: 687}},
			{ID: "MORDORDC.mordor.local/Security/379902/2020-06-09T22:51:02",
				Actor:  activity.Actor{ID: "MORDOR\\MORDORDC$", AltID: "S-1-5-18", Kind: activity.ActorService},
				Action: activity.ActionExecute, Family: activity.FamilyLogin, Act: activity.Act{System: "Microsoft-Windows-Security-Auditing", Name: "4634"},
				Object: activity.Object{Type: "computer", ID: "MORDORDC.mordor.local"}, Outcome: activity.OutcomeSuccess, Session: "0x11f1a90", Raw: activity.Raw{Offset: 688, Length: 525}},
			{ID: "MORDORDC.mordor.local/Security/379834/2020-06-09T22:51:00",
				Actor:  activity.Actor{ID: "NT AUTHORITY\\LOCAL SERVICE", AltID: "S-1-5-19", Kind: activity.ActorService},
				Action: activity.ActionRead, Family: activity.FamilyAdmin, Act: activity.Act{System: "Microsoft-Windows-Security-Auditing", Name: "4663"},
				Object: activity.Object{Type: "Key", ID: "\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Control\\Lsa"}, Outcome: activity.OutcomeSuccess, Session: "0x3e5", Raw: activity.Raw{Offset: 1214, Length: 661}},
			{ID: "MORDORDC.mordor.local/System/1029/2020-06-09T22:51:04",
				Actor:  activity.Actor{Kind: activity.ActorUnknown},
				Action: activity.ActionUnknown, Family: activity.FamilyOther, Act: activity.Act{System: "Service Control Manager", Name: "7036"}, Outcome: activity.OutcomeUnknown, Raw: activity.Raw{Offset: 1876, Length: 416}},
		}},
		{"elastic-1100.json", []activity.Event{
			{ID: "WIN-41OB2LO92CR.wlbeat.local/Security/14257/2019-11-07T10:37:04.226000Z", Recorded: at("2019-11-07T10:37:04.226Z"), Ingested: at("2021-06-02T08:02:12.685Z"),
				Actor:  activity.Actor{Kind: activity.ActorUnknown},
				Action: activity.ActionExecute, Family: activity.FamilyAdmin, Act: activity.Act{System: "Microsoft-Windows-Eventlog", Name: "1100"},
				Outcome: activity.OutcomeSuccess, Raw: activity.Raw{Offset: 0, Length: 757}},
		}},
		{"evtx-4608-separate.json", []activity.Event{
			{ID: "37L4247F27-25/Security/1/2016-07-08T18:12:51.681640Z", Recorded: at("2016-07-08T18:12:51.68164Z"),
				Actor:  activity.Actor{Kind: activity.ActorUnknown},
				Action: activity.ActionExecute, Family: activity.FamilyAdmin, Act: activity.Act{System: "Microsoft-Windows-Security-Auditing", Name: "4608"},
				Outcome: activity.OutcomeSuccess, Raw: activity.Raw{Offset: 0, Length: 780}},
		}},
		{"evtx-4608.json", []activity.Event{
			{ID: "37L4247F27-25/Security/1/2016-07-08T18:12:51.681640Z", Recorded: at("2016-07-08T18:12:51.68164Z"),
				Actor:  activity.Actor{Kind: activity.ActorUnknown},
				Action: activity.ActionExecute, Family: activity.FamilyAdmin, Act: activity.Act{System: "Microsoft-Windows-Security-Auditing", Name: "4608"},
				Outcome: activity.OutcomeSuccess, Raw: activity.Raw{Offset: 0, Length: 863}},
		}},
		{"evtx-4625-of-another-log.json", []activity.Event{
			{ID: "37L4247D28-05/Application/1/2010-11-10T18:18:51.000000Z", Recorded: at("2010-11-10T18:18:51Z"),
				Actor:  activity.Actor{Kind: activity.ActorUnknown},
				Action: activity.ActionUnknown, Family: activity.FamilyOther, Act: activity.Act{System: "Microsoft-Windows-EventSystem", Name: "4625"},
				Outcome: activity.OutcomeUnknown, Raw: activity.Raw{Offset: 0, Length: 1012}},
		}},
		{"evtx-4688.json", []activity.Event{
			{ID: "WIN-LL0C19JS506/Security/1/2018-07-28T07:24:45.754787Z", Recorded: at("2018-07-28T07:24:45.754787Z"),
				Actor:  activity.Actor{ID: "S-1-5-18", Kind: activity.ActorService},
				Action: activity.ActionExecute, Family: activity.FamilyOther, Act: activity.Act{System: "Microsoft-Windows-Security-Auditing", Name: "4688"},
				Object: activity.Object{Type: "process", ID: "Registry"}, Outcome: activity.OutcomeSuccess, Session: "0x3e7", Raw: activity.Raw{Offset: 0, Length: 1345}},
		}},
		{"evtx-4907.json", []activity.Event{
			{ID: "WIN-L0ZZQ76PMUF/Security/196/2015-08-23T21:25:49.063125Z", Recorded: at("2015-08-23T21:25:49.063125Z"),
				Actor:  activity.Actor{ID: "WORKGROUP\\WIN-L0ZZQ76PMUF$", AltID: "S-1-5-18", Kind: activity.ActorService},
				Action: activity.ActionUpdate, Family: activity.FamilyAdmin, Act: activity.Act{System: "Microsoft-Windows-Security-Auditing", Name: "4907"},
				Object: activity.Object{Type: "File", ID: "C:\\Program Files\\Reference Assemblies\\Microsoft\\Framework\\v3.0\\System.IO.Log.dll"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{App: "C:\\Windows\\servicing\\TrustedInstaller.exe"}, Session: "0x3e7", Raw: activity.Raw{Offset: 0, Length: 1395}},
		}},
	})
}

func TestWindowsWords(t *testing.T) {
	t.Parallel()
	type words struct {
		action  activity.Action
		family  activity.Family
		outcome activity.Outcome
	}
	const failure = "0x8010000000000000"
	for _, c := range []struct {
		id   string
		data []string
		want words
	}{
		{"4624", []string{"LogonType", "10"}, words{activity.ActionLogin, activity.FamilyLogin, activity.OutcomeSuccess}},
		{"4624", []string{"LogonType", "3"}, words{activity.ActionExecute, activity.FamilyLogin, activity.OutcomeSuccess}},
		{"4624", []string{"LogonType", "5"}, words{activity.ActionExecute, activity.FamilyLogin, activity.OutcomeSuccess}},
		{"4625", []string{"LogonType", "3", "Status", "0xC000006D", "SubStatus", "0xC000006A"}, words{activity.ActionLogin, activity.FamilyLogin, activity.OutcomeFailure}},
		{"4625", []string{"LogonType", "2", "Status", "0xC000006F"}, words{activity.ActionLogin, activity.FamilyLogin, activity.OutcomeDenied}},
		{"4634", []string{"LogonType", "2"}, words{activity.ActionLogout, activity.FamilyLogin, activity.OutcomeSuccess}},
		{"4634", []string{"LogonType", "3"}, words{activity.ActionExecute, activity.FamilyLogin, activity.OutcomeSuccess}},
		{"4771", []string{"Status", "0x18"}, words{activity.ActionLogin, activity.FamilyLogin, activity.OutcomeFailure}},
		{"4776", []string{"Status", "0x0"}, words{activity.ActionExecute, activity.FamilyLogin, activity.OutcomeSuccess}},
		{"4663", []string{"ObjectType", "File", "ObjectName", `D:\Charts\p-7.pdf`, "AccessMask", "0x1"}, words{activity.ActionRead, activity.FamilyView, activity.OutcomeSuccess}},
		{"4663", []string{"ObjectType", "File", "ObjectName", `D:\Charts\p-7.pdf`, "AccessMask", "0x10080"}, words{activity.ActionDelete, activity.FamilyEdit, activity.OutcomeSuccess}},
		{"4663", []string{"ObjectType", "File", "ObjectName", `C:\Windows\System32\drivers\etc\hosts`, "AccessMask", "0x1"}, words{activity.ActionRead, activity.FamilyAdmin, activity.OutcomeSuccess}},
		{"4663", []string{"ObjectType", "Key", "ObjectName", `\REGISTRY\MACHINE\SAM`, "AccessMask", "0x2"}, words{activity.ActionUpdate, activity.FamilyAdmin, activity.OutcomeSuccess}},
		{"4656", []string{"ObjectType", "File", "ObjectName", `D:\x`, "AccessMask", "0x1"}, words{activity.ActionExecute, activity.FamilyOther, activity.OutcomeSuccess}},
		{"4656F", []string{"ObjectType", "File", "ObjectName", `D:\x`, "AccessMask", "0x1"}, words{activity.ActionRead, activity.FamilyView, activity.OutcomeDenied}},
		{"5145F", []string{"ShareName", `\\*\Charts`, "RelativeTargetName", "p-7.pdf", "AccessMask", "0x2"}, words{activity.ActionUpdate, activity.FamilyEdit, activity.OutcomeDenied}},
		{"4673F", nil, words{activity.ActionExecute, activity.FamilyOther, activity.OutcomeDenied}},
		{"4728", nil, words{activity.ActionUpdate, activity.FamilyAdmin, activity.OutcomeSuccess}},
		{"4726", nil, words{activity.ActionDelete, activity.FamilyAdmin, activity.OutcomeSuccess}},
		{"9999", nil, words{activity.ActionUnknown, activity.FamilyUnknown, activity.OutcomeSuccess}},
	} {
		id, failed := strings.CutSuffix(c.id, "F")
		record := windowsXML(id, windowsData(c.data...))
		if failed || id == "4625" || id == "4771" {
			record = strings.Replace(record, "0x8020000000000000", failure, 1)
		}
		e := one(t, activity.FormatWindows, record)
		require.Equal(t, c.want, words{e.Action, e.Family, e.Outcome}, "%s %v", c.id, c.data)
		require.Equal(t, activity.Act{System: "Microsoft-Windows-Security-Auditing", Name: id}, e.Act)
	}
}

func TestWindowsActors(t *testing.T) {
	t.Parallel()
	target := []string{"SubjectUserName", "PC1$", "SubjectUserSid", "S-1-5-18"}
	for _, c := range []struct {
		data []string
		want activity.Actor
	}{
		{[]string{"TargetUserName", "u1", "TargetDomainName", "D", "TargetUserSid", "S-1-5-21-1"}, activity.Actor{ID: `D\u1`, AltID: "S-1-5-21-1", Kind: activity.ActorAccount}},
		{[]string{"TargetUserName", "u1@example.com", "TargetDomainName", "D"}, activity.Actor{ID: "u1@example.com", Kind: activity.ActorAccount}},
		{[]string{"TargetUserName", "u1", "TargetDomainName", "-", "TargetUserSid", "S-1-0-0"}, activity.Actor{ID: "u1", Kind: activity.ActorAccount}},
		{[]string{"TargetUserName", "PC2$", "TargetDomainName", "D"}, activity.Actor{ID: `D\PC2$`, Kind: activity.ActorService}},
		{[]string{"TargetUserName", "SYSTEM", "TargetUserSid", "S-1-5-18"}, activity.Actor{ID: "SYSTEM", AltID: "S-1-5-18", Kind: activity.ActorService}},
		{[]string{"TargetUserName", "ANONYMOUS LOGON", "TargetUserSid", "S-1-5-7"}, activity.Actor{Kind: activity.ActorUnknown, Display: "ANONYMOUS LOGON"}},
		{[]string{"TargetUserName", "-"}, activity.Actor{Kind: activity.ActorUnknown}},
	} {
		e := one(t, activity.FormatWindows, windowsXML("4624", windowsData(append(target, c.data...)...)))
		require.Equal(t, c.want, e.Actor, c.data)
	}
	for from, want := range map[string]activity.Origin{
		"192.0.2.1":        {Addr: "192.0.2.1", Host: "WS7"},
		"::ffff:192.0.2.1": {Addr: "192.0.2.1", Host: "WS7"},
		"::1":              {Addr: "::1", Host: "WS7"},
		"-":                {Host: "WS7"},
	} {
		require.Equal(t, want, one(t, activity.FormatWindows, windowsXML("4624", windowsData("IpAddress", from, "WorkstationName", "WS7"))).From, from)
	}
}

// The same event in every form that is read gives the same event.
func TestWindowsFormsAgree(t *testing.T) {
	t.Parallel()
	want := one(t, activity.FormatWindows, strings.NewReplacer("0x8020", "0x8010").Replace(windowsXML("4625", windowsData("TargetUserName", "u1", "LogonType", "3", "IpAddress", "192.0.2.1"))))
	want.Raw = activity.Raw{}
	require.Equal(t, activity.OutcomeFailure, want.Outcome)
	for name, record := range map[string]string{
		"attributes within":     windowsJSON("PC1"),
		"attributes beside":     `{"Event":{"System":{"Provider_attributes":{"Name":"Microsoft-Windows-Security-Auditing"},"EventID":4625,"EventID_attributes":{"Qualifiers":0},"Keywords":"0x8010000000000000","TimeCreated_attributes":{"SystemTime":"2026-03-01T10:00:00.500000Z"},"EventRecordID":7,"Channel":"Security","Computer":"PC1"},"EventData":{"TargetUserName":"u1","LogonType":"3","IpAddress":"192.0.2.1"}}}`,
		"a number with a value": strings.Replace(windowsJSON("PC1"), `{"#attributes":{"Qualifiers":0},"#text":4625}`, `{"Value":4625,"Qualifiers":0}`, 1),
		"a number for words":    strings.Replace(windowsJSON("PC1"), `"0x8010000000000000"`, `-9218868437227405312`, 1),
		"Winlogbeat":            `{"@timestamp":"2026-03-01T10:00:00.500Z","winlog":{"channel":"Security","computer_name":"PC1","event_id":"4625","keywords":["Audit Failure"],"provider_name":"Microsoft-Windows-Security-Auditing","record_id":7,"event_data":{"TargetUserName":"u1","LogonType":"3","IpAddress":"192.0.2.1"}}}`,
	} {
		got := one(t, activity.FormatWindows, record)
		got.Raw = activity.Raw{}
		require.Equal(t, want, got, name)
	}
}

func TestWindowsTimes(t *testing.T) {
	t.Parallel()
	jsonTimes(t, activity.FormatWindows, windowsJSON, `"2026-03-01T10:00:00.500000Z"`)
}

func TestWindowsJSONDamage(t *testing.T) {
	t.Parallel()
	a, b := windowsJSON("a"), windowsJSON("b")
	const suffix = "/Security/7/2026-03-01T10:00:00.500000Z"
	events, _ := readAll(t, activity.FormatWindows, []byte(a))
	require.Equal(t, "a"+suffix, ids(events))
	deep := strings.TrimSuffix(b, "}") + `,"unread":` + strings.Repeat(`{"x":[`, 5000) + strings.Repeat(`]}`, 5000) + "}"
	for name, c := range map[string]struct {
		file string
		want []activity.Reason
	}{
		"half a line":              {a + "\n" + b[:len(b)/2] + "\n" + b + "\n", []activity.Reason{activity.ReasonSyntax}},
		"NUL bytes":                {a + "\n\x00\x00\x00\x00\n" + b, []activity.Reason{activity.ReasonSyntax}},
		"a byte order mark":        {"\ufeff" + a + "\r\n" + b, nil},
		"another encoding between": {a + "\n" + strings.Replace(b, `"u1"`, "\"u\xe9\"", 1) + "\n" + b, []activity.Reason{activity.ReasonEncoding}},
		"10,000 deep":              {a + "\n" + deep + "\n" + b, []activity.Reason{activity.ReasonTooDeep}},
		"another format":           {a + "\n" + b + "\n" + `{"resourceType":"AuditEvent","id":"1"}`, []activity.Reason{activity.ReasonNotAnEvent}},
	} {
		why, found := reasons(t, activity.FormatWindows, c.file)
		require.Equal(t, c.want, why, name)
		require.Equal(t, "a"+suffix+" b"+suffix, found, name)
	}
	requireDeduped(t, activity.FormatWindows, a+"\n"+b+"\n"+a+"\n", 2, 1)
}

func TestWindowsXMLDamage(t *testing.T) {
	t.Parallel()
	a, b := windowsXML("4647", ""), windowsXML("4634", "")
	for name, c := range map[string]struct {
		file string
		n    int
		want []activity.Reason
	}{
		"half a line":               {a + "\n" + b[:len(b)/2] + "\n" + b + "\n", 2, []activity.Reason{activity.ReasonSyntax}},
		"half a line, last":         {a + "\n" + b[:len(b)/2], 1, []activity.Reason{activity.ReasonTruncated}},
		"cut within Events":         {"<Events>" + a + "\n" + b, 2, []activity.Reason{activity.ReasonTruncated}},
		"NUL bytes":                 {a + "\n\x00\x00\x00\x00\n" + b, 2, []activity.Reason{activity.ReasonSyntax}},
		"NUL in a text":             {a + "\n" + strings.Replace(b, "PC1", "PC\x00", 1) + "\n" + b, 2, []activity.Reason{activity.ReasonSyntax}},
		"a byte order mark":         {"\ufeff" + a + "\r\n" + b, 2, nil},
		"another encoding between":  {a + "\n" + strings.Replace(b, "PC1", "PC\xe9", 1) + "\n" + b, 2, []activity.Reason{activity.ReasonEncoding}},
		"UTF-32":                    {"\x00\x00\xfe\xff\x00\x00\x00<", 0, []activity.Reason{activity.ReasonEncoding}},
		"10,000 deep":               {a + "\n" + windowsXML("4634", strings.Repeat("<x>", 10000)+strings.Repeat("</x>", 10000)) + "\n" + b, 2, []activity.Reason{activity.ReasonTooDeep}},
		"a document type":           {a + "\n<!DOCTYPE x [<!ENTITY a \"b\">]>\n" + b, 2, []activity.Reason{activity.ReasonSyntax}},
		"another document":          {a + "\n<AuditMessage></AuditMessage>\n" + b, 2, []activity.Reason{activity.ReasonSyntax}},
		"an event without a number": {a + "\n<Event><System/></Event>" + b, 2, []activity.Reason{activity.ReasonNotAnEvent}},
		"files behind each other":   {"<?xml version='1.0'?>\n<Events>" + a + "</Events>\n<?xml version='1.0'?><Events>" + b + "</Events>", 2, nil},
		"a datum twice":             {a + "\n" + windowsXML("4624", windowsData("TargetUserName", "u1", "TargetUserName", "u2")) + "\n" + b, 2, []activity.Reason{activity.ReasonDuplicateMember}},
		"nothing":                   {"", 0, []activity.Reason{activity.ReasonEmpty}},
	} {
		events, defects := readAll(t, activity.FormatWindows, []byte(c.file))
		require.Len(t, events, c.n, name)
		var why []activity.Reason
		for _, d := range defects {
			why = append(why, d.Reason)
		}
		require.Equal(t, c.want, why, name)
	}
	// The clock was set back: the number of the record goes on, and both are kept.
	back := strings.Replace(strings.Replace(a, "10:00:00", "09:00:00", 1), ">7<", ">8<", 1)
	requireDeduped(t, activity.FormatWindows, a+"\n"+back+"\n"+a+"\n", 2, 1)
}

func TestWindowsLongEventIsPassedOverInBoundedMemory(t *testing.T) {
	t.Parallel()
	const size = 20 << 20
	a := windowsXML("4647", "")
	in := &largest{r: longLine(a+"\n<Event><System><EventID>", size, "</EventID></System></Event>\n"+a+"\n")}
	events, defects := readInput(t, activity.FormatWindows, activity.Input{Content: in, MaxRecord: 1 << 20})
	require.Len(t, events, 2)
	require.Len(t, defects, 1)
	require.Equal(t, activity.ReasonTooLong, defects[0].Reason)
	require.Less(t, in.asked, 4<<20)
}

func FuzzWindows(f *testing.F) { fuzzReader(f, activity.FormatWindows) }

// In a log-on the subject is the machine that reports it, and the target is who logged on.
func Example_windows() {
	file := `<Events><Event><System><Provider Name="Microsoft-Windows-Security-Auditing"/><EventID>4625</EventID><Keywords>0x8010000000000000</Keywords>
<TimeCreated SystemTime="2026-03-01T10:00:00.0000000Z"/><Channel>Security</Channel></System><EventData>
<Data Name="SubjectUserName">PC1$</Data><Data Name="TargetUserName">nurse7</Data><Data Name="TargetDomainName">CLINIC</Data>
<Data Name="Status">0xc000006d</Data><Data Name="SubStatus">0xc000006a</Data><Data Name="LogonType">10</Data><Data Name="IpAddress">192.0.2.1</Data></EventData></Event></Events>`
	reader, err := activity.ReaderFor(activity.FormatWindows)
	if err != nil {
		log.Fatal(err)
	}
	for event, err := range reader.Read(activity.Input{Source: "dc", File: "security.xml", Content: strings.NewReader(file)}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(event.Actor.ID, event.Action, event.Outcome, event.Code, event.From.Addr)
	}
	// Output: CLINIC\nurse7 login failure 0xc000006a 192.0.2.1
}
