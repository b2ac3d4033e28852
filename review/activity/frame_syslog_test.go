package activity_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// by is an audit message at a time, by a user.
func by(user, at string) string {
	return `<AuditMessage><EventIdentification EventActionCode="R" EventDateTime="` + at + `" EventOutcomeIndicator="0"><EventID csd-code="110110"/></EventIdentification><ActiveParticipant UserID="` + user + `" UserIsRequestor="true"/></AuditMessage>`
}

func users(events []activity.Event) string {
	var out []string
	for _, e := range events {
		out = append(out, e.Actor.ID)
	}
	return strings.Join(out, " ")
}

// The headers are those of RFC 5424, section 6, RFC 3164, section 4.1, and rsyslog's templates for files,
// RSYSLOG_TraditionalFileFormat, RSYSLOG_FileFormat and RSYSLOG_SyslogProtocol23Format.
func TestHeadersOfSyslog(t *testing.T) {
	t.Parallel()
	for header, stamp := range map[string]string{
		"<85>1 2026-03-01T09:00:00Z ehr-1 ehr 4711 IHE+RFC-3881 - ":                "2026-03-01T09:00:00Z",
		"<85>1 2026-03-01T10:00:00.123456+01:00 ehr-1 ehr 4711 IHE+DICOM - \ufeff": "2026-03-01T09:00:00.123456Z",
		"<85>1 - - - - - - ": "",
		"<85>1 2026-03-01T09:00:00Z - - - - [x@1 a=\"\\\"] <5\"][timeQuality tzKnown=\"1\"] ": "2026-03-01T09:00:00Z",
		"1 2026-03-01T09:00:00Z ehr-1 ehr 4711 IHE+DICOM - ":                                  "2026-03-01T09:00:00Z",
		"<85>Mar  1 09:00:00 ehr-1 ehr[4711]: ":                                               "",
		"<85>Dec 31 23:59:59 ehr-1 ehr: ":                                                     "",
		"Jan 12 09:00:00 ehr-1 ehr[4711]: ":                                                   "",
		"2026-03-01T09:00:00.5+00:00 ehr-1 ehr[4711]: ":                                       "2026-03-01T09:00:00.5Z",
		"<85>2026-03-01T09:00:00Z ehr-1 ehr: ":                                                "2026-03-01T09:00:00Z",
		"<85>2026-03-01T09:00:00 ehr-1 ehr: ":                                                 "",
		"<85> ":                                                                               "",
	} {
		for _, prolog := range []string{"", `<?xml version="1.0" encoding="UTF-8"?>`} {
			e := one(t, activity.FormatATNA, header+prolog+by("u1", "2026-03-01T10:00:00"))
			want := time.Time{}
			if stamp != "" {
				want = at(stamp)
			}
			require.Equal(t, want, e.Recorded, "%s: the stamp of the message stands in for a time without a zone, if it is an instant", header)
			e = one(t, activity.FormatATNA, header+prolog+by("u1", "2026-03-01T10:00:00.25+02:00"))
			require.Equal(t, at("2026-03-01T08:00:00.25Z"), e.Recorded, header)
			require.Zero(t, e.Raw.Offset, "the message begins with its header")
		}
		whole := by("u2", "2026-03-01T10:00:00Z")
		for _, cut := range []string{"Date", ` EventOutcome`, "<EventID", "/>", "</EventIdentification>", "</AuditMessage>"} {
			half := header + whole[:strings.Index(whole, cut)]
			file := strings.Repeat(header+by("u1", "2026-03-01T10:00:00Z")+"\r\n", 3) + half + "\n" + header + by("u3", "2026-03-01T10:00:00Z")
			for _, end := range []string{"", "\n"} {
				events, defects := readAll(t, activity.FormatATNA, []byte(file+end))
				require.Equal(t, "u1 u1 u1 u3", users(events), "%s cut before %s", header, cut)
				require.Len(t, defects, 1, header)
				require.Equal(t, half, file[defects[0].Raw.Offset:][:defects[0].Raw.Length], header)
			}
		}
	}
}

// A log that runs over New Year has headers without a year; its messages know theirs.
func TestYearsThatHeadersDoNotHaveAreNotMadeUp(t *testing.T) {
	t.Parallel()
	file := "<85>Dec 31 23:59:59 h ehr: " + by("u1", "2026-12-31T23:59:59-05:00") + "\n<85>Jan  1 00:00:01 h ehr: " + by("u2", "2027-01-01T00:00:01-05:00") + "\n" +
		"<85>Dec 31 23:59:59 h ehr: " + by("u3", "2026-12-31T23:59:59") + "\n<85>Jan  1 00:00:01 h ehr: " + by("u4", "--12-31T23:59:59Z") + "\n"
	events, defects := readAll(t, activity.FormatATNA, []byte(file))
	require.Empty(t, defects)
	require.Equal(t, []time.Time{at("2027-01-01T04:59:59Z"), at("2027-01-01T05:00:01Z"), {}, {}},
		[]time.Time{events[0].Recorded, events[1].Recorded, events[2].Recorded, events[3].Recorded})
}

// rsyslog folds what repeats the message before, and says afterwards how often it left it out.
func TestAFoldedMessageCountsAsOftenAsItHappened(t *testing.T) {
	t.Parallel()
	const header = "<85>1 2026-03-01T09:00:00Z h ehr - - - "
	u1, u2, u3 := by("u1", "2026-03-01T10:00:00Z"), by("u2", "2026-03-01T10:00:01"), by("u3", "2026-03-01T10:00:02Z")
	folded := func(n any, message string) string {
		return fmt.Sprintf("%smessage repeated %v times: [ %s]", header, n, message)
	}
	counted := func(message string) string { return fmt.Sprint(len(message), " ", message) }
	for name, c := range map[string]struct{ file, users, defect, reason string }{
		"between others":               {header + u1 + "\n" + folded(3, u2) + "\n" + header + u3 + "\n", "u1 u2 u2 u2 u3", "", ""},
		"once":                         {header + u1 + "\n" + folded(1, u2), "u1 u2", "", ""},
		"counted":                      {counted(header+u1) + counted(folded(3, u2)) + counted(header+u3), "u1 u2 u2 u2 u3", "", ""},
		"counted, with a line end":     {counted(folded(2, u2)+"\n") + counted(header+u3), "u2 u2 u3", "", ""},
		"over several lines":           {header + u1 + "\n" + strings.ReplaceAll(folded(2, u2), "><", ">\n<") + "\n" + header + u3, "u1 u2 u2 u3", "", ""},
		"without a priority":           {"Mar  1 09:00:00 h ehr: message repeated 2 times: [" + u2 + "]\nMar  1 09:00:01 h ehr: " + u3, "u2 u2 u3", "", ""},
		"with a byte order mark":       {folded(2, "\ufeff"+u2) + "\n" + header + u3, "u2 u2 u3", "", ""},
		"cut at 800 bytes, as rsyslog": {header + u1 + "\n" + folded(3, u2[:150]) + "\n" + header + u3, "u1 u3", folded(3, u2[:150]), "syntax"},
		"damaged":                      {header + u1 + "\n" + folded(3, "<AuditMessage a=\"1\" a=\"2\"/>") + "\n" + header + u3, "u1 u3", folded(3, "<AuditMessage a=\"1\" a=\"2\"/>"), "duplicate_member"},
		"more often than can be":       {header + u1 + "\n" + folded("99999999999999999999", u2) + "\n" + header + u3, "u1 u3", folded("99999999999999999999", u2), "syntax"},
		"of what is not there":         {header + u1 + "\n<85>Mar  1 09:00:00 h last message repeated 3 times\n" + header + u3, "u1 u3", "<85>Mar  1 09:00:00 h last message repeated 3 times", "not_an_event"},
	} {
		events, defects := readAll(t, activity.FormatATNA, []byte(c.file))
		require.Equal(t, c.users, users(events), name)
		for i := 1; i < len(events); i++ {
			if events[i].Actor.ID == "u2" && events[i-1].Actor.ID == "u2" {
				want := events[i-1]
				want.Seq++
				require.Equal(t, want, events[i], "%s: the same but for its number", name)
			}
		}
		if c.defect == "" {
			require.Empty(t, defects, name)
			requirePlaces(t, activity.FormatATNA, []byte(c.file))
			continue
		}
		require.Len(t, defects, 1, name)
		require.Equal(t, c.reason, string(defects[0].Reason), name)
		require.Equal(t, c.defect, c.file[defects[0].Raw.Offset:][:defects[0].Raw.Length], name)
	}
	e := one(t, activity.FormatATNA, folded(1, u2))
	require.Equal(t, at("2026-03-01T09:00:00Z"), e.Recorded, "of a time without a zone the stamp is that of the last repetition")
}

func TestATNAEncodings(t *testing.T) {
	t.Parallel()
	a, b := by("a", "2026-03-01T10:00:00Z"), by("b", "2026-03-01T10:00:00Z")
	declared := func(encoding, user string) string {
		return `<?xml version="1.0" encoding="` + encoding + `"?>` + by(user, "2026-03-01T10:00:00Z")
	}
	wide := func(text string) string {
		var out strings.Builder
		for _, c := range []byte(text) {
			out.Write([]byte{c, 0})
		}
		return out.String()
	}
	for name, c := range map[string]struct {
		file, users string
		reasons     []activity.Reason
	}{
		"UTF-8":                            {a + "\n" + declared("utf-8", "ü") + "\n" + b, "a ü b", nil},
		"Latin-1, declared":                {a + "\n" + declared("ISO-8859-1", "\xfc") + "\n" + declared("iso-8859-1", "\xe9") + "\n" + b, "a ü é b", nil},
		"Latin-1, not declared":            {a + "\n" + strings.Replace(b, `"b"`, "\"\xfc\"", 1) + "\n" + b, "a b", []activity.Reason{activity.ReasonEncoding}},
		"Latin-1 that says it is UTF-8":    {a + "\n" + declared("UTF-8", "\xfc") + "\n" + b, "a b", []activity.Reason{activity.ReasonEncoding}},
		"another encoding":                 {a + "\n" + declared("windows-1252", "\x80") + "\n" + b, "a b", []activity.Reason{activity.ReasonEncoding}},
		"another encoding, ASCII only":     {a + "\n" + declared("windows-1252", "u") + "\n" + b, "a u b", nil},
		"UTF-16 within":                    {a + "\n" + wide(b) + "\n" + b, "a b", []activity.Reason{activity.ReasonSyntax}},
		"UTF-16 throughout":                {"\xff\xfe" + wide(a+"\n"+b), "a b", nil},
		"UTF-16 that says so":              {wide(declared("UTF-16", "a")+"\n") + "\xfc\x00" + wide("\n"+b), "a b", []activity.Reason{activity.ReasonSyntax}},
		"UTF-16, half of a name":           {"\xfe\xff\x00<\x00A", "", []activity.Reason{activity.ReasonTruncated}},
		"byte order marks between":         {"\ufeff" + a + "\n\ufeff" + b + "\n" + syslogHead + "\ufeff" + b, "a b b", nil},
		"CR LF":                            {a + "\r\n" + syslogHead + b + "\r\n\r\n" + b + "\r\n", "a b b", nil},
		"NUL between":                      {a + "\n\x00\x00\x00\n" + b, "a b", []activity.Reason{activity.ReasonSyntax}},
		"NUL in a value":                   {a + "\n" + strings.Replace(b, `"b"`, "\"b\x00\"", 1) + "\n" + b, "a b", []activity.Reason{activity.ReasonSyntax}},
		"NUL behind a message, as a frame": {a + "\x00" + "\n" + b + "\x00\n" + b, "a b b", []activity.Reason{activity.ReasonSyntax, activity.ReasonSyntax}},
		"a reference to NUL":               {a + "\n" + strings.Replace(b, `"b"`, `"b&#0;"`, 1) + "\n" + b, "a b", []activity.Reason{activity.ReasonSyntax}},
	} {
		events, defects := readAll(t, activity.FormatATNA, []byte(c.file))
		require.Equal(t, c.users, users(events), name)
		var why []activity.Reason
		for _, d := range defects {
			why = append(why, d.Reason)
			require.Positive(t, d.Raw.Length, name)
			require.LessOrEqual(t, d.Raw.Offset+d.Raw.Length, int64(len(c.file)), name)
		}
		require.Equal(t, c.reasons, why, name)
	}
}

// A long line is passed over in bounded memory, wherever it is long, and so is a number of bytes that promises one.
func TestALongMessageIsPassedOverInBoundedMemory(t *testing.T) {
	t.Parallel()
	const size = 20 << 20
	a, b := by("a", "2026-03-01T10:00:00Z"), by("b", "2026-03-01T10:00:00Z")
	for name, c := range map[string]struct{ before, after string }{
		"in a value":                  {syslogHead + `<AuditMessage a="`, `"/>`},
		"in a text":                   {syslogHead + `<AuditMessage>`, `</AuditMessage>`},
		"in a comment":                {syslogHead + `<AuditMessage><!-- `, `--></AuditMessage>`},
		"in the header":               {"<85>1 2026-03-01T10:00:00Z ", " - - - - " + b},
		"in a header of RFC 3164":     {"Mar  1 10:00:00 h ", ": " + b},
		"behind a number of bytes":    {fmt.Sprint(size+len(`<85>1 `), " <85>1 "), ""},
		"in a value, over many lines": {"<AuditMessage\n a=\"", "\"\n/>"},
	} {
		in := &largest{r: io.MultiReader(strings.NewReader(a+"\n"), longLine(c.before, size, c.after), strings.NewReader("\n"+b+"\n"))}
		events, defects := readInput(t, activity.FormatATNA, activity.Input{Content: in, MaxRecord: 1 << 20})
		require.Equal(t, "a b", users(events), name)
		require.Len(t, defects, 1, name)
		require.Equal(t, activity.ReasonTooLong, defects[0].Reason, name)
		require.EqualValues(t, len(a)+1, defects[0].Raw.Offset, name)
		require.Greater(t, defects[0].Raw.Length, int64(size), name)
		require.Less(t, in.asked, 4<<20, "%s: the buffer grew with the line", name)
	}
}

func TestATNANestedDeep(t *testing.T) {
	t.Parallel()
	a, b := by("a", "2026-03-01T10:00:00Z"), by("b", "2026-03-01T10:00:00Z")
	for name, deep := range map[string]string{
		"in a line":   "<AuditMessage>" + strings.Repeat("<x>", 10_000) + strings.Repeat("</x>", 10_000) + "</AuditMessage>",
		"over lines":  "<AuditMessage>" + strings.Repeat("<x>\n", 10_000) + strings.Repeat("</x>\n", 10_000) + "</AuditMessage>",
		"the message": strings.Repeat("<AuditMessage>", 10_000) + strings.Repeat("</AuditMessage>", 10_000),
	} {
		for _, header := range []string{"", syslogHead} {
			file := a + "\n" + header + deep + "\n" + b
			events, defects := readAll(t, activity.FormatATNA, []byte(file))
			require.Equal(t, "a b", users(events), name)
			require.Len(t, defects, 1, name)
			require.Equal(t, activity.ReasonTooDeep, defects[0].Reason, name)
			require.Equal(t, header+deep, file[defects[0].Raw.Offset:][:defects[0].Raw.Length], name)
		}
	}
	// Lines that each open an element and close none must not be looked at again and again.
	_, defects := readAll(t, activity.FormatATNA, []byte(a+"\n"+strings.Repeat("<AuditMessage>\n", 200_000)))
	require.NotEmpty(t, defects)
}
