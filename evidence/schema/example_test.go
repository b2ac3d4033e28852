package schema_test

import (
	"fmt"

	"github.com/hipaasmp/hipaasmp/evidence/schema"
)

// A document is checked under the schema that it names itself. Every fault comes back, not only the first.
func ExampleCheck() {
	for _, f := range schema.Check([]byte(`{
		"schema": "https://github.com/hipaasmp/hipaasmp/schemas/v1/hipaasmp.entity.json",
		"id": "lakeside-clinic",
		"name": "Lakeside Family Clinic",
		"type": "covered",
		"size": "small",
		"zone": "America/Chicago",
		"created": "2024-02-30",
		"in_effect": {"from": "2024-03-01"},
		"workforce": [{"id": "wf-001", "category": "employee", "member": {"from": "2019-05-06"}}],
		"appointments": []
	}`)) {
		fmt.Println(f)
	}
	// Output:
	// SMP-SHAPE-04 at /appointments: has 0 entries; give at least 1, or leave the member out where it may be missing
	// SMP-SHAPE-03 at /created: is not a calendar date, YYYY-MM-DD
	// SMP-SHAPE-02 at /type: "covered" is not a member; use one of: covered_entity, business_associate
}
