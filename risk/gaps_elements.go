package risk

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// collection asks whether it is known what every asset does with ePHI, and whether a flow shows where an asset that
// receives or transmits has it from or sends it to.
func (in GapInput) collection(a Analysis, asOf hipaasmp.Date) []hipaasmp.Gap {
	gap := hipaasmp.Gap{Since: a.Approval.On}
	now := in.inventory(a)
	var unknown, still []string
	for _, asset := range now.Assets {
		if !asset.HandlesEPHI() || !asset.InServiceOn(asOf) {
			continue
		}
		moves := slices.Contains(asset.Handles, HandlingReceives) || slices.Contains(asset.Handles, HandlingTransmits)
		flows := 0
		for _, f := range now.Flows {
			if f.From == asset.ID || f.To == asset.ID {
				flows++
			}
		}
		gap.Counted = append(gap.Counted, fmt.Sprintf("%s: flows %d", asset.ID, flows))
		switch {
		case slices.Contains(asset.Handles, HandlingUnknown):
			unknown = append(unknown, asset.ID)
		case moves && flows == 0:
			still = append(still, asset.ID)
		}
	}
	var parts []string
	if len(unknown) > 0 {
		parts = append(parts, "Assets at which nobody determined what they do with ePHI: "+list(unknown)+".")
	}
	if len(still) > 0 {
		parts = append(parts, "Assets that receive or transmit ePHI, with no flow that says from where or to where: "+list(still)+".")
	}
	if parts == nil {
		return nil
	}
	gap.Missing = strings.Join(parts, " ")
	gap.Closes = "Find out what each asset does with ePHI, and record the flows."
	return []hipaasmp.Gap{gap}
}

func vulnerabilities(a Analysis, _ hipaasmp.Date) []hipaasmp.Gap {
	gap := hipaasmp.Gap{Since: a.Approval.On}
	var alone []string
	for _, v := range a.Vulnerabilities {
		findings := 0
		for _, x := range a.Findings {
			if x.Vulnerability == v.ID {
				findings++
			}
		}
		gap.Counted = append(gap.Counted, fmt.Sprintf("%s: findings %d", v.ID, findings))
		if findings == 0 {
			alone = append(alone, v.ID)
		}
	}
	if len(alone) == 0 {
		return nil
	}
	gap.Missing = "Vulnerabilities that no finding names: " + list(alone) + "."
	gap.Closes = "Analyse the threats that exploit each vulnerability, or remove one that does not exist."
	return []hipaasmp.Gap{gap}
}

func likelihoods(a Analysis, _ hipaasmp.Date) []hipaasmp.Gap {
	return unjudged(a, "likelihood", "Judge how likely each is to occur.", func(s Score) Level { return s.Likelihood })
}

func impacts(a Analysis, _ hipaasmp.Date) []hipaasmp.Gap {
	return unjudged(a, "impact", "Judge what harm each would do.", func(s Score) Level { return s.Impact })
}

// unjudged lists the findings of which one part of the current score is not assessed.
func unjudged(a Analysis, part, closes string, of func(Score) Level) []hipaasmp.Gap {
	gap := hipaasmp.Gap{Since: a.Approval.On, Closes: closes}
	var open []string
	for _, x := range a.Findings {
		level := LevelNotAssessed
		if x.Current != nil && of(*x.Current).Assessed() {
			level = of(*x.Current)
		}
		gap.Counted = append(gap.Counted, fmt.Sprintf("%s: %s %s", x.ID, part, level))
		if !level.Assessed() {
			open = append(open, x.ID)
		}
	}
	if len(open) == 0 {
		return nil
	}
	gap.Missing = fmt.Sprintf("Findings without %s (%d of %d): %s.", part, len(open), len(a.Findings), list(open))
	return []hipaasmp.Gap{gap}
}

// documented asks whether the record at hand is one that this package would have made.
func documented(a Analysis, _ hipaasmp.Date) []hipaasmp.Gap {
	var invalid *hipaasmp.ValidationError
	if !errors.As(a.Validate(), &invalid) {
		return nil
	}
	gap := hipaasmp.Gap{
		Since:   a.Approval.On,
		Missing: fmt.Sprintf("The record of the risk analysis is not whole: it has %d faults.", len(invalid.Faults)),
		Closes:  "Correct what the faults name in the next analysis; the record itself stays as it was approved.",
	}
	for _, f := range invalid.Faults {
		at := f.Pointer
		if at == "" {
			at = "document"
		}
		gap.Counted = append(gap.Counted, string(f.Code)+" at "+at)
	}
	return []hipaasmp.Gap{gap}
}

func scope(a Analysis, _ hipaasmp.Date) []hipaasmp.Gap {
	if hipaasmp.ValidText(a.Scope) {
		return nil
	}
	return []hipaasmp.Gap{{
		Since:   a.Approval.On,
		Missing: "The risk analysis does not say what it covers.",
		Closes:  "State the scope: all ePHI, in every system and at every place, and where the edges are.",
	}}
}
