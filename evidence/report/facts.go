package report

import (
	"strconv"

	"github.com/hipaasmp/hipaasmp/risk"
)

// fact is one counted statement on top of the page; Where names the list it was counted from.
type fact struct {
	Number, What, Where, Anchor string
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
	for _, r := range p.Items {
		if r.Late {
			late++
		}
	}
	of := func(n int, one, many, where, anchor string) fact {
		return fact{strconv.Itoa(n), noun(n, one, many), where, anchor}
	}
	return []fact{
		of(len(p.Gaps), "gap", "gaps", "from "+count(len(p.Asked), "question", "questions"), "gaps"),
		of(above, "finding above the acceptable level", "findings above the acceptable level", "of "+strconv.Itoa(len(p.Register))+" rated, "+strconv.Itoa(len(p.Unrated))+" not assessed", "register"),
		of(late, "measure overdue", "measures overdue", "of "+count(len(p.Items), "item", "items"), "plan"),
		of(len(d.Outcomes), "sanction case closed", "sanction cases closed", "of "+count(len(p.Cases), "case", "cases"), "sanctions"),
		of(len(d.Reviews), "certified review", "certified reviews", "of "+count(len(d.Sessions), "session", "sessions"), "reviews"),
		of(len(p.Kept), "record kept", "records kept", "in a ledger of "+p.Verify.Size+" "+noun(int64(d.Ledger.Size), "entry", "entries"), "kept"),
	}
}
