package inquiry_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/inquiry"
	"github.com/hipaasmp/hipaasmp/internal/clinic"
	"github.com/hipaasmp/hipaasmp/sanction"
)

func TestTheLetterFollowsTheProtocol(t *testing.T) {
	t.Parallel()
	law := hipaasmp.Catalogue{}
	about := map[hipaasmp.Citation]bool{}
	ids := map[string]bool{}
	for _, q := range inquiry.Letter() {
		require.False(t, ids[q.ID])
		ids[q.ID], about[q.Citation] = true, true
		require.NotEmpty(t, law.ProtocolInquiries(q.Citation), "%s: the protocol has a row for it", q.ID)
		require.NotContains(t, string(q.Citation), "164.530")
	}
	for _, c := range []hipaasmp.Citation{hipaasmp.CiteSecurityManagementProcess, hipaasmp.CiteRiskAnalysis, hipaasmp.CiteRiskManagement, hipaasmp.CiteSanctionPolicy,
		hipaasmp.CiteActivityReview, hipaasmp.CiteDocumentation, hipaasmp.CiteTimeLimit, hipaasmp.CiteAvailability, hipaasmp.CiteUpdates} {
		require.True(t, about[c], "%s: the letter asks about it", c)
	}
	inquiry.Letter()[0].Codes[0] = "GAP-XXX-01"
	require.NotEqual(t, hipaasmp.GapCode("GAP-XXX-01"), inquiry.Letter()[0].Codes[0], "the letter is not the caller's to change")
}

func TestOfABusinessAssociateNothingOf164530IsAsked(t *testing.T) {
	t.Parallel()
	for _, as := range []hipaasmp.EntityType{hipaasmp.EntityBusinessAssociate, hipaasmp.EntityCoveredEntity} {
		r, err := clinic.New(as)
		require.NoError(t, err)
		require.Empty(t, r.Gaps(clinic.Today()), as)
		r.Outcomes = nil // the one gap that a covered entity has under 164.530(e)(2)
		privacy := 0
		for _, c := range r.Checks() {
			if c.Citation.Section() == "164.530" {
				privacy++
			}
		}
		for _, g := range r.Gaps(clinic.Today()) {
			if g.Citation.Section() == "164.530" {
				privacy++
			}
		}
		for _, a := range r.Answer(clinic.Today()) {
			for _, g := range a.Gaps {
				if g.Citation.Section() == "164.530" {
					privacy++
				}
			}
		}
		if as == hipaasmp.EntityBusinessAssociate {
			require.Zero(t, privacy)
			require.Contains(t, codes(r.Gaps(clinic.Today())), string(sanction.GapNotRecorded), "the record is asked for all the same, under the Security Rule")
		} else {
			require.Positive(t, privacy)
		}
	}
}
