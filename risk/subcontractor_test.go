package risk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

// vendorOf gives the billing service of a draft a printer and the printer's carrier, and returns it for editing.
func vendorOf(d *risk.Draft) *risk.Vendor {
	v := d.Inventory.Assets[3].Vendor
	if v.Subcontractors == nil {
		v.Holds = []string{"claims since 2025"}
		v.Subcontractors = []risk.Subcontractor{
			{ID: "print", Name: "Print LLC", Holds: []string{"statements"}, Agreement: &risk.Agreement{Signed: day("2025-02-01"), Expires: day("2026-12-31")}},
			{ID: "post", Name: "Post LLC", Of: "print", Agreement: &risk.Agreement{Signed: day("2025-02-01")}},
		}
	}
	return v
}

func TestABusinessAssociateCarriesWhatItHoldsAndItsSubcontractors(t *testing.T) {
	t.Parallel()
	d := draft(t)
	vendorOf(&d)
	require.NoError(t, d.Validate())
	roundTrip(t, d)
	s, ok := d.Inventory.Assets[3].Vendor.Subcontractor("post")
	require.True(t, ok)
	require.Equal(t, "print", s.Of)
	_, ok = d.Inventory.Assets[3].Vendor.Subcontractor("gone")
	require.False(t, ok)
	a, err := d.Approve("ra-2026", manager, official, approved, chicago(t), may(), l, risk.First("The first."))
	require.NoError(t, err)
	before, err := hipaasmp.Canonical(a)
	require.NoError(t, err)
	v := vendorOf(&d)
	v.Holds[0], v.Subcontractors[0].Holds[0], v.Subcontractors[0].Agreement.Signed = "x", "x", day("2020-01-01")
	after, err := hipaasmp.Canonical(a)
	require.NoError(t, err)
	require.Equal(t, string(before), string(after), "the record shares nothing with the draft")
}

func TestGapSubcontractor(t *testing.T) {
	t.Parallel()
	with := func(edit func(*risk.Vendor)) risk.GapInput {
		d := draft(t)
		edit(vendorOf(&d))
		a := whole(t)
		a.Inventory = d.Inventory
		return of(t, a)
	}
	none := func(*risk.Vendor) {}
	require.Empty(t, found(with(none), "2026-12-31", risk.GapSubcontractor), "in force on its last day")
	gap := one(t, with(none), "2027-01-01", risk.GapSubcontractor)
	require.Equal(t, hipaasmp.CiteSubcontractorTerms, gap.Citation)
	require.Equal(t, "Behind billing, 1 of 2 subcontractors have no agreement that is known to be in force: print.", gap.Missing)
	require.Equal(t, []string{"print: no agreement known to be in force", "post: agreement in force"}, gap.Counted)
	gap = one(t, with(func(v *risk.Vendor) { v.Subcontractors[1].Agreement = nil }), "2026-06-01", risk.GapSubcontractor)
	require.Contains(t, gap.Missing, "post")
	require.Empty(t, found(with(func(v *risk.Vendor) { v.Subcontractors, v.NoSubcontractors = nil, true }), "2027-01-01", risk.GapSubcontractor))
	retired := with(none)
	retired.Analyses[0].Inventory.Assets[3].Retired = day("2026-12-31")
	require.Empty(t, found(retired, "2027-01-01", risk.GapSubcontractor), "a retired service hands nothing on")
}

func TestEntriesAreSystemsVendorsAndLocations(t *testing.T) {
	t.Parallel()
	v := content(t).Inventory
	v.Assets = append(v.Assets, risk.Asset{ID: "north", Name: "North site", Class: risk.AssetClassOnPremises, Kind: risk.EntryKindLocation, Handles: []risk.Handling{risk.HandlingMaintains}})
	v.Assets[1].Site, v.Assets[0].Supplier = "north", "billing"
	d := draft(t)
	d.Inventory = v
	d.Inventory.DeclaredNone = d.Inventory.DeclaredNone[1:]
	require.NoError(t, d.Validate())
	ids := func(kind risk.EntryKind) (out []string) {
		for _, a := range v.OfKind(kind) {
			out = append(out, a.ID)
		}
		return out
	}
	require.Equal(t, []string{"ehr", "laptop", "pump"}, ids(risk.EntryKindSystem))
	require.Equal(t, []string{"billing"}, ids(risk.EntryKindVendor))
	require.Equal(t, []string{"north"}, ids(risk.EntryKindLocation))
}
