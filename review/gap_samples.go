package review

import (
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// samples finds samples that leave open whether more deviate than is tolerated, or show it.
func (r Records) samples(asked hipaasmp.Period, asOf hipaasmp.Date) []hipaasmp.Gap {
	var out []hipaasmp.Gap
	for _, x := range r.certified(asked, asOf) {
		for _, s := range x.Samples {
			if s.Result == nil || s.Result.Conclusion == SampleWithin {
				continue
			}
			says, closes := "does not show", "Look at more of the source, or at all of it, and correct the review."
			if s.Result.Conclusion == SampleExceeded {
				says, closes = "contradicts", "Look at all of the source, find out why so many deviate, and take it to the risk analysis."
			}
			out = append(out, hipaasmp.Gap{
				Missing: fmt.Sprintf("Sample %s of %s %s that no more of its entries deviate than the plan tolerates.", s.ID, s.Source, says),
				Since:   x.Period.From,
				Closes:  closes,
				Refs:    []hipaasmp.Ref{x.DocumentRef()},
				Counted: []string{s.Sentence()},
			})
		}
	}
	return out
}
