package inquiry_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/inquiry"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/review"
	"github.com/hipaasmp/hipaasmp/review/detect"
	"github.com/hipaasmp/hipaasmp/risk"
	"github.com/hipaasmp/hipaasmp/sanction"
)

// due lists the entries as "day identity", with "!" where overdue.
func due(a inquiry.Agenda) []string {
	var out []string
	for _, e := range a.Entries {
		s := e.Due.String() + " " + e.ID
		if e.Overdue {
			s += " !"
		}
		out = append(out, s)
	}
	return out
}

var always = []string{
	"2026-10-14 review/pr-1/2026-07-01",
	"2026-10-31 item/rm-1",
	"2026-12-10 policy/sp-1",
	"2026-12-31 acceptance/ac-1",
	"2027-01-14 review/pr-1/2026-10-01",
	"2027-01-20 analysis/ra-2",
	"2027-04-14 review/pr-1/2027-01-01",
	"2027-06-15 procedure/pr-1",
	"2027-06-30 attestation/sp-1",
	"2027-07-14 review/pr-1/2027-04-01",
}

func TestAgendaOfASpotlessClinic(t *testing.T) {
	t.Parallel()
	r, today := spotless(t)
	a := r.Agenda(today, inquiry.AgendaOptions{})
	require.Equal(t, today, a.AsOf)
	require.Equal(t, today.AddYears(1), a.Through)
	require.Equal(t, "lakeside", a.Entity)
	require.Equal(t, always, due(a))
	require.Empty(t, a.Overdue(), "of a spotless clinic nothing is overdue")
	for _, e := range a.Entries {
		require.True(t, e.Matter.IsValid(), e.ID)
		require.True(t, e.Citation.IsValid(), e.ID)
		require.True(t, hipaasmp.ValidText(e.What) && hipaasmp.ValidText(e.Basis), e.ID)
		require.NotEmpty(t, e.Refs, e.ID)
		require.Equal(t, today.DaysUntil(e.Due), e.Days)
		require.NotContains(t, e.What+e.Basis, "%!")
	}
	text, err := json.Marshal(a)
	require.NoError(t, err)
	var back inquiry.Agenda
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, a, back)

	near := r.Agenda(today, inquiry.AgendaOptions{Through: day("2026-12-09")})
	require.Equal(t, always[:2], due(near), "what lies beyond the last day is left out")
	require.Equal(t, inquiry.Agenda{Entity: "lakeside"}, r.Agenda(hipaasmp.Date{}, inquiry.AgendaOptions{}), "without a day nothing is due")
	require.Equal(t, today.AddYears(10), r.Agenda(today, inquiry.AgendaOptions{Through: today.AddYears(500)}).Through)
	var none inquiry.Records
	require.Empty(t, none.Agenda(today, inquiry.AgendaOptions{}).Entries)
}

// Each kind of thing comes onto the agenda when its record says so, and goes when something answers it.
func TestWhatFallsDueComesOntoTheAgenda(t *testing.T) {
	t.Parallel()
	inventory := func(r *inquiry.Records) *risk.Inventory { return &r.Analyses[1].Inventory }
	for name, c := range map[string]struct {
		change    func(*inquiry.Records)
		come, go_ []string
	}{
		"a measure that is late": {func(r *inquiry.Records) { r.Items[0].Due = day("2026-07-19") },
			[]string{"2026-07-19 item/rm-1 !"}, []string{"2026-10-31 item/rm-1"}},
		"a measure that is in place": {func(r *inquiry.Records) { r.Items[0].State = remediation.StateImplemented }, nil, []string{"2026-10-31 item/rm-1"}},
		"a measure of later":         {func(r *inquiry.Records) { r.Items[0].Created = day("2026-08-01") }, nil, []string{"2026-10-31 item/rm-1"}},
		"milestones": {func(r *inquiry.Records) {
			r.Items[0].Milestones = []remediation.Milestone{{ID: "m-1", Title: "One", Due: day("2026-07-01"), Done: day("2026-06-30")}, {ID: "m-2", Title: "Two", Due: day("2026-07-01")}, {ID: "m-3", Title: "Three", Due: day("2026-08-01"), Done: day("2026-07-30")}}
		}, []string{"2026-07-01 milestone/rm-1/m-2 !", "2026-08-01 milestone/rm-1/m-3"}, nil},
		"an acceptance that ended": {func(r *inquiry.Records) { r.Acceptances[0].Expires = day("2026-07-19") },
			[]string{"2026-07-19 acceptance/ac-1 !"}, []string{"2026-12-31 acceptance/ac-1"}},
		"one that ended, and another in force": {func(r *inquiry.Records) {
			old := r.Acceptances[0]
			old.ID, old.Expires = "ac-0", day("2026-07-01")
			r.Acceptances = append(r.Acceptances, old)
		}, nil, nil},
		"one that ended, and its finding is treated": {func(r *inquiry.Records) {
			r.Acceptances[0].Expires = day("2026-07-19")
			other := r.Items[0]
			other.ID, other.Finding.Finding, other.Due = "rm-9", r.Acceptances[0].Finding.Finding, day("2026-11-01")
			r.Items = append(r.Items, other)
		}, []string{"2026-11-01 item/rm-9"}, []string{"2026-12-31 acceptance/ac-1"}},
		"one that was taken back": {func(r *inquiry.Records) {
			r.Acceptances[0].Revocation = &remediation.Revocation{On: day("2026-05-01")}
		}, nil, []string{"2026-12-31 acceptance/ac-1"}},
		"one whose finding is gone": {func(r *inquiry.Records) {
			r.Acceptances[0].Expires = day("2026-07-19")
			r.Analyses[1].Findings = r.Analyses[1].Findings[2:]
		}, nil, []string{"2026-12-31 acceptance/ac-1"}},
		"agreements": {func(r *inquiry.Records) {
			assets := inventory(r).Assets
			assets[0].Vendor.Agreement.Expires = day("2026-07-19")
			assets[1].Vendor.Agreement.Expires = day("2026-12-01")
			assets[6].Vendor.Agreement.Expires, assets[6].Retired = day("2026-09-01"), day("2026-06-01")
			assets[1].Vendor.Subcontractors = []risk.Subcontractor{{ID: "sub", Name: "Cold store", Agreement: &risk.Agreement{Signed: day("2024-12-01"), Expires: day("2026-11-01")}}, {ID: "unknown", Name: "Another"}}
		}, []string{"2026-07-19 agreement/ehr !", "2026-12-01 agreement/cloud", "2026-11-01 agreement/cloud/sub"}, nil},
		"the inventory as it is now": {func(r *inquiry.Records) {
			now := *inventory(r)
			now.Assets = []risk.Asset{{ID: "new", Name: "New", Vendor: &risk.Vendor{Name: "Firm", Agreement: &risk.Agreement{Expires: day("2026-08-01")}}}}
			inventory(r).Assets[0].Vendor.Agreement.Expires = day("2026-12-01")
			r.Inventory = &now
		}, []string{"2026-08-01 agreement/new"}, nil},
		"an interval that is over":       {func(r *inquiry.Records) { r.Cadence.Months = 3 }, []string{"2026-04-20 analysis/ra-2 !"}, []string{"2027-01-20 analysis/ra-2"}},
		"the interval of the procedure":  {func(r *inquiry.Records) { r.Cadence = risk.Cadence{} }, nil, nil},
		"no interval":                    {func(r *inquiry.Records) { r.Cadence = risk.Cadence{}; r.RiskProcedures = nil }, nil, []string{"2027-01-20 analysis/ra-2"}},
		"a policy without an interval":   {func(r *inquiry.Records) { r.Policies[0].ReviewMonths, r.Policies[0].AttestMonths = 0, 0 }, nil, []string{"2026-12-10 policy/sp-1", "2027-06-30 attestation/sp-1"}},
		"a member who did not read it":   {func(r *inquiry.Records) { r.Acknowledgements = r.Acknowledgements[1:] }, []string{"2025-01-31 policy/sp-1/acknowledge/wf-100 !"}, nil},
		"members who were not trained":   {func(r *inquiry.Records) { r.Policies[0].TrainDays = 30; r.Entity.Workforce = r.Entity.Workforce[:1] }, []string{"2025-01-31 policy/sp-1/train/wf-100 !"}, nil},
		"a procedure that nobody looked": {func(r *inquiry.Records) { r.Procedures[0].Reviews = nil }, []string{"2026-09-20 procedure/pr-1"}, []string{"2027-06-15 procedure/pr-1"}},
		"a quarter that nobody reviewed": {func(r *inquiry.Records) { r.Reviews = r.Reviews[:2] }, []string{"2026-07-14 review/pr-1/2026-04-01 !"}, nil},
		"a quarter that is not late yet": {func(r *inquiry.Records) { r.Reviews = r.Reviews[:2]; r.Procedures[0].Cadence.GraceDays = 30 }, []string{"2026-07-14 review/pr-1/2026-04-01"}, nil},
		"a quarter that is done early": {func(r *inquiry.Records) {
			next := r.Reviews[2]
			next.ID, next.Period, next.Timeliness.Certified = "rv-next", hipaasmp.Period{From: day("2026-07-01"), To: day("2026-09-30")}, day("2026-07-19")
			r.Reviews = append(r.Reviews, next)
		}, nil, []string{"2026-10-14 review/pr-1/2026-07-01"}},
		"rounds that nobody held": {func(r *inquiry.Records) {
			r.Procedures[0].Rounds = []review.Round{{ID: "watch", Detectors: []detect.ID{detect.IDLogControl}, Cadence: review.Cadence{Unit: review.UnitWeek, Every: 1, DueDays: 2, Business: review.MondayToFriday(hipaasmp.Date{})}}}
			held := r.Reviews[2]
			held.ID, held.Round, held.Period, held.Timeliness.Certified = "rv-week", "watch", hipaasmp.Period{From: day("2026-07-06"), To: day("2026-07-12")}, day("2026-07-14")
			r.Reviews = append(r.Reviews, held)
		}, []string{"2026-07-07 review/pr-1/watch/2026-06-29 !", "2026-07-21 review/pr-1/watch/2026-07-13", "2026-07-28 review/pr-1/watch/2026-07-20"}, nil},
		"what a review left open": {func(r *inquiry.Records) {
			r.Reviews[2].OpenItems = []review.OpenItem{{ID: "clock", What: "Set the clock.", Owner: "wf-104", Since: day("2026-07-02"), Due: day("2026-07-19")},
				{ID: "alarm", What: "Set the alarm.", Owner: "wf-104", Since: day("2026-07-02")},
				{ID: "done", What: "Done.", Owner: "wf-104", Since: day("2026-07-02"), Due: day("2026-07-19"), Closed: &review.Closing{}}}
		}, []string{"2026-07-19 open-item/rv-2026-04/clock !"}, nil},
		"rules that end": {func(r *inquiry.Records) {
			rule := review.ExplanationRule{RuleTerms: review.RuleTerms{Detector: "R16", Valid: hipaasmp.Period{From: day("2026-05-01"), To: day("2026-12-31")}}, Approval: review.Approval{On: day("2026-05-02")}}
			rule.ID = "nights"
			gone, over, later := rule, rule, rule
			gone.ID, gone.Withdrawn = "gone", &review.Withdrawal{On: day("2026-06-01")}
			over.ID, over.Valid.To = "over", day("2026-07-01")
			later.ID, later.Approval.On = "later", day("2026-08-01")
			r.Rules = []review.ExplanationRule{rule, gone, over, later}
		}, []string{"2026-12-31 rule/nights"}, nil},
		"what a source drops": {func(r *inquiry.Records) {
			s := slices.Clone(r.Procedures[0].Sources)
			s[0].Archive = ""
			r.Procedures[0].Sources = s
		}, []string{"2026-09-29 fetch/trail/2026-07-01"}, nil},
		"an incident without an end": {func(r *inquiry.Records) { r.Incidents[0].Ending = nil }, []string{"2026-02-15 incident/inc-1 !"}, nil},
		"no attestation":             {func(r *inquiry.Records) { r.Attestations = nil }, []string{"2026-11-17 attestation/sp-1"}, []string{"2027-06-30 attestation/sp-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, today := spotless(t)
			c.change(&r)
			want := slices.DeleteFunc(append(slices.Clone(always), c.come...), func(s string) bool { return slices.Contains(c.go_, s) })
			require.ElementsMatch(t, want, due(r.Agenda(today, inquiry.AgendaOptions{})))
		})
	}
}

func TestOpenCasesAreOnTheAgenda(t *testing.T) {
	t.Parallel()
	r, today := spotless(t)
	r.Outcomes = nil
	c := &r.Cases[0]
	c.State, c.History, c.Proceeding = sanction.StateReported, nil, sanction.Proceeding{}
	a := r.Agenda(today, inquiry.AgendaOptions{})
	var steps int
	for _, e := range a.Entries {
		if e.Matter == inquiry.MatterCase {
			steps++
			require.True(t, e.Overdue, "the case of last November stands still")
			require.Equal(t, c.DocumentRef(), e.Refs[0])
		}
	}
	require.Positive(t, steps)
}

func TestDisposalsAreNoDuties(t *testing.T) {
	t.Parallel()
	r, today := spotless(t)
	term := func(through string) retention.Term {
		return retention.Term{Running: true, KeepThrough: day(through), FirstDisposal: day(through).AddDays(1)}
	}
	ref := func(id string) hipaasmp.Ref { return hipaasmp.Ref{Kind: risk.KindAnalysis, ID: id} }
	o := inquiry.AgendaOptions{Kept: []inquiry.Keeping{
		{Ref: ref("past"), Term: term("2026-01-31")}, {Ref: ref("soon"), Term: term("2026-12-31")}, {Ref: ref("far"), Term: term("2030-12-31")},
		{Ref: ref("held"), Term: term("2026-01-31"), Held: []string{"ocr-1"}}, {Ref: ref("in-effect")},
	}}
	a := r.Agenda(today, o)
	var got []string
	for _, e := range a.Entries {
		if e.Matter == inquiry.MatterDisposal {
			got = append(got, e.Due.String()+" "+e.ID)
			require.False(t, e.Overdue)
			if len(e.Held) > 0 {
				require.Equal(t, "risk.analysis/held is under hold and may not be disposed of", e.What)
				require.Contains(t, e.Basis, "Held for ocr-1;")
				continue
			}
			require.Contains(t, e.Basis, "That the date has passed destroys nothing.")
		}
	}
	require.Equal(t, []string{"2026-02-01 disposal/risk.analysis/held", "2026-02-01 disposal/risk.analysis/past", "2027-01-01 disposal/risk.analysis/soon"}, got)
	require.Empty(t, a.Overdue())

	// What was proposed says the step that is next.
	for state, want := range map[retention.State]string{
		retention.StateEligible: "Review the disposal of review.record/rv-2012", retention.StateInReview: "Approve the disposal of review.record/rv-2012, or keep it",
		retention.StateApproved: "Carry out the disposal of review.record/rv-2012",
	} {
		r.Dispositions = []retention.Disposition{disposal(state)}
		o := inquiry.AgendaOptions{Kept: []inquiry.Keeping{{Ref: hipaasmp.Ref{Kind: "review.record", ID: "rv-2012"}, Term: term("2026-01-31")}}}
		i := slices.IndexFunc(r.Agenda(today, o).Entries, func(e inquiry.AgendaEntry) bool { return e.Matter == inquiry.MatterDisposal })
		require.Equal(t, want, r.Agenda(today, o).Entries[i].What)
	}
	r.Dispositions = nil

	// Where the caller gives no terms, the six years of the rule count.
	a = r.Agenda(day("2031-06-01"), inquiry.AgendaOptions{Through: day("2033-12-31")})
	require.True(t, slices.ContainsFunc(a.Entries, func(e inquiry.AgendaEntry) bool { return e.ID == "disposal/risk.analysis/ra-1" }))
	o = inquiry.AgendaOptions{Through: day("2033-12-31"), Kept: []inquiry.Keeping{}}
	require.False(t, slices.ContainsFunc(r.Agenda(day("2031-06-01"), o).Entries, func(e inquiry.AgendaEntry) bool { return e.Matter == inquiry.MatterDisposal }))
}

func TestTheOrderOfTheRecordsChangesNoAgenda(t *testing.T) {
	t.Parallel()
	r, today := spotless(t)
	for i := range 3 {
		a := r.Acceptances[0]
		a.ID = fmt.Sprint("ac-", i+2)
		r.Acceptances = append(r.Acceptances, a)
	}
	want := r.Agenda(today, inquiry.AgendaOptions{})
	slices.Reverse(r.Items)
	slices.Reverse(r.Acceptances)
	slices.Reverse(r.Reviews)
	slices.Reverse(r.Analyses)
	slices.Reverse(r.Acknowledgements)
	slices.Reverse(r.Entity.Workforce)
	for range 5 {
		require.Equal(t, want, r.Agenda(today, inquiry.AgendaOptions{}))
	}
}

func TestMatterIsAnEnumeration(t *testing.T) {
	t.Parallel()
	for _, m := range inquiry.Matter("").Values() {
		text, err := m.MarshalText()
		require.NoError(t, err)
		var back inquiry.Matter
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, m, back)
	}
	var m inquiry.Matter
	require.Error(t, m.UnmarshalText([]byte("")))
	require.False(t, inquiry.Matter("party").IsValid())
	_, err := inquiry.Matter("party").MarshalText()
	require.Error(t, err)
}
