package dossier

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/evidence/inquiry"
	"github.com/hipaasmp/hipaasmp/evidence/report"
	"github.com/hipaasmp/hipaasmp/retention"
	"github.com/hipaasmp/hipaasmp/storage"
)

// keepings are the records' terms with the matters that hold each, as they stood at the instant; the zero time means now.
func keepings(ctx context.Context, s *storage.Store, tenant string, terms []report.Kept, at time.Time) ([]inquiry.Keeping, error) {
	var holds []retention.Hold
	asked := false
	for h, err := range s.Holds(ctx, tenant) {
		if err != nil {
			return nil, err
		}
		if !at.IsZero() {
			if h.PlacedAt.After(at) {
				continue
			}
			if h.ReleasedAt.After(at) {
				h.ReleasedAt, h.ReleasedBy = time.Time{}, hipaasmp.Actor{}
			}
		}
		holds = append(holds, h)
		asked = asked || h.Open() && h.Query != nil
	}
	out := make([]inquiry.Keeping, len(terms))
	for i, k := range terms {
		out[i] = inquiry.Keeping{Ref: k.Ref, Term: k.Term}
		var versions []retention.Version
		if asked { // a query is about every version; who names records needs none
			var err error
			if versions, err = versionsUntil(ctx, s, tenant, k.Ref, at); err != nil {
				return nil, err
			}
		}
		for _, h := range holds {
			if h.Open() && h.CoversVersions(k.Ref, versions) {
				out[i].Held = append(out[i].Held, h.Matter)
			}
		}
	}
	return out, nil
}

// versionsUntil is what the versions of a record, as they were recorded by the instant, say about its retention.
func versionsUntil(ctx context.Context, s *storage.Store, tenant string, ref hipaasmp.Ref, at time.Time) ([]retention.Version, error) {
	var out []retention.Version
	for e, err := range s.History(ctx, tenant, ref) {
		if err != nil {
			return nil, err
		}
		if at.IsZero() || !e.Recorded.After(at) {
			out = append(out, retention.Version{Basis: e.Basis, Recorded: e.Recorded})
		}
	}
	return out, nil
}

// agenda drops the entries whose words come from a record that is withheld. Of a disposal only the reference and the day
// are known, which the ledger shows anyway.
func (x *redaction) agenda(a inquiry.Agenda) inquiry.Agenda {
	a.Entries = slices.DeleteFunc(slices.Clone(a.Entries), func(e inquiry.AgendaEntry) bool {
		return e.Matter != inquiry.MatterDisposal && slices.ContainsFunc(e.Refs, func(r hipaasmp.Ref) bool { return x.held[r.Newest()] })
	})
	return a
}

// agendaParts are the agenda as data and as a calendar.
func agendaParts(a inquiry.Agenda, opts Options, origin string) []evidence.Part {
	if opts.AsOf.IsZero() || opts.Made.IsZero() {
		return nil // evidence.Write says which option is missing
	}
	return []evidence.Part{
		{Name: "agenda.json", MediaType: mediaJSON, Write: func(w io.Writer) error {
			enc := json.NewEncoder(w)
			enc.SetIndent("", "  ")
			return enc.Encode(a)
		}},
		{Name: "agenda.ics", MediaType: "text/calendar; charset=utf-8", Write: func(w io.Writer) error {
			return a.WriteICalendar(w, inquiry.CalendarOptions{Stamp: opts.Made, Origin: origin})
		}},
	}
}

// reportDue is the agenda as the report shows it.
func reportDue(a inquiry.Agenda) []report.Due {
	out := make([]report.Due, len(a.Entries))
	for i, e := range a.Entries {
		out[i] = report.Due{Matter: string(e.Matter), On: e.Due, Days: e.Days, Overdue: e.Overdue, What: e.What, Basis: e.Basis, Owner: e.Owner, Citation: e.Citation, Refs: e.Refs}
	}
	return out
}
