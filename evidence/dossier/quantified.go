package dossier

import (
	"encoding/json"
	"io"

	"github.com/hipaasmp/hipaasmp/evidence"
	"github.com/hipaasmp/hipaasmp/risk/quant"
)

// quantified is the register in amounts with its figures, from which anyone can compute them again.
func quantified(q *quant.Appraisal) evidence.Part {
	return evidence.Part{Name: "quantified.json", MediaType: "application/json", Write: func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(q)
	}}
}
