package storage

import (
	"bufio"
	"bytes"
	"context"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// KeyRing is a [KeyWrapper] that keeps the keys of each tenant in a file of its own, in a folder that only its owner may
// read. Keep that folder apart from the database and back it up apart from it: whoever has both reads everything, and
// whoever has lost the folder reads nothing.
type KeyRing struct {
	dir    string
	random io.Reader

	mu      sync.Mutex
	tenants map[string]*tenantKeys
}

// tenantKeys are the keys of a tenant; the last is the current one.
type tenantKeys struct {
	ids   []uint32
	keys  [][]byte
	aeads []cipher.AEAD
}

// NewKeyRing returns a ring over a folder, which it makes if there is none. Give crypto/rand.Reader as random. The error
// is a [*KeyError]: a folder that others may read is refused.
func NewKeyRing(dir string, random io.Reader) (*KeyRing, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, keyFileError(dir, "cannot be made", err)
	}
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return nil, keyFileError(dir, "cannot be read", err)
	case !info.IsDir():
		return nil, &KeyError{Path: dir, Reason: "is not a folder"}
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		return nil, &KeyError{Path: dir, Reason: fmt.Sprintf("may be read by others (mode %04o); make it 0700", info.Mode().Perm())}
	}
	return &KeyRing{dir: dir, random: random, tenants: map[string]*tenantKeys{}}, nil
}

// A wrapped key is a format byte, the number of the tenant's key, a nonce, and the sealed data key.
const (
	wrapFormat  = 1
	wrapNonce   = 12
	wrappedSize = 1 + 4 + wrapNonce + DataKeySize + 16
)

func wrapContext(tenant string) []byte { return packText([]byte("hipaasmp/key/v1"), tenant) }

// WrapKey wraps a data key under the tenant's current key, which it makes on first use.
func (k *KeyRing) WrapKey(_ context.Context, tenant string, key []byte) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	t, err := k.load(tenant)
	if errors.Is(err, fs.ErrNotExist) {
		t, err = k.add(tenant, &tenantKeys{})
	}
	if err != nil {
		return nil, err
	}
	last := len(t.ids) - 1
	out := make([]byte, 5, wrappedSize)
	out[0] = wrapFormat
	binary.BigEndian.PutUint32(out[1:], t.ids[last])
	out = out[:5+wrapNonce]
	if _, err := io.ReadFull(k.random, out[5:]); err != nil {
		return nil, fmt.Errorf("storage: read random bytes for a nonce: %w", err)
	}
	return t.aeads[last].Seal(out, out[5:], key, wrapContext(tenant)), nil
}

// UnwrapKey gives a data key back.
func (k *KeyRing) UnwrapKey(_ context.Context, tenant string, wrapped []byte) ([]byte, error) {
	if len(wrapped) != wrappedSize || wrapped[0] != wrapFormat {
		return nil, &KeyError{Path: k.dir, Reason: "did not wrap this data key"}
	}
	k.mu.Lock()
	t, err := k.load(tenant)
	k.mu.Unlock()
	if err != nil {
		return nil, err
	}
	id := binary.BigEndian.Uint32(wrapped[1:])
	for i := range t.ids {
		if t.ids[i] == id {
			data, err := t.aeads[i].Open(nil, wrapped[5:5+wrapNonce], wrapped[5+wrapNonce:], wrapContext(tenant))
			if err != nil {
				return nil, &KeyError{Path: k.file(tenant), Reason: "does not unwrap this data key; it was changed, or it belongs to another tenant"}
			}
			return data, nil
		}
	}
	return nil, &KeyError{Path: k.file(tenant), Reason: fmt.Sprintf("lacks the key %d; restore the file from a backup", id)}
}

// Rotate gives a tenant a new current key. The earlier ones stay, so that what they wrapped can be read; call
// [Store.Rekey] to wrap it anew, and then [KeyRing.Retire].
func (k *KeyRing) Rotate(tenant string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	t, err := k.load(tenant)
	if errors.Is(err, fs.ErrNotExist) {
		t, err = &tenantKeys{}, nil
	}
	if err == nil {
		_, err = k.add(tenant, t)
	}
	return err
}

// Retire destroys all keys of a tenant but the current one. What was wrapped under them and not wrapped anew since cannot
// be read any more, in backups neither.
func (k *KeyRing) Retire(tenant string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	t, err := k.load(tenant)
	if err != nil {
		return err
	}
	last := len(t.ids) - 1
	kept := &tenantKeys{ids: t.ids[last:], keys: t.keys[last:], aeads: t.aeads[last:]}
	if err := k.save(tenant, kept); err != nil {
		return err
	}
	k.tenants[tenant] = kept
	return nil
}

// DestroyKeys destroys every key of a tenant. Nothing of the tenant's sealed content can be read after that, here or in any
// backup; [Store.OffBoard] calls it once nothing stands against it. Keys that are gone are no error. A process that read
// the keys before has them until it ends.
func (k *KeyRing) DestroyKeys(_ context.Context, tenant string) error {
	if !hipaasmp.ValidID(tenant) {
		return fmt.Errorf("%w: %q", ErrTenant, clip(tenant))
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	path := k.file(tenant)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		delete(k.tenants, tenant)
		return nil
	}
	if err != nil {
		return keyFileError(path, "cannot be destroyed", err)
	}
	// Overwritten first, for media that write in place; on others the old blocks wait for the medium.
	if err := os.WriteFile(path, make([]byte, info.Size()), 0o600); err != nil {
		return keyFileError(path, "cannot be destroyed", err)
	}
	if err := os.Remove(path); err != nil {
		return keyFileError(path, "cannot be destroyed", err)
	}
	syncFolder(k.dir)
	delete(k.tenants, tenant)
	return nil
}

// file names a tenant's file by a digest, because a tenant's name may be none for a file.
func (k *KeyRing) file(tenant string) string {
	return filepath.Join(k.dir, fileOfTenant(tenant)+".keys")
}

func fileOfTenant(tenant string) string {
	sum := sha256.Sum256([]byte(tenant))
	return hex.EncodeToString(sum[:16])
}

const keyFileHead = "hipaasmp tenant keys 1 "

func (k *KeyRing) load(tenant string) (*tenantKeys, error) {
	if t, ok := k.tenants[tenant]; ok {
		return t, nil
	}
	if !hipaasmp.ValidID(tenant) {
		return nil, fmt.Errorf("%w: %q", ErrTenant, clip(tenant))
	}
	path := k.file(tenant)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, keyFileError(path, "cannot be read", err)
	}
	damaged := &KeyError{Path: path, Reason: "is no file of this tenant's keys; restore it from a backup"}
	lines := bufio.NewScanner(bytes.NewReader(text))
	if !lines.Scan() || lines.Text() != keyFileHead+tenant {
		return nil, damaged
	}
	t := &tenantKeys{}
	for lines.Scan() {
		number, encoded, _ := strings.Cut(lines.Text(), " ")
		id, err := strconv.ParseUint(number, 10, 32)
		if err != nil {
			return nil, damaged
		}
		key, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil || t.push(uint32(id), key) != nil {
			return nil, damaged
		}
	}
	if len(t.ids) == 0 {
		return nil, damaged
	}
	k.tenants[tenant] = t
	return t, nil
}

func (t *tenantKeys) push(id uint32, key []byte) error {
	aead, err := newAEAD(key)
	if err != nil {
		return err
	}
	t.ids, t.keys, t.aeads = append(t.ids, id), append(t.keys, key), append(t.aeads, aead)
	return nil
}

// add makes a further key and keeps it before anything is wrapped under it.
func (k *KeyRing) add(tenant string, t *tenantKeys) (*tenantKeys, error) {
	if !hipaasmp.ValidID(tenant) {
		return nil, fmt.Errorf("%w: %q", ErrTenant, clip(tenant))
	}
	key := make([]byte, DataKeySize)
	if _, err := io.ReadFull(k.random, key); err != nil {
		return nil, fmt.Errorf("storage: read random bytes for a key: %w", err)
	}
	more := &tenantKeys{ids: append([]uint32(nil), t.ids...), keys: append([][]byte(nil), t.keys...), aeads: append([]cipher.AEAD(nil), t.aeads...)}
	id := uint32(1)
	if n := len(t.ids); n > 0 {
		id = t.ids[n-1] + 1
	}
	if err := more.push(id, key); err != nil {
		return nil, err
	}
	if err := k.save(tenant, more); err != nil {
		return nil, err
	}
	k.tenants[tenant] = more
	return more, nil
}

// save writes a tenant's file whole or not at all.
func (k *KeyRing) save(tenant string, t *tenantKeys) error {
	path := k.file(tenant)
	var b bytes.Buffer
	b.WriteString(keyFileHead + tenant + "\n")
	for i := range t.ids {
		fmt.Fprintf(&b, "%d %s\n", t.ids[i], base64.StdEncoding.EncodeToString(t.keys[i]))
	}
	f, err := os.CreateTemp(k.dir, ".keys.*") // made with 0600
	if err != nil {
		return keyFileError(path, "cannot be made", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b.Bytes())
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return keyFileError(path, "cannot be written", err)
	}
	syncFolder(k.dir)
	return nil
}
