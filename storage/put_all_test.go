package storage_test

import (
	"crypto/rand"
	"fmt"
	"log"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
)

func TestPutAllKeepsAllOrNothing(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	entries, err := s.PutAll(ctx, "clinic", []hipaasmp.Document{newDraft("b", "1"), newDraft("a", "1"), newDraft("b", "2")}, storage.Reason("import"))
	require.NoError(t, err)
	var got []string
	for _, e := range entries {
		got = append(got, fmt.Sprint(e.Ref(), " #", e.Seq, " ", e.Reason))
	}
	require.Equal(t, []string{"clinic.draft/b@1 #0 import", "clinic.draft/a@1 #1 import", "clinic.draft/b@2 #2 import"}, got)
	c, err := s.Checkpoint(ctx, "clinic")
	require.NoError(t, err)
	require.Equal(t, uint64(3), c.Size)
	_, err = s.CheckpointAt(ctx, "clinic", 1)
	require.ErrorIs(t, err, storage.ErrNotFound, "one checkpoint for all")

	var conflict *storage.ConflictError
	for rule, x := range map[string]struct {
		docs []hipaasmp.Document
		opts []storage.PutOption
		want any
	}{
		"an invalid document":        {[]hipaasmp.Document{newDraft("c", "x"), newProcedure("p", "", "2026-01-01")}, nil, new(*hipaasmp.ValidationError)},
		"none at all":                {[]hipaasmp.Document{newDraft("c", "x"), nil}, nil, new(*hipaasmp.ValidationError)},
		"one that is there":          {[]hipaasmp.Document{newDraft("c", "x"), newDraft("a", "x")}, []storage.PutOption{storage.IfVersion(0)}, &conflict},
		"one twice that must be new": {[]hipaasmp.Document{newDraft("c", "x"), newDraft("c", "y")}, []storage.PutOption{storage.IfVersion(0)}, &conflict},
	} {
		entries, err := s.PutAll(ctx, "clinic", x.docs, x.opts...)
		require.ErrorAs(t, err, x.want, rule)
		require.Nil(t, entries, rule)
		_, err = s.Get(ctx, "clinic", newDraft("c", "").DocumentRef())
		require.ErrorIs(t, err, storage.ErrNotFound, rule)
	}
	entries, err = s.PutAll(ctx, "clinic", nil)
	require.NoError(t, err)
	require.Empty(t, entries)
	var kept *storage.Tx
	require.NoError(t, s.Update(ctx, "clinic", func(tx *storage.Tx) error {
		kept = tx
		_, err := tx.Put(newDraft("a", "2"))
		require.NoError(t, err)
		entries, err := tx.PutAll([]hipaasmp.Document{newDraft("a", "3"), newDraft("d", "1")})
		require.NoError(t, err)
		require.Equal(t, uint64(3), entries[0].Version, "it follows on what the transaction wrote")
		return err
	}))
	_, err = kept.PutAll([]hipaasmp.Document{newDraft("e", "1")})
	require.ErrorIs(t, err, storage.ErrClosed)
}

// An import: all of it with one checkpoint, or nothing.
func ExampleStore_PutAll() {
	store := exampleStore(rand.Reader, &clock{at("2026-03-01T09:00:00Z")})
	defer store.Close()
	var documents []hipaasmp.Document
	for i := range 3 {
		documents = append(documents, newProcedure(fmt.Sprint("p-", i+1), "Review of access", "2020-01-01"))
	}
	entries, err := store.PutAll(ctx, "clinic", documents, storage.Reason("moved from the old system"), storage.IfVersion(0))
	if err != nil {
		log.Fatal(err)
	}
	for _, e := range entries {
		fmt.Println(e.Seq, e.Ref())
	}
	// Output:
	// 0 clinic.procedure/p-1@1
	// 1 clinic.procedure/p-2@1
	// 2 clinic.procedure/p-3@1
}
