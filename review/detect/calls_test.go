package detect_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// controls returns what R20 says of a log, read by the reader of its format.
func controls(t *testing.T, format activity.Format, log string) []string {
	t.Helper()
	reader, err := activity.ReaderFor(format)
	require.NoError(t, err)
	p := detect.LogControl{}.New()
	n := 0
	for e, err := range reader.Read(activity.Input{Source: "s", File: "f", Content: strings.NewReader(log)}) {
		require.NoError(t, err)
		p.Add(e)
		n++
	}
	require.Positive(t, n, "the log holds an entry")
	out := []string{}
	for _, f := range p.Findings() {
		out = append(out, f.Reasons[0])
	}
	return out
}

// sampled returns a published sample of package activity.
func sampled(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "activity", "testdata", filepath.FromSlash(name)))
	require.NoError(t, err)
	return string(data)
}

// Each act that ends or narrows a log is found in what the reader gives, and its neighbour is not.
func TestLogControlInEveryFormat(t *testing.T) {
	t.Parallel()
	const clock = "msg=audit(1772355600.123:7):"
	cleared := sampled(t, "windows-xml/event-1102.xml")
	system := strings.NewReplacer("<Channel>Security</Channel>", "<Channel>System</Channel>", "<EventID>1102</EventID>", "<EventID>104</EventID>").Replace(cleared)
	require.NotEqual(t, cleared, system)
	policy := sampled(t, "windows-xml/event-4719.xml")
	okta := func(event string) string {
		return `{"uuid":"1","published":"2026-03-01T10:00:00Z","eventType":"` + event + `","outcome":{"result":"SUCCESS"}}`
	}
	pg := func(text string) string {
		return `{"timestamp":"2026-03-01 10:00:00 UTC","error_severity":"LOG","message":"AUDIT: SESSION,1,1,` + text + `,<none>"}`
	}
	group := strings.NewReplacer("<EventID>4719</EventID>", "<EventID>4728</EventID>").Replace(policy)
	require.NotEqual(t, policy, group)
	for name, c := range map[string]struct {
		format activity.Format
		log    string
		want   []string
	}{
		"the security log is cleared":       {activity.FormatWindows, cleared, []string{"1102 says that the security log was cleared"}},
		"another log is cleared":            {activity.FormatWindows, system, []string{"104 says that a log was cleared"}},
		"the log is full":                   {activity.FormatWindows, strings.Replace(cleared, "1102<", "1104<", 1), []string{}},
		"1102 of another provider":          {activity.FormatWindows, strings.Replace(cleared, "Microsoft-Windows-Eventlog", "Another", 1), []string{}},
		"recording was shut down":           {activity.FormatWindows, sampled(t, "windows-json/elastic-1100.json"), []string{"1100 says that the recording of events was shut down"}},
		"the audit policy is changed":       {activity.FormatWindows, policy, []string{"4719 says that the audit policy was changed ({0CCE9223-69AE-11D9-BED3-505054503030})"}},
		"audit settings of one object":      {activity.FormatWindows, sampled(t, "windows-json/evtx-4907.json"), []string{}},
		"auditing is off (Novell's sample)": {activity.FormatAuditd, sampled(t, "auditd/novell-off.log"), []string{"CONFIG_CHANGE switches auditing off (audit_enabled=0)"}},
		"auditing is switched off":          {activity.FormatAuditd, "type=CONFIG_CHANGE " + clock + " audit_enabled=0 old=1 auid=0 ses=1 res=1\n", []string{"CONFIG_CHANGE switches auditing off (audit_enabled=0)"}},
		"auditing is switched on":           {activity.FormatAuditd, "type=CONFIG_CHANGE " + clock + " audit_enabled=1 old=0 auid=0 ses=1 res=1\n", []string{}},
		"the backlog is set":                {activity.FormatAuditd, "type=CONFIG_CHANGE " + clock + " audit_backlog_limit=0 old=64 auid=0 ses=1 res=1\n", []string{}},
		"the daemon is stopped":             {activity.FormatAuditd, "type=DAEMON_END " + clock + " op=terminate auid=0 pid=1 subj=? res=success\n", []string{"DAEMON_END says that the audit daemon was stopped"}},
		"the daemon fails":                  {activity.FormatAuditd, "type=DAEMON_ABORT " + clock + " auditd error halt, auid=-1 pid=2 res=failed\n", []string{"DAEMON_ABORT says that the audit daemon stopped for an error"}},
		"the daemon is started":             {activity.FormatAuditd, "type=DAEMON_START " + clock + " op=start ver=3 auid=0 pid=1 res=success\n", []string{}},
		"pgAudit is switched off (sample)": {activity.FormatPgAudit, sampled(t, "pgaudit-csvlog/postgresql-15.csv"), []string{"ROLE CREATE ROLE makes a role in the database (clinic)", "ROLE GRANT gives rights in the database (clinic)",
			"ROLE ALTER ROLE changes a role in the database (clinic)", "DDL ALTER SYSTEM changes what the database records (pgaudit.log)"}},
		"pgAudit is narrowed for a role":        {activity.FormatPgAudit, pg("ROLE,ALTER ROLE,,,ALTER ROLE app SET pgaudit.log = 'none'"), []string{"ROLE ALTER ROLE changes what the database records (pgaudit.log)"}},
		"pgAudit is narrowed for the session":   {activity.FormatPgAudit, pg("MISC_SET,SET,,,SET pgaudit.log_catalog = off"), []string{"MISC_SET SET changes what the database records (pgaudit.log_catalog)"}},
		"pgAudit is narrowed by a quoted name":  {activity.FormatPgAudit, pg(`DDL,ALTER SYSTEM,,,\"ALTER SYSTEM SET \"\"pgaudit.log\"\" = 'none'\"`), []string{"DDL ALTER SYSTEM changes what the database records (pgaudit.log)"}},
		"by one whose parts stand in quotes":    {activity.FormatPgAudit, pg(`ROLE,ALTER ROLE,,,\"ALTER ROLE \"\"an SET app\"\" SET \"\"pgaudit\"\".\"\"log\"\" TO 'none'\"`), []string{"ROLE ALTER ROLE changes what the database records (pgaudit.log)"}},
		"behind a comment":                      {activity.FormatPgAudit, pg("MISC_SET,SET,,,SET/* x */pgaudit.log='none'"), []string{"MISC_SET SET changes what the database records (pgaudit.log)"}},
		"all settings are reset":                {activity.FormatPgAudit, pg("DDL,ALTER SYSTEM,,,ALTER SYSTEM RESET ALL"), []string{"DDL ALTER SYSTEM resets all settings, those of what the database records among them (all)"}},
		"a session resets its own":              {activity.FormatPgAudit, pg("MISC_SET,RESET,,,RESET ALL"), []string{}},
		"rights are granted in the database":    {activity.FormatPgAudit, pg("ROLE,GRANT,TABLE,public.chart,GRANT SELECT ON chart TO app"), []string{"ROLE GRANT gives rights in the database (public.chart)"}},
		"rows are written":                      {activity.FormatPgAudit, pg("WRITE,INSERT,TABLE,public.chart,INSERT INTO chart VALUES (1)"), []string{}},
		"a rule of auditing is taken out":       {activity.FormatAuditd, "type=CONFIG_CHANGE " + clock + ` auid=0 ses=1 op=remove_rule key="logins" list=4 res=1` + "\n", []string{"CONFIG_CHANGE takes out a rule of what is audited (logins)"}},
		"as older kernels write it":             {activity.FormatAuditd, "type=CONFIG_CHANGE " + clock + ` auid=0 ses=1 op="remove rule" key=(null) list=4 res=1` + "\n", []string{"CONFIG_CHANGE takes out a rule of what is audited (remove rule)"}},
		"a rule of auditing is added":           {activity.FormatAuditd, "type=CONFIG_CHANGE " + clock + ` auid=0 ses=1 op=add_rule key="logins" list=4 res=1` + "\n", []string{}},
		"a role is assigned":                    {activity.FormatAuditd, "type=ROLE_ASSIGN " + clock + ` auid=0 ses=1 msg='op=login-sename acct="u1" res=success'` + "\n", []string{"ROLE_ASSIGN gives a role to a user (u1)"}},
		"a member of a group of administrators": {activity.FormatWindows, group, []string{"4728 says that a member was added to a global security group"}},
		"rights of an administrator in Okta":    {activity.FormatOkta, okta("user.account.privilege.grant"), []string{"user.account.privilege.grant gives an administrator's rights to a user"}},
		"another setting":                       {activity.FormatPgAudit, pg("DDL,ALTER SYSTEM,,,ALTER SYSTEM SET work_mem = '64MB'"), []string{}},
		"a setting of another extension":        {activity.FormatPgAudit, pg("MISC_SET,SET,,,SET pgauditx.log = off"), []string{}},
		"a stream is deactivated":               {activity.FormatOkta, okta("system.log_stream.lifecycle.deactivate"), []string{"system.log_stream.lifecycle.deactivate ends the delivery of the system log"}},
		"a stream is deleted":                   {activity.FormatOkta, okta("system.log_stream.lifecycle.delete"), []string{"system.log_stream.lifecycle.delete deletes a delivery of the system log"}},
		"a stream is activated":                 {activity.FormatOkta, okta("system.log_stream.lifecycle.activate"), []string{}},
		"a user is deactivated":                 {activity.FormatOkta, sampled(t, "okta/event-object-deactivate.json"), []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, controls(t, c.format, c.log))
		})
	}
}

// Azure tells of the diagnostic settings of Entra in its activity log, which a mapping profile reads. It writes the name of
// the operation as it likes.
func TestLogControlInTheActivityLogOfAzure(t *testing.T) {
	t.Parallel()
	reader, err := activity.ReaderWith(activity.Profile{ID: "azure", Version: 1, Format: activity.FormatNDJSON,
		Words: map[activity.Field]map[string]string{activity.FieldOutcome: {"Success": "success", "Failure": "failure"}},
		Columns: []activity.Column{{Name: "time", Field: activity.FieldRecorded}, {Name: "operationName", Field: activity.FieldAct},
			{Name: "resultType", Field: activity.FieldOutcome}, {Name: "identity", Field: activity.FieldActor}}})
	require.NoError(t, err)
	for operation, want := range map[string][]string{
		"MICROSOFT.AADIAM/DIAGNOSTICSETTINGS/DELETE":       {"MICROSOFT.AADIAM/DIAGNOSTICSETTINGS/DELETE ends a delivery of the logs of Entra"},
		"microsoft.aadiam/diagnosticSettings/write":        {"microsoft.aadiam/diagnosticSettings/write changes which logs of Entra are delivered and where"},
		"Microsoft.Insights/diagnosticSettings/delete":     {"Microsoft.Insights/diagnosticSettings/delete ends a delivery of the logs of a resource"},
		"microsoft.aadiam/diagnosticSettings/read":         {},
		"microsoft.aadiam/diagnosticSettingsX/write":       {},
		"MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE":    {"MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE gives a role on a resource"},
		"Microsoft.Authorization/roleAssignments/validate": {},
	} {
		p := detect.LogControl{}.New()
		line := `{"time":"2026-03-01T10:00:00Z","operationName":"` + operation + `","resultType":"Success","identity":"u1"}`
		for e, err := range reader.Read(activity.Input{Source: "s", File: "f", Content: strings.NewReader(line)}) {
			require.NoError(t, err)
			p.Add(e)
		}
		got := []string{}
		for _, f := range p.Findings() {
			got = append(got, f.Reasons[0])
		}
		require.Equal(t, want, got, operation)
	}
}
