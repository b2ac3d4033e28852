package activity

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// auditEvent2 is the member event of DSTU2.
type auditEvent2 struct {
	Type           concepts       `json:"type"`
	Subtype        concepts       `json:"subtype"`
	Action         string         `json:"action"`
	DateTime       string         `json:"dateTime"`
	Outcome        jsontext.Value `json:"outcome"`
	OutcomeDesc    string         `json:"outcomeDesc"`
	PurposeOfEvent concepts       `json:"purposeOfEvent"`
}

// modern puts what DSTU2 has under other names where R3 has it.
func (a *auditEvent) modern() {
	old := a.Event
	a.Type, a.Subtype, a.Action, a.Recorded, a.Event = old.Type, old.Subtype, old.Action, old.DateTime, nil
	a.Outcome, a.OutcomeDesc, a.PurposeOfEvent = old.Outcome, old.OutcomeDesc, old.PurposeOfEvent
	a.Agent, a.Entity = a.Participant, a.Object
}

type auditPeriod struct {
	Start string `json:"start"`
	End   string `json:"end"`
}

// recorded is when the event was recorded. Where the resource does not say, it is when what happened was over, or when it
// began.
func (a *auditEvent) recorded() time.Time {
	if a.Recorded != "" {
		if at, err := time.Parse(time.RFC3339Nano, a.Recorded); err == nil {
			return at.UTC()
		}
		return time.Time{}
	}
	for _, text := range [...]*string{&a.OccurredAt, &a.Period.End, &a.OccurredPeriod.End, &a.Period.Start, &a.OccurredPeriod.Start} {
		if *text != "" {
			if at, err := time.Parse(time.RFC3339Nano, *text); err == nil {
				return at.UTC()
			}
		}
	}
	return time.Time{}
}
