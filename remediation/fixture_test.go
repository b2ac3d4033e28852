package remediation_test

import (
	"errors"
	"fmt"
	"testing"
	"time"
	_ "time/tzdata" // so that no test depends on the machine's own time zone database

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/civil"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
)

// The people of the small clinic of these tests, by opaque identity.
var (
	manager  = hipaasmp.Actor{ID: "wf-001", Role: hipaasmp.RoleManagement}
	official = hipaasmp.Actor{ID: "wf-002", Role: hipaasmp.RoleSecurityOfficial}
	engineer = hipaasmp.Actor{ID: "wf-003", Role: hipaasmp.RoleSystemAdministrator}
)

var (
	scoredAt = time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	approved = time.Date(2026, 3, 20, 17, 0, 0, 0, time.UTC)
	proposed = time.Date(2026, 3, 24, 3, 30, 0, 0, time.UTC) // 23 March in Chicago
	day      = civil.Date
)

func chicago(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("America/Chicago")
	require.NoError(t, err)
	return zone
}

func may() hipaasmp.Authority {
	since := hipaasmp.Period{From: day("2020-01-01")}
	return hipaasmp.Entity{Appointments: []hipaasmp.Appointment{
		{Role: hipaasmp.RoleManagement, Member: "wf-001", Term: since},
		{Role: hipaasmp.RoleSecurityOfficial, Member: "wf-002", Term: since},
		{Role: hipaasmp.RoleReviewer, Member: "wf-003", Term: since},
	}}.Authority()
}

func score(t testing.TB, impact risk.Level, by hipaasmp.Actor, at time.Time) risk.Score {
	t.Helper()
	s, err := risk.NewScore(risk.SP80030(), risk.Judgment{Initiation: risk.LevelVeryHigh, Adverse: risk.LevelHigh, Impact: impact}, by, at)
	require.NoError(t, err)
	return s
}

// analysis has F-1 high, F-2 moderate, F-3 low and F-4 not assessed; the acceptable level is low.
func analysis(t testing.TB) risk.Analysis {
	t.Helper()
	content := risk.Assessment{
		Title: "Risk analysis 2026", Scope: "All ePHI of the clinic.",
		Inventory:       risk.Inventory{Assets: []risk.Asset{{ID: "ehr", Name: "EHR", Class: risk.AssetClassCloudApp, Handles: []risk.Handling{risk.HandlingMaintains}}}},
		Threats:         []risk.Threat{{ID: "t", Source: risk.ThreatSourceAdversarial, Event: "Phishing"}},
		Vulnerabilities: []risk.Vulnerability{{ID: "v", Title: "Password only", Severity: risk.LevelHigh}},
	}
	for n, impact := range []risk.Level{risk.LevelHigh, risk.LevelModerate, risk.LevelLow, risk.LevelNotAssessed} {
		id, s := fmt.Sprintf("F-%d", n+1), score(t, impact, official, scoredAt)
		content.Findings = append(content.Findings, risk.Finding{ID: id, Title: "Risk " + id, Assets: []string{"ehr"}, Threat: "t", Vulnerability: "v",
			NoSafeguards: true, Confidentiality: true, Current: &s})
	}
	draft, err := risk.NewDraft("draft-2026", content, official, scoredAt)
	require.NoError(t, err)
	a, err := draft.Approve("ra-2026", manager, official, approved, chicago(t), may(), risk.LevelLow, risk.First("The first."))
	require.NoError(t, err)
	return a
}

func finding(id string) remediation.FindingRef {
	return remediation.FindingRef{Analysis: hipaasmp.Ref{Kind: risk.KindAnalysis, ID: "ra-2026"}, Finding: id}
}

func proposal(id string) remediation.Proposal {
	cost := decimal.RequireFromString("1200.5")
	return remediation.Proposal{
		Finding: finding(id), Title: "Multi-factor log-in", Treatment: remediation.TreatmentMitigate,
		Specification: hipaasmp.CiteAuthentication, Owner: "wf-003", Due: day("2026-06-30"), CostUSD: &cost,
		Milestones: []remediation.Milestone{{ID: "pilot", Title: "Pilot", Due: day("2026-05-01"), SuccessCriteria: "Ten people log in with a second factor for a week."}},
	}
}

func item(t testing.TB, id, of string) remediation.Item {
	t.Helper()
	i, err := remediation.NewItem(id, proposal(of), official, proposed, chicago(t))
	require.NoError(t, err)
	return i
}

func evidence() hipaasmp.Artifact {
	return hipaasmp.Artifact{Name: "policy.png", MediaType: "image/png", Size: 3, SHA256: hipaasmp.DigestOf([]byte("png"))}
}

// hour returns the instant n hours after the proposal.
func hour(n int) time.Time { return proposed.Add(time.Duration(n) * time.Hour) }

// take takes one step on a healthy item, with everything that the step asks for.
func take(t testing.TB, i remediation.Item, event remediation.Event) (remediation.Item, error) {
	t.Helper()
	at := hour(len(i.History) + 1)
	switch event {
	case remediation.EventPlan:
		return i.Plan(official, at)
	case remediation.EventStart:
		return i.Start(engineer, at)
	case remediation.EventBlock:
		return i.Block(engineer, at, "Waiting for the vendor.")
	case remediation.EventUnblock:
		return i.Unblock(engineer, at)
	case remediation.EventImplement:
		return i.Implement(engineer, at, "Turned on for everybody.")
	case remediation.EventVerify:
		return i.Verify(official, at, chicago(t), may(), score(t, risk.LevelLow, official, at), evidence())
	case remediation.EventClose:
		next, _, err := i.Close("done-"+i.ID, official, at, chicago(t))
		return next, err
	case remediation.EventReopen:
		return i.Reopen(official, at, "It stopped working.")
	case remediation.EventCancel:
		return i.Cancel(official, at, "The system is going away.")
	}
	t.Fatalf("no step for %q", event)
	return i, nil
}

// after takes the steps one after the other.
func after(t testing.TB, i remediation.Item, events ...remediation.Event) remediation.Item {
	t.Helper()
	for _, e := range events {
		var err error
		i, err = take(t, i, e)
		require.NoError(t, err)
	}
	return i
}

// The way to each state.
var ways = map[remediation.State][]remediation.Event{
	remediation.StateProposed:    {},
	remediation.StatePlanned:     {remediation.EventPlan},
	remediation.StateInProgress:  {remediation.EventPlan, remediation.EventStart},
	remediation.StateBlocked:     {remediation.EventPlan, remediation.EventStart, remediation.EventBlock},
	remediation.StateImplemented: {remediation.EventPlan, remediation.EventStart, remediation.EventImplement},
	remediation.StateVerified:    {remediation.EventPlan, remediation.EventStart, remediation.EventImplement, remediation.EventVerify},
	remediation.StateClosed:      {remediation.EventPlan, remediation.EventStart, remediation.EventImplement, remediation.EventVerify, remediation.EventClose},
	remediation.StateCancelled:   {remediation.EventCancel},
}

// in returns an item in the state.
func in(t testing.TB, id, of string, state remediation.State) remediation.Item {
	t.Helper()
	i := after(t, item(t, id, of), ways[state]...)
	require.Equal(t, state, i.State)
	return i
}

// acceptance accepts the risk of a finding, rated with the impact, until the day.
func acceptance(t testing.TB, id, of string, impact risk.Level, expires string) remediation.Acceptance {
	t.Helper()
	a, err := remediation.NewAcceptance(id, finding(of), official, manager, proposed, chicago(t), may(),
		"The vendor replaces the system in the autumn.", score(t, impact, official, scoredAt), day(expires), "No new users until then.")
	require.NoError(t, err)
	return a
}

// faults returns what is wrong, nil where nothing is.
func faults(t testing.TB, err error) []hipaasmp.Fault {
	t.Helper()
	if err == nil {
		return nil
	}
	var invalid *hipaasmp.ValidationError
	require.True(t, errors.As(err, &invalid), "want a ValidationError, got %v", err)
	return invalid.Faults
}

// requireFault asks for a fault with the code at the pointer, and that it says what to do.
func requireFault(t testing.TB, err error, code hipaasmp.FaultCode, pointer string) hipaasmp.Fault {
	t.Helper()
	all := faults(t, err)
	for _, f := range all {
		if f.Code == code && f.Pointer == pointer {
			require.NotEmpty(t, f.Message)
			return f
		}
	}
	require.Failf(t, "fault missing", "want %s at %q among %v", code, pointer, all)
	return hipaasmp.Fault{}
}

// provoked is a document with one thing wrong, and the fault that has to say so.
type provoked[T any] struct {
	rule    string
	edit    func(*T)
	code    hipaasmp.FaultCode
	pointer string
}

// requireProvoked runs the table on fresh documents.
func requireProvoked[T hipaasmp.Document](t *testing.T, fresh func(testing.TB) T, table []provoked[T]) {
	t.Helper()
	require.NoError(t, fresh(t).Validate())
	for _, c := range table {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			doc := fresh(t)
			c.edit(&doc)
			requireFault(t, doc.Validate(), c.code, c.pointer)
		})
	}
}
