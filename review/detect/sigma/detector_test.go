package sigma_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
	"github.com/hipaasmp/hipaasmp/review/detect/sigma"
)

// printer is a rule of one's own over the fields of events.
const printer = `title: Printing in the night shift's account
id: 5f7f4e1c-0002-4000-8000-000000000001
level: high
falsepositives: [End of the month]
logsource: {product: hipaasmp, service: activity}
detection:
  print:
    action: [print, export]
    actor|startswith: night-
  exempt:
    purpose: BTG
  condition: print and not exempt
`

func event(id, actor string, change func(*activity.Event)) activity.Event {
	e := activity.Event{Source: "ehr", ID: id, Recorded: time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC), Actor: activity.Actor{ID: actor, Kind: activity.ActorPerson},
		Action: activity.ActionPrint, Outcome: activity.OutcomeSuccess, Raw: activity.Raw{File: "f", Length: 9}}
	if change != nil {
		change(&e)
	}
	return e
}

func findings(d detect.Detector, events ...activity.Event) []detect.Finding {
	p := d.New()
	for _, e := range events {
		p.Add(e)
	}
	return p.Findings()
}

func TestARuleIsADetector(t *testing.T) {
	t.Parallel()
	r := load(t, printer)
	d, err := r.Detector(sigma.EventFields())
	require.NoError(t, err)
	require.False(t, d.WantsRecord())
	about := d.Describe()
	require.Equal(t, detect.ID("sigma-5f7f4e1c-0002-4000-8000-000000000001"), about.ID)
	require.Equal(t, sigma.Version, about.Version)
	require.Equal(t, "Printing in the night shift's account", about.Title)
	require.Equal(t, "End of the month", about.FalsePositives)
	require.Equal(t, []detect.Parameter{{Name: "mapping", Value: "event"}, {Name: "access", Value: "event"}, {Name: "rule 1", Value: r.ID + " sha256:" + string(r.Digest)}}, about.Parameters)
	got := findings(d, event("1", "night-7", nil), event("2", "night-7", nil), event("3", "day-7", nil),
		event("4", "night-7", func(e *activity.Event) { e.Purpose = []string{"BTG"} }),
		event("5", "night-8", func(e *activity.Event) { e.Action = activity.ActionExport }),
		event("6", "night-8", func(e *activity.Event) { e.Action = activity.ActionRead }))
	require.Len(t, got, 2)
	seen := map[string]detect.Finding{}
	for _, f := range got {
		seen[f.Actor] = f
	}
	require.Equal(t, []string{"Printing in the night shift's account: 2 events of night-7", `action is "print"`, `actor begins with "night-"`, `the exception "exempt" does not apply`}, seen["night-7"].Reasons)
	require.Equal(t, detect.SeverityHigh, seen["night-7"].Severity)
	require.Contains(t, seen["night-8"].Reasons, `action is "export"`)
}

func TestEveryFieldOfAnEventCanBeNamed(t *testing.T) {
	t.Parallel()
	e := event("id-1", "actor-1", func(e *activity.Event) {
		e.Actor.AltID, e.Patients, e.Act = "alt-1", []activity.Patient{{ID: "p-1"}, {ID: "p-2"}}, activity.Act{System: "sys", Name: "act-1"}
		e.Object, e.Code, e.Family = activity.Object{Type: "type-1", ID: "object-1"}, "code-1", activity.FamilyPrintExport
		e.From, e.Purpose, e.Session = activity.Origin{Addr: "10.0.0.1", Host: "host-1", App: "app-1"}, []string{"TREAT", "BTG"}, "session-1"
		e.Ingested = e.Recorded.Add(time.Minute)
	})
	want := map[string]string{"source": "ehr", "id": "id-1", "actor": "actor-1", "actor_alt": "alt-1", "actor_kind": "person", "patient": "p-2", "act": "sys act-1",
		"object_type": "type-1", "object": "object-1", "code": "code-1", "family": "print_export", "addr": "10.0.0.1", "host": "host-1", "app": "app-1",
		"purpose": "BTG", "session": "session-1", "action": "print", "outcome": "success", "recorded": "2026-03-01T02:00:00Z", "ingested": "2026-03-01T02:01:00Z"}
	require.Len(t, want, len(sigma.EventFieldNames()))
	for _, name := range sigma.EventFieldNames() {
		text := func(op, value string) string {
			return strings.Replace(printer, printer[strings.Index(printer, "  print:"):], "  s:\n    '"+name+op+"': '"+value+"'\n  condition: s\n", 1)
		}
		for value, hits := range map[string]int{want[name]: 1, "else": 0} {
			d, err := load(t, text("", value)).Detector(sigma.EventFields())
			require.NoError(t, err)
			require.Len(t, findings(d, e), hits, name)
		}
		keyword, err := load(t, strings.Replace(text("", "never"), "'"+name+"': 'never'", "'': '"+want[name]+"'", 1)).Detector(sigma.EventFields())
		require.NoError(t, err)
		require.Len(t, findings(keyword, e), 1, name)
	}
}

func TestARuleThatCanNeverMatchIsRefused(t *testing.T) {
	t.Parallel()
	r := load(t, printer)
	var me *sigma.MappingError
	_, err := r.Detector(sigma.CloudTrail())
	require.ErrorAs(t, err, &me)
	require.ErrorContains(t, err, "hipaasmp/activity")
	_, err = load(t, strings.Replace(printer, "purpose: BTG", "userIdentity.arn: x", 1)).Detector(sigma.EventFields())
	require.ErrorAs(t, err, &me)
	require.ErrorContains(t, err, "userIdentity.arn")
	renamed := sigma.EventFields()
	renamed.Rename = map[string]string{"userIdentity.arn": "actor"}
	_, err = load(t, strings.Replace(printer, "purpose: BTG", "userIdentity.arn: x", 1)).Detector(renamed)
	require.NoError(t, err)
	var ce *sigma.CompileError
	_, err = sigma.NewDetector("two", sigma.EventFields(), r, r)
	require.ErrorAs(t, err, &ce)
	_, err = sigma.NewDetector("R20", sigma.EventFields(), r)
	require.ErrorContains(t, err, "a detector of package detect has this identity")
	_, err = sigma.NewDetector("none", sigma.EventFields())
	require.ErrorAs(t, err, &ce)
	_, err = sigma.NewDetector("zero", sigma.EventFields(), sigma.Rule{})
	require.ErrorAs(t, err, &ce)
	_, err = sigma.NewDetector("bad id", sigma.EventFields(), r)
	require.ErrorAs(t, err, &ce)
	_, err = sigma.NewDetector("x", sigma.Mapping{}, r)
	require.ErrorAs(t, err, &ce)
}

func TestFieldsCanHaveOtherNamesInTheLog(t *testing.T) {
	t.Parallel()
	mp := sigma.GoogleCloud()
	mp.Rename = map[string]string{"gcp.audit.method_name": "protoPayload.methodName"}
	d, err := sigma.NewDetector("gcp", mp, rulesFor(t, mp)...)
	require.NoError(t, err)
	require.True(t, d.WantsRecord())
	require.Contains(t, d.Describe().Parameters, detect.Parameter{Name: "renamed", Value: `"gcp.audit.method_name" to "protoPayload.methodName"`})
	got := findings(d, event("1", "a", func(e *activity.Event) {
		e.Record = []byte(`{"protoPayload":{"methodName":"storage.buckets.delete"}}`)
	}))
	require.Len(t, got, 1)
	require.Contains(t, got[0].Reasons[0], "Google Cloud Storage Buckets Modified or Deleted")
}

func TestAnEntryThatCannotBeLookedAtIsSaid(t *testing.T) {
	t.Parallel()
	d, err := sigma.NewDetector("aws", sigma.CloudTrail(), rulesFor(t, sigma.CloudTrail())...)
	require.NoError(t, err)
	for _, record := range []string{"", "{", `{"eventName":`} {
		got := findings(d, event("1", "a", func(e *activity.Event) { e.Record = []byte(record) }))
		require.Len(t, got, 1)
		require.Contains(t, got[0].Reasons[1], "no rule was tried")
	}
}

func TestRecordsOfTheAuditDaemonAreMatchedOneByOne(t *testing.T) {
	t.Parallel()
	d, err := sigma.NewDetector("auditd", sigma.Auditd(), rulesFor(t, sigma.Auditd())...)
	require.NoError(t, err)
	at := "msg=audit(1490995752.404:7): "
	for record, title := range map[string]string{
		`type=EXECVE ` + at + `argc=3 a0="chmod" a1="777" a2=2F746D702F61206200`:                                    "Suspicious Commands Linux",
		`type=PATH ` + at + "item=0 name=\"/etc/ld.so.preload\" inode=1 nametype=NORMAL":                            "Modification of ld.so.preload",
		`type=PATH ` + at + `item=0 name=2F6574632F6C642E736F2E7072656C6F6164`:                                      "Modification of ld.so.preload",
		`node=h1 type=SYSCALL ` + at + "arch=c000003e syscall=313 comm=\"insmod\" exe=\"/usr/bin/kmod\" key=(null)": "Loading of Kernel Module via Insmod",
		`type=SYSCALL ` + at + "syscall=99 comm=\"x\" exe=\"/bin/x\"\x1dARCH=x86_64 SYSCALL=sysinfo AUID=\"u\"":     "System Info Discovery via Sysinfo Syscall",
		`type=SERVICE_STOP ` + at + `pid=1 uid=0 msg='unit=ufw comm="systemd" res=success'`:                         "Disable System Firewall",
		`type=EXECVE ` + at + `argc=2 a0="wget" a1_len=20 a1[0]="--post-" a1[1]="file=/etc/passwd"`:                 "Data Exfiltration with Wget",
		"type=CWD " + at + "cwd=\"/\"\ntype=EXECVE " + at + `argc=4 a0="steghide" a1="extract" a2="-sf" a3="x.jpg"`: "Steganography Extract Files with Steghide",
	} {
		got := findings(d, event("1", "a", func(e *activity.Event) { e.Record = []byte(record) }))
		var titles []string
		for _, f := range got {
			titles = append(titles, strings.Split(f.Reasons[0], ":")[0])
		}
		require.Contains(t, titles, title, record)
	}
	split := `type=EXECVE ` + at + `argc=1 a0="chmod"` + "\n" + `type=SYSCALL ` + at + `a1="777"`
	for _, f := range findings(d, event("1", "a", func(e *activity.Event) { e.Record = []byte(split) })) {
		require.NotContains(t, f.Reasons[0], "Suspicious Commands", "fields of two records do not make one")
	}
	bad := findings(d, event("1", "a", func(e *activity.Event) { e.Record = []byte("not a record") }))
	require.Len(t, bad, 1)
	require.Contains(t, bad[0].Reasons[1], "no rule was tried")
}

func TestSplittingTheLogChangesNothing(t *testing.T) {
	t.Parallel()
	d, err := load(t, printer).Detector(sigma.EventFields())
	require.NoError(t, err)
	var events []activity.Event
	for i := range 20 {
		events = append(events, event(string(rune('a'+i)), []string{"night-1", "night-2", "day"}[i%3], nil))
	}
	whole, left, right := d.New(), d.New(), d.New()
	for i, e := range events {
		whole.Add(e)
		if i%2 == 0 {
			left.Add(e)
		} else {
			right.Add(e)
		}
	}
	require.NoError(t, right.Merge(left))
	a, err := whole.Encode()
	require.NoError(t, err)
	b, err := right.Encode()
	require.NoError(t, err)
	require.Equal(t, string(a), string(b))
	other, err := load(t, printer+"# changed\n").Detector(sigma.EventFields())
	require.NoError(t, err)
	var se *detect.StateError
	require.ErrorAs(t, other.New().Merge(left), &se, "a rule of another text is another rule")
}
