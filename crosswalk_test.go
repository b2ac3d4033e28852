package hipaasmp_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hipaasmp/hipaasmp"
)

func TestCrosswalkRowsNameProvisionsAndSources(t *testing.T) {
	t.Parallel()
	rows := catalogue.AllCrosswalks()
	require.Len(t, rows, 18)
	seen := map[string]bool{}
	for i, r := range rows {
		require.True(t, r.Citation.IsValid())
		require.True(t, r.Framework.IsValid())
		require.NotEmpty(t, r.Targets)
		require.Equal(t, "CPRT", r.Source.ID)
		require.Equal(t, hipaasmp.ConfidenceOne, r.Source.Confidence)
		key := string(r.Citation) + string(r.Framework)
		require.False(t, seen[key], key)
		seen[key] = true
		if i > 0 {
			require.LessOrEqual(t, rows[i-1].Citation, r.Citation)
		}
	}
}

func TestCrosswalkOfTheSecurityManagementProcess(t *testing.T) {
	t.Parallel()
	for c, want := range map[hipaasmp.Citation]string{
		hipaasmp.CiteSecurityManagementProcess: "RA-1",
		hipaasmp.CiteRiskAnalysis:              "RA-1 RA-3",
		hipaasmp.CiteRiskManagement:            "PL-2 RA-2 RA-3",
		hipaasmp.CiteSanctionPolicy:            "PS-8",
		hipaasmp.CiteActivityReview:            "AU-6 AU-7 CA-7 IR-5 IR-6 SI-4",
		hipaasmp.CitePolicies:                  "PL-1 PL-2 RA-1 RA-3",
		hipaasmp.CiteTimeLimit:                 "SI-12",
		hipaasmp.CiteAvailability:              hipaasmp.EveryFirstControl,
		hipaasmp.CiteUpdates:                   hipaasmp.EveryFirstControl,
	} {
		rows := catalogue.Crosswalks(c)
		require.Len(t, rows, 2, c)
		require.Equal(t, hipaasmp.FrameworkSP80053, rows[0].Framework)
		require.Equal(t, want, strings.Join(rows[0].Targets, " "), c)
	}
	require.Empty(t, catalogue.Crosswalks(hipaasmp.CiteWorkstationUse))
}

func TestCrosswalkReadBackwards(t *testing.T) {
	t.Parallel()
	require.Equal(t, []hipaasmp.Citation{hipaasmp.CiteActivityReview}, catalogue.ProvisionsFor(hipaasmp.FrameworkSP80053, "AU-6"))
	require.Equal(t, []hipaasmp.Citation{hipaasmp.CiteAvailability, hipaasmp.CiteUpdates}, catalogue.ProvisionsFor(hipaasmp.FrameworkSP80053, "AC-1"))
	require.Empty(t, catalogue.ProvisionsFor(hipaasmp.FrameworkSP80053, "AU-11"), "NIST ties the six years to SI-12")
	require.Empty(t, catalogue.ProvisionsFor(hipaasmp.FrameworkCSF11, "AU-6"))
}

func TestKeyActivitiesOneToNine(t *testing.T) {
	t.Parallel()
	activities := catalogue.KeyActivities(hipaasmp.CiteSecurityManagementProcess)
	require.Len(t, activities, 9)
	for i, n := range []int{7, 10, 8, 4, 6, 6, 8, 2, 2} {
		require.Len(t, activities[i].Questions, n, activities[i].ID)
	}
	require.Equal(t, "KA-6", activities[5].ID)
	require.Equal(t, hipaasmp.CiteSanctionPolicy, activities[5].Specification)
	require.Equal(t, "6.5", activities[5].Questions[4].ID)
	require.Contains(t, activities[5].Questions[4].Text, "tiers")
	require.Len(t, catalogue.KeyActivities(hipaasmp.CiteActivityReview), 3)
	require.Len(t, catalogue.KeyActivities(hipaasmp.CiteDocumentation), 4)
	require.Len(t, catalogue.KeyActivities(hipaasmp.CiteTimeLimit), 1)
	ids := map[string]bool{}
	for _, a := range catalogue.AllKeyActivities() {
		require.True(t, a.Standard.IsValid())
		require.True(t, a.Specification == "" || a.Specification.Parent() == a.Standard, a.ID)
		require.NotEmpty(t, a.Title)
		require.Equal(t, hipaasmp.ConfidenceOne, a.Source.Confidence)
		for _, q := range a.Questions {
			require.False(t, ids[q.ID], q.ID)
			ids[q.ID] = true
			require.NotEmpty(t, q.Text)
		}
	}
}

func TestProtocolInquiries(t *testing.T) {
	t.Parallel()
	all := catalogue.AllProtocolInquiries()
	require.Len(t, all, 15)
	for i, q := range all {
		require.NotEmpty(t, q.Asks, q.ID)
		require.Equal(t, "PROT", q.Source.ID)
		for _, c := range q.Citations {
			require.True(t, c.IsValid())
		}
		if i > 0 {
			require.Less(t, all[i-1].Citations[0], q.Citations[0], "in the order of the law")
		}
	}
	ra := catalogue.ProtocolInquiries(hipaasmp.CiteRiskAnalysis)
	require.Len(t, ra, 1)
	require.Len(t, ra[0].Asks, 5)
	require.Contains(t, strings.Join(ra[0].Asks, " "), "immediately before the current one")
	for _, c := range append(catalogue.Specifications(hipaasmp.CiteSecurityManagementProcess), hipaasmp.CiteSecurityManagementProcess, hipaasmp.CiteTimeLimit, hipaasmp.CiteDocumentSanctions) {
		require.Len(t, catalogue.ProtocolInquiries(c), 1, c)
	}
	general := catalogue.ProtocolInquiries(hipaasmp.CiteEncryptionDecryption)
	require.Len(t, general, 1, "every addressable specification is asked about alternatives")
	require.Equal(t, []hipaasmp.Citation{hipaasmp.CiteAddressable}, general[0].Citations)
	require.Empty(t, catalogue.ProtocolInquiries(hipaasmp.CiteUniqueUser))
	require.Len(t, catalogue.ProtocolInstructions(), 7)
}
