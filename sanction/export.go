package sanction

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Cell is one row of an exported comparison.
type Cell struct {
	// Policy is the policy version.
	Policy hipaasmp.Ref `json:"policy"`
	// Category is the violation category.
	Category string `json:"category"`
	// Factors are the identities of the factors; left out where the row is suppressed.
	Factors []string `json:"factors,omitempty"`
	// Outcome is the rung, or "none"; left out where the row is suppressed.
	Outcome string `json:"outcome,omitempty"`
	// Cases are the pseudonyms of the cases; left out where the row is suppressed.
	Cases []string `json:"cases,omitempty"`
	// Suppressed says that the category has further cases in cells too small to show.
	Suppressed bool `json:"suppressed,omitempty"`
}

// minKey is the least length of the key of [Comparison.Export] in bytes.
const minKey = 16

// Export returns the comparison in a form that leaves the entity: cases by a pseudonym under the key (HMAC-SHA-256), and
// cells with fewer than least cases folded into one row per category that shows neither factors, outcome nor count. It
// holds no totals, from which a folded cell could be subtracted, and no findings, which speak of single cases. The same
// key gives the same pseudonyms; keep it inside. A key under 16 bytes and a least under 2 are refused.
func (c Comparison) Export(key []byte, least int) ([]Cell, error) {
	if len(key) < minKey {
		return nil, fmt.Errorf("sanction: the key has %d bytes; give at least %d from a random source", len(key), minKey)
	}
	if least < 2 {
		return nil, fmt.Errorf("sanction: a cell of %d cases hides nobody; give 2 or more", least)
	}
	var out []Cell
	for i, g := range c.Groups {
		for _, t := range g.Outcomes {
			if len(t.Cases) < least {
				continue
			}
			cell := Cell{Policy: g.Policy, Category: g.Category, Factors: slices.Clone(g.Factors), Outcome: t.Outcome}
			for _, ref := range t.Cases {
				cell.Cases = append(cell.Cases, pseudonym(key, ref))
			}
			slices.Sort(cell.Cases) // the order of references would tell the order of the cases
			out = append(out, cell)
		}
		last := i+1 == len(c.Groups) || c.Groups[i+1].Policy != g.Policy || c.Groups[i+1].Category != g.Category
		if last && c.hasSmall(g.Policy, g.Category, least) {
			out = append(out, Cell{Policy: g.Policy, Category: g.Category, Suppressed: true})
		}
	}
	return out, nil
}

func (c Comparison) hasSmall(policy hipaasmp.Ref, category string, least int) bool {
	for _, g := range c.Groups {
		if g.Policy == policy && g.Category == category &&
			slices.ContainsFunc(g.Outcomes, func(t Tally) bool { return len(t.Cases) < least }) {
			return true
		}
	}
	return false
}

func pseudonym(key []byte, ref hipaasmp.Ref) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("hipaasmp sanction comparison\x00" + ref.String()))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}
