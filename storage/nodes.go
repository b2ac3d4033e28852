package storage

import (
	"sync"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// nodeCache remembers nodes high up in the trees, which every proof needs and which never change. It serves proofs only:
// whoever verifies a ledger reads what is stored. A proof over a node that was changed on disk since is a proof of what
// was there before; one over a changed node that was never read does not verify.
type nodeCache struct {
	mu      sync.Mutex
	tenants map[string]map[uint64]tlog.Hash
	count   int
	sizes   map[string]uint64
}

const (
	cachedLevel = 8       // a million entries have 7,812 nodes on this level and above
	cachedNodes = 1 << 17 // in all, about 12 MB
)

func (c *nodeCache) get(tenant string, id uint64) (tlog.Hash, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	h, ok := c.tenants[tenant][id]
	return h, ok
}

func (c *nodeCache) put(tenant string, id uint64, h tlog.Hash) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count >= cachedNodes || c.tenants == nil {
		c.tenants, c.count = map[string]map[uint64]tlog.Hash{}, 0
	}
	nodes := c.tenants[tenant]
	if nodes == nil {
		nodes = map[uint64]tlog.Hash{}
		c.tenants[tenant] = nodes
	}
	if _, ok := nodes[id]; !ok {
		c.count++
	}
	nodes[id] = h
}

// grown remembers how long a ledger is at least.
func (c *nodeCache) grown(tenant string, size uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sizes == nil || len(c.sizes) >= knownTenants {
		c.sizes = map[string]uint64{}
	}
	c.sizes[tenant] = max(c.sizes[tenant], size)
}

func (c *nodeCache) size(tenant string) uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sizes[tenant]
}

// nodeReader reads nodes for tlog's provers.
func (s *Store) nodeReader(tenant string, size uint64, r driver.Reader) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		var ids []uint64
		var places []int
		for i, n := range indexes {
			if h, ok := s.nodes.get(tenant, uint64(n)); ok {
				out[i] = h
				continue
			}
			ids, places = append(ids, uint64(n)), append(places, i)
		}
		if len(ids) == 0 {
			return out, nil
		}
		raw, err := r.Nodes(ids)
		if err != nil {
			return nil, err
		}
		for i, h := range raw {
			out[places[i]] = h
			// Every proof needs the right edge too.
			if level, n := tlog.SplitStoredHashIndex(int64(ids[i])); level >= cachedLevel || uint64(n+1)<<level > size>>cachedLevel<<cachedLevel {
				s.nodes.put(tenant, ids[i], h)
			}
		}
		return out, nil
	})
}
