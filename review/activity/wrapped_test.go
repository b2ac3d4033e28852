package activity_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// A delivery is no entry; the events within are.
func TestOktaEventHooks(t *testing.T) {
	t.Parallel()
	delivery := func(events string) string {
		return `{"eventType":"com.okta.event_hook","eventId":"1","data":{"events":[` + events + `]},"eventTime":"2026-03-01T12:00:00Z"}`
	}
	bad := strings.Replace(oktaRecord("bad"), `"target":null`, `"target":null,"target":null`, 1)
	for name, c := range map[string]struct {
		file, ids string
		want      []activity.Reason
	}{
		"one a line":               {delivery(oktaRecord("a")+","+oktaRecord("b")) + "\n" + delivery(oktaRecord("c")) + "\n", "a b c", nil},
		"an array":                 {"[" + delivery(oktaRecord("a")) + ",\n" + delivery(oktaRecord("b")) + "]", "a b", nil},
		"among plain events":       {oktaRecord("a") + "\n" + delivery(oktaRecord("b")) + "\n" + oktaRecord("c"), "a b c", nil},
		"none":                     {oktaRecord("a") + "\n" + delivery(""), "a", nil},
		"one bad event":            {delivery(oktaRecord("a") + "," + bad + "," + oktaRecord("b")), "a b", []activity.Reason{activity.ReasonDuplicateMember}},
		"something else within":    {delivery(oktaRecord("a") + `,7,null`), "a", []activity.Reason{activity.ReasonType, activity.ReasonNotAnEvent}},
		"no events":                {`{"eventType":"com.okta.event_hook","data":{}}`, "", []activity.Reason{activity.ReasonNotAnEvent}},
		"two lists of events":      {`{"eventType":"com.okta.event_hook","data":{"events":[` + oktaRecord("a") + `],"events":[]}}`, "", []activity.Reason{activity.ReasonDuplicateMember}},
		"a text that names a hook": {strings.Replace(oktaRecord("a"), `"type":"User"`, `"type":"com.okta.event_hook"`, 1), "a", nil},
	} {
		why, found := reasons(t, activity.FormatOkta, c.file)
		require.Equal(t, c.want, why, name)
		require.Equal(t, c.ids, found, name)
		requirePlaces(t, activity.FormatOkta, []byte(c.file))
	}
	require.True(t, one(t, activity.FormatOkta, delivery(oktaRecord("a"))).Ingested.IsZero(), "the time of a delivery says nothing of the log")
}

func entraEnvelope(id, more string) string {
	return `{"time":"2026-03-01T10:00:00.5Z","category":"SignInLogs","resultType":"50126","properties":` + entraRecord(id) + more + `}`
}

func TestEntraMessages(t *testing.T) {
	t.Parallel()
	a, b, c := entraEnvelope("a", ""), entraEnvelope("b", ""), strings.Replace(entraEnvelope("c", ""), "SignInLogs", "NonInteractiveUserSignInLogs", 1)
	audit := `{"category":"AuditLogs","properties":{"id":"1","createdDateTime":"2026-03-01T10:00:00Z","appId":"5"}}`
	for name, x := range map[string]struct {
		file, ids string
		want      []activity.Reason
	}{
		"a message":            {`{"records":[` + a + "," + b + "," + c + "]}", "a b c", nil},
		"messages, one a line": {`{"records":[` + a + "," + b + "]}\n" + `{"records":[` + c + "]}\n", "a b c", nil},
		"messages, an array":   {`[{"records":[` + a + "," + b + "]},\n" + `{"records":[` + c + "]}]", "a b c", nil},
		"a storage account":    {a + "\r\n" + b + "\r\n" + c + "\r\n", "a b c", nil},
		"pages of Graph":       {`{"@odata.nextLink":"x","value":[` + entraRecord("a") + "," + entraRecord("b") + "]}\n" + `{"value":[` + entraRecord("c") + "]}", "a b c", nil},
		"other categories":     {`{"records":[` + a + "," + audit + "," + b + "]}", "a b", []activity.Reason{activity.ReasonNotAnEvent}},
		"half a message":       {`{"records":[` + a + "," + b + "," + c[:200], "a b", []activity.Reason{activity.ReasonTruncated}},
	} {
		why, found := reasons(t, activity.FormatEntra, x.file)
		require.Equal(t, x.want, why, name)
		require.Equal(t, x.ids, found, name)
		requirePlaces(t, activity.FormatEntra, []byte(x.file))
	}
}

// EventEnqueuedUtcTime is when the event hub received the message ("Stream data as input into Stream Analytics", Azure
// documentation), _TimeReceived when the workspace did ("Standard columns in Azure Monitor Logs").
func TestEntraIngestion(t *testing.T) {
	t.Parallel()
	for more, want := range map[string]string{
		`,"EventProcessedUtcTime":"2026-03-01T10:00:09.1234567Z","PartitionId":0,"EventEnqueuedUtcTime":"2026-03-01T10:00:07.7650000Z"`: "2026-03-01T10:00:07.765Z",
		`,"_TimeReceived":"2026-03-01T10:00:08Z"`: "2026-03-01T10:00:08Z",
	} {
		require.Equal(t, at(want), one(t, activity.FormatEntra, entraEnvelope("a", more)).Ingested)
	}
	require.True(t, one(t, activity.FormatEntra, entraEnvelope("a", `,"EventProcessedUtcTime":"2026-03-01T10:00:09Z"`)).Ingested.IsZero(), "being processed is not being taken in")
}

// metadata.logged_time is when the event reached its destination, in the words of the schema; processed_time is when a
// system on the way had it.
func TestOCSFIngestion(t *testing.T) {
	t.Parallel()
	for rest, want := range map[string]string{
		`"logged_time":1772359203500`:                                     "2026-03-01T10:00:03.5Z",
		`"logged_time":1772359203`:                                        "2026-03-01T10:00:03Z",
		`"logged_time":null,"logged_time_dt":"2026-03-01T11:00:03+01:00"`: "2026-03-01T10:00:03Z",
		`"logged_time":1772359203500,"processed_time":1772359202000`:      "2026-03-01T10:00:03.5Z",
	} {
		require.Equal(t, at(want), one(t, activity.FormatOCSF, `{"class_uid":3002,"time":1772359200500,"metadata":{`+rest+`}}`).Ingested, rest)
	}
	for _, rest := range []string{`"processed_time":1772359202000`, `"logged_time":"soon"`, `"logged_time":0`} {
		require.True(t, one(t, activity.FormatOCSF, `{"class_uid":3002,"metadata":{`+rest+`}}`).Ingested.IsZero(), rest)
	}
}

func nxlogRecord(host string) string {
	return `{"EventTime":"2026-03-01T11:00:00.500000+01:00","Hostname":"` + host + `","Keywords":"9227875636482146304","EventType":"AUDIT_FAILURE","SeverityValue":4,"EventID":4625,"SourceName":"Microsoft-Windows-Security-Auditing",` +
		`"RecordNumber":7,"Channel":"Security","TargetUserName":"u1","LogonType":"3","IpAddress":"192.0.2.1","EventReceivedTime":"2026-03-01T11:00:02.250000+01:00","SourceModuleName":"in","SourceModuleType":"im_msvistalog"}`
}

// The fields are those of NXLog's module im_msvistalog; EventReceivedTime is set by every one of its inputs.
func TestWindowsOfNXLog(t *testing.T) {
	t.Parallel()
	want := one(t, activity.FormatWindows, windowsJSON("PC1"))
	got := one(t, activity.FormatWindows, nxlogRecord("PC1"))
	require.Equal(t, at("2026-03-01T10:00:02.25Z"), got.Ingested)
	got.Ingested, got.Raw, want.Raw = want.Ingested, activity.Raw{}, activity.Raw{}
	require.Equal(t, want, got, "but for when it was taken in it is the same event")
	for name, c := range map[string]struct{ was, is, recorded, ingested string }{
		"no zone":              {`"2026-03-01T11:00:00.500000+01:00"`, `"2026-03-01 11:00:00"`, "", "2026-03-01T10:00:02.25Z"},
		"a blank and a zone":   {`"2026-03-01T11:00:02.250000+01:00"`, `"2026-03-01 10:00:03Z"`, "2026-03-01T10:00:00.5Z", "2026-03-01T10:00:03Z"},
		"numbers":              {`"2026-03-01T11:00:02.250000+01:00"`, `1772359203`, "2026-03-01T10:00:00.5Z", "2026-03-01T10:00:03Z"},
		"numbers of more":      {`"2026-03-01T11:00:00.500000+01:00"`, `1772359203500000`, "2026-03-01T10:00:03.5Z", "2026-03-01T10:00:02.25Z"},
		"a keyword in words":   {`"9227875636482146304"`, `null`, "2026-03-01T10:00:00.5Z", "2026-03-01T10:00:02.25Z"},
		"a keyword in hex":     {`"9227875636482146304"`, `"0x8010000000000000"`, "2026-03-01T10:00:00.5Z", "2026-03-01T10:00:02.25Z"},
		"a keyword with signs": {`"9227875636482146304"`, `-9218868437227405312`, "2026-03-01T10:00:00.5Z", "2026-03-01T10:00:02.25Z"},
	} {
		record := strings.Replace(nxlogRecord("PC1"), c.was, c.is, 1)
		require.NotEqual(t, nxlogRecord("PC1"), record, name)
		e := one(t, activity.FormatWindows, record)
		require.Equal(t, activity.OutcomeFailure, e.Outcome, name)
		require.Equal(t, c.ingested, e.Ingested.Format("2006-01-02T15:04:05.999Z"), name)
		if c.recorded == "" {
			require.True(t, e.Recorded.IsZero(), "%s: it is no instant", name)
			require.Equal(t, "PC1/Security/7/2026-03-01T11:00:00", e.ID)
			continue
		}
		require.Equal(t, c.recorded, e.Recorded.Format("2006-01-02T15:04:05.999Z"), name)
	}
	why, _ := reasons(t, activity.FormatWindows, `{"Id":4624,"ProviderName":"Microsoft-Windows-Security-Auditing","LogName":"Security","RecordId":7,"Properties":[{"Value":"S-1-5-18"}]}`)
	require.Equal(t, []activity.Reason{activity.ReasonNotAnEvent}, why, "what Get-WinEvent makes has no names")
}

// The two times are those of the Elastic Common Schema, "Event fields".
func TestWindowsOfElastic(t *testing.T) {
	t.Parallel()
	beat := func(event string) string {
		return `{"@timestamp":"2026-03-01T10:00:00.500Z","event":{` + event + `},"winlog":{"channel":"Security","computer_name":"PC1","event_id":4634,"provider_name":"Microsoft-Windows-Security-Auditing","record_id":7}}`
	}
	for event, want := range map[string]string{
		`"created":"2026-03-01T10:00:01.000Z","ingested":"2026-03-01T10:00:05.000Z"`: "2026-03-01T10:00:05Z",
		`"created":"2026-03-01T10:00:01.000Z"`:                                       "2026-03-01T10:00:01Z",
	} {
		require.Equal(t, at(want), one(t, activity.FormatWindows, beat(event)).Ingested, event)
	}
	plain := one(t, activity.FormatWindows, beat(""))
	require.True(t, plain.Ingested.IsZero())
	found := func(record string) string { return `{"_index":"winlogbeat","_id":"1","_source":` + record + `}` }
	for name, file := range map[string]string{
		"one a line":         found(beat("")) + "\n" + found(beat("")) + "\n",
		"answer of a search": `{"took":1,"hits":{"total":{"value":2},"hits":[` + found(beat("")) + "," + found(beat("")) + "]}}",
	} {
		events, defects := readAll(t, activity.FormatWindows, []byte(file))
		require.Empty(t, defects, name)
		require.Len(t, events, 2, name)
		for _, e := range events {
			require.Equal(t, beat(""), file[e.Raw.Offset:e.Raw.Offset+e.Raw.Length], name)
			e.Seq, e.Raw = plain.Seq, plain.Raw
			require.Equal(t, plain, e, name)
		}
	}
}
