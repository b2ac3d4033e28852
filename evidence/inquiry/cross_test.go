package inquiry_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/inquiry"
	"github.com/hipaasmp/hipaasmp/internal/clinic"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// unsanctioned is the clinic with an incident of the workforce's and no case about it.
func unsanctioned(t *testing.T) inquiry.Records {
	t.Helper()
	r, _ := spotless(t)
	r.Cases, r.Outcomes = nil, nil
	r.Incidents[0].Ending.Outcome.Refs, r.IncidentRecords[0].Ending.Outcome.Refs = nil, nil
	x := exceptionOf(&r)
	x.Disposition.Refs = x.Disposition.Refs[:1]
	return r
}

func exceptionOf(r *inquiry.Records) *review.Exception { return &r.Reviews[0].Exceptions[0] }

func TestAnIncidentOfTheWorkforceLeadsToACase(t *testing.T) {
	t.Parallel()
	incident := hipaasmp.Ref{Kind: review.KindIncident, ID: "inc-1"}
	theCase := func(t *testing.T) (sanction.Case, sanction.Outcome) {
		r, _ := spotless(t)
		return r.Cases[0], r.Outcomes[0]
	}
	for _, c := range []struct {
		rule string
		edit func(t *testing.T, r *inquiry.Records)
		gap  bool
	}{
		{"no case at all", func(*testing.T, *inquiry.Records) {}, true},
		{"the actor is a name of the member's by the account alone", func(_ *testing.T, r *inquiry.Records) { exceptionOf(r).Actor = `CLINIC\wf-104` }, true},
		{"the actor is the member's identity", func(_ *testing.T, r *inquiry.Records) { exceptionOf(r).Actor = clinic.Technician }, true},
		{"the review lists the account as the member's", func(_ *testing.T, r *inquiry.Records) {
			exceptionOf(r).Actor = "root-console"
			r.Reviews[0].Independence.Accounts = []review.Account{{Member: clinic.Technician, Actors: []string{"root-console"}}}
		}, true},
		{"the actor only ends like a member", func(_ *testing.T, r *inquiry.Records) { exceptionOf(r).Actor = "arn:aws:iam::1:user/swf-104" }, false},
		{"the actor is nobody of the workforce", func(_ *testing.T, r *inquiry.Records) { exceptionOf(r).Actor = "arn:aws:iam::1:user/vendor" }, false},
		{"the log names nobody", func(_ *testing.T, r *inquiry.Records) { exceptionOf(r).Actor = "" }, false},
		{"the actor had left the workforce before the act", func(_ *testing.T, r *inquiry.Records) { r.Entity.Workforce[3].Member.To = day("2025-11-15") }, false},
		{"the actor left on the day of the act", func(_ *testing.T, r *inquiry.Records) { r.Entity.Workforce[3].Member.To = day("2025-11-16") }, true},
		{"the exception was explained", func(_ *testing.T, r *inquiry.Records) {
			x := exceptionOf(r)
			x.State, x.Disposition.Refs, x.Disposition.Explanation = review.ExceptionExplained, nil, review.ExplanationTest
		}, false},
		{"the exception went on to the risk analysis alone", func(_ *testing.T, r *inquiry.Records) {
			exceptionOf(r).Disposition.Refs = []hipaasmp.Ref{r.Analyses[0].DocumentRef()}
		}, false},
		{"the incident was found to be none", func(_ *testing.T, r *inquiry.Records) {
			r.Incidents[0].Ending.Outcome, r.Incidents[0].Ending.NotIncident = nil, "A test that the vendor had announced."
		}, false},
		{"the incident is still open", func(_ *testing.T, r *inquiry.Records) { r.Incidents[0].Ending, r.IncidentRecords = nil, nil }, false},
		{"the incident is on file by its final record alone", func(_ *testing.T, r *inquiry.Records) { r.Incidents = nil }, true},
		{"the incident is not on file at all", func(_ *testing.T, r *inquiry.Records) { r.Incidents, r.IncidentRecords = nil, nil }, true},
		{"the incident's outcome names a case that is on file", func(t *testing.T, r *inquiry.Records) {
			k, _ := theCase(t)
			r.Cases = []sanction.Case{k}
			r.Incidents[0].Ending.Outcome.Refs = []hipaasmp.Ref{k.DocumentRef()}
		}, false},
		{"the incident's outcome names a case that is not on file", func(t *testing.T, r *inquiry.Records) {
			r.Incidents[0].Ending.Outcome.Refs = []hipaasmp.Ref{{Kind: sanction.KindCase, ID: "case-9"}}
		}, true},
		{"the exception names a case that is on file", func(t *testing.T, r *inquiry.Records) {
			k, _ := theCase(t)
			r.Cases = []sanction.Case{k}
			exceptionOf(r).Disposition.Refs = []hipaasmp.Ref{k.DocumentRef()}
		}, false},
		{"the exception names a case whose final record is on file", func(t *testing.T, r *inquiry.Records) {
			_, o := theCase(t)
			r.Outcomes = []sanction.Outcome{o}
			exceptionOf(r).Disposition.Refs = []hipaasmp.Ref{o.Case}
		}, false},
		{"a case names the incident as its source", func(t *testing.T, r *inquiry.Records) {
			k, _ := theCase(t)
			k.Report.Sources = []hipaasmp.Ref{incident}
			r.Cases = []sanction.Case{k}
		}, false},
		{"a case about the member names the review as its source", func(t *testing.T, r *inquiry.Records) {
			k, _ := theCase(t)
			k.Report.Sources = []hipaasmp.Ref{r.Reviews[0].DocumentRef()}
			r.Cases = []sanction.Case{k}
		}, false},
		{"a case about the member names the session as its source", func(t *testing.T, r *inquiry.Records) {
			k, _ := theCase(t)
			k.Report.Sources = []hipaasmp.Ref{r.Sessions[0].DocumentRef()}
			r.Cases = []sanction.Case{k}
		}, false},
		{"a case about somebody else names the review", func(t *testing.T, r *inquiry.Records) {
			k, _ := theCase(t)
			k.Subject.ID, k.Report.Sources = "wf-100", []hipaasmp.Ref{r.Reviews[0].DocumentRef()}
			r.Cases = []sanction.Case{k}
		}, true},
		{"a case about something else is on file", func(t *testing.T, r *inquiry.Records) {
			k, _ := theCase(t)
			r.Cases = []sanction.Case{k}
		}, true},
		{"the case came after the day", func(t *testing.T, r *inquiry.Records) {
			k, _ := theCase(t)
			k.Report.On, k.Report.Sources = clinic.Today().AddDays(1), []hipaasmp.Ref{incident}
			r.Cases = []sanction.Case{k}
		}, true},
		{"the session that found it is not certified yet", func(t *testing.T, r *inquiry.Records) {
			s := &r.Sessions[0]
			s.State, s.Record, s.History, s.Exceptions = review.StateOpen, nil, nil, r.Reviews[0].Exceptions
			r.Reviews = r.Reviews[1:]
		}, true},
		{"a correction of the review has no such exception", func(t *testing.T, r *inquiry.Records) {
			wrong := r.Reviews[0].DocumentRef()
			right := r.Reviews[0]
			right.ID, right.Supersedes, right.Correction, right.Exceptions = "rv-2025-10-b", &wrong, "The file was of another account.", nil
			r.Reviews = append(r.Reviews, right)
		}, false},
	} {
		r := unsanctioned(t)
		c.edit(t, &r)
		gaps := found(r, clinic.Today(), inquiry.GapIncidentWithoutCase)
		if !c.gap {
			require.Empty(t, gaps, c.rule)
			continue
		}
		require.Len(t, gaps, 1, c.rule)
		wellFormed(t, gaps[0], clinic.Today())
		require.Contains(t, gaps[0].Missing, clinic.Technician, c.rule)
	}
	r := unsanctioned(t)
	require.Empty(t, found(r, day("2026-01-01"), inquiry.GapIncidentWithoutCase), "disposed of on the second, in a session that was certified on the ninth")
	require.Len(t, found(r, day("2026-01-02"), inquiry.GapIncidentWithoutCase), 1)
	require.Len(t, found(r, day("2026-01-09"), inquiry.GapIncidentWithoutCase), 1)
}

func TestEverySystemWithEPHIIsReviewed(t *testing.T) {
	t.Parallel()
	fax := risk.Asset{ID: "fax", Name: "Fax server", Class: risk.AssetClassOnPremises, Handles: []risk.Handling{risk.HandlingTransmits}, InService: day("2026-02-01")}
	for _, c := range []struct {
		rule  string
		edit  func(r *inquiry.Records, x *risk.Asset)
		says  string
		since string
	}{
		{"a new system", func(*inquiry.Records, *risk.Asset) {}, "System fax (Fax server) handles ePHI, and no procedure in effect reviews", "2026-02-01"},
		{"a system at which nobody looked", func(_ *inquiry.Records, x *risk.Asset) { x.Handles = []risk.Handling{risk.HandlingUnknown} }, "may handle ePHI, because nobody looked", "2026-02-01"},
		{"a system in use since nobody knows when", func(_ *inquiry.Records, x *risk.Asset) { x.InService = hipaasmp.Date{} }, "handles ePHI", "2025-10-01"},
		{"a medical device", func(_ *inquiry.Records, x *risk.Asset) { x.Class = risk.AssetClassMedicalDevice }, "handles ePHI", "2026-02-01"},
		{"a system without ePHI", func(_ *inquiry.Records, x *risk.Asset) { x.Handles = []risk.Handling{risk.HandlingNone} }, "", ""},
		{"a system not yet in service", func(_ *inquiry.Records, x *risk.Asset) { x.InService = day("2026-07-21") }, "", ""},
		{"a system that was retired", func(_ *inquiry.Records, x *risk.Asset) { x.Retired = day("2026-07-19") }, "", ""},
		{"a system on its last day", func(_ *inquiry.Records, x *risk.Asset) { x.Retired = day("2026-07-20") }, "handles ePHI", "2026-02-01"},
		{"a firm", func(_ *inquiry.Records, x *risk.Asset) { x.Class = risk.AssetClassBusinessAssociate }, "", ""},
		{"a firm by its kind", func(_ *inquiry.Records, x *risk.Asset) { x.Kind = risk.EntryKindVendor }, "", ""},
		{"a place", func(_ *inquiry.Records, x *risk.Asset) { x.Kind = risk.EntryKindLocation }, "", ""},
		{"a place of work outside", func(_ *inquiry.Records, x *risk.Asset) { x.Class = risk.AssetClassRemoteWork }, "", ""},
		{"a medium that is carried about", func(_ *inquiry.Records, x *risk.Asset) { x.Class = risk.AssetClassRemovableMedia }, "", ""},
		{"a source of the procedure", func(r *inquiry.Records, _ *risk.Asset) { addSource(r, hipaasmp.Period{}) }, "", ""},
		{"a source that is in use no more", func(r *inquiry.Records, _ *risk.Asset) {
			addSource(r, hipaasmp.Period{From: day("2026-02-01"), To: day("2026-05-31")})
		}, "handles ePHI", "2026-06-01"},
		{"a source that begins tomorrow", func(r *inquiry.Records, _ *risk.Asset) { addSource(r, hipaasmp.Period{From: day("2026-07-21")}) }, "handles ePHI", "2026-02-01"},
	} {
		r, today := spotless(t)
		x := fax
		c.edit(&r, &x)
		r.Analyses[1].Inventory.Assets = append(r.Analyses[1].Inventory.Assets, x)
		gaps := found(r, today, inquiry.GapSystemInNoReview)
		if c.says == "" {
			require.Empty(t, gaps, c.rule)
			continue
		}
		require.Len(t, gaps, 1, c.rule)
		wellFormed(t, gaps[0], today)
		require.Contains(t, gaps[0].Missing, c.says, c.rule)
		require.Equal(t, day(c.since), gaps[0].Since, c.rule)
		require.Contains(t, gaps[0].Counted, "reviewed: cloud", c.rule)
	}
	r, today := spotless(t)
	r.Inventory = &risk.Inventory{Assets: append([]risk.Asset{fax}, r.Analyses[1].Inventory.Assets...)}
	require.Len(t, found(r, today, inquiry.GapSystemInNoReview), 1, "the inventory as it is now counts")
	r.Analyses = nil
	require.Empty(t, found(r, today, inquiry.GapSystemInNoReview), "without an analysis that is the gap")
}

func addSource(r *inquiry.Records, inUse hipaasmp.Period) {
	r.Procedures[0].Sources = append(r.Procedures[0].Sources, review.Source{ID: "fax-log", Name: "Fax log", System: "fax", Records: review.RecordAuditLog,
		Form: "Printed list", Families: []activity.Family{activity.FamilyView}, InUse: inUse})
}

func TestTheInventoryHasWhateverIsSpokenOf(t *testing.T) {
	t.Parallel()
	r, today := spotless(t)
	addSource(&r, hipaasmp.Period{})
	gap := one(t, r, today, inquiry.GapUnknownSystem)
	require.Equal(t, day("2026-01-20"), gap.Since, "the approval of the analysis, which is later than the procedure")

	r, today = spotless(t)
	addSource(&r, hipaasmp.Period{From: day("2026-03-01"), To: day("2026-05-31")})
	require.Empty(t, found(r, today, inquiry.GapUnknownSystem), "a source that is in use no more is no gap of today")
	gap = one(t, r, day("2026-04-15"), inquiry.GapUnknownSystem)
	require.Equal(t, day("2026-03-01"), gap.Since)

	r, today = spotless(t)
	r.Incidents[0].Report.Systems = []string{"fax", "cloud", "fax"}
	gap = one(t, r, today, inquiry.GapUnknownSystem)
	require.Equal(t, `The inventory has no system "fax", of which review.incident/inc-1 speaks.`, gap.Missing)
	r.Incidents[0].Ending.Outcome, r.Incidents[0].Ending.NotIncident = nil, "Nothing was attempted."
	require.Empty(t, found(r, today, inquiry.GapUnknownSystem), "what was no incident says nothing about systems")
}

func TestOnlyIncidentsMakeAnAnalysisStale(t *testing.T) {
	t.Parallel()
	late := func(t *testing.T) inquiry.Records {
		r, _ := spotless(t)
		r.Incidents[0].Report.On, r.IncidentRecords[0].Report.On = day("2026-02-10"), day("2026-02-10")
		return r
	}
	r := late(t)
	gap := one(t, r, clinic.Today(), risk.GapStale)
	require.Equal(t, day("2026-02-10"), gap.Since)
	require.Equal(t, "The risk analysis approved on 2026-01-20 is stale (incident): security incident review.incident/inc-1.", gap.Missing)
	require.Empty(t, found(r, day("2026-02-09"), risk.GapStale))

	r.Incidents = nil
	one(t, r, clinic.Today(), risk.GapStale)

	r = late(t)
	r.Incidents[0].Ending.Outcome, r.Incidents[0].Ending.NotIncident = nil, "It was an exercise."
	require.Empty(t, found(r, clinic.Today(), risk.GapStale), "what was no incident")
	r = late(t)
	r.Incidents[0].Report.Success = review.SuccessAttempted
	require.Empty(t, found(r, clinic.Today(), risk.GapStale), "what came to nothing")
	r.Incidents[0].Report.Success = review.SuccessUnknown
	one(t, r, clinic.Today(), risk.GapStale)
}

func TestNothingIsDestroyedBeforeItsTime(t *testing.T) {
	t.Parallel()
	ref := hipaasmp.Ref{Kind: sanction.KindOutcome, ID: "old"}
	for _, c := range []struct {
		rule     string
		on, keep string
		says     string
	}{
		{"the day after the last", "2026-02-02", "2026-02-01", ""},
		{"the last day itself", "2026-02-01", "2026-02-01", "was destroyed on 2026-02-01; it had to be kept through 2026-02-01."},
		{"no clock was running", "2026-02-01", "", "was destroyed on 2026-02-01; the clock of its retention had not started."},
		{"no certificate", "", "2020-02-01", "is gone, and no certificate says since when; it had to be kept through 2020-02-01."},
		{"after the day that is asked of", "2026-07-21", "2030-01-01", ""},
	} {
		r, today := spotless(t)
		d := inquiry.Destroyed{Ref: ref}
		if c.on != "" {
			d.On = day(c.on)
		}
		if c.keep != "" {
			d.KeepThrough = day(c.keep)
		}
		r.Destroyed = []inquiry.Destroyed{d}
		gaps := found(r, today, inquiry.GapDestroyedEarly)
		if c.says == "" {
			require.Empty(t, gaps, c.rule)
			continue
		}
		require.Len(t, gaps, 1, c.rule)
		require.Equal(t, "The content of sanction.outcome/old "+c.says, gaps[0].Missing, c.rule)
		require.Equal(t, d.On, gaps[0].Since, c.rule)
	}
}

func TestNothingKeptIsAskedOnceAYearHasPassed(t *testing.T) {
	t.Parallel()
	r, _ := spotless(t)
	r.Reviews, r.Sessions, r.Attestations[0].Consulted = nil, nil, nil
	require.Empty(t, found(r, day("2026-10-01"), inquiry.GapNothingKept), "in effect since 2025-10-01")
	gap := one(t, r, day("2026-10-02"), inquiry.GapNothingKept)
	require.Equal(t, day("2026-01-15"), gap.Since)

	next := r.Procedures[0]
	next.ID, next.Effective.From = "pr-2", day("2026-09-01")
	r.Procedures[0].Effective.To = day("2026-08-31")
	r.Procedures = append(r.Procedures, next)
	gap = one(t, r, day("2026-10-02"), inquiry.GapNothingKept)
	require.Equal(t, []hipaasmp.Ref{next.DocumentRef()}, gap.Refs, "a new version does not make the duty young")

	whole, _ := spotless(t)
	r.Reviews = whole.Reviews[:1]
	require.Empty(t, found(r, day("2026-10-02"), inquiry.GapNothingKept), "one record is not nothing")
	r.Procedures = nil
	require.Empty(t, found(r, day("2026-10-02"), inquiry.GapNothingKept), "without a procedure that is the gap")
}

func TestWhatRecordsNameIsOnFile(t *testing.T) {
	t.Parallel()
	r, today := spotless(t)
	r.Items = nil
	gap := one(t, without1(r, "rm-1"), today, inquiry.GapNotOnFile)
	require.Equal(t, "remediation.item/rm-2 is not on file, and remediation.completion/rc-2 and remediation.plan/rp-1 name it.", gap.Missing)

	r, today = spotless(t)
	r.Analyses = r.Analyses[:1]
	gap = one(t, r, today, inquiry.GapNotOnFile)
	require.Equal(t, "risk.analysis/ra-2 is not on file, and remediation.acceptance/ac-1, remediation.completion/rc-2, remediation.item/rm-1 and 3 other documents name it.", gap.Missing)
	require.Len(t, gap.Refs, 7)

	policy := func(from string) inquiry.Records {
		r, _ := spotless(t)
		r.Policies[0].Replaces = &hipaasmp.Ref{Kind: sanction.KindPolicy, ID: "sp-0"}
		r.Policies[0].Effective.From = day(from)
		return r
	}
	require.Len(t, found(policy("2020-07-20"), today, inquiry.GapNotOnFile), 1, "six years ago to the day")
	require.Empty(t, found(policy("2020-07-19"), today, inquiry.GapNotOnFile), "what was named earlier may have been disposed of")

	r, today = spotless(t)
	r.Attestations[0].Consulted = []hipaasmp.Ref{{Kind: "vendor.scan", ID: "x"}, {Kind: review.KindRecord, ID: "rv-2026-01", Version: 1}}
	require.Empty(t, found(r, today, inquiry.GapNotOnFile), "of a kind that is not loaded nothing is known, and a version is one of its document")
	r.Attestations[0].Consulted = []hipaasmp.Ref{{Kind: review.KindRecord, ID: "rv-0"}}
	require.Empty(t, found(r, day("2026-07-12"), inquiry.GapNotOnFile), "before the day on which it was named")
	require.Len(t, found(r, day("2026-07-13"), inquiry.GapNotOnFile), 1)

	r, today = spotless(t)
	r.Decisions = []remediation.AddressableDecision{{Header: hipaasmp.NewHeader(remediation.KindAddressableDecision, "ad-1"), On: day("2026-02-01"),
		Deliberation: remediation.Deliberation{Assessment: &hipaasmp.Ref{Kind: risk.KindAnalysis, ID: "ra-9"}}}}
	r.Trainings = []sanction.Training{{Header: hipaasmp.NewHeader(sanction.KindTraining, "tr-1"), On: day("2026-02-01"), Case: &hipaasmp.Ref{Kind: sanction.KindCase, ID: "case-9"}}}
	require.Len(t, found(r, today, inquiry.GapNotOnFile), 2)
}

func TestWhatFollowedFromACaseIsOnFile(t *testing.T) {
	t.Parallel()
	ledTo := func(refs ...sanction.Consequence) (inquiry.Records, hipaasmp.Date) {
		r, today := spotless(t)
		k, o := *r.Cases[0].Closure, *r.Outcomes[0].Closure
		k.LedTo, o.LedTo = refs, refs
		r.Cases[0].Closure, r.Outcomes[0].Closure = &k, &o
		return r, today
	}
	whole, today := spotless(t)
	r, _ := ledTo(sanction.RiskFinding(whole.Analyses[1].DocumentRef(), whole.Analyses[1].Findings[0].ID), sanction.LedTo(whole.Items[0].DocumentRef()))
	require.Empty(t, found(r, today, inquiry.GapNotOnFile))
	r, _ = ledTo(sanction.RiskFinding(hipaasmp.Ref{Kind: risk.KindAnalysis, ID: "ra-9"}, "f-1"))
	gap := one(t, r, today, inquiry.GapNotOnFile)
	require.Equal(t, "risk.analysis/ra-9 is not on file, and sanction.case/case-1 and sanction.outcome/case-1 name it.", gap.Missing)
	require.Empty(t, found(r, day("2025-12-01"), inquiry.GapNotOnFile), "before the case was closed")

	r, _ = spotless(t)
	r.Cases[0].Dismissal = &sanction.Dismissal{Signature: r.Cases[0].Closure.Signature, Ground: sanction.GroundDuplicate, See: []hipaasmp.Ref{{Kind: sanction.KindCase, ID: "case-0"}}}
	require.Equal(t, "sanction.case/case-0 is not on file, and sanction.case/case-1 names it.", one(t, r, today, inquiry.GapNotOnFile).Missing)
}

func TestAnAttestationDoesNotOutweighTheViolationOfAReview(t *testing.T) {
	t.Parallel()
	r := unsanctioned(t)
	r.Attestations[0].Period.From = day("2026-01-03")
	require.NotContains(t, one(t, r, clinic.Today(), inquiry.GapIncidentWithoutCase).Missing, "sanction.attestation", "the exception was disposed of the day before")
	r.Attestations[0].Period.From = day("2026-01-02")
	gap := one(t, r, clinic.Today(), inquiry.GapIncidentWithoutCase)
	require.Contains(t, gap.Missing, "sanction.attestation/at-1 says that no violation came to notice on that day; the review shows one.")
	require.Contains(t, gap.Refs, r.Attestations[0].DocumentRef())
	require.Len(t, found(r, day("2026-07-12"), inquiry.GapIncidentWithoutCase), 1)
	require.NotContains(t, found(r, day("2026-07-12"), inquiry.GapIncidentWithoutCase)[0].Missing, "at-1", "the attestation was not made by then")
}

func without1(r inquiry.Records, item string) inquiry.Records {
	whole := r.Plans[0].Commitments[:0:0]
	for _, c := range r.Plans[0].Commitments {
		if c.Item != item {
			whole = append(whole, c)
		}
	}
	r.Plans[0].Commitments = whole
	return r
}

func TestAClosedMeasureHasARecordOfEachClosing(t *testing.T) {
	t.Parallel()
	r, today := spotless(t)
	r.Completions[0].Item.History = r.Completions[0].Item.History[:2]
	gap := one(t, r, today, inquiry.GapNotCompleted)
	require.Equal(t, "Item rm-2 was closed on 2026-03-13, and its final record is not on file.", gap.Missing)
	require.Equal(t, day("2026-03-13"), gap.Since)
	require.Empty(t, found(r, day("2026-03-12"), inquiry.GapNotCompleted))
	r.Items[1].State = remediation.StateVerified
	require.Empty(t, found(r, today, inquiry.GapNotCompleted), "a measure that is not closed has none yet")
}
