package activity_test

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

func pgRow(id string) string {
	return `2026-03-01 10:00:00.500 UTC,"u1","clinic",5,"192.0.2.1:5432",` + id + `,7,"SELECT",2026-03-01 09:00:00 UTC,3/5,0,LOG,00000,"AUDIT: SESSION,2,1,READ,SELECT,TABLE,public.chart,""SELECT """"a"""",` +
		"\n" + `b FROM chart"",<none>",,,,,,,,,"ehr","client backend",,0`
}

func pgObject(id string) string {
	return `{"timestamp":"2026-03-01 10:00:00.500 UTC","user":"u1","dbname":"clinic","pid":5,"remote_host":"192.0.2.1","remote_port":5432,"session_id":"` + id + `","line_num":7,"ps":"SELECT",` +
		`"error_severity":"LOG","message":"AUDIT: SESSION,2,1,READ,SELECT,TABLE,public.chart,SELECT 1,<none>","application_name":"ehr"}`
}

func pgAuditSeeds() [][]byte {
	return [][]byte{
		[]byte(pgRow("s1") + "\n" + pgRow("s2") + "\n"),
		[]byte("\ufeff" + strings.ReplaceAll(pgRow("s1"), "\n", "\r\n") + "\r\n" + pgRow("s2")),
		[]byte(pgObject("s1") + "\n" + pgObject("s2") + "\n"),
	}
}

func TestPgAuditSamples(t *testing.T) {
	t.Parallel()
	requireSamples(t, activity.FormatPgAudit, "pgaudit-csvlog", []sample{
		{"postgresql-15.csv", []activity.Event{
			{ID: "6b03c5c0.4862/4", Recorded: at("2026-11-23T04:49:04.319Z"),
				Actor:  activity.Actor{Kind: activity.ActorUnknown},
				Action: activity.ActionExecute, Family: activity.FamilyAdmin, Act: activity.Act{System: "postgresql", Name: "database system is"},
				Outcome: activity.OutcomeSuccess, Session: "6b03c5c0.4862", Raw: activity.Raw{Offset: 0, Length: 166}},
			{ID: "6b03c5dc.4968/6", Recorded: at("2026-11-23T04:49:32.382Z"),
				Actor:  activity.Actor{ID: "postgres", Kind: activity.ActorAccount},
				Action: activity.ActionCreate, Family: activity.FamilyAdmin, Act: activity.Act{System: "pgaudit", Name: "ROLE CREATE ROLE"},
				Object: activity.Object{Type: "database", ID: "clinic"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Host: "[local]", App: "psql"}, Session: "6b03c5dc.4968", Raw: activity.Raw{Offset: 167, Length: 265}},
			{ID: "6b03c5dc.4968/7", Recorded: at("2026-11-23T04:49:32.384Z"),
				Actor:  activity.Actor{ID: "postgres", Kind: activity.ActorAccount},
				Action: activity.ActionCreate, Family: activity.FamilyAdmin, Act: activity.Act{System: "pgaudit", Name: "DDL CREATE TABLE"},
				Object: activity.Object{Type: "TABLE", ID: "public.chart"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Host: "[local]", App: "psql"}, Session: "6b03c5dc.4968", Raw: activity.Raw{Offset: 433, Length: 299}},
			{ID: "6b03c5dc.4968/9", Recorded: at("2026-11-23T04:49:32.385Z"),
				Actor:  activity.Actor{ID: "postgres", Kind: activity.ActorAccount},
				Action: activity.ActionUpdate, Family: activity.FamilyAdmin, Act: activity.Act{System: "pgaudit", Name: "ROLE GRANT"},
				Object: activity.Object{Type: "database", ID: "clinic"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Host: "[local]", App: "psql"}, Session: "6b03c5dc.4968", Raw: activity.Raw{Offset: 733, Length: 265}},
			{ID: "6b03c5dc.496a/1", Recorded: at("2026-11-23T04:49:32.41Z"),
				Actor:  activity.Actor{Kind: activity.ActorUnknown},
				Action: activity.ActionExecute, Family: activity.FamilyLogin, Act: activity.Act{System: "postgresql", Name: "connection received"},
				Outcome: activity.OutcomeSuccess,
				From:    activity.Origin{Host: "[local]"}, Session: "6b03c5dc.496a", Raw: activity.Raw{Offset: 999, Length: 169}},
			{ID: "6b03c5dc.496a/2", Recorded: at("2026-11-23T04:49:32.414Z"),
				Actor:  activity.Actor{ID: "nurse_7", Kind: activity.ActorAccount},
				Action: activity.ActionExecute, Family: activity.FamilyLogin, Act: activity.Act{System: "postgresql", Name: "connection authenticated"},
				Object: activity.Object{Type: "database", ID: "clinic"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Host: "[local]"}, Session: "6b03c5dc.496a", Raw: activity.Raw{Offset: 1169, Length: 277}},
			{ID: "6b03c5dc.496a/3", Recorded: at("2026-11-23T04:49:32.414Z"),
				Actor:  activity.Actor{ID: "nurse_7", Kind: activity.ActorAccount},
				Action: activity.ActionLogin, Family: activity.FamilyLogin, Act: activity.Act{System: "postgresql", Name: "connection authorized"},
				Object: activity.Object{Type: "database", ID: "clinic"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Host: "[local]"}, Session: "6b03c5dc.496a", Raw: activity.Raw{Offset: 1447, Length: 241}},
			{ID: "6b03c5dc.496a/4", Recorded: at("2026-11-23T04:49:32.415Z"),
				Actor:  activity.Actor{ID: "nurse_7", Kind: activity.ActorAccount},
				Action: activity.ActionCreate, Family: activity.FamilyEdit, Act: activity.Act{System: "pgaudit", Name: "WRITE INSERT"},
				Object: activity.Object{Type: "TABLE", ID: "public.chart"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Host: "[local]", App: "ehr"}, Session: "6b03c5dc.496a", Raw: activity.Raw{Offset: 1689, Length: 318}},
			{ID: "6b03c5dc.496a/5", Recorded: at("2026-11-23T04:49:32.416Z"),
				Actor:  activity.Actor{ID: "nurse_7", Kind: activity.ActorAccount},
				Action: activity.ActionRead, Family: activity.FamilyView, Act: activity.Act{System: "pgaudit", Name: "READ SELECT"},
				Object: activity.Object{Type: "TABLE", ID: "public.chart"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Host: "[local]", App: "ehr"}, Session: "6b03c5dc.496a", Raw: activity.Raw{Offset: 2008, Length: 267}},
			{ID: "6b03c5dc.496a/6", Recorded: at("2026-11-23T04:49:32.416Z"),
				Actor:  activity.Actor{ID: "nurse_7", Kind: activity.ActorAccount},
				Action: activity.ActionRead, Family: activity.FamilyView, Act: activity.Act{System: "pgaudit", Name: "READ SELECT"},
				Object: activity.Object{Type: "TABLE", ID: "public.chart"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Host: "[local]", App: "ehr"}, Session: "6b03c5dc.496a", Raw: activity.Raw{Offset: 2276, Length: 268}},
			{ID: "6b03c5dc.496a/7", Recorded: at("2026-11-23T04:49:32.416Z"),
				Actor:  activity.Actor{ID: "nurse_7", Kind: activity.ActorAccount},
				Action: activity.ActionUpdate, Family: activity.FamilyEdit, Act: activity.Act{System: "pgaudit", Name: "WRITE UPDATE"},
				Object: activity.Object{Type: "TABLE", ID: "public.chart"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Host: "[local]", App: "ehr"}, Session: "6b03c5dc.496a", Raw: activity.Raw{Offset: 2545, Length: 277}},
			{ID: "6b03c5dc.496a/12", Recorded: at("2026-11-23T04:49:32.416Z"),
				Actor:  activity.Actor{ID: "nurse_7", Kind: activity.ActorAccount},
				Action: activity.ActionExecute, Family: activity.FamilyOther, Act: activity.Act{System: "pgaudit", Name: "MISC EXECUTE"},
				Object: activity.Object{Type: "database", ID: "clinic"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Host: "[local]", App: "ehr"}, Session: "6b03c5dc.496a", Raw: activity.Raw{Offset: 2823, Length: 226}},
			{ID: "6b03c5dc.496a/14", Recorded: at("2026-11-23T04:49:32.416Z"),
				Actor:  activity.Actor{ID: "nurse_7", Kind: activity.ActorAccount},
				Action: activity.ActionDelete, Family: activity.FamilyEdit, Act: activity.Act{System: "pgaudit", Name: "WRITE DELETE"},
				Object: activity.Object{Type: "TABLE", ID: "public.chart"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Host: "[local]", App: "ehr"}, Session: "6b03c5dc.496a", Raw: activity.Raw{Offset: 3050, Length: 265}},
			{ID: "6b03c5dc.496a/15", Recorded: at("2026-11-23T04:49:32.416Z"),
				Actor:  activity.Actor{ID: "nurse_7", Kind: activity.ActorAccount},
				Action: activity.ActionExport, Family: activity.FamilyPrintExport, Act: activity.Act{System: "pgaudit", Name: "READ COPY"},
				Object: activity.Object{Type: "database", ID: "clinic"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Host: "[local]", App: "ehr"}, Session: "6b03c5dc.496a", Raw: activity.Raw{Offset: 3316, Length: 225}},
			{ID: "6b03c5dc.496a/16", Recorded: at("2026-11-23T04:49:32.416Z"),
				Actor:  activity.Actor{ID: "nurse_7", Kind: activity.ActorAccount},
				Action: activity.ActionDelete, Family: activity.FamilyAdmin, Act: activity.Act{System: "postgresql", Name: "DROP TABLE"},
				Object: activity.Object{Type: "database", ID: "clinic"}, Outcome: activity.OutcomeDenied, Code: "42501",
				From: activity.Origin{Host: "[local]", App: "ehr"}, Session: "6b03c5dc.496a", Raw: activity.Raw{Offset: 3542, Length: 219}},
			{ID: "6b03c5dc.496a/17", Recorded: at("2026-11-23T04:49:32.417Z"),
				Actor:  activity.Actor{ID: "nurse_7", Kind: activity.ActorAccount},
				Action: activity.ActionRead, Family: activity.FamilyView, Act: activity.Act{System: "postgresql", Name: "SELECT"},
				Object: activity.Object{Type: "database", ID: "clinic"}, Outcome: activity.OutcomeDenied, Code: "42501",
				From: activity.Origin{Host: "[local]", App: "ehr"}, Session: "6b03c5dc.496a", Raw: activity.Raw{Offset: 3762, Length: 231}},
			{ID: "6b03c5dc.496a/18", Recorded: at("2026-11-23T04:49:32.417Z"),
				Actor:  activity.Actor{ID: "nurse_7", Kind: activity.ActorAccount},
				Action: activity.ActionExecute, Family: activity.FamilyOther, Act: activity.Act{System: "pgaudit", Name: "FUNCTION DO"},
				Object: activity.Object{Type: "database", ID: "clinic"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Host: "[local]", App: "ehr"}, Session: "6b03c5dc.496a", Raw: activity.Raw{Offset: 3994, Length: 245}},
			{ID: "6b03c5dc.496a/21", Recorded: at("2026-11-23T04:49:32.418Z"),
				Actor:  activity.Actor{ID: "nurse_7", Kind: activity.ActorAccount},
				Action: activity.ActionExecute, Family: activity.FamilyOther, Act: activity.Act{System: "pgaudit", Name: "MISC BEGIN"},
				Object: activity.Object{Type: "database", ID: "clinic"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Host: "[local]", App: "ehr"}, Session: "6b03c5dc.496a", Raw: activity.Raw{Offset: 4240, Length: 212}},
			{ID: "6b03c5dc.496a/28", Recorded: at("2026-11-23T04:49:32.419Z"),
				Actor:  activity.Actor{ID: "nurse_7", Kind: activity.ActorAccount},
				Action: activity.ActionRead, Family: activity.FamilyView, Act: activity.Act{System: "postgresql", Name: "SELECT"},
				Object: activity.Object{Type: "database", ID: "clinic"}, Outcome: activity.OutcomeFailure, Code: "42703",
				From: activity.Origin{Host: "[local]", App: "ehr"}, Session: "6b03c5dc.496a", Raw: activity.Raw{Offset: 4453, Length: 234}},
			{ID: "6b03c5dc.496a/29", Recorded: at("2026-11-23T04:49:32.421Z"),
				Actor:  activity.Actor{ID: "nurse_7", Kind: activity.ActorAccount},
				Action: activity.ActionLogout, Family: activity.FamilyLogin, Act: activity.Act{System: "postgresql", Name: "disconnection"},
				Object: activity.Object{Type: "database", ID: "clinic"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Host: "[local]", App: "ehr"}, Session: "6b03c5dc.496a", Raw: activity.Raw{Offset: 4688, Length: 242}},
			{ID: "6b03c5dc.496c/2", Recorded: at("2026-11-23T04:49:32.447Z"),
				Actor:  activity.Actor{ID: "nurse_7", Kind: activity.ActorAccount},
				Action: activity.ActionLogin, Family: activity.FamilyLogin, Act: activity.Act{System: "postgresql", Name: "authentication"},
				Object: activity.Object{Type: "database", ID: "clinic"}, Outcome: activity.OutcomeFailure, Code: "28P01",
				From: activity.Origin{Host: "[local]"}, Session: "6b03c5dc.496c", Raw: activity.Raw{Offset: 4931, Length: 346}},
			{ID: "6b03c5dc.496e/2", Recorded: at("2026-11-23T04:49:32.479Z"),
				Actor:  activity.Actor{ID: "nobody_1", Kind: activity.ActorAccount},
				Action: activity.ActionLogin, Family: activity.FamilyLogin, Act: activity.Act{System: "postgresql", Name: "authentication"},
				Object: activity.Object{Type: "database", ID: "clinic"}, Outcome: activity.OutcomeFailure, Code: "28P01",
				From: activity.Origin{Host: "[local]"}, Session: "6b03c5dc.496e", Raw: activity.Raw{Offset: 5278, Length: 382}},
			{ID: "6b03c5dc.4970/4", Recorded: at("2026-11-23T04:49:32.516Z"),
				Actor:  activity.Actor{ID: "postgres", Kind: activity.ActorAccount},
				Action: activity.ActionUpdate, Family: activity.FamilyAdmin, Act: activity.Act{System: "pgaudit", Name: "ROLE ALTER ROLE"},
				Object: activity.Object{Type: "database", ID: "clinic"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Host: "[local]", App: "ehr"}, Session: "6b03c5dc.4970", Raw: activity.Raw{Offset: 5661, Length: 244}},
			{ID: "6b03c5dc.4970/5", Recorded: at("2026-11-23T04:49:32.516Z"),
				Actor:  activity.Actor{ID: "postgres", Kind: activity.ActorAccount},
				Action: activity.ActionDelete, Family: activity.FamilyAdmin, Act: activity.Act{System: "postgresql", Name: "DROP ROLE"},
				Object: activity.Object{Type: "database", ID: "clinic"}, Outcome: activity.OutcomeFailure, Code: "2BP01",
				From: activity.Origin{Host: "[local]", App: "ehr"}, Session: "6b03c5dc.4970", Raw: activity.Raw{Offset: 5906, Length: 286}},
			{ID: "6b03c5dc.4970/6", Recorded: at("2026-11-23T04:49:32.518Z"),
				Actor:  activity.Actor{ID: "postgres", Kind: activity.ActorAccount},
				Action: activity.ActionDelete, Family: activity.FamilyEdit, Act: activity.Act{System: "pgaudit", Name: "WRITE TRUNCATE TABLE"},
				Object: activity.Object{Type: "database", ID: "clinic"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Host: "[local]", App: "ehr"}, Session: "6b03c5dc.4970", Raw: activity.Raw{Offset: 6193, Length: 241}},
			{ID: "6b03c5dc.4970/8", Recorded: at("2026-11-23T04:49:32.519Z"),
				Actor:  activity.Actor{ID: "postgres", Kind: activity.ActorAccount},
				Action: activity.ActionUpdate, Family: activity.FamilyAdmin, Act: activity.Act{System: "pgaudit", Name: "DDL ALTER SYSTEM"},
				Object: activity.Object{Type: "setting", ID: "pgaudit.log"}, Outcome: activity.OutcomeSuccess,
				From: activity.Origin{Host: "[local]", App: "ehr"}, Session: "6b03c5dc.4970", Raw: activity.Raw{Offset: 6435, Length: 254}},
		}},
	})
}

// Both logs of the same server say the same.
func TestPgAuditSaysTheSameInBothLogs(t *testing.T) {
	t.Parallel()
	read := func(name string) []activity.Event {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		require.NoError(t, err)
		events, defects := readAll(t, activity.FormatPgAudit, data)
		require.Empty(t, defects)
		for i, e := range events {
			end := e.Raw.Offset + e.Raw.Length
			require.Contains(t, string(data[e.Raw.Offset:end]), e.Session)
			require.Equal(t, "\n", string(data[end]), "one entry lies behind the other")
			require.NotContains(t, fmt.Sprint(e), "p-1", "no statement and no parameter is passed on")
			events[i].Raw = activity.Raw{}
		}
		return events
	}
	require.Equal(t, read("pgaudit-csvlog/postgresql-15.csv"), read("pgaudit-jsonlog/postgresql-15.json"))
	require.Len(t, read("pgaudit-csvlog/postgresql-15.csv"), 26)
	var seen activity.Seen
	for _, e := range read("pgaudit-csvlog/postgresql-15.csv") {
		require.False(t, seen.Again(e))
	}
	for _, e := range read("pgaudit-jsonlog/postgresql-15.json") {
		require.True(t, seen.Again(e), "an entry that came in both logs is counted once")
	}
}

func TestPgAuditTimes(t *testing.T) {
	t.Parallel()
	for clock, want := range map[string]string{
		"2026-03-01 10:00:00.500 UTC":    "2026-03-01T10:00:00.5Z",
		"2026-03-01 10:00:00 EST":        "2026-03-01T15:00:00Z",
		"2026-07-01 10:00:00.123456 CDT": "2026-07-01T15:00:00.123456Z",
		"2026-03-01 10:00:00.500 +0530":  "2026-03-01T04:30:00.5Z",
		"2026-03-01 10:00:00.500 -03":    "2026-03-01T13:00:00.5Z",
	} {
		e := one(t, activity.FormatPgAudit, strings.Replace(pgRow("s1"), "2026-03-01 10:00:00.500 UTC", clock, 1))
		require.Equal(t, at(want), e.Recorded, clock)
	}
	for _, clock := range []string{"2026-03-01 10:00:00", "2026-03-01 10:00:00 XYZT", "03-01 10:00:00 UTC", "soon"} {
		e := one(t, activity.FormatPgAudit, strings.Replace(pgRow("s1"), "2026-03-01 10:00:00.500 UTC", clock, 1))
		require.True(t, e.Recorded.IsZero(), "%s is no instant, and the entry is read all the same", clock)
	}
}

func TestPgAuditWords(t *testing.T) {
	t.Parallel()
	type words struct {
		action  activity.Action
		family  activity.Family
		outcome activity.Outcome
		code    string
	}
	for rest, want := range map[string]words{
		`"error_severity":"LOG","message":"AUDIT: SESSION,1,1,READ,COPY,,,COPY chart TO STDOUT,<none>"`:                  {activity.ActionExport, activity.FamilyPrintExport, activity.OutcomeSuccess, ""},
		`"error_severity":"LOG","message":"AUDIT: SESSION,1,1,WRITE,COPY,,,COPY chart FROM STDIN,<none>"`:                {activity.ActionCreate, activity.FamilyEdit, activity.OutcomeSuccess, ""},
		`"error_severity":"LOG","message":"AUDIT: SESSION,1,1,READ,SELECT,TABLE,pg_catalog.pg_class,SELECT 1,<none>"`:    {activity.ActionRead, activity.FamilyAdmin, activity.OutcomeSuccess, ""},
		`"error_severity":"LOG","message":"AUDIT: OBJECT,1,1,WRITE,DELETE,TABLE,public.chart,DELETE,<none>"`:             {activity.ActionDelete, activity.FamilyEdit, activity.OutcomeSuccess, ""},
		`"error_severity":"LOG","message":"AUDIT: SESSION,1,1,ROLE,GRANT,TABLE,,GRANT x,<none>"`:                         {activity.ActionUpdate, activity.FamilyAdmin, activity.OutcomeSuccess, ""},
		`"error_severity":"LOG","message":"AUDIT: SESSION,1,1,MISC,SET,,,SET x,<none>"`:                                  {activity.ActionExecute, activity.FamilyOther, activity.OutcomeSuccess, ""},
		`"error_severity":"LOG","message":"AUDIT: what is that"`:                                                         {activity.ActionUnknown, activity.FamilyOther, activity.OutcomeUnknown, ""},
		`"error_severity":"LOG","message":"checkpoint starting: time"`:                                                   {activity.ActionUnknown, activity.FamilyOther, activity.OutcomeUnknown, ""},
		`"error_severity":"FATAL","state_code":"28P01","ps":"authentication","message":"password authentication failed"`: {activity.ActionLogin, activity.FamilyLogin, activity.OutcomeFailure, "28P01"},
		`"error_severity":"FATAL","state_code":"28000","message":"no pg_hba.conf entry"`:                                 {activity.ActionLogin, activity.FamilyLogin, activity.OutcomeDenied, "28000"},
		`"error_severity":"FATAL","state_code":"53300","message":"too many clients"`:                                     {activity.ActionLogin, activity.FamilyLogin, activity.OutcomeThrottled, "53300"},
		`"error_severity":"ERROR","state_code":"42501","ps":"SELECT","message":"permission denied for table chart"`:      {activity.ActionRead, activity.FamilyView, activity.OutcomeDenied, "42501"},
		`"error_severity":"ERROR","state_code":"42501","ps":"DROP TABLE","message":"must be owner of table chart"`:       {activity.ActionDelete, activity.FamilyAdmin, activity.OutcomeDenied, "42501"},
		`"error_severity":"ERROR","state_code":"23505","ps":"INSERT","message":"duplicate key"`:                          {activity.ActionCreate, activity.FamilyEdit, activity.OutcomeFailure, "23505"},
		`"error_severity":"PANIC","message":"could not write"`:                                                           {activity.ActionUnknown, activity.FamilyUnknown, activity.OutcomeFailure, "PANIC"},
	} {
		e := one(t, activity.FormatPgAudit, `{"timestamp":"2026-03-01 10:00:00 UTC",`+rest+`}`)
		require.Equal(t, want, words{e.Action, e.Family, e.Outcome, e.Code}, rest)
		require.Empty(t, e.ID, "without a session and a line there is no identity")
		require.Equal(t, activity.ActorUnknown, e.Actor.Kind)
	}
}

func TestPgAuditNamesTheSettingThatAStatementChanges(t *testing.T) {
	t.Parallel()
	for statement, want := range map[string]string{
		"DDL,ALTER SYSTEM,,,ALTER SYSTEM SET pgaudit.log='none'":               "pgaudit.log",
		"DDL,ALTER SYSTEM,,,alter system reset ALL":                            "all",
		"ROLE,ALTER ROLE,,,ALTER ROLE set SET PgAudit.Log = 'none'":            "pgaudit.log",
		"ROLE,ALTER ROLE,,,ALTER ROLE nurse IN DATABASE ehr RESET pgaudit.log": "pgaudit.log",
		"ROLE,ALTER ROLE,,,ALTER ROLE nurse NOLOGIN":                           "",
		"ROLE,ALTER ROLE,,,ALTER ROLE nurse PASSWORD <REDACTED>":               "",
		"DDL,ALTER DATABASE,,,ALTER DATABASE ehr SET log_statement TO 'none'":  "log_statement",
		"MISC_SET,SET,,,SET SESSION pgaudit.log TO 'none';":                    "pgaudit.log",
		"MISC_SET,SET,,,SET":                                                      "",
		`MISC_SET,SET,,,"SET ""pgaudit.log"" = 'none'"`:                           "pgaudit.log",
		`MISC_SET,SET,,,"SET ""PgAudit"".""log"" TO 'none'"`:                      "pgaudit.log",
		`MISC_SET,SET,,,"SET pgaudit . ""log"" TO 'none'"`:                        "pgaudit.log",
		`MISC_SET,SET,,,"SET ""session"" TO 'none'"`:                              "session",
		`MISC_SET,SET,,,"SET """" = 'none'"`:                                      "",
		`MISC_SET,SET,,,"SET ""a""""b"" = 'none'"`:                                "",
		`MISC_SET,SET,,,"SET ""pgaudit.log"`:                                      "pgaudit.log",
		"MISC_SET,SET,,,SET/* /**/ x */pgaudit.log='none'":                        "pgaudit.log",
		`ROLE,ALTER ROLE,,,"ALTER ROLE ""a SET b"" SET ""pgaudit.log"" = 'none'"`: "pgaudit.log",
		"READ,SELECT,,,SELECT SET pgaudit.log":                                    "",
		"MISC,SET,TABLE,public.chart,SET pgaudit.log = 'none'":                    "public.chart",
		"MISC,SET": "ehr",
	} {
		quoted, err := json.Marshal("AUDIT: SESSION,1,1," + statement + ",<none>")
		require.NoError(t, err)
		e := one(t, activity.FormatPgAudit, `{"timestamp":"2026-03-01 10:00:00 UTC","dbname":"ehr","error_severity":"LOG","message":`+string(quoted)+`}`)
		if want == "" {
			want = "ehr"
		}
		require.Equal(t, want, e.Object.ID, statement)
	}
}

func TestPgAuditOrigins(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]activity.Origin{
		"192.0.2.1:5432":      {Addr: "192.0.2.1", App: "ehr"},
		"2001:db8::1:5432":    {Addr: "2001:db8::1", App: "ehr"},
		"ws-7.example.com:99": {Host: "ws-7.example.com", App: "ehr"},
		"[local]":             {Host: "[local]", App: "ehr"},
		"":                    {App: "ehr"},
	} {
		require.Equal(t, want, one(t, activity.FormatPgAudit, strings.Replace(pgRow("s1"), "192.0.2.1:5432", from, 1)).From, from)
	}
}

func TestPgAuditJSONDamage(t *testing.T) {
	t.Parallel()
	events, _ := readAll(t, activity.FormatPgAudit, []byte(pgObject("a")))
	require.Equal(t, "a/7", ids(events))
	jsonDamage(t, activity.FormatPgAudit, func(id string) string {
		return strings.Replace(pgObject("a"), `"session_id":"a"`, `"session_id":"`+id+`"`, 1)
	})
}

func TestPgAuditCSVDamage(t *testing.T) {
	t.Parallel()
	a, b := pgRow("a"), pgRow("b")
	flat := strings.ReplaceAll(b, "\n", " ")
	syntax := []activity.Reason{activity.ReasonSyntax}
	for name, c := range map[string]struct {
		file string
		ids  string
		want []activity.Reason
	}{
		"half a line":              {a + "\n" + flat[:90] + "\n" + b, "a/7 b/7", syntax},
		"half a line in a quote":   {a + "\n" + flat[:200] + "\n" + b + "\n", "a/7 b/7", syntax},
		"half a line, last":        {a + "\n" + flat[:90], "a/7", []activity.Reason{activity.ReasonTruncated}},
		"NUL bytes":                {a + "\n\x00\x00\x00\x00\n" + b, "a/7 b/7", syntax},
		"a byte order mark":        {"\ufeff" + a + "\n" + b, "a/7 b/7", nil},
		"CR LF":                    {a + "\r\n" + b + "\r\n", "a/7 b/7", nil},
		"another encoding between": {a + "\n" + strings.Replace(flat, `"u1"`, "\"u\xe9\"", 1) + "\n" + b, "a/7 b/7", []activity.Reason{activity.ReasonEncoding}},
		"a quote too many":         {a + "\n" + strings.Replace(flat, `"u1"`, `u"1`, 1) + "\n" + b, "a/7 b/7", syntax},
		"delivered twice":          {a + "\n" + b + "\n" + a, "a/7 b/7 a/7", nil},
		"columns missing":          {"2026-03-01 10:00:00 UTC,u1,clinic\n" + a, "a/7", syntax},
		"columns of another log":   {strings.Repeat("x,", 25) + "x\n" + a, "a/7", []activity.Reason{activity.ReasonNotAnEvent}},
		"nothing":                  {"", "", []activity.Reason{activity.ReasonEmpty}},
	} {
		why, found := reasons(t, activity.FormatPgAudit, c.file)
		require.Equal(t, c.want, why, name)
		require.Equal(t, c.ids, found, name)
	}
	requireDeduped(t, activity.FormatPgAudit, a+"\n"+b+"\n"+a+"\n", 2, 1)
	// A statement that looks like an entry of the log is text of the statement.
	forged := strings.Replace(a, "b FROM chart", strings.ReplaceAll(strings.ReplaceAll(flat, `"`, `""`), `"`, `""`)+"\nFROM chart", 1)
	events, defects := readAll(t, activity.FormatPgAudit, []byte(forged+"\n"+b))
	require.Empty(t, defects)
	require.Equal(t, "a/7 b/7", ids(events))
}

func TestPgAuditLongRowIsPassedOverInBoundedMemory(t *testing.T) {
	t.Parallel()
	const size = 20 << 20
	flat := strings.ReplaceAll(pgRow("b"), "\n", " ")
	in := &largest{r: longLine(pgRow("a")+"\n"+flat[:200], size, flat[200:]+"\n"+flat+"\n")}
	events, defects := readInput(t, activity.FormatPgAudit, activity.Input{Content: in, MaxRecord: 1 << 20})
	require.Equal(t, "a/7 b/7", ids(events))
	require.Len(t, defects, 1)
	require.Equal(t, activity.ReasonTooLong, defects[0].Reason)
	require.Less(t, in.asked, 4<<20)
}

func FuzzPgAudit(f *testing.F) { fuzzReader(f, activity.FormatPgAudit) }

// The object is the table. The statement, which may be about patients, stays in the log.
func Example_pgaudit() {
	file := `2026-03-01 10:00:00.000 UTC,"nurse_7","clinic",5,"192.0.2.1:5432",6b.1,1,"SELECT",2026-03-01 09:00:00 UTC,3/5,0,LOG,00000,"AUDIT: SESSION,1,1,READ,SELECT,TABLE,public.chart,SELECT note FROM chart WHERE patient = 'p-1';,<none>",,,,,,,,,"ehr","client backend",,0
2026-03-01 10:00:01.000 UTC,"nurse_7","clinic",5,"192.0.2.1:5432",6b.1,2,"SELECT",2026-03-01 09:00:00 UTC,3/6,0,ERROR,42501,"permission denied for table payroll",,,,,,"SELECT * FROM payroll",,,"ehr","client backend",,0
`
	reader, err := activity.ReaderFor(activity.FormatPgAudit)
	if err != nil {
		log.Fatal(err)
	}
	for event, err := range reader.Read(activity.Input{Source: "ehr-db", File: "postgresql.csv", Content: strings.NewReader(file)}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(event.Actor.ID, event.Action, event.Object.ID, event.Outcome)
	}
	// Output:
	// nurse_7 read public.chart success
	// nurse_7 read clinic denied
}

// The columns are those of the PostgreSQL manual, "Using CSV-Format Log Output": 23 up to version 12, 24 with backend_type
// since 13, 26 with leader_pid and query_id since 14 and up to 17. A version of the future may add some.
func TestPgAuditColumnsOfEveryVersion(t *testing.T) {
	t.Parallel()
	row := func(columns int) string {
		cells := []string{"2026-03-01 10:00:00.500 UTC", `"u1"`, `"clinic"`, "5", `"192.0.2.1:5432"`, "s1", "7", `"SELECT"`, "2026-03-01 09:00:00 UTC", "3/5", "0", "LOG", "00000",
			`"AUDIT: SESSION,2,1,READ,SELECT,TABLE,public.chart,""SELECT a,` + "\n" + `b FROM chart"",<none>"`, "", "", "", "", "", "", "", "", `"ehr"`, `"client backend"`, "", "-4723921", "", "", "", "", "", ""}
		return strings.Join(cells[:columns], ",")
	}
	want := one(t, activity.FormatPgAudit, row(26))
	require.Equal(t, "ehr", want.From.App)
	require.Equal(t, "public.chart", want.Object.ID)
	for version, columns := range map[string]int{"9.0 to 12": 23, "13": 24, "a patched 13": 25, "14 to 17": 26, "a later one": 32} {
		file := row(columns) + "\n" + row(columns) + "\n"
		events, defects := readAll(t, activity.FormatPgAudit, []byte(file))
		require.Empty(t, defects, version)
		require.Len(t, events, 2, version)
		for i, e := range events {
			require.Equal(t, row(columns), file[e.Raw.Offset:e.Raw.Offset+e.Raw.Length], version)
			e.Seq, e.Raw = want.Seq, want.Raw
			require.Equal(t, want, e, "%s, entry %d", version, i)
		}
	}
	why, _ := reasons(t, activity.FormatPgAudit, row(22)+"\n")
	require.Equal(t, []activity.Reason{activity.ReasonSyntax, activity.ReasonSyntax}, why, "no version has so few: both lines of it are given up")
}
