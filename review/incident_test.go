package review_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
)

// ended is an incident that went all the way, with its record.
func ended(t require.TestingT) (review.Incident, review.IncidentRecord) {
	i, err := incident(t).Respond(technician, on("2026-04-03").Add(3600e9), "Logging was switched on.", proof())
	require.NoError(t, err)
	i, err = i.Contain(technician, on("2026-04-04"), "The account was locked.")
	require.NoError(t, err)
	i, r, err := i.Close(official, on("2026-04-10"), outcome())
	require.NoError(t, err)
	return i, r
}

func TestAnIncidentIsDocumentedWithItsOutcome(t *testing.T) {
	t.Parallel()
	i, r := ended(t)
	require.Equal(t, review.IncidentClosed, i.State)
	require.True(t, r.WasIncident())
	require.Equal(t, day("2026-04-10"), r.Ended)
	require.Equal(t, hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: day("2026-04-10")}, r.RetentionBasis())
	require.Equal(t, hipaasmp.CiteIncidentResponse, r.Citations()[0])
	again, err := i.IncidentRecord()
	require.NoError(t, err)
	require.Equal(t, r, again)

	_, none, err := incident(t).Dismiss(official, on("2026-04-04"), "It was planned work.")
	require.NoError(t, err)
	require.False(t, none.WasIncident())
	require.NoError(t, none.Validate())
	_, err = incident(t).IncidentRecord()
	var te *hipaasmp.TransitionError
	require.ErrorAs(t, err, &te)
}

func TestAnIncidentRefusesWhatIsOutOfOrder(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code   hipaasmp.FaultCode
		change func(*review.IncidentReport)
	}{
		"noticed after it was recorded": {hipaasmp.FaultOrder, func(r *review.IncidentReport) { r.On = day("2026-04-04") }},
		"noticed before it occurred":    {hipaasmp.FaultOrder, func(r *review.IncidentReport) { r.Occurred = hipaasmp.Period{From: day("2026-04-04")} }},
		"over before it began":          {hipaasmp.FaultOrder, func(r *review.IncidentReport) { r.Occurred.To = day("2026-03-04") }},
		"an act twice":                  {hipaasmp.FaultIdentity, func(r *review.IncidentReport) { r.Acts = append(r.Acts, r.Acts[0]) }},
		"no act":                        {hipaasmp.FaultRange, func(r *review.IncidentReport) { r.Acts = nil }},
		"a success nobody stated":       {hipaasmp.FaultEnum, func(r *review.IncidentReport) { r.Success = "" }},
		"no words":                      {hipaasmp.FaultRequired, func(r *review.IncidentReport) { r.Narrative = "" }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := report()
			c.change(&r)
			_, err := review.ReportIncident("i", clinic(), r)
			requireFault(t, err, c.code)
		})
	}
	_, err := incident(t).Contain(technician, on("2026-04-02"), "x")
	requireFault(t, err, hipaasmp.FaultOrder)
	_, _, err = incident(t).Dismiss(program, on("2026-04-04"), "x")
	requireFault(t, err, review.FaultProgram)
	_, _, err = incident(t).Dismiss(official, on("2026-04-04"), "")
	requireFault(t, err, review.FaultOutcome)
	i, err := incident(t).Contain(technician, on("2026-04-04"), "x")
	require.NoError(t, err)
	bad := outcome()
	bad.Harm = ""
	_, _, err = i.Close(official, on("2026-04-10"), bad)
	requireFault(t, err, hipaasmp.FaultEnum)
	bad = outcome()
	bad.Mitigation = ""
	_, _, err = i.Close(official, on("2026-04-10"), bad)
	requireFault(t, err, hipaasmp.FaultRequired)
}

func TestAForgedEntryOfAnIncidentIsRefused(t *testing.T) {
	t.Parallel()
	for name, forge := range map[string]func(*review.Incident){
		"a response removed":      func(i *review.Incident) { i.Responses = nil },
		"a response made up":      func(i *review.Incident) { i.Responses = append(i.Responses, i.Responses[0]) },
		"another responder":       func(i *review.Incident) { i.Responses[0].By.ID = "w-077" },
		"a containment removed":   func(i *review.Incident) { i.Containment = nil },
		"an ending removed":       func(i *review.Incident) { i.Ending = nil },
		"another hour of the end": func(i *review.Incident) { i.Ending.At = on("2026-04-11") },
		"no outcome":              func(i *review.Incident) { i.Ending.Outcome = nil; i.Ending.NotIncident = "x" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i, _ := ended(t)
			forge(&i)
			requireFault(t, i.Validate(), review.FaultUnrecorded)
		})
	}
}

func TestAForgedIncidentRecordIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		code  hipaasmp.FaultCode
		forge func(*review.IncidentRecord)
	}{
		"no ending":                {review.FaultOutcome, func(r *review.IncidentRecord) { r.Ending = nil }},
		"two endings":              {review.FaultOutcome, func(r *review.IncidentRecord) { r.Ending.NotIncident = "x" }},
		"closed, never contained":  {review.FaultOutcome, func(r *review.IncidentRecord) { r.Containment = nil }},
		"another day":              {hipaasmp.FaultOrder, func(r *review.IncidentRecord) { r.Ended = day("2026-04-11") }},
		"a step after the end":     {hipaasmp.FaultOrder, func(r *review.IncidentRecord) { r.Containment.At = on("2026-04-12") }},
		"a step before the report": {hipaasmp.FaultOrder, func(r *review.IncidentRecord) { r.Responses[0].At = on("2026-04-01") }},
		"an end before the report": {hipaasmp.FaultOrder, func(r *review.IncidentRecord) { r.Ending.At, r.Ended = on("2026-04-01"), day("2026-04-01") }},
		"a program ended it":       {review.FaultProgram, func(r *review.IncidentRecord) { r.Ending.By = program }},
		"of another kind":          {hipaasmp.FaultDangling, func(r *review.IncidentRecord) { r.Incident.Kind = review.KindSession }},
		"a zone that is none":      {hipaasmp.FaultZone, func(r *review.IncidentRecord) { r.Zone = "x" }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, r := ended(t)
			c.forge(&r)
			requireFault(t, r.Validate(), c.code)
		})
	}
}
