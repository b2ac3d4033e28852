package quant_test

import (
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk/quant"
)

// near asks for relative agreement; what is zero must be zero.
func near(t require.TestingT, want, got, rel float64, msg ...any) {
	if want == got {
		return
	}
	require.LessOrEqual(t, math.Abs(got-want), rel*math.Abs(want), append([]any{"want %v, got %v: " + first(msg), want, got}, rest(msg)...)...)
}

func first(msg []any) string {
	if len(msg) == 0 {
		return ""
	}
	return msg[0].(string)
}

func rest(msg []any) []any {
	if len(msg) == 0 {
		return nil
	}
	return msg[1:]
}

// within asks that the truth lies in a figure widened by a share of its value.
func within(t require.TestingT, truth float64, f quant.Figure, slack float64, msg ...any) {
	s := slack * math.Abs(truth)
	require.LessOrEqual(t, float64(f.Low)-s, truth, msg...)
	require.GreaterOrEqual(t, float64(f.High)+s, truth, msg...)
}

const (
	closed = 1e-9 // a closed form
	exact  = 1e-5 // the exact engine
)

func quantify(t testing.TB, r quant.Register, o quant.Options) quant.Result {
	t.Helper()
	res, err := quant.Quantify(r, o)
	require.NoError(t, err)
	return res
}

// register builds a register of numbered rows.
func register(rows ...quant.Scenario) quant.Register {
	for i := range rows {
		if rows[i].ID == "" {
			rows[i].ID = "row-" + strconv.Itoa(i+1)
		}
	}
	return quant.Register{Currency: "USD", Scenarios: rows}
}

func row(f quant.Frequency, s quant.Severity) quant.Scenario {
	return quant.Scenario{Frequency: f, Severity: s}
}

func ci(low, high float64) quant.Severity {
	return quant.LognormalInterval{Low: quant.USD(low), High: quant.USD(high)}
}

func pert(low, mode, high float64) quant.PERT {
	return quant.PERT{Low: quant.USD(low), Mode: quant.USD(mode), High: quant.USD(high)}
}

// shared opens a file of the folder beside the checkout, or skips.
func shared(t testing.TB, name string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "..", "shared", "data", "risk", name))
	if err != nil {
		t.Skip("needs ../shared/data/risk/" + name + " beside the checkout")
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func register50(t testing.TB, model quant.Model) quant.Register {
	t.Helper()
	r, err := quant.ReadCSV(shared(t, "register50.csv"), model, "USD")
	require.NoError(t, err)
	require.Len(t, r.Scenarios, 50)
	return r
}

// code returns the fault with the code.
func fault(t require.TestingT, err error, code hipaasmp.FaultCode) hipaasmp.Fault {
	var ve *hipaasmp.ValidationError
	require.ErrorAs(t, err, &ve)
	for _, f := range ve.Faults {
		if f.Code == code {
			return f
		}
	}
	require.Fail(t, "no such fault", "%s in %v", code, ve.Faults)
	return hipaasmp.Fault{}
}

// figures are the figures of a result by the names that the vectors use.
func figures(res quant.Result) map[string]float64 {
	out := map[string]float64{"mean": float64(res.ALE.Value), "sd": float64(res.SD.Value), "p_zero": float64(res.NoLoss)}
	for _, q := range res.Quantiles {
		out["p"+percent(q.Level)] = float64(q.Loss.Value)
		out["q"+percent(q.Level)] = float64(q.Loss.Value)
	}
	for _, q := range res.Tails {
		out["tvar"+percent(q.Level)] = float64(q.TVaR.Value)
	}
	for _, e := range res.Over {
		out["lec@"+strconv.FormatFloat(float64(e.Loss), 'g', -1, 64)] = float64(e.Probability)
	}
	return out
}

func percent(p quant.Probability) string {
	return strconv.FormatFloat(math.Round(float64(p)*1000)/10, 'g', -1, 64)
}
