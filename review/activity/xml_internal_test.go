package activity

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// transcript writes down what a document holds.
type transcript struct {
	out  []string
	text string
}

func (t *transcript) flush() {
	if t.text != "" {
		t.out = append(t.out, "text "+t.text)
	}
	t.text = ""
}

func (t *transcript) start(e *xmlElement) {
	t.flush()
	s := "start " + string(e.name)
	for _, a := range e.attrs {
		if a.name != nil {
			s += fmt.Sprintf(" %s=%q", a.local, unescape(a.value, true))
		}
	}
	t.out = append(t.out, s)
}

func (t *transcript) chars(text []byte, raw bool) {
	if raw {
		t.text += unescape(text, false)
	} else {
		t.text += string(text)
	}
}

func (t *transcript) end() {
	t.flush()
	t.out = append(t.out, "end")
}

// standard reads the document with the standard library, in the same words.
func standard(data []byte) ([]string, error) {
	var t transcript
	dec := xml.NewDecoder(bytes.NewReader(data))
	depth := 0
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return t.out, nil
		}
		if err != nil {
			return nil, err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			t.flush()
			depth++
			s := "start " + tok.Name.Local
			for _, a := range tok.Attr {
				if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" {
					continue
				}
				s += fmt.Sprintf(" %s=%q", a.Name.Local, a.Value)
			}
			t.out = append(t.out, s)
		case xml.EndElement:
			t.end()
			depth--
		case xml.CharData:
			if depth > 0 {
				t.text += string(tok)
			}
		}
	}
}

// plainXML reports whether the two readers are meant to agree: the standard library checks names beyond ASCII, forgives
// colons, keeps line ends in attributes, and refuses declarations that this reader passes over.
func plainXML(data []byte) bool {
	if bytes.ContainsAny(data, "\r\n\t:?") || bytes.Contains(data, []byte("&#")) || bytes.Contains(data, []byte("xmlns")) {
		return false
	}
	for _, c := range data {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

func checkXML(t *testing.T, data []byte) {
	var got transcript
	err := readXML(data, &got)
	var s xmlScanner
	n, v := s.feed(data)
	if err == nil {
		require.Equal(t, verdictDone, v, "what can be read has an end")
		require.Empty(t, strings.Trim(string(stripMisc(data[n:])), " \t\r\n"))
	}
	if !plainXML(data) || errors.Is(err, unreadable{ReasonTooDeep, tooDeep}) {
		return
	}
	want, stdErr := standard(data)
	if err == nil {
		require.NoError(t, stdErr)
		require.Equal(t, want, got.out)
	}
}

// stripMisc takes comments and instructions off what stands behind a document.
func stripMisc(b []byte) []byte {
	for {
		b = bytes.TrimLeft(b, " \t\r\n")
		switch {
		case bytes.HasPrefix(b, []byte("<!--")):
			b = b[bytes.Index(b, []byte("-->"))+3:]
		case bytes.HasPrefix(b, []byte("<?")):
			b = b[bytes.Index(b, []byte("?>"))+2:]
		default:
			return b
		}
	}
}

func FuzzXMLAgainstTheStandardLibrary(f *testing.F) {
	for _, s := range []string{
		`<a b="1" c='&lt;2"'><d/>text &amp; more<!-- note --><e f = "x > y"></e ></a>`,
		`<a><![CDATA[ <b> & ]]></a>`, `<a/>`, `<a><b></a></b>`, `<a b="1" b="2"/>`, `<a>]]></a>`, `<a b="<"/>`, `<a &amp;/>`, `<a>&x;</a>`,
		`<?xml version="1.0"?><x:a xmlns:x="u" x:b="&#65;"/>`, `<!DOCTYPE a><a/>`, `<a/><b/>`, `<a>--></a>`, `<a><!-- -- --></a>`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkXML(t, data) })
}

func TestXMLIsReadAsTheStandardLibraryReadsIt(t *testing.T) {
	t.Parallel()
	for doc, want := range map[string]bool{
		`<a b="1" c='&lt;2"'><d/>text &amp; more<!-- note --><e f = "x > y"></e ></a>`: true,
		`<a><![CDATA[ <b> & ]]></a>`:       true,
		`<a/>`:                             true,
		`<a><b></a></b>`:                   false,
		`<a b="1" b="2"/>`:                 false,
		`<a>]]></a>`:                       false,
		`<a b="<"/>`:                       false,
		`<a b="1"c="2"/>`:                  false,
		`<a>&x;</a>`:                       false,
		`<a>&#0;</a>`:                      false,
		`<a>&#x41;</a>`:                    true,
		`<!DOCTYPE a><a/>`:                 false,
		`<a/><b/>`:                         false,
		`<a><!-- -- --></a>`:               false,
		"<a>\x01</a>":                      false,
		`text`:                             false,
		``:                                 false,
		`<a`:                               false,
		`<x:a xmlns:x="u" x:b="1" b="2"/>`: true,
	} {
		var got transcript
		require.Equal(t, want, readXML([]byte(doc), &got) == nil, doc)
		checkXML(t, []byte(doc))
	}
	var got transcript
	require.NoError(t, readXML([]byte("<a b='1\r\n2\t3&#10;4'>&#65;&quot;</a>"), &got))
	require.Equal(t, []string{`start a b="1 2 3\n4"`, `text A"`, "end"}, got.out)
}
