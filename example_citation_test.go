package hipaasmp_test

import (
	"errors"
	"fmt"

	"github.com/hipaasmp/hipaasmp"
)

func ExampleParseCitation() {
	c, err := hipaasmp.ParseCitation("45 C.F.R. § 164.308 (a)(1)(ii)(A)")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c)
	fmt.Println(c == hipaasmp.CiteRiskAnalysis, c.Parent(), c.Section())
	// Output:
	// 164.308(a)(1)(ii)(A)
	// true 164.308(a)(1)(i) 164.308
}

// A citation that does not exist is refused with what was probably meant.
func ExampleUnknownCitationError() {
	for _, s := range []string{"164.308(a)(1)(i)(A)", "164.308(a)(1)(ii)(a)", "164.308(a)(14)"} {
		_, err := hipaasmp.ParseCitation(s)
		var unknown *hipaasmp.UnknownCitationError
		if errors.As(err, &unknown) {
			fmt.Println(unknown.Reason)
			fmt.Println("  nearest", unknown.Nearest)
		}
	}
	// Output:
	// 164.308(a)(1)(i) has no such paragraph
	//   nearest [164.308(a)(1)(ii)(A)]
	// letter case matters in paragraphs
	//   nearest [164.308(a)(1)(ii)(A)]
	// it exists only in edition 2025-nprm (90 FR 898), which is proposed and not in force
	//   nearest [164.308(a)(1) 164.308(a)(4)]
}

// The published text of one provision refers to a paragraph that is gone. Quoting it is right, citing it is not.
func ExampleParseCrossReference() {
	r, err := hipaasmp.ParseCrossReference(hipaasmp.CiteSubcontractorTerms, "§ 164.308(b)(4)")
	fmt.Println(r.Quoted, r.Dangles(), r.Defect.ID, err)
	// Output:
	// 164.308(b)(4) true DEF-02 <nil>
}
