package hipaasmp_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/civil"
)

func TestCIT12ProposedParagraphExistsOnlyInTheProposal(t *testing.T) {
	t.Parallel()
	nprm := edition(t, hipaasmp.Edition2025NPRM)
	c, err := nprm.ParseCitation("45 CFR 164.308(a)(14)")
	require.NoError(t, err)
	p, ok := nprm.Provision(c)
	require.True(t, ok)
	require.Equal(t, "Compliance audit", p.Title)
	require.Equal(t, hipaasmp.Edition2025NPRM, p.Edition)
	require.Equal(t, hipaasmp.EditionStatusProposed, nprm.Status)
	require.False(t, c.IsValid())
	_, ok = catalogue.Provision(c)
	require.False(t, ok)
	_, err = hipaasmp.ParseCitation("164.308(a)(14)")
	require.Error(t, err)
	for on := range map[string]bool{"2025-01-06": true, "2026-11-22": true, "2027-07-01": true, "9999-12-31": true} {
		e, err := catalogue.At(civil.Date(on))
		require.NoError(t, err)
		require.Equal(t, hipaasmp.EditionInForce, e.ID)
		require.False(t, nprm.InForce(civil.Date(on)))
	}
}

func TestAtReturnsTheEditionInForceOnTheDay(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		on   string
		want hipaasmp.EditionID
	}{
		{"2003-04-21", hipaasmp.Edition2003},
		{"2013-03-25", hipaasmp.Edition2003},
		{"2013-03-26", hipaasmp.Edition2013Omnibus},
		{"2026-11-22", hipaasmp.Edition2013Omnibus},
	} {
		e, err := catalogue.At(civil.Date(v.on))
		require.NoError(t, err)
		require.Equal(t, v.want, e.ID, v.on)
	}
	old := edition(t, hipaasmp.Edition2003)
	require.True(t, old.InForce(hipaasmp.Day(2013, 3, 25)))
	require.False(t, old.InForce(old.Superseded), "superseded on the day the next edition takes effect")
	require.False(t, old.InForce(hipaasmp.Date{}))
	var none *hipaasmp.NoEditionError
	_, err := catalogue.At(hipaasmp.Day(2003, 4, 20))
	require.ErrorAs(t, err, &none)
	require.Equal(t, hipaasmp.Day(2003, 4, 21), none.First)
	require.ErrorContains(t, err, "2003-04-20")
	_, err = catalogue.At(hipaasmp.Date{})
	require.ErrorAs(t, err, &none)
	require.ErrorContains(t, err, "no day was given")
	_, ok := catalogue.Edition("2030")
	require.False(t, ok)
	_, err = hipaasmp.Edition{ID: "2030"}.ParseCitation("164.308")
	require.Error(t, err)
	_, ok = hipaasmp.Edition{ID: "2030"}.Provision("164.308")
	require.False(t, ok)
	for range (hipaasmp.Edition{ID: "2030"}).Provisions() {
		require.Fail(t, "an unknown edition has no provisions")
	}
	_, ok = hipaasmp.SourceByID("no such source")
	require.False(t, ok)
}

func TestAtLeavesOutWhatBecameLawLater(t *testing.T) {
	t.Parallel()
	before, err := catalogue.At(hipaasmp.Day(2021, 1, 4))
	require.NoError(t, err)
	_, ok := before.Provision(hipaasmp.CiteRecognizedSecurityPractices)
	require.False(t, ok)
	_, err = before.ParseCitation("42 USC 17941")
	require.Error(t, err)
	for p := range before.Provisions() {
		require.NotEqual(t, hipaasmp.CiteRecognizedSecurityPractices, p.Citation)
	}
	from, err := catalogue.At(hipaasmp.Day(2021, 1, 5))
	require.NoError(t, err)
	_, ok = from.Provision(hipaasmp.CiteRecognizedSecurityPractices)
	require.True(t, ok)
}

func TestDesignationsThatWereNotReadAreUnknown(t *testing.T) {
	t.Parallel()
	for _, id := range []hipaasmp.EditionID{hipaasmp.Edition2003, hipaasmp.Edition2025NPRM} {
		n := 0
		for p := range edition(t, id).Provisions() {
			n++
			require.Equal(t, hipaasmp.DesignationUnknown, p.Designation, p.Citation)
			require.Equal(t, hipaasmp.BindsUnknown, p.Binds, p.Citation)
			require.Equal(t, id, p.Edition)
			require.Empty(t, p.Text)
		}
		require.Greater(t, n, 15)
	}
	old := edition(t, hipaasmp.Edition2003)
	p, ok := old.Provision(hipaasmp.CiteRiskAnalysis)
	require.True(t, ok)
	require.Equal(t, hipaasmp.ConfidenceNotRead, p.Source.Confidence)
	require.Empty(t, p.Summary)
	c, err := old.ParseCitation("164.308(b)(4)")
	require.NoError(t, err)
	require.Equal(t, hipaasmp.DesignationUnknown, old.Designation(c))
	_, ok = old.Provision(hipaasmp.CiteWrittenContract)
	require.False(t, ok, "164.308(b)(1) to (3) were renumbered")
	require.Equal(t, hipaasmp.DesignationUnknown, catalogue.Designation("no such thing"))
}

func TestRecalledFactsAreMarked(t *testing.T) {
	t.Parallel()
	for p := range catalogue.Provisions() {
		require.Contains(t, []hipaasmp.Confidence{hipaasmp.ConfidenceTwo, hipaasmp.ConfidenceOne}, p.Source.Confidence, p.Citation)
	}
	nprm := edition(t, hipaasmp.Edition2025NPRM)
	for c, want := range map[hipaasmp.Citation]hipaasmp.Confidence{
		"164.308(a)(7)":            hipaasmp.ConfidenceRecalled,
		"164.308(a)(9)(ii)(D)":     hipaasmp.ConfidenceOne,
		"164.308(a)(14)":           hipaasmp.ConfidenceOne,
		"164.306(d)":               hipaasmp.ConfidenceTwo,
		"164.314(a)(2)(i)(D)":      hipaasmp.ConfidenceOne,
		"164.308(a)(12)(ii)(A)(2)": hipaasmp.ConfidenceOne,
	} {
		p, ok := nprm.Provision(c)
		require.True(t, ok, c)
		require.Equal(t, want, p.Source.Confidence, c)
	}
}

func TestEditionsAreOrderedAndJoined(t *testing.T) {
	t.Parallel()
	editions := catalogue.Editions()
	require.Len(t, editions, 3)
	inForce := 0
	for i, e := range editions {
		require.True(t, e.ID.IsValid())
		require.True(t, e.Status.IsValid())
		require.Equal(t, e.Status == hipaasmp.EditionStatusProposed, e.Effective.IsZero())
		if i > 0 {
			require.True(t, e.Published.Before(editions[i-1].Published), "newest first")
		}
		if e.Status == hipaasmp.EditionStatusInForce {
			inForce++
			require.Equal(t, hipaasmp.EditionInForce, e.ID)
			require.True(t, e.Superseded.IsZero())
		}
	}
	require.Equal(t, 1, inForce)
	require.Equal(t, edition(t, hipaasmp.Edition2003).Superseded, edition(t, hipaasmp.Edition2013Omnibus).Effective)
	steps := catalogue.Amendments()
	for i := 1; i < len(steps); i++ {
		require.False(t, steps[i].Published.Before(steps[i-1].Published), "oldest first")
	}
	require.True(t, steps[len(steps)-1].Proposed)
}

func TestAnyEditionCanBeWrittenAsJSON(t *testing.T) {
	t.Parallel()
	for _, e := range catalogue.Editions() {
		_, err := json.Marshal(e)
		require.NoError(t, err)
		for p := range e.Provisions() {
			b, err := json.Marshal(p)
			require.NoError(t, err, p.Citation)
			var back map[string]any
			require.NoError(t, json.Unmarshal(b, &back))
			require.Equal(t, string(p.Citation), back["citation"])
			require.NotContains(t, string(b), "null")
		}
	}
}

// member is what every enumeration of the module can do.
type member[E any] interface {
	~string
	Values() []E
	IsValid() bool
	MarshalText() ([]byte, error)
}

func checkEnum[E member[E]](t *testing.T) {
	t.Helper()
	var zero E
	require.NotEmpty(t, zero.Values())
	require.False(t, zero.IsValid(), "empty is never a member")
	for _, v := range zero.Values() {
		require.True(t, v.IsValid())
		b, err := json.Marshal(v)
		require.NoError(t, err)
		var back E
		require.NoError(t, json.Unmarshal(b, &back))
		require.Equal(t, v, back)
	}
	for _, bad := range []string{`""`, `"nothing of the kind"`} {
		var unknown *hipaasmp.UnknownValueError
		var back E
		require.ErrorAs(t, json.Unmarshal([]byte(bad), &back), &unknown)
	}
	_, err := json.Marshal(zero)
	require.Error(t, err)
}

func TestEnumerationsOfTheLaw(t *testing.T) {
	t.Parallel()
	checkEnum[hipaasmp.ProvisionKind](t)
	checkEnum[hipaasmp.Designation](t)
	checkEnum[hipaasmp.Binding](t)
	checkEnum[hipaasmp.Confidence](t)
	checkEnum[hipaasmp.EditionID](t)
	checkEnum[hipaasmp.EditionStatus](t)
	checkEnum[hipaasmp.Framework](t)
	checkEnum[hipaasmp.ControlKind](t)
	checkEnum[hipaasmp.Relationship](t)
}
