package risk

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// ClassDeclaration says that the entity has no asset of a class. It is what sets "there are none" apart from "nobody
// considered it".
type ClassDeclaration struct {
	// Class is the class of which there is no asset.
	Class AssetClass `json:"class" validate:"enum"`
	// Reason says how that is known.
	Reason string `json:"reason" validate:"required,text"`
	// By is who declares it.
	By hipaasmp.Actor `json:"by"`
	// At is when, in UTC to the microsecond.
	At time.Time `json:"at" validate:"instant"`
}

// Inventory lists where ePHI is and how it moves.
type Inventory struct {
	// Assets are the systems, devices, media, places and firms, each once.
	Assets []Asset `json:"assets,omitempty" validate:"dive"`
	// Flows are the ways ePHI takes between them.
	Flows []Flow `json:"flows,omitempty" validate:"dive"`
	// DeclaredNone are the classes of which there is no asset.
	DeclaredNone []ClassDeclaration `json:"declared_none,omitempty" validate:"dive"`
}

// Asset returns the asset with the identity.
func (v Inventory) Asset(id string) (Asset, bool) {
	for _, a := range v.Assets {
		if a.ID == id {
			return a, true
		}
	}
	return Asset{}, false
}

// ClassScope says how one class of assets was considered.
type ClassScope struct {
	// Class is the class.
	Class AssetClass `json:"class"`
	// Assets are the identities of the assets of the class.
	Assets []string `json:"assets,omitempty"`
	// DeclaredNone is true where the class was declared to have none.
	DeclaredNone bool `json:"declared_none"`
}

// Considered reports whether the class is inventoried or declared none.
func (s ClassScope) Considered() bool { return len(s.Assets) > 0 || s.DeclaredNone }

// Scope lists every class of assets and how it was considered, in the order of [AssetClass.Values].
func (v Inventory) Scope() []ClassScope {
	classes := AssetClass("").Values()
	out := make([]ClassScope, len(classes))
	for i, c := range classes {
		out[i].Class = c
		for _, a := range v.Assets {
			if a.Class == c {
				out[i].Assets = append(out[i].Assets, a.ID)
			}
		}
		out[i].DeclaredNone = slices.ContainsFunc(v.DeclaredNone, func(d ClassDeclaration) bool { return d.Class == c })
	}
	return out
}

func (v Inventory) clone() Inventory {
	return Inventory{
		Assets:       cloneEach(v.Assets, Asset.clone),
		Flows:        slices.Clone(v.Flows),
		DeclaredNone: slices.Clone(v.DeclaredNone),
	}
}

// check adds the faults of the inventory and returns the place of each asset.
func (v Inventory) check(f *validate.Faults, base string) map[string]int {
	assets := validate.Unique(f, base+"/assets", v.Assets, func(a Asset) string { return a.ID })
	for i, a := range v.Assets {
		at := base + hipaasmp.Pointer("assets", i)
		seen := map[Handling]bool{}
		for j, h := range a.Handles {
			if seen[h] || len(a.Handles) > 1 && (h == HandlingNone || h == HandlingUnknown) {
				f.Cite(FaultHandling, hipaasmp.CiteEnsureCIA, at+hipaasmp.Pointer("handles", j), "%q does not go with the others; name each once, and none or unknown alone", h)
			}
			seen[h] = true
		}
		if !a.Retired.IsZero() && a.Retired.Before(a.InService) {
			f.Add(hipaasmp.FaultOrder, at+"/retired", "%s is before the asset went into service on %s; correct one of them", a.Retired, a.InService)
		}
		if a.Vendor != nil {
			a.Vendor.check(f, at+"/vendor")
		}
		v.checkEntry(f, at, a, assets)
	}
	validate.Unique(f, base+"/flows", v.Flows, func(x Flow) string { return x.ID })
	for i, x := range v.Flows {
		at := base + hipaasmp.Pointer("flows", i)
		known(f, at+"/from", assets, x.From, "asset")
		known(f, at+"/to", assets, x.To, "asset")
	}
	declared := map[AssetClass]bool{}
	for i, d := range v.DeclaredNone {
		at := base + hipaasmp.Pointer("declared_none", i, "class")
		if declared[d.Class] {
			f.Add(hipaasmp.FaultIdentity, at, "%q is declared twice; keep one declaration a class", d.Class)
		}
		declared[d.Class] = true
		for _, a := range v.Assets {
			if a.Class == d.Class && a.Retired.IsZero() {
				f.Cite(FaultDeclaredNone, hipaasmp.CiteEnsureCIA, at, "%q is declared none, but asset %q is of it and not retired; remove one of the two", d.Class, a.ID)
				break
			}
		}
	}
	return assets
}

// known adds a fault if the identity, where it is one, is not in the index.
func known(f *validate.Faults, pointer string, index map[string]int, id, noun string) {
	if _, ok := index[id]; !ok && hipaasmp.ValidID(id) {
		f.Add(hipaasmp.FaultDangling, pointer, "%q is no %s of this analysis; add it or correct the reference", id, noun)
	}
}

// distinct adds a fault for every identity that a list names again.
func distinct(f *validate.Faults, pointer string, ids []string) {
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			f.Add(hipaasmp.FaultIdentity, pointer+hipaasmp.Pointer(i), "%q is listed twice; name it once", id)
		}
	}
}

func cloneEach[T any](in []T, clone func(T) T) []T {
	if in == nil {
		return nil
	}
	out := make([]T, len(in))
	for i, e := range in {
		out[i] = clone(e)
	}
	return out
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}
