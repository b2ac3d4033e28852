package risk

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// EntryKind says what an entry of the inventory is. Its [AssetClass] says where the ePHI is.
type EntryKind string

const (
	// EntryKindSystem is a system, an application, a device or a medium.
	EntryKindSystem EntryKind = "system"
	// EntryKindVendor is a firm.
	EntryKindVendor EntryKind = "vendor"
	// EntryKindLocation is a place: a site, a room, a home from which somebody works.
	EntryKindLocation EntryKind = "location"
)

// Values returns the members of the enumeration.
func (EntryKind) Values() []EntryKind {
	return []EntryKind{EntryKindSystem, EntryKindVendor, EntryKindLocation}
}

// IsValid reports whether k is a member.
func (k EntryKind) IsValid() bool {
	_, err := hipaasmp.ParseEnum("risk.EntryKind", []byte(k), k.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (k EntryKind) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("risk.EntryKind", k, k.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (k *EntryKind) UnmarshalText(text []byte) (err error) {
	*k, err = hipaasmp.ParseEnum("risk.EntryKind", text, k.Values())
	return err
}

// Entry says what the asset is. Where Kind is absent, an asset of class business_associate is a vendor and every other
// a system.
func (a Asset) Entry() EntryKind {
	switch {
	case a.Kind != "":
		return a.Kind
	case a.Class == AssetClassBusinessAssociate:
		return EntryKindVendor
	}
	return EntryKindSystem
}

// OfKind returns the entries of a kind, in the order of the inventory.
func (v Inventory) OfKind(kind EntryKind) []Asset {
	var out []Asset
	for _, a := range v.Assets {
		if a.Entry() == kind {
			out = append(out, a.clone())
		}
	}
	return out
}

// checkEntry adds the faults of what an entry is, where it is and who supplies it.
func (v Inventory) checkEntry(f *validate.Faults, at string, a Asset, assets map[string]int) {
	if a.Class == AssetClassBusinessAssociate && a.Kind.IsValid() && a.Kind != EntryKindVendor {
		f.Cite(FaultEntry, hipaasmp.CiteWrittenContract, at+"/kind", "is %q, but an asset of class business_associate is a firm; leave the kind out or change the class", a.Kind)
	}
	for _, link := range []struct {
		name, id string
		kind     EntryKind
	}{{"site", a.Site, EntryKindLocation}, {"supplier", a.Supplier, EntryKindVendor}} {
		if link.id == "" {
			continue
		}
		known(f, at+"/"+link.name, assets, link.id, "asset")
		i, ok := assets[link.id]
		switch {
		case link.id == a.ID:
			f.Add(FaultEntry, at+"/"+link.name, "is the entry itself; name another one or leave it out")
		case ok && v.Assets[i].Entry() != link.kind:
			f.Add(FaultEntry, at+"/"+link.name, "%q is a %s, not a %s; name an entry of that kind", link.id, v.Assets[i].Entry(), link.kind)
		}
	}
}
