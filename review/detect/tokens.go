package detect

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
	"github.com/hipaasmp/hipaasmp/review/activity"
)

// MaxPatients is how many patients a [Finding] names.
const MaxPatients = 100

// minTokenKey is the least length of a key in bytes. Identities of patients are short and can be tried out, so that the
// key alone keeps a token from leading back.
const minTokenKey = 32

// Tokens gives patients tokens: HMAC-SHA-256 by a key that the tenant keeps apart from its records. The same patient has
// the same token in every finding of the tenant and another one with every other tenant. The zero value gives none.
type Tokens struct{ key []byte }

// NewTokens returns tokens by a secret key of at least 32 bytes, one for each tenant. Who loses the key can no longer say
// whom a token stands for; the records stay whole.
func NewTokens(key []byte) (Tokens, error) {
	if len(key) < minTokenKey {
		return Tokens{}, fmt.Errorf("detect: a key for tokens has %d bytes; give at least %d from a random source", len(key), minTokenKey)
	}
	return Tokens{key: slices.Clone(key)}, nil
}

// IsZero reports whether there is no key.
func (t Tokens) IsZero() bool { return len(t.key) == 0 }

// Of returns the token of the patient, and none where there is no key or the patient is not identified.
func (t Tokens) Of(p activity.Patient) hipaasmp.Digest {
	if p.ID == "" {
		return ""
	}
	return t.of(chart([]activity.Patient{p}))
}

func (t Tokens) of(chart string) hipaasmp.Digest {
	if t.IsZero() || chart == "" {
		return ""
	}
	mac := hmac.New(sha256.New, t.key)
	mac.Write([]byte("patient " + chart))
	return hipaasmp.Digest(hex.EncodeToString(mac.Sum(nil)))
}

// Resolve finds, among the patients that the caller knows, those whom tokens stand for: for showing a finding to somebody
// who may see names. Nothing of it belongs into a record.
func (t Tokens) Resolve(patients iter.Seq[activity.Patient], tokens ...hipaasmp.Digest) map[hipaasmp.Digest]activity.Patient {
	out := map[hipaasmp.Digest]activity.Patient{}
	for p := range patients {
		if token := t.Of(p); token != "" && slices.Contains(tokens, token) {
			out[token] = p
		}
	}
	return out
}

// Name returns the finding with the tokens of its patients. Tokens that it has are kept; without a key there are no others.
func (t Tokens) Name(f Finding) Finding {
	of := f.charts
	f.charts = nil
	if t.IsZero() || len(of) == 0 {
		return f
	}
	f.PatientCount, f.Patients = int64(len(of)), nil
	for _, c := range of {
		f.Patients = append(f.Patients, t.of(c))
	}
	slices.Sort(f.Patients)
	f.Patients = f.Patients[:min(len(f.Patients), MaxPatients)]
	return f
}

// about notes the patients of a finding by their charts, each once; "" is none.
func (f Finding) about(charts ...string) Finding {
	charts = slices.DeleteFunc(charts, func(c string) bool { return c == "" })
	slices.Sort(charts)
	if f.charts = slices.Compact(charts); len(f.charts) == 0 {
		f.charts = nil
	}
	return f
}

// charts are those of the marks.
func charts(run []accessMark) []string {
	out := make([]string, len(run))
	for i, m := range run {
		out[i] = m.Chart
	}
	return out
}
