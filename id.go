package hipaasmp

import (
	"io"
	"time"

	"github.com/google/uuid"
)

// NewID returns a UUIDv7 (RFC 9562) whose time is at and whose random bits come from random, so that a test or a
// replay gets the same identity. Give it crypto/rand.Reader in production. The error is the reader's.
func NewID(random io.Reader, at time.Time) (string, error) {
	id, err := uuid.NewRandomFromReader(random)
	if err != nil {
		return "", err
	}
	ms := at.UnixMilli()
	for i := range 6 {
		id[i] = byte(ms >> (8 * (5 - i)))
	}
	id[6] = id[6]&0x0f | 0x70
	return id.String(), nil
}

// NameID returns the UUIDv5 (RFC 9562) of a name within a namespace of the caller's. The same name always has the same
// identity, which is how an import recognises on its second run what it brought on its first.
func NameID(namespace, name string) string {
	space := uuid.NewSHA1(uuid.NameSpaceURL, []byte(schemaBase+namespace))
	return uuid.NewSHA1(space, []byte(name)).String()
}
