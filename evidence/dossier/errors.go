package dossier

import (
	"fmt"
	"time"
)

// EntityError says that a tenant has no entity, or several.
type EntityError struct {
	// Tenant is the tenant.
	Tenant string
	// Found is how many entities it has.
	Found int
	// At is the instant that was asked about; zero for now.
	At time.Time
}

func (e *EntityError) Error() string {
	if e.Found == 0 && !e.At.IsZero() {
		return fmt.Sprintf("dossier: of tenant %q no entity had been recorded by %s; ask about a later instant, or store a hipaasmp.Entity first", e.Tenant, e.At.UTC().Format(time.RFC3339))
	}
	if e.Found == 0 {
		return fmt.Sprintf("dossier: tenant %q has no entity; store a hipaasmp.Entity first", e.Tenant)
	}
	return fmt.Sprintf("dossier: tenant %q has %d entities; keep one entity a tenant", e.Tenant, e.Found)
}

// ChangedError says that something was stored while the questions were asked, so that the report and the proofs speak of
// two states of the ledger. Write the package again.
type ChangedError struct {
	// Tenant is the tenant.
	Tenant string
	// Before and After are the sizes of its ledger.
	Before, After uint64
}

func (e *ChangedError) Error() string {
	return fmt.Sprintf("dossier: the ledger of tenant %q grew from %d to %d entries while the questions were asked; write the package again", e.Tenant, e.Before, e.After)
}
