package memory_test

import (
	"context"
	"fmt"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/memory"
)

// A store in memory for a test: the same store as over a database, and gone when the program ends.
func ExampleNew() {
	ctx := context.Background()
	store, err := storage.New(memory.New(), storage.Options{
		Unsigned: true, Clock: func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	since := hipaasmp.Period{From: hipaasmp.Day(2024, 3, 1)}
	clinic := hipaasmp.Entity{
		Header: hipaasmp.NewHeader(hipaasmp.KindEntity, "clinic"), Name: "Lakeside Family Clinic", Type: hipaasmp.EntityCoveredEntity,
		Size: hipaasmp.EntitySmall, Zone: "America/Chicago", Created: since.From, InEffect: since,
		Workforce:    []hipaasmp.WorkforceMember{{ID: "wf-1", Category: hipaasmp.WorkforceEmployee, Member: since}},
		Appointments: []hipaasmp.Appointment{{Role: hipaasmp.RoleSecurityOfficial, Member: "wf-1", Term: since}},
	}
	entry, err := store.Put(ctx, "clinic", clinic)
	fmt.Println(entry.Ref(), err)
	_, err = store.Put(ctx, "clinic", clinic, storage.IfVersion(7))
	fmt.Println(err)
	fmt.Println(store.Capabilities().Persistent)
	// Output:
	// hipaasmp.entity/clinic@1 <nil>
	// storage: hipaasmp.entity/clinic stands at version 1, not at 7; read it again and decide anew
	// false
}
