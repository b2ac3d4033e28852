package sqlite

import (
	"sync"

	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// memo is what a backend remembers of what is committed and never changes: the numbers of tenants, kinds and forms. The edge
// of a tenant's newest head is kept with its size and root, and is good for no other.
type memo struct {
	mu    sync.Mutex
	ids   map[string]int64
	forms map[noteForm]int64
	texts map[int64]noteForm
	kinds map[kindKey]int64
	names map[int64]string
	edges map[string]knownEdge
}

type knownEdge struct {
	size  uint64
	root  [driver.HashSize]byte
	bytes []byte
}

// most bounds each part of a memo; one that is full begins again.
const most = 16 << 10

func keep[K comparable, V any](m *map[K]V, k K, v V) {
	if *m == nil || len(*m) >= most {
		*m = map[K]V{}
	}
	(*m)[k] = v
}

func (m *memo) remember(tenant string, id int64) {
	if id == 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	keep(&m.ids, tenant, id)
}

func (m *memo) known(tenant string) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.ids[tenant]
}

func (m *memo) learn(forms map[noteForm]int64) {
	if len(forms) == 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for text, number := range forms {
		keep(&m.forms, text, number)
		keep(&m.texts, number, text)
	}
}

func (m *memo) formOf(text noteForm) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.forms[text]
}

func (m *memo) textOf(number int64) (noteForm, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	text, ok := m.texts[number]
	return text, ok
}

func (m *memo) keepEdge(tenant string, e knownEdge) {
	m.mu.Lock()
	defer m.mu.Unlock()
	keep(&m.edges, tenant, e)
}

func (m *memo) edgeOf(tenant string) (knownEdge, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.edges[tenant]
	return e, ok
}

func (m *memo) learnKinds(kinds map[kindKey]int64) {
	if len(kinds) == 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for k, number := range kinds {
		keep(&m.kinds, k, number)
		keep(&m.names, number, k.name)
	}
}

func (m *memo) kindOf(k kindKey) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kinds[k]
}

func (m *memo) nameOf(number int64) (string, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	name, ok := m.names[number]
	return name, ok
}
