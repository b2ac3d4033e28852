package storage

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// What a store remembers is bounded, however many tenants and nodes it meets, and what was forgotten is asked for again.
func TestWhatAStoreRemembersIsBounded(t *testing.T) {
	t.Parallel()
	s := &Store{known: map[string]trusted{}}
	var nodes nodeCache
	for i := range 2*knownTenants + 1 {
		tenant := fmt.Sprint("t", i)
		s.trust(tenant, driver.Head{Size: uint64(i)})
		require.Equal(t, uint64(i), s.known[tenant].size)
		nodes.grown(tenant, uint64(i))
		require.Equal(t, uint64(i), nodes.size(tenant))
	}
	require.LessOrEqual(t, len(s.known), knownTenants)
	require.LessOrEqual(t, len(nodes.sizes), knownTenants)
	for i := range uint64(2*cachedNodes + 1) {
		nodes.put("t", i, tlog.Hash{byte(i)})
		h, ok := nodes.get("t", i)
		require.True(t, ok)
		require.Equal(t, byte(i), h[0])
	}
	require.LessOrEqual(t, len(nodes.tenants["t"]), cachedNodes)
}
