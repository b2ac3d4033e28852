package penalty

import (
	"github.com/shopspring/decimal"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Table is one publication of the amounts, in whole US dollars.
type Table struct {
	// ID names the table: "base" for the amounts of the regulation, and otherwise the year of the adjustment.
	ID string `json:"id"`
	// Effective is the day from which penalties are assessed by the table.
	Effective hipaasmp.Date `json:"effective"`
	// Minimum is the least for one violation, by tier.
	Minimum [4]int64 `json:"minimum"`
	// Maximum is the most for one violation of the first three tiers; it is also the least of the fourth.
	Maximum int64 `json:"maximum"`
	// AnnualCap is the most for identical violations in a calendar year; Part 102 lists it as the most for one violation
	// of the fourth tier too.
	AnnualCap int64 `json:"annual_cap"`
	// Before2009 are the most for one violation and for a calendar year of 160.404(b)(1). Part 102 lists them adjusted as
	// well, though no violation that old is adjusted.
	Before2009 [2]int64 `json:"before_2009"`
	// Multiplier is the factor from the table before; zero where there is none.
	Multiplier decimal.Decimal `json:"multiplier"`
	// Source says where the table was read and how well it is attested.
	Source hipaasmp.Source `json:"source"`
}

// The days on which the rules turn.
func tiersBegin() hipaasmp.Date        { return hipaasmp.Day(2009, 2, 18) }
func adjustmentBegins() hipaasmp.Date  { return hipaasmp.Day(2015, 11, 2) }
func discretionBegins() hipaasmp.Date  { return hipaasmp.Day(2019, 4, 30) }
func criminalBarBegins() hipaasmp.Date { return hipaasmp.Day(2011, 2, 18) }
func read() hipaasmp.Date              { return hipaasmp.Day(2026, 11, 22) }

// Base returns the amounts of the regulation, without adjustment.
func Base() Table {
	return Table{
		ID: "base", Effective: tiersBegin(), Minimum: [4]int64{100, 1_000, 10_000, 50_000}, Maximum: 50_000, AnnualCap: 1_500_000,
		Before2009: [2]int64{100, 25_000},
		Source: hipaasmp.Source{
			ID: "REG13", Title: "45 CFR 160.404(b), as amended through 78 FR 5566 (2013)", Locator: "github.com/aptible/www.aptible.com, commit 7115acc, source/hipaa/regulations",
			Read: read(), Confidence: hipaasmp.ConfidenceOne,
		},
	}
}

// Tables returns the adjusted tables of 45 CFR 102.3, oldest first. The one for 2025 was published in January 2026 and is
// the last: the adjustments of 2026 were cancelled (OMB M-26-11).
func Tables() []Table {
	const (
		recalled = hipaasmp.ConfidenceRecalled
		one      = hipaasmp.ConfidenceOne
		two      = hipaasmp.ConfidenceTwo
	)
	return []Table{
		adjusted("2016", hipaasmp.Day(2016, 9, 6), "81 FR 61538", recalled, "", [4]int64{110, 1_100, 11_002, 55_010}, 1_650_300, [2]int64{150, 37_561}),
		adjusted("2017", hipaasmp.Day(2017, 2, 3), "82 FR 9174", recalled, "1.01636", [4]int64{112, 1_118, 11_182, 55_910}, 1_677_299, [2]int64{152, 38_175}),
		adjusted("2018", hipaasmp.Day(2018, 10, 11), "83 FR 51369", one, "1.02041", [4]int64{114, 1_141, 11_410, 57_051}, 1_711_533, [2]int64{155, 38_954}),
		adjusted("2019", hipaasmp.Day(2019, 11, 5), "84 FR 59549", two, "1.02522", [4]int64{117, 1_170, 11_698, 58_490}, 1_754_698, [2]int64{159, 39_936}),
		adjusted("2020", hipaasmp.Day(2020, 1, 17), "85 FR 2869", one, "1.01764", [4]int64{119, 1_191, 11_904, 59_522}, 1_785_651, [2]int64{162, 40_640}),
		adjusted("2021", hipaasmp.Day(2021, 11, 15), "86 FR 62928", two, "1.01182", [4]int64{120, 1_205, 12_045, 60_226}, 1_806_757, [2]int64{164, 41_120}),
		adjusted("2022", hipaasmp.Day(2022, 3, 17), "87 FR 15100", two, "1.06222", [4]int64{127, 1_280, 12_794, 63_973}, 1_919_173, [2]int64{174, 43_678}),
		adjusted("2023", hipaasmp.Day(2023, 10, 6), "88 FR 69531", two, "1.07745", [4]int64{137, 1_379, 13_785, 68_928}, 2_067_813, [2]int64{187, 47_061}),
		adjusted("2024", hipaasmp.Day(2024, 8, 8), "89 FR 64815", one, "1.03241", [4]int64{141, 1_424, 14_232, 71_162}, 2_134_831, [2]int64{193, 48_586}),
		adjusted("2025", hipaasmp.Day(2026, 1, 28), "91 FR 3665", two, "1.02598", [4]int64{145, 1_461, 14_602, 73_011}, 2_190_294, [2]int64{198, 49_848}),
	}
}

func adjusted(id string, effective hipaasmp.Date, cite string, c hipaasmp.Confidence, multiplier string, minimum [4]int64, limit int64, before [2]int64) Table {
	t := Table{
		ID: id, Effective: effective, Minimum: minimum, Maximum: minimum[3], AnnualCap: limit, Before2009: before,
		Source: hipaasmp.Source{ID: "FR-" + id, Title: cite + ", annual adjustment of civil money penalties, 45 CFR 102.3", Locator: "Federal Register, " + cite, Read: read(), Confidence: c},
	}
	if c == hipaasmp.ConfidenceRecalled {
		t.Source.Locator += "; not seen, supported by the chain of the later tables"
	}
	if multiplier != "" {
		t.Multiplier = decimal.RequireFromString(multiplier)
	}
	return t
}

// TableFor returns the table that gives the amounts of a violation on one day in a penalty assessed on another.
func TableFor(violation, assessed hipaasmp.Date) Table {
	out := Base()
	if violation.Before(adjustmentBegins()) {
		return out
	}
	for _, t := range Tables() {
		if !t.Effective.After(assessed) {
			out = t
		}
	}
	return out
}
