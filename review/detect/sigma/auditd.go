package sigma

import (
	"encoding/hex"
	"strings"
)

// PutAuditd gives the fields of one record of the Linux audit daemon: a line such as
//
//	type=EXECVE msg=audit(1490995752.404:206): argc=2 a0="cat" a1=2F746D702F61
//
// Texts that the kernel wrote in hexadecimal are read, the parts of a long argument are put together, and what user space
// put in quotes behind msg= is taken apart. Of an enriched record the interpreted fields (SYSCALL, UID, ...) are fields
// too. The error is a [*RecordError].
func (m *Matcher) PutAuditd(line string) error {
	at := strings.Index(line, "type=")
	head := strings.Index(line, "msg=audit(")
	if at < 0 || head < at {
		return &RecordError{Why: "it is no record of the audit daemon: type= and msg=audit( are missing"}
	}
	body := strings.Index(line[head:], ")")
	if body < 0 {
		return &RecordError{Offset: head, Why: "the time is not closed"}
	}
	kind, _, _ := strings.Cut(line[at+len("type="):], " ")
	m.Put("type", kind)
	if node, ok := strings.CutPrefix(line[:at], "node="); ok {
		m.Put("node", strings.TrimSpace(node))
	}
	m.auditPairs(strings.TrimPrefix(line[head+body+1:], ":"), kind, 0)
	return nil
}

// auditPairs reads what stands as name=value, with blanks or the sign of enriched records between.
func (m *Matcher) auditPairs(s, kind string, depth int) {
	var long, joined string // an argument of several parts: a1[0]=..., a1[1]=...
	flush := func() {
		if long != "" {
			m.Put(long, joined)
			long, joined = "", ""
		}
	}
	defer flush()
	for {
		s = strings.TrimLeft(s, " \x1d\n\r,")
		eq := strings.IndexByte(s, '=')
		if eq < 0 {
			return
		}
		name := s[:eq]
		if i := strings.LastIndexAny(name, " \x1d"); i >= 0 { // words without a value, such as "user" before pid=
			name = name[i+1:]
		}
		var raw string
		raw, s = auditValue(s[eq+1:])
		quoted := len(raw) >= 2 && (raw[0] == '"' || raw[0] == '\'') && raw[len(raw)-1] == raw[0]
		value := raw
		switch {
		case quoted && raw[0] == '\'' && name == "msg" && depth == 0:
			flush()
			m.auditPairs(raw[1:len(raw)-1], kind, depth+1)
			continue
		case quoted:
			value = raw[1 : len(raw)-1]
		case encodedIn(kind, name):
			if b, err := hex.DecodeString(raw); err == nil && len(b) > 0 {
				value = strings.ReplaceAll(strings.TrimRight(string(b), "\x00"), "\x00", " ") // between the words of a proctitle
			}
		}
		if base, _, part := strings.Cut(name, "["); part && kind == "EXECVE" {
			if base != long {
				flush()
				long = base
			}
			joined += value
			continue
		}
		flush()
		m.Put(name, value)
	}
}

// auditValue cuts off a value: in quotes, or up to the next blank.
func auditValue(s string) (value, rest string) {
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		if i := strings.IndexByte(s[1:], s[0]); i >= 0 {
			return s[:i+2], s[i+2:]
		}
	}
	if i := strings.IndexAny(s, " \x1d\n"); i >= 0 {
		return s[:i], s[i:]
	}
	return s, ""
}

// encodedIn reports whether the kernel or user space writes the field in hexadecimal where it holds blanks or quotes. The
// arguments of a system call are numbers, those of a program are texts.
func encodedIn(kind, name string) bool {
	switch name {
	case "exe", "comm", "cmd", "name", "cwd", "acct", "proctitle", "data", "path", "dir", "key", "old", "new", "ocomm", "vm", "watch", "root_dir", "obj":
		return true
	}
	return kind == "EXECVE" && len(name) > 1 && name[0] == 'a' && '0' <= name[1] && name[1] <= '9' && !strings.HasSuffix(name, "_len")
}
