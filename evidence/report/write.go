package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
)

//go:embed page.html.tmpl
var source string

// Write renders the report to w. The error is that of the writer, or of a template that does not fit its data, which
// is a defect of this package.
func Write(w io.Writer, d Data) error {
	t, err := template.New("page").Funcs(template.FuncMap{"words": words, "rest": rest}).Parse(source)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := t.Execute(w, view(d)); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// shownRefs is how many records a row of the letter names; rest counts the others.
const shownRefs = 4

func rest(refs []string) int { return max(0, len(refs)-shownRefs) }

// view decides everything that the page says.
func view(d Data) page {
	p := page{
		Title: "Security management process: records and open questions", Entity: d.Entity.Name, Kind: words(string(d.Entity.Type)),
		AsOf: d.AsOf.String(), Period: d.Period.String(), Zone: d.Entity.Zone,
		Verify: verifyView{Origin: d.Ledger.Origin, Size: strconv.FormatUint(d.Ledger.Size, 10), Root: d.Ledger.Root, KeyName: d.Ledger.Key},
	}
	p.Letter = letterRows(d.Answers)
	p.Gaps, p.Asked = gapViews(d.Gaps, d.Checks)
	if a, ok := risk.InEffect(d.Analyses, d.AsOf); ok {
		p.Analysis = analysisOf(a)
		reg := a.Register()
		p.HeatMap = heatMap(risk.SP80030(), reg.Rows)
		p.Register, p.Unrated = registerRows(reg.Rows, a, d.Items), registerRows(reg.NotAssessed, a, d.Items)
	}
	p.Plan = planRows(d)
	p.Cases = caseRows(d)
	p.Reviews = reviewRows(d)
	p.Coverage = coverageOf(d)
	p.Kept = keptRows(d.Kept)
	p.Facts = facts(d, p)
	return p
}

func letterRows(answers []Answer) []letterRow {
	out := make([]letterRow, 0, len(answers))
	for _, a := range answers {
		row := letterRow{Citation: string(a.Citation), Asks: a.Asks, Status: a.Status, Note: a.Note, Gaps: a.Gaps}
		switch a.Status {
		case "answered":
			row.Sign = "●"
		case "partly":
			row.Sign = "◑"
		default:
			row.Sign = "○"
		}
		for _, r := range a.Refs {
			row.Refs = append(row.Refs, r.String())
		}
		out = append(out, row)
	}
	return out
}

func gapViews(gaps []hipaasmp.Gap, checks []hipaasmp.GapCheck) ([]gapRow, []askedRow) {
	found := map[hipaasmp.GapCode]int{}
	rows := make([]gapRow, 0, len(gaps))
	for _, g := range gaps {
		found[g.Code]++
		row := gapRow{Code: string(g.Code), Citation: string(g.Citation), Missing: g.Missing, Since: g.Since.String(), Closes: g.Closes, Counted: g.Counted}
		for _, r := range g.Refs {
			row.Refs = append(row.Refs, r.String())
		}
		rows = append(rows, row)
	}
	asked := make([]askedRow, 0, len(checks))
	for _, c := range checks {
		asked = append(asked, askedRow{Code: string(c.Code), Citation: string(c.Citation), Asks: c.Asks, Found: found[c.Code]})
	}
	return rows, asked
}

func analysisOf(a risk.Analysis) analysisView {
	v := analysisView{
		Present: true, Ref: a.DocumentRef().String(), Title: a.Title, Approved: a.Approval.On.String(),
		By: a.Approval.Management.ID + " (management) and " + a.Approval.SecurityOfficial.ID + " (security official)", Acceptable: string(a.AcceptableLevel),
		Scale: risk.SP80030().ID(),
	}
	switch {
	case a.Predecessor != nil:
		v.Before = "It follows " + a.Predecessor.String() + "."
	case a.Explanation != "":
		v.Before = "No analysis came before it: " + a.Explanation
	}
	return v
}

// registerRows shows, as the residual, what a verified measure left, where the analysis itself has no newer rating.
func registerRows(rows []risk.Row, a risk.Analysis, items []remediation.Item) []registerRow {
	out := make([]registerRow, len(rows))
	for i, r := range rows {
		out[i] = registerRow{
			Rank: r.Rank, ID: r.Finding, Title: r.Title, Assets: strings.Join(r.Assets, ", "), Threat: r.Threat, Vulnerability: r.Vulnerability,
			Likelihood: string(r.Likelihood), Impact: string(r.Impact), Level: string(r.Current),
		}
		if r.Residual.Assessed() {
			out[i].Residual = string(r.Residual)
		}
		for _, it := range items {
			if v := it.Verifications; it.Finding.Finding == r.Finding && it.Finding.Analysis.Newest() == a.DocumentRef() && len(v) > 0 && !it.State.Live() {
				out[i].Residual = string(v[len(v)-1].Residual.Level)
			}
		}
	}
	return out
}

func planRows(d Data) []planRow {
	items := slices.Clone(d.Items)
	slices.SortStableFunc(items, func(a, b remediation.Item) int {
		if c := a.Due.Compare(b.Due); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	out := make([]planRow, 0, len(items))
	for _, i := range items {
		row := planRow{
			ID: i.ID, Title: i.Title, Finding: findingTitle(d.Analyses, i.Finding), Treatment: string(i.Treatment), Owner: i.Owner,
			Due: i.Due.String(), Citation: string(i.Specification), State: string(i.State), Late: i.State.Live() && d.AsOf.After(i.Due),
		}
		if n := len(i.Verifications); n > 0 {
			v := i.Verifications[n-1]
			row.Proof = fmt.Sprintf("verified %s by %s, residual %s, %d file(s) of evidence", v.On, v.By.ID, words(string(v.Residual.Level)), len(v.Evidence))
		}
		out = append(out, row)
	}
	return out
}

func findingTitle(analyses []risk.Analysis, ref remediation.FindingRef) string {
	for _, a := range analyses {
		if f, ok := a.Finding(ref.Finding); ok && a.DocumentRef() == ref.Analysis.Newest() {
			return f.Title
		}
	}
	return ref.Finding
}

func caseRows(d Data) []caseRow {
	out := make([]caseRow, 0, len(d.Cases))
	for _, c := range d.Cases {
		row := caseRow{ID: c.ID, Opened: c.Report.On.String(), State: string(c.State), Outcome: "not decided"}
		for _, o := range d.Outcomes {
			if o.Case.Newest() != c.DocumentRef() {
				continue
			}
			row.Outcome = outcomeWords(o)
			row.Closed = o.Closed.String()
			steps := make([]string, 0, len(o.Timeline))
			for _, s := range o.Timeline {
				steps = append(steps, fmt.Sprintf("%s on %s", words(string(s.Event)), s.On))
			}
			row.Steps = strings.Join(steps, "; ")
		}
		if c.Determination != nil {
			row.Category = categoryTitle(d.Policies, c.Determination.Category)
		}
		if s, ok := c.Standing(); ok {
			row.Decided = hipaasmp.DateOf(s.At, zoneOf(c.Zone)).String()
		}
		out = append(out, row)
	}
	return out
}

// categoryTitle adds to the identity of a category what the policy calls it.
func categoryTitle(policies []sanction.Policy, id string) string {
	for _, p := range policies {
		for _, c := range p.Categories {
			if c.ID == id {
				return id + ": " + c.Title
			}
		}
	}
	return id
}

// zoneOf returns the zone in which a document counts its days, and UTC where this machine does not know it.
func zoneOf(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return loc
}

func outcomeWords(o sanction.Outcome) string {
	if s, ok := o.Standing(); ok && s.Disposition == sanction.DispositionSanction {
		return words(s.Rung)
	}
	return words(string(o.Result))
}

func keptRows(kept []Kept) []keptRow {
	out := make([]keptRow, 0, len(kept))
	for _, k := range kept {
		row := keptRow{Ref: k.Ref.String(), Title: words(strings.ReplaceAll(string(k.Ref.Kind), ".", ": ")), InEffect: !k.Term.Running,
			Started: k.Term.Started.String(), Through: k.Term.KeepThrough.String(), Disposal: k.Term.FirstDisposal.String(), Why: strings.Join(k.Term.Trace, "; ")}
		out = append(out, row)
	}
	return out
}

func facts(d Data, p page) []fact {
	above := 0
	if a, ok := risk.InEffect(d.Analyses, d.AsOf); ok {
		for _, r := range a.Register().Rows {
			if r.Exposure == risk.ExposureAbove {
				above++
			}
		}
	}
	late := 0
	for _, r := range p.Plan {
		if r.Late {
			late++
		}
	}
	n := strconv.Itoa
	return []fact{
		{n(len(p.Gaps)), "gaps", "from " + n(len(p.Asked)) + " questions", "gaps"},
		{n(above), "findings above the acceptable level", "of " + n(len(p.Register)) + " rated, " + n(len(p.Unrated)) + " not assessed", "register"},
		{n(late), "measures overdue", "of " + n(len(p.Plan)) + " items", "plan"},
		{n(len(d.Outcomes)), "sanction cases closed", "of " + n(len(p.Cases)) + " cases", "sanctions"},
		{n(len(d.Reviews)), "certified reviews", "of " + n(len(d.Sessions)) + " sessions", "reviews"},
		{n(len(p.Kept)), "records kept", "in a ledger of " + p.Verify.Size + " entries", "kept"},
	}
}
