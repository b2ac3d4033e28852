package evidence

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp/storage"
)

// FuzzVerify gives the verifier anything. Nobody but the holder of the key can make another package that verifies, so
// whatever verifies has the contents of the one that was signed. Whatever the archive reader accepts, another ZIP
// program reads the same way.
func FuzzVerify(f *testing.F) {
	h := newHouse(f, "salt")
	h.put(clinic(), storage.By(official()))
	h.put(newDraft("d1", "words"))
	o := h.options()
	o.Parts = nil
	pkg := h.write(o)
	whole := contents(f, pkg)
	f.Add(pkg)
	f.Add(pkg[:len(pkg)-22])
	f.Add(archiveEnd(0, 0, 0))
	f.Add(rawArchive(f, rawFile{name: "a", data: []byte("x")}))
	f.Add(rawArchive(f, rawFile{name: fileManifest, data: whole[fileManifest]}))
	key := h.signer.VerifierKey()
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := verify(data, VerifyOptions{Limits: Limits{File: 1 << 20, Total: 4 << 20}}, key)
		require.Equal(t, err == nil, r.Passed())
		if err == nil {
			requireSameContents(t, whole, data)
		}
		a, err := openRaw(data, Limits{File: 1 << 20, Total: 4 << 20})
		if err != nil {
			return
		}
		z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		require.NoError(t, err)
		require.Len(t, z.File, len(a.files))
		for i, file := range a.files {
			ours, err := a.bytes(file.name, 1<<20)
			if err != nil {
				continue
			}
			require.Equal(t, file.name, z.File[i].Name)
			r, err := z.File[i].Open()
			require.NoError(t, err)
			theirs, err := io.ReadAll(r)
			require.NoError(t, err)
			require.Equal(t, ours, theirs)
		}
	})
}

// FuzzInside keeps the archive and the signature sound and changes one file: the readers behind them.
func FuzzInside(f *testing.F) {
	h := newHouse(f, "salt").furnish()
	first, err := h.store.Checkpoint(f.Context(), tenant)
	require.NoError(f, err)
	o := h.options()
	o.Since = [][]byte{first.Note}
	whole := contents(f, h.write(o))
	names := []string{fileCheckpoint, fileConsistency, fileEntries, fileKept, fileRules, fileGaps, "records/test.policy/p1/2.json"}
	for i, name := range names {
		f.Add(uint8(i), whole[name])
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		files := map[string][]byte{}
		for name, d := range whole {
			files[name] = d
		}
		name := names[int(which)%len(names)]
		files[name] = data
		r, err := verify(pack(t, files, h.signer, nil), VerifyOptions{}, h.signer.VerifierKey())
		require.Equal(t, err == nil, r.Passed())
		switch name {
		case fileEntries, "records/test.policy/p1/2.json":
			require.Equal(t, err == nil, bytes.Equal(data, whole[name]), "the ledger commits to every byte")
		}
	})
}
