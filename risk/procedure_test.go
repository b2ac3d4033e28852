package risk_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk"
)

func TestProcedureIsARecordInEffectFromItsApproval(t *testing.T) {
	t.Parallel()
	p := procedure(t)
	require.NoError(t, p.Validate())
	roundTrip(t, p)
	require.Equal(t, "risk.procedure/ra-procedure-3", p.DocumentRef().String())
	require.Equal(t, hipaasmp.Period{From: day("2025-01-10")}, p.InEffect)
	require.Equal(t, hipaasmp.RetentionBasis{Class: hipaasmp.ClassDocumentation, Created: day("2025-01-10"), InEffect: []hipaasmp.Period{p.InEffect}}, p.RetentionBasis())
	require.Contains(t, p.Citations(), hipaasmp.CiteWrittenPolicies)
	require.Equal(t, risk.Cadence{Policy: "Risk analysis procedure, version 3"}, p.Cadence())
	_, ok := p.Cadence().Due(day("2025-01-10"))
	require.False(t, ok, "no interval is set, and the rule sets none")

	closed, err := p.Supersede(day("2026-04-30"))
	require.NoError(t, err)
	require.Equal(t, day("2026-04-30"), closed.RetentionBasis().InEffect[0].To)
	require.True(t, p.InEffect.Open(), "the value it was called on is as it was")
	_, err = closed.Supersede(day("2026-05-30"))
	requireFault(t, err, risk.FaultSuperseded, "/in_effect/to")
	_, err = p.Supersede(hipaasmp.Date{})
	requireFault(t, err, hipaasmp.FaultRequired, "/in_effect/to")
	_, err = p.Supersede(day("2025-01-09"))
	requireFault(t, err, hipaasmp.FaultOrder, "/in_effect/to")
}

func TestProcedureSharesNothingWithItsTerms(t *testing.T) {
	t.Parallel()
	own := terms()
	own.Document = &hipaasmp.Artifact{Name: "procedure.pdf", MediaType: "application/pdf", Size: 3, SHA256: hipaasmp.DigestOf([]byte("pdf")),
		Custody: []hipaasmp.Custody{{By: manager, At: began, Action: "filed"}}}
	p, err := own.Approve("p", manager, approved, chicago(t), may())
	require.NoError(t, err)
	own.Duties[0].Does, own.Document.Name, own.Document.Custody[0].Action = "x", "x", "x"
	require.Equal(t, "conducts the analysis", p.Duties[0].Does)
	require.Equal(t, "procedure.pdf", p.Document.Name)
	require.Equal(t, "filed", p.Document.Custody[0].Action)
}

func TestProcedureRefuses(t *testing.T) {
	t.Parallel()
	approve := func(edit func(*risk.Terms), by hipaasmp.Actor, at time.Time, zone *time.Location, may hipaasmp.Authority) error {
		own := terms()
		edit(&own)
		p, err := own.Approve("p", by, at, zone, may)
		require.Zero(t, p)
		return err
	}
	none := func(*risk.Terms) {}
	zone := chicago(t)
	requireFault(t, approve(func(t *risk.Terms) { t.Title = "" }, manager, approved, zone, may()), hipaasmp.FaultRequired, "/title")
	requireFault(t, approve(func(t *risk.Terms) { t.Months = -1 }, manager, approved, zone, may()), hipaasmp.FaultRange, "/months")
	requireFault(t, approve(func(t *risk.Terms) { t.Duties[1].Role = t.Duties[0].Role }, manager, approved, zone, may()), hipaasmp.FaultIdentity, "/duties/1/role")
	requireFault(t, approve(none, hipaasmp.Actor{ID: "cron", Role: hipaasmp.RoleSystem}, approved, zone, may()), hipaasmp.FaultAuthority, "/approved_by/role")
	requireFault(t, approve(none, manager, approved, nil, may()), hipaasmp.FaultZone, "/zone")
	requireFault(t, approve(none, manager, approved, time.Local, may()), hipaasmp.FaultZone, "/zone")
	requireFault(t, approve(none, manager, time.Time{}, zone, may()), hipaasmp.FaultFormat, "/approved_at")
	err := approve(none, analyst, approved, zone, may())
	requireFault(t, err, hipaasmp.FaultAuthority, "/approved_by")
	var refused *hipaasmp.AuthorityError
	require.True(t, errors.As(err, &refused))

	p := procedure(t)
	p.InEffect.From = day("2024-01-01")
	requireFault(t, p.Validate(), risk.FaultDay, "/in_effect/from")
	require.Error(t, risk.Procedure{}.Validate())
	_, err = risk.Terms{}.Approve("", hipaasmp.Actor{}, time.Time{}, nil, nil)
	require.Error(t, err)
	_, ok := risk.InForce(nil, day("2026-01-01"))
	require.False(t, ok)
}

func TestGeneratedProceduresRoundTripExactly(t *testing.T) {
	t.Parallel()
	zone := chicago(t)
	rapid.Check(t, func(rt *rapid.T) {
		own := risk.Terms{Title: anyText().Draw(rt, "title"), Version: "1", Months: rapid.IntRange(0, 120).Draw(rt, "months")}
		for _, p := range []*string{&own.Purpose, &own.Scope, &own.Management, &own.Occasions} {
			if rapid.Bool().Draw(rt, "said") {
				*p = anyText().Draw(rt, "text")
			}
		}
		if rapid.Bool().Draw(rt, "duties") {
			own.Duties = []risk.Duty{{Role: hipaasmp.RoleReviewer, Does: anyText().Draw(rt, "does")}}
		}
		p, err := own.Approve("p", manager, approved, zone, may())
		require.NoError(rt, err)
		roundTrip(rt, p)
	})
}
