package main

import (
	"fmt"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

// reviewEvery is the clinic's own interval for its analysis. The rule sets none.
var reviewEvery = risk.Cadence{Months: 12, Policy: "Risk analysis procedure, section 2"}

// sampleAnalyses are the analysis that the clinic had, superseded, and the one that it has.
func sampleAnalyses(c calendar, e hipaasmp.Entity) (before, now risk.Analysis, err error) {
	content := risk.Assessment{
		Title: "Risk analysis of the clinic", Scope: "Every system, device, place and firm that creates, receives, maintains or transmits ePHI of the clinic.",
		Inventory: sampleInventory(c),
		Threats: []risk.Threat{
			{ID: "t-ransom", Source: risk.ThreatSourceAdversarial, Event: "Ransomware encrypts systems and copies data"},
			{ID: "t-phish", Source: risk.ThreatSourceAdversarial, Event: "Phishing takes over an account"},
			{ID: "t-insider", Source: risk.ThreatSourceAdversarial, Event: "A privileged insider hides what was done"},
			{ID: "t-loss", Source: risk.ThreatSourceAccidental, Event: "A device is lost or left behind"},
			{ID: "t-vendor", Source: risk.ThreatSourceAdversarial, Event: "A business associate is broken into"},
			{ID: "t-fail", Source: risk.ThreatSourceStructural, Event: "A device fails or can no longer be patched"},
		},
		Vulnerabilities: []risk.Vulnerability{
			{ID: "v-restore", Title: "Restores from backup are not tested", Severity: risk.LevelHigh},
			{ID: "v-mfa", Title: "Passwords alone protect the claims portal", Severity: risk.LevelHigh},
			{ID: "v-logs", Title: "One administrator can switch audit logging off", Severity: risk.LevelVeryHigh},
			{ID: "v-tablet", Title: "Tablets keep notes offline", Severity: risk.LevelModerate},
			{ID: "v-baa", Title: "The transcription firm's safeguards are not known", Severity: risk.LevelHigh},
			{ID: "v-old", Title: "The ultrasound cart runs an operating system without support", Severity: risk.LevelVeryHigh},
			{ID: "v-home", Title: "Home networks are not managed", Severity: risk.LevelModerate},
		},
		Safeguards: []risk.Safeguard{
			{ID: "s-backup", Title: "Nightly encrypted backup", Effectiveness: risk.EffectivenessPartly, How: risk.MethodTest, Citations: []hipaasmp.Citation{hipaasmp.CiteDataBackup}},
			{ID: "s-edr", Title: "Endpoint protection on workstations", Effectiveness: risk.EffectivenessEffective, How: risk.MethodTest, Citations: []hipaasmp.Citation{hipaasmp.CiteMaliciousSoftware}},
			{ID: "s-trail", Title: "Audit trail of the cloud account", Effectiveness: risk.EffectivenessPartly, How: risk.MethodDocument, Citations: []hipaasmp.Citation{hipaasmp.CiteAuditControls}},
			{ID: "s-mdm", Title: "Tablets encrypted and managed", Effectiveness: risk.EffectivenessEffective, How: risk.MethodTest, Citations: []hipaasmp.Citation{hipaasmp.CiteEncryptionDecryption}},
			{ID: "s-vlan", Title: "Device network apart from the rest", Effectiveness: risk.EffectivenessPartly, How: risk.MethodInterview},
		},
	}
	s := scorer{by: official}
	s.at = c.at(-14, 8, 10)
	content.Findings = []risk.Finding{
		{ID: "f-01", Title: "Ransomware stops the clinic and restores fail", Assets: []string{"ehr", "cloud", "desk"}, Threat: "t-ransom", Vulnerability: "v-restore",
			Safeguards: []string{"s-backup", "s-edr"}, Confidentiality: true, Integrity: true, Availability: true,
			Inherent: s.score(risk.LevelHigh, risk.LevelVeryHigh, risk.LevelVeryHigh), Current: s.score(risk.LevelHigh, risk.LevelHigh, risk.LevelVeryHigh)},
		{ID: "f-02", Title: "A lost tablet gives notes away", Assets: []string{"tablets"}, Threat: "t-loss", Vulnerability: "v-tablet",
			Safeguards: []string{"s-mdm"}, Confidentiality: true,
			Inherent: s.score(risk.LevelHigh, risk.LevelModerate, risk.LevelHigh), Current: s.score(risk.LevelHigh, risk.LevelModerate, risk.LevelHigh)},
		{ID: "f-03", Title: "Audit logging is switched off unseen", Assets: []string{"cloud"}, Threat: "t-insider", Vulnerability: "v-logs",
			Safeguards: []string{"s-trail"}, Confidentiality: true, Integrity: true,
			Inherent: s.score(risk.LevelHigh, risk.LevelVeryHigh, risk.LevelHigh), Current: s.score(risk.LevelModerate, risk.LevelHigh, risk.LevelHigh)},
		{ID: "f-04", Title: "The ultrasound cart is taken over from the network", Assets: []string{"ultrasound"}, Threat: "t-fail", Vulnerability: "v-old",
			Safeguards: []string{"s-vlan"}, Integrity: true, Availability: true,
			Inherent: s.score(risk.LevelHigh, risk.LevelHigh, risk.LevelHigh), Current: s.score(risk.LevelModerate, risk.LevelModerate, risk.LevelHigh)},
		{ID: "f-05", Title: "A stolen password opens the claims portal", Assets: []string{"cloud", "home"}, Threat: "t-phish", Vulnerability: "v-mfa",
			NoSafeguards: true, Confidentiality: true,
			Current: s.score(risk.LevelVeryHigh, risk.LevelModerate, risk.LevelHigh)},
	}
	draft, err := risk.NewDraft("ra-1-draft", content, official, c.at(-14, 8, 11))
	if err != nil {
		return before, now, err
	}
	before, err = draft.Approve("ra-1", manager, official, c.at(-14, 20, 9), c.zone, e.Authority(), risk.LevelLow,
		risk.First("First written analysis: the clinic opened as its own entity in the year before."))
	if err != nil {
		return before, now, err
	}

	next, err := risk.CarryForward(before, "ra-2-draft", official, c.at(-2, 3, 9))
	if err != nil {
		return before, now, err
	}
	s.at = c.at(-2, 6, 10)
	tablets, _ := before.Finding("f-02")
	tablets.Current = s.score(risk.LevelModerate, risk.LevelLow, risk.LevelModerate)
	if next, err = next.Rescore(tablets, official, c.at(-2, 6, 10)); err != nil {
		return before, now, err
	}
	for _, id := range []string{"f-01", "f-03", "f-04", "f-05"} {
		if next, err = next.Confirm(id, official, c.at(-2, 6, 11)); err != nil {
			return before, now, err
		}
	}
	next.Findings = append(next.Findings,
		risk.Finding{ID: "f-06", Title: "Dictations leak from the transcription firm", Assets: []string{"transcription"}, Threat: "t-vendor", Vulnerability: "v-baa",
			NoSafeguards: true, Confidentiality: true, Current: s.score(risk.LevelModerate, risk.LevelModerate, risk.LevelModerate)},
		risk.Finding{ID: "f-07", Title: "Claims work at home is overheard or intercepted", Assets: []string{"home"}, Threat: "t-phish", Vulnerability: "v-home",
			Safeguards: []string{"s-edr"}, Confidentiality: true, Current: s.score(risk.LevelModerate, risk.LevelModerate, risk.LevelNotAssessed)},
	)
	now, err = next.Approve("ra-2", manager, official, c.at(-2, 24, 9), c.zone, e.Authority(), risk.LevelLow, risk.After(before.DocumentRef()))
	if err != nil {
		return before, now, err
	}
	before, err = before.Supersede(now.DocumentRef(), now.InEffect.From.AddDays(-1))
	return before, now, errorf(err, "the analyses")
}

// scorer makes scores of one person at one time; the sample's judgments are constants, so it keeps no error.
type scorer struct {
	by hipaasmp.Actor
	at time.Time
}

func (s scorer) score(initiation, adverse, impact risk.Level) *risk.Score {
	score, err := risk.NewScore(risk.SP80030(), risk.Judgment{Initiation: initiation, Adverse: adverse, Impact: impact}, s.by, s.at)
	if err != nil {
		return nil
	}
	return &score
}

func errorf(err error, what string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
