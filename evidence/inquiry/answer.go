package inquiry

import (
	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Answer is one request of the letter with the records that answer it.
type Answer struct {
	Request
	// Status says how far it is answered.
	Status Status `json:"status"`
	// Refs are the documents that answer it. Those that are not final are told apart in Note.
	Refs []hipaasmp.Ref `json:"refs,omitempty"`
	// Gaps are what remains missing under it.
	Gaps []hipaasmp.Gap `json:"gaps,omitempty"`
	// Note says what a reader must know, in a sentence.
	Note string `json:"note,omitempty"`
}

// Answer goes through the letter for a day. A request without a record is missing, one with records and gaps is answered
// partly; whatever is not answered has at least one gap, which is also among those of [Records.Gaps]. The gaps of the
// caller's own checks are filed under every request about their citation.
func (r Records) Answer(asOf hipaasmp.Date, own ...hipaasmp.GapCheck) []Answer {
	r = r.ordered()
	gaps, others := hipaasmp.FindGaps(asOf, r.checks()...), hipaasmp.FindGaps(asOf, own...)
	out := make([]Answer, len(letter))
	for i, q := range letter {
		a := Answer{Request: q.public(), Status: StatusAnswered}
		a.Refs, a.Note = q.find(r, asOf)
		answered := len(a.Refs) > 0
		a.Gaps = keep(gaps, func(g hipaasmp.Gap) bool { return q.speaks(g.Code, answered) })
		if !answered && len(a.Gaps) == 0 {
			a.Gaps = []hipaasmp.Gap{q.asGap()}
		}
		a.Gaps = append(a.Gaps, keep(others, func(g hipaasmp.Gap) bool { return g.Citation == q.Citation })...)
		switch {
		case !answered:
			a.Status = StatusMissing
		case len(a.Gaps) > 0:
			a.Status = StatusPartly
		}
		out[i] = a
	}
	return out
}

// unanswered finds the requests that no document answers and about which none of the checks says anything.
func (r Records) unanswered(checks []hipaasmp.GapCheck, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, q := range letter {
		if found, _ := q.find(r, asOf); len(found) > 0 {
			continue
		}
		about := keep(checks, func(c hipaasmp.GapCheck) bool { return q.speaks(c.Code, false) })
		if len(hipaasmp.FindGaps(asOf, about...)) == 0 {
			out = append(out, q.asGap())
		}
	}
	return out
}
