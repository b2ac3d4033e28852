package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/evidence/inquiry"
	"github.com/hipaasmp/hipaasmp/evidence/oscal"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/risk/penalty"
	"github.com/hipaasmp/hipaasmp/risk/quant"
	"github.com/hipaasmp/hipaasmp/sanction"
	"github.com/hipaasmp/hipaasmp/storage"
)

// room is a package with the codes that it gives.
type room struct {
	Package string              `json:"package"`
	Faults  []hipaasmp.FaultDef `json:"faults"`
}

// question is a check with the code of the gaps that it finds.
type question struct {
	Code     hipaasmp.GapCode  `json:"code"`
	Citation hipaasmp.Citation `json:"citation"`
	Asks     string            `json:"asks"`
}

// codes is every code of the module. Codes are never given a second meaning.
type codes struct {
	Rooms []room     `json:"packages"`
	Gaps  []question `json:"gaps"`
}

// rooms is the table of the packages that have codes. A package with a FaultDefs of its own is one line here.
func rooms() []room {
	return []room{
		{"hipaasmp", hipaasmp.FaultDefs()},
		{"retention", retention.FaultDefs()},
		{"risk", risk.FaultDefs()},
		{"risk/quant", quant.FaultDefs()},
		{"risk/penalty", penalty.FaultDefs()},
		{"remediation", remediation.FaultDefs()},
		{"sanction", sanction.FaultDefs()},
		{"review", review.FaultDefs()},
		{"review/activity", activity.FaultDefs()},
		{"storage", storage.FaultDefs()},
		{"evidence", evidence.FaultDefs()},
		{"evidence/oscal", oscal.FaultDefs()},
	}
}

// collect gathers the codes and refuses one that two packages give.
func collect(rooms []room, checks []hipaasmp.GapCheck) (codes, error) {
	out := codes{Rooms: rooms}
	given := map[hipaasmp.FaultCode]string{}
	for _, r := range rooms {
		for _, d := range r.Faults {
			if other, ok := given[d.Code]; ok {
				return codes{}, fmt.Errorf("the code %s is given by %s and by %s", d.Code, other, r.Package)
			}
			given[d.Code] = r.Package
			if d.Meaning == "" || d.Remedy == "" {
				return codes{}, fmt.Errorf("the code %s of %s has no meaning or no remedy", d.Code, r.Package)
			}
		}
	}
	for _, c := range checks {
		out.Gaps = append(out.Gaps, question{c.Code, c.Citation, c.Asks})
	}
	slices.SortStableFunc(out.Gaps, func(a, b question) int { return cmp.Compare(a.Code, b.Code) })
	return out, nil
}

// codeFiles writes the codes as data and as a page, both named as they stand in evidence/schema.
func codeFiles() (map[string][]byte, error) {
	all, err := collect(rooms(), inquiry.Records{}.Checks())
	if err != nil {
		return nil, err
	}
	var data bytes.Buffer
	enc := json.NewEncoder(&data)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(all); err != nil {
		return nil, err
	}
	return map[string][]byte{"codes.json": data.Bytes(), "CODES.md": page(all)}, nil
}

func page(all codes) []byte {
	var b strings.Builder
	b.WriteString("# Codes\n\nGenerated from the packages by `go generate ./...`; the same list is data in [codes.json](codes.json).\n\n" +
		"A fault says that a document, a package or a file is wrong, where, and what to do. A code is never given a second meaning.\n" +
		"`shape` means that a JSON Schema can say it too, and `rule` that only this module can.\n")
	for _, r := range all.Rooms {
		fmt.Fprintf(&b, "\n## %s\n\n| code | kind | meaning | remedy | citation |\n|---|---|---|---|---|\n", r.Package)
		for _, d := range r.Faults {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", d.Code, d.Kind, cell(d.Meaning), cell(d.Remedy), cell(string(d.Citation)))
		}
	}
	b.WriteString("\n## Gaps\n\nA gap says what is not there, since when, and what would close it. Each is found by a question:\n\n| code | question | citation |\n|---|---|---|\n")
	for _, g := range all.Gaps {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", g.Code, cell(g.Asks), cell(string(g.Citation)))
	}
	return []byte(b.String())
}

// cell escapes what would end a cell or begin markup.
func cell(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "|", "\\|").Replace(s)
}
