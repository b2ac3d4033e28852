package activity

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
)

const (
	atnaHead = `<85>1 2026-03-01T09:00:00.123Z ehr-1 ehr 4711 IHE+DICOM - `
	atnaOne  = atnaHead + `<?xml version="1.0" encoding="UTF-8"?><AuditMessage><EventIdentification EventActionCode="R" EventDateTime="2026-03-01T09:00:00.1Z" EventOutcomeIndicator="0"><EventID csd-code="110110" codeSystemName="DCM" originalText="Patient Record"/><EventTypeCode csd-code="ITI-43"/><PurposeOfUse csd-code="TREAT"/></EventIdentification>` +
		`<ActiveParticipant UserID="u1" UserName="a&lt;u1@i&gt;" AlternativeUserID="x" UserIsRequestor="true" NetworkAccessPointID="10.0.0.1"><RoleIDCode csd-code="nurse" codeSystemName="local"/></ActiveParticipant><AuditSourceIdentification AuditSourceID="ehr"/>` +
		`<ParticipantObjectIdentification ParticipantObjectID="p1^^^&amp;1.2.3&amp;ISO" ParticipantObjectTypeCode="1" ParticipantObjectTypeCodeRole="1"><ParticipantObjectIDTypeCode csd-code="2"/><ParticipantObjectQuery>QQ==</ParticipantObjectQuery></ParticipantObjectIdentification></AuditMessage>`
	atnaTwo = `<A:AuditMessage xmlns:A='u'><A:EventIdentification EventActionCode='E' EventDateTime='2026-03-01T09:00:01' EventOutcomeIndicator='4'><A:EventID code='110114' codeSystemName='DCM'/><A:EventOutcomeDescription>not authorized</A:EventOutcomeDescription></A:EventIdentification>` +
		`<A:ActiveParticipant UserID='u2' UserIsRequest='true'/><A:ParticipantObjectIdentification ParticipantObjectID = 'o' ></A:ParticipantObjectIdentification></A:AuditMessage>`
)

var bothATNA = [2]Reader{atna{}, atna{exact: true}}

// Whatever byte of a message is another one, is missing or stands twice, a reader that knows the shape of its document
// reads what one that does not reads.
func TestAChangedMessageIsReadAsIfItsShapeWereUnknown(t *testing.T) {
	t.Parallel()
	for _, line := range []string{atnaOne, atnaHead + atnaTwo, atnaTwo} {
		for i := 0; i < len(line); i += long.Count(31, 17) {
			for _, with := range []string{"", "\"", "'", "<", ">", "/", "&", "=", " ", "\t", "\r", "\x00", "\x80", "é", "&#65;", "]]>", "<!--x-->", "<?x?>", "7", "<b/>", "\n", line[i:i+1] + line[i:i+1]} {
				changed := line[:i] + with + line[i+1:]
				text := lines(line, line, changed, line) + counted(line+"\n") + counted(changed) + counted(line)
				requireSame(t, bothATNA, func() Input { return Input{Content: strings.NewReader(text)} })
			}
		}
	}
}

func counted(message string) string { return fmt.Sprint(len(message), " ", message) }

// A value may be anything that an attribute or a text may hold.
func TestAMessageWithOtherValuesIsReadAsIfItsShapeWereUnknown(t *testing.T) {
	t.Parallel()
	quoted := regexp.MustCompile(`"[^"]*"|'[^']*'|>[^<>]+<`)
	values := []string{"", " ", "true", " true ", "1", "110122", "110127", "2026-03-01T09:00:00", "2026-03-01T09:00:00+01:00", "BTG", "&amp;", "&#x41;&#10;", "&lt;a@b&gt;", "a&gt;", "&", "&x;", "&amp", "é", "\xe9",
		"]]", "]]>", "p^^^&amp;1.2&amp;ISO", "p^^^n", "p^^^n&amp;1.2&amp;ISO^PI", "p^^^&amp;&amp;ISO", "10.0.0.7", "fe80::1", "a\tb", "a\x01b", "a\x7fb", strings.Repeat("long ", 40)}
	for _, line := range []string{atnaOne, strings.Replace(atnaOne, "UTF-8", "ISO-8859-1", 1), atnaHead + atnaTwo, atnaTwo} {
		for _, at := range quoted.FindAllStringIndex(line, -1) {
			var file []string
			for _, value := range values {
				file = append(file, line, line[:at[0]+1]+value+line[at[1]-1:])
			}
			requireSame(t, bothATNA, func() Input { return Input{Content: strings.NewReader(lines(file...)), KeepRecord: true} })
			requireSame(t, bothATNA, func() Input { return Input{Content: strings.NewReader(lines(file...)), MaxRecord: len(line) + 1} })
		}
	}
}

// Most messages of a log with few shapes are read by them, or the tests above prove nothing.
func TestMessagesOfAShapeAreReadQuickly(t *testing.T) {
	t.Parallel()
	other := strings.NewReplacer("u1", "u&amp;7", "p1", "p7", "QQ==", "Qg==", "u2", "u9", "not authorized", "disk full")
	for name, file := range map[string]string{
		"lines":         strings.Repeat(lines(atnaOne, other.Replace(atnaOne), atnaHead+atnaTwo, other.Replace(atnaTwo)), 10),
		"counted":       strings.Repeat(counted(atnaOne)+counted(other.Replace(atnaOne)+"\n")+counted(atnaTwo)+counted(other.Replace(atnaHead+atnaTwo)), 10),
		"several lines": strings.Repeat(strings.ReplaceAll(lines(atnaOne, other.Replace(atnaOne), atnaTwo, other.Replace(atnaTwo)), "><", ">\r\n  <"), 10),
	} {
		q, hits := quickATNA{}, 0
		d := &documents{framer: newFramer(Input{Content: strings.NewReader(file)}, ""), starts: startsAuditMessage}
		require.NoError(t, d.run(func(fr frame) bool {
			require.Empty(t, fr.reason)
			header, document := syslogDocument(fr.raw)
			if m, ok := q.known.find(trimXML(document)); ok {
				hits++
				var got, want Event
				m.fill(header, nil, &got)
				require.NoError(t, decodeATNA(fr.raw, nil, &want))
				require.Equal(t, want, got)
			}
			return q.decode(fr.raw, &Event{}) == nil
		}))
		require.GreaterOrEqual(t, hits, 30, "%s of 40", name)
	}
}

// A log with more shapes than are remembered is read as well.
func TestManyShapesAreReadAsNone(t *testing.T) {
	t.Parallel()
	var file []string
	for i := range 3 * mostXMLShapes * 16 {
		more := fmt.Sprintf(`<AuditSourceIdentification a%d="1"/>`, i%(3*mostXMLShapes))
		file = append(file, strings.Replace(atnaOne, "<AuditSource", more+"<AuditSource", 1))
	}
	requireSame(t, bothATNA, func() Input { return Input{Content: strings.NewReader(lines(file...))} })
}

// standardATNA reads a message with the standard library.
func standardATNA(raw []byte, e *Event) error {
	header, document := syslogDocument(raw)
	var m auditMessage
	dec := xml.NewDecoder(bytes.NewReader(document))
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			el := xmlElement{name: []byte(tok.Name.Local)}
			for _, a := range tok.Attr {
				var escaped bytes.Buffer
				if err := xml.EscapeText(&escaped, []byte(a.Value)); err != nil {
					return err
				}
				el.attrs = append(el.attrs, xmlAttr{local: []byte(a.Name.Local), value: escaped.Bytes()})
			}
			m.start(&el)
		case xml.EndElement:
			m.end()
		case xml.CharData:
			if len(m.path) > 0 {
				m.chars(tok, false)
			}
		}
	}
	m.fill(header, nil, e)
	return nil
}

// comparable reports whether the standard library is meant to read the document alike, see [plainXML].
func comparableXML(document []byte) bool {
	document = bytes.TrimPrefix(document, []byte(`<?xml version="1.0" encoding="UTF-8"?>`))
	if bytes.ContainsAny(document, "\r\n\t?") || bytes.Contains(document, []byte("&#")) || bytes.Contains(document, []byte("xmlns")) || bytes.ContainsFunc(document, func(r rune) bool { return r >= 0x80 }) {
		return false
	}
	return !bytes.Contains(regexp.MustCompile(`"[^"]*"|'[^']*'`).ReplaceAll(document, nil), []byte(":"))
}

// requireAsTheStandardLibrary holds that every event of a file is the one that the standard library finds in its bytes.
func requireAsTheStandardLibrary(t testing.TB, file []byte) {
	t.Helper()
	for e, err := range (atna{}).Read(Input{Content: bytes.NewReader(file), KeepRecord: true}) {
		if err != nil {
			continue
		}
		if _, document := syslogDocument(e.Record); !comparableXML(document) {
			continue
		}
		want := Event{Seq: e.Seq, Raw: e.Raw, Record: e.Record}
		require.NoError(t, standardATNA(e.Record, &want))
		require.Equal(t, want, e)
	}
}

// FuzzQuickATNA holds that knowing the shapes of documents changes nothing, whatever the bytes, and that the standard
// library finds the same.
func FuzzQuickATNA(f *testing.F) {
	one := strings.ReplaceAll(atnaOne, "u1", "u7")
	f.Add([]byte(lines(atnaOne, one, atnaTwo, atnaHead+atnaTwo, strings.ReplaceAll(atnaOne, "u1", "ü"), strings.ReplaceAll(one, "p1", "&#65;"))))
	f.Add([]byte(counted(atnaOne) + counted(one+"\n") + counted(atnaTwo) + counted(one)))
	f.Add([]byte(strings.ReplaceAll(lines(atnaOne, one, atnaTwo), "><", ">\n<")))
	folded := "<85>Mar  1 09:00:00 h ehr: message repeated 2 times: [" + atnaTwo + "]"
	f.Add([]byte(lines("Mar  1 09:00:00 h ehr: "+atnaTwo, folded, "2026-03-01T09:00:00Z h ehr: "+atnaTwo, folded, counted(folded), "1 2026-03-01T09:00:00Z h ehr - - - "+atnaTwo)))
	f.Fuzz(func(t *testing.T, data []byte) {
		data = append(bytes.Clone(data), data[:len(data)/2]...)
		requireSame(t, bothATNA, func() Input { return Input{Content: bytes.NewReader(data)} })
		requireAsTheStandardLibrary(t, data)
	})
}

func TestMessagesAreReadAsTheStandardLibraryReadsThem(t *testing.T) {
	t.Parallel()
	plain := strings.NewReplacer("A:", "", " xmlns:A='u'", "").Replace(atnaTwo)
	require.True(t, comparableXML([]byte(plain)))
	_, document := syslogDocument([]byte(atnaOne))
	require.True(t, comparableXML(document))
	for _, line := range []string{atnaOne, atnaHead + plain, plain} {
		for i := 0; i < len(line); i += long.Count(29, 17) {
			for _, with := range []string{"", "<", ">", "&", "&gt;", "]]>", "<![CDATA[x]]>", "<!-- x -->", line[i:i+1] + line[i:i+1]} {
				requireAsTheStandardLibrary(t, []byte(lines(line, line[:i]+with+line[i+1:], line)))
			}
		}
	}
}
