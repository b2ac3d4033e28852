package canon_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hipaasmp/hipaasmp/internal/canon"
)

// values draws what encoding/json can encode, odd strings and numbers among it.
func values(depth int) *rapid.Generator[any] {
	names := rapid.OneOf(rapid.StringMatching(`[a-c_]{0,3}`), rapid.SampledFrom([]string{"é", "€", "\ue000", "😀", "a\nb", "\x01", `q"`, `\`, "<&>", "\u2028", "\x7f"}))
	leaves := []*rapid.Generator[any]{
		rapid.Map(names, func(s string) any { return s }),
		rapid.Map(rapid.String(), func(s string) any { return s }),
		rapid.Map(rapid.Int64(), func(n int64) any { return n }),
		rapid.Map(rapid.Int64Range(-1e6, 1e6), func(n int64) any { return n }),
		rapid.Map(rapid.Float64(), func(f float64) any { return f }),
		rapid.Map(rapid.SampledFrom([]string{`-0`, `1.0`, `1E3`, `"\u0041\/"`, `"\u001f"`, `"\u000A"`, `"\u000a"`, ` {"b":1, "a":2 }`, `{"a":1,"a":2}`, `"\ud800"`, `[]`, `{}`, `{"b":{},"a":[]}`, `999999999999999`, `9007199254740993`}),
			func(s string) any { return json.RawMessage(s) }),
		rapid.Map(rapid.Bool(), func(b bool) any { return b }),
		rapid.Just[any](nil),
	}
	if depth == 0 {
		return rapid.OneOf(leaves...)
	}
	below := values(depth - 1)
	type pair struct {
		B any `json:"b"`
		A any `json:"a"`
		X any `json:"aa,omitempty"`
	}
	return rapid.OneOf(append(leaves,
		rapid.Map(rapid.SliceOfN(below, 0, 4), func(s []any) any { return s }),
		rapid.Map(rapid.MapOfN(names, below, 0, 4), func(m map[string]any) any { return m }),
		rapid.Custom(func(t *rapid.T) any { return pair{below.Draw(t, "b"), below.Draw(t, "a"), below.Draw(t, "x")} }),
	)...)
}

// One pass and the general way give the same bytes, or refuse the same values.
func TestAnEncoderWritesWhatTheGeneralWayDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var e canon.Encoder
		for _, v := range rapid.SliceOfN(values(3), 1, 3).Draw(t, "values") {
			got, gotErr := e.Marshal(v)
			var want []byte
			encoded, wantErr := json.Marshal(v)
			if wantErr == nil {
				want, wantErr = canon.Bytes(encoded)
			}
			require.Equal(t, wantErr == nil, gotErr == nil, "%s: %v, %v", encoded, gotErr, wantErr)
			require.Equal(t, string(want), string(got))
			once, _ := canon.Marshal(v)
			require.Equal(t, string(want), string(once))
		}
	})
}

func TestAnEncoderSpendsOneAllocationForEachDocument(t *testing.T) {
	doc := &struct {
		Schema string `json:"schema"`
		ID     string `json:"id"`
		Text   string `json:"text"`
	}{"s", "i", strings.Repeat("nothing unusual ", 50)}
	var e canon.Encoder
	want, err := e.Marshal(doc)
	require.NoError(t, err)
	require.Equal(t, `{"id":"i","schema":"s"`, string(want[:22]))
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() { _, _ = e.Marshal(doc) }), 2.0)
}

func BenchmarkMarshal(b *testing.B) {
	doc := map[string]any{"schema": "clinic.note", "text": strings.Repeat("The review found nothing unusual. ", 23), "id": "n1"}
	for i := range 8 {
		doc[fmt.Sprint("member", i)] = []string{"a", "b"}
	}
	var e canon.Encoder
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Marshal(doc); err != nil {
			b.Fatal(err)
		}
	}
}
