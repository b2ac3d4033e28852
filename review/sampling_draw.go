package review

import (
	"bytes"
	"container/heap"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Item is one entry of a population, by the file that holds it and its place there. Whoever has the file finds it again.
type Item struct {
	// File is the digest of the file as it was delivered.
	File hipaasmp.Digest `json:"file" validate:"digest"`
	// Offset is the position of the entry's first byte, from 0, in the file after decompression.
	Offset int64 `json:"offset" validate:"min=0,max=9007199254740991"`
}

// String returns the digest and the offset with a colon between them. The key of the item is taken from these bytes.
func (i Item) String() string { return fmt.Sprintf("%s:%d", i.File, i.Offset) }

// Key returns the item's place in the draw under the seed: HMAC-SHA-256, with the 32 bytes of the seed as key, of the
// item's String. The items with the smallest keys are drawn.
func (i Item) Key(seed hipaasmp.Digest) [sha256.Size]byte {
	key, _ := hex.DecodeString(string(seed)) // of a seed that is none the draw is of no use and Sample refuses it
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(i.String()))
	return [sha256.Size]byte(mac.Sum(nil))
}

// minNonce is the least length of a nonce in bytes.
const minNonce = 16

// NewNonce returns a nonce of 32 bytes from a random source such as crypto/rand.Reader. The error is the source's.
func NewNonce(random io.Reader) ([]byte, error) {
	nonce := make([]byte, 32)
	if _, err := io.ReadFull(random, nonce); err != nil {
		return nil, fmt.Errorf("review: no nonce: %w", err)
	}
	return nonce, nil
}

// Commitment returns the SHA-256 digest of the nonce. It goes into the plan before the records are read; the nonce itself
// is shown when the sample is drawn, so that nobody steers the draw.
func Commitment(nonce []byte) hipaasmp.Digest { return hipaasmp.DigestOf(nonce) }

// Population returns the digest of the files that hold a population: of their digests in order, each once, each followed by
// a line feed. It is none of the order or the names of the files.
func Population(files ...LogFile) hipaasmp.Digest {
	digests := make([]string, 0, len(files))
	for _, l := range files {
		digests = append(digests, string(l.SHA256))
	}
	slices.Sort(digests)
	var b strings.Builder
	for _, d := range slices.Compact(digests) {
		b.WriteString(d + "\n")
	}
	return hipaasmp.DigestOf([]byte(b.String()))
}

// seedName begins what a seed is the digest of, so that it is no digest of anything else.
const seedName = "hipaasmp review sampling seed 1"

// Seed returns the seed of a draw: the SHA-256 digest of six lines, each ended by a line feed, which are a constant, the
// first and the last day of the period with "/" between them, the source, the stratum, the digest of the population, and
// the nonce in lower-case hexadecimal.
func Seed(period hipaasmp.Period, source, stratum string, population hipaasmp.Digest, nonce []byte) hipaasmp.Digest {
	lines := []string{seedName, period.From.String() + "/" + period.To.String(), source, stratum, string(population), hex.EncodeToString(nonce)}
	return hipaasmp.DigestOf([]byte(strings.Join(lines, "\n") + "\n"))
}

// Draw keeps, of the items that it is shown, those with the smallest keys. The result does not depend on the order of the
// items nor on how they were parted, and the memory only on the size of the sample. It is not safe for use by several
// goroutines; give each its own and merge them.
type Draw struct {
	seed hipaasmp.Digest
	size int
	seen int64
	kept keyed
}

// NewDraw returns an empty draw of size items.
func NewDraw(seed hipaasmp.Digest, size int) *Draw { return &Draw{seed: seed, size: max(0, size)} }

// Add shows the draw one item. Show each item once.
func (d *Draw) Add(item Item) {
	d.seen++
	d.offer(keyedItem{item.Key(d.seed), item})
}

func (d *Draw) offer(x keyedItem) {
	switch {
	case len(d.kept) < d.size:
		heap.Push(&d.kept, x)
	case d.size > 0 && x.less(d.kept[0]):
		d.kept[0] = x
		heap.Fix(&d.kept, 0)
	}
}

// Merge adds what another draw was shown, which must be none of the same items. Draws of another seed or size are refused.
func (d *Draw) Merge(other *Draw) error {
	if other.seed != d.seed || other.size != d.size {
		return fmt.Errorf("review: a draw of %d items cannot take one of %d or of another seed", d.size, other.size)
	}
	d.seen += other.seen
	for _, x := range other.kept {
		d.offer(x)
	}
	return nil
}

// Seen returns how many items the draw was shown: the population.
func (d *Draw) Seen() int64 { return d.seen }

// Seed returns the seed of the draw.
func (d *Draw) Seed() hipaasmp.Digest { return d.seed }

// Items returns the drawn items in the order of their keys.
func (d *Draw) Items() []Item {
	kept := slices.Clone(d.kept)
	slices.SortFunc(kept, keyedItem.compare)
	out := make([]Item, len(kept))
	for i, x := range kept {
		out[i] = x.item
	}
	return out
}

type keyedItem struct {
	key  [sha256.Size]byte
	item Item
}

func (x keyedItem) compare(y keyedItem) int {
	if c := bytes.Compare(x.key[:], y.key[:]); c != 0 {
		return c
	}
	return strings.Compare(x.item.String(), y.item.String())
}

func (x keyedItem) less(y keyedItem) bool { return x.compare(y) < 0 }

// keyed is a heap with the largest key on top.
type keyed []keyedItem

func (k keyed) Len() int           { return len(k) }
func (k keyed) Less(i, j int) bool { return k[j].less(k[i]) }
func (k keyed) Swap(i, j int)      { k[i], k[j] = k[j], k[i] }
func (k *keyed) Push(x any)        { *k = append(*k, x.(keyedItem)) }
func (k *keyed) Pop() any {
	old := *k
	last := old[len(old)-1]
	*k = old[:len(old)-1]
	return last
}
