package risk

import (
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// subcontractors asks for the agreement behind every subcontractor that is listed. The agreement is the business
// associate's to make; the entity asks to be told of it.
func (in GapInput) subcontractors(a Analysis, asOf hipaasmp.Date) []hipaasmp.Gap {
	var gaps []hipaasmp.Gap
	for _, asset := range in.inventory(a).Assets {
		if asset.Vendor == nil || !asset.InServiceOn(asOf) || !asset.HandlesEPHI() {
			continue
		}
		gap := hipaasmp.Gap{Since: asset.InService}
		var bare []string
		for _, s := range asset.Vendor.Subcontractors {
			word := "agreement in force"
			if !s.AgreementInForce(asOf) {
				word = "no agreement known to be in force"
				bare = append(bare, s.ID)
			}
			gap.Counted = append(gap.Counted, fmt.Sprintf("%s: %s", s.ID, word))
		}
		if len(bare) == 0 {
			continue
		}
		gap.Missing = fmt.Sprintf("Behind %s, %d of %d subcontractors have no agreement that is known to be in force: %s.", asset.ID, len(bare), len(gap.Counted), list(bare))
		gap.Closes = "Have the business associate say since when its agreement with the subcontractor is in force, and record it."
		gaps = append(gaps, gap)
	}
	return gaps
}
