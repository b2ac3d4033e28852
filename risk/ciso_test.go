package risk_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

// matrix is a matrix that gives what the sample of CISO Assistant says. The file names no matrix; this one is the test's.
func matrix(t testing.TB) risk.Scale {
	t.Helper()
	s, err := risk.BuildScale("riverside/imported-four-by-four/1", "Read off the assessment that was imported").
		Likelihood(risk.Step{Word: "Unlikely", Level: l}, risk.Step{Word: "Likely", Level: m}, risk.Step{Word: "Very likely", Level: h}, risk.Step{Word: "Almost certain", Level: vh}).
		Impact(risk.Step{Word: "Minor", Level: l}, risk.Step{Word: "Significant", Level: m}, risk.Step{Word: "Important", Level: h}, risk.Step{Word: "Critical", Level: vh}).
		Risk(risk.Step{Word: "Low", Level: l}, risk.Step{Word: "Medium", Level: m}, risk.Step{Word: "High", Level: h}).
		Row("Unlikely", "Low", "Low", "Medium", "Medium").
		Row("Likely", "Low", "Low", "Medium", "High").
		Row("Very likely", "Low", "Medium", "High", "High").
		Row("Almost certain", "Low", "Medium", "High", "High").
		Scale()
	require.NoError(t, err)
	return s
}

func profile(t testing.TB) risk.CISOProfile {
	return risk.CISOProfile{Scale: matrix(t), By: analyst, At: began}
}

const cisoHeader = "ref_id;assets;threats;name;description;existing_controls;current_impact;current_proba;current_risk;additional_controls;residual_impact;residual_proba;residual_risk;treatment;justification\n"

// cisoFile has the shape of an export, with one scenario that is not assessed in part.
const cisoFile = cisoHeader +
	"R.1;File server;Encryption for ransom;Ransomware;;Backups,Training;Significant;Likely;Low;Segmentation;Critical;Very likely;High;open;\n" +
	"R.2;;Theft;Lost laptop;;;Important;--;--;;--;--;--;accept;Insured\n"

func TestReadCISO(t *testing.T) {
	t.Parallel()
	got, err := risk.ReadCISO(strings.NewReader(cisoFile), profile(t))
	require.NoError(t, err)
	score := func(likelihood, impact string) *risk.Score {
		s, err := risk.NewScoreInWords(matrix(t), likelihood, impact, analyst, began)
		require.NoError(t, err)
		return &s
	}
	require.Equal(t, []risk.CISOScenario{
		{Line: 2, RefID: "R.1", Name: "Ransomware", Assets: []string{"File server"}, Threats: []string{"Encryption for ransom"}, ExistingControls: []string{"Backups", "Training"},
			AdditionalControls: []string{"Segmentation"}, Current: score("Likely", "Significant"), Residual: score("Very likely", "Critical"), Treatment: risk.CISOTreatmentOpen},
		{Line: 3, RefID: "R.2", Name: "Lost laptop", Threats: []string{"Theft"}, Current: score(risk.WordNotAssessed, "Important"), Treatment: risk.CISOTreatmentAccept, Justification: "Insured"},
	}, got)
	require.Equal(t, na, got[1].Current.Level, "an impact without a likelihood has no rating")
	require.Nil(t, got[1].Residual, "-- is not assessed")
	require.NotEqual(t, risk.SP80030().Ref(), got[0].Current.Scale, "never on the five levels")
}

// The sample is CISO Assistant's own, as it exports it.
func TestReadCISOReadsTheSampleOfCISOAssistant(t *testing.T) {
	t.Parallel()
	f, err := os.Open(filepath.Join("..", "..", "shared", "data", "risk", "ciso-assistant-RA_sample.csv"))
	if err != nil {
		t.Skip("the sample of CISO Assistant is not at hand")
	}
	t.Cleanup(func() { _ = f.Close() })
	got, err := risk.ReadCISO(f, profile(t))
	require.NoError(t, err)
	require.Len(t, got, 3)
	require.Equal(t, []string{"R.1", "R.2", "R.3"}, []string{got[0].RefID, got[1].RefID, got[2].RefID})
	require.Equal(t, "Low (likelihood Likely, impact Significant)", got[0].Current.String())
	require.Equal(t, "Medium (likelihood Unlikely, impact Important)", got[1].Residual.String())
	require.Nil(t, got[2].Residual)
	require.Equal(t, []string{"Scheduled Task", "Cloud Administration Command"}, got[2].Threats)
	require.Equal(t, risk.CISOTreatmentAccept, got[2].Treatment)

	p := profile(t)
	p.Scale = ownScale(t)
	_, err = risk.ReadCISO(strings.NewReader(cisoFile), p)
	require.ErrorContains(t, err, "no word of riverside/four-by-three/1", "a matrix that is not the file's is found out")
}

func TestAnImportedScenarioBecomesAFinding(t *testing.T) {
	t.Parallel()
	got, err := risk.ReadCISO(strings.NewReader(cisoFile), profile(t))
	require.NoError(t, err)
	x := got[0].Finding([]string{"ehr"}, "phishing")
	x.Vulnerability, x.Availability = "one-factor", true
	c := content(t)
	own, _ := matrix(t).Own()
	c.Scales, c.Findings = []risk.OwnScale{own}, []risk.Finding{x}
	d, err := risk.NewDraft("imported", c, analyst, began)
	require.NoError(t, err)
	require.Equal(t, l, d.Register().Rows[0].Current)
	roundTrip(t, d)
	x.Current.Level = vh
	require.Equal(t, l, got[0].Current.Level, "the finding shares nothing with the scenario")
}

func TestReadCISOMapsWordsOnlyByTheProfile(t *testing.T) {
	t.Parallel()
	p := profile(t)
	p.Risk = map[string]string{"Faible": "Low", "Moyen": "Medium", "Élevé": "High"}
	p.Likelihood = map[string]string{"Probable": "Likely"}
	p.Impact = map[string]string{"Important": "Significant"}
	got, err := risk.ReadCISO(strings.NewReader(cisoHeader+"R.1;;;x;;;Important;Probable;Faible;;--;--;--;open;\n"), p)
	require.NoError(t, err)
	require.Equal(t, "Low (likelihood Likely, impact Significant)", got[0].Current.String(), "the profile's words, also where the scale has the same word")
	_, err = risk.ReadCISO(strings.NewReader(cisoHeader+"R.1;;;x;;;Important;Likely;Low;;--;--;--;open;\n"), p)
	all := csvFaults(t, err)
	require.Equal(t, []string{"current_proba", "current_risk"}, []string{all[0].Column, all[1].Column}, "a word that the profile leaves out is not guessed")
}

func TestReadCISONamesLineAndColumnOfEveryFault(t *testing.T) {
	t.Parallel()
	line := func(cells ...string) string { return strings.Join(cells, ";") + "\n" }
	ok := []string{"R.1", "", "", "x", "", "", "Minor", "Likely", "Low", "", "--", "--", "--", "open", ""}
	with := func(column int, cell string) string {
		cells := slices.Clone(ok)
		cells[column] = cell
		return line(cells...)
	}
	_, err := risk.ReadCISO(strings.NewReader(cisoHeader+line(ok...)), profile(t))
	require.NoError(t, err)
	for _, c := range []struct {
		rule   string
		column int
		cell   string
		at     string
	}{
		{"an unknown impact", 6, "Dire", "current_impact"},
		{"an impact of the five levels", 6, "very_high", "current_impact"},
		{"an impact in capitals", 6, "MINOR", "current_impact"},
		{"an empty impact", 6, "", "current_impact"},
		{"NaN", 6, "NaN", "current_impact"},
		{"the word that is reserved", 6, risk.WordNotAssessed, "current_impact"},
		{"an unknown likelihood", 7, "Often", "current_proba"},
		{"an unknown risk", 8, "Critical", "current_risk"},
		{"a risk that the matrix does not give", 8, "High", "current_risk"},
		{"a rating without a likelihood", 7, "--", "current_risk"},
		{"a residual without a rating", 10, "Minor", ""},
		{"an unknown treatment", 13, "ignore", "treatment"},
		{"no treatment", 13, "", "treatment"},
		{"no name", 3, "", "name"},
		{"a name of blanks", 3, " ", "name"},
		{"no text in UTF-8", 4, "\xff", "description"},
		{"no identity", 0, "", "ref_id"},
		{"an identity with a blank", 0, "R 1", "ref_id"},
	} {
		got, err := risk.ReadCISO(strings.NewReader(cisoHeader+line(append([]string{"R.0"}, ok[1:]...)...)+with(c.column, c.cell)), profile(t))
		if c.at == "" {
			require.NoError(t, err, c.rule)
			require.Equal(t, na, got[1].Residual.Level, "an impact without a likelihood shows no rating")
			continue
		}
		require.Nil(t, got, c.rule)
		require.Equal(t, []int{3}, []int{csvFaults(t, err)[0].Line}, c.rule)
		require.Equal(t, c.at, csvFaults(t, err)[0].Column, c.rule)
	}
	_, err = risk.ReadCISO(strings.NewReader(cisoHeader+line(ok...)+line(ok...)), profile(t))
	require.Equal(t, risk.CSVFault{Line: 3, Column: "ref_id", Message: `"R.1" stands twice; give each scenario an identity of its own`}, csvFaults(t, err)[0])
	_, err = risk.ReadCISO(strings.NewReader(strings.Replace(cisoFile, ";treatment", "", 1)), profile(t))
	require.Equal(t, "treatment", csvFaults(t, err)[0].Column)
	_, err = risk.ReadCISO(strings.NewReader(strings.Replace(cisoFile, ";treatment", ";name", 1)), profile(t))
	require.Len(t, csvFaults(t, err), 2, "one column twice, one missing")
	_, err = risk.ReadCISO(iotest.ErrReader(io.ErrUnexpectedEOF), profile(t))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

func TestReadCISOReadsOtherVersionsOfTheFile(t *testing.T) {
	t.Parallel()
	got, err := risk.ReadCISO(strings.NewReader("\xef\xbb\xbfref_id,assets,threats,name,description,existing_controls,inherent_impact,inherent_probability,inherent_risk,current_impact,current_probability,current_risk,"+
		"applied_controls,residual_impact,residual_probability,residual_risk,treatment,filtering_labels\n"+
		"R.1,\"a, b|c\",\"x\ny\",x,,,Critical,Likely,High,Minor,Likely,Low,\"one, two\",--,--,--,mitigate,north\n"), profile(t))
	require.NoError(t, err)
	require.Equal(t, []string{"a, b", "c"}, got[0].Assets)
	require.Equal(t, []string{"x", "y"}, got[0].Threats)
	require.Equal(t, []string{"one", "two"}, got[0].AdditionalControls)
	require.Equal(t, "High", got[0].Inherent.Words.Risk)
	require.Equal(t, []risk.CISOCell{{Column: "filtering_labels", Text: "north"}}, got[0].Extra, "what is not known is kept, not dropped")
}

func TestCISOProfileRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule, field string
		edit        func(*risk.CISOProfile)
	}{
		{"no scale", "Scale", func(p *risk.CISOProfile) { p.Scale = risk.Scale{} }},
		{"the five levels of SP 800-30", "Scale", func(p *risk.CISOProfile) { p.Scale = risk.SP80030() }},
		{"the three levels", "Scale", func(p *risk.CISOProfile) { p.Scale = risk.ThreeLevel() }},
		{"a word that leads nowhere", "Risk", func(p *risk.CISOProfile) { p.Risk = map[string]string{"Low": "Lowish"} }},
		{"a word that leads to not assessed", "Impact", func(p *risk.CISOProfile) { p.Impact = map[string]string{"Low": risk.WordNotAssessed} }},
		{"a likelihood that leads nowhere", "Likelihood", func(p *risk.CISOProfile) { p.Likelihood = map[string]string{"a": "b", "c": "d"} }},
		{"nobody", "By", func(p *risk.CISOProfile) { p.By = hipaasmp.Actor{} }},
		{"no time", "At", func(p *risk.CISOProfile) { p.At = time.Time{} }},
	} {
		p := profile(t)
		c.edit(&p)
		_, err := risk.ReadCISO(strings.NewReader(cisoFile), p)
		var refused *risk.CISOProfileError
		require.True(t, errors.As(err, &refused), c.rule)
		require.Equal(t, c.field, refused.Field, c.rule)
		require.NotEmpty(t, refused.Error())
	}
}

func FuzzReadCISO(f *testing.F) {
	f.Add([]byte(cisoFile))
	f.Add([]byte(cisoHeader + "R.1;a|b;;\"x\ny\";;;--;--;--;;--;--;--;avoid;\n"))
	f.Add([]byte("ref_id,name\n"))
	p := profile(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := risk.ReadCISO(strings.NewReader(string(data)), p)
		if err != nil {
			require.Nil(t, got)
			csvFaults(t, err)
			return
		}
		for _, s := range got {
			require.True(t, hipaasmp.ValidID(s.RefID))
			require.True(t, hipaasmp.ValidText(s.Name))
			require.True(t, s.Treatment.IsValid())
			for _, score := range []*risk.Score{s.Inherent, s.Current, s.Residual} {
				if score != nil {
					require.Empty(t, score.Faults("", p.Scale))
				}
			}
		}
	})
}
