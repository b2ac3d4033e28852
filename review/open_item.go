package review

import (
	"cmp"
	"slices"
	"strings"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Origin says where an open item was carried from.
type Origin struct {
	// Document is the session or the record of the earlier review.
	Document hipaasmp.Ref `json:"document"`
	// Item is the identity there of the open item, or of the exception without a disposition.
	Item string `json:"item" validate:"required,docid"`
}

// Closing is how an open item came to its end.
type Closing struct {
	Signature
	// Words says what was done, free of protected health information.
	Words string `json:"words" validate:"required,text,max=2000"`
	// Refs points to what shows it, such as a later record or an incident.
	Refs []hipaasmp.Ref `json:"refs,omitempty" validate:"dive"`
}

// OpenItem is something that a review leaves to be done. A record may be certified with open items: they are carried into
// the next session until they are closed.
type OpenItem struct {
	// ID names the item within the session.
	ID string `json:"id" validate:"required,docid"`
	// Source is the source that it is about; absent where it is about none.
	Source string `json:"source,omitempty" validate:"omitempty,docid"`
	// What says what is missing or to be done.
	What string `json:"what" validate:"required,text,max=2000"`
	// Explanation says why it is so, as far as that is known.
	Explanation string `json:"explanation,omitempty" validate:"omitempty,text,max=2000"`
	// Owner is the opaque identity of who answers for it.
	Owner string `json:"owner" validate:"required,docid"`
	// Since is the day from which it is open, and Due the last day on which it is to be closed; absent where none was set.
	Since hipaasmp.Date `json:"since" validate:"required"`
	Due   hipaasmp.Date `json:"due,omitzero"`
	// From is the earlier review that it was carried from; absent for an item of this one.
	From *Origin `json:"from,omitempty"`
	// Closed is how it came to its end; absent while it is open.
	Closed *Closing `json:"closed,omitempty"`
}

func (i OpenItem) clone() OpenItem {
	if i.From != nil {
		from := *i.From
		i.From = &from
	}
	if i.Closed != nil {
		c := *i.Closed
		c.Refs = slices.Clone(c.Refs)
		i.Closed = &c
	}
	return i
}

// Unfinished returns what the review leaves open, as items of the review after it, with ref as their origin: its open items
// that are not closed, and its exceptions without a disposition, for which whoever opened the session answers. A certified
// record has none of the second kind.
func (c Content) Unfinished(ref hipaasmp.Ref) []OpenItem {
	var out []OpenItem
	for _, i := range c.OpenItems {
		if i.Closed == nil {
			next := i.clone()
			next.From = &Origin{Document: ref, Item: i.ID}
			out = append(out, next)
		}
	}
	for _, e := range c.Exceptions {
		if e.State.Disposed() {
			continue
		}
		what := "Exception " + string(e.Detector) + ", " + string(e.Severity)
		if len(e.Reasons) > 0 {
			what += ": " + strings.Join(e.Reasons, "; ")
		}
		if r := []rune(what); len(r) > 2000 {
			what = string(r[:1999]) + "\u2026"
		}
		out = append(out, OpenItem{ID: e.ID, Source: e.Source, What: what, Owner: c.Opened.By.ID, Since: c.opened(), From: &Origin{Document: ref, Item: e.ID}})
	}
	return out
}

// Carry adds open items to the session: those of the review before, as [Content.Unfinished] returns them, or new ones.
func (s Session) Carry(items ...OpenItem) (Session, error) {
	return s.change("carry open items", func(n *Session) error {
		for _, i := range items {
			n.OpenItems = append(n.OpenItems, i.clone())
		}
		return nil
	})
}

// CloseItem says how an open item came to its end.
func (s Session) CloseItem(id string, by hipaasmp.Actor, at time.Time, words string, refs ...hipaasmp.Ref) (Session, error) {
	return s.change("close an open item", func(n *Session) error {
		i := slices.IndexFunc(n.OpenItems, func(x OpenItem) bool { return x.ID == id })
		if i < 0 {
			return s.dangling("/open_items", "hold no item with this identity; carry or add it first")
		}
		if n.OpenItems[i].Closed != nil {
			return hipaasmp.Invalid(s.DocumentRef(), []hipaasmp.Fault{{Code: FaultOpenItem, Pointer: hipaasmp.Pointer("open_items", i, "closed"), Citation: hipaasmp.CiteActivityReview,
				Message: "is there already; an item is closed once"}})
		}
		n.OpenItems[i] = n.OpenItems[i].clone()
		n.OpenItems[i].Closed = &Closing{Signature: Signature{By: by, At: hipaasmp.Instant(at)}, Words: words, Refs: slices.Clone(refs)}
		return nil
	})
}

func (c Content) checkItems(f *validate.Faults) {
	validate.Unique(f, "/open_items", c.OpenItems, func(i OpenItem) string { return i.ID })
	from := map[Origin]string{}
	for i, x := range c.OpenItems {
		at := hipaasmp.Pointer("open_items", i)
		if _, ok := c.Procedure.Source(x.Source); !ok && x.Source != "" && x.From == nil {
			f.Cite(FaultNotSource, hipaasmp.CiteActivityReview, at+"/source", "%q is no source of procedure version %s", x.Source, c.Procedure.Version)
		}
		if x.Due.Before(x.Since) && !x.Due.IsZero() {
			f.Add(hipaasmp.FaultOrder, at+"/due", "%s is before %s, since when the item is open", x.Due, x.Since)
		}
		if o := x.From; o != nil {
			if k := o.Document.Kind; k != "" && k != KindSession && k != KindRecord {
				f.Add(hipaasmp.FaultDangling, at+"/from/document/kind", "is %q; items are carried from a %s or a %s", k, KindSession, KindRecord)
			}
			key := Origin{o.Document.Newest(), o.Item}
			if first, twice := from[key]; twice {
				f.Cite(FaultOpenItem, hipaasmp.CiteActivityReview, at+"/from", "is also at %s; carry an item once", first)
			}
			from[key] = at + "/from"
		}
		if x.Closed != nil {
			person(f, at+"/closed/by", "close an open item", x.Closed.By)
			if x.Closed.At.Before(c.Opened.At) {
				f.Add(hipaasmp.FaultOrder, at+"/closed/at", "is before the session was opened")
			}
		}
	}
}

// OpenThing is something that a review left open, and the document that holds it.
type OpenThing struct {
	OpenItem
	// Document is the record or session that holds it, and Period what was reviewed there.
	Document hipaasmp.Ref
	Period   hipaasmp.Period
}

// Open lists what the reviews leave open on the day, the oldest first: open items of standing records and of sessions, and
// exceptions without a disposition. An item that a later review carries is listed there only; one that a later review
// closed is not listed.
func (r Records) Open(asOf hipaasmp.Date) []OpenThing {
	left, taken := r.left(asOf)
	var out []OpenThing
	for _, x := range left {
		if !taken[Origin{x.Document, x.From.Item}] {
			out = append(out, x)
		}
	}
	slices.SortStableFunc(out, func(a, b OpenThing) int {
		return cmp.Or(a.Since.Compare(b.Since), a.Period.From.Compare(b.Period.From), cmp.Compare(a.Document.ID, b.Document.ID), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// left lists what every review leaves open on the day, and the origins of what reviews carry.
func (r Records) left(asOf hipaasmp.Date) (left []OpenThing, taken map[Origin]bool) {
	taken = map[Origin]bool{}
	add := func(ref hipaasmp.Ref, c Content) {
		loc, _ := location(c.Zone)
		for i, x := range c.OpenItems {
			if x.From != nil {
				taken[Origin{x.From.Document.Newest(), x.From.Item}] = true
			}
			if x.Closed != nil && hipaasmp.DateOf(x.Closed.At, loc).After(asOf) {
				c.OpenItems = slices.Clone(c.OpenItems)
				c.OpenItems[i].Closed = nil // not by that day
			}
		}
		for _, x := range c.Unfinished(ref) {
			left = append(left, OpenThing{OpenItem: x, Document: ref, Period: c.Period})
		}
	}
	r.contents(asOf, add)
	for _, s := range r.Sessions {
		if r.abandonedOn(s, asOf) {
			add(s.DocumentRef(), s.Content)
		}
	}
	// An item may have been carried from the session that ended in a record, or from a record that was corrected since.
	for _, x := range r.standing(asOf) {
		for _, i := range x.OpenItems {
			if taken[Origin{x.Session.Newest(), i.ID}] || x.Supersedes != nil && taken[Origin{x.Supersedes.Newest(), i.ID}] {
				taken[Origin{x.DocumentRef(), i.ID}] = true
			}
		}
	}
	return left, taken
}

// abandonedOn reports whether the session had been given up by the day.
func (r Records) abandonedOn(s Session, asOf hipaasmp.Date) bool {
	n := len(s.History)
	if s.State != StateAbandoned || n == 0 {
		return false
	}
	loc, _ := location(s.Zone)
	return !hipaasmp.DateOf(s.History[n-1].At, loc).After(asOf)
}
