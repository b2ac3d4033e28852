package activity

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Subject is what an alias stands for.
type Subject string

const (
	// SubjectActor is who acts.
	SubjectActor Subject = "actor"
	// SubjectPatient is whose information is touched.
	SubjectPatient Subject = "patient"
)

// Values returns the members of the enumeration.
func (Subject) Values() []Subject { return []Subject{SubjectActor, SubjectPatient} }

// IsValid reports whether s is a member.
func (s Subject) IsValid() bool { return slices.Contains(s.Values(), s) }

// MarshalText refuses a value that is no member.
func (s Subject) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("activity.Subject", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *Subject) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("activity.Subject", text, s.Values())
	return err
}

// Resolution is what came of looking an identity up in a [Directory].
type Resolution string

const (
	// ResolutionFound: it stands for one on that day.
	ResolutionFound Resolution = "found"
	// ResolutionAbsent: the event names nobody.
	ResolutionAbsent Resolution = "absent"
	// ResolutionUnlisted: the directory does not know it.
	ResolutionUnlisted Resolution = "unlisted"
	// ResolutionOutOfInterval: it is listed, and stands for nobody on that day.
	ResolutionOutOfInterval Resolution = "out_of_interval"
	// ResolutionAmbiguous: it stands for more than one on that day, or the two identities of an actor for two.
	ResolutionAmbiguous Resolution = "ambiguous"
	// ResolutionUndated: it is listed with dates, and the time of the event is unknown.
	ResolutionUndated Resolution = "undated"
)

// Values returns the members of the enumeration.
func (Resolution) Values() []Resolution {
	return []Resolution{ResolutionFound, ResolutionAbsent, ResolutionUnlisted, ResolutionOutOfInterval, ResolutionAmbiguous,
		ResolutionUndated}
}

// IsValid reports whether r is a member.
func (r Resolution) IsValid() bool { return slices.Contains(r.Values(), r) }

// MarshalText refuses a value that is no member.
func (r Resolution) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("activity.Resolution", r, r.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (r *Resolution) UnmarshalText(text []byte) (err error) {
	*r, err = hipaasmp.ParseEnum("activity.Resolution", text, r.Values())
	return err
}

// DirectoryTally counts what came of the events of a source. The zero DirectoryTally is ready.
type DirectoryTally struct {
	actors   map[Resolution]int64
	patients map[Resolution]int64
}

// Count takes what [Directory.Resolve] said of one event.
func (t *DirectoryTally) Count(r Resolved) {
	if t.actors == nil {
		t.actors, t.patients = map[Resolution]int64{}, map[Resolution]int64{}
	}
	t.actors[r.Actor]++
	for _, p := range r.Patients {
		t.patients[p]++
	}
}

// Merge adds the figures of another tally.
func (t *DirectoryTally) Merge(other *DirectoryTally) {
	if t.actors == nil {
		t.actors, t.patients = map[Resolution]int64{}, map[Resolution]int64{}
	}
	for r, n := range other.actors {
		t.actors[r] += n
	}
	for r, n := range other.patients {
		t.patients[r] += n
	}
}

// Actors returns the number of events whose actor came out so.
func (t *DirectoryTally) Actors(r Resolution) int64 { return t.actors[r] }

// Patients returns the number of patients of events who came out so; one who is named in two events counts twice.
func (t *DirectoryTally) Patients(r Resolution) int64 { return t.patients[r] }

// UnresolvedActors returns the number of events whose actor was not found, those that name nobody included.
func (t *DirectoryTally) UnresolvedActors() int64 { return unresolved(t.actors) }

// UnresolvedPatients returns the number of patients of events who were not found. Events that name no patient are not
// among them; see [Tally].
func (t *DirectoryTally) UnresolvedPatients() int64 { return unresolved(t.patients) }

func unresolved(counts map[Resolution]int64) (n int64) {
	for r, c := range counts {
		if r != ResolutionFound {
			n += c
		}
	}
	return n
}
