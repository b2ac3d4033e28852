package sqlite_test

import (
	"fmt"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
	"github.com/hipaasmp/hipaasmp/storage/sqlite"
)

// fiftyActs runs fifty acts of every kind on a store: documents and versions, holds and releases, extensions, disposals,
// an epoch, and the log folded into the file in between. It hands on what is acknowledged, goes on after an act fails, and
// returns the errors in their order.
func fiftyActs(b *sqlite.Backend, s *storage.Store, acknowledged func(storage.Entry)) (errs []error) {
	by := hipaasmp.Actor{ID: "wf-2", Role: hipaasmp.RoleManagement}
	ref := func(i int) hipaasmp.Ref { return hipaasmp.Ref{Kind: KindNote, ID: fmt.Sprint("n", i)} }
	for i := range 50 {
		var e storage.Entry
		var err error
		switch i % 10 {
		case 5: // a new version of an earlier document
			e, err = s.Put(ctx, "clinic", newNote(fmt.Sprint("n", i-5), strings.Repeat("y", i*40)))
		case 6:
			e, err = s.PlaceHold(ctx, "clinic", retention.Hold{Matter: fmt.Sprint("m", i), Reason: "why", Refs: []hipaasmp.Ref{ref(i - 5)}, PlacedBy: by})
		case 7:
			e, err = destroy(s, fmt.Sprint("n", i-5), retention.MethodRowRemoved)
		case 8:
			e, err = s.ReleaseHold(ctx, "clinic", fmt.Sprint("m", i-2), by, "closed")
		case 9:
			switch i {
			case 29:
				e, err = s.NewEpoch(ctx, "clinic", by, "why")
			case 19, 39:
				if _, err := b.Scrub(ctx); err != nil {
					errs = append(errs, err)
				}
				continue
			default:
				e, err = s.Extend(ctx, "clinic", ref(i-5), hipaasmp.Day(2080, 1, 1), by, "why")
			}
		default:
			e, err = s.Put(ctx, "clinic", newNote(fmt.Sprint("n", i), strings.Repeat("x", i*331%3000)))
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		acknowledged(e)
	}
	return errs
}
