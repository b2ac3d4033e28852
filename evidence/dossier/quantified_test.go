package dossier_test

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/evidence/dossier"
	"github.com/hipaasmp/hipaasmp/risk/quant"
)

// The register in amounts goes in with its figures, so that whoever opens the package can compute them again.
func TestARegisterInAmountsGoesIn(t *testing.T) {
	t.Parallel()
	s, signer := store(t)
	for _, d := range []hipaasmp.Document{entity(), analysis(t)} {
		_, err := s.Put(t.Context(), "clinic", d)
		require.NoError(t, err)
	}
	opts := options(signer)
	var without, with bytes.Buffer
	_, err := dossier.Write(t.Context(), &without, s, "clinic", opts)
	require.NoError(t, err)
	require.Contains(t, part(t, without.Bytes(), "index.html"), "No register in amounts was given.")

	a, err := quant.Appraise(quant.Register{Currency: "USD", Scenarios: []quant.Scenario{
		{ID: "ransom", Title: "</svg><script>alert(1)</script>", Finding: "f-1", Frequency: quant.AtMostOnce{Probability: 0.1}, Severity: quant.LognormalInterval{Low: quant.USD(1e4), High: quant.USD(1e6)}},
	}}, nil, quant.Options{})
	require.NoError(t, err)
	opts.Quantified = &a
	_, err = dossier.Write(t.Context(), &with, s, "clinic", opts)
	require.NoError(t, err)
	page := part(t, with.Bytes(), "index.html")
	require.Contains(t, page, `id="curve-title"`)
	require.Contains(t, page, string(a.Current.Input))
	require.NotContains(t, page, "<script")
	var back quant.Appraisal
	require.NoError(t, json.Unmarshal([]byte(part(t, with.Bytes(), "quantified.json")), &back))
	again, err := quant.Appraise(back.Register, back.Planned, quant.Options{})
	require.NoError(t, err)
	require.Equal(t, again, back, "computed again from the file")
	report, err := evidence.Verify(t.Context(), bytes.NewReader(with.Bytes()), int64(with.Len()), []string{signer.VerifierKey()}, evidence.VerifyOptions{})
	require.NoError(t, err)
	require.True(t, report.Passed())

	a.Register.Scenarios[0].Frequency = quant.AtMostOnce{Probability: 1.1}
	var invalid *hipaasmp.ValidationError
	_, err = dossier.Write(t.Context(), io.Discard, s, "clinic", opts)
	require.ErrorAs(t, err, &invalid)
	require.Equal(t, quant.FaultProbability, invalid.Faults[0].Code)
	opts.Quantified = new(quant.Appraisal)
	_, err = dossier.Write(t.Context(), io.Discard, s, "clinic", opts)
	require.ErrorAs(t, err, &invalid, "an empty register is no register of no loss")
}
