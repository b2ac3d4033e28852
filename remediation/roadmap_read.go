package remediation

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/shopspring/decimal"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/strictjson"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// roadmapJSON is a problem as it is written: every number a text, so that none is rounded on the way. What is left out
// is told from what is empty, so that a fault says which it is.
type roadmapJSON struct {
	Scenarios *[]scenarioJSON `json:"scenarios,omitempty"`
	Actions   *[]actionJSON   `json:"actions,omitempty"`
	Budgets   *[]string       `json:"budgets,omitempty"`
}

type scenarioJSON struct {
	ID  *string `json:"id,omitempty"`
	ALE *string `json:"ale,omitempty"`
}

type actionJSON struct {
	ID        *string       `json:"id,omitempty"`
	Cost      *string       `json:"cost,omitempty"`
	Effects   *[]effectJSON `json:"effects,omitempty"`
	Requires  *[]string     `json:"requires,omitempty"`
	Mandatory *bool         `json:"mandatory,omitempty"`
}

type effectJSON struct {
	Scenario      *string `json:"scenario,omitempty"`
	Effectiveness *string `json:"effectiveness,omitempty"`
}

// ReadRoadmapProblem reads a problem from JSON, strictly: members named twice or not known are refused, and so are
// numbers that are not written as decimal texts such as "18000" or "0.6". It returns every fault of the numbers at once;
// what the problem as a whole lacks is for [RoadmapProblem.Validate], which it calls. An error of r is returned as it is.
func ReadRoadmapProblem(r io.Reader) (RoadmapProblem, error) {
	data, err := io.ReadAll(io.LimitReader(r, strictjson.MaxBytes+1))
	if err != nil {
		return RoadmapProblem{}, fmt.Errorf("remediation: read the roadmap problem: %w", err)
	}
	var in roadmapJSON
	if err := strictjson.Decode(data, &in); err != nil {
		return RoadmapProblem{}, hipaasmp.Invalid(hipaasmp.Ref{}, []hipaasmp.Fault{hipaasmp.ReadFault(err)})
	}
	var f validate.Faults
	p := in.problem(&f)
	var invalid *hipaasmp.ValidationError
	switch err := p.Validate(); {
	case len(f.List()) == 0 && err != nil:
		return RoadmapProblem{}, err
	case errors.As(err, &invalid):
		f.Append(invalid.Faults...)
	}
	if err := f.Err(hipaasmp.Ref{}); err != nil {
		return RoadmapProblem{}, err
	}
	return p, nil
}

// problem reads the numbers. One that cannot be read becomes 0, with a fault.
func (in roadmapJSON) problem(f *validate.Faults) RoadmapProblem {
	var p RoadmapProblem
	for i, s := range some(in.Scenarios) {
		at := hipaasmp.Pointer("scenarios", i)
		p.Scenarios = append(p.Scenarios, RoadmapScenario{ID: some(s.ID), ALE: wanted(f, FaultMoney, at+"/ale", s.ALE)})
	}
	if in.Actions == nil {
		f.Add(hipaasmp.FaultRequired, "/actions", "is missing; list the actions, or write [] where there are none")
	}
	for i, a := range some(in.Actions) {
		at := hipaasmp.Pointer("actions", i)
		out := RoadmapAction{ID: some(a.ID), Cost: wanted(f, FaultMoney, at+"/cost", a.Cost), Mandatory: some(a.Mandatory)}
		for j, e := range some(a.Effects) {
			share := wanted(f, FaultShare, at+hipaasmp.Pointer("effects", j, "effectiveness"), e.Effectiveness)
			out.Effects = append(out.Effects, RoadmapEffect{Scenario: some(e.Scenario), Effectiveness: share})
		}
		out.Requires = append(out.Requires, some(a.Requires)...)
		p.Actions = append(p.Actions, out)
	}
	for i, b := range some(in.Budgets) {
		p.Budgets = append(p.Budgets, readDecimal(f, FaultMoney, hipaasmp.Pointer("budgets", i), b))
	}
	return p
}

// some returns what is there, and the zero value where nothing is; what may not be empty is refused by Validate.
func some[T any](p *T) T {
	if p == nil {
		var none T
		return none
	}
	return *p
}

// wanted reads a number that has to be there.
func wanted(f *validate.Faults, code hipaasmp.FaultCode, at string, text *string) decimal.Decimal {
	if text == nil {
		f.Add(hipaasmp.FaultRequired, at, "is missing; write digits such as 18000 or 0.6")
		return decimal.Decimal{}
	}
	return readDecimal(f, code, at, *text)
}

// readDecimal reads digits with at most one point and a sign. What has an exponent, or is no number such as NaN, is
// refused with the code.
func readDecimal(f *validate.Faults, code hipaasmp.FaultCode, at, text string) decimal.Decimal {
	digits := strings.TrimPrefix(text, "-")
	whole, part, point := strings.Cut(digits, ".")
	if len(text) > 60 || whole == "" || point && part == "" || strings.Trim(whole+part, "0123456789") != "" {
		f.Add(code, at, "%q is no decimal number; write digits such as 18000 or 0.6", clip(text))
		return decimal.Decimal{}
	}
	d, err := decimal.NewFromString(text)
	if err != nil {
		f.Add(code, at, "%q is no decimal number; write digits such as 18000 or 0.6", clip(text))
	}
	return d
}
