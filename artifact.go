package hipaasmp

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"
)

// Digest is a SHA-256 digest in lower-case hexadecimal, 64 characters.
type Digest string

// DigestOf returns the digest of data.
func DigestOf(data []byte) Digest {
	sum := sha256.Sum256(data)
	return Digest(hex.EncodeToString(sum[:]))
}

// IsValid reports whether d is written as a digest is.
func (d Digest) IsValid() bool {
	if len(d) != 2*sha256.Size {
		return false
	}
	for i := range len(d) {
		if c := d[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Custody is one link in an artifact's chain of custody: who held it from when.
type Custody struct {
	// By is who took the artifact.
	By Actor `json:"by"`
	// At is when, in UTC to the microsecond.
	At time.Time `json:"at" validate:"instant"`
	// Action says what was done, for example "exported from the audit console".
	Action string `json:"action" validate:"required,text"`
}

// Artifact is a file that supports a record: a screenshot, a signed form, a log. The record keeps its digest, not its
// bytes, so the artifact can be checked later and destroyed on a clock of its own.
type Artifact struct {
	// Name is the file's name, without a path.
	Name string `json:"name" validate:"required,text"`
	// MediaType is the type of the content, for example "application/pdf".
	MediaType string `json:"media_type" validate:"required,text"`
	// Size is the length in bytes.
	Size int64 `json:"size" validate:"min=0,max=9007199254740991"`
	// SHA256 is the digest of the content.
	SHA256 Digest `json:"sha256" validate:"digest"`
	// Custody is the chain of custody, oldest first.
	Custody []Custody `json:"custody,omitempty" validate:"dive"`
}

// ReadArtifact describes the content of r under the given name. It reads r to its end and returns r's error.
func ReadArtifact(name, mediaType string, r io.Reader, custody ...Custody) (Artifact, error) {
	h := sha256.New()
	n, err := io.Copy(h, r)
	if err != nil {
		return Artifact{}, err
	}
	return Artifact{Name: name, MediaType: mediaType, Size: n, SHA256: Digest(hex.EncodeToString(h.Sum(nil))), Custody: custody}, nil
}
