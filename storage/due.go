package storage

import (
	"context"
	"iter"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/storage/driver"
)

// DueDocument is a document whose term, as it was known when its newest version was written, has run out.
type DueDocument struct {
	// Ref is the document with its newest version.
	Ref hipaasmp.Ref
	// KeepThrough is the last day of that term.
	KeepThrough hipaasmp.Date
}

// Due yields the documents that may be due for disposal on a day, in byte order of kind and id: their content is there and
// the term in their rows ended before it. It reads no content and is made for a daily sweep over millions. Whether a
// document is due indeed, by the schedule of today, extensions and holds, says [Store.Term] and the holds; whether it is destroyed,
// a second person.
func (s *Store) Due(ctx context.Context, tenant string, on hipaasmp.Date) iter.Seq2[DueDocument, error] {
	return func(yield func(DueDocument, error) bool) {
		if on.IsZero() {
			return
		}
		at := docKey{}
		for {
			var rows []driver.Row
			err := s.view(ctx, tenant, func(r driver.Reader) (err error) {
				rows, err = r.Scan(driver.Query{AfterKind: at.kind, AfterID: at.id, DueBy: on, Limit: driver.MaxPage})
				return err
			})
			if err != nil {
				yield(DueDocument{}, err)
				return
			}
			for _, row := range rows {
				key := docKey{row.Kind, row.ID}
				if key.compare(at) <= 0 {
					yield(DueDocument{}, noProgress(row))
					return
				}
				at = key
				if ownKind(row.Kind) {
					continue // the ledger's own entries are kept as long as the ledger
				}
				if !yield(DueDocument{refOf(row), row.KeepThrough}, nil) {
					return
				}
			}
			if len(rows) == 0 {
				return
			}
		}
	}
}
