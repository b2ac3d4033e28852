package activity_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// What the kernel prints where no daemon takes its records is the record that the daemon writes, under a number.
func TestAuditdRecordsThatTheKernelPrinted(t *testing.T) {
	t.Parallel()
	const body = ` audit(1772359200.500:7): apparmor="DENIED" operation="open" profile="p" name="/srv/x" pid=5 comm="x" requested_mask="r" denied_mask="r" fsuid=1000 ouid=1000`
	want := one(t, activity.FormatAuditd, "type=AVC msg="+body[1:])
	require.Equal(t, activity.OutcomeDenied, want.Outcome)
	for head, c := range map[string]struct{ node, taken string }{
		"audit: type=1400":                                              {},
		"[   12.268939] audit: type=1400":                               {},
		"[12.268939] type=1400":                                         {}, // before Linux 3.16
		"[ +12.268939] audit: type=1400":                                {}, // dmesg -H
		"<5>[   12.268939] audit: type=1400":                            {}, // dmesg -r
		"Mar  1 10:00:01 web-1 kernel: [   12.3] audit: type=1400":      {"web-1", ""},
		"Mar  1 10:00:01 web-1 kernel: audit: type=1400":                {"web-1", ""},
		"<5>Mar  1 10:00:01 web-1 kernel: type=1400":                    {"web-1", ""},
		"2026-03-01T10:00:01Z web-1 kernel: audit: type=1400":           {"web-1", "2026-03-01T10:00:01Z"},
		"<5>1 2026-03-01T10:00:01Z web-1 kernel - - - audit: type=1400": {"web-1", "2026-03-01T10:00:01Z"},
		"type=UNKNOWN[1400] msg=":                                       {}, // a daemon older than the kernel
	} {
		line := head + body
		if strings.HasSuffix(head, "=") {
			line = head + body[1:]
		}
		e, want := one(t, activity.FormatAuditd, line), want
		want.Raw.Length = int64(len(line))
		if c.node != "" {
			want.ID = c.node + "/" + want.ID
		}
		if c.taken != "" {
			want.Ingested = at(c.taken)
		}
		require.Equal(t, want, e, head)
	}
	require.Equal(t, "SERVICE_START", one(t, activity.FormatAuditd, `audit: type=1130 audit(1772359200.500:8): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='unit=ssh comm="systemd" res=success'`).Act.Name)
	require.Equal(t, "UNKNOWN[1999]", one(t, activity.FormatAuditd, `audit: type=1999 audit(1772359200.500:9): op=x`).Act.Name, "a number without a name stays one")
}

// The kernel says where it lost records. Those lines are no events, and they are counted and located.
func TestAuditdSaysWhereTheKernelLostRecords(t *testing.T) {
	t.Parallel()
	good := "Mar  1 10:00:01 web-1 kernel: audit: type=1400 audit(1772359200.500:7): apparmor=\"DENIED\" name=\"/srv/x\"\n"
	for line, says := range map[string]string{
		"Mar  1 10:00:02 web-1 kernel: audit: audit_lost=5 audit_rate_limit=0 audit_backlog_limit=64": "the log is not whole here",
		"Mar  1 10:00:02 web-1 kernel: [   12.3] audit: backlog limit exceeded":                       "the log is not whole here",
		"[   12.3] audit: audit_backlog=65 > audit_backlog_limit=64":                                  "the log is not whole here",
		"audit: rate limit exceeded": "the log is not whole here",
		"Mar  1 10:00:02 web-1 kernel: audit_printk_skb: 23 callbacks suppressed": "the log is not whole here",
		"Mar  1 10:00:02 web-1 kernel: [   12.3] usb 1-1: new device":             "of another program",
		"[    0.000000] Linux version 6.1":                                        "of another program",
		"audit: initializing netlink subsys (disabled)":                           "of another program",
	} {
		events, defects := readAll(t, activity.FormatAuditd, []byte(good+line+"\n"))
		require.Len(t, events, 1, line)
		require.Len(t, defects, 1, line)
		require.Equal(t, activity.ReasonNotAnEvent, defects[0].Reason, line)
		require.Contains(t, defects[0].Detail, says, line)
		require.Equal(t, activity.Raw{File: "log", Offset: int64(len(good)), Length: int64(len(line))}, defects[0].Raw)
	}
	for _, line := range []string{"audit: type=x audit(1772359200.500:7): a=b", "audit: type=1400 audit(soon): a=b", "audit: type=1400 audit(1772359200.500:7): a=\"b", "[x] audit: type=1400 audit(1.0:7): a=b", "[12.3] audit: type=70000 audit(1.0:7): a=b"} {
		events, defects := readAll(t, activity.FormatAuditd, []byte(good+line+"\n"))
		require.Len(t, events, 1, line)
		require.Len(t, defects, 1, line)
	}
}
