package evidence

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
)

// KindRetention is the kind of [Retention].
const KindRetention hipaasmp.Kind = "evidence.retention"

// Retention is the file retention/rules.json of a package: the rules by which the terms in retention/records.jsonl were
// computed, and every hold. Who verifies the package computes all of it again from the ledger entries.
type Retention struct {
	hipaasmp.Header
	// AsOf is the civil day for which it is told.
	AsOf hipaasmp.Date `json:"as_of" validate:"required"`
	// Schedule holds the rules.
	Schedule retention.Schedule `json:"schedule"`
	// Holds are all holds in order of matter, the released ones too.
	Holds []retention.Hold `json:"holds,omitempty" validate:"dive"`
}

// Validate returns every fault of the file.
func (r Retention) Validate() error { return validate.Check(r, KindRetention, r.Schema, nil) }

// Kept says of one record until when it is kept: one line of retention/records.jsonl. The lines are in byte order of
// kind and identity; records whose content was destroyed are not among them.
type Kept struct {
	// Ref is the record with its newest version.
	Ref hipaasmp.Ref `json:"ref"`
	// Term is the answer of the schedule.
	Term retention.Term `json:"term"`
	// Floor is the longest that was ever written into the store for the record; nothing shortens it. It is the sender's
	// word: the ledger does not commit to it.
	Floor hipaasmp.Date `json:"floor,omitzero"`
	// Extended is the day through which the record was extended, where it was.
	Extended hipaasmp.Date `json:"extended,omitzero"`
	// Matters are the open holds that cover it.
	Matters []string `json:"matters,omitempty" validate:"dive,docid"`
}

// documentHistory is what is known of a document from its ledger entries: all versions, what became of the content of
// the newest, and the floor that the store keeps.
type documentHistory struct {
	versions []retention.Version
	disposed bool
	withheld bool
	floor    hipaasmp.Date
}

// replay collects from ledger entries, in their order, what retention and holds follow from.
type replay struct {
	documents  map[hipaasmp.Ref]*documentHistory
	holds      map[string]retention.Hold
	extensions map[hipaasmp.Ref]hipaasmp.Date
}

func newReplay() *replay {
	return &replay{documents: map[hipaasmp.Ref]*documentHistory{}, holds: map[string]retention.Hold{}, extensions: map[hipaasmp.Ref]hipaasmp.Date{}}
}

// entry takes the next entry. body is nil where the content is not at hand.
func (r *replay) entry(e storage.Envelope, state State, floor hipaasmp.Date, body []byte) error {
	ref := e.Ref().Newest()
	d := r.documents[ref]
	if d == nil {
		d = &documentHistory{}
		r.documents[ref] = d
	}
	if e.Version != uint64(len(d.versions))+1 {
		return fmt.Errorf("is version %d of %s where version %d is next", e.Version, ref, len(d.versions)+1)
	}
	d.versions = append(d.versions, retention.Version{Basis: e.Basis, Recorded: e.Recorded})
	d.disposed, d.withheld = state == StateDisposed, state == StateWithheld
	if floor.After(d.floor) {
		d.floor = floor
	}
	switch {
	case body == nil:
	case e.Op == storage.OpHoldPlaced || e.Op == storage.OpHoldReleased:
		h, err := hipaasmp.Decode[storage.HoldDocument](body)
		if err != nil {
			return fmt.Errorf("is no hold: %w", err)
		}
		r.holds[h.Hold.Matter] = h.Hold
	case e.Op == storage.OpRetentionExtended:
		x, err := hipaasmp.Decode[storage.Extension](body)
		if err != nil {
			return fmt.Errorf("is no extension: %w", err)
		}
		r.extensions[x.Ref.Newest()] = x.Through
	}
	return nil
}

// allHolds returns the holds in order of matter.
func (r *replay) allHolds() []retention.Hold {
	out := make([]retention.Hold, 0, len(r.holds))
	for _, h := range r.holds {
		out = append(out, h)
	}
	slices.SortFunc(out, func(a, b retention.Hold) int { return cmp.Compare(a.Matter, b.Matter) })
	return out
}

// records lists the records whose content exists, in byte order of kind and identity.
func (r *replay) records() []hipaasmp.Ref {
	refs := make([]hipaasmp.Ref, 0, len(r.documents))
	for ref, d := range r.documents {
		if !d.disposed && slices.ContainsFunc(d.versions, func(v retention.Version) bool { return v.Basis != nil }) {
			refs = append(refs, ref)
		}
	}
	slices.SortFunc(refs, compareRefs)
	return refs
}

func compareRefs(a, b hipaasmp.Ref) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}

// kept computes until when a record is kept. floor is the longest that was ever written into the store for it.
func (r *replay) kept(s retention.Schedule, ref hipaasmp.Ref, floor hipaasmp.Date, holds []retention.Hold) (Kept, error) {
	d := r.documents[ref]
	k := Kept{Ref: ref, Floor: floor, Extended: r.extensions[ref]}
	k.Ref.Version = uint64(len(d.versions))
	for _, h := range holds {
		if h.Open() && h.CoversVersions(ref, d.versions) {
			k.Matters = append(k.Matters, h.Matter)
		}
	}
	var err error
	if k.Term, err = d.term(s, floor, k.Extended); err != nil {
		return Kept{}, fmt.Errorf("evidence: retention of %s: %w", ref, err)
	}
	return k, nil
}

// term computes until when a document is kept, from its versions alone. What was once written as a floor, and an
// extension, only lengthen.
func (d *documentHistory) term(s retention.Schedule, floor, extended hipaasmp.Date) (retention.Term, error) {
	term, _, err := s.TermOf(d.versions)
	if err != nil {
		return retention.Term{}, err
	}
	why := "an earlier version or an earlier schedule; nothing shortens it"
	if extended.After(floor) {
		floor, why = extended, "an extension"
	}
	return term.NotBefore(floor, why), nil
}

// differs says in what two answers for one record differ, or "". The words of the trace and the warnings may differ
// between versions of this module; the dates and the rule may not.
func (k Kept) differs(other Kept) string {
	var what []string
	note := func(name string, same bool) {
		if !same {
			what = append(what, name)
		}
	}
	note("version", k.Ref == other.Ref)
	note("class", k.Term.Class == other.Term.Class)
	note("whether the clock runs", k.Term.Running == other.Term.Running)
	note("start", k.Term.Started == other.Term.Started)
	note("last day", k.Term.KeepThrough == other.Term.KeepThrough)
	note("first day of disposal", k.Term.FirstDisposal == other.Term.FirstDisposal)
	note("rule", k.Term.Rule == other.Term.Rule)
	note("extension", k.Extended == other.Extended)
	note("holds", slices.Equal(k.Matters, other.Matters))
	return strings.Join(what, ", ")
}
