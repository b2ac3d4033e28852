package report

import "html/template"

// page is what the template sees: words and numbers, already decided. Nothing in it is computed while rendering.
type page struct {
	Style    template.CSS
	Title    string
	Entity   string
	Kind     string
	AsOf     string
	Period   string
	Zone     string
	Facts    []fact
	Letter   []letterRow
	Gaps     []gapRow
	Asked    []askedRow
	Analysis *analysisView
	HeatMap  *heatMap
	Levels   *levelChart
	Loss     *lossView
	Register []registerRow
	Unrated  []registerRow
	Due      []dueRow
	DueMore  string
	Plan     string
	Items    []itemRow
	Timeline *timeline
	Burndown *burndown
	Accepted []acceptedRow
	Policy   string
	Cases    []caseRow
	Attested []attestedRow
	Reviews  []reviewRow
	Coverage coverageView
	Families familyView
	Figures  []reviewFigure
	Rules    []ruleRow
	Matrix   *coverageMatrix
	Kept     []keptRow
	Calendar *keptCalendar
	Withheld []string
	Verify   verifyView
}

type keptRow struct {
	Ref, Title, Started, Through, Why string
	InEffect                          bool
}

type verifyView struct {
	Origin, Size, Root, KeyName string
}
