package sanction

import (
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Terms is the content of a sanction policy: what an entity edits before somebody with authority approves it. Start
// from [DefaultTerms] and change what labour law, agreements and size demand. Every number in it is the entity's
// policy; the rule names none.
type Terms struct {
	// Title is the name of the policy.
	Title string `json:"title" validate:"required,text,max=200"`
	// Purpose says what the policy is for and whom it binds.
	Purpose string `json:"purpose" validate:"required,text,max=4000"`
	// Ladder lists the sanctions in rising order.
	Ladder []Rung `json:"ladder" validate:"min=1,dive"`
	// Categories lists the violations, each with its range of the ladder.
	Categories []Category `json:"categories" validate:"min=1,dive"`
	// Factors lists what mitigates and aggravates.
	Factors []Factor `json:"factors,omitempty" validate:"dive"`
	// Procedure lists the steps that every case takes, with time limits.
	Procedure []ProcedureStep `json:"procedure" validate:"min=1,dive"`
	// Separation says which persons must be apart.
	Separation Separation `json:"separation"`
	// AcknowledgeDays is how many days a workforce member has to acknowledge the policy, from the day it took effect or
	// the day the member joined.
	AcknowledgeDays int `json:"acknowledge_days" validate:"min=0,max=3650"`
	// TrainDays is how many days a workforce member has to be trained on the policy, counted in the same way; 0 is no limit.
	TrainDays int `json:"train_days,omitempty" validate:"min=0,max=3650"`
	// ReviewMonths is the entity's own interval for reviewing the policy; 0 is none. The rule asks for periodic review
	// (164.316(b)(2)(iii)) and names no interval.
	ReviewMonths int `json:"review_months" validate:"min=0,max=120"`
	// AttestMonths is the longest time the entity lets pass with neither a case nor an attestation; 0 is none.
	AttestMonths int `json:"attest_months" validate:"min=0,max=120"`
}

// clone copies the lists, so that an approved policy does not change when the terms it came from do.
func (t Terms) clone() Terms {
	t.Ladder = slices.Clone(t.Ladder)
	t.Categories = slices.Clone(t.Categories)
	for i := range t.Categories {
		t.Categories[i].Examples = slices.Clone(t.Categories[i].Examples)
	}
	t.Factors = slices.Clone(t.Factors)
	t.Procedure = slices.Clone(t.Procedure)
	return t
}

// The identities of the default rungs.
const (
	RungTraining    = "training"
	RungWritten     = "written_warning"
	RungFinal       = "final_warning_or_suspension"
	RungTermination = "termination"
)

// The identities of the default categories. Their levels follow the ones that the American Health Information
// Management Association describes, in words of this module.
const (
	// CategoryUnintentional is an act without intent.
	CategoryUnintentional = "1"
	// CategoryAccess is deliberate access that went no further.
	CategoryAccess = "2a"
	// CategoryDisclosure is deliberate disclosure or tampering without malice or gain.
	CategoryDisclosure = "2b"
	// CategoryMalice is deliberate disclosure or tampering for malice or gain.
	CategoryMalice = "3"
)

// The identities of the default factors.
const (
	FactorSelfReported = "self_reported"
	FactorUntrained    = "untrained"
	FactorPatientCare  = "patient_care"
	FactorPattern      = "pattern"
	FactorConcealment  = "concealment"
	FactorTrust        = "position_of_trust"
	FactorHarm         = "harm"
)

// The identities of the default procedural steps.
const (
	StepPreserve  = "preserve_evidence"
	StepHear      = "hear_subject"
	StepDetermine = "determine"
	StepDecide    = "decide"
	StepNotify    = "notify"
	StepApply     = "apply"
	StepAppeal    = "appeal"
	StepAnswer    = "answer_appeal"
	StepClose     = "close"
)

// DefaultTerms returns a policy to edit: four rungs from documented training to termination, four categories of
// violation, factors of severity, intent and pattern, and a procedure of ninety days.
func DefaultTerms() Terms {
	return Terms{
		Title: "Sanction policy",
		Purpose: "Everybody in the workforce follows the security policies and procedures. This policy says what happens when somebody does not: who looks into it, " +
			"by when, and which sanctions come into question. It binds employees, volunteers, trainees and contractors under direct control, at every level, in the same way.",
		Ladder: []Rung{
			{ID: RungTraining, Title: "Documented discussion and training", Meaning: "The manager discusses the act with the person, who repeats the training that bears on it; both are written down.", Training: true},
			{ID: RungWritten, Title: "Written warning", Meaning: "A written warning goes to the person and into the personnel file."},
			{ID: RungFinal, Title: "Final warning or suspension", Meaning: "The last warning before termination, with or without suspension; access is reviewed."},
			{ID: RungTermination, Title: "Termination", Meaning: "The engagement ends and all access ends with it."},
		},
		Categories: []Category{
			{ID: CategoryUnintentional, Title: "Unintentional", Meaning: "Carelessness, or lack of knowledge or judgement.", Least: RungTraining, Most: RungWritten,
				Examples: []string{"A workstation left unlocked", "A message sent to the wrong colleague"}},
			{ID: CategoryAccess, Title: "Deliberate access", Meaning: "Deliberate access without a need, or sharing of credentials, where nothing was passed on.", Least: RungWritten, Most: RungFinal,
				Examples: []string{"Looking up an acquaintance's record", "Lending a password"}},
			{ID: CategoryDisclosure, Title: "Deliberate disclosure or tampering", Meaning: "Deliberate disclosure or alteration without malice or personal gain.", Least: RungFinal, Most: RungTermination,
				Examples: []string{"Telling an acquaintance what a record says", "Switching off an audit log for convenience"}},
			{ID: CategoryMalice, Title: "For malice or gain", Meaning: "Deliberate disclosure or alteration for malice or personal gain.", Least: RungTermination, Most: RungTermination,
				Examples: []string{"Selling records", "Publishing a record to do harm"}},
		},
		Factors: []Factor{
			{ID: FactorSelfReported, Effect: EffectMitigating, Meaning: "The person reported the act without delay and helped to limit its effects."},
			{ID: FactorUntrained, Effect: EffectMitigating, Meaning: "The person had not been given the training or the tools to act otherwise."},
			{ID: FactorPatientCare, Effect: EffectMitigating, Meaning: "The act was meant to serve the care of a patient at the time."},
			{ID: FactorPattern, Effect: EffectAggravating, Meaning: "The act is part of a pattern or repeats an earlier violation."},
			{ID: FactorConcealment, Effect: EffectAggravating, Meaning: "The person hid the act or hindered the investigation."},
			{ID: FactorTrust, Effect: EffectAggravating, Meaning: "The person supervises others or holds elevated access."},
			{ID: FactorHarm, Effect: EffectAggravating, Meaning: "The act harmed individuals or touched the information of many."},
		},
		Procedure: []ProcedureStep{
			{ID: StepPreserve, Stage: StageInvestigation, Title: "Preserve the records of system activity and other evidence", Days: 3},
			{ID: StepHear, Stage: StageInvestigation, Title: "Hear the person concerned", Days: 21},
			{ID: StepDetermine, Stage: StageDetermination, Title: "Determine whether a violation occurred, its category and its factors", Days: 30},
			{ID: StepDecide, Stage: StageDecision, Title: "Decide the outcome", Days: 40},
			{ID: StepNotify, Stage: StageNotification, Title: "Notify the person in writing, with the way to appeal", Days: 45},
			{ID: StepApply, Stage: StageApplication, Title: "Apply the sanction and keep the evidence", Days: 60},
			{ID: StepAppeal, Stage: StageAppeal, Title: "The person may object to the decision", Days: 14},
			{ID: StepAnswer, Stage: StageAppealDecision, Title: "Decide the appeal", Days: 30},
			{ID: StepClose, Stage: StageClosure, Title: "Close the case with its final record", Days: 90},
		},
		Separation:      Separation{Reporter: true, Appeal: true},
		AcknowledgeDays: 30,
		ReviewMonths:    12,
		AttestMonths:    12,
	}
}

// extract returns what a case keeps of the terms.
func (t Terms) extract(policy hipaasmp.Ref, version string, effective hipaasmp.Period) Extract {
	x := Extract{Policy: policy, Version: version, Effective: effective, Separation: t.Separation}
	for _, r := range t.Ladder {
		x.Ladder = append(x.Ladder, r.ID)
		if r.Training {
			x.Training = append(x.Training, r.ID)
		}
	}
	for _, c := range t.Categories {
		x.Ranges = append(x.Ranges, Range{Category: c.ID, Least: c.Least, Most: c.Most})
	}
	for _, f := range t.Factors {
		x.Factors = append(x.Factors, FactorRule{ID: f.ID, Effect: f.Effect})
	}
	for _, s := range t.Procedure {
		x.Procedure = append(x.Procedure, Limit{Step: s.ID, Stage: s.Stage, Days: s.Days})
	}
	return x
}
