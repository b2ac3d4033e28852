package risk

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Condition is a predisposing condition: something about the entity, its systems or its places that makes it more or
// less likely that a threat does harm, for example devices that are carried about (NIST SP 800-30 Rev. 1, tables F-4
// and F-5). A vulnerability can be mended; a condition is how things are.
type Condition struct {
	// ID is stable over analyses.
	ID string `json:"id" validate:"required,docid"`
	// Title says what the condition is.
	Title string `json:"title" validate:"required,text"`
	// CatalogueEntry is its identity in [ThreatCatalogue.Conditions], where it is one of those.
	CatalogueEntry string `json:"catalogue_entry,omitempty" validate:"omitempty,docid"`
	// Pervasiveness is how far it reaches, table F-5: from few of the entity's processes and systems (very low) to all
	// of them (very high).
	Pervasiveness Level `json:"pervasiveness" validate:"enum"`
}

func (c Condition) check(f *validate.Faults, at string) {
	if c.CatalogueEntry == "" {
		return
	}
	if _, ok := (ThreatCatalogue{}).Condition(c.CatalogueEntry); !ok && hipaasmp.ValidID(c.CatalogueEntry) {
		f.Add(FaultCatalogue, at+"/catalogue_entry", "%q is no condition of the catalogue; use one of ThreatCatalogue.Conditions or leave it out", c.CatalogueEntry)
	}
}
