package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strconv"

	"github.com/hipaasmp/hipaasmp/risk"
)

var (
	//go:embed page.html.tmpl
	source string
	//go:embed loss.html.tmpl
	lossSource string
	//go:embed due.html.tmpl
	dueSource string
	//go:embed pictures.html.tmpl
	pictureSource string
	//go:embed reviews.html.tmpl
	reviewSource string
	//go:embed page.css
	style string
)

// templates are the page and its parts.
func templates() (*template.Template, error) {
	return template.New("page").Funcs(template.FuncMap{"words": words, "minus": func(a, b int) int { return a - b }}).Parse(source + lossSource + dueSource + pictureSource + reviewSource)
}

// Write renders the report to w. The error is that of the writer, or of a template that does not fit its data, which
// is a defect of this package.
func Write(w io.Writer, d Data) error {
	t, err := templates()
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if err := t.Execute(w, view(d)); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// view decides everything that the page says.
func view(d Data) page {
	p := page{
		Style: template.CSS(style), Title: "Security management process: records and open questions",
		Entity: d.Entity.Name, Kind: words(string(d.Entity.Type)), AsOf: d.AsOf.String(), Zone: d.Entity.Zone,
		Verify: verifyView{Origin: d.Ledger.Origin, Size: strconv.FormatUint(d.Ledger.Size, 10), Root: d.Ledger.Root, KeyName: d.Ledger.Key},
	}
	if !d.Period.IsZero() {
		p.Period = d.Period.String()
	}
	p.Letter = letterRows(d.Answers)
	p.Gaps, p.Asked = gapRows(d.Gaps), askedRows(d.Gaps, d.Checks)
	if a, ok := risk.InEffect(d.Analyses, d.AsOf); ok {
		reg := a.Register()
		p.Analysis = analysisOf(a, reg)
		p.HeatMap = heatMapOf(a, reg)
		p.Levels = levelsOf(a, reg, d.Items)
		p.Register, p.Unrated = registerRows(reg.Rows, a, d.Items), registerRows(reg.NotAssessed, a, d.Items)
	}
	p.Loss = lossOf(d)
	p.Due, p.DueMore = dueRows(d)
	p.Plan, p.Items, p.Accepted = planOf(d), itemRows(d), acceptedRows(d)
	p.Policy, p.Cases, p.Attested = policyOf(d), caseRows(d), attestedRows(d)
	p.Reviews, p.Figures, p.Rules = reviewRows(d), reviewFigures(d), ruleRows(d)
	p.Coverage, p.Families = coverageOf(d)
	p.Matrix = matrixOf(p.Coverage)
	p.Timeline, p.Burndown = timelineOf(d), burndownOf(d)
	p.Kept, p.Calendar = keptRows(d.Kept), calendarOf(d.Kept)
	for _, ref := range d.Withheld {
		p.Withheld = append(p.Withheld, ref.String())
	}
	p.Facts = facts(d, p)
	return p
}
