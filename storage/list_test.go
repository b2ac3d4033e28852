package storage_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
)

func TestAsOf(t *testing.T) {
	t.Parallel()
	s, c := newStore(t)
	start := c.now
	for i := range 3 {
		c.now = start.Add(time.Duration(i) * time.Hour)
		_, err := s.Put(ctx, "clinic", newDraft("d", fmt.Sprint(i)))
		require.NoError(t, err)
	}
	ref := hipaasmp.Ref{Kind: KindDraft, ID: "d"}
	_, err := s.GetAsOf(ctx, "clinic", ref, start.Add(-time.Microsecond))
	require.ErrorIs(t, err, storage.ErrNotFound)
	for i, when := range []time.Duration{0, time.Hour + 1, 9 * time.Hour} {
		e, err := s.GetAsOf(ctx, "clinic", ref, start.Add(when))
		require.NoError(t, err)
		require.Equal(t, uint64(i+1), e.Version)
		var listed []uint64
		for e, err := range s.List(ctx, "clinic", storage.Query{AsOf: start.Add(when)}) {
			require.NoError(t, err)
			listed = append(listed, e.Version)
		}
		require.Equal(t, []uint64{uint64(i + 1)}, listed)
	}
}

func TestListPagesAndFilters(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	const n = 600 // more than two pages
	require.NoError(t, s.Update(ctx, "clinic", func(tx *storage.Tx) error {
		for i := range n {
			if _, err := tx.Put(newDraft(fmt.Sprintf("d%04d", i), "x")); err != nil {
				return err
			}
		}
		_, err := tx.Put(newProcedure("p", "Title", "2026-02-03"))
		return err
	}))
	count := func(q storage.Query) (n int) {
		last := ""
		for e, err := range s.List(ctx, "clinic", q) {
			require.NoError(t, err)
			require.Less(t, last, string(e.Kind)+"/"+e.ID)
			last = string(e.Kind) + "/" + e.ID
			n++
		}
		return n
	}
	require.Equal(t, n+1, count(storage.Query{}))
	require.Equal(t, n, count(storage.Query{Kind: KindDraft}))
	require.Equal(t, 1, count(storage.Query{Kind: KindProcedure}))
	require.Equal(t, 300, count(storage.Query{Limit: 300}))
	require.Equal(t, 0, count(storage.Query{Kind: "clinic.none"}))
	for range s.List(ctx, "clinic", storage.Query{}) {
		break // an abandoned iterator holds nothing open: Close in the cleanup returns
	}
	var docs int
	for d, err := range storage.List[Draft](ctx, s, "clinic", storage.Query{Kind: KindDraft}) {
		require.NoError(t, err)
		require.Equal(t, "x", d.Text)
		docs++
	}
	require.Equal(t, n, docs)
}

func TestListStopsAtTheFirstError(t *testing.T) {
	t.Parallel()
	s, _ := newStore(t)
	_, err := s.Put(ctx, "clinic", newDraft("d", "x"))
	require.NoError(t, err)
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	calls := 0
	for _, err := range s.List(cancelled, "clinic", storage.Query{}) {
		require.ErrorIs(t, err, context.Canceled)
		calls++
	}
	require.Equal(t, 1, calls)
}

func TestPagesAndCursors(t *testing.T) {
	t.Parallel()
	s, c := newStore(t)
	for i := range 7 {
		_, err := s.Put(ctx, "clinic", newDraft(fmt.Sprint("d", i), "x"))
		require.NoError(t, err)
	}
	q := storage.Query{Kind: KindDraft, Limit: 3}
	var got []string
	var cursors []storage.Cursor
	for {
		p, err := s.Page(ctx, "clinic", q)
		require.NoError(t, err)
		for _, e := range p.Entries {
			got = append(got, e.ID)
		}
		if p.Next == "" {
			break
		}
		cursors = append(cursors, p.Next)
		q.After = p.Next
	}
	require.Equal(t, []string{"d0", "d1", "d2", "d3", "d4", "d5", "d6"}, got)
	require.Len(t, cursors, 2)
	p, err := s.Page(ctx, "clinic", storage.Query{Kind: KindDraft, Limit: 7})
	require.NoError(t, err)
	require.Empty(t, p.Next, "a full last page has no next")

	flipped := []byte(cursors[0])
	flipped[5] ^= 1
	for name, x := range map[string]struct {
		tenant string
		q      storage.Query
	}{
		"of another tenant":  {"other", storage.Query{Kind: KindDraft, After: cursors[0]}},
		"of another kind":    {"clinic", storage.Query{Kind: KindProcedure, After: cursors[0]}},
		"of all kinds":       {"clinic", storage.Query{After: cursors[0]}},
		"of another instant": {"clinic", storage.Query{Kind: KindDraft, AsOf: c.now, After: cursors[0]}},
		"changed":            {"clinic", storage.Query{Kind: KindDraft, After: storage.Cursor(flipped)}},
		"cut":                {"clinic", storage.Query{Kind: KindDraft, After: cursors[0][:8]}},
		"no cursor":          {"clinic", storage.Query{Kind: KindDraft, After: "d3"}},
		"endless":            {"clinic", storage.Query{Kind: KindDraft, After: storage.Cursor(strings.Repeat("A", 1<<20))}},
	} {
		_, err := s.Page(ctx, x.tenant, x.q)
		var ce *storage.CursorError
		require.ErrorAs(t, err, &ce, name)
	}
}

func FuzzCursor(f *testing.F) {
	s, _ := newStore(f)
	for i := range 3 {
		_, err := s.Put(ctx, "clinic", newDraft(fmt.Sprint("d", i), "x"))
		require.NoError(f, err)
	}
	p, err := s.Page(ctx, "clinic", storage.Query{Limit: 1})
	require.NoError(f, err)
	f.Add(string(p.Next))
	f.Add("")
	f.Add("MQ")
	f.Fuzz(func(t *testing.T, cursor string) {
		p, err := s.Page(ctx, "clinic", storage.Query{After: storage.Cursor(cursor)})
		if err != nil {
			var ce *storage.CursorError
			require.ErrorAs(t, err, &ce)
			return
		}
		require.LessOrEqual(t, len(p.Entries), 3)
	})
}
