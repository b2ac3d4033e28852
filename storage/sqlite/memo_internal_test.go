package sqlite

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// What a backend remembers is bounded, and what was forgotten is asked for again.
func TestWhatABackendRemembersIsBounded(t *testing.T) {
	t.Parallel()
	var m memo
	for i := range 2*most + 1 {
		tenant := fmt.Sprint("t", i)
		m.remember(tenant, int64(i+1))
		require.Equal(t, int64(i+1), m.known(tenant))
		k := kindKey{int64(i), "k"}
		m.learnKinds(map[kindKey]int64{k: int64(i + 1)})
		require.Equal(t, int64(i+1), m.kindOf(k))
		m.keepEdge(tenant, knownEdge{size: uint64(i)})
		e, ok := m.edgeOf(tenant)
		require.True(t, ok)
		require.Equal(t, uint64(i), e.size)
	}
	require.LessOrEqual(t, len(m.ids), most)
	require.LessOrEqual(t, len(m.kinds), most)
	require.LessOrEqual(t, len(m.names), most)
	require.LessOrEqual(t, len(m.edges), most)
}
