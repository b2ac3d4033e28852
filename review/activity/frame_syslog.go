package activity

import (
	"bytes"
	"strconv"
	"time"
)

// syslogDocument takes a message apart into its header, which a bare document has none of, and its document, or nil. The
// header is that of RFC 5424 or RFC 3164, behind the number of bytes of RFC 6587 or not, or what a syslog daemon leaves
// of either in a file: the same without the priority, or with a time of RFC 3339 instead of RFC 3164's. Of a message that
// a relay has folded, the bracket behind the document is left out.
func syslogDocument(b []byte) (header, document []byte) {
	if n := countLength(b); n > 0 {
		b = b[n:]
	}
	if len(b) == 0 || b[0] == '<' && (len(b) == 1 || b[1] < '0' || b[1] > '9') {
		return nil, b
	}
	for start := 1; ; start++ {
		n := bytes.IndexByte(b[start:], '<')
		if n < 0 {
			return b, nil
		}
		if start += n; start+1 < len(b) && (b[start+1] == '?' || nameStart(b[start+1])) {
			header, document = b[:start], b[start:]
			break
		}
	}
	if times, _ := repetitions(header); times > 0 {
		document = bytes.TrimSuffix(trimXML(document), []byte("]"))
	}
	return header, document
}

// countLength returns how many bytes the number of bytes before a message has, with the blank behind it; 0 if there is none.
func countLength(b []byte) int {
	n := 0
	for n < len(b) && n < 10 && b[n] >= '0' && b[n] <= '9' {
		n++
	}
	if n == 0 || n+1 >= len(b) || b[n] != ' ' || b[n+1] != '<' {
		return 0
	}
	return n + 1
}

// syslogHead reports whether a line begins like a message whose priority is missing: with the time of RFC 3164, which has
// neither year nor zone, with the date of RFC 3339, or with the version and the date of RFC 5424.
func syslogHead(b []byte) bool {
	if len(b) < 16 {
		return false
	}
	if b[0] >= '0' && b[0] <= '9' {
		b = bytes.TrimPrefix(b, []byte("1 "))
		return like(b, "0000-00-00T")
	}
	switch string(b[:3]) {
	case "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec":
		return like(b[3:], " _0 00:00:00 ")
	}
	return false
}

// like reports whether the bytes begin as the pattern does, in which 0 is any digit and _ a digit or a blank.
func like(b []byte, pattern string) bool {
	if len(b) < len(pattern) {
		return false
	}
	for i := range len(pattern) {
		switch p, c := pattern[i], b[i]; {
		case p == '0' || p == '_':
			if (c < '0' || c > '9') && (p == '0' || c != ' ') {
				return false
			}
		case p != c:
			return false
		}
	}
	return true
}

// syslogStamp is the time of a header, or the zero time: that of RFC 3164 has neither year nor zone, so it is no instant,
// whatever year the file is from.
func syslogStamp(header []byte) time.Time {
	if len(header) > 0 && header[0] == '<' {
		header = header[bytes.IndexByte(header, '>')+1:]
	}
	header = bytes.TrimPrefix(header, []byte("1 "))
	stamp, _, _ := bytes.Cut(header, []byte(" "))
	return instantOf(string(stamp))
}

const mostRepetitions = 1 << 16

// repetitions returns how often a message happened that a relay has folded: rsyslog and others leave out what repeats the
// message before, and say afterwards "message repeated 3 times: [", the message and a bracket. It is 0 for other headers.
// A number that nobody can mean is not ok.
func repetitions(header []byte) (times int, ok bool) {
	end := len(header)
	for end > 0 && (header[end-1] == ' ' || header[end-1] >= 0x80) { // with a byte order mark
		end--
	}
	if end == 0 || header[end-1] != '[' {
		return 0, true
	}
	before, found := bytes.CutSuffix(header[:end], []byte(" times: ["))
	if !found {
		return 0, true
	}
	at := len(before)
	for at > 0 && before[at-1] >= '0' && before[at-1] <= '9' {
		at--
	}
	if at == len(before) || !bytes.HasSuffix(before[:at], []byte("message repeated ")) {
		return 0, true
	}
	times, err := strconv.Atoi(string(before[at:]))
	if err != nil || times > mostRepetitions {
		return 1, false
	}
	return times, true
}

// repeatedMessage gives a message that a relay has folded as often as it happened. One that is damaged is one defect.
func repeatedMessage(raw []byte) (parts []placed, ok bool) {
	header, _ := syslogDocument(raw)
	times, ok := repetitions(header)
	if times < 2 || !ok || decodeATNA(raw, nil, &Event{}) != nil {
		return nil, false
	}
	for range times {
		parts = append(parts, placed{raw: raw})
	}
	return parts, true
}
