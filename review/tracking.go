package review

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
	"github.com/hipaasmp/hipaasmp/review/activity"
	"github.com/hipaasmp/hipaasmp/review/detect"
)

// TicketStateCount is how many tickets stand in one state.
type TicketStateCount struct {
	State TicketState `json:"state" validate:"enum"`
	Count int64       `json:"count" validate:"min=1,max=9007199254740991"`
}

// TicketOutcomeCount is how many closed tickets came to one outcome.
type TicketOutcomeCount struct {
	Outcome TicketOutcome `json:"outcome" validate:"enum"`
	Count   int64         `json:"count" validate:"min=1,max=9007199254740991"`
}

// OpenTicket is a ticket that is not closed.
type OpenTicket struct {
	// ID is its number.
	ID string `json:"id" validate:"required,text,max=200"`
	// State is where it stands.
	State TicketState `json:"state" validate:"enum"`
	// Opened is the day on which it was opened, in the zone of the review.
	Opened hipaasmp.Date `json:"opened" validate:"required"`
	// Days is for how many days it had been open.
	Days int `json:"days" validate:"min=0,max=4000000"`
}

// Tracking is what a security incident tracking report shows: how many tickets stand where, what the closed ones came to,
// and which are open and for how long.
type Tracking struct {
	// AsOf is the day on which ages are counted.
	AsOf hipaasmp.Date `json:"as_of" validate:"required"`
	// States counts the tickets by state. It counts every ticket.
	States []TicketStateCount `json:"states,omitempty" validate:"dive"`
	// Outcomes counts the closed tickets by outcome. It counts every closed ticket.
	Outcomes []TicketOutcomeCount `json:"outcomes,omitempty" validate:"dive"`
	// Open lists the tickets that are not closed, the oldest first.
	Open []OpenTicket `json:"open,omitempty" validate:"max=100000,dive"`
}

// State returns the number of tickets in the state.
func (t Tracking) State(s TicketState) int64 {
	for _, c := range t.States {
		if c.State == s {
			return c.Count
		}
	}
	return 0
}

// Outcome returns the number of closed tickets with the outcome.
func (t Tracking) Outcome(o TicketOutcome) int64 {
	for _, c := range t.Outcomes {
		if c.Outcome == o {
			return c.Count
		}
	}
	return 0
}

// Track counts tickets as seen on the day, in the zone. A ticket that comes several times, as it does in exports of
// several months, counts once, as it was last reported. Tickets that a person read are counted the same way: a ticket
// takes an identity, the time of opening, a state and, where it is closed, an outcome.
func Track(tickets iter.Seq[Ticket], asOf hipaasmp.Date, zone *time.Location) Tracking {
	out := Tracking{AsOf: asOf}
	last := map[string]Ticket{}
	for t := range tickets {
		last[t.ID] = t
	}
	states, outcomes := map[TicketState]int64{}, map[TicketOutcome]int64{}
	for _, t := range last {
		states[t.State]++
		if t.State == TicketClosed {
			outcomes[t.Outcome]++
			continue
		}
		out.Open = append(out.Open, OpenTicket{ID: t.ID, State: t.State, Opened: hipaasmp.DateOf(t.Opened, zone), Days: t.Age(asOf, zone)})
	}
	for _, s := range TicketState("").Values() {
		if n := states[s]; n > 0 {
			out.States = append(out.States, TicketStateCount{s, n})
		}
	}
	for _, o := range TicketOutcome("").Values() {
		if n := outcomes[o]; n > 0 {
			out.Outcomes = append(out.Outcomes, TicketOutcomeCount{o, n})
		}
	}
	slices.SortFunc(out.Open, func(a, b OpenTicket) int { return cmp.Or(a.Opened.Compare(b.Opened), cmp.Compare(a.ID, b.ID)) })
	return out
}

// FromTickets reads the files of a source of tickets by the profile, in one pass with their digests, and returns the review
// of the source with what was counted as seen on the day. The reader of the source is not used. The error is that of
// [detect.Scan], a [*hipaasmp.ValidationError] with every fault of the profile, or a [*MappingError] where a file lacks
// columns of it, or no line of a file has a number, a time of opening or a state that can be read: a report that was not
// understood must not pass for one without tickets.
func FromTickets(ctx context.Context, source detect.Source, profile TicketProfile, asOf hipaasmp.Date, zone *time.Location) (SourceReview, []Ticket, error) {
	reader, err := profile.reader()
	if err != nil {
		return SourceReview{}, nil, err
	}
	ref, err := profile.Ref()
	if err != nil {
		return SourceReview{}, nil, err
	}
	var tickets []Ticket
	fits := fitting{profile: profile, files: map[string]*fit{}}
	source.Reader = tapped{reader, func(e activity.Event) {
		t := profile.ticket(e)
		tickets = append(tickets, t)
		fits.ticket(t, e.Act.Name != "")
	}, fits.defect}
	scanned, err := detect.Scan(ctx, source)
	if err != nil {
		return SourceReview{}, nil, err
	}
	if unfit := fits.unfit(source.Files); len(unfit) > 0 {
		return SourceReview{}, nil, &MappingError{Profile: ref, Files: unfit}
	}
	r, _ := FromScan(source, scanned)
	// Tickets are no events: who acted, and how it ended, is nothing that they say.
	r.UnresolvedActors, r.UnresolvedPatients, r.UnknownPatients, r.Denials, r.Outcomes, r.Families, r.Detectors = 0, 0, 0, 0, nil, nil, nil
	r.Profile, r.AssumedZone = &ref, profile.carrier().AssumedZone()
	tracking := Track(slices.Values(tickets), asOf, zone)
	r.Tracking = &tracking
	return r, tickets, nil
}

// tapped shows every event that it reads, and every defect.
type tapped struct {
	activity.Reader
	show   func(activity.Event)
	defect func(*activity.Defect)
}

func (t tapped) Read(in activity.Input) iter.Seq2[activity.Event, error] {
	return func(yield func(activity.Event, error) bool) {
		for e, err := range t.Reader.Read(in) {
			var d *activity.Defect
			switch {
			case err == nil:
				t.show(e)
			case errors.As(err, &d):
				t.defect(d)
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

func (t *Tracking) clone() *Tracking {
	if t == nil {
		return nil
	}
	c := *t
	c.States, c.Outcomes, c.Open = slices.Clone(c.States), slices.Clone(c.Outcomes), slices.Clone(c.Open)
	return &c
}

func (t *Tracking) check(f *validate.Faults, at string, events int64) {
	if t == nil {
		return
	}
	unique(f, at+"/states", t.States, func(c TicketStateCount) TicketState { return c.State })
	unique(f, at+"/outcomes", t.Outcomes, func(c TicketOutcomeCount) TicketOutcome { return c.Outcome })
	unique(f, at+"/open", t.Open, func(o OpenTicket) string { return o.ID })
	var all, ended int64
	for _, c := range t.States {
		all += c.Count
	}
	for _, c := range t.Outcomes {
		ended += c.Count
	}
	closed := t.State(TicketClosed)
	if all != events {
		f.Add(FaultCounts, at+"/states", "add up to %d where %d tickets were read", all, events)
	}
	if ended != closed {
		f.Add(FaultCounts, at+"/outcomes", "add up to %d where %d tickets are closed", ended, closed)
	}
	if n := int64(len(t.Open)); n != all-closed {
		f.Add(FaultCounts, at+"/open", "lists %d tickets where %d are not closed", n, all-closed)
	}
	for i, o := range t.Open {
		here := at + hipaasmp.Pointer("open", i)
		if o.State == TicketClosed {
			f.Cite(FaultTickets, hipaasmp.CiteActivityReview, here+"/state", "is %q; list the tickets that are not", o.State)
		}
		if want := max(0, o.Opened.DaysUntil(t.AsOf)); o.Days != want && !o.Opened.IsZero() && !t.AsOf.IsZero() {
			f.Add(FaultCounts, here+"/days", "is %d where %s is %d days before %s", o.Days, o.Opened, want, t.AsOf)
		}
		if i > 0 && o.Opened.Before(t.Open[i-1].Opened) && !o.Opened.IsZero() {
			f.Add(hipaasmp.FaultOrder, here+"/opened", "is before that of the ticket before it; list the oldest first")
		}
	}
}
