package validate_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

func TestMayAsksTheAuthorityAndKeepsItsAnswer(t *testing.T) {
	t.Parallel()
	ref := hipaasmp.Ref{Kind: "test.thing", ID: "t"}
	on := hipaasmp.Day(2026, 1, 1)
	who := hipaasmp.Actor{ID: "wf-1", Role: hipaasmp.RoleManagement}
	yes := func(hipaasmp.Actor, hipaasmp.Power, hipaasmp.Date) error { return nil }
	no := hipaasmp.Entity{}.Authority()

	var f validate.Faults
	require.NoError(t, f.Err(ref))
	f.May(yes, "/by", who, hipaasmp.PowerAcceptRisk, on)
	require.NoError(t, f.Err(ref))

	f.May(no, "/by", who, hipaasmp.PowerAcceptRisk, on)
	err := f.Err(ref)
	var refused *hipaasmp.AuthorityError
	require.True(t, errors.As(err, &refused))
	require.Equal(t, on, refused.On)
	var invalid *hipaasmp.ValidationError
	require.True(t, errors.As(err, &invalid))
	require.True(t, invalid.Has(hipaasmp.FaultAuthority))
	require.Equal(t, invalid.Error(), err.Error())

	for _, c := range []struct {
		may hipaasmp.Authority
		who hipaasmp.Actor
	}{{nil, who}, {yes, hipaasmp.Actor{ID: "cron", Role: hipaasmp.RoleSystem}}} {
		var f validate.Faults
		f.May(c.may, "/by", c.who, hipaasmp.PowerAcceptRisk, on)
		require.True(t, errors.As(f.Err(ref), &invalid))
		require.True(t, invalid.Has(hipaasmp.FaultAuthority))
	}
}
