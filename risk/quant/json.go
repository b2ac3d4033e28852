package quant

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// frequencyJSON is every frequency law in JSON: "law" says which, and each law has the members it needs and no other.
type frequencyJSON struct {
	Law         string       `json:"law"`
	Rate        *Rate        `json:"rate,omitempty"`
	Probability *Probability `json:"probability,omitempty"`
	Mean        *Rate        `json:"mean,omitempty"`
	Variance    *Number      `json:"variance,omitempty"`
	Low         *Rate        `json:"low,omitempty"`
	Mode        *Rate        `json:"mode,omitempty"`
	High        *Rate        `json:"high,omitempty"`
	Gamma       *Number      `json:"gamma,omitempty"`
	Events      *int         `json:"events,omitempty"`
}

// severityJSON is every severity law in JSON.
type severityJSON struct {
	Law        string        `json:"law"`
	Low        *Money        `json:"low,omitempty"`
	Mode       *Money        `json:"mode,omitempty"`
	High       *Money        `json:"high,omitempty"`
	Gamma      *Number       `json:"gamma,omitempty"`
	Mu         *Number       `json:"mu,omitempty"`
	Sigma      *Number       `json:"sigma,omitempty"`
	Currency   Currency      `json:"currency,omitempty"`
	Losses     []Weighted    `json:"losses,omitempty"`
	Loss       *Money        `json:"loss,omitempty"`
	Of         *severityJSON `json:"of,omitempty"`
	Deductible *Money        `json:"deductible,omitempty"`
	Limit      *Money        `json:"limit,omitempty"`
}

type fairJSON struct {
	FAIR
	Loss          *severityJSON `json:"loss,omitempty"`
	PrimaryLoss   *severityJSON `json:"primary_loss,omitempty"`
	SecondaryLoss *severityJSON `json:"secondary_loss,omitempty"`
}

type scenarioJSON struct {
	ID        string         `json:"id"`
	Title     string         `json:"title,omitempty"`
	Finding   string         `json:"finding,omitempty"`
	Frequency *frequencyJSON `json:"frequency,omitempty"`
	Severity  *severityJSON  `json:"severity,omitempty"`
	FAIR      *fairJSON      `json:"fair,omitempty"`
	Estimates []Estimate     `json:"estimates,omitempty"`
}

// value is the pointed-to value, or zero.
func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

func severityOut(s Severity) *severityJSON {
	if s == nil {
		return nil
	}
	j := &severityJSON{}
	s.write(j)
	return j
}

// MarshalJSON writes the scenario with its laws named.
func (s Scenario) MarshalJSON() ([]byte, error) {
	j := scenarioJSON{ID: s.ID, Title: s.Title, Finding: s.Finding, Severity: severityOut(s.Severity), Estimates: s.Estimates}
	if s.Frequency != nil {
		j.Frequency = &frequencyJSON{}
		s.Frequency.write(j.Frequency)
	}
	if s.FAIR != nil {
		j.FAIR = &fairJSON{FAIR: *s.FAIR, Loss: severityOut(s.FAIR.Loss), PrimaryLoss: severityOut(s.FAIR.PrimaryLoss), SecondaryLoss: severityOut(s.FAIR.SecondaryLoss)}
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads a scenario. It refuses a law it does not know and a member that the law does not have; whether the
// numbers make sense is for [Register.Validate].
func (s *Scenario) UnmarshalJSON(data []byte) error {
	var j scenarioJSON
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&j); err != nil {
		return fmt.Errorf("quant: scenario: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return fmt.Errorf("quant: scenario: data after the value")
	}
	out := Scenario{ID: j.ID, Title: j.Title, Finding: j.Finding, Estimates: j.Estimates}
	var err error
	if out.Frequency, err = j.Frequency.read(); err != nil {
		return err
	}
	if out.Severity, err = j.Severity.read(); err != nil {
		return err
	}
	if j.FAIR != nil {
		f := j.FAIR.FAIR
		if f.Loss, err = j.FAIR.Loss.read(); err != nil {
			return err
		}
		if f.PrimaryLoss, err = j.FAIR.PrimaryLoss.read(); err != nil {
			return err
		}
		if f.SecondaryLoss, err = j.FAIR.SecondaryLoss.read(); err != nil {
			return err
		}
		out.FAIR = &f
	}
	*s = out
	return nil
}

func (j *frequencyJSON) read() (Frequency, error) {
	if j == nil {
		return nil, nil
	}
	var f Frequency
	switch j.Law {
	case "poisson":
		f = Poisson{value(j.Rate)}
	case "at_most_once":
		f = AtMostOnce{value(j.Probability)}
	case "negative_binomial":
		f = NegativeBinomial{value(j.Mean), value(j.Variance)}
	case "poisson_pert":
		f = PoissonPERT{value(j.Low), value(j.Mode), value(j.High), value(j.Gamma)}
	case "fixed":
		f = FixedCount{value(j.Events)}
	case "rate_times_loss":
		f = RateTimesLoss{value(j.Low), value(j.Mode), value(j.High), value(j.Gamma)}
	default:
		return nil, &hipaasmp.UnknownValueError{Type: "quant.Frequency", Value: j.Law,
			Allowed: []string{"poisson", "at_most_once", "negative_binomial", "poisson_pert", "fixed", "rate_times_loss"}}
	}
	var back frequencyJSON
	f.write(&back)
	return f, sameMembers(j.Law, *j, back)
}

func (j *severityJSON) read() (Severity, error) {
	if j == nil {
		return nil, nil
	}
	var s Severity
	switch j.Law {
	case "lognormal_interval":
		s = LognormalInterval{value(j.Low), value(j.High)}
	case "lognormal":
		s = Lognormal{value(j.Mu), value(j.Sigma), j.Currency}
	case "pert":
		s = PERT{value(j.Low), value(j.Mode), value(j.High), value(j.Gamma)}
	case "triangular":
		s = Triangular{value(j.Low), value(j.Mode), value(j.High)}
	case "empirical":
		s = Empirical{j.Losses}
	case "fixed":
		s = Fixed{value(j.Loss)}
	case "layer":
		of, err := j.Of.read()
		if err != nil {
			return nil, err
		}
		if of == nil {
			return nil, fmt.Errorf("quant: severity %q needs the member \"of\"", j.Law)
		}
		s = Layer{of, value(j.Deductible), value(j.Limit)}
	default:
		return nil, &hipaasmp.UnknownValueError{Type: "quant.Severity", Value: j.Law,
			Allowed: []string{"lognormal_interval", "lognormal", "pert", "triangular", "empirical", "fixed", "layer"}}
	}
	var back severityJSON
	s.write(&back)
	return s, sameMembers(j.Law, *j, back)
}

// sameMembers refuses members that the law lacks or needs: what was read must be what would be written.
func sameMembers[T any](law string, read, written T) error {
	if reflect.DeepEqual(read, written) {
		return nil
	}
	return fmt.Errorf("quant: law %q is not given by exactly its own members", law)
}
