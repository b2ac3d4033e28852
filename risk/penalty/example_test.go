package penalty_test

import (
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk/penalty"
)

// The amounts depend on the day of the violation and on the day of the assessment.
func ExampleLimitsOf() {
	assessed := hipaasmp.Day(2026, 3, 1)
	for _, violation := range []hipaasmp.Date{hipaasmp.Day(2015, 11, 1), hipaasmp.Day(2024, 5, 5)} {
		l, err := penalty.LimitsOf(penalty.TierReasonableCause, violation, assessed)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(violation, "table", l.Table, "from", l.Minimum, "to", l.Maximum, "a year at most", l.AnnualCap)
	}
	// Output:
	// 2015-11-01 table base from 1000 to 50000 a year at most 1500000
	// 2024-05-05 table 2025 from 1461 to 73011 a year at most 2190294
}

// A risk analysis that was missing for two months is a continuing violation: one a day, up to the annual cap.
func ExampleCompute() {
	e, err := penalty.Compute(
		penalty.Assessment{Assessed: hipaasmp.Day(2026, 3, 1), Commenced: hipaasmp.Day(2025, 9, 1)},
		penalty.Violation{
			ID: "no-analysis", Provision: hipaasmp.CiteRiskAnalysis, Tier: penalty.TierReasonableCause,
			Counting: penalty.CountingDay, From: hipaasmp.Day(2024, 5, 1), To: hipaasmp.Day(2024, 6, 30),
		},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	y := e.Years[0]
	fmt.Println(y.Counted, "days of", y.Provision, "in", y.Year)
	fmt.Println("codified:", e.Total.Low, "to", e.Total.High)
	fmt.Println("with the discretion of 2019, not codified: up to", e.Discretionary.High)
	// Output:
	// 61 days of 164.308(a)(1)(ii)(A) in 2024
	// codified: 89121 to 2190294
	// with the discretion of 2019, not codified: up to 146020
}
