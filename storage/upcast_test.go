package storage_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

func TestUpcastingReadsOldDocuments(t *testing.T) {
	t.Parallel()
	b := memory.New()
	defer b.Close()
	_, err := open(t, b).Put(ctx, "clinic", newDraft("d", "x"))
	require.NoError(t, err)
	v2 := hipaasmp.SchemaID(KindDraft, 2)
	ref := hipaasmp.Ref{Kind: KindDraft, ID: "d"}

	newer := open(t, b, func(o *storage.Options) {
		o.Upcasters = []storage.Upcaster{{From: hipaasmp.SchemaID(KindDraft, 1), To: v2, Up: func(body []byte) ([]byte, error) {
			return []byte(`{"id":"d","schema":"` + v2 + `","words":["x"]}`), nil
		}}}
	})
	doc, e, err := storage.Get[draft2](ctx, newer, "clinic", ref)
	require.NoError(t, err)
	require.Equal(t, []string{"x"}, doc.Words)
	require.Equal(t, hipaasmp.SchemaID(KindDraft, 1), e.Schema, "what is stored stays as it was")
	_, err = newer.Put(ctx, "clinic", draft2{hipaasmp.Header{Schema: v2, ID: "d2"}, []string{"y"}})
	require.NoError(t, err)

	older := open(t, b)
	_, _, err = storage.Get[Draft](ctx, older, "clinic", hipaasmp.Ref{Kind: KindDraft, ID: "d2"})
	var se *storage.SchemaError
	require.ErrorAs(t, err, &se)
	require.Equal(t, v2, se.Schema)
	require.ErrorContains(t, err, "upgrade")
}

// A document goes through every step between its schema and the newest; where a step is missing it is not read as
// something that it is not.
func TestUpcastingTakesEveryStep(t *testing.T) {
	t.Parallel()
	schema := func(major int) string { return hipaasmp.SchemaID(KindDraft, major) }
	ref := hipaasmp.Ref{Kind: KindDraft, ID: "d"}
	step := func(from, to int, words string) storage.Upcaster {
		return storage.Upcaster{From: schema(from), To: schema(to), Up: func([]byte) ([]byte, error) {
			return []byte(`{"id":"d","schema":"` + schema(to) + `","words":["` + words + `"]}`), nil
		}}
	}
	failing := storage.Upcaster{From: schema(1), To: schema(3), Up: func([]byte) ([]byte, error) { return nil, errors.New("no such member") }}
	for name, x := range map[string]struct {
		steps []storage.Upcaster
		words string
		fails string
	}{
		"two steps in any order": {[]storage.Upcaster{step(2, 3, "third"), step(1, 2, "second")}, "third", ""},
		"one long step":          {[]storage.Upcaster{step(1, 3, "at once"), step(2, 3, "third")}, "at once", ""},
		"the first is missing":   {[]storage.Upcaster{step(2, 3, "third")}, "", "knows no way from " + schema(1)},
		"the last is missing":    {[]storage.Upcaster{step(1, 2, "second"), step(3, 4, "fourth")}, "", "knows no way from " + schema(2)},
		"a step fails":           {[]storage.Upcaster{failing}, "", "no such member"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := memory.New()
			t.Cleanup(func() { require.NoError(t, b.Close()) })
			put, err := open(t, b).Put(ctx, "clinic", newDraft("d", "first"))
			require.NoError(t, err)
			s := open(t, b, func(o *storage.Options) { o.Upcasters = x.steps })
			doc, e, err := storage.Get[draft2](ctx, s, "clinic", ref)
			if x.fails == "" {
				require.NoError(t, err)
				require.Equal(t, []string{x.words}, doc.Words)
				require.Equal(t, put.Leaf(), e.Leaf(), "the leaf is of what is stored")
			} else {
				require.ErrorContains(t, err, x.fails)
			}
			v, err := s.VerifyTenant(ctx, "clinic")
			require.NoError(t, err)
			require.NoError(t, v.Err())
		})
	}
	for name, bad := range map[string][]storage.Upcaster{
		"backwards":    {step(2, 1, "x")},
		"on the spot":  {step(1, 1, "x")},
		"twice":        {step(1, 2, "x"), step(1, 3, "y")},
		"no function":  {{From: schema(1), To: schema(2)}},
		"another kind": {{From: schema(1), To: hipaasmp.SchemaID(KindProcedure, 2), Up: func(b []byte) ([]byte, error) { return b, nil }}},
		"no schema":    {{From: "x", To: "y", Up: func(b []byte) ([]byte, error) { return b, nil }}},
	} {
		_, err := storage.New(memory.New(), storage.Options{Signer: testSigner(t, "a"), Upcasters: bad})
		var oe *storage.OptionsError
		require.ErrorAs(t, err, &oe, name)
		require.Equal(t, "Upcasters", oe.Option, name)
	}
}

type draft2 struct {
	hipaasmp.Header
	Words []string `json:"words,omitempty"`
}

func (draft2) Validate() error { return nil }
