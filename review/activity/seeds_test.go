package activity_test

import (
	"fmt"
	"strings"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// seeds are small files of a format in all its frames, without a defect.
func seeds(f activity.Format) [][]byte {
	if more := moreSeeds(f); more != nil {
		return more
	}
	switch f {
	case activity.FormatCSV:
		return csvSeeds()
	case activity.FormatATNA:
		return atnaSeeds()
	}
	record := map[activity.Format]string{
		activity.FormatCloudTrail: `{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","principalId":"AIDA1","arn":"arn:aws:iam::1:user/u","userName":"u","sessionContext":{}},` +
			`"eventTime":"2026-03-01T10:00:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","sourceIPAddress":"192.0.2.1","userAgent":"a \"b\" \u00e9",` +
			`"errorCode":"AccessDenied","requestParameters":{"name":"t"},"responseElements":null,"readOnly":false,"eventID":"e-%d","managementEvent":true}`,
		activity.FormatFHIR: `{"resourceType":"AuditEvent","id":"e-%d","type":{"code":"rest"},"subtype":[{"code":"read"}],"action":"R","recorded":"2026-03-01T10:00:00.5+02:00","outcome":"0",` +
			`"agent":[{"who":{"identifier":{"value":"u1"}},"requestor":true,"network":{"address":"192.0.2.1"}}],"entity":[{"what":{"reference":"Patient/p1"},"role":{"code":"1"}}]}`,
		activity.FormatNDJSON: `{"id":"e-%d","recorded":"2026-03-01T10:00:00.5+02:00","actor":"u1","patient":["p1","p2"],"action":"read","outcome":"denied","addr":"192.0.2.1","host":null,"other":{"a":[1]},"app":"a \"b\" \u00e9"}`,
	}[f]
	one, two := fmt.Sprintf(record, 1), fmt.Sprintf(record, 2)
	out := [][]byte{
		[]byte(one),
		[]byte(one + "\n" + two + "\n"),
		[]byte("[\n  " + one + ",\n  " + two + "\n]\n"),
		[]byte(strings.ReplaceAll(one, ",", ",\n  ")),
	}
	switch f {
	case activity.FormatCloudTrail:
		out = append(out, []byte(`{"Records":[`+one+","+two+`]}`), []byte(bridged("e-1")+"\n"+bridged("e-2")), []byte(`{"Events":[{"CloudTrailEvent":`+quoted(one)+`}]}`),
			[]byte(`{"QueryResultRows":[[{"eventID":"e-1"},{"eventJson":`+quoted(one)+`}],[{"eventjson":`+quoted(two)+`}]]}`),
			[]byte(`{"QueryResultRows":[[{"eventID":"e-1"},{"eventTime":"2026-03-01 10:00:00.000"},{"arn":"arn:aws:iam::1:user/u"},{"errorCode":null}],[{"eventName":"GetObject"},{"eventTime":"2026-03-01 10:00:01.000"}]]}`))
	case activity.FormatFHIR:
		out = append(out, []byte(`{"resourceType":"Bundle","entry":[{"fullUrl":"x","resource":`+one+`},{"resource":`+two+`}]}`))
	}
	return out
}

func csvSeeds() [][]byte {
	var names []string
	for _, c := range activity.PlainProfile(activity.FormatCSV).Columns {
		names = append(names, c.Name)
	}
	head := strings.Join(names, ",")
	one := `2026-03-01T10:00:00Z,e-1,u1,,a name,person,p1,read,,View chart,Observation,o1,success,,192.0.2.1,ws-1,ehr,TREAT,s1`
	two := `2026-03-01T10:00:01Z,"e-2",u1,,"a ""name""",person,"p2^^^&1.2.3&ISO",print,,"View` + "\n" + `the, chart",,,denied,403,,ws-1,,BTG,s1`
	return [][]byte{
		[]byte(head + "\n" + one + "\n" + two + "\n"),
		[]byte("\ufeff" + head + "\r\n" + one + "\r\n\r\n" + two),
		[]byte(one + "\n"),
		[]byte(two),
		[]byte(head + "\n" + one + "\n" + head + "\n" + two + "\n"),
	}
}

const (
	auditMessage1 = `<?xml version="1.0" encoding="UTF-8"?><AuditMessage><EventIdentification EventActionCode="R" EventDateTime="2026-03-01T10:00:00.5+02:00" EventOutcomeIndicator="0"><EventID csd-code="110110" codeSystemName="DCM" originalText="Patient Record"/></EventIdentification>` +
		`<ActiveParticipant UserID="u1" UserIsRequestor="true"><RoleIDCode csd-code="nurse" codeSystemName="local" originalText="a &gt; b"/></ActiveParticipant>` +
		`<ParticipantObjectIdentification ParticipantObjectID="p1^^^&amp;1.2.3&amp;ISO" ParticipantObjectTypeCode="1" ParticipantObjectTypeCodeRole="1"></ParticipantObjectIdentification></AuditMessage>`
	auditMessage2 = `<AuditMessage><EventIdentification EventActionCode='E' EventDateTime='2026-03-01T10:00:01Z' EventOutcomeIndicator='4'><EventID code='110114' codeSystemName='DCM' displayName='User Authentication'/><EventTypeCode code='110122'/>` +
		`<EventOutcomeDescription>not <![CDATA[authorized]]></EventOutcomeDescription></EventIdentification><!-- a > b --><ActiveParticipant UserID='u2' UserIsRequestor='true'/></AuditMessage>`
	syslogHead = "<85>1 2026-03-01T09:00:00Z ehr-1 ehr 4711 IHE+DICOM - "
)

func atnaSeeds() [][]byte {
	counted := func(message string) string { return fmt.Sprint(len(message), " ", message) }
	one, two := syslogHead+auditMessage1, syslogHead+"\ufeff"+auditMessage2
	return [][]byte{
		[]byte("\ufeff" + auditMessage1),
		[]byte(auditMessage1 + auditMessage2),
		[]byte(strings.ReplaceAll(auditMessage1, "><", ">\n  <") + "\n" + auditMessage2 + "\n"),
		[]byte(one + "\n" + two + "\n"),
		[]byte(strings.ReplaceAll(one, "><", ">\r\n<") + "\r\n" + two),
		[]byte(counted(one) + counted(two)),
		[]byte(counted(one+"\n") + counted(two) + "\n"),
		[]byte("Mar  1 09:00:00 ehr-1 ehr: message repeated 3 times: [ " + auditMessage1 + "]\n2026-03-01T09:00:00Z ehr-1 ehr: " + auditMessage2 + "\n"),
	}
}
