package main

import (
	"context"
	"database/sql"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/storage"
)

// The people of the clinic, by opaque identity, as the records have them.
var (
	manager    = hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleManagement}
	official   = hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleSecurityOfficial}
	reviewer   = hipaasmp.Actor{ID: "wf-3", Role: hipaasmp.RoleReviewer}
	technician = hipaasmp.Actor{ID: "wf-4", Role: hipaasmp.RoleWorkforce}
)

// cadence is the clinic's own interval for its risk analysis; the rule sets none.
var cadence = risk.Cadence{Months: 12, Policy: "Risk analysis procedure, section 2"}

const zoneName = "America/Chicago"

// seeder makes the clinic of the first run, as of the day on which it is started.
type seeder struct {
	today  hipaasmp.Date
	zone   *time.Location
	entity hipaasmp.Entity
}

// seed fills the product's table and the store, in one transaction.
func (p *product) seed(ctx context.Context) error {
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		return err
	}
	s := seeder{today: hipaasmp.DateOf(p.now(), zone), zone: zone}
	s.entity = s.clinic()
	analysis, err := s.analysis()
	if err != nil {
		return err
	}
	items, plan, err := s.measures(analysis)
	if err != nil {
		return err
	}
	reviewed, err := s.review()
	if err != nil {
		return err
	}
	documents := append([]hipaasmp.Document{s.entity, analysis, plan}, reviewed...)
	for _, i := range items {
		documents = append(documents, i)
	}
	return p.together(ctx, func(tx *sql.Tx, joint *storage.Joint) error {
		for _, d := range documents {
			if _, err := joint.Put(ctx, tenant, d, storage.By(official)); err != nil {
				return err
			}
		}
		for _, i := range items {
			if _, err := tx.ExecContext(ctx, `INSERT INTO work_orders (item, title, assigned, state) VALUES (?, ?, ?, 'open')`, i.ID, i.Title, i.Owner); err != nil {
				return err
			}
		}
		return nil
	})
}

// at is an hour of a day before today.
func (s seeder) at(daysAgo, hour int) time.Time {
	return s.today.AddDays(-daysAgo).StartIn(s.zone).Add(time.Duration(hour) * time.Hour)
}

func (s seeder) clinic() hipaasmp.Entity {
	since := hipaasmp.Period{From: s.today.AddYears(-2)}
	e := hipaasmp.Entity{
		Header: hipaasmp.NewHeader(hipaasmp.KindEntity, tenant), Name: "Lakeside Family Clinic", Type: hipaasmp.EntityCoveredEntity,
		Size: hipaasmp.EntitySmall, Zone: zoneName, Created: since.From, InEffect: since,
	}
	for _, a := range []hipaasmp.Actor{manager, official, reviewer, technician} {
		e.Workforce = append(e.Workforce, hipaasmp.WorkforceMember{ID: a.ID, Category: hipaasmp.WorkforceEmployee, Member: since})
		if a.Role != hipaasmp.RoleWorkforce {
			e.Appointments = append(e.Appointments, hipaasmp.Appointment{Role: a.Role, Member: a.ID, Term: since})
		}
	}
	return e
}

func (s seeder) analysis() (risk.Analysis, error) {
	high, err := risk.NewScore(risk.SP80030(), risk.Judgment{Initiation: risk.LevelHigh, Adverse: risk.LevelHigh, Impact: risk.LevelVeryHigh}, official, s.at(60, 10))
	if err != nil {
		return risk.Analysis{}, err
	}
	moderate, err := risk.NewScore(risk.SP80030(), risk.Judgment{Initiation: risk.LevelModerate, Adverse: risk.LevelModerate, Impact: risk.LevelHigh}, official, s.at(60, 10))
	if err != nil {
		return risk.Analysis{}, err
	}
	draft, err := risk.NewDraft("ra-1-draft", risk.Assessment{
		Title: "Risk analysis of the clinic", Scope: "Every system, device, place and firm that handles ePHI of the clinic.",
		Inventory: risk.Inventory{Assets: []risk.Asset{
			{ID: "ehr", Name: "EHR server", Class: risk.AssetClassOnPremises, Handles: []risk.Handling{risk.HandlingCreates, risk.HandlingMaintains}, Location: "Server room", InService: s.today.AddYears(-2)},
			{ID: "tablets", Name: "Tablets", Class: risk.AssetClassMobile, Handles: []risk.Handling{risk.HandlingReceives, risk.HandlingMaintains}, Location: "Exam rooms", InService: s.today.AddYears(-1)},
		}},
		Threats: []risk.Threat{
			{ID: "t-ransom", Source: risk.ThreatSourceAdversarial, Event: "Ransomware encrypts systems and copies data"},
			{ID: "t-loss", Source: risk.ThreatSourceAccidental, Event: "A device is lost or left behind"},
		},
		Vulnerabilities: []risk.Vulnerability{
			{ID: "v-restore", Title: "Restores from backup are not tested", Severity: risk.LevelHigh},
			{ID: "v-tablet", Title: "Tablets keep notes offline", Severity: risk.LevelModerate},
		},
		Findings: []risk.Finding{
			{ID: "f-1", Title: "Ransomware stops the clinic and restores fail", Assets: []string{"ehr"}, Threat: "t-ransom", Vulnerability: "v-restore", NoSafeguards: true, Availability: true, Current: &high},
			{ID: "f-2", Title: "A lost tablet gives notes away", Assets: []string{"tablets"}, Threat: "t-loss", Vulnerability: "v-tablet", NoSafeguards: true, Confidentiality: true, Current: &moderate},
		},
	}, official, s.at(60, 11))
	if err != nil {
		return risk.Analysis{}, err
	}
	return draft.Approve("ra-1", manager, official, s.at(50, 9), s.zone, s.entity.Authority(), risk.LevelLow, risk.First("First written analysis: the clinic opened two years ago."))
}

func (s seeder) measures(a risk.Analysis) ([]remediation.Item, remediation.Plan, error) {
	var items []remediation.Item
	for _, m := range []struct {
		id, finding, title string
		serves             hipaasmp.Citation
		days               int
	}{
		{"rm-1", "f-1", "Restore the backup in full, with a protocol", hipaasmp.CiteContingencyTesting, 30},
		{"rm-2", "f-2", "Encrypt the tablets", hipaasmp.CiteEncryptionDecryption, 60},
	} {
		i, err := remediation.NewItem(m.id, remediation.Proposal{
			Finding: remediation.FindingRef{Analysis: a.DocumentRef(), Finding: m.finding}, Title: m.title, Treatment: remediation.TreatmentMitigate,
			Specification: m.serves, Owner: technician.ID, Due: s.today.AddDays(m.days),
		}, official, s.at(40, 9), s.zone)
		if err != nil {
			return nil, remediation.Plan{}, err
		}
		if i, err = i.Plan(official, s.at(39, 9)); err != nil {
			return nil, remediation.Plan{}, err
		}
		items = append(items, i)
	}
	plan, err := remediation.BuildPlan("rp-1", a, items, nil, manager, s.at(38, 9), s.zone, s.entity.Authority())
	return items, plan, err
}

// review is a month of access reports, looked at by hand.
func (s seeder) review() ([]hipaasmp.Document, error) {
	month := hipaasmp.Month(hipaasmp.Month(s.today).From.AddMonths(-1))
	day := func(days, hour int) time.Time {
		return month.To.AddDays(days).StartIn(s.zone).Add(time.Duration(hour) * time.Hour)
	}
	terms := review.DefaultTerms()
	terms.Sources = []review.Source{{ID: "ehr-access", Name: "Access report of the EHR", System: "ehr", Records: review.RecordAccessReport,
		Form: "Report from the EHR, one row an access", Families: []activity.Family{activity.FamilyView}, HorizonDays: 365}}
	procedure, err := terms.Approve(review.Issue{ID: "pr-1", Version: "1", Effective: hipaasmp.Period{From: month.From}}, official, month.From.AddDays(-10), s.entity.Authority())
	if err != nil {
		return nil, err
	}
	session, err := review.Open("rs-1", s.entity, procedure, month, reviewer, day(1, 0))
	if err != nil {
		return nil, err
	}
	session, err = session.WithSource(review.SourceReview{Source: "ehr-access", Method: review.MethodManual, Events: 1840,
		Capability: review.Capability{State: review.CapabilityEnabled, Checked: month.To.AddDays(1)}})
	if err != nil {
		return nil, err
	}
	record, err := session.Complete("rv-1", reviewer, official, day(1, 1), s.entity.Authority(), review.NoExceptions("Looked at every row; nothing came to notice."), review.Independence{
		Accounts:       []review.Account{{Member: reviewer.ID, Actors: []string{"reviewer3"}}, {Member: official.ID, Actors: []string{"official2"}}},
		Administrators: []review.Administration{{System: "ehr", Members: []string{technician.ID}}},
	})
	if err != nil {
		return nil, err
	}
	session, err = session.Close(record)
	return []hipaasmp.Document{procedure, session, record}, err
}
