package hipaasmp_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hipaasmp/hipaasmp"
)

func TestParseCitationAcceptsEveryUsualSpelling(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"164.308(a)(1)(ii)(A)",
		"45 CFR 164.308(a)(1)(ii)(A)",
		"45 C.F.R. § 164.308(a)(1)(ii)(A)",
		"45 C.F.R. §164.308 (a)(1)(ii)(A)",
		"45 cfr 164.308(a)(1)(ii)(A)",
		"45CFR164.308(a)(1)(ii)(A)",
		"CFR 164.308(a)(1)(ii)(A)",
		"Title 45 CFR Section 164.308(a)(1)(ii)(A)",
		"§ 164.308 (a)(1)(ii)(A)",
		"§164.308(a)(1)(ii)(A)",
		"§§ 164.308(a)(1)(ii)(A)",
		"Sec. 164.308(a)(1)(ii)(A)",
		"section 164.308(a)(1)(ii)(A)",
		"HIPAA 164.308(a)(1)(ii)(A)",
		"HIPAA Security Rule § 164.308(a)(1)(ii)(A)",
		"45 CFR Part 164 Subpart C § 164.308(a)(1)(ii)(A)",
		"45 CFR Part 164, Subpart C, Sec. 164.308(a)(1)(ii)(A)",
		"45 CFR Part 164.308(a)(1)(ii)(A)",
		"164.308 (a) (1) (ii) (A)",
		"164.308( a )(1)(ii)( A )",
		"45\u00a0C.F.R.\u00a0§\u00a0164.308(a)(1)(ii)(A)",
		"45\u202fCFR\u2009164.308\u200b(a)(1)(ii)(A)",
		"\ufeff 164.308(a)(1)\n(ii)(A)\t",
		"164.308(a)(1)(ii)(A).",
		"164.308(a)(1)(ii)(A);",
	} {
		got, err := hipaasmp.ParseCitation(s)
		require.NoError(t, err, s)
		require.Equal(t, hipaasmp.CiteRiskAnalysis, got, s)
	}
	for _, s := range []string{"42 USC 17941", "42 U.S.C. 17941", "42 U.S.C. § 17941", "42 u.s.c. §17941", "42 U.S.C. Sec. 17941."} {
		got, err := hipaasmp.ParseCitation(s)
		require.NoError(t, err, s)
		require.Equal(t, hipaasmp.CiteRecognizedSecurityPractices, got, s)
	}
	got, err := hipaasmp.ParseCitation("42 U.S.C. 1320d\u20116")
	require.NoError(t, err)
	require.Equal(t, hipaasmp.CiteCriminalPenalty, got)
	got, err = hipaasmp.ParseCitation("§164.308")
	require.NoError(t, err)
	require.Equal(t, hipaasmp.CiteAdministrativeSafeguards, got)
}

func TestParseCitationRefusesWhatDoesNotExistAndNamesTheNearest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in string
		nearest  []hipaasmp.Citation
		reason   string
	}{
		{"CIT-03 letter beyond D", "§ 164.308(a)(1)(ii)(e)", []hipaasmp.Citation{"164.308(a)(1)(ii)(A)", "164.308(a)(1)(ii)(B)", "164.308(a)(1)(ii)(C)", "164.308(a)(1)(ii)(D)"}, "164.308(a)(1)(ii) has no such paragraph"},
		{"CIT-04 and DEF-06", "164.308(a)(1)(i)(A)", []hipaasmp.Citation{"164.308(a)(1)(ii)(A)"}, "164.308(a)(1)(i) has no such paragraph"},
		{"DEF-06 iii", "164.308(a)(1)(iii)(C)", []hipaasmp.Citation{"164.308(a)(1)(ii)(C)"}, "164.308(a)(1) has no such paragraph"},
		{"DEF-06 left out", "164.308(a)(1)(A)", []hipaasmp.Citation{"164.308(a)(1)(ii)(A)"}, "164.308(a)(1) has no such paragraph"},
		{"CIT-12 proposed", "164.308(a)(14)", []hipaasmp.Citation{"164.308(a)(1)", "164.308(a)(4)"}, "exists only in edition 2025-nprm (90 FR 898), which is proposed and not in force"},
		{"DEF-02 dangling", "164.308(b)(4)", []hipaasmp.Citation{"164.308(b)(3)"}, "renumbered it away"},
		{"letter case", "164.308(A)(1)(ii)(a)", []hipaasmp.Citation{"164.308(a)(1)(ii)(A)"}, "letter case matters"},
		{"roman case", "164.308(a)(1)(II)(A)", []hipaasmp.Citation{"164.308(a)(1)(ii)(A)"}, "letter case matters"},
		{"transposed section", "164.380(a)(1)(ii)(A)", []hipaasmp.Citation{"164.308(a)(1)(ii)(A)"}, "section 164.380 is not in this catalogue"},
		{"paragraph not listed", "164.530(k)", nil, "the catalogue has no such paragraph of 164.530"},
		{"section not listed", "45 CFR 164.404", nil, "section 164.404 is not in this catalogue"},
		{"part of another section", "45 CFR Part 160 § 164.308", []hipaasmp.Citation{"164.308"}, "does not lie in part 160"},
		{"subpart of another section", "45 CFR Part 164 Subpart E 164.308", []hipaasmp.Citation{"164.308"}, "does not lie in subpart E"},
		{"another title", "42 CFR 164.308", []hipaasmp.Citation{"164.308"}, "HIPAA stands in title 45"},
		{"a whole part", "45 CFR Part 164", nil, "names no section"},
		{"part without number", "45 CFR Part C", nil, "no number follows"},
		{"subpart without letter", "45 CFR Part 164 Subpart 3", nil, "no letter follows"},
		{"a number", "164", nil, "names no section"},
		{"a number behind a title", "45 CFR 164", nil, "164 is no section"},
		{"a range", "164.308(a)(1)(ii)(A)-(D)", []hipaasmp.Citation{"164.308(a)(1)(ii)(A)"}, "range"},
		{"a range in words", "164.308(a)(1)(ii)(A) through (D)", []hipaasmp.Citation{"164.308(a)(1)(ii)(A)"}, "range"},
		{"a list", "164.308(a)(1)(ii)(A), (B)", []hipaasmp.Citation{"164.308(a)(1)(ii)(A)"}, "more than one provision"},
		{"a title behind", "164.308(a)(1)(ii)(A) Risk analysis", []hipaasmp.Citation{"164.308(a)(1)(ii)(A)"}, "more text behind"},
		{"empty", "", nil, "empty"},
		{"blank", " \u00a0\t", nil, "empty"},
		{"words", "risk analysis", nil, "does not begin as a citation does"},
		{"open parenthesis", "164.308(a", []hipaasmp.Citation{"164.308"}, "parenthesis"},
		{"empty parenthesis", "164.308()", []hipaasmp.Citation{"164.308"}, "parenthesis"},
		{"not UTF-8", "164.308\xff", nil, "not UTF-8"},
		{"full-width digits", "１６４.308", nil, "which no citation does"},
		{"control character", "164.308\x00", nil, "which no citation does"},
		{"no such statute", "42 USC 17942", []hipaasmp.Citation{"42 USC 17941"}, "statute is not in this catalogue"},
		{"statute without title", "USC 17941", nil, "names no title"},
		{"too long", strings.Repeat("(", 100_000), nil, "longer than 200 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := hipaasmp.ParseCitation(c.in)
			var unknown *hipaasmp.UnknownCitationError
			require.ErrorAs(t, err, &unknown)
			require.Equal(t, c.in, unknown.Input)
			require.Equal(t, hipaasmp.EditionInForce, unknown.Edition)
			require.Contains(t, unknown.Reason, c.reason)
			if c.nearest != nil {
				require.Equal(t, c.nearest, unknown.Nearest)
				require.Contains(t, err.Error(), "nearest: "+string(c.nearest[0]))
			}
			require.Less(t, len(err.Error()), 600)
		})
	}
}

func TestNothingIsNearToWhatIsFarFromEverySection(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"1.1(a)", "999.999", "18 USC 1"} {
		_, err := hipaasmp.ParseCitation(s)
		var unknown *hipaasmp.UnknownCitationError
		require.ErrorAs(t, err, &unknown)
		require.Empty(t, unknown.Nearest, s)
	}
}

func TestParentIsTheStandardAndEnclosingTheParagraph(t *testing.T) {
	t.Parallel()
	require.Equal(t, hipaasmp.CiteSecurityManagementProcess, hipaasmp.CiteRiskAnalysis.Parent())
	require.Equal(t, hipaasmp.Citation("164.308(a)(1)(ii)"), hipaasmp.CiteRiskAnalysis.Enclosing())
	require.Equal(t, hipaasmp.Citation("164.308"), hipaasmp.CiteRiskAnalysis.Section())
	require.Equal(t, "45 CFR 164.308(a)(1)(ii)(A)", hipaasmp.CiteRiskAnalysis.Long())
	require.Equal(t, "42 U.S.C. 17941", hipaasmp.CiteRecognizedSecurityPractices.Long())
	require.Equal(t, hipaasmp.CiteRecognizedSecurityPractices, hipaasmp.CiteRecognizedSecurityPractices.Section())
	require.Empty(t, hipaasmp.Citation("").Long())
	require.Empty(t, hipaasmp.CiteAdministrativeSafeguards.Parent())
	require.Empty(t, hipaasmp.CiteAdministrativeSafeguards.Enclosing())
	require.Empty(t, hipaasmp.Citation("164.999(z)").Parent())
}

func TestCitationReadsAndWritesTheCanonicalSpellingOnly(t *testing.T) {
	t.Parallel()
	for _, c := range hipaasmp.Citation("").Values() {
		b, err := json.Marshal(c)
		require.NoError(t, err)
		var back hipaasmp.Citation
		require.NoError(t, json.Unmarshal(b, &back))
		require.Equal(t, c, back)
	}
	for _, s := range []string{`""`, `"164.308(a)(1)(ii)(a)"`, `"45 CFR 164.308"`, `" 164.308"`, `"164.308(a)(14)"`, `"164.308(b)(4)"`} {
		var c hipaasmp.Citation
		var unknown *hipaasmp.UnknownCitationError
		require.ErrorAs(t, json.Unmarshal([]byte(s), &c), &unknown, s)
		require.Empty(t, c)
	}
	var unknown *hipaasmp.UnknownCitationError
	_, err := json.Marshal(hipaasmp.Citation("45 CFR 164.308"))
	require.True(t, errors.As(err, &unknown))
	require.Equal(t, []hipaasmp.Citation{"164.308"}, unknown.Nearest)
	_, err = json.Marshal(hipaasmp.Citation(""))
	require.Error(t, err)
}

func TestValuesAreACopy(t *testing.T) {
	t.Parallel()
	v := hipaasmp.Citation("").Values()
	v[0] = "broken"
	require.NotEqual(t, v[0], hipaasmp.Citation("").Values()[0])
}

func TestQuotedCrossReferenceMayDangleOnlyWhereTheTextDoes(t *testing.T) {
	t.Parallel()
	r, err := hipaasmp.ParseCrossReference(hipaasmp.CiteSubcontractorTerms, "§ 164.308(b)(4)")
	require.NoError(t, err)
	require.True(t, r.Dangles())
	require.Equal(t, "164.308(b)(4)", r.Quoted)
	require.Equal(t, "DEF-02", r.Defect.ID)

	r, err = hipaasmp.ParseCrossReference(hipaasmp.CiteSubcontractorTerms, "164.314(a)(2)(i)")
	require.NoError(t, err)
	require.False(t, r.Dangles())
	require.Equal(t, hipaasmp.CiteContractTerms, r.Target)
	require.Empty(t, r.Defect.ID)

	var unknown *hipaasmp.UnknownCitationError
	_, err = hipaasmp.ParseCrossReference(hipaasmp.CiteRiskAnalysis, "164.308(b)(4)")
	require.ErrorAs(t, err, &unknown)
	_, err = hipaasmp.ParseCrossReference(hipaasmp.CiteSubcontractorTerms, "164.308(b)(5)")
	require.ErrorAs(t, err, &unknown)
	_, err = hipaasmp.ParseCrossReference("164.308(b)(4)", "164.308")
	require.ErrorAs(t, err, &unknown)
}

func TestParseCitationIsTheInverseOfEverySpelling(t *testing.T) {
	t.Parallel()
	all := hipaasmp.Citation("").Values()
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(all).Draw(t, "citation")
		blank := rapid.SampledFrom([]string{"", " ", "\u00a0", "\u202f", "\t", " \n "}).Draw(t, "blank")
		s := strings.ReplaceAll(string(c), "(", blank+"(")
		if !c.IsStatute() {
			front := rapid.SampledFrom([]string{"", "45 CFR ", "45 C.F.R. § ", "§", "Sec. ", "HIPAA ", "HIPAA Security Rule, "}).Draw(t, "front")
			s = front + s
		}
		got, err := hipaasmp.ParseCitation(s + blank)
		require.NoError(t, err)
		require.Equal(t, c, got)
	})
}

func TestOneWrongParagraphStillFindsItsNeighbourhood(t *testing.T) {
	t.Parallel()
	all := hipaasmp.Citation("").Values()
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(all).Filter(func(c hipaasmp.Citation) bool { return c.Enclosing() != "" }).Draw(t, "citation")
		_, err := hipaasmp.ParseCitation(string(c.Enclosing()) + "(zz)")
		var unknown *hipaasmp.UnknownCitationError
		require.ErrorAs(t, err, &unknown)
		require.NotEmpty(t, unknown.Nearest)
		require.LessOrEqual(t, len(unknown.Nearest), 4)
		for _, n := range unknown.Nearest {
			require.True(t, n.IsValid())
			require.Equal(t, c.Section(), n.Section())
		}
	})
}

func FuzzParseCitation(f *testing.F) {
	for _, s := range []string{"45 CFR 164.308(a)(1)(ii)(A)", "§ 164.308 (a)(1)(ii)(A)", "42 U.S.C. 17941", "164.308(b)(4)", "45 CFR Part 164, Subpart C", "((((", "part part 1.", "USC", "45 45", "\u00a0§"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := hipaasmp.ParseCitation(s)
		if err == nil {
			require.True(t, c.IsValid())
			again, err := hipaasmp.ParseCitation(c.Long())
			require.NoError(t, err)
			require.Equal(t, c, again)
			return
		}
		var unknown *hipaasmp.UnknownCitationError
		require.ErrorAs(t, err, &unknown)
		require.NotEmpty(t, unknown.Reason)
		for _, n := range unknown.Nearest {
			require.True(t, n.IsValid())
		}
		require.Less(t, len(err.Error()), 1000)
		_, err = hipaasmp.Edition{ID: hipaasmp.Edition2025NPRM}.ParseCitation(s)
		if err != nil {
			require.ErrorAs(t, err, &unknown)
		}
	})
}

func BenchmarkCitationIsValid(b *testing.B) {
	for b.Loop() {
		if !hipaasmp.CiteRiskAnalysis.IsValid() {
			b.Fatal()
		}
	}
}

func BenchmarkParseCitationRefused(b *testing.B) {
	s := "164.308" + strings.Repeat("(a)", 64)
	for b.Loop() {
		if _, err := hipaasmp.ParseCitation(s); err == nil {
			b.Fatal()
		}
	}
}
