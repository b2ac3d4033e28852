package activity

import "crypto/sha256"

// Seen remembers the identities of events, so that an entry that was delivered twice is counted once. CloudTrail
// delivers at least once, and two trails may record the same call. It keeps 16 bytes of the SHA-256 of each identity:
// exact for every practical purpose, and about 40 bytes of memory an event. The zero Seen is ready.
type Seen struct {
	ids map[[16]byte]struct{}
}

// Again reports whether an event of the same source with the same identity was asked about before, and remembers it.
// Events without an identity are never the same.
func (s *Seen) Again(e Event) bool {
	if e.ID == "" {
		return false
	}
	if s.ids == nil {
		s.ids = map[[16]byte]struct{}{}
	}
	sum := sha256.Sum256([]byte(e.Source + "\x00" + e.ID))
	key := [16]byte(sum[:])
	if _, again := s.ids[key]; again {
		return true
	}
	s.ids[key] = struct{}{}
	return false
}
