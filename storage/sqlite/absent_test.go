package sqlite_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/storage/driver"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

// A transaction that imports does not ask for each id. What it answers by itself must be what the database would say,
// also after an append of its own.
func TestATransactionKnowsWhatIsNotThere(t *testing.T) {
	t.Parallel()
	b, model := openBackend(t, newPath(t), nil), memory.New()
	size := uint64(0)
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for seed := range uint64(long.Count(30, 300)) {
		var told [2][]string
		for i, on := range []driver.Backend{b, model} {
			rng := rand.New(rand.NewPCG(seed, 1))
			n := size
			require.NoError(t, on.Update(ctx, "t", func(tx driver.Tx) error {
				for range 24 {
					kind, id := fmt.Sprint("k", rng.IntN(2)), fmt.Sprintf("%c%d", 'a'+rng.IntN(26), rng.IntN(3))
					row, err := tx.Get(kind, id, 0)
					if err != nil && !errors.Is(err, driver.ErrNotFound) {
						return err
					}
					told[i] = append(told[i], fmt.Sprint(kind, id, " ", row.Version, " ", err))
					if rng.IntN(5) > 0 {
						continue
					}
					row = driver.Row{Kind: kind, ID: id, Version: row.Version + 1, Seq: n, Recorded: at, Envelope: []byte(id), Body: []byte("{}"), Salt: []byte("s")}
					n++
					if err := tx.Append([]driver.Row{row}, nil, driver.Head{Epoch: 1, Size: n, Recorded: at}); err != nil {
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

func TestWhatATransactionAppendedIsNoLongerAbsent(t *testing.T) {
	t.Parallel()
	b := openBackend(t, newPath(t), nil)
	require.NoError(t, b.Update(ctx, "t", func(tx driver.Tx) error {
		for n, id := range []string{"a", "b", "c"} {
			for i := range 5 {
				_, err := tx.Get("k", fmt.Sprint(id, i), 0)
				require.ErrorIs(t, err, driver.ErrNotFound)
			}
			row := driver.Row{Kind: "k", ID: id + "3", Version: 1, Seq: uint64(n), Recorded: time.Unix(1, 0).UTC(), Envelope: []byte(id), Body: []byte("{}"), Salt: []byte("s")}
			require.NoError(t, tx.Append([]driver.Row{row}, nil, driver.Head{Epoch: 1, Size: uint64(n) + 1, Recorded: row.Recorded}))
			got, err := tx.Get("k", id+"3", 0)
			require.NoError(t, err)
			require.Equal(t, uint64(1), got.Version)
		}
		return nil
	}))
}
