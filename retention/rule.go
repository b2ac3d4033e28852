package retention

import (
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Start says from which day a rule counts.
type Start string

const (
	// StartLater counts from the later of creation and the last day in effect, as 164.316(b)(2)(i) does.
	StartLater Start = "later_of_creation_and_last_in_effect"
	// StartCreation counts from the day of creation.
	StartCreation Start = "creation"
	// StartEvent counts from a day that the rule names, such as the end of a contract.
	StartEvent Start = "event"
)

// Values returns the members of the enumeration.
func (Start) Values() []Start { return []Start{StartLater, StartCreation, StartEvent} }

// IsValid reports whether s is a member.
func (s Start) IsValid() bool {
	_, err := hipaasmp.ParseEnum("retention.Start", []byte(s), s.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (s Start) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("retention.Start", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *Start) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("retention.Start", text, s.Values())
	return err
}

// Rule is one duty to keep: so many calendar years from a start.
type Rule struct {
	// ID names the rule in explanations, for example "164.316(b)(2)(i)".
	ID string `json:"id" validate:"required,text"`
	// Title says what it is in words.
	Title string `json:"title" validate:"required,text"`
	// Start says from which day the years count.
	Start Start `json:"start" validate:"enum"`
	// Event is the day for [StartEvent]; absent while the event has not happened, and then the record is kept.
	Event hipaasmp.Date `json:"event,omitzero"`
	// Years is the number of calendar years, at least 1.
	Years int `json:"years" validate:"min=1,max=200"`
	// Authority says where the rule comes from: a citation, a contract, a policy.
	Authority string `json:"authority" validate:"required,text"`
	// Applies are the days of creation of the records that the rule applies to; absent means all. An amended rule is a
	// second one beside the first, which then gets a last day: what was created under the first is kept by the first.
	Applies hipaasmp.Period `json:"applies,omitzero" validate:"omitempty"`
	// Contested marks a rule that is policy because the law has not settled the matter.
	Contested bool `json:"contested,omitempty"`
}

// SecurityRule is 45 CFR 164.316(b)(2)(i) for documentation and review records: a floor that nothing shortens.
func SecurityRule() Rule {
	return Rule{
		ID: string(hipaasmp.CiteTimeLimit), Title: "Six years from creation or last day in effect, whichever is later",
		Start: StartLater, Years: 6, Authority: "45 CFR 164.316(b)(2)(i)",
	}
}

// RawLogPolicy is the rule for raw audit logs. years is the entity's documented choice; 6 is the conservative reading,
// and what HHS has never settled.
func RawLogPolicy(years int, authority string) Rule {
	return Rule{
		ID: "raw-log", Title: "Raw audit logs, kept by documented policy",
		Start: StartLater, Years: years, Authority: authority, Contested: true,
	}
}

// Schedule holds the rules by class and the overlays for all of them. The zero Schedule is the default: six years for
// every class, with raw logs marked contested.
type Schedule struct {
	// RawLog replaces the rule for [hipaasmp.ClassRawLog]; nil keeps six years. The other two classes have the hard
	// floor of [SecurityRule] and no replacement.
	RawLog *Rule `json:"raw_log,omitempty"`
	// Overlays are further rules. They apply to every class beside its own rule and only lengthen.
	Overlays []Rule `json:"overlays,omitempty" validate:"dive"`
}

// rules lists what there is for a record of a class that was created on a day, its own rule first. Overlays of other days
// are among them, so that a trace can say so.
func (s Schedule) rules(class hipaasmp.RetentionClass, created hipaasmp.Date) ([]Rule, error) {
	own := SecurityRule()
	switch class {
	case hipaasmp.ClassDocumentation, hipaasmp.ClassReviewRecord:
	case hipaasmp.ClassRawLog:
		own = RawLogPolicy(6, "default of this module, the conservative reading of 45 CFR 164.316(b)(2)(i)")
		if s.RawLog != nil && s.RawLog.appliesTo(created) {
			own = *s.RawLog
			own.Contested = true
		}
	default:
		return nil, &hipaasmp.UnknownValueError{Type: "RetentionClass", Value: string(class), Allowed: []string{"documentation", "review_record", "raw_log"}}
	}
	return append([]Rule{own}, s.Overlays...), nil
}

// appliesTo reports whether the rule applies to a record that was created on the day.
func (r Rule) appliesTo(created hipaasmp.Date) bool {
	return r.Applies.IsZero() || r.Applies.Contains(created)
}

func (r Rule) check(pointer string) []hipaasmp.Fault {
	var out []hipaasmp.Fault
	if r.Years < 1 || r.Years > 200 {
		out = append(out, hipaasmp.Fault{Code: FaultYears, Pointer: pointer + "/years", Message: fmt.Sprintf("is %d; a rule keeps for 1 to 200 calendar years", r.Years)})
	}
	if !r.Start.IsValid() {
		out = append(out, hipaasmp.Fault{Code: hipaasmp.FaultEnum, Pointer: pointer + "/start", Message: "says not from when the years count"})
	}
	if !r.Applies.IsZero() && !r.Applies.InOrder() {
		out = append(out, hipaasmp.Fault{Code: hipaasmp.FaultOrder, Pointer: pointer + "/applies", Message: "has no first day, or ends before it", Citation: hipaasmp.CiteTimeLimit})
	}
	return out
}

// FaultYears: a retention rule has no usable number of years.
const FaultYears hipaasmp.FaultCode = "SMP-RET-01"

// The codes of a [Disposition].
const (
	// FaultApprover: a disposal is approved by who asked for it or reviewed it, or a program decides about it.
	FaultApprover hipaasmp.FaultCode = "SMP-RET-02"
	// FaultNotEligible: a disposal was proposed while the record had to be kept.
	FaultNotEligible hipaasmp.FaultCode = "SMP-RET-03"
	// FaultDispositionID: the identity of a disposition does not follow from its document.
	FaultDispositionID hipaasmp.FaultCode = "SMP-RET-04"
	// FaultDispositionDay: the day of a proposal is none that its instant has anywhere.
	FaultDispositionDay hipaasmp.FaultCode = "SMP-RET-05"
	// FaultNoVersion: a disposition does not say which versions were looked at.
	FaultNoVersion hipaasmp.FaultCode = "SMP-RET-06"
	// FaultNoReason: a record is kept by decision, and nobody says why.
	FaultNoReason hipaasmp.FaultCode = "SMP-RET-07"
)

// FaultDefs returns the catalogue of this package's codes.
func FaultDefs() []hipaasmp.FaultDef {
	return []hipaasmp.FaultDef{
		{Code: FaultYears, Kind: hipaasmp.FaultRule, Meaning: "A retention rule has no usable number of years.", Remedy: "Give 1 to 200 calendar years.", Citation: hipaasmp.CiteTimeLimit},
		{Code: FaultApprover, Kind: hipaasmp.FaultRule, Meaning: "A disposal is not approved by a second person.", Remedy: "Have a person approve it who neither asked for it nor reviewed it.", Citation: hipaasmp.CiteDisposal},
		{Code: FaultNotEligible, Kind: hipaasmp.FaultRule, Meaning: "A disposal was proposed while the record had to be kept.", Remedy: "Propose it after the record's term has run out.", Citation: hipaasmp.CiteTimeLimit},
		{Code: FaultDispositionID, Kind: hipaasmp.FaultRule, Meaning: "The identity of a disposition does not follow from its document.", Remedy: "Begin it with Propose, which derives the identity.", Citation: hipaasmp.CiteTimeLimit},
		{Code: FaultDispositionDay, Kind: hipaasmp.FaultRule, Meaning: "The day of a proposal is no day of its instant in any zone.", Remedy: "Compute the day with DateOf in the entity's zone.", Citation: hipaasmp.CiteTimeLimit},
		{Code: FaultNoVersion, Kind: hipaasmp.FaultRule, Meaning: "A disposition does not say which versions were looked at.", Remedy: "Name the document with its newest version.", Citation: hipaasmp.CiteDisposal},
		{Code: FaultNoReason, Kind: hipaasmp.FaultRule, Meaning: "A record is kept by decision, and nobody says why.", Remedy: "Give the reason in the note of the step.", Citation: hipaasmp.CiteWrittenRecord},
	}
}
