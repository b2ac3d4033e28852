package inquiry_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/inquiry"
	"github.com/hipaasmp/hipaasmp/internal/clinic"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// The four failures that investigators find most, each from the records to the letter.

func status(r inquiry.Records, asOf hipaasmp.Date, id string) inquiry.Status {
	for _, a := range r.Answer(asOf) {
		if a.ID == id {
			return a.Status
		}
	}
	return ""
}

// Failure 1: a risk analysis is done once and never again.
func TestTheAnalysisIsTreatedAsOneTime(t *testing.T) {
	t.Parallel()
	r, today := spotless(t)
	once := r.Analyses[0]
	once.InEffect, once.SupersededBy = hipaasmp.Period{From: once.Approval.On}, nil
	r.Analyses, r.Drafts = []risk.Analysis{once}, nil
	for i := range r.Items {
		r.Items[i].Finding.Analysis = once.DocumentRef()
	}
	r.Completions[0].Item.Finding.Analysis, r.Acceptances[0].Finding.Analysis, r.Plans[0].Analysis = once.DocumentRef(), once.DocumentRef(), once.DocumentRef()
	r.Inventory = &risk.Inventory{Assets: append([]risk.Asset{{ID: "portal", Name: "Patient portal", Class: risk.AssetClassCloudApp,
		Handles: []risk.Handling{risk.HandlingUnknown}, InService: day("2026-03-01")}}, once.Inventory.Assets...), Flows: once.Inventory.Flows, DeclaredNone: once.Inventory.DeclaredNone}
	r.Changes = []risk.Change{{Trigger: risk.TriggerLocation, On: day("2026-05-04"), What: "the clinic moved to the second floor"}}

	gaps := found(r, today, risk.GapStale)
	require.Len(t, gaps, 4)
	said := map[string]string{}
	for _, g := range gaps {
		wellFormed(t, g, today)
		said[g.Since.String()] = string(g.Citation) + " " + g.Missing
	}
	require.Contains(t, said["2025-11-17"], "security incident review.incident/inc-1", "an incident that the analysis cannot know")
	require.Contains(t, said["2026-02-04"], "164.316(b)(2)(iii)", "the entity's own interval, which is no law")
	require.Contains(t, said["2026-03-01"], "portal", "a new system")
	require.Contains(t, said["2026-05-04"], "second floor", "a change that stands in no record")
	require.Equal(t, []string{"GAP-INQ-02", "GAP-RISK-02", "GAP-RISK-04", "GAP-RISK-12"}, codes(r.Gaps(today)), "nobody knows what the new system does, no finding reaches it, nobody reviews it")
	require.Equal(t, turns{"INQ-03": partly, "INQ-09": partly, "INQ-16": partly}, turned(r, today))

	young, _ := spotless(t)
	require.Empty(t, found(young, today, risk.GapStale), "an analysis approved after all of it is not stale")
}

// Failure 2: the scope leaves out the cloud, mobile devices and business associates.
func TestTheScopeIsIncomplete(t *testing.T) {
	t.Parallel()
	r, today := spotless(t)
	a := &r.Analyses[1]
	a.Inventory.Assets = a.Inventory.Assets[4:5] // the front desk alone
	a.Inventory.Flows = nil
	for i := range a.Findings {
		a.Findings[i].Assets = []string{"desk"}
	}
	gap := one(t, r, today, risk.GapClassNotConsidered)
	require.Equal(t, hipaasmp.CiteGeneralRequirements, gap.Citation)
	for _, class := range []string{"cloud app", "mobile", "business associate", "medical device", "backup", "remote work"} {
		require.Contains(t, gap.Missing, class)
	}
	require.NotContains(t, gap.Missing, "removable media", "declared none with a reason is considered")
	require.NotContains(t, gap.Missing, "on premises")
	require.Equal(t, partly, status(r, today, "INQ-03"))

	unknown := found(r, today, inquiry.GapUnknownSystem)
	require.Len(t, unknown, 4, "what is reviewed is not in the inventory: cloud, ehr, tablets, ultrasound")
	require.Equal(t, `The inventory has no system "cloud", of which review.procedure/pr-1 and review.incident/inc-1 speak.`, unknown[0].Missing)
	require.Equal(t, `The inventory has no system "ehr", of which review.procedure/pr-1 speaks.`, unknown[1].Missing)
}

// Failure 3: the sanction policy is on paper only.
func TestTheSanctionPolicyIsNeverApplied(t *testing.T) {
	t.Parallel()
	r, today := spotless(t)
	r.Cases, r.Outcomes, r.Attestations = nil, nil, nil
	r.Incidents[0].Ending.Outcome.Refs, r.IncidentRecords[0].Ending.Outcome.Refs = nil, nil
	d := r.Reviews[0].Exceptions[0].Disposition
	d.Refs = d.Refs[:1]

	never := one(t, r, today, sanction.GapNeverApplied)
	require.Equal(t, day("2026-01-01"), never.Since)
	require.Contains(t, never.Missing, "from 2026-01-01 to 2026-06-30")
	unpunished := one(t, r, today, inquiry.GapIncidentWithoutCase)
	require.Equal(t, "Exception x-1 of the review of 2025-10-01 to 2025-12-31, by wf-104, went on to review.incident/inc-1, and no sanction case on file speaks of it.", unpunished.Missing)
	require.Equal(t, day("2026-01-02"), unpunished.Since, "the day of the disposition")
	require.Equal(t, hipaasmp.CiteSanctionPolicy, unpunished.Citation)
	require.Equal(t, turns{"INQ-01": partly, "INQ-08": missing}, turned(r, today))
}

// Failure 4: activity records and their reviews are not kept.
func TestActivityRecordsAreNotKept(t *testing.T) {
	t.Parallel()
	r, today := spotless(t)
	p := &r.Procedures[0]
	p.Effective.From, p.Approval.On, p.Created = day("2025-01-01"), day("2024-12-20"), day("2024-12-20")
	p.Sources[0].Archive = ""
	p.RawLogs.Years = 1
	r.Reviews, r.Sessions, r.Attestations[0].Consulted = nil, nil, nil
	nothing := one(t, r, today, inquiry.GapNothingKept)
	require.Equal(t, "Activity is to be reviewed since 2025-01-01, and no certified review is on file.", nothing.Missing)
	require.Equal(t, day("2025-04-15"), nothing.Since, "the day after the first review was due")
	require.Equal(t, []string{"0 certified reviews", "0 sessions"}, nothing.Counted)
	logs := one(t, r, today, review.GapRawLogs)
	require.Contains(t, logs.Missing, "90 days")
	contested := one(t, r, today, review.GapShortRawLogs)
	require.Contains(t, contested.Missing, "not settled", "that six years bind raw logs is not claimed")
	require.Equal(t, []string{"GAP-INQ-04", "GAP-REV-02", "GAP-REV-07", "GAP-REV-08", "GAP-REV-32"}, codes(r.Gaps(today)))
	require.Equal(t, turns{"INQ-10": missing, "INQ-11": missing, "INQ-14": partly}, turned(r, today))

	// The review was made and certified, but its record is lost: the session still names it.
	r, today = spotless(t)
	lost := r.Reviews[0].DocumentRef()
	r.Reviews = r.Reviews[1:]
	gap := one(t, r, today, inquiry.GapNotOnFile)
	require.Equal(t, "review.record/rv-2025-10 is not on file, and review.session/rs-2025-10 names it.", gap.Missing)
	require.Equal(t, lost, gap.Refs[0])
	require.Equal(t, turns{"INQ-14": partly}, turned(r, today))

	// Its content was destroyed before its time.
	r.Destroyed = []inquiry.Destroyed{{Ref: lost, On: day("2026-05-01"), KeepThrough: day("2032-01-09")}}
	require.Empty(t, found(r, today, inquiry.GapNotOnFile), "what was destroyed has a question of its own")
	early := one(t, r, today, inquiry.GapDestroyedEarly)
	require.Equal(t, "The content of review.record/rv-2025-10 was destroyed on 2026-05-01; it had to be kept through 2032-01-09.", early.Missing)
	require.Equal(t, day("2026-05-01"), early.Since)
	require.Equal(t, hipaasmp.CiteTimeLimit, early.Citation)
}

func TestAnEntityWithoutRecordsIsAnsweredNothing(t *testing.T) {
	t.Parallel()
	r := inquiry.Records{}
	gaps := r.Gaps(clinic.Today())
	for _, a := range r.Answer(clinic.Today()) {
		require.Equal(t, missing, a.Status, a.ID)
		require.NotEmpty(t, a.Gaps, "%s: what is missing is said", a.ID)
		for _, g := range a.Gaps {
			wellFormed(t, g, clinic.Today())
			require.Contains(t, gaps, g)
		}
	}
	require.Equal(t, []string{"GAP-INQ-08", "GAP-REV-01", "GAP-RISK-01", "GAP-RISK-10", "GAP-RISK-18", "GAP-SAN-01"}, codes(gaps))
	var unanswered []string
	for _, g := range found(r, clinic.Today(), inquiry.GapUnanswered) {
		unanswered = append(unanswered, g.Counted...)
	}
	require.ElementsMatch(t, []string{"request INQ-01", "request INQ-12", "request INQ-13", "request INQ-14", "request INQ-16"}, unanswered,
		"where a check says already why nothing is there, it is not said twice")
}

// A measure is called for only where a risk is above the acceptable level.
func TestNoMeasureIsAskedForWhereEveryRiskIsAcceptable(t *testing.T) {
	t.Parallel()
	r, today := spotless(t)
	r.Items, r.Completions, r.Acceptances, r.Plans[0].Commitments = nil, nil, nil, nil
	a := &r.Analyses[1]
	for i := range a.Findings {
		a.Findings[i].Current = a.Findings[3].Current
	}
	a.Predecessor, a.Carried, a.Explanation = nil, nil, "Made anew."
	require.Empty(t, r.Gaps(today))
	require.Equal(t, inquiry.StatusAnswered, status(r, today, "INQ-06"))
	require.Equal(t, "No finding of the analysis is above the acceptable level of risk.", answer(t, r, today, "INQ-06").Note)

	a.Findings[0].Current = nil
	require.Equal(t, missing, status(r, today, "INQ-06"), "not assessed is not acceptable")
	require.Equal(t, []string{"GAP-INQ-08", "GAP-RISK-09", "GAP-RISK-14", "GAP-RISK-15"}, codes(r.Gaps(today)))
}
