package retention

import (
	"time"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Method says how the content was destroyed. The words are those of sanitisation practice for records in a store.
type Method string

const (
	// MethodRowRemoved removed the content from the store; copies in backups lapse with the backups.
	MethodRowRemoved Method = "row_removed"
	// MethodKeyDestroyed destroyed the key under which the content was encrypted, copies included.
	MethodKeyDestroyed Method = "key_destroyed"
)

// Values returns the members of the enumeration.
func (Method) Values() []Method { return []Method{MethodRowRemoved, MethodKeyDestroyed} }

// IsValid reports whether m is a member.
func (m Method) IsValid() bool {
	_, err := hipaasmp.ParseEnum("retention.Method", []byte(m), m.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (m Method) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("retention.Method", m, m.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (m *Method) UnmarshalText(text []byte) (err error) {
	*m, err = hipaasmp.ParseEnum("retention.Method", text, m.Values())
	return err
}

// Disposition is an approved decision to destroy one record whose term has run out.
type Disposition struct {
	// Ref is the record; every version of it goes.
	Ref hipaasmp.Ref `json:"ref"`
	// Term is the computation that made it eligible.
	Term Term `json:"term"`
	// Requested and Approved are two persons.
	Requested hipaasmp.Actor `json:"requested"`
	Approved  hipaasmp.Actor `json:"approved"`
	// At is when it was approved.
	At time.Time `json:"at" validate:"instant"`
	// Method says how the content is destroyed.
	Method Method `json:"method" validate:"enum"`
}

// NewDisposition approves the disposal of a record on the civil day on. It refuses with a [*RetainedError] or
// [*HeldError] while the record must be kept, with a [*hipaasmp.ValidationError] when the approver is missing or is
// the requester, and with what the authority answers when the approver may not.
func NewDisposition(ref hipaasmp.Ref, term Term, holds []Hold, requested, approved hipaasmp.Actor, method Method, at time.Time, on hipaasmp.Date, may hipaasmp.Authority) (Disposition, error) {
	if len(term.Trace) == 0 {
		return Disposition{}, hipaasmp.Invalid(ref, []hipaasmp.Fault{{Code: hipaasmp.FaultRequired, Pointer: "/term", Message: "is missing; compute it with Schedule.Term", Citation: hipaasmp.CiteTimeLimit}})
	}
	if err := term.Disposable(ref, on, holds...); err != nil {
		return Disposition{}, err
	}
	var fs []hipaasmp.Fault
	add := func(pointer, msg string) {
		fs = append(fs, hipaasmp.Fault{Code: FaultApprover, Pointer: pointer, Message: msg, Citation: hipaasmp.CiteDisposal})
	}
	switch {
	case requested.ID == "":
		add("/requested", "names nobody; say who proposed the disposal")
	case approved.ID == "":
		add("/approved", "names nobody; disposal needs the approval of a second person")
	case approved.ID == requested.ID:
		add("/approved", "is the requester; have another person approve")
	}
	if !method.IsValid() {
		fs = append(fs, hipaasmp.Fault{Code: hipaasmp.FaultEnum, Pointer: "/method", Message: "is no method of destruction; use row_removed or key_destroyed"})
	}
	if err := hipaasmp.Invalid(ref, fs); err != nil {
		return Disposition{}, err
	}
	if may != nil {
		if err := may(approved, hipaasmp.PowerApproveDisposal, on); err != nil {
			return Disposition{}, err
		}
	}
	return Disposition{Ref: ref.Newest(), Term: term, Requested: requested, Approved: approved, At: hipaasmp.Instant(at), Method: method}, nil
}
