package risk

import (
	"fmt"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// later returns the later of two days, either of which may be unset.
func later(a, b hipaasmp.Date) hipaasmp.Date {
	if a.After(b) {
		return a
	}
	return b
}

// list joins identities for a sentence.
func list(ids []string) string { return strings.Join(ids, ", ") }

func (in GapInput) coverage(a Analysis, asOf hipaasmp.Date) []hipaasmp.Gap {
	var gap hipaasmp.Gap
	var bare []string
	for _, asset := range in.inventory(a).Assets {
		if !asset.HandlesEPHI() || !asset.InServiceOn(asOf) {
			continue
		}
		findings := 0
		for _, x := range a.Findings {
			if x.Reaches(asset.ID) {
				findings++
			}
		}
		gap.Counted = append(gap.Counted, fmt.Sprintf("%s: findings %d", asset.ID, findings))
		if findings > 0 {
			continue
		}
		bare = append(bare, asset.ID)
		if since := later(a.Approval.On, asset.InService); gap.Since.IsZero() || since.Before(gap.Since) {
			gap.Since = since
		}
	}
	if len(bare) == 0 {
		return nil
	}
	gap.Missing = fmt.Sprintf("Of %d assets that handle ePHI, no finding reaches %d: %s.", len(gap.Counted), len(bare), list(bare))
	gap.Closes = "Analyse the assets: add the findings that reach them, or record why they handle no ePHI."
	return []hipaasmp.Gap{gap}
}

func (in GapInput) classes(a Analysis, _ hipaasmp.Date) []hipaasmp.Gap {
	gap := hipaasmp.Gap{Since: a.Approval.On}
	var open []string
	for _, c := range in.inventory(a).Scope() {
		word := fmt.Sprintf("assets %d", len(c.Assets))
		switch {
		case !c.Considered():
			word = "not considered"
			open = append(open, spelt(c.Class))
		case c.DeclaredNone:
			word = "declared none"
		}
		gap.Counted = append(gap.Counted, spelt(c.Class)+": "+word)
	}
	if len(open) == 0 {
		return nil
	}
	gap.Missing = fmt.Sprintf("Classes of assets that are neither inventoried nor declared none (%d of %d): %s.", len(open), len(gap.Counted), list(open))
	gap.Closes = "Inventory the assets of the class, or declare with a reason that there are none."
	return []hipaasmp.Gap{gap}
}

func threats(a Analysis, _ hipaasmp.Date) []hipaasmp.Gap {
	gap := hipaasmp.Gap{Since: a.Approval.On}
	var alone []string
	for _, t := range a.Threats {
		paired := slices.ContainsFunc(a.Findings, func(x Finding) bool { return x.Threat == t.ID && x.Vulnerability != "" })
		word := "paired"
		if !paired {
			word = "no vulnerability"
			alone = append(alone, t.ID)
		}
		gap.Counted = append(gap.Counted, t.ID+": "+word)
	}
	var without []string
	for _, x := range a.Findings {
		if x.Vulnerability == "" {
			without = append(without, x.ID)
			gap.Counted = append(gap.Counted, x.ID+": no vulnerability")
		}
	}
	if len(alone) == 0 && len(without) == 0 {
		return nil
	}
	var parts []string
	if len(alone) > 0 {
		parts = append(parts, "Threats without a vulnerability that they exploit: "+list(alone)+".")
	}
	if len(without) > 0 {
		parts = append(parts, "Findings without a vulnerability: "+list(without)+".")
	}
	gap.Missing = strings.Join(parts, " ")
	gap.Closes = "Identify the vulnerability that each threat exploits, or record that the threat is not anticipated by removing it."
	return []hipaasmp.Gap{gap}
}

func safeguards(a Analysis, _ hipaasmp.Date) []hipaasmp.Gap {
	gap := hipaasmp.Gap{Since: a.Approval.On}
	var silent, unassessed []string
	for _, x := range a.Findings {
		word := fmt.Sprintf("safeguards %d", len(x.Safeguards))
		switch {
		case x.NoSafeguards:
			word = "looked, none in place"
		case len(x.Safeguards) == 0:
			word = "not considered"
			silent = append(silent, x.ID)
		}
		gap.Counted = append(gap.Counted, x.ID+": "+word)
	}
	for _, g := range a.Safeguards {
		gap.Counted = append(gap.Counted, fmt.Sprintf("%s: %s", g.ID, g.Effectiveness))
		if g.Effectiveness == EffectivenessNotAssessed {
			unassessed = append(unassessed, g.ID)
		}
	}
	var parts []string
	if len(silent) > 0 {
		parts = append(parts, "Findings that say nothing about the measures in place: "+list(silent)+".")
	}
	if len(unassessed) > 0 {
		parts = append(parts, "Safeguards whose effectiveness is not assessed: "+list(unassessed)+".")
	}
	if parts == nil {
		return nil
	}
	gap.Missing = strings.Join(parts, " ")
	gap.Closes = "Assess whether each measure is configured and used properly and say how that was found; where none is in place, say so."
	return []hipaasmp.Gap{gap}
}

func (in GapInput) agreements(a Analysis, asOf hipaasmp.Date) []hipaasmp.Gap {
	var gaps []hipaasmp.Gap
	for _, asset := range in.inventory(a).Assets {
		if !asset.NeedsAgreement() || !asset.InServiceOn(asOf) || asset.AgreementInForce(asOf) {
			continue
		}
		gap := hipaasmp.Gap{
			Since:   asset.InService,
			Missing: fmt.Sprintf("%s has a business associate behind it and no agreement.", asset.ID),
			Closes:  "Sign the agreement, or record why the vendor has no access to ePHI.",
			Counted: []string{asset.ID},
		}
		if asset.Vendor != nil && asset.Vendor.Agreement != nil {
			switch g := *asset.Vendor.Agreement; {
			case g.Signed.After(asOf):
				gap.Missing = fmt.Sprintf("The agreement for %s is in force only from %s.", asset.ID, g.Signed)
			default:
				gap.Missing = fmt.Sprintf("The agreement for %s expired on %s.", asset.ID, g.Expires)
				gap.Since = later(asset.InService, g.Expires.AddDays(1))
				gap.Closes = "Renew the agreement, or end the service and retire the asset."
			}
		} else if asset.Vendor != nil && asset.Vendor.Standing == VendorStandingUnknown {
			gap.Missing = fmt.Sprintf("Nobody determined whether the vendor behind %s is a business associate, and there is no agreement.", asset.ID)
		}
		gaps = append(gaps, gap)
	}
	return gaps
}

func scores(a Analysis, _ hipaasmp.Date) []hipaasmp.Gap {
	gap := hipaasmp.Gap{Since: a.Approval.On}
	var open []string
	for _, x := range a.Findings {
		gap.Counted = append(gap.Counted, fmt.Sprintf("%s: %s", x.ID, x.CurrentLevel()))
		if !x.CurrentLevel().Assessed() {
			open = append(open, x.ID)
		}
	}
	if len(open) == 0 {
		return nil
	}
	gap.Missing = fmt.Sprintf("Findings without a current level of risk (%d of %d): %s.", len(open), len(a.Findings), list(open))
	gap.Closes = "Judge likelihood and impact and score the findings."
	return []hipaasmp.Gap{gap}
}

func (in GapInput) acceptable(asOf hipaasmp.Date) []hipaasmp.Gap {
	a, ok := InEffect(in.Analyses, asOf)
	approved := !a.Approval.Management.IsZero() && a.Approval.Management.Role == hipaasmp.RoleManagement
	if ok && approved && a.AcceptableLevel.Assessed() {
		return nil
	}
	gap := hipaasmp.Gap{
		Missing: "No acceptable level of risk that management approved is in effect.",
		Closes:  "Have management approve the acceptable level of risk together with the risk analysis.",
	}
	if ok {
		gap.Since, gap.Refs = a.Approval.On, []hipaasmp.Ref{a.DocumentRef()}
		by := "nobody"
		if approved {
			by = a.Approval.Management.String()
		}
		gap.Counted = []string{"acceptable level: " + string(a.AcceptableLevel), "approved for management by: " + by}
	}
	return []hipaasmp.Gap{gap}
}

// spelt writes a member of an enumeration as words.
func spelt[E ~string](e E) string { return strings.ReplaceAll(string(e), "_", " ") }
