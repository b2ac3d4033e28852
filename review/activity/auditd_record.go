package activity

import (
	"bytes"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// auditRecord is one line of the log.
type auditRecord struct {
	typ    string
	fields []auditField
	words  []string // what stands among the fields without being one, such as "avc: denied"
}

type auditField struct {
	name, value string
	quoted      bool
}

// auditLine is a record with what it shares with the others of its event.
type auditLine struct {
	key    auditKey
	at     time.Time
	taken  time.Time // when a syslog took the record in, if one did and says so
	headed bool      // it stood in a syslog message
	record auditRecord
}

// readAuditRecord reads a line: perhaps the head of a syslog message, perhaps node=, then type= and
// msg=audit(SECONDS.MILLISECONDS:SERIAL), a colon and fields; or what the kernel printed, see [unprinted].
func readAuditRecord(line []byte) (l auditLine, reason Reason, detail string) {
	if !utf8.Valid(line) {
		return l, ReasonEncoding, "the record is not UTF-8"
	}
	for _, c := range line {
		if c < ' ' && c != '\t' && c != auditEnriched {
			return l, ReasonSyntax, "the record holds a control character"
		}
	}
	rest, head, ok := unheaded(string(line))
	if !ok {
		return l, ReasonSyntax, "the line begins neither with type= or node= nor with the head of a syslog message"
	}
	l.key.node, l.taken, l.headed = head.host, head.taken, !head.none
	if record, printed := unprinted(rest); printed {
		rest = record
	} else if auditLost(rest) {
		return l, ReasonNotAnEvent, "the kernel says that it lost records of the audit or took no more: the log is not whole here"
	}
	if after, ok := strings.CutPrefix(rest, "node="); ok {
		l.key.node, rest, _ = strings.Cut(after, " ")
	}
	if rest, ok = strings.CutPrefix(rest, "type="); !ok {
		if l.headed && !auditCut(rest) {
			return l, ReasonNotAnEvent, "the syslog message is of another program"
		}
		return l, ReasonSyntax, "the record does not begin with type="
	}
	if l.record.typ, rest, ok = strings.Cut(rest, " "); ok {
		rest, ok = strings.CutPrefix(strings.TrimLeft(rest, " "), "msg=audit(")
	}
	if !ok || l.record.typ == "" {
		return l, ReasonSyntax, "the record has no msg=audit("
	}
	l.record.typ = auditTypeKnown(l.record.typ)
	l.key.stamp, rest, ok = strings.Cut(rest, ")")
	if ok {
		l.at, ok = auditTime(l.key.stamp)
	}
	if !ok {
		return l, ReasonSyntax, "the stamp of the record is not seconds, milliseconds and a serial number; records that were interpreted cannot be put together"
	}
	rest = strings.TrimPrefix(strings.TrimLeft(rest, " "), ":")
	raw, more, ok := strings.Cut(rest, string(rune(auditEnriched)))
	if !ok && l.headed {
		raw, more = auditEscaped(rest)
	}
	if !l.record.read(raw) || !l.record.read(more) {
		return l, ReasonSyntax, "a quote of the record is not closed"
	}
	return l, "", ""
}

// auditEnriched separates what the kernel wrote from what the daemon added.
const auditEnriched = 0x1d

// auditTime reads SECONDS.MILLISECONDS:SERIAL.
func auditTime(stamp string) (time.Time, bool) {
	clock, serial, ok := strings.Cut(stamp, ":")
	if _, err := strconv.ParseUint(serial, 10, 64); !ok || err != nil {
		return time.Time{}, false
	}
	seconds, fraction, _ := strings.Cut(clock, ".")
	s, err := strconv.ParseUint(seconds, 10, 36)
	if err != nil || len(fraction) > 9 {
		return time.Time{}, false
	}
	n, err := strconv.ParseUint((fraction + "000000000")[:9], 10, 32)
	if err != nil {
		return time.Time{}, false
	}
	return hipaasmp.Instant(time.Unix(int64(s), int64(n))), true
}

// read takes fields apart. It reports whether every quote is closed. What stands in msg='…' is fields like the others.
func (r *auditRecord) read(text string) bool {
	for {
		text = strings.TrimLeft(text, " \t,:()")
		if text == "" {
			return true
		}
		end := strings.IndexAny(text, " \t")
		if end < 0 {
			end = len(text)
		}
		equal := strings.IndexByte(text[:end], '=')
		if equal <= 0 {
			r.words = append(r.words, strings.TrimRight(text[:end], ",:"))
			text = text[end:]
			continue
		}
		name, value := text[:equal], text[equal+1:]
		switch {
		case strings.HasPrefix(value, "'"):
			last := strings.LastIndexByte(value[1:], '\'')
			if last < 0 {
				return false
			}
			if !r.read(value[1 : 1+last]) {
				return false
			}
			text = value[last+2:]
		case strings.HasPrefix(value, `"`):
			last := strings.IndexByte(value[1:], '"')
			if last < 0 {
				return false
			}
			r.fields = append(r.fields, auditField{name, value[1 : 1+last], true})
			text = value[last+2:]
		case strings.HasPrefix(value, "{"):
			last := strings.IndexByte(value, '}')
			if last < 0 {
				return false
			}
			r.fields = append(r.fields, auditField{name, value[:last+1], true})
			text = value[last+1:]
		default:
			value = text[equal+1 : end]
			if value != "(null)" && value != "(none)" { // they are words, and not the end of a list
				value = strings.TrimRight(value, ",)")
			}
			r.fields = append(r.fields, auditField{name, value, false})
			text = text[end:]
		}
	}
}

// get returns the first field of the name as it is written, or nothing where it says that it is unknown.
func (r *auditRecord) get(name string) string {
	for _, f := range r.fields {
		if f.name == name {
			if f.value == "?" || f.value == "(null)" || f.value == "(none)" {
				return ""
			}
			return f.value
		}
	}
	return ""
}

// text returns the first field of the name as a text: what stands in quotes, or the bytes that are written in hexadecimal
// because a quote, a blank or a byte beyond ASCII is among them. What is no text then is left as it is written.
func (r *auditRecord) text(name string) string {
	for _, f := range r.fields {
		if f.name != name {
			continue
		}
		if !f.quoted && len(f.value)%2 == 0 && len(f.value) > 0 && strings.Trim(f.value, "0123456789ABCDEF") == "" {
			if b, err := hex.DecodeString(f.value); err == nil && utf8.Valid(b) {
				return string(bytes.ReplaceAll(bytes.TrimRight(b, "\x00"), []byte{0}, []byte{' '}))
			}
		}
		break
	}
	return r.get(name)
}

// says reports whether a word stands among the fields.
func (r *auditRecord) says(word string) bool {
	for _, w := range r.words {
		if w == word {
			return true
		}
	}
	return false
}

// ends reports whether no record of the same event follows: auditd.conf(5) says so of the end of an event, of the title
// of a process, and of messages of programs, of the daemon and of unclassified ones. A log-in is followed, in spite of
// its number, by the call that set it.
func (r *auditRecord) ends() bool {
	switch r.typ {
	case "EOE", "PROCTITLE", "KERNEL", "TEST", "TRUSTED_APP", "USER", "DAC_CHECK", "ADD_USER", "DEL_USER", "ADD_GROUP", "DEL_GROUP",
		"CHGRP_ID", "CHUSER_ID", "GRP_AUTH", "GRP_MGMT", "GRP_CHAUTHTOK", "ACCT_LOCK", "ACCT_UNLOCK", "USYS_CONFIG",
		"SOFTWARE_UPDATE", "MAC_CHECK", "LABEL_OVERRIDE", "LABEL_LEVEL_CHANGE", "DEV_ALLOC", "DEV_DEALLOC", "FS_RELABEL":
		return true
	}
	prefix, _, _ := strings.Cut(r.typ, "_")
	switch prefix {
	case "USER", "CRED", "DAEMON", "SYSTEM", "SERVICE", "ROLE", "RESP", "CRYPTO", "VIRT":
		return true
	}
	return false
}
