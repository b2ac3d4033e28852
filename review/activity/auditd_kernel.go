package activity

import (
	"strconv"
	"strings"
)

// Where no daemon takes the records of the kernel, it prints them, and the log of the kernel or a syslog has them:
//
//	[   12.268939] audit: type=1400 audit(1540469596.236:258): apparmor="DENIED" …
//	Feb  4 14:30:33 web-1 kernel: [   73.459739] type=1400 audit(1202153433.710:6): …
//
// The type is a number then, and so it is where the daemon did not know it: type=UNKNOWN[1327].

// unprinted turns what the kernel printed into a record as the daemon writes it. It reports false where it is none.
func unprinted(text string) (record string, ok bool) {
	text = unclocked(text)
	text = strings.TrimPrefix(text, "audit: ")
	rest, ok := strings.CutPrefix(text, "type=")
	if !ok {
		return "", false
	}
	typ, rest, ok := strings.Cut(rest, " ")
	number, err := strconv.ParseUint(typ, 10, 16)
	if !ok || err != nil || !strings.HasPrefix(rest, "audit(") {
		return "", false
	}
	return "type=" + auditType(int(number)) + " msg=" + rest, true
}

// unclocked takes off how long the machine had been running.
func unclocked(text string) string {
	if !strings.HasPrefix(text, "[") {
		return text
	}
	clock, rest, ok := strings.Cut(text, "] ")
	if !ok || len(clock) > 20 || strings.Trim(clock[1:], " +.0123456789") != "" {
		return text
	}
	return rest
}

// auditLost reports whether the kernel says that it lost records, or would not take more. What it printed of one that it
// could not send is a record of its own.
func auditLost(text string) bool {
	text = unclocked(text)
	if strings.HasPrefix(text, "audit_printk_skb: ") {
		return true
	}
	text, ok := strings.CutPrefix(text, "audit: ")
	if !ok {
		return false
	}
	for _, says := range []string{"audit_lost=", "backlog limit exceeded", "rate limit exceeded", "kauditd hold queue overflow", "audit_backlog="} {
		if strings.HasPrefix(text, says) {
			return true
		}
	}
	return strings.HasSuffix(text, " callbacks suppressed")
}

// auditType is the name of a type of records: those of linux/audit.h, and of the header of the audit project for programs.
func auditType(n int) string {
	pick := func(i int, names ...string) string { return names[i] }
	switch {
	case n >= 1005 && n < 1007:
		return pick(n-1005, "USER", "LOGIN")
	case n >= 1100 && n < 1139:
		return pick(n-1100, "USER_AUTH", "USER_ACCT", "USER_MGMT", "CRED_ACQ", "CRED_DISP", "USER_START", "USER_END",
			"USER_AVC", "USER_CHAUTHTOK", "USER_ERR", "CRED_REFR", "USYS_CONFIG", "USER_LOGIN", "USER_LOGOUT",
			"ADD_USER", "DEL_USER", "ADD_GROUP", "DEL_GROUP", "DAC_CHECK", "CHGRP_ID", "TEST", "TRUSTED_APP",
			"USER_SELINUX_ERR", "USER_CMD", "USER_TTY", "CHUSER_ID", "GRP_AUTH", "SYSTEM_BOOT",
			"SYSTEM_SHUTDOWN", "SYSTEM_RUNLEVEL", "SERVICE_START", "SERVICE_STOP", "GRP_MGMT", "GRP_CHAUTHTOK",
			"MAC_CHECK", "ACCT_LOCK", "ACCT_UNLOCK", "USER_DEVICE", "SOFTWARE_UPDATE")
	case n >= 1200 && n < 1210:
		return pick(n-1200, "DAEMON_START", "DAEMON_END", "DAEMON_ABORT", "DAEMON_CONFIG", "DAEMON_RECONFIG", "DAEMON_ROTATE",
			"DAEMON_RESUME", "DAEMON_ACCEPT", "DAEMON_CLOSE", "DAEMON_ERR")
	case n == 1300:
		return "SYSCALL"
	case n >= 1302 && n < 1308:
		return pick(n-1302, "PATH", "IPC", "SOCKETCALL", "CONFIG_CHANGE", "SOCKADDR", "CWD")
	case n == 1309:
		return "EXECVE"
	case n >= 1311 && n < 1340:
		return pick(n-1311, "IPC_SET_PERM", "MQ_OPEN", "MQ_SENDRECV", "MQ_NOTIFY", "MQ_GETSETATTR", "KERNEL_OTHER", "FD_PAIR",
			"OBJ_PID", "TTY", "EOE", "BPRM_FCAPS", "CAPSET", "MMAP", "NETFILTER_PKT", "NETFILTER_CFG",
			"SECCOMP", "PROCTITLE", "FEATURE_CHANGE", "REPLACE", "KERN_MODULE", "FANOTIFY", "TIME_INJOFFSET",
			"TIME_ADJNTPVAL", "BPF", "EVENT_LISTENER", "URINGOP", "OPENAT2", "DM_CTRL", "DM_EVENT")
	case n >= 1400 && n < 1420:
		return pick(n-1400, "AVC", "SELINUX_ERR", "AVC_PATH", "MAC_POLICY_LOAD", "MAC_STATUS", "MAC_CONFIG_CHANGE",
			"MAC_UNLBL_ALLOW", "MAC_CIPSOV4_ADD", "MAC_CIPSOV4_DEL", "MAC_MAP_ADD", "MAC_MAP_DEL",
			"MAC_IPSEC_ADDSA", "MAC_IPSEC_DELSA", "MAC_IPSEC_ADDSPD", "MAC_IPSEC_DELSPD", "MAC_IPSEC_EVENT",
			"MAC_UNLBL_STCADD", "MAC_UNLBL_STCDEL", "MAC_CALIPSO_ADD", "MAC_CALIPSO_DEL")
	case n >= 1423 && n < 1425:
		return pick(n-1423, "LANDLOCK_ACCESS", "LANDLOCK_DOMAIN")
	case n >= 1500 && n < 1508:
		return pick(n-1500, "APPARMOR", "APPARMOR_AUDIT", "APPARMOR_ALLOWED", "APPARMOR_DENIED", "APPARMOR_HINT",
			"APPARMOR_STATUS", "APPARMOR_ERROR", "APPARMOR_KILL")
	case n >= 1700 && n < 1704:
		return pick(n-1700, "ANOM_PROMISCUOUS", "ANOM_ABEND", "ANOM_LINK", "ANOM_CREAT")
	case n >= 1800 && n < 1808:
		return pick(n-1800, "INTEGRITY_DATA", "INTEGRITY_METADATA", "INTEGRITY_STATUS", "INTEGRITY_HASH", "INTEGRITY_PCR",
			"INTEGRITY_RULE", "INTEGRITY_EVM_XATTR", "INTEGRITY_POLICY_RULE")
	case n == 2000:
		return "KERNEL"
	case n >= 2100 && n < 2105:
		return pick(n-2100, "ANOM_LOGIN_FAILURES", "ANOM_LOGIN_TIME", "ANOM_LOGIN_SESSIONS", "ANOM_LOGIN_ACCT",
			"ANOM_LOGIN_LOCATION")
	case n >= 2300 && n < 2314:
		return pick(n-2300, "USER_ROLE_CHANGE", "ROLE_ASSIGN", "ROLE_REMOVE", "LABEL_OVERRIDE", "LABEL_LEVEL_CHANGE",
			"USER_LABELED_EXPORT", "USER_UNLABELED_EXPORT", "DEV_ALLOC", "DEV_DEALLOC", "FS_RELABEL",
			"USER_MAC_POLICY_LOAD", "ROLE_MODIFY", "USER_MAC_CONFIG_CHANGE", "USER_MAC_STATUS")
	case n >= 2400 && n < 2410:
		return pick(n-2400, "CRYPTO_TEST_USER", "CRYPTO_PARAM_CHANGE_USER", "CRYPTO_LOGIN", "CRYPTO_LOGOUT", "CRYPTO_KEY_USER",
			"CRYPTO_FAILURE_USER", "CRYPTO_REPLAY_USER", "CRYPTO_SESSION", "CRYPTO_IKE_SA", "CRYPTO_IPSEC_SA")
	case n >= 2500 && n < 2508:
		return pick(n-2500, "VIRT_CONTROL", "VIRT_RESOURCE", "VIRT_MACHINE_ID", "VIRT_INTEGRITY_CHECK", "VIRT_CREATE",
			"VIRT_DESTROY", "VIRT_MIGRATE_IN", "VIRT_MIGRATE_OUT")
	}
	return "UNKNOWN[" + strconv.Itoa(n) + "]"
}

// auditTypeKnown is the name of a type that the daemon did not know and its own where it did.
func auditTypeKnown(typ string) string {
	number, ok := strings.CutPrefix(typ, "UNKNOWN[")
	n, err := strconv.ParseUint(strings.TrimSuffix(number, "]"), 10, 16)
	if !ok || err != nil {
		return typ
	}
	return auditType(int(n))
}
