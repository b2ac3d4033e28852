package report

import "html/template"

// page is what the template sees: words and numbers, already decided. Nothing in it is computed while rendering.
type page struct {
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
	Analysis analysisView
	HeatMap  template.HTML
	Register []registerRow
	Unrated  []registerRow
	Plan     []planRow
	Cases    []caseRow
	Reviews  []reviewRow
	Coverage coverageView
	Kept     []keptRow
	Verify   verifyView
}

// fact is one counted statement on top of the page; Where names the list it was counted from.
type fact struct {
	Number string
	What   string
	Where  string
	Anchor string
}

// letterRow is one request of an investigator's letter and how far the records answer it.
type letterRow struct {
	Citation, Asks, Status, Sign, Note string
	Refs                               []string
	Gaps                               int
}

type gapRow struct {
	Code, Citation, Missing, Since, Closes string
	Refs, Counted                          []string
}

// askedRow is a question that was asked, whether or not it found a gap.
type askedRow struct {
	Code, Citation, Asks string
	Found                int
}

type analysisView struct {
	Present                                             bool
	Ref, Title, Approved, By, Acceptable, Scale, Before string
}

type registerRow struct {
	Rank                                                                       int
	ID, Title, Assets, Threat, Vulnerability, Likelihood, Impact, Level, Class string
	Residual, Treatment                                                        string
}

type planRow struct {
	ID, Title, Finding, Treatment, Owner, Due, Citation, State, Proof string
	Late                                                              bool
}

type caseRow struct {
	ID, Opened, Category, State, Outcome, Decided, Closed, Steps string
}

type reviewRow struct {
	ID, Period, Sources, Events, Defects, Reviewer, Certifier, Certified, Statement string
	Final                                                                           bool
	Exceptions                                                                      []exceptionRow
}

type exceptionRow struct {
	ID, Detector, Severity, Actor, What, Disposition string
}

type coverageView struct {
	Months []string
	Rows   []coverageRow
}

type coverageRow struct {
	Source string
	Cells  []coverageCell
}

// coverageCell carries its state as a word and a sign, so that it reads without colour.
type coverageCell struct {
	State, Sign string
}

type keptRow struct {
	Ref, Title, Started, Through, Disposal, Why string
	InEffect                                    bool
}

type verifyView struct {
	Origin, Size, Root, KeyName string
}
