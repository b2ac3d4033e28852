package strictjson_test

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/strictjson"
)

type doc struct {
	Name  string   `json:"name"`
	Count int64    `json:"count"`
	List  []string `json:"list,omitempty"`
}

func TestDecodeAcceptsAnyLayoutOfTheSameValue(t *testing.T) {
	t.Parallel()
	var d doc
	require.NoError(t, strictjson.Decode([]byte("{ \"count\" : 9007199254740993,\n \"name\" : \"\\u0041\" }"), &d))
	require.Equal(t, doc{Name: "A", Count: 9007199254740993}, d)
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule, in string
		reason   strictjson.Reason
		pointer  string
	}{
		{"a member twice", `{"name":"a","count":1,"name":"b"}`, strictjson.Duplicate, "/name"},
		{"a member not known", `{"name":"a","count":1,"extra":1}`, strictjson.Unknown, "/extra"},
		{"a member in other letters", `{"NAME":"a","count":1}`, strictjson.Unknown, "/NAME"},
		{"null for a list", `{"name":"a","count":1,"list":null}`, strictjson.Lossy, "/list"},
		{"an empty list that is left out", `{"name":"a","count":1,"list":[]}`, strictjson.Lossy, "/list"},
		{"a missing member", `{"name":"a"}`, strictjson.Lossy, "/count"},
		{"another type", `{"name":1,"count":1}`, strictjson.Type, "/name"},
		{"a fraction", `{"name":"a","count":1.5}`, strictjson.Type, "/count"},
		{"an integer written as a fraction", `{"name":"a","count":1.0}`, strictjson.Type, "/count"},
		{"an integer that overflows", `{"name":"a","count":9223372036854775808}`, strictjson.Type, "/count"},
		{"data after the value", `{"name":"a","count":1} 2`, strictjson.Syntax, ""},
		{"nothing", " ", strictjson.Syntax, ""},
		{"cut short", `{"name":"a`, strictjson.Syntax, "/name"},
		{"bytes that are not UTF-8", "{\"name\":\"\xff\",\"count\":1}", strictjson.Syntax, "/name"},
		{"too deep", strings.Repeat("[", 65) + strings.Repeat("]", 65), strictjson.TooDeep, ""},
		{"too large", `"` + strings.Repeat("a", strictjson.MaxBytes) + `"`, strictjson.TooLarge, ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			var d doc
			err := strictjson.Decode([]byte(c.in), &d)
			var se *strictjson.Error
			require.ErrorAs(t, err, &se)
			require.Equal(t, c.reason, se.Reason, err)
			if c.pointer != "" {
				require.Equal(t, c.pointer, se.Pointer, err)
			}
		})
	}
}

// What scans clean is one JSON value as RFC 7493 wants it, and what is one scans clean unless it is nested too deep.
// The value is read as raw text: a number read as a double may be spelt otherwise when it is written again.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{`{"a":[1,{"b":null}]}`, `1e5`, `0.10`, `"\u0041"`, `{"a":1,"a":2}`, "\"\xff\""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		err := strictjson.Scan(data)
		if err != nil {
			var se *strictjson.Error
			require.ErrorAs(t, err, &se)
			require.True(t, se.Reason == strictjson.TooDeep || !jsontext.Value(data).IsValid(), "%v: %q", err, data)
			return
		}
		require.True(t, jsontext.Value(data).IsValid(), "what scans clean is one JSON value")
		var v jsontext.Value
		require.NoError(t, strictjson.Decode(data, &v), "and text that is kept as it is loses nothing")
	})
}
