package inquiry_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/inquiry"
	"github.com/hipaasmp/hipaasmp/internal/clinic"
	"github.com/hipaasmp/hipaasmp/internal/long"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
)

func answer(t *testing.T, r inquiry.Records, asOf hipaasmp.Date, id string) inquiry.Answer {
	t.Helper()
	for _, a := range r.Answer(asOf) {
		if a.ID == id {
			return a
		}
	}
	require.Fail(t, "no request", id)
	return inquiry.Answer{}
}

func TestNotesAreGrammatical(t *testing.T) {
	t.Parallel()
	r, today := spotless(t)
	for id, note := range map[string]string{
		"INQ-01": "",
		"INQ-03": "Approved on 2026-01-20 with 4 findings.",
		"INQ-04": "In effect 2025-02-03 to 2026-01-19.",
		"INQ-05": "Approved on 2026-01-26 with 3 commitments; the acceptable level of risk is low.",
		"INQ-06": "Completed: 1; under way: 1; planned: 0; accepted: 1.",
		"INQ-07": "In effect since 2025-01-01, with 4 acknowledgements.",
		"INQ-08": "1 final record of a case, 1 attestation of a period without a violation.",
		"INQ-09": "In effect since 2025-10-01, over 5 sources.",
		"INQ-10": "3 certified reviews on file, 2 about days of the period asked.",
		"INQ-12": "wf-101, since 2024-12-01.",
		"INQ-02": "Risk analysis, version 1, in effect since 2024-12-20.",
		"INQ-13": "3 versions of a policy or procedure, and 15 records of what was done.",
		"INQ-14": "The oldest is of 2024-12-15. Until when each is kept, and the proof that none was changed, are in the package.",
		"INQ-15": "4 acknowledgements and 0 trainings on a policy.",
		"INQ-16": "2 reviews of policies and procedures recorded in them.",
	} {
		require.Equal(t, note, answer(t, r, today, id).Note, id)
	}
	r.Acknowledgements = r.Acknowledgements[:1]
	r.Reviews, r.Asked = r.Reviews[2:], hipaasmp.Period{}
	r.Policies[0].Reviews = nil
	require.Equal(t, "In effect since 2025-01-01, with 1 acknowledgement.", answer(t, r, today, "INQ-07").Note)
	require.Equal(t, "1 certified review on file.", answer(t, r, today, "INQ-10").Note)
	require.Equal(t, "1 review of a policy or procedure recorded in them.", answer(t, r, today, "INQ-16").Note)
}

// What came about after the day is neither answer nor gap.
func TestTheLetterIsAnsweredForTheDay(t *testing.T) {
	t.Parallel()
	r, _ := spotless(t)
	empty := map[string]bool{}
	before := map[hipaasmp.Ref]bool{r.Entity.DocumentRef(): true}
	for _, f := range r.Finals() {
		before[f.DocumentRef()] = !f.RetentionBasis().Created.After(day("2025-12-01"))
	}
	for _, i := range r.Incidents {
		before[i.DocumentRef()] = true
	}
	for _, c := range r.Cases {
		before[c.DocumentRef()] = true
	}
	for _, a := range r.Answer(day("2025-12-01")) {
		for _, ref := range a.Refs {
			require.True(t, before[ref], "%s answers %s", ref, a.ID)
		}
		empty[a.ID] = len(a.Refs) == 0
	}
	require.True(t, empty["INQ-05"], "the plan is of January 2026")
	require.True(t, empty["INQ-10"])
	require.False(t, empty["INQ-03"], "the first analysis was in effect")
	require.Equal(t, []hipaasmp.Ref{{Kind: risk.KindAnalysis, ID: "ra-1"}}, answer(t, r, day("2025-12-01"), "INQ-04").Refs, "it explains why there is none before it")
	require.Equal(t, "None of these has a final record yet.", answer(t, r, day("2025-12-01"), "INQ-01").Note, "the case was closed on 2025-12-02")
	require.Equal(t, "No violation is on file; the attestations say that none came to notice.", answer(t, withoutViolations(t), clinic.Today(), "INQ-01").Note)
}

func withoutViolations(t *testing.T) inquiry.Records {
	r, _ := spotless(t)
	r.Cases, r.Outcomes, r.Incidents, r.IncidentRecords = nil, nil, nil, nil
	return r
}

func TestOpenAndClosedViolationsAreToldApart(t *testing.T) {
	t.Parallel()
	r, today := spotless(t)
	c := r.Cases[0]
	c.ID, c.Closure, c.Report.On = "case-2", nil, day("2026-07-19")
	r.Cases = append(r.Cases, c)
	a := answer(t, r, today, "INQ-01")
	require.Equal(t, "Of these 2 have a final record and 1 is open.", a.Note)
	require.Contains(t, a.Refs, c.DocumentRef())
}

func TestADraftIsNoAnalysis(t *testing.T) {
	t.Parallel()
	r, today := spotless(t)
	next, err := risk.CarryForward(r.Analyses[1], "ra-3-draft", hipaasmp.Actor{ID: "wf-101", Role: hipaasmp.RoleSecurityOfficial}, r.Analyses[1].Approval.At.AddDate(0, 5, 0))
	require.NoError(t, err)
	r.Drafts = append(r.Drafts, next)
	a := answer(t, r, today, "INQ-03")
	require.Equal(t, "Approved on 2026-01-20 with 4 findings. In work, and no analysis yet: risk.draft/ra-3-draft.", a.Note, "the drafts that became analyses are in work no more")
	r.Analyses = nil
	a = answer(t, r, today, "INQ-03")
	require.Equal(t, missing, a.Status)
	require.Equal(t, "In work, and no analysis yet: risk.draft/ra-1-draft, risk.draft/ra-2-draft and risk.draft/ra-3-draft.", a.Note)
}

func TestTheCallersOwnGapsTurnTheRequestAboutTheirCitation(t *testing.T) {
	t.Parallel()
	r, today := spotless(t)
	check := func(c hipaasmp.Citation) hipaasmp.GapCheck {
		return hipaasmp.GapCheck{Code: "ACME-01", Citation: c, Asks: "Is it there?", Find: func(hipaasmp.Date) []hipaasmp.Gap {
			return []hipaasmp.Gap{{Missing: "It is not there.", Closes: "Bring it."}}
		}}
	}
	status := map[string]inquiry.Status{}
	for _, a := range r.Answer(today, check(hipaasmp.CiteRiskAnalysis), check(hipaasmp.CiteTimeLimit), check(hipaasmp.CiteAuditControls)) {
		if a.Status != inquiry.StatusAnswered {
			require.Equal(t, hipaasmp.GapCode("ACME-01"), a.Gaps[0].Code)
			status[a.ID] = a.Status
		}
	}
	require.Equal(t, turns{"INQ-02": partly, "INQ-03": partly, "INQ-04": partly, "INQ-14": partly}, status, "every request about the citation, and none where none is about it")
}

func TestFinalsAreEverythingThatCanBeCited(t *testing.T) {
	t.Parallel()
	r, _ := spotless(t)
	r.Trainings = []sanction.Training{{Header: hipaasmp.NewHeader(sanction.KindTraining, "tr-1"), On: day("2026-02-01"), Policy: &hipaasmp.Ref{Kind: sanction.KindPolicy, ID: "sp-1"}}}
	have := map[hipaasmp.Kind]int{}
	for _, f := range r.Finals() {
		have[f.DocumentRef().Kind]++
	}
	require.Equal(t, map[hipaasmp.Kind]int{"hipaasmp.entity": 1, "risk.procedure": 1, "risk.analysis": 2, "remediation.plan": 1, "remediation.completion": 1, "remediation.acceptance": 1,
		"sanction.policy": 1, "sanction.outcome": 1, "sanction.acknowledgement": 4, "sanction.attestation": 1, "sanction.training": 1,
		"review.procedure": 1, "review.record": 3, "review.incident_record": 1}, have)
	require.Equal(t, "4 acknowledgements and 1 training on a policy.", answer(t, r, clinic.Today(), "INQ-15").Note)
	require.Empty(t, inquiry.Records{}.Finals())
}

func TestStatusRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	for _, s := range inquiry.Status("").Values() {
		text, err := s.MarshalText()
		require.NoError(t, err)
		var back inquiry.Status
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, s, back)
		require.True(t, s.IsValid())
	}
	for _, bad := range []string{"", "Answered", "yes"} {
		var s inquiry.Status
		require.Error(t, s.UnmarshalText([]byte(bad)))
		_, err := inquiry.Status(bad).MarshalText()
		require.Error(t, err)
		require.False(t, inquiry.Status(bad).IsValid())
	}
}

func TestAnAnswerIsReadBackFromJSON(t *testing.T) {
	t.Parallel()
	r, today := spotless(t)
	r.Plans = nil
	answers := r.Answer(today)
	data, err := json.Marshal(answers)
	require.NoError(t, err)
	require.NotContains(t, string(data), "null")
	var back []inquiry.Answer
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, answers, back)
}

// shuffle gives the records with every list in another order.
func shuffle(dice *rand.Rand, r inquiry.Records) inquiry.Records {
	r.RiskProcedures = mix(dice, r.RiskProcedures)
	r.Analyses, r.Drafts, r.Plans, r.Items = mix(dice, r.Analyses), mix(dice, r.Drafts), mix(dice, r.Plans), mix(dice, r.Items)
	r.Completions, r.Acceptances, r.Decisions = mix(dice, r.Completions), mix(dice, r.Acceptances), mix(dice, r.Decisions)
	r.Policies, r.Cases, r.Outcomes = mix(dice, r.Policies), mix(dice, r.Cases), mix(dice, r.Outcomes)
	r.Acknowledgements, r.Attestations = mix(dice, r.Acknowledgements), mix(dice, r.Attestations)
	r.Procedures, r.Sessions, r.Reviews = mix(dice, r.Procedures), mix(dice, r.Sessions), mix(dice, r.Reviews)
	r.Incidents, r.IncidentRecords = mix(dice, r.Incidents), mix(dice, r.IncidentRecords)
	r.Changes, r.Destroyed = mix(dice, r.Changes), mix(dice, r.Destroyed)
	return r
}

func mix[T any](dice *rand.Rand, list []T) []T {
	out := slices.Clone(list)
	dice.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// busy is a clinic in which much is missing, and of which several documents are alike.
func busy(t testing.TB) inquiry.Records {
	r, _ := spotless(t)
	twice := func(r *inquiry.Records) {
		p, q := r.Procedures[0], r.Procedures[0]
		p.ID, q.ID = "pr-0", "pr-2"
		q.Sources = slices.Clone(q.Sources)
		q.Sources[0].Archive = ""
		r.Procedures = append(r.Procedures, p, q)
		other := r.Policies[0]
		other.ID, other.Version = "sp-2", "2"
		r.Policies = append(r.Policies, other)
		open := r.Analyses[0]
		open.InEffect.To, open.SupersededBy = hipaasmp.Date{}, nil
		r.Analyses = append(r.Analyses, open) // an older version of the first analysis
		more := r.Items[0]
		more.ID, more.Due = "rm-3", day("2026-05-01")
		r.Items = append(r.Items, more)
		inc := r.Incidents[0]
		inc.ID, inc.Report.On, inc.Ending = "inc-2", day("2026-02-10"), nil
		r.Incidents = append(r.Incidents, inc)
	}
	twice(&r)
	r.Reviews = r.Reviews[:2]
	r.Acknowledgements = r.Acknowledgements[:2]
	r.Changes = []risk.Change{{Trigger: risk.TriggerLaw, On: day("2026-03-01"), What: "b"}, {Trigger: risk.TriggerLaw, On: day("2026-03-01"), What: "a"}, {Trigger: risk.TriggerVendor, What: "c"}}
	r.Destroyed = []inquiry.Destroyed{{Ref: hipaasmp.Ref{Kind: review.KindRecord, ID: "b"}}, {Ref: hipaasmp.Ref{Kind: review.KindRecord, ID: "a"}}}
	return r
}

func TestAnswersDoNotDependOnTheOrderOfTheLists(t *testing.T) {
	t.Parallel()
	r := busy(t)
	days := []hipaasmp.Date{{}, day("2025-12-01"), clinic.Today(), day("2032-02-29")}
	gaps, answers := make([][]hipaasmp.Gap, len(days)), make([][]inquiry.Answer, len(days))
	for i, d := range days {
		gaps[i], answers[i] = r.Gaps(d), r.Answer(d)
	}
	require.Greater(t, len(gaps[2]), 12)
	finals := r.Finals()
	for n := range long.Count(8, 150) {
		dice := rand.New(rand.NewPCG(1, uint64(n)))
		other, i := shuffle(dice, r), n%len(days)
		require.Equal(t, gaps[i], other.Gaps(days[i]))
		require.Equal(t, answers[i], other.Answer(days[i]))
		require.Equal(t, finals, other.Finals())
	}
}

// Whatever is taken away, on whatever day: what is not answered has a gap that says so, and it is among all the gaps.
func TestEveryRequestThatIsNotAnsweredHasItsGap(t *testing.T) {
	t.Parallel()
	whole := busy(t)
	for n := range long.Count(20, 400) {
		dice := rand.New(rand.NewPCG(2, uint64(n)))
		r := whole
		for _, d := range clinic.Documents(whole) {
			if dice.IntN(3) == 0 {
				r = remove(r, d.DocumentRef())
			}
		}
		asOf := day("2024-06-01").AddDays(dice.IntN(3000))
		gaps := r.Gaps(asOf)
		for _, g := range gaps {
			wellFormed(t, g, asOf)
		}
		for _, a := range r.Answer(asOf) {
			require.Equal(t, a.Status == inquiry.StatusMissing, len(a.Refs) == 0, a.ID)
			require.Equal(t, a.Status != inquiry.StatusAnswered, len(a.Gaps) > 0, a.ID)
			for _, g := range a.Gaps {
				require.Contains(t, gaps, g)
			}
		}
	}
}

func TestAskingChangesNothing(t *testing.T) {
	t.Parallel()
	r, same := busy(t), busy(t)
	r.Gaps(clinic.Today())
	r.Answer(clinic.Today())
	r.Finals()
	require.Equal(t, same, r)
}
