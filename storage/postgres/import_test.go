package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/memory"
	"github.com/hipaasmp/hipaasmp/storage/postgres"
)

// A transaction that imports does not ask for each id. What it answers by itself must be what the database would say.
func TestATransactionKnowsWhatIsNotThere(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	b, model := open(t, server.Database(t), postgres.Options{}), memory.New()
	size := uint64(0)
	for seed := range uint64(long.Count(30, 300)) {
		var told [2][]string
		for i, on := range []driver.Backend{b, model} {
			rng := rand.New(rand.NewPCG(seed, 1))
			n := size
			require.NoError(t, on.Update(ctx, "t", func(tx driver.Tx) error {
				for range 12 {
					kind, id := fmt.Sprint("k", rng.IntN(2)), fmt.Sprintf("%c%d", 'a'+rng.IntN(26), rng.IntN(3))
					row, err := tx.Get(kind, id, 0)
					if err != nil && !errors.Is(err, driver.ErrNotFound) {
						return err
					}
					told[i] = append(told[i], fmt.Sprint(kind, id, " ", row.Version, " ", err))
					if rng.IntN(3) > 0 {
						continue
					}
					row = driver.Row{Kind: kind, ID: id, Version: row.Version + 1, Seq: n, Recorded: disposition.At, Envelope: []byte(id), Body: []byte("{}"), Salt: []byte("s")}
					n++
					if err := tx.Append([]driver.Row{row}, nil, driver.Head{Epoch: 1, Size: n, Recorded: row.Recorded}); err != nil {
						return err
					}
				}
				return nil
			}), "seed %d", seed)
			if i == 1 {
				size = n
			}
		}
		require.Equal(t, told[1], told[0], "seed %d", seed)
	}
}
