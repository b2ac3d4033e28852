package postgres_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/internal/pgtest"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/postgres"
)

func TestDisposedContentLeavesTheFilesOnceTheTableIsWrittenAnew(t *testing.T) {
	if !long.On {
		t.Skip("writes out all that the server has in memory, which the other tests would wait for; run with -tags long")
	}
	t.Parallel()
	ctx := context.Background()
	dsn := server.Database(t)
	b := open(t, dsn, postgres.Options{})
	body, key, salt, reason := []byte("the body that is to go"), []byte("the key that is to go"), []byte("the salt that is to go"), "the reason that is to go"
	for i := range uint64(3) {
		require.NoError(t, b.Update(ctx, "t", func(tx driver.Tx) error {
			row := driver.Row{Kind: "k", ID: fmt.Sprint(i), Version: 1, Seq: i, Recorded: march, Envelope: []byte("e"), Body: []byte("what stays"), Salt: []byte("s")}
			if i == 1 {
				row.Body, row.Key, row.Salt, row.Reason, row.KeepThrough = body, key, salt, reason, hipaasmp.Day(2020, 1, 1)
			}
			return tx.Append([]driver.Row{row}, nil, driver.Head{Epoch: 1, Size: i + 1, Recorded: row.Recorded})
		}))
	}
	second := []byte("the second key that is to go")
	require.NoError(t, b.Update(ctx, "t", func(tx driver.Tx) error { return tx.Rekey("k", "1", 1, second) }))
	conn := connect(t, dsn)
	files := func() []byte {
		_, err := conn.Exec(ctx, "CHECKPOINT") // so that the files are what the server has in memory
		require.NoError(t, err)
		var all []byte
		for _, relation := range []string{"content", "content_key", "content_pkey", "content_key_pkey", "entry", "entry_pkey", "disposal"} {
			var file []byte
			require.NoError(t, conn.QueryRow(ctx, "SELECT pg_read_binary_file(pg_relation_filepath('hipaasmp."+relation+"'))").Scan(&file))
			all = append(all, file...)
		}
		return all
	}
	before := files()
	for _, x := range [][]byte{body, key, salt, []byte(reason), second} {
		require.True(t, bytes.Contains(before, x), "the search must be able to find %s", x)
	}
	require.NoError(t, b.Update(ctx, "t", func(tx driver.Tx) error { return tx.Dispose("k", "1", hipaasmp.Day(2020, 1, 2)) }))
	// A snapshot that is older, such as that of the server's own ANALYZE, keeps what it may still have to read.
	var after []byte
	for range 100 {
		pgtest.Exec(t, dsn, "VACUUM FULL hipaasmp.content", "VACUUM FULL hipaasmp.content_key")
		if after = files(); !bytes.Contains(after, body) && !bytes.Contains(after, second) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	for _, x := range [][]byte{body, key, salt, []byte(reason), second} {
		require.False(t, bytes.Contains(after, x), "%s is in the files", x)
	}
	require.True(t, bytes.Contains(after, []byte("what stays")))
}
