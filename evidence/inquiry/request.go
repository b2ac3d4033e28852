package inquiry

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Request is one thing that an investigator's letter asks for.
type Request struct {
	// ID is stable, for example "INQ-04".
	ID string `json:"id"`
	// Citation is the provision that the request is about; [hipaasmp.Catalogue.ProtocolInquiries] has what the audit
	// protocol asks and tests under it.
	Citation hipaasmp.Citation `json:"citation"`
	// Asks is what the letter asks for, in this module's words after the OCR audit protocol.
	Asks string `json:"asks"`
	// AtHand is what the protocol asks for beside it and no record of this module holds; empty where there is nothing.
	AtHand string `json:"at_hand,omitempty"`
	// Codes are the codes of the checks that speak to it. A code may speak to several requests.
	Codes []hipaasmp.GapCode `json:"codes,omitempty"`
}

// Letter lists the requests in the order of the law: the standard of 45 CFR 164.308(a)(1), the official of
// 164.308(a)(2), the documentation of 164.316(b).
func Letter() []Request {
	out := make([]Request, 0, len(letter))
	for _, q := range letter {
		out = append(out, q.public())
	}
	return out
}

// request is a request with the way to answer it.
type request struct {
	Request
	// find returns the documents that answer it on a day, and what a reader must know beside.
	find func(r Records, asOf hipaasmp.Date) (refs []hipaasmp.Ref, note string)
	// because are the codes of further checks that say why no document answers it; they speak to it only then.
	because []hipaasmp.GapCode
	// nothing and closes are the words of the gap where no document answers it and no check says why.
	nothing, closes string
}

func (q request) public() Request {
	q.Codes = slices.Clone(q.Codes)
	return q.Request
}

// speaks reports whether the code speaks to the request, which is answered or not.
func (q request) speaks(code hipaasmp.GapCode, answered bool) bool {
	return slices.Contains(q.Codes, code) || !answered && slices.Contains(q.because, code)
}

// asGap is the gap of a request that no document answers.
func (q request) asGap() hipaasmp.Gap {
	return hipaasmp.Gap{Code: GapUnanswered, Citation: q.Citation, Missing: q.nothing, Closes: q.closes, Counted: []string{"request " + q.ID}}
}
