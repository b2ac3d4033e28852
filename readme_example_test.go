package hipaasmp_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/schema"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/sqlite"
)

// A product embeds the workflow: an analysis is scored, approved, kept and read back as a ranked register.
func Example_embed() {
	dir, err := os.MkdirTemp("", "embed")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	ctx, clinic, at := context.Background(), clinic(), time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	zone, _ := clinic.Location()

	if err := func() error {
		// region embed
		backend, err := sqlite.Open(ctx, filepath.Join(dir, "records.db"), nil)
		if err != nil {
			return err
		}
		defer backend.Close()
		signer, err := storage.OpenSigner(ctx, backend, filepath.Join(dir, "signer.key"), "my-product", rand.Reader)
		if err != nil {
			return err
		}
		store, err := storage.New(backend, storage.Options{Signer: signer})
		if err != nil {
			return err
		}

		official := hipaasmp.Actor{ID: "wf-002", Role: hipaasmp.RoleSecurityOfficial}
		manager := hipaasmp.Actor{ID: "wf-001", Role: hipaasmp.RoleManagement}
		score, err := risk.NewScore(risk.SP80030(), risk.Judgment{Initiation: risk.LevelVeryHigh, Adverse: risk.LevelModerate, Impact: risk.LevelHigh}, official, at)
		if err != nil {
			return err
		}
		draft, err := risk.NewDraft("ra-2026-draft", risk.Assessment{
			Title: "Risk analysis 2026", Scope: "All systems with ePHI",
			Inventory:       risk.Inventory{Assets: []risk.Asset{{ID: "portal", Name: "Claims portal", Class: risk.AssetClassCloudApp, Handles: []risk.Handling{risk.HandlingTransmits}}}},
			Threats:         []risk.Threat{{ID: "phish", Source: risk.ThreatSourceAdversarial, Event: "Phishing takes over an account"}},
			Vulnerabilities: []risk.Vulnerability{{ID: "password", Title: "Passwords alone protect the portal", Severity: risk.LevelHigh}},
			Findings: []risk.Finding{{ID: "f-1", Title: "A stolen password opens the portal", Assets: []string{"portal"},
				Threat: "phish", Vulnerability: "password", NoSafeguards: true, Confidentiality: true, Current: &score}},
		}, official, at)
		if err != nil {
			return err
		}
		// Approval by management and by the security official of 164.308(a)(2) turns the draft into a record.
		analysis, err := draft.Approve("ra-2026", manager, official, at, zone, clinic.Authority(), risk.LevelLow, risk.First("First analysis after opening."))
		if err != nil {
			return err
		}
		analyses := storage.NewCollection[risk.Analysis](store, "clinic-1", risk.KindAnalysis)
		if err := analyses.Put(ctx, analysis); err != nil {
			return err
		}
		for _, row := range analysis.Register().Rows {
			fmt.Println(row.Rank, row.Current, row.Title)
		}
		// endregion
		return nil
	}(); err != nil {
		fmt.Println(err)
	}
	// Output: 1 high A stolen password opens the portal
}

// A harness in any language has the JSON Schemas; in Go it has the checker, which reports every fault at once.
func Example_harness() {
	// region harness
	document := []byte(`{
		"schema": "https://github.com/hipaasmp/hipaasmp/schemas/v1/hipaasmp.entity.json",
		"id": "clinic-1", "name": "Clinic", "type": "covered_entity", "size": "tiny", "zone": "America/Chicago",
		"created": "2026-02-30", "in_effect": {"from": "2020-01-01"},
		"workforce": [{"id": "wf-1", "category": "employee", "member": {"from": "2020-01-01"}}],
		"appointments": []
	}`)
	for _, fault := range schema.Check(document) {
		fmt.Println(fault.Code, fault.Pointer)
	}
	// endregion
	// Output:
	// SMP-SHAPE-04 /appointments
	// SMP-SHAPE-03 /created
	// SMP-SHAPE-02 /size
}
