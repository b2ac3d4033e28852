package postgres_test

import (
	"fmt"

	"github.com/hipaasmp/hipaasmp/storage/postgres"
)

// The owner of a database reads and runs these once, after the first Open has made the layout. Then the product opens the
// store as smp_writer, and as smp_disposer for disposals alone.
func ExampleRoles_Grants() {
	grants, err := postgres.Roles{Writer: "smp_writer", Disposer: "smp_disposer", Reader: "smp_reader"}.Grants("hipaasmp")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, sql := range grants {
		fmt.Println(sql)
	}
	// Output:
	// REVOKE ALL ON SCHEMA "hipaasmp" FROM PUBLIC
	// REVOKE ALL ON "hipaasmp".head, "hipaasmp".disposal, "hipaasmp".layout, "hipaasmp".entry, "hipaasmp".content, "hipaasmp".content_key, "hipaasmp".node, "hipaasmp".checkpoint, "hipaasmp".hold, "hipaasmp".hold_scope, "hipaasmp".hold_release, "hipaasmp".retention_floor FROM PUBLIC
	// GRANT USAGE ON SCHEMA "hipaasmp" TO "smp_writer"
	// GRANT SELECT ON "hipaasmp".head, "hipaasmp".disposal, "hipaasmp".layout, "hipaasmp".entry, "hipaasmp".content, "hipaasmp".content_key, "hipaasmp".node, "hipaasmp".checkpoint, "hipaasmp".hold, "hipaasmp".hold_scope, "hipaasmp".hold_release, "hipaasmp".retention_floor TO "smp_writer"
	// GRANT INSERT ON "hipaasmp".head, "hipaasmp".entry, "hipaasmp".content, "hipaasmp".content_key, "hipaasmp".node, "hipaasmp".checkpoint, "hipaasmp".hold, "hipaasmp".hold_scope, "hipaasmp".hold_release, "hipaasmp".retention_floor TO "smp_writer"
	// GRANT UPDATE (size, edge) ON "hipaasmp".head TO "smp_writer"
	// GRANT USAGE ON SCHEMA "hipaasmp" TO "smp_disposer"
	// GRANT SELECT ON "hipaasmp".head, "hipaasmp".disposal, "hipaasmp".layout, "hipaasmp".entry, "hipaasmp".content, "hipaasmp".content_key, "hipaasmp".node, "hipaasmp".checkpoint, "hipaasmp".hold, "hipaasmp".hold_scope, "hipaasmp".hold_release, "hipaasmp".retention_floor TO "smp_disposer"
	// GRANT INSERT ON "hipaasmp".head, "hipaasmp".entry, "hipaasmp".content, "hipaasmp".content_key, "hipaasmp".node, "hipaasmp".checkpoint, "hipaasmp".hold, "hipaasmp".hold_scope, "hipaasmp".hold_release, "hipaasmp".retention_floor TO "smp_disposer"
	// GRANT UPDATE (size, edge) ON "hipaasmp".head TO "smp_disposer"
	// GRANT INSERT ON "hipaasmp".disposal TO "smp_disposer"
	// GRANT DELETE ON "hipaasmp".content, "hipaasmp".content_key TO "smp_disposer"
	// GRANT USAGE ON SCHEMA "hipaasmp" TO "smp_reader"
	// GRANT SELECT ON "hipaasmp".head, "hipaasmp".disposal, "hipaasmp".layout, "hipaasmp".entry, "hipaasmp".content, "hipaasmp".content_key, "hipaasmp".node, "hipaasmp".checkpoint, "hipaasmp".hold, "hipaasmp".hold_scope, "hipaasmp".hold_release, "hipaasmp".retention_floor TO "smp_reader"
}
