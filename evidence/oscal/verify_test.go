package oscal_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/oscal"
)

// The published schema lets each of these pass, so the module's own verifier has to find them.
func TestSevenMistakesThatTheSchemaMisses(t *testing.T) {
	t.Parallel()
	s := schema(t)
	logged := func(p *oscal.POAM) *oscal.LogEntry {
		for i := range p.Risks {
			if p.Risks[i].RiskLog != nil {
				return &p.Risks[i].RiskLog.Entries[0]
			}
		}
		t.Fatal("no risk has a log")
		return nil
	}
	for _, c := range []struct {
		rule  string
		spoil func(*oscal.POAM)
		code  hipaasmp.FaultCode
		at    string
	}{
		{"an item names a risk that is not there", func(p *oscal.POAM) {
			p.Items[0].RelatedRisks = []oscal.RelatedRisk{{RiskUUID: "5e9f1c3a-2b4d-4c6e-8f70-1a2b3c4d5e6f"}}
		}, oscal.FaultDangling, "/poam-items/0/related-risks/0/risk-uuid"},
		{"two items have one identity", func(p *oscal.POAM) { p.Items = append(p.Items, p.Items[0]) }, oscal.FaultIdentity, ""},
		{"a log entry ends before it starts", func(p *oscal.POAM) {
			e := logged(p)
			e.Start, e.End = "2026-02-02T00:00:00Z", "2026-02-01T00:00:00Z"
		}, oscal.FaultOrder, ""},
		{"another version of OSCAL", func(p *oscal.POAM) { p.Metadata.OSCALVersion = "9.9.9" }, oscal.FaultVersion, "/metadata/oscal-version"},
		{"neither a system nor a system security plan", func(p *oscal.POAM) { p.SystemID = nil }, oscal.FaultSystem, "/system-id"},
		{"a facet that OSCAL does not define in its own system", func(p *oscal.POAM) {
			p.Risks[0].Characterizations[0].Facets[0].Name = "gravity"
		}, oscal.FaultFacet, "/risks/0/characterizations/0/facets/0/name"},
		{"a status of one's own", func(p *oscal.POAM) { p.Risks[0].Status = "worrying" }, oscal.FaultStatus, "/risks/0/status"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			p := plan(t)
			require.NoError(t, p.Verify())
			c.spoil(&p)
			require.NoError(t, accepts(t, s, "plan-of-action-and-milestones", p), "the published schema sees nothing wrong")
			err := p.Verify()
			require.Contains(t, codes(t, err), c.code)
			if c.at != "" {
				var ve *hipaasmp.ValidationError
				require.ErrorAs(t, err, &ve)
				require.Len(t, ve.Faults, 1)
				require.Equal(t, c.at, ve.Faults[0].Pointer)
			}
			require.Error(t, p.Write(&bytes.Buffer{}), "and nothing is written")
		})
	}
}

func TestEveryReferenceIsChecked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule  string
		spoil func(*oscal.POAM)
	}{
		{"a related observation", func(p *oscal.POAM) {
			p.Items[0].RelatedObservations = []oscal.RelatedObservation{{ObservationUUID: "5e9f1c3a-2b4d-4c6e-8f70-1a2b3c4d5e6f"}}
		}},
		{"a party", func(p *oscal.POAM) { p.Metadata.Parties = p.Metadata.Parties[:1] }},
		{"a role", func(p *oscal.POAM) { p.Metadata.Roles = nil }},
		{"evidence in the back matter", func(p *oscal.POAM) { p.BackMatter = nil }},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			p := plan(t)
			c.spoil(&p)
			require.Contains(t, codes(t, p.Verify()), oscal.FaultDangling)
		})
	}
}

func TestAllFaultsAreFoundAtOnce(t *testing.T) {
	t.Parallel()
	p := plan(t)
	p.Metadata.OSCALVersion, p.SystemID, p.Risks[0].Status = "1.0.4", nil, "worrying"
	require.ElementsMatch(t, []hipaasmp.FaultCode{oscal.FaultVersion, oscal.FaultSystem, oscal.FaultStatus}, codes(t, p.Verify()))
}

func TestEveryCodeIsInTheCatalogueOnce(t *testing.T) {
	t.Parallel()
	seen := map[hipaasmp.FaultCode]bool{}
	for _, d := range oscal.FaultDefs() {
		require.False(t, seen[d.Code], d.Code)
		seen[d.Code] = true
		require.Equal(t, hipaasmp.FaultRule, d.Kind)
		require.NotEmpty(t, d.Meaning)
		require.NotEmpty(t, d.Remedy)
	}
	require.Len(t, seen, 9)
}
