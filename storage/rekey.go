package storage

import (
	"context"
	"errors"
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// Rekey wraps the data key of every sealed version anew: Options.Keys unwraps it, with an earlier key of the tenant too,
// and wraps it under the current one. No content is decrypted and no leaf changes; an [Act] records that it was done. It
// goes in short transactions and may be stopped and begun again. Afterwards the earlier keys can be retired. A tenant
// without entries gives a [*NotFoundError].
func (s *Store) Rekey(ctx context.Context, tenant string, by hipaasmp.Actor, reason string) (e Entry, err error) {
	if s.opts.Keys == nil {
		return Entry{}, &OptionsError{"Keys", "is missing; give the KeyWrapper under which the tenant's content is sealed"}
	}
	if !hipaasmp.ValidID(tenant) {
		return Entry{}, fmt.Errorf("%w: %q", ErrTenant, clip(tenant))
	}
	versions := uint64(0)
	for next, more := uint64(0), true; more; {
		var at, done uint64
		err := s.backend.Update(ctx, tenant, func(dtx driver.Tx) error {
			at, done = next, 0 // fn may run again
			rows, err := dtx.Entries(at, pageSize)
			if err != nil {
				return err
			}
			for _, row := range rows {
				if row.Seq < at {
					return noProgress(row)
				}
				at = row.Seq + 1
				if row.Key == nil {
					continue
				}
				key, err := s.rewrap(ctx, tenant, row)
				if err != nil {
					return err
				}
				if err := dtx.Rekey(row.Kind, row.ID, row.Version, key); err != nil {
					return err
				}
				done++
			}
			return nil
		})
		if err != nil {
			return Entry{}, err
		}
		more = at > next
		next, versions = at, versions+done
	}
	err = s.Update(ctx, tenant, func(tx *Tx) error {
		if tx.old.Size == 0 {
			return &NotFoundError{Tenant: tenant, Ref: hipaasmp.Ref{Kind: KindAct, ID: actID(0)}}
		}
		e, err = tx.act(Act{Op: OpRekeyed, Versions: versions}, by, reason)
		return err
	})
	return e, err
}

func (s *Store) rewrap(ctx context.Context, tenant string, row driver.Row) ([]byte, error) {
	data, err := s.opts.Keys.UnwrapKey(ctx, tenant, row.Key)
	if err != nil {
		return nil, &KeyUnavailableError{Tenant: tenant, Ref: refOf(row), cause: err}
	}
	defer clear(data)
	key, err := s.opts.Keys.WrapKey(ctx, tenant, data)
	if err == nil && len(key) == 0 {
		err = errors.New("the KeyWrapper returned no key")
	}
	if err != nil {
		return nil, &KeyUnavailableError{Tenant: tenant, Ref: refOf(row), cause: err}
	}
	return key, nil
}
