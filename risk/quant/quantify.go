package quant

import (
	"fmt"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// maxEvents is how many events a simulation may draw in all.
const maxEvents = 2e11

// Quantify computes the distribution of the register's annual loss. It refuses, with a [*hipaasmp.ValidationError] that
// holds every fault of the register and the options, what cannot be computed; each fault names the scenario and the field.
func Quantify(r Register, o Options) (Result, error) {
	job, err := prepare(r, o)
	if err != nil {
		return Result{}, err
	}
	o = o.filled()
	if job.why == "" {
		res, ok := job.model.exact(o)
		if ok {
			return job.sign(res), nil
		}
		if job.why, err = job.model.tooCoarse(o); err != nil {
			return Result{}, err
		}
	}
	res, err := job.model.monteCarlo(o, job.why)
	if err != nil {
		return Result{}, err
	}
	return job.sign(res), nil
}

// job is a register that can be computed.
type job struct {
	register Register
	model    *model
	hash     hipaasmp.Digest
	why      string // why it has to be simulated; empty where it has not
}

func prepare(r Register, o Options) (*job, error) {
	faults := append(r.faults(), o.faults(r.Currency)...)
	if err := hipaasmp.Invalid(hipaasmp.Ref{}, faults); err != nil {
		return nil, err
	}
	hash, err := r.Hash()
	if err != nil {
		return nil, err
	}
	j := &job{register: r, model: r.compile(), hash: hash}
	why := j.model.whyNotExact()
	switch {
	case o.Engine == EngineMonteCarlo:
		j.why = "Monte Carlo was asked for."
	case why != "" && o.Engine == EngineExact:
		return nil, refuse(FaultEngine, "options engine: exact cannot compute this register: %s; leave the engine to choose", why)
	case why != "":
		j.why = "The exact engine cannot go here: " + why + "."
	}
	return j, nil
}

// sign completes a result with what it was computed from.
func (j *job) sign(res Result) Result {
	res.Version, res.Input, res.Currency = Version, j.hash, j.register.Currency
	res.Assumptions = j.model.assumptions(j.register)
	return res
}

// tooCoarse says why a register that overflows the finest grid is simulated, or refuses where exact was asked for.
func (m *model) tooCoarse(o Options) (string, error) {
	id, rate := m.busiest()
	if o.Engine == EngineExact {
		return "", refuse(FaultOverflow, "scenario %q, frequency: %g events a year overflow the grid, whose steps are too long for the losses of this scenario; leave the engine to choose, ask for more grid points or take routine losses out", id, rate)
	}
	return fmt.Sprintf("The finest grid is too coarse for this register: scenario %s has %g events a year beside far larger losses.", id, rate), nil
}

func refuse(code hipaasmp.FaultCode, format string, args ...any) error {
	return hipaasmp.Invalid(hipaasmp.Ref{}, []hipaasmp.Fault{{Code: code, Message: fmt.Sprintf(format, args...)}})
}

// busiest returns the scenario with the most events.
func (m *model) busiest() (id string, rate float64) {
	rate = -1
	for _, r := range m.rows {
		if r.count != nil && r.count.mean() > rate {
			id, rate = r.id, r.count.mean()
		}
	}
	return id, rate
}
