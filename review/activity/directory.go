package activity

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Alias says whom an identity in a log stands for, and when. One person has many: a log-in of every system, a number of
// the badge, a medical record number of every hospital. An identity may pass from one person to another.
type Alias struct {
	// Subject is whether it stands for an actor or for a patient.
	Subject Subject
	// System is where the alias holds: for an actor the source ([Input.Source]), for a patient the numbering
	// ([Patient.System]). Empty is everywhere that no other alias of the same text is listed for by name.
	System string
	// Alias is the identity as the log has it.
	Alias string
	// ID is the opaque identity that it stands for.
	ID string
	// From and To are the first and the last day on which it does, in the zone of the directory; either may be absent.
	From, To hipaasmp.Date
}

// Directory resolves the identities by which logs name actors and patients into those that an entity knows them by. It
// is no record: it holds what joins an alias to a person, and nothing of it is written. It does not change once it is
// built, so any number of readers may ask it.
//
// An identity that is not listed, that stands for nobody on the day of the event, or that stands for more than one is
// unresolved: it stays as the log has it, and [DirectoryTally] counts it. Nothing is guessed from a display name.
type Directory struct {
	options DirectoryOptions
	aliases map[aliasKey][]Alias
	digest  hipaasmp.Digest
}

// DirectoryOptions say how aliases are compared.
type DirectoryOptions struct {
	// Zone is the zone of the days; nil is UTC.
	Zone *time.Location
	// FoldCase takes capital and small letters of aliases for the same, as Windows and most mail systems do.
	FoldCase bool
	// PatientSystem is the numbering of the identities of patients that are resolved; see [Patient.System].
	PatientSystem string
}

type aliasKey struct {
	subject       Subject
	system, alias string
}

// NewDirectory builds a directory. The error is a [*DirectoryError] with every fault; its lines are the positions of the
// aliases, from 1.
func NewDirectory(aliases []Alias, o DirectoryOptions) (*Directory, error) {
	var faults directoryFaults
	for i, a := range aliases {
		faults.alias(i+1, a)
	}
	if err := faults.err(); err != nil {
		return nil, err
	}
	return newDirectory(aliases, o), nil
}

func newDirectory(aliases []Alias, o DirectoryOptions) *Directory {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	d := &Directory{options: o, aliases: map[aliasKey][]Alias{}}
	sorted := slices.Clone(aliases)
	slices.SortFunc(sorted, func(a, b Alias) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.System, b.System), cmp.Compare(a.Alias, b.Alias),
			cmp.Compare(a.ID, b.ID), a.From.Compare(b.From), a.To.Compare(b.To))
	})
	sum := sha256.New()
	fmt.Fprintf(sum, "%q %t %q\n", o.Zone, o.FoldCase, o.PatientSystem)
	for _, a := range slices.Compact(sorted) {
		fmt.Fprintf(sum, "%q %q %q %q %q %q\n", a.Subject, a.System, a.Alias, a.ID, day(a.From), day(a.To))
		key := d.key(a.Subject, a.System, a.Alias)
		d.aliases[key] = append(d.aliases[key], a)
	}
	d.digest = hipaasmp.Digest(fmt.Sprintf("%x", sum.Sum(nil)))
	return d
}

func day(d hipaasmp.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func (d *Directory) key(s Subject, system, alias string) aliasKey {
	if d.options.FoldCase {
		alias = strings.ToLower(alias)
	}
	return aliasKey{s, system, alias}
}

// Digest returns the SHA-256 of what the directory lists and how it compares, in an order of its own: by it a review says
// by which directory its log was resolved, without saying what stands in it.
func (d *Directory) Digest() hipaasmp.Digest { return d.digest }

// Resolved says what came of an event.
type Resolved struct {
	// Actor is what came of the actor.
	Actor Resolution
	// Patients is what came of each patient, in the order of the event.
	Patients []Resolution
}

// Resolve returns the event with the identities that its own stand for on its day. The identity of the log stays as the
// second one of the actor. Patients who turn out to be one are named once.
func (d *Directory) Resolve(e Event) (Event, Resolved) {
	var out Resolved
	id := ""
	id, out.Actor = d.actor(e)
	if out.Actor == ResolutionFound && id != e.Actor.ID {
		e.Actor.ID, e.Actor.AltID = id, e.Actor.ID
	}
	if len(e.Patients) == 0 {
		return e, out
	}
	patients := make([]Patient, 0, len(e.Patients))
	for _, p := range e.Patients {
		id, r := d.find(SubjectPatient, p.System, p.ID, e.Recorded)
		out.Patients = append(out.Patients, r)
		if r == ResolutionFound {
			p = Patient{System: d.options.PatientSystem, ID: id}
		}
		patients = appendNew(patients, p)
	}
	e.Patients = patients
	return e, out
}

// actor asks for both identities of the actor. Where they stand for two people, it is neither.
func (d *Directory) actor(e Event) (string, Resolution) {
	if e.Actor.ID == "" {
		return "", ResolutionAbsent
	}
	id, r := d.find(SubjectActor, e.Source, e.Actor.ID, e.Recorded)
	if e.Actor.AltID == "" {
		return id, r
	}
	other, also := d.find(SubjectActor, e.Source, e.Actor.AltID, e.Recorded)
	switch {
	case r == ResolutionFound && also == ResolutionFound && id != other, r == ResolutionAmbiguous, also == ResolutionAmbiguous && r != ResolutionFound:
		return "", ResolutionAmbiguous
	case r == ResolutionFound:
		return id, r
	case also == ResolutionFound, r == ResolutionUnlisted:
		return other, also
	}
	return "", r
}

// find looks an alias up where it is listed by name, and otherwise where it is listed for everywhere.
func (d *Directory) find(s Subject, system, alias string, at time.Time) (string, Resolution) {
	listed := d.aliases[d.key(s, system, alias)]
	if len(listed) == 0 && system != "" {
		listed = d.aliases[d.key(s, "", alias)]
	}
	if len(listed) == 0 {
		return "", ResolutionUnlisted
	}
	today, undated := hipaasmp.Date{}, at.IsZero()
	if !undated {
		today = hipaasmp.DateOf(at, d.options.Zone)
	}
	id, r := "", ResolutionOutOfInterval
	for _, a := range listed {
		switch {
		case undated && !(a.From.IsZero() && a.To.IsZero()):
			return "", ResolutionUndated
		case !undated && (!a.From.IsZero() && today.Before(a.From) || !a.To.IsZero() && today.After(a.To)):
		case r == ResolutionFound && a.ID != id:
			return "", ResolutionAmbiguous
		default:
			id, r = a.ID, ResolutionFound
		}
	}
	return id, r
}
