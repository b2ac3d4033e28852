package canon_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/canon"
)

func TestBytesAreRFC8785(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ rule, in, want string }{
		{"names in order of UTF-16 code units", `{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}`,
			"{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}"},
		{"numbers as ECMAScript writes them", `[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]`, `[333333333.3333333,1e+30,4.5,0.002,1e-27]`},
		{"no white space", "{ \"a\" : [ 1 , 2 ] }", `{"a":[1,2]}`},
		{"least escapes", `"\u003c\u0041\u000f\""`, `"<A\u000f\""`},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			got, err := canon.Bytes([]byte(c.in))
			require.NoError(t, err)
			require.Equal(t, c.want, string(got))
			again, err := canon.Bytes(got)
			require.NoError(t, err)
			require.Equal(t, got, again)
		})
	}
}

func TestBytesRefuseWhatWouldBeBent(t *testing.T) {
	t.Parallel()
	for rule, in := range map[string]string{
		"an integer past 2^53":       `{"n":9007199254740993}`,
		"a number that overflows":    `[1e999]`,
		"an integer by its exponent": `[12122E12]`,
		"an integer of 25 digits":    `[1234567890123456789012345]`,
		"a number of 400 digits":     "[1" + string(make400()) + "]",
		"a member twice":             `{"a":1,"a":2}`,
		"bytes that are not UTF-8":   "\"\xff\"",
		"a lone surrogate":           `"\ud800"`,
		"two values":                 `1 2`,
		"nothing":                    ``,
		"a value that is cut short":  `{"a":`,
		"an integer below -(2^53-1)": `-9007199254740993`,
	} {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			_, err := canon.Bytes([]byte(in))
			require.Error(t, err)
		})
	}
}

func make400() []byte {
	b := make([]byte, 400)
	for i := range b {
		b[i] = '0'
	}
	return b
}

func TestMarshalRefusesInvalidUTF8(t *testing.T) {
	t.Parallel()
	_, err := canon.Marshal(map[string]string{"a": "x\xffy"})
	require.Error(t, err)
}

func FuzzBytes(f *testing.F) {
	for _, seed := range []string{`{"b":[1,2.50,"x"],"a":null}`, `12122E12`, `9007199254740991.4`, `1e21`, `-1e20`, `0.1e-7`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		once, err := canon.Bytes(data)
		if err != nil {
			return
		}
		twice, err := canon.Bytes(once)
		require.NoError(t, err)
		require.Equal(t, once, twice)
	})
}
