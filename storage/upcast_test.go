package storage_test

import (
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

type draft2 struct {
	hipaasmp.Header
	Words []string `json:"words,omitempty"`
}

func (draft2) Validate() error { return nil }
