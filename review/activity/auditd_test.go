package activity_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// auditdRecord is an event of one record.
func auditdRecord(serial int) string {
	return fmt.Sprintf(`type=USER_LOGIN msg=audit(1772359200.500:%d): pid=5 uid=0 auid=4294967295 ses=4294967295 msg='op=login acct="u1" exe="/usr/sbin/sshd" hostname=? addr=192.0.2.1 terminal=ssh res=failed'`, serial)
}

func auditdSeeds() [][]byte {
	one, two := auditdRecord(1), auditdRecord(2)
	printed := func(record string) string { return strings.Replace(record, "type=USER_LOGIN msg=", "type=1112 ", 1) }
	return [][]byte{
		[]byte("[   12.345678] audit: " + printed(one) + "\nMar  1 10:00:01 web-1 kernel: " + printed(two) + "\n"),
		[]byte(one),
		[]byte(one + "\n" + two + "\n"),
		[]byte("\ufeff" + one + "\r\n\r\nnode=h " + two + "\x1dUID=\"root\" AUID=\"unset\"\r\n"),
		[]byte("<13>Mar  1 10:00:01 web-1 audispd: " + one + "\n2026-03-01T10:00:01Z web-1 audispd: node=h " + two + "#035UID=\"root\"\n"),
		[]byte("<13>1 2026-03-01T10:00:01.5Z web-1 audisp-syslog 7 - [a b=\"]\"] \ufeff" + one + "\n1 - - a - - - " + two),
	}
}

func TestAuditdSamples(t *testing.T) {
	t.Parallel()
	requireSamples(t, activity.FormatAuditd, "auditd", []sample{
		{"sonic-audisp-syslog.log", []activity.Event{
			{ID: "STG01-0101-0111-14T1/1715375918.777:364628", Recorded: at("2024-05-10T21:18:38.777Z"),
				Actor:  activity.Actor{ID: "1003", AltID: "user1", Kind: activity.ActorAccount},
				Action: activity.ActionUpdate, Family: activity.FamilyOther, Act: activity.Act{System: "auditd", Name: "SYSCALL openat"}, Outcome: activity.OutcomeSuccess, Code: "6",
				From: activity.Origin{App: "/usr/sbin/usermod"}, Session: "5666", Raw: activity.Raw{Offset: 0, Length: 520}},
			{ID: "STG01-0101-0111-14T1/1715374186.361:364290", Recorded: at("2024-05-10T20:49:46.361Z"),
				Actor:  activity.Actor{Kind: activity.ActorUnknown},
				Action: activity.ActionExecute, Family: activity.FamilyOther, Act: activity.Act{System: "auditd", Name: "SYSCALL sendto"}, Outcome: activity.OutcomeSuccess, Code: "78",
				From: activity.Origin{App: "/usr/bin/portsyncd"}, Raw: activity.Raw{Offset: 521, Length: 523}},
			{ID: "STG01-0101-0111-14T1/1715373405.824:340331", Recorded: at("2024-05-10T20:36:45.824Z"),
				Actor:  activity.Actor{ID: "1011", AltID: "user2", Kind: activity.ActorAccount},
				Action: activity.ActionCreate, Family: activity.FamilyAdmin, Act: activity.Act{System: "auditd", Name: "CONFIG_CHANGE"},
				Object: activity.Object{Type: "rule", ID: "dns_changes"}, Outcome: activity.OutcomeSuccess, Code: "1", Session: "5656", Raw: activity.Raw{Offset: 1045, Length: 199}},
		}},
		{"archwiki-dmesg.log", []activity.Event{
			{ID: "1540469583.966:257", Recorded: at("2018-10-25T12:13:03.966Z"),
				Actor:  activity.Actor{Kind: activity.ActorUnknown},
				Action: activity.ActionUnknown, Family: activity.FamilyOther, Act: activity.Act{System: "auditd", Name: "PROCTITLE"},
				Outcome: activity.OutcomeUnknown, Raw: activity.Raw{Offset: 0, Length: 142}},
			{ID: "1540469596.236:258", Recorded: at("2018-10-25T12:13:16.236Z"),
				Actor:  activity.Actor{ID: "1000", Kind: activity.ActorAccount},
				Action: activity.ActionUpdate, Family: activity.FamilyEdit, Act: activity.Act{System: "auditd", Name: "AVC"},
				Object: activity.Object{Type: "file", ID: "/var/tmp/myevil.txt"}, Outcome: activity.OutcomeDenied, Code: "-13",
				From: activity.Origin{App: "/bin/dash"}, Session: "3", Raw: activity.Raw{Offset: 143, Length: 579}},
		}},
		{"auparse-test.log", []activity.Event{
			{ID: "1170021493.977:293", Recorded: at("2007-01-28T21:58:13.977Z"),
				Actor:  activity.Actor{Kind: activity.ActorUnknown},
				Action: activity.ActionRead, Family: activity.FamilyView, Act: activity.Act{System: "auditd", Name: "AVC"},
				Object: activity.Object{Type: "file", ID: "/var/spool/postfix/maildrop"}, Outcome: activity.OutcomeDenied, Code: "-13",
				From: activity.Origin{App: "/usr/libexec/postfix/pickup"}, Raw: activity.Raw{Offset: 0, Length: 857}},
			{ID: "1170021601.342:295", Recorded: at("2007-01-28T22:00:01.342Z"),
				Actor:  activity.Actor{ID: "root", Kind: activity.ActorAccount},
				Action: activity.ActionExecute, Family: activity.FamilyLogin, Act: activity.Act{System: "auditd", Name: "CRED_ACQ"},
				Object: activity.Object{Type: "account", ID: "root"}, Outcome: activity.OutcomeSuccess, Code: "success",
				From: activity.Origin{App: "/usr/sbin/crond"}, Raw: activity.Raw{Offset: 858, Length: 224}},
			{ID: "1170021601.343:296", Recorded: at("2007-01-28T22:00:01.343Z"),
				Actor:  activity.Actor{ID: "42", Kind: activity.ActorAccount},
				Action: activity.ActionExecute, Family: activity.FamilyLogin, Act: activity.Act{System: "auditd", Name: "LOGIN"},
				Outcome: activity.OutcomeSuccess, Code: "2",
				From: activity.Origin{App: "/usr/lib/systemd/systemd"}, Session: "1", Raw: activity.Raw{Offset: 1083, Length: 542}},
			{ID: "1170021601.366:299", Recorded: at("2007-01-28T22:00:01.366Z"),
				Actor:  activity.Actor{ID: "0", Kind: activity.ActorAccount},
				Action: activity.ActionExecute, Family: activity.FamilyLogin, Act: activity.Act{System: "auditd", Name: "USER_END"},
				Object: activity.Object{Type: "account", ID: "root"}, Outcome: activity.OutcomeSuccess, Code: "success",
				From: activity.Origin{App: "/usr/sbin/crond"}, Raw: activity.Raw{Offset: 1626, Length: 225}},
		}},
		{"auparse-test3-interleaved.log", []activity.Event{
			{ID: "host1.example/1451781471.394:194435", Recorded: at("2016-01-03T00:37:51.394Z"),
				Actor:  activity.Actor{ID: "1000", Kind: activity.ActorAccount},
				Action: activity.ActionUnknown, Family: activity.FamilyOther, Act: activity.Act{System: "auditd", Name: "SYSCALL"},
				Outcome: activity.OutcomeSuccess, Code: "1",
				From: activity.Origin{App: "/usr/sbin/sshd"}, Session: "1", Raw: activity.Raw{Offset: 0, Length: 937}},
			{ID: "host1.example/1451781471.394:194433", Recorded: at("2016-01-03T00:37:51.394Z"),
				Actor:  activity.Actor{ID: "1000", Kind: activity.ActorAccount},
				Action: activity.ActionUnknown, Family: activity.FamilyOther, Act: activity.Act{System: "auditd", Name: "SYSCALL"},
				Outcome: activity.OutcomeSuccess, Code: "0",
				From: activity.Origin{App: "/usr/bin/bash"}, Session: "1", Raw: activity.Raw{Offset: 389, Length: 435}},
			{ID: "host1.example/1451781471.602:194894", Recorded: at("2016-01-03T00:37:51.602Z"),
				Actor:  activity.Actor{ID: "1000", Kind: activity.ActorAccount},
				Action: activity.ActionCreate, Family: activity.FamilyAdmin, Act: activity.Act{System: "auditd", Name: "ADD_GROUP"},
				Object: activity.Object{Type: "account", ID: "group1"}, Outcome: activity.OutcomeSuccess, Code: "success",
				From: activity.Origin{App: "/usr/sbin/useradd"}, Session: "1", Raw: activity.Raw{Offset: 938, Length: 259}},
		}},
		{"laurel-enriched.log", []activity.Event{
			{ID: "1626611363.720:348501", Recorded: at("2021-07-18T12:29:23.72Z"),
				Actor:  activity.Actor{ID: "1000", AltID: "user", Kind: activity.ActorAccount},
				Action: activity.ActionExecute, Family: activity.FamilyOther, Act: activity.Act{System: "auditd", Name: "SYSCALL execve"},
				Object: activity.Object{Type: "file", ID: "/usr/bin/perl"}, Outcome: activity.OutcomeSuccess, Code: "0",
				From: activity.Origin{App: "/usr/bin/perl"}, Session: "3", Raw: activity.Raw{Offset: 0, Length: 745}},
		}},
		{"novell-off.log", []activity.Event{
			{ID: "1185934048.314:4312", Recorded: at("2007-08-01T02:07:28.314Z"),
				Actor:  activity.Actor{Kind: activity.ActorUnknown},
				Action: activity.ActionExecute, Family: activity.FamilyAdmin, Act: activity.Act{System: "auditd", Name: "DAEMON_START"},
				Outcome: activity.OutcomeSuccess, Code: "success", Raw: activity.Raw{Offset: 0, Length: 137}},
			{ID: "1185934048.418:4", Recorded: at("2007-08-01T02:07:28.418Z"),
				Actor:  activity.Actor{Kind: activity.ActorUnknown},
				Action: activity.ActionUpdate, Family: activity.FamilyAdmin, Act: activity.Act{System: "auditd", Name: "CONFIG_CHANGE"},
				Object: activity.Object{Type: "setting", ID: "audit_enabled=0"}, Outcome: activity.OutcomeUnknown, Raw: activity.Raw{Offset: 138, Length: 88}},
		}},
		{"redhat-sshd-config.log", []activity.Event{
			{ID: "1364481363.243:24287", Recorded: at("2013-03-28T14:36:03.243Z"),
				Actor:  activity.Actor{ID: "1000", Kind: activity.ActorAccount},
				Action: activity.ActionRead, Family: activity.FamilyAdmin, Act: activity.Act{System: "auditd", Name: "SYSCALL open"},
				Object: activity.Object{Type: "file", ID: "/etc/ssh/sshd_config"}, Outcome: activity.OutcomeDenied, Code: "-13",
				From: activity.Origin{App: "/bin/cat"}, Session: "1", Raw: activity.Raw{Offset: 0, Length: 765}},
		}},
		{"redhat-start-and-su.log", []activity.Event{
			{ID: "1363713609.192:5426", Recorded: at("2013-03-19T17:20:09.192Z"),
				Actor:  activity.Actor{ID: "500", Kind: activity.ActorAccount},
				Action: activity.ActionExecute, Family: activity.FamilyAdmin, Act: activity.Act{System: "auditd", Name: "DAEMON_START"},
				Outcome: activity.OutcomeSuccess, Code: "success", Raw: activity.Raw{Offset: 0, Length: 184}},
			{ID: "1364475353.159:24270", Recorded: at("2013-03-28T12:55:53.159Z"),
				Actor:  activity.Actor{ID: "500", Kind: activity.ActorAccount},
				Action: activity.ActionLogin, Family: activity.FamilyLogin, Act: activity.Act{System: "auditd", Name: "USER_AUTH"},
				Object: activity.Object{Type: "account", ID: "root"}, Outcome: activity.OutcomeFailure, Code: "failed",
				From: activity.Origin{App: "/bin/su"}, Session: "1", Raw: activity.Raw{Offset: 185, Length: 241}},
		}},
	})
}

func TestAuditdKnownAnswers(t *testing.T) {
	t.Parallel()
	read := func(name string) []activity.Event {
		data, err := os.ReadFile(filepath.Join(shared(t), "auditd", name))
		require.NoError(t, err)
		events, defects := readAll(t, activity.FormatAuditd, data)
		require.Empty(t, defects)
		requireFoundAgain(t, data)
		return events
	}
	rhel := read("audit-rhel6.log")
	require.Len(t, rhel, 2, "two records, two serial numbers")
	require.Equal(t, "/usr/libexec/strongswan/charon (deleted)", rhel[0].From.App, "written in hexadecimal, because of the blank")
	require.Equal(t, activity.Actor{Kind: activity.ActorUnknown}, rhel[0].Actor, "nobody logged in, and uid 0 is nobody")
	require.Equal(t, activity.OutcomeSuccess, rhel[0].Outcome)
	require.Equal(t, at("2017-03-31T21:29:12.404Z"), rhel[0].Recorded)
	require.Equal(t, activity.Actor{ID: "700", Kind: activity.ActorAccount}, rhel[1].Actor)
	require.Equal(t, activity.Object{Type: "command", ID: "/usr/lib64/nagios/plugins/check_asterisk_sip_peers"}, rhel[1].Object)
	require.Equal(t, "11988", rhel[1].Session)

	ubuntu := read("audit-ubuntu16.log")
	require.Len(t, ubuntu, 3)
	require.Equal(t, activity.Actor{Kind: activity.ActorUnknown}, ubuntu[0].Actor, "(invalid user) is no identity")
	require.Equal(t, []any{activity.ActionLogin, activity.OutcomeFailure}, []any{ubuntu[0].Action, ubuntu[0].Outcome})
	require.NotEmpty(t, ubuntu[0].From.Addr)
	require.Equal(t, activity.Actor{ID: "1001", Kind: activity.ActorAccount}, ubuntu[1].Actor)
	require.Equal(t, []any{activity.ActionLogin, activity.OutcomeSuccess, "36"}, []any{ubuntu[1].Action, ubuntu[1].Outcome, ubuntu[1].Session})
	require.Equal(t, []any{"AVC", activity.OutcomeDenied, "DENIED"}, []any{ubuntu[2].Act.Name, ubuntu[2].Outcome, ubuntu[2].Code})
}

// The counts were made by hand: lines with wc -l, events as the different audit(SECONDS:SERIAL) that grep -o and sort -u
// leave, types with grep -o. Of the interleaved records those of one event share their stamp.
func TestAuditdCounts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		records, events int
		types           map[string]int
	}{
		filepath.Join(shared(t), "auditd", "audit-rhel6.log"):                {2, 2, map[string]int{"SYSCALL": 1, "USER_CMD": 1}},
		filepath.Join(shared(t), "auditd", "audit-ubuntu16.log"):             {3, 3, map[string]int{"AVC": 1, "USER_LOGIN": 2}},
		filepath.Join("testdata", "auditd", "auparse-test3-interleaved.log"): {5, 3, map[string]int{"SYSCALL": 2, "PROCTITLE": 2, "ADD_GROUP": 1}},
		filepath.Join("testdata", "auditd", "auparse-test.log"):              {9, 4, map[string]int{"AVC": 1, "SYSCALL": 2, "CWD": 1, "PATH": 1, "CRED_ACQ": 1, "LOGIN": 1, "PROCTITLE": 1, "USER_END": 1}},
		filepath.Join("testdata", "auditd", "sonic-audisp-syslog.log"):       {3, 3, map[string]int{"SYSCALL": 2, "CONFIG_CHANGE": 1}},
	} {
		f, err := os.Open(name)
		require.NoError(t, err)
		var tally activity.Tally
		records, types := 0, map[string]int{}
		for e, err := range reader(t, activity.FormatAuditd).Read(activity.Input{Content: f, KeepRecord: true}) {
			require.NoError(t, tally.Count(e, err))
			for _, line := range strings.Split(string(e.Record), "\n") {
				_, line, _ = strings.Cut(line, "type=")
				word, _, _ := strings.Cut(line, " ")
				types[word]++
				records++
			}
		}
		require.NoError(t, f.Close())
		require.EqualValues(t, c.events, tally.Events, name)
		require.Zero(t, tally.DefectCount(), name)
		require.Equal(t, c.records, records, name)
		require.Equal(t, c.types, types, name)
	}
}

// requireFoundAgain reads every event again from its place, among whatever else lies there.
func requireFoundAgain(t testing.TB, data []byte) {
	t.Helper()
	events, _ := readAll(t, activity.FormatAuditd, data)
	for _, e := range events {
		again, _ := readAll(t, activity.FormatAuditd, data[e.Raw.Offset:e.Raw.Offset+e.Raw.Length])
		require.NotEmpty(t, again)
		for _, a := range again {
			if a.ID == e.ID {
				a.Raw.Offset, a.Seq = e.Raw.Offset, e.Seq
				require.Equal(t, e, a)
				break
			}
		}
	}
}

func auditSyscall(clock string, serial int, rest string) string {
	return fmt.Sprintf("type=SYSCALL msg=audit(%s:%d): arch=c000003e syscall=257 success=yes exit=3 a2=0 auid=1000 ses=3 exe=\"/bin/cat\" %s\n", clock, serial, rest)
}

func auditPath(clock string, serial int, name string) string {
	return fmt.Sprintf("type=PATH msg=audit(%s:%d): item=0 name=\"%s\" nametype=NORMAL\n", clock, serial, name)
}

func TestAuditdPutsInterleavedRecordsTogether(t *testing.T) {
	t.Parallel()
	const clock = "1772359200.100"
	title := func(serial int) string {
		return fmt.Sprintf("type=PROCTITLE msg=audit(%s:%d): proctitle=\"cat\"\n", clock, serial)
	}
	file := auditSyscall(clock, 1, "") + auditSyscall(clock, 2, "") + "garbage\n" + auditPath(clock, 2, "/srv/b") + auditSyscall(clock, 3, "") +
		auditPath(clock, 1, "/srv/a") + title(1) + title(2) + auditPath(clock, 3, "/srv/c")
	events, defects := readAll(t, activity.FormatAuditd, []byte(file))
	require.Len(t, events, 3)
	for i, want := range []string{"/srv/a", "/srv/b", "/srv/c"} {
		require.Equal(t, fmt.Sprintf("%s:%d", clock, i+1), events[i].ID)
		require.Equal(t, activity.Object{Type: "file", ID: want}, events[i].Object)
		require.Equal(t, activity.ActionRead, events[i].Action)
		require.Equal(t, activity.FamilyView, events[i].Family)
	}
	require.Len(t, defects, 1, "the line between is counted in its place")
	require.EqualValues(t, 3, defects[0].Seq)
	require.Equal(t, "garbage", file[defects[0].Raw.Offset:defects[0].Raw.Offset+defects[0].Raw.Length])
	requireFoundAgain(t, []byte(file))
	first := file[events[0].Raw.Offset : events[0].Raw.Offset+events[0].Raw.Length]
	for e, err := range reader(t, activity.FormatAuditd).Read(activity.Input{Content: strings.NewReader(file), KeepRecord: true}) {
		if err == nil && e.ID == events[1].ID {
			require.Equal(t, auditSyscall(clock, 2, "")+auditPath(clock, 2, "/srv/b")+strings.TrimSuffix(title(2), "\n"), string(e.Record), "its own records alone")
		}
	}
	require.True(t, strings.HasPrefix(first, "type=SYSCALL") && strings.HasSuffix(first, `:1): proctitle="cat"`), "from its first record to its last")
}

func TestAuditdEventsEndWhenTheirTimeIsOver(t *testing.T) {
	t.Parallel()
	read := func(lines ...string) string {
		events, defects := readAll(t, activity.FormatAuditd, []byte(strings.Join(lines, "")))
		require.Empty(t, defects)
		var out []string
		for _, e := range events {
			out = append(out, e.ID+"="+e.Object.ID)
		}
		return strings.Join(out, " ")
	}
	require.Equal(t, "100.000:1=/srv/a 102.000:2=", read(auditSyscall("100.000", 1, ""), auditSyscall("102.000", 2, ""), auditPath("100.000", 1, "/srv/a")), "two seconds are not over")
	require.Equal(t, "100.000:1= 102.001:2= 100.000:1=/srv/a", read(auditSyscall("100.000", 1, ""), auditSyscall("102.001", 2, ""), auditPath("100.000", 1, "/srv/a")),
		"a record that comes too late is an event of the same identity, which is reported as a duplicate")
	// The clock is set back by an hour, and forward again.
	require.Equal(t, "7200.000:1=/srv/a 3600.000:2=/srv/b 7200.500:3=/srv/c",
		read(auditSyscall("7200.000", 1, ""), auditSyscall("3600.000", 2, ""), auditPath("7200.000", 1, "/srv/a"), auditPath("3600.000", 2, "/srv/b"), auditSyscall("7200.500", 3, ""), auditPath("7200.500", 3, "/srv/c")))
	require.Equal(t, "100.000:1=/srv/a 100.000:1=/srv/b",
		strings.Join(strings.Fields(read(auditSyscall("100.000", 1, ""), auditPath("100.000", 1, "/srv/a"), "type=EOE msg=audit(100.000:1): \n", auditSyscall("100.000", 1, ""), auditPath("100.000", 1, "/srv/b"))), " "), "the end of an event ends it")
}

func TestAuditdWaitsForBoundedManyEvents(t *testing.T) {
	t.Parallel()
	var file strings.Builder
	const n = 10_000
	for i := range n { // a clock that stands still, and no event ever ends
		file.WriteString(auditSyscall("100.000", i, ""))
	}
	first := 0
	in := &largest{r: strings.NewReader(file.String())}
	for e, err := range reader(t, activity.FormatAuditd).Read(activity.Input{Content: in}) {
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("100.000:%d", first), e.ID)
		first++
	}
	require.Equal(t, n, first)
	// An event that grows beyond the limit is one defect, from its first record to its last.
	grown := auditSyscall("100.000", 1, "") + strings.Repeat(auditPath("100.000", 1, "/srv/a"), 100) + auditSyscall("100.000", 2, "")
	events, defects := readInput(t, activity.FormatAuditd, activity.Input{Content: strings.NewReader(grown), MaxRecord: 2000})
	require.Equal(t, "100.000:2", ids(events))
	require.Len(t, defects, 1)
	require.Equal(t, activity.ReasonTooLong, defects[0].Reason)
	require.EqualValues(t, strings.LastIndex(grown, "type=SYSCALL")-1, defects[0].Raw.Length)
}

func TestAuditdWords(t *testing.T) {
	t.Parallel()
	type words struct {
		action  activity.Action
		family  activity.Family
		outcome activity.Outcome
		actor   string
		object  string
	}
	const clock = "msg=audit(1772359200.000:1):"
	for record, want := range map[string]words{
		"type=USER_LOGIN " + clock + ` auid=4294967295 msg='op=login acct="u1" res=failed'`:                                              {activity.ActionLogin, activity.FamilyLogin, activity.OutcomeFailure, "u1", "u1"},
		"type=USER_LOGIN " + clock + ` auid=-1 msg='op=login id=1001 acct="u1" res=success'`:                                             {activity.ActionLogin, activity.FamilyLogin, activity.OutcomeSuccess, "1001", "u1"},
		"type=USER_LOGOUT " + clock + ` auid=1000 msg='op=login id=1000 res=success'`:                                                    {activity.ActionLogout, activity.FamilyLogin, activity.OutcomeSuccess, "1000", ""},
		"type=USER_AUTH " + clock + ` auid=4294967295 msg='op=PAM:authentication acct="u1" res=success'`:                                 {activity.ActionExecute, activity.FamilyLogin, activity.OutcomeSuccess, "u1", "u1"},
		"type=USER_CHAUTHTOK " + clock + ` auid=1000 msg='op=change-password acct="u2" res=success'`:                                     {activity.ActionUpdate, activity.FamilyAdmin, activity.OutcomeSuccess, "1000", "u2"},
		"type=DEL_USER " + clock + ` auid=4294967295 msg='op=delete-user acct="u2" res=success'`:                                         {activity.ActionDelete, activity.FamilyAdmin, activity.OutcomeSuccess, "", "u2"},
		"type=CONFIG_CHANGE " + clock + ` auid=0 ses=1 op="remove_rule" key="logins" list=4 res=1`:                                       {activity.ActionDelete, activity.FamilyAdmin, activity.OutcomeSuccess, "0", "logins"},
		"type=CONFIG_CHANGE " + clock + ` audit_enabled=0 old=1 auid=0 ses=1 res=1`:                                                      {activity.ActionUpdate, activity.FamilyAdmin, activity.OutcomeSuccess, "0", "audit_enabled=0"},
		"type=SERVICE_STOP " + clock + ` auid=4294967295 msg='unit=auditd exe="/lib/systemd/systemd" res=success'`:                       {activity.ActionExecute, activity.FamilyAdmin, activity.OutcomeSuccess, "", "auditd"},
		"type=SYSCALL " + clock + ` arch=c000003e syscall=87 success=no exit=-1 auid=1000`:                                               {activity.ActionDelete, activity.FamilyOther, activity.OutcomeDenied, "1000", ""},
		"type=SYSCALL " + clock + ` arch=c000003e syscall=2 success=no exit=-2 a1=0 auid=1000`:                                           {activity.ActionRead, activity.FamilyOther, activity.OutcomeFailure, "1000", ""},
		"type=SYSCALL " + clock + ` arch=c000003e syscall=257 success=yes exit=3 a2=241 auid=1000` + "\x1d" + `SYSCALL=openat AUID="u1"`: {activity.ActionUpdate, activity.FamilyOther, activity.OutcomeSuccess, "1000", ""},
		"type=SYSCALL " + clock + ` arch=c00000b7 syscall=35 success=yes exit=0 auid=1000`:                                               {activity.ActionUnknown, activity.FamilyOther, activity.OutcomeSuccess, "1000", ""},
		"type=SYSCALL " + clock + ` arch=c00000b7 syscall=35 success=yes exit=0 auid=1000` + "\x1d" + `ARCH=aarch64 SYSCALL=unlinkat`:    {activity.ActionDelete, activity.FamilyOther, activity.OutcomeSuccess, "1000", ""},
		"type=AVC " + clock + ` avc:  granted  { execmem } for  pid=1 comm="x" path="/srv/x"`:                                            {activity.ActionUnknown, activity.FamilyOther, activity.OutcomeSuccess, "", "/srv/x"},
		"type=ANOM_LOGIN_FAILURES " + clock + ` auid=4294967295 msg='acct="u1" res=success'`:                                             {activity.ActionUnknown, activity.FamilyLogin, activity.OutcomeSuccess, "", "u1"},
		"type=UNKNOWN[1420] " + clock + ` subj=x`:                                                                                        {activity.ActionUnknown, activity.FamilyUnknown, activity.OutcomeUnknown, "", ""},
		"type=PATH " + clock + ` item=0 name=2F7372762F612062 nametype=CREATE`:                                                           {activity.ActionUnknown, activity.FamilyOther, activity.OutcomeUnknown, "", "/srv/a b"},
		"type=PATH " + clock + ` item=0 name=FFFE nametype=NORMAL`:                                                                       {activity.ActionUnknown, activity.FamilyOther, activity.OutcomeUnknown, "", "FFFE"}, // no text
	} {
		e := one(t, activity.FormatAuditd, record)
		require.Equal(t, want, words{e.Action, e.Family, e.Outcome, e.Actor.ID, e.Object.ID}, record)
	}
	e := one(t, activity.FormatAuditd, auditSyscall("100.000", 1, "")+"type=CWD msg=audit(100.000:1): cwd=\"/etc\"\n"+auditPath("100.000", 1, "shadow"))
	require.Equal(t, activity.Object{Type: "file", ID: "/etc/shadow"}, e.Object)
	require.Equal(t, activity.FamilyAdmin, e.Family, "reading a file of the system is no viewing of data")
}

// The records of one event share a time and a serial number, and those of two lie between each other. Who acted is the
// user who logged in (auid), not the user that the process became (uid).
func Example_auditd() {
	file := `type=SYSCALL msg=audit(1772359200.000:7): arch=c000003e syscall=257 success=no exit=-13 a2=0 auid=1000 uid=0 ses=3 exe="/usr/bin/cat"
type=USER_CMD msg=audit(1772359200.004:8): auid=1000 ses=3 msg='cwd="/root" cmd="id" res=success'
type=PATH msg=audit(1772359200.000:7): item=0 name="/srv/charts/p-7" nametype=NORMAL
`
	reader, err := activity.ReaderFor(activity.FormatAuditd)
	if err != nil {
		log.Fatal(err)
	}
	for event, err := range reader.Read(activity.Input{Source: "host", File: "audit.log", Content: strings.NewReader(file)}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(event.Recorded.Format(time.TimeOnly), event.Actor.ID, event.Action, event.Object.ID, event.Outcome)
	}
	// Output:
	// 10:00:00 1000 read /srv/charts/p-7 denied
	// 10:00:00 1000 execute id success
}
