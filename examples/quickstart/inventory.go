package main

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

// sampleInventory is where the clinic's ePHI is and how it moves. Nobody has looked at removable media yet, and the
// agreement with the transcription service has run out: both turn up among the gaps.
func sampleInventory(c calendar) risk.Inventory {
	all := []risk.Handling{risk.HandlingCreates, risk.HandlingReceives, risk.HandlingMaintains, risk.HandlingTransmits}
	associate := func(name string, signed, expires hipaasmp.Date) *risk.Vendor {
		return &risk.Vendor{Name: name, Standing: risk.VendorStandingBusinessAssociate, Agreement: &risk.Agreement{Signed: signed, Expires: expires}}
	}
	open := hipaasmp.Date{}
	return risk.Inventory{
		Assets: []risk.Asset{
			{ID: "ehr", Name: "Cloud EHR", Class: risk.AssetClassCloudApp, Handles: all, Owner: "wf-101", InService: c.day(-70, 0),
				Vendor: associate("EHR vendor", c.day(-70, 0), open)},
			{ID: "cloud", Name: "Cloud account for images, claims and backups", Class: risk.AssetClassBackup, Handles: all[1:], Owner: "wf-104",
				InService: c.day(-50, 0), Vendor: associate("Cloud provider", c.day(-50, 0), open)},
			{ID: "tablets", Name: "Exam-room tablets (6)", Class: risk.AssetClassMobile, Handles: all, Location: "Exam rooms", Owner: "wf-103", InService: c.day(-30, 0)},
			{ID: "ultrasound", Name: "Ultrasound cart", Class: risk.AssetClassMedicalDevice, Handles: []risk.Handling{risk.HandlingCreates, risk.HandlingTransmits},
				Location: "Room 4", Owner: "wf-103", InService: c.day(-60, 0)},
			{ID: "desk", Name: "Front-desk workstations (4)", Class: risk.AssetClassOnPremises, Handles: all, Location: "Reception", Owner: "wf-104", InService: c.day(-40, 0)},
			{ID: "home", Name: "Billing from home", Class: risk.AssetClassRemoteWork, Handles: all[1:], Owner: "wf-105", InService: c.day(-24, 0)},
			{ID: "transcription", Name: "Transcription service", Class: risk.AssetClassBusinessAssociate, Handles: all[1:], Owner: "wf-102",
				InService: c.day(-26, 0), Vendor: associate("Transcription firm", c.day(-26, 0), c.day(0, 11))},
		},
		Flows: []risk.Flow{
			{ID: "fl-1", From: "tablets", To: "ehr", What: "Encounter notes", Encryption: risk.EncryptionEncrypted},
			{ID: "fl-2", From: "ultrasound", To: "cloud", What: "Images", Encryption: risk.EncryptionUnknown},
			{ID: "fl-3", From: "ehr", To: "cloud", What: "Nightly backup and claims", Encryption: risk.EncryptionEncrypted},
			{ID: "fl-4", From: "home", To: "cloud", What: "Claims", Encryption: risk.EncryptionEncrypted},
			{ID: "fl-5", From: "ehr", To: "transcription", What: "Dictations", Encryption: risk.EncryptionEncrypted},
			{ID: "fl-6", From: "desk", To: "ehr", What: "Registration and scheduling", Encryption: risk.EncryptionEncrypted},
			{ID: "fl-7", From: "transcription", To: "ehr", What: "Transcripts", Encryption: risk.EncryptionEncrypted},
		},
	}
}
