package evidence

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/schema"
	sample "github.com/hipaasmp/hipaasmp/internal/clinic"
	"github.com/hipaasmp/hipaasmp/storage"
)

func viewKey() []byte { return bytes.Repeat([]byte{7}, leastKey) }

// sampled is a house with the sample clinic in it.
func sampled(t *testing.T) *house {
	t.Helper()
	h := newHouse(t, "salt")
	r, err := sample.New(hipaasmp.EntityCoveredEntity)
	require.NoError(t, err)
	h.now = sample.Today().StartIn(h.now.Location())
	for _, d := range sample.Documents(r) {
		h.put(d)
	}
	return h
}

func (h *house) view(opts ViewOptions) (View, map[string][]byte) {
	h.t.Helper()
	var b bytes.Buffer
	v, err := WriteView(h.t.Context(), &b, h.store, tenant, opts)
	require.NoError(h.t, err)
	return v, contents(h.t, b.Bytes())
}

func TestViewNamesNobody(t *testing.T) {
	t.Parallel()
	h := sampled(t)
	r, err := sample.New(hipaasmp.EntityCoveredEntity)
	require.NoError(t, err)
	v, files := h.view(ViewOptions{Key: viewKey(), Identities: []string{sample.Account}})
	require.Equal(t, uint64(len(files)-1), v.Documents)
	require.NotEmpty(t, r.Entity.Workforce)
	for name, data := range files {
		for _, m := range r.Entity.Workforce {
			require.NotContains(t, name, m.ID)
			require.NotContains(t, string(data), `"`+m.ID+`"`, name)
		}
		require.NotContains(t, string(data), sample.Account, name)
	}
	require.Contains(t, string(files[fileView]), "NOT EVIDENCE")
}

// A view is still in the shape of its schemas, so that tools which read records read it.
func TestViewKeepsTheShape(t *testing.T) {
	t.Parallel()
	_, files := sampled(t).view(ViewOptions{Key: viewKey()})
	checked := 0
	for name, data := range files {
		if strings.HasPrefix(name, folderRecords) {
			require.Empty(t, schema.Check(data), name)
			checked++
		}
	}
	require.Greater(t, checked, 20)
}

func TestViewIsTheSameForOneKeyAndAnotherForTheNext(t *testing.T) {
	t.Parallel()
	h := sampled(t)
	_, one := h.view(ViewOptions{Key: viewKey()})
	_, again := h.view(ViewOptions{Key: viewKey()})
	require.Equal(t, one, again)
	_, other := h.view(ViewOptions{Key: bytes.Repeat([]byte{8}, leastKey)})
	require.NotEqual(t, one, other)
}

func TestViewDoesNotVerify(t *testing.T) {
	t.Parallel()
	h := sampled(t)
	var b bytes.Buffer
	_, err := WriteView(t.Context(), &b, h.store, tenant, ViewOptions{Key: viewKey()})
	require.NoError(t, err)
	_, err = verify(b.Bytes(), VerifyOptions{}, h.signer.VerifierKey())
	require.ErrorContains(t, err, "pseudonymised view")
}

func TestViewLeavesOutWhatItIsTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	all, _ := h.view(ViewOptions{Key: viewKey()})
	require.Equal(t, uint64(1), all.LeftOut, "what was destroyed")
	some, files := h.view(ViewOptions{Key: viewKey(), Include: func(e storage.Envelope) bool { return e.Kind == hipaasmp.KindEntity }})
	require.Equal(t, all.Documents+all.LeftOut, some.Documents+some.LeftOut)
	require.Len(t, files, int(some.Documents)+1)
}

func TestShortKeyAndUnknownTenantAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	var oe *OptionsError
	_, err := WriteView(t.Context(), io.Discard, h.store, tenant, ViewOptions{Key: viewKey()[1:]})
	require.ErrorAs(t, err, &oe)
	require.Equal(t, "Key", oe.Option)
	_, err = WriteView(t.Context(), io.Discard, h.store, "nobody", ViewOptions{Key: viewKey()})
	require.ErrorIs(t, err, storage.ErrNotFound)
}

func TestIdentitiesAreReplacedAsWords(t *testing.T) {
	t.Parallel()
	m := masker{key: viewKey(), tenant: tenant, names: map[string]string{}}
	for _, id := range []string{"wf-1", "wf-1-old", "jane", "ö"} {
		m.name(id)
	}
	m.ready()
	for in, want := range map[string]string{
		"wf-1": m.names["wf-1"], "wf-12": "wf-12", "awf-1": "awf-1", "ack-wf-1": "ack-" + m.names["wf-1"], "wf-1-old": m.names["wf-1-old"],
		"wf-1, wf-1-old.": m.names["wf-1"] + ", " + m.names["wf-1-old"] + ".", "janes": "janes", "(jane)": "(" + m.names["jane"] + ")", "": "",
		"ö und schön": m.names["ö"] + " und schön", "jane@x": m.names["jane"] + "@x", "äjane": "äjane",
	} {
		require.Equal(t, want, m.text(in), in)
	}
}

func TestMaskedTextHoldsNoIdentity(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := masker{key: viewKey(), tenant: tenant, names: map[string]string{}}
		ids := rapid.SliceOfN(rapid.StringMatching(`[q-z][q-z0-9-]{0,5}[q-z]`), 1, 6).Draw(t, "ids")
		for _, id := range ids {
			m.name(id)
		}
		m.ready()
		words := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(ids), rapid.StringMatching(`[A-Z]{1,4}`)), 0, 12).Draw(t, "words")
		got := strings.Fields(m.text(strings.Join(words, " ")))
		require.Len(t, got, len(words))
		for i, w := range words {
			if want, ok := m.names[w]; ok {
				require.Equal(t, want, got[i])
			} else {
				require.Equal(t, w, got[i])
			}
		}
	})
}
