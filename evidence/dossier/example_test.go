package dossier_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/evidence/dossier"
	"github.com/hipaasmp/hipaasmp/sanction"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

// exampleStore has a clinic that put a sanction policy in effect. Its randomness is that of an example: production takes
// crypto/rand.Reader.
func exampleStore(ctx context.Context) (*storage.Store, *storage.Signer, error) {
	random := rand.NewChaCha8([32]byte{})
	signer, err := storage.NewSigner(random, "clinic.example")
	if err != nil {
		return nil, nil, err
	}
	store, err := storage.New(memory.New(), storage.Options{Signer: signer, Random: random, Clock: func() time.Time { return time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC) }})
	if err != nil {
		return nil, nil, err
	}
	since := hipaasmp.Period{From: hipaasmp.Day(2024, 3, 1)}
	official := hipaasmp.Actor{ID: "wf-001", Role: hipaasmp.RoleSecurityOfficial}
	clinic := hipaasmp.Entity{
		Header: hipaasmp.NewHeader(hipaasmp.KindEntity, "lakeside"), Name: "Lakeside Family Clinic", Type: hipaasmp.EntityCoveredEntity,
		Size: hipaasmp.EntitySmall, Zone: "America/Chicago", Created: since.From, InEffect: since,
		Workforce:    []hipaasmp.WorkforceMember{{ID: official.ID, Category: hipaasmp.WorkforceEmployee, Member: since}},
		Appointments: []hipaasmp.Appointment{{Role: official.Role, Member: official.ID, Term: since}},
	}
	policy, err := sanction.DefaultTerms().Approve(sanction.Issue{ID: "sp-1", EntityType: clinic.Type, Version: "1", Effective: hipaasmp.Period{From: hipaasmp.Day(2026, 1, 1)}},
		official, hipaasmp.Day(2025, 12, 15), clinic.Authority())
	if err != nil {
		return nil, nil, err
	}
	for _, d := range []hipaasmp.Document{clinic, policy} {
		if _, err := store.Put(ctx, "lakeside", d, storage.By(official)); err != nil {
			return nil, nil, err
		}
	}
	return store, signer, nil
}

// One call writes the package that an entity hands over; whoever gets it verifies it with the verifier key alone.
func ExampleWrite() {
	ctx := context.Background()
	store, signer, err := exampleStore(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	var pkg bytes.Buffer
	sum, err := dossier.Write(ctx, &pkg, store, "lakeside", dossier.Options{
		Period: hipaasmp.Period{From: hipaasmp.Day(2026, 1, 1), To: hipaasmp.Day(2026, 3, 31)},
		AsOf:   hipaasmp.Day(2026, 4, 2),
		Made:   time.Date(2026, 4, 2, 15, 0, 0, 0, time.UTC),
		Signer: signer,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range sum.Answers {
		if len(a.Refs) > 0 {
			fmt.Println(a.Citation, a.Status, a.Refs)
		}
	}
	report, err := evidence.Verify(ctx, bytes.NewReader(pkg.Bytes()), int64(pkg.Len()), []string{signer.VerifierKey()}, evidence.VerifyOptions{})
	fmt.Println("verified:", err == nil && report.Passed())
	// Output:
	// 164.308(a)(1)(ii)(C) partly [sanction.policy/sp-1]
	// 164.308(a)(2) answered [hipaasmp.entity/lakeside]
	// 164.316(b)(1) answered [sanction.policy/sp-1]
	// 164.316(b)(2)(i) answered [sanction.policy/sp-1]
	// 164.316(b)(2)(iii) answered [sanction.policy/sp-1]
	// verified: true
}

// The records come out as they were at an instant, and questions can be asked of them on any day.
func ExampleLoad() {
	ctx := context.Background()
	store, _, err := exampleStore(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	records, err := dossier.Load(ctx, store, "lakeside", time.Time{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range records.Finals() {
		fmt.Println(f.DocumentRef(), f.Citations())
	}
	_, err = dossier.Load(ctx, store, "lakeside", time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC))
	fmt.Println(err)
	// Output:
	// hipaasmp.entity/lakeside [164.308(a)(2) 164.316(b)(1)]
	// sanction.policy/sp-1 [164.308(a)(1)(ii)(C) 164.530(e)(1) 164.316(b)(1)(i)]
	// dossier: of tenant "lakeside" no entity had been recorded by 2025-01-01T00:00:00Z; ask about a later instant, or store a hipaasmp.Entity first
}
