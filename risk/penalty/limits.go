package penalty

import (
	"github.com/shopspring/decimal"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Notice stands in every result.
const Notice = "Informational. The Secretary determines the amount by the factors of 45 CFR 160.408 and may waive it under 160.412; a case may also end in a settlement, which no table gives. This is not legal advice."

// Limits are the amounts for one violation, in US dollars.
type Limits struct {
	Notice string `json:"notice"`
	Tier   Tier   `json:"tier,omitempty"`
	// Minimum and Maximum bound the penalty for one violation. Before 2009-02-18 there are no tiers and no minimum.
	Minimum decimal.Decimal `json:"minimum"`
	Maximum decimal.Decimal `json:"maximum"`
	// AnnualCap bounds the penalties for identical violations in a calendar year.
	AnnualCap decimal.Decimal `json:"annual_cap"`
	// Discretion is the lower annual cap that HHS says it applies; nil where there is none.
	Discretion *Discretion `json:"discretion,omitempty"`
	// Table is the publication that the amounts come from; Adjusted whether it is one of 45 CFR 102.3.
	Table    string `json:"table"`
	Adjusted bool   `json:"adjusted"`
	// Citations are the provisions behind the amounts, and Source where the table was read.
	Citations []hipaasmp.Citation `json:"citations,omitempty"`
	Source    hipaasmp.Source     `json:"source"`
	// Notes say what a reader must know about these amounts.
	Notes []string `json:"notes,omitempty"`
}

// Discretion is an annual cap of the Notification of Enforcement Discretion of 2019-04-30.
type Discretion struct {
	// Codified is false: the cap is in no regulation, binds nobody and can be withdrawn.
	Codified bool `json:"codified"`
	// BaseCap is the cap as announced.
	BaseCap decimal.Decimal `json:"base_cap"`
	// Calculated is the base cap times the adjusted codified cap over the codified one, rounded half up. HHS has published
	// no such figure; figures in the trade press differ by some dollars.
	Calculated decimal.Decimal `json:"calculated"`
	Source     hipaasmp.Source `json:"source"`
}

// LimitsOf returns the amounts of one violation of a tier on one day, in a penalty assessed on another. Before 2009-02-18
// the tier makes no difference.
func LimitsOf(tier Tier, violation, assessed hipaasmp.Date) (Limits, error) {
	var list []hipaasmp.Fault
	c := checker{&list, ""}
	c.tier(tier)
	c.days(violation, violation, assessed)
	if err := hipaasmp.Invalid(hipaasmp.Ref{}, list); err != nil {
		return Limits{}, err
	}
	return limitsOf(tier, violation, assessed), nil
}

func limitsOf(tier Tier, violation, assessed hipaasmp.Date) Limits {
	t := TableFor(violation, assessed)
	l := Limits{
		Notice: Notice, Tier: tier, Table: t.ID, Adjusted: t.ID != Base().ID, Source: t.Source,
		Citations: []hipaasmp.Citation{tier.Citation()}, AnnualCap: dollars(t.AnnualCap), Maximum: dollars(t.Maximum),
	}
	if violation.Before(tiersBegin()) {
		l.Tier = ""
		l.Maximum, l.AnnualCap = dollars(t.Before2009[0]), dollars(t.Before2009[1])
		l.Citations = []hipaasmp.Citation{hipaasmp.CitePenaltyBefore2009}
		l.Notes = []string{"Before 2009-02-18 there are no tiers."}
		return l
	}
	l.Minimum = dollars(t.Minimum[tier.index()])
	if tier == TierNeglectUncorrected {
		l.Maximum = l.AnnualCap
		if !l.Adjusted {
			l.Notes = append(l.Notes, "The regulation states no maximum for one violation of this tier; the annual cap stands in for it.")
		}
	}
	if l.Adjusted {
		l.Citations = append(l.Citations, hipaasmp.CitePenaltyAdjustment)
	}
	if t.Source.Confidence == hipaasmp.ConfidenceRecalled {
		l.Notes = append(l.Notes, "The table of "+t.ID+" was not seen; it is supported by the chain of the later tables.")
	}
	if assessed.After(read()) {
		l.Notes = append(l.Notes, "The tables were read on "+read().String()+"; a later one may hold.")
	}
	l.Discretion = discretionOf(tier, assessed, t)
	return l
}

// discretionOf returns the discretionary cap of a tier in a penalty assessed on a day.
func discretionOf(tier Tier, assessed hipaasmp.Date, t Table) *Discretion {
	if assessed.Before(discretionBegins()) {
		return nil
	}
	base := dollars([4]int64{25_000, 100_000, 250_000, 1_500_000}[tier.index()])
	return &Discretion{
		BaseCap:    base,
		Calculated: base.Mul(dollars(t.AnnualCap)).Div(dollars(Base().AnnualCap)).Round(0),
		Source: hipaasmp.Source{
			ID: "FR19", Title: "84 FR 18151 (2019-04-30), Notification of Enforcement Discretion Regarding HIPAA Civil Money Penalties",
			Locator: "secondary sources; the beginning of the notice was seen, its table was not", Read: read(), Confidence: hipaasmp.ConfidenceOne,
		},
	}
}

func dollars(n int64) decimal.Decimal { return decimal.NewFromInt(n) }
