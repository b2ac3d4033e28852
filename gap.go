package hipaasmp

import (
	"cmp"
	"slices"
)

// GapCode is the stable name of one thing an investigator would ask for and not find, for example "GAP-RISK-01".
type GapCode string

// Gap is one thing that is missing on a given day. It is not a judgement about the law: it says what was looked for,
// where, and what would close it.
type Gap struct {
	// Code names the check that found it.
	Code GapCode `json:"code" validate:"required"`
	// Citation is the provision that asks for what is missing.
	Citation Citation `json:"citation" validate:"citation"`
	// Missing says what is missing, in a sentence.
	Missing string `json:"missing" validate:"required,text"`
	// Since is the day from which it was missing, where that can be told.
	Since Date `json:"since,omitzero"`
	// Closes says what would close the gap.
	Closes string `json:"closes" validate:"required,text"`
	// Refs are the documents in which the gap shows.
	Refs []Ref `json:"refs,omitempty" validate:"dive"`
	// Counted lists what the check looked at, so that the gap can be recounted; names and ids, never bodies.
	Counted []string `json:"counted,omitempty" validate:"dive,text"`
}

// GapCheck is one question with the records it is asked of already bound to it. The domain packages give the checks
// of their own records, evidence/inquiry those that need two domains, and users add their own.
type GapCheck struct {
	// Code is the stable name of the check and of the gaps it finds.
	Code GapCode
	// Citation is the provision behind the question.
	Citation Citation
	// Asks is the question in one sentence.
	Asks string
	// Find returns what is missing on the given day. It must not change anything.
	Find func(asOf Date) []Gap
}

// FindGaps runs the checks for a day and returns every gap, ordered by citation, code and wording. A check's gaps take
// its code and citation where they name none.
func FindGaps(asOf Date, checks ...GapCheck) []Gap {
	var out []Gap
	for _, c := range checks {
		for _, g := range c.Find(asOf) {
			g.Code = cmp.Or(g.Code, c.Code)
			g.Citation = cmp.Or(g.Citation, c.Citation)
			out = append(out, g)
		}
	}
	slices.SortStableFunc(out, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(a.Citation, b.Citation), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Missing, b.Missing))
	})
	return out
}
