package sanction

import (
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/internal/validate"
)

// Rung is one sanction of the ladder.
type Rung struct {
	// ID names the rung within the policy.
	ID string `json:"id" validate:"required,docid"`
	// Title is what the sanction is called.
	Title string `json:"title" validate:"required,text,max=200"`
	// Meaning says what is done.
	Meaning string `json:"meaning" validate:"required,text,max=2000"`
	// Training says that the person is trained as part of the sanction, so that a [Training] of the case must follow.
	Training bool `json:"training,omitempty"`
}

// Category is one level of violation and the range of the ladder that goes with it.
type Category struct {
	// ID names the category within the policy, for example "2a".
	ID string `json:"id" validate:"required,docid"`
	// Title is what the category is called.
	Title string `json:"title" validate:"required,text,max=200"`
	// Meaning says what belongs to it.
	Meaning string `json:"meaning" validate:"required,text,max=2000"`
	// Examples are acts that belong to it.
	Examples []string `json:"examples,omitempty" validate:"dive,text,max=500"`
	// Least is the rung at which the range begins.
	Least string `json:"least" validate:"required,docid"`
	// Most is the rung at which the range ends, not below Least.
	Most string `json:"most" validate:"required,docid"`
}

// Effect is the direction in which a factor moves an outcome.
type Effect string

const (
	// EffectMitigating carries an outcome below the category's range.
	EffectMitigating Effect = "mitigating"
	// EffectAggravating carries an outcome above the category's range.
	EffectAggravating Effect = "aggravating"
)

// Values returns the members of the enumeration.
func (Effect) Values() []Effect { return []Effect{EffectMitigating, EffectAggravating} }

// IsValid reports whether e is a member.
func (e Effect) IsValid() bool { return slices.Contains(e.Values(), e) }

// MarshalText refuses a value that is no member.
func (e Effect) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("sanction.Effect", e, e.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (e *Effect) UnmarshalText(text []byte) (err error) {
	*e, err = hipaasmp.ParseEnum("sanction.Effect", text, e.Values())
	return err
}

// Factor is a circumstance that the policy lets weigh on an outcome.
type Factor struct {
	// ID names the factor within the policy.
	ID string `json:"id" validate:"required,docid"`
	// Effect is the direction in which it moves an outcome.
	Effect Effect `json:"effect" validate:"enum"`
	// Meaning says when it is present.
	Meaning string `json:"meaning" validate:"required,text,max=2000"`
}

// Range is what a case keeps of a category: its identity and its part of the ladder.
type Range struct {
	// Category is the identity of the category.
	Category string `json:"category" validate:"required,docid"`
	// Least is the rung at which the range begins.
	Least string `json:"least" validate:"required,docid"`
	// Most is the rung at which the range ends.
	Most string `json:"most" validate:"required,docid"`
}

// FactorRule is what a case keeps of a factor: its identity and its direction.
type FactorRule struct {
	// ID is the identity of the factor.
	ID string `json:"id" validate:"required,docid"`
	// Effect is the direction in which it moves an outcome.
	Effect Effect `json:"effect" validate:"enum"`
}

// Stage is what a procedural step leads up to.
type Stage string

const (
	// StageInvestigation is a step of the investigation, such as hearing the subject.
	StageInvestigation Stage = "investigation"
	// StageDetermination ends with the finding of a violation, or with the dismissal of the case.
	StageDetermination Stage = "determination"
	// StageDecision ends with the outcome.
	StageDecision Stage = "decision"
	// StageNotification ends with notice to the subject.
	StageNotification Stage = "notification"
	// StageApplication ends with the sanction carried out.
	StageApplication Stage = "application"
	// StageAppeal is the time that the person has to object. It is a right and no duty: see [Case.AppealBy].
	StageAppeal Stage = "appeal"
	// StageAppealDecision ends with the decision of an appeal.
	StageAppealDecision Stage = "appeal_decision"
	// StageClosure ends with the final record.
	StageClosure Stage = "closure"
)

// Values returns the members of the enumeration, in the order of a case.
func (Stage) Values() []Stage {
	return []Stage{StageInvestigation, StageDetermination, StageDecision, StageNotification, StageApplication, StageAppeal, StageAppealDecision, StageClosure}
}

// IsValid reports whether s is a member.
func (s Stage) IsValid() bool { return slices.Contains(s.Values(), s) }

// MarshalText refuses a value that is no member.
func (s Stage) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("sanction.Stage", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *Stage) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("sanction.Stage", text, s.Values())
	return err
}

// ProcedureStep is a step that the policy requires in every case, with the entity's own time limit.
type ProcedureStep struct {
	// ID names the step within the policy.
	ID string `json:"id" validate:"required,docid"`
	// Stage is what the step leads up to. Every step of [StageInvestigation] must be recorded before a determination.
	Stage Stage `json:"stage" validate:"enum"`
	// Title says what is done.
	Title string `json:"title" validate:"required,text,max=500"`
	// Days is the time limit in calendar days; 0 is none. It counts from the day of the report, or of the reopening; for
	// [StageAppeal] from the day on which the person was told of the decision, and for [StageAppealDecision] from the day
	// of the appeal. It is policy, not law.
	Days int `json:"days" validate:"min=0,max=3650"`
}

// Limit is what a case keeps of a procedural step.
type Limit struct {
	// Step is the identity of the procedural step.
	Step string `json:"step" validate:"required,docid"`
	// Stage is what the step leads up to.
	Stage Stage `json:"stage" validate:"enum"`
	// Days is the time limit in calendar days; 0 is none.
	Days int `json:"days" validate:"min=0,max=3650"`
}

// Separation says which persons must be apart in a case. The subject never takes a step but an appeal, whatever stands
// here; the rest is the entity's policy, since a practice of three cannot staff four roles.
type Separation struct {
	// Reporter keeps whoever reported the act from deciding the outcome.
	Reporter bool `json:"reporter"`
	// Investigator keeps whoever investigated or determined from deciding the outcome.
	Investigator bool `json:"investigator"`
	// Appeal keeps whoever decided the outcome from deciding the appeal.
	Appeal bool `json:"appeal"`
}

// Extract is what the policy version in force on the day of the act says of a case. It is copied into the case, so that
// the case can be read and checked when the policy has long been superseded.
type Extract struct {
	// Policy is the policy version.
	Policy hipaasmp.Ref `json:"policy"`
	// Version is its label.
	Version string `json:"version" validate:"required,text,max=64"`
	// Effective is the time in which it was in effect, as far as known when the case was reported.
	Effective hipaasmp.Period `json:"effective"`
	// Ladder lists the identities of the sanctions in rising order.
	Ladder []string `json:"ladder" validate:"min=1,dive,docid"`
	// Training lists the sanctions that a training belongs to.
	Training []string `json:"training,omitempty" validate:"dive,docid"`
	// Ranges lists the categories with their parts of the ladder.
	Ranges []Range `json:"ranges" validate:"min=1,dive"`
	// Factors lists the factors that the policy knows.
	Factors []FactorRule `json:"factors,omitempty" validate:"dive"`
	// Procedure lists the required steps with their time limits.
	Procedure []Limit `json:"procedure" validate:"min=1,dive"`
	// Separation says which persons must be apart.
	Separation Separation `json:"separation"`
}

// Rank returns the place of a rung on the ladder, counted from 1, and 0 for what is not on it.
func (x Extract) Rank(rung string) int { return slices.Index(x.Ladder, rung) + 1 }

// RangeOf returns the range of a category.
func (x Extract) RangeOf(category string) (Range, bool) {
	i := slices.IndexFunc(x.Ranges, func(r Range) bool { return r.Category == category })
	if i < 0 {
		return Range{}, false
	}
	return x.Ranges[i], true
}

// factor returns the direction of a factor.
func (x Extract) factor(id string) (Effect, bool) {
	i := slices.IndexFunc(x.Factors, func(r FactorRule) bool { return r.ID == id })
	if i < 0 {
		return "", false
	}
	return x.Factors[i].Effect, true
}

// check adds the faults of the extract's own references.
func (x Extract) check(f *validate.Faults, base string) {
	unique(f, base+"/ladder", "", x.Ladder, func(s string) string { return s })
	unique(f, base+"/ranges", "/category", x.Ranges, func(r Range) string { return r.Category })
	unique(f, base+"/factors", "/id", x.Factors, func(r FactorRule) string { return r.ID })
	unique(f, base+"/procedure", "/step", x.Procedure, func(l Limit) string { return l.Step })
	unique(f, base+"/training", "", x.Training, func(s string) string { return s })
	for i, rung := range x.Training {
		if x.Rank(rung) == 0 && rung != "" {
			f.Add(hipaasmp.FaultDangling, base+hipaasmp.Pointer("training", i), "%q is not on the ladder; name a rung of it", rung)
		}
	}
	oneAppeal(f, base+"/procedure", x.Procedure, func(l Limit) Stage { return l.Stage })
	for i, r := range x.Ranges {
		checkRange(f, base+hipaasmp.Pointer("ranges", i), x.Ladder, r.Least, r.Most)
	}
}

// oneAppeal adds a fault where two steps set the time to appeal, of which nobody could tell which one binds.
func oneAppeal[T any](f *validate.Faults, base string, list []T, stage func(T) Stage) {
	first := -1
	for i, e := range list {
		switch {
		case stage(e) != StageAppeal:
		case first < 0:
			first = i
		default:
			f.Add(hipaasmp.FaultIdentity, base+hipaasmp.Pointer(i, "stage"), "is %q, as that of %s is; set the time to appeal once", StageAppeal, base+hipaasmp.Pointer(first))
		}
	}
}

func checkRange(f *validate.Faults, base string, ladder []string, least, most string) {
	low, high := slices.Index(ladder, least), slices.Index(ladder, most)
	if low < 0 {
		f.Add(hipaasmp.FaultDangling, base+"/least", "%q is not on the ladder; name a rung of it", least)
	}
	if high < 0 {
		f.Add(hipaasmp.FaultDangling, base+"/most", "%q is not on the ladder; name a rung of it", most)
	}
	if low >= 0 && high >= 0 && high < low {
		f.Cite(FaultLadder, hipaasmp.CiteSanctionPolicy, base+"/most", "%q stands below %q on the ladder; name the lesser sanction first", most, least)
	}
}

// unique adds a fault for every identity that occurs a second time.
func unique[T any](f *validate.Faults, base, member string, list []T, id func(T) string) {
	seen := make(map[string]int, len(list))
	for i, e := range list {
		k := id(e)
		if first, dup := seen[k]; dup && k != "" {
			f.Add(hipaasmp.FaultIdentity, base+hipaasmp.Pointer(i)+member, "%q is also the identity of %s; give each entry one of its own", k, fmt.Sprint(base, hipaasmp.Pointer(first)))
			continue
		}
		seen[k] = i
	}
}

// limit returns the procedural step with the identity, and the zero Limit for one that the policy does not have.
func (x Extract) limit(step string) Limit {
	i := slices.IndexFunc(x.Procedure, func(l Limit) bool { return l.Step == step })
	if i < 0 {
		return Limit{}
	}
	return x.Procedure[i]
}

// differs says in what the policy on file differs from the extract, and "" where it does not. The end of the version may
// have been set since; the day of the act must still lie in it.
func (x Extract) differs(p Policy, act hipaasmp.Date) string {
	file := p.Extract()
	switch {
	case !file.Effective.Contains(act):
		return "by the policy on file was not in force on " + act.String()
	case file.Version != x.Version || file.Effective.From != x.Effective.From:
		return "has another label or first day on file"
	case !slices.Equal(file.Ladder, x.Ladder) || !slices.Equal(file.Training, x.Training) || !slices.Equal(file.Ranges, x.Ranges) || !slices.Equal(file.Factors, x.Factors):
		return "has another ladder, other ranges or other factors on file"
	case !slices.Equal(file.Procedure, x.Procedure) || file.Separation != x.Separation:
		return "has another procedure on file"
	}
	return ""
}
