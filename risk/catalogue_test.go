package risk_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

func TestCatalogueHoldsTheEventsOfE2AndE3(t *testing.T) {
	t.Parallel()
	var categories []string
	count, seen := map[string]int{}, map[string]int{}
	for _, e := range (risk.ThreatCatalogue{}).Events() {
		if !e.Adversarial() {
			e.Category = "E-3"
		}
		if count[e.Category] == 0 {
			categories = append(categories, e.Category)
		}
		count[e.Category]++
		if risk.Verified(e.Read) {
			seen[e.Category]++
		}
	}
	var counts, verified []int
	for _, c := range categories {
		counts, verified = append(counts, count[c]), append(verified, seen[c])
	}
	require.Equal(t, []int{5, 6, 14, 17, 21, 13, 2, 6, 18}, counts, "84 adversarial events in eight categories, 18 others")
	require.Equal(t, []int{5, 0, 0, 0, 0, 0, 0, 3, 8}, verified, "what no document was seen to state is marked")
	last, ok := risk.ThreatCatalogue{}.Event("E-2.8.3")
	require.True(t, ok)
	require.Equal(t, hipaasmp.ConfidenceRecalled, last.Read.Confidence)
	require.Contains(t, last.Read.Title, "from memory")
	last, ok = risk.ThreatCatalogue{}.Event("E-2.8.4")
	require.True(t, ok)
	require.Equal(t, hipaasmp.ConfidenceOne, last.Read.Confidence)
}

func TestCatalogueHoldsTheTaxonomyOfSources(t *testing.T) {
	t.Parallel()
	all := risk.ThreatCatalogue{}.Sources()
	verified, at := []string{}, map[string]bool{"": true}
	for _, e := range all {
		require.True(t, at[e.Parent()], "%s stands below a node that is listed before it", e.ID)
		at[e.ID] = true
		require.True(t, e.ID == string(e.Source) || strings.HasPrefix(e.ID, string(e.Source)+"."), "%s", e.ID)
		if risk.Verified(e.Read) {
			verified = append(verified, e.ID)
		}
	}
	require.Len(t, all, 47)
	require.Equal(t, []string{"adversarial", "adversarial.individual", "adversarial.individual.outsider", "adversarial.individual.insider",
		"adversarial.individual.trusted-insider", "adversarial.individual.privileged-insider", "accidental", "structural", "environmental"}, verified)
	for _, s := range risk.ThreatSource("").Values() {
		require.True(t, at[string(s)], "every type of source is a node")
	}
}

func TestNoPredisposingConditionIsVerified(t *testing.T) {
	t.Parallel()
	for _, e := range (risk.ThreatCatalogue{}).Conditions() {
		require.False(t, risk.Verified(e.Read), "%s", e.ID)
	}
	require.Len(t, risk.ThreatCatalogue{}.Conditions(), 26)
}

func TestSeverityAndPervasivenessHaveAMeaningForEachLevel(t *testing.T) {
	t.Parallel()
	for _, scale := range [][]risk.Meaning{risk.ThreatCatalogue{}.Severities(), risk.ThreatCatalogue{}.Pervasiveness()} {
		require.Len(t, scale, 5)
		for i, m := range scale {
			require.Equal(t, five[i], m.Level)
			require.True(t, hipaasmp.ValidText(m.Means))
			require.Equal(t, hipaasmp.ConfidenceOne, m.Read.Confidence)
		}
	}
}

func TestCatalogueIdentitiesAreUniqueAndFoundAgain(t *testing.T) {
	t.Parallel()
	c, seen := risk.ThreatCatalogue{}, map[string]bool{}
	once := func(id, title string, read hipaasmp.Source, found bool) {
		require.False(t, seen[id], "%s stands twice", id)
		seen[id] = true
		require.True(t, hipaasmp.ValidID(id), "%s", id)
		require.True(t, hipaasmp.ValidText(title), "%s", id)
		require.True(t, read.Confidence.IsValid(), "%s", id)
		require.NotEmpty(t, read.Locator)
		require.True(t, found, "%s", id)
	}
	for _, e := range c.Sources() {
		_, ok := c.Source(e.ID)
		once(e.ID, e.Title, e.Read, ok)
	}
	for _, e := range c.Events() {
		_, ok := c.Event(e.ID)
		once(e.ID, e.Title, e.Read, ok)
	}
	for _, e := range c.Conditions() {
		_, ok := c.Condition(e.ID)
		once(e.ID, e.Title, e.Read, ok)
	}
	_, ok := c.Event("E-2.1.6")
	require.False(t, ok)
	_, err := json.Marshal(c.Events())
	require.NoError(t, err, "the catalogue can be written out as data")
}

func TestCatalogueIsACopy(t *testing.T) {
	t.Parallel()
	c := risk.ThreatCatalogue{}
	c.Events()[0].Title, c.Sources()[0].Title = "x", "x"
	require.NotEqual(t, "x", c.Events()[0].Title)
	require.NotEqual(t, "x", c.Sources()[0].Title)
}

func TestAThreatLinksToTheCatalogue(t *testing.T) {
	t.Parallel()
	d := draft(t)
	d.Threats[0].CatalogueEvent, d.Threats[0].SourceEntry = "E-2.2.1", "adversarial.individual.outsider"
	d.Threats[2].CatalogueEvent, d.Threats[2].SourceEntry = "E-3.4", "environmental.infrastructure.electrical-power"
	d.Conditions = []risk.Condition{{ID: "mobile", Title: "Devices are carried between the sites", CatalogueEntry: "operational.mobility.mobile", Pervasiveness: risk.LevelModerate}}
	d.Findings[0].Conditions = []string{"mobile"}
	require.NoError(t, d.Validate())
	roundTrip(t, d)
	a, err := d.Approve("ra-2026", manager, official, approved, chicago(t), may(), l, risk.First("The first."))
	require.NoError(t, err)
	d.Conditions[0].Title, d.Findings[0].Conditions[0] = "x", "x"
	require.Equal(t, "Devices are carried between the sites", a.Conditions[0].Title)
	require.Equal(t, "mobile", a.Findings[0].Conditions[0])
}
