package storage

import (
	"crypto/ed25519"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"
)

// ExternalSigner signs checkpoints with an Ed25519 key that stays elsewhere: in a key service or a security module.
type ExternalSigner struct {
	name     string
	verifier note.Verifier
	public   string
	sign     func(message []byte) ([]byte, error)
}

// NewExternalSigner returns a signer that asks sign for the Ed25519 signature over a message, 64 bytes. The name is that
// of [NewSigner]. Every signature is checked before it is used, because a wrong one would be kept for good. The error is
// a [*KeyError].
func NewExternalSigner(name string, public ed25519.PublicKey, sign func(message []byte) ([]byte, error)) (*ExternalSigner, error) {
	if !validProduct(name) || len(public) != ed25519.PublicKeySize || sign == nil {
		return nil, &KeyError{Reason: fmt.Sprintf("the signer %q needs a name of printable ASCII without space and plus, a public key of 32 bytes and a function that signs", clip(name))}
	}
	text, err := note.NewEd25519VerifierKey(name, public)
	if err != nil {
		return nil, &KeyError{Reason: "this public key has no usable name"}
	}
	verifier, err := note.NewVerifier(text)
	if err != nil {
		return nil, &KeyError{Reason: "this public key is not usable"}
	}
	return &ExternalSigner{name: name, verifier: verifier, public: text, sign: sign}, nil
}

// Name returns the name of the key.
func (s *ExternalSigner) Name() string { return s.name }

// KeyHash returns the hash of the key as notes write it.
func (s *ExternalSigner) KeyHash() uint32 { return s.verifier.KeyHash() }

// Sign asks for a signature.
func (s *ExternalSigner) Sign(message []byte) ([]byte, error) {
	sig, err := s.sign(message)
	if err != nil {
		return nil, fmt.Errorf("storage: the key service did not sign: %w", err)
	}
	if !s.verifier.Verify(message, sig) {
		return nil, errors.New("storage: the key service gave a signature of another key; check which key it uses")
	}
	return sig, nil
}

// Verifier returns the public half.
func (s *ExternalSigner) Verifier() note.Verifier { return s.verifier }

// VerifierKey returns the public half as text, "name+hash+data".
func (s *ExternalSigner) VerifierKey() string { return s.public }

// String returns the name and the hash of the key.
func (s *ExternalSigner) String() string { return keyName(s.name, s.KeyHash()) }
