package hipaasmp_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hipaasmp/hipaasmp"
)

func sampleMapping() hipaasmp.Mapping {
	return hipaasmp.NewMapping("clinic").
		WithControls(
			hipaasmp.Control{ID: "POL-1", Title: "Risk policy", Kind: hipaasmp.ControlPolicy, Owner: "w-0001"},
			hipaasmp.Control{ID: "LOG-1", Title: "Monthly log review", Kind: hipaasmp.ControlProcedure, Description: "Cloud audit log, reviewed and certified."},
			hipaasmp.Control{ID: "DISK-1", Title: "Encrypted laptops", Kind: hipaasmp.ControlTechnical},
		).
		Linked("POL-1", hipaasmp.RelationshipImplements, hipaasmp.CiteRiskManagement, "Names duties, threshold and frequency.").
		Linked("POL-1", hipaasmp.RelationshipImplements, hipaasmp.CiteRiskAnalysis, "Names scope, method and frequency.").
		Linked("LOG-1", hipaasmp.RelationshipImplements, hipaasmp.CiteActivityReview, "Is the review.").
		Linked("LOG-1", hipaasmp.RelationshipEvidences, hipaasmp.CiteActivityReview, "Leaves a certified record.").
		Linked("LOG-1", hipaasmp.RelationshipSupports, hipaasmp.CiteRiskAnalysis, "Shows threats that were seen.").
		Linked("DISK-1", hipaasmp.RelationshipAlternative, hipaasmp.CiteTransmissionEncryption, "Nothing is sent unencrypted; the disk itself travels.")
}

func TestReverseIndexIsDerivedInTheOrderOfTheLaw(t *testing.T) {
	t.Parallel()
	m := sampleMapping()
	require.NoError(t, m.Validate())
	var citations []hipaasmp.Citation
	ids := map[hipaasmp.Citation][]string{}
	for c, controls := range m.ByCitation() {
		citations = append(citations, c)
		for _, ctl := range controls {
			ids[c] = append(ids[c], ctl.ID)
		}
	}
	require.Equal(t, []hipaasmp.Citation{
		hipaasmp.CiteRiskAnalysis, hipaasmp.CiteRiskManagement, hipaasmp.CiteActivityReview, hipaasmp.CiteTransmissionEncryption,
	}, citations)
	require.Equal(t, []string{"LOG-1", "POL-1"}, ids[hipaasmp.CiteRiskAnalysis])
	require.Equal(t, []string{"LOG-1"}, ids[hipaasmp.CiteActivityReview], "each control once, whatever its relationships")
	require.Len(t, m.LinksTo(hipaasmp.CiteActivityReview), 2)
	for range m.ByCitation() {
		break // the iterator stops when asked
	}
}

func TestMappingRefusesWithEveryFault(t *testing.T) {
	t.Parallel()
	good := sampleMapping()
	link := func(change func(*hipaasmp.Link)) func(*hipaasmp.Mapping) {
		return func(m *hipaasmp.Mapping) {
			l := m.Links[0]
			change(&l)
			m.Links = append(slices.Clone(m.Links), l)
		}
	}
	for _, v := range []struct {
		name    string
		code    hipaasmp.FaultCode
		pointer string
		change  func(*hipaasmp.Mapping)
	}{
		{"unknown citation", hipaasmp.FaultEnum, "/links/6/citation", link(func(l *hipaasmp.Link) { l.Citation = "164.308(a)(1)(i)(A)" })},
		{"no citation", hipaasmp.FaultEnum, "/links/6/citation", link(func(l *hipaasmp.Link) { l.Citation = "" })},
		{"citation in another spelling", hipaasmp.FaultEnum, "/links/6/citation", link(func(l *hipaasmp.Link) { l.Citation = "45 CFR 164.308" })},
		{"citation of the proposal", hipaasmp.FaultEnum, "/links/6/citation", link(func(l *hipaasmp.Link) { l.Citation = "164.308(a)(14)" })},
		{"citation renumbered away", hipaasmp.FaultUnknownCitation, "/links/6/citation", link(func(l *hipaasmp.Link) { l.Citation, l.Edition = "164.308(b)(4)", hipaasmp.Edition2003 })},
		{"citation that the old edition lacks", hipaasmp.FaultUnknownCitation, "/links/6/citation", link(func(l *hipaasmp.Link) { l.Citation, l.Edition = hipaasmp.CitePrivacySanctions, hipaasmp.Edition2003 })},
		{"unknown control", hipaasmp.FaultUnknownControl, "/links/6/control_id", link(func(l *hipaasmp.Link) { l.ControlID = "NONE" })},
		{"duplicate link", hipaasmp.FaultLinkTwice, "/links/6", link(func(l *hipaasmp.Link) { l.Rationale = "Said in other words." })},
		{"empty rationale", hipaasmp.FaultRequired, "/links/6/rationale", link(func(l *hipaasmp.Link) { l.Citation, l.Rationale = hipaasmp.CiteEvaluation, "" })},
		{"blank rationale", hipaasmp.FaultFormat, "/links/6/rationale", link(func(l *hipaasmp.Link) { l.Citation, l.Rationale = hipaasmp.CiteEvaluation, "  " })},
		{"proposed edition", hipaasmp.FaultProposedEdition, "/links/6/edition", link(func(l *hipaasmp.Link) { l.Edition = hipaasmp.Edition2025NPRM })},
		{"unknown edition", hipaasmp.FaultEnum, "/links/6/edition", link(func(l *hipaasmp.Link) { l.Edition = "" })},
		{"unknown relationship", hipaasmp.FaultEnum, "/links/6/relationship", link(func(l *hipaasmp.Link) { l.Relationship = "" })},
		{"alternative to a required specification", hipaasmp.FaultAlternative, "/links/6/relationship", link(func(l *hipaasmp.Link) { l.Relationship = hipaasmp.RelationshipAlternative })},
		{"alternative to what was not read", hipaasmp.FaultAlternative, "/links/6/relationship", link(func(l *hipaasmp.Link) {
			l.Citation, l.Edition, l.Relationship = hipaasmp.CiteTermination, hipaasmp.Edition2003, hipaasmp.RelationshipAlternative
		})},
		{"control twice", hipaasmp.FaultControlTwice, "/controls/3/id", func(m *hipaasmp.Mapping) { m.Controls = append(slices.Clone(m.Controls), m.Controls[0]) }},
		{"control without title", hipaasmp.FaultRequired, "/controls/0/title", func(m *hipaasmp.Mapping) { m.Controls = slices.Clone(m.Controls); m.Controls[0].Title = "" }},
		{"control of no kind", hipaasmp.FaultEnum, "/controls/0/kind", func(m *hipaasmp.Mapping) { m.Controls = slices.Clone(m.Controls); m.Controls[0].Kind = "" }},
		{"owner by name", hipaasmp.FaultFormat, "/controls/0/owner", func(m *hipaasmp.Mapping) { m.Controls = slices.Clone(m.Controls); m.Controls[0].Owner = "A Person" }},
		{"no identity", hipaasmp.FaultRequired, "/id", func(m *hipaasmp.Mapping) { m.ID = "" }},
		{"another schema", hipaasmp.FaultSchema, "/schema", func(m *hipaasmp.Mapping) { m.Header = hipaasmp.NewHeader(hipaasmp.KindEntity, m.ID) }},
	} {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			m := good
			v.change(&m)
			var invalid *hipaasmp.ValidationError
			require.ErrorAs(t, m.Validate(), &invalid)
			require.Len(t, invalid.Faults, 1, "%v", invalid)
			require.Equal(t, v.code, invalid.Faults[0].Code)
			require.Equal(t, v.pointer, invalid.Faults[0].Pointer)
		})
	}
}

func TestMappingCollectsAllFaults(t *testing.T) {
	t.Parallel()
	m := hipaasmp.NewMapping("clinic").
		WithControls(hipaasmp.Control{ID: "A", Title: "A", Kind: hipaasmp.ControlOther}).
		Linked("B", hipaasmp.RelationshipImplements, "164.308(a)(1)(A)", "")
	var invalid *hipaasmp.ValidationError
	require.ErrorAs(t, m.Validate(), &invalid)
	for _, code := range []hipaasmp.FaultCode{hipaasmp.FaultEnum, hipaasmp.FaultUnknownControl, hipaasmp.FaultRequired} {
		require.True(t, invalid.Has(code), code)
	}
	require.ErrorContains(t, invalid, "nearest: 164.308(a)(1)(ii)(A)")
}

func TestUncoveredListsWhatNoControlImplements(t *testing.T) {
	t.Parallel()
	m := sampleMapping()
	now := edition(t, hipaasmp.EditionInForce)
	got, err := m.Uncovered(now, catalogue.Specifications(hipaasmp.CiteSecurityManagementProcess)...)
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Equal(t, hipaasmp.CiteSanctionPolicy, got[0].Citation)

	got, err = m.Uncovered(now, hipaasmp.CiteTransmissionEncryption)
	require.NoError(t, err)
	require.Empty(t, got, "an alternative takes the place of an addressable specification")

	all := 0
	for p := range now.Provisions() {
		if p.Kind == hipaasmp.ProvisionStandard || p.Kind == hipaasmp.ProvisionSpecification {
			all++
		}
	}
	got, err = m.Uncovered(now)
	require.NoError(t, err)
	require.Len(t, got, all-4)
	got, err = hipaasmp.NewMapping("empty").Uncovered(now)
	require.NoError(t, err)
	require.Len(t, got, all)

	supported := hipaasmp.NewMapping("s").Linked("x", hipaasmp.RelationshipSupports, hipaasmp.CiteEvaluation, "Helps.")
	got, err = supported.Uncovered(now, hipaasmp.CiteEvaluation, hipaasmp.CiteEvaluation)
	require.NoError(t, err)
	require.Len(t, got, 1, "supporting is not implementing, and a citation is asked once")

	got, err = m.Uncovered(edition(t, hipaasmp.Edition2003), hipaasmp.CiteRiskAnalysis)
	require.NoError(t, err)
	require.Len(t, got, 1, "the links were made under another edition")
}

func TestUncoveredNeverAnswersWithSilence(t *testing.T) {
	t.Parallel()
	m := sampleMapping()
	var unknown *hipaasmp.UnknownCitationError
	_, err := m.Uncovered(edition(t, hipaasmp.EditionInForce), "164.308(a)(9)")
	require.ErrorAs(t, err, &unknown)
	var value *hipaasmp.UnknownValueError
	_, err = m.Uncovered(edition(t, hipaasmp.Edition2025NPRM))
	require.ErrorAs(t, err, &value)
	_, err = m.Uncovered(hipaasmp.Edition{})
	require.ErrorAs(t, err, &value)
}

func TestInKeepsTheLinksOfOneEdition(t *testing.T) {
	t.Parallel()
	m := sampleMapping().WithLinks(hipaasmp.Link{ControlID: "POL-1", Citation: hipaasmp.CiteEvaluation, Edition: hipaasmp.Edition2003, Relationship: hipaasmp.RelationshipImplements, Rationale: "Old."})
	require.NoError(t, m.Validate())
	require.Len(t, m.In(hipaasmp.Edition2003).Links, 1)
	require.Len(t, m.In(hipaasmp.EditionInForce).Links, 6)
	require.Len(t, m.Links, 7)
}

func TestMappingRoundTripsExactlyAndInOneOrder(t *testing.T) {
	t.Parallel()
	m := sampleMapping()
	first, err := json.Marshal(m)
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		shuffled := hipaasmp.NewMapping("clinic").
			WithLinks(rapid.Permutation(m.Links).Draw(t, "links")...).
			WithControls(rapid.Permutation(m.Controls).Draw(t, "controls")...)
		b, err := json.Marshal(shuffled)
		require.NoError(t, err)
		require.Equal(t, string(first), string(b))
	})
	var back hipaasmp.Mapping
	require.NoError(t, json.Unmarshal(first, &back))
	require.Equal(t, m, back)
	again, err := json.Marshal(back)
	require.NoError(t, err)
	require.Equal(t, first, again)

	canonical, err := hipaasmp.Canonical(m)
	require.NoError(t, err)
	decoded, err := hipaasmp.Decode[hipaasmp.Mapping](canonical)
	require.NoError(t, err)
	require.Equal(t, m, decoded)

	empty, err := json.Marshal(hipaasmp.NewMapping("empty"))
	require.NoError(t, err)
	require.NotContains(t, string(empty), "null")
	for _, bad := range []string{`{"links":[{"citation":"164.308(a)(14)"}]}`, `{"links":[{"citation":""}]}`, `{"links":[{"edition":"2030"}]}`, `{"links":[{"relationship":""}]}`, `{"controls":[{"kind":"x"}]}`} {
		require.Error(t, json.Unmarshal([]byte(bad), &back), bad)
	}
}

func TestWithReturnsANewValue(t *testing.T) {
	t.Parallel()
	m := sampleMapping()
	links, controls := len(m.Links), len(m.Controls)
	a := m.Linked("POL-1", hipaasmp.RelationshipImplements, hipaasmp.CiteEvaluation, "a")
	b := m.Linked("POL-1", hipaasmp.RelationshipImplements, hipaasmp.CiteAuditControls, "b")
	_ = m.WithControls(hipaasmp.Control{ID: "0"})
	require.Len(t, m.Links, links)
	require.Len(t, m.Controls, controls)
	require.Len(t, a.LinksTo(hipaasmp.CiteEvaluation), 1)
	require.Empty(t, b.LinksTo(hipaasmp.CiteEvaluation))
}

func TestMappingFaultCodesAreUniqueAndExplained(t *testing.T) {
	t.Parallel()
	seen := map[hipaasmp.FaultCode]bool{}
	for _, d := range hipaasmp.FaultDefs() {
		require.False(t, seen[d.Code], d.Code)
		seen[d.Code] = true
		require.NotEmpty(t, d.Meaning)
		require.NotEmpty(t, d.Remedy)
		if d.Citation != "" {
			require.True(t, d.Citation.IsValid())
		}
	}
	require.True(t, seen[hipaasmp.FaultUnknownCitation] && seen[hipaasmp.FaultAlternative])
}

func FuzzMapping(f *testing.F) {
	good, err := hipaasmp.Canonical(sampleMapping())
	require.NoError(f, err)
	f.Add(good)
	f.Add([]byte(`{"schema":"` + hipaasmp.SchemaID(hipaasmp.KindMapping, 1) + `","id":"x"}`))
	f.Add([]byte(`{"links":[{"citation":"164.308(b)(4)","edition":"2003"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := hipaasmp.Decode[hipaasmp.Mapping](data)
		if err != nil {
			var invalid *hipaasmp.ValidationError
			require.ErrorAs(t, err, &invalid)
			return
		}
		b, err := hipaasmp.Canonical(m)
		require.NoError(t, err)
		again, err := hipaasmp.Decode[hipaasmp.Mapping](b)
		require.NoError(t, err)
		require.Equal(t, m, again)
		for c, controls := range m.ByCitation() {
			require.True(t, c.IsValid())
			require.NotEmpty(t, controls)
		}
	})
}
