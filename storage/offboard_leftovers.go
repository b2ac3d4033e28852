package storage

import (
	"context"
	"iter"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// Leftover is why a tenant cannot be off-boarded yet.
type Leftover struct {
	// Ref is a document that has content.
	Ref hipaasmp.Ref
	// Err is a [*retention.RetainedError], a [*retention.HeldError] or an [*UndisposedError].
	Err error
}

// Leftovers yields what will stand against [Store.OffBoard] on a day, in byte order of kind and identity, as far as it can
// be told before: the grace after a hold is not looked at. Nothing yielded means that the tenant can be off-boarded.
func (s *Store) Leftovers(ctx context.Context, tenant string, on hipaasmp.Date) iter.Seq2[Leftover, error] {
	return func(yield func(Leftover, error) bool) {
		holds, err := s.openHolds(ctx, tenant)
		if err != nil {
			yield(Leftover{}, err)
			return
		}
		for next := (Query{}).scanner(docKey{}); ; {
			var rows []driver.Row
			err := s.view(ctx, tenant, func(r driver.Reader) (err error) {
				rows, err = next(r)
				return err
			})
			if err != nil {
				yield(Leftover{}, err)
				return
			}
			for _, row := range rows {
				if row.Body == nil || ownKind(row.Kind) {
					continue
				}
				left, err := s.leftover(ctx, tenant, refOf(row).Newest(), holds, on)
				if err != nil || left.Err != nil {
					if !yield(left, err) || err != nil {
						return
					}
				}
			}
			if len(rows) == 0 {
				return
			}
		}
	}
}

func (s *Store) leftover(ctx context.Context, tenant string, ref hipaasmp.Ref, holds []retention.Hold, on hipaasmp.Date) (Leftover, error) {
	left := Leftover{Ref: ref}
	err := s.view(ctx, tenant, func(r driver.Reader) error {
		versions, err := s.history(ctx, tenant, r, ref)
		if err != nil {
			return err
		}
		ext, err := s.extension(ctx, tenant, r, ref)
		if err != nil {
			return err
		}
		left.Err, err = s.standsAgainst(ref, versions, ext, covering(holds, ref, versionsOf(versions)), on)
		return err
	})
	return left, err
}
