package clinic

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
)

// score rates on the scale of SP 800-30.
func (b *builder) score(initiation, adverse, impact risk.Level, date string) *risk.Score {
	s, err := risk.NewScore(risk.SP80030(), risk.Judgment{Initiation: initiation, Adverse: adverse, Impact: impact}, official, b.at(date, 9))
	b.ok(err)
	return &s
}

func (b *builder) inventory() risk.Inventory {
	all := []risk.Handling{risk.HandlingCreates, risk.HandlingReceives, risk.HandlingMaintains, risk.HandlingTransmits}
	associate := func(name string) *risk.Vendor {
		return &risk.Vendor{Name: name, Standing: risk.VendorStandingBusinessAssociate, NoSubcontractors: true,
			Agreement: &risk.Agreement{Signed: day("2024-12-01")}}
	}
	asset := func(id, name string, class risk.AssetClass, owner string, vendor *risk.Vendor) risk.Asset {
		return risk.Asset{ID: id, Name: name, Class: class, Handles: all, Owner: owner, InService: day("2024-12-01"), Vendor: vendor}
	}
	return risk.Inventory{
		Assets: []risk.Asset{
			asset("ehr", "Cloud EHR", risk.AssetClassCloudApp, official.ID, associate("EHR vendor")),
			asset("cloud", "Cloud account for images and backups", risk.AssetClassBackup, technician.ID, associate("Cloud provider")),
			asset("tablets", "Exam-room tablets (6)", risk.AssetClassMobile, technician.ID, nil),
			asset("ultrasound", "Ultrasound cart", risk.AssetClassMedicalDevice, technician.ID, nil),
			asset("desk", "Front-desk workstations (4)", risk.AssetClassOnPremises, technician.ID, nil),
			asset("home", "Billing from home", risk.AssetClassRemoteWork, manager.ID, nil),
			asset("transcription", "Transcription service", risk.AssetClassBusinessAssociate, manager.ID, associate("Transcription firm")),
		},
		Flows: []risk.Flow{
			{ID: "fl-1", From: "tablets", To: "ehr", What: "Encounter notes", Encryption: risk.EncryptionEncrypted},
			{ID: "fl-2", From: "ehr", To: "transcription", What: "Dictations", Encryption: risk.EncryptionEncrypted},
			{ID: "fl-3", From: "ultrasound", To: "cloud", What: "Images", Encryption: risk.EncryptionEncrypted},
			{ID: "fl-4", From: "desk", To: "ehr", What: "Registration and scheduling", Encryption: risk.EncryptionEncrypted},
			{ID: "fl-5", From: "home", To: "ehr", What: "Claims", Encryption: risk.EncryptionEncrypted},
		},
		DeclaredNone: []risk.ClassDeclaration{{Class: risk.AssetClassRemovableMedia, Reason: "Ports are closed by policy, and the walk-through of January found none.",
			By: official, At: b.at("2025-01-20", 10)}},
	}
}

// analyses are two: the first, of February 2025, and the one that took its place in January 2026.
func (b *builder) analyses() {
	finding := func(id, title, threat, vulnerability string, current *risk.Score, safeguards []string, assets ...string) risk.Finding {
		return risk.Finding{ID: id, Title: title, Assets: assets, Threat: threat, Vulnerability: vulnerability, Safeguards: safeguards,
			NoSafeguards: len(safeguards) == 0, Confidentiality: true, Availability: true, Current: current}
	}
	content := risk.Assessment{
		Title: "Risk analysis of the clinic", Scope: "Every system, device, place and firm that creates, receives, maintains or transmits ePHI of the clinic.",
		Inventory: b.inventory(),
		Threats: []risk.Threat{
			{ID: "t-ransom", Source: risk.ThreatSourceAdversarial, Event: "Ransomware encrypts systems and copies data"},
			{ID: "t-loss", Source: risk.ThreatSourceAccidental, Event: "A device is lost or left behind"},
			{ID: "t-insider", Source: risk.ThreatSourceAdversarial, Event: "A privileged insider hides what was done"},
			{ID: "t-vendor", Source: risk.ThreatSourceAdversarial, Event: "A business associate is broken into"},
		},
		Vulnerabilities: []risk.Vulnerability{
			{ID: "v-restore", Title: "Restores from backup are not tested", Severity: risk.LevelHigh},
			{ID: "v-notes", Title: "Tablets keep notes offline", Severity: risk.LevelModerate},
			{ID: "v-logs", Title: "One administrator can switch audit logging off", Severity: risk.LevelVeryHigh},
			{ID: "v-firm", Title: "The firm's safeguards are known from its report alone", Severity: risk.LevelModerate},
		},
		Safeguards: []risk.Safeguard{
			{ID: "s-backup", Title: "Nightly encrypted backup", Effectiveness: risk.EffectivenessPartly, How: risk.MethodTest, Citations: []hipaasmp.Citation{hipaasmp.CiteDataBackup}},
			{ID: "s-mdm", Title: "Tablets encrypted and managed", Effectiveness: risk.EffectivenessEffective, How: risk.MethodTest, Citations: []hipaasmp.Citation{hipaasmp.CiteEncryptionDecryption}},
		},
		Findings: []risk.Finding{
			finding("f-1", "Ransomware stops the clinic and restores fail", "t-ransom", "v-restore",
				b.score(risk.LevelHigh, risk.LevelHigh, risk.LevelVeryHigh, "2025-01-27"), []string{"s-backup"}, "ehr", "cloud", "desk", "ultrasound"),
			finding("f-2", "A lost tablet gives notes away", "t-loss", "v-notes",
				b.score(risk.LevelModerate, risk.LevelModerate, risk.LevelModerate, "2025-01-27"), []string{"s-mdm"}, "tablets", "home"),
			finding("f-3", "Audit logging is switched off unseen", "t-insider", "v-logs",
				b.score(risk.LevelModerate, risk.LevelHigh, risk.LevelHigh, "2025-01-27"), nil, "cloud"),
			finding("f-4", "Dictations leak from the transcription firm", "t-vendor", "v-firm",
				b.score(risk.LevelLow, risk.LevelLow, risk.LevelModerate, "2025-01-27"), nil, "transcription"),
		},
	}
	if b.err != nil {
		return
	}
	draft, err := risk.NewDraft("ra-1-draft", content, official, b.at("2025-01-27", 10))
	if !b.ok(err) {
		return
	}
	how, err := risk.Terms{
		Title: "Risk analysis", Version: "1", Purpose: "To know what could harm the clinic's ePHI before it does.", Scope: "All ePHI of the clinic, in every medium and place.",
		Duties:     []risk.Duty{{Role: hipaasmp.RoleSecurityOfficial, Does: "Leads the analysis and rates the findings."}},
		Management: "The practice manager approves the analysis and the acceptable level of risk.",
		Months:     12, Occasions: "A new system, vendor, place or way of working; an incident; a change in the law.",
	}.Approve("rap-1", manager, b.at("2024-12-20", 9), b.zone, b.entity.Authority())
	if !b.ok(err) {
		return
	}
	b.r.RiskProcedures = []risk.Procedure{how}
	before, err := draft.Approve("ra-1", manager, official, b.at("2025-02-03", 9), b.zone, b.entity.Authority(), risk.LevelLow,
		risk.First("First written analysis: the clinic opened in December 2024."))
	if !b.ok(err) {
		return
	}
	next, err := risk.CarryForward(before, "ra-2-draft", official, b.at("2026-01-12", 9))
	for _, x := range content.Findings {
		if err == nil {
			next, err = next.Confirm(x.ID, official, b.at("2026-01-13", 10))
		}
	}
	if !b.ok(err) {
		return
	}
	now, err := next.Approve("ra-2", manager, official, b.at("2026-01-20", 9), b.zone, b.entity.Authority(), risk.LevelLow, risk.After(before.DocumentRef()))
	if !b.ok(err) {
		return
	}
	before, err = before.Supersede(now.DocumentRef(), now.InEffect.From.AddDays(-1))
	b.ok(err)
	b.r.Analyses = []risk.Analysis{before, now}
	b.r.Drafts = []risk.Draft{draft, next}
}

// remedies treat what is above the acceptable level: one measure is under way, one was completed, one risk is accepted.
func (b *builder) remedies() {
	now, may := b.r.Analyses[1], b.entity.Authority()
	ref := func(finding string) remediation.FindingRef {
		return remediation.FindingRef{Analysis: now.DocumentRef(), Finding: finding}
	}
	propose := func(id, finding, title string, spec hipaasmp.Citation, due string) remediation.Item {
		i, err := remediation.NewItem(id, remediation.Proposal{Finding: ref(finding), Title: title, Treatment: remediation.TreatmentMitigate,
			Specification: spec, Owner: technician.ID, Due: day(due)}, official, b.at("2026-01-22", 9), b.zone)
		b.ok(err)
		i, err = i.Plan(official, b.at("2026-01-22", 10))
		b.ok(err)
		return i
	}
	restores := propose("rm-1", "f-1", "Restore the EHR backup in full every quarter, with a protocol", hipaasmp.CiteContingencyTesting, "2026-10-31")
	trail := propose("rm-2", "f-3", "Deny changes to the audit trail, and keep a second trail in another account", hipaasmp.CiteAuditControls, "2026-03-31")
	accepted, err := remediation.NewAcceptance("ac-1", ref("f-2"), official, manager, b.at("2026-01-22", 11), b.zone, may,
		"The tablets are encrypted and managed; replacing them is planned with the lease.", *b.score(risk.LevelModerate, risk.LevelModerate, risk.LevelModerate, "2026-01-22"), day("2026-12-31"))
	if !b.ok(err) {
		return
	}
	plan, err := remediation.BuildPlan("rp-1", now, []remediation.Item{restores, trail}, []remediation.Acceptance{accepted}, manager, b.at("2026-01-26", 9), b.zone, may)
	if !b.ok(err) {
		return
	}
	restores, err = restores.Start(technician, b.at("2026-02-02", 9))
	b.ok(err)
	trail, err = trail.Start(technician, b.at("2026-02-02", 9))
	b.ok(err)
	trail, err = trail.Implement(technician, b.at("2026-03-10", 16), "A deny rule above the account refuses every change of the trail; a second trail records in another account.")
	b.ok(err)
	left := b.score(risk.LevelLow, risk.LevelLow, risk.LevelModerate, "2026-03-12")
	trail, err = trail.Verify(official, b.at("2026-03-12", 11), b.zone, may, *left, file("denied-delete-trail.json", "application/json"))
	b.ok(err)
	trail, done, err := trail.Close("rc-2", official, b.at("2026-03-13", 9), b.zone)
	if !b.ok(err) {
		return
	}
	b.r.Items = []remediation.Item{restores, trail}
	b.r.Completions = []remediation.Completion{done}
	b.r.Acceptances = []remediation.Acceptance{accepted}
	b.r.Plans = []remediation.Plan{plan}
}
