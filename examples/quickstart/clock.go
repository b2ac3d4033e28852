package main

import (
	"sync"
	"time"
)

// storyClock is the store's clock on the sample's day. Each reading is a microsecond later than the one before, so the
// ledger's times run forward and two runs of one story give the same times.
type storyClock struct {
	mu sync.Mutex
	at time.Time
}

func (c *storyClock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

func (c *storyClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(time.Microsecond)
	return c.at
}
