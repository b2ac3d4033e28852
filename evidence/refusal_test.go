package evidence

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
)

func TestPartsThatCannotStandInAPackageAreRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	fill := verbatim([]byte("x"))
	for _, c := range []struct{ name, says string }{
		{"", "empty"}, {"/etc/passwd", "absolute"}, {"../up.txt", "dot"}, {"a/../b", "dot"}, {"a//b", "empty step"}, {"a/", "empty step"},
		{`a\b`, "character"}, {"a b", "character"}, {"a%2Fb", "percent"}, {"é", "character"}, {".hidden", "dot"}, {"a.", "dot"},
		{"con", "device"}, {"x/LPT1.txt", "device"}, {"records/a.json", "folder"}, {"Records/a.json", "folder"}, {"ledger", "folder"},
		{"schemas/x", "folder"}, {"retention/x", "folder"}, {"manifest.json", "twice"}, {"MANIFEST.json", "twice"}, {"readme.txt", "twice"},
		{"gaps.json", "twice"}, {"Index.html", "twice"}, {"index.html/x", "folder"}, {"oscal", "file and a folder"},
		{strings.Repeat("a", 201), "200"}, {strings.Repeat("a/", 300) + "a", "512"},
	} {
		o := h.options()
		o.Parts = append(o.Parts, Part{Name: c.name, MediaType: "text/plain", Write: fill})
		_, err := Write(context.Background(), io.Discard, h.store, tenant, o)
		var pe *PartError
		require.ErrorAs(t, err, &pe, c.name)
		require.ErrorContains(t, err, c.says, c.name)
		require.ErrorContains(t, err, string(FaultPart))
	}
	for _, p := range []Part{{Name: "a.txt", Write: fill}, {Name: "a.txt", MediaType: "text/plain"}} {
		o := h.options()
		o.Parts = []Part{p}
		_, err := Write(context.Background(), io.Discard, h.store, tenant, o)
		var pe *PartError
		require.ErrorAs(t, err, &pe)
	}
}

func TestFailuresOfPartsAndWritersComeBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	broken := errors.New("broken")
	o := h.options()
	o.Parts = []Part{{Name: "a.txt", MediaType: "text/plain", Write: func(io.Writer) error { return broken }}}
	_, err := Write(context.Background(), io.Discard, h.store, tenant, o)
	require.ErrorIs(t, err, broken)

	whole := len(h.write(h.options()))
	for _, n := range []int{0, 1, 1000, whole / 2, whole - 1} {
		_, err := Write(context.Background(), &full{left: n}, h.store, tenant, h.options())
		require.ErrorIs(t, err, errFull, "room for %d bytes", n)
	}

	ctx, cancel := context.WithCancel(context.Background())
	o = h.options()
	o.Parts = []Part{{Name: "a.txt", MediaType: "text/plain", Write: func(io.Writer) error { cancel(); return nil }}}
	_, err = Write(ctx, io.Discard, h.store, tenant, o)
	require.ErrorIs(t, err, context.Canceled)
}

var errFull = errors.New("no room left")

// full is a disk with so much room.
type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if len(p) > f.left {
		n := f.left
		f.left = 0
		return n, errFull
	}
	f.left -= len(p)
	return len(p), nil
}

func TestContentThatIsDestroyedMeanwhileIsSaid(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt")
	h.put(newPolicy("old", "2010-01-01"))
	o := h.options()
	o.Parts = []Part{{Name: "a.txt", MediaType: "text/plain", Write: func(io.Writer) error {
		return destroy(h, "old")
	}}}
	_, err := Write(context.Background(), io.Discard, h.store, tenant, o)
	require.ErrorIs(t, err, storage.ErrDisposed)
	require.ErrorContains(t, err, "write it again")
}

func TestOptionsThatAreMissingAreNamed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	for _, c := range []struct {
		option string
		change func(*Options)
	}{
		{"Period", func(o *Options) { o.Period = hipaasmp.Period{} }},
		{"Period", func(o *Options) { o.Period.To = date("2020-01-01") }},
		{"AsOf", func(o *Options) { o.AsOf = hipaasmp.Date{} }},
		{"Made", func(o *Options) { o.Made = time.Time{} }},
		{"Contents", func(o *Options) { o.Contents = SelectedVersions }},
		{"Signer", func(o *Options) { o.Signer = nil }},
		{"VerifierKey", func(o *Options) { o.VerifierKey = "no key" }},
		{"VerifierKey", func(o *Options) { o.VerifierKey = newSigner(t, "stranger").VerifierKey() }},
	} {
		o := h.options()
		c.change(&o)
		_, err := Write(context.Background(), io.Discard, h.store, tenant, o)
		var oe *OptionsError
		require.ErrorAs(t, err, &oe, c.option)
		require.Equal(t, c.option, oe.Option)
		require.NotEmpty(t, oe.Error())
	}
	o := h.options()
	o.Gaps = []hipaasmp.Gap{{Code: "GAP", Citation: "999.9", Missing: " "}}
	_, err := Write(context.Background(), io.Discard, h.store, tenant, o)
	var invalid *hipaasmp.ValidationError
	require.ErrorAs(t, err, &invalid)
	require.Len(t, invalid.Faults, 3)

	o = h.options()
	o.Signer = newSigner(t, "stranger")
	_, err = Write(context.Background(), io.Discard, h.store, tenant, o)
	var ke *KeyError
	require.ErrorAs(t, err, &ke, "the manifest and the ledger have one key")

	_, err = Write(context.Background(), io.Discard, h.store, "nobody", h.options())
	require.ErrorIs(t, err, storage.ErrNotFound)
}

// TestAKeyElsewhereSigns stands for a key in a KMS: a note.Signer that brings no verifier.
func TestAKeyElsewhereSigns(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "salt").furnish()
	o := h.options()
	o.Signer = remote{h.signer}
	_, err := Write(context.Background(), io.Discard, h.store, tenant, o)
	var oe *OptionsError
	require.ErrorAs(t, err, &oe)
	require.Equal(t, "VerifierKey", oe.Option)
	o.VerifierKey = h.signer.VerifierKey()
	_, err = verify(h.write(o), VerifyOptions{}, h.signer.VerifierKey())
	require.NoError(t, err)
}

type remote struct{ key *storage.Signer }

func (r remote) Name() string                    { return r.key.Name() }
func (r remote) KeyHash() uint32                 { return r.key.KeyHash() }
func (r remote) Sign(msg []byte) ([]byte, error) { return r.key.Sign(msg) }
