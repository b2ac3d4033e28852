package quant

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Model says which columns of a CSV register are read, and as which laws.
type Model string

// The models of a CSV register.
const (
	// ModelPoissonLognormal reads lam as a Poisson rate, and lo90 and hi90 as the interval of a lognormal loss.
	ModelPoissonLognormal Model = "poisson-lognormal"
	// ModelPERTEvents reads low_f, mode_f and high_f as a PERT rate of Poisson events, and low_l, mode_l and high_l as a
	// PERT loss of each.
	ModelPERTEvents Model = "pert-events"
	// ModelPERTProduct reads the same columns, and multiplies the rate by one loss; see [RateTimesLoss].
	ModelPERTProduct Model = "pert-product"
)

// Values returns the members of the enumeration.
func (Model) Values() []Model {
	return []Model{ModelPoissonLognormal, ModelPERTEvents, ModelPERTProduct}
}

// IsValid reports whether m is a member.
func (m Model) IsValid() bool {
	_, err := hipaasmp.ParseEnum("quant.Model", []byte(m), m.Values())
	return err == nil
}

// MarshalText refuses a value that is no member.
func (m Model) MarshalText() ([]byte, error) {
	return hipaasmp.FormatEnum("quant.Model", m, m.Values())
}

// UnmarshalText refuses a text that is no member, the empty one included.
func (m *Model) UnmarshalText(text []byte) (err error) {
	*m, err = hipaasmp.ParseEnum("quant.Model", text, m.Values())
	return err
}

func (m Model) columns() []string {
	if m == ModelPoissonLognormal {
		return []string{"id", "lam", "lo90", "hi90"}
	}
	return []string{"id", "low_f", "mode_f", "high_f", "low_l", "mode_l", "high_l"}
}

func (m Model) scenario(id string, v []float64, currency Currency) Scenario {
	money := func(x float64) Money { return Money{Amount(x), currency} }
	s := Scenario{ID: id}
	switch m {
	case ModelPoissonLognormal:
		s.Frequency, s.Severity = Poisson{Rate(v[0])}, LognormalInterval{money(v[1]), money(v[2])}
		return s
	case ModelPERTProduct:
		s.Frequency = RateTimesLoss{Low: Rate(v[0]), Mode: Rate(v[1]), High: Rate(v[2])}
	default:
		s.Frequency = PoissonPERT{Low: Rate(v[0]), Mode: Rate(v[1]), High: Rate(v[2])}
	}
	s.Severity = PERT{Low: money(v[3]), Mode: money(v[4]), High: money(v[5])}
	return s
}

const (
	maxCSVBytes = 64 << 20
	maxCSVRows  = 100_000
)

// ReadCSV reads a register: a line of column names, then one scenario a line. Columns stand in any order, those that the
// model does not need are left alone. The amounts are in the currency given. On error, a [*hipaasmp.ValidationError] with
// every line that cannot be read, or else with every fault of the scenarios, it returns no register.
func ReadCSV(r io.Reader, model Model, currency Currency) (Register, error) {
	var list []hipaasmp.Fault
	c := checker{list: &list}
	out := readCSV(r, model, currency, c)
	if len(list) == 0 {
		list = out.faults()
	}
	if err := hipaasmp.Invalid(hipaasmp.Ref{}, list); err != nil {
		return Register{}, err
	}
	return out, nil
}

func readCSV(r io.Reader, model Model, currency Currency, c checker) Register {
	out := Register{Currency: currency}
	if !model.IsValid() {
		c.fault(FaultOption, "", "%q is no model; use poisson-lognormal, pert-events or pert-product", string(model))
		return out
	}
	limited := &io.LimitedReader{R: r, N: maxCSVBytes + 1}
	in := csv.NewReader(limited)
	in.FieldsPerRecord, in.ReuseRecord = -1, true
	header, err := in.Read()
	if err != nil {
		c.fault(FaultCSV, "", "has no line of column names: %s", readable(err))
		return out
	}
	at, ok := columnsOf(header, model, c)
	if !ok {
		return out
	}
	values := make([]float64, len(at)-1)
	for {
		record, err := in.Read()
		switch {
		case errors.Is(err, io.EOF) && limited.N > 0:
			return out
		case limited.N <= 0:
			c.fault(FaultCSV, "", "is longer than %d bytes; split the register", maxCSVBytes)
			return out
		case err != nil:
			c.fault(FaultCSV, "", "%s", readable(err))
			return out
		case len(out.Scenarios) == maxCSVRows:
			c.fault(FaultCSV, "", "has more than %d scenarios; split the register", maxCSVRows)
			return out
		}
		line, _ := in.FieldPos(0)
		id, whole := readLine(record, at, model, values, line, c)
		if whole {
			out.Scenarios = append(out.Scenarios, model.scenario(id, values, currency))
		}
	}
}

// columnsOf finds the model's columns in the header.
func columnsOf(header []string, model Model, c checker) (at []int, ok bool) {
	places := make(map[string]int, len(header))
	for i, name := range header {
		name = strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))
		if _, twice := places[name]; twice && name != "" {
			c.fault(FaultCSV, "", "line 1 names the column %q twice", clip(name))
		}
		places[name] = i
	}
	for _, want := range model.columns() {
		i, found := places[want]
		if !found {
			c.fault(FaultCSV, "", "line 1 lacks the column %q, which %s needs", want, model)
		}
		at = append(at, i)
	}
	return at, len(*c.list) == 0
}

// readLine reads the numbers of one line.
func readLine(record []string, at []int, model Model, values []float64, line int, c checker) (id string, whole bool) {
	whole = true
	for k, name := range model.columns() {
		if at[k] >= len(record) {
			c.fault(FaultCSV, "", "line %d ends before the column %q", line, name)
			whole = false
			continue
		}
		field := strings.TrimSpace(record[at[k]])
		if k == 0 {
			id = strings.Clone(field)
			continue
		}
		v, err := strconv.ParseFloat(field, 64)
		if err != nil && !errors.Is(err, strconv.ErrRange) {
			c.fault(FaultCSV, "", "line %d, scenario %q, column %q: %q is no number; write it with a decimal point and no separators", line, clip(id), name, clip(field))
			whole = false
			continue
		}
		values[k-1] = v
	}
	return id, whole
}

// readable keeps what the CSV reader says short; it quotes no field.
func readable(err error) string {
	if errors.Is(err, io.EOF) {
		return "it is empty"
	}
	var pe *csv.ParseError
	if errors.As(err, &pe) {
		return fmt.Sprintf("line %d cannot be read: %s", pe.Line, pe.Err)
	}
	return clip(err.Error())
}

func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
