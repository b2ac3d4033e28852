package oscal_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence/oscal"
)

func TestEveryCitationHasATokenThatLeadsBack(t *testing.T) {
	t.Parallel()
	allowed := regexp.MustCompile(`^[\pL_][\pL\pN.\-_]*$`)
	seen := map[string]bool{}
	for _, c := range hipaasmp.Citation("").Values() {
		token, ok := oscal.Token(c)
		require.Equal(t, !c.IsStatute(), ok, c)
		if !ok {
			continue
		}
		require.Regexp(t, allowed, token)
		require.False(t, seen[token], token)
		seen[token] = true
		back, err := oscal.ParseToken(token)
		require.NoError(t, err)
		require.Equal(t, c, back)
	}
	require.Greater(t, len(seen), 150)
}

func TestWhatIsNoTokenIsRefused(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "hipaa-", "hipaa-164", "164.308.a.1", "hipaa-164.308(a)(1)", "hipaa-164.308.a.99", "hipaa-164.308..a", "hipaa-164.308.a.1.ii.a", "hipaa-164.308.a.1.", "HIPAA-164.308.a.1"} {
		_, err := oscal.ParseToken(bad)
		require.Error(t, err, bad)
	}
	_, ok := oscal.Token("164.308(z)")
	require.False(t, ok)
}
