package quant

import hipaasmp "github.com/hipaasmp/hipaasmp"

// Stage says which controls a figure takes into account.
type Stage string

// The stages of a risk in amounts.
const (
	// StageInherent: no control at all, also not those that are in place.
	StageInherent Stage = "inherent"
	// StageCurrent: the controls that are in place.
	StageCurrent Stage = "current"
	// StageResidual: those in place and those planned.
	StageResidual Stage = "residual"
)

// Values returns the members of the enumeration.
func (Stage) Values() []Stage { return []Stage{StageInherent, StageCurrent, StageResidual} }

// IsValid reports whether s is a member.
func (s Stage) IsValid() bool {
	_, err := hipaasmp.ParseEnum("quant.Stage", []byte(s), s.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (s Stage) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("quant.Stage", s, s.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (s *Stage) UnmarshalText(text []byte) (err error) {
	*s, err = hipaasmp.ParseEnum("quant.Stage", text, s.Values())
	return err
}

// Appraisal is a register, what is planned for it, and its annual loss at each stage: all that a report needs to show
// the loss exceedance curve and inherent against residual in amounts, and to say whether it still holds.
type Appraisal struct {
	// Register is the register as it stands, with the controls that are in place.
	Register Register `json:"register"`
	// Planned are the controls that are not in place yet.
	Planned []Control `json:"planned,omitempty"`
	// Inherent is the annual loss of the register without any control.
	Inherent Result `json:"inherent"`
	// Current is the annual loss of the register as it stands.
	Current Result `json:"current"`
	// Residual is the annual loss with the planned controls in place as well.
	Residual Result `json:"residual"`
}

// Appraise quantifies the register at each stage, with the contributions of its scenarios. All stages run on one engine:
// where one has to be simulated, all are, on the same draws, so that their differences are those of the controls.
//
// The error is a [*hipaasmp.ValidationError] with every fault of the register, the planned controls and the options.
func Appraise(r Register, planned []Control, o Options) (Appraisal, error) {
	a := Appraisal{Register: r, Planned: planned}
	o.Shares = true
	// The stage with all controls first: it has the faults of every stage.
	stages := []Stage{StageResidual, StageCurrent, StageInherent}
	jobs := make([]*job, len(stages))
	why := ""
	for i, s := range stages {
		j, err := prepare(a.At(s), o)
		if err != nil {
			return Appraisal{}, err
		}
		if jobs[i] = j; why == "" {
			why = j.why
		}
	}
	o = o.filled()
	for i, s := range stages {
		if why != "" {
			break
		}
		res, ok := jobs[i].model.exact(o)
		if !ok {
			var err error
			if why, err = jobs[i].model.tooCoarse(o); err != nil {
				return Appraisal{}, err
			}
		}
		*a.result(s) = jobs[i].sign(res)
	}
	if why == "" {
		return a, nil
	}
	for i, s := range stages {
		res, err := jobs[i].model.monteCarlo(o, why)
		if err != nil {
			return Appraisal{}, err
		}
		*a.result(s) = jobs[i].sign(res)
	}
	return a, nil
}

// At returns the register of a stage: without any control, as it stands, or with what is planned. A value that is no
// stage is taken as [StageCurrent].
func (a Appraisal) At(s Stage) Register {
	r := a.Register
	switch s {
	case StageInherent:
		r.Controls = nil
	case StageResidual:
		r = r.With(a.Planned...)
	}
	return r
}

// Of returns the annual loss of a stage. A value that is no stage is taken as [StageCurrent].
func (a Appraisal) Of(s Stage) Result { return *a.result(s) }

func (a *Appraisal) result(s Stage) *Result {
	switch s {
	case StageInherent:
		return &a.Inherent
	case StageResidual:
		return &a.Residual
	}
	return &a.Current
}

// Stale returns the stages whose result was computed from another register than the one beside it, or by other
// algorithms; see [Result.Stale]. None is stale after [Appraise].
func (a Appraisal) Stale() ([]Stage, error) {
	var out []Stage
	for _, s := range Stage("").Values() {
		stale, err := a.Of(s).Stale(a.At(s))
		if err != nil {
			return nil, err
		}
		if stale {
			out = append(out, s)
		}
	}
	return out, nil
}

// Validate returns nil or a [*hipaasmp.ValidationError] with every fault of the register and the planned controls. It
// does not look at the results; [Appraisal.Stale] does.
func (a Appraisal) Validate() error { return a.At(StageResidual).Validate() }
