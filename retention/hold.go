package retention

import (
	"slices"
	"strings"
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
	// Refs are the records held, without version; every version of each is held. Empty together with Kinds and Query
	// means every record of the tenant.
	Refs []hipaasmp.Ref `json:"refs,omitempty" validate:"dive"`
	// Kinds holds every record of these kinds, those written later included.
	Kinds []hipaasmp.Kind `json:"kinds,omitempty" validate:"dive,kind"`
	// Query holds every record that it finds, those written later included.
	Query *HoldQuery `json:"query,omitempty"`
	// PlacedBy and PlacedAt say who placed it and when.
	PlacedBy hipaasmp.Actor `json:"placed_by"`
	PlacedAt time.Time      `json:"placed_at" validate:"instant"`
	// ReleasedBy and ReleasedAt say who released it and when; absent while the hold is open.
	ReleasedBy hipaasmp.Actor `json:"released_by,omitzero" validate:"omitempty"`
	ReleasedAt time.Time      `json:"released_at,omitzero" validate:"omitempty,instant"`
}

// Open reports whether the hold has not been released.
func (h Hold) Open() bool { return h.ReleasedAt.IsZero() }

// HoldQuery finds records by what the ledger knows of them. Every member that is given must agree; a record is found if
// one of its versions agrees in all of them. At least one is given.
type HoldQuery struct {
	// Kinds are the kinds to look at; empty means all.
	Kinds []hipaasmp.Kind `json:"kinds,omitempty" validate:"dive,kind"`
	// IDPrefix is how the identity begins.
	IDPrefix string `json:"id_prefix,omitempty" validate:"omitempty,docid"`
	// RecordedFrom and RecordedThrough are the first and the last day on which the version was written, counted so that
	// a version is found if it was that day anywhere.
	RecordedFrom    hipaasmp.Date `json:"recorded_from,omitzero"`
	RecordedThrough hipaasmp.Date `json:"recorded_through,omitzero"`
	// CreatedFrom and CreatedThrough are the first and the last day of the record's creation. A version that is no record
	// has none and is not found by them.
	CreatedFrom    hipaasmp.Date `json:"created_from,omitzero"`
	CreatedThrough hipaasmp.Date `json:"created_through,omitzero"`
}

// IsZero reports whether nothing is asked.
func (q HoldQuery) IsZero() bool {
	return len(q.Kinds) == 0 && q.IDPrefix == "" && q.RecordedFrom.IsZero() && q.RecordedThrough.IsZero() && q.CreatedFrom.IsZero() && q.CreatedThrough.IsZero()
}

// names reports whether kind and identity of a record agree with what is asked.
func (q HoldQuery) names(ref hipaasmp.Ref) bool {
	return (len(q.Kinds) == 0 || slices.Contains(q.Kinds, ref.Kind)) && strings.HasPrefix(ref.ID, q.IDPrefix)
}

// finds reports whether one version of a record agrees with everything that is asked.
func (q HoldQuery) finds(ref hipaasmp.Ref, v Version) bool {
	within := func(first, last, from, through hipaasmp.Date) bool {
		return (from.IsZero() || !last.Before(from)) && (through.IsZero() || !first.After(through))
	}
	switch {
	case !q.names(ref):
		return false
	case !within(hipaasmp.DateOf(v.Recorded, earliestZone), hipaasmp.DateOf(v.Recorded, latestZone), q.RecordedFrom, q.RecordedThrough):
		return false
	case q.CreatedFrom.IsZero() && q.CreatedThrough.IsZero():
		return true
	}
	return v.Basis != nil && within(v.Basis.Created, v.Basis.Created, q.CreatedFrom, q.CreatedThrough)
}

// earliestZone is where a day begins last: the date there is the earliest that an instant can have anywhere.
var earliestZone = time.FixedZone("UTC-12", -12*60*60)

// Covers reports whether the hold names the record, open or not. What its Query finds is told by CoversVersions.
func (h Hold) Covers(ref hipaasmp.Ref) bool {
	if len(h.Refs) == 0 && len(h.Kinds) == 0 {
		return h.Query == nil
	}
	return slices.Contains(h.Kinds, ref.Kind) || slices.ContainsFunc(h.Refs, func(r hipaasmp.Ref) bool { return r.Newest() == ref.Newest() })
}

// CoversVersions reports whether the hold names the record or finds one of its versions, open or not.
func (h Hold) CoversVersions(ref hipaasmp.Ref, versions []Version) bool {
	return h.Covers(ref) || h.Query != nil && slices.ContainsFunc(versions, func(v Version) bool { return h.Query.finds(ref, v) })
}

// MayCover reports whether the hold names the record or, as far as its kind and identity tell, may find it by its Query.
// Without the record's versions the days that a Query asks about are unknown, and what is unknown counts as found.
func (h Hold) MayCover(ref hipaasmp.Ref) bool {
	return h.Covers(ref) || h.Query != nil && h.Query.names(ref)
}

// OpenFor reports whether the hold is open and may cover the record; see [Hold.MayCover].
func (h Hold) OpenFor(ref hipaasmp.Ref) bool { return h.Open() && h.MayCover(ref) }
