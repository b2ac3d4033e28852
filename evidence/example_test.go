package evidence_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

// steady is randomness that is the same each time, for examples only. Production takes crypto/rand.Reader.
type steady byte

func (s *steady) Read(p []byte) (int, error) {
	for i := range p {
		*s++
		p[i] = byte(sha256.Sum256([]byte{byte(*s)})[0])
	}
	return len(p), nil
}

// exampleStore is a store with one record, the profile of a clinic.
func exampleStore(ctx context.Context) (*storage.Store, *storage.Signer, hipaasmp.Entity, error) {
	signer, err := storage.NewSigner(new(steady), "clinic.example/hipaasmp")
	if err != nil {
		return nil, nil, hipaasmp.Entity{}, err
	}
	store, err := storage.New(memory.New(), storage.Options{
		Signer: signer, Random: new(steady), Clock: func() time.Time { return time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC) },
	})
	if err != nil {
		return nil, nil, hipaasmp.Entity{}, err
	}
	since := hipaasmp.Period{From: hipaasmp.Day(2024, 3, 1)}
	clinic := hipaasmp.Entity{
		Header: hipaasmp.NewHeader(hipaasmp.KindEntity, "lakeside-clinic"), Name: "Lakeside Family Clinic",
		Type: hipaasmp.EntityCoveredEntity, Size: hipaasmp.EntitySmall, Zone: "America/Chicago",
		Created: since.From, InEffect: since,
		Workforce:    []hipaasmp.WorkforceMember{{ID: "wf-001", Category: hipaasmp.WorkforceEmployee, Member: since}},
		Appointments: []hipaasmp.Appointment{{Role: hipaasmp.RoleSecurityOfficial, Member: "wf-001", Term: since}},
	}
	_, err = store.Put(ctx, "lakeside", clinic)
	return store, signer, clinic, err
}

// A package is written for a tenant and a period, with whatever parts the caller adds, and verified by whoever has the
// file and the verifier key.
func Example() {
	ctx := context.Background()
	store, signer, clinic, err := exampleStore(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	exhibits, err := evidence.Cite(clinic)
	if err != nil {
		fmt.Println(err)
		return
	}
	var pkg bytes.Buffer
	_, err = evidence.Write(ctx, &pkg, store, "lakeside", evidence.Options{
		Period:   hipaasmp.Month(hipaasmp.Day(2026, 1, 1)),
		AsOf:     hipaasmp.Day(2026, 2, 2),
		Made:     time.Date(2026, 2, 2, 15, 0, 0, 0, time.UTC),
		Signer:   signer,
		Exhibits: exhibits,
		Parts: []evidence.Part{{
			Name: "index.html", MediaType: "text/html; charset=utf-8",
			Write: func(w io.Writer) error { _, err := io.WriteString(w, "<!doctype html>"); return err },
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	report, err := evidence.Verify(ctx, bytes.NewReader(pkg.Bytes()), int64(pkg.Len()), []string{signer.VerifierKey()}, evidence.VerifyOptions{})
	fmt.Print(report)
	fmt.Println("verified:", err == nil)
	// Output:
	// package of lakeside, 2026-01-01 to 2026-01-31, ledger clinic.example/hipaasmp/lakeside/1 at 1 entries
	// archive       passed          13 checked
	// shape         passed           1 checked
	// leaves        passed           1 checked
	// inclusion     passed           1 checked
	// consistency   not claimed      0 checked
	//     note: no earlier checkpoint was given; give the one of an earlier package to see that nothing was changed since
	// completeness  passed           1 checked
	// retention     passed           1 checked
	// anchors       not claimed      0 checked
	//     note: no anchored checkpoint was given; give one that was kept where the sender cannot change it
	// verified: true
}

// Only records are cited. What was cited must be in the ledger as it was given, or no package is written.
func ExampleCite() {
	ctx := context.Background()
	store, signer, clinic, err := exampleStore(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	clinic.Name = "Lakeside Clinic and Partners"
	exhibits, err := evidence.Cite(clinic)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = evidence.Write(ctx, io.Discard, store, "lakeside", evidence.Options{
		Period: hipaasmp.Month(hipaasmp.Day(2026, 1, 1)), AsOf: hipaasmp.Day(2026, 2, 2),
		Made: time.Date(2026, 2, 2, 15, 0, 0, 0, time.UTC), Signer: signer, Exhibits: exhibits,
	})
	fmt.Println(err)
	// Output:
	// evidence: SMP-EVD-18: hipaasmp.entity/lakeside-clinic is in the ledger, but no version of it is what was cited; store it first, or cite what is stored
}

// A package that was cut off or altered does not verify, and the error says where.
func ExampleVerify() {
	ctx := context.Background()
	store, signer, _, err := exampleStore(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	var pkg bytes.Buffer
	_, err = evidence.Write(ctx, &pkg, store, "lakeside", evidence.Options{
		Period: hipaasmp.Month(hipaasmp.Day(2026, 1, 1)), AsOf: hipaasmp.Day(2026, 2, 2),
		Made: time.Date(2026, 2, 2, 15, 0, 0, 0, time.UTC), Signer: signer,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	cut := pkg.Bytes()[:pkg.Len()-1000]
	_, err = evidence.Verify(ctx, bytes.NewReader(cut), int64(len(cut)), []string{signer.VerifierKey()}, evidence.VerifyOptions{})
	fmt.Println(strings.TrimPrefix(err.Error(), "evidence: "))
	// Output:
	// the package does not verify at level archive: SMP-EVD-01: the archive does not end as a package does; it is cut off, or something was appended
}

// A view for somebody who need not know who did what: the same documents, with pseudonyms, and no proof.
func ExampleWriteView() {
	ctx := context.Background()
	store, signer, _, err := exampleStore(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	var view bytes.Buffer
	shown, err := evidence.WriteView(ctx, &view, store, "lakeside", evidence.ViewOptions{Key: bytes.Repeat([]byte{1}, 32)})
	fmt.Printf("%d document, %d identity replaced, error %v\n", shown.Documents, shown.Identities, err)
	_, err = evidence.Verify(ctx, bytes.NewReader(view.Bytes()), int64(view.Len()), []string{signer.VerifierKey()}, evidence.VerifyOptions{})
	fmt.Println(err)
	// Output:
	// 1 document, 1 identity replaced, error <nil>
	// evidence: the package does not verify at level archive: SMP-EVD-01 VIEW.txt: says that this is a pseudonymised view, in which nothing is proved; ask the sender for a package
}

// The content of a document stays back, and the package still proves that it exists.
func ExampleOptions_include() {
	ctx := context.Background()
	store, signer, _, err := exampleStore(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	var pkg bytes.Buffer
	manifest, err := evidence.Write(ctx, &pkg, store, "lakeside", evidence.Options{
		Period: hipaasmp.Month(hipaasmp.Day(2026, 1, 1)), AsOf: hipaasmp.Day(2026, 2, 2),
		Made: time.Date(2026, 2, 2, 15, 0, 0, 0, time.UTC), Signer: signer,
		Include: func(e storage.Envelope) bool { return e.Kind != hipaasmp.KindEntity },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(manifest.Entries)
	report, err := evidence.Verify(ctx, bytes.NewReader(pkg.Bytes()), int64(pkg.Len()), []string{signer.VerifierKey()}, evidence.VerifyOptions{})
	fmt.Println(report.At(evidence.LevelCompleteness).Notes, err)
	// Output:
	// 0 included, 1 withheld, 0 disposed
	// [1 entry is listed with content withheld by the sender] <nil>
}
