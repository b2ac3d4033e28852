package review_test

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
)

func TestADrawIsRepeatedByAnotherProgram(t *testing.T) {
	t.Parallel()
	for _, x := range vectors(t).Draws {
		nonce, err := hex.DecodeString(x.Nonce)
		require.NoError(t, err)
		require.Equal(t, x.Commitment, review.Commitment(nonce))
		var files []review.LogFile
		for _, d := range x.Files {
			files = append(files, review.LogFile{SHA256: d})
		}
		require.Equal(t, x.FilesDigest, review.Population(files...))
		seed := review.Seed(hipaasmp.Period{From: day(x.From), To: day(x.To)}, x.Source, x.Stratum, x.FilesDigest, nonce)
		require.Equal(t, x.Seed, seed)
		d := review.NewDraw(seed, x.Size)
		for _, item := range x.Population {
			d.Add(item)
		}
		require.Equal(t, x.Drawn, d.Items())
		require.Equal(t, int64(len(x.Population)), d.Seen())
	}
}

func items(n int) []review.Item {
	out := make([]review.Item, n)
	for i := range out {
		out[i] = review.Item{File: hipaasmp.DigestOf([]byte{byte(i % 3)}), Offset: int64(i) * 17}
	}
	return out
}

func TestADrawDoesNotDependOnOrderOrParts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seed := hipaasmp.DigestOf(rapid.SliceOf(rapid.Byte()).Draw(t, "seed"))
		all := items(rapid.IntRange(0, 80).Draw(t, "population"))
		size := rapid.IntRange(0, 90).Draw(t, "size")
		whole := review.NewDraw(seed, size)
		for _, x := range all {
			whole.Add(x)
		}
		parts := make([]*review.Draw, rapid.IntRange(1, 4).Draw(t, "parts"))
		for i := range parts {
			parts[i] = review.NewDraw(seed, size)
		}
		for _, x := range rapid.Permutation(all).Draw(t, "order") {
			parts[rapid.IntRange(0, len(parts)-1).Draw(t, "part")].Add(x)
		}
		for len(parts) > 1 {
			i := rapid.IntRange(1, len(parts)-1).Draw(t, "merge")
			require.NoError(t, parts[0].Merge(parts[i]))
			parts = slices.Delete(parts, i, i+1)
		}
		require.Equal(t, whole.Items(), parts[0].Items())
		require.Equal(t, int64(len(all)), parts[0].Seen())
		require.Len(t, whole.Items(), min(size, len(all)))
	})
}

// A seed chosen without knowledge of the entries spares none of them: each is drawn about equally often.
func TestEveryEntryIsDrawnEquallyOften(t *testing.T) {
	t.Parallel()
	all, count := items(20), map[review.Item]int{}
	const rounds = 4000
	for i := range rounds {
		d := review.NewDraw(hipaasmp.DigestOf([]byte{byte(i), byte(i >> 8)}), 5)
		for _, x := range all {
			d.Add(x)
		}
		for _, x := range d.Items() {
			count[x]++
		}
	}
	for _, x := range all {
		require.InDelta(t, rounds/4, count[x], 140, "five standard deviations are 137")
	}
}

func TestDrawsOfAnotherSeedOrSizeDoNotMerge(t *testing.T) {
	t.Parallel()
	a := review.NewDraw(hipaasmp.DigestOf(nil), 5)
	require.Error(t, a.Merge(review.NewDraw(hipaasmp.DigestOf(nil), 6)))
	require.Error(t, a.Merge(review.NewDraw(hipaasmp.DigestOf([]byte("x")), 5)))
	require.Empty(t, review.NewDraw(hipaasmp.DigestOf(nil), -1).Items())
}

func TestANonceComesWholeFromItsSource(t *testing.T) {
	t.Parallel()
	n, err := review.NewNonce(bytes.NewReader(bytes.Repeat([]byte{7}, 40)))
	require.NoError(t, err)
	require.Len(t, n, 32)
	_, err = review.NewNonce(strings.NewReader("short"))
	require.ErrorContains(t, err, "review: no nonce")
}

func TestTheSeedDependsOnEveryPart(t *testing.T) {
	t.Parallel()
	files := review.Population(review.LogFile{SHA256: hipaasmp.DigestOf(nil)})
	seen := map[hipaasmp.Digest]bool{}
	for _, s := range []hipaasmp.Digest{
		review.Seed(march(), "ehr-log", "", files, []byte("nonce")), review.Seed(month("2026-04-01"), "ehr-log", "", files, []byte("nonce")),
		review.Seed(march(), "ehr", "", files, []byte("nonce")), review.Seed(march(), "ehr-log", "x", files, []byte("nonce")),
		review.Seed(march(), "ehr-log", "", review.Population(), []byte("nonce")), review.Seed(march(), "ehr-log", "", files, []byte("other")),
	} {
		require.False(t, seen[s])
		seen[s] = true
	}
}
