package storage

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// Signer is an Ed25519 key that signs checkpoints, as a note.Signer. Whoever has it can sign a rewritten ledger: keep
// the file apart from the database and never put it into a package of evidence.
type Signer struct {
	note.Signer
	secret   func() string // a function, so that no way of printing the struct shows it
	verifier note.Verifier
	public   string
}

// NewSigner makes a key. The name stands in every signature and, unless Options.Product says otherwise, at the
// beginning of every origin: printable ASCII without space and plus. Give crypto/rand.Reader as random.
func NewSigner(random io.Reader, name string) (*Signer, error) {
	if !validProduct(name) {
		return nil, &KeyError{Reason: fmt.Sprintf("the name %q must be 1 to 128 characters of printable ASCII without space and plus", clip(name))}
	}
	secret, _, err := note.GenerateKey(random, name)
	if err != nil {
		return nil, fmt.Errorf("storage: make a signing key: %w", err)
	}
	return ParseSigner(secret)
}

// ParseSigner reads the text of a key, "PRIVATE+KEY+name+hash+data". The error is a [*KeyError] and never holds the key.
func ParseSigner(secret string) (*Signer, error) {
	secret = strings.TrimSpace(secret)
	signer, err := note.NewSigner(secret)
	if err != nil {
		return nil, &KeyError{Reason: "this is no signing key; restore the file from a backup"}
	}
	// PRIVATE+KEY+name+hash+data, where only the data may hold a plus: an algorithm byte, then the seed.
	parts := strings.SplitN(secret, "+", 5)
	seed, err := base64.StdEncoding.DecodeString(parts[len(parts)-1])
	if err != nil || len(seed) != 1+ed25519.SeedSize {
		return nil, &KeyError{Reason: "this signing key is not an Ed25519 key"}
	}
	key, ok := ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey)
	if !ok {
		return nil, &KeyError{Reason: "this signing key is not an Ed25519 key"}
	}
	public, err := note.NewEd25519VerifierKey(signer.Name(), key)
	if err != nil {
		return nil, &KeyError{Reason: "this signing key has no usable name"}
	}
	verifier, err := note.NewVerifier(public)
	if err != nil {
		return nil, &KeyError{Reason: "this signing key has no usable public half"}
	}
	return &Signer{Signer: signer, secret: func() string { return secret }, verifier: verifier, public: public}, nil
}

// VerifierKey returns the public half as text, "name+hash+data", for whoever verifies. It is what note.NewVerifier reads.
func (s *Signer) VerifierKey() string { return s.public }

// Verifier returns the public half.
func (s *Signer) Verifier() note.Verifier { return s.verifier }

// String returns the name and the hash of the key, never the key.
func (s *Signer) String() string { return keyName(s.Name(), s.KeyHash()) }

// SaveSigner writes the key to a new file that only its owner may read (0600). The file appears whole or not at all, and
// it never overwrites: a file that is there gives a [*KeyError] that matches fs.ErrExist.
func SaveSigner(path string, s *Signer) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*") // made with 0600
	if err != nil {
		return keyFileError(path, "cannot be made", err)
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(s.secret() + "\n")
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return keyFileError(path, "cannot be written", err)
	}
	// A link fails where the name is taken, also by a process that was faster by a moment; a rename would write over it.
	if err := os.Link(f.Name(), path); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return keyFileError(path, "cannot be made", err)
		}
		return saveWithoutLink(path, s)
	}
	syncFolder(dir)
	return nil
}

// saveWithoutLink is for file systems without links.
func saveWithoutLink(path string, s *Signer) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return keyFileError(path, "cannot be made", err)
	}
	_, err = f.WriteString(s.secret() + "\n")
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		// A key that was written in part would be taken for the key later.
		return errors.Join(keyFileError(path, "cannot be written", err), os.Remove(path))
	}
	syncFolder(filepath.Dir(path))
	return nil
}

func syncFolder(path string) {
	if dir, err := os.Open(path); err == nil {
		_ = dir.Sync() // not every file system can; the file itself is safe
		_ = dir.Close()
	}
}

// LoadSigner reads a key file. A missing file gives a [*KeyError] that matches fs.ErrNotExist; a file that others may
// read is refused, where the system has such permissions.
func LoadSigner(path string) (*Signer, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, keyFileError(path, "cannot be opened", err)
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, keyFileError(path, "cannot be read", err)
	case !info.Mode().IsRegular():
		return nil, &KeyError{Path: path, Reason: "is not a file"}
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		return nil, &KeyError{Path: path, Reason: fmt.Sprintf("may be read by others (mode %04o); make it 0600, and if others may have read it, begin a new epoch with a new key", info.Mode().Perm())}
	}
	const longest = 4096
	text, err := io.ReadAll(io.LimitReader(f, longest+1))
	if err != nil {
		return nil, keyFileError(path, "cannot be read", err)
	}
	if len(text) > longest {
		return nil, &KeyError{Path: path, Reason: "is too long for a signing key"}
	}
	s, err := ParseSigner(string(text))
	var ke *KeyError
	if errors.As(err, &ke) {
		ke.Path = path
	}
	return s, err
}

// OpenSigner returns the key in the file at path. On the first run it makes the key under the given name and saves
// it; but if the backend already has a ledger, a missing file is a [*LostKeyError], and a key that did not sign that
// ledger is one too. A key of another name is a [*KeyError].
func OpenSigner(ctx context.Context, backend driver.Backend, path, name string, random io.Reader) (*Signer, error) {
	signed, lost, err := signedBy(ctx, backend)
	if err != nil {
		return nil, err
	}
	s, err := LoadSigner(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && lost.Tenant != "":
		lost.Path = path
		return nil, lost
	case errors.Is(err, fs.ErrNotExist):
		if s, err = NewSigner(random, name); err != nil {
			return nil, err
		}
		if err = SaveSigner(path, s); !errors.Is(err, fs.ErrExist) {
			return s, err
		}
		// Another process began at the same moment and was faster: its key is the key.
		return OpenSigner(ctx, backend, path, name, random)
	case err != nil:
		return nil, err
	case s.Name() != name:
		return nil, &KeyError{Path: path, Reason: fmt.Sprintf("is the key of %s, not of %s; give the file of this product", s.Name(), name)}
	case lost.Tenant != "" && !signed(s):
		lost.Path, lost.Have = path, s.String()
		return nil, lost
	}
	return s, nil
}

// signedBy looks at the head of the first tenant. With no tenant, lost names none.
func signedBy(ctx context.Context, backend driver.Backend) (signed func(*Signer) bool, lost *LostKeyError, err error) {
	lost = &LostKeyError{}
	tenants, err := backend.Tenants(ctx, "", 1)
	if err != nil || len(tenants) == 0 {
		return nil, lost, err
	}
	var head driver.Head
	err = backend.View(ctx, tenants[0], func(r driver.Reader) (err error) {
		head, err = r.Head(0)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	lost.Tenant, lost.Keys = tenants[0], noteKeys(head.Note)
	return func(s *Signer) bool {
		_, err := ParseCheckpoint(head.Note, note.VerifierList(s.Verifier()))
		return err == nil
	}, lost, nil
}

// noteKeys lists the keys that a note names, verified or not.
func noteKeys(msg []byte) []string {
	_, err := ParseCheckpoint(msg, nil)
	var ce *CheckpointError
	if errors.As(err, &ce) {
		return ce.Keys
	}
	return nil
}

// KeyError says what is wrong with a key or its file. It never holds the key.
type KeyError struct {
	// Path is the file, if there is one.
	Path string
	// Reason says what is wrong and what to do.
	Reason string

	cause error
}

func (e *KeyError) Error() string {
	if e.Path == "" {
		return "storage: key: " + e.Reason
	}
	return fmt.Sprintf("storage: key %s %s", e.Path, e.Reason)
}

// Unwrap returns what the file system said.
func (e *KeyError) Unwrap() error { return e.cause }

func keyFileError(path, what string, err error) *KeyError {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return &KeyError{Path: path, Reason: what + ": " + err.Error(), cause: err}
}

// LostKeyError says that a ledger was signed by a key that is not at hand. Nothing is written then: a second key on top
// would be indistinguishable from a forger.
type LostKeyError struct {
	// Tenant is whose ledger it is.
	Tenant string
	// Path is the key file that was looked for, if it was a file.
	Path string
	// Have names the key that is at hand, if there is one.
	Have string
	// Keys name the keys that signed the ledger's newest checkpoint; empty for an unsigned ledger.
	Keys []string
}

func (e *LostKeyError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "storage: the ledger of tenant %s was signed by ", e.Tenant)
	if len(e.Keys) == 0 {
		b.WriteString("nobody")
	} else {
		b.WriteString(strings.Join(e.Keys, ", "))
	}
	switch {
	case e.Have != "":
		fmt.Fprintf(&b, ", and the key at hand is %s", e.Have)
	case e.Path != "":
		fmt.Fprintf(&b, ", and there is no key in %s", e.Path)
	default:
		b.WriteString(", and this store signs with another")
	}
	name := e.Path
	if name == "" {
		name = "signer.key"
	}
	fmt.Fprintf(&b, "; restore %s from a backup, or make a new key, give the old verifier key in Options.Verifiers and call NewEpoch", name)
	return b.String()
}

func clip(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
