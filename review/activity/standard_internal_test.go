package activity

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
)

// jsonReaders are the readers of JSON, each with a line of its format.
func jsonReaders(t testing.TB) (readers []Reader, lines []string) {
	t.Helper()
	add := func(r Reader, line ...string) {
		for _, l := range line {
			readers, lines = append(readers, r), append(lines, l)
		}
	}
	add(quickly(t)["ndjson"][0], flatLine, flatNull)
	add(fhir{}, auditOne, auditTwo)
	add(cloudTrail{}, `{"eventVersion":"1.08","userIdentity":{"type":"IAMUser","arn":"arn:aws:iam::1:user/u","userName":"u"},"eventTime":"2026-03-01T10:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","sourceIPAddress":"192.0.2.1",`+
		`"userAgent":"a \"b\" \u00e9","errorCode":"AccessDenied","requestParameters":{"bucketName":"b","key":"k"},"responseElements":null,"readOnly":false,"eventID":"e","managementEvent":true}`)
	add(windows{}, `{"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Security-Auditing"}},"EventID":{"#text":4625},"Keywords":"0x8010000000000000","TimeCreated":{"#attributes":{"SystemTime":"2026-03-01T10:00:00Z"}},`+
		`"EventRecordID":7,"Channel":"Security","Computer":"PC1"},"EventData":{"TargetUserName":"u1","IpAddress":"192.0.2.1","SubStatus":"0xc000006a"}}}`,
		`{"EventTime":"2026-03-01T10:00:00Z","Hostname":"PC1","Keywords":-9214364837600034816,"EventID":4634,"SourceName":"Microsoft-Windows-Security-Auditing","RecordNumber":7,"Channel":"Security","TargetUserName":"u1"}`)
	add(pgAudit{}, `{"timestamp":"2026-03-01 10:00:00.000 UTC","user":"u1","dbname":"clinic","pid":5,"session_id":"s","line_num":7,"ps":"SELECT","error_severity":"LOG","message":"AUDIT: SESSION,2,1,READ,SELECT,TABLE,public.chart,SELECT 1,<none>","application_name":"x"}`)
	add(ocsf{}, `{"class_uid":3002,"activity_id":1,"time":1772359200500,"status_id":1,"metadata":{"uid":"e"},"user":{"name":"u1"},"src_endpoint":{"ip":"192.0.2.1"}}`)
	add(okta{}, `{"uuid":"e","published":"2026-03-01T10:00:00Z","eventType":"user.session.start","actor":{"id":"1","type":"User","alternateId":"u1"},"client":{"ipAddress":"192.0.2.1"},"outcome":{"result":"SUCCESS"},"target":null}`)
	add(entra{}, `{"id":"e","createdDateTime":"2026-03-01T10:00:00Z","userPrincipalName":"u1@example.com","appId":"5","ipAddress":"192.0.2.1","status":{"errorCode":0},"isInteractive":true}`)
	return readers, lines
}

// requireJSONAsTheStandardLibrary holds of a line that a reader makes events only of what encoding/json takes for JSON, that
// it makes the same event of what encoding/json writes of what it has read, and that it calls broken only what is.
func requireJSONAsTheStandardLibrary(t testing.TB, r Reader, line []byte) {
	t.Helper()
	file := func(line []byte) Input {
		return Input{Content: bytes.NewReader(slices.Concat([]byte("\n"), line, []byte("\n"))), KeepRecord: true}
	}
	for e, err := range r.Read(file(line)) {
		if err != nil {
			d, ok := err.(*Defect)
			whole := ok && d.Reason == ReasonSyntax && d.Raw.Length == int64(len(line)) && line[0] == '{'
			if whole && !bytes.Contains(bytes.ToLower(line), []byte(`\ud`)) { // of halves of surrogates encoding/json makes others
				require.False(t, json.Valid(line), "%s: %s", err, line)
			}
			continue
		}
		require.True(t, json.Valid(e.Record), "%s", e.Record)
		if e.Record[0] != '{' {
			continue // a row of CloudTrail Lake
		}
		var v any
		std := json.NewDecoder(bytes.NewReader(e.Record))
		std.UseNumber()
		require.NoError(t, std.Decode(&v))
		again, err := json.Marshal(v)
		require.NoError(t, err)
		n := 0
		for got, err := range r.Read(file(again)) {
			require.NoError(t, err, "%s", again)
			got.Seq, got.Raw, got.Record, got.Ingested = e.Seq, e.Raw, e.Record, e.Ingested
			require.Equal(t, e, got, "%s", again)
			n++
		}
		require.Equal(t, 1, n, "%s", again)
	}
}

// FuzzJSONAgainstTheStandardLibrary does it for any line and every reader of JSON.
func FuzzJSONAgainstTheStandardLibrary(f *testing.F) {
	readers, lines := jsonReaders(f)
	for i, line := range lines {
		f.Add(i, []byte(line))
	}
	f.Fuzz(func(t *testing.T, i int, line []byte) {
		line = bytes.Trim(line, " \t\r")
		if len(line) == 0 || len(line) > 16<<10 || bytes.IndexByte(line, '\n') >= 0 {
			return
		}
		requireJSONAsTheStandardLibrary(t, readers[uint(i)%uint(len(readers))], line)
	})
}

func TestJSONIsReadAsTheStandardLibraryReadsIt(t *testing.T) {
	t.Parallel()
	readers, all := jsonReaders(t)
	for n, line := range all {
		for i := 0; i < len(line); i += long.Count(11, 5) {
			for _, with := range []string{"", "\"", "\\", "{", "]", ",", " ", "\x00", "\x80", "é", "0", "-", "null", "\\u00e9", "\\ud800", "\\ud83d\\ude00", line[i:i+1] + line[i:i+1]} {
				requireJSONAsTheStandardLibrary(t, readers[n], []byte(line[:i]+with+line[i+1:]))
			}
		}
	}
}

// requireCSVAsTheStandardLibrary holds of a file that is taken for rows of three cells where encoding/csv takes it for such,
// with the same cells, and that something is a defect where encoding/csv refuses it.
func requireCSVAsTheStandardLibrary(t testing.TB, data []byte) {
	t.Helper()
	m := Profile{ID: "p", Version: 1, Format: FormatCSV, Headerless: true, Columns: []Column{{"a", FieldRecorded}, {"b", FieldActor}, {"c", FieldSession}}}.compile()
	table := &table{row: m.row(), settled: true}
	var rows [][]string
	defects := 0
	require.NoError(t, newRowFramer(Input{Content: bytes.NewReader(data)}, table.check)(func(fr frame) bool {
		if fr.reason == ReasonEmpty {
			return true
		}
		if fr.reason != "" {
			defects++
			return true
		}
		var row []string
		for _, cell := range table.cells {
			row = append(row, strings.ReplaceAll(string(cell), "\r\n", "\n")) // as encoding/csv does
		}
		rows = append(rows, row)
		return true
	}))
	std := csv.NewReader(bytes.NewReader(data))
	std.FieldsPerRecord = -1
	want, err := std.ReadAll()
	if err != nil {
		require.Positive(t, defects, "%v: %q", err, data)
		return
	}
	for _, row := range want {
		if len(row) != 3 {
			return // whether it is a title or damage is decided by what stands before
		}
	}
	require.Zero(t, defects, "%q", data)
	require.Equal(t, want, rows, "%q", data)
}

// comparableCSV reports whether both libraries know what the bytes are: encoding/csv lets everything pass within a cell, and
// takes a carriage return alone for a part of one.
func comparableCSV(data []byte) bool {
	return len(data) >= 4 && utf8.Valid(data) && bytes.IndexByte(data, 0) < 0 && !bytes.Contains(data, []byte(bom)) && string(data[1:4]) != "\x2a\x4d\x18" &&
		!bytes.Contains(bytes.ReplaceAll(data, []byte("\r\n"), nil), []byte("\r"))
}

func FuzzCSVAgainstTheStandardLibrary(f *testing.F) {
	for _, file := range []string{"a,b,c\n1,2,3\n", "\"a\",\"b\"\"b\",\"c\r\nd\"\r\n\r\n1,,\n", "a,b\n\"", "ü,\" x \",y\n", "a,\"b\"c,d\n1,2,3\n", "a,b\"c,d\n"} {
		f.Add([]byte(file))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if comparableCSV(data) {
			requireCSVAsTheStandardLibrary(t, data)
		}
	})
}

func TestCSVIsReadAsTheStandardLibraryReadsIt(t *testing.T) {
	t.Parallel()
	const file = "a,b,c\r\n\"d\",\"e \"\"e\"\"\",\"f\r\nf,\"\r\n\r\n1,,\"\"\n\"ü, \",2,3\r\n"
	for i := range file {
		for _, with := range []string{"", "\"", "\"\"", ",", "\n", "\r\n", " ", "x", "é", file[i:i+1] + file[i:i+1]} {
			if data := []byte(file[:i] + with + file[i+1:]); comparableCSV(data) {
				requireCSVAsTheStandardLibrary(t, data)
			}
		}
	}
}
