package oscal_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/oscal"
)

func TestCatalogueIsValidByThePublishedSchema(t *testing.T) {
	t.Parallel()
	require.NoError(t, accepts(t, schema(t), "catalog", catalog(t)))
}

func TestCatalogueComesBackWithoutLoss(t *testing.T) {
	t.Parallel()
	c := catalog(t)
	var out bytes.Buffer
	require.NoError(t, c.Write(&out))
	again, err := oscal.ReadCatalog(out.Bytes())
	require.NoError(t, err)
	require.Equal(t, c, again)
}

// Every standard and specification of Subpart C stands in the catalogue once, with its designation.
func TestCatalogueHasEveryStandardAndSpecification(t *testing.T) {
	t.Parallel()
	e, ok := hipaasmp.Catalogue{}.Edition(hipaasmp.EditionInForce)
	require.True(t, ok)
	got := map[string]string{}
	var walk func([]oscal.Control)
	walk = func(list []oscal.Control) {
		for _, c := range list {
			require.NotContains(t, got, c.ID)
			for _, p := range c.Props {
				if p.Name == "designation" {
					got[c.ID] = p.Value
				}
			}
			walk(c.Controls)
		}
	}
	for _, g := range catalog(t).Groups {
		walk(g.Controls)
	}
	count := 0
	for p := range e.Provisions() {
		if p.Kind != hipaasmp.ProvisionStandard && p.Kind != hipaasmp.ProvisionSpecification {
			continue
		}
		if token, ok := oscal.Token(p.Citation); ok && got[token] != "" {
			count++
			require.Equal(t, string(p.Designation), got[token], p.Citation)
		}
	}
	require.Equal(t, len(got), count)
	require.Equal(t, "required", got["hipaa-164.308.a.1.ii.A"])
	require.Equal(t, "addressable", got["hipaa-164.308.a.3.ii.A"])
}

func TestCrosswalkStandsInTheBackMatter(t *testing.T) {
	t.Parallel()
	c := catalog(t)
	require.NotNil(t, c.BackMatter)
	found := map[string]bool{}
	for _, r := range c.BackMatter.Resources {
		for _, p := range r.Props {
			if p.Name == "target" {
				found[p.Value] = true
			}
		}
		require.NotNil(t, r.Citation, "each row names its source")
	}
	for _, x := range (hipaasmp.Catalogue{}).Crosswalks(hipaasmp.CiteRiskAnalysis) {
		for _, target := range x.Targets {
			require.True(t, found[target], target)
		}
	}
}

func TestProposalIsNoCatalogue(t *testing.T) {
	t.Parallel()
	proposed, ok := hipaasmp.Catalogue{}.Edition(hipaasmp.Edition2025NPRM)
	require.True(t, ok)
	for _, e := range []hipaasmp.Edition{proposed, {}, {ID: "1996-first"}} {
		_, err := oscal.NewCatalog(e, made)
		var ee *oscal.EditionError
		require.ErrorAs(t, err, &ee)
		require.Equal(t, e.ID, ee.Edition)
		require.NotEmpty(t, ee.Error())
	}
}
