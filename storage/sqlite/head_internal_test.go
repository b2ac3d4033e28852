package sqlite

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// noteOver is a note with signatures of the given lengths, key hashes included.
func noteOver(size uint64, root []byte, lengths ...int) []byte {
	b := fmt.Appendf(nil, "clinic.example/clinic/1\n%d\n%s\n\n", size, base64.StdEncoding.EncodeToString(root))
	for i, n := range lengths {
		b = fmt.Appendf(b, "\u2014 key-%d %s\n", i, base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{byte(i + 1)}, n)))
	}
	return b
}

func TestANoteComesBackFromItsFormAndItsSignatures(t *testing.T) {
	t.Parallel()
	root := bytes.Repeat([]byte{7}, driver.HashSize)
	for _, lengths := range [][]int{{68}, {68, 68}, {68, 2424}, {4}} {
		note := noteOver(263, root, lengths...)
		form, rest, ok := splitNote(note, 263, root)
		require.True(t, ok)
		sum := 0
		for _, n := range lengths {
			sum += n - keyHash
		}
		require.Len(t, rest, sum, "nothing but the signatures is kept")
		again, ok := form.note(rest, 263, root)
		require.True(t, ok)
		require.Equal(t, string(note), string(again))
		_, ok = form.note(append(rest, 0), 263, root)
		require.False(t, ok)
	}
}

func TestWhatIsNoNoteOfTheHeadIsKeptAsItStands(t *testing.T) {
	t.Parallel()
	root := bytes.Repeat([]byte{7}, driver.HashSize)
	good := string(noteOver(9, root, 68))
	for name, note := range map[string]string{
		"nothing": "", "a text": "note", "another size": string(noteOver(8, root, 68)), "another root": string(noteOver(9, root[:31], 68)),
		"a short signature": string(noteOver(9, root, 3)), "no end of the line": strings.TrimSuffix(good, "\n"), "a line more": good + "x\n",
		"an empty line": good + "\n", "bits after the base64": strings.Replace(good, "E=\n", "F=\n", 1) + " ", "an extension": strings.Replace(good, "\n\n", "\nmore\n\n", 1),
		"no signature": string(noteOver(9, root)),
	} {
		_, _, ok := splitNote([]byte(note), 9, root)
		require.False(t, ok, name)
	}
}

func FuzzSplitNote(f *testing.F) {
	root := bytes.Repeat([]byte{7}, driver.HashSize)
	f.Add(noteOver(9, root, 68), "clinic\nkey 01020304 64")
	f.Add([]byte("x\n9\n"), "a\nb ff -1")
	f.Fuzz(func(t *testing.T, note []byte, text string) {
		if form, rest, ok := splitNote(note, 9, root); ok {
			again, ok := form.note(rest, 9, root)
			require.True(t, ok)
			require.Equal(t, note, again)
		}
		_, _ = noteForm(text).note(note, 9, root)
	})
}

func FuzzUnpackHead(f *testing.F) {
	f.Add(append([]byte{0, 1}, bytes.Repeat([]byte{7}, 40)...))
	f.Add(append([]byte{1, 1}, bytes.Repeat([]byte{3}, 60)...))
	r := &reader{b: &Backend{}}
	r.b.learn(map[noteForm]int64{"clinic\nkey 01020304 4": 7})
	f.Fuzz(func(t *testing.T, b []byte) {
		for n := int64(0); n < 3; n++ {
			_, _ = r.unpackHead(b, uint64(n), n)
		}
	})
}
