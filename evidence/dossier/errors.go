package dossier

import "fmt"

// EntityError says that a tenant has no entity, or several.
type EntityError struct {
	// Tenant is the tenant.
	Tenant string
	// Found is how many entities it has.
	Found int
}

func (e *EntityError) Error() string {
	if e.Found == 0 {
		return fmt.Sprintf("dossier: tenant %q has no entity; store a hipaasmp.Entity first", e.Tenant)
	}
	return fmt.Sprintf("dossier: tenant %q has %d entities; keep one entity a tenant", e.Tenant, e.Found)
}
