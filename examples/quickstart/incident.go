package main

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// incidentID is the identity of the sample's one security incident.
const incidentID = "inc-1"

// sampleIncident is the incident that the administrator reported: the audit trail was off for 28 minutes.
func sampleIncident(c calendar, e hipaasmp.Entity) (review.Incident, review.IncidentRecord, error) {
	i, err := review.ReportIncident(incidentID, e, review.IncidentReport{
		By: technician, At: c.at(0, 16, 8), On: c.day(0, 16), Occurred: hipaasmp.Period{From: c.day(0, 15), To: c.day(0, 16)},
		Acts: []review.Act{review.ActInterference}, Success: review.SuccessSuccessful, Systems: []string{"cloud"},
		Narrative: "The audit trail of the cloud account was stopped for 28 minutes by its administrator during a clean-up of storage.",
	})
	if err != nil {
		return i, review.IncidentRecord{}, err
	}
	if i, err = i.Contain(official, c.at(0, 16, 12), "The trail records again; the administrator's rights over it were suspended."); err != nil {
		return i, review.IncidentRecord{}, err
	}
	return i.Close(official, c.at(0, 28, 12), review.Outcome{
		Words:      "The event history shows no access to stored objects in the 28 minutes.",
		Harm:       review.HarmNone,
		Mitigation: "Rights over the trail withdrawn; a second trail in another account is in the risk management plan.",
		Refs:       []hipaasmp.Ref{{Kind: sanction.KindCase, ID: caseID}},
	})
}
