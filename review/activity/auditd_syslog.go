package activity

import (
	"strings"
	"time"
)

// auditHead is what a syslog message says before the record that it carries.
type auditHead struct {
	host  string
	taken time.Time // when the syslog of the host took the record in; the zero time where the head has no year or no zone
	none  bool      // there is no head
}

// unheaded takes the head of a syslog message off a line: audisp-syslog(8) hands the records of the daemon to syslog,
// and before audit 3.0 audispd did. Three heads are read: that of RFC 5424, that of RFC 3164, which has neither year nor
// zone, and the same with a time of RFC 3339 instead, as rsyslog writes files. The number in angle brackets before it may
// be missing, as it is in files. What the log of the kernel holds has none. It reports false where the line begins like
// neither a record nor a head.
func unheaded(line string) (message string, h auditHead, ok bool) {
	if strings.HasPrefix(line, "type=") || strings.HasPrefix(line, "node=") {
		return line, auditHead{none: true}, true
	}
	if strings.HasPrefix(line, "audit: ") || unclocked(line) != line { // the log of the kernel itself
		return line, auditHead{}, true
	}
	rest := line
	if strings.HasPrefix(rest, "<") {
		n := strings.IndexByte(rest, '>')
		if n < 2 || n > 4 || strings.Trim(rest[1:n], "0123456789") != "" {
			return line, auditHead{none: true}, false
		}
		if rest = rest[n+1:]; strings.HasPrefix(rest, "1 ") {
			return auditHead5424(rest[2:])
		} else if unclocked(rest) != rest {
			return rest, auditHead{}, true
		}
	} else if after, cut := strings.CutPrefix(rest, "1 "); cut {
		return auditHead5424(after)
	}
	if len(rest) > 16 && rest[15] == ' ' {
		if _, err := time.Parse("Jan _2 15:04:05", rest[:15]); err == nil {
			return auditTag(rest[16:], time.Time{})
		}
	}
	clock, rest, _ := strings.Cut(rest, " ")
	if at := instantOf(clock); !at.IsZero() {
		return auditTag(rest, at)
	}
	return line, auditHead{none: true}, false
}

// auditTag reads the name of the machine and of the program, which a colon and a blank end.
func auditTag(text string, at time.Time) (message string, h auditHead, ok bool) {
	host, rest, ok := strings.Cut(text, " ")
	if !ok || host == "" {
		return "", auditHead{none: true}, false
	}
	tag, message, ok := strings.Cut(rest, ": ")
	if !ok || strings.ContainsAny(tag, " =") {
		return rest, auditHead{host: host, taken: at}, true // a message without a tag
	}
	return strings.TrimLeft(message, " "), auditHead{host: host, taken: at}, true
}

// auditHead5424 reads what follows the version: time, machine, program, process, kind of message and structured data.
func auditHead5424(text string) (message string, h auditHead, ok bool) {
	parts := strings.SplitN(text, " ", 6)
	if len(parts) < 6 {
		return "", auditHead{none: true}, false
	}
	h.taken, h.host = instantOf(parts[0]), parts[1]
	if h.host == "-" {
		h.host = ""
	}
	rest := parts[5]
	if after, cut := strings.CutPrefix(rest, "-"); cut {
		rest = after
	} else {
		for strings.HasPrefix(rest, "[") {
			n := sdEnd(rest)
			if n < 0 {
				return "", auditHead{none: true}, false
			}
			rest = rest[n:]
		}
	}
	return strings.TrimPrefix(strings.TrimPrefix(rest, " "), bom), h, parts[0] == "-" || !h.taken.IsZero()
}

// sdEnd returns the end of the element of structured data that the text begins with, or -1. Brackets within quotes end
// nothing, and a backslash takes its meaning from the quote behind it.
func sdEnd(text string) int {
	quoted := false
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == ']' && !quoted:
			return i + 1
		}
	}
	return -1
}

// auditEscaped cuts a record at the separator of what the daemon added, as rsyslog writes a control character: a number
// sign and its number in octal. Within quotes it separates nothing. Where audisp-syslog made it a blank, there is none.
func auditEscaped(record string) (raw, more string) {
	const separator = "#035"
	for at := 0; ; {
		n := strings.Index(record[at:], separator)
		if n < 0 {
			return record, ""
		}
		if at += n; strings.Count(record[:at], `"`)%2 == 0 && strings.Count(record[:at], "'")%2 == 0 {
			return record[:at], record[at+len(separator):]
		}
		at += len(separator)
	}
}
