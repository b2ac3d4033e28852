package risk_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/risk"
)

// chain is an inventory in which ePHI runs from the intake to the EHR, goes round between EHR and billing, and ends in
// the archive. The scanner stands at the north site and the pump apart from everything.
//
//	intake -> ehr <-> billing      scanner -> archive      pump
//	           |
//	           v
//	        archive
func chain() risk.Inventory {
	asset := func(id string, c risk.AssetClass) risk.Asset {
		return risk.Asset{ID: id, Name: id, Class: c, Handles: []risk.Handling{risk.HandlingMaintains}, InService: day("2024-01-01")}
	}
	flow := func(id, from, to string) risk.Flow {
		return risk.Flow{ID: id, From: from, To: to, What: "x", Encryption: risk.EncryptionEncrypted}
	}
	north := asset("north", risk.AssetClassOnPremises)
	north.Kind = risk.EntryKindLocation
	scanner := asset("scanner", risk.AssetClassOnPremises)
	scanner.Site = "north"
	ehr := asset("ehr", risk.AssetClassCloudApp)
	ehr.Supplier = "host"
	firm := func(id string) risk.Asset {
		a := asset(id, risk.AssetClassBusinessAssociate)
		a.Vendor = &risk.Vendor{Name: id, Standing: risk.VendorStandingBusinessAssociate, Agreement: &risk.Agreement{Signed: day("2024-01-01")}}
		return a
	}
	return risk.Inventory{
		Assets: []risk.Asset{asset("intake", risk.AssetClassMobile), ehr, firm("billing"), asset("archive", risk.AssetClassBackup),
			scanner, asset("pump", risk.AssetClassMedicalDevice), north, firm("host")},
		Flows: []risk.Flow{flow("in", "intake", "ehr"), flow("claims", "ehr", "billing"), flow("remits", "billing", "ehr"),
			flow("nightly", "ehr", "archive"), flow("scans", "scanner", "archive")},
	}
}

// chained is an analysis of chain with one finding on each asset, named after it, and one on two of them.
func chained(t testing.TB) risk.Analysis {
	t.Helper()
	c := risk.Assessment{
		Title: "x", Scope: "x", Inventory: chain(),
		Threats:         []risk.Threat{{ID: "t", Source: risk.ThreatSourceAdversarial, Event: "x"}},
		Vulnerabilities: []risk.Vulnerability{{ID: "v", Title: "x", Severity: l}},
	}
	add := func(id string, assets ...string) {
		c.Findings = append(c.Findings, risk.Finding{ID: id, Title: id, Assets: assets, Threat: "t", Vulnerability: "v", NoSafeguards: true, Integrity: true, Current: scored(t, l, l, l)})
	}
	for _, a := range c.Inventory.Assets {
		add("F-"+a.ID, a.ID)
	}
	add("F-two", "pump", "intake")
	d, err := risk.NewDraft("d", c, analyst, began)
	require.NoError(t, err)
	a, err := d.Approve("a", manager, official, approved, chicago(t), may(), l, risk.First("x"))
	require.NoError(t, err)
	return a
}

// everyFinding are the findings of chained.
func everyFinding(a risk.Analysis) (out []string) {
	for _, x := range a.Findings {
		out = append(out, x.ID)
	}
	return out
}

// staleBy edits the inventory, asks for exactly one change of the trigger, and returns it.
func staleBy(t *testing.T, trigger risk.Trigger, edit func(*risk.Inventory), policy risk.Cadence, changes ...risk.Change) risk.Change {
	t.Helper()
	a, now := chained(t), chain()
	require.Empty(t, a.Stale(day("2026-06-01"), risk.Cadence{Months: 12}, &now), "nothing has changed yet")
	edit(&now)
	got := a.Stale(day("2026-06-01"), policy, &now, changes...)
	require.Len(t, got, 1)
	require.Equal(t, trigger, got[0].Trigger)
	return got[0]
}

func nothing(*risk.Inventory) {}

func TestStaleNewSystem(t *testing.T) {
	t.Parallel()
	c := staleBy(t, risk.TriggerNewSystem, func(v *risk.Inventory) {
		v.Assets = append(v.Assets, risk.Asset{ID: "portal", Name: "Portal", Class: risk.AssetClassCloudApp, Handles: []risk.Handling{risk.HandlingTransmits}, InService: day("2026-05-10")})
	}, risk.Cadence{})
	require.Equal(t, day("2026-05-10"), c.On)
	require.Empty(t, c.Findings, "nothing flows from it yet, so it touches no finding; it has none of its own, which is a gap")
	a, now := chained(t), chain()
	now.Assets = append(now.Assets, risk.Asset{ID: "portal", Name: "Portal", Class: risk.AssetClassCloudApp, Handles: []risk.Handling{risk.HandlingTransmits}, InService: day("2026-05-10")})
	now.Flows = append(now.Flows, risk.Flow{ID: "up", From: "portal", To: "billing", What: "x", Encryption: risk.EncryptionEncrypted})
	got := a.Stale(day("2026-06-01"), risk.Cadence{}, &now)
	require.Len(t, got, 2, "the system, and the flow that came with it")
	for _, c := range got {
		require.Equal(t, []string{"F-ehr", "F-billing", "F-archive"}, c.Findings, "billing, and round to the EHR, and on to the archive")
	}
}

func TestStaleVendor(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct {
		edit func(*risk.Inventory)
		want []string
	}{
		"another firm": {func(v *risk.Inventory) { v.Assets[2].Vendor.Name = "Other LLC" }, []string{"F-ehr", "F-billing", "F-archive"}},
		"a new subcontractor": {func(v *risk.Inventory) {
			v.Assets[2].Vendor.Subcontractors = []risk.Subcontractor{{ID: "s", Name: "s"}}
		}, []string{"F-ehr", "F-billing", "F-archive"}},
		"it holds more": {func(v *risk.Inventory) { v.Assets[2].Vendor.Holds = []string{"claims"} }, []string{"F-ehr", "F-billing", "F-archive"}},
		"the firm that hosts the EHR": {func(v *risk.Inventory) { v.Assets[7].Vendor.Name = "Other Host" },
			[]string{"F-ehr", "F-billing", "F-archive", "F-host"}},
		"the EHR moved to another firm": {func(v *risk.Inventory) { v.Assets[1].Supplier = "" }, []string{"F-ehr", "F-billing", "F-archive"}},
		"a new firm": {func(v *risk.Inventory) {
			v.Assets = append(v.Assets, risk.Asset{ID: "shred", Name: "x", Class: risk.AssetClassBusinessAssociate, Handles: []risk.Handling{risk.HandlingReceives}, InService: day("2026-05-10")})
		}, nil},
	} {
		require.Equal(t, c.want, staleBy(t, risk.TriggerVendor, c.edit, risk.Cadence{}).Findings, rule)
	}
}

func TestStaleWorkflow(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct {
		edit func(*risk.Inventory)
		want []string
	}{
		"another use of the intake": {func(v *risk.Inventory) { v.Assets[0].Handles = []risk.Handling{risk.HandlingCreates} },
			[]string{"F-intake", "F-ehr", "F-billing", "F-archive", "F-two"}},
		"another use of the archive": {func(v *risk.Inventory) { v.Assets[3].Handles = []risk.Handling{risk.HandlingCreates} }, []string{"F-archive"}},
		"another use of the pump":    {func(v *risk.Inventory) { v.Assets[5].Handles = []risk.Handling{risk.HandlingCreates} }, []string{"F-pump", "F-two"}},
		"a flow no longer encrypted": {func(v *risk.Inventory) { v.Flows[3].Encryption = risk.EncryptionUnencrypted }, []string{"F-ehr", "F-archive"}},
		"a new flow":                 {func(v *risk.Inventory) { v.Flows = append(v.Flows, risk.Flow{ID: "new", From: "pump", To: "billing"}) }, []string{"F-ehr", "F-billing", "F-archive", "F-pump", "F-two"}},
		"a flow to itself":           {func(v *risk.Inventory) { v.Flows = append(v.Flows, risk.Flow{ID: "new", From: "pump", To: "pump"}) }, []string{"F-pump", "F-two"}},
		"a flow that is gone":        {func(v *risk.Inventory) { v.Flows = slices.Delete(v.Flows, 4, 5) }, []string{"F-archive", "F-scanner"}},
		"a system that is gone":      {func(v *risk.Inventory) { v.Assets = slices.Delete(v.Assets, 5, 6) }, []string{"F-pump", "F-two"}},
	} {
		require.Equal(t, c.want, staleBy(t, risk.TriggerWorkflow, c.edit, risk.Cadence{}).Findings, rule)
	}
	a, now := chained(t), chain()
	now.Assets[4].Retired, now.Flows = day("2026-05-01"), now.Flows[:4]
	require.Empty(t, a.Stale(day("2026-06-01"), risk.Cadence{}, &now), "what is retired with its flows makes nothing stale")
}

func TestStaleLocation(t *testing.T) {
	t.Parallel()
	for rule, c := range map[string]struct {
		edit func(*risk.Inventory)
		want []string
	}{
		"the scanner moved":               {func(v *risk.Inventory) { v.Assets[4].Location = "basement" }, []string{"F-archive", "F-scanner"}},
		"the north site moved":            {func(v *risk.Inventory) { v.Assets[6].Location = "across the river" }, []string{"F-archive", "F-scanner", "F-north"}},
		"the pump came to the north site": {func(v *risk.Inventory) { v.Assets[5].Site = "north" }, []string{"F-pump", "F-two"}},
		"a new site": {func(v *risk.Inventory) {
			v.Assets = append(v.Assets, risk.Asset{ID: "south", Name: "x", Class: risk.AssetClassOnPremises, Kind: risk.EntryKindLocation, Handles: []risk.Handling{risk.HandlingMaintains}, InService: day("2026-05-10")})
		}, nil},
	} {
		require.Equal(t, c.want, staleBy(t, risk.TriggerLocation, c.edit, risk.Cadence{}).Findings, rule)
	}
}

func TestStaleIncident(t *testing.T) {
	t.Parallel()
	on := day("2026-05-20")
	source := hipaasmp.Ref{Kind: "review.incident", ID: "inc-1"}
	c := staleBy(t, risk.TriggerIncident, nothing, risk.Cadence{}, risk.Change{Trigger: risk.TriggerIncident, On: on, What: "x", Assets: []string{"scanner"}, Source: &source, Findings: []string{"F-pump"}})
	require.Equal(t, []string{"F-archive", "F-scanner"}, c.Findings, "reached through the flow; what the caller wrote is not looked at")
	require.Equal(t, on, c.On)
	require.Equal(t, &source, c.Source)
	c = staleBy(t, risk.TriggerIncident, nothing, risk.Cadence{}, risk.Change{Trigger: risk.TriggerIncident, On: on, What: "x"})
	require.Equal(t, everyFinding(chained(t)), c.Findings, "nobody said where, so it may be anywhere")
}

func TestStaleLaw(t *testing.T) {
	t.Parallel()
	c := staleBy(t, risk.TriggerLaw, nothing, risk.Cadence{}, risk.Change{Trigger: risk.TriggerLaw, On: day("2026-05-20"), What: "x"})
	require.Equal(t, everyFinding(chained(t)), c.Findings)
	c = staleBy(t, risk.TriggerLaw, nothing, risk.Cadence{}, risk.Change{Trigger: risk.TriggerLaw, On: day("2026-05-20"), What: "about archives", Assets: []string{"archive"}})
	require.Equal(t, []string{"F-archive"}, c.Findings)
}

func TestStaleCadence(t *testing.T) {
	t.Parallel()
	c := staleBy(t, risk.TriggerCadence, nothing, risk.Cadence{Months: 2})
	require.Equal(t, day("2026-05-21"), c.On)
	require.Equal(t, everyFinding(chained(t)), c.Findings)
}

func TestStaleFindingsSaySinceWhenAndWhy(t *testing.T) {
	t.Parallel()
	a, now := chained(t), chain()
	now.Assets[4].Location = "basement" // undated
	got := risk.StaleFindings(a.Stale(day("2026-06-01"), risk.Cadence{}, &now,
		risk.Change{Trigger: risk.TriggerLaw, On: day("2026-05-25"), What: "x", Assets: []string{"archive"}},
		risk.Change{Trigger: risk.TriggerIncident, On: day("2026-05-20"), What: "x", Assets: []string{"archive", "pump"}}))
	require.Equal(t, []risk.StaleFinding{
		{Finding: "F-archive", Since: day("2026-05-20"), Triggers: []risk.Trigger{risk.TriggerLocation, risk.TriggerIncident, risk.TriggerLaw}},
		{Finding: "F-pump", Since: day("2026-05-20"), Triggers: []risk.Trigger{risk.TriggerIncident}},
		{Finding: "F-scanner", Triggers: []risk.Trigger{risk.TriggerLocation}},
		{Finding: "F-two", Since: day("2026-05-20"), Triggers: []risk.Trigger{risk.TriggerIncident}},
	}, got)
	require.Empty(t, risk.StaleFindings(nil))
}

// One changed entry marks exactly the findings reached, on any graph, cycles included. The answer is computed again as
// the closure of the flows.
func TestOneChangedEntryMarksExactlyTheFindingsReached(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, long.Count(7, 12)).Draw(rt, "assets")
		var a risk.Analysis
		a.Approval.On = day("2026-03-20")
		reach := make([][]bool, n)
		for i := range n {
			reach[i] = make([]bool, n)
			reach[i][i] = true
			id := fmt.Sprint("a", i)
			a.Inventory.Assets = append(a.Inventory.Assets, risk.Asset{ID: id, Class: risk.AssetClassOnPremises, Handles: []risk.Handling{risk.HandlingMaintains}})
			a.Findings = append(a.Findings, risk.Finding{ID: "f" + fmt.Sprint(i), Assets: []string{id}})
		}
		for k := range rapid.IntRange(0, 10).Draw(rt, "flows") {
			from, to := rapid.IntRange(0, n-1).Draw(rt, "from"), rapid.IntRange(0, n-1).Draw(rt, "to")
			reach[from][to] = true
			a.Inventory.Flows = append(a.Inventory.Flows, risk.Flow{ID: fmt.Sprint("flow", k), From: fmt.Sprint("a", from), To: fmt.Sprint("a", to)})
		}
		for k := range n {
			for i := range n {
				for j := range n {
					reach[i][j] = reach[i][j] || reach[i][k] && reach[k][j]
				}
			}
		}
		now := risk.Inventory{Assets: slices.Clone(a.Inventory.Assets), Flows: a.Inventory.Flows}
		changed := rapid.IntRange(0, n-1).Draw(rt, "changed")
		now.Assets[changed].Location = "elsewhere"
		var want []string
		for j := range n {
			if reach[changed][j] {
				want = append(want, fmt.Sprint("f", j))
			}
		}
		got := a.Stale(day("2026-06-01"), risk.Cadence{}, &now)
		require.Len(rt, got, 1)
		require.Equal(rt, want, got[0].Findings)
	})
}
