package activity_test

import (
	"fmt"
	"strings"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// kind is a form of a format, with what a test needs to damage its files.
type kind struct {
	name   string
	format activity.Format
	// head goes before the records, if anything.
	head string
	// record is one entry on one line: that of a second of 2026-03-01T10:00:00Z, with a text within one of its members.
	record func(second int, text string) string
	// deep is such an entry that is nested so many times; nil where nothing nests.
	deep func(second, depth int) string
	// undated is an entry whose time has no year, as far as the format can write one; nil where it cannot.
	undated func() string
	// dateless is the defect that such an entry is; without it, it is an event at an unknown time.
	dateless activity.Reason
	// unnamed says that its entries have no identity of their own, so that a second delivery is not known for one.
	unnamed bool
}

// nested puts objects and arrays into an object of JSON, in a member that no reader reads.
func nested(record string, depth int) string {
	return strings.TrimSuffix(record, "}") + `,"unread":` + strings.Repeat(`{"x":[`, depth/2) + strings.Repeat(`]}`, depth/2) + "}"
}

// jsonKind is a kind whose record is an object; clock is the time within it that %02d gives the second of.
func jsonKind(name string, format activity.Format, pattern, clock string) kind {
	record := func(second int, text string) string {
		return strings.NewReplacer("CLOCK", fmt.Sprintf(clock, second), "TEXT", text, "@ID", fmt.Sprint("e-", second)).Replace(pattern)
	}
	return kind{name: name, format: format, record: record,
		deep: func(second, depth int) string { return nested(record(second, "x"), depth) },
		undated: func() string {
			return strings.NewReplacer("CLOCK", `"Mar  1 10:00:05"`, "TEXT", "x", "@ID", "e-5").Replace(pattern)
		}}
}

// badInputKinds lists every form of every format.
func badInputKinds() []kind {
	const rfc3339 = `"2026-03-01T10:00:%02dZ"`
	plainHead := make([]string, 0, 20)
	for _, c := range activity.PlainProfile(activity.FormatCSV).Columns {
		plainHead = append(plainHead, c.Name)
	}
	csv := func(clock, id, text string) string {
		return clock + "," + id + ",u1,,,person,p1,read,,View chart,,,success,,192.0.2.1,ws-1,\"" + text + "\",TREAT,s1"
	}
	atna := func(clock, text string) string {
		return `<AuditMessage><EventIdentification EventActionCode="R" EventDateTime="` + clock + `" EventOutcomeIndicator="0"><EventID csd-code="110110" codeSystemName="DCM" originalText="x"/></EventIdentification>` +
			`<ActiveParticipant UserID="u1" UserName="` + text + `" UserIsRequestor="true"/>REST</AuditMessage>`
	}
	event := func(clock, text string) string {
		return `<Event><System><Provider Name='Microsoft-Windows-Security-Auditing'/><EventID>4634</EventID><Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime='` + clock +
			`'/><EventRecordID>7</EventRecordID><Channel>Security</Channel><Computer>PC1</Computer></System><EventData><Data Name='TargetUserName'>u1</Data><Data Name='ProcessName'>` + text + `</Data></EventData>REST</Event>`
	}
	xml := func(of func(clock, text string) string, second int, text, rest string) string {
		return strings.Replace(of(fmt.Sprintf("2026-03-01T10:00:%02dZ", second), text), "REST", rest, 1)
	}
	xmlKind := func(name string, format activity.Format, of func(clock, text string) string) kind {
		return kind{name: name, format: format,
			record: func(second int, text string) string { return xml(of, second, text, "") },
			deep: func(second, depth int) string {
				return xml(of, second, "x", strings.Repeat("<x>", depth)+strings.Repeat("</x>", depth))
			},
			undated: func() string { return strings.Replace(of("Mar  1 10:00:05", "x"), "REST", "", 1) }}
	}
	syslog := func(second int, clock, text string) string {
		return clock + fmt.Sprintf(" web-1 audispd: type=USER_CMD msg=audit(%d.000:%d): pid=5 auid=1000 ses=3 msg='cwd=\"/\" cmd=\"%s\" res=success'", 1772359200+second, second+1, text)
	}
	row := func(clock string, second int, text string) string {
		return fmt.Sprintf(`%s,"u1","clinic",5,"192.0.2.1:5432",s.%d,7,"SELECT",2026-03-01 09:00:00 UTC,3/5,0,LOG,00000,"AUDIT: SESSION,2,1,READ,SELECT,TABLE,public.chart,SELECT 1,<none>",,,,,,,,,"%s","client backend",,0`, clock, second, text)
	}
	flat := jsonKind("ndjson", activity.FormatNDJSON, `{"id":"@ID","recorded":CLOCK,"actor":"u1","patient":"p1","action":"read","outcome":"success","app":"TEXT"}`, rfc3339)
	flat.dateless = activity.ReasonType // the profile says how its times are written
	message := xmlKind("atna", activity.FormatATNA, atna)
	message.unnamed = true
	return []kind{
		jsonKind("cloudtrail", activity.FormatCloudTrail, `{"eventID":"@ID","eventTime":CLOCK,"eventSource":"s3.amazonaws.com","eventName":"GetObject","userAgent":"TEXT"}`, rfc3339),
		jsonKind("fhir", activity.FormatFHIR, `{"resourceType":"AuditEvent","id":"@ID","type":{"code":"rest"},"subtype":[{"code":"read"}],"action":"R","recorded":CLOCK,"outcome":"0",`+
			`"agent":[{"who":{"identifier":{"value":"u1"}},"name":"TEXT","requestor":true}]}`, rfc3339),
		flat,
		{name: "csv", format: activity.FormatCSV, head: strings.Join(plainHead, ",") + "\n",
			record: func(second int, text string) string {
				return csv(fmt.Sprintf("2026-03-01T10:00:%02dZ", second), fmt.Sprint("e-", second), text)
			},
			undated: func() string { return csv("Mar  1 10:00:05", "e-5", "x") }, dateless: activity.ReasonType},
		message,
		{name: "auditd", format: activity.FormatAuditd,
			record: func(second int, text string) string {
				return fmt.Sprintf(`type=USER_CMD msg=audit(%d.000:%d): pid=5 auid=1000 ses=3 msg='cwd="/" cmd="%s" res=success'`, 1772359200+second, second+1, text)
			}},
		{name: "auditd by syslog", format: activity.FormatAuditd,
			record: func(second int, text string) string {
				return syslog(second, fmt.Sprintf("Mar  1 10:00:%02d", second), text)
			}},
		{name: "auditd by the kernel", format: activity.FormatAuditd,
			record: func(second int, text string) string {
				return fmt.Sprintf(`[%5d.000000] audit: type=1123 audit(%d.000:%d): pid=5 auid=1000 ses=3 msg='cwd="/" cmd="%s" res=success'`, 7000+second, 1772359200+second, second+1, text)
			}},
		xmlKind("windows xml", activity.FormatWindows, event),
		jsonKind("windows json", activity.FormatWindows, `{"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Security-Auditing"}},"EventID":4634,"Keywords":"0x8020000000000000",`+
			`"TimeCreated":{"#attributes":{"SystemTime":CLOCK}},"EventRecordID":7,"Channel":"Security","Computer":"@ID"},"EventData":{"TargetUserName":"u1","ProcessName":"TEXT"}}}`, rfc3339),
		jsonKind("windows nxlog", activity.FormatWindows, `{"EventTime":CLOCK,"Hostname":"@ID","Keywords":-9214364837600034816,"EventID":4634,"SourceName":"Microsoft-Windows-Security-Auditing",`+
			`"RecordNumber":7,"Channel":"Security","TargetUserName":"u1","ProcessName":"TEXT"}`, rfc3339),
		{name: "pgaudit csvlog", format: activity.FormatPgAudit,
			record: func(second int, text string) string {
				return row(fmt.Sprintf("2026-03-01 10:00:%02d.000 UTC", second), second, text)
			},
			undated: func() string { return row("03-01 10:00:05.000 UTC", 5, "x") }},
		jsonKind("pgaudit jsonlog", activity.FormatPgAudit, `{"timestamp":CLOCK,"user":"u1","dbname":"clinic","pid":5,"session_id":"@ID","line_num":7,"ps":"SELECT","error_severity":"LOG",`+
			`"message":"AUDIT: SESSION,2,1,READ,SELECT,TABLE,public.chart,SELECT 1,<none>","application_name":"TEXT"}`, `"2026-03-01 10:00:%02d.000 UTC"`),
		jsonKind("ocsf", activity.FormatOCSF, `{"class_uid":3002,"activity_id":1,"time":0,"time_dt":CLOCK,"status_id":1,"metadata":{"uid":"@ID"},"user":{"name":"u1"},"http_request":{"user_agent":"TEXT"}}`, rfc3339),
		jsonKind("okta", activity.FormatOkta, `{"uuid":"@ID","published":CLOCK,"eventType":"user.session.start","client":{"userAgent":{"rawUserAgent":"TEXT"}},"outcome":{"result":"SUCCESS"}}`, rfc3339),
		jsonKind("entra", activity.FormatEntra, `{"id":"@ID","createdDateTime":CLOCK,"userPrincipalName":"u1@example.com","appId":"5","userAgent":"TEXT","status":{"errorCode":0}}`, rfc3339),
	}
}
