package storage

import (
	"slices"

	"github.com/hipaasmp/hipaasmp/retention"
)

// Schedule returns the retention rules of this store, for whoever has to explain or recompute a term.
func (s *Store) Schedule() retention.Schedule {
	out := s.opts.Schedule
	out.Overlays = slices.Clone(out.Overlays)
	if out.RawLog != nil {
		own := *out.RawLog
		out.RawLog = &own
	}
	return out
}
