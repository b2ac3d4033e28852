package evidence

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"golang.org/x/mod/sumdb/note"

	"github.com/hipaasmp/hipaasmp/internal/canon"
)

// A package is signed by the key that signs the ledger's checkpoints, so that who verifies needs one key. The two uses
// cannot be mistaken for each other: what DSSE signs begins with "DSSEv1 " and holds no line feed, for the statement is
// canonical JSON; what a checkpoint signs begins with the origin of a ledger and is three lines.

// dsse is a DSSE v1 envelope.
type dsse struct {
	Payload     string          `json:"payload"`
	PayloadType string          `json:"payloadType"`
	Signatures  []dsseSignature `json:"signatures"`
}

type dsseSignature struct {
	KeyID string `json:"keyid"`
	Sig   string `json:"sig"`
}

// preAuth is what DSSE signs: the type and the payload with their lengths.
func preAuth(payload []byte) []byte {
	b := append([]byte("DSSEv1 "), strconv.Itoa(len(payloadType))...)
	b = append(b, ' ')
	b = append(b, payloadType...)
	b = append(b, ' ')
	b = strconv.AppendInt(b, int64(len(payload)), 10)
	b = append(b, ' ')
	return append(b, payload...)
}

// keyID names a key as notes do: the name, a plus sign and the hash of the key in hexadecimal.
func keyID(name string, hash uint32) string { return fmt.Sprintf("%s+%08x", name, hash) }

// seal signs a statement.
func seal(s statement, signer note.Signer) ([]byte, error) {
	payload, err := canon.Marshal(s)
	if err != nil {
		return nil, err
	}
	sig, err := signer.Sign(preAuth(payload))
	if err != nil {
		return nil, fmt.Errorf("evidence: sign the manifest: %w", err)
	}
	return canon.Marshal(dsse{
		Payload: base64.StdEncoding.EncodeToString(payload), PayloadType: payloadType,
		Signatures: []dsseSignature{{KeyID: keyID(signer.Name(), signer.KeyHash()), Sig: base64.StdEncoding.EncodeToString(sig)}},
	})
}

// errSignature says that an envelope is readable, but signed by no known key or wrongly.
var errSignature = errors.New("signature")

// unseal returns the payload of an envelope and the key that signed it. As with checkpoints, a signature by an unknown
// key is passed over, and one wrong signature by a known key spoils the whole.
func unseal(data []byte, known []note.Verifier) (payload []byte, key string, err error) {
	var e dsse
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&e); err != nil {
		return nil, "", errors.New("is not a DSSE envelope")
	}
	if again, err := canon.Marshal(e); err != nil || !bytes.Equal(again, data) {
		return nil, "", errors.New("is not a DSSE envelope in canonical form")
	}
	if e.PayloadType != payloadType {
		return nil, "", fmt.Errorf("has the payload type %q", clip(e.PayloadType))
	}
	if payload, err = base64.StdEncoding.Strict().DecodeString(e.Payload); err != nil {
		return nil, "", errors.New("has a payload that is not base64")
	}
	const mostSignatures = 16
	if len(e.Signatures) == 0 || len(e.Signatures) > mostSignatures {
		return payload, "", fmt.Errorf("has %d signatures: %w", len(e.Signatures), errSignature)
	}
	message := preAuth(payload)
	var unknown []string
	for _, s := range e.Signatures {
		sig, err := base64.StdEncoding.Strict().DecodeString(s.Sig)
		verifier := find(known, s.KeyID)
		switch {
		case err != nil:
			return payload, "", fmt.Errorf("has a signature that is not base64: %w", errSignature)
		case verifier == nil:
			unknown = append(unknown, clip(s.KeyID))
		case !verifier.Verify(message, sig):
			return payload, "", fmt.Errorf("carries a wrong %w of %s", errSignature, s.KeyID)
		default:
			key = s.KeyID
		}
	}
	if key == "" {
		return payload, "", fmt.Errorf("carries no %w by a known key; it names %v", errSignature, unknown)
	}
	return payload, key, nil
}

func find(known []note.Verifier, id string) note.Verifier {
	for _, v := range known {
		if keyID(v.Name(), v.KeyHash()) == id {
			return v
		}
	}
	return nil
}

// KeyError says what is wrong with a signing or verifying key. It never holds a secret key.
type KeyError struct {
	// Key names the key, or is the text that is none, shortened.
	Key string
	// Reason says what is wrong and what to do.
	Reason string
}

func (e *KeyError) Error() string { return fmt.Sprintf("evidence: key %q %s", clip(e.Key), e.Reason) }

// parseKeys reads verifier keys as text.
func parseKeys(texts []string) ([]note.Verifier, error) {
	var out []note.Verifier
	for _, text := range texts {
		v, err := note.NewVerifier(string(bytes.TrimSpace([]byte(text))))
		if err != nil {
			return nil, &KeyError{Key: text, Reason: "is no verifier key; give the line name+hash+data that the sender published"}
		}
		out = append(out, v)
	}
	if len(out) == 0 {
		return nil, &KeyError{Reason: "is missing; nothing can be verified without the sender's verifier key"}
	}
	return out, nil
}
