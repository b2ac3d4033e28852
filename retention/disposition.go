package retention

import (
	"errors"
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// KindDisposition is the kind of [Disposition].
const KindDisposition hipaasmp.Kind = "retention.disposition"

// Disposition is the way of one record from the end of its term to its destruction: proposed, reviewed, approved by a
// second person, destroyed; or kept by decision. It is a document and no record; the certificate of the destruction is
// the record. It changes only by its methods, which say who did what when.
//
// What it says of term and holds is what was true at each step. Whether it is still true is looked at again in the
// transaction that destroys.
type Disposition struct {
	hipaasmp.Header
	// Ref is the document with the version that was the newest when its disposal was proposed. Every version goes; if
	// another was added since, the approval does not cover it.
	Ref hipaasmp.Ref `json:"ref"`
	// State is where it stands.
	State State `json:"state" validate:"enum"`
	// Term is the computation by which it was eligible when it was last proposed.
	Term Term `json:"term"`
	// On is the day on which it was last proposed, and Zone where it was that day.
	On   hipaasmp.Date `json:"on" validate:"required"`
	Zone string        `json:"zone" validate:"required,text"`
	// Method says how the content is to be destroyed.
	Method Method `json:"method" validate:"enum"`
	// History lists all steps.
	History []hipaasmp.Transition[State, Event] `json:"history" validate:"min=1,dive"`
}

// DispositionID returns the identity of the disposition of a document: a document has one.
func DispositionID(ref hipaasmp.Ref) string {
	return hipaasmp.NameID(string(KindDisposition), ref.Newest().String())
}

// Proposal is what is asked for with a disposal.
type Proposal struct {
	// Ref is the document with its newest version.
	Ref hipaasmp.Ref
	// Term is what [Schedule.Term] came to for it.
	Term Term
	// Holds are the holds on file; an open one that names the record, or may find it, refuses the proposal. See
	// [Term.Disposable].
	Holds []Hold
	// Method says how the content is to be destroyed.
	Method Method
	// Zone is where the day is counted, the entity's own. Nil counts it where it comes last on earth, so that nothing is
	// early anywhere.
	Zone *time.Location
}

// Propose begins a disposition. It refuses with a [*RetainedError] or [*HeldError] while the record must be kept, and with
// a [*hipaasmp.ValidationError] for a proposal that is incomplete. A program may propose.
func Propose(p Proposal, by hipaasmp.Actor, at time.Time) (Disposition, error) {
	d := Disposition{Header: hipaasmp.NewHeader(KindDisposition, DispositionID(p.Ref)), Ref: p.Ref, State: machine.Initial()}
	return d.Propose(p, by, at)
}

// Propose asks again for the disposal of a record that was kept by decision. It refuses as the function [Propose] does,
// and with a [*hipaasmp.TransitionError] while a proposal is under way.
func (d Disposition) Propose(p Proposal, by hipaasmp.Actor, at time.Time) (Disposition, error) {
	if len(p.Term.Trace) == 0 {
		return Disposition{}, hipaasmp.Invalid(d.DocumentRef(), []hipaasmp.Fault{{Code: hipaasmp.FaultRequired, Pointer: "/term", Message: "is missing; compute it with Schedule.Term", Citation: hipaasmp.CiteTimeLimit}})
	}
	if p.Zone == nil {
		p.Zone = earliestZone
	}
	at = hipaasmp.Instant(at)
	on := hipaasmp.DateOf(at, p.Zone)
	if err := p.Term.Disposable(p.Ref.Newest(), on, p.Holds...); err != nil {
		return Disposition{}, err
	}
	next := d
	next.Ref, next.Term, next.On, next.Zone, next.Method = p.Ref, p.Term, on, p.Zone.String(), p.Method
	return next.step(EventPropose, by, at, "", nil)
}

// Review says that a person went through the record and found nothing against its disposal. The note may say what was
// looked at.
func (d Disposition) Review(by hipaasmp.Actor, at time.Time, note string) (Disposition, error) {
	return d.step(EventReview, by, at, note, nil)
}

// Approve is the consent of a second person, who neither proposed nor reviewed it. The authority is asked whether that
// person may approve disposals on the day that at has in the disposition's zone; nil asks only for another person. The
// error is a [*hipaasmp.ValidationError], through which errors.As also reaches what the authority said.
func (d Disposition) Approve(by hipaasmp.Actor, at time.Time, may hipaasmp.Authority) (Disposition, error) {
	return d.step(EventApprove, by, at, "", may)
}

// Keep decides that the record is kept, for a reason. Until it is proposed again it is not disposed of.
func (d Disposition) Keep(by hipaasmp.Actor, at time.Time, reason string) (Disposition, error) {
	return d.step(EventKeep, by, at, reason, nil)
}

// Destroyed says that the content was destroyed. Only an approved disposition gets there. It destroys nothing by itself:
// the store calls it in the transaction that does.
func (d Disposition) Destroyed(by hipaasmp.Actor, at time.Time) (Disposition, error) {
	return d.step(EventDispose, by, at, "", nil)
}

func (d Disposition) step(on Event, by hipaasmp.Actor, at time.Time, note string, may hipaasmp.Authority) (Disposition, error) {
	next := d
	var err error
	next.State, next.History, err = machine.Apply(d.DocumentRef(), d.State, d.History, hipaasmp.Transition[State, Event]{Event: on, By: by, At: at, Note: note})
	if err != nil {
		return Disposition{}, err
	}
	var f validate.Faults
	if may != nil {
		if err := may(by, hipaasmp.PowerApproveDisposal, hipaasmp.DateOf(hipaasmp.Instant(at), d.Location())); err != nil {
			f.Cite(hipaasmp.FaultAuthority, hipaasmp.CiteDisposal, hipaasmp.Pointer("history", len(d.History), "by"), "may not approve disposals: %v", err)
			f.Because(err)
		}
	}
	f.Append(faultsOf(next.Validate())...)
	if err := f.Err(d.DocumentRef()); err != nil {
		return Disposition{}, err
	}
	return next, nil
}

// Location returns the zone in which the disposition counts days; where this machine does not know it, the one in which
// the day comes last on earth.
func (d Disposition) Location() *time.Location {
	if zone, err := time.LoadLocation(d.Zone); err == nil && d.Zone != "" {
		return zone
	}
	return earliestZone
}

// Validate returns every fault of the disposition. It replays the history.
func (d Disposition) Validate() error {
	return validate.Check(d, KindDisposition, d.Schema, func(f *validate.Faults) {
		if want := DispositionID(d.Ref); d.ID != want && d.ID != "" {
			f.Add(FaultDispositionID, "/id", "is not %q, the identity of the document's disposition", want)
		}
		if d.Ref.Version == 0 && d.Ref.Kind != "" {
			f.Cite(FaultNoVersion, hipaasmp.CiteDisposal, "/ref/version", "is missing; a disposal is approved of the versions that were looked at")
		}
		f.Append(machine.Replay(d.State, d.History)...)
		if !d.On.IsZero() && (!d.Term.Running || d.On.Before(d.Term.FirstDisposal)) {
			f.Cite(FaultNotEligible, hipaasmp.CiteTimeLimit, "/on", "is a day on which the record must be kept; propose its disposal after its term has run out")
		}
		var requester, reviewer string
		for i, t := range d.History {
			at := hipaasmp.Pointer("history", i)
			switch t.Event {
			case EventPropose:
				requester, reviewer = t.By.ID, ""
				if last := !slices.ContainsFunc(d.History[i+1:], func(t hipaasmp.Transition[State, Event]) bool { return t.Event == EventPropose }); last {
					f.Day(FaultDispositionDay, "/on", t.At, d.On)
				}
				continue
			case EventReview:
				reviewer = t.By.ID
			case EventApprove:
				switch t.By.ID {
				case "":
				case requester:
					f.Cite(FaultApprover, hipaasmp.CiteDisposal, at+"/by", "is the requester; have another person approve")
				case reviewer:
					f.Cite(FaultApprover, hipaasmp.CiteDisposal, at+"/by", "is the reviewer; have another person approve")
				}
			case EventKeep:
				if t.Note == "" {
					f.Cite(FaultNoReason, hipaasmp.CiteWrittenRecord, at+"/note", "is missing; say why the record is kept")
				}
			case EventDispose:
				continue // a program may carry out what persons decided
			}
			if t.By.Role == hipaasmp.RoleSystem {
				f.Cite(FaultApprover, hipaasmp.CiteDisposal, at+"/by", "is a program; a person decides about a disposal")
			}
		}
	})
}

// Requested, Reviewed and Approved return the steps of the proposal that is under way or done, and false where there is
// none.
func (d Disposition) Requested() (hipaasmp.Transition[State, Event], bool) {
	return d.newest(EventPropose)
}

// Reviewed is described at [Disposition.Requested].
func (d Disposition) Reviewed() (hipaasmp.Transition[State, Event], bool) {
	return d.newest(EventReview)
}

// Approved is described at [Disposition.Requested].
func (d Disposition) Approved() (hipaasmp.Transition[State, Event], bool) {
	return d.newest(EventApprove)
}

// newest finds the last step of a kind since the last proposal.
func (d Disposition) newest(on Event) (hipaasmp.Transition[State, Event], bool) {
	for _, t := range slices.Backward(d.History) {
		if t.Event == on && d.State != StateRetaining {
			return t, true
		}
		if t.Event == EventPropose {
			break
		}
	}
	return hipaasmp.Transition[State, Event]{}, false
}

// Diagram draws the lifecycle as a Mermaid state diagram.
func Diagram() string { return machine.Mermaid() }

func faultsOf(err error) []hipaasmp.Fault {
	var invalid *hipaasmp.ValidationError
	if errors.As(err, &invalid) {
		return invalid.Faults
	}
	return nil
}

var _ hipaasmp.Document = Disposition{}
