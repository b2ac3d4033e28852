package storage

import (
	"context"
	"strconv"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// KindEpoch is the kind of [EpochStart].
const KindEpoch hipaasmp.Kind = "storage.epoch"

// EpochStart is the first entry of a signing epoch. It names the checkpoint on which the epoch builds, so that whoever
// holds a checkpoint of the old key can follow the ledger to the new one.
type EpochStart struct {
	hipaasmp.Header
	// Epoch is the number that begins.
	Epoch uint64 `json:"epoch" validate:"min=2,max=9007199254740991"`
	// Previous is the last checkpoint of the epoch before, as it was signed.
	Previous string `json:"previous" validate:"required,text"`
}

// Validate returns every fault of the document.
func (x EpochStart) Validate() error {
	return validate.Check(x, KindEpoch, x.Schema, func(f *validate.Faults) {
		if want := epochID(x.Epoch); x.ID != want && x.ID != "" {
			f.Add(FaultDerivedID, "/id", "is not %q, the identity of the epoch's start", want)
		}
	})
}

func epochID(n uint64) string { return "epoch-" + strconv.FormatUint(n, 10) }

// NewEpoch goes on under this store's Signer where another key signed before: after a key was lost or may have been
// read by others, and after a backup was restored. The ledger keeps its entries and gets a new origin,
// product/tenant/epoch, so no second root ever stands at one size of one origin. The first entry of the epoch is an
// [EpochStart] that names the last checkpoint before it.
//
// The last checkpoint must be signed by a key that is known: the Signer's own or one of Options.Verifiers. Otherwise
// the error is a [*LostKeyError], for an unsigned ledger too unless [FromUnsigned] is given.
func (s *Store) NewEpoch(ctx context.Context, tenant string, by hipaasmp.Actor, reason string, opts ...EpochOption) (e Entry, err error) {
	take := takeKnown
	for _, o := range opts {
		o(&take)
	}
	err = s.Update(ctx, tenant, func(tx *Tx) error {
		if tx.old.Size == 0 {
			return &NotFoundError{Tenant: tenant, Ref: hipaasmp.Ref{Kind: KindEpoch, ID: epochID(1)}}
		}
		tx.take = take
		next := tx.epoch + 1
		doc := EpochStart{Header: hipaasmp.NewHeader(KindEpoch, epochID(next)), Epoch: next, Previous: string(tx.old.Note)}
		p, err := s.prepareAny(doc, []PutOption{By(by), Reason(reason)})
		if err != nil {
			return err
		}
		op := OpEpochStarted
		if take == takeRestored {
			op = OpRestored
		}
		if e, err = tx.append(op, p, Entry{}); err != nil {
			return err
		}
		tx.epoch = next
		return nil
	})
	return e, err
}

// EpochOption refines the start of an epoch.
type EpochOption func(*takeOver)

// AfterRestore says that the ledger was restored from a backup on purpose, so that it may be older than its anchor. The
// entry is then [OpRestored].
func AfterRestore() EpochOption { return func(t *takeOver) { *t = takeRestored } }

// FromUnsigned lets an epoch build on a ledger that nobody signed so far. Give it once, on purpose, when a store begins to
// sign: a ledger whose signatures somebody took away looks the same.
func FromUnsigned() EpochOption { return func(t *takeOver) { *t = takeUnsigned } }
