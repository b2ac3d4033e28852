package risk

import (
	"bufio"
	"encoding"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/csvcell"
)

// ReadSheet reads what [Sheet.WriteCSV] wrote, also after a spreadsheet saved it again: columns may come in any order, true
// and false in capitals, and with a byte order mark. The header has to name every column once and no other. Levels that a
// person reads are not edited in the file: one that differs from the score beside it is a fault, because a score is judged
// and looked up, not typed. Every fault comes back, with line and column, in a [*CSVError], and then no line is returned.
//
// What is read is shaped as a finding is and no more: whether it holds together is for [Draft.Validate] to say.
func ReadSheet(r io.Reader) (Sheet, error) {
	in := bufio.NewReader(r)
	if mark, err := in.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		_, _ = in.Discard(3) // what was peeked is there
	}
	t, err := openTable(in, ',', sheetColumns(), false, nil)
	if err != nil {
		return nil, err
	}
	if err := t.faults.err(); err != nil {
		return nil, err
	}
	var out Sheet
	seen := map[[2]string]bool{}
	for {
		l, err := t.next()
		if err != nil {
			return nil, err
		}
		if l == nil {
			break
		}
		line := sheetCells{l}.line()
		key := [2]string{line.Of.String(), line.Finding.ID}
		if seen[key] {
			l.fault("finding", "%q stands twice; keep one line a finding", clip(line.Finding.ID))
		}
		seen[key] = true
		out = append(out, line)
	}
	if err := t.faults.err(); err != nil {
		return nil, err
	}
	return out, nil
}

// sheetCells reads the cells of one line of a sheet.
type sheetCells struct{ *csvLine }

func (c sheetCells) line() SheetLine {
	x := Finding{
		ID: c.id("finding", true), Title: c.text("title", true), Assets: c.list("assets", true), Threat: c.id("threat", true), Vulnerability: c.id("vulnerability", false),
		Conditions: c.list("conditions", true), Safeguards: c.list("safeguards", true), NoSafeguards: c.bool("no_safeguards"),
		Confidentiality: c.bool("confidentiality"), Integrity: c.bool("integrity"), Availability: c.bool("availability"), Measures: c.list("measures", true),
	}
	row := Row{
		Rank: c.rank(), Finding: x.ID, Title: x.Title, Assets: c.list("asset_names", false), Threat: c.text("threat_event", false), Vulnerability: c.text("vulnerability_title", false),
		Safeguards: c.list("safeguard_titles", false), Measures: slices.Clone(x.Measures), OtherScale: c.text("other_scale", false),
	}
	out := SheetLine{Of: c.ref("analysis")}
	c.enum("acceptable_level", &out.AcceptableLevel)
	c.enum("exposure", &row.Exposure)
	c.enum("likelihood", &row.Likelihood)
	c.enum("impact", &row.Impact)
	if c.cell("source") != "" {
		c.enum("source", &row.Source)
	}
	for _, stage := range StageInherent.Values() {
		*x.scoreOf(stage) = c.score(string(stage))
		shown := row.levelOf(stage)
		c.enum(string(stage), shown)
		want := levelOf(*x.scoreOf(stage))
		if *shown != want && shown.IsValid() && !(row.OtherScale != "" && *shown == LevelNotAssessed) {
			c.fault(string(stage), "is %s, but the score beside it is %s; judge the finding again in the draft, do not type a level here", *shown, want)
		}
	}
	likelihood, impact := LevelNotAssessed, LevelNotAssessed
	if x.Current != nil && row.OtherScale == "" {
		likelihood, impact, row.Words = x.Current.Likelihood, x.Current.Impact, x.Current.Words
	}
	for _, p := range []struct {
		column      string
		shown, want Level
	}{{"likelihood", row.Likelihood, likelihood}, {"impact", row.Impact, impact}} {
		if p.shown != p.want && p.shown.IsValid() {
			c.fault(p.column, "is %s, but the score beside it says %s; judge the finding again in the draft, do not type a level here", p.shown, p.want)
		}
	}
	out.Row, out.Finding = row, x
	return out
}

// cell returns the text of a cell as it was before it was made safe.
func (c sheetCells) cell(column string) string { return csvcell.Restore(c.raw(column)) }

func (c sheetCells) text(column string, required bool) string {
	s := c.cell(column)
	switch {
	case s == "" && required:
		c.fault(column, "is empty; fill it in")
	case s != "" && !hipaasmp.ValidText(s):
		c.fault(column, "is blank, is not UTF-8 or holds control characters; write plain text")
	}
	return s
}

func (c sheetCells) id(column string, required bool) string {
	s := c.text(column, required)
	if s != "" && !hipaasmp.ValidID(s) {
		c.fault(column, "%q is no identity; use 1 to 128 of A-Z a-z 0-9 . _ : - beginning with a letter or digit", clip(s))
	}
	return s
}

func (c sheetCells) list(column string, ids bool) []string {
	list, ok := csvcell.SplitList(c.cell(column))
	if !ok {
		c.fault(column, `is no list; write the entries apart by a semicolon and a space, and \; for a semicolon in one`)
		return nil
	}
	for _, e := range list {
		switch {
		case ids && !hipaasmp.ValidID(e):
			c.fault(column, "%q is no identity; use 1 to 128 of A-Z a-z 0-9 . _ : - beginning with a letter or digit", clip(e))
		case !hipaasmp.ValidText(e):
			c.fault(column, "holds an entry that is blank, is not UTF-8 or holds control characters; write plain text")
		}
	}
	return list
}

// bool also reads the capitals in which a spreadsheet saves true and false.
func (c sheetCells) bool(column string) bool {
	switch s := c.cell(column); {
	case strings.EqualFold(s, "true"):
		return true
	case !strings.EqualFold(s, "false"):
		c.fault(column, "%q is neither true nor false; write one of them", clip(s))
	}
	return false
}

func (c sheetCells) rank() int {
	s := c.cell("rank")
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || strconv.Itoa(n) != s {
		c.fault("rank", "%q is no rank; write a whole number from 1, or nothing where the finding is not assessed", clip(s))
		return 0
	}
	return n
}

func (c sheetCells) enum(column string, into encoding.TextUnmarshaler) {
	if err := into.UnmarshalText([]byte(c.cell(column))); err != nil {
		c.fault(column, "%s", strings.TrimPrefix(err.Error(), "hipaasmp: "))
	}
}

// ref reads a reference as [hipaasmp.Ref.String] writes it.
func (c sheetCells) ref(column string) hipaasmp.Ref {
	s := c.cell(column)
	kind, rest, _ := strings.Cut(s, "/")
	id, version, versioned := strings.Cut(rest, "@")
	ref := hipaasmp.Ref{Kind: hipaasmp.Kind(kind), ID: id}
	if versioned {
		ref.Version, _ = strconv.ParseUint(version, 10, 64) // what cannot be read is not written back the same
	}
	if !hipaasmp.ValidKind(ref.Kind) || !hipaasmp.ValidID(ref.ID) || ref.String() != s {
		c.fault(column, "%q names no document; write kind/identity", clip(s))
	}
	return ref
}

// score reads the columns of one score; nil where all of them are empty.
func (c sheetCells) score(stage string) *Score {
	blank := true
	for _, column := range sheetColumns() {
		if part, ok := strings.CutPrefix(column, stage+"_"); ok && part != "" && c.cell(column) != "" {
			blank = false
		}
	}
	if blank {
		return nil
	}
	at := func(part string) string { return stage + "_" + part }
	s := &Score{
		Words:     ScoreWords{Risk: c.text(at("word_risk"), false), Likelihood: c.text(at("word_likelihood"), false), Impact: c.text(at("word_impact"), false)},
		Scale:     ScaleRef{ID: c.text(at("scale"), true), Digest: hipaasmp.Digest(c.text(at("scale_digest"), true))},
		By:        hipaasmp.Actor{ID: c.id(at("by"), true), Role: hipaasmp.Role(c.text(at("role"), true))},
		Rationale: c.text(at("rationale"), false),
	}
	c.enum(at("level"), &s.Level)
	c.enum(at("likelihood"), &s.Likelihood)
	c.enum(at("impact"), &s.Impact)
	c.enum(at("initiation"), &s.Initiation)
	c.enum(at("adverse"), &s.Adverse)
	if s.Scale.Digest != "" && !s.Scale.Digest.IsValid() {
		c.fault(at("scale_digest"), "is no SHA-256 digest; copy it from the score")
	}
	if s.By.Role != "" && !hipaasmp.ValidRole(s.By.Role) {
		c.fault(at("role"), "%q is not written as a role; use lower-case letters, digits and _", clip(string(s.By.Role)))
	}
	cell := c.cell(at("at"))
	when, err := time.Parse(time.RFC3339Nano, cell)
	if err != nil || !hipaasmp.IsInstant(when) || when.Format(time.RFC3339Nano) != cell {
		c.fault(at("at"), "%q is no instant in UTC to the microsecond; write 2026-03-02T15:00:00Z", clip(cell))
	}
	s.At = when
	return s
}
