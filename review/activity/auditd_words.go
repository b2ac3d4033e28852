package activity

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// auditUnset is the number that stands for no user and for no session.
const auditUnset = "4294967295"

// event reads what the records of the group say.
func (g *auditGroup) event() Event {
	main, call := g.main(), g.find("SYSCALL")
	get := func(name string) string { // of the record that gives the event its name, then of the call
		if v := main.get(name); v != "" || call == nil {
			return v
		}
		return call.get(name)
	}
	e := Event{ID: g.key.stamp, Recorded: g.at, Ingested: g.taken, Actor: g.actor(main, call), Act: Act{System: "auditd", Name: main.typ}}
	if g.key.node != "" {
		e.ID = g.key.node + "/" + e.ID
	}
	name := ""
	if call != nil {
		if name = call.syscall(); main == call && name != "" {
			e.Act.Name += " " + name
		}
	}
	e.Outcome, e.Code = g.outcome(main, call)
	e.Object = g.object(main)
	e.Action, e.Family = auditAction(main.typ, e.Outcome)
	if main.typ == "CONFIG_CHANGE" {
		e.Action = auditRuleAction(main.text("op"))
	}
	if e.Action == "" {
		e.Action, e.Family = g.callAction(call, name), FamilyOther
		if call != nil && e.Object.Type == "file" && e.Action != ActionUnknown && e.Action != ActionExecute {
			if e.Family = familyOf(e.Action); auditSystemFile(e.Object.ID) {
				e.Family = FamilyAdmin
			}
		}
	}
	if addr := get("addr"); addr != "" {
		e.From = origin(addr)
	}
	if host := get("hostname"); host != "" && host != e.From.Addr && e.From.Host == "" {
		if from := origin(host); from.Addr == "" {
			e.From.Host = host
		} else if e.From.Addr == "" {
			e.From.Addr = from.Addr
		}
	}
	if e.From.App = main.text("exe"); e.From.App == "" && call != nil {
		e.From.App = call.text("exe")
	}
	if ses := get("ses"); ses != auditUnset && ses != "-1" {
		e.Session = ses
	}
	return e
}

// main is the record that says what the event is: not one that adds to a call, then the call, then the first.
func (g *auditGroup) main() *auditRecord {
	for i := range g.records {
		switch g.records[i].typ {
		case "SYSCALL", "PATH", "CWD", "EXECVE", "PROCTITLE", "SOCKADDR", "SOCKETCALL", "EOE", "IPC", "IPC_SET_PERM", "FD_PAIR",
			"OBJ_PID", "MMAP", "BPRM_FCAPS", "CAPSET", "MQ_OPEN", "MQ_SENDRECV", "MQ_NOTIFY", "MQ_GETSETATTR", "OPENAT2", "AVC_PATH",
			"URINGOP", "BPF", "TIME_INJOFFSET", "TIME_ADJNTPVAL", "FANOTIFY":
		default:
			return &g.records[i]
		}
	}
	if call := g.find("SYSCALL"); call != nil {
		return call
	}
	return &g.records[0]
}

func (g *auditGroup) find(typ string) *auditRecord {
	for i := range g.records {
		if g.records[i].typ == typ {
			return &g.records[i]
		}
	}
	return nil
}

// actor is the user who logged in, whatever user the process became since. Where nobody did, it is the account that a
// program names, so that log-ins that failed have one. The user of a process is never taken instead.
func (g *auditGroup) actor(main, call *auditRecord) Actor {
	a := Actor{Kind: ActorUnknown}
	for _, r := range []*auditRecord{main, call} {
		if r == nil || a.ID != "" {
			continue
		}
		if id := r.get("auid"); id != auditUnset && id != "-1" && id != "unset" {
			a.ID = id
		}
		if name := r.text("AUID"); a.ID != "" && name != "unset" && name != "unknown("+a.ID+")" {
			a.AltID = name
		}
	}
	if a.ID == "" && auditOfAccounts(main.typ) {
		acct := main.text("acct")
		if strings.HasPrefix(acct, "(") { // (invalid user), (unknown): what sshd writes for an account that is not there
			acct = ""
		}
		if a.ID = main.get("id"); a.ID == auditUnset || a.ID == "-1" {
			a.ID = ""
		}
		if a.ID == "" {
			a.ID = acct
		} else if acct != a.ID {
			a.AltID = acct
		}
	}
	if a.ID != "" {
		a.Kind = ActorAccount
	}
	return a
}

// auditOfAccounts reports whether the record is about an account's own log-in, so that the account that it names acts.
func auditOfAccounts(typ string) bool {
	switch typ {
	case "USER_LOGIN", "USER_LOGOUT", "USER_AUTH", "USER_ACCT", "USER_START", "USER_END", "USER_ERR", "CRED_ACQ", "CRED_REFR", "CRED_DISP":
		return true
	}
	return false
}

// outcome is that of the call where there is one, because a denial of SELinux in permissive mode denies nothing.
func (g *auditGroup) outcome(main, call *auditRecord) (Outcome, string) {
	if call != nil {
		exit := call.get("exit")
		switch call.get("success") {
		case "yes":
			return OutcomeSuccess, exit
		case "no":
			if exit == "-13" || exit == "-1" || exit == "EACCES" || exit == "EPERM" {
				return OutcomeDenied, exit
			}
			return OutcomeFailure, exit
		}
	}
	word := main.get("res")
	if word == "" {
		word = main.get("result")
	}
	switch word {
	case "success", "1", "yes":
		return OutcomeSuccess, word
	case "failed", "0", "no":
		return OutcomeFailure, word
	}
	switch {
	case main.says("denied"):
		return OutcomeDenied, "denied"
	case main.says("granted"):
		return OutcomeSuccess, "granted"
	case main.get("apparmor") == "DENIED":
		return OutcomeDenied, "DENIED"
	case main.get("apparmor") == "ALLOWED":
		return OutcomeSuccess, "ALLOWED"
	}
	return OutcomeUnknown, word
}

// object is the first path that is no folder on the way to another, or what the record names.
func (g *auditGroup) object(main *auditRecord) Object {
	var found, parent string
	for i := range g.records {
		r := &g.records[i]
		if r.typ != "PATH" {
			continue
		}
		switch name := r.text("name"); {
		case name == "":
		case r.get("nametype") == "PARENT":
			parent = name
		case found == "":
			found = name
		}
	}
	if found == "" {
		found = parent
	}
	if found != "" {
		if cwd := g.find("CWD"); cwd != nil && !path.IsAbs(found) && path.IsAbs(cwd.text("cwd")) {
			found = path.Join(cwd.text("cwd"), found)
		}
		return Object{Type: "file", ID: found}
	}
	if main.typ == "CONFIG_CHANGE" {
		for _, name := range []string{"audit_enabled", "audit_pid", "audit_failure", "audit_backlog_limit", "audit_backlog_wait_time", "audit_rate_limit"} {
			if v := main.get(name); v != "" {
				return Object{Type: "setting", ID: name + "=" + v}
			}
		}
	}
	for _, name := range []string{"cmd", "unit", "grp", "acct", "path", "name", "key", "op"} {
		id := main.text(name)
		if name == "key" || name == "op" {
			if main.typ != "CONFIG_CHANGE" {
				continue
			}
			id = strings.ReplaceAll(id, "\x01", " ")
		}
		if id == "" {
			continue
		}
		switch name {
		case "cmd": // what follows the program may be anything
			program, _, _ := strings.Cut(id, " ")
			return Object{Type: "command", ID: program}
		case "unit":
			return Object{Type: "service", ID: id}
		case "grp":
			return Object{Type: "group", ID: id}
		case "acct":
			return Object{Type: "account", ID: id}
		case "key", "op":
			return Object{Type: "rule", ID: id}
		}
		return Object{Type: "file", ID: id}
	}
	return Object{}
}

// auditRuleAction is what is done to the rules of auditing (auditctl(8), -a, -d and -D); anything else is a change of
// settings. Older kernels write a blank where newer ones write a line.
func auditRuleAction(op string) Action {
	switch op {
	case "add_rule", "add rule":
		return ActionCreate
	case "remove_rule", "remove rule":
		return ActionDelete
	}
	return ActionUpdate
}

// auditAction reads the type of a record. It returns nothing for a call and for what only a call can explain.
func auditAction(typ string, outcome Outcome) (Action, Family) {
	switch typ {
	case "USER_LOGIN":
		return ActionLogin, FamilyLogin
	case "USER_LOGOUT":
		return ActionLogout, FamilyLogin
	case "USER_AUTH": // a step of a log-in is a log-in only where it fails, so that a log-in is counted once
		if outcome == OutcomeFailure {
			return ActionLogin, FamilyLogin
		}
		return ActionExecute, FamilyLogin
	case "LOGIN", "USER_ACCT", "USER_START", "USER_END", "USER_ERR", "CRED_ACQ", "CRED_REFR", "CRED_DISP", "GRP_AUTH":
		return ActionExecute, FamilyLogin
	case "USER_CMD", "USER_TTY", "TTY":
		return ActionExecute, FamilyOther
	case "ADD_USER", "ADD_GROUP":
		return ActionCreate, FamilyAdmin
	case "DEL_USER", "DEL_GROUP":
		return ActionDelete, FamilyAdmin
	case "USER_MGMT", "USER_CHAUTHTOK", "GRP_MGMT", "GRP_CHAUTHTOK", "CHGRP_ID", "CHUSER_ID", "ACCT_LOCK", "ACCT_UNLOCK",
		"USER_ROLE_CHANGE", "ROLE_ASSIGN", "ROLE_REMOVE", "ROLE_MODIFY", "CONFIG_CHANGE", "FEATURE_CHANGE", "USYS_CONFIG",
		"NETFILTER_CFG", "SOFTWARE_UPDATE", "MAC_POLICY_LOAD", "MAC_STATUS", "MAC_CONFIG_CHANGE", "USER_MAC_POLICY_LOAD",
		"USER_MAC_CONFIG_CHANGE", "USER_MAC_STATUS", "LABEL_OVERRIDE", "LABEL_LEVEL_CHANGE", "FS_RELABEL", "KERN_MODULE":
		return ActionUpdate, FamilyAdmin
	case "USER_LABELED_EXPORT", "USER_UNLABELED_EXPORT":
		return ActionExport, FamilyPrintExport
	}
	prefix, rest, _ := strings.Cut(typ, "_")
	switch prefix {
	case "DAEMON", "SYSTEM", "SERVICE", "VIRT":
		return ActionExecute, FamilyAdmin
	case "ANOM":
		if strings.HasPrefix(rest, "LOGIN") {
			return ActionUnknown, FamilyLogin
		}
		return "", ""
	case "RESP", "CRYPTO", "INTEGRITY":
		return ActionUnknown, FamilyOther
	}
	if strings.HasPrefix(typ, "UNKNOWN[") {
		return ActionUnknown, FamilyUnknown
	}
	return "", ""
}

// callAction reads what a call did to a file: the kind of its path where something came to be or went, then its name.
func (g *auditGroup) callAction(call *auditRecord, name string) Action {
	if call == nil {
		return ActionUnknown
	}
	for i := range g.records {
		if r := &g.records[i]; r.typ == "PATH" {
			switch r.get("nametype") {
			case "CREATE":
				return ActionCreate
			case "DELETE":
				return ActionDelete
			}
		}
	}
	switch name {
	case "open", "openat":
		argument := map[string]string{"open": "a1", "openat": "a2"}[name]
		if flags, err := strconv.ParseUint(call.get(argument), 16, 64); err != nil {
			return ActionUnknown
		} else if flags&3 != 0 {
			return ActionUpdate
		}
		return ActionRead
	case "creat":
		return ActionCreate
	case "execve", "execveat":
		return ActionExecute
	case "":
		return ActionUnknown
	}
	if slices.Contains([]string{"read", "readlink", "readlinkat", "getxattr", "lgetxattr", "fgetxattr"}, name) {
		return ActionRead
	}
	for _, prefix := range []string{"unlink", "rmdir"} {
		if strings.HasPrefix(name, prefix) {
			return ActionDelete
		}
	}
	for _, prefix := range []string{"rename", "chmod", "fchmod", "chown", "fchown", "lchown", "truncate", "ftruncate", "write", "setxattr",
		"lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr", "mount", "umount", "settimeofday", "adjtimex",
		"clock_settime", "sethostname", "setdomainname", "init_module", "finit_module", "delete_module"} {
		if strings.HasPrefix(name, prefix) {
			return ActionUpdate
		}
	}
	for _, prefix := range []string{"mkdir", "mknod", "link", "symlink"} {
		if strings.HasPrefix(name, prefix) {
			return ActionCreate
		}
	}
	return ActionExecute
}

// auditSystemFile reports whether the path belongs to the system itself, so that reading it never passes for the viewing
// of data.
func auditSystemFile(name string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(name, "/"), "/")
	switch first {
	case "bin", "boot", "dev", "etc", "lib", "lib32", "lib64", "proc", "root", "run", "sbin", "sys", "usr":
		return strings.HasPrefix(name, "/")
	}
	return strings.HasPrefix(name, "/var/log/") || strings.HasPrefix(name, "/var/spool/cron")
}
