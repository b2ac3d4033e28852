package storage_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

// Procedure is a record of a product's own: it governs for a time, and the clock starts when it no longer does.
type Procedure struct {
	hipaasmp.Header
	Title    string            `json:"title"`
	Created  hipaasmp.Date     `json:"created"`
	InEffect []hipaasmp.Period `json:"in_effect,omitempty"`
}

const KindProcedure hipaasmp.Kind = "clinic.procedure"

func (p Procedure) Validate() error {
	if p.Title == "" {
		return hipaasmp.Invalid(p.DocumentRef(), []hipaasmp.Fault{{Code: hipaasmp.FaultRequired, Pointer: "/title", Message: "is missing; supply it"}})
	}
	return nil
}

func (p Procedure) Citations() []hipaasmp.Citation {
	return []hipaasmp.Citation{hipaasmp.CiteDocumentation}
}

func (p Procedure) RetentionBasis() hipaasmp.RetentionBasis {
	return hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: p.Created, InEffect: p.InEffect}
}

func newProcedure(id, title, created string, inEffect ...hipaasmp.Period) Procedure {
	day, _ := hipaasmp.ParseDate(created) // what is no day is left out, and Put refuses that
	return Procedure{Header: hipaasmp.NewHeader(KindProcedure, id), Title: title, Created: day, InEffect: inEffect}
}

// clock is a hand that a test turns.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func exampleStore(random io.Reader, c *clock) *storage.Store {
	signer, err := storage.NewSigner(random, "clinic.example")
	if err != nil {
		log.Fatal(err)
	}
	store, err := storage.New(memory.New(), storage.Options{Signer: signer, Clock: c.Now})
	if err != nil {
		log.Fatal(err)
	}
	return store
}

func Example() {
	ctx := context.Background()
	store := exampleStore(rand.Reader, &clock{at("2026-02-03T09:00:00Z")})
	defer store.Close()

	officer := hipaasmp.Actor{ID: "wf-7", Role: hipaasmp.RoleSecurityOfficial}
	doc := newProcedure("proc-1", "Review of audit logs", "2026-02-03")
	entry, err := store.Put(ctx, "clinic", doc, storage.By(officer), storage.Reason("first version"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(entry.Describe())

	back, _, err := storage.Get[Procedure](ctx, store, "clinic", doc.DocumentRef())
	fmt.Println(back.Title, err)
	// Output:
	// put clinic.procedure/proc-1@1 #0 by security_official:wf-7 at 2026-02-03T09:00:00.000000Z
	// Review of audit logs <nil>
}

// Two people read version 1 and both write. The second is told, and nothing is lost.
func ExampleIfVersion() {
	ctx := context.Background()
	store := exampleStore(rand.Reader, &clock{at("2026-02-03T09:00:00Z")})
	defer store.Close()
	first := newProcedure("proc-1", "Review of audit logs", "2026-02-03")
	entry, _ := store.Put(ctx, "clinic", first, storage.IfVersion(0))

	_, err := store.Put(ctx, "clinic", newProcedure("proc-1", "Weekly review", "2026-02-03"), storage.IfVersion(entry.Version))
	fmt.Println(err)
	_, err = store.Put(ctx, "clinic", newProcedure("proc-1", "Monthly review", "2026-02-03"), storage.IfVersion(entry.Version))
	fmt.Println(err)

	var conflict *storage.ConflictError
	fmt.Println(errors.As(err, &conflict), conflict.Have)
	// Output:
	// <nil>
	// storage: clinic.procedure/proc-1 stands at version 2, not at 1; read it again and decide anew
	// true 2
}

// A program that runs again recognises what it wrote.
func ExampleIfChanged() {
	ctx := context.Background()
	store := exampleStore(rand.Reader, &clock{at("2026-02-03T09:00:00Z")})
	defer store.Close()
	for range 2 {
		e, err := store.Put(ctx, "clinic", newProcedure("proc-1", "Review of audit logs", "2026-02-03"), storage.IfChanged())
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("version", e.Version, "unchanged", e.Unchanged)
	}
	// Output:
	// version 1 unchanged false
	// version 1 unchanged true
}

// A record cannot be destroyed before its term is over, whoever asks.
func ExampleStore_Dispose() {
	ctx := context.Background()
	c := &clock{at("2026-05-01T09:00:00Z")}
	store := exampleStore(rand.Reader, c)
	defer store.Close()
	governed := hipaasmp.Period{From: hipaasmp.Day(2024, 1, 1), To: hipaasmp.Day(2026, 4, 30)}
	doc := newProcedure("proc-1", "Review of audit logs", "2024-01-01", governed)
	if _, err := store.Put(ctx, "clinic", doc); err != nil {
		log.Fatal(err)
	}

	ref := doc.DocumentRef()
	official := hipaasmp.Actor{ID: "wf-7", Role: hipaasmp.RoleSecurityOfficial}
	manager := hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleManagement}
	_, err := store.ProposeDisposal(ctx, "clinic", ref, retention.MethodRowRemoved, official)
	fmt.Println(err)

	c.now = at("2032-05-02T09:00:00Z")
	hold := retention.Hold{Matter: "ocr-4711", Reason: "Investigation under 160.310", Kinds: []hipaasmp.Kind{KindProcedure}, PlacedBy: manager}
	if _, err := store.PlaceHold(ctx, "clinic", hold); err != nil {
		log.Fatal(err)
	}
	_, err = store.ProposeDisposal(ctx, "clinic", ref, retention.MethodRowRemoved, official)
	fmt.Println(err)

	c.now = at("2032-05-02T10:00:00Z")
	if _, err := store.ReleaseHold(ctx, "clinic", "ocr-4711", manager, "The case was closed."); err != nil {
		log.Fatal(err)
	}
	_, err = store.ProposeDisposal(ctx, "clinic", ref, retention.MethodRowRemoved, official)
	fmt.Println(err)

	// After the grace: proposed, reviewed, approved by a second person, destroyed. Nothing was written for years and then
	// for a month, so an independent source of time has a word in it.
	c.now = at("2032-06-02T09:00:00Z")
	if _, err := store.ProposeDisposal(ctx, "clinic", ref, retention.MethodRowRemoved, official); err != nil {
		log.Fatal(err)
	}
	if _, err := store.ReviewDisposal(ctx, "clinic", ref, official, "Superseded, nobody asks for it."); err != nil {
		log.Fatal(err)
	}
	_, err = store.ApproveDisposal(ctx, "clinic", ref, official)
	fmt.Println(err)
	d, err := store.ApproveDisposal(ctx, "clinic", ref, manager)
	fmt.Println(d.State, err)
	_, err = store.Dispose(ctx, "clinic", ref, manager)
	fmt.Println(err)
	e, err := store.Dispose(ctx, "clinic", ref, manager, storage.Witnessed(c.now))
	fmt.Println(e.Op, err)
	_, err = store.Get(ctx, "clinic", ref)
	fmt.Println(err)
	// Output:
	// retention: clinic.procedure/proc-1 must be kept through 2032-04-30; dispose of it on 2032-05-01 at the earliest (164.316(b)(2)(i): last in effect 2026-04-30 plus 6 calendar years is 2032-04-30)
	// retention: clinic.procedure/proc-1 is under hold for ocr-4711; release every hold before disposal
	// retention: clinic.procedure/proc-1 must be kept through 2032-05-31; dispose of it on 2032-06-01 at the earliest (a hold on it was released; the grace is 30 days)
	// hipaasmp: retention.disposition/9675c4f3-a0a7-5b28-b276-374518d81b20: SMP-RET-02 at /history/2/by: is the requester; have another person approve (164.310(d)(2)(i))
	// approved <nil>
	// storage: the clock of tenant clinic went from 2026-05-01T09:00:00.000000Z to 2032-05-02T09:00:00.000000Z without an entry between; check it, and give an independent time with Witnessed or have a person confirm it with ConfirmClock
	// disposed <nil>
	// storage: the content of clinic.procedure/proc-1@1 was disposed of; its envelope and proof remain, and the identity is not used again
}

// Anybody who holds a checkpoint can check that a document is in the ledger and that the ledger only grew.
func ExampleStore_Inclusion() {
	ctx := context.Background()
	store := exampleStore(rand.Reader, &clock{at("2026-02-03T09:00:00Z")})
	defer store.Close()
	var entry storage.Entry
	for _, id := range strings.Fields("proc-1 proc-2 proc-3 proc-4 proc-5") {
		var err error
		if entry, err = store.Put(ctx, "clinic", newProcedure(id, "A procedure", "2026-02-03")); err != nil {
			log.Fatal(err)
		}
	}
	now, err := store.Checkpoint(ctx, "clinic")
	if err != nil {
		log.Fatal(err)
	}
	proof, err := store.Inclusion(ctx, "clinic", entry.Seq, now.Size)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(now.Origin, now.Size)
	fmt.Println("in the ledger:", tlog.CheckRecord(proof, int64(now.Size), now.Root, int64(entry.Seq), entry.Leaf()) == nil)

	old, err := store.CheckpointAt(ctx, "clinic", 2)
	if err != nil {
		log.Fatal(err)
	}
	grown, err := store.Consistency(ctx, "clinic", old.Size, now.Size)
	fmt.Println("only grown:", err == nil && tlog.CheckTree(grown, int64(now.Size), now.Root, int64(old.Size), old.Root) == nil)
	// Output:
	// clinic.example/clinic/1 5
	// in the ledger: true
	// only grown: true
}

// What one transaction writes is kept together or not at all.
func ExampleStore_Update() {
	ctx := context.Background()
	store := exampleStore(rand.Reader, &clock{at("2026-02-03T09:00:00Z")})
	defer store.Close()
	err := store.Update(ctx, "clinic", func(tx *storage.Tx) error {
		if _, err := tx.Put(newProcedure("proc-1", "Review of audit logs", "2026-02-03")); err != nil {
			return err
		}
		_, err := tx.Put(newProcedure("proc-2", "", "2026-02-03"))
		return err
	})
	fmt.Println(err)
	_, err = store.Get(ctx, "clinic", hipaasmp.Ref{Kind: KindProcedure, ID: "proc-1"})
	fmt.Println(err)
	// Output:
	// hipaasmp: clinic.procedure/proc-2: SMP-SHAPE-01 at /title: is missing; supply it
	// storage: there is no clinic.procedure/proc-1 in tenant clinic
}

// The whole ledger is replayed; a checkpoint that was kept elsewhere shows that nothing was cut off or rewritten.
func ExampleStore_VerifyTenant() {
	ctx := context.Background()
	store := exampleStore(rand.Reader, &clock{at("2026-02-03T09:00:00Z")})
	defer store.Close()
	for _, id := range []string{"proc-1", "proc-2", "proc-3"} {
		if _, err := store.Put(ctx, "clinic", newProcedure(id, "A procedure", "2026-02-03")); err != nil {
			log.Fatal(err)
		}
	}
	kept, err := store.CheckpointAt(ctx, "clinic", 2)
	if err != nil {
		log.Fatal(err)
	}
	v, err := store.VerifyTenant(ctx, "clinic", kept.Note)
	fmt.Println(v.Size, v.Err(), err)
	// Output:
	// 3 <nil> <nil>
}

// Until when is it kept, and why?
func ExampleStore_Term() {
	ctx := context.Background()
	store := exampleStore(rand.Reader, &clock{at("2026-05-01T09:00:00Z")})
	defer store.Close()
	governed := hipaasmp.Period{From: hipaasmp.Day(2024, 1, 1), To: hipaasmp.Day(2026, 4, 30)}
	doc := newProcedure("proc-1", "Review of audit logs", "2024-01-01", governed)
	if _, err := store.Put(ctx, "clinic", doc); err != nil {
		log.Fatal(err)
	}
	term, err := store.Term(ctx, "clinic", doc.DocumentRef())
	fmt.Println(term.KeepThrough, err)
	fmt.Println(term.Trace[0])
	// Output:
	// 2032-04-30 <nil>
	// 164.316(b)(2)(i): last in effect 2026-04-30 plus 6 calendar years is 2032-04-30
}

// The domain packages ask for a Repository; a Collection is one.
func ExampleCollection() {
	ctx := context.Background()
	store := exampleStore(rand.Reader, &clock{at("2026-02-03T09:00:00Z")})
	defer store.Close()
	var repo hipaasmp.Repository[Procedure] = storage.NewCollection[Procedure](store, "clinic", KindProcedure,
		storage.By(hipaasmp.Actor{ID: "wf-7", Role: hipaasmp.RoleSecurityOfficial}))

	for _, p := range []Procedure{newProcedure("proc-2", "Sanctions", "2026-02-03"), newProcedure("proc-1", "Reviews", "2026-02-03")} {
		if err := repo.Put(ctx, p); err != nil {
			log.Fatal(err)
		}
	}
	for p, err := range repo.All(ctx) {
		fmt.Println(p.ID, p.Title, err)
	}
	// Output:
	// proc-1 Reviews <nil>
	// proc-2 Sanctions <nil>
}
