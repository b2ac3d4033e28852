package quant_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/risk/quant"
)

func TestCSVColumnsStandInAnyOrder(t *testing.T) {
	t.Parallel()
	r, err := quant.ReadCSV(strings.NewReader("\ufeffhi90,note,id,lam, lo90\r\n2000,\"a, b\",R1,0.5,10\n"), quant.ModelPoissonLognormal, "EUR")
	require.NoError(t, err)
	require.Equal(t, quant.Register{Currency: "EUR", Scenarios: []quant.Scenario{{
		ID: "R1", Frequency: quant.Poisson{Rate: .5},
		Severity: quant.LognormalInterval{Low: quant.Money{Amount: 10, Currency: "EUR"}, High: quant.Money{Amount: 2000, Currency: "EUR"}},
	}}}, r)
}

func TestCSVRefusals(t *testing.T) {
	t.Parallel()
	const head = "id,lam,lo90,hi90\n"
	for _, c := range []struct {
		rule, text string
		code       hipaasmp.FaultCode
		says       string
	}{
		{"nothing", "", quant.FaultCSV, "it is empty"},
		{"no scenario", head, quant.FaultNoScenario, "empty"},
		{"a missing column", "id,lam,lo90\nR1,1,2\n", quant.FaultCSV, `lacks the column "hi90"`},
		{"a column twice", "id,lam,lam,lo90,hi90\n", quant.FaultCSV, `"lam" twice`},
		{"a short line", head + "R1,1\n", quant.FaultCSV, `line 2 ends before the column`},
		{"no number", head + "R1,1,\"1,000\",2\n", quant.FaultCSV, `line 2, scenario "R1", column "lo90": "1,000" is no number`},
		{"a NaN", head + "R1,NaN,1,2\n", quant.FaultNotFinite, `scenario "R1", frequency rate`},
		{"an infinity", head + "R1,1,1,1e999\n", quant.FaultNotFinite, `scenario "R1", severity high`},
		{"low above high", head + "R1,1,5,2\n", quant.FaultBounds, `scenario "R1", severity low`},
		{"an id twice", head + "R1,1,1,2\nR1,1,1,2\n", hipaasmp.FaultIdentity, `scenario "R1"`},
		{"a broken quote", head + "R1,\"1,1,2\n", quant.FaultCSV, "line"},
	} {
		r, err := quant.ReadCSV(strings.NewReader(c.text), quant.ModelPoissonLognormal, "USD")
		require.Contains(t, fault(t, err, c.code).Message, c.says, c.rule)
		require.Equal(t, quant.Register{}, r)
	}
	_, err := quant.ReadCSV(strings.NewReader(head), "pert", "USD")
	fault(t, err, quant.FaultOption)
	_, err = quant.ReadCSV(strings.NewReader(head+"R1,x,1,2\nR2,1,y,z\n"), quant.ModelPoissonLognormal, "USD")
	var ve *hipaasmp.ValidationError
	require.ErrorAs(t, err, &ve)
	require.Len(t, ve.Faults, 3, "all faults at once")
}

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte("id,lam,lo90,hi90\nR1,0.5,10,2000\n"), 0)
	f.Add([]byte("id,low_f,mode_f,high_f,low_l,mode_l,high_l\nR1,0.1,0.2,0.5,10,20,40\n"), 1)
	f.Add([]byte("id,low_f,mode_f,high_f,low_l,mode_l,high_l\nR1,NaN,0x1p-2,1e400,10,20,40\n"), 2)
	f.Add([]byte("\ufeffid;lam\n\"\n"), 0)
	f.Fuzz(func(t *testing.T, data []byte, model int) {
		models := quant.Model("").Values()
		r, err := quant.ReadCSV(bytes.NewReader(data), models[uint(model)%uint(len(models))], "USD")
		if err != nil {
			var ve *hipaasmp.ValidationError
			require.ErrorAs(t, err, &ve)
			require.Equal(t, quant.Register{}, r)
			return
		}
		require.NoError(t, r.Validate())
		require.NotEmpty(t, r.Scenarios)
		if len(r.Scenarios) > 3 {
			return
		}
		res, err := quant.Quantify(r, quant.Options{GridPoints: 1 << 10, Trials: 100})
		if err != nil {
			return
		}
		_, err = res.ALE.Value.MarshalText()
		require.NoError(t, err, "whatever is accepted gives finite figures")
		for _, q := range res.Quantiles {
			_, err = q.Loss.Value.MarshalText()
			require.NoError(t, err)
		}
	})
}
