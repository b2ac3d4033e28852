package postgres_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/postgres"
)

// childDatabase names the database to the other process, which is this test binary once more.
const childDatabase = "HIPAASMP_TEST_CHILD_DATABASE"

// joinAndWrite is the other process: it writes a row of the product's, joins, writes a document, commits, and says so.
func joinAndWrite(dsn string) error {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return err
	}
	b, err := postgres.Open(ctx, dsn, nil)
	if err != nil {
		return err
	}
	signer, err := fixedSigner()
	if err != nil {
		return err
	}
	s, err := storage.New(b, storage.Options{Signer: signer, Clock: func() time.Time { return march }})
	if err != nil {
		return err
	}
	for {
		tx, err := pool.Begin(ctx)
		if err != nil {
			return err
		}
		var n int
		if err := tx.QueryRow(ctx, "SELECT count(*) FROM chart").Scan(&n); err != nil {
			return err
		}
		id := fmt.Sprint("n", n)
		if _, err := tx.Exec(ctx, "INSERT INTO chart VALUES ($1)", id); err != nil {
			return err
		}
		fmt.Println("between")
		joined, err := b.Join(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := s.In(joined).Put(ctx, "t", newNote(id)); err != nil {
			return err
		}
		fmt.Println("written")
		if err := tx.Commit(ctx); err != nil {
			return err
		}
		fmt.Println("committed", id)
	}
}

// The product is killed between its own write and the commit, and at random moments: the row and the document are both
// there or neither is.
func TestAKillLeavesTheCallersRowAndTheDocumentOrNeither(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b, pool := product(t)
	store, err := storage.New(b, storage.Options{Signer: newSigner(t), Clock: func() time.Time { return march }})
	require.NoError(t, err)
	binary, err := os.Executable()
	require.NoError(t, err)
	rng := rand.New(rand.NewPCG(3, 4))
	stops := map[string]int{}
	for i := range long.Drill(6, 60, 120) {
		cmd := exec.Command(binary)
		cmd.Env = append(os.Environ(), childDatabase+"="+b.dsn)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		lines := bufio.NewScanner(out)
		last, acknowledged := "", ""
		for left := 1 + rng.IntN(40); left > 0 && lines.Scan(); left-- {
			last = lines.Text()
			if _, err := fmt.Sscanf(last, "committed %s", &acknowledged); err == nil {
				last = "committed"
			}
		}
		require.NotEmpty(t, last, "the process must come as far as its first row")
		require.NoError(t, cmd.Process.Kill())
		_ = cmd.Wait()
		stops[last]++
		// The server may still be at the commit that the process sent with its last breath; the lock on the head says when
		// it has ended.
		_, err = store.Put(ctx, "t", newNote(fmt.Sprint("ours-", i)))
		require.NoError(t, err)
		_, err = pool.Exec(ctx, "INSERT INTO chart VALUES ($1)", fmt.Sprint("ours-", i))
		require.NoError(t, err)
		v, err := store.VerifyTenant(ctx, "t")
		require.NoError(t, err)
		require.NoError(t, v.Err())
		require.Equal(t, charts(t, pool), v.Size, "one document for each row")
		if acknowledged != "" {
			_, err := store.Get(ctx, "t", newNote(acknowledged).DocumentRef())
			require.NoError(t, err)
		}
	}
	require.Positive(t, stops["between"]+stops["written"], "no kill fell inside a transaction: %v", stops)
}
