package evidence

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/storage"
)

// fileView is what a view has and a package has not.
const fileView = "VIEW.txt"

// leastKey is the length that a key must have in bytes, that of the hash it keys.
const leastKey = sha256.Size

// ViewOptions says what a pseudonymised view shows. Key must be given.
type ViewOptions struct {
	// Key makes the pseudonyms: HMAC-SHA-256 under it, of the tenant and the identity. At least 32 random bytes. The same
	// key gives the same pseudonyms in every view; who has the key and the identities can tell who is who, so keep it
	// apart from the view, and use another for each recipient.
	Key []byte
	// Identities are further texts to replace, for example patients or accounts that stand in narratives.
	Identities []string
	// Include narrows the view: documents for whose envelope it answers false are left out. Nil includes all.
	Include func(storage.Envelope) bool
}

// View counts what a view shows.
type View struct {
	// Documents is the number of versions of documents in the view.
	Documents uint64
	// Identities is the number of identities that were replaced by pseudonyms.
	Identities uint64
	// LeftOut is the number of versions that exist and are not in the view, destroyed ones among them.
	LeftOut uint64
}

// WriteView writes a pseudonymised view of one tenant's documents to w: a ZIP file with the canonical JSON of every
// version, in which each identity of a person is replaced by a pseudonym, wherever it stands as a word of its own,
// identities and file names of documents among it. The same store and options give the same bytes.
//
// A view is for whoever studies the records and need not know who did what. It is labelled as a view, and nothing in it
// is proved: its documents are not those that the ledger commits to. [Verify] refuses it. Identities of people are the
// members of the workforce in the entity's profile, everybody who took a step, and what stands in members that name
// people. Free text may still tell who somebody is; give such words as Identities, or leave the document out.
//
// The errors are [*OptionsError] and those of package storage. After an error what was written to w is no view.
func WriteView(ctx context.Context, w io.Writer, src *storage.Store, tenant string, opts ViewOptions) (View, error) {
	if len(opts.Key) < leastKey {
		return View{}, &OptionsError{"Key", fmt.Sprintf("has %d bytes; give at least %d from a random source, so that nobody can try out identities", len(opts.Key), leastKey)}
	}
	head, err := src.Checkpoint(ctx, tenant)
	if err != nil {
		return View{}, err
	}
	m := masker{key: opts.Key, tenant: tenant, names: map[string]string{}}
	for _, id := range opts.Identities {
		m.name(id)
	}
	var out View
	var refs []hipaasmp.Ref
	for e, err := range src.Entries(ctx, tenant, 0, head.Size) {
		switch {
		case err != nil:
			return View{}, err
		case e.Disposed():
			out.LeftOut++
			continue
		}
		// The identities of what is left out count too: they may stand in what is shown.
		doc, err := parseAny(e.Body)
		if err != nil {
			return View{}, &storage.CorruptError{Tenant: tenant, Ref: e.Ref(), Seq: e.Seq, What: "the body is not JSON"}
		}
		m.learn("", doc)
		if opts.Include != nil && !opts.Include(e.Envelope) {
			out.LeftOut++
			continue
		}
		refs = append(refs, e.Ref())
	}
	m.ready()
	out.Documents, out.Identities = uint64(len(refs)), uint64(len(m.names))
	return out, m.write(ctx, w, src, refs, out)
}

func (m *masker) write(ctx context.Context, w io.Writer, src *storage.Store, refs []hipaasmp.Ref, counts View) error {
	type shownFile struct {
		name string
		ref  hipaasmp.Ref
	}
	files := make([]shownFile, 0, len(refs))
	for _, ref := range refs {
		shown := ref
		shown.ID = m.text(ref.ID)
		files = append(files, shownFile{recordFile(shown), ref})
	}
	slices.SortFunc(files, func(a, b shownFile) int { return cmp.Compare(a.name, b.name) })
	a, err := newArchiveWriter(w)
	if err != nil {
		return err
	}
	if _, err := a.file(fileView, verbatim([]byte(m.label(counts)))); err != nil {
		return err
	}
	for _, f := range files {
		e, err := src.Get(ctx, m.tenant, f.ref)
		if errors.Is(err, storage.ErrDisposed) {
			return goneMeanwhile(f.ref)
		}
		if err != nil {
			return err
		}
		doc, err := parseAny(e.Body)
		if err != nil {
			return err
		}
		body, err := json.Marshal(m.mask("", doc))
		if err != nil {
			return err
		}
		if body, err = canon.Bytes(body); err != nil {
			return err
		}
		if _, err := a.file(f.name, verbatim(body)); err != nil {
			return err
		}
	}
	return a.close()
}

func (m *masker) label(counts View) string {
	return fmt.Sprintf(`PSEUDONYMISED VIEW - NOT EVIDENCE

The documents here were changed: %d identities of people are replaced by pseudonyms, p- and 16 hexadecimal digits, the
same for the same person throughout. They are therefore not the documents that the ledger of the tenant commits to, and
nothing here is proved. Whoever needs proof asks for an evidence package.

  tenant      %s
  documents   %d versions, as records/KIND/ID/N.json
  left out    %d versions

Free text may still tell who somebody is. Pass this on no further than its purpose asks.
`, counts.Identities, m.tenant, counts.Documents, counts.LeftOut)
}

// parseAny reads a body with its numbers as they are written.
func parseAny(body []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	err := dec.Decode(&v)
	return v, err
}

// masker replaces identities by pseudonyms.
type masker struct {
	key    []byte
	tenant string
	// names are the pseudonyms of the identities.
	names map[string]string
	// longest are the identities, the longest first, so that none is replaced inside another.
	longest []string
}

// people reports whether a member of a document names a person or several.
func people(member string) bool {
	switch member {
	case "member", "owner", "manager", "reporter", "subject", "investigator", "actors", "accounts", "persons", "personnel":
		return true
	}
	return false
}

// learn collects the identities in a document. at is the member in which the value stands.
func (m *masker) learn(at string, v any) {
	switch v := v.(type) {
	case string:
		if people(at) {
			m.name(v)
		}
	case []any:
		for _, x := range v {
			m.learn(at, x)
		}
	case map[string]any:
		id, ok := v["id"].(string)
		if _, acts := v["role"]; ok && (acts || at == "workforce" || people(at)) {
			m.name(id)
		}
		for name, x := range v {
			m.learn(name, x)
		}
	}
}

// name gives an identity its pseudonym.
func (m *masker) name(id string) {
	if id == "" || m.names[id] != "" {
		return
	}
	mac := hmac.New(sha256.New, m.key)
	mac.Write([]byte("hipaasmp pseudonym 1\x00" + m.tenant + "\x00" + id))
	m.names[id] = "p-" + hex.EncodeToString(mac.Sum(nil)[:8])
}

func (m *masker) ready() {
	m.longest = make([]string, 0, len(m.names))
	for id := range m.names {
		m.longest = append(m.longest, id)
	}
	slices.SortFunc(m.longest, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
}

// mask returns a value with its identities replaced. What names a kind or a schema stays.
func (m *masker) mask(at string, v any) any {
	switch v := v.(type) {
	case string:
		if at == "schema" || at == "kind" {
			return v
		}
		return m.text(v)
	case []any:
		for i := range v {
			v[i] = m.mask(at, v[i])
		}
	case map[string]any:
		for name, x := range v {
			v[name] = m.mask(name, x)
		}
	}
	return v
}

// text replaces the identities that stand in a text as words of their own.
func (m *masker) text(s string) string {
	var b strings.Builder
next:
	for i := 0; i < len(s); {
		if i == 0 || !wordAt(s, i) || !wordBefore(s, i) {
			for _, id := range m.longest {
				if strings.HasPrefix(s[i:], id) && !(wordAt(s, i+len(id)) && wordBefore(s, i+len(id))) {
					b.WriteString(m.names[id])
					i += len(id)
					continue next
				}
			}
		}
		_, n := utf8.DecodeRuneInString(s[i:])
		b.WriteString(s[i : i+n])
		i += n
	}
	return b.String()
}

// wordAt reports whether a letter or digit stands at i, and wordBefore whether one stands before it.
func wordAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func wordBefore(s string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}
