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

// roadmapJSON is a problem as it is written: every number a text, so that none is rounded on the way.
type roadmapJSON struct {
	Scenarios []scenarioJSON `json:"scenarios"`
	Actions   []actionJSON   `json:"actions"`
	Budgets   []string       `json:"budgets"`
}

type scenarioJSON struct {
	ID  string `json:"id"`
	ALE string `json:"ale"`
}

// actionJSON tells a member that is left out from an empty one, since both are good.
type actionJSON struct {
	ID        string        `json:"id"`
	Cost      string        `json:"cost"`
	Effects   *[]effectJSON `json:"effects,omitempty"`
	Requires  *[]string     `json:"requires,omitempty"`
	Mandatory *bool         `json:"mandatory,omitempty"`
}

type effectJSON struct {
	Scenario      string `json:"scenario"`
	Effectiveness string `json:"effectiveness"`
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
	for i, s := range in.Scenarios {
		p.Scenarios = append(p.Scenarios, RoadmapScenario{ID: s.ID, ALE: readDecimal(f, FaultMoney, hipaasmp.Pointer("scenarios", i, "ale"), s.ALE)})
	}
	for i, a := range in.Actions {
		at := hipaasmp.Pointer("actions", i)
		out := RoadmapAction{ID: a.ID, Cost: readDecimal(f, FaultMoney, at+"/cost", a.Cost), Mandatory: a.Mandatory != nil && *a.Mandatory}
		if a.Effects != nil {
			for j, e := range *a.Effects {
				share := readDecimal(f, FaultShare, at+hipaasmp.Pointer("effects", j, "effectiveness"), e.Effectiveness)
				out.Effects = append(out.Effects, RoadmapEffect{Scenario: e.Scenario, Effectiveness: share})
			}
		}
		if a.Requires != nil {
			out.Requires = append(out.Requires, *a.Requires...)
		}
		p.Actions = append(p.Actions, out)
	}
	for i, b := range in.Budgets {
		p.Budgets = append(p.Budgets, readDecimal(f, FaultMoney, hipaasmp.Pointer("budgets", i), b))
	}
	return p
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
