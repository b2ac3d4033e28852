package remediation_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/remediation"
	"github.com/hipaasmp/hipaasmp/risk"
)

// june is 10 in the morning of 15 June in Chicago.
var june = time.Date(2026, 6, 15, 15, 0, 0, 0, time.UTC)

func revoked(t testing.TB, id string) remediation.Acceptance {
	t.Helper()
	a, err := acceptance(t, id, "F-2", risk.LevelModerate, "2026-10-31").Revoke(manager, june, chicago(t), may(), "The vendor gave the replacement up.")
	require.NoError(t, err)
	return a
}

func TestRevocationReopensTheRisk(t *testing.T) {
	t.Parallel()
	a, r := acceptance(t, "acc-1", "F-2", risk.LevelModerate, "2026-10-31"), revoked(t, "acc-1")
	require.Nil(t, a.Revocation, "the value it was called on is as it was")
	require.Equal(t, manager, r.Revocation.By)
	require.True(t, r.InForce(day("2026-06-14")))
	require.False(t, r.InForce(day("2026-06-15")))
	require.Equal(t, hipaasmp.Period{From: day("2026-03-23"), To: day("2026-06-15")}, r.RetentionBasis().InEffect[0])
	require.Equal(t, hipaasmp.Period{From: day("2026-03-23"), To: day("2026-10-31")}, a.RetentionBasis().InEffect[0])
	roundTrip(t, r)

	in := whole(t)
	for _, both := range [][]remediation.Acceptance{{r}, {a, r}, {r, a}} { // the version before stays on record
		in.Acceptances = both
		require.Empty(t, found(in, "2026-06-14", remediation.GapAcceptanceExpired))
		gap := one(t, in, "2026-06-15", remediation.GapAcceptanceExpired)
		require.Equal(t, "The acceptance acc-1 of finding F-2 was revoked on 2026-06-15, and nothing treats the finding.", gap.Missing)
		require.Equal(t, day("2026-06-15"), gap.Since)
		require.Equal(t, []string{"acc-1: accepted 2026-03-23 to 2026-10-31, revoked on 2026-06-15"}, gap.Counted)
		_, err := remediation.BuildPlan("p", analysis(t), in.Items, both, manager, june, chicago(t), may())
		require.Contains(t, requireFault(t, err, remediation.FaultUntreated, "/findings/1").Message, "its acceptance was revoked on 2026-06-15")
	}
	in.Items = append(in.Items, item(t, "item-2", "F-2"))
	require.Empty(t, found(in, "2026-06-15", remediation.GapAcceptanceExpired), "treated otherwise")
}

func TestRevokeRefuses(t *testing.T) {
	t.Parallel()
	zone := chicago(t)
	a := acceptance(t, "acc-1", "F-2", risk.LevelModerate, "2026-10-31")
	all := func(hipaasmp.Actor, hipaasmp.Power, hipaasmp.Date) error { return nil }
	for _, c := range []struct {
		rule    string
		revoke  func() (remediation.Acceptance, error)
		code    hipaasmp.FaultCode
		pointer string
	}{
		{"without a reason", func() (remediation.Acceptance, error) { return a.Revoke(manager, june, zone, may(), "") }, hipaasmp.FaultRequired, "/revocation/why"},
		{"without authority", func() (remediation.Acceptance, error) { return a.Revoke(engineer, june, zone, may(), "w") }, hipaasmp.FaultAuthority, "/revocation/by"},
		{"nobody to ask", func() (remediation.Acceptance, error) { return a.Revoke(manager, june, zone, nil, "w") }, hipaasmp.FaultAuthority, "/revocation/by"},
		{"a program", func() (remediation.Acceptance, error) {
			return a.Revoke(hipaasmp.Actor{ID: "cron", Role: hipaasmp.RoleSystem}, june, zone, all, "w")
		}, hipaasmp.FaultAuthority, "/revocation/by"},
		{"nobody", func() (remediation.Acceptance, error) { return a.Revoke(hipaasmp.Actor{}, june, zone, all, "w") }, hipaasmp.FaultRequired, "/revocation/by/id"},
		{"before it was approved", func() (remediation.Acceptance, error) { return a.Revoke(manager, hour(-1), zone, may(), "w") }, hipaasmp.FaultOrder, "/revocation/at"},
		{"after it expired", func() (remediation.Acceptance, error) {
			return a.Revoke(manager, june.AddDate(1, 0, 0), zone, may(), "w")
		}, hipaasmp.FaultOrder, "/revocation/on"},
		{"twice", func() (remediation.Acceptance, error) {
			return revoked(t, "acc-1").Revoke(manager, june, zone, may(), "w")
		}, hipaasmp.FaultHistory, "/revocation"},
		{"in another zone", func() (remediation.Acceptance, error) { return a.Revoke(manager, june, time.UTC, may(), "w") }, hipaasmp.FaultZone, "/zone"},
		{"in no zone", func() (remediation.Acceptance, error) { return a.Revoke(manager, june, nil, may(), "w") }, hipaasmp.FaultZone, "/zone"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			got, err := c.revoke()
			requireFault(t, err, c.code, c.pointer)
			if c.rule != "twice" {
				require.Equal(t, a, got, "nothing changed")
			}
		})
	}
	requireProvoked(t, func(t testing.TB) remediation.Acceptance { return revoked(t, "acc-1") }, []provoked[remediation.Acceptance]{
		{"a day of another month", func(a *remediation.Acceptance) { a.Revocation.On = day("2026-07-15") }, remediation.FaultDay, "/revocation/on"},
		{"no day", func(a *remediation.Acceptance) { a.Revocation.On = hipaasmp.Date{} }, hipaasmp.FaultRequired, "/revocation/on"},
	})
}

func TestStandingOfAnAcceptance(t *testing.T) {
	t.Parallel()
	a := acceptance(t, "acc-1", "F-2", risk.LevelModerate, "2026-10-31")
	same, higher, lower := score(t, risk.LevelModerate, engineer, june), score(t, risk.LevelHigh, official, june), score(t, risk.LevelLow, official, june)
	likelier, err := risk.NewScore(risk.SP80030(), risk.Judgment{Initiation: risk.LevelHigh, Adverse: risk.LevelHigh, Impact: risk.LevelModerate}, official, june)
	require.NoError(t, err)
	require.Equal(t, same.Level, likelier.Level)
	other := same
	other.Scale = risk.ThreeLevel().Ref()
	for rule, c := range map[string]struct {
		left *risk.Score
		on   string
		want remediation.AcceptanceStanding
	}{
		"the day before":                     {&same, "2026-03-22", remediation.AcceptanceStandingNotYet},
		"its first day, rated by another":    {&same, "2026-03-23", remediation.AcceptanceStandingInForce},
		"its last day":                       {&same, "2026-10-31", remediation.AcceptanceStandingInForce},
		"the day after":                      {&same, "2026-11-01", remediation.AcceptanceStandingExpired},
		"the risk has grown":                 {&higher, "2026-06-15", remediation.AcceptanceStandingStale},
		"the risk has shrunk":                {&lower, "2026-06-15", remediation.AcceptanceStandingStale},
		"another likelihood, the same level": {&likelier, "2026-06-15", remediation.AcceptanceStandingStale},
		"another scale":                      {&other, "2026-06-15", remediation.AcceptanceStandingStale},
		"nobody knows the risk":              {nil, "2026-06-15", remediation.AcceptanceStandingStale},
	} {
		require.Equal(t, c.want, a.Standing(c.left, day(c.on)), rule)
	}
	r := revoked(t, "acc-1")
	require.Equal(t, remediation.AcceptanceStandingInForce, r.Standing(&same, day("2026-06-14")))
	require.Equal(t, remediation.AcceptanceStandingRevoked, r.Standing(&same, day("2026-06-15")))
	require.Equal(t, remediation.AcceptanceStandingRevoked, r.Standing(&same, day("2027-06-15")))
}

// An acceptance of what a measure left covers exactly that; the regression of the measure makes it stale.
func TestAcceptanceOfWhatAMeasureLeft(t *testing.T) {
	t.Parallel()
	zone := chicago(t)
	i := in(t, "item-1", "F-1", remediation.StateImplemented)
	left := score(t, risk.LevelModerate, official, hour(4))
	i, err := i.Verify(official, hour(5), zone, may(), left, evidence())
	require.NoError(t, err)
	accepted, err := remediation.NewAcceptance("acc-1", finding("F-1"), official, manager, hour(6), zone, may(), "What is left is rare.", left, day("2026-12-31"))
	require.NoError(t, err)
	second := acceptance(t, "acc-2", "F-2", risk.LevelModerate, "2026-12-31")
	p, err := build(t, []remediation.Item{i}, []remediation.Acceptance{accepted, second})
	require.NoError(t, err, "the analysis still says high, but what is left is moderate and accepted")
	require.Len(t, p.Commitments, 3)

	// It stopped working: the item is open again and treats the finding; cancelled, nothing does, and the acceptance is stale.
	again, err := i.Reopen(official, hour(7), "It stopped working.")
	require.NoError(t, err)
	off, err := again.Cancel(official, hour(8), "It cannot be repaired.")
	require.NoError(t, err)
	_, err = build(t, []remediation.Item{off}, []remediation.Acceptance{accepted, second})
	require.Contains(t, requireFault(t, err, remediation.FaultUntreated, "/findings/0").Message, "its acceptance covers a risk that was moderate")
}
