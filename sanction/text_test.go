package sanction_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/sanction"
)

func TestTextsThatLookLikeIdentifiersAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"SSN 123-45-6789 was read", "call 312-555-0100", "call (312) 555-0100", "mail jane@example.org"} {
		r := report()
		r.Narrative = text
		_, err := sanction.NewCase("case-1", clinic(), policy(t), subject(), r)
		requireFault(t, err, sanction.FaultIdentifying)
		_, err = walk(t, reported(t), warning, sanction.EventOpenInvestigation).RecordStep(official, at(30), sanction.Inquiry{On: day("2026-03-05"), What: text})
		requireFault(t, err, sanction.FaultIdentifying)
		_, err = determined(t).Decide(manager, at(60), may(), sanction.NoSanction(text))
		requireFault(t, err, sanction.FaultIdentifying)
		_, err = walk(t, reported(t), warning, untilDetermined[:3]...).Determine(official, at(60), clear(), sanction.CategoryAccess, nil, text)
		requireFault(t, err, sanction.FaultIdentifying)
		_, o := closed(t)
		o.Report.Narrative = text
		requireFault(t, o.Validate(), sanction.FaultIdentifying)
	}
	r := report()
	r.Narrative = "On 2026-03-02 the record sanction.case/x@2 was read under 164.308(a)(4)(ii)(B), 1204 times, 3-2-1."
	_, err := sanction.NewCase("case-1", clinic(), policy(t), subject(), r)
	require.NoError(t, err)
}

func TestErrorsNameThePackageAndNeverTheNarrative(t *testing.T) {
	t.Parallel()
	c := reported(t)
	_, err := c.Decide(manager, at(60), may(), warning)
	require.Error(t, err)
	require.NotContains(t, err.Error(), "treatment relationship")
	_, err = determined(t).Decide(hipaasmp.Actor{ID: "w-044", Role: hipaasmp.RoleWorkforce}, at(60), may(), warning)
	require.True(t, strings.HasPrefix(err.Error(), "sanction: "), err)
}
