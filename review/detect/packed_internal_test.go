package detect

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestAPackedSetIsASet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var p packed
		want := map[uint64]bool{}
		for _, k := range rapid.SliceOf(rapid.OneOf(rapid.Uint64Range(1, 300), rapid.Uint64Range(1, 1<<64-1))).Draw(t, "numbers") {
			p.add(k)
			want[k] = true
			if rapid.IntRange(0, 9).Draw(t, "look") == 0 {
				require.Equal(t, len(want), p.len())
			}
		}
		require.Equal(t, slices.Sorted(maps.Keys(want)), slices.Collect(p.all()))
	})
}

// Numbers of many batches, with some again, come out in order and once; a pair takes about two bytes where a subject has
// a few dozen out of many things.
func TestAPackedSetOfManyBatches(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	var p packed
	want := map[uint64]bool{}
	for i := range 20 * packedBatch {
		k := uint64(i/8192+1)<<32 | uint64(random.IntN(25_000)+1)
		if i%3 == 0 {
			k = uint64(random.IntN(20)+1)<<32 | uint64(random.IntN(25_000)+1)
		}
		p.add(k)
		want[k] = true
	}
	require.Equal(t, slices.Sorted(maps.Keys(want)), slices.Collect(p.all()))
	require.Equal(t, len(want), p.len())
	require.Less(t, len(p.runs[0].data), 2*len(want))
}
