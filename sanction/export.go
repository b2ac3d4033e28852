package sanction

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	hipaasmp "github.com/hipaasmp/hipaasmp"
)

// Cell is one row of an exported comparison.
type Cell struct {
	// Policy is the policy version; left out where a suppressed row stands for several.
	Policy hipaasmp.Ref `json:"policy,omitzero"`
	// Category is the violation category; left out where a suppressed row stands for several.
	Category string `json:"category,omitempty"`
	// Factors are the identities of the factors; left out where the row is suppressed.
	Factors []string `json:"factors,omitempty"`
	// Outcome is the rung, or "none"; left out where the row is suppressed.
	Outcome string `json:"outcome,omitempty"`
	// Cases are the pseudonyms of the cases; left out where the row is suppressed.
	Cases []string `json:"cases,omitempty"`
	// Suppressed says that there are further cases, of the category, of the policy version or at all, that are not shown.
	Suppressed bool `json:"suppressed,omitempty"`
}

// minKey is the least length of the key of [Comparison.Export] in bytes.
const minKey = 16

// Export returns the comparison in a form that leaves the entity: cases by a pseudonym under the key (HMAC-SHA-256), and
// cells with fewer than least cases folded into one row that shows neither factors, outcome nor count. It holds no
// totals, no workforce categories and no findings, which speak of single cases.
//
// Whoever knows a total from elsewhere can subtract the cells that are shown. So a suppressed row always stands for at
// least so many cases as a cell must have, and for two cells or more: where the small cells of a category are fewer, the
// smallest of its other cells is folded with them; where the whole category has fewer, it is folded with others of the
// policy version, without naming the category; and where that is too little, with those of other versions. Fewer than
// least cases in all give no row, as no case at all does.
//
// The same key gives the same pseudonyms, and two exports under one key show which cases came in between: take a new key
// from a random source for each export that is given away, and keep it inside. A key under 16 bytes and a least under 2
// are refused.
func (c Comparison) Export(key []byte, least int) ([]Cell, error) {
	if len(key) < minKey {
		return nil, fmt.Errorf("sanction: the key has %d bytes; give at least %d from a random source", len(key), minKey)
	}
	if least < 2 {
		return nil, fmt.Errorf("sanction: a cell of %d cases hides nobody; give 2 or more", least)
	}
	f := c.folded(least)
	var out []Cell
	for _, cell := range f.shown {
		row := Cell{Policy: cell.policy, Category: cell.category, Factors: slices.Clone(cell.factors), Outcome: cell.outcome}
		for _, ref := range cell.cases {
			row.Cases = append(row.Cases, pseudonym(key, ref))
		}
		slices.Sort(row.Cases) // the order of references would tell the order of the cases
		out = append(out, row)
	}
	for _, r := range f.folds {
		out = append(out, Cell{Policy: r.policy, Category: r.category, Suppressed: true})
	}
	slices.SortStableFunc(out, func(a, b Cell) int {
		return cmp.Or(order(a.Policy.IsZero(), b.Policy.IsZero()), cmp.Compare(a.Policy.String(), b.Policy.String()),
			order(a.Category == "", b.Category == ""), cmp.Compare(a.Category, b.Category), order(a.Suppressed, b.Suppressed))
	})
	return out, nil
}

// order puts false before true.
func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func pseudonym(key []byte, ref hipaasmp.Ref) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("hipaasmp sanction comparison\x00" + ref.String()))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}
