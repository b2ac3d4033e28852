package review

import (
	"slices"
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// change makes a new session of the old one; what does not validate, and what is no longer open, is refused and the
// session comes back as it was.
func (s Session) change(event string, fill func(*Session) error) (Session, error) {
	if s.State != StateOpen {
		return s, &hipaasmp.TransitionError{Machine: "review session", Ref: s.DocumentRef(), From: string(s.State), Event: event}
	}
	next := s
	next.Content = s.Content.clone()
	if err := fill(&next); err != nil {
		return s, err
	}
	if err := next.Validate(); err != nil {
		return s, err
	}
	return next, nil
}

// WithSource adds what was reviewed of one source, and what came to notice in it. [FromScan] and, under an alert budget,
// [FromSpending] make both of a scan within the bounds of the session, see [Content.Bounds]; [FromTickets] makes the review
// of a tracking report.
func (s Session) WithSource(review SourceReview, exceptions ...Exception) (Session, error) {
	return s.change("add a source", func(n *Session) error {
		r := review.clone()
		for i, run := range r.Detectors {
			for _, d := range n.Procedure.Detectors {
				if d.ID == run.Detector && d.Version == run.Version {
					r.Detectors[i].Parameters = d.differing(run.Parameters)
				}
			}
		}
		n.Sources = append(n.Sources, r)
		for _, e := range exceptions {
			e = e.clone()
			if e.Seen.IsZero() && r.Read != nil {
				e.Seen = r.Read.Ended
			}
			n.Exceptions = append(n.Exceptions, e)
		}
		return nil
	})
}

// SettleBy disposes of an exception as the record of a round did that held the same finding: with its words, code and
// documents, and with when it first came to notice. It is refused where the record has none such with a disposition.
func (s Session) SettleBy(id string, by hipaasmp.Actor, at time.Time, round Record) (Session, error) {
	if err := round.Validate(); err != nil {
		return s, err
	}
	e, ok := round.Exception(id)
	if have, here := s.Exception(id); !ok || !here || round.Round == "" || e.Disposition == nil || have.Source != e.Source {
		return s, s.dangling("/exceptions", "hold no finding with this identity that "+round.DocumentRef().String()+", the record of a round, disposed of; look at it here")
	}
	d := *e.clone().Disposition
	ref := round.DocumentRef()
	d.Earlier = &ref
	event := map[ExceptionState]ExceptionEvent{ExceptionExplained: ExceptionExplain, ExceptionInconclusive: ExceptionGiveUp, ExceptionIncident: ExceptionEscalate}[e.State]
	next, err := s.Triage(id, by, at, "Disposed of in "+ref.String()+".")
	if err != nil {
		return s, err
	}
	if next, err = next.take(id, event, by, at, "", &d); err != nil {
		return s, err
	}
	n := next.exception(id)
	if !e.Seen.IsZero() && (next.Exceptions[n].Seen.IsZero() || e.Seen.Before(next.Exceptions[n].Seen)) {
		next.Exceptions[n].Seen = e.Seen
	}
	return next, next.Validate()
}

// WithoutSource says that a source of the procedure was not reviewed, and why.
func (s Session) WithoutSource(source string, ground Ground, reason string, proof ...hipaasmp.Artifact) (Session, error) {
	return s.change("leave out a source", func(n *Session) error {
		entry := NotReviewed{Source: source, Ground: ground, Reason: reason}
		if len(proof) > 0 {
			entry.Proof = &proof[0]
		}
		n.NotReviewed = append(n.NotReviewed, entry)
		return nil
	})
}

// NotExpected says that there was nothing to review in a source of the procedure, in which way, and what shows it.
func (s Session) NotExpected(source string, absence Absence, reason string, proof hipaasmp.Artifact) (Session, error) {
	return s.change("leave out a source", func(n *Session) error {
		n.NotReviewed = append(n.NotReviewed, NotReviewed{Source: source, Ground: GroundNotExpected, Absence: absence, Reason: reason, Proof: &proof})
		return nil
	})
}

// WithCapability says of a source that was reviewed whether it was recording.
func (s Session) WithCapability(source string, c Capability) (Session, error) {
	return s.change("state a capability", func(n *Session) error {
		i := slices.IndexFunc(n.Sources, func(r SourceReview) bool { return r.Source == source })
		if i < 0 {
			return s.dangling("/sources", "has no review of the source; add it first")
		}
		n.Sources[i] = n.Sources[i].clone()
		n.Sources[i].Capability = c.clone()
		return nil
	})
}

func (s Session) dangling(pointer, message string) error {
	return hipaasmp.Invalid(s.DocumentRef(), []hipaasmp.Fault{{Code: hipaasmp.FaultDangling, Pointer: pointer, Message: message}})
}

// take makes one step of one exception.
func (s Session) take(id string, event ExceptionEvent, by hipaasmp.Actor, at time.Time, note string, disposition *Disposition) (Session, error) {
	return s.change(string(event), func(n *Session) error {
		i := n.exception(id)
		if i < 0 {
			return s.dangling("/exceptions", "holds no exception with this identity; take it from the session's list")
		}
		e := n.Exceptions[i]
		at = hipaasmp.Instant(at)
		state, history, err := exceptionMachine.Apply(s.DocumentRef(), e.State, e.History,
			hipaasmp.Transition[ExceptionState, ExceptionEvent]{Event: event, By: by, At: at, Note: note})
		if err != nil {
			return err
		}
		e.State, e.History, e.Disposition = state, history, nil
		if event == ExceptionContact && note != "" {
			e.Contacts = append(slices.Clone(e.Contacts), Contact{Signature{By: by, At: at}, note})
		}
		if disposition != nil {
			disposition.Signature, disposition.Step = Signature{By: by, At: at}, len(history)
			e.Disposition = disposition
		}
		n.Exceptions[i] = e
		return nil
	})
}

// Triage takes an exception up; note says what will be looked at, and may be empty.
func (s Session) Triage(id string, by hipaasmp.Actor, at time.Time, note string) (Session, error) {
	return s.take(id, ExceptionTriage, by, at, note, nil)
}

// Contact notes that somebody was asked about an exception that was taken up: whom, by opaque identity, and how.
func (s Session) Contact(id string, by hipaasmp.Actor, at time.Time, whom string) (Session, error) {
	return s.take(id, ExceptionContact, by, at, whom, nil)
}

// Explain disposes of an exception that is no incident, with the code and the words of the reason.
func (s Session) Explain(id string, by hipaasmp.Actor, at time.Time, code Explanation, words string) (Session, error) {
	return s.take(id, ExceptionExplain, by, at, "", &Disposition{Explanation: code, Words: words})
}

// GiveUp disposes of an exception whose nature could not be found out; words say what was tried.
func (s Session) GiveUp(id string, by hipaasmp.Actor, at time.Time, words string) (Session, error) {
	return s.take(id, ExceptionGiveUp, by, at, "", &Disposition{Words: words})
}

// Escalate disposes of an exception that goes on to an incident, a sanction case or the risk analysis.
func (s Session) Escalate(id string, by hipaasmp.Actor, at time.Time, words string, to hipaasmp.Ref, more ...hipaasmp.Ref) (Session, error) {
	return s.take(id, ExceptionEscalate, by, at, "", &Disposition{Words: words, Refs: append([]hipaasmp.Ref{to}, more...)})
}

// Reconsider takes a disposition back before the review is certified, and says why.
func (s Session) Reconsider(id string, by hipaasmp.Actor, at time.Time, why string) (Session, error) {
	return s.take(id, ExceptionReconsider, by, at, why, nil)
}

// Close files the certified record: the session is completed and changes no more. The record must be the one that
// [Session.Complete] made of this session.
func (s Session) Close(record Record) (Session, error) {
	if record.Session.Newest() != s.DocumentRef() {
		return s, s.dangling("/record", "is the record of another session; give the one that Complete returned")
	}
	if err := record.Validate(); err != nil {
		return s, err
	}
	state, history, err := machine.Apply(s.DocumentRef(), s.State, s.History,
		hipaasmp.Transition[State, Event]{Event: EventComplete, By: record.Certifier, At: record.At})
	if err != nil {
		return s, err
	}
	ref := record.DocumentRef()
	next := s
	next.State, next.History, next.Record = state, history, &ref
	if err := next.Validate(); err != nil {
		return s, err
	}
	return next, nil
}

// Abandon gives the session up, for a reason such as a wrong period. The period stays without a review.
func (s Session) Abandon(by hipaasmp.Actor, at time.Time, why string) (Session, error) {
	state, history, err := machine.Apply(s.DocumentRef(), s.State, s.History,
		hipaasmp.Transition[State, Event]{Event: EventAbandon, By: by, At: at, Note: why})
	if err != nil {
		return s, err
	}
	next := s
	next.State, next.History = state, history
	if err := next.Validate(); err != nil {
		return s, err
	}
	return next, nil
}
