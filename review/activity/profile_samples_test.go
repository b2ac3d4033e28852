package activity_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// Every form of every format is tested on five or more samples, and testdata/README.md names the source of each. The log of
// PostgreSQL is one session of a server of our own.
func TestEveryFormHasFiveSamplesWithTheirSources(t *testing.T) {
	t.Parallel()
	source := regexp.MustCompile(`RFC \d+|[a-z0-9-]+\.(org|com|net|fire\.ly|rs|co)\b|a server of our own|the same|as above`)
	rows := map[string][]string{} // of each folder
	for _, line := range strings.Split(string(file(t, "testdata", "README.md")), "\n") {
		if cells := strings.SplitN(line, "|", 5); len(cells) == 5 && strings.Contains(cells[2], "`") {
			for _, folder := range strings.Split(cells[1], ",") {
				require.Regexp(t, source, cells[3], line)
				rows[strings.TrimSpace(folder)] = append(rows[strings.TrimSpace(folder)], cells[2])
			}
		}
	}
	folders := map[activity.Format][]string{
		activity.FormatCloudTrail: {"cloudtrail"}, activity.FormatFHIR: {"fhir"}, activity.FormatCSV: {"csv"}, activity.FormatNDJSON: {"ndjson"}, activity.FormatATNA: {"atna"},
		activity.FormatAuditd: {"auditd"}, activity.FormatWindows: {"windows-xml", "windows-json"}, activity.FormatPgAudit: {"pgaudit-csvlog", "pgaudit-jsonlog"},
		activity.FormatOCSF: {"ocsf"}, activity.FormatOkta: {"okta"}, activity.FormatEntra: {"entra"},
	}
	for _, f := range (activity.Format("")).Values() {
		require.NotEmpty(t, folders[f], f)
		for _, folder := range folders[f] {
			names, err := filepath.Glob(filepath.Join("testdata", folder, "*"))
			require.NoError(t, err)
			if f == activity.FormatPgAudit {
				require.Len(t, names, 1)
				events, _ := readAll(t, f, file(t, filepath.Dir(names[0]), filepath.Base(names[0])))
				require.GreaterOrEqual(t, len(events), 5, folder)
			} else {
				require.GreaterOrEqual(t, len(names), 5, folder)
			}
			for _, name := range names {
				named := false
				for _, cell := range rows[folder] {
					for _, pattern := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cell, -1) {
						match, err := path.Match(pattern[1], filepath.Base(name))
						require.NoError(t, err)
						named = named || match
					}
				}
				require.True(t, named, "%s has no source", name)
			}
		}
	}
}

// What Elasticsearch writes, one event a line: a log of which the vendor's documentation shows every kind of line.
func TestNDJSONSamplesOfElasticsearch(t *testing.T) {
	t.Parallel()
	p := activity.Profile{ID: "elasticsearch", Version: 1, Format: activity.FormatNDJSON, Layouts: []string{"2006-01-02T15:04:05,000-0700"}, Columns: []activity.Column{
		{Name: "timestamp", Field: activity.FieldRecorded}, {Name: "user.name", Field: activity.FieldActor}, {Name: "event.action", Field: activity.FieldOutcome},
		{Name: "action", Field: activity.FieldAct}, {Name: "url.path", Field: activity.FieldObject}, {Name: "origin.address", Field: activity.FieldAddr}, {Name: "request.id", Field: activity.FieldSession}},
		Words: map[activity.Field]map[string]string{activity.FieldOutcome: {"access_denied": "denied", "anonymous_access_denied": "denied", "connection_denied": "denied", "run_as_denied": "denied",
			"authentication_failed": "failure", "authentication_success": "success"}}}
	for name, want := range map[string]string{
		"elasticsearch-access-denied.json":          "2020-12-30T20:30:06.949Z user1 denied indices:admin/auto_create  [::1]:52434 yKOgWn2CRQCKYgZRz3phJw",
		"elasticsearch-anonymous.json":              "2020-12-30T19:56:43.608Z  denied  /twitter/_async_search [::1]:50543 TqA9OisyQ8WTl1ivJUV1AA",
		"elasticsearch-authentication-failed.json":  "2020-12-30T20:10:15.51Z elastic failure  /_security/user/user1 [::1]:51504 POv8p_qeTl2tb5xoFl0HIg",
		"elasticsearch-authentication-success.json": "2020-12-30T20:03:35.018Z elastic success  /twitter/_search [::1]:51014 nHV3UMOoSiu-TaSPWCfxGg",
		"elasticsearch-connection-denied.json":      "2020-12-30T19:47:31.526Z  denied   10.10.0.20:52314 ",
		"elasticsearch-run-as-denied.json":          "2020-12-30T20:49:34.859Z user1 denied indices:data/read/search  [::1]:52662 RcaSt872RG-R_WJBEGfYXA",
	} {
		events, defects := readWith(t, p, string(file(t, filepath.Join("testdata", "ndjson"), name)))
		require.Empty(t, defects, name)
		require.Len(t, events, 1, name)
		e := events[0]
		require.Equal(t, want, strings.Join([]string{e.Recorded.Format("2006-01-02T15:04:05.999Z"), e.Actor.ID, string(e.Outcome), e.Act.Name, e.Object.ID, e.From.Host, e.Session}, " "), name)
	}
}

// What the events API of Bitwarden answers: an object around an array.
func TestNDJSONSampleOfBitwarden(t *testing.T) {
	t.Parallel()
	p := activity.Profile{ID: "bitwarden", Version: 1, Format: activity.FormatNDJSON, Container: "data", Columns: []activity.Column{
		{Name: "date", Field: activity.FieldRecorded}, {Name: "actingUserId", Field: activity.FieldActor}, {Name: "type", Field: activity.FieldAction}, {Name: "itemId", Field: activity.FieldObject},
		{Name: "ipAddress", Field: activity.FieldAddr}},
		Words: map[activity.Field]map[string]string{activity.FieldAction: {"1000": "login", "1107": "read", "1401": "update"}}}
	events, defects := readWith(t, p, string(file(t, filepath.Join("testdata", "ndjson"), "bitwarden-list.json")))
	require.Empty(t, defects)
	got := ""
	for _, e := range events {
		require.Equal(t, "ec88703a-365a-4525-b4c6-b15a0054a717", e.Actor.ID)
		got += strings.Join([]string{e.Recorded.Format("15:04:05.999999"), string(e.Action), string(e.Family), e.Object.ID, e.From.Addr}, " ") + ", "
	}
	require.Equal(t, "10:59:55.177 read view fffb2cc4-eafb-4e34-bf0c-b16a00bbe9b2 192.0.2.17, 10:59:42.12588 login login  192.0.2.17, 10:41:15.7828 update edit  192.0.2.17, ", got)
}

// What a Log Analytics workspace exports of the audit logs of two vendors: a clock of twelve hours, quotes doubled within quotes.
func TestCSVSamplesOfVendors(t *testing.T) {
	t.Parallel()
	columns := func(fields map[string]activity.Field, names string) (out []activity.Column) {
		for _, name := range strings.Split(names, ",") {
			c := activity.Column{Name: name, Field: activity.FieldIgnore}
			if f, ok := fields[name]; ok {
				c.Field = f
			}
			out = append(out, c)
		}
		return out
	}
	for name, c := range map[string]struct {
		columns []activity.Column
		words   map[string]string
		want    string
	}{
		"vectra-audits.csv": {
			columns(map[string]activity.Field{"event_timestamp_t [UTC]": activity.FieldRecorded, "TimeGenerated [UTC]": activity.FieldIngested, "id_d": activity.FieldID, "user_id_d": activity.FieldActor, "username_s": activity.FieldActorAlt,
				"source_ip_s": activity.FieldAddr, "Message": activity.FieldAct, "result_status_s": activity.FieldOutcome, "event_object_s": activity.FieldObject, "event_action_s": activity.FieldAction},
				"TimeGenerated [UTC],Computer,RawData,id_d,user_id_d,username_s,user_type_s,user_role_s,version_s,source_ip_s,event_timestamp_t [UTC],Message,result_status_s,event_data_s,event_object_s,event_action_s,api_client_id_g"),
			map[string]string{"created": "create", "updated": "update"},
			"2023-07-04T12:47:33 2023-07-04T12:55:07 525 27 user1@example.com login user success 10.102.78.82, 2023-07-04T12:49:14 2023-07-04T12:55:07 526 27 user1@example.com create api_client success 192.0.2.212, " +
				"2023-05-31T19:12:28 2023-07-04T09:08:36 13 27 user1@example.com unknown  unknown 10.102.31.60, ",
		},
		"1password-events.csv": {
			columns(map[string]activity.Field{"timestamp [UTC]": activity.FieldRecorded, "TimeGenerated [UTC]": activity.FieldIngested, "uuid_s": activity.FieldID, "actor_uuid": activity.FieldActor, "action": activity.FieldAction, "object_uuid": activity.FieldObject},
				"SourceSystem,TimeGenerated [UTC],uuid_s,session_uuid,timestamp [UTC],country,category,action_type,details,target_user,client,location,actor_uuid,actor_details,action,object_type,object_uuid,aux_info,session,used_version,vault_uuid,item_uuid,user,log_source,TenantId,Type,_ResourceId"),
			map[string]string{"patch": "update"},
			"2023-10-27T17:52:11 2023-11-23T17:10:29 5ZVAOZTSCV74E5RZ37RXDLJGHJ 2C4RSXPRI5BVFOS3TCJFYDZYXY  update n36hcpeonwo63gr566l5kqww7u unknown , " +
				"2023-10-30T12:26:59 2023-11-23T17:10:29 XXRB3XC273BZRUC75CWZVQ3PVH 2C4RSXPRI5BVFOS3TCJFYDZYXY  delete fydw66j5qhmknl6wj6cve2gpma unknown , ",
		},
	} {
		p := activity.Profile{ID: "vendor", Version: 1, Format: activity.FormatCSV, Zone: "UTC", Layouts: []string{"1/2/2006, 3:04:05.000 PM"}, Columns: c.columns,
			Words: map[activity.Field]map[string]string{activity.FieldAction: c.words}}
		events, defects := readWith(t, p, string(file(t, filepath.Join("testdata", "csv"), name)))
		require.Empty(t, defects, name)
		got := ""
		for _, e := range events {
			got += strings.Join([]string{e.Recorded.Format("2006-01-02T15:04:05"), e.Ingested.Format("2006-01-02T15:04:05"), e.ID, e.Actor.ID, e.Actor.AltID, string(e.Action), e.Object.ID, string(e.Outcome), e.From.Addr}, " ") + ", "
		}
		require.Equal(t, c.want, got, name)
	}
}

// The samples of RFC 4180, section 2, have three columns and no time, so the cells are looked at through a profile that
// puts one before each record.
func TestCSVSamplesOfRFC4180(t *testing.T) {
	t.Parallel()
	want := map[string][][3]string{
		"rfc4180-rule1.csv": {{"aaa", "bbb", "ccc"}, {"zzz", "yyy", "xxx"}},
		"rfc4180-rule2.csv": {{"aaa", "bbb", "ccc"}, {"zzz", "yyy", "xxx"}},
		"rfc4180-rule3.csv": {{"field_name", "field_name", "field_name"}, {"aaa", "bbb", "ccc"}, {"zzz", "yyy", "xxx"}},
		"rfc4180-rule5.csv": {{"aaa", "bbb", "ccc"}, {"zzz", "yyy", "xxx"}},
		"rfc4180-rule6.csv": {{"aaa", "b\r\nbb", "ccc"}, {"zzz", "yyy", "xxx"}},
		"rfc4180-rule7.csv": {{"aaa", `b"bb`, "ccc"}},
	}
	p := activity.Profile{ID: "rfc4180", Version: 1, Format: activity.FormatCSV, Headerless: true, Columns: []activity.Column{
		{Field: activity.FieldRecorded}, {Field: activity.FieldActor}, {Field: activity.FieldObject}, {Field: activity.FieldSession}}}
	for name, records := range want {
		data, err := os.ReadFile(filepath.Join("testdata", "csv", name))
		require.NoError(t, err)
		const at = "2026-03-01T00:00:00Z,"
		text := at + string(data)
		for _, start := range []string{"\r\nzzz", "\r\naaa"} {
			text = strings.ReplaceAll(text, start, "\r\n"+at+start[2:])
		}
		events, defects := readWith(t, p, text)
		require.Empty(t, defects, name)
		require.Len(t, events, len(records), name)
		for i, e := range events {
			require.Equal(t, records[i], [3]string{e.Actor.ID, e.Object.ID, e.Session}, name)
		}
	}
}

// The samples of jsonlines.org have no time, so one is put before each of them.
func TestNDJSONSamplesOfJSONLines(t *testing.T) {
	t.Parallel()
	p := activity.Profile{ID: "jsonlines", Version: 1, Format: activity.FormatNDJSON, Columns: []activity.Column{
		{Name: "t", Field: activity.FieldRecorded}, {Name: "name", Field: activity.FieldActor}, {Name: "session", Field: activity.FieldSession},
		{Name: "score", Field: activity.FieldObject}, {Name: "completed", Field: activity.FieldOutcome}, {Name: "wins", Field: activity.FieldIgnore}},
		Words: map[activity.Field]map[string]string{activity.FieldOutcome: {"true": "success", "false": "failure"}}}
	for name, want := range map[string]string{
		"jsonlines-self-describing.jsonl": "Gilbert 2013 24 success, Alexa 2013 29 success, May 2012B 14 failure, Deloise 2012A 19 success, ",
		"jsonlines-nested.jsonl":          "Gilbert   unknown, Alexa   unknown, May   unknown, Deloise   unknown, ",
	} {
		text := strings.ReplaceAll(string(file(t, filepath.Join("testdata", "ndjson"), name)), "{", `{"t":"2026-03-01T00:00:00Z",`)
		events, defects := readWith(t, p, text)
		require.Empty(t, defects, name)
		got := ""
		for _, e := range events {
			got += strings.Join([]string{e.Actor.ID, e.Session, e.Object.ID, string(e.Outcome)}, " ") + ", "
		}
		require.Equal(t, want, got, name)
	}
}
