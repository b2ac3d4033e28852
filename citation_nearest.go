package hipaasmp

import (
	"fmt"
	"slices"
	"strings"
)

// parse reads s and returns the edition's own spelling of it.
func (t *editionTable) parse(s string) (Citation, error) {
	w := readCitation(s)
	if w.reason == "" {
		if i, ok := t.index[w.citation]; ok {
			p := t.provisions[i]
			if w.subpart == "" || strings.HasSuffix(p.Subpart, "Subpart "+w.subpart) {
				return p.Citation, nil
			}
			return "", t.unknown(s, "the section does not lie in subpart "+w.subpart, p.Citation)
		}
		return "", t.missing(s, w.citation)
	}
	if _, ok := t.index[w.citation]; ok {
		return "", t.unknown(s, w.reason, w.citation)
	}
	return "", t.unknown(s, w.reason)
}

// refuse explains why s, which is not valid as it stands, cannot be read or written as a citation of a record.
func (t *editionTable) refuse(s string) error {
	c, err := t.parse(s)
	if err != nil {
		return err
	}
	return t.unknown(s, "it is not in the canonical spelling; write "+string(c), c)
}

func (t *editionTable) unknown(s, reason string, nearest ...Citation) error {
	return &UnknownCitationError{Input: s, Edition: t.id, Reason: reason, Nearest: nearest}
}

// missing explains why a citation that is well written does not exist in the edition.
func (t *editionTable) missing(s string, c Citation) error {
	nearest := t.nearest(c)
	if _, ok := t.index[CiteWrittenContract]; ok && c == dangling {
		nearest = []Citation{CiteWrittenContract} // what 164.314(a)(1) calls the contract that the reference is about
	}
	return t.unknown(s, t.whyMissing(c), nearest...)
}

func (t *editionTable) whyMissing(c Citation) string {
	for _, e := range editionsNewestFirst() {
		if other := law().editions[e.ID]; other == t || other == nil {
			continue
		} else if _, ok := other.index[c]; !ok {
			continue
		}
		switch {
		case c == dangling:
			return "the rule of 2013 renumbered it away; 164.314(a)(2)(iii) still quotes it, see ParseCrossReference"
		case e.Status == EditionStatusProposed:
			return fmt.Sprintf("it exists only in edition %s (%s), which is proposed and not in force", e.ID, e.FederalRegister)
		default:
			return fmt.Sprintf("it exists in edition %s only", e.ID)
		}
	}
	if slices.ContainsFunc(t.order, func(k Citation) bool { return strings.EqualFold(string(k), string(c)) }) {
		return "letter case matters in paragraphs"
	}
	known := c
	for known != "" {
		if _, ok := t.index[known]; ok {
			break
		}
		known = known.Enclosing()
	}
	switch {
	case c.IsStatute():
		return "the statute is not in this catalogue"
	case known == "":
		return "section " + clip(string(c.Section())) + " is not in this catalogue"
	case wholeSections(known.Section()):
		return fmt.Sprintf("%s has no such paragraph", known)
	}
	return fmt.Sprintf("the catalogue has no such paragraph of %s", known)
}

// wholeSections reports whether the catalogue holds every paragraph of the section, so that it may say that a paragraph
// does not exist, and not only that it is not listed.
func wholeSections(section Citation) bool {
	switch section {
	case CiteGeneralRules, CiteAdministrativeSafeguards, CitePhysicalSafeguards, CiteTechnicalSafeguards,
		CiteOrganizationalRequirements, CitePoliciesAndDocumentation:
		return true
	}
	return false
}

// The costs by which nearness is measured. A paragraph left out is a likelier slip than a wrong one, and a wrong one
// likelier than one too many; a wrong section is unlikelier still.
const (
	costCase    = 1
	costMissing = 4
	costWrong   = 5 // and one more for a letter that differs, two for more
	costExtra   = 8
	costSection = 12
	mostNearest = 4
)

// nearest returns the provisions that c was most likely meant to be: those at the least distance, at most four, in the
// order of the law.
func (t *editionTable) nearest(c Citation) []Citation {
	section, want := split(c)
	best := -1
	var out []Citation
	for _, k := range t.order {
		if k.IsStatute() != c.IsStatute() {
			continue
		}
		kSection, have := split(k)
		d := distance(section, kSection)
		if d > 2 {
			continue
		}
		cost := d*costSection + pathDistance(want, have)
		if best < 0 || cost < best {
			best, out = cost, out[:0]
		}
		if cost == best && len(out) < mostNearest {
			out = append(out, k)
		}
	}
	return out
}

// split takes a citation apart into its section and the names of its paragraphs.
func split(c Citation) (section string, path []string) {
	section, rest, found := strings.Cut(string(c), "(")
	if !found {
		return section, nil
	}
	return section, strings.Split(strings.TrimSuffix(rest, ")"), ")(")
}

// pathDistance is the least cost of turning the path that was written into one that exists.
func pathDistance(written, exists []string) int {
	row := make([]int, len(exists)+1)
	for j := range row {
		row[j] = j * costMissing
	}
	for i, w := range written {
		diagonal := row[0]
		row[0] = (i + 1) * costExtra
		for j, e := range exists {
			wrong := diagonal + paragraphCost(w, e)
			diagonal = row[j+1]
			row[j+1] = min(wrong, row[j]+costMissing, diagonal+costExtra)
		}
	}
	return row[len(exists)]
}

func paragraphCost(written, exists string) int {
	switch {
	case written == exists:
		return 0
	case strings.EqualFold(written, exists):
		return costCase
	}
	return costWrong + min(distance(written, exists), 2)
}

// distance is the number of single-letter changes between two short texts.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			changed := diagonal
			if a[i] != b[j] {
				changed++
			}
			diagonal = row[j+1]
			row[j+1] = min(changed, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
