package retention

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Hold stops the disposal of records for one matter: litigation, an investigation under 45 CFR 160.310, an audit.
// Records may be under many holds; each is released by itself, and a released hold stays on file.
type Hold struct {
	// Matter names the case; it is the identity of the hold within a tenant.
	Matter string `json:"matter" validate:"required,docid"`
	// Reason says why, without personal data.
	Reason string `json:"reason" validate:"required,text"`
	// Refs are the records held, without version; every version of each is held. Empty together with Kinds empty means
	// every record of the tenant.
	Refs []hipaasmp.Ref `json:"refs,omitempty" validate:"dive"`
	// Kinds holds every record of these kinds, those written later included.
	Kinds []hipaasmp.Kind `json:"kinds,omitempty" validate:"dive,kind"`
	// PlacedBy and PlacedAt say who placed it and when.
	PlacedBy hipaasmp.Actor `json:"placed_by"`
	PlacedAt time.Time      `json:"placed_at" validate:"instant"`
	// ReleasedBy and ReleasedAt say who released it and when; absent while the hold is open.
	ReleasedBy hipaasmp.Actor `json:"released_by,omitzero" validate:"omitempty"`
	ReleasedAt time.Time      `json:"released_at,omitzero" validate:"omitempty,instant"`
}

// Open reports whether the hold has not been released.
func (h Hold) Open() bool { return h.ReleasedAt.IsZero() }

// Covers reports whether the hold speaks of the record, open or not.
func (h Hold) Covers(ref hipaasmp.Ref) bool {
	if len(h.Refs) == 0 && len(h.Kinds) == 0 {
		return true
	}
	return slices.Contains(h.Kinds, ref.Kind) || slices.ContainsFunc(h.Refs, func(r hipaasmp.Ref) bool { return r.Newest() == ref.Newest() })
}

// OpenFor reports whether the hold is open and covers the record.
func (h Hold) OpenFor(ref hipaasmp.Ref) bool { return h.Open() && h.Covers(ref) }
