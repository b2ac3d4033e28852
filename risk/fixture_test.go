package risk_test

import (
	"errors"
	"testing"
	"time"
	_ "time/tzdata" // so that no test depends on the machine's own time zone database

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/civil"
	"github.com/hipaasmp/hipaasmp/risk"
)

// The people of the small clinic of these tests, by opaque identity.
var (
	manager  = hipaasmp.Actor{ID: "wf-001", Role: hipaasmp.RoleManagement}
	official = hipaasmp.Actor{ID: "wf-002", Role: hipaasmp.RoleSecurityOfficial}
	analyst  = hipaasmp.Actor{ID: "wf-003", Role: hipaasmp.RoleWorkforce}
)

// The days of these tests.
var (
	began    = time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	approved = time.Date(2026, 3, 21, 3, 30, 0, 0, time.UTC) // 20 March in Chicago
	day      = civil.Date
)

func chicago(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("America/Chicago")
	require.NoError(t, err)
	return zone
}

func entity() hipaasmp.Entity {
	since := hipaasmp.Period{From: day("2020-01-01")}
	return hipaasmp.Entity{
		Header: hipaasmp.NewHeader(hipaasmp.KindEntity, "clinic"), Name: "Riverside Clinic",
		Type: hipaasmp.EntityCoveredEntity, Size: hipaasmp.EntitySmall, Zone: "America/Chicago",
		Created: day("2020-01-01"), InEffect: since,
		Workforce: []hipaasmp.WorkforceMember{
			{ID: "wf-001", Category: hipaasmp.WorkforceEmployee, Member: since},
			{ID: "wf-002", Category: hipaasmp.WorkforceEmployee, Member: since},
			{ID: "wf-003", Category: hipaasmp.WorkforceEmployee, Member: since},
		},
		Appointments: []hipaasmp.Appointment{
			{Role: hipaasmp.RoleManagement, Member: "wf-001", Term: since},
			{Role: hipaasmp.RoleSecurityOfficial, Member: "wf-002", Term: since},
		},
	}
}

func may() hipaasmp.Authority { return entity().Authority() }

// scored makes a score of the clinic's analyst.
func scored(t testing.TB, initiation, adverse, impact risk.Level) *risk.Score {
	t.Helper()
	s, err := risk.NewScore(risk.SP80030(), risk.Judgment{Initiation: initiation, Adverse: adverse, Impact: impact}, analyst, began)
	require.NoError(t, err)
	return &s
}

// content is the assessment of the clinic: one very high, one moderate and one unscored finding.
func content(t testing.TB) risk.Assessment {
	none := func(c risk.AssetClass) risk.ClassDeclaration {
		return risk.ClassDeclaration{Class: c, Reason: "walked through every room and asked", By: analyst, At: began}
	}
	return risk.Assessment{
		Title: "Risk analysis 2026",
		Scope: "All ePHI of the clinic, in every system, at both sites and at its vendors.",
		Inventory: risk.Inventory{
			Assets: []risk.Asset{
				{ID: "ehr", Name: "EHR in the cloud", Class: risk.AssetClassCloudApp, Handles: []risk.Handling{risk.HandlingCreates, risk.HandlingMaintains},
					Owner: "wf-002", InService: day("2021-05-01"),
					Vendor: &risk.Vendor{Name: "Cloud EHR Inc.", Standing: risk.VendorStandingBusinessAssociate,
						Agreement: &risk.Agreement{Signed: day("2021-04-01"), Expires: day("2027-03-31")}}},
				{ID: "laptop", Name: "Laptops", Class: risk.AssetClassMobile, Handles: []risk.Handling{risk.HandlingMaintains}, Location: "both sites"},
				{ID: "pump", Name: "Infusion pumps", Class: risk.AssetClassMedicalDevice, Handles: []risk.Handling{risk.HandlingCreates}, InService: day("2024-01-15")},
				{ID: "billing", Name: "Billing service", Class: risk.AssetClassBusinessAssociate, Handles: []risk.Handling{risk.HandlingReceives},
					Vendor: &risk.Vendor{Name: "Claims LLC", Standing: risk.VendorStandingBusinessAssociate,
						Agreement: &risk.Agreement{Signed: day("2025-01-01"), Expires: day("2026-12-31")}}},
			},
			Flows: []risk.Flow{
				{ID: "claims", From: "ehr", To: "billing", What: "claims", Encryption: risk.EncryptionEncrypted, Method: "TLS 1.3"},
				{ID: "remits", From: "billing", To: "ehr", What: "remittances", Encryption: risk.EncryptionEncrypted},
			},
			DeclaredNone: []risk.ClassDeclaration{
				none(risk.AssetClassOnPremises), none(risk.AssetClassRemovableMedia), none(risk.AssetClassBackup), none(risk.AssetClassRemoteWork),
			},
		},
		Threats: []risk.Threat{
			{ID: "phishing", Source: risk.ThreatSourceAdversarial, Event: "Phishing for credentials"},
			{ID: "theft", Source: risk.ThreatSourceAdversarial, Event: "Theft of a device"},
			{ID: "outage", Source: risk.ThreatSourceEnvironmental, Event: "Power outage"},
		},
		Vulnerabilities: []risk.Vulnerability{
			{ID: "one-factor", Title: "Log-in with a password only", Severity: risk.LevelHigh},
			{ID: "clear-disk", Title: "Disk not encrypted", Severity: risk.LevelVeryHigh},
			{ID: "no-ups", Title: "No battery", Severity: risk.LevelNotAssessed},
		},
		Safeguards: []risk.Safeguard{
			{ID: "training", Title: "Awareness training", Effectiveness: risk.EffectivenessPartly, How: risk.MethodInterview,
				Citations: []hipaasmp.Citation{hipaasmp.CiteAwarenessTraining}},
			{ID: "locks", Title: "Locked rooms", Effectiveness: risk.EffectivenessEffective, How: risk.MethodTest},
		},
		Findings: []risk.Finding{
			{ID: "F-1", Title: "Laptop stolen with readable ePHI", Assets: []string{"laptop"}, Threat: "theft", Vulnerability: "clear-disk",
				Safeguards: []string{"locks"}, Confidentiality: true,
				Current: scored(t, risk.LevelModerate, risk.LevelModerate, risk.LevelModerate)},
			{ID: "F-2", Title: "Stolen password opens the EHR", Assets: []string{"ehr", "billing"}, Threat: "phishing", Vulnerability: "one-factor",
				Safeguards: []string{"training"}, Confidentiality: true, Integrity: true,
				Inherent: scored(t, risk.LevelVeryHigh, risk.LevelVeryHigh, risk.LevelVeryHigh),
				Current:  scored(t, risk.LevelVeryHigh, risk.LevelHigh, risk.LevelVeryHigh),
				Residual: scored(t, risk.LevelLow, risk.LevelHigh, risk.LevelVeryHigh),
				Measures: []string{"item-mfa"}},
			{ID: "F-3", Title: "Pumps stop in an outage", Assets: []string{"pump"}, Threat: "outage", Vulnerability: "no-ups",
				NoSafeguards: true, Availability: true,
				Current: scored(t, risk.LevelHigh, risk.LevelHigh, risk.LevelNotAssessed)},
		},
	}
}

// procedure is the clinic's procedure on risk analysis, which sets no interval.
func procedure(t testing.TB) risk.Procedure {
	t.Helper()
	p, err := terms().Approve("ra-procedure-3", manager, time.Date(2025, 1, 10, 18, 0, 0, 0, time.UTC), chicago(t), may())
	require.NoError(t, err)
	return p
}

func terms() risk.Terms {
	return risk.Terms{
		Title: "Risk analysis procedure", Version: "3", Purpose: "Know the risks to ePHI before they are met.", Scope: "All ePHI of the clinic.",
		Duties:     []risk.Duty{{Role: hipaasmp.RoleSecurityOfficial, Does: "conducts the analysis"}, {Role: hipaasmp.RoleManagement, Does: "approves it"}},
		Management: "Approves the analysis and the acceptable level of risk.", Occasions: "Upon every change of systems, vendors or places, and after an incident.",
	}
}

func draft(t testing.TB) risk.Draft {
	t.Helper()
	d, err := risk.NewDraft("draft-2026", content(t), analyst, began)
	require.NoError(t, err)
	return d
}

func analysis(t testing.TB) risk.Analysis {
	t.Helper()
	a, err := draft(t).Approve("ra-2026", manager, official, approved, chicago(t), may(), risk.LevelLow, risk.First("The clinic opened in 2026."))
	require.NoError(t, err)
	return a
}

// faults returns what is wrong with a document, nil where nothing is.
func faults(t testing.TB, err error) []hipaasmp.Fault {
	t.Helper()
	if err == nil {
		return nil
	}
	var invalid *hipaasmp.ValidationError
	require.True(t, errors.As(err, &invalid), "want a ValidationError, got %v", err)
	return invalid.Faults
}

// requireFault asks for a fault with the code at the pointer, and that it says what to do.
func requireFault(t testing.TB, err error, code hipaasmp.FaultCode, pointer string) {
	t.Helper()
	all := faults(t, err)
	for _, f := range all {
		if f.Code == code && f.Pointer == pointer {
			require.NotEmpty(t, f.Message)
			return
		}
	}
	require.Failf(t, "fault missing", "want %s at %q among %v", code, pointer, all)
}
