package oscal_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/oscal"
)

func TestPlanThatOnlyNamesItsRecordsGivesNothingBack(t *testing.T) {
	t.Parallel()
	src := source(t)
	src.Attach = false
	p, err := oscal.NewPOAM(src)
	require.NoError(t, err)
	_, err = p.Import()
	var de *oscal.DetachedError
	require.ErrorAs(t, err, &de)
	require.Equal(t, src.Entity.DocumentRef().String(), de.Record)
	data, err := json.Marshal(p)
	require.NoError(t, err)
	require.NotContains(t, string(data), "base64", "no body travels")
}

func TestAlteredPlanIsNotImported(t *testing.T) {
	t.Parallel()
	record := func(p *oscal.POAM, kind string) *oscal.Resource {
		for i := range p.BackMatter.Resources {
			if r := &p.BackMatter.Resources[i]; r.Base64 != nil && strings.HasPrefix(r.Title, "Record "+kind) {
				return r
			}
		}
		t.Fatal("no such record")
		return nil
	}
	for _, c := range []struct {
		rule  string
		spoil func(*oscal.POAM)
		code  hipaasmp.FaultCode
	}{
		{"the rendering says less than the record", func(p *oscal.POAM) { p.Risks = p.Risks[:len(p.Risks)-1]; p.Items[0].RelatedRisks = nil }, oscal.FaultRendering},
		{"a title that the record does not have", func(p *oscal.POAM) { p.Risks[0].Title = "Something milder" }, oscal.FaultRendering},
		{"a body that is not the digest's", func(p *oscal.POAM) {
			r := record(p, "remediation.item")
			body, err := base64.StdEncoding.DecodeString(r.Base64.Value)
			require.NoError(t, err)
			r.Base64.Value = base64.StdEncoding.EncodeToString(append(body, ' '))
		}, oscal.FaultRecord},
		{"a body that is no base64", func(p *oscal.POAM) { record(p, "remediation.item").Base64.Value = "%%" }, oscal.FaultRecord},
		{"a body under another name", func(p *oscal.POAM) { record(p, "remediation.item").Props[0].Value = "remediation.item/other" }, oscal.FaultRecord},
		{"a kind that no plan has", func(p *oscal.POAM) { record(p, "remediation.item").Props[0].Value = "sanction.case/one" }, oscal.FaultRecord},
		{"no day", func(p *oscal.POAM) { p.Metadata.Props = nil }, oscal.FaultRecord},
		{"no time", func(p *oscal.POAM) { p.Metadata.LastModified = "yesterday" }, oscal.FaultRecord},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			p := plan(t)
			c.spoil(&p)
			_, err := p.Import()
			require.Contains(t, codes(t, err), c.code, "%v", err)
		})
	}
}

func TestReadersAreStrict(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, plan(t).Write(&out))
	good := out.String()
	for rule, bad := range map[string]string{
		"nothing":                      "",
		"another document":             `{"catalog":{}}`,
		"a member that is not written": strings.Replace(good, `"metadata": {`, `"mood": "good", "metadata": {`, 1),
		"a member twice":               strings.Replace(good, `"metadata": {`, `"uuid": "x", "metadata": {`, 1),
		"data after it":                good + "{}",
		"cut short":                    good[:len(good)/2],
		"nested ten thousand deep":     strings.Repeat(`[`, 10000),
		"bytes that are no text":       strings.Replace(good, "Plan", "\xff", 1),
	} {
		_, err := oscal.ReadPOAM([]byte(bad))
		require.NotEmpty(t, codes(t, err), rule)
		_, err = oscal.ReadCatalog([]byte(bad))
		require.NotEmpty(t, codes(t, err), rule)
	}
}

func FuzzReadPOAM(f *testing.F) {
	var out bytes.Buffer
	require.NoError(f, plan(f).Write(&out))
	f.Add(out.Bytes())
	f.Add([]byte(`{"plan-of-action-and-milestones":{"risks":[{"risk-log":{"entries":[{"start":"x","end":"y"}]}}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := oscal.ReadPOAM(data)
		if err != nil {
			require.NotEmpty(t, codes(t, err))
			return
		}
		var again bytes.Buffer
		require.NoError(t, p.Write(&again), "what is read can be written")
		_, _ = p.Import()
	})
}

func FuzzReadCatalog(f *testing.F) {
	f.Add([]byte(`{"catalog":{"uuid":"b9d9a1c4-7e0e-5b1f-9c31-0f6a7c6f8e11","metadata":{"title":"t","last-modified":"2026-01-01T00:00:00Z","version":"1","oscal-version":"1.1.3"}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := oscal.ReadCatalog(data)
		if err != nil {
			require.NotEmpty(t, codes(t, err))
			return
		}
		require.NoError(t, c.Write(&bytes.Buffer{}))
	})
}

func FuzzParseToken(f *testing.F) {
	for _, s := range []string{"hipaa-164.308.a.1.ii.A", "hipaa-164.308", "hipaa-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := oscal.ParseToken(s)
		if err != nil {
			return
		}
		token, ok := oscal.Token(c)
		require.True(t, ok)
		require.Equal(t, s, token)
	})
}
