package risk

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/canon"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// CarryState is what became of a finding that was carried forward.
type CarryState string

const (
	// CarryStateUnconfirmed: nobody looked at it again yet.
	CarryStateUnconfirmed CarryState = "unconfirmed"
	// CarryStateConfirmed: somebody looked, and it still holds as it was.
	CarryStateConfirmed CarryState = "confirmed"
	// CarryStateRescored: it was scored again.
	CarryStateRescored CarryState = "rescored"
	// CarryStateRemoved: it no longer exists, for the reason given.
	CarryStateRemoved CarryState = "removed"
)

// Values returns the members of the enumeration.
func (CarryState) Values() []CarryState {
	return []CarryState{CarryStateUnconfirmed, CarryStateConfirmed, CarryStateRescored, CarryStateRemoved}
}

// IsValid reports whether s is a member.
func (s CarryState) IsValid() bool {
	_, err := hipaasmp.ParseEnum("risk.CarryState", []byte(s), s.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (s CarryState) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("risk.CarryState", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *CarryState) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("risk.CarryState", text, s.Values())
	return err
}

// Carried says what became of one finding of the analysis before.
type Carried struct {
	// Finding is the identity of the finding.
	Finding string `json:"finding" validate:"required,docid"`
	// Digest is the digest of the finding as it was carried, canonical JSON. A confirmed finding still has it.
	Digest hipaasmp.Digest `json:"digest" validate:"digest"`
	// State is what became of it.
	State CarryState `json:"state" validate:"enum"`
	// By is who looked at it again; absent while unconfirmed.
	By *hipaasmp.Actor `json:"by,omitempty"`
	// At is when; absent while unconfirmed.
	At time.Time `json:"at,omitzero" validate:"omitempty,instant"`
	// Reason says why it was removed; absent otherwise.
	Reason string `json:"reason,omitempty" validate:"omitempty,text"`
}

func (c Carried) clone() Carried {
	c.By = clonePointer(c.By)
	return c
}

// CarryForward begins a draft from the last analysis. Every finding comes along unconfirmed, and [Draft.Approve]
// refuses while one is: call [Draft.Confirm], [Draft.Rescore] or [Draft.Remove] for each. New findings are added to
// Findings as in any draft. The error is a [*hipaasmp.ValidationError], also where last itself does not validate.
func CarryForward(last Analysis, id string, by hipaasmp.Actor, at time.Time) (Draft, error) {
	if err := last.Validate(); err != nil {
		return Draft{}, err
	}
	ref := last.DocumentRef()
	d := Draft{
		Header: hipaasmp.NewHeader(KindDraft, id), Assessment: last.Assessment.clone(),
		CreatedBy: by, CreatedAt: hipaasmp.Instant(at), Predecessor: &ref,
	}
	for _, x := range d.Findings {
		d.Carried = append(d.Carried, Carried{Finding: x.ID, Digest: digestOf(x), State: CarryStateUnconfirmed})
	}
	if err := d.Validate(); err != nil {
		return Draft{}, err
	}
	if d.CreatedAt.Before(last.Approval.At) {
		return Draft{}, hipaasmp.Invalid(d.DocumentRef(), []hipaasmp.Fault{{Code: hipaasmp.FaultOrder, Pointer: "/created_at",
			Message: "is before the approval of the analysis that is carried forward; history runs forward"}})
	}
	return d, nil
}

// Unconfirmed lists the identities of the carried findings at which nobody looked again.
func (d Draft) Unconfirmed() []string {
	var out []string
	for _, c := range d.Carried {
		if c.State == CarryStateUnconfirmed {
			out = append(out, c.Finding)
		}
	}
	return out
}

// Confirm records that somebody looked at a carried finding and that it still holds as it was. A finding that was
// edited since is refused: re-score it.
func (d Draft) Confirm(finding string, by hipaasmp.Actor, at time.Time) (Draft, error) {
	return d.settle(finding, Carried{State: CarryStateConfirmed, By: &by, At: at}, func(*Draft, int) {})
}

// Rescore replaces a carried finding by one of the same identity that was looked at and scored again. Its current
// score must be from this draft, so not before CreatedAt.
func (d Draft) Rescore(finding Finding, by hipaasmp.Actor, at time.Time) (Draft, error) {
	return d.settle(finding.ID, Carried{State: CarryStateRescored, By: &by, At: at}, func(next *Draft, i int) {
		next.Findings[i] = finding.clone()
	})
}

// Remove takes a carried finding out and records why it no longer exists.
func (d Draft) Remove(finding, reason string, by hipaasmp.Actor, at time.Time) (Draft, error) {
	return d.settle(finding, Carried{State: CarryStateRemoved, By: &by, At: at, Reason: reason}, func(next *Draft, i int) {
		next.Findings = slices.Delete(next.Findings, i, i+1)
	})
}

// settle sets what became of a carried finding and returns the new draft, or d as it was and what is wrong.
func (d Draft) settle(finding string, to Carried, edit func(next *Draft, place int)) (Draft, error) {
	c := slices.IndexFunc(d.Carried, func(c Carried) bool { return c.Finding == finding })
	i := d.place(finding)
	if c < 0 || i < 0 {
		return d, hipaasmp.Invalid(d.DocumentRef(), []hipaasmp.Fault{{Code: hipaasmp.FaultDangling, Pointer: "/carried",
			Message: "holds no such finding, or it was removed; name a carried finding by its identity"}})
	}
	next := d.clone()
	to.Finding, to.Digest, to.At = finding, d.Carried[c].Digest, hipaasmp.Instant(to.At)
	next.Carried[c] = to
	edit(&next, i)
	if err := next.Validate(); err != nil {
		return d, err
	}
	if to.At.Before(d.CreatedAt) {
		return d, hipaasmp.Invalid(d.DocumentRef(), []hipaasmp.Fault{{Code: hipaasmp.FaultOrder, Pointer: hipaasmp.Pointer("carried", c, "at"),
			Message: "is before the draft was begun; history runs forward"}})
	}
	return next, nil
}

// digestOf is the digest of a finding's canonical JSON; empty, and so never equal, for one that cannot be written.
func digestOf(x Finding) hipaasmp.Digest {
	b, err := canon.Marshal(x)
	if err != nil {
		return ""
	}
	return hipaasmp.DigestOf(b)
}

// checkCarried adds the faults of a list of carried findings against the findings themselves.
func checkCarried(f *validate.Faults, carried []Carried, s Assessment) {
	seen := map[string]bool{}
	for i, c := range carried {
		at := hipaasmp.Pointer("carried", i)
		fault := func(pointer, format string, args ...any) {
			f.Cite(FaultCarried, hipaasmp.CiteUpdates, at+pointer, format, args...)
		}
		if seen[c.Finding] {
			f.Add(hipaasmp.FaultIdentity, at+"/finding", "%q is listed twice; keep one entry a finding", c.Finding)
		}
		seen[c.Finding] = true
		settled := c.State != CarryStateUnconfirmed
		if settled != (c.By != nil) || settled == c.At.IsZero() {
			fault("", "says by whom and when exactly where somebody looked again; use Confirm, Rescore or Remove")
		}
		if (c.State == CarryStateRemoved) != (c.Reason != "") {
			fault("/reason", "stands exactly where a finding was removed; say why it no longer exists")
		}
		place := s.place(c.Finding)
		switch {
		case c.State == CarryStateRemoved && place >= 0:
			fault("/state", "is removed, but the finding is there; remove it with Remove")
		case c.State != CarryStateRemoved && place < 0:
			fault("/finding", "%q is no finding of this analysis; take it out with Remove and say why", c.Finding)
		case c.State == CarryStateRemoved:
		case c.State == CarryStateRescored && digestOf(s.Findings[place]) == c.Digest:
			fault("/state", "is rescored, but the finding is as it was; confirm it")
		case (c.State == CarryStateConfirmed || c.State == CarryStateUnconfirmed) && digestOf(s.Findings[place]) != c.Digest:
			fault("/digest", "is not that of finding %q, which was edited since; re-score it with Rescore", c.Finding)
		}
	}
}
