package activity

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Field is a part of an [Event] that a column of a report can fill.
type Field string

const (
	// FieldRecorded is the time. Two columns of it, such as a date and a time, are joined with a blank.
	FieldRecorded Field = "recorded"
	// FieldID is the identity of the entry, by which a second delivery is recognised.
	FieldID Field = "id"
	// FieldActor is the identity of who did it.
	FieldActor Field = "actor"
	// FieldActorAlt is a second identity of the same actor.
	FieldActorAlt Field = "actor_alt"
	// FieldActorName is the name that the report shows for the actor. It is no identity and is never written.
	FieldActorName Field = "actor_name"
	// FieldActorKind is what kind of thing acted, as a word of [ActorKind].
	FieldActorKind Field = "actor_kind"
	// FieldPatient is a patient. Several columns of it are several patients.
	FieldPatient Field = "patient"
	// FieldAction is what was done, as a word of [Action].
	FieldAction Field = "action"
	// FieldFamily is the kind of activity, as a word of [EventFamilies]. Without it the action decides.
	FieldFamily Field = "family"
	// FieldAct is what was done in the source's own words. Without it they are those of the action.
	FieldAct Field = "act"
	// FieldObjectType is the kind of thing that it was done to.
	FieldObjectType Field = "object_type"
	// FieldObject is the identity of that thing.
	FieldObject Field = "object"
	// FieldOutcome is how it ended, as a word of [Outcome].
	FieldOutcome Field = "outcome"
	// FieldCode is the source's own word for the outcome. Without it it is that of the outcome.
	FieldCode Field = "code"
	// FieldAddr is an IP address. What is none is taken for the name of a machine, unless another column gives that.
	FieldAddr Field = "addr"
	// FieldHost is the name of a machine.
	FieldHost Field = "host"
	// FieldApp is a program.
	FieldApp Field = "app"
	// FieldPurpose is a purpose of use. Several columns of it are several purposes.
	FieldPurpose Field = "purpose"
	// FieldSession is the session.
	FieldSession Field = "session"
	// FieldIngested is when the log's keeper took the entry in, in a layout of the times. What is in none is unknown. A
	// profile whose reports have such a column names it; [PlainProfile] has none.
	FieldIngested Field = "ingested"
	// FieldIgnore is no part of the event: the column is there and is not read.
	FieldIgnore Field = "ignore"
)

// Values returns the members of the enumeration.
func (Field) Values() []Field {
	return []Field{FieldRecorded, FieldID, FieldActor, FieldActorAlt, FieldActorName, FieldActorKind, FieldPatient, FieldAction,
		FieldFamily, FieldAct, FieldObjectType, FieldObject, FieldOutcome, FieldCode, FieldAddr, FieldHost, FieldApp,
		FieldPurpose, FieldSession, FieldIngested, FieldIgnore}
}

// IsValid reports whether f is a member.
func (f Field) IsValid() bool { return slices.Contains(f.Values(), f) }

// MarshalText refuses a value that is no member.
func (f Field) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("activity.Field", f, f.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (f *Field) UnmarshalText(text []byte) (err error) {
	*f, err = hipaasmp.ParseEnum("activity.Field", text, f.Values())
	return err
}

// many reports whether several columns may fill the field.
func (f Field) many() bool { return f == FieldPatient || f == FieldPurpose || f == FieldIgnore }
