package activity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// The head is that of RFC 3164, section 4.1, of RFC 5424, section 6, or that of rsyslog's file format; the names of the
// program are those of audisp-syslog(8) and, before audit 3.0, audispd(8).
func TestAuditdBehindTheHeadsOfSyslog(t *testing.T) {
	t.Parallel()
	plain := one(t, activity.FormatAuditd, auditdRecord(1))
	for head, c := range map[string]struct{ node, taken string }{
		"<13>Mar  1 10:00:01 web-1 audisp-syslog: ":                                                              {"web-1", ""},
		"Mar  1 10:00:01 web-1 audispd: ":                                                                        {"web-1", ""},
		"Mar 11 10:00:01 web-1 audispd[812]: ":                                                                   {"web-1", ""},
		"Mar  1 10:00:01 web-1 audispd: node=db-7.example ":                                                      {"db-7.example", ""},
		"2026-03-01T10:00:01.750529+00:00 web-1 audispd: ":                                                       {"web-1", "2026-03-01T10:00:01.750529Z"},
		"<14>2026-03-01T11:00:01+01:00 web-1 audispd: node=web-1.example ":                                       {"web-1.example", "2026-03-01T10:00:01Z"},
		"<13>1 2026-03-01T10:00:01.003Z web-1 audisp-syslog 812 - - ":                                            {"web-1", "2026-03-01T10:00:01.003Z"},
		"<13>1 2026-03-01T10:00:01.003Z web-1 audisp-syslog - - - \ufeff":                                        {"web-1", "2026-03-01T10:00:01.003Z"},
		"<13>1 2026-03-01T10:00:01.003Z 192.0.2.9 audispd 1 x [timeQuality tzKnown=\"1\"][a@1 b=\"\\]\\\" ]\"] ": {"192.0.2.9", "2026-03-01T10:00:01.003Z"},
		"1 2026-03-01T10:00:01Z - audispd - - - ":                                                                {"", "2026-03-01T10:00:01Z"},
		"<13>1 - web-1 audispd - - - ":                                                                           {"web-1", ""},
		"node=db-7.example ":                                                                                     {"db-7.example", ""},
	} {
		e := one(t, activity.FormatAuditd, head+auditdRecord(1))
		want := plain
		if c.node != "" {
			want.ID = c.node + "/" + plain.ID
		}
		if c.taken != "" {
			want.Ingested = at(c.taken)
		}
		want.Raw.Length = int64(len(head) + len(auditdRecord(1)))
		require.Equal(t, want, e, head)
	}
}

// One file of many machines: the records of two events of one stamp are told apart by the machine that the head names.
func TestAuditdOfManyMachinesInOneFile(t *testing.T) {
	t.Parallel()
	line := func(second, host, record string) string {
		return fmt.Sprintf("<13>1 2026-03-01T10:00:%sZ %s audisp-syslog - - - %s", second, host, record)
	}
	file := line("01", "a", auditSyscall("1772359200.000", 7, "")) + line("01", "b", auditSyscall("1772359200.000", 7, "")) +
		"<30>1 2026-03-01T10:00:01Z a sshd 1 - - Accepted publickey for u1\n" +
		line("02", "b", auditPath("1772359200.000", 7, "/srv/b")) + line("03", "a", auditPath("1772359200.000", 7, "/srv/a"))
	events, defects := readAll(t, activity.FormatAuditd, []byte(file))
	require.Len(t, events, 2)
	require.Equal(t, []string{"a/1772359200.000:7", "/srv/a", "2026-03-01T10:00:03Z"}, []string{events[0].ID, events[0].Object.ID, events[0].Ingested.Format("2006-01-02T15:04:05Z07:00")})
	require.Equal(t, []string{"b/1772359200.000:7", "/srv/b", "2026-03-01T10:00:02Z"}, []string{events[1].ID, events[1].Object.ID, events[1].Ingested.Format("2006-01-02T15:04:05Z07:00")},
		"of several the last says when the event was there whole")
	require.Len(t, defects, 1)
	require.Equal(t, activity.ReasonNotAnEvent, defects[0].Reason)
	require.Equal(t, "the syslog message is of another program", defects[0].Detail)
	requireFoundAgain(t, []byte(file))
}

func TestAuditdHeadsThatAreNone(t *testing.T) {
	t.Parallel()
	good := "Mar  1 10:00:01 web-1 audispd: " + auditdRecord(1) + "\n"
	for name, c := range map[string]struct {
		line string
		want activity.Reason
	}{
		"a month that is none":       {"Mrz  1 10:00:01 web-1 audispd: " + auditdRecord(2) + "\n", activity.ReasonSyntax},
		"a day that is none":         {"Mar 41 10:00:01 web-1 audispd: " + auditdRecord(2) + "\n", activity.ReasonSyntax},
		"a number that is none":      {"<x>Mar  1 10:00:01 web-1 audispd: " + auditdRecord(2) + "\n", activity.ReasonSyntax},
		"a time that is none":        {"<13>1 yesterday web-1 audispd - - - " + auditdRecord(2) + "\n", activity.ReasonSyntax},
		"a version of the future":    {"<13>2 2026-03-01T10:00:01Z web-1 audispd - - - " + auditdRecord(2) + "\n", activity.ReasonSyntax},
		"an element without an end":  {"<13>1 2026-03-01T10:00:01Z web-1 audispd - - [a b=\"] " + auditdRecord(2) + "\n", activity.ReasonSyntax},
		"another program":            {"Mar  1 10:00:01 web-1 CRON[1]: (root) CMD (true)\n", activity.ReasonNotAnEvent},
		"no program":                 {"Mar  1 10:00:01 web-1 last message repeated 3 times\n", activity.ReasonNotAnEvent},
		"a record that a relay cut":  {"Mar  1 10:00:01 web-1 audispd: type=USER_LOGIN msg=audit(1772359\n", activity.ReasonSyntax},
		"an interpreted record":      {"Mar  1 10:00:01 web-1 audispd: type=USER_LOGIN msg=audit(03/01/26 10:00:00) : pid=1 \n", activity.ReasonSyntax},
		"half a head at the end":     {"Mar  1 10:0", activity.ReasonTruncated},
		"half a record at the end":   {"Mar  1 10:00:01 web-1 audispd: type=USER_LOGIN msg=au", activity.ReasonTruncated},
		"a head alone at the end":    {"Mar  1 10:00:01 web-1 audispd: ty", activity.ReasonTruncated},
		"quotes that stay open":      {"Mar  1 10:00:01 web-1 audispd: type=USER_LOGIN msg=audit(1.0:1): acct=\"u\n", activity.ReasonSyntax},
		"a forged line in a message": {"Mar  1 10:00:01 web-1 sshd[1]: type=x " + auditdRecord(2)[5:] + "\n", activity.ReasonSyntax},
	} {
		events, defects := readAll(t, activity.FormatAuditd, []byte(good+c.line))
		require.Equal(t, "web-1/1772359200.500:1", ids(events), name)
		require.Len(t, defects, 1, name)
		require.Equal(t, c.want, defects[0].Reason, "%s: %s", name, defects[0].Detail)
		require.Equal(t, activity.Raw{File: "log", Offset: int64(len(good)), Length: int64(len(strings.TrimRight(c.line, "\n")))}, defects[0].Raw, name)
	}
}

// rsyslog writes the separator of the added fields as a number sign and three octal digits, audisp-syslog as a blank.
func TestAuditdAddedFieldsBehindSyslog(t *testing.T) {
	t.Parallel()
	head := "Mar  1 10:00:01 web-1 audispd: "
	record := `type=SYSCALL msg=audit(1772359200.000:7): arch=c000003e syscall=257 success=yes exit=3 a2=0 auid=1000 ses=3 exe="/bin/cat" key=(null)`
	for _, separator := range []string{"\x1d", "#035", " "} {
		e := one(t, activity.FormatAuditd, head+record+separator+`ARCH=x86_64 SYSCALL=openat AUID="nurse7" UID="root"`)
		require.Equal(t, activity.Actor{ID: "1000", AltID: "nurse7", Kind: activity.ActorAccount}, e.Actor, "%q", separator)
		require.Equal(t, "SYSCALL openat", e.Act.Name, "%q", separator)
	}
	e := one(t, activity.FormatAuditd, head+`type=USER_LOGIN msg=audit(1772359200.500:2): auid=7 msg='op=login acct="u#035AUID=x" res=failed'`)
	require.Equal(t, "u#035AUID=x", e.Object.ID, "within quotes it separates nothing")
}
