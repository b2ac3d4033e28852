package sigma

import (
	"slices"
	"time"

	"github.com/hipaasmp/hipaasmp/review/activity"
)

// fieldSource is the name of the source under review, which is no column of a report and therefore no [activity.Field].
const fieldSource = "source"

// EventFieldNames returns the fields that a rule may name with [EventFields], in order.
func EventFieldNames() []string {
	out := []string{fieldSource}
	for _, f := range activity.Field("").Values() {
		if f != activity.FieldIgnore && f != activity.FieldActorName {
			out = append(out, string(f))
		}
	}
	slices.Sort(out)
	return out
}

// PutEvent gives the fields of an event of the common model, as [EventFields] names them. What is unknown is absent, but
// for the members of enumerations, which have a word for it. The act has two values: its name, and its system with it.
func (m *Matcher) PutEvent(e activity.Event) {
	if !m.set.keywords {
		for slot, name := range m.set.fields {
			m.putField(int32(slot), name, &e)
		}
		return
	}
	for _, name := range EventFieldNames() {
		slot, ok := m.set.slots[name]
		if !ok {
			slot = -1
		}
		m.putField(slot, name, &e)
	}
}

func (m *Matcher) putField(slot int32, name string, e *activity.Event) {
	put := func(v string) {
		if v != "" {
			m.put(slot, v)
		}
	}
	switch activity.Field(name) {
	case fieldSource:
		put(e.Source)
	case activity.FieldID:
		put(e.ID)
	case activity.FieldRecorded:
		if !e.Recorded.IsZero() {
			put(e.Recorded.Format(time.RFC3339Nano))
		}
	case activity.FieldIngested:
		if !e.Ingested.IsZero() {
			put(e.Ingested.Format(time.RFC3339Nano))
		}
	case activity.FieldActor:
		put(e.Actor.ID)
	case activity.FieldActorAlt:
		put(e.Actor.AltID)
	case activity.FieldActorKind:
		put(string(e.Actor.Kind))
	case activity.FieldPatient:
		for _, p := range e.Patients {
			put(p.ID)
		}
	case activity.FieldAction:
		put(string(e.Action))
	case activity.FieldFamily:
		put(string(e.Family))
	case activity.FieldAct:
		put(e.Act.Name)
		if e.Act.System != "" {
			put(e.Act.System + " " + e.Act.Name)
		}
	case activity.FieldObjectType:
		put(e.Object.Type)
	case activity.FieldObject:
		put(e.Object.ID)
	case activity.FieldOutcome:
		put(string(e.Outcome))
	case activity.FieldCode:
		put(e.Code)
	case activity.FieldAddr:
		put(e.From.Addr)
	case activity.FieldHost:
		put(e.From.Host)
	case activity.FieldApp:
		put(e.From.App)
	case activity.FieldPurpose:
		for _, p := range e.Purpose {
			put(p)
		}
	case activity.FieldSession:
		put(e.Session)
	}
}
