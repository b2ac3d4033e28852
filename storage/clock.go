package storage

import (
	"context"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// KindClock is the kind of [ClockMark].
const KindClock hipaasmp.Kind = "storage.clock"

// clockID is the identity of the one mark that a tenant has.
const clockID = "clock"

// ClockMark records that the clock went ahead by more than Options.ClockStep between two entries of a ledger. The store
// writes it by itself, in the transaction with the first entry after the gap. A quiet month looks the same as a clock
// that was set ahead, and a clock that was set ahead makes everything look due; so nothing is disposed of until somebody
// says that the time is right: an independent source with [Witnessed], or a person with [Store.ConfirmClock]. The
// confirmation is the next version.
//
// Steps below Options.ClockStep are not marked. Whoever sets a clock ahead in small steps leaves an entry for each; an
// [Anchor] outside shows when they were really made.
type ClockMark struct {
	hipaasmp.Header
	// From is when the entry before was recorded, To what the clock said at the first one after.
	From time.Time `json:"from" validate:"instant"`
	To   time.Time `json:"to" validate:"instant"`
	// Confirmed says that the time is right; absent while nobody said so.
	Confirmed *ClockConfirmation `json:"confirmed,omitempty"`
}

// ClockConfirmation says who or what found the time right.
type ClockConfirmation struct {
	// By is the person who confirmed it, or who carried out the disposal for which a source was asked.
	By hipaasmp.Actor `json:"by"`
	// At is when, by the clock that was confirmed.
	At time.Time `json:"at" validate:"instant"`
	// Witnessed is what the independent source said; absent where a person confirmed the time.
	Witnessed time.Time `json:"witnessed,omitzero" validate:"omitempty,instant"`
	// Reason says how the person knows; absent where a source was asked.
	Reason string `json:"reason,omitempty" validate:"omitempty,text"`
}

// Validate returns every fault of the mark.
func (m ClockMark) Validate() error {
	return validate.Check(m, KindClock, m.Schema, func(f *validate.Faults) {
		if m.ID != clockID && m.ID != "" {
			f.Add(FaultDerivedID, "/id", "is not %q, the identity of a tenant's mark", clockID)
		}
		if m.To.Before(m.From) {
			f.Add(hipaasmp.FaultOrder, "/to", "is before the entry before it; a mark is of a clock that went ahead")
		}
		c := m.Confirmed
		if c == nil {
			return
		}
		if c.At.Before(m.To) {
			f.Add(hipaasmp.FaultOrder, "/confirmed/at", "is before the time that it confirms")
		}
		if c.Witnessed.IsZero() {
			if c.Reason == "" {
				f.Add(FaultConfirmation, "/confirmed/reason", "is missing; a person says how the time is known to be right, or a source is named in witnessed")
			}
			if c.By.Role == hipaasmp.RoleSystem {
				f.Add(hipaasmp.FaultAuthority, "/confirmed/by", "is a program; have a person confirm the time, or an independent source")
			}
		}
	})
}

// ConfirmClock records that a person has looked at another clock and found the store's own right, after it went ahead by
// more than Options.ClockStep; see [ClockMark]. The reason says how. Where there is nothing to confirm it records nothing
// and returns no entry. A program gives a [*hipaasmp.ValidationError].
func (s *Store) ConfirmClock(ctx context.Context, tenant string, by hipaasmp.Actor, reason string) (e Entry, err error) {
	err = s.Update(ctx, tenant, func(tx *Tx) (err error) {
		e = Entry{}
		if err := tx.clockBack(); err != nil {
			return err
		}
		mark, _, open, err := tx.clockMark()
		if err != nil || !open {
			return err
		}
		mark.Confirmed = &ClockConfirmation{By: by, At: tx.at, Reason: reason}
		e, err = tx.keepClock(OpClockConfirmed, mark, by)
		return err
	})
	return e, err
}

// clockBack refuses a clock that stands before the newest entry.
func (tx *Tx) clockBack() error {
	if tx.now.Before(tx.old.Recorded) {
		return &ClockError{Tenant: tx.tenant, Now: tx.now, Newest: tx.old.Recorded}
	}
	return nil
}

// clockMark returns the mark that is open: whose time nobody has said to be right. It is stored already, or it is that of
// the step from the newest entry to now.
func (tx *Tx) clockMark() (mark ClockMark, stored, open bool, err error) {
	step := tx.store.opts.ClockStep
	if step < 0 || tx.old.Size == 0 {
		return mark, false, false, nil
	}
	prev, err := tx.newestVersion(hipaasmp.Ref{Kind: KindClock, ID: clockID})
	if err != nil {
		return mark, false, false, err
	}
	if prev.Version > 0 {
		if mark, err = Decode[ClockMark](prev); err != nil || mark.Confirmed == nil {
			return mark, true, true, err
		}
	}
	if tx.clocked || tx.at.Sub(tx.old.Recorded) <= step {
		return ClockMark{}, false, false, nil
	}
	return ClockMark{Header: hipaasmp.NewHeader(KindClock, clockID), From: tx.old.Recorded, To: tx.at}, false, true, nil
}

// markClock is called before the entries of a transaction are written: it adds a mark if the clock went ahead since the
// entry before, unless one is open.
func (tx *Tx) markClock() error {
	if step := tx.store.opts.ClockStep; step < 0 || tx.clocked || tx.old.Size == 0 || tx.at.Sub(tx.old.Recorded) <= step {
		return nil
	}
	mark, stored, open, err := tx.clockMark()
	if err != nil || stored || !open {
		return err
	}
	_, err = tx.keepClock(OpClockJumped, mark, tx.store.opts.Actor)
	return err
}

func (tx *Tx) keepClock(op Op, mark ClockMark, by hipaasmp.Actor) (Entry, error) {
	p, err := tx.store.prepareAny(mark, []PutOption{By(by)})
	if err != nil {
		return Entry{}, err
	}
	prev, err := tx.newestVersion(p.ref)
	if err != nil {
		return Entry{}, err
	}
	tx.clocked = true
	return tx.append(op, p, prev)
}

// checkClock refuses a disposal while it is open whether the clock is right: a clock that was set ahead would make
// everything look due, also one that was set ahead before the newest entry was written. A witness who agrees with the
// clock settles it, and that is recorded.
func (tx *Tx) checkClock(witnessed time.Time, by hipaasmp.Actor) error {
	mark, _, open, err := tx.clockMark()
	if err != nil || !open {
		return err
	}
	if witnessed.IsZero() || tx.now.Sub(witnessed).Abs() > tx.store.opts.ClockStep {
		return &ClockError{Tenant: tx.tenant, Now: mark.To, Newest: mark.From, Ahead: true}
	}
	mark.Confirmed = &ClockConfirmation{By: by, At: tx.at, Witnessed: witnessed}
	_, err = tx.keepClock(OpClockConfirmed, mark, by)
	return err
}
