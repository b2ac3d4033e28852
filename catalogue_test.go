package hipaasmp_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp"
)

var catalogue hipaasmp.Catalogue

func edition(t *testing.T, id hipaasmp.EditionID) hipaasmp.Edition {
	t.Helper()
	e, ok := catalogue.Edition(id)
	require.True(t, ok)
	return e
}

// count is what the checksums of Appendix A count over a set of sections.
type count struct{ standards, required, addressable, alone int }

func countOf(sections ...hipaasmp.Citation) (n count) {
	for p := range catalogue.Provisions() {
		if !slices.Contains(sections, p.Citation.Section()) {
			continue
		}
		switch {
		case p.Kind == hipaasmp.ProvisionStandard && p.SameStandard == "":
			n.standards++
			if p.Designation == hipaasmp.DesignationStandard {
				n.alone++
			}
		case p.Kind == hipaasmp.ProvisionSpecification && p.Designation == hipaasmp.DesignationRequired:
			n.required++
		case p.Kind == hipaasmp.ProvisionSpecification && p.Designation == hipaasmp.DesignationAddressable:
			n.addressable++
		}
	}
	return n
}

func TestCIT11ChecksumsOfAppendixA(t *testing.T) {
	t.Parallel()
	require.Equal(t, count{standards: 18, required: 14, addressable: 22, alone: 6}, countOf("164.308", "164.310", "164.312"))
	require.Equal(t, count{standards: 9, required: 10, addressable: 11, alone: 2}, countOf("164.308"))
	require.Equal(t, count{standards: 4, required: 2, addressable: 6, alone: 2}, countOf("164.310"))
	require.Equal(t, count{standards: 5, required: 2, addressable: 5, alone: 2}, countOf("164.312"))
	require.Len(t, catalogue.Standards(), 22)
	require.Zero(t, countOf("164.316").addressable)
	require.Zero(t, countOf("164.314").addressable)
}

func TestStandardsWithoutSpecificationAreTheSixOfAppendixA(t *testing.T) {
	t.Parallel()
	var alone []hipaasmp.Citation
	for p := range catalogue.Provisions() {
		if p.Designation == hipaasmp.DesignationStandard && p.Citation.Section() != "164.316" {
			alone = append(alone, p.Citation)
		}
	}
	require.Equal(t, []hipaasmp.Citation{
		"164.308(a)(2)", "164.308(a)(8)", "164.310(b)", "164.310(c)", "164.312(b)", "164.312(d)",
	}, alone)
}

func TestEverySpecificationOfTheSecurityManagementProcessIsRequired(t *testing.T) {
	t.Parallel()
	require.Equal(t, []hipaasmp.Citation{
		hipaasmp.CiteRiskAnalysis, hipaasmp.CiteRiskManagement, hipaasmp.CiteSanctionPolicy, hipaasmp.CiteActivityReview,
	}, catalogue.Specifications(hipaasmp.CiteSecurityManagementProcess))
	for _, c := range catalogue.Specifications(hipaasmp.CiteSecurityManagementProcess) {
		require.Equal(t, hipaasmp.DesignationRequired, catalogue.Designation(c))
		require.True(t, catalogue.Designation(c).MustImplement())
		p, _ := catalogue.Provision(c)
		require.NotEmpty(t, p.Text)
	}
}

func TestCitationVectors(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		id, in      string
		kind        hipaasmp.ProvisionKind
		designation hipaasmp.Designation
		title       string
		parent      hipaasmp.Citation
	}{
		{"CIT-01", "45 CFR 164.308(a)(1)(ii)(A)", hipaasmp.ProvisionSpecification, hipaasmp.DesignationRequired, "Risk analysis", "164.308(a)(1)(i)"},
		{"CIT-02", "164.308(a)(1)(ii)(D)", hipaasmp.ProvisionSpecification, hipaasmp.DesignationRequired, "Information system activity review", "164.308(a)(1)(i)"},
		{"CIT-07", "164.308(a)(3)(ii)(B)", hipaasmp.ProvisionSpecification, hipaasmp.DesignationAddressable, "Workforce clearance procedure", "164.308(a)(3)(i)"},
		{"CIT-08", "164.308(a)(8)", hipaasmp.ProvisionStandard, hipaasmp.DesignationStandard, "Evaluation", "164.308(a)"},
		{"CIT-10", "164.308(a)(7)(ii)(E)", hipaasmp.ProvisionSpecification, hipaasmp.DesignationAddressable, "Applications and data criticality analysis", "164.308(a)(7)(i)"},
	} {
		t.Run(v.id, func(t *testing.T) {
			t.Parallel()
			c, err := hipaasmp.ParseCitation(v.in)
			require.NoError(t, err)
			p, ok := catalogue.Provision(c)
			require.True(t, ok)
			require.Equal(t, v.kind, p.Kind)
			require.Equal(t, v.designation, p.Designation)
			require.Equal(t, v.title, p.Title)
			require.Equal(t, v.parent, p.Parent)
			require.Equal(t, v.parent, c.Parent())
		})
	}
}

func TestEveryProvisionIsComplete(t *testing.T) {
	t.Parallel()
	for _, e := range catalogue.Editions() {
		seen := map[hipaasmp.Citation]bool{}
		for p := range e.Provisions() {
			require.False(t, seen[p.Citation], p.Citation)
			seen[p.Citation] = true
			require.NotEmpty(t, p.Title, p.Citation)
			require.NotEmpty(t, p.Subpart, p.Citation)
			require.True(t, p.Kind.IsValid(), p.Citation)
			require.True(t, p.Designation.IsValid(), p.Citation)
			require.True(t, p.Binds.IsValid(), p.Citation)
			require.True(t, p.Source.Confidence.IsValid(), p.Citation)
			require.Equal(t, catalogue.ReadOn(), p.Source.Read, p.Citation)
			for _, id := range p.Source.Agrees {
				_, ok := hipaasmp.SourceByID(id)
				require.True(t, ok, id)
			}
		}
	}
	for p := range catalogue.Provisions() {
		if p.Parent != "" {
			_, ok := catalogue.Provision(p.Parent)
			require.True(t, ok, "parent of %s", p.Citation)
		} else {
			require.Equal(t, p.Citation, p.Citation.Section())
		}
		if up := p.Citation.Enclosing(); up != "" {
			require.True(t, up.IsValid(), "around %s", p.Citation)
		}
		if p.Kind == hipaasmp.ProvisionSpecification {
			of, _ := catalogue.Provision(p.Parent)
			require.Equal(t, hipaasmp.ProvisionStandard, of.Kind, p.Citation)
			require.Equal(t, hipaasmp.DesignationNotApplicable, of.Designation, "%s has specifications", of.Citation)
		}
		if p.Kind == hipaasmp.ProvisionSpecification || p.Kind == hipaasmp.ProvisionStandard {
			require.NotEmpty(t, p.Summary, p.Citation)
			require.Equal(t, "45 CFR Part 164 Subpart C", p.Subpart)
		}
	}
}

func TestTheOrderOfTheLawIsTheOrderOfTheBytes(t *testing.T) {
	t.Parallel()
	all := hipaasmp.Citation("").Values()
	require.True(t, slices.IsSorted(all))
	i := 0
	for p := range catalogue.Provisions() {
		require.Equal(t, all[i], p.Citation)
		i++
	}
	require.Len(t, all, i)
}

func TestEveryProvisionHasItsConstant(t *testing.T) {
	t.Parallel()
	f, err := parser.ParseFile(token.NewFileSet(), "citation_names.go", nil, 0)
	require.NoError(t, err)
	var named []hipaasmp.Citation
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		require.True(t, strings.HasPrefix(v.Names[0].Name, "Cite"), v.Names[0].Name)
		s, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
		require.NoError(t, err)
		named = append(named, hipaasmp.Citation(s))
		return true
	})
	require.Equal(t, hipaasmp.Citation("").Values(), named)
}

func TestDefectsStandWhereTheyMatter(t *testing.T) {
	t.Parallel()
	require.Len(t, catalogue.Defects(), 6)
	for c, want := range map[hipaasmp.Citation]string{
		hipaasmp.CiteWorkforceClearance:         "DEF-01",
		hipaasmp.CiteSubcontractorTerms:         "DEF-02",
		hipaasmp.CitePoliciesAndDocumentation:   "DEF-03",
		hipaasmp.CiteOrganizationalRequirements: "DEF-03",
		hipaasmp.CiteComplianceDates:            "DEF-04",
		hipaasmp.CiteCriticalityAnalysis:        "DEF-05",
	} {
		p, ok := catalogue.Provision(c)
		require.True(t, ok)
		require.Len(t, p.Defects, 1)
		require.Equal(t, want, p.Defects[0].ID)
	}
	for i, d := range catalogue.Defects() {
		require.Equal(t, "DEF-0"+strconv.Itoa(i+1), d.ID)
		require.NotEmpty(t, d.Note)
		for _, c := range d.Citations {
			require.True(t, c.IsValid())
		}
	}
}

func TestWhoIsBound(t *testing.T) {
	t.Parallel()
	ce, ba := hipaasmp.EntityCoveredEntity, hipaasmp.EntityBusinessAssociate
	for _, v := range []struct {
		c      hipaasmp.Citation
		ce, ba bool
	}{
		{hipaasmp.CiteSanctionPolicy, true, true},
		{hipaasmp.CiteRetaliation, true, true},
		{hipaasmp.CiteTimeLimit, true, true},
		{hipaasmp.CitePrivacySanctions, true, false},
		{hipaasmp.CiteDocumentSanctions, true, false},
		{hipaasmp.CitePrivacyRetention, true, false},
		{hipaasmp.CiteBusinessAssociateContracts, true, false},
		{hipaasmp.CiteSubcontractorContracts, false, true},
		{hipaasmp.CiteWorkforce, false, false},
	} {
		p, ok := catalogue.Provision(v.c)
		require.True(t, ok)
		require.Equal(t, v.ce, p.Binds.Includes(ce), v.c)
		require.Equal(t, v.ba, p.Binds.Includes(ba), v.c)
		require.False(t, p.Binds.Includes("neither"))
	}
}

func TestNobodyCanChangeTheCatalogue(t *testing.T) {
	t.Parallel()
	p, _ := catalogue.Provision(hipaasmp.CiteWorkforceClearance)
	p.Defects[0].ID = "broken"
	p.Defects[0].Citations[0] = "broken"
	p.Source.Agrees[0] = "broken"
	for q := range catalogue.Provisions() {
		if q.Citation == hipaasmp.CiteRiskAnalysis {
			q.Source.Agrees[0] = "broken"
		}
	}
	again, _ := catalogue.Provision(hipaasmp.CiteWorkforceClearance)
	require.Equal(t, "DEF-01", again.Defects[0].ID)
	require.Equal(t, hipaasmp.CiteWorkforceClearance, again.Defects[0].Citations[0])
	require.Equal(t, "REG26", again.Source.Agrees[0])
	ra, _ := catalogue.Provision(hipaasmp.CiteRiskAnalysis)
	require.Equal(t, "REG26", ra.Source.Agrees[0])
}
