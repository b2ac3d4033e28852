package activity

import (
	"crypto/sha256"
	"slices"
	"strings"
)

// Seen remembers the identities of events, so that an entry that was delivered twice is counted once. CloudTrail
// delivers at least once, and two trails may record the same call. An act that both ends of a connection recorded under
// one [Request] is counted once as well: the profiles of IHE BALP let client and server each write an entry, with
// identities of their own. It keeps 16 bytes of the SHA-256 of each identity: exact for every practical purpose, and about
// 40 bytes of memory an event. Of formats that give entries no identity, see [Input.Identify]. The zero Seen is ready.
type Seen struct {
	ids  map[[16]byte]struct{}
	acts map[[16]byte][16]byte // who recorded an act first
}

// Again reports whether an event of the same source with the same identity was asked about before, or the same act by
// another recorder under the same request, and remembers it. Events without either are never the same.
func (s *Seen) Again(e Event) bool {
	again := false
	if e.ID != "" {
		if s.ids == nil {
			s.ids = map[[16]byte]struct{}{}
		}
		key := short(e.Source, e.ID)
		_, again = s.ids[key]
		s.ids[key] = struct{}{}
	}
	if e.Request.ID != "" && !again {
		again = s.elsewhere(e)
	}
	return again
}

// elsewhere reports whether another recorder has recorded the act. What one recorder writes twice are two acts: a batch of
// searches has one request. References are compared by their last parts, because a server may write the relative ones.
func (s *Seen) elsewhere(e Event) bool {
	if s.acts == nil {
		s.acts = map[[16]byte][16]byte{}
	}
	parts := []string{e.Source, e.Request.ID, string(e.Action), string(e.Outcome), e.Act.Name, e.Object.Type, last(e.Object.ID)}
	var patients []string
	for _, p := range e.Patients {
		patients = append(patients, last(p.ID))
	}
	slices.Sort(patients)
	key, recorder := short(append(parts, patients...)...), short(e.Request.Recorder)
	first, known := s.acts[key]
	if !known {
		s.acts[key] = recorder
	}
	return known && first != recorder
}

// last is what stands behind the last slash.
func last(reference string) string { return reference[strings.LastIndexByte(reference, '/')+1:] }

func short(parts ...string) [16]byte {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return [16]byte(sum[:])
}
