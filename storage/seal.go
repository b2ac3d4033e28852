package storage

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// DataKeySize is the length in bytes of the key under which one version's content is sealed: AES-256.
const DataKeySize = 32

// sealOverhead is at least what sealing adds to a body and a reason: a length and the tag.
const sealOverhead = 64

// KeyWrapper wraps the data keys of a tenant under the tenant's own key. [KeyRing] is one that keeps the keys in memory
// or in files; another may ask a key service. It must be safe for concurrent use, and what it wrapped it must be able to
// unwrap for as long as the tenant has records: losing the tenant's key destroys all of its content.
type KeyWrapper interface {
	// WrapKey encrypts and authenticates a data key of DataKeySize bytes under the tenant's current key. What it returns
	// says by itself which key that was.
	WrapKey(ctx context.Context, tenant string, key []byte) ([]byte, error)
	// UnwrapKey gives the data key back, also where an earlier key of the tenant wrapped it.
	UnwrapKey(ctx context.Context, tenant string, wrapped []byte) ([]byte, error)
}

// KeyUnavailableError says that content is sealed and that its key cannot be had: no KeyWrapper was given, or it
// answered with an error. Nothing is known about the content then, neither that it is whole nor that it is not.
type KeyUnavailableError struct {
	// Tenant is whose content it is.
	Tenant string
	// Ref is the document.
	Ref hipaasmp.Ref

	cause error
}

func (e *KeyUnavailableError) Error() string {
	if e.cause == nil {
		return fmt.Sprintf("storage: %s of tenant %s is sealed; give the KeyWrapper that wrapped its key in Options.Keys", e.Ref, e.Tenant)
	}
	return fmt.Sprintf("storage: %s of tenant %s is sealed and its key could not be unwrapped; check the tenant's key and the key service", e.Ref, e.Tenant)
}

// Unwrap returns what the KeyWrapper answered.
func (e *KeyUnavailableError) Unwrap() error { return e.cause }

// errSealed says that sealed bytes do not open under their key.
var errSealed = errors.New("storage: the sealed content does not open")

// seal encrypts a body and a reason under a fresh data key and returns the wrapped key beside it.
func (s *Store) seal(ctx context.Context, tenant string, e *Entry) (body, key []byte, err error) {
	data := make([]byte, DataKeySize)
	if _, err := io.ReadFull(s.opts.Random, data); err != nil {
		return nil, nil, fmt.Errorf("storage: read random bytes for a data key: %w", err)
	}
	aead, err := newAEAD(data)
	if err != nil {
		return nil, nil, err
	}
	plain := binary.AppendUvarint(make([]byte, 0, len(e.Body)+len(e.Reason)+10+aead.Overhead()), uint64(len(e.Reason)))
	plain = append(append(plain, e.Reason...), e.Body...)
	// A data key seals one message and no other, so the nonce may be the same for all.
	sealed := aead.Seal(plain[:0], make([]byte, aead.NonceSize()), plain, sealContext(tenant, string(e.Kind), e.ID, e.Version))
	wrapped, err := s.opts.Keys.WrapKey(ctx, tenant, data)
	clear(data)
	if err != nil {
		return nil, nil, &KeyUnavailableError{Tenant: tenant, Ref: e.Ref(), cause: err}
	}
	if len(wrapped) == 0 {
		return nil, nil, &KeyUnavailableError{Tenant: tenant, Ref: e.Ref(), cause: errors.New("the KeyWrapper returned no key")}
	}
	return sealed, wrapped, nil
}

// open replaces the sealed body of a row by the body and the reason. The row is a copy of the caller's own.
func (s *Store) open(ctx context.Context, tenant string, r *driver.Row) error {
	if r.Key == nil || r.Body == nil {
		return nil
	}
	if s.opts.Keys == nil {
		return &KeyUnavailableError{Tenant: tenant, Ref: refOf(*r)}
	}
	data, err := s.opts.Keys.UnwrapKey(ctx, tenant, r.Key)
	if err != nil {
		return &KeyUnavailableError{Tenant: tenant, Ref: refOf(*r), cause: err}
	}
	aead, err := newAEAD(data)
	clear(data)
	if err != nil {
		return errSealed
	}
	plain, err := aead.Open(nil, make([]byte, aead.NonceSize()), r.Body, sealContext(tenant, r.Kind, r.ID, r.Version))
	if err != nil {
		return errSealed
	}
	n, size := binary.Uvarint(plain)
	if size <= 0 || n >= uint64(len(plain)-size) || r.Reason != "" {
		return errSealed
	}
	r.Reason, r.Body = string(plain[size:size+int(n)]), plain[size+int(n):]
	return nil
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	if len(key) != DataKeySize {
		return nil, fmt.Errorf("storage: a data key has %d bytes, not %d", len(key), DataKeySize)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// sealContext binds sealed content to the document and version that it belongs to.
func sealContext(tenant, kind, id string, version uint64) []byte {
	b := make([]byte, 0, 16+len(tenant)+len(kind)+len(id)+16)
	b = append(b, "hipaasmp/body/v1"...)
	b = packText(packText(packText(b, tenant), kind), id)
	return binary.BigEndian.AppendUint64(b, version)
}
